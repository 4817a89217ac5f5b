//! Foreign files: what is found, in any order, and how it is bounded.

use std::collections::BTreeSet;

use muster_model::EntityKind;

use super::*;
use crate::intern::mix;
use crate::table::{Attribute, Row, TableBuilder};

const GIVEN: [&str; 16] = [
    "Lenora",
    "Bartholomew",
    "Quentin",
    "Isolde",
    "Marguerite",
    "Thaddeus",
    "Ophelia",
    "Winston",
    "Clementine",
    "Barnaby",
    "Rosalind",
    "Ignatius",
    "Philippa",
    "Leopold",
    "Henrietta",
    "Montague",
];
const FAMILY: [&str; 16] = [
    "Ashgrove",
    "Brackwater",
    "Coldridge",
    "Dunmarsh",
    "Elverstone",
    "Fallowmere",
    "Greycourt",
    "Hollinbank",
    "Ironwick",
    "Juniperhill",
    "Kestrelby",
    "Longmeadow",
    "Marlstone",
    "Northgate",
    "Oakenford",
    "Pennywell",
];
const CITIES: [&str; 6] = ["Musterstadt", "Beispielheim", "Probeburg", "Testhausen", "Fallbach", "Normdorf"];

/// A person's three mentions: whole, with a slip of the family name and no city, with the initial and the day swapped.
fn mentions(person: u64) -> [[String; 6]; 3] {
    let pick = |seed: u64, count: u64| usize::try_from(mix(seed, person) % count).unwrap();
    let (given, family, city) = (GIVEN[pick(1, 16)], FAMILY[pick(2, 16)], CITIES[pick(3, 6)]);
    let (year, month, day) = (1900 + pick(4, 90), 1 + pick(5, 12), 13 + pick(6, 15));
    let number = format!("{:07}", mix(7, person) % 10_000_000);
    let date = format!("{year}-{month:02}-{day:02}");
    let near = format!("{year}-{month:02}-{:02}", if day % 10 == 9 { day - 1 } else { day + 1 });
    let slip: String = family.chars().enumerate().filter(|&(at, _)| at != 3).map(|(_, letter)| letter).collect();
    let row = |number_of: u32, given: &str, family: &str, city: &str, date: &str, number: &str| {
        [format!("{person}-{number_of}"), given.into(), family.into(), city.into(), date.into(), number.into()]
    };
    [
        row(0, given, family, city, &date, &number),
        row(1, given, &slip, "", &date, &number),
        row(2, given.get(..1).unwrap(), family, city, &near, &number),
    ]
}

fn table(people: u64, reversed: bool) -> Table {
    let mut rows: Vec<[String; 6]> = (0..people).flat_map(mentions).collect();
    if reversed {
        rows.reverse();
    }
    let born = Attribute::guess("born", rows.iter().map(|row| row[4].as_str()));
    let number = Attribute::guess("number", rows.iter().map(|row| row[5].as_str()));
    let whole = Attribute::guess("whole_name", rows.iter().map(|row| row[1].as_str()));
    let mut builder = TableBuilder::new(vec![born, number, whole]);
    for [id, given, family, city, date, number] in &rows {
        let whole = format!("{given} {family}");
        let attributes = [date.as_str(), number.as_str(), whole.as_str()];
        let row = Row {
            mention_id: id,
            given_name: given,
            family_name: family,
            city,
            attributes: &attributes,
            ..Row::new(EntityKind::Person)
        };
        builder.push(&row).unwrap();
    }
    builder.finish()
}

fn run(table: &Table) -> Resolved {
    resolve(
        table,
        &table.by_id(),
        &|rows| Constraints { node_count: rows.len() as usize, ..Constraints::default() },
        0.0,
    )
}

fn clusters(table: &Table) -> BTreeSet<BTreeSet<String>> {
    let resolved = run(table);
    let id = |&place: &u32| table.mention_id(resolved.generic.rows.row_of[place as usize] as usize).to_owned();
    resolved.side.clustering.groups().map(|group| group.iter().map(id).collect()).collect()
}

#[test]
fn people_of_a_file_without_contacts_are_found_whatever_the_order_of_rows() {
    let found = clusters(&table(300, false));
    let expected: BTreeSet<BTreeSet<String>> =
        (0..300).map(|person| mentions(person).into_iter().map(|row| row[0].clone()).collect()).collect();
    let right = found.intersection(&expected).count();
    assert!(right >= 297 && found.len() <= 303, "{right} right of {}", found.len());
    assert_eq!(found, clusters(&table(300, true)));
}

#[test]
fn what_was_learnt_is_a_document_of_the_columns_that_say_something_of_their_own() {
    let resolved = run(&table(300, false));
    let names: Vec<&str> =
        resolved.generic.model.comparisons.iter().map(|comparison| comparison.name.as_str()).collect();
    assert_eq!(names, ["given_name", "family_name", "further_names", "city", "born", "number"]);
    let level = |comparison: usize, level: usize| &resolved.generic.model.comparisons[comparison].levels[level];
    assert!(level(5, 0).m > 0.9 && level(5, 0).u < 1e-3, "{:?}", level(5, 0));
    // Two of the three pairs of a person's mentions are of a name and its initial.
    assert!((0.4..0.8).contains(&level(0, 2).m), "{:?}", level(0, 2));
    let rules = resolved.generic.rules.names(&resolved.generic.rows);
    assert!(rules.iter().any(|rule| rule.contains("number")), "{rules:?}");
}

#[test]
fn an_empty_file_one_row_and_many_equal_rows_are_bounded() {
    assert_eq!(clusters(&table(0, false)).len(), 0);
    let mut builder = TableBuilder::new(Vec::new());
    builder.push(&Row { mention_id: "a", full_name: "Lenora Ashgrove", ..Row::new(EntityKind::Person) }).unwrap();
    assert_eq!(clusters(&builder.finish()).len(), 1);
    let mut builder = TableBuilder::new(vec![Attribute::guess("born", ["1900-01-01"])]);
    for number in 0..5_000 {
        let id = number.to_string();
        let row = Row {
            mention_id: &id,
            full_name: "Lenora Ashgrove",
            attributes: &["1900-01-01"],
            ..Row::new(EntityKind::Person)
        };
        builder.push(&row).unwrap();
    }
    let resolved = run(&builder.finish());
    assert!(resolved.side.candidate_count < 5_000 * 64, "{}", resolved.side.candidate_count);
}

#[test]
fn a_stewards_no_is_kept() {
    let table = table(50, false);
    let place_of = |rows: &Rows, id: &str| {
        let place = rows.row_of.iter().position(|&row| table.mention_id(row as usize) == id).unwrap();
        u32::try_from(place).unwrap()
    };
    let constraints = |rows: &Rows| Constraints {
        node_count: rows.len() as usize,
        cannot: vec![(place_of(rows, "7-0"), place_of(rows, "7-1"))],
        ..Constraints::default()
    };
    let resolved = resolve(&table, &table.by_id(), &constraints, 0.0);
    let of = |id: &str| resolved.side.clustering.cluster_of[place_of(&resolved.generic.rows, id) as usize];
    assert_ne!(of("7-0"), of("7-1"));
    assert_eq!(of("8-0"), of("8-1"));
}
