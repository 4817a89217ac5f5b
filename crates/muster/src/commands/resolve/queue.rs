//! The most informative doubtful pairs, as a file that a steward fills in and that comes back by `--decisions`.
//!
//! A pair is the more informative the nearer its weight is to the threshold. Two clusters are asked about once, by their
//! most doubtful pair, and so is one cluster: each answer tells as much as any other about the two.
//!
//! Contact fields of both sides are written for the steward to see, plain attributes such as a date of birth are not.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use muster_resolve::{Row, TablePair};

use super::engine::Done;
use super::load::{Asked, RowsFile};
use super::output::Output;
use crate::cli::MatchArgs;
use crate::command_error::CommandError;

/// The fields that are shown of each side.
const SHOWN: &[&str] = &["name", "job_title", "company", "email", "phone", "place", "profile", "source_url"];

/// Chooses the pairs to ask about: at most `count_max`, the most doubtful first.
fn chosen(done: &Done, count_max: usize) -> Vec<&TablePair> {
    let doubt = |pair: &TablePair| (f64::from(pair.weight) - done.threshold()).abs();
    let mut pairs: Vec<&TablePair> = done.resolution.pairs.iter().filter(|pair| pair.weight.is_finite()).collect();
    let table = &done.loaded.table;
    let ids = |pair: &TablePair| (table.mention_id(pair.left as usize), table.mention_id(pair.right as usize));
    pairs.sort_by(|a, b| doubt(a).total_cmp(&doubt(b)).then_with(|| ids(a).cmp(&ids(b))));
    let cluster = |row: u32| done.resolution.cluster_of[row as usize];
    let mut asked = HashSet::new();
    pairs.retain(|pair| {
        let (left, right) = (cluster(pair.left), cluster(pair.right));
        asked.len() < count_max && asked.insert((left.min(right), left.max(right)))
    });
    pairs.truncate(count_max);
    pairs
}

/// Writes the queue; the file is read a second time for the values of both sides.
///
/// # Errors
///
/// An input or output error.
pub(crate) fn write_queue(
    done: &Done,
    input: &Path,
    args: &MatchArgs,
    count_max: usize,
    output: &mut Output,
) -> Result<usize, CommandError> {
    let pairs = chosen(done, count_max);
    let table = &done.loaded.table;
    let wanted: HashSet<&str> =
        pairs.iter().flat_map(|pair| [pair.left, pair.right]).map(|row| table.mention_id(row as usize)).collect();
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if !wanted.is_empty() {
        RowsFile::open(Asked { path: input, map: &args.map, entity: args.entity })?.each(|line| {
            if wanted.contains(line.row.mention_id) {
                values.entry(line.row.mention_id.to_owned()).or_insert_with(|| shown(&line.row));
            }
            Ok(())
        })?;
    }
    let sides = ["left", "right"].iter().flat_map(|side| SHOWN.iter().map(move |field| format!("{side}_{field}")));
    let header: Vec<String> =
        ["left", "right", "decision", "weight", "linked"].map(str::to_owned).into_iter().chain(sides).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = pairs.iter().map(|pair| {
        let ids = [pair.left, pair.right].map(|row| table.mention_id(row as usize));
        let [left, right] = if ids[0] <= ids[1] { ids } else { [ids[1], ids[0]] };
        let linked = done.resolution.cluster_of[pair.left as usize] == done.resolution.cluster_of[pair.right as usize];
        let head = [left, right, "", &format!("{:.2}", pair.weight), if linked { "true" } else { "false" }];
        let side = |id: &str| values.get(id).cloned().unwrap_or_else(|| vec![String::new(); SHOWN.len()]);
        head.map(str::to_owned).into_iter().chain(side(left)).chain(side(right)).collect::<Vec<_>>()
    });
    output.write_csv(&header, rows)?;
    Ok(pairs.len())
}

fn shown(row: &Row<'_>) -> Vec<String> {
    let join = |parts: &[&str], with: &str| {
        parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(with)
    };
    let name =
        if row.full_name.is_empty() { join(&[row.given_name, row.family_name], " ") } else { row.full_name.to_owned() };
    [
        name,
        row.job_title.to_owned(),
        join(&[row.company, row.company_domain], ", "),
        row.emails.join("; "),
        row.phones.join("; "),
        join(&[row.street, row.postcode, row.city, row.country], ", "),
        row.profile_urls.join("; "),
        row.source_url.to_owned(),
    ]
    .map(guarded)
    .to_vec()
}

/// Keeps a spreadsheet from running a cell as a formula.
fn guarded(text: String) -> String {
    let is_number = text.bytes().skip(1).all(|byte| byte.is_ascii_digit() || b" ()-/.;+".contains(&byte));
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !(text.starts_with('+') && is_number) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_phone_numbers_are_not() {
        assert_eq!(guarded("=1+1".into()), "'=1+1");
        assert_eq!(guarded("+cmd".into()), "'+cmd");
        assert_eq!(guarded("+49 30 23125-101; +49 1".into()), "+49 30 23125-101; +49 1");
        assert_eq!(guarded("Anna".into()), "Anna");
    }
}
