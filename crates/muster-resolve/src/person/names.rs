//! The distinct names of people, read into numbered words.
//!
//! Invariant: a name has at most four given and four family words; what comes behind them is left out.

mod orient;

use rayon::prelude::*;

use crate::intern::{Numbers, Texts, hash_text, mix};
use crate::read;
use crate::table::{Column, Table};

/// Names that are read before their words are numbered: few enough to be held as texts.
const CHUNK: usize = 65_536;

/// Given or family words that are kept.
const WORDS_MAX: usize = 4;

/// A name in numbers of words, 0 for none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NameWords {
    /// Given names in their order.
    pub(super) given: [u32; WORDS_MAX],
    /// The words of the family name.
    pub(super) family: [u32; WORDS_MAX],
    /// A former family name.
    pub(super) former: u32,
    /// All given names in one word.
    pub(super) given_joined: u32,
    /// The family name in one word.
    pub(super) family_joined: u32,
    /// Whether the mention itself says which name is which.
    pub(super) is_certain: bool,
}

impl NameWords {
    /// Returns the first and the last word of a family name that has several.
    pub(super) fn parts(&self) -> [u32; 2] {
        match self.family.iter().rev().find(|&&word| word != 0) {
            Some(&last) if self.family[1] != 0 => [self.family[0], last],
            _ => [0; 2],
        }
    }
}

/// The distinct names of people, read.
pub(crate) struct Names {
    /// The name of each row.
    pub(super) of_row: Vec<u32>,
    pub(super) distinct: Vec<NameWords>,
    pub(super) words: Texts,
}

impl Names {
    /// Reads every distinct name.
    pub(crate) fn new(table: &Table) -> Self {
        let mut keys = Numbers::new();
        let columns = [Column::FullName, Column::GivenName, Column::FamilyName];
        let of_row: Vec<u32> =
            (0..table.len()).map(|row| keys.intern(columns.map(|column| table.value(column, row)))).collect();
        let mut words = Texts::new();
        let mut distinct = Vec::new();
        for chunk in keys.into_keys().chunks(CHUNK) {
            let read = |key: &[u32; 3]| {
                let [full, given, family] = [0, 1, 2].map(|index| table.texts(columns[index]).get(key[index]));
                read::name(full, given, family)
            };
            let read: Vec<read::ReadName> = chunk.par_iter().map(read).collect();
            distinct.extend(read.iter().map(|name| number(name, &mut words)));
        }
        orient::orient(&mut distinct, &words, &of_row);
        for name in &mut distinct {
            name.given_joined = joined(&name.given, &mut words);
            name.family_joined = joined(&name.family, &mut words);
        }
        Self { of_row, distinct, words }
    }

    /// Returns a hash of the whole name of each row, 0 where there is none.
    pub(crate) fn hashes(&self) -> Vec<u64> {
        let hash = |name: &NameWords| {
            let given = self.words.get(name.given[0]);
            let is_whole = given.chars().nth(1).is_some() && name.family_joined != 0;
            if is_whole { mix(hash_text(given), hash_text(self.words.get(name.family_joined))) } else { 0 }
        };
        let hashes: Vec<u64> = self.distinct.par_iter().map(hash).collect();
        self.of_row.iter().map(|&name| hashes[name as usize]).collect()
    }
}

fn number(name: &read::ReadName, words: &mut Texts) -> NameWords {
    let mut number = |texts: &[String]| {
        let mut numbers = [0; WORDS_MAX];
        for (number, text) in numbers.iter_mut().zip(texts) {
            *number = words.intern(text);
        }
        numbers
    };
    NameWords {
        given: number(&name.given),
        family: number(&name.family),
        former: number(&name.former)[0],
        is_certain: name.is_certain,
        ..NameWords::default()
    }
}

/// Several words as one.
fn joined(numbers: &[u32; WORDS_MAX], words: &mut Texts) -> u32 {
    if numbers[1] == 0 {
        return numbers[0];
    }
    let whole: String = numbers.iter().map(|&word| words.get(word)).collect();
    words.intern(&whole)
}
