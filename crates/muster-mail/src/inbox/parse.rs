//! A mail as the classifier sees it: headers, the parts that matter, the text a person reads.
//!
//! `mail-parser` does the decoding; here is what is taken from it, and how much at most. Which part is the text is in
//! [`text`], what is done where the charset is missing or wrong in [`charset`].
//!
//! Invariant: bounded. Of a mail longer than [`MAIL_BYTES_MAX`] the beginning is read; parts, header fields and
//! nesting have their own limits.

mod charset;
mod text;

use std::borrow::Cow;

use mail_parser::{MessageParser, MimeHeaders, PartType};
use muster_model::EmailAddress;

/// Longest mail that is parsed: what big providers accept (25 MiB) is more than anybody writes by hand.
pub(crate) const MAIL_BYTES_MAX: usize = 25 << 20;

/// Parts that are looked at; a report has three or four.
const PARTS_MAX: usize = 64;

/// Longest text taken from one part.
const PART_BYTES_MAX: usize = 1 << 20;

/// Header fields that are looked at.
const FIELDS_MAX: usize = 500;

/// One header field, unfolded; the name in lower case.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct HeaderField {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// One leaf of the MIME tree.
pub(crate) struct Part {
    /// `text/plain`, `message/delivery-status`, ..., in lower case.
    pub(crate) mime: String,
    /// Its text, decoded; for a nested message its source.
    pub(crate) text: String,
}

/// A parsed mail.
pub(crate) struct Mail {
    pub(crate) fields: Vec<HeaderField>,
    pub(crate) subject: String,
    pub(crate) from: Option<EmailAddress>,
    /// The address in `From` as it stands, where it is none that can be a contact's.
    pub(crate) from_text: String,
    pub(crate) message_id: Option<String>,
    /// `report-type` of a `multipart/report`.
    pub(crate) report_type: Option<String>,
    pub(crate) parts: Vec<Part>,
    /// The text a person reads: the plain parts, or the HTML parts as text.
    pub(crate) text: String,
    /// The HTML beside a plain text.
    pub(crate) html: Option<String>,
}

impl Mail {
    /// Parses a mail; `None` for what has no header at all.
    pub(crate) fn parse(raw: &[u8]) -> Option<Self> {
        let raw = tidied(raw.get(..MAIL_BYTES_MAX).unwrap_or(raw));
        let raw = raw.as_ref();
        let message = MessageParser::default().parse(raw)?;
        let from = message.from().and_then(|from| from.first()).and_then(|first| first.address()).unwrap_or_default();
        let content_type = message.content_type();
        let is_report = content_type.is_some_and(|it| it.ctype().eq_ignore_ascii_case("multipart"));
        let report_type =
            content_type.filter(|_| is_report).and_then(|it| it.attribute("report-type")).map(str::to_ascii_lowercase);
        let fields = header_fields(&charset::guessed(head_of(raw)));
        let readable = text::readable(&message);
        Some(Self {
            subject: subject_of(message.subject(), &fields),
            fields,
            from: EmailAddress::parse(from).ok(),
            from_text: from.to_owned(),
            message_id: message.message_id().map(str::to_owned),
            report_type,
            parts: parts_of(&message),
            text: readable.text,
            html: readable.html,
        })
    }

    /// Returns the first value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        first_field(&self.fields, name)
    }

    /// Returns every value of a header.
    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |field| field.name == name).map(|field| field.value.as_str())
    }

    /// Returns the first part of a MIME type.
    pub(crate) fn part(&self, mime: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.mime == mime)
    }
}

/// Returns the first value of a header among fields.
pub(crate) fn first_field<'a>(fields: &'a [HeaderField], name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

/// Takes off what programs put before a mail, and writes line ends that a parser knows.
fn tidied(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.starts_with(b"\xff\xfe") || raw.starts_with(b"\xfe\xff") {
        return Cow::Owned(of_utf_16(raw).into_bytes());
    }
    let mut raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    while let Some(rest) = raw.strip_prefix(b"\n").or_else(|| raw.strip_prefix(b"\r")) {
        raw = rest;
    }
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        // The separator line of an mbox.
        let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
        raw = raw.get(end..).unwrap_or_default();
    }
    let beginning = raw.get(..raw.len().min(4_096)).unwrap_or_default();
    if beginning.contains(&b'\r') && !beginning.contains(&b'\n') {
        return Cow::Owned(raw.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect());
    }
    Cow::Borrowed(raw)
}

fn of_utf_16(raw: &[u8]) -> String {
    let is_little = raw.first() == Some(&0xff);
    let unit = |pair: &[u8]| match pair {
        [low, high] if is_little => u16::from_le_bytes([*low, *high]),
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0xfffd,
    };
    let units: Vec<u16> = raw.get(2..).unwrap_or_default().chunks(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// Longest subject, in characters.
const SUBJECT_CHARS_MAX: usize = 1_000;

/// The subject as it is decoded; where that went wrong, decoded again from its field.
fn subject_of(decoded: Option<&str>, fields: &[HeaderField]) -> String {
    let field = first_field(fields, "subject");
    let is_broken = |text: &&str| text.contains("=?") || text.contains('\u{fffd}');
    let subject = match decoded {
        Some(text) if !is_broken(&text) => Cow::Borrowed(text),
        Some(_) | None => Cow::Owned(charset::decoded_words(field.unwrap_or_default())),
    };
    let subject: String = subject.chars().take(SUBJECT_CHARS_MAX).collect();
    charset::unmangled(subject)
}

/// The beginning of a text, at most so many bytes.
fn cut(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn head_of(raw: &[u8]) -> &[u8] {
    let raw = raw.get(..PART_BYTES_MAX).unwrap_or(raw);
    // The first line end that another one follows.
    let mut from = 0;
    while let Some(at) = raw.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        from += at + 1;
        let next = raw.get(from..).unwrap_or_default();
        if next.starts_with(b"\n") || next.starts_with(b"\r\n") {
            return raw.get(..from).unwrap_or(raw);
        }
    }
    raw
}

/// Splits a block of header fields, unfolding them; lines that are no field are passed over.
pub(crate) fn header_fields(text: &str) -> Vec<HeaderField> {
    let mut fields: Vec<HeaderField> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some(last) = fields.last_mut() {
                last.value.push(' ');
                last.value.push_str(line.trim());
            }
            continue;
        }
        if fields.len() >= FIELDS_MAX {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_graphic())
        {
            fields.push(HeaderField { name: name.to_ascii_lowercase(), value: value.trim().to_owned() });
        }
    }
    fields
}

fn mime_of(part: &mail_parser::MessagePart<'_>) -> String {
    match (part.content_type(), &part.body) {
        (Some(it), _) => format!("{}/{}", it.ctype(), it.subtype().unwrap_or_default()).to_ascii_lowercase(),
        (None, PartType::Message(_)) => "message/rfc822".to_owned(),
        (None, PartType::Html(_)) => "text/html".to_owned(),
        (None, PartType::Text(_) | PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Multipart(_)) => {
            "text/plain".to_owned()
        }
    }
}

fn parts_of(message: &mail_parser::Message<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    for part in message.parts.iter().take(PARTS_MAX) {
        let text: Cow<'_, str> = match &part.body {
            PartType::Text(text) | PartType::Html(text) => Cow::Borrowed(text.as_ref()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                let mime = mime_of(part);
                if !mime.starts_with("message/") && !mime.starts_with("text/") {
                    continue;
                }
                String::from_utf8_lossy(bytes)
            }
            PartType::Message(nested) => String::from_utf8_lossy(nested.raw_message()),
            PartType::Multipart(_) => continue,
        };
        parts.push(Part { mime: mime_of(part), text: cut(&text, PART_BYTES_MAX).to_owned() });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_named_in_lower_case() {
        let fields = header_fields("To: a@x.test,\r\n b@x.test\r\nno field\r\nX-Y:z\r\n");
        assert_eq!(first_field(&fields, "to"), Some("a@x.test, b@x.test"));
        assert_eq!(first_field(&fields, "x-y"), Some("z"));
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn html_alone_is_read_as_text() {
        let raw =
            b"From: a@x.test\r\nContent-Type: text/html\r\n\r\n<p>Please <b>stop</b></p><blockquote>old</blockquote>";
        let mail = Mail::parse(raw).unwrap();
        assert_eq!(mail.text.trim(), "Please stop\n\n> old");
    }

    /// A small reproducible source of numbers, so that a failure can be run again.
    fn next(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap()
    }

    #[test]
    fn damaged_mails_come_to_an_end_without_a_panic() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail/shapes-clients.jsonl");
        let file = std::fs::read_to_string(path).unwrap();
        let mut state = 7;
        let mut parsed = 0;
        for line in file.lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let Some(raw) = case["raw"].as_str() else { continue };
            let mut bytes = raw.as_bytes().to_vec();
            for _ in 0..8 {
                let at = next(&mut state) % bytes.len();
                match next(&mut state) % 5 {
                    0 => bytes[at] = u8::try_from(next(&mut state) % 256).unwrap(),
                    1 => bytes.truncate(at.max(40)),
                    2 => drop(bytes.drain(at..(at + next(&mut state) % 60).min(bytes.len()))),
                    3 => bytes.splice(at..at, *b"\n\n--\n> =?utf-8?B?<div hidden>").for_each(drop),
                    _ => bytes.splice(at..at, [0xff, 0xc3, 0, b'\r', b'=']).for_each(drop),
                }
                if bytes.len() < 20 {
                    break;
                }
            }
            if let Some(mail) = Mail::parse(&bytes) {
                super::super::quote::words_of(&mail);
                parsed += 1;
            }
        }
        assert!(parsed > 100, "only {parsed} still were mails");
    }

    #[test]
    fn long_mails_are_read_in_time_that_grows_with_their_length() {
        // Each would take far longer than the other tests if a line were looked at more than a few times.
        let head = "From: a@x.test\nContent-Type: text/html\n\n";
        for text in [
            "On 3 Mar 2026\n".repeat(6_000),
            "From: a\n\n".repeat(6_000),
            "> a\nb\n".repeat(6_000),
            "Kind regards\n\nAda\n\n".repeat(3_000),
            "<div style=\"border-top:solid #E1E1E1\">".repeat(3_000),
            "<blockquote><td>".repeat(4_000),
            format!("{}</p>", "<p>".repeat(20_000)),
            "=?utf-8?Q?=C3".repeat(5_000),
            "a".repeat(100_000),
            "-----BEGIN PGP MESSAGE-----\n".repeat(4_000),
        ] {
            for head in ["From: a@x.test\n\n", head] {
                let mail = Mail::parse(format!("{head}{text}").as_bytes()).unwrap();
                super::super::quote::words_of(&mail);
            }
        }
    }
}
