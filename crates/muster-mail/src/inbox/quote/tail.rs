//! What stands below and above a person's words without being theirs: signatures, closing formulas, advertisements of
//! mail programs, legal footers, warnings that a mail came from outside.
//!
//! The words are told by the pattern lists here, folded as phrases are. A line that asks for something in the first
//! person is never cut as a footer.
//!
//! Invariant: only marks lines; what is cut from a mail with no other words can be given back.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::phrases::fold;
use super::cues::{
    ASKS, BANNER, BANNER_GOES_ON, CLOSING, FIRST_PERSON, LEGAL, LEGAL_START, LEGAL_WEAK, MOBILE, PICTURE,
};
use super::{Half, is_blank};

/// What has been seen of a mail before a block of its lines.
#[derive(Default)]
pub(super) struct Seen {
    /// Paragraphs of the sender's.
    pub(super) paragraphs: usize,
    /// Whether a closing formula was among them.
    closed: bool,
    /// Whether the sender has signed: a formula, a name, a business card.
    signed: bool,
}

/// Marks what is not the sender's in a block of lines between two quotes.
pub(super) fn mark_tail(lines: &[&str], halves: &mut [Half], seen: &mut Seen) {
    let mut start = 0;
    let mut in_signature = false;
    let mut in_disclaimer = false;
    // The paragraph above, where it is a name: above a business card it is part of it.
    let mut name_above: Option<Range<usize>> = None;
    while start < lines.len() {
        let rest = lines.get(start..).unwrap_or_default();
        if rest.first().is_some_and(|line| is_blank(line)) {
            start += 1;
            continue;
        }
        let length = rest.iter().position(|line| is_blank(line)).unwrap_or(rest.len());
        let paragraph = rest.get(..length).unwrap_or_default();
        let Some(marks) = halves.get_mut(start..start + length) else { return };
        start += length;
        if in_signature {
            marks.fill(Half::Tail);
            continue;
        }
        mark_machines(paragraph, marks);
        if let Some(at) = paragraph.iter().position(|line| is_signature_line(line))
            && (at > 0 || seen.paragraphs > 0 || is_strict_signature_line(paragraph.first().unwrap_or(&"")))
        {
            mark_paragraph(paragraph.get(..at).unwrap_or_default(), marks.get_mut(..at).unwrap_or_default(), seen);
            marks.get_mut(at..).unwrap_or_default().fill(Half::Tail);
            in_signature = true;
            continue;
        }
        if in_disclaimer && !FIRST_PERSON.is_match(&fold(&paragraph.join(" "))) {
            marks.fill(Half::Footer);
            continue;
        }
        in_disclaimer |= is_disclaimer_heading(paragraph);
        mark_paragraph(paragraph, marks, seen);
        if is_all(marks, Half::Tail)
            && let Some(above) = name_above.take()
        {
            halves.get_mut(above).into_iter().flatten().for_each(|half| *half = Half::Tail);
        }
        let range = start - length..start;
        let is_name = seen.paragraphs > 1 && is_name(paragraph, &fold(&paragraph.join(" ")));
        let is_own = halves.get(range.clone()).is_some_and(|marks| is_all(marks, Half::Own));
        name_above = Some(range).filter(|_| is_name && is_own);
    }
}

fn is_all(marks: &[Half], half: Half) -> bool {
    marks.iter().all(|mark| *mark == half)
}

/// Marks lines that a program put in, wherever they stand.
fn mark_machines(paragraph: &[&str], marks: &mut [Half]) {
    let mut warned = false;
    for (index, line) in paragraph.iter().enumerate() {
        let line = line.trim();
        if line.len() > 400 {
            continue;
        }
        if line.starts_with('[') && PICTURE.is_match(line) {
            set(marks, index, Half::Footer);
            continue;
        }
        let folded = fold(line);
        if folded.is_empty() {
            continue;
        }
        let asks = FIRST_PERSON.is_match(&folded);
        if !asks && (BANNER.is_match(&folded) || (warned && BANNER_GOES_ON.is_match(&folded))) {
            if !warned {
                // "CAUTION:" alone above belongs to it.
                for above in (0..index).filter(|_| index <= 2 && paragraph.first().is_some_and(|line| line.len() < 30))
                {
                    set(marks, above, Half::Footer);
                }
            }
            warned = true;
            set(marks, index, Half::Footer);
        } else if line.len() <= 140 && MOBILE.is_match(&folded) && !asks && !is_request(&folded) {
            set(marks, index, Half::Tail);
        }
    }
}

fn set(marks: &mut [Half], index: usize, half: Half) {
    if let Some(mark) = marks.get_mut(index) {
        *mark = half;
    }
}

/// Whether folded words seem to ask for something.
pub(super) fn is_request(folded: &str) -> bool {
    ASKS.is_match(folded)
}

/// The line that RFC 3676 asks for, as it is written and as programs mangle it.
fn is_strict_signature_line(line: &str) -> bool {
    matches!(line.trim_end_matches('\r'), "-- " | "--" | "-- \u{a0}" | "--\u{a0}")
}

fn is_signature_line(line: &str) -> bool {
    let line = line.trim();
    is_strict_signature_line(line)
        || matches!(
            line,
            "—" | "–"
                | "__"
                | "___"
                | "- -"
                | "---"
                | "-----"
                | "____"
                | "_____"
                | "***"
                | "* * *"
                | "~~~"
                | "=="
                | "==="
                | "——"
        )
        || (line.len() >= 8 && line.chars().all(|c| "_-=*—–~".contains(c)))
}

/// Marks closing formula, footer and contact block of a paragraph.
fn mark_paragraph(paragraph: &[&str], marks: &mut [Half], seen: &mut Seen) {
    let left: Vec<usize> = (0..paragraph.len()).filter(|&at| marks.get(at) == Some(&Half::Own)).collect();
    if left.is_empty() {
        return;
    }
    let is_first = seen.paragraphs == 0;
    let lines: Vec<&str> = left.iter().filter_map(|&at| paragraph.get(at).copied()).collect();
    let whole = fold(&lines.join(" "));
    let mut fill = |from: usize, half: Half| {
        for &at in left.iter().skip(from) {
            set(marks, at, half);
        }
    };
    let begins_legal = |text: &str| LEGAL_START.is_match(text);
    if (!is_first || begins_legal(&whole)) && is_legal(&whole, seen.signed) {
        fill(0, Half::Footer);
        return;
    }
    if seen.closed && is_contact_block(&lines, &whole) || is_card(&lines, &whole) {
        seen.signed = true;
        fill(0, Half::Tail);
        return;
    }
    seen.paragraphs += 1;
    seen.signed |= !is_first && is_name(&lines, &whole);
    for (index, line) in lines.iter().enumerate() {
        let folded = fold(line);
        if index > 0 && begins_legal(&folded) {
            let rest = fold(&lines.get(index..).unwrap_or_default().join(" "));
            if is_legal(&rest, true) {
                fill(index, Half::Footer);
                return;
            }
        }
        if (index > 0 || !is_first) && is_closing(line, &folded) {
            seen.closed = true;
            seen.signed = true;
            // Below the formula stands a name; a sentence that asks for something is still the sender's.
            for (&at, line) in left.iter().zip(&lines).skip(index) {
                let asks = at != left.get(index).copied().unwrap_or_default() && asks_in_a_sentence(line);
                if !asks {
                    set(marks, at, Half::Tail);
                }
            }
            return;
        }
    }
}

fn asks_in_a_sentence(line: &str) -> bool {
    let folded = fold(line);
    let words = folded.split(' ').count();
    (words >= 3 && is_request(&folded) && !LEGAL.is_match(&folded)) || FIRST_PERSON.is_match(&folded)
}

/// Longest closing formula; French ones are long.
const CLOSING_BYTES_MAX: usize = 160;

fn is_closing(line: &str, folded: &str) -> bool {
    line.len() <= CLOSING_BYTES_MAX && CLOSING.is_match(folded) && !is_request(folded)
}

/// Whether folded text is a legal footer. Below a signature one sure cue shows it, or two others; above, where a
/// lawyer's words may stand, it takes more.
fn is_legal(text: &str, signed: bool) -> bool {
    if FIRST_PERSON.is_match(text) {
        return false;
    }
    let sure = LEGAL.is_match(text);
    let others = LEGAL_WEAK.matches(text).iter().count();
    let begins = LEGAL_START.is_match(text);
    if signed {
        return sure || others >= 2 || (begins && others >= 1);
    }
    others >= 3 || (begins && others >= 2) || (sure && (others >= 1 || begins))
}

/// A name, perhaps with a title below.
fn is_name(lines: &[&str], folded: &str) -> bool {
    let short =
        |line: &&str| line.split_whitespace().count() <= 5 && !line.trim_end().ends_with(['.', '!', '?', ':', ',']);
    lines.len() <= 4 && lines.iter().all(short) && !is_request(folded)
}

fn is_disclaimer_heading(paragraph: &[&str]) -> bool {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^((legal|confidentiality|privacy|important|e ?mail|gdpr) )?(disclaimer|confidentiality notice|confidentiality|privacy notice|legal notice|important notice|haftungsausschluss|vertraulichkeitshinweis|rechtlicher hinweis|datenschutzhinweis|avis de confidentialite|clause de confidentialite|mentions legales|aviso legal|aviso de confidencialidad|proteccion de datos|avviso di riservatezza|nota di riservatezza|informativa privacy|vertrouwelijkheid|vertrouwelijkheidsclausule|klauzula poufnosci|klauzula rodo|zastrzezenie poufnosci)$")
            .expect("a constant pattern compiles")
    });
    paragraph.len() == 1 && paragraph.first().is_some_and(|line| line.len() < 60 && HEADING.is_match(&fold(line)))
}

/// A block of short lines without a sentence, such as a name, a title and a phone number, below a closing formula.
fn is_contact_block(lines: &[&str], folded: &str) -> bool {
    let postscript = ["ps ", "p s ", "nb ", "pps "].iter().any(|mark| folded.starts_with(mark)) || folded == "ps";
    let sentence = |line: &&str| {
        let line = line.trim();
        line.chars().count() > 90 || line.ends_with(['.', '!', '?']) && line.split(' ').count() > 3
    };
    !postscript && !FIRST_PERSON.is_match(folded) && !lines.iter().any(sentence) && !is_request(folded)
}

/// How a line of a business card shows: telephone, address on the net.
static CARD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(tel|telefon|phone|fon|mobil|mobile|fax|handy|móvil|cell|gsm|komórka|kom|tél|portable|cellulare|telefoon|m|t|f)\b\s*[.:]?\s*[+(\d]|(\+|\b00)\d[\d ()/.-]{7,}|\bwww\.\S|https?://\S|^\s*\S+@\S+\s*$|\b(e-?mail|mail|e)\s*:\s*\S+@",
    )
    .expect("a constant pattern compiles")
});

/// Whether a paragraph is a business card: short lines of which two, or one twice, tell how to reach somebody.
fn is_card(lines: &[&str], folded: &str) -> bool {
    let short = lines.iter().all(|line| line.chars().count() <= 120 && !line.trim_end().ends_with([':', '?', '!']));
    short
        && !is_request(folded)
        && !FIRST_PERSON.is_match(folded)
        && lines.iter().map(|line| CARD.find_iter(line).take(2).count()).sum::<usize>() >= 2
        && !lines.iter().any(|line| line.trim_end().ends_with('.') && line.split(' ').count() > 6)
}
