//! Files of which every two rows look alike: a run ends, says what it capped, and merges nobody for a shared mailbox.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::folder;
use crate::harness::Project;

/// Rows of each file: all pairs of them would be twenty thousand million.
const ROWS: usize = 200_000;

/// More than a busy machine needs in a debug build; all pairs would take hours.
const SECONDS_MAX: u32 = 300;

/// Pairs per row that caps may leave: under each of a few rules a row meets some dozens of others.
const PAIRS_PER_ROW_MAX: u64 = 1_000;

/// Runs a command and fails the test when it does not end.
#[track_caller]
fn ends(folder: &Project, args: &[&str]) {
    let mut child = folder.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..SECONDS_MAX * 10 {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(matches!(status.code(), Some(0 | 1)), "{args:?}: {status}");
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    unreachable!("{args:?} did not end within {SECONDS_MAX} s");
}

/// Resolves rows that `row` makes of their number, and returns what the report says of the resolution.
#[track_caller]
fn report(entity: &str, header: &str, row: impl Fn(usize) -> String) -> Value {
    let folder = folder();
    let rows: String = (0..ROWS).map(|number| format!("r{number},{}\n", row(number))).collect();
    folder.write("in.csv", &format!("mention_id,{header}\n{rows}"));
    ends(
        &folder,
        &["resolve", "in.csv", "--entity", entity, "--output", "out.csv", "--report", "report.json", "--quiet"],
    );
    assert_eq!(folder.read("out.csv").lines().count(), ROWS + 1);
    let report: Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    let pairs = report["resolution"]["candidate_pair_count"].as_u64().unwrap();
    assert!(pairs <= ROWS as u64 * PAIRS_PER_ROW_MAX, "{pairs} pairs");
    report["resolution"].clone()
}

/// Mentions that share the hottest capped key.
fn hottest(report: &Value) -> u64 {
    let keys = report["hot_keys"].as_array().unwrap();
    keys.iter().map(|key| key["mention_count"].as_u64().unwrap()).max().unwrap_or(0)
}

/// A name of its own for each number: given and family name of syllables, 400 and 8,000 of them.
fn name(number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ka", "ber", "lin", "mo", "ste", "ris", "wal", "dor", "fen", "gra", "hol", "jen", "kru", "lau", "mei", "nor",
        "ost", "pet", "rot", "tan",
    ];
    // An odd factor that is no multiple of 5 permutes the numbers below 20^5.
    let number = number * 1_299_709 % 20_usize.pow(5);
    let syllable = |place: u32| SYLLABLES[number / 20_usize.pow(place) % 20];
    format!("{}{} {}{}{}", syllable(0), syllable(1), syllable(2), syllable(3), syllable(4))
}

#[test]
fn so_many_identical_names_end_and_are_reported_as_capped() {
    let report = report("person", "full_name,company_name", |_| "Anna Beispiel,".to_owned());
    assert_eq!(hottest(&report), ROWS as u64, "{report}");
}

#[test]
fn one_mailbox_of_so_many_people_makes_nobody_one_person() {
    for mailbox in ["anna.beispiel", "info"] {
        let report = report("person", "full_name,company_name,email", |number| {
            format!("{},Muster Werke AG,{mailbox}@muster-werke.example", name(number))
        });
        assert!(hottest(&report) > 200, "{mailbox}: {report}");
        assert!(report["largest_cluster"].as_u64().unwrap() <= 20, "{mailbox}: {report}");
    }
}

#[test]
fn so_many_rows_that_name_one_company_end() {
    let report =
        report("company", "company_name,company_domain", |_| "Muster Werke AG,muster-werke.example".to_owned());
    assert_eq!(report["largest_cluster"], ROWS, "{report}");
}

#[test]
fn rows_without_any_value_meet_nobody() {
    for entity in ["person", "group"] {
        let report = report(entity, "full_name,company_name,email,phone", |_| ",,,".to_owned());
        let counts = ["candidate_pair_count", "largest_cluster"].map(|count| report[count].as_u64());
        assert_eq!((counts, hottest(&report)), ([Some(0), Some(1)], 0), "{entity}");
    }
}
