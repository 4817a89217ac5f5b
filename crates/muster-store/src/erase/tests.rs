//! An erased person is in no file of the store, whatever instant a kill comes at.

use std::fs;
use std::path::Path;

use muster_gate::Reason;
use muster_model::SourceName;

use super::*;
use crate::testing::{Place, assign, cleared_master, cluster, files_below, id, keep, quarantined, record, terms};
use crate::{KeepReport, PageMemoryRow, audit_verify, verify_store};

/// A store of people 0 to 4, each with a mention and a MASTER record, and with a crawl queue.
fn peopled(place: &Place) -> Store {
    let mut store = place.open(1);
    keep(&mut store, 0..3);
    keep(&mut store, 3..5);
    assign(&mut store, 0..5);
    store.write_master((0..5).map(cleared_master).collect()).unwrap();
    let mut frontier = store.frontier(&SourceName::new("web")).unwrap();
    frontier.begin_crawl().unwrap();
    frontier.push(&record(1).source_url.unwrap(), 0).unwrap();
    frontier.done(&record(1).source_url.unwrap(), Some(PageMemoryRow::default())).unwrap();
    store
}

/// What a file holds in words: Parquet decoded, all else as it is.
fn words_of(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let raw = String::from_utf8_lossy(&bytes).into_owned();
    if path.extension().is_none_or(|extension| extension != "parquet") {
        return raw;
    }
    let batches = crate::parquet_file::decode(bytes.into()).unwrap();
    format!("{raw}{batches:?}")
}

/// The files below a store that hold one of the values that only this person has.
fn found_in(place: &Place, number: usize) -> Vec<std::path::PathBuf> {
    let record = record(number);
    let planted = [record.name.unwrap(), record.emails[0].clone(), record.source_url.unwrap()];
    let holds = |path: &std::path::PathBuf| planted.iter().any(|value| words_of(path).contains(value));
    files_below(&place.paths.root).into_iter().filter(holds).collect()
}

#[test]
fn an_erased_person_is_in_no_file() {
    let place = Place::new();
    let mut store = peopled(&place);
    assert!(!found_in(&place, 1).is_empty(), "the search finds what is there");
    let report = store.erase(&cluster(1), &[id(1)], ErasureReason::Suppressed).unwrap();
    let expected = ErasureReport {
        person_count: 1,
        mention_count: 1,
        segment_count: 1,
        record_count: 1,
        position: store.position(),
    };
    assert_eq!(report, expected);
    assert_eq!(found_in(&place, 1), Vec::<std::path::PathBuf>::new());
    assert!(!place.paths.frontier().exists());
    assert!(!store.contains_mention(&id(1)).unwrap() && store.master(&cluster(1)).unwrap().is_none());
    assert!(!store.assignments().unwrap().contains_key(&id(1)));
    assert_eq!((store.mentions().unwrap().len(), store.masters().unwrap().len()), (4, 4));
    assert_eq!(store.erasures().unwrap()[0].reason, ErasureReason::Suppressed);
    let again = store.erase(&cluster(1), &[id(1)], ErasureReason::Suppressed).unwrap();
    assert_eq!(again, ErasureReport { position: report.position, ..ErasureReport::default() });
    drop(store);
    assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
    assert_eq!(audit_verify(&place.paths, &place.key).unwrap().faults, []);
}

#[test]
fn everything_of_the_person_goes_though_the_caller_named_less() {
    let place = Place::new();
    let mut store = peopled(&place);
    store.commit(vec![LedgerEvent::ClusterMerged { from: cluster(3), into: cluster(0) }]).unwrap();
    let report = store.erase(&cluster(3), &[], ErasureReason::RetentionEnded).unwrap();
    assert_eq!((report.mention_count, report.segment_count, report.record_count), (2, 2, 2));
    assert_eq!(store.erasures().unwrap()[0].cluster_id, cluster(0));
    for number in [0, 3] {
        assert_eq!(found_in(&place, number), Vec::<std::path::PathBuf>::new());
    }
}

#[test]
fn many_people_go_in_one_rewrite_and_an_empty_segment_is_removed() {
    let place = Place::new();
    let mut store = peopled(&place);
    let people = (0..5).filter(|number| *number != 2).map(|number| (cluster(number), vec![id(number)])).collect();
    let report = store.erase_many(people, ErasureReason::NoticeOverdue).unwrap();
    assert_eq!((report.person_count, report.mention_count, report.segment_count, report.record_count), (4, 4, 2, 4));
    assert_eq!(files_below(&place.paths.mentions()).len(), 1);
    assert_eq!(store.mentions().unwrap().len(), 1);
    drop(store);
    crate::rebuild(&place.paths, &place.key).unwrap();
    let store = place.open(1);
    assert_eq!((store.mentions().unwrap().len(), store.masters().unwrap().len()), (1, 1));
    assert_eq!(store.erasures().unwrap().len(), 4);
}

#[test]
fn a_refused_hold_is_erased_without_a_cluster() {
    let place = Place::new();
    let mut store = place.open(1);
    store.keep(vec![quarantined(0), quarantined(1)], &terms(), Some(Reason::Namesake)).unwrap();
    let report = store.erase_mentions(&[id(0)], ErasureReason::HoldEnded).unwrap();
    assert_eq!((report.mention_count, report.person_count), (1, 0));
    assert_eq!(found_in(&place, 0), Vec::<std::path::PathBuf>::new());
    assert_eq!(store.held().unwrap().len(), 1, "the other is held still");
}

#[test]
fn a_suppressed_mention_may_be_kept_again_and_lives_anew() {
    let place = Place::new();
    let mut store = peopled(&place);
    store.erase(&cluster(1), &[id(1)], ErasureReason::Suppressed).unwrap();
    assert_eq!(keep(&mut store, [1]).kept, 1, "the suppression list decides whether it may");
    assign(&mut store, [1]);
    assert_eq!(store.mentions().unwrap().len(), 5);
    assert_eq!(store.erasures().unwrap(), []);
}

#[test]
fn what_the_clock_or_a_steward_erased_does_not_come_back() {
    for reason in [
        ErasureReason::NoticeOverdue,
        ErasureReason::Unreachable,
        ErasureReason::RetentionEnded,
        ErasureReason::HoldEnded,
    ] {
        let place = Place::new();
        let mut store = peopled(&place);
        store.erase(&cluster(1), &[id(1)], reason).unwrap();
        store.erase_mentions(&[id(2)], reason).unwrap();
        let position = store.position();
        let refused = KeepReport { kept: 0, already_held: 1, erased_before: 3 };
        assert_eq!(keep(&mut store, [1, 0, 2, 1]), refused, "{reason:?}");
        let held = store.keep(vec![quarantined(1)], &terms(), Some(Reason::Namesake)).unwrap();
        assert_eq!((held.erased_before, store.position()), (1, position), "nothing is written");
        assert_eq!(found_in(&place, 1), Vec::<std::path::PathBuf>::new());
        drop(store);
        crate::rebuild(&place.paths, &place.key).unwrap();
        let mut store = place.open(2_000);
        assert_eq!(keep(&mut store, [1, 0, 2, 1]), refused, "{reason:?} after a rebuild");
        assert_eq!(keep(&mut store, [1, 7]), KeepReport { kept: 1, already_held: 0, erased_before: 1 });
        drop(store);
        assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
    }
}

#[test]
fn a_kill_before_the_commit_leaves_the_old_state() {
    let place = Place::new();
    let mut store = peopled(&place);
    let before = store.position();
    let live = store.live(&BTreeSet::from([id(1)])).unwrap();
    let plan = store.plan(&live, &BTreeSet::from([cluster(1)]), ErasureReason::Suppressed).unwrap();
    assert_eq!(plan.report.segment_count, 1);
    drop(store);
    store = place.open(1);
    assert_eq!((store.position(), store.opened().swept_file_count), (before, 2));
    assert_eq!((store.mentions().unwrap().len(), store.masters().unwrap().len()), (5, 5));
}

#[test]
fn a_kill_after_the_commit_leaves_the_new_state() {
    let place = Place::new();
    let mut store = peopled(&place);
    let live = store.live(&BTreeSet::from([id(1)])).unwrap();
    let plan = store.plan(&live, &BTreeSet::from([cluster(1)]), ErasureReason::Suppressed).unwrap();
    store.commit(plan.events).unwrap();
    drop(store);
    store = place.open(1);
    assert_eq!(store.opened().swept_file_count, 2);
    assert_eq!((store.mentions().unwrap().len(), store.masters().unwrap().len()), (4, 4));
    drop(store);
    fs::remove_dir_all(place.paths.frontier()).unwrap();
    assert_eq!(found_in(&place, 1), Vec::<std::path::PathBuf>::new());
}
