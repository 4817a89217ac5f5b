//! The MASTER record: what survives of a cluster, each value with its lineage.
//!
//! Invariant: a MASTER record is derived; nothing in it is not in one of its mentions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ClusterId, EntityKind, Field, Guarded, MentionId, Method, SourceName, Timestamp};

/// Why a value survived and others did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SurvivorshipRule {
    /// All mentions that have the field agree.
    Agreed,
    /// More mentions say it than say anything else.
    MostMentions,
    /// As many say something else; this was seen last.
    MostRecent,
    /// As many, as late; the longer form was kept.
    MostComplete,
    /// The field is a list and holds what every mention says.
    Union,
    /// A person decided.
    Decided,
}

impl SurvivorshipRule {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::MostMentions => "most-mentions",
            Self::MostRecent => "most-recent",
            Self::MostComplete => "most-complete",
            Self::Union => "union",
            Self::Decided => "decided",
        }
    }
}

/// One place that says a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lineage {
    /// The mention that says it.
    pub mention_id: MentionId,
    /// The source it came through.
    pub source: SourceName,
    /// The page, or file and row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// When it was obtained.
    pub seen_at: Timestamp,
    /// How the value was found.
    pub method: Method,
    /// The words it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Where those words stand in the decoded page, in UTF-8 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<[u64; 2]>,
    /// Whether anybody can read the source.
    pub public: bool,
}

impl fmt::Debug for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lineage").field(&self.mention_id).finish()
    }
}

/// One value of a MASTER record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterValue {
    /// The field.
    pub field: Field,
    /// The value that survived.
    pub value: String,
    /// Why this one.
    pub rule: SurvivorshipRule,
    /// Every place that says it, oldest first.
    pub lineage: Vec<Lineage>,
}

impl fmt::Debug for MasterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterValue").field("field", &self.field).finish_non_exhaustive()
    }
}

/// A MASTER record as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterRecord {
    /// Its id, which stays when more mentions join.
    pub cluster_id: ClusterId,
    /// What it is about.
    pub kind: EntityKind,
    /// The company that a person works for, where one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_id: Option<ClusterId>,
    /// When the first personal datum was obtained: the earliest instant of its mentions, which a merge never moves
    /// forward.
    pub obtained_at: Timestamp,
    /// Its mentions, sorted.
    pub members: Vec<MentionId>,
    /// Its values, in the order of [`Field::ALL`].
    pub values: Vec<MasterValue>,
}

impl MasterRecord {
    /// Returns the values of a field in their order.
    pub fn get(&self, field: Field) -> impl Iterator<Item = &MasterValue> {
        self.values.iter().filter(move |value| value.field == field)
    }

    /// Returns the first value of a field.
    pub fn first(&self, field: Field) -> Option<&str> {
        self.get(field).next().map(|value| value.value.as_str())
    }
}

impl fmt::Debug for MasterRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MasterRecord").field(&self.cluster_id).finish()
    }
}

/// A MASTER record inside the pipeline: the record with the door closed.
#[derive(Clone, PartialEq, Eq)]
pub struct Master {
    cluster_id: ClusterId,
    kind: EntityKind,
    company_id: Option<ClusterId>,
    obtained_at: Timestamp,
    members: Vec<MentionId>,
    record: Guarded<MasterRecord>,
}

impl Master {
    /// Closes the door behind a record.
    pub fn new(record: MasterRecord) -> Self {
        Self {
            cluster_id: record.cluster_id.clone(),
            kind: record.kind,
            company_id: record.company_id.clone(),
            obtained_at: record.obtained_at,
            members: record.members.clone(),
            record: Guarded::new(record),
        }
    }

    /// Returns its id.
    pub const fn cluster_id(&self) -> &ClusterId {
        &self.cluster_id
    }

    /// Returns what it is about.
    pub const fn kind(&self) -> EntityKind {
        self.kind
    }

    /// Returns the company that a person works for.
    pub const fn company_id(&self) -> Option<&ClusterId> {
        self.company_id.as_ref()
    }

    /// Returns when the first datum was obtained.
    pub const fn obtained_at(&self) -> Timestamp {
        self.obtained_at
    }

    /// Returns its mentions, sorted.
    pub fn members(&self) -> &[MentionId] {
        &self.members
    }

    /// Returns the guarded record.
    pub const fn record(&self) -> &Guarded<MasterRecord> {
        &self.record
    }
}

impl fmt::Debug for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Master").field(&self.cluster_id).finish()
    }
}
