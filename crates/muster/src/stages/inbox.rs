//! Inbox: what came back, and what follows from it.
//!
//! The mailboxes are read and never touched; which mails were handled is a fact of the ledger, told by their content, so
//! a second read finds nothing new. `plan` says what follows from one mail, `acknowledge` answers its writer.
//!
//! Invariant: an objection is on the list, fsynced, before the mail counts as read; a mailbox that cannot be read keeps no
//! other from being read, and the command does not end with 0.

pub(crate) mod acknowledge;
mod person;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use muster_mail::{
    Fetched, ImapCursor, ImapCursors, InboxHints, MailSource, SourceError, Unreadable, arrived_at, classify, mail_key,
    read_source,
};
use muster_model::{ClusterId, KeyLabel, KeyedHash, LedgerEvent, MailCursor, MailKind};

use super::{Counts, sweep};
use crate::command_error::CommandError;
use crate::config::MailIn;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;
use acknowledge::Acks;
use person::People;
use plan::{Incoming, Outcome, plan};

/// Open reviews above which a person has to look before the queue grows further.
const REVIEW_QUEUE_MAX: usize = 500;

/// What one mail leads to, for a dry run.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The mail, as the queue names it.
    pub(crate) id: String,
    /// The mailbox.
    pub(crate) mailbox: String,
    /// What it is.
    pub(crate) kind: MailKind,
    /// Whom it is about.
    pub(crate) person: Option<ClusterId>,
    /// What becomes of it.
    pub(crate) outcome: &'static str,
    /// What would be done.
    pub(crate) steps: Vec<String>,
}

/// What a reading came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Counters: mails, what became of them, each kind, acknowledgements.
    pub(crate) counts: Counts,
    /// Mails by kind and by what became of them.
    pub(crate) kinds: BTreeMap<MailKind, BTreeMap<&'static str, u64>>,
    /// The mails, in a dry run.
    pub(crate) planned: Vec<Planned>,
}

impl Report {
    fn add(&mut self, kind: MailKind, outcome: Outcome) {
        self.counts.add("mails", 1);
        self.counts.add(kind.as_str(), 1);
        self.counts.add(outcome.as_str(), 1);
        *self.kinds.entry(kind).or_default().entry(outcome.as_str()).or_default() += 1;
    }
}

/// Reads all mailboxes of the pipeline and acts on what is new.
///
/// # Errors
///
/// A store or mailbox error; mails handled until then stay handled, and other mailboxes were read.
pub(crate) fn read_all(session: &mut Session, talk: &mut Talk) -> Result<Report, CommandError> {
    let (report, failed) = read_mailboxes(session, false, talk)?;
    if session.store.reviews()?.iter().filter(|review| review.decided.is_none()).count() > REVIEW_QUEUE_MAX {
        session.note(Exit::PersonNeeded);
        talk.warn("review.full", "The review queue is longer than its bound: `muster review list`");
    }
    talk.event("inbox", "Read the mailboxes", &report.counts.0);
    failed.map_or(Ok(report), Err)
}

/// Says what a reading would do, and does nothing.
///
/// # Errors
///
/// As [`read_all`].
pub(crate) fn try_out(session: &mut Session, talk: &mut Talk) -> Result<Report, CommandError> {
    let (report, failed) = read_mailboxes(session, true, talk)?;
    talk.event("inbox", "Read the mailboxes, did nothing: dry run", &report.counts.0);
    failed.map_or(Ok(report), Err)
}

fn read_mailboxes(
    session: &mut Session,
    dry_run: bool,
    talk: &mut Talk,
) -> Result<(Report, Option<CommandError>), CommandError> {
    let people = People::read(session)?;
    let mut failed = None;
    talk.start_bar("inbox");
    let acks = Acks::read(session)?;
    let mut reading =
        Reading { session, people, acks, dry_run, seen: BTreeSet::new(), report: Report::default(), talk };
    for index in 0..reading.session.config.mail_in.len() {
        if let Err(error) = reading.mailbox(index) {
            // Whoever wrote to another mailbox is heard all the same.
            reading.talk.warn("inbox.failed", &error.message);
            failed = failed.or(Some(error));
        }
    }
    let Reading { session, acks, mut report, talk, .. } = reading;
    talk.end_bar();
    if !dry_run {
        sweep::enforce(session, talk)?;
        let sent = acks.send(session, &mut report.counts);
        failed = failed.or(sent.err());
    }
    Ok((report, failed))
}

/// How the mails of one mailbox are taken.
struct Terms {
    hints: InboxHints,
    /// Whether their writers are answered.
    answers: bool,
}

/// A reading under way.
struct Reading<'a> {
    session: &'a mut Session,
    people: People,
    acks: Acks,
    dry_run: bool,
    /// The mails of this reading, which a dry run does not write down.
    seen: BTreeSet<KeyedHash>,
    report: Report,
    talk: &'a mut Talk,
}

impl Reading<'_> {
    fn mailbox(&mut self, index: usize) -> Result<(), CommandError> {
        let Some(mailbox) = self.session.config.mail_in.get(index) else { return Ok(()) };
        let (name, source) = (mailbox.name.clone(), mailbox.source.clone());
        let terms = self.terms(mailbox);
        if let Some(path) = mailbox.path().filter(|path| !path.exists()) {
            // A mailbox that was there and is gone is no empty one: whoever answers a notice must be heard.
            if !self.session.store.mails()?.is_empty() {
                let shown = path.display();
                return Err(CommandError::io(format!("failed to read mailbox `{name}`: `{shown}` is not there"))
                    .hint("mails were read before, and answers to notices come there"));
            }
            let shown = format!("Mailbox `{name}` does not exist yet: `{}`", path.display());
            self.talk.warn("inbox.missing", &shown);
            return Ok(());
        }
        let cursors = self.cursors(&name)?;
        let mut reached = ImapCursors::new();
        let mut broken = None;
        let done = read_source(&source, &cursors, &mut |mail| {
            let place = match &mail {
                Ok(mail) => &mail.place,
                Err(mail) => &mail.place,
            };
            let cursor = place.cursor().map(|(folder, cursor)| (folder.to_owned(), cursor));
            let taken = match mail {
                Ok(mail) => self.take(&name, mail, &terms),
                Err(mail) => self.unreadable(&name, &mail),
            };
            match taken {
                Ok(()) => {
                    reached.extend(cursor);
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(error) = broken {
            return Err(error);
        }
        self.move_on(&name, &reached)?;
        done.map(drop).map_err(|error| source_failed(&name, &source, &error))
    }

    fn terms(&self, mailbox: &MailIn) -> Terms {
        let config = &self.session.config;
        let our_domain = config.controller.email.split_once('@').map(|(_, domain)| domain.to_owned());
        Terms {
            hints: InboxHints { our_domain, authserv_id: mailbox.authserv_id.clone() },
            answers: mailbox.acknowledge && config.mail_out.enabled && config.mail_out.test_recipient.is_none(),
        }
    }

    /// Where to go on in the folders of an IMAP account; further back where somebody is still owed an answer.
    fn cursors(&self, mailbox: &str) -> Result<ImapCursors, CommandError> {
        let known = self.session.store.mail_cursors()?.into_iter().filter(|cursor| cursor.mailbox == mailbox);
        let mut cursors: ImapCursors = known
            .map(|known| (known.folder, ImapCursor { uid_validity: known.uid_validity, uid: known.uid }))
            .collect();
        for mail in self.acks.owed_mails() {
            let at = self.session.store.mail(mail)?.and_then(|row| row.cursor);
            let Some(at) = at.filter(|at| at.mailbox == mailbox) else { continue };
            if let Some(cursor) = cursors.get_mut(&at.folder).filter(|cursor| cursor.uid_validity == at.uid_validity) {
                cursor.uid = cursor.uid.min(at.uid.saturating_sub(1));
            }
        }
        Ok(cursors)
    }

    /// Notes how far the folders were read, where no mail's own event says so.
    fn move_on(&mut self, mailbox: &str, reached: &ImapCursors) -> Result<(), CommandError> {
        if self.dry_run {
            return Ok(());
        }
        let known = self.session.store.mail_cursors()?;
        let is_known = |folder: &str, at: &ImapCursor| {
            known.iter().any(|known| {
                (known.mailbox.as_str(), known.folder.as_str()) == (mailbox, folder)
                    && known.uid_validity == at.uid_validity
                    && known.uid >= at.uid
            })
        };
        let events = reached
            .iter()
            .filter(|(folder, at)| !is_known(folder, at))
            .map(|(folder, at)| LedgerEvent::MailboxRead { cursor: cursor_of(mailbox, folder, *at) })
            .collect();
        self.session.store.commit(events)?;
        Ok(())
    }

    /// Acts on one mail; whoever it puts on the list is erased by the sweep at the end of the round.
    fn take(&mut self, mailbox: &str, fetched: Fetched, terms: &Terms) -> Result<(), CommandError> {
        let Fetched { place, raw } = fetched;
        let mail = mail_key(&self.session.key, mailbox, &raw);
        if self.session.store.mail_seen(&mail)? {
            if terms.answers && !self.dry_run {
                self.acks.resume(self.session, &mail, &raw, &self.people)?;
            }
            return Ok(());
        }
        if !self.seen.insert(mail) {
            return Ok(());
        }
        self.talk.tick();
        let verdict = classify(&raw, &terms.hints);
        let notice = verdict.token.as_ref().map(|token| self.session.store.notice(token)).transpose()?.flatten();
        let person = self.people.find(self.session, &verdict, notice.as_ref());
        let cursor = place.cursor().map(|(folder, cursor)| cursor_of(mailbox, folder, cursor));
        // Nothing arrives in the future, and no answer before what it answers went out.
        let after = notice.as_ref().map(|row| row.intended_at);
        let arrived_at = arrived_at(&raw).unwrap_or(self.session.now).min(self.session.now);
        let arrived_at = after.map_or(arrived_at, |after| arrived_at.max(after).min(self.session.now));
        let incoming = Incoming { mail, verdict, notice, person, arrived_at, cursor };
        let mut plan = plan(self.session, &incoming, &self.people)?;
        if terms.answers {
            let owed = self.acks.owe(self.session, &incoming, &plan, &raw, &self.people)?;
            plan.steps.extend(owed.as_ref().map(|_| "acknowledge".to_owned()));
            plan.events.extend(owed);
        }
        self.report.add(incoming.verdict.kind, plan.outcome);
        if self.dry_run {
            self.report.planned.push(Planned {
                id: format!("mail-{}", mail.to_base32(16)),
                mailbox: mailbox.to_owned(),
                kind: incoming.verdict.kind,
                person: incoming.person,
                outcome: plan.outcome.as_str(),
                steps: plan.steps,
            });
            return Ok(());
        }
        self.session.store.commit(plan.events)?;
        Ok(())
    }

    /// Asks a person to look at a mail that is there and cannot be read: it may be an objection. Once is enough.
    fn unreadable(&mut self, mailbox: &str, mail: &Unreadable) -> Result<(), CommandError> {
        let place = mail.place.to_string();
        let hash = self.session.key.hash(KeyLabel::Mail, &[b"unreadable", mailbox.as_bytes(), place.as_bytes()]);
        let review_id = format!("mail-{}", hash.to_base32(16));
        if self.session.store.reviews()?.iter().any(|review| review.review_id == review_id) {
            return Ok(());
        }
        self.session.note(Exit::PersonNeeded);
        self.talk.warn("inbox.unreadable", &format!("A mail of mailbox `{mailbox}` cannot be read: {}", mail.why));
        self.report.add(MailKind::Other, Outcome::Queued);
        if !self.dry_run {
            self.session.store.commit(vec![LedgerEvent::ReviewQueued {
                review_id,
                subject: "mail".into(),
                reason: "mail.unreadable".into(),
                cluster_id: None,
                mention_id: None,
                token: None,
                mail: Some(hash),
                locator: None,
            }])?;
        }
        Ok(())
    }
}

fn cursor_of(mailbox: &str, folder: &str, at: ImapCursor) -> MailCursor {
    MailCursor { mailbox: mailbox.to_owned(), folder: folder.to_owned(), uid_validity: at.uid_validity, uid: at.uid }
}

/// Says why a mailbox cannot be read, with what to do about it.
pub(crate) fn source_failed(name: &str, source: &MailSource, error: &SourceError) -> CommandError {
    let mut text = format!("failed to read mailbox `{name}`: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    match (error.is_configuration(), source) {
        (true, _) => {
            CommandError::usage(text).hint("trying again will not help until the pipeline or the server is changed")
        }
        (false, MailSource::Imap(_)) => CommandError::io(text).hint("what was read is dealt with; run again"),
        (false, MailSource::Path(_) | MailSource::StandardInput) => CommandError::io(text),
    }
}
