//! `muster resolve evaluate`: clusters against the truth, whole and by slice, and the curve of scored pairs.

mod truth;

use std::path::Path;

use muster_resolve::{Contingency, CurvePoint, Quality, curve, precision_recall};
use serde_json::json;

use self::truth::{Found, Truth};
use super::engine::{self, Done};
use super::output::{Output, refuse_same};
use super::row::RowBuffer;
use super::source::Source;
use crate::cli::{EvaluateArgs, Format, MatchEntity};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::table::{JSON_VERSION, Table};
use crate::talk::{Talk, print};

/// Columns of the tables that are printed.
const COLUMNS: &[&str] = &[
    "slice",
    "mentions",
    "entities",
    "clusters",
    "true_pairs",
    "found_pairs",
    "common_pairs",
    "precision",
    "recall",
    "f1",
    "bcubed_precision",
    "bcubed_recall",
    "bcubed_f1",
];

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the files do not fit together; an input or output error.
pub(crate) fn evaluate(args: &EvaluateArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let inputs = [Some(args.truth.as_path()), args.clusters.as_deref(), args.pairs.as_deref(), args.input.as_deref()];
    let inputs: Vec<&Path> = inputs.into_iter().flatten().collect();
    refuse_same(&inputs, &args.curve.as_deref().into_iter().collect::<Vec<_>>())?;
    let truth = Truth::read(&args.truth, args.matching.entity, args.truth_column.as_deref(), talk)?;
    let mut exit = Exit::Done;
    let mut done = None;
    let mut found = Found::new(&truth);
    match (&args.clusters, &args.input) {
        (Some(path), _) => found.read(path)?,
        (None, Some(input)) => {
            let run = engine::run(input, &args.matching, talk)?;
            exit = run.exit(talk);
            (0..run.loaded.table.len())
                .for_each(|row| found.take(run.loaded.table.mention_id(row), run.cluster_id(row)));
            done = Some(run);
        }
        (None, None) => {
            return Err(CommandError::usage("failed to evaluate: neither --clusters nor a file to resolve is given"));
        }
    }
    let table = Contingency::new(truth.labels(), &found.labels());
    let rows = measured(&truth, &table);
    let points = match (&args.curve, &args.pairs, &done) {
        (None, _, _) => None,
        (Some(_), Some(pairs), _) => Some(curve(scored_of_file(pairs, &truth)?, table.true_pair_count())),
        (Some(_), None, Some(done)) => Some(curve(scored_of_run(done, &truth), table.true_pair_count())),
        (Some(path), None, None) => {
            return Err(CommandError::usage(format!(
                "failed to draw `{}`: no weights of pairs are given",
                path.display()
            ))
            .hint("give the file of `muster resolve --pairs` by --pairs"));
        }
    };
    if let (Some(path), Some(points), Some(whole)) = (&args.curve, &points, rows.first()) {
        write_curve(path, args.matching.entity, points, whole)?;
    }
    found.say(talk);
    print_rows(args.format, &rows, points.as_deref(), &found)?;
    Ok(exit)
}

/// The whole, then tags, then sizes of entities.
fn measured(truth: &Truth, table: &Contingency) -> Vec<Quality> {
    let mut rows = vec![table.overall()];
    let mut tags: Vec<(&String, usize)> = truth.tags().iter().zip(0..).collect();
    tags.sort();
    rows.extend(tags.into_iter().map(|(tag, bit)| table.slice(tag, |at| truth.has_tag(at, bit))));
    rows.extend(table.by_size());
    rows
}

/// The scored pairs of a file of `--pairs`, each with whether it is true; pairs with a mention that is not in the truth
/// are left out.
fn scored_of_file(path: &Path, truth: &Truth) -> Result<Vec<(f32, bool)>, CommandError> {
    let mut source = Source::open(path)?;
    let mut row = RowBuffer::default();
    let mut is_there = source.next(&mut row)?;
    let place = |name: &str| source.names().iter().position(|each| each.trim().eq_ignore_ascii_case(name));
    let fault =
        |line: u64, why: &str| CommandError::usage(format!("failed to read `{}`: line {line}: {why}", path.display()));
    let (Some(left), Some(right), Some(weight)) = (place("left"), place("right"), place("weight")) else {
        return Err(fault(1, "no columns `left`, `right` and `weight`"));
    };
    let mut scored = Vec::new();
    while is_there {
        let bits: f32 =
            row.cell(weight).trim().parse().map_err(|_| fault(row.line, "column `weight`: is no number"))?;
        scored.extend(truth.are_one(row.cell(left), row.cell(right)).map(|is_one| (bits, is_one)));
        is_there = source.next(&mut row)?;
    }
    Ok(scored)
}

fn scored_of_run(done: &Done, truth: &Truth) -> Vec<(f32, bool)> {
    let id = |row: u32| done.loaded.table.mention_id(row as usize);
    let pairs = done.resolution.pairs.iter();
    pairs.filter_map(|pair| Some((pair.weight, truth.are_one(id(pair.left), id(pair.right))?))).collect()
}

fn write_curve(path: &Path, entity: MatchEntity, points: &[CurvePoint], whole: &Quality) -> Result<(), CommandError> {
    let what = match entity {
        MatchEntity::Person => "people",
        MatchEntity::Company => "companies",
        MatchEntity::Group => "groups of companies",
    };
    let mark = ("clusters".to_owned(), whole.pairwise.precision, whole.pairwise.recall);
    let svg = precision_recall(&format!("Precision and recall of pairs: {what}"), points, &[mark]);
    let mut output = Output::create(path)?;
    output.write_text(&svg)?;
    output.finish()
}

fn print_rows(
    format: Format,
    rows: &[Quality],
    points: Option<&[CurvePoint]>,
    found: &Found<'_>,
) -> Result<(), CommandError> {
    match format {
        Format::Json => {
            let document = json!({
                "version": JSON_VERSION,
                "rows": rows,
                "curve": points,
                "missing_mention_count": found.missing_count(),
                "unlabeled_mention_count": found.unlabeled_count(),
            });
            print(&format!("{document}\n"))
        }
        Format::Jsonl => print(&rows.iter().map(|row| format!("{}\n", json!(row))).collect::<String>()),
        Format::Table | Format::Csv => {
            let mut table = Table::new(COLUMNS);
            for row in rows {
                let counts = [
                    row.mention_count,
                    row.entity_count,
                    row.cluster_count,
                    row.true_pair_count,
                    row.found_pair_count,
                    row.common_pair_count,
                ];
                let shares = [row.pairwise, row.bcubed].map(|it| [it.precision, it.recall, it.f1]);
                let counts = counts.iter().map(u64::to_string);
                let shares = shares.as_flattened().iter().map(|share| format!("{share:.4}"));
                table.row(std::iter::once(row.slice.clone()).chain(counts).chain(shares).collect());
            }
            table.print(format)
        }
    }
}
