//! One kind of entity, ready to be blocked, compared and weighed: its mentions in the order of their ids, their
//! normal forms, the model.
//!
//! Invariant: places are by mention id, so whatever is decided by place is decided by id.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use muster_model::{EntityKind, LinkDecision, LinkKind, Mention, MentionId};
use rayon::prelude::*;

use crate::block::{self, Candidates, Key};
use crate::cluster::{Bounds, Clustering, Constraints, Edge, cluster};
use crate::employer::employers;
use crate::model::{LinkageModel, Model};
use crate::population::{Companies, People};
use crate::weigh::{Outcomes, Score, Weights};
use crate::{compare, normalize};

/// The normal forms of either kind.
pub(crate) enum Entities {
    People(People),
    Companies(Companies),
}

/// One kind of entity.
pub(crate) struct Side<'a> {
    pub(crate) kind: EntityKind,
    /// The mentions, by id, each id once.
    pub(crate) mentions: Vec<&'a Mention>,
    pub(crate) entities: Entities,
    pub(crate) weights: Weights<'a>,
}

/// A side that has been clustered.
pub(crate) struct Clustered {
    pub(crate) clustering: Clustering,
    pub(crate) candidate_count: usize,
    pub(crate) capped: Vec<block::Capped>,
    /// Pairs worth listing, with their weights, sorted.
    pub(crate) listed: Vec<(u32, u32, f64)>,
}

/// Returns the mentions of one kind by id; of two with one id the older stands.
pub(crate) fn of_kind(mentions: &[Mention], kind: EntityKind) -> Vec<&Mention> {
    let mut found: Vec<&Mention> = mentions.iter().filter(|mention| mention.kind() == kind).collect();
    found.sort_by(|a, b| (a.mention_id(), a.seen_at(), a.source()).cmp(&(b.mention_id(), b.seen_at(), b.source())));
    found.dedup_by(|next, kept| next.mention_id() == kept.mention_id());
    found
}

impl<'a> Side<'a> {
    /// Prepares the companies.
    pub(crate) fn companies(mentions: &'a [Mention], model: &'a Model) -> Self {
        let mentions = of_kind(mentions, EntityKind::Company);
        let companies = Companies::new(mentions.par_iter().map(|mention| normalize::company(mention)).collect());
        let weights = Weights::new(model.company(), companies.entities);
        Self { kind: EntityKind::Company, mentions, weights, entities: Entities::Companies(companies) }
    }

    /// Prepares the people, in the light of the companies.
    pub(crate) fn people(mentions: &'a [Mention], model: &'a Model, companies: &Self, clusters: &[Vec<u32>]) -> Self {
        let mentions = of_kind(mentions, EntityKind::Person);
        let persons: Vec<normalize::Person> = mentions.par_iter().map(|mention| normalize::person(mention)).collect();
        let (known, phones): (&[normalize::Company], HashSet<String>) = match &companies.entities {
            Entities::Companies(companies) => (&companies.forms, companies.phones()),
            Entities::People(_) => (&[], HashSet::new()),
        };
        let employers = employers(&persons, known, clusters);
        let people = People::new(persons, employers, &phones);
        let weights = Weights::new(model.person(), people.entities);
        Self { kind: EntityKind::Person, mentions, weights, entities: Entities::People(people) }
    }

    /// Returns the part of the model that is for this kind.
    pub(crate) const fn model(&self) -> &'a LinkageModel {
        self.weights.model()
    }

    /// Returns the place of a mention.
    pub(crate) fn place(&self, mention: &MentionId) -> Option<usize> {
        self.mentions.binary_search_by(|each| each.mention_id().cmp(mention)).ok()
    }

    /// Compares two mentions.
    pub(crate) fn outcomes(&self, left: usize, right: usize) -> Outcomes {
        match &self.entities {
            Entities::People(people) => compare::people(people, left, right),
            Entities::Companies(companies) => compare::companies(companies, left, right),
        }
    }

    /// Weighs two mentions.
    pub(crate) fn score(&self, left: u32, right: u32) -> Score {
        self.weights.score(&self.outcomes(left as usize, right as usize))
    }

    /// Returns the blocking keys of a mention.
    pub(crate) fn keys(&self, place: usize) -> Vec<Key> {
        match &self.entities {
            Entities::People(people) => block::person_keys(people, place),
            Entities::Companies(companies) => block::company_keys(companies, place),
        }
    }

    /// Returns the pairs to compare.
    pub(crate) fn candidates(&self) -> Candidates {
        let ranks = match &self.entities {
            Entities::People(people) => block::person_ranks(people),
            Entities::Companies(companies) => block::company_ranks(companies),
        };
        block::candidates(|place| self.keys(place), &ranks)
    }

    /// Blocks, compares, weighs and clusters.
    pub(crate) fn cluster(&self, decisions: &[LinkDecision]) -> Clustered {
        let model = self.model();
        let candidates = self.candidates();
        let listed: Vec<(u32, u32, f64)> = candidates
            .pairs
            .par_iter()
            .map(|&(left, right)| (left, right, self.score(left, right).weight))
            .filter(|&(_, _, weight)| weight >= model.listed_weight.min(model.link_weight))
            .collect();
        let edges = listed
            .iter()
            .filter(|&&(_, _, weight)| weight >= model.link_weight)
            .map(|&(left, right, weight)| Edge { weight, left, right })
            .collect();
        let constraints = self.constraints(decisions);
        let score = |left, right| self.score(left, right);
        let bounds = Bounds { mean_weight: model.mean_weight, conflict_weight: model.conflict_weight };
        Clustered {
            clustering: cluster(self.mentions.len(), edges, &constraints, bounds, score),
            candidate_count: candidates.pairs.len(),
            capped: candidates.capped,
            listed,
        }
    }

    /// Puts the decisions on places. Mentions that are no longer there get places behind the last, so that what was
    /// said of them still carries.
    pub(crate) fn constraints(&self, decisions: &[LinkDecision]) -> Constraints {
        let latest = latest(decisions);
        let named: BTreeSet<&MentionId> = latest.keys().flat_map(|&(left, right)| [left, right]).collect();
        let absent: Vec<&MentionId> = named.into_iter().filter(|mention| self.place(mention).is_none()).collect();
        let place = |mention: &MentionId| {
            let place = self.place(mention).unwrap_or_else(|| {
                self.mentions.len() + absent.binary_search(&mention).expect("absent mentions were just collected")
            });
            u32::try_from(place).expect("fewer than 2^32 mentions")
        };
        let mut constraints = Constraints { node_count: self.mentions.len() + absent.len(), ..Constraints::default() };
        for (&(left, right), &kind) in &latest {
            let pair = (place(left), place(right));
            match kind {
                LinkKind::MustLink => constraints.must.push(pair),
                LinkKind::CannotLink => constraints.cannot.push(pair),
            }
        }
        constraints
    }
}

/// The decision that counts for each pair: the last one made.
fn latest(decisions: &[LinkDecision]) -> BTreeMap<(&MentionId, &MentionId), LinkKind> {
    decisions
        .iter()
        .map(|decision| {
            let (left, right) = (&decision.left, &decision.right);
            ((left.min(right), left.max(right)), decision.kind)
        })
        .collect()
}

/// Prepares and clusters both kinds: companies first, people in their light.
pub(crate) fn both<'a>(
    mentions: &'a [Mention],
    decisions: &[LinkDecision],
    model: &'a Model,
) -> (Side<'a>, Clustered, Side<'a>) {
    let companies = Side::companies(mentions, model);
    let clustered = companies.cluster(decisions);
    let people = Side::people(mentions, model, &companies, &clustered.clustering.groups);
    (companies, clustered, people)
}
