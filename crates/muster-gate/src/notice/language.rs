//! The language that a person is told in: the official one of where they work, and nothing else.
//!
//! Where a country has several, the region decides, then the postal code, then the language of the pages that speak of
//! the person, then the commonest. It guesses no country and reads no name.
//!
//! Invariant: a language comes out only where it is official in that place, or where no place is known.

use crate::Reason;

/// Where a person works, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Residence<'a> {
    /// Country, ISO 3166-1; a code of ISO 3166-2 (`BE-VLG`) stands for country and region.
    pub country: Option<&'a str>,
    /// Region, ISO 3166-2, with or without the country before it.
    pub region: Option<&'a str>,
    /// Postal code, with or without the country before it.
    pub postcode: Option<&'a str>,
    /// Language of the pages that speak of the person, ISO 639-1, with or without a region behind it.
    pub page_lang: Option<&'a str>,
}

/// Countries by the language of ours that is official there: the language of law and administration, whether a statute
/// calls it so or not. A country that is not listed has none of ours.
const COUNTRIES: &[(&str, &str)] = &[
    ("de", "AT DE LI"),
    (
        "en",
        "AG AI AU BB BM BS BW BZ CA CK DM FJ FK GB GD GG GH GI GM GY IE IM IN JE JM KE KN KY LC LR LS MS MT MW NA NG \
         NZ PG PH PK SB SG SH SL SZ TC TT UG US VC VG VI ZA ZM ZW",
    ),
    ("es", "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE"),
    ("fr", "BJ BL CD CF CG CI FR GA GF GN GP MC MF MQ NC PF PM RE SN TG WF YT"),
    ("it", "IT SM VA"),
    ("nl", "AW BQ CW NL SR SX"),
    ("pl", "PL"),
];

/// Regions with languages of their own, ISO 3166-2, the commonest first.
const REGIONS: &[(&[&str], &str)] = &[
    (&["nl"], "BE-VLG BE-VAN BE-VBR BE-VLI BE-VOV BE-VWV"),
    (&["fr"], "BE-WAL BE-WBR BE-WHT BE-WLG BE-WLX BE-WNA"),
    (&["fr", "nl"], "BE-BRU"),
    (&["de"], "CH-AG CH-AI CH-AR CH-BL CH-BS CH-GL CH-LU CH-NW CH-OW CH-SG CH-SH CH-SO CH-SZ CH-TG CH-UR CH-ZG CH-ZH"),
    (&["fr"], "CH-GE CH-JU CH-NE CH-VD"),
    (&["it"], "CH-TI"),
    (&["de", "fr"], "CH-BE"),
    (&["fr", "de"], "CH-FR CH-VS"),
    (&["de", "it"], "CH-GR"),
    (&["de", "it"], "IT-BZ"),
    (&["it", "fr"], "IT-23 IT-AO"),
    (&["fr"], "CA-QC"),
    (&["en", "fr"], "CA-NB"),
    (&["es"], "US-PR"),
    (&["sv"], "FI-01"),
];

/// Countries where the region decides, with every language that is official in a part of them, the commonest first.
const SEVERAL: &[(&str, &[&str])] = &[
    ("BE", &["nl", "fr", "de"]),
    ("CH", &["de", "fr", "it"]),
    ("CM", &["fr", "en"]),
    ("FI", &["fi", "sv"]),
    ("LU", &["fr", "de"]),
];

/// Ranges of postal codes with the languages that are official there, the commonest first; the narrowest comes first.
///
/// Belgium: the German-speaking municipalities lie inside Walloon ranges. Switzerland: postal regions follow the
/// railway, not the cantons, so the mixed ones are told apart by locality.
const POSTCODES: &[(&str, u32, u32, &[&str])] = &[
    ("BE", 1000, 1299, &["fr", "nl"]),
    ("BE", 1300, 1499, &["fr"]),
    ("BE", 1500, 3999, &["nl"]),
    ("BE", 4700, 4791, &["de"]),
    ("BE", 4000, 7999, &["fr"]),
    ("BE", 8000, 9999, &["nl"]),
    ("CH", 1656, 1657, &["de"]),
    ("CH", 1712, 1719, &["de"]),
    ("CH", 1734, 1738, &["de"]),
    ("CH", 1792, 1795, &["de"]),
    ("CH", 1797, 1797, &["de"]),
    ("CH", 1700, 1700, &["fr", "de"]),
    ("CH", 1000, 2499, &["fr"]),
    ("CH", 2500, 2510, &["de", "fr"]),
    ("CH", 2532, 2533, &["fr", "de"]),
    ("CH", 2515, 2525, &["fr"]),
    ("CH", 2534, 2538, &["fr"]),
    ("CH", 2511, 2599, &["de"]),
    ("CH", 2814, 2814, &["de"]),
    ("CH", 2600, 2999, &["fr"]),
    ("CH", 3280, 3280, &["de", "fr"]),
    ("CH", 3970, 3970, &["de"]),
    ("CH", 3960, 3979, &["fr"]),
    ("CH", 3000, 6499, &["de"]),
    ("CH", 6500, 6999, &["it"]),
    ("CH", 7602, 7610, &["it"]),
    ("CH", 7710, 7748, &["it"]),
    ("CH", 7000, 9999, &["de"]),
    ("IT", 11_000, 11_999, &["it", "fr"]),
    ("IT", 39_000, 39_999, &["de", "it"]),
];

/// Returns the language of a person's notice, one of `offered`.
///
/// # Law
///
/// GDPR 12(1), WP260 par. 13; rule NT-2: intelligible to the person, so in the official language of where they work, by
/// region in Belgium, by canton in Switzerland; English alone only where it is official. Where two are official in one
/// place (Brussels, Biel, South Tyrol, Luxembourg), the language of the pages that speak of the person decides, else the
/// commonest there. Where no country is known, the language of those pages does, else the first one offered.
///
/// # Errors
///
/// [`Reason::NoLanguage`] where none of the place's official languages is offered.
///
/// # Examples
///
/// ```
/// use muster_gate::{Residence, notice_language};
/// let offered = ["de", "en", "fr", "nl"].map(str::to_owned);
/// let gent = Residence { country: Some("BE"), postcode: Some("9000"), ..Residence::default() };
/// assert_eq!(notice_language(&gent, &offered).ok(), Some("nl".to_owned()));
/// let lisbon = Residence { country: Some("PT"), page_lang: Some("en"), ..Residence::default() };
/// assert!(notice_language(&lisbon, &offered).is_err());
/// ```
pub fn notice_language(residence: &Residence<'_>, offered: &[String]) -> Result<String, Reason> {
    let known = |lang: &str| offered.iter().find(|known| known.as_str() == lang).cloned();
    let page_lang = residence.page_lang.map(primary);
    let Some(official) = official_languages(residence) else {
        let fallback = || offered.first().cloned();
        return page_lang.as_deref().and_then(known).or_else(fallback).ok_or(Reason::NoLanguage);
    };
    let spoken = official.iter().copied().find(|&lang| page_lang.as_deref() == Some(lang)).and_then(known);
    spoken.or_else(|| official.iter().copied().find_map(known)).ok_or(Reason::NoLanguage)
}

/// Returns the official languages of a place, the commonest first; `None` where no country is known.
fn official_languages(residence: &Residence<'_>) -> Option<&'static [&'static str]> {
    let whole = residence.country?.trim().to_ascii_uppercase();
    let (country, suffix) = whole.split_once('-').unwrap_or((whole.as_str(), ""));
    let region = residence.region.map(|region| region.trim().to_ascii_uppercase()).unwrap_or_default();
    let regions = [full_region(country, &region), full_region(country, suffix)];
    let by_postcode = by_postcode(country, residence.postcode);
    // The province of Liège holds the German-speaking municipalities; only the postal code tells them.
    let german = by_postcode.filter(|languages| *languages == ["de"] && country == "BE");
    let by_region = || regions.iter().find_map(|region| by_region(region));
    let by_country = || SEVERAL.iter().find(|(code, _)| *code == country).map(|(_, languages)| *languages);
    let single = || COUNTRIES.iter().find(|(_, codes)| holds(codes, country)).map_or(&[][..], |(lang, _)| one(lang));
    Some(german.or_else(by_region).or(by_postcode).or_else(by_country).unwrap_or_else(single))
}

fn full_region(country: &str, region: &str) -> String {
    if region.starts_with(&format!("{country}-")) { region.to_owned() } else { format!("{country}-{region}") }
}

fn by_region(region: &str) -> Option<&'static [&'static str]> {
    REGIONS.iter().find(|(_, codes)| holds(codes, region)).map(|(languages, _)| *languages)
}

fn by_postcode(country: &str, postcode: Option<&str>) -> Option<&'static [&'static str]> {
    let code: String = postcode?.trim().to_ascii_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    if country == "CA" {
        // Quebec has the letters G, H and J, New Brunswick has E.
        return match code.chars().next()? {
            'G' | 'H' | 'J' => Some(&["fr"]),
            'E' => Some(&["en", "fr"]),
            _ => None,
        };
    }
    let number = code.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('-');
    let length = if country == "IT" { 5 } else { 4 };
    let number: u32 = number.parse().ok().filter(|_| number.len() == length)?;
    let range = POSTCODES.iter().find(|(of, first, last, _)| *of == country && (*first..=*last).contains(&number));
    range.map(|(.., languages)| *languages)
}

fn holds(codes: &str, code: &str) -> bool {
    codes.split_whitespace().any(|known| known == code)
}

/// Makes a list of one language out of the table's own text.
fn one(lang: &'static str) -> &'static [&'static str] {
    const ALONE: &[&[&str]] = &[&["de"], &["en"], &["es"], &["fr"], &["it"], &["nl"], &["pl"]];
    ALONE.iter().copied().find(|list| list.first() == Some(&lang)).unwrap_or_default()
}

/// Returns the language of a tag such as `de-CH`.
fn primary(tag: &str) -> String {
    tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<String> {
        ["de", "en", "es", "fr", "it", "nl", "pl"].map(str::to_owned).to_vec()
    }

    /// `place` is a country or region, a slash, a postal code, a slash, a page language.
    #[track_caller]
    fn check(place: &str, expect: &str) {
        let mut parts = place.split('/').map(|part| Some(part).filter(|part| !part.is_empty()));
        let (country, postcode, page_lang) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
        let residence = Residence { country, region: None, postcode, page_lang };
        let found = notice_language(&residence, &all());
        assert_eq!(found.as_deref().unwrap_or("none"), expect, "{place}");
    }

    #[test]
    fn nt_2_a_country_with_one_official_language_is_told_in_it() {
        let rows = "AT=de DE=de LI=de FR=fr MC=fr IT=it SM=it ES=es MX=es AR=es NL=nl PL=pl";
        for (country, lang) in rows.split(' ').map(|row| row.split_once('=').unwrap()) {
            check(country, lang);
            check(&format!("{country}//en"), lang);
        }
    }

    #[test]
    fn nt_2_english_only_where_it_is_official() {
        for country in ["IE", "GB", "MT", "US", "CA", "AU", "NZ", "IN", "ZA", "SG", "gb"] {
            check(country, "en");
            check(&format!("{country}//de"), "en");
        }
        for country in ["DE", "FR", "SE", "PT", "JP", "CN", "CY", "DK", "BR", "XX"] {
            let residence = Residence { country: Some(country), page_lang: Some("en"), ..Residence::default() };
            assert_ne!(notice_language(&residence, &all()).as_deref(), Ok("en"), "{country}");
        }
    }

    #[test]
    fn nt_2_a_country_without_a_template_is_told_in_none() {
        for country in ["PT", "SE", "FI", "FI-01", "DK", "CZ", "GR", "HU", "BR", "JP", "TR", "NO"] {
            check(country, "none");
            check(&format!("{country}//en"), "none");
            check(&format!("{country}//de"), "none");
        }
    }

    #[test]
    fn nt_2_finland_is_told_in_finnish_or_swedish_once_there_are_templates() {
        let choose = |country, page_lang, offered: &[&str]| {
            let offered: Vec<String> = offered.iter().map(|&lang| lang.to_owned()).collect();
            notice_language(&Residence { country: Some(country), page_lang, ..Residence::default() }, &offered)
        };
        assert_eq!(choose("FI", Some("sv"), &["de", "fi", "sv"]).as_deref(), Ok("sv"));
        assert_eq!(choose("FI", Some("en"), &["en", "fi", "sv"]).as_deref(), Ok("fi"));
        assert_eq!(choose("FI-01", None, &["fi", "sv"]).as_deref(), Ok("sv"));
        assert_eq!(choose("FI", Some("sv"), &["de", "en"]), Err(Reason::NoLanguage));
    }

    #[test]
    fn nt_2_belgium_goes_by_region() {
        for (place, lang) in [
            ("BE-VLG", "nl"),
            ("BE-WAL", "fr"),
            ("BE-VLG//fr", "nl"),
            ("BE-WAL//nl", "fr"),
            ("BE-BRU", "fr"),
            ("BE-BRU//nl", "nl"),
            ("BE-BRU//en", "fr"),
            ("BE/1000", "fr"),
            ("BE/1050/nl", "nl"),
            ("BE/1348", "fr"),
            ("BE/1800", "nl"),
            ("BE/2000/fr", "nl"),
            ("BE/B-3000", "nl"),
            ("BE/4000", "fr"),
            ("BE/4700", "de"),
            ("BE-WAL/4780/fr", "de"),
            ("BE-WLG/4000", "fr"),
            ("BE/7000", "fr"),
            ("BE/9000", "nl"),
            ("BE", "nl"),
            ("BE//fr", "fr"),
            ("BE//de", "de"),
            ("BE//en", "nl"),
        ] {
            check(place, lang);
        }
    }

    #[test]
    fn nt_2_switzerland_goes_by_canton() {
        let german = "AG AI AR BL BS GL LU NW OW SG SH SO SZ TG UR ZG ZH BE GR";
        for (cantons, lang) in [(german, "de"), ("GE JU NE VD FR VS", "fr"), ("TI", "it")] {
            for canton in cantons.split(' ') {
                check(&format!("CH-{canton}"), lang);
                check(&format!("CH-{canton}//en"), lang);
            }
        }
        let bilingual =
            ["CH-BE//fr=fr", "CH-FR//de=de", "CH-VS//de=de", "CH-GR//it=it", "CH-BE//it=de", "CH-ZH//fr=de"];
        for (place, lang) in bilingual.map(|row| row.split_once('=').unwrap()) {
            check(place, lang);
        }
    }

    #[test]
    fn nt_2_swiss_postal_codes_tell_the_language_where_they_can() {
        let places = "1003=fr 1204=fr 1700=fr 1712=de 1950=fr 2000=fr 2502=de 2520=fr 2540=de 2740=fr 2800=fr 3011=de \
            3280=de 3900=de 3960=fr 3970=de 4051=de 5000=de 6003=de 6490=de 6500=it 6900=it 6535=it 7000=de 7605=it \
            7742=it 8001=de 9000=de CH-8001=de";
        for (code, lang) in places.split_whitespace().map(|row| row.split_once('=').unwrap()) {
            check(&format!("CH/{code}"), lang);
        }
        check("CH/2502/fr", "fr");
        check("CH/1700/de", "de");
        check("CH/8001/fr", "de");
        check("CH", "de");
        check("CH//fr-CH", "fr");
        check("CH//it", "it");
        check("CH//en", "de");
        check("CH/not a code/fr", "fr");
    }

    #[test]
    fn nt_2_luxembourg_south_tyrol_aosta_and_canada() {
        for (place, lang) in [
            ("LU", "fr"),
            ("LU//de", "de"),
            ("LU//en", "fr"),
            ("IT-BZ", "de"),
            ("IT/39100", "de"),
            ("IT/39100/it", "it"),
            ("IT/38122/de", "it"),
            ("IT/11100", "it"),
            ("IT/11100/fr", "fr"),
            ("CA-QC", "fr"),
            ("CA-QC//en", "fr"),
            ("CA/H2X 1Y4", "fr"),
            ("CA/M5V 2T6/fr", "en"),
            ("CA-NB//fr", "fr"),
        ] {
            check(place, lang);
        }
    }

    #[test]
    fn nt_2_a_region_of_its_own_column_counts_like_one_in_the_country() {
        for region in ["VLG", "BE-VLG", "be-vlg"] {
            let residence = Residence { country: Some("BE"), region: Some(region), ..Residence::default() };
            assert_eq!(notice_language(&residence, &all()).as_deref(), Ok("nl"), "{region}");
        }
    }

    #[test]
    fn nt_2_only_what_the_policy_offers_is_chosen() {
        let offered = ["fr".to_owned(), "en".to_owned()];
        let choose = |country, postcode, page_lang| {
            notice_language(&Residence { country, region: None, postcode, page_lang }, &offered)
        };
        assert_eq!(choose(Some("BE"), Some("9000"), None), Err(Reason::NoLanguage), "Flanders has no French");
        assert_eq!(choose(Some("BE"), Some("1000"), Some("nl")).as_deref(), Ok("fr"), "Brussels has both");
        assert_eq!(choose(Some("DE"), None, Some("en")), Err(Reason::NoLanguage));
        assert_eq!(choose(None, None, Some("en")).as_deref(), Ok("en"), "without a country the page speaks");
        assert_eq!(choose(None, None, Some("pl")).as_deref(), Ok("fr"), "else the first one offered");
        assert_eq!(notice_language(&Residence::default(), &[]), Err(Reason::NoLanguage));
    }

    #[test]
    fn no_country_stands_twice_and_every_list_is_known() {
        let mut seen = std::collections::BTreeSet::new();
        for (lang, codes) in COUNTRIES {
            assert_eq!(one(lang), [*lang]);
            assert!(codes.split_whitespace().all(|code| code.len() == 2 && seen.insert(code)), "{lang}");
        }
        for (country, _) in SEVERAL {
            assert!(seen.insert(country), "{country}");
        }
    }
}
