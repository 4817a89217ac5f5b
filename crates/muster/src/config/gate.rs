//! `[gate]`: what a controller adds to the rules of the sensitive gate.
//!
//! Invariant: nothing here switches a rule off (SF-21).

use muster_gate::sensitive::{Category, OwnTerms};

use super::section::Section;

/// Reads the controller's own terms.
pub(super) fn read_gate(section: &Section<'_>) -> OwnTerms {
    let mut own = OwnTerms::default();
    if let Some(terms) = section.section("terms") {
        for category in Category::ALL {
            own.terms.extend(terms.texts(category.as_str()).into_iter().map(|term| (*category, term)));
        }
        for (_, term) in own.terms.iter().filter(|(_, term)| term.chars().filter(|c| c.is_alphanumeric()).count() < 2) {
            terms.fault("terms", format!("`{term}` is no word"));
        }
        terms.finish();
    }
    own.cuts_symbols = section
        .parsed("symbols", "`review` or `cut`", |text| match text {
            "review" => Some(false),
            "cut" => Some(true),
            _ => None,
        })
        .unwrap_or(false);
    own
}
