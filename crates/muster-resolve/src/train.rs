//! Training: a model document of its own, learnt from rows without labels.
//!
//! Human decisions are no labels here: they hold whatever a model says, so they need not be learnt.
//!
//! Invariant: thresholds stay those of the model that training starts from.

use muster_model::LinkDecision;

use crate::decided::Decided;
use crate::fitted::{Fitted, Level, fit_people};
use crate::learn::TrainError;
use crate::levels::{COMPANY, PERSON};
use crate::model::Model;
use crate::table::Table;
use crate::weigh::Weights;

/// Fewest rows to learn from.
const ROWS_MIN: usize = 100;
/// Steps of expectation and maximization.
const ROUNDS: usize = 12;

/// Learns the probabilities of a level's comparisons from the rows of a table, starting from `model`.
///
/// u comes from random pairs, m from candidate pairs by expectation and maximization (Fellegi and Sunter 1969; Winkler
/// 1988); the document keeps its thresholds and prior. For legal entities inside a group there are no random pairs to
/// learn from: that part of the document stays as it is, and for [`Level::Company`] the part for groups is learnt.
///
/// # Errors
///
/// [`TrainError`] where there is too little to learn from.
pub fn train(table: &Table, decisions: &[LinkDecision], model: &Model, level: Level) -> Result<Model, TrainError> {
    if table.len() < ROWS_MIN {
        return Err(TrainError::TooLittle);
    }
    let by_id = table.by_id();
    let decided = Decided::new(table, &by_id, decisions);
    let fitted = Fitted::new(table, &by_id, &decided, model, level);
    let mut learnt = model.clone();
    match level {
        Level::Person => {
            let weights = fit_people(&fitted.people, &fitted.blocks, model.person(), ROUNDS);
            learnt.set_person(&chances(&weights));
        }
        Level::Company | Level::Group => learnt.set_group(&chances(&fitted.companies.group_weights)),
    }
    debug_assert!(
        PERSON.len() == learnt.person().comparisons.len() && COMPANY.len() == learnt.group().comparisons.len()
    );
    Ok(learnt)
}

/// The m and u of every level, by comparison.
fn chances(weights: &Weights) -> Vec<Vec<(f64, f64)>> {
    weights.chances.iter().map(|levels| levels.iter().map(|chances| (chances.m, chances.u)).collect()).collect()
}
