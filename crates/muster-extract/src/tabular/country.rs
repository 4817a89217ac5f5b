//! What people write into a country column, to ISO 3166-1 alpha-2.
//!
//! Names are a table in `countries.txt`. A code of two letters that the table does not hold passes if ISO has it.
//!
//! Invariant: the answer is two capital letters; what is not understood gives none, never a guess.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::label::label_key;

/// Every code of ISO 3166-1 alpha-2, and `XK`, in one string of pairs.
const CODES: &str = "\
ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ\
DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJM\
JOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONP\
NRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTO\
TRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

static NAMES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|');
        let Some(code) = parts.next() else { continue };
        names.extend(parts.map(|name| (label_key(name), code)));
    }
    names
});

/// Returns the code of a country written as a name, a code of ISO, or a code as on cars.
pub(super) fn country_code(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    let upper = text.to_uppercase();
    let is_code = upper.len() == 2 && CODES.as_bytes().chunks(2).any(|code| code == upper.as_bytes());
    if is_code {
        return Some(upper);
    }
    NAMES.get(&label_key(text)).map(|&code| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_in_three_languages_give_the_iso_code() {
        for (written, code) in [
            ("Deutschland", "DE"),
            ("D", "DE"),
            ("de", "DE"),
            ("GERMANY", "DE"),
            ("Allemagne", "DE"),
            ("Österreich", "AT"),
            ("Oesterreich", "AT"),
            ("OSTERREICH", "AT"),
            ("A", "AT"),
            ("Schweiz", "CH"),
            ("Suisse", "CH"),
            ("UK", "GB"),
            ("U.K.", "GB"),
            ("United Kingdom ", "GB"),
            ("U.S.A.", "US"),
            ("États-Unis", "US"),
            ("EL", "GR"),
            ("FL", "LI"),
            ("FRA", "FR"),
            ("br", "BR"),
        ] {
            assert_eq!(country_code(written).as_deref(), Some(code), "{written}");
        }
    }

    #[test]
    fn what_is_no_country_gives_none() {
        for written in ["", "ZZ", "Bayern", "Mü", "Europe", "12", "-", "\u{fffd}"] {
            assert_eq!(country_code(written), None, "{written}");
        }
    }

    #[test]
    fn every_code_of_the_table_is_one_of_iso() {
        assert_eq!(CODES.len(), 2 * 250);
        for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
            let code = line.split('|').next().unwrap();
            assert_eq!(country_code(code).as_deref(), Some(code));
        }
    }
}
