//! Which language a passage is in, by its small words.
//!
//! Names, addresses and quoted data say nothing about the language of a notice: the caller takes them out.
//!
//! Invariant: a passage without small words is in no language, so it is no defect.

const STOP_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "of", "to", "for", "with", "you", "your", "we", "our", "is", "are", "this", "that", "which",
            "not", "have", "on", "by", "from", "or", "be", "it", "as", "can", "any", "where", "when", "will", "about",
            "has", "been", "at", "their", "they", "them", "these", "there", "if", "do", "does", "who", "what", "how",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "oder", "ist", "sind", "wir", "sie", "ihre", "ihrer", "ihren", "ihnen", "uns",
            "unser", "unsere", "unserer", "nicht", "für", "mit", "von", "vom", "zu", "zur", "zum", "auf", "aus", "bei",
            "den", "dem", "des", "ein", "eine", "einer", "eines", "einem", "einen", "werden", "wird", "haben", "kann",
            "können", "über", "nach", "dass", "diese", "dieser", "diesem", "im", "am", "an", "auch", "als", "wenn",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "des", "et", "ou", "est", "sont", "nous", "vous", "vos", "votre", "notre", "nos", "pas",
            "pour", "avec", "dans", "que", "qui", "une", "un", "du", "au", "aux", "sur", "ces", "cette", "être",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "y", "o", "es", "son", "usted", "sus", "su", "nuestro", "nuestra", "no", "para",
            "con", "en", "que", "una", "un", "del", "al", "por", "como", "este", "esta", "estos", "puede",
        ],
    ),
    (
        "it",
        &[
            "il", "lo", "gli", "le", "e", "o", "è", "sono", "voi", "suoi", "suo", "nostro", "nostra", "non", "per",
            "con", "nel", "che", "una", "un", "del", "della", "dei", "delle", "al", "alla", "questo", "può",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "en", "of", "is", "zijn", "wij", "u", "uw", "onze", "ons", "niet", "voor", "met",
            "van", "op", "dat", "die", "aan", "bij", "naar", "worden", "wordt", "kunt", "deze", "dit", "hebben", "om",
        ],
    ),
    (
        "pl",
        &[
            "i", "lub", "jest", "są", "nie", "dla", "na", "w", "z", "do", "że", "się", "oraz", "przez", "państwa",
            "pani", "pana", "nasz", "nasze", "od", "po", "który", "które", "może", "tych", "tego", "dane",
        ],
    ),
];

/// Fewest words of a passage that a language can be told from.
const WORDS_MIN: usize = 8;

/// Returns the language that a passage is in instead of `target`, where that is plain.
pub(super) fn foreign(passage: &str, target: &str) -> Option<&'static str> {
    let words: Vec<String> = passage
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_lowercase)
        .collect();
    if words.len() < WORDS_MIN {
        return None;
    }
    let list = |lang: &str| STOP_WORDS.iter().find(|(known, _)| *known == lang).map_or(&[][..], |(_, list)| list);
    let own = list(target);
    let at_home = words.iter().filter(|word| own.contains(&word.as_str())).count();
    let count = |other: &[&str]| {
        words.iter().filter(|word| other.contains(&word.as_str()) && !own.contains(&word.as_str())).count()
    };
    let others = STOP_WORDS.iter().filter(|(lang, _)| *lang != target).map(|(lang, list)| (count(list), *lang));
    let (away, lang) = others.max_by_key(|&(count, _)| count)?;
    (away >= 3 && away > at_home || away >= 2 && at_home == 0).then_some(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_of_another_language_is_told() {
        let english = "We keep the data for 24 months, counted from the day on which they were first collected.";
        let german = "Wir speichern die Daten 24 Monate lang, gerechnet von dem Tag, an dem sie erhoben wurden.";
        let french = "Nous conservons les données pendant 24 mois à compter de la date de leur collecte.";
        assert_eq!(foreign(english, "en"), None);
        assert_eq!(foreign(english, "de"), Some("en"));
        assert_eq!(foreign(german, "de"), None);
        assert_eq!(foreign(german, "en"), Some("de"));
        assert_eq!(foreign(french, "en"), Some("fr"));
        assert_eq!(foreign(french, "de"), Some("fr"));
    }

    #[test]
    fn a_short_or_nameless_passage_is_in_no_language() {
        assert_eq!(foreign("Marketing Services Europe", "de"), None);
        assert_eq!(foreign("Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota", "de"), None);
    }
}
