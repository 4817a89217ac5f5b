//! The index: what queries read, derived from the ledger and never the truth.
//!
//! Invariant: rows and the position that they were derived at change in one transaction, and no row holds a personal
//! value.

mod memory_index;
mod sled_index;

use std::collections::BTreeMap;
use std::fmt;

use muster_model::{KeyedHash, Position};
use serde::{Deserialize, Serialize};

use crate::Error;

pub(crate) use memory_index::MemoryIndex;
pub(crate) use sled_index::{Change, SledIndex, guarded, open_database, read_through, write_together};

/// The version of the projection's rows; an index of another version is made again.
pub(crate) const PROJECTION_VERSION: u32 = 3;

macro_rules! trees {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// One part of the index, a map from key to row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Tree {
            $($(#[$doc])* $variant,)+
        }

        impl Tree {
            /// Every part.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the name in the database and in reports.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

trees! {
    /// The position applied, and the current snapshot.
    Meta = "meta",
    /// Segment name to its hash and terms.
    Segments = "segments",
    /// Segment name and mention id.
    SegmentMentions = "segment-mentions",
    /// Mention id to its segment.
    Mentions = "mentions",
    /// Mention id to the reason it is held.
    Held = "held",
    /// Mention id to why it was erased and is not kept again.
    Gone = "gone",
    /// Mention id to cluster id.
    Assignments = "assignments",
    /// Cluster id to the older one it became part of.
    Redirects = "redirects",
    /// Two mention ids to what a steward decided.
    Links = "links",
    /// Token to the state of a notice.
    Notices = "notices",
    /// Mention id and token of a notice that tells about it.
    NoticeMentions = "notice-mentions",
    /// Entry id and position to a suppression entry.
    Suppressions = "suppressions",
    /// Case id to a case.
    Cases = "cases",
    /// Review id to a review.
    Reviews = "reviews",
    /// Keyed hash of a mail to what it was.
    Mails = "mails",
    /// Mailbox and folder to how far it was read.
    Cursors = "cursors",
    /// Token to the state of an acknowledgement.
    Acknowledgements = "acknowledgements",
    /// Recipient and cluster id to the row's hash.
    Released = "released",
    /// Cluster id and recipient to when it was disclosed.
    Disclosures = "disclosures",
    /// Recipient and position to an export.
    Exports = "exports",
    /// Pipeline and step to when it was done.
    Steps = "steps",
    /// Stage to its last counters.
    Stages = "stages",
    /// Source, code and class of field to a count.
    Rejections = "rejections",
    /// Cluster id to why it was erased.
    Erased = "erased",
}

/// How far an index has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) projection_version: u32,
    pub(crate) position: Position,
    /// The ledger's chain value there, which tells an index of another ledger.
    pub(crate) mac: KeyedHash,
}

/// The key of the [`Mark`] in [`Tree::Meta`].
pub(crate) const MARK_KEY: &[u8] = b"mark";

/// Rows to write: a value, or nothing to remove the row.
pub(crate) type Rows = BTreeMap<(Tree, Vec<u8>), Option<Vec<u8>>>;

/// A row with its key.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// A database of rows, as far as this crate needs one.
pub(crate) trait Index: fmt::Debug {
    /// Returns one row.
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// Returns the rows whose keys begin with `prefix`, in the order of their keys.
    fn scan(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<Row>, Error>;

    /// Returns whether it holds no row at all.
    fn is_empty(&self) -> Result<bool, Error>;

    /// Writes rows in one transaction.
    fn write(&self, rows: &Rows) -> Result<(), Error>;

    /// Makes durable what was written.
    fn persist(&self) -> Result<(), Error>;
}

/// Returns how far an index has got; nothing for an empty one.
pub(crate) fn mark_of(index: &dyn Index) -> Result<Option<Mark>, Error> {
    Ok(index.get(Tree::Meta, MARK_KEY)?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Makes a key of parts; parts are ids and names, which hold no zero byte.
pub(crate) fn key_of(parts: &[&str]) -> Vec<u8> {
    parts.join("\0").into_bytes()
}

/// Makes the prefix of all keys that begin with these parts.
pub(crate) fn prefix_of(parts: &[&str]) -> Vec<u8> {
    let mut key = key_of(parts);
    key.push(0);
    key
}

/// Returns the last part of a key.
pub(crate) fn last_part(key: &[u8]) -> String {
    let part = key.rsplit(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(part).into_owned()
}
