//! The command line: help, the windows for scripts, and what `init` makes.

use std::io::Write;
use std::process::Stdio;

use crate::harness::Project;

const VERBS: &[&str] = &[
    "init", "check", "run", "crawl", "import", "extract", "gate", "resolve", "explain", "master", "review", "notice",
    "inbox", "case", "suppress", "export", "store", "audit", "doctor", "probe",
];

fn fed(project: &Project, args: &[&str], input: &str) -> (i32, String) {
    let mut child =
        project.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn help_names_every_verb_and_each_verb_explains_itself() {
    let project = Project::init();
    let help = project.run(&["--help"]).ended_with(0).stdout;
    for verb in VERBS {
        assert!(help.contains(&format!("  {verb} ")), "`{verb}` is not in the help");
        let own = project.run(&[verb, "--help"]).ended_with(0).stdout;
        assert!(own.lines().count() > 5, "{own}");
    }
    assert!(help.contains("Exit codes:"));
    project.run(&["no-such-verb"]).ended_with(2);
    project.run(&[]).ended_with(2);
}

#[test]
fn init_makes_a_project_that_checks_and_runs_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::init();
    let mode = std::fs::metadata(project.path("muster.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    project.run(&["check"]).ended_with(0);
    project.run(&["run", "--now", "2026-03-02T09:00:00Z"]).ended_with(0);
    project.run(&["init", "."]).ended_with(2);
    let list = project.run(&["master", "list", "--entity", "person", "--format", "jsonl"]).ended_with(0).stdout;
    assert_eq!(list.lines().count(), 2, "{list}");
}

#[test]
fn gate_check_answers_every_line_and_repeats_no_rejected_value() {
    let project = Project::init();
    let input = concat!(
        r#"{"id":1,"input":{"name":"Ada Muster","Konfession":"zoroastrisch"}}"#,
        "\n",
        r#"{"id":2,"lang":"en","text":"Ada, a practising Zoroastrian, leads sales."}"#,
        "\n",
        r#"{"id":3,"input":{"name":"Ada Muster","job_title":"Gender Equality Officer"}}"#,
        "\n",
    );
    let (code, out) = fed(&project, &["gate", "check"], input);
    assert_eq!(code, 0, "{out}");
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["decision"], "reject-field");
    assert_eq!(lines[0]["category"], "religion");
    assert_eq!(lines[1]["decision"], "reject-text-span");
    assert_eq!(lines[2]["decision"], "pass");
    assert!(!out.to_lowercase().contains("zoroastri"), "{out}");
    let (code, out) = fed(&project, &["gate", "check"], "{\"id\":\n");
    assert_eq!(code, 1);
    assert!(out.contains("line.json"), "{out}");
}

#[test]
fn extract_prints_mentions_and_writes_nothing() {
    let project = Project::init();
    let page = r#"<html lang="de"><script type="application/ld+json">{"@context":"https://schema.org","@type":"Person",
        "name":"Ada Muster","jobTitle":"Leiterin Einkauf","email":"ada@muster-werke.example","birthDate":"1971-03-14"}</script></html>"#;
    let (code, out) = fed(&project, &["extract", "--url", "https://muster-werke.example/team"], page);
    assert_eq!(code, 0);
    let mention: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(mention["name"], "Ada Muster");
    assert_eq!(mention["emails"][0], "ada@muster-werke.example");
    assert!(!out.contains("1971"), "{out}");
    assert!(!project.path("state/store").exists());
}

#[test]
fn resolve_prints_one_row_per_input_row_in_input_order() {
    let project = Project::init();
    project.write(
        "contacts.csv",
        "mention_id,full_name,company_name,email\n\
         a,Jürgen Müller,Muster Werke GmbH,j.mueller@muster-werke.example\n\
         b,Ada Beispiel,Beispiel AG,ada@beispiel.example\n\
         c,\"Mueller, Juergen\",Muster Werke,J.Mueller@Muster-Werke.example\n",
    );
    project.run(&["resolve", "contacts.csv", "--output", "clusters.csv"]).ended_with(0);
    assert_eq!(project.read("clusters.csv"), "mention_id,cluster_id\na,a\nb,b\nc,a\n");
    assert!(!project.path("state/store").exists());
}

#[test]
fn probes_answer_by_exit_code() {
    let project = Project::init();
    project.write("robots.txt", "User-agent: muster\nDisallow: /private\n");
    project.run(&["probe", "robots", "robots.txt", "muster/0.1", "https://a.example/team"]).ended_with(0);
    project.run(&["probe", "robots", "robots.txt", "muster/0.1", "https://a.example/private/x"]).ended_with(1);
    let url = project.run(&["probe", "url", "https://a.example/x/", "../team#top"]).ended_with(0);
    assert_eq!(url.stdout.trim(), "https://a.example/team");
    let (code, out) = fed(&project, &["probe", "phone"], "DE\tTel. 030 23125-101\nDE\tBestellung 4711\n");
    assert_eq!((code, out.as_str()), (0, "+493023125101\n\n"));
}

#[test]
fn inbox_classify_answers_every_mail_with_0() {
    let project = Project::init();
    project.write(
        "optout.eml",
        "From: Ada <ada@muster-werke.example>\r\nSubject: Re: notice\r\n\r\nPlease remove me.\r\n",
    );
    project.write("junk.eml", "\u{0}\u{1}\u{2}");
    let ran = project.run(&["inbox", "classify", "optout.eml", "junk.eml"]).ended_with(0);
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["kind"], "opt-out");
    assert_eq!(lines[0]["suppress"]["email"], true);
    assert_eq!(lines[1]["kind"], "other");
    assert_eq!(lines.len(), 2);
}
