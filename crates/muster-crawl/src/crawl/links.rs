//! Which links are followed, and how many.
//!
//! Invariant: nothing is queued that is off the seeds' hosts, not admitted, or beyond its site's share.

use std::collections::BTreeSet;

use url::Url;

use super::{QUEUED_PER_PAGE, Run, count, frontier_error, site_of};
use crate::error::Error;
use crate::url_form::{names_no_page, normalize_url, site_key};

/// How many links of one page are looked at.
const LINKS_PER_PAGE_MAX: usize = 5_000;

impl Run<'_> {
    /// Returns the URL and those whose redirects led to it, last first.
    pub(super) fn trail(&self, url: &str) -> Vec<String> {
        let mut trail = vec![url.to_owned()];
        let mut at = url;
        while let Some(before) = self.came_from.get(at) {
            trail.push(before.clone());
            at = before;
        }
        trail
    }

    /// Returns the links that lead to pages of this crawl, normalized, each once, in page order.
    pub(super) fn sift_links(&mut self, base: &str, links: &[String]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        self.report.add("links.found", count(links.len()));
        self.report.add("links.over_limit", count(links.len().saturating_sub(LINKS_PER_PAGE_MAX)));
        for link in links.iter().take(LINKS_PER_PAGE_MAX) {
            let parsed = normalize_url(base, link).and_then(|url| Url::parse(&url).ok());
            let fate = match parsed {
                None => "links.invalid",
                Some(url) if !self.sites.contains(&site_key(&url)) => "links.off_site",
                Some(url) if names_no_page(&url) => "links.no_page",
                Some(url) if !seen.insert(url.as_str().to_owned()) => "links.repeated",
                Some(url) if !(self.admit)(url.as_str()) => "links.not_admitted",
                Some(url) => {
                    kept.push(String::from(url));
                    continue;
                }
            };
            self.report.add(fate, 1);
        }
        kept
    }

    pub(super) fn push_links(&mut self, links: &[String], depth: u32) -> Result<(), Error> {
        if depth >= self.config.depth_max {
            self.report.add("links.too_deep", count(links.len()));
            return Ok(());
        }
        for url in links {
            self.push(url, depth + 1)?;
        }
        Ok(())
    }

    /// Queues a URL unless its site has had its share; tells whether it is new.
    pub(super) fn push(&mut self, url: &str, depth: u32) -> Result<bool, Error> {
        let budget = self.budgets.entry(site_of(url).unwrap_or_default()).or_default();
        if budget.queued >= self.config.pages_per_host_max.saturating_mul(QUEUED_PER_PAGE) {
            self.report.add("links.over_limit", 1);
            return Ok(false);
        }
        let new = self.frontier.push(url, depth).map_err(|source| frontier_error("add to", source))?;
        budget.queued += u32::from(new);
        self.report.add(if new { "links.queued" } else { "links.known" }, 1);
        Ok(new)
    }
}
