//! Legal pages and legal lines: who runs the firm, its register, court and VAT number, in the words the law asks for.
//!
//! The directors are read from labels (`Geschäftsführer:`, `Directeur de la publication`); register facts from their own
//! forms. Labels alone on a line count only on a legal page, because elsewhere they are somebody's job title.
//!
//! Invariant: a register fact is read once, from the firm's own part of the page.

use std::ops::Range;
use std::sync::LazyLock;

use muster_model::{EntityKind, Field, Method};
use regex::Regex;

use crate::dom::Doc;
use crate::draft::{Draft, Place, Seen, trim_range};
use crate::lines::Line;
use crate::person_name::{behind_brackets, parse_name};
use crate::title::{TitleStrength, leading_title, title_range, title_strength};
use crate::zones::Zones;

/// Most lines below a label that may each hold a name.
const NAMES_BELOW_MAX: usize = 8;

/// Sentences of a line in which a label is looked for.
const SENTENCES_MAX: usize = 12;

/// Returns whether a page is a legal one, by its title, heading or address.
pub(crate) fn is_legal_page(doc: &Doc<'_>, lines: &[Line], page_url: &str) -> bool {
    static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:impressum|imprint|mentions[ -]l[ée]gales|legal notice|legal-notice|aviso[ -]legal|note[ -]legali|colofon|nota prawna|site notice|anbieterkennzeichnung|offenlegung)\b").expect("the pattern is valid")
    });
    let headings = lines
        .iter()
        .filter(|line| matches!(doc.tag(line.element), "h1" | "h2" | "b" | "strong") || line.text.chars().count() < 30);
    let in_menu = |line: &Line| {
        doc.ancestors(line.element).chain([line.element]).any(|node| matches!(doc.tag(node), "a" | "nav" | "footer"))
    };
    let title = doc.elements("title").next().and_then(|title| doc.text(title + 1)).unwrap_or_default();
    LEGAL.is_match(page_url.rsplit("//").next().unwrap_or_default())
        || LEGAL.is_match(title)
        || headings.filter(|line| !in_menu(line)).any(|line| LEGAL.is_match(&line.text))
}

/// A label that announces directors.
struct Label {
    /// What it says.
    range: Range<usize>,
    /// Whether what it says is a job.
    is_job: bool,
    /// Where the names may begin, if they stand in the same line.
    names: Option<usize>,
}

/// Finds a label at the start of a line or of a sentence in it.
fn label_in(text: &str) -> Option<Label> {
    let starts = text.match_indices(". ").map(|(at, _)| at + 2);
    std::iter::once(0).chain(starts).take(SENTENCES_MAX).find_map(|start| {
        let label = label_at(text.get(start..)?)?;
        // In the middle of a line only a label with names behind it is one.
        (start == 0 || label.names.is_some()).then(|| Label {
            range: start + label.range.start..start + label.range.end,
            is_job: label.is_job,
            names: label.names.map(|names| start + names),
        })
    })
}

fn label_at(text: &str) -> Option<Label> {
    static JOB: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\W*((?:(?:vertretungsberechtigte[rn]?|alleinige[rn]?|stellvertretende[rn]?|geschäftsführende[rn]?|einzelvertretungsberechtigte[rn]?|1\.|2\.|erste[rn]?|zweite[rn]?)\s+)*(?:geschäftsführer(?:in|innen)?|geschaeftsfuehrer(?:in)?|geschäftsführung|geschäftsleitung|gesellschafter(?:in)?|vorstandsvorsitzende[rn]?|vorstand|vorstände|aufsichtsratsvorsitzende[rn]?|vorsitzende[rn]?(?: des (?:vorstands?|aufsichtsrats?))?|aufsichtsrat|inhaber(?:in)?|prokurist(?:in|en)?|managing directors?|executive directors?|directors?|owner|proprietor|chief executive officer|ceo|gérante?s?|présidente?(?: du directoire| directeur général)?|direct(?:eur|rice) (?:générale?|de (?:la )?(?:publication|rédaction))|responsable (?:éditoriale?|de (?:la )?(?:publication|rédaction))|représentante? légale?|administrador(?:a|es)?(?: únic[oa])?|representante legal|(?:legale )?rappresentante(?: legale)?|amministrator[ei](?: delegato| unico)?|titolare|bestuurders?|directie|eigenaar|eigenaresse|prezes(?: zarządu)?|zarząd|właściciel(?:ka)?))\s*(?::|\z|\bist\b|\bsind\b|\(|[–—-]\s)",
        )
        .expect("the pattern is valid")
    });
    static DUTY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\W*((?:gesetzlich )?vertreten durch|vertretungsberechtigt(?:er?)?|vertretungsberechtigte personen|represented by|repräsentiert durch|(?:inhaltlich |redaktionell )?verantwortlich(?:er?)?|v\.?\s?i\.?\s?s\.?\s?d\.?\s?p\.?|responsible for (?:the )?content|person responsible|représentée? par)\b[^:]{0,70}(?::|\z)\s*(?:(?:den|die|der|durch|dessen|ihren?)\s+)*",
        )
        .expect("the pattern is valid")
    });
    // `Vertreten durch den Geschäftsführer Anna Muster` has no colon.
    static OPEN_DUTY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:^\W*|,\s*)((?:gesetzlich |diese )?vertreten durch|represented by(?: its)?|représentée? par(?: son| sa)?)\s+(?:(?:den|die|der|ihren?)\s+)*").expect("the pattern is valid")
    });
    let label = |captures: regex::Captures<'_>, is_job| {
        let (whole, words) = (captures.get(0)?, captures.get(1)?);
        let rest = text.get(whole.end()..).unwrap_or_default();
        let names = (!rest.trim().is_empty()).then_some(whole.end());
        Some(Label { range: words.range(), is_job, names })
    };
    JOB.captures(text)
        .and_then(|captures| label(captures, true))
        .or_else(|| {
            OPEN_DUTY.captures(text).and_then(|captures| label(captures, false)).filter(|label| label.names.is_some())
        })
        .or_else(|| DUTY.captures(text).and_then(|captures| label(captures, false)))
}

/// Reads the people whom labels name.
pub(crate) fn directors(doc: &Doc<'_>, lines: &[Line], zones: &Zones, legal_page: bool) -> Vec<Draft> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.text.len() > 400 || zones.closed(line.first) {
            continue;
        }
        let Some(label) = label_in(&line.text) else { continue };
        if let Some(start) = label.names {
            // Behind a label in the same line the colon is evidence enough on any page.
            names_in(doc, line, start, Some((line, &label)), &mut found);
        } else if legal_page {
            for below in lines.iter().skip(at + 1).take(NAMES_BELOW_MAX) {
                let before = found.len();
                names_in(doc, below, 0, Some((line, &label)), &mut found);
                if found.len() == before {
                    break;
                }
            }
        }
    }
    found
}

/// Reads names one after the other, with what stands behind each; stops at the first thing that is none.
fn names_in(doc: &Doc<'_>, line: &Line, from: usize, label: Option<(&Line, &Label)>, found: &mut Vec<Draft>) {
    let text = line.text.as_str();
    let mut at = skip_separators(text, from);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.trim().is_empty()) {
        let role_end = leading_title(rest).filter(|_| parse_name(text, at).is_none());
        let name_at = role_end.map_or(at, |end| at + end);
        let Some(name) = parse_name(text, name_at) else { break };
        let mut draft = Draft::new(EntityKind::Person, line.first);
        let place = Place::line(doc, line);
        draft.put_name(&place, &name, Method::Imprint);
        at = behind_brackets(text, name.rest);
        let own_title =
            role_end.map(|_| title_range(text, at_role(rest, text, name_at))).or_else(|| title_behind(text, &mut at));
        match (own_title, label) {
            (Some(range), _) => draft.put(Field::JobTitle, place.part(&range), Method::Imprint, place.seen(&range)),
            (None, Some((label_line, label))) if label.is_job => {
                let words = singular(label_line.part(&label.range));
                let seen = Seen::new(label_line.part(&label.range), label_line.span(doc, &label.range));
                draft.put(Field::JobTitle, words, Method::Imprint, seen);
            }
            (None, _) => {}
        }
        found.push(draft);
        let next = skip_separators(text, at);
        if next == at {
            break;
        }
        at = next;
    }
}

/// The range of a role that stands before a name.
fn at_role(rest: &str, text: &str, name_at: usize) -> Range<usize> {
    text.len() - rest.len()..name_at
}

/// `Managing Directors` over two names is each one's `Managing Director`.
fn singular(label: &str) -> &str {
    let lower = label.to_ascii_lowercase();
    if lower.ends_with("directors") || lower.ends_with("gérants") || lower.ends_with("bestuurders") {
        return label.get(..label.len() - 1).unwrap_or(label);
    }
    label
}

fn skip_separators(text: &str, from: usize) -> usize {
    static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^[\s,;/&+|·•:–-]*(?:(?:und|and|et|y|e|en|i|sowie|oder|u\.)\s+)?[\s:]*")
            .expect("the pattern is valid")
    });
    let rest = text.get(from..).unwrap_or_default();
    from + SEPARATOR.find(rest).map_or(0, |found| found.end())
}

/// A title behind a name: `Anna Muster, gérante`, up to the next comma.
fn title_behind(text: &str, at: &mut usize) -> Option<Range<usize>> {
    let rest = text.get(*at..)?;
    let body = rest.strip_prefix([',', '–', '-']).or_else(|| rest.trim_start().strip_prefix(['–', '-', ',']))?;
    let start = text.len() - body.len();
    if parse_name(text, start + (body.len() - body.trim_start().len())).is_some() {
        return None;
    }
    let end = body.find([',', ';']).map_or(text.len(), |length| start + length);
    let range = title_range(text, start..end);
    let known = text.get(range.clone()).and_then(title_strength) == Some(TitleStrength::Known);
    known.then(|| {
        *at = end;
        range
    })
}

/// Reads court, register number and VAT number into the firm's draft.
pub(crate) fn register_facts(doc: &Doc<'_>, lines: &[Line], zones: &Zones, company: &mut Draft) {
    for line in lines
        .iter()
        .filter(|line| line.text.len() <= 1_000 && !zones.in_foreign(line.first) && !zones.in_menu(line.first))
    {
        if !line.text.bytes().any(|byte| byte.is_ascii_digit())
            && !line.text.contains("gericht")
            && !line.text.contains("ourt")
        {
            continue;
        }
        for fact in facts() {
            if company.has(fact.field) {
                continue;
            }
            let Some(captures) = fact.pattern.captures(&line.text) else { continue };
            let Some(value) = captures.name("v") else { continue };
            let range = trim_range(&line.text, value.range());
            let text = line.part(&range);
            let value = if fact.compact { text.replace([' ', '\u{a0}'], "") } else { text.to_owned() };
            company.put(fact.field, &value, Method::Imprint, Seen::new(text, line.span(doc, &range)));
        }
    }
}

struct Fact {
    field: Field,
    pattern: Regex,
    /// Whether spaces are no part of the value.
    compact: bool,
}

fn facts() -> &'static [Fact] {
    static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(|| {
        let court_city = r"(?:\p{Lu}\p{Ll}[\p{L}.-]*)(?:[ ](?:(?:am|an|der|im|in|ob|bei|vor|und|den|dem)\b|(?:a\.|i\.|d\.)|\(?\p{Lu}\p{Ll}[\p{L}.-]*\)?))*";
        [
            (Field::RegisterCourt, format!(r"\b(?P<v>(?:Amtsgericht|Landesgericht|Handelsgericht|Registergericht|Kreisgericht|AG)\s+{court_city})"), false),
            (Field::RegisterCourt, r"\b(?P<v>R\.?C\.?S\.? (?:de |d')?\p{Lu}[\p{L}-]+)".to_owned(), false),
            (Field::RegisterNumber, r"\b(?P<v>HR[AB]\s?(?:Nr\.?\s?)?\d{1,6}(?:\s?[A-Z]{1,2}\b)?)".to_owned(), false),
            (Field::RegisterNumber, r"\b(?P<v>(?:VR|GnR|PR|GsR)\s?(?:Nr\.?\s?)?\d{1,6}(?:\s?[A-Z]{1,2}\b)?)".to_owned(), false),
            (Field::RegisterNumber, r"\b(?P<v>FN\s?\d{4,6}\s?[a-z])\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\bR\.?C\.?S\.?\s+(?:de |d')?[\p{L}-]+(?:\s+[AB])?\s+(?:(?:sous le numéro|n°)\s*)?(?P<v>\d{3}[\s\u{a0}.]?\d{3}[\s\u{a0}.]?\d{3})\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\bsiren\s*(?:n°)?\s*:?\s*(?P<v>\d{3}[\s\u{a0}.]?\d{3}[\s\u{a0}.]?\d{3})\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\b(?:company|registration|registered|companies house)\s+(?:registration\s+)?(?:no\.?|number|nr\.?)(?:\s+is)?\s*:?\s*(?P<v>(?:[A-Z]{2})?\d{5,8})\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\b(?:kvk|k\.v\.k\.)(?:-?nummer|-?nr\.?| number)?\s*:?\s*(?P<v>\d{8})\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\bkrs\s*:?\s*(?P<v>\d{10})\b".to_owned(), false),
            (Field::RegisterNumber, r"(?i)\brea\s*:?\s*(?:n\.?\s*)?(?P<v>[A-Z]{2}\s?-?\s?\d{5,7})\b".to_owned(), false),
            (Field::VatId, r"\b(?P<v>DE\s?\d{3}\s?\d{3}\s?\d{3})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>ATU\s?\d{8})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>FR[\s\u{a0}]?[0-9A-Z]{2}[\s\u{a0}]?\d{3}[\s\u{a0}]?\d{3}[\s\u{a0}]?\d{3})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>CHE-\d{3}\.\d{3}\.\d{3})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>GB\s?\d{3}\s?\d{4}\s?\d{2})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>NL\s?\d{9}\s?B\s?\d{2})\b".to_owned(), true),
            (Field::VatId, r"\b(?P<v>(?:IT\s?\d{11}|BE\s?[01]\d{3}\.?\d{3}\.?\d{3}|LU\s?\d{8}|ES\s?[A-Z]\d{7}[0-9A-Z]|PL\s?\d{10}|IE\s?\d{7}[A-Z]{1,2}|SE\s?\d{12}|DK\s?\d{8}|CZ\s?\d{8,10}))\b".to_owned(), true),
            (Field::VatId, r"(?i)\b(?:p\.?\s?iva|partita iva)\s*:?\s*(?P<v>\d{11})\b".to_owned(), true),
        ]
        .into_iter()
        .map(|(field, pattern, compact)| Fact { field, pattern: Regex::new(&pattern).expect("the pattern is valid"), compact })
        .collect()
    });
    &FACTS
}

/// The country that a VAT number or a register speaks for.
pub(crate) fn country_of_facts(company: &Draft) -> Option<(&'static str, Field)> {
    let known = ["DE", "AT", "FR", "GB", "NL", "IT", "BE", "LU", "ES", "PL", "IE", "SE", "DK", "CZ"];
    let vat = company.first(Field::VatId).unwrap_or_default();
    if vat.starts_with("CHE") {
        return Some(("CH", Field::VatId));
    }
    if let Some(code) = known.into_iter().find(|code| vat.starts_with(code)) {
        return Some((code, Field::VatId));
    }
    let number = company.first(Field::RegisterNumber).unwrap_or_default();
    if number.starts_with("HRA") || number.starts_with("HRB") || number.starts_with("VR") {
        return Some(("DE", Field::RegisterNumber));
    }
    number.starts_with("FN").then_some(("AT", Field::RegisterNumber))
}

/// Returns whether a line is or begins with a label that announces directors.
pub(crate) fn is_director_label(text: &str) -> bool {
    label_at(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::parse;
    use crate::lines::lay_out;

    fn read(html: &str) -> (Vec<(String, Option<String>)>, Draft) {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        let lines = lay_out(&doc);
        let zones = Zones::find(&doc, &lines);
        let people = directors(&doc, &lines, &zones, true);
        let mut company = Draft::new(EntityKind::Company, 0);
        register_facts(&doc, &lines, &zones, &mut company);
        let people = people
            .iter()
            .map(|person| {
                (
                    person.first(Field::Name).unwrap_or_default().to_owned(),
                    person.first(Field::JobTitle).map(str::to_owned),
                )
            })
            .collect();
        (people, company)
    }

    #[track_caller]
    fn check(html: &str, expect: &[(&str, Option<&str>)]) {
        let (people, _) = read(html);
        let found: Vec<(&str, Option<&str>)> =
            people.iter().map(|(name, title)| (name.as_str(), title.as_deref())).collect();
        assert_eq!(found, expect, "{html}");
    }

    #[test]
    fn directors_stand_behind_or_below_their_label() {
        let gf = Some("Geschäftsführer");
        check(
            "<p><strong>Geschäftsführer:</strong> Josef Muster, Theresia Muster-Kranz</p>",
            &[("Josef Muster", gf), ("Theresia Muster-Kranz", gf)],
        );
        check(
            "<p>Geschäftsführer: Dr. Josef Muster und Anna Beispiel</p>",
            &[("Josef Muster", gf), ("Anna Beispiel", gf)],
        );
        check("<p><b>Vertreten durch:</b><br>Dr. Meike Muster</p>", &[("Meike Muster", None)]);
        check("<p>Vertreten durch den Geschäftsführer Max Muster</p>", &[("Max Muster", gf)]);
        check(
            "<h2>Directrice de la publication</h2><p>Mme Hélène Muster, gérante</p>",
            &[("Hélène Muster", Some("gérante"))],
        );
        check(
            "<p>Directeur de la publication : Jean Muster</p>",
            &[("Jean Muster", Some("Directeur de la publication"))],
        );
        check(
            "<p>Managing Directors: Jane Sample, John Sample</p>",
            &[("Jane Sample", Some("Managing Director")), ("John Sample", Some("Managing Director"))],
        );
        check("<p>Inhaberin: Anna Muster</p><p>Steuernummer 1</p>", &[("Anna Muster", Some("Inhaberin"))]);
        check("<h3>Verantwortlich gemäß § 5 TMG</h3><p>Joonas Muster<br>Fortstraße 7</p>", &[("Joonas Muster", None)]);
        check(
            "<p>Verantwortlich für den Inhalt nach § 18 Abs. 2 MStV:<br>Anna Muster, Anschrift wie oben</p>",
            &[("Anna Muster", None)],
        );
        check(
            "<p>Édité par Muster SAS. Directeur de la publication : Paul Muster, président.</p>",
            &[("Paul Muster", Some("président"))],
        );
        check("<p>Directeur de la publication</p><p>Directeur interministériel du numérique.</p>", &[]);
    }

    #[track_caller]
    fn check_fact(html: &str, field: Field, expect: &str) {
        assert_eq!(read(html).1.first(field), Some(expect), "{html}");
    }

    #[test]
    fn register_facts_are_read_in_their_forms() {
        check_fact(
            "<p>Registergericht: Amtsgericht München<br>Registernummer: HRB 999731</p>",
            Field::RegisterCourt,
            "Amtsgericht München",
        );
        check_fact(
            "<p>Amtsgericht Frankfurt am Main HRB 999412</p>",
            Field::RegisterCourt,
            "Amtsgericht Frankfurt am Main",
        );
        check_fact("<p>Amtsgericht Hamburg HRA 999127</p>", Field::RegisterNumber, "HRA 999127");
        check_fact("<p>HRB 999300 B</p>", Field::RegisterNumber, "HRB 999300 B");
        check_fact("<p>RCS Paris 999 412 731 – SIRET 999 412 731 00019</p>", Field::RegisterNumber, "999 412 731");
        check_fact("<p>RCS Paris 999 412 731</p>", Field::RegisterCourt, "RCS Paris");
        check_fact("<p>FN 999412 k</p>", Field::RegisterNumber, "FN 999412 k");
        check_fact("<p>USt-IdNr.: DE 999 997 314</p>", Field::VatId, "DE999997314");
        check_fact("<p>N° de TVA : FR 99 999412731</p>", Field::VatId, "FR99999412731");
        check_fact("<p>CHE-999.412.731 MWST</p>", Field::VatId, "CHE-999.412.731");
        check_fact("<p>Registered in England, company number 09994127</p>", Field::RegisterNumber, "09994127");
    }
}
