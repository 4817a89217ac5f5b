//! Everything that is wrong with a ledger, each fault named by its place.
//!
//! A line is judged by its own seal first: a genuine line at the wrong place was moved, a line whose seal does not
//! fit was edited. What is not there is missing; what the checkpoint vouches for and is not there was cut or written
//! anew.
//!
//! Invariant: it changes nothing, and it goes on behind a fault.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use muster_model::{KeyedHash, Position, SecretKey};

use super::line::Sealed;
use super::segments::{Line, SegmentFile, lines_of, list_segments};
use super::{FORMAT_VERSION, Head};
use crate::checkpoint::Found;
use crate::durable::io_error;
use crate::{Error, LedgerFault};

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Audit {
    /// How many lines were read, the unfinished end not counted.
    pub(crate) entry_count: u64,
    /// What is wrong.
    pub(crate) faults: Vec<LedgerFault>,
    /// Bytes of an unfinished commit at the end, which the next open truncates; no fault.
    pub(crate) torn_bytes: u64,
}

/// One line as the audit sees it.
struct Seen {
    file: String,
    line: u64,
    /// The entry it says it is; for an edited line, the entry that must have stood there.
    seq: Position,
    prev: Option<KeyedHash>,
    mac: Option<KeyedHash>,
    genuine: bool,
    continues: bool,
    bytes: u64,
    terminated: bool,
}

/// Reads a whole ledger and names all its faults.
pub(crate) fn audit(dir: &Path, key: &SecretKey, checkpoint: &Found) -> Result<Audit, Error> {
    refuse_foreign(dir, key, checkpoint)?;
    let mut seen = Vec::new();
    for segment in list_segments(dir)? {
        read_segment(&segment, key, &mut seen)?;
    }
    let torn_bytes = drop_torn_end(&mut seen, checkpoint.seq());
    let entry_count = seen.len() as u64;
    let rewritten = seen.len() > 1 && seen.iter().all(|line| !line.genuine);
    let faults = if rewritten {
        vec![LedgerFault::Rewritten { seq: checkpoint.seq().max(1) }]
    } else {
        place_edited(&mut seen);
        let mut faults = line_faults(&seen);
        faults.extend(gap_faults(&seen));
        faults.extend(order_faults(&seen));
        faults.extend(end_faults(&seen, checkpoint));
        faults
    };
    Ok(Audit { entry_count, faults, torn_bytes })
}

fn read_segment(segment: &SegmentFile, key: &SecretKey, seen: &mut Vec<Seen>) -> Result<(), Error> {
    let bytes = fs::read(&segment.path).map_err(io_error("read", &segment.path))?;
    for line in lines_of(&bytes) {
        let sealed = line.text.and_then(Sealed::parse);
        // Blocks that were never filled are as good as a line that was never ended.
        let terminated = line.terminated && !line.bytes.contains(&0);
        let genuine = terminated && sealed.as_ref().is_some_and(|sealed| sealed.is_genuine(key));
        seen.push(Seen {
            file: segment.name(),
            line: line.number,
            seq: sealed.as_ref().map_or(0, |sealed| sealed.seq),
            prev: sealed.as_ref().map(|sealed| sealed.prev),
            mac: sealed.as_ref().map(|sealed| sealed.mac),
            genuine,
            continues: sealed.is_some_and(|sealed| sealed.continues),
            bytes: line.bytes.len() as u64 + u64::from(line.terminated),
            terminated,
        });
    }
    Ok(())
}

/// What the first line of a ledger says about it, read leniently: it may be of a newer version.
struct Created {
    path: PathBuf,
    format_version: u32,
    key_id: String,
    first_is_genuine: bool,
    any_is_genuine: bool,
}

impl Created {
    /// Reads it; nothing where the first line is none of that kind.
    fn read(dir: &Path, key: &SecretKey) -> Result<Option<Self>, Error> {
        let Some(first) = list_segments(dir)?.into_iter().next() else { return Ok(None) };
        let bytes = fs::read(&first.path).map_err(io_error("read", &first.path))?;
        let line = lines_of(&bytes).next().map(|line| serde_json::from_slice::<serde_json::Value>(line.bytes));
        let Some(Ok(value)) = line else { return Ok(None) };
        let event = value.get("event");
        let version = event.and_then(|event| event.get("format_version")).and_then(serde_json::Value::as_u64);
        let key_id = event.and_then(|event| event.get("key_id")).and_then(serde_json::Value::as_str);
        let (Some(version), Some(key_id)) = (version, key_id) else { return Ok(None) };
        let genuine = |line: Line<'_>| line.text.and_then(Sealed::parse).is_some_and(|sealed| sealed.is_genuine(key));
        Ok(Some(Self {
            format_version: u32::try_from(version).unwrap_or(u32::MAX),
            key_id: key_id.to_owned(),
            first_is_genuine: lines_of(&bytes).take(1).any(genuine),
            any_is_genuine: lines_of(&bytes).any(genuine),
            path: first.path,
        }))
    }

    /// Refuses a ledger of a newer version or of another key.
    ///
    /// Where other lines are genuine, the first was edited and says nothing. Where our own checkpoint vouches for a
    /// ledger of this key, one of another key was put in its place. Both are for the audit to name.
    fn refuse_foreign(&self, dir: &Path, key: &SecretKey, checkpoint: &Found) -> Result<(), Error> {
        let edited = self.any_is_genuine && !self.first_is_genuine;
        if self.format_version > FORMAT_VERSION && !edited {
            let (path, found) = (self.path.clone(), self.format_version);
            return Err(Error::NewerFormat { path, found, supported: FORMAT_VERSION });
        }
        match checkpoint {
            Found::Missing(_) | Found::Forged(_) if self.key_id != key.key_id() && !edited => {
                Err(Error::WrongKey { path: dir.to_owned(), expected: self.key_id.clone(), given: key.key_id() })
            }
            Found::Missing(_) | Found::Forged(_) | Found::Valid(_) => Ok(()),
        }
    }
}

/// Refuses a ledger that this program or this key cannot judge.
pub(super) fn refuse_foreign(dir: &Path, key: &SecretKey, checkpoint: &Found) -> Result<(), Error> {
    Created::read(dir, key)?.map_or(Ok(()), |created| created.refuse_foreign(dir, key, checkpoint))
}

/// Takes off the end what was never acknowledged: half a line, or a commit without its last line.
fn drop_torn_end(seen: &mut Vec<Seen>, vouched: Position) -> u64 {
    let mut torn = 0;
    while let Some(last) = seen.last() {
        let unfinished = !last.terminated || (last.genuine && last.continues);
        // The last line of a cut commit is genuine; what the checkpoint vouches for was acknowledged.
        if !unfinished || (last.genuine && last.terminated && last.seq <= vouched) {
            break;
        }
        torn += last.bytes;
        seen.pop();
    }
    torn
}

/// Gives edited lines the number of the entry that must have stood there.
fn place_edited(seen: &mut [Seen]) {
    let genuine: BTreeSet<Position> = seen.iter().filter(|line| line.genuine).map(|line| line.seq).collect();
    let mut before = 0;
    for line in seen {
        if !line.genuine && !genuine.contains(&(before + 1)) {
            line.seq = before + 1;
        }
        before = line.seq;
    }
}

fn line_faults(seen: &[Seen]) -> Vec<LedgerFault> {
    let mut faults = Vec::new();
    for line in seen.iter().filter(|line| !line.genuine) {
        faults.push(LedgerFault::Edited { file: line.file.clone(), line: line.line, seq: line.seq });
    }
    let mut before = (0, Some(Head::genesis().mac), true);
    for line in seen {
        let (seq, mac, genuine) = before;
        if genuine && line.genuine && line.seq == seq + 1 && line.prev != mac {
            faults.push(LedgerFault::Spliced { file: line.file.clone(), line: line.line, seq: line.seq });
        }
        before = (line.seq, line.mac, line.genuine);
    }
    faults
}

fn gap_faults(seen: &[Seen]) -> Vec<LedgerFault> {
    let present: BTreeSet<Position> = seen.iter().map(|line| line.seq).collect();
    let mut faults = Vec::new();
    let mut expected = 1;
    for &seq in present.iter().filter(|&&seq| seq > 0) {
        if seq > expected {
            faults.push(LedgerFault::Missing { first: expected, last: seq - 1 });
        }
        expected = seq + 1;
    }
    faults
}

/// Compares the order of the lines with the order of their numbers.
fn order_faults(seen: &[Seen]) -> Vec<LedgerFault> {
    let mut faults = Vec::new();
    let mut first_time = BTreeSet::new();
    let mut placed = Vec::new();
    for line in seen {
        if first_time.insert(line.seq) {
            placed.push(line);
        } else {
            faults.push(LedgerFault::Repeated { file: line.file.clone(), line: line.line, seq: line.seq });
        }
    }
    let wrong = placed.iter().zip(&first_time).filter(|(line, expected)| line.seq != **expected && line.genuine);
    faults.extend(wrong.map(|(line, &expected)| LedgerFault::OutOfOrder {
        file: line.file.clone(),
        line: line.line,
        seq: line.seq,
        expected,
    }));
    faults
}

fn end_faults(seen: &[Seen], checkpoint: &Found) -> Vec<LedgerFault> {
    let word = match checkpoint {
        Found::Missing(path) => return vec![LedgerFault::CheckpointMissing { path: path.clone() }],
        Found::Forged(path) => return vec![LedgerFault::CheckpointForged { path: path.clone() }],
        Found::Valid(word) => word,
    };
    let last = seen.iter().map(|line| line.seq).max().unwrap_or(0);
    if last < word.seq {
        return vec![LedgerFault::TailCut { last, checkpoint: word.seq }];
    }
    let other = |line: &&Seen| line.seq == word.seq && line.genuine && line.mac != Some(word.mac);
    seen.iter().find(other).map(|_| LedgerFault::Rewritten { seq: word.seq }).into_iter().collect()
}
