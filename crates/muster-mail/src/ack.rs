//! Acknowledgements: the short answer to a person's mail that says what was done, by when more comes, whom to complain to.
//!
//! Whether one is owed is decided elsewhere. Here is who may be answered at all ([`Origin`]), the words in seven
//! languages, and the message: an automatic answer in the sense of RFC 3834, with the null return path, so that nothing
//! comes back from a machine.
//!
//! Invariant: an acknowledgement goes to the writer of a mail that was read and to nobody else, never to a machine, a
//! list or a role daemon; it says nothing about what is on record, not even whether anything is.

mod arrival;
mod origin;

use std::fmt;
use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use muster_model::{EmailAddress, MailKind, NoticeToken, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use arrival::arrived_at;
pub use origin::{NoAnswer, Origin};

use crate::notice::{date_text, subject_and_text};
use crate::wire::Wire;

/// The texts by language.
const TEXTS: &[(&str, &str)] = &[
    ("de", include_str!("ack/templates/de.txt.j2")),
    ("en", include_str!("ack/templates/en.txt.j2")),
    ("es", include_str!("ack/templates/es.txt.j2")),
    ("fr", include_str!("ack/templates/fr.txt.j2")),
    ("it", include_str!("ack/templates/it.txt.j2")),
    ("nl", include_str!("ack/templates/nl.txt.j2")),
    ("pl", include_str!("ack/templates/pl.txt.j2")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the default ones"));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for (lang, text) in TEXTS {
        environment.add_template(lang, text).expect("the shipped texts are rendered by a test");
    }
    environment
});

/// Returns the languages that an acknowledgement can be written in, ISO 639-1.
pub fn acknowledgement_languages() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(lang, _)| *lang)
}

/// What an acknowledgement says; nothing of it comes from the record of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AckFacts {
    /// Names it, in the folder and in the `Message-ID`: letters and digits.
    pub token: NoticeToken,
    /// The notice that the mail answers; a further answer then finds it again.
    pub notice: Option<NoticeToken>,
    /// Language of the text, ISO 639-1; English where there is no text in it.
    pub lang: String,
    /// The controller's name.
    pub controller: String,
    /// The controller's mailbox.
    pub controller_email: EmailAddress,
    /// What the mail asks for.
    pub kinds: Vec<MailKind>,
    /// Whether a person has to read the mail before more can be said.
    pub doubt: bool,
    /// The local day on which it arrived.
    pub received_on: Date,
    /// The local day by which an answer is due, where one is still to come (GDPR 12(3)).
    pub due_on: Option<Date>,
    /// The supervisory authority that a complaint may go to (GDPR 12(4), 77).
    pub authority: String,
    /// What to name when asking again.
    pub reference: String,
    /// The instant of the `Date` header.
    pub date: Timestamp,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each stands before a sentence of the texts")]
struct View<'a> {
    controller: &'a str,
    controller_email: &'a str,
    received_on: String,
    due_on: Option<String>,
    authority: &'a str,
    reference: &'a str,
    doubt: bool,
    stopped: bool,
    erasure: bool,
    no_calls: bool,
    access: bool,
    portability: bool,
    rectification: bool,
    restriction: bool,
    complaint: bool,
}

impl<'a> View<'a> {
    fn of(facts: &'a AckFacts, lang: &str) -> Self {
        let asked = |kind: MailKind| facts.kinds.contains(&kind);
        Self {
            controller: &facts.controller,
            controller_email: facts.controller_email.as_str(),
            received_on: date_text(facts.received_on, lang),
            due_on: facts.due_on.map(|day| date_text(day, lang)),
            authority: &facts.authority,
            reference: &facts.reference,
            doubt: facts.doubt,
            stopped: asked(MailKind::OptOut) || asked(MailKind::Objection) || asked(MailKind::Erasure),
            erasure: asked(MailKind::Erasure),
            no_calls: asked(MailKind::DoNotCall),
            access: asked(MailKind::Access),
            portability: asked(MailKind::Portability),
            rectification: asked(MailKind::Rectification),
            restriction: asked(MailKind::Restriction),
            complaint: asked(MailKind::DataComplaint),
        }
    }
}

/// An acknowledgement ready to leave.
///
/// It is made from the [`Origin`] of a mail alone. It is not `Clone` and prints nothing of the person.
pub struct Acknowledgement {
    token: NoticeToken,
    rcpt_to: EmailAddress,
    lang: &'static str,
    text: String,
    text_sha256: String,
    message: Vec<u8>,
}

impl Acknowledgement {
    /// Writes the answer to a mail.
    ///
    /// # Law
    ///
    /// GDPR 12(3), 12(4): information on action taken, or by when it comes, and the possibility of a complaint. GDPR
    /// 21(3): what has been done about an objection. RFC 3834, 3.1: marked as an automatic answer, null return path, in
    /// the thread of the mail.
    ///
    /// # Panics
    ///
    /// Never: the shipped texts are rendered by a test with every fact there can be.
    pub fn write(origin: &Origin, facts: &AckFacts) -> Self {
        let known = TEXTS.iter().map(|(lang, _)| *lang).find(|lang| *lang == facts.lang);
        let lang = known.unwrap_or("en");
        let template = ENVIRONMENT.get_template(lang).expect("there is a text for each language of the list");
        let whole = template.render(Serde(&View::of(facts, lang))).expect("the shipped texts know their facts");
        let (subject_line, text) = subject_and_text(&whole).expect("the shipped texts have a subject line");
        let message = message(origin, facts, lang, &subject_line, &text);
        let text_sha256 = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        Self { token: facts.token.clone(), rcpt_to: origin.writer().clone(), lang, text, text_sha256, message }
    }

    /// Returns the token that names it.
    pub const fn token(&self) -> &NoticeToken {
        &self.token
    }

    /// Returns where it goes: to the writer of the mail.
    pub(crate) const fn rcpt_to(&self) -> &EmailAddress {
        &self.rcpt_to
    }

    /// Returns the language that it is written in.
    pub const fn lang(&self) -> &'static str {
        self.lang
    }

    /// Returns the text, without the subject line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the SHA-256 of the text, hexadecimal.
    pub fn text_sha256(&self) -> &str {
        &self.text_sha256
    }

    /// Returns the message as it leaves (RFC 5322).
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

impl fmt::Debug for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Acknowledgement");
        shown.field("token", &self.token).field("lang", &self.lang).finish_non_exhaustive()
    }
}

fn message(origin: &Origin, facts: &AckFacts, lang: &str, subject_line: &str, text: &str) -> Vec<u8> {
    let ours = &facts.controller_email;
    let mut wire = Wire::default();
    wire.mailbox_header("From", &facts.controller, ours.as_str());
    if let Some(notice) = &facts.notice {
        wire.mailbox_header("Reply-To", &facts.controller, &format!("privacy+{notice}@{}", ours.domain()));
    }
    wire.mailbox_header("To", "", origin.writer().as_str());
    wire.text_header("Subject", subject_line);
    wire.date_header(facts.date);
    wire.raw_header("Message-ID", &format!("<answer.{}@{}>", facts.token, ours.domain()));
    if let Some(id) = origin.message_id() {
        wire.raw_header("In-Reply-To", &format!("<{id}>"));
        wire.raw_header("References", &format!("<{id}>"));
    }
    wire.raw_header("Auto-Submitted", "auto-replied");
    // Exchange answers an automatic answer otherwise.
    wire.raw_header("X-Auto-Response-Suppress", "All");
    wire.raw_header("Content-Language", lang);
    wire.finish_text(text)
}

#[cfg(test)]
mod tests;
