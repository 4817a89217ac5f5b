//! The text of a CSV file to records whose cells know their place (RFC 4180, as spreadsheets write it).
//!
//! The `csv` crate is not used here: it reads a quote that is never closed to the end of the file, and so loses every
//! good row behind it without a word. This reader takes such a quote for a fault of its own line and goes on with the
//! next one. It also knows `;`, tabs, bare CR, and the place of every cell.
//!
//! Invariant: every line of the text belongs to exactly one row or is blank; the cost is linear, because one record is
//! never longer than [`RECORD_BYTES_MAX`].

use std::borrow::Cow;
use std::ops::Range;

/// Longest record, in bytes of the text; a quote still open there is a fault, not a value.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// From how many columns on a line that is complete by itself is told from the inside of a quoted cell.
const COLUMNS_TELLING_MIN: usize = 4;

/// One cell: its bytes in the text, without the quotes around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    range: Range<usize>,
    doubled: bool,
}

impl Cell {
    /// Returns the cell's text, doubled quotes undone, white space at both ends gone.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let raw = text.get(self.range.clone()).unwrap_or_default().trim();
        if self.doubled { Cow::Owned(raw.replace("\"\"", "\"")) } else { Cow::Borrowed(raw) }
    }

    /// Returns where the trimmed text stands.
    pub(super) fn span(&self, text: &str) -> [u64; 2] {
        let raw = text.get(self.range.clone()).unwrap_or_default();
        let start = self.range.start + (raw.len() - raw.trim_start().len());
        [start as u64, (start + raw.trim().len()) as u64]
    }
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The line it starts on, from 1.
    pub(super) line: u64,
    /// The byte of the text it starts at.
    pub(super) start: usize,
    /// Its cells; of a row with an unclosed quote, as many as its first line has.
    pub(super) cells: Vec<Cell>,
    /// Whether its quotes do not add up.
    pub(super) unbalanced: bool,
}

/// Reads a text row by row.
#[derive(Debug, Clone)]
pub(super) struct RowReader<'t> {
    text: &'t str,
    delimiter: u8,
    columns: Option<usize>,
    at: usize,
    line: u64,
}

/// What reading one record gave.
struct Scan {
    cells: Vec<Cell>,
    /// The byte behind the record and its line end.
    next: usize,
    balanced: bool,
}

impl<'t> RowReader<'t> {
    /// Starts at the top of a text.
    pub(super) const fn new(text: &'t str, delimiter: u8) -> Self {
        Self { text, delimiter, columns: None, at: 0, line: 1 }
    }

    /// Tells how many columns the header has, which helps to recognize an unclosed quote.
    pub(super) const fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// Skips one line that is no row.
    pub(super) fn skip_line(&mut self) {
        self.at = line_end(self.text.as_bytes(), self.at).1;
        self.line += 1;
    }

    fn skip_blank_lines(&mut self) {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            let (end, _) = line_end(bytes, self.at);
            let line = bytes.get(self.at..end).unwrap_or_default();
            if !line.iter().all(|&byte| byte != self.delimiter && byte.is_ascii_whitespace()) {
                return;
            }
            self.skip_line();
        }
    }

    fn accept(&mut self, scan: Scan) -> Row {
        let (line, start) = (self.line, self.at);
        let read = self.text.as_bytes().get(start..scan.next).unwrap_or_default();
        self.line += count_line_ends(read);
        self.at = scan.next;
        Row { line, start, cells: scan.cells, unbalanced: false }
    }

    fn give_up_line(&mut self) -> Row {
        let (line, start) = (self.line, self.at);
        let (end, _) = line_end(self.text.as_bytes(), start);
        let cells = naive_cells(self.text.as_bytes(), start..end, self.delimiter);
        self.skip_line();
        Row { line, start, cells, unbalanced: true }
    }

    /// Returns whether a record over several lines is rather several rows, one of which lacks a closing quote.
    fn swallowed_rows(&self, scan: &Scan) -> bool {
        let (bytes, Some(columns)) = (self.text.as_bytes(), self.columns) else { return false };
        let mut lines = Vec::new();
        let mut at = self.at;
        while at < scan.next {
            let (end, next) = line_end(bytes, at);
            lines.push(at..end);
            at = next;
        }
        if lines.len() < 2 {
            return false;
        }
        let complete = |line: &Range<usize>| naive_cells(bytes, line.clone(), self.delimiter).len() == columns;
        if columns >= COLUMNS_TELLING_MIN && lines.iter().all(complete) {
            return true;
        }
        let row_by_itself = |line: &Range<usize>| {
            let alone = scan_record(bytes.get(..line.end).unwrap_or_default(), line.start, self.delimiter);
            alone.balanced && alone.cells.len() == columns
        };
        scan.cells.len() != columns && columns > 1 && lines.iter().skip(1).any(row_by_itself)
    }
}

impl Iterator for RowReader<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.skip_blank_lines();
        if self.at >= self.text.len() {
            return None;
        }
        let scan = scan_record(self.text.as_bytes(), self.at, self.delimiter);
        if !scan.balanced || self.swallowed_rows(&scan) {
            return Some(self.give_up_line());
        }
        Some(self.accept(scan))
    }
}

/// Returns where the line that holds `at` ends, without and with its line end (LF, CRLF or CR).
pub fn line_end(bytes: &[u8], at: usize) -> (usize, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let end = at + rest.iter().position(|&byte| byte == b'\n' || byte == b'\r').unwrap_or(rest.len());
    let next = match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(_), _) => end + 1,
        (None, _) => end,
    };
    (end, next)
}

/// Counts the line ends in bytes: LF, CRLF or CR.
pub fn count_line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for &byte in bytes {
        count += u64::from(byte == b'\r' || (byte == b'\n' && before != b'\r'));
        before = byte;
    }
    count
}

/// The cells of one line, quotes taken for letters.
fn naive_cells(bytes: &[u8], line: Range<usize>, delimiter: u8) -> Vec<Cell> {
    let mut start = line.start;
    let content = bytes.get(line).unwrap_or_default();
    content
        .split(|&byte| byte == delimiter)
        .map(|cell| {
            let range = start..start + cell.len();
            start = range.end + 1;
            Cell { range, doubled: false }
        })
        .collect()
}

fn scan_record(bytes: &[u8], start: usize, delimiter: u8) -> Scan {
    let mut scan = Scan { cells: Vec::new(), next: start, balanced: true };
    let limit = bytes.len().min(start.saturating_add(RECORD_BYTES_MAX));
    let bytes = bytes.get(..limit).unwrap_or_default();
    loop {
        let Some(cell) = scan_cell(bytes, scan.next, delimiter) else {
            scan.balanced = false;
            return scan;
        };
        let quote = usize::from(bytes.get(cell.range.end) == Some(&b'"'));
        let end = skip_spaces(bytes, cell.range.end + quote);
        scan.cells.push(cell);
        if bytes.get(end) == Some(&delimiter) {
            scan.next = end + 1;
        } else {
            scan.next = line_end(bytes, end).1;
            return scan;
        }
    }
}

/// Reads one cell; `None` where a quote is not closed, or is closed in the middle of the cell.
fn scan_cell(bytes: &[u8], start: usize, delimiter: u8) -> Option<Cell> {
    let open = skip_spaces(bytes, start);
    if bytes.get(open) != Some(&b'"') {
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
        return Some(Cell { range: start..start + length.unwrap_or(rest.len()), doubled: false });
    }
    let (mut at, mut doubled) = (open + 1, false);
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            break;
        }
        doubled = true;
        at += 2;
    }
    match bytes.get(skip_spaces(bytes, at + 1)) {
        None | Some(b'\n' | b'\r') => {}
        Some(&byte) if byte == delimiter => {}
        Some(_) => return None,
    }
    Some(Cell { range: open + 1..at, doubled })
}

fn skip_spaces(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row as `line:cell|cell`, `!` for one whose quotes do not add up; the first row is the header.
    fn check(text: &str, rows: &[&str]) {
        let mut reader = RowReader::new(text, b';');
        let mut seen = Vec::new();
        while let Some(row) = reader.next() {
            if seen.is_empty() {
                reader.expect_columns(row.cells.len());
            }
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.text(text).into_owned()).collect();
            let mark = if row.unbalanced { "!" } else { "" };
            seen.push(format!("{}:{mark}{}", row.line, cells.join("|")));
        }
        assert_eq!(seen, rows, "{text:?}");
    }

    #[test]
    fn rows_and_lines_are_counted_over_every_kind_of_line_end() {
        check("a;b\r\n1;2\r\n3;4", &["1:a|b", "2:1|2", "3:3|4"]);
        check("a;b\r1;2\r3;4\r", &["1:a|b", "2:1|2", "3:3|4"]);
        check("\n  \na;b\n\n1;2\n", &["3:a|b", "5:1|2"]);
        check("", &[]);
    }

    #[test]
    fn quoted_cells_hold_delimiters_quotes_and_lines() {
        check("a;b\n\"x;\"\"y\"\"\";2\n", &["1:a|b", "2:x;\"y\"|2"]);
        check("a;b\n\"one\r\ntwo\n\";2\n3;4\n", &["1:a|b", "2:one\r\ntwo|2", "5:3|4"]);
        check("a;b\n \"x;y\" ; z \n;\n", &["1:a|b", "2:x;y|z", "3:|"]);
        check("a;b\nZoll 5\";2\n", &["1:a|b", "2:Zoll 5\"|2"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_own_line_only() {
        check("a;b\n\"x;2\n3;4\n5;6\n", &["1:a|b", "2:!\"x|2", "3:3|4", "4:5|6"]);
        check("a;b\nx;\"Firma \"Nord\" KG\"\n3;4\n", &["1:a|b", "2:!x|\"Firma \"Nord\" KG\"", "3:3|4"]);
        check("a;b\nx;\"y\n3;\"4\"\n", &["1:a|b", "2:!x|\"y", "3:3|4"]);
    }

    #[test]
    fn a_quote_that_closes_rows_later_does_not_swallow_them() {
        let text = "a;b;c;d\n1;\"x;3;4\n1;2;3;4\n1;5\";3;4\n";
        check(text, &["1:a|b|c|d", "2:!1|\"x|3|4", "3:1|2|3|4", "4:1|5\"|3|4"]);
        check("a;b;c\n1;\"x\n1;2;3\n1;5\";3\n", &["1:a|b|c", "2:1|x\n1;2;3\n1;5|3"]);
        check("a;b;c\n1;\"x\n1;2;3\n5\"\n", &["1:a|b|c", "2:!1|\"x", "3:1|2|3", "4:5\""]);
    }

    #[test]
    fn a_cell_knows_its_place() {
        let text = "a;b\nx; \"y \" \n";
        let row = RowReader::new(text, b';').nth(1).unwrap();
        assert_eq!(row.cells[1].span(text), [8, 9]);
        assert_eq!(row.start, 4);
    }

    #[test]
    fn an_open_quote_before_many_lines_costs_one_bounded_look_ahead() {
        let text = format!("a;b\n\"x;2\n{}", "3;4\n".repeat(400_000));
        let mut reader = RowReader::new(&text, b';');
        reader.expect_columns(2);
        assert_eq!(reader.filter(|row| !row.unbalanced).count(), 400_001);
    }
}
