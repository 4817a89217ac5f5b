//! Who is erased is in no copy of an export, and what else a file says stays as it was.

use std::fs;

use muster_model::{ExportMode, Field};
use tempfile::TempDir;

use super::*;
use crate::export::write_rows;
use crate::testing::{cleared_row, cluster, files_below};

const FIELDS: &[Field] = &[Field::Name, Field::Emails, Field::Phones];

fn file_of(rows: &[usize], removed: &[usize], format: ExportFormat, mode: ExportMode) -> Vec<u8> {
    let rows: Vec<_> = rows.iter().map(|&number| cleared_row(number, FIELDS)).collect();
    let removed: Vec<ClusterId> = removed.iter().map(|&number| cluster(number)).collect();
    write_rows(&rows, &removed, FIELDS, format, mode).unwrap()
}

fn manifest_of(file: &str, format: ExportFormat, bytes: &[u8], rows: u64) -> Value {
    serde_json::json!({
        "version": 1,
        "file": file,
        "format": format.as_str(),
        "sha256": file_sha256(bytes),
        "rows": rows,
        "withheld": { "notice.wait": 2 },
    })
}

/// Writes a file and its manifest as an export does.
fn put(dir: &TempDir, stem: &str, format: ExportFormat, bytes: &[u8], rows: u64) -> (PathBuf, PathBuf) {
    let data = dir.path().join(format!("{stem}.{}", format.as_str()));
    let manifest = dir.path().join(format!("{stem}{MANIFEST_END}"));
    let members = manifest_of(data.file_name().unwrap().to_str().unwrap(), format, bytes, rows);
    fs::write(&data, bytes).unwrap();
    fs::write(&manifest, members.to_string()).unwrap();
    (data, manifest)
}

fn members(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn gone(numbers: &[usize]) -> BTreeSet<ClusterId> {
    numbers.iter().map(|&number| cluster(number)).collect()
}

#[test]
fn rt7_a_file_without_the_person_is_the_one_that_never_held_them() {
    for &format in ExportFormat::ALL {
        for (removed, mode) in [(&[][..], ExportMode::Full), (&[1, 9], ExportMode::Delta)] {
            let dir = tempfile::tempdir().unwrap();
            let bytes = file_of(&[0, 1, 2, 3, 4], removed, format, mode);
            let (data, manifest) = put(&dir, "crm", format, &bytes, 5);
            assert_eq!(erase_rows(dir.path(), &gone(&[1, 3, 9])).unwrap(), 2, "{format:?} {mode:?}");
            // The removals stay, for the recipient has still to be told of them.
            let expected = file_of(&[0, 2, 4], removed, format, mode);
            assert_eq!(fs::read(&data).unwrap(), expected, "{format:?} {mode:?}");
            let mut told = manifest_of(data.file_name().unwrap().to_str().unwrap(), format, &expected, 3);
            told["erased"] = Value::from(2);
            assert_eq!(members(&manifest), told);
            assert!(fs::read_to_string(&manifest).unwrap().starts_with("{\n  \""), "printed for people");
            assert_eq!(erase_rows(dir.path(), &gone(&[1, 3, 9])).unwrap(), 0, "a second run changes nothing");
            assert_eq!(erase_rows(dir.path(), &gone(&[0, 2, 4])).unwrap(), 3);
            assert_eq!(fs::read(&data).unwrap(), file_of(&[], removed, format, mode), "{format:?} {mode:?}");
            assert_eq!(
                (&members(&manifest)["rows"], &members(&manifest)["erased"]),
                (&Value::from(0), &Value::from(5))
            );
            assert_eq!(files_below(dir.path()).len(), 2, "nothing is left beside");
        }
    }
}

#[test]
fn a_large_file_loses_only_its_rows() {
    let dir = tempfile::tempdir().unwrap();
    let all: Vec<usize> = (0..2_500).collect();
    let (out, rest): (Vec<usize>, Vec<usize>) = all.iter().partition(|&&number| number % 3 == 0 || number > 2_000);
    let bytes = file_of(&all, &[], ExportFormat::Parquet, ExportMode::Full);
    let (data, _) = put(&dir, "crm", ExportFormat::Parquet, &bytes, 2_500);
    assert_eq!(erase_rows(dir.path(), &gone(&out)).unwrap(), out.len() as u64);
    assert_eq!(fs::read(&data).unwrap(), file_of(&rest, &[], ExportFormat::Parquet, ExportMode::Full));
}

#[test]
fn a_cell_over_two_lines_and_an_id_that_looks_like_a_formula_are_read_as_written() {
    let dir = tempfile::tempdir().unwrap();
    let text = "cluster_id,name\n'-1,\"Zwei\n'-1,Zeilen\"\np-2,\"Zwei\np-3,\"\"Zeilen\"\"\"\np-3,Drei\n";
    let (data, _) = put(&dir, "crm", ExportFormat::Csv, text.as_bytes(), 3);
    let ids = [ClusterId::new("-1"), ClusterId::new("p-3")].into();
    assert_eq!(erase_rows(dir.path(), &ids).unwrap(), 2);
    assert_eq!(fs::read_to_string(data).unwrap(), "cluster_id,name\np-2,\"Zwei\np-3,\"\"Zeilen\"\"\"\n");
}

#[test]
fn what_waits_to_be_put_in_place_is_reached_under_either_name() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = file_of(&[1, 2], &[], ExportFormat::Csv, ExportMode::Full);
    let (waiting, manifest) = put(&dir, ".pending-crm", ExportFormat::Csv, &bytes, 2);
    fs::write(&manifest, manifest_of("crm.csv", ExportFormat::Csv, &bytes, 2).to_string()).unwrap();
    let (placed, _) = put(&dir, "crm", ExportFormat::Csv, &bytes, 2);
    assert_eq!(erase_rows(dir.path(), &gone(&[1])).unwrap(), 2);
    let expected = file_of(&[2], &[], ExportFormat::Csv, ExportMode::Full);
    assert_eq!((fs::read(&waiting).unwrap(), fs::read(&placed).unwrap()), (expected.clone(), expected.clone()));
    assert_eq!(members(&manifest)["sha256"], Value::from(file_sha256(&expected)));
    let (named, _) = put(&dir, ".pending-b", ExportFormat::Jsonl, b"{\"cluster_id\":\"p-1\"}\n", 1);
    assert_eq!(erase_rows(dir.path(), &gone(&[1])).unwrap(), 1);
    assert_eq!(fs::read(named).unwrap(), b"");
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(erase_rows(&dir.path().join("none"), &gone(&[1])).unwrap(), 0);
    let inside = dir.path().join("out");
    fs::create_dir(&inside).unwrap();
    let bytes = file_of(&[1], &[], ExportFormat::Csv, ExportMode::Full);
    fs::write(dir.path().join("outside.csv"), &bytes).unwrap();
    let ours = |file: &str| manifest_of(file, ExportFormat::Csv, &bytes, 1);
    for (name, text) in [
        ("a", "no JSON".to_owned()),
        ("b", "[]".to_owned()),
        ("c", "{\"rows\":1}".to_owned()),
        ("d", ours("../outside.csv").to_string()),
        ("e", ours(dir.path().join("outside.csv").to_str().unwrap()).to_string()),
        ("f", ours("collected.csv").to_string()),
        ("g", ours("plain.csv").to_string().replace("\"csv\"", "\"ods\"")),
    ] {
        fs::write(inside.join(format!("{name}{MANIFEST_END}")), text).unwrap();
    }
    fs::write(inside.join("plain.csv"), &bytes).unwrap();
    let before: Vec<Vec<u8>> = files_below(dir.path()).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(erase_rows(&inside, &gone(&[1])).unwrap(), 0);
    let after: Vec<Vec<u8>> = files_below(dir.path()).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(after, before);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_done() {
    for (format, damaged) in [
        (ExportFormat::Csv, &b"id,name\np-1,Testa\n"[..]),
        (ExportFormat::Jsonl, b"{\"cluster_id\":\"p-1\""),
        (ExportFormat::Parquet, b"PAR1 and no more"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let (path, _) = put(&dir, "a", format, damaged, 1);
        let bytes = file_of(&[1, 2], &[], ExportFormat::Csv, ExportMode::Full);
        let (other, _) = put(&dir, "b", ExportFormat::Csv, &bytes, 2);
        let error = erase_rows(dir.path(), &gone(&[1])).unwrap_err();
        let named = matches!(&error, Error::Integrity { faults, .. }
            if matches!(&faults[..], [Fault::FileUnreadable { path: found, .. }] if *found == path));
        assert!(named && !error.to_string().contains("Testa"), "{error}");
        assert_eq!(fs::read(other).unwrap(), file_of(&[2], &[], ExportFormat::Csv, ExportMode::Full));
    }
}

#[test]
fn a_kill_between_file_and_manifest_is_put_right() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = file_of(&[1, 2], &[], ExportFormat::Jsonl, ExportMode::Full);
    let (data, manifest) = put(&dir, "crm", ExportFormat::Jsonl, &bytes, 2);
    let before = fs::read(&manifest).unwrap();
    assert_eq!(erase_rows(dir.path(), &gone(&[1])).unwrap(), 1);
    let (rest, after) = (fs::read(&data).unwrap(), fs::read(&manifest).unwrap());
    let next = beside(&manifest, ".next");
    // Killed before the file was in place, with a part of it aside; killed behind it; killed when all was done.
    for (held, told) in [(&bytes, &before), (&rest, &before), (&rest, &after)] {
        fs::write(&data, held).unwrap();
        fs::write(&manifest, told).unwrap();
        fs::write(&next, &after).unwrap();
        fs::write(beside(&data, ".tmp"), &bytes).unwrap();
        erase_rows(dir.path(), &gone(&[1])).unwrap();
        assert_eq!((fs::read(&data).unwrap(), fs::read(&manifest).unwrap()), (rest.clone(), after.clone()));
        assert_eq!(files_below(dir.path()).len(), 2);
    }
}
