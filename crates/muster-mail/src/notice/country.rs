//! Names of countries in the languages of the shipped templates.
//!
//! A notice names third countries (GDPR 14(1)(f)); a code alone would not tell most readers. A country that is not in
//! the table is shown by its code.

/// Code, English name, German name.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AD", "Andorra", "Andorra"),
    ("AE", "United Arab Emirates", "Vereinigte Arabische Emirate"),
    ("AL", "Albania", "Albanien"),
    ("AR", "Argentina", "Argentinien"),
    ("AT", "Austria", "Österreich"),
    ("AU", "Australia", "Australien"),
    ("BA", "Bosnia and Herzegovina", "Bosnien und Herzegowina"),
    ("BE", "Belgium", "Belgien"),
    ("BG", "Bulgaria", "Bulgarien"),
    ("BR", "Brazil", "Brasilien"),
    ("CA", "Canada", "Kanada"),
    ("CH", "Switzerland", "Schweiz"),
    ("CL", "Chile", "Chile"),
    ("CN", "China", "China"),
    ("CO", "Colombia", "Kolumbien"),
    ("CY", "Cyprus", "Zypern"),
    ("CZ", "Czechia", "Tschechien"),
    ("DE", "Germany", "Deutschland"),
    ("DK", "Denmark", "Dänemark"),
    ("EE", "Estonia", "Estland"),
    ("EG", "Egypt", "Ägypten"),
    ("ES", "Spain", "Spanien"),
    ("FI", "Finland", "Finnland"),
    ("FO", "Faroe Islands", "Färöer"),
    ("FR", "France", "Frankreich"),
    ("GB", "United Kingdom", "Vereinigtes Königreich"),
    ("GG", "Guernsey", "Guernsey"),
    ("GR", "Greece", "Griechenland"),
    ("HK", "Hong Kong", "Hongkong"),
    ("HR", "Croatia", "Kroatien"),
    ("HU", "Hungary", "Ungarn"),
    ("ID", "Indonesia", "Indonesien"),
    ("IE", "Ireland", "Irland"),
    ("IL", "Israel", "Israel"),
    ("IM", "Isle of Man", "Insel Man"),
    ("IN", "India", "Indien"),
    ("IS", "Iceland", "Island"),
    ("IT", "Italy", "Italien"),
    ("JE", "Jersey", "Jersey"),
    ("JP", "Japan", "Japan"),
    ("KE", "Kenya", "Kenia"),
    ("KR", "South Korea", "Südkorea"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Lithuania", "Litauen"),
    ("LU", "Luxembourg", "Luxemburg"),
    ("LV", "Latvia", "Lettland"),
    ("MA", "Morocco", "Marokko"),
    ("ME", "Montenegro", "Montenegro"),
    ("MK", "North Macedonia", "Nordmazedonien"),
    ("MT", "Malta", "Malta"),
    ("MX", "Mexico", "Mexiko"),
    ("MY", "Malaysia", "Malaysia"),
    ("NG", "Nigeria", "Nigeria"),
    ("NL", "Netherlands", "Niederlande"),
    ("NO", "Norway", "Norwegen"),
    ("NZ", "New Zealand", "Neuseeland"),
    ("PH", "Philippines", "Philippinen"),
    ("PK", "Pakistan", "Pakistan"),
    ("PL", "Poland", "Polen"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Romania", "Rumänien"),
    ("RS", "Serbia", "Serbien"),
    ("SA", "Saudi Arabia", "Saudi-Arabien"),
    ("SE", "Sweden", "Schweden"),
    ("SG", "Singapore", "Singapur"),
    ("SI", "Slovenia", "Slowenien"),
    ("SK", "Slovakia", "Slowakei"),
    ("TH", "Thailand", "Thailand"),
    ("TN", "Tunisia", "Tunesien"),
    ("TR", "Türkiye", "Türkei"),
    ("TW", "Taiwan", "Taiwan"),
    ("UA", "Ukraine", "Ukraine"),
    ("US", "United States", "Vereinigte Staaten"),
    ("UY", "Uruguay", "Uruguay"),
    ("VN", "Vietnam", "Vietnam"),
    ("ZA", "South Africa", "Südafrika"),
];

/// Returns the name of a country, or its code where there is none in the table.
pub(crate) fn country_name(code: &str, lang: &str) -> String {
    let code = code.trim().to_ascii_uppercase();
    let Some((_, english, german)) = COUNTRIES.iter().find(|(known, _, _)| *known == code) else { return code };
    (*if lang == "de" { german } else { english }).to_owned()
}

/// Returns a country with its code, or the code alone.
pub(crate) fn country_label(code: &str, lang: &str) -> String {
    let code = code.trim().to_ascii_uppercase();
    let name = country_name(&code, lang);
    if name == code { code } else { format!("{name} ({code})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_named_in_the_language_and_an_unknown_one_by_its_code() {
        assert_eq!(country_label("us", "en"), "United States (US)");
        assert_eq!(country_label("US", "de"), "Vereinigte Staaten (US)");
        assert_eq!(country_label("XK", "de"), "XK");
    }
}
