//! Sending: the letters whose day it is, by mail and on paper, each exactly once.
//!
//! The intent to send is in the ledger, fsynced, before the first byte leaves; what happened is in the ledger after.
//! A kill between the two is settled by `sweep::settle_intents`.
//!
//! Invariant: on no local day more leaves than the caps allow, however often the command runs.

use jiff::Timestamp;
use jiff::civil::Date;
use muster_gate::{Cleared, Contact, NoticeOrder, NoticeWay, Outcome};
use muster_mail::{
    ComposeError, Composed, Delivery, Letter, LetterFolder, Mailer, PaperDelivery, PaperLetter, Transport, compose,
};
use muster_model::{ClusterId, EmailAddress, LedgerEvent, MentionId, NoticeToken};

use super::plan::{Slot, Timetable, domain_hash};
use super::{Candidate, Round, channel, compose_failed, defect_line, paper_channel, sender};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::{Counts, sweep};
use crate::talk::Talk;

/// Notices whose intents share one fsync, where a restart can tell which of them went out.
const BATCH_MAX: usize = 50;

/// How a round of notices is to be run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoticeOptions {
    /// Most notices in this round.
    pub(crate) limit: Option<usize>,
    /// Compose and lint everything, send nothing.
    pub(crate) dry_run: bool,
}

/// A cleared order with what the ledger has to say of it.
struct Order {
    cleared: Cleared<NoticeOrder, Contact>,
    /// The mentions that it tells about.
    mentions: Vec<MentionId>,
    /// The last instant at which it may leave.
    limit: Option<Timestamp>,
}

impl Order {
    fn way(&self) -> NoticeWay {
        self.cleared.get().address.way()
    }

    /// Soonest first; what has no date goes last.
    fn rank(&self) -> (Timestamp, &ClusterId) {
        (self.limit.unwrap_or(Timestamp::MAX), self.cleared.get().master.cluster_id())
    }

    fn slot(&self) -> Slot {
        let address = &self.cleared.get().address;
        Slot { way: address.way(), domain: address.domain().to_owned(), limit: self.limit }
    }
}

/// A letter ready to leave, with its intent.
struct Ready<T> {
    letter: T,
    intent: LedgerEvent,
}

/// Sends notices to everybody whose day it is and who can be told now.
///
/// # Errors
///
/// A store or transport error; every notice is then sent, in doubt or not sent, and the ledger knows which.
pub(crate) fn send_all(session: &mut Session, options: NoticeOptions, talk: &mut Talk) -> Result<Counts, CommandError> {
    let mut counts = Counts::default();
    let round = Round::read(session)?;
    let mut orders = Vec::new();
    for master in round.people() {
        match round.candidate(master, session)? {
            Some(candidate) => orders.extend(order_of(session, candidate, &mut counts)),
            None => counts.add("told_before", 1),
        }
    }
    drop(round);
    orders.sort_by(|a, b| a.rank().cmp(&b.rank()));
    let orders = whose_day_it_is(session, orders, options, &mut counts, talk)?;
    let (letters, mails): (Vec<Order>, Vec<Order>) = orders.into_iter().partition(|it| it.way() == NoticeWay::Paper);
    if options.dry_run {
        try_out(session, mails, "would_send", &mut counts, talk)?;
        try_out(session, letters, "would_print", &mut counts, talk)?;
        talk.event("notices", "Sent nothing: dry run", &counts.0);
        return Ok(counts);
    }
    if let Some(address) = session.config.mail_out.test_recipient.clone() {
        try_out(session, letters, "would_print", &mut counts, talk)?;
        if session.config.mail_out.enabled {
            return rehearse(session, mails, &address, counts, talk);
        }
        try_out(session, mails, "would_send", &mut counts, talk)?;
    } else {
        print_letters(session, letters, &mut counts, talk)?;
        if session.config.mail_out.enabled {
            deliver(session, mails, &mut counts, talk)?;
            talk.event("notices", "Sent notices", &counts.0);
            return Ok(counts);
        }
        try_out(session, mails, "would_send", &mut counts, talk)?;
    }
    let what = if counts.get("printed") == 0 { "Sent nothing" } else { "Sent letters, but no mail" };
    talk.event("notices", &format!("{what}: `mail.out.enabled` is false"), &counts.0);
    Ok(counts)
}

/// The order for a person who can be told now; everybody else is counted by what stands in the way.
fn order_of(session: &mut Session, candidate: Candidate<'_>, counts: &mut Counts) -> Option<Order> {
    let Candidate { master, untold, told, outcome } = candidate;
    match outcome {
        Outcome::Pass(order) if untold.is_too_late(order.get().address.way(), told.ever_sent, session.now) => {
            // Past the hard stop a first notice could not stand its time before it is due: the clock erases instead.
            counts.add("past_hard_stop", 1);
            session.note(Exit::Deadline);
            None
        }
        Outcome::Pass(cleared) => {
            let limit = untold.limit(cleared.get().address.way(), told.ever_sent, session.now);
            Some(Order { cleared, mentions: untold.named(master), limit })
        }
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => {
            if let Some(reason) = reasons.first() {
                counts.add(reason.code(), 1);
            }
            None
        }
    }
}

/// Leaves out whom the caps leave for another day. A dry run looks at everybody: the caps are for what leaves.
fn whose_day_it_is(
    session: &mut Session,
    mut orders: Vec<Order>,
    options: NoticeOptions,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<Vec<Order>, CommandError> {
    if !options.dry_run {
        let slots: Vec<Slot> = orders.iter().map(Order::slot).collect();
        let table = Timetable::of(session, &slots)?;
        if let Some(day) = table.first_missed {
            session.note(Exit::Deadline);
            talk.warn("notices.caps", &missed(day));
        }
        let before = orders.len();
        let mut days = table.days.into_iter();
        orders.retain(|_| days.next().flatten() == Some(table.today));
        let later = before - orders.len();
        if later > 0 {
            counts.add("another_day", later);
        }
    }
    if let Some(limit) = options.limit.filter(|limit| *limit < orders.len()) {
        counts.add("over_limit", orders.len() - limit);
        orders.truncate(limit);
    }
    Ok(orders)
}

/// What is said where the caps do not suffice.
pub(crate) fn missed(day: Date) -> String {
    format!("The caps leave somebody untold on {day}, the first day that cannot be met: raise them")
}

/// Composes and checks, and sends nothing.
fn try_out(
    session: &mut Session,
    orders: Vec<Order>,
    name: &str,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<(), CommandError> {
    let mut good = 0;
    for order in orders {
        good += usize::from(compose_one(session, order, counts, talk)?.is_some());
    }
    if good > 0 || name == "would_send" {
        counts.add(name, good);
    }
    Ok(())
}

/// Composes one letter; a fault blocks that person's notice and is counted.
fn compose_one(
    session: &mut Session,
    order: Order,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<Option<Ready<Composed>>, CommandError> {
    let way = order.way();
    let Order { cleared, mentions, .. } = order;
    let NoticeOrder { master, facts, address, due_at, .. } = cleared.get();
    let (cluster_id, lang, due_at) = (master.cluster_id().clone(), facts.lang.clone(), *due_at);
    let rcpt = address.hash(&session.key);
    let purposes = facts.purposes.iter().map(|purpose| purpose.id.clone()).collect();
    let domain = (way == NoticeWay::Mail).then(|| domain_hash(session, address.domain()));
    let channel = match (way, &session.config.letters) {
        (NoticeWay::Paper, Some(letters)) => paper_channel(session, letters),
        (NoticeWay::Paper | NoticeWay::Mail, _) => channel(session),
    };
    let defects = match compose(cleared, &session.config.mail_out.templates, &sender(session)?, &session.screen) {
        Ok(letter) => {
            let intent = LedgerEvent::NoticeIntended {
                token: letter.token().clone(),
                cluster_id,
                mentions,
                purposes,
                rcpt,
                domain,
                channel,
                lang,
                due_at,
                text_sha256: letter.text_sha256().to_owned(),
                policy_hash: session.config.policy.policy_hash.clone(),
            };
            return Ok(Some(Ready { letter, intent }));
        }
        Err(ComposeError::Blocked { defects }) => {
            counts.add("blocked_by_lint", 1);
            defects.iter().map(defect_line).collect::<Vec<_>>().join("; ")
        }
        Err(error @ ComposeError::Print(_)) => {
            counts.add("blocked_by_print", 1);
            error.to_string()
        }
        Err(error @ (ComposeError::Template(_) | ComposeError::ReplyTo)) => return Err(compose_failed(&error)),
    };
    talk.warn("notice.blocked", &format!("The notice of `{cluster_id}` is blocked: {defects}"));
    session.note(Exit::PersonNeeded);
    Ok(None)
}

/// Composes a batch of letters that go by one way, and states in the ledger that they will leave.
fn intend<T>(
    session: &mut Session,
    orders: Vec<Order>,
    of_way: impl Fn(Composed) -> Option<T>,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<Vec<(NoticeToken, T)>, CommandError> {
    let (mut batch, mut intents) = (Vec::new(), Vec::new());
    for order in orders {
        let Some(Ready { letter, intent }) = compose_one(session, order, counts, talk)? else { continue };
        let token = letter.token().clone();
        if let Some(letter) = of_way(letter) {
            batch.push((token, letter));
            intents.push(intent);
        }
    }
    session.store.commit(intents)?;
    Ok(batch)
}

fn by_mail(composed: Composed) -> Option<Letter> {
    match composed {
        Composed::Mail(letter) => Some(letter),
        Composed::Paper(_) => None,
    }
}

fn on_paper(composed: Composed) -> Option<PaperLetter> {
    match composed {
        Composed::Paper(letter) => Some(*letter),
        Composed::Mail(_) => None,
    }
}

/// Sends everything to the test recipient: nobody is told by it, so the ledger says nothing.
fn rehearse(
    session: &mut Session,
    orders: Vec<Order>,
    address: &EmailAddress,
    mut counts: Counts,
    talk: &Talk,
) -> Result<Counts, CommandError> {
    let mut mailer = open_mailer(session)?;
    let list = session.store.suppression_list()?;
    for order in orders {
        let composed = compose_one(session, order, &mut counts, talk)?;
        let Some(letter) = composed.and_then(|ready| by_mail(ready.letter)) else { continue };
        let letter = letter.redirected(address);
        let delivery =
            mailer.send(&letter, &list, &session.key).map_err(|error| CommandError::io(error.to_string()))?;
        let taken = matches!(delivery, Delivery::Sent | Delivery::AlreadySent);
        counts.add(if taken { "sent_to_test_recipient" } else { "not_taken" }, 1);
    }
    talk.warn("notices.test_recipient", "All notices went to the test recipient: nobody counts as told");
    talk.event("notices", "Sent notices to the test recipient", &counts.0);
    Ok(counts)
}

fn open_mailer(session: &Session) -> Result<Mailer, CommandError> {
    session.config.mail_out.transport.open().map_err(|error| {
        CommandError::io(format!("failed to open the way out for mail: {error}"))
            .hint("nothing was sent; run again when it is reachable")
    })
}

fn not_sent(token: NoticeToken) -> LedgerEvent {
    LedgerEvent::NoticeFailed { token, permanent: false, status_code: None }
}

/// Writes the letters on paper into the folder for the printing office.
fn print_letters(
    session: &mut Session,
    orders: Vec<Order>,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<(), CommandError> {
    let Some(path) = session.config.letters_out().map(|letters| letters.path.clone()) else { return Ok(()) };
    if orders.is_empty() {
        return Ok(());
    }
    let mut folder = LetterFolder::open(&path).map_err(|error| {
        CommandError::io(format!("failed to open the folder of letters: {error}")).hint("no letter was written")
    })?;
    let mut waiting = orders.into_iter().peekable();
    while waiting.peek().is_some() {
        let orders = waiting.by_ref().take(BATCH_MAX).collect();
        let batch = intend(session, orders, on_paper, counts, talk)?;
        // The list is read again behind the intents: an objection that came in between wins.
        let list = session.store.suppression_list()?;
        let letters: Vec<&PaperLetter> = batch.iter().map(|(_, letter)| letter).collect();
        let outcomes = match folder.deliver(&letters, &list, &session.key) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                session.store.commit(batch.into_iter().map(|(token, _)| not_sent(token)).collect())?;
                return Err(
                    CommandError::io(format!("failed to write letters: {error}")).hint("run again: nobody gets two")
                );
            }
        };
        let mut events = Vec::new();
        for ((token, _), outcome) in batch.into_iter().zip(outcomes) {
            match outcome {
                PaperDelivery::Written | PaperDelivery::AlreadyThere => {
                    counts.add("printed", 1);
                    events.push(LedgerEvent::NoticeSent { token });
                }
                PaperDelivery::Suppressed => {
                    counts.add("suppressed_meanwhile", 1);
                    events.push(not_sent(token));
                }
            }
        }
        session.store.commit(events)?;
    }
    Ok(())
}

/// Hands the mails over, one or a batch at a time.
fn deliver(
    session: &mut Session,
    orders: Vec<Order>,
    counts: &mut Counts,
    talk: &mut Talk,
) -> Result<(), CommandError> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut mailer = open_mailer(session)?;
    talk.start_bar("notices");
    // What an SMTP server took is on record before the next one leaves: nobody could tell afterwards.
    let batch_max = if matches!(session.config.mail_out.transport, Transport::Smtp(_)) { 1 } else { BATCH_MAX };
    let mut waiting = orders.into_iter().peekable();
    while waiting.peek().is_some() {
        // Composed batch by batch: a large mailing is never in memory as a whole.
        let orders = waiting.by_ref().take(batch_max).collect();
        let batch = intend(session, orders, by_mail, counts, talk)?;
        let (events, broken) = deliver_batch(session, &mut mailer, &batch, counts, talk)?;
        session.store.commit(events)?;
        if let Some(error) = broken {
            talk.end_bar();
            counts.add("not_tried", waiting.count());
            talk.event("notices", "Stopped sending notices", &counts.0);
            return Err(CommandError::io(format!("failed to send notices: {error}")).hint("run again: nobody gets two"));
        }
    }
    talk.end_bar();
    Ok(())
}

/// Sends what was intended; returns what became of it, and what broke the connection, if anything did.
fn deliver_batch(
    session: &mut Session,
    mailer: &mut Mailer,
    batch: &[(NoticeToken, Letter)],
    counts: &mut Counts,
    talk: &Talk,
) -> Result<(Vec<LedgerEvent>, Option<String>), CommandError> {
    // The list is read again behind the intents: an objection that came in between wins.
    let list = session.store.suppression_list()?;
    let mut events = Vec::new();
    let mut broken = None;
    for (token, letter) in batch {
        let token = token.clone();
        if broken.is_some() {
            counts.add("not_tried", 1);
            events.push(not_sent(token));
            continue;
        }
        match mailer.send(letter, &list, &session.key) {
            Ok(Delivery::Sent | Delivery::AlreadySent) => {
                counts.add("sent", 1);
                events.push(LedgerEvent::NoticeSent { token });
            }
            Ok(Delivery::Failed { permanent, status_code }) => {
                counts.add(if permanent { "refused" } else { "deferred" }, 1);
                events.push(LedgerEvent::NoticeFailed { token, permanent, status_code });
            }
            Ok(Delivery::InDoubt) => {
                counts.add("in_doubt", 1);
                session.note(Exit::PersonNeeded);
                events.extend(sweep::in_doubt(session, token)?);
            }
            Err(error) => {
                counts.add("not_sent", 1);
                events.push(not_sent(token));
                broken = Some(error.to_string());
            }
        }
        talk.tick();
    }
    Ok((events, broken))
}
