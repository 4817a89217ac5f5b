//! Putting a person on the suppression list, with every key by which they could come back.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::{PersonKeys, company_keys, person_keys, suppression_entry};
use muster_model::{
    ClusterId, EntityKind, Master, SuppressionEntry, SuppressionKey, SuppressionReason, SuppressionScope,
};

use crate::command_error::CommandError;
use crate::session::Session;

/// The keys of everybody in the MASTER, read once for several decisions.
pub(crate) struct KeyBook {
    people: Vec<(ClusterId, PersonKeys)>,
    by_id: BTreeMap<ClusterId, usize>,
    by_direct: BTreeMap<SuppressionKey, Vec<usize>>,
    by_name: BTreeMap<SuppressionKey, Vec<usize>>,
    companies: BTreeSet<SuppressionKey>,
}

impl KeyBook {
    /// Reads the MASTER and makes everybody's keys.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(crate) fn read(session: &Session) -> Result<Self, CommandError> {
        Ok(Self::of(&session.store.masters()?, session))
    }

    /// Makes the keys of everybody among these records.
    pub(crate) fn of(masters: &[Master], session: &Session) -> Self {
        let mut book = Self {
            people: Vec::new(),
            by_id: BTreeMap::new(),
            by_direct: BTreeMap::new(),
            by_name: BTreeMap::new(),
            companies: BTreeSet::new(),
        };
        for master in masters {
            match master.kind() {
                EntityKind::Person => book.add(master.cluster_id().clone(), person_keys(master, &session.key)),
                EntityKind::Company => book.companies.extend(company_keys(master, &session.key)),
            }
        }
        book
    }

    fn add(&mut self, id: ClusterId, keys: PersonKeys) {
        let index = self.people.len();
        self.by_id.insert(id.clone(), index);
        for key in &keys.direct {
            self.by_direct.entry(*key).or_default().push(index);
        }
        for key in &keys.name_full {
            self.by_name.entry(*key).or_default().push(index);
        }
        self.people.push((id, keys));
    }

    /// Returns the keys of a person.
    pub(crate) fn keys_of(&self, id: &ClusterId) -> Option<&PersonKeys> {
        self.by_id.get(id).and_then(|&index| self.people.get(index)).map(|(_, keys)| keys)
    }

    /// Finds the people that have one of these keys, in the order of the MASTER.
    fn with<'a>(
        &'a self,
        index: &BTreeMap<SuppressionKey, Vec<usize>>,
        keys: &BTreeSet<SuppressionKey>,
    ) -> Vec<&'a (ClusterId, PersonKeys)> {
        let found: BTreeSet<usize> = keys.iter().filter_map(|key| index.get(key)).flatten().copied().collect();
        found.into_iter().filter_map(|index| self.people.get(index)).collect()
    }

    /// Finds the people that have one of these direct keys.
    pub(crate) fn with_keys(&self, keys: &BTreeSet<SuppressionKey>) -> Vec<ClusterId> {
        self.with(&self.by_direct, keys).into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// Finds the people of this name at this employer.
    pub(crate) fn with_name(&self, keys: &PersonKeys) -> Vec<ClusterId> {
        self.with(&self.by_name, &keys.name_full).into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// The personal mailboxes of others of this name at this employer.
    fn namesakes(&self, keys: &PersonKeys, meant: &[ClusterId]) -> BTreeSet<SuppressionKey> {
        let others = self.with(&self.by_name, &keys.name_full).into_iter().filter(|(id, _)| !meant.contains(id));
        others.flat_map(|(_, other)| other.mailboxes.iter().copied()).collect()
    }

    /// Makes the entry for what a person gave by phone or letter; the mailboxes of others of that name are noted, so
    /// that they are held for a person to decide instead of being silenced.
    pub(crate) fn manual_entry(
        &self,
        keys: &PersonKeys,
        meant: &[ClusterId],
        reason: SuppressionReason,
        session: &Session,
    ) -> Option<SuppressionEntry> {
        suppression_entry(keys, &BTreeSet::new(), &self.namesakes(keys, meant), reason, session.now)
    }

    /// Makes the entry for a person: without what they share with others, with the mailboxes of their namesakes.
    pub(crate) fn entry(
        &self,
        id: &ClusterId,
        reason: SuppressionReason,
        session: &Session,
    ) -> Option<SuppressionEntry> {
        let own = self.keys_of(id)?;
        let others_have = |key: &SuppressionKey| self.by_direct.get(key).is_some_and(|holders| holders.len() > 1);
        let is_shared = |key: &&SuppressionKey| others_have(key) || self.companies.contains(key);
        let shared: BTreeSet<SuppressionKey> = own.direct.iter().filter(is_shared).copied().collect();
        suppression_entry(own, &shared, &self.namesakes(own, std::slice::from_ref(id)), reason, session.now)
    }
}

/// Returns whether an entry ends the processing of the person's data.
pub(crate) const fn ends_processing(entry: &SuppressionEntry) -> bool {
    matches!(entry.scope, SuppressionScope::Global)
}
