//! Evidence that needs no words of a language: whose mailbox or page stands in a sentence, and which authority is named.
//!
//! A notice may say an item in words that no list knows; a page on somebody else's host, a mailbox at the employer or
//! the name of an authority still tell what the sentence is about.
//!
//! Invariant: a mailbox is the person's only where it is no office and no office of the sender shares its host.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::fold;
use super::reading::{mailboxes, urls};

/// The names of supervisory authorities of the states whose languages are checked, folded.
static AUTHORITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?:data protection commission\w*|information commissioner\w*|data protection commissioner|ico\.org\.uk|dpc|idpc|ico",
        r"|landesbeauftragte\w*|bundesbeauftragte\w*|datenschutzbeauftragte\w* des landes|beauftragte\w* fur (?:den )?datenschutz\w*|beauftragte\w* fur (?:die )?informationsfreiheit",
        r"|(?:sachsisch|bayerisch|hessisch|thuringisch|niedersachsisch|hamburgisch|brandenburgisch)\w* [\w -]{0,30}beauftragte\w*|(?:thuringer|berliner|hamburger) \w*beauftragte\w*",
        r"|landesamt\w* fur datenschutz\w*|landeszentrum fur datenschutz|zentrum fur datenschutz|osterreichische\w* datenschutzbehorde|datenschutzbehorde,|datenschutzkommission|datenschutzstelle furstentum|edob|bfdi|baylda|lfdi|tlfdi|hbdi|ldi nrw|uld",
        r"|cnil|commission nationale|autorite de protection des donnees|cnpd|apd|prepose federal|pfpdt",
        r"|aepd|agencia espanola|agencia vasca|autoridad (?:catalana|vasca)|autoritat catalana|consejo de transparencia",
        r"|garante|gpdp|autoriteit persoonsgegevens|gegevensbeschermingsautoriteit|gba|toezichtcommissie|vlaamse toezicht\w*",
        r"|urz\w* ochrony danych|uodo|puodo|datatilsynet|integritetsskydd\w*|tietosuoja\w*|fdpic|incaricato federale)\b",
    ))
    .expect("the pattern is part of the source, and every test of the linter compiles it")
});

/// Stems of the names of mailboxes that belong to an office and not to a person.
const OFFICES: [&str; 64] = [
    "privacy",
    "datenschutz",
    "dsb",
    "dpo",
    "dpd",
    "gdpr",
    "dsgvo",
    "rgpd",
    "rodo",
    "avg",
    "info",
    "contact",
    "kontakt",
    "contacto",
    "contatt",
    "office",
    "hello",
    "hallo",
    "hola",
    "bonjour",
    "ciao",
    "mail",
    "post",
    "iod",
    "fg",
    "rights",
    "recht",
    "droits",
    "derechos",
    "diritti",
    "prawa",
    "protect",
    "daten",
    "data",
    "dane",
    "donnees",
    "datos",
    "dati",
    "gegevens",
    "lopd",
    "legal",
    "objec",
    "rpd",
    "rep",
    "team",
    "support",
    "service",
    "secret",
    "segret",
    "sekret",
    "biuro",
    "bureau",
    "compliance",
    "inspektor",
    "ochrona",
    "widerspruch",
    "sprzeciw",
    "bezwaar",
    "oppos",
    "stop",
    "klacht",
    "vertret",
    "article27",
    "dp-",
];

/// Words in the address of a page on the sender's own privacy notice.
const PRIVACY_PAGES: [&str; 19] = [
    "privacy",
    "datenschutz",
    "confidentialite",
    "privacidad",
    "privatezza",
    "privacyverklaring",
    "prywatnosc",
    "rgpd",
    "gdpr",
    "dsgvo",
    "rodo",
    "opt-out",
    "widerspruch",
    "oppos",
    "oposicion",
    "bezwaar",
    "sprzeciw",
    "objec",
    "unsub",
];

/// Returns whether a text names a supervisory authority.
pub(super) fn names_authority(raw: &str) -> bool {
    AUTHORITY.is_match(&fold(raw))
}

/// Returns whether the name of a mailbox is one of an office.
pub(super) fn is_office(mailbox: &str) -> bool {
    let local = fold(mailbox.split('@').next().unwrap_or_default());
    OFFICES.iter().any(|office| local.contains(office))
}

/// Returns the hosts of the offices that a text names: the sender's, the officer's, the representative's.
pub(super) fn office_hosts(text: &str) -> BTreeSet<String> {
    mailboxes(text).filter(|mailbox| is_office(mailbox)).filter_map(host_of_mailbox).collect()
}

/// Returns whether all mailboxes of a text, and at least one, are the person's: made of a name, and at no office's host.
pub(super) fn has_only_persons_mailboxes(raw: &str, offices: &BTreeSet<String>, names: &BTreeSet<String>) -> bool {
    let mut some = false;
    mailboxes(raw).all(|mailbox| {
        some = true;
        let local = fold(mailbox.split('@').next().unwrap_or_default());
        // `a.muster`, `amuster`, `annamuster`.
        let named = local.contains(['.', '_'])
            || names.iter().any(|name| local.len() > name.len() && local.ends_with(name.as_str()));
        named && !is_office(mailbox) && host_of_mailbox(mailbox).is_none_or(|host| !offices.contains(&host))
    }) && some
}

/// Returns the words of a text with a capital that are long enough to be a name, folded.
pub(super) fn names_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.starts_with(char::is_uppercase) && word.chars().count() > 3).map(fold).collect()
}

/// Returns whether a page in a text is neither the sender's nor an authority's.
pub(super) fn has_page_of_others(raw: &str, offices: &BTreeSet<String>) -> bool {
    urls(raw).any(|url| {
        let low = url.to_lowercase();
        let own = host_of(&low).is_some_and(|host| offices.contains(host));
        !own && !AUTHORITY.is_match(&low) && !PRIVACY_PAGES.iter().any(|word| low.contains(word))
    })
}

fn host_of(url: &str) -> Option<&str> {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    bare.split(['/', '?', '#']).next()
}

fn host_of_mailbox(mailbox: &str) -> Option<String> {
    mailbox.split_once('@').map(|(_, host)| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_at_an_office_s_host_is_nobody_s_own() {
        let offices = office_hosts("Write to privacy@liste.example. On file: a.muster@werft.example");
        let names = names_of("Anna Muster, an der Werft");
        for (text, persons) in [
            ("a.muster@werft.example", true),
            ("amuster@werft.example", true),
            ("werkstatt@werft.example", false),
            ("r.t@liste.example", false),
            ("no mailbox", false),
        ] {
            assert_eq!(has_only_persons_mailboxes(text, &offices, &names), persons, "{text}");
        }
    }

    #[test]
    fn a_page_of_the_sender_or_an_authority_is_no_source() {
        let offices = office_hosts("privacy@liste.example");
        assert!(has_page_of_others("see www.werft.example/team", &offices));
        assert!(!has_page_of_others("see https://liste.example/any", &offices));
        assert!(!has_page_of_others("www.uodo.gov.pl or www.cnil.fr", &offices));
    }

    #[test]
    fn authorities_are_known_by_name_and_not_by_kind() {
        for name in [
            "the Data Protection Commission",
            "Prezes Urzędu Ochrony Danych Osobowych",
            "Österreichische Datenschutzbehörde",
        ] {
            assert!(names_authority(name), "{name}");
        }
        for kind in ["a supervisory authority", "die zuständige Behörde", "l'autorité compétente", "organ nadzorczy"]
        {
            assert!(!names_authority(kind), "{kind}");
        }
    }
}
