//! What a mail in our mailbox is: a bounce, a complaint, a machine's answer, or a person's wish.
//!
//! [`classify`] is pure: bytes in, verdict out. What follows from a verdict (suppressions, cases, bounce states) is
//! decided elsewhere.
//!
//! Invariant: any bytes give a verdict; what is not understood is [`MailKind::Other`] and needs a person. A machine's
//! answer never asks for anything.

mod arf;
mod authentication;
mod auto_reply;
mod bounce;
mod dsn;
mod html;
mod identity;
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

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use muster_model::{EmailAddress, MailKind};

pub use authentication::Authentication;
pub use bounce::BounceClass;
pub(crate) use bounce::{BounceKind, bounce_of_reply, enhanced_code};
pub use identity::{Identity, Way};
pub use mailbox::{
    Fetched, Handler, ImapAccount, ImapCursor, ImapCursors, ImapSecret, ImapTls, MailFile, MailPlace, MailSource,
    ReadError, ReadSummary, SourceError, Unreadable, mail_key, read_mailbox, read_source, read_stream,
};
pub use verdict::{MailVerdict, Suppress};

use auto_reply::{Machine, Reading, Sign};
use identity::Signs;
use intent::Intents;
use parse::Mail;
use quote::Words;

/// What the caller knows beside the mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxHints {
    /// The domain of our reply addresses; a tag at another domain is none of ours then.
    pub our_domain: Option<String>,
    /// The name with which our receiving server signs its `Authentication-Results` (RFC 8601, authserv-id); without it
    /// no result proves anything.
    pub authserv_id: Option<String>,
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
    let words = quote::words_of(&mail);
    let reading = Reading::of(&mail, &words);
    let mut verdict = decide(&mail, &words, &reading);
    identify(&mut verdict, &mail, &words, hints);
    // One word is often the same in several languages; the subject is in that of the notice.
    let language = language::language_of(&words.own).or_else(|| language::language_of(&mail.subject));
    verdict.language = language.map(str::to_owned);
    // Another address to use, somebody who left, a wish for all of a firm: more than the wish of whoever writes (rules
    // RE-2, RT-11).
    let is_more = || {
        let corrects = verdict.kinds.contains(&MailKind::Rectification);
        reading.tells_of_change()
            || recipient::names_a_domain(&words.own)
            || (corrects && recipient::names_another(&words.own, &[&verdict.from, &verdict.recipient]))
    };
    verdict.needs_review |= unproven(&verdict) || (is_wish(verdict.kind) && is_more());
    verdict.message_id = mail.message_id;
    verdict.text = words.own;
    verdict
}

/// Says who the mail is about and who wrote it.
fn identify(verdict: &mut MailVerdict, mail: &Mail, words: &Words, hints: &InboxHints) {
    let our_domain = hints.our_domain.as_deref();
    let token = token::find(mail, our_domain);
    let told = verdict.recipient.take().map(|address| (address, Way::Original));
    let notified = || if is_bounce(verdict.kind) { None } else { recipient::notified(mail, words, our_domain) };
    let found = told.or_else(notified);
    verdict.authentication = authentication::read(mail, hints.authserv_id.as_deref());
    verdict.identity = Identity::of(&Signs {
        token: token.as_ref().map(|(_, way)| *way),
        recipient: found.as_ref().map(|(address, way)| (address, *way)),
        from: mail.from.as_ref(),
        authentication: verdict.authentication,
    });
    verdict.token = token.map(|(token, _)| token);
    verdict.recipient = found.map(|(address, _)| address);
    verdict.from.clone_from(&mail.from);
}

const fn is_bounce(kind: MailKind) -> bool {
    matches!(kind, MailKind::BouncePermanent | MailKind::BounceTransient | MailKind::BouncePolicy)
}

/// Whether a person wants something, as far as it was understood.
const fn is_wish(kind: MailKind) -> bool {
    !is_bounce(kind) && !matches!(kind, MailKind::Complaint | MailKind::AutoReply)
}

/// Whether it is not proven that the notified person writes: something would be disclosed or changed for somebody who
/// has not shown who they are, somebody else writes, or the sender's domain disowns the mail.
///
/// # Law
///
/// GDPR 12(6), rules RT-2 and RT-11. A "no" takes effect all the same.
fn unproven(verdict: &MailVerdict) -> bool {
    if !is_wish(verdict.kind) {
        return false;
    }
    let discloses = verdict.kinds.iter().any(|kind| {
        matches!(kind, MailKind::Access | MailKind::Portability | MailKind::Rectification | MailKind::Restriction)
    });
    let is_other = verdict.recipient != verdict.from;
    let is_role = verdict.from.as_ref().is_some_and(EmailAddress::is_role);
    let is_forged = verdict.authentication == Authentication::Fail;
    if verdict.token.is_some() {
        return is_other && (discloses || is_role) || is_forged && discloses;
    }
    discloses || is_other || is_forged
}

/// What a mail is: reports first, which say so by themselves, then machines, then what a person wrote.
fn decide(mail: &Mail, words: &Words, reading: &Reading) -> MailVerdict {
    if !attaches_a_report(mail)
        && let Some(report) = dsn::read_standard(mail)
    {
        return of_report(report);
    }
    if let Some(feedback) = arf::read(mail) {
        let kind = if feedback.is_complaint { MailKind::Complaint } else { MailKind::Other };
        let mut verdict = MailVerdict::new(kind, "arf", 0.99);
        verdict.recipient = feedback.recipient;
        return verdict;
    }
    let intents = reply::requests(mail, words);
    if is_list_unsubscribe(mail, words, &intents) {
        return MailVerdict::new(MailKind::OptOut, "list-unsubscribe", 0.99);
    }
    let machine = reading.machine(mail, words);
    let says_auto = machine.as_ref().is_some_and(|machine| machine.subject_says_so);
    if !says_auto
        && !reply::has_reply_prefix(mail.subject.trim())
        && let Some(report) = dsn::read_loose(mail)
    {
        return of_report(report);
    }
    if machine.is_none() && auto_reply::is_bulk(mail) {
        return MailVerdict::new(MailKind::Other, "bulk", 0.9);
    }
    let Some(machine) = machine else { return reply::of_person(words, &intents, false) };
    let asked = asked_beside(&machine, mail, words);
    if is_written_by_machine(&machine, &asked) {
        return of_machine(&machine, &asked);
    }
    let mut intents = intents;
    intents.kinds.retain(|kind, _| asked.contains(kind));
    reply::of_person(words, &intents, true)
}

/// How sure the model alone has to be of a wish in a text that sounds like a machine's.
const SENSE_MIN: f64 = 0.8;

/// What a text that sounds like a machine's asks for all the same: by a phrase of the files anywhere, or by its sense
/// in sentences that are not a machine's.
fn asked_beside(machine: &Machine, mail: &Mail, words: &Words) -> BTreeSet<MailKind> {
    let rest = Words { own: machine.rest.clone(), ..words.clone() };
    let by_phrase = if rest.own.is_empty() { Intents::default() } else { reply::requests(mail, &rest) };
    let by_phrase = by_phrase.kinds.into_iter().filter(|(_, evidence)| evidence.place != intent::SAID);
    let sensed = if machine.speaks_for_a_firm() { Intents::default() } else { intent::read(&machine.own) };
    let by_sense = sensed.kinds.into_iter().filter(|(_, evidence)| evidence.sure >= SENSE_MIN);
    by_phrase.chain(by_sense).map(|(kind, _)| kind).collect()
}

/// Whether a person shows us a report that they got: they reply, and their mail is none by itself (RFC 6522, 3).
fn attaches_a_report(mail: &Mail) -> bool {
    mail.report_type.is_none() && reply::has_reply_prefix(mail.subject.trim())
}

/// A header or a subject decides alone. Where only the text sounds like a machine, a request in it is a person's: "I am
/// away until Monday, but take me off your list".
fn is_written_by_machine(machine: &Machine, asked: &BTreeSet<MailKind>) -> bool {
    match machine.sign {
        Sign::Header | Sign::Subject => true,
        // "Write to Y from now on" in a note is told by `is_stale`.
        Sign::Body | Sign::Path => asked.iter().all(|kind| machine.is_stale && *kind == MailKind::Rectification),
    }
}

fn of_report(report: dsn::Report) -> MailVerdict {
    let mut verdict = MailVerdict::new(report.kind, report.rule, report.confidence);
    verdict.recipient = report.recipient;
    verdict.status_code = report.status_code;
    verdict.bounce_class = report.class;
    verdict
}

/// Longest text that mail programs put into such a mail in words that we do not know.
const BUTTON_TEXT_BYTES_MAX: usize = 200;

/// The `mailto:` of our `List-Unsubscribe` header, as a mail program sends it: an opt-out although a machine wrote it.
///
/// # Law
///
/// RFC 2369, 3.2: the mail is what the header's owner asked for, so sending it is the person's own act.
fn is_list_unsubscribe(mail: &Mail, words: &Words, intents: &Intents) -> bool {
    let is_more =
        |(kind, evidence): (&MailKind, &intent::Evidence)| *kind != MailKind::OptOut && evidence.place != intent::SAID;
    let asks_no_more = !intents.kinds.iter().any(is_more) && !intents.voided;
    let to = token::TO_HEADERS.iter().flat_map(|name| mail.headers(name)).flat_map(recipient::addresses_in);
    let tagged = to.into_iter().any(|address| token::is_privacy_mailbox(address.local_part()));
    tagged
        && asks_no_more
        && auto_reply::is_unsubscribe_subject(&mail.subject)
        && (words.own.len() < BUTTON_TEXT_BYTES_MAX || auto_reply::is_unsubscribe_text(&words.own))
}

fn of_machine(machine: &Machine, asked: &BTreeSet<MailKind>) -> MailVerdict {
    let mut verdict = MailVerdict::new(MailKind::AutoReply, &machine.rule(), machine.confidence);
    // Somebody may have set a note that says no; a machine's answer asks for nothing, but a person looks.
    // That a record is out of date is told by `is_stale` with more care than by a correction read from a note.
    let asks = asked.iter().any(|kind| *kind != MailKind::Rectification);
    // Where no header shows the machine, a request may hide in words that nobody understood.
    let hides = matches!(machine.sign, Sign::Body | Sign::Path) && machine.is_on_topic;
    verdict.needs_review = machine.is_stale || asks || hides;
    verdict
}

#[cfg(test)]
mod scored_tests;
#[cfg(test)]
mod tests;
