//! What stops a crawl: our own side failed. A page that cannot be had is a problem, not an error.
//!
//! Invariant: no message holds a URL.

/// What a frontier fails with: the store's own error, opaque here.
pub type FrontierError = Box<dyn std::error::Error + Send + Sync>;

/// What a page handler fails with: the error of whoever extracts and keeps, opaque here.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// Why a crawl ended before its frontier was empty.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The product token holds something that robots.txt cannot name.
    #[error("product token `{token}` may hold letters, `_` and `-` only")]
    ProductToken {
        /// The token as configured.
        token: String,
    },
    /// The user agent cannot be sent as a header.
    #[error("user agent is empty or no valid header value")]
    UserAgent,
    /// The HTTP client could not be made.
    #[error("set up the HTTP client")]
    Client(#[source] reqwest::Error),
    /// The TLS settings could not be made.
    #[error("set up TLS")]
    Tls(#[source] rustls::Error),
    /// The asynchronous runtime could not be started.
    #[error("start the network runtime")]
    Runtime(#[source] std::io::Error),
    /// The frontier could not be read or written.
    #[error("{action} the frontier")]
    Frontier {
        /// What was attempted: `read`, `add to` or `update`.
        action: &'static str,
        /// What the frontier said.
        #[source]
        source: FrontierError,
    },
    /// The page handler gave up; the page stays in the frontier.
    #[error("handle a page of host `{host}`")]
    Handler {
        /// The host whose page it was.
        host: String,
        /// What the handler said.
        #[source]
        source: HandlerError,
    },
}
