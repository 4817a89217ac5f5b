//! Delivery into a Maildir or a folder of `.eml` files.
//!
//! The file name is the token, so a restart can tell what has been delivered: written aside, fsynced, renamed, the
//! folder fsynced. A mail reader may move a Maildir file to `cur` and add flags; it is still found.
//!
//! Invariant: at most one file of a token counts as delivered.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use muster_model::NoticeToken;

use super::{Delivery, SendError};
use crate::notice::Letter;

/// What a delivered file's name is made of: a Maildir name is unique by it and says where it came from.
const MAILDIR_SUFFIX: &str = ".muster";

/// What a trial's file name begins with; no token holds a `-`.
const TRIAL_PREFIX: &str = "trial-";

/// A folder that letters are delivered into.
pub(super) struct Folder {
    /// Where a file is written first.
    aside: PathBuf,
    /// Where it is renamed to.
    delivered: PathBuf,
    /// Where else it may lie by now.
    moved: Option<PathBuf>,
    suffix: &'static str,
    /// Names delivered, without the flags that a mail reader adds: read once, because a look at the folder for each
    /// letter would make a large mailing quadratic. Only this process delivers here; the store's lock sees to that.
    names: BTreeSet<String>,
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SendError {
    let path = path.to_owned();
    move |source| SendError::Folder { action, path, source }
}

impl Folder {
    /// Opens a Maildir and makes its three folders where they are missing.
    pub(super) fn maildir(path: &Path) -> Result<Self, SendError> {
        for name in ["tmp", "new", "cur"] {
            let folder = path.join(name);
            fs::create_dir_all(&folder).map_err(failed("create folder", &folder))?;
        }
        let (delivered, moved) = (path.join("new"), path.join("cur"));
        let names = names_in(&[&delivered, &moved])?;
        Ok(Self { aside: path.join("tmp"), delivered, moved: Some(moved), suffix: MAILDIR_SUFFIX, names })
    }

    /// Opens a folder of `.eml` files and makes it where it is missing.
    pub(super) fn eml(path: &Path) -> Result<Self, SendError> {
        fs::create_dir_all(path).map_err(failed("create folder", path))?;
        let names = names_in(&[path])?;
        Ok(Self { aside: path.to_owned(), delivered: path.to_owned(), moved: None, suffix: ".eml", names })
    }

    /// Returns whether the letter of a token has been delivered.
    pub(super) fn holds(&self, token: &NoticeToken) -> Result<bool, SendError> {
        Ok(self.names.contains(&self.file_name(token)?))
    }

    /// Writes a letter, unless it is there already. A trial has a name of its own: it must not pass for the letter.
    pub(super) fn deliver(&mut self, letter: &Letter) -> Result<Delivery, SendError> {
        if !letter.is_trial() {
            return self.deliver_message(letter.token(), letter.message());
        }
        let name = format!("{TRIAL_PREFIX}{}", self.file_name(letter.token())?);
        self.write(name, letter.message())
    }

    /// Writes a message under its token, unless it is there already.
    pub(super) fn deliver_message(&mut self, token: &NoticeToken, message: &[u8]) -> Result<Delivery, SendError> {
        let name = self.file_name(token)?;
        if self.names.contains(&name) {
            return Ok(Delivery::AlreadySent);
        }
        self.write(name, message)
    }

    fn write(&mut self, name: String, message: &[u8]) -> Result<Delivery, SendError> {
        let aside = self.aside_path(&name);
        let delivered = self.delivered.join(&name);
        // A file left aside by a kill is overwritten: it was never delivered.
        let mut file = File::create(&aside).map_err(failed("create", &aside))?;
        file.write_all(message).map_err(failed("write", &aside))?;
        file.sync_all().map_err(failed("sync", &aside))?;
        drop(file);
        fs::rename(&aside, &delivered).map_err(failed("rename", &aside))?;
        sync_folder(&self.delivered)?;
        self.names.insert(name);
        Ok(Delivery::Sent)
    }

    /// Deletes every file of a token.
    pub(super) fn retract(&mut self, token: &NoticeToken) -> Result<bool, SendError> {
        let name = self.file_name(token)?;
        let names = [name.clone(), format!("{TRIAL_PREFIX}{name}")];
        let mut delivered = Vec::new();
        for name in names.iter().filter(|name| self.names.contains(*name)) {
            delivered.extend(self.files_of(name)?);
        }
        let aside = self.aside_path(&name);
        let left = aside.exists();
        for path in delivered.iter().chain(left.then_some(&aside)) {
            fs::remove_file(path).map_err(failed("delete", path))?;
        }
        self.names.retain(|known| !names.contains(known));
        if delivered.is_empty() && !left {
            return Ok(false);
        }
        for folder in [Some(&self.aside), Some(&self.delivered), self.moved.as_ref()].into_iter().flatten() {
            sync_folder(folder)?;
        }
        Ok(true)
    }

    /// Deletes every letter of a trial.
    pub(super) fn retract_trials(&mut self) -> Result<(), SendError> {
        let trials: Vec<String> = self.names.iter().filter(|name| name.starts_with(TRIAL_PREFIX)).cloned().collect();
        for name in trials {
            for path in self.files_of(&name)? {
                fs::remove_file(&path).map_err(failed("delete", &path))?;
            }
            self.names.remove(&name);
        }
        Ok(())
    }

    fn file_name(&self, token: &NoticeToken) -> Result<String, SendError> {
        let text = token.as_str();
        let fits = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !fits {
            return Err(SendError::Token);
        }
        Ok(format!("{text}{}", self.suffix))
    }

    fn aside_path(&self, name: &str) -> PathBuf {
        if self.moved.is_some() { self.aside.join(name) } else { self.aside.join(format!(".{name}.tmp")) }
    }

    /// Finds the delivered files of a name, whatever flags a mail reader has added (`NAME:2,S`).
    fn files_of(&self, name: &str) -> Result<Vec<PathBuf>, SendError> {
        let direct = self.delivered.join(name);
        let mut found = Vec::new();
        if direct.try_exists().map_err(failed("look for", &direct))? {
            found.push(direct);
        }
        let Some(moved) = &self.moved else { return Ok(found) };
        for folder in [&self.delivered, moved] {
            for entry in fs::read_dir(folder).map_err(failed("read folder", folder))? {
                let path = entry.map_err(failed("read folder", folder))?.path();
                let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
                let is_it = file.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ',']));
                if is_it && !found.contains(&path) {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }
}

/// The names of the files in these folders, without a mail reader's flags.
fn names_in(folders: &[&Path]) -> Result<BTreeSet<String>, SendError> {
    let mut names = BTreeSet::new();
    for folder in folders {
        for entry in fs::read_dir(folder).map_err(failed("read folder", folder))? {
            let name = entry.map_err(failed("read folder", folder))?.file_name();
            let name = name.to_string_lossy();
            names.insert(name.split([':', ',']).next().unwrap_or_default().to_owned());
        }
    }
    Ok(names)
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), SendError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(failed("sync folder", folder))
}
