//! Interning: each distinct text is stored once and known by a number.
//!
//! Numbers follow the order in which texts came, so they are good for equality and for looking things up; nothing may
//! be decided by which of two is smaller.
//!
//! Invariant: number 0 is the empty text.

use std::hash::{Hash, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// Mixes a value into a hash, so that the result depends on every bit of both (the finalizer of `SplitMix64`).
pub(crate) const fn mix(hash: u64, value: u64) -> u64 {
    let mut z = (hash ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Hashes a text; the same on every machine and in every run.
pub(crate) fn hash_text(text: &str) -> u64 {
    let mut hash = 0x51_7c_c1_b7_27_22_0a_95;
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = mix(hash, u64::from_le_bytes(word));
    }
    mix(hash, text.len() as u64)
}

fn table_hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Half a hash of a text, for the tables here only: it is kept beside the number, so that a table grows, and most
/// texts are told apart, without the texts being read again.
fn tag_of(text: &str) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut hash = text.len() as u64;
    for word in words {
        hash = step(hash, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    hash = step(hash, u64::from_le_bytes(last));
    u32::try_from((hash ^ hash >> 29).wrapping_mul(FACTOR) >> 32).expect("half of 64 bits")
}

/// Spreads a tag over the bits that a table looks at.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Distinct texts in one buffer.
#[derive(Clone)]
pub(crate) struct Texts {
    buffer: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// Tags and numbers.
    table: HashTable<(u32, u32)>,
}

impl Texts {
    /// Makes a store that holds the empty text.
    pub(crate) fn new() -> Self {
        Self { buffer: String::new(), ends: vec![0], table: HashTable::new() }
    }

    /// Returns the number of a text, which it gets now if it has none.
    ///
    /// # Panics
    ///
    /// At 2^32 distinct texts, which the readers' bound on rows excludes.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        self.intern_tagged(text, tag_of(text))
    }

    /// Interns the texts that a queue holds, in their order, and hands their numbers on.
    pub(crate) fn intern_all(&mut self, queue: &mut Queue, mut take: impl FnMut(u32)) {
        let mut start = 0;
        for &(end, tag) in &queue.texts {
            let text = queue.buffer.get(start..end).expect("texts end where characters end");
            take(self.intern_tagged(text, tag));
            start = end;
        }
        queue.texts.clear();
        queue.buffer.clear();
    }

    fn intern_tagged(&mut self, text: &str, tag: u32) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let (buffer, ends) = (&self.buffer, &self.ends);
        let same = |&(other, id): &(u32, u32)| other == tag && slice(buffer, ends, id) == text;
        if let Some(&(_, found)) = self.table.find(spread(tag), same) {
            return found;
        }
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 texts");
        self.buffer.push_str(text);
        self.ends.push(self.buffer.len());
        self.table.insert_unique(spread(tag), (tag, id), |&(tag, _)| spread(tag));
        id
    }

    /// Returns the number of a text that has one.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let tag = tag_of(text);
        let same = |&(other, id): &(u32, u32)| other == tag && slice(&self.buffer, &self.ends, id) == text;
        self.table.find(spread(tag), same).map(|&(_, id)| id)
    }

    /// Returns a text by its number.
    pub(crate) fn get(&self, id: u32) -> &str {
        slice(&self.buffer, &self.ends, id)
    }

    /// Returns how many texts there are, the empty one included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives up finding and adding, and so most of the memory beside the texts.
    pub(crate) fn freeze(&mut self) {
        self.table = HashTable::new();
        self.buffer.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Texts that wait to be interned together: looking up many in a row lets the processor wait for several at once.
#[derive(Clone, Default)]
pub(crate) struct Queue {
    buffer: String,
    /// Where each text ends, and its tag.
    texts: Vec<(usize, u32)>,
}

impl Queue {
    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.buffer.push_str(text);
        self.texts.push((self.buffer.len(), tag_of(text)));
    }

    /// Returns how many texts wait.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}

fn slice<'a>(buffer: &'a str, ends: &[usize], id: u32) -> &'a str {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    buffer.get(start..ends[id]).expect("texts end where characters end")
}

/// Distinct small keys, numbered in the order in which they came, from 0.
pub(crate) struct Numbers<K> {
    keys: Vec<K>,
    table: HashTable<u32>,
}

impl<K: Hash + Eq + Copy> Numbers<K> {
    /// Makes an empty store.
    pub(crate) const fn new() -> Self {
        Self { keys: Vec::new(), table: HashTable::new() }
    }

    /// Returns the number of a key, which it gets now if it has none.
    pub(crate) fn intern(&mut self, key: K) -> u32 {
        let keys = &self.keys;
        let hash = table_hash(key);
        if let Some(&found) = self.table.find(hash, |&id| keys[id as usize] == key) {
            return found;
        }
        let id = u32::try_from(self.keys.len()).expect("fewer than 2^32 keys");
        self.keys.push(key);
        let keys = &self.keys;
        self.table.insert_unique(hash, id, |&id| table_hash(keys[id as usize]));
        id
    }

    /// Returns the keys by number.
    pub(crate) fn into_keys(self) -> Vec<K> {
        self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_comes_back() {
        let mut texts = Texts::new();
        let words = ["", "anna", "müller", "anna", ""];
        let ids: Vec<u32> = words.iter().map(|word| texts.intern(word)).collect();
        assert_eq!(ids, [0, 1, 2, 1, 0]);
        assert_eq!(words.iter().map(|word| texts.get(texts.find(word).unwrap())).collect::<Vec<_>>(), words);
        assert_eq!((texts.find("nobody"), texts.len()), (None, 3));
    }

    #[test]
    fn keys_are_numbered_as_they_come() {
        let mut numbers = Numbers::new();
        assert_eq!([(1, 2), (3, 4), (1, 2)].map(|key: (u32, u32)| numbers.intern(key)), [0, 1, 0]);
        assert_eq!(numbers.into_keys(), [(1, 2), (3, 4)]);
    }

    #[test]
    fn hashes_tell_lengths_and_orders_apart() {
        let texts = ["", "a", "b", "ab", "ba", "abcdefgh", "abcdefghi", "abcdefgh\0"];
        let hashes: std::collections::BTreeSet<u64> = texts.iter().map(|text| hash_text(text)).collect();
        assert_eq!(hashes.len(), texts.len());
    }
}
