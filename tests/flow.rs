//! The whole flow: what the demo comes to, and that a second run changes nothing.

use crate::harness::Project;

#[test]
fn the_demo_tells_people_handles_replies_and_releases_only_what_has_stood() {
    let project = Project::demo();
    let ran = project.run_demo();
    for heading in [
        "MASTER records with their lineage",
        "One person's notice, in German",
        "Withheld from the exports",
        "Opted out and gone",
    ] {
        assert!(ran.stdout.contains(heading), "no `{heading}` in\n{}", ran.stdout);
    }
    let export = project.read("state/demo/exports/crm.csv");
    assert!(export.starts_with("cluster_id,name,degree,job_title"), "{export}");
    // Told on day 0, stood for 72 hours and 14 days: released on day 20.
    assert!(export.contains("a.thorwald@kessler-brand.example"), "{export}");
    // Opted out, bounced, never told, asked a question: withheld.
    for name in
        ["Kerstin Ahlborn", "Beatrix Lowenthal", "Stapelfeldt", "r.poeschl@", "Sepp Hinteregger", "Konrad Eifelmann"]
    {
        assert!(!export.contains(name), "`{name}` was released");
    }
    let manifest: serde_json::Value =
        serde_json::from_str(&project.read("state/demo/exports/crm.manifest.json")).unwrap();
    let rows = export.lines().count() - 1;
    assert_eq!(manifest["rows"], rows);
    assert!(
        manifest["withheld"]["notice.no_address"].is_null(),
        "withheld for what the release wall asks, not the contact wall"
    );
    assert!(manifest["withheld"]["notice.not_sent"].as_u64().unwrap() > 0);
    project.run(&["audit", "verify"]).ended_with(0);
    project.run(&["store", "verify"]).ended_with(0);
}

#[test]
fn nt_2_people_in_france_are_told_in_french_and_released_like_everybody_else() {
    let project = Project::demo();
    project.run_demo();
    let outbox = project.files("state/demo/outbox");
    let mails: Vec<String> = outbox
        .values()
        .filter_map(|file| String::from_utf8(file.clone()).ok())
        .filter(|mail| !mail.is_empty())
        .collect();
    let in_lang = |lang: &str| {
        let header = format!("Content-Language: {lang}\r\n");
        mails.iter().filter(|mail| mail.contains(&header)).collect::<Vec<_>>()
    };
    let french = in_lang("fr");
    assert_eq!(french.len(), 4);
    assert!(
        french.iter().all(|mail| mail.contains("@quatrevents-conseil.example>") && mail.contains("\r\nBonjour,\r\n"))
    );
    assert_eq!(french.len() + in_lang("de").len() + in_lang("en").len(), mails.len());
    let manifest: serde_json::Value =
        serde_json::from_str(&project.read("state/demo/exports/crm.manifest.json")).unwrap();
    assert!(manifest["withheld"]["notice.no_language"].is_null(), "{manifest}");
    assert!(project.read("state/demo/exports/crm.csv").contains("a.lequeux@quatrevents-conseil.example"));
}

#[test]
fn a_notice_is_shown_in_any_of_seven_languages_and_as_html() {
    let project = Project::demo();
    project.run_demo();
    let id = project.person("Annika Thorwald");
    let show = |more: &[&str]| {
        let args = [&["notice", "render", "--person", &id, "--now", "2026-11-22T10:00:00Z"], more].concat();
        project.run(&args)
    };
    let own = show(&[]).ended_with(0).stdout;
    assert_eq!(show(&["--lang", "de"]).ended_with(0).stdout, own, "German is what she is told in");
    for (lang, greeting) in [
        ("de", "Guten Tag,"),
        ("en", "Hello,"),
        ("es", "Buenos días:"),
        ("fr", "Bonjour,"),
        ("it", "Buongiorno,"),
        ("nl", "Goedendag,"),
        ("pl", "Dzień dobry,"),
    ] {
        let text = show(&["--lang", lang]).ended_with(0).stdout;
        assert!(text.contains(&format!("\n\n{greeting}\n\n")) && text.contains("Annika Thorwald"), "{lang}: {text}");
        let page = show(&["--lang", lang, "--html"]).ended_with(0).stdout;
        assert!(
            page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(&format!("<p>{greeting}</p>")),
            "{page}"
        );
    }
    let refused = show(&["--lang", "sv"]).ended_with(2).stderr;
    assert!(refused.contains("`sv`") && refused.contains("de, en, es, fr, it, nl, pl"), "{refused}");
}

#[test]
fn do_not_call_keeps_the_person_and_takes_the_phone_out_of_the_export() {
    let project = Project::demo();
    project.run_demo();
    let export = project.read("state/demo/exports/crm.csv");
    let row = export.lines().find(|line| line.contains("b.thrussell@gardner-pike.example")).expect("kept and released");
    assert!(!row.contains("+44"), "a phone is in the row of somebody who said `do not call`");
}

#[test]
fn nothing_is_released_before_its_notice_has_stood() {
    let project = Project::demo();
    let text = project.read("pipelines/demo.toml");
    let day_20 = text.find("[[step]]\nname = \"day 20").unwrap();
    let early = text.get(day_20..).unwrap().replace("2026-11-22T09:00:00Z", "2026-11-04T09:00:00Z");
    project.write("pipelines/demo.toml", &format!("{}{early}", text.get(..day_20).unwrap()));
    project.run_demo();
    let released = project.read("state/demo/exports/crm.manifest.json");
    let manifest: serde_json::Value = serde_json::from_str(&released).unwrap();
    assert_eq!(manifest["rows"], 0, "{manifest}");
    assert!(manifest["withheld"]["notice.not_delivered"].as_u64().unwrap() > 10, "{manifest}");
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let project = Project::demo();
    project.run_demo();
    let (ledger, exports) = (project.files("state/demo/store/ledger"), project.files("state/demo/exports"));
    let (mails, segments) = (project.files("state/demo/outbox"), project.files("state/demo/store/mentions"));
    let again = project.run_demo();
    assert!(again.stdout.contains("Nothing changed"), "{}", again.stdout);
    assert_eq!(project.files("state/demo/exports"), exports);
    assert_eq!(project.files("state/demo/outbox"), mails);
    assert_eq!(project.files("state/demo/store/mentions"), segments);
    assert_eq!(project.files("state/demo/store/ledger"), ledger);
}

#[test]
fn a_lost_index_is_made_again_with_the_same_answers() {
    let project = Project::demo();
    project.run_demo();
    let answers = |project: &Project| {
        let said = |args: &[&str]| project.run(args).ended_with(0).stdout;
        let lists = [
            said(&["suppress", "list", "--format", "json"]),
            said(&["review", "list", "--format", "json"]),
            said(&["case", "list", "--format", "json", "--now", "2026-11-22T09:00:00Z"]),
            project.run(&["notice", "plan", "--format", "json", "--now", "2026-11-22T09:00:00Z"]).stdout,
        ];
        (lists, project.master())
    };
    let before = answers(&project);
    std::fs::remove_dir_all(project.path("state/demo/store/index")).unwrap();
    project.run(&["store", "rebuild"]).ended_with(0);
    assert_eq!(answers(&project), before);
    project.run(&["store", "verify"]).ended_with(0);
}

#[test]
fn what_is_collected_adds_up() {
    let project = Project::demo();
    let ran = project.run_demo();
    let events = ran.stderr.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let collected: Vec<serde_json::Value> = events.filter(|event| event["event"] == "collected").collect();
    assert_eq!(collected.len(), 6, "three sources on two days: {}", ran.stderr);
    for event in collected {
        let count = |name: &str| event["counts"][name].as_u64().unwrap_or(0);
        let parts = ["kept", "known", "erased_before", "rejected", "suppressed", "held"].map(count).iter().sum::<u64>();
        assert_eq!(count("mentions"), parts, "{event}");
        assert_eq!(
            count("lines"),
            if count("lines") > 0 { count("mentions") + count("lines_unreadable") } else { 0 },
            "{event}"
        );
    }
}

#[test]
fn notices_and_exports_account_for_every_person() {
    let project = Project::demo();
    let ran = project.run_demo();
    let mut people = 0;
    let mut checked = 0;
    for event in ran.stderr.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let counts = event["counts"].as_object().cloned().unwrap_or_default();
        let sum = || counts.values().filter_map(serde_json::Value::as_u64).sum::<u64>();
        match event["event"].as_str().unwrap_or_default() {
            "resolved" => people = counts["people"].as_u64().unwrap(),
            "notices" => {
                checked += 1;
                assert_eq!(sum(), people, "{event}");
            }
            "export" => {
                checked += 1;
                assert_eq!(sum() - counts["removed"].as_u64().unwrap(), people, "{event}");
            }
            "inbox" if counts.contains_key("mails") => {
                checked += 1;
                let of = |name: &str| counts.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
                let outcomes = of("acted") + of("queued") + of("ignored");
                assert_eq!(outcomes, of("mails"), "{event}");
                assert_eq!(sum() - of("mails") - outcomes, of("mails"), "each mail is of one kind: {event}");
            }
            _ => {}
        }
    }
    assert_eq!(checked, 6, "two rounds of notices, three exports, one mailbox: {}", ran.stderr);
}

#[test]
fn a_steward_splits_a_record_and_links_it_again_under_its_old_id() {
    let project = Project::demo();
    project.run_demo();
    let id = project.person("Annika Thorwald");
    let shown = project.run(&["master", "show", &id, "--format", "json"]).ended_with(0);
    let record: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    let from = |host: &str| {
        let names = record["values"].as_array().unwrap().iter().find(|value| value["field"] == "name").unwrap();
        let line = names["lineage"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["source_url"].as_str().unwrap().contains(host));
        line.unwrap()["mention_id"].as_str().unwrap().to_owned()
    };
    let (left, right) = (from("kessler-brand"), from("packtec-forum"));
    let count = |project: &Project| {
        project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout.matches("Annika Thorwald").count()
    };
    let at = ["--now", "2026-11-22T10:00:00Z"];
    project.run(&["master", "split", &left, &right, at[0], at[1]]).ended_with(0);
    assert_eq!(count(&project), 2);
    project.run(&["master", "link", &left, &right, at[0], at[1]]).ended_with(0);
    assert_eq!(count(&project), 1);
    assert_eq!(project.person("Annika Thorwald"), id);
    project.run(&["master", "split", &left, "m-nobody", at[0], at[1]]).ended_with(2);
}

#[test]
fn every_value_of_the_master_says_where_it_came_from() {
    let project = Project::demo();
    project.run_demo();
    let master = project.master();
    assert!(master.len() > 60, "{} records", master.len());
    let mut spans = 0;
    for (id, record) in &master {
        for value in record["values"].as_array().unwrap() {
            let lineage = value["lineage"].as_array().unwrap();
            assert!(!lineage.is_empty(), "{id}: {}", value["field"]);
            for line in lineage {
                assert!(
                    line["source_url"].is_string() && line["seen_at"].is_string() && line["method"].is_string(),
                    "{id}"
                );
                spans += usize::from(line["span"].is_array());
            }
        }
    }
    assert!(spans > 200, "{spans} values with a span");
}

#[test]
fn one_person_on_three_sites_is_one_record_and_two_of_one_name_are_two() {
    let project = Project::demo();
    project.run_demo();
    let id = project.person("Annika Thorwald");
    let shown = project.run(&["master", "show", &id, "--format", "json"]).ended_with(0);
    for host in ["kessler-brand.example", "logistik-verbund.example", "packtec-forum.example"] {
        assert!(shown.stdout.contains(host), "`{host}` is not in the lineage");
    }
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    assert_eq!(list.lines().filter(|line| line.contains("Thomas Berger")).count(), 2, "{list}");
    assert_eq!(list.lines().filter(|line| line.contains("Julia Hartmann")).count(), 2, "{list}");
    let explained = project.run(&["explain", &id]).ended_with(0).stdout;
    assert!(explained.contains("prior"), "{explained}");
}

#[test]
fn g_8_a_dry_run_shows_every_decision_and_has_no_effect() {
    let project = Project::demo();
    project.run_demo();
    let before = (project.files("state/demo/store/ledger"), project.files("state/demo/exports"), project.notices());
    let args = ["export", "--pipeline", "pipelines/demo.toml", "--dry-run", "--now", "2026-11-23T09:00:00Z"];
    let shown = project.run(&args).ended_with(0).stdout;
    let rows: Vec<Vec<&str>> = shown.lines().map(|line| line.split('\t').collect()).collect();
    assert!(rows.iter().any(|row| row[1] == "released") && rows.iter().any(|row| row[1] == "withheld"), "{shown}");
    for row in &rows {
        assert_eq!((row.len(), row[2].is_empty()), (4, row[1] == "released"), "{row:?}");
        assert_eq!((row[3].len(), row[3]), (16, rows[0][3]), "the hash of the policy that decided");
    }
    project.run(&["notice", "send", "--pipeline", "pipelines/demo.toml", "--dry-run", "--now", "2026-11-23T09:00:00Z"]);
    let after = (project.files("state/demo/store/ledger"), project.files("state/demo/exports"), project.notices());
    assert!(before == after, "a dry run wrote something");
}
