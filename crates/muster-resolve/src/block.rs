//! Blocking: which pairs are worth comparing, found by keys that mentions of one entity tend to share.
//!
//! A key shared by very many mentions would make a pair of every two of them. Such a key is capped: its mentions are
//! sorted by name and employer and each is compared with its next neighbors only; the cap is reported.
//!
//! Invariant: each pair comes once, and no value is reported, only the rule and a count.

use rayon::prelude::*;

use crate::name::sound;
use crate::nickname::heads;
use crate::normalize::Person;
use crate::population::{Companies, People};

/// From this many mentions on a key is hot: 100 mentions are 4,950 pairs.
pub(crate) const KEY_MENTIONS_MAX: usize = 100;

/// How many neighbors a mention under a hot key is compared with.
const HOT_NEIGHBORS: usize = 20;

/// The rules by which people are blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PersonRule {
    Email,
    FamilyEmployer,
    FamilyInitialEmployer,
    GivenEmployer,
    FullName,
    Phone,
    Profile,
}

/// Names of the rules for people, in the order of their enum.
const PERSON_RULES: &[&str] = &[
    "email",
    "family_name+employer",
    "family_name+initial+employer",
    "given_name+employer",
    "full_name",
    "phone",
    "profile",
];

/// The rules by which companies are blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CompanyRule {
    Domain,
    Name,
    NamePostcode,
    NameCity,
    Register,
    Vat,
    Phone,
    Email,
}

/// Names of the rules for companies, in the order of their enum.
const COMPANY_RULES: &[&str] = &[
    "domain",
    "company_name",
    "first_word+postcode",
    "first_word+city",
    "register_number",
    "vat_id",
    "phone",
    "email",
];

/// One blocking key of one mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// A hash of rule and values; two values that hash alike only cost a comparison.
    pub(crate) hash: u64,
    /// The rule, by its place.
    pub(crate) rule: u8,
}

/// A key that too many mentions share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Capped {
    pub(crate) rule: u8,
    pub(crate) mention_count: usize,
}

/// The pairs to compare, each once and sorted, and the keys that were capped.
pub(crate) struct Candidates {
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) capped: Vec<Capped>,
}

/// Returns the name of a rule.
pub(crate) fn rule_name(of_people: bool, rule: u8) -> &'static str {
    let rules = if of_people { PERSON_RULES } else { COMPANY_RULES };
    rules.get(usize::from(rule)).copied().unwrap_or_default()
}

/// Makes keys of one mention; FNV-1a, because the hash must not differ between runs or machines.
struct Keys(Vec<Key>);

impl Keys {
    fn add(&mut self, rule: u8, values: &[&str]) {
        if values.iter().any(|value| value.is_empty()) {
            return;
        }
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(rule);
        for byte in values.iter().flat_map(|value| value.bytes().chain([0xff])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0.push(Key { hash, rule });
    }

    fn finish(mut self) -> Vec<Key> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
}

/// Returns the blocking keys of a person.
pub(crate) fn person_keys(all: &People, index: usize) -> Vec<Key> {
    let person = &all.persons[index];
    let mut keys = Keys(Vec::new());
    let initial: String = person.name.first().chars().take(1).collect();
    let employers: Vec<String> = all.employers[index].all().iter().map(u32::to_string).collect();
    for mailbox in &person.mailboxes {
        keys.add(PersonRule::Email as u8, &[&mailbox.domain, &mailbox.local]);
    }
    for employer in &employers {
        for family in &person.name.family {
            keys.add(PersonRule::FamilyEmployer as u8, &[&sound(family), employer]);
            keys.add(PersonRule::FamilyInitialEmployer as u8, &[family, &initial, employer]);
        }
        for given in heads(person.name.first()) {
            keys.add(PersonRule::GivenEmployer as u8, &[given, employer]);
        }
    }
    full_name_keys(person, &mut keys);
    for (phone, &sharers) in person.phones.iter().zip(&all.phone_sharers[index]) {
        if sharers < 3 {
            keys.add(PersonRule::Phone as u8, &[phone]);
        }
    }
    for profile in &person.profiles {
        keys.add(PersonRule::Profile as u8, &[&profile.key]);
    }
    keys.finish()
}

/// Keys of given and family name in either order, one for each part of a double name.
fn full_name_keys(person: &Person, keys: &mut Keys) {
    if !person.name.is_full() {
        return;
    }
    for family in &person.name.family {
        for given in heads(person.name.first()) {
            let (one, two) = if given <= family.as_str() { (given, family.as_str()) } else { (family.as_str(), given) };
            keys.add(PersonRule::FullName as u8, &[one, two]);
        }
    }
}

/// Returns the blocking keys of a company.
pub(crate) fn company_keys(all: &Companies, index: usize) -> Vec<Key> {
    let company = &all.forms[index];
    let mut keys = Keys(Vec::new());
    for domain in &company.domains {
        keys.add(CompanyRule::Domain as u8, &[domain]);
    }
    keys.add(CompanyRule::Name as u8, &[&company.core.replace(' ', "")]);
    let first_word = company.core.split(' ').next().unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    keys.add(CompanyRule::NamePostcode as u8, &[first_word, &text(&company.place.postcode)]);
    keys.add(CompanyRule::NameCity as u8, &[first_word, &text(&company.place.city)]);
    keys.add(CompanyRule::Register as u8, &[&text(&company.register)]);
    keys.add(CompanyRule::Vat as u8, &[&text(&company.vat)]);
    for phone in &company.phones {
        keys.add(CompanyRule::Phone as u8, &[phone]);
    }
    for mailbox in &company.mailboxes {
        keys.add(CompanyRule::Email as u8, &[mailbox]);
    }
    keys.finish()
}

/// Returns the places of the mentions in the order in which neighbors under a hot key are taken.
pub(crate) fn person_ranks(all: &People) -> Vec<u32> {
    ranks(all.persons.len(), |index| {
        let name = &all.persons[index].name;
        (name.first().to_owned(), name.family_joined(), all.employers[index].all())
    })
}

/// The same for companies.
pub(crate) fn company_ranks(all: &Companies) -> Vec<u32> {
    ranks(all.forms.len(), |index| {
        let company = &all.forms[index];
        (company.core.clone(), company.place.postcode.clone(), company.place.city.clone())
    })
}

fn ranks<K: Ord>(count: usize, key: impl Fn(usize) -> K) -> Vec<u32> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_cached_key(|&index| (key(index), index));
    let mut ranks = vec![0; count];
    for (rank, index) in (0..).zip(order) {
        ranks[index] = rank;
    }
    ranks
}

/// Returns the candidate pairs of `ranks.len()` mentions.
pub(crate) fn candidates(keys: impl Fn(usize) -> Vec<Key> + Sync, ranks: &[u32]) -> Candidates {
    let count = u32::try_from(ranks.len()).expect("fewer than 2^32 mentions");
    let mut entries: Vec<(Key, u32)> = (0..count)
        .into_par_iter()
        .flat_map_iter(|index| keys(index as usize).into_iter().map(move |key| (key, index)))
        .collect();
    entries.par_sort_unstable();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut capped = Vec::new();
    for block in entries.chunk_by(|left, right| left.0 == right.0) {
        let mut members: Vec<u32> = block.iter().map(|&(_, index)| index).collect();
        let neighbors = if members.len() > KEY_MENTIONS_MAX {
            capped.push(Capped { rule: block[0].0.rule, mention_count: members.len() });
            members.sort_unstable_by_key(|&index| ranks[index as usize]);
            HOT_NEIGHBORS
        } else {
            members.len()
        };
        for (place, &left) in members.iter().enumerate() {
            let next = members.iter().skip(place + 1).take(neighbors);
            pairs.extend(next.map(|&right| (left.min(right), left.max(right))));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    capped.sort_unstable();
    Candidates { pairs, capped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hash: u64) -> Key {
        Key { hash, rule: 0 }
    }

    #[test]
    fn a_pair_that_shares_two_keys_comes_once() {
        let keys = [vec![key(1), key(2)], vec![key(1), key(2)], vec![key(3)]];
        let found = candidates(|index| keys[index].clone(), &[0, 1, 2]);
        assert_eq!(found.pairs, [(0, 1)]);
        assert!(found.capped.is_empty());
    }

    #[test]
    fn a_hot_key_is_capped_and_reported() {
        let count = 5_000;
        let ranks: Vec<u32> = (0..count).collect();
        let found = candidates(|_| vec![key(7)], &ranks);
        assert_eq!(found.capped, [Capped { rule: 0, mention_count: 5_000 }]);
        assert!(found.pairs.len() <= 5_000 * HOT_NEIGHBORS);
        assert!(found.pairs.contains(&(0, 1)) && !found.pairs.contains(&(0, 4_000)));
    }

    #[test]
    fn an_empty_value_makes_no_key() {
        let mut keys = Keys(Vec::new());
        keys.add(0, &["a", ""]);
        keys.add(0, &["ab", "c"]);
        keys.add(0, &["a", "bc"]);
        assert_eq!(keys.finish().len(), 2);
    }
}
