//! The writers of what leaves: released rows as CSV, JSON lines or Parquet.
//!
//! They accept only rows that the release gate cleared. Which rows, which fields and to whom is decided before. What
//! was written stays in our hands as a copy, and an erasure reaches it.
//!
//! Forms. A full file holds every row; a delta begins each row with `op`, `upsert` or `remove`, and an `upsert`
//! replaces the row whole. CSV joins several values by `;` (a `;` inside a value is written `%3B`); JSON lines leave
//! absent fields out, as a mention's JSON does, and write lists as arrays; Parquet has lists of texts. A CSV cell that
//! a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, tab or carriage return) gets a `'` in
//! front, but for phone numbers in E.164, which are digits behind one `+`.
//!
//! Invariant: the same rows give the same bytes, whatever order they come in.

mod erase;

use std::path::Path;

use muster_gate::{Cleared, Release, ReleasedRow};
use muster_model::{ClusterId, ExportMode, Field, KeyLabel, KeyedHash, SecretKey};
use serde_json::Value;

use crate::parquet_file::{self, list_column, text_column};
use crate::{Error, durable, files};

pub use erase::erase_rows;

/// The form of an export file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Parquet.
    Parquet,
}

impl ExportFormat {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::Csv, Self::Jsonl, Self::Parquet];

    /// Returns the name used in configuration and as file extension.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// Finds the form of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.as_str() == text)
    }
}

/// Name of the column that says what to do with a row of a delta.
const OP: &str = "op";
const UPSERT: &str = "upsert";
const REMOVE: &str = "remove";
const CLUSTER_ID: &str = "cluster_id";

/// One line of a file: what is to be done with which record, and its values.
struct Line<'a> {
    op: &'static str,
    cluster_id: &'a ClusterId,
    row: Option<&'a ReleasedRow>,
}

impl Line<'_> {
    fn values(&self, field: Field) -> &[String] {
        let fields = self.row.map_or(&[][..], |row| row.fields.as_slice());
        fields.iter().find(|(each, _)| *each == field).map_or(&[], |(_, values)| values.as_slice())
    }
}

/// Writes released rows as the bytes of a file.
///
/// `removed` are the records that the recipient has and must not have any more: a delta says so row by row, a full
/// file by not holding them.
///
/// # Errors
///
/// [`Error::Encode`] where a library refuses.
pub fn write_rows(
    rows: &[Cleared<ReleasedRow, Release>],
    removed: &[ClusterId],
    fields: &[Field],
    format: ExportFormat,
    mode: ExportMode,
) -> Result<Vec<u8>, Error> {
    let upserts = rows.iter().map(Cleared::get);
    let upserts = upserts.map(|row| Line { op: UPSERT, cluster_id: &row.cluster_id, row: Some(row) });
    let removals = removed.iter().map(|cluster_id| Line { op: REMOVE, cluster_id, row: None });
    let mut lines: Vec<Line<'_>> = match mode {
        ExportMode::Full => upserts.collect(),
        ExportMode::Delta => upserts.chain(removals).collect(),
    };
    lines.sort_by(|left, right| (left.cluster_id, left.op).cmp(&(right.cluster_id, right.op)));
    let with_op = mode == ExportMode::Delta;
    match format {
        ExportFormat::Csv => csv_bytes(&lines, fields, with_op),
        ExportFormat::Jsonl => Ok(jsonl_bytes(&lines, fields, with_op)),
        ExportFormat::Parquet => parquet_bytes(&lines, fields, with_op),
    }
}

fn csv_bytes(lines: &[Line<'_>], fields: &[Field], with_op: bool) -> Result<Vec<u8>, Error> {
    let failed = |detail: String| Error::Encode { what: "a CSV file", detail };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let op = |text: &str| with_op.then(|| text.to_owned());
    let header = op(OP).into_iter().chain([CLUSTER_ID.to_owned()]);
    let header = header.chain(fields.iter().map(|field| field.as_str().to_owned()));
    writer.write_record(header).map_err(|error| failed(error.to_string()))?;
    for line in lines {
        let frame = op(line.op).into_iter().chain([guarded_cell(line.cluster_id.as_str().to_owned())]);
        let cells = frame.chain(fields.iter().map(|&field| cell(field, line.values(field))));
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

fn cell(field: Field, values: &[String]) -> String {
    let phone = field == Field::Phones || field == Field::Faxes;
    if phone && values.iter().all(|value| is_e164(value)) {
        return values.join(";");
    }
    let values: Vec<String> = values.iter().map(|value| value.replace(';', "%3B")).collect();
    guarded_cell(if field.is_list() { values.join(";") } else { values.concat() })
}

/// Keeps a spreadsheet from running a cell as a formula.
fn guarded_cell(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn jsonl_bytes(lines: &[Line<'_>], fields: &[Field], with_op: bool) -> Vec<u8> {
    let mut text = String::new();
    for line in lines {
        let mut members = Vec::new();
        let mut add = |name: &str, value: Value| members.push(format!("{}:{value}", Value::from(name)));
        if with_op {
            add(OP, Value::from(line.op));
        }
        add(CLUSTER_ID, Value::from(line.cluster_id.as_str()));
        for &field in fields {
            match line.values(field) {
                [] => {}
                values if field.is_list() => add(field.as_str(), Value::from(values)),
                [value, ..] => add(field.as_str(), Value::from(value.as_str())),
            }
        }
        text.push('{');
        text.push_str(&members.join(","));
        text.push_str("}\n");
    }
    text.into_bytes()
}

fn parquet_bytes(lines: &[Line<'_>], fields: &[Field], with_op: bool) -> Result<Vec<u8>, Error> {
    let mut columns = Vec::new();
    if with_op {
        columns.push(text_column(OP, lines.iter().map(|line| Some(line.op))));
    }
    columns.push(text_column(CLUSTER_ID, lines.iter().map(|line| Some(line.cluster_id.as_str()))));
    for &field in fields {
        columns.push(if field.is_list() {
            list_column(field.as_str(), lines.iter().map(|line| line.values(field)))
        } else {
            text_column(field.as_str(), lines.iter().map(|line| line.values(field).first().map(String::as_str)))
        });
    }
    parquet_file::encode(columns)
}

/// Returns the keyed hash of a row's values, which tells a changed row without holding it.
pub fn row_hash(key: &SecretKey, row: &ReleasedRow) -> KeyedHash {
    let mut parts: Vec<&[u8]> = vec![row.cluster_id.as_str().as_bytes()];
    let counts: Vec<[u8; 8]> = row.fields.iter().map(|(_, values)| (values.len() as u64).to_be_bytes()).collect();
    for ((field, values), count) in row.fields.iter().zip(&counts) {
        parts.push(field.as_str().as_bytes());
        parts.push(count);
        parts.extend(values.iter().map(String::as_bytes));
    }
    key.hash(KeyLabel::Export, &parts)
}

/// Returns the SHA-256 of a file's bytes, hexadecimal, as the ledger and manifests name it.
pub fn file_sha256(bytes: &[u8]) -> String {
    files::sha256_hex(bytes)
}

/// Writes a file aside, fsyncs and renames it, so that its name never shows half of it.
///
/// # Errors
///
/// [`Error::Io`] for the disk.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        durable::create_dir(parent)?;
    }
    durable::write_file(path, bytes)
}

#[cfg(test)]
mod tests;
