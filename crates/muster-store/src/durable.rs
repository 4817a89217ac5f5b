//! Files that are there after a power cut: written aside, fsynced, renamed, and the directory fsynced.
//!
//! Invariant: a name never shows half a file.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::Error;

/// Turns a system error into ours, for `map_err`.
pub(crate) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { action, path, source }
}

/// Makes a directory and its parents, and their names durable.
pub(crate) fn create_dir(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(io_error("create the directory", path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Makes the names in a directory durable.
pub(crate) fn sync_dir(path: &Path) -> Result<(), Error> {
    // A relative file name has the empty parent, which is the working directory.
    let dir = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(dir).and_then(|handle| handle.sync_all()).map_err(io_error("make durable the directory", path))
}

/// Writes a file aside, fsyncs and renames it; the name is durable after [`sync_dir`].
pub(crate) fn write_renamed(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".tmp");
    let aside = path.with_file_name(name);
    let write = || -> io::Result<()> {
        let mut file = File::create(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    let done = write().map_err(io_error("write", &aside));
    let done = done.and_then(|()| fs::rename(&aside, path).map_err(io_error("rename into place", path)));
    if done.is_err() {
        // Best effort: what stays is swept at the next start.
        drop(fs::remove_file(&aside));
    }
    done
}

/// Writes a file so that it is there, whole, once this returns.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_renamed(path, bytes)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Removes a file that may be gone already; returns whether it was there.
pub(crate) fn remove_file(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io_error("remove", path)(error)),
    }
}

/// Removes a directory with all it holds, which may be gone already; returns whether it was there.
pub(crate) fn remove_dir(path: &Path) -> Result<bool, Error> {
    match fs::remove_dir_all(path) {
        Ok(()) => path.parent().map_or(Ok(true), |parent| sync_dir(parent).map(|()| true)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io_error("remove the directory", path)(error)),
    }
}
