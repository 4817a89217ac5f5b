//! The plan: in which state each person's notice is, when it is due, and on which day the caps let it leave.
//!
//! Invariant: whoever is on record and has not been told of everything stands in the plan, by which way or by none.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use muster_gate::{
    Caps, DeliveryState, NoticeAlarm, NoticeClock, NoticeWay, Outcome, Reason, Schedule, Waiting, delivery_state,
    schedule,
};
use muster_model::{ClusterId, EntityKind, KeyLabel, KeyedHash, Master, MentionId, Timestamp};
use muster_store::{NoticeRow, NoticeState};

use super::{Candidate, Round, local_date, zone};
use crate::command_error::CommandError;
use crate::session::Session;
use crate::stages::people::{Told, clock, way_of};

/// One person's place in the plan.
#[derive(Debug)]
pub(crate) struct PlanRow {
    /// Who.
    pub(crate) cluster_id: ClusterId,
    /// How far their notice has come.
    pub(crate) state: DeliveryState,
    /// By which way it goes, or went.
    pub(crate) way: Option<NoticeWay>,
    /// When what is untold is due; none for what the law sets no date for.
    pub(crate) clock: Option<NoticeClock>,
    /// The last instant at which it may leave.
    pub(crate) send_by: Option<Timestamp>,
    /// On which day the schedule sends it.
    pub(crate) planned_on: Option<Date>,
    /// Which of our own limits has passed.
    pub(crate) alarm: Option<NoticeAlarm>,
    /// What stands in the way of telling them now, if anything.
    pub(crate) obstacle: Option<Reason>,
    /// The reasoning, dates only.
    pub(crate) why: String,
}

impl PlanRow {
    /// Returns whether it is due, or has to leave, by an instant.
    pub(crate) fn is_due_by(&self, at: Timestamp) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock.due_at <= at) || self.send_by.is_some_and(|send_by| send_by <= at)
    }
}

/// Who is told when, and whether the caps allow it.
#[derive(Debug)]
pub(crate) struct Plan {
    /// A row for each person, soonest first.
    pub(crate) rows: Vec<PlanRow>,
    /// How many can be told.
    pub(crate) tellable: usize,
    /// The last day on which something leaves.
    pub(crate) last_day: Option<Date>,
    /// The first day on which the caps leave somebody untold who had to be told by then.
    pub(crate) first_missed: Option<Date>,
}

/// A notice that waits for its day.
pub(super) struct Slot {
    pub(super) way: NoticeWay,
    /// Of its mailbox.
    pub(super) domain: String,
    /// The last instant at which it may leave.
    pub(super) limit: Option<Timestamp>,
}

/// The days on which the caps let notices leave, in the order they were given.
pub(super) struct Timetable {
    pub(super) days: Vec<Option<Date>>,
    pub(super) today: Date,
    pub(super) first_missed: Option<Date>,
}

impl Timetable {
    /// Puts notices on days under the caps of the pipeline, mail and letters each under their own.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(super) fn of(session: &Session, slots: &[Slot]) -> Result<Self, CommandError> {
        let (zone, today) = (zone(session)?, local_date(session, session.now)?);
        let mut table = Self { days: vec![None; slots.len()], today, first_missed: None };
        let gone = gone_today(session, today)?;
        for way in [NoticeWay::Mail, NoticeWay::Paper] {
            let (places, waiting): (Vec<usize>, Vec<Waiting<'_>>) = slots
                .iter()
                .enumerate()
                .filter(|(_, slot)| slot.way == way)
                .map(|(place, slot)| (place, Waiting { send_by: slot.limit, domain: &slot.domain }))
                .unzip();
            let caps = caps(session, way, &gone, &waiting);
            let Schedule { run, first_missed, .. } = schedule(&waiting, &caps, session.now, &zone);
            for (place, run) in places.into_iter().zip(run) {
                let day = run.and_then(|run| today.checked_add(i64::try_from(run).unwrap_or(i64::MAX).days()).ok());
                if let Some(slot) = table.days.get_mut(place) {
                    *slot = day;
                }
            }
            table.first_missed = table.first_missed.into_iter().chain(first_missed).min();
        }
        Ok(table)
    }
}

/// The caps of a way, with what left by it today.
fn caps(session: &Session, way: NoticeWay, gone: &[NoticeRow], waiting: &[Waiting<'_>]) -> Caps {
    let out = &session.config.mail_out;
    let per_day = match way {
        NoticeWay::Mail => out.notices_per_day_max,
        NoticeWay::Paper => session.config.letters_out().map_or(0, |letters| letters.per_day_max),
    };
    let gone: Vec<&NoticeRow> = gone.iter().filter(|row| way_of(row) == way).collect();
    let mut by_hash: BTreeMap<KeyedHash, usize> = BTreeMap::new();
    for domain in gone.iter().filter_map(|row| row.domain) {
        *by_hash.entry(domain).or_default() += 1;
    }
    let domains: BTreeSet<&str> = waiting.iter().map(|notice| notice.domain).collect();
    let count = |domain: &str| by_hash.get(&domain_hash(session, domain)).copied().unwrap_or_default();
    Caps {
        per_day,
        per_domain: out.notices_per_domain_per_day_max,
        gone_today: gone.len(),
        gone_today_by_domain: domains.into_iter().map(|domain| (domain.to_owned(), count(domain))).collect(),
    }
}

/// The keyed hash by which the ledger counts what goes to one domain.
pub(super) fn domain_hash(session: &Session, domain: &str) -> KeyedHash {
    session.key.hash(KeyLabel::Mail, &[b"domain", domain.as_bytes()])
}

/// The notices that left on a local day; one in doubt may have.
fn gone_today(session: &Session, today: Date) -> Result<Vec<NoticeRow>, CommandError> {
    let mut gone = Vec::new();
    for row in session.store.notices()? {
        let doubted = (row.state == NoticeState::InDoubt).then_some(row.intended_at);
        if let Some(at) = row.sent_at.or(doubted)
            && local_date(session, at)? == today
        {
            gone.push(row);
        }
    }
    Ok(gone)
}

/// Whether a person can lift an obstacle, so that there still is a way.
const fn may_be_lifted(reason: Reason) -> bool {
    matches!(reason, Reason::OnHold | Reason::NoticeInDoubt | Reason::Namesake | Reason::NameInitialOnly)
}

/// What is known of one person's telling.
struct View {
    state: DeliveryState,
    slot: Option<Slot>,
    obstacle: Option<Reason>,
}

fn view_of(candidate: &Candidate<'_>, session: &Session) -> View {
    let (untold, told) = (&candidate.untold, &candidate.told);
    let (slot, obstacle) = match &candidate.outcome {
        Outcome::Pass(order) => {
            let address = &order.get().address;
            let way = address.way();
            let limit = untold.limit(way, told.ever_sent, session.now);
            let late = untold.is_too_late(way, told.ever_sent, session.now);
            (Some(Slot { way, domain: address.domain().to_owned(), limit }), late.then_some(Reason::NoticeNotSent))
        }
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => (None, reasons.first().copied()),
    };
    let way_left = match (&slot, obstacle) {
        (Some(_), obstacle) => obstacle.is_none(),
        (None, obstacle) => obstacle.is_some_and(may_be_lifted),
    };
    let last = told.last.map(|(last, _)| last);
    let state = delivery_state(last, true, way_left, session.now, &session.config.policy);
    View { state, slot, obstacle }
}

/// The state of somebody who knows everything.
fn state_of_told(told: &Told, session: &Session) -> DeliveryState {
    delivery_state(told.last.map(|(last, _)| last), false, false, session.now, &session.config.policy)
}

/// Returns the state of one person's notice and by which way it goes, or went.
///
/// # Errors
///
/// A store error.
pub(crate) fn state_of(session: &Session, master: &Master) -> Result<(DeliveryState, Option<NoticeWay>), CommandError> {
    let round = Round::read(session)?;
    let Some(candidate) = round.candidate(master, session)? else {
        let told = round.notices.of(master.cluster_id());
        return Ok((state_of_told(&told, session), told.last.map(|(_, way)| way)));
    };
    let view = view_of(&candidate, session);
    Ok((view.state, view.slot.map(|slot| slot.way)))
}

/// Returns who is due when, soonest first, and on which day the caps let each notice leave. `all` shows those too who
/// know everything.
///
/// # Errors
///
/// A store error.
pub(crate) fn plan(session: &Session, all: bool) -> Result<Plan, CommandError> {
    let round = Round::read(session)?;
    let mut rows = Vec::new();
    let (mut slots, mut places) = (Vec::new(), Vec::new());
    for master in round.people() {
        match round.candidate(master, session)? {
            Some(candidate) => {
                let View { state, slot, obstacle } = view_of(&candidate, session);
                let way = slot.as_ref().map(|slot| slot.way);
                let clock = candidate.untold.clock;
                let mut row = row(master.cluster_id().clone(), (state, way, obstacle), clock, session);
                if let Some(slot) = slot {
                    row.send_by = slot.limit;
                    if obstacle.is_none() {
                        places.push(rows.len());
                        slots.push(slot);
                    }
                }
                if row.clock.is_none() {
                    row.why = format!("told before it is used for {} (14(4))", candidate.untold.purposes.join(", "));
                }
                rows.push(row);
            }
            None if all => {
                let told = round.notices.of(master.cluster_id());
                let way = told.last.map(|(_, way)| way);
                rows.push(row(master.cluster_id().clone(), (state_of_told(&told, session), way, None), None, session));
            }
            None => {}
        }
    }
    let table = Timetable::of(session, &slots)?;
    for (place, day) in places.into_iter().zip(&table.days) {
        if let Some(row) = rows.get_mut(place) {
            row.planned_on = *day;
        }
    }
    loose(session, &round, &mut rows)?;
    let due = |row: &PlanRow| row.clock.as_ref().map_or(Timestamp::MAX, |clock| clock.due_at);
    rows.sort_by(|a, b| (due(a), &a.cluster_id).cmp(&(due(b), &b.cluster_id)));
    let last_day = table.days.iter().flatten().max().copied();
    Ok(Plan { rows, tellable: slots.len(), last_day, first_missed: table.first_missed })
}

/// Whoever is on record and in no MASTER record yet, or held, is due all the same.
fn loose(session: &Session, round: &Round, rows: &mut Vec<PlanRow>) -> Result<(), CommandError> {
    let known: BTreeSet<MentionId> = round.masters.iter().flat_map(|master| master.members().iter().cloned()).collect();
    let told = round.notices.told_mentions();
    let held = session.store.held()?.into_iter().map(|(mention, _)| (mention, Reason::OnHold));
    let loose = session.store.mentions()?.into_iter().map(|mention| (mention, Reason::NoticeNotSent));
    for (mention, reason) in held.chain(loose) {
        let id = mention.mention_id();
        if mention.kind() == EntityKind::Company || known.contains(id) || told.contains(id) {
            continue;
        }
        let clock = clock(mention.seen_at(), &session.config)?;
        let said = (DeliveryState::Planned, None, Some(reason));
        rows.push(row(ClusterId::new(id.as_str()), said, Some(clock), session));
    }
    Ok(())
}

fn row(
    cluster_id: ClusterId,
    (state, way, obstacle): (DeliveryState, Option<NoticeWay>, Option<Reason>),
    clock: Option<NoticeClock>,
    session: &Session,
) -> PlanRow {
    // Whoever has no way is shown with the limit of mail, which is the later one.
    let assumed = way.unwrap_or(NoticeWay::Mail);
    PlanRow {
        cluster_id,
        state,
        way,
        send_by: clock.as_ref().map(|clock| clock.send_by(assumed)),
        planned_on: None,
        alarm: clock.as_ref().and_then(|clock| clock.alarm(session.now)),
        obstacle,
        why: clock.as_ref().map_or("", |clock| clock.why(assumed)).to_owned(),
        clock,
    }
}
