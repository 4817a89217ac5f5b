//! The words for fields and for transfer mechanisms, as a notice shows them.
//!
//! The mail templates print these labels and the linter looks for them, so both take them from here. The words are
//! neutral: none of them tells a person's gender.
//!
//! Invariant: no label is part of another one's text in the same language, so that a label found is the field meant.

use muster_model::Field;

/// Returns the label of a field in a language of ISO 639-1; English for every language that has no table.
///
/// # Examples
///
/// ```
/// use muster_gate::field_label;
/// use muster_model::Field;
/// assert_eq!(field_label(Field::JobTitle, "de"), "Funktion");
/// assert_eq!(field_label(Field::JobTitle, "en"), "Job title");
/// ```
pub fn field_label(field: Field, lang: &str) -> &'static str {
    match lang {
        "de" => german(field),
        _ => english(field),
    }
}

const fn english(field: Field) -> &'static str {
    match field {
        Field::Name => "Full name",
        Field::GivenName => "Given name",
        Field::FamilyName => "Family name",
        Field::Degree => "Academic degree",
        Field::JobTitle => "Job title",
        Field::Company => "Employer",
        Field::CompanyDomain => "Website of the workplace",
        Field::Emails => "Work e-mail",
        Field::Phones => "Work phone",
        Field::Faxes => "Work fax",
        Field::Street => "Street",
        Field::City => "City",
        Field::Postcode => "Postal code",
        Field::Country => "Country",
        Field::ProfileUrls => "Public professional profile",
        Field::LegalForm => "Legal form",
        Field::Domain => "Company website",
        Field::RegisterCourt => "Register court",
        Field::RegisterNumber => "Register number",
        Field::VatId => "VAT number",
    }
}

const fn german(field: Field) -> &'static str {
    match field {
        Field::Name => "Vollständiger Name",
        Field::GivenName => "Vorname",
        Field::FamilyName => "Familienname",
        Field::Degree => "Akademischer Grad",
        Field::JobTitle => "Funktion",
        Field::Company => "Arbeitgeber",
        Field::CompanyDomain => "Webseite des Unternehmens",
        Field::Emails => "Geschäftliche E-Mail",
        Field::Phones => "Geschäftliches Telefon",
        Field::Faxes => "Geschäftliches Fax",
        Field::Street => "Straße",
        Field::City => "Ort",
        Field::Postcode => "Postleitzahl",
        Field::Country => "Land",
        Field::ProfileUrls => "Öffentliches Berufsprofil",
        Field::LegalForm => "Rechtsform",
        Field::Domain => "Firmenwebseite",
        Field::RegisterCourt => "Registergericht",
        Field::RegisterNumber => "Registernummer",
        Field::VatId => "Umsatzsteuernummer",
    }
}

/// Returns how a notice names the mechanism that a transfer rests on, `""` for one that is none.
///
/// # Law
///
/// GDPR 14(1)(f): whether there is an adequacy decision (45), or which safeguard (46, 47) takes its place.
pub fn mechanism_label(mechanism: &str, lang: &str) -> &'static str {
    match (mechanism, lang) {
        ("adequacy", "de") => "Angemessenheitsbeschluss",
        ("adequacy", _) => "adequacy decision",
        ("scc", "de") => "Standardvertragsklauseln",
        ("scc", _) => "standard contractual clauses",
        ("bcr", "de") => "verbindliche interne Datenschutzvorschriften",
        ("bcr", _) => "binding corporate rules",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_hides_in_another_of_the_same_language() {
        for lang in ["en", "de"] {
            for &one in Field::ALL {
                for &two in Field::ALL.iter().filter(|&&two| two != one) {
                    let (a, b) = (field_label(one, lang), field_label(two, lang));
                    assert!(!b.to_lowercase().contains(&a.to_lowercase()), "{lang}: `{a}` in `{b}`");
                }
            }
        }
    }

    #[test]
    fn a_language_without_a_table_gets_english() {
        assert_eq!(field_label(Field::City, "fr"), field_label(Field::City, "en"));
    }
}
