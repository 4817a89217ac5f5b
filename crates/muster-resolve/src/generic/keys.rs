//! Blocking of plain columns: which values, alone or two together, bring rows to be compared.
//!
//! Every column gives its exact value and a coarse form (sound, year, start). Of all of these and all pairs of them from
//! different columns those are taken that bring few enough rows together; a rule that another one holds is left out.
//!
//! Invariant: the rules depend on the rows as a set.

use rayon::prelude::*;

use super::rows::Rows;
use super::spec::Kind;
use crate::block::Keys;
use crate::intern::mix;

/// How many rows the choice of rules looks at.
const ROWS_READ: usize = 100_000;
/// A rule may bring a row to this many others on average.
const PAIRS_PER_ROW_MAX: f64 = 12.0;
/// All rules together may bring a row to this many others on average.
const PAIRS_PER_ROW_TOTAL: f64 = 60.0;
/// All rules together may bring so many pairs in all, which bounds the run for very many rows.
const PAIRS_TOTAL: f64 = 30_000_000.0;
/// The most rules beside the one of two words of a name; a key has five bits for its rule.
const RULES_MAX: usize = 30;
/// How many words of a name are paired.
const WORDS_MAX: usize = 4;

/// One form of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    GivenGroup,
    GivenInitial,
    FamilyExact,
    FamilySound,
    Exact(usize),
    Coarse(usize),
}

/// A rule: one form, or two of different columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    first: Part,
    second: Option<Part>,
}

/// The chosen rules.
#[derive(Debug, Clone)]
pub(crate) struct Rules(Vec<Rule>);

impl Part {
    fn of(self, rows: &Rows, place: u32) -> u64 {
        let name = rows.name(place).copied().unwrap_or_default();
        let (given, family) = (&rows.words.facts[name.given as usize], &rows.words.facts[name.family as usize]);
        let value = |field: usize| &rows.fields[field].values[rows.of(place)[field] as usize];
        match self {
            Self::GivenGroup => given.groups[0],
            Self::GivenInitial => u64::from(given.initial),
            Self::FamilyExact => family.hash,
            Self::FamilySound => family.sound,
            Self::Exact(field) => value(field).hash,
            Self::Coarse(field) => value(field).coarse,
        }
    }

    /// Returns what column it is a form of.
    const fn column(self) -> usize {
        match self {
            Self::GivenGroup | Self::GivenInitial => 0,
            Self::FamilyExact | Self::FamilySound => 1,
            Self::Exact(field) | Self::Coarse(field) => 2 + field,
        }
    }

    /// Returns whether two rows that agree on `self` agree on `other`.
    fn holds(self, other: Self) -> bool {
        self == other
            || matches!((self, other), (Self::FamilyExact, Self::FamilySound) | (Self::GivenGroup, Self::GivenInitial))
            || matches!((self, other), (Self::Exact(a), Self::Coarse(b)) if a == b)
    }

    fn name(self, rows: &Rows) -> String {
        let field = |at: usize| {
            let found = rows.comparisons.iter().find(|comparison| comparison.field == Some(at));
            found.map_or_else(String::new, |comparison| comparison.name.clone())
        };
        match self {
            Self::GivenGroup => "given_name".to_owned(),
            Self::GivenInitial => "initial".to_owned(),
            Self::FamilyExact => "family_name".to_owned(),
            Self::FamilySound => "family_name_sound".to_owned(),
            Self::Exact(at) => field(at),
            Self::Coarse(at) => field(at) + "_start",
        }
    }
}

impl Rule {
    fn of(self, rows: &Rows, place: u32) -> u64 {
        let first = self.first.of(rows, place);
        let second = self.second.map_or(1, |second| second.of(rows, place));
        if first == 0 || second == 0 { 0 } else { mix(first, second) }
    }

    /// Returns whether rows that this rule brings together are brought together by the other.
    fn holds(self, other: Self) -> bool {
        let has = |part: Part| self.first.holds(part) || self.second.is_some_and(|second| second.holds(part));
        has(other.first) && other.second.is_none_or(has)
    }
}

impl Rules {
    /// Chooses the rules for rows.
    pub(super) fn new(rows: &Rows) -> Self {
        let mut parts = Vec::new();
        if !rows.names.is_empty() {
            parts.extend([Part::GivenGroup, Part::GivenInitial, Part::FamilyExact, Part::FamilySound]);
        }
        for (at, field) in rows.fields.iter().enumerate() {
            parts.push(Part::Exact(at));
            if field.kind != Kind::Number {
                parts.push(Part::Coarse(at));
            }
        }
        let mut rules: Vec<Rule> = parts.iter().map(|&first| Rule { first, second: None }).collect();
        for (at, &first) in parts.iter().enumerate() {
            let others = parts[at + 1..].iter().filter(|second| second.column() != first.column());
            rules.extend(others.map(|&second| Rule { first, second: Some(second) }));
        }
        let step = (rows.len() as usize).div_ceil(ROWS_READ).max(1);
        let counted: Vec<(f64, Rule)> =
            rules.into_par_iter().map(|rule| (pairs_per_row(rows, rule, step), rule)).collect();
        let mut fit: Vec<(f64, Rule)> =
            counted.into_iter().filter(|&(pairs, _)| pairs > 0.0 && pairs <= PAIRS_PER_ROW_MAX).collect();
        let all: Vec<Rule> = fit.iter().map(|&(_, rule)| rule).collect();
        fit.retain(|&(_, rule)| !all.iter().any(|&other| other != rule && rule.holds(other)));
        fit.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut total = 0.0;
        fit.retain(|&(pairs, _)| {
            total += pairs;
            total <= PAIRS_PER_ROW_TOTAL.min(PAIRS_TOTAL / f64::from(rows.len().max(1)))
        });
        let few = fit.len().saturating_sub(RULES_MAX);
        Self(fit.into_iter().skip(few).map(|(_, rule)| rule).collect())
    }

    /// Adds a place's keys.
    pub(super) fn keys(&self, rows: &Rows, place: u32, keys: &mut Keys) {
        for (number, rule) in (1..).zip(&self.0) {
            keys.add(number, &[rule.of(rows, place)]);
        }
        let Some(name) = rows.name(place) else { return };
        let words = [name.given, name.family];
        let words: Vec<u64> = words
            .iter()
            .chain(name.further().iter().take(WORDS_MAX - 2))
            .map(|&word| rows.words.facts[word as usize].hash)
            .collect();
        for (at, &one) in words.iter().enumerate() {
            for &other in &words[at + 1..] {
                keys.add(0, &[one.min(other), one.max(other)]);
            }
        }
    }

    /// Returns the names of the rules, by their number in a key.
    pub(crate) fn names(&self, rows: &Rows) -> Vec<String> {
        let name = |rule: &Rule| {
            let first = rule.first.name(rows);
            rule.second.map_or_else(|| first.clone(), |second| format!("{first}+{}", second.name(rows)))
        };
        std::iter::once("two_words_of_the_name".to_owned()).chain(self.0.iter().map(name)).collect()
    }
}

/// Counts the pairs that a rule brings together, in a part of the rows, per row of all.
fn pairs_per_row(rows: &Rows, rule: Rule, step: usize) -> f64 {
    let mut keys: Vec<u64> =
        (0..rows.len()).step_by(step).map(|place| rule.of(rows, place)).filter(|&key| key != 0).collect();
    keys.sort_unstable();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let pairs: f64 = keys
        .chunk_by(|left, right| left == right)
        .map(|same| count(same.len()) * (count(same.len()) - 1.0) / 2.0)
        .sum();
    pairs / count((rows.len() as usize).div_ceil(step)) * count(step)
}
