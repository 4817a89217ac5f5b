//! How a date may be written in a notice.
//!
//! Invariant: no form of a date is also a form of another date in the same language.

use jiff::civil::Date;

use super::words::Words;

/// Returns the forms of a date in a language: ISO 8601 always, else as the language writes it.
pub(super) fn forms(date: Date, words: &Words) -> Vec<String> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let index = usize::try_from(month - 1).unwrap_or_default();
    let name = words.months.get(index).map(String::as_str).unwrap_or_default();
    let mut forms = vec![date.to_string(), format!("{day} {name} {year}"), format!("{day:02} {name} {year}")];
    match words.lang {
        "de" | "pl" => forms.extend([
            format!("{day}.{month}.{year}"),
            format!("{day:02}.{month:02}.{year}"),
            format!("{day}. {month}. {year}"),
            format!("{day}. {name} {year}"),
            format!("{day:02}. {name} {year}"),
        ]),
        "en" => {
            let short: String = name.chars().take(3).collect();
            forms.extend([
                format!("{name} {day}, {year}"),
                format!("{day} {short} {year}"),
                format!("{day:02} {short} {year}"),
                format!("{day:02}/{month:02}/{year}"),
            ]);
        }
        _ => forms.extend([
            format!("{day} de {name} de {year}"),
            format!("{day:02}/{month:02}/{year}"),
            format!("{day}/{month}/{year}"),
            format!("{day:02}-{month:02}-{year}"),
            format!("{day}er {name} {year}"),
            format!("{day}° {name} {year}"),
        ]),
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_language_does() {
        let date = Date::constant(2026, 3, 2);
        for (lang, form) in [
            ("de", "2. März 2026"),
            ("de", "02.03.2026"),
            ("en", "2 March 2026"),
            ("en", "2026-03-02"),
            ("fr", "2 mars 2026"),
            ("es", "2 de marzo de 2026"),
            ("it", "02/03/2026"),
            ("nl", "2 maart 2026"),
            ("pl", "2 marca 2026"),
        ] {
            assert!(forms(date, Words::of(lang).unwrap()).contains(&form.to_owned()), "{lang}: {form}");
        }
    }
}
