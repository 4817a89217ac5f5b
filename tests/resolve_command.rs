//! `muster resolve` and `muster explain --input`: windows for scripts, asked as scripts ask them.
//!
//! How good the matching is, is measured elsewhere; the people here are plainly the same or plainly others.

mod bad_input;
mod evaluate;
mod explain;

use tempfile::TempDir;

use crate::harness::{Project, checkout};

/// A folder without a project: none of these commands needs one.
pub(super) fn folder() -> Project {
    Project { folder: TempDir::new().unwrap() }
}

pub(super) const CONTACTS: &str = "mention_id,full_name,company_name,email\n\
     a,Jürgen Müller,Muster Werke GmbH,j.mueller@muster-werke.example\n\
     b,Ada Beispiel,Beispiel AG,ada@beispiel.example\n\
     c,\"Mueller, Juergen\",Muster Werke,J.Mueller@Muster-Werke.example\n";

/// What is found among [`CONTACTS`].
pub(super) const CLUSTERS: &str = "mention_id,cluster_id\na,a\nb,b\nc,a\n";

/// Resolves one file; what was written to standard output.
#[track_caller]
fn clusters(text: &str, args: &[&str]) -> String {
    let folder = folder();
    folder.write("in", text);
    folder.run(&[&["resolve", "in", "--output", "-"], args].concat()).ended_with(0).stdout
}

#[test]
fn what_a_file_is_is_told_from_its_content_whatever_its_name() {
    for name in ["contacts.csv", "contacts.jsonl", "contacts.parquet", "contacts"] {
        let folder = folder();
        folder.write(name, CONTACTS);
        folder.run(&["resolve", name, "--output", "out/clusters.csv"]).ended_with(0);
        assert_eq!(folder.read("out/clusters.csv"), CLUSTERS);
        assert!(!folder.path("out/clusters.csv.tmp").exists());
    }
    let folder = folder();
    std::fs::copy(checkout().join("fixtures/resolve/contacts.parquet"), folder.path("contacts.csv")).unwrap();
    let ran = folder.run(&["resolve", "contacts.csv", "--output", "-"]).ended_with(0);
    assert_eq!(ran.stdout, CLUSTERS);
}

#[test]
fn csv_is_read_in_every_usual_form() {
    let semicolons = CONTACTS.replace("\"Mueller, Juergen\"", "Mueller# Juergen").replace(',', ";").replace('#', ",");
    for text in
        [semicolons.clone(), semicolons.replace(';', "\t"), format!("\u{feff}{}", CONTACTS.replace('\n', "\r\n"))]
    {
        assert_eq!(clusters(&text, &[]), CLUSTERS, "{text}");
    }
    // A line break within quotes, and one id that needs quotes itself.
    let text = "mention_id,full_name,company_name,street\n\"x,1\",Ada Beispiel,Beispiel AG,\"Weg 1\nHinterhaus\"\n";
    assert_eq!(clusters(text, &[]), "mention_id,cluster_id\n\"x,1\",\"x,1\"\n");
}

#[test]
fn the_smallest_id_names_a_cluster_and_rows_stay_in_their_order() {
    let text = CONTACTS.replace("\na,", "\nz,").replace("\nc,", "\nm,");
    assert_eq!(clusters(&text, &[]), "mention_id,cluster_id\nz,m\nb,b\nm,m\n");
}

#[test]
fn mentions_as_json_lines_of_both_kinds_keep_a_row_each() {
    let text = r#"{"mention_id":"p1","kind":"person","name":"Ada Beispiel","company":"Beispiel AG","emails":["ada@beispiel.example"],"values":[{"field":"name","value":"Ada Beispiel","method":"card"}]}
{"mention_id":"c1","kind":"company","name":"Beispiel AG","domain":"beispiel.example","emails":["info@beispiel.example"]}
{"mention_id":"p2","kind":"person","name":"Beispiel, Ada","emails":["ada@beispiel.example","a.b@beispiel.example"],"public":true}
"#;
    assert_eq!(clusters(text, &[]), "mention_id,cluster_id\np1,p1\nc1,c1\np2,p1\n");
    let companies = "{\"mention_id\":\"c2\",\"kind\":\"company\",\"name\":\"Beispiel Aktiengesellschaft\",\"domain\":\"www.beispiel.example\"}\n";
    let out = clusters(&format!("{text}{companies}"), &["--entity", "company"]);
    let row = |id: &str| out.lines().find(|line| line.starts_with(&format!("{id},"))).unwrap().to_owned();
    assert_eq!((row("c1"), row("c2"), out.lines().count()), ("c1,c1".into(), "c2,c1".into(), 5));
}

#[test]
fn foreign_columns_are_mapped_or_known_by_their_names() {
    let text = "Kundennr;Wer;Wo\n7;Jürgen Müller;Muster Werke GmbH\n8;Mueller Juergen;Muster Werke\n";
    let map = ["--map", "Kundennr=mention_id,Wer=full_name", "--map", "wo=company"];
    assert_eq!(clusters(text, &map), "mention_id,cluster_id\n7,7\n8,7\n");
    // Without a column of ids the rows are numbered.
    assert_eq!(clusters("Vorname,Nachname,E-Mail\nAda,Beispiel,ada@b.example\n", &[]), "mention_id,cluster_id\n1,1\n");
    let febrl = "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id\n\
                 r1, michaela, neumann, 8, stanley street, miami, winston hills, 4223, nsw, 19151111, 5304218\n\
                 r2, courtney, painter, 12, pinkerton circuit, bega flats, richlands, 4560, vic, 19161214, 4066625\n";
    assert_eq!(clusters(febrl, &[]), "mention_id,cluster_id\nr1,r1\nr2,r2\n");
}

#[test]
fn a_word_that_is_no_field_makes_an_attribute_and_is_named() {
    let folder = folder();
    folder.write("in.csv", "id,name,born\n1,Ada Beispiel,1960-01-02\n");
    let ran = folder.run(&["resolve", "in.csv", "--output", "-", "--map", "born=birth_day"]).ended_with(0);
    assert!(ran.stderr.contains("Took `birth_day` of --map for a plain attribute"), "{}", ran.stderr);
    let args = ["resolve", "in.csv", "--output", "-", "--quiet", "--map", "born=date:birth,id=ignore"];
    assert_eq!(folder.run(&args).ended_with(0).stdout, "mention_id,cluster_id\n1,1\n");
}

#[test]
fn pairs_report_and_queue_are_written_beside_the_clusters() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    let args = ["resolve", "in.csv", "--output", "c.csv", "--pairs", "p.csv", "--report", "r.json", "--queue", "q.csv"];
    folder.run(&args).ended_with(0);
    let pairs = folder.read("p.csv");
    assert!(pairs.starts_with("left,right,weight,linked\n") && pairs.contains("\na,c,"), "{pairs}");
    let report: serde_json::Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(
        (&report["version"], &report["input"]["row_count"], &report["cluster_count"]),
        (&1.into(), &3.into(), &2.into())
    );
    assert!(report["resolution"]["alarms"].as_array().unwrap().is_empty(), "{report}");
    let queue = folder.read("q.csv");
    assert!(
        queue.starts_with("left,right,decision,weight,linked,left_name,") && queue.contains("Jürgen Müller"),
        "{queue}"
    );
    // Left as it is, the queue decides nothing.
    folder.run(&["resolve", "in.csv", "--output", "d.csv", "--decisions", "q.csv"]).ended_with(0);
    assert_eq!(folder.read("d.csv"), CLUSTERS);
}

#[test]
fn clusters_that_grow_far_beyond_the_last_run_are_an_alarm() {
    let folder = folder();
    let alone: String = (0..40).map(|at| format!("{at},Person{at} Nachname{at},p{at}@firma{at}.example\n")).collect();
    let one: String = (0..40).map(|at| format!("{at},Ada Beispiel,ada@beispiel.example\n")).collect();
    let args = ["resolve", "in.csv", "--output", "c.csv", "--report", "r.json", "--last-report", "r.json"];
    folder.write("in.csv", &format!("mention_id,full_name,email\n{alone}"));
    assert!(folder.run(&args).ended_with(0).stderr.contains("no last run"));
    folder.run(&args).ended_with(0);
    folder.write("in.csv", &format!("mention_id,full_name,email\n{one}"));
    let ran = folder.run(&args).ended_with(1);
    assert!(ran.stderr.contains("Over-merge alarm: grown.largest"), "{}", ran.stderr);
    assert!(folder.read("r.json").contains("grown.largest"));
    folder.write("r.json", "{}");
    folder.run(&args).ended_with(2);
}

#[test]
fn a_stewards_word_outranks_the_model_and_a_no_carries_through_a_yes() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    let found_from = |threshold: &str, decisions: &str| {
        folder.write("d.csv", &format!("left,right,decision,by,why\n{decisions}"));
        let args = ["resolve", "in.csv", "--output", "-", "--decisions", "d.csv", "--threshold", threshold];
        folder.run(&args).ended_with(0).stdout
    };
    let found = |decisions: &str| found_from("3", decisions);
    assert_eq!(found("a,c,different,eva,\n"), "mention_id,cluster_id\na,a\nb,b\nc,c\n");
    assert_eq!(found_from("900", "c,b,same,,\n"), "mention_id,cluster_id\na,a\nb,b\nc,b\n");
    assert_eq!(found("b,c,same,,\nb,a,different,,\n"), "mention_id,cluster_id\na,a\nb,b\nc,b\n");
    assert_eq!(found("a,c,,,\n"), CLUSTERS);
}

#[test]
fn clusters_of_other_programs_come_in_as_links() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    for file in [
        "cluster_id,unique_id,first_name\n1,a,\n1,b,\n",
        "z_minScore,z_maxScore,z_cluster,id\n0.1,0.9,5,a\n0.1,0.9,5,b\n",
        "Cluster ID,confidence_score,Id\n3,0.9,a\n3,0.9,b\n",
        "mention_id,cluster_id\na,a\nb,a\n",
    ] {
        folder.write("links.csv", file);
        let args = ["resolve", "in.csv", "--output", "-", "--links", "links.csv", "--threshold", "900"];
        assert_eq!(folder.run(&args).ended_with(0).stdout, "mention_id,cluster_id\na,a\nb,a\nc,c\n", "{file}");
    }
    folder.write("links.csv", "mention_id,cluster_id\na,a\nzzz,a\n");
    let ran = folder.run(&["resolve", "in.csv", "--output", "-", "--links", "links.csv"]).ended_with(0);
    assert!(ran.stderr.contains("1 of 1 links name a mention that is not in the file"), "{}", ran.stderr);
}

#[test]
fn a_threshold_no_pair_reaches_leaves_everybody_alone() {
    assert_eq!(clusters(CONTACTS, &["--threshold", "900"]), "mention_id,cluster_id\na,a\nb,b\nc,c\n");
}

#[test]
fn a_trained_model_is_taken_for_a_run() {
    let folder = folder();
    folder.run(&["demo", "generate", "--mentions", "800", "--seed", "3", "--output", "d"]).ended_with(0);
    folder.run(&["resolve", "train", "d/mentions.csv", "--output", "model.json"]).ended_with(0);
    folder.run(&["resolve", "d/mentions.csv", "--model", "model.json", "--output", "c.csv"]).ended_with(0);
    assert_eq!(folder.read("c.csv").lines().count(), 801);
}

#[test]
fn a_demo_world_is_the_same_for_the_same_arguments_and_has_its_truth() {
    let folder = folder();
    for (output, seed) in [("one", "7"), ("two", "7"), ("three", "8")] {
        let args = ["demo", "generate", "--mentions", "200", "--profile", "dirty", "--output", output, "--seed", seed];
        folder.run(&args).ended_with(0);
    }
    assert_eq!(folder.files("one"), folder.files("two"));
    assert_ne!(folder.read("one/mentions.csv"), folder.read("three/mentions.csv"));
    let truth = folder.read("one/truth.csv");
    assert!(truth.starts_with("mention_id,person_id,company_id,group_id,tags\n"), "{truth}");
    assert_eq!((truth.lines().count(), folder.read("one/mentions.csv").contains('@')), (201, true));
    let args = |more: [&'static str; 2]| [&["demo", "generate", "--output", "x"][..], &more].concat();
    for (more, expect) in [
        (["--profile", "nice"], "profiles: "),
        (["--set", "email"], "RATE=VALUE"),
        (["--set", "email=much"], "is no number"),
        (["--set", "emial=1"], "there is no `emial`"),
    ] {
        let ran = folder.run(&args(more)).ended_with(2);
        assert!(ran.stderr.contains(expect), "{}", ran.stderr);
    }
    assert!(!folder.path("x").exists());
}
