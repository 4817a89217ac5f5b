//! Companies in the form in which they are compared, and which of them each mention names.
//!
//! Every mention, of a person or of a company, names a company in some way: by name, by domain, by the domain of a
//! mailbox, with a place. Mentions that name one in the same way are one record here. Reading is in `columns`; slips are
//! mended in `spelling`; rows without a domain get one in `homes`; `units` puts together what needs no comparing; `brands`
//! compares units for groups, `members` compares ways for legal entities.
//!
//! Invariant: records stand in an order of names that depends on values and mention ids only.

mod brands;
mod columns;
mod compare;
mod counts;
mod homes;
mod members;
mod seats;
mod spelling;
mod units;

use rayon::prelude::*;

pub(crate) use brands::Brands;
use columns::Columns;
use homes::{Homes, Ties};
pub(crate) use members::{MEMBERS_PRIOR, Members};
use units::Unit;

use crate::intern::{Numbers, Texts, hash_text};
use crate::read;
use crate::table::{Column, Table};

/// One way in which a company is named. Numbers are of interned values, 0 where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Firm {
    /// The name without legal form, geography and general words; the general words; another name; its first words.
    pub(crate) core: u32,
    pub(crate) generic: u32,
    pub(crate) other: u32,
    pub(crate) first_word: u32,
    pub(crate) words: [u32; 3],
    pub(crate) acronym: u32,
    pub(crate) is_acronym: bool,
    pub(crate) form: u32,
    pub(crate) form_country: u32,
    pub(crate) geography: u32,
    /// Whether the domain was not named but found by name, place and people.
    pub(crate) is_found: bool,
    /// The domain it names, and another one that its mailboxes are in.
    pub(crate) domain: u32,
    pub(crate) mail_domain: u32,
    /// The domain's own label as a text of letters and digits.
    pub(crate) label: u32,
    pub(crate) register: u32,
    pub(crate) vat: u32,
    pub(crate) phone: u32,
    pub(crate) exchange: u32,
    pub(crate) mailbox: u32,
    pub(crate) postcode: u32,
    pub(crate) city: u32,
    pub(crate) country: u32,
    /// A row that a steward decided on is a record of its own: its number, counted from 1.
    pub(crate) own: u32,
}

/// Companies as mentions name them.
#[derive(Clone)]
#[expect(clippy::struct_field_names, reason = "`firms` are the ways to name a company, beside the units")]
pub(crate) struct Firms {
    /// Ways to name a company, with all that tells a legal entity from another.
    pub(crate) firms: Vec<Firm>,
    /// The way of each row, counted from 1; 0 for a row that names no company.
    pub(crate) of_row: Vec<u32>,
    /// What is one company's, or one group's, beyond doubt.
    pub(crate) units: Vec<Unit>,
    /// The unit of each way.
    pub(crate) unit_of: Vec<u32>,
    /// What ties rows to people.
    ties: Vec<Ties>,
    texts: Texts,
    /// How many distinct names have a word, by the word's number.
    word_names: Vec<u32>,
    /// How many people's distinct names end with a word, and how many distinct names of people there are.
    surnames: Vec<u32>,
    surname_count: u32,
    /// Domains that are found to be mail services', sorted.
    pub(crate) services: Vec<String>,
    /// People of each unit, as hashes of their names, sorted; names of many units are left out.
    people: Vec<Vec<u64>>,
}

impl std::fmt::Debug for Firms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Firms").field("count", &self.firms.len()).finish_non_exhaustive()
    }
}

/// The company a mention names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Employer {
    /// The legal entity, counted from 1; 0 where unknown.
    pub(crate) entity: u32,
    /// The group.
    pub(crate) group: u32,
}

/// The company of every row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Employers(pub(crate) Vec<Employer>);

impl Employers {
    /// Returns the company of a row.
    pub(crate) fn of_row(&self, row: u32) -> Employer {
        self.0.get(row as usize).copied().unwrap_or_default()
    }
}

/// The names of blocking rules.
pub(crate) const RULES: &[&str] = &[
    "domain",
    "company_name",
    "domain_is_name",
    "acronym",
    "first_word+place",
    "register",
    "phone",
    "email",
    "first_word",
    "people",
    "group",
    "group+country",
    "group+name",
    "group+city",
    "group+domain",
];

/// A person's name that stands at more units than this says nothing about them.
const NAME_UNITS_MAX: usize = 4;
/// As many people of one unit are looked at.
const UNIT_PEOPLE_MAX: usize = 48;

impl Firms {
    /// Reads the companies that rows name; `person` is a hash of the person's name in each row, 0 where there is none,
    /// and `own` marks rows that a steward decided on.
    pub(crate) fn new(table: &Table, by_id: &[u32], person: &[u64], own: &dyn Fn(u32) -> bool) -> Self {
        let mut texts = Texts::new();
        let mut columns = Columns::new(table, &mut texts);
        let is_service = columns.find_services(table, &texts);
        let mut services: Vec<String> =
            (0..).zip(&is_service).filter(|(_, is)| **is).map(|(id, _)| texts.get(id).to_owned()).collect();
        services.sort();
        let (mut ways, of_row) = columns.ways(table, by_id, &mut texts, own);
        mend(&mut ways, &texts, &of_row);
        let mut ties: Vec<Ties> =
            (0..table.len()).into_par_iter().map(|row| columns.ties(table, row, person[row])).collect();
        drop_single(&mut ties);
        let (ways, of_row) = settle(&ways, &of_row, &ties, by_id, &mut texts);
        let (surnames, surname_count) = surnames(table, &texts);
        let mut made = Self {
            firms: ways,
            of_row,
            units: Vec::new(),
            unit_of: Vec::new(),
            ties,
            texts,
            word_names: Vec::new(),
            surnames,
            surname_count,
            services,
            people: Vec::new(),
        };
        made.order();
        made.find_units(person);
        made.find_people(by_id, person);
        made
    }

    /// Puts the records in an order in which similar ones are neighbors.
    fn order(&mut self) {
        let hash = |id: u32| hash_of(&self.texts, id);
        let key = |firm: &Firm| {
            let name = (
                hash(firm.first_word),
                hash(firm.core),
                hash(firm.domain),
                hash(firm.geography),
                hash(firm.generic),
                hash(firm.form),
            );
            (
                name,
                hash(firm.country),
                hash(firm.city),
                hash(firm.postcode),
                hash(firm.phone),
                hash(firm.mailbox),
                hash(firm.register),
                firm.own,
                hash(firm.vat),
                hash(firm.mail_domain),
                hash(firm.other),
                firm.is_found,
            )
        };
        let mut order: Vec<(_, u32)> = self.firms.iter().map(key).zip(0..).collect();
        order.par_sort_unstable();
        let mut new_place = vec![0; self.firms.len()];
        for (new, &(_, old)) in (1..).zip(&order) {
            new_place[old as usize] = new;
        }
        self.firms = order.iter().map(|&(_, old)| self.firms[old as usize]).collect();
        for row in &mut self.of_row {
            *row = (*row as usize).checked_sub(1).map_or(0, |old| new_place[old]);
        }
    }

    /// Puts together what needs no comparing, and counts words.
    fn find_units(&mut self, person: &[u64]) {
        let (units, unit_of) = units::of_firms(self, person);
        let mut order: Vec<_> = units.iter().map(|unit| brands::order(&self.texts, unit)).zip(0_u32..).collect();
        order.par_sort_unstable();
        let mut new_place = vec![0; units.len()];
        for (new, &(_, old)) in (0..).zip(&order) {
            new_place[old as usize] = new;
        }
        self.unit_of = unit_of.iter().map(|&unit| new_place[unit as usize]).collect();
        self.units = order.iter().map(|&(_, old)| units[old as usize].clone()).collect();
        let names = self.units.iter().flat_map(|unit| &unit.names);
        let words = names.flat_map(|name| name.words.map(|word| (word, u64::from(name.core))));
        self.word_names = crate::person::sharers(words);
        self.word_names.resize(self.texts.len(), 0);
    }

    fn find_people(&mut self, by_id: &[u32], person: &[u64]) {
        let unit = |row: u32| Some(self.unit_of[(self.of_row[row as usize] as usize).checked_sub(1)?]);
        let mut named: Vec<(u64, u32)> = by_id
            .iter()
            .filter(|&&row| person[row as usize] != 0)
            .filter_map(|&row| Some((person[row as usize], unit(row)?)))
            .collect();
        named.par_sort_unstable();
        named.dedup();
        let mut people = vec![Vec::new(); self.units.len()];
        for units in
            named.chunk_by(|left, right| left.0 == right.0).filter(|units| (2..=NAME_UNITS_MAX).contains(&units.len()))
        {
            for &(name, unit) in units {
                let people: &mut Vec<u64> = &mut people[unit as usize];
                if people.len() < UNIT_PEOPLE_MAX {
                    people.push(name);
                }
            }
        }
        self.people = people;
    }

    /// Tells which legal entity each row means, counted from 1; 0 where none. `entity` and `group` are those of ways.
    pub(crate) fn seats(&self, entity: &[u32], group: &[u32]) -> Vec<u32> {
        seats::of_rows(self, entity, group)
    }

    pub(crate) fn text(&self, id: u32) -> &str {
        self.texts.get(id)
    }
}

/// Takes out what stands in one row only, and so ties nothing. What is left by a chance of hashes does no harm.
fn drop_single(ties: &mut [Ties]) {
    const BITS: u32 = 24;
    let at = |tie: u64| ((tie >> (64 - BITS + 6)) as usize, 1_u64 << (tie >> 34 & 63));
    let (mut once, mut again) = (vec![0_u64; 1 << (BITS - 6)], vec![0_u64; 1 << (BITS - 6)]);
    for (word, bit) in ties.iter().flatten().filter(|&&tie| tie != 0).map(|&tie| at(tie)) {
        again[word] |= once[word] & bit;
        once[word] |= bit;
    }
    for tie in ties.iter_mut().flatten() {
        let (word, bit) = at(*tie);
        *tie = if again[word] & bit == 0 { 0 } else { *tie };
    }
}

/// Reads slips in names as the names that are meant.
fn mend(ways: &mut [Firm], texts: &Texts, of_row: &[u32]) {
    let meant = spelling::meant(texts, ways, of_row);
    let mut way_of: Vec<u32> = vec![0; texts.len()];
    for (place, way) in (1..).zip(&*ways) {
        let known: &mut u32 = &mut way_of[way.core as usize];
        let rank = |place: u32| {
            ways.get(place as usize - 1).map(|way| (hash_of(texts, way.acronym), hash_of(texts, way.other)))
        };
        if *known == 0 || rank(place) > rank(*known) {
            *known = place;
        }
    }
    for place in 0..ways.len() {
        let core = meant[ways[place].core as usize];
        if core != 0
            && let Some(at) = (way_of[core as usize] as usize).checked_sub(1)
        {
            let Firm { core, other, first_word, words, acronym, is_acronym, .. } = ways[at];
            ways[place] = Firm { core, other, first_word, words, acronym, is_acronym, ..ways[place] };
        }
    }
}

/// Gives rows without a domain the one they mean, and takes from strangers the one that is not theirs.
fn settle(ways: &[Firm], of_row: &[u32], ties: &[Ties], by_id: &[u32], texts: &mut Texts) -> (Vec<Firm>, Vec<u32>) {
    let mut ways = ways.to_vec();
    let strangers = Homes::new(texts, &ways, of_row, ties).strangers();
    for (way, _) in ways.iter_mut().zip(strangers).filter(|(_, is_stranger)| *is_stranger) {
        (way.domain, way.mail_domain) = (0, 0);
    }
    let mut homes = Homes::new(texts, &ways, of_row, ties);
    homes.count();
    let found: Vec<u32> = of_row
        .par_iter()
        .enumerate()
        .map(|(row, &way)| match (way as usize).checked_sub(1).map(|place| &ways[place]) {
            Some(way) if way.domain == 0 => homes.of_row(row),
            _ => 0,
        })
        .collect();
    drop(homes);
    let mut keys = Numbers::new();
    let mut new_of_row = vec![0; of_row.len()];
    for &row in by_id {
        let Some(place) = (of_row[row as usize] as usize).checked_sub(1) else { continue };
        let mut firm = ways[place];
        if found[row as usize] != 0 {
            (firm.domain, firm.is_found) = (found[row as usize], true);
        }
        if firm.core == 0 && firm.domain == 0 && firm.register == 0 && firm.vat == 0 {
            continue;
        }
        firm.label = label(firm.domain, texts);
        new_of_row[row as usize] = keys.intern(firm) + 1;
    }
    (keys.into_keys(), new_of_row)
}

/// Counts the distinct names of people that end with a word which companies' names have too.
fn surnames(table: &Table, texts: &Texts) -> (Vec<u32>, u32) {
    let mut counts = vec![0; texts.len()];
    let mut all = 0;
    for column in [Column::FullName, Column::FamilyName] {
        let names = table.texts(column);
        let last = |id: u32| {
            read::company_words(names.get(id)).rsplit(' ').next().and_then(|word| texts.find(word)).unwrap_or(0)
        };
        let count = u32::try_from(names.len()).expect("fewer than 2^32 texts");
        all += count;
        for word in (0..count).into_par_iter().map(last).collect::<Vec<u32>>() {
            counts[word as usize] += 1;
        }
    }
    counts[0] = 0;
    (counts, all)
}

fn label(domain: u32, texts: &mut Texts) -> u32 {
    let label: String =
        texts.get(domain).split('.').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
    texts.intern(&label)
}

fn hash_of(texts: &Texts, id: u32) -> u64 {
    if id == 0 { 0 } else { hash_text(texts.get(id)) }
}

#[cfg(test)]
mod tests;
