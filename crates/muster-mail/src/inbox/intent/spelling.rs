//! Slips in the words that matter: `unsuscribe`, `lösschen`, `abmleden`, `stooop`.
//!
//! A word that nobody knows and that is one slip away from a word of a `[spelling]` section is read as that word.
//!
//! Invariant: a known word stays as it is, so that `contract` never becomes `contact`.

use std::collections::HashMap;

/// Shortest word in which a slip is mended; shorter ones have too many neighbors.
const LETTERS_MIN: usize = 6;

/// Tells the words that are right as they stand.
type IsKnown = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// The words that are mended to, and those that are left alone.
pub(super) struct Spelling {
    is_known: IsKnown,
    /// Every word with one letter left out, and the word.
    near: HashMap<String, String>,
}

impl Spelling {
    /// Makes it from the words to mend to, in their order, and from what tells all words that are right.
    pub(super) fn new<'a>(right: impl Iterator<Item = &'a str>, is_known: IsKnown) -> Self {
        let mut near = HashMap::new();
        for word in right.filter(|word| word.len() >= LETTERS_MIN) {
            for less in std::iter::once(word.to_owned()).chain(less_one(word)) {
                near.entry(less).or_insert_with(|| word.to_owned());
            }
        }
        Self { is_known, near }
    }

    /// Mends a folded clause; `None` where nothing is to mend.
    pub(super) fn mended(&self, clause: &str) -> Option<String> {
        let mut mended = false;
        let words: Vec<String> = clause
            .split(' ')
            .map(|word| {
                let better = self.better(word);
                mended |= better.is_some();
                better.unwrap_or_else(|| word.to_owned())
            })
            .collect();
        mended.then(|| words.join(" "))
    }

    fn better(&self, word: &str) -> Option<String> {
        if word.len() < 4 || !word.is_ascii() || (self.is_known)(word) {
            return None;
        }
        let short = without_runs(word);
        if short.len() < word.len() && ((self.is_known)(&short) || self.near.get(&short) == Some(&short)) {
            return Some(short);
        }
        if word.len() + 1 < LETTERS_MIN {
            return None;
        }
        // One letter too few; then one too many, one wrong, two swapped.
        let direct = self.near.get(word);
        direct.or_else(|| less_one(word).find_map(|less| self.near.get(&less))).cloned()
    }
}

/// Every way to leave out one letter but the first.
fn less_one(word: &str) -> impl Iterator<Item = String> {
    (1..word.len()).filter_map(move |at| Some(format!("{}{}", word.get(..at)?, word.get(at + 1..)?)))
}

/// A word with each letter that stands three times or more written once.
fn without_runs(word: &str) -> String {
    let bytes = word.as_bytes();
    let runs = |at: usize| {
        let c = bytes.get(at);
        let after = bytes.get(at + 1) == c && bytes.get(at + 2) == c;
        let middle = at > 0 && bytes.get(at - 1) == c && bytes.get(at + 1) == c;
        after || middle
    };
    word.chars().enumerate().filter(|(at, _)| !runs(*at)).map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_a_known_word_is_left_alone() {
        let right = ["unsubscribe", "contact", "loeschen", "abmelden"].into_iter();
        let spelling = Spelling::new(right, Box::new(|word| ["contract", "stop", "please"].contains(&word)));
        let mended = |text: &str| spelling.mended(text);
        for (text, want) in [
            ("unsuscribe", "unsubscribe"),
            ("unsubscrbie please", "unsubscribe please"),
            ("loesschen", "loeschen"),
            ("loschen", "loeschen"),
            ("abmleden", "abmelden"),
            ("stooooop", "stop"),
        ] {
            assert_eq!(mended(text).as_deref(), Some(want));
        }
        assert_eq!(mended("send the contract please"), None);
    }
}
