//! The one secret of an installation and the keyed hashes made with it.
//!
//! Every hash of a personal value is an HMAC-SHA-256 (RFC 2104) under a key that lives outside the store: a plain
//! hash of an e-mail address can be guessed. Each use has a key of its own, derived from the secret by its label, so
//! that a hash made for one use says nothing in another. Reading and writing the key file is the binary's work.
//!
//! Invariant: the secret is never printed and never leaves this module.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a key text is not a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key is 64 hexadecimal digits")
    }
}

impl std::error::Error for KeyError {}

/// What a keyed hash is for; each label gives an independent key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLabel {
    /// Ids of mentions.
    Mention,
    /// Ids of clusters.
    Cluster,
    /// Keys of the suppression list.
    Suppression,
    /// The ledger's chain.
    Ledger,
    /// The checkpoint that is kept outside the store.
    Checkpoint,
    /// Tokens of notices.
    Notice,
    /// Hashes of mails read, so that a mail is read once.
    Mail,
    /// Hashes of exported rows, so that a delta can tell a changed row.
    Export,
    /// Ids of cases.
    Case,
}

impl KeyLabel {
    const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Mention => b"mention",
            Self::Cluster => b"cluster",
            Self::Suppression => b"suppression",
            Self::Ledger => b"ledger",
            Self::Checkpoint => b"checkpoint",
            Self::Notice => b"notice",
            Self::Mail => b"mail",
            Self::Export => b"export",
            Self::Case => b"case",
        }
    }
}

/// The secret of an installation: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Makes a key of 32 bytes, which the caller takes from the system's random source.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the text form of a key file: 64 hexadecimal digits, white space around them allowed.
    ///
    /// # Errors
    ///
    /// [`KeyError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = HEXLOWER.decode(text.trim().to_ascii_lowercase().as_bytes()).map_err(|_| KeyError)?;
        Ok(Self(bytes.try_into().map_err(|_| KeyError)?))
    }

    /// Returns the text form that a key file holds.
    pub fn to_file_text(&self) -> String {
        format!("{}\n", HEXLOWER.encode(&self.0))
    }

    /// The secret that store-less commands use: their ids need no secrecy, only stability.
    pub fn storeless() -> Self {
        Self(Sha256::digest(b"muster without a store").into())
    }

    /// A short name for the key, safe to store and to show: it tells a wrong key from the right one.
    pub fn key_id(&self) -> String {
        self.hash(KeyLabel::Checkpoint, &[b"key id"]).to_base32(16)
    }

    /// Returns the keyed hash of `parts` for one use.
    ///
    /// The parts are length-prefixed, so that no two lists of parts hash alike by running into one another.
    ///
    /// # Panics
    ///
    /// Never: HMAC takes a key of any length.
    pub fn hash(&self, label: KeyLabel, parts: &[&[u8]]) -> KeyedHash {
        let mut derive = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        derive.update(b"muster/1/");
        derive.update(label.as_bytes());
        let subkey = derive.finalize().into_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(&subkey).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        KeyedHash(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// The HMAC-SHA-256 of something, safe to store: without the key it cannot be guessed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash([u8; 32]);

impl KeyedHash {
    /// Returns 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Returns the first `length` characters of the lower-case base32 form (five bits a character, at most 51).
    pub fn to_base32(self, length: usize) -> String {
        BASE32_NOPAD.encode(&self.0).to_ascii_lowercase().chars().take(length).collect()
    }

    /// Reads the form that [`KeyedHash::to_hex`] writes.
    ///
    /// # Errors
    ///
    /// [`KeyError`] where it is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| KeyError)?;
        Ok(Self(bytes.try_into().map_err(|_| KeyError)?))
    }
}

impl Serialize for KeyedHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for KeyedHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_part_borders_separate_hashes() {
        let key = SecretKey::from_bytes([7; 32]);
        let one = key.hash(KeyLabel::Mention, &[b"ab", b"c"]);
        assert_ne!(one, key.hash(KeyLabel::Mention, &[b"a", b"bc"]));
        assert_ne!(one, key.hash(KeyLabel::Cluster, &[b"ab", b"c"]));
        assert_eq!(one, key.hash(KeyLabel::Mention, &[b"ab", b"c"]));
    }

    #[test]
    fn a_key_survives_its_file_form_and_never_prints() {
        let key = SecretKey::from_bytes([0xA7; 32]);
        assert_eq!(SecretKey::parse(&key.to_file_text()), Ok(key.clone()));
        assert_eq!(SecretKey::parse("abc"), Err(KeyError));
        assert!(!format!("{key:?}").contains("a7"));
    }
}
