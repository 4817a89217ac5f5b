//! Acknowledgements: who gets one, what it says, and that no machine is answered.

use mail_parser::MessageParser;

use super::*;

fn facts(lang: &str, kinds: &[MailKind]) -> AckFacts {
    AckFacts {
        token: NoticeToken::new("ackackackackackack22222222"),
        notice: Some(NoticeToken::new("abcdefghijklmnop234567abcd")),
        lang: lang.to_owned(),
        controller: "Muster Verzeichnis GmbH".into(),
        controller_email: EmailAddress::parse("privacy@muster-verzeichnis.example").unwrap(),
        kinds: kinds.to_vec(),
        doubt: false,
        received_on: Date::constant(2026, 3, 3),
        due_on: Some(Date::constant(2026, 4, 3)),
        authority: "Musterbehörde".into(),
        reference: "case-abc".into(),
        date: "2026-03-03T09:00:00Z".parse().unwrap(),
    }
}

fn origin(more: &str) -> Result<Origin, NoAnswer> {
    let raw =
        format!("From: Ada <ada@muster-werke.example>\r\nMessage-ID: <one@muster-werke.example>\r\n{more}\r\nno\r\n");
    Origin::of(raw.as_bytes(), "muster-verzeichnis.example")
}

const RIGHTS: [MailKind; 9] = MailKind::REQUESTS;

#[test]
fn every_language_says_what_was_done_by_when_and_whom_to_complain_to() {
    for lang in acknowledgement_languages() {
        let mut texts = std::collections::BTreeSet::new();
        for kind in RIGHTS {
            let ack = Acknowledgement::write(&origin("").unwrap(), &facts(lang, &[kind]));
            assert_eq!(ack.lang(), lang);
            let due = date_text(Date::constant(2026, 4, 3), lang);
            assert!(ack.text().contains(&due) && ack.text().contains("Musterbehörde"), "{lang}: {}", ack.text());
            assert!(ack.text().contains("case-abc") && !ack.text().contains("\n\n\n"), "{lang}: {}", ack.text());
            assert!(!ack.text().contains("ada@"), "nothing about whoever wrote");
            texts.insert(ack.text().to_owned());
        }
        // An opt-out and an objection are the same no.
        assert_eq!(texts.len(), RIGHTS.len() - 1, "{lang}: each right has its own words");
        let doubt = AckFacts { doubt: true, ..facts(lang, &RIGHTS) };
        let doubtful = Acknowledgement::write(&origin("").unwrap(), &doubt);
        assert!(!texts.contains(doubtful.text()) && doubtful.text().len() < 900, "{lang}: {}", doubtful.text());
    }
}

#[test]
fn rt_5_access_and_erasure_together_are_answered_in_that_order() {
    let both = Acknowledgement::write(&origin("").unwrap(), &facts("en", &[MailKind::Access, MailKind::Erasure]));
    assert!(both.text().contains("first you get the answer"), "{}", both.text());
    let alone = Acknowledgement::write(&origin("").unwrap(), &facts("en", &[MailKind::Erasure]));
    assert!(!alone.text().contains("first you get the answer"), "{}", alone.text());
}

#[test]
fn a_language_without_words_is_answered_in_english() {
    let ack = Acknowledgement::write(&origin("").unwrap(), &facts("sv", &[MailKind::OptOut]));
    assert_eq!(ack.lang(), "en");
    assert!(ack.text().starts_with("Hello,"));
}

#[test]
fn the_message_is_an_automatic_answer_in_the_thread_of_the_mail() {
    let ack = Acknowledgement::write(&origin("").unwrap(), &facts("pl", &[MailKind::OptOut]));
    let message = MessageParser::default().parse(ack.message()).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("ada@muster-werke.example"));
    assert_eq!(message.in_reply_to().as_text(), Some("one@muster-werke.example"));
    assert_eq!(message.message_id(), Some("answer.ackackackackackack22222222@muster-verzeichnis.example"));
    let reply_to = message.reply_to().unwrap().first().unwrap().address();
    assert_eq!(reply_to, Some("privacy+abcdefghijklmnop234567abcd@muster-verzeichnis.example"));
    let text = String::from_utf8_lossy(ack.message()).into_owned();
    assert!(text.contains("Auto-Submitted: auto-replied\r\n"), "{text}");
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), ack.text().trim_end());
    // Two of us would not talk to each other.
    assert_eq!(Origin::of(ack.message(), "other.example").unwrap_err(), NoAnswer::Machine);
}

#[test]
fn rfc3834_2_machines_lists_reports_and_roles_are_never_answered() {
    assert!(origin("").is_ok());
    assert!(origin("Auto-Submitted: no\r\n").is_ok());
    assert!(origin("Precedence: normal\r\n").is_ok());
    for (header, why) in [
        ("Auto-Submitted: auto-replied (vacation)\r\n", NoAnswer::Machine),
        ("auto-submitted: AUTO-GENERATED\r\n", NoAnswer::Machine),
        ("X-Autoreply: yes\r\n", NoAnswer::Machine),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n", NoAnswer::Machine),
        ("X-Loop: robot\r\n", NoAnswer::Machine),
        ("Precedence: bulk\r\n", NoAnswer::List),
        ("PRECEDENCE: List\r\n", NoAnswer::List),
        ("List-Id: <all.muster-werke.example>\r\n", NoAnswer::List),
        ("List-Unsubscribe: <mailto:off@muster-werke.example>\r\n", NoAnswer::List),
        ("Return-Path: <>\r\n", NoAnswer::Report),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", NoAnswer::Report),
        ("X-Spam-Flag: YES\r\n", NoAnswer::Spam),
    ] {
        assert_eq!(origin(header).err(), Some(why), "{header}");
    }
    for (from, why) in [
        ("MAILER-DAEMON@mx.example", NoAnswer::Role),
        ("no-reply@shop.example", NoAnswer::Role),
        ("list-request@lists.example", NoAnswer::Role),
        ("owner-all@lists.example", NoAnswer::Role),
        ("bounce+abc@news.example", NoAnswer::Role),
        ("privacy@muster-verzeichnis.example", NoAnswer::Ours),
        ("robot@mail.muster-verzeichnis.example", NoAnswer::Ours),
        ("a@x.example, b@x.example", NoAnswer::NoWriter),
        ("", NoAnswer::NoWriter),
    ] {
        let raw = format!("From: {from}\r\nSubject: x\r\n\r\nno\r\n");
        assert_eq!(Origin::of(raw.as_bytes(), "muster-verzeichnis.example").unwrap_err(), why, "{from}");
    }
    assert!(Origin::of(b"From: a@not-muster-verzeichnis.example\r\n\r\nno", "muster-verzeichnis.example").is_ok());
    for junk in [&b""[..], b"\0\xff", b"no header at all", b":\r\n\r\n"] {
        assert_eq!(Origin::of(junk, "x.example").unwrap_err(), NoAnswer::NoWriter);
    }
}

#[test]
fn a_forged_reply_to_does_not_make_us_write_to_others() {
    let origin = origin("Reply-To: victim@elsewhere.example\r\n").unwrap();
    let ack = Acknowledgement::write(&origin, &facts("en", &[MailKind::OptOut]));
    assert_eq!(ack.rcpt_to().as_str(), "ada@muster-werke.example");
    assert!(!String::from_utf8_lossy(ack.message()).contains("victim"));
}

#[test]
fn dl_7_a_mail_arrived_when_our_server_took_it_not_when_its_writer_says() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let received = "Received: from a by mx.example; Tue, 3 Mar 2026 10:00:00 +0100\r\n\
                    Received: from b by a; Mon, 2 Mar 2026 10:00:00 +0000\r\n";
    let dated = "Date: Sun, 1 Mar 2026 08:00:00 +0000\r\n";
    assert_eq!(arrived_at(format!("{received}{dated}\r\nx").as_bytes()), at("2026-03-03T09:00:00Z"));
    assert_eq!(arrived_at(format!("{dated}\r\nx").as_bytes()), at("2026-03-01T08:00:00Z"));
    for junk in ["", "Date: yesterday\r\n\r\n", "Date: Sun, 99 Xyz 2026 08:00:00 +0000\r\n\r\n", "Received: ;\r\n\r\n"]
    {
        assert_eq!(arrived_at(junk.as_bytes()), None, "{junk}");
    }
}
