//! The facts that a notice must state (GDPR 14(1), 14(2)), gathered from the pipeline and the person's record.
//!
//! The words are `muster-mail`'s; which facts must be there is checked by `lint_notice`.

mod items;
mod language;

use std::collections::BTreeMap;

use muster_model::MasterValue;

pub use items::{Item, is_outside_eea, required_items};
pub use language::{Residence, notice_language};

/// Who is responsible (14(1)(a)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// Full legal name with its legal form.
    pub legal_name: String,
    /// Postal address on one line.
    pub address: String,
    /// The monitored mailbox; our replies come to `privacy+TOKEN@` of it.
    pub email: String,
    /// Country of establishment, ISO 3166-1.
    pub country: String,
    /// Page with the full privacy information, if there is one.
    pub privacy_url: Option<String>,
    /// The data protection officer (14(1)(b)).
    pub dpo: Option<DataProtectionOfficer>,
    /// The representative (27), for a controller outside the EEA.
    pub representative: Option<Representative>,
    /// The supervisory authority that the notice names (14(2)(e)), by country of the person, `*` for all others.
    pub authorities: BTreeMap<String, String>,
}

/// The data protection officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataProtectionOfficer {
    /// Name or office, optional.
    pub name: Option<String>,
    /// How to reach them.
    pub email: String,
}

/// The representative of a controller outside the EEA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    /// Name.
    pub name: String,
    /// Address or e-mail.
    pub contact: String,
}

/// One purpose with its sentence in each language (14(1)(c)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticePurpose {
    /// Its id in the pipeline.
    pub id: String,
    /// The sentence, by language.
    pub sentence: BTreeMap<String, String>,
}

/// A recipient as the notice names it (14(1)(e), (f)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientLine {
    /// Name.
    pub name: String,
    /// Country, ISO 3166-1.
    pub country: String,
    /// `none`, `adequacy`, `scc` or `bcr`.
    pub mechanism: String,
}

/// Everything that one notice states, but for the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFacts {
    /// Who is responsible.
    pub controller: Controller,
    /// For what.
    pub purposes: Vec<NoticePurpose>,
    /// The basis of each processing, `6(1)(f)` or `6(1)(a)`.
    pub basis: String,
    /// The interest in words, by language; needed for `6(1)(f)`.
    pub interest: BTreeMap<String, String>,
    /// Who receives.
    pub recipients: Vec<RecipientLine>,
    /// How long the data are kept, in months from the first instant.
    pub retention_months: i32,
    /// Whether decisions with legal effect are automated (14(2)(g)).
    pub automated_decisions: bool,
    /// What is decided, by which logic and with which consequences, by language; needed where decisions are automated.
    pub automated_explained: BTreeMap<String, String>,
    /// Language of the notice, ISO 639-1.
    pub lang: String,
    /// Country of the person, ISO 3166-1, where known.
    pub country: Option<String>,
    /// The reference, which is the notice's token.
    pub reference: String,
    /// The address that replies go to: `privacy+TOKEN@...`.
    pub reply_to: String,
    /// Local date on which the first datum was obtained, `2026-03-02`.
    pub obtained_on: String,
    /// What is held, value by value, with lineage.
    pub values: Vec<MasterValue>,
}

impl NoticeFacts {
    /// Returns the authority for the person's country.
    pub fn authority(&self) -> Option<&str> {
        let authorities = &self.controller.authorities;
        let own = self.country.as_ref().and_then(|country| authorities.get(country));
        own.or_else(|| authorities.get("*")).map(String::as_str)
    }
}
