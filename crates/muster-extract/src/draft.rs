//! What is being gathered about one person or company, and where each of its values was seen.
//!
//! A draft keeps every statement; which of two job titles counts is decided when it becomes a record: the first.
//!
//! Invariant: no value is in a draft without its evidence, and no quote is longer than a short line.

use std::ops::Range;

use muster_model::{EntityKind, Evidence, Field, MentionRecord, Method};

use crate::dom::Doc;
use crate::lines::Line;
use crate::person_name::PersonName;

/// Longest quote, in characters: the value's own line, never the story around it.
const QUOTE_CHARS_MAX: usize = 120;

/// Most statements of the same value that one mention keeps.
const SAME_VALUE_MAX: usize = 3;

/// Most values of one field.
const VALUES_MAX: usize = 12;

/// The words a value was read from, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The words.
    pub(crate) quote: Option<String>,
    /// First byte and the byte behind the last, in the decoded page.
    pub(crate) span: Option<[u64; 2]>,
}

impl Seen {
    /// Makes a place from words and span; long words are cut.
    pub(crate) fn new(quote: &str, span: Option<[u64; 2]>) -> Self {
        Self { quote: Some(quote.chars().take(QUOTE_CHARS_MAX).collect()), span }
    }

    /// A value that no words of the page state, such as the host it was read from.
    pub(crate) const fn nowhere() -> Self {
        Self { quote: None, span: None }
    }
}

/// Finds where a part of a text stands in the source.
type FindSpan<'p> = dyn Fn(&Range<usize>) -> Option<[u64; 2]> + 'p;

/// A text whose parts know their place in the source.
pub(crate) struct Place<'p> {
    /// The text.
    pub(crate) text: &'p str,
    span: Box<FindSpan<'p>>,
}

impl<'p> Place<'p> {
    /// Makes a place from a text and a function that finds a part of it.
    pub(crate) fn new(text: &'p str, span: impl Fn(&Range<usize>) -> Option<[u64; 2]> + 'p) -> Self {
        Self { text, span: Box::new(span) }
    }

    /// A line of the page.
    pub(crate) fn line(doc: &'p Doc<'_>, line: &'p Line) -> Self {
        Self::new(&line.text, |range| line.span(doc, range))
    }

    /// The value of an attribute.
    pub(crate) fn attr(doc: &'p Doc<'_>, index: usize, name: &'p str) -> Option<Self> {
        let text = doc.attr(index, name)?;
        Some(Self::new(text, move |range| {
            let span = doc.attr_span(index, name, range)?;
            Some([span.start as u64, span.end as u64])
        }))
    }

    /// Returns a part of the text.
    pub(crate) fn part(&self, range: &Range<usize>) -> &'p str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Returns a part of the text with its place.
    pub(crate) fn seen(&self, range: &Range<usize>) -> Seen {
        Seen::new(self.part(range), (self.span)(range))
    }

    /// Returns the whole text with its place, without surrounding white space.
    pub(crate) fn trimmed(&self) -> (&'p str, Seen) {
        let range = trim_range(self.text, 0..self.text.len());
        (self.part(&range), self.seen(&range))
    }
}

/// Narrows a range of a text so that it neither begins nor ends with white space.
pub(crate) fn trim_range(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    start..end
}

/// What is known so far about one entity.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// What it is.
    pub(crate) kind: EntityKind,
    /// The node it was found at; mentions keep the order of the page.
    pub(crate) at: usize,
    /// Whether the title is that of a group, in which a person may stand beside another group.
    pub(crate) group_title: bool,
    values: Vec<Evidence>,
}

impl Draft {
    /// Makes an empty draft.
    pub(crate) const fn new(kind: EntityKind, at: usize) -> Self {
        Self { kind, at, group_title: false, values: Vec::new() }
    }

    /// Adds a value; the same value seen again only adds its place.
    pub(crate) fn put(&mut self, field: Field, value: &str, method: Method, seen: Seen) {
        self.put_hidden(field, value, method, seen, None);
    }

    /// Adds a value that was hidden in the form of that name.
    pub(crate) fn put_hidden(&mut self, field: Field, value: &str, method: Method, seen: Seen, form: Option<&str>) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let evidence = Evidence {
            field,
            value: value.to_owned(),
            method,
            quote: seen.quote,
            span: seen.span,
            form: form.map(str::to_owned),
        };
        self.push(evidence);
    }

    fn push(&mut self, evidence: Evidence) {
        let mut same_value = 0;
        let mut values = 0;
        for known in self.values.iter().filter(|known| known.field == evidence.field) {
            values += 1;
            if known.value == evidence.value {
                same_value += 1;
                if known.span == evidence.span && known.method == evidence.method {
                    return;
                }
            }
        }
        if same_value < SAME_VALUE_MAX && values < VALUES_MAX * SAME_VALUE_MAX {
            self.values.push(evidence);
        }
    }

    /// Adds the parts of a person's name, read at a place.
    pub(crate) fn put_name(&mut self, place: &Place<'_>, name: &PersonName, method: Method) {
        self.put(Field::Name, &name.name, method, place.seen(&name.range));
        for (field, range) in [(Field::GivenName, &name.given), (Field::FamilyName, &name.family)] {
            if let Some(range) = range {
                self.put(field, place.part(range), method, place.seen(range));
            }
        }
        let degrees: Vec<&str> = name.degrees.iter().map(|range| place.part(range)).collect();
        if let (Some(first), Some(last)) = (name.degrees.first(), name.degrees.last()) {
            let seen = if name.degrees.len() == 1 { place.seen(first) } else { place.seen(&(first.start..last.end)) };
            self.put(Field::Degree, &degrees.join(", "), method, seen);
        }
    }

    /// Takes over what another draft knows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.at = self.at.min(other.at);
        for evidence in other.values {
            self.push(evidence);
        }
    }

    /// Returns the value of a field that counts.
    pub(crate) fn first(&self, field: Field) -> Option<&str> {
        self.all(field).next()
    }

    /// Returns the values of a field, the same one perhaps more than once.
    pub(crate) fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |known| known.field == field).map(|known| known.value.as_str())
    }

    /// Returns whether a field has a value.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.first(field).is_some()
    }

    /// Returns how the draft was first found.
    pub(crate) fn method(&self) -> Option<Method> {
        self.values.iter().find(|known| known.field == Field::Name).map(|known| known.method)
    }

    /// Returns the first evidence of a field.
    pub(crate) fn evidence(&self, field: Field) -> Option<&Evidence> {
        self.values.iter().find(|known| known.field == field)
    }

    /// Copies a field's first value from another draft, with its evidence, as another field.
    pub(crate) fn copy(&mut self, from: &Self, field: Field, to: Field) {
        if let Some(evidence) = from.evidence(field) {
            self.push(Evidence { field: to, ..evidence.clone() });
        }
    }

    /// Takes out the values of a field for which the answer is yes.
    pub(crate) fn drop_values(&mut self, field: Field, is_out: impl Fn(&str) -> bool) {
        self.values.retain(|known| known.field != field || !is_out(&known.value));
    }

    /// Takes out a field.
    pub(crate) fn drop_field(&mut self, field: Field) {
        self.values.retain(|known| known.field != field);
    }

    /// Makes the record: the first value of a single field, every value of a list, and the evidence of what is kept.
    pub(crate) fn into_record(self) -> MentionRecord {
        let mut record = MentionRecord::new(self.kind);
        for &field in Field::ALL {
            let mut kept: Vec<String> = Vec::new();
            for value in self.all(field) {
                if !kept.iter().any(|known| known == value) && kept.len() < VALUES_MAX {
                    kept.push(value.to_owned());
                }
            }
            if !field.is_list() {
                kept.truncate(1);
            }
            record.set(field, kept);
        }
        record.values =
            self.values.into_iter().filter(|evidence| record.get(evidence.field).contains(&evidence.value)).collect();
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_single_value_counts_and_lists_keep_all() {
        let mut draft = Draft::new(EntityKind::Person, 3);
        for title in ["Buyer", "Head of Purchasing"] {
            draft.put(Field::JobTitle, title, Method::Card, Seen::nowhere());
        }
        for mail in ["a@firma.example", "b@firma.example", "a@firma.example"] {
            draft.put(Field::Emails, mail, Method::Card, Seen::nowhere());
        }
        let record = draft.into_record();
        assert_eq!(record.job_title.as_deref(), Some("Buyer"));
        assert_eq!(record.emails, ["a@firma.example", "b@firma.example"]);
        assert_eq!(record.values.len(), 3);
    }

    #[test]
    fn a_quote_is_never_longer_than_a_short_line() {
        let seen = Seen::new(&"ü".repeat(500), None);
        assert_eq!(seen.quote.unwrap().chars().count(), QUOTE_CHARS_MAX);
        assert_eq!(trim_range("  ab ", 0..5), 2..4);
    }
}
