//! Postal addresses: street, postal code, city and country out of the lines of a page.
//!
//! It goes by the forms of postal codes: where one stands beside a city, what stands before is the street. An address
//! without a street is only read where the caller knows that one stands there.
//!
//! Invariant: every part is a part of one line.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::company_name::find_company;
use crate::draft::trim_range;
use crate::lines::Line;
use crate::words::fold;

/// A piece of a line between commas, bars and dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The line.
    pub(crate) line: usize,
    /// The piece.
    pub(crate) range: Range<usize>,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Street and house number; two pieces where they stand on two lines.
    pub(crate) street: Vec<Segment>,
    /// Postal code.
    pub(crate) postcode: Segment,
    /// City.
    pub(crate) city: Segment,
    /// Country, ISO 3166-1 alpha-2, and the words that say it.
    pub(crate) country: Option<(&'static str, Segment)>,
    /// The piece before the street, often the company's name.
    pub(crate) before: Option<Segment>,
}

/// Countries with the words that name them, folded.
const COUNTRIES: &[(&str, &[&str])] = &[
    (
        "DE",
        &[
            "deutschland",
            "germany",
            "allemagne",
            "alemania",
            "germania",
            "duitsland",
            "niemcy",
            "bundesrepublik deutschland",
        ],
    ),
    ("AT", &["osterreich", "oesterreich", "austria", "autriche", "oostenrijk"]),
    ("CH", &["schweiz", "switzerland", "suisse", "svizzera", "suiza", "zwitserland", "szwajcaria"]),
    ("LI", &["liechtenstein"]),
    ("FR", &["france", "frankreich", "francia", "frankrijk", "francja"]),
    ("BE", &["belgium", "belgien", "belgique", "belgie", "belgica", "belgio"]),
    (
        "NL",
        &[
            "netherlands",
            "the netherlands",
            "niederlande",
            "nederland",
            "pays-bas",
            "paises bajos",
            "paesi bassi",
            "holland",
        ],
    ),
    ("LU", &["luxembourg", "luxemburg", "lussemburgo"]),
    (
        "GB",
        &[
            "united kingdom",
            "uk",
            "great britain",
            "england",
            "scotland",
            "wales",
            "northern ireland",
            "royaume-uni",
            "vereinigtes konigreich",
            "grossbritannien",
            "u.k.",
        ],
    ),
    ("IE", &["ireland", "irland", "irlande", "irlanda", "ierland", "eire"]),
    ("US", &["usa", "united states", "united states of america", "u.s.a.", "etats-unis", "estados unidos"]),
    ("CA", &["canada", "kanada"]),
    ("ES", &["spain", "espana", "spanien", "espagne", "spagna", "spanje", "hiszpania"]),
    ("PT", &["portugal", "portogallo"]),
    ("IT", &["italy", "italia", "italien", "italie", "wlochy"]),
    ("PL", &["poland", "polska", "polen", "pologne", "polonia"]),
    ("CZ", &["czech republic", "czechia", "tschechien", "ceska republika"]),
    ("SK", &["slovakia", "slowakei", "slovensko"]),
    ("HU", &["hungary", "ungarn", "magyarorszag"]),
    ("SI", &["slovenia", "slowenien", "slovenija"]),
    ("HR", &["croatia", "kroatien", "hrvatska"]),
    ("RO", &["romania", "rumanien"]),
    ("BG", &["bulgaria", "bulgarien"]),
    ("GR", &["greece", "griechenland", "hellas"]),
    ("SE", &["sweden", "schweden", "sverige", "suede"]),
    ("NO", &["norway", "norwegen", "norge"]),
    ("DK", &["denmark", "danemark", "danmark"]),
    ("FI", &["finland", "finnland", "suomi", "finlande"]),
    ("EE", &["estonia", "estland", "eesti"]),
    ("LV", &["latvia", "lettland", "latvija"]),
    ("LT", &["lithuania", "litauen", "lietuva"]),
    ("AU", &["australia", "australien"]),
    ("NZ", &["new zealand", "neuseeland"]),
    ("IN", &["india", "indien"]),
    ("JP", &["japan"]),
    ("SG", &["singapore", "singapur"]),
];

/// Prefixes of a postal code.
const POSTCODE_PREFIXES: &[(&str, &str)] = &[
    ("D", "DE"),
    ("DE", "DE"),
    ("A", "AT"),
    ("AT", "AT"),
    ("CH", "CH"),
    ("FL", "LI"),
    ("F", "FR"),
    ("FR", "FR"),
    ("I", "IT"),
    ("IT", "IT"),
    ("B", "BE"),
    ("BE", "BE"),
    ("L", "LU"),
    ("LU", "LU"),
    ("NL", "NL"),
    ("DK", "DK"),
    ("S", "SE"),
    ("SE", "SE"),
    ("N", "NO"),
    ("NO", "NO"),
    ("E", "ES"),
    ("ES", "ES"),
    ("PL", "PL"),
    ("CZ", "CZ"),
    ("H", "HU"),
    ("FI", "FI"),
    ("FIN", "FI"),
];

/// Returns the country that a word names.
pub(crate) fn country_of(text: &str) -> Option<&'static str> {
    let folded = fold(text.trim().trim_end_matches('.'));
    let exact = || {
        let code = text.trim();
        COUNTRIES.iter().find(|(known, _)| *known == code && code.len() == 2)
    };
    COUNTRIES.iter().find(|(_, words)| words.contains(&folded.as_str())).or_else(exact).map(|(code, _)| *code)
}

/// Cuts lines into pieces.
pub(crate) fn segments(lines: &[Line]) -> Vec<Segment> {
    static CUT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\s*[|·•●▪;]\s*|,\s+|\s+[–—-]\s+|\s+/\s+").expect("the pattern is valid"));
    let mut all = Vec::new();
    for (line, content) in lines.iter().enumerate() {
        let mut start = 0;
        let mut cuts: Vec<(usize, usize)> = CUT.find_iter(&content.text).map(|cut| (cut.start(), cut.end())).collect();
        cuts.extend(sentence_ends(&content.text));
        cuts.push((content.text.len(), content.text.len()));
        cuts.sort_unstable();
        for (cut_start, cut_end) in cuts {
            let range = trim_range(&content.text, start..cut_start.max(start));
            if !range.is_empty() {
                all.push(Segment { line, range });
            }
            start = cut_end;
        }
    }
    all
}

/// Full stops that end a sentence rather than a short form: behind a longer word or a number, before a capital.
fn sentence_ends(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(". ").filter_map(|(at, _)| {
        let word = text.get(..at)?.rsplit(|c: char| !c.is_alphanumeric()).next()?;
        let long = word.chars().count() >= 3
            && !matches!(word, "str" | "Str" | "inh" | "Inh" | "Inc" | "Ltd" | "GmbH")
            && !word.ends_with("str");
        let next = text.get(at + 2..)?.chars().next()?;
        (long && next.is_uppercase()).then_some((at, at + 2))
    })
}

fn text_of<'l>(lines: &'l [Line], segment: &Segment) -> &'l str {
    lines.get(segment.line).map_or("", |line| line.part(&segment.range))
}

struct CityForm {
    pattern: Regex,
    country: Option<&'static str>,
}

/// The forms of a postal code with its city; the sure ones first.
fn city_forms() -> &'static [CityForm] {
    static FORMS: LazyLock<Vec<CityForm>> = LazyLock::new(|| {
        let city = r"(?P<city>\p{Lu}[\p{L}.'’ ()/-]{1,45}?)";
        [
            (format!(r"^(?:{city},?\s+)?(?P<pc>[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}})$"), Some("GB")),
            (format!(r"^(?:{city},?\s+)?(?P<pc>(?:[AC-FHKNPRTV-Y]\d{{2}}|D6W)\s?[0-9AC-FHKNPRTV-Y]{{4}})$"), Some("IE")),
            (format!(r"^(?:{city},?\s+)?[A-Z]{{2}}\s+(?P<pc>\d{{5}}(?:-\d{{4}})?)$"), Some("US")),
            (format!(r"^(?:{city},?\s+)?[A-Z]{{2}}\s+(?P<pc>[A-Z]\d[A-Z]\s?\d[A-Z]\d)$"), Some("CA")),
            (format!(r"^(?P<pc>\d{{4}}\s?[A-Z]{{2}})\s+{city}$"), Some("NL")),
            (format!(r"^(?P<pc>\d{{2}}-\d{{3}})\s+{city}$"), Some("PL")),
            (format!(r"^(?P<pc>\d{{4}}-\d{{3}})\s+{city}$"), Some("PT")),
            (format!(r"^(?:(?P<prefix>[A-Z]{{1,3}})[-–\s]\s?)?(?P<pc>\d{{4,5}})\s+{city}(?:\s+(?:Cedex|CEDEX)(?:\s+\d+)?)?$"), None),
            (format!(r"^(?:(?P<prefix>[A-Z]{{1,3}})[-–\s]\s?)?(?P<pc>\d{{3}}\s\d{{2}})\s+{city}$"), None),
        ]
        .into_iter()
        .map(|(pattern, country)| CityForm { pattern: Regex::new(&pattern).expect("the pattern is valid"), country })
        .collect()
    });
    &FORMS
}

/// Finds the addresses in the lines of a page.
pub(crate) fn find_addresses(lines: &[Line]) -> Vec<Address> {
    let segments = segments(lines);
    let mut found: Vec<Address> = Vec::new();
    for at in 0..segments.len() {
        if let Some(address) = address_at(lines, &segments, at) {
            found.push(address);
        }
    }
    found
}

fn address_at(lines: &[Line], segments: &[Segment], at: usize) -> Option<Address> {
    let segment = segments.get(at)?;
    let segment = Segment { line: segment.line, range: without_label(text_of(lines, segment), segment.range.clone()) };
    let text = text_of(lines, &segment);
    // The country may stand behind the city without a comma.
    let (body, trailing) = split_country(text);
    let (form, captures) = city_forms().iter().find_map(|form| Some((form, form.pattern.captures(body)?)))?;
    let part = |name: &str| {
        let part = captures.name(name)?;
        Some(Segment {
            line: segment.line,
            range: segment.range.start + part.start()..segment.range.start + part.end(),
        })
    };
    let mut street_end = at;
    let city = if let Some(city) = part("city") {
        city
    } else {
        street_end = at.checked_sub(1)?;
        let city = segments.get(street_end)?;
        let plain = text_of(lines, city).chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\''));
        (plain && segment.line - city.line <= 1).then(|| city.clone())?
    };
    let street = street_before(lines, segments, street_end);
    let prefix = captures.name("prefix").map(|prefix| prefix.as_str());
    let by_prefix =
        prefix.and_then(|prefix| POSTCODE_PREFIXES.iter().find(|(known, _)| *known == prefix)).map(|(_, code)| *code);
    if street.is_empty() && by_prefix.is_none() {
        return None;
    }
    let country = trailing
        .map(|(code, range)| {
            (
                code,
                Segment {
                    line: segment.line,
                    range: segment.range.start + range.start..segment.range.start + range.end,
                },
            )
        })
        .or_else(|| country_after(lines, segments, at))
        .or_else(|| Some((by_prefix.or(form.country)?, part("prefix").or_else(|| part("pc"))?)));
    let before_at = street_end.checked_sub(street.len() + 1);
    Some(Address {
        street,
        postcode: part("pc")?,
        city,
        country,
        before: before_at.and_then(|at| segments.get(at)).cloned(),
    })
}

/// Cuts `Adresse:` and the like off the front.
fn without_label(text: &str, range: Range<usize>) -> Range<usize> {
    match text.rfind(": ") {
        Some(colon) if colon < 80 => trim_range_of(text, &range, colon + 2),
        _ => range,
    }
}

fn trim_range_of(text: &str, range: &Range<usize>, skip: usize) -> Range<usize> {
    let local = trim_range(text, skip..text.len());
    range.start + local.start..range.start + local.end
}

fn split_country(text: &str) -> (&str, Option<(&'static str, Range<usize>)>) {
    if let Some((body, last)) = text.rsplit_once(' ')
        && let Some(code) = country_of(last).filter(|_| last.len() > 2)
    {
        return (body.trim_end(), Some((code, text.len() - last.len()..text.len())));
    }
    (text, None)
}

fn country_after(lines: &[Line], segments: &[Segment], at: usize) -> Option<(&'static str, Segment)> {
    let here = segments.get(at)?.line;
    segments.iter().skip(at + 1).take(2).find_map(|segment| {
        let near = segment.line - here <= 1;
        country_of(text_of(lines, segment)).filter(|_| near).map(|code| (code, segment.clone()))
    })
}

/// The pieces before a city that are its street, in order.
fn street_before(lines: &[Line], segments: &[Segment], city_at: usize) -> Vec<Segment> {
    let mut street: Vec<Segment> = Vec::new();
    let mut next_line = segments.get(city_at).map_or(0, |segment| segment.line);
    for at in (0..city_at).rev().take(3) {
        let Some(segment) = segments.get(at) else { break };
        let range = without_label(text_of(lines, segment), segment.range.clone());
        let labelled = range != segment.range;
        let mut segment = Segment { line: segment.line, range };
        if next_line - segment.line > 1 {
            break;
        }
        // A firm's name may run into its street: `Northlight Instruments, Inc. 1420 Tidewater Avenue`.
        let text = text_of(lines, &segment);
        let firm = find_company(text)
            .map(|company| company.range.end)
            .or_else(|| ["Inc.", "Ltd.", "LLC"].iter().find(|form| text.starts_with(**form)).map(|form| form.len()));
        if let Some(end) = firm {
            let rest = trim_range(text, end..text.len());
            segment.range = segment.range.start + rest.start..segment.range.start + rest.end;
        }
        if !is_street(text_of(lines, &segment)) {
            break;
        }
        next_line = segment.line;
        street.insert(0, segment);
        // A label or a firm's name stands before the address, not in it.
        if firm.is_some() || labelled {
            break;
        }
    }
    street
}

fn is_street(text: &str) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ufer|damm|chaussee|markt|steig|graben|zeile)\b|\b(?:street|road|avenue|lane|mews|yard|wharf|house|square|court|park|drive|close|row|gardens|hill|terrace|quay|place|way|crescent|mill|boulevard|suite|floor|unit|building|rue|allée|all|quai|chemin|impasse|cours|route|via|viale|piazza|corso|calle|avenida|plaza|paseo|carrer|ulica|ul\.|aleja|al\.|straat|laan|plein|kade|gracht|postfach|p\.?\s?o\.? box|bp)\b",
        )
        .expect("the pattern is valid")
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)@|https?:|\b(?:tel|fax|phone|telefon|hr[ab]|vr|fn|siret|siren|rcs|ust|vat|iban|registered|registration|company|capital|kapital|©|copyright|seit|since|mitglied)\b").expect("the pattern is valid")
    });
    let characters = text.chars().count();
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let words = text.split_whitespace().count();
    (3..=70).contains(&characters)
        && words <= 8
        && text.contains(char::is_alphabetic)
        && !NOT.is_match(text)
        && (WORD.is_match(text) || (digit && (2..=6).contains(&words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{Doc, parse};
    use crate::lines::lay_out;

    #[track_caller]
    fn check(html: &str, street: &str, postcode: &str, city: &str, country: Option<&str>) {
        let tree = parse(html);
        let lines = lay_out(&Doc::new(html, &tree));
        let found = find_addresses(&lines);
        let address = found.first().unwrap_or_else(|| panic!("no address in {html}"));
        let streets: Vec<&str> = address.street.iter().map(|part| text_of(&lines, part)).collect();
        assert_eq!(streets.join(", "), street, "{html}");
        assert_eq!((text_of(&lines, &address.postcode), text_of(&lines, &address.city)), (postcode, city), "{html}");
        assert_eq!(address.country.as_ref().map(|(code, _)| *code), country, "{html}");
        assert_eq!(found.len(), 1, "{html}");
    }

    #[test]
    fn continental_addresses() {
        check(
            "<p>Muster GmbH<br>Schleißheimer Feldweg 5<br>80999 München<br>Deutschland</p>",
            "Schleißheimer Feldweg 5",
            "80999",
            "München",
            Some("DE"),
        );
        check(
            "<p>Muster AG<br>Am Alten Elbkai 14<br>D-20457 Hamburg</p>",
            "Am Alten Elbkai 14",
            "20457",
            "Hamburg",
            Some("DE"),
        );
        check(
            "<p>Muster, Hanauer Ladestraße 112, 60314 Frankfurt am Main</p>",
            "Hanauer Ladestraße 112",
            "60314",
            "Frankfurt am Main",
            None,
        );
        check(
            "<p>Siège social : 17 rue des Tanneries, 75011 Paris, France</p>",
            "17 rue des Tanneries",
            "75011",
            "Paris",
            Some("FR"),
        );
        check(
            "<p>X · Rheinauer Speicherstraße 3 · 50678 Köln · Deutschland</p>",
            "Rheinauer Speicherstraße 3",
            "50678",
            "Köln",
            Some("DE"),
        );
        check(
            "<p>Kade BV, Keizersgracht 1, 1015 AB Amsterdam</p>",
            "Keizersgracht 1",
            "1015 AB",
            "Amsterdam",
            Some("NL"),
        );
        check("<p>ul. Prosta 5<br>00-123 Warszawa</p>", "ul. Prosta 5", "00-123", "Warszawa", Some("PL"));
    }

    #[test]
    fn british_irish_and_american_addresses() {
        check(
            "<p>Gardner Limited, Unit 7, Limpet Wharf, London E16 9ZZ, England</p>",
            "Unit 7, Limpet Wharf",
            "E16 9ZZ",
            "London",
            Some("GB"),
        );
        check(
            "<p>41 Tabard Mews<br>London SE1 4XB<br>United Kingdom</p>",
            "41 Tabard Mews",
            "SE1 4XB",
            "London",
            Some("GB"),
        );
        check(
            "<p>Slieve Ban Limited, 8 Ropewalk Lane, Dublin D08 XY29, Ireland</p>",
            "8 Ropewalk Lane",
            "D08 XY29",
            "Dublin",
            Some("IE"),
        );
        check(
            "<p>© 2026 Northlight Instruments, Inc. 1420 Tidewater Avenue, Suite 300, Seattle, WA 98109, USA</p>",
            "1420 Tidewater Avenue, Suite 300",
            "98109",
            "Seattle",
            Some("US"),
        );
    }

    #[test]
    fn numbers_before_words_are_no_addresses() {
        for html in ["<p>1998 Gründung der Firma</p>", "<p>Registernummer<br>99912 Berlin</p>", "<p>12000 Besucher</p>"]
        {
            let tree = parse(html);
            assert!(find_addresses(&lay_out(&Doc::new(html, &tree))).is_empty(), "{html}");
        }
    }
}
