//! The facts of a notice as a template sees them: in one language, on one line each, labelled.
//!
//! It chooses no words beyond labels, names of countries, dates, periods and the article of the basis.
//!
//! Invariant: every member that a template may use is always there (`none` where there is nothing), so that strict
//! templates tell a misspelt name from an absent fact.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_gate::{NoticeFacts, NoticeWay, field_label, is_outside_eea, mechanism_label};
use muster_model::{Field, Lineage, MasterValue};
use serde::Serialize;

use super::country::{adequacy_of, country_label, country_name, with_country};
use super::template::TemplateError;
use super::words::{article_text, date_text, months_text};

/// Every name that a template may use, as `undeclared_variables` reports it.
pub(crate) const NAMES: &[&str] = &[
    "authority",
    "automated_decisions",
    "automated_explained",
    "basis",
    "basis_article",
    "categories",
    "controller",
    "controller.address",
    "controller.adequacy",
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
    "groups",
    "interest",
    "lang",
    "obtained_on",
    "paper",
    "purposes",
    "recipients",
    "reference",
    "reply_to",
    "retention",
    "retention_months",
    "transfers",
    "values",
];

/// Every member that an item of a list may have, for the message about one that it does not have.
pub(crate) const MEMBERS: &[&str] = &[
    "code",
    "country",
    "date",
    "label",
    "mechanism",
    "mechanism_label",
    "name",
    "place",
    "public",
    "sources",
    "value",
    "values",
];

/// What a template is rendered with.
#[derive(Serialize)]
pub(crate) struct View {
    authority: String,
    automated_decisions: bool,
    automated_explained: Option<String>,
    basis: String,
    basis_article: String,
    categories: Vec<&'static str>,
    controller: ControllerView,
    groups: Vec<GroupView>,
    interest: Option<String>,
    lang: String,
    obtained_on: String,
    paper: bool,
    purposes: Vec<String>,
    recipients: Vec<RecipientView>,
    reference: String,
    reply_to: String,
    retention: String,
    retention_months: i32,
    transfers: Vec<TransferView>,
    values: Vec<ValueView>,
}

#[derive(Serialize)]
struct ControllerView {
    legal_name: String,
    address: String,
    adequacy: &'static str,
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
    code: String,
    country: String,
    mechanism: String,
    mechanism_label: &'static str,
}

/// Values that the same sources say.
#[derive(Serialize)]
struct GroupView {
    sources: Vec<SourceView>,
    values: Vec<ValueView>,
}

#[derive(Serialize, Clone)]
struct ValueView {
    label: &'static str,
    value: String,
    sources: Vec<SourceView>,
}

#[derive(Serialize, Clone, PartialEq)]
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
    pub(crate) fn of(facts: &NoticeFacts, way: NoticeWay) -> Result<Self, TemplateError> {
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
        let explained = facts.automated_explained.get(lang).map(|text| one_line(text));
        if explained.is_none() && facts.automated_decisions {
            return Err(missing("explanation of automated decisions"));
        }
        let values: Vec<ValueView> = facts.values.iter().map(|value| value_view(value, lang)).collect();
        Ok(Self {
            authority: one_line(facts.authority().ok_or_else(|| missing("supervisory authority"))?),
            automated_decisions: facts.automated_decisions,
            automated_explained: explained,
            basis: facts.basis.clone(),
            basis_article: article_text(&facts.basis, lang),
            categories: categories(&facts.values, lang),
            controller: controller_view(facts),
            groups: groups(&values),
            interest,
            lang: lang.to_owned(),
            obtained_on: facts
                .obtained_on
                .parse()
                .map_or_else(|_| facts.obtained_on.clone(), |date| date_text(date, lang)),
            paper: way == NoticeWay::Paper,
            purposes,
            recipients: recipients(facts),
            reference: facts.reference.clone(),
            reply_to: facts.reply_to.clone(),
            retention: months_text(facts.retention_months, lang),
            retention_months: facts.retention_months,
            transfers: transfers(facts),
            values,
        })
    }
}

/// Puts a text on one line and takes control characters out, so that a value cannot write lines of its own.
pub(crate) fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn categories(values: &[MasterValue], lang: &str) -> Vec<&'static str> {
    Field::ALL.iter().filter(|&&field| values.iter().any(|v| v.field == field)).map(|&f| field_label(f, lang)).collect()
}

fn controller_view(facts: &NoticeFacts) -> ControllerView {
    let controller = &facts.controller;
    ControllerView {
        legal_name: one_line(&controller.legal_name),
        address: with_country(&one_line(&controller.address), &controller.country, &facts.lang),
        adequacy: adequacy_of(&controller.country).as_str(),
        email: one_line(&controller.email),
        privacy_url: controller.privacy_url.as_deref().map(one_line),
        country_outside_eea: is_outside_eea(&controller.country)
            .then(|| country_label(&controller.country, &facts.lang)),
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
    let outside = facts.recipients.iter().filter(|line| is_outside_eea(&line.country));
    let view = |line: &muster_gate::RecipientLine| TransferView {
        name: one_line(&line.name),
        code: line.country.trim().to_ascii_uppercase(),
        country: country_name(&line.country, &facts.lang),
        mechanism: line.mechanism.clone(),
        mechanism_label: mechanism_label(&line.mechanism, &facts.lang),
    };
    outside.map(view).collect()
}

fn value_view(value: &MasterValue, lang: &str) -> ValueView {
    // One line for each place, with the first date on which it said so.
    let mut sources: BTreeMap<(String, bool), Date> = BTreeMap::new();
    for line in &value.lineage {
        let date = line.seen_at.to_zoned_datetime(TimeZone::UTC).date();
        let known = sources.entry((place_of(line), line.public)).or_insert(date);
        *known = date.min(*known);
    }
    let view = |((place, public), date)| SourceView { place, date: date_text(date, lang), public };
    let text = one_line(&value.value);
    ValueView {
        label: field_label(value.field, lang),
        // A code alone would not tell most readers.
        value: if value.field == Field::Country { country_label(&text, lang) } else { text },
        sources: sources.into_iter().map(view).collect(),
    }
}

/// Puts values under the sources that they share, in the order of the first value of each group.
fn groups(values: &[ValueView]) -> Vec<GroupView> {
    let mut groups: Vec<GroupView> = Vec::new();
    for value in values {
        match groups.iter_mut().find(|group| group.sources == value.sources) {
            Some(group) => group.values.push(value.clone()),
            None => groups.push(GroupView { sources: value.sources.clone(), values: vec![value.clone()] }),
        }
    }
    groups
}

fn place_of(line: &Lineage) -> String {
    one_line(line.source_url.as_deref().unwrap_or(line.source.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_write_lines_of_its_own() {
        assert_eq!(one_line("Anna\r\nReference: x\u{0}\t y"), "Anna Reference: x y");
    }
}
