//! What events mean where an earlier row stands: which is overwritten, which stays, which is shortened.

use muster_model::{AckOutcome, ErasureReason, KeyLabel, LedgerEvent, MailCursor, MailKind, MentionId, NoticeToken};

use crate::testing::{Place, assign, at, cluster, id, keep};
use crate::{AckState, NoticeRow, NoticeState, ReviewRow, Store, rebuild, verify_store};

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

fn owed(place: &Place, number: usize) -> LedgerEvent {
    let hash = |part: &str| place.key.hash(KeyLabel::Mail, &[part.as_bytes(), number.to_string().as_bytes()]);
    LedgerEvent::AcknowledgementOwed {
        token: token(number),
        mail: hash("mail"),
        rcpt: hash("rcpt"),
        kinds: vec![MailKind::OptOut],
        doubt: false,
        lang: "de".into(),
        received_at: at(1),
        due_at: None,
        reference: "case-1".into(),
        notice: None,
    }
}

#[test]
fn an_acknowledgement_that_surely_did_not_leave_is_owed_again_and_nothing_else_is() {
    for (outcome, state) in [
        (None, AckState::Intended),
        (Some(AckOutcome::Sent), AckState::Sent),
        (Some(AckOutcome::InDoubt), AckState::InDoubt),
        (Some(AckOutcome::NotSent), AckState::Owed),
        (Some(AckOutcome::Refused), AckState::Ended),
        (Some(AckOutcome::Dropped), AckState::Ended),
    ] {
        let place = Place::new();
        let mut store = place.open(1);
        store.commit(vec![owed(&place, 0)]).unwrap();
        assert_eq!(store.acknowledgements().unwrap().first().unwrap().state, AckState::Owed);
        let (channel, text_sha256) = ("folder-1".to_owned(), "00".to_owned());
        store.commit(vec![LedgerEvent::AcknowledgementIntended { token: token(0), channel, text_sha256 }]).unwrap();
        let ended =
            outcome.map(|outcome| LedgerEvent::AcknowledgementEnded { token: token(0), outcome, status_code: None });
        store.commit(ended.into_iter().collect()).unwrap();
        let row = store.acknowledgements().unwrap().remove(0);
        assert_eq!((row.state, row.channel.as_deref()), (state, Some("folder-1")));
    }
}

#[test]
fn a_cursor_moves_on_inside_a_numbering_and_starts_over_with_another() {
    let place = Place::new();
    let mut store = place.open(1);
    let cursor = |uid_validity, uid| MailCursor { mailbox: "m".into(), folder: "INBOX".into(), uid_validity, uid };
    for (event, expect) in [((7, 10), (7, 10)), ((7, 4), (7, 10)), ((7, 11), (7, 11)), ((8, 1), (8, 1))] {
        store.commit(vec![LedgerEvent::MailboxRead { cursor: cursor(event.0, event.1) }]).unwrap();
        assert_eq!(store.mail_cursors().unwrap(), [cursor(expect.0, expect.1)]);
    }
}
