//! Match weights: the log2 Bayes factors of the levels that a pair is on, added to the prior.
//!
//! Which level a pair is on is `compare`'s; the probabilities are the model's.
//!
//! Invariant: a sum runs in the order of the comparisons, so a pair weighs the same to the last bit wherever and
//! whenever it is weighed.

use crate::model::{Frequency, Level, LinkageModel};

/// The greatest number of comparisons that either kind of entity has.
pub(crate) const COMPARISONS_MAX: usize = 9;

/// What one comparison found in a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The level, by its place in the comparison; none where a side lacks the value.
    pub(crate) level: Option<usize>,
    /// How many entities have the value, where both have one value.
    pub(crate) count: Option<u32>,
    /// Whether another comparison has said the same already, so that it weighs nothing here.
    pub(crate) already_said: bool,
    /// Whether the level says that these are two.
    pub(crate) is_conflict: bool,
}

impl Outcome {
    /// A side lacks the value.
    pub(crate) const MISSING: Self = Self { level: None, count: None, already_said: false, is_conflict: false };

    /// The pair is on a level.
    pub(crate) const fn on(level: usize) -> Self {
        Self { level: Some(level), ..Self::MISSING }
    }

    /// The pair shares a value that `count` entities have.
    pub(crate) const fn shared(level: usize, count: u32) -> Self {
        Self { level: Some(level), count: Some(count), ..Self::MISSING }
    }

    /// The pair is on a level that says that these are two.
    pub(crate) const fn conflict(level: usize) -> Self {
        Self { level: Some(level), is_conflict: true, ..Self::MISSING }
    }

    /// Returns whether the pair is on that level.
    pub(crate) fn is(&self, level: usize) -> bool {
        self.level == Some(level)
    }
}

/// What every comparison found in a pair, in their order.
pub(crate) type Outcomes = [Outcome; COMPARISONS_MAX];

/// The weight of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// The total match weight.
    pub(crate) weight: f64,
    /// Whether the evidence says that these are two, and nothing outweighs it.
    pub(crate) is_conflict: bool,
}

/// One comparison's share of a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share {
    /// The weight from the level's own m and u.
    pub(crate) base: f64,
    /// The u that was used, after the frequency adjustment.
    pub(crate) u: f64,
    /// What the value's frequency adds.
    pub(crate) adjustment: f64,
    /// What counts.
    pub(crate) weight: f64,
}

/// The model of one kind of entity, for data of one size.
#[derive(Debug, Clone)]
pub(crate) struct Weights<'a> {
    model: &'a LinkageModel,
    entities: f64,
}

impl<'a> Weights<'a> {
    /// Fits the model to data that holds about `entities` entities.
    pub(crate) fn new(model: &'a LinkageModel, entities: usize) -> Self {
        let entities = u32::try_from(entities).unwrap_or(u32::MAX);
        Self { model, entities: f64::from(entities) }
    }

    /// Returns the model.
    pub(crate) const fn model(&self) -> &'a LinkageModel {
        self.model
    }

    /// Returns the weight of the prior.
    pub(crate) fn prior(&self) -> f64 {
        (self.model.prior.matches_per_mention / (self.model.prior.population_min + self.entities)).log2()
    }

    /// Returns the total weight of a pair.
    pub(crate) fn score(&self, outcomes: &Outcomes) -> Score {
        let mut weight = self.prior();
        for (index, outcome) in outcomes.iter().enumerate() {
            weight += self.share(index, outcome).map_or(0.0, |share| share.weight);
        }
        let says_two = outcomes.iter().any(|outcome| outcome.is_conflict);
        Score { weight, is_conflict: says_two && weight < self.model.link_weight }
    }

    /// Returns what one comparison contributes; none where the pair is on no level.
    pub(crate) fn share(&self, comparison: usize, outcome: &Outcome) -> Option<Share> {
        let level = self.level(comparison, outcome)?;
        let u = match (&level.frequency, outcome.count) {
            (Some(frequency), Some(count)) => self.adjusted(level.u, frequency, count),
            (Some(_) | None, _) => level.u,
        };
        let (base, full) = ((level.m / level.u).log2(), (level.m / u).log2());
        let weight = if outcome.already_said { full.min(0.0) } else { full };
        Some(Share { base, u, adjustment: full - base, weight })
    }

    /// Returns the level of the model that an outcome names.
    pub(crate) fn level(&self, comparison: usize, outcome: &Outcome) -> Option<&'a Level> {
        self.model.comparisons.get(comparison)?.levels.get(outcome.level?)
    }

    /// The chance that two entities share this value: its frequency, drawn to the level's own u where data are few.
    fn adjusted(&self, u: f64, frequency: &Frequency, count: u32) -> f64 {
        let seen = f64::from(count) + frequency.pseudo_count * u;
        (seen / (self.entities + frequency.pseudo_count)).clamp(frequency.u_min, frequency.u_max)
    }
}

/// Returns the probability that a total weight stands for.
pub(crate) fn probability(weight: f64) -> f64 {
    let odds = weight.clamp(-500.0, 500.0).exp2();
    odds / (1.0 + odds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    #[test]
    fn a_rare_value_weighs_more_than_a_frequent_one() {
        let model = Model::shipped();
        let weights = Weights::new(model.person(), 100_000);
        let weight = |count| weights.share(0, &Outcome::shared(0, count)).unwrap().weight;
        assert!(weight(2) > weight(500) && weight(500) > weight(5000));
        assert!((weight(50_000) - weight(500_000)).abs() < 1e-12, "bounded");
    }

    #[test]
    fn what_is_said_twice_counts_once_but_a_no_stays() {
        let model = Model::shipped();
        let weights = Weights::new(model.person(), 10);
        let said = |level| Outcome { already_said: true, ..Outcome::on(level) };
        assert!(weights.share(0, &said(0)).unwrap().weight.abs() < 1e-12);
        assert!(weights.share(0, &said(3)).unwrap().weight < -3.0);
        assert_eq!(weights.share(0, &Outcome::MISSING), None);
    }

    #[test]
    fn the_prior_follows_the_data_and_probability_follows_weight() {
        let model = Model::shipped();
        assert!(Weights::new(model.person(), 1_000_000).prior() < Weights::new(model.person(), 10).prior());
        assert!((probability(0.0) - 0.5).abs() < 1e-12);
        assert!(probability(f64::MAX).is_finite() && probability(10.0) > 0.99);
    }
}
