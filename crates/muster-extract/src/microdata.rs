//! Microdata (`itemscope`, `itemprop`, `itemref`) to items.
//!
//! Invariant: an element is read once for each item that it belongs to, and references cannot loop.

use std::collections::BTreeMap;

use muster_model::Method;

use crate::dom::Doc;
use crate::item::{Item, PropertyText, Value, short_name};

/// Deepest nesting of items in items.
const DEPTH_MAX: usize = 16;

/// Most properties of one item.
const PROPERTIES_MAX: usize = 500;

/// Most items of a page.
const ITEMS_MAX: usize = 5_000;

/// Reads all items of a page that are not a property of another.
pub(crate) fn read_items(doc: &Doc<'_>) -> Vec<Item> {
    let scopes: Vec<usize> = (0..doc.len())
        .filter(|&index| doc.attr(index, "itemscope").is_some() && doc.attr(index, "itemprop").is_none())
        .take(ITEMS_MAX)
        .collect();
    if scopes.is_empty() {
        return Vec::new();
    }
    let ids: BTreeMap<&str, usize> =
        (0..doc.len()).rev().filter_map(|index| Some((doc.attr(index, "id")?, index))).collect();
    scopes.into_iter().map(|scope| item(doc, &ids, scope, 0)).collect()
}

fn item(doc: &Doc<'_>, ids: &BTreeMap<&str, usize>, scope: usize, depth: usize) -> Item {
    let types = doc.attr(scope, "itemtype").unwrap_or_default();
    let mut item = Item {
        types: types.split_ascii_whitespace().map(|name| short_name(name).to_owned()).collect(),
        id: doc.attr(scope, "itemid").map(str::to_owned),
        properties: Vec::new(),
        at: scope,
        method: Method::Microdata,
    };
    if depth >= DEPTH_MAX {
        return item;
    }
    let referred = doc.attr(scope, "itemref").unwrap_or_default();
    let referred =
        referred.split_ascii_whitespace().filter_map(|id| ids.get(id).copied()).filter(|&root| root != scope);
    let mut roots: Vec<(usize, usize)> = vec![(scope + 1, doc.end(scope))];
    roots.extend(referred.take(PROPERTIES_MAX).map(|root| (root, doc.end(root))));
    for (start, end) in roots {
        let mut index = start;
        while index < end && item.properties.len() < PROPERTIES_MAX {
            let nested = doc.attr(index, "itemscope").is_some();
            if let Some(names) = doc.attr(index, "itemprop") {
                add(doc, ids, index, names, depth, &mut item);
            }
            index = if nested { doc.end(index) } else { index + 1 };
        }
    }
    item
}

fn add(doc: &Doc<'_>, ids: &BTreeMap<&str, usize>, index: usize, names: &str, depth: usize, into: &mut Item) {
    let value = if doc.attr(index, "itemscope").is_some() {
        Some(Value::Item(item(doc, ids, index, depth + 1)))
    } else {
        property_text(doc, index).map(Value::Text)
    };
    let Some(value) = value else { return };
    for name in names.split_ascii_whitespace() {
        into.properties.push((short_name(name).to_owned(), value.clone()));
    }
}

/// The value of a property: of a `meta` its content, of a link its target, else the visible text.
fn property_text(doc: &Doc<'_>, index: usize) -> Option<PropertyText> {
    let attribute = match doc.tag(index) {
        "a" | "area" | "link" => Some("href"),
        "img" | "audio" | "video" | "iframe" | "embed" | "source" => Some("src"),
        "meta" => Some("content"),
        "time" => Some("datetime"),
        "data" | "meter" => Some("value"),
        _ => None,
    };
    // A `content` on any element is said for machines; a link with another scheme than the web's says its text.
    if doc.attr(index, "content").is_some() {
        return PropertyText::of_attribute(doc, index, "content");
    }
    match attribute.filter(|name| doc.attr(index, name).is_some()) {
        Some("href") if !doc.attr(index, "href").is_some_and(|href| href.contains(':')) => {
            PropertyText::of_element(doc, index)
        }
        Some(name) => PropertyText::of_attribute(doc, index, name),
        None => PropertyText::of_element(doc, index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::parse;

    #[test]
    fn items_nest_and_refer() {
        let html = "<div itemscope itemtype='https://schema.org/Person' itemref='x'><b itemprop=name>Anna Muster</b>\
            <p itemprop=worksFor itemscope itemtype='http://schema.org/Organization'><i itemprop=name>Muster AG</i></p></div>\
            <p id=x><a itemprop='email url' href='mailto:a@b.example'>Mail</a><meta itemprop=birthDate content='x'></p>";
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        let items = read_items(&doc);
        assert_eq!(items.len(), 1);
        let names: Vec<&str> = items[0].properties.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["name", "worksFor", "email", "url", "birthDate"]);
        assert_eq!(items[0].text("worksFor").unwrap().text, "Muster AG");
        assert_eq!(items[0].text("email").unwrap().text, "mailto:a@b.example");
    }

    #[test]
    fn references_cannot_loop() {
        let html = "<div id=a itemscope itemref=b><p itemprop=n itemscope itemref=a></p></div><div id=b itemscope itemprop=m itemref=a></div>";
        let tree = parse(html);
        assert!(!read_items(&Doc::new(html, &tree)).is_empty());
    }
}
