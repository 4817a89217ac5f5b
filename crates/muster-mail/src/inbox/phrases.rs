//! Phrase files: what people and servers write, as data.
//!
//! A file holds sections (`[name]`) of patterns, one a line. A pattern is words as [`fold`] leaves them; it may use
//! alternatives `(a|b)`, options `(a )?`, endings `\w*`, `{any}` for any word, names `{me}` that the section `[define]`
//! explains, and ` ~ ` for up to four words in between. A pattern stands for whole words; `^` and `$` tie it to the ends of a clause.
//!
//! Invariant: a file that does not compile fails the crate's tests, never a mail.

use std::collections::BTreeMap;

use regex::bytes::{RegexSet, RegexSetBuilder};

/// Up to four words between two others.
const GAP: &str = r" (?:\S+ ){0,4}";

/// Any one word.
const ANY: &str = r"(?:\S+)";

/// The compiled patterns of one or more files.
pub(crate) struct Phrases {
    set: RegexSet,
    /// Section and place (`en:12`) of each pattern.
    places: Vec<(String, String)>,
}

/// One pattern that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit<'a> {
    /// The section it stands in.
    pub(crate) section: &'a str,
    /// File and line.
    pub(crate) place: &'a str,
}

impl Phrases {
    /// Compiles files, each with the name that a hit shows.
    pub(crate) fn compile(files: &[(&str, &str)]) -> Self {
        let mut patterns = Vec::new();
        let mut places = Vec::new();
        for (name, text) in files {
            let mut section = String::new();
            let mut defined: BTreeMap<String, String> = BTreeMap::new();
            for (index, line) in text.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    title.clone_into(&mut section);
                } else if section == "define" {
                    let (key, value) = line.split_once('=').expect("a definition is `name = pattern`");
                    defined.insert(format!("{{{}}}", key.trim()), expand(value.trim(), &defined));
                } else {
                    patterns.push(bounded(&expand(line, &defined)));
                    places.push((section.clone(), format!("{name}:{}", index + 1)));
                }
            }
        }
        let set = RegexSetBuilder::new(&patterns)
            .unicode(false)
            .size_limit(64 << 20)
            .dfa_size_limit(32 << 20)
            .build()
            .expect("the phrase files compile: a test reads them");
        Self { set, places }
    }

    /// Returns every pattern that a folded clause holds, in the order of the files.
    pub(crate) fn hits<'a>(&'a self, clause: &str) -> Vec<Hit<'a>> {
        let found = self.set.matches(clause.as_bytes());
        found.iter().filter_map(|index| self.places.get(index)).map(|(section, place)| Hit { section, place }).collect()
    }
}

fn expand(pattern: &str, defined: &BTreeMap<String, String>) -> String {
    let mut text = fold_letters(pattern).replace("{any}", ANY);
    for (key, value) in defined {
        text = text.replace(key.as_str(), &format!("(?:{value})"));
    }
    text.replace(" ~ ", GAP)
}

/// Ties a pattern to whole words.
fn bounded(pattern: &str) -> String {
    let (start, body) = pattern.strip_prefix('^').map_or((r"(?:^| )", pattern), |rest| ("^", rest));
    let (end, body) = body.strip_suffix('$').map_or((r"(?: |$)", body), |rest| ("$", rest));
    format!("{start}(?:{body}){end}")
}

/// Folds a text to words: lower case, `ä` as `ae`, no accents, no apostrophes, one space between words.
pub(crate) fn fold(text: &str) -> String {
    let folded = fold_letters(text);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '\'' | '’' | '‘' | '`' | '´' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => {}
            c if c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric()) => out.push(c),
            _ => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out.trim().to_owned()
}

fn fold_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            // A combining diaeresis after a vowel is the umlaut written in two.
            '\u{308}' if out.ends_with(['a', 'o', 'u']) => out.push('e'),
            '\u{300}'..='\u{36f}' => {}
            c => out.push(base_letter(c)),
        }
    }
    out
}

fn base_letter(c: char) -> char {
    const TABLE: &[(&str, char)] = &[
        ("àáâãåāăą", 'a'),
        ("çćč", 'c'),
        ("ď", 'd'),
        ("èéêëēęě", 'e'),
        ("ìíîïī", 'i'),
        ("ñńň", 'n'),
        ("òóôõōő", 'o'),
        ("ř", 'r'),
        ("śšş", 's'),
        ("ťţ", 't'),
        ("ùúûūůű", 'u'),
        ("ýÿ", 'y'),
        ("źżž", 'z'),
    ];
    if c.is_ascii() {
        return c;
    }
    TABLE.iter().find(|(from, _)| from.contains(c)).map_or(c, |(_, to)| *to)
}

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

/// Splits a text into clauses: at the ends of sentences, at paragraphs and short lines, and at words that turn the
/// sense (`but`, `aber`).
pub(crate) fn clauses(text: &str) -> Vec<Clause> {
    let mut out = Vec::new();
    let mut sentence = String::new();
    let mut taken = 0;
    for line in text.lines() {
        taken += line.len() + 1;
        if taken > TEXT_BYTES_MAX {
            break;
        }
        let line = line.trim();
        let bullet = line.starts_with(['-', '*', '•', '–']);
        if line.is_empty() || bullet {
            end_sentence(&mut sentence, false, &mut out);
        }
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let at_end = chars.peek().is_none_or(|next| next.is_whitespace() || *next == '"' || *next == ')');
            match c {
                '?' => end_sentence(&mut sentence, true, &mut out),
                '!' | ';' | '…' => end_sentence(&mut sentence, false, &mut out),
                '.' if at_end && !ends_with_abbreviation(&sentence) => end_sentence(&mut sentence, false, &mut out),
                c => sentence.push(c),
            }
        }
        if line.chars().count() >= WRAPPED_LINE_CHARS {
            sentence.push(' ');
        } else {
            end_sentence(&mut sentence, false, &mut out);
        }
    }
    end_sentence(&mut sentence, false, &mut out);
    out
}

fn ends_with_abbreviation(sentence: &str) -> bool {
    let word = sentence.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let known =
        ["art", "abs", "lit", "nr", "no", "mr", "mrs", "ms", "dr", "prof", "z.b", "d.h", "e.g", "i.e", "bzw", "ggf"];
    known.contains(&word.as_str()) || (word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

fn end_sentence(sentence: &mut String, is_question: bool, out: &mut Vec<Clause>) {
    let folded = fold(sentence);
    sentence.clear();
    let mut clause: Vec<&str> = Vec::new();
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    for (index, word) in words.iter().enumerate() {
        if TURNS.contains(word) || (JOINS.contains(word) && begins_request(words.get(index + 1..))) {
            push_clause(&mut clause, is_question, out);
        } else {
            clause.push(word);
        }
    }
    push_clause(&mut clause, is_question, out);
}

/// Words that turn the sense.
const TURNS: &[&str] = &["but", "however", "aber", "jedoch", "sondern"];

/// Words that join two requests.
const JOINS: &[&str] = &["and", "und", "then", "dann", "also"];

/// Verbs with which a request begins.
const REQUEST_VERBS: &[&str] = &[
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
    "loeschen",
    "loesche",
    "entfernen",
    "entferne",
    "streichen",
    "streiche",
    "nehmen",
    "nimm",
    "rufen",
    "ruf",
    "senden",
    "schicken",
    "teilen",
    "bestaetigen",
    "widerspreche",
    "verlange",
    "fordere",
];

fn begins_request(rest: Option<&[&str]>) -> bool {
    let mut rest =
        rest.unwrap_or_default().iter().skip_while(|word| ["please", "bitte", "also", "auch"].contains(word));
    rest.next().is_some_and(|word| REQUEST_VERBS.contains(word))
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

    #[test]
    fn a_text_folds_to_plain_words() {
        assert_eq!(fold("Bitte lösch’ mich — SOFORT!!"), "bitte loesch mich sofort");
        assert_eq!(fold("Lo\u{308}schen, don't e-mail"), "loeschen dont e mail");
    }

    #[test]
    fn a_text_splits_into_clauses() {
        let words = |text: &str| clauses(text).into_iter().map(|c| c.words).collect::<Vec<_>>();
        assert_eq!(words("Stop.\nAda Example"), ["stop", "ada example"]);
        assert_eq!(
            words("Please do not delete my data but take me off the list, as I said in the first\nmail of May."),
            ["please do not delete my data", "take me off the list as i said in the first mail of may"]
        );
        assert_eq!(words("Nach Art. 21 DSGVO. Danke"), ["nach art 21 dsgvo", "danke"]);
        assert!(clauses("How?").first().unwrap().is_question);
    }

    #[test]
    fn patterns_are_whole_words_with_names_and_gaps() {
        let phrases = Phrases::compile(&[("t", "[define]\nme = me|us\n[a]\nremove {me} ~ list\n[b]\n^stop$\n")]);
        let sections = |clause: &str| phrases.hits(clause).iter().map(|hit| hit.section).collect::<Vec<_>>();
        assert_eq!(sections("please remove us from your mailing list"), ["a"]);
        assert!(sections("remove menus from the list").is_empty());
        assert_eq!(sections("stop"), ["b"]);
        assert!(sections("stop it").is_empty());
    }
}
