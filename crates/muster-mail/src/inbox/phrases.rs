//! Phrase files: what people and servers write, as data.
//!
//! A file holds sections (`[name]`) of patterns, one a line. A pattern is words as [`fold`] leaves them; it may use
//! alternatives `(a|b)`, options `(a )?`, endings `\w*`, `{any}` for any word, names `{me}` that the section `[define]`
//! explains, and ` ~ ` for up to four words in between. A pattern stands for whole words; `^` and `$` tie it to the ends of a clause.
//!
//! Invariant: a file that does not compile fails the crate's tests, never a mail.

mod sieve;

use std::collections::BTreeMap;

use sieve::Sieve;

/// Up to four words between two others.
const GAP: &str = r" (?:\S+ ){0,4}";

/// Any one word.
const ANY: &str = r"(?:\S+)";

/// The section that holds words to mend slips to, not patterns.
pub(crate) const SPELLING: &str = "spelling";

/// Returns the words of the `[spelling]` section of a file.
pub(crate) fn spelled(text: &str) -> impl Iterator<Item = &str> {
    let from = text.lines().skip_while(|line| line.trim() != "[spelling]").skip(1);
    let lines = from.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace)
}

/// The compiled patterns of one or more files.
pub(crate) struct Phrases {
    sieve: Sieve,
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
                } else if section != SPELLING {
                    patterns.push(bounded(&expand(line, &defined)));
                    places.push((section.clone(), format!("{name}:{}", index + 1)));
                }
            }
        }
        Self { sieve: Sieve::new(patterns), places }
    }

    /// Returns every pattern that a folded clause holds, in the order of the files.
    pub(crate) fn hits<'a>(&'a self, clause: &str) -> Vec<Hit<'a>> {
        let found = self.sieve.matches(clause.as_bytes());
        found
            .into_iter()
            .filter_map(|index| self.places.get(index))
            .map(|(section, place)| Hit { section, place })
            .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_folds_to_plain_words() {
        assert_eq!(fold("Bitte lösch’ mich — SOFORT!!"), "bitte loesch mich sofort");
        assert_eq!(fold("Lo\u{308}schen, don't e-mail"), "loeschen dont e mail");
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
