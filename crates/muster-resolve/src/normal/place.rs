//! Postal addresses for comparing: street, house number, city, postal code and country as keys.
//!
//! Exonyms meet in `cities.txt`. Whether an address exists, and where it lies, is not asked.
//!
//! Invariant: parsing the keys of a place gives the same place.

use std::sync::LazyLock;

use super::country::{self, CountryCode};
use super::plain::{self, Table};

/// Words that name a kind of street, with what they are written as in a key.
const STREET_WORDS: &[(&str, &str)] = &[
    ("strasse", "str"),
    ("str", "str"),
    ("street", "str"),
    ("straat", "str"),
    ("strade", "str"),
    ("road", "rd"),
    ("avenu", "av"),
    ("ave", "av"),
    ("avenida", "av"),
    ("avda", "av"),
    ("avd", "av"),
    ("viale", "av"),
    ("boulevard", "bd"),
    ("blvd", "bd"),
    ("boul", "bd"),
    ("bulevar", "bd"),
    ("bld", "bd"),
    ("platz", "pl"),
    ("place", "pl"),
    ("plaza", "pl"),
    ("plac", "pl"),
    ("piazza", "pl"),
    ("pza", "pl"),
    ("pzza", "pl"),
    ("plein", "pl"),
    ("placa", "pl"),
    ("square", "sq"),
    ("lane", "ln"),
    ("drive", "dr"),
    ("court", "ct"),
    ("parkway", "pkwy"),
    ("highway", "hwy"),
    ("route", "rte"),
    ("chaussee", "ch"),
    ("chemin", "ch"),
    ("chem", "ch"),
    ("calle", ""),
    ("via", ""),
    ("rue", ""),
    ("r", ""),
    ("c", ""),
    ("cl", ""),
    ("v", ""),
    ("ulica", ""),
    ("ul", ""),
    ("utca", ""),
    ("u", ""),
    ("rua", ""),
    ("strada", ""),
    ("vul", ""),
    ("aleja", "al"),
    ("aleje", "al"),
    ("allee", "al"),
    ("carrer", ""),
    ("sankt", "st"),
    ("saint", "st"),
    ("sainte", "st"),
    ("san", "st"),
    ("doctor", "dr"),
    ("doktor", "dr"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("grosse", "gr"),
    ("kleine", "kl"),
    ("de", ""),
    ("du", ""),
    ("des", ""),
    ("del", ""),
    ("la", ""),
    ("der", ""),
    ("the", ""),
];

/// Words before a house number.
const NUMBER_WORDS: &[&str] = &["n", "no", "nr", "num", "numero", "o", "nro", "house"];

/// Words from which on an address says the floor, the suite, the box: no part of the street.
const UNIT_WORDS: &[&str] = &[
    "suite",
    "ste",
    "floor",
    "fl",
    "etage",
    "og",
    "eg",
    "stock",
    "unit",
    "apt",
    "apartment",
    "room",
    "rm",
    "piano",
    "planta",
    "piso",
    "bis",
    "building",
    "bldg",
    "gebaude",
    "geb",
    "haus",
    "bte",
    "bus",
    "batiment",
    "bat",
    "escalier",
    "m",
    "lok",
    "lokal",
    "top",
    "stiege",
    "hinterhaus",
    "box",
];

/// Words behind a city that say nothing: French mail centres, official kinds.
const CITY_NOISE: &[&str] = &["cedex", "cdx", "stadt", "city", "hansestadt", "landeshauptstadt", "town", "gemeinde"];

/// Words that join a city and what tells it from its namesakes: `Frankfurt am Main`, `Stratford upon Avon`.
const CITY_JOINERS: &[&str] =
    &["am", "an", "im", "in", "bei", "b", "ob", "a", "i", "sur", "upon", "on", "sul", "aan", "nad", "ad", "vor", "v"];

/// An address in keys; an empty part is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// The street, dense and plain, kinds of street cut to their usual short forms.
    pub(crate) street: String,
    /// The house number with its letter; of a range the first.
    pub(crate) house: String,
    /// The city under one name across languages, without district.
    pub(crate) city: String,
    /// The postal code without country sign and spaces, in upper case.
    pub(crate) postcode: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<CountryCode>,
}

static CITIES: LazyLock<Table<&'static str>> = LazyLock::new(|| {
    let mut cities = Table::default();
    for line in include_str!("cities.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('|').map(str::trim);
        let (Some(key), Some(_), Some(names)) = (fields.next(), fields.next(), fields.next()) else { continue };
        for name in names.split(';').chain([key]).map(plain::dense).filter(|name| !name.is_empty()) {
            cities.entry(name.into()).or_insert(key);
        }
    }
    cities
});

/// Calls `name` with every name of a city in the table, dense and plain, and the city's key.
pub(super) fn for_each_city(mut name: impl FnMut(&str, &'static str)) {
    for (dense, key) in &*CITIES {
        name(dense, key);
    }
}

/// Reads an address. Parts that stand in a wrong field are looked for: a postal code before the city, a whole address
/// in the street.
pub(crate) fn parse(street: &str, city: &str, postcode: &str, country: &str) -> Place {
    let (street, tail) = split_street(street, city, postcode);
    let city = if city.trim().is_empty() { tail } else { city };
    let (in_city, city_name) = leading_postcode(city);
    let postcode = if postcode.trim().is_empty() { in_city } else { postcode };
    let (sign, code) = split_sign(postcode);
    let country = country::parse(country).or_else(|| sign.and_then(|sign| country::by_sign(&sign.to_lowercase())));
    let (street, house) = street_key(street);
    Place { street, house, city: city_key(city_name), postcode: postcode_key(code, country), country }
}

/// `Hauptstr. 5, 20095 Hamburg` in the street alone: the street, and postal code with city.
fn split_street<'a>(street: &'a str, city: &str, postcode: &str) -> (&'a str, &'a str) {
    if city.trim().is_empty() && postcode.trim().is_empty() {
        let parts = street.match_indices(',').filter_map(|(at, _)| Some((street.get(..at)?, street.get(at + 1..)?)));
        for (head, tail) in parts {
            if !leading_postcode(tail).0.is_empty() {
                return (head, tail.split(',').next().unwrap_or_default());
            }
        }
    }
    (street, "")
}

/// Cuts `D-20095 Hamburg` into postal code and city.
fn leading_postcode(city: &str) -> (&str, &str) {
    let city = city.trim();
    let Some((first, rest)) = city.split_once(char::is_whitespace) else { return ("", city) };
    let digits = first.bytes().filter(u8::is_ascii_digit).count();
    let is_code = digits >= 3 && first.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let rest = rest.trim_start();
    if !is_code || rest.is_empty() {
        return ("", city);
    }
    // `1012 AB Amsterdam`, `114 55 Stockholm`: the code has a second part.
    if let Some((second, city_name)) = rest.split_once(char::is_whitespace) {
        let letters = second.len() == 2 && second.bytes().all(|byte| byte.is_ascii_uppercase()) && digits == 4;
        let more = second.len() == 2 && second.bytes().all(|byte| byte.is_ascii_digit()) && digits == 3;
        if letters || more {
            let end = city.len() - city_name.len();
            return (city.get(..end).unwrap_or_default().trim_end(), city_name.trim_start());
        }
    }
    (first, rest)
}

/// Cuts a country's sign off a postal code: `D-20095`, `CH 8001`.
fn split_sign(postcode: &str) -> (Option<&str>, &str) {
    let postcode = postcode.trim();
    let letters = postcode.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (Some(sign), Some(rest)) = (postcode.get(..letters), postcode.get(letters..)) else { return (None, postcode) };
    let code = rest.trim_start_matches(['-', ' ', '\u{2013}']);
    let is_sign =
        (1..=3).contains(&letters) && code.len() < rest.len() && code.starts_with(|c: char| c.is_ascii_digit());
    // `SW1A 1AA` and `K1A 0B1` have no sign; in `E1 6AN` no gap stands behind the letter; four digits or more make a code.
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let only =
        code.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-') || byte.is_ascii_uppercase());
    if is_sign && digits >= 4 && only { (Some(sign), code) } else { (None, postcode) }
}

fn postcode_key(code: &str, country: Option<CountryCode>) -> String {
    let mut key: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    match country.as_ref() {
        // `ZIP+4` names the building's side of a street, which others leave out.
        Some(b"US") if key.len() == 9 && key.bytes().all(|byte| byte.is_ascii_digit()) => key.truncate(5),
        _ => {}
    }
    // Spreadsheets take the zero off.
    let five = country.is_some_and(|code| [*b"DE", *b"FR", *b"IT", *b"ES", *b"US"].contains(&code));
    if five && key.len() == 4 && key.bytes().all(|byte| byte.is_ascii_digit()) {
        key.insert(0, '0');
    }
    key
}

/// Returns a city's key: one name across languages and spellings, without district, mail centre and numbers.
fn city_key(city: &str) -> String {
    let whole = plain::dense(city);
    if let Some(key) = CITIES.get(whole.as_str()) {
        return (*key).to_owned();
    }
    let head = city.split(['(', ',', '/', '[', ';']).find(|part| part.chars().any(char::is_alphabetic)).unwrap_or(city);
    let words = plain::words(head);
    let kept: Vec<&str> = words
        .split(' ')
        .filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit()) && !CITY_NOISE.contains(word))
        .collect();
    let kept = if kept.is_empty() { words.split(' ').collect() } else { kept };
    if let Some(key) = CITIES.get(kept.concat().as_str()) {
        return (*key).to_owned();
    }
    // `Berlin-Mitte`, `Hamburg Altona`, `Paris 8e Arrondissement`: a known city and what it is cut into.
    for count in (1..kept.len()).rev() {
        let known = kept.get(..count).map(<[&str]>::concat).and_then(|front| CITIES.get(front.as_str()));
        let own_town = kept.get(count).is_some_and(|next| CITY_JOINERS.contains(next));
        if let Some(key) = known.filter(|_| !own_town || count == 1) {
            return (*key).to_owned();
        }
    }
    let joiner = kept.iter().skip(1).position(|word| CITY_JOINERS.contains(word)).map_or(kept.len(), |at| at + 1);
    let named = kept.get(..joiner).filter(|front| front.iter().any(|word| word.len() > 3)).unwrap_or(&kept);
    match named.split_first() {
        Some((&("st" | "sankt" | "saint" | "sainte" | "san"), rest)) if !rest.is_empty() => {
            plain::dense(&format!("st{}", rest.concat()))
        }
        _ => plain::dense(&named.concat()),
    }
}

/// Returns the keys of street and house number.
fn street_key(street: &str) -> (String, String) {
    let words = plain::words(street);
    let mut house = String::new();
    let mut key = String::with_capacity(words.len());
    let mut words = words.split(' ').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let numbered = is_number(word);
        if numbered && house.is_empty() && !is_ordinal(word) {
            word.clone_into(&mut house);
            let letter = words.peek().filter(|next| next.len() == 1 && next.bytes().all(|b| b.is_ascii_alphabetic()));
            if let Some(letter) = letter.filter(|_| !key.is_empty() && word.bytes().all(|b| b.is_ascii_digit())) {
                house.push_str(letter);
                words.next();
            }
        } else if !key.is_empty() && UNIT_WORDS.contains(&word) {
            break;
        } else if numbered && !house.is_empty() {
            // The end of a range, a floor, a second number.
        } else {
            let before_number = words.peek().is_some_and(|next| is_number(next) || *next == "o");
            if !(NUMBER_WORDS.contains(&word) && before_number) {
                push_street_word(word, &mut key);
            }
        }
    }
    if key.is_empty() && house.is_empty() {
        key = plain::dense(street);
    }
    plain::join_umlauts(&mut key, 0);
    (key, house)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// `42nd Street`, `17. Juni` without its dot is a number; `1er` names a street too.
fn is_ordinal(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    ["st", "nd", "rd", "th", "er", "eme"].contains(&letters)
}

fn push_street_word(word: &str, key: &mut String) {
    if let Some((_, short)) = STREET_WORDS.iter().find(|(long, _)| *long == word) {
        key.push_str(short);
        return;
    }
    for (long, short) in [("strasse", "str"), ("strase", "str"), ("straat", "str"), ("platz", "pl"), ("allee", "al")] {
        if let Some(stem) = word.strip_suffix(long) {
            key.push_str(stem);
            key.push_str(short);
            return;
        }
    }
    key.push_str(word);
}

#[cfg(test)]
mod tests;
