//! What people and other programs decided before: files of decisions and of clusters, read for the run.
//!
//! A row of such a file that cannot be taken ends the command: a decision that is lost without a word would be a merge
//! that somebody forbade.

use std::path::PathBuf;

use muster_model::LinkDecision;
use muster_resolve::LinkReader;

use super::row::RowBuffer;
use super::source::Source;
use crate::command_error::CommandError;
use crate::talk::Talk;

/// Rows with faults that are named; of the rest the count is told.
const FAULTS_NAMED_MAX: usize = 20;

/// Reads files of links, later files behind earlier ones, so that the last word of a pair counts.
///
/// # Errors
///
/// A usage error that names every row at fault, or an input error.
pub(crate) fn read_links(files: &[PathBuf], talk: &Talk) -> Result<Vec<LinkDecision>, CommandError> {
    let mut links = Vec::new();
    for path in files {
        let mut source = Source::open(path)?;
        let shown = source.shown().to_owned();
        let mut row = RowBuffer::default();
        // The members of JSON lines are known behind the first line only.
        let mut is_there = source.next(&mut row)?;
        source.refuse_twins()?;
        let names = source.names().to_vec();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut reader = LinkReader::new(&names)
            .map_err(|error| CommandError::usage(format!("failed to read links from `{shown}`: {error}")))?;
        let mut faults = Vec::new();
        while is_there {
            let fault = match row.fault {
                Some(fault) => Some(fault.sentence(source.names())),
                None => reader.push(|at| row.cell(at)).err().map(|fault| fault.to_string()),
            };
            faults.extend(fault.map(|fault| format!("{shown}:{}: {fault}", row.line)));
            is_there = source.next(&mut row)?;
        }
        if !faults.is_empty() {
            let more = faults.len().saturating_sub(FAULTS_NAMED_MAX);
            faults.truncate(FAULTS_NAMED_MAX);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            return Err(CommandError::usage(format!("failed to read links: {}{more}", faults.join("; "))));
        }
        let (format, undecided) = (reader.format().as_str(), reader.undecided_count());
        let taken = reader.finish();
        talk.say(
            "resolve.links",
            &format!("Took {} links from {format} `{shown}`; {undecided} rows are undecided", taken.len()),
        );
        links.extend(taken);
    }
    Ok(links)
}
