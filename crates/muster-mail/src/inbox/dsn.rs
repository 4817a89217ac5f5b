//! Delivery reports: RFC 3464, and the many that follow no standard.
//!
//! Invariant: a delayed mail is no bounce yet, a delivered one none at all; what cannot be read for sure is never a
//! permanent failure.

use std::sync::LazyLock;

use muster_model::{EmailAddress, MailKind};
use regex::Regex;

use super::bounce::{BounceClass, BounceKind, PHRASES, class_of, enhanced_code, kind_of, reply_code};
use super::parse::{HeaderField, Mail, first_field, header_fields};
use super::phrases::fold;

/// What a report says.
pub(crate) struct Report {
    pub(crate) kind: MailKind,
    pub(crate) class: Option<BounceClass>,
    pub(crate) status_code: Option<String>,
    pub(crate) recipient: Option<EmailAddress>,
    pub(crate) confidence: f64,
    pub(crate) rule: &'static str,
}

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}").expect("constant pattern")
});

/// Reads a report of RFC 3464.
///
/// # Law
///
/// RFC 3464, 2.3: `Action` and `Status` of the recipient decide; the diagnostic code refines a vague status.
pub(crate) fn read_standard(mail: &Mail) -> Option<Report> {
    let part = mail.part("message/delivery-status").or_else(|| mail.part("message/global-delivery-status"))?;
    let blocks = blocks_of(&part.text);
    let action = |block: &[HeaderField]| first_field(block, "action").unwrap_or_default().to_ascii_lowercase();
    let mut about: Vec<&Vec<HeaderField>> = blocks.iter().filter(|block| is_about_recipient(block)).collect();
    about.sort_by_key(|block| match action(block).as_str() {
        "failed" => 0,
        "delayed" => 1,
        _ => 2,
    });
    let block: &[HeaderField] = about.first().copied()?;
    let diagnostic = first_field(block, "diagnostic-code").unwrap_or_default();
    let status = best_status(first_field(block, "status").unwrap_or_default(), diagnostic);
    let recipient = returned_recipient(mail).or_else(|| block_recipient(block)).or_else(|| failed_recipient(mail));
    let report = |kind, class, rule| {
        let status_code = status.clone();
        Some(Report { kind, class, status_code, recipient, confidence: 0.98, rule })
    };
    match action(block).as_str() {
        "delivered" | "relayed" | "expanded" => report(MailKind::AutoReply, None, "dsn.delivered"),
        "delayed" => {
            report(MailKind::BounceTransient, Some(bounce_class(mail, status.as_deref(), diagnostic)), "dsn.delayed")
        }
        _ => {
            let class = bounce_class(mail, status.as_deref(), diagnostic);
            let is_final = !status.as_deref().is_some_and(|status| status.starts_with('4'));
            report(kind_of(class, is_final).mail_kind(), Some(class), "dsn.failed")
        }
    }
}

fn bounce_class(mail: &Mail, status: Option<&str>, diagnostic: &str) -> BounceClass {
    let told = class_of(status, diagnostic);
    if told == BounceClass::Unknown { class_of(status, &without_copy(&mail.text)) } else { told }
}

fn blocks_of(text: &str) -> Vec<Vec<HeaderField>> {
    let normal = text.replace("\r\n", "\n");
    normal.split("\n\n").map(header_fields).filter(|fields| !fields.is_empty()).collect()
}

fn is_about_recipient(block: &[HeaderField]) -> bool {
    ["final-recipient", "original-recipient", "action"].iter().any(|name| first_field(block, name).is_some())
}

/// A vague status (`5.0.0`) gives way to a precise one in the diagnostic text.
fn best_status(status: &str, diagnostic: &str) -> Option<String> {
    let stated = enhanced_code(status);
    let told = enhanced_code(diagnostic);
    let vague = stated.as_deref().is_none_or(|code| code.ends_with(".0.0"));
    if vague { told.or(stated) } else { stated }
}

fn block_recipient(block: &[HeaderField]) -> Option<EmailAddress> {
    let names = ["original-recipient", "final-recipient", "x-actual-recipient"];
    names.iter().filter_map(|name| first_field(block, name)).find_map(address_in)
}

/// The address that our notice went to, from the returned headers: it is ours if its Message-ID is.
fn returned_recipient(mail: &Mail) -> Option<EmailAddress> {
    let returned = mail.parts.iter().filter(|part| part.mime == "message/rfc822" || part.mime == "text/rfc822-headers");
    for part in returned {
        let fields = header_fields(part.text.replace("\r\n", "\n").split("\n\n").next().unwrap_or_default());
        if first_field(&fields, "message-id").is_some_and(|id| id.contains("<notice.")) {
            return first_field(&fields, "to").and_then(address_in);
        }
    }
    None
}

fn failed_recipient(mail: &Mail) -> Option<EmailAddress> {
    mail.header("x-failed-recipients").and_then(address_in)
}

/// Finds an address in a text such as `rfc822; <anna@firma.example>`.
pub(crate) fn address_in(text: &str) -> Option<EmailAddress> {
    ADDRESS.find_iter(text).find_map(|found| EmailAddress::parse(found.as_str()).ok())
}

/// Lines below which a report repeats the mail that it is about.
const COPY_MARKS: &[&str] = &[
    "below this line is a copy of the message",
    "this is a copy of",
    "a copy of the original message",
    "original message follows",
    "original message headers",
    "message headers follow",
    "the header of the original",
    "returned message follows",
    "unsent message follows",
    "message header follows",
    "original message",
    "es folgt eine kopie",
    "kopie der nachricht",
    "urspruengliche nachricht",
    "originalnachricht",
    "return path",
    "received from",
];

/// Cuts the copy of the returned mail off a report's text.
fn without_copy(text: &str) -> String {
    let kept = text.lines().take_while(|line| {
        let folded = fold(line);
        !COPY_MARKS.iter().any(|mark| folded.starts_with(mark)) && !folded.contains("copy of the message including")
    });
    kept.take(200).collect::<Vec<_>>().join("\n")
}

/// Reads a bounce that follows no standard: the sender or the subject must say that it is one.
pub(crate) fn read_loose(mail: &Mail) -> Option<Report> {
    let local = mail.from_text.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let daemon = ["mailer-daemon", "mailerdaemon", "mail-daemon", "mdaemon", "postmaster", "maildaemon", "mailsupport"];
    let is_daemon = daemon.iter().any(|name| local.starts_with(name));
    let subject = fold(&mail.subject);
    let says_so = PHRASES.hits(&subject).iter().any(|hit| hit.section == "subject");
    let failed = failed_recipient(mail);
    let is_empty_path = mail.header("return-path").is_some_and(|path| path.trim() == "<>");
    let text = without_copy(&mail.text);
    let folded = fold(&text);
    let hits = PHRASES.hits(&folded);
    let delayed = hits.iter().any(|hit| hit.section == "delayed");
    let status = enhanced_code(&text);
    let code = reply_code(&text);
    let has_code = status.is_some() || code.is_some();
    let is_bounce =
        failed.is_some() || (is_daemon && (says_so || has_code)) || (says_so && (is_empty_path || has_code));
    if !is_bounce {
        return None;
    }
    let class = class_of(status.as_deref(), &text);
    let is_final = match (&status, code) {
        (Some(status), _) => status.starts_with('5'),
        (None, Some(code)) => code >= 500,
        (None, None) => true,
    };
    let kind = if delayed { BounceKind::Transient } else { kind_of(class, is_final) };
    let recipient = returned_recipient(mail).or(failed).or_else(|| person_in(&text, mail));
    let confidence = if class == BounceClass::Unknown { 0.7 } else { 0.88 };
    let rule = if delayed { "bounce.delayed" } else { "bounce.text" };
    Some(Report { kind: kind.mail_kind(), class: Some(class), status_code: status, recipient, confidence, rule })
}

/// The first address of a report's text that is neither ours nor the reporter's.
fn person_in(text: &str, mail: &Mail) -> Option<EmailAddress> {
    ADDRESS.find_iter(text).filter_map(|found| EmailAddress::parse(found.as_str()).ok()).find(|address| {
        let local = address.local_part();
        let role =
            local.starts_with("privacy+") || local.starts_with("postmaster") || local.starts_with("mailer-daemon");
        !role && mail.from.as_ref() != Some(address)
    })
}

/// The notified address of a returned message, for feedback reports.
pub(crate) fn returned_to(mail: &Mail) -> Option<EmailAddress> {
    returned_recipient(mail)
}
