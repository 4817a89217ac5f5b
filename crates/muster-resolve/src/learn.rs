//! Learning without labels: u from random pairs, m by expectation and maximization over candidate pairs.
//!
//! Invariant: samples are drawn by row number and a fixed seed, and sums run in the order of patterns, so a learnt
//! number is the same on every machine and for any number of threads.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::block::Blocks;
use crate::intern::mix;
use crate::levels::{ComparisonSpec, Context};
use crate::model::LinkageModel;
use crate::pattern::{Entities, Pattern};
use crate::weigh::{Sample, Weights, probability};

/// Random pairs that u is measured on, over all and within contexts.
const SAMPLE_PAIRS: u64 = 400_000;

/// Draws random pairs, each counted by the chance that it is no match by the weights so far.
pub(crate) fn sample(entities: &impl Entities, groups: &[Vec<u32>], weights: &Weights) -> Sample {
    let count = u64::from(entities.count());
    if count < 2 {
        return Sample::default();
    }
    let draw = |number: u64| {
        let left = mix(1, number) % count;
        let right = mix(2, number) % count;
        (left != right).then(|| (low(left), low(right)))
    };
    let within = |number: u64| {
        let group = &groups[usize::try_from(mix(3, number) % groups.len() as u64).expect("a place in a list")];
        let size = group.len() as u64;
        let pick = |seed| group[usize::try_from(mix(seed, number) % size).expect("a place in a list")];
        let (left, right) = (pick(4), pick(5));
        (left != right).then_some((left, right))
    };
    let pairs = count * count / 2;
    let over_all = (0..SAMPLE_PAIRS.min(pairs)).into_par_iter().filter_map(draw);
    let inside_pairs: u64 = groups.iter().map(|group| (group.len() * group.len()) as u64 / 2).sum();
    let inside = (0..inside_pairs.min(SAMPLE_PAIRS / 2)).into_par_iter().filter_map(within);
    let judged = |(left, right): (u32, u32)| {
        let pattern = entities.compare(left, right);
        let weight = weights.weigh(pattern, entities, left, right);
        (pattern, entities.context(left, right), 1.0 - probability(f64::from(weight)))
    };
    // Pairs drawn inside a group stand for their context only.
    let mut drawn: Vec<(Pattern, usize, f64, bool)> = over_all.map(judged).map(|(p, c, n)| (p, c, n, true)).collect();
    drawn.par_extend(inside.map(judged).map(|(p, c, n)| (p, c, n, false)));
    let mut counts: BTreeMap<(Pattern, usize, bool), f64> = BTreeMap::new();
    for (pattern, context, chance, is_random) in drawn {
        *counts.entry((pattern, context, is_random)).or_default() += chance;
    }
    Sample(counts.into_iter().map(|((p, c, random), n)| (p, if random { c } else { c + 16 }, n)).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "below the number of rows")]
const fn low(number: u64) -> u32 {
    number as u32
}

/// The pairs that a step of learning looks at: those of all rows, or of a part of them that is drawn by place.
const LEARNT_ROWS: u32 = 150_000;

/// Chances are summed as whole numbers of this many parts, so that sums do not depend on their order.
const PARTS: f64 = 16_777_216.0;

/// A pair less likely than this is no match as far as learning goes.
const CHANCE_MIN: f64 = 1e-4;

/// The sum of chances of one pattern in one context.
type Expected = ((Pattern, usize), f64);

/// The sums of chances, while they are counted.
type Sums = hashbrown::HashMap<(Pattern, usize), u64, rustc_hash::FxBuildHasher>;

/// One step of expectation and maximization: m anew, and how many matches there are, by the weights so far.
pub(crate) fn maximize(
    entities: &impl Entities,
    blocks: &Blocks,
    weights: &Weights,
    spec: &[ComparisonSpec],
    prior: &LinkageModel,
) -> (Vec<Vec<f64>>, f64) {
    let (sums, matches) = expect_matches(entities, blocks, weights);
    let m = (0..spec.len())
        .map(|index| {
            let levels = spec[index].levels.iter().zip(&prior.comparisons[index].levels).enumerate();
            levels
                .map(|(number, (level, before))| learn_level(&sums, index, number + 1, level.context, before.m))
                .collect()
        })
        .collect();
    (m, matches)
}

/// Sums the chances that pairs match, by pattern and context; and over all pairs.
fn expect_matches(entities: &impl Entities, blocks: &Blocks, weights: &Weights) -> (Vec<Expected>, f64) {
    let count = entities.count();
    let share = (f64::from(LEARNT_ROWS) / f64::from(count.max(1))).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the numbers of 32 bits")]
    let drawn = (share * f64::from(u32::MAX)) as u64;
    let sums = (0..count)
        .into_par_iter()
        .filter(|&row| mix(6, u64::from(row)) >> 32 <= drawn)
        .fold(
            || (Sums::default(), Vec::new()),
            |(mut sums, mut found), row| {
                blocks.gather(row, &mut found);
                for &other in &found {
                    let pattern = entities.compare(row, other);
                    let chance = probability(f64::from(weights.weigh(pattern, entities, row, other)));
                    if chance > CHANCE_MIN {
                        *sums.entry((pattern, entities.context(row, other))).or_default() += parts(chance);
                    }
                }
                (sums, found)
            },
        )
        .map(|(sums, _)| sums)
        .reduce(Sums::default, |mut all, more| {
            for (key, chance) in more {
                *all.entry(key).or_default() += chance;
            }
            all
        });
    let mut sums: Vec<((Pattern, usize), u64)> = sums.into_iter().collect();
    sums.sort_unstable();
    let sums: Vec<Expected> = sums.into_iter().map(|(key, parts)| (key, whole(parts))).collect();
    let matches = sums.iter().map(|(_, chance)| chance).sum::<f64>() / share;
    (sums, matches)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a chance is between 0 and 1")]
fn parts(chance: f64) -> u64 {
    (chance * PARTS) as u64
}

#[expect(clippy::cast_precision_loss, reason = "a sum of chances needs no more than 53 bits")]
fn whole(parts: u64) -> f64 {
    parts as f64 / PARTS
}

/// Returns the share of the matches on a level among those that could be, drawn to what the document says.
fn learn_level(sums: &[Expected], index: usize, number: usize, condition: Context, before: f64) -> f64 {
    let fits = |context: usize| match condition {
        Context::Any => true,
        Context::Colleagues | Context::Others => condition as usize == context,
        Context::Namesakes => false,
    };
    let (mut on, mut all) = (0.0, 0.0);
    for &((pattern, context), chance) in sums {
        if fits(context) && pattern.level(index) != 0 {
            all += chance;
            on += if pattern.level(index) == number { chance } else { 0.0 };
        }
    }
    PSEUDO_MATCHES.mul_add(before, on) / (PSEUDO_MATCHES + all)
}

/// How many matches the document's m counts for.
const PSEUDO_MATCHES: f64 = 200.0;

/// Why no model can be learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainError {
    /// There are fewer than a hundred rows, or fewer than fifty pairs that are likely matches.
    TooLittle,
}

impl std::fmt::Display for TrainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLittle => write!(f, "there are too few rows that are likely to match to learn from"),
        }
    }
}

impl std::error::Error for TrainError {}
