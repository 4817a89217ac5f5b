//! Large components: average link over the edges there are, with other pairs weighed only where a union asks for them.
//!
//! In each round every cluster names the neighbor it fits best; two that name each other become one. A mean that rests
//! on some of the pairs across is first checked on a sample of all of them. Where too few name each other, as among a
//! million equals, one side's word is enough. So there are a few dozen rounds, and what a union costs does not grow with
//! its clusters.
//!
//! Invariant: no two nodes that a steward keeps apart share a cluster. Conflicts are seen among the pairs looked at.

mod accept;
mod border;

use rayon::prelude::*;

use super::Score;
use super::components::{Components, offsets_of};
use super::dense::{mean_weight, share};
use super::groups::{Part, Refusal, Shape};
use super::weights::{APART, Pairs, is_apart, to_weight};

/// How many of the pairs across two clusters, or inside one, stand for all of them.
const PAIRS_WEIGHED_MAX: usize = 32;
/// How many rounds there are at most; a round that changes nothing is the last.
const ROUNDS_MAX: usize = 400;

/// In a component of more nodes, or after so many rounds, one side's word is enough.
const NODES_NAMING_EACH_OTHER_MAX: usize = 4_096;
const ROUNDS_NAMING_EACH_OTHER_MAX: usize = 64;
/// How often misfits are looked for.
const REFINE_PASSES_MAX: usize = 3;

/// Two clusters with a pair across them that was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    one: u32,
    other: u32,
    /// The mean of the pairs across, or `APART`.
    mean: i32,
    /// The best pair across that was looked at.
    best: i32,
    /// Whether the mean stands for all pairs across, not only for those that blocking brought together.
    is_checked: bool,
    is_linked: bool,
    is_decided: bool,
}

impl Link {
    const APART: Self =
        Self { one: 0, other: 0, mean: APART, best: APART, is_checked: true, is_linked: false, is_decided: false };
}

/// A cluster that goes into another.
#[derive(Debug, Clone, Copy)]
struct Join {
    parent: u32,
    child: u32,
    mean: i32,
}

/// The state of one component.
struct Sparse<'a, F> {
    components: &'a Components,
    nodes: &'a [u32],
    pairs: &'a Pairs<'a, F>,
    /// The smallest node of each node's cluster; all nodes here are positions in `nodes`.
    cluster: Vec<u32>,
    /// Where each cluster's members begin in `members`, and at last where the last one's end.
    offsets: Vec<u32>,
    /// Nodes by cluster, sorted in each.
    members: Vec<u32>,
    /// The lowest mean at which each cluster was joined.
    bridges: Vec<i32>,
    links: Vec<Link>,
}

/// Clusters a component.
pub(super) fn solve<F: Fn(u32, u32) -> Score + Sync>(
    components: &Components,
    index: usize,
    pairs: &Pairs<'_, F>,
) -> Part {
    let nodes = components.nodes(index);
    let count = u32::try_from(nodes.len()).expect("fewer than 2^32 mentions");
    let mut sparse = Sparse {
        components,
        nodes,
        pairs,
        cluster: (0..count).collect(),
        offsets: Vec::new(),
        members: Vec::new(),
        bridges: vec![i32::MAX; nodes.len()],
        links: Vec::new(),
    };
    sparse.start();
    sparse.join();
    for _ in 0..REFINE_PASSES_MAX {
        let misfits = sparse.border_members_that(|sparse, node, _| sparse.is_misfit(node));
        if misfits.is_empty() {
            break;
        }
        sparse.take_out(&misfits);
        sparse.start();
        sparse.join();
    }
    let torn = sparse.border_members_that(Sparse::is_torn);
    sparse.take_out(&torn);
    sparse.report()
}

impl<F: Fn(u32, u32) -> Score + Sync> Sparse<'_, F> {
    /// Makes links between the present clusters of the edges and the cannot-links.
    fn start(&mut self) {
        self.list_members();
        let counts = &self.pairs.counts;
        let edge_links = self.edges().map(|(ends, weight)| {
            let mean = counts.of(weight);
            let is_checked = [ends.0, ends.1].iter().all(|&node| self.is_free(node) && self.size_of(node) == 1);
            let is_linked = mean >= counts.link;
            (ends, Link { one: 0, other: 0, mean, best: mean, is_checked, is_linked, is_decided: false })
        });
        let decided = self.decided().map(|ends| (ends, Link { is_decided: true, ..Link::APART }));
        let links = edge_links.chain(decided).filter_map(|((left, right), link)| {
            let (left, right) = (self.cluster[left as usize], self.cluster[right as usize]);
            (left != right).then_some((Link { one: left.min(right), other: left.max(right), ..link }, 1))
        });
        let links = links.collect();
        self.set_links(links);
    }

    /// Sets the links, given in any order with the number of pairs each stands for.
    fn set_links(&mut self, mut links: Vec<(Link, u64)>) {
        links.par_sort_unstable_by_key(|(link, _)| (link.one, link.other));
        let between_same = links.chunk_by(|(a, _), (b, _)| (a.one, a.other) == (b.one, b.other));
        self.links = between_same.map(|same| self.combine(same)).collect();
    }

    /// Every edge as positions and weight.
    fn edges(&self) -> impl Iterator<Item = ((u32, u32), f32)> {
        let position = |place| u32::try_from(self.components.position(place)).expect("fewer than 2^32 mentions");
        let tied = self.nodes.iter().filter_map(|&node| self.pairs.ties.tied_to(node)).flatten();
        let tied = tied.filter(|&&place| self.pairs.ties.node_of(place) != place);
        let edges = self.nodes.iter().chain(tied).flat_map(|&place| self.components.edges(place));
        edges.map(move |edge| ((position(edge.left), position(edge.right)), edge.weight))
    }

    /// The cannot-links inside the component.
    fn decided(&self) -> impl Iterator<Item = (u32, u32)> {
        let position = |node| u32::try_from(self.nodes.binary_search(node).ok()?).ok();
        self.pairs.ties.apart().iter().filter_map(move |(a, b)| Some((position(a)?, position(b)?)))
    }

    fn is_free(&self, node: u32) -> bool {
        self.pairs.ties.tied_to(self.nodes[node as usize]).is_none()
    }

    /// Lists each cluster's members.
    fn list_members(&mut self) {
        let mut counts = vec![0_u32; self.cluster.len()];
        for &cluster in &self.cluster {
            counts[cluster as usize] += 1;
        }
        self.offsets = offsets_of(counts.into_iter());
        let mut next = self.offsets.clone();
        self.members.resize(self.cluster.len(), 0);
        for (node, &cluster) in (0_u32..).zip(&self.cluster) {
            let slot = &mut next[cluster as usize];
            self.members[*slot as usize] = node;
            *slot += 1;
        }
    }

    fn members(&self, cluster: u32) -> &[u32] {
        let cluster = cluster as usize;
        &self.members[self.offsets[cluster] as usize..self.offsets[cluster + 1] as usize]
    }

    fn size(&self, cluster: u32) -> usize {
        self.members(cluster).len()
    }

    fn size_of(&self, node: u32) -> usize {
        self.size(self.cluster[node as usize])
    }

    /// Joins clusters that name each other, round by round.
    fn join(&mut self) {
        for round in 0..ROUNDS_MAX {
            let best = self.best();
            let named: Vec<(u32, u32)> =
                (0_u32..).zip(best.iter().copied()).filter(|(_, at)| *at != u32::MAX).collect();
            let mut to_check: Vec<u32> = named.iter().map(|&(_, at)| at).collect();
            to_check.retain(|&at| !self.links[at as usize].is_checked);
            to_check.sort_unstable();
            to_check.dedup();
            let weigh = |&at: &u32| {
                let link = &self.links[at as usize];
                self.weigh_across(self.members(link.one), self.members(link.other))
            };
            let found: Vec<(i32, i32)> = to_check.par_iter().map(weigh).collect();
            let is_large = self.nodes.len() > NODES_NAMING_EACH_OTHER_MAX || round >= ROUNDS_NAMING_EACH_OTHER_MAX;
            let joined = if is_large { self.accept(&named) } else { self.agree(&named, &best) };
            for (&at, &(mean, best)) in to_check.iter().zip(&found) {
                let link = &mut self.links[at as usize];
                *link = Link { mean, best: link.best.max(best), is_checked: true, ..*link };
            }
            if !joined.is_empty() {
                self.unite(&joined);
            } else if to_check.is_empty() {
                return;
            }
        }
    }

    /// Joins clusters that named each other; given are clusters with their links, and the link of each cluster.
    fn agree(&self, named: &[(u32, u32)], best: &[u32]) -> Vec<Join> {
        let both = named.iter().filter_map(|&(side, at)| {
            let link = &self.links[at as usize];
            let is_agreed = link.is_checked && side == link.one && best[link.other as usize] == at;
            is_agreed.then_some(Join { parent: link.one, child: link.other, mean: link.mean })
        });
        both.collect()
    }

    /// For each cluster, the link to the neighbor it fits best; none where no neighbor is good enough.
    fn best(&self) -> Vec<u32> {
        let counts = &self.pairs.counts;
        let mut best = vec![(f64::NEG_INFINITY, u32::MAX); self.cluster.len()];
        for (at, link) in (0_u32..).zip(&self.links).filter(|(_, link)| link.mean >= counts.mean) {
            let fit = counts.fit(f64::from(link.mean), link.best, (self.size(link.one), self.size(link.other)));
            for side in [link.one, link.other] {
                let present = &mut best[side as usize];
                if fit > present.0 || (fit >= present.0 && self.lot(at) < self.lot(present.1)) {
                    *present = (fit, at);
                }
            }
        }
        best.into_iter().map(|(_, at)| at).collect()
    }

    /// By what links that fit equally well are chosen: drawn by lot, because a chain of equals would join one by one.
    fn lot(&self, at: u32) -> (u32, u32) {
        let link = &self.links[at as usize];
        (mix(link.one, link.other), at)
    }

    /// Joins clusters to others that are joined to none, and combines their links.
    fn unite(&mut self, joined: &[Join]) {
        let mut into: Vec<u32> = (0_u32..).take(self.cluster.len()).collect();
        let mut names = into.clone();
        for join in joined {
            let (child, parent) = (join.child as usize, join.parent as usize);
            into[child] = join.parent;
            names[parent] = names[parent].min(join.child);
            self.bridges[parent] = self.bridges[parent].min(self.bridges[child]).min(join.mean);
        }
        for join in joined {
            let name = names[join.parent as usize];
            self.bridges[name as usize] = self.bridges[join.parent as usize];
        }
        // A cluster goes by its smallest member.
        for at in &mut into {
            *at = names[*at as usize];
        }
        // What a link stands for: the pairs across its two clusters.
        let mut weighted: Vec<(Link, u64)> = Vec::with_capacity(self.links.len());
        for link in &self.links {
            let (one, other) = (into[link.one as usize], into[link.other as usize]);
            if one != other {
                let pair_count = self.size(link.one) as u64 * self.size(link.other) as u64;
                weighted.push((Link { one: one.min(other), other: one.max(other), ..*link }, pair_count));
            }
        }
        for cluster in &mut self.cluster {
            *cluster = into[*cluster as usize];
        }
        self.list_members();
        self.set_links(weighted);
    }

    /// Makes one link of those that now are between the same two clusters.
    fn combine(&self, same: &[(Link, u64)]) -> Link {
        let first = same[0].0;
        let (mut sum, mut covered) = (0_i128, 0_u64);
        for (link, pair_count) in same {
            sum += i128::from(link.mean) * i128::from(*pair_count);
            covered += pair_count;
        }
        let is_any_apart = same.iter().any(|(link, _)| is_apart(link.mean));
        let mean = i32::try_from(sum / i128::from(covered.max(1))).expect("a mean lies between what it is of");
        let is_whole = covered >= self.size(first.one) as u64 * self.size(first.other) as u64;
        Link {
            mean: if is_any_apart { APART } else { mean },
            best: same.iter().map(|(link, _)| link.best).max().unwrap_or(mean),
            is_checked: is_any_apart || is_whole && same.iter().all(|(link, _)| link.is_checked),
            is_linked: same.iter().any(|(link, _)| link.is_linked),
            is_decided: same.iter().any(|(link, _)| link.is_decided),
            ..first
        }
    }

    /// The mean and the best of the pairs across two lists of nodes, or of a sample; `APART` where one of these is.
    fn weigh_across(&self, one: &[u32], other: &[u32]) -> (i32, i32) {
        let (mut sum, mut pair_count, mut best) = (0_i64, 0_i64, i32::MIN);
        for (a, b) in sample(one, other) {
            let counts = self.weigh(a, b);
            if is_apart(counts) {
                return (APART, APART);
            }
            sum += i64::from(counts);
            pair_count += 1;
            best = best.max(counts);
        }
        (narrow(sum / pair_count.max(1)), best)
    }

    fn weigh(&self, one: u32, other: u32) -> i32 {
        self.pairs.weigh(self.nodes[one as usize], self.nodes[other as usize])
    }

    /// Hands over the clusters, their shapes and the refusals.
    fn report(&self) -> Part {
        let mut part = Part::default();
        let clusters: Vec<u32> = (0_u32..).take(self.cluster.len()).filter(|&one| self.size(one) > 1).collect();
        for &first in &clusters {
            let name = self.nodes[first as usize];
            part.joined.extend(self.members(first).iter().map(|&node| (self.nodes[node as usize], name)));
        }
        let shapes = clusters.par_iter().map(|&first| (self.nodes[first as usize], self.shape(first)));
        part.shapes = shapes.collect();
        for link in &self.links {
            if link.is_decided {
                part.refuse(Refusal::Decision);
            } else if link.is_linked {
                part.refuse(if is_apart(link.mean) { Refusal::Conflict } else { Refusal::Mean });
            }
        }
        part
    }

    fn shape(&self, first: u32) -> Shape {
        let bridge = to_weight(f64::from(self.bridges[first as usize]));
        let mut shape = Shape { size: 0, bridge, ..Shape::ALONE };
        let (mut sum, mut links, mut pair_count) = (0_i64, 0_u32, 0_u32);
        let members = self.members(first);
        for (a, b) in sample(members, members).filter(|(a, b)| a != b) {
            let counts = self.weigh(a, b);
            shape.conflict_count += u32::from(self.pairs.counts.is_conflict(counts));
            links += u32::from(counts >= self.pairs.counts.link);
            sum += i64::from(counts);
            pair_count += 1;
        }
        shape.density = share(links, pair_count.max(1));
        shape.mean = mean_weight(sum, pair_count.max(1));
        shape
    }
}

/// The pairs across two lists of nodes, or as many of them as are weighed, spread evenly over the longer list.
fn sample<'a>(one: &'a [u32], other: &'a [u32]) -> impl Iterator<Item = (u32, u32)> + 'a {
    let (long, short) = if one.len() < other.len() { (other, one) } else { (one, other) };
    let total = long.len() * short.len();
    (0..total.min(PAIRS_WEIGHED_MAX)).map(move |turn| {
        if total <= PAIRS_WEIGHED_MAX {
            return (long[turn / short.len()], short[turn % short.len()]);
        }
        let at = long[turn * long.len() / PAIRS_WEIGHED_MAX];
        let salt = u32::try_from(turn).expect("a turn is below the sample's size");
        (at, short[mix(at, salt) as usize % short.len()])
    })
}

/// A number that looks drawn by lot, always the same for the same two.
fn mix(one: u32, other: u32) -> u32 {
    let both = (u64::from(one) << 32 | u64::from(other)).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let both = (both ^ (both >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    u32::try_from((both ^ (both >> 32)) & u64::from(u32::MAX)).expect("32 bits are kept")
}

/// A mean of bounded numbers, which is as bounded.
fn narrow(mean: i64) -> i32 {
    i32::try_from(mean).expect("a mean lies between what it is of")
}
