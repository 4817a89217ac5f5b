//! A frontier in memory, as simple as the contract allows, and a crawl that writes down what it is told.

use std::collections::{BTreeMap, BTreeSet};

use muster_crawl::{
    CrawlConfig, CrawlReport, Error, Event, Frontier, FrontierError, HandlerError, PageLinks, PageMemory, crawl,
};
use muster_model::{Page, Timestamp};

use crate::server::Server;

/// A frontier that lives as long as the test.
#[derive(Debug, Default, Clone)]
pub(crate) struct MemoryFrontier {
    /// In the order of pushing.
    pub(crate) queue: Vec<(String, u32)>,
    pub(crate) finished: BTreeSet<String>,
    pub(crate) memories: BTreeMap<String, PageMemory>,
}

impl MemoryFrontier {
    /// Begins a new crawl: what is remembered stays, what is queued does not.
    pub(crate) fn next_crawl(&mut self) {
        self.queue.clear();
        self.finished.clear();
    }

    /// Tells whether any URL in it, queued or remembered, holds a text.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        let remembered = self.memories.iter().flat_map(|(url, memory)| memory.links.iter().chain([url]));
        self.queue.iter().map(|(url, _)| url).chain(remembered).any(|url| url.contains(text))
    }
}

impl Frontier for MemoryFrontier {
    fn push(&mut self, url: &str, depth: u32) -> Result<bool, FrontierError> {
        let new = !self.queue.iter().any(|(known, _)| known == url);
        if new {
            self.queue.push((url.to_owned(), depth));
        }
        Ok(new)
    }

    fn pending(&mut self, limit: usize) -> Result<Vec<(String, u32)>, FrontierError> {
        Ok(self.queue.iter().filter(|(url, _)| !self.finished.contains(url)).take(limit).cloned().collect())
    }

    fn memory(&mut self, url: &str) -> Result<Option<PageMemory>, FrontierError> {
        Ok(self.memories.get(url).cloned())
    }

    fn done(&mut self, url: &str, memory: Option<PageMemory>) -> Result<(), FrontierError> {
        assert!(self.finished.insert(url.to_owned()), "done twice: {url}");
        match memory {
            Some(memory) => drop(self.memories.insert(url.to_owned(), memory)),
            None => drop(self.memories.remove(url)),
        }
        Ok(())
    }
}

/// What a crawl told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) pages: Vec<Page>,
    pub(crate) events: Vec<String>,
    pub(crate) report: CrawlReport,
}

impl Told {
    pub(crate) fn urls(&self) -> Vec<&str> {
        self.pages.iter().map(|page| page.url.as_str()).collect()
    }

    pub(crate) fn count(&self, name: &str) -> u64 {
        self.report.counts.get(name).copied().unwrap_or(0)
    }
}

/// A configuration without pauses in which every `.example` and `.test` host is the server.
pub(crate) fn config(server: &Server) -> CrawlConfig {
    CrawlConfig {
        user_agent: "muster/0.1 (+https://firma.example/bot)".to_owned(),
        delay_ms_min: 0,
        timeout_ms: 5_000,
        host_overrides: vec![("*.example".to_owned(), server.address), ("*.test".to_owned(), server.address)],
        ..CrawlConfig::default()
    }
}

pub(crate) fn now() -> Timestamp {
    "2025-11-03T10:00:00Z".parse().expect("an instant")
}

/// Crawls with a handler for which every line of a page is a link; fails on the page after `pages_max`.
pub(crate) fn try_crawl(
    config: &CrawlConfig,
    seeds: &[&str],
    frontier: &mut MemoryFrontier,
    admit: &dyn Fn(&str) -> bool,
    pages_max: usize,
) -> (Told, Result<(), Error>) {
    let seeds: Vec<String> = seeds.iter().map(|seed| (*seed).to_owned()).collect();
    let mut told = Told::default();
    let pages = &mut told.pages;
    let mut on_page = |page: Page| -> Result<PageLinks, HandlerError> {
        if pages.len() >= pages_max {
            return Err("the handler is stopped".into());
        }
        let links = String::from_utf8_lossy(&page.body).lines().map(str::to_owned).collect();
        pages.push(page);
        Ok(PageLinks { links })
    };
    let events = &mut told.events;
    let mut on_event = |event: &Event<'_>| events.push(event.to_string());
    let result = crawl(config, &seeds, now(), frontier, admit, &mut on_page, &mut on_event);
    match result {
        Ok(report) => {
            told.report = report;
            let sum = ["fetched", "not_modified", "redirected", "gone", "disallowed", "failed", "skipped"];
            assert_eq!(told.count("visited"), sum.iter().map(|name| told.count(name)).sum::<u64>());
            assert_eq!(told.count("visited"), told.events.len() as u64);
            (told, Ok(()))
        }
        Err(error) => (told, Err(error)),
    }
}

/// Crawls from an empty frontier to the end.
pub(crate) fn crawl_all(config: &CrawlConfig, seeds: &[&str]) -> Told {
    crawl_on(config, seeds, &mut MemoryFrontier::default())
}

/// Crawls with a frontier to the end.
pub(crate) fn crawl_on(config: &CrawlConfig, seeds: &[&str], frontier: &mut MemoryFrontier) -> Told {
    let (told, result) = try_crawl(config, seeds, frontier, &|_| true, usize::MAX);
    result.expect("the crawl ends well");
    assert!(frontier.pending(1).expect("it cannot fail").is_empty());
    told
}
