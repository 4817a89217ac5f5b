//! What verification can find wrong, each named by its place.
//!
//! Invariant: a fault names files, lines, sequence numbers and counts, never a value.

use std::fmt;
use std::path::PathBuf;

/// How many faults a message names before it only counts the rest.
const NAMED_COUNT_MAX: usize = 5;

/// One thing that is wrong with the ledger or its checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LedgerFault {
    /// A line is not what was written there.
    Edited {
        /// The segment file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The entry that stood there.
        seq: u64,
    },
    /// Entries are gone from the middle.
    Missing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// A genuine entry stands at another's place.
    OutOfOrder {
        /// The segment file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The entry that stands there.
        seq: u64,
        /// The entry that belongs there.
        expected: u64,
    },
    /// An entry stands there a second time.
    Repeated {
        /// The segment file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The entry.
        seq: u64,
    },
    /// A genuine entry does not continue the one before it: parts of two ledgers were joined.
    Spliced {
        /// The segment file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The entry.
        seq: u64,
    },
    /// The ledger ends before the entry that the checkpoint vouches for.
    TailCut {
        /// The last entry that is there.
        last: u64,
        /// The entry that the checkpoint vouches for.
        checkpoint: u64,
    },
    /// The ledger is a whole, but not the one that the checkpoint vouches for.
    Rewritten {
        /// The entry that the checkpoint vouches for.
        seq: u64,
    },
    /// There is no checkpoint, so a cut tail or a rewritten ledger would not show.
    CheckpointMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The checkpoint was not signed with this store's key.
    CheckpointForged {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { file, line, seq } => write!(f, "`{file}` line {line}: entry {seq} was edited"),
            Self::Missing { first, last } if first == last => write!(f, "entry {first} is missing"),
            Self::Missing { first, last } => write!(f, "entries {first} to {last} are missing"),
            Self::OutOfOrder { file, line, seq, expected } => {
                write!(f, "`{file}` line {line}: entry {seq} is out of order, entry {expected} belongs there")
            }
            Self::Repeated { file, line, seq } => write!(f, "`{file}` line {line}: entry {seq} is repeated"),
            Self::Spliced { file, line, seq } => {
                write!(f, "`{file}` line {line}: entry {seq} does not continue the entry before it")
            }
            Self::TailCut { last, checkpoint } => {
                write!(f, "the tail was cut: it ends at entry {last}, the checkpoint vouches for entry {checkpoint}")
            }
            Self::Rewritten { seq } => {
                write!(f, "the ledger was rewritten: entry {seq} is not the one that the checkpoint vouches for")
            }
            Self::CheckpointMissing { path } => write!(f, "the checkpoint `{}` is missing", path.display()),
            Self::CheckpointForged { path } => {
                write!(f, "the checkpoint `{}` was not signed with this store's key", path.display())
            }
        }
    }
}

/// One thing that is wrong with a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The ledger or its checkpoint.
    Ledger(LedgerFault),
    /// A file that the ledger names is not there.
    FileMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file is not the one that the ledger names.
    FileChanged {
        /// The file.
        path: PathBuf,
    },
    /// A file has the right hash but cannot be read.
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why, without values.
        detail: String,
    },
    /// A segment holds other mentions than the ledger says.
    SegmentRows {
        /// The file.
        path: PathBuf,
    },
    /// The index cannot be read; `rebuild` makes it again.
    IndexUnreadable {
        /// Why.
        detail: String,
    },
    /// The index says something else than a fresh replay of the ledger.
    IndexDiffers {
        /// The part of the index.
        tree: &'static str,
        /// How many rows.
        row_count: u64,
    },
    /// Personal data are still there after an erasure.
    NotErased {
        /// The file that holds them.
        path: PathBuf,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ledger(fault) => fault.fmt(f),
            Self::FileMissing { path } => write!(f, "`{}` is missing", path.display()),
            Self::FileChanged { path } => write!(f, "`{}` is not the file that the ledger names", path.display()),
            Self::FileUnreadable { path, detail } => write!(f, "`{}` cannot be read: {detail}", path.display()),
            Self::SegmentRows { path } => {
                write!(f, "`{}` does not hold the mentions that the ledger names", path.display())
            }
            Self::IndexUnreadable { detail } => write!(f, "the index cannot be read: {detail}"),
            Self::IndexDiffers { tree, row_count } => {
                write!(f, "the index differs from the ledger in {row_count} rows of `{tree}`")
            }
            Self::NotErased { path } => write!(f, "`{}` still holds what was to be erased", path.display()),
        }
    }
}

/// Names the first faults and counts the rest, for one line of text.
pub(crate) fn list(faults: &[Fault]) -> String {
    let mut named: Vec<String> = faults.iter().take(NAMED_COUNT_MAX).map(ToString::to_string).collect();
    if let Some(rest) = faults.len().checked_sub(NAMED_COUNT_MAX).filter(|&rest| rest > 0) {
        named.push(format!("and {rest} more"));
    }
    named.join("; ")
}
