//! The plain form of a text: lower case, Latin letters without marks, transliterations met halfway.
//!
//! It decides nothing about words; companies, mailboxes and places each cut and read them in their own way.
//!
//! Invariant: making a plain text plain changes nothing.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::lookup::WordHasher;

/// A table of words that is built once; its order never reaches a result.
pub(super) type Table<V> = HashMap<Cow<'static, str>, V, BuildHasherDefault<WordHasher>>;

/// A set of words that is built once.
pub(super) type Words = HashSet<Cow<'static, str>, BuildHasherDefault<WordHasher>>;

/// Shortest word in which `ue` may be an umlaut: `SAE` and `OE` are abbreviations.
const UMLAUT_LETTERS_MIN: usize = 4;

/// Appends one character in lower case without marks; what is no letter, digit or mark is appended as it stands.
pub(super) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' | 'Ä' | 'Å' => out.push('a'),
        'ö' | 'ó' | 'ò' | 'ô' | 'ø' | 'Ö' | 'Ø' => out.push('o'),
        'ü' | 'ú' | 'ù' | 'û' | 'Ü' => out.push('u'),
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'É' | 'ё' | 'Ё' => out.push('e'),
        'ß' | 'ẞ' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
        'þ' | 'Þ' => out.push_str("th"),
        'ı' | 'İ' => out.push('i'),
        'ħ' | 'Ħ' => out.push('h'),
        'й' | 'Й' => out.push('y'),
        'ї' | 'Ї' => out.push_str("yi"),
        // Soft hyphen, zero-width characters and the byte order mark carry nothing.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        _ => decompose_compatible(c, |part| match part {
            mark if is_combining_mark(mark) => {}
            letter if letter == c => fold_letter(c, out),
            letter => fold_char(letter, out),
        }),
    }
}

/// Appends a character that no other is in.
fn fold_letter(c: char, out: &mut String) {
    for low in c.to_lowercase().filter(|low| !is_combining_mark(*low)) {
        match latin(low) {
            Some(letters) => out.push_str(letters),
            None if low == c => out.push(c),
            None => fold_char(low, out),
        }
    }
}

/// Cyrillic and Greek letters as passports write them.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'ґ' | 'γ' => "g",
        'д' | 'δ' => "d",
        'е' | 'э' | 'ε' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'ι' | 'η' => "i",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' | 'µ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' => "t",
        'у' => "u",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' | 'χ' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ы' | 'υ' => "y",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'θ' => "th",
        'ξ' => "x",
        'ψ' => "ps",
        _ => return None,
    })
}

/// Returns whether a character is one of the apostrophes, which join what stands around them.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' | '\u{b4}' | '\u{2032}')
}

/// Takes the `e` off a written-out umlaut from `start` on, so that `mueller` and `muller` meet.
///
/// After a vowel or `q` it is none (`neue`, `bauer`, `quelle`).
pub(super) fn join_umlauts(text: &mut String, start: usize) {
    let word = text.get(start..).unwrap_or_default();
    if word.len() < UMLAUT_LETTERS_MIN || !has_umlaut(word) {
        return;
    }
    let mut kept = String::with_capacity(word.len());
    for c in word.chars() {
        if c != 'e' || !ends_as_umlaut(&kept) {
            kept.push(c);
        }
    }
    text.truncate(start);
    text.push_str(&kept);
}

fn has_umlaut(word: &str) -> bool {
    word.as_bytes().windows(2).any(|pair| pair[1] == b'e' && matches!(pair[0], b'a' | b'o' | b'u'))
}

fn ends_as_umlaut(kept: &str) -> bool {
    let bytes = kept.as_bytes();
    let vowel = bytes.last().is_some_and(|byte| matches!(byte, b'a' | b'o' | b'u'));
    let before = bytes.len().checked_sub(2).and_then(|at| bytes.get(at));
    vowel && !before.is_some_and(|byte| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'q'))
}

/// Returns a text's words in plain form, one space between; dots, hyphens and the like end words, apostrophes do not.
pub(super) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for c in text.chars().filter(|c| !is_apostrophe(*c)) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        let before = out.len();
        fold_char(c, &mut out);
        let is_word = out.get(before..).is_some_and(|new| new.chars().all(char::is_alphanumeric));
        if !is_word {
            out.truncate(before);
            end_word(&mut out, &mut start);
        }
    }
    end_word(&mut out, &mut start);
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

fn end_word(out: &mut String, start: &mut usize) {
    if out.len() > *start {
        join_umlauts(out, *start);
        out.push(' ');
        *start = out.len();
    }
}

/// Returns a text's words in plain form without spaces, their seams read as inside a word.
pub(super) fn dense(text: &str) -> String {
    let mut dense = words(text);
    dense.retain(|c| c != ' ');
    join_umlauts(&mut dense, 0);
    dense
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_word_meet() {
        for (text, plain) in [
            ("Müller", "muller"),
            ("MUELLER", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("Aerzte Ärzte", "arzte arzte"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("Smørrebrød Smoerrebroed", "smorrebrod smorrebrod"),
            ("L'Oréal", "loreal"),
            ("Ｎｏｒｄ ﬁt", "nord fit"),
            ("Северный Ветер", "severnyy veter"),
            ("Αθήνα", "athina"),
            ("Bauer Neue Quelle", "bauer neue quelle"),
            ("SAE", "sae"),
            ("İstanbul Iğdır", "istanbul igdir"),
        ] {
            assert_eq!(words(text), plain, "{text}");
        }
    }

    proptest! {
        #[test]
        fn plain_words_are_plain(text in "\\PC{0,40}") {
            let once = words(&text);
            prop_assert_eq!(words(&once), once);
        }
    }
}
