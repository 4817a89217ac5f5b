//! Reports of every make, shortened to what they are known by. The labelled sets hold the whole mails.

use super::*;
use crate::inbox::{InboxHints, MailVerdict, classify};

fn standard(subject: &str, fields: &str) -> MailVerdict {
    let raw = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.werft.example\r\nTo: privacy@us.example\r\nSubject: {subject}\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nA report.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.werft.example\r\n\r\n{fields}\r\n--b--\r\n"
    );
    classify(raw.as_bytes(), &InboxHints::default())
}

fn loose(head: &str, text: &str) -> MailVerdict {
    classify(format!("{head}\r\nTo: privacy@us.example\r\n\r\n{text}").as_bytes(), &InboxHints::default())
}

#[track_caller]
fn check(verdict: &MailVerdict, kind: MailKind, class: Option<&str>, code: Option<&str>, recipient: Option<&str>) {
    assert_eq!(verdict.kind, kind, "{}", verdict.rule);
    assert_eq!(verdict.bounce_class.map(BounceClass::as_str), class, "{}", verdict.rule);
    assert_eq!(verdict.status_code.as_deref(), code);
    assert_eq!(verdict.recipient.as_ref().map(EmailAddress::as_str), recipient);
}

const KIM: Option<&str> = Some("kim@werft.example");

#[test]
fn rfc_3464_2_3_a_failed_action_with_a_code_of_the_address_is_permanent() {
    let fields = "Final-Recipient: rfc822; kim@werft.example\r\nAction: failed\r\nStatus: 5.1.1\r\n";
    check(&standard("Failure", fields), MailKind::BouncePermanent, Some("user-unknown"), Some("5.1.1"), KIM);
}

#[test]
fn rfc_3464_2_3_3_a_delayed_mail_is_transient_and_a_delivered_one_no_bounce() {
    let fields = |action: &str, status: &str| {
        format!("Final-Recipient: rfc822; kim@werft.example\r\nAction: {action}\r\nStatus: {status}\r\n")
    };
    let delayed = standard("Delayed", &fields("delayed", "4.4.1"));
    check(&delayed, MailKind::BounceTransient, Some("network"), Some("4.4.1"), KIM);
    for action in ["delivered", "relayed", "expanded"] {
        assert_eq!(standard("Report", &fields(action, "2.0.0")).kind, MailKind::AutoReply, "{action}");
    }
}

#[test]
fn a_precise_code_in_the_reply_refines_a_vague_status() {
    let fields = "Final-Recipient: rfc822; kim@werft.example\r\nAction: failed\r\nStatus: 5.0.0\r\n\
                  Diagnostic-Code: smtp; 552 5.2.2 over quota\r\n";
    check(&standard("Failure", fields), MailKind::BounceTransient, Some("mailbox-full"), Some("5.2.2"), KIM);
}

#[test]
fn the_recipient_that_was_notified_counts_not_where_it_was_forwarded_to() {
    let fields = "Original-Recipient: rfc822; kim@werft.example\r\nFinal-Recipient: rfc822; k@private.example\r\n\
                  Action: failed\r\nStatus: 5.1.1\r\n";
    check(&standard("Failure", fields), MailKind::BouncePermanent, Some("user-unknown"), Some("5.1.1"), KIM);
}

#[test]
fn a_refusal_of_the_sender_is_never_the_addresss_fault_whatever_its_code() {
    for reply in [
        "550 5.1.1 your IP address 192.0.2.7 is on a block list",
        "550 5.2.1 mailbox unavailable, 192.0.2.7 is blacklisted",
        "550 5.1.0 192.0.2.7 is not allowed to send per its SPF record",
        "550 5.0.0 message identified as spam",
    ] {
        let fields = format!(
            "Final-Recipient: rfc822; kim@werft.example\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; {reply}\r\n"
        );
        assert_eq!(standard("Failure", &fields).kind, MailKind::BouncePolicy, "{reply}");
    }
}

#[test]
fn reports_without_fields_are_known_by_sender_subject_and_reply() {
    let qmail = loose(
        "From: MAILER-DAEMON@mx.werft.example\r\nSubject: failure notice",
        "Hi. This is the qmail-send program.\r\n\r\n<kim@werft.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n",
    );
    check(&qmail, MailKind::BouncePermanent, Some("user-unknown"), Some("5.1.1"), KIM);
    let full = loose(
        "From: Postmaster <postmaster@werft.example>\r\nSubject: Unzustellbar",
        "Ihre Nachricht an kim@werft.example konnte nicht zugestellt werden: das Postfach ist voll.\r\n",
    );
    check(&full, MailKind::BounceTransient, Some("mailbox-full"), None, KIM);
}

#[test]
fn a_host_named_after_a_spam_filter_and_a_version_are_no_reason() {
    let verdict = loose(
        "From: MAILER-DAEMON@mx.werft.example\r\nSubject: Mail failure",
        "Exim 4.96.1 could not deliver.\r\n\r\n<kim@werft.example>: host antispam.werft.example[192.0.2.4] said:\r\n\
         550 User unknown\r\n",
    );
    check(&verdict, MailKind::BouncePermanent, Some("user-unknown"), None, KIM);
}

#[test]
fn a_person_who_writes_about_a_bounce_is_no_server() {
    let asks = loose(
        "From: Kim <kim@werft.example>\r\nSubject: Mail could not be delivered",
        "My mail to you could not be delivered. Please remove me from your mailing list.\r\n",
    );
    assert_eq!(asks.kind, MailKind::OptOut);
    let news = loose(
        "From: News <news@letter.example>\r\nSubject: Undeliverable mail explained\r\nList-Unsubscribe: <mailto:x@letter.example>",
        "Why a message could not be delivered: 550 5.1.1 User unknown.\r\n",
    );
    assert_eq!(news.kind, MailKind::Other);
}

#[test]
fn a_report_inside_a_report_of_a_gateway_is_read() {
    let inner = "Content-Type: multipart/report; report-type=delivery-status; boundary=i\r\n\r\n--i\r\n\
                 Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n\
                 Final-Recipient: rfc822; kim@werft.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--i--\r\n";
    let raw = format!(
        "From: postmaster@werft.example\r\nSubject: Delivery Status Notification (Failure)\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
    );
    let verdict = classify(raw.as_bytes(), &InboxHints::default());
    check(&verdict, MailKind::BouncePermanent, Some("user-unknown"), Some("5.1.1"), KIM);
}
