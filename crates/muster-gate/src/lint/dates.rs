//! How a date may be written in a notice.
//!
//! Invariant: no form of a date is also a form of another date in the same language.

use jiff::civil::Date;

const ENGLISH: [&str; 12] = [
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
];
const GERMAN: [&str; 12] = [
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
];

/// Returns the forms of a date in a language: ISO 8601 always, else as the language writes it.
pub(super) fn forms(date: Date, lang: &str) -> Vec<String> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let name = |names: &[&'static str; 12]| {
        usize::try_from(month - 1).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
    };
    let mut forms = vec![date.to_string()];
    if lang == "de" {
        let month_name = name(&GERMAN);
        forms.extend([
            format!("{day}.{month}.{year}"),
            format!("{day:02}.{month:02}.{year}"),
            format!("{day}. {month}. {year}"),
            format!("{day}. {month_name} {year}"),
            format!("{day:02}. {month_name} {year}"),
        ]);
    } else {
        let month_name = name(&ENGLISH);
        let short = month_name.get(..3).unwrap_or(month_name);
        forms.extend([
            format!("{day} {month_name} {year}"),
            format!("{day:02} {month_name} {year}"),
            format!("{month_name} {day}, {year}"),
            format!("{day} {short} {year}"),
            format!("{day:02} {short} {year}"),
            format!("{day:02}/{month:02}/{year}"),
        ]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_its_language_does() {
        let date = Date::constant(2026, 3, 2);
        let german = forms(date, "de");
        assert!(german.contains(&"2. März 2026".to_owned()) && german.contains(&"02.03.2026".to_owned()));
        let english = forms(date, "en");
        assert!(english.contains(&"2 March 2026".to_owned()) && english.contains(&"2026-03-02".to_owned()));
    }
}
