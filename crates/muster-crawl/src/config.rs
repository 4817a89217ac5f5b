//! What a crawl may do: limits, names, exceptions.
//!
//! It reads no file; the binary fills it from the pipeline.
//!
//! Invariant: every number is a bound from above, except the delay, which is a bound from below.

use std::net::SocketAddr;

use crate::error::Error;
use crate::pattern::Pattern;

/// The settings of one crawl.
///
/// # Examples
///
/// ```
/// use muster_crawl::CrawlConfig;
/// let config = CrawlConfig { user_agent: "muster/0.1 (+https://firma.example/bot)".into(), ..CrawlConfig::default() };
/// assert!(config.delay_ms_min >= 1000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrawlConfig {
    /// The `User-Agent` header: product token, version, and a way to reach the controller.
    pub user_agent: String,
    /// The token that robots.txt groups are matched with: letters, `_` and `-` only.
    pub product_token: String,
    /// The least pause between two requests to one host, in milliseconds; a robots.txt may ask for more.
    pub delay_ms_min: u64,
    /// How many pages are requested from one host in one crawl.
    pub pages_per_host_max: u32,
    /// How many links away from a seed a page may be.
    pub depth_max: u32,
    /// How large a body may be, decompressed.
    pub body_bytes_max: usize,
    /// How long one request may take, from connecting to the last byte, in milliseconds.
    pub timeout_ms: u64,
    /// How many redirects may follow each other.
    pub redirects_max: u32,
    /// How many hosts are read from at the same time.
    pub hosts_parallel_max: usize,
    /// Where to connect instead of asking the name service: a host pattern (`*.example`) and an address that is spoken
    /// to over plain HTTP, with the real host in the `Host` header. The first that matches counts.
    pub host_overrides: Vec<(String, SocketAddr)>,
    /// Whether loopback, private and link-local addresses may be connected to without an override.
    pub allow_private: bool,
}

impl Default for CrawlConfig {
    fn default() -> Self {
        Self {
            user_agent: concat!("muster/", env!("CARGO_PKG_VERSION")).to_owned(),
            product_token: String::from("muster"),
            delay_ms_min: 1_000,
            pages_per_host_max: 200,
            depth_max: 4,
            body_bytes_max: 4 * 1024 * 1024,
            timeout_ms: 20_000,
            redirects_max: 5,
            hosts_parallel_max: 8,
            host_overrides: Vec::new(),
            allow_private: false,
        }
    }
}

/// The overrides of a configuration, ready to be asked.
#[derive(Debug)]
pub(crate) struct Overrides(Vec<(Pattern, SocketAddr)>);

impl Overrides {
    /// Returns the address that stands for a host, if the configuration names one.
    pub(crate) fn find(&self, host: &str) -> Option<SocketAddr> {
        let host = host.to_ascii_lowercase();
        self.0.iter().find(|(pattern, _)| pattern.matches(host.as_bytes())).map(|(_, address)| *address)
    }
}

impl CrawlConfig {
    pub(crate) fn overrides(&self) -> Overrides {
        let compile = |glob: &str| Pattern::new(glob.to_ascii_lowercase().as_bytes(), true);
        Overrides(self.host_overrides.iter().map(|(glob, address)| (compile(glob), *address)).collect())
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let token = &self.product_token;
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-') {
            return Err(Error::ProductToken { token: token.clone() });
        }
        if reqwest::header::HeaderValue::from_str(&self.user_agent).is_err() || self.user_agent.trim().is_empty() {
            return Err(Error::UserAgent);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_override_counts_whatever_the_case() {
        let one: SocketAddr = "127.0.0.1:81".parse().unwrap();
        let two: SocketAddr = "127.0.0.1:82".parse().unwrap();
        let host_overrides = vec![("WWW.firma.example".to_owned(), one), ("*.example".to_owned(), two)];
        let overrides = CrawlConfig { host_overrides, ..CrawlConfig::default() }.overrides();
        assert_eq!(overrides.find("www.FIRMA.example"), Some(one));
        assert_eq!(overrides.find("firma.example"), Some(two));
        assert_eq!(overrides.find("firma.test"), None);
    }

    #[test]
    fn a_token_that_no_robots_line_can_name_is_refused() {
        for token in ["", "mu ster", "muster/0.1", "müster", "b0t"] {
            let config = CrawlConfig { product_token: token.to_owned(), ..CrawlConfig::default() };
            assert!(matches!(config.check(), Err(Error::ProductToken { .. })), "{token}");
        }
        assert!(CrawlConfig::default().check().is_ok());
    }
}
