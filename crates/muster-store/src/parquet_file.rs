//! Parquet in memory: the same rows give the same bytes, and a file of a newer format is refused.
//!
//! Invariant: nothing in a file tells when or by which version of a library it was written.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, StringArray};
use arrow_schema::{Field as Column, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::Error;
use crate::ledger::FORMAT_VERSION;

/// Name of the member of a file's metadata that holds its format version.
const VERSION_NAME: &str = "muster.format_version";

/// Level of compression: beyond it files hardly shrink and writing slows.
const ZSTD_LEVEL: i32 = 3;

/// One column that is being filled.
#[derive(Debug)]
pub(crate) struct ColumnData {
    name: &'static str,
    array: ArrayRef,
}

/// Makes a column of texts, each of which may be absent.
pub(crate) fn text_column<'a>(name: &'static str, values: impl Iterator<Item = Option<&'a str>>) -> ColumnData {
    ColumnData { name, array: Arc::new(values.collect::<StringArray>()) }
}

/// Makes a column of lists of texts.
pub(crate) fn list_column<'a>(name: &'static str, values: impl Iterator<Item = &'a [String]>) -> ColumnData {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for list in values {
        builder.append_value(list.iter().map(Some));
    }
    ColumnData { name, array: Arc::new(builder.finish()) }
}

/// Makes a column of any kind.
pub(crate) fn column(name: &'static str, array: ArrayRef) -> ColumnData {
    ColumnData { name, array }
}

fn encode_error(error: impl std::fmt::Display) -> Error {
    Error::Encode { what: "a Parquet file", detail: error.to_string() }
}

/// Writes columns of one length as a file.
pub(crate) fn encode(columns: Vec<ColumnData>) -> Result<Vec<u8>, Error> {
    let fields: Vec<Column> =
        columns.iter().map(|it| Column::new(it.name, it.array.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|it| it.array).collect();
    let batch = RecordBatch::try_new(schema, arrays).map_err(encode_error)?;
    encode_batches(&[batch])
}

/// Writes batches of one schema as a file; at least one must be given, though it may have no rows.
pub(crate) fn encode_batches(batches: &[RecordBatch]) -> Result<Vec<u8>, Error> {
    let first = batches.first().ok_or_else(|| encode_error("it has no columns"))?;
    // What a reader puts into the schema's own metadata is left out, so a file read and written again stays the same.
    let schema = Arc::new(Schema::new(first.schema().fields().clone()));
    let version = KeyValue::new(VERSION_NAME.to_owned(), FORMAT_VERSION.to_string());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL).map_err(encode_error)?))
        .set_created_by("muster".to_owned())
        .set_key_value_metadata(Some(vec![version]))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, Arc::clone(&schema), Some(properties)).map_err(encode_error)?;
    for batch in batches {
        let batch = RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec()).map_err(encode_error)?;
        writer.write(&batch).map_err(encode_error)?;
    }
    writer.close().map_err(encode_error)?;
    Ok(bytes)
}

/// Reads a file into its batches; the error is in words.
pub(crate) fn decode(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| error.to_string())?;
    let metadata = reader.metadata().file_metadata().key_value_metadata();
    let version = metadata.and_then(|all| all.iter().find(|it| it.key == VERSION_NAME)).and_then(|it| it.value.clone());
    let version: u32 = version.and_then(|text| text.parse().ok()).ok_or("it names no format version")?;
    if version > FORMAT_VERSION {
        return Err(format!("it has format version {version}, this program knows {FORMAT_VERSION}"));
    }
    let batches = reader.build().map_err(|error| error.to_string())?;
    batches.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn typed<'a, A: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a A, String> {
    let array = batch.column_by_name(name).and_then(|array| array.as_any().downcast_ref());
    array.ok_or_else(|| format!("column `{name}` is not there or of another type"))
}

/// Returns a column of texts.
pub(crate) fn texts<'a>(batch: &'a RecordBatch, name: &str) -> Result<Vec<Option<&'a str>>, String> {
    Ok(typed::<StringArray>(batch, name)?.iter().collect())
}

/// Returns a column of texts none of which may be absent.
pub(crate) fn present_texts<'a>(batch: &'a RecordBatch, name: &str) -> Result<Vec<&'a str>, String> {
    let values: Option<Vec<&str>> = typed::<StringArray>(batch, name)?.iter().collect();
    values.ok_or_else(|| format!("column `{name}` has gaps"))
}

/// Returns a column of lists of texts.
pub(crate) fn lists(batch: &RecordBatch, name: &str) -> Result<Vec<Vec<String>>, String> {
    let lists = typed::<ListArray>(batch, name)?;
    let each = |list: Option<ArrayRef>| {
        let Some(list) = list else { return Ok(Vec::new()) };
        let texts = list.as_any().downcast_ref::<StringArray>().ok_or_else(|| format!("column `{name}`: no texts"))?;
        Ok(texts.iter().flatten().map(str::to_owned).collect())
    };
    lists.iter().map(each).collect()
}

/// Returns a column of truth values, each of which may be absent.
pub(crate) fn truths(batch: &RecordBatch, name: &str) -> Result<Vec<Option<bool>>, String> {
    Ok(typed::<arrow_array::BooleanArray>(batch, name)?.iter().collect())
}
