//! An open store: the one door through which anything is written.
//!
//! Invariant: files are durable before the ledger names them, the ledger is durable before the checkpoint vouches for
//! it, and only then is anything acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};

use muster_gate::{Cleared, Intake, Merge, Reason};
use muster_model::{
    EntityKind, LedgerEntry, LedgerEvent, Master, Mention, MentionId, Position, SecretKey, SourceName, Timestamp,
};

use crate::checkpoint::{self, Found};
use crate::durable::{self, io_error};
use crate::frontier::{FrontierDatabase, StoreFrontier};
use crate::index::{Index, PROJECTION_VERSION, SledIndex, Tree, mark_of};
use crate::ledger::{FORMAT_VERSION, Ledger, has_entries};
use crate::projection::Projector;
use crate::{Error, StorePaths, files, segment, snapshot};

/// Mentions per segment: few enough that an erasure rewrites little, many enough that files stay few.
const SEGMENT_MENTIONS_MAX: usize = 1_000;

/// The terms under which mentions were admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The source they came through.
    pub source: SourceName,
    /// The assessment they were kept under; empty where the basis is consent.
    pub assessment_id: String,
    /// The policy that the gate decided by.
    pub policy_hash: String,
}

/// What [`Store::keep`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeepReport {
    /// Mentions that are new in the store.
    pub kept: u64,
    /// Mentions that were there already.
    pub already_held: u64,
    /// Mentions that were erased when their time ended or by a steward; they are not kept again.
    pub erased_before: u64,
}

/// What opening a store found and put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// Whether the store was made by this call.
    pub created: bool,
    /// Bytes of an unacknowledged commit that a crash had cut short.
    pub truncated_bytes: u64,
    /// Files that the ledger does not name.
    pub swept_file_count: u64,
    /// Whether the index was made again.
    pub index_rebuilt: bool,
    /// Whether the checkpoint was missing, so a cut tail would not have shown. Opening for writing makes a new one.
    pub checkpoint_missing: bool,
}

/// An open store; the lock is held until it is dropped.
#[derive(Debug)]
pub struct Store {
    pub(crate) paths: StorePaths,
    pub(crate) key: SecretKey,
    now: Option<Timestamp>,
    pub(crate) ledger: Ledger,
    pub(crate) index: SledIndex,
    pub(crate) frontier: Option<FrontierDatabase>,
    opened: Opened,
    _lock: File,
}

impl Store {
    /// Opens a store for a command that runs at `now`, or makes one.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`], [`Error::WrongKey`], [`Error::NewerFormat`], [`Error::ClockBackwards`] and
    /// [`Error::Integrity`] as they say; [`Error::Io`] for the disk.
    pub fn create_or_open(paths: &StorePaths, key: &SecretKey, now: Timestamp) -> Result<Self, Error> {
        Self::open(paths, key, Some(now))
    }

    /// Opens a store for reading; it is locked and put right all the same, but for the checkpoint: reading vouches for
    /// nothing.
    ///
    /// # Errors
    ///
    /// As [`Store::create_or_open`], and [`Error::Missing`] where there is none.
    pub fn open_read(paths: &StorePaths, key: &SecretKey) -> Result<Self, Error> {
        require(paths)?;
        Self::open(paths, key, None)
    }

    /// Returns whether there is a store.
    pub fn exists(paths: &StorePaths) -> bool {
        has_entries(&paths.ledger())
    }

    fn open(paths: &StorePaths, key: &SecretKey, now: Option<Timestamp>) -> Result<Self, Error> {
        let lock = lock(paths)?;
        let (mut ledger, found, mut opened) = open_ledger(paths, key)?;
        if let (Some(now), Some(last)) = (now, ledger.head().at)
            && now < last
        {
            return Err(Error::ClockBackwards { last, now });
        }
        for dir in [paths.ledger(), paths.mentions(), paths.master()] {
            durable::create_dir(&dir)?;
        }
        if ledger.head().seq == 0 {
            let Some(now) = now else { return Err(Error::Missing { path: paths.root.clone() }) };
            let event = LedgerEvent::StoreCreated { format_version: FORMAT_VERSION, key_id: key.key_id() };
            ledger.append(now, vec![event])?;
            opened.created = true;
        }
        if now.is_some() && found.seq() < ledger.head().seq {
            vouch(paths, key, &ledger)?;
        }
        opened.checkpoint_missing = !opened.created && matches!(found, Found::Missing(_));
        let (index, rebuilt) = open_index(paths, &ledger)?;
        opened.index_rebuilt = rebuilt;
        let (paths, key) = (paths.clone(), key.clone());
        let mut store = Self { paths, key, now, ledger, index, frontier: None, opened, _lock: lock };
        store.opened.swept_file_count = store.sweep()?;
        Ok(store)
    }

    fn sweep(&self) -> Result<u64, Error> {
        let segments = self.index.scan(Tree::Segments, b"")?;
        let segments = segments.into_iter().map(|(key, _)| String::from_utf8_lossy(&key).into_owned()).collect();
        let snapshot: BTreeSet<String> = self.master_version()?.map(|it| it.snapshot.name).into_iter().collect();
        Ok(files::sweep(&self.paths.mentions(), &segments)? + files::sweep(&self.paths.master(), &snapshot)?)
    }

    /// Returns what opening found and put right.
    pub const fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Returns the position of the last entry.
    pub const fn position(&self) -> Position {
        self.ledger.head().seq
    }

    /// Returns the instant of the last entry.
    pub const fn last_instant(&self) -> Option<Timestamp> {
        self.ledger.head().at
    }

    /// Moves on to the instant of the next step, for a command that takes several.
    ///
    /// # Errors
    ///
    /// [`Error::ClockBackwards`] where it lies before the last entry, [`Error::ReadOnly`] for a reader.
    pub fn advance_to(&mut self, now: Timestamp) -> Result<(), Error> {
        self.writable_at()?;
        if let Some(last) = self.last_instant().filter(|&last| now < last) {
            return Err(Error::ClockBackwards { last, now });
        }
        self.now = Some(now);
        Ok(())
    }

    pub(crate) fn writable_at(&self) -> Result<Timestamp, Error> {
        self.now.ok_or_else(|| Error::ReadOnly { path: self.paths.root.clone() })
    }

    /// Records events as one commit, which is in the ledger whole or not at all; returns the new position.
    ///
    /// When this returns, the events are on disk.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for the disk; after one, this handle writes no more and the next open puts right what is left.
    pub fn commit(&mut self, events: Vec<LedgerEvent>) -> Result<Position, Error> {
        let now = self.writable_at()?;
        if events.is_empty() {
            return Ok(self.position());
        }
        let entries = self.ledger.append(now, events)?;
        if let Err(error) = self.settle(&entries) {
            // The ledger has it, so the next open will; but what this handle reads is behind now.
            self.ledger.poison();
            return Err(error);
        }
        Ok(self.position())
    }

    fn settle(&self, entries: &[LedgerEntry]) -> Result<(), Error> {
        vouch(&self.paths, &self.key, &self.ledger)?;
        let mut projector = Projector::new(&self.index);
        for entry in entries {
            projector.push(entry)?;
        }
        projector.finish()
    }

    /// Keeps mentions that the intake gate cleared, or holds them where a reason is given.
    ///
    /// A mention that the store has already is skipped: what was kept first counts, with its instant. So is one that
    /// was erased because its time ended or a steward refused it: a new crawl does not begin a new time.
    ///
    /// # Errors
    ///
    /// As [`Store::commit`].
    pub fn keep(
        &mut self,
        mentions: Vec<Cleared<Mention, Intake>>,
        terms: &Admitted,
        hold: Option<Reason>,
    ) -> Result<KeepReport, Error> {
        self.writable_at()?;
        let given = mentions.len() as u64;
        let mut erased_before = 0;
        let mut fresh: BTreeMap<MentionId, Mention> = BTreeMap::new();
        for mention in mentions.into_iter().map(Cleared::into_inner) {
            let id = mention.mention_id();
            if self.contains_mention(id)? {
                continue;
            }
            if self.erased_for_good(id)? {
                erased_before += 1;
            } else {
                fresh.entry(id.clone()).or_insert(mention);
            }
        }
        let kept = fresh.len() as u64;
        let fresh: Vec<&Mention> = fresh.values().collect();
        let mut events = Vec::new();
        for chunk in fresh.chunks(SEGMENT_MENTIONS_MAX) {
            events.push(LedgerEvent::MentionsAdmitted {
                segment: files::write(&self.paths.mentions(), &segment::encode(chunk)?)?,
                source: terms.source.clone(),
                assessment_id: terms.assessment_id.clone(),
                policy_hash: terms.policy_hash.clone(),
                mentions: chunk.iter().map(|mention| mention.mention_id().clone()).collect(),
                hold: hold.map(|reason| reason.code().to_owned()),
            });
        }
        if !events.is_empty() {
            durable::sync_dir(&self.paths.mentions())?;
            self.commit(events)?;
        }
        Ok(KeepReport { kept, already_held: given - kept - erased_before, erased_before })
    }

    /// Writes the MASTER of records that the merge gate cleared; nothing where it is the same as before.
    ///
    /// # Errors
    ///
    /// As [`Store::commit`].
    pub fn write_master(&mut self, masters: Vec<Cleared<Master, Merge>>) -> Result<Option<Position>, Error> {
        self.writable_at()?;
        let masters: Vec<Master> = masters.into_iter().map(Cleared::into_inner).collect();
        let bytes = snapshot::encode(&masters.iter().collect::<Vec<_>>())?;
        let before = self.master_version()?.map(|version| version.snapshot);
        let unchanged = match &before {
            Some(snapshot) => *snapshot == files::name_of(&bytes),
            None => masters.is_empty(),
        };
        if unchanged {
            return Ok(None);
        }
        let event = self.write_snapshot(&masters, &bytes)?;
        let position = self.commit(vec![event])?;
        if let Some(before) = before {
            files::remove(&self.paths.master(), [before.name.as_str()])?;
        }
        Ok(Some(position))
    }

    /// Writes a snapshot aside and returns the event that makes it the current one.
    pub(crate) fn write_snapshot(&self, masters: &[Master], bytes: &[u8]) -> Result<LedgerEvent, Error> {
        let snapshot = files::write(&self.paths.master(), bytes)?;
        durable::sync_dir(&self.paths.master())?;
        let person_count = masters.iter().filter(|it| it.kind() == EntityKind::Person).count() as u64;
        let company_count = masters.len() as u64 - person_count;
        Ok(LedgerEvent::MasterDerived { snapshot, person_count, company_count })
    }

    /// Returns the crawl queue of a source.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Index`] where its database cannot be used; a broken one is begun anew.
    pub fn frontier(&mut self, source: &SourceName) -> Result<StoreFrontier, Error> {
        let database = match self.frontier.take() {
            Some(database) => database,
            None => FrontierDatabase::open(&self.paths.frontier())?,
        };
        Ok(StoreFrontier::new(self.frontier.insert(database).clone(), source))
    }
}

/// Refuses a place where there never was a store; one whose ledger is gone still has its checkpoint, and is damaged.
pub(crate) fn require(paths: &StorePaths) -> Result<(), Error> {
    let known = Store::exists(paths) || paths.checkpoint.exists();
    if known { Ok(()) } else { Err(Error::Missing { path: paths.root.clone() }) }
}

/// Takes the lock of a store, whose directory is made where there is none.
pub(crate) fn lock(paths: &StorePaths) -> Result<File, Error> {
    durable::create_dir(&paths.root)?;
    let path = paths.lock();
    let open = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path);
    let mut file = open.map_err(io_error("open the lock", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(Error::Locked { path: paths.root.clone(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(io_error("lock", &path)(source)),
    }
    // Who holds it is a courtesy to whoever waits; on a full disk it stays out.
    let named = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    drop(named);
    Ok(file)
}

/// Opens the ledger and tells what its checkpoint said before.
pub(crate) fn open_ledger(paths: &StorePaths, key: &SecretKey) -> Result<(Ledger, Found, Opened), Error> {
    let found = checkpoint::read(&paths.checkpoint, key)?;
    let (ledger, truncated_bytes) = Ledger::open(&paths.ledger(), key, &found)?;
    Ok((ledger, found, Opened { truncated_bytes, ..Opened::default() }))
}

fn vouch(paths: &StorePaths, key: &SecretKey, ledger: &Ledger) -> Result<(), Error> {
    let head = ledger.head();
    head.at.map_or(Ok(()), |at| checkpoint::write(&paths.checkpoint, key, head.seq, at, head.mac))
}

/// Opens the index and replays what it has not seen; one that is broken or ahead is made again.
fn open_index(paths: &StorePaths, ledger: &Ledger) -> Result<(SledIndex, bool), Error> {
    match catch_up(paths, ledger) {
        Ok(Some(index)) => Ok((index, false)),
        Ok(None) | Err(Error::Index { .. } | Error::Io { .. }) => Ok((make_index(paths, ledger)?, true)),
        Err(error) => Err(error),
    }
}

/// Opens the index and replays what it has not seen; nothing for an index that is not this ledger's.
pub(crate) fn catch_up(paths: &StorePaths, ledger: &Ledger) -> Result<Option<SledIndex>, Error> {
    let index = SledIndex::open(&paths.index())?;
    let position = match mark_of(&index)? {
        Some(mark) => {
            let known = mark.projection_version == PROJECTION_VERSION && mark.position <= ledger.head().seq;
            if !known || ledger.mac_at(mark.position)? != Some(mark.mac) {
                return Ok(None);
            }
            mark.position
        }
        None if index.is_empty()? => 0,
        None => return Ok(None),
    };
    replay(&index, ledger, position)?;
    Ok(Some(index))
}

/// Removes the index and makes it again from the whole ledger.
pub(crate) fn make_index(paths: &StorePaths, ledger: &Ledger) -> Result<SledIndex, Error> {
    durable::remove_dir(&paths.index())?;
    let index = SledIndex::open(&paths.index())?;
    replay(&index, ledger, 0)?;
    Ok(index)
}

/// Projects the entries behind a position into an index.
pub(crate) fn replay(index: &dyn Index, ledger: &Ledger, position: Position) -> Result<(), Error> {
    if position == ledger.head().seq {
        return Ok(());
    }
    let mut projector = Projector::new(index);
    ledger.entries_after(position, |entry| projector.push(&entry))?;
    projector.finish()
}

#[cfg(test)]
mod tests;
