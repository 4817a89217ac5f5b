//! Phone numbers: from the way people write them to E.164, alone or inside a text.
//!
//! An extension is dropped. Which country a national number belongs to is said by the caller.
//!
//! Invariant: what comes out is a `+`, a country code and digits; what cannot be a number in that country is left out.

use std::borrow::Cow;
use std::ops::Range;

use rlibphonenumber::phonenumber_matcher::{FindNumberExt, Leniency};
use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

/// Longest text that is looked at as one number, in bytes.
const PHONE_BYTES_MAX: usize = 64;

/// Longest text that is searched for numbers, in bytes: a line of a page, not a book.
const TEXT_BYTES_MAX: usize = 4_096;

/// Tries of the finder per text. It is above what a text of that length can use up, because the finder (2.2.15) counts
/// below zero and panics where its tries run out; the length bounds the time.
const TRIES_MAX: u64 = 1 << 32;

/// The only words that may stand in a text that is one number; letters are no digits here, so that `4,9E+11`, which
/// spreadsheets make of a number, is none.
const WORDS: &[&str] = &["tel", "ext", "extn", "extension", "x", "xtn"];

/// How many digits a national number has at least that was written without its leading zero.
const WITHOUT_ZERO_DIGITS_MIN: usize = 9;

fn region_of(region: Option<&str>) -> Option<Region> {
    region.and_then(|code| Region::from_code(&code.to_ascii_uppercase()).ok())
}

fn e164(mut number: PhoneNumber) -> String {
    number.extension = None;
    number.format_as(PhoneNumberFormat::E164).into_owned()
}

/// Reads one phone number; `region` is the country (ISO 3166-1 alpha-2) of a number without a country code.
///
/// # Examples
///
/// ```
/// assert_eq!(muster_extract::parse_phone("030 / 23125-120", Some("DE")).as_deref(), Some("+493023125120"));
/// assert_eq!(muster_extract::parse_phone("12", Some("DE")), None);
/// ```
pub fn parse_phone(text: &str, region: Option<&str>) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > PHONE_BYTES_MAX || !is_worded_as_number(text) {
        return None;
    }
    let text = without_alternative(text);
    let region = region_of(region);
    if is_local(text, region) {
        return None;
    }
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    // A number that only works inside its town would get a country code before the wrong digits.
    let whole = || number.is_possible_with_reason().is_ok_and(|length| length == NumberLengthType::IsPossible);
    (number.is_valid() || whole()).then(|| e164(number))
}

/// Fewest digits of a number that is kept as it was written.
const WRITTEN_DIGITS_MIN: usize = 5;

/// Reads one phone number of a card; what has no country code and no known country stays as it was written.
pub(crate) fn phone_or_text(text: &str, region: Option<&str>) -> Option<String> {
    let as_written = || {
        let text = text.trim();
        let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-' | '.' | '/' | '\u{a0}');
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let fits = text.len() <= PHONE_BYTES_MAX && digits >= WRITTEN_DIGITS_MIN && text.chars().all(plain);
        fits.then(|| text.to_owned())
    };
    parse_phone(text, region).or_else(as_written)
}

fn is_worded_as_number(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).all(|word| WORDS.contains(&word.as_str()))
}

/// Returns whether a number lacks both country and area code, and so means another telephone in every town.
///
/// Where area codes are dialled with a `0`, a number without it is either local or has lost the zero in a spreadsheet:
/// its length tells.
fn is_local(text: &str, region: Option<Region>) -> bool {
    let starts_whole =
        text.trim_start_matches(|c: char| !c.is_numeric() && c != '+' && c != '＋').starts_with(['+', '＋', '0', '０']);
    let with_zero = || {
        let example = region.and_then(|region| PHONE_NUMBER_UTIL.get_example_number(region).ok());
        example.is_some_and(|number| {
            number.format_as(PhoneNumberFormat::National).trim_start_matches('(').starts_with('0')
        })
    };
    !starts_whole && text.chars().filter(|c| c.is_numeric()).count() < WITHOUT_ZERO_DIGITS_MIN && with_zero()
}

/// Cuts the second extension of `030 23125-120/121`, which would become digits of the first.
fn without_alternative(text: &str) -> &str {
    let cut = || {
        let (head, second) = text.rsplit_once('/')?;
        let (_, first) = head.trim_end().rsplit_once(['-', '–'])?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (first, second) = (first.trim(), second.trim());
        (digits(first) && digits(second) && first.len() == second.len()).then_some(head)
    };
    cut().unwrap_or(text)
}

/// Finds the phone numbers in a text, each with its byte range; dates, prices and register numbers are no numbers.
pub fn find_phones(text: &str, region: Option<&str>) -> Vec<(String, Range<usize>)> {
    find_with(text, region, Leniency::Valid)
}

/// Finds what may be a number where a label such as `Tel.` already said that one stands there.
pub(crate) fn find_labelled(text: &str, region: Option<&str>) -> Vec<(String, Range<usize>)> {
    find_with(text, region, Leniency::Possible)
}

fn find_with(text: &str, region: Option<&str>, leniency: Leniency) -> Vec<(String, Range<usize>)> {
    if text.len() > TEXT_BYTES_MAX || text.bytes().filter(u8::is_ascii_digit).count() < 6 {
        return Vec::new();
    }
    let spaced = spaced(text);
    spaced
        .phone_number_matcher_builder()
        .leniency(leniency)
        .max_tries(TRIES_MAX)
        .preferred_region(region_of(region))
        .build()
        .map(|found| {
            let range = found.start..found.end();
            (e164(found.number), range)
        })
        .collect()
}

/// Writes `+49/30/23125120` with spaces, byte for byte as long: behind a `+` a slash separates no date. The finder
/// would take it for one.
fn spaced(text: &str) -> Cow<'_, str> {
    if !text.contains('+') || !text.contains('/') {
        return Cow::Borrowed(text);
    }
    let mut international = false;
    let write = |c: char| {
        international =
            c == '+' || (international && (c.is_ascii_digit() || matches!(c, ' ' | '/' | '-' | '.' | '(' | ')')));
        if international && c == '/' { ' ' } else { c }
    };
    Cow::Owned(text.chars().map(write).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_and_international_forms_give_one_number() {
        for form in ["030 23125-120", "+49 (0)30 23125-120", "0049 30 23125120", "030/23125120", "(030) 23 12 51 20"] {
            assert_eq!(parse_phone(form, Some("DE")).as_deref(), Some("+493023125120"), "{form}");
        }
        assert_eq!(parse_phone("020 7946 0601", Some("gb")).as_deref(), Some("+442079460601"));
        assert_eq!(parse_phone("+1-206-555-0101", None).as_deref(), Some("+12065550101"));
    }

    #[test]
    fn an_extension_is_dropped_and_nonsense_refused() {
        assert_eq!(parse_phone("+49 30 23125120 ext. 7", None).as_deref(), Some("+493023125120"));
        assert_eq!(parse_phone("030 23125120", None), None);
        assert_eq!(parse_phone("", Some("DE")), None);
        assert_eq!(parse_phone(&"1".repeat(500), Some("DE")), None);
        assert_eq!(parse_phone("4,96912E+11", Some("DE")), None);
        assert_eq!(parse_phone("1-800-FLOWERS", Some("US")), None);
        assert_eq!(parse_phone("555-0101", Some("US")), None, "no area code");
        assert_eq!(parse_phone("tel:+49-30-23125120", None).as_deref(), Some("+493023125120"));
    }

    #[test]
    fn a_number_without_its_area_code_is_refused_and_one_without_its_zero_is_read() {
        for local in ["23125120", "2114", "12345", "4711-0815", "2019-2024"] {
            assert_eq!(parse_phone(local, Some("DE")), None, "{local}");
        }
        assert_eq!(parse_phone("3023125120", Some("DE")).as_deref(), Some("+493023125120"));
        assert_eq!(parse_phone("49 30 23125120", Some("DE")).as_deref(), Some("+493023125120"));
        assert_eq!(parse_phone("(030) 23125120", Some("DE")).as_deref(), Some("+493023125120"));
        assert_eq!(parse_phone("32 55 01 23", Some("DK")).as_deref(), Some("+4532550123"));
        assert_eq!(parse_phone("26 12 34", Some("LU")).as_deref(), Some("+352261234"));
    }

    #[test]
    fn slashes_separate_digits_or_extensions() {
        assert_eq!(parse_phone("030 23125-120/121", Some("DE")).as_deref(), Some("+493023125120"));
        assert_eq!(parse_phone("+43 512 99900/11", None).as_deref(), Some("+435129990011"));
        let found = find_phones("Büro +49/30/23125120, Berlin", Some("DE"));
        assert_eq!(found, [("+493023125120".to_owned(), 6..21)]);
    }

    #[test]
    fn numbers_are_found_in_text_with_their_range_and_dates_are_not() {
        let text = "seit 12.03.2019, Tel. 030 23125-120 oder +44 20 7946 0601";
        let found = find_phones(text, Some("DE"));
        let numbers: Vec<&str> = found.iter().map(|(number, _)| number.as_str()).collect();
        assert_eq!(numbers, ["+493023125120", "+442079460601"]);
        assert_eq!(text.get(found[0].1.clone()), Some("030 23125-120"));
        assert!(find_phones("HRB 999731, 14.03.1971, 12.000 Euro", Some("DE")).is_empty());
    }
}
