//! What a mail that a person wrote asks for: its words and its subject weighed into one verdict.
//!
//! Invariant: a subject counts only where the sender wrote it; doubt is marked for a person to look.

use muster_model::MailKind;

use super::intent::{self, Intents};
use super::parse::Mail;
use super::quote::Words;
use super::verdict::{MailVerdict, Suppress};

/// The requests of a mail: in the body, and in a subject that the sender wrote.
pub(super) fn requests(mail: &Mail, words: &Words) -> Intents {
    let mut intents = intent::read(&words.own);
    intent::weigh_answers(&words.answers, &mut intents);
    let subject = mail.subject.trim();
    let is_reply = has_reply_prefix(subject);
    if !subject.is_empty() && (!is_reply || words.own.is_empty()) {
        let from_subject = intent::read(without_reply_prefix(subject));
        if !intents.voided && !from_subject.voided {
            intents.add(from_subject);
        }
    }
    intents
}

/// What mail programs put before the subject of an answer or a forwarded mail.
const REPLY_PREFIXES: &[&str] =
    &["re", "aw", "antw", "antwort", "sv", "odp", "r", "rif", "tr", "fw", "fwd", "wg", "rv"];

pub(super) fn has_reply_prefix(subject: &str) -> bool {
    subject.split_once(':').is_some_and(|(prefix, _)| REPLY_PREFIXES.contains(&prefix.trim().to_lowercase().as_str()))
}

fn without_reply_prefix(subject: &str) -> &str {
    let mut rest = subject;
    while has_reply_prefix(rest) {
        rest = rest.split_once(':').map_or("", |(_, rest)| rest).trim();
    }
    rest
}

/// Confidence from which a request is dealt with without a human.
const SURE_ENOUGH: f64 = 0.8;

/// The verdict on a mail that a person wrote.
pub(super) fn of_person(words: &Words, intents: &Intents, is_also_auto: bool) -> MailVerdict {
    let Some(kind) = intents.first() else {
        let (rule, confidence) = if words.own.is_empty() {
            ("empty", 0.5)
        } else if intents.voided {
            ("denied", 0.7)
        } else if intents.near {
            ("none", 0.6)
        } else {
            ("none", 0.92)
        };
        return MailVerdict::new(MailKind::Other, rule, confidence);
    };
    let doubt = intents.review || intents.voided || is_also_auto;
    let evidence = intents.kinds.get(&kind);
    let place = evidence.map(|evidence| evidence.place.as_str()).unwrap_or_default();
    let least = intents.kinds.values().map(|evidence| evidence.sure).fold(1.0, f64::min);
    let confidence = if intents.voided || is_also_auto { least.min(0.8) } else { least };
    let mut verdict = MailVerdict::new(kind, &format!("words.{}.{place}", kind.as_str()), confidence);
    verdict.kinds.extend(intents.kinds.keys().copied().filter(|other| *other != kind));
    verdict.suppress = Suppress { email: verdict.kinds.iter().any(|kind| stops_mail(*kind)), phone: intents.phone };
    // Doubt acts for the person, and never without telling a human (rule RT-2).
    let doubt = doubt || confidence < SURE_ENOUGH;
    verdict.needs_review = doubt || verdict.kinds.contains(&MailKind::DataComplaint);
    verdict
}

const fn stops_mail(kind: MailKind) -> bool {
    matches!(kind, MailKind::OptOut | MailKind::Objection | MailKind::Erasure | MailKind::Complaint)
}
