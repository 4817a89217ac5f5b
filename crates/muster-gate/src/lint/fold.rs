//! Folded text: lower case, ASCII letters without accents, one kind of quotation mark, apostrophe and hyphen.
//!
//! What is not a letter, digit or mark of ASCII becomes white space, so that words can be told by their bytes.
//!
//! Invariant: folded text is ASCII, and folding it again changes nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds running text and collapses its white space.
pub(super) fn fold(text: &str) -> String {
    let folded = fold_chars(text, true);
    let mut out = String::with_capacity(folded.len());
    for word in folded.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Folds the letters of a pattern and leaves its syntax.
pub(super) fn fold_pattern(pattern: &str) -> String {
    fold_chars(pattern, false)
}

fn fold_chars(text: &str, lower: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd() {
        match c {
            c if c.is_ascii() && lower => out.push(if c.is_ascii_control() { ' ' } else { c.to_ascii_lowercase() }),
            c if c.is_ascii() => out.push(c),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'ı' => out.push('i'),
            '„' | '“' | '”' | '«' | '»' | '‟' => out.push('"'),
            '‘' | '’' | '‚' | '‹' | '›' | 'ʼ' => out.push('\''),
            '‐' | '‑' | '‒' | '–' | '—' | '−' => out.push('-'),
            '•' | '▪' | '◦' | '●' | '·' | '■' => out.push('*'),
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            c if is_combining_mark(c) => {}
            _ => out.push(' '),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_marks_and_case_are_folded() {
        assert_eq!(fold("Größe  „ÉTÉ“ żółć\u{ad}\n l’accès – Œuvre"), "grosse \"ete\" zolc l'acces - oeuvre");
        assert_eq!(fold(&fold("Ärger • ½")), fold("Ärger • ½"));
        assert_eq!(fold_pattern(r"\bfür\W"), r"\bfur\W");
    }
}
