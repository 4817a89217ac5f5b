//! Names of people in plain columns: a first given name, a family name and the other words.
//!
//! A whole name that stands beside its own parts adds its other words only, so nothing counts twice. Where the parts
//! have no columns of their own the name parser says which they are.
//!
//! Invariant: the levels of two names are the same in either order.

use strsim::jaro_winkler;

use super::letters::Letters;
use crate::intern::{Texts, hash_text};
use crate::normal::letters::skeleton;
use crate::read;

/// How many other words of a name are looked at.
pub(super) const FURTHER_MAX: usize = 5;
/// From this Jaro-Winkler similarity on names are close, one slip or not.
const CLOSE: f64 = 0.92;
/// The groups of short forms that a given name may be in.
const GROUPS_MAX: usize = 4;

/// One row's name; numbers are those of [`Words`], 0 being absent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Name {
    pub(super) given: u32,
    pub(super) family: u32,
    /// Filled from the front, each word once, none of them the given or family name.
    pub(super) further: [u32; FURTHER_MAX],
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    pub(super) hash: u64,
    pub(super) sound: u64,
    pub(super) groups: [u64; GROUPS_MAX],
    letters: Letters,
    pub(super) initial: u32,
    is_initial: bool,
}

/// The words of all names.
pub(super) struct Words {
    texts: Texts,
    pub(super) facts: Vec<Word>,
}

impl Words {
    /// Makes a store that knows the absent word.
    pub(super) fn new() -> Self {
        Self { texts: Texts::new(), facts: vec![Word::default()] }
    }

    fn number(&mut self, word: &str) -> u32 {
        let number = self.texts.intern(word);
        if number as usize == self.facts.len() {
            let mut groups = [0; GROUPS_MAX];
            for (slot, group) in groups.iter_mut().zip(read::given_groups(word)) {
                *slot = group;
            }
            let sound = read::sound(word);
            self.facts.push(Word {
                hash: hash_text(word),
                sound: if sound.is_empty() { hash_text(word) } else { hash_text(&sound) },
                groups,
                letters: Letters::of(word),
                initial: word.chars().next().map_or(0, u32::from),
                is_initial: word.chars().count() == 1,
            });
        }
        number
    }

    /// Reads one row's name columns.
    pub(super) fn read(&mut self, full: &str, given: &str, family: &str) -> Name {
        let split = |text: &str| {
            let mut folded = String::new();
            skeleton(text, &mut folded);
            folded.split_whitespace().map(str::to_owned).collect::<Vec<String>>()
        };
        let (mut first, mut last, whole) = (split(given), split(family), split(full));
        if first.is_empty() && last.is_empty() && !whole.is_empty() {
            let parsed = read::name(full, "", "");
            (first, last) = (parsed.given, parsed.family);
            last.extend(parsed.former);
        }
        let mut name = Name::default();
        let mut rest = whole;
        if let Some(word) = first.first() {
            name.given = self.number(word);
        }
        if let Some(word) = last.last() {
            name.family = self.number(word);
        }
        rest.extend(first);
        rest.extend(last);
        let mut at = 0;
        for word in &rest {
            let number = self.number(word);
            let is_new = number != name.given && number != name.family && !name.further.contains(&number);
            if is_new && at < FURTHER_MAX {
                name.further[at] = number;
                at += 1;
            }
        }
        name
    }

    /// Returns a word's text.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    fn fact(&self, number: u32) -> &Word {
        &self.facts[number as usize]
    }

    /// Returns the level of two given names, by the list `spec::GIVEN`.
    pub(super) fn given(&self, a: &Name, b: &Name) -> u8 {
        if a.given == 0 || b.given == 0 {
            return 0;
        }
        let (x, y) = (self.fact(a.given), self.fact(b.given));
        if x.is_initial || y.is_initial {
            return match (x.initial == y.initial, b.has_besides(a.given) || a.has_besides(b.given)) {
                (true, _) => 3,
                (false, true) => 5,
                (false, false) => 6,
            };
        }
        if a.given == b.given {
            return 1;
        }
        if x.sound == y.sound || x.groups.iter().any(|&group| group != 0 && y.groups.contains(&group)) {
            return 2;
        }
        if self.is_close(a.given, b.given) {
            return 4;
        }
        if b.has_besides(a.given) || a.has_besides(b.given) { 5 } else { 6 }
    }

    /// Returns the level of two family names, by the list `spec::FAMILY`.
    pub(super) fn family(&self, a: &Name, b: &Name) -> u8 {
        if a.family == 0 || b.family == 0 {
            return 0;
        }
        if a.family == b.family {
            return 1;
        }
        if self.is_close(a.family, b.family) {
            return 2;
        }
        if self.fact(a.family).sound == self.fact(b.family).sound {
            return 3;
        }
        let is_elsewhere = |name: &Name, word: u32| name.given == word || name.further.contains(&word);
        if is_elsewhere(b, a.family) || is_elsewhere(a, b.family) { 4 } else { 5 }
    }

    /// Returns the level of the other words, by the list `spec::FURTHER`.
    pub(super) fn further(&self, a: &Name, b: &Name) -> u8 {
        let (left, right) = (a.further(), b.further());
        if left.is_empty() || right.is_empty() {
            return 0;
        }
        let shared = left.iter().filter(|word| right.contains(word)).count();
        if shared == left.len().min(right.len()) {
            return 1;
        }
        if shared > 0 {
            return 2;
        }
        let any = |test: &dyn Fn(u32, u32) -> bool| left.iter().any(|&x| right.iter().any(|&y| test(x, y)));
        if any(&|x, y| {
            let (x, y) = (self.fact(x), self.fact(y));
            (x.is_initial || y.is_initial) && x.initial == y.initial
        }) {
            return 3;
        }
        if any(&|x, y| self.is_close(x, y)) { 4 } else { 5 }
    }

    fn is_close(&self, left: u32, right: u32) -> bool {
        let (one, other) = (&self.fact(left).letters, &self.fact(right).letters);
        let (x, y) = (self.text(left), self.text(right));
        (one.may_be_within(other, 1) && read::is_one_slip(x, y))
            || (one.may_be_similar(other, CLOSE) && jaro_winkler(x, y) >= CLOSE)
    }
}

impl Name {
    /// Returns the other words.
    pub(super) fn further(&self) -> &[u32] {
        let count = self.further.iter().position(|&word| word == 0).unwrap_or(FURTHER_MAX);
        &self.further[..count]
    }

    /// Returns whether a word stands in the name beside the given name.
    fn has_besides(&self, word: u32) -> bool {
        self.family == word || self.further.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(left: [&str; 3], right: [&str; 3]) -> [u8; 3] {
        let mut words = Words::new();
        let [a, b] = [left, right].map(|[full, given, family]| words.read(full, given, family));
        let of = |a: &Name, b: &Name| [words.given(a, b), words.family(a, b), words.further(a, b)];
        assert_eq!(of(&a, &b), of(&b, &a));
        of(&a, &b)
    }

    #[test]
    fn a_whole_name_beside_its_parts_adds_its_other_words_only() {
        assert_eq!(levels(["Anna Maria Example", "Anna", "Example"], ["Anna Example", "Anna", "Example"]), [1, 1, 0]);
        assert_eq!(
            levels(["Anna Maria Example", "Anna", "Example"], ["Anna M. Example", "Anna", "Example"]),
            [1, 1, 3]
        );
    }

    #[test]
    fn short_forms_initials_slips_and_swaps_are_seen() {
        assert_eq!(levels(["", "William", "Example"], ["", "Bill", "Exmaple"]), [2, 2, 0]);
        assert_eq!(levels(["", "W", "Example"], ["", "William", "Sample"]), [3, 5, 0]);
        assert_eq!(levels(["", "Lenora", "Field"], ["", "Field", "Lenora"]), [5, 4, 0]);
        assert_eq!(levels(["", "Lenora", ""], ["", "Peter", "Field"]), [6, 0, 0]);
    }
}
