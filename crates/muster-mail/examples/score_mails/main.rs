//! Scores `classify` on labelled mails and prints the figures.
//!
//! ```text
//! cargo run --release -p muster-mail --example score_mails -- [--wrong] SET.jsonl…
//! ```
//!
//! A set holds one mail a line: `{"id":…,"raw":"…"|"raw_base64":"…","expected":{…},"accept":{"kind":[…]}}`. `expected` has the
//! members of the line that `muster inbox classify` prints, those that the author is sure of; `accept` names other
//! values that would be right too. `--wrong` prints each mail that is not strictly right.

#![expect(clippy::print_stdout, reason = "a program that prints its result")]

mod labels;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use muster_mail::{InboxHints, classify};
use serde_json::Value;

use labels::{bytes_of, critical, is_right, text};

/// Counts of one slice.
#[derive(Default)]
struct Score {
    mails: usize,
    fair: usize,
    strict: usize,
    sure: usize,
    sure_right: usize,
    critical: BTreeMap<String, usize>,
    members: BTreeMap<String, (usize, usize)>,
}

impl Score {
    fn add(&mut self, want: &Value, got: &Value, accept: &Value) -> bool {
        self.mails += 1;
        let members = want.as_object().expect("`expected` is an object");
        let mut strict = true;
        for (name, value) in members.iter().filter(|(name, _)| *name != "text" && *name != "note" && *name != "rule") {
            let right = is_right(name, value, &got[name], accept);
            let (seen, hit) = self.members.entry(name.clone()).or_default();
            *seen += 1;
            *hit += usize::from(right);
            strict &= right;
        }
        let fair = is_right("kind", &want["kind"], &got["kind"], accept);
        self.fair += usize::from(fair);
        self.strict += usize::from(strict);
        if got["confidence"].as_f64().is_some_and(|confidence| confidence >= 0.9) {
            self.sure += 1;
            self.sure_right += usize::from(fair);
        }
        if let Some(critical) = critical(want, got, accept) {
            *self.critical.entry(format!("{critical:?}").to_lowercase()).or_default() += 1;
        }
        strict
    }

    fn print(&self, name: &str) {
        let of = |part: usize, whole: usize| format!("{part}/{whole}");
        println!(
            "{name}: kind {} strict {} critical {:?} sure {} of which right {}",
            of(self.fair, self.mails),
            of(self.strict, self.mails),
            self.critical,
            of(self.sure, self.mails),
            of(self.sure_right, self.sure)
        );
        let members: Vec<String> =
            self.members.iter().map(|(name, (seen, hit))| format!("{name} {}", of(*hit, *seen))).collect();
        println!("    {}", members.join("  "));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, sets): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let show_wrong = flags.iter().any(|flag| flag == "--wrong");
    let mut whole = Score::default();
    let mut slices: BTreeMap<String, Score> = BTreeMap::new();
    for set in &sets {
        let mut score = Score::default();
        for line in fs::read_to_string(set)?.lines().filter(|line| !line.trim().is_empty()) {
            let mail: Value = serde_json::from_str(line)?;
            let (want, accept) = (&mail["expected"], &mail["accept"]);
            let verdict = classify(&bytes_of(&mail), &InboxHints::default());
            let got: Value = serde_json::from_str(&verdict.to_json(text(&mail, "id")))?;
            let right = score.add(want, &got, accept);
            whole.add(want, &got, accept);
            for slice in [format!("language {}", text(want, "language")), format!("kind {}", text(want, "kind"))] {
                slices.entry(slice).or_default().add(want, &got, accept);
            }
            if show_wrong && !right {
                let kind = critical(want, &got, accept).map_or(String::new(), |kind| format!("CRITICAL {kind:?} "));
                println!("{kind}{}\n  want {want}\n  got  {got}", text(&mail, "id"));
            }
        }
        score.print(set);
    }
    for (name, score) in &slices {
        score.print(name);
    }
    whole.print("all");
    Ok(())
}
