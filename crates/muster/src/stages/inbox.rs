//! Inbox: what came back, and what follows from it.
//!
//! The mailbox is read and never touched; which mails were handled is a fact of the ledger, so a second read finds
//! nothing new.
//!
//! Invariant: an objection is on the list, fsynced, before the mail counts as read.

use std::collections::BTreeSet;

use muster_gate::{NoticeWay, address_hash, manual_entry, rights_due};
use muster_mail::{InboxHints, MailVerdict, classify, mail_key, read_mailbox};
use muster_model::{
    CaseId, CaseKind, ClusterId, EmailAddress, EntityKind, Field, KeyLabel, KeyedHash, LedgerEvent, MailKind,
    MentionRecord, NORMALIZER_VERSION, SuppressionEntry, SuppressionKey, SuppressionKeyKind, SuppressionReason,
};

use super::people::way_of;
use super::suppress::{KeyBook, notified_person};
use super::{Counts, sweep};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;

/// Open reviews above which a person has to look before the queue grows further.
const REVIEW_QUEUE_MAX: usize = 500;

/// One mail with what is known about it.
struct Incoming {
    mail: KeyedHash,
    verdict: MailVerdict,
    person: Option<ClusterId>,
}

/// Reads all mailboxes of the pipeline and acts on what is new.
///
/// # Errors
///
/// A store or mailbox error; mails handled until then stay handled.
pub(crate) fn read_all(session: &mut Session, talk: &mut Talk) -> Result<Counts, CommandError> {
    let mut counts = Counts::default();
    let book = KeyBook::read(session)?;
    talk.start_bar("inbox");
    for index in 0..session.config.mail_in.len() {
        let Some(mailbox) = session.config.mail_in.get(index) else { continue };
        let (name, path) = (mailbox.name.clone(), mailbox.path.clone());
        if !path.exists() {
            // A mailbox that was there and is gone is no empty one: whoever answers a notice must be heard.
            if !session.store.mails()?.is_empty() {
                return Err(CommandError::io(format!(
                    "failed to read mailbox `{name}`: `{}` is not there",
                    path.display()
                ))
                .hint("mails were read before, and answers to notices come there"));
            }
            talk.warn("inbox.missing", &format!("Mailbox `{name}` does not exist yet: `{}`", path.display()));
            continue;
        }
        let failed =
            |error: &dyn std::fmt::Display| CommandError::io(format!("failed to read mailbox `{name}`: {error}"));
        for file in read_mailbox(&path).map_err(|error| failed(&error))? {
            let raw = file.read().map_err(|error| failed(&error))?;
            let mail = mail_key(&session.key, &name, &raw);
            if session.store.mail_seen(&mail)? {
                continue;
            }
            talk.tick();
            counts.add("mails", 1);
            let domain = session.config.controller.email.split_once('@').map(|(_, domain)| domain.to_owned());
            let verdict = classify(&raw, &InboxHints { our_domain: domain, ..InboxHints::default() });
            counts.add(verdict.kind.as_str(), 1);
            let person = find_person(session, &verdict, &book)?;
            handle(session, &Incoming { mail, verdict, person }, &book, &mut counts)?;
        }
    }
    talk.end_bar();
    sweep::enforce(session, talk)?;
    if session.store.reviews()?.iter().filter(|review| review.decided.is_none()).count() > REVIEW_QUEUE_MAX {
        session.note(Exit::PersonNeeded);
        talk.warn("review.full", "The review queue is longer than its bound: `muster review list`");
    }
    talk.event("inbox", "Read the mailboxes", &counts.0);
    Ok(counts)
}

/// Finds the person that a mail is about: by the token of our notice, else by address.
fn find_person(session: &Session, verdict: &MailVerdict, book: &KeyBook) -> Result<Option<ClusterId>, CommandError> {
    if let Some(token) = &verdict.token
        && let Some(person) = notified_person(session, token)?
    {
        return Ok(Some(person));
    }
    for address in verdict.recipient.iter().chain(verdict.from.iter()) {
        let key = SuppressionKey { kind: SuppressionKeyKind::Email, hash: address_hash(&session.key, address) };
        let found = book.with_keys(&[key].into());
        if let [only] = found.as_slice() {
            return Ok(Some(only.clone()));
        }
    }
    Ok(None)
}

/// What a kind of mail leads to.
enum Effect {
    /// The person goes on the list, and the case is answered by it.
    Suppress(SuppressionReason, CaseKind),
    /// A case is opened for a person to answer.
    Open(CaseKind),
    /// The notice did not arrive and never will: the address is dead.
    Bounced,
    /// The notice did not arrive this time, for a reason that is not the person's (NT-6).
    CameBack,
    /// Nothing changes by itself.
    Nothing,
}

const fn effect_of(kind: MailKind) -> Effect {
    match kind {
        MailKind::OptOut => Effect::Suppress(SuppressionReason::OptOut, CaseKind::OptOut),
        MailKind::DoNotCall => Effect::Suppress(SuppressionReason::DoNotCall, CaseKind::DoNotCall),
        MailKind::Objection => Effect::Suppress(SuppressionReason::Objection, CaseKind::Objection),
        MailKind::Erasure => Effect::Suppress(SuppressionReason::Erasure, CaseKind::Erasure),
        MailKind::Complaint => Effect::Suppress(SuppressionReason::Complaint, CaseKind::Objection),
        MailKind::Access => Effect::Open(CaseKind::Access),
        MailKind::Rectification => Effect::Open(CaseKind::Rectification),
        MailKind::Restriction => Effect::Open(CaseKind::Restriction),
        MailKind::Portability => Effect::Open(CaseKind::Portability),
        MailKind::DataComplaint => Effect::Open(CaseKind::DataComplaint),
        MailKind::BouncePermanent => Effect::Bounced,
        MailKind::BounceTransient | MailKind::BouncePolicy => Effect::CameBack,
        MailKind::AutoReply | MailKind::Other => Effect::Nothing,
    }
}

/// Acts on one mail. Whoever it puts on the list is erased by the sweep at the end of the round.
fn handle(session: &mut Session, mail: &Incoming, book: &KeyBook, counts: &mut Counts) -> Result<(), CommandError> {
    let mut events = Vec::new();
    let (mut listed, mut doubtful) = (false, mail.verdict.needs_review || mail.verdict.kind == MailKind::Other);
    let kinds = if mail.verdict.kinds.is_empty() { vec![mail.verdict.kind] } else { mail.verdict.kinds.clone() };
    for kind in kinds {
        match effect_of(kind) {
            // One mail puts its sender on the list once, for the gravest of its reasons, which comes first.
            Effect::Suppress(..) if listed => {}
            Effect::Suppress(reason, case) => {
                listed = true;
                doubtful |= !object(session, mail, (reason, case), book, &mut events)?;
            }
            Effect::Open(case) => events.push(case_opened(session, mail, case)?),
            Effect::Bounced => events.extend(bounced(session, mail, true)?),
            Effect::CameBack if mail.verdict.rule.ends_with(".delayed") => {}
            Effect::CameBack => {
                events.extend(bounced(session, mail, false)?);
                doubtful |= mail.verdict.token.is_some();
            }
            Effect::Nothing => {}
        }
    }
    if doubtful {
        counts.add("to_review", 1);
        events.push(review_of(mail));
    }
    events.push(LedgerEvent::MailRead {
        mail: mail.mail,
        kind: mail.verdict.kind,
        token: mail.verdict.token.clone(),
        needs_review: doubtful,
    });
    session.store.commit(events)?;
    Ok(())
}

/// Whether the mail says that a notice did not arrive for a reason that is not the person's.
fn came_back(mail: &Incoming) -> bool {
    mail.verdict.token.is_some() && matches!(effect_of(mail.verdict.kind), Effect::CameBack)
}

fn review_of(mail: &Incoming) -> LedgerEvent {
    LedgerEvent::ReviewQueued {
        review_id: format!("mail-{}", mail.mail.to_base32(16)),
        subject: if came_back(mail) { "notice".into() } else { "mail".into() },
        reason: mail.verdict.rule.clone(),
        cluster_id: mail.person.clone(),
        mention_id: None,
        token: mail.verdict.token.clone(),
        mail: Some(mail.mail),
        // A file name may hold a name: `review list` finds the mail by its hash.
        locator: None,
    }
}

/// Acts for a person who says no: at once, and before anybody asks who it was.
///
/// # Law
///
/// GDPR 21(3), 12(6): an objection to direct marketing needs no proof of identity beyond a matching address. Returns
/// whether there was anything to recognize the person by; where not, the case stays open and somebody has to look.
fn object(
    session: &Session,
    mail: &Incoming,
    (reason, case): (SuppressionReason, CaseKind),
    book: &KeyBook,
    events: &mut Vec<LedgerEvent>,
) -> Result<bool, CommandError> {
    let on_record = mail.person.as_ref().and_then(|person| book.entry(person, reason, session));
    let addresses =
        || stranger(session, mail).and_then(|record| manual_entry(&record, &session.key, reason, session.now));
    let entry = on_record.or_else(addresses);
    events.push(case_opened(session, mail, case)?);
    let mut keys: BTreeSet<SuppressionKey> = entry.iter().flat_map(|entry| entry.keys.iter().copied()).collect();
    // The address that the notice went to always counts, on record or not.
    let notice = mail.verdict.token.as_ref().map(|token| session.store.notice(token)).transpose()?.flatten();
    let mailed = notice.filter(|row| way_of(row) == NoticeWay::Mail);
    let rcpt = mailed.map(|row| SuppressionKey { kind: SuppressionKeyKind::Email, hash: row.rcpt });
    keys.extend(rcpt);
    if keys.is_empty() {
        return Ok(false);
    }
    let entry = SuppressionEntry {
        keys: keys.iter().copied().collect(),
        ..entry.unwrap_or_else(|| SuppressionEntry {
            entry_id: format!("s-{}", mail.mail.to_base32(16)),
            reason,
            scope: reason.scope(),
            added_at: session.now,
            normalizer_version: NORMALIZER_VERSION,
            keys: Vec::new(),
            namesake_keys: Vec::new(),
            confirmed_keys: Vec::new(),
        })
    };
    events.push(LedgerEvent::SuppressionAdded { entry });
    events.push(LedgerEvent::CaseClosed { case_id: case_id(session, mail, case), outcome: "suppressed".into() });
    Ok(true)
}

/// Whoever objects and is not on record is put on the list by the addresses in the mail.
fn stranger(session: &Session, mail: &Incoming) -> Option<MentionRecord> {
    let controller = EmailAddress::parse(&session.config.controller.email).ok();
    let own = |address: &EmailAddress| controller.as_ref().is_some_and(|ours| ours.domain() == address.domain());
    // A feedback report is written by a mail provider: only whom it is about is meant.
    let writer = mail.verdict.from.iter().filter(|_| mail.verdict.kind != MailKind::Complaint);
    let addresses: Vec<String> = mail
        .verdict
        .recipient
        .iter()
        .chain(writer)
        .filter(|address| !own(address))
        .map(|address| address.as_str().to_owned())
        .collect();
    let mut record = MentionRecord::new(EntityKind::Person);
    record.set(Field::Emails, addresses);
    (!record.emails.is_empty()).then_some(record)
}

fn case_id(session: &Session, mail: &Incoming, kind: CaseKind) -> CaseId {
    let hash = session.key.hash(KeyLabel::Case, &[mail.mail.to_hex().as_bytes(), kind.as_str().as_bytes()]);
    CaseId::new(format!("case-{}", hash.to_base32(12)))
}

fn case_opened(session: &Session, mail: &Incoming, kind: CaseKind) -> Result<LedgerEvent, CommandError> {
    let due_at = rights_due(session.now, &session.config.policy)
        .map_err(|error| CommandError::usage(format!("failed to compute when a request is due: {error}")))?;
    Ok(LedgerEvent::CaseOpened {
        case_id: case_id(session, mail, kind),
        kind,
        channel: "mail".into(),
        cluster_id: mail.person.clone(),
        received_at: session.now,
        due_at,
    })
}

/// A notice that came back for good tells nobody; what follows from that the sweep decides.
///
/// A report that does not repeat our token still names the address: every notice to it came back.
fn bounced(session: &Session, mail: &Incoming, permanent: bool) -> Result<Vec<LedgerEvent>, CommandError> {
    let verdict = &mail.verdict;
    let address = verdict.recipient.as_ref().map(|address| address_hash(&session.key, address));
    let meant = |row: &muster_store::NoticeRow| match &verdict.token {
        Some(token) => row.token == *token,
        None => Some(row.rcpt) == address,
    };
    let bounce = |row: muster_store::NoticeRow| LedgerEvent::NoticeBounced {
        token: row.token,
        permanent,
        status_code: verdict.status_code.clone(),
    };
    Ok(session.store.notices()?.into_iter().filter(meant).map(bounce).collect())
}
