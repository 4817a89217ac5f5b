//! Words and the classes they belong to, and the symbols that a text's tokens stand for.
//!
//! A language is one data file; the classes of all languages are one set, because a record seldom says which language
//! each of its values is in.
//!
//! Invariant: which symbols a token has depends on the text alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::builtin::{Builtin, SymbolId, mark_test, number_tests, word_tests};
use super::normal::fold_word;
use super::token::{Form, Kind, Tokens, tokenize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    symbol: SymbolId,
    /// The least that the word must be: a capital or capitals where the entry is written so.
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    rest: Vec<String>,
    entry: Entry,
}

/// The compiled words of all languages.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    ids: BTreeMap<String, SymbolId>,
    words: HashMap<String, Vec<Entry>>,
    phrases: HashMap<String, Vec<Phrase>>,
    /// Stems that a word begins with, by their first bytes.
    prefixes: HashMap<String, Vec<(String, Entry)>>,
    /// Stems that a word ends with, by their last bytes.
    suffixes: HashMap<String, Vec<(String, Entry)>>,
    /// Stems that stand anywhere in a word; few.
    infixes: Vec<(String, Entry)>,
    abbreviations: HashSet<String>,
}

/// The shortest stem that a starred word may have.
const STEM_BYTES_MIN: usize = 3;

impl Lexicon {
    /// Makes a lexicon that knows the built-in tests.
    pub(super) fn new() -> Self {
        let ids = Builtin::ALL.iter().map(|(builtin, name)| ((*name).to_owned(), builtin.id())).collect();
        Self { ids, ..Self::default() }
    }

    /// Adds abbreviations: words that take a dot behind them.
    pub(super) fn add_abbreviations<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        self.abbreviations.extend(words.map(fold_word));
    }

    /// Returns the symbol of a class such as `<faith>`, making it where it is new.
    pub(super) fn class(&mut self, name: &str) -> SymbolId {
        let next = SymbolId::try_from(self.ids.len()).expect("the data files name far fewer words than ids exist");
        *self.ids.entry(name.to_owned()).or_insert(next)
    }

    /// Returns the symbol of a name that is known already.
    pub(super) fn find(&self, name: &str) -> Option<SymbolId> {
        self.ids.get(name).copied()
    }

    /// Returns the symbol of a word or class in a pattern; a class must be known.
    ///
    /// # Errors
    ///
    /// Names an unknown class.
    pub(super) fn intern(&mut self, name: &str) -> Result<SymbolId, String> {
        if let Some(symbol) = self.find(name) {
            return Ok(symbol);
        }
        if name.starts_with('<') {
            return Err(format!("unknown class `{name}`"));
        }
        let symbol = self.class(name);
        self.add(symbol, name);
        Ok(symbol)
    }

    /// Makes a word, a starred word or a phrase stand for a symbol.
    pub(super) fn add(&mut self, symbol: SymbolId, text: &str) {
        let first = text.chars().find(|c| c.is_alphabetic());
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let form = if letters().count() > 1 && letters().all(char::is_uppercase) {
            Form::Capitals
        } else if first.is_some_and(char::is_uppercase) {
            Form::Capital
        } else {
            Form::Small
        };
        let entry = Entry { symbol, form };
        self.add_folded(entry, text);
        // `judisch` for `jüdisch`, as keyboards without umlauts write it.
        if text.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) {
            let plain: String = text
                .chars()
                .map(|c| match c {
                    'ä' | 'Ä' => 'a',
                    'ö' | 'Ö' => 'o',
                    'ü' | 'Ü' => 'u',
                    c => c,
                })
                .collect();
            self.add_folded(entry, &plain);
        }
    }

    fn add_folded(&mut self, entry: Entry, text: &str) {
        if let Some(stem) = text.strip_suffix('*').and_then(|text| text.strip_prefix('*')) {
            self.infixes.push((fold_word(stem), entry));
            return;
        }
        if let Some(stem) = text.strip_suffix('*') {
            let stem = fold_word(stem);
            let key = stem.get(..STEM_BYTES_MIN).unwrap_or(&stem).to_owned();
            return add_to(&mut self.prefixes, key, (stem, entry));
        }
        if let Some(stem) = text.strip_prefix('*') {
            let stem = fold_word(stem);
            let key = stem.len().checked_sub(STEM_BYTES_MIN).and_then(|at| stem.get(at..)).unwrap_or(&stem).to_owned();
            return add_to(&mut self.suffixes, key, (stem, entry));
        }
        let tokens = tokenize(text, |word| self.abbreviations.contains(word));
        let mut words =
            tokens.list.iter().filter(|token| token.kind != Kind::Mark('.')).map(|t| tokens.text(t).to_owned());
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        if rest.is_empty() {
            add_to(&mut self.words, first, entry);
        } else {
            add_to(&mut self.phrases, first, Phrase { rest, entry });
        }
    }

    /// Makes every word of `inner` stand for `outer` too, which every pattern can then name.
    pub(super) fn include(&mut self, outer: SymbolId, inner: SymbolId) {
        let wider = |entry: &Entry| (entry.symbol == inner).then_some(Entry { symbol: outer, ..*entry });
        for entries in self.words.values_mut() {
            let new: Vec<Entry> = entries.iter().filter_map(wider).collect();
            entries.extend(new);
        }
        for stems in self.prefixes.values_mut().chain(self.suffixes.values_mut()) {
            let new: Vec<_> = stems.iter().filter_map(|(stem, entry)| Some((stem.clone(), wider(entry)?))).collect();
            stems.extend(new);
        }
        for phrases in self.phrases.values_mut() {
            let widen = |phrase: &Phrase| Some(Phrase { rest: phrase.rest.clone(), entry: wider(&phrase.entry)? });
            let new: Vec<Phrase> = phrases.iter().filter_map(widen).collect();
            phrases.extend(new);
        }
    }

    /// Reads a text into tokens.
    pub(super) fn tokens(&self, text: &str) -> Tokens {
        tokenize(text, |word| self.abbreviations.contains(word))
    }

    /// Finds what each token of a text stands for.
    pub(super) fn symbols<'a>(&self, tokens: &'a Tokens) -> Symbols<'a> {
        let mut symbols = Symbols {
            tokens,
            found: Vec::with_capacity(tokens.list.len() * 4),
            derived: Vec::new(),
            ranges: Vec::new(),
        };
        let mut of_token = Vec::new();
        for index in 0..tokens.list.len() {
            let begin = symbols.found.len();
            self.look_up(tokens, index, &mut of_token);
            // The longest phrase first: `Church of England` before `Church`.
            of_token.sort_by_key(|&(_, length)| std::cmp::Reverse(length));
            symbols.found.append(&mut of_token);
            symbols.ranges.push((begin, symbols.found.len()));
        }
        symbols
    }

    fn look_up(&self, tokens: &Tokens, index: usize, found: &mut Vec<(SymbolId, u8)>) {
        let Some(token) = tokens.list.get(index) else { return };
        let text = tokens.text(token);
        let mut builtin = |builtin: Builtin| found.push((builtin.id(), 1));
        match token.kind {
            Kind::Word => {
                builtin(if token.form == Form::Small { Builtin::Lower } else { Builtin::Cap });
                if token.form == Form::Capitals {
                    builtin(Builtin::Caps);
                }
                if token.joined {
                    builtin(Builtin::Joined);
                }
                word_tests(text, token.form).into_iter().flatten().for_each(&mut builtin);
                self.word(text, token.form, found);
                if text.len() >= 5 && text.bytes().any(|b| b.is_ascii_digit()) {
                    self.word(&without_digits(text), token.form, found);
                }
                self.phrase(tokens, index, found);
            }
            Kind::Number => {
                builtin(Builtin::Number);
                builtin(Builtin::Code);
                number_tests(text).into_iter().flatten().for_each(&mut builtin);
                self.word(text, Form::Small, found);
                self.phrase(tokens, index, found);
            }
            Kind::Date => builtin(Builtin::Date),
            Kind::Symbol => {
                builtin(Builtin::Pictograph);
                self.word(text, Form::Small, found);
            }
            Kind::Mark(mark) => mark_test(mark).into_iter().for_each(builtin),
            Kind::Opaque if !text.contains('@') && text.bytes().any(|b| b.is_ascii_digit()) => builtin(Builtin::Code),
            Kind::Opaque | Kind::Break | Kind::Gap => {}
        }
    }

    fn word(&self, text: &str, form: Form, found: &mut Vec<(SymbolId, u8)>) {
        let mut take = |entries: Option<&[Entry]>| {
            for entry in entries.into_iter().flatten().filter(|entry| form >= entry.form) {
                if !found.contains(&(entry.symbol, 1)) {
                    found.push((entry.symbol, 1));
                }
            }
        };
        take(self.words.get(text).map(Vec::as_slice));
        for (_, entry) in self.infixes.iter().filter(|(stem, _)| text.contains(stem.as_str())) {
            take(Some(std::slice::from_ref(entry)));
        }
        let head = text.get(..STEM_BYTES_MIN).and_then(|key| self.prefixes.get(key));
        for (_, entry) in head.into_iter().flatten().filter(|(stem, _)| text.starts_with(stem.as_str())) {
            take(Some(std::slice::from_ref(entry)));
        }
        let tail = text.len().checked_sub(STEM_BYTES_MIN).and_then(|at| text.get(at..));
        let tail = tail.and_then(|key| self.suffixes.get(key));
        for (_, entry) in tail.into_iter().flatten().filter(|(stem, _)| text.ends_with(stem.as_str())) {
            take(Some(std::slice::from_ref(entry)));
        }
    }

    fn phrase(&self, tokens: &Tokens, index: usize, found: &mut Vec<(SymbolId, u8)>) {
        let Some(first) = tokens.list.get(index) else { return };
        let Some(phrases) = self.phrases.get(tokens.text(first)) else { return };
        for phrase in phrases {
            let end = phrase_end(tokens, index, &phrase.rest);
            if let Some(end) = end.filter(|_| first.form >= phrase.entry.form) {
                let length = u8::try_from(end - index).unwrap_or(u8::MAX);
                found.push((phrase.entry.symbol, length));
            }
        }
    }
}

fn add_to<V: PartialEq>(map: &mut HashMap<String, Vec<V>>, key: String, value: V) {
    let values = map.entry(key).or_default();
    if !values.contains(&value) {
        values.push(value);
    }
}

/// Where a phrase ends whose first word is at `index`; a dot or a line break inside it does not matter.
fn phrase_end(tokens: &Tokens, index: usize, rest: &[String]) -> Option<usize> {
    let mut at = index + 1;
    for word in rest {
        while tokens.list.get(at).is_some_and(|t| t.kind == Kind::Break || (t.kind == Kind::Mark('.') && !t.spaced)) {
            at += 1;
        }
        let token = tokens.list.get(at)?;
        if tokens.text(token) != word {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// `rel1g10n` as it is meant.
fn without_digits(text: &str) -> String {
    let replace = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    };
    text.chars().map(replace).collect()
}

/// What the tokens of one text stand for.
#[derive(Debug)]
pub(super) struct Symbols<'a> {
    pub(super) tokens: &'a Tokens,
    found: Vec<(SymbolId, u8)>,
    /// What patterns found, in order of token.
    derived: Vec<(usize, (SymbolId, u8))>,
    ranges: Vec<(usize, usize)>,
}

impl Symbols<'_> {
    /// Returns the symbols that begin at a token, each with the number of tokens it takes.
    pub(super) fn at(&self, index: usize) -> &[(SymbolId, u8)] {
        self.ranges.get(index).and_then(|&(from, to)| self.found.get(from..to)).unwrap_or_default()
    }

    /// Adds what a pattern found.
    pub(super) fn derive(&mut self, index: usize, symbol: SymbolId, length: usize) {
        self.derived.push((index, (symbol, u8::try_from(length).unwrap_or(u8::MAX))));
    }

    /// Returns the symbols that patterns found at a token.
    pub(super) fn derived_at(&self, index: usize) -> impl Iterator<Item = &(SymbolId, u8)> {
        self.derived.iter().filter(move |(at, _)| *at == index).map(|(_, found)| found)
    }

    /// Returns what kind of token stands there.
    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.list.get(index).map(|token| token.kind)
    }

    /// Whether a phrase ends at this token: there is none, or it is a mark.
    pub(super) fn is_edge(&self, index: Option<usize>) -> bool {
        match index.and_then(|index| self.kind(index)) {
            None | Some(Kind::Break | Kind::Gap | Kind::Symbol) => true,
            Some(Kind::Mark(mark)) => !matches!(mark, '&' | '/' | '%' | '#' | '+' | '@'),
            Some(Kind::Word | Kind::Number | Kind::Date | Kind::Opaque) => false,
        }
    }

    /// Whether a sentence ends at this token.
    pub(super) fn ends_sentence(&self, index: usize) -> bool {
        match self.kind(index) {
            None | Some(Kind::Gap) => true,
            Some(Kind::Mark(mark)) => matches!(mark, '.' | '!' | '?' | ';'),
            Some(Kind::Word | Kind::Number | Kind::Date | Kind::Opaque | Kind::Symbol | Kind::Break) => false,
        }
    }
}
