//! Names of fields: which of them are protected whatever the value (SF-3, SF-10), and which are fields that we keep.
//!
//! Invariant: a label of an allowed field is never protected.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_model::Field;
use toml_edit::Table;

use super::book::{RuleInfo, merged};
use super::category::{Category, Decision};
use super::lexicon::Lexicon;
use super::token::{Kind, Tokens};

/// Labels with fewer letters are compared exactly.
const FUZZY_LETTERS_MIN: usize = 6;

/// A label of so many letters protects every compound that ends with it, such as `Mitarbeitergeburtsdatum`.
const COMPOUND_LETTERS_MIN: usize = 8;

/// The most words a label has.
const LABEL_WORDS_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    category: Category,
    /// Means something harmless beside other words, such as `single` or `age`.
    weak: bool,
}

/// The compiled labels.
#[derive(Debug, Default)]
pub(super) struct Labels {
    protected: HashMap<String, Known>,
    /// Letters with one left out, to the labels that they may stand for.
    near: HashMap<String, Vec<String>>,
    fields: HashMap<String, Field>,
    harmless: HashSet<String>,
    topics: HashSet<String>,
    fillers: HashSet<String>,
    examples: BTreeMap<Category, Vec<String>>,
}

/// A protected label among tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LabelHit {
    pub(super) category: Category,
    /// The tokens of the label, from and before.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) weak: bool,
}

impl Labels {
    /// Reads the labels of every language.
    pub(super) fn load(files: &[Table], lexicon: &Lexicon) -> Self {
        let key = |text: &String| words(&lexicon.tokens(text)).join(" ");
        let mut labels = Self::default();
        for (name, texts) in merged(files, "fields") {
            if let Some(field) = Field::parse(&name) {
                labels.fields.extend(texts.iter().map(|text| (key(text), field)));
            }
        }
        let topics = merged(files, "label_topics");
        let set = |name: &str| topics.get(name).into_iter().flatten().map(key).collect::<HashSet<String>>();
        labels.topics = set("words");
        labels.fillers = set("fillers");
        labels.harmless = set("harmless");
        let weak = set("weak");
        for (name, texts) in merged(files, "labels") {
            let Some(category) = Category::parse(&name) else { continue };
            for text in &texts {
                let label = key(text);
                labels.add(label.clone(), Known { category, weak: weak.contains(&label) });
            }
            labels.examples.entry(category).or_default().extend(texts.into_iter().take(12));
        }
        labels
    }

    fn add(&mut self, label: String, known: Known) {
        let letters: String = label.split(' ').collect();
        if letters.chars().count() >= FUZZY_LETTERS_MIN {
            for short in without_one(&letters).chain([letters.clone()]) {
                self.near.entry(short).or_default().push(letters.clone());
            }
        }
        self.protected.entry(letters).or_insert(known);
        self.protected.entry(label).or_insert(known);
    }

    /// Describes the rules for labels.
    pub(super) fn infos(&self) -> impl Iterator<Item = RuleInfo> {
        self.examples.iter().map(|(&category, examples)| RuleInfo {
            id: rule_id(category).to_owned(),
            category,
            decision: Decision::RejectField,
            law: "GDPR 5(1)(c), 9(1); SF-3, SF-10".to_owned(),
            summary: format!("A field whose label names `{}` is dropped with its value.", category.as_str()),
            catches: examples.clone(),
            passes: ["E-mail", "Vorname", "Job title", "Firma", "PLZ"].map(str::to_owned).to_vec(),
        })
    }

    /// Returns the allowed field that a label names.
    pub(super) fn field(&self, tokens: &Tokens) -> Option<Field> {
        let words = words(tokens);
        self.fields.get(&words.join(" ")).or_else(|| self.fields.get(&words.concat())).copied()
    }

    /// Screens a whole label.
    pub(super) fn screen(&self, tokens: &Tokens) -> Option<LabelHit> {
        self.find(tokens, 0, tokens.list.len())
    }

    /// Screens the tokens from `from` to before `to` as a label.
    pub(super) fn find(&self, tokens: &Tokens, from: usize, to: usize) -> Option<LabelHit> {
        let list = tokens.list.get(from..to)?;
        let named: Vec<(usize, &str)> = list
            .iter()
            .enumerate()
            .filter(|(_, token)| matches!(token.kind, Kind::Word))
            .map(|(index, token)| (from + index, tokens.text(token).trim_end_matches(|c: char| c.is_ascii_digit())))
            .filter(|(_, word)| !word.is_empty())
            .collect();
        if named.is_empty() || named.len() > LABEL_WORDS_MAX {
            return None;
        }
        let words: Vec<&str> = named.iter().map(|(_, word)| *word).collect();
        let whole = words.join(" ");
        let letters = words.concat();
        let hit = |known: Known, first: usize, last: usize| {
            let place = |index: usize| named.get(index).map_or(from, |(index, _)| *index);
            Some(LabelHit { category: known.category, from: place(first), to: place(last) + 1, weak: known.weak })
        };
        if let Some(known) = self.protected.get(&whole) {
            return hit(*known, 0, words.len() - 1);
        }
        if self.allows(&whole) || self.allows(&letters) {
            return None;
        }
        if let Some(known) = self.protected.get(&letters).copied().or_else(|| self.near(&letters)) {
            return hit(known, 0, words.len() - 1);
        }
        self.within(&words).and_then(|(known, first, last)| hit(known, first, last))
    }

    fn allows(&self, label: &str) -> bool {
        self.fields.contains_key(label) || self.harmless.contains(label)
    }

    /// Finds a protected label among the words of a longer one.
    fn within(&self, words: &[&str]) -> Option<(Known, usize, usize)> {
        for length in (1..=words.len().min(LABEL_WORDS_MAX)).rev() {
            for (first, window) in words.windows(length).enumerate() {
                let phrase = window.join(" ");
                if length > 1 && self.harmless.contains(&phrase) {
                    return None;
                }
                let exact = self.protected.get(&phrase).copied();
                let known = exact.or_else(|| match window {
                    [word] if !self.allows(word) => self.near(word).or_else(|| self.compound(word)),
                    _ => None,
                });
                let others = words.iter().enumerate().filter(|(index, _)| *index < first || *index >= first + length);
                if let Some(known) = known.filter(|known| self.stands_beside(*known, others)) {
                    return Some((known, first, first + length - 1));
                }
            }
        }
        None
    }

    fn stands_beside<'a>(&self, known: Known, mut others: impl Iterator<Item = (usize, &'a &'a str)>) -> bool {
        if known.weak {
            others.all(|(_, word)| self.fillers.contains(*word) || word.len() == 1)
        } else {
            !others.any(|(_, word)| self.topics.contains(*word))
        }
    }

    fn compound(&self, word: &str) -> Option<Known> {
        let lengths = COMPOUND_LETTERS_MIN..word.len();
        let tails = lengths.rev().filter_map(|length| word.get(word.len() - length..));
        tails.filter_map(|tail| self.protected.get(tail)).find(|known| !known.weak).copied()
    }

    /// Finds the protected label that is one slip of the keyboard away.
    fn near(&self, letters: &str) -> Option<Known> {
        if letters.chars().count() < FUZZY_LETTERS_MIN {
            return None;
        }
        let shortened = without_one(letters).chain([letters.to_owned()]);
        let candidates = shortened.filter_map(|short| self.near.get(&short)).flatten();
        let mut found: Vec<&String> = candidates.filter(|label| one_slip(label, letters)).collect();
        found.sort();
        found.first().and_then(|label| self.protected.get(*label)).copied()
    }
}

/// The stable id of the rule for the labels of a category.
pub(super) const fn rule_id(category: Category) -> &'static str {
    match category {
        Category::Religion => "religion.label",
        Category::Belief => "belief.label",
        Category::Politics => "politics.label",
        Category::Union => "union.label",
        Category::Health => "health.label",
        Category::Genetic => "genetic.label",
        Category::Biometric => "biometric.label",
        Category::Ethnicity => "ethnicity.label",
        Category::Orientation => "orientation.label",
        Category::Gender => "gender.label",
        Category::Age => "age.label",
        Category::Family => "family.label",
        Category::Criminal => "criminal.label",
        Category::GovernmentId => "government_id.label",
        Category::ProfAssociation => "prof_association.label",
    }
}

/// Writes `birthDate` as `birth Date`, so that its words come apart.
pub(super) fn split_camel_case(label: &str) -> String {
    let mut split = String::with_capacity(label.len() + 4);
    let mut before = ' ';
    for c in label.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            split.push(' ');
        }
        split.push(c);
        before = c;
    }
    split
}

fn words(tokens: &Tokens) -> Vec<&str> {
    let named = tokens.list.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Number));
    named.map(|token| tokens.text(token)).collect()
}

/// The text with each of its letters left out in turn.
fn without_one(text: &str) -> impl Iterator<Item = String> {
    text.char_indices().map(|(at, c)| {
        let (head, tail) = text.split_at(at);
        format!("{head}{}", tail.strip_prefix(c).unwrap_or_default())
    })
}

/// Whether two words are apart by one letter added, left out, replaced, or two changed over.
fn one_slip(one: &str, two: &str) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let same = one.iter().zip(&two).take_while(|(a, b)| a == b).count();
    let rest = |word: &'_ [char], from: usize| word.get(from..).unwrap_or_default().to_vec();
    let (a, b) = (rest(&one, same), rest(&two, same));
    let swapped = match (a.as_slice(), b.as_slice()) {
        ([a0, a1, a_rest @ ..], [b0, b1, b_rest @ ..]) => a0 == b1 && a1 == b0 && a_rest == b_rest,
        _ => false,
    };
    swapped || rest(&a, 1) == rest(&b, 1) || rest(&a, 1) == b || a == rest(&b, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_of_the_keyboard_is_near_enough() {
        for near in ["gendr", "gennder", "gander", "gedner", "gender"] {
            assert!(one_slip("gender", near), "{near}");
        }
        for far in ["tenders", "gen", "gandar"] {
            assert!(!one_slip("gender", far), "{far}");
        }
    }

    #[test]
    fn camel_case_comes_apart() {
        assert_eq!(split_camel_case("birthDate"), "birth Date");
        assert_eq!(split_camel_case("GENDER"), "GENDER");
    }
}
