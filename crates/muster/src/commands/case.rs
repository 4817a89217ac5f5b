//! `muster case`: rights requests with their clocks.

use jiff::Timestamp;
use muster_gate::rights_due;
use muster_model::{CaseId, CaseKind, ClusterId, KeyLabel, LedgerEvent};

use super::Call;
use super::suppress::{add, people_meant, reason_of, record_of};
use crate::cli::{CaseName, CaseOpenArgs, CaseVerb, Channel};
use crate::clock::parse_instant;
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::suppress::KeyBook;
use crate::table::Table;
use crate::talk::{Talk, print_line};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the case or person is unknown; a store error.
pub(crate) fn case(verb: CaseVerb, call: &Call, talk: &Talk) -> Result<Exit, CommandError> {
    match verb {
        CaseVerb::List { format } => {
            let session = call.reading()?;
            let mut exit = session.exit;
            let mut table =
                Table::new(&["case_id", "kind", "channel", "received_at", "due_at", "cluster_id", "outcome"]);
            for case in session.store.cases()? {
                if case.closed.is_none() && case.due_at <= session.now {
                    exit = exit.worse(Exit::Deadline);
                }
                table.row(vec![
                    case.case_id.to_string(),
                    case.kind.as_str().to_owned(),
                    case.channel,
                    case.received_at.to_string(),
                    case.due_at.to_string(),
                    case.cluster_id.map(|id| id.to_string()).unwrap_or_default(),
                    case.closed.map(|closed| closed.outcome).unwrap_or_default(),
                ]);
            }
            table.print(format)?;
            Ok(exit)
        }
        CaseVerb::Open(args) => open(&mut call.writing(talk)?, &args, talk),
        CaseVerb::Close { id, outcome } => {
            // The ledger is for ever: what stands in it is a word of a list, not a sentence about a person.
            let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if outcome.is_empty() || outcome.len() > 40 || !outcome.chars().all(word) {
                return Err(CommandError::usage(
                    "failed to close a case: `--outcome` is a word of a-z, 0-9 and `-`, at most 40",
                )
                .hint("such as `answered` or `refused-unfounded`; no names"));
            }
            let mut session = call.writing(talk)?;
            let known =
                session.store.cases()?.into_iter().any(|case| case.case_id.as_str() == id && case.closed.is_none());
            if !known {
                return Err(CommandError::usage(format!("failed to find an open case `{id}`"))
                    .hint("`muster case list` shows them"));
            }
            session.store.commit(vec![LedgerEvent::CaseClosed { case_id: CaseId::new(id), outcome }])?;
            Ok(session.exit)
        }
    }
}

/// Opens a case; an objection takes effect at once and the case is answered by it.
fn open(session: &mut Session, args: &CaseOpenArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let received_at = match &args.received {
        Some(text) => parse_instant(text)
            .ok_or_else(|| CommandError::usage(format!("failed to read `--received {text}`: not an instant")))?,
        None => session.now,
    };
    if received_at > session.now {
        return Err(CommandError::usage("failed to open a case: `--received` lies in the future"));
    }
    let record = record_of(&args.who)?;
    let people = people_meant(session, &args.who, &record, &KeyBook::read(session)?)?;
    let kind = kind_of(args.kind);
    let due_at = rights_due(received_at, &session.config.policy)
        .map_err(|error| CommandError::usage(format!("failed to compute when a request is due: {error}")))?;
    let channel = match args.channel {
        Channel::Phone => "phone",
        Channel::Letter => "letter",
        Channel::Mail => "mail",
    };
    // One case for each record that is meant, so that each of them is held; one all the same for a stranger.
    let whose = if people.is_empty() { vec![None] } else { people.into_iter().map(Some).collect() };
    let mut events = Vec::new();
    let mut ids = Vec::new();
    for cluster_id in whose {
        let case_id = new_id(session, kind, received_at, cluster_id.as_ref())?;
        ids.push(case_id.clone());
        let channel = channel.to_owned();
        events.push(LedgerEvent::CaseOpened { case_id, kind, channel, cluster_id, received_at, due_at });
    }
    match (kind, reason_of(args.kind)) {
        // A complaint is answered by a person, by whatever way it came.
        (CaseKind::DataComplaint, _) | (_, Err(_)) => drop(session.store.commit(events)?),
        (_, Ok(reason)) => {
            let outcome = || "suppressed".to_owned();
            events.extend(ids.iter().map(|id| LedgerEvent::CaseClosed { case_id: id.clone(), outcome: outcome() }));
            add(session, &args.who, reason, events, talk)?;
        }
    }
    for id in ids {
        print_line(&format!("{id}\tdue {due_at}"))?;
    }
    Ok(session.exit)
}

fn kind_of(name: CaseName) -> CaseKind {
    match name {
        CaseName::OptOut => CaseKind::OptOut,
        CaseName::DoNotCall => CaseKind::DoNotCall,
        CaseName::Objection => CaseKind::Objection,
        CaseName::Erasure => CaseKind::Erasure,
        CaseName::Access => CaseKind::Access,
        CaseName::Rectification => CaseKind::Rectification,
        CaseName::Restriction => CaseKind::Restriction,
        CaseName::Portability => CaseKind::Portability,
        CaseName::DataComplaint => CaseKind::DataComplaint,
        CaseName::Other => CaseKind::Other,
    }
}

fn new_id(
    session: &Session,
    kind: CaseKind,
    at: Timestamp,
    person: Option<&ClusterId>,
) -> Result<CaseId, CommandError> {
    let number = session.store.cases()?.len().to_string();
    let (at, person) = (at.to_string(), person.map_or("", ClusterId::as_str));
    let parts = [kind.as_str().as_bytes(), at.as_bytes(), person.as_bytes(), number.as_bytes()];
    Ok(CaseId::new(format!("case-{}", session.key.hash(KeyLabel::Case, &parts).to_base32(12))))
}
