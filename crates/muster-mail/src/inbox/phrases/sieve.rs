//! Many patterns looked for in one short text: only those are tried of which the text holds a word.
//!
//! One automaton over all patterns at once grows with every new sentence until its memory is full and it starts anew;
//! so each pattern is its own, and one pass for the words that it cannot do without says which to try.
//!
//! Invariant: what is found is what each pattern alone would find.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{Extractor, Seq};
use regex_syntax::hir::{Hir, HirKind};

/// Shortest word that tells patterns apart; shorter ones are in every text.
const WORD_BYTES_MIN: usize = 3;

/// Words of one pattern of which a text must hold one; with more of them, another part of the pattern is better.
const WORDS_MAX: usize = 400;

/// Longest beginning of a word that is looked for.
const WORD_BYTES_MAX: usize = 24;

/// Patterns, and the words without which they cannot match.
pub(super) struct Sieve {
    words: AhoCorasick,
    /// The patterns that each word belongs to.
    patterns_of_word: Vec<Vec<usize>>,
    /// Patterns without such a word.
    always: Vec<usize>,
    patterns: Vec<(String, OnceLock<Regex>)>,
}

impl Sieve {
    /// Takes patterns over bytes; their syntax is checked here, each is compiled when it is first tried.
    pub(super) fn new(patterns: Vec<String>) -> Self {
        let mut words: Vec<Vec<u8>> = Vec::new();
        let mut patterns_of_word: Vec<Vec<usize>> = Vec::new();
        let mut always = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern);
            let hir = hir.expect("the phrase files are patterns: a test reads them");
            let Some(needed) = needed_words(&hir) else {
                always.push(index);
                continue;
            };
            for word in needed {
                patterns_of_word.push(vec![index]);
                words.push(word);
            }
        }
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&words)
            .expect("some thousand words are below every limit of the automaton");
        let patterns = patterns.into_iter().map(|pattern| (pattern, OnceLock::new())).collect();
        Self { words, patterns_of_word, always, patterns }
    }

    /// Returns the patterns that match, in their order.
    pub(super) fn matches(&self, text: &[u8]) -> Vec<usize> {
        let mut tried = vec![false; self.patterns.len()];
        let found =
            self.words.find_overlapping_iter(text).filter_map(|at| self.patterns_of_word.get(at.pattern().as_usize()));
        for &index in found.flatten().chain(&self.always) {
            if let Some(flag) = tried.get_mut(index) {
                *flag = true;
            }
        }
        let candidates = self.patterns.iter().zip(&tried).enumerate().filter(|(_, (_, tried))| **tried);
        candidates.filter(|(_, ((pattern, regex), _))| compiled(pattern, regex).is_match(text)).map(|it| it.0).collect()
    }
}

fn compiled<'a>(pattern: &str, regex: &'a OnceLock<Regex>) -> &'a Regex {
    let compile = || RegexBuilder::new(pattern).unicode(false).build().expect("its syntax was checked");
    regex.get_or_init(compile)
}

/// The words of which every match holds one: those of the part that is most telling.
fn needed_words(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let parts: &[Hir] = match hir.kind() {
        HirKind::Concat(parts) => parts,
        HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Capture(_)
        | HirKind::Alternation(_) => std::slice::from_ref(hir),
    };
    let mut extractor = Extractor::new();
    extractor.limit_class(16).limit_repeat(2).limit_literal_len(WORD_BYTES_MAX).limit_total(WORDS_MAX);
    let telling = |seq: &Seq| {
        let shortest = seq.literals()?.iter().map(|literal| literal.as_bytes().trim_ascii().len()).min()?;
        let count = seq.literals()?.len();
        (shortest >= WORD_BYTES_MIN).then_some((shortest.min(8), std::cmp::Reverse(count)))
    };
    let seqs = parts.iter().map(|part| extractor.extract(part));
    let best = seqs.filter_map(|seq| telling(&seq).map(|score| (score, seq))).max_by_key(|(score, _)| *score)?.1;
    Some(best.literals()?.iter().map(|literal| literal.as_bytes().to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_finds_what_each_pattern_finds() {
        let patterns = [
            r"(?:^| )(?:remove (?:\S+ ){0,4}list)(?: |$)",
            r"(?:^| )(?:e ?mails?|stop)(?: |$)",
            r"^(?:\S+)$",
            r"(?:^| )(?:i|we) (?:\S+ ){0,2}(?:away|absent\w*)(?: |$)",
            r"(?:^| )(?:no)(?: |$)",
        ];
        let sieve = Sieve::new(patterns.map(str::to_owned).into());
        for text in
            ["please remove me from your list", "stop", "no e mail", "we are absentees", "i went away", "", "x y"]
        {
            let alone = patterns.iter().map(|pattern| RegexBuilder::new(pattern).unicode(false).build().unwrap());
            let expect: Vec<usize> =
                alone.enumerate().filter(|(_, it)| it.is_match(text.as_bytes())).map(|(at, _)| at).collect();
            assert_eq!(sieve.matches(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn a_pattern_is_known_by_its_most_telling_part() {
        let words = |pattern: &str| {
            let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap();
            needed_words(&hir)
                .map(|words| words.into_iter().map(|it| String::from_utf8(it).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(words("(?:^| )(?:i|we) (?:office|leave)(?: |$)"), Some(vec!["office".into(), "leave".into()]));
        assert_eq!(words("(?:no|an)"), None);
    }
}
