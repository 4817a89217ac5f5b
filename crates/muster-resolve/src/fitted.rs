//! Rows made ready: names read, companies found, people in the light of them, each with the model fitted to the data.
//!
//! Companies come first: what a name at an employer says depends on how many people work there.
//!
//! Invariant: a pure function of table, decisions and model.

use crate::block::Blocks;
use crate::cluster::Constraints;
use crate::decided::Decided;
use crate::engine::{self, Side};
use crate::firm::{Brands, Employer, Employers, Firms, MEMBERS_PRIOR, Members};
use crate::learn;
use crate::levels::{COMPANY, PERSON};
use crate::model::{LinkageModel, Model};
use crate::people::WeighedPeople;
use crate::person::{Names, People};
use crate::table::Table;
use crate::weigh::Weights;

/// Steps by which m is fitted to the data of a run.
const FIT_ROUNDS: usize = 3;

/// What is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// People.
    Person,
    /// Companies as legal entities.
    Company,
    /// Groups of companies.
    Group,
}

/// The companies that rows name.
pub(crate) struct Companies {
    pub(crate) firms: Firms,
    pub(crate) group_weights: Weights,
    pub(crate) entity_weights: Weights,
    pub(crate) groups: Side,
    /// The group of each way to name a company.
    pub(crate) group_of: Vec<u32>,
    pub(crate) entities: Side,
    /// The legal entity that each row means, as a way of it counted from 1; 0 where it names no company.
    pub(crate) seats: Vec<u32>,
}

impl Companies {
    /// Finds groups, and legal entities inside them. `level` says which of the two the decisions are about.
    pub(crate) fn new(
        table: &Table,
        by_id: &[u32],
        names: &Names,
        decided: &Decided<'_>,
        model: &Model,
        level: Level,
    ) -> Self {
        let own = decided.rows();
        let firms = Firms::new(table, by_id, &names.hashes(), &|row| own.contains(&row));
        let firm = |row: u32| firms.of_row[row as usize].checked_sub(1);
        let free = |count: usize| Constraints { node_count: count, ..Constraints::default() };
        let group_weights = fit_groups(&firms, model.group());
        let constraints = match level {
            Level::Group => decided.constraints(firms.units.len(), |row| Some(firms.unit_of[firm(row)? as usize])),
            Level::Person | Level::Company => free(firms.units.len()),
        };
        let brands = Brands::new(&firms, &group_weights);
        let groups = engine::run(&brands, Blocks::new(&brands), &group_weights, model.group(), &constraints);
        let of_unit = &groups.clustering.cluster_of;
        let group_of: Vec<u32> = firms.unit_of.iter().map(|&unit| of_unit[unit as usize]).collect();
        let mut entity_weights = Weights::of_model(model.company(), 0);
        entity_weights.prior = MEMBERS_PRIOR;
        let constraints = match level {
            Level::Company => decided.constraints(firms.firms.len(), firm),
            Level::Person | Level::Group => free(firms.firms.len()),
        };
        let members = Members::new(&firms, &group_of);
        let entities = engine::run(&members, Blocks::new(&members), &entity_weights, model.company(), &constraints);
        let seats = firms.seats(&entities.clustering.cluster_of, &group_of);
        Self { firms, group_weights, entity_weights, groups, group_of, entities, seats }
    }

    /// Returns the employer of every row.
    pub(crate) fn employers(&self) -> Employers {
        let of = |(&firm, &seat): (&u32, &u32)| match (firm as usize).checked_sub(1) {
            None => Employer::default(),
            Some(place) => Employer { entity: seat, group: self.group_of[place] + 1 },
        };
        Employers(self.firms.of_row.iter().zip(&self.seats).map(of).collect())
    }
}

fn fit_groups(firms: &Firms, model: &LinkageModel) -> Weights {
    let weights = Weights::of_model(model, firms.units.len());
    let first = Brands::new(firms, &weights);
    let sample = learn::sample(&first, &[], &weights);
    weights.clone().measured(COMPANY, &sample)
}

/// Fits the model of people to the data: u on random pairs, then m and the prior on candidate pairs, without labels.
pub(crate) fn fit_people(people: &People, blocks: &Blocks, model: &LinkageModel, rounds: usize) -> Weights {
    let weights = Weights::of_model(model, people.persons.len());
    let first = WeighedPeople::new(people, &weights);
    let sample = learn::sample(&first, &people.groups(), &weights);
    let mut weights = weights.clone().measured(PERSON, &sample);
    for _ in 0..rounds {
        let weighed = WeighedPeople::new(people, &weights);
        let (m, matches) = learn::maximize(&weighed, blocks, &weights, PERSON, model);
        weights = weights.learnt(&m, matches, people.persons.len(), &model.prior);
    }
    weights
}

/// Rows made ready for resolving people.
pub(crate) struct Fitted {
    pub(crate) companies: Companies,
    pub(crate) people: People,
    /// The blocks that the people stand in.
    pub(crate) blocks: Blocks,
    pub(crate) weights: Weights,
}

impl Fitted {
    /// Reads all rows and fits the model.
    pub(crate) fn new(table: &Table, by_id: &[u32], decided: &Decided<'_>, model: &Model, level: Level) -> Self {
        let names = Names::new(table);
        let companies = Companies::new(table, by_id, &names, decided, model, level);
        let people = People::new(table, by_id, names, &companies.employers(), &companies.firms.services);
        // Which keys a mention has does not depend on what its values weigh.
        let blocks =
            Blocks::new(&WeighedPeople::new(&people, &Weights::of_model(model.person(), people.persons.len())));
        let weights = fit_people(&people, &blocks, model.person(), FIT_ROUNDS);
        Self { companies, people, blocks, weights }
    }
}
