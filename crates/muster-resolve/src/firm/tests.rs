//! Tests of which company rows mean, on rows as contact lists have them.

use muster_model::EntityKind;

use super::*;
use crate::person::Names;
use crate::table::{Row, TableBuilder};

/// Company, domain, city, person.
type Given = (&'static str, &'static str, &'static str, &'static str);

fn table(rows: &[Given]) -> Table {
    let mut builder = TableBuilder::new(Vec::new());
    for (number, &(company, company_domain, city, full_name)) in rows.iter().enumerate() {
        let id = format!("m{number:04}");
        let row = Row { mention_id: &id, company, company_domain, city, full_name, ..Row::new(EntityKind::Person) };
        builder.push(&row).unwrap();
    }
    builder.finish()
}

fn firms(rows: &[Given]) -> Firms {
    let table = table(rows);
    Firms::new(&table, &table.by_id(), &Names::new(&table).hashes(), &|_| false)
}

impl Firms {
    fn domain_of(&self, row: usize) -> &str {
        (self.of_row[row] as usize).checked_sub(1).map_or("", |way| self.text(self.firms[way].domain))
    }
}

const NORDWIND: [Given; 4] = [
    ("Nordwind Logistik GmbH", "nordwind.example", "Kiel", "Anna Alt"),
    ("Nordwind Logistik", "nordwind.example", "Kiel", "Bert Busch"),
    ("Nordwind Logistik GmbH", "nordwind.example", "", "Carla Clemens"),
    ("Nordwind", "nordwind.example", "Kiel", "Dora Daum"),
];

const MEYERS: [Given; 6] = [
    ("Meyer GmbH", "meyer-kiel.example", "Kiel", "Anna Alt"),
    ("Meyer GmbH", "meyer-kiel.example", "Kiel", "Bert Busch"),
    ("Meyer", "meyer-kiel.example", "Kiel", "Emil Ernst"),
    ("Meyer AG", "meyer-ulm.example", "Ulm", "Carla Clemens"),
    ("Meyer AG", "meyer-ulm.example", "Ulm", "Dora Daum"),
    ("Meyer", "meyer-ulm.example", "Ulm", "Fritz Funk"),
];

fn with<const N: usize>(known: [Given; N], more: Given) -> Vec<Given> {
    known.into_iter().chain([more]).collect()
}

#[test]
fn a_row_without_a_domain_gets_that_of_the_company_of_its_name() {
    let found = firms(&with(NORDWIND, ("Nordwind Logistik GmbH", "", "Kiel", "Emil Ernst")));
    assert_eq!(found.domain_of(4), "nordwind.example");
    let way = found.firms[found.of_row[4] as usize - 1];
    assert!(way.is_found);
    assert_eq!(found.unit_of[found.of_row[4] as usize - 1], found.unit_of[found.of_row[0] as usize - 1]);
}

#[test]
fn a_name_that_nobody_has_gets_no_domain() {
    assert_eq!(firms(&with(NORDWIND, ("Steinbach Werke", "", "Kiel", "Emil Ernst"))).domain_of(4), "");
}

#[test]
fn a_name_of_two_companies_follows_the_place() {
    assert_eq!(firms(&with(MEYERS, ("Meyer", "", "Ulm", "Gerda Groß"))).domain_of(6), "meyer-ulm.example");
    assert_eq!(firms(&with(MEYERS, ("Meyer", "", "Kiel", "Gerda Groß"))).domain_of(6), "meyer-kiel.example");
}

#[test]
fn a_name_of_two_companies_follows_the_person() {
    assert_eq!(firms(&with(MEYERS, ("Meyer", "", "", "Fritz Funk"))).domain_of(6), "meyer-ulm.example");
}

#[test]
fn a_row_without_any_company_follows_the_person() {
    assert_eq!(firms(&with(NORDWIND, ("", "", "Kiel", "Anna Alt"))).domain_of(4), "nordwind.example");
    assert_eq!(firms(&with(NORDWIND, ("", "", "Kiel", "Emil Ernst"))).domain_of(4), "");
}

#[test]
fn a_colleague_who_left_is_no_longer_at_the_old_domain() {
    let mut rows = MEYERS.to_vec();
    rows.extend((0..40).map(|_| NORDWIND[0]));
    rows.extend(
        ["Ida Imhof", "Jan Jung", "Kai Kern"].map(|name| ("Nordwind Logistik GmbH", "nordwind.example", "Kiel", name)),
    );
    rows.push(("Meyer AG", "nordwind.example", "Ulm", "Dora Daum"));
    assert_eq!(firms(&rows).domain_of(rows.len() - 1), "meyer-ulm.example");
}

#[test]
fn a_rare_slip_is_read_as_the_name_that_many_have() {
    let mut rows: Vec<Given> = (0..8).map(|_| ("Nordwind GmbH", "", "Kiel", "Anna Alt")).collect();
    rows.push(("Nordwnid GmbH", "", "Kiel", "Anna Alt"));
    let found = firms(&rows);
    assert_eq!(found.of_row[8], found.of_row[0]);
}

#[test]
fn a_row_that_does_not_say_which_entity_follows_the_person_and_else_the_larger() {
    let mut rows = vec![("Nordwind Holding AG", "nordwind.example", "Kiel", "Anna Alt"); 6];
    rows.extend(vec![("Nordwind Logistik GmbH", "nordwind.example", "Kiel", "Bert Busch"); 2]);
    rows.extend([("", "nordwind.example", "", "Bert Busch"), ("", "nordwind.example", "", "Carla Clemens")]);
    let found = firms(&rows);
    let entity: Vec<u32> = (0..).take(found.firms.len()).collect();
    let group = vec![0; found.firms.len()];
    let seats = found.seats(&entity, &group);
    assert_ne!(seats[0], seats[6]);
    assert_eq!((seats[8], seats[9]), (seats[6], seats[0]));
}

#[test]
fn units_and_ways_are_the_same_for_any_order_of_rows() {
    let rows = with(MEYERS, ("Meyer", "", "Ulm", "Gerda Groß"));
    let forward = firms(&rows);
    let names = |firms: &Firms| -> Vec<(String, String)> {
        firms.firms.iter().map(|way| (firms.text(way.core).to_owned(), firms.text(way.domain).to_owned())).collect()
    };
    let reversed: Vec<Given> = rows.iter().rev().copied().collect();
    let backward = firms(&reversed);
    assert_eq!(names(&forward), names(&backward));
    assert_eq!(forward.unit_of, backward.unit_of);
    let ways: Vec<u32> = backward.of_row.iter().rev().copied().collect();
    assert_eq!(forward.of_row, ways);
}
