//! Builders for the crate's tests: mentions in a line.
//!
//! Invariant: people and companies are invented, domains and numbers reserved.

use std::fmt;

use muster_model::{EntityKind, LinkDecision, LinkKind, Mention, MentionId, MentionRecord, SourceName, Timestamp};

use crate::{Model, Resolution, resolve};

/// A mention under construction.
#[derive(Clone)]
pub(crate) struct Draft(pub(crate) MentionRecord);

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

fn draft(kind: EntityKind, id: &str, name: &str) -> Draft {
    let mut record = MentionRecord::new(kind);
    record.mention_id = MentionId::new(id);
    record.name = (!name.is_empty()).then(|| name.to_owned());
    record.source = Some(SourceName::new("web"));
    record.seen_at = Some(Timestamp::UNIX_EPOCH);
    record.public = Some(true);
    Draft(record)
}

/// A mention of a person.
pub(crate) fn person(id: &str, name: &str) -> Draft {
    draft(EntityKind::Person, id, name)
}

/// A mention of a company.
pub(crate) fn company(id: &str, name: &str) -> Draft {
    draft(EntityKind::Company, id, name)
}

impl Draft {
    pub(crate) fn at(mut self, company: &str) -> Self {
        self.0.company = Some(company.to_owned());
        self
    }
    pub(crate) fn title(mut self, title: &str) -> Self {
        self.0.job_title = Some(title.to_owned());
        self
    }
    pub(crate) fn mail(mut self, address: &str) -> Self {
        self.0.emails.push(address.to_owned());
        self
    }
    pub(crate) fn phone(mut self, number: &str) -> Self {
        self.0.phones.push(number.to_owned());
        self
    }
    pub(crate) fn profile(mut self, url: &str) -> Self {
        self.0.profile_urls.push(url.to_owned());
        self
    }
    pub(crate) fn page(mut self, url: &str) -> Self {
        self.0.source_url = Some(url.to_owned());
        self
    }
    pub(crate) fn domain(mut self, domain: &str) -> Self {
        match self.0.kind {
            EntityKind::Person => self.0.company_domain = Some(domain.to_owned()),
            EntityKind::Company => self.0.domain = Some(domain.to_owned()),
        }
        self
    }
    pub(crate) fn place(mut self, street: &str, postcode: &str, city: &str) -> Self {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (self.0.street, self.0.postcode, self.0.city) = (text(street), text(postcode), text(city));
        self
    }
    pub(crate) fn seen(mut self, second: i64) -> Self {
        self.0.seen_at = Some(Timestamp::from_second(second).expect("a small number of seconds"));
        self
    }
    pub(crate) fn done(self) -> Mention {
        Mention::new(self.0).expect("id, source and instant are set")
    }
}

/// Finishes drafts.
pub(crate) fn mentions(drafts: &[Draft]) -> Vec<Mention> {
    drafts.iter().cloned().map(Draft::done).collect()
}

/// A steward's decision.
pub(crate) fn decide(left: &str, right: &str, kind: LinkKind) -> LinkDecision {
    LinkDecision { left: MentionId::new(left), right: MentionId::new(right), kind }
}

/// The clusters of a resolution as texts of ids, one for each: `1 2`, `3`.
pub(crate) fn shape(resolution: &Resolution) -> Vec<String> {
    let text = |members: &[MentionId]| members.iter().map(MentionId::as_str).collect::<Vec<_>>().join(" ");
    resolution.clusters.iter().map(|cluster| text(&cluster.members)).collect()
}

/// Resolves drafts by the shipped model and checks the clusters.
#[track_caller]
pub(crate) fn check(drafts: &[Draft], decisions: &[LinkDecision], expected: &[&str]) {
    let resolution = resolve(&mentions(drafts), decisions, &Model::shipped());
    assert_eq!(shape(&resolution), expected);
}
