//! The covered countries: names, places, streets, legal forms, phone plans.
//!
//! The lists are in `data/`, one file a country. Most frequent names come first; the order decides the frequency.
//! Invariant: the lists are fixed at build time, so a seed gives the same people everywhere.

use crate::rng::{Rng, Zipf};

/// Share of the family names that are built from parts, so that the tail of rare names is long.
const RARE_FAMILY: f64 = 0.34;

/// The languages that titles and trades are written in; another country's are in English.
const LANGUAGES: &[&str] = &["en", "de", "fr", "es", "it", "nl", "pl"];

/// The files, sorted by code.
const FILES: &[(&str, &str)] = &[
    ("at", include_str!("../data/at.txt")),
    ("ch", include_str!("../data/ch.txt")),
    ("cz", include_str!("../data/cz.txt")),
    ("de", include_str!("../data/de.txt")),
    ("dk", include_str!("../data/dk.txt")),
    ("es", include_str!("../data/es.txt")),
    ("fr", include_str!("../data/fr.txt")),
    ("gb", include_str!("../data/gb.txt")),
    ("hu", include_str!("../data/hu.txt")),
    ("ie", include_str!("../data/ie.txt")),
    ("in", include_str!("../data/in.txt")),
    ("it", include_str!("../data/it.txt")),
    ("nl", include_str!("../data/nl.txt")),
    ("pl", include_str!("../data/pl.txt")),
    ("pt", include_str!("../data/pt.txt")),
    ("ro", include_str!("../data/ro.txt")),
    ("se", include_str!("../data/se.txt")),
    ("tr", include_str!("../data/tr.txt")),
    ("us", include_str!("../data/us.txt")),
];

/// A city with what postcodes and phone numbers begin with.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) name: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) area: &'static str,
}

/// One country.
#[derive(Debug)]
pub(crate) struct Country {
    /// ISO 3166 code in small letters.
    pub(crate) code: &'static str,
    /// English name, own name, code.
    pub(crate) names: Vec<&'static str>,
    pub(crate) dial: &'static str,
    pub(crate) mobile: Vec<&'static str>,
    /// Place of the language in the lines of titles and trades.
    pub(crate) language: usize,
    pub(crate) weight: f64,
    /// What follows a city's postcode prefix: `#` a digit, `@` a letter.
    pub(crate) postcode: &'static str,
    pub(crate) forms: Vec<&'static str>,
    pub(crate) cities: Vec<City>,
    pub(crate) streets: Vec<&'static str>,
    stems: Vec<&'static str>,
    suffixes: Vec<&'static str>,
    male: (Vec<&'static str>, Zipf),
    female: (Vec<&'static str>, Zipf),
    family: (Vec<&'static str>, Zipf),
}

/// The values of one key of a file; a key may stand on several lines.
fn values(text: &'static str, key: &str) -> Vec<&'static str> {
    let lines = text.lines().filter_map(|line| line.split_once(": ").filter(|(name, _)| *name == key));
    lines.flat_map(|(_, list)| list.split(',').map(str::trim)).filter(|value| !value.is_empty()).collect()
}

impl Country {
    fn read(code: &'static str, text: &'static str) -> Self {
        let one = |key| values(text, key).first().copied().unwrap_or_default();
        let ranked = |key, shift, exponent| {
            let list = values(text, key);
            let law = Zipf::new(list.len(), shift, exponent);
            (list, law)
        };
        let city = |line: &'static str| {
            let mut parts = line.split('/');
            let mut next = || parts.next().unwrap_or_default();
            City { name: next(), postcode: next(), area: next() }
        };
        let postcode =
            text.lines().find_map(|line| line.strip_prefix("postcode: ")).expect("each file has a postcode pattern");
        Self {
            code,
            names: values(text, "names"),
            dial: one("dial"),
            mobile: values(text, "mobile"),
            language: LANGUAGES.iter().position(|language| *language == one("lang")).unwrap_or(0),
            weight: one("weight").parse().expect("each file has a weight"),
            postcode,
            forms: values(text, "form"),
            cities: values(text, "city").into_iter().map(city).collect(),
            streets: values(text, "street"),
            stems: values(text, "stem"),
            suffixes: values(text, "suffix"),
            male: ranked("male", 4.0, 0.95),
            female: ranked("female", 4.0, 0.95),
            family: ranked("family", 8.0, 0.8),
        }
    }

    /// A given name.
    pub(crate) fn given(&self, female: bool, rng: &mut Rng) -> &'static str {
        let (names, law) = if female { &self.female } else { &self.male };
        names[law.draw(rng)]
    }

    /// A family name as a man bears it, frequent or rare.
    pub(crate) fn family(&self, rng: &mut Rng) -> String {
        if rng.chance(RARE_FAMILY) {
            let (stem, middle, suffix) = (rng.pick(&self.stems), rng.pick(&self.stems), rng.pick(&self.suffixes));
            return if rng.chance(0.5) {
                format!("{stem}{suffix}")
            } else {
                format!("{stem}{}{suffix}", middle.to_lowercase())
            };
        }
        self.family.0[self.family.1.draw(rng)].to_owned()
    }

    /// Whether German is written here, where ä is ae and ß is ss.
    pub(crate) fn german(&self) -> bool {
        self.language == 1
    }
}

/// All countries, sorted by code.
pub(crate) fn all() -> Vec<Country> {
    FILES.iter().map(|(code, text)| Country::read(code, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_all_its_lists() {
        for country in all() {
            assert_eq!(country.names.len(), 3, "{}", country.code);
            for (what, count) in [
                ("forms", country.forms.len()),
                ("cities", country.cities.iter().filter(|city| !city.area.is_empty()).count()),
                ("streets", country.streets.len()),
                ("male", country.male.0.len() / 20),
                ("female", country.female.0.len() / 20),
                ("family", country.family.0.len() / 20),
                ("stems", country.stems.len() / 5),
            ] {
                assert!(count >= 3, "{} {what} {count}", country.code);
            }
        }
    }

    #[test]
    fn family_names_have_a_long_tail_and_a_frequent_head() {
        let countries = all();
        let germany = countries.iter().find(|country| country.code == "de").unwrap();
        let mut rng = Rng::new(1);
        let names: Vec<String> = (0..10_000).map(|_| germany.family(&mut rng)).collect();
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        let most = names.iter().filter(|name| *name == "Müller").count();
        assert!(distinct.len() > 2_500 && (50..250).contains(&most), "{} {most}", distinct.len());
    }
}
