//! A controller's own terms: they make the gate stricter, and there is nothing here that could make it laxer (SF-21).
//!
//! Invariant: whatever is found without own terms is found with them.

use super::book::Book;
use super::category::{Category, Decision, Finding};
use super::token::{Kind, Tokens};

/// What a controller's policy adds to the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnTerms {
    /// Words or phrases that are cut from texts and values, and labels that are dropped, each with its category.
    pub terms: Vec<(Category, String)>,
    /// Whether a symbol in a display name is cut instead of reviewed (SF-19).
    pub cuts_symbols: bool,
}

/// The id of the rule that own terms are found by.
pub(super) const OWN_RULE: &str = "own.term";

/// What the ids of the rules for symbols end with.
const SYMBOL_RULE: &str = ".symbol";

/// Own terms, compiled.
#[derive(Debug, Default)]
pub(super) struct Own {
    terms: Vec<(Category, Vec<String>)>,
    cuts_symbols: bool,
}

impl Own {
    /// Compiles own terms; without any, the rules are not compiled for it.
    pub(super) fn compile(terms: &OwnTerms, book: fn() -> &'static Book) -> Self {
        let words = |text: &str| {
            let tokens = book().lexicon.tokens(text);
            tokens.list.iter().map(|token| tokens.text(token).to_owned()).collect::<Vec<String>>()
        };
        let compiled = terms.terms.iter().map(|(category, text)| (*category, words(text)));
        Self { terms: compiled.filter(|(_, words)| !words.is_empty()).collect(), cuts_symbols: terms.cuts_symbols }
    }

    /// Finds own terms among tokens.
    pub(super) fn find<'a>(&'a self, tokens: &'a Tokens) -> impl Iterator<Item = Finding> + 'a {
        (0..tokens.list.len()).flat_map(move |at| {
            self.terms.iter().filter_map(move |(category, words)| {
                let found = tokens.list.get(at..at + words.len())?;
                let same = found.iter().zip(words).all(|(token, word)| tokens.text(token) == word);
                let (first, last) = (found.first()?, found.last()?);
                let decision = Decision::RejectTextSpan;
                let span = first.start..last.end;
                same.then_some(Finding { decision, category: *category, rule: OWN_RULE, span })
            })
        })
    }

    /// Finds the category of a label that holds an own term.
    pub(super) fn label(&self, tokens: &Tokens) -> Option<Category> {
        let words: Vec<&str> =
            tokens.list.iter().filter(|token| token.kind == Kind::Word).map(|token| tokens.text(token)).collect();
        let holds = |term: &[String]| words.windows(term.len()).any(|window| window.iter().eq(term.iter()));
        self.terms.iter().find(|(_, term)| holds(term)).map(|(category, _)| *category)
    }

    /// Cuts symbols where the policy says so.
    pub(super) fn decide(&self, finding: &mut Finding) {
        if self.cuts_symbols && finding.rule.ends_with(SYMBOL_RULE) {
            finding.decision = Decision::RejectTextSpan;
        }
    }
}
