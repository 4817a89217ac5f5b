//! The result: groups in the order of their first member, and the shape of each.
//!
//! Invariant: every mention is in exactly one group, and members and groups are sorted.

use super::Clustering;
use super::components::offsets_of;
use super::ties::Ties;

/// How good a cluster is, for alarms; pairs are those of its nodes, so that what stewards tied together is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    /// How many mentions it has.
    pub(crate) size: u32,
    /// The share of its pairs that are links, 0 to 1; estimated from a sample where there are too many to weigh.
    pub(crate) density: f32,
    /// The mean of its pairs (log2 odds, bounded), estimated in the same way.
    pub(crate) mean: f32,
    /// The lowest mean at which two parts of it were joined (log2 odds, bounded): its weakest bridge.
    pub(crate) bridge: f32,
    /// How many of the pairs that were weighed are in conflict.
    pub(crate) conflict_count: u32,
}

impl Shape {
    /// What one mention alone is: nothing speaks against it.
    pub(super) const ALONE: Self =
        Self { size: 1, density: 1.0, mean: f32::INFINITY, bridge: f32::INFINITY, conflict_count: 0 };
}

/// Why two clusters with a link between them are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Decision,
    Conflict,
    Mean,
}

/// What one task found: clusters of nodes, and refusals.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Nodes with the smallest node of their cluster, of clusters of more than one.
    pub(super) joined: Vec<(u32, u32)>,
    /// The shape of each of these clusters, by its smallest node.
    pub(super) shapes: Vec<(u32, Shape)>,
    refused: [usize; 3],
}

impl Part {
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        let index = match refusal {
            Refusal::Decision => 0,
            Refusal::Conflict => 1,
            Refusal::Mean => 2,
        };
        self.refused[index] += 1;
    }
}

/// Puts together what the tasks found.
pub(super) fn assemble(count: usize, ties: &Ties, parts: &[Part]) -> Clustering {
    let mut result = Clustering { contradictions: ties.contradictions, ..Clustering::default() };
    result.cluster_of = (0..u32::try_from(count).expect("fewer than 2^32 mentions")).collect();
    for part in parts {
        for &(node, first) in &part.joined {
            result.cluster_of[node as usize] = first;
        }
        result.refused_by_decision += part.refused[0];
        result.refused_by_conflict += part.refused[1];
        result.refused_by_mean += part.refused[2];
    }
    for (node, places) in ties.tied() {
        for &place in places {
            result.cluster_of[place as usize] = result.cluster_of[node as usize];
        }
    }
    let number = list_groups(&mut result);
    for (first, shape) in parts.iter().flat_map(|part| &part.shapes) {
        let own = &mut result.shapes[number[*first as usize] as usize];
        *own = Shape { size: own.size, ..*shape };
    }
    result
}

/// Fills in the groups and their sizes; returns each group's index at its first place.
fn list_groups(result: &mut Clustering) -> Vec<u32> {
    let mut number = vec![0_u32; result.cluster_of.len()];
    for (place, &first) in (0_u32..).zip(&result.cluster_of) {
        if place == first {
            number[place as usize] = u32::try_from(result.shapes.len()).expect("no more groups than mentions");
            result.shapes.push(Shape { size: 0, ..Shape::ALONE });
        }
        result.shapes[number[first as usize] as usize].size += 1;
    }
    result.offsets = offsets_of(result.shapes.iter().map(|shape| shape.size));
    result.members = vec![0; result.cluster_of.len()];
    let mut next = result.offsets.clone();
    for (place, &first) in (0_u32..).zip(&result.cluster_of) {
        let slot = &mut next[number[first as usize] as usize];
        result.members[*slot as usize] = place;
        *slot += 1;
    }
    number
}
