//! A second opinion on a clause, learned from labelled sentences (`said`).
//!
//! The phrase files know wordings; this knows which words go with which wish, and so reads wordings that nobody listed.
//! It decides nothing alone: `intent.rs` weighs both.
//!
//! Invariant: one model for all languages, because people mix them.

use std::sync::LazyLock;

use muster_model::MailKind;

use super::linear::{Linear, features};
use crate::inbox::phrases::Hit;

/// What a clause can ask for.
pub(super) const KINDS: [MailKind; 9] = MailKind::REQUESTS;

/// Labels: the kinds, then `other` and `review`.
pub(super) const LABELS: usize = KINDS.len() + 2;

/// What was learned from all sentences.
pub(super) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    Model(Linear::from_bytes(include_bytes!("wishes.bin")).expect("the shipped weights are whole: a test makes them"))
});

/// A trained model.
pub(super) struct Model(pub(super) Linear<LABELS>);

impl Model {
    /// Returns whether a folded word stands in the sentences.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.0.knows(word)
    }

    /// The opinion on a folded clause in which phrases were found.
    pub(super) fn opinion(&self, clause: &str, is_question: bool, hits: &[Hit<'_>]) -> Opinion {
        self.opinion_on(&features(clause, is_question, sections(hits)))
    }

    fn opinion_on(&self, features: &[u32]) -> Opinion {
        let [kinds @ .., other, review] = self.0.score(features);
        Opinion { kinds, other, review }
    }
}

/// Scores of a clause; above zero where a label is likely.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Opinion {
    /// In the order of [`KINDS`].
    kinds: [f32; KINDS.len()],
    /// That it asks for nothing.
    pub(super) other: f32,
    /// That it names somebody else.
    pub(super) review: f32,
}

impl Opinion {
    /// The score of a kind; far below zero for what no person asks for.
    pub(super) fn of_kind(&self, kind: MailKind) -> f32 {
        let place = KINDS.iter().position(|known| *known == kind);
        place.and_then(|place| self.kinds.get(place)).copied().unwrap_or(f32::MIN)
    }

    /// The likeliest kind.
    pub(super) fn best(&self) -> f32 {
        self.kinds.iter().copied().fold(f32::MIN, f32::max)
    }
}

/// The sections of phrases that were found, which are marks for the model.
pub(super) fn sections<'a>(hits: &'a [Hit<'a>]) -> impl Iterator<Item = &'a str> {
    hits.iter().map(|hit| hit.section)
}
