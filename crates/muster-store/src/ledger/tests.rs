//! What is done to a ledger is named; what a crash left is put right.

use std::fs;

use super::line::Sealed;
use super::*;
use crate::testing::{Place, at, step};
use crate::{ErrorKind, LedgerFault, Store, audit_verify};

const FILE: &str = "00000001.jsonl";

/// Changes the lines of a ledger of eight entries and returns what the audit says.
fn faults_after(change: impl FnOnce(&mut Vec<String>)) -> Vec<LedgerFault> {
    let place = Place::new();
    place.with_steps(7);
    let mut lines: Vec<String> = place.ledger_text().lines().map(|line| format!("{line}\n")).collect();
    change(&mut lines);
    fs::write(place.ledger_file(), lines.concat()).unwrap();
    let faults = audit_verify(&place.paths, &place.key).unwrap().faults;
    let opened = Store::open_read(&place.paths, &place.key).map(drop).unwrap_err();
    assert_eq!(opened.kind(), ErrorKind::Integrity, "{opened}");
    faults
}

fn edited(line: u64) -> LedgerFault {
    LedgerFault::Edited { file: FILE.into(), line, seq: line }
}

#[test]
fn a_whole_ledger_has_no_fault_and_holds_what_was_written() {
    let place = Place::new();
    place.with_steps(7);
    let report = audit_verify(&place.paths, &place.key).unwrap();
    assert_eq!((report.entries, report.faults, report.torn_bytes), (8, Vec::new(), 0));
    for line in place.ledger_text().lines() {
        let entry: LedgerEntry = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), line);
        let sealed = Sealed::parse(line).unwrap();
        assert_eq!((sealed.seq, sealed.at, sealed.mac), (entry.seq, entry.at, entry.mac));
    }
}

#[test]
fn any_flipped_byte_is_named_with_its_line() {
    let place = Place::new();
    place.with_steps(3);
    let whole = fs::read(place.ledger_file()).unwrap();
    let mut line = 1;
    for offset in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[offset] ^= 0x01;
        fs::write(place.ledger_file(), &bytes).unwrap();
        let faults = audit_verify(&place.paths, &place.key).unwrap().faults;
        let last_end = offset + 1 == whole.len();
        let cut = LedgerFault::TailCut { last: 3, checkpoint: 4 };
        let expected = if last_end { cut } else { edited(line) };
        assert!(faults.contains(&expected), "byte {offset}: {faults:?}");
        assert!(Store::open_read(&place.paths, &place.key).is_err(), "byte {offset}");
        assert_eq!(fs::read(place.ledger_file()).unwrap(), bytes, "opening changed a ledger that it does not trust");
        line += u64::from(whole[offset] == b'\n');
    }
}

#[test]
fn two_edited_lines_are_both_named() {
    let faults = faults_after(|lines| {
        lines[2] = lines[2].replace("day-1", "day-9");
        lines[5] = "no entry at all\n".into();
    });
    assert_eq!(faults, [edited(3), edited(6)]);
}

#[test]
fn a_dropped_line_is_missing() {
    let faults = faults_after(|lines| drop(lines.remove(3)));
    assert_eq!(faults, [LedgerFault::Missing { first: 4, last: 4 }]);
    let faults = faults_after(|lines| drop(lines.drain(2..5)));
    assert_eq!(faults, [LedgerFault::Missing { first: 3, last: 5 }]);
    let faults = faults_after(|lines| drop(lines.remove(0)));
    assert_eq!(faults, [LedgerFault::Missing { first: 1, last: 1 }]);
}

#[test]
fn swapped_lines_are_both_out_of_order() {
    let wrong = |line, seq| LedgerFault::OutOfOrder { file: FILE.into(), line, seq, expected: line };
    assert_eq!(faults_after(|lines| lines.swap(2, 3)), [wrong(3, 4), wrong(4, 3)]);
    assert_eq!(faults_after(|lines| lines.swap(1, 6)), [wrong(2, 7), wrong(7, 2)]);
}

#[test]
fn a_cut_tail_is_told_by_the_checkpoint() {
    for kept in 1..8 {
        let faults = faults_after(|lines| lines.truncate(kept));
        assert_eq!(faults, [LedgerFault::TailCut { last: kept as u64, checkpoint: 8 }]);
    }
    let faults = faults_after(|lines| {
        let half = lines[7].len() / 2;
        lines[7].truncate(half);
    });
    assert_eq!(faults, [LedgerFault::TailCut { last: 7, checkpoint: 8 }]);
}

#[test]
fn several_faults_at_once_are_all_named() {
    let faults = faults_after(|lines| {
        lines.truncate(7);
        lines[5] = lines[5].replace("day-4", "day-5");
        lines.remove(2);
    });
    let edited = LedgerFault::Edited { file: FILE.into(), line: 5, seq: 6 };
    let missing = LedgerFault::Missing { first: 3, last: 3 };
    assert_eq!(faults, [edited, missing, LedgerFault::TailCut { last: 7, checkpoint: 8 }]);
}

#[test]
fn a_repeated_line_is_named() {
    let faults = faults_after(|lines| lines.insert(4, lines[3].clone()));
    assert_eq!(faults, [LedgerFault::Repeated { file: FILE.into(), line: 5, seq: 4 }]);
}

#[test]
fn a_ledger_written_anew_is_told_by_the_checkpoint() {
    // With another key, and with the same one: the chain is whole in both.
    for other in [8, 7] {
        let (place, forged) = (Place::new(), Place::new());
        place.with_steps(3);
        let key = SecretKey::from_bytes([other; 32]);
        let mut store = Store::create_or_open(&forged.paths, &key, at(2)).unwrap();
        (0..5).for_each(|number| drop(store.commit(vec![step(number + 40)]).unwrap().to_string()));
        drop(store);
        fs::write(place.ledger_file(), forged.ledger_text()).unwrap();
        let faults = audit_verify(&place.paths, &place.key).unwrap().faults;
        assert_eq!(faults, [LedgerFault::Rewritten { seq: 4 }]);
        assert_eq!(Store::open_read(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Integrity);
    }
}

#[test]
fn parts_of_two_ledgers_are_told_apart() {
    let (place, other) = (Place::new(), Place::new());
    place.with_steps(3);
    let mut store = Store::create_or_open(&other.paths, &other.key, at(2)).unwrap();
    (0..4).for_each(|number| drop(store.commit(vec![step(number + 40)]).unwrap().to_string()));
    drop(store);
    let (own, foreign) = (place.ledger_text(), other.ledger_text());
    let joined: Vec<&str> = own.lines().take(2).chain(foreign.lines().skip(2)).collect();
    fs::write(place.ledger_file(), joined.join("\n") + "\n").unwrap();
    let faults = audit_verify(&place.paths, &place.key).unwrap().faults;
    let spliced = LedgerFault::Spliced { file: FILE.into(), line: 3, seq: 3 };
    assert_eq!(faults, [spliced, LedgerFault::Rewritten { seq: 4 }]);
}

#[test]
fn a_missing_or_forged_checkpoint_is_named() {
    let place = Place::new();
    place.with_steps(2);
    let text = fs::read_to_string(&place.paths.checkpoint).unwrap();
    fs::write(&place.paths.checkpoint, text.replace("\"seq\":3", "\"seq\":2")).unwrap();
    let path = place.paths.checkpoint.clone();
    let forged = LedgerFault::CheckpointForged { path: path.clone() };
    assert_eq!(audit_verify(&place.paths, &place.key).unwrap().faults, [forged]);
    assert_eq!(Store::open_read(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Integrity);
    fs::remove_file(&path).unwrap();
    assert_eq!(
        audit_verify(&place.paths, &place.key).unwrap().faults,
        [LedgerFault::CheckpointMissing { path: path.clone() }]
    );
    // A backup is the key and the store: it opens without the checkpoint, and says that it had to.
    for _ in 0..2 {
        let store = Store::open_read(&place.paths, &place.key).unwrap();
        assert!(store.opened().checkpoint_missing && !path.exists(), "reading vouches for nothing");
    }
    let store = place.open(1);
    assert!(store.opened().checkpoint_missing && path.exists());
}

#[test]
fn reading_leaves_a_checkpoint_that_is_behind_as_it_is() {
    let place = Place::new();
    place.with_steps(2);
    let behind = fs::read(&place.paths.checkpoint).unwrap();
    place.with_steps(2);
    fs::write(&place.paths.checkpoint, &behind).unwrap();
    let store = Store::open_read(&place.paths, &place.key).unwrap();
    assert_eq!((store.position(), store.opened().checkpoint_missing), (5, false));
    drop(store);
    assert_eq!(fs::read(&place.paths.checkpoint).unwrap(), behind);
    drop(place.open(1));
    assert_ne!(fs::read(&place.paths.checkpoint).unwrap(), behind);
}

#[test]
fn what_a_crash_cut_short_is_truncated() {
    let place = Place::new();
    place.with_steps(4);
    let whole = place.ledger_text();
    let head = Ledger::open(&place.paths.ledger(), &place.key, &Found::Missing("none".into())).unwrap().0.head();
    let mut next = String::new();
    let mut behind = head;
    for number in 0..3 {
        let (text, entry) = seal(&place.key, behind, at(2), number < 2, step(90 + number)).unwrap();
        behind = Head { seq: entry.seq, mac: entry.mac, at: Some(at(2)) };
        next.push_str(&text);
        next.push('\n');
    }
    // Whatever part of an unacknowledged commit reached the disk, none of it counts.
    for cut in 1..next.len() {
        fs::write(place.ledger_file(), [whole.as_bytes(), &next.as_bytes()[..cut]].concat()).unwrap();
        let report = audit_verify(&place.paths, &place.key).unwrap();
        assert_eq!((report.faults, report.torn_bytes), (Vec::new(), cut as u64), "cut at {cut}");
        let checkpoint = crate::checkpoint::read(&place.paths.checkpoint, &place.key).unwrap();
        let (ledger, truncated) = Ledger::open(&place.paths.ledger(), &place.key, &checkpoint).unwrap();
        assert_eq!((ledger.head(), truncated), (head, cut as u64), "cut at {cut}");
        assert_eq!(place.ledger_text(), whole);
    }
    // Blocks that the file system had not filled.
    fs::write(place.ledger_file(), [whole.as_bytes(), &[0; 600], b"\n"].concat()).unwrap();
    let store = place.open(3);
    assert_eq!((store.position(), store.opened().truncated_bytes), (5, 601));
    drop(store);
    // The whole commit counts, though the checkpoint had not got to it.
    fs::write(place.ledger_file(), whole + &next).unwrap();
    assert_eq!(place.open(3).position(), 8);
    assert_eq!(audit_verify(&place.paths, &place.key).unwrap().faults, []);
}

#[test]
fn a_crash_while_a_store_is_made_is_put_right() {
    for left in ["", "{\"v\":1,\"se"] {
        let place = Place::new();
        fs::create_dir_all(place.paths.ledger()).unwrap();
        fs::write(place.ledger_file(), left).unwrap();
        let store = place.open(1);
        assert_eq!((store.position(), store.opened().created), (1, true));
    }
}

#[test]
fn a_lost_ledger_is_not_begun_anew() {
    let place = Place::new();
    place.with_steps(2);
    fs::remove_dir_all(&place.paths.root).unwrap();
    let error = Store::create_or_open(&place.paths, &place.key, at(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity, "{error}");
    assert_eq!(Store::open_read(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Integrity);
    let faults = audit_verify(&place.paths, &place.key).unwrap().faults;
    assert_eq!(faults, [LedgerFault::TailCut { last: 0, checkpoint: 3 }]);
}

#[test]
fn another_key_and_a_newer_format_are_refused() {
    let place = Place::new();
    place.with_steps(2);
    let other = SecretKey::from_bytes([9; 32]);
    for error in [
        Store::create_or_open(&place.paths, &other, at(2)).map(drop).unwrap_err(),
        Store::open_read(&place.paths, &other).map(drop).unwrap_err(),
        audit_verify(&place.paths, &other).map(drop).unwrap_err(),
        crate::rebuild(&place.paths, &other).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::WrongKey, "{error}");
    }
    let newer = Place::new();
    newer.with_steps(0);
    let text = newer.ledger_text().replace("\"format_version\":1", "\"format_version\":2");
    fs::write(newer.ledger_file(), text).unwrap();
    assert_eq!(Store::open_read(&newer.paths, &newer.key).unwrap_err().kind(), ErrorKind::NewerFormat);
    assert_eq!(audit_verify(&newer.paths, &newer.key).unwrap_err().kind(), ErrorKind::NewerFormat);
}

#[test]
fn a_ledger_of_many_files_is_one_chain() {
    let place = Place::new();
    place.with_steps(0);
    let checkpoint = crate::checkpoint::read(&place.paths.checkpoint, &place.key).unwrap();
    let (mut ledger, _) = Ledger::open(&place.paths.ledger(), &place.key, &checkpoint).unwrap();
    for number in 0..4 {
        ledger.begin_new_file();
        ledger.append(at(2), vec![step(number), step(number + 10)]).unwrap();
    }
    let (again, _) = Ledger::open(&place.paths.ledger(), &place.key, &checkpoint).unwrap();
    assert_eq!((again.head(), again.segments.len()), (ledger.head(), 5));
    let mut seen = Vec::new();
    let collect = |entry: LedgerEntry| {
        seen.push(entry.seq);
        Ok(())
    };
    again.entries_after(4, collect).unwrap();
    assert_eq!(seen, [5, 6, 7, 8, 9]);
    assert_eq!(again.mac_at(3).unwrap(), ledger.mac_at(3).unwrap());
    fs::remove_file(place.paths.ledger().join("00000003.jsonl")).unwrap();
    let Audit { faults, .. } = audit(&place.paths.ledger(), &place.key, &checkpoint).unwrap();
    assert_eq!(faults, [LedgerFault::Missing { first: 4, last: 5 }]);
}
