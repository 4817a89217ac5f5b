//! The MASTER snapshot: records as the rows of a Parquet file, each whole as JSON.
//!
//! Invariant: the same records give the same bytes, whatever order they come in.

use bytes::Bytes;
use muster_model::{Master, MasterRecord};

use crate::Error;
use crate::parquet_file::{self, present_texts, text_column};

const ID: &str = "cluster_id";
const KIND: &str = "kind";
const OBTAINED_AT: &str = "obtained_at";
const JSON: &str = "json";

/// Writes records, sorted by their ids, as a file.
pub(crate) fn encode(masters: &[&Master]) -> Result<Vec<u8>, Error> {
    let mut masters = masters.to_vec();
    masters.sort_by(|left, right| left.cluster_id().cmp(right.cluster_id()));
    #[expect(clippy::disallowed_methods, reason = "the segment codec is one of the doors of DESIGN section 8")]
    let json = |master: &&Master| serde_json::to_string(master.record().expose());
    let json: Vec<String> = masters
        .iter()
        .map(json)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::Encode { what: "a MASTER record", detail: error.to_string() })?;
    let obtained_at: Vec<String> = masters.iter().map(|it| it.obtained_at().to_string()).collect();
    parquet_file::encode(vec![
        text_column(ID, masters.iter().map(|it| Some(it.cluster_id().as_str()))),
        text_column(KIND, masters.iter().map(|it| Some(it.kind().as_str()))),
        text_column(OBTAINED_AT, obtained_at.iter().map(|text| Some(text.as_str()))),
        text_column(JSON, json.iter().map(|text| Some(text.as_str()))),
    ])
}

/// Reads the records of a file; the error is in words and names no value.
pub(crate) fn decode(bytes: Bytes) -> Result<Vec<Master>, String> {
    let mut masters = Vec::new();
    for batch in parquet_file::decode(bytes)? {
        for text in present_texts(&batch, JSON)? {
            let record: MasterRecord = serde_json::from_str(text).map_err(|_| format!("`{JSON}` holds no record"))?;
            masters.push(Master::new(record));
        }
    }
    Ok(masters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::master;

    #[test]
    fn a_snapshot_does_not_depend_on_order_and_reads_back() {
        let (one, two) = (master(1), master(2));
        let bytes = encode(&[&one, &two]).unwrap();
        assert_eq!(encode(&[&two, &one]).unwrap(), bytes);
        assert_eq!(decode(bytes.into()).unwrap(), [one, two]);
    }
}
