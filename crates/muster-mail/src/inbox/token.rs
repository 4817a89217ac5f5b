//! Which notice a mail answers: the tag of our reply address, our Message-ID, or the quoted reference.
//!
//! Invariant: a token comes from a place that a reply or a report carries by itself; the text comes last.

use std::sync::LazyLock;

use muster_model::NoticeToken;
use regex::Regex;

use super::parse::Mail;

/// The tag of our reply address and the id of our messages.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bprivacy(?:\+|=2B|%2B)|\bnotice\.)([a-z2-7]{16,64})@([a-z0-9.-]+)").expect("constant pattern")
});

/// The reference that a notice states, as a person quotes it.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:reference|referenz|référence|referencia|riferimento|referentie|kenmerk|referencja|ref|aktenzeichen|az)\b[\s:.#*>-]{1,12}((?-i:[a-z2-7]{16,64}))(?:[^a-z0-9]|$)",
    )
    .expect("constant pattern")
});

/// Headers that name the mailbox a mail was delivered to.
const TO_HEADERS: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "to",
    "cc",
    "resent-to",
    "x-forwarded-to",
];

/// Finds the token of the notice that a mail is about.
pub(crate) fn find(mail: &Mail, our_domain: Option<&str>) -> Option<NoticeToken> {
    let headers = TO_HEADERS.iter().chain(&["in-reply-to", "references"]);
    let in_headers = headers.flat_map(|name| mail.headers(name)).find_map(|value| in_text(value, our_domain));
    let reports = || mail.parts.iter().filter(|part| is_report(&part.mime));
    in_headers
        .or_else(|| reports().find_map(|part| in_text(&part.text, our_domain)))
        .or_else(|| in_text(&mail.text, our_domain))
        .or_else(|| reference(&mail.text))
        .or_else(|| reference(&mail.subject))
        .or_else(|| mail.parts.iter().find_map(|part| reference(&part.text)))
}

fn is_report(mime: &str) -> bool {
    mime.starts_with("message/") || mime == "text/rfc822-headers"
}

fn in_text(text: &str, our_domain: Option<&str>) -> Option<NoticeToken> {
    let ours = |domain: &str| our_domain.is_none_or(|own| own.eq_ignore_ascii_case(domain.trim_end_matches('.')));
    ADDRESS
        .captures_iter(text)
        .find(|found| found.get(2).is_some_and(|domain| ours(domain.as_str())))
        .and_then(|found| found.get(1).map(|token| NoticeToken::new(token.as_str().to_ascii_lowercase())))
}

fn reference(text: &str) -> Option<NoticeToken> {
    REFERENCE.captures(text)?.get(1).map(|token| NoticeToken::new(token.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, token: Option<&str>) {
        let mail = Mail::parse(raw.as_bytes()).unwrap();
        assert_eq!(find(&mail, None).as_ref().map(NoticeToken::as_str), token, "{raw}");
    }

    #[test]
    fn a_token_is_found_in_tag_thread_and_quoted_reference() {
        let token = Some("abcdefgh234567ab");
        check("To: <privacy+abcdefgh234567ab@firma.example>\n\nx", token);
        check("To: privacy@firma.example\nX-Original-To: privacy+ABCDEFGH234567AB@firma.example\n\nx", token);
        check("To: x@y.test\nIn-Reply-To: <notice.abcdefgh234567ab@firma.example>\n\nx", token);
        check("To: x@y.test\n\n> Reference: abcdefgh234567ab\n", token);
        check("To: x@y.test\n\nReferenz:   abcdefgh234567ab", token);
        check("To: privacy+short@firma.example\n\nReference: kurz", None);
    }

    #[test]
    fn a_token_of_another_domain_is_none_of_ours() {
        let mail = Mail::parse(b"To: privacy+abcdefgh234567ab@other.example\n\nx").unwrap();
        assert_eq!(find(&mail, Some("firma.example")), None);
        assert!(find(&mail, Some("OTHER.example")).is_some());
    }
}
