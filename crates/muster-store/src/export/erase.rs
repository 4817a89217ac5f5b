//! Erasure in our own copies of exports: the rows of people who are gone are taken out of the files (RT-7).
//!
//! A file is found by its manifest beside it. What recipients hold is not reached here; a delta tells them.
//!
//! Invariant: file and manifest agree after every whole call, and a kill between the two is put right by the next.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use arrow_array::RecordBatch;
use muster_model::ClusterId;
use serde_json::{Map, Value};

use super::{CLUSTER_ID, ExportFormat, OP, REMOVE, file_sha256, guarded_cell};
use crate::durable::{self, io_error};
use crate::parquet_file::{self, present_texts};
use crate::{Error, Fault};

/// How the name of a manifest ends.
const MANIFEST_END: &str = ".manifest.json";

/// How the name of an export begins that is written but not yet in place.
const PENDING: &str = ".pending-";

/// Member of a manifest that counts the rows taken out since it was written.
const ERASED: &str = "erased";

/// A manifest of ours.
struct Manifest {
    path: PathBuf,
    members: Map<String, Value>,
    data: PathBuf,
    format: ExportFormat,
}

/// Takes the rows of people who are gone out of every export file of a folder; returns how many rows that were.
///
/// Rows of a delta that say `remove` stay: they hold the id only, and the recipient has still to be told. The
/// manifest follows the file: `sha256` and `rows` are the new ones, `erased` counts what was taken out. A manifest
/// that is not ours, or whose file is no longer there, is passed over.
///
/// # Errors
///
/// [`Error::Io`] for the disk and [`Error::Integrity`] for a file that cannot be read as its manifest says. All other
/// files of the folder are done all the same, and the first error is returned.
pub fn erase_rows(folder: &Path, gone: &BTreeSet<ClusterId>) -> Result<u64, Error> {
    let mut erased = 0;
    let mut first_error = None;
    for path in manifests_in(folder)? {
        match erase_in_file(&path, gone) {
            Ok(count) => erased += count,
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    first_error.map_or(Ok(erased), Err)
}

fn manifests_in(folder: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(io_error("list", folder)(error)),
    };
    let mut paths = BTreeSet::new();
    for entry in entries {
        let path = entry.map_err(io_error("list", folder))?.path();
        let named = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(MANIFEST_END));
        if named && path.is_file() {
            paths.insert(path);
        }
    }
    Ok(paths)
}

fn erase_in_file(path: &Path, gone: &BTreeSet<ClusterId>) -> Result<u64, Error> {
    let Some(mut manifest) = read_manifest(path)? else { return Ok(0) };
    let Some(bytes) = read_if_there(&manifest.data)? else { return Ok(0) };
    // What a kill in the middle of a write left beside the file holds rows too.
    durable::remove_file(&beside(&manifest.data, ".tmp"))?;
    settle(&mut manifest, &bytes)?;
    let unreadable = |detail: String| {
        let fault = Fault::FileUnreadable { path: manifest.data.clone(), detail };
        Error::integrity(&manifest.data, fault)
    };
    let rest = match manifest.format {
        ExportFormat::Csv => without_csv(&bytes, gone),
        ExportFormat::Jsonl => without_jsonl(&bytes, gone),
        ExportFormat::Parquet => without_parquet(bytes, gone),
    };
    let Some((rest, count)) = rest.map_err(unreadable)? else { return Ok(0) };
    replace(manifest, &rest, count)?;
    Ok(count)
}

/// Reads a manifest; nothing where it is not one of ours.
fn read_manifest(path: &Path) -> Result<Option<Manifest>, Error> {
    let bytes = fs::read(path).map_err(io_error("read", path))?;
    let Ok(Value::Object(members)) = serde_json::from_slice(&bytes) else { return Ok(None) };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let counted = members.get("rows").is_some_and(Value::is_u64);
    let format = text("format").and_then(ExportFormat::parse);
    let (Some(file), Some(format), Some(_), true) = (text("file"), format, text("sha256"), counted) else {
        return Ok(None);
    };
    // The file lies beside its manifest; a path that leads elsewhere was not written by us.
    let mut parts = Path::new(file).components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else { return Ok(None) };
    let data = pending_data(path, format).unwrap_or_else(|| path.with_file_name(name));
    Ok(Some(Manifest { path: path.to_owned(), members, data, format }))
}

/// Returns the file that waits beside the manifest of an export that is not yet in place.
///
/// Such a manifest names the file as it will be called; the export before may still be there under that name.
fn pending_data(manifest: &Path, format: ExportFormat) -> Option<PathBuf> {
    let stem = manifest.file_name()?.to_str()?.strip_suffix(MANIFEST_END)?;
    let waiting = manifest.with_file_name(format!("{stem}.{}", format.as_str()));
    (stem.starts_with(PENDING) && waiting.is_file()).then_some(waiting)
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", path)(error)),
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(end);
    path.with_file_name(name)
}

/// Finishes what a kill interrupted: a manifest that was prepared for the file as it is now takes its place.
fn settle(manifest: &mut Manifest, data: &[u8]) -> Result<(), Error> {
    let next = beside(&manifest.path, ".next");
    if !next.exists() {
        return Ok(());
    }
    let now = Value::from(file_sha256(data));
    let prepared = fs::read(&next).map_err(io_error("read", &next))?;
    let prepared =
        serde_json::from_slice(&prepared).ok().filter(|it: &Map<String, Value>| it.get("sha256") == Some(&now));
    match prepared.filter(|_| manifest.members.get("sha256") != Some(&now)) {
        Some(members) => {
            rename(&next, &manifest.path)?;
            manifest.members = members;
        }
        None => drop(durable::remove_file(&next)?),
    }
    Ok(())
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(io_error("rename into place", to))?;
    to.parent().map_or(Ok(()), durable::sync_dir)
}

/// Puts a file and its manifest in place: the manifest is prepared first, so that a kill in between can be put right.
fn replace(manifest: Manifest, data: &[u8], count: u64) -> Result<(), Error> {
    let Manifest { path, mut members, data: data_path, .. } = manifest;
    let number = |name: &str, members: &Map<String, Value>| members.get(name).and_then(Value::as_u64).unwrap_or(0);
    let rows = number("rows", &members).saturating_sub(count);
    let erased = number(ERASED, &members) + count;
    members.insert("sha256".to_owned(), Value::from(file_sha256(data)));
    members.insert("rows".to_owned(), Value::from(rows));
    members.insert(ERASED.to_owned(), Value::from(erased));
    let mut text = serde_json::to_vec_pretty(&members)
        .map_err(|error| Error::Encode { what: "a manifest", detail: error.to_string() })?;
    text.push(b'\n');
    let next = beside(&path, ".next");
    durable::write_file(&next, &text)?;
    durable::write_file(&data_path, data)?;
    rename(&next, &path)
}

/// A file without some rows, and how many those are; nothing where none goes. The error is in words, without values.
type Rest = Result<Option<(Vec<u8>, u64)>, String>;

fn some_if_any(rest: Vec<u8>, count: u64) -> Option<(Vec<u8>, u64)> {
    (count > 0).then_some((rest, count))
}

fn without_csv(bytes: &[u8], gone: &BTreeSet<ClusterId>) -> Rest {
    let gone: BTreeSet<Vec<u8>> = gone.iter().map(|id| guarded_cell(id.as_str().to_owned()).into_bytes()).collect();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut columns: Option<(usize, Option<usize>)> = None;
    let mut count = 0;
    for record in reader.byte_records() {
        let record = record.map_err(|error| error.to_string())?;
        if let Some((id, op)) = columns {
            let says_remove = op.and_then(|op| record.get(op)) == Some(REMOVE.as_bytes());
            if !says_remove && record.get(id).is_some_and(|cell| gone.contains(cell)) {
                count += 1;
                continue;
            }
        } else {
            let place = |name: &str| record.iter().position(|cell| cell == name.as_bytes());
            let id = place(CLUSTER_ID).ok_or_else(|| format!("it has no column `{CLUSTER_ID}`"))?;
            columns = Some((id, place(OP)));
        }
        writer.write_byte_record(&record).map_err(|error| error.to_string())?;
    }
    let rest = writer.into_inner().map_err(|error| error.to_string())?;
    Ok(some_if_any(rest, count))
}

fn without_jsonl(bytes: &[u8], gone: &BTreeSet<ClusterId>) -> Rest {
    let gone: BTreeSet<&str> = gone.iter().map(ClusterId::as_str).collect();
    let mut rest = Vec::with_capacity(bytes.len());
    let mut count = 0;
    for (index, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if !line.trim_ascii().is_empty() {
            let row: Value = serde_json::from_slice(line).map_err(|_| format!("line {} is no JSON", index + 1))?;
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            if text(OP) != Some(REMOVE) && text(CLUSTER_ID).is_some_and(|id| gone.contains(id)) {
                count += 1;
                continue;
            }
        }
        rest.extend_from_slice(line);
    }
    Ok(some_if_any(rest, count))
}

fn without_parquet(bytes: Vec<u8>, gone: &BTreeSet<ClusterId>) -> Rest {
    let gone: BTreeSet<&str> = gone.iter().map(ClusterId::as_str).collect();
    let mut rest = Vec::new();
    let mut count = 0;
    for batch in parquet_file::decode(bytes.into())? {
        let stays = rows_that_stay(&batch, &gone)?;
        // Nothing of the first batch but its columns, so that a file of no rows still has them.
        if rest.is_empty() {
            rest.push(batch.slice(0, 0));
        }
        count += stays.iter().filter(|&&stays| !stays).count() as u64;
        let mut from = 0;
        for run in stays.chunk_by(|left, right| left == right) {
            if run.first() == Some(&true) {
                rest.push(batch.slice(from, run.len()));
            }
            from += run.len();
        }
    }
    if count == 0 {
        return Ok(None);
    }
    let rest = parquet_file::encode_batches(&rest).map_err(|error| error.to_string())?;
    Ok(Some((rest, count)))
}

fn rows_that_stay(batch: &RecordBatch, gone: &BTreeSet<&str>) -> Result<Vec<bool>, String> {
    let ids = present_texts(batch, CLUSTER_ID)?;
    let ops = match batch.column_by_name(OP) {
        Some(_) => present_texts(batch, OP)?,
        None => vec![""; ids.len()],
    };
    Ok(ids.iter().zip(ops).map(|(id, op)| op == REMOVE || !gone.contains(id)).collect())
}

#[cfg(test)]
mod tests;
