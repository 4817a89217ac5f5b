//! Words of one meaning: `classes.txt` says which, in all languages.
//!
//! Invariant: pure data; a word may have several meanings, and the model learns what they are worth.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Shortest beginning that stands for words.
const BEGINNING_MIN: usize = 2;

static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::read(include_str!("classes.txt")));

#[derive(Default)]
struct Classes {
    words: HashMap<&'static str, Vec<u8>>,
    beginnings: HashMap<&'static str, Vec<u8>>,
}

impl Classes {
    fn read(text: &'static str) -> Self {
        let mut classes = Self::default();
        let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
        for (class, (_, words)) in (0_u8..).zip(lines) {
            for word in words.split_whitespace() {
                let known = match word.strip_suffix('*') {
                    Some(beginning) => classes.beginnings.entry(beginning).or_default(),
                    None => classes.words.entry(word).or_default(),
                };
                if !known.contains(&class) {
                    known.push(class);
                }
            }
        }
        classes
    }
}

/// Calls for each meaning of a folded word.
pub(super) fn each_meaning(word: &str, mut call: impl FnMut(u8)) {
    CLASSES.words.get(word).into_iter().flatten().for_each(|class| call(*class));
    for end in BEGINNING_MIN..=word.len() {
        let Some(beginning) = word.get(..end) else { continue };
        CLASSES.beginnings.get(beginning).into_iter().flatten().for_each(|class| call(*class));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(word: &str) -> Vec<u8> {
        let mut out = Vec::new();
        each_meaning(word, |class| out.push(class));
        out
    }

    #[test]
    fn words_of_one_meaning_share_a_class() {
        let shared = |a: &str, b: &str| meanings(a).iter().any(|class| meanings(b).contains(class));
        for (a, b) in [("delete", "loeschen"), ("supprimez", "cancellare"), ("niet", "nie"), ("sprzeciwiam", "object")]
        {
            assert!(shared(a, b), "{a} {b}");
        }
        assert!(!shared("delete", "call"));
        assert!(meanings("zebra").is_empty());
    }
}
