//! The labelled sentences, `said/<language>.txt`, and what is learned from them: for the tests that ship the weights.
//!
//! A line is `kind[,kind]|sentence`; `other` asks for nothing (a negation, a reservation, talk), `review` names somebody
//! else, a lawyer or an authority.
//!
//! Invariant: a file that does not read fails the crate's tests.

use std::num::NonZero;
use std::thread;

use muster_model::MailKind;

use super::learned::{KINDS, LABELS, Model, sections};
use super::linear::features;
use super::linear::train::{Sample, check_shipped};
use super::{hits, read_with};
use crate::inbox::intent::linear::Linear;
use crate::inbox::phrases::fold;

/// The labelled sentences, by language.
const FILES: [(&str, &str); 7] = [
    ("de", include_str!("said/de.txt")),
    ("en", include_str!("said/en.txt")),
    ("es", include_str!("said/es.txt")),
    ("fr", include_str!("said/fr.txt")),
    ("it", include_str!("said/it.txt")),
    ("nl", include_str!("said/nl.txt")),
    ("pl", include_str!("said/pl.txt")),
];

/// Rounds over the sentences.
const ROUNDS: u8 = 16;

impl Model {
    /// Learns from the sentences whose number is taken.
    pub(super) fn train(is_taken: impl Fn(usize) -> bool) -> Self {
        Self(Linear::train(samples(is_taken), ROUNDS))
    }
}

/// One labelled sentence.
pub(in crate::inbox) struct Said<'a> {
    /// Its language.
    pub(in crate::inbox) language: &'a str,
    /// Its labels, separated by commas.
    pub(in crate::inbox) labels: &'a str,
    /// The sentence.
    pub(in crate::inbox) sentence: &'a str,
}

/// All labelled sentences, in the order of the files.
pub(in crate::inbox) fn said() -> impl Iterator<Item = Said<'static>> {
    FILES.iter().flat_map(|(language, text)| {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('|'))
            .map(|(labels, sentence)| Said { language, labels: labels.trim(), sentence: sentence.trim() })
    })
}

fn features_of(said: &Said<'_>) -> Vec<u32> {
    let words = fold(said.sentence);
    let (hits, _) = hits(&words, Some(said.language));
    features(&words, said.sentence.ends_with('?'), sections(&hits))
}

fn samples(is_taken: impl Fn(usize) -> bool) -> Vec<Sample<LABELS>> {
    let taken: Vec<Said<'_>> = said().enumerate().filter(|(index, _)| is_taken(*index)).map(|(_, said)| said).collect();
    let sample = |said: &Said<'_>| Sample { features: features_of(said), marks: marks(said.labels) };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = taken.len().div_ceil(threads).max(1);
    // Looking for phrases is most of the work; the parts come back in their order, so the weights are the same.
    thread::scope(|scope| {
        let parts: Vec<_> =
            taken.chunks(share).map(|part| scope.spawn(move || part.iter().map(sample).collect::<Vec<_>>())).collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("a sentence is data of ours, and a test reads each"))
            .collect()
    })
}

fn marks(labels: &str) -> [bool; LABELS] {
    let mut marks = [false; LABELS];
    for label in labels.split(',').map(str::trim) {
        let at = match label {
            "other" => Some(KINDS.len()),
            "review" => Some(KINDS.len() + 1),
            kind => KINDS.iter().position(|known| known.as_str() == kind),
        };
        if let Some(mark) = at.and_then(|at| marks.get_mut(at)) {
            *mark = true;
        }
    }
    marks
}

#[test]
fn the_shipped_weights_are_those_of_the_sentences() {
    check_shipped(&Model::train(|_| true).0, include_bytes!("wishes.bin"), "intent/wishes.bin");
}

#[test]
fn every_line_has_labels_that_are_known() {
    for said in said() {
        let count = said.labels.split(',').count();
        let known = marks(said.labels).iter().filter(|mark| **mark).count();
        assert_eq!(count, known, "{}|{}", said.labels, said.sentence);
        assert!(!fold(said.sentence).is_empty());
    }
}

/// Leaves out each sixth sentence, learns from the others, and reads it with the phrases as a mail is read.
#[test]
fn sentences_that_were_not_learned_are_mostly_read_right() {
    let (mut all, mut right, mut ignored, mut silenced) = (0, 0, 0, 0);
    for part in 0..6 {
        let model = Model::train(|index| index % 6 != part);
        for (_, said) in said().enumerate().filter(|(index, _)| index % 6 == part) {
            let found = read_with(&model, said.sentence).kinds;
            let marks = marks(said.labels);
            let wanted = |kind: &MailKind| KINDS.iter().zip(marks).any(|(known, mark)| mark && known == kind);
            let is_no = |kind: &&MailKind| {
                matches!(kind, MailKind::OptOut | MailKind::DoNotCall | MailKind::Objection | MailKind::Erasure)
            };
            let is_right = KINDS.iter().all(|kind| wanted(kind) == found.contains_key(kind));
            let says_no = KINDS.iter().filter(is_no).any(wanted);
            let is_heard = found.keys().any(|kind| is_no(&kind));
            all += 1;
            right += usize::from(is_right);
            ignored += usize::from(says_no && !is_heard);
            silenced += usize::from(!says_no && is_heard);
        }
    }
    println!("{right} of {all} right, {ignored} ignored, {silenced} silenced");
    assert!(right * 100 >= all * 75, "{right} of {all}");
    assert!(ignored * 100 <= all * 8 && silenced * 100 <= all * 8, "{ignored} and {silenced} of {all}");
}
