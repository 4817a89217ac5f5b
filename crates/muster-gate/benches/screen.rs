//! How many records and texts one core screens in a second: `cargo bench -p muster-gate --bench screen`.
//!
//! Two loads: contact records as importers bring them (harmless but for one in ten), and the texts of the labelled
//! corpora, which are far harder than what pages hold. Machines are noisy: compare figures of one run only.

use std::time::Instant;

use muster_gate::sensitive::{CheckInput, Screen};
use serde_json::{Value, json};

const RECORDS: usize = 20_000;
const ROUNDS: usize = 5;

const CORPORA: [(&str, &str); 7] = [
    ("en", include_str!("../src/sensitive/cases/en.jsonl")),
    ("de", include_str!("../src/sensitive/cases/de.jsonl")),
    ("fr", include_str!("../src/sensitive/cases/fr.jsonl")),
    ("es", include_str!("../src/sensitive/cases/es.jsonl")),
    ("it", include_str!("../src/sensitive/cases/it.jsonl")),
    ("nl", include_str!("../src/sensitive/cases/nl.jsonl")),
    ("pl", include_str!("../src/sensitive/cases/pl.jsonl")),
];

/// Language, given name, family name, job title, company, street, city, label and value of a field that must go.
const PEOPLE: [(&str, [&str; 6], [&str; 2]); 7] = [
    (
        "en",
        ["Anna", "Sample", "Head of Procurement", "Northfield Ltd", "1 High Street", "Leeds"],
        ["Date of birth", "1971"],
    ),
    ("de", ["Karl", "Muster", "Leiter Einkauf", "Muster GmbH", "Kirchstraße 1", "Köln"], ["Konfession", "keine"]),
    ("fr", ["Claire", "Exemple", "Directrice des achats", "Exemple SA", "1 rue de l'Église", "Lyon"], ["Sexe", "F"]),
    (
        "es",
        ["Ana", "Ejemplo", "Directora de compras", "Ejemplo S.L.", "Calle Mayor 1", "Burgos"],
        ["Estado civil", "-"],
    ),
    (
        "it",
        ["Mario", "Esempio", "Responsabile acquisti", "Esempio S.p.A.", "Via San Pietro 1", "Milano"],
        ["Sesso", "M"],
    ),
    ("nl", ["Jan", "Voorbeeld", "Hoofd inkoop", "Voorbeeld B.V.", "Kerkstraat 1", "Utrecht"], ["Geslacht", "m"]),
    ("pl", ["Anna", "Przykładowa", "Kierownik zakupów", "Przykład sp. z o.o.", "ul. Długa 1", "Kraków"], ["Płeć", "K"]),
];

fn record(number: usize) -> CheckInput {
    let (lang, person, rejected) = PEOPLE[number % PEOPLE.len()];
    let [given, family, title, company, street, city] = person;
    let mut input = json!({
        "name": format!("{given} {family}{number}"), "job_title": title, "company": company,
        "emails": [format!("{number}@firm.example")], "phones": [format!("+4930{number:07}")], "street": street,
        "city": city, "source_url": "https://firm.example/team",
    });
    if number.is_multiple_of(10) {
        input[rejected[0]] = Value::from(rejected[1]);
    }
    let line = json!({ "id": number, "lang": lang, "input": input });
    serde_json::from_value(line).expect("the record is written above")
}

fn texts() -> Vec<CheckInput> {
    let cases = CORPORA.iter().flat_map(|(lang, corpus)| corpus.lines().map(move |line| (*lang, line)));
    let input = |(lang, line): (&str, &str)| {
        let case: Value = serde_json::from_str(line).expect("the corpora are tested");
        let text = case["case"].as_str().unwrap_or_default().replace(['{', '}', '[', ']'], "");
        serde_json::from_value(json!({ "id": 1, "lang": lang, "text": text })).expect("the line is written above")
    };
    cases.map(input).collect()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn report(name: &str, count: usize, begin: Instant, found: usize) {
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{name:<16} {count:>8} in {seconds:>7.3} s  {:>9.0} a second  ({found} findings)",
        count_of(count) / seconds
    );
}

fn count_of(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a benchmark counts to a few hundred thousand"))
}

fn main() {
    let begin = now();
    let screen = Screen::new();
    let first = screen.text("Anna Sample, buyer", None).len();
    report("compile the rules", 1, begin, first);
    let records: Vec<CheckInput> = (0..RECORDS).map(record).collect();
    let texts = texts();
    for (name, inputs) in [("records", &records), ("corpus texts", &texts)] {
        let begin = now();
        let mut found = 0;
        for _ in 0..ROUNDS {
            found += inputs.iter().map(|input| screen.check(input).findings.len()).sum::<usize>();
        }
        report(name, inputs.len() * ROUNDS, begin, found);
    }
}
