//! The index on `sled` 0.34.7.
//!
//! Two of its traps are closed here: on Linux its `flush` does not fsync, so the file is fsynced after it; and writes
//! tree by tree tear in a crash, so all trees change in one transaction. It panics on some damaged files: every call
//! stands behind a boundary that turns a panic into an error, and the caller makes the index again.
//!
//! Invariant: this file and `frontier.rs` are the only ones that know the database.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional as _};

use super::{Index, Row, Rows, Tree};
use crate::Error;
use crate::durable::{self, io_error};

/// Memory for cached pages; the rows are small.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Rows in a database on disk.
#[derive(Debug)]
pub(crate) struct SledIndex {
    path: PathBuf,
    // The trees are dropped before the database that they belong to.
    trees: Vec<sled::Tree>,
    db: sled::Db,
}

/// Opens a database; a panic inside comes out as an error.
pub(crate) fn open_database(path: &Path) -> Result<sled::Db, Error> {
    // Without its own timer, what is durable is decided by us alone.
    let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None);
    guarded(path, || config.open())
}

/// Runs a call of the database and turns its errors and panics into ours.
pub(crate) fn guarded<T>(path: &Path, call: impl FnOnce() -> sled::Result<T>) -> Result<T, Error> {
    let failed = |detail: String| Error::Index { path: path.to_owned(), detail };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(source))) => Err(io_error("use the database", path)(source)),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("the database panicked".to_owned())),
    }
}

/// Reads every row once: damage shows here, where the database can be made again, and not in a query.
pub(crate) fn read_through(path: &Path, trees: &[&sled::Tree]) -> Result<(), Error> {
    guarded(path, || trees.iter().try_for_each(|tree| tree.iter().try_for_each(|row| row.map(drop))))
}

/// A row to write or, without a value, to remove: the tree by its place in a list, the key, the value.
pub(crate) type Change<'a> = (usize, &'a [u8], Option<&'a [u8]>);

/// Changes rows of several trees in one transaction.
pub(crate) fn write_together(path: &Path, trees: &[&sled::Tree], changes: &[Change<'_>]) -> Result<(), Error> {
    let write = || {
        let done = trees.transaction(|trees| {
            for (tree, key, row) in changes {
                match row {
                    Some(row) => trees[*tree].insert(*key, *row)?,
                    None => trees[*tree].remove(*key)?,
                };
            }
            Ok::<(), ConflictableTransactionError<()>>(())
        });
        match done {
            Ok(()) => Ok(()),
            Err(TransactionError::Storage(error)) => Err(error),
            Err(TransactionError::Abort(())) => Err(sled::Error::Unsupported("an abort that none asks for".into())),
        }
    };
    guarded(path, write)
}

impl SledIndex {
    /// Opens the index, empty where there is none, and reads all of it once.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        durable::create_dir(path)?;
        let db = open_database(path)?;
        let open = || Tree::ALL.iter().map(|tree| db.open_tree(tree.name())).collect::<sled::Result<Vec<_>>>();
        let trees = guarded(path, open)?;
        read_through(path, &trees.iter().collect::<Vec<_>>())?;
        Ok(Self { path: path.to_owned(), trees, db })
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        &self.trees[position(tree)]
    }
}

fn position(tree: Tree) -> usize {
    Tree::ALL.iter().position(|&each| each == tree).expect("`Tree::ALL` holds every tree")
}

impl Index for SledIndex {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        guarded(&self.path, || Ok(self.tree(tree).get(key)?.map(|row| row.to_vec())))
    }

    fn scan(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<Row>, Error> {
        guarded(&self.path, || {
            let rows = self.tree(tree).scan_prefix(prefix);
            rows.map(|row| row.map(|(key, row)| (key.to_vec(), row.to_vec()))).collect()
        })
    }

    fn is_empty(&self) -> Result<bool, Error> {
        guarded(&self.path, || Ok(self.trees.iter().all(sled::Tree::is_empty)))
    }

    fn write(&self, rows: &Rows) -> Result<(), Error> {
        let trees: Vec<&sled::Tree> = self.trees.iter().collect();
        let changes = rows.iter().map(|((tree, key), row)| (position(*tree), key.as_slice(), row.as_deref()));
        write_together(&self.path, &trees, &changes.collect::<Vec<_>>())
    }

    fn persist(&self) -> Result<(), Error> {
        guarded(&self.path, || self.db.flush())?;
        let file = self.path.join("db");
        File::open(&file).and_then(|file| file.sync_all()).map_err(io_error("make durable", &file))
    }
}
