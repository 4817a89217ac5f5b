//! What is known of each person's notices: which mentions they were told of and when, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::{LastNotice, NoticeClock, NoticeWay, Policy, Taken, notice_clock, untold_mentions, untold_purposes};
use muster_model::{CaseKind, ClusterId, KeyedHash, Master, MentionId, Timestamp};
use muster_store::{NoticeRow, NoticeState, Store};

use crate::command_error::CommandError;
use crate::config::Config;
use crate::session::Session;

/// The notices of one person, summed up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// When and how a notice went out about each mention; a notice that bounced for good tells nobody.
    pub(crate) at: BTreeMap<MentionId, Taken>,
    /// The same for each purpose, by id.
    pub(crate) purposes: BTreeMap<String, Taken>,
    /// What became of the last notice, and by which way it went.
    pub(crate) last: Option<(LastNotice, NoticeWay)>,
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

    /// Notes a notice that stands; of several about the same, the one that counts as delivered first.
    fn stands(&mut self, row: &NoticeRow, taken: Taken, policy: &Policy) {
        let first = |known: &mut Taken| {
            if taken.delivered_at(policy) < known.delivered_at(policy) {
                *known = taken;
            }
        };
        for mention in &row.mentions {
            self.at.entry(mention.clone()).and_modify(first).or_insert(taken);
        }
        // What told of nobody any more, because it was erased, told whoever is collected again nothing.
        for purpose in row.purposes.iter().filter(|_| !row.mentions.is_empty()) {
            self.purposes.entry(purpose.clone()).and_modify(first).or_insert(taken);
        }
    }
}

/// The notices of everybody.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    by_person: BTreeMap<ClusterId, Told>,
    /// Mailboxes and postal addresses that a notice came back from for good.
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
    pub(crate) fn read(session: &Session) -> Result<Self, CommandError> {
        let store = &session.store;
        let mut notices = Self::default();
        let mut rows = store.notices()?;
        rows.sort_by(|a, b| (a.intended_at, &a.token).cmp(&(b.intended_at, &b.token)));
        for row in rows {
            notices.add(&row, &session.config.policy);
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

    fn add(&mut self, row: &NoticeRow, policy: &Policy) {
        let told = self.by_person.entry(row.cluster_id.clone()).or_default();
        let way = way_of(row);
        let live = !row.mentions.is_empty();
        match row.state {
            NoticeState::Sent { at } => {
                told.ever_sent = true;
                told.bounced = false;
                let taken = Taken { at, way };
                told.stands(row, taken, policy);
                told.last = if live { Some((LastNotice::Taken(taken), way)) } else { told.last };
            }
            NoticeState::InDoubt => told.in_doubt = true,
            // It came back for reputation, content or time: the address may be good, so a person decides (NT-6).
            NoticeState::Bounced { permanent: false, .. } => {
                told.ever_sent = true;
                told.in_doubt = true;
            }
            NoticeState::Bounced { permanent: true, .. } | NoticeState::Failed { permanent: true } => {
                told.ever_sent = true;
                told.failed_count += 1;
                told.bounced = true;
                told.last = if live { Some((LastNotice::CameBack, way)) } else { told.last };
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

/// What the channel of a notice on paper begins with.
pub(crate) const PAPER: &str = "paper-";

/// By which way a notice went.
pub(crate) fn way_of(row: &NoticeRow) -> NoticeWay {
    if row.channel.starts_with(PAPER) { NoticeWay::Paper } else { NoticeWay::Mail }
}

/// What is still to be told to a person, and by when.
#[derive(Debug, Clone)]
pub(crate) struct Untold {
    /// The mentions.
    pub(crate) mentions: Vec<MentionId>,
    /// The purposes, by id.
    pub(crate) purposes: Vec<String>,
    /// The clock, which started with the oldest of the mentions; for a purpose alone the law sets no date, since nothing
    /// is done for it before (14(4)).
    pub(crate) clock: Option<NoticeClock>,
}

impl Untold {
    /// Returns the mentions that a notice names: where a purpose is new, the whole notice is given again.
    pub(crate) fn named(&self, master: &Master) -> Vec<MentionId> {
        if self.purposes.is_empty() { self.mentions.clone() } else { master.members().to_vec() }
    }

    /// Returns the last instant at which it may be told by a way.
    ///
    /// Whoever had a notice before may get the next one by another way past our own limit, up to the law's.
    pub(crate) fn limit(&self, way: NoticeWay, ever_sent: bool, now: Timestamp) -> Option<Timestamp> {
        let clock = self.clock.as_ref()?;
        let send_by = clock.send_by(way);
        Some(if ever_sent && send_by < now { clock.due_at } else { send_by })
    }

    /// Returns whether a first notice could not stand any more before it is due; the clock erases instead.
    pub(crate) fn is_too_late(&self, way: NoticeWay, ever_sent: bool, now: Timestamp) -> bool {
        self.limit(way, ever_sent, now).is_some_and(|limit| limit < now)
    }
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
    let purposes = untold_purposes(&config.purposes, &told.purposes.keys().cloned().collect());
    let start = mentions.iter().filter_map(|id| seen_at.get(id)).min();
    let clock = start.map(|start| clock(*start, config)).transpose()?;
    if clock.is_none() && purposes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Untold { mentions, purposes, clock }))
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
