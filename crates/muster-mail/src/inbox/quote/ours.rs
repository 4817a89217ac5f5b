//! Our own notice, quoted without any mark: its running words are known, so they are recognized.
//!
//! Runs of five words are compared, not lines, because programs wrap a quoted text anew.
//!
//! Invariant: what is filled into a notice (names, data) is never compared, only the shipped wording.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::notice::SHIPPED;

/// Words in a row that must be ours.
const RUN: usize = 5;

/// Share of a line's words, in percent, that makes it ours.
const COVERED_PERCENT_MIN: usize = 70;

/// Words that a sentence within somebody's line must have at least.
const SENTENCE_WORDS_MIN: usize = 6;

struct Ours {
    runs: HashSet<u64>,
    /// Short whole lines, such as headings.
    lines: HashSet<u64>,
}

static OURS: LazyLock<Ours> = LazyLock::new(|| {
    let mut ours = Ours { runs: HashSet::new(), lines: HashSet::new() };
    for (_, template) in SHIPPED {
        let bare = without_fields(template);
        for piece in bare.split('\u{0}') {
            let words: Vec<u64> = words_of(piece).collect();
            ours.runs.extend(words.windows(RUN).map(joined));
        }
        for line in bare.lines().filter(|line| !line.contains('\u{0}')) {
            let words: Vec<u64> = words_of(line).collect();
            if (2..RUN + 3).contains(&words.len()) {
                ours.lines.insert(joined(&words));
            }
        }
    }
    ours
});

/// Puts a mark where a template has a field or a condition.
fn without_fields(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(rest.get(..open).unwrap_or_default());
        out.push('\u{0}');
        rest = rest.get(open..).unwrap_or_default();
        let end = rest.find("}}").into_iter().chain(rest.find("%}")).min();
        rest = end.and_then(|end| rest.get(end + 2..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// FNV-1a over the letters of each word, in lower case.
fn words_of(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        word.chars()
            .flat_map(char::to_lowercase)
            .fold(0xcbf2_9ce4_8422_2325, |hash, c| mixed(hash, u64::from(u32::from(c))))
    })
}

const fn mixed(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0100_0000_01b3)
}

fn joined(words: &[u64]) -> u64 {
    words.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, word| mixed(hash.rotate_left(5), *word))
}

/// What of a line is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// Nothing.
    None,
    /// A sentence of it may be.
    Some,
    /// The line.
    All,
}

/// A line with what of it is ours.
pub(super) struct Shared {
    pub(super) share: Share,
    /// Word by word.
    covered: Vec<bool>,
}

/// Says for each line of a text how much of it is our notice's wording.
pub(super) fn shares(lines: &[&str]) -> Vec<Shared> {
    let mut words = Vec::new();
    let mut ends = Vec::with_capacity(lines.len());
    for line in lines {
        words.extend(words_of(line));
        ends.push(words.len());
    }
    let covered = covered(&words);
    let mut shares = Vec::with_capacity(lines.len());
    let mut from = 0;
    for end in ends {
        let covered = covered.get(from..end).unwrap_or_default().to_vec();
        let count = count(&covered);
        let share = if count > 0 && count * 100 >= covered.len() * COVERED_PERCENT_MIN {
            Share::All
        } else if count >= SENTENCE_WORDS_MIN {
            Share::Some
        } else {
            Share::None
        };
        shares.push(Shared { share, covered });
        from = end;
    }
    if covered.contains(&true) {
        spread(lines, &mut shares);
    }
    shares
}

fn count(covered: &[bool]) -> usize {
    covered.iter().filter(|is| **is).count()
}

/// A heading, a line of the list of data, or a line that is half ours counts where it stands next to text of ours.
fn spread(lines: &[&str], shares: &mut [Shared]) {
    for forward in [true, false] {
        let mut near = false;
        for step in 0..lines.len() {
            let at = if forward { step } else { lines.len() - 1 - step };
            let (Some(line), Some(shared)) = (lines.get(at), shares.get_mut(at)) else { continue };
            if line.trim().is_empty() {
                continue;
            }
            let count = count(&shared.covered);
            let is_half = count > 1 && count * 2 >= shared.covered.len();
            if shared.share != Share::All && near && (is_half || is_line_of_ours(line)) {
                shared.share = Share::All;
            }
            near = shared.share == Share::All;
        }
    }
}

fn is_line_of_ours(line: &str) -> bool {
    let words: Vec<u64> = words_of(line).take(RUN + 3).collect();
    OURS.lines.contains(&joined(&words)) || (line.trim_start().starts_with("- ") && line.contains(": "))
}

fn covered(words: &[u64]) -> Vec<bool> {
    let mut covered = vec![false; words.len()];
    for (at, run) in words.windows(RUN).enumerate() {
        if OURS.runs.contains(&joined(run)) {
            covered.get_mut(at..at + RUN).unwrap_or_default().fill(true);
        }
    }
    covered
}

/// Splits a line into sentences of theirs and of ours. In a line that is ours a sentence without one word of ours is
/// theirs, unless it goes on in a next line of ours; in a line of theirs a sentence with hardly another word is ours.
pub(super) fn split_sentences(line: &str, shared: &Shared, goes_on: bool) -> (String, String) {
    let (mut own, mut ours) = (String::new(), String::new());
    let mut from = 0;
    for sentence in line.split_inclusive(['.', '!', '?']) {
        let length = words_of(sentence).count();
        let count = count(shared.covered.get(from..from + length).unwrap_or_default());
        from += length;
        let is_ours = match shared.share {
            Share::All => count > 0 || length == 0 || (goes_on && !sentence.trim_end().ends_with(['.', '!', '?'])),
            Share::Some | Share::None => length >= SENTENCE_WORDS_MIN && count * 100 >= length * 90,
        };
        if is_ours { &mut ours } else { &mut own }.push_str(sentence);
    }
    (own.trim().to_owned(), ours.trim().to_owned())
}
