//! A CSV file: its separator, its header, and its rows as they are handed on.
//!
//! Invariant: a first row that is somebody's data is never repeated as names of columns.

use super::columns::{Header, Strictness, Target, known_names};
use super::error::ImportError;
use super::records::{Row, RowReader, line_end};
use super::row::{RawRow, RawValue, Refusal};
use super::{Place, TableSpec};
use crate::text_encoding::{Decoded, is_damaged};

/// Separators that are looked for in the first row.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// From how many digits on a cell of the first row is taken for data rather than for the name of a column.
const HEADER_DIGITS_MAX: usize = 5;

/// Longest name of a column, in characters.
const HEADER_CHARS_MAX: usize = 80;

/// Finds the separator, reads the header, and stands before the first row.
pub(super) fn open_csv<'t>(
    decoded: &'t Decoded<'_>,
    spec: &TableSpec,
    strictness: Strictness,
) -> Result<(RowReader<'t>, Header), ImportError> {
    let text: &str = &decoded.text;
    let stated = separator_line(text);
    let delimiter = match spec.delimiter.or(stated) {
        Some(byte)
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\r' | b'\n' | b' ') =>
        {
            byte
        }
        Some(_) => return Err(ImportError::Delimiter),
        None => DELIMITERS.into_iter().rev().max_by_key(|&byte| delimiter_score(text, byte, spec)).unwrap_or(b','),
    };
    let mut reader = RowReader::new(text, delimiter);
    if stated.is_some() {
        reader.skip_line();
    }
    let row = reader.next().ok_or(ImportError::Empty)?;
    let names: Vec<String> = row.cells.iter().map(|cell| cell.text(text).into_owned()).collect();
    if names.iter().any(|name| is_damaged(name)) {
        let reason = format!("line {} holds bytes that are no text; name the encoding of the file", row.line);
        return Err(ImportError::Encoding { reason });
    }
    if row.unbalanced || names.iter().all(String::is_empty) || names.iter().any(|name| is_data(name)) {
        return Err(ImportError::NoHeader { line: row.line });
    }
    let header = Header::new(&names, spec, strictness)?;
    if header.targets.iter().all(|target| *target == Target::Ignored) {
        let columns = header.names.iter().map(|name| (name.clone(), None)).collect();
        return Err(ImportError::UnmappedColumns { columns });
    }
    reader.expect_columns(names.len());
    Ok((reader, header))
}

/// The separator that a first line of the form `sep=;` states, as one spreadsheet writes it.
fn separator_line(text: &str) -> Option<u8> {
    let line = text.get(..line_end(text.as_bytes(), 0).0)?;
    let separator = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..))?;
    match separator.as_bytes() {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// How well a separator divides the first row: by columns whose names are known, then by columns at all.
fn delimiter_score(text: &str, delimiter: u8, spec: &TableSpec) -> (usize, usize) {
    let Some(row) = RowReader::new(text, delimiter).next().filter(|row| !row.unbalanced) else { return (0, 0) };
    let names: Vec<String> = row.cells.iter().map(|cell| cell.text(text).into_owned()).collect();
    (known_names(&names, spec), names.len())
}

/// Returns whether a cell of the first row is somebody's data: it is not repeated as the name of a column.
fn is_data(name: &str) -> bool {
    name.contains('@')
        || name.bytes().filter(u8::is_ascii_digit).count() >= HEADER_DIGITS_MAX
        || name.chars().count() > HEADER_CHARS_MAX
}

/// Reads every row and hands it on.
pub(super) fn read_rows(
    decoded: &Decoded<'_>,
    reader: RowReader<'_>,
    header: &Header,
    take: &mut dyn FnMut(Place, Result<RawRow<'_>, Refusal>),
) {
    let text: &str = &decoded.text;
    let mut offsets = decoded.offsets();
    for row in reader {
        let place = Place { line: row.line, byte: offsets.in_file(row.start), columns: row.cells.len() as u64 };
        take(place, raw_row(text, &row, header));
    }
}

fn raw_row<'t>(text: &'t str, row: &Row, header: &Header) -> Result<RawRow<'t>, Refusal> {
    if row.unbalanced {
        return Err(Refusal::new("row.quote"));
    }
    let columns = header.names.len();
    let spare = row.cells.get(columns..).unwrap_or_default();
    if row.cells.len() < columns || spare.len() > header.spare || spare.iter().any(|cell| !cell.text(text).is_empty()) {
        return Err(Refusal::new("row.ragged"));
    }
    let mut raw = RawRow::default();
    for (column, (cell, target)) in row.cells.iter().zip(&header.targets).enumerate() {
        match *target {
            Target::Ignored => {}
            Target::Meta(meta) => drop(raw.meta.insert(meta, cell.text(text))),
            Target::Field(field) => {
                raw.values.push(RawValue { field, text: cell.text(text), span: Some(cell.span(text)), column });
            }
        }
    }
    Ok(raw)
}
