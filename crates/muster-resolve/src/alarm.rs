//! Over-merge alarms: clusters that look like more than one entity, named for a steward.
//!
//! An alarm changes nothing about the clusters. The bounds are wide: an alarm that rings every day is heard by nobody.
//!
//! Invariant: an alarm is a code and a cluster, never a value.

use muster_model::EntityKind;

use crate::cluster::Clustering;

/// A person with more mentions than this is looked at by a steward.
const PERSON_MENTIONS_MAX: u32 = 200;
/// So is one with more family names.
const PERSON_NAMES_MAX: usize = 6;
/// Clusters of fewer mentions are not judged by their shape: a chain of three says little.
const SHAPE_MENTIONS_MIN: u32 = 12;
/// Of a person's pairs at least this share are links in themselves.
const DENSITY_MIN: f32 = 0.1;
/// A cluster whose parts hang together by less than this, in bits, was a close call.
const BRIDGE_MIN: f32 = -6.0;
/// More conflicting pairs than this inside one cluster mean that somebody tied two together.
const CONFLICTS_MAX: u32 = 3;

/// Clusters to look at.
pub(crate) struct Seen<'a> {
    pub(crate) clustering: &'a Clustering,
    pub(crate) kind: EntityKind,
}

/// Returns the code and the members of every cluster that asks for a look; `families` counts a cluster's family names.
pub(crate) fn find<'a>(seen: &Seen<'a>, families: &dyn Fn(&[u32]) -> usize) -> Vec<(&'static str, &'a [u32])> {
    let mut found = Vec::new();
    for (members, shape) in seen.clustering.groups().zip(&seen.clustering.shapes) {
        if seen.kind == EntityKind::Person && members.len() > 1 {
            if shape.size > PERSON_MENTIONS_MAX {
                found.push(("cluster.size", members));
            }
            if families(members) > PERSON_NAMES_MAX {
                found.push(("cluster.names", members));
            }
            if shape.size >= SHAPE_MENTIONS_MIN && shape.density < DENSITY_MIN {
                found.push(("cluster.density", members));
            }
            if shape.size >= SHAPE_MENTIONS_MIN && shape.bridge < BRIDGE_MIN {
                found.push(("cluster.bridge", members));
            }
        }
        if shape.conflict_count > CONFLICTS_MAX {
            found.push(("cluster.conflict", members));
        }
    }
    found
}

/// Returns codes for what grew beyond the last run: `grown.largest` where the largest cluster has more than twice the
/// mentions it had and at least twenty, `grown.mean` where clusters have half as many mentions again on average.
///
/// `mentions`, `clusters` and `largest` are of this run and of the last.
pub fn beyond_last_run(mentions: [usize; 2], clusters: [usize; 2], largest: [usize; 2]) -> Vec<&'static str> {
    let mut codes = Vec::new();
    if largest[0] >= 20 && largest[0] > 2 * largest[1] {
        codes.push("grown.largest");
    }
    // mentions[0] / clusters[0] > 1.5 * mentions[1] / clusters[1], in whole numbers.
    if clusters[1] > 0 && 2 * mentions[0] * clusters[1] > 3 * mentions[1] * clusters[0] {
        codes.push("grown.mean");
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_beyond_the_last_run_is_named() {
        assert!(beyond_last_run([1_000, 900], [400, 380], [30, 18]).is_empty());
        assert_eq!(beyond_last_run([1_000, 900], [400, 380], [60, 18]), ["grown.largest"]);
        assert_eq!(beyond_last_run([1_000, 1_000], [200, 400], [18, 18]), ["grown.mean"]);
    }
}
