//! `muster notice`: who is due, one letter, sending, what came back, and the lint of everything that would be sent.

use jiff::ToSpan;
use muster_gate::{NoticeAlarm, NoticeWay};
use muster_model::{LedgerEvent, NoticeToken};
use muster_store::NoticeState;

use super::Call;
use super::notice_check;
use crate::cli::{NoticeVerb, PlanArgs};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::notice::{NoticeOptions, Shown, missed, plan, send_all, shown_notice};
use crate::stages::{Counts, sweep};
use crate::table::Table;
use crate::talk::{Talk, print};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the person is unknown or gets no notice; a store or transport error.
pub(crate) fn notice(verb: NoticeVerb, call: &Call, talk: &mut Talk) -> Result<Exit, CommandError> {
    match verb {
        NoticeVerb::Plan(args) => print_plan(&call.reading()?, &args, talk),
        NoticeVerb::Render { person, lang, html } => {
            let session = call.reading()?;
            print(&shown_notice(&session, &session.master(&person)?, &Shown { lang, html })?)?;
            Ok(Exit::Done)
        }
        NoticeVerb::Send { limit, dry_run } => {
            let mut session = call.writing(talk)?;
            send_all(&mut session, NoticeOptions { limit, dry_run }, talk)?;
            Ok(session.exit)
        }
        NoticeVerb::Returned { tokens } => returned(&mut call.writing(talk)?, &tokens, talk),
        NoticeVerb::Check(args) if args.file.is_some() => notice_check::check(&args, talk),
        NoticeVerb::Check(_) => {
            let mut session = call.reading()?;
            send_all(&mut session, NoticeOptions { limit: None, dry_run: true }, talk)?;
            Ok(session.exit)
        }
    }
}

/// Prints who is due when, and proves that the caps let everybody be told in time, or names the first day on which they
/// do not. That day, whoever is due within the days asked for, and whoever has passed the alarm make the exit 4.
fn print_plan(session: &Session, args: &PlanArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let mut table = Table::new(&[
        "cluster_id",
        "state",
        "way",
        "due_at",
        "send_by",
        "target_at",
        "alarm_at",
        "hard_stop_at",
        "planned_on",
        "alarm",
        "obstacle",
        "why",
    ]);
    let mut exit = session.exit;
    let soon = session.now.checked_add((i64::from(args.within.within) * 24).hours()).unwrap_or(session.now);
    let plan = plan(session, args.all)?;
    for row in plan.rows {
        if row.is_due_by(soon) || row.alarm >= Some(NoticeAlarm::Alarm) {
            exit = exit.worse(Exit::Deadline);
        }
        let clock = row.clock.as_ref();
        let shown = |instant: Option<jiff::Timestamp>| instant.map(|at| at.to_string()).unwrap_or_default();
        table.row(vec![
            row.cluster_id.to_string(),
            row.state.as_str().to_owned(),
            row.way.map_or("", NoticeWay::as_str).to_owned(),
            shown(clock.map(|clock| clock.due_at)),
            shown(row.send_by),
            shown(clock.map(|clock| clock.target_at)),
            shown(clock.map(|clock| clock.alarm_at)),
            shown(clock.map(|clock| clock.hard_stop_at)),
            row.planned_on.map(|day| day.to_string()).unwrap_or_default(),
            row.alarm.map_or("", NoticeAlarm::as_str).to_owned(),
            row.obstacle.map(|reason| reason.code().to_owned()).unwrap_or_default(),
            row.why,
        ]);
    }
    table.print(args.format)?;
    match (plan.first_missed, plan.last_day) {
        (Some(day), _) => {
            talk.warn("notices.caps", &missed(day));
            exit = exit.worse(Exit::Deadline);
        }
        (None, Some(day)) => {
            talk.say("plan", &format!("The caps let all {} who can be told be told in time: by {day}", plan.tellable));
        }
        (None, None) => {}
    }
    Ok(exit)
}

/// Records notices that came back: their addresses are dead, and the next way is tried, or the clock erases.
fn returned(session: &mut Session, tokens: &[String], talk: &Talk) -> Result<Exit, CommandError> {
    let mut counts = Counts::default();
    let (mut events, mut faults) = (Vec::new(), Vec::new());
    for text in tokens {
        // An operator types what stands on the letter.
        let token = NoticeToken::new(text.trim().to_ascii_lowercase());
        let Some(row) = session.store.notice(&token)? else {
            faults.push(format!("`{text}` is the token of no notice"));
            continue;
        };
        match row.state {
            NoticeState::Sent { .. } => {
                counts.add("returned", 1);
                events.push(LedgerEvent::NoticeBounced { token, permanent: true, status_code: None });
            }
            NoticeState::Bounced { permanent: true, .. } => counts.add("returned_before", 1),
            NoticeState::InDoubt | NoticeState::Bounced { permanent: false, .. } => {
                faults.push(format!("`{text}` waits for a person: `muster review decide`"));
            }
            NoticeState::Intended | NoticeState::Failed { .. } => faults.push(format!("`{text}` did not go out")),
        }
    }
    if !faults.is_empty() {
        return Err(CommandError::usage(format!("failed to record what came back:\n  {}", faults.join("\n  ")))
            .hint("nothing was recorded; the token stands on the letter and is its file name"));
    }
    session.store.commit(events)?;
    talk.event("notices.returned", "Recorded notices that came back", &counts.0);
    sweep::enforce(session, talk)?;
    Ok(session.exit)
}
