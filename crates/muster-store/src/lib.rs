//! The ledger and everything derived from it.
//!
//! The truth is plain files: a hash-chained, fsynced ledger of JSON lines and immutable Parquet files that it names.
//! The index is `sled` behind a narrow trait of our own; it is replayed on start and can be made again at any time.
//! What may be kept is `muster-gate`'s decision: this crate takes its proofs and knows no rule.
//!
//! Invariant: what was acknowledged is on disk, what the ledger does not name is not read, and personal values stand
//! only in the Parquet files.

mod checkpoint;
mod durable;
mod erase;
mod error;
pub mod export;
mod fault;
mod files;
mod frontier;
mod index;
mod ledger;
mod maintain;
mod parquet_file;
mod paths;
mod projection;
mod query;
mod rows;
mod segment;
mod snapshot;
mod store;
#[cfg(test)]
mod testing;
mod text_columns;

pub use erase::ErasureReport;
pub use error::{Error, ErrorKind};
pub use fault::{Fault, LedgerFault};
pub use frontier::{PageMemoryRow, StoreFrontier};
pub use maintain::{AuditReport, RebuildReport, VerifyReport, audit_verify, rebuild, verify_store};
pub use paths::StorePaths;
pub use rows::{
    AckRow, AckState, CaseOutcome, CaseRow, Disclosure, ErasedRow, ExportRow, HeldInfo, MailRow, MasterVersion,
    NoticeRow, NoticeState, RejectionRow, ReviewDecision, ReviewRow, StageRow,
};
pub use store::{Admitted, KeepReport, Opened, Store};
pub use text_columns::{TextBatch, TextColumns};
