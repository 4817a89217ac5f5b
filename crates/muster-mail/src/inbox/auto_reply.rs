//! Answers that a machine wrote: out-of-office notes, ticket receipts, read receipts, challenges.
//!
//! Invariant: they change nothing about a person; at most a human looks at one.

use std::sync::LazyLock;

use super::parse::Mail;
use super::phrases::{Phrases, clauses, fold};

/// What kind of sign showed the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A header that only machines set.
    Header,
    /// The subject.
    Subject,
    /// The text.
    Body,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(&[("auto", include_str!("phrases/auto.txt"))]));

/// Clauses of a text that are looked at; a note says so at its beginning.
const CLAUSES_MAX: usize = 12;

/// Looks for the signs of a machine's answer.
///
/// # Law
///
/// RFC 3834, 5: `Auto-Submitted` other than `no` is a machine's. Rule RT-1.
pub(crate) fn sign_of(mail: &Mail, own_words: &str) -> Option<Sign> {
    if has_header(mail) {
        return Some(Sign::Header);
    }
    let subject = fold(&mail.subject);
    if PHRASES.hits(&subject).iter().any(|hit| hit.section == "subject") {
        return Some(Sign::Subject);
    }
    let body = clauses(own_words);
    let told =
        body.iter().take(CLAUSES_MAX).any(|clause| PHRASES.hits(&clause.words).iter().any(|hit| hit.section == "body"));
    told.then_some(Sign::Body)
}

/// Returns whether a note says that somebody has left: the record is wrong then (rule RE-2).
pub(crate) fn says_left(mail: &Mail, own_words: &str) -> bool {
    let left = |words: &str| PHRASES.hits(words).iter().any(|hit| hit.section == "left");
    left(&fold(&mail.subject)) || clauses(own_words).iter().any(|clause| left(&clause.words))
}

fn has_header(mail: &Mail) -> bool {
    let auto_submitted = mail.header("auto-submitted").is_some_and(|value| {
        let first = value.split([';', ' ', '(']).next().unwrap_or_default();
        !first.is_empty() && !first.eq_ignore_ascii_case("no")
    });
    let marked = [
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-autoreply-from",
        "x-mail-autoreply",
        "x-vacation",
    ]
    .iter()
    .any(|name| {
        mail.header(name).is_some_and(|value| !value.eq_ignore_ascii_case("no") && !value.eq_ignore_ascii_case("false"))
    });
    let precedence = ["precedence", "x-precedence"]
        .iter()
        .filter_map(|name| mail.header(name))
        .any(|value| ["auto_reply", "auto-reply", "autoreply"].contains(&value.trim().to_ascii_lowercase().as_str()));
    let receipt = mail.part("message/disposition-notification").is_some()
        || mail.report_type.as_deref() == Some("disposition-notification");
    let inbox_rule = mail.header("x-ms-exchange-inbox-rules-loop").is_some()
        || mail
            .header("x-ms-exchange-generated-message-source")
            .is_some_and(|value| value.to_lowercase().contains("mailbox rules agent"));
    auto_submitted || marked || precedence || receipt || inbox_rule
}
