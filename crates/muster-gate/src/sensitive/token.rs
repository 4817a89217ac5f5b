//! Words, numbers, dates and marks of a folded text, each with its place in the original.
//!
//! A hyphen inside a word splits it and is remembered, so `CDU-Mitglied` and `CDU member` are read alike. Quotation
//! marks are dropped, an abbreviation takes its dot, letters that stand apart one by one are put together, addresses
//! of mail and web are one opaque token.
//!
//! Invariant: tokens are in order, do not overlap and lie on character borders of the original.

use std::collections::HashSet;

use super::normal::{Folded, fold};

/// What the languages' data files say of writing.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// Words that take a dot behind them.
    pub(super) abbreviations: HashSet<String>,
    /// Words that an apostrophe joins to the next, such as `l` and `dell`.
    pub(super) elisions: HashSet<String>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, or letters and digits.
    Word,
    /// Digits.
    Number,
    /// A calendar date in digits.
    Date,
    /// A mail or web address.
    Opaque,
    /// A punctuation mark.
    Mark(char),
    /// A pictograph.
    Symbol,
    /// A line break.
    Break,
    /// An empty line.
    Gap,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// It begins with a small letter, or is no word.
    Small,
    /// It begins with a capital.
    Capital,
    /// It has two letters or more, all capitals.
    Capitals,
}

/// One token.
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts about how a token is written")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Bytes of the original.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The folded text, as a range of [`Tokens::folded`].
    text: (usize, usize),
    pub(super) form: Form,
    /// A letter of it has an accent or another mark.
    pub(super) accented: bool,
    /// Its letters stood apart; a word of one letter before them may be among them.
    pub(super) spelled: bool,
    /// A hyphen or underscore joins it to the token before.
    pub(super) joined: bool,
    /// White space stands before it.
    pub(super) spaced: bool,
}

/// The tokens of one text.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    folded: String,
}

impl Tokens {
    /// Returns a token's folded text.
    pub(super) fn text(&self, token: &Token) -> &str {
        self.folded.get(token.text.0..token.text.1).unwrap_or_default()
    }
}

/// Pronouns whose shortened verb is part of the word: `she's`, `I'm`.
const PRONOUNS: &[&str] = &["he", "she", "who", "i", "they", "we", "it"];

/// A year whose digits stand apart has so many.
const SPACED_YEAR: usize = 4;

/// Letters of one word, standing apart, from this many on.
const SPACED_LETTERS_MIN: usize = 3;

/// Splits a text into tokens.
pub(super) fn tokenize(text: &str, habits: &Habits) -> Tokens {
    let chars = fold(text);
    let mut reader = Reader {
        chars: &chars,
        at: 0,
        joined: false,
        spaced: true,
        tokens: Tokens { list: Vec::with_capacity(chars.len() / 4 + 4), folded: String::with_capacity(chars.len()) },
    };
    while reader.at < chars.len() {
        reader.step(habits);
    }
    join_spaced_letters(reader.tokens)
}

struct Reader<'a> {
    chars: &'a [Folded],
    at: usize,
    joined: bool,
    spaced: bool,
    tokens: Tokens,
}

impl Reader<'_> {
    fn char(&self, index: usize) -> Option<char> {
        self.chars.get(index).map(|folded| folded.char)
    }

    fn step(&mut self, habits: &Habits) {
        let Some(c) = self.char(self.at) else { return };
        match c {
            '\n' => self.line_break(),
            '\t' => self.mark(c),
            c if c.is_whitespace() => {
                self.at += 1;
                self.spaced = true;
                self.joined = false;
            }
            // Quotes and signs of currency are no words, and end no phrase.
            '"' | '\'' | '`' | '$' | '€' | '£' => self.at += 1,
            '-' | '_' if self.between_words() => {
                self.at += 1;
                self.joined = true;
            }
            c if c.is_alphanumeric() => {
                if let Some(end) = self.opaque_end() {
                    self.push(Kind::Opaque, self.at, end);
                } else if c.is_numeric() {
                    self.number();
                } else {
                    self.word(self.at, habits);
                }
            }
            c if is_symbol(c) => self.push(Kind::Symbol, self.at, self.at + 1),
            '–' => self.mark('-'),
            c => self.mark(c),
        }
    }

    fn mark(&mut self, c: char) {
        self.push(Kind::Mark(c), self.at, self.at + 1);
    }

    fn line_break(&mut self) {
        let begin = self.at;
        let mut lines = 0;
        while let Some(c) = self.char(self.at).filter(|c| c.is_whitespace() && *c != '\t') {
            lines += usize::from(c == '\n');
            self.at += 1;
        }
        let end = self.at;
        self.push(if lines > 1 { Kind::Gap } else { Kind::Break }, begin, end);
        self.spaced = true;
    }

    /// Whether the hyphen here stands between two word characters.
    fn between_words(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|index| self.char(index)).unwrap_or(' ');
        let after = self.char(self.at + 1).unwrap_or(' ');
        (before.is_alphanumeric() || before == '.' || before == ')') && after.is_alphanumeric()
    }

    /// Where the mail or web address that begins here ends.
    fn opaque_end(&self) -> Option<usize> {
        let before = self.at.checked_sub(1).and_then(|index| self.char(index)).unwrap_or(' ');
        if before.is_alphanumeric() {
            return None;
        }
        let stop =
            |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']' | ',' | ';' | '|');
        let length = self.chars.get(self.at..)?.iter().take_while(|folded| !stop(folded.char)).count();
        let chunk = self.chars.get(self.at..self.at + length)?;
        let find = |wanted: char| chunk.iter().position(|folded| folded.char == wanted);
        let host = find('@').and_then(|at| chunk.get(at + 1..)).is_some_and(|host| {
            host.iter().any(|f| f.char == '.')
                && host.iter().all(|f| f.char.is_alphanumeric() || ".-:?".contains(f.char))
        });
        let scheme =
            find(':').and_then(|at| chunk.get(at + 1..at + 3)).is_some_and(|two| two.iter().all(|f| f.char == '/'));
        let www = chunk.len() > 6 && chunk.iter().take(4).map(|f| f.char).eq("www.".chars());
        if !(host || scheme || www) {
            return None;
        }
        let trailing = chunk.iter().rev().take_while(|f| ".:!?".contains(f.char)).count();
        Some(self.at + length - trailing)
    }

    fn number(&mut self) {
        if let Some(end) = self.date_end() {
            return self.push(Kind::Date, self.at, end);
        }
        let digits = self.run(self.at, char::is_numeric);
        let mut end = digits;
        while matches!(self.char(end), Some('.' | ',' | '\'')) && self.char(end + 1).is_some_and(char::is_numeric) {
            end = self.run(end + 1, char::is_numeric);
        }
        if end > digits {
            return self.push(Kind::Opaque, self.at, end);
        }
        let letters = self.run(digits, char::is_alphabetic);
        let tail: String = self.chars.iter().take(letters).skip(digits).map(|f| f.char).collect();
        if tail.is_empty() || tail.len() >= 4 || matches!(tail.as_str(), "yo" | "yrs" | "yr" | "j") {
            self.push(Kind::Number, self.at, digits);
            self.joined = !tail.is_empty();
        } else {
            let end = self.run(digits, char::is_alphanumeric);
            self.push(Kind::Word, self.at, end);
        }
    }

    /// Reads `12.03.1971`, `12/3/71`, `1971-03-12`.
    fn date_end(&self) -> Option<usize> {
        let first = self.run(self.at, char::is_numeric);
        let mark = self.char(first).filter(|c| matches!(c, '.' | '/' | '-'))?;
        let second = self.run(first + 1, char::is_numeric);
        if self.char(second) != Some(mark) {
            return None;
        }
        let third = self.run(second + 1, char::is_numeric);
        let lengths = (first - self.at, second - first - 1, third - second - 1);
        let dated = matches!(lengths, (1 | 2, 1 | 2, 2 | 4) | (4, 1 | 2, 1 | 2));
        let more = self.char(third).is_some_and(|c| c == mark && mark != '.' && mark != '/');
        let within = |from: usize, to: usize| {
            let digits = self.chars.get(from..to).unwrap_or_default();
            digits.iter().fold(0u32, |sum, f| sum * 10 + f.char.to_digit(10).unwrap_or(0))
        };
        let middle = within(first + 1, second);
        (dated && !more && (1..=31).contains(&middle)).then_some(third)
    }

    fn run(&self, from: usize, test: impl Fn(char) -> bool) -> usize {
        let rest = self.chars.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|folded| test(folded.char)).count()
    }

    fn word(&mut self, begin: usize, habits: &Habits) {
        let mut end = begin;
        let mut text = String::new();
        loop {
            let stop = self.run(end, char::is_alphanumeric);
            text.extend(self.chars.iter().take(stop).skip(end).map(|f| f.char));
            end = stop;
            let (next, after) = (self.char(end), self.char(end + 1));
            match (next, after) {
                (Some('\''), Some(c)) if c.is_alphabetic() => {
                    let tail = self.run(end + 1, char::is_alphanumeric);
                    if PRONOUNS.contains(&text.as_str()) && tail <= end + 3 {
                        text.extend(self.chars.iter().take(tail).skip(end).map(|f| f.char));
                        end = tail;
                        break;
                    }
                    if c == 's' && tail == end + 2 {
                        end = tail;
                        break;
                    }
                    end += 1;
                    if habits.elisions.contains(&text) {
                        text.push('\'');
                        break;
                    }
                }
                (Some('-'), Some('\n'))
                    if self.chars.get(end + 2).is_some_and(|f| f.char.is_alphabetic() && !f.upper) =>
                {
                    end += 2;
                }
                (Some('@' | '$'), Some(c)) if c.is_alphabetic() => {
                    text.push(if next == Some('@') { 'a' } else { 's' });
                    end += 1;
                }
                _ => break,
            }
        }
        let single = text.chars().count() == 1;
        let dotted = self.char(end) == Some('.') && (single || habits.abbreviations.contains(&text));
        self.push_word(&text, begin, end + usize::from(dotted));
        // Italian typed without accents writes the mark behind the vowel: `E' sposata`, `papa'`.
        let quoted = begin.checked_sub(1).is_some_and(|before| self.char(before) == Some('\''));
        let marked = self.char(end) == Some('\'') && text.ends_with(['a', 'e', 'i', 'o', 'u']) && !quoted;
        if let Some(word) = self.tokens.list.last_mut().filter(|_| marked) {
            word.accented = true;
        }
    }

    fn push_word(&mut self, text: &str, begin: usize, end: usize) {
        let letters = self.chars.get(begin..end).unwrap_or_default().iter().filter(|f| f.char.is_alphabetic());
        let (mut count, mut uppers) = (0, 0);
        letters.for_each(|f| {
            count += 1;
            uppers += usize::from(f.upper);
        });
        let from = self.tokens.folded.len();
        self.tokens.folded.push_str(text);
        let cap = self.chars.get(begin).is_some_and(|f| f.upper);
        let form = match cap {
            _ if count > 1 && uppers == count => Form::Capitals,
            true => Form::Capital,
            false => Form::Small,
        };
        self.add(Kind::Word, begin, end, (from, self.tokens.folded.len()), form);
    }

    fn push(&mut self, kind: Kind, begin: usize, end: usize) {
        let from = self.tokens.folded.len();
        let chars = self.chars.get(begin..end).unwrap_or_default();
        self.tokens.folded.extend(chars.iter().map(|f| f.char));
        self.add(kind, begin, end, (from, self.tokens.folded.len()), Form::Small);
    }

    fn add(&mut self, kind: Kind, begin: usize, end: usize, text: (usize, usize), form: Form) {
        let (Some(first), Some(last)) = (self.chars.get(begin), self.chars.get(end.saturating_sub(1))) else {
            self.at = end.max(self.at + 1);
            return;
        };
        // One original character may fold to several; they stay in one token, so that tokens never overlap.
        let start = self.tokens.list.last().map_or(first.start, |token| first.start.max(token.end));
        self.tokens.list.push(Token {
            kind,
            start,
            end: last.end.max(start),
            text,
            form,
            accented: self.chars.get(begin..end).is_some_and(|chars| chars.iter().any(|f| f.accented)),
            spelled: false,
            joined: self.joined,
            spaced: self.spaced,
        });
        self.at = end;
        self.joined = false;
        self.spaced = false;
    }
}

fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '†' | '‡')
}

/// Puts words together whose letters stand apart: `g e s c h l e c h t`, `D.O.B.`, `s-p-d`; years likewise: `1 9 7 1`.
fn join_spaced_letters(tokens: Tokens) -> Tokens {
    let Tokens { list, mut folded } = tokens;
    let one = |token: &Token, kind: Kind| token.kind == kind && token.text.1 - token.text.0 == 1;
    let letter = |token: &Token| one(token, Kind::Word);
    let digit = |token: &Token| one(token, Kind::Number);
    if !list.windows(SPACED_LETTERS_MIN).any(|window| window.iter().all(letter) || window.iter().all(digit)) {
        return Tokens { list, folded };
    }
    let mut joined: Vec<Token> = Vec::with_capacity(list.len());
    let mut rest = list.as_slice();
    while let Some(first) = rest.first() {
        let letters = spaced_words(rest, letter);
        let years: Vec<usize> =
            spaced_words(rest, digit).into_iter().filter(|run| *run == SPACED_YEAR).take(1).collect();
        let runs = match (letters.is_empty(), years.is_empty()) {
            (false, _) => letters,
            (true, false) => years,
            (true, true) => vec![1],
        };
        let spelled = first.kind == Kind::Word;
        for run in runs {
            let (word, after) = rest.split_at(run.min(rest.len()));
            rest = after;
            joined.extend(join(word, spelled, &mut folded));
        }
    }
    Tokens { list: joined, folded }
}

/// One token for letters that stand apart.
fn join(letters: &[Token], spelled: bool, folded: &mut String) -> Option<Token> {
    let (first, last) = (letters.first()?, letters.last()?);
    if letters.len() == 1 {
        return Some(first.clone());
    }
    let from = folded.len();
    let text: String = letters.iter().filter_map(|t| folded.get(t.text.0..t.text.1)).collect();
    folded.push_str(&text);
    let capitals = letters.iter().all(|token| token.form != Form::Small);
    let form = if capitals { Form::Capitals } else { first.form };
    Some(Token { end: last.end, text: (from, folded.len()), form, spelled, ..first.clone() })
}

/// How many letters each word at the head has whose letters stand apart; words stand farther apart than letters.
fn spaced_words(tokens: &[Token], single: impl Fn(&Token) -> bool) -> Vec<usize> {
    let run = tokens.iter().take_while(|token| single(token)).count();
    let letters = tokens.get(..run).unwrap_or_default();
    let gaps: Vec<usize> = letters
        .windows(2)
        .map(|pair| match pair {
            [one, two] => two.start.saturating_sub(one.end),
            _ => 0,
        })
        .collect();
    let Some(usual) = gaps.iter().min() else { return Vec::new() };
    let mut words = vec![1];
    for gap in &gaps {
        match words.last_mut() {
            Some(word) if gap <= usual => *word += 1,
            _ => words.push(1),
        }
    }
    if words.iter().any(|word| *word >= SPACED_LETTERS_MIN) { words } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let habits = Habits { abbreviations: set(&["geb"]), elisions: set(&["l", "dell"]) };
        let tokens = tokenize(text, &habits);
        tokens.list.iter().map(|token| tokens.text(token).to_owned()).collect()
    }

    #[test]
    fn words_and_numbers_come_apart() {
        assert_eq!(words("Anna Schmidt, 47-jährige"), ["anna", "schmidt", ",", "47", "jaehrige"]);
        assert_eq!(words("geb. 12.03.1971 in Köln."), ["geb", "12.03.1971", "in", "koeln", "."]);
        assert_eq!(words("v3.2 und 1.500 EUR"), ["v3", ".", "2", "und", "1.500", "eur"]);
        assert_eq!(words("O'Brien's 47yo katho-\nlisch"), ["obrien", "47", "yo", "katholisch"]);
    }

    #[test]
    fn a_shortened_word_is_a_word_of_its_own() {
        assert_eq!(words("l’Hôpital dell'Annunziata"), ["l'", "hopital", "dell'", "annunziata"]);
        assert_eq!(words("O'Hara, l'"), ["ohara", ",", "l"]);
    }

    #[test]
    fn an_apostrophe_behind_a_vowel_is_an_accent() {
        let accents = |text: &str| -> Vec<bool> {
            let habits = Habits { abbreviations: HashSet::new(), elisions: HashSet::from(["l".to_owned()]) };
            tokenize(text, &habits).list.iter().map(|token| token.accented).collect()
        };
        assert_eq!(accents("Anna e' papa' e 'marie' l'eta"), [false, true, true, false, false, false, false]);
    }

    #[test]
    fn letters_that_stand_apart_are_one_word() {
        assert_eq!(words("g e s c h l e c h t: w"), ["geschlecht", ":", "w"]);
        assert_eq!(words("D.O.B. 1"), ["dob", "1"]);
        assert_eq!(words("b o r n  1 9 7 1, 3 0 1"), ["born", "1971", ",", "3", "0", "1"]);
        assert_eq!(words("j e  s u i s  n e e ici"), ["je", "suis", "nee", "ici"]);
        assert_eq!(words("J. R. Smith"), ["j", "r", "smith"]);
    }

    #[test]
    fn addresses_are_opaque() {
        assert_eq!(
            words("an anna.frau@a.example, https://b.example/frau."),
            ["an", "anna.frau@a.example", ",", "https://b.example/frau", "."]
        );
    }
}
