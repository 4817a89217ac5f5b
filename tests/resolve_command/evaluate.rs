//! `muster resolve evaluate`: figures that can be counted by hand, and the curve.

use super::{CLUSTERS, CONTACTS, folder};
use crate::harness::Project;

const TRUTH: &str = "mention_id,person_id,company_id,tags\n\
     a,p1,f1,DE;nickname\n\
     b,p1,f2,DE\n\
     c,p1,f1,\n\
     d,p2,f1,nickname\n";

fn project() -> Project {
    let folder = folder();
    folder.write("truth.csv", TRUTH);
    folder.write("clusters.csv", "mention_id,cluster_id\na,a\nb,b\nc,a\nd,b\n");
    folder
}

#[test]
fn pairs_and_b_cubed_are_counted_whole_and_by_slice() {
    let folder = project();
    let args = ["resolve", "evaluate", "--truth", "truth.csv", "--clusters", "clusters.csv"];
    let csv = folder.run(&[&args[..], &["--format", "csv"]].concat()).ended_with(0).stdout;
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    // One of the pairs ac, bd is true, of ab, ac, bc.
    assert_eq!(rows[0], "all,4,2,2,3,2,1,0.5000,0.3333,0.4000,0.7500,0.6667,0.7059");
    assert!(rows[1].starts_with("DE,2,1,2,3,2,1,") && rows[2].starts_with("nickname,2,2,2,2,2,1,"), "{csv}");
    assert!(rows[3].starts_with("size 1,1,") && rows[4].starts_with("size 3-4,3,"), "{csv}");
    let json = folder.run(&[&args[..], &["--format", "json"]].concat()).ended_with(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["version"], &json["rows"][0]["pairwise"]["precision"]), (&1.into(), &0.5.into()));
    assert_eq!(json["rows"][0]["common_pair_count"], 1);
    let table = folder.run(&args).ended_with(0).stdout;
    assert!(table.starts_with("slice ") && table.contains("nickname"), "{table}");
}

#[test]
fn the_column_of_truth_follows_the_entity_or_is_named() {
    let folder = project();
    let all = |more: &[&str]| {
        let args = ["resolve", "evaluate", "--truth", "truth.csv", "--clusters", "clusters.csv", "--format", "csv"];
        let csv = folder.run(&[&args[..], more].concat()).ended_with(0).stdout;
        csv.lines().nth(1).unwrap().to_owned()
    };
    assert!(all(&["--entity", "company"]).starts_with("all,4,2,2,3,2,1,"));
    assert!(all(&["--truth-column", "tags"]).starts_with("all,3,3,2,0,1,0,"), "an empty label is left out");
    folder.write("truth.csv", "mention_id,label\na,1\nb,2\n");
    assert!(all(&[]).starts_with("all,2,2,2,0,0,0,1.0000,1.0000,1.0000,"), "no pair is all right");
    folder.write("truth.csv", "mention_id,colour\na,1\n");
    let args = ["resolve", "evaluate", "--truth", "truth.csv", "--clusters", "clusters.csv"];
    let ran = folder.run(&args).ended_with(2);
    assert!(ran.stderr.contains("`mention_id`, `colour`"), "{}", ran.stderr);
}

#[test]
fn mentions_on_one_side_only_are_counted_and_named() {
    let folder = project();
    folder.write("clusters.csv", "unique_id,cluster_id\na,1\nc,1\nzzz,1\n");
    let args = ["resolve", "evaluate", "--truth", "truth.csv", "--clusters", "clusters.csv", "--format", "json"];
    let ran = folder.run(&args).ended_with(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&json["missing_mention_count"], &json["unlabeled_mention_count"]), (&2.into(), &1.into()));
    assert_eq!((&json["rows"][0]["found_pair_count"], &json["rows"][0]["cluster_count"]), (&1.into(), &3.into()));
    assert!(ran.stderr.contains("2 mentions of the truth have no cluster"), "{}", ran.stderr);
    folder.write("clusters.csv", "mention_id,cluster_id\na,1\na,2\n");
    assert!(folder.run(&args).ended_with(2).stderr.contains("line 3"));
    folder.write("truth.csv", "mention_id,person_id\na,1\na,1\n");
    assert!(folder.run(&args).ended_with(2).stderr.contains("twice"));
}

#[test]
fn a_file_may_be_resolved_first_and_the_curve_is_drawn_from_its_pairs() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    folder.write("truth.csv", "mention_id,person_id\na,1\nb,2\nc,1\n");
    let args = ["resolve", "evaluate", "in.csv", "--truth", "truth.csv", "--format", "json", "--curve", "own.svg"];
    let ran = folder.run(&args).ended_with(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["rows"][0]["bcubed"]["f1"], 1.0);
    assert_eq!(json["curve"][0]["recall"], 1.0);
    folder.run(&["resolve", "in.csv", "--output", "c.csv", "--pairs", "p.csv"]).ended_with(0);
    assert_eq!(folder.read("c.csv"), CLUSTERS);
    let args = [
        "resolve",
        "evaluate",
        "--truth",
        "truth.csv",
        "--clusters",
        "c.csv",
        "--pairs",
        "p.csv",
        "--curve",
        "file.svg",
    ];
    folder.run(&args).ended_with(0);
    let svg = folder.read("file.svg");
    assert!(svg.starts_with("<svg ") && !svg.contains("<script") && svg == folder.read("own.svg"), "{svg}");
    let args = ["resolve", "evaluate", "--truth", "truth.csv", "--clusters", "c.csv", "--curve", "x.svg"];
    assert!(folder.run(&args).ended_with(2).stderr.contains("--pairs"));
    folder.run(&["resolve", "evaluate", "--truth", "truth.csv"]).ended_with(2);
}
