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
mod deadline;
mod delivery;
mod intake;
mod labels;
mod lint;
mod merge;
mod notice;
mod policy;
mod postal;
mod release;
mod rights;
mod schedule;
pub mod sensitive;
mod suppression;
#[cfg(test)]
mod testing;
mod verdict;
#[cfg(test)]
mod walls;

pub use article14::{NoticeAlarm, NoticeClock, earliest_due, notice_clock, notice_due};
pub use calendar::{
    CalendarError, DueDate, DueRule, Pause, Place, days_limit, month_limit, working_days_limit, zone_of_jurisdiction,
};
pub use cleared::{Cleared, Contact, Intake, Merge, Purpose, Release};
pub use contact::{
    ContactContext, NoticeAddress, NoticeOrder, clear_contact, residence_country, untold_mentions, untold_purposes,
};
pub use deadline::{Deadline, DutyCase, DutyEvent, Law, deadline};
pub use delivery::{DeliveryState, LastNotice, NoticeWay, Taken, delivery_state};
pub use intake::{Admission, IntakeContext, admit, clear_quarantine};
pub use labels::{field_label, mechanism_label};
pub use lint::{Defect, LINT_LANGUAGES, NoticeContext, can_lint, lint_notice, lint_text};
pub use merge::clear_merge;
pub use notice::{
    Controller, DataProtectionOfficer, Item, NoticeFacts, NoticePurpose, RecipientLine, Representative, Residence,
    is_outside_eea, notice_language, required_items,
};
pub use policy::{Assessment, EEA, Policy, RecipientTerms, SourceKind, SourceTerms, TransferMechanism};
pub use postal::PostalAddress;
pub use release::{ReleaseContext, ReleasedRow, clear_release, release_from, retention_ends};
pub use rights::{
    UkRequest, breach_notification_due, ccpa_confirmation_due, ccpa_opt_out_due, ccpa_request_due, lgpd_request_due,
    rights_due, rights_due_in, rights_extended, swiss_request_due, uk_complaint_acknowledgment_due, uk_request_due,
    uk_request_extended,
};
pub use schedule::{Caps, Schedule, ScheduledDay, Waiting, schedule};
pub use suppression::{
    PersonKeys, Recognizable, SuppressionHit, SuppressionList, address_hash, company_keys, manual_entry, person_keys,
    suppression_entry,
};
pub use verdict::{Outcome, Reason};
