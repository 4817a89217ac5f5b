//! A JSON reader for what stands in `<script>` elements: it keeps the place of every text and forgives the faults that
//! templates make.
//!
//! Forgiven: missing, doubled and trailing commas, raw line breaks in texts, comments, wrappers, a cut-off end. It is no
//! validator: whatever was forgiven is told as one flag.
//!
//! Invariant: it ends on every input, with bounded depth.

use std::ops::Range;

/// Deepest nesting that is read; what lies deeper is skipped.
const DEPTH_MAX: usize = 48;

/// Most values of one block.
const VALUES_MAX: usize = 100_000;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// `null`, `true`, `false`, or a fault.
    Other,
    /// A number or text.
    Text(JsonText),
    /// An array.
    List(Vec<Self>),
    /// An object; a key may come twice.
    Object(Vec<(String, Self)>),
}

/// A text with its place between the quotes, or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonText {
    /// The text, escapes resolved.
    pub(crate) text: String,
    /// Where it stands, in bytes of what was given.
    pub(crate) range: Range<usize>,
}

impl Json {
    /// Returns the value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            Self::Other | Self::Text(_) | Self::List(_) => None,
        }
    }
}

/// What was read.
pub(crate) struct ReadJson {
    /// The values at the top, usually one.
    pub(crate) values: Vec<Json>,
    /// Where the first fault lies, if one was forgiven.
    pub(crate) fault: Option<usize>,
}

/// Reads all values in a text.
pub(crate) fn read_json(source: &str) -> ReadJson {
    let mut reader = Reader { source, bytes: source.as_bytes(), at: 0, fault: None, count: 0 };
    let mut values = Vec::new();
    reader.skip_wrapper();
    while reader.at < reader.bytes.len() && reader.count < VALUES_MAX {
        reader.skip_blank();
        match reader.peek() {
            Some(b'{' | b'[') => values.push(reader.value(0)),
            Some(b';' | b',') => reader.at += 1,
            Some(_) => {
                reader.note_fault();
                reader.at += 1;
            }
            None => break,
        }
    }
    ReadJson { values, fault: reader.fault }
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    fault: Option<usize>,
    count: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn note_fault(&mut self) {
        self.fault.get_or_insert(self.at);
    }

    /// Steps over `<!--`, `//<![CDATA[` and their ends, which are no fault.
    fn skip_wrapper(&mut self) {
        if let Some(open) = self.bytes.iter().position(|byte| matches!(byte, b'{' | b'[')) {
            let head = self.source.get(..open).unwrap_or_default();
            if head.contains("<!--") {
                self.at = open;
            } else if head.contains("<!") {
                // The `[` of `<![CDATA[` opens no list.
                let after = self.source.find("CDATA[").map_or(open, |at| at + 6);
                self.at = after;
            }
        }
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let blank =
                rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0xC2 || **byte == 0xA0).count();
            self.at += blank;
            let rest = self.source.get(self.at..).unwrap_or_default();
            let comment = if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("-->") || rest.starts_with("]]>") {
                3
            } else {
                0
            };
            if blank == 0 && comment == 0 {
                return;
            }
            self.at += comment;
        }
    }

    fn value(&mut self, depth: usize) -> Json {
        self.count += 1;
        self.skip_blank();
        match self.peek() {
            Some(b'{') if depth < DEPTH_MAX && self.count < VALUES_MAX => self.object(depth),
            Some(b'[') if depth < DEPTH_MAX && self.count < VALUES_MAX => self.list(depth),
            Some(b'{' | b'[') => {
                self.note_fault();
                self.at = self.bytes.len();
                Json::Other
            }
            Some(b'"') => Json::Text(self.text()),
            Some(_) => self.bare(),
            None => Json::Other,
        }
    }

    fn object(&mut self, depth: usize) -> Json {
        let mut members = Vec::new();
        self.at += 1;
        let mut separated = true;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    if separated {
                        self.note_fault();
                    }
                    separated = true;
                    self.at += 1;
                }
                Some(b'"') => {
                    if !separated {
                        self.note_fault();
                    }
                    separated = false;
                    let key = self.text().text;
                    self.skip_blank();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                        members.push((key, self.value(depth + 1)));
                    } else {
                        self.note_fault();
                    }
                }
                // The end, or a bracket that closes something else: the object was not closed.
                None | Some(b']') => {
                    self.note_fault();
                    break;
                }
                Some(_) => {
                    self.note_fault();
                    self.at += 1;
                }
            }
        }
        if separated && !members.is_empty() {
            self.note_fault();
        }
        Json::Object(members)
    }

    fn list(&mut self, depth: usize) -> Json {
        let mut items = Vec::new();
        self.at += 1;
        let mut separated = true;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                None | Some(b'}') => {
                    self.note_fault();
                    break;
                }
                Some(b',') => {
                    if separated {
                        self.note_fault();
                    }
                    separated = true;
                    self.at += 1;
                }
                Some(_) => {
                    if !separated {
                        self.note_fault();
                    }
                    separated = false;
                    items.push(self.value(depth + 1));
                }
            }
        }
        if separated && !items.is_empty() {
            self.note_fault();
        }
        Json::List(items)
    }

    /// A number, a word, or a fault up to the next sign.
    fn bare(&mut self) -> Json {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|byte| !matches!(byte, b',' | b'}' | b']' | b'\n' | b'"' | b':' | b'{' | b'['))
            .count();
        self.at += length.max(1);
        while !self.source.is_char_boundary(self.at) {
            self.at += 1;
        }
        let text = self.source.get(start..self.at).unwrap_or_default().trim();
        match text {
            "null" | "true" | "false" | "undefined" => Json::Other,
            _ if text.parse::<f64>().is_ok() => {
                Json::Text(JsonText { text: text.to_owned(), range: start..start + text.len() })
            }
            _ => {
                self.fault.get_or_insert(start);
                Json::Other
            }
        }
    }

    fn text(&mut self) -> JsonText {
        self.at += 1;
        let start = self.at;
        let mut text = String::new();
        while let Some(rest) = self.source.get(self.at..) {
            let Some(c) = rest.chars().next() else {
                self.note_fault();
                break;
            };
            match c {
                '"' => break,
                '\\' => self.escape(&mut text),
                c => {
                    if c.is_control() {
                        self.note_fault();
                    }
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        let range = start..self.at;
        self.at = (self.at + 1).min(self.bytes.len());
        JsonText { text, range }
    }

    fn escape(&mut self, text: &mut String) {
        let sign = self.source.get(self.at + 1..).and_then(|rest| rest.chars().next());
        let plain = match sign {
            Some('n' | 'r' | 't' | 'b' | 'f') => ' ',
            Some('u') => return self.unicode_escape(text),
            Some(other) => other,
            None => {
                self.at += 1;
                return;
            }
        };
        text.push(plain);
        self.at += 1 + sign.map_or(0, char::len_utf8);
    }

    fn unicode_escape(&mut self, text: &mut String) {
        let unit = |at: usize| u16::from_str_radix(self.source.get(at..at + 4)?, 16).ok();
        let first = unit(self.at + 2);
        let second = (self.source.get(self.at + 6..self.at + 8) == Some("\\u")).then(|| unit(self.at + 8)).flatten();
        let units: Vec<u16> = match (first, second) {
            (Some(first @ 0xD800..=0xDBFF), Some(second)) => vec![first, second],
            (Some(first), _) => vec![first],
            (None, _) => Vec::new(),
        };
        if units.is_empty() {
            self.note_fault();
            self.at += 2;
            return;
        }
        text.extend(char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        self.at += 6 * units.len();
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    fn text<'j>(json: &'j Json, key: &str) -> &'j JsonText {
        match json.get(key) {
            Some(Json::Text(text)) => text,
            other => panic!("{key}: {other:?}"),
        }
    }

    #[test]
    fn texts_keep_their_place_and_escapes_are_resolved() {
        let source = r#"{"a": "x", "name": "Luc\u00eda \ud83d\ude00 \"q\"", "n": 12.5}"#;
        let read = read_json(source);
        assert_eq!(read.fault, None);
        let name = text(&read.values[0], "name");
        assert_eq!(name.text, "Lucía 😀 \"q\"");
        assert_eq!(&source[name.range.clone()], r#"Luc\u00eda \ud83d\ude00 \"q\""#);
        assert_eq!(text(&read.values[0], "n").text, "12.5");
    }

    #[test]
    fn the_faults_of_templates_are_forgiven_and_told() {
        for source in [
            r#"{"a": "1", "b": "2",}"#,
            r#"{"a": "1" "b": "2"}"#,
            r#"{"a": "1",, "b": "2"}"#,
            "{\"a\": \"1\", \"b\": \"2",
            "{\"a\": \"x\ny\", \"b\": \"2\"}",
            r#"{"a": oops, "b": "2"}"#,
        ] {
            let read = read_json(source);
            assert!(read.fault.is_some(), "{source}");
            assert_eq!(text(&read.values[0], "b").text, "2", "{source}");
        }
    }

    #[test]
    fn wrappers_and_comments_are_no_fault() {
        for source in ["<!-- {\"b\": \"2\"} -->", "//<![CDATA[\n{\"b\": \"2\"}\n//]]>", "/* x */ {\"b\": \"2\"};"] {
            let read = read_json(source);
            assert_eq!((text(&read.values[0], "b").text.as_str(), read.fault), ("2", None), "{source}");
        }
    }

    #[test]
    fn hostile_input_ends() {
        for source in
            ["[".repeat(100_000), "{\"a\":".repeat(100_000), "\"".repeat(1_001), "{ü".repeat(50), "\\u".repeat(9)]
        {
            assert!(read_json(&source).values.len() <= source.len());
        }
        assert!(read_json("[[[1]]]").fault.is_none());
    }
}
