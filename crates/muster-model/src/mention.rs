//! A mention: one observation of one person or company in one place of one source.
//!
//! [`MentionRecord`] is the JSON that `extract`, `import` and `resolve` speak; [`Mention`] is the same thing with the
//! door closed, which is what the pipeline passes on. How mentions are found is `extract`'s business, which of them
//! may be kept is `gate`'s.
//!
//! Invariant: a mention never changes once it has its id.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{EntityKind, Field, Guarded, KeyLabel, MentionId, Method, SecretKey, SourceName, Timestamp};

/// Where one value of a mention came from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The field that the value went into.
    pub field: Field,
    /// The value as it stands in the field.
    pub value: String,
    /// How it was found.
    pub method: Method,
    /// The words of the page or cell it was read from; left out where the gate cut them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// First byte and the byte behind the last, in UTF-8 bytes of the decoded page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<[u64; 2]>,
    /// How an e-mail address was hidden (`cloudflare`, `at-words`, ...); left out for one in plain sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence").field("field", &self.field).field("method", &self.method).finish_non_exhaustive()
    }
}

/// A mention as JSON; absent fields are left out.
///
/// It is plain data on purpose: it is what a file holds. Inside the pipeline it travels as [`Mention`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each member is the field of the same name, documented on `Field`")]
pub struct MentionRecord {
    #[serde(default = "empty_id", skip_serializing_if = "is_empty_id")]
    pub mention_id: MentionId,
    pub kind: EntityKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_domain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faxes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_court: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_urls: Vec<String>,
    /// The source of the pipeline it came through; set when a mention enters a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceName>,
    /// The page, or the file and row, it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// When it was obtained: the start of the notice clock (GDPR 14(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// SHA-256 of the page's bytes, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_hash: Option<String>,
    /// Language of the page, ISO 639-1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Whether anybody can read the source without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Each value with where it came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Evidence>,
}

fn empty_id() -> MentionId {
    MentionId::new("")
}

fn is_empty_id(id: &MentionId) -> bool {
    id.as_str().is_empty()
}

impl MentionRecord {
    /// Makes a mention of which only the kind is known.
    pub fn new(kind: EntityKind) -> Self {
        Self {
            mention_id: empty_id(),
            kind,
            name: None,
            given_name: None,
            family_name: None,
            degree: None,
            job_title: None,
            company: None,
            company_domain: None,
            legal_form: None,
            domain: None,
            emails: Vec::new(),
            phones: Vec::new(),
            faxes: Vec::new(),
            street: None,
            city: None,
            postcode: None,
            country: None,
            register_court: None,
            register_number: None,
            vat_id: None,
            profile_urls: Vec::new(),
            source: None,
            source_url: None,
            seen_at: None,
            page_hash: None,
            lang: None,
            public: None,
            values: Vec::new(),
        }
    }

    /// Returns the values of a field, none where it is absent.
    pub fn get(&self, field: Field) -> &[String] {
        match field {
            Field::Name => self.name.as_slice(),
            Field::GivenName => self.given_name.as_slice(),
            Field::FamilyName => self.family_name.as_slice(),
            Field::Degree => self.degree.as_slice(),
            Field::JobTitle => self.job_title.as_slice(),
            Field::Company => self.company.as_slice(),
            Field::CompanyDomain => self.company_domain.as_slice(),
            Field::LegalForm => self.legal_form.as_slice(),
            Field::Domain => self.domain.as_slice(),
            Field::Emails => &self.emails,
            Field::Phones => &self.phones,
            Field::Faxes => &self.faxes,
            Field::Street => self.street.as_slice(),
            Field::City => self.city.as_slice(),
            Field::Postcode => self.postcode.as_slice(),
            Field::Country => self.country.as_slice(),
            Field::RegisterCourt => self.register_court.as_slice(),
            Field::RegisterNumber => self.register_number.as_slice(),
            Field::VatId => self.vat_id.as_slice(),
            Field::ProfileUrls => &self.profile_urls,
        }
    }

    /// Replaces the values of a field; for a single-valued field the first counts.
    pub fn set(&mut self, field: Field, values: Vec<String>) {
        let slot = match field {
            Field::Emails => return self.emails = values,
            Field::Phones => return self.phones = values,
            Field::Faxes => return self.faxes = values,
            Field::ProfileUrls => return self.profile_urls = values,
            Field::Name => &mut self.name,
            Field::GivenName => &mut self.given_name,
            Field::FamilyName => &mut self.family_name,
            Field::Degree => &mut self.degree,
            Field::JobTitle => &mut self.job_title,
            Field::Company => &mut self.company,
            Field::CompanyDomain => &mut self.company_domain,
            Field::LegalForm => &mut self.legal_form,
            Field::Domain => &mut self.domain,
            Field::Street => &mut self.street,
            Field::City => &mut self.city,
            Field::Postcode => &mut self.postcode,
            Field::Country => &mut self.country,
            Field::RegisterCourt => &mut self.register_court,
            Field::RegisterNumber => &mut self.register_number,
            Field::VatId => &mut self.vat_id,
        };
        *slot = values.into_iter().next();
    }

    /// Returns whether the mention holds anything about its entity.
    pub fn is_empty(&self) -> bool {
        Field::ALL.iter().all(|&field| self.get(field).is_empty())
    }

    /// Gives the mention its id: a keyed hash of source, position and content.
    ///
    /// The position is the source's URL and `ordinal`, which tells two mentions of the same content in one place
    /// apart. Spans, quotes and times do not count, so a page whose frame changed gives the same ids.
    pub fn assign_id(&mut self, key: &SecretKey, ordinal: u32) {
        let mut parts: Vec<Vec<u8>> = vec![
            self.source.as_ref().map_or("", SourceName::as_str).into(),
            self.source_url.clone().unwrap_or_default().into(),
            ordinal.to_string().into(),
            self.kind.as_str().into(),
        ];
        for &field in Field::ALL {
            let mut values: Vec<&String> = self.get(field).iter().collect();
            values.sort();
            parts.extend(values.into_iter().map(|value| format!("{}={value}", field.as_str()).into_bytes()));
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        self.mention_id = MentionId::new(format!("m-{}", key.hash(KeyLabel::Mention, &parts).to_base32(26)));
    }
}

impl fmt::Debug for MentionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MentionRecord")
            .field("mention_id", &self.mention_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A mention inside the pipeline: the record with the door closed.
#[derive(Clone, PartialEq, Eq)]
pub struct Mention {
    id: MentionId,
    kind: EntityKind,
    seen_at: Timestamp,
    source: SourceName,
    page_lang: Option<String>,
    record: Guarded<MentionRecord>,
}

impl Mention {
    /// Closes the door behind a record that has its id, source and instant.
    ///
    /// Returns the record's missing part by name where it has none: a value without lineage is not kept
    /// (GDPR 14(2)(f), 15(1)(g)).
    ///
    /// # Errors
    ///
    /// The name of the missing member.
    pub fn new(record: MentionRecord) -> Result<Self, &'static str> {
        if record.mention_id.as_str().is_empty() {
            return Err("mention_id");
        }
        Ok(Self {
            id: record.mention_id.clone(),
            kind: record.kind,
            seen_at: record.seen_at.ok_or("seen_at")?,
            source: record.source.clone().ok_or("source")?,
            page_lang: record.lang.clone(),
            record: Guarded::new(record),
        })
    }

    /// Returns its id.
    pub const fn mention_id(&self) -> &MentionId {
        &self.id
    }

    /// Returns what it is about.
    pub const fn kind(&self) -> EntityKind {
        self.kind
    }

    /// Returns when it was obtained.
    pub const fn seen_at(&self) -> Timestamp {
        self.seen_at
    }

    /// Returns the source it came through.
    pub const fn source(&self) -> &SourceName {
        &self.source
    }

    /// Returns the language of the page it was read from, ISO 639-1, where that is known.
    pub fn page_lang(&self) -> Option<&str> {
        self.page_lang.as_deref()
    }

    /// Returns the guarded record.
    pub const fn record(&self) -> &Guarded<MentionRecord> {
        &self.record
    }

    /// Takes the guarded record out.
    pub fn into_record(self) -> Guarded<MentionRecord> {
        self.record
    }
}

impl fmt::Debug for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mention").field(&self.id).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> MentionRecord {
        let mut record = MentionRecord::new(EntityKind::Person);
        record.name = Some("Ada Example".into());
        record.emails = vec!["ada@firma.example".into()];
        record.source = Some(SourceName::new("web"));
        record.source_url = Some("http://firma.example/team".into());
        record
    }

    #[test]
    fn json_leaves_absent_fields_out_and_refuses_unknown_ones() {
        let json = serde_json::to_string(&record()).unwrap();
        assert!(!json.contains("job_title") && !json.contains("mention_id"), "{json}");
        assert_eq!(serde_json::from_str::<MentionRecord>(&json).unwrap(), record());
        assert!(serde_json::from_str::<MentionRecord>(r#"{"kind":"person","religion":"x"}"#).is_err());
    }

    #[test]
    fn an_id_follows_content_and_place_but_not_time() {
        let key = SecretKey::storeless();
        let (mut one, mut later, mut other) = (record(), record(), record());
        later.seen_at = Some(Timestamp::UNIX_EPOCH);
        other.job_title = Some("Buyer".into());
        for each in [&mut one, &mut later, &mut other] {
            each.assign_id(&key, 0);
        }
        assert_eq!(one.mention_id, later.mention_id);
        assert_ne!(one.mention_id, other.mention_id);
    }

    #[test]
    fn a_mention_without_source_or_instant_is_refused() {
        let mut bare = record();
        bare.assign_id(&SecretKey::storeless(), 0);
        assert_eq!(Mention::new(bare.clone()).unwrap_err(), "seen_at");
        bare.seen_at = Some(Timestamp::UNIX_EPOCH);
        bare.source = None;
        assert_eq!(Mention::new(bare).unwrap_err(), "source");
    }

    #[test]
    fn debug_shows_no_personal_value() {
        assert!(!format!("{:?}", record()).contains("Ada"));
    }
}
