//! HTML mail as plain text, with quoted parts marked the way plain text marks them.
//!
//! It is no renderer: tags are dropped, block tags end a line, what is quoted gets `> ` before its lines, signature
//! boxes of mail programs get the signature line `-- `, what a reader does not see is left out. How mail programs mark
//! these is in [`marks`].
//!
//! Invariant: any text in gives a text out, in one pass.

mod marks;

use mail_parser::decoders::html::add_html_token;

use marks::{Marks, marks_of};

/// Tags that end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
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
const SILENT: &[&str] = &["head", "script", "style", "template", "title", "svg", "select", "textarea"];

/// Tags that have no end.
const VOID: &[&str] = &["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr", "embed", "param"];

/// Tags over which the end of another tag does not reach.
const FENCES: &[&str] = &["td", "th", "table", "html"];

/// Deepest nesting of quotes that is shown.
const QUOTE_DEPTH_MAX: usize = 8;

/// Deepest nesting of tags that is kept; deeper ones change nothing.
const STACK_MAX: usize = 256;

/// What holds inside an open tag.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent, each set and restored by its own tag")]
struct State {
    /// Quotes around.
    depth: usize,
    /// Whether a mark said that all that follows is quoted.
    quoted_to_the_end: bool,
    /// Whether a reader sees nothing of it.
    hidden: bool,
    /// Whether letters have no size; a tag inside may give them one again.
    tiny: bool,
    /// Whether line breaks in the source count.
    preformatted: bool,
}

struct Open {
    name: String,
    /// Whether the tag is a quote: a mark inside holds up to its end.
    is_quote: bool,
    before: State,
}

struct Writer {
    out: String,
    state: State,
    stack: Vec<Open>,
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
            for _ in 0..self.state.depth.min(QUOTE_DEPTH_MAX) {
                self.out.push_str("> ");
            }
            self.at_line_start = false;
        } else if self.pending_space {
            self.out.push(' ');
        }
        self.pending_space = false;
    }

    fn text(&mut self, text: &str) {
        if self.state.hidden || self.state.tiny {
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == '\n' && self.state.preformatted {
                if self.at_line_start {
                    self.out.push('\n');
                }
                self.newline();
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            if c.is_whitespace() || c == '\u{a0}' {
                self.pending_space = true;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
                continue;
            }
            let entity = if c == '&' { entity_at(rest) } else { None };
            if entity.is_some_and(|entity| entity.eq_ignore_ascii_case("&nbsp;") || entity == "&#160;") {
                self.pending_space = true;
                rest = rest.get(6..).unwrap_or_default();
                continue;
            }
            self.begin();
            if let Some(entity) = entity {
                add_html_token(&mut self.out, entity.as_bytes(), false);
                rest = rest.get(entity.len()..).unwrap_or_default();
            } else {
                let end = rest.find(|c: char| c.is_whitespace() || c == '&').unwrap_or(rest.len()).max(c.len_utf8());
                self.out.push_str(rest.get(..end).unwrap_or_default());
                rest = rest.get(end..).unwrap_or_default();
            }
        }
    }

    /// Marks all that follows as quoted, up to the end of the quote around, if there is one.
    fn quote_the_rest(&mut self) {
        if self.state.quoted_to_the_end {
            return;
        }
        let deeper = |state: &mut State| {
            state.depth += 1;
            state.quoted_to_the_end = true;
        };
        deeper(&mut self.state);
        for open in self.stack.iter_mut().rev() {
            if open.is_quote {
                break;
            }
            deeper(&mut open.before);
        }
    }

    fn open(&mut self, name: &str, marks: Marks) {
        let is_quote = name == "blockquote" || marks.quote;
        if marks.rest_quoted && !is_quote {
            self.quote_the_rest();
        }
        let before = self.state;
        if VOID.contains(&name) || self.stack.len() >= STACK_MAX {
            return;
        }
        if is_quote {
            self.state.depth += 1;
            self.state.quoted_to_the_end = false;
        }
        self.state.hidden |= marks.hidden;
        self.state.tiny = marks.tiny || (self.state.tiny && !marks.sized);
        self.state.preformatted = (self.state.preformatted || name == "pre" || marks.preformatted) && !marks.collapsed;
        self.stack.push(Open { name: name.to_owned(), is_quote, before });
    }

    fn close(&mut self, name: &str) {
        let is_fence = FENCES.contains(&name);
        let at = self.stack.iter().rposition(|open| open.name == name || (!is_fence && FENCES.contains(&&*open.name)));
        if let Some(at) = at.filter(|&at| self.stack.get(at).is_some_and(|open| open.name == name)) {
            self.state = self.stack.get(at).map_or(self.state, |open| open.before);
            self.stack.truncate(at);
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
    let mut writer = Writer {
        out: String::with_capacity(html.len() / 3),
        state: State::default(),
        stack: Vec::new(),
        at_line_start: true,
        pending_space: false,
    };
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
        if closing {
            tag_closed(&mut writer, &name);
        } else {
            tag_opened(&mut writer, &name, body);
        }
    }
    writer.text(rest);
    writer.out
}

fn is_comment(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with("<!--"))
}

fn tag_opened(writer: &mut Writer, name: &str, body: &str) {
    let visible = !writer.state.hidden && !writer.state.tiny;
    if name == "br" && writer.at_line_start && visible {
        writer.out.push('\n');
    }
    if BLOCKS.contains(&name) {
        writer.newline();
    }
    let marks = marks_of(name, body);
    if name == "img" && visible {
        // A picture of a face stands for the character that its text gives.
        let face = marks::attribute(body, "alt").filter(|alt| alt.chars().count() <= 4 && !alt.is_ascii());
        writer.text(face.unwrap_or_default());
    }
    if name == "hr" && visible && !marks.rest_quoted {
        writer.begin();
        writer.out.push_str("________________________________");
        writer.newline();
    }
    writer.open(name, marks);
    if marks.signature && visible {
        writer.newline();
        writer.begin();
        writer.out.push_str("-- ");
        writer.newline();
    }
}

fn tag_closed(writer: &mut Writer, name: &str) {
    if BLOCKS.contains(&name) {
        writer.newline();
    }
    writer.close(name);
    if name == "p" && !writer.out.ends_with("\n\n") && !writer.out.is_empty() {
        writer.out.push('\n');
    }
    if name == "td" || name == "th" {
        writer.pending_space = true;
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
    // A head that was never closed ends where the body begins.
    if name == "head" { find_tag(text, "<body") } else { "" }
}

/// Returns the text from a tag on.
fn find_tag<'a>(text: &'a str, tag: &str) -> &'a str {
    let starts = text.match_indices('<').map(|(at, _)| at);
    let is_tag = |at: &usize| text.get(*at..*at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag));
    starts.into_iter().find(is_tag).and_then(|at| text.get(at..)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
