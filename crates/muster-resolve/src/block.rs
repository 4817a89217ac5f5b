//! Blocking: which pairs are worth comparing, found by keys that mentions of one entity tend to share.
//!
//! Keys are sorted integers. A row's candidates are gathered from all its blocks at once, so each pair comes once and
//! no list of pairs is ever held. A key that very many share would make a pair of every two of them: under such a hot
//! key a row meets its next neighbors only, in the order of rows, which puts similar ones together.
//!
//! Invariant: the candidates do not depend on threads; no value is reported, only the rule and counts.

use rayon::prelude::*;

use crate::intern::mix;
use crate::pattern::Entities;

/// From this many rows on a key is hot: 64 rows are 2,016 pairs.
pub(crate) const KEY_ROWS_MAX: usize = 64;

/// How many of the next rows a row under a hot key is compared with.
pub(crate) const HOT_NEIGHBORS: usize = 24;

/// Bits of a key that hold its rule.
const RULE_BITS: u32 = 5;

/// One row under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u64,
    row: u32,
}

/// The blocking keys of one row.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<u64>);

impl Keys {
    /// Adds the key that a rule makes of values, none of which may be 0, the number of an absent value.
    pub(crate) fn add(&mut self, rule: u8, values: &[u64]) {
        if values.contains(&0) {
            return;
        }
        let hash = values.iter().fold(u64::from(rule) + 1, |hash, &value| mix(hash, value));
        self.0.push(hash << RULE_BITS | u64::from(rule));
    }

    /// Returns the keys, sorted, each once.
    pub(crate) fn sorted(&mut self) -> &[u64] {
        self.0.sort_unstable();
        self.0.dedup();
        &self.0
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// Returns the rule that a key is of.
pub(crate) const fn rule_of(key: u64) -> u8 {
    (key & ((1 << RULE_BITS) - 1)) as u8
}

/// Rows that share a key.
#[derive(Debug, Clone, Copy)]
struct Block {
    end: u32,
    is_hot: bool,
}

/// A key that too many rows share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Capped {
    /// The rule.
    pub(crate) rule: u8,
    /// How many rows share it.
    pub(crate) row_count: usize,
}

/// All blocks of at least two rows.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// The rows of the blocks, one block after the other, ascending within each.
    rows: Vec<u32>,
    /// The number of the block that each place in `rows` belongs to.
    number_of: Vec<u32>,
    ends: Vec<Block>,
    /// Where the places of each row begin in `places`.
    starts: Vec<u32>,
    /// Places in `rows`, by row.
    places: Vec<u32>,
    /// Keys that were capped, sorted.
    pub(crate) capped: Vec<Capped>,
}

impl Blocks {
    /// Puts all rows into blocks.
    pub(crate) fn new(entities: &impl Entities) -> Self {
        let count = entities.count();
        let mut entries: Vec<Entry> = (0..count)
            .into_par_iter()
            .fold(
                || (Vec::new(), Keys::default()),
                |(mut entries, mut keys), row| {
                    keys.clear();
                    entities.keys(row, &mut keys);
                    entries.extend(keys.sorted().iter().map(|&key| Entry { key, row }));
                    (entries, keys)
                },
            )
            .map(|(entries, _)| entries)
            .reduce(Vec::new, |mut all, more| {
                all.extend(more);
                all
            });
        entries.par_sort_unstable();
        Self::of_entries(&entries, count)
    }

    fn of_entries(entries: &[Entry], count: u32) -> Self {
        let mut made = Self {
            rows: Vec::new(),
            number_of: Vec::new(),
            ends: Vec::new(),
            starts: Vec::new(),
            places: Vec::new(),
            capped: Vec::new(),
        };
        for block in entries.chunk_by(|left, right| left.key == right.key).filter(|block| block.len() > 1) {
            let is_hot = block.len() > KEY_ROWS_MAX;
            if is_hot {
                made.capped.push(Capped { rule: rule_of(block[0].key), row_count: block.len() });
            }
            let number = place(made.ends.len());
            made.rows.extend(block.iter().map(|entry| entry.row));
            made.number_of.resize(made.rows.len(), number);
            made.ends.push(Block { end: place(made.rows.len()), is_hot });
        }
        made.capped.sort_unstable();
        made.index(count);
        made
    }

    /// Notes where each row stands.
    fn index(&mut self, count: u32) {
        let mut starts = vec![0_u32; count as usize + 2];
        for &row in &self.rows {
            starts[row as usize + 2] += 1;
        }
        for row in 2..starts.len() {
            starts[row] += starts[row - 1];
        }
        let mut places = vec![0; self.rows.len()];
        for (at, &row) in self.rows.iter().enumerate() {
            let next = &mut starts[row as usize + 1];
            places[*next as usize] = place(at);
            *next += 1;
        }
        starts.pop();
        (self.starts, self.places) = (starts, places);
    }

    /// Gathers the rows behind `row` that it is to be compared with, ascending, each once.
    pub(crate) fn gather(&self, row: u32, found: &mut Vec<u32>) {
        found.clear();
        let places = &self.places[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize];
        for &at in places {
            let block = self.ends[self.number_of[at as usize] as usize];
            let end = if block.is_hot { block.end.min(at + 1 + place(HOT_NEIGHBORS)) } else { block.end };
            found.extend_from_slice(&self.rows[at as usize + 1..end as usize]);
        }
        found.sort_unstable();
        found.dedup();
    }
}

fn place(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 keys in blocks")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(keys: &[(u64, u32)], count: u32) -> Blocks {
        let mut entries: Vec<Entry> = keys.iter().map(|&(key, row)| Entry { key, row }).collect();
        entries.sort_unstable();
        Blocks::of_entries(&entries, count)
    }

    fn gathered(blocks: &Blocks, row: u32) -> Vec<u32> {
        let mut found = Vec::new();
        blocks.gather(row, &mut found);
        found
    }

    #[test]
    fn a_pair_that_shares_two_keys_comes_once() {
        let blocks = blocks(&[(32, 0), (32, 1), (64, 0), (64, 1), (96, 2)], 3);
        assert_eq!((0..3).map(|row| gathered(&blocks, row)).collect::<Vec<_>>(), [vec![1], vec![], vec![]]);
        assert!(blocks.capped.is_empty());
    }

    #[test]
    fn a_hot_key_is_capped_and_reported() {
        let keys: Vec<(u64, u32)> = (0..5_000).map(|row| (7 << RULE_BITS | 3, row)).collect();
        let blocks = blocks(&keys, 5_000);
        assert_eq!(blocks.capped, [Capped { rule: 3, row_count: 5_000 }]);
        assert_eq!(gathered(&blocks, 0).len(), HOT_NEIGHBORS);
        assert_eq!(gathered(&blocks, 4_998), [4_999]);
    }

    #[test]
    fn an_absent_value_makes_no_key_and_values_are_kept_apart() {
        let mut keys = Keys::default();
        keys.add(0, &[1, 0]);
        keys.add(0, &[1, 2]);
        keys.add(0, &[2, 1]);
        keys.add(1, &[1, 2]);
        assert_eq!(keys.sorted().len(), 3);
        assert_eq!(keys.sorted().iter().map(|&key| rule_of(key)).filter(|&rule| rule == 1).count(), 1);
    }
}
