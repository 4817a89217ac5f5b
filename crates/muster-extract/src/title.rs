//! Whether a text is a job title, and which part of it.
//!
//! A title is short and no sentence. Known titles hold a word that names a role; what merely stands where titles stand
//! is plausible, and the caller decides by its place.
//!
//! Invariant: a range that is returned is one line's own words, never a story behind them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::draft::trim_range;
use crate::words::{fold, folded_words, is_field_word, is_role_word};

/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 110;

/// Most words of a title that no known word supports.
const PLAUSIBLE_WORDS_MAX: usize = 6;

/// How sure it is that a text is a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TitleStrength {
    /// It could be one by its shape.
    Plausible,
    /// It begins with the name of a department or field.
    Field,
    /// It holds a word that names a role.
    Known,
}

/// Words of sentences; a title holds none of them.
const SENTENCE_WORDS: &[&str] = &[
    "is",
    "was",
    "has",
    "have",
    "he",
    "she",
    "they",
    "we",
    "you",
    "your",
    "ist",
    "war",
    "hat",
    "sind",
    "wird",
    "er",
    "sie",
    "ich",
    "ihr",
    "wir",
    "est",
    "nous",
    "vous",
    "elle",
    "il",
    "who",
    "born",
    "geboren",
    "nee",
    "ne",
    "liebt",
    "loves",
    "lives",
    "lebt",
    "since",
    "seit",
    "joined",
    "worked",
    "studied",
    "studierte",
    "arbeitet",
    "works",
    "leads",
    "helps",
    "her",
    "his",
    "our",
    "unsere",
    "notre",
    "dass",
    "wie",
    "oben",
    "siehe",
    "anschrift",
    "above",
    "below",
    "ebenda",
    "that",
    "bitte",
    "please",
    "es",
    "jest",
    "sono",
];

/// Words that name a channel or a place; a line that begins with one is no title.
const LABEL_WORDS: &[&str] = &[
    "telefon",
    "tel",
    "telephone",
    "phone",
    "mobil",
    "mobile",
    "handy",
    "fax",
    "telefax",
    "mail",
    "email",
    "e",
    "web",
    "website",
    "internet",
    "adresse",
    "address",
    "kontakt",
    "contact",
    "linkedin",
    "xing",
    "twitter",
    "facebook",
    "instagram",
    "github",
    "vcard",
    "telefono",
    "telefoon",
    "courriel",
    "correo",
    "profil",
    "profile",
    "sprechzeiten",
    "raum",
    "room",
    "biography",
    "bio",
    "lebenslauf",
    "mehr",
    "more",
    "read",
    "weiterlesen",
    "download",
];

/// Takes the label off (`Position: Buyer`), and what stands behind the title (`Buyer | Tel. 123`).
pub(crate) fn title_range(text: &str, range: Range<usize>) -> Range<usize> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\s*(?:position|funktion|function|rolle|role|job ?title|title|titel|beruf|tätigkeit|aufgabe|aufgabengebiet|bereich|abteilung|department|zuständig(?:keit)?(?: für)?|fonction|poste|cargo|puesto|ruolo|functie|stanowisko|qualifikation)\s*:\s*",
        )
        .expect("the pattern is valid")
    });
    static END: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\s*(?:[|·•;,–—-]\s*)?(?:\b(?:tel|telefon|phone|ph|fon|fax|mobil|mobile|handy|e-?mail|mail|t|m|f|tél|téléphone|courriel|durchwahl|dw|teléfono|correo)\s*[.:]|☎|✆|✉|[|•·]|\s[–—-]\s*$|\+?\(?\d[\d\s()/.-]{6,}|\S+@\S+)",
        )
        .expect("the pattern is valid")
    });
    let mut range = trim_range(text, range);
    if let Some(label) = text.get(range.clone()).and_then(|part| LABEL.find(part)) {
        range.start += label.end();
    }
    // A date is no number to call: it stays where it stands, for the gate to cut with the words that belong to it.
    let is_date = |found: &str| {
        let parts: Vec<&str> = found.trim().split(['.', '/', '-']).collect();
        parts.len() == 3
            && parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let end = text.get(range.clone()).and_then(|part| END.find_iter(part).find(|found| !is_date(found.as_str())));
    if let Some(end) = end {
        range.end = range.start + end.start();
    }
    let part = text.get(range.clone()).unwrap_or_default();
    let start =
        range.start + (part.len() - part.trim_start_matches([' ', ',', '-', '–', '—', ':', '|', '·', '/', '•']).len());
    let kept = text.get(start..range.end).unwrap_or_default();
    let mut kept = kept.trim_end_matches([' ', ',', ':', '|', '·', '/', '–', '—', ';', '•']);
    // A full stop ends the line, unless it belongs to a short form such as `Inc.` or `Dipl.-Ing.`.
    let last_word = kept.rsplit(' ').next().unwrap_or_default();
    if last_word.chars().filter(|c| c.is_alphabetic()).count() > 4 && !last_word.trim_end_matches('.').contains('.') {
        kept = kept.trim_end_matches('.');
    }
    start..(start + kept.len()).max(start)
}

/// Says how sure it is that a text is a title; nothing where it cannot be one.
pub(crate) fn title_strength(text: &str) -> Option<TitleStrength> {
    let text = text.trim();
    let first = text.chars().next()?;
    if !first.is_alphabetic()
        || text.chars().count() > TITLE_CHARS_MAX
        || text.contains(['@', '?', '!', '{', '„', '“', '"', '«', '='])
    {
        return None;
    }
    let words = folded_words(text);
    let has_digit_words = words.iter().filter(|word| word.bytes().any(|byte| byte.is_ascii_digit())).count();
    // A year or a percentage may stand beside a title, in brackets; a sentence may not.
    let outside_brackets = text.split('(').next().unwrap_or_default();
    let is_label = words.first().is_some_and(|word| LABEL_WORDS.contains(&word.as_str()));
    let sentence = folded_words(outside_brackets).iter().any(|word| SENTENCE_WORDS.contains(&word.as_str()))
        || is_sentence(outside_brackets);
    if words.is_empty() || words.len() > 14 || is_label || sentence || has_digit_words > 5 {
        return None;
    }
    if is_known(text) {
        return Some(TitleStrength::Known);
    }
    if words.first().is_some_and(|word| is_field_word(word)) || words.last().is_some_and(|word| is_field_word(word)) {
        return Some(TitleStrength::Field);
    }
    let plain = words.len() <= PLAUSIBLE_WORDS_MAX
        && has_digit_words == 0
        && !text.ends_with(['.', ':', '…', '›', '»'])
        && !text.contains(['/', '…', '©', '€', '$', '%']);
    let cased = first.is_uppercase() && text.chars().any(char::is_lowercase);
    (plain && cased).then_some(TitleStrength::Plausible)
}

fn is_sentence(text: &str) -> bool {
    let stops = text.trim_end().strip_suffix('.').is_some_and(|body| body.split_whitespace().count() > 4);
    let inner = text.match_indices(". ").any(|(at, _)| {
        // `Dipl. Ing.` and `Sr. Engineer` hold abbreviations, not sentence ends.
        text.get(..at).and_then(|before| before.split_whitespace().last()).is_some_and(|word| word.chars().count() > 5)
    });
    stops || inner
}

/// Returns whether a text holds a word that names a role.
pub(crate) fn is_known(text: &str) -> bool {
    let words: Vec<String> = fold(text)
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .flat_map(|word| std::iter::once(word.to_owned()).chain(word.split(['-', '\'']).map(str::to_owned)))
        .filter(|word| word.len() > 1)
        .collect();
    words.iter().any(|word| is_role_word(word))
}

/// Finds a title that stands before a name without a sign between them, as in `Projektleiter Clemens Wurzinger`;
/// returns the byte where the name may begin.
pub(crate) fn leading_title(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut found = false;
    for word in text.split_inclusive(' ').take(5) {
        let folded = fold(word.trim());
        let connects = found
            && matches!(folded.as_str(), "of" | "de" | "du" | "der" | "des" | "&" | "and" | "und" | "for" | "für");
        if !is_role_word(folded.trim_end_matches(['.', ':'])) && !connects {
            break;
        }
        found = true;
        end += word.len();
    }
    (found && end < text.len()).then_some(end)
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[test]
    fn titles_with_a_word_of_a_role_are_known() {
        for title in [
            "Head of Women’s Health Analytics",
            "Leiterin Vertrieb",
            "Geschäftsführerin",
            "Directeur des études",
            "Werkstattleiter",
            "Sr. Sales Engineer",
            "Gérante",
            "chargés de mission à la direction",
            "Vice President, Engineering",
            "Projektleiter Stetigförderer",
            "Leiter Konstruktion, geb. 22.09.1966",
            "Presidenta",
            "Kierownik sprzedaży",
            "Hoofd verkoop",
            "Responsabile acquisti",
            "PhD Student",
            "Chair of Process Engineering",
            "Backend-Entwickler",
            "Partner, Rural Valuation (aged sixty-one)",
            "IT-Administrator",
        ] {
            assert_eq!(title_strength(title), Some(TitleStrength::Known), "{title}");
        }
    }

    #[test]
    fn stories_and_contacts_are_no_titles() {
        for text in [
            "Annika has sold sorters to nineteen airports.",
            "Informatikerin, Mutter von Zwillingen und praktizierende Quäkerin. Liebt kurze Besprechungen.",
            "sie leitet den Vertrieb",
            "info@firma.example",
            "+49 30 1234567",
            "",
            "Frau Brandl, geboren am 14.03.1971 in Temirbulak, ist seit 1998 im Haus.",
            "Derzeit in Bildungskarenz.",
            "Wer sind wir?",
        ] {
            let known = title_strength(text) == Some(TitleStrength::Known);
            assert!(!known, "{text}");
        }
        for field in [
            "Innendienst Romandie",
            "Vertrieb Süd",
            "Investor Relations",
            "People & Culture",
            "Buchhaltung",
            "Vertriebsinnendienst (schwerbehindert, GdB 60)",
        ] {
            assert_eq!(title_strength(field), Some(TitleStrength::Field), "{field}");
        }
        assert_eq!(title_strength("Blue Widget"), Some(TitleStrength::Plausible));
    }

    #[test]
    fn labels_and_contacts_around_a_title_are_cut() {
        let cut = |text: &str| text[title_range(text, 0..text.len())].to_owned();
        assert_eq!(cut("Position: Buyer"), "Buyer");
        assert_eq!(cut(", Head of Sales | Tel.: 030 1"), "Head of Sales");
        assert_eq!(cut("Leitung Einkauf, Telefon: 030 123"), "Leitung Einkauf");
        assert_eq!(cut("Director, Diabetes Sensors"), "Director, Diabetes Sensors");
        assert_eq!(cut("After-Sales, a@b.example"), "After-Sales");
    }

    #[test]
    fn a_title_before_a_name_is_stepped_over() {
        let text = "Projektleiter Clemens Wurzinger";
        assert_eq!(&text[leading_title(text).unwrap()..], "Clemens Wurzinger");
        assert_eq!(leading_title("Clemens Wurzinger"), None);
        assert_eq!(leading_title("Direktor"), None);
    }
}
