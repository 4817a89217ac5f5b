//! Small components: every pair is weighed, then average link, then each member is weighed against the result.
//!
//! The two clusters that fit best become one as long as the mean of the pairs across is good enough. A member that fits
//! two clusters which cannot be one (two mailboxes under one name) is no bridge between them and, within a margin, no
//! guess either: it stays alone. Members that the others of their cluster do not bear out as a whole, because one strong
//! pair drew them in, look for another place before that.
//!
//! Invariant: no two nodes whose pair is apart share a cluster.

use super::components::Components;
use super::groups::{Part, Refusal, Shape};
use super::weights::{APART, Counts, Pairs, is_apart, to_weight};
use super::{DENSE_NODES_MAX, Score};

/// How often misfits are looked for: each time they find another place, others may not fit there.
const REFINE_PASSES_MAX: usize = 3;
/// A pair that is not weighed yet.
const UNKNOWN: i32 = i32::MAX;
/// No cluster to join.
const NONE: usize = usize::MAX;

/// The matrix of one component and the clusters in it; kept from one component to the next for its memory.
#[derive(Debug, Default)]
pub(super) struct Dense {
    count: usize,
    /// What each pair counts, symmetric; a row is `count` long.
    pairs: Vec<i32>,
    /// The smallest node of each node's cluster.
    cluster: Vec<usize>,
    /// The pairs across two clusters, symmetric, at their smallest nodes.
    across: Vec<Across>,
    /// How many nodes each cluster has; none where a node is not the smallest of its cluster.
    sizes: Vec<u32>,
    /// The lowest mean at which each cluster was joined.
    bridges: Vec<f64>,
    /// For each cluster the best one behind it to join.
    choices: Vec<Choice>,
}

/// The pairs across two clusters, or between a node and a cluster.
#[derive(Debug, Clone, Copy)]
struct Across {
    sum: i32,
    best: i32,
}

impl Across {
    const NOTHING: Self = Self { sum: 0, best: i32::MIN };

    fn add(&mut self, other: Self) {
        self.sum = self.sum.saturating_add(other.sum);
        self.best = self.best.max(other.best);
    }

    fn mean(self, pair_count: u32) -> f64 {
        f64::from(self.sum) / f64::from(pair_count)
    }
}

/// A cluster to join, how well it fits, and the mean of the pairs across.
#[derive(Debug, Clone, Copy)]
struct Choice {
    fit: f64,
    mean: f64,
    cluster: usize,
}

impl Choice {
    const NONE: Self = Self { fit: f64::NEG_INFINITY, mean: f64::NEG_INFINITY, cluster: NONE };
}

impl Dense {
    /// Clusters a component.
    pub(super) fn solve(
        &mut self,
        components: &Components,
        index: usize,
        pairs: &Pairs<'_, impl Fn(u32, u32) -> Score + Sync>,
        part: &mut Part,
    ) {
        let nodes = components.nodes(index);
        if nodes.len() < 2 {
            return;
        }
        self.fill(components, nodes, pairs);
        self.cluster.clear();
        self.cluster.extend(0..self.count);
        self.join(&pairs.counts, None);
        self.refine(&pairs.counts);
        self.report(nodes, pairs, part);
    }

    /// Weighs every pair: by its edge, or on demand.
    fn fill(&mut self, components: &Components, nodes: &[u32], pairs: &Pairs<'_, impl Fn(u32, u32) -> Score + Sync>) {
        debug_assert!(nodes.len() <= DENSE_NODES_MAX, "the component is too large for a matrix");
        self.count = nodes.len();
        self.pairs.clear();
        self.pairs.resize(self.count * self.count, UNKNOWN);
        let is_free = |node: u32| pairs.ties.tied_to(node).is_none();
        for (row, &node) in nodes.iter().enumerate().filter(|&(_, &node)| is_free(node)) {
            for edge in components.edges(node).iter().filter(|edge| is_free(pairs.ties.node_of(edge.right))) {
                if !pairs.ties.are_apart(node, edge.right) {
                    self.pairs[row * self.count + components.position(edge.right)] = pairs.counts.of(edge.weight);
                }
            }
        }
        for row in 0..self.count {
            for column in row + 1..self.count {
                let mut counts = self.pairs[row * self.count + column];
                if counts == UNKNOWN {
                    counts = pairs.weigh(nodes[row], nodes[column]);
                    self.pairs[row * self.count + column] = counts;
                }
                self.pairs[column * self.count + row] = counts;
            }
            self.pairs[row * self.count + row] = 0;
        }
    }

    /// Joins the clusters that fit best as long as the mean is good enough; with `within`, only inside these clusters.
    fn join(&mut self, counts: &Counts, within: Option<&[usize]>) {
        self.sum_up(within);
        self.choices.clear();
        for row in 0..self.count {
            let choice = self.choose(row, counts);
            self.choices.push(choice);
        }
        loop {
            let mut top = (f64::NEG_INFINITY, NONE);
            for (row, choice) in self.choices.iter().enumerate() {
                if choice.fit > top.0 {
                    top = (choice.fit, row);
                }
            }
            if top.1 == NONE {
                break;
            }
            self.unite(top.1, self.choices[top.1], counts);
        }
    }

    /// Sets up the sums, sizes and bridges of the present clusters.
    fn sum_up(&mut self, within: Option<&[usize]>) {
        let count = self.count;
        self.across.clear();
        self.across.resize(count * count, Across::NOTHING);
        self.sizes.clear();
        self.sizes.resize(count, 0);
        self.bridges.resize(count, f64::INFINITY);
        for row in 0..count {
            let own = self.cluster[row];
            self.sizes[own] += 1;
            for column in 0..count {
                let is_inside = within.is_none_or(|within| within[row] == within[column]);
                let sum = if is_inside { self.pairs[row * count + column] } else { APART };
                self.across[own * count + self.cluster[column]].add(Across { sum, best: sum });
            }
        }
        for row in 0..count {
            if self.sizes[row] < 2 {
                self.bridges[row] = f64::INFINITY;
            }
        }
    }

    /// How well a cluster would fit another, where they may be one.
    fn weigh(&self, one: usize, other: usize, counts: &Counts) -> Option<Choice> {
        let (size, other_size) = (self.sizes[one], self.sizes[other]);
        let across = self.across[one * self.count + other];
        if size == 0 || other_size == 0 || is_apart(across.sum) {
            return None;
        }
        let mean = across.mean(size * other_size);
        let fit = counts.fit(mean, across.best, (size as usize, other_size as usize));
        (mean >= f64::from(counts.mean)).then_some(Choice { fit, mean, cluster: other })
    }

    /// The cluster behind this one that it fits best; of equals the first.
    fn choose(&self, row: usize, counts: &Counts) -> Choice {
        let others = (row + 1..self.count).filter_map(|other| self.weigh(row, other, counts));
        others.fold(Choice::NONE, |best, one| if one.fit > best.fit { one } else { best })
    }

    /// Joins a cluster to one before it.
    fn unite(&mut self, into: usize, choice: Choice, counts: &Counts) {
        let (count, from) = (self.count, choice.cluster);
        for cluster in self.cluster.iter_mut().filter(|cluster| **cluster == from) {
            *cluster = into;
        }
        self.sizes[into] += self.sizes[from];
        self.sizes[from] = 0;
        self.bridges[into] = self.bridges[into].min(self.bridges[from]).min(choice.mean);
        self.bridges[from] = f64::INFINITY;
        for other in 0..count {
            let moved = self.across[from * count + other];
            self.across[into * count + other].add(moved);
            self.across[other * count + into] = self.across[into * count + other];
        }
        for row in 0..count {
            let chosen = self.choices[row].cluster;
            if row == into || row == from || chosen == into || chosen == from {
                self.choices[row] = self.choose(row, counts);
            } else if row < into
                && let Some(new) = self.weigh(row, into, counts)
            {
                let old = self.choices[row];
                // Of equals the first counts, as where a whole row is looked through.
                if new.fit > old.fit || (new.fit >= old.fit && into < old.cluster) {
                    self.choices[row] = new;
                }
            }
        }
    }

    /// Weighs members against their clusters, and takes out those that do not belong there for sure.
    fn refine(&mut self, counts: &Counts) {
        for _ in 0..REFINE_PASSES_MAX {
            let misfits = self.members_that(|dense, row| dense.is_misfit(row, counts));
            if !self.take_out(&misfits, counts) {
                break;
            }
            self.join(counts, None);
        }
        let torn = self.members_that(|dense, row| dense.is_torn(row, counts));
        if self.take_out(&torn, counts) {
            self.sum_up(None);
        }
    }

    fn members_that(&self, is_so: impl Fn(&Self, usize) -> bool) -> Vec<usize> {
        (0..self.count).filter(|&row| self.sizes[self.cluster[row]] > 1 && is_so(self, row)).collect()
    }

    /// Takes members out of their clusters, and lets these come apart where only they held them together.
    fn take_out(&mut self, members: &[usize], counts: &Counts) -> bool {
        let mut within = self.cluster.clone();
        for &row in members {
            // The others of its cluster may go by its name, so it takes one that no cluster has.
            within[row] = self.count + row;
        }
        if !members.is_empty() {
            self.cluster = (0..self.count).collect();
            self.join(counts, Some(&within));
        }
        !members.is_empty()
    }

    /// Whether a member does not fit the others of its cluster on the whole.
    fn is_misfit(&self, row: usize, counts: &Counts) -> bool {
        let (mut sum, mut size) = (0_i32, 0_i32);
        for other in (0..self.count).filter(|&other| other != row && self.cluster[other] == self.cluster[row]) {
            sum += self.pairs[row * self.count + other];
            size += 1;
        }
        sum < counts.mean * size
    }

    /// How well a node fits each cluster without the node itself, by their names; none where it is apart from it.
    fn fits(&self, row: usize, counts: &Counts) -> Vec<Choice> {
        let mut across = vec![(Across::NOTHING, 0_u32); self.count];
        for (column, &sum) in self.pairs[row * self.count..(row + 1) * self.count].iter().enumerate() {
            if column != row {
                let (found, size) = &mut across[self.cluster[column]];
                found.add(Across { sum, best: sum });
                *size += 1;
            }
        }
        let fit = |(cluster, (across, size)): (usize, (Across, u32))| {
            if size == 0 || is_apart(across.sum) {
                return Choice::NONE;
            }
            let mean = across.mean(size);
            Choice { fit: counts.fit(mean, across.best, (1, size as usize)), mean, cluster }
        };
        across.into_iter().enumerate().map(fit).collect()
    }

    /// Whether a cluster in conflict with a member's own, but not with the member, fits it as well.
    fn is_torn(&self, row: usize, counts: &Counts) -> bool {
        let own = self.cluster[row];
        let fits = self.fits(row, counts);
        let is_rival = |other: usize| {
            (0..self.count).filter(|&one| one != row && self.cluster[one] == own).any(|one| {
                (0..self.count).any(|far| self.cluster[far] == other && is_apart(self.pairs[one * self.count + far]))
            })
        };
        let (least, needed) = (f64::from(counts.mean), fits[own].fit - f64::from(counts.rival_margin));
        fits.iter().any(|one| {
            one.cluster != NONE && one.cluster != own && one.mean >= least && one.fit >= needed && is_rival(one.cluster)
        })
    }

    /// Hands over the clusters, their shapes and the refusals.
    fn report(&mut self, nodes: &[u32], pairs: &Pairs<'_, impl Fn(u32, u32) -> Score + Sync>, part: &mut Part) {
        for row in 0..self.count {
            let first = self.cluster[row];
            if self.sizes[first] > 1 {
                part.joined.push((nodes[row], nodes[first]));
            }
        }
        for first in (0..self.count).filter(|&row| self.sizes[row] > 1) {
            let mut shape = Shape { size: 0, bridge: to_weight(self.bridges[first]), ..Shape::ALONE };
            let (mut sum, mut links, mut pair_count) = (0_i64, 0_u32, 0_u32);
            let members: Vec<usize> = (first..self.count).filter(|&row| self.cluster[row] == first).collect();
            for (at, &row) in members.iter().enumerate() {
                for &column in &members[at + 1..] {
                    let counts = self.pairs[row * self.count + column];
                    shape.conflict_count += u32::from(pairs.counts.is_conflict(counts));
                    links += u32::from(counts >= pairs.counts.link);
                    sum += i64::from(counts);
                    pair_count += 1;
                }
            }
            shape.density = share(links, pair_count);
            shape.mean = mean_weight(sum, pair_count);
            part.shapes.push((nodes[first], shape));
        }
        self.report_refusals(nodes, pairs, part);
    }

    /// Tells why clusters with a link between them are two.
    fn report_refusals(&self, nodes: &[u32], pairs: &Pairs<'_, impl Fn(u32, u32) -> Score + Sync>, part: &mut Part) {
        let firsts: Vec<usize> = (0..self.count).filter(|&row| self.sizes[row] > 0).collect();
        for (at, &one) in firsts.iter().enumerate() {
            for &other in &firsts[at + 1..] {
                let (mut is_linked, mut is_decided) = (false, false);
                for row in (0..self.count).filter(|&row| self.cluster[row] == one) {
                    for column in (0..self.count).filter(|&column| self.cluster[column] == other) {
                        is_linked |= self.pairs[row * self.count + column] >= pairs.counts.link;
                        let (left, right) = (nodes[row].min(nodes[column]), nodes[row].max(nodes[column]));
                        is_decided |= pairs.ties.are_apart(left, right);
                    }
                }
                if is_decided {
                    part.refuse(Refusal::Decision);
                } else if is_linked && is_apart(self.across[one * self.count + other].sum) {
                    part.refuse(Refusal::Conflict);
                } else if is_linked {
                    part.refuse(Refusal::Mean);
                }
            }
        }
    }
}

/// Returns a share of a number of pairs, which is not 0.
#[expect(clippy::cast_possible_truncation, reason = "a share needs no more digits")]
pub(super) fn share(some: u32, all: u32) -> f32 {
    (f64::from(some) / f64::from(all)) as f32
}

/// Returns the mean weight of a number of pairs, which is not 0.
#[expect(clippy::cast_precision_loss, reason = "a sum of bounded weights is far below 2^52")]
pub(super) fn mean_weight(sum: i64, pair_count: u32) -> f32 {
    to_weight(sum as f64 / f64::from(pair_count))
}
