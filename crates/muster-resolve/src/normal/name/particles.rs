//! Particles of family names: `von`, `van der`, `de la`, `al`, and what is written in one word or in two.
//!
//! A particle is no part of what two names are compared by, because sources drop and keep it at will; it is kept
//! beside. Invariant: a family name is never made of particles alone.

use super::words::Word;

/// Particles that are given or family names as well: none before the second word, and none at the end.
const ALSO_NAMES: &[&str] = &[
    "ben", "al", "el", "le", "van", "abu", "thor", "del", "ten", "di", "la", "da", "do", "te", "du", "ap", "dal", "op",
    "den",
];

/// Particles written together with their name, longest first.
const WRITTEN_TOGETHER: &[(&str, &[&str])] =
    &[("vander", &["van", "der"]), ("vanden", &["van", "den"]), ("vonder", &["von", "der"]), ("delos", &["de", "los"])];

/// Irish family names that stand behind an `O`.
const BEHIND_O: &[&str] = &[
    "brien",
    "connor",
    "connell",
    "neill",
    "neil",
    "reilly",
    "sullivan",
    "donnell",
    "keefe",
    "keeffe",
    "hara",
    "malley",
    "leary",
    "grady",
    "dwyer",
    "rourke",
    "shea",
    "callaghan",
    "mahony",
    "driscoll",
    "flaherty",
    "gorman",
    "hare",
    "kane",
    "toole",
    "loughlin",
    "riordan",
    "donoghue",
    "dowd",
    "farrell",
    "halloran",
    "hagan",
    "hanlon",
    "meara",
    "brian",
    "regan",
    "flynn",
    "sheehan",
];

/// Words that belong to the family name behind them and are no particles: `St. John`, `San Martín`.
pub(super) const SAINTS: &[&str] = &["st", "saint", "sankt", "san", "santa", "sainte"];

/// Returns whether a folded word is a particle somewhere.
pub(super) fn is_particle(text: &str) -> bool {
    matches!(
        text,
        "von"
            | "van"
            | "de"
            | "der"
            | "den"
            | "zu"
            | "zur"
            | "zum"
            | "vom"
            | "di"
            | "da"
            | "del"
            | "dela"
            | "della"
            | "delle"
            | "dello"
            | "dei"
            | "degli"
            | "du"
            | "des"
            | "la"
            | "le"
            | "las"
            | "los"
            | "ten"
            | "ter"
            | "te"
            | "op"
            | "aan"
            | "af"
            | "av"
            | "al"
            | "el"
            | "bin"
            | "ben"
            | "ibn"
            | "bint"
            | "dos"
            | "das"
            | "do"
            | "vd"
            | "vande"
            | "vander"
            | "vanden"
            | "thor"
            | "und"
            | "het"
            | "abu"
            | "ould"
            | "ap"
            | "dal"
            | "dalla"
            | "dall"
            | "dell"
    )
}

/// Returns whether a word may open a name as its particle and is no name itself.
pub(super) fn opens(word: &Word) -> bool {
    is_particle(&word.text) && (word.is_lower || !ALSO_NAMES.contains(&word.text.as_str()))
}

/// Returns whether a word between two others joins them: `García y López`, `Santos e Silva`.
pub(super) fn is_connector(word: &Word) -> bool {
    matches!(word.text.as_str(), "y" | "e" | "i" | "und") && word.is_lower && !word.has_dot
}

/// Writes in one word what is one name: `Mc Donald`, `O Brien`; and apart what was written together: `Vanderberg`.
pub(super) fn glue(words: &mut Vec<Word>) {
    let mut at = 0;
    while at + 1 < words.len() {
        let is_prefix = match (words.get(at), words.get(at + 1)) {
            (Some(word), Some(next)) if !next.is_initial() && word.segment == next.segment => {
                match word.text.as_str() {
                    "mc" | "mac" => !word.has_dot || word.text == "mc",
                    "o" => !word.has_dot && (at > 0 || words.len() == 2) && BEHIND_O.contains(&next.text.as_str()),
                    _ => false,
                }
            }
            _ => false,
        };
        if is_prefix {
            let next = words.remove(at + 1);
            if let Some(word) = words.get_mut(at) {
                word.text.push_str(&next.text);
                word.is_upper |= next.is_upper;
            }
        }
        at += 1;
    }
    at = 0;
    while at < words.len() {
        at += split(words, at);
    }
}

/// Splits one word that begins with particles; returns how many words stand there now.
fn split(words: &mut Vec<Word>, at: usize) -> usize {
    let Some(word) = words.get_mut(at) else { return 1 };
    let Some((rest, particles)) = WRITTEN_TOGETHER.iter().find_map(|(glued, particles)| {
        Some((word.text.strip_prefix(glued).filter(|rest| rest.len() >= 4)?, particles))
    }) else {
        return 1;
    };
    let rest = rest.to_owned();
    let whole = word.clone();
    word.text = rest;
    word.is_joined = false;
    for (index, particle) in particles.iter().enumerate() {
        let is_joined = whole.is_joined && index == 0;
        words.insert(
            at + index,
            Word { text: (*particle).to_owned(), is_lower: true, is_joined, has_dot: false, ..whole.clone() },
        );
    }
    particles.len() + 1
}
