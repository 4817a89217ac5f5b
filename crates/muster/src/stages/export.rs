//! Export: what each recipient may have now, as a file with its manifest.
//!
//! The rows come from the release wall alone. An export that would say what the recipient already has writes
//! nothing and discloses nothing.
//!
//! Invariant: every record that was ever disclosed stands in the ledger with its recipient.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use muster_gate::{Cleared, Outcome, Release, ReleaseContext, ReleasedRow, clear_release};
use muster_model::{ClusterId, EntityKind, ExportMode, ExportedRow, KeyedHash, LedgerEvent, Timestamp};
use muster_store::export::{file_sha256, row_hash, write_file, write_rows};
use serde::Serialize;

use super::Counts;
use super::people::Notices;
use crate::command_error::CommandError;
use crate::config::ExportConfig;
use crate::session::Session;
use crate::talk::Talk;

/// Rows in one ledger event.
const ROWS_PER_EVENT_MAX: usize = 500;

/// The file beside an export that says what it is.
#[derive(Debug, Serialize)]
struct Manifest {
    /// Version of this form.
    version: u32,
    export_id: String,
    pipeline: String,
    recipient: String,
    country: String,
    mechanism: String,
    mode: ExportMode,
    format: String,
    file: String,
    sha256: String,
    fields: Vec<String>,
    rows: usize,
    removed: usize,
    withheld: BTreeMap<String, u64>,
    ledger_position: u64,
    policy_hash: String,
    released_at: Timestamp,
}

/// What an export came to.
#[derive(Debug, Default)]
pub(crate) struct ExportOutcome {
    /// The file, where one was written.
    pub(crate) file: Option<PathBuf>,
    /// Counters.
    pub(crate) counts: Counts,
    /// Who is released.
    pub(crate) released: Vec<ClusterId>,
    /// Who was withheld, by reason.
    pub(crate) withheld: Vec<(ClusterId, Vec<muster_gate::Reason>)>,
}

/// Rows that passed the wall, and those that did not.
struct Released {
    rows: Vec<Cleared<ReleasedRow, Release>>,
    hashes: BTreeMap<ClusterId, KeyedHash>,
    withheld: Vec<(ClusterId, Vec<muster_gate::Reason>)>,
}

/// Runs every export of the pipeline, or the one named.
///
/// # Errors
///
/// A store or file error.
pub(crate) fn export_all(
    session: &mut Session,
    only: Option<&str>,
    dry_run: bool,
    talk: &Talk,
) -> Result<Vec<ExportOutcome>, CommandError> {
    let exports = std::mem::take(&mut session.config.exports);
    let wanted = exports.iter().filter(|export| only.is_none_or(|name| name == export.name));
    let result: Result<Vec<ExportOutcome>, CommandError> =
        wanted.map(|export| export_one(session, export, dry_run, talk)).collect();
    session.config.exports = exports;
    result
}

fn release_all(session: &Session, export: &ExportConfig) -> Result<Released, CommandError> {
    let notices = Notices::read(session)?;
    let list = session.store.suppression_list()?;
    let mut released = Released { rows: Vec::new(), hashes: BTreeMap::new(), withheld: Vec::new() };
    let masters = session.store.masters()?;
    for master in masters.iter().filter(|master| master.kind() == EntityKind::Person) {
        let told = notices.of(master.cluster_id());
        let context = ReleaseContext {
            policy: &session.config.policy,
            assessments: &session.config.assessments,
            recipient: &export.terms,
            suppression: &list,
            key: &session.key,
            told_at: &told.at,
            purposes: &export.purposes,
            purposes_told: &told.purposes,
            bounced: told.bounced,
            on_hold: told.in_doubt || notices.on_hold.contains(master.cluster_id()),
            restricted: notices.restricted.contains(master.cluster_id()),
            now: session.now,
        };
        match clear_release(master, &context) {
            Outcome::Pass(row) => {
                released.hashes.insert(row.get().cluster_id.clone(), row_hash(&session.key, row.get()));
                released.rows.push(row);
            }
            Outcome::Hold(row, reasons) => released.withheld.push((row.cluster_id, reasons)),
            Outcome::Deny(reasons) => released.withheld.push((master.cluster_id().clone(), reasons)),
        }
    }
    Ok(released)
}

fn export_one(
    session: &mut Session,
    export: &ExportConfig,
    dry_run: bool,
    talk: &Talk,
) -> Result<ExportOutcome, CommandError> {
    settle(session, export)?;
    let Released { mut rows, hashes, withheld } = release_all(session, export)?;
    let held_by_recipient = session.store.released(&export.name)?;
    let removed: Vec<ClusterId> = held_by_recipient.keys().filter(|id| !hashes.contains_key(*id)).cloned().collect();
    let mut outcome = ExportOutcome::default();
    for (_, reasons) in &withheld {
        if let Some(reason) = reasons.first() {
            outcome.counts.add(reason.code(), 1);
        }
    }
    let withheld_counts = outcome.counts.0.clone();
    outcome.withheld = withheld;
    outcome.counts.add("released", rows.len());
    outcome.counts.add("removed", removed.len());
    outcome.released = rows.iter().map(|row| row.get().cluster_id.clone()).collect();
    let current = is_current(session, export, &hashes, &held_by_recipient)?;
    if dry_run || current {
        let why = if dry_run { "dry run" } else { "nothing changed since the last export" };
        talk.event("export", &format!("Export `{}` wrote nothing: {why}", export.name), &outcome.counts.0);
        return Ok(outcome);
    }
    let changed: BTreeSet<ClusterId> =
        hashes.iter().filter(|(id, hash)| held_by_recipient.get(id) != Some(*hash)).map(|(id, _)| id.clone()).collect();
    if export.mode == ExportMode::Delta {
        rows.retain(|row| changed.contains(&row.get().cluster_id));
    }
    let bytes = write_rows(&rows, &removed, export.fields(), export.format, export.mode)?;
    let row_count = rows.len();
    // The proofs end here: what they cleared is in the bytes, and the bytes leave in this function.
    drop(rows);
    write_pending(session, export, &bytes, row_count, removed.len(), &withheld_counts)?;
    let disclosed = hashes.into_iter().filter(|(id, _)| changed.contains(id));
    let disclosed: Vec<ExportedRow> = disclosed.map(|(cluster_id, row)| ExportedRow { cluster_id, row }).collect();
    record(session, export, &bytes, row_count, &disclosed, &removed, withheld_counts)?;
    outcome.file = settle(session, export)?;
    talk.event("export", &format!("Exported to `{}`", export.name), &outcome.counts.0);
    Ok(outcome)
}

/// Returns whether the recipient already has exactly this.
fn is_current(
    session: &Session,
    export: &ExportConfig,
    hashes: &BTreeMap<ClusterId, KeyedHash>,
    held: &BTreeMap<ClusterId, KeyedHash>,
) -> Result<bool, CommandError> {
    if hashes != held {
        return Ok(false);
    }
    if export.mode == ExportMode::Delta {
        return Ok(true);
    }
    let Some(last) = session.store.last_export(&export.name)? else { return Ok(false) };
    let on_disk = std::fs::read(file_path(export, &last.export_id)).ok().map(|bytes| file_sha256(&bytes));
    Ok(on_disk == Some(last.file_sha256))
}

/// Where an export waits, under a name that no recipient picks up, until the ledger has it.
fn pending_path(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".pending-{name}"))
}

/// Hands over what the ledger has recorded, and throws away what it has not: a run may have been killed between.
fn settle(session: &Session, export: &ExportConfig) -> Result<Option<PathBuf>, CommandError> {
    let recorded = session.store.last_export(&export.name)?;
    let next = next_id(session, export)?;
    let mut handed_over = None;
    for id in recorded.iter().map(|row| row.export_id.clone()).chain([next]) {
        let file = file_path(export, &id);
        let pending = pending_path(&file);
        if !pending.exists() {
            continue;
        }
        let hash = std::fs::read(&pending).ok().map(|bytes| file_sha256(&bytes));
        let known = recorded.as_ref().filter(|row| row.export_id == id && Some(&row.file_sha256) == hash.as_ref());
        let failed =
            |error: std::io::Error| CommandError::io(format!("failed to hand over `{}`: {error}", file.display()));
        for (from, to) in [(manifest_path(&pending), manifest_path(&file)), (pending.clone(), file.clone())] {
            if known.is_some() {
                std::fs::rename(&from, &to).map_err(failed)?;
            } else {
                std::fs::remove_file(&from).map_err(failed)?;
            }
        }
        handed_over = known.map(|_| file).or(handed_over);
    }
    Ok(handed_over)
}

fn manifest_path(file: &Path) -> PathBuf {
    file.with_extension("manifest.json")
}

/// A full export has one name, so that the next replaces it; a delta has one of its own.
fn file_path(export: &ExportConfig, export_id: &str) -> PathBuf {
    let extension = export.format.as_str();
    match export.mode {
        ExportMode::Full => export.path.join(format!("{}.{extension}", export.name)),
        ExportMode::Delta => export.path.join(format!("{export_id}.{extension}")),
    }
}

fn next_id(session: &Session, export: &ExportConfig) -> Result<String, CommandError> {
    let last = session.store.last_export(&export.name)?.map(|row| row.export_id);
    let number = last.and_then(|id| id.rsplit('-').next().and_then(|number| number.parse::<u64>().ok())).unwrap_or(0);
    Ok(format!("{}-{:06}", export.name, number + 1))
}

/// Writes file and manifest under their pending names.
fn write_pending(
    session: &Session,
    export: &ExportConfig,
    bytes: &[u8],
    rows: usize,
    removed: usize,
    withheld: &BTreeMap<String, u64>,
) -> Result<(), CommandError> {
    let export_id = next_id(session, export)?;
    let file = file_path(export, &export_id);
    std::fs::create_dir_all(&export.path)
        .map_err(|error| CommandError::io(format!("failed to make `{}`: {error}", export.path.display())))?;
    let manifest = Manifest {
        version: 1,
        export_id,
        pipeline: session.config.name.clone(),
        recipient: export.terms.name.clone(),
        country: export.terms.country.clone(),
        mechanism: export.terms.mechanism.as_str().to_owned(),
        mode: export.mode,
        format: export.format.as_str().to_owned(),
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        sha256: file_sha256(bytes),
        fields: export.fields().iter().map(|field| field.as_str().to_owned()).collect(),
        rows,
        removed,
        withheld: withheld.clone(),
        ledger_position: session.store.position(),
        policy_hash: session.config.policy.policy_hash.clone(),
        released_at: session.now,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| CommandError::integrity(error.to_string()))?;
    let pending = pending_path(&file);
    write_file(&manifest_path(&pending), format!("{text}\n").as_bytes())?;
    write_file(&pending, bytes)?;
    Ok(())
}

fn record(
    session: &mut Session,
    export: &ExportConfig,
    bytes: &[u8],
    row_count: usize,
    disclosed: &[ExportedRow],
    removed: &[ClusterId],
    withheld: BTreeMap<String, u64>,
) -> Result<(), CommandError> {
    let export_id = next_id(session, export)?;
    let recipient = export.name.clone();
    let chunk = |rows: &[ExportedRow], removed: &[ClusterId]| LedgerEvent::RecordsReleased {
        export_id: export_id.clone(),
        recipient: recipient.clone(),
        rows: rows.to_vec(),
        removed: removed.to_vec(),
    };
    let mut events: Vec<LedgerEvent> = disclosed.chunks(ROWS_PER_EVENT_MAX).map(|rows| chunk(rows, &[])).collect();
    events.extend(removed.chunks(ROWS_PER_EVENT_MAX).map(|ids| chunk(&[], ids)));
    events.push(LedgerEvent::ExportCompleted {
        export_id: export_id.clone(),
        recipient: recipient.clone(),
        format: export.format.as_str().to_owned(),
        mode: export.mode,
        file_sha256: file_sha256(bytes),
        row_count: row_count as u64,
        removed_count: removed.len() as u64,
        withheld,
    });
    session.store.commit(events)?;
    Ok(())
}
