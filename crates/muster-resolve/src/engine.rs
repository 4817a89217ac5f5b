//! Blocks, compares, weighs and clusters entities of one kind, whatever they are.
//!
//! Invariant: the result depends on entities, weights and constraints only, not on threads.

use rayon::prelude::*;

use crate::block::{Blocks, Capped};
use crate::cluster::{self, Bounds, Clustering, Constraints, Edge, cluster};
use crate::model::LinkageModel;
use crate::pattern::Entities;
use crate::weigh::{Weights, narrow};

/// One row in as many is looked at to see how many pairs of a cluster blocking brought together.
const RECALL_ROWS_STEP: usize = 8;

/// Entities of one kind, clustered.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) clustering: Clustering,
    /// Pairs that weigh enough to be listed; negative infinity marks a conflict.
    pub(crate) edges: Vec<Edge>,
    /// Pairs that were compared.
    pub(crate) candidate_count: u64,
    /// Keys that were capped.
    pub(crate) capped: Vec<Capped>,
    /// The share of the pairs inside clusters that blocking brought together; 1 where there are none.
    pub(crate) blocking_recall: f64,
}

/// Takes the three weights of a model as bounds of clustering.
fn bounds(model: &LinkageModel) -> Bounds {
    Bounds::new(narrow(model.link_weight), narrow(model.mean_weight), narrow(model.conflict_weight))
}

/// Clusters all entities, which stand in `blocks`.
pub(crate) fn run(
    entities: &impl Entities,
    blocks: Blocks,
    weights: &Weights,
    model: &LinkageModel,
    constraints: &Constraints,
) -> Side {
    let (edges, candidate_count) = score_all(entities, &blocks, weights, model);
    let score = |left, right| {
        let score = weights.score(entities, left, right);
        cluster::Score { weight: score.weight, is_conflict: score.is_conflict }
    };
    let count = entities.count() as usize;
    let clustering = cluster(count, edges.clone(), constraints, bounds(model), &score);
    let blocking_recall = blocking_recall(&blocks, &clustering);
    Side { clustering, edges, candidate_count, capped: blocks.capped, blocking_recall }
}

/// Scores every candidate pair once; returns those worth listing, and how many there were.
pub(crate) fn score_all(
    entities: &impl Entities,
    blocks: &Blocks,
    weights: &Weights,
    model: &LinkageModel,
) -> (Vec<Edge>, u64) {
    let listed = narrow(model.listed_weight.min(model.link_weight));
    let parts: Vec<(Vec<Edge>, u64)> = (0..entities.count())
        .into_par_iter()
        .fold(
            || (Vec::new(), Vec::new(), 0_u64),
            |(mut edges, mut found, mut count), left| {
                blocks.gather(left, &mut found);
                count += found.len() as u64;
                for &right in &found {
                    let score = weights.score(entities, left, right);
                    if score.is_conflict {
                        edges.push(Edge { left, right, weight: f32::NEG_INFINITY });
                    } else if score.weight >= listed {
                        edges.push(Edge { left, right, weight: score.weight });
                    }
                }
                (edges, found, count)
            },
        )
        .map(|(edges, _, count)| (edges, count))
        .collect();
    let count = parts.iter().map(|part| part.1).sum();
    let mut edges = Vec::with_capacity(parts.iter().map(|part| part.0.len()).sum());
    for (part, _) in parts {
        edges.extend(part);
    }
    (edges, count)
}

/// Measures how many of the pairs inside clusters blocking brought together, on a part of the rows.
pub(crate) fn blocking_recall(blocks: &Blocks, clustering: &Clustering) -> f64 {
    let of = &clustering.cluster_of;
    let mut sizes = vec![0_u32; of.len()];
    for &first in of {
        sizes[first as usize] += 1;
    }
    let rows: Vec<usize> = (0..of.len()).step_by(RECALL_ROWS_STEP).filter(|&row| sizes[of[row] as usize] > 1).collect();
    // Rows behind a row in its cluster: all of them, and those that are its candidates.
    let mut behind = vec![0_u32; of.len()];
    let mut all = vec![0_u64; of.len()];
    for row in (0..of.len()).rev() {
        let first = of[row] as usize;
        all[row] = u64::from(behind[first]);
        behind[first] += 1;
    }
    let (found, total) = rows
        .into_par_iter()
        .fold(
            || (Vec::new(), 0_u64, 0_u64),
            |(mut found, mut brought, total), row| {
                blocks.gather(u32::try_from(row).expect("fewer than 2^32 rows"), &mut found);
                brought += found.iter().filter(|&&other| of[other as usize] == of[row]).count() as u64;
                (found, brought, total + all[row])
            },
        )
        .map(|(_, found, total)| (found, total))
        .reduce(|| (0, 0), |left, right| (left.0 + right.0, left.1 + right.1));
    if total == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a share of counts far below 2^53")]
    let share = found as f64 / total as f64;
    share
}
