//! Contact files to mentions: CSV and JSON lines, as vendors, spreadsheets and our own commands write them.
//!
//! The columns are mapped by the pipeline; nothing is taken from a column that nobody mapped, and nothing is dropped that
//! nobody ignored by name. A row that cannot be read is rejected by line, byte and reason, and the rows behind it are read.
//! What may be kept is the gate's to say: a salutation in a name, a sensitive word in a title go through here untouched.
//!
//! Invariant: mentions and rejected lines add up to the rows of the file; neither an error, a rejection nor a problem
//! repeats what stood in a cell.

mod columns;
mod country;
mod csv_file;
mod draft;
mod error;
mod json_lines;
mod label;
mod name_cell;
mod records;
mod row;
#[cfg(test)]
mod tests;
mod value;

use std::collections::{BTreeMap, HashMap};

use muster_model::{Field, MentionId, MentionRecord, Method, Problem, SecretKey, SourceName, Timestamp};

use self::columns::Strictness;
use self::csv_file::{open_csv, read_rows};
pub use self::error::ImportError;
use self::json_lines::read_json_lines;
pub use self::label::suggested_field;
pub use self::records::{count_line_ends, line_end};
use self::row::{Built, LeftOut, RawRow, Refusal, RowRules, build};
use crate::text_encoding::{Decoded, decode};

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Cells between separators, names of columns in the first row.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl TableFormat {
    /// Returns the format that a file's name stands for.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUse {
    /// It holds values of a field.
    Field(Field),
    /// It is not imported.
    Ignored,
}

/// What the pipeline says about the files of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableSpec {
    /// What columns are for, by name.
    pub columns: BTreeMap<String, ColumnUse>,
    /// The encoding by its label; told from the bytes where it is absent.
    pub encoding: Option<String>,
    /// The separator; told from the first row where it is absent.
    pub delimiter: Option<u8>,
    /// The country of phone numbers in rows that name none, ISO 3166-1 alpha-2.
    pub region: Option<String>,
    /// The language of the file, ISO 639-1.
    pub lang: Option<String>,
}

/// What an import needs beside the file.
#[derive(Debug, Clone, Copy)]
pub struct ImportContext<'a> {
    /// The installation's secret, for the ids of mentions.
    pub key: &'a SecretKey,
    /// The source that the file came through.
    pub source: &'a SourceName,
    /// The file's name: the place of a mention whose row names no page.
    pub file_name: &'a str,
    /// Whether anybody can read the source; a row may say otherwise.
    pub public: bool,
    /// When the file was obtained; a row may say that it was seen earlier, never later.
    pub seen_at: Timestamp,
}

/// A row that could not be read: its place and the reason, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedLine {
    /// The line it starts on, from 1.
    pub line: u64,
    /// The byte of the file it starts at, from 0.
    pub byte: u64,
    /// A stable code, such as `row.ragged`.
    pub reason: String,
    /// How many columns or members it has.
    pub columns: u64,
    /// The field or member that is at fault.
    pub field: Option<String>,
}

/// What was read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// A mention for each row that could be read, in the order of the file.
    pub mentions: Vec<MentionRecord>,
    /// The rows that could not be read.
    pub rejected: Vec<RejectedLine>,
    /// Values that were left out of mentions.
    pub problems: Vec<Problem>,
    /// Columns or members that the pipeline ignores by name.
    pub ignored_columns: Vec<String>,
    /// Rows of the file: as many as mentions and rejected lines together.
    pub line_count: u64,
}

/// What was read from a file of mentions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadMentions {
    /// A mention for each row that could be read, in the order of the file.
    pub records: Vec<MentionRecord>,
    /// The line on which each of them starts.
    pub lines: Vec<u64>,
    /// The rows that could not be read.
    pub rejected: Vec<RejectedLine>,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: u64,
    byte: u64,
    columns: u64,
}

impl Place {
    fn rejected(self, refusal: Refusal) -> RejectedLine {
        let Self { line, byte, columns } = self;
        RejectedLine { line, byte, reason: refusal.code.to_owned(), columns, field: refusal.field }
    }
}

/// Reads a contact file into mentions.
///
/// # Errors
///
/// [`ImportError`] where the file or its mapping has to be mended before any row can be read.
pub fn import_table(
    bytes: &[u8],
    format: TableFormat,
    spec: &TableSpec,
    context: &ImportContext<'_>,
) -> Result<Imported, ImportError> {
    let decoded = decode_file(bytes, spec)?;
    let mut imported = Imported::default();
    let mut ids: HashMap<MentionId, u32> = HashMap::new();
    let mut rules = RowRules {
        strictness: Strictness::Import,
        method: Some(Method::Jsonl),
        kind: None,
        region: spec.region.as_deref(),
        lang: spec.lang.as_deref(),
        public: Some(context.public),
        seen_at: Some(context.seen_at),
    };
    let header = match format {
        TableFormat::Csv => Some(open_csv(&decoded, spec, Strictness::Import)?),
        TableFormat::Jsonl => None,
    };
    if let Some((_, header)) = &header {
        rules.method = Some(Method::Csv);
        rules.kind = header.kind();
    }
    let mut take = |place: Place, row: Result<RawRow<'_>, Refusal>| {
        imported.line_count += 1;
        match row.and_then(|row| build(row, &rules)) {
            Ok(built) => {
                imported.problems.extend(built.left_out.iter().map(|left_out| problem(left_out, place, context)));
                imported.mentions.push(identified(built, context, &mut ids));
            }
            Err(refusal) => imported.rejected.push(place.rejected(refusal)),
        }
    };
    let ignored = match header {
        Some((reader, header)) => {
            read_rows(&decoded, reader, &header, &mut take);
            header.ignored()
        }
        None => read_json_lines(&decoded, spec, Strictness::Import, &mut take),
    };
    imported.ignored_columns = ignored;
    Ok(imported)
}

/// Reads a file of mentions or contacts for a command that keeps nothing.
///
/// Columns are mapped by `map`, by the usual names, or by what their names most likely mean; all others are passed over.
/// A row without `mention_id` gets the number of its row, from 1.
///
/// # Errors
///
/// [`ImportError`] where the file cannot be read at all, has no column of a mention, or has an id twice.
pub fn read_mentions(
    bytes: &[u8],
    format: TableFormat,
    map: &BTreeMap<String, Field>,
) -> Result<ReadMentions, ImportError> {
    let columns = map.iter().map(|(name, &field)| (name.clone(), ColumnUse::Field(field))).collect();
    let spec = TableSpec { columns, ..TableSpec::default() };
    let decoded = decode_file(bytes, &spec)?;
    let strictness = Strictness::Lenient;
    let rules =
        RowRules { strictness, method: None, kind: None, region: None, lang: None, public: None, seen_at: None };
    let mut read = ReadMentions::default();
    let (mut row_count, mut twice) = (0_u64, None);
    let mut line_of: HashMap<MentionId, u64> = HashMap::new();
    let mut take = |place: Place, row: Result<RawRow<'_>, Refusal>| {
        row_count += 1;
        match row.and_then(|row| build(row, &rules)) {
            Ok(Built { mut record, given_id, .. }) => {
                record.mention_id = MentionId::new(given_id.unwrap_or_else(|| row_count.to_string()));
                if let Some(first_line) = line_of.insert(record.mention_id.clone(), place.line) {
                    twice.get_or_insert(ImportError::DuplicateMention { line: place.line, first_line });
                }
                read.records.push(record);
                read.lines.push(place.line);
            }
            Err(refusal) => read.rejected.push(place.rejected(refusal)),
        }
    };
    match format {
        TableFormat::Csv => {
            let (reader, header) = open_csv(&decoded, &spec, strictness)?;
            read_rows(&decoded, reader, &header, &mut take);
        }
        TableFormat::Jsonl => drop(read_json_lines(&decoded, &spec, strictness, &mut take)),
    }
    twice.map_or(Ok(read), Err)
}

fn decode_file<'a>(bytes: &'a [u8], spec: &TableSpec) -> Result<Decoded<'a>, ImportError> {
    let decoded = decode(bytes, spec.encoding.as_deref())
        .map_err(|unknown| ImportError::Encoding { reason: unknown.to_string() })?;
    if decoded.text.trim().is_empty() { Err(ImportError::Empty) } else { Ok(decoded) }
}

/// Gives a mention its source, its place and its id.
///
/// The place is the page that the row names, or the file: never the number of the row, so that a row inserted above
/// changes no id. An id that the row gives belongs to the place; rows of the same content are told apart by their count.
fn identified(built: Built, context: &ImportContext<'_>, ids: &mut HashMap<MentionId, u32>) -> MentionRecord {
    let Built { mut record, given_id, .. } = built;
    record.source = Some(context.source.clone());
    let place = record.source_url.take().unwrap_or_else(|| file_url(context.file_name));
    record.source_url = Some(given_id.map_or_else(|| place.clone(), |id| format!("{place}#mention_id={id}")));
    record.assign_id(context.key, 0);
    let same = ids.entry(record.mention_id.clone()).or_insert(0);
    if *same > 0 {
        record.assign_id(context.key, *same);
    }
    *same += 1;
    record.source_url = Some(place);
    record
}

/// The address of a file by its name, without the folder it lies in.
fn file_url(file_name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let written = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    format!("file:{}", file_name.bytes().map(written).collect::<String>())
}

fn problem(left_out: &LeftOut, place: Place, context: &ImportContext<'_>) -> Problem {
    let LeftOut { fault, field } = left_out;
    let mut problem =
        Problem::new(fault.code(), fault.sentence()).at_line(place.line).at_byte(place.byte).in_field(field.as_str());
    problem.place.origin = Some(context.file_name.to_owned());
    problem
}
