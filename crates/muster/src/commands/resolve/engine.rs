//! One run of the matcher over a file: read it, resolve it, and say what a person has to look at.

use std::collections::HashSet;
use std::path::Path;

use muster_model::LinkDecision;
use muster_resolve::{Level, Model, Table, TableResolution, resolve_table};

use super::decided::read_links;
use super::load::{Asked, Loaded, load};
use crate::cli::{MatchArgs, MatchEntity};
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::talk::Talk;

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Done {
    /// The rows and their counts.
    pub(crate) loaded: Loaded,
    /// Who is who.
    pub(crate) resolution: TableResolution,
    /// The model that was used, its threshold set.
    pub(crate) model: Model,
}

/// Returns what the matcher resolves.
pub(crate) const fn level(entity: MatchEntity) -> Level {
    match entity {
        MatchEntity::Person => Level::Person,
        MatchEntity::Company => Level::Company,
        MatchEntity::Group => Level::Group,
    }
}

/// Reads the model: the shipped one, or a file's.
///
/// # Errors
///
/// A usage error where the file is no model.
pub(crate) fn read_model(path: Option<&Path>, threshold: Option<f64>) -> Result<Model, CommandError> {
    let model = match path {
        None => Model::shipped(),
        Some(path) => {
            let fault = |why: &dyn std::fmt::Display| {
                CommandError::usage(format!("failed to read the model `{}`: {why}", path.display()))
            };
            let text = String::from_utf8(read_file(path)?).map_err(|_| fault(&"it is not UTF-8"))?;
            Model::parse(&text).map_err(|error| fault(&error))?
        }
    };
    match threshold {
        Some(bits) if !bits.is_finite() => {
            Err(CommandError::usage(format!("failed to read `--threshold {bits}`: it is no number of bits")))
        }
        Some(bits) => Ok(model.with_threshold(bits)),
        None => Ok(model),
    }
}

/// Reads the decisions that hold for a table and warns of those that name nobody in it.
///
/// # Errors
///
/// As [`read_links`].
pub(crate) fn read_decisions(args: &MatchArgs, table: &Table, talk: &Talk) -> Result<Vec<LinkDecision>, CommandError> {
    // A steward's decisions come last: they outrank what another program found.
    let decisions = read_links(&[args.links.as_slice(), args.decisions.as_slice()].concat(), talk)?;
    if !decisions.is_empty() {
        let ids: HashSet<&str> = (0..table.len()).map(|row| table.mention_id(row)).collect();
        let is_strange = |link: &&LinkDecision| !ids.contains(link.left.as_str()) || !ids.contains(link.right.as_str());
        let strange = decisions.iter().filter(is_strange).count();
        if strange > 0 {
            talk.warn(
                "resolve.strange",
                &format!("{strange} of {} links name a mention that is not in the file", decisions.len()),
            );
        }
    }
    Ok(decisions)
}

/// Reads a file and resolves its rows.
///
/// # Errors
///
/// A usage error where the file, the map, the model or the decisions cannot be read; an input error.
pub(crate) fn run(input: &Path, args: &MatchArgs, talk: &Talk) -> Result<Done, CommandError> {
    let model = read_model(args.model.as_deref(), args.threshold)?;
    let loaded = load(Asked { path: input, map: &args.map, entity: args.entity }, talk)?;
    let decisions = read_decisions(args, &loaded.table, talk)?;
    let resolution = resolve_table(&loaded.table, &decisions, &model, level(args.entity));
    Ok(Done { loaded, resolution, model })
}

impl Done {
    /// Returns the cluster id of a row: the smallest mention id of its cluster.
    pub(crate) fn cluster_id(&self, row: usize) -> &str {
        self.loaded.table.mention_id(self.resolution.cluster_of[row] as usize)
    }

    /// Returns how many clusters there are.
    pub(crate) fn cluster_count(&self) -> usize {
        (0..).zip(&self.resolution.cluster_of).filter(|&(row, &first)| row == first).count()
    }

    /// Says what asks for a person, and returns what the command has to end with.
    pub(crate) fn exit(&self, talk: &Talk) -> Exit {
        for alarm in &self.resolution.report.alarms {
            talk.warn("resolve.alarm", &format!("Over-merge alarm: {alarm}"));
        }
        let is_clean = self.resolution.report.alarms.is_empty() && self.loaded.counts.faulty_row_count == 0;
        if is_clean { Exit::Done } else { Exit::PersonNeeded }
    }
}

impl Done {
    /// Returns the weight from which a pair is linked, in bits.
    pub(crate) const fn threshold(&self) -> f64 {
        self.resolution.link_weight
    }
}
