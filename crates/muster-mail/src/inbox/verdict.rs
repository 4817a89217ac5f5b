//! The verdict on one mail and its JSON line.
//!
//! The names of the JSON are a contract: scripts read `muster inbox classify`.
//!
//! Invariant: `Debug` shows no personal value; the JSON, which shows some, is written on purpose.

use std::fmt;

use muster_model::{EmailAddress, MailKind, NoticeToken};
use serde::Serialize;

use super::BounceClass;
use super::authentication::Authentication;
use super::identity::Identity;

/// The channels that a sender said no to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Suppress {
    /// No more mail.
    pub email: bool,
    /// No calls.
    pub phone: bool,
}

/// What a mail is.
#[derive(Clone, PartialEq)]
pub struct MailVerdict {
    /// What to act on first.
    pub kind: MailKind,
    /// Everything that the mail is or asks for; the first is `kind`.
    pub kinds: Vec<MailKind>,
    /// The notified person's address, also where somebody else writes.
    pub recipient: Option<EmailAddress>,
    /// The notice that it answers.
    pub token: Option<NoticeToken>,
    /// Enhanced status code of a bounce (RFC 3463).
    pub status_code: Option<String>,
    /// Why a mail bounced.
    pub bounce_class: Option<BounceClass>,
    /// Language of the sender's words, ISO 639-1, if it is clear.
    pub language: Option<String>,
    /// How sure the verdict is, 0 to 1.
    pub confidence: f64,
    /// The channels that the sender named.
    pub suppress: Suppress,
    /// Whether a person has to look.
    pub needs_review: bool,
    /// The rule that decided.
    pub rule: String,
    /// The sender's own words.
    pub text: String,
    /// Who wrote it.
    pub from: Option<EmailAddress>,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// By which way the notified person is known, and how sure.
    pub identity: Identity,
    /// Whether the sender's domain stands behind the mail.
    pub authentication: Authentication,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    kind: MailKind,
    kinds: &'a [MailKind],
    recipient: Option<&'a str>,
    token: Option<&'a str>,
    status_code: Option<&'a str>,
    bounce_class: Option<&'static str>,
    language: Option<&'a str>,
    confidence: f64,
    suppress: Suppress,
    needs_review: bool,
    rule: &'a str,
    text: &'a str,
    // New members come last: scripts may read the line by its order.
    identity: Identity,
    authentication: Authentication,
}

impl MailVerdict {
    /// Makes a verdict of a kind; a person has to look at what is not understood or goes to an authority.
    pub(crate) fn new(kind: MailKind, rule: &str, confidence: f64) -> Self {
        Self {
            kind,
            kinds: vec![kind],
            recipient: None,
            token: None,
            status_code: None,
            bounce_class: None,
            language: None,
            confidence,
            suppress: Suppress { email: matches!(kind, MailKind::Complaint | MailKind::OptOut), phone: false },
            needs_review: matches!(kind, MailKind::Other | MailKind::DataComplaint),
            rule: rule.to_owned(),
            text: String::new(),
            from: None,
            message_id: None,
            identity: Identity::NOBODY,
            authentication: Authentication::None,
        }
    }

    /// Returns the JSON line of `muster inbox classify` for a mail read from `file`, without line end.
    ///
    /// # Panics
    ///
    /// Never: strings, flags and a finite number are always JSON.
    pub fn to_json(&self, file: &str) -> String {
        let line = Line {
            file,
            kind: self.kind,
            kinds: &self.kinds,
            recipient: self.recipient.as_ref().map(EmailAddress::as_str),
            token: self.token.as_ref().map(NoticeToken::as_str),
            status_code: self.status_code.as_deref(),
            bounce_class: self.bounce_class.map(BounceClass::as_str),
            language: self.language.as_deref(),
            confidence: self.confidence,
            suppress: self.suppress,
            needs_review: self.needs_review,
            rule: &self.rule,
            text: &self.text,
            identity: self.identity,
            authentication: self.authentication,
        };
        serde_json::to_string(&line).expect("a line of strings, flags and a number is JSON")
    }
}

impl fmt::Debug for MailVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailVerdict")
            .field("kinds", &self.kinds)
            .field("token", &self.token)
            .field("rule", &self.rule)
            .field("needs_review", &self.needs_review)
            .finish_non_exhaustive()
    }
}
