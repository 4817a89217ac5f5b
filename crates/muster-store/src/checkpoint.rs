//! The checkpoint: a signed word, kept outside the store, about how far the ledger had got.
//!
//! Whoever cuts the ledger's tail or writes all of it anew leaves a chain that is whole in itself; only a word from
//! outside tells.
//!
//! Invariant: it is written after the ledger's fsync and before anything is acknowledged, so an acknowledged entry is
//! never behind it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use muster_model::{KeyLabel, KeyedHash, Position, SecretKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::durable::{self, io_error};

/// Format version of the file.
const VERSION: u32 = 1;

/// What the checkpoint vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    v: u32,
    key_id: String,
    /// The last entry.
    pub(crate) seq: Position,
    at: Timestamp,
    /// That entry's chain value.
    pub(crate) mac: KeyedHash,
    signature: KeyedHash,
}

/// What is found at the checkpoint's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Missing(PathBuf),
    /// Something that this key did not sign.
    Forged(PathBuf),
    /// A word that holds.
    Valid(Checkpoint),
}

impl Found {
    /// Returns the entry that is vouched for, 0 for none.
    pub(crate) const fn seq(&self) -> Position {
        match self {
            Self::Missing(_) | Self::Forged(_) => 0,
            Self::Valid(checkpoint) => checkpoint.seq,
        }
    }
}

fn signature(key: &SecretKey, seq: Position, at: Timestamp, mac: KeyedHash) -> KeyedHash {
    let parts = [&VERSION.to_be_bytes()[..], &seq.to_be_bytes(), at.to_string().as_bytes(), mac.to_hex().as_bytes()]
        .map(<[u8]>::to_vec);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    key.hash(KeyLabel::Checkpoint, &parts)
}

/// Reads what stands at the checkpoint's place.
pub(crate) fn read(path: &Path, key: &SecretKey) -> Result<Found, Error> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing(path.to_owned())),
        Err(error) => return Err(io_error("read the checkpoint", path)(error)),
    };
    let Ok(it) = serde_json::from_slice::<Checkpoint>(&text) else {
        return Ok(Found::Forged(path.to_owned()));
    };
    if it.v > VERSION {
        return Err(Error::NewerFormat { path: path.to_owned(), found: it.v, supported: VERSION });
    }
    let genuine = it.signature == signature(key, it.seq, it.at, it.mac);
    Ok(if genuine { Found::Valid(it) } else { Found::Forged(path.to_owned()) })
}

/// Vouches for the ledger up to an entry.
pub(crate) fn write(path: &Path, key: &SecretKey, seq: Position, at: Timestamp, mac: KeyedHash) -> Result<(), Error> {
    let signature = signature(key, seq, at, mac);
    let checkpoint = Checkpoint { v: VERSION, key_id: key.key_id(), seq, at, mac, signature };
    let mut text = serde_json::to_vec(&checkpoint)
        .map_err(|error| Error::Encode { what: "the checkpoint", detail: error.to_string() })?;
    text.push(b'\n');
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        durable::create_dir(parent)?;
    }
    durable::write_file(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_holds_only_as_it_was_signed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outside/checkpoint.json");
        let key = SecretKey::from_bytes([3; 32]);
        assert_eq!(read(&path, &key).unwrap(), Found::Missing(path.clone()));
        write(&path, &key, 7, Timestamp::UNIX_EPOCH, key.hash(KeyLabel::Ledger, &[b"x"])).unwrap();
        assert_eq!(read(&path, &key).unwrap().seq(), 7);
        assert_eq!(read(&path, &SecretKey::from_bytes([4; 32])).unwrap(), Found::Forged(path.clone()));
        let edited = fs::read_to_string(&path).unwrap().replace("\"seq\":7", "\"seq\":6");
        fs::write(&path, edited).unwrap();
        assert_eq!(read(&path, &key).unwrap(), Found::Forged(path.clone()));
    }
}
