//! Which language a passage is in, told by its commonest words.
//!
//! It does not name the language of anything short, nor of names, addresses and titles: those have the small words
//! of a language, but not its verbs and pronouns.
//!
//! Invariant: a passage is foreign only where another language's words outnumber those of the language it should be in.

use std::sync::LazyLock;

use regex::Regex;

use super::fold::fold;
use super::words::{OTHERS, Words};

/// Letters with full stops: `S.A.`, `z o.o.`, `D.O.B.`.
static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:\p{L}\. ?){2,}").expect("the pattern is part of the source, and the tests compile it")
});

/// Fewest words of a passage that a language can be told from.
const WORDS_MIN: usize = 5;

/// Returns the words of the language that a passage is in instead of `target`, where that is plain.
pub(super) fn foreign(passage: &str, target: &Words) -> Option<&'static Words> {
    let low = fold(&without_abbreviations(passage));
    // The letter of a list (`a)`) is a word of no language.
    let mut tokens: Vec<&str> = low
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
        .collect();
    let lines_begin_with_letters = low.contains("a) ") && low.contains("b) ");
    if lines_begin_with_letters {
        tokens.retain(|word| word.len() > 1);
    }
    if tokens.len() < WORDS_MIN {
        return None;
    }
    let knows = |words: &Words, word: &str| has(&words.common, word) || has(&words.speech, word);
    // A word of both languages tells nothing.
    let others = Words::all().filter(|words| words.lang != target.lang).map(|words| {
        let only = tokens.iter().filter(|word| knows(words, word) && !knows(target, word)).count();
        let spoken = tokens.iter().filter(|word| has(&words.speech, word) && !knows(target, word)).count();
        let home = tokens.iter().filter(|word| knows(target, word) && !knows(words, word)).count();
        let all = tokens.iter().filter(|word| knows(words, word)).count();
        (Foreign { only, spoken, home }, all, words)
    });
    let (found, _, words) =
        others.max_by_key(|(found, all, _)| (found.only.saturating_sub(found.home), *all, found.spoken))?;
    found.is_plain(tokens.len()).then_some(words)
}

/// Takes out what is written in capitals only, such as `SE` or `A/S`, unless all of the passage is.
fn without_abbreviations(passage: &str) -> String {
    let plain = DOTTED.replace_all(passage, " ");
    let shouted = |word: &str| word.to_uppercase() == word && word.chars().any(char::is_alphabetic);
    let all = plain.split(' ').filter(|word| word.chars().count() > 3);
    if all.clone().count() > 0 && all.clone().filter(|word| shouted(word)).count() * 2 > all.count() {
        return plain.into_owned();
    }
    plain.split(' ').filter(|word| word.chars().count() == 1 || !shouted(word)).collect::<Vec<_>>().join(" ")
}

/// Returns whether a passage has more words that only `one` knows than words that only `another` does.
pub(super) fn is_rather(passage: &str, one: &Words, another: &Words) -> bool {
    let low = fold(passage);
    let knows = |words: &Words, word: &str| has(&words.common, word) || has(&words.speech, word);
    let count = |of: &Words, not: &Words| {
        low.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| knows(of, word) && !knows(not, word)).count()
    };
    count(one, another) > count(another, one)
}

/// Fewest words of a passage that the language of no notice can be told from.
const OTHER_WORDS_MIN: usize = 9;

/// Returns the code of a language that no notice is written in, where a passage is plainly in it.
pub(super) fn other(passage: &str, target: &Words) -> Option<&'static str> {
    let letters = passage.chars().filter(|c| c.is_alphabetic()).count();
    let greek_or_cyrillic = passage.chars().filter(|c| ('\u{370}'..='\u{52f}').contains(c)).count();
    if letters > 20 && greek_or_cyrillic * 2 > letters {
        return Some(if passage.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c)) { "bg" } else { "el" });
    }
    let low = fold(&without_abbreviations(passage));
    let tokens: Vec<&str> = low.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    if tokens.len() < OTHER_WORDS_MIN {
        return None;
    }
    let at_home = |word: &str| has(&target.common, word) || has(&target.speech, word);
    let (count, code) = OTHERS
        .iter()
        .map(|(code, words)| {
            let only = tokens.iter().filter(|word| has(words, word) && !at_home(word)).count();
            let home = tokens.iter().filter(|word| !has(words, word) && at_home(word)).count();
            (only.saturating_sub(home * 2), *code)
        })
        .max_by_key(|(count, _)| *count)?;
    (count >= 4 && count * 4 >= tokens.len()).then_some(code)
}

/// How often a passage has words that only one of two languages knows.
struct Foreign {
    only: usize,
    spoken: usize,
    home: usize,
}

impl Foreign {
    fn is_plain(&self, length: usize) -> bool {
        // Without a verb or pronoun, so many small words that it can be no name.
        let dense = self.only >= 6 && self.only * 5 >= length * 2 && self.home == 0;
        let plain = self.only >= 3 && self.spoken >= 1 && self.only > self.home || dense;
        plain && (length >= 8 || self.spoken >= 2 && self.home == 0)
    }
}

fn has(sorted: &[String], word: &str) -> bool {
    sorted.binary_search_by(|known| known.as_str().cmp(word)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCES: [(&str, &str); 7] = [
        ("en", "We keep the data for 24 months, counted from the day on which they were first collected."),
        ("de", "Wir speichern die Daten 24 Monate lang, gerechnet von dem Tag, an dem sie erhoben wurden."),
        ("fr", "Nous conservons les données pendant 24 mois à compter de la date de leur collecte."),
        ("es", "Conservamos los datos durante 24 meses desde el día en que se recogieron por primera vez."),
        ("it", "Conserviamo i dati per 24 mesi dal giorno in cui sono stati raccolti per la prima volta."),
        ("nl", "Wij bewaren de gegevens 24 maanden, gerekend vanaf de dag waarop ze zijn verzameld."),
        ("pl", "Przechowujemy dane przez 24 miesiące, licząc od dnia, w którym zostały po raz pierwszy zebrane."),
    ];

    #[test]
    fn a_sentence_of_another_language_is_told() {
        for (lang, sentence) in SENTENCES {
            for (target, _) in SENTENCES {
                let found = foreign(sentence, Words::of(target).unwrap()).map(|words| words.lang);
                assert_eq!(found, (lang != target).then_some(lang), "{sentence} as {target}");
            }
        }
    }

    #[test]
    fn a_short_or_nameless_passage_is_in_no_language() {
        let german = Words::of("de").unwrap();
        for passage in [
            "Marketing Services Europe",
            "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota",
            "Commission nationale de l'informatique et des libertés, 3 place de Fontenoy, 75007 Paris",
            "Garante per la protezione dei dati personali, Piazza Venezia 11, Roma",
            "Head of Sales and Marketing for the Nordic Region at Northern Cranes Ltd",
        ] {
            assert!(foreign(passage, german).is_none(), "{passage}");
        }
    }
}
