//! The legal calendar: when a period of months or days that began at an instant ends in a place.
//!
//! It knows no duty; which period a duty runs for is said where the duty is (`article14`, `rights`).
//!
//! Invariant: a pure function of its arguments and of the holiday tables; what the tables do not know never makes a
//! date later.

mod holidays;

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
    let length = if months == 1 { "1 month".to_owned() } else { format!("{months} months") };
    let (zone, from) = local_date(start, place)?;
    let out_of_range = || CalendarError::OutOfRange { start, length: length.clone() };
    let last = add(from, Span::new().try_months(months)).ok_or_else(out_of_range)?;
    let clipped = last.day() != from.day();
    let rule = if clipped { DueRule::Clipped } else { DueRule::Month };
    let day = if clipped { "the last day of a month that has no such day" } else { "the same-numbered day" };
    let why = format!("{length} from {from} ({zone_name}) ends on {last}, {day}", zone_name = place.zone);
    rolled(Period { last, rule, why }, &zone, place).ok_or_else(out_of_range)
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
    let last = add(from, Span::new().try_days(days)).ok_or_else(out_of_range)?;
    let why = format!("{length} from {from} ({zone_name}) end on {last}", zone_name = place.zone);
    rolled(Period { last, rule: DueRule::Days, why }, &zone, place).ok_or_else(out_of_range)
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

fn local_date(start: Timestamp, place: &Place) -> Result<(TimeZone, Date), CalendarError> {
    let zone = zone_of(place)?;
    let date = start.to_zoned_datetime(zone.clone()).date();
    Ok((zone, date))
}

/// Finds a place's zone.
pub(crate) fn zone_of(place: &Place) -> Result<TimeZone, CalendarError> {
    TimeZone::get(&place.zone).map_err(|_| CalendarError::UnknownZone { zone: place.zone.clone() })
}

/// Moves the last day on to a working day and takes its last second; none where that leaves the calendar.
fn rolled(period: Period, zone: &TimeZone, place: &Place) -> Option<DueDate> {
    let Period { last, mut rule, mut why } = period;
    let (day, free) = match next_working_day(last, &place.region) {
        Ok(found) => found,
        Err(gap) => {
            let region = if place.region.is_empty() { "no region" } else { place.region.as_str() };
            why = format!("{why}; no roll-over: there is no holiday table for {region} in {gap}");
            (last, Vec::new())
        }
    };
    if !free.is_empty() {
        rule = DueRule::Rolled;
        why = format!("{why}; {} in {}: it moves on to {day}, the next working day", free.join(", "), place.region);
    }
    let end = day.at(23, 59, 59, 0).to_zoned_datetime(zone.clone()).ok()?;
    Some(DueDate { due_at: end.timestamp(), rule, why })
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
mod tests;
