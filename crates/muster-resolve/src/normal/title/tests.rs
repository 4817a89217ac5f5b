//! Titles as sources write them, and the data file itself.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::Department as D;
use super::Level as L;
use super::*;

fn check(rows: &[(&str, L, Option<D>)]) {
    let faults: Vec<String> = rows
        .iter()
        .map(|(text, level, department)| (text, (*level, *department), parse(text)))
        .filter(|(_, expected, title)| *expected != (title.level, title.department))
        .map(|(text, expected, title)| format!("{text}: {:?} {:?}, not {expected:?}", title.level, title.department))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn english_and_german_titles_are_read() {
    check(&[
        ("CEO", L::Chief, Some(D::Management)),
        ("Chief Executive Officer", L::Chief, Some(D::Management)),
        ("CFO", L::Chief, Some(D::Finance)),
        ("CTO & Co-Founder", L::Owner, Some(D::Technology)),
        ("VP Sales EMEA", L::VicePresident, Some(D::Sales)),
        ("Senior Vice President, Human Resources", L::VicePresident, Some(D::People)),
        ("Head of Marketing", L::Head, Some(D::Marketing)),
        ("Sales Director", L::Director, Some(D::Sales)),
        ("Managing Director", L::Chief, Some(D::Management)),
        ("Senior Software Engineer", L::Senior, Some(D::Technology)),
        ("Key Account Manager", L::Manager, Some(D::Sales)),
        ("Project Mgr", L::Manager, Some(D::Product)),
        ("Assistant to the CEO", L::Assistant, Some(D::Management)),
        ("Assistant Manager Purchasing", L::Manager, Some(D::Purchasing)),
        ("Intern Marketing", L::Trainee, Some(D::Marketing)),
        ("Accountant", L::Specialist, Some(D::Finance)),
        ("R&D Engineer", L::Specialist, Some(D::Engineering)),
        ("Geschäftsführer", L::Chief, Some(D::Management)),
        ("Geschaeftsfuehrerin", L::Chief, Some(D::Management)),
        ("GF", L::Chief, Some(D::Management)),
        ("Vertriebsleiter", L::Head, Some(D::Sales)),
        ("Vertriebsleiterin (m/w/d)", L::Head, Some(D::Sales)),
        ("Leiter:in Einkauf", L::Head, Some(D::Purchasing)),
        ("Ltg. Buchhaltung", L::Head, Some(D::Finance)),
        ("Personalleiterin", L::Head, Some(D::People)),
        ("Produktionsleiter", L::Head, Some(D::Production)),
        ("Leiter F&E", L::Head, Some(D::Engineering)),
        ("Assistentin der Geschäftsführung", L::Assistant, Some(D::Management)),
        ("Sachbearbeiterin Einkauf", L::Specialist, Some(D::Purchasing)),
        ("Inhaber", L::Owner, None),
        ("Prokurist", L::Director, None),
        ("Vorstand", L::Board, None),
        ("Vertriebsmitarbeiter", L::Specialist, Some(D::Sales)),
        ("Auszubildende", L::Trainee, None),
        ("Sr. Consultant", L::Senior, None),
        ("Dir. Marketing", L::Director, Some(D::Marketing)),
        ("Zauberer", L::Unknown, None),
        ("", L::Unknown, None),
    ]);
}

#[test]
fn titles_of_other_languages_are_read() {
    check(&[
        ("PDG", L::Chief, Some(D::Management)),
        ("Directrice générale", L::Chief, Some(D::Management)),
        ("Directeur commercial", L::Director, Some(D::Sales)),
        ("Responsable des achats", L::Head, Some(D::Purchasing)),
        ("Chef de projet", L::Manager, Some(D::Product)),
        ("Responsable qualité", L::Head, Some(D::Quality)),
        ("Assistante de direction", L::Assistant, None),
        ("DRH", L::Director, Some(D::People)),
        ("Director General", L::Chief, Some(D::Management)),
        ("Jefa de compras", L::Head, Some(D::Purchasing)),
        ("Director financiero", L::Director, Some(D::Finance)),
        ("Responsable de recursos humanos", L::Head, Some(D::People)),
        ("Amministratore delegato", L::Chief, Some(D::Management)),
        ("Responsabile acquisti", L::Head, Some(D::Purchasing)),
        ("Direttrice commerciale", L::Director, Some(D::Sales)),
        ("Impiegata amministrativa", L::Specialist, Some(D::Administration)),
        ("Hoofd inkoop", L::Head, Some(D::Purchasing)),
        ("Verkoopleider", L::Head, Some(D::Sales)),
        ("Algemeen directeur", L::Chief, Some(D::Management)),
        ("Inkoopmanager", L::Manager, Some(D::Purchasing)),
        ("Prezes Zarządu", L::Chief, Some(D::Management)),
        ("Dyrektor sprzedaży", L::Director, Some(D::Sales)),
        ("Kierownik działu zakupów", L::Head, Some(D::Purchasing)),
        ("Główna księgowa", L::Specialist, Some(D::Finance)),
        ("Försäljningschef", L::Head, Some(D::Sales)),
        ("Ekonomichef", L::Head, Some(D::Finance)),
        ("VD", L::Chief, Some(D::Management)),
        ("Obchodní ředitel", L::Director, Some(D::Sales)),
        ("Diretor comercial", L::Director, Some(D::Sales)),
    ]);
}

#[test]
fn two_titles_agree_by_words_then_meaning_then_department() {
    use TitleAgreement::{Different, Related, Same, SameDepartment, Translation};
    for (left, right, expected) in [
        ("Head of Sales", "Head of Sales", Same),
        ("Leiter Einkauf (m/w/d)", "LEITER EINKAUF", Same),
        ("Geschäftsführer", "Geschaftsfuhrer", Same),
        ("Sales, Head", "Head of Sales", Same),
        ("Head of Sales", "Vertriebsleiterin", Translation),
        ("Leiterin Einkauf", "Responsable achats", Translation),
        ("Geschäftsführer", "Managing Director", Translation),
        ("PDG", "CEO", Translation),
        ("Finanzvorstand", "CFO", Translation),
        ("Inhaberin", "Owner", Translation),
        ("Head of Sales", "Sales Director", SameDepartment),
        ("Junior Buyer", "Head of Purchasing", SameDepartment),
        ("CEO", "Owner", Related),
        ("Geschäftsführer", "Vorstand", Related),
        ("Manager", "Marketing Manager", Related),
        ("Head of Sales", "Accountant", Different),
        ("Head of Marketing", "Head of Production", Different),
        ("Zauberer", "Gaukler", Different),
        ("", "CEO", Different),
        ("", "", Different),
    ] {
        let (left_title, right_title) = (parse(left), parse(right));
        assert_eq!(similar(&left_title, &right_title), expected, "{left} | {right}");
        assert_eq!(similar(&right_title, &left_title), expected, "{right} | {left}");
    }
}

#[test]
fn the_data_file_has_known_sections_and_no_word_in_two_departments() {
    let mut departments: std::collections::BTreeMap<String, BTreeSet<&str>> = std::collections::BTreeMap::new();
    for (section, line) in table::sections() {
        let meaning = table::meaning_of(section);
        assert!(meaning != Meaning::default(), "section {section}");
        if section.starts_with("end of") {
            continue;
        }
        let of = section.split_once(" of ").map_or(section, |(_, of)| of);
        for phrase in line.split(',').map(str::trim) {
            assert!(!phrase.is_empty() && phrase.split(' ').count() <= PHRASE_MAX, "`{phrase}` in {section}");
            if meaning.department.is_some() {
                let mut bones = String::new();
                skeleton(phrase, &mut bones);
                departments.entry(bones).or_default().insert(of);
            }
        }
    }
    let doubles: Vec<_> = departments.iter().filter(|(_, of)| of.len() > 1).collect();
    assert!(doubles.is_empty(), "{doubles:?}");
    assert!(departments.len() > 800, "{}", departments.len());
    for (_, level) in table::LEVELS {
        assert!(table::sections().any(|(section, _)| table::meaning_of(section).level == *level), "{level:?}");
    }
    for (_, department) in table::DEPARTMENTS {
        assert!(
            table::sections().any(|(section, _)| table::meaning_of(section).department == Some(*department)),
            "{department:?}"
        );
    }
}

#[test]
fn a_biography_is_no_title() {
    assert_eq!(parse(&"manager ".repeat(100)), Title::default());
}

proptest! {
    #[test]
    fn reading_a_title_from_its_words_gives_the_same_words(text in "(Leiter|VP|Head of|Responsable des|Dr|[a-zäöü]{3,9}) (Einkauf|Sales|achats|qualité|[a-zé]{2,9})( EMEA| Süd| \\(m/w/d\\)|)") {
        let title = parse(&text);
        let again = parse(&title.words.join(" "));
        prop_assert_eq!(again.words, title.words);
    }

    #[test]
    fn no_title_is_too_strange_and_agreement_is_symmetric(left in "\\PC{0,60}", right in "\\PC{0,60}") {
        let (left, right) = (parse(&left), parse(&right));
        prop_assert_eq!(similar(&left, &right), similar(&right, &left));
        prop_assert!(left.words.len() <= WORDS_MAX);
    }
}
