//! `muster gate check`: one record or text in, one verdict out.
//!
//! Invariant: a verdict holds names of fields, places, categories and rules, and no value.

use muster_model::{EntityKind, Field};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Screen;
use super::book::rules;
use super::category::{Category, Decision, FieldVerdict, Finding};

/// A line that is asked about: a record, a text, or both.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInput {
    /// Comes back in the verdict.
    #[serde(default)]
    pub id: Value,
    /// The language, if known.
    #[serde(default)]
    pub lang: Option<String>,
    /// The person's country, ISO 3166-1 alpha-2, if known.
    #[serde(default)]
    pub country: Option<String>,
    /// A record: field names of any origin to values.
    #[serde(default)]
    pub input: Option<Map<String, Value>>,
    /// Running text.
    #[serde(default)]
    pub text: Option<String>,
}

/// What the gate says about a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckVerdict {
    /// The id of the line.
    pub id: Value,
    /// The gravest decision.
    pub decision: &'static str,
    /// Its category.
    pub category: Option<&'static str>,
    /// Its rule.
    pub rule: Option<&'static str>,
    /// The fields dropped because they are sensitive.
    pub fields_dropped: Vec<String>,
    /// What is cut out of the text, in Unicode code points, end exclusive.
    pub redacted: Vec<[usize; 2]>,
    /// The fields dropped because we keep no such field.
    pub not_in_schema: Vec<String>,
    /// All that was found.
    pub findings: Vec<CheckFinding>,
    /// One sentence.
    pub reason: Option<String>,
}

/// One finding as JSON shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckFinding {
    /// What is to be done.
    pub decision: &'static str,
    /// Which category.
    pub category: &'static str,
    /// Which rule.
    pub rule: &'static str,
    /// The field it was found in; none for text.
    pub field: Option<String>,
    /// Where in text or value, in Unicode code points; none where the label decided.
    pub span: Option<[usize; 2]>,
}

/// Members of a mention's JSON that say where it came from, not who somebody is.
const TECHNICAL: &[&str] = &[
    "mention_id",
    "kind",
    "@type",
    "@context",
    "@id",
    "type",
    "source",
    "source_url",
    "seen_at",
    "page_hash",
    "lang",
    "public",
    "values",
    "id",
];

/// How deep records are nested before the rest is dropped unread.
const DEPTH_MAX: usize = 6;

struct Checker<'a> {
    screen: &'a Screen,
    kind: EntityKind,
    lang: Option<&'a str>,
    country: Option<String>,
    dropped: Vec<String>,
    unknown: Vec<String>,
    findings: Vec<(Finding, CheckFinding)>,
    redacted: Vec<[usize; 2]>,
}

pub(super) fn check(screen: &Screen, input: &CheckInput) -> CheckVerdict {
    let record = input.input.as_ref();
    let mut checker = Checker {
        screen,
        kind: record.map_or(EntityKind::Person, kind_of),
        lang: input.lang.as_deref(),
        country: input.country.clone().or_else(|| record.and_then(country_of)).map(|code| country_code(&code)),
        dropped: Vec::new(),
        unknown: Vec::new(),
        findings: Vec::new(),
        redacted: Vec::new(),
    };
    if let Some(record) = record {
        checker.record(record, "", 0);
    }
    if let Some(text) = &input.text {
        checker.text(text);
    }
    checker.verdict(input.id.clone())
}

fn kind_of(record: &Map<String, Value>) -> EntityKind {
    let named = ["kind", "@type", "type"].iter().filter_map(|key| record.get(*key)?.as_str());
    let company = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["company", "organization", "organisation", "corporation", "localbusiness", "org"].contains(&name.as_str())
    };
    if named.into_iter().any(company) { EntityKind::Company } else { EntityKind::Person }
}

fn country_of(record: &Map<String, Value>) -> Option<String> {
    record
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("country"))
        .and_then(|(_, v)| v.as_str())
        .map(str::to_owned)
}

fn country_code(name: &str) -> String {
    match name.trim().to_ascii_uppercase().as_str() {
        "AUS" | "AUSTRALIA" | "AUSTRALIEN" => "AU".to_owned(),
        other => other.to_owned(),
    }
}

impl Checker<'_> {
    fn record(&mut self, record: &Map<String, Value>, path: &str, depth: usize) {
        for (name, value) in record {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.member(name, value, path, depth);
        }
    }

    fn member(&mut self, name: &str, value: &Value, path: String, depth: usize) {
        let finding = self.screen.label_in(name, self.country.as_deref());
        if let Some(finding) = finding {
            self.drop(&path, finding, None);
        } else if TECHNICAL.contains(&name) && depth == 0 && !value.is_object() {
            self.evidence(value, &path);
        } else if let Some(field) = Screen::named_field(name).filter(|_| !value.is_object()) {
            for text in texts(value) {
                self.value(field, &text, &path);
            }
        } else if let Some(inner) = value.as_object().filter(|_| depth < DEPTH_MAX) {
            self.record(inner, &path, depth + 1);
        } else {
            self.unknown(name, value, path, depth);
        }
    }

    /// Screens the quotes of a mention's values.
    fn evidence(&mut self, value: &Value, path: &str) {
        let entries = value.as_array().into_iter().flatten().filter_map(|entry| entry.get("quote")?.as_str());
        for quote in entries {
            for finding in self.screen.text_in(quote, self.lang, self.country.as_deref()) {
                let place = code_points(quote, &finding);
                self.found(finding, Some(format!("{path}.quote")), Some(place));
            }
        }
    }

    fn value(&mut self, field: Field, text: &str, path: &str) {
        match self.screen.value(self.kind, field, text, (self.lang, self.country.as_deref())) {
            FieldVerdict::Pass => {}
            FieldVerdict::Cut { findings, .. } => {
                for finding in findings {
                    let place = code_points(text, &finding);
                    self.found(finding, Some(path.to_owned()), Some(place));
                }
            }
            FieldVerdict::Reject { finding } => {
                let place = code_points(text, &finding);
                self.drop(path, finding, Some(place));
            }
            FieldVerdict::Review { finding } => {
                let place = code_points(text, &finding);
                self.found(finding, Some(path.to_owned()), Some(place));
            }
        }
    }

    /// A field that we do not keep is dropped; it counts as sensitive where its value is, and a person looks where the
    /// value only may be.
    fn unknown(&mut self, name: &str, value: &Value, path: String, depth: usize) {
        if let Some(items) = value.as_array().filter(|items| depth < DEPTH_MAX && items.iter().any(Value::is_object)) {
            for inner in items.iter().filter_map(Value::as_object) {
                self.record(inner, &path, depth + 1);
            }
            return;
        }
        for text in texts(value) {
            let mut findings = self.screen.text_in(&text, self.lang, self.country.as_deref());
            // `years of service: 18 years`: the label says whose years they are.
            let is_age = |finding: &Finding| finding.category == Category::Age && finding.decision != Decision::Review;
            findings.retain(|finding| !is_age(finding) || !Screen::is_tenure_label(name));
            findings.sort_by_key(|finding| std::cmp::Reverse(finding.decision));
            if let Some(mut finding) = findings.into_iter().next() {
                let place = code_points(&text, &finding);
                finding.decision = finding.decision.max(Decision::RejectField);
                return self.drop(&path, finding, Some(place));
            }
        }
        self.unknown.push(path);
    }

    fn text(&mut self, text: &str) {
        for finding in self.screen.text_in(text, self.lang, self.country.as_deref()) {
            let place = code_points(text, &finding);
            if finding.decision != Decision::Review {
                self.redacted.push(place);
            }
            self.found(finding, None, Some(place));
        }
    }

    fn drop(&mut self, path: &str, finding: Finding, span: Option<[usize; 2]>) {
        if !self.dropped.iter().any(|dropped| dropped == path) {
            self.dropped.push(path.to_owned());
        }
        self.found(finding, Some(path.to_owned()), span);
    }

    fn found(&mut self, finding: Finding, field: Option<String>, span: Option<[usize; 2]>) {
        let shown = CheckFinding {
            decision: finding.decision.as_str(),
            category: finding.category.as_str(),
            rule: finding.rule,
            field,
            span,
        };
        self.findings.push((finding, shown));
    }

    fn verdict(self, id: Value) -> CheckVerdict {
        let mut gravest: Option<&Finding> = None;
        for (finding, _) in &self.findings {
            if gravest.is_none_or(|before| finding.decision > before.decision) {
                gravest = Some(finding);
            }
        }
        CheckVerdict {
            id,
            decision: gravest.map_or(Decision::Pass, |finding| finding.decision).as_str(),
            category: gravest.map(|finding| finding.category.as_str()),
            rule: gravest.map(|finding| finding.rule),
            reason: gravest.map(reason),
            fields_dropped: self.dropped,
            redacted: self.redacted,
            not_in_schema: self.unknown,
            findings: self.findings.into_iter().map(|(_, shown)| shown).collect(),
        }
    }
}

fn reason(finding: &Finding) -> String {
    let rule = rules().iter().find(|rule| rule.id == finding.rule);
    rule.map_or_else(|| finding.category.as_str().to_owned(), |rule| format!("{} ({})", rule.summary, rule.law))
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// The span in Unicode code points.
fn code_points(text: &str, finding: &Finding) -> [usize; 2] {
    let count = |end: usize| text.get(..end).map_or(0, |head| head.chars().count());
    [count(finding.span.start), count(finding.span.end)]
}

/// Whether a category counts only in some countries.
pub(super) fn counts_in(category: Category, country: Option<&str>) -> bool {
    match category {
        Category::ProfAssociation => country == Some("AU"),
        Category::Religion
        | Category::Belief
        | Category::Politics
        | Category::Union
        | Category::Health
        | Category::Genetic
        | Category::Biometric
        | Category::Ethnicity
        | Category::Orientation
        | Category::Gender
        | Category::Age
        | Category::Family
        | Category::Criminal
        | Category::GovernmentId => true,
    }
}
