//! Why two mentions are, or are not, linked: prior, a row per comparison, total, decision, and the blocking rules
//! that brought them together.
//!
//! It compares the one pair as the whole run would: frequencies and employers are those of all mentions.
//!
//! Invariant: names of levels and rules hold no value; compared values stand in fields of their own and nowhere else.

use std::collections::HashMap;
use std::fmt;

use muster_model::{EntityKind, LinkDecision, Mention, MentionId};
use serde::Serialize;

use crate::block::{KEY_MENTIONS_MAX, Key, rule_name};
use crate::cluster::{Bounds, Constraints, cluster};
use crate::levels::{COMPANY, PERSON};
use crate::model::Model;
use crate::normalize::Place;
use crate::side::{Entities, Side, both};
use crate::weigh::{Score, probability};

/// What is decided about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairDecision {
    /// The weight reaches the threshold.
    Link,
    /// It does not.
    NoLink,
    /// The evidence says that these are two; their clusters are kept apart.
    Conflict,
    /// A steward said that they are one, directly or through others.
    MustLink,
    /// A steward said that they are two, directly or through others.
    CannotLink,
    /// A person and a company are never one.
    OtherKind,
}

/// One comparison of a pair.
#[derive(Clone, PartialEq, Serialize)]
pub struct ComparedRow {
    /// The comparison.
    pub comparison: String,
    /// The level that the pair is on; none where a side lacks the value.
    pub level: Option<String>,
    /// The m probability of the level.
    pub m: Option<f64>,
    /// The u probability, after the frequency adjustment.
    pub u: Option<f64>,
    /// What the frequency of the value adds to the weight.
    pub frequency_adjustment: f64,
    /// Whether another comparison says the same, so that agreement weighs nothing here.
    pub already_counted: bool,
    /// What the comparison adds to the total.
    pub weight: f64,
    /// The left mention's value, as compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_value: Option<String>,
    /// The right mention's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_value: Option<String>,
}

impl fmt::Debug for ComparedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComparedRow")
            .field("comparison", &self.comparison)
            .field("level", &self.level)
            .field("weight", &self.weight)
            .finish_non_exhaustive()
    }
}

/// Why a pair is, or is not, linked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairExplanation {
    /// The mention with the smaller id.
    pub left: MentionId,
    /// The other.
    pub right: MentionId,
    /// The name of the linkage model.
    pub model: String,
    /// The weight before anything is compared.
    pub prior: f64,
    /// A row per comparison, in their order.
    pub comparisons: Vec<ComparedRow>,
    /// Prior and rows together.
    pub total: f64,
    /// The probability that the total stands for.
    pub probability: f64,
    /// From which total on a pair is linked.
    pub link_weight: f64,
    /// What is decided.
    pub decision: PairDecision,
    /// The blocking rules that brought the two together; a capped key is marked.
    pub blocking_rules: Vec<String>,
}

/// Explains the pair of two mentions in the light of all.
///
/// `left` and `right` need not be in a particular order; where they are not among `mentions`, they are compared as if
/// they were.
pub fn explain_pair(
    left: &Mention,
    right: &Mention,
    mentions: &[Mention],
    model: &Model,
    decisions: &[LinkDecision],
) -> PairExplanation {
    let (left, right) = if left.mention_id() <= right.mention_id() { (left, right) } else { (right, left) };
    let known = |mention: &Mention| mentions.iter().any(|each| each.mention_id() == mention.mention_id());
    let mut extended;
    let all = if known(left) && known(right) {
        mentions
    } else {
        extended = mentions.to_vec();
        extended.extend([left, right].into_iter().filter(|mention| !known(mention)).cloned());
        &extended
    };
    let (companies, _, people) = both(all, decisions, model);
    let side = match left.kind() {
        EntityKind::Person => people,
        EntityKind::Company => companies,
    };
    let mut explanation = PairExplanation {
        left: left.mention_id().clone(),
        right: right.mention_id().clone(),
        model: model.name().to_owned(),
        prior: side.weights.prior(),
        comparisons: Vec::new(),
        total: side.weights.prior(),
        probability: probability(side.weights.prior()),
        link_weight: side.model().link_weight,
        decision: PairDecision::OtherKind,
        blocking_rules: Vec::new(),
    };
    if let (Some(a), Some(b)) = (side.place(left.mention_id()), side.place(right.mention_id()))
        && left.kind() == right.kind()
    {
        fill(&mut explanation, &side, a, b, decisions);
    }
    explanation
}

fn fill(explanation: &mut PairExplanation, side: &Side<'_>, a: usize, b: usize, decisions: &[LinkDecision]) {
    let spec = match side.kind {
        EntityKind::Person => PERSON,
        EntityKind::Company => COMPANY,
    };
    let outcomes = side.outcomes(a, b);
    for (index, (comparison, outcome)) in spec.iter().zip(&outcomes).enumerate() {
        let share = side.weights.share(index, outcome);
        explanation.comparisons.push(ComparedRow {
            comparison: comparison.name.to_owned(),
            level: outcome.level.and_then(|level| comparison.levels.get(level)).map(|&level| level.to_owned()),
            m: side.weights.level(index, outcome).map(|level| level.m),
            u: share.map(|share| share.u),
            frequency_adjustment: share.map_or(0.0, |share| share.adjustment),
            already_counted: outcome.already_said,
            weight: share.map_or(0.0, |share| share.weight),
            left_value: shown(side, a, index),
            right_value: shown(side, b, index),
        });
    }
    let score = side.weights.score(&outcomes);
    explanation.total = score.weight;
    explanation.probability = probability(score.weight);
    explanation.decision = decision(side, a, b, score, decisions);
    explanation.blocking_rules = shared_rules(side, a, b);
}

/// What holds for the pair: a steward's word where there is one, else the weight.
fn decision(side: &Side<'_>, a: usize, b: usize, score: Score, decisions: &[LinkDecision]) -> PairDecision {
    let place = |place: usize| u32::try_from(place).expect("fewer than 2^32 mentions");
    let pair = (place(a), place(b));
    let constraints = side.constraints(decisions);
    let are_tied = |constraints: &Constraints| {
        let bounds = Bounds { mean_weight: 0.0, conflict_weight: 0.0 };
        let unused = |_, _| Score { weight: 0.0, is_conflict: true };
        let groups = cluster(side.mentions.len(), Vec::new(), constraints, bounds, unused).groups;
        groups.iter().any(|group| group.contains(&pair.0) && group.contains(&pair.1))
    };
    // Decisions alone tie the two only by a steward's yes, and refuse one more yes between them only by a no.
    let mut with_one_more = constraints.clone();
    with_one_more.must.push(pair);
    if are_tied(&constraints) {
        PairDecision::MustLink
    } else if !are_tied(&with_one_more) {
        PairDecision::CannotLink
    } else if score.is_conflict {
        PairDecision::Conflict
    } else if score.weight >= side.model().link_weight {
        PairDecision::Link
    } else {
        PairDecision::NoLink
    }
}

fn shared_rules(side: &Side<'_>, a: usize, b: usize) -> Vec<String> {
    let (mine, theirs) = (side.keys(a), side.keys(b));
    let shared: Vec<Key> = mine.into_iter().filter(|key| theirs.contains(key)).collect();
    let mut counts: HashMap<Key, usize> = shared.iter().map(|&key| (key, 0)).collect();
    if !shared.is_empty() {
        for key in (0..side.mentions.len()).flat_map(|place| side.keys(place)) {
            if let Some(count) = counts.get_mut(&key) {
                *count += 1;
            }
        }
    }
    let mut rules: Vec<String> = shared
        .iter()
        .map(|key| {
            let name = rule_name(side.kind == EntityKind::Person, key.rule);
            let is_hot = counts.get(key).is_some_and(|&count| count > KEY_MENTIONS_MAX);
            if is_hot { format!("{name} (capped)") } else { name.to_owned() }
        })
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

/// A mention's value as a comparison sees it.
fn shown(side: &Side<'_>, place: usize, comparison: usize) -> Option<String> {
    let text = match &side.entities {
        Entities::People(people) => {
            let person = &people.persons[place];
            let list = |values: Vec<&str>| values.join(", ");
            match comparison {
                0 => person.name.family.join(" "),
                1 => person.name.given.join(" "),
                2 => {
                    let own = person.mailboxes.iter().map(|mailbox| mailbox.address.as_str());
                    list(own.chain(person.role_mailboxes.iter().map(String::as_str)).collect())
                }
                3 => {
                    let domains = person.domains.iter().map(String::as_str);
                    list(person.company_core.as_deref().into_iter().chain(domains).collect())
                }
                4 => person.phones.join(", "),
                5 => list(person.profiles.iter().map(|profile| profile.key.as_str()).collect()),
                6 => person.title.clone().unwrap_or_default(),
                7 => shown_place(&person.place),
                _ => person.page.as_ref().map(|page| page.url.clone()).unwrap_or_default(),
            }
        }
        Entities::Companies(companies) => {
            let company = &companies.forms[place];
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            match comparison {
                0 => company.core.clone(),
                1 => text(&company.legal_form),
                2 => company.domains.join(", "),
                3 => text(&company.register),
                4 => text(&company.vat),
                5 => company.phones.join(", "),
                6 => company.mailboxes.join(", "),
                _ => shown_place(&company.place),
            }
        }
    };
    (!text.is_empty()).then_some(text)
}

fn shown_place(place: &Place) -> String {
    let parts = [&place.street, &place.postcode, &place.city, &place.country];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

impl PairExplanation {
    /// Leaves the compared values out.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        for row in &mut self.comparisons {
            row.left_value = None;
            row.right_value = None;
        }
        self
    }

    /// Returns the explanation as a table for people, compared values included where they are there.
    pub fn to_text(&self) -> String {
        let mut out = format!("{} and {}\nmodel: {}\n\n", self.left, self.right, self.model);
        let mut line = |comparison: &str, level: &str, m: &str, u: &str, weight: f64, note: &str| {
            let row = format!("{comparison:<16} {level:<26} {m:>9} {u:>11} {weight:>8.2}  {note}");
            out.push_str(row.trim_end());
            out.push('\n');
        };
        line("comparison", "level", "m", "u", f64::NAN, "");
        line("prior", "", "", "", self.prior, "");
        for row in &self.comparisons {
            let number = |value: Option<f64>| value.map(|value| format!("{value:.3e}")).unwrap_or_default();
            let level = row.level.as_deref().unwrap_or("(missing)");
            line(&row.comparison, level, &number(row.m), &number(row.u), row.weight, &note(row));
        }
        line("total", "", "", "", self.total, &format!("probability {:.4}", self.probability));
        let out = out.replace("     NaN", "  weight");
        let rules = if self.blocking_rules.is_empty() {
            "no blocking rule brought them together".to_owned()
        } else {
            format!("brought together by: {}", self.blocking_rules.join(", "))
        };
        format!("{out}\n{}; links from {:.2} on\n{rules}\n", self.verdict(), self.link_weight)
    }

    fn verdict(&self) -> &'static str {
        match self.decision {
            PairDecision::Link => "linked: the weight reaches the threshold",
            PairDecision::NoLink => "not linked: the weight is below the threshold",
            PairDecision::Conflict => "kept apart: the evidence says that these are two",
            PairDecision::MustLink => "linked by a steward's decision",
            PairDecision::CannotLink => "kept apart by a steward's decision",
            PairDecision::OtherKind => "not compared: a person and a company are never one",
        }
    }
}

fn note(row: &ComparedRow) -> String {
    let mut notes = Vec::new();
    if row.already_counted {
        notes.push("already counted".to_owned());
    }
    if row.frequency_adjustment != 0.0 {
        notes.push(format!("frequency {:+.2}", row.frequency_adjustment));
    }
    if let (Some(left), Some(right)) = (&row.left_value, &row.right_value) {
        notes.push(if left == right { format!("`{left}`") } else { format!("`{left}` and `{right}`") });
    }
    notes.join("; ")
}

#[cfg(test)]
mod tests {
    use muster_model::LinkKind;

    use super::*;
    use crate::testing::{Draft, company, decide, mentions, person};

    fn explain(drafts: &[Draft], decisions: &[LinkDecision]) -> PairExplanation {
        let all = mentions(drafts);
        explain_pair(&all[1], &all[0], &all, &Model::shipped(), decisions)
    }

    fn pair() -> [Draft; 2] {
        [
            person("1", "Anna Müller").at("Nordwind GmbH").mail("anna.mueller@nordwind.example"),
            person("2", "A. Mueller").mail("anna.mueller@nordwind.example"),
        ]
    }

    #[test]
    fn rows_and_prior_add_up_to_the_total_of_the_run() {
        let explanation = explain(&pair(), &[]);
        let sum: f64 = explanation.prior + explanation.comparisons.iter().map(|row| row.weight).sum::<f64>();
        assert!((sum - explanation.total).abs() < 1e-9);
        let run = crate::resolve(&mentions(&pair()), &[], &Model::shipped());
        assert!((run.pairs[0].weight - explanation.total).abs() < 1e-9);
        assert_eq!(explanation.decision, PairDecision::Link);
        assert_eq!(explanation.left.as_str(), "1");
        assert!(explanation.blocking_rules.contains(&"email".to_owned()));
        let family = &explanation.comparisons[0];
        assert!(family.already_counted && family.weight == 0.0, "the mailbox holds the surname");
    }

    #[test]
    fn only_value_fields_hold_values() {
        let mut json = serde_json::to_value(explain(&pair(), &[])).unwrap();
        assert!(json.to_string().contains("muller"));
        for row in json["comparisons"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_value"));
        }
        for personal in ["muller", "mueller", "anna", "nordwind"] {
            assert!(!json.to_string().to_lowercase().contains(personal), "{personal}");
        }
        let bare = explain(&pair(), &[]).without_values();
        assert!(!bare.to_text().contains("muller") && !format!("{bare:?}").contains("muller"));
        assert!(!format!("{:?}", explain(&pair(), &[])).contains("muller"));
    }

    #[test]
    fn the_text_shows_every_row_and_the_verdict() {
        let text = explain(&pair(), &[]).to_text();
        for part in
            ["prior", "family_name", "same_mailbox", "total", "probability", "linked: ", "brought together by: email"]
        {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("NaN"), "{text}");
    }

    #[test]
    fn a_pair_that_was_never_compared_says_so() {
        let drafts = [person("1", "Anna Müller").at("Nordwind GmbH"), person("2", "Jan Weber").at("Zumtal AG")];
        let explanation = explain(&drafts, &[]);
        assert_eq!((explanation.decision, explanation.blocking_rules.len()), (PairDecision::NoLink, 0));
        assert!(explanation.to_text().contains("no blocking rule brought them together"));
        let other = [drafts[0].clone(), company("2", "Nordwind GmbH")];
        assert_eq!(explain(&other, &[]).decision, PairDecision::OtherKind);
    }

    #[test]
    fn decisions_and_conflicts_are_named() {
        let decision = |decisions: &[LinkDecision]| explain(&pair(), decisions).decision;
        assert_eq!(decision(&[decide("1", "2", LinkKind::CannotLink)]), PairDecision::CannotLink);
        let carried = [decide("1", "3", LinkKind::MustLink), decide("3", "2", LinkKind::CannotLink)];
        assert_eq!(decision(&carried), PairDecision::CannotLink);
        assert_eq!(decision(&[decide("2", "1", LinkKind::MustLink)]), PairDecision::MustLink);
        let namesakes = [
            person("1", "Anna Müller").mail("anna.mueller@nordwind.example"),
            person("2", "Anna Müller").mail("anna.mueller2@nordwind.example"),
        ];
        assert_eq!(explain(&namesakes, &[]).decision, PairDecision::Conflict);
    }
}
