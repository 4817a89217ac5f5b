//! Notices out; bounces, complaints and replies in. The only crate that speaks SMTP.
//!
//! Out: [`compose`] renders the notice of a person that the contact wall cleared, checks the text item by item and
//! makes a [`Letter`]; a [`Mailer`] hands it to a Maildir, a folder of `.eml` files or an SMTP server, once. In:
//! [`read_mailbox`] lists the mails of a mailbox without touching it, [`classify`] says what each of them is.
//!
//! It decides nothing about the law: who is told, by when and with which content is `gate`'s; what a verdict about a
//! reply leads to is the binary's and the store's.
//!
//! Invariant: only a [`Letter`] is sent, and only [`compose`] makes one, from a `Cleared<NoticeOrder, Contact>`.

mod inbox;
mod notice;
pub mod respond;
mod send;
mod wire;

pub use inbox::{
    BounceClass, InboxHints, MailFile, MailVerdict, ReadError, Suppress, classify, mail_key, read_mailbox,
};
pub use notice::{ComposeError, Letter, Sender, TemplateError, Templates, compose, render_text};
pub use send::{Delivery, Mailer, SendError, SmtpConfig, SmtpTls, Transport};
