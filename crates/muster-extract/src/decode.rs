//! Bytes of a page to text: byte order mark, `Content-Type`, `<meta>`, and a guess where nothing is declared.
//!
//! It mends the two faults seen most: a page that declares a one-byte charset and is UTF-8, and one that declares
//! UTF-8 and is not.
//!
//! Invariant: the text is what all byte spans of a mention count in; the same bytes give the same text.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use muster_model::{Page, Problem};
use regex::bytes::Regex;

/// Bytes of one page that are read: far above any page that people read, far below what would hurt.
pub(crate) const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How far into the page a `<meta charset>` is looked for.
const META_BYTES_MAX: usize = 4_096;

/// A page as text.
pub(crate) struct Decoded {
    /// The text.
    pub(crate) text: String,
    /// What was wrong with the bytes.
    pub(crate) problems: Vec<Problem>,
}

/// Decodes the body of a page.
pub(crate) fn decode(page: &Page) -> Decoded {
    let mut problems = Vec::new();
    let mut bytes = page.body.as_slice();
    if let Some(head) = bytes.get(..PAGE_BYTES_MAX) {
        bytes = head;
        problems.push(Problem::new("page.too-long", "the page is longer than the limit; its end was not read"));
    }
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None => (choose(page, bytes, &mut problems), bytes),
    };
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    if faulty {
        problems
            .push(Problem::new("charset.invalid", format!("the page holds bytes that are not {}", encoding.name())));
    }
    Decoded { text: text.into_owned(), problems }
}

fn choose(page: &Page, bytes: &[u8], problems: &mut Vec<Problem>) -> &'static Encoding {
    let declared = page.content_type.as_deref().and_then(header_charset).or_else(|| meta_charset(bytes));
    // A character cut in two by the length limit is no fault of the page.
    let valid_utf8 = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    match declared {
        Some(encoding) if encoding == UTF_8 && !valid_utf8 => {
            problems.push(Problem::new("charset.mismatch", "the page declares UTF-8 and is in another charset"));
            guess(page, bytes)
        }
        Some(encoding) if encoding.is_single_byte() && valid_utf8 && !bytes.is_ascii() => {
            problems.push(Problem::new("charset.mismatch", "the page declares a one-byte charset and is UTF-8"));
            UTF_8
        }
        Some(encoding) => encoding,
        None if valid_utf8 => UTF_8,
        None => guess(page, bytes),
    }
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, label) = lower.split_once("charset=")?;
    let label = label.split(';').next().unwrap_or_default().trim_matches(['"', '\'', ' ']);
    Encoding::for_label(label.as_bytes())
}

fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    static META: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i-u)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.+-]+)"#).expect("the pattern is valid")
    });
    let head = bytes.get(..META_BYTES_MAX).unwrap_or(bytes);
    let label = META.captures(head)?.get(1)?.as_bytes();
    let encoding = Encoding::for_label(label)?;
    // A page whose `<meta>` could be read byte by byte is not UTF-16 (HTML standard, 13.2.3.2).
    Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

fn guess(page: &Page, bytes: &[u8]) -> &'static Encoding {
    let host = url::Url::parse(&page.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let last_label = host.rsplit('.').next().unwrap_or_default();
    let tld = last_label.bytes().all(|byte| byte.is_ascii_lowercase()).then_some(last_label.as_bytes());
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(tld.filter(|label| !label.is_empty()), Utf8Detection::Deny);
    if guessed.is_ascii_compatible() { guessed } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content_type: Option<&str>, body: &[u8]) -> String {
        let page = Page::new(
            "http://firma.example/",
            jiff::Timestamp::UNIX_EPOCH,
            content_type.map(str::to_owned),
            body.to_vec(),
        );
        decode(&page).text
    }

    #[test]
    fn the_declared_charset_is_used_in_order_of_authority() {
        assert_eq!(text(None, b"\xef\xbb\xbfM\xc3\xbcller"), "Müller");
        assert_eq!(text(Some("text/html; charset=windows-1252"), b"M\xfcller \x80"), "Müller €");
        assert_eq!(text(None, b"<meta charset=iso-8859-1>M\xfcller \x96"), "<meta charset=iso-8859-1>Müller –");
        assert_eq!(text(None, b"\xff\xfeM\x00\xfc\x00"), "Mü");
        let http_equiv = b"<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=windows-1250\">\xb3";
        assert!(text(None, http_equiv).ends_with('ł'));
    }

    #[test]
    fn a_wrong_declaration_is_mended_and_counted() {
        assert_eq!(text(Some("text/html; charset=iso-8859-1"), "Müller".as_bytes()), "Müller");
        assert_eq!(
            text(Some("text/html; charset=utf-8"), b"Gesch\xe4ftsf\xfchrer: J\xf6rg M\xfcller"),
            "Geschäftsführer: Jörg Müller"
        );
    }

    #[test]
    fn bytes_that_declare_nothing_are_guessed() {
        assert_eq!(text(None, "Müller".as_bytes()), "Müller");
        assert_eq!(text(None, b"Gr\xfc\xdfe aus M\xfcnchen, f\xfcr Sie da"), "Grüße aus München, für Sie da");
    }

    #[test]
    fn a_page_above_the_limit_is_cut_and_counted() {
        let page =
            Page::new("http://firma.example/", jiff::Timestamp::UNIX_EPOCH, None, vec![b'a'; PAGE_BYTES_MAX + 1]);
        let decoded = decode(&page);
        assert_eq!(decoded.text.len(), PAGE_BYTES_MAX);
        assert_eq!(decoded.problems[0].kind, "page.too-long");
    }
}
