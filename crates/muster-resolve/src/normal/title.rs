//! Job titles: how high, in which department, and whether two titles say the same in two languages.
//!
//! It reads what the title says; it does not guess what a person earns, decides or is. A word that the tables do not
//! know is kept as a word and nothing is made of it.
//!
//! Invariant: the result depends on the words' skeletons alone, so that spelling, case and order of marks do not matter.

mod table;

use super::letters::skeleton;
use table::{Meaning, of_compound, of_phrase};

/// Longest title that is read, in bytes: a longer one is a biography.
const BYTES_MAX: usize = 400;

/// Most words that are looked at.
const WORDS_MAX: usize = 24;

/// Longest phrase in the tables, in words.
const PHRASE_MAX: usize = 6;

/// How high a title stands, from nobody knows to the owner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) enum Level {
    /// The title does not say.
    #[default]
    Unknown,
    /// In training: interns, apprentices, working students.
    Trainee,
    /// Helps another role: assistants, secretaries.
    Assistant,
    /// Does the work of a trade: consultants, engineers, clerks.
    Specialist,
    /// Experienced in it: `Senior`, `Principal`, `Expert`.
    Senior,
    /// Manages a thing or a team.
    Manager,
    /// Leads a department or an area.
    Head,
    /// A director, or one with power of procuration.
    Director,
    /// A vice president.
    VicePresident,
    /// Manages the company: C-level, managing directors.
    Chief,
    /// Sits on a board.
    Board,
    /// Owns or founded the company.
    Owner,
}

/// What part of a company a title belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Department {
    /// The company as a whole.
    Management,
    /// Sales and business development.
    Sales,
    /// Marketing and brands.
    Marketing,
    /// Press and communications.
    Communications,
    /// Finance, accounting, controlling, tax.
    Finance,
    /// People: human resources, recruiting, training.
    People,
    /// Law, compliance, data protection.
    Legal,
    /// Information technology, software, data.
    Technology,
    /// Engineering, construction, research and development.
    Engineering,
    /// Production, plants, maintenance.
    Production,
    /// Purchasing.
    Purchasing,
    /// Logistics, supply chain, operations.
    Operations,
    /// Quality, safety, environment.
    Quality,
    /// Customer service and support.
    Service,
    /// Office, reception, facilities.
    Administration,
    /// Products and projects.
    Product,
}

/// A title, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Title {
    /// The highest level that it names.
    pub(crate) level: Level,
    /// The first department that it names.
    pub(crate) department: Option<Department>,
    /// The skeletons of its words, sorted, without little words and marks of gender.
    pub(crate) words: Vec<String>,
    /// Those of its words that say neither level nor department: a product, a region, a trade.
    pub(crate) rest: Vec<String>,
}

/// How two titles agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum TitleAgreement {
    /// Nothing in common.
    Different,
    /// A step up or down, or one part in common.
    Related,
    /// One department, at another level.
    SameDepartment,
    /// The same level and department in other words.
    Translation,
    /// The same words.
    Same,
}

/// Reads a title: `Leiterin Einkauf (m/w/d)`, `VP Sales EMEA`, `Directrice générale`.
pub(crate) fn parse(text: &str) -> Title {
    if text.is_empty() || text.len() > BYTES_MAX {
        return Title::default();
    }
    let mut folded = String::with_capacity(text.len());
    skeleton(&spelled_out(text), &mut folded);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).collect();
    let mut title = Title::default();
    let mut is_helper = false;
    let mut at = 0;
    while at < words.len() {
        let (meaning, count) = read(words.get(at..).unwrap_or_default());
        is_helper |= at == 0 && meaning.is_some_and(|meaning| meaning.is_helper);
        let mut says_something = false;
        if let Some(meaning) = meaning {
            title.level = title.level.max(meaning.level);
            title.department = title.department.or(meaning.department);
            says_something = meaning.level != Level::Unknown || meaning.department.is_some() || meaning.is_little;
        }
        for word in words.iter().skip(at).take(count).filter(|word| !table::is_little(word)) {
            title.words.push((*word).to_owned());
            if !says_something {
                title.rest.push((*word).to_owned());
            }
        }
        at += count;
    }
    if is_helper {
        // `Assistentin der Geschäftsführung` is no managing director.
        title.level = title.level.min(Level::Assistant);
    }
    for list in [&mut title.words, &mut title.rest] {
        list.sort_unstable();
        list.dedup();
    }
    title
}

/// Signs that are words in titles, and marks of gender that are none: `F&E`, `Leiter:in`, `Leiter/-in`, `(m/w/d)`.
fn spelled_out(text: &str) -> String {
    let mut out = text
        .replace(['*', '_', ':'], "")
        .replace("/-in", "")
        .replace("/in", "")
        .replace("(in)", "")
        .replace("R&D", "rnd");
    for (sign, word) in [
        ("F&E", "fue"),
        ("F & E", "fue"),
        ("R & D", "rnd"),
        ("C.E.O.", "ceo"),
        ("C.F.O.", "cfo"),
        ("C.T.O.", "cto"),
        ("C.O.O.", "coo"),
    ] {
        if out.contains(sign) {
            out = out.replace(sign, word);
        }
    }
    out
}

/// Returns what the words begin with, and how many of them say it.
fn read(words: &[&str]) -> (Option<Meaning>, usize) {
    let mut phrase = String::new();
    for count in (1..=PHRASE_MAX.min(words.len())).rev() {
        phrase.clear();
        for word in words.iter().take(count) {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(word);
        }
        if let Some(meaning) = of_phrase(&phrase) {
            return (Some(meaning), count);
        }
    }
    (words.first().and_then(|word| of_compound(word)), 1)
}

/// Compares two titles; a title without a word agrees with none, so callers ask first whether both are there.
pub(crate) fn similar(left: &Title, right: &Title) -> TitleAgreement {
    if left.words.is_empty() || right.words.is_empty() {
        return TitleAgreement::Different;
    }
    if left.words == right.words {
        return TitleAgreement::Same;
    }
    let is_same_level = left.level == right.level && left.level != Level::Unknown;
    let is_same_department = left.department == right.department;
    let is_top = |title: &Title| title.level >= Level::Chief;
    let shares_rest = left.rest.iter().any(|word| right.rest.contains(word));
    let is_rest_even = shares_rest || left.rest.is_empty() || right.rest.is_empty();
    match (left.department, right.department) {
        (Some(_), Some(_)) if is_same_level && is_same_department && is_rest_even => TitleAgreement::Translation,
        (None, None) if is_same_level && left.rest == right.rest => TitleAgreement::Translation,
        (Some(_), Some(_)) if is_same_department => TitleAgreement::SameDepartment,
        _ if shares_rest || (is_top(left) && is_top(right)) => TitleAgreement::Related,
        (None, _) | (_, None) if is_same_level => TitleAgreement::Related,
        _ => TitleAgreement::Different,
    }
}

#[cfg(test)]
mod tests;
