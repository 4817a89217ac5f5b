//! The legal calendar: when a period of months or days that began at an instant ends in a place.
//!
//! It knows no duty; which period a duty runs for is said where the duty is (`article14`, `rights`).
//!
//! Invariant: a pure function of its arguments and of the holiday tables; what the tables do not know never makes a
//! date later.

mod holidays;
mod rule;

use jiff::Span;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use muster_model::Timestamp;

use holidays::DayKind;

/// Where a period runs: zone and holiday region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// IANA zone, which sets the clock.
    pub zone: String,
    /// Holiday region, ISO 3166-1 or 3166-2 (`DE-BE`), which sets the working days.
    pub region: String,
}

/// Which rule set a due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueRule {
    /// The same-numbered day of a later month.
    Month,
    /// The last day of a month that has no day of that number.
    Clipped,
    /// Moved on from a weekend or public holiday.
    Rolled,
    /// The first communication with the person.
    Contact,
    /// The first disclosure to another recipient.
    Disclosure,
    /// The extended period for a rights request.
    Extended,
    /// A period of days.
    Days,
    /// No period.
    None,
}

impl DueRule {
    /// Returns the name used in CSV and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Clipped => "clipped",
            Self::Rolled => "rolled",
            Self::Contact => "contact",
            Self::Disclosure => "disclosure",
            Self::Extended => "extended",
            Self::Days => "days",
            Self::None => "none",
        }
    }
}

/// A due date with its reasoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDate {
    /// The last second of the period.
    pub due_at: Timestamp,
    /// Which rule set it.
    pub rule: DueRule,
    /// The reasoning in words, with dates and the names of holidays only.
    pub why: String,
}

/// Why no date could be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The zone is not in the IANA database.
    #[error("unknown time zone `{zone}`")]
    UnknownZone {
        /// The zone as it was given.
        zone: String,
    },
    /// The end lies outside the years that a calendar holds.
    #[error("a period of {length} from {start} ends outside the calendar")]
    OutOfRange {
        /// Where it began.
        start: Timestamp,
        /// The period, such as `1 month`.
        length: String,
    },
}

/// Most days that a run of weekends and holidays may last; a longer one is a fault in a table and stops the roll-over.
const ROLL_DAYS_MAX: usize = 14;

/// Returns the end of a period of whole months.
///
/// The event's day is its local date; it is not counted. The period ends with the last second of the same-numbered
/// day of the later month, or of that month's last day where it has no such day, and from a weekend or public
/// holiday it moves on to the next working day.
///
/// # Law
///
/// Reg. (EEC, Euratom) 1182/71 Art. 3(1), 3(2)(c), 3(4); rules DL-3 to DL-6. A region or year without a holiday
/// table gives no roll-over, not even over weekends: the date may then be early, never late.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
///
/// # Examples
///
/// ```
/// use muster_gate::{Place, month_limit};
/// let berlin = Place { zone: "Europe/Berlin".into(), region: "DE-BE".into() };
/// let due = month_limit("2025-03-18T09:00:00Z".parse()?, 1, &berlin)?;
/// assert_eq!(due.due_at.to_string(), "2025-04-22T21:59:59Z");
/// assert_eq!(due.rule.as_str(), "rolled");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn month_limit(start: Timestamp, months: i32, place: &Place) -> Result<DueDate, CalendarError> {
    month_limit_without(start, months, place, &[])
}

/// Returns the end of a period of calendar days; the event's day is not counted, a working day ends it.
///
/// # Law
///
/// Reg. 1182/71 Art. 3(1), 3(4) in the places that have a holiday table (the Swiss 30 days of FADP 25(7)); none for
/// those that have none (the 45 days of the CCPA): rule DL-9.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn days_limit(start: Timestamp, days: i32, place: &Place) -> Result<DueDate, CalendarError> {
    let length = format!("{days} days");
    let (zone, from) = local_date(start, place)?;
    let out_of_range = || CalendarError::OutOfRange { start, length: length.clone() };
    let last = add_days(from, days).ok_or_else(out_of_range)?;
    let why = format!("{length} from {from} ({zone_name}) end on {last}", zone_name = place.zone);
    rolled(Period { last, rule: DueRule::Days, why }, &zone, place).ok_or_else(out_of_range)
}

/// Returns the end of a period of working days; the event's day is not counted.
///
/// Where no holidays are known, every Monday to Friday counts: the date may then be early, never late.
///
/// # Law
///
/// 11 CCR 7021, 7026(f): business days (rule DL-9).
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub fn working_days_limit(start: Timestamp, days: u16, place: &Place) -> Result<DueDate, CalendarError> {
    let length = format!("{days} working days");
    let (zone, from) = local_date(start, place)?;
    let out_of_range = || CalendarError::OutOfRange { start, length: length.clone() };
    let mut last = from;
    let mut left = days;
    while left > 0 {
        last = last.tomorrow().map_err(|_| out_of_range())?;
        let works = match holidays::day_kind(&place.region, last) {
            DayKind::Working => true,
            DayKind::Holiday(_) | DayKind::Weekend => false,
            DayKind::Unknown => !rule::is_weekend(last),
        };
        left -= u16::from(works);
    }
    let why = format!("{length} from {from} ({zone_name}) end on {last}", zone_name = place.zone);
    let due_at = end_of(last, &zone).ok_or_else(out_of_range)?;
    Ok(DueDate { due_at, rule: DueRule::Days, why })
}

/// A span of days that do not count, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pause {
    /// When it began.
    pub from: Timestamp,
    /// When it ended, not before it began.
    pub to: Timestamp,
}

/// Returns the end of a period of whole months in which the days of some pauses do not count.
///
/// Each paused day moves the last day on by one. The event's day was never counted, so it is not left out a second
/// time; a pause that begins after the last day comes too late.
///
/// # Law
///
/// UK GDPR 12A (in force 5 February 2026): the days from a clarification question to its answer, both included, do
/// not count (rule DL-8). How a month and days are added is our reading: docs/decisions/0008-calendar-readings.md.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
pub(crate) fn paused_month_limit(
    start: Timestamp,
    months: i32,
    place: &Place,
    pauses: &[Pause],
) -> Result<DueDate, CalendarError> {
    let mut spans: Vec<(Date, Date)> = Vec::new();
    for pause in pauses {
        spans.push((local_date(pause.from, place)?.1, local_date(pause.to, place)?.1));
    }
    spans.sort_unstable();
    month_limit_without(start, months, place, &spans)
}

/// The end of a period of months; the days of `spans`, sorted by their first day, do not count.
fn month_limit_without(
    start: Timestamp,
    months: i32,
    place: &Place,
    spans: &[(Date, Date)],
) -> Result<DueDate, CalendarError> {
    let length = if months == 1 { "1 month".to_owned() } else { format!("{months} months") };
    let (zone, from) = local_date(start, place)?;
    let out_of_range = || CalendarError::OutOfRange { start, length: length.clone() };
    let mut last = add(from, Span::new().try_months(months)).ok_or_else(out_of_range)?;
    let clipped = last.day() != from.day();
    let rule = if clipped { DueRule::Clipped } else { DueRule::Month };
    let day = if clipped { "the last day of a month that has no such day" } else { "the same-numbered day" };
    let mut why = format!("{length} from {from} ({zone_name}) ends on {last}, {day}", zone_name = place.zone);
    // No day up to here counts a second time: the event's own, and those of a pause that overlaps the one before.
    let mut seen = from;
    for &(first, end) in spans {
        let first = first.max(seen.tomorrow().map_err(|_| out_of_range())?);
        if end < first || first > last {
            continue;
        }
        let days = (end - first).get_days() + 1;
        last = add_days(last, days).ok_or_else(out_of_range)?;
        why = format!("{why}; {days} days from {first} to {end} do not count: it ends on {last}");
        seen = end;
    }
    rolled(Period { last, rule, why }, &zone, place).ok_or_else(out_of_range)
}

/// Returns the zone of a jurisdiction whose clocks all show the same time; none where it has several or is not known.
pub fn zone_of_jurisdiction(jurisdiction: &str) -> Option<&'static str> {
    holidays::zone_of_region(jurisdiction)
}

/// A period whose last day is known, before any roll-over.
struct Period {
    last: Date,
    rule: DueRule,
    why: String,
}

fn add(date: Date, span: Result<Span, jiff::Error>) -> Option<Date> {
    date.checked_add(span.ok()?).ok()
}

fn add_days(date: Date, days: i32) -> Option<Date> {
    add(date, Span::new().try_days(days))
}

fn local_date(start: Timestamp, place: &Place) -> Result<(TimeZone, Date), CalendarError> {
    let zone = zone_of(place)?;
    let date = start.to_zoned_datetime(zone.clone()).date();
    Ok((zone, date))
}

/// Finds a place's zone.
pub(crate) fn zone_of(place: &Place) -> Result<TimeZone, CalendarError> {
    TimeZone::get(&place.zone).map_err(|_| CalendarError::UnknownZone { zone: place.zone.clone() })
}

/// The last second of a local day; none where that leaves the calendar.
fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.at(23, 59, 59, 0).to_zoned_datetime(zone.clone()).ok().map(|end| end.timestamp())
}

/// Moves the last day on to a working day and takes its last second; none where that leaves the calendar.
fn rolled(period: Period, zone: &TimeZone, place: &Place) -> Option<DueDate> {
    let Period { last, mut rule, mut why } = period;
    let (day, free) = match next_working_day(last, &place.region) {
        Ok(found) => found,
        Err(gap) => {
            let known = format!(": there is no holiday table for {} in {gap}", place.region);
            why = format!("{why}; no roll-over{}", if place.region.is_empty() { "" } else { &known });
            (last, Vec::new())
        }
    };
    if !free.is_empty() {
        if rule != DueRule::Days {
            rule = DueRule::Rolled;
        }
        why = format!("{why}; {} in {}: it moves on to {day}, the next working day", free.join(", "), place.region);
    }
    Some(DueDate { due_at: end_of(day, zone)?, rule, why })
}

/// Finds the first working day from `last` on and the free days before it in words; the year without a table is the
/// error.
fn next_working_day(last: Date, region: &str) -> Result<(Date, Vec<String>), i16> {
    let mut day = last;
    let mut free = Vec::new();
    for _ in 0..ROLL_DAYS_MAX {
        match holidays::day_kind(region, day) {
            DayKind::Working => return Ok((day, free)),
            DayKind::Holiday(name) => free.push(format!("{day} is {name}")),
            DayKind::Weekend if day.weekday() == Weekday::Saturday => free.push(format!("{day} is a Saturday")),
            DayKind::Weekend => free.push(format!("{day} is a Sunday")),
            DayKind::Unknown => return Err(day.year()),
        }
        day = day.tomorrow().map_err(|_| day.year())?;
    }
    Err(day.year())
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
