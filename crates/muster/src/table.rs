//! Rows for stdout: aligned text, CSV, JSON or JSON lines, from one list of columns.

use serde_json::{Map, Value, json};

use crate::cli::Format;
use crate::command_error::CommandError;
use crate::talk::print;

/// The version of what `--format json` prints.
pub(crate) const JSON_VERSION: u32 = 1;

/// A table to be printed.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Starts a table with its columns.
    pub(crate) fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row with a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "BUG: a row has a cell for each column");
        self.rows.push(cells);
    }

    /// Prints the table.
    ///
    /// # Errors
    ///
    /// An output error.
    pub(crate) fn print(&self, format: Format) -> Result<(), CommandError> {
        print(&match format {
            Format::Table => self.aligned(),
            Format::Csv => self.csv()?,
            Format::Json => {
                format!("{}\n", json!({ "version": JSON_VERSION, "rows": self.objects().collect::<Vec<_>>() }))
            }
            Format::Jsonl => self.objects().map(|row| format!("{row}\n")).collect(),
        })
    }

    fn objects(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().map(|row| {
            let cells = self.columns.iter().zip(row);
            Value::Object(
                cells.map(|(name, cell)| ((*name).to_owned(), Value::from(cell.as_str()))).collect::<Map<_, _>>(),
            )
        })
    }

    fn csv(&self) -> Result<String, CommandError> {
        let failed = |error: &dyn std::fmt::Display| CommandError::integrity(format!("failed to write CSV: {error}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns).map_err(|error| failed(&error))?;
        for row in &self.rows {
            writer.write_record(row).map_err(|error| failed(&error))?;
        }
        let bytes = writer.into_inner().map_err(|error| failed(&error))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn aligned(&self) -> String {
        let width = |index: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.chars().count());
            cells.chain(self.columns.get(index).map(|name| name.len())).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded: Vec<String> = cells.zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
            format!("{}\n", padded.join("  ").trim_end())
        };
        let mut text = line(&mut self.columns.iter().copied());
        for row in &self.rows {
            text.push_str(&line(&mut row.iter().map(String::as_str)));
        }
        text
    }
}
