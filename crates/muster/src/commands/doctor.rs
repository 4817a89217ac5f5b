//! `muster doctor`: what is wrong with this installation, and what will be soon. Made for cron.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use muster_gate::NoticeAlarm;
use muster_store::{Store, audit_verify};

use super::Call;
use crate::cli::WithinArgs;
use crate::command_error::CommandError;
use crate::config::Config;
use crate::exit_code::Exit;
use crate::session::{Session, read_key, read_pipeline};
use crate::stages::notice::{missed, plan};
use crate::talk::{Talk, print_line};

fn good(what: &str) -> Result<(), CommandError> {
    print_line(&format!("ok       {what}"))
}

/// What was looked at and how it is.
struct Findings {
    exit: Exit,
}

impl Findings {
    fn bad(&mut self, exit: Exit, what: &str) -> Result<(), CommandError> {
        self.exit = self.exit.worse(exit);
        print_line(&format!("problem  {what}"))
    }
}

/// Looks at configuration, key, store, assessments, deadlines and queues.
///
/// # Errors
///
/// A configuration, key or store error that makes looking further impossible.
pub(crate) fn doctor(call: &Call, args: &WithinArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let path = call.path(None)?;
    let config = read_pipeline(&path)?;
    let mut findings = Findings { exit: Exit::Done };
    good(&format!("pipeline `{}` is sound", path.display()))?;
    let key = read_key(&config)?;
    check_key(&config, &mut findings)?;
    check_assessments(&config, call, args, &mut findings)?;
    if !config.mail_out.enabled {
        findings.bad(
            Exit::PersonNeeded,
            "`mail.out.enabled` is false: nobody is told, and whoever is not told in time is erased",
        )?;
    }
    let on_disk = config.mail_in.iter().filter_map(|mailbox| Some((mailbox, mailbox.path()?)));
    for (mailbox, path) in on_disk.filter(|(_, path)| !path.exists()) {
        let shown = path.display();
        findings.bad(
            Exit::PersonNeeded,
            &format!("mailbox `{}` is not there: `{shown}`; nobody hears the answers", mailbox.name),
        )?;
    }
    if !Store::exists(&config.store) {
        good("there is no store yet")?;
        return Ok(findings.exit);
    }
    let report = audit_verify(&config.store, &key)?;
    if report.faults.is_empty() {
        good(&format!("the ledger's chain of {} entries holds", report.entries))?;
    }
    for fault in &report.faults {
        findings.bad(Exit::Integrity, &fault.to_string())?;
    }
    if findings.exit == Exit::Integrity {
        return Ok(findings.exit);
    }
    let session = Session::open_to_read(config, call.now)?;
    check_deadlines(&session, args, &mut findings)?;
    talk.say("doctor", "Looked at pipeline, key, assessments, ledger, deadlines and queues");
    Ok(findings.exit)
}

fn check_key(config: &Config, findings: &mut Findings) -> Result<(), CommandError> {
    use std::os::unix::fs::PermissionsExt;
    let shown = config.key_file.display();
    let mode = std::fs::metadata(&config.key_file).map(|meta| meta.permissions().mode() & 0o077);
    match mode {
        Ok(0) => good(&format!("key file `{shown}` is its owner's alone")),
        Ok(_) => findings.bad(Exit::PersonNeeded, &format!("key file `{shown}` can be read by others: chmod 600")),
        Err(error) => findings.bad(Exit::InputOutput, &format!("key file `{shown}`: {error}")),
    }
}

fn check_assessments(
    config: &Config,
    call: &Call,
    args: &WithinArgs,
    findings: &mut Findings,
) -> Result<(), CommandError> {
    let today = call.now.to_zoned_datetime(TimeZone::UTC).date();
    let soon = today.checked_add(i64::from(args.within).days()).unwrap_or(today);
    for assessment in &config.assessments {
        let id = &assessment.id;
        if assessment.expires_on <= today {
            findings.bad(
                Exit::Deadline,
                &format!("assessment `{id}` expired on {}: the gates are closed", assessment.expires_on),
            )?;
        } else if assessment.expires_on <= soon {
            findings.bad(Exit::Deadline, &format!("assessment `{id}` expires on {}", assessment.expires_on))?;
        } else {
            good(&format!("assessment `{id}` holds until {}", assessment.expires_on))?;
        }
    }
    Ok(())
}

fn check_deadlines(session: &Session, args: &WithinArgs, findings: &mut Findings) -> Result<(), CommandError> {
    let alarm = session.now.checked_add((i64::from(args.within) * 24).hours()).unwrap_or(session.now);
    let plan = plan(session, false)?;
    let due = plan.rows.iter().filter(|row| row.is_due_by(alarm)).count();
    let late = plan.rows.iter().filter(|row| row.alarm >= Some(NoticeAlarm::Alarm)).count();
    if let Some(day) = plan.first_missed {
        findings.bad(Exit::Deadline, &missed(day))?;
    }
    if late > 0 {
        findings.bad(Exit::Deadline, &format!("{late} people are not told although the alarm time has passed"))?;
    }
    let cases = session.store.cases()?.into_iter().filter(|case| case.closed.is_none() && case.due_at <= alarm).count();
    for (count, what) in [(due, "notices"), (cases, "rights requests")] {
        match count {
            0 => good(&format!("no {what} due within {} days", args.within))?,
            _ => findings.bad(Exit::Deadline, &format!("{count} {what} due within {} days", args.within))?,
        }
    }
    let reviews = session.store.reviews()?.into_iter().filter(|review| review.decided.is_none()).count();
    let reviews = reviews + session.store.held()?.len();
    match reviews {
        0 => good("nothing waits for a person"),
        _ => findings.bad(Exit::PersonNeeded, &format!("{reviews} things wait for a person: `muster review list`")),
    }
}
