//! The counts and problems of one crawl.
//!
//! Invariant: `visited` is the sum of `fetched`, `not_modified`, `redirected`, `gone`, `disallowed`, `failed` and
//! `skipped`; problems are bounded, counts are not.

use std::collections::BTreeMap;

use muster_model::Problem;

use crate::event::Event;

/// How many problems are told one by one; the counts tell the rest.
const PROBLEMS_MAX: usize = 1_000;

/// What a crawl did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CrawlReport {
    /// Counts by name: one per event name, `failed.CODE` and `skipped.CODE` beside their sums, `visited` for all of
    /// them, `reserved` for pages whose headers forbid collecting, `bytes`, `requests`, and `links.…`.
    pub counts: BTreeMap<String, u64>,
    /// What went wrong, by host.
    pub problems: Vec<Problem>,
}

impl CrawlReport {
    /// Adds to a count.
    pub(crate) fn add(&mut self, name: &str, amount: u64) {
        if amount > 0 {
            *self.counts.entry(name.to_owned()).or_default() += amount;
        }
    }

    /// Counts an event, and tells a failure as a problem.
    pub(crate) fn record(&mut self, event: &Event<'_>) {
        self.add("visited", 1);
        self.add(event.name(), 1);
        match event {
            Event::Fetched { bytes, .. } => self.add("bytes", u64::try_from(*bytes).unwrap_or(u64::MAX)),
            Event::Failed { host, kind, status } => {
                self.add(&format!("failed.{}", kind.code()), 1);
                let status = status.map(|status| format!(" (status {status})")).unwrap_or_default();
                self.problem(&format!("crawl.{}", kind.code()), host, format!("{}{status}", kind.explanation()));
            }
            Event::Skipped { reason, .. } => self.add(&format!("skipped.{}", reason.code()), 1),
            Event::NotModified { .. } | Event::Redirected { .. } | Event::Gone { .. } | Event::Disallowed { .. } => {}
        }
    }

    /// Adds a problem with its host.
    pub(crate) fn problem(&mut self, kind: &str, host: &str, detail: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            let mut problem = Problem::new(kind, detail);
            problem.place.origin = Some(host.to_owned());
            self.problems.push(problem);
        }
    }
}
