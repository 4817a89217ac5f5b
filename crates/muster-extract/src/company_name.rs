//! Names of companies by their legal form, and texts that look like an organisation's name without one.
//!
//! Invariant: a name that is found holds a word beside its legal form.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::words::{fold, folded_words, has_organization_word, is_role_word};

/// Most words of a company's name, legal form aside.
const WORDS_MAX: usize = 10;

/// Legal forms, longest first; the case of the short ones matters.
const FORMS: &str = r"(?:UG \(haftungsbeschränkt\) ?& ?Co\. ?KG|GmbH ?& ?Co\.? ?KGaA|GmbH ?& ?Co\.? ?KG|GmbH ?& ?Co\.? ?OHG|GmbH u\. ?Co\.? ?KG|AG ?& ?Co\.? ?KG(?:aA)?|SE ?& ?Co\.? ?KG(?:aA)?|Ltd\.? ?& ?Co\.? ?KG|UG ?\(haftungsbeschränkt\)|gemeinnützige GmbH|gGmbH|gUG|mbH ?& ?Co\.? ?KG|G?mbH|GesmbH|Ges\.m\.b\.H\.?|KGaA|e\. ?V\.|e\. ?G\.|e\. ?K\.|e\. ?Kfm\.|e\. ?Kfr\.|e\. ?U\.|eG|eV|PartG ?mbB|PartGmbB|PartG|OHG|GbR|UG|KG|AG|SE|Pty\.? Ltd\.?|Co\.?,? Ltd\.?|Pvt\.? Ltd\.?|Limited|Ltd\.?|LLP|L\.L\.P\.|LLC|L\.L\.C\.|PLC|plc|CIC|Incorporated|Inc\.?|Corporation|Corp\.|Co\.|SASU|SAS|S\.A\.S\.?|SARL|S\.A\.R\.L\.?|S\.à ?r\.l\.|Sàrl|EURL|SCOP|SCI|SNC|SA|S\.A\.|S\.r\.l\.s?|S\.R\.L\.|Srl|SRL|S\.p\.A\.|SpA|S\.n\.c\.|S\.a\.s\.|B\.V\.|BV|N\.V\.|NV|V\.O\.F\.|VOF|S\.L\.U?\.?|SLU|SL|S\.A\.U\.|Sp\. z o\. ?o\.|sp\. z o\. ?o\.|Sp\.k\.|S\.K\.A\.|Oyj?|AB|A/S|ApS|ASA|AS|Kft\.|Zrt\.|s\.r\.o\.|a\.s\.|d\.o\.o\.|Lda\.?|OÜ)";

/// A company's name inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CompanyName {
    /// The whole name, legal form included.
    pub(crate) range: Range<usize>,
    /// The legal form.
    pub(crate) form: Range<usize>,
}

fn forms() -> &'static Regex {
    static FORMS_AT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"[ ,\u{{a0}}]({FORMS})(?:$|[^\p{{L}}\p{{N}}])")).expect("the pattern is valid")
    });
    &FORMS_AT
}

/// Finds every name with a legal form in a text.
pub(crate) fn find_companies(text: &str) -> Vec<CompanyName> {
    let mut found: Vec<CompanyName> = Vec::new();
    let mut from = 0;
    while let Some(captures) = text.get(from..).and_then(|rest| forms().captures(rest)) {
        let Some(form) = captures.get(1) else { break };
        let form = from + form.start()..from + form.end();
        let floor = found.last().map_or(0, |company| company.range.end);
        from = form.end;
        if let Some(start) = name_start(text, floor, form.start) {
            match found.last_mut() {
                // `Müller GmbH & Co. KG` read in two steps, or `GmbH` with a form behind it.
                Some(last)
                    if last.range.end + 1 >= start
                        && last.range.start <= start
                        && start < last.range.end + 2
                        && floor > 0
                        && text.get(floor..form.start).is_some_and(|gap| gap.trim().is_empty()) =>
                {
                    last.range.end = form.end;
                    last.form.end = form.end;
                }
                _ => found.push(CompanyName { range: start..form.end, form }),
            }
        }
    }
    found
}

/// Finds the first name with a legal form.
pub(crate) fn find_company(text: &str) -> Option<CompanyName> {
    find_companies(text).into_iter().next()
}

/// Walks back from a legal form over the words of the name.
fn name_start(text: &str, floor: usize, form_start: usize) -> Option<usize> {
    let before = text.get(floor..form_start)?.trim_end_matches([' ', ',', '\u{a0}']);
    let mut start = before.len();
    let mut kept = None;
    for _ in 0..WORDS_MAX {
        let head = before.get(..start)?;
        let word_start = head
            .trim_end()
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        let word = head.get(word_start..)?.trim();
        let first_word = kept.is_none();
        if word.is_empty() || (!first_word && ends_phrase(word)) {
            break;
        }
        let bare = word.trim_start_matches(['(', '„', '"', '“', '«', '‚']);
        if is_year(bare) || matches!(bare, "©" | "(c)" | "(C)" | "–" | "-" | "—" | "|" | "·" | "•") {
            break;
        }
        if bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            kept = Some(word_start + (word.len() - bare.len()));
        } else if first_word && word_start == 0 && !is_connector(bare) {
            // A firm that writes itself in small letters, alone in its line.
            kept = Some(word_start);
        } else if first_word || !is_connector(bare) {
            break;
        }
        if word_start == 0 {
            break;
        }
        start = word_start;
    }
    let start = skip_articles(before, kept?);
    let has_letter = before.get(start..)?.contains(char::is_alphabetic);
    has_letter.then_some(floor + start)
}

fn ends_phrase(word: &str) -> bool {
    word.ends_with([':', ';', ',', '|', '!', '?', '©', ')'])
        || (word.ends_with('.') && word.chars().count() > 4 && !word.trim_end_matches('.').contains('.'))
}

fn is_year(word: &str) -> bool {
    let digits = word.trim_end_matches(['-', '–', ',']);
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.starts_with(['1', '2']))
        || (digits.len() == 9 && digits.bytes().filter(u8::is_ascii_digit).count() == 8)
}

fn is_connector(word: &str) -> bool {
    matches!(
        word,
        "&" | "+"
            | "und"
            | "and"
            | "et"
            | "y"
            | "e"
            | "i"
            | "of"
            | "the"
            | "de"
            | "du"
            | "des"
            | "d'"
            | "la"
            | "le"
            | "les"
            | "del"
            | "für"
            | "for"
            | "der"
            | "von"
            | "van"
            | "zu"
            | "zur"
            | "u."
            | "-"
            | "im"
            | "in"
            | "am"
            | "en"
            | "pour"
            | "per"
            | "voor"
            | "mbH"
    )
}

/// Drops what stands before the name itself: `Die Donaulicht Energie AG`, `Firma Muster GmbH`.
fn skip_articles(text: &str, start: usize) -> usize {
    let mut start = start;
    while let Some(rest) = text.get(start..) {
        let Some((word, tail)) = rest.split_once(' ') else { break };
        let skipped = [
            "die",
            "der",
            "das",
            "den",
            "dem",
            "firma",
            "copyright",
            "über",
            "about",
            "la",
            "le",
            "by",
            "bei",
            "at",
            "gerichtsstand",
            "anbieter",
            "betreiber",
            "impressum",
            "herausgeber",
            "the",
            "of",
            "und",
            "and",
        ];
        if !skipped.contains(&fold(word).as_str())
            || !tail.contains(char::is_alphabetic)
            || (fold(word) == "the" && word == "The")
        {
            break;
        }
        start += word.len() + 1;
    }
    start
}

/// Returns whether a whole text is an organisation's name: it ends in a legal form, or holds a word such as `University`.
pub(crate) fn is_organization(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    if words > WORDS_MAX || text.ends_with('.') && words > 6 {
        return false;
    }
    if text.contains(['@', ':']) {
        return false;
    }
    let names_role = folded_words(text).iter().any(|word| is_role_word(word));
    find_company(text).is_some_and(|company| company.range.end == text.len() && company.range.start == 0)
        || (has_organization_word(text) && !names_role && text.starts_with(char::is_uppercase))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, &str)]) {
        let found = find_companies(text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|company| (&text[company.range.clone()], &text[company.form.clone()])).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn names_end_with_their_legal_form() {
        check("Mühlbauer Metallbau GmbH", &[("Mühlbauer Metallbau GmbH", "GmbH")]);
        check(
            "© 2004-2026 Petersen & Söhne Hafentechnik GmbH & Co. KG, Am Alten Elbkai 14",
            &[("Petersen & Söhne Hafentechnik GmbH & Co. KG", "GmbH & Co. KG")],
        );
        check("© 2026 Northlight Instruments, Inc. 1420 Tidewater Avenue", &[("Northlight Instruments, Inc.", "Inc.")]);
        check("Logistik-Verbund Spree e. V. · Köpenicker", &[("Logistik-Verbund Spree e. V.", "e. V.")]);
        check("PackTec Forum is organised by PackTec Events Ltd, 3 Skein Yard", &[("PackTec Events Ltd", "Ltd")]);
        check("Die Donaulicht Energie AG ist ein Versorger", &[("Donaulicht Energie AG", "AG")]);
        check("Nuage Clair SAS, 2 allée du Ponant", &[("Nuage Clair SAS", "SAS")]);
        check(
            "Impressum: A. Muster UG (haftungsbeschränkt)",
            &[("A. Muster UG (haftungsbeschränkt)", "UG (haftungsbeschränkt)")],
        );
        check("Alfa Beta Sp. z o.o., ul. Prosta 1", &[("Alfa Beta Sp. z o.o.", "Sp. z o.o.")]);
    }

    #[test]
    fn two_firms_in_one_line_are_two() {
        check("Nord Eins GmbH und Süd Zwei AG", &[("Nord Eins GmbH", "GmbH"), ("Süd Zwei AG", "AG")]);
    }

    #[test]
    fn words_that_only_look_like_a_form_are_none() {
        check("Dienstag AG", &[("Dienstag AG", "AG")]);
        check("GmbH", &[]);
        check("We sell as a team in SE London", &[]);
        check("the AGB", &[]);
    }

    #[test]
    fn organizations_without_a_form_are_known_by_a_word() {
        assert!(
            is_organization("Port of Zandhove")
                && is_organization("The University of Northmere")
                && is_organization("Holmvik Cartons AB")
        );
        assert!(
            !is_organization("Head of Sales")
                && !is_organization("Office Manager")
                && !is_organization("E a@energie.example")
                && !is_organization("Dalia Ferencz")
        );
    }
}
