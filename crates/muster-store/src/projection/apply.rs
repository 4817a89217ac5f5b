//! What each event means for the rows.
//!
//! Invariant: applying an event again, in the same order, gives the same rows.

use std::collections::BTreeSet;

use muster_model::{
    Assignment, ClusterId, ErasureReason, ExportedRow, LedgerEntry, LedgerEvent, LinkDecision, MentionId,
    RejectionCount, SegmentRef, SourceName, SuppressionKey,
};

use super::mails::{acknowledgement, mail_read, moved_on};
use super::notices::{mention_removed, notice_changed, notice_intended};
use super::overlay::Overlay;
use crate::Error;
use crate::index::{Tree, last_part, prefix_of};
use crate::rows::{
    CaseOutcome, CaseRow, Disclosure, ErasedRow, ExportRow, HeldInfo, MasterVersion, MentionRow, NoticeState,
    RejectionRow, ReviewDecision, ReviewRow, SegmentRow, StageRow, SuppressionRow,
};

/// The key of the current snapshot in [`Tree::Meta`].
pub(crate) const SNAPSHOT_KEY: &str = "snapshot";

/// Projects one entry into the overlay.
pub(super) fn apply(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    use LedgerEvent as E;
    match &entry.event {
        E::StoreCreated { .. } => Ok(()),
        E::MentionsAdmitted { .. } => mentions_admitted(entry, rows),
        E::ValuesRejected { source, counts, .. } => values_rejected(source, counts, rows),
        E::HoldDecided { mention_id, keep } => {
            if *keep {
                rows.delete(Tree::Held, &[mention_id.as_str()]);
            }
            Ok(())
        }
        E::SegmentReplaced { old, new, reason, removed } => segment_replaced(old, new.as_ref(), *reason, removed, rows),
        E::MentionsAssigned { assignments } => mentions_assigned(assignments, rows),
        E::ClusterMerged { from, into } => cluster_merged(from, into, rows),
        E::LinkDecided { decision } => link_decided(decision, rows),
        E::MasterDerived { .. } => master_derived(entry, rows),
        E::NoticeIntended { .. } => notice_intended(entry, rows),
        E::NoticeSent { token } => notice_changed(token, rows, |row| {
            row.sent_at = Some(entry.at);
            // A bounce may be read before the sending is recorded; it still counts.
            if !matches!(row.state, NoticeState::Bounced { .. }) {
                row.state = NoticeState::Sent { at: entry.at };
            }
        }),
        E::NoticeInDoubt { token } => notice_changed(token, rows, |row| row.state = NoticeState::InDoubt),
        E::NoticeFailed { token, permanent, .. } => {
            notice_changed(token, rows, |row| row.state = NoticeState::Failed { permanent: *permanent })
        }
        E::NoticeBounced { token, permanent, status_code } => notice_changed(token, rows, |row| {
            // A later delay report does not bring a dead address back.
            if !matches!(row.state, NoticeState::Bounced { permanent: true, .. }) {
                let (at, permanent, status_code) = (entry.at, *permanent, status_code.clone());
                row.state = NoticeState::Bounced { at, permanent, status_code };
            }
        }),
        E::SuppressionAdded { entry: added } => {
            let row = SuppressionRow { position: entry.seq, entry: added.clone() };
            rows.put(Tree::Suppressions, &[&added.entry_id, &padded(entry.seq)], &row)
        }
        E::SuppressionLifted { entry_id, .. } => {
            for key in rows.keys(Tree::Suppressions, &prefix_of(&[entry_id]))? {
                rows.delete_key(Tree::Suppressions, key);
            }
            Ok(())
        }
        E::NamesakeConfirmed { entry_id, keys } => namesake_confirmed(entry_id, keys, rows),
        E::MailRead { .. } => mail_read(entry, rows),
        E::MailboxRead { cursor } => moved_on(cursor, rows),
        E::AcknowledgementOwed { .. } | E::AcknowledgementIntended { .. } | E::AcknowledgementEnded { .. } => {
            acknowledgement(entry, rows)
        }
        E::ReviewQueued { .. } | E::ReviewDecided { .. } => review(entry, rows),
        E::CaseOpened { .. } | E::CaseClosed { .. } => case(entry, rows),
        E::PersonErased { cluster_id, reason, mention_count } => {
            person_erased(entry, cluster_id, *reason, *mention_count, rows)
        }
        E::RecordsReleased { export_id, recipient, rows: released, removed } => {
            records_released(entry, export_id, recipient, released, rows)?;
            for cluster_id in removed {
                rows.delete(Tree::Released, &[recipient, cluster_id.as_str()]);
            }
            Ok(())
        }
        E::ExportCompleted { .. } => export_completed(entry, rows),
        E::StepCompleted { pipeline, step } => rows.put(Tree::Steps, &[pipeline, step], &entry.at),
        E::StageCompleted { stage, counts } => {
            let row = StageRow { stage: stage.clone(), at: entry.at, counts: counts.clone() };
            rows.put(Tree::Stages, &[stage], &row)
        }
    }
}

/// A position as a key part, so that keys sort by it.
fn padded(position: u64) -> String {
    format!("{position:020}")
}

fn mentions_admitted(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::MentionsAdmitted { segment, source, assessment_id, policy_hash, mentions, hold } = &entry.event
    else {
        return Ok(());
    };
    let row = SegmentRow {
        sha256: segment.sha256.clone(),
        source: source.clone(),
        assessment_id: assessment_id.clone(),
        policy_hash: policy_hash.clone(),
    };
    rows.put(Tree::Segments, &[&segment.name], &row)?;
    for mention in mentions {
        place(mention, &segment.name, rows)?;
        if let Some(reason) = hold {
            let held = HeldInfo { reason: reason.clone(), since: entry.at };
            rows.put(Tree::Held, &[mention.as_str()], &held)?;
        }
    }
    Ok(())
}

fn place(mention: &MentionId, segment: &str, rows: &mut Overlay<'_>) -> Result<(), Error> {
    rows.put(Tree::SegmentMentions, &[segment, mention.as_str()], &())?;
    rows.put(Tree::Mentions, &[mention.as_str()], &MentionRow { segment: segment.to_owned() })
}

fn values_rejected(source: &SourceName, counts: &[RejectionCount], rows: &mut Overlay<'_>) -> Result<(), Error> {
    for RejectionCount { code, field_class, count } in counts {
        let parts = [source.as_str(), code, field_class];
        let before: Option<RejectionRow> = rows.get(Tree::Rejections, &parts)?;
        let count = count + before.map_or(0, |row| row.count);
        let (source, code, field_class) = (source.clone(), code.clone(), field_class.clone());
        rows.put(Tree::Rejections, &parts, &RejectionRow { source, code, field_class, count })?;
    }
    Ok(())
}

fn segment_replaced(
    old: &SegmentRef,
    new: Option<&SegmentRef>,
    reason: ErasureReason,
    removed: &[MentionId],
    rows: &mut Overlay<'_>,
) -> Result<(), Error> {
    let mut removed: BTreeSet<String> = removed.iter().map(|id| id.as_str().to_owned()).collect();
    let terms: Option<SegmentRow> = rows.get(Tree::Segments, &[&old.name])?;
    rows.delete(Tree::Segments, &[&old.name]);
    if let (Some(new), Some(terms)) = (new, terms) {
        rows.put(Tree::Segments, &[&new.name], &SegmentRow { sha256: new.sha256.clone(), ..terms })?;
    }
    for key in rows.keys(Tree::SegmentMentions, &prefix_of(&[&old.name]))? {
        let mention = last_part(&key);
        rows.delete_key(Tree::SegmentMentions, key);
        match new {
            Some(new) if !removed.contains(&mention) => place(&MentionId::new(mention), &new.name, rows)?,
            Some(_) | None => {
                for tree in [Tree::Mentions, Tree::Held, Tree::Assignments] {
                    rows.delete(tree, &[&mention]);
                }
                removed.insert(mention);
            }
        }
    }
    for mention in &removed {
        mention_removed(mention, rows)?;
        if stays_gone(reason) {
            rows.put(Tree::Gone, &[mention], &reason)?;
        }
    }
    Ok(())
}

/// Returns whether a mention erased for this reason must not be kept again when the next crawl meets it.
const fn stays_gone(reason: ErasureReason) -> bool {
    match reason {
        ErasureReason::NoticeOverdue
        | ErasureReason::Unreachable
        | ErasureReason::RetentionEnded
        | ErasureReason::LeftEmployer
        | ErasureReason::HoldEnded => true,
        // The suppression list decides, and lets the person back in where they lift their own word.
        ErasureReason::Suppressed => false,
    }
}

fn mentions_assigned(assignments: &[Assignment], rows: &mut Overlay<'_>) -> Result<(), Error> {
    for Assignment { mention_id, cluster_id } in assignments {
        rows.put(Tree::Assignments, &[mention_id.as_str()], cluster_id)?;
        // An id that has mentions again lives: after an unmerge it redirects no longer.
        rows.delete(Tree::Redirects, &[cluster_id.as_str()]);
        rows.delete(Tree::Erased, &[cluster_id.as_str()]);
    }
    Ok(())
}

fn cluster_merged(from: &ClusterId, into: &ClusterId, rows: &mut Overlay<'_>) -> Result<(), Error> {
    if from == into {
        return Ok(());
    }
    rows.delete(Tree::Redirects, &[into.as_str()]);
    rows.put(Tree::Redirects, &[from.as_str()], into)
}

fn link_decided(decision: &LinkDecision, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let (left, right) = (decision.left.as_str(), decision.right.as_str());
    // The last word about a pair counts, whichever way round it was asked.
    rows.put(Tree::Links, &[left.min(right), left.max(right)], decision)
}

fn master_derived(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::MasterDerived { snapshot, person_count, company_count } = &entry.event else { return Ok(()) };
    let version = MasterVersion {
        position: entry.seq,
        derived_at: entry.at,
        snapshot: snapshot.clone(),
        person_count: *person_count,
        company_count: *company_count,
    };
    rows.put(Tree::Meta, &[SNAPSHOT_KEY], &version)
}

fn namesake_confirmed(entry_id: &str, keys: &[SuppressionKey], rows: &mut Overlay<'_>) -> Result<(), Error> {
    for key in rows.keys(Tree::Suppressions, &prefix_of(&[entry_id]))? {
        let position = last_part(&key);
        let Some(mut row) = rows.get::<SuppressionRow>(Tree::Suppressions, &[entry_id, &position])? else { continue };
        row.entry.confirmed_keys.extend(keys);
        row.entry.confirmed_keys.sort();
        row.entry.confirmed_keys.dedup();
        rows.put_key(Tree::Suppressions, key, &row)?;
    }
    Ok(())
}

fn review(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    if let LedgerEvent::ReviewDecided { review_id, decision } = &entry.event {
        let Some(mut row) = rows.get::<ReviewRow>(Tree::Reviews, &[review_id])? else { return Ok(()) };
        row.decided = Some(ReviewDecision { at: entry.at, decision: decision.clone() });
        return rows.put(Tree::Reviews, &[review_id], &row);
    }
    let LedgerEvent::ReviewQueued { review_id, subject, reason, cluster_id, mention_id, token, mail, locator } =
        &entry.event
    else {
        return Ok(());
    };
    // While it is open, a second run that finds the same doubt changes nothing; after a decision, it is a new doubt.
    if rows.get::<ReviewRow>(Tree::Reviews, &[review_id])?.is_some_and(|row| row.decided.is_none()) {
        return Ok(());
    }
    let row = ReviewRow {
        review_id: review_id.clone(),
        subject: subject.clone(),
        reason: reason.clone(),
        cluster_id: cluster_id.clone(),
        mention_id: mention_id.clone(),
        token: token.clone(),
        mail: *mail,
        locator: locator.clone(),
        queued_at: entry.at,
        decided: None,
    };
    rows.put(Tree::Reviews, &[review_id], &row)
}

fn case(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    if let LedgerEvent::CaseClosed { case_id, outcome } = &entry.event {
        let Some(mut row) = rows.get::<CaseRow>(Tree::Cases, &[case_id.as_str()])? else { return Ok(()) };
        row.closed = Some(CaseOutcome { at: entry.at, outcome: outcome.clone() });
        return rows.put(Tree::Cases, &[case_id.as_str()], &row);
    }
    let LedgerEvent::CaseOpened { case_id, kind, channel, cluster_id, received_at, due_at } = &entry.event else {
        return Ok(());
    };
    let row = CaseRow {
        case_id: case_id.clone(),
        kind: *kind,
        channel: channel.clone(),
        cluster_id: cluster_id.clone(),
        received_at: *received_at,
        due_at: *due_at,
        closed: None,
    };
    rows.put(Tree::Cases, &[case_id.as_str()], &row)
}

fn person_erased(
    entry: &LedgerEntry,
    cluster_id: &ClusterId,
    reason: ErasureReason,
    mention_count: u64,
    rows: &mut Overlay<'_>,
) -> Result<(), Error> {
    let row = ErasedRow { cluster_id: cluster_id.clone(), reason, mention_count, at: entry.at };
    rows.put(Tree::Erased, &[cluster_id.as_str()], &row)
}

fn records_released(
    entry: &LedgerEntry,
    export_id: &str,
    recipient: &str,
    released: &[ExportedRow],
    rows: &mut Overlay<'_>,
) -> Result<(), Error> {
    for ExportedRow { cluster_id, row } in released {
        rows.put(Tree::Released, &[recipient, cluster_id.as_str()], row)?;
        let parts = [cluster_id.as_str(), recipient];
        let first: Option<Disclosure> = rows.get(Tree::Disclosures, &parts)?;
        let disclosure = Disclosure {
            recipient: recipient.to_owned(),
            first_at: first.map_or(entry.at, |row| row.first_at),
            last_at: entry.at,
            export_id: export_id.to_owned(),
        };
        rows.put(Tree::Disclosures, &parts, &disclosure)?;
    }
    Ok(())
}

fn export_completed(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::ExportCompleted {
        export_id,
        recipient,
        format,
        mode,
        file_sha256,
        row_count,
        removed_count,
        withheld,
    } = &entry.event
    else {
        return Ok(());
    };
    let row = ExportRow {
        export_id: export_id.clone(),
        recipient: recipient.clone(),
        format: format.clone(),
        mode: *mode,
        file_sha256: file_sha256.clone(),
        row_count: *row_count,
        removed_count: *removed_count,
        withheld: withheld.clone(),
        at: entry.at,
        position: entry.seq,
    };
    rows.put(Tree::Exports, &[recipient, &padded(entry.seq)], &row)
}
