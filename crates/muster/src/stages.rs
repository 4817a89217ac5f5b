//! The stages in the order of the flow; each does its part on an open [`Session`](crate::session::Session).
//!
//! The order is a plain function (`run`), not a graph. A stage may be killed at any instant and run again.

pub(crate) mod collect;
pub(crate) mod export;
pub(crate) mod inbox;
pub(crate) mod notice;
pub(crate) mod people;
pub(crate) mod resolve;
pub(crate) mod suppress;
pub(crate) mod sweep;

use std::collections::BTreeMap;

/// Counters of a stage, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) BTreeMap<String, u64>);

impl Counts {
    /// Adds to a counter.
    pub(crate) fn add(&mut self, name: &str, count: impl TryInto<u64>) {
        *self.0.entry(name.to_owned()).or_default() += count.try_into().unwrap_or(u64::MAX);
    }

    /// Adds all counters of another stage.
    pub(crate) fn add_all(&mut self, other: Self) {
        for (name, count) in other.0 {
            self.add(&name, count);
        }
    }

    /// Returns a counter.
    pub(crate) fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }
}
