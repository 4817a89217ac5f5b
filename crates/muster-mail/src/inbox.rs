//! What a mail in our mailbox is: a bounce, a complaint, a machine's answer, or a person's wish.
//!
//! [`classify`] is pure: bytes in, verdict out. What follows from a verdict (suppressions, cases, bounce states) is
//! decided elsewhere.
//!
//! Invariant: any bytes give a verdict; what is not understood is [`MailKind::Other`] and needs a person. A machine's
//! answer never asks for anything.

mod arf;
mod auto_reply;
mod bounce;
mod dsn;
mod html;
mod intent;
mod language;
mod mailbox;
mod parse;
mod phrases;
mod quote;
mod recipient;
mod reply;
mod token;
mod verdict;

use std::panic::{AssertUnwindSafe, catch_unwind};

use muster_model::MailKind;

pub use bounce::BounceClass;
pub(crate) use bounce::{BounceKind, bounce_of_reply, enhanced_code};
pub use mailbox::{
    Fetched, Handler, ImapAccount, ImapCursor, ImapCursors, ImapSecret, ImapTls, MailFile, MailPlace, MailSource,
    ReadError, ReadSummary, SourceError, Unreadable, mail_key, read_mailbox, read_source, read_stream,
};
pub use verdict::{MailVerdict, Suppress};

use auto_reply::Sign;
use intent::Intents;
use parse::Mail;
use quote::Words;

/// What the caller knows beside the mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxHints {
    /// The domain of our reply addresses; a tag at another domain is none of ours then.
    pub our_domain: Option<String>,
}

/// Says what a mail is.
///
/// # Law
///
/// GDPR 12(2), 21(3): an objection is found in the sender's own words, whatever their form. Rules RT-1 and RT-2.
pub fn classify(raw: &[u8], hints: &InboxHints) -> MailVerdict {
    // One hostile mail is one mail for a person to look at, not a lost run.
    catch_unwind(AssertUnwindSafe(|| verdict_on(raw, hints)))
        .unwrap_or_else(|_| MailVerdict::new(MailKind::Other, "unreadable", 0.0))
}

fn verdict_on(raw: &[u8], hints: &InboxHints) -> MailVerdict {
    let Some(mail) = Mail::parse(raw) else { return MailVerdict::new(MailKind::Other, "unreadable", 0.0) };
    let words = quote::own_words(&mail.text);
    let mut verdict = decide(&mail, &words);
    verdict.token = token::find(&mail, hints.our_domain.as_deref());
    if verdict.recipient.is_none() && !is_bounce(verdict.kind) {
        verdict.recipient = recipient::notified(&mail, &words);
    }
    let read = if words.own.is_empty() { mail.subject.as_str() } else { words.own.as_str() };
    verdict.language = language::language_of(read).map(str::to_owned);
    verdict.needs_review |= unproven(&verdict);
    verdict.from = mail.from;
    verdict.message_id = mail.message_id;
    verdict.text = words.own;
    verdict
}

const fn is_bounce(kind: MailKind) -> bool {
    matches!(kind, MailKind::BouncePermanent | MailKind::BounceTransient | MailKind::BouncePolicy)
}

/// Whether something would be disclosed or changed for somebody who has not shown who they are.
fn unproven(verdict: &MailVerdict) -> bool {
    let discloses = |kind: &MailKind| {
        matches!(kind, MailKind::Access | MailKind::Portability | MailKind::Rectification | MailKind::Restriction)
    };
    verdict.token.is_none() && verdict.kinds.iter().any(discloses)
}

fn decide(mail: &Mail, words: &Words) -> MailVerdict {
    if let Some(report) = dsn::read_standard(mail) {
        return of_report(report);
    }
    if let Some(feedback) = arf::read(mail) {
        let kind = if feedback.is_complaint { MailKind::Complaint } else { MailKind::Other };
        let mut verdict = MailVerdict::new(kind, "arf", 0.99);
        verdict.recipient = feedback.recipient;
        return verdict;
    }
    if is_list_unsubscribe(mail, words) {
        return MailVerdict::new(MailKind::OptOut, "list-unsubscribe", 0.99);
    }
    let sign = auto_reply::sign_of(mail, &words.own);
    if sign != Some(Sign::Subject)
        && !reply::has_reply_prefix(mail.subject.trim())
        && let Some(report) = dsn::read_loose(mail)
    {
        return of_report(report);
    }
    let intents = reply::requests(mail, words);
    match sign {
        Some(sign @ (Sign::Header | Sign::Subject)) => of_machine(mail, words, sign, &intents),
        Some(Sign::Body) if intents.kinds.is_empty() => of_machine(mail, words, Sign::Body, &intents),
        Some(Sign::Body) | None => reply::of_person(words, &intents, sign.is_some()),
    }
}

fn of_report(report: dsn::Report) -> MailVerdict {
    let mut verdict = MailVerdict::new(report.kind, report.rule, report.confidence);
    verdict.recipient = report.recipient;
    verdict.status_code = report.status_code;
    verdict.bounce_class = report.class;
    verdict
}

/// The `mailto:` of our `List-Unsubscribe` header, as a mail program sends it: an opt-out although a machine wrote it.
fn is_list_unsubscribe(mail: &Mail, words: &Words) -> bool {
    let subject = phrases::fold(&mail.subject);
    let to_tag = ["to", "delivered-to", "x-original-to"].iter().flat_map(|name| mail.headers(name));
    let tagged = to_tag.into_iter().any(|to| to.to_ascii_lowercase().contains("privacy+"));
    subject == "unsubscribe" && tagged && words.own.len() < 400 && intent::read(&words.own).voided.eq(&false)
}

fn of_machine(mail: &Mail, words: &Words, sign: Sign, intents: &Intents) -> MailVerdict {
    let (rule, confidence) = match sign {
        Sign::Header => ("auto-reply.header", 0.97),
        Sign::Subject => ("auto-reply.subject", 0.95),
        Sign::Body => ("auto-reply.text", 0.85),
    };
    let mut verdict = MailVerdict::new(MailKind::AutoReply, rule, confidence);
    // Somebody may have set a note that says no; a machine's answer asks for nothing, but a person looks.
    verdict.needs_review = auto_reply::says_left(mail, &words.own) || !intents.kinds.is_empty();
    verdict
}

#[cfg(test)]
mod tests;
