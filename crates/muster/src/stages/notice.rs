//! Notice: who is due, one letter each, sent exactly once.
//!
//! The intent to send is in the ledger, fsynced, before the first byte leaves; what happened is in the ledger after.
//! A kill between the two is settled by `sweep::settle_intents`.
//!
//! Invariant: no letter leaves that was not composed from a cleared order and linted.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::{
    Cleared, Contact, ContactContext, Defect, NoticeFacts, NoticeOrder, Outcome, Reason, RecipientLine, address_hash,
    clear_contact,
};
use muster_mail::{ComposeError, Delivery, Letter, Mailer, Sender, Transport, compose};
use muster_model::{
    ClusterId, EmailAddress, EntityKind, KeyLabel, LedgerEvent, Master, MentionId, NoticeToken, SourceName, Timestamp,
};

use super::people::{Notices, Untold, clock, seen_instants, untold};
use super::{Counts, sweep};
use crate::command_error::CommandError;
use crate::config::Config;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;

/// Notices whose intents share one fsync, where a restart can tell which of them went out.
const BATCH_MAX: usize = 50;

/// Names the way out: kind and keyed hash of its place. Another one cannot tell what went out by this one.
pub(crate) fn channel(session: &Session) -> String {
    let (kind, place) = match &session.config.mail_out.transport {
        Transport::Maildir { path } => ("maildir", path.display().to_string()),
        Transport::EmlFolder { path } => ("eml", path.display().to_string()),
        Transport::Smtp(smtp) => ("smtp", format!("{}:{}", smtp.host, smtp.port)),
    };
    format!("{kind}-{}", session.key.hash(KeyLabel::Mail, &[b"channel", place.as_bytes()]).to_base32(12))
}

/// How near to their deadline nobody may be left out by a cap without an alarm.
const CAP_ALARM: jiff::SignedDuration = jiff::SignedDuration::from_hours(10 * 24);

/// How a round of notices is to be run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoticeOptions {
    /// Most notices in this round.
    pub(crate) limit: Option<usize>,
    /// Compose and lint everything, send nothing.
    pub(crate) dry_run: bool,
}

/// One person's place in the plan.
#[derive(Debug)]
pub(crate) struct PlanRow {
    /// Who.
    pub(crate) cluster_id: ClusterId,
    /// What is still to be told, and by when.
    pub(crate) untold: Untold,
    /// What stands in the way of telling them now, if anything.
    pub(crate) obstacle: Option<Reason>,
}

/// A letter ready to leave, with what the ledger says of it.
struct Ready {
    letter: Letter,
    intent: LedgerEvent,
}

/// A cleared order with when it is due and the mentions that it tells about.
type Order = (Timestamp, Cleared<NoticeOrder, Contact>, Vec<MentionId>);

/// What every order of one round is made from.
struct Round {
    masters: Vec<Master>,
    by_id: BTreeMap<ClusterId, usize>,
    notices: Notices,
    seen: BTreeMap<MentionId, Timestamp>,
    sources: BTreeMap<MentionId, SourceName>,
    list: muster_gate::SuppressionList,
}

impl Round {
    fn read(session: &Session) -> Result<Self, CommandError> {
        let masters = session.store.masters()?;
        let by_id = masters.iter().enumerate().map(|(index, master)| (master.cluster_id().clone(), index)).collect();
        let mentions = session.store.mentions()?;
        Ok(Self {
            by_id,
            masters,
            notices: Notices::read(&session.store)?,
            seen: seen_instants(&session.store)?,
            sources: mentions.iter().map(|mention| (mention.mention_id().clone(), mention.source().clone())).collect(),
            list: session.store.suppression_list()?,
        })
    }

    fn people(&self) -> impl Iterator<Item = &Master> {
        self.masters.iter().filter(|master| master.kind() == EntityKind::Person)
    }

    fn employer(&self, master: &Master) -> Option<&Master> {
        let company = master.company_id()?;
        self.by_id.get(company).and_then(|&index| self.masters.get(index))
    }

    /// Asks the contact wall about one person.
    fn order(&self, master: &Master, untold: &Untold, session: &Session) -> Outcome<NoticeOrder, Contact> {
        let told = self.notices.of(master.cluster_id());
        let told_mentions = told.mentions();
        let context = ContactContext {
            suppression: &self.list,
            key: &session.key,
            told: &told_mentions,
            in_doubt: told.in_doubt,
            dead_addresses: &self.notices.dead_addresses,
            employer: self.employer(master),
            policy: &session.config.policy,
        };
        let sources = master.members().iter().filter_map(|id| self.sources.get(id)).collect();
        let base = base_facts(&session.config, &sources);
        let token_for = |rcpt_to: &EmailAddress| token_of(master, untold, told.failed_count, rcpt_to, session);
        clear_contact(master.clone(), &context, untold.clock.due_at, token_for, &base)
    }
}

/// A token that is the same for the same person, untold mentions and address, until that notice came back.
fn token_of(
    master: &Master,
    untold: &Untold,
    failed_count: usize,
    rcpt_to: &EmailAddress,
    session: &Session,
) -> NoticeToken {
    let (tries, rcpt) = (failed_count.to_string(), address_hash(&session.key, rcpt_to).to_hex());
    let mut parts: Vec<&[u8]> = vec![master.cluster_id().as_str().as_bytes(), tries.as_bytes(), rcpt.as_bytes()];
    parts.extend(untold.mentions.iter().map(|id| id.as_str().as_bytes()));
    NoticeToken::new(session.key.hash(KeyLabel::Notice, &parts).to_base32(26))
}

/// The facts that do not depend on the person but for the sources they were found in.
pub(crate) fn base_facts(config: &Config, sources: &BTreeSet<&SourceName>) -> NoticeFacts {
    let mut basis = None;
    let mut interest: BTreeMap<String, String> = BTreeMap::new();
    for source in config.sources.iter().filter(|source| sources.contains(&source.terms.name)) {
        basis = basis.or_else(|| source.terms.basis.clone());
        let assessment = config.assessments.iter().find(|found| Some(&found.id) == source.terms.assessment_id.as_ref());
        for (lang, sentence) in assessment.into_iter().flat_map(|found| &found.interest) {
            let known = interest.entry(lang.clone()).or_default();
            if !known.contains(sentence.as_str()) {
                known.push_str(if known.is_empty() { "" } else { " " });
                known.push_str(sentence);
            }
        }
    }
    let recipients = config.exports.iter().map(|export| RecipientLine {
        name: export.terms.name.clone(),
        country: export.terms.country.clone(),
        mechanism: export.terms.mechanism.as_str().to_owned(),
    });
    let mut recipients: Vec<RecipientLine> = recipients.collect();
    recipients.sort_by(|a, b| a.name.cmp(&b.name));
    recipients.dedup();
    NoticeFacts {
        controller: config.controller.clone(),
        purposes: config.purposes.clone(),
        basis: basis.unwrap_or_default(),
        interest,
        recipients,
        retention_months: config.policy.retention_months,
        automated_decisions: false,
        lang: String::new(),
        country: None,
        reference: String::new(),
        reply_to: String::new(),
        obtained_on: String::new(),
        values: Vec::new(),
    }
}

/// Returns who is due when, soonest first.
///
/// # Errors
///
/// A store error.
pub(crate) fn plan(session: &Session) -> Result<Vec<PlanRow>, CommandError> {
    let round = Round::read(session)?;
    let mut rows = Vec::new();
    for master in round.people() {
        let told = round.notices.of(master.cluster_id());
        let Some(untold) = untold(master, &told, &round.seen, &session.config)? else { continue };
        let obstacle = match round.order(master, &untold, session) {
            Outcome::Pass(_) if !told.ever_sent && untold.clock.send_by < session.now => Some(Reason::NoticeNotSent),
            Outcome::Pass(_) => None,
            Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => reasons.first().copied(),
        };
        rows.push(PlanRow { cluster_id: master.cluster_id().clone(), untold, obstacle });
    }
    // Whoever is on record and in no MASTER record yet, or held, is due all the same.
    let known: BTreeSet<MentionId> = round.masters.iter().flat_map(|master| master.members().iter().cloned()).collect();
    let told = round.notices.told_mentions();
    let held = session.store.held()?.into_iter().map(|(mention, _)| (mention, Reason::OnHold));
    let loose = session.store.mentions()?.into_iter().map(|mention| (mention, Reason::NoticeNotSent));
    for (mention, reason) in held.chain(loose) {
        let id = mention.mention_id().clone();
        if mention.kind() == EntityKind::Company || known.contains(&id) || told.contains(&id) {
            continue;
        }
        let untold = Untold { clock: clock(mention.seen_at(), &session.config)?, mentions: vec![id.clone()] };
        rows.push(PlanRow { cluster_id: ClusterId::new(id.as_str()), untold, obstacle: Some(reason) });
    }
    rows.sort_by(|a, b| (a.untold.clock.due_at, &a.cluster_id).cmp(&(b.untold.clock.due_at, &b.cluster_id)));
    Ok(rows)
}

/// Asks the contact wall about one person, whatever they have been told, to show the letter.
///
/// # Errors
///
/// A usage error with the reason why they get none.
pub(crate) fn letter_for(session: &Session, master: &Master) -> Result<Letter, CommandError> {
    let mut round = Round::read(session)?;
    round.notices = Notices::default();
    let nothing_told = super::people::Told::default();
    let untold = untold(master, &nothing_told, &round.seen, &session.config)?
        .ok_or_else(|| CommandError::usage("failed to render a notice: nothing is held about this person"))?;
    let shown = |reasons: &[Reason]| reasons.iter().map(|reason| reason.sentence()).collect::<Vec<_>>().join(" ");
    let order = match round.order(master, &untold, session) {
        Outcome::Pass(order) => order,
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => {
            return Err(CommandError::usage(format!("failed to render a notice: {}", shown(&reasons))));
        }
    };
    let sender = sender(session)?;
    compose(order, &session.config.mail_out.templates, &sender, &session.screen).map_err(|error| compose_failed(&error))
}

fn compose_failed(error: &ComposeError) -> CommandError {
    let mut failed = CommandError::usage(format!("failed to compose a notice: {error}"));
    if let ComposeError::Blocked { defects } = error {
        failed.hints = defects.iter().map(defect_line).collect();
    }
    CommandError { exit: Exit::PersonNeeded, ..failed }
}

/// A defect in words; the linter never repeats a value.
fn defect_line(defect: &Defect) -> String {
    format!("{}: {}", defect.item, defect.detail)
}

fn sender(session: &Session) -> Result<Sender, CommandError> {
    let controller = &session.config.controller;
    let from_email = EmailAddress::parse(&controller.email)
        .map_err(|error| CommandError::usage(format!("failed to read `controller.email`: {error}")))?;
    Ok(Sender { from_name: controller.legal_name.clone(), from_email, return_path: None, date: session.now })
}

/// Sends notices to everybody who is due one and can be told now.
///
/// # Errors
///
/// A store or transport error; every notice is then sent, in doubt or not sent, and the ledger knows which.
pub(crate) fn send_all(session: &mut Session, options: NoticeOptions, talk: &mut Talk) -> Result<Counts, CommandError> {
    let mut counts = Counts::default();
    let round = Round::read(session)?;
    let mut orders = Vec::new();
    for master in round.people() {
        let told = round.notices.of(master.cluster_id());
        let Some(untold) = untold(master, &told, &round.seen, &session.config)? else {
            counts.add("told_before", 1);
            continue;
        };
        let order = round.order(master, &untold, session);
        collect_order(session, order, &untold, !told.ever_sent, &mut orders, &mut counts);
    }
    drop(round);
    orders.sort_by(|a: &Order, b| (a.0, a.1.get().master.cluster_id()).cmp(&(b.0, b.1.get().master.cluster_id())));
    let orders = within_caps(session, orders, options, &mut counts);
    if options.dry_run || !session.config.mail_out.enabled {
        let why = if options.dry_run { "dry run" } else { "`mail.out.enabled` is false" };
        for order in orders {
            let composed = compose_batch(session, vec![order], &mut counts, talk)?.len();
            counts.add("would_send", composed);
        }
        talk.event("notices", &format!("Sent nothing: {why}"), &counts.0);
        return Ok(counts);
    }
    if let Some(address) = session.config.mail_out.test_recipient.clone() {
        return rehearse(session, orders, &address, counts, talk);
    }
    deliver(session, orders, &mut counts, talk)?;
    talk.event("notices", "Sent notices", &counts.0);
    Ok(counts)
}

fn collect_order(
    session: &mut Session,
    order: Outcome<NoticeOrder, Contact>,
    untold: &Untold,
    first: bool,
    orders: &mut Vec<Order>,
    counts: &mut Counts,
) {
    match order {
        Outcome::Pass(_) if first && untold.clock.send_by < session.now => {
            // Past the hard stop a first notice could not stand for its 72 hours: the clock erases instead.
            counts.add("past_hard_stop", 1);
            session.note(Exit::Deadline);
        }
        Outcome::Pass(order) => orders.push((untold.clock.due_at, order, untold.mentions.clone())),
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => {
            if let Some(reason) = reasons.first() {
                counts.add(reason.code(), 1);
            }
        }
    }
}

/// Leaves out whom the caps of this round leave for the next one.
fn within_caps(
    session: &mut Session,
    mut orders: Vec<Order>,
    options: NoticeOptions,
    counts: &mut Counts,
) -> Vec<Order> {
    let out = &session.config.mail_out;
    // A dry run looks at everybody; the caps are for what leaves.
    let uncapped = options.dry_run && options.limit.is_none();
    let limit = if uncapped { usize::MAX } else { options.limit.unwrap_or(out.notices_per_run_max) };
    let per_domain = if uncapped { usize::MAX } else { out.notices_per_domain_max };
    // Whom a cap leaves out so close to the deadline that the next run may be too late.
    let late_at = session.now.checked_add(CAP_ALARM).unwrap_or(session.now);
    let mut by_domain: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken = 0;
    orders.retain(|(due_at, order, _)| {
        let domain = by_domain.entry(order.get().rcpt_to.domain().to_owned()).or_default();
        if taken >= limit || *domain >= per_domain {
            counts.add("over_cap", 1);
            if *due_at <= late_at {
                session.exit = session.exit.worse(Exit::Deadline);
            }
            return false;
        }
        *domain += 1;
        taken += 1;
        true
    });
    orders
}

/// Composes a batch; a letter that fails its lint blocks that person's notice and is counted.
fn compose_batch(
    session: &mut Session,
    orders: Vec<Order>,
    counts: &mut Counts,
    talk: &Talk,
) -> Result<Vec<Ready>, CommandError> {
    let channel = channel(session);
    let sender = sender(session)?;
    let mut ready: Vec<Ready> = Vec::new();
    for (due_at, order, mentions) in orders {
        let (cluster_id, lang) = (order.get().master.cluster_id().clone(), order.get().facts.lang.clone());
        let rcpt = address_hash(&session.key, &order.get().rcpt_to);
        match compose(order, &session.config.mail_out.templates, &sender, &session.screen) {
            Ok(letter) => {
                let intent = LedgerEvent::NoticeIntended {
                    token: letter.token().clone(),
                    cluster_id,
                    mentions,
                    rcpt,
                    channel: channel.clone(),
                    lang,
                    due_at,
                    text_sha256: letter.text_sha256().to_owned(),
                    policy_hash: session.config.policy.policy_hash.clone(),
                };
                ready.push(Ready { letter, intent });
            }
            Err(ComposeError::Blocked { defects }) => {
                counts.add("blocked_by_lint", 1);
                let items: Vec<String> = defects.iter().map(defect_line).collect();
                talk.warn("notice.blocked", &format!("The notice of `{cluster_id}` is blocked: {}", items.join("; ")));
                session.exit = session.exit.worse(Exit::PersonNeeded);
            }
            Err(error @ (ComposeError::Template(_) | ComposeError::ReplyTo)) => return Err(compose_failed(&error)),
        }
    }
    Ok(ready)
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
        let Some(each) = compose_batch(session, vec![order], &mut counts, talk)?.pop() else { continue };
        let letter = each.letter.redirected(address);
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
        let batch = compose_batch(session, orders, counts, talk)?;
        let intents = batch.iter().map(|each| each.intent.clone()).collect();
        session.store.commit(intents)?;
        // The list is read again behind the intents: an objection that came in between wins.
        let list = session.store.suppression_list()?;
        let mut events = Vec::new();
        let mut broken = None;
        for each in &batch {
            let token = each.letter.token().clone();
            if broken.is_some() {
                counts.add("not_tried", 1);
                events.push(LedgerEvent::NoticeFailed { token, permanent: false, status_code: None });
                continue;
            }
            match mailer.send(&each.letter, &list, &session.key) {
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
                    events.push(LedgerEvent::NoticeFailed { token, permanent: false, status_code: None });
                    broken = Some(error.to_string());
                }
            }
            talk.tick();
        }
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
