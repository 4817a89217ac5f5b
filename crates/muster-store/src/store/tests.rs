//! The store as its callers see it: what is written is there, after a crash and after a rebuild.

use std::fs;
use std::io::Write as _;

use muster_model::{
    CaseId, CaseKind, ClusterId, ExportMode, ExportedRow, KeyLabel, LinkDecision, LinkKind, MailKind, MentionRecord,
    NoticeToken, RejectionCount, SuppressionEntry, SuppressionReason,
};

use super::*;
use crate::testing::{
    Place, assign, at, cleared, cleared_master, cluster, files_below, id, keep, quarantined, record, step, terms,
};
use crate::{Error, ErrorKind, Fault, NoticeState, audit_verify, rebuild, verify_store};

/// A store in which most kinds of things have happened.
fn eventful(place: &Place) -> Store {
    let mut store = place.open(1);
    keep(&mut store, 0..6);
    store.keep(vec![quarantined(6), quarantined(7)], &terms(), Some(Reason::Namesake)).unwrap();
    assign(&mut store, 0..6);
    store.write_master((0..6).map(cleared_master).collect()).unwrap();
    let mut events = vec![
        LedgerEvent::ValuesRejected {
            source: SourceName::new("web"),
            policy_hash: "p".into(),
            counts: vec![RejectionCount { code: "religion".into(), field_class: "quote".into(), count: 2 }],
        },
        LedgerEvent::ClusterMerged { from: cluster(5), into: cluster(4) },
        LedgerEvent::ClusterMerged { from: cluster(4), into: cluster(3) },
        LedgerEvent::LinkDecided { decision: LinkDecision { left: id(1), right: id(2), kind: LinkKind::CannotLink } },
        LedgerEvent::SuppressionAdded { entry: entry(0, SuppressionReason::OptOut) },
        LedgerEvent::CaseOpened {
            case_id: CaseId::new("case-1"),
            kind: CaseKind::Access,
            channel: "phone".into(),
            cluster_id: Some(cluster(5)),
            received_at: at(1),
            due_at: at(700),
        },
        LedgerEvent::CaseClosed { case_id: CaseId::new("case-1"), outcome: "answered".into() },
        LedgerEvent::MailRead {
            mail: hash(place, 1),
            kind: MailKind::OptOut,
            token: None,
            needs_review: true,
            kinds: Vec::new(),
            rule: String::new(),
            confidence_percent: None,
            lang: None,
            identity: String::new(),
            authentication: String::new(),
            message_id: None,
            cursor: None,
        },
        review("r-1"),
        LedgerEvent::ReviewDecided { review_id: "r-1".into(), decision: "ignore".into() },
        LedgerEvent::HoldDecided { mention_id: id(6), keep: true },
        step(1),
        LedgerEvent::StageCompleted { stage: "crawl".into(), counts: BTreeMap::from([("pages".into(), 3)]) },
    ];
    events.extend(notice_events(place));
    events.extend(export_events(place));
    store.commit(events).unwrap();
    store
}

fn hash(place: &Place, number: u8) -> muster_model::KeyedHash {
    place.key.hash(KeyLabel::Mail, &[&[number]])
}

fn entry(number: usize, reason: SuppressionReason) -> SuppressionEntry {
    let record: MentionRecord = record(number);
    muster_gate::manual_entry(&record, &SecretKey::from_bytes([7; 32]), reason, at(1)).unwrap()
}

fn review(id: &str) -> LedgerEvent {
    LedgerEvent::ReviewQueued {
        review_id: id.into(),
        subject: "mail".into(),
        reason: "other".into(),
        cluster_id: Some(cluster(4)),
        mention_id: None,
        token: None,
        mail: None,
        locator: Some("new/1".into()),
    }
}

fn token(number: u64) -> NoticeToken {
    NoticeToken::new(format!("token-{number}"))
}

fn intended(place: &Place, number: u64) -> LedgerEvent {
    LedgerEvent::NoticeIntended {
        token: token(number),
        cluster_id: cluster(5),
        mentions: vec![id(5)],
        purposes: vec!["directory".into()],
        domain: None,
        rcpt: hash(place, 5),
        channel: "folder-1".into(),
        lang: "de".into(),
        due_at: Some(at(600)),
        text_sha256: "00".into(),
        policy_hash: "p".into(),
    }
}

fn bounced(number: u64, permanent: bool) -> LedgerEvent {
    LedgerEvent::NoticeBounced { token: token(number), permanent, status_code: Some("5.1.1".into()) }
}

fn notice_events(place: &Place) -> Vec<LedgerEvent> {
    let mut events: Vec<LedgerEvent> = (0..6).map(|number| intended(place, number)).collect();
    events.extend([
        LedgerEvent::NoticeSent { token: token(1) },
        LedgerEvent::NoticeInDoubt { token: token(2) },
        LedgerEvent::NoticeFailed { token: token(3), permanent: false, status_code: None },
        LedgerEvent::NoticeSent { token: token(4) },
        bounced(4, true),
        bounced(4, false),
        bounced(5, true),
        LedgerEvent::NoticeSent { token: token(5) },
    ]);
    events
}

fn export_events(place: &Place) -> Vec<LedgerEvent> {
    let row = |number| ExportedRow { cluster_id: cluster(number), row: hash(place, 9) };
    let completed = |export_id: &str, mode| LedgerEvent::ExportCompleted {
        export_id: export_id.into(),
        recipient: "CRM".into(),
        format: "csv".into(),
        mode,
        file_sha256: "ab".into(),
        row_count: 2,
        removed_count: 1,
        withheld: BTreeMap::new(),
    };
    let released = |export_id: &str, rows, removed| LedgerEvent::RecordsReleased {
        export_id: export_id.into(),
        recipient: "CRM".into(),
        rows,
        removed,
    };
    vec![
        released("e-1", vec![row(1), row(2), row(5)], Vec::new()),
        completed("e-1", ExportMode::Full),
        released("e-2", vec![row(3)], vec![cluster(1)]),
        completed("e-2", ExportMode::Delta),
    ]
}

/// Everything that a store answers, in words.
fn answers(store: &Store) -> String {
    let ids = |mentions: Vec<Mention>| mentions.iter().map(|it| it.mention_id().clone()).collect::<Vec<_>>();
    let held: Vec<_> = store.held().unwrap().into_iter().map(|(it, info)| (it.mention_id().clone(), info)).collect();
    let master_ids: Vec<ClusterId> = store.masters().unwrap().iter().map(|it| it.cluster_id().clone()).collect();
    format!(
        "{:#?}",
        (
            (store.position(), ids(store.mentions().unwrap()), held, store.assignments().unwrap(), master_ids),
            (store.link_decisions().unwrap(), store.master_version().unwrap(), store.notices().unwrap()),
            (store.suppression_list().unwrap(), store.cases().unwrap(), store.reviews().unwrap()),
            (store.mails().unwrap(), store.released("CRM").unwrap(), store.last_export("CRM").unwrap()),
            (store.disclosures(&cluster(3)).unwrap(), store.stages().unwrap(), store.rejections().unwrap()),
            (store.erasures().unwrap(), store.step_completed("demo", "day-1").unwrap()),
        )
    )
}

#[test]
fn queries_answer_what_the_events_say() {
    let place = Place::new();
    let store = eventful(&place);
    assert_eq!(store.mentions().unwrap().len(), 7, "six kept and one whose hold was lifted");
    assert_eq!(store.held().unwrap().len(), 1);
    assert_eq!(store.held().unwrap()[0].1.reason, "suppressed.namesake");
    assert_eq!(store.resolve_redirect(&cluster(5)).unwrap(), cluster(3));
    assert_eq!(store.assignments().unwrap()[&id(5)], cluster(3));
    assert_eq!(store.members(&cluster(4)).unwrap().len(), 3);
    assert_eq!(*store.master(&cluster(5)).unwrap().unwrap().cluster_id(), cluster(3));
    assert_eq!(store.cases().unwrap()[0].cluster_id, Some(cluster(3)));
    assert_eq!(store.reviews().unwrap()[0].decided.as_ref().unwrap().decision, "ignore");
    assert!(store.mail_seen(&hash(&place, 1)).unwrap() && !store.mail_seen(&hash(&place, 2)).unwrap());
    assert_eq!(store.released("CRM").unwrap().into_keys().collect::<Vec<_>>(), [cluster(2), cluster(3), cluster(5)]);
    assert_eq!(store.released("Other").unwrap().len(), 0);
    assert_eq!(store.disclosures(&cluster(3)).unwrap().len(), 2, "its own and that of the cluster merged into it");
    assert_eq!(store.disclosures(&cluster(1)).unwrap().len(), 1, "a removal does not undo the disclosure");
    assert_eq!(store.last_export("CRM").unwrap().unwrap().export_id, "e-2");
    assert_eq!(store.step_completed("demo", "day-1").unwrap(), Some(at(1)));
    assert_eq!(store.rejections().unwrap()[0].count, 2);
}

#[test]
fn a_notice_keeps_the_state_that_counts() {
    let place = Place::new();
    let store = eventful(&place);
    let states: Vec<NoticeState> = store.notices().unwrap().into_iter().map(|row| row.state).collect();
    let dead = NoticeState::Bounced { at: at(1), permanent: true, status_code: Some("5.1.1".into()) };
    let sent = NoticeState::Sent { at: at(1) };
    let failed = NoticeState::Failed { permanent: false };
    assert_eq!(states, [NoticeState::Intended, sent, NoticeState::InDoubt, failed, dead.clone(), dead]);
    let late = store.notice(&token(5)).unwrap().unwrap();
    assert_eq!((late.sent_at, late.cluster_id), (Some(at(1)), cluster(3)));
}

#[test]
fn the_same_answers_after_a_restart_a_rebuild_and_a_lost_index() {
    let place = Place::new();
    let before = answers(&eventful(&place));
    assert_eq!(answers(&place.open(1)), before);
    let entry_count = rebuild(&place.paths, &place.key).unwrap().entry_count;
    assert_eq!(answers(&place.open(1)), before);
    fs::remove_dir_all(place.paths.index()).unwrap();
    let store = Store::open_read(&place.paths, &place.key).unwrap();
    assert_eq!((answers(&store), store.position()), (before, entry_count));
    drop(store);
    assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
}

#[test]
fn an_index_that_is_broken_or_of_another_ledger_is_made_again() {
    let place = Place::new();
    let before = answers(&eventful(&place));
    for file in files_below(&place.paths.index()) {
        let length = fs::read(&file).unwrap().len();
        fs::write(&file, vec![0xA5; length]).unwrap();
    }
    let store = place.open(1);
    assert_eq!((answers(&store), store.opened().index_rebuilt), (before.clone(), true));
    drop(store);
    let other = Place::new();
    other.with_steps(30);
    fs::remove_dir_all(place.paths.index()).unwrap();
    fs::rename(other.paths.index(), place.paths.index()).unwrap();
    let store = place.open(1);
    assert_eq!((answers(&store), store.opened().index_rebuilt), (before, true));
}

#[test]
fn a_broken_index_file_never_changes_an_answer() {
    let place = Place::new();
    let before = answers(&eventful(&place));
    let database = place.paths.index().join("db");
    let whole = fs::read(&database).unwrap();
    let used = whole.iter().rposition(|&byte| byte != 0).unwrap();
    for part in 0..12 {
        let mut bytes = whole.clone();
        bytes[used * part / 12] ^= 0x40;
        fs::write(&database, &bytes).unwrap();
        assert_eq!(answers(&place.open(1)), before, "part {part}");
    }
}

#[test]
fn an_index_that_lags_is_replayed_from_where_it_stands() {
    let place = Place::new();
    drop(eventful(&place));
    let copy = place.dir.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for file in files_below(&place.paths.index()) {
        let to = copy.join(file.strip_prefix(place.paths.index()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&file, to).unwrap();
    }
    let mut store = place.open(2);
    keep(&mut store, 10..13);
    store.commit(vec![step(2)]).unwrap();
    let before = answers(&store);
    drop(store);
    fs::remove_dir_all(place.paths.index()).unwrap();
    fs::rename(copy, place.paths.index()).unwrap();
    let store = place.open(2);
    assert_eq!((answers(&store), store.opened().index_rebuilt), (before, false));
}

#[test]
fn keeping_twice_changes_nothing() {
    let place = Place::new();
    let mut store = place.open(1);
    assert_eq!(keep(&mut store, [0, 1, 1]), KeepReport { kept: 2, already_held: 1, erased_before: 0 });
    let position = store.position();
    assert_eq!(keep(&mut store, [1, 0]), KeepReport { kept: 0, already_held: 2, erased_before: 0 });
    assert_eq!(store.position(), position);
    assert!(store.contains_mention(&id(0)).unwrap() && !store.contains_mention(&id(9)).unwrap());
    let kept = store.mentions().unwrap();
    let ids = BTreeSet::from([id(0), id(1)]);
    assert_eq!(kept.iter().map(|it| it.mention_id().clone()).collect::<BTreeSet<_>>(), ids);
    assert_eq!(store.mentions_by_id(&ids).unwrap(), kept);
    assert!(kept.contains(&cleared([0]).pop().unwrap().into_inner()), "what is read back is what was kept");
}

#[test]
fn many_mentions_make_segments_of_at_most_a_thousand() {
    let place = Place::new();
    let mut store = place.open(1);
    assert_eq!(keep(&mut store, 0..2_300).kept, 2_300);
    assert_eq!(files_below(&place.paths.mentions()).len(), 3);
    assert_eq!(store.mentions().unwrap().len(), 2_300);
    assert_eq!(store.position(), 4);
}

#[test]
fn a_commit_of_many_events_is_one_and_replays_alike() {
    let place = Place::new();
    let mut store = place.open(1);
    assert_eq!(store.commit((0..2_500).map(step).collect()).unwrap(), 2_501);
    assert_eq!(store.commit(Vec::new()).unwrap(), 2_501);
    assert_eq!(store.step_completed("demo", "day-2499").unwrap(), Some(at(1)));
    drop(store);
    assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
    assert_eq!(audit_verify(&place.paths, &place.key).unwrap().entries, 2_501);
}

#[test]
fn an_unchanged_master_writes_nothing() {
    let place = Place::new();
    let mut store = place.open(1);
    assert_eq!(store.write_master(Vec::new()).unwrap(), None);
    let first = store.write_master((0..3).map(cleared_master).collect()).unwrap();
    assert_eq!(first, Some(2));
    let other_order = store.write_master((0..3).rev().map(cleared_master).collect()).unwrap();
    assert_eq!((other_order, store.position()), (None, 2));
    let second = store.write_master((0..2).map(cleared_master).collect()).unwrap();
    assert_eq!(second, Some(3));
    assert_eq!(files_below(&place.paths.master()).len(), 1, "the old snapshot is gone");
    let version = store.master_version().unwrap().unwrap();
    assert_eq!((version.position, version.person_count, version.company_count), (3, 2, 0));
    assert!(store.master(&cluster(2)).unwrap().is_none());
}

#[test]
fn files_that_the_ledger_does_not_name_are_swept() {
    let place = Place::new();
    let mut store = place.open(1);
    keep(&mut store, 0..2);
    store.write_master(vec![cleared_master(0)]).unwrap();
    drop(store);
    let named: Vec<_> =
        [place.paths.mentions(), place.paths.master()].iter().flat_map(|dir| files_below(dir)).collect();
    fs::write(place.paths.mentions().join("0123456789abcdef.parquet"), "left by a kill").unwrap();
    fs::write(place.paths.mentions().join("0123456789abcdef.parquet.tmp"), "").unwrap();
    fs::write(place.paths.master().join("0123456789abcdef.parquet"), "left by a kill").unwrap();
    assert_eq!(place.open(1).opened().swept_file_count, 3);
    let left: Vec<_> = [place.paths.mentions(), place.paths.master()].iter().flat_map(|dir| files_below(dir)).collect();
    assert_eq!(left, named);
}

#[test]
fn a_store_in_use_says_so() {
    let place = Place::new();
    let store = place.open(1);
    let error = Store::open_read(&place.paths, &place.key).unwrap_err();
    let pid = std::process::id();
    assert!(matches!(&error, Error::Locked { pid: Some(holder), .. } if *holder == pid), "{error}");
    let text = error.to_string();
    assert!(text.starts_with("failed to lock the store `") && text.contains(&pid.to_string()), "{text}");
    assert_eq!(rebuild(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Locked);
    assert_eq!(audit_verify(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Locked);
    drop(store);
    assert!(Store::open_read(&place.paths, &place.key).is_ok());
}

#[test]
fn the_clock_does_not_go_backwards() {
    let place = Place::new();
    let mut store = place.open(5);
    assert_eq!(store.advance_to(at(4)).unwrap_err().kind(), ErrorKind::ClockBackwards);
    store.advance_to(at(6)).unwrap();
    store.commit(vec![step(1)]).unwrap();
    assert_eq!(store.last_instant(), Some(at(6)));
    drop(store);
    let error = Store::create_or_open(&place.paths, &place.key, at(5)).unwrap_err();
    assert!(matches!(error, Error::ClockBackwards { last, .. } if last == at(6)), "{error}");
    assert!(Store::open_read(&place.paths, &place.key).is_ok(), "reading asks for no clock");
}

#[test]
fn a_reader_cannot_write_and_finds_only_what_is_there() {
    let place = Place::new();
    assert!(!Store::exists(&place.paths));
    assert_eq!(Store::open_read(&place.paths, &place.key).unwrap_err().kind(), ErrorKind::Missing);
    assert!(!place.paths.root.exists(), "looking makes no store");
    place.with_steps(1);
    assert!(Store::exists(&place.paths));
    let mut store = Store::open_read(&place.paths, &place.key).unwrap();
    assert!(matches!(store.commit(vec![step(9)]), Err(Error::ReadOnly { .. })));
    assert!(matches!(store.keep(cleared([0]), &terms(), None), Err(Error::ReadOnly { .. })));
}

#[test]
fn a_changed_or_missing_file_is_named_and_not_read() {
    let place = Place::new();
    let mut store = place.open(1);
    keep(&mut store, 0..2);
    store.write_master(vec![cleared_master(0)]).unwrap();
    let segment = files_below(&place.paths.mentions()).pop_first().unwrap();
    let snapshot = files_below(&place.paths.master()).pop_first().unwrap();
    OpenOptions::new().append(true).open(&segment).unwrap().write_all(b"x").unwrap();
    fs::remove_file(&snapshot).unwrap();
    assert_eq!(store.mentions().unwrap_err().kind(), ErrorKind::Integrity);
    assert_eq!(store.masters().unwrap_err().kind(), ErrorKind::Integrity);
    drop(store);
    let report = verify_store(&place.paths, &place.key).unwrap();
    assert_eq!(report.faults, [Fault::FileChanged { path: segment }, Fault::FileMissing { path: snapshot }]);
}

#[test]
fn an_index_with_other_rows_is_named() {
    let place = Place::new();
    let store = eventful(&place);
    let changed = BTreeMap::from([
        ((Tree::Mails, b"no such mail".to_vec()), Some(b"{}".to_vec())),
        ((Tree::Assignments, id(1).as_str().as_bytes().to_vec()), None),
    ]);
    store.index.write(&changed).unwrap();
    store.index.persist().unwrap();
    drop(store);
    let differs = |tree| Fault::IndexDiffers { tree, row_count: 1 };
    let faults = verify_store(&place.paths, &place.key).unwrap().faults;
    assert_eq!(faults, [differs("assignments"), differs("mails")]);
    rebuild(&place.paths, &place.key).unwrap();
    assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
}

#[test]
fn a_no_is_only_lifted_by_name_and_never_weakened() {
    let place = Place::new();
    let mut store = place.open(1);
    let global = entry(0, SuppressionReason::Objection);
    let phone = entry(0, SuppressionReason::DoNotCall);
    assert_eq!(global.entry_id, phone.entry_id, "both name the person by the same key");
    let entry_id = global.entry_id.clone();
    store
        .commit(vec![
            LedgerEvent::SuppressionAdded { entry: global.clone() },
            LedgerEvent::SuppressionAdded { entry: phone.clone() },
            LedgerEvent::NamesakeConfirmed { entry_id: entry_id.clone(), keys: vec![global.keys[0]] },
        ])
        .unwrap();
    let list = store.suppression_list().unwrap();
    let reasons: Vec<SuppressionReason> = list.entries().iter().map(|entry| entry.reason).collect();
    assert_eq!(reasons, [SuppressionReason::Objection, SuppressionReason::DoNotCall]);
    assert_eq!(list.entries()[0].confirmed_keys, [global.keys[0]]);
    assert_eq!(list.position(), store.position());
    store.commit(vec![LedgerEvent::SuppressionLifted { entry_id, note_sha256: "00".into() }]).unwrap();
    assert_eq!(store.suppression_list().unwrap().entries(), []);
}

#[test]
fn after_an_unmerge_the_id_lives_again() {
    let place = Place::new();
    let mut store = place.open(1);
    keep(&mut store, 0..2);
    assign(&mut store, 0..2);
    store.commit(vec![LedgerEvent::ClusterMerged { from: cluster(1), into: cluster(0) }]).unwrap();
    assert_eq!(store.assignments().unwrap()[&id(1)], cluster(0));
    assign(&mut store, [1]);
    assert_eq!(store.assignments().unwrap()[&id(1)], cluster(1));
    assert_eq!(store.resolve_redirect(&cluster(1)).unwrap(), cluster(1));
}

#[test]
fn a_failed_write_stops_the_handle_and_loses_nothing() {
    let place = Place::new();
    let mut store = place.open(1);
    store.commit(vec![step(1)]).unwrap();
    // The next file of the ledger cannot be made, as on a full disk.
    let blocked = place.paths.ledger().join("00000002.jsonl");
    fs::create_dir(&blocked).unwrap();
    store.ledger.begin_new_file();
    assert_eq!(store.commit(vec![step(2)]).unwrap_err().kind(), ErrorKind::Io);
    assert!(matches!(store.commit(vec![step(3)]), Err(Error::Poisoned { .. })));
    drop(store);
    fs::remove_dir(&blocked).unwrap();
    let store = place.open(1);
    assert_eq!((store.position(), store.step_completed("demo", "day-1").unwrap()), (2, Some(at(1))));
}
