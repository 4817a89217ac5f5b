//! The visible text of a page in lines, as a reader sees them, each byte with its place in the tree.
//!
//! A line ends where a block begins or ends, at `<br>`, and between elements that a style sheet sets apart (a row of
//! `<span>` with no text between them). Whether something is really shown is the style sheet's secret; what an
//! attribute hides is left out.
//!
//! Invariant: a line is never blank, holds single spaces only, and maps each of its bytes to a text node.

use std::ops::Range;

use crate::dom::Doc;

/// Longest line that is kept whole, in bytes; a longer one is running text that no rule reads to its end.
const LINE_BYTES_MAX: usize = 4_096;

/// Most lines of one page.
const LINES_MAX: usize = 50_000;

/// Descendants looked at to see whether a part of a row is more than one word.
const ROW_PART_NODES_MAX: usize = 24;

/// A stretch of a line that was taken from a text node unchanged.
#[derive(Debug, Clone)]
struct Run {
    at: usize,
    node: usize,
    node_at: usize,
}

/// One line of the page.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The text, white space collapsed.
    pub(crate) text: String,
    runs: Vec<Run>,
    /// The first text node in it.
    pub(crate) first: usize,
    /// The last text node in it.
    pub(crate) last: usize,
    /// The deepest element that holds all of it.
    pub(crate) element: usize,
    /// The highest element that holds nothing visible but this line.
    pub(crate) outer: usize,
    /// The nearest block around it.
    pub(crate) block: usize,
}

impl Line {
    /// Returns a part of the text, nothing where the range does not fit.
    pub(crate) fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Returns where a part of the line stands in the source.
    pub(crate) fn span(&self, doc: &Doc<'_>, range: &Range<usize>) -> Option<[u64; 2]> {
        let last_char = self.text.get(range.clone())?.chars().next_back()?;
        let last_at = range.end - last_char.len_utf8();
        let (first_node, first_at) = self.locate(range.start)?;
        let (last_node, last_node_at) = self.locate(last_at)?;
        let first_char = self.text.get(range.start..)?.chars().next()?;
        let start = doc.text_span(first_node, &(first_at..first_at + first_char.len_utf8()))?.start;
        let end = doc.text_span(last_node, &(last_node_at..last_node_at + last_char.len_utf8()))?.end;
        (start < end).then_some([start as u64, end as u64])
    }

    /// Returns the text node that a byte of the line came from.
    pub(crate) fn node_at(&self, at: usize) -> Option<usize> {
        self.locate(at).map(|(node, _)| node)
    }

    /// Returns where the text of a node begins in the line.
    pub(crate) fn offset_of(&self, node: usize) -> Option<usize> {
        self.runs.iter().find(|run| run.node == node).map(|run| run.at)
    }

    /// Returns where the text of the first element or text node ends, if the line holds more than it.
    pub(crate) fn first_break(&self) -> Option<usize> {
        let first = self.runs.first()?.node;
        self.runs.iter().find(|run| run.node != first).map(|run| run.at)
    }

    fn locate(&self, at: usize) -> Option<(usize, usize)> {
        let run = self.runs.get(self.runs.partition_point(|run| run.at <= at).checked_sub(1)?)?;
        Some((run.node, run.node_at + (at - run.at)))
    }
}

/// Returns whether an element begins and ends a line.
pub(crate) fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "button"
            | "label"
            | "option"
            | "select"
            | "iframe"
            | "noscript"
    )
}

/// Returns whether an element's text is not shown.
fn is_unseen(doc: &Doc<'_>, index: usize) -> bool {
    if matches!(doc.tag(index), "head" | "script" | "style" | "template" | "textarea" | "select" | "svg" | "object") {
        return true;
    }
    // A hidden block may be a tab or a panel that a click opens; a hidden word inside a line is there to mislead.
    if is_block(doc.tag(index)) {
        return false;
    }
    let hidden_style = doc.attr(index, "style").is_some_and(|style| {
        let style: String = style.to_ascii_lowercase().split_whitespace().collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    hidden_style || doc.attr(index, "hidden").is_some()
}

/// Lays out the text of a page.
pub(crate) fn lay_out(doc: &Doc<'_>) -> Vec<Line> {
    let apart = row_parts(doc);
    let mut layout = Layout { doc, lines: Vec::new(), text: String::new(), runs: Vec::new(), pending_space: false };
    let mut open: Vec<usize> = Vec::new();
    let mut index = 0;
    while index < doc.len() && layout.lines.len() < LINES_MAX {
        while open.last().is_some_and(|&end| end <= index) {
            open.pop();
            layout.flush();
        }
        if let Some(text) = doc.text(index) {
            layout.push(index, text);
        } else if is_unseen(doc, index) {
            index = doc.end(index);
            continue;
        } else if is_block(doc.tag(index)) || apart.get(index).copied().unwrap_or(false) {
            layout.flush();
            open.push(doc.end(index));
        } else if doc.tag(index) == "br" {
            layout.flush();
        }
        index += 1;
    }
    layout.flush();
    let mut lines = layout.lines;
    widen(doc, &mut lines);
    lines
}

/// Returns all visible text below an element as one line; blocks are set apart by a space.
pub(crate) fn text_line(doc: &Doc<'_>, root: usize) -> Option<Line> {
    let mut layout = Layout { doc, lines: Vec::new(), text: String::new(), runs: Vec::new(), pending_space: false };
    let mut index = root;
    while index < doc.end(root) {
        if let Some(text) = doc.text(index) {
            layout.push(index, text);
        } else if index != root && is_unseen(doc, index) {
            index = doc.end(index);
            continue;
        } else if is_block(doc.tag(index)) || doc.tag(index) == "br" {
            layout.pending_space = !layout.text.is_empty();
        }
        index += 1;
    }
    layout.flush();
    layout.lines.pop()
}

struct Layout<'d, 'a> {
    doc: &'d Doc<'a>,
    lines: Vec<Line>,
    text: String,
    runs: Vec<Run>,
    pending_space: bool,
}

impl Layout<'_, '_> {
    fn push(&mut self, node: usize, text: &str) {
        for (at, c) in text.char_indices() {
            match c {
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
                c if c.is_whitespace() || c.is_control() => self.pending_space = !self.text.is_empty(),
                c if self.text.len() < LINE_BYTES_MAX => {
                    if std::mem::take(&mut self.pending_space) {
                        // The space maps to the byte before the next character, which is white space or a tag.
                        self.run(node, at.saturating_sub(1));
                        self.text.push(' ');
                    }
                    self.run(node, at);
                    self.text.push(c);
                }
                _ => {}
            }
        }
    }

    fn run(&mut self, node: usize, node_at: usize) {
        let at = self.text.len();
        let goes_on = self.runs.last().is_some_and(|run| run.node == node && run.node_at + (at - run.at) == node_at);
        if !goes_on {
            self.runs.push(Run { at, node, node_at });
        }
    }

    fn flush(&mut self) {
        self.pending_space = false;
        let (text, runs) = (std::mem::take(&mut self.text), std::mem::take(&mut self.runs));
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return };
        let (first, last) = (first.node, last.node);
        let element = std::iter::once(self.doc.parent(first))
            .chain(self.doc.ancestors(self.doc.parent(first)))
            .find(|&ancestor| self.doc.end(ancestor) > last)
            .unwrap_or(0);
        let block = std::iter::once(element)
            .chain(self.doc.ancestors(element))
            .find(|&ancestor| is_block(self.doc.tag(ancestor)))
            .unwrap_or(0);
        self.lines.push(Line { text, runs, first, last, element, outer: element, block });
    }
}

/// Finds for each line the highest element around it that holds no other line.
fn widen(doc: &Doc<'_>, lines: &mut [Line]) {
    for at in 0..lines.len() {
        let before = at.checked_sub(1).and_then(|at| lines.get(at)).map(|line| line.last);
        let after = lines.get(at + 1).map_or(usize::MAX, |line| line.first);
        let Some(line) = lines.get_mut(at) else { continue };
        let mut outer = line.element;
        for ancestor in doc.ancestors(line.element) {
            let alone = before.is_none_or(|before| before < ancestor) && after >= doc.end(ancestor);
            if !alone || matches!(doc.tag(ancestor), "body" | "html") {
                break;
            }
            outer = ancestor;
        }
        line.outer = outer;
    }
}

/// Marks the inline elements that stand in a row without text between them, such as a name, a role and a firm that
/// only the style sheet puts on lines of their own.
fn row_parts(doc: &Doc<'_>) -> Vec<bool> {
    let mut apart = vec![false; doc.len()];
    for index in 0..doc.len() {
        if doc.element(index).is_none()
            || matches!(doc.tag(index), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "b" | "strong")
        {
            continue;
        }
        let parts: Vec<usize> = doc.children(index).collect();
        let bare_text = parts.iter().filter_map(|&part| doc.text(part));
        if bare_text.flat_map(str::chars).any(char::is_alphanumeric) {
            continue;
        }
        let rows: Vec<usize> = parts
            .into_iter()
            .filter(|&part| {
                matches!(doc.tag(part), "span" | "a" | "small" | "em" | "i" | "cite" | "time" | "strong" | "b")
            })
            .filter(|&part| word_count(doc, part) > 0)
            .collect();
        // Single words in a row may be the parts of one name.
        if rows.len() < 2 || (rows.len() < 4 && rows.iter().all(|&part| word_count(doc, part) < 2)) {
            continue;
        }
        for part in rows {
            if let Some(mark) = apart.get_mut(part) {
                *mark = true;
            }
        }
    }
    apart
}

fn word_count(doc: &Doc<'_>, index: usize) -> usize {
    let end = doc.end(index).min(index + ROW_PART_NODES_MAX);
    let texts = (index..end).filter_map(|node| doc.text(node));
    texts.flat_map(|text| text.split_whitespace().take(2)).filter(|word| word.contains(char::is_alphanumeric)).count()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;
    use crate::dom::parse;

    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        let tree = parse(source);
        let doc = Doc::new(source, &tree);
        let lines = lay_out(&doc);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, expect);
        for line in &lines {
            let span = line.span(&doc, &(0..line.text.len())).unwrap();
            let start = usize::try_from(span[0]).unwrap();
            assert!(source[start..].starts_with(&line.text[..1]) || source[start..].starts_with('&'), "{}", line.text);
        }
    }

    #[test]
    fn blocks_and_breaks_end_lines_and_inline_markup_does_not() {
        check(
            "<p>Anna <b>M&uuml;ller</b><br>\n Leiterin\n  Einkauf</p><p>x</p>",
            &["Anna Müller", "Leiterin Einkauf", "x"],
        );
        check("<td>a<td>b", &["ab"]);
        check("<table><tr><td>a<td>b</table>", &["a", "b"]);
    }

    #[test]
    fn a_row_of_spans_is_set_apart_but_the_parts_of_a_name_are_not() {
        check("<a><span>HW</span><span>Hortense Weber</span><span>C-P</span></a>", &["HW", "Hortense Weber", "C-P"]);
        check("<p><span>Anna</span> <span>Weber</span></p>", &["Anna Weber"]);
        check("<p><a>Tel. 1</a> call <a>now or then</a></p>", &["Tel. 1 call now or then"]);
    }

    #[test]
    fn hidden_words_and_invisible_characters_are_left_out() {
        check("<p>a<span style='display: none'>junk</span>b</p>", &["ab"]);
        check("<p>Ein\u{ad}kauf</p><script>x</script><style>y</style>", &["Einkauf"]);
    }

    #[test]
    fn a_part_of_a_line_maps_to_its_bytes() {
        let source = "<p>S&ouml;hne &amp; <i>Co</i></p>";
        let tree = parse(source);
        let doc = Doc::new(source, &tree);
        let lines = lay_out(&doc);
        let line = &lines[0];
        assert_eq!(line.text, "Söhne & Co");
        let [start, end] = line.span(&doc, &(0..line.text.len())).unwrap();
        assert_eq!(&source[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()], "S&ouml;hne &amp; <i>Co");
        assert_eq!(doc.tag(line.outer), "p");
    }
}
