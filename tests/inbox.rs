//! The inbox: what each mail leads to, who is answered, and that a second reading finds nothing to do.

use std::collections::BTreeMap;
use std::net::TcpListener;

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";
const DAY_1: &str = "2026-03-03T09:00:00Z";
const DAY_2: &str = "2026-03-04T09:00:00Z";

/// A project that told two people, Ada and Ben, and answers who writes.
fn told() -> Project {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.edit("pipelines/main.toml", "path = \"state/inbox\"", "path = \"state/inbox\"\nacknowledge = true");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project
}

/// The mails in the outbox: file stem, address, text; the notices, or the acknowledgements.
fn outbox(project: &Project, answers: bool) -> Vec<(String, String, String)> {
    let files = project.files("state/outbox");
    let mails = files.iter().map(|(path, raw)| {
        let text = String::from_utf8_lossy(raw).into_owned();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().trim_matches(['<', '>']).to_owned();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), to, text)
    });
    mails.filter(|mail| mail.2.contains("Auto-Submitted: auto-replied") == answers).collect()
}

/// The token of the notice to whoever has this mailbox.
fn token_of(project: &Project, mailbox: &str) -> String {
    outbox(project, false).into_iter().find(|mail| mail.1.starts_with(mailbox)).expect("was told").0
}

/// A mail that answers a notice; `head` is more header fields.
fn reply(project: &Project, name: &str, token: &str, from: &str, head: &str, body: &str) {
    project.write(
        &format!("state/inbox/new/{name}"),
        &format!(
            "{head}From: {from}\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nSubject: Re: Information\r\n\
             Message-ID: <{name}@mail.example>\r\n\r\n{body}\r\n"
        ),
    );
}

fn read(project: &Project, at: &str) -> BTreeMap<String, [u64; 4]> {
    let ran = project.run(&["inbox", "read", "--format", "csv", "--now", at]).ended_with(0);
    rows(&ran.stdout)
}

/// Mails, acted, queued, ignored by kind.
fn rows(csv: &str) -> BTreeMap<String, [u64; 4]> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let count = |index: usize| cells[index].parse().unwrap();
        (cells[0].to_owned(), [count(1), count(2), count(3), count(4)])
    };
    csv.lines().skip(1).map(row).collect()
}

fn list(project: &Project, args: &[&str]) -> String {
    project.run(&[args, &["--format", "csv"]].concat()).stdout
}

fn ledger(project: &Project) -> String {
    let files = project.files("state/store/ledger");
    files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

#[test]
fn every_mail_counts_once_as_acted_queued_or_ignored_and_a_second_reading_does_nothing() {
    let project = told();
    let (ada, ben) = (token_of(&project, "ada"), token_of(&project, "ben"));
    reply(&project, "1", &ada, "ada.muster@muster-werke.example", "", "Bitte löschen Sie meine Daten.");
    reply(
        &project,
        "2",
        &ben,
        "ben@beispiel-partner.example",
        "",
        "What is this letter about? I do not understand it.",
    );
    reply(
        &project,
        "3",
        &ben,
        "ben@beispiel-partner.example",
        "Auto-Submitted: auto-replied\r\n",
        "I am out of office.",
    );
    let before = (ledger(&project), project.files("state/outbox"), project.files("state/inbox"));
    let tried = project.run(&["inbox", "read", "--dry-run", "--format", "csv", "--now", DAY_1]).ended_with(0).stdout;
    assert_eq!((ledger(&project), project.files("state/outbox"), project.files("state/inbox")), before);
    assert!(tried.contains("erasure,acted,") && tried.contains("suppress:erasure") && tried.contains("acknowledge"));
    assert!(tried.contains("other,queued,") && tried.contains("auto-reply,ignored,"), "{tried}");
    let rows = read(&project, DAY_1);
    assert_eq!(rows["erasure"], [1, 1, 0, 0]);
    assert_eq!(rows["other"], [1, 0, 1, 0]);
    assert_eq!(rows["auto-reply"], [1, 0, 0, 1]);
    assert_eq!(rows["all"], [3, 1, 1, 1]);
    assert_eq!(project.files("state/inbox"), before.2, "the mailbox is read and never touched");
    let after = (ledger(&project), project.files("state/outbox"));
    assert_eq!(read(&project, DAY_1)["all"], [0; 4]);
    assert_eq!((ledger(&project), project.files("state/outbox")), after);
    std::fs::remove_dir_all(project.path("state/store/index")).unwrap();
    project.run(&["store", "rebuild"]).ended_with(0);
    assert_eq!(read(&project, DAY_1)["all"], [0; 4]);
    assert_eq!((ledger(&project), project.files("state/outbox")), after, "rebuilt from the ledger alone");
}

#[test]
fn rt_5_access_and_erasure_together_are_two_cases_and_nothing_is_erased_before_the_answer() {
    let project = told();
    let ada = token_of(&project, "ada");
    let body = "Please send me a copy of all data you hold about me, and then delete it.";
    reply(&project, "both", &ada, "ada.muster@muster-werke.example", "", body);
    read(&project, DAY_1);
    let cases = list(&project, &["case", "list", "--now", DAY_1]);
    assert_eq!(cases.lines().count(), 3, "{cases}");
    for kind in ["access", "erasure"] {
        let open = cases.lines().find(|line| line.contains(kind)).unwrap();
        assert!(open.ends_with(','), "{kind} is open: {open}");
    }
    // She is on the list, so nothing leaves; her record waits for the answer.
    assert_eq!(list(&project, &["suppress", "list"]).lines().count(), 2);
    project.person("Ada Muster");
    project.run(&["export", "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    assert!(!project.read("state/exports/crm.csv").contains("ada.muster@"));
    let id = cases.lines().find(|line| line.contains("access")).unwrap().split(',').next().unwrap();
    project.run(&["case", "close", id, "--outcome", "answered", "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    project.run(&["inbox", "read", "--now", "2026-03-30T10:00:00Z"]).ended_with(0);
    let people = list(&project, &["master", "list", "--entity", "person"]);
    assert!(!people.contains("Ada") && people.contains("Ben"), "{people}");
    let cases = list(&project, &["case", "list", "--now", "2026-03-30T10:00:00Z"]);
    assert!(cases.lines().any(|line| line.contains("erasure") && line.ends_with(",erased")), "{cases}");
}

#[test]
fn several_rights_at_once_are_as_many_cases_and_one_entry_for_the_gravest() {
    let project = told();
    let ada = token_of(&project, "ada");
    let body = "Please do not call me any more. I object to the processing of my data for direct marketing.";
    reply(&project, "two", &ada, "ada.muster@muster-werke.example", "", body);
    read(&project, DAY_1);
    let cases = list(&project, &["case", "list", "--now", DAY_1]);
    assert!(cases.contains(",objection,mail,") && cases.contains(",do-not-call,mail,"), "{cases}");
    assert!(cases.lines().skip(1).all(|line| line.ends_with(",suppressed")), "{cases}");
    let entries = list(&project, &["suppress", "list"]);
    assert!(entries.lines().count() == 2 && entries.contains("objection") && entries.contains("global"), "{entries}");
}

#[test]
fn whoever_writes_for_somebody_else_is_not_silenced_themselves() {
    let project = told();
    let body = "Please remove her from your list.\r\n\r\n-----Original Message-----\r\nFrom: Muster Verzeichnis\r\n\
                To: ada.muster@muster-werke.example\r\nSubject: Information\r\n\r\nwe hold data\r\n";
    project.write(
        "state/inbox/new/for-ada",
        &format!("From: ben@beispiel-partner.example\r\nTo: privacy@muster-verzeichnis.example\r\nSubject: Fwd: Information\r\n\r\n{body}"),
    );
    read(&project, DAY_1);
    project.write("both.csv", "emails\nada.muster@muster-werke.example\nben@beispiel-partner.example\n");
    let proven = project.run(&["suppress", "prove", "both.csv"]).ended_with(1).stdout;
    assert!(proven.contains("both.csv:2") && !proven.contains("both.csv:3"), "{proven}");
    assert!(outbox(&project, true).is_empty(), "a third party is answered by a person");
}

#[test]
fn a_no_of_which_nobody_knows_whose_it_is_stays_open_and_waits_for_a_person() {
    let project = told();
    project.write("state/inbox/new/nobody", "Subject: Stop\r\n\r\nPlease remove me from your list.\r\n");
    assert_eq!(read(&project, DAY_1)["all"], [1, 0, 1, 0]);
    let cases = list(&project, &["case", "list", "--now", DAY_1]);
    assert!(cases.lines().nth(1).unwrap().ends_with(','), "{cases}");
    assert_eq!(list(&project, &["suppress", "list"]).lines().count(), 1, "nothing to recognize anybody by");
    let queue = list(&project, &["inbox", "queue"]);
    assert!(queue.contains("state/inbox/new/nobody"), "{queue}");
}

#[test]
fn dl_7_the_clock_of_a_request_runs_from_its_arrival_not_from_its_reading() {
    let project = told();
    let ben = token_of(&project, "ben");
    let head = "Received: from a by mx.muster-verzeichnis.example; Tue, 3 Mar 2026 10:00:00 +0100\r\n";
    reply(
        &project,
        "late",
        &ben,
        "ben@beispiel-partner.example",
        head,
        "Which data do you hold about me? Please send a copy.",
    );
    // Somebody reads the mailbox two weeks later.
    read(&project, "2026-03-17T09:00:00Z");
    let cases = list(&project, &["case", "list", "--now", "2026-03-17T09:00:00Z"]);
    assert!(cases.contains(",access,mail,2026-03-03T09:00:00Z,2026-04-07T21:59:59Z"), "{cases}");
    assert!(outbox(&project, true).is_empty(), "too late for an acknowledgement to be of use");
}

#[test]
fn the_writer_is_answered_once_in_their_language_and_in_the_thread() {
    let project = told();
    let ada = token_of(&project, "ada");
    let objection = "Ich widerspreche der Nutzung meiner Daten für Direktwerbung.";
    reply(
        &project,
        "1",
        &ada,
        "ada.muster@muster-werke.example",
        "Return-Path: <ada.muster@muster-werke.example>\r\n",
        objection,
    );
    read(&project, DAY_1);
    let answers = outbox(&project, true);
    assert_eq!(answers.len(), 1, "{answers:?}");
    let (_, to, text) = &answers[0];
    assert_eq!(to, "ada.muster@muster-werke.example");
    for part in [
        "In-Reply-To: <1@mail.example>",
        "Content-Language: de",
        "X-Auto-Response-Suppress: All",
        &format!("privacy+{ada}@muster-verzeichnis.example"),
        "Vorgang: case-",
        "Guten Tag,",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    assert!(!text.contains("Ada Muster") && !text.contains("Einkauf"), "nothing of the record: {text}");
    // She writes again, and her out-of-office answers us.
    reply(
        &project,
        "2",
        &ada,
        "ada.muster@muster-werke.example",
        "",
        "Ich widerspreche noch einmal der Nutzung meiner Daten.",
    );
    reply(&project, "3", &ada, "ada.muster@muster-werke.example", "Auto-Submitted: auto-replied\r\n", "Abwesend.");
    read(&project, DAY_2);
    assert_eq!(outbox(&project, true).len(), 1, "one answer for an address and kind of request");
    let text = ledger(&project);
    assert_eq!(text.matches("AcknowledgementOwed").count(), 1);
    // What went out names her; it does not lie in the outbox for ever.
    read(&project, "2026-03-09T09:00:00Z");
    assert!(outbox(&project, true).is_empty());
}

#[test]
fn rfc3834_machines_lists_reports_and_strangers_are_not_answered() {
    let project = told();
    let ben = token_of(&project, "ben");
    let from = "ben@beispiel-partner.example";
    let no = "Please remove me from your list.";
    reply(&project, "list", &ben, from, "List-Id: <all.muster-werke.example>\r\nPrecedence: list\r\n", no);
    reply(&project, "null", &ben, from, "Return-Path: <>\r\n", no);
    reply(&project, "role", &ben, "no-reply@muster-werke.example", "", no);
    reply(&project, "ours", &ben, "privacy@muster-verzeichnis.example", "", no);
    reply(&project, "forged", "", "victim@elsewhere.example", "", no);
    project.write(
        "state/inbox/new/button",
        &format!("From: {from}\r\nTo: privacy+{ben}@muster-verzeichnis.example\r\nSubject: unsubscribe\r\n\r\n"),
    );
    let rows = read(&project, DAY_1);
    assert_eq!(rows["all"][0], 6, "{rows:?}");
    assert!(outbox(&project, true).is_empty());
    project.write("ben.csv", "emails\nben@beispiel-partner.example\n");
    let proven = project.run(&["suppress", "prove", "ben.csv"]).ended_with(1).stdout;
    assert!(proven.contains("ben.csv:2"), "he said no all the same: {proven}");
}

#[test]
fn nobody_is_answered_unless_the_pipeline_says_so() {
    let project = told();
    project.edit("pipelines/main.toml", "acknowledge = true", "acknowledge = false");
    let ada = token_of(&project, "ada");
    reply(&project, "1", &ada, "ada.muster@muster-werke.example", "", "Please remove me from your list.");
    read(&project, DAY_1);
    project.edit("pipelines/main.toml", "acknowledge = false", "acknowledge = true");
    read(&project, DAY_2);
    assert!(outbox(&project, true).is_empty(), "what was dealt with before is not answered later");
}

#[test]
fn an_unreachable_way_out_stops_no_objection_and_the_answer_is_owed_until_it_is_back() {
    let project = told();
    let ada = token_of(&project, "ada");
    reply(&project, "1", &ada, "ada.muster@muster-werke.example", "", "Please remove me from your list.");
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let smtp = format!("transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n#");
    project.edit("pipelines/main.toml", "transport = \"eml\"", &smtp);
    project.edit("pipelines/main.toml", "path = \"state/outbox\"", "# path = \"state/outbox\"");
    let ran = project.run(&["inbox", "read", "--now", DAY_1]).ended_with(3);
    assert!(ran.stderr.contains("still owed"), "{}", ran.stderr);
    let people = list(&project, &["master", "list", "--entity", "person"]);
    assert!(!people.contains("Ada"), "the objection took effect: {people}");
    project.edit("pipelines/main.toml", &smtp, "transport = \"eml\"");
    project.edit("pipelines/main.toml", "# path = \"state/outbox\"", "path = \"state/outbox\"");
    read(&project, DAY_2);
    assert_eq!(outbox(&project, true).len(), 1);
    read(&project, DAY_2);
    assert_eq!(outbox(&project, true).len(), 1);
}

#[test]
fn the_ledger_and_the_queue_hold_no_word_of_a_mail() {
    let project = told();
    let ben = token_of(&project, "ben");
    let from = "Benno Geheim <benno.geheim@private-post.example>";
    reply(
        &project,
        "secret",
        &ben,
        from,
        "",
        "What is this letter about? Rosenholz and Kupferdraht are words of mine.",
    );
    read(&project, DAY_1);
    let queue = list(&project, &["inbox", "queue"]);
    assert!(queue.contains("secret@mail.example") && queue.contains(",other,"), "{queue}");
    for word in ["Rosenholz", "Kupferdraht", "geheim", "Geheim"] {
        assert!(!queue.contains(word), "{queue}");
    }
    for (path, bytes) in project.files("state/store") {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["Rosenholz", "Kupferdraht", "eheim", "secret@mail"] {
            assert!(!text.contains(word), "`{word}` is in {}", path.display());
        }
    }
    std::fs::remove_file(project.path("state/inbox/new/secret")).unwrap();
    let gone = project.run(&["inbox", "queue", "--format", "csv"]).ended_with(0);
    assert!(!gone.stdout.contains("secret@mail.example") && gone.stderr.contains("no mailbox"), "{}", gone.stderr);
}

#[test]
fn a_mailbox_that_cannot_be_read_keeps_no_other_from_being_read() {
    let project = told();
    let ada = token_of(&project, "ada");
    reply(&project, "1", &ada, "ada.muster@muster-werke.example", "", "Please remove me from your list.");
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    project.write("imap.password", "hunter-of-words\n");
    let imap = format!(
        "[[mail.in]]\nname = \"remote\"\nkind = \"imap\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nuser = \"privacy\"\n\
         password_file = \"imap.password\"\ntimeout_ms = 300\n\n[[mail.in]]\nname = \"privacy\""
    );
    project.edit("pipelines/main.toml", "[[mail.in]]\nname = \"privacy\"", &imap);
    let ran = project.run(&["inbox", "read", "--now", DAY_1]).ended_with(3);
    assert!(ran.stderr.contains("remote") && !ran.stderr.contains("hunter"), "{}", ran.stderr);
    let people = list(&project, &["master", "list", "--entity", "person"]);
    assert!(!people.contains("Ada"), "{people}");
    project.edit("pipelines/main.toml", "password_file = \"imap.password\"", "password = \"in the file\"");
    let faults = project.run(&["check"]).ended_with(2).stderr;
    assert!(faults.contains("mail.in[1].password") && faults.contains("is a secret"), "{faults}");
}

#[test]
fn classify_answers_files_folders_mboxes_and_standard_input_in_their_order() {
    let project = Project::init();
    let mail = |number: usize| {
        let body = if number.is_multiple_of(2) {
            "Please remove me from your list."
        } else {
            "Our office is on the third floor."
        };
        format!("From: p{number}@muster-werke.example\r\nSubject: Re: notice\r\n\r\n{body}\r\n")
    };
    for number in 0..1_100 {
        project.write(&format!("mails/{number:04}.eml"), &mail(number));
    }
    project.write(
        "two.mbox",
        &format!(
            "From a@x.example Mon Mar  2 09:00:00 2026\n{}\nFrom b@x.example Mon Mar  2 09:00:00 2026\n{}\n",
            mail(1),
            mail(2)
        ),
    );
    let ran = project.run(&["inbox", "classify", "mails", "two.mbox"]).ended_with(0);
    let lines: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1_102);
    for (number, line) in lines.iter().take(1_100).enumerate() {
        assert_eq!(line["file"], format!("{number:04}.eml"));
        assert_eq!(line["kind"] == "opt-out", number.is_multiple_of(2), "{line}");
    }
    assert_eq!(lines[1_100]["file"], "two.mbox:0");
    let sums = ran.stderr.lines().find(|line| line.contains("inbox.classified")).unwrap();
    let sums: serde_json::Value = serde_json::from_str(sums).unwrap();
    assert_eq!((&sums["counts"]["mails"], &sums["counts"]["objections"]), (&1_102.into(), &551.into()));
    let table = project.run(&["inbox", "classify", "two.mbox", "--format", "table"]).ended_with(0).stdout;
    assert!(table.starts_with("file") && table.lines().count() == 3, "{table}");
    project.run(&["inbox", "classify", "nowhere"]).ended_with(3);
    assert!(!project.path("state/store").exists(), "no store is needed or made");
}

#[test]
fn re_2_a_note_that_somebody_left_holds_the_record_until_a_person_says_so() {
    let project = told();
    let ben = token_of(&project, "ben");
    let note = "Ben Beispiel has left the company. Please contact office@beispiel-partner.example instead.";
    reply(&project, "left", &ben, "ben@beispiel-partner.example", "Auto-Submitted: auto-replied\r\n", note);
    let rows = read(&project, DAY_1);
    assert_eq!(rows["auto-reply"], [1, 0, 1, 0], "{rows:?}");
    assert_eq!(list(&project, &["suppress", "list"]).lines().count(), 1, "nobody asked for that");
    project.run(&["export", "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    let export = project.read("state/exports/crm.csv");
    assert!(export.contains("ada.muster@") && !export.contains("ben@"), "{export}");
    // Nobody looked for a month: the clock of the rule says so.
    let late = project.run(&["inbox", "read", "--now", "2026-04-10T09:00:00Z"]);
    assert!(late.code == 4 && late.stderr.contains("accuracy.overdue"), "{}", late.stderr);
    let queue = list(&project, &["inbox", "queue"]);
    let row = queue.lines().find(|line| line.contains(",accuracy,")).expect("a question is open");
    let id = row.split(',').next().unwrap();
    project.write("decisions.csv", &format!("id,decision\n{id},left\n"));
    project.run(&["review", "decide", "decisions.csv", "--now", "2026-04-10T10:00:00Z"]);
    let people = list(&project, &["master", "list", "--entity", "person"]);
    assert!(people.contains("Ada") && !people.contains("Ben"), "{people}");
    assert_eq!(project.run(&["inbox", "read", "--now", "2026-04-10T11:00:00Z"]).code, 0);
}

#[test]
fn nt_6_a_delay_changes_nothing_a_block_is_a_question_and_a_dead_address_is_untold() {
    let project = told();
    let (ada, ben) = (token_of(&project, "ada"), token_of(&project, "ben"));
    let report = |name: &str, token: &str, address: &str, action: &str, status: &str| {
        project.write(
            &format!("state/inbox/new/{name}"),
            &format!(
                "From: MAILER-DAEMON@mx.example\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
                 Status of your mail.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
                 Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
            ),
        );
    };
    let state = |address: &str| {
        let plan = list(&project, &["notice", "plan", "--all", "--now", DAY_2]);
        let id = project.person(address);
        plan.lines().find(|line| line.contains(&id)).map(str::to_owned).unwrap_or_default()
    };
    let before = (state("Ada Muster"), state("Ben Beispiel"));
    report("1", &ada, "ada.muster@muster-werke.example", "delayed", "4.4.1");
    assert_eq!(read(&project, DAY_1)["all"], [1, 0, 0, 1]);
    assert_eq!((state("Ada Muster"), state("Ben Beispiel")), before);
    report("2", &ada, "ada.muster@muster-werke.example", "failed", "5.7.1");
    assert_eq!(read(&project, DAY_1)["all"], [1, 0, 1, 0]);
    assert!(list(&project, &["review", "list"]).contains("sent|not-sent"));
    report("3", &ben, "ben@beispiel-partner.example", "failed", "5.1.1");
    assert_eq!(read(&project, DAY_2)["bounce-permanent"], [1, 1, 0, 0]);
    assert_ne!(state("Ben Beispiel"), before.1, "undelivered is untold");
    assert_eq!(list(&project, &["suppress", "list"]).lines().count(), 1, "a bounce silences nobody");
    assert!(outbox(&project, true).is_empty(), "and is not answered");
}
