//! The clock of a rights request (GDPR 12(3)).
//!
//! What a request asks for and who answers it is not decided here.
//!
//! Invariant: the clock starts when the request arrives in any mailbox of ours, not when somebody reads it.

use muster_model::Timestamp;

use crate::article14::place_of;
use crate::{CalendarError, DueDate, DueRule, Place, Policy, month_limit};

/// The period for an answer.
const ANSWER_MONTHS: i32 = 1;
/// The whole period of a request that was extended by two months: one period from receipt, not two in a row.
const EXTENDED_MONTHS: i32 = 3;

/// Returns when a request received at an instant is due.
///
/// # Law
///
/// GDPR 12(3): without undue delay, one month from receipt at most (rule DL-7).
///
/// # Errors
///
/// [`CalendarError`] where the policy's zone is unknown or the period leaves the calendar.
pub fn rights_due(received_at: Timestamp, policy: &Policy) -> Result<Timestamp, CalendarError> {
    Ok(month_limit(received_at, ANSWER_MONTHS, &place_of(policy))?.due_at)
}

/// Returns when a request is due whose extension the person was told of at an instant.
///
/// # Law
///
/// GDPR 12(3): two further months where that is needed, but only if the person is told, with the reasons, inside the
/// first month. Told later, the extension is void and the first month stands (rule DL-7).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn rights_extended(received_at: Timestamp, told_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    let first = month_limit(received_at, ANSWER_MONTHS, place)?;
    if told_at > first.due_at {
        let why = format!("{}; the extension is void: the person was told of it at {told_at}", first.why);
        return Ok(DueDate { why, ..first });
    }
    let whole = month_limit(received_at, EXTENDED_MONTHS, place)?;
    let why = format!("{}; extended inside the first month, at {told_at}", whole.why);
    Ok(DueDate { rule: DueRule::Extended, why, ..whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, policy};

    #[test]
    fn art12_3_a_request_is_due_one_month_after_receipt() {
        assert_eq!(rights_due(at("2025-07-31T10:00:00Z"), &policy()), Ok(at("2025-09-01T21:59:59Z")));
        let nowhere = Policy { zone: "Nowhere".into(), ..policy() };
        assert!(rights_due(at("2025-07-31T10:00:00Z"), &nowhere).is_err());
    }

    #[test]
    fn dl_7_an_extension_counts_only_inside_the_first_month() {
        let paris = Place { zone: "Europe/Paris".into(), region: "FR".into() };
        let received = at("2025-08-31T10:00:00Z");
        let due = rights_extended(received, at("2025-09-10T08:00:00Z"), &paris).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2025-12-01T22:59:59Z"), DueRule::Extended));
        let due = rights_extended(received, at("2025-10-02T08:00:00Z"), &paris).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2025-09-30T21:59:59Z"), DueRule::Clipped));
        assert!(due.why.contains("void"), "{}", due.why);
    }
}
