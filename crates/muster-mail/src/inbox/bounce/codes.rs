//! Codes of servers: enhanced status codes (RFC 3463), SMTP reply codes, and what each says about the class.
//!
//! Not here: the words beside a code, which often say more (see the parent).
//!
//! Invariant: an address of a host, a version or a build number is no code.

use std::sync::LazyLock;

use regex::Regex;

use super::BounceClass;

static ENHANCED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([245]\.[0-9]\.[0-9]{1,3})").expect("constant pattern"));

static REPLY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[45][0-9][0-9]").expect("constant pattern"));

/// Words before a number that make it a version.
const VERSION_WORDS: &[&str] = &[
    "version",
    "ver",
    "exim",
    "postfix",
    "release",
    "build",
    "sendmail",
    "qmail",
    "server",
    "groupwise",
    "php",
    "mta",
];

/// Finds the enhanced status code that a text states: the first one, or a later one where the first says nothing.
///
/// # Law
///
/// RFC 3463, 2: class 2, 4 or 5, subject 0 to 7, detail of up to three digits.
pub(crate) fn enhanced_code(text: &str) -> Option<String> {
    let mut vague = None;
    for found in ENHANCED.find_iter(text) {
        if !stands_alone(text, found.start(), found.end()) {
            continue;
        }
        let code = found.as_str();
        if !code.ends_with(".0.0") {
            return Some(code.to_owned());
        }
        vague.get_or_insert(code);
    }
    vague.map(str::to_owned)
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let glued = before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '_'));
    let mut next = after.chars();
    let goes_on = match next.next() {
        Some('.' | '-' | '_') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    let word = before.trim_end_matches([' ', '(', ':']).rsplit([' ', '\n', '(', ';', ',']).next().unwrap_or_default();
    let is_version = word.len() <= 12 && VERSION_WORDS.contains(&word.to_ascii_lowercase().as_str());
    !glued && !goes_on && !is_version
}

/// Finds the SMTP reply code that a text states (RFC 5321, 4.2).
pub(crate) fn reply_code(text: &str) -> Option<u16> {
    REPLY.find_iter(text).find_map(|found| {
        let code: u16 = found.as_str().parse().ok()?;
        let before = text.get(..found.start()).unwrap_or_default();
        let after = text.get(found.end()..).unwrap_or_default();
        (is_reply_code(code) && opens_reply(before) && goes_on_as_reply(after)).then_some(code)
    })
}

const fn is_reply_code(code: u16) -> bool {
    matches!(code, 421 | 422 | 430..=432 | 441..=459 | 471 | 500..=515 | 521 | 523 | 525 | 530..=558 | 570..=579 | 591)
}

/// A reply stands at the start of a line, after what the server said, or is called a code.
fn opens_reply(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end_matches([' ', '\t', '"', '\'', '<', '(', '[']);
    if line.is_empty() {
        return true;
    }
    let Some(last) = line.chars().next_back() else { return true };
    if matches!(last, ':' | ';' | '>' | '#' | '.' | '-' | '=' | ',' | '/' | ']' | ')') {
        return true;
    }
    let word = line.rsplit([' ', '\t']).next().unwrap_or_default().to_ascii_lowercase();
    let telling = [
        "smtp",
        "error",
        "code",
        "said",
        "reply",
        "status",
        "response",
        "fehler",
        "responded",
        "answered",
        "was",
        "with",
        "returned",
        "message",
        "erreur",
        "codigo",
        "codice",
        "kod",
        "fehlercode",
        "server",
        "reason",
        "failed",
        "rcpt",
        "esmtp",
        "host",
        "answer",
    ];
    telling.contains(&word.trim_start_matches(['(', '"']))
}

fn goes_on_as_reply(after: &str) -> bool {
    let mut next = after.chars();
    match next.next() {
        None | Some('\n' | '\r' | ':' | ';' | ']' | ')' | ',' | '"' | '\'') => true,
        Some('.') => next.next().is_none_or(|c| !c.is_ascii_digit()),
        Some(' ' | '-' | '_') => !next.next().is_some_and(|c| c.is_ascii_digit()) || enhanced_follows(after),
        Some(_) => false,
    }
}

fn enhanced_follows(after: &str) -> bool {
    let rest = after.get(1..).unwrap_or_default();
    ENHANCED.find(rest).is_some_and(|found| found.start() == 0) || rest.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns what a status code says; [`BounceClass::Unknown`] for those that servers use for nearly everything.
///
/// # Law
///
/// RFC 3463, 3, with the registry of RFC 5248 and the codes of Exchange Online (5.4.3xx, 5.7.5xx and above).
pub(super) fn class_of_status(status: &str) -> BounceClass {
    let mut parts = status.splitn(3, '.').skip(1).map(|part| part.parse::<u16>().unwrap_or_default());
    let (subject, detail) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match subject {
        1 => match detail {
            1 | 3 | 10 => BounceClass::UserUnknown,
            2 => BounceClass::HostUnknown,
            4 => BounceClass::System,
            6 => BounceClass::Moved,
            7 | 8 => BounceClass::Policy,
            90 => BounceClass::Rate,
            _ => BounceClass::Unknown,
        },
        2 => match detail {
            1 => BounceClass::Inactive,
            2 => BounceClass::MailboxFull,
            3 => BounceClass::Size,
            4 | 14 => BounceClass::System,
            121 | 122 => BounceClass::Rate,
            _ => BounceClass::Unknown,
        },
        3 if detail == 4 => BounceClass::Size,
        3 if detail != 0 => BounceClass::System,
        4 => class_of_network(detail),
        5 => match detail {
            3 => BounceClass::Rate,
            1 | 2 | 5 => BounceClass::System,
            6 => BounceClass::Content,
            _ => BounceClass::Unknown,
        },
        6 if detail != 0 => BounceClass::Content,
        7 => class_of_security(detail),
        _ => BounceClass::Unknown,
    }
}

const fn class_of_network(detail: u16) -> BounceClass {
    match detail {
        4 | 310 => BounceClass::HostUnknown,
        7 | 300 | 316..=318 => BounceClass::Expired,
        3 | 5 => BounceClass::System,
        2 | 6 | 14 | 301..=399 => BounceClass::Network,
        _ => BounceClass::Unknown,
    }
}

const fn class_of_security(detail: u16) -> BounceClass {
    match detail {
        8 | 9 | 12 | 20..=24 | 26 | 29 | 30 | 57 | 321..=325 | 509 | 515 => BounceClass::Auth,
        28 | 508 | 232..=236 | 700..=749 => BounceClass::Rate,
        25 | 27 | 501..=503 | 506 | 507 | 510 | 511 | 513 | 606..=699 | 750 | 850..=899 => BounceClass::Blocked,
        504 => BounceClass::UserUnknown,
        512 => BounceClass::Content,
        _ => BounceClass::Policy,
    }
}

/// Returns the class of a code that says little, where the words say nothing at all.
pub(super) fn last_resort(status: Option<&str>, reply: Option<u16>) -> BounceClass {
    let detail = status.and_then(|status| status.split_once('.')).map_or("", |(_, detail)| detail);
    match detail {
        "3.0" | "5.0" | "5.4" => BounceClass::System,
        "4.0" | "4.1" => BounceClass::Network,
        "6.0" => BounceClass::Content,
        _ => match reply {
            Some(552) => BounceClass::MailboxFull,
            Some(421 | 451 | 452 | 471 | 500..=504) => BounceClass::System,
            _ => BounceClass::Unknown,
        },
    }
}
