//! What people are compared by, on small tables.

use super::*;
use crate::firm::{Employer, Employers};
use crate::model::Model;
use crate::person::Names;
use crate::table::{Row, TableBuilder};
use muster_model::EntityKind;

/// An invented mention: name, employer (0 for none), mailbox, title.
type Mention<'a> = (&'a str, u32, &'a str, &'a str);

/// Mentions, read; a mention's id is its number here.
struct Case {
    people: People,
    weights: Weights,
}

impl Case {
    fn new(mentions: &[Mention<'_>]) -> Self {
        let mut builder = TableBuilder::new(Vec::new());
        for (number, &(name, _, mailbox, title)) in mentions.iter().enumerate() {
            let id = format!("m{number:04}");
            let row = Row {
                mention_id: &id,
                full_name: name,
                job_title: title,
                emails: &[mailbox],
                ..Row::new(EntityKind::Person)
            };
            builder.push(&row).expect("ids differ");
        }
        let table = builder.finish();
        let employers = Employers(
            mentions.iter().map(|&(_, employer, ..)| Employer { entity: employer, group: employer }).collect(),
        );
        let people = People::new(&table, &table.by_id(), Names::new(&table), &employers, &[]);
        let weights = Weights::of_model(Model::shipped().person(), mentions.len());
        Self { people, weights }
    }

    fn place(&self, mention: u32) -> u32 {
        let found = self.people.persons.iter().position(|person| person.row == mention);
        u32::try_from(found.expect("it is there")).expect("a few mentions")
    }

    fn pattern(&self, left: u32, right: u32) -> Pattern {
        WeighedPeople::new(&self.people, &self.weights).compare(self.place(left), self.place(right))
    }

    fn weight(&self, left: u32, right: u32) -> f32 {
        let weighed = WeighedPeople::new(&self.people, &self.weights);
        self.weights.score(&weighed, self.place(left), self.place(right)).weight
    }
}

const ANNAS: [Mention<'_>; 4] = [
    ("Anna Testmann", 1, "", "Head of Sales"),
    ("Anna Testmann", 1, "", "Accountant"),
    ("Anna Testmann", 1, "anna.testmann@alpha.example", "Head of Sales"),
    ("Bruno Beispiel", 1, "bruno.beispiel@alpha.example", ""),
];

#[test]
fn a_name_at_its_employer_says_little_once_a_namesake_is_known_there() {
    let alone = Case::new(&ANNAS);
    let mut known = ANNAS.to_vec();
    known.push(("Anna Testmann", 1, "anna.testmann2@alpha.example", "Accountant"));
    let known = Case::new(&known);
    assert!(alone.weight(0, 1) > known.weight(0, 1) + 3.0, "{} {}", alone.weight(0, 1), known.weight(0, 1));
    let level = |case: &Case| case.pattern(0, 1).level(Of::Namesakes as usize);
    assert_eq!((level(&alone), level(&known)), (NamesakeLevel::None as usize, NamesakeLevel::Several as usize));
    assert!(known.weight(0, 2) > known.weight(1, 2), "the title tells which of the two is meant");
}

#[test]
fn two_mailboxes_of_one_name_are_two_forms_and_a_number_makes_two_people() {
    let case = Case::new(&[
        ("Anna Testmann", 1, "anna.testmann@alpha.example", ""),
        ("Anna Testmann", 1, "atestmann@alpha.example", ""),
        ("Anna Testmann", 1, "anna.testmann2@alpha.example", ""),
        ("Bruno Beispiel", 1, "bruno.beispiel@alpha.example", ""),
    ]);
    let email = |right| case.pattern(0, right).level(Of::Email as usize);
    assert_eq!(email(1), EmailLevel::OtherForm as usize);
    assert_eq!(email(2), EmailLevel::OtherMailbox as usize);
    assert_eq!(email(3), EmailLevel::OtherMailbox as usize, "another name is no other form");
}

#[test]
fn colleagues_who_share_the_family_name_only_are_kin_at_most() {
    let case = Case::new(&[
        ("Anna Testmann", 1, "", ""),
        ("Bruno Testmann", 1, "", ""),
        ("Carla Beispiel", 1, "", ""),
        ("Anna Testmann", 1, "", ""),
    ]);
    assert_eq!(case.pattern(0, 1).level(Of::Namesakes as usize), NamesakeLevel::Kin as usize);
    assert!(case.weight(0, 1) < 0.0 && case.weight(0, 3) > 0.0);
}

#[test]
fn a_name_found_at_many_employers_says_less_than_a_rare_one() {
    let mut mentions: Vec<Mention<'_>> = (1..60).map(|employer| ("Maria Haeufig", employer, "", "")).collect();
    mentions.extend([("Xenia Seltenreich", 60, "", ""), ("Xenia Seltenreich", 61, "", "")]);
    let case = Case::new(&mentions);
    assert!(case.weight(59, 60) > case.weight(0, 1) + 2.0);
}

#[test]
fn a_pair_weighs_the_same_from_both_sides() {
    let mut mentions = ANNAS.to_vec();
    mentions.extend([
        ("Testmann Anna", 2, "a.testmann@alpha.example", "Leiterin Vertrieb"),
        ("A. Testmann", 1, "", ""),
        ("Anna Testmann-Muster", 0, "anna@beta.example", ""),
        ("Anna Maria Muster", 2, "", "Vertriebsleiterin"),
    ]);
    let case = Case::new(&mentions);
    let count = u32::try_from(mentions.len()).expect("a few");
    for left in 0..count {
        for right in 0..count {
            assert_eq!(case.pattern(left, right), case.pattern(right, left));
            assert_eq!(case.weight(left, right).to_bits(), case.weight(right, left).to_bits());
        }
    }
}
