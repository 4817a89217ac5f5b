//! Addresses of people's profiles in one form.
//!
//! Only addresses of persons: a company's page, a school's, a job's or a post is none. Nothing is fetched, and a
//! redirect is not known.
//!
//! Invariant: the key of a key's address is the key.

/// Longest address that is read, in bytes (what servers take, RFC 9110, 4.1, is 8,000; profiles are far shorter).
const URL_BYTES_MAX: usize = 2_048;

/// First parts of paths that are no person's.
const NOT_PERSONS: &[&str] = &[
    "company",
    "companies",
    "school",
    "showcase",
    "jobs",
    "job",
    "groups",
    "group",
    "pages",
    "page",
    "organization",
    "organizations",
    "organisation",
    "orgs",
    "org",
    "firma",
    "firmen",
    "unternehmen",
    "feed",
    "search",
    "login",
    "signup",
    "hashtag",
    "events",
    "event",
    "watch",
    "share",
    "sharer",
    "intent",
    "home",
    "about",
    "news",
    "pulse",
    "posts",
    "legal",
    "privacy",
    "help",
    "explore",
    "settings",
    "careers",
    "business",
    "products",
    "topic",
    "topics",
    "learning",
    "university",
];

/// First parts of paths behind which a person's name stands.
const PERSON_MARKERS: &[&str] = &[
    "in", "pub", "profile", "profiles", "people", "person", "user", "users", "u", "member", "members", "author",
    "team", "p",
];

/// Parts behind a person's name that show one side of the profile.
const VIEWS: &[&str] = &[
    "cv",
    "about",
    "detail",
    "details",
    "recent-activity",
    "overlay",
    "posts",
    "activity",
    "portfolio",
    "contact-info",
    "followers",
    "following",
    "repositories",
    "status",
    "photos",
    "videos",
    "index.html",
    "index.php",
    "index.htm",
];

/// Hosts that are one platform under several names.
const ALIASES: &[(&str, &str)] = &[("x.com", "twitter.com"), ("fb.com", "facebook.com"), ("fb.me", "facebook.com")];

/// A profile's address in one form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ProfileKey {
    /// The platform's host, without `www.`, mobile and language labels.
    pub(crate) host: String,
    /// What names the person on it, in lower case, with the kind of path before it.
    pub(crate) path: String,
}

/// Returns the key of a person's profile.
pub(crate) fn key(url: &str) -> Option<ProfileKey> {
    let url = url.trim();
    if url.len() > URL_BYTES_MAX || url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => rest,
        Some(_) => return None,
        None => url.strip_prefix("//").unwrap_or(url),
    };
    let split = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = host_key(rest.get(..split)?)?;
    let behind = rest.get(split..)?;
    let path = behind.split(['?', '#']).next().unwrap_or_default();
    let query = behind.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    let path = path_key(&decode(path).to_lowercase(), query)?;
    Some(ProfileKey { host, path })
}

fn host_key(authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let allowed = |c: char| c.is_alphanumeric() || c == '-';
    if host.split('.').any(|label| label.is_empty() || !label.chars().all(allowed)) {
        return None;
    }
    let mut host = host.as_str();
    while let Some((label, rest)) = host.split_once('.') {
        if !rest.contains('.') || !is_side_label(label) || is_second_level(rest) {
            break;
        }
        host = rest;
    }
    let top = host.rsplit('.').next().unwrap_or_default();
    if !host.contains('.') || top.len() < 2 || top.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(ALIASES.iter().find(|(alias, _)| *alias == host).map_or(host, |(_, name)| name).to_owned())
}

/// `www`, mobile hosts and languages: `de.`, `pt-br.`.
fn is_side_label(label: &str) -> bool {
    let letters = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    matches!(label, "www" | "m" | "mobile" | "touch" | "web" | "wap" | "amp" | "mbasic")
        || letters(label)
        || label.split_once('-').is_some_and(|(language, country)| letters(language) && letters(country))
}

/// `de.co.uk`: what is left must be more than a registry.
fn is_second_level(rest: &str) -> bool {
    matches!(rest.split_once('.'), Some(("co" | "com" | "org" | "net" | "ac" | "or" | "gov", top)) if top.len() == 2)
}

/// Undoes percent-encoding of letters, digits and marks that need none; the rest stays encoded, so that undoing it twice
/// is undoing it once.
fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).filter(|hex| *first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        rest = behind;
        match (first, byte) {
            (b'%', Some(byte)) => {
                rest = behind.get(2..).unwrap_or_default();
                if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) || byte >= 0x80 {
                    bytes.push(byte);
                } else {
                    bytes.extend_from_slice(format!("%{byte:02x}").as_bytes());
                }
            }
            (b'%', None) => bytes.extend_from_slice(b"%25"),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn path_key(path: &str, query: &str) -> Option<String> {
    let segments: Vec<&str> =
        path.split('/').map(|part| part.trim_start_matches('@')).filter(|part| !part.is_empty()).collect();
    let segments = drop_locale(&segments);
    let first = segments.first()?;
    if NOT_PERSONS.contains(first) {
        return None;
    }
    if *first == "profile.php" {
        let id = query.split('&').find_map(|pair| pair.strip_prefix("id="))?;
        return id
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| format!("profile.php/{id}"))
            .filter(|key| key.len() > 12);
    }
    if let ("profile.php", [_, id]) = (*first, segments) {
        return Some(format!("profile.php/{id}"));
    }
    if PERSON_MARKERS.contains(first) {
        let slug = segments.get(1)?;
        // Old profiles stand under `/pub/NAME/A/B/C`; their new address is `/in/NAME-CBA`.
        if let ("pub", [_, slug, a, b, c]) = (*first, segments) {
            return Some(format!("in/{slug}-{c}{b}{a}"));
        }
        let marker = if *first == "pub" { "in" } else { first };
        return Some(format!("{marker}/{slug}"));
    }
    let kept = segments.iter().take_while(|segment| !VIEWS.contains(segment)).count();
    segments.get(..kept).filter(|kept| !kept.is_empty()).map(|kept| kept.join("/"))
}

/// `/de/in/anna` and `/in/anna/de`: a language before a marker or behind a name.
fn drop_locale<'a, 'b>(segments: &'a [&'b str]) -> &'a [&'b str] {
    match segments {
        [locale, marker, _, ..] if locale.len() == 2 && *locale != "in" && PERSON_MARKERS.contains(marker) => {
            segments.get(1..).unwrap_or_default()
        }
        _ => segments,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(url: &str) -> Option<String> {
        key(url).map(|key| format!("{}/{}", key.host, key.path))
    }

    #[test]
    fn one_profile_has_one_key() {
        for url in [
            "https://www.linkedin.example/in/anna-beispiel",
            "http://linkedin.example/in/Anna-Beispiel/",
            "https://de.linkedin.example/in/anna-beispiel?trk=public",
            "linkedin.example/in/anna-beispiel#top",
            "https://m.linkedin.example/in/anna-beispiel/de",
            "https://www.linkedin.example/in/anna%2Dbeispiel/recent-activity/",
            "//www.linkedin.example/pub/anna-beispiel",
            "https://www.linkedin.example:443/de/in/anna-beispiel",
            "https://pt-br.linkedin.example/in/anna-beispiel",
        ] {
            assert_eq!(text(url).as_deref(), Some("linkedin.example/in/anna-beispiel"), "{url}");
        }
    }

    #[test]
    fn other_platforms_keep_what_names_the_person() {
        for (url, expect) in [
            ("https://www.xing.example/profile/Anna_Beispiel2/cv", "xing.example/profile/anna_beispiel2"),
            ("https://github.example/Anna", "github.example/anna"),
            ("https://x.com/@anna/status/123", "twitter.com/anna"),
            ("https://twitter.com/anna", "twitter.com/anna"),
            ("https://facebook.com/profile.php?id=123&x=1", "facebook.com/profile.php/123"),
            ("https://linkedin.example/in/anna-m%C3%BCller", "linkedin.example/in/anna-müller"),
            ("https://linkedin.example/pub/anna-beispiel/12/3a/4b5", "linkedin.example/in/anna-beispiel-4b53a12"),
            ("https://firma.example/team/anna-beispiel", "firma.example/team/anna-beispiel"),
            ("https://de.firma.co.uk/in/anna", "firma.co.uk/in/anna"),
        ] {
            assert_eq!(text(url).as_deref(), Some(expect), "{url}");
        }
    }

    #[test]
    fn what_is_no_persons_profile_has_no_key() {
        for url in [
            "https://www.linkedin.example/company/nordwind",
            "https://de.linkedin.example/school/hochschule-hafen/",
            "https://linkedin.example/",
            "https://linkedin.example",
            "https://linkedin.example/in/",
            "https://linkedin.example/feed",
            "mailto:anna@firma.example",
            "ftp://linkedin.example/in/anna",
            "javascript:alert(1)",
            "localhost/in/anna",
            "https://127.0.0.1/in/anna",
            "",
            "n/a",
            "https://linkedin.example/in/an na",
        ] {
            assert_eq!(text(url), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_the_key(url in "(https?://)?((www|de|m|x)\\.){0,2}[a-z]{2,5}\\.(example|co\\.uk)(/(in|pub|de|[a-zA-Z%@0-9é-]{1,6})){0,5}/?(\\?id=[0-9]{1,3})?") {
            if let Some(once) = text(&url) {
                prop_assert_eq!(text(&format!("https://{once}")), Some(once));
            }
        }

        #[test]
        fn any_text_is_read(url in "\\PC{0,60}") {
            if let Some(key) = key(&url) {
                prop_assert!(!key.path.is_empty() && key.host.contains('.'));
            }
        }
    }
}
