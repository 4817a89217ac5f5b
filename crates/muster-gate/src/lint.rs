//! The notice linter: whether a rendered notice says everything that it must, and nothing that it must not.
//!
//! It reads the text that would leave, not the template, and compares it with the facts. It writes no words of its
//! own into a notice; the templates are `muster-mail`'s.
//!
//! Invariant: a defect never repeats a value of the person, and a notice in a language without rules has a defect.

mod content;
mod dates;
mod form;
mod language;
mod reading;
mod words;

use reading::Reading;
use words::Words;

use crate::NoticeFacts;
use crate::sensitive::Screen;

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
    let Some(words) = Words::of(&facts.lang) else {
        return vec![Defect::new("B01", format!("there are no rules to check a notice in `{}`", facts.lang))];
    };
    let reading = Reading::of(text, facts);
    let mut defects = content::check(&reading, facts, words);
    defects.extend(form::check(&reading, facts, words, screen));
    defects.sort();
    defects.dedup();
    defects
}

#[cfg(test)]
mod tests;
