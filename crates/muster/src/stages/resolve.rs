//! Resolve: who is who, under which id, and what survives; then the merge wall, then the MASTER.

use std::collections::BTreeMap;

use muster_gate::{Outcome, clear_merge};
use muster_model::{Assignment, EntityKind, ErasureReason, LedgerEvent, Master};
use muster_resolve::{assign_ids, resolve, survive};

use super::people::Notices;
use super::{Counts, sweep};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;

/// Assignments in one ledger event.
const ASSIGNMENTS_PER_EVENT_MAX: usize = 500;

/// Derives the MASTER anew from all live mentions and all human decisions.
///
/// # Errors
///
/// A store error.
pub(crate) fn resolve_all(session: &mut Session, talk: &Talk) -> Result<Counts, CommandError> {
    let mentions = session.store.mentions()?;
    let decisions = session.store.link_decisions()?;
    let previous = session.store.assignments()?;
    let resolution = resolve(&mentions, &decisions, &session.model);
    let mut counts = Counts::default();
    counts.add("mentions", mentions.len());
    counts.add("pairs", resolution.pairs.len());
    for alarm in &resolution.report.alarms {
        session.note(Exit::PersonNeeded);
        talk.warn("resolve.alarm", &format!("Over-merge alarm: {alarm}"));
    }
    let assigned = assign_ids(resolution.clusters, &mentions, &previous, &session.key);
    let masters = survive(&assigned.clusters, &mentions);
    session.store.commit(id_events(&assigned.changed, &assigned.merged))?;
    counts.add("reassigned", assigned.changed.len());
    counts.add("merged", assigned.merged.len());
    keep_masters(session, masters, &mut counts)?;
    talk.event("resolved", "Resolved mentions into MASTER records", &counts.0);
    Ok(counts)
}

fn id_events(
    changed: &[Assignment],
    merged: &[(muster_model::ClusterId, muster_model::ClusterId)],
) -> Vec<LedgerEvent> {
    let assigned = changed
        .chunks(ASSIGNMENTS_PER_EVENT_MAX)
        .map(|chunk| LedgerEvent::MentionsAssigned { assignments: chunk.to_vec() });
    let redirects =
        merged.iter().map(|(from, into)| LedgerEvent::ClusterMerged { from: from.clone(), into: into.clone() });
    assigned.chain(redirects).collect()
}

/// Puts every record through the merge wall and writes what passes.
fn keep_masters(session: &mut Session, masters: Vec<Master>, counts: &mut Counts) -> Result<(), CommandError> {
    let list = session.store.suppression_list()?;
    let waits = Notices::read(session)?.erasure_waits;
    let mut cleared = Vec::new();
    let mut denied = Vec::new();
    let mut reviews = BTreeMap::new();
    for master in masters {
        let (id, members) = (master.cluster_id().clone(), master.members().to_vec());
        let kind = master.kind();
        match clear_merge(master, &list, &session.key) {
            Outcome::Pass(proof) => {
                counts.add(if kind == EntityKind::Person { "people" } else { "companies" }, 1);
                cleared.push(proof);
            }
            Outcome::Hold(_, reasons) => {
                counts.add("held", 1);
                reviews.insert(id, reasons);
            }
            Outcome::Deny(_) => {
                counts.add("suppressed", 1);
                if !waits.contains(&id) {
                    denied.push((id, members));
                }
            }
        }
    }
    session.store.write_master(cleared)?;
    let mut erased = Counts::default();
    sweep::erase(session, denied, ErasureReason::Suppressed, &mut erased)?;
    let open = session.store.reviews()?.into_iter().filter(|review| review.decided.is_none());
    let known: Vec<String> = open.map(|review| review.review_id).collect();
    let mut events = Vec::new();
    for (cluster_id, reasons) in reviews {
        let review_id = format!("namesake-{cluster_id}");
        session.note(Exit::PersonNeeded);
        if !known.contains(&review_id) {
            events.push(LedgerEvent::ReviewQueued {
                review_id,
                subject: "namesake".into(),
                reason: reasons.first().map_or("", |reason| reason.code()).to_owned(),
                cluster_id: Some(cluster_id),
                mention_id: None,
                token: None,
                mail: None,
                locator: None,
            });
        }
    }
    session.store.commit(events)?;
    Ok(())
}
