//! The whole resolution: rows and decisions in, clusters, scored pairs and a report out.
//!
//! Invariant: pure, and the same to the last byte for any order of the input and any number of threads.

use std::collections::BTreeMap;

use muster_model::{EntityKind, LinkDecision, Mention, MentionId};
use serde::Serialize;

use crate::alarm::{self, Seen};
use crate::cluster::Edge;
use crate::decided::Decided;
use crate::engine::{self, Side};
use crate::firm;
use crate::fitted::{Companies, Fitted, Level};
use crate::generic::{self, Resolved};
use crate::model::Model;
use crate::people::{self, WeighedPeople};
use crate::person::Names;
use crate::table::Table;

/// What became of mentions.
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
    /// The match weight: log2 of the odds that they are one; negative infinity where the evidence says that they are two.
    pub weight: f64,
    /// Whether the pair is a link: heavy enough, and both ended in one cluster.
    pub linked: bool,
}

/// What became of the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableResolution {
    /// For each row the row of its cluster that has the smallest mention id.
    pub cluster_of: Vec<u32>,
    /// Pairs that weigh enough to be worth a look, by rows.
    pub pairs: Vec<TablePair>,
    /// From which weight on a pair is a link.
    pub link_weight: f64,
    /// Counts, caps and alarms.
    pub report: ResolveReport,
}

/// A pair of rows that was compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TablePair {
    /// The row with the smaller mention id.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// The match weight: log2 of the odds that they are one; negative infinity where the evidence says that they are two.
    pub weight: f32,
    /// Whether the pair is a link: heavy enough, and both ended in one cluster.
    pub linked: bool,
}

/// Counts of a resolution; it holds no personal value.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
    pub candidate_pair_count: u64,
    /// The share of the pairs inside clusters that blocking brought together, 0 to 1.
    pub blocking_recall: f64,
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
    /// How many mentions the largest cluster has.
    pub largest_cluster: usize,
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

/// Resolves the rows of a table.
///
/// For [`Level::Person`] rows about companies are clusters of their own, and so are, for the other two levels, rows
/// that name no company. Of several decisions about one pair the last counts.
///
/// # Examples
///
/// ```
/// use muster_model::EntityKind;
/// use muster_resolve::{Level, Model, Row, TableBuilder, resolve_table};
/// let mut table = TableBuilder::new(Vec::new());
/// for (mention_id, full_name) in [("1", "Dr. Anna Müller"), ("2", "Mueller, Anna"), ("3", "Jan Weber")] {
///     let company = "Nordwind Logistik GmbH";
///     table.push(&Row { mention_id, full_name, company, ..Row::new(EntityKind::Person) }).unwrap();
/// }
/// let resolution = resolve_table(&table.finish(), &[], &Model::shipped(), Level::Person);
/// assert_eq!(resolution.cluster_of, [0, 0, 2]);
/// ```
pub fn resolve_table(table: &Table, decisions: &[LinkDecision], model: &Model, level: Level) -> TableResolution {
    let by_id = table.by_id();
    let decided = Decided::new(table, &by_id, decisions);
    let mut made = Made::new(table, &by_id);
    if level == Level::Person && generic::is_foreign(table) {
        let link_weight = made.foreign(&decided, model);
        return made.finish(link_weight);
    }
    match level {
        Level::Person => {
            let fitted = Fitted::new(table, &by_id, &decided, model, level);
            made.people(fitted, &decided, model);
        }
        Level::Company => {
            let companies = Companies::new(table, &by_id, &Names::new(table), &decided, model, level);
            made.companies(&companies, model, |_| true);
        }
        Level::Group => {
            let companies = Companies::new(table, &by_id, &Names::new(table), &decided, model, level);
            made.groups(&companies, model);
        }
    }
    let link_weight = match level {
        Level::Person => model.person().link_weight,
        Level::Company => model.company().link_weight,
        Level::Group => model.group().link_weight,
    };
    made.finish(link_weight)
}

/// Resolves mentions into clusters, people and companies.
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
    let unique = in_order(mentions);
    let table = Table::of_mentions(&unique);
    let by_id = table.by_id();
    let on_companies = Decided::of_kind(&table, &by_id, decisions, EntityKind::Company);
    let on_people = Decided::of_kind(&table, &by_id, decisions, EntityKind::Person);
    let fitted = Fitted::new(&table, &by_id, &on_companies, model, Level::Company);
    let is_company = |row: u32| table.kind(row as usize) == EntityKind::Company;
    let mut made = Made::new(&table, &by_id);
    made.companies(&fitted.companies, model, is_company);
    let company_pairs =
        std::mem::take(&mut made.pairs).into_iter().filter(|pair| is_company(pair.left) && is_company(pair.right));
    let company_pairs: Vec<TablePair> = company_pairs.collect();
    made.people(fitted, &on_people, model);
    made.pairs.extend(company_pairs);
    made.report.duplicate_id_count = mentions.len() - unique.len();
    let id = |row: u32| unique[row as usize].mention_id().clone();
    let resolved = made.finish(model.person().link_weight);
    let mut members: BTreeMap<u32, Vec<MentionId>> = BTreeMap::new();
    for &row in &by_id {
        members.entry(resolved.cluster_of[row as usize]).or_default().push(id(row));
    }
    let mut clusters: Vec<Cluster> =
        members.into_iter().map(|(first, members)| Cluster { kind: table.kind(first as usize), members }).collect();
    clusters.sort_by_key(|cluster| cluster.kind == EntityKind::Person);
    let pair = |pair: &TablePair| ScoredPair {
        left: id(pair.left),
        right: id(pair.right),
        weight: f64::from(pair.weight),
        linked: pair.linked,
    };
    let mut pairs: Vec<ScoredPair> = resolved.pairs.iter().map(pair).collect();
    pairs.sort_by(|a, b| (&a.left, &a.right).cmp(&(&b.left, &b.right)));
    Resolution { clusters, pairs, report: resolved.report }
}

/// Returns the mentions by id; of two with one id the older stands.
pub(crate) fn in_order(mentions: &[Mention]) -> Vec<&Mention> {
    let mut found: Vec<&Mention> = mentions.iter().collect();
    found.sort_by(|a, b| (a.mention_id(), a.seen_at(), a.source()).cmp(&(b.mention_id(), b.seen_at(), b.source())));
    found.dedup_by(|next, kept| next.mention_id() == kept.mention_id());
    found
}

/// A resolution in the making.
struct Made<'a> {
    table: &'a Table,
    by_id: &'a [u32],
    /// The rank of each row's mention id.
    rank: Vec<u32>,
    /// The first row of each row's cluster, by mention id.
    cluster_of: Vec<u32>,
    pairs: Vec<TablePair>,
    report: ResolveReport,
}

impl<'a> Made<'a> {
    fn new(table: &'a Table, by_id: &'a [u32]) -> Self {
        let mut rank = vec![0; by_id.len()];
        for (place, &row) in (0..).zip(by_id) {
            rank[row as usize] = place;
        }
        let rows = 0..u32::try_from(table.len()).expect("fewer than 2^32 rows");
        let report = ResolveReport { blocking_recall: 1.0, ..ResolveReport::default() };
        Self { table, by_id, rank, cluster_of: rows.collect(), pairs: Vec::new(), report }
    }

    /// Gives every row of `entity` the first row, by mention id, of its cluster.
    fn assign(&mut self, cluster_of: &[u32], entity: impl Fn(u32) -> Option<u32>) {
        let mut first = vec![u32::MAX; cluster_of.len()];
        for &row in self.by_id {
            let Some(place) = entity(row) else { continue };
            let first = &mut first[cluster_of[place as usize] as usize];
            if *first == u32::MAX {
                *first = row;
            }
            self.cluster_of[row as usize] = *first;
        }
    }

    /// Resolves a foreign file; returns the weight from which its pairs are linked.
    fn foreign(&mut self, decided: &Decided<'_>, model: &Model) -> f64 {
        let table = self.table;
        let resolved =
            generic::resolve(table, self.by_id, &|rows| rows.constraints(table, decided), model.foreign_threshold());
        let Resolved { generic, side } = resolved;
        let row_of = &generic.rows.row_of;
        let place_of = generic.rows.places(table.len());
        self.report.person_mention_count = table.len();
        self.report.person_count = side.clustering.group_count();
        let link_weight = generic.model.link_weight;
        self.assign(&side.clustering.cluster_of, |row| Some(place_of[row as usize]));
        let rules = generic.rules.names(&generic.rows);
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        self.take(&side, EntityKind::Person, &rules, link_weight, &|place| row_of[place as usize]);
        let seen = Seen { clustering: &side.clustering, kind: EntityKind::Person };
        self.alarm(&seen, &|_| 1, |place| Some(row_of[place as usize]));
        link_weight
    }

    /// Takes counts, caps, pairs and alarms of one side over; `row` is a row that stands for each entity.
    fn take(&mut self, side: &Side, kind: EntityKind, rules: &[&str], link_weight: f64, row: &dyn Fn(u32) -> u32) {
        let clustering = &side.clustering;
        let report = &mut self.report;
        report.candidate_pair_count += side.candidate_count;
        report.blocking_recall = report.blocking_recall.min(side.blocking_recall);
        report.refused_by_decision_count += clustering.refused_by_decision;
        report.refused_by_conflict_count += clustering.refused_by_conflict;
        report.refused_by_mean_count += clustering.refused_by_mean;
        report.contradiction_count += clustering.contradictions;
        let mut hottest: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
        for key in &side.capped {
            let (count, most) = hottest.entry(key.rule).or_default();
            (*count, *most) = (*count + 1, key.row_count.max(*most));
        }
        report.hot_keys.extend(hottest.into_iter().map(|(rule, (key_count, mention_count))| HotKey {
            kind,
            rule: rules.get(usize::from(rule)).copied().unwrap_or_default().to_owned(),
            key_count,
            mention_count,
        }));
        let (rank, cluster_of) = (&self.rank, &clustering.cluster_of);
        self.pairs.extend(side.edges.iter().map(|&Edge { left, right, weight }| {
            let linked = f64::from(weight) >= link_weight && cluster_of[left as usize] == cluster_of[right as usize];
            report.linked_pair_count += usize::from(linked);
            let (left, right) = (row(left), row(right));
            let in_order = rank[left as usize] <= rank[right as usize];
            let (left, right) = if in_order { (left, right) } else { (right, left) };
            TablePair { left, right, weight, linked }
        }));
    }

    fn people(&mut self, fitted: Fitted, decided: &Decided<'_>, model: &Model) {
        let Fitted { companies, people, blocks, weights } = fitted;
        drop(companies);
        let mut place_of = vec![0_u32; self.table.len()];
        for (place, person) in (1..).zip(&people.persons) {
            place_of[person.row as usize] = place;
        }
        let place = |row: u32| place_of[row as usize].checked_sub(1);
        let weighed = WeighedPeople::new(&people, &weights);
        let constraints = decided.constraints(people.persons.len(), place);
        let side = engine::run(&weighed, blocks, &weights, model.person(), &constraints);
        self.report.person_mention_count = people.persons.len();
        self.report.person_count = side.clustering.group_count();
        self.assign(&side.clustering.cluster_of, place);
        self.take(&side, EntityKind::Person, people::RULES, model.person().link_weight, &|place| {
            people.persons[place as usize].row
        });
        let seen = Seen { clustering: &side.clustering, kind: EntityKind::Person };
        let families = |members: &[u32]| people.family_count(members);
        self.alarm(&seen, &families, |place| Some(people.persons[place as usize].row));
    }

    /// Clusters the rows that `is_member` holds for by legal entity.
    fn companies(&mut self, companies: &Companies, model: &Model, is_member: impl Fn(u32) -> bool) {
        let firms = &companies.firms;
        let firm = |row: u32| firms.of_row[row as usize].checked_sub(1).filter(|_| is_member(row));
        let rows = representatives(self.by_id, firms.firms.len(), firm);
        self.report.company_mention_count = self.by_id.iter().filter(|&&row| is_member(row)).count();
        // A row that does not say which entity of its group it means sits where it fits best.
        let of_way: Vec<u32> = (0..u32::try_from(firms.firms.len()).expect("fewer than 2^32 rows")).collect();
        self.assign(&of_way, |row| firm(row).and(companies.seats[row as usize].checked_sub(1)));
        let has_rows: Vec<bool> = rows.iter().map(Option::is_some).collect();
        self.take(&companies.entities, EntityKind::Company, firm::RULES, model.company().link_weight, &|firm| {
            rows[firm as usize].unwrap_or(0)
        });
        if has_rows.contains(&false) {
            // Ways that only people name a company in are no company mentions: their pairs stand for nobody.
            let kept = companies
                .entities
                .edges
                .iter()
                .map(|edge| has_rows[edge.left as usize] && has_rows[edge.right as usize]);
            let from = self.pairs.len() - companies.entities.edges.len();
            let mut kept = std::iter::repeat_n(true, from).chain(kept);
            self.pairs.retain(|_| kept.next().unwrap_or(true));
        }
        self.count_companies(is_member);
        let seen = Seen { clustering: &companies.entities.clustering, kind: EntityKind::Company };
        self.alarm(&seen, &|_| 1, |firm| rows[firm as usize]);
    }

    fn groups(&mut self, companies: &Companies, model: &Model) {
        let firms = &companies.firms;
        let brand = |row: u32| Some(firms.unit_of[firms.of_row[row as usize].checked_sub(1)? as usize]);
        let rows = representatives(self.by_id, firms.units.len(), brand);
        self.report.company_mention_count = self.by_id.len();
        self.assign(&companies.groups.clustering.cluster_of, brand);
        self.take(&companies.groups, EntityKind::Company, firm::RULES, model.group().link_weight, &|brand| {
            rows[brand as usize].unwrap_or(0)
        });
        self.count_companies(|_| true);
        let seen = Seen { clustering: &companies.groups.clustering, kind: EntityKind::Company };
        self.alarm(&seen, &|_| 1, |brand| rows[brand as usize]);
    }

    fn count_companies(&mut self, is_member: impl Fn(u32) -> bool) {
        let firsts = self.by_id.iter().filter(|&&row| is_member(row) && self.cluster_of[row as usize] == row);
        self.report.company_count = firsts.count();
    }

    fn alarm(&mut self, seen: &Seen<'_>, families: &dyn Fn(&[u32]) -> usize, row: impl Fn(u32) -> Option<u32>) {
        for (code, members) in alarm::find(seen, families) {
            let first = members.iter().filter_map(|&place| row(place)).min_by_key(|&row| self.rank[row as usize]);
            if let Some(first) = first {
                self.report.alarms.push(format!("{code}:{}", self.table.mention_id(first as usize)));
            }
        }
    }

    fn finish(mut self, link_weight: f64) -> TableResolution {
        let mut sizes = vec![0_usize; self.cluster_of.len()];
        for &first in &self.cluster_of {
            sizes[first as usize] += 1;
        }
        self.report.largest_cluster = sizes.into_iter().max().unwrap_or(0);
        self.report.hot_keys.sort();
        self.report.alarms.sort();
        let rank = &self.rank;
        let key = |pair: &TablePair| (rank[pair.left as usize], rank[pair.right as usize]);
        rayon::slice::ParallelSliceMut::par_sort_unstable_by_key(self.pairs.as_mut_slice(), key);
        TableResolution { cluster_of: self.cluster_of, pairs: self.pairs, link_weight, report: self.report }
    }
}

/// Returns the first row, by mention id, of each of `count` entities.
fn representatives(by_id: &[u32], count: usize, entity: impl Fn(u32) -> Option<u32>) -> Vec<Option<u32>> {
    let mut rows = vec![None; count];
    for &row in by_id {
        if let Some(place) = entity(row) {
            rows[place as usize].get_or_insert(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod quality;
