//! Dates, periods and articles as each language writes them.
//!
//! Sentences are the templates'; here are the few words that change with a number.
//!
//! Invariant: a language that has no rule here is written as English, which the linter then refuses.

use jiff::civil::Date;

const MONTHS: [(&str, [&str; 12]); 7] = [
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "de",
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ),
    (
        "fr",
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    ),
    (
        "es",
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    ),
    (
        "it",
        [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
    ),
    (
        "nl",
        [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
    ),
    (
        "pl",
        [
            "stycznia",
            "lutego",
            "marca",
            "kwietnia",
            "maja",
            "czerwca",
            "lipca",
            "sierpnia",
            "września",
            "października",
            "listopada",
            "grudnia",
        ],
    ),
];

/// Writes a date out: `2 March 2026`, `2. März 2026`, `1er mars 2026`, `2 de marzo de 2026`, `2 marca 2026 r.`.
pub(crate) fn date_text(date: Date, lang: &str) -> String {
    let (year, day) = (date.year(), date.day());
    let names = MONTHS.iter().find(|(known, _)| *known == lang).or(MONTHS.first()).map(|(_, names)| names);
    let index = usize::try_from(date.month() - 1).unwrap_or_default();
    let month = names.and_then(|names| names.get(index)).copied().unwrap_or_default();
    match (lang, day) {
        ("de", _) => format!("{day}. {month} {year}"),
        ("es", _) => format!("{day} de {month} de {year}"),
        ("fr", 1) => format!("1er {month} {year}"),
        ("it", 1) => format!("1º {month} {year}"),
        ("pl", _) => format!("{day} {month} {year} r."),
        _ => format!("{day} {month} {year}"),
    }
}

/// Writes a number of months with the noun in the form that the number asks for, in the accusative where that differs.
/// Returns what a reference is called.
pub(crate) fn reference_text(lang: &str) -> String {
    let word = match lang {
        "de" => "Referenz:",
        "es" => "Referencia:",
        "fr" => "Référence :",
        "it" => "Riferimento:",
        "nl" => "Referentie:",
        "pl" => "Numer referencyjny:",
        _ => "Reference:",
    };
    word.to_owned()
}

pub(crate) fn months_text(months: i32, lang: &str) -> String {
    let noun = match (lang, months) {
        ("de", 1) => "Monat",
        ("de", _) => "Monate",
        ("es", 1) => "mes",
        ("es", _) => "meses",
        ("fr", _) => "mois",
        ("it", 1) => "mese",
        ("it", _) => "mesi",
        ("nl", 1) => "maand",
        ("nl", _) => "maanden",
        ("pl", 1) => "miesiąc",
        ("pl", _) if (2..=4).contains(&(months % 10)) && !(12..=14).contains(&(months % 100)) => "miesiące",
        ("pl", _) => "miesięcy",
        (_, 1) => "month",
        _ => "months",
    };
    format!("{months} {noun}")
}

/// Writes `6(1)(f)` as the language cites it.
pub(crate) fn article_text(basis: &str, lang: &str) -> String {
    let parts: Vec<&str> = basis.split(['(', ')']).filter(|part| !part.is_empty()).collect();
    let [article, paragraph, letter] = parts.as_slice() else { return format!("{basis} GDPR") };
    match lang {
        "de" => format!("Art. {article} Abs. {paragraph} lit. {letter} DSGVO"),
        "es" => format!("artículo {article}, apartado {paragraph}, letra {letter}), del RGPD"),
        "fr" => format!("article {article}, paragraphe {paragraph}, point {letter}), du RGPD"),
        "it" => format!("articolo {article}, paragrafo {paragraph}, lettera {letter}), del GDPR"),
        "nl" => format!("artikel {article}, lid {paragraph}, onder {letter}), AVG"),
        "pl" => format!("art. {article} ust. {paragraph} lit. {letter} RODO"),
        _ => format!("Article {article}({paragraph})({letter}) GDPR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_language_does() {
        let date = Date::constant(2026, 3, 1);
        for (lang, expect) in [
            ("en", "1 March 2026"),
            ("de", "1. März 2026"),
            ("fr", "1er mars 2026"),
            ("es", "1 de marzo de 2026"),
            ("it", "1º marzo 2026"),
            ("nl", "1 maart 2026"),
            ("pl", "1 marca 2026 r."),
        ] {
            assert_eq!(date_text(date, lang), expect);
        }
        assert_eq!(date_text(Date::constant(2026, 8, 20), "fr"), "20 août 2026");
        assert_eq!(date_text(Date::constant(2026, 12, 31), "it"), "31 dicembre 2026");
    }

    #[test]
    fn months_have_the_plural_of_their_number() {
        for (months, expect) in [
            (1, "1 miesiąc"),
            (2, "2 miesiące"),
            (5, "5 miesięcy"),
            (12, "12 miesięcy"),
            (13, "13 miesięcy"),
            (18, "18 miesięcy"),
            (21, "21 miesięcy"),
            (22, "22 miesiące"),
            (24, "24 miesiące"),
            (25, "25 miesięcy"),
            (36, "36 miesięcy"),
        ] {
            assert_eq!(months_text(months, "pl"), expect);
        }
        let of_one = ["en", "de", "fr", "es", "it", "nl"].map(|lang| months_text(1, lang));
        assert_eq!(of_one, ["1 month", "1 Monat", "1 mois", "1 mes", "1 mese", "1 maand"]);
        let of_many = ["en", "de", "fr", "es", "it", "nl"].map(|lang| months_text(24, lang));
        assert_eq!(of_many, ["24 months", "24 Monate", "24 mois", "24 meses", "24 mesi", "24 maanden"]);
    }

    #[test]
    fn the_basis_is_cited_as_the_language_does() {
        for (lang, expect) in [
            ("en", "Article 6(1)(f) GDPR"),
            ("de", "Art. 6 Abs. 1 lit. f DSGVO"),
            ("fr", "article 6, paragraphe 1, point f), du RGPD"),
            ("es", "artículo 6, apartado 1, letra f), del RGPD"),
            ("it", "articolo 6, paragrafo 1, lettera f), del GDPR"),
            ("nl", "artikel 6, lid 1, onder f), AVG"),
            ("pl", "art. 6 ust. 1 lit. f RODO"),
        ] {
            assert_eq!(article_text("6(1)(f)", lang), expect);
        }
    }
}
