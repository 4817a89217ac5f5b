//! Entity resolution: which mentions are of one person or company, why, and what survives of them.
//!
//! The stages in reading order: *normalize* mentions, *block* them into candidate pairs, *compare* a pair into
//! levels, *weigh* the levels by the linkage model (Fellegi-Sunter), *cluster*, give *ids*, *survive* into MASTER
//! records, and *explain* any pair. What was suppressed and what may be kept is the gate's; files and the store are
//! the binary's.
//!
//! Invariant: everything is a pure function of mentions, human decisions and the model; neither the order of the
//! input nor the number of threads changes a byte of the result.

mod block;
mod cluster;
mod compare;
mod employer;
mod explain;
mod ids;
mod levels;
mod model;
mod name;
mod nickname;
mod normalize;
mod population;
mod resolve;
mod side;
mod survive;
#[cfg(test)]
mod testing;
mod weigh;

pub use explain::{ComparedRow, PairDecision, PairExplanation, explain_pair};
pub use ids::{IdAssignment, assign_ids};
pub use model::{Comparison, Frequency, Level, LinkageModel, Model, ModelError, Prior};
pub use resolve::{Cluster, HotKey, Resolution, ResolveReport, ScoredPair, resolve};
pub use survive::survive;
