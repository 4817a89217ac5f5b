//! Tests of whole generated files.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::mention::field;

fn run(mentions: usize, seed: u64, rates: Rates) -> (String, String, Summary) {
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    let summary = generate(&Options { mentions, seed, rates }, &mut rows, &mut truth).unwrap();
    (String::from_utf8(rows).unwrap(), String::from_utf8(truth).unwrap(), summary)
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_another_world() {
    let one = run(1_500, 1, Rates::default());
    assert_eq!(one, run(1_500, 1, Rates::default()));
    assert_ne!(one.0, run(1_500, 2, Rates::default()).0);
}

#[test]
fn the_truth_covers_every_mention_once_in_the_same_order() {
    for profile in crate::PROFILES {
        let (rows, truth, summary) = run(2_000, 4, Rates::profile(profile).unwrap());
        let ids = |text: &str| records(text).into_iter().map(|record| record[0].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&rows), ids(&truth));
        assert_eq!(ids(&rows).into_iter().collect::<BTreeSet<_>>().len(), 2_000);
        assert_eq!(summary.mentions, 2_000);
        let groups: BTreeSet<(String, String)> =
            records(&truth).into_iter().map(|record| (record[2].clone(), record[3].clone())).collect();
        let companies: BTreeSet<&String> = groups.iter().map(|(company, _)| company).collect();
        assert_eq!(companies.len(), groups.len(), "an entity is in two groups");
    }
}

#[test]
fn rates_hold_roughly_and_every_tag_occurs() {
    let (_, _, summary) = run(30_000, 5, Rates::default());
    let tags: BTreeMap<&str, usize> = summary.tags.iter().copied().collect();
    for tag in [
        "namesake_at_employer",
        "job_change",
        "name_change",
        "nickname",
        "initial",
        "shared_mailbox",
        "shared_phone",
        "subsidiary",
        "no_email",
        "typo",
        "company_typo",
        "contact_typo",
        "duplicate",
        "no_name",
        "no_company",
        "wrong_company",
        "stale",
        "swapped",
        "freemail",
        "role_mailbox",
        "switchboard",
        "upper_case",
        "de",
        "us",
    ] {
        assert!(tags.get(tag).is_some_and(|count| *count > 5), "{tag}: {:?}", tags.get(tag));
    }
    let share = |count: usize| f64::from(u32::try_from(count).unwrap()) / 30_000.0;
    assert!((0.008..0.022).contains(&share(tags["typo"])), "{}", tags["typo"]);
    assert!((0.35..0.55).contains(&share(tags["no_email"])), "{}", tags["no_email"]);
    assert!((0.04..0.12).contains(&share(tags["job_change"])), "{}", tags["job_change"]);
    assert!((7_000..11_000).contains(&summary.people), "{}", summary.people);
    let none = Rates { name_typo: 0.0, duplicates: 0.0, namesakes: 0.0, email: 0.0, ..Rates::default() };
    let (_, _, without) = run(5_000, 5, none);
    assert!(without.tags.iter().all(|(tag, _)| !["typo", "duplicate"].contains(tag)));
    assert!((without.empty(field::EMAIL) - 1.0).abs() < 0.06);
}

#[test]
fn people_and_companies_grow_with_the_mentions() {
    let (small, large) = (run(3_000, 6, Rates::default()).2, run(30_000, 6, Rates::default()).2);
    assert!((8 * small.people..12 * small.people).contains(&large.people));
    assert!((6 * small.groups..14 * small.groups).contains(&large.groups));
}

#[test]
fn no_domain_is_anybodys_and_no_personal_mailbox_is_given_to_two_people_by_chance() {
    let (rows, truth, _) = run(20_000, 7, Rates { contact_typo: 0.0, ..Rates::default() });
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (row, truth) in records(&rows).iter().zip(records(&truth)) {
        for value in [&row[6], &row[7], &row[13], &row[14]] {
            let host = value.rsplit('@').next().unwrap().trim_start_matches("https://").trim_start_matches("http://");
            let host = host.split(['/', '?']).next().unwrap().to_lowercase();
            assert!(host.is_empty() || [".example", ".test"].iter().any(|ending| host.ends_with(ending)), "{value}");
        }
        let special =
            ["shared_mailbox", "role_mailbox", "name_change"].iter().any(|tag| truth[4].split(';').any(|t| t == *tag));
        if !row[7].is_empty() && !special {
            let owner = owners.entry(row[7].to_lowercase()).or_insert_with(|| truth[1].clone());
            assert_eq!(*owner, truth[1], "{}", row[7]);
        }
    }
}
