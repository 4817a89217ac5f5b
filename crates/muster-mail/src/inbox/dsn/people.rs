//! Whom a delivery report is about.
//!
//! Invariant: neither our own address nor the reporter's is ever the person concerned.

use std::sync::LazyLock;

use muster_model::EmailAddress;
use regex::Regex;

use crate::inbox::parse::{Mail, first_field, header_fields};

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}").expect("constant pattern")
});

/// `Failed recipient: …` and its kin; the address may stand on the next line.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?imx)^[\ \t>*|-]*(?:
            (?:final|original|failed|intended|affected|bad|invalid|unknown|rejected)[\ -]recipients?(?:\ address)?
            | recipients? | (?:recipient|e-?mail)[\ -]?address(?:es)? | undeliverable\ (?:to|address) | address | user | mail\ to
            | empf(?:ä|ae)nger(?:adresse)? | adresse | destinataires? | destinatari[oa]s? | ontvangers? | geadresseerde
            | odbiorc[ay] | adresat | para | dest | rcpt(?:\ to)? | 宛先 | to | an
        )\s*:+[\ \t]*(?:rfc822;|smtp:|<)?\s*(\S[^\n]*)$",
    )
    .expect("constant pattern")
});

/// An address that opens a line, as most reports name the recipient.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[ \t>*"'|\[-]*<?([^\s<>\[\]"@:;,()]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})>?["'\]]?[ \t\r]*(?:[:;,(\-]|\.\.\.|$| [A-Z#0-9(]|\s-)"#)
        .expect("constant pattern")
});

/// Finds an address in a text such as `rfc822; <anna@firma.example>`.
pub(crate) fn address_in(text: &str) -> Option<EmailAddress> {
    addresses(text).next()
}

fn addresses(text: &str) -> impl Iterator<Item = EmailAddress> {
    ADDRESS.find_iter(text).filter_map(|found| {
        let plain = found.as_str().trim_start_matches(['\'', '`', '*', '.', '-', '/', '=', '|', '{', '#', '?']);
        let plain = plain.rsplit_once("smtp=").map_or(plain, |(_, plain)| plain);
        EmailAddress::parse(plain).ok()
    })
}

/// The address that our notice went to, from the returned headers: it is ours if its Message-ID is.
pub(super) fn returned_recipient(mail: &Mail) -> Option<EmailAddress> {
    returned_headers(mail).find_map(|text| {
        let fields = header_fields(text);
        let is_ours = first_field(&fields, "message-id").is_some_and(|id| id.contains("<notice."));
        is_ours.then(|| first_field(&fields, "to").and_then(address_in)).flatten()
    })
}

/// The header of each returned mail.
fn returned_headers(mail: &Mail) -> impl Iterator<Item = &str> {
    let returned = mail.parts.iter().filter(|part| {
        part.mime == "message/rfc822"
            || part.mime == "text/rfc822-headers"
            || part.mime == "message/global"
            || part.mime == "message/rfc822-headers"
            || part.mime == "message/global-headers"
    });
    returned.map(|part| {
        let end = ["\r\n\r\n", "\n\n"].iter().filter_map(|gap| part.text.find(gap)).min();
        end.and_then(|end| part.text.get(..end)).unwrap_or(&part.text)
    })
}

/// The recipient that Exim and Gmail name in a header.
pub(super) fn failed_recipient(mail: &Mail) -> Option<EmailAddress> {
    mail.headers("x-failed-recipients").find_map(address_in)
}

/// The notified address of a returned message, for feedback reports.
pub(crate) fn returned_to(mail: &Mail) -> Option<EmailAddress> {
    returned_recipient(mail)
}

/// The person that a report's text names: in a labelled line, at the start of a line, anywhere.
///
/// `copy` is what the report repeats of the returned mail.
pub(super) fn named(mail: &Mail, text: &str, copy: &str) -> Option<EmailAddress> {
    let own = own_addresses(mail);
    let is_person = |address: &EmailAddress| !own.contains(address) && !is_reporter(address);
    let first = |text: &str| addresses(text).find(is_person);
    let labelled = LABEL.captures_iter(text).filter_map(|found| found.get(1)).find_map(|rest| first(rest.as_str()));
    let below = || text_below_label(text).and_then(first);
    let opening = || OPENING.captures_iter(text).filter_map(|found| found.get(1)).find_map(|rest| first(rest.as_str()));
    let to_of = |fields: &str| first_field(&header_fields(fields), "to").and_then(first);
    opening()
        .or(labelled)
        .or_else(below)
        .or_else(|| first(text))
        .or_else(|| first(&mail.subject))
        .or_else(|| returned_headers(mail).find_map(to_of))
        .or_else(|| to_of(copy.trim_start_matches(['>', ' '])))
        .or_else(|| LABEL.captures_iter(copy).filter_map(|found| found.get(1)).find_map(|rest| first(rest.as_str())))
}

/// The lines after one that announces recipients and ends with a colon.
fn text_below_label(text: &str) -> Option<&str> {
    let at = text.find("recipient").or_else(|| text.find("address"))?;
    let rest = text.get(at..)?;
    let colon = rest.find(":\n").or_else(|| rest.find(":\r\n"))?;
    rest.get(colon..)
}

/// Addresses that the report itself goes to or comes from.
fn own_addresses(mail: &Mail) -> Vec<EmailAddress> {
    let names = ["to", "cc", "delivered-to", "x-original-to", "from", "reply-to", "sender", "envelope-to"];
    names.iter().flat_map(|name| mail.headers(name)).flat_map(addresses).collect()
}

fn is_reporter(address: &EmailAddress) -> bool {
    let local = address.local_part();
    let of_servers = ["privacy+", "postmaster", "mailer-daemon", "mailerdaemon", "notice.", "abuse", "prvs=", "bounce"];
    of_servers.iter().any(|name| local.starts_with(name))
}
