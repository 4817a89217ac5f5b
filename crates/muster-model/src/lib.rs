//! The vocabulary that every other crate of muster speaks: values, ids, mentions, MASTER records, ledger events.
//!
//! It holds types and the normal forms that two crates must agree on, and nothing else: no policy, no database,
//! no network, no clock.
//!
//! Invariant: a personal value is reachable only through [`Guarded::expose`] or a wrapper built on it, and no type
//! here prints one by `Debug`.

mod cluster;
mod email;
mod field;
mod fold;
mod guarded;
mod id;
mod key;
mod ledger;
mod master;
mod mention;
mod page;
mod problem;
mod suppression;

pub use cluster::{Assignment, LinkDecision, LinkKind};
pub use email::{EmailAddress, EmailError};
pub use field::{EntityKind, Field, Method};
pub use fold::{
    NORMALIZER_VERSION, NameVariants, company_core, fold_name, name_variants, profile_url_key, registered_host,
};
pub use guarded::Guarded;
pub use id::{CaseId, ClusterId, MentionId, NoticeToken, Position, SourceName};
pub use key::{KeyError, KeyLabel, KeyedHash, SecretKey};
pub use ledger::{
    AckOutcome, CaseKind, ErasureReason, ExportMode, ExportedRow, LedgerEntry, LedgerEvent, MailCursor, MailKind,
    RejectionCount, SegmentRef, StageCount,
};
pub use master::{Lineage, Master, MasterRecord, MasterValue, SurvivorshipRule};
pub use mention::{Evidence, Mention, MentionRecord};
pub use page::Page;
pub use problem::{Place, Problem};
pub use suppression::{SuppressionEntry, SuppressionKey, SuppressionKeyKind, SuppressionReason, SuppressionScope};

/// An instant on the time line, in UTC, as every rule takes it.
pub type Timestamp = jiff::Timestamp;
