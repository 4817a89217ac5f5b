//! The text that a person reads: which part of a mail it is, and how its lines were meant.
//!
//! Flowed lines (RFC 3676) are put together again, a plain part that only says "your program cannot show HTML" gives
//! way to the HTML, what is signed is read, what is encrypted is not.
//!
//! Invariant: attachments and forwarded mails are no text of this one.

use std::borrow::Cow;
use std::sync::LazyLock;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use regex::Regex;

use super::super::html::html_to_text;
use super::charset::{guessed, unmangled};
use super::{PART_BYTES_MAX, PARTS_MAX, cut, mime_of};

/// The text of a mail and, where that is its plain part, the HTML beside it.
pub(super) struct Readable {
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// Picks the text of a mail.
pub(super) fn readable(message: &Message<'_>) -> Readable {
    let mut plain = String::new();
    let mut html = String::new();
    let mut seen = Vec::new();
    for &id in message.text_body.iter().chain(&message.html_body).take(PARTS_MAX) {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let Some(part) = message.part(id) else { continue };
        match &part.body {
            PartType::Text(text) => push_plain(&mut plain, &part_text(message, part, text), part),
            PartType::Html(text) => push_line(&mut html, &part_text(message, part, text)),
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {}
        }
    }
    if plain.trim().is_empty() && html.is_empty() {
        plain = text_of_other_parts(message);
    }
    if html.is_empty() {
        return Readable { text: plain, html: None };
    }
    if plain.trim().is_empty() || is_stub(&plain) {
        return Readable { text: html_to_text(&html), html: None };
    }
    Readable { text: plain, html: Some(html) }
}

/// A mail that has no text body by the rules: one part of an odd type, or signed so that only its bytes show it.
fn text_of_other_parts(message: &Message<'_>) -> String {
    let mut out = String::new();
    for part in message.parts.iter().take(PARTS_MAX) {
        let mime = mime_of(part);
        let is_attached = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
        match &part.body {
            PartType::Text(text) if !is_attached || message.parts.len() == 1 => {
                let is_prose = !matches!(
                    mime.as_str(),
                    "text/calendar" | "text/vcard" | "text/x-vcard" | "text/csv" | "text/rfc822-headers" | "text/css"
                );
                if is_prose {
                    push_plain(&mut out, &part_text(message, part, text), part);
                }
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if mime.ends_with("pkcs7-mime") => {
                push_line(&mut out, &signed_text(bytes));
            }
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => {}
        }
    }
    out
}

/// The text inside of an opaque S/MIME signature (RFC 8551): the MIME entity stands in it as it is.
fn signed_text(bytes: &[u8]) -> String {
    let bytes = bytes.get(..PART_BYTES_MAX).unwrap_or(bytes);
    let name = b"content-type:";
    let Some(start) = bytes.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name)) else {
        return String::new();
    };
    let entity = bytes.get(start..).unwrap_or_default();
    let end = entity.iter().position(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n'));
    let entity = entity.get(..end.unwrap_or(entity.len())).unwrap_or_default();
    let parsed = MessageParser::default().parse(entity);
    parsed.filter(|inner| !inner.text_body.is_empty()).map(|inner| readable(&inner).text).unwrap_or_default()
}

/// The text of a part, read again where its charset was missing or wrong.
fn part_text<'a>(message: &Message<'_>, part: &MessagePart<'_>, text: &'a str) -> Cow<'a, str> {
    if text.is_ascii() && !text.contains('\0') {
        return Cow::Borrowed(cut(text, PART_BYTES_MAX));
    }
    let text = cut(text, PART_BYTES_MAX);
    let mut own = if text.contains('\u{fffd}') { read_again(message, part, text) } else { text.to_owned() };
    if own.contains('\0') {
        // UTF-16 that was not said to be.
        own.retain(|c| c != '\0');
    }
    Cow::Owned(unmangled(own))
}

fn read_again(message: &Message<'_>, part: &MessagePart<'_>, text: &str) -> String {
    let (from, to) = (part.offset_body as usize, part.offset_end as usize);
    let raw = message.raw_message.get(from..to.min(from + 2 * PART_BYTES_MAX)).unwrap_or_default();
    let bytes = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    };
    match bytes {
        Some(bytes) if !bytes.is_empty() => {
            let again = guessed(&bytes);
            if again.contains('\u{fffd}') { text.to_owned() } else { again }
        }
        Some(_) | None => text.to_owned(),
    }
}

fn push_plain(out: &mut String, text: &str, part: &MessagePart<'_>) {
    let start = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        push_line(out, &html_to_text(text));
        return;
    }
    let stated = |name: &str, value: &str| {
        part.content_type().and_then(|it| it.attribute(name)).is_some_and(|it| it.eq_ignore_ascii_case(value))
    };
    if stated("format", "flowed") {
        push_line(out, &unflowed(text, stated("delsp", "yes")));
    } else {
        push_line(out, text);
    }
}

fn push_line(out: &mut String, text: &str) {
    if !out.is_empty() && !text.is_empty() {
        out.push('\n');
    }
    if text.contains(['\u{a0}', '\r']) {
        out.extend(text.chars().filter(|c| *c != '\r').map(|c| if c == '\u{a0}' { ' ' } else { c }));
    } else {
        out.push_str(text);
    }
}

/// Puts flowed lines together (RFC 3676): a line that ends in a space goes on in the next one of the same quote depth.
fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let body = line.get(depth..).unwrap_or_default();
        // A space was put before what would look like a quote or an mbox line.
        let body = body.strip_prefix(' ').unwrap_or(body);
        let is_signature = body == "-- ";
        if open != Some(depth) || is_signature {
            if !out.is_empty() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            out.push_str(if depth > 0 { " " } else { "" });
        }
        let flows = body.ends_with(' ') && !is_signature;
        open = flows.then_some(depth);
        out.push_str(if flows && delsp { body.get(..body.len() - 1).unwrap_or_default() } else { body });
    }
    if text.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Whether a plain part only says that the mail is HTML.
fn is_stub(plain: &str) -> bool {
    static STUB: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)(view|display|read|show|see|support|requires?|enable).{0,60}\bhtml\b|\bhtml\b.{0,60}(viewer|support|compatible|capable|enabled|client|format)
            |\bhtml\b.{0,60}(anzeigen|darstellen|unterst|lesen|ansicht|fähig)|(anzeigen|darstell|unterst|ansicht).{0,60}\bhtml\b
            |(afficher|lire|prend|supporte|visualiser).{0,60}\bhtml\b|(ver|visualizar|mostrar|soporta|admite).{0,60}\bhtml\b|(visualizza|leggere|supporta).{0,60}\bhtml\b
            |(weergeven|bekijken|ondersteun).{0,60}\bhtml\b|\bhtml\b.{0,60}(weergeven|bekijken|ondersteun)|(wyświetl|obsług|odczyt).{0,60}\bhtml\b|\bhtml\b.{0,60}(wyświetl|obsług)",
        )
        .expect("a constant pattern compiles: a test runs it")
    });
    plain.len() < 500 && plain.to_ascii_lowercase().contains("html") && STUB.is_match(&plain.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_are_put_together() {
        assert_eq!(
            unflowed("Please delete \nmy data.\n> a \n> b\n-- \nAda\n", false),
            "Please delete my data.\n> a b\n-- \nAda\n"
        );
        assert_eq!(unflowed("Daten \nschutz", true), "Datenschutz");
        assert_eq!(unflowed(" From here", false), "From here");
    }

    #[test]
    fn a_stub_is_told_from_a_text() {
        assert!(is_stub("Your e-mail client cannot display HTML messages."));
        assert!(is_stub("Diese Nachricht ist im HTML-Format. Ihr Programm kann HTML nicht anzeigen."));
        assert!(!is_stub("Bitte keine HTML Mails mehr, löschen Sie mich."));
    }
}
