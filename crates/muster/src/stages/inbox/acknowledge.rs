//! Acknowledgements: the writer of a request hears that it arrived and what was done.
//!
//! What is owed is in the ledger together with the mail's own event, so that a kill between reading and answering owes
//! it still; the address is nowhere but in the mail, which is looked for again in its mailbox. The intent is fsynced
//! before the first byte leaves, as for notices.
//!
//! Invariant: at most one acknowledgement leaves for a mail, and at most one for an address and kind of request within
//! the pipeline's days; none leaves for a machine's mail, or to somebody who is neither known by the notice they
//! answer nor by their address on record.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_mail::{AckFacts, Acknowledgement, Delivery, Mailer, Origin, acknowledgement_languages};
use muster_model::{
    AckOutcome, CaseId, EmailAddress, KeyLabel, KeyedHash, LedgerEvent, MailKind, NoticeToken, Timestamp,
};
use muster_store::{AckRow, AckState};

use super::person::{People, email_key};
use super::plan::{Incoming, Outcome, Plan, kinds_of};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::notice::channel;
use crate::stages::{Counts, sweep};
use crate::talk::Talk;

/// Days after a mail's arrival in which an acknowledgement is of use; later, the answer itself is due soon.
const USEFUL_DAYS: i64 = 7;

/// Most acknowledgements that leave in one reading; the others are owed to the next.
const PER_READING_MAX: usize = 1_000;

/// Hours that an acknowledgement stays in an outbox on disk; who picks it up has done so by then, and it names a person.
const KEPT_HOURS: i64 = 72;

/// One acknowledgement with whom it goes to.
pub(super) struct Ready {
    token: NoticeToken,
    mail: KeyedHash,
    origin: Origin,
    facts: AckFacts,
}

/// What has been acknowledged, and what is owed from before.
pub(super) struct Acks {
    owed: BTreeMap<KeyedHash, AckRow>,
    told: BTreeMap<KeyedHash, Vec<(Timestamp, Vec<MailKind>)>>,
    ready: Vec<Ready>,
}

impl Acks {
    /// Reads what is owed and what was told.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(super) fn read(session: &Session) -> Result<Self, CommandError> {
        let mut acks = Self { owed: BTreeMap::new(), told: BTreeMap::new(), ready: Vec::new() };
        for row in session.store.acknowledgements()? {
            match row.state {
                AckState::Ended => continue,
                AckState::Owed | AckState::Intended | AckState::Sent | AckState::InDoubt => {
                    acks.told.entry(row.rcpt).or_default().push((row.owed_at, row.kinds.clone()));
                }
            }
            if row.state == AckState::Owed {
                acks.owed.insert(row.mail, row);
            }
        }
        Ok(acks)
    }

    /// Returns the mails whose writers are still owed an acknowledgement.
    pub(super) fn owed_mails(&self) -> impl Iterator<Item = &KeyedHash> {
        self.owed.keys()
    }

    /// Takes up what is owed for a mail that was read before.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(super) fn resume(
        &mut self,
        session: &Session,
        mail: &KeyedHash,
        raw: &[u8],
        people: &People,
    ) -> Result<(), CommandError> {
        let Some(row) = self.owed.remove(mail) else { return Ok(()) };
        let Ok(origin) = Origin::of(raw, own_domain(session)) else { return Ok(()) };
        let notice = row.notice.as_ref().map(|token| session.store.notice(token)).transpose()?.flatten();
        let person = notice.map(|row| row.cluster_id);
        let facts = facts_of(session, &row, people.country(person.as_ref()))?;
        self.ready.push(Ready { token: row.token, mail: *mail, origin, facts });
        Ok(())
    }

    /// Decides whether the writer of a mail is told, and returns the event that owes it.
    ///
    /// # Errors
    ///
    /// A usage error where the policy's zone is unknown.
    pub(super) fn owe(
        &mut self,
        session: &Session,
        mail: &Incoming,
        plan: &Plan,
        raw: &[u8],
        people: &People,
    ) -> Result<Option<LedgerEvent>, CommandError> {
        let kinds: Vec<MailKind> =
            kinds_of(&mail.verdict).into_iter().filter(|kind| MailKind::REQUESTS.contains(kind)).collect();
        // The button of a mail program asks for silence, and gets it.
        if kinds.is_empty() || plan.cases.is_empty() || mail.verdict.rule.starts_with("list-unsubscribe") {
            return Ok(None);
        }
        let useful = mail.arrived_at.checked_add((USEFUL_DAYS * 24).hours()).is_ok_and(|end| end >= session.now);
        let Ok(origin) = Origin::of(raw, own_domain(session)) else { return Ok(None) };
        if !useful || !is_known(session, mail, people, origin.writer()) {
            return Ok(None);
        }
        let rcpt = email_key(session, origin.writer()).hash;
        if self.was_told(session, rcpt, &kinds) {
            return Ok(None);
        }
        let row = row_of(session, mail, plan, (rcpt, kinds));
        let facts = facts_of(session, &row, people.country(mail.person.as_ref()))?;
        self.told.entry(rcpt).or_default().push((session.now, row.kinds.clone()));
        self.ready.push(Ready { token: row.token.clone(), mail: mail.mail, origin, facts });
        Ok(Some(owed_event(row)))
    }

    /// Whether this address was told of each of these kinds within the pipeline's days: a loop ends here.
    fn was_told(&self, session: &Session, rcpt: KeyedHash, kinds: &[MailKind]) -> bool {
        let days = i64::from(session.config.mail_out.acknowledge_again_days);
        let recent = |at: &Timestamp| at.checked_add((days * 24).hours()).is_ok_and(|end| end > session.now);
        let told: Vec<MailKind> = self
            .told
            .get(&rcpt)
            .into_iter()
            .flatten()
            .filter(|(at, _)| recent(at))
            .flat_map(|(_, kinds)| kinds.iter().copied())
            .collect();
        kinds.iter().all(|kind| told.contains(kind))
    }

    /// Sends what is ready, and gives up what is of no use any more.
    ///
    /// # Errors
    ///
    /// A store or transport error; each is then sent, in doubt or still owed, and the ledger knows which.
    pub(super) fn send(self, session: &mut Session, counts: &mut Counts) -> Result<(), CommandError> {
        let dropped: Vec<LedgerEvent> = self
            .owed
            .into_values()
            .filter(|row| !row.received_at.checked_add((USEFUL_DAYS * 24).hours()).is_ok_and(|end| end >= session.now))
            .map(|row| ended(row.token, AckOutcome::Dropped, None))
            .collect();
        session.store.commit(dropped)?;
        if self.ready.is_empty() {
            return Ok(());
        }
        let mut mailer = session.config.mail_out.transport.open().map_err(|error| {
            CommandError::io(format!("failed to open the way out for acknowledgements: {error}"))
                .hint("the mails are dealt with; run again: the acknowledgements are still owed")
        })?;
        for ready in self.ready.into_iter().take(PER_READING_MAX) {
            send_one(session, &mut mailer, &ready, counts)?;
        }
        Ok(())
    }
}

/// The acknowledgement that is owed for a mail.
fn row_of(session: &Session, mail: &Incoming, plan: &Plan, told: (KeyedHash, Vec<MailKind>)) -> AckRow {
    let hash = session.key.hash(KeyLabel::Notice, &[b"acknowledgement", mail.mail.to_hex().as_bytes()]);
    let notice = mail.notice.as_ref();
    let known = |lang: &String| acknowledgement_languages().any(|known| known == lang);
    let lang = mail.verdict.language.clone().filter(known).or_else(|| notice.map(|row| row.lang.clone()).filter(known));
    AckRow {
        token: NoticeToken::new(hash.to_base32(26)),
        mail: mail.mail,
        rcpt: told.0,
        kinds: told.1,
        doubt: plan.outcome == Outcome::Queued,
        lang: lang.or_else(|| session.config.policy.languages.first().cloned()).unwrap_or_else(|| "en".to_owned()),
        received_at: mail.arrived_at,
        due_at: plan.due_at,
        reference: plan.cases.iter().map(CaseId::as_str).collect::<Vec<_>>().join(", "),
        notice: notice.map(|row| row.token.clone()),
        channel: None,
        owed_at: session.now,
        changed_at: session.now,
        state: AckState::Owed,
    }
}

/// Whether the writer holds a notice of ours or writes from an address on record; a forged sender gets no mail of ours.
fn is_known(session: &Session, mail: &Incoming, people: &People, writer: &EmailAddress) -> bool {
    let on_record = mail.person.as_ref().is_some_and(|person| people.has_address(session, person, writer));
    mail.notice.is_some() || on_record
}

fn own_domain(session: &Session) -> &str {
    session.config.controller.email.split_once('@').map_or("", |(_, domain)| domain)
}

fn owed_event(row: AckRow) -> LedgerEvent {
    LedgerEvent::AcknowledgementOwed {
        token: row.token,
        mail: row.mail,
        rcpt: row.rcpt,
        kinds: row.kinds,
        doubt: row.doubt,
        lang: row.lang,
        received_at: row.received_at,
        due_at: row.due_at,
        reference: row.reference,
        notice: row.notice,
    }
}

fn ended(token: NoticeToken, outcome: AckOutcome, status_code: Option<String>) -> LedgerEvent {
    LedgerEvent::AcknowledgementEnded { token, outcome, status_code }
}

fn facts_of(session: &Session, row: &AckRow, country: Option<&str>) -> Result<AckFacts, CommandError> {
    let controller = &session.config.controller;
    let authorities = &controller.authorities;
    let authority = country.and_then(|country| authorities.get(country)).or_else(|| authorities.get("*"));
    let zone = TimeZone::get(&session.config.policy.zone)
        .map_err(|error| CommandError::usage(format!("failed to read `policy.zone`: {error}")))?;
    let day = |at: Timestamp| -> Date { at.to_zoned_datetime(zone.clone()).date() };
    let controller_email = EmailAddress::parse(&controller.email)
        .map_err(|error| CommandError::usage(format!("failed to read `controller.email`: {error}")))?;
    Ok(AckFacts {
        token: row.token.clone(),
        notice: row.notice.clone(),
        lang: row.lang.clone(),
        controller: controller.legal_name.clone(),
        controller_email,
        kinds: row.kinds.clone(),
        doubt: row.doubt,
        received_on: day(row.received_at),
        due_on: row.due_at.map(day),
        authority: authority.cloned().unwrap_or_default(),
        reference: row.reference.clone(),
        date: session.now,
    })
}

fn send_one(
    session: &mut Session,
    mailer: &mut Mailer,
    ready: &Ready,
    counts: &mut Counts,
) -> Result<(), CommandError> {
    let ack = Acknowledgement::write(&ready.origin, &ready.facts);
    let token = ready.token.clone();
    session.store.commit(vec![LedgerEvent::AcknowledgementIntended {
        token: token.clone(),
        channel: channel(session),
        text_sha256: ack.text_sha256().to_owned(),
    }])?;
    let events = match mailer.acknowledge(&ack) {
        Ok(Delivery::Sent | Delivery::AlreadySent) => {
            counts.add("acknowledged", 1);
            vec![ended(token, AckOutcome::Sent, None)]
        }
        Ok(Delivery::Failed { permanent, status_code }) => {
            let outcome = if permanent { AckOutcome::Refused } else { AckOutcome::NotSent };
            counts.add(if permanent { "acknowledgement_refused" } else { "acknowledgement_deferred" }, 1);
            vec![ended(token, outcome, status_code)]
        }
        Ok(Delivery::InDoubt) => {
            counts.add("acknowledgement_in_doubt", 1);
            session.note(Exit::PersonNeeded);
            in_doubt(token, ready.mail)
        }
        Err(error) => {
            session.store.commit(vec![ended(token, AckOutcome::NotSent, None)])?;
            return Err(CommandError::io(format!("failed to send acknowledgements: {error}"))
                .hint("the mails are dealt with; run again: nobody gets two"));
        }
    };
    session.store.commit(events)?;
    Ok(())
}

/// The events of an acknowledgement of which nobody can tell whether it left.
fn in_doubt(token: NoticeToken, mail: KeyedHash) -> Vec<LedgerEvent> {
    let review = LedgerEvent::ReviewQueued {
        review_id: format!("answer-{token}"),
        subject: "acknowledgement".into(),
        reason: "acknowledgement.in_doubt".into(),
        // Nobody is held back from anything by it.
        cluster_id: None,
        mention_id: None,
        token: None,
        mail: Some(mail),
        locator: None,
    };
    vec![ended(token, AckOutcome::InDoubt, None), review]
}

/// Settles the acknowledgements that a killed run left between intent and delivery, and takes those that were sent long
/// ago out of an outbox on disk.
///
/// # Errors
///
/// A store or transport error.
pub(crate) fn settle(session: &mut Session, talk: &Talk) -> Result<(), CommandError> {
    let rows = session.store.acknowledgements()?;
    let old = |row: &AckRow| {
        let end = row.changed_at.checked_add(KEPT_HOURS.hours());
        row.state == AckState::Sent && end.is_ok_and(|end| end <= session.now)
    };
    let (open, done): (Vec<AckRow>, Vec<AckRow>) =
        rows.into_iter().filter(|row| row.state == AckState::Intended || old(row)).partition(|row| !old(row));
    if open.is_empty() && done.is_empty() {
        return Ok(());
    }
    let failed = |error: muster_mail::SendError| CommandError::io(error.to_string());
    let mut outbox = sweep::open_outbox(session)?;
    for row in done {
        if let Some(outbox) = &mut outbox {
            outbox.retract(&row.token).map_err(failed)?;
        }
    }
    let channel = channel(session);
    let (mut events, mut counts) = (Vec::new(), Counts::default());
    for row in open {
        let sent = match &mut outbox {
            Some(outbox) if row.channel.as_ref() == Some(&channel) => {
                outbox.already_sent(&row.token).map_err(failed)?
            }
            Some(_) | None => None,
        };
        let (name, settled) = match sent {
            Some(true) => ("sent", vec![ended(row.token, AckOutcome::Sent, None)]),
            Some(false) => ("not_sent", vec![ended(row.token, AckOutcome::NotSent, None)]),
            None => ("in_doubt", in_doubt(row.token, row.mail)),
        };
        if sent.is_none() {
            session.note(Exit::PersonNeeded);
        }
        counts.add(name, 1);
        events.extend(settled);
    }
    if !events.is_empty() {
        session.store.commit(events)?;
        talk.event("acknowledgements.settled", "Settled acknowledgements that an interrupted run left open", &counts.0);
    }
    Ok(())
}
