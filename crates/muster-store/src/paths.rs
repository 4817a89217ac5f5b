//! Where the parts of a store lie.
//!
//! Invariant: everything but the checkpoint is below the root; the checkpoint is outside, so that who can cut the
//! ledger's tail cannot by the same access cut the word about it.

use std::path::PathBuf;

/// The places of one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorePaths {
    /// The store's directory.
    pub root: PathBuf,
    /// The signed checkpoint, at a place outside the root.
    pub checkpoint: PathBuf,
}

impl StorePaths {
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("LOCK")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }

    pub(crate) fn mentions(&self) -> PathBuf {
        self.root.join("mentions")
    }

    pub(crate) fn master(&self) -> PathBuf {
        self.root.join("master")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    pub(crate) fn frontier(&self) -> PathBuf {
        self.root.join("frontier")
    }
}
