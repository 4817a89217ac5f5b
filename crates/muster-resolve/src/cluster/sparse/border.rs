//! Members of large components weighed again: those with a link to another cluster than their own.
//!
//! Invariant: this only takes members out, so that it brings no two nodes together.

use rayon::prelude::*;

use super::super::Score;
use super::super::weights::is_apart;
use super::{Link, Sparse};

/// With how many other clusters a member is weighed: those it has most links to.
const NEIGHBORS_MAX: usize = 4;

impl<F: Fn(u32, u32) -> Score + Sync> Sparse<'_, F> {
    /// The members, sorted, that something is so of; asked are those of larger clusters with a link to another cluster.
    pub(super) fn border_members_that(&self, is_so: impl Fn(&Self, u32, &[u32]) -> bool + Sync) -> Vec<u32> {
        let border = self.border();
        let found =
            border.par_iter().filter(|(node, neighbors)| self.size_of(*node) > 1 && is_so(self, *node, neighbors));
        found.map(|&(node, _)| node).collect()
    }

    /// Leaves members, sorted, alone.
    pub(super) fn take_out(&mut self, members: &[u32]) {
        // A cluster goes by its smallest member, and its links and its bridge with it.
        let old = self.cluster.clone();
        let mut names = vec![u32::MAX; old.len()];
        for (node, cluster) in (0_u32..).zip(&mut self.cluster) {
            if members.binary_search(&node).is_ok() {
                *cluster = node;
            } else {
                let name = &mut names[*cluster as usize];
                *name = node.min(*name);
                *cluster = *name;
            }
        }
        let bridges = std::mem::replace(&mut self.bridges, vec![i32::MAX; old.len()]);
        for (&old, &new) in old.iter().zip(&self.cluster) {
            self.bridges[new as usize] = bridges[old as usize];
        }
        self.list_members();
    }

    /// Members with a link to other clusters, sorted, and the clusters that most of these links lead to.
    fn border(&self) -> Vec<(u32, Vec<u32>)> {
        let mut across: Vec<(u32, u32)> = Vec::new();
        for ((left, right), weight) in self.edges() {
            let (one, other) = (self.cluster[left as usize], self.cluster[right as usize]);
            if one != other && self.pairs.counts.of(weight) >= self.pairs.counts.link {
                across.extend([(left, other), (right, one)]);
            }
        }
        across.par_sort_unstable();
        let of_node = across.chunk_by(|a, b| a.0 == b.0);
        of_node
            .map(|links| {
                let mut found: Vec<(usize, u32)> =
                    links.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0].1)).collect();
                found.sort_unstable_by_key(|&(count, other)| (usize::MAX - count, other));
                (links[0].0, found.into_iter().take(NEIGHBORS_MAX).map(|(_, other)| other).collect())
            })
            .collect()
    }

    /// Whether a member does not fit the others of its cluster on the whole.
    pub(super) fn is_misfit(&self, node: u32) -> bool {
        self.weigh_across(&[node], &self.others(node)).0 < self.pairs.counts.mean
    }

    /// Whether a cluster in conflict with a member's own, but not with the member, fits it as well.
    pub(super) fn is_torn(&self, node: u32, neighbors: &[u32]) -> bool {
        let counts = &self.pairs.counts;
        let own = self.cluster[node as usize];
        let needed = self.fit(node, &self.others(node)).1 - f64::from(counts.rival_margin);
        neighbors.iter().filter(|&&other| self.are_rivals(own, other)).any(|&other| {
            let (mean, fit) = self.fit(node, self.members(other));
            mean >= counts.mean && fit >= needed
        })
    }

    /// The other members of a member's cluster.
    fn others(&self, node: u32) -> Vec<u32> {
        self.members(self.cluster[node as usize]).iter().copied().filter(|&one| one != node).collect()
    }

    fn are_rivals(&self, one: u32, other: u32) -> bool {
        let key = (one.min(other), one.max(other));
        let found = self.links.binary_search_by_key(&key, |link: &Link| (link.one, link.other));
        found.is_ok_and(|at| is_apart(self.links[at].mean))
    }

    /// The mean of a node's pairs with some others, and how well it fits them.
    fn fit(&self, node: u32, others: &[u32]) -> (i32, f64) {
        let (mean, best) = self.weigh_across(&[node], others);
        (mean, self.pairs.counts.fit(f64::from(mean), best, (1, others.len())))
    }
}
