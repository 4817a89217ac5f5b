//! The Art. 14 clock: by when a person must have been told that their data are held.
//!
//! It counts; whether somebody has been told, and what becomes of those who have not, is decided by the walls and the
//! store.
//!
//! Invariant: no later event moves a due date forward; merging takes the earliest instant before it comes here.

use jiff::Span;
use jiff::tz::TimeZone;
use muster_model::Timestamp;

use crate::calendar::zone_of;
use crate::{CalendarError, DueDate, DueRule, NoticeWay, Place, Policy, month_limit};

/// The period that the law gives at most (14(3)(a)).
const NOTICE_MONTHS: i32 = 1;

/// The instants of one person's notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeClock {
    /// The legal limit.
    pub due_at: Timestamp,
    /// Which rule of the calendar set the limit.
    pub rule: DueRule,
    /// The last instant at which a first notice may go out: the earlier of the hard stop and the limit less the time
    /// in which a bounce may come back.
    pub send_by: Timestamp,
    /// The same for a letter on paper, which comes back later than a mail.
    pub paper_send_by: Timestamp,
    /// Our own target.
    pub target_at: Timestamp,
    /// When an unsent notice raises an alarm.
    pub alarm_at: Timestamp,
    /// After this a notice may only change its channel.
    pub hard_stop_at: Timestamp,
    /// The reasoning in words, dates only.
    pub why: String,
    /// The same for a letter.
    pub paper_why: String,
}

/// Returns the clock for data whose first datum was obtained at an instant.
///
/// # Law
///
/// GDPR 14(3)(a): within a reasonable period, one month at most. The period runs at the establishment that acts
/// (rule DL-3); target, alarm and hard stop are our own, stricter reading of "reasonable" (DL-1).
///
/// # Errors
///
/// [`CalendarError`] where the policy's zone is unknown or a period leaves the calendar.
pub fn notice_clock(obtained_at: Timestamp, policy: &Policy) -> Result<NoticeClock, CalendarError> {
    let place = place_of(policy);
    let due = month_limit(obtained_at, NOTICE_MONTHS, &place)?;
    let zone = zone_of(&place)?;
    let target_at = days_later(obtained_at, policy.target_days, &zone)?;
    let alarm_at = days_later(obtained_at, policy.alarm_days, &zone)?;
    let hard_stop_at = days_later(obtained_at, policy.hard_stop_days, &zone)?;
    let latest = |way: NoticeWay| {
        let wait = way.delivered_after(policy);
        let hours = wait.as_hours();
        let out_of_range = |_| CalendarError::OutOfRange { start: due.due_at, length: format!("-{hours} hours") };
        let delivered_by = due.due_at.checked_sub(wait).map_err(out_of_range)?;
        let (send_by, limit) = if hard_stop_at <= delivered_by {
            (hard_stop_at, format!("the hard stop of {} days", policy.hard_stop_days))
        } else {
            (delivered_by, format!("the limit less {hours} hours for a bounce"))
        };
        Ok((send_by, format!("{}; a first notice goes out by {send_by}, {limit}", due.why)))
    };
    let (send_by, why) = latest(NoticeWay::Mail)?;
    let (paper_send_by, paper_why) = latest(NoticeWay::Paper)?;
    let (due_at, rule) = (due.due_at, due.rule);
    Ok(NoticeClock { due_at, rule, send_by, paper_send_by, target_at, alarm_at, hard_stop_at, why, paper_why })
}

impl NoticeClock {
    /// Returns the last instant at which a first notice may go out by a way.
    pub const fn send_by(&self, way: NoticeWay) -> Timestamp {
        match way {
            NoticeWay::Mail => self.send_by,
            NoticeWay::Paper => self.paper_send_by,
        }
    }

    /// Returns the reasoning for a way.
    pub fn why(&self, way: NoticeWay) -> &str {
        match way {
            NoticeWay::Mail => &self.why,
            NoticeWay::Paper => &self.paper_why,
        }
    }

    /// Returns which of our own limits has passed, the gravest.
    ///
    /// # Law
    ///
    /// Rule DL-1: own target, alarm and hard stop.
    pub fn alarm(&self, now: Timestamp) -> Option<NoticeAlarm> {
        let limits = [
            (self.hard_stop_at, NoticeAlarm::HardStop),
            (self.alarm_at, NoticeAlarm::Alarm),
            (self.target_at, NoticeAlarm::Target),
        ];
        limits.into_iter().find(|(at, _)| *at <= now).map(|(_, alarm)| alarm)
    }
}

/// Which of our own limits somebody untold has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeAlarm {
    /// The day by which a notice should be out.
    Target,
    /// The day on which somebody has to look.
    Alarm,
    /// The day past which no first notice goes out.
    HardStop,
}

impl NoticeAlarm {
    /// Returns the name used in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Alarm => "alarm",
            Self::HardStop => "hard-stop",
        }
    }
}

/// Returns the earliest of the three limits of a notice.
///
/// # Law
///
/// GDPR 14(3)(a), (b), (c): the month, the first communication with the person, the first disclosure to another
/// recipient, whichever comes first. The last two are instants: they are not rolled over and never extend the first
/// (WP260 par. 28, rule DL-1).
pub fn earliest_due(
    clock: &NoticeClock,
    first_contact: Option<Timestamp>,
    first_disclosure: Option<Timestamp>,
) -> DueDate {
    let month = DueDate { due_at: clock.due_at, rule: clock.rule, why: clock.why.clone() };
    earlier_of(month, first_contact, first_disclosure)
}

/// Returns when a notice is due at a place, whatever our own targets are.
///
/// # Law
///
/// GDPR 14(3): as [`earliest_due`]. The clock starts at the earliest instant at which any datum of the person was
/// obtained; a later mention never starts it again (rule DL-2).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn notice_due(
    obtained_at: Timestamp,
    first_contact: Option<Timestamp>,
    first_disclosure: Option<Timestamp>,
    place: &Place,
) -> Result<DueDate, CalendarError> {
    Ok(earlier_of(month_limit(obtained_at, NOTICE_MONTHS, place)?, first_contact, first_disclosure))
}

/// The month limit, or an event that comes before it.
fn earlier_of(month: DueDate, first_contact: Option<Timestamp>, first_disclosure: Option<Timestamp>) -> DueDate {
    let mut due = month;
    let events = [
        (first_disclosure, DueRule::Disclosure, "first disclosure to another recipient"),
        (first_contact, DueRule::Contact, "first communication with the person"),
    ];
    for (at, rule, event) in events {
        let Some(at) = at.filter(|&at| at < due.due_at) else { continue };
        due = DueDate { due_at: at, rule, why: format!("the {event} at {at} comes before the end of the month") };
    }
    due
}

/// The place that a policy's periods run at.
pub(crate) fn place_of(policy: &Policy) -> Place {
    Place { zone: policy.zone.clone(), region: policy.holiday_region.clone() }
}

/// The same local time some days later.
fn days_later(start: Timestamp, days: i32, zone: &TimeZone) -> Result<Timestamp, CalendarError> {
    let span = Span::new().try_days(days);
    let later = span.and_then(|span| start.to_zoned_datetime(zone.clone()).checked_add(span));
    later.map(|at| at.timestamp()).map_err(|_| CalendarError::OutOfRange { start, length: format!("{days} days") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, policy};

    #[test]
    fn art14_3_a_notice_is_due_within_one_month() {
        let clock = notice_clock(at("2029-01-31T12:00:00Z"), &policy()).unwrap();
        assert_eq!(clock.due_at, at("2029-02-28T22:59:59Z"));
        assert_eq!(clock.rule, DueRule::Clipped);
    }

    #[test]
    fn dl_1_target_alarm_and_hard_stop_are_calendar_days_of_the_zone() {
        // Summer time begins in between: the local hour stays, the instant does not.
        let clock = notice_clock(at("2025-03-20T09:00:00Z"), &policy()).unwrap();
        assert_eq!(clock.target_at, at("2025-03-27T09:00:00Z"));
        assert_eq!(clock.alarm_at, at("2025-04-03T08:00:00Z"));
        assert_eq!(clock.hard_stop_at, at("2025-04-10T08:00:00Z"));
        assert_eq!(clock.send_by, clock.hard_stop_at);
        assert!(clock.why.contains("hard stop"), "{}", clock.why);
    }

    #[test]
    fn a_first_notice_leaves_time_for_a_bounce_before_the_limit() {
        let late = Policy { hard_stop_days: 60, ..policy() };
        let clock = notice_clock(at("2025-05-05T09:00:00Z"), &late).unwrap();
        assert_eq!(clock.due_at, at("2025-06-05T21:59:59Z"));
        assert_eq!(clock.send_by, at("2025-06-02T21:59:59Z"));
        assert!(clock.send_by < clock.hard_stop_at);
    }

    #[test]
    fn nt_6_a_letter_leaves_earlier_than_a_mail_because_it_comes_back_later() {
        let late = Policy { hard_stop_days: 60, ..policy() };
        let clock = notice_clock(at("2025-05-05T09:00:00Z"), &late).unwrap();
        assert_eq!(clock.send_by(NoticeWay::Mail), at("2025-06-02T21:59:59Z"));
        assert_eq!(clock.send_by(NoticeWay::Paper), at("2025-05-29T21:59:59Z"));
        assert!(clock.why(NoticeWay::Paper).contains("168 hours") && clock.why(NoticeWay::Mail).contains("72 hours"));
    }

    #[test]
    fn dl_1_who_is_past_target_alarm_or_hard_stop_is_marked_by_the_gravest() {
        let clock = notice_clock(at("2025-03-20T09:00:00Z"), &policy()).unwrap();
        assert_eq!(clock.alarm(at("2025-03-27T08:59:59Z")), None);
        assert_eq!(clock.alarm(at("2025-03-27T09:00:00Z")), Some(NoticeAlarm::Target));
        assert_eq!(clock.alarm(at("2025-04-03T08:00:00Z")), Some(NoticeAlarm::Alarm));
        assert_eq!(clock.alarm(at("2025-04-10T08:00:00Z")), Some(NoticeAlarm::HardStop));
    }

    #[test]
    fn art14_3_b_and_c_come_first_but_never_extend() {
        let clock = notice_clock(at("2029-01-31T12:00:00Z"), &policy()).unwrap();
        let contact = at("2029-02-05T08:00:00Z");
        let due = earliest_due(&clock, Some(contact), None);
        assert_eq!((due.due_at, due.rule), (contact, DueRule::Contact));
        let due = earliest_due(&clock, Some(contact), Some(at("2029-02-04T08:00:00Z")));
        assert_eq!((due.due_at, due.rule), (at("2029-02-04T08:00:00Z"), DueRule::Disclosure));
        let due = earliest_due(&clock, None, Some(at("2029-04-01T08:00:00Z")));
        assert_eq!((due.due_at, due.rule), (clock.due_at, DueRule::Clipped));
        assert_eq!(earliest_due(&clock, None, None).due_at, clock.due_at);
    }

    #[test]
    fn an_unknown_zone_is_an_error_that_names_it() {
        let nowhere = Policy { zone: "Europe/Nowhere".into(), ..policy() };
        let error = notice_clock(at("2025-01-01T00:00:00Z"), &nowhere).unwrap_err();
        assert_eq!(error.to_string(), "unknown time zone `Europe/Nowhere`");
    }
}
