//! Invented facts that a pipeline's own template is tried out with when it is loaded.
//!
//! Together they take every branch that a template can ask for: both bases, every mechanism, each optional part there
//! and not there.
//!
//! Invariant: nothing in here is about anybody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_gate::{Controller, DataProtectionOfficer, NoticeFacts, NoticePurpose, RecipientLine, Representative};
use muster_model::{Field, Lineage, MasterValue, MentionId, Method, SourceName, SurvivorshipRule};

/// Returns facts in a language, bare and full by turns.
pub(crate) fn sample_facts(lang: &str) -> Vec<NoticeFacts> {
    let mut samples = Vec::new();
    for basis in ["6(1)(f)", "6(1)(a)"] {
        for automated in [false, true] {
            for country in ["DE", "CH", "US", "IN"] {
                for full in [false, true] {
                    samples.push(sample(lang, basis, automated, country, full));
                }
            }
        }
    }
    samples
}

fn sample(lang: &str, basis: &str, automated: bool, country: &str, full: bool) -> NoticeFacts {
    let sentence = || BTreeMap::from([(lang.to_owned(), "Sample.".to_owned())]);
    let recipient = |country: &str, mechanism: &str| RecipientLine {
        name: format!("Sample {country} {mechanism}"),
        country: country.to_owned(),
        mechanism: mechanism.to_owned(),
    };
    let all = [("AT", "none"), ("IN", "none"), ("CH", "adequacy"), ("US", "adequacy"), ("US", "scc"), ("IN", "bcr")];
    let recipients = all.iter().filter(|_| full).map(|(country, mechanism)| recipient(country, mechanism)).collect();
    NoticeFacts {
        controller: Controller {
            legal_name: "Sample GmbH".into(),
            address: "Sample 1".into(),
            email: "privacy@sample.example".into(),
            country: country.into(),
            privacy_url: full.then(|| "https://sample.example/privacy".into()),
            dpo: full.then(|| DataProtectionOfficer {
                name: automated.then(|| "Sample".into()),
                email: "dpo@sample.example".into(),
            }),
            representative: full
                .then(|| Representative { name: "Sample".into(), contact: "rep@sample.example".into() }),
            authorities: BTreeMap::from([("*".to_owned(), "Sample".to_owned())]),
        },
        purposes: vec![NoticePurpose { id: "sample".into(), sentence: sentence() }],
        basis: basis.into(),
        interest: if basis == "6(1)(f)" { sentence() } else { BTreeMap::new() },
        recipients,
        retention_months: 24,
        automated_decisions: automated,
        automated_explained: if automated { sentence() } else { BTreeMap::new() },
        lang: lang.into(),
        country: full.then(|| "DE".into()),
        reference: "sample".into(),
        reply_to: "privacy+sample@sample.example".into(),
        obtained_on: "2026-03-02".into(),
        values: values(),
    }
}

fn values() -> Vec<MasterValue> {
    let line = |public| Lineage {
        mention_id: MentionId::new("sample"),
        source: SourceName::new("sample"),
        source_url: None,
        seen_at: Timestamp::UNIX_EPOCH,
        method: Method::Card,
        quote: None,
        span: None,
        public,
    };
    let value = |&field: &Field| MasterValue {
        field,
        value: "sample".into(),
        rule: SurvivorshipRule::Agreed,
        lineage: vec![line(true), line(false)],
    };
    Field::ALL.iter().map(value).collect()
}
