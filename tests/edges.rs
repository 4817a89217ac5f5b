//! Where promises break in other tools: second channels, late replies, namesakes, what was erased coming back.

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";
const DAY_1: &str = "2026-03-03T09:00:00Z";

fn sending() -> Project {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project
}

fn rows(project: &Project, rows: &str) {
    project.write(
        "imports/contacts.csv",
        &format!("Vorname;Nachname;Firma;Funktion;E-Mail;Telefon;Ort;Land;Bemerkung\n{rows}"),
    );
}

/// The notices in the outbox: token, address, whole text.
fn outbox(project: &Project) -> Vec<(String, String, String)> {
    let files = project.files("state/outbox");
    let mails = files.iter().map(|(path, raw)| {
        let text = String::from_utf8_lossy(raw).into_owned();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().trim_matches(['<', '>']).to_owned();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), to, text)
    });
    mails.collect()
}

fn arrives(project: &Project, name: &str, token: &str, from: &str, body: &str) {
    project.write(
        &format!("state/inbox/new/{name}"),
        &format!("From: {from}\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nSubject: Re: Information\r\n\r\n{body}\r\n"),
    );
}

fn bounces(project: &Project, name: &str, token: &str, address: &str, status: &str) {
    project.write(
        &format!("state/inbox/new/{name}"),
        &format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             Not delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 {status} refused\r\n\r\n--b--\r\n"
        ),
    );
}

#[test]
fn who_bounces_at_one_address_is_told_at_the_next() {
    let project = sending();
    rows(
        &project,
        "Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Berlin;DE;\nAda;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example, a.muster@muster-werke.example;;Berlin;DE;\n",
    );
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let first = outbox(&project);
    assert_eq!(first.len(), 1, "{first:?}");
    bounces(&project, "one", &first[0].0, &first[0].1, "5.1.1");
    project.run(&["run", "--now", DAY_1]).ended_with(0);
    let second: Vec<_> = outbox(&project).into_iter().filter(|mail| mail.0 != first[0].0).collect();
    assert_eq!(second.len(), 1, "the second channel got a notice of its own");
    assert_ne!(second[0].1, first[0].1);
    let id = project.person("Ada Muster");
    assert!(project.run(&["master", "show", &id]).stdout.contains("notice: told"));
}

#[test]
fn a_policy_bounce_is_nobodys_fault_but_tells_nobody_either() {
    let project = sending();
    rows(&project, "Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Berlin;DE;\n");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mail = outbox(&project).remove(0);
    bounces(&project, "one", &mail.0, &mail.1, "5.7.1");
    project.run(&["run", "--now", DAY_1]).ended_with(0);
    project.run(&["run", "--now", "2026-03-30T09:00:00Z"]);
    let export = project.read("state/exports/crm.manifest.json");
    assert!(export.contains("\"rows\": 0"), "{export}");
    let review = project.run(&["review", "list", "--format", "csv"]).ended_with(0).stdout;
    assert!(review.contains("sent|not-sent"), "{review}");
}

#[test]
fn an_objection_that_comes_after_the_erasure_still_counts() {
    let project = sending();
    rows(&project, "Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Berlin;DE;\n");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mail = outbox(&project).remove(0);
    // Two years on the retention period has ended, and then she answers the old letter from another mailbox.
    project.run(&["inbox", "read", "--now", "2028-03-03T09:00:00Z"]).ended_with(0);
    arrives(&project, "late", &mail.0, "ada@private-post.example", "Please remove me.");
    project.run(&["inbox", "read", "--now", "2028-03-04T09:00:00Z"]).ended_with(0);
    project.write("again.csv", "name,company,emails\nAda Muster,Muster Werke GmbH,ada@muster-werke.example\n");
    let proven = project.run(&["suppress", "prove", "again.csv"]).ended_with(1);
    assert!(proven.stdout.contains("suppressed"), "{}", proven.stdout);
}

#[test]
fn what_was_erased_by_the_clock_does_not_come_back_with_a_new_one() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["run", "--now", "2026-04-03T09:00:00Z"]).ended_with(4);
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    assert!(!list.contains("Ada"), "collected again by the command that erased her: {list}");
    let ran = project.run(&["run", "--now", "2026-04-04T09:00:00Z"]).ended_with(0);
    assert!(!ran.stderr.contains("\"kept\":2"), "{}", ran.stderr);
}

#[test]
fn a_namesake_who_was_told_waits_for_a_decision_and_is_neither_silenced_nor_erased() {
    let project = sending();
    rows(
        &project,
        "Thomas;Berger;Muster Werke GmbH;Einkauf;t.berger@muster-werke.example;;Berlin;DE;\n\
         Thomas;Berger;Muster Werke GmbH;Personal;t.berger2@muster-werke.example;;Berlin;DE;\n",
    );
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mails = outbox(&project);
    assert_eq!(mails.len(), 2);
    let mail = mails.iter().find(|mail| mail.1.starts_with("t.berger@")).unwrap();
    arrives(&project, "no", &mail.0, "t.berger@muster-werke.example", "Please remove me.");
    project.run(&["inbox", "read", "--now", "2026-04-20T09:00:00Z"]).ended_with(0);
    // A month and more after both were told: the other one is asked about, not erased.
    project.run(&["run", "--now", "2026-04-20T09:00:00Z"]).ended_with(1);
    project.run(&["inbox", "read", "--now", "2026-04-21T09:00:00Z"]).ended_with(0);
    let review = project.run(&["review", "list", "--format", "csv"]).ended_with(0).stdout;
    let id = review
        .lines()
        .find(|line| line.contains("namesake|same"))
        .expect("a question is open")
        .split(',')
        .next()
        .unwrap();
    project.write("decisions.csv", &format!("id,decision\n{id},namesake\n"));
    project.run(&["review", "decide", "decisions.csv", "--now", "2026-04-22T09:00:00Z"]).ended_with(0);
    project.run(&["run", "--now", "2026-04-23T09:00:00Z"]).ended_with(0);
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    assert!(list.contains("t.berger2@") && !list.contains("t.berger@"), "{list}");
}

#[test]
fn a_second_run_of_an_ordinary_pipeline_writes_nothing() {
    let project = sending();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["run", "--now", "2026-03-25T09:00:00Z"]).ended_with(0);
    let (ledger, exports) = (project.files("state/store/ledger"), project.files("state/exports"));
    assert!(exports.len() >= 2, "{:?}", exports.keys());
    let again = project.run(&["run", "--now", "2026-03-26T09:00:00Z"]).ended_with(0);
    assert!(again.stderr.contains("\"event\":\"unchanged\""), "{}", again.stderr);
    assert_eq!(project.files("state/store/ledger"), ledger);
    assert_eq!(project.files("state/exports"), exports);
}

#[test]
fn the_mailbox_is_read_and_never_touched() {
    let project = sending();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mail = outbox(&project).remove(0);
    arrives(&project, "1700000000.M1P1.host:2,", &mail.0, &mail.1, "Do not call me.");
    let before = project.files("state/inbox");
    project.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    assert_eq!(project.files("state/inbox"), before);
    let again = project.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    assert!(!again.stderr.contains("\"mails\""), "{}", again.stderr);
    // A mail reader moves it and adds a flag: still the same mail.
    std::fs::rename(
        project.path("state/inbox/new/1700000000.M1P1.host:2,"),
        project.path("state/inbox/cur/1700000000.M1P1.host:2,S"),
    )
    .unwrap();
    let again = project.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    assert!(!again.stderr.contains("\"mails\""), "{}", again.stderr);
}

#[test]
fn an_erasure_reaches_outbox_and_earlier_exports() {
    let project = sending();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["run", "--now", "2026-03-25T09:00:00Z"]).ended_with(0);
    assert!(project.read("state/exports/crm.csv").contains("ada.muster@"));
    let add = ["suppress", "add", "--email", "ada.muster@muster-werke.example", "--now", "2026-03-26T09:00:00Z"];
    project.run(&add).ended_with(0);
    for (path, bytes) in project.files("state") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("ada.muster@") && !text.contains("Ada;Muster"), "still in {}", path.display());
    }
    assert!(project.read("state/exports/crm.csv").contains("ben@"), "others stay");
}

#[test]
fn an_unclear_objection_stops_everything_and_waits_with_the_erasure() {
    let project = sending();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mail = outbox(&project).into_iter().find(|mail| mail.1.starts_with("ada")).unwrap();
    arrives(&project, "agent", &mail.0, "assistant@muster-werke.example", "Please remove Ada Muster from your list.");
    project.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    project.write("ada.csv", "name,emails\nAda Muster,ada.muster@muster-werke.example\n");
    project.run(&["suppress", "prove", "ada.csv"]).ended_with(1);
    project.run(&["run", "--now", "2026-03-25T09:00:00Z"]).ended_with(0);
    assert!(!project.read("state/exports/crm.csv").contains("ada.muster@"));
}

#[test]
fn a_restricted_person_is_kept_and_not_released_until_the_case_is_closed() {
    let project = sending();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let id = project.person("Ada Muster");
    let open = ["case", "open", "--kind", "restriction", "--channel", "letter", "--person", &id, "--now", DAY_1];
    let opened = project.run(&open).ended_with(0).stdout;
    let case = opened.split('\t').next().unwrap();
    project.run(&["export", "--now", "2026-03-25T09:00:00Z"]).ended_with(0);
    assert!(project.read("state/exports/crm.manifest.json").contains("\"restricted\": 1"));
    assert!(!project.read("state/exports/crm.csv").contains("ada.muster@"));
    assert_eq!(project.person("Ada Muster"), id);
    let close =
        |outcome: &str| project.run(&["case", "close", case, "--outcome", outcome, "--now", "2026-03-26T09:00:00Z"]);
    close("lifted after we told Ada").ended_with(2);
    close("lifted").ended_with(0);
    project.run(&["export", "--now", "2026-03-26T09:00:00Z"]).ended_with(0);
    assert!(project.read("state/exports/crm.csv").contains("ada.muster@"));
    let late =
        ["case", "open", "--kind", "access", "--channel", "letter", "--person", &id, "--now", "2026-03-26T09:00:00Z"];
    project.run(&late).ended_with(0);
    project.run(&["case", "list", "--now", "2026-04-26T09:00:00Z"]).ended_with(0);
    project.run(&["case", "list", "--now", "2026-04-28T09:00:00Z"]).ended_with(4);
}
