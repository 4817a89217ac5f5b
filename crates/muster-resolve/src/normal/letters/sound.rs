//! The sound of a word, roughly as a European listener writes it down.
//!
//! It is one key for many languages: it keeps vowels, because given names differ by them (`Christian`, `Christina`),
//! and merges what is heard alike in most (`v`, `w` and `f`; `z`, `tz` and `s`). It does not say who speaks.
//!
//! Invariant: words with one skeleton have one sound.

use super::squeeze;

/// Returns the sound of what is read together at the beginning, and how many letters make it.
fn together(rest: &[u8]) -> Option<(&'static str, usize)> {
    Some(match rest {
        [b'e', b'a', b'u', b'x', ..] => ("o", 4),
        [b'e', b'a', b'u', ..] => ("o", 3),
        [b't', b's', b'c', b'h', ..] | [b's', b'h', b'c', b'h', ..] => ("x", 4),
        [b's' | b't', b'c', b'h', ..] => ("x", 3),
        // `Nadeja`: the `j` before a vowel begins a syllable.
        [b'a' | b'e' | b'o', b'j', b'a' | b'e' | b'i' | b'o' | b'u', ..] => return None,
        [b'a' | b'e', b'i' | b'j' | b'y', ..] => ("ai", 2),
        [b'e', b'u', ..] | [b'o', b'i' | b'j' | b'y', ..] => ("oi", 2),
        [b'o', b'u', ..] => ("u", 2),
        [b'i', b'e', ..] => ("i", 2),
        [b'p' | b'w', b'h', ..] => ("f", 2),
        [b't', b'h', ..] | [b'd', b't', ..] => ("t", 2),
        [b'c', b'k', ..] | [b'q', b'u', ..] | [b'c', b'h', b'r' | b'l' | b'n', ..] => ("k", 2),
        [b'g', b'h', ..] => ("g", 2),
        [b's' | b'k' | b'c', b'h', ..] | [b'c', b'z', ..] => ("x", 2),
        [b's', b'z', ..] | [b'z', b's' | b'h', ..] | [b't', b'z' | b's', ..] => ("s", 2),
        _ => return None,
    })
}

fn is_vowel(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

/// Returns how a folded word sounds: `Meyer`, `Meier`, `Maier` and `Mayr` give one key, as do `Stephan` and `Stefan`.
///
/// A word that is not in Latin letters is its own sound.
pub(crate) fn sound(token: &str) -> String {
    let mut word = String::with_capacity(token.len());
    squeeze(token, &mut word);
    if !word.is_ascii() {
        return word;
    }
    let bytes = word.as_bytes();
    let mut out = String::with_capacity(word.len() + 2);
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (heard, used) = hear(rest, at.checked_sub(1).and_then(|before| bytes.get(before)).copied(), &out);
        for c in heard.chars() {
            if !out.ends_with(c) {
                out.push(c);
            }
        }
        at += used;
    }
    let hardened = match out.bytes().last() {
        Some(b'd') => 't',
        Some(b'b') => 'p',
        Some(b'g') => 'k',
        _ => return out,
    };
    out.pop();
    if !out.ends_with(hardened) {
        out.push(hardened);
    }
    out
}

/// Returns the sound at the beginning of `rest` and how many letters make it.
fn hear(rest: &[u8], before: Option<u8>, out: &str) -> (&'static str, usize) {
    let next = rest.get(1).copied();
    if let Some(heard) = together(rest) {
        return heard;
    }
    let heard = match rest.first().copied().unwrap_or_default() {
        b'a' => "a",
        b'b' => "b",
        b'c' if matches!(next, Some(b'e' | b'i' | b'y')) => "s",
        b'c' | b'k' | b'q' => "k",
        b'd' => "d",
        // `Meier` and `Mayr`, `Bauer` and `Baur`.
        b'e' if next == Some(b'r') && out.ends_with(['a', 'i', 'o', 'u']) => "",
        b'e' => "e",
        b'f' | b'v' | b'w' => "f",
        b'g' => "g",
        b'h' if before.is_none() || (is_vowel(before) && is_vowel(next)) => "h",
        b'j' | b'y' if before.is_none() && is_vowel(next) => "j",
        b'i' | b'j' | b'y' => "i",
        b'l' => "l",
        b'm' => "m",
        b'n' => "n",
        b'o' => "o",
        b'p' => "p",
        b'r' => "r",
        b's' | b'z' => "s",
        b't' => "t",
        b'u' => "u",
        b'x' => "ks",
        _ => "",
    };
    (heard, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::letters::fold;

    fn sound_of(text: &str) -> String {
        let mut folded = String::new();
        fold(text, &mut folded);
        sound(&folded)
    }

    #[test]
    fn what_sounds_alike_has_one_key() {
        for row in [
            &["Meyer", "Meier", "Maier", "Mayr", "Mayer", "Meyr"][..],
            &["Schmidt", "Schmitt", "Schmid", "Schmit"],
            &["Stephan", "Stefan", "Steffan"],
            &["Philipp", "Filip", "Philip", "Phillip"],
            &["Kowalski", "Kowalsky", "Kovalski"],
            &["Jansen", "Janssen"],
            &["Fernandes", "Fernandez", "Fernández"],
            &["Jon", "John"],
            &["Sjöberg", "Sjoberg", "Sjoeberg"],
            &["Szymański", "Szymanski"],
            &["Bauer", "Baur"],
            &["Müller", "Mueller", "Muller"],
            &["Ivanov", "Iwanow", "Ivanoff"],
            &["Sergey", "Sergei", "Sergej"],
            &["Mikhail", "Michail"],
            &["Thomas", "Tomas"],
            &["Katharina", "Katarina", "Catharina"],
            &["Christian", "Kristian"],
            &["Novák", "Nowak", "Novak"],
            &["Yusuf", "Yousuf", "Jusuf"],
            &["Schultz", "Schulz", "Schults"],
            &["Hildebrandt", "Hildebrand", "Hildebrant"],
            &["Gonzales", "González"],
            &["Becker", "Beker"],
            &["Sofia", "Sophia"],
            &["Rodrigues", "Rodríguez"],
            &["Walther", "Walter"],
            &["Wagner", "Vagner"],
        ] {
            let first = sound_of(row.first().unwrap());
            for name in row {
                assert_eq!(sound_of(name), first, "{name} {row:?}");
            }
        }
    }

    #[test]
    fn other_names_have_other_keys() {
        for (left, right) in [
            ("Christian", "Christina"),
            ("Anna", "Anne"),
            ("Schmidt", "Smith"),
            ("Jan", "Jon"),
            ("Ian", "Jan"),
            ("Stefan", "Steven"),
            ("Meier", "Müller"),
            ("Maria", "Mario"),
            ("Weber", "Wiebe"),
            ("Nina", "Mina"),
        ] {
            assert_ne!(sound_of(left), sound_of(right), "{left} {right}");
        }
        assert_eq!(sound_of(""), "");
        assert_eq!(sound_of("山田"), "山田");
    }
}
