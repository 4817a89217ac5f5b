//! The sensitive gate: finds religion, gender, age and every other protected category in labels, values and text.
//!
//! A label is protected whatever its value; in a value or text the person's membership or state is told from topic,
//! place, product and name. Rules and words are data in `sensitive/lexicon/`; the code knows no language. Nothing is
//! inferred from names, pronouns in running text, grammatical endings or scripts (SF-4).
//!
//! Invariant: a finding names category, rule and place, never the value.

use std::sync::Arc;

use muster_model::{EntityKind, Field};

mod book;
mod builtin;
mod category;
mod check;
mod label;
mod lexicon;
mod normal;
mod own;
mod pattern;
mod text;
mod token;
mod value;

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

pub use book::{Example, RuleInfo, rules};
pub use category::{Category, Decision, FieldVerdict, Finding};
pub use check::{CheckFinding, CheckInput, CheckVerdict};
pub use own::OwnTerms;

use book::{Book, Scope, book};
use own::{OWN_RULE, Own};
use text::{Reading, merge, scan};

/// The compiled rules.
///
/// # Examples
///
/// ```
/// use muster_gate::sensitive::{Category, Screen};
/// let screen = Screen::new();
/// assert_eq!(screen.label("Geburtsdatum").map(|finding| finding.category), Some(Category::Age));
/// assert!(screen.text("Gender Equality Officer", Some("en")).is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Screen {
    own: Arc<Own>,
}

impl Screen {
    /// Returns the rules; they are compiled when something is screened for the first time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the rules with a controller's own terms added.
    ///
    /// # Law
    ///
    /// SF-21: own terms cannot switch a rule off; they only make the gate stricter.
    #[must_use]
    pub fn with_own(&self, terms: &OwnTerms) -> Self {
        Self { own: Arc::new(Own::compile(terms, book)) }
    }

    fn reading<'a>(&'a self, lang: Option<&'a str>, country: Option<&'a str>) -> Reading<'a> {
        Reading { scopes: &[Scope::Text], lang, country, own: &self.own }
    }

    /// Screens the name of a field, a column header or an attribute.
    ///
    /// # Law
    ///
    /// GDPR 9(1), 5(1)(c); SF-3: a sensitive field is rejected whatever its value.
    pub fn label(&self, label: &str) -> Option<Finding> {
        self.label_in(label, None)
    }

    fn label_in(&self, label: &str, country: Option<&str>) -> Option<Finding> {
        let Book { lexicon, labels, .. } = book();
        let tail = label::without_namespace(label);
        let spelled =
            [label::split_camel_case(label), label.to_owned(), label::split_camel_case(tail), tail.to_owned()];
        let distinct =
            spelled.iter().enumerate().filter(|(at, text)| !spelled.iter().take(*at).any(|before| before == *text));
        let read: Vec<_> = distinct.map(|(_, text)| lexicon.tokens(text)).collect();
        if let Some(category) = read.iter().find_map(|tokens| self.own.label(tokens)) {
            return Some(Finding { decision: Decision::RejectField, category, rule: OWN_RULE, span: 0..0 });
        }
        let hit = read.iter().find_map(|tokens| labels.screen(tokens))?;
        check::counts_in(hit.category, country).then(|| Finding {
            decision: Decision::RejectField,
            category: hit.category,
            rule: label::rule_id(hit.category),
            span: 0..0,
        })
    }

    /// Returns whether a label says for how long somebody has worked.
    fn is_tenure_label(label: &str) -> bool {
        let Book { lexicon, labels, .. } = book();
        labels.is_tenure(&lexicon.tokens(&label::split_camel_case(label::without_namespace(label))))
    }

    /// Returns the allowed field that a label of any origin names.
    fn named_field(label: &str) -> Option<Field> {
        let Book { lexicon, labels, .. } = book();
        let named =
            |text: &str| Field::parse(text).or_else(|| labels.field(&lexicon.tokens(&label::split_camel_case(text))));
        named(label).or_else(|| named(label::without_namespace(label)))
    }

    /// Screens the value of an allowed field.
    ///
    /// # Law
    ///
    /// GDPR 9(1), C-184/20, C-394/23; SF-11 to SF-20. Addresses, numbers and companies' own fields pass (SF-14).
    pub fn field(&self, kind: EntityKind, field: Field, value: &str, lang: Option<&str>) -> FieldVerdict {
        self.value(kind, field, value, (lang, None))
    }

    fn value(
        &self,
        kind: EntityKind,
        field: Field,
        value: &str,
        (lang, country): (Option<&str>, Option<&str>),
    ) -> FieldVerdict {
        value::field(book(), kind, field, value, self.reading(lang, country))
    }

    /// Screens running text; the findings are in order and do not overlap.
    ///
    /// # Law
    ///
    /// GDPR 9(1), 10; SF-12 to SF-20: what is said of the person is cut, what is said of a topic passes.
    pub fn text(&self, text: &str, lang: Option<&str>) -> Vec<Finding> {
        self.text_in(text, lang, None)
    }

    fn text_in(&self, text: &str, lang: Option<&str>, country: Option<&str>) -> Vec<Finding> {
        scan(book(), text, self.reading(lang, country))
    }

    /// Takes out of a text what is to be cut and what is doubtful; the rest survives byte for byte.
    ///
    /// Cutting may bring words together that are sensitive only now, so it is done until nothing is found. The
    /// findings have their places in the text that was given.
    pub fn redact(&self, text: &str, lang: Option<&str>) -> (String, Vec<Finding>) {
        let mut findings: Vec<Finding> = Vec::new();
        loop {
            let (rest, places) = remove(text, &findings);
            let more = self.text(&rest, lang);
            if more.is_empty() {
                return (rest, findings);
            }
            for mut finding in more {
                let place = |at: usize| places.get(at).copied().unwrap_or(text.len());
                let end = finding.span.end.checked_sub(1).map_or(0, |last| place(last) + 1);
                finding.span = place(finding.span.start)..end;
                findings.push(finding);
            }
            findings = merge(findings);
        }
    }

    /// Answers one line of `muster gate check`.
    pub fn check(&self, input: &CheckInput) -> CheckVerdict {
        check::check(self, input)
    }
}

/// The text without the findings, and for each of its bytes where it stood.
fn remove(text: &str, findings: &[Finding]) -> (String, Vec<usize>) {
    let mut rest = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    let mut at = 0;
    let cuts = findings.iter().map(|finding| (finding.span.start, finding.span.end));
    for (start, end) in cuts.chain([(text.len(), text.len())]) {
        rest.push_str(text.get(at..start).unwrap_or_default());
        places.extend(at..start);
        at = end;
    }
    (rest, places)
}
