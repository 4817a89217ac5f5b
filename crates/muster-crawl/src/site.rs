//! One host as it wants to be treated: its pace, its robots.txt, its patience.
//!
//! A site is a host without `www.`, whatever the port. It decides nothing about pages.
//!
//! Invariant: the slot of a site is held from before a request is sent until its body is read, so two requests to one
//! site never overlap, and between two of them lies at least the delay. Nobody waits for a slot while holding another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::LOCATION;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::config::CrawlConfig;
use crate::error::Error;
use crate::event::FailureKind;
use crate::fetch::{Ask, Body, Client, Reply, Want};
use crate::headers;
use crate::robots::Rules;
use crate::url_form::{normalize_url, site_key};

/// How often a request is repeated after a failure that may pass.
const RETRIES_MAX: u32 = 2;

/// The longest pause that a host may ask for by `Retry-After`; one that asks for more is left alone for this crawl.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(1);

/// The longest pause between requests that a `Crawl-delay` may ask for.
const CRAWL_DELAY_MAX: Duration = Duration::from_secs(30);

/// How many requests in a row may fail before a host is left alone for this crawl.
const FAILURES_MAX: u32 = 3;

/// How many redirects a robots.txt may be away: RFC 9309 section 2.3.1.2.
const ROBOTS_REDIRECTS_MAX: u32 = 5;

/// All hosts of a crawl, and the client that speaks to them.
#[derive(Debug)]
pub(crate) struct Hosts {
    client: Client,
    product: String,
    delay: Duration,
    sites: Mutex<BTreeMap<String, Arc<Site>>>,
    requests: AtomicU64,
}

#[derive(Debug, Default)]
struct Site {
    slot: tokio::sync::Mutex<Slot>,
    /// By origin, since a robots.txt speaks for scheme, host and port.
    robots: tokio::sync::Mutex<BTreeMap<String, Arc<Robots>>>,
}

/// The right to send a request to a site.
#[derive(Debug, Default)]
struct Slot {
    ready_at: Option<Instant>,
    /// What the host asks for beyond the configured delay.
    crawl_delay: Duration,
    failures_in_row: u32,
    given_up: bool,
}

/// What a host's robots.txt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Robots {
    /// These rules; none when there is no robots.txt.
    Rules(Rules),
    /// It could not be read, by status or redirect, which forbids everything: RFC 9309 section 2.3.1.4.
    Unreachable,
    /// The host could not be spoken to.
    Failed(FailureKind),
}

impl Hosts {
    pub(crate) fn new(config: &CrawlConfig) -> Result<Self, Error> {
        Ok(Self {
            client: Client::new(config)?,
            product: config.product_token.clone(),
            delay: Duration::from_millis(config.delay_ms_min),
            sites: Mutex::default(),
            requests: AtomicU64::new(0),
        })
    }

    /// Returns the product token that headers and rules are read for.
    pub(crate) fn product(&self) -> &str {
        &self.product
    }

    /// Returns how many requests were sent.
    pub(crate) fn request_count(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends a request when its site is ready for it, and again after failures that may pass.
    pub(crate) async fn get(&self, ask: &Ask<'_>) -> Result<Reply, FailureKind> {
        let site = self.site(ask.url);
        let mut slot = site.slot.lock().await;
        let mut attempt = 0;
        loop {
            if slot.given_up {
                return Err(FailureKind::HostGivenUp);
            }
            if let Some(ready_at) = slot.ready_at {
                sleep_until(ready_at).await;
            }
            self.requests.fetch_add(1, Ordering::Relaxed);
            let result = self.client.send(ask).await;
            let delay = self.delay.max(slot.crawl_delay);
            let next = next_step(&result, attempt, delay);
            // The pace of requests is real time even where the crawl's `now` is virtual.
            slot.ready_at = Some(Instant::now() + if let Next::Again(pause) = next { pause } else { delay });
            match next {
                Next::Settled => {
                    slot.failures_in_row = 0;
                    return result;
                }
                Next::Again(_) => attempt += 1,
                Next::Failed => {
                    slot.failures_in_row += 1;
                    slot.given_up = slot.failures_in_row >= FAILURES_MAX;
                    return result;
                }
                Next::GiveUp => {
                    slot.given_up = true;
                    return result;
                }
            }
        }
    }

    /// Returns what the robots.txt for a URL says, fetching it once.
    pub(crate) async fn robots(&self, url: &Url) -> Arc<Robots> {
        let site = self.site(url);
        let mut known = site.robots.lock().await;
        let origin = url.origin().ascii_serialization();
        if let Some(robots) = known.get(&origin) {
            return Arc::clone(robots);
        }
        let robots = Arc::new(self.fetch_robots(url).await);
        if let Robots::Rules(rules) = robots.as_ref()
            && let Some(delay) = rules.crawl_delay()
        {
            let mut slot = site.slot.lock().await;
            slot.crawl_delay = slot.crawl_delay.max(delay.min(CRAWL_DELAY_MAX));
            // The pause after the robots.txt itself is the longer one, too.
            slot.ready_at = Some(Instant::now() + self.delay.max(slot.crawl_delay));
        }
        known.insert(origin, Arc::clone(&robots));
        robots
    }

    async fn fetch_robots(&self, url: &Url) -> Robots {
        let Ok(mut at) = url.join("/robots.txt") else { return Robots::Unreachable };
        for _ in 0..=ROBOTS_REDIRECTS_MAX {
            let reply = match self.get(&Ask { url: &at, memory: None, want: Want::Robots }).await {
                Ok(reply) => reply,
                Err(kind) => return Robots::Failed(kind),
            };
            match (reply.status, reply.body) {
                (200..=299, Body::Read(body)) => return Robots::Rules(Rules::parse(&body, &self.product)),
                (301 | 302 | 303 | 307 | 308, _) => {
                    let target = headers::text(&reply.headers, LOCATION)
                        .and_then(|location| normalize_url(at.as_str(), &location))
                        .and_then(|target| Url::parse(&target).ok());
                    let Some(target) = target else { return Robots::Unreachable };
                    at = target;
                }
                // "Too many requests" is no word about what may be read.
                (429, _) => return Robots::Unreachable,
                (400..=499, _) => return Robots::Rules(Rules::default()),
                _ => return Robots::Unreachable,
            }
        }
        Robots::Unreachable
    }

    fn site(&self, url: &Url) -> Arc<Site> {
        // The map is whole even where a holder panicked: nothing is done while it is held.
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(site_key(url)).or_default())
    }
}

/// What follows from a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The host answered.
    Settled,
    /// It may answer after a pause.
    Again(Duration),
    /// It did not, again and again.
    Failed,
    /// It is not to be asked again in this crawl.
    GiveUp,
}

fn next_step(result: &Result<Reply, FailureKind>, attempt: u32, delay: Duration) -> Next {
    let asked = match result {
        Ok(reply) if matches!(reply.status, 429 | 500 | 502..=504) => headers::retry_after(&reply.headers),
        Ok(_) => return Next::Settled,
        Err(FailureKind::AddressRefused) => return Next::GiveUp,
        // A host that took the whole time limit would take it again.
        Err(FailureKind::Timeout) => return Next::Failed,
        Err(_) => None,
    };
    if asked.is_some_and(|asked| asked > RETRY_AFTER_MAX) {
        return Next::GiveUp;
    }
    if attempt >= RETRIES_MAX {
        return Next::Failed;
    }
    Next::Again(asked.unwrap_or(delay * 2_u32.pow(attempt + 1)).max(delay))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    fn step(status: u16, retry_after: Option<&'static str>, attempt: u32) -> Next {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        }
        next_step(&Ok(Reply { status, headers, body: Body::Unread }), attempt, SECOND)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn failures_that_may_pass_are_retried_with_growing_pauses_and_a_bound() {
        assert_eq!(step(503, None, 0), Next::Again(SECOND * 2));
        assert_eq!(step(500, None, 1), Next::Again(SECOND * 4));
        assert_eq!(step(502, None, 2), Next::Failed);
        assert_eq!(next_step(&Err(FailureKind::Connect), 0, SECOND), Next::Again(SECOND * 2));
    }

    #[test]
    fn what_will_not_pass_is_not_retried() {
        for status in [200, 301, 304, 400, 401, 403, 404, 410, 451, 501] {
            assert_eq!(step(status, Some("1"), 0), Next::Settled, "{status}");
        }
        assert_eq!(next_step(&Err(FailureKind::Timeout), 0, SECOND), Next::Failed);
        assert_eq!(next_step(&Err(FailureKind::AddressRefused), 0, SECOND), Next::GiveUp);
    }

    #[test]
    fn retry_after_lengthens_the_pause_never_shortens_it_and_too_long_a_one_ends_the_host() {
        assert_eq!(step(429, Some("30"), 0), Next::Again(SECOND * 30));
        assert_eq!(step(503, Some("0"), 0), Next::Again(SECOND));
        assert_eq!(step(429, Some("61"), 0), Next::GiveUp);
        assert_eq!(step(429, Some("86400"), 2), Next::GiveUp);
    }
}
