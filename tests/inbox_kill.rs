//! Reading the inbox, killed at any instant: every objection counts, every request has one case, nobody is answered twice.
//!
//! The answers go to a small SMTP server, which remembers everything that it took; what a killed run had begun to send is
//! in doubt and never sent again.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::Project;
use crate::kill::Seeded;
use crate::smtp::{Manner, server};

const DAY_0: &str = "2026-03-02T09:00:00Z";
const DAY_1: &str = "2026-03-03T09:00:00Z";

/// How many people write.
const WRITERS: usize = 24;

/// How often the reading is killed.
const KILLS: usize = 12;

/// A project in which everybody was told and has answered.
fn answered() -> Project {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.edit("pipelines/main.toml", "path = \"state/inbox\"", "path = \"state/inbox\"\nacknowledge = true");
    let rows: String = (0..WRITERS)
        .map(|number| {
            format!("Vor{number};Nach{number};Werk {number} GmbH;Einkauf;p{number}@werk{number}.example;;Berlin;DE;\n")
        })
        .collect();
    let head = "Vorname;Nachname;Firma;Funktion;E-Mail;Telefon;Ort;Land;Bemerkung\n";
    project.write("imports/contacts.csv", &format!("{head}{rows}"));
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let wishes = [
        "Ich widerspreche der Nutzung meiner Daten.",
        "Welche Daten haben Sie über mich gespeichert? Ich bitte um Auskunft nach Art. 15 DSGVO.",
        "Bitte löschen Sie alle meine Daten.",
    ];
    for (path, raw) in project.files("state/outbox") {
        let text = String::from_utf8_lossy(&raw).into_owned();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().trim_matches(['<', '>']).to_owned();
        let token = path.file_stem().unwrap().to_string_lossy().into_owned();
        let number: usize = to.split('@').next().unwrap().trim_start_matches('p').parse().unwrap();
        let body = wishes[number % wishes.len()];
        project.write(
            &format!("state/inbox/new/{number:02}"),
            &format!("From: {to}\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nSubject: Re: Information\r\n\r\n{body}\r\n"),
        );
    }
    project
}

fn with_smtp(project: &Project, port: u16) {
    let smtp = format!("transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n#");
    project.edit("pipelines/main.toml", "transport = \"eml\"", &smtp);
    project.edit("pipelines/main.toml", "path = \"state/outbox\"", "# path = \"state/outbox\"");
}

/// What was decided: list, cases and people, sorted, without the ids, which differ with each project's key.
fn decided(project: &Project) -> Vec<Vec<String>> {
    let said = |args: &[&str]| {
        let csv = project.run(&[args, &["--format", "csv", "--now", DAY_1]].concat()).stdout;
        let is_id = |cell: &str| ["s-", "case-", "p-"].iter().any(|start| cell.starts_with(start));
        let plain = |line: &str| line.split(',').filter(|cell| !is_id(cell)).collect::<Vec<_>>().join(",");
        let mut lines: Vec<String> = csv.lines().map(plain).collect();
        lines.sort();
        lines
    };
    vec![said(&["suppress", "list"]), said(&["case", "list"]), said(&["master", "list", "--entity", "person"])]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a kill at an instant needs the length of a reading")]
fn killed_at_any_instant_every_no_counts_and_nobody_is_answered_twice() {
    let undisturbed = answered();
    let start = Instant::now();
    undisturbed.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    let length = u64::try_from(start.elapsed().as_micros()).unwrap();
    let expected = decided(&undisturbed);
    assert_eq!(expected[0].len(), 1 + WRITERS / 3 * 2, "{:?}", expected[0]);
    let project = answered();
    let (port, taken) = server(Manner::Accept);
    with_smtp(&project, port);
    let seed = 20_261_103;
    println!("seed {seed}, a reading takes {length} microseconds");
    let mut seeded = Seeded(seed);
    let (mut inside, mut left) = (0, length);
    for _ in 0..KILLS {
        let mut child = project
            .command(&["inbox", "read", "--now", DAY_1])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(seeded.next(left)));
        inside += usize::from(child.try_wait().unwrap().is_none());
        // SIGKILL: no handler, no flush, no goodbye.
        child.kill().unwrap();
        child.wait().unwrap();
        // Less is left to do after each: aim earlier.
        left -= left / 6;
    }
    assert!(inside > 0, "no kill fell inside a reading");
    let last = project.run(&["inbox", "read", "--now", DAY_1]);
    assert!([0, 1].contains(&last.code), "{}", last.stderr);
    project.run(&["audit", "verify"]).ended_with(0);
    assert_eq!(decided(&project), expected);
    let taken = taken.lock().unwrap();
    let mut answered: Vec<&str> =
        taken.iter().filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("To: "))).collect();
    let all = answered.len();
    answered.sort_unstable();
    answered.dedup();
    assert_eq!(answered.len(), all, "somebody was answered twice");
    let review = project.run(&["review", "list", "--format", "csv"]).stdout;
    let in_doubt = review.matches("acknowledgement.in_doubt").count();
    assert!(all + in_doubt >= WRITERS, "{all} answered, {in_doubt} in doubt");
    println!("{inside} of {KILLS} kills fell inside a reading; {all} answered, {in_doubt} in doubt");
}

#[test]
fn a_connection_that_breaks_behind_data_leaves_an_answer_in_doubt_and_never_sends_it_again() {
    let project = answered();
    let (port, taken) = server(Manner::HangUp);
    with_smtp(&project, port);
    let ran = project.run(&["inbox", "read", "--now", DAY_1]).ended_with(1);
    assert!(ran.stderr.contains("acknowledgement_in_doubt"), "{}", ran.stderr);
    let first = taken.lock().unwrap().len();
    assert_eq!(first, WRITERS);
    assert!(taken.lock().unwrap().iter().all(|mail| mail.contains("Auto-Submitted: auto-replied")));
    project.run(&["inbox", "read", "--now", "2026-03-04T09:00:00Z"]).ended_with(0);
    assert_eq!(taken.lock().unwrap().len(), first, "sent again by itself");
    let review = project.run(&["review", "list", "--format", "csv"]).stdout;
    assert_eq!(review.matches("acknowledgement.in_doubt").count(), WRITERS, "{review}");
}
