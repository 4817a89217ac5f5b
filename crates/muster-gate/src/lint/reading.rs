//! A notice as the checks read it: paragraphs and sentences, each as it stands and without the facts in it.
//!
//! It judges nothing.
//!
//! Invariant: `own` texts hold none of the person's values, so that a word in a name or title is never taken for a
//! word of the notice.

use std::sync::LazyLock;

use muster_model::Field;
use regex::Regex;

use crate::{NoticeFacts, field_label};

/// What stands where a fact was taken out.
const TAKEN_OUT: &str = "·";
/// Longest line that counts as a heading.
const HEADING_CHARS_MAX: usize = 70;

static URL: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?i)(?:https?://|\bwww\.)[^\s<>"'()\[\]{}„“”«»]+"#));
static MAILBOX: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+"));
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| regex(r#"[.!?]["”“»)]?\s+"#));
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"„[^“”]{1,400}[“”]|“[^”]{1,400}”|«[^»]{1,400}»|"[^"]{1,400}""#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// Lines between two blank ones.
#[derive(Debug)]
pub(super) struct Paragraph {
    /// The text on one line.
    pub flat: String,
    /// The same without the facts in it.
    pub own: String,
    /// Its first line, where that looks like a heading, or the heading that stands alone before it; a heading that
    /// stands alone is its own.
    pub heading: Option<String>,
    /// Whether lines of dashes or the like set it apart on both sides.
    pub boxed: bool,
    /// Where it begins, in characters of all paragraphs.
    pub begins: usize,
    /// Its sentences, without the facts in them.
    pub sentences: Vec<String>,
}

/// A notice, read.
#[derive(Debug)]
pub(super) struct Reading {
    /// The whole text on one line.
    pub flat: String,
    /// The whole text as it stands, cleaned line by line.
    pub lines: Vec<String>,
    /// The lines without the facts in them.
    pub own_lines: Vec<String>,
    /// Its paragraphs, headings joined to what follows them.
    pub paragraphs: Vec<Paragraph>,
    /// Characters of all paragraphs.
    pub length: usize,
    /// Every text of the facts in lower case, one a line.
    pub known: String,
}

impl Reading {
    /// Reads a notice.
    pub(super) fn of(text: &str, facts: &NoticeFacts) -> Self {
        let takers = facts_to_take_out(facts);
        let lines: Vec<String> = text.lines().map(clean_line).collect();
        let own_lines = lines.iter().map(|line| without(line, &takers)).collect();
        let mut paragraphs = paragraphs_of(&lines, &takers);
        let mut length = 0;
        for paragraph in &mut paragraphs {
            paragraph.begins = length;
            length += paragraph.flat.chars().count();
        }
        Self { flat: one_line(text), lines, own_lines, paragraphs, length, known: known_texts(facts) }
    }

    /// Returns the sentences of all paragraphs.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &String> {
        self.paragraphs.iter().flat_map(|paragraph| &paragraph.sentences)
    }

    /// Returns whether the notice says a text, whatever its line breaks.
    pub(super) fn says(&self, text: &str) -> bool {
        let text = one_line(text);
        !text.is_empty() && finds(&self.flat, &text)
    }

    /// Returns whether the notice says a text in any case.
    pub(super) fn says_any_case(&self, text: &str) -> bool {
        let text = one_line(text).to_lowercase();
        !text.is_empty() && finds(&self.flat.to_lowercase(), &text)
    }

    /// Returns the notice's own words, paragraph by paragraph.
    pub(super) fn own_text(&self) -> String {
        self.paragraphs.iter().map(|paragraph| paragraph.own.as_str()).collect::<Vec<_>>().join("\n\n")
    }
}

/// Returns the addresses of pages in a text.
pub(super) fn urls(text: &str) -> impl Iterator<Item = &str> {
    URL.find_iter(text).map(|found| found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?']))
}

/// Returns the mailboxes in a text.
pub(super) fn mailboxes(text: &str) -> impl Iterator<Item = &str> {
    MAILBOX.find_iter(text).map(|found| found.as_str().trim_end_matches(['.', '-']))
}

/// Takes quotations out of a text.
pub(super) fn unquoted(text: &str) -> String {
    QUOTED.replace_all(text, TAKEN_OUT).into_owned()
}

/// Puts a text on one line: white space and control characters collapsed, invisible characters out, one apostrophe
/// and one hyphen.
pub(super) fn one_line(text: &str) -> String {
    let plain = text.chars().filter_map(|c| match c {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        '\u{2018}' | '\u{2019}' => Some('\''),
        '\u{2010}' | '\u{2011}' => Some('-'),
        c if c.is_control() => Some(' '),
        c => Some(c),
    });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clean_line(line: &str) -> String {
    one_line(line)
}

/// Returns whether `needle` stands in `hay` and is not part of a longer word there.
pub(super) fn finds(hay: &str, needle: &str) -> bool {
    places(hay, needle).next().is_some()
}

fn first_place(hay: &str, needle: &str) -> Option<usize> {
    places(hay, needle).next()
}

/// The byte places of `needle` in `hay` that are not inside a longer word.
pub(super) fn places<'a>(hay: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (starts, ends) = (word(needle.chars().next()), word(needle.chars().next_back()));
    hay.match_indices(needle).map(|(at, _)| at).filter(move |&at| {
        let before = hay.get(..at).and_then(|head| head.chars().next_back());
        let after = hay.get(at + needle.len()..).and_then(|tail| tail.chars().next());
        !(starts && word(before) || ends && word(after))
    })
}

fn without(text: &str, takers: &[String]) -> String {
    let mut left = URL.replace_all(text, TAKEN_OUT).into_owned();
    left = MAILBOX.replace_all(&left, TAKEN_OUT).into_owned();
    for fact in takers {
        while let Some(at) = first_place(&left, fact) {
            left.replace_range(at..at + fact.len(), TAKEN_OUT);
        }
    }
    left
}

/// The texts that are facts rather than words of the notice, longest first.
fn facts_to_take_out(facts: &NoticeFacts) -> Vec<String> {
    let controller = &facts.controller;
    let mut texts: Vec<&str> = vec![&controller.legal_name, &controller.address, &facts.reference];
    texts.extend(controller.dpo.iter().filter_map(|dpo| dpo.name.as_deref()));
    if let Some(representative) = &controller.representative {
        texts.extend([representative.name.as_str(), representative.contact.as_str()]);
    }
    texts.extend(facts.authority());
    texts.extend(facts.recipients.iter().map(|recipient| recipient.name.as_str()));
    for value in &facts.values {
        texts.push(&value.value);
        for line in &value.lineage {
            texts.extend(line.quote.as_deref());
            texts.extend(line.source_url.as_deref());
            texts.push(line.source.as_str());
        }
    }
    let labels: Vec<&str> = Field::ALL.iter().map(|&field| field_label(field, &facts.lang)).collect();
    let mut lines: Vec<String> = texts.into_iter().map(one_line).filter(|text| worth_taking_out(text)).collect();
    lines.retain(|text| !labels.contains(&text.as_str()) && text != TAKEN_OUT);
    lines.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    lines.dedup();
    lines
}

/// A single character or a lone number would take words of the notice apart.
fn worth_taking_out(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().any(char::is_alphabetic)
}

fn known_texts(facts: &NoticeFacts) -> String {
    let controller = &facts.controller;
    let mut texts: Vec<&str> = vec![&controller.legal_name, &controller.address, &controller.email, &facts.reply_to];
    texts.extend(controller.privacy_url.as_deref());
    if let Some(dpo) = &controller.dpo {
        texts.push(&dpo.email);
        texts.extend(dpo.name.as_deref());
    }
    if let Some(representative) = &controller.representative {
        texts.extend([representative.name.as_str(), representative.contact.as_str()]);
    }
    texts.extend(controller.authorities.values().map(String::as_str));
    texts.extend(facts.purposes.iter().flat_map(|purpose| purpose.sentence.values()).map(String::as_str));
    texts.extend(facts.interest.values().map(String::as_str));
    texts.extend(facts.recipients.iter().map(|recipient| recipient.name.as_str()));
    for value in &facts.values {
        texts.push(&value.value);
        for line in &value.lineage {
            texts.extend(line.quote.as_deref());
            texts.extend(line.source_url.as_deref());
            texts.push(line.source.as_str());
        }
    }
    texts.into_iter().map(|text| one_line(text).to_lowercase()).collect::<Vec<_>>().join("\n")
}

fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3 && line.chars().all(|c| "-=_*~#+─━═".contains(c))
}

fn is_bullet(line: &str) -> bool {
    line.starts_with(['-', '*', '•', '–', '·', '▪']) && !is_rule(line)
}

fn is_heading(line: &str) -> bool {
    let ends_open = !line.ends_with(['.', '!', '?', ',', ';']);
    let short = line.chars().count() <= HEADING_CHARS_MAX && line.split(' ').count() <= 9;
    short && ends_open && !is_bullet(line) && !line.contains(": ") && line.chars().any(char::is_alphabetic)
}

fn paragraphs_of(lines: &[String], takers: &[String]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut heading: Option<String> = None;
    let mut ruled = false;
    let ends = lines.iter().map(String::as_str).chain(std::iter::once(""));
    for line in ends {
        let rule = is_rule(line);
        if !line.is_empty() && !rule {
            block.push(line);
            continue;
        }
        // A line of dashes under a lone line makes that line a heading, not a box.
        let lone = block.len() == 1 && block.first().is_some_and(|line| is_heading(line));
        if lone {
            heading = block.first().map(|line| (*line).to_owned());
            paragraphs.push(paragraph(&block, heading.clone(), takers));
        } else if !block.is_empty() {
            let mut made = paragraph(&block, heading.take(), takers);
            made.boxed = ruled && rule;
            paragraphs.push(made);
        }
        if !block.is_empty() || rule {
            ruled = rule && !lone || (ruled && block.is_empty());
        }
        block.clear();
    }
    paragraphs
}

fn paragraph(block: &[&str], before: Option<String>, takers: &[String]) -> Paragraph {
    let flat = block.join(" ");
    let first = block.first().filter(|line| block.len() > 1 && is_heading(line)).map(|line| (*line).to_owned());
    let sentences = sentences_of(block).iter().map(|sentence| without(sentence, takers)).collect();
    Paragraph { own: without(&flat, takers), flat, heading: first.or(before), boxed: false, begins: 0, sentences }
}

/// Splits a paragraph into sentences; bullets and a heading are sentences of their own.
fn sentences_of(block: &[&str]) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for (index, line) in block.iter().enumerate() {
        let heading = index == 0 && block.len() > 1 && is_heading(line) && line.to_uppercase() == *line;
        match pieces.last_mut().filter(|_| open && !is_bullet(line)) {
            Some(piece) => {
                piece.push(' ');
                piece.push_str(line);
            }
            None => pieces.push((*line).to_owned()),
        }
        open = !heading && !line.ends_with(':');
    }
    pieces.iter().flat_map(|piece| split_sentences(piece)).collect()
}

fn split_sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in SENTENCE_END.find_iter(text) {
        let head = text.get(start..end.start()).unwrap_or_default();
        let last_word = head.rsplit([' ', '(']).next().unwrap_or_default();
        let upper_next = text.get(end.end()..).and_then(|rest| rest.chars().next()).is_some_and(|c| !c.is_lowercase());
        // "Art.", "Abs.", "lit.", "Dr.", "2." end no sentence.
        let short = last_word.chars().count() <= 3 || last_word.chars().all(|c| c.is_ascii_digit());
        if upper_next && !(short && end.as_str().starts_with('.')) {
            sentences.push(text.get(start..end.end()).unwrap_or_default().trim().to_owned());
            start = end.end();
        }
    }
    sentences.extend(text.get(start..).map(str::trim).filter(|rest| !rest.is_empty()).map(str::to_owned));
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_across_line_breaks_but_not_inside_a_word() {
        assert!(finds(&one_line("Anna\n  Muster\u{ad}frau, Ulm"), "Anna Musterfrau"));
        assert!(!finds("Ulmer Straße", "Ulm"));
        assert!(finds("(Ulm)", "Ulm"));
    }

    #[test]
    fn sentences_end_at_full_stops_and_not_at_abbreviations() {
        let sentences = split_sentences("Das folgt aus Art. 6 Abs. 1 lit. f DSGVO. Sie können widersprechen! Gut");
        assert_eq!(sentences, ["Das folgt aus Art. 6 Abs. 1 lit. f DSGVO.", "Sie können widersprechen!", "Gut"]);
    }

    #[test]
    fn addresses_and_mailboxes_lose_the_stop_of_their_sentence() {
        assert_eq!(urls("see https://firma.example/a?b=c.").collect::<Vec<_>>(), ["https://firma.example/a?b=c"]);
        assert_eq!(mailboxes("to anna@firma.example.").collect::<Vec<_>>(), ["anna@firma.example"]);
    }
}
