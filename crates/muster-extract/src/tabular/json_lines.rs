//! JSON lines: one mention as JSON a line, as `extract` writes them and `resolve` reads them.
//!
//! Members are looked at one by one, so that a fault can be named: broken JSON, a member that a mention does not have, one
//! that stands there twice, or one of the wrong type. A pipeline may map foreign members to fields and ignore others by
//! name.
//!
//! Invariant: what is told about a line is its place and a member's name, never a value.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use muster_model::{Evidence, Field};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::columns::{Mapping, Meta, Strictness};
use super::records::line_end;
use super::row::{RawRow, RawValue, Refusal};
use super::{ColumnUse, Place, TableSpec};
use crate::text_encoding::{Decoded, is_damaged};

/// Longest line, in bytes of the text.
const LINE_BYTES_MAX: usize = 1 << 20;

/// Longest name of a member that is repeated to the user.
const NAME_BYTES_MAX: usize = 64;

/// The members of one JSON object, in their order, doubles included.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// Reads every line that is not blank and hands it on; returns the names of members that were ignored.
pub(super) fn read_json_lines(
    decoded: &Decoded<'_>,
    spec: &TableSpec,
    strictness: Strictness,
    take: &mut dyn FnMut(Place, Result<RawRow<'_>, Refusal>),
) -> Vec<String> {
    let text: &str = &decoded.text;
    let mut offsets = decoded.offsets();
    let mapping = Mapping::new(spec);
    let mut reader = LineReader { mapping: &mapping, strictness, ignored: BTreeSet::new() };
    let (mut at, mut number) = (0, 0);
    while at < text.len() {
        let (end, next) = line_end(text.as_bytes(), at);
        number += 1;
        let line = text.get(at..end).unwrap_or_default();
        if !line.trim().is_empty() {
            let (columns, row) = reader.read(line, at);
            take(Place { line: number, byte: offsets.in_file(at), columns }, row);
        }
        at = next;
    }
    reader.ignored.into_iter().collect()
}

struct LineReader<'s> {
    mapping: &'s Mapping<'s>,
    strictness: Strictness,
    ignored: BTreeSet<String>,
}

impl LineReader<'_> {
    fn read<'t>(&mut self, line: &'t str, start: usize) -> (u64, Result<RawRow<'t>, Refusal>) {
        if line.len() > LINE_BYTES_MAX {
            return (0, Err(Refusal::new("row.long")));
        }
        if is_damaged(line) {
            return (0, Err(Refusal::new("row.encoding")));
        }
        let Ok(Members(members)) = serde_json::from_str::<Members>(line) else {
            return (0, Err(Refusal::new("row.json")));
        };
        (members.len() as u64, self.row(members, line, start))
    }

    fn row<'t>(&mut self, members: Vec<(String, Value)>, line: &'t str, start: usize) -> Result<RawRow<'t>, Refusal> {
        let mut seen = BTreeSet::new();
        let mut row = RawRow::default();
        let mut foreign = false;
        for (at, (name, value)) in members.into_iter().enumerate() {
            let wrong = || Refusal { code: "row.json", field: shown_name(&name) };
            if !seen.insert(name.clone()) {
                return Err(wrong());
            }
            let place = |text: &str| span_in(line, start, text);
            match self.mapping.of(&name).map(|(_, of)| of) {
                Some(ColumnUse::Ignored) => drop(self.ignored.insert(name)),
                Some(ColumnUse::Field(field)) => {
                    foreign = true;
                    let texts = any_texts(value).ok_or_else(wrong)?;
                    push(&mut row, field, texts, at, place);
                }
                None => match (Field::parse(&name), Meta::parse(&name)) {
                    (Some(field), _) => {
                        let texts = field_texts(field, value).ok_or_else(wrong)?;
                        push(&mut row, field, texts, at, place);
                    }
                    (None, Some(meta)) => {
                        if let Some(text) = meta_text(meta, value).ok_or_else(wrong)? {
                            row.meta.insert(meta, Cow::Owned(text));
                        }
                    }
                    (None, None) if name == "values" => {
                        row.evidence = evidence(value).ok_or_else(wrong)?;
                    }
                    // The source is the pipeline's to say; a file's own word for it is read and set aside.
                    (None, None) if name == "source" && (value.is_string() || value.is_null()) => {}
                    (None, None) if self.strictness == Strictness::Lenient => {}
                    (None, None) => return Err(wrong()),
                },
            }
        }
        if !row.meta.contains_key(&Meta::Kind) && !foreign && self.strictness == Strictness::Import {
            return Err(Refusal::of("row.json", Meta::Kind.as_str()));
        }
        Ok(row)
    }
}

fn push(
    row: &mut RawRow<'_>,
    field: Field,
    texts: Vec<String>,
    column: usize,
    place: impl Fn(&str) -> Option<[u64; 2]>,
) {
    for text in texts {
        let span = place(&text);
        row.values.push(RawValue { field, text: Cow::Owned(text), span, column });
    }
}

/// Where a text stands in the line, if it stands there once and as it is.
fn span_in(line: &str, start: usize, text: &str) -> Option<[u64; 2]> {
    let quoted = format!("\"{text}\"");
    let mut found = line.match_indices(&quoted);
    let (at, _) = found.next()?;
    let start = (start + at + 1) as u64;
    found.next().is_none().then_some([start, start + text.len() as u64])
}

fn field_texts(field: Field, value: Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if !field.is_list() => Some(vec![text]),
        Value::Array(items) if field.is_list() => items.into_iter().map(string).collect(),
        Value::String(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// The texts of a foreign member: whatever can be read as one.
fn any_texts(value: Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) => Some(vec![text]),
        Value::Number(number) => Some(vec![number.to_string()]),
        Value::Array(items) => items.into_iter().map(string).collect(),
        Value::Bool(_) | Value::Object(_) => None,
    }
}

fn string(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `None` for a wrong type, `Some(None)` for an absent one.
#[expect(clippy::option_option, reason = "three outcomes: wrong, absent, there")]
fn meta_text(meta: Meta, value: Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::Bool(flag) if meta == Meta::Public => Some(Some(flag.to_string())),
        Value::String(text) if meta != Meta::Public => Some(Some(text)),
        Value::Bool(_) | Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn evidence(value: Value) -> Option<Vec<Evidence>> {
    if value.is_null() { Some(Vec::new()) } else { serde_json::from_value(value).ok() }
}

/// A member's name as it may be shown: one that looks like a value, such as an address, is not repeated.
fn shown_name(name: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '#' | ' ');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    (!name.is_empty() && name.len() <= NAME_BYTES_MAX && digits < 5 && name.chars().all(plain)).then(|| name.to_owned())
}
