//! The people of a world: who works where since when, who is named like whom, who shares what.
//!
//! A person is kept as seeds and numbers; names and contacts are made anew for each mention, so a large world stays small in memory.
//! Invariant: no two people of one domain have the same mailbox of their own.

use std::collections::{HashMap, HashSet};

use crate::company::{Entity, Group};
use crate::contact;
use crate::country::Country;
use crate::name::Name;
use crate::rates::Rates;
use crate::rng::{Rng, mix};
use crate::title::Job;

/// Share of an entity's people whose name comes from another country than the entity.
const FROM_ELSEWHERE: f64 = 0.11;

/// No person, no entity.
const NONE: u32 = u32::MAX;

/// What is special about somebody.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, and any may go with any")]
pub(crate) struct Marks {
    /// Another person of the group has the same given and family name.
    pub(crate) namesake: bool,
    /// Bears the name of the family that owns the firm.
    pub(crate) owner: bool,
    pub(crate) borrows_mailbox: bool,
    pub(crate) lends_mailbox: bool,
    pub(crate) borrows_phone: bool,
    pub(crate) lends_phone: bool,
}

/// One person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    given_seed: u64,
    family_seed: u64,
    country: u8,
    pub(crate) mentions: u8,
    /// Which one of the equal mailboxes is this person's, at either employer.
    mailbox: u8,
    former_mailbox: u8,
    /// First day at the present employer; 0 if there was no other.
    pub(crate) change: u16,
    /// Place among the people of the entity.
    rank: u16,
    entity: u32,
    former: u32,
    partner: u32,
    pub(crate) marks: Marks,
}

/// Everything there is.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) rates: Rates,
    pub(crate) countries: Vec<Country>,
    pub(crate) groups: Vec<Group>,
    pub(crate) entities: Vec<Entity>,
    pub(crate) people: Vec<Person>,
    /// Pairs of people of one group with the same name.
    pub(crate) namesake_pairs: u64,
}

/// What is known while people settle: everybody's entity, and the people so far by entity and by group.
struct Settled<'a> {
    homes: &'a [u32],
    colleagues: &'a HashMap<u32, Vec<u32>>,
    groups: &'a HashMap<usize, Vec<u32>>,
    last_day: usize,
}

fn narrow(value: usize) -> u32 {
    u32::try_from(value).expect("a world has fewer than four billion of anything")
}

/// How many mentions somebody has: mostly one to three, seldom more than ten.
fn mention_count(rates: &Rates, rng: &mut Rng) -> u8 {
    let mean = [1.7, 4.6, 10.0][rng.weighted(&[0.75, 0.20, 0.05])];
    let factor = rates.mentions_per_person;
    u8::try_from((1 + rng.exponential(mean * factor.max(0.01))).min(20)).unwrap_or(20)
}

/// How many people it takes for so many mentions, roughly and rather too many.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "below four billion"
)]
pub(crate) fn people_for(mentions: usize, rates: &Rates) -> usize {
    let factor = rates.mentions_per_person.max(0.01);
    let rest = |mean: f64| 1.0 / ((1.0 / (mean * factor)).exp() - 1.0);
    let mean = 1.0 + 0.75 * rest(1.7) + 0.20 * rest(4.6) + 0.05 * rest(10.0);
    (mentions as f64 / mean * 1.03) as usize + 20
}

impl World {
    /// Settles people at the entities until they have `mentions` mentions together.
    pub(crate) fn settle(mut self, mentions: usize, last_day: usize) -> Self {
        let mut left = mentions;
        let mut order = self.homes();
        // Cut at random, so that a world too large loses people everywhere and not its last companies.
        let mut rng = Rng::of(self.seed, 51, 0);
        for at in (1..order.len()).rev() {
            order.swap(at, rng.below(at + 1));
        }
        let mut colleagues: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut chosen: HashMap<usize, Vec<u32>> = HashMap::new();
        let mut at = 0;
        while left > 0 {
            // Where the people known do not suffice, the companies have a few more.
            let home = order[at % order.len()];
            let settled = Settled { homes: &order, colleagues: &colleagues, groups: &chosen, last_day };
            let person = self.person(at, home, &settled, &mut left);
            let group = self.entities[home as usize].group;
            colleagues.entry(home).or_default().push(narrow(at));
            chosen.entry(group).or_default().push(narrow(at));
            self.people.push(person);
            at += 1;
        }
        self.share();
        self.count_names();
        self.give_mailboxes();
        self
    }

    /// The entity of each known person.
    fn homes(&self) -> Vec<u32> {
        let each = self.entities.iter().enumerate();
        each.flat_map(|(at, entity)| std::iter::repeat_n(narrow(at), entity.known)).collect()
    }

    fn person(&self, at: usize, home: u32, settled: &Settled<'_>, left: &mut usize) -> Person {
        let mut rng = Rng::of(self.seed, 52, at as u64);
        let Settled { homes, colleagues, groups, last_day } = *settled;
        let rates = &self.rates;
        let entity = &self.entities[home as usize];
        let near = colleagues.get(&home).map_or(&[][..], Vec::as_slice);
        let weights: Vec<f64> = self.countries.iter().map(|country| country.weight).collect();
        let mut country = entity.country;
        if rng.chance(FROM_ELSEWHERE) {
            country = rng.weighted(&weights);
        }
        let mut seeds = (rng.next(), rng.next());
        let mut owner = !entity.family.is_empty() && near.len() < 3 && rng.chance(0.45);
        let group = groups.get(&entity.group).map_or(&[][..], Vec::as_slice);
        let (same, kin) = (rng.chance(rates.namesakes), rng.chance(rates.kin));
        if !group.is_empty() && (same || kin) {
            let other = &self.people[*rng.pick(group) as usize];
            country = usize::from(other.country);
            owner = other.marks.owner && self.entities[other.entity as usize].family == entity.family;
            seeds = (if same { other.given_seed } else { seeds.0 }, other.family_seed);
        } else if owner {
            country = entity.country;
        }
        let mut former = NONE;
        let mut change = 0;
        if rng.chance(rates.job_change) {
            let target = self.former_employer(home, homes, &mut rng);
            if target != home {
                former = target;
                change = u16::try_from(rng.between(last_day / 6, last_day - last_day / 6)).unwrap_or(u16::MAX);
            }
        }
        let mentions = mention_count(rates, &mut rng);
        let mentions = mentions.min(u8::try_from(*left).unwrap_or(u8::MAX));
        *left -= usize::from(mentions);
        let partner = if near.is_empty() { NONE } else { *rng.pick(near) };
        let borrows = |p: f64, rng: &mut Rng| partner != NONE && rng.chance(p);
        Person {
            given_seed: seeds.0,
            family_seed: seeds.1,
            country: u8::try_from(country).expect("fewer countries than that"),
            mentions,
            mailbox: 0,
            former_mailbox: 0,
            change,
            rank: u16::try_from(near.len()).unwrap_or(u16::MAX),
            entity: home,
            former,
            partner,
            marks: Marks {
                owner,
                borrows_mailbox: borrows(rates.shared_mailbox, &mut rng),
                borrows_phone: borrows(rates.shared_phone, &mut rng),
                ..Marks::default()
            },
        }
    }

    /// Where somebody was before: often in the same group or country.
    fn former_employer(&self, home: u32, homes: &[u32], rng: &mut Rng) -> u32 {
        let here = &self.entities[home as usize];
        let group = &self.groups[here.group];
        if group.entity_count > 1 && rng.chance(0.25) {
            return narrow(group.first_entity + rng.below(group.entity_count));
        }
        for _ in 0..12 {
            let other = *rng.pick(homes);
            if self.entities[other as usize].country == here.country {
                return other;
            }
        }
        *rng.pick(homes)
    }

    fn share(&mut self) {
        for at in 0..self.people.len() {
            let (marks, partner) = (self.people[at].marks, self.people[at].partner);
            if marks.borrows_mailbox {
                self.people[partner as usize].marks.lends_mailbox = true;
            }
            if marks.borrows_phone {
                self.people[partner as usize].marks.lends_phone = true;
            }
        }
    }

    /// Marks the people who share their name with somebody of the group, now or before.
    fn count_names(&mut self) {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        let mut keys = Vec::with_capacity(self.people.len());
        for at in 0..self.people.len() {
            let name = hash(&self.name(at).key());
            let person = &self.people[at];
            let group = |entity: u32| mix(self.entities[entity as usize].group as u64) ^ name;
            let now = group(person.entity);
            let before = if person.former == NONE { now } else { group(person.former) };
            *counts.entry(now).or_default() += 1;
            if before != now {
                *counts.entry(before).or_default() += 1;
            }
            keys.push((now, before));
        }
        for (person, (now, before)) in self.people.iter_mut().zip(&keys) {
            person.marks.namesake = counts[now] > 1 || counts[before] > 1;
        }
        self.namesake_pairs = counts.values().map(|count| u64::from(*count) * u64::from(count - 1) / 2).sum();
    }

    fn give_mailboxes(&mut self) {
        let mut taken: HashSet<u64> = HashSet::with_capacity(self.people.len() * 2);
        for at in 0..self.people.len() {
            let name = self.name(at);
            for before in [false, true] {
                let Some(entity) = self.employer(at, before) else { continue };
                let entity = &self.entities[entity];
                let mut ordinal = 0;
                while !taken.insert(hash(&mailbox(&name, &name.family, entity, ordinal))) && ordinal < u8::MAX {
                    ordinal += 1;
                }
                let person = &mut self.people[at];
                *(if before { &mut person.former_mailbox } else { &mut person.mailbox }) = ordinal;
            }
        }
    }

    /// The present employer, or the one before if there was one.
    pub(crate) fn employer(&self, at: usize, before: bool) -> Option<usize> {
        let person = &self.people[at];
        let entity = if before { person.former } else { person.entity };
        (entity != NONE).then_some(entity as usize)
    }

    /// The person's seed for everything but the name.
    pub(crate) fn person_seed(&self, at: usize) -> u64 {
        mix(mix(self.seed ^ 0x7065_7273_6f6e) ^ at as u64)
    }

    /// The country whose names the person has.
    pub(crate) fn origin(&self, at: usize) -> &Country {
        &self.countries[usize::from(self.people[at].country)]
    }

    /// The person's name, as born.
    pub(crate) fn name(&self, at: usize) -> Name {
        let person = &self.people[at];
        let mut name = Name::of(self.origin(at), person.given_seed, person.family_seed);
        if person.marks.owner {
            name.family.clone_from(&self.entities[person.entity as usize].family);
            name.short_family = None;
        }
        name
    }

    /// The colleague with whom the person shares things.
    pub(crate) fn partner(&self, at: usize) -> usize {
        self.people[at].partner as usize
    }

    /// The person's own mailbox at an employer.
    pub(crate) fn mailbox(&self, at: usize, name: &Name, family: &str, before: bool) -> Option<String> {
        let entity = &self.entities[self.employer(at, before)?];
        let person = &self.people[at];
        let ordinal = if before { person.former_mailbox } else { person.mailbox };
        Some(mailbox(name, family, entity, ordinal))
    }

    /// The job on a day: a promotion in the middle for some, another one at the former employer.
    pub(crate) fn job(&self, at: usize, before: bool, day: usize) -> Job {
        let person = &self.people[at];
        let entity = &self.entities[person.entity as usize];
        let mut rng = Rng::of(self.person_seed(at), 53, 0);
        let job = Job::draw(usize::from(person.rank), entity.known, &mut rng);
        let promoted = rng.chance(0.22).then(|| rng.between(300, 2_400));
        if before {
            return if rng.chance(0.6) { job } else { Job::draw(9, entity.known, &mut rng) };
        }
        if promoted.is_some_and(|since| day > since) { job.promoted() } else { job }
    }
}

/// A mailbox; a company's odd exceptions from its own pattern belong to the person.
fn mailbox(name: &Name, family: &str, entity: &Entity, ordinal: u8) -> String {
    let last = if family == name.family { name.short_family.as_deref().unwrap_or(family) } else { family };
    let local = contact::local_part_of(&name.given, last, entity.pattern, entity.german, ordinal);
    format!("{local}@{}", entity.domain)
}

/// FNV-1a over the bytes.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
