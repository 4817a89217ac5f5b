//! Cells that are known to hold a person's name: the degree split off, `Müller, Anna` turned around.
//!
//! It trusts the column, so it takes names that text on a page would have to prove. A salutation is left where it
//! stands: the gate cuts it and counts it (rule SF-11). Nothing is concluded from a name.
//!
//! Invariant: every letter of the cell ends up in the name or in the degree.

use crate::person_name::{is_degree_behind_name, leading_degrees};
use crate::words::{fold, is_role_word};

/// Most words on either side of the comma in `Müller, Anna`.
const WORDS_MAX: usize = 4;

/// What a cell of names holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct NameCell {
    /// The name, given name first.
    pub(super) name: String,
    /// Given and family name, where a comma told them apart.
    pub(super) parts: Option<(String, String)>,
    /// The degrees as they are written, joined by a comma where they stood apart.
    pub(super) degree: Option<String>,
}

/// Reads a cell that holds a whole name, or a part of one; the text is already cleaned.
pub(super) fn read_name(text: &str) -> NameCell {
    let mut degrees = Vec::new();
    let text = take_leading(text, &mut degrees);
    let mut behind = Vec::new();
    let text = take_trailing(&text, &mut behind);
    let (name, parts) = match comma_parts(&text) {
        Some((family, rest)) => {
            let given = take_leading(&rest, &mut degrees);
            if given.is_empty() { (family, None) } else { (format!("{given} {family}"), Some((given, family))) }
        }
        None => (text, None),
    };
    degrees.append(&mut behind);
    NameCell { name, parts, degree: (!degrees.is_empty()).then(|| degrees.join(", ")) }
}

fn take_leading(text: &str, degrees: &mut Vec<String>) -> String {
    let Some(range) = leading_degrees(text) else { return text.to_owned() };
    let (before, rest) = (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let name = format!("{} {}", before.trim(), rest.trim_start_matches([',', ' ']));
    degrees.push(text.get(range).unwrap_or_default().to_owned());
    name.trim().to_owned()
}

fn take_trailing(text: &str, degrees: &mut Vec<String>) -> String {
    let mut name = text.trim();
    let mut behind = Vec::new();
    while let Some((head, last)) = name.rsplit_once([' ', ',']) {
        let by_comma =
            name.get(head.len()..).is_some_and(|tail| tail.starts_with(',')) || head.trim_end().ends_with(',');
        let head = head.trim_end_matches([',', ' ']);
        // A short family name in capitals, as in `Yo MA`, is no degree: without a comma only longer ones count.
        let sure = by_comma || last.chars().filter(|c| c.is_alphabetic()).count() > 2;
        if head.is_empty() || !sure || !is_degree_behind_name(last) {
            break;
        }
        behind.push(last.to_owned());
        name = head;
    }
    behind.reverse();
    degrees.append(&mut behind);
    name.to_owned()
}

/// The two sides of `Müller, Anna`; nothing for `Anna Müller, Einkäuferin` and for a firm.
fn comma_parts(text: &str) -> Option<(String, String)> {
    let (family, given) = text.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let fits = |part: &str| {
        let words = part.split_whitespace().count();
        (1..=WORDS_MAX).contains(&words)
            && !part.contains(|c: char| c.is_numeric() || matches!(c, ',' | '&' | '+' | '(' | '/'))
    };
    let role = given.split([' ', '-']).any(|word| is_role_word(&fold(word)));
    (fits(family) && fits(given) && !role).then(|| (family.to_owned(), given.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, degree: Option<&str>) {
        let cell = read_name(text);
        assert_eq!((cell.name.as_str(), cell.degree.as_deref()), (name, degree), "{text}");
    }

    #[test]
    fn degrees_are_split_off_as_they_are_written() {
        check("Dr. Anna Müller", "Anna Müller", Some("Dr."));
        check("Prof. Dr. med. Anna Müller", "Anna Müller", Some("Prof. Dr. med."));
        check("Dr. Annika", "Annika", Some("Dr."));
        check("Anna Müller, MBA", "Anna Müller", Some("MBA"));
        check("Anna Müller PhD", "Anna Müller", Some("PhD"));
        check("Dr. Anna Müller, LL.M., MBA", "Anna Müller", Some("Dr., LL.M., MBA"));
        check("Dipl.-Ing. Uwe Mantzel", "Uwe Mantzel", Some("Dipl.-Ing."));
        check("Yo MA", "Yo MA", None);
        check("anna müller", "anna müller", None);
        check("Thomas Bank", "Thomas Bank", None);
    }

    #[test]
    fn a_family_name_first_is_turned_around() {
        check("Müller, Anna", "Anna Müller", None);
        check("García López, María", "María García López", None);
        check("Müller, Dr. Anna", "Anna Müller", Some("Dr."));
        check("von der Heide, Karl", "Karl von der Heide", None);
        check("Müller, Dr.", "Müller", Some("Dr."));
        assert_eq!(read_name("Smith, John, PhD").parts, Some(("John".to_owned(), "Smith".to_owned())));
    }

    #[test]
    fn what_is_no_family_name_first_stays_as_it_is() {
        check("Anna Müller, Geschäftsführerin", "Anna Müller, Geschäftsführerin", None);
        check("Smith, Jones & Partners", "Smith, Jones & Partners", None);
        check("Herzog", "Herzog", None);
    }

    #[test]
    fn a_salutation_is_left_to_the_gate() {
        check("Frau Anna Schmidt", "Frau Anna Schmidt", None);
        check("Frau Dr. Anna Schmidt", "Frau Anna Schmidt", Some("Dr."));
    }
}
