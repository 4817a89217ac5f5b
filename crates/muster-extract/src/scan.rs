//! Cuts a page's source into the pieces that are fed to the tree builder one by one.
//!
//! The builder tells no positions; but what it makes while a piece is fed comes from that piece. So a piece is one tag,
//! one comment, or the text between. The cutting only has to be near the standard: where it errs, a span is missing,
//! nothing else.
//!
//! Invariant: the pieces follow each other without gap and none is empty.

use std::ops::Range;

/// Longest single tag or comment that is scanned to its end, in bytes.
const TAG_BYTES_MAX: usize = 256 * 1024;

/// Elements whose content is text whatever it holds.
const RAW_TEXT: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// A start tag, an end tag, a comment, a doctype.
    Markup,
    /// Text.
    Text,
}

/// The pieces of a source, in order.
pub(crate) struct Scan<'a> {
    source: &'a str,
    at: usize,
    /// Inside such an element, everything up to its end tag is text.
    raw_text: Option<&'static str>,
}

impl<'a> Scan<'a> {
    /// Starts at the beginning.
    pub(crate) const fn new(source: &'a str) -> Self {
        Self { source, at: 0, raw_text: None }
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.source.as_bytes().get(from..).unwrap_or_default()
    }

    fn next_open(&self, from: usize) -> usize {
        self.rest(from).iter().position(|&byte| byte == b'<').map_or(self.source.len(), |length| from + length)
    }

    /// The end of the text of a raw-text element: where its end tag starts.
    fn raw_end(&self, name: &str) -> usize {
        let mut from = self.at;
        loop {
            let open = self.next_open(from);
            let tag = self.rest(open);
            let matches = tag.get(1) == Some(&b'/')
                && tag.get(2..2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            if matches || open >= self.source.len() {
                return open;
            }
            from = open + 1;
        }
    }

    fn markup_end(&mut self) -> usize {
        let rest = self.rest(self.at);
        if rest.starts_with(b"<!--") {
            let end = self.source.get(self.at + 4..).and_then(|body| body.find("-->"));
            return end.map_or(self.source.len(), |length| self.at + 4 + length + 3);
        }
        let length = tag_length(rest);
        let name = rest.get(1..length).unwrap_or_default();
        let name_length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let name = name.get(..name_length).unwrap_or_default();
        self.raw_text = RAW_TEXT.iter().copied().find(|raw| raw.as_bytes().eq_ignore_ascii_case(name));
        self.at + length
    }
}

impl Iterator for Scan<'_> {
    type Item = (PieceKind, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if start >= self.source.len() {
            return None;
        }
        let raw_end = self.raw_text.take().map(|name| self.raw_end(name)).filter(|&end| end > start);
        let (kind, end) = match raw_end {
            Some(end) => (PieceKind::Text, end),
            None if opens_markup(self.rest(start)) => (PieceKind::Markup, self.markup_end()),
            None => (PieceKind::Text, self.next_open(start + 1)),
        };
        let mut end = end.min(self.source.len());
        while !self.source.is_char_boundary(end) {
            end += 1;
        }
        self.at = end;
        Some((kind, start..end))
    }
}

fn opens_markup(rest: &[u8]) -> bool {
    rest.first() == Some(&b'<')
        && rest.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
}

/// The length of a tag, `>` included; a `>` inside a quoted value does not end it.
fn tag_length(tag: &[u8]) -> usize {
    let tag = tag.get(..TAG_BYTES_MAX).unwrap_or(tag);
    let mut quote = None;
    let mut after_equals = false;
    for (at, &byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(_) | None, _) => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    tag.len()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        let pieces: Vec<&str> = Scan::new(source).map(|(_, range)| &source[range]).collect();
        assert_eq!(pieces, expect);
    }

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        check("<p>a < b</p>", &["<p>", "a ", "< b", "</p>"]);
        check("<a title=\"x > y\">z", &["<a title=\"x > y\">", "z"]);
        check("a<!-- <b> -->c", &["a", "<!-- <b> -->", "c"]);
        check("<a b=>c", &["<a b=>", "c"]);
    }

    #[test]
    fn a_script_is_one_text() {
        check("<SCRIPT>if (a<b) {}</script>x", &["<SCRIPT>", "if (a<b) {}", "</script>", "x"]);
        check("<title></title>", &["<title>", "</title>"]);
        check("<style>never closed", &["<style>", "never closed"]);
    }

    #[test]
    fn an_open_end_ends_with_the_source() {
        check("<a href=\"x", &["<a href=\"x"]);
        check("<!-- x", &["<!-- x"]);
        check("ü<", &["ü", "<"]);
    }
}
