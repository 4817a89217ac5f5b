//! Names of countries outside the European Economic Area, as notices in the seven languages write them.
//!
//! Invariant: a country that is not in the table is looked for as the caller wrote it.

use super::fold::fold;

/// Code, whether the Commission decided that its law is adequate, and its names as folded stems.
#[rustfmt::skip]
const COUNTRIES: &[(&str, bool, &[&str])] = &[
    ("AD", false, &["andorr"]),
    ("AE", false, &["united arab emirates", "vereinigten? arabischen? emirat", "emirats arabes unis", "emiratos arabes unidos", "emirati arabi uniti", "verenigde arabische emiraten", "zjednoczone emiraty arabskie", "zjednoczonych emirat", "vae", "uae"]),
    ("AL", false, &["albani", "albanie"]),
    ("AM", false, &["armeni", "armenie", "ormiani"]),
    ("AR", true, &["argentin"]),
    ("AU", false, &["australi"]),
    ("AZ", false, &["azerb", "aserb", "azerbej"]),
    ("BA", false, &["bosni"]),
    ("BD", false, &["banglades"]),
    ("BH", false, &["bahrain", "bahrein", "bahrajn"]),
    ("BO", false, &["bolivi", "boliwi"]),
    ("BR", false, &["brazil", "brasil", "bresil", "brazyli"]),
    ("BY", false, &["belarus", "weissrussland", "bielorus", "bialorus"]),
    ("CA", true, &["canada", "kanad"]),
    ("CH", true, &["switzerland", "schweiz", "suisse", "suiza", "svizzera", "zwitserland", "szwajcari"]),
    ("CI", false, &["ivory coast", "cote d'ivoire", "elfenbeinkuste", "costa de marfil", "costa d'avorio", "ivoorkust", "wybrzez\\w* kosci"]),
    ("CL", false, &["chile", "chili", "cile"]),
    ("CM", false, &["cameroon", "kamerun", "cameroun", "camerun", "kameroen"]),
    ("CN", false, &["china", "chine\\b", "cina\\b", "chin\\b", "chinach", "chinom"]),
    ("CO", false, &["colombi", "kolumbi"]),
    ("CR", false, &["costa rica", "kostaryk"]),
    ("DO", false, &["dominican", "dominik", "dominicain", "repubblica dominicana"]),
    ("DZ", false, &["algeri", "algerien", "algier", "argel", "algerij"]),
    ("EC", false, &["ecuador", "equateur", "ekwador"]),
    ("EG", false, &["egypt", "agypten", "egipt", "egitto"]),
    ("ET", false, &["ethiopi", "athiopi", "etiop"]),
    ("FO", true, &["faroe", "faroer", "feroe", "far oer", "wyspy owcze"]),
    ("GB", true, &["united kingdom", "vereinigte[sn]? konigreich", "vereinigten konigreich", "grossbritannien", "royaume-uni", "reino unido", "regno unito", "verenigd koninkrijk", "wielk\\w* brytani", "zjednoczon\\w* krolestw", "great britain", "uk", "gran bretana", "gran bretagna"]),
    ("GE", false, &["georgi", "georgien", "georgie", "gruzj"]),
    ("GG", true, &["guernsey", "guernesey"]),
    ("GH", false, &["ghana", "gana\\b"]),
    ("GT", false, &["guatemal", "gwatemal"]),
    ("HK", false, &["hong ?kong"]),
    ("ID", false, &["indonesi", "indonezj"]),
    ("IL", true, &["israel", "israele", "izrael"]),
    ("IM", true, &["isle of man", "insel man", "ile de man", "isla de man", "isola di man", "eiland man", "wyspa man"]),
    ("IN", false, &["india\\b", "indien", "inde\\b", "indie\\b", "indii\\b", "indiach", "indiom"]),
    ("JE", true, &["jersey"]),
    ("JO", false, &["jordan", "jordanie", "giordani"]),
    ("JP", true, &["japan", "japon", "giappone", "japoni"]),
    ("KE", false, &["kenya", "kenia", "keni"]),
    ("KR", true, &["south korea", "republic of korea", "korea", "coree", "corea", "sudkorea", "zuid-korea", "korei\\b"]),
    ("KW", false, &["kuwait", "koweit", "koeweit", "kuwejt"]),
    ("KZ", false, &["kazak", "kasach", "kazach"]),
    ("LB", false, &["lebanon", "libanon", "liban\\b", "libano", "libanie", "libanu"]),
    ("LK", false, &["sri lanka", "sri lank"]),
    ("MA", false, &["morocco", "marokko", "maroc", "marruecos", "marocco", "marok"]),
    ("MC", false, &["monaco", "monako"]),
    ("MD", false, &["moldov", "moldau", "moldavi", "moldaw", "moldov"]),
    ("ME", false, &["montenegr", "czarnogor", "crna gora"]),
    ("MG", false, &["madagas"]),
    ("MK", false, &["north macedonia", "nordmazedonien", "macedoni", "macedoine", "macedoni"]),
    ("MU", false, &["mauriti", "maurici", "mauricio", "maurice\\b"]),
    ("MX", false, &["mexi", "messico", "meksyk"]),
    ("MY", false, &["malaysia", "malaisie", "malasia", "malesia", "maleisie", "malezj"]),
    ("NG", false, &["nigeri"]),
    ("NZ", true, &["new zealand", "neuseeland", "nouvelle-zelande", "nueva zelanda", "nueva zelandia", "nuova zelanda", "nieuw-zeeland", "now\\w* zelandi"]),
    ("OM", false, &["oman\\b", "omanu", "omanie"]),
    ("PA", false, &["panam"]),
    ("PE", false, &["peru", "perou", "per"]),
    ("PH", false, &["philippin", "filipin", "filippin", "filipijn"]),
    ("PK", false, &["pakistan"]),
    ("PY", false, &["paragu", "paragwaj"]),
    ("QA", false, &["qatar", "katar"]),
    ("RS", false, &["serbi", "servie", "servia"]),
    ("RU", false, &["russia", "russland", "russie", "rusia", "rusland", "rosj", "russische foderation"]),
    ("RW", false, &["rwand", "ruand"]),
    ("SA", false, &["saudi", "arabie saoudite", "arabia saudi", "arabi\\w* saudyjs"]),
    ("SG", false, &["singap"]),
    ("SM", false, &["san marino"]),
    ("SN", false, &["senegal"]),
    ("SR", false, &["surinam", "surynam"]),
    ("TH", false, &["thail", "tailand", "tajlandi"]),
    ("TN", false, &["tunis", "tunez", "tunez"]),
    ("TR", false, &["turkey", "turkiye", "turkei", "turquie", "turquia", "turchia", "turkije", "turcj"]),
    ("TT", false, &["trinidad", "trinite", "trynidad"]),
    ("TW", false, &["taiwan", "tajwan"]),
    ("TZ", false, &["tanzani", "tansani"]),
    ("UA", false, &["ukrain", "ucrain", "ucrania", "oekraine"]),
    ("UG", false, &["ugand", "ouganda", "oeganda"]),
    ("US", false, &["united states", "vereinigte\\w* staaten", "etats-unis", "estados unidos", "stati uniti", "verenigde staten", "stan\\w* zjednoczon\\w*", "usa\\b", "us", "u\\.s\\.a?", "eua\\b", "ee\\. ?uu", "eeuu", "amerika", "vs"]),
    ("UY", true, &["uruguay", "urugwaj"]),
    ("UZ", false, &["uzbek", "usbek", "ouzbek", "oezbek"]),
    ("VE", false, &["venezuel", "wenezuel"]),
    ("VN", false, &["viet ?nam", "wietnam"]),
    ("XK", false, &["kosov", "kosow"]),
    ("ZA", false, &["south africa", "sudafrika", "afrique du sud", "sudafrica", "zuid-afrika", "afryk\\w* poludniow"]),
];

/// Returns the code of a country that the caller named by code or name.
pub(super) fn code_of(name: &str) -> Option<&'static str> {
    let low = fold(name);
    let low = low.trim();
    let code = COUNTRIES.iter().find(|(code, _, _)| low.eq_ignore_ascii_case(code) || low == "uk" && *code == "GB");
    code.or_else(|| COUNTRIES.iter().find(|(_, _, names)| names.iter().any(|stem| stands(low, stem)))).map(|row| row.0)
}

/// Returns whether the Commission decided that a country's law is adequate.
pub(super) fn is_adequate(code: &str) -> bool {
    COUNTRIES.iter().any(|(known, adequate, _)| *known == code && *adequate)
}

/// Returns whether a folded text names the country; `raw` is the same text as it stands, for its code in capitals.
pub(super) fn is_named(low: &str, raw: &str, name: &str, code: Option<&str>) -> bool {
    let by_name = low.contains(&fold(name)) && name.chars().count() > 3;
    let row = COUNTRIES.iter().find(|(known, _, _)| Some(*known) == code);
    let by_stem = row.is_some_and(|(_, _, names)| names.iter().any(|stem| stem.len() > 2 && stands(low, stem)));
    let code = code.unwrap_or(name);
    let by_code = code.len() <= 3 && super::reading::finds(raw, &code.to_uppercase());
    let short = row.is_some_and(|(_, _, names)| {
        names.iter().any(|stem| stem.len() == 2 && super::reading::finds(raw, &stem.to_uppercase()))
    });
    by_name || by_stem || by_code || short
}

fn stands(low: &str, stem: &str) -> bool {
    if stem.chars().all(|c| c.is_ascii_alphanumeric() || " -".contains(c)) {
        let starts = |at: usize| !low.get(..at).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_alphanumeric()));
        return low.match_indices(stem).any(|(at, _)| starts(at));
    }
    super::words::pattern(&format!(r"\b(?:{stem})")).is_ok_and(|matcher| matcher.is(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_code_and_name_and_found_in_seven_languages() {
        assert_eq!(code_of("US"), Some("US"));
        assert_eq!(code_of("United States"), Some("US"));
        assert_eq!(code_of("Suisse"), Some("CH"));
        assert_eq!(code_of("in"), Some("IN"));
        assert_eq!(code_of("Atlantis"), None);
        for text in [
            "in den Vereinigten Staaten",
            "aux États-Unis",
            "en Estados Unidos",
            "negli Stati Uniti",
            "in de Verenigde Staten",
            "do Stanów Zjednoczonych",
            "to the USA",
            "a third country (US)",
        ] {
            assert!(is_named(&fold(text), text, "US", Some("US")), "{text}");
        }
        assert!(!is_named("we trust us and you", "we trust us and you", "US", Some("US")));
        assert!(is_named("in atlantis", "in Atlantis", "Atlantis", None));
        assert!(is_adequate("CH") && !is_adequate("US") && !is_adequate("XX"));
    }
}
