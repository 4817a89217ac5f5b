//! The notice linter: whether a rendered notice says everything that it must, and nothing that it must not.
//!
//! It reads the text that would leave, or that somebody else has sent, not a template, and compares it with the facts
//! that are known. It writes no words of its own into a notice; the words by which it recognizes an item are data, a
//! file for each language.
//!
//! Invariant: a defect never repeats a value of the person, and a notice in a language without words has a defect.

mod citation;
mod context;
mod countries;
mod dates;
mod evidence;
mod exact;
mod flows;
mod fold;
mod form;
mod language;
mod layout;
mod reading;
mod rights;
mod said;
mod topic;
mod words;

pub use context::NoticeContext;

use exact::{context_of, known_of, words_of};
use reading::{Known, Reading};

use crate::NoticeFacts;
use crate::sensitive::Screen;

/// The languages that a notice can be checked in.
pub const LINT_LANGUAGES: [&str; 7] = words::LANGS;

/// One item that a notice lacks or breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// The item: `A01` to `A22` for what GDPR 14 demands, `B01` to `B09` for how it has to be said.
    pub item: &'static str,
    /// One sentence without any value of the person.
    pub detail: String,
}

impl Defect {
    fn new(item: &'static str, detail: impl Into<String>) -> Self {
        Self { item, detail: detail.into() }
    }
}

/// Checks a rendered notice, as plain text, against its facts; sorted by item, empty for a notice that may leave.
///
/// # Law
///
/// GDPR 14(1), 14(2), 21(4), 12(1), 12(2), 12(5), 9 and 5(1)(a): the items of rule NT-1. A missing item blocks the
/// sending, so every check is one that a complete notice passes in any wording of its templates.
///
/// # Examples
///
/// ```
/// use muster_gate::{NoticeFacts, lint_notice, sensitive::Screen};
/// fn may_leave(text: &str, facts: &NoticeFacts, screen: &Screen) -> bool {
///     lint_notice(text, facts, screen).is_empty()
/// }
/// ```
pub fn lint_notice(text: &str, facts: &NoticeFacts, screen: &Screen) -> Vec<Defect> {
    let Some(words) = words_of(&facts.lang) else {
        return vec![no_words(&facts.lang)];
    };
    let context = context_of(facts);
    let reading = Reading::of(text, words, known_of(facts));
    let mut defects = said::check(&reading, &context);
    defects.extend(flows::check(&reading, &context, !facts.recipients.is_empty()));
    defects.extend(rights::check(&reading, &context, true));
    defects.extend(form::check(&reading, &context, screen, true));
    defects.extend(exact::check(&reading, facts, &context));
    sorted(defects)
}

/// Checks any rendered notice, as plain text, with what is known about it; sorted by item, empty where no defect is
/// found.
///
/// # Law
///
/// As [`lint_notice`]; the items that depend on a fact which the context does not give are not asked for.
///
/// # Examples
///
/// ```
/// use muster_gate::{NoticeContext, lint_text, sensitive::Screen};
/// let defects = lint_text("Hello {{ name }}", "en", &NoticeContext::default(), &Screen::new());
/// assert!(defects.iter().any(|defect| defect.item == "B07"));
/// ```
pub fn lint_text(text: &str, lang: &str, context: &NoticeContext, screen: &Screen) -> Vec<Defect> {
    let Some(words) = words_of(lang) else {
        return vec![no_words(lang)];
    };
    let facts = context.controller.iter().map(|name| reading::one_line(name)).filter(|name| name.chars().count() > 3);
    let reading = Reading::of(text, words, Known { facts: facts.collect(), texts: String::new(), foreign: true });
    let mut defects = said::check(&reading, context);
    defects.extend(flows::check(&reading, context, false));
    defects.extend(rights::check(&reading, context, false));
    defects.extend(form::check(&reading, context, screen, false));
    sorted(defects)
}

/// Returns whether notices in a language, given by its code with or without a region, can be checked.
pub fn can_lint(lang: &str) -> bool {
    words_of(lang).is_some()
}

fn no_words(lang: &str) -> Defect {
    Defect::new("B01", format!("there are no words to check a notice in `{lang}`"))
}

fn sorted(mut defects: Vec<Defect>) -> Vec<Defect> {
    defects.sort();
    defects.dedup();
    defects
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
