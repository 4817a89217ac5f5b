//! How often values stand at something: at a domain, or at a legal entity.
//!
//! Invariant: counts are of keys' hashes and are only looked up, never walked, so no order is in them.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::intern::mix;

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// Rows.
    Rows,
    /// Names without form, geography and general words.
    Core,
    /// Names without form.
    Full,
    /// Legal forms.
    Form,
    /// Cities.
    City,
    /// Countries.
    Country,
    /// What ties rows to one person.
    Tie,
}

/// How many kinds there are.
const KINDS: usize = 7;

/// Counts by kind, owner and value. Owner 0 stands for all; value 0 is none.
#[derive(Debug, Default)]
pub(super) struct Counts {
    values: HashMap<u64, u32, FxBuildHasher>,
    /// How many values of each kind each owner has.
    totals: Vec<[u32; KINDS]>,
}

const fn key(of: Of, owner: u32, value: u64) -> u64 {
    mix(mix(of as u64 + 1, owner as u64), value)
}

impl Counts {
    /// Makes counts for owners below a number.
    pub(super) fn new(owners: usize) -> Self {
        Self { values: HashMap::default(), totals: vec![[0; KINDS]; owners] }
    }

    /// Counts a value `times` for its owner and for all.
    pub(super) fn add(&mut self, of: Of, owner: u32, value: u64, times: u32) {
        if value == 0 {
            return;
        }
        for owner in [0, owner].into_iter().take(if owner == 0 { 1 } else { 2 }) {
            if !matches!(of, Of::Rows) {
                *self.values.entry(key(of, owner, value)).or_default() += times;
            }
            self.totals[owner as usize][of as usize] += times;
        }
    }

    /// Returns how often a value stands at an owner.
    pub(super) fn at(&self, of: Of, owner: u32, value: u64) -> f64 {
        f64::from(self.values.get(&key(of, owner, value)).copied().unwrap_or(0))
    }

    /// Returns how many values of a kind an owner has.
    pub(super) fn all(&self, of: Of, owner: u32) -> f64 {
        f64::from(self.totals[owner as usize][of as usize])
    }

    /// How many times likelier a value is at an owner than anywhere, 1 where there is none; `trust` is how much of the
    /// owner's rows stick to what its others say.
    pub(super) fn fit(&self, of: Of, owner: u32, value: u64, trust: f64) -> f64 {
        let all = self.all(of, owner);
        if value == 0 || all < 1.0 {
            return 1.0;
        }
        let known = trust * all / (all + 1.0);
        let share = self.at(of, owner, value) / all;
        if share == 0.0 {
            return 1.0 - known;
        }
        let base = (self.at(of, 0, value) + 1.0) / (self.all(of, 0) + 100.0);
        (1.0 - known) + known * share / base
    }

    /// How many times likelier something that ties a row to a person is at an owner; `own` rows are not counted.
    pub(super) fn tie(&self, owner: u32, tie: u64, trust: f64, own: f64) -> f64 {
        let here = self.at(Of::Tie, owner, tie) - own;
        if here <= 0.0 {
            return 1.0 - trust;
        }
        let base = (self.at(Of::Tie, 0, tie) + 1.0) / (self.all(Of::Tie, 0) + 1_000.0);
        (1.0 - trust) + trust * here / (self.all(Of::Rows, owner) + 1.0) / base
    }
}
