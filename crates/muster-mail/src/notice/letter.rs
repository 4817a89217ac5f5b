//! The letter: a rendered, checked notice as the message that goes out.
//!
//! It is one of the places where personal values leave their door (`ARCHITECTURE.md`, `Personal values`), from a
//! `Cleared<NoticeOrder, Contact>` only.
//!
//! Invariant: there is no [`Letter`] with a defect, and none for somebody whom the contact wall did not clear.

use std::fmt;

use data_encoding::HEXLOWER;
use muster_gate::sensitive::Screen;
use muster_gate::{Cleared, Contact, Defect, NoticeAddress, NoticeFacts, NoticeOrder, NoticeWay, lint_notice};
use muster_model::{EmailAddress, NoticeToken, Timestamp};
use sha2::{Digest, Sha256};

use super::html;
use super::paper::{PaperLetter, PaperStyle};
use super::template::{TemplateError, Templates};
use crate::print::PrintError;
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
    /// Whether the text goes out as HTML too.
    pub html: bool,
    /// Page of the controller's that takes an opt-out by one click (RFC 8058), with `{token}` in it.
    pub unsubscribe_url: Option<String>,
    /// How letters on paper are set.
    pub paper: PaperStyle,
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
    /// The letter cannot be set on paper as it is.
    #[error("the letter cannot be printed: {0}")]
    Print(#[from] PrintError),
    /// The reply address of the facts is no address.
    #[error("the reply address of the notice is no e-mail address")]
    ReplyTo,
}

fn first_item(defects: &[Defect]) -> &'static str {
    defects.first().map_or("unknown", |defect| defect.item)
}

/// A rendered text that was checked and has no defect.
pub(super) struct Rendered {
    /// ISO 639-1.
    pub(super) lang: String,
    /// The subject line.
    pub(super) subject_line: String,
    /// The text behind it.
    pub(super) text: String,
    /// Its SHA-256, hexadecimal.
    pub(super) text_sha256: String,
}

/// A notice as it leaves: by mail or on paper.
#[derive(Debug)]
pub enum Composed {
    /// By mail.
    Mail(Letter),
    /// On paper.
    Paper(Box<PaperLetter>),
}

impl Composed {
    fn rendered(&self) -> &Rendered {
        match self {
            Self::Mail(letter) => &letter.rendered,
            Self::Paper(letter) => letter.rendered(),
        }
    }

    /// Returns the token of the notice.
    pub const fn token(&self) -> &NoticeToken {
        match self {
            Self::Mail(letter) => letter.token(),
            Self::Paper(letter) => letter.token(),
        }
    }

    /// Returns the language, ISO 639-1.
    pub fn lang(&self) -> &str {
        &self.rendered().lang
    }

    /// Returns the subject line.
    pub fn subject_line(&self) -> &str {
        &self.rendered().subject_line
    }

    /// Returns the text, without the subject line.
    pub fn text(&self) -> &str {
        &self.rendered().text
    }

    /// Returns the SHA-256 of the text, hexadecimal, by which the ledger tells who got which text.
    pub fn text_sha256(&self) -> &str {
        &self.rendered().text_sha256
    }

    /// Returns the notice as a person reads it: address, subject line, text.
    pub fn shown(&self) -> String {
        match self {
            Self::Mail(letter) => letter.shown(),
            Self::Paper(letter) => letter.shown(),
        }
    }
}

/// A notice that may be sent by mail: one person, one text, one message.
///
/// Only [`compose`] makes one. It is not `Clone` and prints nothing of the person.
pub struct Letter {
    token: NoticeToken,
    rcpt_to: EmailAddress,
    mail_from: EmailAddress,
    rendered: Rendered,
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
        &self.rendered.lang
    }

    /// Returns the subject line.
    pub fn subject_line(&self) -> &str {
        &self.rendered.subject_line
    }

    /// Returns the text, without the subject line.
    pub fn text(&self) -> &str {
        &self.rendered.text
    }

    /// Returns the SHA-256 of the text, hexadecimal, by which the ledger tells who got which text.
    pub fn text_sha256(&self) -> &str {
        &self.rendered.text_sha256
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
        format!("To: {}\nSubject: {}\n\n{}", self.rcpt_to.as_str(), self.rendered.subject_line, self.rendered.text)
    }

    /// Returns the text as HTML, which the message holds where the sender wants it.
    pub fn html(&self) -> String {
        html::page(&self.rendered.lang, &self.rendered.subject_line, &self.rendered.text)
    }

    /// Returns the message as it leaves (RFC 5322).
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("token", &self.token).field("lang", &self.rendered.lang).finish_non_exhaustive()
    }
}

/// Renders, checks and writes the notice of a person that the contact wall cleared.
///
/// # Law
///
/// The address of the order says by which way it goes; the words of the way differ, the facts do not.
///
/// GDPR 14(1), 14(2), 12(1): the text that goes out, not a template of it, is checked item by item; one missing item
/// blocks it (rule NT-1).
///
/// # Errors
///
/// [`ComposeError::Blocked`] with every defect; [`ComposeError::Template`] where it cannot be rendered;
/// [`ComposeError::Print`] where it cannot be set on paper.
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
) -> Result<Composed, ComposeError> {
    let order = order.into_inner();
    let (subject_line, text) = templates.render(&order.facts, order.address.way())?;
    let defects = lint_notice(&text, &order.facts, screen);
    if !defects.is_empty() {
        return Err(ComposeError::Blocked { defects });
    }
    let reply_to = EmailAddress::parse(&order.facts.reply_to).map_err(|_| ComposeError::ReplyTo)?;
    let text_sha256 = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    let rendered = Rendered { lang: order.facts.lang.clone(), subject_line, text, text_sha256 };
    let NoticeOrder { token, address, master, facts, due_at: _ } = order;
    match address {
        NoticeAddress::Postal(address) => {
            let letter = PaperLetter::set(token, &address, master, &facts, rendered, &sender.paper)?;
            Ok(Composed::Paper(Box::new(letter)))
        }
        NoticeAddress::Mailbox(rcpt_to) => {
            let message = message(&token, &rcpt_to, sender, &reply_to, &rendered);
            let mail_from = sender.return_path.clone().unwrap_or(reply_to);
            Ok(Composed::Mail(Letter { token, rcpt_to, mail_from, rendered, message, trial: false }))
        }
    }
}

/// Renders subject line and text from facts alone, for looking at a notice and for checking it.
///
/// What comes out cannot be sent: only [`compose`] makes a [`Letter`].
///
/// # Errors
///
/// [`TemplateError`] names the template and the line, or the missing fact.
pub fn render_text(
    facts: &NoticeFacts,
    way: NoticeWay,
    templates: &Templates,
) -> Result<(String, String), TemplateError> {
    templates.render(facts, way)
}

/// Writes a rendered text as the HTML part would be, for looking at it.
pub fn render_html(lang: &str, subject_line: &str, text: &str) -> String {
    html::page(lang, subject_line, text)
}

fn message(
    token: &NoticeToken,
    rcpt_to: &EmailAddress,
    sender: &Sender,
    reply_to: &EmailAddress,
    Rendered { lang, subject_line, text, .. }: &Rendered,
) -> Vec<u8> {
    let mut wire = Wire::default();
    wire.mailbox_header("From", &sender.from_name, sender.from_email.as_str());
    wire.mailbox_header("Reply-To", &sender.from_name, reply_to.as_str());
    wire.mailbox_header("To", "", rcpt_to.as_str());
    wire.text_header("Subject", subject_line);
    wire.date_header(sender.date);
    wire.raw_header("Message-ID", &message_id(token, sender.from_email.domain()));
    wire.raw_header("Auto-Submitted", "auto-generated");
    unsubscribe_headers(&mut wire, sender, reply_to, token);
    wire.raw_header("Content-Language", lang);
    if sender.html {
        let page = html::page(lang, subject_line, text);
        wire.finish_alternative(text, &page, &format!("notice-{token}"))
    } else {
        wire.finish_text(text)
    }
}

/// The ways to opt out that mail programs offer: by mail always, by one click where the controller has a page for it.
///
/// # Law
///
/// GDPR 21(2), 12(2); RFC 2369, RFC 8058; rule NT-5.
fn unsubscribe_headers(wire: &mut Wire, sender: &Sender, reply_to: &EmailAddress, token: &NoticeToken) {
    let by_mail = format!("<mailto:{}?subject=unsubscribe>", reply_to.as_str());
    let Some(page) = &sender.unsubscribe_url else { return wire.raw_header("List-Unsubscribe", &by_mail) };
    wire.raw_header("List-Unsubscribe", &format!("<{}>, {by_mail}", page.replace("{token}", token.as_str())));
    wire.raw_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
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
