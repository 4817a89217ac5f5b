//! Entity resolution: which mentions are of one person or company, why, and what survives of them.
//!
//! The stages in reading order: rows stand in columns (`table`), values are *normalized* (`normal`, `read`), ways to name
//! a company become groups and legal entities (`firm`), mentions of people are read in the light of them (`person`), rows
//! that share a key meet (*block*), a pair is *compared* into levels (`levels`, `people`, `firm`), *weighed* by the linkage
//! model (`model`, `weigh`, Fellegi and Sunter), *clustered* (`cluster`), given *ids*, *survived* into MASTER records, and
//! any pair is *explained*. `fitted` and `engine` put the stages together, `learn` and `train` find the model's numbers
//! without labels, `evaluate` measures against a truth. What was suppressed and what may be kept is the gate's; files and
//! the store are the binary's.
//!
//! Invariant: everything is a pure function of mentions, human decisions and the model; neither the order of the
//! input nor the number of threads changes a byte of the result.

mod alarm;
mod block;
mod chart;
mod cluster;
mod decided;
mod engine;
mod evaluate;
mod explain;
mod firm;
mod fitted;
mod generic;
mod ids;
mod intern;
mod learn;
mod levels;
mod links;
mod model;
mod normal;
mod pattern;
mod people;
mod person;
mod read;
mod resolve;
mod survive;
mod table;
#[cfg(test)]
mod testing;
mod train;
mod weigh;

pub use alarm::beyond_last_run;
pub use chart::{Bar, Waterfall, precision_recall, waterfall};
pub use evaluate::{Contingency, CurvePoint, Measure, Quality, curve};
pub use explain::{ComparedRow, PairDecision, PairExplanation, explain_pair, explain_rows};
pub use fitted::Level;
pub use ids::{IdAssignment, assign_ids};
pub use learn::TrainError;
pub use links::{LinkFault, LinkFormat, LinkReader, UnknownLinks};
pub use model::{Comparison, LinkageModel, Model, ModelError, Prior};
pub use resolve::{
    Cluster, HotKey, Resolution, ResolveReport, ScoredPair, TablePair, TableResolution, resolve, resolve_table,
};
pub use survive::survive;
pub use table::{Attribute, AttributeKind, PushError, Row, Table, TableBuilder};
pub use train::train;
