//! What stewards decided, on rows: the last decision about a pair counts, and one about a row that is gone still ties
//! and separates others.
//!
//! Invariant: neither the order of decisions about different pairs nor that of rows matters.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{EntityKind, LinkDecision, LinkKind, MentionId};

use crate::cluster::Constraints;
use crate::table::Table;

/// The latest decision about each pair, the smaller id first.
pub(crate) struct Decided<'a> {
    latest: BTreeMap<(&'a MentionId, &'a MentionId), LinkKind>,
    /// The rows that are decided on, by mention id; `None` for one that is not in the table.
    rows: BTreeMap<&'a MentionId, Option<u32>>,
}

impl<'a> Decided<'a> {
    /// Looks the decisions' mentions up; `by_id` are the rows in the order of their mention ids.
    pub(crate) fn new(table: &Table, by_id: &[u32], decisions: &'a [LinkDecision]) -> Self {
        Self::of_rows(table, by_id, decisions, |_| true)
    }

    /// Does so for decisions about rows of one kind; mentions that are gone may have been of any.
    pub(crate) fn of_kind(table: &Table, by_id: &[u32], decisions: &'a [LinkDecision], kind: EntityKind) -> Self {
        Self::of_rows(table, by_id, decisions, |row| table.kind(row as usize) == kind)
    }

    fn of_rows(table: &Table, by_id: &[u32], decisions: &'a [LinkDecision], is_wanted: impl Fn(u32) -> bool) -> Self {
        let row = |mention: &MentionId| {
            let found = by_id.binary_search_by(|&row| table.mention_id(row as usize).cmp(mention.as_str()));
            found.ok().map(|place| by_id[place])
        };
        let mut latest = BTreeMap::new();
        for decision in decisions {
            let (left, right) = (&decision.left, &decision.right);
            if [left, right].into_iter().filter_map(row).all(&is_wanted) {
                latest.insert(if left <= right { (left, right) } else { (right, left) }, decision.kind);
            }
        }
        let named: BTreeSet<&MentionId> = latest.keys().flat_map(|&(left, right)| [left, right]).collect();
        let rows = named.into_iter().map(|mention| (mention, row(mention))).collect();
        Self { latest, rows }
    }

    /// Returns the rows that are decided on.
    pub(crate) fn rows(&self) -> BTreeSet<u32> {
        self.rows.values().flatten().copied().collect()
    }

    /// Returns the constraints on `count` entities, given the entity of each row.
    ///
    /// A mention that is in no row stands behind the last entity: what it ties together stays tied.
    pub(crate) fn constraints(&self, count: usize, entity: impl Fn(u32) -> Option<u32>) -> Constraints {
        let mut absent = 0;
        let mut places: BTreeMap<&MentionId, u32> = BTreeMap::new();
        for (&mention, row) in &self.rows {
            let place = row.and_then(&entity).unwrap_or_else(|| {
                absent += 1;
                u32::try_from(count + absent - 1).expect("fewer than 2^32 mentions")
            });
            places.insert(mention, place);
        }
        let mut constraints = Constraints { node_count: count + absent, ..Constraints::default() };
        for (&(left, right), kind) in &self.latest {
            let pair = (places[left], places[right]);
            match kind {
                LinkKind::MustLink => constraints.must.push(pair),
                LinkKind::CannotLink => constraints.cannot.push(pair),
            }
        }
        constraints
    }
}
