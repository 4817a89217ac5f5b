//! The words of a company's name, cut.
//!
//! Letters joined by dots or slashes are one word (`S.p.A.`, `A/S`); brackets are remembered. What a word means is
//! `words`.
//!
//! Invariant: at most [`TOKENS_MAX`] words, each plain and not empty.

use std::ops::Range;

use super::super::plain;

/// Most words of a name that are read; company names are shorter, hostile ones are cut.
pub(super) const TOKENS_MAX: usize = 32;
/// Longest name that is read, in bytes.
const NAME_BYTES_MAX: usize = 512;

/// A word of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts of a word that do not exclude one another")]
pub(super) struct Token {
    start: u16,
    end: u16,
    /// Whether it stands in brackets.
    pub(super) bracket: bool,
    /// Whether a comma, a bracket or a dash between spaces stands before it.
    pub(super) apart: bool,
    /// Whether it is letters joined by slashes: `c/o`.
    pub(super) slashed: bool,
    /// Whether its letters are all capitals.
    pub(super) upper: bool,
    /// Whether it is single letters joined.
    singles: bool,
}

impl Token {
    /// Returns where the word stands in the arena.
    pub(super) fn range(self) -> Range<usize> {
        usize::from(self.start)..usize::from(self.end)
    }
}

/// What stands between two words; of several marks the one that parts most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Dot,
    Slash,
    Other,
    Apart,
}

/// The state of cutting one name.
struct Cutter<'a> {
    arena: &'a mut String,
    tokens: Vec<Token>,
    start: usize,
    letters: usize,
    upper: bool,
    bracket: bool,
    spaced: bool,
    gap: Gap,
}

/// Cuts a name into plain words, which are appended to `arena`.
pub(super) fn tokens(name: &str, arena: &mut String) -> Vec<Token> {
    let mut cutter = Cutter {
        start: arena.len(),
        arena,
        tokens: Vec::with_capacity(8),
        letters: 0,
        upper: true,
        bracket: false,
        spaced: false,
        gap: Gap::Other,
    };
    let mut bytes = 0;
    for c in name.chars() {
        bytes += c.len_utf8();
        if bytes > NAME_BYTES_MAX || cutter.tokens.len() == TOKENS_MAX {
            break;
        }
        cutter.read(c);
    }
    cutter.end_word();
    cutter.join_last();
    cutter.tokens
}

impl Cutter<'_> {
    fn read(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.arena.push(c.to_ascii_lowercase());
            self.letters += 1;
            self.upper &= !c.is_ascii_lowercase();
            self.spaced = false;
            return;
        }
        if plain::is_apostrophe(c) {
            return;
        }
        let before = self.arena.len();
        plain::fold_char(c, self.arena);
        let is_word = self.arena.get(before..).is_some_and(|new| new.chars().all(char::is_alphanumeric));
        if is_word {
            self.spaced = false;
            self.letters += usize::from(self.arena.len() > before);
            self.upper &= !c.is_lowercase();
            return;
        }
        self.arena.truncate(before);
        self.end_word();
        let gap = match c {
            '.' => Gap::Dot,
            '/' => Gap::Slash,
            ',' | ';' | '|' | '(' | '[' | '{' | ')' | ']' | '}' => Gap::Apart,
            // A dash between spaces parts a name from what is said of it; a hyphen joins words.
            '-' | '\u{2013}' | '\u{2014}' if self.spaced => Gap::Apart,
            _ => Gap::Other,
        };
        self.spaced = c == ' ';
        self.gap = self.gap.max(gap);
        self.bracket = matches!(c, '(' | '[' | '{') || (self.bracket && !matches!(c, ')' | ']' | '}'));
    }

    /// Ends the word that is being read, joining a single letter to the letters before it.
    fn end_word(&mut self) {
        if self.arena.len() == self.start {
            return;
        }
        let single = self.letters == 1;
        let gap = self.gap;
        let joins = single && matches!(gap, Gap::Dot | Gap::Slash);
        if joins
            && let Some(last) = self.tokens.last_mut()
            && last.singles
            && usize::from(last.end) == self.start
            && last.bracket == self.bracket
        {
            last.end = short(self.arena.len());
            last.slashed |= gap == Gap::Slash;
            last.upper &= self.upper;
        } else {
            self.join_last();
            if !single {
                plain::join_umlauts(self.arena, self.start);
            }
            self.tokens.push(Token {
                start: short(self.start),
                end: short(self.arena.len()),
                bracket: self.bracket,
                apart: gap == Gap::Apart,
                slashed: false,
                upper: self.upper,
                singles: single,
            });
        }
        self.start = self.arena.len();
        self.letters = 0;
        self.upper = true;
        self.gap = Gap::Nothing;
    }

    /// Letters that were joined may spell an umlaut, as in a word.
    fn join_last(&mut self) {
        let Some(last) = self.tokens.last_mut().filter(|last| last.singles && last.end - last.start > 1) else {
            return;
        };
        let (start, end) = (usize::from(last.start), usize::from(last.end));
        let behind = self.arena.split_off(end);
        plain::join_umlauts(self.arena, start);
        last.end = short(self.arena.len());
        last.singles = false;
        let moved = end - usize::from(last.end);
        self.arena.push_str(&behind);
        self.start -= moved;
    }
}

fn short(at: usize) -> u16 {
    u16::try_from(at).expect("a name of at most 512 bytes folds to less than 64 KiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_plain_words() {
        for (name, expect) in [
            ("Müller & Söhne GmbH", "muller sohne gmbh"),
            ("Bella Via S.p.A.", "bella via spa"),
            ("Alfa Sp. z o.o.", "alfa sp z oo"),
            ("Havn A/S", "havn as"),
            ("E.ON SE", "e on se"),
            ("Nord-Wind/Süd", "nord wind sud"),
            ("L'Étoile", "letoile"),
            ("A.E.R.O. Werk", "aro werk"),
            ("Müller u.Söhne", "muller u sohne"),
            ("Ges. m. b. H.", "ges m b h"),
            ("", ""),
            ("&", ""),
        ] {
            let mut arena = String::new();
            let tokens = tokens(name, &mut arena);
            let words: Vec<&str> = tokens.iter().map(|token| arena.get(token.range()).unwrap()).collect();
            assert_eq!(words.join(" "), expect, "{name}");
        }
    }
}
