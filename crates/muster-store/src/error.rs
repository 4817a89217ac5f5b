//! What can go wrong here, with what was attempted and on what.
//!
//! Invariant: no message holds a personal value; paths, ids and counts only.

use std::io;
use std::path::{Path, PathBuf};

use muster_model::Timestamp;

use crate::fault::{Fault, list};

/// What kind of failure an [`Error`] is, as the binary's exit codes tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Another process uses the store.
    Locked,
    /// The disk or the index did not do what was asked; safe to run again.
    Io,
    /// Ledger, files and checkpoint do not fit together, or a bug.
    Integrity,
    /// The key is not the one that the store was made with.
    WrongKey,
    /// The store was written by a newer version.
    NewerFormat,
    /// `now` lies before the ledger's last instant.
    ClockBackwards,
    /// There is no store there.
    Missing,
}

/// Why the store could not do its part.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the lock.
    #[error("failed to lock the store `{}`: {} uses it", path.display(), holder(*pid))]
    Locked {
        /// The store.
        path: PathBuf,
        /// The process that holds it, where it said so.
        pid: Option<u32>,
    },
    /// Input or output failed.
    #[error("failed to {action} `{}`", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The index failed; it can be made again from the ledger.
    #[error("failed to use the index `{}`: {detail}", path.display())]
    Index {
        /// The index.
        path: PathBuf,
        /// What the database said.
        detail: String,
    },
    /// The key is not the store's.
    #[error("failed to open the store `{}`: it was made with key `{expected}`, not with `{given}`", path.display())]
    WrongKey {
        /// The store.
        path: PathBuf,
        /// Id of the store's key.
        expected: String,
        /// Id of the key that was given.
        given: String,
    },
    /// The store was written by a newer version of the program.
    #[error("failed to open the store: `{}` has format version {found}, this program knows {supported}", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest that is known here.
        supported: u32,
    },
    /// The clock went backwards.
    #[error("failed to open the store: the instant {now} lies before the ledger's last instant {last}")]
    ClockBackwards {
        /// The ledger's last instant.
        last: Timestamp,
        /// The instant that was given.
        now: Timestamp,
    },
    /// The truth is damaged or was changed.
    #[error("failed to trust the store `{}`: {}", path.display(), list(faults))]
    Integrity {
        /// The store.
        path: PathBuf,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// There is no store there.
    #[error("failed to open the store `{}`: there is none", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// An earlier write failed; what it left is put right at the next open.
    #[error("failed to write to the ledger `{}`: an earlier write failed, open the store again", path.display())]
    Poisoned {
        /// The ledger.
        path: PathBuf,
    },
    /// The store was opened for reading.
    #[error("failed to write to the store `{}`: it was opened for reading", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
    },
    /// Something could not be written as JSON, Parquet or CSV.
    #[error("failed to encode {what}: {detail}")]
    Encode {
        /// What.
        what: &'static str,
        /// Why, as the library says.
        detail: String,
    },
}

impl Error {
    /// Returns the kind, by which the binary chooses its exit code.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Locked { .. } => ErrorKind::Locked,
            Self::Io { .. } | Self::Index { .. } | Self::Poisoned { .. } => ErrorKind::Io,
            Self::WrongKey { .. } => ErrorKind::WrongKey,
            Self::NewerFormat { .. } => ErrorKind::NewerFormat,
            Self::ClockBackwards { .. } => ErrorKind::ClockBackwards,
            Self::Missing { .. } => ErrorKind::Missing,
            Self::Integrity { .. } | Self::ReadOnly { .. } | Self::Encode { .. } => ErrorKind::Integrity,
        }
    }

    pub(crate) fn integrity(path: &Path, fault: Fault) -> Self {
        Self::Integrity { path: path.to_owned(), faults: vec![fault] }
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("another process ({pid})"))
}
