//! `muster notice`: who is due, one letter, sending, and the lint of everything that would be sent.

use jiff::ToSpan;

use super::Call;
use crate::cli::{NoticeVerb, PlanArgs};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::notice::{NoticeOptions, letter_for, plan, send_all};
use crate::table::Table;
use crate::talk::{Talk, print};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the person is unknown or gets no notice; a store or transport error.
pub(crate) fn notice(verb: NoticeVerb, call: &Call, talk: &mut Talk) -> Result<Exit, CommandError> {
    match verb {
        NoticeVerb::Plan(args) => print_plan(&call.reading()?, &args),
        NoticeVerb::Render { person } => {
            let session = call.reading()?;
            let letter = letter_for(&session, &session.master(&person)?)?;
            print(&letter.shown())?;
            Ok(Exit::Done)
        }
        NoticeVerb::Send { limit, dry_run } => {
            let mut session = call.writing(talk)?;
            send_all(&mut session, NoticeOptions { limit, dry_run }, talk)?;
            Ok(session.exit)
        }
        NoticeVerb::Check => {
            let mut session = call.reading()?;
            send_all(&mut session, NoticeOptions { limit: None, dry_run: true }, talk)?;
            Ok(session.exit)
        }
    }
}

/// Prints who is due when. Whoever is due within the days asked for, or past due, makes the exit 4.
fn print_plan(session: &Session, args: &PlanArgs) -> Result<Exit, CommandError> {
    let mut table = Table::new(&["cluster_id", "due_at", "send_by", "target_at", "obstacle", "why"]);
    let mut exit = session.exit;
    let alarm = session.now.checked_add((i64::from(args.within.within) * 24).hours()).unwrap_or(session.now);
    for row in plan(session)? {
        let clock = &row.untold.clock;
        if clock.due_at <= alarm || clock.send_by <= alarm {
            exit = exit.worse(Exit::Deadline);
        }
        table.row(vec![
            row.cluster_id.to_string(),
            clock.due_at.to_string(),
            clock.send_by.to_string(),
            clock.target_at.to_string(),
            row.obstacle.map(|reason| reason.code().to_owned()).unwrap_or_default(),
            clock.why.clone(),
        ]);
    }
    table.print(args.format)?;
    Ok(exit)
}
