//! What events mean where an earlier row stands: which is overwritten, which stays, which is shortened.

use muster_model::{ErasureReason, KeyLabel, LedgerEvent, MentionId, NoticeToken};

use crate::testing::{Place, assign, at, cluster, id, keep};
use crate::{NoticeRow, NoticeState, ReviewRow, Store, rebuild, verify_store};

fn token(number: usize) -> NoticeToken {
    NoticeToken::new(format!("token-{number}"))
}

fn intended(place: &Place, number: usize, mentions: &[usize], channel: &str) -> LedgerEvent {
    LedgerEvent::NoticeIntended {
        token: token(number),
        cluster_id: cluster(number),
        mentions: mentions.iter().map(|&number| id(number)).collect(),
        purposes: vec!["directory".into()],
        domain: None,
        rcpt: place.key.hash(KeyLabel::Mail, &[number.to_string().as_bytes()]),
        channel: channel.into(),
        lang: "de".into(),
        due_at: Some(at(600)),
        text_sha256: "00".into(),
        policy_hash: "p".into(),
    }
}

fn notice(store: &Store, number: usize) -> NoticeRow {
    store.notice(&token(number)).unwrap().unwrap()
}

fn bounced(permanent: bool) -> LedgerEvent {
    LedgerEvent::NoticeBounced { token: token(0), permanent, status_code: None }
}

fn failed(permanent: bool) -> LedgerEvent {
    LedgerEvent::NoticeFailed { token: token(0), permanent, status_code: None }
}

#[test]
fn a_notice_is_intended_again_only_where_it_surely_did_not_go_out() {
    let sent = LedgerEvent::NoticeSent { token: token(0) };
    let in_doubt = LedgerEvent::NoticeInDoubt { token: token(0) };
    for (events, again) in [
        (vec![], true),
        (vec![failed(false)], true),
        (vec![failed(true)], false),
        (vec![in_doubt], false),
        (vec![sent.clone()], false),
        (vec![sent.clone(), bounced(false)], false),
        (vec![sent, bounced(true)], false),
        (vec![bounced(true)], false),
    ] {
        let place = Place::new();
        let mut store = place.open(1);
        let mut all = vec![intended(&place, 0, &[0], "folder-1")];
        all.extend(events.clone());
        store.commit(all).unwrap();
        let before = notice(&store, 0);
        assert_eq!(before.channel, "folder-1");
        store.advance_to(at(2)).unwrap();
        store.commit(vec![intended(&place, 0, &[1], "smtp-2")]).unwrap();
        let after = notice(&store, 0);
        if again {
            assert_eq!((&*after.channel, after.intended_at, &after.state), ("smtp-2", at(2), &NoticeState::Intended));
        } else {
            assert_eq!(after, before, "{events:?}");
        }
        // The mention that the row names is the one whose end it notices.
        keep(&mut store, 0..2);
        store.erase_mentions(&[id(0), id(1)], ErasureReason::Suppressed).unwrap();
        assert_eq!(notice(&store, 0).mentions, Vec::<MentionId>::new());
        drop(store);
        assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
    }
}

#[test]
fn a_mention_that_is_gone_is_in_no_notice_and_the_notice_stays() {
    let place = Place::new();
    let mut store = place.open(1);
    keep(&mut store, 0..4);
    assign(&mut store, 0..4);
    store
        .commit(vec![
            intended(&place, 0, &[0, 1, 2], "folder-1"),
            intended(&place, 1, &[1], "folder-1"),
            intended(&place, 2, &[3], "folder-1"),
            LedgerEvent::NoticeSent { token: token(0) },
            bounced(true),
        ])
        .unwrap();
    let before = [notice(&store, 0), notice(&store, 1), notice(&store, 2)];
    store.erase_many(vec![(cluster(1), vec![]), (cluster(2), vec![])], ErasureReason::Unreachable).unwrap();
    let expected = [
        NoticeRow { mentions: vec![id(0)], ..before[0].clone() },
        NoticeRow { mentions: vec![], ..before[1].clone() },
        before[2].clone(),
    ];
    assert_eq!(store.notices().unwrap(), expected);
    // Suppressed, lifted and met again: nobody has told about it since.
    store.erase(&cluster(0), &[], ErasureReason::Suppressed).unwrap();
    keep(&mut store, [0]);
    assert_eq!(notice(&store, 0).mentions, Vec::<MentionId>::new());
    let rows = store.notices().unwrap();
    drop(store);
    rebuild(&place.paths, &place.key).unwrap();
    assert_eq!(place.open(1).notices().unwrap(), rows);
    assert_eq!(verify_store(&place.paths, &place.key).unwrap().faults, []);
}

fn queued(reason: &str, locator: Option<&str>) -> LedgerEvent {
    LedgerEvent::ReviewQueued {
        review_id: "r-1".into(),
        subject: "suppression".into(),
        reason: reason.into(),
        cluster_id: Some(cluster(1)),
        mention_id: None,
        token: None,
        mail: None,
        locator: locator.map(str::to_owned),
    }
}

fn the_review(store: &Store) -> ReviewRow {
    store.reviews().unwrap().pop().unwrap()
}

#[test]
fn a_review_queued_after_its_decision_is_open_again() {
    let place = Place::new();
    let mut store = place.open(1);
    store.commit(vec![queued("first", None)]).unwrap();
    let first = the_review(&store);
    store.advance_to(at(2)).unwrap();
    store.commit(vec![queued("second", Some("new/2"))]).unwrap();
    assert_eq!(the_review(&store), first, "while it is open, nothing changes");
    store.advance_to(at(3)).unwrap();
    store.commit(vec![LedgerEvent::ReviewDecided { review_id: "r-1".into(), decision: "keep".into() }]).unwrap();
    assert_eq!(the_review(&store).decided.unwrap().decision, "keep");
    store.advance_to(at(4)).unwrap();
    store.commit(vec![queued("third", Some("new/3"))]).unwrap();
    let row = the_review(&store);
    assert_eq!((row.decided.as_ref(), row.queued_at, &*row.reason), (None, at(4), "third"));
    assert_eq!((row.locator.as_deref(), store.reviews().unwrap().len()), (Some("new/3"), 1));
    drop(store);
    rebuild(&place.paths, &place.key).unwrap();
    assert_eq!(the_review(&place.open(5)), row);
}
