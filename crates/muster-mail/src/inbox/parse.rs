//! A mail as the classifier sees it: headers, the parts that matter, the text a person reads.
//!
//! `mail-parser` does the decoding; here is what is taken from it, and how much at most.
//!
//! Invariant: bounded. Of a mail longer than [`MAIL_BYTES_MAX`] the beginning is read; parts, header fields and
//! nesting have their own limits.

use std::borrow::Cow;

use mail_parser::{MessageParser, MimeHeaders, PartType};
use muster_model::EmailAddress;

use super::html::html_to_text;

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
}

impl Mail {
    /// Parses a mail; `None` for what has no header at all.
    pub(crate) fn parse(raw: &[u8]) -> Option<Self> {
        let raw = raw.get(..MAIL_BYTES_MAX).unwrap_or(raw);
        let message = MessageParser::default().parse(raw)?;
        let from = message.from().and_then(|from| from.first()).and_then(|first| first.address()).unwrap_or_default();
        let content_type = message.content_type();
        let is_report = content_type.is_some_and(|it| it.ctype().eq_ignore_ascii_case("multipart"));
        let report_type =
            content_type.filter(|_| is_report).and_then(|it| it.attribute("report-type")).map(str::to_ascii_lowercase);
        Some(Self {
            fields: header_fields(&String::from_utf8_lossy(head_of(raw))),
            subject: message.subject().unwrap_or_default().chars().take(1_000).collect(),
            from: EmailAddress::parse(from).ok(),
            from_text: from.to_owned(),
            message_id: message.message_id().map(str::to_owned),
            report_type,
            parts: parts_of(&message),
            text: readable_text(&message),
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

fn head_of(raw: &[u8]) -> &[u8] {
    let raw = raw.get(..PART_BYTES_MAX).unwrap_or(raw);
    let ends = [&b"\r\n\r\n"[..], &b"\n\n"[..]].into_iter();
    let end = ends.filter_map(|end| raw.windows(end.len()).position(|window| window == end)).min();
    raw.get(..end.unwrap_or(raw.len())).unwrap_or(raw)
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
        parts.push(Part { mime: mime_of(part), text: text.chars().take(PART_BYTES_MAX).collect() });
    }
    parts
}

fn readable_text(message: &mail_parser::Message<'_>) -> String {
    let of = |ids: &[u32]| {
        let mut plain = String::new();
        let mut html = String::new();
        for part in ids.iter().take(PARTS_MAX).filter_map(|&id| message.part(id)) {
            match &part.body {
                PartType::Text(text) => push_text(&mut plain, text),
                PartType::Html(text) => push_text(&mut html, &html_to_text(text)),
                PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {}
            }
        }
        if plain.trim().is_empty() { html } else { plain }
    };
    let plain = of(&message.text_body);
    if plain.trim().is_empty() { of(&message.html_body) } else { plain }
}

fn push_text(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.extend(text.chars().take(PART_BYTES_MAX).map(|c| if c == '\u{a0}' { ' ' } else { c }));
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
}
