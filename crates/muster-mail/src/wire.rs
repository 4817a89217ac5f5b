//! Writing RFC 5322 messages byte for byte the same each time.
//!
//! One text part, or a text and an HTML part that say the same, seven-bit clean (quoted-printable, encoded words), so that no server on the way has to change it.
//! Reading messages is `inbox`'s.
//!
//! Invariant: no header value can start a header of its own; every line is at most 78 characters where it can be
//! broken.

use data_encoding::BASE64;
use jiff::tz::TimeZone;
use muster_model::Timestamp;

/// Longest line that is not folded (RFC 5322, 2.1.1).
const LINE_CHARS_MAX: usize = 76;

/// Bytes of text that fit into one encoded word (RFC 2047, 2: 75 characters with its frame).
const ENCODED_WORD_BYTES: usize = 42;

/// A message in the making.
#[derive(Default)]
pub(crate) struct Wire {
    out: String,
}

impl Wire {
    /// Adds a header whose value is text; what is not ASCII becomes encoded words.
    pub(crate) fn text_header(&mut self, name: &str, value: &str) {
        let value = clean(value);
        if value.is_ascii() {
            self.fold(name, value.split(' '));
        } else {
            let words = encoded_words(&value);
            self.fold(name, words.iter().map(String::as_str));
        }
    }

    /// Adds a header whose value is made of tokens and addresses that are ASCII already.
    pub(crate) fn raw_header(&mut self, name: &str, value: &str) {
        let value = clean(value);
        self.fold(name, value.split(' '));
    }

    /// Adds a header with one mailbox.
    pub(crate) fn mailbox_header(&mut self, name: &str, display: &str, address: &str) {
        let display = clean(display);
        let address = format!("<{}>", clean(address).replace(['<', '>', ' '], ""));
        if display.is_empty() {
            return self.fold(name, std::iter::once(address.as_str()));
        }
        if display.is_ascii() {
            let quoted = format!("\"{}\"", display.replace('\\', "\\\\").replace('"', "\\\""));
            return self.fold(name, quoted.split(' ').chain([address.as_str()]));
        }
        let words = encoded_words(&display);
        self.fold(name, words.iter().map(String::as_str).chain([address.as_str()]));
    }

    /// Adds the `Date` header, in UTC.
    pub(crate) fn date_header(&mut self, at: Timestamp) {
        let date = at.to_zoned_datetime(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        self.raw_header("Date", &date);
    }

    /// Adds a line as it is; used for the parts of a report.
    pub(crate) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str("\r\n");
    }

    /// Adds the headers of a text part and its quoted-printable body, and returns the message.
    pub(crate) fn finish_text(mut self, text: &str) -> Vec<u8> {
        self.line("MIME-Version: 1.0");
        self.line("Content-Type: text/plain; charset=utf-8");
        self.line("Content-Transfer-Encoding: quoted-printable");
        self.line("");
        self.out.push_str(&quoted_printable(text));
        self.out.into_bytes()
    }

    /// Adds a text and an HTML part that say the same, the text first, and returns the message (RFC 2046, 5.1.4).
    ///
    /// `boundary` must be in neither part: quoted-printable writes `=` as `=3D`, so `=_` before it keeps it out.
    pub(crate) fn finish_alternative(mut self, text: &str, html: &str, boundary: &str) -> Vec<u8> {
        self.line("MIME-Version: 1.0");
        self.line("Content-Type: multipart/alternative;");
        self.line(&format!(" boundary=\"=_{boundary}\""));
        for (kind, body) in [("plain", text), ("html", html)] {
            self.line("");
            self.line(&format!("--=_{boundary}"));
            self.line(&format!("Content-Type: text/{kind}; charset=utf-8"));
            self.line("Content-Transfer-Encoding: quoted-printable");
            self.line("");
            self.out.push_str(&quoted_printable(body));
        }
        self.line(&format!("--=_{boundary}--"));
        self.out.into_bytes()
    }

    /// Returns what has been written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn fold<'a>(&mut self, name: &str, words: impl Iterator<Item = &'a str>) {
        let mut column = name.len() + 1;
        self.out.push_str(name);
        self.out.push(':');
        let mut first = true;
        for word in words.filter(|word| !word.is_empty()) {
            if !first && column + 1 + word.len() > LINE_CHARS_MAX {
                self.out.push_str("\r\n");
                column = 0;
            }
            self.out.push(' ');
            self.out.push_str(word);
            column += 1 + word.len();
            first = false;
        }
        self.out.push_str("\r\n");
    }
}

/// Takes out what could end the header.
fn clean(value: &str) -> String {
    let spaced: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chunk = String::new();
    for c in text.chars() {
        if chunk.len() + c.len_utf8() > ENCODED_WORD_BYTES {
            words.push(encoded_word(&chunk));
            chunk.clear();
        }
        chunk.push(c);
    }
    if !chunk.is_empty() {
        words.push(encoded_word(&chunk));
    }
    words
}

fn encoded_word(text: &str) -> String {
    format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes()))
}

/// Encodes a text as quoted-printable (RFC 2045, 6.7) with CRLF line ends.
pub(crate) fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let mut column = 0;
        let bytes = line.as_bytes();
        for (index, &byte) in bytes.iter().enumerate() {
            let last = index + 1 == bytes.len();
            let plain = (byte.is_ascii_graphic() && byte != b'=') || ((byte == b' ' || byte == b'\t') && !last);
            // A line that starts with `From ` or a dot is changed by some programs on the way.
            let risky = index == 0 && (byte == b'.' || line.starts_with("From "));
            let unit = if plain && !risky { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if column + unit.len() > LINE_CHARS_MAX - 1 {
                out.push_str("=\r\n");
                column = 0;
            }
            out.push_str(&unit);
            column += unit.len();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_value_cannot_start_a_header() {
        let mut wire = Wire::default();
        wire.text_header("Subject", "one\r\nBcc: two@x.test");
        assert_eq!(String::from_utf8(wire.finish()).unwrap(), "Subject: one Bcc: two@x.test\r\n");
    }

    #[test]
    fn text_survives_encoding_and_reading_back() {
        let text = "Größe = 5 €\nFrom here\n.dot\ntrailing \n".to_owned() + &"lang und länger ".repeat(20);
        let mut wire = Wire::default();
        wire.text_header("Subject", "Ihre geschäftlichen Kontaktdaten: Information von Müller & Söhne Großhandel GmbH");
        wire.mailbox_header("From", "Müller, \"Söhne\" GmbH", "privacy@firma.example");
        let raw = wire.finish_text(&text);
        assert!(raw.is_ascii() && raw.split(|b| *b == b'\n').all(|line| line.len() <= 79));
        let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), text.trim_end());
        assert_eq!(
            message.subject().unwrap(),
            "Ihre geschäftlichen Kontaktdaten: Information von Müller & Söhne Großhandel GmbH"
        );
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(from.name.as_deref(), Some("Müller, \"Söhne\" GmbH"));
        assert_eq!(from.address.as_deref(), Some("privacy@firma.example"));
    }
}
