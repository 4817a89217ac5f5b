//! Which notice a mail answers: the tag of our reply address, our Message-ID, or the quoted reference.
//!
//! Invariant: a token comes from a place that a reply or a report carries by itself; the text comes last.

use std::sync::LazyLock;

use muster_model::NoticeToken;
use regex::Regex;

use super::identity::Way;
use super::parse::{Mail, Part};

/// What a mailbox for data protection is called: `privacy` by design, another where a controller has it so.
const MAILBOXES: &str = "privacy|datenschutz|data-?protection|data-?privacy|dsgvo|gdpr|rgpd|dpo|dsb|(?:protection-?)?donnees|privacidad|proteccion-?(?:de-?)?datos|protezione-?dati|gegevensbescherming|rodo|iod|ochrona-?danych|dane-?osobowe|replies|notices";

/// Returns whether a mailbox is one for data protection, with a tag or without.
pub(super) fn is_privacy_mailbox(local_part: &str) -> bool {
    static MAILBOX: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!(r"^(?i:{MAILBOXES})(?:\+|$)")).expect("constant pattern"));
    MAILBOX.is_match(local_part)
}

/// The tag of our reply address, of our bounce address, and the id of our messages.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        &format!(r"(?i)(?:^|[^a-z0-9._+-])({MAILBOXES}|bounces?|notice)(?:\+|\.|-|=2B|%2B|=)([a-z2-7]{{16,64}})(?:=[a-z0-9._+=-]{{1,200}})?@([a-z0-9.-]+)"),
    )
    .expect("constant pattern")
});

/// A return path that only the token and the notified address make up: `token=local=domain@`.
static VERP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[\s<,:])([a-z2-7]{16,64})=[a-z0-9._+-]{1,64}=[a-z0-9.-]{3,200}@([a-z0-9.-]+)")
        .expect("constant pattern")
});

/// What a notice calls its reference in each language, and what people write instead.
const LABELS: &str = r"(?:your |our |my |the |ihre? |unsere? |ihr |unser |mein[e]? |notre |votre |vos |su |nuestra |nostro |vostro |suo |uw |ons |onze )?(?:reference|referenz|r[ée]f[ée]rence|referencia|riferimento|referentie|kenmerk|referenc[jy][a-z]*|numer referencyjny|nr referencyjny|sygnatura|ref|r[ée]f|rif|aktenzeichen|gesch[äa]ftszeichen|zeichen|vorgang(?:snummer)?|az|token|znak)(?:[ -]?(?:number|code|id|no|nr|nummer|num[ée]ro|n[úu]mero|numero|n[°º]))?";

/// The reference that a notice states, as a person quotes it: a label, then the token, also on the next line.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"(?i)(?:^|[^\p{{L}}\p{{N}}]){LABELS}[\s:.#*>|()\[\]«»„“”'_=-]{{1,16}}(?:(?:is|lautet|ist|est|es|è|jest|to|was|war|:|=)[\s:]{{1,3}})?[„“'«(\[]?((?-i:[a-z2-7]{{16,64}}))(?:[^\p{{L}}\p{{N}}@+]|$)"
    );
    Regex::new(&pattern).expect("constant pattern")
});

/// A line that states the reference and nothing else, as the notice does.
static REFERENCE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(r"(?im)^[\s>|*]*{LABELS}\s*:[\s>|*]*((?-i:[a-z2-7]{{16,64}}))[\s*]*$");
    Regex::new(&pattern).expect("constant pattern")
});

/// Headers that name the mailbox a mail was delivered to.
pub(super) const TO_HEADERS: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "to",
    "cc",
    "resent-to",
    "x-forwarded-to",
    "x-forwarded-for",
    "apparently-to",
];

/// Longest text in which a token is looked for; a quoted notice and its quotes are shorter.
const TEXT_BYTES_MAX: usize = 256 << 10;

/// Finds the token of the notice that a mail is about, and where it stood.
pub(crate) fn find(mail: &Mail, our_domain: Option<&str>) -> Option<(NoticeToken, Way)> {
    let in_headers = |names: &'static [&'static str]| {
        names.iter().flat_map(|name| mail.headers(name)).find_map(|value| in_text(value, our_domain))
    };
    in_headers(TO_HEADERS)
        .or_else(|| in_headers(&["in-reply-to", "references", "x-failed-message-id", "thread-index-id"]))
        .or_else(|| in_headers(&["received", "original-recipient", "x-original-message-id"]))
        .or_else(|| mail.parts.iter().filter(|part| is_report(&part.mime)).find_map(|part| in_part(part, our_domain)))
        .or_else(|| in_text(&mail.text, our_domain))
        .or_else(|| reference(&mail.text))
        .or_else(|| reference(&mail.subject))
        .or_else(|| mail.parts.iter().find_map(|part| in_part(part, our_domain).or_else(|| reference(&part.text))))
}

fn is_report(mime: &str) -> bool {
    mime.starts_with("message/") || mime == "text/rfc822-headers"
}

fn in_part(part: &Part, our_domain: Option<&str>) -> Option<(NoticeToken, Way)> {
    in_text(&part.text, our_domain)
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn in_text(text: &str, our_domain: Option<&str>) -> Option<(NoticeToken, Way)> {
    let text = head(text);
    if !text.contains('@') {
        return None;
    }
    let ours = |domain: &str| our_domain.is_none_or(|own| is_at(domain.trim_end_matches('.'), own));
    let tagged = ADDRESS.captures_iter(text).find_map(|found| {
        let way = match found.get(1)?.as_str().to_ascii_lowercase().as_str() {
            "notice" => Way::Thread,
            "bounce" | "bounces" => Way::Verp,
            _ => Way::Token,
        };
        ours(found.get(3)?.as_str()).then(|| (NoticeToken::new(found[2].to_ascii_lowercase()), way))
    });
    tagged.or_else(|| {
        let found = VERP.captures(text).filter(|found| ours(&found[2]))?;
        Some((NoticeToken::new(found[1].to_ascii_lowercase()), Way::Verp))
    })
}

/// Whether a domain is ours or below ours.
pub(super) fn is_at(domain: &str, own: &str) -> bool {
    let (domain, own) = (domain.to_ascii_lowercase(), own.to_ascii_lowercase());
    domain == own || domain.strip_suffix(&own).is_some_and(|rest| rest.ends_with('.'))
}

fn reference(text: &str) -> Option<(NoticeToken, Way)> {
    let text = head(text);
    let alone = REFERENCE_LINE.captures_iter(text).map(|found| found[1].to_owned()).find(|token| !is_word(token));
    // Within a sentence a long word may follow the label; a token nearly always has a digit.
    let in_prose = || {
        let mut all = REFERENCE.captures_iter(text).map(|found| found[1].to_owned());
        all.find(|token| has_digit(token))
    };
    alone.or_else(in_prose).map(|token| (NoticeToken::new(token), Way::Token))
}

fn has_digit(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether somebody could say it: a long word of some language, which has no digit and seldom five consonants in a row.
fn is_word(token: &str) -> bool {
    const CONSONANTS_MAX: usize = 4;
    let longest = token.split(['a', 'e', 'i', 'o', 'u', 'y']).map(str::len).max().unwrap_or_default();
    !has_digit(token) && longest <= CONSONANTS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, token: Option<&str>) {
        let mail = Mail::parse(raw.as_bytes()).unwrap();
        assert_eq!(find(&mail, None).as_ref().map(|(token, _)| token.as_str()), token, "{raw}");
    }

    const TOKEN: Option<&str> = Some("abcdefgh234567ab");

    #[test]
    fn a_token_is_found_in_tag_thread_and_quoted_reference() {
        check("To: <privacy+abcdefgh234567ab@firma.example>\n\nx", TOKEN);
        check("To: privacy@firma.example\nX-Original-To: privacy+ABCDEFGH234567AB@firma.example\n\nx", TOKEN);
        check("To: x@y.test\nIn-Reply-To: <notice.abcdefgh234567ab@firma.example>\n\nx", TOKEN);
        check("To: x@y.test\nReferences: <a.b@y.test>\n <notice.abcdefgh234567ab@firma.example>\n\nx", TOKEN);
        check("To: x@y.test\nReceived: by mx for <privacy+abcdefgh234567ab@firma.example>; now\n\nx", TOKEN);
        check("To: x@y.test\n\n> Reference: abcdefgh234567ab\n", TOKEN);
        check("To: x@y.test\n\nReferenz:   abcdefgh234567ab", TOKEN);
        check("To: datenschutz+abcdefgh234567ab@firma.example\n\nx", TOKEN);
        check("To: privacy+short@firma.example\n\nReference: kurz", None);
    }

    #[test]
    fn the_reference_is_known_by_its_label_in_every_language() {
        for label in [
            "Reference:",
            "Referenz:",
            "Référence :",
            "Referencia:",
            "Riferimento:",
            "Referentie:",
            "Numer referencyjny:",
            "My reference number is",
            "Ihr Zeichen:",
            "*Referenz:*",
            "réf.",
            "Kenmerk:",
        ] {
            check(&format!("To: x@y.test\n\n{label} abcdefgh234567ab\n"), TOKEN);
        }
        check("To: x@y.test\n\n> Numer referencyjny:\n> abcdefgh234567ab\n", TOKEN);
    }

    #[test]
    fn a_return_path_of_ours_names_its_notice() {
        check("To: bounce+abcdefgh234567ab@firma.example\n\nx", TOKEN);
        check("To: <bounces-abcdefgh234567ab=kim=werft.example@firma.example>\n\nx", TOKEN);
        check("To: <abcdefgh234567ab=kim=werft.example@firma.example>\n\nx", TOKEN);
    }

    #[test]
    fn a_long_word_or_somebody_elses_tag_is_no_token() {
        check("To: x@y.test\n\nReferenz: Verantwortlichkeit", None);
        check("To: x@y.test\n\nReferenz: kundenverwaltungssystem", None);
        check("To: x@y.test\n\nUnsere Referenz verantwortlichkeit des Hauses", None);
        check("To: sales+abcdefgh234567ab@firma.example\n\nx", None);
        check("To: x@y.test\n\nthe word abcdefgh234567ab alone", None);
        check("To: x@y.test\n\nReference: ABCDEFGH234567AB", None);
    }

    #[test]
    fn a_token_of_another_domain_is_none_of_ours() {
        let mail = Mail::parse(b"To: privacy+abcdefgh234567ab@other.example\n\nx").unwrap();
        assert_eq!(find(&mail, Some("firma.example")), None);
        assert!(find(&mail, Some("OTHER.example")).is_some());
        let below = Mail::parse(b"To: privacy+abcdefgh234567ab@mail.other.example\n\nx").unwrap();
        assert!(find(&below, Some("other.example")).is_some());
    }
}
