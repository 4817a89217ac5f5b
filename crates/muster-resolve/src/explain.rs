//! Why two mentions are, or are not, linked: prior, a row per comparison, total, decision, and the blocking rules
//! that brought them together.
//!
//! It compares the one pair as the whole run would: frequencies and employers are those of all mentions.
//!
//! Invariant: names of levels and rules hold no value; compared values stand in fields of their own and nowhere else.

use std::fmt;

use muster_model::{EntityKind, LinkDecision, Mention, MentionId};
use serde::Serialize;

use crate::block::{Blocks, Keys, rule_of};
use crate::cluster::{Word, word_on};
use crate::decided::Decided;
use crate::firm::{self, Brands, Members};
use crate::fitted::{Companies, Fitted, Level};
use crate::generic;
use crate::model::{LinkageModel, Model};
use crate::pattern::Entities;
use crate::people::{self, WeighedPeople};
use crate::person::Names;
use crate::resolve::in_order;
use crate::table::{Column, ListColumn, Table};
use crate::weigh::{Weights, probability};

/// A weight nearer to zero than this was taken back, because another comparison says the same.
const COUNTED: f64 = 1e-4;

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
///
/// # Panics
///
/// Never: both mentions are put among the others.
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
    let unique = in_order(all);
    let table = Table::of_mentions(&unique);
    let row = |mention: &Mention| unique.iter().position(|each| each.mention_id() == mention.mention_id());
    let level = match left.kind() {
        EntityKind::Person => Level::Person,
        EntityKind::Company => Level::Company,
    };
    let (left, right) = (row(left).expect("it was put among them"), row(right).expect("it was put among them"));
    explain_rows(&table, left, right, decisions, model, level)
}

/// Explains the pair of two rows of a table in the light of all.
///
/// # Panics
///
/// Where `left` or `right` is not a row of the table.
pub fn explain_rows(
    table: &Table,
    left: usize,
    right: usize,
    decisions: &[LinkDecision],
    model: &Model,
    level: Level,
) -> PairExplanation {
    let (left, right) = if table.mention_id(left) <= table.mention_id(right) { (left, right) } else { (right, left) };
    let by_id = table.by_id();
    let decided = Decided::new(table, &by_id, decisions);
    let rows = [left, right].map(|row| u32::try_from(row).expect("fewer than 2^32 rows"));
    if level == Level::Person && generic::is_foreign(table) && table.kind(left) == table.kind(right) {
        return explain_foreign(table, &by_id, rows, &decided, model);
    }
    let part = match level {
        Level::Person => model.person(),
        Level::Company => model.company(),
        Level::Group => model.group(),
    };
    let mut made = PairExplanation::empty(table, rows, model.name(), part.link_weight);
    if table.kind(left) != table.kind(right) {
        return made;
    }
    match level {
        Level::Person => {
            let fitted = Fitted::new(table, &by_id, &decided, model, level);
            let people = &fitted.people;
            let place =
                |row: u32| people.persons.iter().zip(0..).find(|(person, _)| person.row == row).map(|(_, at)| at);
            let weighed = WeighedPeople::new(people, &fitted.weights);
            let pair = Pair { table, rows, places: rows.map(place), decided: &decided, entity: &place };
            pair.fill(&mut made, &weighed, &fitted.weights, part, people::RULES, &person_value);
        }
        Level::Company => {
            let companies = Companies::new(table, &by_id, &Names::new(table), &decided, model, level);
            let firms = &companies.firms;
            let place = |row: u32| firms.of_row[row as usize].checked_sub(1);
            let pair = Pair { table, rows, places: rows.map(place), decided: &decided, entity: &place };
            let members = Members::new(firms, &companies.group_of);
            pair.fill(&mut made, &members, &companies.entity_weights, part, firm::RULES, &company_value);
        }
        Level::Group => {
            let companies = Companies::new(table, &by_id, &Names::new(table), &decided, model, level);
            let firms = &companies.firms;
            let place = |row: u32| Some(firms.unit_of[firms.of_row[row as usize].checked_sub(1)? as usize]);
            let pair = Pair { table, rows, places: rows.map(place), decided: &decided, entity: &place };
            let brands = Brands::new(firms, &companies.group_weights);
            pair.fill(&mut made, &brands, &companies.group_weights, part, firm::RULES, &company_value);
        }
    }
    made
}

/// Explains two rows of a foreign file by the model that is learnt from it.
fn explain_foreign(
    table: &Table,
    by_id: &[u32],
    rows: [u32; 2],
    decided: &Decided<'_>,
    model: &Model,
) -> PairExplanation {
    let constraints = |rows: &generic::Rows| rows.constraints(table, decided);
    let resolved = generic::resolve(table, by_id, &constraints, model.foreign_threshold());
    let generic = resolved.generic;
    let places = generic.rows.places(table.len());
    let place = |row: u32| Some(places[row as usize]);
    let mut made = PairExplanation::empty(table, rows, "learnt from the file", generic.model.link_weight);
    let pair = Pair { table, rows, places: rows.map(place), decided, entity: &place };
    let rules = generic.rules.names(&generic.rows);
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    pair.fill(&mut made, &generic, &generic.weights, &generic.model, &rules, &foreign_value);
    made
}

/// What a comparison of a foreign file sees of a row.
fn foreign_value(table: &Table, row: usize, comparison: &str) -> String {
    if let Some(attribute) = table.attributes().iter().position(|attribute| attribute.name == comparison) {
        return table.attribute_texts(attribute).get(table.attribute_value(attribute, row)).to_owned();
    }
    match comparison {
        "street" => table.text(Column::Street, row).to_owned(),
        "city" => table.text(Column::City, row).to_owned(),
        "postcode" => table.text(Column::Postcode, row).to_owned(),
        "country" => table.text(Column::Country, row).to_owned(),
        "job_title" => table.text(Column::JobTitle, row).to_owned(),
        _ => person_value(table, row, "family_name"),
    }
}

/// Two rows, the entities they stand for, and what stewards decided.
struct Pair<'a> {
    table: &'a Table,
    rows: [u32; 2],
    places: [Option<u32>; 2],
    decided: &'a Decided<'a>,
    entity: &'a dyn Fn(u32) -> Option<u32>,
}

impl Pair<'_> {
    fn fill(
        &self,
        made: &mut PairExplanation,
        entities: &impl Entities,
        weights: &Weights,
        model: &LinkageModel,
        rules: &[&str],
        value: &dyn Fn(&Table, usize, &str) -> String,
    ) {
        made.prior = weights.prior;
        made.total = weights.prior;
        let [Some(left), Some(right)] = self.places else {
            made.decision = PairDecision::NoLink;
            made.probability = probability(made.total);
            return;
        };
        let pattern = entities.compare(left, right);
        let mut adjustments = vec![0.0_f64; model.comparisons.len()];
        entities.adjust(pattern, left, right, &mut |comparison, bits| adjustments[comparison] += f64::from(bits));
        for (index, comparison) in model.comparisons.iter().enumerate() {
            let level = pattern.level(index).checked_sub(1);
            let chances = level.map(|level| weights.chances[index][level]);
            let adjustment = adjustments[index];
            let shown =
                |row: u32| Some(value(self.table, row as usize, &comparison.name)).filter(|text| !text.is_empty());
            made.comparisons.push(ComparedRow {
                comparison: comparison.name.clone(),
                level: level.map(|level| comparison.levels[level].name.clone()),
                m: chances.map(|chances| chances.m),
                u: chances.map(|chances| (chances.u / adjustment.exp2()).min(1.0)),
                frequency_adjustment: adjustment,
                already_counted: chances.is_some_and(|chances| (chances.weight() + adjustment).abs() < COUNTED),
                weight: chances.map_or(0.0, |chances| chances.weight() + adjustment),
                left_value: shown(self.rows[0]),
                right_value: shown(self.rows[1]),
            });
        }
        made.total += made.comparisons.iter().map(|row| row.weight).sum::<f64>();
        made.probability = probability(made.total);
        let score = weights.score(entities, left, right);
        made.decision = self.decision(entities.count() as usize, left, right, model, score.is_conflict, made.total);
        made.blocking_rules = shared_rules(entities, left, right, rules);
    }

    /// What holds for the pair: a steward's word where there is one, else the weight.
    fn decision(
        &self,
        count: usize,
        left: u32,
        right: u32,
        model: &LinkageModel,
        is_conflict: bool,
        total: f64,
    ) -> PairDecision {
        let constraints = self.decided.constraints(count, self.entity);
        match word_on(count, &constraints, left, right) {
            Word::One => return PairDecision::MustLink,
            Word::Two => return PairDecision::CannotLink,
            Word::Open => {}
        }
        if is_conflict {
            PairDecision::Conflict
        } else if total >= model.link_weight {
            PairDecision::Link
        } else {
            PairDecision::NoLink
        }
    }
}

/// The blocking rules that two entities share a key of; one whose every shared key is capped is marked.
fn shared_rules(entities: &impl Entities, left: u32, right: u32, names: &[&str]) -> Vec<String> {
    let keys = |row: u32| {
        let mut keys = Keys::default();
        entities.keys(row, &mut keys);
        keys.sorted().to_vec()
    };
    if left == right {
        return vec!["one record".to_owned()];
    }
    let (mine, theirs) = (keys(left), keys(right));
    let mut shared: Vec<u8> = mine.into_iter().filter(|key| theirs.binary_search(key).is_ok()).map(rule_of).collect();
    shared.dedup();
    shared.sort_unstable();
    shared.dedup();
    let mut found = Vec::new();
    Blocks::new(entities).gather(left.min(right), &mut found);
    let is_brought = found.binary_search(&left.max(right)).is_ok();
    let name = |rule: u8| names.get(usize::from(rule)).copied().unwrap_or_default();
    shared
        .into_iter()
        .map(|rule| if is_brought { name(rule).to_owned() } else { format!("{} (capped)", name(rule)) })
        .collect()
}

/// What a comparison of people sees of a row.
fn person_value(table: &Table, row: usize, comparison: &str) -> String {
    let text = |column| table.text(column, row).to_owned();
    match comparison {
        "family_name" | "given_name" => {
            let parts = [Column::FullName, Column::GivenName, Column::FamilyName].map(text);
            joined(parts.iter().map(String::as_str))
        }
        "email" => list(table, ListColumn::Emails, row),
        "employer" => joined([Column::Company, Column::Domain].map(text).iter().map(String::as_str)),
        "phone" => list(table, ListColumn::Phones, row),
        "profile" => list(table, ListColumn::Profiles, row),
        "job_title" => text(Column::JobTitle),
        "place" => place(table, row),
        "page" => text(Column::SourceUrl),
        _ => String::new(),
    }
}

/// What a comparison of companies sees of a row.
fn company_value(table: &Table, row: usize, comparison: &str) -> String {
    let text = |column| table.text(column, row).to_owned();
    match comparison {
        "company_name" => text(Column::Company),
        "legal_form" => joined([Column::LegalForm, Column::Company].map(text).iter().map(String::as_str)),
        "domain" => match text(Column::Domain) {
            domain if domain.is_empty() => list(table, ListColumn::Emails, row),
            domain => domain,
        },
        "register" => {
            joined([Column::RegisterCourt, Column::RegisterNumber, Column::VatId].map(text).iter().map(String::as_str))
        }
        "phone" => list(table, ListColumn::Phones, row),
        "email" => list(table, ListColumn::Emails, row),
        "place" => place(table, row),
        _ => String::new(),
    }
}

fn list(table: &Table, column: ListColumn, row: usize) -> String {
    joined(table.list(column, row).map(|value| table.list_texts(column).get(value)))
}

fn place(table: &Table, row: usize) -> String {
    let columns = [Column::Street, Column::Postcode, Column::City, Column::Country];
    joined(columns.iter().map(|&column| table.text(column, row)))
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

impl PairExplanation {
    /// An explanation of two rows, the one with the smaller id first, that says nothing yet.
    fn empty(table: &Table, rows: [u32; 2], model: &str, link_weight: f64) -> Self {
        let [left, right] = rows.map(|row| MentionId::new(table.mention_id(row as usize)));
        Self {
            left,
            right,
            model: model.to_owned(),
            prior: 0.0,
            comparisons: Vec::new(),
            total: 0.0,
            probability: 0.0,
            link_weight,
            decision: PairDecision::OtherKind,
            blocking_rules: Vec::new(),
        }
    }

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

    /// Says in one sentence what is decided.
    pub const fn verdict(&self) -> &'static str {
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
        // The run sums in 32 bits.
        assert!((run.pairs[0].weight - explanation.total).abs() < 1e-3);
        assert_eq!(explanation.decision, PairDecision::Link);
        assert_eq!(explanation.left.as_str(), "1");
        assert!(explanation.blocking_rules.contains(&"email".to_owned()));
        let family = &explanation.comparisons[0];
        assert!(family.already_counted && family.weight.abs() < COUNTED, "the mailbox holds the surname");
    }

    #[test]
    fn only_value_fields_hold_values() {
        let mut json = serde_json::to_value(explain(&pair(), &[])).unwrap();
        assert!(json.to_string().contains("Müller"), "values are shown as they were read");
        for row in json["comparisons"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_value"));
        }
        for personal in ["müller", "muller", "mueller", "anna", "nordwind"] {
            assert!(!json.to_string().to_lowercase().contains(personal), "{personal}");
        }
        let bare = explain(&pair(), &[]).without_values();
        for personal in ["Müller", "muller", "mueller"] {
            assert!(!bare.to_text().contains(personal) && !format!("{bare:?}").contains(personal), "{personal}");
            assert!(!format!("{:?}", explain(&pair(), &[])).contains(personal), "{personal}");
        }
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
