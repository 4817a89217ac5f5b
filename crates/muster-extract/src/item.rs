//! Structured data in one shape, whatever the page wrote it in: items with types and properties of schema.org.
//!
//! Invariant: a property's text knows its place in the page.

use std::ops::Range;

use muster_model::Method;

use crate::dom::Doc;
use crate::draft::{Place, Seen};
use crate::lines::{Line, text_line};

/// One thing that a page describes.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Names of its types, without vocabulary.
    pub(crate) types: Vec<String>,
    /// Its identifier, by which other items may refer to it.
    pub(crate) id: Option<String>,
    /// Its properties in order.
    pub(crate) properties: Vec<(String, Value)>,
    /// The node it was found at.
    pub(crate) at: usize,
    /// How it was written.
    pub(crate) method: Method,
}

/// What a property says.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A text.
    Text(PropertyText),
    /// Another thing.
    Item(Item),
}

/// A text of a property.
#[derive(Debug, Clone)]
pub(crate) struct PropertyText {
    /// The text.
    pub(crate) text: String,
    place: TextPlace,
}

#[derive(Debug, Clone)]
enum TextPlace {
    /// The text stands in the source letter by letter, from this byte.
    Verbatim(usize),
    /// The text was decoded from this range.
    Decoded(Option<Range<usize>>),
    /// The text is the visible text of an element.
    Visible(Box<Line>),
    /// The text is an attribute's value.
    Attribute(usize, &'static str),
    /// The text was made of an attribute's value: an address made absolute.
    Resolved(usize, &'static str),
}

impl PropertyText {
    /// A text that was decoded from a range of the source, or stands there as it is.
    pub(crate) fn from_range(source: &str, text: String, range: Range<usize>) -> Self {
        let verbatim = source.get(range.clone()).is_some_and(|raw| raw == text);
        let place = if verbatim { TextPlace::Verbatim(range.start) } else { TextPlace::Decoded(Some(range)) };
        Self { text, place }
    }

    /// The visible text of an element.
    pub(crate) fn of_element(doc: &Doc<'_>, index: usize) -> Option<Self> {
        let line = text_line(doc, index)?;
        Some(Self { text: line.text.clone(), place: TextPlace::Visible(Box::new(line)) })
    }

    /// The value of an attribute.
    pub(crate) fn of_attribute(doc: &Doc<'_>, index: usize, name: &'static str) -> Option<Self> {
        let text = doc.attr(index, name)?;
        Some(Self { text: text.to_owned(), place: TextPlace::Attribute(index, name) })
    }

    /// An address that was made absolute from the value of an attribute, which is what is quoted.
    pub(crate) const fn resolved(text: String, index: usize, name: &'static str) -> Self {
        Self { text, place: TextPlace::Resolved(index, name) }
    }

    /// The text as a place whose parts know where they stand.
    pub(crate) fn place<'p>(&'p self, doc: &'p Doc<'_>) -> Place<'p> {
        Place::new(&self.text, move |range| self.span(doc, range))
    }

    /// The whole text, trimmed, with its place.
    pub(crate) fn trimmed(&self, doc: &Doc<'_>) -> (String, Seen) {
        if let TextPlace::Resolved(index, name) = self.place {
            let seen = Place::attr(doc, index, name).map_or_else(Seen::nowhere, |place| place.trimmed().1);
            return (self.text.clone(), seen);
        }
        let place = self.place(doc);
        let (text, seen) = place.trimmed();
        (text.to_owned(), seen)
    }

    fn span(&self, doc: &Doc<'_>, range: &Range<usize>) -> Option<[u64; 2]> {
        let span = match &self.place {
            TextPlace::Verbatim(start) => start + range.start..start + range.end,
            TextPlace::Decoded(whole) => whole.clone()?,
            TextPlace::Visible(line) => return line.span(doc, range),
            TextPlace::Attribute(index, name) => doc.attr_span(*index, name, range)?,
            TextPlace::Resolved(index, name) => doc.attr_span(*index, name, &(0..doc.attr(*index, name)?.len()))?,
        };
        Some([span.start as u64, span.end as u64])
    }
}

impl Item {
    /// Returns whether it has one of the types.
    pub(crate) fn is(&self, names: &[&str]) -> bool {
        self.types.iter().any(|name| names.contains(&name.as_str()))
    }

    /// Returns the values of a property.
    pub(crate) fn values(&self, name: &str) -> std::vec::IntoIter<&Value> {
        let values: Vec<&Value> =
            self.properties.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect();
        values.into_iter()
    }

    /// Returns the first text of a property; of an item its name.
    pub(crate) fn text(&self, name: &str) -> Option<&PropertyText> {
        self.values(name).find_map(Value::text)
    }
}

impl Value {
    /// Returns the text, of an item its name.
    pub(crate) fn text(&self) -> Option<&PropertyText> {
        match self {
            Self::Text(text) => Some(text),
            Self::Item(item) => item.properties.iter().find_map(|(name, value)| match value {
                Self::Text(text) if name == "name" => Some(text),
                Self::Text(_) | Self::Item(_) => None,
            }),
        }
    }
}

/// Returns the last part of a type or property name: `Person` of `http://schema.org/Person` and `schema:Person`.
pub(crate) fn short_name(name: &str) -> &str {
    name.trim().rsplit(['/', '#', ':']).next().unwrap_or_default()
}
