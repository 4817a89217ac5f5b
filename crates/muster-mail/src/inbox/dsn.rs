//! Delivery reports of RFC 3464.
//!
//! The many that follow no standard are in `dsn/loose.rs`; whom a report is about, in `dsn/people.rs`.
//!
//! Invariant: a delayed mail is no bounce yet, a delivered one none at all; what cannot be read for sure is never a
//! permanent failure.

mod loose;
mod people;

use std::cell::LazyCell;

use muster_model::{EmailAddress, MailKind};

use super::bounce::{BounceClass, class_of, enhanced_code, kind_of, reply_code};
use super::parse::{HeaderField, Mail, first_field, header_fields};

pub(crate) use loose::{is_feedback, read_loose};
pub(crate) use people::{address_in, returned_to};

/// A reply below this length, in bytes, is a code or a word; the text above the fields says more.
const SHORT_REPLY: usize = 12;

/// What a report says.
pub(crate) struct Report {
    pub(crate) kind: MailKind,
    pub(crate) class: Option<BounceClass>,
    pub(crate) status_code: Option<String>,
    pub(crate) recipient: Option<EmailAddress>,
    pub(crate) confidence: f64,
    pub(crate) rule: &'static str,
}

/// Reads a report of RFC 3464.
///
/// # Law
///
/// RFC 3464, 2.3: `Action` and `Status` of the recipient decide; the diagnostic code refines a vague status.
pub(crate) fn read_standard(mail: &Mail) -> Option<Report> {
    let is_status = |mime: &str| mime.starts_with("message/") && mime.ends_with("delivery-status");
    let part = mail.parts.iter().find(|part| is_status(&part.mime))?;
    of_fields(mail, &part.text)
}

/// Reads the fields of a report, wherever they stand.
fn of_fields(mail: &Mail, text: &str) -> Option<Report> {
    let blocks = blocks_of(text);
    let ours = people::returned_recipient(mail);
    let action = |block: &[HeaderField]| first_field(block, "action").unwrap_or_default().to_ascii_lowercase();
    let mut about: Vec<&Vec<HeaderField>> = blocks.iter().filter(|block| is_about_recipient(block)).collect();
    about.sort_by_key(|block| {
        let is_ours = ours.is_some() && block_recipient(block) == ours;
        let rank = match action(block).split([' ', ';', '(']).next().unwrap_or_default() {
            "delayed" => 1,
            "delivered" | "relayed" | "expanded" => 2,
            _ => 0,
        };
        (rank, !is_ours)
    });
    let block: &[HeaderField] = about.first().copied()?;
    let recipient = ours.or_else(|| block_recipient(block)).or_else(|| people::failed_recipient(mail));
    let action = action(block);
    let delivered = ["delivered", "relayed", "expanded"].iter().any(|told| action.starts_with(told));
    let diagnostic = first_field(block, "diagnostic-code").unwrap_or_default();
    let stated = first_field(block, "status").unwrap_or_default();
    // Some servers say nothing but in the text above the fields.
    let told = LazyCell::new(|| loose::reason_of(mail));
    let status_code = best_status(stated, diagnostic, &|| told.as_str());
    if delivered || (action.is_empty() && stated.trim().starts_with('2')) {
        let rule = "dsn.delivered";
        return Some(Report { kind: MailKind::AutoReply, class: None, status_code, recipient, confidence: 0.98, rule });
    }
    let status = status_code.as_deref();
    let class = class_of_report(status, diagnostic, &|| told.as_str());
    if action.starts_with("delayed") {
        let class = if class == BounceClass::Unknown { BounceClass::Expired } else { class };
        let (kind, rule) = (MailKind::BounceTransient, "dsn.delayed");
        return Some(Report { kind, class: Some(class), status_code, recipient, confidence: 0.98, rule });
    }
    let kind = kind_of(class, is_final(status, diagnostic)).mail_kind();
    let confidence = if class == BounceClass::Unknown { 0.85 } else { 0.98 };
    Some(Report { kind, class: Some(class), status_code, recipient, confidence, rule: "dsn.failed" })
}

fn class_of_report<'a>(status: Option<&str>, diagnostic: &str, told: &dyn Fn() -> &'a str) -> BounceClass {
    let class = class_of(status, diagnostic);
    if class == BounceClass::Unknown || diagnostic.len() < SHORT_REPLY { class_of(status, told()) } else { class }
}

/// Whether the server refused for good: its reply decides, then the status.
fn is_final(status: Option<&str>, reply: &str) -> bool {
    match (reply_code(reply), status) {
        (Some(code), Some(status)) => code >= 500 && !status.starts_with('4'),
        (Some(code), None) => code >= 500,
        (None, Some(status)) => !status.starts_with('4'),
        (None, None) => true,
    }
}

fn blocks_of(text: &str) -> Vec<Vec<HeaderField>> {
    let normal = text.replace("\r\n", "\n");
    normal.split("\n\n").map(header_fields).filter(|fields| !fields.is_empty()).collect()
}

fn is_about_recipient(block: &[HeaderField]) -> bool {
    ["final-recipient", "original-recipient", "action", "status"].iter().any(|name| first_field(block, name).is_some())
}

/// A vague status (`5.0.0`) gives way to a precise one in the diagnostic text.
fn best_status<'a>(status: &str, diagnostic: &str, told: &dyn Fn() -> &'a str) -> Option<String> {
    let stated = enhanced_code(status);
    let vague = stated.as_deref().is_none_or(|code| code.ends_with(".0.0"));
    if !vague {
        return stated;
    }
    let precise = |text: &str| enhanced_code(text).filter(|code| !code.ends_with(".0.0") && !code.starts_with('2'));
    precise(diagnostic).or_else(|| precise(told())).or(stated)
}

fn block_recipient(block: &[HeaderField]) -> Option<EmailAddress> {
    let names = ["original-recipient", "final-recipient", "x-actual-recipient"];
    names.iter().filter_map(|name| first_field(block, name)).find_map(address_in)
}

#[cfg(test)]
mod tests;
