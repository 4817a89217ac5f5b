//! The ledger: append-only files of JSON lines, each sealed with a keyed hash over itself and the line before.
//!
//! Opening checks the whole chain against the checkpoint. What a crash cut short (a half line, a commit without its
//! last line) and nobody was told of is truncated; everything else that does not fit is an error.
//!
//! Invariant: [`Ledger::append`] returns after the fsync, and a commit is in the ledger whole or not at all.

mod line;
mod segments;
mod verify;

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use muster_model::{KeyedHash, LedgerEntry, LedgerEvent, Position, SecretKey, Timestamp};

use crate::checkpoint::Found;
use crate::durable::{self, io_error};
use crate::{Error, Fault};

pub(crate) use segments::has_entries;
pub(crate) use verify::{Audit, audit};

use line::{Sealed, seal};
use segments::{SegmentFile, lines_of, list_segments};
use verify::refuse_foreign;

/// Format version of ledger lines and of the files that they name.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// Size from which a new file is begun; small enough to read in one piece.
const SEGMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Lines from which a new file is begun.
const SEGMENT_LINES_MAX: u64 = 100_000;

/// The last entry of a chain, or its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: Position,
    pub(crate) mac: KeyedHash,
    pub(crate) at: Option<Timestamp>,
}

impl Head {
    fn genesis() -> Self {
        let mac = KeyedHash::parse(&"0".repeat(64)).expect("64 zeros are 64 hexadecimal digits");
        Self { seq: 0, mac, at: None }
    }
}

/// The ledger of an open store.
#[derive(Debug)]
pub(crate) struct Ledger {
    dir: PathBuf,
    key: SecretKey,
    segments: Vec<SegmentFile>,
    head: Head,
    poisoned: bool,
}

impl Ledger {
    /// Opens the ledger in `dir`, checks its chain and truncates what a crash left; returns how many bytes that was.
    pub(crate) fn open(dir: &Path, key: &SecretKey, checkpoint: &Found) -> Result<(Self, u64), Error> {
        refuse_foreign(dir, key, checkpoint)?;
        let mut read = Reading { key, head: Head::genesis(), kept: Head::genesis() };
        let mut segments = list_segments(dir)?;
        let count = segments.len();
        let mut truncated = 0;
        for (index, segment) in segments.iter_mut().enumerate() {
            let bytes = fs::read(&segment.path).map_err(io_error("read", &segment.path))?;
            let end = read.segment(segment, &bytes)?;
            let whole = end == End::Whole && read.head == read.kept;
            if !whole {
                let unacknowledged = index + 1 == count && end != End::Damaged && read.kept.seq >= checkpoint.seq();
                if !unacknowledged {
                    return Err(untrusted(dir, key, checkpoint));
                }
                truncated = bytes.len() as u64 - segment.bytes;
                truncate(segment)?;
                read.head = read.kept;
            }
        }
        let ledger = Self { dir: dir.to_owned(), key: key.clone(), segments, head: read.head, poisoned: false };
        ledger.check_against(checkpoint)?;
        Ok((ledger, truncated))
    }

    fn check_against(&self, checkpoint: &Found) -> Result<(), Error> {
        let agrees = match checkpoint {
            Found::Missing(_) => true,
            Found::Forged(_) => false,
            Found::Valid(word) if word.seq > self.head.seq => false,
            Found::Valid(word) => self.mac_at(word.seq)? == Some(word.mac),
        };
        if agrees { Ok(()) } else { Err(untrusted(&self.dir, &self.key, checkpoint)) }
    }

    /// Returns the last entry.
    pub(crate) const fn head(&self) -> Head {
        self.head
    }

    /// Returns the chain value of an entry.
    pub(crate) fn mac_at(&self, seq: Position) -> Result<Option<KeyedHash>, Error> {
        if seq == self.head.seq {
            return Ok(Some(self.head.mac));
        }
        let Some(segment) = self.segments.iter().find(|segment| (segment.first..=segment.last).contains(&seq)) else {
            return Ok(None);
        };
        let bytes = fs::read(&segment.path).map_err(io_error("read", &segment.path))?;
        let found = lines_of(&bytes).filter_map(|line| Sealed::parse(line.text?)).find(|sealed| sealed.seq == seq);
        Ok(found.map(|sealed| sealed.mac))
    }

    /// Hands every entry behind a position to `each`, in order.
    pub(crate) fn entries_after(
        &self,
        position: Position,
        mut each: impl FnMut(LedgerEntry) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for segment in self.segments.iter().filter(|segment| segment.last > position) {
            let bytes = fs::read(&segment.path).map_err(io_error("read", &segment.path))?;
            for line in lines_of(&bytes) {
                let parsed = line.text.and_then(|text| Some((Sealed::parse(text)?, text)));
                let Some((sealed, text)) = parsed else { return Err(self.unreadable(segment, line.number)) };
                if sealed.seq > position {
                    let entry = serde_json::from_str(text).map_err(|_| self.unreadable(segment, line.number))?;
                    each(entry)?;
                }
            }
        }
        Ok(())
    }

    fn unreadable(&self, segment: &SegmentFile, line: u64) -> Error {
        let detail = format!("line {line} is no entry of a known kind");
        Error::integrity(&self.dir, Fault::FileUnreadable { path: segment.path.clone(), detail })
    }

    /// Makes the next commit begin a new file, for tests.
    #[cfg(test)]
    pub(crate) fn begin_new_file(&mut self) {
        self.segments.last_mut().expect("a ledger has a first entry").lines = SEGMENT_LINES_MAX;
    }

    /// Refuses every further write through this handle.
    pub(crate) const fn poison(&mut self) {
        self.poisoned = true;
    }

    /// Appends events as one commit and fsyncs them; returns their entries.
    ///
    /// After a failure nothing more is appended through this handle: what stands on disk is not known until the next
    /// open has looked.
    pub(crate) fn append(&mut self, at: Timestamp, events: Vec<LedgerEvent>) -> Result<Vec<LedgerEntry>, Error> {
        if self.poisoned {
            return Err(Error::Poisoned { path: self.dir.clone() });
        }
        self.poisoned = true;
        let mut entries = Vec::with_capacity(events.len());
        let mut head = self.head;
        let mut buffer = String::new();
        let last = events.len().saturating_sub(1);
        for (index, event) in events.into_iter().enumerate() {
            let (text, entry) = seal(&self.key, head, at, index < last, event)?;
            head = Head { seq: entry.seq, mac: entry.mac, at: Some(at) };
            buffer.push_str(&text);
            buffer.push('\n');
            entries.push(entry);
        }
        self.write(buffer.as_bytes(), head.seq, entries.len() as u64)?;
        self.head = head;
        self.poisoned = false;
        Ok(entries)
    }

    fn write(&mut self, bytes: &[u8], last: Position, line_count: u64) -> Result<(), Error> {
        let full = |segment: &SegmentFile| segment.bytes >= SEGMENT_BYTES_MAX || segment.lines >= SEGMENT_LINES_MAX;
        if self.segments.last().is_none_or(full) {
            let ordinal = self.segments.last().map_or(1, |segment| segment.ordinal + 1);
            self.segments.push(SegmentFile::empty(&self.dir, ordinal, self.head.seq));
        }
        let segment = self.segments.last_mut().expect("one was pushed where there was none");
        let fresh = segment.bytes == 0;
        let append = || {
            let mut file = OpenOptions::new().create(true).append(true).open(&segment.path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        append().map_err(io_error("append to the ledger", &segment.path))?;
        if fresh {
            durable::sync_dir(&self.dir)?;
        }
        segment.bytes += bytes.len() as u64;
        segment.lines += line_count;
        segment.last = last;
        Ok(())
    }
}

/// How a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With a line that fits.
    Whole,
    /// In what a crash in the middle of a write leaves: half a line, or blocks that were never filled.
    Torn,
    /// In a line that somebody changed.
    Damaged,
}

/// The state of checking a chain.
struct Reading<'a> {
    key: &'a SecretKey,
    /// The last line that fits.
    head: Head,
    /// The last line of the last whole commit.
    kept: Head,
}

impl Reading<'_> {
    fn segment(&mut self, segment: &mut SegmentFile, bytes: &[u8]) -> Result<End, Error> {
        segment.first = self.head.seq + 1;
        segment.last = self.head.seq;
        for line in lines_of(bytes) {
            let sealed = line.text.and_then(Sealed::parse);
            let fits = sealed.filter(|sealed| {
                sealed.seq == self.head.seq + 1 && sealed.prev == self.head.mac && sealed.is_genuine(self.key)
            });
            if let Some(found) = fits.as_ref().map(|sealed| sealed.v).filter(|&found| found > FORMAT_VERSION) {
                return Err(Error::NewerFormat { path: segment.path.clone(), found, supported: FORMAT_VERSION });
            }
            let Some(sealed) = fits.filter(|_| line.terminated) else {
                let torn = !line.terminated || line.bytes.contains(&0);
                return Ok(if torn { End::Torn } else { End::Damaged });
            };
            self.head = Head { seq: sealed.seq, mac: sealed.mac, at: Some(sealed.at) };
            if !sealed.continues {
                self.kept = self.head;
                segment.bytes = line.end;
                segment.lines = line.number;
                segment.last = sealed.seq;
            }
        }
        Ok(End::Whole)
    }
}

fn truncate(segment: &SegmentFile) -> Result<(), Error> {
    let cut = || {
        let file: File = OpenOptions::new().write(true).open(&segment.path)?;
        file.set_len(segment.bytes)?;
        file.sync_all()
    };
    cut().map_err(io_error("truncate", &segment.path))
}

/// Names everything that is wrong with a ledger that does not open.
fn untrusted(dir: &Path, key: &SecretKey, checkpoint: &Found) -> Error {
    match audit(dir, key, checkpoint) {
        Ok(Audit { faults, .. }) if faults.is_empty() => {
            let detail = "its lines do not form whole commits".to_owned();
            Error::integrity(dir, Fault::FileUnreadable { path: dir.to_owned(), detail })
        }
        Ok(Audit { faults, .. }) => {
            Error::Integrity { path: dir.to_owned(), faults: faults.into_iter().map(Fault::Ledger).collect() }
        }
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests;
