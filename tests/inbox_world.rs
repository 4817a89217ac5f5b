//! The inbox from end to end: 200 mails arrive by SMTP on real servers, `muster inbox read` takes them by IMAP, and what
//! follows is what their labels say, person by person.
//!
//! Each mail concerns a person of its own who got a notice before. The labelled mails of `fixtures/mail` are sent with
//! that person's token and address in place of theirs; the delivery reports of some are Postfix's own.

mod letters_in;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;

use crate::harness::mail_servers::{ACCOUNT, MailServers, PASSWORD, free_port};
use crate::harness::tcp_proxy::TcpProxy;
use crate::harness::{KEY, Project};
use letters_in::{Expected, Letter, letters};

/// The day of the notices, and a day on which the answers are read.
const DAY_0: &str = "2026-03-02T09:00:00Z";
const DAY_9: &str = "2026-03-11T09:00:00Z";

/// How the server of `refused.test` and a host that is not there make Postfix report, and what these reports are.
const GENUINE: &[(&str, &str)] = &[
    ("ghost@refused.test", "bounce-permanent"),
    ("full@refused.test", "bounce-transient"),
    ("blocked@refused.test", "bounce-policy"),
    ("anybody@nowhere.test", "bounce-permanent"),
];

/// A person who has been told.
struct Told {
    email: String,
    token: String,
    cluster_id: String,
}

/// A project in which so many people have got their notice, with those addresses.
fn project_of(emails: &[String], servers: &MailServers) -> (Project, Vec<Told>) {
    let project = Project::init();
    project.write("muster.key", KEY);
    project.edit(
        "pipelines/main.toml",
        "email = \"privacy@muster-verzeichnis.example\"",
        &format!("email = \"{ACCOUNT}\""),
    );
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.edit("pipelines/main.toml", "notices_per_domain_per_day = 50", "notices_per_domain_per_day = 500");
    project.write("imap.password", &format!("{PASSWORD}\n"));
    let imap = format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {}\ntls = \"implicit\"\nca_file = \"{}\"\nuser = \"{ACCOUNT}\"\npassword_file = \"imap.password\"",
        servers.imaps_port,
        servers.ca_file().display()
    );
    project.write("imports/contacts.csv", &contacts(emails));
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    // Only now: a run reads the mailboxes as well, and no answer comes before the notice.
    project.edit("pipelines/main.toml", "kind = \"maildir\"\npath = \"state/inbox\"", &imap);
    let tokens = tokens(&project);
    let listed = project.run(&["master", "list", "--entity", "person", "--format", "json"]).ended_with(0);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let ids: BTreeMap<String, String> = listed["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["emails"].as_str().unwrap().to_owned(), row["cluster_id"].as_str().unwrap().to_owned()))
        .collect();
    let told =
        |email: &String| Told { email: email.clone(), token: tokens[email].clone(), cluster_id: ids[email].clone() };
    let people = emails.iter().map(told).collect();
    (project, people)
}

/// Contacts with one address each; no two of them look like one person.
fn contacts(emails: &[String]) -> String {
    let given = [
        "Anke", "Bernd", "Clara", "Detlef", "Edda", "Frieder", "Gesine", "Holger", "Imke", "Jannis", "Karla", "Lothar",
        "Merle", "Norbert", "Okka",
    ];
    let family = [
        "Ahlers",
        "Brodersen",
        "Carstens",
        "Dircks",
        "Ewers",
        "Folkerts",
        "Gerdes",
        "Harms",
        "Iwersen",
        "Jessen",
        "Ketels",
        "Lorenzen",
        "Mommsen",
        "Nissen",
        "Oldsen",
        "Petersen",
    ];
    let row = |(at, email): (usize, &String)| {
        let (given, family) = (given[at % given.len()], family[at / given.len() % family.len()]);
        format!("{given},{family},Werk {at:03} GmbH,Einkauf,{email},,Hamburg,DE\n")
    };
    let rows: String = emails.iter().enumerate().map(row).collect();
    format!("Vorname,Nachname,Firma,Funktion,E-Mail,Telefon,Ort,Land\n{rows}")
}

/// The token of each address that a notice was written to, from the outbox.
fn tokens(project: &Project) -> BTreeMap<String, String> {
    let mails = project.files("state/outbox").into_iter().map(|(path, raw)| {
        let token = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = String::from_utf8_lossy(&raw).into_owned();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap();
        (to.rsplit(['<', ' ']).next().unwrap().trim_end_matches('>').to_owned(), token)
    });
    mails.collect()
}

fn json_rows(project: &Project, args: &[&str]) -> Vec<Value> {
    let mut args = args.to_vec();
    args.extend(["--now", DAY_9, "--format", "json"]);
    let ran = project.run(&args);
    assert!(ran.stdout.starts_with('{'), "{args:?}: {}", ran.stderr);
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    said["rows"].as_array().unwrap().clone()
}

/// Who is on the list, by address, and whether for the telephone only: every contact is held against it.
fn silenced(project: &Project, people: &[Told]) -> BTreeMap<String, String> {
    let rows: String = people.iter().map(|told| format!("{},+49 40 5550100\n", told.email)).collect();
    project.write("everybody.csv", &format!("emails,phones\n{rows}"));
    let proven = project.run(&["suppress", "prove", "everybody.csv", "--now", DAY_9]);
    let of_line = |line: &str| {
        let (place, rest) = line.split_once('\t').unwrap();
        let at: usize = place.rsplit_once(':').unwrap().1.parse().unwrap();
        (people[at - 2].email.clone(), rest.split('\t').next().unwrap().to_owned())
    };
    proven.stdout.lines().map(of_line).collect()
}

/// Everything that a reading leads to, for comparison between projects and between readings.
fn outcome(project: &Project) -> Vec<String> {
    let lists: [&[&str]; 4] = [&["suppress", "list"], &["case", "list"], &["review", "list"], &["inbox", "queue"]];
    let mut shown: Vec<String> = lists.iter().map(|args| format!("{args:?} {:#?}", json_rows(project, args))).collect();
    shown.push(format!("{:#?}", json_rows(project, &["notice", "plan", "--all"])));
    shown
}

#[test]
fn two_hundred_mails_lead_to_exactly_what_their_labels_say() {
    let Some(servers) = MailServers::postfix() else { return };
    let letters = letters();
    let languages: BTreeSet<&str> = letters.iter().map(|letter| letter.language.as_str()).collect();
    assert!(["de", "en", "es", "fr", "it", "nl", "pl"].iter().all(|language| languages.contains(language)));
    let genuine: Vec<(String, &str)> = (0..24)
        .map(|at| {
            let (address, kind) = GENUINE[at % GENUINE.len()];
            let (local, domain) = address.split_once('@').unwrap();
            (format!("{local}.{at}@{domain}"), kind)
        })
        .collect();
    let mut emails: Vec<String> = (0..letters.len()).map(|at| format!("post{at}@werk{at}.example")).collect();
    emails.extend(genuine.iter().map(|(email, _)| email.clone()));
    let (project, people) = project_of(&emails, &servers);
    assert_eq!(people.len(), 200);
    let mut smtp = servers.smtp();
    let mut expected = Vec::new();
    for (letter, told) in letters.iter().zip(&people) {
        let mail = letter.for_person(&told.token, &told.email);
        smtp.send(&mail.mail_from, &mail.rcpt_to, &mail.raw);
        expected.push(letter.expected.clone());
    }
    for ((_, kind), told) in genuine.iter().zip(&people[letters.len()..]) {
        let notice = std::fs::read(project.path("state/outbox").join(format!("{}.eml", told.token))).unwrap();
        smtp.send(&ACCOUNT.replace('@', &format!("+{}@", told.token)), &told.email, &notice);
        expected.push(Expected::bounce(kind));
    }
    servers.wait_for_mails(people.len());
    let before = servers.probe().state("INBOX");
    let read = project.run(&["inbox", "read", "--now", DAY_9, "--format", "json"]).ended_with(0);
    assert_eq!(servers.probe().state("INBOX"), before, "the mailbox is as it was");
    check_summary(&read.stdout, &expected);
    check_people(&project, &people, &expected);
    let once = outcome(&project);
    let ledger = project.files("state/store/ledger");
    project.run(&["inbox", "read", "--now", DAY_9]).ended_with(0);
    assert_eq!(outcome(&project), once, "a second read does nothing");
    assert_eq!(project.files("state/store/ledger"), ledger, "not even to the ledger");
}

/// The table that is printed adds up to what was sent.
fn check_summary(stdout: &str, expected: &[Expected]) {
    let table: Value = serde_json::from_str(stdout).unwrap();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for mail in expected {
        *kinds.entry(&mail.kind).or_default() += 1;
    }
    kinds.insert("all", expected.len() as u64);
    let printed: BTreeMap<&str, u64> = table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["mails"].as_str().unwrap().parse().unwrap()))
        .collect();
    assert_eq!(printed, kinds);
}

/// List, cases, queue and notices, person by person.
fn check_people(project: &Project, people: &[Told], expected: &[Expected]) {
    let by_cluster: BTreeMap<&str, &str> =
        people.iter().map(|told| (told.cluster_id.as_str(), told.email.as_str())).collect();
    let email_of = |row: &Value| by_cluster.get(row["cluster_id"].as_str().unwrap()).map(|email| (*email).to_owned());
    let pairs = || people.iter().zip(expected);
    let list: BTreeMap<String, String> =
        pairs().filter_map(|(told, mail)| Some((told.email.clone(), mail.silenced()?.to_owned()))).collect();
    assert_eq!(silenced(project, people), list, "who is on the list");
    assert_eq!(json_rows(project, &["suppress", "list"]).len(), list.len(), "and nobody else");
    let cases: BTreeSet<(String, String, bool)> = pairs()
        .flat_map(|(told, mail)| {
            mail.cases().into_iter().map(|(kind, open)| (told.email.clone(), kind.to_owned(), open))
        })
        .collect();
    let opened = json_rows(project, &["case", "list"]);
    let found: BTreeSet<(String, String, bool)> = opened
        .iter()
        .filter_map(|row| {
            Some((
                email_of(row)?,
                row["kind"].as_str().unwrap().to_owned(),
                row["outcome"].as_str().unwrap().is_empty(),
            ))
        })
        .collect();
    assert_eq!(found, cases, "which cases were opened, and which of them wait");
    assert_eq!(opened.len(), cases.len());
    let queue: Vec<String> = pairs().filter(|(_, mail)| mail.is_queued()).map(|(told, _)| told.email.clone()).collect();
    let queued = json_rows(project, &["inbox", "queue"]);
    let mut found: Vec<String> = queued.iter().filter_map(&email_of).collect();
    found.sort();
    let mut known: Vec<String> =
        pairs().filter(|(_, mail)| mail.is_queued() && mail.is_known).map(|(told, _)| told.email.clone()).collect();
    known.sort();
    assert_eq!(found, known, "whom the queue is about");
    assert_eq!(queued.len(), queue.len(), "how many mails wait");
    let dead: BTreeSet<String> =
        pairs().filter(|(_, mail)| mail.kind == "bounce-permanent").map(|(told, _)| told.email.clone()).collect();
    let plan = json_rows(project, &["notice", "plan", "--all"]);
    let bounced: BTreeSet<String> = plan
        .iter()
        .filter(|row| matches!(row["state"].as_str(), Some("bounced" | "unreachable")))
        .filter_map(&email_of)
        .collect();
    assert_eq!(bounced, dead, "whose address is dead");
}

/// Some labelled mails of each sort in the mailbox, each for a person who got a notice, and the project that told them.
fn mailbox_of(count: usize, servers: &MailServers) -> (Project, Vec<Told>, Vec<Expected>) {
    let letters = letters();
    // Every n-th, so that all sorts are among them.
    let step = (letters.len() / count).max(1);
    let letters: Vec<Letter> = letters.into_iter().step_by(step).take(count).collect();
    let emails: Vec<String> = (0..letters.len()).map(|at| format!("post{at}@werk{at}.example")).collect();
    let (project, people) = project_of(&emails, servers);
    let mut probe = servers.probe();
    for (letter, told) in letters.iter().zip(&people) {
        probe.append("INBOX", &letter.for_person(&told.token, &told.email).raw);
    }
    (project, people, letters.into_iter().map(|letter| letter.expected).collect())
}

/// Bytes of the ledger: how far a reading has come.
fn ledger_bytes(project: &Project) -> u64 {
    let entries = std::fs::read_dir(project.path("state/store/ledger")).unwrap().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
}

/// Starts a reading and kills it once the ledger is that long and a little later; returns whether it was still under
/// way.
fn kill_at(project: &Project, bytes: u64, later: Duration) -> bool {
    let mut child = project.command(&["inbox", "read", "--now", DAY_9]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while ledger_bytes(project) < bytes && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(later);
    let inside = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    inside
}

#[test]
fn killed_in_the_middle_of_a_read_nothing_is_read_twice_or_lost() {
    let Some(servers) = MailServers::dovecot() else { return };
    let (undisturbed, people, expected) = mailbox_of(40, &servers);
    let emails: Vec<String> = people.iter().map(|told| told.email.clone()).collect();
    let (killed, _) = project_of(&emails, &servers);
    for project in [&undisturbed, &killed] {
        project.edit("pipelines/main.toml", "host = \"localhost\"", "host = \"localhost\"\nacknowledge = true");
    }
    let start = ledger_bytes(&undisturbed);
    assert_eq!(ledger_bytes(&killed), start, "two projects alike");
    undisturbed.run(&["inbox", "read", "--now", DAY_9]).ended_with(0);
    let length = ledger_bytes(&undisturbed) - start;
    check_people(&undisturbed, &people, &expected);
    let before = servers.probe().state("INBOX");
    // While it connects, and then all along: mails, acknowledgements, what the clock does at the end.
    let mut inside = usize::from(kill_at(&killed, 0, Duration::from_millis(100)));
    for part in 0..8 {
        let later = Duration::from_micros(part * 700 % 3_000);
        inside += usize::from(kill_at(&killed, start + 1 + length * part / 8, later));
    }
    println!("{inside} of 9 kills fell inside a read");
    assert!(inside >= 5, "only {inside} kills fell inside a read");
    killed.run(&["inbox", "read", "--now", DAY_9]).ended_with(0);
    killed.run(&["audit", "verify"]).ended_with(0);
    assert_eq!(outcome(&killed), outcome(&undisturbed));
    let outbox = |project: &Project| project.files("state/outbox").into_keys().collect::<Vec<_>>();
    assert_eq!(outbox(&killed), outbox(&undisturbed), "everybody is answered once");
    let is_answer =
        |path: &std::path::PathBuf| !people.iter().any(|told| path.starts_with(format!("{}.eml", told.token)));
    assert!(outbox(&killed).iter().any(is_answer), "somebody is answered");
    assert_eq!(servers.probe().state("INBOX"), before, "the mailbox is as it was");
}

#[test]
fn a_bad_connection_is_survived_and_a_wrong_password_is_said_and_not_shown() {
    let Some(servers) = MailServers::dovecot() else { return };
    let (project, people, expected) = mailbox_of(20, &servers);
    let proxy = TcpProxy::start(servers.imaps_port, vec![3_000, 9_000, 20_000]);
    let port = |port: u16| format!("port = {port}");
    project.edit("pipelines/main.toml", &port(servers.imaps_port), &port(proxy.port));
    project.write("imap.password", "falsch-0815\n");
    let refused = project.run(&["inbox", "read", "--now", DAY_9]).ended_with(2);
    assert!(refused.stderr.contains("log in") && refused.stderr.contains("localhost"), "{}", refused.stderr);
    assert!(!format!("{}{}", refused.stdout, refused.stderr).contains("falsch-0815"), "{}", refused.stderr);
    project.write("imap.password", PASSWORD);
    project.run(&["inbox", "read", "--now", DAY_9]).ended_with(0);
    check_people(&project, &people, &expected);
    assert!(proxy.connection_count.load(Ordering::SeqCst) >= 4, "the wrong password, two cuts at least, the rest");
    project.edit("pipelines/main.toml", &port(proxy.port), &port(free_port()));
    let unreachable = project.run(&["inbox", "read", "--now", DAY_9]).ended_with(3);
    assert!(unreachable.stderr.contains("run again"), "{}", unreachable.stderr);
}
