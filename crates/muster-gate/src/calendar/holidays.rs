//! The holiday tables: which days of a region are public holidays, by year.
//!
//! The days are data (`holidays.txt`), the rules by which they move are in `rule`. What a period does at a holiday is
//! the calendar's business.
//!
//! Invariant: a region or year without a table has no answer, rather than the answer "no holiday".

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use jiff::civil::Date;

use super::rule::{Rule, is_weekend};

/// The reviewed tables, part of the binary.
const TABLES: &str = include_str!("holidays.txt");

static PARSED: LazyLock<Tables> =
    LazyLock::new(|| Tables::parse(TABLES).expect("the tables are part of the source, and a test parses them"));

/// What is known about one day in one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayKind {
    /// Neither weekend nor holiday.
    Working,
    /// A Saturday or Sunday.
    Weekend,
    /// A public holiday of that name.
    Holiday(&'static str),
    /// There is no table for the region in that year.
    Unknown,
}

/// Returns what a day is in a region.
pub(super) fn day_kind(region: &str, date: Date) -> DayKind {
    let Some(table) = PARSED.by_name.get(region).filter(|table| table.years.contains(date.year())) else {
        return DayKind::Unknown;
    };
    let days = table.days.get_or_init(|| PARSED.expand(table));
    match days.get(&date) {
        Some(name) => DayKind::Holiday(name),
        None if is_weekend(date) => DayKind::Weekend,
        None => DayKind::Working,
    }
}

/// Returns the zone of a region that has one zone only.
pub(super) fn zone_of_region(region: &str) -> Option<&'static str> {
    let own = PARSED.zones.get(region);
    let lineage = PARSED.by_name.get(region).map(|table| PARSED.lineage(table)).unwrap_or_default();
    own.or_else(|| lineage.iter().find_map(|name| PARSED.zones.get(*name))).copied()
}

/// A list of runs of years, both ends included; none means every year.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Years(Vec<(i16, i16)>);

impl Years {
    fn parse(text: &str) -> Option<Self> {
        let year = |text: &str, open: i16| if text.is_empty() { Some(open) } else { text.parse().ok() };
        let run = |text: &str| match text.split_once('-') {
            Some((first, last)) => Some((year(first, i16::MIN)?, year(last, i16::MAX)?)),
            None => text.parse().ok().map(|year| (year, year)),
        };
        if text.is_empty() {
            return Some(Self(vec![(i16::MIN, i16::MAX)]));
        }
        text.split(',').map(run).collect::<Option<_>>().map(Self)
    }

    fn contains(&self, year: i16) -> bool {
        self.0.iter().any(|&(first, last)| (first..=last).contains(&year))
    }
}

#[derive(Debug)]
struct Table {
    /// Whose days these are: the region itself, for a mere part the region that it is a part of.
    region: &'static str,
    parent: Option<&'static str>,
    years: Years,
    /// The expanded days of all years, made when first asked for.
    days: OnceLock<BTreeMap<Date, &'static str>>,
}

#[derive(Debug)]
struct Holiday {
    regions: Vec<&'static str>,
    rule: Rule,
    years: Years,
    name: &'static str,
}

#[derive(Debug, Default)]
struct Tables {
    by_name: BTreeMap<String, Table>,
    zones: BTreeMap<String, &'static str>,
    holidays: Vec<Holiday>,
}

impl Tables {
    /// Reads the tables; the error names the line.
    fn parse(text: &'static str) -> Result<Self, String> {
        let mut parsed = Self::default();
        for (index, line) in text.lines().enumerate() {
            if !line.trim().is_empty() && !line.starts_with('#') {
                parsed.line(line).ok_or_else(|| format!("line {}: `{line}`", index + 1))?;
            }
        }
        Ok(parsed)
    }

    /// Takes one line; none where it cannot be read.
    fn line(&mut self, line: &'static str) -> Option<()> {
        let cells: Vec<&'static str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["table", region, parent, years, zone] if !years.is_empty() => {
                let parent = (!parent.is_empty()).then_some(*parent);
                self.table(region, region, parent, Years::parse(years)?)?;
                if !zone.is_empty() {
                    self.zones.insert((*region).to_owned(), zone);
                }
            }
            ["parts", region, codes] => {
                let (parent, years) = self.by_name.get(*region).map(|table| (table.parent, table.years.clone()))?;
                for code in codes.split_whitespace() {
                    let part = format!("{}-{code}", region.get(..2)?);
                    self.table(&part, region, parent, years.clone())?;
                }
            }
            ["zone", region, zone] => {
                self.zones.insert((*region).to_owned(), zone);
            }
            ["day", regions, rule, years, name] if !name.is_empty() => self.holidays.push(Holiday {
                regions: regions.split_whitespace().map(|region| self.known(region)).collect::<Option<_>>()?,
                rule: Rule::parse(rule)?,
                years: Years::parse(years)?,
                name,
            }),
            _ => return None,
        }
        Some(())
    }

    /// Adds a table under a new name, below one that is there.
    fn table(&mut self, name: &str, region: &'static str, parent: Option<&'static str>, years: Years) -> Option<()> {
        if let Some(parent) = parent {
            self.known(parent)?;
        }
        let table = Table { region, parent, years, days: OnceLock::new() };
        self.by_name.insert(name.to_owned(), table).is_none().then_some(())
    }

    fn known(&self, region: &'static str) -> Option<&'static str> {
        self.by_name.contains_key(region).then_some(region)
    }

    /// Returns the names of a table's region and of all regions above it.
    fn lineage(&self, table: &Table) -> Vec<&'static str> {
        let mut lineage = vec![table.region];
        let mut parent = table.parent;
        while let Some(above) = parent {
            lineage.push(above);
            parent = self.by_name.get(above).and_then(|table| table.parent);
        }
        lineage
    }

    /// Returns the holidays that a table has, its own and those of the regions above.
    fn holidays_of(&self, table: &Table) -> Vec<&Holiday> {
        let lineage = self.lineage(table);
        self.holidays.iter().filter(|holiday| holiday.regions.iter().any(|region| lineage.contains(region))).collect()
    }

    /// Returns all holidays of a table, weekends included.
    fn expand(&self, table: &Table) -> BTreeMap<Date, &'static str> {
        let holidays = self.holidays_of(table);
        let mut days = BTreeMap::new();
        for &(first, last) in &table.years.0 {
            for year in first..=last {
                days.extend(days_of_year(&holidays, year));
            }
        }
        days
    }
}

/// Returns the days of one year, and for each that a weekend swallows and the law replaces, its substitute: the next
/// weekday that no other holiday has.
fn days_of_year(holidays: &[&Holiday], year: i16) -> BTreeMap<Date, &'static str> {
    let in_force = holidays.iter().filter(|holiday| holiday.years.contains(year));
    let fallen: Vec<(Date, &Holiday)> =
        in_force.filter_map(|holiday| Some((holiday.rule.day(year)?, *holiday))).collect();
    let mut days: BTreeMap<Date, &'static str> = fallen.iter().map(|(date, holiday)| (*date, holiday.name)).collect();
    let mut swallowed: Vec<&(Date, &Holiday)> =
        fallen.iter().filter(|(date, holiday)| holiday.rule.is_substituted() && is_weekend(*date)).collect();
    swallowed.sort_by_key(|(date, _)| *date);
    for (date, holiday) in swallowed {
        let mut free = *date;
        while is_weekend(free) || days.contains_key(&free) {
            match free.tomorrow() {
                Ok(next) => free = next,
                // The calendar's last year has no table.
                Err(_) => return days,
            }
        }
        days.insert(free, holiday.name);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_parse_and_cover_every_state_land_nation_and_canton() {
        let parsed = Tables::parse(TABLES).unwrap();
        let states = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE GB CH";
        for state in states.split(' ') {
            assert!(parsed.by_name.contains_key(state), "{state}");
        }
        let own = |prefix: &str| {
            let own = parsed.by_name.iter().filter(|(name, table)| name.starts_with(prefix) && *name == table.region);
            own.count()
        };
        assert_eq!((own("DE-"), own("CH-"), own("ES-"), own("GB-")), (16, 26, 19, 5));
        for table in parsed.by_name.values() {
            assert_eq!(table.years.0, [(2024, 2036)], "{}", table.region);
        }
    }

    #[test]
    fn dl_6_the_holidays_of_every_region_and_year_are_sorted_unique_and_inside_the_year() {
        for (region, table) in &PARSED.by_name {
            let holidays = PARSED.holidays_of(table);
            for year in 2024..=2036 {
                let days: Vec<Date> = days_of_year(&holidays, year).into_keys().collect();
                assert!(days.windows(2).all(|pair| pair[0] < pair[1]), "{region} {year}");
                assert!(days.iter().all(|day| day.year() == year), "{region} {year}");
                assert!((4..=18).contains(&days.len()), "{region} {year}: {}", days.len());
                let in_force = holidays.iter().filter(|holiday| holiday.years.contains(year));
                let written: Vec<(Date, &str)> =
                    in_force.filter_map(|holiday| Some((holiday.rule.day(year)?, holiday.name))).collect();
                let unique: std::collections::BTreeSet<_> = written.iter().collect();
                assert_eq!(unique.len(), written.len(), "a day of {region} in {year} is written twice");
            }
        }
    }

    #[test]
    fn a_line_that_is_no_table_is_named() {
        assert!(Tables::parse("table | DE | | x | ").unwrap_err().starts_with("line 1"));
        let table = "table | DE | | 2024-2036 | Europe/Berlin\n";
        assert!(Tables::parse(table).is_ok());
        for line in [
            "table | DE | | 2024-2036 | Europe/Berlin\nday | DE | 02-30 | | Nothing",
            "table | DE | | 2024-2036 | Europe/Berlin\nday | DE AT | 02-03 | | Nothing",
            "table | DE | | 2024-2036 | Europe/Berlin\nday | DE | 02-03 | 2024;2025 | Nothing",
            "table | DE | | 2024-2036 | Europe/Berlin\nday | DE | 02-03 | | ",
            "table | DE | | 2024-2036 | Europe/Berlin\ntable | DE | | 2024-2036 | Europe/Berlin",
            "table | DE | | 2024-2036 | Europe/Berlin\ntable | DE-BE | AT | 2024-2036 |",
            "table | DE | | 2024-2036 | Europe/Berlin\nparts | AT | 1 2",
            "table | DE | | 2024-2036 | Europe/Berlin\nholiday | DE",
        ] {
            assert!(Tables::parse(line).unwrap_err().starts_with("line 2"), "{line}");
        }
    }

    #[track_caller]
    fn check(days: &[(&str, &str, &str)]) {
        for (region, date, expect) in days {
            let name = match day_kind(region, date.parse().unwrap()) {
                DayKind::Holiday(name) => name.to_owned(),
                other @ (DayKind::Working | DayKind::Weekend | DayKind::Unknown) => format!("{other:?}"),
            };
            assert_eq!(name, *expect, "{region} {date}");
        }
    }

    #[test]
    fn dl_6_holidays_follow_country_and_year() {
        check(&[
            ("DE-BE", "2025-05-08", "80 years since the liberation"),
            ("DE-BE", "2026-05-08", "Working"),
            ("DE-SN", "2025-11-19", "Day of Repentance"),
            ("DE-SN", "2033-11-16", "Day of Repentance"),
            ("DE-BY", "2025-08-15", "Working"),
            ("DE-SL", "2025-08-15", "Assumption Day"),
            ("DE-BE", "2025-10-31", "Working"),
            ("DE-HH", "2025-10-31", "Reformation Day"),
            ("DE", "2025-10-31", "Working"),
            ("DE", "2025-10-03", "Day of German Unity"),
            ("PL", "2024-12-24", "Working"),
            ("PL", "2025-12-24", "Christmas Eve"),
            ("PL-14", "2025-12-24", "Christmas Eve"),
            ("IT", "2027-10-04", "Saint Francis"),
            ("IT", "2025-10-04", "Weekend"),
            ("IE", "2030-02-01", "Saint Brigid's Day"),
            ("IE", "2025-02-03", "Saint Brigid's Day"),
            ("NL", "2025-04-26", "King's Day"),
            ("NL", "2026-05-05", "Working"),
            ("NL", "2030-05-05", "Liberation Day"),
            ("NL", "2025-04-18", "Working"),
            ("DK", "2024-04-26", "Working"),
            ("DK", "2025-04-17", "Maundy Thursday"),
            ("SE", "2025-06-21", "Midsummer Day"),
            ("SE", "2025-06-20", "Working"),
            ("IS", "2025-04-24", "First Day of Summer"),
            ("SK", "2025-09-01", "Working"),
            ("SK", "2025-11-17", "Working"),
            ("SK", "2024-11-17", "Struggle for Freedom and Democracy Day"),
            ("SK", "2025-05-08", "Victory Day"),
            ("SK", "2026-05-08", "Working"),
            ("HU", "2025-12-24", "Working"),
            ("HU", "2026-12-24", "Christmas Eve"),
            ("GR", "2024-05-01", "Working"),
            ("GR", "2025-04-21", "Easter Monday"),
            ("GR", "2024-05-06", "Easter Monday"),
            ("RO", "2027-05-03", "Easter Monday"),
            ("CY", "2026-02-23", "Green Monday"),
            ("BG", "2025-05-26", "Day of Letters"),
            ("BG", "2027-05-04", "Labour Day"),
            ("LV", "2025-05-05", "Restoration of Independence"),
            ("LU", "2025-05-09", "Europe Day"),
            ("PT", "2025-06-19", "Corpus Christi"),
            ("PT-30", "2025-12-26", "Second Day of Christmas"),
            ("FR", "2025-12-26", "Working"),
            ("FR-67", "2025-12-26", "Saint Stephen's Day"),
            ("FR-IDF", "2025-07-14", "National Day"),
        ]);
    }

    #[test]
    fn dl_6_holidays_follow_the_part_of_a_country() {
        check(&[
            ("GB-ENG", "2027-12-27", "Christmas Day"),
            ("GB-ENG", "2027-12-28", "Boxing Day"),
            ("GB-ENG", "2033-12-27", "Christmas Day"),
            ("GB-WLS", "2025-08-25", "summer bank holiday"),
            ("GB", "2025-08-25", "Working"),
            ("GB-NIR", "2026-07-13", "Battle of the Boyne"),
            ("GB-NIR", "2024-03-18", "Saint Patrick's Day"),
            ("GB-SCT", "2027-01-04", "2 January"),
            ("GB-SCT", "2028-01-03", "New Year's Day"),
            ("GB-SCT", "2028-01-04", "2 January"),
            ("GB-SCT", "2026-06-15", "World Cup bank holiday"),
            ("CH", "2025-04-18", "Working"),
            ("CH-ZH", "2025-04-18", "Good Friday"),
            ("CH-GE", "2025-09-11", "Geneva Fast"),
            ("CH-VD", "2025-09-22", "Fast Monday"),
            ("CH-GL", "2026-04-09", "Näfelser Fahrt"),
            ("CH-AR", "2028-12-26", "Working"),
            ("CH-AR", "2029-12-26", "Saint Stephen's Day"),
            ("CH-NE", "2033-12-26", "Saint Stephen's Day"),
            ("CH-NE", "2034-12-26", "Working"),
            ("ES-CT", "2025-09-11", "Catalonia Day"),
            ("ES-B", "2025-09-11", "Catalonia Day"),
            ("ES-MD", "2025-04-17", "Maundy Thursday"),
            ("ES-MD", "2028-04-13", "Working"),
            ("ES", "2025-04-17", "Working"),
            ("DE-BE", "2037-01-01", "Unknown"),
            ("DE-BE", "2023-12-25", "Unknown"),
            ("DE-XX", "2025-12-25", "Unknown"),
            ("US-CA", "2025-01-01", "Unknown"),
            ("", "2025-01-01", "Unknown"),
        ]);
    }

    #[test]
    fn a_region_of_one_zone_has_it_and_one_of_several_has_none() {
        for (region, zone) in [
            ("DE-BE", Some("Europe/Berlin")),
            ("ES-B", Some("Europe/Madrid")),
            ("ES-TF", Some("Atlantic/Canary")),
            ("US-CA", Some("America/Los_Angeles")),
            ("ES", None),
            ("PT", None),
            ("BR", None),
        ] {
            assert_eq!(zone_of_region(region), zone, "{region}");
        }
        for zone in PARSED.zones.values() {
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
        }
    }
}
