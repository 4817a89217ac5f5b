//! The sender's own words: what is left of a mail without quotes, signature, legal footer and our own text.
//!
//! Only these words can be a request; a quoted notice speaks of objection and erasure in every reply to it. Where a
//! quote begins is in [`mod@opening`], what stands around a person's words in [`tail`], our own wording in [`ours`].
//!
//! Invariant: every line of the text ends up in exactly one of the two halves of [`Words`] (a line that holds a
//! sentence of theirs and one of ours is split).

mod cues;
mod opening;
mod ours;
mod tail;

use super::html::html_to_text;
use super::parse::Mail;
use super::phrases::fold;
use opening::{Opening, opening};
use ours::Share;

/// A mail's text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    /// What the sender wrote.
    pub(crate) own: String,
    /// What was quoted, signed or appended.
    pub(crate) rest: String,
    /// What the sender wrote below quoted lines, each with what it answers.
    pub(crate) answers: Vec<Answer>,
}

/// Own words below a quoted line: inline answers refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The quoted paragraph right above, without its marks.
    pub(crate) to: String,
    /// What the sender wrote below, up to the next quote.
    pub(crate) own: String,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    /// The sender's.
    Own,
    /// Quoted.
    Quoted,
    /// Between the quote and the answer: who wrote what is quoted.
    Opening,
    /// Signature; given back where nothing else asks for anything.
    Tail,
    /// Legal footer, warning, picture.
    Footer,
}

/// Lines that are looked at; nobody writes more by hand. What comes after is no word of the sender's.
const LINES_MAX: usize = 100_000;

/// Lines of a block between quotes that are the sender's at most.
const OWN_LINES_MAX: usize = 5_000;

/// Takes a mail apart. Where its plain text holds no word of the sender's, the HTML beside it may.
pub(crate) fn words_of(mail: &Mail) -> Words {
    let words = own_words(&mail.text);
    if !words.own.is_empty() {
        return words;
    }
    let Some(html) = &mail.html else { return words };
    let other = own_words(&html_to_text(html));
    if other.own.is_empty() { words } else { other }
}

/// Takes a mail's text apart.
pub(crate) fn own_words(text: &str) -> Words {
    let lines: Vec<&str> = text.lines().take(LINES_MAX).map(|line| line.trim_end_matches('\r')).collect();
    let (mut halves, mut split) = mark_quotes(&lines);
    mark_tails(&lines, &mut halves);
    mark_ours(&lines, &mut halves, &mut split);
    give_back(&lines, &mut halves);
    gather(&lines, &halves, &split)
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{ad}' | '\u{34f}'))
}

/// Whether a line carries the mark of a quote.
fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    match line.as_bytes().first() {
        // An angry face is no quote.
        Some(b'>') => !matches!(line.trim_end(), ">:(" | ">:-(" | ">_<" | ">:[" | ">.<"),
        Some(b'&') => line.starts_with("&gt;"),
        Some(b'|') => line.len() == 1 || line.starts_with("|>") || line.starts_with("| ") || line.starts_with("||"),
        Some(b'A'..=b'Z') => {
            let initials = line.bytes().take_while(u8::is_ascii_uppercase).count();
            initials <= 3 && line.get(initials..).is_some_and(|rest| rest.starts_with("> ") || rest.trim_end() == ">")
        }
        Some(_) | None => false,
    }
}

/// Takes the marks of a quote off a line.
fn without_marks(line: &str) -> &str {
    let mut line = line.trim_start();
    while let Some(rest) = line.strip_prefix("&gt;").or_else(|| line.strip_prefix(['>', '|'])) {
        line = rest.trim_start();
    }
    line.trim_end()
}

/// A line that holds words of theirs and others: its index, theirs, the rest.
type Split = (usize, String, String);

/// Marks what is quoted; returns lines to which an attribution is glued, split.
fn mark_quotes(lines: &[&str]) -> (Vec<Half>, Vec<Split>) {
    let quoted: Vec<bool> = lines.iter().map(|line| is_quoted(line)).collect();
    let ahead = marks_ahead(lines, &quoted);
    let mut halves = vec![Half::Own; lines.len()];
    let mut split = Vec::new();
    let mut fill = |from: usize, to: usize, half: Half| {
        halves.iter_mut().take(to).skip(from).for_each(|mark| *mark = half);
    };
    // Whether marks follow from a line on; a few lines without may stand before them.
    let marks_follow = |from: usize| {
        let (marked, filled) = ahead.get(from).copied().unwrap_or_default();
        next_is_quoted(lines, &quoted, from) || (marked > 1 && marked * 2 >= filled)
    };
    let mut has_words = false;
    let mut index = 0;
    while let Some(&line) = lines.get(index) {
        let rest = lines.get(index..).unwrap_or_default();
        if quoted.get(index) == Some(&true) && !is_groupwise(line) {
            fill(index, index + 1, Half::Quoted);
            index += 1;
            continue;
        }
        if let Some(count) = encrypted_or_key(rest) {
            fill(index, index + count, Half::Footer);
            index += count;
            continue;
        }
        let mut attributed = None;
        match opening(rest, has_words) {
            Some(Opening::Rest) => {
                fill(index, lines.len(), Half::Quoted);
                break;
            }
            Some(Opening::Attribution { lines: count, sure }) if sure || marks_follow(index + count) => {
                fill(index, index + count, Half::Opening);
                attributed = Some(count);
            }
            Some(Opening::Attribution { .. }) => {}
            None => {
                if let Some((at, count)) = opening::glued(rest) {
                    let (theirs, other) = line.split_at(at);
                    split.push((index, theirs.to_owned(), other.to_owned()));
                    fill(index + 1, index + count, Half::Opening);
                    attributed = Some(count);
                }
            }
        }
        if let Some(count) = attributed {
            index += count;
            if !marks_follow(index) {
                fill(index, lines.len(), Half::Quoted);
                break;
            }
            continue;
        }
        if !has_words && opening::is_answer_above(line) {
            fill(index, index + 1, Half::Footer);
        }
        has_words |= !opening::is_rule(line) && !is_blank(line);
        index += 1;
    }
    (halves, split)
}

/// How many lines from each line on carry marks, and how many are not empty.
fn marks_ahead(lines: &[&str], quoted: &[bool]) -> Vec<(usize, usize)> {
    let mut ahead = vec![(0, 0); lines.len() + 1];
    let (mut marked, mut filled) = (0, 0);
    for (slot, (line, quoted)) in ahead.iter_mut().zip(lines.iter().zip(quoted)).rev() {
        marked += usize::from(*quoted);
        filled += usize::from(!is_blank(line));
        *slot = (marked, filled);
    }
    ahead
}

/// `>>> X 03.03.26 10:12 >>>`: no mark of a quote, but the line above one.
fn is_groupwise(line: &str) -> bool {
    line.len() > 8 && line.trim_end().ends_with(">>>")
}

/// Lines without a mark that may stand between an attribution and the marks: pictures, remnants of the attribution.
const UNMARKED_LINES_MAX: usize = 2;

fn next_is_quoted(lines: &[&str], quoted: &[bool], from: usize) -> bool {
    let near = lines.iter().zip(quoted).skip(from).take(20).filter(|(line, _)| !is_blank(line));
    near.take(UNMARKED_LINES_MAX + 1).any(|(_, quoted)| *quoted)
}

/// Lines of a PGP block: an encrypted text, a signature, a key, or the head of a signed text.
fn encrypted_or_key(lines: &[&str]) -> Option<usize> {
    let kind = lines.first()?.trim().strip_prefix("-----BEGIN PGP ")?;
    if kind.starts_with("SIGNED") {
        // `Hash:` lines up to the empty one.
        return Some(lines.iter().take(10).position(|line| is_blank(line)).unwrap_or(1));
    }
    let end = lines.iter().position(|line| line.trim().starts_with("-----END PGP "));
    Some(end.map_or(lines.len(), |end| end + 1))
}

/// Marks signatures and footers, block by block between the quotes.
fn mark_tails(lines: &[&str], halves: &mut [Half]) {
    let mut seen = tail::Seen::default();
    let mut start = 0;
    while start < lines.len() {
        let is_own = |at: usize| halves.get(at) == Some(&Half::Own);
        if !is_own(start) {
            start += 1;
            continue;
        }
        let length = (start..lines.len()).take_while(|&at| is_own(at)).count();
        let block = lines.get(start..start + length).unwrap_or_default();
        if let Some(marks) = halves.get_mut(start..start + length) {
            tail::mark_tail(block, marks, &mut seen);
        }
        start += length;
    }
}

/// Marks lines of our own notice; lines that hold ours and theirs are split.
fn mark_ours(lines: &[&str], halves: &mut [Half], split: &mut Vec<Split>) {
    let own: Vec<usize> =
        (0..lines.len()).filter(|&at| halves.get(at) == Some(&Half::Own)).take(OWN_LINES_MAX).collect();
    let texts: Vec<&str> = own.iter().filter_map(|&at| lines.get(at).copied()).collect();
    let shares = ours::shares(&texts);
    for (index, (&at, shared)) in own.iter().zip(&shares).enumerate() {
        if shared.share == Share::None {
            continue;
        }
        let goes_on = shares.get(index + 1).is_some_and(|next| next.share == Share::All);
        let (theirs, ours) = ours::split_sentences(texts.get(index).copied().unwrap_or_default(), shared, goes_on);
        if shared.share == Share::All && theirs.is_empty() {
            halves.iter_mut().skip(at).take(1).for_each(|half| *half = Half::Quoted);
        } else if !ours.is_empty() && split.iter().all(|(other, _, _)| *other != at) {
            split.push((at, theirs, ours));
        }
    }
    split.sort();
}

/// Gives lines of the signature back where nothing else is left and they ask for something.
fn give_back(lines: &[&str], halves: &mut [Half]) {
    let is_word = |(line, half): (&&str, &Half)| *half == Half::Own && line.chars().any(char::is_alphanumeric);
    if lines.iter().zip(halves.iter()).any(is_word) {
        return;
    }
    for (line, half) in lines.iter().zip(halves.iter_mut()).take(OWN_LINES_MAX) {
        if *half == Half::Tail && line.len() < 1_000 {
            let folded = fold(line);
            if tail::is_request(&folded) && !cues::LEGAL.is_match(&folded) {
                *half = Half::Own;
            }
        }
    }
}

/// Longest quoted text that is kept beside an answer.
const ANSWERED_BYTES_MAX: usize = 600;

fn gather(lines: &[&str], halves: &[Half], split: &[Split]) -> Words {
    let mut words = Words::default();
    let (mut own, mut rest): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut split = split.iter().filter(|(at, _, _)| halves.get(*at) == Some(&Half::Own)).peekable();
    // The quoted paragraph above, and the answer below it so far.
    let (mut quoted, mut ended): (Vec<&str>, bool) = (Vec::new(), false);
    let mut block: Vec<&str> = Vec::new();
    for (index, (&line, half)) in lines.iter().zip(halves).enumerate() {
        match half {
            Half::Own => {
                let shared = split.next_if(|(at, _, _)| *at == index);
                let theirs = shared.map_or(line, |(_, theirs, _)| theirs.as_str());
                rest.extend(shared.map(|(_, _, ours)| ours.as_str()));
                own.push(theirs);
                block.push(theirs);
            }
            Half::Quoted => {
                rest.push(line);
                if end_of_answer(&mut block, &quoted, &mut words.answers) {
                    quoted.clear();
                    ended = false;
                }
                let text = without_marks(line);
                if text.is_empty() {
                    ended = true;
                } else {
                    if ended {
                        quoted.clear();
                        ended = false;
                    }
                    quoted.push(text);
                }
            }
            Half::Opening => {
                rest.push(line);
                end_of_answer(&mut block, &quoted, &mut words.answers);
                quoted.clear();
            }
            Half::Tail | Half::Footer => rest.push(line),
        }
    }
    end_of_answer(&mut block, &quoted, &mut words.answers);
    words.own = tidied(&own);
    words.rest = rest.join("\n");
    words
}

/// Keeps an answer that ends here; says whether the sender wrote anything.
fn end_of_answer(block: &mut Vec<&str>, quoted: &[&str], answers: &mut Vec<Answer>) -> bool {
    let own = tidied(block);
    block.clear();
    if own.is_empty() {
        return false;
    }
    if !quoted.is_empty() {
        let mut to = quoted.join(" ");
        let cut = to.len().saturating_sub(ANSWERED_BYTES_MAX);
        let cut = (cut..=to.len()).find(|&at| to.is_char_boundary(at)).unwrap_or_default();
        to.drain(..cut);
        answers.push(Answer { to, own });
    }
    true
}

/// Joins lines: no space at their ends, at most one empty line between, none around.
fn tidied(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut blank = false;
    for line in lines {
        let line = line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
        if is_blank(line) {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        out.push_str(if out.is_empty() { line.trim_start() } else { line });
        blank = false;
    }
    out
}

#[cfg(test)]
mod tests;
