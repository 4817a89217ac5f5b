//! Countries: codes, names in the covered languages, calling codes and trunk prefixes.
//!
//! The table is `countries.txt`. It says nothing of addresses; those are `place`.
//!
//! Invariant: a name stands for one country.

use std::sync::LazyLock;

use super::plain::{self, Table};

/// ISO 3166-1 alpha-2, upper case.
pub(crate) type CountryCode = [u8; 2];

/// How numbers are dialled in a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialling {
    /// The calling code (ITU-T E.164).
    pub(super) calling: u16,
    /// What is dialled before a number inside the country.
    pub(super) trunk: Option<&'static str>,
}

/// Distinguishing signs of vehicles that stand before postal codes (`D-20095`) and are no ISO code themselves.
const SIGNS: &[(&str, CountryCode)] = &[
    ("d", *b"DE"),
    ("a", *b"AT"),
    ("f", *b"FR"),
    ("i", *b"IT"),
    ("b", *b"BE"),
    ("l", *b"LU"),
    ("s", *b"SE"),
    ("n", *b"NO"),
    ("e", *b"ES"),
    ("h", *b"HU"),
    ("p", *b"PT"),
    ("fl", *b"LI"),
    ("fin", *b"FI"),
    ("uk", *b"GB"),
    ("cs", *b"CZ"),
    ("slo", *b"SI"),
    ("irl", *b"IE"),
];

/// Names of countries that are everyday words or surnames in companies' names.
const AMBIGUOUS: &[&str] = &["island", "jordan", "georgia", "jersey", "chad", "guinea", "anz", "ger", "niger", "indie"];

struct Countries {
    /// Alpha-2 codes by name, dense and plain, and by alpha-3 code.
    names: Table<&'static str>,
    /// By alpha-2 code: the code as text, and how numbers are dialled.
    dialling: Vec<Option<(&'static str, Dialling)>>,
    /// By calling code.
    called: Vec<bool>,
}

static COUNTRIES: LazyLock<Countries> = LazyLock::new(read);

fn read() -> Countries {
    let mut countries = Countries { names: Table::default(), dialling: vec![None; 26 * 26], called: vec![false; 1000] };
    for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('|').map(str::trim);
        let (Some(codes), Some(calling), Some(trunk), Some(names)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let mut codes = codes.split(' ');
        let (Some(text), Some(alpha3)) = (codes.next(), codes.next()) else { continue };
        let Some(code) = alpha2(text) else { continue };
        let calling: u16 = calling.parse().expect("calling codes in the table are numbers; tested");
        if let Some(slot) = slot(code).and_then(|slot| countries.dialling.get_mut(slot)) {
            *slot = Some((text, Dialling { calling, trunk: (trunk != "-").then_some(trunk) }));
        }
        if let Some(called) = countries.called.get_mut(usize::from(calling)) {
            *called = true;
        }
        for name in names.split(';').chain([alpha3]) {
            countries.names.entry(plain::dense(name).into()).or_insert(text);
        }
    }
    countries
}

fn alpha2(text: &str) -> Option<CountryCode> {
    match *text.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
        }
        _ => None,
    }
}

fn slot(code: CountryCode) -> Option<usize> {
    let [a, b] = code.map(|letter| letter.checked_sub(b'A').filter(|at| *at < 26));
    Some(usize::from(a?) * 26 + usize::from(b?))
}

/// Returns how numbers are dialled in a country.
pub(super) fn dialling(code: CountryCode) -> Option<Dialling> {
    slot(code).and_then(|slot| COUNTRIES.dialling.get(slot).copied().flatten()).map(|(_, dialling)| dialling)
}

/// Returns a country's code as text.
pub(super) fn code_text(code: CountryCode) -> Option<&'static str> {
    slot(code).and_then(|slot| COUNTRIES.dialling.get(slot).copied().flatten()).map(|(text, _)| text)
}

/// Returns whether a number is a calling code.
pub(super) fn is_calling_code(code: u16) -> bool {
    COUNTRIES.called.get(usize::from(code)).copied().unwrap_or_default()
}

/// Returns the country of a name or of a code of two or three letters.
pub(crate) fn parse(text: &str) -> Option<CountryCode> {
    let text = text.trim();
    if let Some(code) = alpha2(text).filter(|code| dialling(*code).is_some()) {
        return Some(code);
    }
    let dense = plain::dense(text);
    by_name(&dense).or_else(|| alpha2(&dense).filter(|code| dialling(*code).is_some())).or_else(|| by_sign(&dense))
}

/// Returns the country of a name that is dense and plain already.
pub(super) fn by_name(dense: &str) -> Option<CountryCode> {
    COUNTRIES.names.get(dense).and_then(|code| alpha2(code))
}

/// Returns the country of a sign or code before a postal code, in lower case.
pub(super) fn by_sign(sign: &str) -> Option<CountryCode> {
    let signed = SIGNS.iter().find(|(known, _)| *known == sign).map(|(_, code)| *code);
    signed.or_else(|| alpha2(sign).filter(|code| dialling(*code).is_some()))
}

/// Calls `name` with every name that says a country when it stands in a company's name, dense and plain, and its code.
pub(super) fn for_each_company_word(mut name: impl FnMut(&str, &'static str)) {
    for (dense, code) in &COUNTRIES.names {
        let short = dense.chars().count() < 4 && !["uk", "us", "usa", "uae"].contains(&dense.as_ref());
        if !short && !AMBIGUOUS.contains(&dense.as_ref()) {
            name(dense, code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_table_is_whole_and_no_name_is_two_countries() {
        let mut names: BTreeMap<String, CountryCode> = BTreeMap::new();
        let mut count = 0;
        for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('|').map(str::trim).collect();
            assert_eq!(fields.len(), 4, "{line}");
            let (two, three) = fields[0].split_once(' ').unwrap();
            let code = alpha2(two).unwrap();
            assert_eq!(three.len(), 3, "{line}");
            assert!(dialling(code).is_some(), "{line}");
            for name in fields[3].split(';') {
                let dense = plain::dense(name);
                assert!(!dense.is_empty(), "{line}");
                if let Some(other) = names.insert(dense, code) {
                    assert_eq!(other, code, "{name}");
                }
            }
            count += 1;
        }
        assert!(count > 230, "{count}");
    }

    #[test]
    fn countries_are_read_from_names_and_codes() {
        for (text, expect) in [
            ("DE", Some(*b"DE")),
            ("de", Some(*b"DE")),
            ("DEU", Some(*b"DE")),
            ("D", Some(*b"DE")),
            ("Deutschland", Some(*b"DE")),
            ("Allemagne", Some(*b"DE")),
            ("Österreich", Some(*b"AT")),
            ("Oesterreich", Some(*b"AT")),
            ("UK", Some(*b"GB")),
            ("U.K.", Some(*b"GB")),
            ("United Kingdom", Some(*b"GB")),
            ("USA", Some(*b"US")),
            ("U.S.A.", Some(*b"US")),
            ("the Netherlands", Some(*b"NL")),
            ("Türkiye", Some(*b"TR")),
            ("Atlantis", None),
            ("", None),
            ("Q9", None),
        ] {
            assert_eq!(parse(text), expect, "{text}");
        }
    }
}
