//! JSON-LD blocks to items.
//!
//! Vocabulary prefixes are cut off; `@id` references are left to the reader of the items.
//!
//! Invariant: a block that breaks the syntax is one problem, and what could be read of it counts.

use muster_model::{Method, Problem};
use scraper::Html;

use crate::dom::Doc;
use crate::item::{Item, PropertyText, Value, short_name};
use crate::json::{Json, JsonText, read_json};

/// Reads all blocks of a page.
pub(crate) fn read_blocks(doc: &Doc<'_>, problems: &mut Vec<Problem>) -> Vec<Item> {
    let mut items = Vec::new();
    for script in doc.elements("script") {
        let kind = doc.attr(script, "type").unwrap_or_default().to_ascii_lowercase();
        if !kind.trim().starts_with("application/ld+json") {
            continue;
        }
        let Some(span) = doc.raw_text_span(script) else { continue };
        let Some(source) = doc.source.get(span.clone()) else { continue };
        let read = read_json(source);
        if let Some(fault) = read.fault {
            let problem =
                Problem::new("json-ld.syntax", "a JSON-LD block breaks the syntax and was read as far as it goes");
            problems.push(problem.at_byte((span.start + fault) as u64));
        }
        let block = Block { doc, start: span.start, script };
        for value in &read.values {
            block.collect(value, &mut items);
        }
    }
    items
}

struct Block<'d, 'a> {
    doc: &'d Doc<'a>,
    start: usize,
    script: usize,
}

impl Block<'_, '_> {
    /// Adds the things at the top of a block, out of arrays and graphs.
    fn collect(&self, value: &Json, items: &mut Vec<Item>) {
        match value {
            Json::List(values) => values.iter().for_each(|value| self.collect(value, items)),
            Json::Object(members) => {
                if let Some(graph) = value.get("@graph") {
                    self.collect(graph, items);
                }
                if members.iter().any(|(name, _)| name == "@type" || !name.starts_with('@')) {
                    items.push(self.item(members));
                }
            }
            Json::Other | Json::Text(_) => {}
        }
    }

    fn item(&self, members: &[(String, Json)]) -> Item {
        let mut item =
            Item { types: Vec::new(), id: None, properties: Vec::new(), at: self.script, method: Method::JsonLd };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("@type", value) => item.types.extend(texts(value).map(|text| short_name(&text.text).to_owned())),
                ("@id", value) => item.id = texts(value).next().map(|text| text.text.trim().to_owned()),
                ("@graph" | "@context", _) => {}
                (name, value) => self.add(&mut item, short_name(name), value),
            }
        }
        item
    }

    fn add(&self, item: &mut Item, name: &str, value: &Json) {
        match value {
            Json::Other => {}
            Json::Text(text) => item.properties.push((name.to_owned(), Value::Text(self.text(text)))),
            Json::List(values) => values.iter().for_each(|value| self.add(item, name, value)),
            Json::Object(members) => match value.get("@value") {
                Some(Json::Text(text)) => item.properties.push((name.to_owned(), Value::Text(self.text(text)))),
                _ => match value.get("@list").or_else(|| value.get("@set")) {
                    Some(list @ Json::List(_)) => self.add(item, name, list),
                    _ => item.properties.push((name.to_owned(), Value::Item(self.item(members)))),
                },
            },
        }
    }

    fn text(&self, text: &JsonText) -> PropertyText {
        let range = self.start + text.range.start..self.start + text.range.end;
        // Templates often escape for HTML what needed no escaping in a script.
        let plain = if text.text.contains('&') && text.text.contains(';') {
            Html::parse_fragment(&text.text).root_element().text().collect()
        } else {
            text.text.clone()
        };
        PropertyText::from_range(self.doc.source, plain, range)
    }
}

fn texts(value: &Json) -> impl Iterator<Item = &JsonText> {
    let values = match value {
        Json::List(values) => values.as_slice(),
        Json::Other | Json::Text(_) | Json::Object(_) => std::slice::from_ref(value),
    };
    values.iter().filter_map(|value| match value {
        Json::Text(text) => Some(text),
        Json::Other | Json::List(_) | Json::Object(_) => None,
    })
}
