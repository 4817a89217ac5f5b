//! A name cut into words, each folded, with what the writing tells of it: capitals, dots, hyphens, commas, brackets.
//!
//! It knows no names and no titles. Invariant: no word is empty, and there are never more than [`WORDS_MAX`].

use crate::normal::letters::fold;

use super::given::Known;

/// Longest text that is read as a name, in bytes: a longer one is a sentence or an attack.
const BYTES_MAX: usize = 256;

/// Most words that are looked at.
pub(super) const WORDS_MAX: usize = 24;

/// What sources write where they know no name.
const GAPS: &[&str] = &["n/a", "n.a.", "k.a.", "k. a.", "n.n.", "n. n.", "?", "-"];

/// How a word is written.
#[expect(clippy::struct_excessive_bools, reason = "independent marks of the writing, each read by one rule")]
#[derive(Clone, Default)]
pub(super) struct Word {
    /// The folded letters.
    pub(super) text: String,
    /// Two letters or more, all of them capitals (`McDONALD` counts).
    pub(super) is_upper: bool,
    /// Begins with a small letter.
    pub(super) is_lower: bool,
    /// A dot follows directly.
    pub(super) has_dot: bool,
    /// Joined to the word before by a hyphen.
    pub(super) is_joined: bool,
    /// Follows the dot of the word before without a space: `Ph.D.`, `J.P.`
    pub(super) is_tight: bool,
    /// Stands in brackets or quotes.
    pub(super) is_aside: bool,
    /// Ends in an apostrophe, so that what follows a space belongs to it: `O' Brien`.
    pub(super) ends_open: bool,
    /// How many commas stand before it.
    pub(super) segment: u8,
    /// What the table of given names says of it.
    pub(super) known: Known,
}

impl Word {
    /// Returns whether the word is one letter.
    pub(super) fn is_initial(&self) -> bool {
        let mut letters = self.text.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    }
}

/// What stands between two words.
#[derive(Clone, Copy, Default)]
struct Marks {
    segment: u8,
    is_aside: bool,
    is_joined: bool,
    is_tight: bool,
}

/// Cuts a text into words; empty for an address, a number, or what is too long for a name.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(6);
    // `Anna Example <anna@firma.example>`: what is in angle brackets is an address.
    let text = text.trim().split('<').next().unwrap_or_default();
    if text.len() > BYTES_MAX || text.contains('@') || text.contains("://") || text.starts_with("www.") {
        return words;
    }
    if GAPS.iter().any(|gap| text.eq_ignore_ascii_case(gap)) {
        return words;
    }
    let mut marks = Marks::default();
    let mut start = None;
    for (at, c) in text.char_indices() {
        if is_inside(c) {
            start.get_or_insert(at);
            continue;
        }
        let begun = start.take();
        let raw = begun.and_then(|from| text.get(from..at)).unwrap_or_default();
        push(raw, marks, &mut words);
        let is_before_gap = text.get(at + c.len_utf8()..).is_none_or(|rest| !rest.starts_with(is_inside));
        if !step(c, !raw.is_empty(), is_before_gap, &mut marks, &mut words) || words.len() >= WORDS_MAX {
            return words;
        }
    }
    push(start.and_then(|from| text.get(from..)).unwrap_or_default(), marks, &mut words);
    words
}

/// Letters, digits, marks, apostrophes and what does not show: what a word is made of.
fn is_inside(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '\'' | '`');
    }
    !(c.is_whitespace()
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{201c}'..='\u{201f}' | '«' | '»' | '·' | '•' | '|' | '（' | '）' | '，' | '、' | '－'))
}

/// Takes note of what follows a word; returns whether the name goes on.
fn step(c: char, is_behind_word: bool, is_before_gap: bool, marks: &mut Marks, words: &mut [Word]) -> bool {
    let was_joined = marks.is_joined;
    *marks = Marks { segment: marks.segment, is_aside: marks.is_aside, ..Marks::default() };
    match c {
        '.' => {
            if is_behind_word && let Some(word) = words.last_mut() {
                word.has_dot = true;
                marks.is_tight = true;
            }
        }
        '-' | '\u{2010}'..='\u{2015}' | '－' => {
            // `Anna - Berlin` is no double name: what follows is a role or a place.
            let is_break = !is_behind_word && is_before_gap;
            marks.is_joined = !is_break && !words.is_empty();
            return !(is_break && words.iter().any(|word| !word.is_aside));
        }
        ',' | ';' | '，' | '、' => {
            marks.segment = marks.segment.saturating_add(1);
            marks.is_aside = false;
        }
        '(' | '[' | '（' | '«' | '\u{201c}' | '\u{201e}' => marks.is_aside = true,
        ')' | ']' | '）' | '»' | '\u{201d}' => marks.is_aside = false,
        '"' => marks.is_aside = !marks.is_aside,
        // What follows is another person, a role or a place.
        '|' | '/' | '•' | '&' | '+' => return !words.iter().any(|word| !word.is_aside),
        _ => marks.is_joined = was_joined && !is_behind_word && c.is_whitespace(),
    }
    true
}

fn push(raw: &str, marks: Marks, words: &mut Vec<Word>) {
    if raw.is_empty() {
        return;
    }
    let mut text = String::with_capacity(raw.len() + 2);
    fold(raw, &mut text);
    if text.contains(' ') {
        text.retain(|c| c != ' ');
    }
    if text.is_empty() {
        return;
    }
    let text_len = text.len();
    if let Some(open) = words.last_mut()
        && std::mem::take(&mut open.ends_open)
        && open.segment == marks.segment
        && !marks.is_aside
    {
        open.text.push_str(&text);
        return;
    }
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for c in raw.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase() && c != 'ß');
    }
    let is_mac = lower <= 2 && upper >= 4 && (raw.starts_with("Mc") || raw.starts_with("Mac"));
    words.push(Word {
        text,
        is_upper: upper >= 2 && (lower == 0 || is_mac),
        is_lower: raw.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase),
        has_dot: false,
        is_joined: marks.is_joined,
        is_tight: marks.is_tight,
        is_aside: marks.is_aside,
        ends_open: raw.ends_with(['\'', '’', '`', '´']) && text_len <= 4,
        segment: marks.segment,
        known: Known::default(),
    });
}
