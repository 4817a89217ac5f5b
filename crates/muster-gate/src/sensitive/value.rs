//! The values of allowed fields: what is cut from them, what makes a person look.
//!
//! Invariant: what is left of a value is, but for the marks and spaces around a cut, what stood there.

use muster_model::{EntityKind, Field};

use super::book::{Book, Scope};
use super::category::{Decision, FieldVerdict, Finding};
use super::normal::fold_word;
use super::text::{Reading, scan};

/// Screens the value of an allowed field; what is read follows from the field.
pub(super) fn field(
    book: &'static Book,
    kind: EntityKind,
    field: Field,
    value: &str,
    reading: Reading<'_>,
) -> FieldVerdict {
    let scopes: &[Scope] = match (kind, field) {
        (EntityKind::Person, Field::Name | Field::GivenName | Field::FamilyName) => &[Scope::Name, Scope::Suffix],
        (EntityKind::Person, Field::Degree) => &[Scope::Text, Scope::Degree, Scope::Title],
        (EntityKind::Person, Field::JobTitle) => &[Scope::Text, Scope::Title],
        (EntityKind::Person, Field::Company) => &[Scope::Company],
        // A church is a company, and a company has neither faith nor age.
        (EntityKind::Company, _)
        | (
            EntityKind::Person,
            Field::CompanyDomain
            | Field::Emails
            | Field::Phones
            | Field::Faxes
            | Field::Street
            | Field::City
            | Field::Postcode
            | Field::Country
            | Field::ProfileUrls
            | Field::LegalForm
            | Field::Domain
            | Field::RegisterCourt
            | Field::RegisterNumber
            | Field::VatId,
        ) => return FieldVerdict::Pass,
    };
    let mut findings = scan(book, value, Reading { scopes, ..reading });
    if field == Field::JobTitle && findings.is_empty() {
        findings = whole_salutation(book, value, reading);
    }
    for finding in findings.iter_mut().filter(|finding| finding.decision == Decision::RejectTextSpan) {
        finding.span.end += since(book, value.get(finding.span.end..).unwrap_or_default());
    }
    verdict(value, findings)
}

/// Returns how many bytes of what follows a state only say since when: `since 2009`, `seit dem Jahr 2009`; without the
/// state they say nothing.
fn since(book: &Book, after: &str) -> usize {
    let segment = after.find(SEPARATORS).and_then(|end| after.get(..end)).unwrap_or(after);
    let mut words = segment.split_whitespace();
    let named = words.next().is_some_and(|word| book.since.contains(&fold_word(word)));
    let year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    if named && words.last().is_some_and(year) { segment.trim_end().len() } else { 0 }
}

/// `Titel: Frau` is a salutation in the column of job titles.
fn whole_salutation(book: &'static Book, value: &str, reading: Reading<'_>) -> Vec<Finding> {
    let mut findings = scan(book, value, Reading { scopes: &[Scope::Name], ..reading });
    findings
        .retain(|finding| finding.rule == "gender.prefix" && !has_letters(&cut(value, std::slice::from_ref(finding))));
    findings
}

fn verdict(value: &str, findings: Vec<Finding>) -> FieldVerdict {
    if let Some(finding) = findings.iter().find(|finding| finding.decision == Decision::Review) {
        return FieldVerdict::Review { finding: finding.clone() };
    }
    let Some(first) = findings.first() else { return FieldVerdict::Pass };
    let rest = cut(value, &findings);
    if has_letters(&rest) {
        FieldVerdict::Cut { rest, findings }
    } else {
        FieldVerdict::Reject { finding: Finding { decision: Decision::RejectField, ..first.clone() } }
    }
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Takes the spans out of a value, and the marks that only they needed.
fn cut(value: &str, findings: &[Finding]) -> String {
    let mut rest = String::with_capacity(value.len());
    let mut at = 0;
    for finding in findings {
        let kept = value.get(at..finding.span.start).unwrap_or_default();
        if at == 0 {
            rest.push_str(kept);
        } else {
            join(&mut rest, kept);
        }
        at = finding.span.end;
    }
    if at > 0 {
        join(&mut rest, value.get(at..).unwrap_or_default());
    }
    rest
}

const SEPARATORS: [char; 9] = [',', ';', '|', '/', '–', '-', '·', '•', ':'];

/// Closes the gap between what stood before a cut and what stands after it.
fn join(rest: &mut String, after: &str) {
    let is_separator = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
    let trim = |rest: &mut String, keep: usize| rest.truncate(keep);
    let mut after = after;
    let open = rest.trim_end();
    if open.ends_with(['(', '[', '{'])
        && let Some(closed) = after.trim_start().strip_prefix([')', ']', '}'])
    {
        let keep = open.trim_end_matches(['(', '[', '{']).trim_end().len();
        trim(rest, keep);
        after = closed;
    }
    if rest.trim().is_empty() {
        rest.clear();
        rest.push_str(after.trim_start_matches(|c| is_separator(c) || c == '.'));
    } else if after.trim_matches(is_separator).is_empty() {
        let keep = rest.trim_end_matches(is_separator).len();
        trim(rest, keep);
    } else {
        let separated = rest.trim_end().ends_with(SEPARATORS);
        let keep = rest.trim_end().len();
        trim(rest, keep);
        let next = if separated { after.trim_start_matches(is_separator) } else { after.trim_start() };
        if !next.starts_with([',', ';', '.', ')', ']', ':']) {
            rest.push(' ');
        }
        rest.push_str(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitive::Category;

    fn without(value: &str, gone: &str) -> String {
        let start = value.find(gone).unwrap();
        let finding = Finding {
            decision: Decision::RejectTextSpan,
            category: Category::Age,
            rule: "age.state",
            span: start..start + gone.len(),
        };
        cut(value, &[finding])
    }

    #[test]
    fn a_cut_leaves_no_dangling_mark() {
        assert_eq!(without("Frau Anna Schmidt", "Frau"), "Anna Schmidt");
        assert_eq!(without("Anna Schmidt (47)", "47"), "Anna Schmidt");
        assert_eq!(without("Anna Schmidt, 47, Einkauf", "47"), "Anna Schmidt, Einkauf");
        assert_eq!(without("Einkauf, ledig", "ledig"), "Einkauf");
        assert_eq!(without("Schmidt, Frau Anna", "Frau"), "Schmidt, Anna");
        assert_eq!(without("Anna | she/her | Buyer", "she/her"), "Anna | Buyer");
        assert_eq!(without("ledig", "ledig"), "");
    }

    #[test]
    fn since_when_a_state_holds_goes_with_it() {
        assert_eq!(since(super::super::book::book(), " since 2009"), 11);
        assert_eq!(since(super::super::book::book(), " seit dem Jahr 2009, Einkauf"), 19);
        assert_eq!(since(super::super::book::book(), " since the merger"), 0);
        assert_eq!(since(super::super::book::book(), ", since 2009"), 0);
    }
}
