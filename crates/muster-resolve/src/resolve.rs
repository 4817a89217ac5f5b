//! The whole resolution: mentions and decisions in, clusters, scored pairs and a report out.
//!
//! Invariant: pure, and the same to the last byte for any order of the input and any number of threads.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{EntityKind, LinkDecision, Mention, MentionId};
use serde::Serialize;

use crate::block::rule_name;
use crate::model::Model;
use crate::population::People;
use crate::side::{Clustered, Entities, Side, both};

/// A person with more mentions than this is looked at by a steward.
const PERSON_MENTIONS_MAX: usize = 60;
/// So is a company with more.
const COMPANY_MENTIONS_MAX: usize = 2_000;
/// So is a person with more family names, initials taken into account.
const PERSON_NAMES_MAX: usize = 3;

/// What became of the mentions.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// Every mention in exactly one cluster; companies first, then by smallest mention id.
    pub clusters: Vec<Cluster>,
    /// Pairs that weigh enough to be worth a look, sorted by ids.
    pub pairs: Vec<ScoredPair>,
    /// Counts, caps and alarms.
    pub report: ResolveReport,
}

/// Mentions of one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// What it is about.
    pub kind: EntityKind,
    /// Its mentions, sorted; never empty.
    pub members: Vec<MentionId>,
}

/// A pair that was compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoredPair {
    /// The mention with the smaller id.
    pub left: MentionId,
    /// The other.
    pub right: MentionId,
    /// The match weight: log2 of the odds that they are one.
    pub weight: f64,
    /// Whether the pair is a link: heavy enough, and both ended in one cluster.
    pub linked: bool,
}

/// Counts of a resolution; it holds no personal value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ResolveReport {
    /// Mentions of people.
    pub person_mention_count: usize,
    /// Mentions of companies.
    pub company_mention_count: usize,
    /// Mentions whose id had been seen before and that were left out.
    pub duplicate_id_count: usize,
    /// Clusters of people.
    pub person_count: usize,
    /// Clusters of companies.
    pub company_count: usize,
    /// Pairs that blocking brought together, each compared once.
    pub candidate_pair_count: usize,
    /// Pairs that were linked.
    pub linked_pair_count: usize,
    /// Unions refused because a steward said no.
    pub refused_by_decision_count: usize,
    /// Unions refused because a pair across them is in conflict.
    pub refused_by_conflict_count: usize,
    /// Unions refused because the pairs across them weigh too little on the whole.
    pub refused_by_mean_count: usize,
    /// Must-links that contradict a cannot-link, which held.
    pub contradiction_count: usize,
    /// Blocking rules with keys that too many mentions share, whose pairs were capped.
    pub hot_keys: Vec<HotKey>,
    /// Codes of clusters that look over-merged, each with the cluster's smallest mention id.
    pub alarms: Vec<String>,
}

/// The keys of one blocking rule whose pairs were capped, without their values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HotKey {
    /// Whose keys they are.
    pub kind: EntityKind,
    /// The blocking rule.
    pub rule: String,
    /// How many of its keys were capped.
    pub key_count: usize,
    /// How many mentions share the hottest of them.
    pub mention_count: usize,
}

/// Resolves mentions into clusters.
///
/// Of several decisions about one pair the last counts; for the rest neither their order nor that of the mentions
/// matters. Of two mentions with one id the older is taken.
///
/// # Examples
///
/// ```
/// use muster_model::{EntityKind, Mention, MentionId, MentionRecord, SourceName, Timestamp};
/// let mention = |id: &str, name: &str| {
///     let mut record = MentionRecord::new(EntityKind::Person);
///     record.mention_id = MentionId::new(id);
///     record.name = Some(name.to_owned());
///     record.company = Some("Nordwind Logistik GmbH".to_owned());
///     record.source = Some(SourceName::new("web"));
///     record.seen_at = Some(Timestamp::UNIX_EPOCH);
///     Mention::new(record).expect("id, source and instant are set")
/// };
/// let mentions = [mention("1", "Dr. Anna Müller"), mention("2", "Mueller, Anna"), mention("3", "Jan Weber")];
/// let resolution = muster_resolve::resolve(&mentions, &[], &muster_resolve::Model::shipped());
/// assert_eq!(resolution.clusters.len(), 2);
/// ```
pub fn resolve(mentions: &[Mention], decisions: &[LinkDecision], model: &Model) -> Resolution {
    let (companies, clustered_companies, people) = both(mentions, decisions, model);
    let clustered_people = people.cluster(decisions);
    let mut resolution = Resolution { clusters: Vec::new(), pairs: Vec::new(), report: ResolveReport::default() };
    let report = &mut resolution.report;
    report.person_mention_count = people.mentions.len();
    report.company_mention_count = companies.mentions.len();
    report.duplicate_id_count = mentions.len() - people.mentions.len() - companies.mentions.len();
    report.person_count = clustered_people.clustering.groups.len();
    report.company_count = clustered_companies.clustering.groups.len();
    for (side, clustered) in [(&companies, clustered_companies), (&people, clustered_people)] {
        add_side(&mut resolution, side, clustered);
    }
    resolution.report.hot_keys.sort();
    resolution.pairs.sort_by(|a, b| (&a.left, &a.right).cmp(&(&b.left, &b.right)));
    resolution
}

fn add_side(resolution: &mut Resolution, side: &Side<'_>, clustered: Clustered) {
    let Clustered { clustering, candidate_count, capped, listed } = clustered;
    let id = |place: u32| side.mentions[place as usize].mention_id().clone();
    let mut cluster_of = vec![0_usize; side.mentions.len()];
    for (number, group) in clustering.groups.iter().enumerate() {
        for &place in group {
            cluster_of[place as usize] = number;
        }
        let members: Vec<MentionId> = group.iter().map(|&place| id(place)).collect();
        let first = group.first().map(|&place| id(place));
        resolution.report.alarms.extend(
            alarms(side, group).into_iter().zip(first.iter().cycle()).map(|(code, first)| format!("{code}:{first}")),
        );
        resolution.clusters.push(Cluster { kind: side.kind, members });
    }
    let report = &mut resolution.report;
    report.candidate_pair_count += candidate_count;
    report.refused_by_decision_count += clustering.refused_by_decision;
    report.refused_by_conflict_count += clustering.refused_by_conflict;
    report.refused_by_mean_count += clustering.refused_by_mean;
    report.contradiction_count += clustering.contradictions;
    let of_people = side.kind == EntityKind::Person;
    let mut hottest: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
    for key in capped {
        let (count, most) = hottest.entry(key.rule).or_default();
        (*count, *most) = (*count + 1, key.mention_count.max(*most));
    }
    report.hot_keys.extend(hottest.into_iter().map(|(rule, (key_count, mention_count))| HotKey {
        kind: side.kind,
        rule: rule_name(of_people, rule).to_owned(),
        key_count,
        mention_count,
    }));
    for (left, right, weight) in listed {
        let together = cluster_of[left as usize] == cluster_of[right as usize];
        let linked = weight >= side.model().link_weight && together;
        report.linked_pair_count += usize::from(linked);
        resolution.pairs.push(ScoredPair { left: id(left), right: id(right), weight, linked });
    }
}

/// What about a cluster asks for a steward's look.
fn alarms(side: &Side<'_>, group: &[u32]) -> Vec<&'static str> {
    let mut codes = Vec::new();
    match &side.entities {
        Entities::People(people) => {
            if group.len() > PERSON_MENTIONS_MAX {
                codes.push("cluster.size");
            }
            if family_name_count(people, group) > PERSON_NAMES_MAX {
                codes.push("cluster.names");
            }
        }
        Entities::Companies(_) => {
            if group.len() > COMPANY_MENTIONS_MAX {
                codes.push("cluster.size");
            }
        }
    }
    codes
}

fn family_name_count(people: &People, group: &[u32]) -> usize {
    let names = group.iter().map(|&place| people.persons[place as usize].name.family_joined());
    names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod quality;
