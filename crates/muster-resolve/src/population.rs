//! What only all mentions together show: how frequent a name is, who shares a phone or a mailbox, whose initial is
//! ambiguous.
//!
//! Frequencies count people, not mentions: a person who is mentioned a hundred times makes no name frequent.
//!
//! Invariant: it depends on the set of mentions, not on their order.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::employer::EmployerIds;
use crate::normalize::{Company, Person};

/// From this many different names on a mailbox is a function's, whatever it is called.
const MAILBOX_NAMES_MAX: usize = 3;

/// From this many sharers on a phone is a switchboard; more are not told apart.
const SHARERS_MAX: u8 = 3;

/// All mentions of people, with what they show together.
pub(crate) struct People {
    pub(crate) persons: Vec<Person>,
    pub(crate) employers: Vec<EmployerIds>,
    /// How many different people an employer has, by employer id.
    pub(crate) headcount: Vec<u32>,
    /// How many different people have the family name, per mention.
    pub(crate) family_count: Vec<u32>,
    /// How many have the first given name.
    pub(crate) given_count: Vec<u32>,
    /// Whether several people of the mention's employer have its initial and family name.
    pub(crate) initial_is_shared: Vec<bool>,
    /// How many share each of the mention's phones; three stands for a switchboard.
    pub(crate) phone_sharers: Vec<Vec<u8>>,
    /// About how many different people there are.
    pub(crate) entities: usize,
}

/// All mentions of companies, with what they show together.
pub(crate) struct Companies {
    pub(crate) forms: Vec<Company>,
    /// How many different companies have the name, per mention.
    pub(crate) name_count: Vec<u32>,
    /// How many names use each of the mention's phones.
    pub(crate) phone_sharers: Vec<Vec<u8>>,
    /// About how many different companies there are.
    pub(crate) entities: usize,
}

impl People {
    /// Looks at all people once; `company_phones` are the numbers that companies give as theirs.
    pub(crate) fn new(mut persons: Vec<Person>, employers: Vec<EmployerIds>, company_phones: &HashSet<String>) -> Self {
        demote_shared_mailboxes(&mut persons);
        let families: Vec<String> = persons.iter().map(|person| person.name.family_joined()).collect();
        let mut people: HashSet<(&str, &str, Option<u32>)> = HashSet::new();
        for ((person, family), employer) in persons.iter().zip(&families).zip(&employers) {
            people.insert((person.name.first(), family, employer.all().first().copied()));
        }
        let mut family: HashMap<&str, u32> = HashMap::new();
        let mut given: HashMap<&str, u32> = HashMap::new();
        for &(first, last, _) in &people {
            *family.entry(last).or_default() += 1;
            *given.entry(first).or_default() += 1;
        }
        let family_count = families.iter().map(|name| family[name.as_str()]).collect();
        let given_count = persons.iter().map(|person| given[person.name.first()]).collect();
        let entities = people.len();
        Self {
            family_count,
            given_count,
            entities,
            headcount: headcount(&persons, &families, &employers),
            initial_is_shared: shared_initials(&persons, &families, &employers),
            phone_sharers: person_phone_sharers(&persons, &families, company_phones),
            employers,
            persons,
        }
    }
}

/// Moves mailboxes that many names use to the role mailboxes.
fn demote_shared_mailboxes(persons: &mut [Person]) {
    let mut names_of: HashMap<String, BTreeSet<String>> = HashMap::new();
    for person in persons.iter().filter(|person| !person.name.family.is_empty()) {
        for mailbox in &person.mailboxes {
            names_of.entry(mailbox.address.clone()).or_default().insert(short_name(person));
        }
    }
    names_of.retain(|_, names| names.len() >= MAILBOX_NAMES_MAX);
    for person in persons {
        let (shared, own) = person.mailboxes.drain(..).partition(|mailbox| names_of.contains_key(&mailbox.address));
        person.mailboxes = own;
        let shared: Vec<crate::normalize::Mailbox> = shared;
        person.role_mailboxes.extend(shared.into_iter().map(|mailbox| mailbox.address));
        person.role_mailboxes.sort();
        person.role_mailboxes.dedup();
    }
}

/// A name short enough that its spellings agree: initial and family name.
fn short_name(person: &Person) -> String {
    format!("{} {}", person.name.first().chars().take(1).collect::<String>(), person.name.family_joined())
}

fn headcount(persons: &[Person], families: &[String], employers: &[EmployerIds]) -> Vec<u32> {
    let mut seen: HashSet<(u32, &str, &str)> = HashSet::new();
    let ids = employers.iter().flat_map(EmployerIds::all).max().map_or(0, |max| max as usize + 1);
    let mut counts = vec![0; ids];
    for ((person, family), employer) in persons.iter().zip(families).zip(employers) {
        for id in employer.all() {
            if seen.insert((id, person.name.first(), family)) {
                counts[id as usize] += 1;
            }
        }
    }
    counts
}

fn shared_initials(persons: &[Person], families: &[String], employers: &[EmployerIds]) -> Vec<bool> {
    let initial = |person: &Person| person.name.first().chars().next();
    let mut given_of: HashMap<(u32, &str, char), BTreeSet<&str>> = HashMap::new();
    for ((person, family), employer) in persons.iter().zip(families).zip(employers) {
        let Some(initial) = initial(person).filter(|_| person.name.is_full()) else { continue };
        for id in employer.all() {
            given_of.entry((id, family, initial)).or_default().insert(person.name.first());
        }
    }
    // Spellings of one given name (`Stefan`, `Stephan`) make no initial ambiguous.
    let several = |names: &BTreeSet<&str>| {
        let mut names = names.iter();
        let first = names.next();
        names.any(|name| first.is_some_and(|first| !crate::nickname::are_variants(first, name)))
    };
    persons
        .iter()
        .zip(families)
        .zip(employers)
        .map(|((person, family), employer)| {
            let Some(initial) = initial(person).filter(|_| !person.name.is_full()) else { return false };
            employer.all().into_iter().any(|id| given_of.get(&(id, family, initial)).is_some_and(several))
        })
        .collect()
}

fn person_phone_sharers(persons: &[Person], families: &[String], company_phones: &HashSet<String>) -> Vec<Vec<u8>> {
    let mut names: HashMap<&str, HashSet<(String, &str)>> = HashMap::new();
    let mut mailboxes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (person, family) in persons.iter().zip(families) {
        let initial: String = person.name.first().chars().take(1).collect();
        for phone in &person.phones {
            let sharers = names.entry(phone).or_default();
            if !family.is_empty() || !initial.is_empty() {
                sharers.insert((initial.clone(), family));
            }
            let of_phone = mailboxes.entry(phone).or_default();
            of_phone.extend(person.mailboxes.iter().filter(|m| m.is_company).map(|m| m.address.as_str()));
        }
    }
    let sharers = |phone: &String| {
        if company_phones.contains(phone) {
            return SHARERS_MAX;
        }
        let names = names.get(phone.as_str()).map_or(0, HashSet::len);
        let mailboxes = mailboxes.get(phone.as_str()).map_or(0, HashSet::len);
        u8::try_from(names.max(mailboxes)).unwrap_or(SHARERS_MAX).min(SHARERS_MAX)
    };
    persons.iter().map(|person| person.phones.iter().map(sharers).collect()).collect()
}

impl Companies {
    /// Looks at all companies once.
    pub(crate) fn new(companies: Vec<Company>) -> Self {
        let mut identities: HashSet<(String, Option<&str>)> = HashSet::new();
        let mut phone_names: HashMap<&str, HashSet<String>> = HashMap::new();
        let dense: Vec<String> = companies.iter().map(|company| company.core.replace(' ', "")).collect();
        for (company, name) in companies.iter().zip(&dense) {
            let place = company.domains.first().or(company.place.postcode.as_ref()).map(String::as_str);
            identities.insert((name.clone(), place));
            for phone in &company.phones {
                phone_names.entry(phone).or_default().insert(name.clone());
            }
        }
        // A mention that says no place is of one of the places that others say.
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for (name, place) in &identities {
            *counts.entry(name).or_default() += u32::from(place.is_some());
        }
        for count in counts.values_mut() {
            *count = (*count).max(1);
        }
        let name_count = dense.iter().map(|name| counts[name.as_str()]).collect();
        let sharers = |phone: &String| {
            let names = phone_names.get(phone.as_str()).map_or(0, HashSet::len);
            u8::try_from(names).unwrap_or(SHARERS_MAX).min(SHARERS_MAX)
        };
        let phone_sharers = companies.iter().map(|company| company.phones.iter().map(sharers).collect()).collect();
        let entities = counts.len();
        Self { forms: companies, name_count, phone_sharers, entities }
    }

    /// Returns the phone numbers that companies give as theirs.
    pub(crate) fn phones(&self) -> HashSet<String> {
        self.forms.iter().flat_map(|company| company.phones.iter().cloned()).collect()
    }
}
