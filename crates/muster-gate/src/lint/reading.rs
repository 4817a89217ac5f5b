//! A notice as the checks read it: paragraphs and sentences, each as it stands and without the facts in it.
//!
//! It judges nothing. Each sentence knows the words of the language it is in, so that a passage in a wrong language
//! is one fault and not as many as it has items.
//!
//! Invariant: `own` and `low` texts hold none of the person's values, so that a word in a name or title is never
//! taken for a word of the notice.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::evidence::{has_only_persons_mailboxes, names_of, office_hosts};
use super::fold::fold;
use super::language;
use super::layout::{Block, blocks_of, is_bullet, is_heading};
use super::words::{Matcher, Words};

/// What stands where a fact was taken out.
const TAKEN_OUT: &str = "·";
/// What stands for the address of a page in folded text, and for a mailbox.
pub(super) const URL_WORD: &str = "urlx";
pub(super) const MAIL_WORD: &str = "mailx";

static URL: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r#"(?i)(?:https?://|\bwww\.)[^\s<>"'()\[\]{}„“”«»]+"#,
        // A bare host, with or without a path; abbreviations and mailboxes have no such ending.
        r#"|\b(?:[a-z0-9][a-z0-9-]*\.)+(?:example|test|com|org|net|eu|info|biz|io|de|at|ch|fr|be|es|it|nl|pl|uk|ie|lu|li|gov|edu)\b(?:/[^\s<>"'()\[\]{}„“”«»]*)?"#,
    ))
});
static MAILBOX: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+"));
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| regex(r#"[.!?]["”“»)]?\s+"#));
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"„[^“”]{1,400}[“”]|“[^”]{1,400}”|«[^»]{1,400}»|"[^"]{1,400}""#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// Longest question that heads what follows it.
const QUESTION_WORDS_MAX: usize = 10;

/// What surrounds a notice's own words.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Texts that are facts rather than words of the notice, longest first.
    pub facts: Vec<String>,
    /// Every text of the facts in lower case, one a line.
    pub texts: String,
    /// Whether somebody else may have written the notice, in words that no list knows.
    pub foreign: bool,
}

/// A sentence, bullet or labelled line.
#[derive(Debug)]
pub(super) struct Sentence {
    /// As it stands.
    pub raw: String,
    /// Without the facts in it.
    pub own: String,
    /// The same, folded.
    pub low: String,
    /// What stands before the colon or dash of its line, folded; empty without a label.
    pub label: String,
    /// Whether it has a mailbox, and none but the person's.
    pub persons_mailbox: bool,
    /// The words of its language.
    pub words: &'static Words,
}

/// A piece of a notice that stands apart.
#[derive(Debug)]
pub(super) struct Paragraph {
    /// The text on one line.
    pub flat: String,
    /// The same without the facts in it, folded.
    pub low: String,
    /// Its first line, where that looks like a heading, or the heading before it; folded.
    pub heading: String,
    /// The words of the heading's language.
    pub heading_words: &'static Words,
    /// Whether the heading belongs to this paragraph alone.
    pub headed: bool,
    /// Whether it is nothing but a heading.
    pub is_heading: bool,
    /// Whether lines of dashes or the like set it apart on both sides.
    pub boxed: bool,
    /// The number of its section: paragraphs under one heading have the same.
    pub section: usize,
    /// Where it begins, in characters of all paragraphs.
    pub begins: usize,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// The words of its language.
    pub words: &'static Words,
}

impl Paragraph {
    /// Returns whether the heading over a sentence, or the label before it, is in a list.
    pub(super) fn under(&self, s: &Sentence, list: fn(&Words) -> &Matcher) -> bool {
        list(self.heading_words).is(&self.heading) && !self.is_heading
            || !s.label.is_empty() && list(s.words).is(&s.label)
    }

    /// Returns heading and text, folded.
    pub(super) fn whole(&self) -> String {
        format!("{}. {}", self.heading, self.low)
    }
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
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Characters of all paragraphs.
    pub length: usize,
    /// Every text of the facts in lower case, one a line.
    pub known: String,
    /// The words that it should be in.
    pub target: &'static Words,
    /// The language that a passage is in instead, if one is.
    pub foreign: Option<&'static str>,
    /// Whether somebody else may have written it.
    pub unknown_hand: bool,
    /// The hosts of the sender's and other offices' mailboxes.
    pub offices: BTreeSet<String>,
}

impl Reading {
    /// Reads a notice.
    pub(super) fn of(text: &str, target: &'static Words, known: Known) -> Self {
        let lines: Vec<String> = text.lines().map(one_line).collect();
        let own_lines = lines.iter().map(|line| without(line, &known.facts)).collect();
        let mut reader = Reader { target, fallback: target, facts: &known.facts, foreign: None };
        let mut paragraphs = reader.paragraphs(&lines);
        if let Some(words) = spoken_mostly(&paragraphs, target) {
            reader.fallback = words;
            paragraphs = reader.paragraphs(&lines);
        }
        let foreign = reader.foreign;
        // A title over a text without sections heads none of its paragraphs.
        if paragraphs.iter().all(|paragraph| paragraph.section < 2)
            && paragraphs.first().is_some_and(|p| p.section == 1)
        {
            for paragraph in &mut paragraphs {
                paragraph.section = 0;
                paragraph.heading.clear();
            }
        }
        let offices = office_hosts(text);
        let names = names_of(text);
        let mut length = 0;
        for paragraph in &mut paragraphs {
            paragraph.begins = length;
            length += paragraph.flat.chars().count();
            for sentence in &mut paragraph.sentences {
                sentence.persons_mailbox = has_only_persons_mailboxes(&sentence.raw, &offices, &names);
            }
        }
        Self {
            flat: one_line(text),
            lines,
            own_lines,
            paragraphs,
            length,
            known: known.texts,
            target,
            foreign,
            unknown_hand: known.foreign,
            offices,
        }
    }

    /// Returns the sentences of all paragraphs.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &Sentence> {
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
}

/// Returns the words of the language that most of a notice is in, where that is not the one it should be in.
fn spoken_mostly(paragraphs: &[Paragraph], target: &'static Words) -> Option<&'static Words> {
    let all: usize = paragraphs.iter().flat_map(|p| &p.sentences).map(|s| s.low.len()).sum();
    Words::all().filter(|words| words.lang != target.lang).find(|words| {
        let theirs = paragraphs.iter().flat_map(|p| &p.sentences).filter(|s| s.words.lang == words.lang);
        theirs.map(|s| s.low.len()).sum::<usize>() * 2 > all
    })
}

/// Makes paragraphs of blocks.
struct Reader<'a> {
    target: &'static Words,
    /// The words of passages that are in no other language for sure.
    fallback: &'static Words,
    facts: &'a [String],
    foreign: Option<&'static str>,
}

impl Reader<'_> {
    fn paragraphs(&mut self, lines: &[String]) -> Vec<Paragraph> {
        let mut heading = (String::new(), self.target);
        let mut fresh = false;
        let mut section = 0;
        let mut paragraphs = Vec::new();
        for block in blocks_of(lines) {
            let mut paragraph = self.paragraph(&block);
            let title = self.title(&block, &paragraph);
            if let Some(opened) = self.opened(&block, &paragraph) {
                heading = (opened, paragraph.words);
                fresh = true;
                section += 1;
            }
            paragraph.section = section;
            // A title without a number, with text behind it, is the title of that text alone.
            let opened = title.unwrap_or_else(|| heading.clone());
            (paragraph.heading, paragraph.heading_words) = opened;
            paragraph.headed = fresh;
            fresh = block.heading;
            paragraphs.push(paragraph);
        }
        paragraphs
    }

    /// The heading that a block brings along: itself, its first line, or the question that it answers.
    fn opened(&self, block: &Block<'_>, paragraph: &Paragraph) -> Option<String> {
        if block.heading {
            return Some(paragraph.low.clone());
        }
        if let Some(line) = block.lines.first().filter(|line| block.lines.len() > 1 && is_heading(line)) {
            return Some(fold(&without(line, self.facts)));
        }
        if let Some((title, _)) = self.title(block, paragraph).filter(|_| !starts_with_word(&paragraph.flat)) {
            return Some(title);
        }
        // "Who receives them? Our customers do."
        let question = paragraph.sentences.first().filter(|s| paragraph.sentences.len() > 1 && s.low.ends_with('?'));
        question.filter(|s| s.low.split(' ').count() <= QUESTION_WORDS_MAX).map(|s| s.low.clone())
    }

    /// The title that a block runs on from, where it opens a section of a notice.
    fn title(&self, block: &Block<'_>, paragraph: &Paragraph) -> Option<(String, &'static Words)> {
        let headed = block.heading || block.lines.len() > 1 && block.lines.first().is_some_and(|line| is_heading(line));
        let title = inline_title(&paragraph.flat).filter(|_| !headed)?;
        let title = fold(&without(title, self.facts));
        paragraph.words.opens_section(&title).then_some((title, paragraph.words))
    }

    fn paragraph(&mut self, block: &Block<'_>) -> Paragraph {
        let flat = block.lines.join(" ");
        let own = without(&flat, self.facts);
        let lang = language::foreign(&unquoted(&own), self.target);
        let of_block = lang.unwrap_or(self.fallback);
        self.note(lang);
        let mut sentences: Vec<Sentence> = Vec::new();
        for piece in pieces_of(&block.lines) {
            let label = label_of(&piece).map(|label| fold(&without(label, self.facts))).unwrap_or_default();
            let split = split_sentences(&piece);
            sentences.extend(split.into_iter().map(|raw| self.sentence(raw, &label, of_block)));
        }
        Paragraph {
            low: fold(&own),
            flat,
            heading: String::new(),
            heading_words: self.target,
            headed: false,
            is_heading: block.heading,
            boxed: block.boxed,
            section: 0,
            begins: 0,
            sentences,
            words: of_block,
        }
    }

    fn sentence(&mut self, raw: String, label: &str, of_block: &'static Words) -> Sentence {
        let own = without(&raw, self.facts);
        let lang = language::foreign(&unquoted(&own), self.target);
        self.note(lang);
        if lang.is_none() {
            self.foreign = self.foreign.or_else(|| language::other(&unquoted(&own), self.target));
        }
        // In a passage of two languages, each sentence has the words of its own.
        let home = of_block.lang != self.target.lang && language::is_rather(&own, self.target, of_block);
        let words = lang.unwrap_or(if home { self.target } else { of_block });
        Sentence { low: fold(&own), own, raw, label: label.to_owned(), persons_mailbox: false, words }
    }

    fn note(&mut self, lang: Option<&'static Words>) {
        self.foreign = self.foreign.or(lang.map(|words| words.lang));
    }
}

/// Returns the addresses of pages in a text.
pub(super) fn urls(text: &str) -> impl Iterator<Item = &str> {
    URL.find_iter(text)
        .filter(move |found| !text.get(..found.start()).is_some_and(|head| head.ends_with('@')))
        .map(|found| found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?']))
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

/// Returns whether `needle` stands in `hay` and is not part of a longer word there.
pub(super) fn finds(hay: &str, needle: &str) -> bool {
    places(hay, needle).next().is_some()
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

/// Takes facts, mailboxes and addresses of pages out of a text; the latter two leave a word for themselves.
pub(super) fn without(text: &str, facts: &[String]) -> String {
    let mut left = MAILBOX.replace_all(text, MAIL_WORD).into_owned();
    let url = |found: &regex::Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let stop = whole.len() - whole.trim_end_matches(['.', ',', ';', ':', '!', '?']).len();
        format!("{URL_WORD}{}", whole.get(whole.len() - stop..).unwrap_or_default())
    };
    left = URL.replace_all(&left, url).into_owned();
    for fact in facts {
        loop {
            let at = places(&left, fact).next();
            let Some(at) = at else { break };
            left.replace_range(at..at + fact.len(), TAKEN_OUT);
        }
    }
    left
}

/// Splits a block into pieces of text; bullets, labelled lines and a heading are pieces of their own.
fn pieces_of(block: &[&str]) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for (index, line) in block.iter().enumerate() {
        let heading = block.len() > 1 && is_heading(line) && (index == 0 || line.to_uppercase() == **line);
        let after_value =
            index.checked_sub(1).and_then(|before| block.get(before)).is_some_and(|before| is_labelled(before));
        let apart = is_bullet(line)
            || heading
            || is_labelled(line)
            || is_counted(line)
            || after_value && line.starts_with(char::is_uppercase);
        match pieces.last_mut().filter(|_| open && !apart) {
            Some(piece) => {
                piece.push(' ');
                piece.push_str(line);
            }
            None => pieces.push((*line).to_owned()),
        }
        open = !(line.ends_with(':') || heading && ends_heading(block, index));
    }
    pieces
}

/// A title that its paragraph runs on from: `4. Purpose. We keep a directory`, `Storage. Two years`.
static INLINE_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:#+ |\*+|>+ |§ ?)?(?:(?:\d{1,2}(?:\.\d)?|[IVX]{1,4}|[a-zA-Z]|\p{Lu}{5,})[.)]+ ?|\d{1,2} )?\**([¿]?\p{Lu}[^.:!?@\d]{2,60}?)\**(?:[.:?]\**| [–—-])\**\s+[^\s]",
    )
});

/// Returns the title that a paragraph begins with, where a sentence or two follow it.
fn inline_title(flat: &str) -> Option<&str> {
    let title = INLINE_TITLE.captures(flat)?.get(1)?.as_str();
    (title.split(' ').count() <= TITLE_WORDS_MAX && !title.contains([',', ';'])).then_some(title)
}

/// Whether a text begins with a word, and not with a number or mark before it.
fn starts_with_word(flat: &str) -> bool {
    flat.split([' ', '.', ')']).next().is_some_and(|word| word.chars().filter(|c| c.is_lowercase()).count() > 1)
}

/// Longest title that its paragraph runs on from.
const TITLE_WORDS_MAX: usize = 6;

/// Returns the label of a piece: what stands before its colon or dash.
fn label_of(piece: &str) -> Option<&str> {
    let bare = piece.trim_start_matches(|c: char| "-*•–·▪◦●■|✓>▌#§()".contains(c) || c.is_ascii_digit() || c == '.');
    let marks = [":", " – ", " — ", " = ", " - ", " ...", " | ", " → ", " -> "];
    let label =
        marks.iter().filter_map(|mark| bare.split_once(mark)).map(|(label, _)| label).min_by_key(|l| l.len())?;
    (label.split_whitespace().count() <= 8 && label.chars().count() <= 60).then(|| label.trim_matches(['*', ' ', '_']))
}

/// Whether what follows a line that looks like a heading does not go on with it.
fn ends_heading(block: &[&str], index: usize) -> bool {
    block.get(index + 1).is_none_or(|next| !next.starts_with(char::is_lowercase))
}

/// Whether a line is an item with a number and a label: `4.1 Name: ...`, `2) stanowisko: ...`.
fn is_counted(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')');
    rest.len() < line.len()
        && line.starts_with(|c: char| c.is_ascii_digit())
        && rest
            .strip_prefix(' ')
            .and_then(|rest| rest.split_once(": "))
            .is_some_and(|(label, _)| label.split(' ').count() <= 5 && label.starts_with(char::is_alphabetic))
}

/// Whether a line begins with a label of a few words and a colon.
fn is_labelled(line: &str) -> bool {
    let label = [":", " – ", " = ", " - ", " — ", " → ", " -> "]
        .iter()
        .filter_map(|mark| line.split_once(mark))
        .map(|(label, _)| label);
    label.min_by_key(|label| label.len()).is_some_and(|label| {
        label.split(' ').count() <= 8 && label.chars().count() <= 60 && label.starts_with(char::is_uppercase)
    })
}

/// Splits a text into its sentences.
pub(super) fn split_sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in SENTENCE_END.find_iter(text) {
        let head = text.get(start..end.start()).unwrap_or_default();
        let last_word = head.rsplit([' ', '(', '\'']).next().unwrap_or_default().trim_end_matches('.');
        let upper_next = text.get(end.end()..).and_then(|rest| rest.chars().next()).is_some_and(|c| !c.is_lowercase());
        // "Art.", "Abs.", "Dr.", "2.", "S.r.l." end no sentence.
        let digits = !last_word.is_empty() && last_word.chars().all(|c| c.is_ascii_digit()) && last_word.len() <= 2;
        let form = LEGAL_FORMS.contains(&last_word.to_lowercase().as_str());
        let dotted = last_word.contains('.') && last_word.chars().count() <= 6 && !form;
        let short = last_word.chars().count() == 1 || ABBREVIATIONS.contains(&last_word.to_lowercase().as_str());
        let digit_next = text.get(end.end()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        // "Telephone 09 00. A new sentence."
        let numbers = head.rsplit(' ').nth(1).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        let abbreviated = (short || dotted || digits && !numbers || digit_next) && end.as_str().starts_with('.');
        if upper_next && !abbreviated {
            sentences.push(text.get(start..end.end()).unwrap_or_default().trim().to_owned());
            start = end.end();
        }
    }
    sentences.extend(text.get(start..).map(str::trim).filter(|rest| !rest.is_empty()).map(str::to_owned));
    sentences
}

/// Legal forms with full stops; what follows them in capitals is taken for a new sentence.
const LEGAL_FORMS: [&str; 13] =
    ["b.v", "n.v", "s.a", "s.l", "s.l.u", "s.r.l", "s.p.a", "o.o", "v.o.f", "s.a.r.l", "s.a.s", "a.s", "e.v"];

/// Words that end with a full stop and end no sentence.
const ABBREVIATIONS: [&str; 66] = [
    "abs", "al", "aleja", "approx", "apdo", "art", "arts", "artt", "avda", "bst", "buchst", "bzw", "ca", "cap", "dhr",
    "dr", "dott", "ed", "evtl", "gem", "ggf", "ing", "inkl", "jr", "let", "lett", "lit", "max", "mevr", "min", "mio",
    "mme", "mr", "mrs", "ms", "mw", "no", "nr", "num", "os", "par", "pkt", "pl", "pp", "prof", "prot", "ref", "rif",
    "sig", "sp", "sr", "sra", "srl", "st", "str", "sygn", "sz", "tel", "tys", "ul", "ust", "usw", "vgl", "vs", "zzgl",
    "zs",
];

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
        let sentences = split_sentences("Titolare è Rubrica S.r.l. Via Roma 1. Scriva a noi. Grazie.");
        assert_eq!(sentences, ["Titolare è Rubrica S.r.l.", "Via Roma 1. Scriva a noi.", "Grazie."]);
    }

    #[test]
    fn addresses_and_mailboxes_lose_the_stop_of_their_sentence() {
        assert_eq!(urls("see https://firma.example/a?b=c.").collect::<Vec<_>>(), ["https://firma.example/a?b=c"]);
        assert_eq!(urls("at firma.example/team or anna@firma.example").collect::<Vec<_>>(), ["firma.example/team"]);
        assert_eq!(mailboxes("to anna@firma.example.").collect::<Vec<_>>(), ["anna@firma.example"]);
        assert_eq!(without("anna@firma.example, www.firma.example, z.B. Ulm", &[]), "mailx, urlx, z.B. Ulm");
    }
}
