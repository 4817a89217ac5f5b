//! Tests of addresses.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn city(name: &str) -> String {
    parse("", name, "", "").city
}

#[test]
fn no_name_is_two_cities_and_every_country_is_one() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut count = 0;
    for line in include_str!("../cities.txt").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(fields.len(), 3, "{line}");
        assert!(country::parse(fields[1]).is_some(), "{line}");
        assert_eq!(plain::dense(fields[0]), fields[0]);
        for name in fields[2].split(';').chain([fields[0]]).map(plain::dense).filter(|name| !name.is_empty()) {
            if let Some(other) = seen.insert(name.clone(), fields[0]) {
                assert_eq!(other, fields[0], "{name}");
            }
        }
        count += 1;
    }
    assert!(count > 250, "{count}");
}

#[test]
fn the_words_of_addresses_are_plain() {
    let lists = [UNIT_WORDS, NUMBER_WORDS, CITY_NOISE, CITY_JOINERS];
    let streets = STREET_WORDS.iter().flat_map(|(long, short)| [*long, *short]).filter(|word| !word.is_empty());
    for word in lists.into_iter().flatten().copied().chain(streets) {
        assert_eq!(plain::words(word), word);
    }
}

#[test]
fn a_city_has_one_key_across_languages() {
    for (key, names) in [
        ("koln", &["Köln", "Koeln", "KOLN", "Cologne", "Colonia", "Köln-Ehrenfeld", "50667 Köln", "D-50667 Köln"][..]),
        ("munchen", &["München", "Munich", "Muenchen", "Monachium", "Landeshauptstadt München", "München-Schwabing"]),
        ("vienna", &["Wien", "Vienna", "Vienne", "A-1010 Wien", "Wien 1"]),
        ("warszawa", &["Warszawa", "Warsaw", "Warschau", "00-950 Warszawa"]),
        ("frankfurt", &["Frankfurt", "Frankfurt am Main", "Frankfurt a. M.", "Frankfurt/Main", "Frankfurt (Main)"]),
        ("frankfurtoder", &["Frankfurt (Oder)", "Frankfurt/Oder"]),
        ("berlin", &["Berlin", "Berlin-Mitte", "Berlin Kreuzberg", "10115 Berlin", "BERLIN (Wedding)"]),
        ("paris", &["Paris", "Paris 8e", "PARIS CEDEX 08", "75008 Paris"]),
        ("amsterdam", &["Amsterdam", "1012 AB Amsterdam"]),
        ("stockholm", &["Stockholm", "114 55 Stockholm"]),
        ("copenhagen", &["København", "Copenhagen", "Kobenhavn"]),
        ("geneve", &["Genf", "Genève", "Geneva"]),
        ("sanktgallen", &["St. Gallen", "Sankt Gallen", "St Gallen"]),
        ("badenbaden", &["Baden-Baden"]),
        ("stpaul", &["St. Paul", "Saint Paul"]),
        ("rothenburg", &["Rothenburg ob der Tauber", "Rothenburg"]),
        ("newyork", &["New York", "NYC", "New York City"]),
        ("london", &["London", "London SW1A", "Londres", "City of London"]),
    ] {
        for name in names {
            assert_eq!(city(name), key, "{name}");
        }
    }
}

#[test]
fn streets_and_houses_have_one_spelling() {
    for (street, house, texts) in [
        (
            "hauptstr",
            "5",
            &["Hauptstraße 5", "Haupt-Str. 5", "HAUPTSTRASSE 5", "Hauptstr. 5, 2. OG", "Haupt Strasse 5"][..],
        ),
        ("hauptstr", "5a", &["Hauptstr. 5a", "Hauptstraße 5 A"]),
        ("hauptstr", "12", &["Hauptstr. 12-14", "Hauptstr. 12 - 14"]),
        ("highstr", "10", &["10 High Street", "10, High Street"]),
        ("lilas", "3", &["3 rue des Lilas", "3, r. des Lilas"]),
        ("mayor", "7", &["Calle Mayor, 7", "C/ Mayor 7", "Calle Mayor n.º 7"]),
        ("prosta", "1", &["ul. Prosta 1", "Ulica Prosta 1"]),
        ("oakav", "1420", &["1420 Oak Avenue", "1420 Oak Ave., Suite 300"]),
        ("", "", &["", "  "]),
    ] {
        for text in texts {
            let place = parse(text, "", "", "");
            assert_eq!((place.street.as_str(), place.house.as_str()), (street, house), "{text}");
        }
    }
}

#[test]
fn postal_codes_lose_sign_and_space() {
    for (code, country, expect, expect_country) in [
        ("20095", "", "20095", None),
        ("D-20095", "", "20095", Some(*b"DE")),
        ("A-1010", "", "1010", Some(*b"AT")),
        ("CH 8001", "", "8001", Some(*b"CH")),
        ("L-1234", "", "1234", Some(*b"LU")),
        ("1067", "Deutschland", "01067", Some(*b"DE")),
        ("SW1A 1AA", "UK", "SW1A1AA", Some(*b"GB")),
        ("E1 6AN", "", "E16AN", None),
        ("1012 ab", "NL", "1012AB", Some(*b"NL")),
        ("00-950", "PL", "00950", Some(*b"PL")),
        ("94105-1234", "USA", "94105", Some(*b"US")),
        ("", "", "", None),
    ] {
        let place = parse("", "", code, country);
        assert_eq!((place.postcode.as_str(), place.country), (expect, expect_country), "{code} {country}");
    }
    let whole = parse("Hauptstr. 5, D-20095 Hamburg", "", "", "");
    assert_eq!((whole.city.as_str(), whole.postcode.as_str(), whole.country), ("hamburg", "20095", Some(*b"DE")));
}

proptest! {
    #[test]
    fn keys_of_keys_are_the_keys(
        street in "(Haupt|Ring|Oak |rue de |ul. |C/ )(straße|Lane|[a-zäöü]{3,8}) [0-9]{1,3}[a-c]?",
        city in "(Köln|Berlin-|St. |Bad |Frankfurt am |)[A-Za-zäöüß]{2,9}( \\([a-z]{2,5}\\))?( an der [A-Z][a-z]{3,5})?",
        postcode in "(D-|CH-|)[0-9]{4,5}|[A-Z]{1,2}[0-9] [0-9][A-Z]{2}",
    ) {
        let once = parse(&street, &city, &postcode, "");
        let country = once.country.map(|code| String::from_utf8(code.to_vec()).unwrap()).unwrap_or_default();
        let again = parse(&format!("{} {}", once.street, once.house), &once.city, &once.postcode, &country);
        prop_assert_eq!(again, once);
    }

    #[test]
    fn any_text_is_read(street in "\\PC{0,30}", city in "\\PC{0,30}", postcode in "\\PC{0,12}", country in "\\PC{0,12}") {
        let place = parse(&street, &city, &postcode, &country);
        prop_assert!(place.postcode.chars().all(|c| c.is_ascii_alphanumeric()) && !place.street.contains(' '));
    }
}
