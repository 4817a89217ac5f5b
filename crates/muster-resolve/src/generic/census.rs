//! Counting all pairs of rows by pattern: those that blocking brings together one by one, the rest by a sample.
//!
//! So u is that of all pairs, and the levels that few pairs are on are counted exactly, because a rule that looks for
//! agreement finds them.
//!
//! Invariant: samples are drawn by place, counts are whole numbers: the same for any number of threads.

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::block::Blocks;
use crate::intern::mix;
use crate::pattern::{Entities, Pattern};

/// How many pairs beside the candidates are drawn, over all rows.
const REST_PAIRS: u64 = 250_000;
/// How many partners are drawn for one row at most.
const REST_PER_ROW_MAX: u64 = 64;
/// From how many rows on only every so many-th row's pairs are counted.
const ROWS_COUNTED: u32 = 100_000;
/// Pairs of one cluster that are counted from each member on.
const CLUSTER_PAIRS_MAX: usize = 32;

/// What a pair is counted under: its pattern, what frequency adds in whole bits, and whether it is a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Kind {
    pub(super) pattern: Pattern,
    pub(super) bits: i8,
    pub(super) is_match: bool,
}

/// How many pairs are of a kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    /// Brought together by blocking, or by a cluster.
    pub(super) met: u64,
    /// Beside them, estimated.
    pub(super) rest: u64,
}

type Counts = HashMap<Kind, Count, FxBuildHasher>;

/// Counts pairs; with clusters, given as the cluster of each place and the clusters, pairs are told apart by them.
pub(super) fn count(
    entities: &impl Entities,
    blocks: &Blocks,
    clusters: Option<(&[u32], &[Vec<u32>])>,
) -> Vec<(Kind, Count)> {
    let all = u64::from(entities.count());
    let draws = (REST_PAIRS / all.max(1)).clamp(1, REST_PER_ROW_MAX);
    let step = entities.count().div_ceil(ROWS_COUNTED).max(1);
    let kind = |left: u32, right: u32, is_match: bool| {
        let pattern = entities.compare(left, right);
        let mut bits = 0.0;
        if clusters.is_none() {
            entities.adjust(pattern, left, right, &mut |_, more| bits += more);
        }
        Kind { pattern, bits: whole(bits), is_match }
    };
    let is_match = |left: u32, right: u32| clusters.is_some_and(|(of, _)| of[left as usize] == of[right as usize]);
    let row = |(mut counts, mut found): (Counts, Vec<u32>), row: u32| {
        blocks.gather(row, &mut found);
        for &other in &found {
            if !is_match(row, other) {
                counts.entry(kind(row, other, false)).or_default().met += 1;
            }
        }
        let behind = all - u64::from(row) - 1;
        let rest = behind.saturating_sub(found.len() as u64);
        let drawn: Vec<u32> = (0..draws.min(rest))
            .map(|number| row + 1 + low(mix(mix(11, u64::from(row)), number) % behind))
            .filter(|other| found.binary_search(other).is_err() && !is_match(row, *other))
            .collect();
        for &other in &drawn {
            counts.entry(kind(row, other, false)).or_default().rest += rest.div_ceil(drawn.len() as u64);
        }
        (counts, found)
    };
    let parts: Vec<(Counts, Vec<u32>)> = (0..entities.count())
        .into_par_iter()
        .filter(|row| mix(12, u64::from(*row)).is_multiple_of(u64::from(step)))
        .fold(|| (Counts::default(), Vec::new()), row)
        .collect();
    let mut sums: std::collections::BTreeMap<Kind, Count> = std::collections::BTreeMap::new();
    let mut add = |kind: Kind, count: Count| {
        let sum = sums.entry(kind).or_default();
        sum.met += count.met * u64::from(step);
        sum.rest += count.rest * u64::from(step);
    };
    for (counts, _) in parts {
        counts.into_iter().for_each(|(kind, count)| add(kind, count));
    }
    let chosen = |cluster: &&Vec<u32>| mix(13, u64::from(cluster[0])).is_multiple_of(u64::from(step));
    for cluster in clusters.map_or(&[][..], |(_, clusters)| clusters).iter().filter(chosen) {
        for (at, &left) in cluster.iter().enumerate() {
            for &right in cluster[at + 1..].iter().take(CLUSTER_PAIRS_MAX) {
                add(kind(left, right, true), Count { met: 1, rest: 0 });
            }
        }
    }
    sums.into_iter().collect()
}

#[expect(clippy::cast_possible_truncation, reason = "below the number of rows")]
const fn low(number: u64) -> u32 {
    number as u32
}

#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn whole(bits: f32) -> i8 {
    bits.round().clamp(-100.0, 100.0) as i8
}
