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

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use muster_mail::{InboxHints, classify};
use serde_json::Value;

/// What a verdict got wrong that must not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Critical {
    /// A no that nothing would follow from.
    Ignored,
    /// Somebody who did not ask is put on the list.
    Silenced,
    /// A right that nobody used.
    Invented,
    /// A bounce that is none, or one that is for good and is not.
    Bounced,
}

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

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn sorted(value: &Value) -> Vec<String> {
    let mut items: Vec<String> = value.as_array().into_iter().flatten().map(ToString::to_string).collect();
    items.sort();
    items
}

fn is_right(name: &str, want: &Value, got: &Value, accept: &Value) -> bool {
    let same = |want: &Value| match want.as_object() {
        _ if name == "kinds" => sorted(want) == sorted(got),
        // A label states what its author is sure of, also inside of an object.
        Some(members) => members.iter().all(|(name, want)| got.get(name) == Some(want)),
        None => want == got,
    };
    same(want) || accept.get(name).and_then(Value::as_array).is_some_and(|others| others.iter().any(same))
}

fn channel(verdict: &Value, name: &str) -> Option<bool> {
    verdict.get("suppress")?.get(name)?.as_bool()
}

fn critical(want: &Value, got: &Value, accept: &Value) -> Option<Critical> {
    const RIGHTS: [&str; 7] =
        ["objection", "erasure", "access", "rectification", "restriction", "portability", "data-complaint"];
    let (want_kind, kind) = (text(want, "kind"), text(got, "kind"));
    let kind_is_right = is_right("kind", &want["kind"], &got["kind"], accept);
    let suppress_is_right = is_right("suppress", &want["suppress"], &got["suppress"], accept);
    for name in ["email", "phone"] {
        match (channel(want, name), channel(got, name)) {
            (Some(true), Some(false)) if !suppress_is_right => return Some(Critical::Ignored),
            (Some(false), Some(true)) if !suppress_is_right => return Some(Critical::Silenced),
            _ => {}
        }
    }
    if kind == "bounce-permanent" && want_kind != kind && !kind_is_right {
        return Some(Critical::Bounced);
    }
    let asked = sorted(&want["kinds"]);
    let also = sorted(accept.get("kind").unwrap_or(&Value::Null));
    let invented = sorted(&got["kinds"]).into_iter().any(|kind| {
        RIGHTS.iter().any(|right| kind == format!("\"{right}\"")) && !asked.contains(&kind) && !also.contains(&kind)
    });
    let names_rights = !asked.is_empty();
    (invented && names_rights && !kind_is_right).then_some(Critical::Invented)
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

fn bytes_of(mail: &Value) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(match mail.get("raw_base64").and_then(Value::as_str) {
        Some(text) => data_encoding::BASE64.decode(text.as_bytes())?,
        None => text(mail, "raw").as_bytes().to_vec(),
    })
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
            let verdict = classify(&bytes_of(&mail)?, &InboxHints::default());
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
