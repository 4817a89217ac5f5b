//! An index in memory: what a fresh replay is held against, and what tests read.
//!
//! Invariant: it forgets everything when it is dropped.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Index, Row, Rows, Tree};
use crate::Error;

type Map = BTreeMap<(Tree, Vec<u8>), Vec<u8>>;

/// Rows in a map.
#[derive(Debug, Default)]
pub(crate) struct MemoryIndex {
    rows: RefCell<Map>,
}

impl Index for MemoryIndex {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.rows.borrow().get(&(tree, key.to_vec())).cloned())
    }

    fn scan(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<Row>, Error> {
        let rows = self.rows.borrow();
        let range = rows.range((tree, prefix.to_vec())..);
        let inside = range.take_while(|((each, key), _)| *each == tree && key.starts_with(prefix));
        Ok(inside.map(|((_, key), row)| (key.clone(), row.clone())).collect())
    }

    fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.rows.borrow().is_empty())
    }

    fn write(&self, rows: &Rows) -> Result<(), Error> {
        let mut mine = self.rows.borrow_mut();
        for (key, row) in rows {
            match row {
                Some(row) => mine.insert(key.clone(), row.clone()),
                None => mine.remove(key),
            };
        }
        Ok(())
    }

    fn persist(&self) -> Result<(), Error> {
        Ok(())
    }
}
