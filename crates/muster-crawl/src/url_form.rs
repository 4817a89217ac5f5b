//! The one form of a URL: what two links to the same page have in common.
//!
//! It drops what no server sees or what cannot make a difference; it does not sort queries, strip parameters or merge
//! slashes, since those can.
//!
//! Invariant: normalizing a normalized URL changes nothing.

use std::borrow::Cow;

use url::{Host, Url};

use crate::percent::canonical;

/// The longest URL that is followed; longer ones are traps or data.
const URL_BYTES_MAX: usize = 4_096;

/// File endings that are no pages: asking for them would be a wasted request.
const NO_PAGE: &[&str] = &[
    "7z",
    "aac",
    "apk",
    "avi",
    "avif",
    "bmp",
    "bz2",
    "css",
    "dmg",
    "doc",
    "docx",
    "eot",
    "epub",
    "exe",
    "flac",
    "gif",
    "gz",
    "ico",
    "ics",
    "iso",
    "jar",
    "jpeg",
    "jpg",
    "js",
    "json",
    "m4a",
    "m4v",
    "mjs",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "msi",
    "odp",
    "ods",
    "odt",
    "ogg",
    "ogv",
    "otf",
    "pdf",
    "png",
    "ppt",
    "pptx",
    "rar",
    "rss",
    "svg",
    "svgz",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "vcf",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "wmv",
    "woff",
    "woff2",
    "xls",
    "xlsx",
    "xml",
    "zip",
];

/// Returns the normal form of a link found at `base`, or nothing when it leads to no web page.
///
/// WHATWG resolution; then no fragment, no credentials, no default port, no dot at the end of the host, no empty
/// query, and percent-escapes in the one form of RFC 3986 (needless ones undone, upper case, broken ones mended).
///
/// # Examples
///
/// ```
/// use muster_crawl::normalize_url;
/// let url = normalize_url("https://firma.example/team/", "../Kontakt?#oben");
/// assert_eq!(url.as_deref(), Some("https://firma.example/Kontakt"));
/// assert_eq!(normalize_url("https://firma.example/", "mailto:info@firma.example"), None);
/// ```
pub fn normalize_url(base: &str, href: &str) -> Option<String> {
    let mut url = match Url::parse(base.trim()) {
        Ok(base) => base.join(&with_two_slashes(href)).ok()?,
        Err(_) => Url::parse(href).ok()?,
    };
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    if let Some(Host::Domain(host)) = url.host()
        && host.ends_with('.')
    {
        let host = host.trim_end_matches('.').to_owned();
        url.set_host(Some(&host)).ok()?;
    }
    url.host_str().filter(|host| !host.is_empty())?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_fragment(None);
    let path = canonical(url.path());
    url.set_path(&path);
    let query = url.query().filter(|query| !query.is_empty()).map(canonical);
    url.set_query(query.as_deref());
    let text = String::from(url);
    (text.len() <= URL_BYTES_MAX).then_some(text)
}

/// Makes of more than two slashes before a host the two that browsers make of them; the `url` crate refuses them.
fn with_two_slashes(href: &str) -> Cow<'_, str> {
    let href = href.trim_matches(|c: char| c <= ' ');
    let rest = href.trim_start_matches(['/', '\\']);
    if href.len() - rest.len() > 2 { format!("//{rest}").into() } else { href.into() }
}

/// Returns the name under which a URL's host is rated, limited and allowed: without `www.`, and without the port.
pub(crate) fn site_key(url: &Url) -> String {
    muster_model::registered_host(url.as_str())
        .unwrap_or_else(|| url.host_str().unwrap_or_default().to_ascii_lowercase())
}

/// Returns the host of a URL for people to read; empty when it has none.
pub(crate) fn host_of(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Tells whether the path ends like a file that is no page.
pub(crate) fn names_no_page(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, ending)| NO_PAGE.contains(&ending.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(base: &str, href: &str, expected: &str) {
        let found = normalize_url(base, href);
        assert_eq!(found.as_deref(), (!expected.is_empty()).then_some(expected), "{base} + {href}");
        if let Some(found) = found {
            assert_eq!(normalize_url("", &found).as_ref(), Some(&found), "not idempotent");
        }
    }

    #[test]
    fn links_resolve_as_browsers_resolve_them() {
        let base = "https://firma.example/de/team.html?x=1#y";
        check(base, "kontakt", "https://firma.example/de/kontakt");
        check(base, "/kontakt", "https://firma.example/kontakt");
        check(base, "//www.firma.example/a", "https://www.firma.example/a");
        check(base, "?seite=2", "https://firma.example/de/team.html?seite=2");
        check(base, "#oben", "https://firma.example/de/team.html?x=1");
        check(base, "", "https://firma.example/de/team.html?x=1");
        check(base, "  ../a/./b/../c \n", "https://firma.example/a/c");
        check(base, "///www.firma.example/a", "https://www.firma.example/a");
        check(base, "\\win\\pfad", "https://firma.example/win/pfad");
        check("", "http://firma.example", "http://firma.example/");
    }

    #[test]
    fn equal_places_have_equal_urls() {
        let base = "http://firma.example/";
        check(base, "HTTP://FIRMA.example:80/%7ejoe", "http://firma.example/~joe");
        check(base, "https://firma.example:443", "https://firma.example/");
        check(base, "http://firma.example:8080/", "http://firma.example:8080/");
        check(base, "http://firma.example./x", "http://firma.example/x");
        check(base, "http://bücher.example/straße?ö", "http://xn--bcher-kva.example/stra%C3%9Fe?%C3%B6");
        check(base, "/a%2fb?q=a%26b&c=d+e", "http://firma.example/a%2Fb?q=a%26b&c=d+e");
        check(base, "/team?", "http://firma.example/team");
        check(base, "http://ada:geheim@firma.example/", "http://firma.example/");
        check(base, "/a//b", "http://firma.example/a//b");
        check(base, "/?b=1&a=2", "http://firma.example/?b=1&a=2");
    }

    #[test]
    fn what_is_no_web_page_has_no_normal_form() {
        let base = "http://firma.example/";
        for href in ["mailto:a@firma.example", "tel:+49", "javascript:void(0)", "ftp://firma.example/", "data:,x"] {
            check(base, href, "");
        }
        check(base, "http://", "");
        check("", "team.html", "");
        check("nonsense", "/x", "");
        check(base, &format!("/{}", "x".repeat(5_000)), "");
    }

    #[test]
    fn a_site_is_a_host_without_www() {
        let key = |url: &str| site_key(&Url::parse(url).unwrap());
        assert_eq!(key("https://www.firma.example:8443/x"), "firma.example");
        assert_eq!(key("http://team.firma.example/"), "team.firma.example");
        assert_eq!(key("http://localhost:1/"), "localhost");
        assert_eq!(key("http://[::1]/"), "[::1]");
        assert_eq!(key("http://127.0.0.1/"), "127.0.0.1");
    }

    #[test]
    fn files_that_are_no_pages_are_told_by_their_ending() {
        let no_page = |url: &str| names_no_page(&Url::parse(url).unwrap());
        assert!(no_page("http://firma.example/foto.JPG?x=1"));
        assert!(!no_page("http://firma.example/team.php"));
        assert!(!no_page("http://firma.example/team"));
        assert!(!no_page("http://firma.example/v1.zip/"));
    }

    #[test]
    fn the_public_suite_of_url_forms_agrees() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/crawler-commons/url-utils");
        let Ok(text) = std::fs::read_to_string(format!("{root}/wpt-urltestdata.json")) else {
            println!("skipped: no URL suite at {root}");
            return;
        };
        let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let (mut count, mut wrong) = (0, Vec::new());
        for case in cases.iter().filter(|case| case.is_object()) {
            let text = |key: &str| case.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
            let found = normalize_url(text("base"), text("input"));
            // The suite's answer without what we drop, so that only the resolution is compared.
            let expected = if case.get("failure").is_some() { None } else { normalize_url("", text("href")) };
            count += 1;
            if found != expected {
                wrong.push(format!("{:?} + {:?} {found:?} {expected:?}", text("base"), text("input")));
            }
        }
        assert!(count > 500, "{count} cases");
        assert!(wrong.is_empty(), "{count} {wrong:#?}");
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(href in "[/a.%2eE?#&:@ ä~\\\\|-]{0,20}") {
            if let Some(once) = normalize_url("http://firma.example/a/b", &href) {
                prop_assert_eq!(normalize_url("", &once), Some(once.clone()));
            }
        }
    }
}
