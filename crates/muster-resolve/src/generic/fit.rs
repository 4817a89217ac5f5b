//! Learning m, u and the prior without labels, first from patterns alone, then from the clusters they lead to.
//!
//! First u and the prior are learnt by expectation and maximization over patterns, while m stays what it usually is: a
//! free m drifts to whatever many pairs have in common, relatives in one place, where matches are few. Clusters judge
//! better than single pairs, because all members must fit, so m and u are then counted among their pairs. There it also shows which comparisons say the
//! same: postcode and city agree together among strangers as well. Such comparisons are tied: each depends on at most
//! one other, along the tree that explains most (Chow and Liu), and its weight is the one in view of that other.
//!
//! Invariant: sums run in the order of patterns.

use super::census::{Count, Kind};
use super::rows::Comparison;
use crate::model::{self, LinkageModel, Prior};
use crate::pattern::LEVELS_MAX;
use crate::weigh::{narrow, probability};

/// Rounds of expectation and maximization; it stands still before.
const ROUNDS: usize = 20;
/// How many matches the starting m counts for.
const START_MATCHES: f64 = 100.0;
/// How many pairs a level has that no pair was seen on: among those that blocking finds all, and among drawn ones.
const UNSEEN_PAIRS: f64 = 0.5;
const UNSEEN_DRAWN: f64 = 0.5 / 250_000.0;
/// How many pairs speak for two comparisons being independent.
const INDEPENDENT_PAIRS: f64 = 30.0;
/// A tie that changes a match by fewer bits on average is none.
const TIE_BITS_MIN: f64 = 0.15;
/// What a tie changes at most, in bits.
const TIE_BITS_MAX: f64 = 8.0;
/// Chance of a match of two rows before anything is learnt: each row has one other.
const START_MATCHES_PER_ROW: f64 = 1.0;

/// A comparison whose weight depends on another's level.
#[derive(Debug, Clone)]
pub(crate) struct Tie {
    /// The comparison that is weighed in view of the other.
    pub(crate) comparison: usize,
    /// The other.
    pub(crate) given: usize,
    /// What is added, by the other's level and the own one.
    pub(crate) bits: [[f32; LEVELS_MAX]; LEVELS_MAX],
}

/// What was learnt.
pub(crate) struct Fit {
    /// Probabilities of m and u by comparison and level, level 0 being missing and none.
    m: Vec<Vec<f64>>,
    u: Vec<Vec<f64>>,
    /// How many pairs match.
    matches: f64,
    pub(crate) ties: Vec<Tie>,
}

/// Sums by comparison and level.
type Sums = Vec<[f64; LEVELS_MAX]>;

impl Fit {
    /// Learns u and the prior from patterns alone.
    pub(super) fn of_patterns(comparisons: &[Comparison], counts: &[(Kind, Count)], row_count: u32) -> Self {
        let m: Vec<Vec<f64>> = comparisons.iter().map(starting_m).collect();
        let all = f64::from(row_count) * f64::from(row_count.saturating_sub(1)) / 2.0;
        let mut matches = f64::from(row_count) * START_MATCHES_PER_ROW / 2.0;
        let mut u = shares(comparisons, &sums(comparisons, counts, |at| real(counts[at].1.met + counts[at].1.rest)));
        for _ in 0..ROUNDS {
            let prior = (matches / all.max(1.0)).log2();
            let table: Vec<Vec<f64>> =
                m.iter().zip(&u).map(|(m, u)| m.iter().zip(u).map(|(m, u)| (m / u).log2()).collect()).collect();
            let chance = |kind: &Kind| {
                let levels = table.iter().enumerate().map(|(at, bits)| (kind.pattern.level(at).checked_sub(1), bits));
                let bits: f64 = levels.map(|(level, bits)| level.map_or(0.0, |level| bits[level])).sum();
                probability(prior + bits + f64::from(kind.bits))
            };
            // What blocking did not bring together is hardly ever a match, and there are very many of these pairs.
            let chances: Vec<f64> = counts.iter().map(|(kind, _)| chance(kind)).collect();
            let met = |at: usize| real(counts[at].1.met);
            let off = sums(comparisons, counts, |at| met(at) * (1.0 - chances[at]) + real(counts[at].1.rest));
            matches = chances.iter().enumerate().map(|(at, chance)| met(at) * chance).sum::<f64>().max(1.0);
            u = shares(comparisons, &off);
        }
        Self { m, u, matches, ties: Vec::new() }
    }

    /// Learns from pairs that clusters tell apart.
    pub(super) fn of_clusters(comparisons: &[Comparison], counts: &[(Kind, Count)], matches: f64) -> Self {
        let on = sums(comparisons, counts, |at| if counts[at].0.is_match { real(counts[at].1.met) } else { 0.0 });
        let off = sums(comparisons, counts, |at| {
            if counts[at].0.is_match { 0.0 } else { real(counts[at].1.met + counts[at].1.rest) }
        });
        let m: Vec<Vec<f64>> =
            comparisons.iter().zip(&on).map(|(comparison, sums)| drawn(&starting_m(comparison), sums)).collect();
        let u = shares(comparisons, &off);
        let ties = ties(comparisons.len(), counts);
        Self { m, u, matches: matches.max(1.0), ties }
    }

    /// Returns what was learnt as a model document for so many rows.
    pub(super) fn model(&self, comparisons: &[Comparison], row_count: u32) -> LinkageModel {
        let level = |((&(name, _), &m), &u): ((&super::spec::LevelStart, &f64), &f64)| model::Level {
            name: name.to_owned(),
            m,
            u,
        };
        let comparisons =
            comparisons.iter().zip(self.m.iter().zip(&self.u)).map(|(comparison, (m, u))| model::Comparison {
                name: comparison.name.clone(),
                levels: comparison.kind.levels().iter().zip(m).zip(u).map(level).collect(),
            });
        let rows = f64::from(row_count.max(2));
        LinkageModel {
            prior: Prior {
                matches_per_mention: 2.0 * self.matches / (rows - 1.0) * (rows + 1.0) / rows,
                population_min: 1.0,
            },
            link_weight: 0.0,
            mean_weight: 0.0,
            conflict_weight: -40.0,
            listed_weight: -4.0,
            comparisons: comparisons.collect(),
        }
    }
}

fn starting_m(comparison: &Comparison) -> Vec<f64> {
    comparison.kind.levels().iter().map(|&(_, m)| m).collect()
}

fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count >> 20).unwrap_or(u32::MAX)) * f64::from(1_u32 << 20)
        + f64::from(u32::try_from(count & 0xf_ffff).expect("20 bits"))
}

fn sums(comparisons: &[Comparison], counts: &[(Kind, Count)], weight: impl Fn(usize) -> f64) -> Sums {
    let mut sums = vec![[0.0; LEVELS_MAX]; comparisons.len()];
    for (place, (kind, _)) in counts.iter().enumerate() {
        let weight = weight(place);
        for (at, sums) in sums.iter_mut().enumerate() {
            sums[kind.pattern.level(at)] += weight;
        }
    }
    sums
}

/// Returns the share of each level, none being 0.
fn shares(comparisons: &[Comparison], sums: &Sums) -> Vec<Vec<f64>> {
    let share = |(comparison, sums): (&Comparison, &[f64; LEVELS_MAX])| {
        let levels = &sums[1..=comparison.kind.levels().len()];
        let all: f64 = levels.iter().sum();
        // Equal values are found by blocking; what is only near may have been missed by the draw.
        let unseen = |level: usize| if level == 0 { UNSEEN_PAIRS } else { UNSEEN_PAIRS + UNSEEN_DRAWN * all };
        let counts: Vec<f64> = levels.iter().enumerate().map(|(level, count)| count + unseen(level)).collect();
        let total: f64 = counts.iter().sum();
        counts.iter().map(|count| count / total).collect()
    };
    comparisons.iter().zip(sums).map(share).collect()
}

/// Returns the share of each level, drawn to the starting one where there are few.
fn drawn(start: &[f64], sums: &[f64; LEVELS_MAX]) -> Vec<f64> {
    let total: f64 = sums[1..=start.len()].iter().sum();
    start
        .iter()
        .zip(&sums[1..])
        .map(|(start, count)| (START_MATCHES * start + count) / (START_MATCHES + total))
        .collect()
}

/// Pairs of levels of two comparisons, both sides having values.
type Joint = [[f64; LEVELS_MAX]; LEVELS_MAX];

/// Returns the ties along the tree that explains most.
fn ties(comparison_count: usize, counts: &[(Kind, Count)]) -> Vec<Tie> {
    let mut edges = Vec::new();
    for one in 0..comparison_count {
        for other in one + 1..comparison_count {
            let (bits, by_level) = dependence(one, other, counts);
            if bits >= TIE_BITS_MIN {
                edges.push((bits, one, other, by_level));
            }
        }
    }
    edges.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2))));
    let mut tree_of: Vec<usize> = (0..comparison_count).collect();
    let mut ties = Vec::new();
    for (_, one, other, bits) in edges {
        let (from, to) = (tree_of[one], tree_of[other]);
        if from != to {
            tree_of.iter_mut().filter(|tree| **tree == from).for_each(|tree| *tree = to);
            ties.push(Tie { comparison: other, given: one, bits });
        }
    }
    ties
}

/// Returns by how many bits the joint levels of two comparisons change the weight of a match on average, and the bits.
fn dependence(one: usize, other: usize, counts: &[(Kind, Count)]) -> (f64, [[f32; LEVELS_MAX]; LEVELS_MAX]) {
    let mut joint: [Joint; 2] = [[[0.0; LEVELS_MAX]; LEVELS_MAX]; 2];
    for (kind, count) in counts {
        let (left, right) = (kind.pattern.level(one), kind.pattern.level(other));
        if left != 0 && right != 0 {
            joint[usize::from(kind.is_match)][left][right] += real(count.met + count.rest);
        }
    }
    let ratios = joint.map(|joint| ratio(&joint));
    let total: f64 = joint[1].iter().flatten().sum();
    let mut bits = [[0.0; LEVELS_MAX]; LEVELS_MAX];
    let mut mean = 0.0;
    for left in 1..LEVELS_MAX {
        for right in 1..LEVELS_MAX {
            let change = (ratios[1][left][right] / ratios[0][left][right]).log2().clamp(-TIE_BITS_MAX, TIE_BITS_MAX);
            bits[left][right] = narrow(change);
            mean += change.abs() * joint[1][left][right] / total.max(1.0);
        }
    }
    (mean, bits)
}

/// Returns how much likelier than by chance two levels come together.
fn ratio(joint: &Joint) -> Joint {
    let total: f64 = joint.iter().flatten().sum();
    let rows: Vec<f64> = joint.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..LEVELS_MAX).map(|at| joint.iter().map(|row| row[at]).sum()).collect();
    let mut ratios = [[1.0; LEVELS_MAX]; LEVELS_MAX];
    for (left, row) in ratios.iter_mut().enumerate() {
        for (right, ratio) in row.iter_mut().enumerate() {
            let expected = rows[left] * columns[right] / total.max(1.0);
            *ratio = (joint[left][right] + INDEPENDENT_PAIRS) / (expected + INDEPENDENT_PAIRS);
        }
    }
    ratios
}
