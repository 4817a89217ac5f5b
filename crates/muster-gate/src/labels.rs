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
/// assert_eq!(field_label(Field::JobTitle, "pl"), "Stanowisko");
/// ```
pub fn field_label(field: Field, lang: &str) -> &'static str {
    match lang {
        "de" => german(field),
        "es" => spanish(field),
        "fr" => french(field),
        "it" => italian(field),
        "nl" => dutch(field),
        "pl" => polish(field),
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

const fn french(field: Field) -> &'static str {
    match field {
        Field::Name => "Nom complet",
        Field::GivenName => "Prénom",
        Field::FamilyName => "Nom de famille",
        Field::Degree => "Titre universitaire",
        Field::JobTitle => "Fonction",
        Field::Company => "Employeur",
        Field::CompanyDomain => "Site web du lieu de travail",
        Field::Emails => "E-mail professionnel",
        Field::Phones => "Téléphone professionnel",
        Field::Faxes => "Fax professionnel",
        Field::Street => "Rue et numéro",
        Field::City => "Ville",
        Field::Postcode => "Code postal",
        Field::Country => "Pays",
        Field::ProfileUrls => "Profil professionnel public",
        Field::LegalForm => "Forme juridique",
        Field::Domain => "Site web de l'entreprise",
        Field::RegisterCourt => "Tribunal du registre",
        Field::RegisterNumber => "Numéro d'immatriculation",
        Field::VatId => "Numéro de TVA",
    }
}

const fn spanish(field: Field) -> &'static str {
    match field {
        Field::Name => "Nombre completo",
        Field::GivenName => "Nombre de pila",
        Field::FamilyName => "Apellidos",
        Field::Degree => "Título académico",
        Field::JobTitle => "Cargo",
        Field::Company => "Empleador",
        Field::CompanyDomain => "Sitio web del lugar de trabajo",
        Field::Emails => "Correo electrónico profesional",
        Field::Phones => "Teléfono profesional",
        Field::Faxes => "Fax profesional",
        Field::Street => "Calle y número",
        Field::City => "Localidad",
        Field::Postcode => "Código postal",
        Field::Country => "País",
        Field::ProfileUrls => "Perfil profesional público",
        Field::LegalForm => "Forma jurídica",
        Field::Domain => "Sitio web de la empresa",
        Field::RegisterCourt => "Juzgado del registro",
        Field::RegisterNumber => "Número de registro",
        Field::VatId => "Número de IVA",
    }
}

const fn italian(field: Field) -> &'static str {
    match field {
        Field::Name => "Nome completo",
        Field::GivenName => "Nome proprio",
        Field::FamilyName => "Cognome",
        Field::Degree => "Titolo accademico",
        Field::JobTitle => "Funzione",
        Field::Company => "Datore di lavoro",
        Field::CompanyDomain => "Sito web del luogo di lavoro",
        Field::Emails => "E-mail professionale",
        Field::Phones => "Telefono professionale",
        Field::Faxes => "Fax professionale",
        Field::Street => "Via e numero civico",
        Field::City => "Città",
        Field::Postcode => "Codice postale",
        Field::Country => "Paese",
        Field::ProfileUrls => "Profilo professionale pubblico",
        Field::LegalForm => "Forma giuridica",
        Field::Domain => "Sito web dell'azienda",
        Field::RegisterCourt => "Tribunale del registro",
        Field::RegisterNumber => "Numero di registro",
        Field::VatId => "Partita IVA",
    }
}

const fn dutch(field: Field) -> &'static str {
    match field {
        Field::Name => "Volledige naam",
        Field::GivenName => "Voornaam",
        Field::FamilyName => "Achternaam",
        Field::Degree => "Academische graad",
        Field::JobTitle => "Functie",
        Field::Company => "Werkgever",
        Field::CompanyDomain => "Website van de werkplek",
        Field::Emails => "Zakelijk e-mailadres",
        Field::Phones => "Zakelijk telefoonnummer",
        Field::Faxes => "Zakelijk faxnummer",
        Field::Street => "Straat en huisnummer",
        Field::City => "Plaats",
        Field::Postcode => "Postcode",
        Field::Country => "Land",
        Field::ProfileUrls => "Openbaar beroepsprofiel",
        Field::LegalForm => "Rechtsvorm",
        Field::Domain => "Bedrijfswebsite",
        Field::RegisterCourt => "Registerrechtbank",
        Field::RegisterNumber => "Registratienummer",
        Field::VatId => "Btw-nummer",
    }
}

const fn polish(field: Field) -> &'static str {
    match field {
        Field::Name => "Imię i nazwisko",
        Field::GivenName => "Samo imię",
        Field::FamilyName => "Samo nazwisko",
        Field::Degree => "Stopień naukowy",
        Field::JobTitle => "Stanowisko",
        Field::Company => "Pracodawca",
        Field::CompanyDomain => "Strona internetowa miejsca pracy",
        Field::Emails => "Służbowy adres e-mail",
        Field::Phones => "Telefon służbowy",
        Field::Faxes => "Faks służbowy",
        Field::Street => "Ulica i numer",
        Field::City => "Miejscowość",
        Field::Postcode => "Kod pocztowy",
        Field::Country => "Kraj",
        Field::ProfileUrls => "Publiczny profil zawodowy",
        Field::LegalForm => "Forma prawna",
        Field::Domain => "Strona internetowa firmy",
        Field::RegisterCourt => "Sąd rejestrowy",
        Field::RegisterNumber => "Numer w rejestrze",
        Field::VatId => "Numer VAT",
    }
}

/// Returns how a notice names the mechanism that a transfer rests on, `""` for one that is none.
///
/// # Law
///
/// GDPR 14(1)(f): whether there is an adequacy decision (45), or which safeguard (46, 47) takes its place. The words are
/// those of the regulation in that language.
pub fn mechanism_label(mechanism: &str, lang: &str) -> &'static str {
    let [adequacy, clauses, rules] = match lang {
        "de" => {
            ["Angemessenheitsbeschluss", "Standardvertragsklauseln", "verbindliche interne Datenschutzvorschriften"]
        }
        "es" => ["decisión de adecuación", "cláusulas contractuales tipo", "normas corporativas vinculantes"],
        "fr" => ["décision d'adéquation", "clauses contractuelles types", "règles d'entreprise contraignantes"],
        "it" => ["decisione di adeguatezza", "clausole contrattuali tipo", "norme vincolanti d'impresa"],
        "nl" => ["adequaatheidsbesluit", "standaardcontractbepalingen", "bindende bedrijfsvoorschriften"],
        "pl" => [
            "decyzja stwierdzająca odpowiedni stopień ochrony",
            "standardowe klauzule umowne",
            "wiążące reguły korporacyjne",
        ],
        _ => ["adequacy decision", "standard contractual clauses", "binding corporate rules"],
    };
    match mechanism {
        "adequacy" => adequacy,
        "scc" => clauses,
        "bcr" => rules,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_hides_in_another_of_the_same_language() {
        for lang in ["en", "de", "fr", "es", "it", "nl", "pl"] {
            for &one in Field::ALL {
                for &two in Field::ALL.iter().filter(|&&two| two != one) {
                    let (a, b) = (field_label(one, lang), field_label(two, lang));
                    assert!(!b.to_lowercase().contains(&a.to_lowercase()), "{lang}: `{a}` in `{b}`");
                }
            }
        }
    }

    #[test]
    fn every_language_has_words_of_its_own() {
        for lang in ["de", "fr", "es", "it", "nl", "pl"] {
            let own = Field::ALL.iter().filter(|&&field| field_label(field, lang) != field_label(field, "en"));
            assert!(own.count() >= 17, "{lang}");
            for mechanism in ["adequacy", "scc", "bcr"] {
                assert_ne!(mechanism_label(mechanism, lang), mechanism_label(mechanism, "en"), "{lang}");
            }
        }
        assert_eq!(mechanism_label("none", "pl"), "");
    }

    #[test]
    fn a_language_without_a_table_gets_english() {
        assert_eq!(field_label(Field::City, "sv"), field_label(Field::City, "en"));
    }
}
