//! Takes off a company's name what is not the name: rule by rule, until none fires.
//!
//! The words' meanings are `words`; what is made of the parts is `company`.
//!
//! Invariant: at least one word stays, and a name that no rule changes is changed by none when it is read again.

use std::ops::Range;

use super::super::country;
use super::token::Token;
use super::words::{self, FormId, Word, class};

/// Most words that a legal form, spelled out, is looked for in.
const FORM_WORDS_MAX: usize = 10;
/// Most words of a phrase that has a class.
const PHRASE_WORDS_MAX: usize = 4;

/// A word of the name that has not been put elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) token: Token,
    pub(super) word: Word,
    /// Its place in the name.
    pub(super) at: usize,
}

impl Piece<'_> {
    pub(super) fn is(&self, classes: u16) -> bool {
        self.word.classes & classes != 0
    }

    fn is_content(&self) -> bool {
        !self.is(class::EMPTY) && self.text.len() > 1
    }
}

/// A name while it is taken apart.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) kept: Vec<Piece<'a>>,
    pub(super) form: Option<FormId>,
    pub(super) geography: Vec<&'a str>,
    pub(super) generic: Vec<(usize, &'a str, &'static str)>,
    pub(super) others: Vec<String>,
    pub(super) is_branch: bool,
    pub(super) buffer: String,
}

impl<'a> Parts<'a> {
    /// Cuts what stands beside the name: `c/o`, former names, trade names, owners, branch offices.
    pub(super) fn cut_names_beside(&mut self) {
        self.drop_leading_care();
        let mut at = 1;
        while at < self.kept.len() {
            let Some((classes, count)) = self.marker_at(at) else {
                at += 1;
                continue;
            };
            if at + count == self.kept.len() {
                if classes & class::BRANCH != 0 {
                    self.is_branch = true;
                    self.kept.truncate(at);
                }
                return;
            }
            let end = self.bracket_end(at);
            let beside: Vec<Piece<'a>> = self.kept.drain(at..end).skip(count).collect();
            self.put_beside(classes, beside);
        }
    }

    /// `c/o Nordwind GmbH` is Nordwind's.
    fn drop_leading_care(&mut self) {
        while self.kept.len() > 1 && self.kept.first().is_some_and(|piece| marker_classes(piece) & class::CARE != 0) {
            self.kept.remove(0);
        }
    }

    fn put_beside(&mut self, classes: u16, beside: Vec<Piece<'a>>) {
        if classes & class::BRANCH != 0 {
            self.is_branch = true;
            for piece in beside.iter().filter(|piece| !piece.is(class::PREPOSITION | class::CONNECTOR)) {
                self.geography.push(if piece.is(class::GEOGRAPHY) { piece.word.key } else { piece.text });
            }
        } else if classes & class::OTHER_NAME != 0 {
            self.others.extend(core_of(beside));
        }
    }

    /// The class of a marker at a place, and how many words it has.
    fn marker_at(&mut self, at: usize) -> Option<(u16, usize)> {
        const MARKERS: u16 = class::BRANCH | class::OTHER_NAME | class::CARE | class::OWNER;
        let piece = *self.kept.get(at)?;
        if piece.is(class::BEGINS) {
            for count in (2..=PHRASE_WORDS_MAX).rev() {
                let Some(phrase) = self.kept.get(at..at + count) else { continue };
                self.buffer.clear();
                for piece in phrase {
                    self.buffer.push_str(piece.text);
                }
                let classes = words::word(&self.buffer).classes & MARKERS;
                if classes != 0 {
                    return Some((classes, count));
                }
            }
        }
        let classes = marker_classes(&piece) & MARKERS;
        // `ex` is a word of many names; a former name stands in brackets or behind a comma.
        let plain_word = piece.text.len() <= 4 && classes == class::OTHER_NAME && !piece.token.slashed;
        (classes != 0 && (!plain_word || piece.token.apart || piece.text == "dba")).then_some((classes, 1))
    }

    /// Where the bracket ends that holds a place, or the name.
    fn bracket_end(&self, at: usize) -> usize {
        let inside = self.kept.get(at).is_some_and(|piece| piece.token.bracket);
        let rest = self.kept.iter().skip(at).take_while(|piece| !inside || piece.token.bracket).count();
        at + rest
    }

    /// Takes one thing off the name; false where nothing is left to take.
    pub(super) fn strip(&mut self) -> bool {
        self.strip_connector()
            || self.strip_dissolved()
            || self.strip_form()
            || self.strip_geography()
            || self.strip_generic()
            || self.strip_behind_form()
            || self.strip_lead()
            || self.strip_middle_form()
            || self.strip_middle_country()
            || self.strip_bracket()
            || self.strip_own_acronym()
    }

    /// Whether what would be left is a name on its own.
    fn leaves_name(&self, skip: Range<usize>) -> bool {
        self.kept.iter().enumerate().any(|(at, piece)| !skip.contains(&at) && piece.is_content())
    }

    fn strip_connector(&mut self) -> bool {
        let count = self.kept.len();
        if let Some(last) = self.kept.last()
            && count > 1
            && last.is(class::CONNECTOR)
            && last.text.len() > 1
            && !last.is(class::FORM_END)
        {
            self.kept.pop();
            return true;
        }
        let Some(at) = (1..count.saturating_sub(1)).find(|at| self.is_connector(*at)) else { return false };
        self.kept.remove(at);
        true
    }

    /// Single letters connect only longer words: `Müller y Hijos`, not `A y B`.
    fn is_connector(&self, at: usize) -> bool {
        let (Some([before, word, after]), true) = (self.kept.get(at - 1..=at + 1), at > 0) else { return false };
        word.is(class::CONNECTOR) && (word.text.len() > 1 || (before.text.len() > 1 && after.text.len() > 1))
    }

    fn strip_dissolved(&mut self) -> bool {
        let Some((_, count)) = self.class_at_end(class::DISSOLVED) else { return false };
        if count >= self.kept.len() {
            return false;
        }
        self.kept.truncate(self.kept.len() - count);
        true
    }

    /// The longest phrase at the end that has a class, and how many words it has.
    fn class_at_end(&mut self, classes: u16) -> Option<(Word, usize)> {
        let last = *self.kept.last()?;
        if last.is(class::ENDS) {
            for count in (2..=PHRASE_WORDS_MAX.min(self.kept.len())).rev() {
                self.join_last(count);
                let word = words::word(&self.buffer);
                if word.classes & classes != 0 {
                    return Some((word, count));
                }
            }
        }
        last.is(classes).then_some((last.word, 1))
    }

    fn join_last(&mut self, count: usize) {
        self.buffer.clear();
        for piece in self.kept.iter().skip(self.kept.len() - count) {
            self.buffer.push_str(piece.text);
        }
    }

    fn strip_form(&mut self) -> bool {
        let Some(last) = self.kept.last() else { return false };
        if !last.is(class::FORM_END) && last.text.len() > 1 {
            return false;
        }
        // A form that is spelled out is at most what stands before the name's first word.
        let most = FORM_WORDS_MAX.min(self.kept.len().saturating_sub(1));
        self.join_last(most);
        let mut from = 0;
        for count in (1..=most).rev() {
            let text = self.buffer.get(from..).unwrap_or_default();
            from += self.kept.get(self.kept.len() - count).map_or(0, |piece| piece.text.len());
            let Some(form) = words::form(text) else { continue };
            let short = text.len() <= 4 && count > 1;
            let spelled = self.kept.iter().skip(self.kept.len() - count).all(|piece| piece.text.len() <= 3);
            if short && !spelled {
                continue;
            }
            self.kept.truncate(self.kept.len() - count);
            self.form = self.form.or(Some(form));
            return true;
        }
        false
    }

    fn strip_geography(&mut self) -> bool {
        let Some(last) = self.kept.last().copied() else { return false };
        let (word, count) = match self.class_at_end(class::GEOGRAPHY) {
            Some(found) => found,
            None if last.token.bracket && last.token.upper && last.text.len() == 2 => {
                let Some(key) = country::by_sign(last.text).and_then(country::code_text) else { return false };
                (Word { key, ..last.word }, 1)
            }
            None => return false,
        };
        let from = self.kept.len().saturating_sub(count);
        let behind_preposition = from > 0 && self.kept.get(from - 1).is_some_and(|piece| piece.is(class::PREPOSITION));
        if behind_preposition || !self.leaves_name(from..self.kept.len()) {
            return false;
        }
        self.kept.truncate(from);
        self.geography.push(word.key);
        true
    }

    fn strip_generic(&mut self) -> bool {
        let Some((word, count)) = self.class_at_end(class::GENERIC) else { return false };
        let from = self.kept.len().saturating_sub(count);
        if !self.leaves_name(from..self.kept.len()) {
            return false;
        }
        if let Some(first) = self.kept.get(from) {
            self.generic.push((first.at, first.text, word.key));
        }
        self.kept.truncate(from);
        true
    }

    /// Articles, `Firma` and legal forms before the name.
    fn strip_lead(&mut self) -> bool {
        let Some(first) = self.kept.first().copied() else { return false };
        // `S.C. Alfa S.R.L.` frames Romanian names.
        let framed = first.text == "sc" && self.form.is_some_and(|form| matches!(form.name(), "SRL" | "SA"));
        let article = first.is(class::ARTICLE) && (first.text.len() <= 3 || self.leaves_name(0..1));
        if (framed || article) && self.kept.len() > 1 {
            self.kept.remove(0);
            return true;
        }
        // `Groupe Nordwind` is the group of that name.
        if first.is(class::GENERIC) && first.word.key == "group" && self.leaves_name(0..1) {
            self.kept.remove(0);
            self.generic.push((first.at, first.text, first.word.key));
            return true;
        }
        if !first.is(class::FORM_BEGIN) && first.text.len() > 1 {
            return false;
        }
        for count in (1..=FORM_WORDS_MAX.min(self.kept.len().saturating_sub(1))).rev() {
            self.buffer.clear();
            for piece in self.kept.iter().take(count) {
                self.buffer.push_str(piece.text);
            }
            let Some(form) = words::form(&self.buffer).filter(|form| form.leads()) else { continue };
            let short = self.buffer.len() <= 4 && count > 1;
            if short && !self.kept.iter().take(count).all(|piece| piece.text.len() <= 2) || !self.leaves_name(0..count)
            {
                continue;
            }
            self.kept.drain(..count);
            // `Oy Alfa Ab` is Finnish in both languages.
            let bilingual = form.name() == "Oy" && self.form.is_some_and(|form| form.name() == "AB");
            self.form = self.form.filter(|_| !bilingual).or(Some(form));
            return true;
        }
        false
    }

    /// `Nordwind AG, Werk Süd`, `Alfa S.n.c. di Mario Rossi`: what stands behind a form and apart is not the name.
    fn strip_behind_form(&mut self) -> bool {
        let found = (1..self.kept.len()).find(|at| {
            let apart =
                self.kept.get(at + 1).is_some_and(|next| next.token.apart && !next.token.bracket || next.text == "di");
            let form = self.kept.get(*at).filter(|piece| apart && piece.is(class::FORM_END) && !piece.token.bracket);
            form.is_some_and(|piece| words::form(piece.text).is_some()) && self.leaves_name(*at..self.kept.len())
        });
        let Some(at) = found else { return false };
        self.kept.truncate(at + 1);
        true
    }

    /// `NLS Nordwind Logistik Service`: the initials before the name they are of.
    fn strip_own_acronym(&mut self) -> bool {
        let Some((first, rest)) =
            self.kept.split_first().filter(|(first, rest)| first.text.len() > 1 && rest.len() > 1)
        else {
            return false;
        };
        let mut initials: Vec<(usize, &str)> = rest.iter().map(|piece| (piece.at, piece.text)).collect();
        initials.extend(self.generic.iter().map(|(at, text, _)| (*at, *text)));
        initials.sort_unstable();
        if !initials.iter().filter_map(|(_, text)| text.chars().next()).eq(first.text.chars())
            || !self.leaves_name(0..1)
        {
            return false;
        }
        self.others.push(first.text.to_owned());
        self.kept.remove(0);
        true
    }

    /// `Nordwind GmbH Logistikzentrum`: some forms are words of no name.
    fn strip_middle_form(&mut self) -> bool {
        let count = self.kept.len();
        let found = (1..count.saturating_sub(1)).find_map(|at| {
            let piece = self.kept.get(at).filter(|piece| piece.is(class::FORM_END))?;
            words::form(piece.text).filter(|form| form.splits()).map(|form| (at, form))
        });
        let Some((at, form)) = found.filter(|(at, _)| self.leaves_name(*at..*at + 1)) else { return false };
        self.kept.remove(at);
        self.form = self.form.or(Some(form));
        true
    }

    /// `Nordwind Deutschland Logistik`: countries inside a name, not those that a preposition holds.
    fn strip_middle_country(&mut self) -> bool {
        let count = self.kept.len();
        let found = (1..count.saturating_sub(1)).find(|at| {
            let held = self.kept.get(at - 1).is_some_and(|piece| piece.is(class::PREPOSITION));
            self.kept.get(*at).is_some_and(|piece| piece.is(class::COUNTRY)) && !held && self.leaves_name(*at..*at + 1)
        });
        let Some(at) = found else { return false };
        let piece = self.kept.remove(at);
        self.geography.push(piece.word.key);
        true
    }

    /// What stands in brackets beside a name: a city, a group's word, or another name.
    fn strip_bracket(&mut self) -> bool {
        let Some(from) = self.kept.iter().position(|piece| piece.token.bracket) else { return false };
        let to = self.bracket_end(from);
        let outside = self.kept.len() > to - from;
        if !outside || !self.leaves_name(from..to) {
            return false;
        }
        let inside: Vec<Piece<'a>> = self.kept.drain(from..to).collect();
        if inside.iter().all(|piece| piece.is(class::GEOGRAPHY)) {
            self.geography.extend(inside.iter().map(|piece| piece.word.key));
        } else if let ([only], true) = (inside.as_slice(), inside.iter().all(|piece| piece.is(class::GENERIC))) {
            self.generic.push((only.at, only.text, only.word.key));
        } else {
            self.others.extend(core_of(inside));
        }
        true
    }
}

fn marker_classes(piece: &Piece<'_>) -> u16 {
    match (piece.text, piece.token.slashed) {
        ("co", true) => class::CARE,
        ("ta" | "oa" | "dba", true) => class::OTHER_NAME,
        _ => piece.word.classes,
    }
}

/// The dense core of a name beside a name.
fn core_of(pieces: Vec<Piece<'_>>) -> Option<String> {
    let mut parts = Parts { kept: pieces, ..Parts::default() };
    for piece in &mut parts.kept {
        piece.token.bracket = false;
    }
    while parts.strip() {}
    let dense: String = parts.kept.iter().map(|piece| piece.word.long.unwrap_or(piece.text)).collect();
    (dense.len() > 1).then_some(dense)
}
