//! What the controller has decided: terms of sources and recipients, assessments, periods.
//!
//! The binary reads these from the pipeline file and the files it names; here they are data.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_model::{Field, SourceName};

/// The periods and places that the rules are applied with. Numbers are policy, not code: laws move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// SHA-256 over policy and assessments, first 16 hexadecimal digits; every decision in the ledger names it.
    pub policy_hash: String,
    /// Months after the first datum was obtained until the record goes (RE-1).
    pub retention_months: i32,
    /// IANA zone of the establishment that acts.
    pub zone: String,
    /// Region whose public holidays count, ISO 3166-1 or 3166-2 (`DE-BE`).
    pub holiday_region: String,
    /// Languages that notices can be written in, the fallback first.
    pub languages: Vec<String>,
    /// Days between a notice's delivery and the first release (NT-9).
    pub wait_days: i32,
    /// Hours without a bounce after which a notice counts as delivered (NT-6).
    pub delivered_after_hours: i32,
    /// Hours after which a letter on paper that has not come back counts as delivered.
    pub paper_delivered_after_hours: i32,
    /// Days after obtaining by which a notice should be out (DL-1).
    pub target_days: i32,
    /// Days after obtaining at which an unsent notice raises an alarm.
    pub alarm_days: i32,
    /// Days after obtaining past which no first notice is sent.
    pub hard_stop_days: i32,
    /// Days that a held record waits for a person before it is dropped.
    pub hold_days: i32,
}

/// Where mentions come from, as far as the law cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// Pages fetched over HTTP.
    Web,
    /// A CSV or JSON-lines file.
    File,
    /// Entered by hand.
    Manual,
}

impl SourceKind {
    /// Returns the name used in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::File => "file",
            Self::Manual => "manual",
        }
    }

    /// Finds the kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "web" => Some(Self::Web),
            "file" => Some(Self::File),
            "manual" => Some(Self::Manual),
            _ => None,
        }
    }
}

/// A legitimate-interest assessment (GDPR 6(1)(f)); AC-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its id, as sources name it.
    pub id: String,
    /// Kinds of source it covers.
    pub source_kinds: Vec<SourceKind>,
    /// Countries of persons it covers, ISO 3166-1; empty for all.
    pub countries: Vec<String>,
    /// First day on which it holds.
    pub approved_on: Date,
    /// First day on which it holds no longer.
    pub expires_on: Date,
    /// The interest in words, by language (A12).
    pub interest: BTreeMap<String, String>,
}

impl Assessment {
    /// Returns whether the assessment covers people of a country.
    ///
    /// Somebody whose country is not known is treated as if they were in the European Economic Area (rule SC-3).
    pub(crate) fn covers_country(&self, country: Option<&str>) -> bool {
        let covered = |code: &str| self.countries.iter().any(|listed| listed.eq_ignore_ascii_case(code.trim()));
        match country {
            _ if self.countries.is_empty() => true,
            Some(code) => covered(code),
            None => EEA.iter().any(|code| covered(code)),
        }
    }
}

/// The terms of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTerms {
    /// Its name.
    pub name: SourceName,
    /// Its kind.
    pub kind: SourceKind,
    /// The lawful basis as the pipeline states it, `6(1)(f)` or `6(1)(a)`.
    pub basis: Option<String>,
    /// The assessment it relies on.
    pub assessment_id: Option<String>,
    /// Whether what it holds can be read by anybody.
    pub public: bool,
}

/// On what a transfer to a country rests (GDPR 44-49).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransferMechanism {
    /// Inside the EEA: no transfer.
    None,
    /// An adequacy decision (45).
    Adequacy,
    /// Standard contractual clauses (46(2)(c)).
    Scc,
    /// Binding corporate rules (47).
    Bcr,
}

impl TransferMechanism {
    /// Finds the mechanism of that name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "adequacy" => Some(Self::Adequacy),
            "scc" => Some(Self::Scc),
            "bcr" => Some(Self::Bcr),
            _ => None,
        }
    }

    /// Returns the name used in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Adequacy => "adequacy",
            Self::Scc => "scc",
            Self::Bcr => "bcr",
        }
    }
}

/// The terms of one recipient of exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientTerms {
    /// Its name, as notices state it.
    pub name: String,
    /// Its country, ISO 3166-1.
    pub country: String,
    /// On what the transfer rests.
    pub mechanism: TransferMechanism,
    /// The assessment that covers the disclosure.
    pub assessment_id: Option<String>,
    /// The fields it may receive.
    pub fields: Vec<Field>,
}

/// Members of the European Economic Area, ISO 3166-1.
pub const EEA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];
