//! The segment codec: mentions as the rows of a Parquet file, one column per field.
//!
//! This is the one place of the store that opens mentions.
//!
//! Invariant: what is read back equals what was written, and the same mentions give the same bytes.

use std::sync::Arc;

use arrow_array::{BooleanArray, RecordBatch};
use bytes::Bytes;
use muster_model::{EntityKind, Evidence, Field, Mention, MentionId, MentionRecord, SourceName};

use crate::Error;
use crate::parquet_file::{self, ColumnData, column, list_column, lists, present_texts, text_column, texts, truths};

const ID: &str = "mention_id";
const KIND: &str = "kind";
const SOURCE: &str = "source";
const SOURCE_URL: &str = "source_url";
const SEEN_AT: &str = "seen_at";
const PAGE_HASH: &str = "page_hash";
const LANG: &str = "lang";
const PUBLIC: &str = "public";
const VALUES: &str = "values";

/// Writes mentions, which the caller has sorted by id, as a file.
pub(crate) fn encode(mentions: &[&Mention]) -> Result<Vec<u8>, Error> {
    #[expect(clippy::disallowed_methods, reason = "the segment codec is one of the doors of DESIGN section 8")]
    let records: Vec<&MentionRecord> = mentions.iter().map(|mention| mention.record().expose()).collect();
    let values = |record: &&MentionRecord| serde_json::to_string(&record.values);
    let values: Vec<String> = records
        .iter()
        .map(values)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::Encode { what: "a mention's lineage", detail: error.to_string() })?;
    let seen_at: Vec<Option<String>> = records.iter().map(|it| it.seen_at.map(|at| at.to_string())).collect();
    let mut columns = vec![
        text_column(ID, records.iter().map(|it| Some(it.mention_id.as_str()))),
        text_column(KIND, records.iter().map(|it| Some(it.kind.as_str()))),
    ];
    columns.extend(Field::ALL.iter().map(|&field| field_column(field, &records)));
    columns.extend([
        text_column(SOURCE, records.iter().map(|it| it.source.as_ref().map(SourceName::as_str))),
        text_column(SOURCE_URL, records.iter().map(|it| it.source_url.as_deref())),
        text_column(SEEN_AT, seen_at.iter().map(Option::as_deref)),
        text_column(PAGE_HASH, records.iter().map(|it| it.page_hash.as_deref())),
        text_column(LANG, records.iter().map(|it| it.lang.as_deref())),
        column(PUBLIC, Arc::new(records.iter().map(|it| it.public).collect::<BooleanArray>())),
        text_column(VALUES, values.iter().map(|text| Some(text.as_str()))),
    ]);
    parquet_file::encode(columns)
}

fn field_column(field: Field, records: &[&MentionRecord]) -> ColumnData {
    if field.is_list() {
        list_column(field.as_str(), records.iter().map(|it| it.get(field)))
    } else {
        text_column(field.as_str(), records.iter().map(|it| it.get(field).first().map(String::as_str)))
    }
}

/// Reads the mentions of a file; the error is in words and names no value.
pub(crate) fn decode(bytes: Bytes) -> Result<Vec<Mention>, String> {
    let mut mentions = Vec::new();
    for batch in parquet_file::decode(bytes)? {
        for record in records_of(&batch)? {
            mentions.push(Mention::new(record).map_err(|member| format!("a mention has no `{member}`"))?);
        }
    }
    Ok(mentions)
}

fn records_of(batch: &RecordBatch) -> Result<Vec<MentionRecord>, String> {
    let kinds = present_texts(batch, KIND)?.into_iter().map(parse_kind);
    let mut records: Vec<MentionRecord> = kinds.map(|kind| kind.map(MentionRecord::new)).collect::<Result<_, _>>()?;
    for (record, id) in records.iter_mut().zip(present_texts(batch, ID)?) {
        record.mention_id = MentionId::new(id);
    }
    for &field in Field::ALL {
        read_field(batch, field, &mut records)?;
    }
    for (record, text) in records.iter_mut().zip(texts(batch, SOURCE)?) {
        record.source = text.map(SourceName::new);
    }
    for (record, text) in records.iter_mut().zip(texts(batch, SOURCE_URL)?) {
        record.source_url = text.map(str::to_owned);
    }
    for (record, text) in records.iter_mut().zip(texts(batch, SEEN_AT)?) {
        record.seen_at = text.map(str::parse).transpose().map_err(|_| format!("`{SEEN_AT}` holds no instant"))?;
    }
    for (record, text) in records.iter_mut().zip(texts(batch, PAGE_HASH)?) {
        record.page_hash = text.map(str::to_owned);
    }
    for (record, text) in records.iter_mut().zip(texts(batch, LANG)?) {
        record.lang = text.map(str::to_owned);
    }
    for (record, public) in records.iter_mut().zip(truths(batch, PUBLIC)?) {
        record.public = public;
    }
    for (record, text) in records.iter_mut().zip(present_texts(batch, VALUES)?) {
        let values: Vec<Evidence> = serde_json::from_str(text).map_err(|_| format!("`{VALUES}` holds no lineage"))?;
        record.values = values;
    }
    Ok(records)
}

fn read_field(batch: &RecordBatch, field: Field, records: &mut [MentionRecord]) -> Result<(), String> {
    if field.is_list() {
        for (record, values) in records.iter_mut().zip(lists(batch, field.as_str())?) {
            record.set(field, values);
        }
    } else {
        for (record, value) in records.iter_mut().zip(texts(batch, field.as_str())?) {
            record.set(field, value.map(str::to_owned).into_iter().collect());
        }
    }
    Ok(())
}

/// Reads the name that [`EntityKind::as_str`] writes.
pub(crate) fn parse_kind(text: &str) -> Result<EntityKind, String> {
    let kinds = [EntityKind::Person, EntityKind::Company];
    kinds.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("`{KIND}` holds no kind"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::record;

    fn full(number: usize) -> Mention {
        let mut record = record(number);
        for &field in Field::ALL {
            if record.get(field).is_empty() {
                let values = vec![format!("{} \"1\"", field.as_str()), "ä;\n2".to_owned()];
                record.set(field, values);
            }
        }
        record.page_hash = Some("ab".into());
        Mention::new(record).unwrap()
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let mut company = MentionRecord::new(EntityKind::Company);
        company.mention_id = MentionId::new("m-company");
        company.source = Some(SourceName::new("file"));
        company.seen_at = Some("2026-03-01T10:00:00.123456789Z".parse().unwrap());
        let mentions = [full(0), Mention::new(record(1)).unwrap(), Mention::new(company).unwrap()];
        let bytes = encode(&mentions.each_ref()).unwrap();
        assert_eq!(decode(bytes.clone().into()).unwrap(), mentions);
        assert_eq!(encode(&mentions.each_ref()).unwrap(), bytes, "the same mentions give the same bytes");
    }

    #[test]
    fn what_is_no_segment_is_refused_without_its_content() {
        let other = crate::snapshot::encode(&[]).unwrap();
        assert_eq!(decode(other.into()).unwrap(), [], "no rows, no columns asked for");
        let other = crate::snapshot::encode(&[&crate::testing::master(0)]).unwrap();
        let error = decode(other.into()).unwrap_err();
        assert!(error.contains("mention_id") && !error.contains("Muster"), "{error}");
        assert!(decode(Bytes::from_static(b"PAR1 and no more")).is_err());
    }
}
