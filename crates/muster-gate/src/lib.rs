//! The law as pure functions: what may be kept, sent and released, by when somebody must be told, and why.
//!
//! Nothing here reads a clock, a file or the network: instants, policy and lists come in as arguments. Each of the
//! four walls (intake, merge, contact, release) answers with an [`Outcome`]; only its `Pass` carries a [`Cleared`]
//! value, and the crates that keep, send and export accept nothing else.
//!
//! Invariant: a verdict fails closed. What is missing, unknown or doubtful gives `Hold` or `Deny`, never `Pass`.

mod article14;
mod calendar;
mod cleared;
mod contact;
mod intake;
mod labels;
mod lint;
mod merge;
mod notice;
mod policy;
mod release;
mod rights;
pub mod sensitive;
mod suppression;
#[cfg(test)]
mod testing;
mod verdict;
#[cfg(test)]
mod walls;

pub use article14::{NoticeClock, earliest_due, notice_clock};
pub use calendar::{CalendarError, DueDate, DueRule, Place, days_limit, month_limit};
pub use cleared::{Cleared, Contact, Intake, Merge, Purpose, Release};
pub use contact::{ContactContext, NoticeOrder, clear_contact, notice_language, untold_mentions};
pub use intake::{Admission, IntakeContext, admit, clear_quarantine};
pub use labels::{field_label, mechanism_label};
pub use lint::{Defect, lint_notice};
pub use merge::clear_merge;
pub use notice::{Controller, DataProtectionOfficer, NoticeFacts, NoticePurpose, RecipientLine, Representative};
pub use policy::{Assessment, EEA, Policy, RecipientTerms, SourceKind, SourceTerms, TransferMechanism};
pub use release::{ReleaseContext, ReleasedRow, clear_release, release_from, retention_ends};
pub use rights::{rights_due, rights_extended};
pub use suppression::{
    PersonKeys, Recognizable, SuppressionHit, SuppressionList, address_hash, company_keys, manual_entry, person_keys,
    suppression_entry,
};
pub use verdict::{Outcome, Reason};
