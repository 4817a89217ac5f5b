//! A problem: the world's data is bad in one place; the work goes on and the place is counted.
//!
//! Invariant: a problem names a kind and a place, never a personal value.

use serde::{Deserialize, Serialize};

/// Where a problem lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct Place {
    /// The file or host; a full URL may name a person, so a page is told by its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Byte offset, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Column or field by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// One fault in what was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// A stable code, such as `json-ld.syntax` or `row.ragged`.
    pub kind: String,
    /// Where.
    #[serde(rename = "at")]
    pub place: Place,
    /// One sentence for a reader, without personal values.
    pub detail: String,
}

impl Problem {
    /// Makes a problem of a kind, with a sentence, whose place is added by the caller.
    pub fn new(kind: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind: kind.into(), place: Place::default(), detail: detail.into() }
    }

    /// Returns the problem with a line number, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.place.line = Some(line);
        self
    }

    /// Returns the problem with a byte offset, from 0.
    #[must_use]
    pub fn at_byte(mut self, byte: u64) -> Self {
        self.place.byte = Some(byte);
        self
    }

    /// Returns the problem with the field or column it is about.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.place.field = Some(field.into());
        self
    }
}
