//! What the store answers: mentions and records from the files, everything else from the index.
//!
//! Invariant: every list is sorted, so the same store gives the same answer.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::SuppressionList;
use muster_model::{
    Assignment, ClusterId, KeyedHash, LinkDecision, MailCursor, Master, Mention, MentionId, NoticeToken, SegmentRef,
    Timestamp,
};
use serde::de::DeserializeOwned;

use crate::index::{Index as _, Tree, key_of, last_part, prefix_of};
use crate::projection::SNAPSHOT_KEY;
use crate::rows::{
    AckRow, CaseRow, Disclosure, ErasedRow, ExportRow, HeldInfo, MailRow, MasterVersion, MentionRow, NoticeRow,
    RejectionRow, ReviewRow, SegmentRow, StageRow, SuppressionRow,
};
use crate::store::Store;
use crate::{Error, Fault, files, segment, snapshot};

impl Store {
    fn parsed<T: DeserializeOwned>(&self, tree: Tree, bytes: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(bytes).map_err(|error| Error::Index {
            path: self.paths.index(),
            detail: format!("a row of `{}` cannot be read: {error}", tree.name()),
        })
    }

    pub(crate) fn row<T: DeserializeOwned>(&self, tree: Tree, parts: &[&str]) -> Result<Option<T>, Error> {
        self.index.get(tree, &key_of(parts))?.map(|bytes| self.parsed(tree, &bytes)).transpose()
    }

    fn rows<T: DeserializeOwned>(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<(String, T)>, Error> {
        let rows = self.index.scan(tree, prefix)?.into_iter();
        rows.map(|(key, bytes)| Ok((last_part(&key), self.parsed(tree, &bytes)?))).collect()
    }

    fn values<T: DeserializeOwned>(&self, tree: Tree, prefix: &[u8]) -> Result<Vec<T>, Error> {
        Ok(self.rows(tree, prefix)?.into_iter().map(|(_, row)| row).collect())
    }

    /// Returns whether the store has this mention, held or not.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails; so for every query below.
    pub fn contains_mention(&self, id: &MentionId) -> Result<bool, Error> {
        Ok(self.index.get(Tree::Mentions, id.as_str().as_bytes())?.is_some())
    }

    /// Returns whether a mention was erased for a reason that keeps it from coming back.
    pub(crate) fn erased_for_good(&self, id: &MentionId) -> Result<bool, Error> {
        Ok(self.index.get(Tree::Gone, id.as_str().as_bytes())?.is_some())
    }

    /// Returns all mentions that are not held, sorted by id.
    ///
    /// # Errors
    ///
    /// [`Error::Integrity`] where a file is missing or changed.
    pub fn mentions(&self) -> Result<Vec<Mention>, Error> {
        let held: BTreeSet<String> = self.rows::<HeldInfo>(Tree::Held, b"")?.into_iter().map(|(id, _)| id).collect();
        self.read_mentions(|id| !held.contains(id))
    }

    /// Returns the held mentions with why and since when, sorted by id.
    ///
    /// # Errors
    ///
    /// As [`Store::mentions`].
    pub fn held(&self) -> Result<Vec<(Mention, HeldInfo)>, Error> {
        let mut held: BTreeMap<String, HeldInfo> = self.rows(Tree::Held, b"")?.into_iter().collect();
        let mentions = self.read_mentions(|id| held.contains_key(id))?;
        let with_info = |mention: Mention| held.remove(mention.mention_id().as_str()).map(|info| (mention, info));
        Ok(mentions.into_iter().filter_map(with_info).collect())
    }

    /// Returns those of the mentions named that the store has, held or not, sorted by id.
    ///
    /// # Errors
    ///
    /// As [`Store::mentions`].
    pub fn mentions_by_id(&self, ids: &BTreeSet<MentionId>) -> Result<Vec<Mention>, Error> {
        let ids: BTreeSet<&str> = ids.iter().map(MentionId::as_str).collect();
        self.read_mentions(|id| ids.contains(id))
    }

    /// Reads the live mentions that are wanted; only files that hold one are opened.
    fn read_mentions(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<Mention>, Error> {
        let mut by_segment: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, row) in self.rows::<MentionRow>(Tree::Mentions, b"")? {
            if wanted(&id) {
                by_segment.entry(row.segment).or_default().insert(id);
            }
        }
        let mut mentions = Vec::new();
        for (name, ids) in by_segment {
            let before = mentions.len();
            let all = self.read_segment(&name)?;
            mentions.extend(all.into_iter().filter(|mention| ids.contains(mention.mention_id().as_str())));
            if mentions.len() - before != ids.len() {
                let path = self.paths.mentions().join(name);
                return Err(Error::integrity(&self.paths.root, Fault::SegmentRows { path }));
            }
        }
        mentions.sort_by(|left, right| left.mention_id().cmp(right.mention_id()));
        Ok(mentions)
    }

    /// Returns the file of a segment with its hash.
    pub(crate) fn segment_ref(&self, name: &str) -> Result<SegmentRef, Error> {
        let row: Option<SegmentRow> = self.row(Tree::Segments, &[name])?;
        let path = self.paths.mentions().join(name);
        let row = row.ok_or_else(|| Error::integrity(&self.paths.root, Fault::FileMissing { path }))?;
        Ok(SegmentRef { name: name.to_owned(), sha256: row.sha256 })
    }

    /// Returns all mentions of a segment.
    pub(crate) fn read_segment(&self, name: &str) -> Result<Vec<Mention>, Error> {
        let dir = self.paths.mentions();
        let bytes = files::read(&dir, &self.segment_ref(name)?)?;
        segment::decode(bytes).map_err(|detail| {
            Error::integrity(&self.paths.root, Fault::FileUnreadable { path: dir.join(name), detail })
        })
    }

    /// Returns each mention's cluster, redirects followed.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn assignments(&self) -> Result<BTreeMap<MentionId, ClusterId>, Error> {
        let redirects = self.redirects()?;
        let rows: Vec<(String, ClusterId)> = self.rows(Tree::Assignments, b"")?;
        Ok(rows.into_iter().map(|(id, cluster)| (MentionId::new(id), follow(&redirects, cluster))).collect())
    }

    /// Returns the assignments of one cluster, redirects followed, sorted by mention.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn members(&self, id: &ClusterId) -> Result<Vec<Assignment>, Error> {
        let id = self.resolve_redirect(id)?;
        let all = self.assignments()?.into_iter().filter(|(_, cluster_id)| *cluster_id == id);
        Ok(all.map(|(mention_id, cluster_id)| Assignment { mention_id, cluster_id }).collect())
    }

    fn redirects(&self) -> Result<BTreeMap<String, ClusterId>, Error> {
        Ok(self.rows(Tree::Redirects, b"")?.into_iter().collect())
    }

    /// Returns the id that a cluster lives on under, which is its own where it was never merged.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn resolve_redirect(&self, id: &ClusterId) -> Result<ClusterId, Error> {
        let (mut id, mut seen) = (id.clone(), BTreeSet::new());
        // Link by link: reading every redirect for one id would make a large inbox slow.
        while let Some(next) = self.row::<ClusterId>(Tree::Redirects, &[id.as_str()])? {
            if !seen.insert(id.clone()) {
                break;
            }
            id = next;
        }
        Ok(id)
    }

    /// Returns what stewards decided about pairs of mentions; the last word about each.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn link_decisions(&self) -> Result<Vec<LinkDecision>, Error> {
        self.values(Tree::Links, b"")
    }

    /// Returns which MASTER is current, and from where.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn master_version(&self) -> Result<Option<MasterVersion>, Error> {
        self.row(Tree::Meta, &[SNAPSHOT_KEY])
    }

    /// Returns the MASTER records of the current snapshot, sorted by id; none before the first.
    ///
    /// # Errors
    ///
    /// [`Error::Integrity`] where the file is missing or changed.
    pub fn masters(&self) -> Result<Vec<Master>, Error> {
        let Some(version) = self.master_version()? else { return Ok(Vec::new()) };
        let dir = self.paths.master();
        let bytes = files::read(&dir, &version.snapshot)?;
        snapshot::decode(bytes).map_err(|detail| {
            let path = dir.join(&version.snapshot.name);
            Error::integrity(&self.paths.root, Fault::FileUnreadable { path, detail })
        })
    }

    /// Returns one MASTER record; an id that was merged away finds the record it became part of.
    ///
    /// # Errors
    ///
    /// As [`Store::masters`].
    pub fn master(&self, id: &ClusterId) -> Result<Option<Master>, Error> {
        let id = self.resolve_redirect(id)?;
        Ok(self.masters()?.into_iter().find(|master| *master.cluster_id() == id))
    }

    /// Returns the suppression list as it stands now, in the order in which entries were added.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn suppression_list(&self) -> Result<SuppressionList, Error> {
        let mut rows: Vec<SuppressionRow> = self.values(Tree::Suppressions, b"")?;
        rows.sort_by_key(|row| row.position);
        Ok(SuppressionList::new(rows.into_iter().map(|row| row.entry).collect(), self.position()))
    }

    /// Returns all notices, sorted by token, with today's cluster ids.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn notices(&self) -> Result<Vec<NoticeRow>, Error> {
        let redirects = self.redirects()?;
        let mut rows: Vec<NoticeRow> = self.values(Tree::Notices, b"")?;
        for row in &mut rows {
            row.cluster_id = follow(&redirects, row.cluster_id.clone());
        }
        Ok(rows)
    }

    /// Returns one notice.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn notice(&self, token: &NoticeToken) -> Result<Option<NoticeRow>, Error> {
        let Some(mut row) = self.row::<NoticeRow>(Tree::Notices, &[token.as_str()])? else { return Ok(None) };
        row.cluster_id = self.resolve_redirect(&row.cluster_id)?;
        Ok(Some(row))
    }

    /// Returns all rights cases, open and closed, sorted by id.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn cases(&self) -> Result<Vec<CaseRow>, Error> {
        let redirects = self.redirects()?;
        let mut rows: Vec<CaseRow> = self.values(Tree::Cases, b"")?;
        for row in &mut rows {
            row.cluster_id = row.cluster_id.take().map(|id| follow(&redirects, id));
        }
        Ok(rows)
    }

    /// Returns all reviews, open and decided, sorted by id.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn reviews(&self) -> Result<Vec<ReviewRow>, Error> {
        let redirects = self.redirects()?;
        let mut rows: Vec<ReviewRow> = self.values(Tree::Reviews, b"")?;
        for row in &mut rows {
            row.cluster_id = row.cluster_id.take().map(|id| follow(&redirects, id));
        }
        Ok(rows)
    }

    /// Returns whether a mail was read before.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn mail_seen(&self, mail: &KeyedHash) -> Result<bool, Error> {
        Ok(self.index.get(Tree::Mails, mail.to_hex().as_bytes())?.is_some())
    }

    /// Returns the mails that were read, sorted by hash.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn mails(&self) -> Result<Vec<MailRow>, Error> {
        self.values(Tree::Mails, b"")
    }

    /// Returns one mail that was read.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn mail(&self, mail: &KeyedHash) -> Result<Option<MailRow>, Error> {
        self.row(Tree::Mails, &[&mail.to_hex()])
    }

    /// Returns how far the folders of all mailboxes have been read.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn mail_cursors(&self) -> Result<Vec<MailCursor>, Error> {
        self.values(Tree::Cursors, b"")
    }

    /// Returns all acknowledgements, sorted by token.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn acknowledgements(&self) -> Result<Vec<AckRow>, Error> {
        self.values(Tree::Acknowledgements, b"")
    }

    /// Returns what a recipient holds now: everything released less what was removed, with each row's hash.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn released(&self, recipient: &str) -> Result<BTreeMap<ClusterId, KeyedHash>, Error> {
        let rows: Vec<(String, KeyedHash)> = self.rows(Tree::Released, &prefix_of(&[recipient]))?;
        Ok(rows.into_iter().map(|(id, hash)| (ClusterId::new(id), hash)).collect())
    }

    /// Returns to whom and when a person's data were disclosed, under any id that they had.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn disclosures(&self, id: &ClusterId) -> Result<Vec<Disclosure>, Error> {
        let redirects = self.redirects()?;
        let id = follow(&redirects, id.clone());
        let earlier = redirects.keys().filter(|from| follow(&redirects, ClusterId::new(from.as_str())) == id);
        let mut all: Vec<Disclosure> = self.values(Tree::Disclosures, &prefix_of(&[id.as_str()]))?;
        for from in earlier {
            all.extend(self.values(Tree::Disclosures, &prefix_of(&[from]))?);
        }
        all.sort_by(|left, right| (&left.recipient, left.first_at).cmp(&(&right.recipient, right.first_at)));
        Ok(all)
    }

    /// Returns the last export to a recipient that was written whole.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn last_export(&self, recipient: &str) -> Result<Option<ExportRow>, Error> {
        Ok(self.values(Tree::Exports, &prefix_of(&[recipient]))?.pop())
    }

    /// Returns when a step of a pipeline was completed, if it was.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn step_completed(&self, pipeline: &str, step: &str) -> Result<Option<Timestamp>, Error> {
        self.row(Tree::Steps, &[pipeline, step])
    }

    /// Returns the last run of each stage, sorted by stage.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn stages(&self) -> Result<Vec<StageRow>, Error> {
        self.values(Tree::Stages, b"")
    }

    /// Returns how often the intake gate refused what, by source, code and class of field.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn rejections(&self) -> Result<Vec<RejectionRow>, Error> {
        self.values(Tree::Rejections, b"")
    }

    /// Returns who was erased and why, sorted by id.
    ///
    /// # Errors
    ///
    /// [`Error::Index`] where the index fails.
    pub fn erasures(&self) -> Result<Vec<ErasedRow>, Error> {
        self.values(Tree::Erased, b"")
    }
}

/// Follows redirects to their end; a ring, which no writer makes, ends where it began.
fn follow(redirects: &BTreeMap<String, ClusterId>, id: ClusterId) -> ClusterId {
    let mut seen = BTreeSet::new();
    let mut id = id;
    while let Some(next) = redirects.get(id.as_str()) {
        if !seen.insert(id.clone()) {
            break;
        }
        id = next.clone();
    }
    id
}
