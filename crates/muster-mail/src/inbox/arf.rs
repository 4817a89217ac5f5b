//! Feedback reports (RFC 5965): somebody pressed "this is spam".
//!
//! Invariant: only a report of abuse is a complaint; a report on authentication or a "not spam" is none.

use muster_model::EmailAddress;

use super::dsn::{address_in, returned_to};
use super::parse::{Mail, first_field, header_fields};

/// What a feedback report says.
pub(crate) struct Feedback {
    pub(crate) is_complaint: bool,
    pub(crate) recipient: Option<EmailAddress>,
}

/// Reads a feedback report.
///
/// # Law
///
/// RFC 5965, 3.1 and 7.3; GDPR 21: whoever marks a notice as spam wants no more of it, which we read as an objection.
pub(crate) fn read(mail: &Mail) -> Option<Feedback> {
    let part = mail.part("message/feedback-report")?;
    let fields = header_fields(&part.text);
    let kind = first_field(&fields, "feedback-type").unwrap_or_default().to_ascii_lowercase();
    let is_complaint = !["auth-failure", "not-spam", "dmarc"].contains(&kind.as_str());
    let named = ["original-rcpt-to", "removal-recipient", "redacted-address"];
    let told = named.iter().filter_map(|name| first_field(&fields, name)).find_map(address_in);
    Some(Feedback { is_complaint, recipient: returned_to(mail).or(told) })
}
