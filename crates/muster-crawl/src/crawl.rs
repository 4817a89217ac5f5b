//! The crawl itself: from the frontier to the network and back, in waves.
//!
//! A wave is a few pages of each of several hosts. They are fetched at the same time, one after the other per host,
//! and handed over in the order of the frontier, so that the same sites give the same sequence of pages. Redirects are
//! links like others: the target is queued, sifted and fetched in its own right, so a page reached by two ways is
//! handed over once.
//!
//! Invariants: frontier, `admit`, handler and events are called on the calling thread only; every URL that leaves the
//! frontier has exactly one event; a crawl stays on the hosts that its seeds name.

mod links;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use muster_model::{Page, Timestamp};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;

use crate::config::CrawlConfig;
use crate::error::{Error, FrontierError, HandlerError};
use crate::event::{Event, FailureKind, SkipReason};
use crate::frontier::{Frontier, PageLinks, PageMemory};
use crate::report::CrawlReport;
use crate::site::Hosts;
use crate::url_form::{host_of, normalize_url, site_key};
use crate::visit::{Outcome, visit};

/// How much of the frontier is looked at to plan a wave.
const PENDING_MAX: usize = 4_096;

/// How many pages of one host a wave holds: enough that hosts of unlike speed seldom wait for each other, few enough
/// that the bodies fit in memory.
const WAVE_PAGES_PER_HOST: usize = 4;

/// How many URLs of one host are queued for each page that may be fetched from it.
const QUEUED_PER_PAGE: u32 = 8;

/// Crawls from the seeds until the frontier is empty.
///
/// Blocks until then, and returns early only with an error; whatever was done stays done in the frontier, so the same
/// call takes up where an earlier one was cut off. `now` becomes the time of all pages. `admit` is asked before a URL
/// is queued and again before it is fetched.
///
/// # Errors
///
/// When the configuration cannot be used, the frontier fails, or `on_page` gives up. Pages that cannot be had are no
/// errors: they are counted in the report.
pub fn crawl(
    config: &CrawlConfig,
    seeds: &[String],
    now: Timestamp,
    frontier: &mut dyn Frontier,
    admit: &dyn Fn(&str) -> bool,
    on_page: &mut dyn FnMut(Page) -> Result<PageLinks, HandlerError>,
    on_event: &mut dyn FnMut(&Event<'_>),
) -> Result<CrawlReport, Error> {
    config.check()?;
    let hosts = Arc::new(Hosts::new(config)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(NETWORK_THREADS)
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let mut run = Run {
        config,
        now,
        frontier,
        admit,
        on_page,
        on_event,
        report: CrawlReport::default(),
        sites: BTreeSet::new(),
        budgets: BTreeMap::new(),
        came_from: BTreeMap::new(),
        robots_unreachable: BTreeSet::new(),
    };
    let result = run.drain(seeds, &runtime, &hosts);
    // A name look-up that hangs must not hold up the end of the crawl.
    runtime.shutdown_background();
    result?;
    run.report.add("requests", hosts.request_count());
    Ok(run.report)
}

/// Enough to keep the connections going while the calling thread is in the handler.
const NETWORK_THREADS: usize = 2;

/// One crawl under way.
struct Run<'a> {
    config: &'a CrawlConfig,
    now: Timestamp,
    frontier: &'a mut dyn Frontier,
    admit: &'a dyn Fn(&str) -> bool,
    on_page: &'a mut dyn FnMut(Page) -> Result<PageLinks, HandlerError>,
    on_event: &'a mut dyn FnMut(&Event<'_>),
    report: CrawlReport,
    /// The sites that the seeds name.
    sites: BTreeSet<String>,
    budgets: BTreeMap<String, Budget>,
    /// Redirect targets and what led to them.
    came_from: BTreeMap<String, String>,
    robots_unreachable: BTreeSet<String>,
}

/// What a site has used of its share.
#[derive(Debug, Default)]
struct Budget {
    visited: u32,
    queued: u32,
}

/// A URL that is to be visited.
struct Job {
    url: String,
    site: String,
    depth: u32,
    memory: Option<PageMemory>,
}

impl Run<'_> {
    fn drain(&mut self, seeds: &[String], runtime: &Runtime, hosts: &Arc<Hosts>) -> Result<(), Error> {
        self.push_seeds(seeds)?;
        while let Some(jobs) = self.plan()? {
            self.run_wave(jobs, runtime, hosts)?;
        }
        Ok(())
    }

    fn push_seeds(&mut self, seeds: &[String]) -> Result<(), Error> {
        for seed in seeds {
            let Some(url) = normalize_url("", seed) else {
                self.report.problem("seed.invalid", &host_of(seed), "a seed is no http or https URL");
                continue;
            };
            self.sites.extend(site_of(&url));
            if (self.admit)(&url) {
                self.push(&url, 0)?;
            } else {
                self.report.add("links.not_admitted", 1);
            }
        }
        Ok(())
    }

    /// Takes the next wave from the frontier, and settles what is not to be fetched; nothing when all is done.
    fn plan(&mut self) -> Result<Option<Vec<Job>>, Error> {
        let pending = self.frontier.pending(PENDING_MAX).map_err(|source| frontier_error("read", source))?;
        if pending.is_empty() {
            return Ok(None);
        }
        let mut planned: BTreeMap<String, usize> = BTreeMap::new();
        let mut jobs = Vec::new();
        for (url, depth) in pending {
            let site = match self.sift(&url) {
                Ok(site) => site,
                Err(reason) => {
                    self.skip(&url, reason)?;
                    continue;
                }
            };
            let has_room = match planned.get(&site) {
                Some(count) => *count < WAVE_PAGES_PER_HOST,
                None => planned.len() < self.config.hosts_parallel_max.max(1),
            };
            if !has_room {
                continue;
            }
            *planned.entry(site.clone()).or_default() += 1;
            self.budgets.entry(site.clone()).or_default().visited += 1;
            let memory = self.remembered(&url)?;
            jobs.push(Job { url, site, depth, memory });
        }
        Ok(Some(jobs))
    }

    /// Returns the site of a URL that may be visited, or why it may not.
    fn sift(&self, url: &str) -> Result<String, SkipReason> {
        let site = site_of(url).ok_or(SkipReason::InvalidUrl)?;
        if !self.sites.contains(&site) {
            return Err(SkipReason::OffSite);
        }
        // A person may have been suppressed since the URL was queued.
        if !(self.admit)(url) {
            return Err(SkipReason::NotAdmitted);
        }
        let visited = self.budgets.get(&site).map_or(0, |budget| budget.visited);
        if visited >= self.config.pages_per_host_max { Err(SkipReason::PageLimit) } else { Ok(site) }
    }

    fn skip(&mut self, url: &str, reason: SkipReason) -> Result<(), Error> {
        let memory = match reason {
            // What is not to be collected is not to be remembered.
            SkipReason::NotAdmitted | SkipReason::InvalidUrl => None,
            SkipReason::OffSite | SkipReason::PageLimit | SkipReason::ContentType => self.remembered(url)?,
        };
        self.done(url, memory)?;
        self.tell(&Event::Skipped { host: &host_of(url), reason });
        Ok(())
    }

    /// Fetches the jobs, hosts side by side, and settles them in the order given.
    fn run_wave(&mut self, jobs: Vec<Job>, runtime: &Runtime, hosts: &Arc<Hosts>) -> Result<(), Error> {
        let mut by_site: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (index, job) in jobs.iter().enumerate() {
            by_site.entry(&job.site).or_default().push((index, job.url.clone(), job.memory.clone()));
        }
        let (sender, mut receiver) = mpsc::channel(jobs.len().max(1));
        // Dropped on an early return, the set ends its tasks.
        let mut tasks = JoinSet::new();
        for visits in by_site.into_values() {
            let (hosts, sender, now) = (Arc::clone(hosts), sender.clone(), self.now);
            let work = async move {
                for (index, url, memory) in visits {
                    let outcome = visit(&hosts, &url, memory.as_ref(), now).await;
                    if sender.send((index, outcome)).await.is_err() {
                        return;
                    }
                }
            };
            tasks.spawn_on(work, runtime.handle());
        }
        drop(sender);
        let mut early: BTreeMap<usize, Outcome> = BTreeMap::new();
        for (index, job) in jobs.into_iter().enumerate() {
            let outcome = loop {
                if let Some(outcome) = early.remove(&index) {
                    break outcome;
                }
                match receiver.blocking_recv() {
                    Some((index, outcome)) => early.insert(index, outcome),
                    // The task that should have sent it ended by a panic: this page's fault, not the crawl's.
                    None => break Outcome::Failed { kind: FailureKind::Internal, status: None },
                };
            };
            self.settle(job, outcome)?;
        }
        Ok(())
    }

    fn remembered(&mut self, url: &str) -> Result<Option<PageMemory>, Error> {
        self.frontier.memory(url).map_err(|source| frontier_error("read", source))
    }

    fn done(&mut self, url: &str, memory: Option<PageMemory>) -> Result<(), Error> {
        self.frontier.done(url, memory).map_err(|source| frontier_error("update", source))
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.report.record(event);
        (self.on_event)(event);
    }
}

fn site_of(url: &str) -> Option<String> {
    Url::parse(url).ok().as_ref().map(site_key).filter(|site| !site.is_empty())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn frontier_error(action: &'static str, source: FrontierError) -> Error {
    Error::Frontier { action, source }
}
