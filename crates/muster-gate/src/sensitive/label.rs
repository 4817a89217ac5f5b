//! Names of fields: which of them are protected whatever the value (SF-3, SF-10), and which are fields that we keep.
//!
//! Invariant: a label of an allowed field is never protected.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_model::Field;

use super::book::{Example, LanguageFile, RuleInfo, merged};
use super::category::{Category, Decision};
use super::lexicon::Lexicon;
use super::token::{Kind, Tokens};

/// Labels with fewer letters are compared exactly.
const FUZZY_LETTERS_MIN: usize = 6;

/// A label of so many letters protects every compound that ends with it, such as `Mitarbeitergeburtsdatum`.
const COMPOUND_LETTERS_MIN: usize = 8;

/// Words of so few letters, such as `cd` and `nr`, say nothing of what a label means.
const SHORT_BYTES_MAX: usize = 2;

/// The most words a label has.
const LABEL_WORDS_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    category: Category,
    /// Means something harmless beside other words, such as `single` or `age`.
    weak: bool,
    /// Every language that has it writes it with an accent.
    accented: bool,
}

/// The compiled labels.
#[derive(Debug, Default)]
pub(super) struct Labels {
    protected: HashMap<String, Known>,
    /// Letters with one left out, to the labels that they may stand for.
    near: HashMap<String, Vec<String>>,
    fields: HashMap<String, Field>,
    /// The same without the words that add nothing, such as `datore lavoro`.
    short_fields: HashMap<String, Field>,
    harmless: HashSet<String>,
    tenure: HashSet<String>,
    topics: HashSet<String>,
    fillers: HashSet<String>,
    /// Labels under which companies have a number too.
    companys: HashSet<String>,
    /// Words such as `for`: what stands behind them is whom a thing is made for.
    purposes: HashSet<String>,
    /// Words such as `reason`: behind `reason for` a state is somebody's again.
    reasons: HashSet<String>,
    examples: BTreeMap<Category, Vec<Example>>,
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
    pub(super) fn load(files: &[LanguageFile], lexicon: &Lexicon) -> Self {
        let key = |word: &Example| words(&lexicon.tokens(&word.text)).join(" ");
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
        labels.tenure = set("tenure");
        labels.companys = set("companys");
        labels.purposes = set("purposes");
        labels.reasons = set("reasons");
        let short = |(name, field): (&String, &Field)| (labels.without_fillers(name), *field);
        labels.short_fields = labels.fields.iter().map(short).filter(|(name, _)| name.contains(' ')).collect();
        let weak: HashSet<(String, String)> =
            topics.get("weak").into_iter().flatten().map(|word| (word.lang.clone(), key(word))).collect();
        let mut shortened = Vec::new();
        for (name, texts) in merged(files, "labels") {
            let Some(category) = Category::parse(&name) else { continue };
            for text in &texts {
                let label = key(text);
                let weak = weak.contains(&(text.lang.clone(), label.clone()));
                let accented = !text.text.is_ascii();
                let known = Known { category, weak, accented };
                labels.add(&label, known);
                // `data_nascita` for `data di nascita`.
                shortened.push((labels.without_fillers(&label), known));
            }
            labels.examples.insert(category, few_of_each_language(texts));
        }
        // A label of one category may be another's without its small words: `data i miejsce urodzenia`.
        for (short, known) in shortened {
            if short.contains(' ') && !labels.protected.contains_key(&short) {
                labels.add(&short, known);
            }
        }
        labels
    }

    fn without_fillers(&self, label: &str) -> String {
        let words: Vec<&str> = label.split(' ').filter(|word| !self.fillers.contains(*word)).collect();
        words.join(" ")
    }

    fn add(&mut self, label: &str, known: Known) {
        let letters: String = label.split(' ').collect();
        if letters.chars().count() >= FUZZY_LETTERS_MIN {
            for short in without_one(&letters).chain([letters.clone()]) {
                self.near.entry(short).or_default().push(letters.clone());
            }
        }
        // `date n` is no `daten`: a letter behind a word is not written together with it, but for initials.
        let one_letter = |word: &str| word.chars().count() == 1;
        let together = !label.rsplit(' ').next().is_some_and(one_letter) || label.split(' ').all(one_letter);
        // What one language knows for sure is not made doubtful by another.
        for name in [together.then_some(letters), Some(label.to_owned())].into_iter().flatten() {
            let before = self.protected.entry(name).or_insert(known);
            before.weak &= known.weak;
            before.accented &= known.accented;
        }
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
            passes: [("en", "E-mail"), ("de", "Vorname"), ("en", "Job title"), ("de", "Firma"), ("de", "PLZ")]
                .map(|(lang, text)| Example { lang: lang.to_owned(), text: text.to_owned() })
                .to_vec(),
        })
    }

    /// Returns the allowed field that a label names.
    pub(super) fn field(&self, tokens: &Tokens) -> Option<Field> {
        let words = words(tokens);
        let name = words.join(" ");
        let found = self.fields.get(&name).or_else(|| self.fields.get(&words.concat()));
        found.or_else(|| self.short_fields.get(&self.without_fillers(&name))).copied()
    }

    /// Returns whether a label says for how long somebody has worked, so that its years are no age.
    pub(super) fn is_tenure(&self, tokens: &Tokens) -> bool {
        self.tenure.contains(&words(tokens).join(" "))
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
        // `legge_104` is known with its number, `figlio2` without.
        let numbered: Vec<&str> = list
            .iter()
            .filter(|token| matches!(token.kind, Kind::Word | Kind::Number))
            .map(|token| tokens.text(token))
            .collect();
        // `zona` is an area in one language and, without its accent, a wife in another.
        let plain = !list.iter().any(|token| token.accented);
        let elsewhere = |known: &Known| known.accented && plain && self.allows(&whole);
        let known = self.protected.get(&whole).or_else(|| self.protected.get(&numbered.join(" ")));
        if let Some(known) = known.filter(|known| !elsewhere(known)) {
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

    /// Whether companies too have a number under the label that was found.
    pub(super) fn may_be_a_companys(&self, tokens: &Tokens, hit: LabelHit) -> bool {
        let list = tokens.list.get(hit.from..hit.to).unwrap_or_default();
        let words: Vec<&str> = list.iter().filter(|t| t.kind == Kind::Word).map(|token| tokens.text(token)).collect();
        self.companys.contains(&words.join(" "))
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
                let stands = |known: &Known| self.stands_beside(*known, others) && !self.is_purpose(words, first);
                if let Some(known) = known.filter(stands) {
                    return Some((known, first, first + length - 1));
                }
            }
        }
        None
    }

    /// Whether what begins at a word is whom a thing is for: `samples of cosmetics for pregnancy`.
    fn is_purpose(&self, words: &[&str], first: usize) -> bool {
        let before = words.get(..first).unwrap_or_default();
        let Some(at) = before.iter().rposition(|word| self.purposes.contains(*word)) else { return false };
        at >= 2 && !before.iter().take(at).any(|word| self.reasons.contains(*word))
    }

    fn stands_beside<'a>(&self, known: Known, mut others: impl Iterator<Item = (usize, &'a &'a str)>) -> bool {
        if known.weak {
            others.all(|(_, word)| self.fillers.contains(*word) || word.len() <= SHORT_BYTES_MAX)
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

/// So many labels of each language stand as examples.
const EXAMPLES_MAX: usize = 6;

fn few_of_each_language(labels: Vec<Example>) -> Vec<Example> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut few = labels;
    few.retain(|label| {
        let count = counts.entry(label.lang.clone()).or_default();
        *count += 1;
        *count <= EXAMPLES_MAX
    });
    few
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

/// Takes `schema:`, `https://schema.org/` or `person.` off a label.
pub(super) fn without_namespace(label: &str) -> &str {
    let tail = label.trim_end().rsplit([':', '/', '#', '.']).next().unwrap_or_default().trim();
    if tail.chars().count() > 1 { tail } else { label }
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
