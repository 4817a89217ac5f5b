//! The words of titles and what they say, from the data file, and German, Dutch and Nordic compounds of them.
//!
//! Invariant: every line of the data file is read; a word stands under one level and one department at most.

use std::sync::LazyLock;

use super::{Department, Level};
use crate::normal::letters::skeleton;
use crate::normal::lookup::WordTable;

/// The reviewed words: sections for levels, departments, little words, and the ends of compounds.
const WORDS: &str = include_str!("words.txt");

/// What a word or phrase says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Meaning {
    /// The level that it names.
    pub(super) level: Level,
    /// The department that it names.
    pub(super) department: Option<Department>,
    /// Says nothing: an article, a preposition, a mark of gender.
    pub(super) is_little: bool,
    /// Helps whoever is named behind it.
    pub(super) is_helper: bool,
}

/// The levels by the name of their section.
pub(super) const LEVELS: &[(&str, Level)] = &[
    ("owner", Level::Owner),
    ("board", Level::Board),
    ("chief", Level::Chief),
    ("vice president", Level::VicePresident),
    ("director", Level::Director),
    ("head", Level::Head),
    ("manager", Level::Manager),
    ("senior", Level::Senior),
    ("specialist", Level::Specialist),
    ("assistant", Level::Assistant),
    ("trainee", Level::Trainee),
];

/// The departments by the name of their section.
pub(super) const DEPARTMENTS: &[(&str, Department)] = &[
    ("management", Department::Management),
    ("sales", Department::Sales),
    ("marketing", Department::Marketing),
    ("communications", Department::Communications),
    ("finance", Department::Finance),
    ("people", Department::People),
    ("legal", Department::Legal),
    ("technology", Department::Technology),
    ("engineering", Department::Engineering),
    ("production", Department::Production),
    ("purchasing", Department::Purchasing),
    ("operations", Department::Operations),
    ("quality", Department::Quality),
    ("service", Department::Service),
    ("administration", Department::Administration),
    ("product", Department::Product),
];

/// Words and phrases, and the ends of compounds.
struct Tables {
    phrases: WordTable<Meaning>,
    ends: Vec<(String, Meaning)>,
}

fn bones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    skeleton(text, &mut out);
    out
}

/// Returns the sections of the data file: their names and their words.
pub(super) fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut name = "";
    WORDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(move |line| {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(section) => {
                name = section;
                None
            }
            None => Some((name, line)),
        }
    })
}

/// Returns what a section's words say: `chief`, `chief of finance`, `end of head`, `little`.
pub(super) fn meaning_of(section: &str) -> Meaning {
    let section = section.strip_prefix("end of ").unwrap_or(section);
    let (level, department) = section.split_once(" of ").unwrap_or((section, section));
    let find_level = |name: &str| LEVELS.iter().find(|(known, _)| *known == name).map(|(_, level)| *level);
    let find_department =
        |name: &str| DEPARTMENTS.iter().find(|(known, _)| *known == name).map(|(_, department)| *department);
    Meaning {
        level: find_level(level).unwrap_or_default(),
        department: find_department(department),
        is_little: section == "little",
        is_helper: level == "assistant",
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { phrases: WordTable::default(), ends: Vec::new() };
    for (section, line) in sections() {
        let meaning = meaning_of(section);
        for phrase in line.split(',').map(bones).filter(|phrase| !phrase.is_empty()) {
            if section.starts_with("end of ") {
                tables.ends.push((phrase, meaning));
            } else {
                let known = tables.phrases.entry(phrase.into_boxed_str()).or_default();
                known.level = known.level.max(meaning.level);
                known.department = known.department.or(meaning.department);
                known.is_little |= meaning.is_little;
                known.is_helper |= meaning.is_helper;
            }
        }
    }
    tables.ends.sort_by(|(left, _), (right, _)| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
    tables
});

/// Returns what a phrase says, if it is in the table.
pub(super) fn of_phrase(phrase: &str) -> Option<Meaning> {
    TABLES.phrases.get(phrase).copied()
}

/// Returns whether a word says nothing by itself.
pub(super) fn is_little(word: &str) -> bool {
    of_phrase(word).is_some_and(|meaning| meaning.is_little)
}

/// Returns what a compound says: `Vertriebsleiterin`, `inkoopmanager`, `försäljningschef`.
///
/// Its end gives the level, and what is before it, with or without a joining letter, the department.
pub(super) fn of_compound(word: &str) -> Option<Meaning> {
    let (stem, end, meaning) =
        TABLES.ends.iter().find_map(|(end, meaning)| Some((word.strip_suffix(end.as_str())?, end, meaning)))?;
    // `Personalleiter` has lost one of its two `l`.
    let doubled: String = stem.chars().chain(end.chars().take(1)).collect();
    let shortened = ["s", "en", "n", "e"].iter().filter_map(|joint| stem.strip_suffix(joint));
    let department = std::iter::once(stem)
        .chain(shortened)
        .chain(std::iter::once(doubled.as_str()))
        .find_map(|stem| of_phrase(stem).and_then(|meaning| meaning.department));
    // A short stem that is no department is another word: `chef` in `kuechenchef` is a cook.
    (department.is_some() || stem.is_empty() || stem.len() >= 3)
        .then_some(Meaning { department: department.or(meaning.department), ..*meaning })
}
