//! What the rules about people look at together: the page laid out, its atoms, and what has been given to whom.
//!
//! Invariant: an atom that one person has is not given to the company.

use std::ops::Range;

use muster_model::{EmailAddress, Field, Method, fold_name};

use crate::atoms::{Atoms, Mail};
use crate::dom::Doc;
use crate::draft::{Draft, Seen};
use crate::lines::Line;
use crate::organization::same_site;
use crate::words::{announces_people, fold, is_function_mailbox};
use crate::zones::{Zones, heading_rank};

/// A page as the rules see it.
pub(crate) struct View<'v, 'a> {
    /// The tree.
    pub(crate) doc: &'v Doc<'a>,
    /// Its lines.
    pub(crate) lines: &'v [Line],
    /// Parts that are not about its own people.
    pub(crate) zones: &'v Zones,
    /// Mailboxes, numbers, profiles.
    pub(crate) atoms: &'v Atoms,
    /// The host, without `www.`.
    pub(crate) host: Option<&'v str>,
    /// Whether title, first heading or address announce people.
    pub(crate) people_page: bool,
    /// Whether it is a legal page, whose labels name who answers for the firm.
    pub(crate) legal_page: bool,
    /// Whether its people may belong to other firms than its owner.
    pub(crate) guests: bool,
    /// Lines of a legal page that an address follows: who stands there runs the firm.
    pub(crate) addressed: &'v [usize],
}

/// Which atoms have been given to a person.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    mails: Vec<usize>,
    calls: Vec<usize>,
}

impl Claims {
    /// Whether a person has this mailbox; by index into the atoms.
    pub(crate) fn has_mail(&self, at: usize) -> bool {
        self.mails.contains(&at)
    }

    /// Notes that a person has this number.
    pub(crate) fn claim_call(&mut self, at: usize) {
        self.calls.push(at);
    }

    /// Whether a person has this number.
    pub(crate) fn has_call(&self, at: usize) -> bool {
        self.calls.contains(&at)
    }
}

/// Returns whether the page's title, first heading or address announce people.
pub(crate) fn is_people_page(doc: &Doc<'_>, lines: &[Line], page_url: &str) -> bool {
    let title = doc.elements("title").next().and_then(|title| doc.text(title + 1)).unwrap_or_default();
    let first_part = title.split(['|', '–', '—', '-', '·']).next().unwrap_or_default();
    let heading =
        lines.iter().find(|line| matches!(doc.tag(line.outer), "h1") || matches!(doc.tag(line.element), "h1"));
    let path = url::Url::parse(page_url).map(|url| url.path().replace(['/', '-', '_', '.'], " ")).unwrap_or_default();
    let contacts = |text: &str| {
        crate::words::folded_words(text).iter().any(|word| {
            matches!(
                word.as_str(),
                "contact" | "contacts" | "kontakt" | "kontakte" | "contatti" | "contacto" | "contactos"
            )
        })
    };
    let announces = |text: &str| announces_people(text) || contacts(text);
    announces(first_part) || heading.is_some_and(|line| announces(&line.text)) || announces(&path)
}

impl View<'_, '_> {
    /// Returns the indices of the lines that begin inside a range of nodes.
    pub(crate) fn lines_in(&self, nodes: &Range<usize>) -> Range<usize> {
        let start = self.lines.partition_point(|line| line.first < nodes.start);
        let end = self.lines.partition_point(|line| line.first < nodes.end);
        start..end.max(start)
    }

    /// Returns the mailboxes in a range of nodes, by index, that are a person's rather than a function's.
    pub(crate) fn personal_mails(&self, nodes: &Range<usize>) -> Vec<usize> {
        let inside = self.atoms.mails.iter().enumerate().filter(|(_, mail)| nodes.contains(&mail.node));
        inside.filter(|(_, mail)| !self.is_function(&mail.address)).map(|(at, _)| at).collect()
    }

    /// Returns whether a mailbox is a function's or the firm's own.
    pub(crate) fn is_function(&self, address: &EmailAddress) -> bool {
        let local = address.local_part();
        let host_word = |host: &str| host.split('.').next().is_some_and(|label| label == local);
        address.is_role()
            || is_function_mailbox(local)
            || host_word(address.domain())
            || self.host.is_some_and(host_word)
    }

    /// Returns the numbers in a range of nodes, by index, that are not everybody's.
    pub(crate) fn personal_calls(&self, nodes: &Range<usize>) -> Vec<usize> {
        let inside =
            self.atoms.calls.iter().enumerate().filter(|(_, call)| nodes.contains(&call.node) && !call.general);
        inside.map(|(at, _)| at).collect()
    }

    /// Returns the heading line above a node, nearest first.
    pub(crate) fn heading_above(&self, line: usize) -> Option<&Line> {
        let before = self.lines.get(..line)?;
        let own_rank = heading_rank(self.doc, self.lines.get(line)?).filter(|rank| *rank <= 6).unwrap_or(7);
        let stands_above = |line: &&Line| {
            heading_rank(self.doc, line)
                .is_some_and(|rank| rank < own_rank || (own_rank == 7 && line.text.ends_with(':')))
        };
        before.iter().rev().take(400).find(stands_above)
    }

    /// Gives mailboxes to a person.
    pub(crate) fn give_mails(&self, draft: &mut Draft, mails: &[usize], method: Method, claims: &mut Claims) {
        for &at in mails {
            let Some(mail) = self.atoms.mails.get(at) else { continue };
            let method = mail.method.unwrap_or(method);
            draft.put_hidden(Field::Emails, mail.address.as_str(), method, mail.seen.clone(), mail.form);
            claims.mails.push(at);
        }
    }

    /// Gives numbers to a person.
    pub(crate) fn give_calls(&self, draft: &mut Draft, calls: &[usize], method: Method, claims: &mut Claims) {
        for &at in calls {
            let Some(call) = self.atoms.calls.get(at) else { continue };
            let field = if call.fax { Field::Faxes } else { Field::Phones };
            draft.put(field, &call.number, call.method.unwrap_or(method), call.seen.clone());
            claims.calls.push(at);
        }
    }

    /// Gives profiles inside a range of nodes to a person.
    pub(crate) fn give_profiles(&self, draft: &mut Draft, nodes: &Range<usize>, method: Method) {
        for profile in self.atoms.profiles.iter().filter(|profile| nodes.contains(&profile.node)) {
            draft.put(Field::ProfileUrls, &profile.url, method, profile.seen.clone());
        }
    }

    /// Gives atoms of structured people to them, so that the company does not get them too.
    pub(crate) fn claim_values(&self, draft: &Draft, claims: &mut Claims) {
        for (at, mail) in self.atoms.mails.iter().enumerate() {
            if draft.all(Field::Emails).any(|known| known == mail.address.as_str()) {
                claims.mails.push(at);
            }
        }
        for (at, call) in self.atoms.calls.iter().enumerate() {
            if draft.all(Field::Phones).chain(draft.all(Field::Faxes)).any(|known| known == call.number) {
                claims.calls.push(at);
            }
        }
    }

    /// Returns whether a mailbox belongs to the site by its domain.
    pub(crate) fn is_own(&self, mail: &Mail) -> bool {
        self.host.is_none_or(|host| same_site(host, mail.address.domain()))
    }

    /// Puts the employer's host, with the mailbox that shows it where there is one.
    pub(crate) fn put_company_domain(&self, draft: &mut Draft, host: &str, method: Method) {
        let shown = self.atoms.mails.iter().find(|mail| {
            same_site(host, mail.address.domain())
                && draft.all(Field::Emails).any(|known| known == mail.address.as_str())
        });
        let seen = shown.map_or_else(Seen::nowhere, |mail| mail.seen.clone());
        draft.put(Field::CompanyDomain, host, method, seen);
    }
}

/// How well the local part of an address fits a name.
pub(crate) fn mail_fits(address: &EmailAddress, name: &str) -> bool {
    let squash = |text: &str| -> String {
        fold(text)
            .replace("ae", "a")
            .replace("oe", "o")
            .replace("ue", "u")
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect()
    };
    let local = squash(address.local_part());
    let folded = fold_name(name);
    let words: Vec<String> = folded.split(' ').map(squash).filter(|word| !word.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let long_word = words.iter().any(|word| word.len() >= 3 && local.contains(word.as_str()));
    let initial = first.get(..1).unwrap_or_default();
    let short_last = last.get(..last.len().min(4)).unwrap_or_default();
    let initials: String = words.iter().filter_map(|word| word.chars().next()).collect();
    long_word
        || (!initial.is_empty() && local.starts_with(initial) && last.len() >= 2 && local.contains(short_last))
        || (local.len() >= 2 && local == initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_fits_the_name_it_was_made_from() {
        let fits = |mail: &str, name: &str| mail_fits(&EmailAddress::parse(mail).unwrap(), name);
        for (mail, name) in [
            ("s.duehrkoop@firma.example", "Silke Dührkoop"),
            ("tamsin.op@firma.example", "Tamsin Ogilvie-Park"),
            ("muellera@firma.example", "Anna Müller"),
            ("am@firma.example", "Anna Müller"),
            ("nuala@firma.example", "Nuala Ferriter"),
        ] {
            assert!(fits(mail, name), "{mail} {name}");
        }
        assert!(!fits("ops@firma.example", "Anna Müller") && !fits("b.schmidt@firma.example", "Anna Müller"));
    }
}
