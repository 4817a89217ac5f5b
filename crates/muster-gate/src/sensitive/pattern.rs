//! The language in which the rules are written, and the matcher that runs it over tokens.
//!
//! | written | means |
//! |---|---|
//! | `word`, `Word`, `WORD` | this word; with a capital or in capitals only where written so |
//! | `=né` | this word with an accent: not `ne` |
//! | `l'` | a shortened word before the next |
//! | `kathol*`, `*mitglied` | words that begin or end so |
//! | `<class>` | any word or phrase of a class |
//! | `(a b\|c)`, `x?` | one of several; perhaps |
//! | `..3` | up to three words, as few as possible; at the end of a phrase as many, up to a word of the class `stop` |
//! | `[` `]` | what is cut; all of the match where they are not written |
//! | `!x`, `!3x` | the next word (one of the next three) is not x |
//! | `~x`, `~6x` | the word before (one of the six before, in the sentence) is not x |
//! | `<^>`, `<$>` | here is an edge: beginning, end or a mark |
//!
//! Invariant: matching takes a bounded number of steps and never fails.

use std::collections::BTreeMap;

use super::builtin::SymbolId;
use super::lexicon::Symbols;
use super::token::Kind;

/// Most steps one attempt may take; a rule that needs more does not match.
const STEPS_MAX: u32 = 4_000;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Op {
    Symbol(SymbolId),
    Any,
    Tail,
    Split(usize, usize),
    Jump(usize),
    CutStart,
    CutEnd,
    NotAhead(usize, Vec<SymbolId>),
    NotBehind(usize, Vec<SymbolId>),
    EdgeStart,
    EdgeEnd,
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    ops: Vec<Op>,
    /// A text without any of these symbols holds no match; the rarest such set.
    triggers: Vec<SymbolId>,
    /// What a match may begin with, sorted.
    first: Vec<SymbolId>,
    edges: Edges,
}

/// The classes of the pattern's language at which the search for words stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Edges {
    /// Words that do not belong to a phrase any more.
    pub(super) stop: Option<SymbolId>,
    /// Words that stand for a person, who is then another one.
    pub(super) person: Option<SymbolId>,
    /// Words for people whom a firm serves, and for what they apply for.
    pub(super) others: Option<SymbolId>,
}

/// Classes that are found by a pattern, such as somebody who is something, by their symbol.
pub(super) type Derived = BTreeMap<SymbolId, Pattern>;

/// What a pattern is compiled with.
pub(super) trait Names {
    /// Returns the symbol of a word or class.
    ///
    /// # Errors
    ///
    /// Names an unknown class.
    fn symbol(&mut self, name: &str) -> Result<SymbolId, String>;

    /// Returns how common a symbol is in texts; only the order counts.
    fn weight(&self, symbol: SymbolId) -> u32;

    /// Returns the classes that are found by a pattern.
    fn derived(&self) -> &Derived;

    /// Returns the classes at which the search for words stops.
    fn edges(&self) -> Edges;
}

/// Symbols of which a match has at least one, and how common they are together; none where it may do without.
type Clause = Option<(u32, Vec<SymbolId>)>;

/// A match: the tokens from `from` to before `to` are to be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the pattern.
    pub(super) fn parse(text: &str, names: &mut dyn Names) -> Result<Self, String> {
        let edges = names.edges();
        let mut parser = Parser { pieces: pieces(text), at: 0, ops: Vec::new(), names };
        let clause = parser.alternatives()?;
        if parser.at < parser.pieces.len() {
            return Err(format!("`{text}`: unexpected `{}`", parser.pieces.get(parser.at).map_or("", String::as_str)));
        }
        let first = first(&parser.ops, parser.names.derived());
        if first.is_empty() {
            return Err(format!("`{text}` does not begin with a word or class"));
        }
        let mut triggers = clause.map_or_else(|| first.clone(), |(_, symbols)| symbols);
        triggers.sort_unstable();
        triggers.dedup();
        Ok(Self { ops: parser.ops, triggers, first, edges })
    }

    /// Returns the symbols of which a text with a match has at least one.
    pub(super) fn triggers(&self) -> &[SymbolId] {
        &self.triggers
    }

    /// Returns the classes of the pattern's language.
    pub(super) fn edges(&self) -> Edges {
        self.edges
    }

    /// Tries to match at a token.
    pub(super) fn run(&self, symbols: &Symbols<'_>, derived: &Derived, begin: usize) -> Option<Match> {
        if !symbols.at(begin).iter().any(|(symbol, _)| self.first.binary_search(symbol).is_ok()) {
            return None;
        }
        let mut run = Run { ops: &self.ops, edges: self.edges, symbols, derived, begin, steps: 0 };
        let (end, cut_start, cut_end) = run.go(0, begin, None, None)?;
        let matched = Match { from: cut_start.unwrap_or(begin), to: cut_end.unwrap_or(end) };
        (matched.from < matched.to).then_some(matched)
    }
}

/// Returns the symbols that a match may begin with, sorted; empty where it may begin with anything.
fn first(ops: &[Op], derived: &Derived) -> Vec<SymbolId> {
    let (mut symbols, mut open, mut seen) = (Vec::new(), vec![0], Vec::new());
    while let Some(at) = open.pop() {
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        match ops.get(at) {
            Some(Op::Symbol(symbol)) => match derived.get(symbol) {
                Some(pattern) => symbols.extend(&pattern.first),
                None => symbols.push(*symbol),
            },
            Some(Op::Split(one, two)) => open.extend([*one, *two]),
            Some(Op::Jump(to)) => open.push(*to),
            Some(Op::CutStart | Op::CutEnd | Op::NotAhead(..) | Op::NotBehind(..) | Op::EdgeStart | Op::EdgeEnd) => {
                open.push(at + 1);
            }
            Some(Op::Any | Op::Tail) | None => return Vec::new(),
        }
    }
    symbols.sort_unstable();
    symbols.dedup();
    symbols
}

struct Run<'a> {
    ops: &'a [Op],
    edges: Edges,
    symbols: &'a Symbols<'a>,
    derived: &'a Derived,
    begin: usize,
    steps: u32,
}

type Reached = (usize, Option<usize>, Option<usize>);

impl Run<'_> {
    fn go(&mut self, mut op: usize, mut at: usize, mut from: Option<usize>, mut to: Option<usize>) -> Option<Reached> {
        loop {
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return None;
            }
            match self.ops.get(op) {
                None => return Some((at, from, to)),
                Some(Op::Symbol(symbol)) => return self.symbol(*symbol, op, at, from, to),
                Some(any @ (Op::Any | Op::Tail)) => {
                    let at_word = self.over_break(at);
                    match self.symbols.kind(at_word) {
                        Some(Kind::Word | Kind::Number | Kind::Date) => {
                            let stops =
                                self.symbols.at(at_word).iter().any(|(found, _)| Some(*found) == self.edges.stop);
                            if *any == Op::Tail && stops {
                                return None;
                            }
                            at = at_word + 1;
                        }
                        // A sum of money stands in a sentence like a word.
                        Some(Kind::Opaque) if self.symbols.is_figure(at_word) => at = at_word + 1,
                        Some(Kind::Opaque | Kind::Mark(_) | Kind::Symbol | Kind::Break | Kind::Gap) | None => {
                            return None;
                        }
                    }
                }
                Some(Op::Split(one, two)) => {
                    if let Some(reached) = self.go(*one, at, from, to) {
                        return Some(reached);
                    }
                    op = *two;
                    continue;
                }
                Some(Op::Jump(target)) => {
                    op = *target;
                    continue;
                }
                // The cut begins with a word, not with the line break before it.
                Some(Op::CutStart) => from = Some(self.over_break(at)),
                Some(Op::CutEnd) => to = Some(at),
                Some(Op::NotAhead(window, refused)) => {
                    if self.ahead(at, *window, refused) {
                        return None;
                    }
                }
                Some(Op::NotBehind(window, refused)) => {
                    if self.behind(at, *window, refused) {
                        return None;
                    }
                }
                Some(Op::EdgeStart) => {
                    if !self.symbols.is_edge(at.checked_sub(1)) {
                        return None;
                    }
                }
                Some(Op::EdgeEnd) => {
                    if !self.symbols.is_edge(Some(at)) {
                        return None;
                    }
                }
            }
            op += 1;
        }
    }

    fn symbol(
        &mut self,
        symbol: SymbolId,
        op: usize,
        at: usize,
        from: Option<usize>,
        to: Option<usize>,
    ) -> Option<Reached> {
        let at = self.over_break(at);
        let (symbols, derived) = (self.symbols, self.derived);
        if let Some(pattern) = derived.get(&symbol) {
            let length = pattern.run(symbols, derived, at).map(|found| found.to - found.from)?;
            return self.go(op + 1, at + length, from, to);
        }
        for &(found, length) in symbols.at(at) {
            if found == symbol
                && let Some(reached) = self.go(op + 1, at + usize::from(length), from, to)
            {
                return Some(reached);
            }
        }
        None
    }

    /// A line that is broken inside a phrase does not end it.
    fn over_break(&self, at: usize) -> usize {
        at + usize::from(at > self.begin && self.symbols.kind(at) == Some(Kind::Break))
    }

    fn ahead(&self, at: usize, window: usize, refused: &[SymbolId]) -> bool {
        let at = self.over_break(at);
        let is_refused = |index: usize| self.symbols.at(index).iter().any(|(symbol, _)| refused.contains(symbol));
        // Behind a mark begins something else, but for what only belongs to the words before it: `Frau Schmidt, Muster
        // GmbH` names no firm after her, `Don Ejemplo, S.L.` is one.
        let other = |index: usize| {
            let mark =
                matches!(self.symbols.kind(index), Some(Kind::Mark(',' | '(' | ')' | '|' | ':' | '-') | Kind::Break));
            index > at && mark && !(self.symbols.kind(index) == Some(Kind::Mark(',')) && is_refused(index + 1))
        };
        (at..at + window).take_while(|&index| !self.symbols.ends_sentence(index) && !other(index)).any(is_refused)
    }

    fn behind(&self, at: usize, window: usize, refused: &[SymbolId]) -> bool {
        for index in (at.saturating_sub(window)..at).rev() {
            let symbols = self.symbols.at(index);
            if symbols.iter().any(|(symbol, length)| refused.contains(symbol) && index + usize::from(*length) <= at) {
                return true;
            }
            let other_subject = window > 1 && symbols.iter().any(|(symbol, _)| Some(*symbol) == self.edges.person);
            if other_subject || self.symbols.ends_sentence(index) {
                return false;
            }
        }
        false
    }
}

struct Parser<'a> {
    pieces: Vec<String>,
    at: usize,
    ops: Vec<Op>,
    names: &'a mut dyn Names,
}

fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut word, mut in_class) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        let special = !in_class && matches!(c, '(' | ')' | '|' | '[' | ']' | '?' | ',' | '/' | ':');
        if special || c.is_whitespace() || c == '-' {
            if !word.is_empty() {
                pieces.push(std::mem::take(&mut word));
            }
            if special {
                pieces.push(c.to_string());
            }
            continue;
        }
        in_class = c == '<' || (in_class && c != '>');
        word.push(c);
    }
    if !word.is_empty() {
        pieces.push(word);
    }
    pieces
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.pieces.get(self.at).map_or("", String::as_str)
    }

    fn alternatives(&mut self) -> Result<Clause, String> {
        let mut ends = Vec::new();
        let mut clause: Clause = Some((0, Vec::new()));
        loop {
            let split = self.ops.len();
            self.ops.push(Op::Jump(split + 1));
            let other = self.sequence()?;
            clause = clause.zip(other).map(|((a, one), (b, two))| (a.saturating_add(b), [one, two].concat()));
            if self.peek() != "|" {
                break;
            }
            self.at += 1;
            ends.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.set(split, Op::Split(split + 1, self.ops.len()));
        }
        let end = self.ops.len();
        for at in ends {
            self.set(at, Op::Jump(end));
        }
        Ok(clause)
    }

    fn set(&mut self, at: usize, op: Op) {
        if let Some(slot) = self.ops.get_mut(at) {
            *slot = op;
        }
    }

    fn sequence(&mut self) -> Result<Clause, String> {
        let mut best: Clause = None;
        while !matches!(self.peek(), "" | "|" | ")") {
            let begin = self.ops.len();
            self.ops.push(Op::Jump(begin + 1));
            let clause = self.element()?;
            if self.peek() == "?" {
                self.at += 1;
                self.set(begin, Op::Split(begin + 1, self.ops.len()));
            } else if let Some(clause) = clause
                && best.as_ref().is_none_or(|(weight, _)| clause.0 < *weight)
            {
                best = Some(clause);
            }
        }
        Ok(best)
    }

    fn element(&mut self) -> Result<Clause, String> {
        let piece = self.peek().to_owned();
        self.at += 1;
        match piece.as_str() {
            "(" => {
                let clause = self.alternatives()?;
                if self.peek() != ")" {
                    return Err("a `(` is not closed".to_owned());
                }
                self.at += 1;
                return Ok(clause);
            }
            "[" => self.ops.push(Op::CutStart),
            "]" => self.ops.push(Op::CutEnd),
            "<^>" => self.ops.push(Op::EdgeStart),
            "<$>" => self.ops.push(Op::EdgeEnd),
            other => {
                if let Some(count) = other.strip_prefix("..") {
                    self.gap(count.parse().map_err(|_| format!("`{other}` needs a number"))?);
                } else if let Some(rest) = other.strip_prefix('!') {
                    let (window, refused) = self.refused(rest)?;
                    self.ops.push(Op::NotAhead(window, refused));
                } else if let Some(rest) = other.strip_prefix('~') {
                    let (window, refused) = self.refused(rest)?;
                    self.ops.push(Op::NotBehind(window, refused));
                } else {
                    let symbol = self.names.symbol(other)?;
                    self.ops.push(Op::Symbol(symbol));
                    return Ok(Some(self.clause(symbol)));
                }
            }
        }
        Ok(None)
    }

    fn clause(&self, symbol: SymbolId) -> (u32, Vec<SymbolId>) {
        let Some(pattern) = self.names.derived().get(&symbol) else {
            return (self.names.weight(symbol), vec![symbol]);
        };
        let weight = pattern.triggers.iter().map(|symbol| self.names.weight(*symbol)).fold(0, u32::saturating_add);
        (weight, pattern.triggers.clone())
    }

    /// Up to `count` words: as few as possible, or at the end of a phrase as many as belong to it.
    fn gap(&mut self, count: usize) {
        let last = matches!(self.peek(), "" | ")" | "]" | "|");
        let end = self.ops.len() + 2 * count;
        for _ in 0..count {
            let next = self.ops.len() + 1;
            self.ops.push(if last { Op::Split(next, end) } else { Op::Split(end, next) });
            self.ops.push(if last { Op::Tail } else { Op::Any });
        }
    }

    /// Reads what must not stand there: `x`, `3x`, `(x|y)`.
    fn refused(&mut self, rest: &str) -> Result<(usize, Vec<SymbolId>), String> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let window = rest.get(..digits).and_then(|number| number.parse().ok()).unwrap_or(1);
        let name = rest.get(digits..).unwrap_or_default();
        if !name.is_empty() {
            return Ok((window, vec![self.names.symbol(name)?]));
        }
        if self.peek() != "(" {
            return Err("`!` and `~` need a word, a class or a group".to_owned());
        }
        let mut symbols = Vec::new();
        let mut phrase = String::new();
        loop {
            self.at += 1;
            let piece = self.peek().to_owned();
            if matches!(piece.as_str(), "|" | ")") {
                symbols.push(self.names.symbol(&std::mem::take(&mut phrase))?);
            }
            match piece.as_str() {
                ")" => break,
                "" | "(" => return Err("a group behind `!` or `~` holds words and classes only".to_owned()),
                "|" => {}
                word if phrase.is_empty() => phrase.push_str(word),
                word => phrase = format!("{phrase} {word}"),
            }
        }
        self.at += 1;
        Ok((window, symbols))
    }
}
