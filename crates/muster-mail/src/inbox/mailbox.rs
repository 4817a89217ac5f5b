//! Listing and reading a mailbox without touching it.
//!
//! A Maildir, a folder of `.eml` files, or one file. Nothing is moved, no flag is set; what has been read is told by
//! [`mail_key`], a keyed hash of the content, so that a mail whose file was renamed by a mail reader is still known.
//!
//! Invariant: read-only.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use muster_model::{KeyLabel, KeyedHash, SecretKey};

use super::parse::MAIL_BYTES_MAX;

/// Why a mailbox cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action} `{}`", .path.display())]
pub struct ReadError {
    /// What was attempted.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

/// One mail of a mailbox; its bytes are read when they are asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct MailFile {
    name: String,
    path: PathBuf,
}

impl MailFile {
    /// Returns the name that stays when a mail reader adds flags: what stands before `:2,`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns where the file lies now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the mail; of one that is longer than 25 MiB, the beginning.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the file cannot be read.
    pub fn read(&self) -> Result<Vec<u8>, ReadError> {
        let failed = |source| ReadError { action: "read mail", path: self.path.clone(), source };
        let file = File::open(&self.path).map_err(failed)?;
        let mut raw = Vec::new();
        file.take(MAIL_BYTES_MAX as u64).read_to_end(&mut raw).map_err(failed)?;
        Ok(raw)
    }
}

impl fmt::Debug for MailFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MailFile").field(&self.name).finish()
    }
}

/// Lists the mails of a Maildir (`new` and `cur`), of a folder of `.eml` files, or one file; sorted by name.
///
/// # Errors
///
/// [`ReadError`] where the path or one of its folders cannot be read.
pub fn read_mailbox(path: &Path) -> Result<Vec<MailFile>, ReadError> {
    let failed = |source| ReadError { action: "read mailbox", path: path.to_owned(), source };
    let meta = fs::metadata(path).map_err(failed)?;
    let mut mails = Vec::new();
    if meta.is_file() {
        mails.push(mail_file(path.to_owned()));
    } else if path.join("cur").is_dir() || path.join("new").is_dir() {
        for folder in ["new", "cur"].map(|name| path.join(name)) {
            if folder.is_dir() {
                list(&folder, |_| true, &mut mails)?;
            }
        }
    } else {
        let is_eml = |path: &Path| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("eml"));
        list(path, is_eml, &mut mails)?;
    }
    mails.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(mails)
}

fn list(folder: &Path, wanted: impl Fn(&Path) -> bool, mails: &mut Vec<MailFile>) -> Result<(), ReadError> {
    let failed = |source| ReadError { action: "read folder", path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.is_file() && wanted(&path) {
            mails.push(mail_file(path));
        }
    }
    Ok(())
}

fn mail_file(path: PathBuf) -> MailFile {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = file.split(":2,").next().unwrap_or_default().to_owned();
    MailFile { name, path }
}

/// Returns the key by which a mail counts as read: a keyed hash of the mailbox's name and the mail's content.
pub fn mail_key(key: &SecretKey, mailbox_name: &str, raw: &[u8]) -> KeyedHash {
    key.hash(KeyLabel::Mail, &[mailbox_name.as_bytes(), raw])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maildir_is_listed_by_stable_names_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["new", "cur", "tmp"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        fs::write(dir.path().join("new/2.host"), "To: a@x.test\n\nb").unwrap();
        fs::write(dir.path().join("cur/1.host:2,S"), "To: a@x.test\n\na").unwrap();
        fs::write(dir.path().join("tmp/3.host"), "half").unwrap();
        let mails = read_mailbox(dir.path()).unwrap();
        assert_eq!(mails.iter().map(MailFile::name).collect::<Vec<_>>(), ["1.host", "2.host"]);
        assert_eq!(mails.first().unwrap().read().unwrap(), b"To: a@x.test\n\na");
        assert!(dir.path().join("new/2.host").exists());
    }

    #[test]
    fn a_folder_and_a_single_file_are_mailboxes_too() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b.eml"), "x: y\n\n").unwrap();
        fs::write(dir.path().join("a.EML"), "x: y\n\n").unwrap();
        fs::write(dir.path().join("notes.txt"), "").unwrap();
        assert_eq!(read_mailbox(dir.path()).unwrap().len(), 2);
        assert_eq!(read_mailbox(&dir.path().join("b.eml")).unwrap().first().unwrap().name(), "b.eml");
        assert!(read_mailbox(&dir.path().join("none")).is_err());
    }

    #[test]
    fn the_key_follows_content_not_name() {
        let key = SecretKey::storeless();
        assert_eq!(mail_key(&key, "replies", b"x"), mail_key(&key, "replies", b"x"));
        assert_ne!(mail_key(&key, "replies", b"x"), mail_key(&key, "other", b"x"));
    }
}
