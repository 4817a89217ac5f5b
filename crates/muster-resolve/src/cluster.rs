//! Clustering: from scored pairs to clusters, so that no bridge pulls two people or two companies into one.
//!
//! Links make components. Inside a component the clusters that fit best become one as long as the mean of the pairs
//! across them is good enough and none of these is in conflict; then each member is weighed again, and one that fits two
//! clusters which cannot be one about equally well stays alone. What pairs weigh, which pairs are compared and what
//! alarms are raised is not known here.
//!
//! Invariant: a cannot-link holds for everything that must-links tie to its two sides. Weights are whole numbers and
//! ties go by place, so the result depends neither on the order of the edges nor on the number of threads.

mod components;
mod dense;
mod groups;
mod sparse;
mod ties;
mod weights;

use rayon::prelude::*;

use components::Components;
use dense::Dense;
use groups::Part;
pub(crate) use groups::Shape;
use ties::Ties;
use weights::Pairs;

/// Components of more nodes are not weighed as a whole matrix: it would be as large as the square of their size.
const DENSE_NODES_MAX: usize = 64;
/// How many components one task works on; their result is small, so that handing it over costs nothing.
const TASK_COMPONENTS: usize = 2_048;

/// What stewards decided, on the mentions' places; places behind the last mention stand for erased ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Constraints {
    /// Pairs that are one.
    pub(crate) must: Vec<(u32, u32)>,
    /// Pairs that are two; this outranks `must`.
    pub(crate) cannot: Vec<(u32, u32)>,
    /// How many places there are, erased ones included.
    pub(crate) node_count: usize,
}

/// A pair that was compared; each pair is given once, in any order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    /// The smaller place.
    pub(crate) left: u32,
    /// The other.
    pub(crate) right: u32,
    /// The match weight (log2 odds); negative infinity for a pair in conflict.
    pub(crate) weight: f32,
}

/// What a pair weighs that no edge tells of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// The match weight (log2 odds).
    pub(crate) weight: f32,
    /// Whether the evidence says that these are two.
    pub(crate) is_conflict: bool,
}

/// How heavy pairs must be; all are match weights (log2 odds). Chosen on simulated mentions, see `simulation`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    /// A pair of this weight is a link: links alone decide who is weighed against whom.
    pub(crate) link_weight: f32,
    /// The least mean of the pairs across two clusters that become one.
    pub(crate) mean_weight: f32,
    /// A pair at or below this is in conflict, whatever else is said of it.
    pub(crate) conflict_weight: f32,
    /// In a mean no pair counts less, so that one bad pair does not break a good cluster.
    pub(crate) weight_min: f32,
    /// In a mean no pair counts more, so that one strong pair does not carry many weak ones.
    pub(crate) weight_max: f32,
    /// What a pair in conflict counts in a mean; negative infinity keeps its clusters apart for good.
    pub(crate) conflict_counts: f32,
    /// How much the best pair across two clusters says of how well they fit, against the mean of all: 0 to 1.
    pub(crate) best_share: f32,
    /// How much better the larger of two clusters fits each time its size is doubled: a person who is mentioned more
    /// often is the likelier one to be mentioned again.
    pub(crate) size_bonus: f32,
    /// A member that fits its own cluster by no more than this better than a cluster in conflict with it stays alone.
    pub(crate) rival_margin: f32,
}

impl Bounds {
    /// Returns the measured defaults beside the three weights that the model sets.
    pub(crate) const fn new(link_weight: f32, mean_weight: f32, conflict_weight: f32) -> Self {
        Self {
            link_weight,
            mean_weight,
            conflict_weight,
            weight_min: -10.0,
            weight_max: 15.0,
            conflict_counts: f32::NEG_INFINITY,
            best_share: 0.9,
            size_bonus: 0.5,
            rival_margin: 1.0,
        }
    }
}

/// The clusters, how good they are, and why links were not followed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Clustering {
    /// The smallest place of each place's cluster.
    pub(crate) cluster_of: Vec<u32>,
    /// Where each group begins in `members`, and at last where the last one ends.
    pub(crate) offsets: Vec<u32>,
    /// Places by group, sorted; groups are sorted by their first.
    pub(crate) members: Vec<u32>,
    /// The shape of each group.
    pub(crate) shapes: Vec<Shape>,
    /// Pairs of linked clusters kept apart because a steward said no.
    pub(crate) refused_by_decision: usize,
    /// Pairs of linked clusters kept apart because a pair across them is in conflict.
    pub(crate) refused_by_conflict: usize,
    /// Pairs of linked clusters kept apart because the pairs across them weigh too little.
    pub(crate) refused_by_mean: usize,
    /// Must-links that contradict a cannot-link; the cannot-link holds.
    pub(crate) contradictions: usize,
}

impl Clustering {
    /// Returns how many groups there are.
    pub(crate) fn group_count(&self) -> usize {
        self.shapes.len()
    }

    /// Returns every group, sorted by its first member.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.offsets.windows(2).map(|ends| &self.members[ends[0] as usize..ends[1] as usize])
    }
}

/// What stewards said of two mentions, themselves or by way of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nothing.
    Open,
    /// They are one.
    One,
    /// They are two.
    Two,
}

/// Returns what stewards said of two of `count` mentions.
pub(crate) fn word_on(count: usize, constraints: &Constraints, left: u32, right: u32) -> Word {
    let ties = Ties::new(count, constraints);
    let (left, right) = (ties.node_of(left), ties.node_of(right));
    if left == right {
        Word::One
    } else if ties.are_apart(left.min(right), left.max(right)) {
        Word::Two
    } else {
        Word::Open
    }
}

/// Clusters `count` mentions.
///
/// `score` is asked for the pairs that no edge tells of, always with the smaller place first.
pub(crate) fn cluster(
    count: usize,
    edges: Vec<Edge>,
    constraints: &Constraints,
    bounds: Bounds,
    score: &(impl Fn(u32, u32) -> Score + Sync),
) -> Clustering {
    let ties = Ties::new(count, constraints);
    let components = Components::new(count, edges, &ties, bounds.link_weight);
    let pairs = Pairs::new(&ties, bounds, score);
    let (large, small): (Vec<usize>, Vec<usize>) =
        (0..components.len()).partition(|&index| components.nodes(index).len() > DENSE_NODES_MAX);
    let mut parts: Vec<Part> = small
        .par_chunks(TASK_COMPONENTS)
        .map_init(Dense::default, |dense, indexes| {
            let mut part = Part::default();
            for &index in indexes {
                dense.solve(&components, index, &pairs, &mut part);
            }
            part
        })
        .collect();
    parts.extend(large.par_iter().map(|&index| sparse::solve(&components, index, &pairs)).collect::<Vec<_>>());
    drop(components);
    groups::assemble(count, &ties, &parts)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod simulation;
