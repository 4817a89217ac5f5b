//! Clustering: links in descending weight order, and no union that would put two people into one.
//!
//! Connected components let one bridge pull two namesakes together. So a union is refused where a steward said no,
//! where a pair across the two clusters is in conflict, or where the mean weight across them is too low. A mention
//! that fits two clusters goes to the one it fits best. What a steward has tied together counts as one mention that
//! has all their evidence.
//!
//! Invariant: a cannot-link holds for everything that must-links tie to its two sides; ties go by mention id.

use std::collections::{HashMap, HashSet};

use crate::weigh::Score;

/// How many members of a large cluster stand for it where two clusters are weighed against one another.
const MEMBERS_WEIGHED_MAX: usize = 64;

/// What stewards decided, on the mentions' places; places behind the last mention stand for erased ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Constraints {
    pub(crate) must: Vec<(u32, u32)>,
    pub(crate) cannot: Vec<(u32, u32)>,
    /// How many places there are, erased ones included.
    pub(crate) node_count: usize,
}

/// A pair that weighs enough to be linked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) weight: f64,
    pub(crate) left: u32,
    pub(crate) right: u32,
}

/// The clusters, and why unions were refused.
#[derive(Debug, Default)]
pub(crate) struct Clustering {
    /// Sorted members, sorted by the first.
    pub(crate) groups: Vec<Vec<u32>>,
    pub(crate) refused_by_decision: usize,
    pub(crate) refused_by_conflict: usize,
    pub(crate) refused_by_mean: usize,
    /// Must-links that contradict a cannot-link; the cannot-link holds.
    pub(crate) contradictions: usize,
}

/// How heavy the pairs across two clusters must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The least mean.
    pub(crate) mean_weight: f64,
    /// A pair at or below this keeps the clusters apart.
    pub(crate) conflict_weight: f64,
}

struct State {
    /// The cluster of each place.
    cluster_of: Vec<u32>,
    /// Members of each cluster that are mentions.
    members: Vec<Vec<u32>>,
    /// Every place of each cluster, erased ones included.
    places: Vec<Vec<u32>>,
    /// Clusters that must stay apart.
    apart: Vec<HashSet<u32>>,
}

impl State {
    fn new(mention_count: usize, node_count: usize) -> Self {
        let nodes: Vec<u32> = (0..u32::try_from(node_count).expect("fewer than 2^32 mentions")).collect();
        Self {
            members: nodes.iter().map(|&n| if (n as usize) < mention_count { vec![n] } else { Vec::new() }).collect(),
            places: nodes.iter().map(|&n| vec![n]).collect(),
            apart: vec![HashSet::new(); node_count],
            cluster_of: nodes,
        }
    }

    fn roots(&self, left: u32, right: u32) -> (u32, u32) {
        (self.cluster_of[left as usize], self.cluster_of[right as usize])
    }

    fn keep_apart(&mut self, left: u32, right: u32) {
        let (left, right) = self.roots(left, right);
        self.apart[left as usize].insert(right);
        self.apart[right as usize].insert(left);
    }

    fn are_apart(&self, left: u32, right: u32) -> bool {
        self.apart[left as usize].contains(&right)
    }

    /// Joins two clusters; the smaller moves into the larger.
    fn join(&mut self, left: u32, right: u32) {
        let small_first = self.places[left as usize].len() < self.places[right as usize].len();
        let (from, into) = if small_first { (left, right) } else { (right, left) };
        let places = std::mem::take(&mut self.places[from as usize]);
        for &place in &places {
            self.cluster_of[place as usize] = into;
        }
        self.places[into as usize].extend(places);
        let members = std::mem::take(&mut self.members[from as usize]);
        self.members[into as usize].extend(members);
        for other in std::mem::take(&mut self.apart[from as usize]) {
            self.apart[other as usize].remove(&from);
            self.apart[other as usize].insert(into);
            self.apart[into as usize].insert(other);
        }
    }
}

/// Clusters `mention_count` mentions.
pub(crate) fn cluster(
    mention_count: usize,
    mut edges: Vec<Edge>,
    constraints: &Constraints,
    bounds: Bounds,
    score: impl Fn(u32, u32) -> Score,
) -> Clustering {
    edges.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then((a.left, a.right).cmp(&(b.left, b.right))));
    let mut result = Clustering::default();
    let mut state = State::new(mention_count, constraints.node_count.max(mention_count));
    for &(left, right) in constraints.cannot.iter().filter(|(left, right)| left != right) {
        state.keep_apart(left, right);
    }
    for &(a, b) in &constraints.must {
        let (left, right) = state.roots(a, b);
        if state.are_apart(left, right) {
            // What concerns erased mentions only, or the other kind of entity, is not counted here.
            result.contradictions += usize::from((a.min(b) as usize) < mention_count);
        } else if left != right {
            state.join(left, right);
        }
    }
    let tied = state.cluster_of.clone();
    let weigh = |left: &[u32], right: &[u32]| weigh_union(left, right, &tied, bounds.conflict_weight, &score);
    // A refusal holds until one of the two clusters has grown.
    let mut refused: HashMap<(u32, u32), (usize, usize)> = HashMap::new();
    for edge in edges {
        let (left, right) = state.roots(edge.left, edge.right);
        if left == right {
            continue;
        }
        let pair = (left.min(right), left.max(right));
        let sizes = (state.members[pair.0 as usize].len(), state.members[pair.1 as usize].len());
        if refused.get(&pair) == Some(&sizes) {
            continue;
        }
        let counter = if state.are_apart(left, right) {
            &mut result.refused_by_decision
        } else {
            match weigh(&state.members[left as usize], &state.members[right as usize]) {
                None => &mut result.refused_by_conflict,
                Some(mean) if mean < bounds.mean_weight => &mut result.refused_by_mean,
                Some(_) => {
                    state.join(left, right);
                    continue;
                }
            }
        };
        *counter += 1;
        refused.insert(pair, sizes);
    }
    result.groups = state.members.into_iter().filter(|members| !members.is_empty()).collect();
    for group in &mut result.groups {
        group.sort_unstable();
    }
    result.groups.sort_unstable();
    result
}

/// Returns the mean weight of the pairs across two clusters; none where a pair is in conflict.
///
/// Mentions that a steward tied together (`tied` names their group) count once, with the best of their weights.
fn weigh_union(
    left: &[u32],
    right: &[u32],
    tied: &[u32],
    conflict_weight: f64,
    score: &impl Fn(u32, u32) -> Score,
) -> Option<f64> {
    let (left, right) = (sample(left, tied), sample(right, tied));
    let same = |a: &u32, b: &u32| tied[*a as usize] == tied[*b as usize];
    let (mut sum, mut count) = (0.0, 0.0);
    for one in left.chunk_by(same) {
        for other in right.chunk_by(same) {
            let mut best = f64::NEG_INFINITY;
            for (&a, &b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                let score = score(a.min(b), a.max(b));
                if score.is_conflict {
                    return None;
                }
                best = best.max(score.weight);
            }
            if best <= conflict_weight {
                return None;
            }
            sum += best;
            count += 1.0;
        }
    }
    Some(sum / count)
}

/// The members that stand for a cluster: all of them, or evenly spaced ones; those tied together side by side.
fn sample(members: &[u32], tied: &[u32]) -> Vec<u32> {
    let mut members = members.to_vec();
    members.sort_unstable_by_key(|&member| (tied[member as usize], member));
    let step = members.len().div_ceil(MEMBERS_WEIGHED_MAX);
    members.into_iter().step_by(step.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(count: usize, edges: &[(u32, u32, f64)], must: &[(u32, u32)], cannot: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let weights: HashMap<(u32, u32), f64> = edges.iter().map(|&(a, b, w)| ((a, b), w)).collect();
        let linked = edges.iter().filter(|edge| edge.2 > 0.0);
        let edges = linked.map(|&(left, right, weight)| Edge { weight, left, right }).collect();
        let most = must.iter().chain(cannot).flat_map(|&(a, b)| [a, b]).max().map_or(0, |node| node as usize + 1);
        let constraints = Constraints { must: must.to_vec(), cannot: cannot.to_vec(), node_count: count.max(most) };
        let score = |a: u32, b: u32| {
            let weight = weights.get(&(a, b)).copied().unwrap_or(0.0);
            Score { weight, is_conflict: weight < -50.0 }
        };
        let bounds = Bounds { mean_weight: 0.0, conflict_weight: -10.0 };
        cluster(count, edges, &constraints, bounds, score).groups
    }

    #[test]
    fn a_bridge_joins_the_best_and_only_the_best() {
        let edges = [(0, 1, 5.0), (1, 2, 4.0), (0, 2, -20.0)];
        assert_eq!(run(3, &edges, &[], &[]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_low_mean_keeps_clusters_apart() {
        let edges = [(0, 1, 9.0), (2, 3, 9.0), (1, 2, 4.0), (0, 2, -5.0), (0, 3, -5.0), (1, 3, -5.0)];
        assert_eq!(run(4, &edges, &[], &[]), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn a_no_carries_through_must_links_and_erased_mentions() {
        let edges = [(0, 1, 50.0)];
        assert_eq!(run(2, &edges, &[], &[]), [vec![0, 1]]);
        assert_eq!(run(2, &edges, &[], &[(0, 1)]), [vec![0], vec![1]]);
        assert_eq!(run(2, &edges, &[(0, 2)], &[(2, 1)]), [vec![0], vec![1]], "2 is erased");
        assert_eq!(run(3, &[], &[(0, 3), (3, 2)], &[]), [vec![0, 2], vec![1]], "3 is erased");
    }

    #[test]
    fn what_is_tied_together_has_all_its_evidence() {
        let edges = [(0, 1, 5.0), (1, 2, -20.0)];
        assert_eq!(run(3, &edges, &[(0, 2)], &[]), [vec![0, 1, 2]]);
        let edges = [(0, 1, 5.0), (1, 2, -90.0)];
        assert_eq!(run(3, &edges, &[(0, 2)], &[]), [vec![0, 2], vec![1]], "but a conflict stays one");
    }

    #[test]
    fn a_yes_outranks_a_conflict_and_a_no_outranks_a_yes() {
        let edges = [(0, 1, -30.0)];
        assert_eq!(run(2, &edges, &[(0, 1)], &[]), [vec![0, 1]]);
        assert_eq!(run(2, &edges, &[(0, 1)], &[(0, 1)]), [vec![0], vec![1]]);
    }
}
