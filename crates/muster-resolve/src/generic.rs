//! Resolution of files of people that come with plain columns and no contact evidence: registers, patients, history.
//!
//! Nothing is set for a file: the comparisons follow its columns, the rules of blocking how selective their values are,
//! m, u and prior are learnt from its pairs, and the threshold is even odds. Companies and contacts are `firm`'s and
//! `people`'s.
//!
//! Invariant: pure; the same clusters for any order of the rows and any number of threads.

mod census;
mod columns;
mod date;
mod fit;
mod frequency;
mod guess;
mod keys;
mod letters;
mod name;
mod rows;
mod spec;
mod value;

use crate::block::{Blocks, Keys};
use crate::cluster::{self, Bounds, Clustering, Constraints, Edge, cluster};
use crate::engine::{self, Side};
use crate::model::LinkageModel;
use crate::pattern::{Entities, Pattern};
use crate::table::{Column, ListColumn, Table};
use crate::weigh::{Score, Weights, narrow};
use fit::{Fit, Tie};
use frequency::Frequencies;
use keys::Rules;
pub(crate) use rows::Rows;

/// By how many bits pairs must exceed the threshold to be clustered, from one round of learning to the next: first only
/// what is beyond doubt teaches, because a false cluster would teach its own pattern. The last clusters are the result.
const CAUTION: [f64; 3] = [4.0, 1.0, 0.0];

/// What the best pair across two clusters says beside the mean of all, and the least that a pair counts: in files with
/// many mentions of one person some are so poor that they contradict several others.
const BEST_SHARE: f32 = 0.5;
const WEIGHT_MIN: f32 = -4.0;

/// A foreign file with all that was learnt of it.
pub(crate) struct Generic {
    pub(crate) rows: Rows,
    pub(crate) rules: Rules,
    frequencies: Frequencies,
    fit: Fit,
    /// The learnt model, as a document.
    pub(crate) model: LinkageModel,
    pub(crate) weights: Weights,
}

/// The clusters of a file, by place.
pub(crate) struct Resolved {
    pub(crate) generic: Generic,
    pub(crate) side: Side,
}

/// Whether a table is a foreign file: it has plain attributes and nothing by which contacts are told.
pub(crate) fn is_foreign(table: &Table) -> bool {
    let has = |column: Column| table.texts(column).len() > 1;
    let has_list = |column: ListColumn| table.list_texts(column).len() > 1;
    !table.attributes().is_empty()
        && ![Column::Company, Column::Domain].into_iter().any(has)
        && ![ListColumn::Emails, ListColumn::Phones, ListColumn::Profiles].into_iter().any(has_list)
}

/// Resolves a table by its names, address parts and plain attributes.
///
/// `constraints` are by place in [`Rows`] order and are therefore made from it.
pub(crate) fn resolve(
    table: &Table,
    by_id: &[u32],
    constraints: &dyn Fn(&Rows) -> Constraints,
    threshold: f64,
) -> Resolved {
    let rows = Rows::new(table, by_id);
    let rules = Rules::new(&rows);
    let constraints = constraints(&rows);
    let frequencies = Frequencies::new(&rows, None);
    let count = rows.len();
    let fit = Fit::of_patterns(&[], &[], 0);
    let model = fit.model(&[], count);
    let weights = Weights::of_model(&model, count as usize);
    let mut generic = Generic { rows, rules, frequencies, fit, model, weights };
    let blocks = Blocks::new(&generic);
    let counts = census::count(&generic, &blocks, None);
    let [first, later @ ..] = CAUTION;
    generic.learn(Fit::of_patterns(&generic.rows.comparisons, &counts, count), threshold + first);
    for caution in later {
        let (clustering, ..) = generic.link(&blocks, &constraints);
        let clusters: Vec<Vec<u32>> = clustering.groups().map(<[u32]>::to_vec).collect();
        generic.frequencies = Frequencies::new(&generic.rows, Some(&clusters));
        let counts = census::count(&generic, &blocks, Some((&clustering.cluster_of, &clusters)));
        let matches = clusters.iter().map(|cluster| pairs(cluster.len())).sum();
        generic.learn(Fit::of_clusters(&generic.rows.comparisons, &counts, matches), threshold + caution);
    }
    let (clustering, edges, candidate_count) = generic.link(&blocks, &constraints);
    let blocking_recall = engine::blocking_recall(&blocks, &clustering);
    let side = Side { clustering, edges, candidate_count, capped: blocks.capped, blocking_recall };
    Resolved { generic, side }
}

fn pairs(count: usize) -> f64 {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    count * (count - 1.0) / 2.0
}

impl Generic {
    fn learn(&mut self, fit: Fit, threshold: f64) {
        let count = self.rows.len();
        self.model = fit.model(&self.rows.comparisons, count);
        self.model.link_weight += threshold;
        self.model.mean_weight += threshold;
        self.weights = Weights::of_model(&self.model, count as usize);
        self.fit = fit;
    }

    /// Scores all candidates and clusters.
    fn link(&self, blocks: &Blocks, constraints: &Constraints) -> (Clustering, Vec<Edge>, u64) {
        let (edges, candidate_count) = engine::score_all(self, blocks, &self.weights, &self.model);
        let score = |left, right| {
            let Score { weight, is_conflict } = self.weights.score(self, left, right);
            cluster::Score { weight, is_conflict }
        };
        let clustering = cluster(self.rows.len() as usize, edges.clone(), constraints, self.bounds(), &score);
        (clustering, edges, candidate_count)
    }

    fn bounds(&self) -> Bounds {
        let bounds = Bounds::new(
            narrow(self.model.link_weight),
            narrow(self.model.mean_weight),
            narrow(self.model.conflict_weight),
        );
        Bounds { best_share: BEST_SHARE, weight_min: WEIGHT_MIN, ..bounds }
    }
}

impl Entities for Generic {
    fn count(&self) -> u32 {
        self.rows.len()
    }

    fn keys(&self, row: u32, keys: &mut Keys) {
        self.rules.keys(&self.rows, row, keys);
    }

    fn compare(&self, left: u32, right: u32) -> Pattern {
        self.rows.compare(left, right)
    }

    fn adjust(&self, pattern: Pattern, left: u32, right: u32, add: &mut impl FnMut(usize, f32)) {
        self.frequencies.adjust(&self.rows, pattern, left, right, add);
        for Tie { comparison, given, bits } in &self.fit.ties {
            let (own, other) = (pattern.level(*comparison), pattern.level(*given));
            if own != 0 && other != 0 {
                add(*comparison, bits[other][own]);
            }
        }
    }

    fn is_conflict(&self, _: Pattern) -> bool {
        false
    }

    fn context(&self, _: u32, _: u32) -> usize {
        0
    }
}

#[cfg(test)]
mod tests;
