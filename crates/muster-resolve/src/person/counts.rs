//! What many mentions share, counted over all of them before any pair is compared: names, phones, colleagues, namesakes.
//!
//! People are told apart by name and employer here, roughly: who is who is found later.
//!
//! Invariant: counts depend on values only, not on the order of rows.

use rayon::prelude::*;

use super::{People, Person, Word};
use crate::intern::{Numbers, mix};

/// How many people have a value, by the value's number. People are told apart by name and employer, roughly.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// People in all.
    pub(crate) people: u32,
    pub(crate) family: Vec<u32>,
    pub(crate) given: Vec<u32>,
    pub(crate) full: Vec<u32>,
    pub(crate) group: Vec<u32>,
    pub(crate) entity: Vec<u32>,
    pub(crate) title: Vec<u32>,
    /// People with this word as their family name or as a part of it.
    pub(crate) part: Vec<u32>,
    /// How many namesakes at the employer a person has on average, known or not.
    pub(crate) namesake_rate: f64,
    /// How many others at the employer with the same family name a person has on average.
    pub(crate) kin_rate: f64,
}

impl People {
    /// Counts what is shared, and notes it with each mention.
    pub(super) fn count(&mut self) {
        let facts = &self.words.facts;
        let of = |id: u32| facts[id as usize];
        let initial = |p: &Person| u64::from(u32::from(of(p.given).initial));
        let short = |p: &Person| mix(of(p.family).hash, initial(p));
        let whole = |p: &Person| mix(of(p.family).hash, of(p.given).hash);
        let identity = |p: &Person| mix(whole(p), u64::from(p.group));
        let persons = &self.persons;
        let named = || persons.iter().filter(|p| p.family != 0 && p.given != 0 && !of(p.given).is_initial);
        let full = sharers(named().map(|p| (p.full, u64::from(p.group))));
        let group = sharers(persons.iter().filter(|p| p.family != 0).map(|p| (p.group, short(p))));
        let entity = sharers(persons.iter().filter(|p| p.family != 0).map(|p| (p.entity, short(p))));
        let mut counts = Counts {
            people: distinct(named().map(identity)),
            family: sharers(named().map(|p| (p.family, identity(p)))),
            given: sharers(named().map(|p| (p.given, identity(p)))),
            title: sharers(persons.iter().filter(|p| p.title != 0).map(|p| (p.title, identity(p)))),
            full,
            group,
            entity,
            part: sharers(named().flat_map(|p| family_words(p).map(|word| (word, identity(p))))),
            kin_rate: kin_rate(persons, facts),
            namesake_rate: 0.0,
        };
        // Who else has the initial, the phone, the name at this employer.
        let mut initials = Numbers::new();
        let of_initial: Vec<u32> = persons
            .iter()
            .map(|p| if p.group == 0 || p.family == 0 { 0 } else { initials.intern((p.group, short(p))) + 1 })
            .collect();
        let given = sharers(
            persons
                .iter()
                .zip(&of_initial)
                .filter(|(p, _)| p.given != 0 && !of(p.given).is_initial)
                .map(|(p, &n)| (n, of(p.given).full_names[0])),
        );
        let phones = sharers(persons.iter().filter(|p| p.family != 0).map(|p| (p.phone, short(p))));
        let known = Namesakes::new(persons, facts);
        counts.namesake_rate = known.rate;
        let at =
            |counts: &[u32], place: u32| if place == 0 { 0 } else { counts.get(place as usize).copied().unwrap_or(0) };
        for (place, person) in self.persons.iter_mut().enumerate() {
            person.is_initial_shared = at(&given, of_initial[place]) > 1;
            person.phone_sharers = u8::try_from(at(&phones, person.phone)).unwrap_or(u8::MAX);
            person.namesakes = known.others[place];
        }
        self.counts = counts;
    }
}

impl People {
    /// A number that a company lists as its own is a switchboard, however few people are seen with it; `listed` is sorted.
    pub(super) fn mark_switchboards(&mut self, listed: &[u32]) {
        for person in self.persons.iter_mut().filter(|p| listed.binary_search(&p.phone).is_ok()) {
            person.phone_sharers = u8::MAX;
        }
    }
}

/// The words that stand for a family name: its parts where it has several.
pub(crate) fn family_words(person: &Person) -> impl Iterator<Item = u32> + use<> {
    let words = if person.parts == [0; 2] { [person.family, 0] } else { person.parts };
    words.into_iter().filter(|&word| word != 0)
}

/// How many others at the employer with the same family name a person has on average: kin, and people who happen to.
fn kin_rate(persons: &[Person], facts: &[Word]) -> f64 {
    let of = |id: u32| facts[id as usize];
    let mut numbers = Numbers::new();
    let full = persons.iter().filter(|p| p.group != 0 && p.full != 0 && !of(p.given).is_initial);
    let givens = sharers(full.map(|p| (numbers.intern((p.group, of(p.family).hash)) + 1, of(p.given).full_names[0])));
    let (mut people, mut pairs) = (0.0, 0.0);
    for &count in givens.iter().skip(1) {
        people += f64::from(count);
        pairs += f64::from(count) * f64::from(count.saturating_sub(1));
    }
    let (rate, more) = KIN_RATE;
    (rate.mul_add(more, pairs) / (people + more)).clamp(1e-3, 10.0)
}

/// The same for family names: colleagues of one's family name, and for how many people that counts.
const KIN_RATE: (f64, f64) = (0.05, 200.0);

/// People of one name at one employer, told apart by what only one of them can have.
struct Namesakes {
    /// How many others the employer of each mention is known to have of its name.
    others: Vec<u8>,
    /// How many namesakes at the employer a person has on average.
    rate: f64,
}

/// The namesakes that a person has at an employer where data are too few to tell, and for how many people that counts.
const NAMESAKE_RATE: (f64, f64) = (0.01, 200.0);

impl Namesakes {
    fn new(persons: &[Person], facts: &[Word]) -> Self {
        let of = |id: u32| facts[id as usize];
        let mut numbers = Numbers::new();
        let mut cell = |p: &Person| match (p.group, p.full) {
            (0, _) | (_, 0) => 0,
            (group, _) => numbers.intern((group, of(p.given).full_names[0], of(p.family).hash)) + 1,
        };
        let cells: Vec<u32> = persons.iter().map(&mut cell).collect();
        let of_cell = || persons.iter().zip(cells.iter().copied());
        let mailboxes = sharers(
            of_cell()
                .filter(|(p, _)| p.mailbox != 0 && !p.is_free_mail)
                .map(|(p, cell)| (cell, mix(u64::from(p.mail_number), u64::from(p.local)))),
        );
        // On each platform a person has one profile.
        let mut hosts = Numbers::new();
        let profiles: Vec<(u32, u64, u32)> = of_cell()
            .filter(|&(p, cell)| p.profile != 0 && cell != 0)
            .map(|(p, cell)| (hosts.intern((cell, p.profile_host)) + 1, u64::from(p.profile), cell))
            .collect();
        let on_host = sharers(profiles.iter().map(|&(host, profile, _)| (host, profile)));
        let mut people = mailboxes;
        people.resize(people.len().max(cells.iter().max().map_or(1, |&most| most as usize + 1)), 0);
        for (host, _, cell) in profiles {
            people[cell as usize] = people[cell as usize].max(on_host[host as usize]);
        }
        let others = cells.iter().map(|&cell| u8::try_from(people[cell as usize].saturating_sub(1)).unwrap_or(u8::MAX));
        Self { others: others.collect(), rate: Self::rate(&people) }
    }

    /// A namesake shows only where both have a mailbox or a profile: what is seen is scaled by how many have.
    fn rate(people: &[u32]) -> f64 {
        let (mut named, mut known, mut pairs) = (0.0, 0.0, 0.0);
        for &count in people.iter().skip(1) {
            named += 1.0;
            known += f64::from(count.min(1));
            pairs += f64::from(count) * f64::from(count.saturating_sub(1));
        }
        let (rate, people) = NAMESAKE_RATE;
        let scale = if known > 0.0 { named / known } else { 1.0 };
        (rate.mul_add(people, pairs * scale) / (people + known)).clamp(1e-4, 1.0)
    }
}

/// Counts the distinct partners of each number; number 0 stays 0.
pub(crate) fn sharers(pairs: impl Iterator<Item = (u32, u64)>) -> Vec<u32> {
    let mut pairs: Vec<(u32, u64)> = pairs.filter(|&(value, _)| value != 0).collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    let mut counts = vec![0; pairs.last().map_or(1, |&(value, _)| value as usize + 1)];
    for (value, _) in pairs {
        counts[value as usize] += 1;
    }
    counts
}

fn distinct(values: impl Iterator<Item = u64>) -> u32 {
    let mut values: Vec<u64> = values.collect();
    values.par_sort_unstable();
    values.dedup();
    u32::try_from(values.len()).unwrap_or(u32::MAX)
}
