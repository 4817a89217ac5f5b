//! Parquet files of other programs, read batch by batch as columns of text.
//!
//! Numbers, truth values, dates and instants become the text that a CSV file would hold, lists one value a line. Columns
//! of other types (structs, maps, decimals, bytes) are named and left out. Our own files are `parquet_file`'s.
//!
//! Invariant: no more than one batch of the file is held at a time, and an absent value is an empty text.

use std::fmt::Write as _;
use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

/// Rows of one batch: enough to spread the cost of decoding, few enough to be small beside what is made of them.
const BATCH_ROWS: usize = 4096;

/// A file that is being read.
#[derive(Debug)]
pub struct TextColumns {
    reader: ParquetRecordBatchReader,
    names: Vec<String>,
    /// Where in the file each named column stands.
    places: Vec<usize>,
    left_out: Vec<String>,
}

/// Rows of a file.
#[derive(Debug)]
pub struct TextBatch {
    columns: Vec<ArrayRef>,
    row_count: usize,
}

impl TextColumns {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// Why the file is no Parquet that can be read, in words.
    pub fn open(file: File) -> Result<Self, String> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
        let (mut names, mut places, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for (place, column) in builder.schema().fields().iter().enumerate() {
            if is_readable(column.data_type()) {
                names.push(column.name().clone());
                places.push(place);
            } else {
                left_out.push(column.name().clone());
            }
        }
        let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(|error| error.to_string())?;
        Ok(Self { reader, names, places, left_out })
    }

    /// Returns the names of the columns that are read, in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the names of the columns whose types have no text.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Reads the next rows; `None` at the end.
    ///
    /// # Errors
    ///
    /// Why the file cannot be read on, in words.
    pub fn next_batch(&mut self) -> Result<Option<TextBatch>, String> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch: RecordBatch = batch.map_err(|error| error.to_string())?;
        let columns = self.places.iter().map(|&place| batch.column(place).clone()).collect();
        Ok(Some(TextBatch { columns, row_count: batch.num_rows() }))
    }
}

impl TextBatch {
    /// Returns how many rows it has.
    pub const fn row_count(&self) -> usize {
        self.row_count
    }

    /// Writes the text of one cell behind `out`.
    ///
    /// # Panics
    ///
    /// Where there is no such row or column.
    pub fn write_cell(&self, row: usize, column: usize, out: &mut String) {
        write_value(self.columns[column].as_ref(), row, out);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "arrow has some forty types; those that are read are named")]
fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::List(item) | DataType::LargeList(item) => is_readable(item.data_type()),
        DataType::Dictionary(_, value) => is_readable(value),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Boolean
        | DataType::Null
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(_, _)
        | DataType::Float32
        | DataType::Float64 => true,
        other => other.is_integer(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "arrow has some forty types; those that are read are named")]
fn write_value(array: &dyn Array, row: usize, out: &mut String) {
    if array.is_null(row) {
        return;
    }
    macro_rules! number {
        ($kind:ty) => {
            write_display(out, array.as_primitive::<$kind>().value(row))
        };
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.push_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => out.push_str(array.as_string_view().value(row)),
        DataType::Boolean => write_display(out, array.as_boolean().value(row)),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        // A whole number is written without a point: programs make floats of integers where a value is absent.
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Date32 => write_day(out, array.as_primitive::<Date32Type>().value(row).into()),
        DataType::Date64 => {
            write_day(out, array.as_primitive::<Date64Type>().value(row).div_euclid(MILLISECONDS_PER_DAY));
        }
        DataType::Timestamp(unit, _) => write_instant(out, instant(array, *unit, row)),
        DataType::List(_) => write_list(out, array.as_list::<i32>().value(row).as_ref()),
        DataType::LargeList(_) => write_list(out, array.as_list::<i64>().value(row).as_ref()),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            write_value(dictionary.values().as_ref(), dictionary.normalized_keys()[row], out);
        }
        _ => {}
    }
}

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

fn write_display(out: &mut String, value: impl std::fmt::Display) {
    write!(out, "{value}").expect("a text takes what is written");
}

fn write_list(out: &mut String, items: &dyn Array) {
    for item in 0..items.len() {
        if item > 0 {
            out.push('\n');
        }
        write_value(items, item, out);
    }
}

/// Writes the day that is so many days behind 1970-01-01; nothing where it is none of the calendar's.
fn write_day(out: &mut String, days: i64) {
    let day = i32::try_from(days).ok().and_then(|days| {
        let span = jiff::Span::new().try_days(days).ok()?;
        Date::constant(1970, 1, 1).checked_add(span).ok()
    });
    if let Some(day) = day {
        write_display(out, day);
    }
}

fn instant(array: &dyn Array, unit: TimeUnit, row: usize) -> Option<Timestamp> {
    match unit {
        TimeUnit::Second => Timestamp::from_second(array.as_primitive::<TimestampSecondType>().value(row)),
        TimeUnit::Millisecond => {
            Timestamp::from_millisecond(array.as_primitive::<TimestampMillisecondType>().value(row))
        }
        TimeUnit::Microsecond => {
            Timestamp::from_microsecond(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        TimeUnit::Nanosecond => {
            Timestamp::from_nanosecond(array.as_primitive::<TimestampNanosecondType>().value(row).into())
        }
    }
    .ok()
}

fn write_instant(out: &mut String, instant: Option<Timestamp>) {
    if let Some(instant) = instant {
        write_display(out, instant);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{
        BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array, LargeStringArray,
        StringArray, StringViewArray, TimestampMicrosecondArray,
    };
    use parquet::arrow::ArrowWriter;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;

    use super::*;

    /// Writes columns of two rows as other programs do, and reads them back.
    fn read(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> (Vec<String>, Vec<String>, Vec<String>) {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        let properties = WriterProperties::builder().set_compression(compression).build();
        let mut writer = ArrowWriter::try_new(file.try_clone().unwrap(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let mut read = TextColumns::open(file).unwrap();
        let batch = read.next_batch().unwrap().unwrap();
        let row = |row: usize| {
            let cell = |column: usize| {
                let mut out = String::new();
                batch.write_cell(row, column, &mut out);
                out
            };
            (0..read.names().len()).map(cell).collect::<Vec<_>>().join("|")
        };
        let rows = (0..batch.row_count()).map(row).collect();
        let columns = (read.names().to_vec(), read.left_out().to_vec());
        assert!(read.next_batch().unwrap().is_none());
        (columns.0, columns.1, rows)
    }

    #[test]
    fn every_usual_type_becomes_the_text_of_a_csv_cell() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("a"), Some("b")]);
        lists.append_null();
        let categories: DictionaryArray<Int32Type> = [Some("x"), None].into_iter().collect();
        let instants = TimestampMicrosecondArray::from(vec![Some(1_500_000), None]).with_timezone("UTC");
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("text", Arc::new(StringArray::from(vec![Some("ä"), None]))),
            ("large", Arc::new(LargeStringArray::from(vec!["b", ""]))),
            ("view", Arc::new(StringViewArray::from(vec!["c", "d"]))),
            ("count", Arc::new(Int64Array::from(vec![Some(-7), None]))),
            ("float", Arc::new(Float64Array::from(vec![10_115.0, 0.5]))),
            ("truth", Arc::new(BooleanArray::from(vec![true, false]))),
            ("day", Arc::new(Date32Array::from(vec![-1, 19_783]))),
            ("instant", Arc::new(instants)),
            ("list", Arc::new(lists.finish())),
            ("category", Arc::new(categories)),
            ("bytes", Arc::new(BinaryArray::from(vec![&b"x"[..], b"y"]))),
        ];
        let (names, left_out, rows) = read(columns, Compression::ZSTD(parquet::basic::ZstdLevel::default()));
        assert_eq!((names.len(), left_out), (10, vec!["bytes".to_owned()]));
        assert_eq!(
            rows,
            ["ä|b|c|-7|10115|true|1969-12-31|1970-01-01T00:00:01.5Z|a\nb|x", "||d||0.5|false|2024-03-01|||"]
        );
    }

    #[test]
    fn the_usual_compressions_are_read() {
        for compression in
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(<_>::default()), Compression::LZ4_RAW]
        {
            let text: ArrayRef = Arc::new(StringArray::from(vec!["one", "two"]));
            assert_eq!(read(vec![("text", text)], compression).2, ["one", "two"]);
        }
    }

    #[test]
    fn what_is_no_parquet_is_an_error_in_words() {
        let file = tempfile::tempfile().unwrap();
        assert!(!TextColumns::open(file).unwrap_err().is_empty());
    }
}
