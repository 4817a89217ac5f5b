//! Erasure: every file that holds a person is written again without them, and read back to prove it.
//!
//! The new files stand beside the old ones until the ledger names them in one commit; then the old ones go. A kill
//! before the commit leaves the old state, one after it the new; what is left over is swept at the next start.
//!
//! Invariant: when [`Store::erase`] returns, no file of the store holds the person. What stays are ids and keyed
//! hashes.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use muster_model::{ClusterId, ErasureReason, LedgerEvent, Master, Mention, MentionId, Position, SegmentRef};

use crate::index::Tree;
use crate::rows::MentionRow;
use crate::store::Store;
use crate::{Error, Fault, durable, files, segment, snapshot};

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErasureReport {
    /// People of whom something was held and nothing is any more.
    pub person_count: u64,
    /// Mentions that are gone.
    pub mention_count: u64,
    /// Segments that were written again or removed.
    pub segment_count: u64,
    /// MASTER records that are gone.
    pub record_count: u64,
    /// The ledger's position afterwards.
    pub position: Position,
}

/// What is to go, and what was prepared for it.
#[derive(Debug, Default)]
struct Plan {
    events: Vec<LedgerEvent>,
    old_segments: Vec<String>,
    old_snapshot: Option<String>,
    /// Clusters whose MASTER record goes.
    recorded: BTreeSet<ClusterId>,
    report: ErasureReport,
}

impl Store {
    /// Erases one person: these mentions, all others of the cluster, and the MASTER record.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for the disk, [`Error::Integrity`] where a file is not what it should be or the proof fails.
    pub fn erase(
        &mut self,
        cluster_id: &ClusterId,
        mentions: &[MentionId],
        reason: ErasureReason,
    ) -> Result<ErasureReport, Error> {
        self.erase_many(vec![(cluster_id.clone(), mentions.to_vec())], reason)
    }

    /// Erases several people; each file is written again once.
    ///
    /// # Errors
    ///
    /// As [`Store::erase`].
    pub fn erase_many(
        &mut self,
        people: Vec<(ClusterId, Vec<MentionId>)>,
        reason: ErasureReason,
    ) -> Result<ErasureReport, Error> {
        let assignments = self.assignments()?;
        let mut by_person: BTreeMap<ClusterId, BTreeSet<MentionId>> = BTreeMap::new();
        for (cluster_id, mentions) in people {
            by_person.entry(self.resolve_redirect(&cluster_id)?).or_default().extend(mentions);
        }
        for (mention_id, cluster_id) in assignments {
            if let Some(mentions) = by_person.get_mut(&cluster_id) {
                mentions.insert(mention_id);
            }
        }
        let all = by_person.values().flatten().cloned().collect();
        let live = self.live(&all)?;
        let mut plan = self.plan(&live, &by_person.keys().cloned().collect(), reason)?;
        for (cluster_id, mentions) in by_person {
            let mention_count = mentions.iter().filter(|id| live.contains_key(*id)).count() as u64;
            if mention_count > 0 || plan.recorded.contains(&cluster_id) {
                plan.events.push(LedgerEvent::PersonErased { cluster_id, reason, mention_count });
                plan.report.person_count += 1;
            }
        }
        self.carry_out(plan)
    }

    /// Erases mentions that belong to no cluster, such as held ones that were refused.
    ///
    /// # Errors
    ///
    /// As [`Store::erase`].
    pub fn erase_mentions(&mut self, mentions: &[MentionId], reason: ErasureReason) -> Result<ErasureReport, Error> {
        let live = self.live(&mentions.iter().cloned().collect())?;
        let plan = self.plan(&live, &BTreeSet::new(), reason)?;
        self.carry_out(plan)
    }

    /// Returns those of the mentions that the store has, with their segments.
    fn live(&self, ids: &BTreeSet<MentionId>) -> Result<BTreeMap<MentionId, String>, Error> {
        let mut live = BTreeMap::new();
        for id in ids {
            if let Some(row) = self.row::<MentionRow>(Tree::Mentions, &[id.as_str()])? {
                live.insert(id.clone(), row.segment);
            }
        }
        Ok(live)
    }

    /// Writes the new files aside and collects the events that put them in place.
    fn plan(
        &self,
        live: &BTreeMap<MentionId, String>,
        clusters: &BTreeSet<ClusterId>,
        reason: ErasureReason,
    ) -> Result<Plan, Error> {
        self.writable_at()?;
        let mut plan = Plan::default();
        let mut by_segment: BTreeMap<&String, BTreeSet<&MentionId>> = BTreeMap::new();
        for (id, segment) in live {
            by_segment.entry(segment).or_default().insert(id);
        }
        for (name, removed) in by_segment {
            let old = self.segment_ref(name)?;
            let new = self.rewrite_segment(name, &removed)?;
            let removed: Vec<MentionId> = removed.into_iter().cloned().collect();
            plan.report.mention_count += removed.len() as u64;
            plan.report.segment_count += 1;
            plan.events.push(LedgerEvent::SegmentReplaced { old, new, reason, removed });
            plan.old_segments.push(name.clone());
        }
        self.rewrite_snapshot(live, clusters, &mut plan)?;
        Ok(plan)
    }

    fn rewrite_segment(&self, name: &str, removed: &BTreeSet<&MentionId>) -> Result<Option<SegmentRef>, Error> {
        let mentions = self.read_segment(name)?;
        let rest: Vec<&Mention> = mentions.iter().filter(|it| !removed.contains(it.mention_id())).collect();
        if rest.is_empty() {
            return Ok(None);
        }
        let dir = self.paths.mentions();
        let new = files::write(&dir, &segment::encode(&rest)?)?;
        let gone = |bytes: Bytes| {
            let found = segment::decode(bytes)?;
            Ok(found.len() == rest.len() && found.iter().all(|it| !removed.contains(it.mention_id())))
        };
        self.prove(&dir, &new, gone)?;
        Ok(Some(new))
    }

    fn rewrite_snapshot(
        &self,
        live: &BTreeMap<MentionId, String>,
        clusters: &BTreeSet<ClusterId>,
        plan: &mut Plan,
    ) -> Result<(), Error> {
        let Some(version) = self.master_version()? else { return Ok(()) };
        let holds = |master: &Master| {
            clusters.contains(master.cluster_id()) || master.members().iter().any(|id| live.contains_key(id))
        };
        let (gone, rest): (Vec<Master>, Vec<Master>) = self.masters()?.into_iter().partition(holds);
        if gone.is_empty() {
            return Ok(());
        }
        plan.report.record_count = gone.len() as u64;
        plan.recorded = gone.iter().map(|master| master.cluster_id().clone()).collect();
        let bytes = snapshot::encode(&rest.iter().collect::<Vec<_>>())?;
        plan.events.push(self.write_snapshot(&rest, &bytes)?);
        plan.old_snapshot = Some(version.snapshot.name);
        let none = |bytes: Bytes| Ok(snapshot::decode(bytes)?.iter().all(|master| !holds(master)));
        self.prove(&self.paths.master(), &files::name_of(&bytes), none)
    }

    /// Reads a new file back from the disk and asks whether the people are gone from it.
    fn prove(
        &self,
        dir: &std::path::Path,
        file: &SegmentRef,
        gone: impl FnOnce(Bytes) -> Result<bool, String>,
    ) -> Result<(), Error> {
        let path = dir.join(&file.name);
        match gone(files::read(dir, file)?) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::integrity(&self.paths.root, Fault::NotErased { path })),
            Err(detail) => Err(Error::integrity(&self.paths.root, Fault::FileUnreadable { path, detail })),
        }
    }

    fn carry_out(&mut self, plan: Plan) -> Result<ErasureReport, Error> {
        let Plan { events, old_segments, old_snapshot, mut report, .. } = plan;
        if events.is_empty() {
            report.position = self.position();
            return Ok(report);
        }
        // The crawl queue holds addresses of pages about people. Losing it costs fetching again, so it goes first:
        // a kill in between loses nothing, while the other order could leave it behind.
        self.frontier = None;
        durable::remove_dir(&self.paths.frontier())?;
        durable::sync_dir(&self.paths.mentions())?;
        report.position = self.commit(events)?;
        files::remove(&self.paths.mentions(), old_segments.iter().map(String::as_str))?;
        files::remove(&self.paths.master(), old_snapshot.as_deref())?;
        let segments = old_segments.iter().map(|name| self.paths.mentions().join(name));
        let left = segments.chain(old_snapshot.map(|name| self.paths.master().join(name))).find(|path| path.exists());
        left.map_or(Ok(report), |path| Err(Error::integrity(&self.paths.root, Fault::NotErased { path })))
    }
}

#[cfg(test)]
mod tests;
