//! A file of rows: what form it has, told from its first bytes, and its rows one by one.
//!
//! The ending of the file's name does not count.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use muster_store::{TextBatch, TextColumns};

use super::csv_rows::CsvRows;
use super::json_rows::JsonRows;
use super::row::RowBuffer;
use crate::command_error::CommandError;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 18;

/// What files begin with that are no table, in words; the first that fits is meant.
const OTHER_FORMS: &[(&[u8], &str)] = &[
    (&[0xff, 0xfe], "it is UTF-16; write it as UTF-8"),
    (&[0xfe, 0xff], "it is UTF-16; write it as UTF-8"),
    (&[0x1f, 0x8b], "it is compressed by gzip; unpack it first"),
    (b"PK\x03\x04", "it is a ZIP archive or a spreadsheet; save the sheet as CSV"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "it is compressed by zstd; unpack it first"),
    (b"%PDF", "it is a PDF"),
    (b"[", "it is a JSON array; write one object a line"),
];

/// A file that is being read.
#[derive(Debug)]
pub(crate) struct Source {
    shown: String,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Csv(CsvRows<BufReader<File>>),
    Json(JsonRows<BufReader<File>>),
    Parquet(Box<ParquetRows>),
}

#[derive(Debug)]
struct ParquetRows {
    file: TextColumns,
    batch: Option<TextBatch>,
    at: usize,
    row: u64,
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// An input error where it cannot be read, a usage error where it holds no table.
    pub(crate) fn open(path: &Path) -> Result<Self, CommandError> {
        let shown = path.display().to_string();
        let failed = |error: std::io::Error| CommandError::io(format!("failed to read `{shown}`: {error}"));
        let fault = |why: &str| CommandError::usage(format!("failed to read `{shown}`: {why}"));
        let file = File::open(path).map_err(failed)?;
        if file.metadata().is_ok_and(|it| it.is_dir()) {
            return Err(fault("it is a folder"));
        }
        let mut input = BufReader::with_capacity(CHUNK_BYTES, file);
        let head = input.fill_buf().map_err(failed)?;
        let plain = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
        if head.starts_with(b"PAR1") {
            let file = TextColumns::open(File::open(path).map_err(failed)?).map_err(|why| fault(&why))?;
            let rows = Rows::Parquet(Box::new(ParquetRows { file, batch: None, at: 0, row: 0 }));
            return Ok(Self { shown, rows });
        }
        if plain.is_empty() && head.len() < CHUNK_BYTES {
            return Err(fault("it is empty"));
        }
        if let Some((_, why)) = OTHER_FORMS.iter().find(|(start, _)| plain.starts_with(start)) {
            return Err(fault(why));
        }
        if head.contains(&0) {
            return Err(fault("it holds zero bytes and so is no text"));
        }
        let rows = if plain.starts_with(b"{") {
            Rows::Json(JsonRows::open(input).map_err(failed)?)
        } else {
            Rows::Csv(CsvRows::open(input).map_err(failed)?)
        };
        Ok(Self { shown, rows })
    }

    /// Returns the file's name as messages show it.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the names of the columns; those of JSON lines grow with the lines.
    pub(crate) fn names(&self) -> &[String] {
        match &self.rows {
            Rows::Csv(rows) => rows.names(),
            Rows::Json(rows) => rows.names(),
            Rows::Parquet(rows) => rows.file.names(),
        }
    }

    /// Returns the columns that cannot be read.
    pub(crate) fn left_out(&self) -> &[String] {
        match &self.rows {
            Rows::Csv(_) | Rows::Json(_) => &[],
            Rows::Parquet(rows) => rows.file.left_out(),
        }
    }

    /// Reads the next row; `false` at the end of the file.
    ///
    /// # Errors
    ///
    /// An input error.
    pub(crate) fn next(&mut self, row: &mut RowBuffer) -> Result<bool, CommandError> {
        let failed = |error: String| CommandError::io(format!("failed to read `{}`: {error}", self.shown));
        match &mut self.rows {
            Rows::Csv(rows) => rows.next(row).map_err(|error| failed(error.to_string())),
            Rows::Json(rows) => rows.next(row).map_err(|error| failed(error.to_string())),
            Rows::Parquet(rows) => rows.next(row).map_err(failed),
        }
    }

    /// Checks that no two columns have one name.
    ///
    /// # Errors
    ///
    /// A usage error that names them.
    pub(crate) fn refuse_twins(&self) -> Result<(), CommandError> {
        let mut names: Vec<String> = self.names().iter().map(|name| name.to_lowercase()).collect();
        names.retain(|name| !name.is_empty());
        names.sort();
        let mut twins: Vec<&str> = names
            .windows(2)
            .filter(|pair| pair.first() == pair.last())
            .filter_map(|pair| pair.first())
            .map(String::as_str)
            .collect();
        twins.dedup();
        if twins.is_empty() || matches!(self.rows, Rows::Json(_)) {
            return Ok(());
        }
        let twins = twins.join("`, `");
        Err(CommandError::usage(format!("failed to read `{}`: column `{twins}` is there twice", self.shown)))
    }
}

impl ParquetRows {
    fn next(&mut self, row: &mut RowBuffer) -> Result<bool, String> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.at < batch.row_count()) {
                self.row += 1;
                row.start(self.row);
                for column in 0..self.file.names().len() {
                    batch.write_cell(self.at, column, row.open_cell());
                    row.end_cell();
                }
                self.at += 1;
                return Ok(true);
            }
            self.batch = self.file.next_batch()?;
            self.at = 0;
            if self.batch.is_none() {
                return Ok(false);
            }
        }
    }
}
