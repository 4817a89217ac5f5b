//! Whom a mail is about, and which law their request has.
//!
//! Invariant: nobody is taken for the person concerned because they wrote about somebody else.

use std::collections::BTreeMap;

use muster_gate::{address_hash, residence_country, rights_due_in};
use muster_mail::MailVerdict;
use muster_model::{
    ClusterId, EmailAddress, EntityKind, KeyedHash, MailKind, NoticeToken, SuppressionKey, SuppressionKeyKind,
    Timestamp,
};
use muster_store::NoticeRow;

use crate::command_error::CommandError;
use crate::session::Session;
use crate::stages::suppress::KeyBook;

/// Everybody on record as far as a mail can be about them, read once.
pub(super) struct People {
    pub(super) book: KeyBook,
    countries: BTreeMap<ClusterId, String>,
    notices: BTreeMap<KeyedHash, Vec<NoticeToken>>,
}

impl People {
    /// Reads the MASTER.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(super) fn read(session: &Session) -> Result<Self, CommandError> {
        let masters = session.store.masters()?;
        let by_id: BTreeMap<&ClusterId, _> = masters.iter().map(|master| (master.cluster_id(), master)).collect();
        let people = masters.iter().filter(|master| master.kind() == EntityKind::Person);
        let country = |master: &muster_model::Master| {
            let employer = master.company_id().and_then(|id| by_id.get(id).copied());
            Some((master.cluster_id().clone(), residence_country(master, employer)?))
        };
        let countries = people.filter_map(country).collect();
        let mut notices: BTreeMap<KeyedHash, Vec<NoticeToken>> = BTreeMap::new();
        for row in session.store.notices()? {
            notices.entry(row.rcpt).or_default().push(row.token);
        }
        Ok(Self { book: KeyBook::of(&masters, session), countries, notices })
    }

    /// Finds the person that a mail is about: by the notice it answers, else by the address of whom it concerns.
    ///
    /// Who writes counts only where the mail names nobody else: an assistant is not the person they write for.
    pub(super) fn find(
        &self,
        session: &Session,
        verdict: &MailVerdict,
        notice: Option<&NoticeRow>,
    ) -> Option<ClusterId> {
        if let Some(row) = notice {
            return Some(row.cluster_id.clone());
        }
        // A feedback report is written by a mail provider: only whom it is about is meant.
        let writer = verdict.from.as_ref().filter(|_| verdict.kind != MailKind::Complaint);
        let address = verdict.recipient.as_ref().or(writer)?;
        let found = self.book.with_keys(&[email_key(session, address)].into());
        if let [only] = found.as_slice() { Some(only.clone()) } else { None }
    }

    /// Returns whether an address stands on record as this person's.
    pub(super) fn has_address(&self, session: &Session, person: &ClusterId, address: &EmailAddress) -> bool {
        self.book.keys_of(person).is_some_and(|keys| keys.direct.contains(&email_key(session, address)))
    }

    /// Returns the notices that went to an address.
    pub(super) fn notices_to(&self, address: &KeyedHash) -> &[NoticeToken] {
        self.notices.get(address).map_or(&[], Vec::as_slice)
    }

    /// Returns where a person works, if that is known.
    pub(super) fn country(&self, person: Option<&ClusterId>) -> Option<&str> {
        self.countries.get(person?).map(String::as_str)
    }

    /// Returns when a request of this person that arrived at an instant is due.
    ///
    /// # Errors
    ///
    /// A usage error where the policy's zone is unknown.
    pub(super) fn due(
        &self,
        session: &Session,
        person: Option<&ClusterId>,
        arrived_at: Timestamp,
    ) -> Result<Timestamp, CommandError> {
        rights_due_in(arrived_at, self.country(person), &session.config.policy)
            .map_err(|error| CommandError::usage(format!("failed to compute when a request is due: {error}")))
    }
}

/// Returns the suppression key of an address.
pub(super) fn email_key(session: &Session, address: &EmailAddress) -> SuppressionKey {
    SuppressionKey { kind: SuppressionKeyKind::Email, hash: address_hash(&session.key, address) }
}
