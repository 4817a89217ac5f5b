//! The names of columns: a key to compare them by, and the field that a name most likely means.
//!
//! A likely field is only ever a suggestion to the person who writes the mapping; nothing is imported by it. Salutation,
//! birth date and the like have no field and so no suggestion.
//!
//! Invariant: keys are idempotent; no word for a protected or private thing is in the table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use muster_model::Field;

use crate::words::fold;

/// Returns the key of a label: letters and digits only, without case and marks, `ae oe ue` as `a o u`.
pub(super) fn label_key(text: &str) -> String {
    let letters: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    letters.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// Names of columns by field, in English, German and French.
const SYNONYMS: &[(Field, &str)] = &[
    (
        Field::Name,
        "Full name|Contact name|Contact|Person|Ansprechpartner|Kontaktperson|Kontakt|Vollständiger Name|Vor- und Nachname|Name Vorname|Nom complet|Interlocuteur|Display name|Anzeigename",
    ),
    (Field::GivenName, "Given name|First name|Forename|Vorname|Vornamen|Rufname|Prénom|Prénoms"),
    (Field::FamilyName, "Family name|Last name|Surname|Nachname|Familienname|Zuname|Nom|Nom de famille"),
    (
        Field::Degree,
        "Degree|Academic title|Akademischer Titel|Akad. Titel|Titel|Akademischer Grad|Grad|Titre académique",
    ),
    (
        Field::JobTitle,
        "Job title|Job|Title|Position|Role|Occupation|Funktion|Stelle|Stellenbezeichnung|Berufsbezeichnung|Rolle|Tätigkeit|Fonction|Poste|Intitulé du poste",
    ),
    (
        Field::Company,
        "Company|Company name|Employer|Organization|Organisation|Organisation name|Account|Account name|Firm|Business name|Firma|Firmenname|Unternehmen|Unternehmensname|Arbeitgeber|Betrieb|Société|Entreprise|Raison sociale|Employeur",
    ),
    (
        Field::CompanyDomain,
        "Company domain|Domain|Website|Web|Homepage|Company website|Internet|Webseite|Internetseite|Webadresse|Site|Site web|Site internet",
    ),
    (
        Field::Emails,
        "E-mail|Mail|E-mail address|Mail address|E-mail 1|E-mail 2|Work e-mail|Business e-mail|E-Mail-Adresse|E-Mail geschäftlich|Mailadresse|Emailadresse|Courriel|Adresse e-mail|Adresse électronique|Adresse mail|Mél",
    ),
    (
        Field::Phones,
        "Phone|Phone number|Telephone|Tel|Tel. no.|Work phone|Business phone|Direct phone|Direct dial|Mobile|Mobile phone|Cell|Cell phone|Telefon|Telefonnummer|Rufnummer|Telefon geschäftlich|Durchwahl|Handy|Mobil|Mobilnummer|Mobiltelefon|Handynummer|Telefon 1|Telefon 2|Téléphone|Téléphone portable|Portable|Numéro de téléphone|Ligne directe",
    ),
    (Field::Faxes, "Fax|Fax number|Business fax|Telefax|Faxnummer|Télécopie|Télécopieur"),
    (
        Field::Street,
        "Street|Street address|Address|Address line|Address line 1|Address 1|Business street|Straße|Strasse|Str.|Straße und Hausnummer|Straße Nr.|Hausnummer|Hausnr.|Anschrift|Adresse|Rue|Voie|Adresse postale|Numéro et rue",
    ),
    (Field::City, "City|Town|Business city|Stadt|Ort|Ville|Localité|Commune"),
    (
        Field::Postcode,
        "Postcode|Postal code|Post code|ZIP|ZIP code|Business postal code|PLZ|Postleitzahl|Code postal|CP",
    ),
    (
        Field::Country,
        "Country|Country code|Country region|Business country|Land|Länderkennzeichen|Ländercode|Staat|Pays|Code pays",
    ),
    (
        Field::ProfileUrls,
        "Profile URL|Profile|LinkedIn|LinkedIn URL|LinkedIn profile|Xing|Xing profile|Profil|Profil-URL|Profil LinkedIn",
    ),
    (Field::LegalForm, "Legal form|Rechtsform|Forme juridique"),
    (Field::RegisterCourt, "Register court|Registergericht|Amtsgericht|Greffe"),
    (
        Field::RegisterNumber,
        "Register number|Registration number|Company number|Registernummer|Handelsregisternummer|HRB|HR-Nummer|SIREN|SIRET|Numéro RCS",
    ),
    (
        Field::VatId,
        "VAT|VAT ID|VAT number|VAT no.|USt-IdNr.|USt-ID|Umsatzsteuer-ID|UID|UID-Nummer|MwSt-Nummer|TVA|Numéro de TVA|TVA intracommunautaire",
    ),
];

static BY_KEY: LazyLock<BTreeMap<String, Field>> = LazyLock::new(|| {
    let own = Field::ALL.iter().map(|&field| (label_key(field.as_str()), field));
    let said = SYNONYMS.iter().flat_map(|&(field, names)| names.split('|').map(move |name| (label_key(name), field)));
    own.chain(said).collect()
});

/// Returns the field that a column of that name most likely holds.
pub fn suggested_field(label: &str) -> Option<Field> {
    let key = label_key(label);
    let numberless = key.trim_end_matches(|c: char| c.is_ascii_digit());
    BY_KEY.get(&key).or_else(|| BY_KEY.get(numberless)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_three_languages_are_recognized() {
        for (label, field) in [
            ("Vorname", Field::GivenName),
            ("Nachname", Field::FamilyName),
            ("Firma", Field::Company),
            ("Funktion", Field::JobTitle),
            ("E-Mail", Field::Emails),
            ("EMail 3", Field::Emails),
            ("Telefon", Field::Phones),
            ("Straße", Field::Street),
            ("STRASSE", Field::Street),
            ("PLZ", Field::Postcode),
            ("Ort", Field::City),
            ("Land", Field::Country),
            ("Prénom", Field::GivenName),
            ("Société", Field::Company),
            ("Code postal", Field::Postcode),
            ("Work_Email", Field::Emails),
            ("profile_urls", Field::ProfileUrls),
        ] {
            assert_eq!(suggested_field(label), Some(field), "{label}");
        }
    }

    #[test]
    fn nothing_private_is_suggested() {
        for label in [
            "Anrede",
            "Salutation",
            "Civilité",
            "Geburtsdatum",
            "Geburtsname",
            "Gender",
            "Religion",
            "Bemerkung",
            "Benutzername",
            "",
            "1",
        ] {
            assert_eq!(suggested_field(label), None, "{label}");
        }
    }

    #[test]
    fn no_two_fields_claim_one_label() {
        for &(field, names) in SYNONYMS {
            for name in names.split('|') {
                assert_eq!(suggested_field(name), Some(field), "{name}");
            }
        }
    }
}
