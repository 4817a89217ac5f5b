//! The same rows give the same clusters, in whatever order they come and however many threads there are.

use super::{folder, generate, run};
use crate::harness::Project;

/// Lines of a file but its header, sorted.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.sort_unstable();
    lines
}

/// The rows of a CSV without quoted line breaks in another order, which a linear congruential generator says.
fn shuffled(text: &str) -> String {
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut state = 740_115_u64;
    for at in (1..rows.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(at, usize::try_from((state >> 33) % (at as u64 + 1)).unwrap());
    }
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Clusters and pairs of a file, as they are written.
#[track_caller]
fn resolved(folder: &Project, input: &str, entity: &str, threads: &str) -> (String, String) {
    let args = ["resolve", input, "--entity", entity, "--output", "clusters.csv", "--pairs", "pairs.csv", "--quiet"];
    let output = folder.command(&args).env("RAYON_NUM_THREADS", threads).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
    (folder.read("clusters.csv"), folder.read("pairs.csv"))
}

#[test]
fn neither_the_order_of_rows_nor_the_number_of_threads_changes_a_cluster() {
    let folder = folder();
    generate(&folder, "dirty", "740161", "6000");
    let text = folder.read("mentions.csv");
    let other = shuffled(&text);
    assert!(text != other && sorted(&text) == sorted(&other), "another order of the same rows");
    folder.write("shuffled.csv", &other);
    for entity in ["person", "company", "group"] {
        let (clusters, pairs) = resolved(&folder, "mentions.csv", entity, "1");
        assert_eq!(clusters.lines().count(), 6_001);
        assert!(pairs.lines().count() > 50, "{entity}");
        let (same, same_pairs) = resolved(&folder, "mentions.csv", entity, "2");
        assert!(clusters == same && pairs == same_pairs, "{entity}: two threads find something else than one");
        let (same, same_pairs) = resolved(&folder, "shuffled.csv", entity, "2");
        assert!(sorted(&clusters) == sorted(&same), "{entity}: the order of rows changes clusters");
        assert!(sorted(&pairs) == sorted(&same_pairs), "{entity}: the order of rows changes pairs");
    }
}

#[test]
fn what_was_resolved_once_is_the_same_the_second_time() {
    let folder = folder();
    generate(&folder, "standard", "740162", "3000");
    let args = ["resolve", "mentions.csv", "--output", "-", "--quiet"];
    assert!(run(&folder, &args) == run(&folder, &args));
}
