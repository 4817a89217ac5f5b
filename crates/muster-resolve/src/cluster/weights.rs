//! What pairs count in a mean: match weights bounded on both sides, as whole numbers.
//!
//! Whole numbers make every sum the same in any order. Two sides that stewards tied together are one pair here, which
//! has all their evidence.
//!
//! Invariant: a pair that must stay apart counts `APART`, and any sum with it is still known to be apart.

use super::ties::Ties;
use super::{Bounds, Score};

/// What one bit of match weight counts.
const BIT: f32 = 1024.0;
/// What a pair counts that must stay apart; far below any sum of the pairs of a matrix.
pub(super) const APART: i32 = i32::MIN / 2;
/// Bounds farther out would let a sum of good pairs outweigh `APART`.
const BITS_MAX: f32 = 100.0;
/// How many members of one tied group are looked at: a steward's group is small, a hostile file's need not be.
const TIED_MEMBERS_MAX: usize = 32;

/// Returns whether a sum holds a pair that must stay apart.
pub(super) const fn is_apart(sum: i32) -> bool {
    sum < APART / 2
}

/// Returns the match weight that a mean stands for.
#[expect(clippy::cast_possible_truncation, reason = "a mean has no more digits than a weight")]
pub(super) fn to_weight(mean: f64) -> f32 {
    (mean / f64::from(BIT)) as f32
}

/// Beyond this size a larger cluster is no likelier than another.
const SIZE_REWARDED_MAX: usize = 64;

/// Bounds as whole numbers.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    pub(super) link: i32,
    pub(super) mean: i32,
    pub(super) least: i32,
    pub(super) rival_margin: i32,
    most: i32,
    conflict: i32,
    conflict_weight: f32,
    best_share: f64,
    /// What a cluster's size adds to how well it fits.
    bonuses: Vec<f64>,
}

#[expect(clippy::cast_possible_truncation, reason = "bounded to a hundred bits before")]
fn whole(weight: f32) -> i32 {
    (weight.clamp(-BITS_MAX, BITS_MAX) * BIT).round() as i32
}

impl Counts {
    fn new(bounds: Bounds) -> Self {
        let link = whole(bounds.link_weight);
        let per_doubling = f64::from(whole(bounds.size_bonus));
        let sizes = (1_u32..).take(SIZE_REWARDED_MAX);
        Self {
            link,
            mean: whole(bounds.mean_weight),
            least: whole(bounds.weight_min),
            most: whole(bounds.weight_max).max(link),
            rival_margin: whole(bounds.rival_margin),
            conflict: if bounds.conflict_counts.is_finite() { whole(bounds.conflict_counts) } else { APART },
            conflict_weight: bounds.conflict_weight,
            best_share: f64::from(bounds.best_share.clamp(0.0, 1.0)),
            bonuses: sizes.map(|size| (f64::from(size).log2() * per_doubling).round()).collect(),
        }
    }

    /// Returns what a match weight counts.
    pub(super) fn of(&self, weight: f32) -> i32 {
        if weight <= self.conflict_weight { self.conflict } else { self.bounded(weight) }
    }

    /// Returns what a match weight counts that is in no conflict, however low it is.
    fn bounded(&self, weight: f32) -> i32 {
        whole(weight).clamp(self.least, self.most)
    }

    /// Returns how well two clusters of these sizes fit, from the mean and the best of the pairs across.
    pub(super) fn fit(&self, mean: f64, best: i32, sizes: (usize, usize)) -> f64 {
        let bonus = |size: usize| self.bonuses[size.clamp(1, SIZE_REWARDED_MAX) - 1];
        mean + self.best_share * (f64::from(best) - mean) + bonus(sizes.0) + bonus(sizes.1)
    }

    fn of_score(&self, score: Score) -> i32 {
        if score.is_conflict { self.conflict } else { self.of(score.weight) }
    }

    /// Returns whether a pair counts as one in conflict.
    pub(super) const fn is_conflict(&self, counts: i32) -> bool {
        counts < self.least || is_apart(counts)
    }
}

/// Weighs pairs of nodes on demand.
pub(super) struct Pairs<'a, F> {
    pub(super) ties: &'a Ties,
    pub(super) counts: Counts,
    score: &'a F,
}

impl<'a, F: Fn(u32, u32) -> Score + Sync> Pairs<'a, F> {
    pub(super) fn new(ties: &'a Ties, bounds: Bounds, score: &'a F) -> Self {
        Self { ties, counts: Counts::new(bounds), score }
    }

    /// Returns what a pair of nodes counts: its score, or what stewards made of it.
    pub(super) fn weigh(&self, one: u32, other: u32) -> i32 {
        let (left, right) = (one.min(other), one.max(other));
        if self.ties.are_apart(left, right) {
            return APART;
        }
        match (self.ties.tied_to(left), self.ties.tied_to(right)) {
            (None, None) => self.counts.of_score((self.score)(left, right)),
            (left_tied, right_tied) => self.weigh_tied(left_tied.unwrap_or(&[left]), right_tied.unwrap_or(&[right])),
        }
    }

    /// The best of the pairs across two tied groups, unless one of them is in conflict.
    fn weigh_tied(&self, left: &[u32], right: &[u32]) -> i32 {
        let mut best = self.counts.least;
        for &a in left.iter().take(TIED_MEMBERS_MAX) {
            for &b in right.iter().take(TIED_MEMBERS_MAX) {
                let score = (self.score)(a.min(b), a.max(b));
                if score.is_conflict {
                    return self.counts.conflict;
                }
                // That one of those tied together is unlike the other side says nothing: the steward knows better.
                best = best.max(self.counts.bounded(score.weight));
            }
        }
        best
    }
}
