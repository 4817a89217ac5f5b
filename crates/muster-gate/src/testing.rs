//! What the tests of this crate share: a policy, terms and small records of invented people.

use std::collections::BTreeMap;

use jiff::civil::date;
use muster_model::{
    ClusterId, EntityKind, Evidence, Field, Lineage, Master, MasterRecord, MasterValue, Mention, MentionId,
    MentionRecord, Method, SecretKey, SourceName, SurvivorshipRule, Timestamp,
};

use crate::{Assessment, Policy, RecipientTerms, SourceKind, SourceTerms, TransferMechanism};

/// Reads an instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A key.
pub(crate) fn key() -> SecretKey {
    SecretKey::from_bytes([5; 32])
}

/// The default policy, at Berlin.
pub(crate) fn policy() -> Policy {
    Policy {
        policy_hash: "0123456789abcdef".into(),
        retention_months: 24,
        zone: "Europe/Berlin".into(),
        holiday_region: "DE-BE".into(),
        languages: vec!["en".into(), "de".into()],
        wait_days: 14,
        delivered_after_hours: 72,
        paper_delivered_after_hours: 168,
        target_days: 7,
        alarm_days: 14,
        hard_stop_days: 21,
        hold_days: 14,
    }
}

/// An assessment for web sources, approved for the year 2026.
pub(crate) fn assessment() -> Assessment {
    Assessment {
        id: "LIA-1".into(),
        source_kinds: vec![SourceKind::Web],
        countries: Vec::new(),
        approved_on: date(2026, 1, 1),
        expires_on: date(2027, 1, 1),
        interest: BTreeMap::new(),
    }
}

/// A public web source under that assessment.
pub(crate) fn source() -> SourceTerms {
    SourceTerms {
        name: SourceName::new("web"),
        kind: SourceKind::Web,
        basis: Some("6(1)(f)".into()),
        assessment_id: Some("LIA-1".into()),
        public: true,
    }
}

/// A recipient in Austria that may have names, mailboxes and phones.
pub(crate) fn recipient() -> RecipientTerms {
    RecipientTerms {
        name: "Abnehmer AG".into(),
        country: "AT".into(),
        mechanism: TransferMechanism::None,
        assessment_id: Some("LIA-1".into()),
        fields: vec![Field::Name, Field::Emails, Field::Phones],
    }
}

/// A person's mention with a name, a mailbox and an employer, each with its evidence.
pub(crate) fn person(name: &str, email: &str, company: &str) -> MentionRecord {
    let mut record = MentionRecord::new(EntityKind::Person);
    record.name = (!name.is_empty()).then(|| name.to_owned());
    record.emails = if email.is_empty() { Vec::new() } else { vec![email.to_owned()] };
    record.company = (!company.is_empty()).then(|| company.to_owned());
    record.source = Some(SourceName::new("web"));
    record.source_url = Some("https://firma.example/team".into());
    record.seen_at = Some(at("2026-03-02T09:00:00Z"));
    record.public = Some(true);
    for field in [Field::Name, Field::Emails, Field::Company] {
        let values = record.get(field).to_vec();
        record.values.extend(values.into_iter().map(|value| Evidence {
            field,
            value,
            method: Method::Card,
            quote: None,
            span: Some([0, 1]),
            form: None,
        }));
    }
    record
}

/// Closes a record, with an id made of its content.
pub(crate) fn mention(mut record: MentionRecord) -> Mention {
    record.assign_id(&key(), 0);
    Mention::new(record).unwrap()
}

/// The MASTER record of some mentions of one person: every value with the mentions that say it.
pub(crate) fn master(mentions: &[Mention]) -> Master {
    let mut values: Vec<MasterValue> = Vec::new();
    for &field in Field::ALL {
        for mention in mentions {
            #[expect(clippy::disallowed_methods, reason = "a test builds the record that resolve would")]
            let record = mention.record().expose();
            for value in record.get(field) {
                let line = Lineage {
                    mention_id: mention.mention_id().clone(),
                    source: mention.source().clone(),
                    source_url: record.source_url.clone(),
                    seen_at: mention.seen_at(),
                    method: Method::Card,
                    quote: None,
                    span: None,
                    public: record.public == Some(true),
                };
                match values.iter_mut().find(|held| held.field == field && held.value == *value) {
                    Some(held) => held.lineage.push(line),
                    None => values.push(MasterValue {
                        field,
                        value: value.clone(),
                        rule: SurvivorshipRule::Union,
                        lineage: vec![line],
                    }),
                }
            }
        }
    }
    let mut members: Vec<MentionId> = mentions.iter().map(|mention| mention.mention_id().clone()).collect();
    members.sort();
    Master::new(MasterRecord {
        cluster_id: ClusterId::new("p-1"),
        kind: mentions.first().unwrap().kind(),
        company_id: None,
        obtained_at: mentions.iter().map(Mention::seen_at).min().unwrap(),
        members,
        values,
    })
}
