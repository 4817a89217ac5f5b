//! Stable ids: which cluster of this run is which cluster of the last.
//!
//! An id belongs to the part that holds the oldest of its mentions. On a merge the older id lives on, on a split the
//! part with the oldest mention keeps it. Only the binary and the ledger know earlier runs; here they are an argument.
//!
//! Invariant: no id is given to two clusters, and none that a mention had before goes to mentions that never had it.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{Assignment, ClusterId, EntityKind, KeyLabel, Mention, MentionId, SecretKey, Timestamp};

use crate::resolve::Cluster;

/// Characters of the hash in a cluster's id: 100 bits.
const ID_CHARS: usize = 20;

/// Clusters with their ids, and what changed since the last run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdAssignment {
    /// The clusters, sorted by id.
    pub clusters: Vec<(ClusterId, Cluster)>,
    /// The mentions whose cluster is new or another than before, sorted.
    pub changed: Vec<Assignment>,
    /// Ids that live on in another: from, into; sorted.
    pub merged: Vec<(ClusterId, ClusterId)>,
}

/// How old a mention is; ties go by id.
type Age<'a> = (Timestamp, &'a MentionId);

/// Gives clusters their ids.
///
/// `previous` is the assignment of the last run, erased mentions included or not. The id of a new cluster is derived
/// from its oldest mention; where that id is taken, it is derived again with a number.
pub fn assign_ids(
    clusters: Vec<Cluster>,
    mentions: &[Mention],
    previous: &BTreeMap<MentionId, ClusterId>,
    key: &SecretKey,
) -> IdAssignment {
    let mut seen_at: BTreeMap<&MentionId, Timestamp> = BTreeMap::new();
    for mention in mentions {
        let seen = seen_at.entry(mention.mention_id()).or_insert_with(|| mention.seen_at());
        *seen = (*seen).min(mention.seen_at());
    }
    let age = |mention| -> Age<'_> { (seen_at.get(mention).copied().unwrap_or(Timestamp::MAX), mention) };
    let (kept, merged) = inherit(&clusters, previous, &age);

    let mut taken: BTreeSet<ClusterId> = previous.values().cloned().collect();
    let mut fresh: Vec<(Age<'_>, usize)> = clusters
        .iter()
        .enumerate()
        .filter(|(index, _)| !kept.contains_key(index))
        .filter_map(|(index, cluster)| Some((cluster.members.iter().map(age).min()?, index)))
        .collect();
    fresh.sort();
    let mut ids = kept;
    for ((_, oldest), index) in fresh {
        let id = fresh_id(clusters[index].kind, oldest, &taken, key);
        taken.insert(id.clone());
        ids.insert(index, id);
    }

    let mut result = IdAssignment { merged, ..IdAssignment::default() };
    for (index, cluster) in clusters.into_iter().enumerate() {
        let Some(id) = ids.remove(&index) else { continue };
        let moved = cluster.members.iter().filter(|&mention| previous.get(mention) != Some(&id));
        result.changed.extend(moved.map(|mention| Assignment { mention_id: mention.clone(), cluster_id: id.clone() }));
        result.clusters.push((id, cluster));
    }
    result.clusters.sort_by(|a, b| a.0.cmp(&b.0));
    result.changed.sort();
    result
}

/// Which clusters keep which id, and which ids went into others.
fn inherit<'a>(
    clusters: &'a [Cluster],
    previous: &BTreeMap<MentionId, ClusterId>,
    age: &impl Fn(&'a MentionId) -> Age<'a>,
) -> (BTreeMap<usize, ClusterId>, Vec<(ClusterId, ClusterId)>) {
    // The oldest mention that each id still has, and the cluster it is in now.
    let mut holders: BTreeMap<&ClusterId, (Age<'a>, usize)> = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        for mention in &cluster.members {
            let Some(id) = previous.get(mention) else { continue };
            let holder = (age(mention), index);
            let oldest = holders.entry(id).or_insert(holder);
            *oldest = (*oldest).min(holder);
        }
    }
    let mut claims: BTreeMap<usize, Vec<(Age<'a>, &ClusterId)>> = BTreeMap::new();
    for (id, (oldest, index)) in holders {
        claims.entry(index).or_default().push((oldest, id));
    }
    let mut kept = BTreeMap::new();
    let mut merged = Vec::new();
    for (index, mut claims) in claims {
        claims.sort();
        let mut claims = claims.into_iter().map(|(_, id)| id);
        let Some(oldest) = claims.next() else { continue };
        merged.extend(claims.map(|id| (id.clone(), oldest.clone())));
        kept.insert(index, oldest.clone());
    }
    merged.sort();
    (kept, merged)
}

fn fresh_id(kind: EntityKind, oldest: &MentionId, taken: &BTreeSet<ClusterId>, key: &SecretKey) -> ClusterId {
    let prefix = match kind {
        EntityKind::Person => "p-",
        EntityKind::Company => "c-",
    };
    let make = |hash: muster_model::KeyedHash| ClusterId::new(format!("{prefix}{}", hash.to_base32(ID_CHARS)));
    let mention = oldest.as_str().as_bytes();
    let first = make(key.hash(KeyLabel::Cluster, &[mention]));
    if !taken.contains(&first) {
        return first;
    }
    (0..=taken.len())
        .map(|number| make(key.hash(KeyLabel::Cluster, &[mention, number.to_string().as_bytes()])))
        .find(|id| !taken.contains(id))
        .expect("one number more than there are ids")
}

#[cfg(test)]
mod tests;
