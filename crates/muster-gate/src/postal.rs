//! Postal addresses of people at work: what stands in the window of an envelope.
//!
//! It puts the lines in the order of the country; whether a letter goes out is the contact wall's, the name of the
//! country and the paper are `muster-mail`'s.
//!
//! Invariant: street, postal code and town come from one place: what different sources say is never mixed into one
//! address.

use std::collections::BTreeSet;
use std::fmt;

use muster_model::{Field, KeyLabel, KeyedHash, MasterRecord, MasterValue, MentionId, SecretKey};

/// Countries that write the town before the postal code, on lines of their own.
const POSTCODE_BELOW: &[&str] = &["GB", "GG", "GI", "IE", "IM", "JE"];

/// Countries that write the town before the postal code, on one line.
const POSTCODE_BEHIND: &[&str] = &["AU", "CA", "IN", "NZ", "SG", "US", "ZA"];

/// Where a letter on paper goes.
#[derive(Clone, PartialEq, Eq)]
pub struct PostalAddress {
    lines: Vec<String>,
    country: String,
}

impl PostalAddress {
    /// Returns the lines without the country, first to last.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Returns the country, ISO 3166-1.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// Returns the keyed hash by which an address that letters came back from is known again.
    pub fn hash(&self, key: &SecretKey) -> KeyedHash {
        let folded = |line: &String| {
            let words: String = line.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
            words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
        };
        let lines: Vec<String> = self.lines.iter().map(folded).collect();
        let mut parts: Vec<&[u8]> = vec![b"postal", self.country.as_bytes()];
        parts.extend(lines.iter().map(String::as_bytes));
        key.hash(KeyLabel::Notice, &parts)
    }

    /// Finds the address of a person: their own, else the seat of their employer.
    ///
    /// Their own begins with the name, so that nobody else opens the letter; a seat begins with the company's, as it
    /// stands on the letter box. `country` is where they work as far as it is known, else where the sender is.
    ///
    /// # Law
    ///
    /// GDPR 14, rule NT-6: whoever no mail reaches is told by post. No salutation (rule NT-5).
    pub(crate) fn of(person: &MasterRecord, employer: Option<&MasterRecord>, country: &str) -> Option<Self> {
        let name = name_of(person)?;
        let company = employer.and_then(|seat| seat.first(Field::Name)).or_else(|| person.first(Field::Company));
        let own = place_in(person).map(|place| (place, [Some(name.as_str()), company]));
        let (place, who) = own.or_else(|| {
            let seat = employer.and_then(place_in)?;
            Some((seat, [Some(company?), Some(name.as_str())]))
        })?;
        let country = place.country.unwrap_or(country).to_ascii_uppercase();
        let mut lines: Vec<String> = who.into_iter().flatten().map(one_line).collect();
        lines.push(one_line(place.street));
        lines.extend(town_lines(&country, &one_line(place.postcode), &one_line(place.city)));
        lines.retain(|line| !line.is_empty());
        Some(Self { lines, country })
    }
}

impl fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalAddress(..)")
    }
}

fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn name_of(person: &MasterRecord) -> Option<String> {
    let parts = || Some(format!("{} {}", person.first(Field::GivenName)?, person.first(Field::FamilyName)?));
    person.first(Field::Name).map(str::to_owned).or_else(parts)
}

fn town_lines(country: &str, postcode: &str, city: &str) -> Vec<String> {
    if POSTCODE_BELOW.contains(&country) {
        vec![city.to_owned(), postcode.to_owned()]
    } else if POSTCODE_BEHIND.contains(&country) {
        vec![format!("{city} {postcode}")]
    } else {
        vec![format!("{postcode} {city}")]
    }
}

/// Street, postal code and town that one mention says together.
struct PlaceOf<'a> {
    street: &'a str,
    postcode: &'a str,
    city: &'a str,
    country: Option<&'a str>,
}

fn place_in(record: &MasterRecord) -> Option<PlaceOf<'_>> {
    let said_by = |value: &MasterValue| -> BTreeSet<MentionId> {
        value.lineage.iter().map(|line| line.mention_id.clone()).collect()
    };
    for street in record.get(Field::Street) {
        let by_street = said_by(street);
        for postcode in record.get(Field::Postcode) {
            let both: BTreeSet<MentionId> = said_by(postcode).intersection(&by_street).cloned().collect();
            let with = |value: &&MasterValue| value.lineage.iter().any(|line| both.contains(&line.mention_id));
            let Some(city) = record.get(Field::City).find(with) else { continue };
            let country = record.get(Field::Country).find(with).map(|value| value.value.as_str());
            return Some(PlaceOf { street: &street.value, postcode: &postcode.value, city: &city.value, country });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use muster_model::{EntityKind, Master, MentionRecord};

    use super::*;
    use crate::testing::{key, master, mention, person};

    fn record(master: &Master) -> MasterRecord {
        #[expect(clippy::disallowed_methods, reason = "a test looks at what it built")]
        master.record().expose().clone()
    }

    fn at_home(country: &str) -> MentionRecord {
        let mut record = person("Anna Schmidt", "", "Firma GmbH");
        record.street = Some("Lange Gasse 4".into());
        record.postcode = Some("1080".into());
        record.city = Some("Wien".into());
        record.country = Some(country.into());
        record
    }

    fn seat() -> MasterRecord {
        let mut company = MentionRecord { kind: EntityKind::Company, ..at_home("DE") };
        company.name = Some("Firma GmbH".into());
        company.company = None;
        company.street = Some("Werkstraße 1".into());
        company.postcode = Some("10115".into());
        company.city = Some("Berlin".into());
        record(&master(&[mention(company)]))
    }

    #[track_caller]
    fn check(person: &MasterRecord, employer: Option<&MasterRecord>, lines: &[&str], country: &str) {
        let address = PostalAddress::of(person, employer, "DE").unwrap();
        assert_eq!((address.lines(), address.country()), (lines.map_owned().as_slice(), country));
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl MapOwned for [&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|line| (*line).to_owned()).collect()
        }
    }

    #[test]
    fn a_person_with_an_address_of_their_own_is_written_to_there() {
        let anna = record(&master(&[mention(at_home("AT"))]));
        check(&anna, None, &["Anna Schmidt", "Firma GmbH", "Lange Gasse 4", "1080 Wien"], "AT");
        check(&anna, Some(&seat()), &["Anna Schmidt", "Firma GmbH", "Lange Gasse 4", "1080 Wien"], "AT");
    }

    #[test]
    fn nt_6_the_employers_seat_stands_in_with_the_company_first() {
        let anna = record(&master(&[mention(person("Anna Schmidt", "", "Firma GmbH"))]));
        check(&anna, Some(&seat()), &["Firma GmbH", "Anna Schmidt", "Werkstraße 1", "10115 Berlin"], "DE");
        assert_eq!(PostalAddress::of(&anna, None, "DE"), None);
    }

    #[test]
    fn each_country_has_its_order() {
        let british = record(&master(&[mention(at_home("GB"))]));
        check(&british, None, &["Anna Schmidt", "Firma GmbH", "Lange Gasse 4", "Wien", "1080"], "GB");
        let american = record(&master(&[mention(at_home("US"))]));
        check(&american, None, &["Anna Schmidt", "Firma GmbH", "Lange Gasse 4", "Wien 1080"], "US");
    }

    #[test]
    fn what_two_sources_say_is_no_address() {
        let mut street_only = at_home("AT");
        street_only.city = None;
        street_only.postcode = None;
        let mut city_only = at_home("AT");
        city_only.street = None;
        city_only.source_url = Some("https://andere.example/".into());
        let mixed = record(&master(&[mention(street_only), mention(city_only)]));
        assert_eq!(PostalAddress::of(&mixed, None, "DE"), None);
    }

    #[test]
    fn a_dead_address_is_known_again_however_it_is_written_and_never_printed() {
        let mut shouting = at_home("AT");
        shouting.street = Some("LANGE  GASSE 4.".into());
        let hash = |record: MentionRecord| {
            let made = self::record(&master(&[mention(record)]));
            PostalAddress::of(&made, None, "DE").unwrap().hash(&key())
        };
        assert_eq!(hash(at_home("AT")), hash(shouting));
        assert_ne!(hash(at_home("AT")), hash(at_home("CH")));
        let anna = record(&master(&[mention(at_home("AT"))]));
        assert_eq!(format!("{:?}", PostalAddress::of(&anna, None, "DE")), "Some(PostalAddress(..))");
    }
}
