//! Companies' names taken apart: the name itself, legal form, geography, generic words, names beside it.
//!
//! The tables are `words`, cutting is `token`, how two names compare is `firm`'s. Whether a company exists is not asked.
//!
//! Invariant: the core of a name with a letter or digit is not empty, and the core of a core is itself.

mod strip;
mod token;
mod words;

pub(crate) use words::FormId;

use super::country::CountryCode;
use strip::{Parts, Piece};
use words::class;

/// Longest name that may be an acronym, in letters.
const ACRONYM_LETTERS_MAX: usize = 5;

/// A company's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CompanyName {
    /// The words of the name itself: plain, without form, geography at the end, generic words at the end, connectors.
    pub(crate) core: Vec<String>,
    /// The core without spaces.
    pub(crate) dense: String,
    /// The legal form, canonical across its spellings.
    pub(crate) legal_form: Option<FormId>,
    /// The country, where the form is used in one only.
    pub(crate) form_country: Option<CountryCode>,
    /// Countries (ISO codes), regions and cities that the name ends with or has in brackets, sorted.
    pub(crate) geography: Vec<String>,
    /// Generic words that the name ends with, as they are called across languages, sorted.
    pub(crate) generic: Vec<String>,
    /// The initials of core and generic words, in the order of the name.
    pub(crate) acronym: String,
    /// Whether the core looks like an acronym itself.
    pub(crate) is_acronym_like: bool,
    /// Whether the name is a branch office's.
    pub(crate) is_branch: bool,
    /// Dense cores of former names, trade names and names in brackets, sorted.
    pub(crate) other_cores: Vec<String>,
}

/// Takes a company's name apart.
pub(crate) fn parse(name: &str) -> CompanyName {
    let mut arena = String::with_capacity(name.len() + 8);
    let tokens = token::tokens(name, &mut arena);
    let all: Vec<Piece<'_>> = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, token)| {
            let text = arena.get(token.range()).filter(|text| !text.is_empty())?;
            let mut word = words::word(text);
            if at == 0 && token.slashed && text == "ms" {
                word.classes |= class::ARTICLE;
            }
            Some(Piece { text, token: *token, word, at })
        })
        .collect();
    let mut parts = Parts { kept: all.clone(), buffer: String::with_capacity(64), ..Parts::default() };
    parts.cut_names_beside();
    while parts.strip() {}
    finish(parts, &all)
}

fn finish<'a>(mut parts: Parts<'a>, all: &[Piece<'a>]) -> CompanyName {
    if parts.kept.is_empty() {
        parts.kept = all.to_vec();
    }
    let core: Vec<String> = parts.kept.iter().map(|piece| piece.word.long.unwrap_or(piece.text).to_owned()).collect();
    let mut initials: Vec<(usize, &str)> = parts.kept.iter().map(|piece| (piece.at, piece.text)).collect();
    initials.extend(parts.generic.iter().map(|(at, text, _)| (*at, *text)));
    initials.sort_unstable();
    let dense = core.concat();
    let form_country = parts.form.and_then(FormId::country);
    CompanyName {
        legal_form: parts.form,
        form_country,
        geography: sorted(parts.geography.iter().map(|text| (*text).to_owned())),
        generic: sorted(parts.generic.iter().map(|(_, _, key)| (*key).to_owned())),
        acronym: initials.iter().filter_map(|(_, text)| text.chars().next()).collect(),
        is_acronym_like: is_acronym_like(&parts.kept),
        is_branch: parts.is_branch,
        other_cores: sorted(parts.others.into_iter().filter(|other| *other != dense)),
        core,
        dense,
    }
}

fn sorted(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut values: Vec<String> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// One short word in capitals, or without a vowel.
fn is_acronym_like(kept: &[Piece<'_>]) -> bool {
    let [only] = kept else { return false };
    let letters = only.text.chars().count();
    let has_vowel = only.text.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    (2..=ACRONYM_LETTERS_MAX).contains(&letters)
        && only.text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (only.token.upper || !has_vowel)
}

/// Returns whether a word says what or where a company is, not which: no name by itself.
pub(crate) fn is_common_word(word: &str) -> bool {
    words::word(word).classes & class::EMPTY != 0
}

#[cfg(test)]
mod tests;
