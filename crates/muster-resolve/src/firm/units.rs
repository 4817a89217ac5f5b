//! Units: what is found to be one company's without comparing, of which groups are made. All rows of a domain are one
//! unit; so are the rows of one name where no domain is known, at one place if that name is not one company's alone.
//!
//! Invariant: the lists of a unit are sorted by count and then by the hash of the value.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::intern::{Numbers, mix};
use crate::read;

use super::{Firm, Firms, hash_of};

/// As many names of a unit are compared.
pub(super) const NAMES_MAX: usize = 6;
/// A name that less than one row in so many has is not compared, unless it has a few rows.
const NAME_SHARE: u32 = 60;
/// Where a unit has more people, a name of one of them is not compared.
const ALONE_MAX: u32 = 8;
/// People that make a name count whatever its share.
const NAME_ROWS_MIN: u32 = 3;

/// A name of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitName {
    pub(crate) core: u32,
    pub(crate) other: u32,
    pub(crate) words: [u32; 3],
    pub(crate) acronym: u32,
    pub(crate) is_acronym: bool,
    /// The name's first word where it says which company it is, not what it does; 0 otherwise.
    pub(crate) brand: u32,
    pub(crate) count: u32,
}

/// A unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unit {
    pub(crate) domain: u32,
    pub(crate) mail_domain: u32,
    pub(crate) label: u32,
    pub(crate) names: Vec<UnitName>,
    pub(crate) rows: u32,
    pub(crate) city: u32,
    pub(crate) country: u32,
    pub(crate) postcode: u32,
    pub(crate) phone: u32,
    pub(crate) exchange: u32,
    pub(crate) mailbox: u32,
    /// Register entries and VAT numbers.
    pub(crate) registers: Vec<u32>,
}

/// The most frequent of values, 0 if none.
fn most(firms: &Firms, counts: &BTreeMap<u32, u32>) -> u32 {
    counts
        .iter()
        .filter(|(value, _)| **value != 0)
        .map(|(&value, &count)| (count, hash_of(&firms.texts, value), value))
        .max()
        .map_or(0, |best| best.2)
}

/// Puts the ways to name a company into units.
pub(super) fn of_firms(firms: &Firms, person: &[u64]) -> (Vec<Unit>, Vec<u32>) {
    let domains = crate::person::sharers(
        firms.firms.iter().filter(|firm| firm.domain != 0).map(|firm| (firm.core, u64::from(firm.domain))),
    );
    let mut keys = Numbers::new();
    let key = |firm: &Firm| {
        if firm.domain != 0 {
            return Firm { domain: firm.domain, ..Firm::default() };
        }
        let is_ambiguous = domains.get(firm.core as usize).is_none_or(|&count| count != 1);
        Firm {
            form: 0,
            form_country: 0,
            geography: 0,
            generic: 0,
            postcode: 0,
            city: if is_ambiguous { firm.city } else { 0 },
            country: if is_ambiguous { firm.country } else { 0 },
            own: 0,
            ..*firm
        }
    };
    let unit_of: Vec<u32> = firms.firms.iter().map(|firm| keys.intern(key(firm))).collect();
    let mut rows = vec![0_u32; firms.firms.len()];
    for &way in firms.of_row.iter().filter(|&&way| way != 0) {
        rows[way as usize - 1] += 1;
    }
    let count = keys.into_keys().len();
    let mut starts: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (way, &unit) in (0..).zip(&unit_of) {
        starts[unit as usize].push(way);
    }
    let people = people(firms, person, &unit_of);
    (starts.iter().map(|ways| unit(firms, ways, &rows, &people)).collect(), unit_of)
}

/// How many people are listed under each name of each unit, by way: one who is listed often counts once.
fn people(firms: &Firms, person: &[u64], unit_of: &[u32]) -> Vec<u32> {
    let mut named: Vec<(u32, u32, u64)> = (0..person.len())
        .filter_map(|row| {
            let way = (firms.of_row[row] as usize).checked_sub(1)?;
            let who = if person[row] == 0 { mix(1, row as u64) } else { person[row] };
            Some((unit_of[way], firms.firms[way].core, who))
        })
        .collect();
    named.par_sort_unstable();
    named.dedup();
    let counts: Vec<(u32, u32, u32)> = named
        .chunk_by(|left, right| (left.0, left.1) == (right.0, right.1))
        .map(|same| (same[0].0, same[0].1, u32::try_from(same.len()).unwrap_or(u32::MAX)))
        .collect();
    let of = |(firm, &unit): (&Firm, &u32)| {
        counts.binary_search_by_key(&(unit, firm.core), |each| (each.0, each.1)).map_or(0, |at| counts[at].2)
    };
    firms.firms.iter().zip(unit_of).map(of).collect()
}

fn unit(firms: &Firms, ways: &[u32], rows: &[u32], people: &[u32]) -> Unit {
    let mut made = Unit::default();
    let mut names: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut counts: [BTreeMap<u32, u32>; 7] = Default::default();
    for &way in ways {
        let firm = &firms.firms[way as usize];
        let count = rows[way as usize];
        made.rows += count;
        (made.domain, made.label) = (firm.domain, firm.label);
        names.insert(firm.core, (people[way as usize], way));
        let values =
            [firm.mail_domain, firm.city, firm.country, firm.postcode, firm.phone, firm.exchange, firm.mailbox];
        for (counts, value) in counts.iter_mut().zip(values) {
            *counts.entry(value).or_default() += count;
        }
        made.registers.extend([firm.register, firm.vat].into_iter().filter(|&entry| entry != 0));
    }
    made.registers.sort_unstable();
    made.registers.dedup();
    let [mail_domain, city, country, postcode, phone, exchange, mailbox] = counts.map(|counts| most(firms, &counts));
    made = Unit { mail_domain, city, country, postcode, phone, exchange, mailbox, ..made };
    names.remove(&0);
    let mut ranked: Vec<(u32, u64, u32)> =
        names.iter().map(|(&core, &(count, way))| (u32::MAX - count, hash_of(&firms.texts, core), way)).collect();
    ranked.sort_unstable();
    let named: u32 = names.values().map(|name| name.0).sum();
    made.names = ranked
        .into_iter()
        .map(|(left, _, way)| (u32::MAX - left, &firms.firms[way as usize]))
        .filter(|&(count, _)| {
            count >= NAME_ROWS_MIN || count * NAME_SHARE >= named && (count > 1 || named <= ALONE_MAX)
        })
        .take(NAMES_MAX)
        .map(|(count, firm)| name(firms, firm, count))
        .collect();
    made
}

fn name(firms: &Firms, firm: &Firm, count: u32) -> UnitName {
    let is_common = read::is_common_word(firms.text(firm.first_word));
    UnitName {
        core: firm.core,
        other: firm.other,
        words: firm.words,
        acronym: firm.acronym,
        is_acronym: firm.is_acronym,
        brand: if is_common { 0 } else { firm.first_word },
        count,
    }
}
