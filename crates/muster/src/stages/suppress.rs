//! Putting a person on the suppression list, with every key by which they could come back.

use std::collections::BTreeSet;

use muster_gate::{PersonKeys, company_keys, person_keys, suppression_entry};
use muster_model::{ClusterId, EntityKind, SuppressionEntry, SuppressionKey, SuppressionReason, SuppressionScope};

use crate::command_error::CommandError;
use crate::session::Session;

/// The keys of everybody in the MASTER, read once for several decisions.
pub(crate) struct KeyBook {
    people: Vec<(ClusterId, PersonKeys)>,
    companies: BTreeSet<SuppressionKey>,
}

impl KeyBook {
    /// Reads the MASTER and makes everybody's keys.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(crate) fn read(session: &Session) -> Result<Self, CommandError> {
        let mut book = Self { people: Vec::new(), companies: BTreeSet::new() };
        for master in session.store.masters()? {
            match master.kind() {
                EntityKind::Person => {
                    book.people.push((master.cluster_id().clone(), person_keys(&master, &session.key)));
                }
                EntityKind::Company => book.companies.extend(company_keys(&master, &session.key)),
            }
        }
        Ok(book)
    }

    /// Returns the keys of a person.
    pub(crate) fn of(&self, id: &ClusterId) -> Option<&PersonKeys> {
        self.people.iter().find(|(other, _)| other == id).map(|(_, keys)| keys)
    }

    /// Finds the people that have one of these direct keys.
    pub(crate) fn with_keys(&self, keys: &BTreeSet<SuppressionKey>) -> Vec<ClusterId> {
        let hit = |entry: &&(ClusterId, PersonKeys)| !entry.1.direct.is_disjoint(keys);
        self.people.iter().filter(hit).map(|(id, _)| id.clone()).collect()
    }

    /// Finds the people of this name at this employer.
    pub(crate) fn with_name(&self, keys: &PersonKeys) -> Vec<ClusterId> {
        let hit = |entry: &&(ClusterId, PersonKeys)| !entry.1.name_full.is_disjoint(&keys.name_full);
        self.people.iter().filter(hit).map(|(id, _)| id.clone()).collect()
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
        let others = self.people.iter().filter(|(id, _)| !meant.contains(id)).map(|(_, other)| other);
        let namesakes = others
            .filter(|other| !other.name_full.is_disjoint(&keys.name_full))
            .flat_map(|other| other.mailboxes.iter().copied())
            .collect();
        suppression_entry(keys, &BTreeSet::new(), &namesakes, reason, session.now)
    }

    /// Makes the entry for a person: without what they share with others, with the mailboxes of their namesakes.
    pub(crate) fn entry(
        &self,
        id: &ClusterId,
        reason: SuppressionReason,
        session: &Session,
    ) -> Option<SuppressionEntry> {
        let own = self.of(id)?;
        let others = || self.people.iter().filter(|(other, _)| other != id).map(|(_, keys)| keys);
        let mut shared: BTreeSet<SuppressionKey> = others().flat_map(|keys| keys.direct.iter().copied()).collect();
        shared.extend(self.companies.iter().copied());
        let namesakes = others()
            .filter(|keys| !keys.name_full.is_disjoint(&own.name_full))
            .flat_map(|keys| keys.mailboxes.iter().copied())
            .collect();
        suppression_entry(own, &shared, &namesakes, reason, session.now)
    }
}

/// Returns whether an entry ends the processing of the person's data.
pub(crate) const fn ends_processing(entry: &SuppressionEntry) -> bool {
    matches!(entry.scope, SuppressionScope::Global)
}
