//! The corpus of mails scored, and bytes of every kind.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn corpus() -> Vec<(String, Vec<u8>, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail");
    let mut names: Vec<String> = fs::read_dir(&dir)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".eml").map(str::to_owned))
        .collect();
    names.sort();
    let read = |name: String| {
        let raw = fs::read(dir.join(format!("{name}.eml"))).unwrap();
        let expected = fs::read_to_string(dir.join(format!("{name}.json"))).unwrap();
        (name, raw, serde_json::from_str(&expected).unwrap())
    };
    names.into_iter().map(read).collect()
}

/// Every member that an expectation states has to be as stated; `kinds` is a set.
fn faults(expected: &Value, got: &Value) -> Vec<String> {
    let sorted = |value: &Value| {
        let mut items: Vec<String> = value.as_array().into_iter().flatten().map(ToString::to_string).collect();
        items.sort();
        items
    };
    let differs = |(name, want): (&String, &Value)| {
        let have = got.get(name).unwrap_or(&Value::Null);
        let same = if name == "kinds" { sorted(want) == sorted(have) } else { want == have };
        (!same && name != "note").then(|| format!("{name}: {have} instead of {want}"))
    };
    expected.as_object().unwrap().iter().filter_map(differs).collect()
}

#[test]
fn the_corpus_is_classified_as_its_authors_meant() {
    let corpus = corpus();
    assert!(corpus.len() >= 60, "only {} mails", corpus.len());
    let mut wrong = Vec::new();
    for (name, raw, expected) in &corpus {
        let verdict = classify(raw, &InboxHints::default());
        let got: Value = serde_json::from_str(&verdict.to_json(name)).unwrap();
        let faults = faults(expected, &got);
        if !faults.is_empty() {
            wrong.push(format!("{name}: {} ({})", faults.join("; "), verdict.rule));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), corpus.len(), wrong.join("\n"));
}

#[test]
fn the_json_line_has_the_members_of_the_contract_in_their_order() {
    let raw = b"From: kim@werft.example\nTo: privacy+abcdefgh234567ab@x.example\n\nPlease remove me from your list.\n";
    assert_eq!(
        classify(raw, &InboxHints::default()).to_json("a.eml"),
        concat!(
            r#"{"file":"a.eml","kind":"opt-out","kinds":["opt-out"],"recipient":"kim@werft.example","#,
            r#""token":"abcdefgh234567ab","status_code":null,"bounce_class":null,"language":"en","confidence":0.95,"#,
            r#""suppress":{"email":true,"phone":false},"needs_review":false,"rule":"words.opt-out.en:13","#,
            r#""text":"Please remove me from your list.","identity":{"by":"token","score":0.99},"authentication":"none"}"#
        )
    );
}

#[test]
fn a_verdict_prints_nothing_of_the_person() {
    let raw = b"From: Kim <kim@werft.example>\n\nMy name is Kim, remove me.\n";
    let shown = format!("{:?}", classify(raw, &InboxHints::default()));
    assert!(!shown.to_lowercase().contains("kim"), "{shown}");
}

#[test]
fn hostile_nesting_and_length_come_to_an_end() {
    let layer = |depth: usize| format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
    let nested = std::iter::once("From: a@x.test\n".to_owned()).chain((0..500).map(layer)).collect::<Vec<_>>().concat();
    assert_eq!(classify(nested.as_bytes(), &InboxHints::default()).kind, MailKind::Other);
    let long = format!("From: a@x.test\n\n{}", "stop ".repeat(200_000));
    classify(long.as_bytes(), &InboxHints::default());
    let quotes = format!("From: a@x.test\nContent-Type: text/html\n\n{}", "<blockquote>&amp;<".repeat(20_000));
    classify(quotes.as_bytes(), &InboxHints::default());
}

proptest! {
    #[test]
    fn arbitrary_bytes_give_a_verdict(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let verdict = classify(&raw, &InboxHints::default());
        prop_assert!((0.0..=1.0).contains(&verdict.confidence));
    }

    #[test]
    fn mail_like_text_gives_a_verdict(
        raw in "(From: |To: |Subject: |Content-Type: |multipart/report|message/delivery-status|text/html|boundary=b|--b|Action: failed|Status: 5|\\.1\\.1|privacy\\+|@x\\.test|<|>|&|;|: |\n|\r\n|\n\n|stop|nicht |löschen|é|=C3|=\\?utf-8\\?B\\?){0,60}"
    ) {
        let verdict = classify(raw.as_bytes(), &InboxHints::default());
        prop_assert!(!verdict.kinds.is_empty());
    }
}
