//! Letters on paper, states and caps: who is told by which way, on which day, and what happens when it comes back.

use std::collections::BTreeMap;
use std::process::Command;

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";
const DAY_1: &str = "2026-03-03T09:00:00Z";
const HEADER: &str = "Vorname;Nachname;Firma;Funktion;E-Mail;Telefon;Straße;PLZ;Ort;Land;Bemerkung\n";
/// Nobody has a mailbox; Ada works in Berlin, Zoé in Lyon.
const BY_POST: &str = "Ada;Muster;Muster Werke GmbH;Einkauf;;;Lange Straße 4;10115;Berlin;DE;\n\
                       Zoé;Exemple;Exemple SA;Achats;;;12 rue des Quais;69002;Lyon;FR;\n";

/// A project that sends mail and letters, with these people.
fn project(people: &str) -> Project {
    let project = without_letters(people);
    let text = project.read("pipelines/main.toml");
    project.write("pipelines/main.toml", &format!("{text}\n[letters]\nenabled = true\npath = \"state/letters\"\n"));
    project
}

fn without_letters(people: &str) -> Project {
    let project = Project::init();
    let file = "pipelines/main.toml";
    project.edit(file, "enabled = false", "enabled = true");
    project.edit(file, "Ort = \"city\"", "\"Straße\" = \"street\"\nPLZ = \"postcode\"\nOrt = \"city\"");
    project.edit(file, "country = \"DE\"\nmechanism", "country = \"DE\"\npurpose = \"directory\"\nmechanism");
    project.write("imports/contacts.csv", &format!("{HEADER}{people}"));
    project
}

/// The rows of the plan by column.
fn plan(project: &Project, now: &str, code: i32) -> Vec<BTreeMap<String, String>> {
    let shown = project.run(&["notice", "plan", "--all", "--format", "json", "--now", now]).ended_with(code);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    let cell = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &serde_json::Value| {
        row.as_object().unwrap().iter().map(|(name, value)| (name.clone(), cell(value))).collect()
    };
    shown["rows"].as_array().unwrap().iter().map(row).collect()
}

/// State and way of everybody, sorted.
fn states(project: &Project, now: &str, code: i32) -> Vec<String> {
    let mut states: Vec<String> =
        plan(project, now, code).iter().map(|row| format!("{} {}", row["state"], row["way"])).collect();
    states.sort();
    states
}

/// The table for the printing office: each letter's address by its token.
fn table(project: &Project) -> BTreeMap<String, String> {
    if !project.path("state/letters/letters.csv").exists() {
        return BTreeMap::new();
    }
    let table = project.read("state/letters/letters.csv");
    let mut lines = table.lines();
    assert_eq!(lines.next().unwrap(), "file,token,pages,line_1,line_2,line_3,line_4,line_5,line_6,country,lang,date");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], format!("{}.pdf", cells[1]));
        (cells[1].to_owned(), line.to_owned())
    };
    lines.map(row).collect()
}

/// The token of the one letter to a person.
fn token_of(project: &Project, name: &str) -> String {
    let table = table(project);
    let found: Vec<&String> = table.iter().filter(|(_, row)| row.contains(name)).map(|(token, _)| token).collect();
    assert_eq!(found.len(), 1, "letters to `{name}` in {table:?}");
    found[0].clone()
}

/// Said where nothing reads a PDF.
const SKIPPED: &str = "skipped the look at the paper: `pdftotext` is not installed";

/// What stands on the paper, without white space; none where no reader of PDF is installed.
fn paper(project: &Project, token: &str) -> Option<String> {
    let file = project.path(&format!("state/letters/{token}.pdf"));
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-"));
    let output = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").output().ok()?;
    Some(squeezed(&String::from_utf8(output.stdout).unwrap()))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn bounces(project: &Project, token: &str, address: &str) {
    project.write(
        "state/inbox/new/bounce",
        &format!(
            "From: MAILER-DAEMON@mx.example\r\nTo: privacy+{token}@muster-verzeichnis.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             Not delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--b--\r\n"
        ),
    );
}

/// The tokens of the mails in the outbox.
fn mails(project: &Project) -> Vec<String> {
    project.files("state/outbox").keys().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn nt_6_people_without_a_mailbox_are_told_on_paper_each_in_their_language() {
    let project = project(BY_POST);
    let dry = project.run(&["run", "--dry-run", "--now", DAY_0]).ended_with(0);
    assert!(dry.stderr.contains("\"would_print\":2") && !project.path("state/letters").exists(), "{}", dry.stderr);
    assert_eq!(states(&project, DAY_0, 0), ["planned paper", "planned paper"]);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(mails(&project).is_empty());
    let (ada, zoe) = (token_of(&project, "Ada Muster"), token_of(&project, "Zoé Exemple"));
    let row = &table(&project)[&ada];
    assert!(row.contains(",Ada Muster,Muster Werke GmbH,Lange Straße 4,10115 Berlin,,,DE,de,2026-03-02"), "{row}");
    let row = &table(&project)[&zoe];
    assert!(row.contains(",Zoé Exemple,Exemple SA,12 rue des Quais,69002 Lyon,FRANKREICH,,FR,fr,2026-03-02"), "{row}");
    let shown = project.run(&["notice", "render", "--person", &project.person("Ada Muster"), "--now", DAY_0]);
    let text = shown.ended_with(0).stdout.split_once("\n\n").unwrap().1.to_owned();
    assert!(
        text.contains("per Post an Beispielstraße 1, 10115 Berlin") && !text.contains("auf diese Nachricht"),
        "{text}"
    );
    if let Some(paper) = paper(&project, &ada) {
        // Every line of the text that the linter passed stands on the paper.
        for line in text.lines().map(squeezed) {
            assert!(paper.contains(&line), "no `{line}` in\n{paper}");
        }
        for part in
            ["2.März2026", &ada, "MusterVerzeichnisGmbH,Beispielstraße1,10115Berlin", "AdaMuster", "LangeStraße4"]
        {
            assert!(paper.contains(part), "no `{part}` in\n{paper}");
        }
    } else {
        println!("{SKIPPED}");
    }
    if let Some(paper) = paper(&project, &zoe) {
        assert!(paper.contains("Bonjour,") && paper.contains("FRANKREICH") && paper.contains("2mars2026"), "{paper}");
    }
    assert_eq!(states(&project, "2026-03-09T08:59:59Z", 0), ["sent paper", "sent paper"]);
    assert_eq!(states(&project, "2026-03-09T09:00:00Z", 0), ["delivered paper", "delivered paper"]);
    let before = (project.files("state/letters"), project.files("state/store/ledger"));
    let again = project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(again.stderr.contains("Nothing changed"), "{}", again.stderr);
    assert_eq!((project.files("state/letters"), project.files("state/store/ledger")), before);
}

#[test]
fn nt_8_the_ledger_names_who_got_which_text_by_which_way_and_when() {
    let project = project(&format!("{BY_POST}Ben;Beispiel;Beispiel AG;Einkauf;ben@beispiel.example;;;;Berlin;DE;\n"));
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let ledger = project.files("state/store/ledger");
    let text = ledger.values().map(|file| String::from_utf8_lossy(file).into_owned()).collect::<String>();
    let entries: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| entries.iter().filter(|entry| entry["event"]["type"] == kind).collect::<Vec<_>>();
    let (intended, sent) = (of("NoticeIntended"), of("NoticeSent"));
    assert_eq!((intended.len(), sent.len()), (3, 3));
    for entry in intended {
        let event = &entry["event"];
        assert_eq!(event["text_sha256"].as_str().unwrap().len(), 64);
        assert_eq!(event["purposes"], serde_json::json!(["directory"]));
        let paper = event["channel"].as_str().unwrap().starts_with("paper-");
        assert_eq!(table(&project).contains_key(event["token"].as_str().unwrap()), paper);
        let sent = sent.iter().find(|sent| sent["event"]["token"] == event["token"]).unwrap();
        assert_eq!(sent["at"], DAY_0);
    }
    assert!(!text.contains("Ada") && !text.contains("Lange"), "a personal value is in the ledger");
}

#[test]
fn nt_6_a_letter_stands_its_own_time_before_anything_is_released() {
    let project = project(BY_POST);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let withheld = |now: &str, code: &str| {
        let said = project.run(&["export", "--dry-run", "--now", now]).ended_with(0).stdout;
        said.lines().filter(|line| line.split('\t').nth(2) == Some(code)).count()
    };
    // 168 hours and 14 days.
    assert_eq!(withheld("2026-03-09T08:59:59Z", "notice.not_delivered"), 2);
    assert_eq!(withheld("2026-03-09T09:00:00Z", "notice.waiting_time"), 2);
    assert_eq!(withheld("2026-03-23T08:59:59Z", "notice.waiting_time"), 2);
    project.run(&["export", "--now", "2026-03-23T09:00:00Z"]).ended_with(0);
    assert_eq!(project.read("state/exports/crm.csv").lines().count(), 3);
}

#[test]
fn nt_6_bounce_then_letter_then_returned_then_erased() {
    let project =
        project("Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Lange Straße 4;10115;Berlin;DE;\n");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let mailed = mails(&project);
    assert_eq!((mailed.len(), table(&project).len()), (1, 0));
    assert_eq!(states(&project, DAY_1, 0), ["sent mail"]);
    bounces(&project, &mailed[0], "ada@muster-werke.example");
    project.run(&["inbox", "read", "--now", DAY_1]).ended_with(0);
    assert_eq!(states(&project, DAY_1, 0), ["bounced paper"]);
    // Past the hard stop the way may still change.
    project.run(&["notice", "send", "--now", "2026-03-25T09:00:00Z"]).ended_with(0);
    let token = token_of(&project, "Ada Muster");
    assert_ne!(token, mailed[0]);
    let id = project.person("Ada Muster");
    let shown = project.run(&["master", "show", &id, "--now", "2026-03-25T09:00:00Z"]).ended_with(0).stdout;
    assert!(shown.contains("notice: told (sent by paper)"), "{shown}");
    project.run(&["notice", "returned", "nosuchtoken", &token, "--now", "2026-03-30T09:00:00Z"]).ended_with(2);
    assert_eq!(states(&project, "2026-03-30T09:00:00Z", 0), ["sent paper"], "nothing half done");
    project.run(&["notice", "returned", &token, "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    let twice = project.run(&["notice", "returned", &token, "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    assert!(twice.stderr.contains("returned_before"), "{}", twice.stderr);
    assert_eq!(states(&project, "2026-03-30T09:00:00Z", 4), ["unreachable "]);
    let none = project.run(&["notice", "send", "--now", "2026-03-30T09:00:00Z"]).ended_with(0);
    assert!(none.stderr.contains("notice.no_address"), "{}", none.stderr);
    // DL-12: due and untold.
    project.run(&["notice", "send", "--now", "2026-04-03T09:00:00Z"]).ended_with(4);
    assert!(!project.run(&["master", "list"]).stdout.contains("Ada"));
    assert_eq!((mails(&project).len(), table(&project).len()), (0, 0));
    assert_eq!(project.files("state/letters").len(), 1, "the empty table");
}

#[test]
fn dl_12_without_letters_whoever_has_no_mailbox_is_erased_as_before() {
    let project = without_letters(BY_POST);
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(ran.stderr.contains("\"notice.no_address\":2"), "{}", ran.stderr);
    assert_eq!(states(&project, DAY_0, 0), ["unreachable ", "unreachable "]);
    project.run(&["run", "--now", "2026-04-03T09:00:00Z"]).ended_with(4);
    assert!(!project.run(&["master", "list"]).stdout.contains("Ada"));
}

#[test]
fn nt_6_the_seat_of_the_employer_stands_in_for_an_address() {
    let project = project("");
    let file = "pipelines/main.toml";
    project.edit(file, "files = [\"imports/contacts.csv\"]", "files = [\"imports/seats.jsonl\"]");
    project.write(
        "imports/seats.jsonl",
        "{\"kind\":\"company\",\"name\":\"Muster Werke GmbH\",\"domain\":\"muster-werke.example\",\"street\":\"Hafenstraße 9\",\
         \"postcode\":\"20457\",\"city\":\"Hamburg\",\"country\":\"DE\",\"source_url\":\"https://muster-werke.example/\"}\n\
         {\"kind\":\"person\",\"name\":\"Ada Muster\",\"company\":\"Muster Werke GmbH\",\"company_domain\":\"muster-werke.example\",\
         \"job_title\":\"Einkauf\",\"source_url\":\"https://muster-werke.example/team\"}\n",
    );
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let row = &table(&project)[&token_of(&project, "Ada Muster")];
    assert!(row.contains(",Muster Werke GmbH,Ada Muster,Hafenstraße 9,20457 Hamburg,,,DE,de,"), "{row}");
}

#[test]
fn an_opt_out_reaches_the_folder_of_letters_and_nobody_else() {
    let project = project(BY_POST);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let (ada, zoe) = (token_of(&project, "Ada Muster"), token_of(&project, "Zoé Exemple"));
    project
        .run(&["suppress", "add", "--name", "Ada Muster", "--company", "Muster Werke GmbH", "--now", DAY_1])
        .ended_with(0);
    assert_eq!(table(&project).keys().collect::<Vec<_>>(), [&zoe]);
    assert!(!project.path(&format!("state/letters/{ada}.pdf")).exists());
    assert!(project.path(&format!("state/letters/{zoe}.pdf")).exists());
    let held = project.files("state/letters");
    assert!(held.values().all(|file| !String::from_utf8_lossy(file).contains("Ada Muster")));
    project.run(&["run", "--now", "2026-03-04T09:00:00Z"]).ended_with(0);
    assert_eq!(table(&project).len(), 1, "collected again, but not written to");
}

#[test]
fn a_name_that_cannot_be_printed_waits_for_a_person_and_the_others_go_out() {
    let project = project(&format!("山田;太郎;Yamada GmbH;Einkauf;;;Lange Straße 5;10115;Berlin;DE;\n{BY_POST}"));
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(1);
    assert!(ran.stderr.contains("\"blocked_by_print\":1") && ran.stderr.contains("U+"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("山田"), "a value was repeated");
    assert_eq!(table(&project).len(), 2);
}

/// Cuts the ledger behind its last intent, as a kill right there would have left it.
fn killed_behind_the_intents(project: &Project) {
    let folder = project.path("state/store/ledger");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let file = files.pop().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| line.contains("NoticeIntended")).unwrap();
    std::fs::write(&file, format!("{}\n", lines.get(..=last).unwrap().join("\n"))).unwrap();
    std::fs::remove_dir_all(project.path("state/store/index")).unwrap();
    std::fs::remove_file(project.path("state/checkpoint.json")).unwrap();
}

#[test]
fn a_kill_between_pdf_and_table_gives_nobody_two_letters_and_nobody_none() {
    let given = ["Ada", "Ben", "Cleo", "Dirk", "Emil", "Fritz", "Gerda", "Heike", "Inga", "Jonas", "Klara", "Ludwig"];
    let people: String = (0..12)
        .zip(given)
        .map(|(number, given)| {
            format!("{given};Muster;Werk {number} GmbH;Einkauf;;;Straße {number};10115;Berlin;DE;\n")
        })
        .collect();
    let project = project(&people);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let whole = project.files("state/letters");
    assert_eq!(whole.len(), 13);
    // The PDFs are there, the table is not: none of them counts as handed over.
    killed_behind_the_intents(&project);
    std::fs::remove_file(project.path("state/letters/letters.csv")).unwrap();
    project.write("state/letters/.letters.csv.tmp", "half a tab");
    let settled = project.run(&["inbox", "read", "--now", DAY_0]).ended_with(0);
    assert!(settled.stderr.contains("\"not_sent\":12"), "{}", settled.stderr);
    project.run(&["notice", "send", "--now", DAY_0]).ended_with(0);
    assert_eq!(project.files("state/letters"), whole, "the same files, byte for byte");
    // Both are there: they were handed over, and nothing is written again.
    killed_behind_the_intents(&project);
    let settled = project.run(&["inbox", "read", "--now", DAY_0]).ended_with(0);
    assert!(settled.stderr.contains("\"sent\":12"), "{}", settled.stderr);
    let again = project.run(&["notice", "send", "--now", DAY_0]).ended_with(0);
    assert!(again.stderr.contains("\"told_before\":12"), "{}", again.stderr);
    assert_eq!(project.files("state/letters"), whole);
}

#[test]
fn art14_4_a_new_purpose_is_told_first_and_served_when_that_notice_has_stood() {
    let project =
        project("Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Lange Straße 4;10115;Berlin;DE;\n");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["run", "--now", "2026-03-20T09:00:00Z"]).ended_with(0);
    assert!(project.read("state/exports/crm.csv").contains("ada@muster-werke.example"));
    let text = project.read("pipelines/main.toml");
    let start = text.find("[[purpose]]").unwrap();
    let end = text.get(start..).unwrap().find("\n\n").unwrap() + start;
    let second = text.get(start..end).unwrap().replace("id = \"directory\"", "id = \"events\"");
    let export = text.get(text.find("[[export]]").unwrap()..text.find("\n[letters]").unwrap()).unwrap();
    let events = export.replace("name = \"crm\"", "name = \"events\"").replace("\"directory\"", "\"events\"");
    project.write("pipelines/main.toml", &format!("{text}\n{second}\n\n{events}"));
    let at = "2026-03-21T09:00:00Z";
    assert_eq!(states(&project, at, 0), ["planned mail"]);
    let row = &plan(&project, at, 0)[0];
    assert_eq!((row["due_at"].as_str(), row["planned_on"].as_str()), ("", "2026-03-21"), "the law sets no date");
    project.run(&["export", "--now", at]).ended_with(0);
    let released = |name: &str| project.read(&format!("state/exports/{name}.csv")).lines().count() - 1;
    let withheld = |name: &str| {
        let text = project.read(&format!("state/exports/{name}.manifest.json"));
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["withheld"].clone()
    };
    assert_eq!((released("crm"), released("events")), (1, 0));
    assert_eq!(withheld("events")["notice.purpose"], 1);
    project.run(&["run", "--now", at]).ended_with(0);
    assert_eq!(mails(&project).len(), 2, "the whole notice again");
    project.run(&["run", "--now", "2026-04-07T08:59:59Z"]).ended_with(0);
    assert_eq!((released("crm"), released("events")), (1, 0), "kept and served for what is known");
    project.run(&["run", "--now", "2026-04-07T09:00:00Z"]).ended_with(0);
    assert_eq!((released("crm"), released("events")), (1, 1), "72 hours and 14 days");
    assert_eq!(mails(&project).len(), 2);
}

#[test]
fn art14_4_an_export_for_an_unknown_purpose_is_a_fault() {
    let project = project(BY_POST);
    project.edit("pipelines/main.toml", "purpose = \"directory\"", "purpose = \"events\"");
    let ran = project.run(&["check"]).ended_with(2);
    assert!(ran.stderr.contains("`events` is the id of no [[purpose]]; there are directory"), "{}", ran.stderr);
}

#[test]
fn a_wrong_window_and_the_caps_of_before_are_named_with_their_lines() {
    let project = project(BY_POST);
    let text = project.read("pipelines/main.toml");
    project.write("pipelines/main.toml", &format!("{text}window = \"top\"\nletters_per_day = 0\n"));
    project.edit("pipelines/main.toml", "notices_per_day = 1000", "notices_per_run = 1000");
    let ran = project.run(&["check"]).ended_with(2);
    for part in [
        "`top` is not one of left, right",
        "`letters.letters_per_day`: must lie",
        "`mail.out.notices_per_run`: unknown key",
    ] {
        assert!(ran.stderr.contains(part), "no `{part}` in {}", ran.stderr);
    }
    assert!(ran.stderr.contains("3 faults") && ran.stderr.contains("main.toml:"), "{}", ran.stderr);
}

#[test]
fn dl_2_a_new_source_of_known_values_is_told_within_a_month_or_goes() {
    let people = "Ada;Muster;Muster Werke GmbH;Einkauf;ada@muster-werke.example;;Lange Straße 4;10115;Berlin;DE;\n";
    let project = project(people);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let text = project.read("pipelines/main.toml");
    let start = text.find("[[source]]").unwrap();
    let end = text.find("Land = \"country\"").unwrap() + "Land = \"country\"".len();
    let fair = text.get(start..end).unwrap().replace("name = \"contacts\"", "name = \"fair\"");
    let fair = fair.replace("imports/contacts.csv", "imports/fair.csv");
    project.write("pipelines/main.toml", &format!("{text}\n{fair}\n"));
    project.write("imports/fair.csv", &format!("{HEADER}{people}"));
    let at = "2026-03-20T09:00:00Z";
    project.run(&["import", "imports/fair.csv", "--source", "fair", "--now", at]).ended_with(0);
    project.edit("pipelines/main.toml", "enabled = true\ntransport", "enabled = false\ntransport");
    project.run(&["run", "--now", at]).ended_with(0);
    assert_eq!(states(&project, at, 0), ["planned mail"]);
    assert!(plan(&project, at, 0)[0]["due_at"].starts_with("2026-04-20T"), "a month from the new source");
    let lines = |project: &Project| project.run(&["master", "show", &project.person("Ada Muster")]).stdout;
    assert!(lines(&project).contains("fair.csv"));
    // Nobody told her: what the new source said goes, what she knows stays.
    project.run(&["inbox", "read", "--now", "2026-04-21T09:00:00Z"]).ended_with(4);
    assert!(!lines(&project).contains("fair.csv") && lines(&project).contains("contacts.csv"));
}

#[test]
fn dl_1_the_plan_proves_the_caps_or_names_the_first_day_that_cannot_be_met() {
    let people: String = (0..3)
        .zip(["Ada", "Ben", "Cleo"])
        .map(|(number, given)| {
            let mailbox = given.to_lowercase();
            format!("{given};Muster;Werk {number} GmbH;Einkauf;{mailbox}@werk-{number}.example;;;;Berlin;DE;\n")
        })
        .collect();
    let project = project(&people);
    project.edit("pipelines/main.toml", "notices_per_day = 1000", "notices_per_day = 1");
    project.edit("pipelines/main.toml", "enabled = true\ntransport", "enabled = false\ntransport");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let proven = project.run(&["notice", "plan", "--now", DAY_0]).ended_with(0);
    assert!(proven.stderr.contains("by 2026-03-04"), "{}", proven.stderr);
    let days: Vec<String> = plan(&project, DAY_0, 0).into_iter().map(|row| row["planned_on"].clone()).collect();
    assert_eq!(days.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "{days:?}");
    // The hard stop is 23 March at 10 in Berlin: on the 22nd there is one place for three.
    let late = project.run(&["notice", "plan", "--now", "2026-03-22T10:00:00Z"]).ended_with(4);
    assert!(late.stderr.contains("on 2026-03-22, the first day that cannot be met"), "{}", late.stderr);
    let sent = project.run(&["notice", "send", "--now", "2026-03-22T10:00:00Z"]).ended_with(4);
    assert!(sent.stderr.contains("on 2026-03-22") && sent.stderr.contains("\"would_send\":1"), "{}", sent.stderr);
    let marked = plan(&project, "2026-03-10T10:00:00Z", 0);
    assert!(marked.iter().all(|row| row["alarm"] == "target"), "{marked:?}");
    let marked = plan(&project, "2026-03-16T10:00:00Z", 4);
    assert!(marked.iter().all(|row| row["alarm"] == "alarm"), "{marked:?}");
    assert!(plan(&project, "2026-03-24T10:00:00Z", 4).iter().all(|row| row["alarm"] == "hard-stop"));
}

#[test]
fn on_no_day_more_leaves_than_the_caps_allow_however_often_the_command_runs() {
    let people: String = (0..4)
        .map(|number| {
            let house = number / 3;
            format!(
                "Ada{number};Muster{number};Werk {house} GmbH;Einkauf;ada{number}@werk-{house}.example;;;;Berlin;DE;\n"
            )
        })
        .collect();
    let project = project(&people);
    project.edit("pipelines/main.toml", "notices_per_domain_per_day = 50", "notices_per_domain_per_day = 1");
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert_eq!(mails(&project).len(), 2, "one to each domain");
    for now in [DAY_0, "2026-03-02T15:00:00Z", "2026-03-02T22:59:59Z"] {
        project.run(&["notice", "send", "--now", now]).ended_with(0);
        assert_eq!(mails(&project).len(), 2, "at {now}");
    }
    // Midnight in Berlin.
    project.run(&["notice", "send", "--now", "2026-03-02T23:00:00Z"]).ended_with(0);
    assert_eq!(mails(&project).len(), 3);
    project.run(&["notice", "send", "--limit", "0", "--now", "2026-03-04T09:00:00Z"]).ended_with(0);
    assert_eq!(mails(&project).len(), 3);
    project.run(&["notice", "send", "--now", "2026-03-04T09:00:00Z"]).ended_with(0);
    assert_eq!(mails(&project).len(), 4);
}

#[test]
fn letters_have_a_cap_of_their_own() {
    let project = project(BY_POST);
    let text = project.read("pipelines/main.toml");
    project.write("pipelines/main.toml", &format!("{text}letters_per_day = 1\n"));
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert_eq!(table(&project).len(), 1);
    project.run(&["run", "--now", DAY_1]).ended_with(0);
    assert_eq!(table(&project).len(), 2);
}
