//! Words and the classes they belong to, and the symbols that a text's tokens stand for.
//!
//! A language is one data file, and its classes are its own: `fr:<faith>` holds the French words and what belongs to no
//! language, so that no language's word is another's class. A text may be in any language; each token has the symbols of
//! all of them.
//!
//! Invariant: which symbols a token has depends on the text alone.

use std::collections::HashMap;

use super::builtin::{Builtin, SymbolId, mark_test, number_tests, word_tests};
use super::normal::fold_word;
use super::token::{Form, Habits, Kind, Token, Tokens, tokenize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    symbol: SymbolId,
    /// The least that the word must be: a capital or capitals where the entry is written so.
    form: Form,
    /// The word must have an accent, as `=né` asks: without it it is another word.
    accented: bool,
}

impl Entry {
    fn fits(self, token: &Token) -> bool {
        token.form >= self.form && (token.accented || !self.accented)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    rest: Vec<String>,
    entry: Entry,
}

/// The compiled words of all languages.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    ids: HashMap<String, SymbolId>,
    names: Vec<String>,
    words: HashMap<String, Vec<Entry>>,
    phrases: HashMap<String, Vec<Phrase>>,
    /// Stems that a word begins with, by their first bytes.
    prefixes: HashMap<String, Vec<(String, Entry)>>,
    /// Stems that a word ends with, by their last bytes.
    suffixes: HashMap<String, Vec<(String, Entry)>>,
    /// Stems that stand anywhere in a word; few.
    infixes: Vec<(String, Entry)>,
    habits: Habits,
}

/// The shortest stem that a starred word may have.
const STEM_BYTES_MIN: usize = 3;

impl Lexicon {
    /// Makes a lexicon that knows the built-in tests.
    pub(super) fn new() -> Self {
        let ids = Builtin::ALL.iter().map(|(builtin, name)| ((*name).to_owned(), builtin.id())).collect();
        let names = Builtin::ALL.iter().map(|(_, name)| (*name).to_owned()).collect();
        Self { ids, names, ..Self::default() }
    }

    /// Adds abbreviations: words that take a dot behind them.
    pub(super) fn add_abbreviations<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        self.habits.abbreviations.extend(words.map(fold_word));
    }

    /// Adds words that lose their end before a vowel, such as `l` of `l'hôpital`: they are words of their own.
    pub(super) fn add_elisions<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        self.habits.elisions.extend(words.map(fold_word));
    }

    /// Returns how many symbols there are.
    pub(super) fn symbol_count(&self) -> usize {
        self.names.len()
    }

    /// Returns the symbols of a class in every language.
    pub(super) fn every(&self, class: &str) -> Vec<SymbolId> {
        let is = |name: &str| name.strip_suffix(class).is_some_and(|lang| lang.is_empty() || lang.ends_with(':'));
        let mut symbols: Vec<SymbolId> =
            self.ids.iter().filter(|(name, _)| is(name)).map(|(_, symbol)| *symbol).collect();
        symbols.sort_unstable();
        symbols
    }

    /// Returns the symbol of a class such as `fr:<faith>`, making it where it is new.
    pub(super) fn class(&mut self, name: &str) -> SymbolId {
        let next = SymbolId::try_from(self.names.len()).expect("the data files name far fewer words than ids exist");
        *self.ids.entry(name.to_owned()).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        })
    }

    /// Returns the symbol of a name that is known already.
    pub(super) fn find(&self, name: &str) -> Option<SymbolId> {
        self.ids.get(name).copied()
    }

    /// Returns the name of a symbol.
    pub(super) fn name(&self, symbol: SymbolId) -> Option<&str> {
        self.names.get(usize::from(symbol)).map(String::as_str)
    }

    /// Returns the symbol of a word in a pattern.
    pub(super) fn intern(&mut self, word: &str) -> SymbolId {
        if let Some(symbol) = self.find(word) {
            return symbol;
        }
        let symbol = self.class(word);
        self.add(symbol, word);
        symbol
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
        let (accented, text) = text.strip_prefix('=').map_or((false, text), |word| (true, word));
        let entry = Entry { symbol, form, accented };
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
        let shortened = fold_word(text);
        if shortened.strip_suffix('\'').is_some_and(|word| self.habits.elisions.contains(word)) {
            return add_to(&mut self.words, shortened, entry);
        }
        let tokens = self.tokens(text);
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

    /// Reads a text into tokens.
    pub(super) fn tokens(&self, text: &str) -> Tokens {
        tokenize(text, &self.habits)
    }

    /// Finds what each token of a text stands for.
    pub(super) fn symbols<'a>(&self, tokens: &'a Tokens) -> Symbols<'a> {
        let mut symbols = Symbols {
            tokens,
            found: Vec::with_capacity(tokens.list.len() * 8),
            ranges: Vec::with_capacity(tokens.list.len()),
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
                self.word(text, token, found);
                if token.spelled {
                    // `a s t r o k e`, `c a t ó l i c o y`: a word of one letter beside it is no letter of the word.
                    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
                    for part in [text.get(1..), text.get(..last)] {
                        self.word(part.unwrap_or_default(), token, found);
                    }
                }
                if text.len() >= 5 && text.bytes().any(|b| b.is_ascii_digit()) {
                    self.word(&without_digits(text), token, found);
                }
                self.phrase(tokens, index, found);
            }
            Kind::Number => {
                builtin(Builtin::Number);
                builtin(Builtin::Code);
                number_tests(text).into_iter().flatten().for_each(&mut builtin);
                self.word(text, token, found);
                self.phrase(tokens, index, found);
            }
            Kind::Date => builtin(Builtin::Date),
            Kind::Symbol => {
                builtin(Builtin::Pictograph);
                self.word(text, token, found);
            }
            Kind::Mark(mark) => {
                mark_test(mark).into_iter().for_each(builtin);
                self.phrase(tokens, index, found);
            }
            Kind::Opaque if !text.contains('@') && text.bytes().any(|b| b.is_ascii_digit()) => builtin(Builtin::Code),
            Kind::Opaque | Kind::Break | Kind::Gap => {}
        }
    }

    fn word(&self, text: &str, token: &Token, found: &mut Vec<(SymbolId, u8)>) {
        let mut take = |entries: Option<&[Entry]>| {
            for entry in entries.into_iter().flatten().filter(|entry| entry.fits(token)) {
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
            if let Some(end) = end.filter(|_| phrase.entry.fits(first)) {
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
    ranges: Vec<(usize, usize)>,
}

impl Symbols<'_> {
    /// Returns the symbols that begin at a token, each with the number of tokens it takes.
    pub(super) fn at(&self, index: usize) -> &[(SymbolId, u8)] {
        self.ranges.get(index).and_then(|&(from, to)| self.found.get(from..to)).unwrap_or_default()
    }

    /// Returns every symbol of the text, with repetitions.
    pub(super) fn all(&self) -> impl Iterator<Item = SymbolId> {
        self.found.iter().map(|(symbol, _)| *symbol)
    }

    /// Returns what kind of token stands there.
    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.list.get(index).map(|token| token.kind)
    }

    /// Whether the token is a word with a capital that no language knows, as names are.
    pub(super) fn is_name(&self, index: usize) -> bool {
        let capital = self.tokens.list.get(index).is_some_and(|token| token.form != Form::Small);
        capital && self.at(index).iter().all(|(symbol, _)| usize::from(*symbol) < Builtin::ALL.len())
    }

    /// Whether the token is a figure such as `5,000`.
    pub(super) fn is_figure(&self, index: usize) -> bool {
        let text = self.tokens.list.get(index).map_or("", |token| self.tokens.text(token));
        text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('@')
    }

    /// Whether a phrase ends at this token: there is none, or it is a mark.
    pub(super) fn is_edge(&self, index: Option<usize>) -> bool {
        match index.and_then(|index| self.kind(index)) {
            None | Some(Kind::Break | Kind::Gap | Kind::Symbol) => true,
            Some(Kind::Mark(mark)) => !matches!(mark, '&' | '/' | '%' | '+' | '@'),
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
