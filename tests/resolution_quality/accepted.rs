//! The accepted figures: read, compared with what was found, and written anew when a person asks for it.
//!
//! Invariant: a figure that is not in the file, or a line of the file that nobody measures, is a fault too.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::harness::checkout;

/// How far a figure may fall: less is what another order of floating-point sums or a new word in a list does.
const FALL_MAX: f64 = 0.003;

/// How far a figure may rise before its line has to follow.
const RISE_MAX: f64 = 0.02;

/// Two tests may want to write the file at once.
static FILE: Mutex<()> = Mutex::new(());

/// One measured number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// The profile or the name of the data set, the entity and the measure.
    key: [String; 3],
    /// Between 0 and 1.
    value: f64,
}

impl Figure {
    #[track_caller]
    pub(super) fn new(set: &str, entity: &str, measure: &str, value: &Value) -> Self {
        Self { key: [set, entity, measure].map(str::to_owned), value: value.as_f64().unwrap() }
    }

    /// The line of the file.
    fn line(&self) -> String {
        format!("{}\t{:.4}", self.key.join("\t"), self.value)
    }

    #[track_caller]
    fn read(line: &str) -> Self {
        let cells: Vec<&str> = line.split('\t').collect();
        let [set, entity, measure, value] = cells[..] else { unreachable!("`{line}`: set, entity, measure, value") };
        Self { key: [set, entity, measure].map(str::to_owned), value: value.parse().unwrap() }
    }
}

fn path() -> PathBuf {
    checkout().join("tests/accepted/resolution.tsv")
}

/// Splits a file into its comments and its figures.
#[track_caller]
fn read(text: &str) -> (String, Vec<Figure>) {
    let (comments, lines): (Vec<&str>, Vec<&str>) =
        text.lines().filter(|line| !line.is_empty()).partition(|line| line.starts_with('#'));
    (comments.join("\n"), lines.into_iter().map(Figure::read).collect())
}

/// Says of each figure of `sets` whether it is as accepted; the lines to paste where one is not.
fn compare(sets: &[&str], accepted: &[Figure], found: &[Figure]) -> Result<(), String> {
    let mut table = format!("{:<46} {:>9} {:>9}\n", "figure", "accepted", "found");
    let mut is_good = true;
    for figure in found {
        let name = figure.key.join(" ");
        let Some(floor) = accepted.iter().find(|line| line.key == figure.key).map(|line| line.value) else {
            is_good = false;
            table += &format!("{name:<46} {:>9} {:>9.4}  has no line", "-", figure.value);
            table.push('\n');
            continue;
        };
        let note = if figure.value < floor - FALL_MAX {
            "  FELL"
        } else if figure.value > floor + RISE_MAX {
            "  rose: accept it"
        } else {
            ""
        };
        is_good &= note.is_empty();
        table += &format!("{name:<46} {floor:>9.4} {:>9.4}{note}", figure.value);
        table.push('\n');
    }
    for line in accepted.iter().filter(|line| sets.contains(&line.key[0].as_str())) {
        if !found.iter().any(|figure| figure.key == line.key) {
            is_good = false;
            table += &format!("{:<46} {:>9.4} {:>9}  nobody measures it", line.key.join(" "), line.value, "-");
            table.push('\n');
        }
    }
    let lines: Vec<String> = found.iter().map(Figure::line).collect();
    if is_good { Ok(()) } else { Err(format!("{table}\nTo accept what was found:\n\n{}\n", lines.join("\n"))) }
}

/// Returns the text of the file with the figures of `sets` replaced by what was found.
#[track_caller]
fn renewed(text: &str, sets: &[&str], found: &[Figure]) -> String {
    let (comments, mut figures) = read(text);
    let at = figures.iter().position(|line| sets.contains(&line.key[0].as_str())).unwrap_or(figures.len());
    figures.retain(|line| !sets.contains(&line.key[0].as_str()));
    figures.splice(at..at, found.iter().cloned());
    let lines: String = figures.iter().map(|figure| figure.line() + "\n").collect();
    format!("{comments}\n{lines}")
}

/// Fails unless everything that was found about `sets` is as accepted; with `MUSTER_ACCEPT` set, writes it to the file.
#[track_caller]
pub(super) fn check(sets: &[&str], found: &[Figure]) {
    let _only_one = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = std::fs::read_to_string(path()).unwrap();
    if std::env::var_os("MUSTER_ACCEPT").is_some() {
        std::fs::write(path(), renewed(&text, sets, found)).unwrap();
        return;
    }
    if let Err(fault) = compare(sets, &read(&text).1, found) {
        unreachable!("quality is not as accepted in {}\n\n{fault}", path().display());
    }
}

#[test]
fn a_fall_a_leap_and_a_missing_line_are_told_with_the_lines_to_paste() {
    let figure = |set: &str, value: f64| Figure::new(set, "person", "f1", &value.into());
    let text = "# note\na\tperson\tf1\t0.9000\nb\tperson\tf1\t0.8000\n";
    let accepted = read(text).1;
    let told = |a: f64| compare(&["a"], &accepted, &[figure("a", a)]);
    assert_eq!([0.8971, 0.9, 0.9199].map(told), [Ok(()), Ok(()), Ok(())]);
    assert!(told(0.8969).unwrap_err().contains("0.9000    0.8969  FELL"));
    assert!(told(0.9201).unwrap_err().contains("\n\na\tperson\tf1\t0.9201\n"));
    assert!(compare(&["c"], &accepted, &[figure("c", 0.5)]).unwrap_err().contains("has no line"));
    assert!(compare(&["a", "b"], &accepted, &[figure("a", 0.9)]).unwrap_err().contains("b person f1"));
    let renewed = renewed(text, &["a"], &[figure("a", 0.95)]);
    assert_eq!(renewed, "# note\na\tperson\tf1\t0.9500\nb\tperson\tf1\t0.8000\n");
}
