//! The files of the ledger and their lines.
//!
//! Invariant: a commit stands in one file, so only the last file can end in an unfinished one.

use std::fs;
use std::path::{Path, PathBuf};

use muster_model::Position;

use crate::Error;
use crate::durable::io_error;

/// One file of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SegmentFile {
    /// Its number, which is its name.
    pub(super) ordinal: u64,
    pub(super) path: PathBuf,
    /// Length up to the last whole commit.
    pub(super) bytes: u64,
    /// Lines up to there.
    pub(super) lines: u64,
    /// Its first entry.
    pub(super) first: Position,
    /// Its last entry; one less than `first` for an empty file.
    pub(super) last: Position,
}

impl SegmentFile {
    /// A file that is not yet there, behind the entry `head`.
    pub(super) fn empty(dir: &Path, ordinal: u64, head: Position) -> Self {
        let path = dir.join(format!("{ordinal:08}.jsonl"));
        Self { ordinal, path, bytes: 0, lines: 0, first: head + 1, last: head }
    }

    /// Returns the name of the file.
    pub(super) fn name(&self) -> String {
        format!("{:08}.jsonl", self.ordinal)
    }
}

/// Returns the files of a ledger in their order; none where there is no directory.
pub(super) fn list_segments(dir: &Path) -> Result<Vec<SegmentFile>, Error> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut ordinals = Vec::new();
    for entry in fs::read_dir(dir).map_err(io_error("list", dir))? {
        let name = entry.map_err(io_error("list", dir))?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
        let ordinal = stem.and_then(|stem| stem.parse::<u64>().ok().filter(|ordinal| format!("{ordinal:08}") == stem));
        ordinals.extend(ordinal);
    }
    ordinals.sort_unstable();
    Ok(ordinals.into_iter().map(|ordinal| SegmentFile::empty(dir, ordinal, 0)).collect())
}

/// Returns whether there is a ledger with anything in it.
pub(crate) fn has_entries(dir: &Path) -> bool {
    let written = |segment: &SegmentFile| fs::metadata(&segment.path).is_ok_and(|meta| meta.len() > 0);
    list_segments(dir).is_ok_and(|segments| segments.iter().any(written))
}

/// One line of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Where it ends in the file, its line end included.
    pub(super) end: u64,
    /// Its bytes without the line end.
    pub(super) bytes: &'a [u8],
    /// The same as text, where it is text.
    pub(super) text: Option<&'a str>,
    /// Whether it has a line end.
    pub(super) terminated: bool,
}

/// Splits a file into lines.
pub(super) fn lines_of(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut end = 0;
    bytes.split_inclusive(|&byte| byte == b'\n').zip(1..).map(move |(raw, number)| {
        end += raw.len() as u64;
        let (bytes, terminated) = raw.strip_suffix(b"\n").map_or((raw, false), |bytes| (bytes, true));
        Line { number, end, bytes, text: std::str::from_utf8(bytes).ok(), terminated }
    })
}
