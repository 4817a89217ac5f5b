//! What response headers say about a page: may it be collected, may its links be followed, what is it, when to return.
//!
//! Invariant: a header that cannot be read never makes more allowed; an unreadable content type is not read on.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The content types that are read.
const PAGE_TYPES: &[&str] = &["text/html", "application/xhtml+xml", "text/plain"];

/// Directives of `X-Robots-Tag` that take a value after a colon, and so are no names of robots.
const DIRECTIVES_WITH_VALUE: &[&str] = &["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// What the headers reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reservation {
    /// The page must not be collected.
    pub(crate) reserved: bool,
    /// The page's links must not be followed.
    pub(crate) nofollow: bool,
}

/// Reads `X-Robots-Tag` as far as it speaks to everyone or to `product`, and `tdm-reservation`.
pub(crate) fn reservation(headers: &HeaderMap, product: &str) -> Reservation {
    let mut found = Reservation::default();
    for value in headers.get_all(HeaderName::from_static("x-robots-tag")) {
        let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        read_robots_tag(&value, &product.to_ascii_lowercase(), &mut found);
    }
    // Anything but a clear 0 is a reservation: the protocol knows 1 only.
    let reserves = |value: &[u8]| !matches!(value.trim_ascii(), b"0" | b"");
    found.reserved |=
        headers.get_all(HeaderName::from_static("tdm-reservation")).iter().any(|v| reserves(v.as_bytes()));
    found
}

fn read_robots_tag(value: &str, product: &str, found: &mut Reservation) {
    let mut speaks_to_us = true;
    for part in value.split(',') {
        let mut directive = part.trim();
        if let Some((name, rest)) = directive.split_once(':')
            && !DIRECTIVES_WITH_VALUE.contains(&name.trim())
        {
            speaks_to_us = matches!(name.trim(), "*" | "robots") || name.trim() == product;
            directive = rest.trim();
        }
        if speaks_to_us {
            match directive {
                "none" => *found = Reservation { reserved: true, nofollow: true },
                "noindex" | "noai" => found.reserved = true,
                "nofollow" => found.nofollow = true,
                _ => {}
            }
        }
    }
}

/// Tells whether the content type is one that is read; a missing one is decided by the body.
pub(crate) fn is_page_type(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let essence = value.split(';').next().unwrap_or_default().trim();
    PAGE_TYPES.contains(&essence)
}

/// Tells whether a body without a content type is text: no zero byte near its beginning.
pub(crate) fn looks_like_text(body: &[u8]) -> bool {
    const SNIFFED_BYTES: usize = 512;
    !body.iter().take(SNIFFED_BYTES).any(|byte| *byte == 0)
}

/// Returns how long the host wants to be left alone. A date counts from the response's own `Date`, since the caller's
/// clock may be a virtual one.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let instant = |text: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let from = instant(headers.get(DATE)?.to_str().ok()?.trim())?;
    let seconds = instant(value)?.as_second() - from.as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Returns a header's text, if it is short and readable.
pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    const HEADER_BYTES_MAX: usize = 1_024;
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= HEADER_BYTES_MAX).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[track_caller]
    fn check(tags: &[(&'static str, &'static str)], reserved: bool, nofollow: bool) {
        assert_eq!(reservation(&headers(tags), "Muster"), Reservation { reserved, nofollow }, "{tags:?}");
    }

    #[test]
    fn x_robots_tag_reserves_for_everyone_or_for_us() {
        check(&[("x-robots-tag", "noindex")], true, false);
        check(&[("x-robots-tag", "NoArchive, NOINDEX")], true, false);
        check(&[("x-robots-tag", "none")], true, true);
        check(&[("x-robots-tag", "nofollow")], false, true);
        check(&[("x-robots-tag", "otherbot: noindex, nofollow")], false, false);
        check(&[("x-robots-tag", "muster: noindex")], true, false);
        check(&[("x-robots-tag", "otherbot: noindex, muster: nofollow")], false, true);
        check(&[("x-robots-tag", "otherbot: noindex"), ("x-robots-tag", "noai")], true, false);
        check(&[("x-robots-tag", "unavailable_after: 25 Jun 2010 15:00:00 PST, noindex")], true, false);
        check(&[("x-robots-tag", "all")], false, false);
        check(&[], false, false);
    }

    #[test]
    fn a_tdm_reservation_reserves() {
        check(&[("tdm-reservation", "1")], true, false);
        check(&[("tdm-reservation", " 0 ")], false, false);
        check(&[("tdm-reservation", "0"), ("tdm-reservation", "1")], true, false);
    }

    #[test]
    fn only_pages_are_read() {
        for (value, expected) in [
            ("text/html", true),
            ("Text/HTML; charset=windows-1252", true),
            ("application/xhtml+xml", true),
            ("text/plain;charset=utf-8", true),
            ("application/pdf", false),
            ("text/css", false),
            ("image/png", false),
            ("", false),
        ] {
            assert_eq!(is_page_type(&headers(&[("content-type", value)])), expected, "{value}");
        }
        assert!(is_page_type(&headers(&[])));
        assert!(looks_like_text(b"<p>") && !looks_like_text(b"\x89PNG\0"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after(&headers(&[("retry-after", "7")])), Some(Duration::from_secs(7)));
        let dated = [("date", "Mon, 03 Nov 2025 10:00:00 GMT"), ("retry-after", "Mon, 03 Nov 2025 10:01:00 GMT")];
        assert_eq!(retry_after(&headers(&dated)), Some(Duration::from_mins(1)));
        let past = [("date", "Mon, 03 Nov 2025 10:00:00 GMT"), ("retry-after", "Mon, 03 Nov 2025 09:00:00 GMT")];
        assert_eq!(retry_after(&headers(&past)), Some(Duration::ZERO));
        for value in ["", "soon", "-1"] {
            assert_eq!(retry_after(&headers(&[("retry-after", value)])), None, "{value}");
        }
    }
}
