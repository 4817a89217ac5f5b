//! Rows that are not yet written, over the index.
//!
//! Invariant: a read sees every earlier write of the same batch.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::index::{Index, Rows, Tree, key_of};

/// An index with changes that wait for their transaction.
#[derive(Debug)]
pub(crate) struct Overlay<'a> {
    index: &'a dyn Index,
    rows: Rows,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(index: &'a dyn Index) -> Self {
        Self { index, rows: Rows::new() }
    }

    pub(super) fn index(&self) -> &'a dyn Index {
        self.index
    }

    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the row of a key made of parts.
    pub(super) fn get<T: DeserializeOwned>(&self, tree: Tree, parts: &[&str]) -> Result<Option<T>, Error> {
        let key = (tree, key_of(parts));
        let bytes = match self.rows.get(&key) {
            Some(row) => row.clone(),
            None => self.index.get(tree, &key.1)?,
        };
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Returns the keys that begin with `prefix`.
    pub(super) fn keys(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        let stored = self.index.scan(tree, prefix)?.into_iter().map(|(key, _)| key);
        let mut keys: Vec<Vec<u8>> = stored.filter(|key| !self.rows.contains_key(&(tree, key.clone()))).collect();
        let range = self.rows.range((tree, prefix.to_vec())..);
        let inside = range.take_while(|((each, key), _)| *each == tree && key.starts_with(prefix));
        keys.extend(inside.filter(|(_, row)| row.is_some()).map(|((_, key), _)| key.clone()));
        keys.sort();
        Ok(keys)
    }

    /// Writes the row of a key made of parts.
    pub(super) fn put(&mut self, tree: Tree, parts: &[&str], row: &impl Serialize) -> Result<(), Error> {
        self.put_key(tree, key_of(parts), row)
    }

    /// Writes the row of a key.
    pub(super) fn put_key(&mut self, tree: Tree, key: Vec<u8>, row: &impl Serialize) -> Result<(), Error> {
        let bytes = serde_json::to_vec(row)
            .map_err(|error| Error::Encode { what: "a row of the index", detail: error.to_string() })?;
        self.rows.insert((tree, key), Some(bytes));
        Ok(())
    }

    /// Removes the row of a key made of parts.
    pub(super) fn delete(&mut self, tree: Tree, parts: &[&str]) {
        self.delete_key(tree, key_of(parts));
    }

    /// Removes the row of a key.
    pub(super) fn delete_key(&mut self, tree: Tree, key: Vec<u8>) {
        self.rows.insert((tree, key), None);
    }

    /// Writes everything in one transaction.
    pub(super) fn write(&mut self) -> Result<(), Error> {
        self.index.write(&self.rows)?;
        self.rows.clear();
        Ok(())
    }
}
