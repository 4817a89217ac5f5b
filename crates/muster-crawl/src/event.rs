//! What happened to one URL, for progress lines and counts.
//!
//! Invariant: an event names the host, never the URL: a path may name a person.

use std::fmt;

/// The fate of one URL of the frontier; there is exactly one event for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A page was read and handed on.
    Fetched {
        /// Its host.
        host: &'a str,
        /// The response's status.
        status: u16,
        /// The size of the body, decompressed.
        bytes: usize,
    },
    /// The page is as it was at the last visit.
    NotModified {
        /// Its host.
        host: &'a str,
    },
    /// The page is elsewhere; the new place was queued or is known already.
    Redirected {
        /// Its host.
        host: &'a str,
        /// The response's status.
        status: u16,
    },
    /// The page does not exist (any more).
    Gone {
        /// Its host.
        host: &'a str,
        /// 404 or 410.
        status: u16,
    },
    /// robots.txt forbids it, or could not be had, which forbids everything.
    Disallowed {
        /// Its host.
        host: &'a str,
    },
    /// The page could not be had.
    Failed {
        /// Its host.
        host: &'a str,
        /// Why.
        kind: FailureKind,
        /// The response's status, if there was one.
        status: Option<u16>,
    },
    /// The page was not wanted.
    Skipped {
        /// Its host.
        host: &'a str,
        /// Why.
        reason: SkipReason,
    },
}

/// Why a page could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// The time limit passed.
    Timeout,
    /// The name could not be resolved.
    Dns,
    /// All addresses of the host are loopback, private, link-local or otherwise not public.
    AddressRefused,
    /// No connection.
    Connect,
    /// No trustworthy TLS.
    Tls,
    /// The connection broke, or the answer was no HTTP.
    Protocol,
    /// The body broke off or could not be decompressed.
    Body,
    /// The body is larger than the limit.
    TooLarge,
    /// A status that is neither success nor a redirect nor "not found".
    Status,
    /// A redirect without a usable target.
    RedirectTarget,
    /// A redirect to a place that led here.
    RedirectLoop,
    /// Too many redirects after each other.
    RedirectLimit,
    /// The host failed too often, or asked for a longer pause than a crawl waits.
    HostGivenUp,
    /// The fetching task ended by a fault of ours.
    Internal,
}

/// Why a page was not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// The caller's `admit` refused the URL.
    NotAdmitted,
    /// It is, or it redirects to, a host that no seed names.
    OffSite,
    /// The host's page limit is reached.
    PageLimit,
    /// The content type is none that is read.
    ContentType,
    /// It is no URL that can be fetched.
    InvalidUrl,
}

impl Event<'_> {
    /// Returns the host that the event is about.
    pub fn host(&self) -> &str {
        match self {
            Self::Fetched { host, .. }
            | Self::NotModified { host }
            | Self::Redirected { host, .. }
            | Self::Gone { host, .. }
            | Self::Disallowed { host }
            | Self::Failed { host, .. }
            | Self::Skipped { host, .. } => host,
        }
    }

    /// Returns the stable name of what happened, which is also its key in the report's counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fetched { .. } => "fetched",
            Self::NotModified { .. } => "not_modified",
            Self::Redirected { .. } => "redirected",
            Self::Gone { .. } => "gone",
            Self::Disallowed { .. } => "disallowed",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
        }
    }
}

impl FailureKind {
    /// Returns the stable code of the failure.
    pub fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Dns => "dns",
            Self::AddressRefused => "address-refused",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Protocol => "protocol",
            Self::Body => "body",
            Self::TooLarge => "too-large",
            Self::Status => "status",
            Self::RedirectTarget => "redirect-target",
            Self::RedirectLoop => "redirect-loop",
            Self::RedirectLimit => "redirect-limit",
            Self::HostGivenUp => "host-given-up",
            Self::Internal => "internal",
        }
    }

    /// Returns what a person should know about the failure, as a clause.
    pub(crate) fn explanation(self) -> &'static str {
        match self {
            Self::Timeout => "the host did not answer within the time limit",
            Self::Dns => "the host's name could not be resolved",
            Self::AddressRefused => "the host has no public address, and private ones are not allowed",
            Self::Connect => "no connection to the host",
            Self::Tls => "the host offers no trustworthy TLS",
            Self::Protocol => "the connection broke or the answer was no HTTP",
            Self::Body => "the body broke off or could not be decompressed",
            Self::TooLarge => "the body is larger than the limit",
            Self::Status => "the host refused or failed",
            Self::RedirectTarget => "a redirect names no usable target",
            Self::RedirectLoop => "a redirect leads back to where it came from",
            Self::RedirectLimit => "too many redirects follow each other",
            Self::HostGivenUp => "the host failed too often or asked for too long a pause",
            Self::Internal => "the fetching task ended by an internal fault",
        }
    }
}

impl SkipReason {
    /// Returns the stable code of the reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAdmitted => "not-admitted",
            Self::OffSite => "off-site",
            Self::PageLimit => "page-limit",
            Self::ContentType => "content-type",
            Self::InvalidUrl => "invalid-url",
        }
    }
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.host(), self.name())?;
        match self {
            Self::Fetched { status, bytes, .. } => write!(f, " {status} {bytes}"),
            Self::NotModified { .. } | Self::Disallowed { .. } => Ok(()),
            Self::Redirected { status, .. } | Self::Gone { status, .. } => write!(f, " {status}"),
            Self::Failed { kind, status: Some(status), .. } => write!(f, " {} {status}", kind.code()),
            Self::Failed { kind, status: None, .. } => write!(f, " {}", kind.code()),
            Self::Skipped { reason, .. } => write!(f, " {}", reason.code()),
        }
    }
}
