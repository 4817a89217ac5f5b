//! How text is spelt again: without diacritics, as part of an address, and with slips.
//!
//! Invariant: nothing here looks at who a text is about.

use crate::rng::Rng;

/// The text in ASCII; `german` writes ä as ae, ö as oe, ü as ue.
pub(crate) fn ascii(text: &str, german: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let capital = c.is_uppercase();
        let small = c.to_lowercase().next().unwrap_or(c);
        let plain = match small {
            'ä' if german => "ae",
            'ö' if german => "oe",
            'ü' if german => "ue",
            other => plain(other),
        };
        let mut letters = plain.chars();
        if let Some(first) = letters.next() {
            out.push(if capital { first.to_ascii_uppercase() } else { first });
            out.push_str(letters.as_str());
        }
    }
    out
}

/// A small letter without its mark.
fn plain(c: char) -> &'static str {
    match c {
        'æ' => "ae",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ė' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ő' | 'ø' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ț' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        '–' => "-",
        _ => "",
    }
}

/// Small ASCII letters and digits only, with `gap` between words.
pub(crate) fn slug(text: &str, german: bool, gap: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for c in ascii(text, german).chars() {
        if c.is_ascii_alphanumeric() {
            if open && !out.is_empty() {
                out.push_str(gap);
            }
            open = false;
            out.push(c.to_ascii_lowercase());
        } else if c != '\'' && c != '.' {
            open = true;
        }
    }
    out
}

/// Keys beside each other.
const NEIGHBORS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"];

/// What character recognition takes for each other.
const LOOKS: &[(char, char)] =
    &[('l', 'i'), ('i', 'l'), ('o', '0'), ('e', 'c'), ('c', 'e'), ('n', 'm'), ('u', 'v'), ('h', 'b')];

/// The text with one slip: a dropped, doubled, swapped, neighboring or misread character.
pub(crate) fn slip(text: &str, rng: &mut Rng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() < 3 {
        return text.to_owned();
    }
    let at = rng.between(1, chars.len() - 1);
    match rng.below(5) {
        0 => {
            chars.remove(at);
        }
        1 => chars.insert(at, chars[at]),
        2 => chars.swap(at - 1, at),
        3 => chars[at] = neighbor(chars[at], rng),
        _ => {
            let found = chars.iter().position(|c| LOOKS.iter().any(|(from, _)| from == c));
            match found.and_then(|at| LOOKS.iter().find(|(from, _)| *from == chars[at]).map(|(_, to)| (at, *to))) {
                Some((at, to)) => chars[at] = to,
                None => chars[at] = neighbor(chars[at], rng),
            }
        }
    }
    chars.into_iter().collect()
}

fn neighbor(c: char, rng: &mut Rng) -> char {
    let small = c.to_ascii_lowercase();
    for row in NEIGHBORS {
        if let Some(at) = row.chars().position(|key| key == small) {
            let beside = if at == 0 || (at + 1 < row.len() && rng.chance(0.5)) { at + 1 } else { at - 1 };
            let key = row.chars().nth(beside).unwrap_or(small);
            return if c.is_ascii_uppercase() { key.to_ascii_uppercase() } else { key };
        }
    }
    c
}

/// One digit of a number changed.
pub(crate) fn wrong_digit(text: &str, rng: &mut Rng) -> String {
    let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let Some(at) = digits.get(digits.len().saturating_sub(rng.between(1, 4))).copied() else { return text.to_owned() };
    let digit = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][rng.below(10)];
    let mut out = text.to_owned();
    out.replace_range(at..=at, digit);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diacritics_are_written_as_the_country_does() {
        assert_eq!(ascii("Jürgen Groß", true), "Juergen Gross");
        assert_eq!(ascii("Łukasz Żółć", false), "Lukasz Zolc");
        assert_eq!(slug("Søren O'Brien & Sønner", false, "-"), "soren-obrien-sonner");
        assert_eq!(slug("van der Berg", false, ""), "vanderberg");
    }

    #[test]
    fn a_slip_changes_little() {
        let mut rng = Rng::new(3);
        for _ in 0..200 {
            let slipped = slip("Schneider", &mut rng);
            assert!(slipped.chars().count().abs_diff(9) <= 1 && slipped.starts_with(['S', 'c']), "{slipped}");
        }
        assert_eq!(wrong_digit("+49 30 5551", &mut rng).len(), 11);
    }
}
