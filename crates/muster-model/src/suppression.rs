//! Entries of the suppression list: the least that lets us recognize a person who said no.
//!
//! How keys are made from values is `gate`'s rule; here is what is stored.
//!
//! Invariant: an entry holds keyed hashes only.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{KeyedHash, Timestamp};

/// What a key was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKeyKind {
    /// A normalized e-mail address.
    Email,
    /// A phone number in E.164.
    Phone,
    /// A canonical profile URL.
    Profile,
    /// A form of the name, with the employer's domain or name.
    NameEmployer,
}

/// One key: what it was made from and the keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SuppressionKey {
    /// What it was made from.
    pub kind: SuppressionKeyKind,
    /// HMAC-SHA-256 of the normalized value.
    pub hash: KeyedHash,
}

/// How far an entry reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionScope {
    /// Nothing of the person is kept, sent or exported.
    Global,
    /// Only the telephone: the numbers are not exported for calls.
    Phone,
}

/// Why an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionReason {
    /// "No more e-mail", or a one-click unsubscribe.
    OptOut,
    /// An objection (GDPR 21).
    Objection,
    /// A request for erasure (GDPR 17).
    Erasure,
    /// A complaint, by the person or by a feedback report.
    Complaint,
    /// "Do not call".
    DoNotCall,
    /// Taken over from a list that somebody gave us.
    Import,
}

impl SuppressionReason {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptOut => "opt-out",
            Self::Objection => "objection",
            Self::Erasure => "erasure",
            Self::Complaint => "complaint",
            Self::DoNotCall => "do-not-call",
            Self::Import => "import",
        }
    }

    /// Returns how far an entry for this reason reaches: all but do-not-call are global.
    pub const fn scope(self) -> SuppressionScope {
        match self {
            Self::DoNotCall => SuppressionScope::Phone,
            Self::OptOut | Self::Objection | Self::Erasure | Self::Complaint | Self::Import => SuppressionScope::Global,
        }
    }
}

impl fmt::Display for SuppressionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One person's entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressionEntry {
    /// Names the entry in commands and reports: the base32 form of its first key.
    pub entry_id: String,
    /// Why it stands.
    pub reason: SuppressionReason,
    /// How far it reaches.
    pub scope: SuppressionScope,
    /// When it was added.
    pub added_at: Timestamp,
    /// The version of the normalization that the keys were made with.
    pub normalizer_version: u32,
    /// Any of these recognizes the person.
    pub keys: Vec<SuppressionKey>,
    /// Mailboxes that stood on record beside the person's, under the same name at the same employer: a mention that
    /// carries one of them may be a namesake and is held for a person to decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namesake_keys: Vec<SuppressionKey>,
    /// Mailboxes that a steward confirmed to be a namesake's: the entry says nothing about whoever has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed_keys: Vec<SuppressionKey>,
}
