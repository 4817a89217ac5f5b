//! The picture of an explanation: its numbers and names laid out for the waterfall.

use muster_resolve::{Bar, PairExplanation, Waterfall};

/// Lays out a pair's explanation.
pub(super) fn waterfall_of(pair: &PairExplanation) -> Waterfall {
    let bars = pair.comparisons.iter().map(|row| {
        let level = row.level.as_deref().map_or_else(|| "(missing on a side)".to_owned(), readable);
        let detail = if row.already_counted { format!("{level} (already counted)") } else { level };
        Bar { label: readable(&row.comparison), detail, weight: row.weight }
    });
    let probability = format!("probability {:.4}, model {}", pair.probability, pair.model);
    let rules = if pair.blocking_rules.is_empty() {
        "no blocking rule brought them together".to_owned()
    } else {
        format!("brought together by: {}", pair.blocking_rules.join(", "))
    };
    Waterfall {
        title: format!("{} and {}", pair.left, pair.right),
        notes: vec![format!("{}; {probability}", pair.verdict()), rules],
        prior: pair.prior,
        bars: bars.collect(),
        total: pair.total,
        threshold: pair.link_weight,
    }
}

/// A name of the model as words.
fn readable(name: &str) -> String {
    name.replace('_', " ")
}
