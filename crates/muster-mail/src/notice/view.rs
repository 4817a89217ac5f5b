//! The facts of a notice as a template sees them: in one language, on one line each, labelled.
//!
//! It chooses no words beyond labels, names of countries and the article of the basis.
//!
//! Invariant: every member that a template may use is always there (`none` where there is nothing), so that strict
//! templates tell a misspelt name from an absent fact.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use muster_gate::{EEA, NoticeFacts, field_label, mechanism_label};
use muster_model::{Field, Lineage, MasterValue};
use serde::Serialize;

use super::country::{country_label, country_name};
use super::template::TemplateError;

/// Every name that a template may use, as `undeclared_variables` reports it.
pub(crate) const NAMES: &[&str] = &[
    "authority",
    "automated_decisions",
    "basis",
    "basis_article",
    "categories",
    "controller",
    "controller.address",
    "controller.country_outside_eea",
    "controller.dpo",
    "controller.dpo.email",
    "controller.dpo.name",
    "controller.email",
    "controller.legal_name",
    "controller.privacy_url",
    "controller.representative",
    "controller.representative.contact",
    "controller.representative.name",
    "interest",
    "lang",
    "obtained_on",
    "purposes",
    "recipients",
    "reference",
    "reply_to",
    "retention_months",
    "transfers",
    "values",
];

/// What a template is rendered with.
#[derive(Serialize)]
pub(crate) struct View {
    authority: String,
    automated_decisions: bool,
    basis: String,
    basis_article: String,
    categories: Vec<&'static str>,
    controller: ControllerView,
    interest: Option<String>,
    lang: String,
    obtained_on: String,
    purposes: Vec<String>,
    recipients: Vec<RecipientView>,
    reference: String,
    reply_to: String,
    retention_months: i32,
    transfers: Vec<TransferView>,
    values: Vec<ValueView>,
}

#[derive(Serialize)]
struct ControllerView {
    legal_name: String,
    address: String,
    email: String,
    privacy_url: Option<String>,
    country_outside_eea: Option<String>,
    dpo: Option<DpoView>,
    representative: Option<RepresentativeView>,
}

#[derive(Serialize)]
struct DpoView {
    name: Option<String>,
    email: String,
}

#[derive(Serialize)]
struct RepresentativeView {
    name: String,
    contact: String,
}

#[derive(Serialize)]
struct RecipientView {
    name: String,
    country: String,
}

#[derive(Serialize)]
struct TransferView {
    name: String,
    country: String,
    mechanism: String,
    mechanism_label: &'static str,
}

#[derive(Serialize)]
struct ValueView {
    label: &'static str,
    value: String,
    sources: Vec<SourceView>,
}

#[derive(Serialize, PartialEq)]
struct SourceView {
    place: String,
    date: String,
    public: bool,
}

impl View {
    /// Puts the facts into the notice's language.
    ///
    /// # Errors
    ///
    /// [`TemplateError::MissingFact`] where a fact is needed that the pipeline does not give in this language.
    pub(crate) fn of(facts: &NoticeFacts) -> Result<Self, TemplateError> {
        let lang = facts.lang.as_str();
        let missing = |fact: &str| TemplateError::MissingFact { fact: fact.to_owned(), lang: lang.to_owned() };
        let mut purposes = Vec::new();
        for purpose in &facts.purposes {
            let sentence = purpose.sentence.get(lang).ok_or_else(|| missing(&format!("purpose `{}`", purpose.id)))?;
            purposes.push(one_line(sentence));
        }
        let interest = facts.interest.get(lang).map(|text| one_line(text));
        if interest.is_none() && facts.basis == "6(1)(f)" {
            return Err(missing("legitimate interest"));
        }
        Ok(Self {
            authority: one_line(facts.authority().ok_or_else(|| missing("supervisory authority"))?),
            automated_decisions: facts.automated_decisions,
            basis: facts.basis.clone(),
            basis_article: basis_article(&facts.basis, lang),
            categories: categories(&facts.values, lang),
            controller: controller_view(facts),
            interest,
            lang: lang.to_owned(),
            obtained_on: facts.obtained_on.clone(),
            purposes,
            recipients: recipients(facts),
            reference: facts.reference.clone(),
            reply_to: facts.reply_to.clone(),
            retention_months: facts.retention_months,
            transfers: transfers(facts),
            values: facts.values.iter().map(|value| value_view(value, lang)).collect(),
        })
    }
}

/// Puts a text on one line and takes control characters out, so that a value cannot write lines of its own.
pub(crate) fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes `6(1)(f)` as the language cites it.
fn basis_article(basis: &str, lang: &str) -> String {
    let parts: Vec<&str> = basis.split(['(', ')']).filter(|part| !part.is_empty()).collect();
    match (lang, parts.as_slice()) {
        ("de", [article, paragraph, letter]) => format!("Art. {article} Abs. {paragraph} lit. {letter} DSGVO"),
        ("de", _) => format!("Art. {basis} DSGVO"),
        _ => format!("Article {basis} GDPR"),
    }
}

fn categories(values: &[MasterValue], lang: &str) -> Vec<&'static str> {
    Field::ALL.iter().filter(|&&field| values.iter().any(|v| v.field == field)).map(|&f| field_label(f, lang)).collect()
}

fn is_outside(country: &str) -> bool {
    !EEA.contains(&country.trim().to_ascii_uppercase().as_str())
}

fn controller_view(facts: &NoticeFacts) -> ControllerView {
    let controller = &facts.controller;
    ControllerView {
        legal_name: one_line(&controller.legal_name),
        address: one_line(&controller.address),
        email: one_line(&controller.email),
        privacy_url: controller.privacy_url.as_deref().map(one_line),
        country_outside_eea: is_outside(&controller.country).then(|| country_label(&controller.country, &facts.lang)),
        dpo: controller
            .dpo
            .as_ref()
            .map(|dpo| DpoView { name: dpo.name.as_deref().map(one_line), email: one_line(&dpo.email) }),
        representative: controller
            .representative
            .as_ref()
            .map(|it| RepresentativeView { name: one_line(&it.name), contact: one_line(&it.contact) }),
    }
}

fn recipients(facts: &NoticeFacts) -> Vec<RecipientView> {
    let view = |name: &str, country: &str| RecipientView {
        name: one_line(name),
        country: country_label(country, &facts.lang),
    };
    facts.recipients.iter().map(|line| view(&line.name, &line.country)).collect()
}

fn transfers(facts: &NoticeFacts) -> Vec<TransferView> {
    let outside = facts.recipients.iter().filter(|line| line.mechanism != "none" || is_outside(&line.country));
    let view = |line: &muster_gate::RecipientLine| TransferView {
        name: one_line(&line.name),
        country: country_name(&line.country, &facts.lang),
        mechanism: line.mechanism.clone(),
        mechanism_label: mechanism_label(&line.mechanism, &facts.lang),
    };
    outside.map(view).collect()
}

fn value_view(value: &MasterValue, lang: &str) -> ValueView {
    // One line for each place, with the first date on which it said so.
    let mut sources: BTreeMap<(String, bool), String> = BTreeMap::new();
    for line in &value.lineage {
        let date = date_of(line);
        let known = sources.entry((place_of(line), line.public)).or_insert_with(|| date.clone());
        if date < *known {
            *known = date;
        }
    }
    let view = |((place, public), date)| SourceView { place, date, public };
    ValueView {
        label: field_label(value.field, lang),
        value: one_line(&value.value),
        sources: sources.into_iter().map(view).collect(),
    }
}

fn place_of(line: &Lineage) -> String {
    one_line(line.source_url.as_deref().unwrap_or(line.source.as_str()))
}

fn date_of(line: &Lineage) -> String {
    line.seen_at.to_zoned_datetime(TimeZone::UTC).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_write_lines_of_its_own() {
        assert_eq!(one_line("Anna\r\nReference: x\u{0}\t y"), "Anna Reference: x y");
    }

    #[test]
    fn the_basis_is_cited_as_the_language_does() {
        assert_eq!(basis_article("6(1)(f)", "de"), "Art. 6 Abs. 1 lit. f DSGVO");
        assert_eq!(basis_article("6(1)(f)", "en"), "Article 6(1)(f) GDPR");
    }
}
