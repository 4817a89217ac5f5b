//! Feedback reports: somebody pressed "this is spam". RFC 5965, and the forms that providers had before it.
//!
//! Invariant: only a report of abuse is a complaint; a report on authentication or a "not spam" is none.

use muster_model::EmailAddress;

use super::dsn::{address_in, is_feedback, returned_to};
use super::parse::{HeaderField, Mail, first_field, header_fields};

/// What a feedback report says.
pub(crate) struct Feedback {
    pub(crate) is_complaint: bool,
    pub(crate) recipient: Option<EmailAddress>,
}

/// Fields of a returned mail in which providers name whom it went to.
const NAMED_IN_COPY: &[&str] = &["x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "x-envelope-to", "to"];

/// Reads a feedback report.
///
/// # Law
///
/// RFC 5965, 3.1 and 7.3; GDPR 21: whoever marks a notice as spam wants no more of it, which we read as an objection.
pub(crate) fn read(mail: &Mail) -> Option<Feedback> {
    let Some(part) = mail.part("message/feedback-report") else {
        return is_feedback(mail).then(|| Feedback { is_complaint: true, recipient: recipient(mail, &[]) });
    };
    let fields = header_fields(part.text.trim_start());
    let kind = first_field(&fields, "feedback-type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_complaint = !["auth-failure", "not-spam", "dmarc", "dkim", "miscategorized"].contains(&kind.as_str());
    Some(Feedback { is_complaint, recipient: recipient(mail, &fields) })
}

/// Whom the mail went to that was complained about.
fn recipient(mail: &Mail, fields: &[HeaderField]) -> Option<EmailAddress> {
    let named = ["original-rcpt-to", "removal-recipient", "redacted-address", "final-recipient"];
    let told = || named.iter().filter_map(|name| first_field(fields, name)).find_map(address_in);
    let copied = || {
        let part =
            mail.parts.iter().find(|part| part.mime == "message/rfc822" || part.mime == "text/rfc822-headers")?;
        let normal = part.text.replace("\r\n", "\n");
        let copy = header_fields(normal.split("\n\n").next().unwrap_or_default());
        NAMED_IN_COPY.iter().filter_map(|name| first_field(&copy, name)).find_map(address_in)
    };
    returned_to(mail).or_else(told).or_else(copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(head: &str, kind: &str) -> Vec<u8> {
        format!(
            "From: {head}\r\nSubject: complaint about message from 192.0.2.7\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA report.\r\n\
             --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nVersion: 1\r\n\
             Original-Rcpt-To: <kim@werft.example>\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             To: kim@werft.example\r\nSubject: x\r\n\r\nhello\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn abuse_and_opt_out_are_complaints_and_reports_on_authentication_or_no_spam_are_none() {
        for (kind, expected) in [
            ("abuse", true),
            ("opt-out", true),
            ("opt-out-list", true),
            ("fraud", true),
            ("other", true),
            ("not-spam", false),
            ("auth-failure", false),
        ] {
            let mail = Mail::parse(&report("fbl@provider.example", kind)).unwrap();
            let feedback = read(&mail).unwrap();
            assert_eq!(feedback.is_complaint, expected, "{kind}");
            assert_eq!(feedback.recipient.unwrap().as_str(), "kim@werft.example");
        }
    }

    #[test]
    fn a_plain_forward_by_a_feedback_desk_is_a_complaint_and_one_by_a_person_is_none() {
        let raw = |from: &str| {
            format!(
                "From: {from}\r\nSubject: complaint about message from 192.0.2.7\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                 X-HmXmrOriginalRecipient: kim@werft.example\r\nSubject: x\r\n\r\nhello\r\n--b--\r\n"
            )
        };
        let mail = Mail::parse(raw("staff@post.example").as_bytes()).unwrap();
        assert_eq!(read(&mail).unwrap().recipient.unwrap().as_str(), "kim@werft.example");
        let mail = Mail::parse(raw("anna@post.example").as_bytes()).unwrap();
        assert!(read(&mail).is_none());
    }
}
