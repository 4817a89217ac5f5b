//! One line of the ledger: how it is sealed and how a seal is checked.
//!
//! A line is the JSON of a [`LedgerEntry`] whose last member is the seal; the seal is an HMAC over the seal of the
//! line before and the very bytes of the line without it. So checking needs no parser and no second writer that
//! agrees byte for byte.
//!
//! Invariant: [`seal`] writes exactly the JSON of the entry that it returns.

use muster_model::{KeyLabel, KeyedHash, LedgerEntry, LedgerEvent, Position, SecretKey, Timestamp};
use serde::Serialize;

use super::{FORMAT_VERSION, Head};
use crate::Error;

/// The members of a [`LedgerEntry`] but for the seal, in its order.
#[derive(Serialize)]
struct Body<'a> {
    v: u32,
    seq: Position,
    at: Timestamp,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    continues: bool,
    event: &'a LedgerEvent,
    prev: KeyedHash,
}

fn mac_of(key: &SecretKey, prev: KeyedHash, body_open: &str) -> KeyedHash {
    key.hash(KeyLabel::Ledger, &[prev.to_hex().as_bytes(), body_open.as_bytes(), b"}"])
}

/// Seals an event as the next line of a chain; returns the line without its end and the entry that it holds.
pub(super) fn seal(
    key: &SecretKey,
    head: Head,
    at: Timestamp,
    continues: bool,
    event: LedgerEvent,
) -> Result<(String, LedgerEntry), Error> {
    let (v, seq, prev) = (FORMAT_VERSION, head.seq + 1, head.mac);
    let body = Body { v, seq, at, continues, event: &event, prev };
    let mut text = serde_json::to_string(&body)
        .map_err(|error| Error::Encode { what: "a ledger line", detail: error.to_string() })?;
    text.pop();
    let mac = mac_of(key, prev, &text);
    text.push_str(",\"mac\":\"");
    text.push_str(&mac.to_hex());
    text.push_str("\"}");
    Ok((text, LedgerEntry { v, seq, at, continues, event, prev, mac }))
}

/// The frame of a line, read without its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed<'a> {
    pub(super) v: u32,
    pub(super) seq: Position,
    pub(super) at: Timestamp,
    pub(super) continues: bool,
    pub(super) prev: KeyedHash,
    pub(super) mac: KeyedHash,
    body_open: &'a str,
}

impl<'a> Sealed<'a> {
    /// Reads the frame of a line that was written by [`seal`]; nothing for any other text.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (body_open, mac) = split_hash(text.strip_suffix("\"}")?, ",\"mac\":\"")?;
        let (rest, prev) = split_hash(body_open.strip_suffix('"')?, ",\"prev\":\"")?;
        let (v, rest) = rest.strip_prefix("{\"v\":")?.split_once(",\"seq\":")?;
        let (seq, rest) = rest.split_once(",\"at\":\"")?;
        let (at, rest) = rest.split_once("\",")?;
        let continues = rest.starts_with("\"continues\":true,");
        Some(Self { v: v.parse().ok()?, seq: seq.parse().ok()?, at: at.parse().ok()?, continues, prev, mac, body_open })
    }

    /// Returns whether the line was sealed with this key behind the line that it names, and not touched since.
    pub(super) fn is_genuine(&self, key: &SecretKey) -> bool {
        mac_of(key, self.prev, self.body_open) == self.mac
    }
}

/// Splits `...<label><64 digits>` into what stands before the label and the hash.
fn split_hash<'a>(text: &'a str, label: &str) -> Option<(&'a str, KeyedHash)> {
    let at = text.len().checked_sub(64)?;
    let hash = KeyedHash::parse(text.get(at..)?).ok()?;
    Some((text.get(..at)?.strip_suffix(label)?, hash))
}
