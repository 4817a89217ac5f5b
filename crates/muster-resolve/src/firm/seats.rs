//! Which legal entity of a group a row means that does not say it: rows that give the group's name only, or no place and
//! no form.
//!
//! What such rows have is weighed against what the rows of each entity say: how large it is, how it is called, where it
//! is, and whether the person is known there. Rows that say it are `members`'.
//!
//! Invariant: each round judges all rows by the counts of the round before, so no order matters; ties go by the smallest
//! entity, which stands in an order of values.

use rayon::prelude::*;

use super::counts::{Counts, Of};
use super::{Firm, Firms};
use crate::intern::mix;

/// As often rows are judged: by rows that say it, and then by the others too.
const ROUNDS: usize = 2;
/// As many entities of a group are looked at, the largest.
const ENTITIES_MAX: usize = 64;
/// The share of an entity's rows that give the group's name only.
const BARE_SHARE: f64 = 0.15;
/// The share that gives a name that no other row gives: a slip.
const SLIP_SHARE: f64 = 0.02;
/// How many rows a company of its own is expected to have, against those that are known.
const NEW_ROWS: f64 = 0.05;
/// How often a person who is listed again is listed at the same entity.
const TIE_TRUST: f64 = 0.6;

/// A name with all that stands beside it but the form.
fn full(firm: &Firm) -> u64 {
    if firm.core == 0 { 0 } else { mix(firm.core.into(), mix(firm.generic.into(), firm.geography.into())) }
}

/// Whether a way says too little to tell which entity of a group it is.
pub(super) const fn is_vague(firm: &Firm) -> bool {
    let has_form = firm.form != 0;
    let is_bare = firm.core == firm.first_word && firm.geography == 0;
    firm.own == 0
        && firm.register == 0
        && firm.vat == 0
        && (firm.core == 0
            || firm.is_acronym && !has_form
            || is_bare && !has_form
            || !has_form && firm.country == 0 && firm.geography == 0)
}

/// What is known of ways and of the entities they may mean.
struct Seats<'a> {
    firms: &'a Firms,
    /// Where the entities of a way are looked for: the unit of a domain, or else the group.
    pool: Vec<u64>,
    counts: Counts,
    /// Entities by pool, the largest first: pool, rows short of 2^32, entity.
    entities: Vec<(u64, u32, u32)>,
    /// Entities by what ties rows to a person.
    tied: Vec<(u64, u32)>,
}

/// Judges rows that do not say which entity they mean; `entity` and `group` are those of ways. Returns the entity of each
/// row, counted from 1, 0 where there is none.
pub(super) fn of_rows(firms: &Firms, entity: &[u32], group: &[u32]) -> Vec<u32> {
    let ways = || firms.of_row.iter().map(|&way| (way as usize).checked_sub(1));
    let vague: Vec<bool> = firms.firms.iter().map(is_vague).collect();
    let pool = |(way, firm): (usize, &Firm)| {
        if firm.domain == 0 { u64::from(group[way]) + 1 } else { (u64::from(firms.unit_of[way]) + 1) << 32 }
    };
    let pool = firms.firms.iter().enumerate().map(pool).collect();
    let mut seats = Seats { firms, pool, counts: Counts::default(), entities: Vec::new(), tied: Vec::new() };
    // A row that says too little is nowhere until it is judged.
    let mut of_row: Vec<u32> =
        ways().map(|way| way.map_or(0, |way| if vague[way] { 0 } else { entity[way] + 1 })).collect();
    for _ in 0..ROUNDS {
        seats.count(&of_row, group);
        let fits: Vec<Vec<(f64, u32)>> =
            (0..vague.len()).into_par_iter().map(|way| if vague[way] { seats.fits(way) } else { Vec::new() }).collect();
        of_row = (0..of_row.len())
            .into_par_iter()
            .map(|row| match (firms.of_row[row] as usize).checked_sub(1) {
                Some(way) if vague[way] => seats.judge(row, &fits[way], of_row[row]),
                _ => of_row[row],
            })
            .collect();
    }
    seats.own(&mut of_row, entity);
    of_row
}

impl Seats<'_> {
    fn count(&mut self, of_row: &[u32], group: &[u32]) {
        let seated = || {
            of_row
                .iter()
                .enumerate()
                .filter(|each| *each.1 != 0)
                .map(|(row, &entity)| (row, self.firms.of_row[row] - 1, entity))
        };
        let mut counts = Counts::new(of_row.iter().max().map_or(1, |&most| most as usize + 1));
        let mut pairs: Vec<(u32, u32)> = seated().map(|(_, way, entity)| (way, entity)).collect();
        pairs.par_sort_unstable();
        let mut pools: Vec<(u64, u32, u32)> = Vec::new();
        for same in pairs.chunk_by(|left, right| left == right) {
            let ((way, entity), times) = (same[0], u32::try_from(same.len()).unwrap_or(u32::MAX));
            let firm = &self.firms.firms[way as usize];
            counts.add(Of::Rows, entity, 1, times);
            counts.add(Of::Full, entity, full(firm), times);
            counts.add(Of::Form, entity, firm.form.into(), times);
            counts.add(Of::City, entity, firm.city.into(), times);
            counts.add(Of::Country, entity, firm.country.into(), times);
            pools.push((self.pool[way as usize], entity, times));
            if firm.domain != 0 {
                pools.push((u64::from(group[way as usize]) + 1, entity, times));
            }
        }
        let mut tied: Vec<(u64, u32)> = Vec::new();
        for (row, _, entity) in seated() {
            for &tie in self.firms.ties[row].iter().filter(|&&tie| tie != 0) {
                counts.add(Of::Tie, entity, tie, 1);
                tied.push((tie, entity));
            }
        }
        tied.par_sort_unstable();
        tied.dedup();
        pools.par_sort_unstable();
        let entities = pools.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1));
        let mut entities: Vec<(u64, u32, u32)> = entities
            .map(|same| (same[0].0, u32::MAX - same.iter().map(|each| each.2).sum::<u32>(), same[0].1))
            .collect();
        entities.par_sort_unstable();
        (self.counts, self.tied, self.entities) = (counts, tied, entities);
    }

    /// The entities that a way may mean and how well each fits, but for people.
    fn fits(&self, way: usize) -> Vec<(f64, u32)> {
        let (firm, pool) = (&self.firms.firms[way], self.pool[way]);
        let start = self.entities.partition_point(|each| each.0 < pool);
        let here =
            self.entities.get(start..).unwrap_or_default().iter().take_while(|each| each.0 == pool).take(ENTITIES_MAX);
        here.map(|&(_, _, entity)| (self.chance(firm, entity), entity)).collect()
    }

    fn chance(&self, firm: &Firm, entity: u32) -> f64 {
        let counts = &self.counts;
        let mut chance = counts.all(Of::Rows, entity);
        if firm.core != 0 {
            let same = counts.at(Of::Full, entity, full(firm));
            let is_bare = firm.core == firm.first_word || firm.is_acronym;
            chance *= same / (counts.all(Of::Full, entity) + 1.0) + if is_bare { BARE_SHARE } else { SLIP_SHARE };
        }
        chance *= counts.fit(Of::Form, entity, firm.form.into(), 0.97);
        chance *= counts.fit(Of::Country, entity, firm.country.into(), 0.97);
        chance * counts.fit(Of::City, entity, firm.city.into(), 0.9)
    }

    /// The entity that fits a row best, 0 where one of its own does; `now` is where it was put before.
    fn judge(&self, row: usize, fits: &[(f64, u32)], now: u32) -> u32 {
        let ties = &self.firms.ties[row];
        let is_tied = |entity: u32| ties.iter().any(|&tie| tie != 0 && self.tied.binary_search(&(tie, entity)).is_ok());
        let any = ties.iter().any(|&tie| tie != 0);
        let mut best = (NEW_ROWS, u32::MAX);
        for &(fit, entity) in fits {
            let people = if any && is_tied(entity) {
                let own = f64::from(u8::from(entity == now));
                ties.iter()
                    .filter(|&&tie| tie != 0)
                    .map(|&tie| self.counts.tie(entity, tie, TIE_TRUST, own))
                    .fold(0.0, f64::max)
            } else {
                1.0 - TIE_TRUST
            };
            let chance = fit * people;
            if chance > best.0 || chance >= best.0 && entity < best.1 {
                best = (chance, entity);
            }
        }
        if best.1 == u32::MAX { 0 } else { best.1 }
    }

    /// Rows that fit no known entity make one for each pool and name.
    fn own(&self, of_row: &mut [u32], entity: &[u32]) {
        let way = |row: usize| (self.firms.of_row[row] as usize).checked_sub(1);
        let mut left: Vec<(u64, u64, u32, usize)> = (0..of_row.len())
            .filter(|&row| of_row[row] == 0)
            .filter_map(|row| Some((row, way(row)?)))
            .map(|(row, way)| {
                (
                    self.pool[way],
                    mix(full(&self.firms.firms[way]), self.firms.firms[way].country.into()),
                    entity[way] + 1,
                    row,
                )
            })
            .collect();
        left.par_sort_unstable();
        for same in left.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            for &(_, _, _, row) in same {
                of_row[row] = same[0].2;
            }
        }
    }
}
