//! HTML mail as plain text, with quoted parts marked the way plain text marks them.
//!
//! It is no renderer: tags are dropped, block tags end a line, `blockquote` puts `> ` before its lines, signature
//! boxes of mail programs get the signature line `-- `.
//!
//! Invariant: any text in gives a text out, in one pass.

use mail_parser::decoders::html::add_html_token;

/// Tags that end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];

/// Tags whose content is no text.
const SILENT: &[&str] = &["head", "script", "style", "template", "title"];

/// Class and id names with which mail programs mark a signature.
const SIGNATURES: &[&str] =
    &["gmail_signature", "moz-signature", "applemailsignature", "id=\"signature\"", "ms-outlook-mobile-signature"];

/// Deepest nesting of quotes that is shown.
const QUOTE_DEPTH_MAX: usize = 8;

struct Writer {
    out: String,
    depth: usize,
    at_line_start: bool,
    pending_space: bool,
}

impl Writer {
    fn newline(&mut self) {
        if !self.at_line_start {
            self.out.push('\n');
        }
        self.at_line_start = true;
        self.pending_space = false;
    }

    fn begin(&mut self) {
        if self.at_line_start {
            for _ in 0..self.depth.min(QUOTE_DEPTH_MAX) {
                self.out.push_str("> ");
            }
            self.at_line_start = false;
        } else if self.pending_space {
            self.out.push(' ');
        }
        self.pending_space = false;
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_whitespace() || c == '\u{a0}' {
                self.pending_space = true;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                continue;
            }
            self.begin();
            let entity = if c == '&' { entity_at(rest) } else { None };
            if let Some(entity) = entity {
                let from = self.out.len();
                add_html_token(&mut self.out, entity.as_bytes(), false);
                if self.out.get(from..) == Some("\u{a0}") {
                    self.out.truncate(from);
                    self.out.push(' ');
                }
                rest = rest.get(entity.len()..).unwrap_or_default();
            } else {
                self.out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

fn entity_at(text: &str) -> Option<&str> {
    let end = text.char_indices().take(12).find(|(_, c)| *c == ';')?.0;
    let entity = text.get(..=end)?;
    let inner = entity.strip_prefix('&')?.strip_suffix(';')?;
    let fits = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
    fits.then_some(entity)
}

/// Returns the text of an HTML document.
pub(crate) fn html_to_text(html: &str) -> String {
    let mut writer = Writer { out: String::new(), depth: 0, at_line_start: true, pending_space: false };
    let mut rest = html;
    // Behind the last `>` there are no tags, only text; knowing it keeps this one pass.
    let tags_end = html.rfind('>').map_or(usize::MAX, |at| html.len() - at);
    let has_tag = |rest: &str, open: usize| rest.len() - open >= tags_end || is_comment(rest, open);
    while let Some(open) = rest.find('<').filter(|&open| has_tag(rest, open)) {
        writer.text(rest.get(..open).unwrap_or_default());
        rest = rest.get(open..).unwrap_or_default();
        if rest.starts_with("<!--") {
            // A comment that never ends hides the rest, as in a browser.
            rest = rest.find("-->").and_then(|end| rest.get(end + 3..)).unwrap_or_default();
            continue;
        }
        let Some(end) = tag_end(rest) else {
            // A lone `<` is text.
            writer.text("<");
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let tag = rest.get(1..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        let closing = tag.starts_with('/');
        let body = tag.trim_start_matches('/');
        let name: String =
            body.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if SILENT.contains(&name.as_str()) && !closing && !tag.ends_with('/') {
            rest = after_closing(rest, &name);
            continue;
        }
        tag_seen(&mut writer, &name, closing, body);
    }
    writer.text(rest);
    writer.out
}

fn is_comment(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with("<!--"))
}

fn tag_seen(writer: &mut Writer, name: &str, closing: bool, body: &str) {
    if name == "br" && writer.at_line_start {
        writer.out.push('\n');
    }
    if BLOCKS.contains(&name) {
        writer.newline();
    }
    if name == "p" && closing && !writer.out.ends_with("\n\n") && !writer.out.is_empty() {
        writer.out.push('\n');
    }
    if name == "blockquote" {
        writer.depth = if closing { writer.depth.saturating_sub(1) } else { writer.depth + 1 };
    }
    if (name == "td" || name == "th") && closing {
        writer.pending_space = true;
    }
    if !closing && (name == "div" || name == "span" || name == "table" || name == "p") {
        let marks = body.to_ascii_lowercase();
        if SIGNATURES.iter().any(|mark| marks.contains(mark)) {
            writer.newline();
            writer.begin();
            writer.out.push_str("-- ");
            writer.newline();
        }
    }
}

/// Longest tag that is read with its quoted attribute values; of a longer one the first `>` is the end.
const TAG_BYTES_MAX: usize = 4_096;

/// Finds the `>` of a tag that starts at the first byte, passing over quoted attribute values.
fn tag_end(text: &str) -> Option<usize> {
    let second = text.as_bytes().get(1).copied()?;
    if !(second.is_ascii_alphabetic() || second == b'/' || second == b'!' || second == b'?') {
        return None;
    }
    let mut quote = None;
    for (index, byte) in text.bytes().enumerate().skip(1).take(TAG_BYTES_MAX) {
        match (quote, byte) {
            (None, b'>') => return Some(index),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    // An unclosed quote: the first `>` ends it.
    text.find('>')
}

/// Returns what stands behind the closing tag of a name.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(open) = rest.find("</") {
        rest = rest.get(open + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.find('>').and_then(|end| rest.get(end + 1..)).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_lines_and_quotes_are_marked() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><div>Bitte l&ouml;schen&nbsp;Sie<br>\
            mich &amp; alles.</div><div class=\"gmail_signature\">Ada</div><blockquote type=cite><p>old <i>text</i></p>\
            <blockquote>older</blockquote></blockquote></body></html>";
        assert_eq!(html_to_text(html), "Bitte löschen Sie\nmich & alles.\n-- \nAda\n> old text\n\n> > older\n");
    }

    #[test]
    fn broken_html_still_gives_its_text() {
        assert_eq!(html_to_text("a < b <b>c"), "a < b c");
        assert_eq!(html_to_text("<a href='x>stop"), "stop");
        assert_eq!(html_to_text("<!-- never closed stop"), "");
        assert_eq!(
            html_to_text("&bogus &#x41; &#9999999999;"),
            "&bogus A \u{fffd}".replace('\u{fffd}', "&#9999999999;")
        );
    }
}
