//! The truth about mentions, and clusters beside it, as numbers only.
//!
//! Ids and labels are kept as 128-bit hashes, so that ten million rows fit into the memory of a small machine; two
//! different texts with one hash do not happen.
//!
//! Invariant: a mention stands in the truth once, and what a file of clusters leaves out counts as a cluster of its own.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::super::row::RowBuffer;
use super::super::source::Source;
use crate::cli::MatchEntity;
use crate::command_error::CommandError;
use crate::talk::Talk;

/// Slices by tag that are measured: one bit of a number for each.
const TAGS_MAX: usize = 64;

/// Names of the column of mention ids, the surest first.
const ID_COLUMNS: &[&str] = &["mention_id", "unique_id", "id", "rec_id", "record_id"];

/// Names of the column of true entities that are good for any entity.
const LABEL_COLUMNS: &[&str] = &["label", "cluster_id", "cluster", "entity_id", "truth"];

/// Names of the column of found clusters.
const CLUSTER_COLUMNS: &[&str] = &["cluster_id", "z_cluster", "cluster id", "cluster"];

/// Hashes a text, the same in every run.
fn hash(text: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

/// Gives texts numbers in the order in which they come.
#[derive(Debug, Default)]
struct Numbers(HashMap<u128, u32>);

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        let next = u32::try_from(self.0.len()).expect("fewer than 2^32 rows are read");
        *self.0.entry(hash(text)).or_insert(next)
    }
}

/// What is true about mentions.
#[derive(Debug)]
pub(super) struct Truth {
    /// The hashes of the mentions' ids, sorted.
    ids: Vec<u128>,
    labels: Vec<u32>,
    /// One bit for each tag; empty where no mention has one.
    tag_bits: Vec<u64>,
    tags: Vec<String>,
}

impl Truth {
    /// Reads a file of truth: a column of mention ids, one of true entities, and maybe one of tags.
    ///
    /// Mentions without an entity are left out.
    ///
    /// # Errors
    ///
    /// A usage error where a column is missing or a mention stands in it twice; an input error.
    pub(super) fn read(
        path: &Path,
        entity: MatchEntity,
        column: Option<&str>,
        talk: &Talk,
    ) -> Result<Self, CommandError> {
        let mut source = Source::open(path)?;
        let shown = source.shown().to_owned();
        let mut row = RowBuffer::default();
        let mut is_there = source.next(&mut row)?;
        let own = match entity {
            MatchEntity::Person => "person_id",
            MatchEntity::Company => "company_id",
            MatchEntity::Group => "group_id",
        };
        let id = named(&source, ID_COLUMNS)?;
        let wanted: Vec<&str> = column.map_or_else(|| [&[own], LABEL_COLUMNS].concat(), |column| vec![column]);
        let label = named(&source, &wanted)?;
        let tag = position(&source, "tags");
        let (mut rows, mut bits, mut unlabeled) = (Vec::new(), Vec::new(), 0_u64);
        let (mut numbers, mut tags) = (Numbers::default(), Tags::default());
        while is_there {
            if let Some(fault) = row.fault.filter(|fault| !fault.keeps_values()) {
                let fault = fault.sentence(source.names());
                return Err(CommandError::usage(format!("failed to read `{shown}`: line {}: {fault}", row.line)));
            }
            if row.cell(label).trim().is_empty() {
                unlabeled += 1;
            } else {
                rows.push((hash(row.cell(id)), numbers.number(row.cell(label).trim())));
                bits.extend(tag.map(|tag| tags.bits(row.cell(tag))));
            }
            is_there = source.next(&mut row)?;
        }
        if unlabeled > 0 {
            talk.warn(
                "evaluate.unlabeled",
                &format!("{shown}: {unlabeled} mentions have no true entity and are left out"),
            );
        }
        if tags.left_out > 0 {
            talk.warn("evaluate.tags", &format!("{shown}: only the first {TAGS_MAX} kinds of tags are measured"));
        }
        Self::sorted(&rows, &bits, tags.names)
            .ok_or_else(|| CommandError::usage(format!("failed to read `{shown}`: a mention_id is there twice")))
    }

    fn sorted(rows: &[(u128, u32)], bits: &[u64], tags: Vec<String>) -> Option<Self> {
        let mut order: Vec<u32> = (0..u32::try_from(rows.len()).ok()?).collect();
        order.sort_unstable_by_key(|&at| rows[at as usize].0);
        let ids: Vec<u128> = order.iter().map(|&at| rows[at as usize].0).collect();
        if ids.windows(2).any(|pair| pair.first() == pair.last()) {
            return None;
        }
        let labels = order.iter().map(|&at| rows[at as usize].1).collect();
        let tag_bits = if bits.is_empty() { Vec::new() } else { order.iter().map(|&at| bits[at as usize]).collect() };
        Some(Self { ids, labels, tag_bits, tags })
    }

    /// Returns the place of a mention.
    fn place(&self, id: &str) -> Option<usize> {
        self.ids.binary_search(&hash(id)).ok()
    }

    /// Returns the true entity of each mention, by number.
    pub(super) fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Returns the tags that mentions have.
    pub(super) fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Whether the mention at a place has a tag.
    pub(super) fn has_tag(&self, place: usize, tag: usize) -> bool {
        self.tag_bits.get(place).is_some_and(|bits| bits >> tag & 1 == 1)
    }

    /// Whether two mentions are of one entity; nothing where one of them is not in the truth.
    pub(super) fn are_one(&self, left: &str, right: &str) -> Option<bool> {
        Some(self.labels[self.place(left)?] == self.labels[self.place(right)?])
    }
}

/// Tags by the bits that stand for them.
#[derive(Debug, Default)]
struct Tags {
    names: Vec<String>,
    left_out: u64,
}

impl Tags {
    fn bits(&mut self, cell: &str) -> u64 {
        let mut bits = 0;
        for tag in cell.split([';', '|', '\n']).map(str::trim).filter(|tag| !tag.is_empty()) {
            match self.names.iter().position(|each| each == tag) {
                Some(bit) => bits |= 1 << bit,
                None if self.names.len() < TAGS_MAX => {
                    bits |= 1 << self.names.len();
                    self.names.push(tag.to_owned());
                }
                None => self.left_out += 1,
            }
        }
        bits
    }
}

fn position(source: &Source, name: &str) -> Option<usize> {
    source.names().iter().position(|each| each.trim().eq_ignore_ascii_case(name))
}

/// Finds the first of several columns that is there.
fn named(source: &Source, wanted: &[&str]) -> Result<usize, CommandError> {
    wanted.iter().find_map(|name| position(source, name)).ok_or_else(|| {
        let (wanted, names) = (wanted.join("`, `"), source.names().join("`, `"));
        CommandError::usage(format!(
            "failed to read `{}`: none of the columns `{wanted}` is there; its columns are `{names}`",
            source.shown()
        ))
    })
}

/// The found cluster of each mention of the truth.
#[derive(Debug)]
pub(super) struct Found<'t> {
    truth: &'t Truth,
    /// Clusters by number; none where the mention did not come up.
    labels: Vec<Option<u32>>,
    numbers: Numbers,
    unlabeled: u64,
    twins: u64,
}

impl<'t> Found<'t> {
    /// Starts with no cluster found.
    pub(super) fn new(truth: &'t Truth) -> Self {
        let labels = vec![None; truth.labels.len()];
        Self { truth, labels, numbers: Numbers::default(), unlabeled: 0, twins: 0 }
    }

    /// Takes the cluster of a mention.
    pub(super) fn take(&mut self, id: &str, cluster: &str) {
        match self.truth.place(id).and_then(|place| self.labels.get_mut(place)) {
            Some(label) => {
                self.twins += u64::from(label.is_some());
                *label = Some(self.numbers.number(cluster));
            }
            None => self.unlabeled += 1,
        }
    }

    /// Reads a file of clusters.
    ///
    /// # Errors
    ///
    /// A usage error where a column is missing, a row cannot be read or a mention stands in it twice; an input error.
    pub(super) fn read(&mut self, path: &Path) -> Result<(), CommandError> {
        let mut source = Source::open(path)?;
        let mut row = RowBuffer::default();
        let mut is_there = source.next(&mut row)?;
        let id = named(&source, ID_COLUMNS)?;
        let cluster = named(&source, CLUSTER_COLUMNS)?;
        while is_there {
            let fault = row.fault.filter(|fault| !fault.keeps_values()).map(|fault| fault.sentence(source.names()));
            let twins = self.twins;
            match fault {
                None => self.take(row.cell(id), row.cell(cluster)),
                Some(fault) => {
                    let shown = source.shown();
                    return Err(CommandError::usage(format!("failed to read `{shown}`: line {}: {fault}", row.line)));
                }
            }
            if self.twins > twins {
                let shown = source.shown();
                let line = row.line;
                return Err(CommandError::usage(format!(
                    "failed to read `{shown}`: line {line}: its mention_id is there twice"
                )));
            }
            is_there = source.next(&mut row)?;
        }
        Ok(())
    }

    /// Returns the cluster of each mention by number, those without one as clusters of their own.
    pub(super) fn labels(&self) -> Vec<u32> {
        let mut next = u32::try_from(self.numbers.0.len()).expect("fewer than 2^32 rows are read");
        let mut own = || {
            next += 1;
            next - 1
        };
        self.labels.iter().map(|label| label.unwrap_or_else(&mut own)).collect()
    }

    /// Returns how many mentions of the truth have no cluster.
    pub(super) fn missing_count(&self) -> u64 {
        self.labels.iter().filter(|label| label.is_none()).count() as u64
    }

    /// Returns how many mentions with a cluster are not in the truth.
    pub(super) const fn unlabeled_count(&self) -> u64 {
        self.unlabeled
    }

    /// Says what does not fit.
    pub(super) fn say(&self, talk: &Talk) {
        let missing = self.missing_count();
        if missing > 0 {
            let text = format!("{missing} mentions of the truth have no cluster and count as clusters of their own");
            talk.warn("evaluate.missing", &text);
        }
        if self.unlabeled > 0 {
            talk.warn(
                "evaluate.unlabeled",
                &format!("{} mentions are not in the truth and are left out", self.unlabeled),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(rows: &[(&str, &str, &str)]) -> Option<Truth> {
        let (mut numbers, mut tags) = (Numbers::default(), Tags::default());
        let labels: Vec<(u128, u32)> = rows.iter().map(|row| (hash(row.0), numbers.number(row.1))).collect();
        let bits: Vec<u64> = rows.iter().map(|row| tags.bits(row.2)).collect();
        Truth::sorted(&labels, &bits, tags.names)
    }

    #[test]
    fn mentions_are_found_with_their_entity_and_tags() {
        let truth = truth(&[("b", "x", "DE;nickname"), ("a", "x", ""), ("c", "y", "nickname; ")]).unwrap();
        assert_eq!(
            (truth.are_one("a", "b"), truth.are_one("a", "c"), truth.are_one("a", "z")),
            (Some(true), Some(false), None)
        );
        assert_eq!(truth.tags(), ["DE", "nickname"]);
        let tagged = |id: &str| [0, 1].map(|tag| truth.has_tag(truth.place(id).unwrap(), tag));
        assert_eq!([tagged("a"), tagged("b"), tagged("c")], [[false, false], [true, true], [false, true]]);
    }

    #[test]
    fn what_has_no_cluster_is_alone_and_twins_are_refused() {
        let made = truth(&[("a", "x", ""), ("b", "x", ""), ("c", "y", "")]).unwrap();
        let mut found = Found::new(&made);
        for (id, cluster) in [("a", "1"), ("z", "1")] {
            found.take(id, cluster);
        }
        let mut labels = found.labels();
        labels.sort_unstable();
        assert_eq!((labels, found.missing_count(), found.unlabeled_count()), (vec![0, 1, 2], 2, 1));
        assert!(truth(&[("a", "x", ""), ("a", "y", "")]).is_none());
    }

    #[test]
    fn tags_beyond_the_bound_are_counted_not_mixed_up() {
        let mut tags = Tags::default();
        for at in 0..70 {
            tags.bits(&format!("t{at}"));
        }
        assert_eq!((tags.names.len(), tags.left_out), (64, 6));
    }
}
