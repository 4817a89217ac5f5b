//! `muster check`, `run`, `crawl`, `import`, `export`: the flow as a whole and its stages alone.

use std::path::Path;

use jiff::Timestamp;
use muster_gate::SourceKind;
use muster_model::LedgerEvent;

use crate::cli::{ExportArgs, ImportArgs, RunArgs, SourceArg};
use crate::command_error::CommandError;
use crate::config::{Config, Stage, Step};
use crate::exit_code::Exit;
use crate::rehearsal::{page, respondent, site_server::SiteServer};
use crate::session::{Session, read_pipeline};
use crate::stages::notice::{NoticeOptions, send_all};
use crate::stages::{collect, export, inbox, resolve};
use crate::talk::{Talk, print};

/// Checks a pipeline and everything it names.
///
/// # Errors
///
/// A usage error with all faults.
pub(crate) fn check(path: &Path, talk: &Talk) -> Result<Exit, CommandError> {
    let config = read_pipeline(path)?;
    talk.say(
        "check",
        &format!(
            "Pipeline `{}` is sound: {} sources, {} exports, policy {}",
            config.name,
            config.sources.len(),
            config.exports.len(),
            config.policy.policy_hash
        ),
    );
    Ok(Exit::Done)
}

/// Runs all stages, or all steps of a rehearsal.
///
/// # Errors
///
/// Why a stage could not do its part; whatever was done before stays done.
pub(crate) fn run(mut config: Config, args: &RunArgs, now: Timestamp, talk: &mut Talk) -> Result<Exit, CommandError> {
    let options = NoticeOptions { limit: args.limit, dry_run: args.dry_run };
    let steps = config.rehearsal.as_ref().map(|rehearsal| rehearsal.steps.clone()).unwrap_or_default();
    let server = match &config.rehearsal {
        Some(rehearsal) if !rehearsal.sites.is_empty() => Some(SiteServer::start(&rehearsal.sites)?),
        Some(_) | None => None,
    };
    if let Some(server) = &server {
        config.crawl.host_overrides.extend(server.overrides());
    }
    if steps.is_empty() {
        let mut session = Session::open(config, now, talk)?;
        let before = session.store.position();
        run_stages(&mut session, &Stage::RUN, options, talk)?;
        say_change(before, session.store.position(), talk);
        return Ok(session.exit);
    }
    if args.dry_run {
        return Err(CommandError::usage("failed to rehearse: `--dry-run` would use up the steps of the virtual clock")
            .hint("a rehearsal sends to an outbox on disk only; run it as it is"));
    }
    run_steps(config, &steps, options, talk)
}

fn say_change(before: u64, after: u64, talk: &Talk) {
    if before == after {
        talk.say("unchanged", "Nothing changed: everything was as the last run left it");
    } else {
        talk.say("changed", &format!("The ledger grew from {before} to {after}"));
    }
}

/// Runs the steps of a rehearsal on their virtual clock; a step that is over is not run again.
fn run_steps(config: Config, steps: &[Step], options: NoticeOptions, talk: &mut Talk) -> Result<Exit, CommandError> {
    let first = steps.first().map_or(Timestamp::UNIX_EPOCH, |step| step.at);
    let pipeline = config.name.clone();
    let mut session = Session::open_where_it_stands(config, first, talk)?;
    let before = session.store.position();
    let mut report = page::Report::default();
    for step in steps {
        let last = session.store.last_instant().unwrap_or(Timestamp::MIN);
        let done = session.store.step_completed(&pipeline, &step.name)?.is_some();
        if last > step.at {
            if done {
                talk.say("step.over", &format!("Step `{}` is over", step.name));
            } else {
                session.note(Exit::PersonNeeded);
                talk.warn("step.missed", &format!("Step `{}` was not finished, and the ledger is past it", step.name));
            }
            continue;
        }
        session.now = step.at;
        session.store.advance_to(step.at)?;
        talk.say("step", &format!("Step `{}` at {}", step.name, step.at));
        let start = session.store.position();
        crate::stages::sweep::settle_intents(&mut session, talk)?;
        inbox::acknowledge::settle(&mut session, talk)?;
        crate::stages::sweep::enforce(&mut session, talk)?;
        let lines = run_stages(&mut session, &step.stages, options, talk)?;
        report.add(step, lines);
        if !done || session.store.position() != start {
            session
                .store
                .commit(vec![LedgerEvent::StepCompleted { pipeline: pipeline.clone(), step: step.name.clone() }])?;
        }
    }
    say_change(before, session.store.position(), talk);
    print(&report.render(&session, before != session.store.position())?)?;
    Ok(session.exit)
}

/// Runs stages in the order given; returns each stage's counts for a report.
///
/// # Errors
///
/// Why a stage could not do its part.
fn run_stages(
    session: &mut Session,
    stages: &[Stage],
    options: NoticeOptions,
    talk: &mut Talk,
) -> Result<Vec<page::StageLine>, CommandError> {
    let mut lines = Vec::new();
    for stage in stages {
        let before = session.store.position();
        let (name, counts) = match stage {
            Stage::Collect => ("collect", collect::collect(session, collect::Wanted::default(), talk)?),
            Stage::Resolve => ("resolve", resolve::resolve_all(session, talk)?),
            Stage::Notice => ("notice", send_all(session, options, talk)?),
            Stage::Respond => ("respond", respondent::respond(session, talk)?),
            Stage::Inbox => ("inbox", inbox::read_all(session, talk)?.counts),
            Stage::Export => {
                for outcome in export::export_all(session, None, options.dry_run, talk)? {
                    lines.push(page::StageLine::of_export(outcome));
                }
                continue;
            }
        };
        // A run record, where there was anything to record.
        if session.store.position() != before {
            let record = LedgerEvent::StageCompleted { stage: name.to_owned(), counts: counts.0.clone() };
            session.store.commit(vec![record])?;
        }
        lines.push(page::StageLine::new(name, counts));
    }
    Ok(lines)
}

/// Crawls the web sources alone.
///
/// # Errors
///
/// A usage error where the source is unknown; a store or network error.
pub(crate) fn crawl(session: &mut Session, args: &SourceArg, talk: &mut Talk) -> Result<Exit, CommandError> {
    if let Some(name) = &args.source {
        source_index(session, name)?;
    }
    let wanted = collect::Wanted { name: args.source.as_deref(), kind: Some(SourceKind::Web) };
    collect::collect(session, wanted, talk)?;
    Ok(session.exit)
}

fn source_index(session: &Session, name: &str) -> Result<usize, CommandError> {
    let sources = &session.config.sources;
    sources.iter().position(|source| source.terms.name.as_str() == name).ok_or_else(|| {
        let names: Vec<&str> = sources.iter().map(|source| source.terms.name.as_str()).collect();
        CommandError::usage(format!("failed to find source `{name}` in the pipeline"))
            .hint(format!("its sources are {}", names.join(", ")))
    })
}

/// Imports one file into a source.
///
/// # Errors
///
/// A usage error where the source is unknown or a column is neither mapped nor ignored; a store or file error.
pub(crate) fn import(session: &mut Session, args: &ImportArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let index = source_index(session, &args.source)?;
    if session.config.sources.get(index).is_some_and(|source| source.terms.kind == SourceKind::Web) {
        return Err(CommandError::usage(format!("failed to import into `{}`: it is a web source", args.source))
            .hint("a file has terms of its own: give it a source of kind `file`"));
    }
    let counts = collect::import_file(session, index, &args.file, talk)?;
    talk.event("imported", &format!("Imported `{}`", args.file.display()), &counts.0);
    Ok(session.exit)
}

/// Prints what the release wall said of each person: decision, reasons, policy.
fn print_decisions(outcome: &export::ExportOutcome, policy_hash: &str) -> Result<(), CommandError> {
    for id in &outcome.released {
        print(&format!("{id}\treleased\t\t{policy_hash}\n"))?;
    }
    for (id, reasons) in &outcome.withheld {
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code()).collect();
        print(&format!("{id}\twithheld\t{}\t{policy_hash}\n", codes.join(",")))?;
    }
    Ok(())
}

/// Runs the exports alone.
///
/// # Errors
///
/// A usage error where the export is unknown; a store or file error.
pub(crate) fn export(session: &mut Session, args: &ExportArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let known = |name: &str| session.config.exports.iter().any(|export| export.name == name);
    if let Some(name) = args.name.as_deref().filter(|name| !known(name)) {
        return Err(CommandError::usage(format!("failed to find export `{name}` in the pipeline")));
    }
    for outcome in export::export_all(session, args.name.as_deref(), args.dry_run, talk)? {
        if args.dry_run {
            print_decisions(&outcome, &session.config.policy.policy_hash)?;
        }
    }
    Ok(session.exit)
}
