//! What has to be done whenever somebody works on the store, before anything else.
//!
//! A killed run may have left notices between intent and delivery, and an objection between the list and the
//! erasure; time may have run out for people who were never told, for held mentions, and for whole records.
//!
//! Invariant: what is due and untold is erased by the first command that runs after it, and that command says so by
//! its exit code.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use muster_gate::{SuppressionHit, person_keys, retention_ends};
use muster_mail::{LetterFolder, Mailer, Transport};
use muster_model::{CaseKind, ClusterId, EntityKind, ErasureReason, LedgerEvent, MentionId, NoticeToken};
use muster_store::{NoticeRow, NoticeState};

use super::Counts;
use super::notice::{channel, paper_channel};
use super::people::{Notices, clock, seen_instants, untold};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;

/// Days in which somebody has to look at a record of which a mail says that it is out of date (RE-2).
const STALE_DAYS: i64 = 30;

/// People to be erased, with their mentions.
pub(crate) type Erasures = Vec<(ClusterId, Vec<MentionId>)>;

/// Settles the notices that a killed run left between intent and delivery.
///
/// A Maildir, a folder of mails and one of letters know by the file name whether the notice went out; an SMTP server does not, so such a notice
/// is in doubt, is never sent again by itself, and a person is asked.
///
/// # Errors
///
/// A store or transport error.
pub(crate) fn settle_intents(session: &mut Session, talk: &Talk) -> Result<(), CommandError> {
    let open: Vec<NoticeRow> =
        session.store.notices()?.into_iter().filter(|row| row.state == NoticeState::Intended).collect();
    if open.is_empty() {
        return Ok(());
    }
    let mut outbox = open_outbox(session)?;
    let channel = channel(session);
    let mut events = Vec::new();
    let mut counts = Counts::default();
    let letters = open_letters(session)?;
    let paper = session.config.letters.as_ref().map(|letters| paper_channel(session, letters));
    for NoticeRow { token, channel: used, .. } in open {
        let sent = match (&mut outbox, &letters) {
            (Some(mailer), _) if used == channel => {
                mailer.already_sent(&token).map_err(|error| CommandError::io(error.to_string()))?
            }
            (_, Some(folder)) if Some(&used) == paper.as_ref() => {
                Some(folder.holds(&token).map_err(|error| CommandError::io(error.to_string()))?)
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        match sent {
            Some(true) => {
                counts.add("sent", 1);
                events.push(LedgerEvent::NoticeSent { token });
            }
            Some(false) => {
                counts.add("not_sent", 1);
                events.push(LedgerEvent::NoticeFailed { token, permanent: false, status_code: None });
            }
            None => {
                counts.add("in_doubt", 1);
                events.extend(in_doubt(session, token)?);
                session.note(Exit::PersonNeeded);
            }
        }
    }
    session.store.commit(events)?;
    talk.event("notices.settled", "Settled notices that an interrupted run left open", &counts.0);
    Ok(())
}

/// The events of a notice in doubt: its state, and the question to a person.
///
/// # Errors
///
/// A store error.
pub(crate) fn in_doubt(session: &Session, token: NoticeToken) -> Result<Vec<LedgerEvent>, CommandError> {
    let cluster_id = session.store.notice(&token)?.map(|row| row.cluster_id);
    let review = LedgerEvent::ReviewQueued {
        review_id: format!("notice-{token}"),
        subject: "notice".into(),
        reason: "notice.in_doubt".into(),
        cluster_id,
        mention_id: None,
        token: Some(token.clone()),
        mail: None,
        locator: None,
    };
    Ok(vec![LedgerEvent::NoticeInDoubt { token }, review])
}

/// Enforces the suppression list, the notice clock, the retention period and the hold period.
///
/// # Errors
///
/// A store error.
pub(crate) fn enforce(session: &mut Session, talk: &Talk) -> Result<(), CommandError> {
    let mut counts = Counts::default();
    let suppressed = suppressed_people(session)?;
    erase(session, suppressed, ErasureReason::Suppressed, &mut counts)?;
    let expired = retention_ended(session)?;
    erase(session, expired, ErasureReason::RetentionEnded, &mut counts)?;
    let (holds, unheard) = holds_ended(session)?;
    erase(session, holds, ErasureReason::HoldEnded, &mut counts)?;
    warn_of_stale_records(session, talk)?;
    let (mut overdue, parts) = overdue_people(session)?;
    overdue.extend(unheard);
    if !overdue.is_empty() || !parts.is_empty() {
        session.note(Exit::Deadline);
        talk.note(Exit::Deadline);
        talk.warn("notice.overdue", "A notice was due and had not reached its person: the data were erased");
    }
    erase(session, overdue, ErasureReason::NoticeOverdue, &mut counts)?;
    if !parts.is_empty() {
        counts.add("values_untold", parts.len());
        retract_notices(session, &parts.iter().cloned().collect())?;
        session.store.erase_mentions(&parts, ErasureReason::NoticeOverdue)?;
        super::resolve::resolve_all(session, talk)?;
    }
    if !counts.0.is_empty() {
        talk.event("erased", "Erased what may not be held any longer", &counts.0);
    }
    Ok(())
}

/// Warns of people of whom a mail said long ago that they left, and nobody has looked.
///
/// # Law
///
/// GDPR 5(1)(d), rule RE-2: the contact data of an employment that ended are out within 30 days.
fn warn_of_stale_records(session: &mut Session, talk: &Talk) -> Result<(), CommandError> {
    let late = |review: &muster_store::ReviewRow| {
        let end = review.queued_at.checked_add((STALE_DAYS * 24).hours());
        review.subject == "accuracy" && review.decided.is_none() && end.is_ok_and(|end| end <= session.now)
    };
    let count = session.store.reviews()?.iter().filter(|review| late(review)).count();
    if count > 0 {
        session.note(Exit::Deadline);
        talk.note(Exit::Deadline);
        talk.warn(
            "accuracy.overdue",
            &format!("{count} records may be out of date for over 30 days: `muster review list`"),
        );
    }
    Ok(())
}

/// Erases people in the store and in the outbox.
///
/// # Errors
///
/// A store or transport error.
pub(crate) fn erase(
    session: &mut Session,
    people: Erasures,
    reason: ErasureReason,
    counts: &mut Counts,
) -> Result<(), CommandError> {
    if people.is_empty() {
        return Ok(());
    }
    counts.add(reason.as_str(), people.len());
    let gone = people.iter().flat_map(|(_, mentions)| mentions.iter().cloned()).collect();
    retract_notices(session, &gone)?;
    let clusters = people.iter().map(|(id, _)| id.clone()).collect();
    for folder in session.config.exports.iter().map(|export| &export.path).collect::<BTreeSet<_>>() {
        muster_store::export::erase_rows(folder, &clusters)?;
    }
    let closed = erasures_done(session, &clusters)?;
    session.store.erase_many(people, reason)?;
    session.store.commit(closed)?;
    Ok(())
}

/// Closes the requests for erasure that this answers: they waited for the person's own data to be sent first (RT-5).
fn erasures_done(session: &Session, gone: &BTreeSet<ClusterId>) -> Result<Vec<LedgerEvent>, CommandError> {
    let asked = session.store.cases()?.into_iter().filter(|case| {
        let theirs = case.cluster_id.as_ref().is_some_and(|id| gone.contains(id));
        theirs && case.closed.is_none() && case.kind == CaseKind::Erasure
    });
    let close =
        |case: muster_store::CaseRow| LedgerEvent::CaseClosed { case_id: case.case_id, outcome: "erased".into() };
    Ok(asked.map(close).collect())
}

/// Opens the outbox where it is a folder of ours; an SMTP server holds none, and need not be there for an erasure.
///
/// # Errors
///
/// A file error.
pub(crate) fn open_outbox(session: &Session) -> Result<Option<Mailer>, CommandError> {
    match &session.config.mail_out.transport {
        Transport::Smtp(_) => Ok(None),
        folder @ (Transport::Maildir { .. } | Transport::EmlFolder { .. }) => {
            folder.open().map(Some).map_err(|error| CommandError::io(error.to_string()))
        }
    }
}

/// Opens the folder of letters on paper, whether or not letters still go out: an erasure reaches what lies there.
fn open_letters(session: &Session) -> Result<Option<LetterFolder>, CommandError> {
    let path = session.config.letters.as_ref().map(|letters| &letters.path).filter(|path| path.exists());
    path.map(|path| LetterFolder::open(path)).transpose().map_err(|error| CommandError::io(error.to_string()))
}

/// Takes the notices that tell of these mentions out of the outbox and the folder of letters, and every letter of a
/// trial.
fn retract_notices(session: &Session, gone: &BTreeSet<MentionId>) -> Result<(), CommandError> {
    let rows = session.store.notices()?;
    let tokens: Vec<NoticeToken> =
        rows.into_iter().filter(|row| row.mentions.iter().any(|id| gone.contains(id))).map(|row| row.token).collect();
    let failed = |error: muster_mail::SendError| CommandError::io(error.to_string());
    if let Some(mut letters) = open_letters(session)? {
        letters.retract(&tokens).map_err(failed)?;
    }
    let Some(mut outbox) = open_outbox(session)? else { return Ok(()) };
    outbox.retract_trials().map_err(failed)?;
    for token in tokens {
        outbox.retract(&token).map_err(failed)?;
    }
    Ok(())
}

/// Everybody on record whom the suppression list names: a killed run may have added the entry and not erased yet.
pub(crate) fn suppressed_people(session: &Session) -> Result<Erasures, CommandError> {
    let list = session.store.suppression_list()?;
    if list.entries().is_empty() {
        return Ok(Vec::new());
    }
    let assigned = session.store.assignments()?;
    let waits = Notices::read(session)?.erasure_waits;
    let mut people: BTreeMap<ClusterId, Vec<MentionId>> = BTreeMap::new();
    let held = session.store.held()?;
    for mention in session.store.mentions()?.iter().chain(held.iter().map(|(mention, _)| mention)) {
        if mention.kind() == EntityKind::Company {
            continue;
        }
        if let SuppressionHit::Suppressed(_) = list.check(&person_keys(mention, &session.key)) {
            let id = mention.mention_id().clone();
            let cluster = assigned.get(&id).cloned().unwrap_or_else(|| ClusterId::new(id.as_str()));
            if !waits.contains(&cluster) {
                people.entry(cluster).or_default().push(id);
            }
        }
    }
    whole_people(session, people)
}

/// Adds the other mentions of the same people: the objection follows the person through every alias.
fn whole_people(session: &Session, mut people: BTreeMap<ClusterId, Vec<MentionId>>) -> Result<Erasures, CommandError> {
    for (mention, cluster) in session.store.assignments()? {
        if let Some(mentions) = people.get_mut(&cluster)
            && !mentions.contains(&mention)
        {
            mentions.push(mention);
        }
    }
    Ok(people.into_iter().collect())
}

fn retention_ended(session: &Session) -> Result<Erasures, CommandError> {
    let mut ended = Vec::new();
    for master in session.store.masters()?.iter().filter(|master| master.kind() == EntityKind::Person) {
        if retention_ends(master.obtained_at(), &session.config.policy).is_none_or(|end| end <= session.now) {
            ended.push((master.cluster_id().clone(), master.members().to_vec()));
        }
    }
    Ok(ended)
}

/// Held mentions that nobody decided in time, and those whose notice would be due by now.
fn holds_ended(session: &Session) -> Result<(Erasures, Erasures), CommandError> {
    let (mut ended, mut overdue) = (Vec::new(), Vec::new());
    for (mention, info) in session.store.held()? {
        let limit = info.since.checked_add((i64::from(session.config.policy.hold_days) * 24).hours()).ok();
        let due = clock(mention.seen_at(), &session.config)?.due_at;
        let id = mention.mention_id().clone();
        let entry = (ClusterId::new(id.as_str()), vec![id]);
        if mention.kind() == EntityKind::Person && due < session.now {
            overdue.push(entry);
        } else if limit.is_none_or(|limit| limit <= session.now) {
            ended.push(entry);
        }
    }
    Ok((ended, overdue))
}

/// People whose notice is past due: all of a person who was told nothing, else only what they were not told.
fn overdue_people(session: &Session) -> Result<(Erasures, Vec<MentionId>), CommandError> {
    let notices = Notices::read(session)?;
    let seen = seen_instants(&session.store)?;
    let mut overdue = Vec::new();
    let mut parts = Vec::new();
    let mut in_master = BTreeSet::new();
    for master in session.store.masters()? {
        in_master.extend(master.members().iter().cloned());
        if master.kind() == EntityKind::Company {
            continue;
        }
        let told = notices.of(master.cluster_id());
        let Some(untold) = untold(&master, &told, &seen, &session.config)? else { continue };
        // A purpose that is new has no date: what it needs is not done before it is told.
        if untold.clock.is_none_or(|clock| clock.due_at >= session.now) {
            continue;
        }
        let knows = master.members().iter().any(|id| told.at.contains_key(id));
        if knows {
            parts.extend(untold.mentions);
        } else {
            overdue.push((master.cluster_id().clone(), master.members().to_vec()));
        }
    }
    // Whoever was told and is in no record, because a wall holds them, keeps their place in the queue.
    let told = notices.told_mentions();
    for mention in session.store.mentions()? {
        let id = mention.mention_id();
        let person = mention.kind() == EntityKind::Person && !in_master.contains(id) && !told.contains(id);
        if person && clock(mention.seen_at(), &session.config)?.due_at < session.now {
            let id = mention.mention_id().clone();
            overdue.push((ClusterId::new(id.as_str()), vec![id]));
        }
    }
    Ok((overdue, parts))
}
