//! The frontier as the crawler sees it: URLs known, done, remembered. Who keeps it is the caller's business.
//!
//! Invariant: the crawler calls it on the thread that called `crawl`, and calls `done` only after the page's handler
//! and the pushing of its links succeeded; so a kill refetches at most, and loses nothing.

use std::fmt;

use crate::error::FrontierError;

/// What is known of a page from the last visit.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PageMemory {
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The hash of the body; empty when the body was not read.
    pub page_hash: String,
    /// The links that were followed from it, normalized, so that an unchanged page still leads on.
    pub links: Vec<String>,
}

/// The absolute URLs that the handler found on a page; none when the page says nofollow or is reserved.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PageLinks {
    /// The links, in page order; they are normalized and sifted by the crawler.
    pub links: Vec<String>,
}

/// Prints the number of links only: a link may name a person.
impl fmt::Debug for PageMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageMemory")
            .field("etag", &self.etag)
            .field("last_modified", &self.last_modified)
            .field("page_hash", &self.page_hash)
            .field("links", &self.links.len())
            .finish()
    }
}

/// Prints the number of links only: a link may name a person.
impl fmt::Debug for PageLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageLinks").field("links", &self.links.len()).finish()
    }
}

/// The queue of a crawl, kept by the store so that a kill loses nothing.
pub trait Frontier: Send {
    /// Adds a URL; false when it is already known in this crawl, done or not.
    fn push(&mut self, url: &str, depth: u32) -> Result<bool, FrontierError>;

    /// Returns up to `limit` URLs that are not done, with their depth, in an order that does not change.
    fn pending(&mut self, limit: usize) -> Result<Vec<(String, u32)>, FrontierError>;

    /// Returns what an earlier crawl remembered of a URL.
    fn memory(&mut self, url: &str) -> Result<Option<PageMemory>, FrontierError>;

    /// Marks a URL as done and replaces its memory; called after the page's mentions are kept.
    fn done(&mut self, url: &str, memory: Option<PageMemory>) -> Result<(), FrontierError>;
}
