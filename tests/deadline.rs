//! Promise 3: notify or erase, and say so by the exit code.

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";

#[test]
fn dl_12_who_was_not_told_when_the_time_is_up_is_erased_and_the_command_ends_with_4() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let list = |project: &Project| project.run(&["master", "list", "--entity", "person", "--format", "json"]).stdout;
    assert!(list(&project).contains("Ada"));
    // A month later to the day is still in time: due is the end of 2 April, Berlin.
    project.run(&["inbox", "read", "--now", "2026-04-02T21:00:00Z"]).ended_with(0);
    assert!(list(&project).contains("Ada"));
    let late = project.run(&["inbox", "read", "--now", "2026-04-02T22:00:00Z"]).ended_with(4);
    assert!(late.stderr.contains("notice-overdue"), "{}", late.stderr);
    assert!(!list(&project).contains("Ada") && !list(&project).contains("Ben"), "{}", list(&project));
    project.run(&["inbox", "read", "--now", "2026-04-02T22:00:00Z"]).ended_with(0);
}

#[test]
fn plan_and_doctor_warn_before_the_deadline() {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.run(&["import", "imports/contacts.csv", "--source", "contacts", "--now", DAY_0]).ended_with(0);
    project.edit("pipelines/main.toml", "enabled = true", "enabled = false");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["notice", "plan", "--now", DAY_0]).ended_with(0);
    let plan = project.run(&["notice", "plan", "--within", "7", "--now", "2026-03-20T09:00:00Z"]).ended_with(4);
    assert_eq!(plan.stdout.lines().count(), 3, "{}", plan.stdout);
    let doctor = project.run(&["doctor", "--now", "2026-03-28T09:00:00Z"]).ended_with(4);
    assert!(doctor.stdout.contains("2 notices due within 7 days"), "{}", doctor.stdout);
}

#[test]
fn told_people_stay_and_a_bounce_after_the_deadline_erases_at_once() {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mails = project.files("state/outbox");
    assert_eq!(mails.len(), 2, "{:?}", mails.keys());
    project.run(&["inbox", "read", "--now", "2026-05-02T09:00:00Z"]).ended_with(0);
    let (name, raw) = mails.iter().find(|(_, raw)| String::from_utf8_lossy(raw).contains("ada.muster@")).unwrap();
    let token = name.file_stem().unwrap().to_string_lossy().into_owned();
    let message_id = String::from_utf8_lossy(raw)
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned))
        .unwrap();
    assert!(message_id.contains(&token), "{message_id} for {token}");
    project.write("state/inbox/new/bounce", &bounce(&token, &message_id));
    project.run(&["inbox", "read", "--now", "2026-05-03T09:00:00Z"]).ended_with(4);
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    assert!(!list.contains("Ada") && list.contains("Ben"), "{list}");
    assert_eq!(project.files("state/outbox").len(), 1, "the notice itself is erased with the person");
}

fn bounce(token: &str, message_id: &str) -> String {
    format!(
        "From: MAILER-DAEMON@muster-werke.example\r\nTo: privacy+{token}@muster-verzeichnis.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.muster-werke.example\r\n\r\n\
         Final-Recipient: rfc822; ada.muster@muster-werke.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    )
}

#[test]
fn an_expired_assessment_closes_the_gate() {
    let project = Project::init();
    let ran = project.run(&["run", "--now", "2027-02-01T09:00:00Z"]).ended_with(0);
    assert!(ran.stderr.contains("\"kept\":0") || !ran.stderr.contains("\"kept\":2"), "{}", ran.stderr);
    let list = project.run(&["master", "list"]).ended_with(0).stdout;
    assert!(!list.contains("Ada"), "{list}");
    project.run(&["doctor", "--now", "2027-02-01T09:00:00Z"]).ended_with(4);
}
