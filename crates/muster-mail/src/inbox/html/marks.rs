//! How mail programs mark what is quoted, signed or hidden in the HTML that they write.
//!
//! Only attributes are read, tag by tag; what stands inside is [`super`]'s.
//!
//! Invariant: a mark is looked for in `class`, `id`, `name` and `style` alone, never in a link or a text.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// What a tag says of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each found or not")]
pub(super) struct Marks {
    /// Its content is quoted.
    pub(super) quote: bool,
    /// It and all that follows is quoted.
    pub(super) rest_quoted: bool,
    /// A signature begins.
    pub(super) signature: bool,
    /// A reader does not see its content.
    pub(super) hidden: bool,
    /// Its letters have no size.
    pub(super) tiny: bool,
    /// Its letters have a size.
    pub(super) sized: bool,
    /// Line breaks in its source count.
    pub(super) preformatted: bool,
    /// Line breaks in its source do not count.
    pub(super) collapsed: bool,
}

/// Tags that carry marks.
const MARKED: &[&str] = &[
    "a",
    "blockquote",
    "body",
    "center",
    "div",
    "font",
    "hr",
    "p",
    "pre",
    "section",
    "span",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
];

/// Names of boxes in which a quote stands.
const QUOTES: &str = r"(?i)^x?_?gmail_attr$|moz-cite-prefix|yahoo[_-]quoted|OLK_SRC_BODY_SECTION|^zmail_extra$|^quote$|^quoted-content$|tutanota_quote|ms-outlook-mobile-reference-message|mail-editor-reference-message-container|front-blockquote|bloop_original_html";

/// Names of boxes behind which everything is quoted.
const RESTS: &str = r"(?i)^x?_?divRplyFwdMsg$|^x?_?appendonsend$|^stopSpelling$|^__DIVIDER__$|^zwchr$|^L_Sep$|^divRpF";

/// Names of signature boxes.
const SIGNATURES: &str = r"(?i)gmail_signature|moz-signature|applemailsignature|^x?_?signature$|ms-outlook-mobile-signature|protonmail_signature_block(-user)?$|tutanota_signature|yahoo-signature|ydp\w*signature|outlook-signature|^e?mail-?signature$|bloop_sign|mailbird-signature|^Zm-_Id_-Sgn";

/// Names of boxes that mail programs hide.
const HIDDEN_NAMES: &str = r"(?i)preheader|preview-?text|^screen-reader";

static NAMES: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([QUOTES, RESTS, SIGNATURES, HIDDEN_NAMES]).expect("constant patterns compile: a test runs them")
});

static STYLES: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        // Word and Outlook rule off the header of the quoted mail.
        r"(?i)border-top\s*:\s*(solid\s+#(e1e1e1|b5c4df|c4c4c4)|#(e1e1e1|b5c4df)\s+(solid|1)|1(\.0)?p[tx]\s+solid\s+#(e1e1e1|b5c4df)|solid\s+rgb\(\s*225,\s*225,\s*225|1px\s+solid\s+rgb\(\s*(181,\s*196,\s*223|225,\s*225,\s*225))",
        r"(?i)border-top-color\s*:\s*rgb\(\s*229,\s*229,\s*229.*border-top-style\s*:\s*solid",
        // A bar at the left is how every program shows a quote.
        r"(?i)border-left\s*:\s*([^;]*\b(solid|blue|#[0-9a-f]{3,6}|rgb)[^;]*)",
        r"(?i)(^|[;\s])display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(^|[;\s])opacity\s*:\s*0(\.0+)?\s*(;|$)|max-height\s*:\s*0(px|pt)?\s*(;|$|!)",
        r"(?i)(^|[;\s])font-size\s*:\s*0?(\.0+|0|1)(px|pt|em|rem|%)?\s*(;|$|!)",
        r"(?i)(^|[;\s])font-size\s*:\s*([2-9]|1\d|1\.\d|0?\.[5-9]|[a-z])",
        r"(?i)white-space\s*:\s*(pre|break-spaces)",
        r"(?i)white-space\s*:\s*(normal|nowrap)",
    ])
    .expect("constant patterns compile: a test runs them")
});

static NO_BAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)border-left\s*:\s*(0|none|[^;]*\b0(px|pt)?\b|[^;]*transparent)")
        .expect("a constant pattern compiles")
});

/// Reads the marks of a tag from its attributes.
pub(super) fn marks_of(name: &str, body: &str) -> Marks {
    let mut marks = Marks::default();
    if body.len() < name.len() + 6 || !MARKED.contains(&name) {
        return marks;
    }
    for key in ["id", "class", "name", "data-marker"] {
        let Some(value) = attribute(body, key) else { continue };
        for word in value.split_whitespace() {
            for found in NAMES.matches(word) {
                match found {
                    0 => marks.quote |= name != "a" && name != "body",
                    1 => marks.rest_quoted = true,
                    2 => marks.signature = true,
                    _ => marks.hidden = true,
                }
            }
        }
    }
    if let Some(style) = attribute(body, "style") {
        of_style(style, name, &mut marks);
    }
    marks.hidden |= has_word(body, "hidden");
    if name == "a" {
        return Marks { hidden: marks.hidden, rest_quoted: marks.rest_quoted, ..Marks::default() };
    }
    marks
}

fn of_style(style: &str, name: &str, marks: &mut Marks) {
    for found in STYLES.matches(style) {
        match found {
            0 | 1 => marks.rest_quoted |= name == "div" || name == "td" || name == "p",
            2 => marks.quote |= (name == "div" || name == "section") && !NO_BAR.is_match(style),
            3 => marks.hidden = true,
            4 => marks.tiny = true,
            5 => marks.sized = true,
            6 => marks.preformatted = true,
            _ => marks.collapsed = true,
        }
    }
}

/// Returns the value of an attribute, without its quotation marks.
pub(super) fn attribute<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let bytes = body.as_bytes();
    let mut from = 0;
    while let Some(at) = body.get(from..)?.find('=').map(|at| from + at) {
        let head = body.get(..at)?.trim_end();
        let value = body.get(at + 1..)?.trim_start();
        let quote = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        let (value, used) = if let Some(quote) = quote {
            let inner = value.get(1..)?;
            let end = inner.bytes().position(|byte| byte == quote).unwrap_or(inner.len());
            (inner.get(..end)?, end + 2)
        } else {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (value.get(..end)?, end.max(1))
        };
        let is_it = head.len() >= name.len()
            && head.get(head.len() - name.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(name))
            && head.len().checked_sub(name.len() + 1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_whitespace);
        if is_it {
            return Some(value);
        }
        from = body.len() - body.get(at + 1..)?.trim_start().len() + used;
        if from >= body.len() {
            return None;
        }
    }
    None
}

/// Whether an attribute without a value is there.
fn has_word(body: &str, word: &str) -> bool {
    let bare = body.trim_end_matches('/').trim_end();
    bare.len() > word.len()
        && bare.get(bare.len() - word.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(word))
        && bare.as_bytes().get(bare.len() - word.len() - 1).is_some_and(u8::is_ascii_whitespace)
}
