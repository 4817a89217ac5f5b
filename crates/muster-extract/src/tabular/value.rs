//! The text of one cell to the values of one field, in normal form.
//!
//! A cell may hold several addresses or numbers. What cannot be read is left out and told by a code; the row goes on
//! without it. Names of people are read in [`super::name_cell`].
//!
//! Invariant: a code never repeats what stood in the cell.

use muster_model::{EmailAddress, Field, registered_host};
use url::Url;

use super::country::country_code;
use crate::phone::parse_phone;
use crate::words::fold;

/// Longest text of a field, in characters; more is a paragraph that slipped into the wrong column.
const TEXT_CHARS_MAX: usize = 300;

/// Most values that one cell gives; more is a list that slipped into the wrong column.
const VALUES_PER_CELL_MAX: usize = 12;

/// What spreadsheets and databases write where there is nothing.
const NOTHING: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    "?",
    ".",
    "/",
    "n/a",
    "N/A",
    "#N/A",
    "#NV",
    "#REF!",
    "#NAME?",
    "#VALUE!",
    "\\N",
    "(null)",
    "k.A.",
    "k. A.",
    "keine Angabe",
];

/// Why a value was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueFault {
    Email,
    Phone,
    Url,
    Domain,
    Country,
    Name,
    Long,
    Many,
    Kind,
    PersonalEmail,
    Evidence,
}

impl ValueFault {
    /// Returns the stable code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Email => "value.email",
            Self::Phone => "value.phone",
            Self::Url => "value.url",
            Self::Domain => "value.domain",
            Self::Country => "value.country",
            Self::Name => "value.name",
            Self::Long => "value.long",
            Self::Many => "value.many",
            Self::Kind => "value.kind",
            Self::PersonalEmail => "value.email_personal",
            Self::Evidence => "value.evidence",
        }
    }

    /// Returns one sentence for a reader.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Email => "what stands there is no e-mail address and was left out",
            Self::Phone => "what stands there is no phone number of its country and was left out",
            Self::Url => "what stands there is no address of the web and was left out",
            Self::Domain => "what stands there is no domain name and was left out",
            Self::Country => "what stands there is no country and was left out",
            Self::Name => "what stands there is no name and was left out",
            Self::Long => "the text is longer than the limit and was left out",
            Self::Many => "the cell holds more values than the limit; the last ones were left out",
            Self::Kind => "an entity of that kind has no such field; the value was left out",
            Self::PersonalEmail => "a person's mailbox in a row about a company was left out",
            Self::Evidence => "the evidence is about a value that the mention does not have and was left out",
        }
    }
}

/// What one cell gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Normal {
    /// The values; a number marked as fax goes into that field whatever the column.
    pub(super) values: Vec<(Field, String)>,
    /// Why, for each part that could not be read.
    pub(super) faults: Vec<ValueFault>,
}

/// Returns a cell's text without padding, line breaks and spreadsheet wrapping; empty for a mark of nothing.
pub(super) fn clean(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        .filter(|word| !word.is_empty())
        .collect();
    let cleaned = words.join(" ");
    if NOTHING.contains(&cleaned.as_str()) { String::new() } else { cleaned }
}

/// Brings the text of a cell into the form of its field; `region` is the country of a national phone number.
pub(super) fn normalize(field: Field, text: &str, region: Option<&str>) -> Normal {
    let mut normal = Normal::default();
    match field {
        Field::Emails => emails(text, &mut normal),
        Field::Phones | Field::Faxes => phones(field, text, region, &mut normal),
        Field::ProfileUrls => {
            for part in text.split([' ', '\t', '\n', '\r', ';', '|']).filter(|part| !clean(part).is_empty()) {
                normal.put(field, profile_url(part), ValueFault::Url);
            }
        }
        Field::CompanyDomain | Field::Domain => {
            let text = clean(text);
            let host = (!text.contains(['@', ' '])).then(|| registered_host(&text)).flatten();
            normal.put(field, host, ValueFault::Domain);
        }
        Field::Country => normal.put(field, country_code(&clean(text)), ValueFault::Country),
        Field::Name
        | Field::GivenName
        | Field::FamilyName
        | Field::Degree
        | Field::JobTitle
        | Field::Company
        | Field::LegalForm
        | Field::Street
        | Field::City
        | Field::Postcode
        | Field::RegisterCourt
        | Field::RegisterNumber
        | Field::VatId => {
            let text = clean(text);
            if text.chars().count() > TEXT_CHARS_MAX {
                normal.faults.push(ValueFault::Long);
            } else if text != "NULL" && !text.is_empty() {
                normal.values.push((field, text));
            }
        }
    }
    normal
}

impl Normal {
    fn put(&mut self, field: Field, value: Option<String>, fault: ValueFault) {
        match value {
            Some(_) if self.values.len() >= VALUES_PER_CELL_MAX => self.fault(ValueFault::Many),
            Some(value) if self.values.iter().any(|(of, had)| *of == field && *had == value) => {}
            Some(value) => self.values.push((field, value)),
            None => self.fault(fault),
        }
    }

    fn fault(&mut self, fault: ValueFault) {
        if self.faults.len() < VALUES_PER_CELL_MAX {
            self.faults.push(fault);
        }
    }
}

fn emails(text: &str, normal: &mut Normal) {
    let parts =
        text.split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ';' | ',' | '/' | '|' | '<' | '>'));
    let mut addresses = 0;
    for part in parts.filter(|part| part.contains('@')) {
        addresses += 1;
        let part = part.trim_matches(['(', ')', '[', ']', '"', '\'', '=', ':']);
        let lower = part.get(..7).map(str::to_ascii_lowercase);
        let part = if lower.as_deref() == Some("mailto:") { part.get(7..).unwrap_or_default() } else { part };
        let address = part.split('?').next().unwrap_or_default();
        normal.put(
            Field::Emails,
            EmailAddress::parse(address).ok().map(|address| address.as_str().to_owned()),
            ValueFault::Email,
        );
    }
    if addresses == 0 && !clean(text).is_empty() {
        normal.fault(ValueFault::Email);
    }
}

fn phones(field: Field, text: &str, region: Option<&str>, normal: &mut Normal) {
    for part in text.split([';', ',', '|', '\n', '\r']).filter(|part| !clean(part).is_empty()) {
        if let Some((of, number)) = one_phone(field, part, region) {
            normal.put(of, Some(number), ValueFault::Phone);
            continue;
        }
        // A slash stands inside numbers as well, so it separates only what are two whole numbers.
        let halves: Option<Vec<(Field, String)>> = part.split('/').map(|half| one_phone(field, half, region)).collect();
        match halves.filter(|halves| halves.len() > 1) {
            Some(halves) => halves.into_iter().for_each(|(of, number)| normal.put(of, Some(number), ValueFault::Phone)),
            None => normal.fault(ValueFault::Phone),
        }
    }
}

/// Reads one number with the word that may stand before it.
fn one_phone(field: Field, text: &str, region: Option<&str>) -> Option<(Field, String)> {
    let text = clean(text);
    let from = text.find(|c: char| c.is_numeric() || matches!(c, '+' | '＋' | '('))?;
    let label = fold(text.get(..from).unwrap_or_default());
    let field = if label.contains("fax") { Field::Faxes } else { field };
    parse_phone(text.get(from..).unwrap_or_default(), region).map(|number| (field, number))
}

fn profile_url(text: &str) -> Option<String> {
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&with_scheme).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let has_name = url.host_str().is_some_and(|host| host.contains('.'));
    (has_name && url.username().is_empty() && url.password().is_none()).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: Field, text: &str, values: &[&str], faults: &[&str]) {
        let normal = normalize(field, text, Some("DE"));
        let found: Vec<&str> = normal.values.iter().map(|(_, value)| value.as_str()).collect();
        let codes: Vec<&str> = normal.faults.iter().map(|fault| fault.code()).collect();
        assert_eq!((found.as_slice(), codes.as_slice()), (values, faults), "{text}");
    }

    #[test]
    fn addresses_are_taken_out_of_what_surrounds_them() {
        check(Field::Emails, "Anna@Firma.example", &["anna@firma.example"], &[]);
        check(
            Field::Emails,
            "a@firma.example; b@firma.example / a@firma.example",
            &["a@firma.example", "b@firma.example"],
            &[],
        );
        check(Field::Emails, "Anna Muster <anna@firma.example>", &["anna@firma.example"], &[]);
        check(Field::Emails, "MAILTO:anna@firma.example?subject=x", &["anna@firma.example"], &[]);
        check(Field::Emails, "anna@firma.example, b@localhost", &["anna@firma.example"], &["value.email"]);
        check(Field::Emails, "anna (at) firma.example", &[], &["value.email"]);
        check(Field::Emails, "n/a", &[], &[]);
        check(Field::Emails, "", &[], &[]);
    }

    #[test]
    fn numbers_are_split_where_they_are_whole() {
        check(Field::Phones, "069/90009-214", &["+496990009214"], &[]);
        check(Field::Phones, "030 23125-711; 0171/3920061", &["+493023125711", "+491713920061"], &[]);
        check(Field::Phones, "030 23125711 / 0171 3920061", &["+493023125711", "+491713920061"], &[]);
        check(Field::Phones, "Tel.: +49 (0)30 23125304", &["+493023125304"], &[]);
        check(Field::Phones, "'+49 30 23125304", &["+493023125304"], &[]);
        check(Field::Phones, "4,96912E+11", &[], &["value.phone", "value.phone"]);
        check(Field::Phones, "auf Anfrage", &[], &["value.phone"]);
        check(Field::Phones, "030 23125711, 12", &["+493023125711"], &["value.phone"]);
    }

    #[test]
    fn a_number_marked_as_fax_is_no_phone() {
        let normal = normalize(Field::Phones, "030 23125711; Fax: 030 23125712", Some("DE"));
        let wanted = [(Field::Phones, "+493023125711".to_owned()), (Field::Faxes, "+493023125712".to_owned())];
        assert_eq!(normal.values, wanted);
    }

    #[test]
    fn addresses_of_the_web_have_a_scheme_and_a_host() {
        check(Field::ProfileUrls, "profile.example/in/anna", &["https://profile.example/in/anna"], &[]);
        check(Field::ProfileUrls, "ftp://profile.example/x", &[], &["value.url"]);
        check(Field::CompanyDomain, "https://www.Firma.example/team", &["firma.example"], &[]);
        check(Field::CompanyDomain, "anna@firma.example", &[], &["value.domain"]);
    }

    #[test]
    fn texts_lose_padding_and_marks_of_nothing() {
        check(Field::City, " Frankfurt\u{a0} am\nMain ", &["Frankfurt am Main"], &[]);
        check(Field::Postcode, "=\"01067\"", &["01067"], &[]);
        check(Field::Street, "-", &[], &[]);
        check(Field::JobTitle, &"x".repeat(301), &[], &["value.long"]);
        check(Field::Country, "Bayern", &[], &["value.country"]);
    }
}
