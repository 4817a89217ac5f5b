//! How good a clustering is against the truth: pairwise and B-cubed precision, recall and F1, whole and by slice, and
//! the precision-recall curve of scored pairs.
//!
//! It counts by the table of true entity against found cluster and never walks pairs of mentions, so that one cluster of
//! a million costs what a million single ones cost.
//!
//! Where there is nothing to be wrong about, nothing is wrong: the precision of no found pair is 1, and so is the recall
//! of no true pair.
//!
//! A slice is a set of mentions. Its pairs are all those of which at least one mention is in the slice, so that a wrong
//! link from the slice to the rest counts; its B-cubed figures are the means over its mentions of what holds for each in
//! the whole clustering.
//!
//! Invariant: the figures do not depend on the order of the mentions, nor on which numbers the labels are.

use serde::Serialize;

/// Points of a curve; a picture shows no more.
const CURVE_POINTS_MAX: usize = 400;

/// Precision, recall and their harmonic mean, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure {
    /// The share of what was found that is true.
    pub precision: f64,
    /// The share of what is true that was found.
    pub recall: f64,
    /// The harmonic mean of the two; 0 where both are 0.
    pub f1: f64,
}

impl Measure {
    /// Makes the measure of two shares.
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }

    fn of_counts(common: u64, found: u64, truth: u64) -> Self {
        Self::new(share(common, found), share(common, truth))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of pairs beyond 2^53 may be rounded")]
fn float(count: u64) -> f64 {
    count as f64
}

/// A share of a whole; all of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { float(part) / float(whole) }
}

const fn pairs(count: u64) -> u64 {
    count * count.saturating_sub(1) / 2
}

/// How well the mentions of a slice were resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// The slice's name.
    pub slice: String,
    /// Mentions in it.
    pub mention_count: u64,
    /// True entities with a mention in it.
    pub entity_count: u64,
    /// Found clusters with a mention in it.
    pub cluster_count: u64,
    /// Pairs of one entity, at least one of the two in the slice.
    pub true_pair_count: u64,
    /// Pairs of one found cluster, at least one of the two in the slice.
    pub found_pair_count: u64,
    /// Those that are both.
    pub common_pair_count: u64,
    /// The measure of pairs.
    pub pairwise: Measure,
    /// The B-cubed measure: means over mentions.
    pub bcubed: Measure,
}

/// The mentions of one entity in one found cluster: where they stand in the order of the table.
#[derive(Debug, Clone, Copy)]
struct Cell {
    truth: u32,
    found: u32,
    end: u32,
}

/// True entities against found clusters.
#[derive(Debug, Clone)]
pub struct Contingency {
    /// Sorted by entity, then cluster.
    cells: Vec<Cell>,
    /// The mentions in the order of their cells.
    order: Vec<u32>,
    truth_sizes: Vec<u32>,
    found_sizes: Vec<u32>,
    /// The entity of each mention.
    truth: Vec<u32>,
}

impl Contingency {
    /// Counts mentions by their true entity and their found cluster, given by number at the same places.
    ///
    /// # Panics
    ///
    /// Where the two are not of one length, or hold 2^32 mentions or more.
    ///
    /// # Examples
    ///
    /// ```
    /// use muster_resolve::Contingency;
    /// let quality = Contingency::new(&[7, 7, 7, 9], &[1, 1, 2, 2]).overall();
    /// assert_eq!((quality.true_pair_count, quality.found_pair_count, quality.common_pair_count), (3, 2, 1));
    /// assert_eq!(quality.pairwise.precision, 0.5);
    /// ```
    pub fn new(truth: &[u32], found: &[u32]) -> Self {
        assert_eq!(truth.len(), found.len(), "BUG: a mention has an entity and a cluster");
        let truth = dense(truth);
        let found = dense(found);
        let count = u32::try_from(truth.len()).expect("fewer than 2^32 mentions");
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by_key(|&mention| {
            let mention = mention as usize;
            (truth[mention], found[mention], mention)
        });
        let mut cells: Vec<Cell> = Vec::new();
        for (at, &mention) in (1..).zip(&order) {
            let (truth, found) = (truth[mention as usize], found[mention as usize]);
            match cells.last_mut() {
                Some(cell) if (cell.truth, cell.found) == (truth, found) => cell.end = at,
                Some(_) | None => cells.push(Cell { truth, found, end: at }),
            }
        }
        Self { cells, order, truth_sizes: sizes(&truth), found_sizes: sizes(&found), truth }
    }

    /// Returns how many mentions the true entity of a mention has.
    pub fn entity_size(&self, mention: usize) -> u32 {
        self.truth_sizes[self.truth[mention] as usize]
    }

    /// Returns how many pairs of mentions are of one entity.
    pub fn true_pair_count(&self) -> u64 {
        self.truth_sizes.iter().map(|&size| pairs(u64::from(size))).sum()
    }

    /// Measures all mentions.
    pub fn overall(&self) -> Quality {
        self.slice("all", |_| true)
    }

    /// Measures the mentions of a slice; the closure is asked by place.
    pub fn slice(&self, name: &str, is_in: impl Fn(usize) -> bool) -> Quality {
        let mut in_found = vec![0_u32; self.found_sizes.len()];
        let mut in_truth = vec![0_u32; self.truth_sizes.len()];
        let (mut mention_count, mut common) = (0_u64, 0_u64);
        let (mut precision, mut recall) = (0.0, 0.0);
        let mut start = 0_usize;
        for cell in &self.cells {
            let members = &self.order[start..cell.end as usize];
            start = cell.end as usize;
            let counted = members.iter().map(|&mention| u32::from(is_in(mention as usize))).sum::<u32>();
            let inside = u64::from(counted);
            let size = members.len() as u64;
            common += touched(size, inside);
            mention_count += inside;
            in_found[cell.found as usize] += counted;
            in_truth[cell.truth as usize] += counted;
            // Each of them is together with `size` of its own entity, itself included.
            precision += float(inside * size) / f64::from(self.found_sizes[cell.found as usize]);
            recall += float(inside * size) / f64::from(self.truth_sizes[cell.truth as usize]);
        }
        let mean = |sum: f64| if mention_count == 0 { 1.0 } else { sum / float(mention_count) };
        let touched_pairs = |sizes: &[u32], inside: &[u32]| -> u64 {
            sizes.iter().zip(inside).map(|(&size, &inside)| touched(size.into(), inside.into())).sum()
        };
        let count = |inside: &[u32]| inside.iter().filter(|&&inside| inside > 0).count() as u64;
        let found = touched_pairs(&self.found_sizes, &in_found);
        let truth = touched_pairs(&self.truth_sizes, &in_truth);
        Quality {
            slice: name.to_owned(),
            mention_count,
            entity_count: count(&in_truth),
            cluster_count: count(&in_found),
            true_pair_count: truth,
            found_pair_count: found,
            common_pair_count: common,
            pairwise: Measure::of_counts(common, found, truth),
            bcubed: Measure::new(mean(precision), mean(recall)),
        }
    }

    /// Measures the mentions by how many mentions their true entity has.
    pub fn by_size(&self) -> Vec<Quality> {
        let bounds = [(1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, u32::MAX)];
        let named = |(low, high): (u32, u32)| match high {
            u32::MAX => format!("size {low}+"),
            high if high == low => format!("size {low}"),
            high => format!("size {low}-{high}"),
        };
        let slices = bounds
            .map(|(low, high)| self.slice(&named((low, high)), |at| (low..=high).contains(&self.entity_size(at))));
        slices.into_iter().filter(|quality| quality.mention_count > 0).collect()
    }
}

/// Pairs of a group of which at least one is in the slice.
const fn touched(size: u64, inside: u64) -> u64 {
    pairs(size) - pairs(size - inside)
}

/// Numbers labels anew from 0 on without gaps, in the labels' order.
fn dense(labels: &[u32]) -> Vec<u32> {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let number = |label: &u32| distinct.partition_point(|each| each < label);
    labels.iter().map(|label| u32::try_from(number(label)).expect("fewer than 2^32 labels")).collect()
}

fn sizes(labels: &[u32]) -> Vec<u32> {
    let count = labels.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sizes = vec![0; count];
    for &label in labels {
        sizes[label as usize] += 1;
    }
    sizes
}

/// What holds where all scored pairs of at least this weight are taken as links.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The match weight, in bits.
    pub weight: f64,
    /// The share of the taken pairs that are true.
    pub precision: f64,
    /// The share of all true pairs that are taken; what blocking missed counts as missed.
    pub recall: f64,
}

/// Makes the precision-recall curve of scored pairs, each with whether it is true, from the highest weight down.
///
/// Pairs of one weight are one point. Of more points than a picture shows, evenly spaced ones are returned, the first
/// and the last among them.
pub fn curve(mut scored: Vec<(f32, bool)>, true_pair_count: u64) -> Vec<CurvePoint> {
    scored.sort_unstable_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let mut points: Vec<CurvePoint> = Vec::new();
    let (mut taken, mut common) = (0_u64, 0_u64);
    let mut rest = scored.iter().peekable();
    while let Some(&(weight, is_true)) = rest.next() {
        taken += 1;
        common += u64::from(is_true);
        if rest.peek().is_none_or(|next| next.0.total_cmp(&weight).is_ne()) {
            let measure = Measure::of_counts(common, taken, true_pair_count);
            points.push(CurvePoint { weight: weight.into(), precision: measure.precision, recall: measure.recall });
        }
    }
    if points.len() <= CURVE_POINTS_MAX {
        return points;
    }
    let last = points.len() - 1;
    (0..CURVE_POINTS_MAX).map(|at| points[at * last / (CURVE_POINTS_MAX - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Precision and recall of pairs and B-cubed, by walking every pair.
    fn walked(truth: &[u32], found: &[u32], is_in: impl Fn(usize) -> bool) -> (u64, u64, u64, f64, f64) {
        let (mut common, mut in_found, mut in_truth) = (0, 0, 0);
        let (mut precision, mut recall, mut count) = (0.0, 0.0, 0.0);
        for a in 0..truth.len() {
            for b in a + 1..truth.len() {
                if is_in(a) || is_in(b) {
                    let (same, together) = (truth[a] == truth[b], found[a] == found[b]);
                    common += u64::from(same && together);
                    in_found += u64::from(together);
                    in_truth += u64::from(same);
                }
            }
            if is_in(a) {
                let with = |test: &dyn Fn(usize) -> bool| float((0..truth.len()).filter(|&b| test(b)).count() as u64);
                let both = with(&|b| truth[a] == truth[b] && found[a] == found[b]);
                precision += both / with(&|b| found[a] == found[b]);
                recall += both / with(&|b| truth[a] == truth[b]);
                count += 1.0;
            }
        }
        (common, in_found, in_truth, precision / count, recall / count)
    }

    proptest! {
        #[test]
        fn counting_by_cells_is_walking_all_pairs(rows in prop::collection::vec((0_u32..6, 0_u32..6, any::<bool>()), 1..40)) {
            let truth: Vec<u32> = rows.iter().map(|row| row.0 * 7).collect();
            let found: Vec<u32> = rows.iter().map(|row| row.1 + 3).collect();
            let table = Contingency::new(&truth, &found);
            for (quality, all) in [(table.overall(), true), (table.slice("some", |at| rows[at].2), false)] {
                if quality.mention_count == 0 {
                    continue;
                }
                let expect = walked(&truth, &found, |at| all || rows[at].2);
                let counts = (quality.common_pair_count, quality.found_pair_count, quality.true_pair_count);
                prop_assert_eq!(counts, (expect.0, expect.1, expect.2));
                prop_assert!((quality.bcubed.precision - expect.3).abs() < 1e-9);
                prop_assert!((quality.bcubed.recall - expect.4).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn without_pairs_nothing_is_wrong() {
        let quality = Contingency::new(&[1, 2, 3], &[1, 2, 3]).overall();
        assert_eq!((quality.pairwise, quality.bcubed), (Measure::new(1.0, 1.0), Measure::new(1.0, 1.0)));
        let missed = Contingency::new(&[1, 1], &[1, 2]).overall();
        assert_eq!((missed.pairwise.precision, missed.pairwise.recall, missed.pairwise.f1), (1.0, 0.0, 0.0));
        let invented = Contingency::new(&[1, 2], &[1, 1]).overall();
        assert_eq!((invented.pairwise.precision, invented.pairwise.recall, invented.pairwise.f1), (0.0, 1.0, 0.0));
        let nothing = Contingency::new(&[], &[]).overall();
        assert_eq!((nothing.mention_count, nothing.pairwise.f1, nothing.bcubed.f1), (0, 1.0, 1.0));
        assert_eq!(Contingency::new(&[1], &[1]).slice("none", |_| false).mention_count, 0);
    }

    #[test]
    fn one_cluster_of_a_million_is_counted_not_walked() {
        let truth: Vec<u32> = (0..1_000_000).map(|at| at / 2).collect();
        let quality = Contingency::new(&truth, &vec![0; 1_000_000]).overall();
        assert_eq!(quality.found_pair_count, 499_999_500_000);
        assert_eq!((quality.common_pair_count, quality.pairwise.recall), (500_000, 1.0));
        assert_eq!((quality.entity_count, quality.cluster_count), (500_000, 1));
    }

    #[test]
    fn slices_by_size_hold_every_mention_once() {
        let table = Contingency::new(&[1, 2, 2, 3, 3, 3], &[1, 2, 2, 3, 3, 4]);
        let slices = table.by_size();
        let named: Vec<(&str, u64)> = slices.iter().map(|slice| (slice.slice.as_str(), slice.mention_count)).collect();
        assert_eq!(named, [("size 1", 1), ("size 2", 2), ("size 3-4", 3)]);
        assert!((slices[2].pairwise.recall - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_curve_goes_down_the_weights_and_counts_what_blocking_missed() {
        let points = curve(vec![(1.0, false), (5.0, true), (3.0, true), (3.0, false)], 4);
        let shown: Vec<(f64, f64, f64)> = points.iter().map(|it| (it.weight, it.precision, it.recall)).collect();
        assert_eq!(shown, [(5.0, 1.0, 0.25), (3.0, 2.0 / 3.0, 0.5), (1.0, 0.5, 0.5)]);
        let many: Vec<(f32, bool)> = (0_u16..5_000).map(|at| (f32::from(at), at % 2 == 0)).collect();
        let points = curve(many, 2_500);
        assert_eq!((points.len(), points[0].weight, points[CURVE_POINTS_MAX - 1].weight), (400, 4_999.0, 0.0));
        assert_eq!(curve(Vec::new(), 3), Vec::new());
    }
}
