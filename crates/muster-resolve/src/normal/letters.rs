//! Letters: one spelling for what is written with and without marks, umlauts, capitals and other alphabets.
//!
//! It works on letters alone: it knows no names, and concludes nothing about who bears them. Scripts other than
//! Latin, Cyrillic and Greek are left as they are (NFKC, lower case).
//!
//! Invariant: [`fold`] and [`skeleton`] are idempotent, and the skeleton of a folded text is the skeleton of the text.

mod slip;
mod sound;

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

pub(crate) use slip::one_slip;
pub(crate) use sound::sound;

/// Code points below this are read from a table; it covers Latin, Greek and Cyrillic.
const TABLE_END: usize = 0x530;

/// Rounds until a folded text of another script stands still; two are enough for all that is known.
const ROUNDS_MAX: usize = 4;

/// Letters that are not their base letter with a mark, or whose mark is written out in Latin letters.
///
/// Umlauts and their Nordic sisters as German, Danish, Norwegian and Swedish passports write them (ICAO 9303-3,
/// section 6 A); Cyrillic as names are usually printed in English (`Yulia`, `Sergey`, `Zhukov`); Greek by ELOT 743.
const WRITTEN: &str = "ä=ae ö=oe ü=ue ø=oe å=aa æ=ae œ=oe ß=ss ł=l đ=d ð=d þ=th ħ=h ı=i ŋ=ng ĸ=k ŧ=t ĳ=ij \
    ə=e ƒ=f ɓ=b ɗ=d \
    а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch \
    ъ= ы=y ь= э=e ю=yu я=ya ё=e ђ=dj ѓ=g є=ye ѕ=dz і=i ї=i ј=j љ=lj њ=nj ћ=c ќ=k ў=u џ=dz ґ=g ғ=g қ=k ң=n ө=o ұ=u ү=u һ=h \
    α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o";

/// What becomes of one code point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// These letters, so many of them.
    Letters([u8; 4], u8),
    /// A gap between words.
    Gap,
    /// Nothing: apostrophes and what does not show.
    Nothing,
    /// Needs its neighbors: a mark of its own, or a letter beyond the table.
    Neighbors,
}

static FATES: LazyLock<Vec<Fate>> = LazyLock::new(|| {
    let written: Vec<(char, &str)> = WRITTEN
        .split_whitespace()
        .filter_map(|pair| pair.split_once('='))
        .filter_map(|(letter, text)| Some((letter.chars().next()?, text)))
        .collect();
    (0..TABLE_END).map(|code| fate_of(u32::try_from(code).ok().and_then(char::from_u32), &written)).collect()
});

fn fate_of(letter: Option<char>, written: &[(char, &str)]) -> Fate {
    let Some(letter) = letter else { return Fate::Gap };
    if is_unseen(letter) {
        return Fate::Nothing;
    }
    if is_mark(letter) {
        return Fate::Neighbors;
    }
    let mut text = String::new();
    for lower in letter.to_lowercase() {
        if let Some((_, letters)) = written.iter().find(|(known, _)| *known == lower) {
            text.push_str(letters);
            continue;
        }
        decompose_compatible(lower, |piece| match written.iter().find(|(known, _)| *known == piece) {
            Some((_, letters)) => text.push_str(letters),
            None if is_mark(piece) => {}
            None => text.extend(piece.to_lowercase()),
        });
    }
    let mut bytes = [0; 4];
    match (text.len(), text.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        (0, _) => Fate::Nothing,
        (1..=4, true) => {
            for (slot, byte) in bytes.iter_mut().zip(text.bytes()) {
                *slot = byte;
            }
            Fate::Letters(bytes, u8::try_from(text.len()).expect("at most four"))
        }
        _ if text.chars().any(char::is_alphanumeric) => Fate::Neighbors,
        _ => Fate::Gap,
    }
}

/// Marks above and below letters of the scripts that are folded; those of other scripts are letters of theirs.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Apostrophes of all kinds, and what does not show: soft hyphens, zero-width and direction marks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\'' | '`' | '\u{b4}' | '\u{b7}' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}'
        | '\u{ff07}' | '\u{a78b}' | '\u{a78c}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Appends a text in one spelling: NFKC, lower case, no marks, umlauts written out (`ü` as `ue`), Cyrillic and Greek
/// in Latin letters, apostrophes and zero-width characters gone, every run of anything else one space.
///
/// What is already in `out` stays, and no space is put before the first word.
pub(crate) fn fold(text: &str, out: &mut String) {
    let start = out.len();
    if fold_by_table(text, out) {
        return;
    }
    let mut whole: String = text.chars().filter(|&c| !is_unseen(c)).nfkc().collect();
    for _ in 0..ROUNDS_MAX {
        out.truncate(start);
        fold_beyond(&whole, out);
        let folded = out.get(start..).unwrap_or_default();
        if folded.is_ascii() || folded == whole {
            return;
        }
        whole = folded.nfkc().collect();
    }
}

/// Folds by the table alone; returns false where a character needs more than the table.
fn fold_by_table(text: &str, out: &mut String) -> bool {
    let fates = &*FATES;
    let start = out.len();
    let mut gap = false;
    let mut before = ' ';
    for c in text.chars() {
        match fates.get(c as usize) {
            Some(Fate::Letters(bytes, count)) => {
                if gap && out.len() > start {
                    out.push(' ');
                }
                gap = false;
                push_letters(c, before, bytes.get(..usize::from(*count)).unwrap_or_default(), out);
            }
            Some(Fate::Nothing) => continue,
            Some(Fate::Gap) => gap = true,
            None if is_unseen(c) => continue,
            None if matches!(c, '\u{2000}'..='\u{2015}' | '\u{201c}'..='\u{201f}' | '\u{202f}' | '\u{3000}') => {
                gap = true;
            }
            Some(Fate::Neighbors) | None => return false,
        }
        before = c;
    }
    true
}

/// Folds a text in NFKC that has characters beyond the table.
fn fold_beyond(text: &str, out: &mut String) {
    let fates = &*FATES;
    let start = out.len();
    let mut gap = false;
    let mut before = ' ';
    let mut piece_text = String::new();
    for c in text.chars() {
        piece_text.clear();
        match fates.get(c as usize) {
            Some(Fate::Letters(bytes, count)) => {
                push_letters(c, before, bytes.get(..usize::from(*count)).unwrap_or_default(), &mut piece_text);
            }
            Some(Fate::Nothing) => continue,
            Some(Fate::Gap) => gap = true,
            Some(Fate::Neighbors) | None if is_mark(c) || is_unseen(c) => continue,
            Some(Fate::Neighbors) | None => spell_beyond(c, &mut piece_text),
        }
        if piece_text.is_empty() {
            gap = true;
        } else {
            if gap && out.len() > start {
                out.push(' ');
            }
            gap = false;
            out.push_str(&piece_text);
        }
        before = c;
    }
}

/// Spells one letter beyond the table: without its marks if it is Latin, Greek or Cyrillic below them.
fn spell_beyond(c: char, out: &mut String) {
    let fates = &*FATES;
    let mut plain = String::new();
    let mut is_known = true;
    decompose_compatible(c, |piece| match fates.get(piece as usize) {
        Some(Fate::Letters(bytes, count)) => {
            plain.extend(bytes.iter().take(usize::from(*count)).map(|&byte| char::from(byte)));
        }
        _ if is_mark(piece) => {}
        _ => is_known = false,
    });
    if is_known && !plain.is_empty() {
        out.push_str(&plain);
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        out.extend(c.to_lowercase().filter(|&piece| !is_mark(piece)));
    }
}

/// Appends the letters for `c`, with the Greek pairs that are read together.
fn push_letters(c: char, before: char, letters: &[u8], out: &mut String) {
    match (before, c) {
        ('ο' | 'Ο', 'υ' | 'Υ' | 'ύ' | 'Ύ') => out.push('u'),
        ('α' | 'Α' | 'ε' | 'Ε', 'υ' | 'Υ' | 'ύ' | 'Ύ') => out.push('v'),
        ('γ' | 'Γ', 'γ' | 'Γ' | 'ξ' | 'Ξ' | 'χ' | 'Χ') => {
            out.pop();
            out.push('n');
            out.extend(letters.iter().map(|&byte| char::from(byte)));
        }
        _ => out.extend(letters.iter().map(|&byte| char::from(byte))),
    }
}

/// Appends the skeleton of a text: folded, with `ae`, `oe`, `ue` as `a`, `o`, `u` and doubled letters single, so that
/// `Müller`, `Mueller`, `Muller` and `MULLER` meet.
pub(crate) fn skeleton(text: &str, out: &mut String) {
    let mut folded = String::with_capacity(text.len());
    fold(text, &mut folded);
    squeeze(&folded, out);
}

/// Appends the skeleton of a text that is folded already.
///
/// The `ae` of `Michael` and `Rafael` is no umlaut: before a last `l` it stays, or they would meet `Michal` and `Rafal`.
pub(crate) fn squeeze(folded: &str, out: &mut String) {
    let mut last = ' ';
    for (at, c) in folded.char_indices() {
        let is_double = c == last && c.is_alphabetic();
        let is_umlaut = c == 'e' && (matches!(last, 'o' | 'u') || (last == 'a' && !ends_in_l(folded.get(at + 1..))));
        if !is_double && !is_umlaut {
            out.push(c);
            last = c;
        }
    }
}

/// Whether nothing but `l` is left of a word.
fn ends_in_l(rest: Option<&str>) -> bool {
    let behind = rest.unwrap_or_default();
    let after = behind.trim_start_matches('l');
    after.len() < behind.len() && (after.is_empty() || after.starts_with(' '))
}

#[cfg(test)]
mod tests;
