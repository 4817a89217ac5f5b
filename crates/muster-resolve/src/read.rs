//! What `person` and `firm` need of a raw value; each function reads one text and keeps nothing.
//!
//! Invariant: a result depends on its arguments alone.

use muster_model::{EmailAddress, MentionRecord};

use crate::normal::{company, country, letters, mailbox, name, nickname, phone, place, profile, title};

/// A person's name, in words that are spelled so that transliterations meet.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadName {
    pub(crate) given: Vec<String>,
    pub(crate) family: Vec<String>,
    pub(crate) former: Vec<String>,
    pub(crate) is_certain: bool,
}

/// A word in the form in which transliterations of it meet.
fn bones(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    letters::squeeze(word, &mut out);
    out
}

pub(crate) fn name(full: &str, given: &str, family: &str) -> ReadName {
    let name = name::parse(full, given, family);
    let words = |tokens: &[name::Token]| tokens.iter().map(|token| bones(&token.text)).collect();
    ReadName {
        given: words(&name.given),
        family: words(&name.family),
        former: words(&name.former),
        is_certain: name.certain,
    }
}

pub(crate) fn sound(word: &str) -> String {
    letters::sound(word)
}

/// The numbers of the groups of short forms that a given name is in, as hashes; of its own where it is in none.
pub(crate) fn given_groups(word: &str) -> Vec<u64> {
    match nickname::heads(word) {
        [] => vec![crate::intern::hash_text(word)],
        groups => groups.iter().map(|&group| crate::intern::mix(7, u64::from(group))).collect(),
    }
}

/// The full names that a given name may stand for, as hashes; its own where none is known.
pub(crate) fn full_names(word: &str) -> Vec<u64> {
    match nickname::full_names(word) {
        names if names.is_empty() => vec![crate::intern::hash_text(word)],
        names => names.iter().map(|&name| crate::intern::mix(7, u64::from(name))).collect(),
    }
}

/// The rows of short forms that a given name stands in, counted from 1.
pub(crate) fn given_rows(word: &str) -> impl Iterator<Item = u16> + use<> {
    nickname::heads(word).iter().map(|&row| row + 1)
}

pub(crate) fn is_one_slip(a: &str, b: &str) -> bool {
    letters::one_slip(a, b)
}

#[derive(Debug, Clone)]
pub(crate) struct ReadMailbox {
    pub(crate) address: String,
    pub(crate) local: String,
    pub(crate) number: u32,
    pub(crate) domain: String,
    pub(crate) is_role: bool,
    pub(crate) is_free: bool,
    /// The words of the local part, where it has several.
    pub(crate) words: Vec<String>,
}

pub(crate) fn mailbox(text: &str) -> Option<ReadMailbox> {
    let mailbox = mailbox::parse(text)?;
    let words: Vec<String> = mailbox
        .local
        .split(['.', '_', '-'])
        .map(|word| bones(word.trim_end_matches(|c: char| c.is_ascii_digit())))
        .filter(|word| !word.is_empty())
        .collect();
    Some(ReadMailbox {
        address: format!("{}@{}", mailbox.local, mailbox.domain),
        local: bones(&mailbox.plain_local),
        number: mailbox.number.map_or(0, |number| number.saturating_add(1)),
        domain: mailbox.registrable,
        is_role: mailbox.is_role,
        is_free: mailbox.is_free_mail,
        words,
    })
}

/// A phone number and the exchange it belongs to.
pub(crate) fn phone(text: &str, country: &str) -> Option<(String, String)> {
    let phone = phone::parse(text, country)?;
    let number = phone.number.to_string();
    // Where the calling code is not known, the last nine digits are what can be compared.
    let tail = number.get(number.len().saturating_sub(9)..)?.to_owned();
    let direct = usize::from(phone.direct_digits).max(2);
    let exchange = tail.get(..tail.len().saturating_sub(direct))?.to_owned();
    let extension = phone.extension.map(|extension| format!("x{extension}")).unwrap_or_default();
    Some((tail + &extension, exchange))
}

pub(crate) fn profile(url: &str) -> Option<(String, String)> {
    let key = profile::key(url)?;
    Some((format!("{}/{}", key.host, key.path), key.host))
}

/// A job title, read.
pub(crate) fn title(text: &str) -> title::Title {
    title::parse(text)
}

/// The words of a text, spelled, for comparing.
pub(crate) fn plain_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    letters::skeleton(text, &mut out);
    let words: Vec<&str> = out.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A person's name in one spelling of its parts.
pub(crate) fn name_key(text: &str) -> String {
    let name = name(text, "", "");
    format!("{}|{}", name.given.join(" "), name.family.join(" "))
}

/// A phone number in digits.
pub(crate) fn phone_key(text: &str) -> String {
    phone::parse(text, "").map(|phone| format!("{}x{}", phone.number, phone.extension.unwrap_or(0))).unwrap_or_default()
}

/// A company's name without legal form; the words stay apart.
pub(crate) fn core_of(text: &str) -> String {
    let name = company::parse(text);
    name.core.into_iter().chain(name.generic).chain(name.geography).collect::<Vec<_>>().join(" ")
}

/// The registrable domains that a company's mention names.
pub(crate) fn company_domains(record: &MentionRecord) -> Vec<String> {
    if let Some(own) = record.domain.as_deref().or(record.company_domain.as_deref()).and_then(domain) {
        return vec![own];
    }
    let mails = record.emails.iter().filter_map(|text| EmailAddress::parse(text).ok());
    let mut found: Vec<String> = mails.filter_map(|address| domain(address.domain())).collect();
    found.sort();
    found.dedup();
    found
}

pub(crate) fn city(text: &str) -> String {
    place::parse("", text, "", "").city
}

/// Letters and digits in upper case, for numbers that are codes.
pub(crate) fn code(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

pub(crate) fn postcode(text: &str) -> String {
    place::parse("", "", text, "").postcode
}

pub(crate) fn street(text: &str) -> String {
    let place = place::parse(text, "", "", "");
    if place.street.is_empty() { String::new() } else { format!("{} {}", place.street, place.house) }
}

pub(crate) fn country(text: &str) -> String {
    country::parse(text).map_or_else(String::new, |code| code.iter().map(|&byte| char::from(byte)).collect())
}

/// A company's name, split.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadFirm {
    /// Words without legal form, geography and general words.
    pub(crate) core: Vec<String>,
    /// General words.
    pub(crate) generic: String,
    pub(crate) form: String,
    pub(crate) form_country: String,
    pub(crate) geography: String,
    pub(crate) acronym: String,
    pub(crate) is_acronym: bool,
    pub(crate) other: String,
}

pub(crate) fn firm(text: &str) -> ReadFirm {
    let name = company::parse(text);
    let code = |code: country::CountryCode| code.iter().map(|&byte| char::from(byte)).collect();
    ReadFirm {
        core: name.core,
        generic: name.generic.join(" "),
        form: name.legal_form.map(|form| form.name().to_owned()).unwrap_or_default(),
        form_country: name.form_country.map_or_else(String::new, code),
        geography: name.geography.join(" "),
        acronym: name.acronym,
        is_acronym: name.is_acronym_like,
        other: name.other_cores.into_iter().next().unwrap_or_default(),
    }
}

pub(crate) fn form(text: &str) -> String {
    if text.is_empty() { String::new() } else { firm(&format!("x {text}")).form }
}

/// Whether a word of a company's name says what or where it is, not which.
pub(crate) fn is_common_word(word: &str) -> bool {
    company::is_common_word(word)
}

/// The words of a text, plain as those of companies' names are.
pub(crate) fn company_words(text: &str) -> String {
    crate::normal::company_words(text)
}

/// The registrable domain of a host or an address of a page.
pub(crate) fn domain(text: &str) -> Option<String> {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default().trim().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mailbox = mailbox::parse(&format!("x@{host}"))?;
    (!mailbox.is_free_mail).then_some(mailbox.registrable)
}
