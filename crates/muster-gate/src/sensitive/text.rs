//! Running text: where the rules match, and where a label stands before its value.
//!
//! Invariant: findings are in order, do not overlap and lie on character borders.

use std::ops::Range;

use super::book::{Book, Rule, Scope, Written};
use super::builtin::{Builtin, SymbolId};
use super::category::{Category, Decision, Finding};
use super::label::{LabelHit, rule_id};
use super::lexicon::Symbols;
use super::own::Own;
use super::token::{Form, Kind, Token, Tokens};

/// How a text is to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) scopes: &'a [Scope],
    pub(super) lang: Option<&'a str>,
    pub(super) country: Option<&'a str>,
    pub(super) own: &'a Own,
}

/// A value behind a label is at most so many tokens; what is longer is prose.
const VALUE_TOKENS_MAX: usize = 12;

/// The same behind a label that also means something harmless.
const WEAK_VALUE_TOKENS_MAX: usize = 4;

/// How many words before a colon may belong to the label.
const LABEL_TOKENS_MAX: usize = 7;

/// Finds what is sensitive in a text.
pub(super) fn scan(book: &'static Book, text: &str, reading: Reading<'_>) -> Vec<Finding> {
    let tokens = book.lexicon.tokens(text);
    let symbols = book.lexicon.symbols(&tokens);
    let mut findings = Vec::new();
    for (rule, written) in book.triggered(symbols.all()) {
        if !applies(rule, written, reading) {
            continue;
        }
        for at in 0..tokens.list.len() {
            if let Some(found) = written.pattern.run(&symbols, &book.derived, at)
                && (!suffix_only(rule, reading) || stands_behind_a_name(book, &symbols, found.from))
                && !said_of_others(rule, written, &symbols, found.from)
            {
                findings.push(finding(rule, span(&tokens, found.from, found.to)));
            }
        }
    }
    if reading.scopes.contains(&Scope::Text) {
        findings.extend(labelled(book, &tokens, &symbols, reading));
    }
    findings.extend(reading.own.find(&tokens));
    for finding in &mut findings {
        reading.own.decide(finding);
    }
    merge(findings)
}

/// How far before a state those stand whose state it is: `clients with diabetes`.
const OTHERS_TOKENS_MAX: usize = 4;

/// Whether the state is that of somebody else: patients, clients, applicants, or what they apply for.
fn said_of_others(rule: &Rule, written: &Written, symbols: &Symbols<'_>, from: usize) -> bool {
    let is_state = rule.info.decision == Decision::RejectTextSpan && STATES.contains(&rule.info.category);
    let edges = written.pattern.edges();
    let (Some(others), true) = (edges.others, is_state) else { return false };
    for at in (from.saturating_sub(OTHERS_TOKENS_MAX)..from).rev() {
        let found = symbols.at(at);
        let other_subject = found.iter().any(|(symbol, _)| Some(*symbol) == edges.person);
        if symbols.kind(at) != Some(Kind::Word) || other_subject || symbols.is_name(at) {
            return false;
        }
        if found.iter().any(|(symbol, length)| *symbol == others && at + usize::from(*length) <= from) {
            return true;
        }
    }
    false
}

/// What a text says of people whom a firm serves as often as of those who work there.
const STATES: &[Category] = &[
    Category::Religion,
    Category::Belief,
    Category::Politics,
    Category::Health,
    Category::Genetic,
    Category::Ethnicity,
    Category::Orientation,
    Category::Criminal,
];

fn applies(rule: &Rule, written: &Written, reading: Reading<'_>) -> bool {
    let country = rule.country.as_deref().is_none_or(|wanted| reading.country == Some(wanted));
    written.lang.allows(reading.lang, reading.country)
        && country
        && rule.on.iter().any(|scope| reading.scopes.contains(scope))
}

/// Whether the rule holds here only for what stands behind a person's name.
fn suffix_only(rule: &Rule, reading: Reading<'_>) -> bool {
    !rule.on.iter().any(|scope| *scope != Scope::Suffix && reading.scopes.contains(scope))
}

/// A surname may equal a word of any class (`Single`, `Mann`, `Christ`); behind a whole name and a mark it does not.
fn stands_behind_a_name(book: &Book, symbols: &Symbols<'_>, at: usize) -> bool {
    let is_name = |index: &usize| {
        symbols.kind(*index) == Some(Kind::Word)
            && !symbols.at(*index).iter().any(|(symbol, _)| book.academic.contains(symbol))
    };
    let names = (0..at).filter(is_name).count();
    let behind_mark = at.checked_sub(1).is_some_and(|before| symbols.kind(before) != Some(Kind::Word));
    let begins_with_mark = matches!(symbols.kind(at), Some(Kind::Mark(_)));
    let lower = symbols.tokens.list.get(at).is_some_and(|token| token.kind == Kind::Word && token.form == Form::Small);
    (names >= 2 && (behind_mark || begins_with_mark)) || (names >= 1 && lower)
}

fn span(tokens: &Tokens, from: usize, to: usize) -> Range<usize> {
    let start = tokens.list.get(from).map_or(0, |token| token.start);
    let end = to.checked_sub(1).and_then(|last| tokens.list.get(last)).map_or(start, |token| token.end);
    start..end.max(start)
}

fn finding(rule: &'static Rule, span: Range<usize>) -> Finding {
    Finding { decision: rule.info.decision, category: rule.info.category, rule: &rule.info.id, span }
}

/// Finds `label: value`, `label=value` and `label<tab>value`.
fn labelled(book: &Book, tokens: &Tokens, symbols: &Symbols<'_>, reading: Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, token) in tokens.list.iter().enumerate() {
        if !matches!(token.kind, Kind::Mark(':' | '=' | '\t')) {
            continue;
        }
        let Some(hit) = book.labels.find(tokens, label_start(tokens, at), at) else { continue };
        let australian = reading.country == Some("AU");
        if hit.category == Category::ProfAssociation && !australian {
            continue;
        }
        if is_a_companys_number(book, tokens, hit, at + 1) {
            continue;
        }
        if let Some(end) = value_end(tokens, symbols, at + 1, hit, &book.months) {
            let decision = Decision::RejectTextSpan;
            let span = span(tokens, hit.from, end);
            findings.push(Finding { decision, category: hit.category, rule: rule_id(hit.category), span });
        }
    }
    findings
}

/// An Italian tax code (`codice fiscale`) of eleven digits is a company's; a person's holds letters.
const COMPANY_DIGITS: usize = 11;

fn is_a_companys_number(book: &Book, tokens: &Tokens, hit: LabelHit, value: usize) -> bool {
    let number = tokens.list.get(value).filter(|token| token.kind == Kind::Number);
    number.is_some_and(|token| tokens.text(token).len() == COMPANY_DIGITS) && book.labels.may_be_a_companys(tokens, hit)
}

/// Where the label before a colon begins: behind the nearest mark or line break, a vCard's parameters included.
fn label_start(tokens: &Tokens, colon: usize) -> usize {
    let mut start = colon;
    while start > 0 && colon - start < LABEL_TOKENS_MAX {
        let Some(before) = tokens.list.get(start - 1) else { break };
        let parameter = matches!(before.kind, Kind::Mark(';' | '='))
            && !before.spaced
            && tokens.list.get(start).is_some_and(|token| !token.spaced);
        let inside =
            matches!(before.kind, Kind::Word | Kind::Number | Kind::Mark('/' | '(' | ')' | '.' | '&')) || parameter;
        let sentence = before.kind == Kind::Mark('.') && tokens.list.get(start).is_some_and(|token| token.spaced);
        if !inside || sentence {
            break;
        }
        start -= 1;
    }
    start
}

/// Where the value that begins at `from` ends; `None` where it is no value but prose.
fn value_end(tokens: &Tokens, symbols: &Symbols<'_>, from: usize, hit: LabelHit, months: &[SymbolId]) -> Option<usize> {
    let is = |at: usize, wanted: &[SymbolId]| symbols.at(at).iter().any(|(found, _)| wanted.contains(found));
    let mut at = from;
    if matches!(symbols.kind(at), Some(Kind::Break)) && is_line_of_its_own(tokens, hit.from) {
        at += 1;
    }
    let begin = at;
    // What names a page or a mailbox says nothing of a person's state.
    let is_address = |token: &Token| token.kind == Kind::Opaque && tokens.text(token).contains(['@', '/']);
    if tokens.list.get(begin).is_some_and(is_address) {
        return None;
    }
    while let Some(token) = tokens.list.get(at) {
        let next_label =
            matches!(symbols.kind(at + 1), Some(Kind::Mark(':' | '='))) && token.kind == Kind::Word && at > begin;
        let stop = match token.kind {
            Kind::Break | Kind::Gap | Kind::Mark(';' | '|' | '•' | '·' | '\t' | ')' | ']' | '!' | '?') => true,
            // `March 12, 1971`, `clear, 2023`.
            Kind::Mark(',') => {
                !tokens.list.get(at + 1).is_some_and(|next| next.kind == Kind::Number && tokens.text(next).len() == 4)
            }
            Kind::Mark('.') => {
                let after_number = at > begin && matches!(symbols.kind(at - 1), Some(Kind::Number));
                !(after_number && (is(at + 1, months) || is(at + 1, &[Builtin::Number.id()])))
            }
            Kind::Mark('-') => token.spaced,
            Kind::Mark(_) | Kind::Word | Kind::Number | Kind::Date | Kind::Opaque | Kind::Symbol => false,
        };
        if stop || next_label {
            break;
        }
        at += 1;
    }
    let limit = if hit.weak { WEAK_VALUE_TOKENS_MAX } else { VALUE_TOKENS_MAX };
    (at - begin <= limit).then_some(at.max(begin))
}

fn is_line_of_its_own(tokens: &Tokens, label: usize) -> bool {
    let before = label.checked_sub(1).and_then(|before| tokens.list.get(before));
    before.is_none_or(|token| matches!(token.kind, Kind::Break | Kind::Gap))
}

/// Brings findings into order and joins those that overlap; the gravest gives its name.
pub(super) fn merge(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        (a.span.start, b.span.end, b.decision, a.rule).cmp(&(b.span.start, a.span.end, a.decision, b.rule))
    });
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match merged.last_mut().filter(|last| finding.span.start < last.span.end) {
            Some(last) => {
                let end = last.span.end.max(finding.span.end);
                let graver = finding.decision > last.decision;
                if graver || (finding.decision == last.decision && finding.category < last.category) {
                    let start = last.span.start;
                    *last = finding;
                    last.span.start = start;
                }
                last.span.end = end;
            }
            None => merged.push(finding),
        }
    }
    merged
}
