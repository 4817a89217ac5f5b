//! jCard (RFC 7095): the same properties as JSON arrays.
//!
//! Invariant: an array of another shape is passed over.

use std::ops::Range;

use super::syntax::{Card, Mapped, Property};
use crate::json::{Json, JsonText, read_json};

/// Deepest array that is looked into for cards.
const DEPTH_MAX: usize = 4;

/// Reads the cards of a JSON text.
pub(super) fn read(source: &str) -> Vec<Card> {
    let mut cards = Vec::new();
    for value in read_json(source).values {
        collect(&value, 0, &mut cards);
    }
    cards
}

fn text(value: Option<&Json>) -> Option<&JsonText> {
    match value? {
        Json::Text(text) => Some(text),
        Json::Other | Json::List(_) | Json::Object(_) => None,
    }
}

fn collect(value: &Json, depth: usize, cards: &mut Vec<Card>) {
    let Json::List(items) = value else { return };
    let head = text(items.first());
    if let Some(head) = head.filter(|head| head.text.eq_ignore_ascii_case("vcard")) {
        let Some(Json::List(properties)) = items.get(1) else { return };
        let properties = properties.iter().filter_map(property).collect();
        cards.push(Card { at: head.range.start, properties });
    } else if depth < DEPTH_MAX {
        for item in items {
            collect(item, depth + 1, cards);
        }
    }
}

/// Reads `["tel", {"type": "work"}, "uri", "tel:+1-…"]`.
fn property(value: &Json) -> Option<Property> {
    let Json::List(items) = value else { return None };
    let name = text(items.first())?.text.to_ascii_uppercase();
    let mut types = Vec::new();
    let mut group = None;
    if let Some(Json::Object(parameters)) = items.get(1) {
        for (key, value) in parameters {
            let values = match value {
                Json::List(values) => values.as_slice(),
                Json::Other | Json::Text(_) | Json::Object(_) => std::slice::from_ref(value),
            };
            for value in values.iter().filter_map(|value| text(Some(value))) {
                if key == "group" {
                    group = Some(value.text.to_ascii_lowercase());
                } else {
                    types.push(value.text.to_ascii_lowercase());
                }
            }
        }
    }
    let value = match items.get(3)? {
        Json::Text(text) => of_text(text),
        // A structured value (RFC 7095, 3.3.1.3): its parts in order, each a text or a list of texts.
        Json::List(parts) => joined(parts),
        Json::Other | Json::Object(_) => return None,
    };
    Some(Property { name, group, types, value })
}

/// A text whose separators are data.
fn of_text(text: &JsonText) -> Mapped {
    Mapped::whole(&escaped(&text.text), &text.range)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace('\n', "\\n")
}

/// The place of a separator that only we write: behind what stands before it.
fn nowhere(before: &Mapped) -> Range<usize> {
    let end = before.source(&(0..before.text.len())).end;
    end..end
}

fn joined(parts: &[Json]) -> Mapped {
    let mut out = Mapped::default();
    for (index, part) in parts.iter().enumerate() {
        let words: Vec<&JsonText> = match part {
            Json::Text(text) => vec![text],
            Json::List(words) => words.iter().filter_map(|word| text(Some(word))).collect(),
            Json::Other | Json::Object(_) => Vec::new(),
        };
        if index > 0 {
            out.push(";", nowhere(&out));
        }
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                out.push(" ", nowhere(&out));
            }
            out.push(&escaped(&word.text), word.range.clone());
        }
    }
    out
}
