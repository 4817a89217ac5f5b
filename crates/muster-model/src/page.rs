//! A fetched page, as the crawler hands it on.
//!
//! Invariant: a page lives in memory only; nobody writes its body to disk before the gate has spoken.

use std::fmt;

use crate::Timestamp;

/// One response body with what is needed to read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// The address it was finally read from, after redirects.
    pub url: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// The `Content-Type` header, if any.
    pub content_type: Option<String>,
    /// Whether a header (`X-Robots-Tag`, `tdm-reservation`) reserves the page against collecting.
    pub reserved: bool,
    /// The body's bytes, decompressed, capped by the crawler.
    pub body: Vec<u8>,
    /// SHA-256 of the body, hexadecimal.
    pub page_hash: String,
}

impl Page {
    /// Makes a page from bytes that were read at `url`; the hash is computed here.
    pub fn new(url: impl Into<String>, fetched_at: Timestamp, content_type: Option<String>, body: Vec<u8>) -> Self {
        let page_hash = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&body));
        Self { url: url.into(), fetched_at, content_type, reserved: false, body, page_hash }
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("page_hash", &self.page_hash)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
