//! A MASTER record as the operator sees it on stdout: values, why they survived, where each came from.
//!
//! Invariant: the only place of the binary that shows personal values; what it makes goes to stdout and nowhere else.

use crate::table::JSON_VERSION;
use muster_model::{Field, Master, MasterRecord, MasterValue};

/// Returns the record's JSON with its version.
pub(crate) fn json(master: &Master) -> serde_json::Value {
    let mut value = serde_json::to_value(record(master)).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("version".into(), JSON_VERSION.into());
    }
    value
}

/// Returns the value of a field, for lists and headings.
pub(crate) fn first(master: &Master, field: Field) -> String {
    record(master).first(field).unwrap_or_default().to_owned()
}

/// Returns all values of a field in one text.
pub(crate) fn joined(master: &Master, field: Field) -> String {
    record(master).get(field).map(|value| value.value.as_str()).collect::<Vec<_>>().join("; ")
}

/// Returns the record as text, each value with its lineage.
pub(crate) fn text(master: &Master) -> String {
    let record = record(master);
    let mut text = format!(
        "{}  {}  obtained {}  {} mentions{}\n",
        record.cluster_id,
        record.kind.as_str(),
        record.obtained_at,
        record.members.len(),
        record.company_id.as_ref().map(|id| format!("  works for {id}")).unwrap_or_default()
    );
    for value in &record.values {
        text.push_str(&value_lines(value));
    }
    text
}

fn value_lines(value: &MasterValue) -> String {
    let mut lines = format!("  {:<15} {}  [{}]\n", value.field.as_str(), value.value, value.rule.as_str());
    for line in &value.lineage {
        let place = line.source_url.as_deref().unwrap_or("-");
        let span = line.span.map(|[start, end]| format!(" bytes {start}-{end}")).unwrap_or_default();
        let quote = line.quote.as_deref().map(|quote| format!(" \"{}\"", one_line(quote))).unwrap_or_default();
        let method = line.method.as_str();
        lines.push_str(&format!("      {} {place}{span} ({method}, {}){quote}\n", line.mention_id, line.seen_at));
    }
    lines
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn record(master: &Master) -> &MasterRecord {
    #[expect(clippy::disallowed_methods, reason = "the operator's own view on stdout, see ARCHITECTURE.md")]
    master.record().expose()
}
