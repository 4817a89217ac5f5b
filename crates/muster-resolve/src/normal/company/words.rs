//! The words that structure companies' names: legal forms, geography, generic words, markers.
//!
//! The tables are `legal_forms.txt` and `company_words.txt`, with the countries and cities of places. Reading a name by
//! them is `company`.
//!
//! Invariant: every key is plain and dense, and the word a short form stands for has no class of its own.

use std::sync::LazyLock;

use super::super::country::{self, CountryCode};
use super::super::place;
use super::super::plain::Table;

/// Classes of words, as bits.
pub(super) mod class {
    /// What a group appends to its members' names.
    pub(crate) const GENERIC: u16 = 1;
    /// What a company does; alone no name.
    pub(crate) const TRADE: u16 = 1 << 1;
    /// A country.
    pub(crate) const COUNTRY: u16 = 1 << 2;
    /// A region or city.
    pub(crate) const REGION: u16 = 1 << 3;
    /// Says that a branch office follows.
    pub(crate) const BRANCH: u16 = 1 << 4;
    /// Says that a former name or another name follows.
    pub(crate) const OTHER_NAME: u16 = 1 << 5;
    /// `c/o`.
    pub(crate) const CARE: u16 = 1 << 6;
    /// Says that the owner's name follows.
    pub(crate) const OWNER: u16 = 1 << 7;
    /// In liquidation, in formation.
    pub(crate) const DISSOLVED: u16 = 1 << 8;
    /// The, Firma.
    pub(crate) const ARTICLE: u16 = 1 << 9;
    /// And, in ten languages.
    pub(crate) const CONNECTOR: u16 = 1 << 10;
    /// Of, von.
    pub(crate) const PREPOSITION: u16 = 1 << 11;
    /// The word begins a phrase of several words that has a class.
    pub(crate) const BEGINS: u16 = 1 << 12;
    /// The word ends such a phrase.
    pub(crate) const ENDS: u16 = 1 << 13;
    /// The word ends a legal form.
    pub(crate) const FORM_END: u16 = 1 << 14;
    /// The word begins a legal form that may stand before a name.
    pub(crate) const FORM_BEGIN: u16 = 1 << 15;
    /// Geography of any kind.
    pub(crate) const GEOGRAPHY: u16 = COUNTRY | REGION;
    /// What does not make a name of what is left.
    pub(crate) const EMPTY: u16 = GENERIC | TRADE | GEOGRAPHY | ARTICLE | CONNECTOR | PREPOSITION;
}

/// A legal form, canonical across its spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FormId(u16);

/// A legal form in the table.
#[derive(Debug)]
struct Form {
    name: &'static str,
    country: Option<CountryCode>,
    leads: bool,
    splits: bool,
}

/// What is known of a word or phrase.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    /// Bits of [`class`].
    pub(super) classes: u16,
    /// What the word is called among its translations, for generic words and geography.
    pub(super) key: &'static str,
    /// What it is short for.
    pub(super) long: Option<&'static str>,
}

struct Tables {
    forms: Vec<Form>,
    spellings: Table<FormId>,
    known: Table<Word>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let (forms, spellings) = read_forms();
    let known = read_words(&forms.iter().map(|form| form.name).collect::<Vec<_>>());
    Tables { forms, spellings, known }
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// The fields of one line of `legal_forms.txt`: name, countries, flags, spellings.
fn form_fields(line: &'static str) -> Option<(&'static str, [&'static str; 3])> {
    let mut fields = line.split('|').map(str::trim);
    Some((fields.next()?, [fields.next()?, fields.next()?, fields.next()?]))
}

fn read_forms() -> (Vec<Form>, Table<FormId>) {
    let rows: Vec<_> = lines(include_str!("../legal_forms.txt")).filter_map(form_fields).collect();
    let mut spellings = Table::default();
    let mut forms = Vec::with_capacity(rows.len());
    for (at, (name, [countries, flags, texts])) in rows.iter().enumerate() {
        let own = FormId(u16::try_from(at).expect("the table has fewer than 65,536 lines"));
        for text in texts.split(';') {
            spellings.entry(plain_dense(text).into()).or_insert(own);
        }
        let country = match *countries.as_bytes() {
            [a, b] => Some([a, b]),
            _ => None,
        };
        forms.push(Form { name, country, leads: flags.contains('^'), splits: flags.contains('!') });
    }
    (forms, spellings)
}

/// A phrase's words in plain form, one space between, as names are cut: dotted and slashed letters are one word.
pub(super) fn plain_phrase(text: &str) -> String {
    let mut arena = String::new();
    let tokens = super::token::tokens(text, &mut arena);
    let words: Vec<&str> = tokens.iter().filter_map(|token| arena.get(token.range())).collect();
    words.join(" ")
}

fn plain_dense(text: &str) -> String {
    plain_phrase(text).replace(' ', "")
}

fn read_words(form_names: &[&'static str]) -> Table<Word> {
    let mut words = Table::default();
    country::for_each_company_word(|name, code| add(&mut words, name, class::COUNTRY, code, None));
    place::for_each_city(|name, key| add(&mut words, name, class::REGION, key, None));
    for line in lines(include_str!("../countries.txt")).chain(lines(include_str!("../cities.txt"))) {
        for name in line.rsplit('|').next().unwrap_or_default().split(';') {
            mark_phrase(&mut words, name);
        }
    }
    let mut shorts = Vec::new();
    for line in lines(include_str!("../company_words.txt")) {
        let Some((head, spellings)) = line.split_once(':') else { continue };
        let (name, key) = head.split_once('|').unwrap_or((head, ""));
        let (name, key) = (name.trim(), key.trim());
        for spelling in spellings.split(';') {
            let long = (name == "short").then_some(key);
            if let Some(long) = long {
                shorts.push((plain_dense(spelling), long));
            }
            add(&mut words, &plain_dense(spelling), class_of(name), key, long);
            mark_phrase(&mut words, spelling);
        }
    }
    for (short, long) in shorts {
        // What is short for a word is as telling as the word.
        let own =
            [short.as_str(), long].map(|text| words.get(text).map_or(0, |word: &Word| word.classes & class::TRADE));
        mark(&mut words, &short, own[1]);
        mark(&mut words, long, own[0]);
    }
    for (_, [_, flags, spellings]) in lines(include_str!("../legal_forms.txt")).filter_map(form_fields) {
        for spelling in spellings.split(';').chain(form_names.iter().copied()) {
            let phrase = plain_phrase(spelling);
            if let Some(last) = phrase.rsplit(' ').next() {
                mark(&mut words, last, class::FORM_END);
            }
            if let Some(first) = phrase.split(' ').next().filter(|_| flags.contains('^')) {
                mark(&mut words, first, class::FORM_BEGIN);
            }
        }
    }
    words
}

fn class_of(name: &str) -> u16 {
    match name {
        "generic" => class::GENERIC,
        "trade" => class::TRADE,
        "region" => class::REGION,
        "branch" => class::BRANCH,
        "former" | "alias" => class::OTHER_NAME,
        "care" => class::CARE,
        "owner" => class::OWNER,
        "dissolved" => class::DISSOLVED,
        "article" => class::ARTICLE,
        "connector" => class::CONNECTOR,
        "preposition" => class::PREPOSITION,
        _ => 0,
    }
}

fn add(words: &mut Table<Word>, dense: &str, classes: u16, key: &'static str, long: Option<&'static str>) {
    let word = words.entry(dense.to_owned().into()).or_default();
    word.classes |= classes;
    if word.key.is_empty() && classes != 0 {
        word.key = key;
    }
    word.long = word.long.or(long);
}

fn mark(words: &mut Table<Word>, dense: &str, bit: u16) {
    words.entry(dense.to_owned().into()).or_default().classes |= bit;
}

fn mark_phrase(words: &mut Table<Word>, phrase: &str) {
    let phrase = plain_phrase(phrase);
    if let (Some((first, _)), Some((_, last))) = (phrase.split_once(' '), phrase.rsplit_once(' ')) {
        mark(words, first, class::BEGINS);
        mark(words, last, class::ENDS);
    }
}

/// Returns what is known of a word or dense phrase.
pub(super) fn word(dense: &str) -> Word {
    TABLES.known.get(dense).copied().unwrap_or_default()
}

/// Returns the legal form that a dense text spells.
pub(super) fn form(dense: &str) -> Option<FormId> {
    TABLES.spellings.get(dense).copied()
}

impl FormId {
    fn row(self) -> &'static Form {
        &TABLES.forms[usize::from(self.0)]
    }

    /// Returns the form's usual spelling.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the country that alone uses the form.
    pub(crate) fn country(self) -> Option<CountryCode> {
        self.row().country
    }

    /// Returns whether the form may stand before the name.
    pub(super) fn leads(self) -> bool {
        self.row().leads
    }

    /// Returns whether the form splits a name in its middle.
    pub(super) fn splits(self) -> bool {
        self.row().splits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn every_spelling_is_of_one_form_and_no_form_has_two_lines() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let (mut countries, mut names) = (BTreeSet::new(), BTreeSet::new());
        for line in lines(include_str!("../legal_forms.txt")) {
            let (name, [states, flags, spellings]) = form_fields(line).unwrap();
            assert!(flags.chars().all(|flag| "^!".contains(flag)), "{line}");
            countries.extend(states.split_whitespace());
            assert!(names.insert(name), "{line}");
            for spelling in spellings.split(';') {
                if let Some(other) = seen.insert(plain_dense(spelling), name) {
                    assert_eq!(other, name, "{spelling}");
                }
            }
        }
        assert!(countries.len() >= 30, "{countries:?}");
    }

    #[test]
    fn what_a_short_word_stands_for_stands_for_itself() {
        for word in TABLES.known.values() {
            if let Some(long) = word.long {
                assert_eq!(plain_dense(long), long);
                let target = super::word(long);
                assert_eq!(target.long, None, "{long}");
                let bad = class::GENERIC | class::GEOGRAPHY | class::ARTICLE | class::CONNECTOR;
                assert_eq!(target.classes & bad, 0, "{long}");
                assert_eq!(form(long), None, "{long}");
            }
        }
    }
}
