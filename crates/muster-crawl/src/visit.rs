//! One visit to one URL: may it be read, and what came of it.
//!
//! It touches neither frontier nor handler; it runs on the network's threads.
//!
//! Invariant: the page itself is asked for only after the robots.txt of its host allowed it.

use muster_model::{Page, Timestamp};
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED, LOCATION};
use url::Url;

use crate::event::FailureKind;
use crate::fetch::{Ask, Body, Reply, Want};
use crate::frontier::PageMemory;
use crate::headers;
use crate::site::{Hosts, Robots};

/// What came of a visit.
#[derive(Debug)]
pub(crate) enum Outcome {
    Page {
        page: Page,
        status: u16,
        nofollow: bool,
        validators: Validators,
    },
    NotModified,
    WrongType(Validators),
    Redirect {
        status: u16,
        location: Option<String>,
    },
    Gone {
        status: u16,
    },
    /// robots.txt forbids it; `unreachable` when it could not be read.
    Disallowed {
        unreachable: bool,
    },
    Failed {
        kind: FailureKind,
        status: Option<u16>,
    },
}

/// What a conditional request needs next time.
#[derive(Debug, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    fn of(headers: &HeaderMap) -> Self {
        Self { etag: headers::text(headers, ETAG), last_modified: headers::text(headers, LAST_MODIFIED) }
    }
}

/// Visits a URL, with what is remembered of it.
pub(crate) async fn visit(hosts: &Hosts, url: &str, memory: Option<&PageMemory>, now: Timestamp) -> Outcome {
    let Ok(parsed) = Url::parse(url) else { return failed(FailureKind::Protocol) };
    match hosts.robots(&parsed).await.as_ref() {
        Robots::Rules(rules) if rules.allow(url) => {}
        Robots::Rules(_) => return Outcome::Disallowed { unreachable: false },
        Robots::Unreachable => return Outcome::Disallowed { unreachable: true },
        Robots::Failed(kind) => return failed(*kind),
    }
    let mut ask = Ask { url: &parsed, memory, want: Want::Page };
    let mut reply = match hosts.get(&ask).await {
        Ok(reply) => reply,
        Err(kind) => return failed(kind),
    };
    // A page that turned reserved without changing must be told, so it is read once more.
    if reply.status == 304 && headers::reservation(&reply.headers, hosts.product()).reserved {
        ask.memory = None;
        reply = match hosts.get(&ask).await {
            Ok(reply) => reply,
            Err(kind) => return failed(kind),
        };
    }
    outcome(reply, url, ask.memory.is_some(), hosts.product(), now)
}

fn outcome(reply: Reply, url: &str, conditional: bool, product: &str, now: Timestamp) -> Outcome {
    let Reply { status, headers, body } = reply;
    match status {
        200..=299 => {}
        301 | 302 | 303 | 307 | 308 => {
            return Outcome::Redirect { status, location: headers::text(&headers, LOCATION) };
        }
        304 if conditional => return Outcome::NotModified,
        404 | 410 => return Outcome::Gone { status },
        _ => return Outcome::Failed { kind: FailureKind::Status, status: Some(status) },
    }
    let validators = Validators::of(&headers);
    let body = match body {
        Body::Read(body) => body,
        Body::Unread => return Outcome::WrongType(validators),
        Body::TooLarge => return Outcome::Failed { kind: FailureKind::TooLarge, status: Some(status) },
    };
    let content_type = headers::text(&headers, CONTENT_TYPE);
    if content_type.is_none() && !headers::looks_like_text(&body) {
        return Outcome::WrongType(validators);
    }
    let reservation = headers::reservation(&headers, product);
    let mut page = Page::new(url, now, content_type, body);
    page.reserved = reservation.reserved;
    Outcome::Page { page, status, nofollow: reservation.nofollow, validators }
}

fn failed(kind: FailureKind) -> Outcome {
    Outcome::Failed { kind, status: None }
}
