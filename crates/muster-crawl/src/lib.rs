//! Collecting pages from the web: robots.txt, frontier, politeness, fetch. The only crate that speaks HTTP as a client.
//!
//! It reads no HTML (the page handler returns the links), writes nothing to disk (the frontier is the caller's) and
//! decides nothing about people (the caller's `admit` does, before a URL is queued and again before it is fetched).
//!
//! Invariants: no request without the host's robots.txt having allowed it; never two requests to one host at a time;
//! a body is read through a cap; what a page said is handed on before the frontier calls the page done.

mod address;
mod config;
mod crawl;
mod error;
mod event;
mod fetch;
mod frontier;
mod headers;
mod pattern;
mod percent;
mod report;
mod robots;
mod site;
mod url_form;
mod visit;

pub use config::CrawlConfig;
pub use crawl::crawl;
pub use error::{Error, FrontierError, HandlerError};
pub use event::{Event, FailureKind, SkipReason};
pub use frontier::{Frontier, PageLinks, PageMemory};
pub use report::CrawlReport;
pub use robots::robots_allowed;
pub use url_form::normalize_url;
