//! One row of a file, whatever its form: cells as texts in one buffer, which is used again for the next row.
//!
//! Invariant: a fault names its kind and place, never what stands there.

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFault {
    /// It has more or fewer cells than the header.
    Ragged {
        /// Cells of the row.
        cells: usize,
        /// Columns of the header.
        columns: usize,
    },
    /// A quote is not closed, or is closed inside its cell.
    Quote,
    /// A cell is not UTF-8; the row was read as Windows-1252.
    NotUtf8 {
        /// The cell, from 0.
        cell: usize,
    },
    /// The line is longer than any row may be.
    TooLong,
    /// The line is no JSON.
    NotJson {
        /// The character where reading failed, from 1.
        column: usize,
    },
    /// The line is JSON, but no object.
    NotAnObject,
}

impl RowFault {
    /// Whether the row's values are good enough to be matched; else it is known by its id alone.
    pub(crate) const fn keeps_values(self) -> bool {
        match self {
            Self::NotUtf8 { .. } => true,
            Self::Ragged { .. } | Self::Quote | Self::TooLong | Self::NotJson { .. } | Self::NotAnObject => false,
        }
    }

    /// Returns the fault in words.
    pub(crate) fn sentence(self, names: &[String]) -> String {
        match self {
            Self::Ragged { cells, columns } => format!("{cells} cells under {columns} columns"),
            Self::Quote => "a quote is not closed, or is closed inside a cell".into(),
            Self::NotUtf8 { cell } => {
                let name = names.get(cell).map_or("?", String::as_str);
                format!("column `{name}`: is not UTF-8, the row was read as Windows-1252")
            }
            Self::TooLong => "the line is longer than a row may be".into(),
            Self::NotJson { column } => format!("character {column}: is no JSON"),
            Self::NotAnObject => "is no JSON object".into(),
        }
    }
}

/// The cells of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowBuffer {
    text: String,
    ends: Vec<usize>,
    /// The line of the file it starts on, from 1; in a Parquet file the row, from 1.
    pub(crate) line: u64,
    /// What is wrong with it.
    pub(crate) fault: Option<RowFault>,
}

impl RowBuffer {
    /// Empties the buffer for the row that starts on a line.
    pub(crate) fn start(&mut self, line: u64) {
        self.text.clear();
        self.ends.clear();
        self.line = line;
        self.fault = None;
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.end_cell();
    }

    /// Returns the text to write a cell behind; [`Self::end_cell`] has to follow.
    pub(crate) const fn open_cell(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends the cell that was written.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Returns a cell; the empty text where the row has none there.
    pub(crate) fn cell(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns how many cells there are.
    pub(crate) const fn cell_count(&self) -> usize {
        self.ends.len()
    }
}
