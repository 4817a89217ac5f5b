//! The Parquet files of a store: named by their content, read only with the hash that the ledger gives.
//!
//! Invariant: a file once named never changes; it is superseded and removed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use muster_model::SegmentRef;
use sha2::{Digest, Sha256};

use crate::durable::{self, io_error};
use crate::{Error, Fault};

/// How many hexadecimal digits of the hash name a file: enough that two contents never meet in one store.
const NAME_DIGITS: usize = 16;

/// Returns the SHA-256 of bytes, hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Returns the name and hash that a file of these bytes has.
pub(crate) fn name_of(bytes: &[u8]) -> SegmentRef {
    let sha256 = sha256_hex(bytes);
    let head: String = sha256.chars().take(NAME_DIGITS).collect();
    SegmentRef { name: format!("{head}.parquet"), sha256 }
}

/// Writes a file under the name of its content; the name is durable after `durable::sync_dir`.
pub(crate) fn write(dir: &Path, bytes: &[u8]) -> Result<SegmentRef, Error> {
    let named = name_of(bytes);
    durable::write_renamed(&dir.join(&named.name), bytes)?;
    Ok(named)
}

/// Reads a file and makes sure that it is the one that the ledger names.
pub(crate) fn read(dir: &Path, named: &SegmentRef) -> Result<Bytes, Error> {
    let path = dir.join(&named.name);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::integrity(dir, Fault::FileMissing { path }));
        }
        Err(error) => return Err(io_error("read", &path)(error)),
    };
    if sha256_hex(&bytes) != named.sha256 {
        return Err(Error::integrity(dir, Fault::FileChanged { path }));
    }
    Ok(Bytes::from(bytes))
}

/// Removes files by name and makes that durable.
pub(crate) fn remove<'a>(dir: &Path, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
    for name in names {
        durable::remove_file(&dir.join(name))?;
    }
    durable::sync_dir(dir)
}

/// Removes every file of a directory that is not named; returns how many.
pub(crate) fn sweep(dir: &Path, named: &BTreeSet<String>) -> Result<u64, Error> {
    let mut swept = 0;
    for entry in fs::read_dir(dir).map_err(io_error("list", dir))? {
        let path = entry.map_err(io_error("list", dir))?.path();
        let keep = path.file_name().and_then(OsStr::to_str).is_some_and(|name| named.contains(name));
        if !keep && path.is_file() && durable::remove_file(&path)? {
            swept += 1;
        }
    }
    if swept > 0 {
        durable::sync_dir(dir)?;
    }
    Ok(swept)
}
