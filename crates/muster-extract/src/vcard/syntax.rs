//! The syntax of vCard 2.1, 3.0 and 4.0: cards, properties, parameters, values; each value knows its place in the source.
//!
//! vCard 2.1 (versit, 1996), RFC 2426, RFC 6350. Real files break all three: folded lines without a blank, quoted-printable in
//! version 3, escapes of one version in another. What cannot be read is a line less, never a card less.
//!
//! Invariant: pieces of a value stand in the order of the source; no line is looked at twice.

use std::ops::Range;

use encoding_rs::{Encoding, UTF_8};

/// Most cards of one file.
const CARDS_MAX: usize = 20_000;

/// Most properties of one card.
const PROPERTIES_MAX: usize = 1_000;

/// Longest value that is decoded; a picture is longer and is nothing that we read.
const VALUE_BYTES_MAX: usize = 64 << 10;

/// Deepest nesting of cards (`AGENT`).
const DEPTH_MAX: usize = 8;

/// A stretch of a text and where it came from: letter by letter where both are as long, else as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    at: usize,
    length: usize,
    from: Range<usize>,
}

impl Piece {
    fn is_verbatim(&self) -> bool {
        self.length == self.from.len()
    }

    fn start_of(&self, at: usize) -> usize {
        if self.is_verbatim() { self.from.start + (at - self.at) } else { self.from.start }
    }

    fn end_of(&self, end: usize) -> usize {
        if self.is_verbatim() { self.from.start + (end - self.at) } else { self.from.end }
    }
}

/// A text with the places in the source that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mapped {
    /// The text.
    pub(super) text: String,
    pieces: Vec<Piece>,
}

impl Mapped {
    /// A text that was decoded as a whole from a range of the source.
    pub(super) fn whole(text: &str, range: &Range<usize>) -> Self {
        let mut mapped = Self::default();
        mapped.push(text, range.clone());
        mapped
    }

    /// Appends a text that came from a range of the source.
    pub(super) fn push(&mut self, text: &str, from: Range<usize>) {
        let at = self.text.len();
        self.text.push_str(text);
        let next = Piece { at, length: text.len(), from };
        match self.pieces.last_mut() {
            Some(last) if last.is_verbatim() && next.is_verbatim() && last.from.end == next.from.start => {
                last.length += next.length;
                last.from.end = next.from.end;
            }
            _ => self.pieces.push(next),
        }
    }

    /// Returns where a part of the text stands in the source.
    pub(super) fn source(&self, part: &Range<usize>) -> Range<usize> {
        let holds = |piece: &&Piece| piece.at < part.end && piece.at + piece.length > part.start;
        let mut inside = self.pieces.iter().filter(holds);
        let Some(first) = inside.next() else {
            let before = self.pieces.iter().rev().find(|piece| piece.at <= part.start);
            let at = before.map_or(0, |piece| piece.end_of(part.start.min(piece.at + piece.length)));
            return at..at;
        };
        let last = inside.next_back().unwrap_or(first);
        first.start_of(part.start.max(first.at))..last.end_of(part.end.min(last.at + last.length))
    }

    /// Returns the same as first byte and the byte behind the last.
    pub(super) fn span(&self, part: &Range<usize>) -> [u64; 2] {
        let range = self.source(part);
        [range.start as u64, range.end as u64]
    }

    fn cut(&self, range: Range<usize>) -> Self {
        let mut out = Self::default();
        for piece in &self.pieces {
            let part = piece.at.max(range.start)..(piece.at + piece.length).min(range.end);
            if let Some(text) = self.text.get(part.clone()).filter(|text| !text.is_empty()) {
                out.push(text, piece.start_of(part.start)..piece.end_of(part.end));
            }
        }
        if out.pieces.is_empty() {
            out.push("", self.source(&range));
        }
        out
    }

    /// Splits at a separator that no backslash stands before.
    pub(super) fn split(&self, separator: char) -> Vec<Self> {
        let mut parts = Vec::new();
        let (mut start, mut escaped) = (0, false);
        for (at, c) in self.text.char_indices() {
            if c == separator && !escaped {
                parts.push(self.cut(start..at));
                start = at + c.len_utf8();
            }
            escaped = c == '\\' && !escaped;
        }
        parts.push(self.cut(start..self.text.len()));
        parts
    }

    /// Resolves the escapes and trims: a line break becomes a blank.
    pub(super) fn plain(&self) -> Self {
        let mut out = Self::default();
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let escaped = chars.peek().map(|(_, next)| *next).filter(|_| c == '\\');
            let meant = match escaped {
                Some('n' | 'N') => ' ',
                Some(next @ (',' | ';' | ':' | '\\' | '"')) => next,
                Some(_) | None => c,
            };
            let mut end = at + c.len_utf8();
            if escaped.is_some_and(|next| matches!(next, 'n' | 'N' | ',' | ';' | ':' | '\\' | '"')) {
                chars.next();
                end += 1;
            }
            let meant = if meant.is_control() { ' ' } else { meant };
            out.push(meant.encode_utf8(&mut [0; 4]), self.source(&(at..end)));
        }
        let trimmed = crate::draft::trim_range(&out.text, 0..out.text.len());
        out.cut(trimmed)
    }
}

/// A property of a card.
#[derive(Debug, Clone)]
pub(super) struct Property {
    /// Its name in capitals, without group.
    pub(super) name: String,
    /// Its group (`item1`), in lower case.
    pub(super) group: Option<String>,
    /// The values of its parameters, in lower case: `work`, `fax`, `uri`.
    pub(super) types: Vec<String>,
    /// Its value, escapes and separators as they stand.
    pub(super) value: Mapped,
}

/// A card.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    /// The byte at which it begins.
    pub(super) at: usize,
    /// Its properties in order.
    pub(super) properties: Vec<Property>,
}

/// Reads the cards of a text, nested ones behind the card that they stand in.
pub(super) fn read(source: &str) -> Vec<Card> {
    let mut open: Vec<(usize, Card)> = Vec::new();
    let mut done: Vec<(usize, Card)> = Vec::new();
    let mut opened = 0;
    let mut lines = Lines { source, at: 0 };
    while let Some(line) = lines.next_logical() {
        let Some(property) = property(&line) else { continue };
        let is_card = property.value.text.trim().eq_ignore_ascii_case("vcard");
        match property.name.as_str() {
            "BEGIN" if is_card && open.len() < DEPTH_MAX && opened < CARDS_MAX => {
                let at = line.source(&(0..1)).start;
                open.push((opened, Card { at, properties: Vec::new() }));
                opened += 1;
            }
            "END" if is_card => done.extend(open.pop()),
            "BEGIN" | "END" => {}
            _ => {
                if let Some((_, card)) = open.last_mut()
                    && card.properties.len() < PROPERTIES_MAX
                {
                    card.properties.push(property);
                }
            }
        }
    }
    // A file that was cut off still says what it says.
    done.extend(open);
    done.sort_by_key(|(order, _)| *order);
    done.into_iter().map(|(_, card)| card).collect()
}

/// The lines of a text.
struct Lines<'s> {
    source: &'s str,
    at: usize,
}

impl Lines<'_> {
    fn next_physical(&mut self) -> Option<Range<usize>> {
        if self.at >= self.source.len() {
            return None;
        }
        let (end, next) = crate::tabular::line_end(self.source.as_bytes(), self.at);
        let range = self.at..end;
        self.at = next;
        Some(range)
    }

    /// Joins folded lines (RFC 6350, 3.2) and the soft breaks of quoted-printable (RFC 2045, 6.7).
    fn next_logical(&mut self) -> Option<Mapped> {
        let first = self.next_physical()?;
        let mut line = Mapped::default();
        line.push(self.source.get(first.clone()).unwrap_or_default(), first);
        loop {
            let rest = self.source.get(self.at..).unwrap_or_default();
            let soft = line.text.ends_with('=') && is_quoted_printable(&line.text) && !rest.is_empty();
            if !soft && !rest.starts_with([' ', '\t']) {
                return Some(line);
            }
            let Some(next) = self.next_physical() else { return Some(line) };
            let start = if soft { next.start } else { next.start + 1 };
            if soft {
                line = line.cut(0..line.text.len() - 1);
            }
            let piece = self.source.get(start..next.end).unwrap_or_default();
            if line.text.len() + piece.len() <= VALUE_BYTES_MAX {
                line.push(piece, start..next.end);
            }
        }
    }
}

fn is_quoted_printable(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default();
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// Reads `group.NAME;PARAMETER=value:value`.
fn property(line: &Mapped) -> Option<Property> {
    let mut quoted = false;
    let colon = line.text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    })?;
    let head = line.text.get(..colon.0)?;
    let mut words = split_unquoted(head, ';').into_iter();
    let full = words.next()?.trim();
    let (group, name) = match full.rsplit_once('.') {
        Some((group, name)) => (Some(group.to_ascii_lowercase()), name),
        None => (None, full),
    };
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return None;
    }
    let (mut types, mut charset) = (Vec::new(), None);
    let mut is_encoded = false;
    for word in words {
        // Version 2.1 leaves the name of a parameter out: `TEL;WORK;FAX:`.
        let (key, values) = word.split_once('=').unwrap_or(("", word));
        for value in split_unquoted(values, ',') {
            let value = value.trim_matches(['"', ' ']).to_ascii_lowercase();
            is_encoded |= value == "quoted-printable";
            if key.trim().eq_ignore_ascii_case("charset") {
                charset = Encoding::for_label(value.as_bytes());
            }
            types.extend(value.split(',').map(str::to_owned));
        }
    }
    let value = line.cut(colon.0 + 1..line.text.len());
    let value = if is_encoded { unquoted(&value, charset.unwrap_or(UTF_8)) } else { value };
    Some(Property { name: name.to_ascii_uppercase(), group, types, value })
}

fn split_unquoted(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

/// Decodes quoted-printable; a separator that was encoded is data.
fn unquoted(value: &Mapped, charset: &'static Encoding) -> Mapped {
    let decode = |part: &Mapped| {
        let mut bytes = Vec::with_capacity(part.text.len());
        let mut rest = part.text.as_bytes();
        while let Some((&byte, behind)) = rest.split_first() {
            let digits = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
            let decoded = digits.filter(|_| byte == b'=').and_then(|pair| u8::from_str_radix(pair, 16).ok());
            bytes.push(decoded.unwrap_or(byte));
            rest = if decoded.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
        }
        let charset =
            if charset == UTF_8 && std::str::from_utf8(&bytes).is_err() { encoding_rs::WINDOWS_1252 } else { charset };
        charset.decode_without_bom_handling(&bytes).0.into_owned()
    };
    let mut out = Mapped::default();
    for (index, part) in value.split(';').iter().enumerate() {
        let from = part.source(&(0..part.text.len()));
        if index > 0 {
            out.push(";", from.start.saturating_sub(1)..from.start);
        }
        out.push(&decode(part).replace(';', "\\;"), from);
    }
    out
}
