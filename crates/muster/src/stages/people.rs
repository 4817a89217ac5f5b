//! What is known of each person's notices: which mentions they were told of and when, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::{NoticeClock, notice_clock, untold_mentions};
use muster_model::{CaseKind, ClusterId, KeyedHash, Master, MentionId, Timestamp};
use muster_store::{NoticeRow, NoticeState, Store};

use crate::command_error::CommandError;
use crate::config::Config;

/// The notices of one person, summed up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// When a notice went out about each mention; a notice that bounced for good tells nobody.
    pub(crate) at: BTreeMap<MentionId, Timestamp>,
    /// Whether a notice is in doubt.
    pub(crate) in_doubt: bool,
    /// Whether the last notice bounced for good.
    pub(crate) bounced: bool,
    /// Notices that were refused or came back: each makes the next one another notice.
    pub(crate) failed_count: usize,
    /// Whether any notice ever went out; whoever had one may get the next by another way even past the hard stop.
    pub(crate) ever_sent: bool,
}

impl Told {
    /// Returns the mentions told of.
    pub(crate) fn mentions(&self) -> BTreeSet<MentionId> {
        self.at.keys().cloned().collect()
    }
}

/// The notices of everybody.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    by_person: BTreeMap<ClusterId, Told>,
    /// Addresses that bounced for good.
    pub(crate) dead_addresses: BTreeSet<KeyedHash>,
    /// People with an undecided review or a case that stops releases.
    pub(crate) on_hold: BTreeSet<ClusterId>,
    /// People whose erasure waits: a person has to look first, or their own request for the data comes first (RT-5).
    pub(crate) erasure_waits: BTreeSet<ClusterId>,
    /// People who asked for restriction.
    pub(crate) restricted: BTreeSet<ClusterId>,
}

impl Notices {
    /// Reads the state of all notices, cases and reviews.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(crate) fn read(store: &Store) -> Result<Self, CommandError> {
        let mut notices = Self::default();
        let mut rows = store.notices()?;
        rows.sort_by(|a, b| (a.intended_at, &a.token).cmp(&(b.intended_at, &b.token)));
        for row in rows {
            notices.add(&row);
        }
        for review in store.reviews()?.into_iter().filter(|review| review.decided.is_none()) {
            if review.subject == "mail" {
                notices.erasure_waits.extend(review.cluster_id.clone());
            }
            notices.on_hold.extend(review.cluster_id);
        }
        for case in store.cases()?.into_iter().filter(|case| case.closed.is_none()) {
            let Some(id) = case.cluster_id else { continue };
            if matches!(case.kind, CaseKind::Access | CaseKind::Portability) {
                notices.erasure_waits.insert(id.clone());
            }
            match case.kind {
                CaseKind::Restriction => drop(notices.restricted.insert(id)),
                // Whoever asks for their data is not disclosed to others meanwhile; the clock runs.
                CaseKind::Access
                | CaseKind::Rectification
                | CaseKind::Portability
                | CaseKind::DataComplaint
                | CaseKind::Other
                | CaseKind::OptOut
                | CaseKind::DoNotCall
                | CaseKind::Objection
                | CaseKind::Erasure => drop(notices.on_hold.insert(id)),
            }
        }
        Ok(notices)
    }

    fn add(&mut self, row: &NoticeRow) {
        let told = self.by_person.entry(row.cluster_id.clone()).or_default();
        match row.state {
            NoticeState::Sent { at } => {
                told.ever_sent = true;
                told.bounced = false;
                for mention in &row.mentions {
                    told.at.entry(mention.clone()).or_insert(at);
                }
            }
            NoticeState::InDoubt => told.in_doubt = true,
            // It came back for reputation, content or time: the address may be good, so a person decides (NT-6).
            NoticeState::Bounced { permanent: false, .. } => {
                told.ever_sent = true;
                told.in_doubt = true;
                for mention in &row.mentions {
                    told.at.remove(mention);
                }
            }
            NoticeState::Bounced { permanent: true, .. } | NoticeState::Failed { permanent: true } => {
                told.ever_sent = true;
                told.failed_count += 1;
                told.bounced = true;
                for mention in &row.mentions {
                    told.at.remove(mention);
                }
                self.dead_addresses.insert(row.rcpt);
            }
            NoticeState::Failed { permanent: false } | NoticeState::Intended => {}
        }
    }

    /// Returns every mention that somebody was told of.
    pub(crate) fn told_mentions(&self) -> BTreeSet<MentionId> {
        self.by_person.values().flat_map(|told| told.at.keys().cloned()).collect()
    }

    /// Returns what a person has been told.
    pub(crate) fn of(&self, id: &ClusterId) -> Told {
        self.by_person.get(id).cloned().unwrap_or_default()
    }
}

/// What is still to be told to a person, and by when.
#[derive(Debug)]
pub(crate) struct Untold {
    /// The mentions.
    pub(crate) mentions: Vec<MentionId>,
    /// The clock, which started with the oldest of them.
    pub(crate) clock: NoticeClock,
}

/// Returns what a person still has to be told, with its clock; none where they know everything.
///
/// # Errors
///
/// A usage error where the policy's zone is unknown.
pub(crate) fn untold(
    master: &Master,
    told: &Told,
    seen_at: &BTreeMap<MentionId, Timestamp>,
    config: &Config,
) -> Result<Option<Untold>, CommandError> {
    let mentions = untold_mentions(master, &told.mentions());
    let Some(start) = mentions.iter().filter_map(|id| seen_at.get(id)).min() else { return Ok(None) };
    Ok(Some(Untold { clock: clock(*start, config)?, mentions }))
}

/// Returns the notice clock of data obtained at an instant.
///
/// # Errors
///
/// A usage error where the policy's zone is unknown.
pub(crate) fn clock(obtained_at: Timestamp, config: &Config) -> Result<NoticeClock, CommandError> {
    notice_clock(obtained_at, &config.policy)
        .map_err(|error| CommandError::usage(format!("failed to compute when a notice is due: {error}")))
}

/// Returns when each live mention was obtained.
///
/// # Errors
///
/// A store error.
pub(crate) fn seen_instants(store: &Store) -> Result<BTreeMap<MentionId, Timestamp>, CommandError> {
    Ok(store.mentions()?.iter().map(|mention| (mention.mention_id().clone(), mention.seen_at())).collect())
}
