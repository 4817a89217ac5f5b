//! What follows from a visit: what is handed on, what is remembered, what is told.
//!
//! It fetches nothing.
//!
//! Invariant: a URL is marked as done last, after its page was handled and its links were queued.

use muster_model::Page;

use super::{Job, Run, count, site_of};
use crate::error::Error;
use crate::event::{Event, FailureKind, SkipReason};
use crate::frontier::PageMemory;
use crate::url_form::{host_of, normalize_url};
use crate::visit::{Outcome, Validators};

impl Run<'_> {
    /// Hands a visit's outcome on, marks the URL as done, and tells it.
    pub(super) fn settle(&mut self, job: Job, outcome: Outcome) -> Result<(), Error> {
        let host = host_of(&job.url);
        let host = host.as_str();
        match outcome {
            Outcome::Page { page, status, nofollow, validators } => {
                self.settle_page(&job, page, status, nofollow, validators)
            }
            Outcome::NotModified => {
                let memory = job.memory.clone().unwrap_or_default();
                self.settle_unchanged(&job, memory)
            }
            Outcome::WrongType(Validators { etag, last_modified }) => {
                // Remembered without content, so that next time the host need not send it.
                self.done(&job.url, Some(PageMemory { etag, last_modified, ..PageMemory::default() }))?;
                self.tell(&Event::Skipped { host, reason: SkipReason::ContentType });
                Ok(())
            }
            Outcome::Redirect { status, location } => self.settle_redirect(&job, status, location.as_deref()),
            Outcome::Gone { status } => {
                self.done(&job.url, None)?;
                self.tell(&Event::Gone { host, status });
                Ok(())
            }
            Outcome::Disallowed { unreachable } => {
                if let Some(budget) = self.budgets.get_mut(&job.site) {
                    // It cost no request.
                    budget.visited = budget.visited.saturating_sub(1);
                }
                if unreachable && self.robots_unreachable.insert(job.site.clone()) {
                    let detail = "robots.txt could not be read, which forbids the whole host for this crawl";
                    self.report.problem("robots.unreachable", host, detail);
                }
                self.done(&job.url, if unreachable { job.memory } else { None })?;
                self.tell(&Event::Disallowed { host });
                Ok(())
            }
            Outcome::Failed { kind, status } => {
                self.done(&job.url, job.memory)?;
                self.tell(&Event::Failed { host, kind, status });
                Ok(())
            }
        }
    }

    fn settle_page(
        &mut self,
        job: &Job,
        page: Page,
        status: u16,
        nofollow: bool,
        Validators { etag, last_modified }: Validators,
    ) -> Result<(), Error> {
        let host = host_of(&job.url);
        let (reserved, page_hash, bytes) = (page.reserved, page.page_hash.clone(), page.body.len());
        if let Some(memory) = &job.memory
            && memory.page_hash == page_hash
            && !reserved
        {
            let memory = PageMemory { etag, last_modified, ..memory.clone() };
            return self.settle_unchanged(job, memory);
        }
        let handled = (self.on_page)(page);
        let found = handled.map_err(|source| Error::Handler { host: host.clone(), source })?.links;
        let links = if reserved || nofollow {
            self.report.add("links.not_followed", count(found.len()));
            Vec::new()
        } else {
            let links = self.sift_links(&job.url, &found);
            self.push_links(&links, job.depth)?;
            links
        };
        // A reserved page is not remembered, so that it is noticed when it is free again.
        let memory = (!reserved).then_some(PageMemory { etag, last_modified, page_hash, links });
        self.done(&job.url, memory)?;
        self.report.add("reserved", u64::from(reserved));
        self.tell(&Event::Fetched { host: &host, status, bytes });
        Ok(())
    }

    fn settle_unchanged(&mut self, job: &Job, mut memory: PageMemory) -> Result<(), Error> {
        // Sifted again: `admit`, the seeds and the rules may have changed since.
        memory.links = self.sift_links(&job.url, &memory.links);
        self.push_links(&memory.links, job.depth)?;
        self.done(&job.url, Some(memory))?;
        self.tell(&Event::NotModified { host: &host_of(&job.url) });
        Ok(())
    }

    fn settle_redirect(&mut self, job: &Job, status: u16, location: Option<&str>) -> Result<(), Error> {
        let host = host_of(&job.url);
        let failed = |kind| Event::Failed { host: &host, kind, status: Some(status) };
        let event = match location.and_then(|location| normalize_url(&job.url, location)) {
            None => failed(FailureKind::RedirectTarget),
            Some(target) => {
                let trail = self.trail(&job.url);
                if trail.contains(&target) {
                    failed(FailureKind::RedirectLoop)
                } else if trail.len() > usize::try_from(self.config.redirects_max).unwrap_or(usize::MAX) {
                    failed(FailureKind::RedirectLimit)
                } else if !site_of(&target).is_some_and(|site| self.sites.contains(&site)) {
                    if job.depth == 0 {
                        let detail = format!("a seed redirects to another host, `{}`", host_of(&target));
                        self.report.problem("seed.moved", &host, detail);
                    }
                    Event::Skipped { host: &host, reason: SkipReason::OffSite }
                } else if !(self.admit)(&target) {
                    Event::Skipped { host: &host, reason: SkipReason::NotAdmitted }
                } else {
                    if self.push(&target, job.depth)? {
                        self.came_from.insert(target, job.url.clone());
                    }
                    Event::Redirected { host: &host, status }
                }
            }
        };
        self.done(&job.url, None)?;
        self.tell(&event);
        Ok(())
    }
}
