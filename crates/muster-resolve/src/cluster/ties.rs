//! Stewards' decisions made into nodes: what must-links tie together is one node, and cannot-links hold between nodes.
//!
//! Invariant: a cannot-link is never broken, and carries through every must-link on both of its sides, also through
//! mentions that have been erased.

use std::collections::{BTreeMap, BTreeSet};

use super::Constraints;
use super::components::Forest;

/// The nodes that stewards' decisions make of the mentions.
#[derive(Debug)]
pub(super) struct Ties {
    /// The smallest mention of each mention's node; empty where nothing is tied, so that each stands for itself.
    node_of: Vec<u32>,
    /// The mentions of nodes that have more than one, sorted.
    tied: BTreeMap<u32, Vec<u32>>,
    /// Pairs of nodes that are two, smaller first, sorted.
    apart: Vec<(u32, u32)>,
    /// Must-links that contradict a cannot-link.
    pub(super) contradictions: usize,
}

impl Ties {
    pub(super) fn new(count: usize, constraints: &Constraints) -> Self {
        let mut result = Self { node_of: Vec::new(), tied: BTreeMap::new(), apart: Vec::new(), contradictions: 0 };
        if constraints.must.is_empty() && constraints.cannot.is_empty() {
            return result;
        }
        let mut forest = Forest::new(constraints.node_count.max(count));
        let mut apart: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for &(a, b) in constraints.cannot.iter().filter(|(a, b)| a != b) {
            apart.entry(a).or_default().insert(b);
            apart.entry(b).or_default().insert(a);
        }
        let mut must: Vec<_> = constraints.must.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
        must.sort_unstable();
        must.dedup();
        for (a, b) in must {
            let (left, right) = (forest.root(a), forest.root(b));
            if apart.get(&left).is_some_and(|others| others.contains(&right)) {
                // What concerns erased mentions only, or the other kind of entity, is not counted here.
                result.contradictions += usize::from((a as usize) < count);
            } else if left != right {
                let root = forest.join(left, right);
                carry(&mut apart, if root == left { right } else { left }, root);
            }
        }
        result.name_nodes(count, &mut forest, &apart);
        result
    }

    /// Names each node for its smallest mention, and keeps the cannot-links between nodes that have one.
    ///
    /// Erased mentions stand behind the others, so that the root of a set with a mention is a mention.
    fn name_nodes(&mut self, count: usize, forest: &mut Forest, apart: &BTreeMap<u32, BTreeSet<u32>>) {
        let count = u32::try_from(count).expect("fewer than 2^32 mentions");
        self.node_of = (0..count).map(|place| forest.root(place)).collect();
        for (place, &node) in (0..count).zip(&self.node_of).filter(|&(place, &node)| place != node) {
            self.tied.entry(node).or_insert_with(|| vec![node]).push(place);
        }
        let sides = apart.iter().flat_map(|(&root, others)| others.iter().map(move |&other| (root, other)));
        self.apart = sides.filter(|&(a, b)| a < b && b < count).collect();
    }

    /// Returns the node that a mention belongs to.
    pub(super) fn node_of(&self, place: u32) -> u32 {
        self.node_of.get(place as usize).copied().unwrap_or(place)
    }

    /// Returns the mentions of a node that has more than one.
    pub(super) fn tied_to(&self, node: u32) -> Option<&[u32]> {
        if self.tied.is_empty() { None } else { self.tied.get(&node).map(Vec::as_slice) }
    }

    /// Returns every node that has more than one mention, with its mentions.
    pub(super) fn tied(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.tied.iter().map(|(&node, places)| (node, places.as_slice()))
    }

    /// Returns whether a steward said that two nodes, smaller first, are two.
    pub(super) fn are_apart(&self, left: u32, right: u32) -> bool {
        !self.apart.is_empty() && self.apart.binary_search(&(left, right)).is_ok()
    }

    /// Returns every pair of nodes, smaller first, that a steward said are two.
    pub(super) fn apart(&self) -> &[(u32, u32)] {
        &self.apart
    }
}

/// Makes one root's cannot-links another's.
fn carry(apart: &mut BTreeMap<u32, BTreeSet<u32>>, from: u32, into: u32) {
    for other in apart.remove(&from).unwrap_or_default() {
        let back = apart.entry(other).or_default();
        back.remove(&from);
        back.insert(into);
        apart.entry(into).or_default().insert(other);
    }
}
