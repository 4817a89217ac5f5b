//! The crawl queue: which pages are still to be fetched, and what is remembered of those that were.
//!
//! It is operational state in a database of its own: no rebuild makes it again, an erasure deletes it whole, and
//! losing it costs fetching pages again. What happens on the web is the crawler's business.
//!
//! Invariant: a page is done only when its memory is written with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use muster_model::SourceName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::durable;
use crate::index::{Change, guarded, open_database, prefix_of, read_through, write_together};

/// What is remembered of a page, for asking whether it has changed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageMemoryRow {
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The hash of the body.
    pub page_hash: String,
    /// The links that were followed from it.
    pub links: Vec<String>,
}

impl std::fmt::Debug for PageMemoryRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageMemoryRow").field("page_hash", &self.page_hash).finish_non_exhaustive()
    }
}

/// A URL that waits.
#[derive(Serialize, Deserialize)]
struct PendingRow {
    url: String,
    depth: u32,
}

/// Places of the trees in a [`Change`].
const PENDING: usize = 0;
const SEEN: usize = 1;
const MEMORY: usize = 2;
const STATE: usize = 3;

/// The open database; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct FrontierDatabase {
    path: PathBuf,
    /// Number to URL.
    pending: sled::Tree,
    /// URL to its number, done or not.
    seen: sled::Tree,
    /// URL to what is remembered of it.
    memory: sled::Tree,
    /// Whether a round is under way, and the next number.
    state: sled::Tree,
    database: sled::Db,
}

impl FrontierDatabase {
    /// Opens the database; a broken one is begun anew.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Self::try_open(path).or_else(|_| {
            durable::remove_dir(path)?;
            Self::try_open(path)
        })
    }

    fn try_open(path: &Path) -> Result<Self, Error> {
        let database = open_database(path)?;
        let opened = guarded(path, || {
            Ok(Self {
                path: path.to_owned(),
                pending: database.open_tree("pending")?,
                seen: database.open_tree("seen")?,
                memory: database.open_tree("memory")?,
                state: database.open_tree("state")?,
                database: database.clone(),
            })
        })?;
        read_through(path, &opened.trees())?;
        Ok(opened)
    }

    /// The trees, in the order of their places in a [`Change`].
    fn trees(&self) -> [&sled::Tree; 4] {
        [&self.pending, &self.seen, &self.memory, &self.state]
    }

    fn get<T: DeserializeOwned>(&self, tree: &sled::Tree, key: &[u8]) -> Result<Option<T>, Error> {
        let row = guarded(&self.path, || tree.get(key))?;
        Ok(row.and_then(|row| serde_json::from_slice(&row).ok()))
    }

    fn flush(&self) -> Result<(), Error> {
        guarded(&self.path, || self.database.flush()).map(drop)
    }

    /// Changes rows in one transaction.
    fn change(&self, changes: &[Change<'_>]) -> Result<(), Error> {
        write_together(&self.path, &self.trees(), changes)
    }

    fn keys(&self, tree: &sled::Tree, prefix: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        guarded(&self.path, || tree.scan_prefix(prefix).keys().map(|key| key.map(|key| key.to_vec())).collect())
    }
}

/// The crawl queue of one source.
///
/// It may outlive an erasure, which deletes what lies under it: a crawl ends before anybody is erased.
#[derive(Debug)]
pub struct StoreFrontier {
    database: FrontierDatabase,
    source: SourceName,
}

impl StoreFrontier {
    pub(crate) fn new(database: FrontierDatabase, source: &SourceName) -> Self {
        Self { database, source: source.clone() }
    }

    fn prefix(&self) -> Vec<u8> {
        prefix_of(&[self.source.as_str()])
    }

    fn key(&self, rest: &[u8]) -> Vec<u8> {
        let mut key = self.prefix();
        key.extend_from_slice(rest);
        key
    }

    /// Begins a round; returns whether it goes on with one that was interrupted.
    ///
    /// A new round forgets which URLs were seen and keeps what is remembered of pages.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] or [`Error::Io`] where the database fails; so for every call below.
    pub fn begin_crawl(&mut self) -> Result<bool, Error> {
        let database = &self.database;
        if database.get::<bool>(&database.state, &self.key(b"open"))?.is_some() {
            return Ok(true);
        }
        self.clear_round()?;
        database.change(&[(STATE, &self.key(b"open"), Some(b"true"))])?;
        database.flush()?;
        Ok(false)
    }

    /// Ends a round; what is remembered of pages that it did not meet is forgotten.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn finish_crawl(&mut self) -> Result<(), Error> {
        let database = &self.database;
        let met: BTreeSet<Vec<u8>> = database.keys(&database.seen, &self.prefix())?.into_iter().collect();
        for key in database.keys(&database.memory, &self.prefix())? {
            if !met.contains(&key) {
                database.change(&[(MEMORY, &key, None)])?;
            }
        }
        self.clear_round()?;
        database.change(&[(STATE, &self.key(b"open"), None)])?;
        database.flush()
    }

    fn clear_round(&self) -> Result<(), Error> {
        let database = &self.database;
        for (place, tree) in [(PENDING, &database.pending), (SEEN, &database.seen)] {
            for key in database.keys(tree, &self.prefix())? {
                database.change(&[(place, &key, None)])?;
            }
        }
        database.change(&[(STATE, &self.key(b"next"), None)])
    }

    /// Adds a URL to the queue; false when this round knows it already, done or not.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn push(&mut self, url: &str, depth: u32) -> Result<bool, Error> {
        let database = &self.database;
        let seen_key = self.key(url.as_bytes());
        if database.get::<u64>(&database.seen, &seen_key)?.is_some() {
            return Ok(false);
        }
        let number: u64 = database.get(&database.state, &self.key(b"next"))?.unwrap_or(0);
        let pending = json(&PendingRow { url: url.to_owned(), depth })?;
        database.change(&[
            (PENDING, &self.key(&number.to_be_bytes()), Some(&pending)),
            (SEEN, &seen_key, Some(&json(&number)?)),
            (STATE, &self.key(b"next"), Some(&json(&(number + 1))?)),
        ])?;
        Ok(true)
    }

    /// Returns up to `limit` URLs that are not done, with their depth, first in first out.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn pending(&self, limit: usize) -> Result<Vec<(String, u32)>, Error> {
        let database = &self.database;
        let rows: Vec<sled::IVec> =
            guarded(&database.path, || database.pending.scan_prefix(self.prefix()).values().take(limit).collect())?;
        let rows = rows.iter().filter_map(|row| serde_json::from_slice::<PendingRow>(row).ok());
        Ok(rows.map(|row| (row.url, row.depth)).collect())
    }

    /// Returns what an earlier round remembered of a URL.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn memory(&self, url: &str) -> Result<Option<PageMemoryRow>, Error> {
        self.database.get(&self.database.memory, &self.key(url.as_bytes()))
    }

    /// Marks a URL as done and replaces its memory; on disk when this returns.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn done(&mut self, url: &str, memory: Option<PageMemoryRow>) -> Result<(), Error> {
        let database = &self.database;
        let key = self.key(url.as_bytes());
        let memory = memory.map(|memory| json(&memory)).transpose()?;
        let waiting = database.get::<u64>(&database.seen, &key)?.map(|number| self.key(&number.to_be_bytes()));
        let mut changes: Vec<Change<'_>> = vec![(MEMORY, &key, memory.as_deref())];
        changes.extend(waiting.iter().map(|waiting| (PENDING, waiting.as_slice(), None)));
        database.change(&changes)?;
        database.flush()
    }

    /// Returns how many URLs of this round wait and how many are done.
    ///
    /// # Errors
    ///
    /// As [`StoreFrontier::begin_crawl`].
    pub fn counts(&self) -> Result<(u64, u64), Error> {
        let database = &self.database;
        let pending = database.keys(&database.pending, &self.prefix())?.len() as u64;
        let seen = database.keys(&database.seen, &self.prefix())?.len() as u64;
        Ok((pending, seen - pending))
    }
}

fn json(row: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(row).map_err(|error| Error::Encode { what: "a row of the queue", detail: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Place;

    fn web() -> SourceName {
        SourceName::new("web")
    }

    fn memory(hash: &str) -> PageMemoryRow {
        PageMemoryRow { page_hash: hash.into(), links: vec!["https://a.example/2".into()], ..PageMemoryRow::default() }
    }

    #[test]
    fn a_round_that_was_cut_short_goes_on() {
        let place = Place::new();
        let mut store = place.open(1);
        let mut frontier = store.frontier(&web()).unwrap();
        assert!(!frontier.begin_crawl().unwrap());
        for number in 1..=300 {
            assert!(frontier.push(&format!("https://a.example/{number}"), number % 3).unwrap());
        }
        assert!(!frontier.push("https://a.example/7", 0).unwrap());
        frontier.done("https://a.example/1", Some(memory("h1"))).unwrap();
        drop((frontier, store));
        let mut store = place.open(1);
        let mut frontier = store.frontier(&web()).unwrap();
        assert!(frontier.begin_crawl().unwrap());
        assert_eq!(frontier.counts().unwrap(), (299, 1));
        assert!(!frontier.push("https://a.example/1", 0).unwrap(), "what is done is known");
        let first = frontier.pending(2).unwrap();
        assert_eq!(first, [("https://a.example/2".into(), 2), ("https://a.example/3".into(), 0)]);
        assert_eq!(frontier.memory("https://a.example/1").unwrap(), Some(memory("h1")));
    }

    #[test]
    fn a_new_round_forgets_the_queue_and_keeps_the_memory_of_pages_it_met() {
        let place = Place::new();
        let mut store = place.open(1);
        let mut frontier = store.frontier(&web()).unwrap();
        let mut other = store.frontier(&SourceName::new("web2")).unwrap();
        other.begin_crawl().unwrap();
        other.push("https://b.example/", 0).unwrap();
        for (round, urls) in
            [["https://a.example/1", "https://a.example/2"], ["https://a.example/1"; 2]].iter().enumerate()
        {
            assert!(!frontier.begin_crawl().unwrap(), "round {round} is new");
            assert_eq!(frontier.counts().unwrap(), (0, 0));
            for url in urls {
                frontier.push(url, 0).unwrap();
                frontier.done(url, Some(memory("h"))).unwrap();
            }
            frontier.finish_crawl().unwrap();
            assert_eq!(frontier.memory("https://a.example/2").unwrap().is_some(), round == 0);
        }
        assert!(frontier.memory("https://a.example/1").unwrap().is_some());
        assert_eq!(other.pending(9).unwrap().len(), 1, "another source is left alone");
    }

    #[test]
    fn a_broken_queue_is_begun_anew() {
        let place = Place::new();
        let mut store = place.open(1);
        store.frontier(&web()).unwrap().begin_crawl().unwrap();
        drop(store);
        for file in crate::testing::files_below(&place.paths.frontier()) {
            let length = std::fs::read(&file).unwrap().len();
            std::fs::write(&file, vec![0xA5; length]).unwrap();
        }
        let mut store = place.open(1);
        assert!(!store.frontier(&web()).unwrap().begin_crawl().unwrap());
    }
}
