//! What a short answer below a quoted line asks for: `yes` below "you have the right to erasure".
//!
//! Only answers that say nothing by themselves are read here; what says something is read like any other words.
//!
//! Invariant: where the quoted line is about more than one thing, nothing is read into the answer.

use std::sync::LazyLock;

use muster_model::MailKind;

use super::clause::clauses;
use super::learned::{KINDS, MODEL};
use super::{Evidence, Intents};
use crate::inbox::phrases::{Phrases, fold};
use crate::inbox::quote::Answer;

static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("answer", include_str!("../phrases/answer.txt"))]));

/// Confidence in an answer of one word.
const SURE: f64 = 0.85;

/// Score from which words below a field of the data say that it is wrong.
const SCORE_WRONG: f32 = -0.4;

/// Most words of an answer that is looked at.
const WORDS_MAX: usize = 25;

/// Reads answers to quoted lines.
pub(crate) fn read_answers(answers: &[Answer]) -> Intents {
    let mut intents = Intents::default();
    for answer in answers {
        let Some(kind) = kind_of(answer) else { continue };
        intents.kinds.entry(kind).or_insert_with(|| Evidence { place: "answer".to_owned(), sure: SURE });
        intents.phone |= kind == MailKind::DoNotCall;
        // The question was ours, but it is not before us.
        intents.review = true;
    }
    intents
}

fn kind_of(answer: &Answer) -> Option<MailKind> {
    let own = clauses(&answer.own);
    let first = own.first()?;
    if answer.own.split_whitespace().count() > WORDS_MAX {
        return None;
    }
    let says = |section: &str| PHRASES.hits(&first.words).iter().any(|hit| hit.section == section);
    let quoted = fold(&answer.to);
    let (yes, no) = (says("yes"), says("no"));
    if yes || no {
        let hits = PHRASES.hits(&quoted);
        let asks_leave = hits.iter().any(|hit| hit.section == "may we");
        // "May we write to you?" "No." and "Shall we delete it?" "Yes."
        let about = about(hits.iter().map(|hit| hit.section));
        return match (about, asks_leave) {
            (Some(kind @ (MailKind::OptOut | MailKind::DoNotCall)), true) => no.then_some(kind),
            (None, true) => no.then_some(MailKind::Objection),
            (Some(kind), _) => yes.then_some(kind),
            (None, false) => None,
        };
    }
    let field = field_name(&answer.to)?;
    let words = format!("{} {}", fold(field), fold(&answer.own));
    let opinion = MODEL.opinion(&words, false, &[]);
    let wrong = opinion.of_kind(MailKind::Rectification);
    (wrong > SCORE_WRONG && wrong >= opinion.best()).then_some(MailKind::Rectification)
}

/// The one right that a quoted line is about.
fn about<'a>(mut sections: impl Iterator<Item = &'a str> + Clone) -> Option<MailKind> {
    let named = |kind: MailKind| {
        sections.clone().any(|section| section.strip_prefix("about ").is_some_and(|about| about == kind.as_str()))
    };
    let kinds: Vec<MailKind> = KINDS.into_iter().filter(|kind| named(*kind)).collect();
    let is_weak = |kind: &MailKind| *kind == MailKind::OptOut;
    let strong: Vec<MailKind> = kinds.iter().copied().filter(|kind| !is_weak(kind)).collect();
    sections.next()?;
    match (strong.as_slice(), kinds.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

/// `Phone` of a quoted `- Phone: 030 23125 000`.
fn field_name(quoted: &str) -> Option<&str> {
    let line = quoted.lines().last()?.trim().trim_start_matches(['-', '*', '•', ' ']);
    let (name, value) = line.split_once(':')?;
    (name.split_whitespace().count() <= 4 && !value.trim().is_empty() && value.len() < 120).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(to: &str, own: &str) -> Vec<MailKind> {
        let answer = Answer { to: to.to_owned(), own: own.to_owned() };
        read_answers(&[answer]).kinds.into_keys().collect()
    }

    #[test]
    fn a_yes_below_a_right_asks_for_it() {
        assert_eq!(read("You have the right to erasure (Art. 17).", "Yes, please."), [MailKind::Erasure]);
        assert_eq!(
            read("- Recht auf Löschung: Sie können verlangen, dass wir Ihre Daten löschen.", "Ja, das hätte ich gern."),
            [MailKind::Erasure]
        );
        assert_eq!(read("Shall we delete your data?", "Yes"), [MailKind::Erasure]);
        assert_eq!(read("Vous pouvez vous opposer à tout moment.", "Oui, volontiers"), [MailKind::Objection]);
    }

    #[test]
    fn a_no_below_a_request_for_leave_refuses_it() {
        assert_eq!(read("May we call you next week?", "No."), [MailKind::DoNotCall]);
        assert_eq!(read("Dürfen wir Ihnen schreiben?", "Nein, danke"), [MailKind::OptOut]);
        assert!(read("May we call you next week?", "Yes").is_empty());
        assert!(read("Shall we delete your data?", "No").is_empty());
    }

    #[test]
    fn nothing_is_read_into_an_answer_to_many_things() {
        let rights = "You have the right of access, to rectification, to erasure and to object.";
        assert!(read(rights, "Yes").is_empty());
        assert!(read("We met at the fair.", "Yes").is_empty());
    }
}
