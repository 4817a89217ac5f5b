//! Input that is not as it should be: every fault is named with its place, and nothing is lost or half written.

use super::{CLUSTERS, CONTACTS, folder};

/// Resolves a file that cannot be resolved: exit 2, the message, and no file is there.
#[track_caller]
fn refused(bytes: &[u8], args: &[&str], expect: &[&str]) {
    let folder = folder();
    std::fs::write(folder.path("in.csv"), bytes).unwrap();
    folder.write("clusters.csv", "as before\n");
    let args = [&["resolve", "in.csv", "--output", "clusters.csv", "--report", "r.json"], args].concat();
    let ran = folder.run(&args).ended_with(2);
    for part in expect {
        assert!(ran.stderr.contains(part), "`{part}` is not in\n{}", ran.stderr);
    }
    assert_eq!(folder.read("clusters.csv"), "as before\n");
    assert_eq!(folder.files(".").len(), 2, "a file was left behind");
}

/// Resolves a file some rows of which are bad: exit 1, the messages, and the rows that came out.
#[track_caller]
fn warned(bytes: &[u8], expect: &[&str], rows: &str) {
    let folder = folder();
    std::fs::write(folder.path("in.csv"), bytes).unwrap();
    let ran = folder.run(&["resolve", "in.csv", "--output", "-"]).ended_with(1);
    for part in expect {
        assert!(ran.stderr.contains(part), "`{part}` is not in\n{}", ran.stderr);
    }
    assert_eq!(ran.stdout, rows);
}

#[test]
fn a_file_that_is_no_table_is_refused_for_what_it_is() {
    refused(b"", &[], &["in.csv", "it is empty"]);
    refused(b" \n\n", &[], &["it is empty"]);
    refused(&[0xff, 0xfe, b'a', 0], &[], &["UTF-16"]);
    refused(&[0x1f, 0x8b, 8, 0], &[], &["gzip"]);
    refused(b"PK\x03\x04....", &[], &["spreadsheet"]);
    refused(b"[{\"name\":\"Ada\"}]", &[], &["one object a line"]);
    refused(b"name\n\x00\x01\n", &[], &["zero bytes"]);
    refused(b"PAR1 and then nothing", &[], &["in.csv"]);
}

#[test]
fn columns_that_are_missing_or_there_twice_are_named() {
    refused(
        CONTACTS.as_bytes(),
        &["--map", "Firma=company,emial=email"],
        &["`Firma`, `emial`", "did you mean `email`"],
    );
    refused(b"mention_id,full_name,Full_Name\n1,a,b\n", &[], &["column `full_name` is there twice"]);
    refused(b"colour,size\nred,1\n", &[], &["no column is known", "`colour`, `size`"]);
    refused(
        b"a,b,name\n1,2,x\n",
        &["--map", "a=mention_id,b=mention_id"],
        &["`mention_id` is given to several columns"],
    );
    refused(CONTACTS.as_bytes(), &["--map", "email=emial"], &["did you mean `email`"]);
    refused(CONTACTS.as_bytes(), &["--map", "email"], &["COLUMN=FIELD"]);
}

#[test]
fn ids_that_are_there_twice_are_named_with_both_lines() {
    let twice = CONTACTS.replace("\nc,", "\na,");
    refused(twice.as_bytes(), &[], &["column mention_id", "line 4 (as on line 2)"]);
    let guessed = twice.replace("mention_id", "id");
    refused(guessed.as_bytes(), &[], &["--map id=ignore"]);
    let lines = "{\"mention_id\":\"a\",\"name\":\"Ada\"}\n\n{\"mention_id\":\"a\",\"name\":\"Ada\"}\n";
    refused(lines.as_bytes(), &[], &["line 3 (as on line 1)"]);
}

#[test]
fn a_row_that_cannot_be_read_is_named_and_stays_as_its_own_cluster() {
    let ragged = format!("{CONTACTS}d,Ada Beispiel\ne,Ada Beispiel,Beispiel AG,ada@beispiel.example,more\n");
    let rows = format!("{CLUSTERS}d,d\ne,e\n");
    warned(ragged.as_bytes(), &["in.csv:5: 2 cells under 4 columns", "in.csv:6: 5 cells under 4 columns"], &rows);
    let quote = format!("{CONTACTS}d,\"Ada Beispiel,x,y\ne,Ada Beispiel,Beispiel AG,ada@beispiel.example\n");
    warned(quote.as_bytes(), &["in.csv:5: a quote is not closed"], &format!("{CLUSTERS}d,d\ne,b\n"));
    let unnamed = format!("{CONTACTS},Ada Beispiel,Beispiel AG,\n");
    warned(unnamed.as_bytes(), &["in.csv:5: mention_id: is empty"], CLUSTERS);
}

#[test]
fn a_row_that_is_not_utf_8_is_read_as_windows_1252_and_named() {
    let mut bytes = CONTACTS.as_bytes().to_vec();
    bytes.extend(b"d,J\xfcrgen M\xfcller,Muster Werke GmbH,j.mueller@muster-werke.example\n");
    warned(&bytes, &["in.csv:5: column `full_name`: is not UTF-8"], &format!("{CLUSTERS}d,a\n"));
}

#[test]
fn a_json_line_that_cannot_be_read_is_named() {
    let text = "{\"mention_id\":\"a\",\"name\":\"Ada Beispiel\"}\n{\"mention_id\":\"b\",\"name\":\n[1]\n{\"mention_id\":\"c\",\"name\":\"Jan Weber\"}\n";
    let rows = "mention_id,cluster_id\na,a\nb,b\nc,c\n";
    warned(text.as_bytes(), &["in.csv:2: character", "in.csv:3: is no JSON object", "mention_id: is empty"], rows);
}

#[test]
fn many_bad_rows_are_counted_not_listed() {
    let text = format!("{CONTACTS}{}", (0..50).map(|at| format!("x{at},y\n")).collect::<String>());
    let folder = folder();
    folder.write("in.csv", &text);
    let ran = folder.run(&["resolve", "in.csv", "--output", "-"]).ended_with(1);
    assert_eq!(ran.stderr.matches("2 cells under 4 columns").count(), 20);
    assert!(ran.stderr.contains("30 more rows with faults"), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 54);
}

#[test]
fn a_header_without_rows_gives_a_header_and_a_warning() {
    let folder = folder();
    folder.write("in.csv", "mention_id,full_name\n");
    let ran = folder.run(&["resolve", "in.csv", "--output", "-"]).ended_with(0);
    assert_eq!(ran.stdout, "mention_id,cluster_id\n");
    assert!(ran.stderr.contains("has a header and no rows"), "{}", ran.stderr);
}

#[test]
fn instants_that_cannot_be_read_are_counted() {
    let folder = folder();
    folder.write(
        "in.csv",
        "mention_id,full_name,seen_at\na,Ada Beispiel,yesterday\nb,Jan Weber,2024-03-01\nc,Eva Krug,\n",
    );
    let ran = folder.run(&["resolve", "in.csv", "--output", "-"]).ended_with(0);
    assert!(ran.stderr.contains("seen_at of 1 rows cannot be read"), "{}", ran.stderr);
}

#[test]
fn a_decision_that_cannot_be_taken_ends_the_command() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    for (decisions, expect) in [
        ("left,right,decision\na,b,maybe\n", "d.csv:2: decision: is neither"),
        (
            "left,right,decision\na,b,same\na,a,same\n,b,same\n",
            "d.csv:3: left and right are the same mention; d.csv:4:",
        ),
        ("left,right,decision\na,b\n", "d.csv:2: 2 cells under 3 columns"),
        ("from,to\na,b\n", "among `from`, `to`"),
    ] {
        folder.write("d.csv", decisions);
        let ran = folder.run(&["resolve", "in.csv", "--output", "c.csv", "--decisions", "d.csv"]).ended_with(2);
        assert!(ran.stderr.contains(expect), "`{expect}` is not in\n{}", ran.stderr);
        assert!(!folder.path("c.csv").exists());
    }
}

#[test]
fn files_that_are_not_there_or_in_each_others_way_are_refused() {
    let folder = folder();
    folder.write("in.csv", CONTACTS);
    folder.run(&["resolve", "nowhere.csv", "--output", "c.csv"]).ended_with(3);
    folder.run(&["resolve", "in.csv", "--output", "in.csv"]).ended_with(2);
    folder.run(&["resolve", "in.csv", "--output", "c.csv", "--pairs", "./c.csv"]).ended_with(2);
    folder.run(&["resolve", ".", "--output", "c.csv"]).ended_with(2);
    folder.run(&["resolve", "in.csv"]).ended_with(2);
    folder.run(&["resolve", "in.csv", "--output", "c.csv", "--model", "in.csv"]).ended_with(2);
    assert_eq!(folder.read("in.csv"), CONTACTS);
    assert!(!folder.path("c.csv").exists());
}

#[test]
fn a_hundred_thousand_times_one_name_ends() {
    let folder = folder();
    let rows: String = (0..100_000).map(|at| format!("{at},Ada Beispiel\n")).collect();
    folder.write("in.csv", &format!("mention_id,full_name\n{rows}"));
    let ran = folder.run(&["resolve", "in.csv", "--output", "out.csv"]);
    assert!(matches!(ran.code, 0 | 1), "{}", ran.stderr);
    assert_eq!(folder.read("out.csv").lines().count(), 100_001);
}
