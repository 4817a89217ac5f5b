//! `muster explain A B --input FILE`: why two rows of a file are one, or are not.

use super::{CONTACTS, folder};

#[test]
fn a_pair_of_a_file_is_explained_as_text_json_and_picture() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    folder.run(&["resolve", "in.csv", "--output", "c.csv", "--pairs", "p.csv"]).ended_with(0);
    let pairs = folder.read("p.csv");
    let weight: f64 =
        pairs.lines().find_map(|line| line.strip_prefix("a,c,")?.split(',').next()?.parse().ok()).unwrap();
    let explain =
        |format: &str| folder.run(&["explain", "c", "a", "--input", "in.csv", "--format", format]).ended_with(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&explain("json")).unwrap();
    assert!((json["total"].as_f64().unwrap() - weight).abs() < 0.01, "{json} is not {weight}");
    let rows = json["comparisons"].as_array().unwrap();
    let sum: f64 = rows.iter().map(|row| row["weight"].as_f64().unwrap()).sum();
    assert!((json["prior"].as_f64().unwrap() + sum - json["total"].as_f64().unwrap()).abs() < 0.01, "{json}");
    let text = explain("table");
    assert!(text.contains("a and c") && text.contains("prior") && text.contains("total"), "{text}");
    let svg = explain("svg");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains(">links from "), "{svg}");
    assert!(!svg.contains("<script") && !svg.contains("href"), "{svg}");
}

#[test]
fn a_pair_that_no_rule_brought_together_says_so() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    let ran = folder.run(&["explain", "a", "b", "--input", "in.csv"]).ended_with(0);
    assert!(ran.stdout.contains("no blocking rule brought them together"), "{}", ran.stdout);
    let ran = folder.run(&["explain", "a", "b", "--input", "in.csv", "--format", "svg"]).ended_with(0);
    assert!(ran.stdout.contains("no blocking rule brought them together"), "{}", ran.stdout);
}

#[test]
fn decisions_count_in_an_explanation() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    folder.write("d.csv", "left,right,decision\na,c,different\n");
    let args = ["explain", "a", "c", "--input", "in.csv", "--decisions", "d.csv", "--format", "json"];
    let json: serde_json::Value = serde_json::from_str(&folder.run(&args).ended_with(0).stdout).unwrap();
    assert_eq!(json["decision"], "cannot-link");
}

#[test]
fn mentions_that_are_not_there_are_named() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    let ran = folder.run(&["explain", "a", "zzz", "--input", "in.csv"]).ended_with(2);
    assert!(ran.stderr.contains("`zzz`"), "{}", ran.stderr);
    folder.run(&["explain", "a", "a", "--input", "in.csv"]).ended_with(2);
    folder.run(&["explain", "a", "--input", "in.csv"]).ended_with(2);
    folder.run(&["explain", "a", "--format", "svg"]).ended_with(2);
}
