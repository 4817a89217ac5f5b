//! Match weights: the log2 Bayes factors of the levels that a pair is on, added to the prior.
//!
//! Which level a pair is on is `people`'s and `firms`'; m stands in the model document. u is measured in the data that
//! is resolved, on random pairs, and drawn to the document's where data are few.
//!
//! Invariant: a sum runs in the order of the comparisons, so a pair weighs the same to the last bit wherever and
//! whenever it is weighed.

use crate::levels::{ComparisonSpec, Context};
use crate::model::{LinkageModel, Prior};
use crate::pattern::{COMPARISONS_MAX, Entities, LEVELS_MAX, Pattern};

/// Below this u a level says so much that the few matches among random pairs would falsify its measure: the
/// document's counts.
const MEASURED_U_MIN: f64 = 2e-5;

/// How many random pairs the document's u counts for.
const PSEUDO_PAIRS: f64 = 20_000.0;

/// How many mentions the document's prior counts for.
const PSEUDO_MENTIONS: f64 = 500.0;

/// The weight of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// The total match weight, log2 of the odds.
    pub(crate) weight: f32,
    /// Whether the evidence says that these are two, and nothing outweighs it.
    pub(crate) is_conflict: bool,
}

/// The probabilities of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Chances {
    /// How likely a pair of one entity is on it.
    pub(crate) m: f64,
    /// How likely a pair of two entities is, in these data.
    pub(crate) u: f64,
}

impl Chances {
    /// Returns the weight in bits.
    pub(crate) fn weight(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// Random pairs by pattern and context, each counted by the chance that it is no match.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample(pub(crate) Vec<(Pattern, usize, f64)>);

/// The model of one kind of entity, fitted to data.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    pub(crate) prior: f64,
    pub(crate) chances: Vec<Vec<Chances>>,
    pub(crate) link_weight: f32,
    /// Weights by comparison and level, level 0 being missing.
    table: [[f32; LEVELS_MAX]; COMPARISONS_MAX],
}

impl Weights {
    /// Takes the document's probabilities as they are, for data of `count` mentions.
    pub(crate) fn of_model(model: &LinkageModel, count: usize) -> Self {
        let chances = |level: &crate::model::Level| Chances { m: level.m, u: level.u };
        let chances: Vec<Vec<Chances>> =
            model.comparisons.iter().map(|each| each.levels.iter().map(chances).collect()).collect();
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let prior = (model.prior.matches_per_mention / (model.prior.population_min + count)).log2();
        Self::new(prior, chances, model.link_weight)
    }

    fn new(prior: f64, chances: Vec<Vec<Chances>>, link_weight: f64) -> Self {
        let mut table = [[0.0; LEVELS_MAX]; COMPARISONS_MAX];
        for (row, levels) in table.iter_mut().zip(&chances) {
            for (cell, level) in row.iter_mut().skip(1).zip(levels) {
                *cell = narrow(level.weight());
            }
        }
        Self { prior, chances, link_weight: narrow(link_weight), table }
    }

    /// Measures u in random pairs of the data.
    #[must_use]
    pub(crate) fn measured(self, spec: &[ComparisonSpec], sample: &Sample) -> Self {
        let mut chances = self.chances;
        for (index, comparison) in spec.iter().enumerate() {
            for (number, level) in comparison.levels.iter().enumerate() {
                let chance = &mut chances[index][number];
                if level.context == Context::Namesakes || chance.u < MEASURED_U_MIN {
                    continue;
                }
                let (mut on, mut all) = (0.0, 0.0);
                for &(pattern, context, count) in &sample.0 {
                    // A context above 16 is of pairs that were drawn inside it: they say nothing of all pairs.
                    let fits = if level.context == Context::Any {
                        context < 16
                    } else {
                        level.context as usize == context % 16
                    };
                    if fits && pattern.level(index) != 0 {
                        all += count;
                        on += if pattern.level(index) == number + 1 { count } else { 0.0 };
                    }
                }
                chance.u = (PSEUDO_PAIRS.mul_add(chance.u, on) / (PSEUDO_PAIRS + all)).max(MEASURED_U_MIN);
            }
        }
        Self::new(self.prior, chances, f64::from(self.link_weight))
    }

    /// Returns the weight of a comparison's level, 0 where it is missing.
    pub(crate) fn level(&self, comparison: usize, level: usize) -> f32 {
        self.table[comparison][level]
    }

    /// Returns the weight of a pattern without what the frequency of values changes.
    pub(crate) fn total(&self, pattern: Pattern) -> f32 {
        let mut weight = narrow(self.prior);
        for comparison in 0..self.chances.len() {
            weight += self.table[comparison][pattern.level(comparison)];
        }
        weight
    }

    /// Weighs two entities that were compared.
    pub(crate) fn weigh(&self, pattern: Pattern, entities: &impl Entities, left: u32, right: u32) -> f32 {
        let mut weight = self.total(pattern);
        entities.adjust(pattern, left, right, &mut |_, bits| weight += bits);
        weight
    }

    /// Compares and weighs two entities.
    pub(crate) fn score(&self, entities: &impl Entities, left: u32, right: u32) -> Score {
        let pattern = entities.compare(left, right);
        let weight = self.weigh(pattern, entities, left, right);
        Score { weight, is_conflict: weight < self.link_weight && entities.is_conflict(pattern) }
    }
}

/// Returns the probability that a total weight stands for.
pub(crate) fn probability(weight: f64) -> f64 {
    let odds = weight.clamp(-500.0, 500.0).exp2();
    odds / (1.0 + odds)
}

#[expect(clippy::cast_possible_truncation, reason = "weights are small numbers of bits")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}

impl Weights {
    /// Takes learnt m probabilities, and the prior that `matches` pairs among `count` entities make; where data are few,
    /// the document's prior counts for some mentions more.
    #[must_use]
    pub(crate) fn learnt(self, m: &[Vec<f64>], matches: f64, count: usize, prior: &Prior) -> Self {
        let mut chances = self.chances;
        for (levels, learnt) in chances.iter_mut().zip(m) {
            for (chance, &m) in levels.iter_mut().zip(learnt) {
                chance.m = m;
            }
        }
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let per_mention =
            2.0_f64.mul_add(matches, PSEUDO_MENTIONS * prior.matches_per_mention) / (count + PSEUDO_MENTIONS);
        let prior = (per_mention / (prior.population_min + count)).log2();
        Self::new(prior, chances, f64::from(self.link_weight))
    }
}
