//! The layout of a notice in plain text: which lines belong together, and which of them are headings.
//!
//! It knows letters with hard line breaks, text made of HTML with a paragraph a line, lists, markup and boxes of
//! dashes; it knows no language.
//!
//! Invariant: every line that is neither blank nor a rule is in exactly one block.

/// Longest line that counts as a heading.
const HEADING_CHARS_MAX: usize = 80;
const HEADING_WORDS_MAX: usize = 11;
/// A text with lines of this length has no hard line breaks.
const WRAP_CHARS_MAX: usize = 135;

/// Lines that stand together.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub lines: Vec<&'a str>,
    /// Whether it is a heading and nothing else.
    pub heading: bool,
    /// Whether lines of dashes or the like set it apart on both sides.
    pub boxed: bool,
}

/// Whether a line is drawn rather than written.
pub(super) fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3 && line.chars().all(|c| "-=_*~#+─━═|> ".contains(c))
}

/// Whether a line begins an item of a list.
pub(super) fn is_bullet(line: &str) -> bool {
    let marked =
        line.starts_with(['-', '*', '•', '–', '·', '▪', '◦', '●', '■', '|', '✓', '>']) && !line.starts_with("**");
    let mut head = line.chars();
    let lettered = head.next().is_some_and(|c| c.is_ascii_lowercase()) && line.get(1..2) == Some(")");
    // `(1) Access`, `(b) your name`.
    let mark = line.strip_prefix('(').and_then(|rest| rest.split_once(") ")).map(|(mark, _)| mark);
    let enclosed =
        mark.is_some_and(|mark| (1..=2).contains(&mark.len()) && mark.chars().all(|c| c.is_ascii_alphanumeric()));
    (marked || lettered || enclosed) && !is_rule(line)
}

/// Whether a line begins with a number and a mark, as sections do.
fn is_numbered(line: &str) -> bool {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let roman = line.chars().take_while(|c| "IVX".contains(*c)).count();
    let rest = line.get(digits.max(roman)..).unwrap_or_default();
    (digits == 1 || digits == 2 || roman > 0) && rest.starts_with(['.', ')'])
}

fn is_marked_up(line: &str) -> bool {
    let bold = line.starts_with("**") && line.trim_end_matches(':').ends_with("**");
    line.starts_with('#') || bold && line.matches("**").count() == 2
}

fn is_shouted(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphabetic()).count() > 4 && line.to_uppercase() == line
}

/// Whether a line looks like a heading.
pub(super) fn is_heading(line: &str) -> bool {
    if is_rule(line) {
        return false;
    }
    if is_marked_up(line) {
        return line.chars().count() <= HEADING_CHARS_MAX + 20;
    }
    let ends_open = !line.ends_with(['.', '!', ',', ';']);
    let short = line.chars().count() <= HEADING_CHARS_MAX && line.split(' ').count() <= HEADING_WORDS_MAX;
    let lone_colon = line.split_once(": ").is_none_or(|_| is_numbered(line) || is_shouted(line));
    let written = line.chars().any(char::is_alphabetic) && !line.contains('@') && !line.contains("://");
    short && ends_open && lone_colon && written && !is_bullet(line) && !line.starts_with(char::is_lowercase)
}

/// Groups the lines of a text.
pub(super) fn blocks_of(lines: &[String]) -> Vec<Block<'_>> {
    let long = lines.iter().any(|line| line.chars().count() > WRAP_CHARS_MAX);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut ruled = false;
    for line in lines.iter().map(String::as_str).chain(std::iter::once("")) {
        let rule = is_rule(line);
        if !line.is_empty() && !rule {
            block.push(line);
            continue;
        }
        let lone = block.len() == 1 && block.first().is_some_and(|line| is_heading(line));
        let before = blocks.len();
        split_block(&block, long, &mut blocks);
        // A line of dashes under a lone line makes that line a heading, not a box.
        if ruled && rule && !lone && blocks.len() > before {
            blocks.iter_mut().skip(before).for_each(|made| made.boxed = true);
        }
        if !block.is_empty() || rule {
            ruled = rule && !lone || (ruled && block.is_empty());
        }
        block.clear();
    }
    blocks
}

/// Splits the lines between two blank ones where a heading or, without hard line breaks, a paragraph begins.
fn split_block<'a>(lines: &[&'a str], long: bool, blocks: &mut Vec<Block<'a>>) {
    let mut made: Vec<&str> = Vec::new();
    let mut flush = |made: &mut Vec<&'a str>| {
        if !made.is_empty() {
            let heading = made.len() == 1 && made.first().is_some_and(|line| is_heading(line));
            blocks.push(Block { lines: std::mem::take(made), heading, boxed: false });
        }
    };
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| lines.get(before)).copied();
        if begins_anew(before, line, lines.get(index + 1).copied(), long) {
            flush(&mut made);
        }
        made.push(line);
        // Markup makes a heading of its own.
        if is_marked_up(line) && is_heading(line) {
            flush(&mut made);
        }
    }
    flush(&mut made);
}

fn begins_anew(before: Option<&str>, line: &str, next: Option<&str>, long: bool) -> bool {
    let Some(before) = before else { return false };
    let ended = before.ends_with(['.', '!', '?', '"', '“', '”', '»', ')']);
    if is_heading(line) && next.is_some() {
        let strong = is_marked_up(line) || is_shouted(line) || is_numbered(line);
        let opens = next.is_some_and(|next| is_bullet(next) || next.starts_with(|c: char| !c.is_lowercase()));
        if strong && (ended || is_bullet(before) || is_shouted(line) || is_marked_up(line)) {
            return true;
        }
        if ended && opens && !is_bullet(before) {
            return true;
        }
        if is_bullet(before) && opens && (long || line.ends_with(['?', ':'])) {
            return true;
        }
    }
    long && ended && !is_bullet(line) && !(is_bullet(before) && line.starts_with(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        let found: Vec<String> = blocks_of(&lines)
            .iter()
            .map(|block| format!("{}{}", if block.heading { "# " } else { "" }, block.lines.join("/")))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn blank_lines_part_paragraphs_and_lone_titles_are_headings() {
        check("Your rights\n\nYou may ask\nfor access.\n\nBye.", &["# Your rights", "You may ask/for access.", "Bye."]);
    }

    #[test]
    fn sections_without_blank_lines_are_told_by_their_headings() {
        check(
            "WHO WE ARE\nWe are X.\nYOUR RIGHTS\nYou may ask.",
            &["WHO WE ARE/We are X.", "YOUR RIGHTS/You may ask."],
        );
        check(
            "1. Who we are\nWe are X.\n2. Rights\nYou may ask.",
            &["1. Who we are/We are X.", "2. Rights/You may ask."],
        );
        check("## Who\nWe are X.\n## Rights\n- access", &["# ## Who", "We are X.", "# ## Rights", "- access"]);
    }

    #[test]
    fn a_text_without_hard_breaks_has_a_paragraph_a_line() {
        let long = format!("We {}.", "keep it and ".repeat(20));
        check(&format!("{long}\nYou may object.\n- one\n- two"), &[&long, "You may object./- one/- two"]);
    }
}
