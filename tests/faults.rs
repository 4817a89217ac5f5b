//! What goes wrong outside: each fault has a clear message, its exit code, and loses nothing.

use std::fs::File;
use std::process::Command;

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";

#[test]
fn all_faults_of_a_pipeline_are_named_at_once_with_their_lines() {
    let project = Project::init();
    project.edit("pipelines/main.toml", "retention_months = 24", "retension_months = 24");
    project.edit("pipelines/main.toml", "zone = \"Europe/Berlin\"", "zone = \"Europe/Atlantis\"");
    project.edit("pipelines/main.toml", "country = \"DE\"\nmechanism", "country = \"Germany\"\nmechanism");
    project.edit("pipelines/main.toml", "legal_name = ", "# legal_name = ");
    let ran = project.run(&["check"]).ended_with(2);
    for part in [
        "retension_months",
        "did you mean `retention_months`?",
        "Europe/Atlantis",
        "`Germany` is not",
        "controller.legal_name",
        "4 faults",
    ] {
        assert!(ran.stderr.contains(part), "no `{part}` in {}", ran.stderr);
    }
    assert!(ran.stderr.contains("main.toml:"), "{}", ran.stderr);
}

#[test]
fn a_secret_in_the_file_is_a_fault_and_the_environment_is_for_secrets_only() {
    let project = Project::init();
    project.edit(
        "pipelines/main.toml",
        "transport = \"eml\"",
        "transport = \"smtp\"\nhost = \"localhost\"\npassword = \"hunter2\"\nuser = \"${USER_NAME}\"\n#",
    );
    let ran = project.run(&["check"]).ended_with(2);
    assert!(ran.stderr.contains("is a secret") && ran.stderr.contains("which only secrets may"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "the secret was repeated");
}

#[test]
fn an_unmapped_column_is_an_error_that_names_every_one() {
    let project = Project::init();
    project.write(
        "imports/more.csv",
        "Vorname;Nachname;Konfession;Lieblingsfarbe;E-Mail\nAda;Muster;x;blau;ada@muster-werke.example\n",
    );
    let ran = project.run(&["import", "imports/more.csv", "--source", "contacts", "--now", DAY_0]).ended_with(2);
    assert!(ran.stderr.contains("Konfession") && ran.stderr.contains("Lieblingsfarbe"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("blau"), "a value was repeated");
}

#[test]
fn a_missing_or_wrong_key_is_exit_2_and_nothing_is_read() {
    let project = Project::init();
    let key = project.read("muster.key");
    std::fs::remove_file(project.path("muster.key")).unwrap();
    let missing = project.run(&["run", "--now", DAY_0]).ended_with(2);
    assert!(missing.stderr.contains("key file"), "{}", missing.stderr);
    assert!(!project.path("state/store").exists(), "something was written without a key");
    project.write("muster.key", &key);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.write("muster.key", &"f".repeat(64));
    project.run(&["run", "--now", DAY_0]).ended_with(2);
    project.run(&["master", "list"]).ended_with(2);
    project.write("muster.key", &key);
    project.run(&["master", "list"]).ended_with(0);
}

#[test]
fn an_instant_before_the_ledgers_last_is_exit_2() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let ran = project.run(&["run", "--now", "2026-03-01T09:00:00Z"]).ended_with(2);
    assert!(ran.stderr.contains("2026-03-02"), "{}", ran.stderr);
    project.run(&["run", "--now", "yesterday"]).ended_with(2);
}

#[test]
fn a_locked_store_is_exit_3_and_says_who_may_wait() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let lock = File::options().write(true).open(project.path("state/store/LOCK")).unwrap();
    lock.lock().unwrap();
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(3);
    assert!(ran.stderr.contains("lock the store") && ran.stderr.contains("another process"), "{}", ran.stderr);
    drop(lock);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
}

#[test]
fn a_changed_byte_a_dropped_line_and_a_cut_tail_are_named() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let ledger = project.files("state/store/ledger");
    assert_eq!(ledger.len(), 1);
    let name = format!("state/store/ledger/{}", ledger.keys().next().unwrap().display());
    let whole = project.read(&name);
    let lines: Vec<&str> = whole.lines().collect();
    assert!(lines.len() >= 5, "{} entries", lines.len());
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    let mut dropped = lines.clone();
    dropped.remove(2);
    let cases = [
        ("flipped", whole.replacen("contacts", "contactz", 1)),
        ("dropped", joined(&dropped)),
        ("swapped", joined(&swapped)),
        ("cut", joined(lines.get(..lines.len() - 2).unwrap())),
    ];
    for (what, text) in cases {
        project.write(&name, &text);
        let ran = project.run(&["audit", "verify"]).ended_with(5);
        assert!(!ran.stdout.trim().is_empty(), "{what}: nothing was named");
        project.run(&["run", "--now", DAY_0]).ended_with(5);
    }
    project.write(&name, &whole);
    project.run(&["audit", "verify"]).ended_with(0);
}

#[test]
fn a_template_that_lacks_an_item_blocks_the_notice_and_names_it() {
    let project = Project::init();
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true\ntemplates = \"policy/templates\"");
    project.write(
        "policy/templates/de.txt.j2",
        "Subject: Information\n\nGuten Tag,\n\nwir haben Daten über Sie gespeichert.\n",
    );
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(1);
    assert!(ran.stderr.contains("A05") && ran.stderr.contains("A17"), "{}", ran.stderr);
    assert!(project.files("state/outbox").is_empty());
    project.write("policy/templates/de.txt.j2", "Subject: Information\n\n{{ nobody_knows_this }}\n");
    let ran = project.run(&["check"]).ended_with(2);
    assert!(ran.stderr.contains("nobody_knows_this") || ran.stderr.contains("de.txt.j2"), "{}", ran.stderr);
}

#[test]
fn a_test_recipient_takes_every_notice_and_nobody_counts_as_told() {
    let project = Project::init();
    project.edit(
        "pipelines/main.toml",
        "enabled = false",
        "enabled = true\ntest_recipient = \"trial@muster-verzeichnis.example\"",
    );
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(ran.stderr.contains("\"sent_to_test_recipient\":2"), "{}", ran.stderr);
    for raw in project.files("state/outbox").values() {
        let mail = String::from_utf8_lossy(raw).into_owned();
        let to = mail.lines().find(|line| line.starts_with("To:")).unwrap();
        assert!(to.contains("trial@muster-verzeichnis.example"), "{to}");
    }
    let plan = project.run(&["notice", "plan", "--now", DAY_0]).ended_with(0);
    assert_eq!(plan.stdout.lines().count(), 3, "{}", plan.stdout);
    project.edit("pipelines/main.toml", "test_recipient =", "# test_recipient =");
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(ran.stderr.contains("\"sent\":2"), "the trial passed for the notice: {}", ran.stderr);
    assert_eq!(project.files("state/outbox").len(), 4);
}

#[test]
fn limit_bounds_a_run_and_sending_is_off_after_init() {
    let project = Project::init();
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(project.files("state/outbox").is_empty(), "sent although sending is off");
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project.run(&["run", "--dry-run", "--now", DAY_0]).ended_with(0);
    assert!(project.files("state/outbox").is_empty(), "a dry run sent");
    project.run(&["run", "--limit", "1", "--now", DAY_0]).ended_with(0);
    assert_eq!(project.files("state/outbox").len(), 1);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert_eq!(project.files("state/outbox").len(), 2);
}

#[test]
fn a_full_disk_is_exit_3_and_loses_nothing_acknowledged() {
    let project = Project::init();
    let disk = project.path("state");
    std::fs::create_dir_all(&disk).unwrap();
    let mount =
        |args: &[&str]| Command::new("mount").args(args).arg(&disk).status().is_ok_and(|status| status.success());
    if !mount(&["-t", "tmpfs", "-o", "size=900k", "tmpfs"]) {
        println!("skipped: mounting a tmpfs needs root");
        return;
    }
    let rows: String =
        (0..4_000).map(|n| format!("Ada;Muster{n};Werk {n} GmbH;Einkauf;a{n}@werk{n}.example;;Berlin;DE;\n")).collect();
    project.write(
        "imports/contacts.csv",
        &format!("Vorname;Nachname;Firma;Funktion;E-Mail;Telefon;Ort;Land;Bemerkung\n{rows}"),
    );
    let full = project.run(&["run", "--now", DAY_0]);
    let roomy = mount(&["-o", "remount,size=200m"]);
    let again = project.run(&["run", "--now", DAY_0]);
    let audit = project.run(&["audit", "verify"]);
    let list = project.run(&["master", "list", "--entity", "person", "--format", "csv"]);
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    assert!(roomy);
    let full = full.ended_with(3);
    assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    again.ended_with(0);
    audit.ended_with(0);
    assert_eq!(list.stdout.lines().count(), 4_001);
}
