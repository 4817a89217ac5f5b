//! Components: which nodes links hold together at all, and the edges inside each component by node.
//!
//! Invariant: what lies in two components is never compared, and a component's nodes are sorted.

use super::Edge;
use super::ties::Ties;

/// Sets of places that grow by union; the root of a set is its smallest place.
#[derive(Debug)]
pub(super) struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    pub(super) fn new(count: usize) -> Self {
        Self { parents: (0..u32::try_from(count).expect("fewer than 2^32 mentions")).collect() }
    }

    /// Returns the root of a place's set.
    pub(super) fn root(&mut self, mut place: u32) -> u32 {
        loop {
            let parent = self.parents[place as usize];
            if parent == place {
                return place;
            }
            let next = self.parents[parent as usize];
            self.parents[place as usize] = next;
            place = next;
        }
    }

    /// Joins the sets of two roots and returns the new root.
    pub(super) fn join(&mut self, left: u32, right: u32) -> u32 {
        let (root, child) = (left.min(right), left.max(right));
        self.parents[child as usize] = root;
        root
    }
}

/// The components that links make.
#[derive(Debug)]
pub(super) struct Components {
    /// Where each component begins in `nodes`, and at last where the last one ends.
    offsets: Vec<u32>,
    /// Nodes by component, sorted in each; components are sorted by their first.
    nodes: Vec<u32>,
    /// Where each mention's node stands in its component.
    position: Vec<u32>,
    /// Edges inside components, by their left place.
    edges: Vec<Edge>,
    /// Where each mention's edges begin in `edges`, and at last where the last ones end.
    edge_offsets: Vec<u32>,
}

impl Components {
    pub(super) fn new(count: usize, mut edges: Vec<Edge>, ties: &Ties, link_weight: f32) -> Self {
        let mut forest = Forest::new(count);
        let tied = ties.tied().flat_map(|(node, places)| places.iter().map(move |&place| (node, place)));
        let links = edges.iter().filter(|edge| edge.weight >= link_weight).map(|edge| (edge.left, edge.right));
        for (left, right) in links.chain(tied) {
            let (left, right) = (forest.root(left), forest.root(right));
            if left != right {
                forest.join(left, right);
            }
        }
        let mut roots = forest.parents;
        // A parent is never greater than its child, so that it is a root by the time its child is looked at.
        for place in 0..count {
            roots[place] = roots[roots[place] as usize];
        }
        edges.retain(|edge| roots[edge.left as usize] == roots[edge.right as usize]);
        let (edges, edge_offsets) = by_left(count, edges);
        let (offsets, nodes, position) = by_component(&roots, ties);
        Self { offsets, nodes, position, edges, edge_offsets }
    }

    pub(super) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns a component's nodes, sorted.
    pub(super) fn nodes(&self, index: usize) -> &[u32] {
        &self.nodes[self.offsets[index] as usize..self.offsets[index + 1] as usize]
    }

    /// Returns where a mention's node stands in its component.
    pub(super) fn position(&self, place: u32) -> usize {
        self.position[place as usize] as usize
    }

    /// Returns the edges, inside its component, from a mention to greater ones.
    pub(super) fn edges(&self, place: u32) -> &[Edge] {
        let place = place as usize;
        &self.edges[self.edge_offsets[place] as usize..self.edge_offsets[place + 1] as usize]
    }
}

/// Running sums of counts, with the total at the end.
pub(super) fn offsets_of(counts: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut sum = 0_u32;
    let mut offsets = vec![0];
    offsets.extend(counts.map(|count| {
        sum = sum.checked_add(count).expect("fewer than 2^32 edges");
        sum
    }));
    offsets
}

/// Orders edges by their left place; those given in that order stay where they are.
fn by_left(count: usize, edges: Vec<Edge>) -> (Vec<Edge>, Vec<u32>) {
    let mut counts = vec![0_u32; count];
    for edge in &edges {
        counts[edge.left as usize] += 1;
    }
    let offsets = offsets_of(counts.iter().copied());
    if edges.is_sorted_by_key(|edge| edge.left) {
        return (edges, offsets);
    }
    let mut next = counts;
    next.copy_from_slice(&offsets[..count]);
    let mut sorted = vec![Edge { left: 0, right: 0, weight: 0.0 }; edges.len()];
    for edge in edges {
        let slot = &mut next[edge.left as usize];
        sorted[*slot as usize] = edge;
        *slot += 1;
    }
    (sorted, offsets)
}

/// Lists nodes by component, and where each mention's node stands.
fn by_component(roots: &[u32], ties: &Ties) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let is_node = |place: u32| ties.node_of(place) == place;
    let places = || (0_u32..).zip(roots).map(|(place, &root)| (place, root));
    // A component's number stands at its root.
    let mut number = vec![0_u32; roots.len()];
    let mut counts: Vec<u32> = Vec::new();
    for (place, root) in places() {
        if place == root {
            number[place as usize] = u32::try_from(counts.len()).expect("no more components than mentions");
            counts.push(0);
        }
        counts[number[root as usize] as usize] += u32::from(is_node(place));
    }
    let offsets = offsets_of(counts.iter().copied());
    let mut next = counts;
    next.copy_from_slice(&offsets[..offsets.len() - 1]);
    let total = offsets.last().map_or(0, |&end| end as usize);
    let (mut nodes, mut position) = (vec![0; total], vec![0; roots.len()]);
    for (place, root) in places() {
        let component = number[root as usize] as usize;
        if is_node(place) {
            position[place as usize] = next[component] - offsets[component];
            nodes[next[component] as usize] = place;
            next[component] += 1;
        } else {
            // The node is the smallest of those tied together, so its position is known by now.
            position[place as usize] = position[ties.node_of(place) as usize];
        }
    }
    (offsets, nodes, position)
}
