//! Tables of words, built once and looked up very often.
//!
//! It is a hash map with a quick hash: the words come from our own data files, so nobody can choose them to collide,
//! and nothing ever depends on the order in which they lie.
//!
//! Invariant: a lookup allocates nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Words with what is known of them.
pub(crate) type WordTable<V> = HashMap<Box<str>, V, BuildHasherDefault<WordHasher>>;

/// A multiplying hash over eight bytes at a time (the one of Firefox and rustc, "`FxHash`").
#[derive(Default, Clone, Copy, Debug)]
pub(crate) struct WordHasher(u64);

/// The multiplier: the golden ratio's digits, odd.
const SEED: u64 = 0x517c_c1b7_2722_0a95;

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SEED);
    }
}

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        // The map takes its bucket from the low bits, and a product's are the weak ones.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (slot, byte) in word.iter_mut().zip(chunk) {
                *slot = *byte;
            }
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again_and_others_are_not() {
        let table: WordTable<usize> = (0..5000).map(|i| (format!("word{i}").into_boxed_str(), i)).collect();
        assert_eq!(table.len(), 5000);
        assert!((0..5000).all(|i| table.get(format!("word{i}").as_str()) == Some(&i)));
        assert_eq!(table.get("word"), None);
    }
}
