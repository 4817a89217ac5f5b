//! The worked dates of the rules, and an oracle that counts days by another algorithm.

use super::*;
use crate::rights::rights_extended;
use crate::{Policy, earliest_due, notice_clock, testing};

fn place(region: &str) -> Place {
    let zone = match region.get(..2).unwrap() {
        "DE" => "Europe/Berlin",
        "AT" => "Europe/Vienna",
        "FR" => "Europe/Paris",
        "IT" => "Europe/Rome",
        "IE" => "Europe/Dublin",
        "PL" => "Europe/Warsaw",
        "GB" => "Europe/London",
        "CH" => "Europe/Zurich",
        "US" => "America/Los_Angeles",
        other => panic!("no zone for {other}"),
    };
    Place { zone: zone.into(), region: region.into() }
}

/// The local wall time of an instant, with its offset.
fn local(at: Timestamp, place: &Place) -> String {
    at.to_zoned_datetime(TimeZone::get(&place.zone).unwrap()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Noon of a local day.
fn noon(date: &str, place: &Place) -> Timestamp {
    let date: Date = date.parse().unwrap();
    date.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::get(&place.zone).unwrap()).unwrap().timestamp()
}

#[test]
fn dl_3_to_dl_6_worked_dates_of_one_month() {
    for (region, obtained, due, rule) in [
        ("DE-BE", "2029-01-31", "2029-02-28T23:59:59+01:00", "clipped"),
        ("DE-BE", "2032-01-31", "2032-03-01T23:59:59+01:00", "rolled"),
        ("FR", "2025-01-30", "2025-02-28T23:59:59+01:00", "clipped"),
        ("AT", "2028-02-29", "2028-03-29T23:59:59+02:00", "month"),
        ("IT", "2025-03-31", "2025-04-30T23:59:59+02:00", "clipped"),
        ("DE-BE", "2025-03-18", "2025-04-22T23:59:59+02:00", "rolled"),
        ("FR", "2025-03-18", "2025-04-18T23:59:59+02:00", "month"),
        ("DE-BE", "2025-04-01", "2025-05-02T23:59:59+02:00", "rolled"),
        ("IE", "2025-09-27", "2025-10-28T23:59:59+00:00", "rolled"),
        ("PL", "2025-11-24", "2025-12-29T23:59:59+01:00", "rolled"),
        ("GB-ENG", "2027-07-30", "2027-08-31T23:59:59+01:00", "rolled"),
        ("GB-SCT", "2027-07-30", "2027-08-30T23:59:59+01:00", "month"),
        ("FR", "2025-07-31", "2025-09-01T23:59:59+02:00", "rolled"),
    ] {
        let place = place(region);
        let got = month_limit(noon(obtained, &place), 1, &place).unwrap();
        assert_eq!((local(got.due_at, &place).as_str(), got.rule.as_str()), (due, rule), "{region} {obtained}");
        assert!(got.why.contains(obtained), "{}", got.why);
    }
}

#[test]
fn dl_3_the_local_date_of_the_zone_counts() {
    let berlin = place("DE-BE");
    let got = month_limit(testing::at("2025-04-30T22:30:00Z"), 1, &berlin).unwrap();
    assert_eq!(local(got.due_at, &berlin), "2025-06-02T23:59:59+02:00");
    assert!(got.why.contains("2025-06-01 is a Sunday"), "{}", got.why);
}

#[test]
fn dl_1_worked_dates_of_contact_and_disclosure() {
    let clock = |date: &str, place: &Place| {
        let policy = Policy { zone: place.zone.clone(), holiday_region: place.region.clone(), ..testing::policy() };
        notice_clock(noon(date, place), &policy).unwrap()
    };
    let berlin = place("DE-BE");
    let due = earliest_due(&clock("2029-01-31", &berlin), Some(testing::at("2029-02-05T08:00:00Z")), None);
    assert_eq!((local(due.due_at, &berlin).as_str(), due.rule), ("2029-02-05T09:00:00+01:00", DueRule::Contact));
    let paris = place("FR");
    let due = earliest_due(&clock("2025-01-30", &paris), None, Some(noon("2025-04-01", &paris)));
    assert_eq!((local(due.due_at, &paris).as_str(), due.rule), ("2025-02-28T23:59:59+01:00", DueRule::Clipped));
}

#[test]
fn dl_7_worked_dates_of_extensions() {
    let paris = place("FR");
    let received = noon("2025-08-31", &paris);
    let due = |told: &str| local(rights_extended(received, noon(told, &paris), &paris).unwrap().due_at, &paris);
    assert_eq!(due("2025-09-10"), "2025-12-01T23:59:59+01:00");
    assert_eq!(due("2025-10-02"), "2025-09-30T23:59:59+02:00");
}

#[test]
fn dl_9_worked_dates_of_days() {
    for (region, received, days, due) in [
        ("CH-ZH", "2025-06-02", 30, "2025-07-02T23:59:59+02:00"),
        ("US-CA", "2025-02-01", 45, "2025-03-18T23:59:59-07:00"),
        // Rolled where a table is known, not where none is.
        ("CH-ZH", "2025-06-03", 30, "2025-07-03T23:59:59+02:00"),
        ("CH-ZH", "2025-07-02", 30, "2025-08-04T23:59:59+02:00"),
        ("US-CA", "2025-02-05", 45, "2025-03-22T23:59:59-07:00"),
    ] {
        let place = place(region);
        let got = days_limit(noon(received, &place), days, &place).unwrap();
        assert_eq!(local(got.due_at, &place), due, "{region} {received}");
    }
}

#[test]
fn dl_6_an_unknown_region_or_a_table_gap_gives_no_roll_over() {
    let mut nowhere = place("DE-BE");
    nowhere.region = "XX".into();
    let got = month_limit(testing::at("2025-03-18T12:00:00Z"), 1, &nowhere).unwrap();
    assert_eq!((local(got.due_at, &nowhere).as_str(), got.rule.as_str()), ("2025-04-18T23:59:59+02:00", "month"));
    assert!(got.why.contains("no holiday table for XX in 2025"), "{}", got.why);
    let berlin = place("DE-BE");
    let got = month_limit(noon("2040-01-01", &berlin), 2, &berlin).unwrap();
    assert_eq!(local(got.due_at, &berlin), "2040-03-01T23:59:59+01:00");
    assert!(got.why.contains("in 2040"), "{}", got.why);
}

#[test]
fn an_impossible_period_is_an_error() {
    let start = testing::at("2025-01-01T00:00:00Z");
    for months in [i32::MAX, i32::MIN, 12 * 7_980] {
        let error = month_limit(start, months, &place("FR")).unwrap_err();
        assert_eq!(error, CalendarError::OutOfRange { start, length: format!("{months} months") });
    }
    assert!(days_limit(start, i32::MAX, &place("FR")).is_err());
    let nowhere = Place { zone: "Mars/Base".into(), region: "FR".into() };
    let error = month_limit(testing::at("2025-01-01T00:00:00Z"), 1, &nowhere).unwrap_err();
    assert_eq!(error, CalendarError::UnknownZone { zone: "Mars/Base".into() });
}

#[test]
fn rule_names_are_unique() {
    use DueRule::{Clipped, Contact, Days, Disclosure, Extended, Month, None, Rolled};
    let all = [Month, Clipped, Rolled, Contact, Disclosure, Extended, Days, None];
    let names: std::collections::BTreeSet<&str> = all.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(names.len(), all.len());
}

/// Another algorithm: it walks day by day on plain numbers and knows its own summer time, Easter and holidays.
mod oracle {
    /// Days of Easter Sunday as month and day, 2024 to 2036.
    const EASTER: [(i32, i32); 13] = [
        (3, 31),
        (4, 20),
        (4, 5),
        (3, 28),
        (4, 16),
        (4, 1),
        (4, 21),
        (4, 13),
        (3, 28),
        (4, 17),
        (4, 9),
        (3, 25),
        (4, 13),
    ];

    type Ymd = (i32, i32, i32);

    fn month_length(year: i32, month: i32) -> i32 {
        match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    pub(super) fn next_day((year, month, day): Ymd) -> Ymd {
        if day < month_length(year, month) {
            (year, month, day + 1)
        } else if month < 12 {
            (year, month + 1, 1)
        } else {
            (year + 1, 1, 1)
        }
    }

    /// 0 for Sunday (Sakamoto).
    fn weekday((year, month, day): Ymd) -> i32 {
        const SHIFT: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let y = if month < 3 { year - 1 } else { year };
        let shift = SHIFT.get(usize::try_from(month - 1).unwrap()).unwrap();
        (y + y / 4 - y / 100 + y / 400 + shift + day) % 7
    }

    fn days_after_easter(date: Ymd) -> Option<i32> {
        let &(month, day) = EASTER.get(usize::try_from(date.0 - 2024).ok()?)?;
        let mut walk = (date.0, month, day);
        for days in 0..=60 {
            if walk == date {
                return Some(days);
            }
            walk = next_day(walk);
        }
        let good_friday = (0..2).try_fold(date, |at, _| Some(next_day(at)))?;
        (good_friday == (date.0, month, day)).then_some(-2)
    }

    fn free(region: &str, date: Ymd) -> bool {
        let (year, month, day) = date;
        let weekday = weekday(date);
        let easter = days_after_easter(date);
        let fixed = |days: &[(i32, i32)]| days.contains(&(month, day));
        let after = |days: &[i32]| easter.is_some_and(|at| days.contains(&at));
        let holiday = match region {
            "DE-BE" => {
                fixed(&[(1, 1), (3, 8), (5, 1), (10, 3), (12, 25), (12, 26)])
                    || after(&[-2, 1, 39, 50])
                    || date == (2025, 5, 8)
                    || date == (2028, 6, 17)
            }
            "AT" => {
                fixed(&[(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)])
                    || after(&[1, 39, 50, 60])
            }
            "FR" => {
                fixed(&[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]) || after(&[1, 39, 50])
            }
            "PL" => {
                fixed(&[(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)])
                    || after(&[1, 60])
                    || (year >= 2025 && fixed(&[(12, 24)]))
            }
            "GB-ENG" => {
                let moved = weekday == 1 && ((month, day) == (1, 2) || (month, day) == (1, 3))
                    // Christmas on Saturday: Monday 27, Tuesday 28; on Sunday: Boxing Monday, Tuesday 27; Boxing
                    // Day alone on a Saturday cannot be, it follows Christmas Friday: Monday 28.
                    || (month, day) == (12, 27) && (weekday == 1 || weekday == 2)
                    || (month, day) == (12, 28) && (weekday == 1 || weekday == 2);
                let monday = weekday == 1 && ((month == 5 && (day <= 7 || day >= 25)) || (month == 8 && day >= 25));
                fixed(&[(1, 1), (12, 25), (12, 26)]) || after(&[-2, 1]) || moved || monday
            }
            other => panic!("the oracle does not know {other}"),
        };
        weekday == 0 || weekday == 6 || holiday
    }

    /// Days of a date from the epoch, counted year by year.
    fn epoch_days(date: Ymd) -> i64 {
        let mut days = 0_i64;
        for year in 1970..date.0 {
            days += if month_length(year, 2) == 29 { 366 } else { 365 };
        }
        for month in 1..date.1 {
            days += i64::from(month_length(date.0, month));
        }
        days + i64::from(date.2) - 1
    }

    /// European summer time: from the last Sunday of March, 01:00 UTC, to the last Sunday of October, 01:00 UTC.
    fn summer(utc_seconds: i64, year: i32) -> bool {
        let last_sunday = |month: i32| {
            let mut day = month_length(year, month);
            while weekday((year, month, day)) != 0 {
                day -= 1;
            }
            epoch_days((year, month, day)) * 86_400 + 3_600
        };
        (last_sunday(3)..last_sunday(10)).contains(&utc_seconds)
    }

    fn date_of(local_seconds: i64) -> Ymd {
        let mut left = local_seconds.div_euclid(86_400);
        let mut date = (1970, 1, 1);
        loop {
            let year = if month_length(date.0, 2) == 29 { 366 } else { 365 };
            if left < year {
                break;
            }
            left -= year;
            date.0 += 1;
        }
        for _ in 0..left {
            date = next_day(date);
        }
        date
    }

    /// The due instant of one month from an instant, in seconds of the epoch.
    pub(super) fn due(region: &str, standard_offset_hours: i64, start: i64) -> i64 {
        let offset = |utc: i64, year: i32| (standard_offset_hours + i64::from(summer(utc, year))) * 3_600;
        let year = date_of(start + standard_offset_hours * 3_600).0;
        let from = date_of(start + offset(start, year));
        // Walk into the next month, then on to the day of the same number or the month's end.
        let mut day = next_day(from);
        while day.1 == from.1 {
            day = next_day(day);
        }
        while day.2 < from.2 && next_day(day).1 == day.1 {
            day = next_day(day);
        }
        while free(region, day) {
            day = next_day(day);
        }
        let local_end = epoch_days(day) * 86_400 + 86_399;
        let guess = local_end - standard_offset_hours * 3_600;
        local_end - offset(guess, day.0)
    }
}

#[test]
fn an_oracle_with_another_algorithm_agrees_on_seeded_random_instants() {
    let first = testing::at("2024-01-01T12:00:00Z").as_second();
    let span = testing::at("2036-10-31T00:00:00Z").as_second() - first;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for (region, offset) in [("DE-BE", 1), ("AT", 1), ("FR", 1), ("PL", 1), ("GB-ENG", 0)] {
        let place = place(region);
        for _ in 0..4_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let start = first + i64::try_from(state % u64::try_from(span).unwrap()).unwrap();
            let instant = Timestamp::from_second(start).unwrap();
            let got = month_limit(instant, 1, &place).unwrap();
            let expect = Timestamp::from_second(oracle::due(region, offset, start)).unwrap();
            assert_eq!(got.due_at, expect, "{region} {instant}: {}", got.why);
        }
    }
}
