//! Small cases with weights by hand, and properties of any input.
//!
//! Invariant: nothing here depends on the order in which edges are given.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::simulation::{Lot, Setting, World};
use super::*;

/// Weights by pair; a pair that is not named weighs `other`.
struct Case {
    count: usize,
    weights: BTreeMap<(u32, u32), f32>,
    other: f32,
    constraints: Constraints,
}

impl Case {
    fn new(count: usize, weights: &[(u32, u32, f32)]) -> Self {
        let weights = weights.iter().map(|&(a, b, weight)| ((a, b), weight)).collect();
        Self { count, weights, other: 0.0, constraints: Constraints { node_count: count, ..Constraints::default() } }
    }

    fn other(self, other: f32) -> Self {
        Self { other, ..self }
    }

    fn decided(mut self, must: &[(u32, u32)], cannot: &[(u32, u32)]) -> Self {
        let most = must.iter().chain(cannot).flat_map(|&(a, b)| [a, b]).max().map_or(0, |node| node as usize + 1);
        self.constraints =
            Constraints { must: must.to_vec(), cannot: cannot.to_vec(), node_count: self.count.max(most) };
        self
    }

    fn run(&self) -> Clustering {
        let edges = self.weights.iter().map(|(&(left, right), &weight)| Edge { left, right, weight }).collect();
        self.run_on(edges)
    }

    fn run_on(&self, edges: Vec<Edge>) -> Clustering {
        let score = |a: u32, b: u32| {
            assert!(a < b, "the smaller place comes first");
            let weight = self.weights.get(&(a, b)).copied().unwrap_or(self.other);
            Score { weight, is_conflict: weight < -50.0 }
        };
        cluster(self.count, edges, &self.constraints, Bounds::new(3.0, 0.0, -50.0), &score)
    }

    fn groups(&self) -> Vec<Vec<u32>> {
        self.run().groups().map(<[u32]>::to_vec).collect()
    }
}

/// Cliques of so many members each, where pairs inside weigh `within`.
fn cliques(sizes: &[u32], within: f32) -> Vec<(u32, u32, f32)> {
    let mut start = 0;
    let mut edges = Vec::new();
    for size in sizes {
        for left in start..start + size {
            edges.extend((left + 1..start + size).map(|right| (left, right, within)));
        }
        start += size;
    }
    edges
}

#[test]
fn nothing_makes_nothing_and_mentions_without_links_stay_alone() {
    assert_eq!(Case::new(0, &[]).run(), Clustering { offsets: vec![0], ..Clustering::default() });
    let alone = Case::new(2, &[(0, 1, 1.0)]).run();
    assert_eq!((alone.cluster_of.as_slice(), alone.group_count()), (&[0, 1][..], 2));
    assert!(alone.shapes.iter().all(|shape| *shape == Shape::ALONE));
}

#[test]
fn a_bridge_joins_the_best_and_only_the_best() {
    let case = Case::new(3, &[(0, 1, 9.0), (1, 2, 4.0), (0, 2, -20.0)]);
    assert_eq!(case.groups(), [vec![0, 1], vec![2]]);
    assert_eq!(case.run().refused_by_mean, 1);
}

#[test]
fn two_dense_halves_with_a_weak_bridge_are_two() {
    let mut edges = cliques(&[5, 5], 9.0);
    edges.push((4, 5, 12.0));
    let case = Case::new(10, &edges).other(-6.0);
    assert_eq!(case.groups(), [vec![0, 1, 2, 3, 4], vec![5, 6, 7, 8, 9]]);
    let mut large = cliques(&[50, 50], 9.0);
    large.push((49, 50, 12.0));
    let groups = Case::new(100, &large).other(-6.0).groups();
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50]);
}

#[test]
fn one_bad_pair_does_not_break_a_good_cluster_but_a_conflict_does() {
    let mut edges = cliques(&[9], 8.0);
    edges[7].2 = -40.0;
    assert_eq!(Case::new(9, &edges).groups().len(), 1);
    edges[7].2 = -60.0;
    let run = Case::new(9, &edges).run();
    assert_eq!((run.group_count(), run.refused_by_conflict), (2, 1));
    assert_ne!(run.cluster_of[0], run.cluster_of[8], "pair 0 and 8 is in conflict");
    let mut large = cliques(&[80], 8.0);
    large[78].2 = f32::NEG_INFINITY;
    let run = Case::new(80, &large).run();
    assert_ne!(run.cluster_of[0], run.cluster_of[79], "pair 0 and 79 is in conflict");
}

#[test]
fn a_strong_pair_does_not_carry_weak_ones() {
    let mut edges = cliques(&[4, 4], 9.0);
    edges.push((0, 4, 300.0));
    assert_eq!(Case::new(8, &edges).other(-3.0).groups().len(), 2);
}

#[test]
fn who_fits_two_rivals_equally_stays_alone_and_is_no_bridge() {
    // 0, 1 have one mailbox, 2, 3 another; 4 has the name only.
    let rivals = [(0, 1, 12.0), (2, 3, 12.0), (0, 2, -90.0), (0, 3, -90.0), (1, 2, -90.0), (1, 3, -90.0)];
    let with = |to_first: f32, to_second: f32| {
        let mut edges = rivals.to_vec();
        edges.extend([(0, 4, to_first), (1, 4, to_first), (2, 4, to_second), (3, 4, to_second)]);
        Case::new(5, &edges).groups()
    };
    assert_eq!(with(5.0, 5.0), [vec![0, 1], vec![2, 3], vec![4]]);
    assert_eq!(with(5.0, 8.0), [vec![0, 1], vec![2, 3, 4]]);
    assert_eq!(with(8.0, 5.0), [vec![0, 1, 4], vec![2, 3]]);
}

#[test]
fn rivals_are_told_apart_in_a_large_component_too() {
    // Two mailboxes of forty mentions each and ten mentions with the name only.
    let mut edges = cliques(&[40, 40], 12.0);
    for left in 0..40 {
        edges.extend((40..80).map(|right| (left, right, f32::NEG_INFINITY)));
    }
    for one in 0..80 {
        edges.extend((80..90).map(|bare| {
            (
                one,
                bare,
                if bare < 85 {
                    5.0
                } else if one < 40 {
                    4.0
                } else {
                    8.0
                },
            )
        }));
    }
    let run = Case::new(90, &edges).other(5.0).run();
    let sizes: Vec<usize> = run.groups().map(<[u32]>::len).collect();
    assert_eq!(sizes, [40, 45, 1, 1, 1, 1, 1]);
}

#[test]
fn a_no_carries_through_must_links_and_erased_mentions() {
    let edges = [(0, 1, 50.0)];
    let check = |count, edges: &[(u32, u32, f32)], must: &[_], cannot: &[_]| {
        Case::new(count, edges).decided(must, cannot).groups()
    };
    assert_eq!(check(2, &edges, &[], &[]), [vec![0, 1]]);
    assert_eq!(check(2, &edges, &[], &[(1, 0)]), [vec![0], vec![1]]);
    assert_eq!(check(2, &edges, &[(2, 0)], &[(2, 1)]), [vec![0], vec![1]], "2 is erased");
    assert_eq!(check(3, &[], &[(0, 3), (3, 2)], &[]), [vec![0, 2], vec![1]], "3 is erased");
    assert_eq!(check(2, &edges, &[(2, 3)], &[(2, 3)]), [vec![0, 1]], "only erased ones are concerned");
}

#[test]
fn a_no_holds_in_a_large_component_of_equals() {
    let case = Case::new(100, &cliques(&[100], 9.0)).other(9.0).decided(&[(3, 5), (70, 71)], &[(5, 70)]);
    let run = case.run();
    assert_eq!((run.cluster_of[3], run.cluster_of[70]), (run.cluster_of[5], run.cluster_of[71]));
    assert_ne!(run.cluster_of[3], run.cluster_of[71]);
    assert_eq!((run.refused_by_decision, run.contradictions), (1, 0));
}

#[test]
fn a_contradiction_is_counted_and_the_no_holds() {
    let run = Case::new(3, &[(0, 1, -90.0)]).decided(&[(0, 1), (1, 2)], &[(0, 2)]).run();
    assert_eq!(run.contradictions, 1);
    assert_eq!(run.cluster_of, [0, 0, 2], "of two must-links that contradict a no, the first by place holds");
    let run = Case::new(2, &[(0, 1, -30.0)]).decided(&[(0, 1)], &[(0, 1)]).run();
    assert_eq!((run.contradictions, run.group_count()), (1, 2));
}

#[test]
fn what_is_tied_together_has_all_its_evidence() {
    let edges = [(0, 1, 5.0), (1, 2, -20.0)];
    assert_eq!(Case::new(3, &edges).decided(&[(0, 2)], &[]).groups(), [vec![0, 1, 2]]);
    let edges = [(0, 1, 5.0), (1, 2, -90.0)];
    assert_eq!(Case::new(3, &edges).decided(&[(0, 2)], &[]).groups(), [vec![0, 2], vec![1]], "a conflict stays one");
    assert_eq!(Case::new(2, &[(0, 1, -90.0)]).decided(&[(0, 1)], &[]).groups(), [vec![0, 1]], "a yes outranks it");
}

#[test]
fn the_shape_of_a_cluster_tells_of_its_weakest_bridge() {
    let mut edges = cliques(&[3, 3], 10.0);
    edges.extend([(0, 3, 4.0), (1, 4, 4.0)]);
    let run = Case::new(6, &edges).other(1.0).run();
    let shape = run.shapes[0];
    assert_eq!((shape.size, run.group_count(), shape.conflict_count), (6, 1, 0));
    assert!((shape.density - 8.0 / 15.0).abs() < 1e-6, "{shape:?}");
    assert!((shape.mean - (60.0 + 8.0 + 7.0) / 15.0).abs() < 1e-3, "{shape:?}");
    assert!((shape.bridge - 15.0 / 9.0).abs() < 1e-3, "{shape:?}");
}

#[test]
fn many_equals_with_a_few_edges_each_end_in_one_cluster() {
    let count = 100_000_u32;
    let edges =
        (0..count).flat_map(|left| (1..=4).map(move |step| (left, left + step)).filter(move |pair| pair.1 < count));
    let edges = edges.map(|(left, right)| Edge { left, right, weight: 20.0 }).collect();
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let score = |_, _| {
        calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Score { weight: 20.0, is_conflict: false }
    };
    let run = cluster(count as usize, edges, &Constraints::default(), Bounds::new(3.0, 0.0, -50.0), &score);
    assert_eq!((run.group_count(), run.shapes[0].size), (1, count));
    assert!(calls.into_inner() < 64 * count as usize, "what is weighed is bounded");
}

/// The same numbers in another order, always the same for a seed.
fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut lot = Lot::new(seed);
    for at in (1..items.len()).rev() {
        items.swap(at, lot.below(at + 1));
    }
    items
}

#[test]
fn neither_the_order_of_edges_nor_threads_change_the_clusters_of_a_world() {
    let world = World::new(Setting { person_count: 600, homonym_share: 0.8, ..Setting::plain(9) });
    let run = |seed, threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let score = |a: u32, b: u32| world.score(a, b);
        let edges = shuffled(world.edges(), seed);
        let constraints = Constraints::default();
        pool.install(|| cluster(world.seen.len(), edges, &constraints, Bounds::new(-2.0, -4.0, -50.0), &score))
    };
    let first = run(1, 1);
    assert!(first.shapes.iter().any(|shape| shape.size > 64), "there is a large component");
    for (seed, threads) in [(2, 1), (3, 2), (4, 4)] {
        assert_eq!(run(seed, threads), first);
    }
}

proptest! {
    #[test]
    fn clusters_keep_every_decision_and_ignore_order(
        count in 2_u32..90,
        found in prop::collection::vec((0_u32..90, 0_u32..90, -60_i16..40), 0..400),
        must in prop::collection::vec((0_u32..95, 0_u32..95), 0..6),
        cannot in prop::collection::vec((0_u32..95, 0_u32..95), 0..6),
        seed in 1_u64..1000,
    ) {
        let pairs = found.iter().filter(|(a, b, _)| a < b && *b < count).map(|&(a, b, w)| (a, b, f32::from(w)));
        let case = Case::new(count as usize, &pairs.collect::<Vec<_>>()).other(4.0).decided(&must, &cannot);
        let run = case.run();
        let edges = case.weights.iter().map(|(&(left, right), &weight)| Edge { left, right, weight }).collect();
        let mut other = Case { constraints: case.constraints.clone(), weights: case.weights.clone(), ..case };
        other.constraints.must = shuffled(other.constraints.must, seed);
        other.constraints.cannot.reverse();
        prop_assert_eq!(&other.run_on(shuffled(edges, seed)), &run);
        let mut seen: Vec<u32> = run.groups().flatten().copied().collect();
        prop_assert!(run.groups().all(<[u32]>::is_sorted));
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..count).collect::<Vec<_>>());
        for &(a, b) in cannot.iter().filter(|(a, b)| a != b && *a < count && *b < count) {
            prop_assert_ne!(run.cluster_of[a as usize], run.cluster_of[b as usize]);
        }
        if run.contradictions == 0 && cannot.is_empty() {
            for &(a, b) in must.iter().filter(|(a, b)| *a < count && *b < count) {
                prop_assert_eq!(run.cluster_of[a as usize], run.cluster_of[b as usize]);
            }
        }
    }
}
