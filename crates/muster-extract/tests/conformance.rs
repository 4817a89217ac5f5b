//! Public suites of h-card and vCard, where they lie beside the checkout; elsewhere the tests say so.
//!
//! The suites speak of syntax: a name, whose it is, a mailbox. Where ours differs on purpose (a salutation is no part of a
//! name, numbers are in E.164, an organisation's address is its domain) the comparison allows for it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking; the helpers outside of test functions as well")]
#![expect(clippy::print_stdout, reason = "what was skipped or counted is said")]

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use muster_extract::{ExtractContext, extract_page};
use muster_model::{EntityKind, MentionRecord, Page, SecretKey};
use serde_json::Value;

/// Cases of a suite with what was found in each; `None` where the suite is not there.
fn cases(suite: &str) -> Option<Vec<(Value, Vec<MentionRecord>)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let Ok(list) = fs::read_to_string(folder.join(suite).join("cases.jsonl")) else {
        println!("skipped: the suite `{suite}` is not beside this checkout");
        return None;
    };
    let key = SecretKey::storeless();
    let context = ExtractContext { key: &key, source: None, public: true };
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        let of = |name: &str| case[name].as_str().unwrap().to_owned();
        let body = fs::read(folder.join(of("file"))).unwrap();
        let page = Page::new(of("url"), Timestamp::UNIX_EPOCH, Some(of("ctype")), body);
        let mentions = extract_page(&page, &context).mentions;
        (case, mentions)
    };
    Some(list.lines().map(read).collect())
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.filter(|word| word != "mr").collect()
}

/// Whether one name is the other, but for a salutation and words more on one side.
fn is_name(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (words(ours), words(theirs));
    let inside = |inner: &[String], outer: &[String]| inner.iter().all(|word| outer.contains(word));
    !ours.is_empty() && !theirs.is_empty() && (inside(&ours, &theirs) || inside(&theirs, &ours))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What of an expected entity no mention holds.
fn missing(expected: &Value, mentions: &[MentionRecord]) -> Option<String> {
    let name = expected["name"].as_str().unwrap();
    let kind = if expected["kind"] == "org" { EntityKind::Company } else { EntityKind::Person };
    let named = |mention: &&MentionRecord| mention.name.as_deref().is_some_and(|ours| is_name(ours, name));
    let Some(mention) = mentions.iter().filter(named).find(|mention| mention.kind == kind) else {
        return Some(format!("{} `{name}`", kind.as_str()));
    };
    let calls = || mention.phones.iter().chain(&mention.faxes);
    let lost = texts(&expected["phone"])
        .into_iter()
        .find(|phone| !calls().any(|ours| digits(ours).ends_with(digits(phone).trim_start_matches('0'))));
    let mail = texts(&expected["email"])
        .into_iter()
        .find(|mail| !mail.contains('/') && !mention.emails.iter().any(|ours| ours.eq_ignore_ascii_case(mail)));
    lost.or(mail).map(|lost| format!("{lost} of `{name}`"))
}

#[test]
fn the_microformats_suite_is_read() {
    let Some(cases) = cases("hcard") else { return };
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|(case, mentions)| {
            let missing = case["expect"].as_array().unwrap().iter().find_map(|expected| missing(expected, mentions));
            missing.map(|missing| format!("{}: {missing}", case["id"]))
        })
        .collect();
    println!("{} of {} pages read", cases.len() - faults.len(), cases.len());
    // A card that says `h-org` is no person's with us, and `MIT` with somebody's mailbox is that person's.
    assert!(cases.len() - faults.len() >= 58, "{}", faults.join("\n"));
}

#[test]
fn the_cards_of_other_programs_lose_nothing() {
    let Some(cases) = cases("vcard") else { return };
    let faults: Vec<String> = cases
        .iter()
        .flat_map(|(case, mentions)| {
            let expected = case["expect"].as_array().unwrap().iter();
            expected.filter_map(move |expected| Some(format!("{}: {}", case["id"], missing(expected, mentions)?)))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
