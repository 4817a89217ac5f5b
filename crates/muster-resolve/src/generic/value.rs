//! One value of a plain column in the form in which it is compared and blocked.
//!
//! Names are read in `name`. A value that is not of its column's kind (a word among dates) is compared as text would
//! be: equal or different.
//!
//! Invariant: the level of two values is the same in either order.

use strsim::jaro_winkler;

use super::date::{self, Date};
use super::letters::Letters;
use super::spec::Kind;
use crate::intern::{hash_text, mix};
use crate::normal::letters::fold;
use crate::read;

/// From this Jaro-Winkler similarity on texts are similar: the bound that Splink uses for names.
const SIMILAR: f64 = 0.88;
/// Longest text of which letters are compared; beyond it only words are.
const LETTERS_MAX: usize = 64;
/// Letters of a text's start that make its coarse form.
const START_LETTERS: usize = 4;

/// A value.
#[derive(Debug, Clone, Default)]
pub(super) struct Value {
    pub(super) text: Box<str>,
    /// Hashes of the words, sorted, each once.
    words: Box<[u64]>,
    letters: Letters,
    date: Option<Date>,
    number: Option<f64>,
    /// Bytes of the start that codes share.
    start: usize,
    /// The hash of the whole.
    pub(super) hash: u64,
    /// The hash of what is left when details go: the year, the start.
    pub(super) coarse: u64,
}

impl Value {
    /// Reads a text; the empty text is the absent value.
    pub(super) fn new(raw: &str, kind: Kind, is_month_first: bool) -> Self {
        let mut text = String::new();
        fold(raw, &mut text);
        if text.is_empty() {
            return Self::default();
        }
        let date = (kind == Kind::Date).then(|| date::parse(raw, is_month_first)).flatten();
        let number = (kind == Kind::Number).then(|| raw.replace(',', ".").parse().ok()).flatten();
        let start = start_of(&text);
        if kind == Kind::Code {
            text.retain(|c| c != ' ');
        }
        let dense: String = text.chars().filter(|&c| c != ' ').collect();
        let mut words: Vec<u64> = text.split(' ').map(hash_text).collect();
        words.sort_unstable();
        words.dedup();
        let hash = date.map_or_else(
            || hash_text(&dense),
            |date| mix(u64::from(date.year), u64::from(date.month) << 8 | u64::from(date.day)),
        );
        let coarse = match (kind, date) {
            (Kind::Date, Some(date)) => mix(3, u64::from(date.year)),
            (Kind::Number, _) => hash,
            (Kind::Code, _) => hash_text(text.get(..start).unwrap_or(&text)),
            _ => hash_text(&dense.chars().take(START_LETTERS).collect::<String>()),
        };
        Self { letters: Letters::of(&text), words: words.into(), text: text.into(), date, number, start, hash, coarse }
    }

    /// Returns the level of two different values of a column.
    pub(super) fn level(&self, other: &Self, kind: Kind) -> u8 {
        match kind {
            Kind::Date => match (self.date, other.date) {
                (Some(left), Some(right)) => left.level(right),
                _ => {
                    if self.hash == other.hash {
                        1
                    } else {
                        9
                    }
                }
            },
            Kind::Number => self.number_level(other),
            Kind::Code => self.code_level(other),
            Kind::Given | Kind::Family | Kind::Further | Kind::Text => self.text_level(other),
        }
    }

    /// Returns the level of a value and itself.
    pub(super) fn own_level(&self, kind: Kind) -> u8 {
        match (kind, self.date) {
            (Kind::Date, Some(date)) => date.level(date),
            _ => 1,
        }
    }

    fn text_level(&self, other: &Self) -> u8 {
        if self.hash == other.hash {
            return 1;
        }
        if self.text.len().max(other.text.len()) <= LETTERS_MAX {
            if self.letters.may_be_within(&other.letters, 1) && read::is_one_slip(&self.text, &other.text) {
                return 2;
            }
            if self.letters.may_be_similar(&other.letters, SIMILAR) && jaro_winkler(&self.text, &other.text) >= SIMILAR
            {
                return 3;
            }
        }
        let shared = shared(&self.words, &other.words);
        let fewer = self.words.len().min(other.words.len());
        match (shared, 2 * shared > fewer && fewer > 1) {
            (0, _) => 5,
            (_, true) => 3,
            (_, false) => 4,
        }
    }

    fn code_level(&self, other: &Self) -> u8 {
        let (left, right) = (self.text.as_bytes(), other.text.as_bytes());
        if left == right {
            return 1;
        }
        let (short, long) = (left.len().min(right.len()), left.len().max(right.len()));
        if long <= LETTERS_MAX && long - short <= 2 && self.letters.may_be_within(&other.letters, 2) {
            match strsim::osa_distance(&self.text, &other.text) {
                1 if short >= 3 => return 2,
                2 if short >= 6 => return 3,
                _ => {}
            }
        }
        let is_same_start =
            self.start == other.start && self.start > 0 && left.get(..self.start) == right.get(..self.start);
        if is_same_start { 4 } else { 5 }
    }

    fn number_level(&self, other: &Self) -> u8 {
        if self.hash == other.hash {
            return 1;
        }
        let equal = matches!((self.number, other.number), (Some(left), Some(right)) if left.total_cmp(&right).is_eq());
        if equal {
            return 1;
        }
        if self.text.len().min(other.text.len()) >= 2 && strsim::osa_distance(&self.text, &other.text) == 1 {
            return 2;
        }
        match (self.number, other.number) {
            (Some(left), Some(right)) if (left - right).abs() <= 0.05 * left.abs().max(right.abs()) => 3,
            _ => 4,
        }
    }
}

/// Returns how many bytes of a folded code are its start: its first word where it has several, half of it otherwise.
fn start_of(text: &str) -> usize {
    let half = |text: &str| text.char_indices().nth(text.chars().count().div_ceil(2)).map_or(text.len(), |(at, _)| at);
    text.find(' ').unwrap_or_else(|| half(text))
}

/// Returns how many numbers two sorted lists share.
fn shared(left: &[u64], right: &[u64]) -> usize {
    left.iter().filter(|word| right.contains(word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(kind: Kind, left: &str, right: &str) -> &'static str {
        let (left, right) = (Value::new(left, kind, false), Value::new(right, kind, false));
        let level = left.level(&right, kind);
        assert_eq!(level, right.level(&left, kind));
        kind.levels()[usize::from(level) - 1].0
    }

    #[test]
    fn each_level_has_a_pair() {
        for (kind, left, right, expect) in [
            (Kind::Text, "Wallaby Place", "wallabyplace", "exact"),
            (Kind::Text, "Wallaby Place", "Walaby Place", "slip"),
            (Kind::Text, "Kirkthorpe", "Kirkthope North", "similar"),
            (Kind::Text, "naval officer", "officer", "shares_a_word"),
            (Kind::Text, "painter", "judge", "different"),
            (Kind::Code, "AB1 2CD", "ab12cd", "exact"),
            (Kind::Code, "5931820", "5931280", "one_slip"),
            (Kind::Code, "5931820", "5931377", "same_start"),
            (Kind::Code, "5931820", "5939827", "two_slips"),
            (Kind::Code, "ab1 2cd", "ab1 9xz", "same_start"),
            (Kind::Code, "ab1 2cd", "xy7 1kk", "different"),
            (Kind::Number, "12", "12.0", "equal"),
            (Kind::Number, "127", "172", "one_slip"),
            (Kind::Number, "1000", "1040", "one_slip"),
            (Kind::Number, "1000", "1043", "near"),
            (Kind::Number, "7", "90", "different"),
            (Kind::Date, "1956-04-09", "9.4.1956", "exact"),
            (Kind::Date, "unknown", "1956-04-09", "different"),
        ] {
            assert_eq!(level(kind, left, right), expect, "{left} {right}");
        }
    }
}
