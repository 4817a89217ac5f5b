//! The clocks of rights requests (GDPR 12(3) and its counterparts elsewhere), of breaches and of complaints.
//!
//! What a request asks for and who answers it is not decided here.
//!
//! Invariant: the clock starts when the request arrives in any mailbox of ours, not when somebody reads it; where a law
//! can be read in two ways, the earlier date counts.

use jiff::Span;
use muster_model::Timestamp;

use crate::article14::place_of;
use crate::calendar::paused_month_limit;
use crate::{CalendarError, DueDate, DueRule, Pause, Place, Policy, days_limit, month_limit, working_days_limit};
use crate::{Deadline, DutyCase, DutyEvent, Law, deadline, zone_of_jurisdiction};

/// The period for an answer.
const ANSWER_MONTHS: i32 = 1;
/// The whole period of a request that was extended by two months: one period from receipt, not two in a row.
const EXTENDED_MONTHS: i32 = 3;
/// From when Article 12A of the UK GDPR is in force: 5 February 2026. For what arrived before, the conservative reading
/// of 12(6) holds as in the EEA.
const ARTICLE_12A_FROM: Timestamp = Timestamp::constant(1_770_249_600, 0);
/// The period of the Swiss law (FADP 25(7)).
const SWISS_ACCESS_DAYS: i32 = 30;
/// The periods of the Californian law: for an answer, and whole with the extension (Civ. Code 1798.130(a)(2)).
const CCPA_DAYS: i32 = 45;
const CCPA_EXTENDED_DAYS: i32 = 90;
/// In which a Californian request is confirmed (11 CCR 7021(a)), and an opt-out of sale obeyed (7026(f)).
const CCPA_CONFIRMATION_WORKING_DAYS: u16 = 10;
const CCPA_OPT_OUT_WORKING_DAYS: u16 = 15;
/// The period of the Brazilian law (LGPD 19 II).
const LGPD_ACCESS_DAYS: i32 = 15;
/// In which an authority hears of a breach (GDPR 33(1)).
const BREACH_HOURS: i64 = 72;
/// In which a complaint is acknowledged (DPA 2018 s.164A); the day of receipt is one of them.
const UK_COMPLAINT_DAYS: i32 = 30;

/// Returns when a request received at an instant is due.
///
/// # Law
///
/// GDPR 12(3): without undue delay, one month from receipt at most (rule DL-7). A doubt about the person's identity
/// (12(6)) does not stop this clock (DL-8).
///
/// # Errors
///
/// [`CalendarError`] where the policy's zone is unknown or the period leaves the calendar.
pub fn rights_due(received_at: Timestamp, policy: &Policy) -> Result<Timestamp, CalendarError> {
    Ok(month_limit(received_at, ANSWER_MONTHS, &place_of(policy))?.due_at)
}

/// Returns when a request of a person who works in `country` (ISO 3166-1) is due.
///
/// # Law
///
/// Rules DL-7, DL-9, SC-2: the GDPR holds for a controller in the EEA wherever the person lives; the law of the person's
/// own country may hold beside it, and the strictest limit counts.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn rights_due_in(
    received_at: Timestamp,
    country: Option<&str>,
    policy: &Policy,
) -> Result<Timestamp, CalendarError> {
    let own = rights_due(received_at, policy)?;
    let Some(country) = country.filter(|country| Law::of(country) != Law::Gdpr) else { return Ok(own) };
    let zone = zone_of_jurisdiction(country).map_or_else(|| policy.zone.clone(), str::to_owned);
    let case = DutyCase {
        obtained_at: received_at,
        other_mentions: Vec::new(),
        place: Place { zone, region: country.to_owned() },
        event: DutyEvent::Requested(None),
        pauses: Vec::new(),
    };
    Ok(match deadline(&case)? {
        Deadline::Due(due) => own.min(due.due_at),
        Deadline::None { .. } => own,
    })
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
    if is_told_in_time(received_at, told_at, &first) {
        return Ok(extended(month_limit(received_at, EXTENDED_MONTHS, place)?, told_at));
    }
    Ok(void(first, told_at))
}

/// A request under the law of the United Kingdom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UkRequest {
    /// When it arrived.
    pub received_at: Timestamp,
    /// When the person proved who they are, where that had to be asked.
    pub identity_at: Option<Timestamp>,
    /// From each clarification question that was needed to its answer.
    pub pauses: Vec<Pause>,
}

impl UkRequest {
    fn is_under_12a(&self) -> bool {
        self.received_at >= ARTICLE_12A_FROM
    }

    fn starts_at(&self) -> Timestamp {
        let proof = self.identity_at.filter(|&at| at > self.received_at && self.is_under_12a());
        proof.unwrap_or(self.received_at)
    }

    fn limit(&self, months: i32, place: &Place) -> Result<DueDate, CalendarError> {
        let pauses = if self.is_under_12a() { self.pauses.as_slice() } else { &[] };
        paused_month_limit(self.starts_at(), months, place, pauses)
    }
}

/// Returns when a request under the law of the United Kingdom is due.
///
/// # Law
///
/// UK GDPR 12A: one month from the latest of receipt and proof of identity; the days from a needed clarification
/// question to its answer, both included, do not count (rule DL-8). What arrived before 5 February 2026 has one month
/// from receipt.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn uk_request_due(request: &UkRequest, place: &Place) -> Result<DueDate, CalendarError> {
    let due = request.limit(ANSWER_MONTHS, place)?;
    if request.starts_at() == request.received_at {
        return Ok(due);
    }
    let why = format!("{}; it started with the proof of identity", due.why);
    Ok(DueDate { why, ..due })
}

/// Returns when a request under the law of the United Kingdom is due whose extension the person was told of.
///
/// # Law
///
/// UK GDPR 12A: two further months, told inside the first; the start and the pauses are as in [`uk_request_due`].
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn uk_request_extended(request: &UkRequest, told_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    let first = uk_request_due(request, place)?;
    if is_told_in_time(request.received_at, told_at, &first) {
        return Ok(extended(request.limit(EXTENDED_MONTHS, place)?, told_at));
    }
    Ok(void(first, told_at))
}

/// Returns when a request under the Swiss law is due.
///
/// # Law
///
/// FADP 25(7): 30 days, moved on from a weekend or holiday of the canton (rule DL-9). DPO 18(2) lets the controller
/// name a later day, but sets none: the 30 days stand.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn swiss_request_due(received_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    days_limit(received_at, SWISS_ACCESS_DAYS, place)
}

/// Returns when a request under the Californian law is due; `told_at` is when the person was told of an extension.
///
/// # Law
///
/// Civ. Code 1798.130(a)(2), 1798.145(h): 45 calendar days, 45 more if told inside the first 45; no roll-over (rule
/// DL-9).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn ccpa_request_due(
    received_at: Timestamp,
    told_at: Option<Timestamp>,
    place: &Place,
) -> Result<DueDate, CalendarError> {
    let place = unrolled(place);
    let first = days_limit(received_at, CCPA_DAYS, &place)?;
    match told_at {
        None => Ok(first),
        Some(told_at) if is_told_in_time(received_at, told_at, &first) => {
            Ok(extended(days_limit(received_at, CCPA_EXTENDED_DAYS, &place)?, told_at))
        }
        Some(told_at) => Ok(void(first, told_at)),
    }
}

/// Returns by when a Californian request is confirmed to the person.
///
/// # Law
///
/// 11 CCR 7021(a): 10 business days (rule DL-9). Public holidays are counted as working days, because none are known:
/// the date may be early.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn ccpa_confirmation_due(received_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    working_days_limit(received_at, CCPA_CONFIRMATION_WORKING_DAYS, &unrolled(place))
}

/// Returns by when a Californian opt-out of sale takes effect.
///
/// # Law
///
/// 11 CCR 7026(f): 15 business days (rule DL-9); our own promise is at once (RT-3).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn ccpa_opt_out_due(received_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    working_days_limit(received_at, CCPA_OPT_OUT_WORKING_DAYS, &unrolled(place))
}

/// Returns when a request under the Brazilian law is due.
///
/// # Law
///
/// LGPD 19 II: 15 days, no roll-over (rule DL-9).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn lgpd_request_due(received_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    days_limit(received_at, LGPD_ACCESS_DAYS, &unrolled(place))
}

/// Returns by when the authority hears of a breach that we became aware of at an instant.
///
/// # Law
///
/// GDPR 33(1): 72 hours, weekends and holidays included; no roll-over (rule DL-10).
///
/// # Errors
///
/// [`CalendarError`] for a period that leaves the calendar.
pub fn breach_notification_due(aware_at: Timestamp) -> Result<Timestamp, CalendarError> {
    let span = Span::new().try_hours(BREACH_HOURS);
    let length = || format!("{BREACH_HOURS} hours");
    span.and_then(|span| aware_at.checked_add(span))
        .map_err(|_| CalendarError::OutOfRange { start: aware_at, length: length() })
}

/// Returns by when a complaint under the law of the United Kingdom is acknowledged.
///
/// # Law
///
/// DPA 2018 s.164A (from 19 June 2026): within 30 days beginning with the receipt (rule DL-11). The day of receipt is
/// read as the first of them, and nothing rolls over: the earlier of two readings.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn uk_complaint_acknowledgment_due(received_at: Timestamp, place: &Place) -> Result<DueDate, CalendarError> {
    days_limit(received_at, UK_COMPLAINT_DAYS - 1, &unrolled(place))
}

/// Whether the person was told of an extension inside the first period. What was said before the request arrived was
/// not about this request.
fn is_told_in_time(received_at: Timestamp, told_at: Timestamp, first: &DueDate) -> bool {
    (received_at..=first.due_at).contains(&told_at)
}

fn extended(mut whole: DueDate, told_at: Timestamp) -> DueDate {
    whole.rule = DueRule::Extended;
    whole.why.push_str(&format!("; extended inside the first period, at {told_at}"));
    whole
}

fn void(mut first: DueDate, told_at: Timestamp) -> DueDate {
    first.why.push_str(&format!("; the extension is void: the person was told of it at {told_at}"));
    first
}

/// The same clock without holidays, for laws that know no roll-over.
fn unrolled(place: &Place) -> Place {
    Place { zone: place.zone.clone(), region: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, policy};

    fn place(zone: &str, region: &str) -> Place {
        Place { zone: zone.into(), region: region.into() }
    }

    #[test]
    fn art12_3_a_request_is_due_one_month_after_receipt() {
        assert_eq!(rights_due(at("2025-07-31T10:00:00Z"), &policy()), Ok(at("2025-09-01T21:59:59Z")));
        let nowhere = Policy { zone: "Nowhere".into(), ..policy() };
        assert!(rights_due(at("2025-07-31T10:00:00Z"), &nowhere).is_err());
    }

    #[test]
    fn dl_9_the_strictest_law_counts_where_a_persons_own_holds_beside_the_gdpr() {
        let received = at("2026-02-10T10:00:00Z");
        let due = |country| rights_due_in(received, country, &policy()).unwrap();
        let own = rights_due(received, &policy()).unwrap();
        assert_eq!((due(None), due(Some("FR")), due(Some("US"))), (own, own, own));
        // 15 days in Brazil; a British month is no shorter, Swiss 30 days are longer than a month from February.
        assert!(due(Some("BR")).to_string().starts_with("2026-02-2"), "{}", due(Some("BR")));
        assert!(due(Some("GB")) <= own && due(Some("CH")) <= own);
    }

    #[test]
    fn dl_7_an_extension_counts_only_inside_the_first_month() {
        let paris = place("Europe/Paris", "FR");
        let received = at("2025-08-31T10:00:00Z");
        let due = |told: &str| rights_extended(received, at(told), &paris).unwrap();
        for (told, expect, rule) in [
            ("2025-09-10T08:00:00Z", "2025-12-01T22:59:59Z", DueRule::Extended),
            // The last second of the first month, and the one after it.
            ("2025-09-30T21:59:59Z", "2025-12-01T22:59:59Z", DueRule::Extended),
            ("2025-09-30T22:00:00Z", "2025-09-30T21:59:59Z", DueRule::Clipped),
            ("2025-10-02T08:00:00Z", "2025-09-30T21:59:59Z", DueRule::Clipped),
            // Said before the request arrived.
            ("2025-08-30T08:00:00Z", "2025-09-30T21:59:59Z", DueRule::Clipped),
        ] {
            let due = due(told);
            assert_eq!((due.due_at, due.rule), (at(expect), rule), "{told}");
            assert_eq!(due.why.contains("void"), rule != DueRule::Extended, "{}", due.why);
        }
    }

    fn uk(received: &str, identity: Option<&str>, pauses: &[(&str, &str)]) -> UkRequest {
        let noon = |date: &str| at(&format!("{date}T12:00:00Z"));
        let pauses = pauses.iter().map(|(from, to)| Pause { from: noon(from), to: noon(to) }).collect();
        UkRequest { received_at: noon(received), identity_at: identity.map(noon), pauses }
    }

    #[test]
    fn dl_8_a_uk_request_starts_at_the_proof_of_identity_and_leaves_paused_days_out() {
        let london = place("Europe/London", "GB-ENG");
        for (request, expect, rule) in [
            (uk("2026-03-02", None, &[]), "2026-04-02T22:59:59Z", "month"),
            (uk("2026-03-02", Some("2026-03-10"), &[]), "2026-04-10T22:59:59Z", "month"),
            // A proof that was there before the request changes nothing.
            (uk("2026-03-02", Some("2026-02-10"), &[]), "2026-04-02T22:59:59Z", "month"),
            // 5 to 12 March are eight days: 2 April becomes 10 April.
            (uk("2026-03-02", None, &[("2026-03-05", "2026-03-12")]), "2026-04-10T22:59:59Z", "month"),
            // Asked and answered on one day: one day. 3 April is Good Friday, and the chain ends after Easter Monday.
            (uk("2026-03-02", None, &[("2026-03-05", "2026-03-05")]), "2026-04-07T22:59:59Z", "rolled"),
            // The day of receipt is not counted anyway.
            (uk("2026-03-10", None, &[("2026-03-10", "2026-03-12")]), "2026-04-13T22:59:59Z", "rolled"),
            (uk("2026-03-11", None, &[("2026-03-11", "2026-03-12")]), "2026-04-13T22:59:59Z", "rolled"),
            (uk("2026-03-12", None, &[("2026-03-12", "2026-03-12")]), "2026-04-13T22:59:59Z", "rolled"),
            // Overlapping questions count each day once: 5 to 14 March are ten days.
            (
                uk("2026-03-02", None, &[("2026-03-09", "2026-03-14"), ("2026-03-05", "2026-03-12")]),
                "2026-04-13T22:59:59Z",
                "rolled",
            ),
            // Article 12A was not yet in force.
            (uk("2026-02-04", Some("2026-02-10"), &[("2026-02-11", "2026-02-20")]), "2026-03-04T23:59:59Z", "month"),
            (uk("2026-02-05", Some("2026-02-10"), &[("2026-02-11", "2026-02-20")]), "2026-03-20T23:59:59Z", "month"),
            // Asked after the end.
            (uk("2026-03-02", None, &[("2026-04-03", "2026-04-30")]), "2026-04-02T22:59:59Z", "month"),
        ] {
            let due = uk_request_due(&request, &london).unwrap();
            assert_eq!((due.due_at, due.rule.as_str()), (at(expect), rule), "{request:?}: {}", due.why);
        }
        let proven = uk_request_due(&uk("2026-03-02", Some("2026-03-10"), &[]), &london).unwrap();
        assert!(proven.why.contains("proof of identity"), "{}", proven.why);
    }

    #[test]
    fn dl_8_a_uk_extension_keeps_start_and_pauses() {
        let london = place("Europe/London", "GB-ENG");
        let request = uk("2026-03-02", None, &[("2026-03-05", "2026-03-12")]);
        let due = uk_request_extended(&request, at("2026-04-09T12:00:00Z"), &london).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2026-06-10T22:59:59Z"), DueRule::Extended));
        let due = uk_request_extended(&request, at("2026-04-11T12:00:00Z"), &london).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2026-04-10T22:59:59Z"), DueRule::Month));
    }

    #[test]
    fn dl_9_other_laws_count_days() {
        let zurich = place("Europe/Zurich", "CH-ZH");
        let due = swiss_request_due(at("2025-06-02T12:00:00Z"), &zurich).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2025-07-02T21:59:59Z"), DueRule::Days));
        // 1 August is a holiday, then a weekend; it is still a period of days.
        let due = swiss_request_due(at("2025-07-02T12:00:00Z"), &zurich).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2025-08-04T21:59:59Z"), DueRule::Days));
        let brazil = place("America/Sao_Paulo", "BR");
        let due = lgpd_request_due(at("2025-03-07T15:00:00Z"), &brazil).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2025-03-23T02:59:59Z"), DueRule::Days));
    }

    #[test]
    fn dl_9_california_has_45_days_and_45_more_if_told_in_time() {
        let california = place("America/Los_Angeles", "US-CA");
        let received = at("2025-02-01T20:00:00Z");
        let due = |told: Option<&str>| ccpa_request_due(received, told.map(at), &california).unwrap();
        assert_eq!((due(None).due_at, due(None).rule), (at("2025-03-19T06:59:59Z"), DueRule::Days));
        let told = due(Some("2025-03-18T20:00:00Z"));
        assert_eq!((told.due_at, told.rule), (at("2025-05-03T06:59:59Z"), DueRule::Extended));
        let late = due(Some("2025-03-19T20:00:00Z"));
        assert_eq!((late.due_at, late.rule), (at("2025-03-19T06:59:59Z"), DueRule::Days));
    }

    #[test]
    fn dl_9_california_confirms_in_10_and_obeys_an_opt_out_in_15_business_days() {
        let california = place("America/Los_Angeles", "US-CA");
        let saturday = at("2025-02-01T20:00:00Z");
        assert_eq!(ccpa_confirmation_due(saturday, &california).unwrap().due_at, at("2025-02-15T07:59:59Z"));
        assert_eq!(ccpa_opt_out_due(saturday, &california).unwrap().due_at, at("2025-02-22T07:59:59Z"));
    }

    #[test]
    fn dl_10_a_breach_is_notified_within_72_hours() {
        // Over Easter and the change to summer time alike.
        assert_eq!(breach_notification_due(at("2024-03-29T10:00:00Z")), Ok(at("2024-04-01T10:00:00Z")));
        assert!(breach_notification_due(Timestamp::MAX).is_err());
    }

    #[test]
    fn dl_11_a_uk_complaint_is_acknowledged_within_30_days() {
        let london = place("Europe/London", "GB-ENG");
        let due = uk_complaint_acknowledgment_due(at("2026-07-01T12:00:00Z"), &london).unwrap();
        assert_eq!((due.due_at, due.rule), (at("2026-07-30T22:59:59Z"), DueRule::Days));
        // Ends on a Sunday, and stays there.
        let due = uk_complaint_acknowledgment_due(at("2026-07-04T12:00:00Z"), &london).unwrap();
        assert_eq!(due.due_at, at("2026-08-02T22:59:59Z"));
    }
}
