//! Brings together what a page says twice, gives people their employer and the firm what is left.
//!
//! Invariant: two people of one name stay two when their mailboxes or, in the same kind of place, their titles differ.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{EntityKind, Field, Method, company_core, fold_name, profile_url_key};

use crate::atoms::Mail;
use crate::dom::Doc;
use crate::draft::{Draft, Seen};
use crate::imprint::country_of_facts;
use crate::lines::Line;
use crate::organization::same_site;
use crate::schema::StructuredCompany;
use crate::view::{Claims, View, mail_fits};
use crate::words::announces_people;

/// Most loose numbers that are taken for the firm's; more are a directory.
const LOOSE_CALLS_MAX: usize = 8;

/// Most loose mailboxes that are taken for the firm's.
const LOOSE_MAILS_MAX: usize = 12;

/// Merges drafts of people that are one.
pub(crate) fn merge_people(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut merged: Vec<Draft> = Vec::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_mail: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts {
        let name = draft.first(Field::Name).map(fold_name).unwrap_or_default();
        let same_mail = draft.all(Field::Emails).find_map(|mail| by_mail.get(mail).copied()).filter(|&at| {
            // A mailbox that two people share is no proof that they are one.
            merged.get(at).is_some_and(|known| shares_name(known, &name))
        });
        let same_name = || {
            let known = by_name.get(&name)?;
            known.iter().copied().find(|&at| merged.get(at).is_some_and(|other| !conflict(other, &draft)))
        };
        let at = same_mail.or_else(same_name);
        let mails: Vec<String> = draft.all(Field::Emails).map(str::to_owned).collect();
        let at = if let Some(at) = at {
            if let Some(known) = merged.get_mut(at) {
                known.merge(draft);
            }
            at
        } else {
            merged.push(draft);
            by_name.entry(name).or_default().push(merged.len() - 1);
            merged.len() - 1
        };
        for mail in mails {
            by_mail.entry(mail).or_insert(at);
        }
    }
    merged
}

/// Takes out addresses of profiles that several people of a page or file state: they are their firm's, or the page's.
pub(crate) fn drop_shared_profiles(drafts: &mut [Draft]) {
    let mut holders: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.kind == EntityKind::Person) {
        for key in draft.all(Field::ProfileUrls).filter_map(profile_url_key) {
            holders.entry(key).or_default().insert(at);
        }
    }
    let is_shared =
        |url: &str| profile_url_key(url).and_then(|key| holders.get(&key)).is_some_and(|holders| holders.len() > 1);
    for draft in drafts {
        draft.drop_values(Field::ProfileUrls, is_shared);
    }
}

/// Whether a draft's name shares a word with another name.
fn shares_name(known: &Draft, name: &str) -> bool {
    let known = known.first(Field::Name).map(fold_name).unwrap_or_default();
    known.split(' ').any(|word| word.len() > 1 && name.split(' ').any(|other| other == word))
}

fn conflict(one: &Draft, other: &Draft) -> bool {
    let both = |field: Field| one.has(field) && other.has(field);
    let disjoint = |field: Field| !one.all(field).any(|value| other.all(field).any(|known| known == value));
    if both(Field::Emails) {
        return disjoint(Field::Emails);
    }
    let same_kind = one.method() == other.method();
    let titles_differ = both(Field::JobTitle)
        && !one.group_title
        && !other.group_title
        && one.first(Field::JobTitle).map(str::to_lowercase) != other.first(Field::JobTitle).map(str::to_lowercase);
    let phones_differ = both(Field::Phones) && disjoint(Field::Phones);
    same_kind && titles_differ && (phones_differ || !both(Field::Phones))
}

/// Whether the people of a page may belong to other firms than the page's owner: speakers, members, partners.
pub(crate) fn has_guests(doc: &Doc<'_>, lines: &[Line], page_url: &str) -> bool {
    let guests = [
        "speaker",
        "speakers",
        "referenten",
        "referentinnen",
        "intervenants",
        "ponentes",
        "relatori",
        "sprekers",
        "prelegenci",
        "keynote",
        "keynotes",
        "sprecherinnen",
    ];
    let heading = lines.iter().filter(|line| matches!(doc.tag(line.element), "h1" | "h2" | "h3"));
    let title = doc.elements("title").next().and_then(|title| doc.text(title + 1)).unwrap_or_default();
    let path = url::Url::parse(page_url).map(|url| url.path().to_lowercase()).unwrap_or_default();
    let announces = |text: &str| {
        announces_people(text) && crate::words::folded_words(text).iter().any(|word| guests.contains(&word.as_str()))
    };
    announces(title) || announces(&path) || heading.take(6).any(|line| announces(&line.text))
}

/// Gives each person an employer: the stated one, else the page's owner.
pub(crate) fn attribute(view: &View<'_, '_>, people: &mut [Draft], owner: &Draft) {
    let owner_name = owner.first(Field::Name).unwrap_or_default().to_owned();
    let owner_core = company_core(&owner_name);
    for person in people {
        let stated = person.first(Field::Company).map(str::to_owned);
        let own = stated.as_deref().is_none_or(|stated| {
            let core = company_core(stated);
            !owner_core.is_empty() && (core == owner_core || stated == owner_name)
        });
        let foreign_mail = person
            .first(Field::Emails)
            .and_then(|mail| mail.split_once('@'))
            .map(|(_, domain)| domain.to_owned())
            .filter(|domain| view.host.is_some_and(|host| !same_site(host, domain)));
        if stated.is_none() && (view.guests || owner_name.is_empty()) {
            if !view.guests {
                put_host(view, person);
            }
            continue;
        }
        if own {
            if stated.is_none() {
                person.copy(owner, Field::Name, Field::Company);
            }
            put_host(view, person);
        } else if !person.has(Field::CompanyDomain)
            && let Some(domain) = foreign_mail.filter(|domain| !is_free_mail(domain))
        {
            view.put_company_domain(person, &domain, Method::Mailto);
        }
    }
}

fn put_host(view: &View<'_, '_>, person: &mut Draft) {
    if let Some(host) = view.host.filter(|_| !person.has(Field::CompanyDomain)) {
        view.put_company_domain(person, host, person.method().unwrap_or(Method::Card));
    }
}

/// Providers whose domains say nothing of an employer.
fn is_free_mail(domain: &str) -> bool {
    let name = domain.split('.').next().unwrap_or_default();
    [
        "gmail",
        "googlemail",
        "gmx",
        "web",
        "yahoo",
        "hotmail",
        "outlook",
        "live",
        "icloud",
        "aol",
        "t-online",
        "freenet",
        "orange",
        "wanadoo",
        "free",
        "laposte",
        "libero",
        "wp",
        "onet",
        "o2",
        "proton",
        "protonmail",
        "posteo",
        "mailbox",
        "ziggo",
        "kpnmail",
    ]
    .contains(&name)
}

/// Completes the owner's draft with the mailboxes and numbers that no person has; nothing where the page says too
/// little of it.
pub(crate) fn complete_owner(
    view: &View<'_, '_>,
    mut owner: Draft,
    people: &[Draft],
    claims: &Claims,
    legal_page: bool,
) -> Option<Draft> {
    let method = if legal_page { Method::Imprint } else { Method::Prose };
    let loose: Vec<_> = view
        .atoms
        .mails
        .iter()
        .enumerate()
        .filter(|(at, mail)| !claims.has_mail(*at) && !view.zones.closed(mail.node) && is_firms(view, mail, people))
        .map(|(_, mail)| mail)
        .collect();
    let any_own = loose.iter().any(|mail| view.is_own(mail));
    for mail in loose.into_iter().filter(|mail| view.is_own(mail) || (!any_own && legal_page)).take(LOOSE_MAILS_MAX) {
        owner.put_hidden(
            Field::Emails,
            mail.address.as_str(),
            mail.method.unwrap_or(method),
            mail.seen.clone(),
            mail.form,
        );
    }
    let loose: Vec<_> = view
        .atoms
        .calls
        .iter()
        .enumerate()
        .filter(|(at, call)| !claims.has_call(*at) && !view.zones.closed(call.node))
        .map(|(_, call)| call)
        .collect();
    if loose.len() <= LOOSE_CALLS_MAX {
        for call in loose {
            let field = if call.fax { Field::Faxes } else { Field::Phones };
            owner.put(field, &call.number, call.method.unwrap_or(method), call.seen.clone());
        }
    }
    if let Some((code, by)) = country_of_facts(&owner).filter(|_| !owner.has(Field::Country)) {
        let seen = owner
            .evidence(by)
            .map_or_else(Seen::nowhere, |evidence| Seen { quote: evidence.quote.clone(), span: evidence.span });
        owner.put(Field::Country, code, Method::Imprint, seen);
    }
    let facts = [
        Field::Emails,
        Field::Phones,
        Field::Faxes,
        Field::Street,
        Field::Postcode,
        Field::RegisterNumber,
        Field::RegisterCourt,
        Field::VatId,
    ];
    if !facts.iter().any(|&field| owner.has(field)) {
        return None;
    }
    debug_assert!(owner.kind == EntityKind::Company, "BUG: the owner is no company");
    if let Some(host) = view.host.filter(|_| !owner.has(Field::Domain)) {
        let shown = view.atoms.mails.iter().find(|mail| same_site(host, mail.address.domain()));
        owner.put(Field::Domain, host, method, shown.map_or_else(Seen::nowhere, |mail| mail.seen.clone()));
    }
    Some(owner)
}

/// The companies beside the owner that structured data describes: each with a card, or with a way to reach it.
pub(crate) fn stated_companies(companies: Vec<StructuredCompany>, owner: Option<&Draft>) -> Vec<Draft> {
    let core = |draft: &Draft| company_core(draft.first(Field::Name).unwrap_or_default());
    let mut known: BTreeSet<String> = owner.map(core).into_iter().collect();
    let mut drafts = Vec::new();
    for StructuredCompany { mut draft, host } in companies {
        let reachable = [Field::Emails, Field::Phones, Field::Street].iter().any(|&field| draft.has(field));
        if (draft.method() == Some(Method::HCard) || reachable) && known.insert(core(&draft)) {
            if let Some(host) = host {
                draft.put(Field::Domain, &host, draft.method().unwrap_or(Method::HCard), Seen::nowhere());
            }
            drafts.push(draft);
        }
    }
    drafts
}

/// Whether a mailbox that no person has is the firm's: one of a function, or one that stands on the page for everybody.
fn is_firms(view: &View<'_, '_>, mail: &Mail, people: &[Draft]) -> bool {
    if view.is_function(&mail.address) {
        return true;
    }
    let repeated =
        view.atoms.mails.iter().filter(|other| other.address == mail.address && other.node != mail.node).count() > 0;
    let fits_somebody =
        people.iter().any(|person| person.first(Field::Name).is_some_and(|name| mail_fits(&mail.address, name)));
    repeated && !fits_somebody && !mail.address.local_part().contains(['.', '_', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, title: &str, mail: &str, method: Method) -> Draft {
        let mut draft = Draft::new(EntityKind::Person, 0);
        for (field, value) in [(Field::Name, name), (Field::JobTitle, title), (Field::Emails, mail)] {
            draft.put(field, value, method, Seen::nowhere());
        }
        draft
    }

    #[test]
    fn one_person_stated_twice_is_one() {
        let merged = merge_people(vec![
            person("Anna Müller", "Buyer", "a@firma.example", Method::JsonLd),
            person("ANNA MÜLLER", "Senior Buyer", "", Method::Card),
            person("Anna Maria Müller", "Buyer", "a@firma.example", Method::Card),
        ]);
        assert_eq!(merged.len(), 1);
    }

    #[test]
    fn an_address_that_two_people_state_is_nobodys_profile() {
        let with = |name: &str, url: &str| {
            let mut draft = person(name, "", "", Method::HCard);
            draft.put(Field::ProfileUrls, url, Method::HCard, Seen::nowhere());
            draft
        };
        let mut drafts = vec![
            with("Anna Muster", "https://firma.example/wir/"),
            with("Bernd Beispiel", "https://www.firma.example/wir"),
            with("Carla Fink", "https://firma.example/wir/carla-fink"),
        ];
        drop_shared_profiles(&mut drafts);
        let left: Vec<_> = drafts.iter().map(|draft| draft.first(Field::ProfileUrls)).collect();
        assert_eq!(left, [None, None, Some("https://firma.example/wir/carla-fink")]);
    }

    #[test]
    fn two_people_of_one_name_stay_two() {
        let by_mail = merge_people(vec![
            person("Thomas Berger", "Projektleiter", "thomas.berger@firma.example", Method::Card),
            person("Thomas Berger", "Leiter Personal", "t.berger2@firma.example", Method::Card),
        ]);
        assert_eq!(by_mail.len(), 2);
        let by_title = merge_people(vec![
            person("Thomas Berger", "Projektleiter", "", Method::Card),
            person("Thomas Berger", "Leiter Personal", "", Method::Card),
        ]);
        assert_eq!(by_title.len(), 2);
        let shared = merge_people(vec![
            person("Anna Muster", "", "buero@firma.example", Method::Card),
            person("Bernd Beispiel", "", "buero@firma.example", Method::Card),
        ]);
        assert_eq!(shared.len(), 2);
    }
}
