//! `muster notice check FILE`: texts and JSON lines from outside, with and without facts.

use std::io::Write;
use std::process::Stdio;

use crate::harness::{Project, Ran};

/// A complete notice of an invented controller, with its facts.
fn notice() -> (String, String) {
    let text = include_str!("../crates/muster-gate/src/lint/cases/en/letter.txt");
    let (facts, marked) = text.split_once('\n').unwrap();
    let mut clean = String::new();
    for piece in marked.split('⟦') {
        let body = if clean.is_empty() { piece } else { piece.split_once('|').unwrap().1 };
        clean.push_str(&body.replace('⟧', ""));
    }
    (facts.to_owned(), clean)
}

fn fed(project: &Project, args: &[&str], input: &str) -> Ran {
    let mut child =
        project.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_text_is_checked_with_its_facts_and_each_defect_is_named() {
    let project = Project::init();
    let (facts, text) = notice();
    project.write("facts.json", &facts);
    project.write("good.txt", &text);
    project.write("bad.txt", &text.replace("for eighteen months", "for as long as necessary"));
    let args = |file: &'static str| ["notice", "check", file, "--lang", "en", "--context", "facts.json"];
    let good = project.run(&args("good.txt")).ended_with(0);
    assert_eq!(good.stdout.lines().count(), 1, "{}", good.stdout);
    let bad = project.run(&args("bad.txt")).ended_with(1);
    assert!(bad.stdout.contains("A11   the storage period is stated in words"), "{}", bad.stdout);
    let json = fed(&project, &["notice", "check", "-", "--lang", "en-IE", "--format", "json"], "Dear Mr Sample,\n");
    let json: serde_json::Value = serde_json::from_str(&json.ended_with(1).stdout).unwrap();
    let items: Vec<&str> = json["rows"].as_array().unwrap().iter().map(|row| row["item"].as_str().unwrap()).collect();
    assert!(items.contains(&"B08") && items.contains(&"A01"), "{items:?}");
    assert!(!items.contains(&"A04") && !items.contains(&"A10"), "{items:?}");
}

#[test]
fn json_lines_are_answered_one_by_one_and_a_bad_line_is_named() {
    let project = Project::init();
    let (facts, text) = notice();
    let facts: serde_json::Value = serde_json::from_str(&facts).unwrap();
    let line = |id: u64, lang: &str, text: &str| {
        serde_json::json!({ "id": id, "target_lang": lang, "context": facts, "text": text, "more": 1 }).to_string()
    };
    let bad = text.replace("Good morning,", "Dear Ms. Sample,").replace("for eighteen months", "for some time");
    let lines = [
        line(1, "en", &text),
        "{\"id\":2,".to_owned(),
        line(3, "xx", &text),
        line(4, "en", &bad),
        String::new(),
        "{\"id\":\"five\",\"target_lang\":\"en\",\"context\":{\"adm\":\"maybe\"},\"text\":\"\"}".to_owned(),
    ];
    project.write("notices.jsonl", &lines.join("\n"));
    let ran = project.run(&["notice", "check", "notices.jsonl"]).ended_with(1);
    assert_eq!(ran.stdout, "{\"id\":1,\"defects\":[]}\n{\"id\":4,\"defects\":[\"A11\",\"B08\"]}\n");
    for place in ["line 2: column", "line 3: `target_lang`", "line 6: `context.adm`"] {
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
    }
    let ran = fed(&project, &["notice", "check", "-", "--format", "jsonl"], &line(1, "en", &text)).ended_with(0);
    assert_eq!(ran.stdout, "{\"id\":1,\"defects\":[]}\n");
}

#[test]
fn what_cannot_be_checked_is_refused_with_a_reason() {
    let project = Project::init();
    project.write("notice.txt", "Hello");
    project.write("facts.json", "{\"basis\":7}");
    let ran = project.run(&["notice", "check", "notice.txt", "--lang", "tlh"]).ended_with(2);
    assert!(ran.stderr.contains("unknown language `tlh`") && ran.stderr.contains("de, en, es"), "{}", ran.stderr);
    let ran = project.run(&["notice", "check", "notice.txt"]).ended_with(2);
    assert!(ran.stderr.contains("--lang"), "{}", ran.stderr);
    let ran = project.run(&["notice", "check", "notice.txt", "--lang", "en", "--context", "facts.json"]).ended_with(2);
    assert!(ran.stderr.contains("facts.json") && ran.stderr.contains("context.basis"), "{}", ran.stderr);
    project.run(&["notice", "check", "none.txt", "--lang", "en"]).ended_with(3);
}

#[test]
fn a_file_is_not_needed_to_check_what_is_due() {
    let project = Project::init();
    project.run(&["run", "--dry-run", "--now", "2026-03-02T09:00:00Z"]).ended_with(0);
    project.run(&["notice", "check", "--now", "2026-03-02T10:00:00Z"]).ended_with(0);
    project.run(&["notice", "check", "--lang", "en"]).ended_with(2);
}
