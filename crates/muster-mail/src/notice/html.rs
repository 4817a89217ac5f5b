//! The HTML part of a notice: the text part again, marked up.
//!
//! It is made from the text that was checked, so that both parts say the same. It loads nothing from anywhere, links
//! nowhere and has no style: it helps people who read by screen reader or on a small screen, and does nothing else.
//!
//! Invariant: every character of the text is in the page, escaped, and no other word is but the subject line.

/// Longest line that counts as a heading.
const HEADING_CHARS_MAX: usize = 70;

/// Writes the page.
pub(crate) fn page(lang: &str, subject_line: &str, text: &str) -> String {
    let title = escaped(subject_line);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n",
        escaped(lang)
    );
    for block in text.split("\n\n").map(str::trim_end).filter(|block| !block.trim().is_empty()) {
        write_block(&mut out, block);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn write_block(out: &mut String, block: &str) {
    let mut lines: Vec<&str> = block.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.len() > 1 && lines.first().is_some_and(|line| is_heading(line)) {
        out.push_str(&format!("<h2>{}</h2>\n", escaped(lines.remove(0))));
    }
    let mut rest = lines.as_slice();
    while let Some(first) = rest.first() {
        let listed = is_bullet(first);
        let run =
            rest.iter().skip(1).take_while(|line| is_bullet(line) == listed || listed && is_indented(line)).count();
        let (part, after) = rest.split_at(run + 1);
        if listed {
            write_list(out, part);
        } else {
            write_paragraph(out, part);
        }
        rest = after;
    }
}

/// A bullet with the indented lines under it is one item.
fn write_list(out: &mut String, lines: &[&str]) {
    out.push_str("<ul>\n");
    for (index, line) in lines.iter().enumerate() {
        let text = escaped(line.trim().trim_start_matches("- "));
        if is_bullet(line) {
            out.push_str(if index == 0 { "<li>" } else { "</li>\n<li>" });
        } else {
            out.push_str("<br>\n");
        }
        out.push_str(&text);
    }
    out.push_str("</li>\n</ul>\n");
}

fn write_paragraph(out: &mut String, lines: &[&str]) {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line.trim())).collect();
    out.push_str(&format!("<p>{}</p>\n", lines.join("<br>\n")));
}

fn is_bullet(line: &str) -> bool {
    line.starts_with("- ")
}

fn is_indented(line: &str) -> bool {
    line.starts_with(' ')
}

fn is_heading(line: &str) -> bool {
    let closed = line.ends_with(['.', '!', '?', ',', ';', ':']);
    !closed && !is_bullet(line) && !line.contains(": ") && line.chars().count() <= HEADING_CHARS_MAX
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_and_paragraphs_are_marked_up_and_everything_is_escaped() {
        let text = "Hello,\n\nWHAT WE HOLD\nWe hold:\n- Name: A <b> & Co\n    Source: x\n- Place: Ulm\nThat is all.\n";
        let expect = "<body>\n<p>Hello,</p>\n<h2>WHAT WE HOLD</h2>\n<p>We hold:</p>\n<ul>\n<li>Name: A &lt;b&gt; &amp; Co\
            <br>\nSource: x</li>\n<li>Place: Ulm</li>\n</ul>\n<p>That is all.</p>\n</body>\n</html>\n";
        let page = page("en", "A \"subject\"", text);
        assert!(page.ends_with(expect), "{page}");
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{page}");
        assert!(page.contains("<title>A &quot;subject&quot;</title>"), "{page}");
    }

    #[test]
    fn nt_5_nothing_is_loaded_linked_or_styled() {
        let page = page("de", "x", "Guten Tag,\n\nWER\nAdresse: https://firma.example/a?b=c\n- eins\n");
        for mark in ["<img", "<a ", "href", "src=", "style", "<link", "<script", "url("] {
            assert!(!page.contains(mark), "{mark}");
        }
    }
}
