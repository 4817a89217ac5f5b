//! How a holiday finds its day in a year: a fixed date, a distance from Easter, a weekday, and what moves it.
//!
//! Which region has which rule in which years is not known here.
//!
//! Invariant: a rule gives at most one day a year, and the same one for ever.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A rule for one day a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    base: Base,
    shift: Shift,
}

/// Where the day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Fixed(i8, i8),
    Easter(i32),
    Orthodox(i32),
    Nth(i8, Weekday, i8),
    OnOrAfter(Weekday, i8, i8),
    Before(Weekday, i8, i8),
    Brigid,
    Naefels,
}

/// What the weekday does to it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shift {
    Stays,
    Substituted,
    NotSunday,
    Only(Vec<Weekday>),
    Never(Vec<Weekday>),
}

impl Rule {
    /// Reads a rule as `holidays.txt` describes it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (base, shift) = match words.as_slice() {
            [base, "substitute"] => (Base::parse(base)?, Shift::Substituted),
            [base, "not-sunday"] => (Base::parse(base)?, Shift::NotSunday),
            [base, "only", days] => (Base::parse(base)?, Shift::Only(weekdays(days)?)),
            [base, "never", days] => (Base::parse(base)?, Shift::Never(weekdays(days)?)),
            [base] => (Base::parse(base)?, Shift::Stays),
            [base, of] => (Base::parse_weekday(base, of)?, Shift::Stays),
            _ => return None,
        };
        Some(Self { base, shift })
    }

    /// Returns the day of a year before any substitution; none in a year that does not have it.
    pub(super) fn day(&self, year: i16) -> Option<Date> {
        let date = self.base.day(year)?;
        match &self.shift {
            Shift::NotSunday if date.weekday() == Weekday::Sunday => date.yesterday().ok(),
            Shift::Stays | Shift::Substituted | Shift::NotSunday => Some(date),
            Shift::Only(days) => days.contains(&date.weekday()).then_some(date),
            Shift::Never(days) => (!days.contains(&date.weekday())).then_some(date),
        }
    }

    /// Whether a weekend that swallows it is made good by another day.
    pub(super) fn is_substituted(&self) -> bool {
        self.shift == Shift::Substituted
    }
}

impl Base {
    fn parse(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            return days.parse().ok().map(Self::Easter);
        }
        if let Some(days) = text.strip_prefix("orthodox") {
            return days.parse().ok().map(Self::Orthodox);
        }
        match text {
            "brigid" => Some(Self::Brigid),
            "naefels" => Some(Self::Naefels),
            _ => month_day(text).map(|(month, day)| Self::Fixed(month, day)),
        }
    }

    /// Reads `monday#1 05`, `monday>= 09-16` and `monday< 11-23`.
    fn parse_weekday(text: &str, of: &str) -> Option<Self> {
        if let Some((day, nth)) = text.split_once('#') {
            let nth = if nth == "last" { -1 } else { nth.parse().ok().filter(|nth| (1..=4).contains(nth))? };
            let month = of.parse().ok().filter(|month| (1..=12).contains(month))?;
            return Some(Self::Nth(nth, weekday(day)?, month));
        }
        let (month, day) = month_day(of)?;
        match text.strip_suffix(">=") {
            Some(name) => Some(Self::OnOrAfter(weekday(name)?, month, day)),
            None => Some(Self::Before(weekday(text.strip_suffix('<')?)?, month, day)),
        }
    }

    fn day(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => easter_sunday(year)?.checked_add(days.days()).ok(),
            Self::Orthodox(days) => orthodox_easter_sunday(year)?.checked_add(days.days()).ok(),
            Self::Nth(nth, weekday, month) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
            Self::OnOrAfter(weekday, month, day) => {
                Date::new(year, month, day).ok()?.yesterday().ok()?.nth_weekday(1, weekday).ok()
            }
            Self::Before(weekday, month, day) => Date::new(year, month, day).ok()?.nth_weekday(-1, weekday).ok(),
            Self::Brigid => {
                let first = Date::new(year, 2, 1).ok()?;
                let friday = first.weekday() == Weekday::Friday;
                if friday { Some(first) } else { first.nth_weekday_of_month(1, Weekday::Monday).ok() }
            }
            Self::Naefels => {
                let first = Date::new(year, 4, 1).ok()?.nth_weekday_of_month(1, Weekday::Thursday).ok()?;
                let maundy_thursday = easter_sunday(year)?.checked_sub(3.days()).ok()?;
                if first == maundy_thursday { first.checked_add(1.week()).ok() } else { Some(first) }
            }
        }
    }
}

/// Whether a date is a Saturday or Sunday.
pub(super) fn is_weekend(date: Date) -> bool {
    date.weekday() == Weekday::Saturday || date.weekday() == Weekday::Sunday
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 29 February is refused: a day that most years do not have is none of these rules.
    Date::new(2025, month, day).ok()?;
    Some((month, day))
}

fn weekday(name: &str) -> Option<Weekday> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, weekday)| *weekday)
}

fn weekdays(names: &str) -> Option<Vec<Weekday>> {
    names.split(',').map(weekday).collect()
}

/// Returns Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let skipped = century / 4;
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - skipped - moon + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    day_of(year, epact + to_sunday - 7 * late + 114)
}

/// Returns Easter Sunday of the Eastern churches, by the rule of Meeus for the Julian calendar.
fn orthodox_easter_sunday(year: i16) -> Option<Date> {
    /// By how many days the Julian calendar is behind, from March 1900 to February 2100.
    const JULIAN_DAYS_BEHIND: i32 = 13;
    let y = i32::from(year);
    let moon = (19 * (y % 19) + 15) % 30;
    let to_sunday = (2 * (y % 4) + 4 * (y % 7) - moon + 34) % 7;
    day_of(year, moon + to_sunday + 114)?.checked_add(JULIAN_DAYS_BEHIND.days()).ok()
}

/// The last step of both rules: 31 days to a month, counted from day 0.
fn day_of(year: i16, days: i32) -> Option<Date> {
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(rule: &str, year: i16) -> String {
        Rule::parse(rule).unwrap().day(year).map_or("none".to_owned(), |date| date.to_string())
    }

    #[test]
    fn each_kind_of_rule_finds_its_day() {
        for (rule, year, expect) in [
            ("05-01", 2025, "2025-05-01"),
            ("easter-2", 2025, "2025-04-18"),
            ("orthodox+50", 2026, "2026-06-01"),
            ("monday#1 05", 2025, "2025-05-05"),
            ("monday#last 08", 2025, "2025-08-25"),
            ("saturday>= 06-20", 2026, "2026-06-20"),
            ("saturday>= 10-31", 2025, "2025-11-01"),
            ("thursday>= 04-19", 2028, "2028-04-20"),
            ("wednesday< 11-23", 2025, "2025-11-19"),
            ("wednesday< 11-23", 2033, "2033-11-16"),
            ("brigid", 2030, "2030-02-01"),
            ("brigid", 2031, "2031-02-03"),
            ("naefels", 2026, "2026-04-09"),
            ("naefels", 2027, "2027-04-01"),
            ("04-27 not-sunday", 2025, "2025-04-26"),
            ("12-26 only monday", 2033, "2033-12-26"),
            ("12-26 only monday", 2034, "none"),
            ("12-26 never tuesday,saturday", 2028, "none"),
            ("12-26 never tuesday,saturday", 2029, "2029-12-26"),
        ] {
            assert_eq!(day(rule, year), expect, "{rule} {year}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "02-30",
            "02-29",
            "13-01",
            "easter",
            "easterx",
            "orthodox+",
            "moonday#1 05",
            "monday#6 05",
            "monday#1 13",
            "monday> 05-01",
            "05-01 sometimes",
            "05-01 only",
            "05-01 only moonday",
            "05-01 a b c",
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn easter_falls_where_the_church_calendars_say() {
        // Year, western and eastern Easter Sunday.
        for (year, western, eastern) in [
            (2024, "2024-03-31", "2024-05-05"),
            (2025, "2025-04-20", "2025-04-20"),
            (2026, "2026-04-05", "2026-04-12"),
            (2027, "2027-03-28", "2027-05-02"),
            (2028, "2028-04-16", "2028-04-16"),
            (2029, "2029-04-01", "2029-04-08"),
            (2030, "2030-04-21", "2030-04-28"),
            (2031, "2031-04-13", "2031-04-13"),
            (2032, "2032-03-28", "2032-05-02"),
            (2033, "2033-04-17", "2033-04-24"),
            (2034, "2034-04-09", "2034-04-09"),
            (2035, "2035-03-25", "2035-04-29"),
            (2036, "2036-04-13", "2036-04-20"),
        ] {
            assert_eq!(easter_sunday(year).unwrap().to_string(), western);
            assert_eq!(orthodox_easter_sunday(year).unwrap().to_string(), eastern);
        }
    }
}
