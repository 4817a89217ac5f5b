//! Who belongs together: assignments of mentions to clusters and the decisions of stewards.

use serde::{Deserialize, Serialize};

use crate::{ClusterId, MentionId};

/// One mention's place in one cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assignment {
    /// The mention.
    pub mention_id: MentionId,
    /// The cluster it belongs to.
    pub cluster_id: ClusterId,
}

/// What a steward said about two mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// They are the same entity.
    MustLink,
    /// They are not; this is absolute.
    CannotLink,
}

/// A human decision about two mentions; it outranks the model for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LinkDecision {
    /// One mention.
    pub left: MentionId,
    /// The other.
    pub right: MentionId,
    /// What was decided.
    pub kind: LinkKind,
}
