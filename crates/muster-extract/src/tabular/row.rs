//! One row or JSON line to one mention: what the row says about itself, and whether anything can be made of it.
//!
//! It is the same for CSV and JSON lines. The values are read in [`super::draft`]; one that cannot be read is left out
//! and told. Only a row of which nothing can be made, or whose time or visibility cannot be read, is refused.
//!
//! Invariant: one row gives one mention or one refusal.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil;
use jiff::tz::TimeZone;
use muster_model::{EntityKind, Evidence, Field, MentionRecord, Method, Timestamp};

use super::columns::{Meta, Strictness};
use super::draft::Draft;
use super::value::{ValueFault, clean};
use crate::text_encoding::is_damaged;

/// The text of one cell or member and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawValue<'t> {
    pub(super) field: Field,
    pub(super) text: Cow<'t, str>,
    /// Bytes of the decoded text.
    pub(super) span: Option<[u64; 2]>,
    /// The position of the column, for telling neighbours.
    pub(super) column: usize,
}

/// One row as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RawRow<'t> {
    pub(super) values: Vec<RawValue<'t>>,
    pub(super) meta: BTreeMap<Meta, Cow<'t, str>>,
    /// Evidence that the file itself gives.
    pub(super) evidence: Vec<Evidence>,
}

/// Why no mention is made of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) field: Option<String>,
}

impl Refusal {
    pub(super) fn new(code: &'static str) -> Self {
        Self { code, field: None }
    }

    pub(super) fn of(code: &'static str, field: &str) -> Self {
        Self { code, field: Some(field.to_owned()) }
    }
}

/// A value that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) fault: ValueFault,
    pub(super) field: Field,
}

/// What holds for all rows of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowRules<'a> {
    pub(super) strictness: Strictness,
    /// How evidence says a value was found; nothing where no evidence is wanted.
    pub(super) method: Option<Method>,
    /// The kind of a row that names none; nothing where the row itself has to show it.
    pub(super) kind: Option<EntityKind>,
    pub(super) region: Option<&'a str>,
    pub(super) lang: Option<&'a str>,
    pub(super) public: Option<bool>,
    /// When the file was obtained; a row that says later is refused.
    pub(super) seen_at: Option<Timestamp>,
}

/// A mention without id and source, the id that the row gave, and what was left out.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) record: MentionRecord,
    pub(super) given_id: Option<String>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Makes a mention of a row.
pub(super) fn build(raw: RawRow<'_>, rules: &RowRules<'_>) -> Result<Built, Refusal> {
    if let Some(damaged) = raw.values.iter().find(|value| is_damaged(&value.text)) {
        return Err(Refusal::of("row.encoding", damaged.field.as_str()));
    }
    if let Some((meta, _)) = raw.meta.iter().find(|(_, text)| is_damaged(text)) {
        return Err(Refusal::of("row.encoding", meta.as_str()));
    }
    let lenient = rules.strictness == Strictness::Lenient;
    let mut cells: BTreeMap<Field, Vec<RawValue<'_>>> = BTreeMap::new();
    for value in raw.values {
        if !clean(&value.text).is_empty() {
            cells.entry(value.field).or_default().push(value);
        }
    }
    if cells.is_empty() && !lenient {
        return Err(Refusal::new("row.empty"));
    }
    let stated = stated_kind(&raw.meta, lenient)?.or(rules.kind);
    let mut draft = Draft::default();
    draft.read_values(&cells, stated, rules.region);
    let kind = match stated {
        Some(kind) => kind,
        None if lenient => EntityKind::Person,
        None => draft.shown_kind().ok_or(Refusal::new("row.no_name"))?,
    };
    draft.fit_to(kind);
    let mut record = draft.record(kind, raw.evidence, rules.method);
    let named = record.name.is_some() || (kind == EntityKind::Person && !record.emails.is_empty());
    if !named && !lenient {
        return Err(Refusal::new("row.no_name"));
    }
    fill_meta(&mut record, &raw.meta, rules)?;
    let given_id = raw.meta.get(&Meta::MentionId).map(|text| clean(text)).filter(|id| !id.is_empty());
    Ok(Built { record, given_id, left_out: draft.left_out })
}

fn stated_kind(meta: &BTreeMap<Meta, Cow<'_, str>>, lenient: bool) -> Result<Option<EntityKind>, Refusal> {
    match meta.get(&Meta::Kind).map(|text| clean(text).to_lowercase()).as_deref() {
        None | Some("") => Ok(None),
        Some("person") => Ok(Some(EntityKind::Person)),
        Some("company") => Ok(Some(EntityKind::Company)),
        Some(_) if lenient => Ok(None),
        Some(_) => Err(Refusal::of("row.kind", Meta::Kind.as_str())),
    }
}

fn fill_meta(
    record: &mut MentionRecord,
    meta: &BTreeMap<Meta, Cow<'_, str>>,
    rules: &RowRules<'_>,
) -> Result<(), Refusal> {
    let lenient = rules.strictness == Strictness::Lenient;
    let text = |of: Meta| meta.get(&of).map(|text| clean(text)).filter(|text| !text.is_empty());
    record.source_url = text(Meta::SourceUrl);
    record.page_hash =
        text(Meta::PageHash).filter(|hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let lang = text(Meta::Lang).map(|lang| lang.to_lowercase().split(['-', '_']).next().unwrap_or_default().to_owned());
    let known = lang.filter(|lang| (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase()));
    record.lang = known.or_else(|| rules.lang.map(str::to_owned));
    record.public = match text(Meta::Public).map(|text| text.to_lowercase()).as_deref() {
        None => rules.public,
        Some("true" | "yes" | "1" | "ja" | "oui") => Some(true),
        Some("false" | "no" | "0" | "nein" | "non") => Some(false),
        Some(_) if lenient => None,
        // Nobody can tell whether it may be kept, so it is not.
        Some(_) => return Err(Refusal::of("row.public", Meta::Public.as_str())),
    };
    record.seen_at = match text(Meta::SeenAt).map(|text| parse_instant(&text)) {
        None => rules.seen_at,
        Some(None) if lenient => None,
        Some(None) => return Err(Refusal::of("row.seen_at", Meta::SeenAt.as_str())),
        Some(Some(given)) if rules.seen_at.is_some_and(|now| given > now) => {
            return Err(Refusal::of("row.seen_at_future", Meta::SeenAt.as_str()));
        }
        Some(given) => given,
    };
    Ok(())
}

/// Reads an instant; a date, or a time without a zone, is taken in UTC.
fn parse_instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: civil::DateTime = text.parse().ok()?;
        local.to_zoned_datetime(TimeZone::UTC).ok().map(|instant| instant.timestamp())
    })
}
