//! Each form of an export, to the byte where bytes are promised.

use muster_model::{MasterValue, SurvivorshipRule};

use super::*;
use crate::testing::{cleared_row, cleared_row_of, cluster, master};

const FIELDS: &[Field] = &[Field::Name, Field::JobTitle, Field::Emails, Field::Phones];

fn text(rows: &[usize], removed: &[usize], format: ExportFormat, mode: ExportMode) -> String {
    let rows: Vec<_> = rows.iter().map(|&number| cleared_row(number, FIELDS)).collect();
    let removed: Vec<ClusterId> = removed.iter().map(|&number| cluster(number)).collect();
    String::from_utf8(write_rows(&rows, &removed, FIELDS, format, mode).unwrap()).unwrap()
}

#[test]
fn a_full_csv_has_a_row_for_each_record_in_order() {
    let csv = "cluster_id,name,job_title,emails,phones\n\
               p-1,Testa Muster1,,testa.muster1@firma.example,+493012345678\n\
               p-2,Testa Muster2,,testa.muster2@firma.example,+493012345678\n";
    assert_eq!(text(&[2, 1], &[3], ExportFormat::Csv, ExportMode::Full), csv);
}

#[test]
fn a_delta_csv_says_what_to_do() {
    let csv = "op,cluster_id,name,job_title,emails,phones\n\
               remove,p-0,,,,\n\
               upsert,p-1,Testa Muster1,,testa.muster1@firma.example,+493012345678\n";
    assert_eq!(text(&[1], &[0], ExportFormat::Csv, ExportMode::Delta), csv);
}

#[test]
fn json_lines_leave_absent_fields_out() {
    let row = r#""cluster_id":"p-1","name":"Testa Muster1","emails":["testa.muster1@firma.example"],"phones":["+493012345678"]}"#;
    assert_eq!(text(&[1], &[0], ExportFormat::Jsonl, ExportMode::Full), format!("{{{row}\n"));
    let delta = format!("{{\"op\":\"remove\",\"cluster_id\":\"p-0\"}}\n{{\"op\":\"upsert\",{row}\n");
    assert_eq!(text(&[1], &[0], ExportFormat::Jsonl, ExportMode::Delta), delta);
}

#[test]
fn parquet_has_lists_and_the_same_bytes_every_time() {
    let rows = [cleared_row(1, FIELDS), cleared_row(0, FIELDS)];
    let write = || write_rows(&rows, &[cluster(5)], FIELDS, ExportFormat::Parquet, ExportMode::Delta).unwrap();
    let bytes = write();
    assert_eq!(write(), bytes);
    let batches = parquet_file::decode(bytes.into()).unwrap();
    let ids = parquet_file::present_texts(&batches[0], CLUSTER_ID).unwrap();
    assert_eq!(ids, ["p-0", "p-1", "p-5"]);
    assert_eq!(parquet_file::present_texts(&batches[0], OP).unwrap(), [UPSERT, UPSERT, REMOVE]);
    let mails = parquet_file::lists(&batches[0], "emails").unwrap();
    assert_eq!(mails, [vec!["testa.muster0@firma.example"], vec!["testa.muster1@firma.example"], Vec::new()]);
    assert_eq!(parquet_file::texts(&batches[0], "job_title").unwrap(), [None; 3]);
}

#[test]
fn an_export_without_rows_is_a_whole_file() {
    assert_eq!(text(&[], &[], ExportFormat::Csv, ExportMode::Full), "cluster_id,name,job_title,emails,phones\n");
    assert_eq!(text(&[], &[], ExportFormat::Jsonl, ExportMode::Full), "");
    let bytes = write_rows(&[], &[], FIELDS, ExportFormat::Parquet, ExportMode::Full).unwrap();
    assert!(parquet_file::decode(bytes.into()).unwrap().iter().all(|batch| batch.num_rows() == 0));
}

#[test]
fn no_cell_is_a_formula() {
    for (field, value, expect) in [
        (Field::Name, "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        (Field::JobTitle, "@SUM(1)", "'@SUM(1)"),
        (Field::JobTitle, "-1+1", "'-1+1"),
        (Field::JobTitle, "\t=1", "'\t=1"),
        (Field::JobTitle, "R&D = fun", "R&D = fun"),
        (Field::Phones, "+49 30 1", "'+49 30 1"),
        (Field::Phones, "+49301234567", "+49301234567"),
        (Field::Name, "+49301234567", "'+49301234567"),
        (Field::ProfileUrls, "https://a.example/x;y", "https://a.example/x%3By"),
    ] {
        assert_eq!(cell(field, &[value.to_owned()]), expect);
    }
    let two = ["+49301234567".to_owned(), "+4412345678".to_owned()];
    assert_eq!(cell(Field::Phones, &two), "+49301234567;+4412345678");
}

#[test]
fn a_row_hash_follows_every_value_and_nothing_else() {
    let key = SecretKey::from_bytes([7; 32]);
    let hash = row_hash(&key, cleared_row(1, FIELDS).get());
    assert_eq!(hash, row_hash(&key, cleared_row(1, FIELDS).get()));
    assert_ne!(hash, row_hash(&key, cleared_row(2, FIELDS).get()));
    assert_ne!(hash, row_hash(&key, cleared_row(1, &FIELDS[..3]).get()));
    #[expect(clippy::disallowed_methods, reason = "the test changes a record")]
    let mut record = master(1).record().expose().clone();
    let lineage = record.values[0].lineage.clone();
    let value = "second@firma.example".to_owned();
    record.values.push(MasterValue { field: Field::Emails, value, rule: SurvivorshipRule::Union, lineage });
    assert_ne!(hash, row_hash(&key, cleared_row_of(&muster_model::Master::new(record), FIELDS).get()));
}

#[test]
fn a_file_is_written_whole_and_over_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out/crm.csv");
    write_file(&path, b"one").unwrap();
    write_file(&path, b"two").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    assert_eq!(crate::testing::files_below(dir.path()).len(), 1, "nothing is left aside");
    assert_eq!(file_sha256(b"").len(), 64);
}
