//! Names of countries in the languages of the shipped templates, and which countries have an adequacy decision.
//!
//! A notice names third countries (GDPR 14(1)(f)); a code alone would not tell most readers. A country that is not in
//! the table is shown by its code.
//!
//! Invariant: every row has a name in each language, in the order of [`LANGUAGES`].

/// The languages of the columns.
const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "it", "nl", "pl"];

/// Code, and the name in each of [`LANGUAGES`].
const COUNTRIES: &[(&str, [&str; 7])] = &[
    ("AD", ["Andorra", "Andorra", "Andorre", "Andorra", "Andorra", "Andorra", "Andora"]),
    (
        "AE",
        [
            "United Arab Emirates",
            "Vereinigte Arabische Emirate",
            "Émirats arabes unis",
            "Emiratos Árabes Unidos",
            "Emirati Arabi Uniti",
            "Verenigde Arabische Emiraten",
            "Zjednoczone Emiraty Arabskie",
        ],
    ),
    ("AL", ["Albania", "Albanien", "Albanie", "Albania", "Albania", "Albanië", "Albania"]),
    ("AM", ["Armenia", "Armenien", "Arménie", "Armenia", "Armenia", "Armenië", "Armenia"]),
    ("AR", ["Argentina", "Argentinien", "Argentine", "Argentina", "Argentina", "Argentinië", "Argentyna"]),
    ("AT", ["Austria", "Österreich", "Autriche", "Austria", "Austria", "Oostenrijk", "Austria"]),
    ("AU", ["Australia", "Australien", "Australie", "Australia", "Australia", "Australië", "Australia"]),
    ("AZ", ["Azerbaijan", "Aserbaidschan", "Azerbaïdjan", "Azerbaiyán", "Azerbaigian", "Azerbeidzjan", "Azerbejdżan"]),
    (
        "BA",
        [
            "Bosnia and Herzegovina",
            "Bosnien und Herzegowina",
            "Bosnie-Herzégovine",
            "Bosnia y Herzegovina",
            "Bosnia-Erzegovina",
            "Bosnië en Herzegovina",
            "Bośnia i Hercegowina",
        ],
    ),
    ("BD", ["Bangladesh", "Bangladesch", "Bangladesh", "Bangladés", "Bangladesh", "Bangladesh", "Bangladesz"]),
    ("BE", ["Belgium", "Belgien", "Belgique", "Bélgica", "Belgio", "België", "Belgia"]),
    ("BG", ["Bulgaria", "Bulgarien", "Bulgarie", "Bulgaria", "Bulgaria", "Bulgarije", "Bułgaria"]),
    ("BH", ["Bahrain", "Bahrain", "Bahreïn", "Baréin", "Bahrein", "Bahrein", "Bahrajn"]),
    ("BM", ["Bermuda", "Bermuda", "Bermudes", "Bermudas", "Bermuda", "Bermuda", "Bermudy"]),
    ("BR", ["Brazil", "Brasilien", "Brésil", "Brasil", "Brasile", "Brazilië", "Brazylia"]),
    ("BY", ["Belarus", "Belarus", "Biélorussie", "Bielorrusia", "Bielorussia", "Belarus", "Białoruś"]),
    ("CA", ["Canada", "Kanada", "Canada", "Canadá", "Canada", "Canada", "Kanada"]),
    ("CH", ["Switzerland", "Schweiz", "Suisse", "Suiza", "Svizzera", "Zwitserland", "Szwajcaria"]),
    ("CL", ["Chile", "Chile", "Chili", "Chile", "Cile", "Chili", "Chile"]),
    ("CN", ["China", "China", "Chine", "China", "Cina", "China", "Chiny"]),
    ("CO", ["Colombia", "Kolumbien", "Colombie", "Colombia", "Colombia", "Colombia", "Kolumbia"]),
    ("CR", ["Costa Rica", "Costa Rica", "Costa Rica", "Costa Rica", "Costa Rica", "Costa Rica", "Kostaryka"]),
    ("CY", ["Cyprus", "Zypern", "Chypre", "Chipre", "Cipro", "Cyprus", "Cypr"]),
    ("CZ", ["Czechia", "Tschechien", "Tchéquie", "Chequia", "Cechia", "Tsjechië", "Czechy"]),
    ("DE", ["Germany", "Deutschland", "Allemagne", "Alemania", "Germania", "Duitsland", "Niemcy"]),
    ("DK", ["Denmark", "Dänemark", "Danemark", "Dinamarca", "Danimarca", "Denemarken", "Dania"]),
    (
        "DO",
        [
            "Dominican Republic",
            "Dominikanische Republik",
            "République dominicaine",
            "República Dominicana",
            "Repubblica Dominicana",
            "Dominicaanse Republiek",
            "Dominikana",
        ],
    ),
    ("DZ", ["Algeria", "Algerien", "Algérie", "Argelia", "Algeria", "Algerije", "Algieria"]),
    ("EC", ["Ecuador", "Ecuador", "Équateur", "Ecuador", "Ecuador", "Ecuador", "Ekwador"]),
    ("EE", ["Estonia", "Estland", "Estonie", "Estonia", "Estonia", "Estland", "Estonia"]),
    ("EG", ["Egypt", "Ägypten", "Égypte", "Egipto", "Egitto", "Egypte", "Egipt"]),
    ("ES", ["Spain", "Spanien", "Espagne", "España", "Spagna", "Spanje", "Hiszpania"]),
    ("FI", ["Finland", "Finnland", "Finlande", "Finlandia", "Finlandia", "Finland", "Finlandia"]),
    ("FO", ["Faroe Islands", "Färöer", "Îles Féroé", "Islas Feroe", "Isole Fær Øer", "Faeröer", "Wyspy Owcze"]),
    ("FR", ["France", "Frankreich", "France", "Francia", "Francia", "Frankrijk", "Francja"]),
    (
        "GB",
        [
            "United Kingdom",
            "Vereinigtes Königreich",
            "Royaume-Uni",
            "Reino Unido",
            "Regno Unito",
            "Verenigd Koninkrijk",
            "Wielka Brytania",
        ],
    ),
    ("GE", ["Georgia", "Georgien", "Géorgie", "Georgia", "Georgia", "Georgië", "Gruzja"]),
    ("GG", ["Guernsey", "Guernsey", "Guernesey", "Guernesey", "Guernsey", "Guernsey", "Guernsey"]),
    ("GH", ["Ghana", "Ghana", "Ghana", "Ghana", "Ghana", "Ghana", "Ghana"]),
    ("GI", ["Gibraltar", "Gibraltar", "Gibraltar", "Gibraltar", "Gibilterra", "Gibraltar", "Gibraltar"]),
    ("GR", ["Greece", "Griechenland", "Grèce", "Grecia", "Grecia", "Griekenland", "Grecja"]),
    ("HK", ["Hong Kong", "Hongkong", "Hong Kong", "Hong Kong", "Hong Kong", "Hongkong", "Hongkong"]),
    ("HR", ["Croatia", "Kroatien", "Croatie", "Croacia", "Croazia", "Kroatië", "Chorwacja"]),
    ("HU", ["Hungary", "Ungarn", "Hongrie", "Hungría", "Ungheria", "Hongarije", "Węgry"]),
    ("ID", ["Indonesia", "Indonesien", "Indonésie", "Indonesia", "Indonesia", "Indonesië", "Indonezja"]),
    ("IE", ["Ireland", "Irland", "Irlande", "Irlanda", "Irlanda", "Ierland", "Irlandia"]),
    ("IL", ["Israel", "Israel", "Israël", "Israel", "Israele", "Israël", "Izrael"]),
    ("IM", ["Isle of Man", "Insel Man", "Île de Man", "Isla de Man", "Isola di Man", "Eiland Man", "Wyspa Man"]),
    ("IN", ["India", "Indien", "Inde", "India", "India", "India", "Indie"]),
    ("IS", ["Iceland", "Island", "Islande", "Islandia", "Islanda", "IJsland", "Islandia"]),
    ("IT", ["Italy", "Italien", "Italie", "Italia", "Italia", "Italië", "Włochy"]),
    ("JE", ["Jersey", "Jersey", "Jersey", "Jersey", "Jersey", "Jersey", "Jersey"]),
    ("JO", ["Jordan", "Jordanien", "Jordanie", "Jordania", "Giordania", "Jordanië", "Jordania"]),
    ("JP", ["Japan", "Japan", "Japon", "Japón", "Giappone", "Japan", "Japonia"]),
    ("KE", ["Kenya", "Kenia", "Kenya", "Kenia", "Kenya", "Kenia", "Kenia"]),
    (
        "KR",
        ["South Korea", "Südkorea", "Corée du Sud", "Corea del Sur", "Corea del Sud", "Zuid-Korea", "Korea Południowa"],
    ),
    ("KW", ["Kuwait", "Kuwait", "Koweït", "Kuwait", "Kuwait", "Koeweit", "Kuwejt"]),
    (
        "KY",
        [
            "Cayman Islands",
            "Kaimaninseln",
            "Îles Caïmans",
            "Islas Caimán",
            "Isole Cayman",
            "Kaaimaneilanden",
            "Kajmany",
        ],
    ),
    ("KZ", ["Kazakhstan", "Kasachstan", "Kazakhstan", "Kazajistán", "Kazakistan", "Kazachstan", "Kazachstan"]),
    ("LB", ["Lebanon", "Libanon", "Liban", "Líbano", "Libano", "Libanon", "Liban"]),
    (
        "LI",
        [
            "Liechtenstein",
            "Liechtenstein",
            "Liechtenstein",
            "Liechtenstein",
            "Liechtenstein",
            "Liechtenstein",
            "Liechtenstein",
        ],
    ),
    ("LK", ["Sri Lanka", "Sri Lanka", "Sri Lanka", "Sri Lanka", "Sri Lanka", "Sri Lanka", "Sri Lanka"]),
    ("LT", ["Lithuania", "Litauen", "Lituanie", "Lituania", "Lituania", "Litouwen", "Litwa"]),
    ("LU", ["Luxembourg", "Luxemburg", "Luxembourg", "Luxemburgo", "Lussemburgo", "Luxemburg", "Luksemburg"]),
    ("LV", ["Latvia", "Lettland", "Lettonie", "Letonia", "Lettonia", "Letland", "Łotwa"]),
    ("MA", ["Morocco", "Marokko", "Maroc", "Marruecos", "Marocco", "Marokko", "Maroko"]),
    ("MC", ["Monaco", "Monaco", "Monaco", "Mónaco", "Monaco", "Monaco", "Monako"]),
    ("MD", ["Moldova", "Moldau", "Moldavie", "Moldavia", "Moldavia", "Moldavië", "Mołdawia"]),
    ("ME", ["Montenegro", "Montenegro", "Monténégro", "Montenegro", "Montenegro", "Montenegro", "Czarnogóra"]),
    (
        "MK",
        [
            "North Macedonia",
            "Nordmazedonien",
            "Macédoine du Nord",
            "Macedonia del Norte",
            "Macedonia del Nord",
            "Noord-Macedonië",
            "Macedonia Północna",
        ],
    ),
    ("MT", ["Malta", "Malta", "Malte", "Malta", "Malta", "Malta", "Malta"]),
    ("MU", ["Mauritius", "Mauritius", "Maurice", "Mauricio", "Maurizio", "Mauritius", "Mauritius"]),
    ("MX", ["Mexico", "Mexiko", "Mexique", "México", "Messico", "Mexico", "Meksyk"]),
    ("MY", ["Malaysia", "Malaysia", "Malaisie", "Malasia", "Malaysia", "Maleisië", "Malezja"]),
    ("NG", ["Nigeria", "Nigeria", "Nigeria", "Nigeria", "Nigeria", "Nigeria", "Nigeria"]),
    ("NL", ["Netherlands", "Niederlande", "Pays-Bas", "Países Bajos", "Paesi Bassi", "Nederland", "Niderlandy"]),
    ("NO", ["Norway", "Norwegen", "Norvège", "Noruega", "Norvegia", "Noorwegen", "Norwegia"]),
    (
        "NZ",
        [
            "New Zealand",
            "Neuseeland",
            "Nouvelle-Zélande",
            "Nueva Zelanda",
            "Nuova Zelanda",
            "Nieuw-Zeeland",
            "Nowa Zelandia",
        ],
    ),
    ("PA", ["Panama", "Panama", "Panama", "Panamá", "Panama", "Panama", "Panama"]),
    ("PE", ["Peru", "Peru", "Pérou", "Perú", "Perù", "Peru", "Peru"]),
    ("PH", ["Philippines", "Philippinen", "Philippines", "Filipinas", "Filippine", "Filipijnen", "Filipiny"]),
    ("PK", ["Pakistan", "Pakistan", "Pakistan", "Pakistán", "Pakistan", "Pakistan", "Pakistan"]),
    ("PL", ["Poland", "Polen", "Pologne", "Polonia", "Polonia", "Polen", "Polska"]),
    ("PT", ["Portugal", "Portugal", "Portugal", "Portugal", "Portogallo", "Portugal", "Portugalia"]),
    ("QA", ["Qatar", "Katar", "Qatar", "Catar", "Qatar", "Qatar", "Katar"]),
    ("RO", ["Romania", "Rumänien", "Roumanie", "Rumanía", "Romania", "Roemenië", "Rumunia"]),
    ("RS", ["Serbia", "Serbien", "Serbie", "Serbia", "Serbia", "Servië", "Serbia"]),
    ("RU", ["Russia", "Russland", "Russie", "Rusia", "Russia", "Rusland", "Rosja"]),
    (
        "SA",
        [
            "Saudi Arabia",
            "Saudi-Arabien",
            "Arabie saoudite",
            "Arabia Saudí",
            "Arabia Saudita",
            "Saoedi-Arabië",
            "Arabia Saudyjska",
        ],
    ),
    ("SE", ["Sweden", "Schweden", "Suède", "Suecia", "Svezia", "Zweden", "Szwecja"]),
    ("SG", ["Singapore", "Singapur", "Singapour", "Singapur", "Singapore", "Singapore", "Singapur"]),
    ("SI", ["Slovenia", "Slowenien", "Slovénie", "Eslovenia", "Slovenia", "Slovenië", "Słowenia"]),
    ("SK", ["Slovakia", "Slowakei", "Slovaquie", "Eslovaquia", "Slovacchia", "Slowakije", "Słowacja"]),
    ("SM", ["San Marino", "San Marino", "Saint-Marin", "San Marino", "San Marino", "San Marino", "San Marino"]),
    ("TH", ["Thailand", "Thailand", "Thaïlande", "Tailandia", "Thailandia", "Thailand", "Tajlandia"]),
    ("TN", ["Tunisia", "Tunesien", "Tunisie", "Túnez", "Tunisia", "Tunesië", "Tunezja"]),
    ("TR", ["Türkiye", "Türkei", "Turquie", "Turquía", "Turchia", "Turkije", "Turcja"]),
    ("TW", ["Taiwan", "Taiwan", "Taïwan", "Taiwán", "Taiwan", "Taiwan", "Tajwan"]),
    ("UA", ["Ukraine", "Ukraine", "Ukraine", "Ucrania", "Ucraina", "Oekraïne", "Ukraina"]),
    (
        "US",
        [
            "United States",
            "Vereinigte Staaten",
            "États-Unis",
            "Estados Unidos",
            "Stati Uniti",
            "Verenigde Staten",
            "Stany Zjednoczone",
        ],
    ),
    ("UY", ["Uruguay", "Uruguay", "Uruguay", "Uruguay", "Uruguay", "Uruguay", "Urugwaj"]),
    ("UZ", ["Uzbekistan", "Usbekistan", "Ouzbékistan", "Uzbekistán", "Uzbekistan", "Oezbekistan", "Uzbekistan"]),
    (
        "VG",
        [
            "British Virgin Islands",
            "Britische Jungferninseln",
            "Îles Vierges britanniques",
            "Islas Vírgenes Británicas",
            "Isole Vergini Britanniche",
            "Britse Maagdeneilanden",
            "Brytyjskie Wyspy Dziewicze",
        ],
    ),
    ("VN", ["Vietnam", "Vietnam", "Viêt Nam", "Vietnam", "Vietnam", "Vietnam", "Wietnam"]),
    (
        "ZA",
        [
            "South Africa",
            "Südafrika",
            "Afrique du Sud",
            "Sudáfrica",
            "Sudafrica",
            "Zuid-Afrika",
            "Republika Południowej Afryki",
        ],
    ),
];

/// How far an adequacy decision of the European Commission (GDPR 45) reaches for a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adequacy {
    /// The whole country.
    Full,
    /// Some organisations there: certified ones in the United States, commercial ones in Canada.
    Partial,
    /// There is none.
    None,
}

impl Adequacy {
    /// Returns the name that templates compare with.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// Countries with an adequacy decision for all of them, as of November 2026; the ones for a part are `CA` and `US`.
const ADEQUATE: &[&str] = &["AD", "AR", "BR", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"];

/// Returns what the European Commission has decided about a country.
///
/// # Law
///
/// GDPR 14(1)(f), 45(3): the notice says whether there is a decision. It speaks of the controller's own country only;
/// for a recipient, the pipeline states on what the transfer rests.
pub(crate) fn adequacy_of(code: &str) -> Adequacy {
    match code.trim().to_ascii_uppercase().as_str() {
        "CA" | "US" => Adequacy::Partial,
        code if ADEQUATE.contains(&code) => Adequacy::Full,
        _ => Adequacy::None,
    }
}

fn names_of(code: &str) -> Option<&'static [&'static str; 7]> {
    COUNTRIES.binary_search_by(|(known, _)| (*known).cmp(code)).ok().and_then(|at| COUNTRIES.get(at)).map(|(_, it)| it)
}

/// Returns the name of a country, or its code where there is none in the table; English for another language.
pub(crate) fn country_name(code: &str, lang: &str) -> String {
    let code = code.trim().to_ascii_uppercase();
    let column = LANGUAGES.iter().position(|&known| known == lang).unwrap_or_default();
    names_of(&code).and_then(|names| names.get(column)).map_or(code, |&name| name.to_owned())
}

/// Returns a country with its code, or the code alone.
pub(crate) fn country_label(code: &str, lang: &str) -> String {
    let code = code.trim().to_ascii_uppercase();
    let name = country_name(&code, lang);
    if name == code { code } else { format!("{name} ({code})") }
}

/// Returns a postal address that names its country: one that names it in no language gets it in `lang`.
pub(crate) fn with_country(address: &str, code: &str, lang: &str) -> String {
    let code = code.trim().to_ascii_uppercase();
    let ends_with = |name: &str| address.trim_end().to_lowercase().ends_with(&name.to_lowercase());
    match names_of(&code) {
        Some(names) if !names.iter().any(|name| ends_with(name)) => {
            format!("{address}, {}", country_name(&code, lang))
        }
        Some(_) | None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_named_in_the_language_and_an_unknown_one_by_its_code() {
        assert_eq!(country_label("us", "en"), "United States (US)");
        assert_eq!(country_label("US", "de"), "Vereinigte Staaten (US)");
        assert_eq!(country_label("US", "fr"), "États-Unis (US)");
        assert_eq!(country_label("US", "pl"), "Stany Zjednoczone (US)");
        assert_eq!(country_label("XK", "de"), "XK");
    }

    #[test]
    fn the_table_is_sorted_whole_and_holds_the_economic_area() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(COUNTRIES.iter().all(|(_, names)| names.iter().all(|name| !name.is_empty())));
        for code in muster_gate::EEA.iter().chain(ADEQUATE) {
            assert!(names_of(code).is_some(), "{code}");
        }
    }

    #[test]
    fn an_address_without_its_country_gets_it_in_the_language() {
        assert_eq!(with_country("Kaistraße 4, 18055 Rostock", "DE", "fr"), "Kaistraße 4, 18055 Rostock, Allemagne");
        let whole = "Kaistraße 4, 18055 Rostock, Deutschland";
        assert_eq!(with_country(whole, "DE", "en"), whole);
        assert_eq!(with_country("PO Box 1, Pristina", "XK", "en"), "PO Box 1, Pristina");
    }

    #[test]
    fn adequacy_is_whole_partial_or_none() {
        assert_eq!(["CH", "us", "IN"].map(|code| adequacy_of(code).as_str()), ["full", "partial", "none"]);
    }
}
