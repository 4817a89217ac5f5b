//! Phone numbers as digits that can be compared.
//!
//! It reads numbers as people write them and knows calling codes and trunk prefixes, not numbering plans: a number that
//! does not exist is a number here. Extraction has a library for that, which is far too slow for every mention.
//!
//! Invariant: the national number has no leading zero, so that Italian and trunk zeros do not matter.

use super::country;

/// Longest text that is read, in bytes.
const TEXT_BYTES_MAX: usize = 160;
/// Most digits of a number that is read; E.164 has 15, a prefix and a direct dial may stand around them.
const DIGITS_MAX: usize = 20;
/// Most digits of an extension.
const EXTENSION_DIGITS_MAX: usize = 6;
/// Fewest digits of a national number; short codes are shorter.
const NUMBER_DIGITS_MIN: usize = 5;
/// Most digits of a number without calling code (E.164 has 15 with it).
const NUMBER_DIGITS_MAX: usize = 15;
/// Digits after which another word or number begins something else.
const WHOLE_DIGITS_MIN: usize = 6;
/// Most digits behind the last hyphen that are a direct dial.
const TAIL_DIGITS_MAX: usize = 5;

/// Words before an extension, in lower case.
const EXTENSION_WORDS: &[&str] = &[
    "ext",
    "extn",
    "extension",
    "x",
    "durchwahl",
    "dw",
    "app",
    "apparat",
    "nst",
    "nebenstelle",
    "wew",
    "wewn",
    "wewnętrzny",
    "poste",
    "int",
    "interno",
    "toestel",
    "tst",
    "doorkiesnummer",
    "anexo",
    "ramal",
    "klapka",
    "linka",
    "mellék",
    "anknytning",
    "lokal",
    "alanumero",
    "dahili",
    "extensión",
    "extensao",
    "extensão",
    "xtn",
    "extn",
];

/// A phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Phone {
    /// The calling code; zero where it is not known.
    pub(crate) calling: u16,
    /// The national significant number without leading zeros. In Germany and Austria with the direct dial, and without
    /// the `-0` of a switchboard.
    pub(crate) number: u64,
    /// How many of the number's last digits are a direct dial, where a hyphen or a word says so.
    pub(crate) direct_digits: u8,
    /// The extension, where it is no part of the number.
    pub(crate) extension: Option<u32>,
}

/// What a text says, before the country is looked at.
#[derive(Debug, Default)]
struct Reading {
    is_international: bool,
    digits: Vec<u8>,
    extension: Vec<u8>,
    in_extension: bool,
    /// Where the digits behind the last hyphen or slash begin.
    tail_from: usize,
    /// Whether a comma or the like stands behind a whole number.
    ended: bool,
}

/// Reads a number. `country` is a code or name of where it is dialled from, empty where that is not known.
pub(crate) fn parse(text: &str, country: &str) -> Option<Phone> {
    let reading = read(text)?;
    let here = country::parse(country).and_then(country::dialling);
    let tail = reading.digits.len() - reading.tail_from.min(reading.digits.len());
    let tail = if reading.tail_from > 0 && tail <= TAIL_DIGITS_MAX { tail } else { 0 };
    let (calling, digits) = national(&reading, here)?;
    let digits = digits.get(digits.iter().take_while(|digit| **digit == 0).count()..)?;
    if !(NUMBER_DIGITS_MIN..=NUMBER_DIGITS_MAX).contains(&digits.len()) || is_junk(digits) {
        return None;
    }
    let number = value(digits);
    let mut phone = Phone { calling, number, direct_digits: 0, extension: None };
    let dials_through = matches!(calling, 43 | 49);
    if dials_through || (calling == 0 && tail <= 3) {
        phone.set_direct(digits.len(), tail);
    }
    if !reading.extension.is_empty() && reading.extension.len() <= EXTENSION_DIGITS_MAX {
        let extension = value(&reading.extension);
        if dials_through && phone.direct_digits == 0 && digits.len() + reading.extension.len() <= NUMBER_DIGITS_MAX {
            let appended = [digits, &reading.extension].concat();
            phone.number = value(&appended);
            phone.set_direct(appended.len(), reading.extension.len());
        } else {
            phone.extension = u32::try_from(extension).ok();
        }
    }
    Some(phone)
}

impl Phone {
    /// `123456-78` dials through to 78; `123456-0` is the switchboard.
    fn set_direct(&mut self, digits: usize, tail: usize) {
        if tail == 0 || digits < tail + 4 {
            return;
        }
        if tail == 1 && self.number.is_multiple_of(10) {
            self.number /= 10;
        } else {
            self.direct_digits = u8::try_from(tail).expect("a direct dial has at most six digits");
        }
    }
}

fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// One digit repeated, or the digits in a row.
fn is_junk(digits: &[u8]) -> bool {
    let same = digits.iter().all(|digit| Some(digit) == digits.first());
    let row = digits.len() >= 8 && digits.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 10);
    same || row
}

/// The value of a decimal digit of the scripts that numbers are typed in.
fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

/// Reads the first number of a text; none where letters stand among its digits.
fn read(text: &str) -> Option<Reading> {
    let text = text.trim();
    if text.len() > TEXT_BYTES_MAX || text.contains('@') {
        return None;
    }
    let mut reading = Reading { digits: Vec::with_capacity(DIGITS_MAX), ..Reading::default() };
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let mut width = c.len_utf8();
        if let Some(digit) = digit(c) {
            if reading.ended && !reading.in_extension {
                break;
            }
            reading.push(digit)?;
        } else if c.is_alphabetic() {
            width = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            match reading.word(rest.get(..width).unwrap_or_default()) {
                Step::On => {}
                Step::End => break,
                Step::Junk => return None,
            }
        } else if rest.starts_with("(0)") && !reading.digits.is_empty() {
            width = 3;
        } else if !reading.mark(c) {
            break;
        }
        at += width;
    }
    (!reading.digits.is_empty()).then_some(reading)
}

/// What a word among the digits means.
enum Step {
    On,
    End,
    Junk,
}

impl Reading {
    fn push(&mut self, digit: u8) -> Option<()> {
        let (digits, most) =
            if self.in_extension { (&mut self.extension, DIGITS_MAX) } else { (&mut self.digits, DIGITS_MAX) };
        digits.push(digit);
        (digits.len() <= most).then_some(())
    }

    fn word(&mut self, word: &str) -> Step {
        if self.digits.is_empty() {
            return Step::On;
        }
        if self.in_extension {
            return if self.extension.is_empty() { Step::On } else { Step::End };
        }
        let word = word.to_lowercase();
        if self.digits.len() >= NUMBER_DIGITS_MIN && EXTENSION_WORDS.contains(&word.as_str()) {
            self.in_extension = true;
            return Step::On;
        }
        if self.digits.len() >= WHOLE_DIGITS_MIN { Step::End } else { Step::Junk }
    }

    /// Reads a mark between digits; false where the number ends.
    fn mark(&mut self, c: char) -> bool {
        let is_whole = self.digits.len() > WHOLE_DIGITS_MIN;
        match c {
            '+' | '\u{ff0b}' if self.digits.is_empty() => self.is_international = true,
            '+' => return false,
            '#' if is_whole => self.in_extension = true,
            ',' | ';' | '|' | '\n' if is_whole => self.ended = true,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' if !self.in_extension => self.tail_from = self.digits.len(),
            '/' if is_whole && self.tail_from == self.digits.len() => return false,
            '/' if is_whole => self.tail_from = self.digits.len(),
            _ => {}
        }
        true
    }
}

/// The calling code, zero where it is not known, and the digits behind it.
fn national(reading: &Reading, here: Option<country::Dialling>) -> Option<(u16, &[u8])> {
    let digits = reading.digits.as_slice();
    let nanp = here.is_some_and(|here| here.calling == 1);
    let abroad = match digits {
        _ if reading.is_international => Some(digits),
        [0, 0, rest @ ..] if rest.len() >= 7 => Some(rest),
        [0, 1, 1, rest @ ..] if nanp && rest.len() >= 8 => Some(rest),
        _ => None,
    };
    if let Some(abroad) = abroad {
        let abroad = abroad.get(abroad.iter().take_while(|digit| **digit == 0).count()..)?;
        let (calling, rest) = split_calling(abroad)?;
        return Some((calling, without_trunk(calling, rest)));
    }
    let Some(here) = here else { return Some((0, digits)) };
    let digits_min = match here.calling {
        45 | 47 => 10,
        39 => 12,
        _ => 11,
    };
    // `49 30 1234567`: the plus was lost.
    if let Some((calling, rest)) = split_calling(digits)
        && calling == here.calling
        && digits.len() >= digits_min
    {
        return Some((calling, without_trunk(calling, rest)));
    }
    Some((here.calling, trunk_off(here, digits)))
}

fn split_calling(digits: &[u8]) -> Option<(u16, &[u8])> {
    if digits.first() == Some(&0) {
        return None;
    }
    (1..=3).find_map(|count| {
        let code = u16::try_from(value(digits.get(..count)?)).ok()?;
        country::is_calling_code(code).then_some((code, digits.get(count..)?))
    })
}

/// What stands between calling code and number although it is only dialled inside a country.
fn without_trunk(calling: u16, digits: &[u8]) -> &[u8] {
    match (calling, digits) {
        (36, [0, 6, rest @ ..]) if rest.len() >= 8 => rest,
        // A trunk prefix, and mobile marks of Mexico (until 2019) and Argentina.
        (7, [8, rest @ ..]) | (52, [1, rest @ ..]) | (54, [9, rest @ ..]) if rest.len() == 10 => rest,
        _ => digits,
    }
}

fn trunk_off(here: country::Dialling, digits: &[u8]) -> &[u8] {
    match (here.trunk, digits) {
        (Some("06"), [0, 6, rest @ ..]) if rest.len() >= 8 => rest,
        (Some("8"), [8, rest @ ..]) if rest.len() >= 9 => rest,
        (Some("1"), [1, rest @ ..]) if rest.len() == 10 => rest,
        _ => without_trunk(here.calling, digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str, country: &str) -> Phone {
        parse(text, country).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn one_line_is_one_number_in_all_spellings() {
        for (calling, number, spellings) in [
            (
                49,
                30_123_456,
                &[
                    ("+49 30 123456", ""),
                    ("+49 (0)30 123456", ""),
                    ("+49 (0) 30 / 12 34 56", ""),
                    ("0049 30 123456", ""),
                    ("0049(0)30-123456", ""),
                    ("030 123456", "DE"),
                    ("030/123456", "Deutschland"),
                    ("(030) 12 34 56", "DE"),
                    ("030-123456-0", "DE"),
                    ("Tel.: +49.30.123456", "FR"),
                    ("tel:+49-30-123456", ""),
                    ("＋４９ ３０ １２３４５６", ""),
                    ("+49 30 123456, +49 30 99887766", ""),
                    ("+49 30 123456 oder 0171 2345678", ""),
                ][..],
            ),
            (
                49,
                3_012_345_678,
                &[
                    ("030 123456-78", "DE"),
                    ("030 123456 DW 78", "DE"),
                    ("+49 30 123456 Durchwahl 78", ""),
                    ("+49 3012345678", ""),
                    ("49 3012345678", "DE"),
                ],
            ),
            (43, 12_345_698, &[("+43 1 234569-8", ""), ("01 234569/8", "AT"), ("01/2345698", "AT")]),
            (
                44,
                2_079_460_000,
                &[
                    ("020 7946 0000", "GB"),
                    ("+44 (0)20 7946 0000", ""),
                    ("+44 20 7946 0000", ""),
                    ("0044 20 79460000", ""),
                ],
            ),
            (
                1,
                2_125_550_123,
                &[
                    ("(212) 555-0123", "US"),
                    ("1-212-555-0123", "US"),
                    ("+1 212.555.0123", ""),
                    ("011 1 212 555 0123", "US"),
                ],
            ),
            (39, 612_345_678, &[("06 12345678", "IT"), ("+39 06 12345678", ""), ("+39 6 12345678", "")]),
            (36, 12_345_670, &[("06 1 234 5670", "HU"), ("+36 1 234 5670", ""), ("+36 06 1 234 5670", "")]),
            (7, 4_951_234_567, &[("8 (495) 123-45-67", "RU"), ("+7 495 123-45-67", "")]),
            (34, 912_345_678, &[("912 345 678", "ES"), ("+34 912345678", ""), ("34 912345678", "ES")]),
            (45, 32_123_456, &[("32 12 34 56", "DK"), ("+45 32123456", ""), ("4532123456", "DK")]),
            (52, 5_512_345_678, &[("+52 1 55 1234 5678", ""), ("+52 55 1234 5678", "")]),
        ] {
            for (text, country) in spellings {
                let found = phone(text, country);
                assert_eq!((found.calling, found.number), (calling, number), "{text}");
            }
        }
    }

    #[test]
    fn extensions_are_kept() {
        for text in ["+1 212 555 0123 ext. 45", "+1 212 555 0123 x45", "+1 212 555 0123;ext=45", "212-555-0123 #45"] {
            let found = phone(text, "US");
            assert_eq!((found.number, found.extension), (2_125_550_123, Some(45)), "{text}");
        }
        assert_eq!(phone("+48 22 123 45 67 wew. 12", "").extension, Some(12));
        assert_eq!(phone("+33 1 23 45 67 80 poste 12", "").extension, Some(12));
        assert_eq!(phone("030 123456-78", "DE").direct_digits, 2);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "n/a",
            "1-800-FLOWERS",
            "110",
            "0000000",
            "111111111",
            "anna@firma.example",
            "123456789",
            "+",
            "+999 12345678",
            "1234567890123456789012345",
            "Raum 12",
        ] {
            assert_eq!(parse(text, "DE"), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_written_out_is_itself(number in 200_000_000_u64..999_999_999, calling in proptest::sample::select(vec![49_u16, 44, 33, 43, 31, 48])) {
            if let Some(once) = parse(&format!("+{calling} {number}"), "") {
                prop_assert_eq!(parse(&format!("+{}{}", once.calling, once.number), "DE"), Some(once));
            }
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,40}|[+0-9() /x#-]{0,30}", country in "[A-Z]{0,2}") {
            if let Some(found) = parse(&text, &country) {
                prop_assert!(found.number > 0);
            }
        }
    }
}
