//! The rows of the index: what a query answers with, without any personal value.
//!
//! Invariant: every row can be made again from the ledger alone.

use muster_model::{
    CaseId, CaseKind, ClusterId, ErasureReason, ExportMode, KeyedHash, MailCursor, MailKind, MentionId, NoticeToken,
    Position, SegmentRef, SourceName, StageCount, SuppressionEntry, Timestamp,
};
use serde::{Deserialize, Serialize};

/// A segment that the ledger names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentRow {
    pub(crate) sha256: String,
    pub(crate) source: SourceName,
    pub(crate) assessment_id: String,
    pub(crate) policy_hash: String,
}

/// Where a mention is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MentionRow {
    pub(crate) segment: String,
}

/// Why and since when a mention is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldInfo {
    /// Code of the reason.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

/// The current MASTER snapshot: which, from where, how big.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterVersion {
    /// The ledger's position at which it was derived.
    pub position: Position,
    /// When.
    pub derived_at: Timestamp,
    /// The file.
    pub snapshot: SegmentRef,
    /// How many people.
    pub person_count: u64,
    /// How many companies.
    pub company_count: u64,
}

/// How far a notice has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum NoticeState {
    /// It will go out; whether it has is decided by the transport's own traces.
    Intended,
    /// The transport took it.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Whether it went out cannot be known.
    InDoubt,
    /// It surely did not go out.
    Failed {
        /// Whether trying again is in vain.
        permanent: bool,
    },
    /// It came back.
    Bounced {
        /// When that was read.
        at: Timestamp,
        /// Whether the address is dead.
        permanent: bool,
        /// The enhanced status code, where there was one.
        status_code: Option<String>,
    },
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// Its token.
    pub token: NoticeToken,
    /// Whose, redirects followed.
    pub cluster_id: ClusterId,
    /// The mentions that it tells about, less those that are gone.
    pub mentions: Vec<MentionId>,
    /// The purposes that it tells of.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Keyed hash of the address.
    pub rcpt: KeyedHash,
    /// Keyed hash of the mailbox's domain.
    #[serde(default)]
    pub domain: Option<KeyedHash>,
    /// The way out: kind of transport and keyed hash of its place.
    pub channel: String,
    /// Its language.
    pub lang: String,
    /// When it is due, where the law sets a date.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// SHA-256 of its text.
    pub text_sha256: String,
    /// The policy that it was written under.
    pub policy_hash: String,
    /// When it was intended last.
    pub intended_at: Timestamp,
    /// When the transport took it; stays when it bounces later.
    pub sent_at: Option<Timestamp>,
    /// How far it has got.
    pub state: NoticeState,
}

/// A suppression entry and where it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SuppressionRow {
    pub(crate) position: Position,
    pub(crate) entry: SuppressionEntry,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOutcome {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: String,
}

/// A rights case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Its id.
    pub case_id: CaseId,
    /// What it is about.
    pub kind: CaseKind,
    /// `mail`, `phone` or `letter`.
    pub channel: String,
    /// Whose, redirects followed, where known.
    pub cluster_id: Option<ClusterId>,
    /// When the request came.
    pub received_at: Timestamp,
    /// When the answer is due.
    pub due_at: Timestamp,
    /// How it ended, where it has.
    pub closed: Option<CaseOutcome>,
}

/// What a person decided about a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDecision {
    /// When.
    pub at: Timestamp,
    /// What.
    pub decision: String,
}

/// Something for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    /// Its id.
    pub review_id: String,
    /// `mail`, `mention`, `notice` or `suppression`.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// The person, redirects followed, where known.
    pub cluster_id: Option<ClusterId>,
    /// The mention, where it is about one.
    pub mention_id: Option<MentionId>,
    /// The notice, where it is about one.
    pub token: Option<NoticeToken>,
    /// The mail, where it is about one.
    pub mail: Option<KeyedHash>,
    /// Where a person finds it.
    pub locator: Option<String>,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// What was decided, where it was.
    pub decided: Option<ReviewDecision>,
}

/// A mail that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    /// Its keyed hash.
    pub mail: KeyedHash,
    /// What it was.
    pub kind: MailKind,
    /// The notice that it answers, where it does.
    pub token: Option<NoticeToken>,
    /// Whether a person has to look.
    pub needs_review: bool,
    /// Everything that it is or asks for; the first is `kind`.
    pub kinds: Vec<MailKind>,
    /// The rule that decided.
    pub rule: String,
    /// How sure the verdict was, in hundredths, where that was noted.
    pub confidence_percent: Option<u8>,
    /// Language of its writer's words.
    pub lang: Option<String>,
    /// By which way its person was told, and how sure that is, in hundredths.
    pub identity: String,
    /// What our receiving server says of its sender.
    pub authentication: String,
    /// Keyed hash of its `Message-ID`.
    pub message_id: Option<KeyedHash>,
    /// Where it lay when it was read, for a mail that came by IMAP.
    pub cursor: Option<MailCursor>,
    /// When it was read.
    pub read_at: Timestamp,
}

/// How far an acknowledgement has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AckState {
    /// It is to be sent.
    Owed,
    /// It will leave; whether it has is decided by the transport's own traces.
    Intended,
    /// The transport took it.
    Sent,
    /// Whether it went out cannot be known.
    InDoubt,
    /// It did not go out and never will.
    Ended,
}

/// The answer that the writer of a mail gets from the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckRow {
    /// Its token.
    pub token: NoticeToken,
    /// The mail that it answers.
    pub mail: KeyedHash,
    /// Keyed hash of the writer's address.
    pub rcpt: KeyedHash,
    /// What the mail asks for.
    pub kinds: Vec<MailKind>,
    /// Whether a person has to read the mail before more can be said.
    pub doubt: bool,
    /// Its language.
    pub lang: String,
    /// When the mail arrived.
    pub received_at: Timestamp,
    /// When the last answer that is still to come is due.
    pub due_at: Option<Timestamp>,
    /// What to name when asking again.
    pub reference: String,
    /// The notice that the mail answers.
    pub notice: Option<NoticeToken>,
    /// The way out, once it was intended.
    pub channel: Option<String>,
    /// When it was owed first.
    pub owed_at: Timestamp,
    /// When its state changed last.
    pub changed_at: Timestamp,
    /// How far it has got.
    pub state: AckState,
}

/// When a person's data were disclosed to a recipient; stays when the recipient has removed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// To whom.
    pub recipient: String,
    /// First.
    pub first_at: Timestamp,
    /// Last.
    pub last_at: Timestamp,
    /// The last export that held them.
    pub export_id: String,
}

/// One export that was written whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRow {
    /// Its id.
    pub export_id: String,
    /// To whom.
    pub recipient: String,
    /// `csv`, `jsonl` or `parquet`.
    pub format: String,
    /// Full or delta.
    pub mode: ExportMode,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// How many rows.
    pub row_count: u64,
    /// How many removals.
    pub removed_count: u64,
    /// What was withheld, by reason.
    pub withheld: StageCount,
    /// When.
    pub at: Timestamp,
    /// Where in the ledger.
    pub position: Position,
}

/// The last run of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRow {
    /// The stage.
    pub stage: String,
    /// When.
    pub at: Timestamp,
    /// Its counters.
    pub counts: StageCount,
}

/// How often the intake gate refused something of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RejectionRow {
    /// The source.
    pub source: SourceName,
    /// Reason code or category.
    pub code: String,
    /// Class of the field name.
    pub field_class: String,
    /// How often, over all runs.
    pub count: u64,
}

/// A person of whom nothing is held any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedRow {
    /// The id that they had.
    pub cluster_id: ClusterId,
    /// Why.
    pub reason: ErasureReason,
    /// How many mentions.
    pub mention_count: u64,
    /// When.
    pub at: Timestamp,
}
