//! JSON lines as rows: each member a cell under its name, lists one value a line.
//!
//! Columns are numbered as their names come up, so a later line may have more of them than an earlier one. Members that
//! hold objects are passed over.
//!
//! Invariant: a line that cannot be read costs itself only, and no more than [`LINE_BYTES_MAX`] bytes are held for it.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::row::{RowBuffer, RowFault};

/// Longest line, in bytes: a mention with the evidence of all its values is far below.
const LINE_BYTES_MAX: u64 = 4 << 20;

/// Most columns of a file; a file of more has no members but keys.
const COLUMNS_MAX: usize = 1_000;

/// A file of JSON lines that is being read.
#[derive(Debug)]
pub(crate) struct JsonRows<R> {
    input: R,
    bytes: Vec<u8>,
    line: u64,
    columns: Columns,
}

/// Cells by the names of their columns.
#[derive(Debug, Default)]
struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
    cells: Vec<String>,
}

impl<R: BufRead> JsonRows<R> {
    /// Starts at the top of a file, behind its byte order mark.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn open(mut input: R) -> io::Result<Self> {
        let mark = "\u{feff}".as_bytes();
        if input.fill_buf()?.starts_with(mark) {
            input.consume(mark.len());
        }
        Ok(Self { input, bytes: Vec::new(), line: 0, columns: Columns::default() })
    }

    /// Returns the names of the columns that came up so far.
    pub(crate) fn names(&self) -> &[String] {
        &self.columns.names
    }

    /// Reads the next line that is not blank; `false` at the end of the file.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn next(&mut self, row: &mut RowBuffer) -> io::Result<bool> {
        loop {
            self.bytes.clear();
            let read = self.input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(false);
            }
            self.line += 1;
            row.start(self.line);
            if read as u64 == LINE_BYTES_MAX && !self.bytes.ends_with(b"\n") {
                self.skip_line()?;
                row.fault = Some(RowFault::TooLong);
                return Ok(true);
            }
            if self.bytes.trim_ascii().is_empty() {
                continue;
            }
            row.fault = self.columns.read(&self.bytes);
            for cell in &self.columns.cells {
                row.push(cell);
            }
            return Ok(true);
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.input.fill_buf()?;
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let count = end.map_or(bytes.len(), |end| end + 1);
            self.input.consume(count);
            if end.is_some() || count == 0 {
                return Ok(());
            }
        }
    }
}

impl Columns {
    fn read(&mut self, line: &[u8]) -> Option<RowFault> {
        self.cells.iter_mut().for_each(String::clear);
        let is_object = line.trim_ascii_start().starts_with(b"{");
        let mut reader = serde_json::Deserializer::from_slice(line);
        let read = (&mut *self).deserialize(&mut reader).and_then(|()| reader.end());
        match read {
            Ok(()) => None,
            Err(error) if is_object => Some(RowFault::NotJson { column: error.column() }),
            Err(error) => match serde_json::from_slice::<IgnoredAny>(line) {
                Ok(_) => Some(RowFault::NotAnObject),
                Err(_) => Some(RowFault::NotJson { column: error.column() }),
            },
        }
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(&place) = self.places.get(name) {
            return Some(place);
        }
        let place = self.names.len();
        if place >= COLUMNS_MAX {
            return None;
        }
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.cells.push(String::new());
        Some(place)
    }
}

/// A member's name, borrowed from the line where no escape stands in it.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

impl<'de> DeserializeSeed<'de> for &mut Columns {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Columns {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = members.next_key()? {
            match self.place(&name).and_then(|place| self.cells.get_mut(place)) {
                Some(cell) => {
                    // Of two members of one name the last counts, as in every reader of JSON.
                    cell.clear();
                    members.next_value_seed(CellWriter(cell))?;
                }
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Writes a value as the text of a cell.
struct CellWriter<'c>(&'c mut String);

impl<'de> DeserializeSeed<'de> for CellWriter<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CellWriter<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.push_str(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push_str(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.push_str(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self(cell) = self;
        loop {
            let before = cell.len();
            if before > 0 {
                cell.push('\n');
            }
            if items.next_element_seed(CellWriter(cell))?.is_none() {
                cell.truncate(before);
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, names: &str, expect: &[&str]) {
        let mut rows = JsonRows::open(text.as_bytes()).unwrap();
        let (mut row, mut seen) = (RowBuffer::default(), Vec::new());
        while rows.next(&mut row).unwrap() {
            let cells: Vec<&str> = (0..row.cell_count()).map(|at| row.cell(at)).collect();
            let mark = row.fault.map(|fault| format!("!{}! ", fault.sentence(&[]))).unwrap_or_default();
            seen.push(format!("{}:{mark}{}", row.line, cells.join("|")));
        }
        assert_eq!((rows.names().join("|").as_str(), seen), (names, expect.iter().map(|&it| it.into()).collect()));
    }

    #[test]
    fn members_become_cells_under_names_that_may_come_later() {
        check(
            "\u{feff}{\"id\":\"a\",\"emails\":[\"x\",\"y\"],\"n\":1}\n\n{\"b\":true,\"id\":\"ä\\n\",\"emails\":[],\"n\":null}\n",
            "id|emails|n|b",
            &["1:a|x\ny|1", "3:ä\n|||true"],
        );
        check("{\"v\":[{\"x\":1}],\"o\":{\"deep\":[1]},\"f\":-2.5,\"f\":3}", "v|o|f", &["1:||3"]);
    }

    #[test]
    fn a_line_that_cannot_be_read_costs_itself_only() {
        check(
            "{\"id\":\"a\"}\n{\"id\":\"b\"\n[1]\n{\"id\":\"c\"} x\n\"text\"\nnone\n{\"id\":\"d\"}\n",
            "id",
            &[
                "1:a",
                "2:!character 0: is no JSON! b",
                "3:!is no JSON object! ",
                "4:!character 12: is no JSON! c",
                "5:!is no JSON object! ",
                "6:!character 2: is no JSON! ",
                "7:d",
            ],
        );
    }

    #[test]
    fn a_line_without_end_is_skipped() {
        let long = "x".repeat(usize::try_from(LINE_BYTES_MAX).unwrap() + 5);
        check(
            &format!("{{\"id\":\"{long}\"}}\n{{\"id\":\"b\"}}"),
            "id",
            &["1:!the line is longer than a row may be! ", "2:b"],
        );
    }
}
