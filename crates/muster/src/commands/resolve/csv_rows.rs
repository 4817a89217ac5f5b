//! CSV read in one pass and bounded memory (RFC 4180, as spreadsheets and other programs write it).
//!
//! The separator is told from the header: comma, semicolon or tab. A quote that is never closed costs its own line only:
//! the `csv` crate would read on to the next quote or the end of the file, and so lose good rows without a word.
//!
//! Invariant: every line belongs to exactly one row or is blank; no more than [`RECORD_BYTES_MAX`] bytes are looked ahead.

use std::io::{self, Read};
use std::ops::Range;

use muster_extract::{count_line_ends, line_end};

use super::row::{RowBuffer, RowFault};

/// Longest record, in bytes; a quote still open there is a fault, not a value.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 18;

/// What `0x80` to `0x9f` are in Windows-1252; the other bytes are the characters of the same number.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// One cell: its bytes behind the start of its record, without the quotes around it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    doubled: bool,
}

/// What looking at the bytes of a record gave.
#[derive(Debug, PartialEq, Eq)]
enum Scan {
    /// It ends before this byte, line end included.
    Record { next: usize },
    /// Its end is not among the bytes yet.
    More,
    /// Its quotes do not add up.
    Unbalanced,
}

/// A CSV file that is being read.
#[derive(Debug)]
pub(crate) struct CsvRows<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_whole: bool,
    delimiter: u8,
    line: u64,
    names: Vec<String>,
    cells: Vec<Cell>,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header; the names are empty where there is none.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn open(input: R) -> io::Result<Self> {
        let mut rows = Self {
            input,
            buffer: vec![0; CHUNK_BYTES],
            start: 0,
            end: 0,
            is_whole: false,
            delimiter: b',',
            line: 1,
            names: Vec::new(),
            cells: Vec::new(),
        };
        // The whole header is needed to tell the separator.
        while !rows.is_whole && rows.end < CHUNK_BYTES {
            rows.fill()?;
        }
        if rows.bytes().starts_with("\u{feff}".as_bytes()) {
            rows.start += "\u{feff}".len();
        }
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] = *rows.bytes() {
            // A line for Excel.
            rows.skip_line()?;
            rows.delimiter = delimiter;
        } else {
            rows.skip_blank_lines()?;
            rows.delimiter = told_delimiter(rows.bytes());
        }
        let mut header = RowBuffer::default();
        if rows.next(&mut header)? {
            rows.names = (0..header.cell_count()).map(|at| header.cell(at).trim().to_owned()).collect();
        }
        Ok(rows)
    }

    /// Returns the names of the columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the next row; `false` at the end of the file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn next(&mut self, row: &mut RowBuffer) -> io::Result<bool> {
        self.skip_blank_lines()?;
        loop {
            let mut cells = std::mem::take(&mut self.cells);
            let scan = scan_record(self.bytes(), self.is_whole, self.delimiter, &mut cells);
            self.cells = cells;
            match scan {
                Scan::More if self.end - self.start < RECORD_BYTES_MAX => self.fill()?,
                Scan::More | Scan::Unbalanced => return self.give_up_line(row).map(|()| true),
                Scan::Record { next: 0 } => return Ok(false),
                Scan::Record { next } if self.swallowed_rows(next) => return self.give_up_line(row).map(|()| true),
                Scan::Record { next } => {
                    self.accept(row, next);
                    return Ok(true);
                }
            }
        }
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads on, the unread bytes moved to the front.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.end + CHUNK_BYTES, 0);
        }
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        let count = loop {
            match self.input.read(free) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.end += count;
        self.is_whole = count == 0;
        Ok(())
    }

    fn accept(&mut self, row: &mut RowBuffer, next: usize) {
        row.start(self.line);
        let record = self.buffer.get(self.start..self.start + next).unwrap_or_default();
        write_cells(row, record, &self.cells);
        let cells = self.cells.len();
        let columns = self.names.len();
        // Separators behind the last value are what spreadsheets leave behind.
        let spare = (columns..cells).all(|at| row.cell(at).trim().is_empty());
        if columns > 0 && (cells < columns || !spare) {
            row.fault = Some(RowFault::Ragged { cells, columns });
        }
        self.line += count_line_ends(record);
        self.start += next;
    }

    /// Takes one line for a row, quotes for letters.
    fn give_up_line(&mut self, row: &mut RowBuffer) -> io::Result<()> {
        let line = self.line;
        loop {
            let (end, next) = line_end(self.bytes(), 0);
            if next > end || self.is_whole {
                let content = self.bytes().get(..end).unwrap_or_default();
                let cells = naive_cells(content, self.delimiter);
                row.start(line);
                write_cells(row, content, &cells);
                row.fault = Some(RowFault::Quote);
                self.start += next;
                self.line += 1;
                return Ok(());
            }
            if self.end - self.start >= RECORD_BYTES_MAX {
                row.start(line);
                row.fault = Some(RowFault::TooLong);
                return self.skip_line();
            }
            self.fill()?;
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let (end, next) = line_end(self.bytes(), 0);
            if next > end && (next < self.end - self.start || self.is_whole || self.bytes().get(end) == Some(&b'\n')) {
                self.start += next;
                break;
            }
            if self.is_whole {
                self.start = self.end;
                break;
            }
            // A CR at the end stays: it may be half of a line end.
            self.start += end;
            self.fill()?;
        }
        self.line += 1;
        Ok(())
    }

    fn skip_blank_lines(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.bytes();
            let blank = |&&byte: &&u8| byte != self.delimiter && byte.is_ascii_whitespace();
            let count = bytes.iter().take_while(blank).count();
            if count == bytes.len() && !self.is_whole {
                self.fill()?;
                continue;
            }
            // Spaces before the first value of a line belong to it.
            let space = bytes.get(..count).unwrap_or_default();
            let lines = space.iter().rposition(|&byte| byte == b'\n' || byte == b'\r').map_or(0, |last| last + 1);
            let passed = if count == bytes.len() { count } else { lines };
            self.line += count_line_ends(bytes.get(..passed).unwrap_or_default());
            self.start += passed;
            return Ok(());
        }
    }

    /// Returns whether a record over several lines is rather several rows, one of which lacks a closing quote.
    fn swallowed_rows(&self, next: usize) -> bool {
        let columns = self.names.len();
        let record = self.bytes().get(..next).unwrap_or_default();
        let is_one_line = !self.cells.iter().any(|cell| has_line_end(record.get(cell.start..cell.end)));
        if columns < 2 || is_one_line || self.cells.len() == columns {
            return false;
        }
        let mut at = line_end(record, 0).1;
        while at < record.len() {
            let (end, after) = line_end(record, at);
            let mut cells = Vec::new();
            let line = record.get(at..end).unwrap_or_default();
            let scan = scan_record(line, true, self.delimiter, &mut cells);
            if scan != Scan::Unbalanced && cells.len() == columns {
                return true;
            }
            at = after;
        }
        false
    }
}

/// The separator that the header has most of, outside of quotes.
fn told_delimiter(bytes: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(0_usize, b','), (0, b';'), (0, b'\t')];
    for &byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(_, delimiter)| *delimiter == byte).for_each(|(count, _)| *count += 1),
        }
    }
    // Of equal ones the first, the comma, is taken.
    counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |&(_, delimiter)| delimiter)
}

fn write_cells(row: &mut RowBuffer, record: &[u8], cells: &[Cell]) {
    let Ok(text) = std::str::from_utf8(record) else { return write_cells_of_windows(row, record, cells) };
    for cell in cells {
        let text = text.get(cell.start..cell.end).unwrap_or_default();
        if cell.doubled { row.push(&text.replace("\"\"", "\"")) } else { row.push(text) }
    }
}

fn write_cells_of_windows(row: &mut RowBuffer, record: &[u8], cells: &[Cell]) {
    for (at, cell) in cells.iter().enumerate() {
        let raw = record.get(cell.start..cell.end).unwrap_or_default();
        if std::str::from_utf8(raw).is_err() {
            row.fault.get_or_insert(RowFault::NotUtf8 { cell: at });
        }
        let text = windows_1252(raw);
        if cell.doubled { row.push(&text.replace("\"\"", "\"")) } else { row.push(&text) }
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    let letter = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or(' '),
        byte => char::from(byte),
    };
    bytes.iter().map(letter).collect()
}

fn has_line_end(bytes: Option<&[u8]>) -> bool {
    bytes.unwrap_or_default().iter().any(|&byte| byte == b'\n' || byte == b'\r')
}

fn naive_cells(line: &[u8], delimiter: u8) -> Vec<Cell> {
    let mut start = 0;
    line.split(|&byte| byte == delimiter)
        .map(|cell| {
            let range = start..start + cell.len();
            start = range.end + 1;
            unquoted(line, range)
        })
        .collect()
}

/// A cell of a line whose quotes do not add up, without the quotes that do stand around it.
fn unquoted(line: &[u8], range: Range<usize>) -> Cell {
    let raw = line.get(range.clone()).unwrap_or_default();
    let is_quoted = raw.len() >= 2 && raw.starts_with(b"\"") && raw.ends_with(b"\"");
    let inset = usize::from(is_quoted);
    Cell { start: range.start + inset, end: range.end - inset, doubled: false }
}

fn scan_record(bytes: &[u8], is_whole: bool, delimiter: u8, cells: &mut Vec<Cell>) -> Scan {
    cells.clear();
    if bytes.is_empty() {
        return if is_whole { Scan::Record { next: 0 } } else { Scan::More };
    }
    let mut at = 0;
    loop {
        let open = skip_spaces(bytes, at);
        let cell = if bytes.get(open) == Some(&b'"') {
            match quoted_cell(bytes, open, is_whole, delimiter) {
                Ok(cell) => cell,
                Err(scan) => return scan,
            }
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
            (
                Cell { start: at, end: at + length.unwrap_or(rest.len()), doubled: false },
                at + length.unwrap_or(rest.len()),
            )
        };
        let (cell, end) = cell;
        cells.push(cell);
        match (bytes.get(end), bytes.get(end + 1)) {
            (Some(&byte), _) if byte == delimiter => at = end + 1,
            (Some(b'\r'), Some(b'\n')) => return Scan::Record { next: end + 2 },
            (Some(b'\r'), None) | (None, _) if !is_whole => return Scan::More,
            (Some(_), _) => return Scan::Record { next: end + 1 },
            (None, _) => return Scan::Record { next: end },
        }
    }
}

/// Reads a cell that opens with a quote; with it, the byte behind its closing quote and spaces.
fn quoted_cell(bytes: &[u8], open: usize, is_whole: bool, delimiter: u8) -> Result<(Cell, usize), Scan> {
    let unfinished = || if is_whole { Scan::Unbalanced } else { Scan::More };
    let (mut at, mut doubled) = (open + 1, false);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += rest.iter().position(|&byte| byte == b'"').ok_or_else(unfinished)?;
        match bytes.get(at + 1) {
            Some(b'"') => {
                doubled = true;
                at += 2;
            }
            None if !is_whole => return Err(Scan::More),
            Some(_) | None => break,
        }
    }
    let end = skip_spaces(bytes, at + 1);
    match bytes.get(end) {
        Some(&byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => Err(Scan::Unbalanced),
        None if !is_whole => Err(Scan::More),
        Some(_) | None => Ok((Cell { start: open + 1, end: at, doubled }, end)),
    }
}

fn skip_spaces(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every place is a border between two reads.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((&first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn shown(input: impl Read) -> Vec<String> {
        let mut rows = CsvRows::open(input).unwrap();
        let mut out = vec![rows.names().join("|")];
        let mut row = RowBuffer::default();
        while rows.next(&mut row).unwrap() {
            let cells: Vec<&str> = (0..row.cell_count()).map(|at| row.cell(at)).collect();
            let mark = row.fault.map(|fault| format!("!{}! ", fault.sentence(rows.names()))).unwrap_or_default();
            out.push(format!("{}:{mark}{}", row.line, cells.join("|")));
        }
        out
    }

    #[track_caller]
    fn check(text: impl AsRef<[u8]>, expect: &[&str]) {
        assert_eq!(shown(text.as_ref()), expect);
        assert_eq!(shown(Dripping(text.as_ref())), expect, "byte by byte");
    }

    const QUOTE: &str = "!a quote is not closed, or is closed inside a cell!";

    #[test]
    fn separators_are_told_from_the_header_and_lines_are_counted() {
        check("a,b\r\n1,2\r\n3,4", &["a|b", "2:1|2", "3:3|4"]);
        check("\u{feff}a;\"b,c,d\"\r1;2\r3;4\r", &["a|b,c,d", "2:1|2", "3:3|4"]);
        check("\n  \na\tb\n\n1\t2\n\t\n", &["a|b", "5:1|2", "6:|"]);
        check("sep=;\na;b,c\n1;2\n", &["a|b,c", "3:1|2"]);
        check("only\nx\n\n  y\n", &["only", "2:x", "4:  y"]);
        check("", &[""]);
        check("a,b", &["a|b"]);
    }

    #[test]
    fn quoted_cells_hold_separators_quotes_and_lines() {
        check("a,b\n\"x,\"\"y\"\"\",2\n", &["a|b", "2:x,\"y\"|2"]);
        check("a,b\n\"one\r\ntwo\n\",2\n3,4\n", &["a|b", "2:one\r\ntwo\n|2", "5:3|4"]);
        check("a,b\n \"x,y\" , z \nZoll 5\",2\n", &["a|b", "2:x,y| z ", "3:Zoll 5\"|2"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_its_own_line_only() {
        let bad = |line: u32, cells: &str| format!("{line}:{QUOTE} {cells}");
        check("a,b\n\"x,2\n3,4\n5,6\n", &["a|b", &bad(2, "\"x|2"), "3:3|4", "4:5|6"]);
        check("a,b\nx,\"Firma \"Nord\" KG\"\n3,4\n", &["a|b", &bad(2, "x|Firma \"Nord\" KG"), "3:3|4"]);
        check("a,b,c\n1,\"x\n1,2,3\n5\"\n", &["a|b|c", &bad(2, "1|\"x"), "3:1|2|3", "4:!1 cells under 3 columns! 5\""]);
    }

    #[test]
    fn ragged_rows_are_named_but_for_empty_cells_at_the_end() {
        check(
            "a,b\n1\n1,2,3\n1,2,,\n",
            &["a|b", "2:!1 cells under 2 columns! 1", "3:!3 cells under 2 columns! 1|2|3", "4:1|2||"],
        );
    }

    #[test]
    fn a_row_that_is_not_utf_8_is_read_as_windows_1252_and_named() {
        check(
            b"a,b\nM\xfcller,\x80\n\xc3\xbc,x\n",
            &["a|b", "2:!column `a`: is not UTF-8, the row was read as Windows-1252! Müller|€", "3:ü|x"],
        );
    }

    #[test]
    fn lines_without_end_are_skipped_in_bounded_memory() {
        let long = "y".repeat(3 * RECORD_BYTES_MAX);
        let text = format!("a,b\n{long}\n1,2\n\"{long}\n3,4\n");
        let mut rows = CsvRows::open(text.as_bytes()).unwrap();
        let mut row = RowBuffer::default();
        let mut seen = Vec::new();
        while rows.next(&mut row).unwrap() {
            seen.push((row.line, row.fault));
        }
        assert_eq!(seen, [(2, Some(RowFault::TooLong)), (3, None), (4, Some(RowFault::TooLong)), (5, None)]);
        assert!(rows.buffer.len() <= RECORD_BYTES_MAX + 2 * CHUNK_BYTES);
    }

    #[test]
    fn an_open_quote_before_many_lines_costs_one_bounded_look_ahead() {
        let text = format!("a,b\n\"x,2\n{}", "3,4\n".repeat(600_000));
        let mut rows = CsvRows::open(text.as_bytes()).unwrap();
        let mut row = RowBuffer::default();
        let mut good = 0;
        while rows.next(&mut row).unwrap() {
            good += usize::from(row.fault.is_none());
        }
        assert_eq!(good, 600_000);
    }
}
