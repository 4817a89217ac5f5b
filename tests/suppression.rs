//! Promise 5: an opt-out is for ever, whatever comes back under whatever alias.

use crate::harness::Project;

const AFTER: &str = "2026-11-23T09:00:00Z";

/// The pipeline with the source under which late.csv comes in.
fn with_late_source(project: &Project) {
    let source = r#"
[[source]]
name = "late"
kind = "file"
owner = "data-ops"
basis = "6(1)(f)"
assessment = "LIA-2026-01"
public = true
lang = "de"

[mail.out]"#;
    project.edit("pipelines/demo.toml", "\n[mail.out]", source);
}

fn everything_shown(project: &Project) -> String {
    project.master().values().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_opted_out_does_not_come_back_by_crawl_import_alias_or_rebuild() {
    let project = Project::demo();
    with_late_source(&project);
    project.run_demo();
    let gone = ["Ahlborn", "Lowenthal", "Stapelfeldt"];
    let shown = everything_shown(&project);
    for name in gone {
        assert!(!shown.contains(name), "`{name}` is in the MASTER after the re-crawl of day 20");
    }
    let late = project.run(&["import", "fixtures/imports/late.csv", "--source", "late", "--now", AFTER]).ended_with(0);
    assert!(late.stderr.contains("\"suppressed\":3"), "{}", late.stderr);
    std::fs::remove_dir_all(project.path("state/demo/store/index")).unwrap();
    project.run(&["store", "rebuild"]).ended_with(0);
    let text = project.read("pipelines/demo.toml").replace("2026-11-22T09:00:00Z", "2026-12-01T09:00:00Z");
    project.write("pipelines/demo.toml", &text);
    project.run_demo();
    let shown = everything_shown(&project);
    let exports: String =
        project.files("state/demo/exports").values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    for name in gone {
        assert!(!shown.contains(name), "`{name}` is back in the MASTER");
        assert!(!exports.contains(name), "`{name}` is in an export");
    }
    assert!(shown.contains("Sandkamp"), "somebody who said nothing was silenced");
}

#[test]
fn prove_names_the_rows_of_an_old_export_and_repeats_nobody() {
    let project = Project::demo();
    project.run_demo();
    project.write(
        "old.csv",
        "name,company,emails\nAnnika Thorwald,Kessler & Brand,a.thorwald@kessler-brand.example\n\
         Kerstin Ahlborn,Petersen,K.Ahlborn@Hafentechnik-Petersen.example\n",
    );
    let proven = project.run(&["suppress", "prove", "old.csv", "--now", AFTER]).ended_with(1);
    assert_eq!(proven.stdout.lines().count(), 1, "{}", proven.stdout);
    assert!(proven.stdout.starts_with("old.csv:3\tsuppressed\t"), "{}", proven.stdout);
    assert!(!proven.stdout.contains("Ahlborn") && !proven.stderr.contains("Ahlborn"));
    project.run(&["suppress", "prove", "state/demo/exports/crm.csv", "--now", AFTER]).ended_with(0);
}

#[test]
fn an_opt_out_by_phone_takes_effect_at_once_and_is_told_to_the_recipient() {
    let project = Project::demo();
    project.run_demo();
    assert!(project.read("state/demo/exports/crm.csv").contains("a.thorwald@"));
    let id = project.person("Annika Thorwald");
    let open = ["case", "open", "--kind", "objection", "--channel", "phone", "--person", &id, "--now", AFTER];
    let opened = project.run(&open).ended_with(0);
    assert!(opened.stdout.starts_with("case-"), "{}", opened.stdout);
    assert!(!everything_shown(&project).contains("Thorwald"));
    project.run(&["export", "--now", AFTER]).ended_with(0);
    assert!(!project.read("state/demo/exports/crm.csv").contains("a.thorwald@"));
    let feed = project.files("state/demo/exports");
    let removal = feed.iter().find(|(path, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        path.to_string_lossy().starts_with("partner-feed-000002") && text.contains(&id) && text.contains("remove")
    });
    assert!(removal.is_some(), "{:?}", feed.keys());
}

#[test]
fn a_stranger_on_the_list_is_stopped_at_the_door() {
    let project = Project::init();
    let at = "2026-03-02T09:00:00Z";
    let add = ["suppress", "add", "--reason", "opt-out", "--email", "Ada.Muster@muster-werke.example", "--now", at];
    project.run(&add).ended_with(0);
    let ran = project.run(&["run", "--now", at]).ended_with(0);
    assert!(ran.stderr.contains("\"suppressed\":1"), "{}", ran.stderr);
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    assert!(!list.contains("Ada") && list.contains("Ben"), "{list}");
}
