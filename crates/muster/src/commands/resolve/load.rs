//! The rows of a file into the table that is resolved, and what was wrong with them.
//!
//! A row that cannot be read is named and still stands in the table by its id, where that can be read, so that it comes
//! out again as a cluster of its own. A fault of the file as a whole ends the command before anything is written.
//!
//! Invariant: rows of the file = rows of the table + rows whose id cannot be read, which are named and counted.

use std::collections::VecDeque;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use muster_model::EntityKind;
use muster_resolve::{Attribute, PushError, Row, Table, TableBuilder};
use serde::Serialize;

use super::field::{Mapped, read_mapped};
use super::plan::{Joined, Plan};
use super::row::{RowBuffer, RowFault};
use super::source::Source;
use crate::cli::MatchEntity;
use crate::command_error::CommandError;
use crate::talk::Talk;

/// Rows that are looked at before the first is taken: they tell the kinds of attributes and the members of JSON lines.
const HEAD_ROWS: usize = 1_000;

/// Rows that are named one by one; of the rest the count is told.
const ROWS_NAMED_MAX: u64 = 20;

/// Which file is to be read, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// The entries of `--map`.
    pub(crate) map: &'a [String],
    /// What the rows are matched for.
    pub(crate) entity: MatchEntity,
}

/// A row of a file, ready to be taken.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// The row; of one that cannot be read, the id alone.
    pub(crate) row: Row<'a>,
    /// The line of the file it starts on.
    pub(crate) number: u64,
    /// What is wrong with it.
    pub(crate) fault: Option<RowFault>,
    /// Whether it has an instant that cannot be read.
    pub(crate) is_untimed: bool,
}

/// A file whose columns are known and whose rows can be read.
#[derive(Debug)]
pub(crate) struct RowsFile {
    source: Source,
    plan: Plan,
    head: VecDeque<RowBuffer>,
    attributes: Vec<Attribute>,
    kind: EntityKind,
}

impl RowsFile {
    /// Opens a file and tells what its columns are for.
    ///
    /// # Errors
    ///
    /// A usage error where file and `--map` do not fit together or no column names anybody; an input error.
    pub(crate) fn open(asked: Asked<'_>) -> Result<Self, CommandError> {
        let mapped: Vec<Mapped> = asked.map.iter().map(|entry| read_mapped(entry)).collect::<Result<_, _>>()?;
        let mut source = Source::open(asked.path)?;
        source.refuse_twins()?;
        let mut head = VecDeque::new();
        let mut row = RowBuffer::default();
        while head.len() < HEAD_ROWS && source.next(&mut row)? {
            head.push_back(row.clone());
        }
        let mut plan = Plan::new(mapped);
        plan.take_up(source.names(), true);
        refuse_missing(&plan, &source)?;
        plan.check(source.shown(), source.names())?;
        let attributes = plan.attributes(head.make_contiguous());
        // Rows about people are contacts, whose companies may be what is asked for.
        let is_of_companies = asked.entity != MatchEntity::Person && plan.is_of_companies();
        let kind = if is_of_companies { EntityKind::Company } else { EntityKind::Person };
        Ok(Self { source, plan, head, attributes, kind })
    }

    /// Reads every row, in the order of the file.
    ///
    /// # Errors
    ///
    /// An input error, or what `take` says.
    pub(crate) fn each(
        mut self,
        mut take: impl FnMut(&Line<'_>) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let mut joined = Joined::default();
        let mut buffer = RowBuffer::default();
        let mut number = 0_u64;
        loop {
            match self.head.pop_front() {
                Some(row) => buffer = row,
                None if !self.source.next(&mut buffer)? => return Ok(()),
                None => self.plan.take_up(self.source.names(), false),
            }
            number += 1;
            let numbered = if self.plan.has_ids() { String::new() } else { number.to_string() };
            let id = if self.plan.has_ids() { self.plan.id(&buffer) } else { numbered.as_str() };
            let kind = self.plan.said_kind(&buffer).unwrap_or(self.kind);
            let (line, fault) = (buffer.line, buffer.fault);
            if fault.is_some_and(|fault| !fault.keeps_values()) {
                let row = Row { mention_id: id, ..Row::new(kind) };
                take(&Line { row, number: line, fault, is_untimed: false })?;
                continue;
            }
            self.plan.with_row(&buffer, kind, &mut joined, |row, instant| {
                let seen_at = read_instant(instant);
                let is_untimed = seen_at.is_none() && !instant.is_empty();
                take(&Line { row: Row { mention_id: id, seen_at, ..*row }, number: line, fault, is_untimed })
            })?;
        }
    }
}

fn refuse_missing(plan: &Plan, source: &Source) -> Result<(), CommandError> {
    let missing = plan.missing(source.names());
    if missing.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = missing.iter().map(|(name, _)| name.as_str()).collect();
    let listed = source.names().join("`, `");
    let mut error = CommandError::usage(format!(
        "failed to read `{}`: it has no column `{}` that --map names; its columns are `{listed}`",
        source.shown(),
        named.join("`, `")
    ));
    for (name, near) in &missing {
        if source.left_out().contains(name) {
            error = error.hint(format!("the type of column `{name}` has no text"));
        } else if let Some(near) = near {
            error = error.hint(format!("did you mean `{near}`?"));
        }
    }
    Err(error)
}

/// What was read, in counts.
#[expect(clippy::struct_field_names, reason = "counts end with `_count`, as everywhere in reports")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ReadCounts {
    /// Rows of the file.
    pub(crate) row_count: u64,
    /// Rows that could not be read, or not as UTF-8; each was named.
    pub(crate) faulty_row_count: u64,
    /// Those of them whose id could not be read, so that they are not in the output.
    pub(crate) lost_row_count: u64,
    /// Columns that were read.
    pub(crate) column_count: u64,
    /// Rows whose instant could not be read and that count as undated.
    pub(crate) undated_row_count: u64,
}

/// A table, and what was read for it.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The table, rows in the order of the file.
    pub(crate) table: Table,
    /// The counts.
    pub(crate) counts: ReadCounts,
}

/// Reads a file into a table.
///
/// # Errors
///
/// As [`RowsFile::open`], and a usage error where an id is there twice.
pub(crate) fn load(asked: Asked<'_>, talk: &Talk) -> Result<Loaded, CommandError> {
    let file = RowsFile::open(asked)?;
    let shown = file.source.shown().to_owned();
    for name in file.plan.coined() {
        talk.say("resolve.attribute", &format!("Took `{name}` of --map for a plain attribute"));
    }
    let names = file.source.names().to_vec();
    let guessed_ids = file.plan.guessed_ids(&names).map(str::to_owned);
    let mut counts = ReadCounts { column_count: file.plan.column_count() as u64, ..ReadCounts::default() };
    let mut builder = TableBuilder::new(file.attributes.clone());
    let mut twins = Twins::default();
    file.each(|line| {
        counts.row_count += 1;
        counts.undated_row_count += u64::from(line.is_untimed);
        let mut sentence = line.fault.map(|fault| fault.sentence(&names));
        match builder.push(&line.row) {
            Ok(()) => twins.lines.push(u32::try_from(line.number).unwrap_or(u32::MAX)),
            Err(PushError::DuplicateId { first }) if line.fault.is_none() => twins.add(line.number, first),
            Err(PushError::TooMany) => {
                return Err(CommandError::usage(format!("failed to read `{shown}`: {}", PushError::TooMany)));
            }
            Err(error) => {
                counts.lost_row_count += 1;
                sentence = Some(sentence.map_or_else(|| error.to_string(), |fault| format!("{fault}; {error}")));
            }
        }
        if let Some(sentence) = sentence {
            counts.faulty_row_count += 1;
            if counts.faulty_row_count <= ROWS_NAMED_MAX {
                talk.warn("resolve.row", &format!("{shown}:{}: {sentence}", line.number));
            }
        }
        Ok(())
    })?;
    twins.refuse(&shown, guessed_ids.as_deref())?;
    say_counts(&shown, &counts, talk);
    Ok(Loaded { table: builder.finish(), counts })
}

fn say_counts(shown: &str, counts: &ReadCounts, talk: &Talk) {
    if let Some(more) = counts.faulty_row_count.checked_sub(ROWS_NAMED_MAX).filter(|&more| more > 0) {
        talk.warn("resolve.rows", &format!("{shown}: {more} more rows with faults"));
    }
    if counts.undated_row_count > 0 {
        let text =
            format!("{shown}: seen_at of {} rows cannot be read; they count as undated", counts.undated_row_count);
        talk.warn("resolve.undated", &text);
    }
    if counts.row_count == 0 {
        talk.warn("resolve.empty", &format!("{shown}: has a header and no rows"));
    }
}

/// Rows whose id another row has.
#[derive(Debug, Default)]
struct Twins {
    /// The line of each row of the table.
    lines: Vec<u32>,
    /// The lines of the first few, with those of the rows that came first.
    named: Vec<String>,
    count: u64,
}

impl Twins {
    fn add(&mut self, line: u64, first: usize) {
        self.count += 1;
        if self.count <= ROWS_NAMED_MAX {
            let first = self.lines.get(first).copied().unwrap_or_default();
            self.named.push(format!("{line} (as on line {first})"));
        }
    }

    fn refuse(&self, shown: &str, guessed: Option<&str>) -> Result<(), CommandError> {
        if self.count == 0 {
            return Ok(());
        }
        let more = self.count - self.named.len() as u64;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let places = self.named.join(", ");
        let error = CommandError::usage(format!(
            "failed to read `{shown}`: column mention_id: {} rows have the id of an earlier row: line {places}{more}",
            self.count
        ));
        Err(match guessed {
            Some(name) => {
                error.hint(format!("column `{name}` was taken for the ids; --map {name}=ignore numbers the rows"))
            }
            None => error,
        })
    }
}

/// Reads an instant: RFC 3339, a local time or a day (as UTC), or seconds or milliseconds since 1970; in seconds.
pub(super) fn read_instant(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            9 | 10 => text.parse().ok(),
            12 | 13 => text.parse::<i64>().ok().map(|milliseconds| milliseconds / 1_000),
            _ => text.parse::<DateTime>().ok().and_then(seconds),
        };
    }
    let instant = text.parse::<Timestamp>().map(Timestamp::as_second).ok();
    instant.or_else(|| text.parse::<DateTime>().ok().and_then(seconds))
}

fn seconds(local: DateTime) -> Option<i64> {
    TimeZone::UTC.to_timestamp(local).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_usual_writings() {
        for (text, expect) in [
            ("2024-03-01T12:00:00Z", Some(1_709_294_400)),
            ("2024-03-01T13:00:00+01:00", Some(1_709_294_400)),
            ("2024-03-01 12:00:00", Some(1_709_294_400)),
            ("2024-03-01", Some(1_709_251_200)),
            ("20240301", Some(1_709_251_200)),
            ("1709294400", Some(1_709_294_400)),
            ("1709294400123", Some(1_709_294_400)),
            ("yesterday", None),
            ("2024-02-30", None),
            ("", None),
        ] {
            assert_eq!(read_instant(text), expect, "{text}");
        }
    }
}
