//! Percent-encoding made comparable: what two spellings of one path or rule have in common.
//!
//! It knows neither URLs nor robots rules; it rewrites bytes.
//!
//! Invariant: rewriting with [`canonical`] twice gives the same as once.

/// Rewrites `text`: escapes become upper case, those of unreserved characters are undone when `decode` says so, and
/// every other byte for which `escape` holds becomes an escape.
pub(crate) fn rewrite(text: &[u8], decode: bool, escape: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex_value(*high), hex_value(*low))
        {
            let byte = high * 16 + low;
            if decode && is_unreserved(byte) {
                out.push(byte);
            } else {
                push_escape(&mut out, byte);
            }
            rest = after;
        } else if escape(*first) {
            push_escape(&mut out, *first);
        } else {
            out.push(*first);
        }
    }
    out
}

/// Returns the one spelling that stands for all equivalent ones: only visible ASCII, no needless and no broken escape.
pub(crate) fn canonical(text: &str) -> String {
    String::from_utf8(rewrite(text.as_bytes(), true, is_unsafe)).expect("all bytes above ASCII were escaped")
}

/// Tells whether a byte may not stand in a URL as it is; a `%` that begins no escape is such a byte.
pub(crate) fn is_unsafe(byte: u8) -> bool {
    !byte.is_ascii_graphic() || b"%\"<>[\\]^`{|}".contains(&byte)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn needless_escapes_are_undone_and_needed_ones_are_upper_case() {
        for (given, expected) in [
            ("/%66oo.ht%6d%6c", "/foo.html"),
            ("/9%2f11", "/9%2F11"),
            ("/%7Ejoe/%2D", "/~joe/-"),
            ("/a%20b c", "/a%20b%20c"),
            ("/ä", "/%C3%A4"),
            ("/90%+of", "/90%25+of"),
            ("/p%zz%77%v", "/p%25zzw%25v"),
            ("/%", "/%25"),
            ("/%4", "/%254"),
            ("/%%34%31", "/%2541"),
            ("/a|b{c}^`[d]", "/a%7Cb%7Bc%7D%5E%60%5Bd%5D"),
        ] {
            assert_eq!(canonical(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn canonical_is_idempotent(text in "[a-f0-9%/~ äC*$]{0,24}") {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
