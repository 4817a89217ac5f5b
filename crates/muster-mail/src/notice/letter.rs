//! The letter: a rendered, checked notice as the message that goes out.
//!
//! It is one of the places where personal values leave their door (`ARCHITECTURE.md`, `Personal values`), from a
//! `Cleared<NoticeOrder, Contact>` only.
//!
//! Invariant: there is no [`Letter`] with a defect, and none for somebody whom the contact wall did not clear.

use std::fmt;

use data_encoding::HEXLOWER;
use muster_gate::sensitive::Screen;
use muster_gate::{Cleared, Contact, Defect, NoticeFacts, NoticeOrder, lint_notice};
use muster_model::{EmailAddress, NoticeToken, Timestamp};
use sha2::{Digest, Sha256};

use super::template::{TemplateError, Templates};
use crate::wire::Wire;

/// Whom a notice comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The controller's name.
    pub from_name: String,
    /// The controller's mailbox.
    pub from_email: EmailAddress,
    /// Where bounces go. Without one they go to the notice's own reply address, whose tag names the notice.
    pub return_path: Option<EmailAddress>,
    /// The instant that the `Date` header states.
    pub date: Timestamp,
}

/// Why no letter was made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The text lacks or breaks something that the law asks for; it does not go out.
    #[error("the notice has {} defect(s), the first is {}", .defects.len(), first_item(.defects))]
    Blocked {
        /// What is wrong.
        defects: Vec<Defect>,
    },
    /// The template cannot be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The reply address of the facts is no address.
    #[error("the reply address of the notice is no e-mail address")]
    ReplyTo,
}

fn first_item(defects: &[Defect]) -> &'static str {
    defects.first().map_or("unknown", |defect| defect.item)
}

/// A notice that may be sent: one person, one text, one message.
///
/// Only [`compose`] makes one. It is not `Clone` and prints nothing of the person.
pub struct Letter {
    token: NoticeToken,
    rcpt_to: EmailAddress,
    mail_from: EmailAddress,
    lang: String,
    subject_line: String,
    text: String,
    text_sha256: String,
    message: Vec<u8>,
    trial: bool,
}

impl Letter {
    /// Returns the token of the notice.
    pub const fn token(&self) -> &NoticeToken {
        &self.token
    }

    /// Returns where it goes.
    pub const fn rcpt_to(&self) -> &EmailAddress {
        &self.rcpt_to
    }

    /// Returns the sender on the envelope.
    pub(crate) const fn mail_from(&self) -> &EmailAddress {
        &self.mail_from
    }

    /// Returns whether it goes to somebody of our own instead of the person.
    pub(crate) const fn is_trial(&self) -> bool {
        self.trial
    }

    /// Returns the language, ISO 639-1.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns the subject line.
    pub fn subject_line(&self) -> &str {
        &self.subject_line
    }

    /// Returns the text, without the subject line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the SHA-256 of the text, hexadecimal, by which the ledger tells who got which text.
    pub fn text_sha256(&self) -> &str {
        &self.text_sha256
    }

    /// Returns the letter with another recipient, for a trial in which somebody of our own takes every mail.
    ///
    /// Who is named in the text does not see it, so nobody is told by it.
    #[must_use]
    pub fn redirected(mut self, rcpt_to: &EmailAddress) -> Self {
        self.message = with_recipient(&self.message, rcpt_to);
        self.rcpt_to = rcpt_to.clone();
        self.trial = true;
        self
    }

    /// Returns the letter as a person reads it: addresses, subject line, text.
    pub fn shown(&self) -> String {
        format!("To: {}\nSubject: {}\n\n{}", self.rcpt_to.as_str(), self.subject_line, self.text)
    }

    /// Returns the message as it leaves (RFC 5322).
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("token", &self.token).field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// Renders, checks and writes the notice of a person that the contact wall cleared.
///
/// # Law
///
/// GDPR 14(1), 14(2), 12(1): the text that goes out, not a template of it, is checked item by item; one missing item
/// blocks it (rule NT-1).
///
/// # Errors
///
/// [`ComposeError::Blocked`] with every defect; [`ComposeError::Template`] where it cannot be rendered.
///
/// # Examples
///
/// What the contact wall has not cleared is no letter:
///
/// ```compile_fail
/// fn forged(order: muster_gate::NoticeOrder, templates: &muster_mail::Templates,
///     sender: &muster_mail::Sender, screen: &muster_gate::sensitive::Screen) {
///     let letter = muster_mail::compose(order, templates, sender, screen);
/// }
/// ```
pub fn compose(
    order: Cleared<NoticeOrder, Contact>,
    templates: &Templates,
    sender: &Sender,
    screen: &Screen,
) -> Result<Letter, ComposeError> {
    let order = order.into_inner();
    let (subject_line, text) = templates.render(&order.facts)?;
    let defects = lint_notice(&text, &order.facts, screen);
    if !defects.is_empty() {
        return Err(ComposeError::Blocked { defects });
    }
    let reply_to = EmailAddress::parse(&order.facts.reply_to).map_err(|_| ComposeError::ReplyTo)?;
    let message = message(&order, sender, &reply_to, &subject_line, &text);
    Ok(Letter {
        token: order.token,
        rcpt_to: order.rcpt_to,
        mail_from: sender.return_path.clone().unwrap_or(reply_to),
        lang: order.facts.lang,
        subject_line,
        text_sha256: HEXLOWER.encode(&Sha256::digest(text.as_bytes())),
        text,
        message,
        trial: false,
    })
}

/// Renders subject line and text from facts alone, for looking at a notice and for checking it.
///
/// What comes out cannot be sent: only [`compose`] makes a [`Letter`].
///
/// # Errors
///
/// [`TemplateError`] names the template and the line, or the missing fact.
pub fn render_text(facts: &NoticeFacts, templates: &Templates) -> Result<(String, String), TemplateError> {
    templates.render(facts)
}

fn message(order: &NoticeOrder, sender: &Sender, reply_to: &EmailAddress, subject_line: &str, text: &str) -> Vec<u8> {
    let mut wire = Wire::default();
    wire.mailbox_header("From", &sender.from_name, sender.from_email.as_str());
    wire.mailbox_header("Reply-To", &sender.from_name, reply_to.as_str());
    wire.mailbox_header("To", "", order.rcpt_to.as_str());
    wire.text_header("Subject", subject_line);
    wire.date_header(sender.date);
    wire.raw_header("Message-ID", &message_id(&order.token, sender.from_email.domain()));
    wire.raw_header("Auto-Submitted", "auto-generated");
    wire.raw_header("List-Unsubscribe", &format!("<mailto:{}?subject=unsubscribe>", reply_to.as_str()));
    wire.raw_header("Content-Language", &order.facts.lang);
    wire.finish_text(text)
}

/// Returns a message whose `To` header names somebody else.
fn with_recipient(message: &[u8], rcpt_to: &EmailAddress) -> Vec<u8> {
    let text = String::from_utf8_lossy(message);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let to =
        |line: &str| if line.starts_with("To: ") { format!("To: <{}>", rcpt_to.as_str()) } else { line.to_owned() };
    let head: Vec<String> = head.split("\r\n").map(to).collect();
    format!("{}\r\n\r\n{body}", head.join("\r\n")).into_bytes()
}

/// Returns the Message-ID of a notice; a reply repeats it in `In-Reply-To` and `References`.
fn message_id(token: &NoticeToken, domain: &str) -> String {
    format!("<notice.{token}@{domain}>")
}

#[cfg(test)]
#[path = "letter_tests.rs"]
pub(crate) mod tests;
