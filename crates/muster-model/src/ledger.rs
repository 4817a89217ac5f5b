//! Ledger events: the closed list of what can happen, each a noun and a past participle.
//!
//! Invariant: an event holds ids, keyed hashes, counts, codes and instants; no personal value, so that an erasure
//! never needs to rewrite the ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Assignment, CaseId, ClusterId, KeyedHash, LinkDecision, MentionId, NoticeToken, Position, SourceName,
    SuppressionEntry, SuppressionKey, Timestamp,
};

/// A file of the store, named in the ledger with its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRef {
    /// File name inside its folder.
    pub name: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// How many values were refused for one reason; never which.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RejectionCount {
    /// Reason code or sensitive category.
    pub code: String,
    /// Class of the field name (`label`, `job_title`, `quote`, ...).
    pub field_class: String,
    /// How often.
    pub count: u64,
}

/// One counter of a stage.
pub type StageCount = BTreeMap<String, u64>;

/// Why a person's data was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureReason {
    /// They opted out, objected, complained or asked for erasure.
    Suppressed,
    /// The notice was due and they had not been told.
    NoticeOverdue,
    /// No channel reaches them.
    Unreachable,
    /// The retention period ended.
    RetentionEnded,
    /// A held mention was not decided in time, or was refused.
    HoldEnded,
    /// They left their employer: the data about that employment are wrong (GDPR 5(1)(d), rule RE-2).
    LeftEmployer,
}

impl ErasureReason {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::NoticeOverdue => "notice-overdue",
            Self::Unreachable => "unreachable",
            Self::RetentionEnded => "retention-ended",
            Self::HoldEnded => "hold-ended",
            Self::LeftEmployer => "left-employer",
        }
    }
}

/// What a mail turned out to be; the names of `muster inbox classify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// The address does not exist.
    BouncePermanent,
    /// The mail may still arrive.
    BounceTransient,
    /// It was refused for its content, reputation or rate; not the person's fault.
    BouncePolicy,
    /// A feedback report (RFC 5965): an objection.
    Complaint,
    /// Written by a machine; changes nothing.
    AutoReply,
    /// No more e-mail.
    OptOut,
    /// No calls.
    DoNotCall,
    /// An objection in law (GDPR 21), or consent withdrawn.
    Objection,
    /// Delete my data (GDPR 17).
    Erasure,
    /// What do you hold about me (GDPR 15).
    Access,
    /// This is wrong (GDPR 16).
    Rectification,
    /// Restrict (GDPR 18).
    Restriction,
    /// Hand my data over (GDPR 20).
    Portability,
    /// A written complaint to or about an authority.
    DataComplaint,
    /// Anything else: a person reads it.
    Other,
}

impl MailKind {
    /// What a person may ask for in a mail; the others are of machines, or not understood.
    pub const REQUESTS: [Self; 9] = [
        Self::OptOut,
        Self::DoNotCall,
        Self::Objection,
        Self::Erasure,
        Self::Access,
        Self::Rectification,
        Self::Restriction,
        Self::Portability,
        Self::DataComplaint,
    ];

    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BouncePermanent => "bounce-permanent",
            Self::BounceTransient => "bounce-transient",
            Self::BouncePolicy => "bounce-policy",
            Self::Complaint => "complaint",
            Self::AutoReply => "auto-reply",
            Self::OptOut => "opt-out",
            Self::DoNotCall => "do-not-call",
            Self::Objection => "objection",
            Self::Erasure => "erasure",
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::DataComplaint => "data-complaint",
            Self::Other => "other",
        }
    }
}

/// How far a folder of an IMAP account has been dealt with (RFC 9051, 2.3.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailCursor {
    /// The mailbox, as the pipeline names it.
    pub mailbox: String,
    /// Its folder, as configured.
    pub folder: String,
    /// Of which numbering the UID is.
    pub uid_validity: u32,
    /// The last mail that was dealt with.
    pub uid: u32,
}

/// What became of an acknowledgement that was about to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AckOutcome {
    /// The transport took it.
    Sent,
    /// The connection broke between DATA and 250: it is never sent again by itself.
    InDoubt,
    /// The server refused it; it is not tried again.
    Refused,
    /// It surely did not leave, and is still owed.
    NotSent,
    /// It came too late to be of use, or the mail that it answers is gone.
    Dropped,
}

impl AckOutcome {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::InDoubt => "in-doubt",
            Self::Refused => "refused",
            Self::NotSent => "not-sent",
            Self::Dropped => "dropped",
        }
    }
}

/// What a rights case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the right of the same name, documented on `MailKind`")]
pub enum CaseKind {
    OptOut,
    DoNotCall,
    Objection,
    Erasure,
    Access,
    Rectification,
    Restriction,
    Portability,
    DataComplaint,
    Other,
}

impl CaseKind {
    /// Returns the name used in JSON, tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptOut => "opt-out",
            Self::DoNotCall => "do-not-call",
            Self::Objection => "objection",
            Self::Erasure => "erasure",
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::DataComplaint => "data-complaint",
            Self::Other => "other",
        }
    }
}

/// Whether an export held everything or what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportMode {
    /// Every releasable record.
    Full,
    /// What was added, changed or removed since the recipient's last export.
    Delta,
}

/// One record that was disclosed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExportedRow {
    /// Whose.
    pub cluster_id: ClusterId,
    /// Keyed hash of the row's values, which tells a changed row without holding it.
    pub row: KeyedHash,
}

/// Everything that can happen. The variants are documented by what they make true from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "snake_case")]
#[expect(missing_docs, reason = "the members are named as the ids they hold; each variant says what they mean")]
pub enum LedgerEvent {
    /// The store exists and was made with the key of this id.
    StoreCreated { format_version: u32, key_id: String },
    /// The mentions of a segment passed the intake gate, or were held by it for a person to decide.
    MentionsAdmitted {
        segment: SegmentRef,
        source: SourceName,
        /// The legitimate-interest assessment that they were kept under.
        assessment_id: String,
        policy_hash: String,
        mentions: Vec<MentionId>,
        /// Why they are held; absent for mentions that were kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<String>,
    },
    /// The intake gate refused values or mentions; only counts are kept (SF-2).
    ValuesRejected { source: SourceName, policy_hash: String, counts: Vec<RejectionCount> },
    /// A steward decided about a held mention: kept, or erased by the event that follows.
    HoldDecided { mention_id: MentionId, keep: bool },
    /// A segment was rewritten without the mentions named; the old file is gone.
    SegmentReplaced { old: SegmentRef, new: Option<SegmentRef>, reason: ErasureReason, removed: Vec<MentionId> },
    /// The mentions belong to these clusters from now on.
    MentionsAssigned { assignments: Vec<Assignment> },
    /// A cluster became part of an older one; its id redirects.
    ClusterMerged { from: ClusterId, into: ClusterId },
    /// A steward decided about two mentions.
    LinkDecided { decision: LinkDecision },
    /// The MASTER was derived anew at this point of the ledger.
    MasterDerived { snapshot: SegmentRef, person_count: u64, company_count: u64 },
    /// A notice will go out: fsynced before the first byte leaves.
    NoticeIntended {
        token: NoticeToken,
        cluster_id: ClusterId,
        /// The mentions it tells about; a merge that adds others does not make it untold.
        mentions: Vec<MentionId>,
        /// The purposes it tells of, by id (GDPR 14(4)).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        purposes: Vec<String>,
        /// Keyed hash of the address: of a mailbox the suppression key of kind e-mail, of a letter box one of its own.
        rcpt: KeyedHash,
        /// Keyed hash of the mailbox's domain, by which its daily cap is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        domain: Option<KeyedHash>,
        /// The way out: kind of transport and keyed hash of its place. Another way cannot tell whether it went out.
        channel: String,
        lang: String,
        /// When it is due; none where the law sets no date, as for a purpose that is new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
        text_sha256: String,
        policy_hash: String,
    },
    /// The transport took the notice.
    NoticeSent { token: NoticeToken },
    /// The connection broke between DATA and 250: told or not cannot be known; never sent again by itself.
    NoticeInDoubt { token: NoticeToken },
    /// A notice surely did not go out (refused before DATA ended): the token may be used again.
    NoticeFailed { token: NoticeToken, permanent: bool, status_code: Option<String> },
    /// A bounce came back for a notice.
    NoticeBounced { token: NoticeToken, permanent: bool, status_code: Option<String> },
    /// A person was put on the suppression list.
    SuppressionAdded { entry: SuppressionEntry },
    /// An entry was lifted at the person's own wish.
    SuppressionLifted { entry_id: String, note_sha256: String },
    /// A steward confirmed that whoever has these mailboxes is not the person of the entry, only their namesake.
    NamesakeConfirmed { entry_id: String, keys: Vec<SuppressionKey> },
    /// A mail was read and acted on; the key is a keyed hash of it.
    MailRead {
        mail: KeyedHash,
        kind: MailKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<NoticeToken>,
        needs_review: bool,
        /// Everything that it is or asks for, where that is more than `kind`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        kinds: Vec<MailKind>,
        /// The rule that decided.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        rule: String,
        /// How sure the verdict is, in hundredths.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence_percent: Option<u8>,
        /// Language of its writer's words, ISO 639-1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
        /// By which way its person was told, and how sure that is, in hundredths: `token 99`.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        identity: String,
        /// What our receiving server says of its sender (RFC 8601): `pass`, `fail`, `none`, `unknown`.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        authentication: String,
        /// Keyed hash of its `Message-ID`: the id itself may name somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<KeyedHash>,
        /// Where it lies, for a mail that came by IMAP.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<MailCursor>,
    },
    /// A folder of an IMAP account was read to this point; what lies before was dealt with.
    MailboxRead { cursor: MailCursor },
    /// The writer of a mail is to be told that it arrived and what was done. Written together with [`Self::MailRead`].
    AcknowledgementOwed {
        token: NoticeToken,
        /// The mail that it answers.
        mail: KeyedHash,
        /// Keyed hash of the writer's address, as a suppression key of kind e-mail.
        rcpt: KeyedHash,
        /// What the mail asks for.
        kinds: Vec<MailKind>,
        /// Whether a person has to read the mail before more can be said.
        doubt: bool,
        lang: String,
        received_at: Timestamp,
        /// When the last answer that is still to come is due.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
        /// What to name when asking again.
        reference: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<NoticeToken>,
    },
    /// An acknowledgement will leave: fsynced before the first byte does.
    AcknowledgementIntended {
        token: NoticeToken,
        /// The way out: kind of transport and keyed hash of its place.
        channel: String,
        text_sha256: String,
    },
    /// What became of it.
    AcknowledgementEnded {
        token: NoticeToken,
        outcome: AckOutcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_code: Option<String>,
    },
    /// A person has to look at something.
    ReviewQueued {
        review_id: String,
        /// `mail`, `accuracy`, `acknowledgement`, `mention`, `notice`, `suppression`.
        subject: String,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cluster_id: Option<ClusterId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mention_id: Option<MentionId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<NoticeToken>,
        /// Keyed hash of the mail, and its file name in the mailbox, by which a person finds it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mail: Option<KeyedHash>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        locator: Option<String>,
    },
    /// A person has looked.
    ReviewDecided { review_id: String, decision: String },
    /// A rights request is open; its clock runs (GDPR 12(3)).
    CaseOpened {
        case_id: CaseId,
        kind: CaseKind,
        /// `mail`, `phone`, `letter`.
        channel: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cluster_id: Option<ClusterId>,
        received_at: Timestamp,
        due_at: Timestamp,
    },
    /// A rights request was answered.
    CaseClosed { case_id: CaseId, outcome: String },
    /// Nothing of this person is held any more.
    PersonErased { cluster_id: ClusterId, reason: ErasureReason, mention_count: u64 },
    /// Records were disclosed to a recipient. Several events of one `export_id` make one export.
    RecordsReleased { export_id: String, recipient: String, rows: Vec<ExportedRow>, removed: Vec<ClusterId> },
    /// An export was written whole; what it withheld, by reason.
    ExportCompleted {
        export_id: String,
        recipient: String,
        format: String,
        mode: ExportMode,
        file_sha256: String,
        row_count: u64,
        removed_count: u64,
        withheld: StageCount,
    },
    /// A step of a rehearsal is done.
    StepCompleted { pipeline: String, step: String },
    /// A stage ran; its counters.
    StageCompleted { stage: String, counts: StageCount },
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Format version of the line.
    pub v: u32,
    /// Sequence number, from 1 without gaps.
    pub seq: Position,
    /// The instant of the command that wrote it.
    pub at: Timestamp,
    /// Whether the next line belongs to the same commit: a commit that a crash cut short counts as never written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continues: bool,
    /// What happened.
    pub event: LedgerEvent,
    /// The chain value of the line before; zeros for the first.
    pub prev: KeyedHash,
    /// HMAC over the line without this member.
    pub mac: KeyedHash,
}
