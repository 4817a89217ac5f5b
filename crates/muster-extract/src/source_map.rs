//! From a place in decoded text back to the bytes of the source it was decoded from.
//!
//! The tree builder gives text with entities resolved and line ends normalized; this module walks both sides in step.
//! It knows nothing of elements.
//!
//! Invariant: a range that is returned lies inside the raw text and on character boundaries.

use std::ops::Range;

/// Characters compared behind a character reference without a semicolon, to see where it ends.
const AFTER_ENTITY_CHARS: usize = 4;

/// Finds the range of `raw` that `decoded[wanted]` was decoded from.
pub(crate) fn align(raw: &str, decoded: &str, wanted: &Range<usize>) -> Option<Range<usize>> {
    let (mut at_raw, mut at_decoded) = (0, 0);
    let mut start = None;
    loop {
        let raw_rest = raw.get(at_raw..)?;
        let decoded_rest = decoded.get(at_decoded..)?;
        if at_decoded >= wanted.end {
            return start.map(|start| start..at_raw);
        }
        let (raw_char, decoded_char) = (raw_rest.chars().next()?, decoded_rest.chars().next()?);
        let (raw_length, decoded_length) = match entity(raw_rest, decoded_rest) {
            Some(lengths) => lengths,
            None if raw_char == decoded_char => (raw_char.len_utf8(), decoded_char.len_utf8()),
            None if raw_char == '\r' && decoded_char == '\n' && raw_rest.as_bytes().get(1) != Some(&b'\n') => (1, 1),
            // A byte that the parser dropped (`\r` before `\n`, NUL): only the raw side moves on.
            None => (raw_char.len_utf8(), 0),
        };
        if start.is_none() && at_decoded >= wanted.start && decoded_length > 0 {
            start = Some(at_raw);
        }
        at_raw += raw_length;
        at_decoded += decoded_length;
    }
}

/// The lengths of a character reference at the start of `raw` and of what it became, if one stands there.
fn entity(raw: &str, decoded: &str) -> Option<(usize, usize)> {
    let body = raw.strip_prefix('&')?;
    let became = decoded.chars().next()?.len_utf8();
    let semicolon = |length: usize| usize::from(raw.as_bytes().get(length) == Some(&b';'));
    if let Some(number) = body.strip_prefix('#') {
        let hexadecimal = number.starts_with(['x', 'X']);
        let digits = number.get(usize::from(hexadecimal)..)?;
        let count = digits
            .bytes()
            .take_while(|byte| if hexadecimal { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })
            .count();
        let length = 2 + usize::from(hexadecimal) + count;
        return (count > 0).then(|| (length + semicolon(length), became));
    }
    let name = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if decoded.starts_with('&') {
        let named = body.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("amp"));
        return named.then(|| (4 + semicolon(4), 1));
    }
    if name == 0 {
        return None;
    }
    if semicolon(1 + name) == 1 {
        return Some((2 + name, became));
    }
    // An old name without a semicolon may run into the next word: what follows it tells where it ends.
    let next = || decoded.chars().skip(1).take(AFTER_ENTITY_CHARS);
    let fits = |length: &usize| body.get(*length..).is_some_and(|rest| rest.chars().zip(next()).all(|(a, b)| a == b));
    let length = (2..=name).find(fits).unwrap_or(name);
    Some((1 + length, became))
}

/// Finds the value of an attribute inside the raw text of a tag: its byte range without quotes.
pub(crate) fn attribute_value(tag: &str, wanted: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut at = bytes.iter().position(u8::is_ascii_whitespace)?;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'/')?;
        let name_end = at + name_length(bytes.get(at..)?);
        let name = tag.get(at..name_end)?;
        let mut after = skip_space(bytes, name_end);
        if bytes.get(after) != Some(&b'=') {
            if name_end == at {
                return None;
            }
            at = name_end;
            continue;
        }
        after = skip_space(bytes, after + 1);
        let value = value_range(bytes, after)?;
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        at = value.end + usize::from(matches!(bytes.get(value.end), Some(b'"' | b'\'')));
    }
}

fn name_length(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/');
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    from + bytes.iter().skip(from).take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn value_range(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let first = *bytes.get(from)?;
    if matches!(first, b'"' | b'\'') {
        let length = bytes.get(from + 1..)?.iter().position(|&byte| byte == first)?;
        return Some(from + 1..from + 1 + length);
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
    let length = bytes.get(from..)?.iter().position(ends).unwrap_or(bytes.len() - from);
    Some(from..from + length)
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, decoded: &str, wanted: &str, expect: &str) {
        let start = decoded.find(wanted).unwrap();
        let range = align(raw, decoded, &(start..start + wanted.len())).unwrap();
        assert_eq!(&raw[range], expect);
    }

    #[test]
    fn entities_of_every_kind_are_walked_over() {
        check("a &amp; S&ouml;hne GmbH", "a & Söhne GmbH", "Söhne", "S&ouml;hne");
        check("x &#109;&#x61;il", "x mail", "mail", "&#109;&#x61;il");
        check("a & b &lt c", "a & b < c", "c", "c");
        check("&copy2026 Firma", "©2026 Firma", "2026", "2026");
        check("R&D &AMP; more", "R&D & more", "more", "more");
    }

    #[test]
    fn line_ends_and_dropped_bytes_are_walked_over() {
        check("a\r\nb\rc", "a\nb\nc", "c", "c");
        check("a\0b c", "ab c", "b c", "b c");
        assert_eq!(align("short", "shorter", &(0..7)), None);
    }

    #[test]
    fn attribute_values_are_found_however_they_are_quoted() {
        let tag = r#"<A CLASS='x y' HREF = "mailto:a@b.example" data-x=1 disabled title=z>"#;
        for (name, value) in [("class", "x y"), ("href", "mailto:a@b.example"), ("data-x", "1"), ("title", "z")] {
            assert_eq!(&tag[attribute_value(tag, name).unwrap()], value, "{name}");
        }
        assert_eq!(attribute_value(tag, "disabled"), None);
        assert_eq!(attribute_value("<a href=\"open", "href"), None);
        assert_eq!(attribute_value("<br/>", "href"), None);
    }
}
