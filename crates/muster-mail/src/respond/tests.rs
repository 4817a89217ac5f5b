//! Tests of the respondent: what it writes is read back as what it was asked to be.

use super::*;
use crate::inbox::{InboxHints, classify};
use crate::notice::letter_for_tests;

const TOKEN: &str = "abcdefghij234567klmnopqrst";

fn reply(kind: MailKind, lang: &str, body: &str) -> Reply {
    Reply {
        kind,
        from: EmailAddress::parse("kim.beispiel@werft.example").unwrap(),
        subject: None,
        body: body.to_owned(),
        status: None,
        diagnostic: None,
        lang: lang.to_owned(),
    }
}

#[track_caller]
fn check(reply: &Reply) {
    let letter = letter_for_tests("kim.beispiel@werft.example", &reply.lang, TOKEN);
    let now = "2026-03-10T09:30:00Z".parse().unwrap();
    let raw = reply_to(letter.message(), reply, now);
    assert_eq!(raw, reply_to(letter.message(), reply, now));
    let hints = InboxHints { our_domain: Some("hafenregister.example".to_owned()), ..InboxHints::default() };
    let verdict = classify(&raw, &hints);
    let text = String::from_utf8_lossy(&raw);
    assert_eq!(verdict.kind, reply.kind, "{}\n{text}", verdict.rule);
    assert_eq!(verdict.token.unwrap().as_str(), TOKEN, "{text}");
    assert_eq!(verdict.recipient.unwrap().as_str(), "kim.beispiel@werft.example", "{text}");
}

#[test]
fn every_answer_is_read_back_as_what_it_is() {
    check(&reply(MailKind::BouncePermanent, "de", ""));
    check(&reply(MailKind::BounceTransient, "en", ""));
    let spam = Reply {
        status: Some("5.7.1".into()),
        diagnostic: Some("554 5.7.1 message looks like spam".into()),
        ..reply(MailKind::BouncePolicy, "en", "")
    };
    check(&spam);
    check(&reply(MailKind::BouncePolicy, "de", ""));
    check(&reply(MailKind::Complaint, "en", ""));
    check(&reply(MailKind::AutoReply, "de", "Ich bin bis Montag nicht im Büro.\n\n{quote}"));
    check(&reply(MailKind::OptOut, "de", "Bitte keine weiteren E-Mails.\n\n{quote}"));
    check(&reply(MailKind::OptOut, "en", "{quote}\n\nPlease remove me."));
    check(&reply(MailKind::DoNotCall, "en", "Do not call me.\n\n{quote}"));
    check(&reply(MailKind::Erasure, "de", "Löschen Sie meine Daten.\n\n{quote}"));
    check(&reply(MailKind::Other, "en", "Who are you?\n\n{quote}"));
    let unsubscribe = Reply { subject: Some("unsubscribe".into()), ..reply(MailKind::OptOut, "en", "") };
    check(&unsubscribe);
}

#[test]
fn anything_in_the_place_of_a_notice_is_answered_without_a_panic() {
    for raw in [&b""[..], b"\xff\x00", b"no header at all", b"To: x\n\ny"] {
        let answer = reply_to(raw, &reply(MailKind::BouncePermanent, "en", ""), Timestamp::UNIX_EPOCH);
        assert!(!answer.is_empty());
    }
}
