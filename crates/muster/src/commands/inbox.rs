//! `muster inbox`: read the pipeline's mailboxes, show the queue for people, or classify mails without a store.

mod classify;
mod queue;

use muster_model::MailKind;

use super::Call;
use crate::cli::{Format, InboxVerb};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::inbox::{Planned, Report, read_all, try_out};
use crate::table::Table;
use crate::talk::Talk;

pub(crate) use queue::{cursor_text, find_mails};

/// Runs the verb.
///
/// # Errors
///
/// A store or mailbox error.
pub(crate) fn inbox(verb: InboxVerb, call: &Call, talk: &mut Talk) -> Result<Exit, CommandError> {
    match verb {
        InboxVerb::Read { file, dry_run: false, format } => {
            let mut session = Session::open(call.config(file.as_deref())?, call.now, talk)?;
            let report = read_all(&mut session, talk)?;
            print_report(&report, format)?;
            Ok(session.exit)
        }
        InboxVerb::Read { file, dry_run: true, format } => {
            let mut session = Session::open_to_read(call.config(file.as_deref())?, call.now)?;
            let report = try_out(&mut session, talk)?;
            print_planned(&report.planned, format)?;
            Ok(session.exit)
        }
        InboxVerb::Queue { look, format } => queue::print_queue(&call.reading()?, look, format, talk),
        InboxVerb::Classify(args) => classify::classify_all(&args, talk),
    }
}

/// Prints mails by kind and by what became of them; the last row sums up.
fn print_report(report: &Report, format: Format) -> Result<(), CommandError> {
    let mut table = Table::new(&["kind", "mails", "acted", "queued", "ignored"]);
    let mut sums = [0; 4];
    for (kind, outcomes) in &report.kinds {
        let of = |name: &str| outcomes.get(name).copied().unwrap_or_default();
        let counts = [outcomes.values().sum::<u64>(), of("acted"), of("queued"), of("ignored")];
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
        table.row(row_of(kind.as_str(), counts));
    }
    table.row(row_of("all", sums));
    table.print(format)
}

fn row_of(name: &str, counts: [u64; 4]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(counts.map(|count| count.to_string())).collect()
}

/// Prints what would be done about each mail.
fn print_planned(planned: &[Planned], format: Format) -> Result<(), CommandError> {
    let mut table = Table::new(&["id", "mailbox", "kind", "outcome", "cluster_id", "would"]);
    for mail in planned {
        table.row(vec![
            mail.id.clone(),
            mail.mailbox.clone(),
            mail.kind.as_str().to_owned(),
            mail.outcome.to_owned(),
            mail.person.as_ref().map(ToString::to_string).unwrap_or_default(),
            mail.steps.join(" "),
        ]);
    }
    table.print(format)
}

/// Joins kinds for a cell.
fn kinds_text(kinds: &[MailKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join("+")
}
