//! What a command works with: the pipeline, the key, the open store, the rules.
//!
//! Opening a session is where the key is checked and where what time has made due is done: intents of a killed run
//! are settled, and whoever should have been told by now is erased.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_gate::sensitive::Screen;
use muster_model::{ClusterId, Master, SecretKey};
use muster_resolve::Model;
use muster_store::{ErrorKind, Store};

use crate::command_error::CommandError;
use crate::config::{Config, read};
use crate::env;
use crate::exit_code::Exit;
use crate::stages::inbox::acknowledge;
use crate::stages::sweep;
use crate::talk::Talk;

/// An open pipeline.
#[derive(Debug)]
pub(crate) struct Session {
    /// The pipeline.
    pub(crate) config: Config,
    /// The installation's secret.
    pub(crate) key: SecretKey,
    /// The store, locked.
    pub(crate) store: Store,
    /// The sensitive gate.
    pub(crate) screen: Screen,
    /// The linkage model.
    pub(crate) model: Model,
    /// The instant that the command works at.
    pub(crate) now: Timestamp,
    /// How the command ends as far as it is known by now.
    pub(crate) exit: Exit,
}

impl From<muster_store::Error> for CommandError {
    fn from(error: muster_store::Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Locked | ErrorKind::Io => Exit::InputOutput,
            ErrorKind::WrongKey | ErrorKind::NewerFormat | ErrorKind::ClockBackwards | ErrorKind::Missing => {
                Exit::Usage
            }
            ErrorKind::Integrity => Exit::Integrity,
        };
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(source) = cause {
            text = format!("{text}: {source}");
            cause = source.source();
        }
        let failed = Self { exit, message: text, hints: Vec::new() };
        match error.kind() {
            ErrorKind::Locked => failed.hint("wait for the other run to end; one process at a time works on a store"),
            ErrorKind::WrongKey => failed.hint("use the key file that the store was made with; nothing was read"),
            ErrorKind::ClockBackwards => failed.hint("the ledger is ahead of `--now`: give a later instant"),
            ErrorKind::NewerFormat => failed.hint("the store was written by a newer muster: install that one"),
            ErrorKind::Integrity => failed.hint("run `muster audit verify`, and restore the store from its backup"),
            ErrorKind::Missing => failed.hint("`muster run` makes it"),
            ErrorKind::Io => failed,
        }
    }
}

/// Finds the pipeline file: as given, from the environment, or the only one in `pipelines/`.
///
/// # Errors
///
/// A usage error where there is none or more than one.
pub(crate) fn find_pipeline(given: Option<&Path>) -> Result<PathBuf, CommandError> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    if let Some(path) = env::pipeline() {
        return Ok(path.into());
    }
    let list = std::fs::read_dir("pipelines").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = list.filter(|path| path.extension().is_some_and(|ext| ext == "toml")).collect();
    files.sort();
    let one = files.pop();
    match (one, files.is_empty()) {
        (Some(path), true) => Ok(path),
        (None, _) => Err(CommandError::usage("failed to find a pipeline: there is no `pipelines/*.toml` here")
            .hint("name one with `--pipeline FILE`, or make a project with `muster init`")),
        (Some(_), false) => Err(CommandError::usage("failed to choose a pipeline: there are several in `pipelines/`")
            .hint("name one with `--pipeline FILE`")),
    }
}

/// Reads a pipeline file with secrets from the environment.
///
/// # Errors
///
/// A usage error with every fault.
pub(crate) fn read_pipeline(path: &Path) -> Result<Config, CommandError> {
    read::read(path, &env::secret).map_err(Into::into)
}

/// Reads the key file, or makes one for the first run of a rehearsal; everything else needs `muster init`.
///
/// # Errors
///
/// As [`read_key`].
fn rehearsal_key(config: &Config) -> Result<SecretKey, CommandError> {
    if config.rehearsal.is_some() && !config.key_file.exists() && !Store::exists(&config.store) {
        return make_key(&config.key_file);
    }
    read_key(config)
}

/// Reads the key file.
///
/// # Errors
///
/// A usage error where the key is missing or no key: nothing has been read by then.
pub(crate) fn read_key(config: &Config) -> Result<SecretKey, CommandError> {
    let shown = config.key_file.display();
    match std::fs::read_to_string(&config.key_file) {
        Ok(text) => SecretKey::parse(&text)
            .map_err(|error| CommandError::usage(format!("failed to read key file `{shown}`: {error}"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(CommandError::usage(format!("failed to find key file `{shown}`")).hint(
                "copy it back from where it is kept: without it the store cannot be read; `muster init` makes a new \
                 project with a new key",
            ))
        }
        Err(error) => Err(CommandError::usage(format!("failed to read key file `{shown}`: {error}"))),
    }
}

/// Makes a key file that only its owner can read.
///
/// # Errors
///
/// An input or output error that names the file; an existing file is never overwritten.
pub(crate) fn make_key(path: &Path) -> Result<SecretKey, CommandError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error: &dyn std::fmt::Display| {
        CommandError::io(format!("failed to write key file `{}`: {error}", path.display()))
    };
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| failed(&error))?;
    let key = SecretKey::from_bytes(bytes);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    // Written aside and linked: a kill leaves a whole key or none, and an existing one is never overwritten.
    let aside = path.with_extension("key.tmp");
    drop(std::fs::remove_file(&aside));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&aside)
        .map_err(|error| failed(&error))?;
    file.write_all(key.to_file_text().as_bytes()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))?;
    std::fs::hard_link(&aside, path).and_then(|()| std::fs::remove_file(&aside)).map_err(|error| failed(&error))?;
    Ok(key)
}

impl Session {
    /// Opens a pipeline for work that may change something: settles what a killed run left, and enforces what time
    /// and the suppression list demand.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from opening.
    pub(crate) fn open(config: Config, now: Timestamp, talk: &Talk) -> Result<Self, CommandError> {
        let mut session = Self::open_quietly(config, now, talk)?;
        sweep::settle_intents(&mut session, talk)?;
        acknowledge::settle(&mut session, talk)?;
        sweep::enforce(&mut session, talk)?;
        Ok(session)
    }

    /// Opens a pipeline without doing anything.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from opening.
    pub(crate) fn open_quietly(config: Config, now: Timestamp, talk: &Talk) -> Result<Self, CommandError> {
        let key = read_key(&config)?;
        let store = Store::create_or_open(&config.store, &key, now)?;
        if store.opened().checkpoint_missing {
            let shown = config.store.checkpoint.display();
            talk.warn(
                "checkpoint.missing",
                &format!("Checkpoint `{shown}` was missing and was written anew: a cut ledger would not have shown"),
            );
        }
        let screen = Screen::new().with_own(&config.own_terms);
        Ok(Self { config, key, store, screen, model: Model::shipped(), now, exit: Exit::Done })
    }

    /// Opens a pipeline at the instant of its ledger's last entry, or at `earliest` where there is none later.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from opening.
    pub(crate) fn open_where_it_stands(config: Config, earliest: Timestamp, talk: &Talk) -> Result<Self, CommandError> {
        let key = rehearsal_key(&config)?;
        let exists = Store::exists(&config.store);
        let last = if exists { Store::open_read(&config.store, &key)?.last_instant() } else { None };
        Self::open_quietly(config, last.map_or(earliest, |last| last.max(earliest)), talk)
    }

    /// Opens a pipeline for a command that only looks: the store must exist, and `--now` may be earlier.
    ///
    /// # Errors
    ///
    /// A usage error where there is no store yet, and whatever keeps it from opening.
    pub(crate) fn open_to_read(config: Config, now: Timestamp) -> Result<Self, CommandError> {
        let key = read_key(&config)?;
        if !Store::exists(&config.store) {
            return Err(CommandError::usage(format!(
                "failed to open store `{}`: there is none yet",
                config.store.root.display()
            ))
            .hint("`muster run` makes it"));
        }
        let store = Store::open_read(&config.store, &key)?;
        let screen = Screen::new().with_own(&config.own_terms);
        Ok(Self { config, key, store, screen, model: Model::shipped(), now, exit: Exit::Done })
    }

    /// Notes how a part of the command ended.
    pub(crate) fn note(&mut self, exit: Exit) {
        self.exit = self.exit.worse(exit);
    }

    /// Returns the MASTER record of an id, following redirects.
    ///
    /// # Errors
    ///
    /// A usage error where there is none.
    pub(crate) fn master(&self, id: &str) -> Result<Master, CommandError> {
        self.store.master(&ClusterId::new(id))?.ok_or_else(|| {
            CommandError::usage(format!("failed to find a MASTER record `{id}`"))
                .hint("`muster master list` shows the ids")
        })
    }
}
