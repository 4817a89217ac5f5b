//! The worked dates of the rules, and what the calendar does at its edges.

use super::*;
use crate::rights::rights_extended;
use crate::{Deadline, DutyCase, DutyEvent, Policy, deadline, earliest_due, notice_clock, testing};

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

/// Every worked date of the rules: region, start, event, due, rule. A start without a time is noon of that local day.
#[test]
fn dl_1_to_dl_9_every_worked_date() {
    for (region, start, event, at, due, rule) in [
        ("DE-BE", "2029-01-31", "obtain", "", "2029-02-28T23:59:59+01:00", "clipped"),
        ("DE-BE", "2032-01-31", "obtain", "", "2032-03-01T23:59:59+01:00", "rolled"),
        ("FR", "2025-01-30", "obtain", "", "2025-02-28T23:59:59+01:00", "clipped"),
        ("AT", "2028-02-29", "obtain", "", "2028-03-29T23:59:59+02:00", "month"),
        ("IT", "2025-03-31", "obtain", "", "2025-04-30T23:59:59+02:00", "clipped"),
        ("DE-BE", "2025-03-18", "obtain", "", "2025-04-22T23:59:59+02:00", "rolled"),
        ("FR", "2025-03-18", "obtain", "", "2025-04-18T23:59:59+02:00", "month"),
        ("DE-BE", "2025-04-01", "obtain", "", "2025-05-02T23:59:59+02:00", "rolled"),
        ("IE", "2025-09-27", "obtain", "", "2025-10-28T23:59:59+00:00", "rolled"),
        ("PL", "2025-11-24", "obtain", "", "2025-12-29T23:59:59+01:00", "rolled"),
        ("GB-ENG", "2027-07-30", "obtain", "", "2027-08-31T23:59:59+01:00", "rolled"),
        ("GB-SCT", "2027-07-30", "obtain", "", "2027-08-30T23:59:59+01:00", "month"),
        ("DE-BE", "2025-04-30T22:30:00Z", "obtain", "", "2025-06-02T23:59:59+02:00", "rolled"),
        ("DE-BE", "2029-01-31", "contact", "2029-02-05T08:00:00Z", "2029-02-05T09:00:00+01:00", "contact"),
        ("FR", "2025-01-30", "disclosure", "2025-04-01T10:00:00Z", "2025-02-28T23:59:59+01:00", "clipped"),
        ("FR", "2025-07-31", "request", "", "2025-09-01T23:59:59+02:00", "rolled"),
        ("FR", "2025-08-31", "extended", "2025-09-10T10:00:00Z", "2025-12-01T23:59:59+01:00", "extended"),
        ("FR", "2025-08-31", "extended", "2025-10-02T10:00:00Z", "2025-09-30T23:59:59+02:00", "clipped"),
        ("CH-ZH", "2025-06-02", "request", "", "2025-07-02T23:59:59+02:00", "days"),
        ("US-CA", "2025-02-01", "request", "", "2025-03-18T23:59:59-07:00", "days"),
    ] {
        let place = place(region);
        let obtained_at = start.parse().unwrap_or_else(|_| noon(start, &place));
        let event = match event {
            "obtain" => DutyEvent::Obtained,
            "contact" => DutyEvent::Contacted(testing::at(at)),
            "disclosure" => DutyEvent::Disclosed(testing::at(at)),
            "request" => DutyEvent::Requested(None),
            "extended" => DutyEvent::RequestExtended(testing::at(at)),
            other => panic!("no event {other}"),
        };
        let other_mentions = Vec::new();
        let case = DutyCase { obtained_at, other_mentions, place: place.clone(), event, pauses: Vec::new() };
        let Deadline::Due(got) = deadline(&case).unwrap() else { panic!("{region} {start}: no duty") };
        let shown = (local(got.due_at, &place), got.rule.as_str());
        assert_eq!((shown.0.as_str(), shown.1), (due, rule), "{region} {start}: {}", got.why);
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
    // Before the tables, Christmas Day is a day like any other.
    let got = month_limit(noon("2023-11-25", &berlin), 1, &berlin).unwrap();
    assert_eq!((local(got.due_at, &berlin).as_str(), got.rule.as_str()), ("2023-12-25T23:59:59+01:00", "month"));
}

#[test]
fn dl_5_a_due_date_has_the_offset_of_its_own_day() {
    let berlin = place("DE-BE");
    for (obtained, due) in [
        ("2025-02-28T12:00:00+01:00", "2025-03-28T23:59:59+01:00"),
        ("2026-02-28T12:00:00+01:00", "2026-03-30T23:59:59+02:00"),
        ("2025-09-24T12:00:00+02:00", "2025-10-24T23:59:59+02:00"),
        ("2025-09-27T12:00:00+02:00", "2025-10-27T23:59:59+01:00"),
    ] {
        let got = month_limit(testing::at(obtained), 1, &berlin).unwrap();
        assert_eq!(local(got.due_at, &berlin), due, "{obtained}");
    }
    // Without roll-over it may be the day of the change itself, which ends in winter time.
    let nowhere = Place { region: String::new(), ..berlin.clone() };
    let got = month_limit(testing::at("2025-09-26T12:00:00Z"), 1, &nowhere).unwrap();
    assert_eq!(local(got.due_at, &berlin), "2025-10-26T23:59:59+01:00");
}

#[test]
fn dl_4_a_deadline_in_a_cluster_of_free_days_moves_behind_all_of_them() {
    for (region, obtained, due, free_days) in [
        // Wednesday 24 December to Sunday 28.
        ("PL", "2025-11-24", "2025-12-29T23:59:59+01:00", 5),
        // Good Friday to Easter Monday.
        ("DE-BE", "2025-03-18", "2025-04-22T23:59:59+02:00", 4),
        // Christmas on a weekend and two substitutes.
        ("GB-ENG", "2027-11-25", "2027-12-29T23:59:59+00:00", 4),
        // New Year in Scotland has two days, and in 2028 both fall on a weekend.
        ("GB-SCT", "2027-12-01", "2028-01-05T23:59:59+00:00", 4),
    ] {
        let place = place(region);
        let got = month_limit(noon(obtained, &place), 1, &place).unwrap();
        assert_eq!(local(got.due_at, &place), due, "{region} {obtained}");
        assert_eq!(got.why.matches(" is ").count(), free_days, "{}", got.why);
    }
}

#[test]
fn dl_6_a_region_without_its_part_has_the_days_that_all_parts_have() {
    let due = |region: &str, obtained: &str| {
        let place = place(region);
        local(month_limit(noon(obtained, &place), 1, &place).unwrap().due_at, &place)
    };
    // 3 October is a holiday in all Länder, 31 October in some.
    assert_eq!(due("DE", "2025-09-03"), "2025-10-06T23:59:59+02:00");
    assert_eq!(due("DE", "2025-10-01"), "2025-11-03T23:59:59+01:00");
    assert_eq!(due("DE-HH", "2024-09-30"), "2024-10-30T23:59:59+01:00");
    assert_eq!(due("GB", "2027-07-30"), "2027-08-30T23:59:59+01:00");
    assert_eq!(due("CH", "2025-03-18"), "2025-04-18T23:59:59+02:00");
    assert_eq!(due("CH", "2025-07-01"), "2025-08-04T23:59:59+02:00");
    // A part that ISO 3166-2 does not know is an unknown region.
    assert_eq!(due("DE-XX", "2025-09-03"), "2025-10-03T23:59:59+02:00");
}

#[test]
fn working_days_leave_out_what_is_known_to_be_free() {
    let berlin = place("DE-BE");
    let got = working_days_limit(noon("2025-04-16", &berlin), 2, &berlin).unwrap();
    assert_eq!((local(got.due_at, &berlin).as_str(), got.rule), ("2025-04-22T23:59:59+02:00", DueRule::Days));
    let nowhere = Place { region: String::new(), ..berlin.clone() };
    let got = working_days_limit(noon("2025-04-16", &berlin), 2, &nowhere).unwrap();
    assert_eq!(local(got.due_at, &berlin), "2025-04-18T23:59:59+02:00");
    assert!(working_days_limit(Timestamp::MAX, 2, &berlin).is_err());
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
