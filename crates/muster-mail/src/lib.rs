//! Notices out; bounces, complaints and replies in. The only crate that speaks SMTP and IMAP.
//!
//! Out: [`compose`] renders the notice of a person that the contact wall cleared, checks the text item by item and
//! makes a [`Letter`], or a [`PaperLetter`] where the way is the post; a [`Mailer`] hands the one to a Maildir, a folder of
//! `.eml` files or an SMTP server, once, a [`LetterFolder`] the other to a printing office. In:
//! [`read_source`] hands out the mails of a mailbox without touching it, [`classify`] says what each of them is. An
//! [`Acknowledgement`] answers the writer of such a mail.
//!
//! It decides nothing about the law: who is told, by when and with which content is `gate`'s; what a verdict about a
//! reply leads to is the binary's and the store's.
//!
//! Invariant: only a [`Letter`] or [`PaperLetter`] is sent, and only [`compose`] makes one, from a `Cleared<NoticeOrder, Contact>`;
//! but for an [`Acknowledgement`], which goes to the writer of a mail that was read and holds nothing from the record.

mod ack;
mod inbox;
mod notice;
mod print;
pub mod respond;
mod send;
mod wire;

pub use ack::{AckFacts, Acknowledgement, NoAnswer, Origin, acknowledgement_languages, arrived_at};
pub use inbox::{
    Authentication, BounceClass, Fetched, Handler, Identity, ImapAccount, ImapCursor, ImapCursors, ImapSecret, ImapTls,
    InboxHints, MailFile, MailPlace, MailSource, MailVerdict, ReadError, ReadSummary, SourceError, Suppress,
    Unreadable, Way, classify, mail_key, read_mailbox, read_source, read_stream,
};
pub use notice::{
    ComposeError, Composed, Letter, PaperLetter, PaperStyle, Sender, TemplateError, Templates, compose, render_html,
    render_text,
};
pub use print::{PrintError, Window};
pub use send::{Delivery, LetterFolder, Mailer, PaperDelivery, SendError, SmtpConfig, SmtpTls, Transport};
