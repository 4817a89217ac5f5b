//! Mails in files: a Maildir, an mbox, a folder of `.eml` files, one file.
//!
//! Invariant: read-only.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{Counted, Fetched, MAIL_BYTES_MAX, MailPlace, ReadError, Unreadable, mbox};

/// One file of a mailbox; its bytes are read when they are asked for.
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

/// Lists the files of a Maildir (`new` and `cur`), of a folder of `.eml` and `.mbox` files, or one file; sorted by name.
///
/// # Errors
///
/// [`ReadError`] where the path or one of its folders cannot be read.
pub fn read_mailbox(path: &Path) -> Result<Vec<MailFile>, ReadError> {
    let failed = |source| ReadError { action: "read mailbox", path: path.to_owned(), source };
    let meta = fs::metadata(path).map_err(failed)?;
    let mut mails = Vec::new();
    if meta.is_dir() {
        if is_maildir(path) {
            for folder in ["new", "cur"].map(|name| path.join(name)) {
                if folder.is_dir() {
                    list(&folder, |_| true, &mut mails)?;
                }
            }
        } else {
            list(path, |path| has_ending(path, "eml") || has_ending(path, "mbox"), &mut mails)?;
        }
    } else {
        mails.push(mail_file(path.to_owned()));
    }
    mails.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(mails)
}

fn is_maildir(path: &Path) -> bool {
    path.join("cur").is_dir() || path.join("new").is_dir()
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(ending))
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

/// Reads what lies at a path. A file of a folder that cannot be read is handed out as such; the path itself has to be
/// readable.
pub(super) fn read_path(path: &Path, counted: &mut Counted<'_, '_>) -> Result<ControlFlow<()>, ReadError> {
    let maildir = is_maildir(path);
    let alone = !path.is_dir();
    for file in read_mailbox(path)? {
        let flow = match read_file(&file, maildir, counted) {
            Ok(flow) => flow,
            Err(error) if alone => {
                return Err(ReadError { action: "read mail", path: file.path, source: error });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                counted.summary.vanished_count += 1;
                continue;
            }
            Err(error) => {
                let place = MailPlace::File { name: file.name, path: file.path };
                counted.give(Err(Unreadable { place, why: error.to_string() }))
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Hands out the mails of one file: as many as an mbox holds, one of any other.
fn read_file(file: &MailFile, maildir: bool, counted: &mut Counted<'_, '_>) -> io::Result<ControlFlow<()>> {
    let (path, opened) = match File::open(&file.path) {
        // A mail reader moves a mail to `cur` or changes its flags at any time: its name begins the same.
        Err(error) if maildir && error.kind() == io::ErrorKind::NotFound => {
            let path = moved(file).ok_or(error)?;
            let opened = File::open(&path)?;
            (path, opened)
        }
        opened => (file.path.clone(), opened?),
    };
    let mut reader = BufReader::with_capacity(1 << 16, opened);
    // In a Maildir a mail is a file, whatever its first line looks like.
    if !maildir {
        let start = reader.fill_buf()?;
        if mbox::begins(start) {
            return read_mbox(&path, reader, counted);
        }
        if start.is_empty() && has_ending(&path, "mbox") {
            return Ok(ControlFlow::Continue(()));
        }
    }
    let mut raw = Vec::new();
    reader.take(MAIL_BYTES_MAX as u64).read_to_end(&mut raw)?;
    let place = MailPlace::File { name: file.name.clone(), path };
    Ok(counted.give(Ok(Fetched { place, raw })))
}

fn read_mbox(path: &Path, reader: impl BufRead, counted: &mut Counted<'_, '_>) -> io::Result<ControlFlow<()>> {
    let mut mails = mbox::Mails::new(reader);
    while let Some(mail) = mails.next_mail()? {
        let place = MailPlace::Mbox { path: path.to_owned(), offset: mail.offset };
        if counted.give(Ok(Fetched { place, raw: mail.raw })).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Where a mail of a Maildir is now that is no longer where it was.
fn moved(file: &MailFile) -> Option<PathBuf> {
    let root = file.path.parent()?.parent()?;
    let same = |path: &PathBuf| mail_file(path.clone()).name == file.name;
    let names = |folder: &str| fs::read_dir(root.join(folder)).ok();
    ["cur", "new"].iter().filter_map(|folder| names(folder)).flatten().flatten().map(|entry| entry.path()).find(same)
}
