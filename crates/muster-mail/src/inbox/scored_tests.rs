//! Every labelled set of `fixtures/mail/` is scored, and no figure may fall below the accepted one.
//!
//! `MUSTER_ACCEPT=1` writes the figures of today to `fixtures/mail/accepted.tsv`, for a person to read the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{InboxHints, classify};
use labels::{bytes_of, critical, is_right};

#[path = "../../examples/score_mails/labels.rs"]
mod labels;

/// The figures of one set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Figures {
    mails: usize,
    /// Mails whose kind is right.
    kind: usize,
    /// Mails of which everything that is labelled is right.
    strict: usize,
    /// A clear no ignored, somebody silenced, a right invented, a bounce that is not for good called so.
    critical: usize,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail")
}

fn score(text: &str) -> (Figures, Vec<String>) {
    let mut figures = Figures::default();
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mail: Value = serde_json::from_str(line).unwrap();
        let raw = bytes_of(&mail);
        let id = mail["id"].as_str().unwrap();
        let verdict = classify(&raw, &InboxHints::default());
        let got: Value = serde_json::from_str(&verdict.to_json(id)).unwrap();
        let (want, accept) = (&mail["expected"], &mail["accept"]);
        let faults: Vec<String> = want
            .as_object()
            .unwrap()
            .iter()
            // What is no member of the line is labelled for the tests of one part.
            .filter(|(name, _)| !["text", "note", "rule"].contains(&name.as_str()) && got.get(name.as_str()).is_some())
            .filter(|(name, value)| !is_right(name, value, &got[name.as_str()], accept))
            .map(|(name, value)| format!("{name}: {} instead of {value}", got[name.as_str()]))
            .collect();
        let is_critical = critical(want, &got, accept).is_some();
        figures.mails += 1;
        figures.kind += usize::from(want["kind"].is_null() || is_right("kind", &want["kind"], &got["kind"], accept));
        figures.strict += usize::from(faults.is_empty());
        figures.critical += usize::from(is_critical);
        if !faults.is_empty() {
            let mark = if is_critical { "CRITICAL " } else { "" };
            wrong.push(format!("{mark}{id}: {} ({})", faults.join("; "), verdict.rule));
        }
    }
    (figures, wrong)
}

fn accepted(text: &str) -> BTreeMap<String, Figures> {
    let read = |line: &str| {
        let mut cells = line.split('\t');
        let name = cells.next()?.to_owned();
        let mut number = || cells.next()?.parse().ok();
        Some((name, Figures { mails: number()?, kind: number()?, strict: number()?, critical: number()? }))
    };
    text.lines().skip(1).filter_map(read).collect()
}

#[test]
fn no_labelled_set_is_read_worse_than_accepted() {
    let mut sets: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    sets.sort();
    assert!(!sets.is_empty());
    let file = folder().join("accepted.tsv");
    let before = accepted(&fs::read_to_string(&file).unwrap_or_default());
    let mut written = "set\tmails\tkind\tstrict\tcritical\n".to_owned();
    let mut faults = Vec::new();
    for path in &sets {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (now, wrong) = score(&fs::read_to_string(path).unwrap());
        written.push_str(&format!("{name}\t{}\t{}\t{}\t{}\n", now.mails, now.kind, now.strict, now.critical));
        let worse = before.get(&name).is_none_or(|then| {
            now.mails != then.mails || now.kind < then.kind || now.strict < then.strict || now.critical > then.critical
        });
        if worse {
            faults.push(format!("{name}: {now:?}, accepted {:?}\n  {}", before.get(&name), wrong.join("\n  ")));
        }
    }
    if std::env::var_os("MUSTER_ACCEPT").is_some() {
        fs::write(&file, written).unwrap();
        return;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_labelled_mail_has_a_name_of_its_own_and_something_to_expect() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "jsonl") {
            continue;
        }
        let mut ids = BTreeSet::new();
        for text in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim().is_empty()) {
            let mail: Value = serde_json::from_str(text).unwrap();
            let id = mail["id"].as_str().unwrap().to_owned();
            assert!(mail["expected"].as_object().is_some_and(|expected| !expected.is_empty()), "{id} expects nothing");
            assert!(ids.insert(id.clone()), "{id} stands twice in {}", path.display());
        }
    }
}
