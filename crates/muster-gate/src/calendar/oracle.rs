//! Another algorithm for the same dates: it walks plain day numbers and knows its own leap years, summer time, Easter
//! and holidays, the last as code. It shares no table with the calendar.

use muster_model::Timestamp;

use super::{Pause, Place};
use crate::{Deadline, DutyCase, DutyEvent, deadline, testing};

/// Days of the walk: from 1 December 2023 to the end of 2036.
const FIRST_YEAR: i64 = 2023;
const LAST_YEAR: i64 = 2036;
/// Step number of 1 December 2023 since 1970.
const FIRST_DAY: i64 = 19_692;
const DAY_SECONDS: i64 = 86_400;

#[derive(Clone, Copy)]
struct Step {
    year: i64,
    month: i64,
    day: i64,
    /// 0 for Monday.
    weekday: i64,
    /// Days after Easter Sunday, western and eastern.
    easter: i64,
    orthodox: i64,
}

/// Easter by Gauss, as a day of March that may be beyond 31.
fn gauss(year: i64, moon: i64, sun: i64, exceptions: bool) -> i64 {
    let full_moon = (19 * (year % 19) + moon) % 30;
    let to_sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * full_moon + sun) % 7;
    let late = full_moon == 29 || (full_moon == 28 && (11 * moon + 11) % 30 < 19);
    let day = 22 + full_moon + to_sunday;
    if exceptions && to_sunday == 6 && late { day - 7 } else { day }
}

fn western(year: i64) -> i64 {
    let century = year / 100;
    let moon = (15 - (13 + 8 * century) / 25 + century - century / 4) % 30;
    gauss(year, moon, (4 + century - century / 4) % 7, true)
}

/// Thirteen days lie between the calendars of the churches.
fn eastern(year: i64) -> i64 {
    gauss(year, 15, 6, false) + 13
}

fn month_length(year: i64, month: i64) -> i64 {
    let leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Step of the year, counted from 1 March as 1; before it the numbers run on downwards.
fn since_march(year: i64, month: i64, day: i64) -> i64 {
    match month {
        1 => day - 31 - month_length(year, 2),
        2 => day - month_length(year, 2),
        _ => (3..month).map(|month| month_length(year, month)).sum::<i64>() + day,
    }
}

fn days() -> Vec<Step> {
    let mut days = Vec::new();
    // 1 December 2023 was a Friday.
    let mut weekday = 4;
    for year in FIRST_YEAR..=LAST_YEAR {
        for month in if year == FIRST_YEAR { 12 } else { 1 }..=12 {
            for day in 1..=month_length(year, month) {
                let march = since_march(year, month, day);
                let (easter, orthodox) = (march - western(year), march - eastern(year));
                days.push(Step { year, month, day, weekday, easter, orthodox });
                weekday = (weekday + 1) % 7;
            }
        }
    }
    days
}

/// A region, its zone and how far its winter time is ahead of UTC.
const REGIONS: [(&str, &str, i64); 29] = [
    ("AT", "Europe/Vienna", 1),
    ("BE", "Europe/Brussels", 1),
    ("BG", "Europe/Sofia", 2),
    ("CH-ZH", "Europe/Zurich", 1),
    ("CZ", "Europe/Prague", 1),
    ("DE-BE", "Europe/Berlin", 1),
    ("DE-BY", "Europe/Berlin", 1),
    ("DK", "Europe/Copenhagen", 1),
    ("EE", "Europe/Tallinn", 2),
    ("ES", "Europe/Madrid", 1),
    ("FI", "Europe/Helsinki", 2),
    ("FR", "Europe/Paris", 1),
    ("GB-ENG", "Europe/London", 0),
    ("GB-SCT", "Europe/London", 0),
    ("GR", "Europe/Athens", 2),
    ("HU", "Europe/Budapest", 1),
    ("IE", "Europe/Dublin", 0),
    ("IT", "Europe/Rome", 1),
    ("LT", "Europe/Vilnius", 2),
    ("LU", "Europe/Luxembourg", 1),
    ("LV", "Europe/Riga", 2),
    ("NL", "Europe/Amsterdam", 1),
    ("NO", "Europe/Oslo", 1),
    ("PL", "Europe/Warsaw", 1),
    ("PT", "Europe/Lisbon", 0),
    ("RO", "Europe/Bucharest", 2),
    ("SE", "Europe/Stockholm", 1),
    ("SI", "Europe/Ljubljana", 1),
    ("SK", "Europe/Bratislava", 1),
];

/// Fixed days as month * 100 + day, then days after western and after eastern Easter.
fn plain(region: &str) -> (&'static [i64], &'static [i64], &'static [i64]) {
    match region {
        "AT" => (&[101, 106, 501, 815, 1026, 1101, 1208, 1225, 1226], &[1, 39, 50, 60], &[]),
        "BE" => (&[101, 501, 721, 815, 1101, 1111, 1225], &[1, 39, 50], &[]),
        "BG" => (&[101, 303, 501, 506, 524, 906, 922, 1224, 1225, 1226], &[], &[-2, 1]),
        "CH-ZH" => (&[101, 501, 801, 1225, 1226], &[-2, 1, 39, 50], &[]),
        "CZ" => (&[101, 501, 508, 705, 706, 928, 1028, 1117, 1224, 1225, 1226], &[-2, 1], &[]),
        "DE-BE" => (&[101, 308, 501, 1003, 1225, 1226], &[-2, 1, 39, 50], &[]),
        "DE-BY" => (&[101, 106, 501, 1003, 1101, 1225, 1226], &[-2, 1, 39, 50, 60], &[]),
        "DK" => (&[101, 1225, 1226], &[-3, -2, 1, 39, 50], &[]),
        "EE" => (&[101, 224, 501, 623, 624, 820, 1224, 1225, 1226], &[-2], &[]),
        "ES" => (&[101, 106, 501, 815, 1012, 1101, 1206, 1208, 1225], &[-2], &[]),
        "FI" => (&[101, 106, 501, 1206, 1225, 1226], &[-2, 1, 39], &[]),
        "FR" => (&[101, 501, 508, 714, 815, 1101, 1111, 1225], &[1, 39, 50], &[]),
        "GB-ENG" => (&[101, 1225, 1226], &[-2, 1], &[]),
        "GB-SCT" => (&[101, 102, 1130, 1225, 1226], &[-2], &[]),
        "GR" => (&[101, 106, 325, 815, 1028, 1225, 1226], &[], &[-48, -2, 1, 50]),
        "HU" => (&[101, 315, 501, 820, 1023, 1101, 1225, 1226], &[-2, 1, 50], &[]),
        "IE" => (&[101, 317, 1225, 1226], &[1], &[]),
        "IT" => (&[101, 106, 425, 501, 602, 815, 1101, 1208, 1225, 1226], &[1], &[]),
        "LT" => (&[101, 216, 311, 501, 624, 706, 815, 1101, 1102, 1224, 1225, 1226], &[1], &[]),
        "LU" => (&[101, 501, 509, 623, 815, 1101, 1225, 1226], &[1, 39, 50], &[]),
        "LV" => (&[101, 501, 504, 623, 624, 1118, 1224, 1225, 1226, 1231], &[-2, 1], &[]),
        "NL" => (&[101, 1225, 1226], &[1, 39, 50], &[]),
        "NO" => (&[101, 501, 517, 1225, 1226], &[-3, -2, 1, 39, 50], &[]),
        "PL" => (&[101, 106, 501, 503, 815, 1101, 1111, 1225, 1226], &[1, 60], &[]),
        "PT" => (&[101, 425, 501, 610, 815, 1005, 1101, 1201, 1208, 1225], &[-2, 60], &[]),
        "RO" => (&[101, 102, 106, 107, 124, 501, 601, 815, 1130, 1201, 1225, 1226], &[], &[-2, 1, 50]),
        "SE" => (&[101, 106, 501, 606, 1225, 1226], &[-2, 1, 39], &[]),
        "SI" => (&[101, 102, 208, 427, 501, 502, 625, 815, 1031, 1101, 1225, 1226], &[1], &[]),
        "SK" => (&[101, 106, 501, 705, 829, 1101, 1224, 1225, 1226], &[-2, 1], &[]),
        other => panic!("the oracle does not know {other}"),
    }
}

/// What a list of dates does not say.
fn special(region: &str, at: Step) -> bool {
    let date = at.month * 100 + at.day;
    let monday = at.weekday == 0;
    match region {
        "DE-BE" => (at.year, date) == (2025, 508) || (at.year, date) == (2028, 617),
        "GB-ENG" => {
            monday && ((501..=507).contains(&date) || (525..=531).contains(&date) || (825..=831).contains(&date))
        }
        "GB-SCT" => {
            monday && ((501..=507).contains(&date) || (525..=531).contains(&date) || (801..=807).contains(&date))
                || (at.year, date) == (2026, 615)
        }
        "GR" => {
            if at.year == 2024 {
                date == 507
            } else {
                date == 501
            }
        }
        "HU" => date == 1224 && at.year > 2025,
        "IE" => {
            let bank = [(501, 507), (601, 607), (801, 807), (1025, 1031)];
            // The first Monday is the 4th exactly when the 1st is a Friday.
            let brigid = monday && (201..=207).contains(&date) && date != 204 || at.weekday == 4 && date == 201;
            brigid || monday && bank.iter().any(|&(first, last)| (first..=last).contains(&date))
        }
        "IT" => date == 1004 && at.year > 2025,
        "LV" => monday && [505, 506, 1119, 1120].contains(&date),
        "NL" => {
            (date == 427 && at.weekday != 6) || (date == 426 && at.weekday == 5) || (date == 505 && at.year % 5 == 0)
        }
        "PL" => date == 1224 && at.year > 2024,
        "SK" => (date == 508 || date == 915) && at.year != 2026 || date == 1117 && at.year == 2024,
        _ => false,
    }
}

/// Which weekends a region makes good, by date, and for which days.
fn makes_good(region: &str, date: i64) -> bool {
    match region {
        "BG" => true,
        "GB-ENG" | "GB-SCT" => [101, 102, 1130, 1225, 1226].contains(&date),
        _ => false,
    }
}

/// Which of the walk's days are free in a region.
fn free(region: &str, days: &[Step]) -> Vec<bool> {
    let (fixed, easter, orthodox) = plain(region);
    let holiday = |at: &Step| {
        fixed.contains(&(at.month * 100 + at.day))
            || easter.contains(&at.easter)
            || orthodox.contains(&at.orthodox)
            || special(region, *at)
    };
    let mut free: Vec<bool> = days.iter().map(|at| at.weekday > 4 || holiday(at)).collect();
    for (index, at) in days.iter().enumerate() {
        let date = at.month * 100 + at.day;
        if at.year > FIRST_YEAR && at.weekday > 4 && fixed.contains(&date) && makes_good(region, date) {
            let next = (index..days.len()).find(|&next| !free[next]).unwrap();
            free[next] = true;
        }
    }
    free
}

struct Oracle {
    days: Vec<Step>,
    free: Vec<Vec<bool>>,
    /// Seconds of each year's change to and from summer time, by year from the first.
    summer: Vec<(i64, i64)>,
}

impl Oracle {
    fn new() -> Self {
        let days = days();
        let free = REGIONS.iter().map(|(region, ..)| free(region, &days)).collect();
        let last_sunday = |year: i64, month: i64| {
            let found = days.iter().rposition(|at| (at.year, at.month, at.weekday) == (year, month, 6));
            found.map_or(0, |index| (FIRST_DAY + i64::try_from(index).unwrap()) * DAY_SECONDS + 3_600)
        };
        let summer = (FIRST_YEAR..=LAST_YEAR).map(|year| (last_sunday(year, 3), last_sunday(year, 10))).collect();
        Self { days, free, summer }
    }

    fn at(&self, index: i64) -> Step {
        self.days[usize::try_from(index).unwrap()]
    }

    /// Hours ahead of UTC at an instant.
    fn ahead(&self, winter: i64, utc: i64) -> i64 {
        let summer = self.summer.iter().any(|&(from, to)| (from..to).contains(&utc));
        winter + i64::from(summer)
    }

    /// The index of the local day of an instant.
    fn local(&self, winter: i64, utc: i64) -> i64 {
        (utc + self.ahead(winter, utc) * 3_600).div_euclid(DAY_SECONDS) - FIRST_DAY
    }

    /// The last day of so many months, walked day by day.
    fn months_on(&self, from: i64, months: i64) -> i64 {
        let (mut index, mut left) = (from, months);
        while left > 0 {
            index += 1;
            left -= i64::from(self.at(index).day == 1);
        }
        while self.at(index).day < self.at(from).day && self.at(index + 1).day != 1 {
            index += 1;
        }
        index
    }

    /// Counts the same number of days again, passing over the paused ones.
    fn without(from: i64, last: i64, pauses: &[(i64, i64)]) -> i64 {
        let (mut index, mut left) = (from, last - from);
        while left > 0 {
            index += 1;
            left -= i64::from(!pauses.iter().any(|&(first, end)| first <= index && index <= end));
        }
        index
    }

    /// The last second of the first working day.
    fn end(&self, region: usize, from: i64) -> i64 {
        let mut index = usize::try_from(from).unwrap();
        while self.free[region][index] {
            index += 1;
        }
        let local = (FIRST_DAY + i64::try_from(index).unwrap()) * DAY_SECONDS + DAY_SECONDS - 1;
        let winter = REGIONS[region].2;
        // The clocks change in the small hours: late in the evening both guesses fall on the same side.
        local - self.ahead(winter, local - winter * 3_600) * 3_600
    }

    /// The due second of a case.
    fn due(&self, region: usize, case: &DutyCase) -> i64 {
        let (name, _, winter) = REGIONS[region];
        let second = |at: Timestamp| at.as_second();
        let mut start = second(case.obtained_at);
        for &mention in &case.other_mentions {
            start = start.min(second(mention));
        }
        let received = start;
        // Article 12A came into force on 5 February 2026, which is a winter day.
        let uk = name.starts_with("GB") && received >= testing::at("2026-02-05T00:00:00Z").as_second();
        if let (DutyEvent::Requested(Some(proof)), true) = (case.event, uk) {
            start = start.max(second(proof));
        }
        let from = self.local(winter, start);
        let request = matches!(case.event, DutyEvent::Requested(_) | DutyEvent::RequestExtended(_));
        let span = |pause: &Pause| (self.local(winter, second(pause.from)), self.local(winter, second(pause.to)));
        let pauses: Vec<(i64, i64)> = case.pauses.iter().filter(|_| uk && request).map(span).collect();
        let period = |months: i64| self.end(region, Self::without(from, self.months_on(from, months), &pauses));
        match case.event {
            DutyEvent::Requested(_) | DutyEvent::RequestExtended(_) if name == "CH-ZH" => self.end(region, from + 30),
            DutyEvent::Obtained | DutyEvent::Requested(_) => period(1),
            DutyEvent::Contacted(at) | DutyEvent::Disclosed(at) => period(1).min(second(at)),
            DutyEvent::RequestExtended(told) => {
                let told = second(told);
                if received <= told && told <= period(1) { period(3) } else { period(1) }
            }
        }
    }
}

/// Seeded random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const ROWS: usize = 1_000_000;

fn random_case(random: &mut Random, region: usize) -> DutyCase {
    let first = testing::at("2024-01-02T00:00:00Z").as_second();
    let span = testing::at("2035-12-30T00:00:00Z").as_second() - first;
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let start = first + random.below(span);
    let near = |random: &mut Random| at(start - 3 * DAY_SECONDS + random.below(50 * DAY_SECONDS));
    let event = match random.below(6) {
        0 | 1 => DutyEvent::Obtained,
        2 => DutyEvent::Contacted(near(random)),
        3 => DutyEvent::Disclosed(near(random)),
        4 => DutyEvent::Requested(Some(near(random)).filter(|_| random.below(2) == 0)),
        _ => DutyEvent::RequestExtended(near(random)),
    };
    let other_mentions =
        (0..random.below(3)).map(|_| at(start + random.below(40 * DAY_SECONDS) - DAY_SECONDS)).collect();
    let mut pause = |_| {
        let from = start + random.below(40 * DAY_SECONDS) - DAY_SECONDS;
        Pause { from: at(from), to: at(from + random.below(20 * DAY_SECONDS)) }
    };
    let pauses = (0..start % 3).map(&mut pause).collect();
    let (name, zone, _) = REGIONS[region];
    let place = Place { zone: zone.into(), region: name.into() };
    DutyCase { obtained_at: at(start), other_mentions, place, event, pauses }
}

#[test]
fn dl_1_to_dl_9_an_oracle_with_another_algorithm_agrees_on_a_million_seeded_cases() {
    let oracle = Oracle::new();
    let mut random = Random(SEED);
    for row in 0..ROWS {
        let region = row % REGIONS.len();
        let case = random_case(&mut random, region);
        let Ok(Deadline::Due(got)) = deadline(&case) else { panic!("seed {SEED}, row {row}: {case:?}") };
        let expect = oracle.due(region, &case);
        let got_second = got.due_at.as_second();
        assert!(got_second <= expect, "seed {SEED}, row {row} is late: {case:?}: {}", got.why);
        assert_eq!(got_second, expect, "seed {SEED}, row {row}: {case:?}: {}", got.why);
    }
}

#[test]
fn dl_2_a_later_start_never_gives_an_earlier_due_date() {
    let first = testing::at("2024-01-02T00:00:00Z");
    for (name, zone, _) in REGIONS {
        let place = Place { zone: zone.into(), region: name.into() };
        let mut before = Timestamp::MIN;
        for hours in (0..12 * 365 * 24).step_by(11) {
            let start = Timestamp::from_second(first.as_second() + hours * 3_600).unwrap();
            let due = super::month_limit(start, 1, &place).unwrap().due_at;
            assert!(due >= before, "{name} {start}");
            before = due;
        }
    }
}

#[test]
fn the_oracle_and_the_tables_know_the_same_free_days() {
    let days = days();
    for (name, ..) in REGIONS {
        let free = free(name, &days);
        for (at, free) in days.iter().zip(free).filter(|(at, _)| at.year > FIRST_YEAR) {
            let date = jiff::civil::Date::new(
                i16::try_from(at.year).unwrap(),
                i8::try_from(at.month).unwrap(),
                i8::try_from(at.day).unwrap(),
            );
            let kind = super::holidays::day_kind(name, date.unwrap());
            let known = kind != super::DayKind::Working;
            assert_eq!(known, free, "{name} {}-{}-{}: {kind:?}", at.year, at.month, at.day);
        }
    }
}
