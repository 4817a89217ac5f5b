//! `muster resolve`: match the rows of any file, measure the result, train a model; no store needed.
//!
//! The verbs only bring files and the matcher together: reading is `load`'s, who is who is `muster_resolve`'s.

mod csv_rows;
mod decided;
pub(super) mod engine;
mod evaluate;
mod field;
mod json_rows;
pub(super) mod load;
pub(super) mod output;
mod plan;
mod queue;
mod row;
mod source;

use std::path::Path;

use muster_resolve::{beyond_last_run, train};
use serde_json::{Value, json};

use self::engine::{Done, level, read_model, run};
use self::load::{Asked, load};
use self::output::{Output, refuse_same};
use crate::cli::{MatchArgs, ResolveArgs, ResolveVerb, TrainArgs};
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::table::JSON_VERSION;
use crate::talk::Talk;

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the file, `--map` or a file of links cannot be read; an input or output error.
pub(crate) fn resolve(args: &ResolveArgs, talk: &Talk) -> Result<Exit, CommandError> {
    match (&args.verb, &args.input, &args.output) {
        (Some(ResolveVerb::Evaluate(args)), _, _) => evaluate::evaluate(args, talk),
        (Some(ResolveVerb::Train(args)), _, _) => learn(args, talk),
        (None, Some(input), Some(output)) => resolve_file(input, output, args, talk),
        (None, _, _) => Err(CommandError::usage("failed to resolve: an input and --output are needed")),
    }
}

fn resolve_file(input: &Path, output: &Path, args: &ResolveArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let more = [&args.pairs, &args.report, &args.queue].map(|path| path.as_deref());
    let outputs: Vec<&Path> = std::iter::once(output).chain(more.into_iter().flatten()).collect();
    refuse_same(&inputs(input, &args.matching), &outputs)?;
    let last = args.last_report.as_deref().map(|path| read_last_report(path, talk)).transpose()?.flatten();
    let done = run(input, &args.matching, talk)?;
    let grown = last.map_or_else(Vec::new, |last| grown(&done, last));
    let mut written = Vec::new();
    let mut write =
        |path: &Path, fill: &mut dyn FnMut(&mut Output) -> Result<(), CommandError>| -> Result<(), CommandError> {
            let mut file = Output::create(path)?;
            fill(&mut file)?;
            written.push(file);
            Ok(())
        };
    write(output, &mut |file| write_clusters(&done, file))?;
    if let Some(path) = &args.pairs {
        write(path, &mut |file| write_pairs(&done, file))?;
    }
    if let Some(path) = &args.report {
        write(path, &mut |file| write_report(&done, &grown, file))?;
    }
    if let Some(path) = &args.queue {
        write(path, &mut |file| {
            let count = queue::write_queue(&done, input, &args.matching, args.queue_max, file)?;
            talk.say("resolve.queue", &format!("Wrote {count} doubtful pairs to decide"));
            Ok(())
        })?;
    }
    // Only when every file is whole does the first one get its name.
    written.into_iter().try_for_each(Output::finish)?;
    talk.say("resolved", &format!("Resolved {} rows into {} clusters", done.loaded.table.len(), done.cluster_count()));
    for code in &grown {
        talk.warn("resolve.alarm", &format!("Over-merge alarm: {code} against the last run"));
    }
    let grown = if grown.is_empty() { Exit::Done } else { Exit::PersonNeeded };
    Ok(done.exit(talk).worse(grown))
}

/// The files that a run reads.
fn inputs<'a>(input: &'a Path, args: &'a MatchArgs) -> Vec<&'a Path> {
    let more = args.decisions.iter().chain(&args.links).chain(&args.model).map(AsRef::as_ref);
    std::iter::once(input).chain(more).collect()
}

fn write_clusters(done: &Done, file: &mut Output) -> Result<(), CommandError> {
    let table = &done.loaded.table;
    file.write_csv(
        &["mention_id", "cluster_id"],
        (0..table.len()).map(|row| [table.mention_id(row), done.cluster_id(row)]),
    )
}

fn write_pairs(done: &Done, file: &mut Output) -> Result<(), CommandError> {
    let id = |row: u32| done.loaded.table.mention_id(row as usize);
    let rows = done.resolution.pairs.iter().map(|pair| {
        let linked = if pair.linked { "true" } else { "false" };
        [id(pair.left).to_owned(), id(pair.right).to_owned(), format!("{:.4}", pair.weight), linked.to_owned()]
    });
    file.write_csv(&["left", "right", "weight", "linked"], rows)
}

/// Mentions, clusters and the largest cluster of a run.
type Size = [usize; 3];

/// Reads what the last run's report says about its size; nothing where there was no last run.
fn read_last_report(path: &Path, talk: &Talk) -> Result<Option<Size>, CommandError> {
    if !path.exists() {
        talk.say("resolve.first", &format!("Compared with no last run: there is no `{}`", path.display()));
        return Ok(None);
    }
    let report: Value = serde_json::from_slice(&read_file(path)?).unwrap_or_default();
    let count = |pointer: &str| report.pointer(pointer).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
    let counts = ["/input/row_count", "/cluster_count", "/resolution/largest_cluster"].map(count);
    let [Some(mentions), Some(clusters), Some(largest)] = counts else {
        let shown = path.display();
        return Err(CommandError::usage(format!("failed to read `{shown}`: it is no report of `muster resolve`")));
    };
    Ok(Some([mentions, clusters, largest]))
}

/// Codes of what grew far beyond the last run.
fn grown(done: &Done, [mentions, clusters, largest]: Size) -> Vec<&'static str> {
    let rows = usize::try_from(done.loaded.counts.row_count).unwrap_or(usize::MAX);
    let now = [rows, done.cluster_count(), done.resolution.report.largest_cluster];
    beyond_last_run([now[0], mentions], [now[1], clusters], [now[2], largest])
}

fn write_report(done: &Done, grown: &[&str], file: &mut Output) -> Result<(), CommandError> {
    let report = json!({
        "version": JSON_VERSION,
        "input": done.loaded.counts,
        "model": done.model.name(),
        "threshold": done.threshold(),
        "cluster_count": done.cluster_count(),
        "grown": grown,
        "resolution": done.resolution.report,
    });
    file.write_text(&format!("{report:#}\n"))
}

fn learn(args: &TrainArgs, talk: &Talk) -> Result<Exit, CommandError> {
    refuse_same(&inputs(&args.input, &args.matching), &[&args.output])?;
    let model = read_model(args.matching.model.as_deref(), args.matching.threshold)?;
    let asked = Asked { path: &args.input, map: &args.matching.map, entity: args.matching.entity };
    let loaded = load(asked, talk)?;
    let decisions = engine::read_decisions(&args.matching, &loaded.table, talk)?;
    let trained = train(&loaded.table, &decisions, &model, level(args.matching.entity))
        .map_err(|error| CommandError::usage(format!("failed to learn from `{}`: {error}", args.input.display())))?;
    let mut file = Output::create(&args.output)?;
    file.write_text(&trained.to_json())?;
    file.finish()?;
    talk.say("trained", &format!("Learnt a model from {} rows", loaded.table.len()));
    Ok(if loaded.counts.faulty_row_count > 0 { Exit::PersonNeeded } else { Exit::Done })
}
