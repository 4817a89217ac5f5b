//! The holiday tables: which days of a region are public holidays, by year.
//!
//! The days are data (`holidays.txt`), the few rules by which they move are here. What a period does at a holiday is
//! the calendar's business.
//!
//! Invariant: a region or year without a table has no answer, rather than the answer "no holiday".

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The reviewed tables, part of the binary.
const TABLES: &str = include_str!("holidays.txt");

static PARSED: LazyLock<Tables> =
    LazyLock::new(|| Tables::parse(TABLES).expect("the tables are part of the source, and a test parses them"));

/// What is known about one day in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DayKind {
    /// Neither weekend nor holiday.
    Working,
    /// A Saturday or Sunday.
    Weekend,
    /// A public holiday of that name.
    Holiday(String),
    /// There is no table for the region in that year.
    Unknown,
}

/// Returns what a day is in a region.
pub(super) fn day_kind(region: &str, date: Date) -> DayKind {
    let Some(table) = PARSED.table(region) else { return DayKind::Unknown };
    if !table.years.contains(date.year()) {
        return DayKind::Unknown;
    }
    match PARSED.holiday(table, date) {
        Some(name) => DayKind::Holiday(name.to_owned()),
        None if is_weekend(date) => DayKind::Weekend,
        None => DayKind::Working,
    }
}

fn is_weekend(date: Date) -> bool {
    matches_weekday(date, Weekday::Saturday) || matches_weekday(date, Weekday::Sunday)
}

fn matches_weekday(date: Date, weekday: Weekday) -> bool {
    date.weekday() == weekday
}

/// A run of years, both included.
#[derive(Debug, Clone, Copy)]
struct Years {
    first: i16,
    last: i16,
}

impl Years {
    fn contains(self, year: i16) -> bool {
        (self.first..=self.last).contains(&year)
    }
}

#[derive(Debug)]
struct Table {
    region: String,
    parent: Option<String>,
    years: Years,
}

#[derive(Debug)]
struct Holiday {
    regions: Vec<String>,
    rule: Rule,
    years: Years,
    name: String,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Fixed(i8, i8),
    Substitute(i8, i8),
    NotSunday(i8, i8),
    Easter(i32),
    Monday(i8, i8),
    WednesdayBefore(i8, i8),
    Brigid,
}

#[derive(Debug)]
struct Tables {
    tables: Vec<Table>,
    holidays: Vec<Holiday>,
}

impl Tables {
    /// Reads the tables; the error names the line.
    fn parse(text: &str) -> Result<Self, String> {
        let mut parsed = Self { tables: Vec::new(), holidays: Vec::new() };
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let fault = || format!("line {}: `{line}`", index + 1);
            match cells.as_slice() {
                ["table", region, parent, first, last] => parsed.tables.push(Table {
                    region: (*region).to_owned(),
                    parent: (!parent.is_empty()).then(|| (*parent).to_owned()),
                    years: years(first, last).ok_or_else(fault)?,
                }),
                ["day", regions, rule, first, last, name] => parsed.holidays.push(Holiday {
                    regions: regions.split_whitespace().map(str::to_owned).collect(),
                    rule: Rule::parse(rule).ok_or_else(fault)?,
                    years: years(first, last).ok_or_else(fault)?,
                    name: (*name).to_owned(),
                }),
                _ => return Err(fault()),
            }
        }
        Ok(parsed)
    }

    fn table(&self, region: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.region == region)
    }

    fn holiday(&self, table: &Table, date: Date) -> Option<&str> {
        let of_region = |holiday: &&Holiday| {
            holiday.regions.iter().any(|region| *region == table.region || Some(region) == table.parent.as_ref())
        };
        let in_force = |holiday: &&Holiday| holiday.years.contains(date.year());
        let days: Vec<&Holiday> = self.holidays.iter().filter(of_region).filter(in_force).collect();
        let plain = days.iter().find(|holiday| holiday.rule.day(date.year()) == Some(date));
        plain.or_else(|| substituted(&days, date)).map(|holiday| holiday.name.as_str())
    }
}

/// Finds the holiday that moved to `date` from a weekend: each moves on to the next weekday that no other one has.
fn substituted<'a, 'b>(days: &'a [&'b Holiday], date: Date) -> Option<&'a &'b Holiday> {
    let mut taken: Vec<Date> = days.iter().filter_map(|holiday| holiday.rule.day(date.year())).collect();
    for holiday in days {
        let Rule::Substitute(..) = holiday.rule else { continue };
        let Some(mut day) = holiday.rule.day(date.year()).filter(|&day| is_weekend(day)) else { continue };
        while is_weekend(day) || taken.contains(&day) {
            day = day.tomorrow().ok()?;
        }
        if day == date {
            return Some(holiday);
        }
        taken.push(day);
    }
    None
}

fn years(first: &str, last: &str) -> Option<Years> {
    let year = |text: &str, open: i16| if text.is_empty() { Some(open) } else { text.parse().ok() };
    Some(Years { first: year(first, i16::MIN)?, last: year(last, i16::MAX)? })
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 is a leap year, so that every day that any year has is one.
    Date::new(2024, month, day).ok()?;
    Some((month, day))
}

impl Rule {
    fn parse(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            return days.parse().ok().map(Self::Easter);
        }
        if let Some(rest) = text.strip_prefix("monday#") {
            let (nth, month) = rest.split_once(' ')?;
            let nth = if nth == "last" { -1 } else { nth.parse().ok()? };
            return Some(Self::Monday(nth, month.parse().ok()?));
        }
        if let Some(day) = text.strip_prefix("wednesday< ") {
            return month_day(day).map(|(month, day)| Self::WednesdayBefore(month, day));
        }
        if text == "brigid" {
            return Some(Self::Brigid);
        }
        match text.split_once(' ') {
            None => month_day(text).map(|(month, day)| Self::Fixed(month, day)),
            Some((day, "substitute")) => month_day(day).map(|(month, day)| Self::Substitute(month, day)),
            Some((day, "not-sunday")) => month_day(day).map(|(month, day)| Self::NotSunday(month, day)),
            Some(_) => None,
        }
    }

    /// Returns the day of a year before any substitution.
    fn day(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) | Self::Substitute(month, day) => Date::new(year, month, day).ok(),
            Self::NotSunday(month, day) => {
                let date = Date::new(year, month, day).ok()?;
                if matches_weekday(date, Weekday::Sunday) { date.yesterday().ok() } else { Some(date) }
            }
            Self::Easter(days) => easter_sunday(year)?.checked_add(days.days()).ok(),
            Self::Monday(nth, month) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, Weekday::Monday).ok(),
            Self::WednesdayBefore(month, day) => {
                Date::new(year, month, day).ok()?.nth_weekday(-1, Weekday::Wednesday).ok()
            }
            Self::Brigid => {
                let first = Date::new(year, 2, 1).ok()?;
                let friday = matches_weekday(first, Weekday::Friday);
                if friday { Some(first) } else { first.nth_weekday_of_month(1, Weekday::Monday).ok() }
            }
        }
    }
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
    let days = epact + to_sunday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_parse_and_every_day_has_a_table() {
        let parsed = Tables::parse(TABLES).unwrap();
        assert_eq!(parsed.tables.iter().filter(|table| table.region.starts_with("DE-")).count(), 16);
        for holiday in &parsed.holidays {
            assert!(!holiday.regions.is_empty() && !holiday.name.is_empty());
            for region in &holiday.regions {
                let table = parsed.table(region).unwrap_or_else(|| panic!("no table for {region}"));
                for year in table.years.first..=table.years.last {
                    assert!(holiday.rule.day(year).is_some(), "{region} {year} {}", holiday.name);
                }
            }
        }
    }

    #[test]
    fn a_line_that_is_no_table_is_named() {
        assert!(Tables::parse("table | DE | | x | 2036").unwrap_err().starts_with("line 1"));
        assert!(Tables::parse("\nday | DE | 02-30 | | | Nothing").unwrap_err().starts_with("line 2"));
        assert!(Tables::parse("holiday | DE").is_err());
    }

    #[test]
    fn easter_falls_where_the_church_calendar_says() {
        let expect = [
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2029, 4, 1),
            (2030, 4, 21),
            (2031, 4, 13),
            (2032, 3, 28),
            (2033, 4, 17),
            (2034, 4, 9),
            (2035, 3, 25),
            (2036, 4, 13),
        ];
        for (year, month, day) in expect {
            assert_eq!(easter_sunday(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn dl_6_holidays_follow_region_and_year() {
        let name = |region: &str, date: &str| match day_kind(region, date.parse().unwrap()) {
            DayKind::Holiday(name) => name,
            other @ (DayKind::Working | DayKind::Weekend | DayKind::Unknown) => format!("{other:?}"),
        };
        for (region, date, expect) in [
            ("DE-BE", "2025-05-08", "80 years since the liberation"),
            ("DE-BE", "2026-05-08", "Working"),
            ("DE-SN", "2025-11-19", "Day of Repentance"),
            ("DE-SN", "2033-11-16", "Day of Repentance"),
            ("DE-BY", "2025-08-15", "Working"),
            ("DE-SL", "2025-08-15", "Assumption Day"),
            ("PL", "2024-12-24", "Working"),
            ("PL", "2025-12-24", "Christmas Eve"),
            ("IT", "2027-10-04", "Saint Francis"),
            ("IT", "2025-10-04", "Weekend"),
            ("IE", "2030-02-01", "Saint Brigid's Day"),
            ("IE", "2025-02-03", "Saint Brigid's Day"),
            ("NL", "2025-04-26", "King's Day"),
            ("NL", "2026-05-05", "Working"),
            ("GB-ENG", "2027-12-27", "Christmas Day"),
            ("GB-ENG", "2027-12-28", "Boxing Day"),
            ("GB-ENG", "2033-12-27", "Christmas Day"),
            ("GB-SCT", "2027-01-04", "2 January"),
            ("GB-SCT", "2028-01-03", "New Year's Day"),
            ("GB-SCT", "2028-01-04", "2 January"),
            ("GB-SCT", "2026-06-15", "World Cup bank holiday"),
            ("DE-BE", "2037-01-01", "Unknown"),
            ("DE-BE", "2023-12-25", "Unknown"),
            ("US-CA", "2025-01-01", "Unknown"),
        ] {
            assert_eq!(name(region, date), expect, "{region} {date}");
        }
    }
}
