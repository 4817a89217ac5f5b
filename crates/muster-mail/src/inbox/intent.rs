//! What a person asks for, read from their own words, clause by clause.
//!
//! # Law
//!
//! GDPR 15-18, 20, 21; rules RT-1 to RT-3. A negation, a reservation or a mere question is no request. Doubt about an
//! objection acts for the person and tells a human; doubt about anything else goes to a human.
//!
//! Invariant: pure; the words are in the phrase files, here is how they are weighed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use muster_model::MailKind;

use super::phrases::{Hit, Phrases, clauses};

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::compile(&[
        ("de", include_str!("phrases/de.txt")),
        ("en", include_str!("phrases/en.txt")),
        ("es", include_str!("phrases/es.txt")),
        ("fr", include_str!("phrases/fr.txt")),
        ("it", include_str!("phrases/it.txt")),
        ("nl", include_str!("phrases/nl.txt")),
        ("pl", include_str!("phrases/pl.txt")),
    ])
});

/// What the words ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Intents {
    /// Every right asked for, with the place of the phrase that showed it.
    pub(crate) kinds: BTreeMap<MailKind, String>,
    /// Whether telephone calls were named.
    pub(crate) phone: bool,
    /// Whether the words name somebody else, a lawyer, an authority.
    pub(crate) review: bool,
    /// Whether a request was named only to be denied, reserved or asked about.
    pub(crate) voided: bool,
}

impl Intents {
    /// Returns the kind to act on first.
    ///
    /// An objection comes first because it takes effect at once; access comes before an erasure, since afterwards
    /// there would be nothing to show (rule RT-5).
    pub(crate) fn first(&self) -> Option<MailKind> {
        let has = |kind: &MailKind| self.kinds.contains_key(kind);
        if has(&MailKind::Access) && has(&MailKind::Erasure) && !has(&MailKind::Objection) {
            return Some(MailKind::Access);
        }
        ORDER.iter().find(|kind| has(kind)).copied()
    }
}

/// What is acted on before what.
const ORDER: &[MailKind] = &[
    MailKind::Objection,
    MailKind::Erasure,
    MailKind::OptOut,
    MailKind::DoNotCall,
    MailKind::DataComplaint,
    MailKind::Access,
    MailKind::Restriction,
    MailKind::Rectification,
    MailKind::Portability,
];

/// Reads the requests in a text.
pub(crate) fn read(own_words: &str) -> Intents {
    let mut intents = Intents::default();
    for clause in clauses(own_words) {
        weigh(&PHRASES.hits(&clause.words), clause.is_question, &mut intents);
    }
    intents
}

fn weigh(hits: &[Hit<'_>], is_question: bool, intents: &mut Intents) {
    let has = |section: &str| hits.iter().any(|hit| hit.section == section);
    intents.review |= has("review");
    let void_all = has("void *") && !has("unvoid");
    let for_self = has("opt-out") || has("opt-out bare");
    for hit in hits {
        let Some(kind) = kind_of_section(hit.section) else { continue };
        let void = void_all || has(&format!("void {}", kind.as_str()));
        // A question is no request, unless it is a polite one; to ask what is held is always a request.
        let asks = is_question
            && !has("polite")
            && !has("unvoid")
            && kind != MailKind::Access
            && kind != MailKind::DataComplaint;
        if void || asks {
            // One right voided by another (`void erasure`) leaves no doubt behind.
            intents.voided |= void_all || asks;
            continue;
        }
        // "Remove NAME from your list" comes from somebody else.
        intents.review |= hit.section == "opt-out other" && !for_self;
        intents.phone |= kind == MailKind::DoNotCall || hit.section == "all-channels";
        intents.kinds.entry(kind).or_insert_with(|| hit.place.to_owned());
    }
}

fn kind_of_section(section: &str) -> Option<MailKind> {
    match section {
        "opt-out" | "opt-out bare" | "opt-out other" | "all-channels" => Some(MailKind::OptOut),
        "do-not-call" => Some(MailKind::DoNotCall),
        "objection" => Some(MailKind::Objection),
        "erasure" => Some(MailKind::Erasure),
        "access" => Some(MailKind::Access),
        "rectification" => Some(MailKind::Rectification),
        "restriction" => Some(MailKind::Restriction),
        "portability" => Some(MailKind::Portability),
        "data-complaint" => Some(MailKind::DataComplaint),
        _ => None,
    }
}

#[cfg(test)]
#[path = "intent_tests.rs"]
mod tests;
