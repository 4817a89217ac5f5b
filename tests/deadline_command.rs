//! `muster deadline`: the calendar's window, asked as scripts ask it.

use std::io::Write;
use std::process::Stdio;

use crate::harness::{Project, Ran};

const HEADER: &str = "id,obtained_at,other_mentions,jurisdiction,tz,event,event_at,pause_from,pause_to\n";

/// Asks about rows under the full header; the answers without their reasons.
#[track_caller]
fn answers(rows: &str) -> Vec<String> {
    let project = Project::init();
    project.write("cases.csv", &format!("{HEADER}{rows}"));
    let ran = project.run(&["deadline", "--csv", "cases.csv"]).ended_with(0);
    let mut lines = ran.stdout.lines();
    assert_eq!(lines.next(), Some("id,due_at,rule,why"));
    lines.map(|line| line.splitn(4, ',').take(3).collect::<Vec<_>>().join(",")).collect()
}

fn fed(project: &Project, args: &[&str], input: &[u8]) -> Ran {
    let mut child =
        project.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn dl_1_to_dl_9_rows_of_every_kind_are_answered() {
    let got = answers(
        "clip,2029-01-31T11:00:00Z,,DE-BE,Europe/Berlin,obtain,,,\n\
         roll,2025-03-18T09:00:00+01:00,,DE-BE,Europe/Berlin,obtain,,,\n\
         month,2025-03-18T09:00:00.5Z,,FR,Europe/Paris,obtain,,,\n\
         merged,2025-03-25T09:00:00Z,2025-03-20T09:00:00Z;2025-03-18T09:00:00Z,FR,Europe/Paris,obtain,,,\n\
         contact,2029-01-31T11:00:00Z,,DE-BE,Europe/Berlin,first_contact,2029-02-05T08:00:00Z,,\n\
         late,2025-01-30T11:00:00Z,,FR,Europe/Paris,disclosure,2025-04-01T08:00:00Z,,\n\
         dsr,2025-07-31T11:00:00Z,,FR,Europe/Paris,dsr,,,\n\
         ext,2025-08-31T11:00:00Z,,FR,Europe/Paris,dsr_extended,2025-09-10T11:00:00Z,,\n\
         void,2025-08-31T11:00:00Z,,FR,Europe/Paris,dsr_extended,2025-10-02T11:00:00Z,,\n\
         ch,2025-07-02T11:00:00Z,,CH-ZH,Europe/Zurich,dsr,,,\n\
         ca,2025-02-01T20:00:00Z,,US-CA,America/Los_Angeles,dsr,,,\n\
         ca-n,2025-02-01T20:00:00Z,,US-CA,America/Los_Angeles,obtain,,,\n\
         br,2025-02-01T20:00:00Z,,BR,America/Sao_Paulo,dsr,,,\n\
         uk,2026-03-02T12:00:00Z,,GB-ENG,Europe/London,dsr,2026-03-04T12:00:00Z,2026-03-09T12:00:00Z,2026-03-10T12:00:00Z\n\
         eu,2026-03-02T12:00:00Z,,FR,Europe/Paris,dsr,2026-03-04T12:00:00Z,2026-03-09T12:00:00Z,2026-03-10T12:00:00Z\n\
         else,2025-03-15T12:00:00Z,,US-NY,America/New_York,obtain,,,\n",
    );
    assert_eq!(
        got,
        [
            "clip,2029-02-28T23:59:59+01:00,clipped",
            "roll,2025-04-22T23:59:59+02:00,rolled",
            "month,2025-04-18T23:59:59+02:00,month",
            "merged,2025-04-18T23:59:59+02:00,month",
            "contact,2029-02-05T09:00:00+01:00,contact",
            "late,2025-02-28T23:59:59+01:00,clipped",
            "dsr,2025-09-01T23:59:59+02:00,rolled",
            "ext,2025-12-01T23:59:59+01:00,extended",
            "void,2025-09-30T23:59:59+02:00,clipped",
            "ch,2025-08-04T23:59:59+02:00,days",
            "ca,2025-03-18T23:59:59-07:00,days",
            "ca-n,none,none",
            "br,2025-02-16T23:59:59-03:00,days",
            // 4 April and two days; the 6th is Easter Monday.
            "uk,2026-04-07T23:59:59+01:00,rolled",
            "eu,2026-04-02T23:59:59+02:00,month",
            "else,2025-04-15T23:59:59-04:00,month",
        ]
    );
}

#[test]
fn columns_may_stand_in_any_order_and_optional_ones_may_be_missing() {
    let project = Project::init();
    let rows = "\u{feff}event,Jurisdiction,id,obtained_at\nobtain,de-be,\"a,b\",2025-03-18\n";
    let ran = fed(&project, &["deadline", "--csv", "-"], rows.as_bytes()).ended_with(0);
    assert!(ran.stdout.starts_with("id,due_at,rule,why\n\"a,b\",2025-04-22T23:59:59+02:00,rolled,"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2025-04-18 is Good Friday"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
    let none = fed(&project, &["deadline", "--csv", "-"], HEADER.as_bytes()).ended_with(0);
    assert_eq!(none.stdout, "id,due_at,rule,why\n");
}

#[test]
fn one_case_is_asked_by_flags_in_every_format() {
    let project = Project::init();
    let case = |more: &[&str]| {
        let mut args = vec!["deadline", "--obtained-at", "2025-03-18T09:00:00Z", "--jurisdiction", "DE-BE"];
        args.extend_from_slice(more);
        project.run(&args)
    };
    let ran = case(&["--tz", "Europe/Berlin", "--event", "obtain"]).ended_with(0);
    assert!(ran.stdout.starts_with("id,due_at,rule,why\ncase,2025-04-22T23:59:59+02:00,rolled,"), "{}", ran.stdout);
    let earlier = ["--event", "obtain", "--other-mention", "2025-03-16", "--other-mention", "2025-03-17", "--id", "x"];
    let ran = case(&[&earlier[..], &["--format", "json"]].concat()).ended_with(0);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["rows"][0]["id"], "x");
    assert_eq!(answer["rows"][0]["due_at"], "2025-04-16T23:59:59+02:00");
    let ran = case(&["--event", "first_contact", "--event-at", "2025-03-20T10:00", "--format", "table"]).ended_with(0);
    assert!(ran.stdout.contains("2025-03-20T10:00:00+01:00  contact"), "{}", ran.stdout);
}

#[test]
fn a_bad_row_answers_nothing_and_every_fault_names_file_line_and_field() {
    let project = Project::init();
    let rows = "good,2025-03-18T09:00:00Z,,FR,Europe/Paris,obtain,,,\n\
                zone,2025-03-18T09:00:00Z,,FR,Europe/Nowhere,obtain,,,\n\
                date,2025-02-30T09:00:00Z,,FR,Europe/Paris,obtain,,,\n\
                event,2025-03-18T09:00:00Z,,FR,Europe/Paris,lunch,,,\n\
                missing,2025-03-18T09:00:00Z,,FR,Europe/Paris,disclosure,,,\n\
                open,2025-03-18T09:00:00Z,,GB,Europe/London,dsr,,2025-03-20T09:00:00Z,\n\
                backwards,2025-03-18T09:00:00Z,,GB,Europe/London,dsr,,2025-03-20T09:00:00Z,2025-03-19T09:00:00Z\n\
                mention,2025-03-18T09:00:00Z,2025-03-18T09:00:00Z;yesterday,FR,Europe/Paris,obtain,,,\n\
                law,2025-03-18T09:00:00Z,,France,Europe/Paris,obtain,,,\n\
                two,x,,FR,Mars/Base,lunch,,,\n\
                short,2025-03-18T09:00:00Z\n\
                nozone,2025-03-18T09:00:00Z,,BR,,dsr,,,\n";
    project.write("cases.csv", &format!("{HEADER}{rows}"));
    let ran = project.run(&["deadline", "--csv", "cases.csv"]).ended_with(2);
    assert_eq!(ran.stdout, "");
    for place in [
        "cases.csv:3: tz:",
        "cases.csv:4: obtained_at:",
        "cases.csv:5: event:",
        "cases.csv:6: event_at:",
        "cases.csv:7: pause_to:",
        "cases.csv:8: pause_to:",
        "cases.csv:9: other_mentions:",
        "cases.csv:10: jurisdiction:",
        "cases.csv:11: obtained_at:",
        "cases.csv:11: tz:",
        "cases.csv:11: event:",
        "cases.csv:12: other_mentions:",
        "cases.csv:13: tz:",
    ] {
        assert!(ran.stderr.contains(place), "`{place}` is not in\n{}", ran.stderr);
    }
    assert!(ran.stderr.contains("13 faults in 12 rows"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("cases.csv:2:") && !ran.stderr.contains("lunch"), "{}", ran.stderr);
}

#[test]
fn a_header_or_a_flag_that_is_wrong_is_named() {
    let project = Project::init();
    for (text, expect) in [
        ("id,obtained_at,jurisdiction,event,colour\n", "unknown column `colour`"),
        ("id,obtained_at,jurisdiction\n", "column `event` is missing"),
        ("id,id,obtained_at,jurisdiction,event\n", "column `id` is there twice"),
        ("", "column `id` is missing"),
    ] {
        project.write("cases.csv", text);
        let ran = project.run(&["deadline", "--csv", "cases.csv"]).ended_with(2);
        assert!(ran.stderr.contains(expect) && ran.stdout.is_empty(), "{}", ran.stderr);
    }
    let args = ["deadline", "--obtained-at", "2025-02-30", "--jurisdiction", "FR", "--event", "obtain"];
    let ran = project.run(&args).ended_with(2);
    assert!(ran.stderr.contains("--obtained-at"), "{}", ran.stderr);
    project.run(&["deadline"]).ended_with(2);
    project.run(&["deadline", "--csv", "cases.csv", "--event", "obtain"]).ended_with(2);
    project.run(&["deadline", "--csv", "nowhere.csv"]).ended_with(3);
}
