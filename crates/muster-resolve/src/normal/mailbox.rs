//! Mailboxes for comparing: local part, number, registrable domain, whether it is a function's or a mail service's.
//!
//! How a local part relates to a person's name is `person`'s. Whether a mailbox exists is not asked.
//!
//! Invariant: a mailbox is read exactly where `EmailAddress` reads the address; a tag behind `+` does not matter.

use std::sync::LazyLock;

use muster_model::EmailAddress;

use super::plain::{self, Words};

/// Longest local part, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// Longest domain, in bytes (RFC 1035, 3.1, as text).
const DOMAIN_BYTES_MAX: usize = 253;
/// Longest label of a domain, in bytes (RFC 1035, 2.3.4).
const LABEL_BYTES_MAX: usize = 63;
/// Most digits behind a local part that are read as a number.
const NUMBER_DIGITS_MAX: usize = 9;

/// Labels under which countries register names.
const SECOND_LEVELS: &[&str] = &[
    "ac", "co", "com", "edu", "go", "gob", "gov", "govt", "gv", "in", "ltd", "me", "mil", "ne", "net", "nhs", "nom",
    "or", "org", "plc", "sch",
];

/// A mailbox.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mailbox {
    /// The local part in lower case, without a tag; dots and hyphens stay.
    pub(crate) local: String,
    /// Letters and digits of the local part in plain form, without the number at its end.
    pub(crate) plain_local: String,
    /// The number that the local part ends with.
    pub(crate) number: Option<u32>,
    /// The domain, in ASCII.
    pub(crate) domain: String,
    /// The part of the domain that was registered.
    pub(crate) registrable: String,
    /// Whether it is a function's, such as `info@`, and so the company's.
    pub(crate) is_role: bool,
    /// Whether the domain is a mail service's and says nothing of an employer.
    pub(crate) is_free_mail: bool,
}

static ROLE_WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lines = include_str!("role_words.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(str::split_whitespace);
    words.flat_map(|word| [word.into(), plain::dense(word).into()]).collect()
});

static MAIL_SERVICES: LazyLock<Words> = LazyLock::new(|| {
    let lines = include_str!("free_mail.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(Into::into).collect()
});

/// Reads an address, with or without `mailto:` and a name before it.
pub(crate) fn parse(address: &str) -> Option<Mailbox> {
    let address = bare(address);
    let (local, domain) = match split_ascii(address) {
        Some(parts) => parts,
        None if address.is_ascii() && !address.contains("xn--") => return None,
        None => {
            let parsed = EmailAddress::parse(address).ok()?;
            (parsed.local_part().to_owned(), parsed.domain().to_owned())
        }
    };
    let untagged = local.split('+').next().filter(|part| !part.is_empty()).unwrap_or(&local).to_owned();
    let (plain_local, number) = split_number(&untagged);
    let registrable = registrable(&domain).to_owned();
    Some(Mailbox {
        is_role: is_role(&untagged),
        is_free_mail: is_free_mail(&registrable),
        local: untagged,
        plain_local,
        number,
        domain,
        registrable,
    })
}

/// `Anna <anna@firma.example>` and `mailto:anna@firma.example?subject=x` hold an address.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, inside)| inside);
    match inside.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            inside.get(7..).and_then(|rest| rest.split('?').next()).unwrap_or_default()
        }
        _ => inside,
    }
}

/// Reads an address in ASCII by the rules of `EmailAddress`, which is slower because it knows all domains.
fn split_ascii(address: &str) -> Option<(String, String)> {
    if !address.is_ascii() {
        return None;
    }
    let (local, domain) = address.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    if local.is_empty() || local.len() > LOCAL_BYTES_MAX || dots || !local.bytes().all(allowed) {
        return None;
    }
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_name = domain.contains('.') && domain.len() <= DOMAIN_BYTES_MAX && domain.split('.').all(is_label);
    if !is_name || last.len() < 2 || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((local.to_ascii_lowercase(), domain.to_ascii_lowercase()))
}

/// Labels with hyphens in third and fourth place are encoded ones, which only the model's parser reads.
fn is_label(label: &str) -> bool {
    (1..=LABEL_BYTES_MAX).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.get(2..4) != Some("--")
}

fn split_number(local: &str) -> (String, Option<u32>) {
    let mut plain = String::with_capacity(local.len());
    for c in local.chars().filter(|c| c.is_alphanumeric()) {
        plain::fold_char(c, &mut plain);
    }
    let digits = plain.bytes().rev().take_while(u8::is_ascii_digit).count();
    let kept = plain.len() - digits;
    if kept == 0 || digits == 0 || digits > NUMBER_DIGITS_MAX {
        return (plain, None);
    }
    let number = plain.get(kept..).and_then(|digits| digits.parse().ok());
    plain.truncate(kept);
    (plain, number)
}

fn is_role(local: &str) -> bool {
    let known = |word: &str| {
        ROLE_WORDS.contains(word) || (!word.is_ascii() && ROLE_WORDS.contains(plain::dense(word).as_str()))
    };
    let dense: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    if known(&dense) {
        return true;
    }
    let mut parts = local.split(['.', '-', '_']).filter(|part| !part.is_empty());
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back());
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    // `de.sales`: a country before the function; `a.post` is a person.
    let is_country = |word: &str| word.len() == 2 && super::country::by_sign(word).is_some();
    (last.is_some() && known(first)) || last.is_some_and(|last| is_country(first) && known(last))
}

/// Returns whether a registrable domain is a mail service's.
pub(crate) fn is_free_mail(registrable: &str) -> bool {
    let label = registrable.split('.').next().unwrap_or_default();
    MAIL_SERVICES.contains(registrable) || MAIL_SERVICES.contains(label)
}

/// Returns the part of a domain in ASCII that was registered, without what stands before it.
pub(crate) fn registrable(domain: &str) -> &str {
    let mut dots = domain.rmatch_indices('.').map(|(at, _)| at);
    let (Some(top), Some(second)) = (dots.next(), dots.next()) else { return domain };
    let label = domain.get(second + 1..top).unwrap_or_default();
    let start = if domain.len() - top == 3 && SECOND_LEVELS.contains(&label) {
        dots.next().map_or(0, |third| third + 1)
    } else {
        second + 1
    };
    domain.get(start..).unwrap_or(domain)
}

#[cfg(test)]
mod tests;
