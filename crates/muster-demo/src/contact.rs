//! Ways to reach somebody: mailboxes, phone numbers, profile addresses, and how they are written.
//!
//! All mail domains end in `.example` or `.test` (RFC 2606, 6761). Phone numbers are invented: the fictitious 555 exchange in the
//! US, the regulators' ranges for drama for mobile numbers of the UK and France, else numbers drawn without a look at any directory.
//! Invariant: nothing here is anybody's.

use crate::country::{City, Country};
use crate::rng::{Rng, mix};
use crate::spelling::slug;

/// The patterns in which companies name mailboxes, with their weights for small and for large firms.
const PATTERNS: usize = 8;
const SMALL: [f64; PATTERNS] = [0.34, 0.12, 0.14, 0.24, 0.08, 0.03, 0.03, 0.02];
const LARGE: [f64; PATTERNS] = [0.62, 0.10, 0.15, 0.01, 0.02, 0.06, 0.02, 0.02];

/// The pattern of a company with so many known people.
pub(crate) fn pattern(known: usize, rng: &mut Rng) -> usize {
    rng.weighted(if known < 12 { &SMALL } else { &LARGE })
}

/// The local part of a personal mailbox.
pub(crate) fn local_part(given: &str, family: &str, pattern: usize, german: bool) -> String {
    let first = slug(given, german, "-");
    let last = slug(family, german, "");
    let letter: String = first.chars().take(1).collect();
    match pattern {
        0 => format!("{first}.{last}"),
        1 => format!("{letter}.{last}"),
        2 => format!("{letter}{last}"),
        3 => first,
        4 => last,
        5 => format!("{first}_{last}"),
        6 => format!("{last}.{first}"),
        _ => format!("{last}{letter}"),
    }
}

/// The local part for the `ordinal`th person with the same name there: another pattern first, then numbers.
pub(crate) fn local_part_of(given: &str, family: &str, pattern: usize, german: bool, ordinal: u8) -> String {
    match ordinal {
        0 => local_part(given, family, pattern, german),
        1 => local_part(given, family, usize::from(pattern != 1), german),
        number => format!("{}{number}", local_part(given, family, pattern, german)),
    }
}

/// A private mailbox.
pub(crate) fn private_mailbox(given: &str, family: &str, seed: u64) -> String {
    let mut rng = Rng::of(seed, 21, 0);
    let host = rng.pick(&["freemail.example", "mailbox.test", "post.example", "webmail.example"]);
    let number = rng.between(1, 99);
    let base = local_part(given, family, *rng.pick(&[0, 2, 5, 7]), false);
    if rng.chance(0.6) { format!("{base}{number}@{host}") } else { format!("{base}@{host}") }
}

/// What a company calls a shared mailbox.
pub(crate) fn role(language: usize, rng: &mut Rng) -> &'static str {
    let roles: &[&str] = match language {
        1 => &["info", "info", "info", "kontakt", "vertrieb", "office", "einkauf", "zentrale"],
        2 => &["contact", "contact", "info", "commercial", "accueil"],
        3 => &["info", "info", "ventas", "comercial", "contacto"],
        4 => &["info", "info", "commerciale", "ufficio", "amministrazione"],
        6 => &["biuro", "biuro", "info", "kontakt", "sekretariat"],
        _ => &["info", "info", "sales", "contact", "office", "enquiries", "hello"],
    };
    rng.pick::<&'static str>(roles)
}

/// A number: what follows the country's code, in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone {
    dial: &'static str,
    trunk: &'static str,
    area: String,
    base: String,
    /// The extension; empty on a mobile.
    extension: String,
}

/// Digits of a number without the trunk prefix.
fn length(code: &str) -> usize {
    match code {
        "de" | "at" | "gb" | "us" | "in" | "tr" => 10,
        "dk" | "ie" | "hu" => 8,
        _ => 9,
    }
}

fn trunk(code: &str) -> &'static str {
    match code {
        "it" | "es" | "pt" | "pl" | "cz" | "dk" | "us" => "",
        "hu" => "06",
        _ => "0",
    }
}

fn digits(count: usize, rng: &mut Rng) -> String {
    let mut left = rng.next();
    let mut out = String::with_capacity(count);
    for _ in 0..count {
        out.push(char::from(b'0' + u8::try_from(left % 10).expect("below ten")));
        left /= 10;
    }
    out
}

/// The number of a site; extension `None` is the switchboard, else the person's of this seed.
pub(crate) fn office(country: &Country, city: &City, site_seed: u64, large: bool, person: Option<u64>) -> Phone {
    let mut rng = Rng::of(site_seed, 22, 0);
    let width = if large { 3 } else { 2 };
    let (area, base) = if country.code == "us" {
        (rng.between(201, 989).to_string(), format!("555{}", digits(4 - width, &mut rng)))
    } else {
        let left = length(country.code).saturating_sub(city.area.len() + width + 1).max(2);
        (city.area.to_owned(), format!("{}{}", rng.between(4, 8), digits(left, &mut rng)))
    };
    let extension = match person {
        None => "0".repeat(width),
        Some(seed) => {
            let mut own = Rng::of(seed ^ mix(site_seed), 23, 0);
            format!("{}{}", own.between(1, 9), digits(width - 1, &mut own))
        }
    };
    Phone { dial: country.dial, trunk: trunk(country.code), area, base, extension }
}

/// A person's mobile number.
pub(crate) fn mobile(country: &Country, seed: u64) -> Phone {
    let mut rng = Rng::of(seed, 24, 0);
    let (area, base) = match country.code {
        "us" => (rng.between(201, 989).to_string(), format!("555{}", digits(4, &mut rng))),
        "gb" => ("7700".to_owned(), format!("9{}", digits(5, &mut rng))),
        "fr" => ("6".to_owned(), format!("39{}", digits(6, &mut rng))),
        code => {
            let prefix = (*rng.pick(&country.mobile)).to_owned();
            let left = (length(code) + usize::from(matches!(code, "ie" | "hu"))).saturating_sub(prefix.len());
            (prefix, digits(left, &mut rng))
        }
    };
    Phone { dial: country.dial, trunk: trunk(country.code), area, base, extension: String::new() }
}

/// Digits in groups of two or three.
fn grouped(number: &str, gap: &str) -> String {
    let size = if number.len().is_multiple_of(2) { 2 } else { 3 };
    let mut out = String::with_capacity(number.len() + 4);
    for (at, c) in number.chars().enumerate() {
        if at > 0 && at % size == 0 && at + 1 < number.len() {
            out.push_str(gap);
        }
        out.push(c);
    }
    out
}

impl Phone {
    /// The number in one of the usual ways; `plain` as machines export it.
    pub(crate) fn write(&self, plain: bool, rng: &mut Rng) -> String {
        let Self { dial, trunk, area, base, extension } = self;
        if plain {
            return match rng.below(4) {
                0 => format!("{trunk}{area}{base}{extension}"),
                1 => format!("00{dial}{area}{base}{extension}"),
                _ => format!("+{dial}{area}{base}{extension}"),
            };
        }
        if *dial == "1" {
            let number = format!("{base}{extension}");
            let (exchange, line) = number.split_at_checked(3).unwrap_or((&number, ""));
            return match rng.below(4) {
                0 => format!("({area}) {exchange}-{line}"),
                1 => format!("+1 {area}-{exchange}-{line}"),
                2 => format!("{area}.{exchange}.{line}"),
                _ => format!("+1 ({area}) {exchange} {line}"),
            };
        }
        let dash = if extension.is_empty() { "" } else { *rng.pick(&["-", " ", "", " - "]) };
        let number = grouped(base, if rng.chance(0.5) { " " } else { "" });
        match rng.below(8) {
            0 => format!("+{dial} ({trunk}) {area} {number}{dash}{extension}").replace("() ", ""),
            1 => format!("{trunk}{area}/{base}{dash}{extension}"),
            2 => format!("({trunk}{area}) {number}{dash}{extension}"),
            3 => format!("{trunk}{area} {number}{dash}{extension}"),
            4 => format!("00{dial} {area} {number}{dash}{extension}"),
            _ => format!("+{dial} {area} {number}{dash}{extension}"),
        }
    }

    /// This switchboard with somebody's extension behind, as cards of some countries have it.
    pub(crate) fn write_with_extension(&self, extension: &str, rng: &mut Rng) -> String {
        let word = rng.pick(&["ext.", "x", "ext", "Ext"]);
        let number = self.write(false, rng);
        if *word == "x" { format!("{number} x{extension}") } else { format!("{number} {word} {extension}") }
    }

    /// The extension, as dialled within the company.
    pub(crate) fn extension(&self) -> &str {
        &self.extension
    }
}

/// The address of a person's page on a profile site, in one of its equivalent forms.
pub(crate) fn profile(given: &str, family: &str, seed: u64, country: &str, rng: &mut Rng) -> String {
    let mut own = Rng::of(seed, 25, 0);
    let name = format!("{}-{}", slug(given, false, "-"), slug(family, false, "-"));
    let handle = match own.below(3) {
        0 => format!("{name}-{:06x}", own.next() & 0xff_ffff),
        1 => format!("{name}-{}", 10_000 + own.below(9_990_000)),
        _ => format!("{}{:05x}", name.replace('-', ""), own.next() & 0xf_ffff),
    };
    let host = match rng.below(6) {
        0 => format!("{country}.profiles.example"),
        1 => "profiles.example".to_owned(),
        _ => "www.profiles.example".to_owned(),
    };
    let scheme = *rng.pick(&["https://", "https://", "https://", "http://", ""]);
    let end = *rng.pick(&["", "", "", "/", "/", "?trk=people", "/?locale=en"]);
    format!("{scheme}{host}/in/{handle}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country;

    #[test]
    fn mailboxes_follow_the_companys_pattern_and_namesakes_get_another() {
        assert_eq!(local_part_of("Thomas", "Müller", 0, true, 0), "thomas.mueller");
        assert_eq!(local_part_of("Thomas", "Müller", 0, true, 1), "t.mueller");
        assert_eq!(local_part_of("Thomas", "Müller", 0, true, 2), "thomas.mueller2");
        assert_eq!(local_part_of("Hans-Peter", "van der Berg", 2, false, 0), "hvanderberg");
    }

    #[test]
    fn a_number_keeps_its_digits_in_every_form() {
        let countries = country::all();
        for country in &countries {
            let phone = office(country, &country.cities[0], 9, false, Some(4));
            assert_eq!(phone, office(country, &country.cities[0], 9, false, Some(4)));
            let digits = format!("{}{}{}", phone.area, phone.base, phone.extension);
            for seed in 0..20 {
                let written = phone.write(seed % 2 == 0, &mut Rng::new(seed));
                let kept: String = written.chars().filter(char::is_ascii_digit).collect();
                assert!(kept.ends_with(&digits), "{written}");
            }
        }
    }
}
