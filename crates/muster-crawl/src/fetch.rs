//! One request: where to connect, what to send, how much to read.
//!
//! It knows no pace, no retries and no robots.txt; `site` does. Redirects are answers like any other.
//!
//! Invariants: a body is read chunk by chunk, decompressed, up to its cap; a literal address in a URL passes the same
//! check as a resolved one.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, HOST, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
};
use reqwest::{RequestBuilder, Response};
use rustls::crypto::ring;
use url::{Host, Url};

use crate::address::{AddressRefused, PublicResolver, is_public};
use crate::config::{CrawlConfig, Overrides};
use crate::error::Error;
use crate::event::FailureKind;
use crate::frontier::PageMemory;
use crate::headers::is_page_type;
use crate::robots::ROBOTS_BYTES_MAX;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a Url,
    /// What an earlier visit left for a conditional request.
    pub(crate) memory: Option<&'a PageMemory>,
    pub(crate) want: Want,
}

/// Which bodies are read, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// A page: of a content type that is read, whole or not at all.
    Page,
    /// A robots.txt: of any content type, as far as its limit goes.
    Robots,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// The body, if it was wanted and had.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Read(Vec<u8>),
    /// The status is no success, or the content type is none that is read.
    Unread,
    TooLarge,
}

/// The HTTP client with its rules.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    overrides: Overrides,
    allow_private: bool,
    body_bytes_max: usize,
}

impl Client {
    pub(crate) fn new(config: &CrawlConfig) -> Result<Self, Error> {
        // Whoever installed a provider before has the same right to it; the answer does not matter.
        drop(ring::default_provider().install_default());
        // Without the system's certificates (a bare container) the client cannot be built; then the roots inside the
        // binary serve.
        let http = match builder(config).build() {
            Ok(http) => http,
            Err(_) => builder(config).tls_backend_preconfigured(bundled_roots()?).build().map_err(Error::Client)?,
        };
        Ok(Self {
            http,
            overrides: config.overrides(),
            allow_private: config.allow_private,
            body_bytes_max: config.body_bytes_max,
        })
    }

    /// Sends one request and reads what is wanted of the answer.
    pub(crate) async fn send(&self, ask: &Ask<'_>) -> Result<Reply, FailureKind> {
        let response = self.request(ask)?.send().await.map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = match ask.want {
            Want::Page | Want::Robots if !response.status().is_success() => Body::Unread,
            Want::Page if !is_page_type(&headers) => Body::Unread,
            Want::Page => read_whole(response, self.body_bytes_max).await?,
            Want::Robots => Body::Read(read_up_to(response, ROBOTS_BYTES_MAX + 1).await?),
        };
        Ok(Reply { status, headers, body })
    }

    fn request(&self, ask: &Ask<'_>) -> Result<RequestBuilder, FailureKind> {
        let host = ask.url.host_str().unwrap_or_default();
        let mut request = if let Some(address) = self.overrides.find(host) {
            let mut target = ask.url.clone();
            let moved = target
                .set_scheme("http")
                .and_then(|()| target.set_ip_host(address.ip()))
                .and_then(|()| target.set_port(Some(address.port())));
            moved.expect("an http URL takes any scheme of the web, address and port");
            let authority = ask.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            self.http.get(target).header(HOST, authority)
        } else {
            let literal = match ask.url.host() {
                Some(Host::Ipv4(address)) => Some(address.into()),
                Some(Host::Ipv6(address)) => Some(address.into()),
                Some(Host::Domain(_)) | None => None,
            };
            if !self.allow_private && literal.is_some_and(|address| !is_public(address)) {
                return Err(FailureKind::AddressRefused);
            }
            self.http.get(ask.url.clone())
        };
        request = request.header(ACCEPT, "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1");
        if let Some(memory) = ask.memory {
            request = conditional(request, IF_NONE_MATCH, memory.etag.as_deref());
            request = conditional(request, IF_MODIFIED_SINCE, memory.last_modified.as_deref());
        }
        Ok(request)
    }
}

fn conditional(request: RequestBuilder, name: HeaderName, value: Option<&str>) -> RequestBuilder {
    match value.and_then(|value| HeaderValue::from_str(value).ok()) {
        Some(value) => request.header(name, value),
        None => request,
    }
}

fn builder(config: &CrawlConfig) -> reqwest::ClientBuilder {
    let timeout = Duration::from_millis(config.timeout_ms);
    reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        // A proxy would connect for us to addresses that we did not check.
        .no_proxy()
        .dns_resolver(PublicResolver { allow_private: config.allow_private })
        .timeout(timeout)
        .connect_timeout(timeout)
        .pool_max_idle_per_host(1)
}

fn bundled_roots() -> Result<rustls::ClientConfig, Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut tls = rustls::ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(Error::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

async fn read_whole(response: Response, bytes_max: usize) -> Result<Body, FailureKind> {
    let announced = response.content_length().unwrap_or(0);
    if announced > u64::try_from(bytes_max).unwrap_or(u64::MAX) {
        return Ok(Body::TooLarge);
    }
    let body = read_up_to(response, bytes_max.saturating_add(1)).await?;
    Ok(if body.len() > bytes_max { Body::TooLarge } else { Body::Read(body) })
}

/// Reads the decompressed body, and stops as soon as `bytes_max` are there.
async fn read_up_to(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, FailureKind> {
    // What is still encoded after the client's own decoding is an encoding that was not offered.
    let encoded = response.headers().get(CONTENT_ENCODING).is_some_and(|value| value != "identity");
    if encoded {
        return Err(FailureKind::Body);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        let room = bytes_max - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() == bytes_max {
            break;
        }
    }
    Ok(body)
}

fn classify(error: &reqwest::Error) -> FailureKind {
    if has_cause::<AddressRefused>(error) {
        FailureKind::AddressRefused
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_dns() {
        FailureKind::Dns
    } else if has_cause::<rustls::Error>(error) {
        FailureKind::Tls
    } else if error.is_connect() {
        FailureKind::Connect
    } else if error.is_body() || error.is_decode() {
        FailureKind::Body
    } else {
        FailureKind::Protocol
    }
}

/// Tells whether an error of type `E` is among the causes; an I/O error hides its own inside.
fn has_cause<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if cause.is::<E>() || inner.is_some_and(|inner| has_cause::<E>(inner)) {
            return true;
        }
        next = cause.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_inside_the_binary_make_a_client() {
        let tls = bundled_roots().unwrap();
        assert!(builder(&CrawlConfig::default()).tls_backend_preconfigured(tls).build().is_ok());
    }

    #[test]
    fn a_cause_is_found_inside_an_io_error() {
        let error = std::io::Error::other(std::io::Error::other(AddressRefused));
        assert!(has_cause::<AddressRefused>(&error));
        assert!(!has_cause::<rustls::Error>(&error));
    }
}
