//! From options to the two files.
//!
//! The rows are made one by one in shuffled order and written at once; only the world and the order are in memory.
//! Invariant: each mention is in both files once, in the same order.

use std::io;

use crate::company::{self, Plan};
use crate::country;
use crate::mention::{self, DAYS};
use crate::people::{self, World};
use crate::rates::Rates;
use crate::rng::{Rng, mix};

/// The columns of the mentions.
pub const MENTIONS_HEADER: [&str; mention::COLUMNS + 1] = [
    "mention_id",
    "full_name",
    "first_name",
    "last_name",
    "job_title",
    "company_name",
    "company_domain",
    "email",
    "phone",
    "street",
    "city",
    "postcode",
    "country",
    "profile_url",
    "source_url",
    "seen_at",
];

/// The columns of the truth: the person, the legal entity and the group that a mention is about, and what makes it special.
///
/// The entity is the employer that the row shows, which a stale or wrong row need not share with the person.
pub const TRUTH_HEADER: [&str; 5] = ["mention_id", "person_id", "company_id", "group_id", "tags"];

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Rows; people and companies grow in proportion.
    pub mentions: usize,
    /// Any number; another one gives another world.
    pub seed: u64,
    /// How often what happens.
    pub rates: Rates,
}

/// What was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows in each file.
    pub mentions: usize,
    /// People who are mentioned.
    pub people: usize,
    /// Legal entities of the world; not all need be mentioned.
    pub entities: usize,
    /// Groups of the world.
    pub groups: usize,
    /// Pairs of people of one group with the same name, now or before.
    pub namesake_pairs: u64,
    /// Filled fields by column, in the order of `MENTIONS_HEADER` behind the id.
    pub filled: [usize; mention::COLUMNS],
    /// Rows by tag, sorted by tag.
    pub tags: Vec<(&'static str, usize)>,
}

/// Writes `options.mentions` mentions and the truth about them as CSV.
///
/// # Errors
/// A writer fails, or so many people are asked for that numbers do not suffice.
pub fn generate(options: &Options, mentions: &mut dyn io::Write, truth: &mut dyn io::Write) -> io::Result<Summary> {
    let world = world(options);
    let order = order(&world)?;
    let mut mentions = csv::Writer::from_writer(mentions);
    let mut truth = csv::Writer::from_writer(truth);
    mentions.write_record(MENTIONS_HEADER)?;
    truth.write_record(TRUTH_HEADER)?;
    let mut filled = [0; mention::COLUMNS];
    let mut tags = std::collections::BTreeMap::new();
    for (at, (person, number)) in order.iter().enumerate() {
        let row = mention::make(&world, *person as usize, usize::from(*number));
        let id = format!("m{:08}", at + 1);
        for (count, value) in filled.iter_mut().zip(&row.fields) {
            *count += usize::from(!value.is_empty());
        }
        for tag in &row.tags {
            *tags.entry(*tag).or_insert(0) += 1;
        }
        mentions.write_field(&id)?;
        mentions.write_record(&row.fields)?;
        let group = world.entities[row.entity].group;
        let ids = [format!("p{person}"), format!("c{}", row.entity), format!("g{group}"), row.tags.join(";")];
        truth.write_field(&id)?;
        truth.write_record(&ids)?;
    }
    mentions.flush()?;
    truth.flush()?;
    Ok(Summary {
        mentions: order.len(),
        people: world.people.len(),
        entities: world.entities.len(),
        groups: world.groups.len(),
        namesake_pairs: world.namesake_pairs,
        filled,
        tags: tags.into_iter().collect(),
    })
}

fn world(options: &Options) -> World {
    let countries = country::all();
    let seed = mix(options.seed);
    let people = people::people_for(options.mentions, &options.rates);
    let plan = Plan { seed, rates: &options.rates, countries: &countries, last_day: DAYS };
    let (groups, entities) = company::make(&plan, people);
    let rates = options.rates.clone();
    World { seed, rates, countries, groups, entities, people: Vec::new(), namesake_pairs: 0 }
        .settle(options.mentions, DAYS)
}

/// Every mention as person and number, shuffled.
fn order(world: &World) -> io::Result<Vec<(u32, u8)>> {
    let mut order = Vec::new();
    for (at, person) in world.people.iter().enumerate() {
        let at = u32::try_from(at).map_err(io::Error::other)?;
        order.extend((0..person.mentions).map(|number| (at, number)));
    }
    let mut rng = Rng::of(world.seed, 71, 0);
    for at in (1..order.len()).rev() {
        order.swap(at, rng.below(at + 1));
    }
    Ok(order)
}

impl Summary {
    /// The share of the rows in which a column is empty, by the column's place behind the id.
    #[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
    pub fn empty(&self, column: usize) -> f64 {
        1.0 - self.filled[column] as f64 / self.mentions.max(1) as f64
    }

    /// A few lines for people to read.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} mentions of {} people at {} companies of {} groups; {} pairs of namesakes in one group",
            self.mentions, self.people, self.entities, self.groups, self.namesake_pairs
        )];
        let shares: Vec<String> = (0..mention::COLUMNS)
            .map(|at| format!("{} {:.0} %", MENTIONS_HEADER[at + 1], self.empty(at) * 100.0))
            .collect();
        lines.push(format!("empty: {}", shares.join(", ")));
        let tags: Vec<String> = self.tags.iter().map(|(tag, count)| format!("{tag} {count}")).collect();
        lines.push(format!("tags: {}", tags.join(", ")));
        lines
    }
}

#[cfg(test)]
mod tests;
