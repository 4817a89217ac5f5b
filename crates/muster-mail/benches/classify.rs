//! What reading a mail costs: `cargo bench -p muster-mail --bench classify [SECONDS] [SET.jsonl…]`.
//!
//! The mails are those of `fixtures/mail/`: replies, machines' answers and bounces. The first line is what the first
//! mail costs, as patterns are compiled then. Machines are noisy: compare figures of one run only.

use std::path::{Path, PathBuf};
use std::time::Instant;

use muster_mail::{InboxHints, classify};

/// How long a figure is measured, where the command names no time.
const SECONDS: f64 = 3.0;

fn bytes_of(line: &str) -> Option<Vec<u8>> {
    let mail: serde_json::Value = serde_json::from_str(line).ok()?;
    match mail.get("raw_base64").and_then(|text| text.as_str()) {
        Some(text) => data_encoding::BASE64.decode(text.as_bytes()).ok(),
        None => Some(mail.get("raw")?.as_str()?.as_bytes().to_vec()),
    }
}

/// Every mail of a set, or of the folder of fixtures.
fn mails(sets: &[PathBuf]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail");
    let mut paths: Vec<PathBuf> = if sets.is_empty() {
        std::fs::read_dir(folder).expect("the fixtures are there").flatten().map(|entry| entry.path()).collect()
    } else {
        sets.to_vec()
    };
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("eml") => found.extend(std::fs::read(&path)),
            Some("jsonl") => {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.extend(text.lines().filter_map(bytes_of));
            }
            Some(_) | None => {}
        }
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

/// Reads the mails in a loop until the time is over, and returns how many it read.
fn read_for(seconds: f64, mails: &[Vec<u8>]) -> u64 {
    let begin = now();
    let mut count = 0;
    while begin.elapsed().as_secs_f64() < seconds {
        for mail in mails {
            std::hint::black_box(classify(mail, &InboxHints::default()));
            count += 1;
        }
    }
    count
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark counts far below 2^53")]
fn a_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn say(line: &str) {
    println!("{line}");
}

fn main() {
    // Cargo hands `--bench` over; a number is the time, what else there is are sets.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let seconds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(SECONDS);
    let sets: Vec<PathBuf> = arguments.iter().filter(|it| it.parse::<f64>().is_err()).map(PathBuf::from).collect();
    let mails = mails(&sets);
    let bytes: usize = mails.iter().map(Vec::len).sum();
    say(&format!("{} mails, {} bytes on average", mails.len(), bytes / mails.len().max(1)));
    let begin = now();
    for mail in &mails {
        std::hint::black_box(classify(mail, &InboxHints::default()));
    }
    say(&format!("first pass   {:>8.2} s", begin.elapsed().as_secs_f64()));
    for threads in [1_usize, 2] {
        let begin = now();
        let count: u64 = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| read_for(seconds, &mails))).collect();
            running.into_iter().map(|thread| thread.join().expect("reading a mail never panics")).sum()
        });
        say(&format!("{threads} thread(s)  {:>8.0} mails/s", a_second(count, begin.elapsed().as_secs_f64())));
    }
}
