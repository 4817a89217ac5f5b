//! Rounds of a very large component in which many clusters name the same neighbor: it accepts several at once.
//!
//! Invariant: of those accepted by one cluster no two are known to be apart.

use super::super::Score;
use super::super::weights::is_apart;
use super::{Join, Sparse};

/// A cluster accepts so many others in a round, or as many as it has members.
const ACCEPTED_MIN: usize = 8;
/// Not joined to any cluster.
const NONE: u32 = u32::MAX;

impl<F: Fn(u32, u32) -> Score + Sync> Sparse<'_, F> {
    /// Joins clusters to the ones they named, which need not have named them; given are clusters with their links.
    pub(super) fn accept(&self, named: &[(u32, u32)]) -> Vec<Join> {
        let counts = &self.pairs.counts;
        let mut wishes: Vec<(i32, (u32, u32), Join)> = Vec::new();
        for &(_, at) in named {
            let link = self.links[at as usize];
            if link.is_checked {
                // The larger one accepts: it is the one that many name.
                let is_first = self.size(link.one) >= self.size(link.other);
                let (parent, child) = if is_first { (link.one, link.other) } else { (link.other, link.one) };
                wishes.push((link.best, self.lot(at), Join { parent, child, mean: link.mean }));
            }
        }
        // Where both sides named each other, the second wish comes too late.
        wishes.sort_unstable_by_key(|&(best, lot, _)| (std::cmp::Reverse(best), lot));
        let known_apart = self.known_apart();
        let mut parents = vec![NONE; self.cluster.len()];
        let mut accepted: Vec<(usize, u32)> = vec![(0, NONE); self.cluster.len()];
        let mut joined = Vec::new();
        for (_, _, join) in wishes {
            let (child, parent) = (join.child as usize, join.parent as usize);
            let (count, last) = accepted[parent];
            let is_free = parents[child] == NONE && accepted[child].0 == 0 && parents[parent] == NONE;
            if !is_free || count >= ACCEPTED_MIN.max(self.size(join.parent)) {
                continue;
            }
            let first = known_apart.partition_point(|&(one, _)| one < join.child);
            let of_child = known_apart[first..].iter().take_while(|&&(one, _)| one == join.child);
            let is_apart_from_one =
                of_child.map(|&(_, other)| other).any(|other| parents[other as usize] == join.parent);
            let fits_last = last == NONE || {
                let (mean, _) = self.weigh_across(self.members(join.child), self.members(last));
                !is_apart(mean) && mean >= counts.mean
            };
            if !is_apart_from_one && fits_last {
                parents[child] = join.parent;
                accepted[parent] = (count + 1, join.child);
                joined.push(join);
            }
        }
        joined
    }

    /// Clusters that are apart, both ways, sorted.
    fn known_apart(&self) -> Vec<(u32, u32)> {
        let apart = self.links.iter().filter(|link| is_apart(link.mean));
        let mut both: Vec<(u32, u32)> =
            apart.flat_map(|link| [(link.one, link.other), (link.other, link.one)]).collect();
        both.sort_unstable();
        both
    }
}
