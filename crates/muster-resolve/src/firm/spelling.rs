//! Slips in companies' names: a rare spelling one slip away from a name that many rows have is read as that name.
//!
//! Pairs of names that are both rare are left to the comparison.
//!
//! Invariant: which spelling is taken depends on counts and on the texts' hashes, not on their numbers.

use rayon::prelude::*;

use super::{Firm, hash_of};
use crate::intern::{Texts, hash_text};
use crate::read;

/// Shorter names are too near to others.
const LETTERS_MIN: usize = 6;
/// A name that more rows have is no slip.
const SLIP_ROWS_MAX: u32 = 2;
/// The name that is meant has so many times the rows.
const MEANT_TIMES: u32 = 6;
/// More names than these that are the same but for a letter are a series, not slips.
const ALIKE_MAX: usize = 40;

/// The texts that are left when one letter is taken out, as hashes, and the whole.
fn keys(text: &str, out: &mut Vec<u64>) {
    out.clear();
    out.push(hash_text(text));
    let mut less = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        less.clear();
        less.push_str(text.get(..at).unwrap_or_default());
        less.push_str(text.get(at + letter.len_utf8()..).unwrap_or_default());
        out.push(hash_text(&less));
    }
    out.sort_unstable();
    out.dedup();
}

/// The core that is meant by each core, by its number; 0 where it is meant itself.
pub(super) fn meant(texts: &Texts, firms: &[Firm], of_row: &[u32]) -> Vec<u32> {
    let mut rows = vec![0_u32; texts.len()];
    for &way in of_row.iter().filter(|&&way| way != 0) {
        rows[firms[way as usize - 1].core as usize] += 1;
    }
    let mut cores: Vec<u32> = firms.iter().map(|firm| firm.core).filter(|&core| core != 0).collect();
    cores.par_sort_unstable();
    cores.dedup();
    let long = cores.into_par_iter().filter(|&core| texts.get(core).chars().count() >= LETTERS_MIN);
    let mut entries: Vec<(u64, u32)> = long
        .fold(
            || (Vec::new(), Vec::new()),
            |(mut entries, mut found): (Vec<(u64, u32)>, Vec<u64>), core| {
                keys(texts.get(core), &mut found);
                entries.extend(found.iter().map(|&key| (key, core)));
                (entries, found)
            },
        )
        .map(|(entries, _)| entries)
        .reduce(Vec::new, |mut all, more| {
            all.extend(more);
            all
        });
    entries.par_sort_unstable();
    let mut best = vec![(0_u32, 0_u64, 0_u32); texts.len()];
    for alike in
        entries.chunk_by(|left, right| left.0 == right.0).filter(|alike| (2..=ALIKE_MAX).contains(&alike.len()))
    {
        for &(_, slip) in alike.iter().filter(|each| rows[each.1 as usize] <= SLIP_ROWS_MAX) {
            for &(_, core) in alike {
                let count = rows[core as usize];
                if core != slip
                    && count >= MEANT_TIMES * rows[slip as usize]
                    && read::is_one_slip(texts.get(slip), texts.get(core))
                {
                    let found = &mut best[slip as usize];
                    *found = (*found).max((count, hash_of(texts, core), core));
                }
            }
        }
    }
    best.into_iter().map(|(_, _, core)| core).collect()
}
