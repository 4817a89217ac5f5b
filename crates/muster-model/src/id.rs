//! Ids: newtypes over short texts, so that one kind cannot be passed for another.
//!
//! How an id is derived stands where its thing is made (`extract` and the binary for mentions, `resolve` for
//! clusters); here is only what an id looks like.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in the ledger: the sequence number of an entry, from 1.
pub type Position = u64;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text of an id.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Returns the text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// The id of a mention: a keyed hash of source, position and content, or what a file of mentions says.
    MentionId
}
text_id! {
    /// The id of a cluster and of the MASTER record derived from it: `p-` for a person, `c-` for a company.
    ClusterId
}
text_id! {
    /// The token of a notice: 26 lower-case base32 characters that say nothing about the person.
    NoticeToken
}
text_id! {
    /// The id of a rights case.
    CaseId
}
text_id! {
    /// The name of a source as the pipeline file gives it.
    SourceName
}
