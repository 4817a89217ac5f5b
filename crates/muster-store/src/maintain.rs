//! Making the index again, and holding everything against the ledger.
//!
//! Invariant: verification names every fault it can find, and changes no more than an ordinary start does: it
//! truncates an unacknowledged end and replays an index that had fallen behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use muster_model::{SecretKey, SegmentRef};

use crate::checkpoint;
use crate::index::{Index, MemoryIndex, SledIndex, Tree, last_part, prefix_of};
use crate::ledger::{Audit, Ledger, audit};
use crate::projection::SNAPSHOT_KEY;
use crate::rows::{MasterVersion, SegmentRow};
use crate::store::{catch_up, lock, make_index, open_ledger, replay, require};
use crate::{Error, Fault, LedgerFault, StorePaths, files, segment, snapshot};

/// What [`rebuild`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildReport {
    /// How many ledger entries were replayed.
    pub entry_count: u64,
}

/// What [`verify_store`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many ledger entries were checked.
    pub entry_count: u64,
    /// How many files were checked.
    pub file_count: u64,
    /// What is wrong, nothing in a sound store.
    pub faults: Vec<Fault>,
}

/// What [`audit_verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// How many ledger entries there are.
    pub entries: u64,
    /// What is wrong, nothing in a sound ledger.
    pub faults: Vec<LedgerFault>,
    /// Bytes of a commit at the end that a crash cut short and nobody was told of; the next command truncates them.
    pub torn_bytes: u64,
}

fn locked(paths: &StorePaths) -> Result<File, Error> {
    require(paths)?;
    lock(paths)
}

/// Deletes the index and makes it again from the ledger.
///
/// # Errors
///
/// As [`crate::Store::open_read`]: a ledger that is not whole is not replayed.
pub fn rebuild(paths: &StorePaths, key: &SecretKey) -> Result<RebuildReport, Error> {
    let _lock = locked(paths)?;
    let (ledger, _, _) = open_ledger(paths, key)?;
    make_index(paths, &ledger)?;
    Ok(RebuildReport { entry_count: ledger.head().seq })
}

/// Checks the ledger's chain against its keyed seals and the checkpoint, and names every fault.
///
/// # Errors
///
/// [`Error::WrongKey`], [`Error::NewerFormat`], [`Error::Locked`], [`Error::Missing`], [`Error::Io`]. Faults are no
/// error.
pub fn audit_verify(paths: &StorePaths, key: &SecretKey) -> Result<AuditReport, Error> {
    let _lock = locked(paths)?;
    let Audit { entry_count, faults, torn_bytes } = run_audit(paths, key)?;
    Ok(AuditReport { entries: entry_count, faults, torn_bytes })
}

fn run_audit(paths: &StorePaths, key: &SecretKey) -> Result<Audit, Error> {
    audit(&paths.ledger(), key, &checkpoint::read(&paths.checkpoint, key)?)
}

/// Checks ledger, checkpoint, every file that the ledger names, and the index against a fresh replay.
///
/// # Errors
///
/// As [`audit_verify`]. Faults are no error.
pub fn verify_store(paths: &StorePaths, key: &SecretKey) -> Result<VerifyReport, Error> {
    let _lock = locked(paths)?;
    let Audit { entry_count, faults, .. } = run_audit(paths, key)?;
    let mut faults: Vec<Fault> = faults.into_iter().map(Fault::Ledger).collect();
    let (ledger, _, _) = match open_ledger(paths, key) {
        Ok(opened) => opened,
        // What the ledger names cannot be told from a ledger that is not whole.
        Err(Error::Integrity { .. }) if !faults.is_empty() => {
            return Ok(VerifyReport { entry_count, file_count: 0, faults });
        }
        Err(Error::Integrity { faults, .. }) => return Ok(VerifyReport { entry_count, file_count: 0, faults }),
        Err(error) => return Err(error),
    };
    let fresh = MemoryIndex::default();
    replay(&fresh, &ledger, 0)?;
    let file_count = check_files(paths, &fresh, &mut faults)?;
    check_index(paths, &ledger, &fresh, &mut faults)?;
    Ok(VerifyReport { entry_count, file_count, faults })
}

fn check_files(paths: &StorePaths, fresh: &MemoryIndex, faults: &mut Vec<Fault>) -> Result<u64, Error> {
    let mut file_count = 0;
    for (key, row) in fresh.scan(Tree::Segments, b"")? {
        let name = last_part(&key);
        let Ok(SegmentRow { sha256, .. }) = serde_json::from_slice(&row) else { continue };
        let ids = fresh.scan(Tree::SegmentMentions, &prefix_of(&[&name]))?;
        let ids: BTreeSet<String> = ids.iter().map(|(key, _)| last_part(key)).collect();
        let path = paths.mentions().join(&name);
        let read = files::read(&paths.mentions(), &SegmentRef { name, sha256 });
        if let Some(bytes) = fault_or(read, faults)? {
            match segment::decode(bytes) {
                Ok(found) if found.iter().map(|it| it.mention_id().as_str().to_owned()).eq(ids) => {}
                Ok(_) => faults.push(Fault::SegmentRows { path }),
                Err(detail) => faults.push(Fault::FileUnreadable { path, detail }),
            }
        }
        file_count += 1;
    }
    if let Some(row) = fresh.get(Tree::Meta, SNAPSHOT_KEY.as_bytes())?
        && let Ok(MasterVersion { snapshot, .. }) = serde_json::from_slice(&row)
    {
        let path = paths.master().join(&snapshot.name);
        if let Some(bytes) = fault_or(files::read(&paths.master(), &snapshot), faults)?
            && let Err(detail) = snapshot::decode(bytes)
        {
            faults.push(Fault::FileUnreadable { path, detail });
        }
        file_count += 1;
    }
    Ok(file_count)
}

/// Takes the faults out of an error; any other error stays one.
fn fault_or<T>(result: Result<T, Error>, faults: &mut Vec<Fault>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Integrity { faults: found, .. }) => {
            faults.extend(found);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn check_index(paths: &StorePaths, ledger: &Ledger, fresh: &MemoryIndex, faults: &mut Vec<Fault>) -> Result<(), Error> {
    let index = match catch_up(paths, ledger) {
        Ok(Some(index)) => index,
        Ok(None) => {
            faults.push(Fault::IndexUnreadable { detail: "it does not belong to this ledger".to_owned() });
            return Ok(());
        }
        Err(Error::Index { detail, .. }) => {
            faults.push(Fault::IndexUnreadable { detail });
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    for &tree in Tree::ALL {
        let row_count = difference(&index, fresh, tree)?;
        if row_count > 0 {
            faults.push(Fault::IndexDiffers { tree: tree.name(), row_count });
        }
    }
    Ok(())
}

/// Counts the rows that one index has and the other has not, or has otherwise.
fn difference(index: &SledIndex, fresh: &MemoryIndex, tree: Tree) -> Result<u64, Error> {
    let stored: BTreeMap<Vec<u8>, Vec<u8>> = index.scan(tree, b"")?.into_iter().collect();
    let expected: BTreeMap<Vec<u8>, Vec<u8>> = fresh.scan(tree, b"")?.into_iter().collect();
    let wrong = stored.iter().filter(|(key, row)| expected.get(*key) != Some(*row)).count();
    let absent = expected.keys().filter(|key| !stored.contains_key(*key)).count();
    Ok((wrong + absent) as u64)
}
