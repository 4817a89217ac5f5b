//! A text taken apart into clauses, each of which can ask for one thing.
//!
//! A clause ends with its sentence, its paragraph or a short line, at a word that turns the sense (`but`, `aber`), and
//! where another request begins (`…, and delete my data`).
//!
//! Invariant: every word of the first [`TEXT_BYTES_MAX`] bytes is in exactly one clause.

use crate::inbox::phrases::fold;

/// Longest text that is read for phrases; people say no in the first page.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// A line of this length or more was broken by its writer's program, not by the writer.
const WRAPPED_LINE_CHARS: usize = 50;

/// One clause of a text, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// The words.
    pub(crate) words: String,
    /// Whether the sentence ends with a question mark.
    pub(crate) is_question: bool,
}

/// Splits a text into clauses.
pub(crate) fn clauses(text: &str) -> Vec<Clause> {
    let mut out = Vec::new();
    let mut sentence = String::new();
    let mut taken = 0;
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        taken += line.len() + 1;
        if taken > TEXT_BYTES_MAX {
            break;
        }
        if line.is_empty() || line.starts_with(['-', '*', '•', '–', '·']) || is_numbered(line) {
            end_sentence(&mut sentence, false, &mut out);
        }
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let at_end = chars.peek().is_none_or(|next| next.is_whitespace() || ['"', ')', '”', '»'].contains(next));
            match c {
                '?' => end_sentence(&mut sentence, true, &mut out),
                '!' | ';' | '…' => end_sentence(&mut sentence, false, &mut out),
                '.' if at_end && !ends_with_abbreviation(&sentence) => end_sentence(&mut sentence, false, &mut out),
                c => sentence.push(c),
            }
        }
        if goes_on(line, lines.peek().copied()) {
            sentence.push(' ');
        } else {
            end_sentence(&mut sentence, false, &mut out);
        }
    }
    end_sentence(&mut sentence, false, &mut out);
    out
}

/// Whether a line was broken in the middle of a sentence.
fn goes_on(line: &str, next: Option<&str>) -> bool {
    let Some(next) = next.and_then(|next| next.chars().next()) else { return false };
    let long = line.chars().count() >= WRAPPED_LINE_CHARS;
    // A short line with a comma at its end is a salutation.
    long || next.is_lowercase() && !line.ends_with([',', ':'])
}

/// `1.` or `b)` at the start of a line.
fn is_numbered(line: &str) -> bool {
    let Some((mark, _)) = line.split_once(['.', ')']) else { return false };
    (1..=2).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_digit())
        || mark.len() == 1 && line.get(1..2) == Some(")")
}

/// Abbreviations after which a sentence goes on, without their last dot.
const ABBREVIATIONS: &[&str] = &[
    "a.u.b", "abs", "al", "art", "arts", "artt", "b.v", "bijv", "bzw", "c.a", "ca", "cf", "d.h", "d.w.z", "dhr", "dir",
    "dott", "dr", "e.g", "egr", "ej", "ex", "gent", "gg", "ggf", "i.e", "i.v.m", "incl", "inkl", "inż", "ir", "lett",
    "lit", "m.b.t", "m.in", "mevr", "mgr", "mlle", "mme", "mr", "mrs", "ms", "mw", "n.a.v", "n.v", "np", "nr", "núm",
    "o.a", "o.g", "p.ej", "pkt", "pl", "prof", "r", "s.p.a", "s.r.l", "s.v.p", "sig", "sig.ra", "spett", "sr", "sra",
    "ssa", "st", "t.a.v", "tel", "tj", "tzn", "tzw", "ud", "uds", "ul", "ust", "usw", "vd", "wew", "ww", "z.b",
    "zgodn",
];

fn ends_with_abbreviation(sentence: &str) -> bool {
    let word = sentence.rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
    ABBREVIATIONS.contains(&word.as_str()) || (word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

fn end_sentence(sentence: &mut String, is_question: bool, out: &mut Vec<Clause>) {
    let mut clause: Vec<&str> = Vec::new();
    let parts: Vec<String> = sentence.split([',', ':', '(', ')', '–', '—']).map(fold).collect();
    sentence.clear();
    // What follows a condition belongs to it: "If I ever mind, remove me."
    let is_conditional = parts.first().and_then(|part| part.split(' ').next()).is_some_and(|word| IFS.contains(&word));
    for part in &parts {
        let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
        if !is_conditional && begins_request(&words) {
            push_clause(&mut clause, is_question, out);
        }
        for (index, word) in words.iter().enumerate() {
            let turns = TURNS.contains(word) && index + 1 < words.len();
            let rest = words.get(index + 1..).unwrap_or_default();
            let joins_in_polish = *word == "i" && rest.first().is_some_and(|next| is_polish_request(next));
            if turns || joins_in_polish || (JOINS.contains(word) && begins_request(rest)) {
                push_clause(&mut clause, is_question, out);
            } else {
                clause.push(word);
            }
        }
    }
    push_clause(&mut clause, is_question, out);
}

/// Words with which a condition begins.
const IFS: &[&str] = &[
    "if", "should", "unless", "once", "falls", "wenn", "sollte", "sollten", "sofern", "si", "se", "qualora", "als",
    "indien", "mocht", "mochten", "jesli", "jezeli", "gdyby", "gdy",
];

/// Words that turn the sense. (`ma` is also French for `my`, and splits nothing that matters there.)
const TURNS: &[&str] = &[
    "but",
    "however",
    "aber",
    "jedoch",
    "sondern",
    "mais",
    "cependant",
    "pero",
    "sino",
    "però",
    "pero",
    "bensi",
    "tuttavia",
    "maar",
    "echter",
    "ale",
    "lecz",
    "jednak",
];

/// Words that join two requests.
const JOINS: &[&str] = &[
    "and",
    "und",
    "then",
    "dann",
    "also",
    "et",
    "puis",
    "ainsi",
    "y",
    "e",
    "luego",
    "ademas",
    "poi",
    "inoltre",
    "en",
    "ook",
    "daarnaast",
    "oraz",
    "ponadto",
];

/// What may stand before the verb of a request.
const BEFORE_REQUEST: &[&str] = &[
    "please",
    "kindly",
    "bitte",
    "also",
    "auch",
    "zudem",
    "ausserdem",
    "merci",
    "veuillez",
    "por",
    "favor",
    "per",
    "favore",
    "gelieve",
    "graag",
    "alstublieft",
    "aub",
    "prosze",
    "o",
    "ich",
    "i",
    "you",
    "sie",
    "hereby",
    "hiermit",
    "a",
];

/// Verbs with which a request begins, or their beginnings.
const REQUEST_VERBS: &[&str] = &[
    // English
    "delete",
    "erase",
    "remove",
    "take",
    "wipe",
    "purge",
    "stop",
    "unsubscribe",
    "send",
    "tell",
    "give",
    "provide",
    "confirm",
    "do",
    "dont",
    "never",
    "object",
    "withdraw",
    "demand",
    "request",
    "want",
    // German
    "loesch",
    "entfern",
    "streich",
    "nehmen",
    "nimm",
    "ruf",
    "senden",
    "schick",
    "teilen",
    "bestaetig",
    "widersprech",
    "widerspreche",
    "widerrufe",
    "verlange",
    "fordere",
    "unterlass",
    "beantrage",
    "verbiete",
    "untersage",
    // French
    "supprim",
    "effac",
    "retir",
    "enlev",
    "cess",
    "arret",
    "desinscri",
    "desabonn",
    "envoy",
    "indiqu",
    "communiqu",
    "confirm",
    "rectifi",
    "corrig",
    "limit",
    "ne",
    // Spanish
    "borr",
    "elimin",
    "quit",
    "dej",
    "ces",
    "envi",
    "indiqu",
    "solicito",
    "exijo",
    "ruego",
    "no",
    // Italian
    "cancell",
    "rimuov",
    "smett",
    "invi",
    "indic",
    "conferm",
    "chiedo",
    "non",
    // Dutch
    "verwijder",
    "wis",
    "haal",
    "schrijf",
    "stuur",
    "bel",
    "geef",
    "vertel",
    "bevestig",
    // Polish
    "usun",
    "skasuj",
    "wypisz",
    "przesta",
    "przesl",
    "podaj",
    "potwierdz",
    "zadam",
    "nie",
    "wnosze",
];

/// Beginnings of fewer letters than this stand for a whole word.
const BEGINNING_LETTERS_MIN: usize = 4;

fn begins_request(words: &[&str]) -> bool {
    let starts = |word: &str| {
        REQUEST_VERBS.iter().any(|verb| word == *verb || verb.len() >= BEGINNING_LETTERS_MIN && word.starts_with(verb))
    };
    words.len() > 1 && words.iter().find(|word| !BEFORE_REQUEST.contains(word)).is_some_and(|word| starts(word))
}

/// `i` joins in Polish and is the writer in English.
fn is_polish_request(word: &str) -> bool {
    let beginnings = ["usun", "skasuj", "wypisz", "przesta", "przesl", "podaj", "potwierdz", "zadam", "prosze", "nie"];
    beginnings.iter().any(|beginning| word.starts_with(beginning))
}

fn push_clause(words: &mut Vec<&str>, is_question: bool, out: &mut Vec<Clause>) {
    if !words.is_empty() {
        out.push(Clause { words: words.join(" "), is_question });
        words.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        clauses(text).into_iter().map(|clause| clause.words).collect()
    }

    #[test]
    fn a_text_splits_at_sentences_lines_and_turns() {
        assert_eq!(words("Stop.\nAda Example"), ["stop", "ada example"]);
        assert_eq!(
            words("Please do not delete my data but take me off the list, as I said in the first\nmail of May."),
            ["please do not delete my data", "take me off the list as i said in the first mail of may"]
        );
        assert_eq!(words("Nach Art. 21 DSGVO. Danke"), ["nach art 21 dsgvo", "danke"]);
        assert!(clauses("How?").first().unwrap().is_question);
    }

    #[test]
    fn another_request_begins_another_clause() {
        assert_eq!(words("Not interested, please take me off"), ["not interested", "please take me off"]);
        assert_eq!(words("Ne m'écrivez plus et supprimez mes données"), ["ne mecrivez plus", "supprimez mes donnees"]);
        assert_eq!(words("Ada, Kim and Jo"), ["ada kim and jo"]);
    }

    #[test]
    fn a_sentence_goes_on_in_the_next_line_where_it_is_small() {
        assert_eq!(words("Please take me\noff the list"), ["please take me off the list"]);
        assert_eq!(words("Hallo Frau Muster,\nbitte abmelden"), ["hallo frau muster", "bitte abmelden"]);
        assert_eq!(words("I ask you to\n1. delete it\n2. confirm"), ["i ask you to", "1", "delete it", "2", "confirm"]);
    }
}
