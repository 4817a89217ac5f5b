//! The mails that wait for a person, and where each of them lies.
//!
//! The store keeps no file name, no Message-ID and no word of a mail: where a mail lies is found by looking into the
//! mailboxes again.
//!
//! Invariant: looking changes nothing, here or in a mailbox.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use muster_mail::{ImapCursor, ImapCursors, InboxHints, MailSource, classify, mail_key, read_source};
use muster_model::{KeyedHash, MailCursor};
use muster_store::{MailRow, ReviewRow};

use super::kinds_text;
use crate::cli::Format;
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::inbox::source_failed;
use crate::table::Table;
use crate::talk::Talk;

/// Where a mail was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// A path, or folder and numbers of an IMAP account.
    pub(crate) place: String,
    /// Its `Message-ID`.
    message_id: String,
}

/// Finds mails in the mailboxes of the pipeline; those of IMAP accounts only where `remote`.
///
/// # Errors
///
/// A mailbox that cannot be read, where `remote`; files that cannot be read hold none of them.
pub(crate) fn find_mails(
    session: &Session,
    wanted: &BTreeMap<KeyedHash, Option<MailCursor>>,
    remote: bool,
) -> Result<BTreeMap<KeyedHash, Found>, CommandError> {
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    for mailbox in &session.config.mail_in {
        let is_remote = matches!(mailbox.source, MailSource::Imap(_));
        if is_remote && !remote {
            continue;
        }
        let here = wanted.values().flatten().filter(|at| at.mailbox == mailbox.name);
        let mut cursors = ImapCursors::new();
        for at in here {
            let before = ImapCursor { uid_validity: at.uid_validity, uid: at.uid.saturating_sub(1) };
            let first = cursors.entry(at.folder.clone()).or_insert(before);
            *first = (*first).min(before);
        }
        if is_remote && cursors.is_empty() {
            continue;
        }
        let done = read_source(&mailbox.source, &cursors, &mut |mail| {
            let Ok(mail) = mail else { return ControlFlow::Continue(()) };
            let key = mail_key(&session.key, &mailbox.name, &mail.raw);
            if wanted.contains_key(&key) {
                let message_id = classify(&mail.raw, &InboxHints::default()).message_id.unwrap_or_default();
                found.insert(key, Found { place: mail.place.to_string(), message_id });
            }
            if found.len() == wanted.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let Err(error) = done
            && is_remote
        {
            return Err(source_failed(&mailbox.name, &mailbox.source, &error));
        }
    }
    Ok(found)
}

/// Prints the mails that wait for a person.
///
/// # Errors
///
/// A store error, and a mailbox that cannot be looked into.
pub(super) fn print_queue(session: &Session, look: bool, format: Format, talk: &Talk) -> Result<Exit, CommandError> {
    let open: Vec<ReviewRow> = session.store.reviews()?.into_iter().filter(|row| row.decided.is_none()).collect();
    let mut rows: Vec<(ReviewRow, KeyedHash, Option<MailRow>)> = Vec::new();
    for review in open {
        let Some(mail) = review.mail else { continue };
        let row = session.store.mail(&mail)?;
        rows.push((review, mail, row));
    }
    rows.sort_by(|a, b| (a.0.queued_at, &a.0.review_id).cmp(&(b.0.queued_at, &b.0.review_id)));
    let wanted: BTreeMap<KeyedHash, Option<MailCursor>> =
        rows.iter().map(|(_, mail, row)| (*mail, row.as_ref().and_then(|row| row.cursor.clone()))).collect();
    let found = find_mails(session, &wanted, look)?;
    let mut table = Table::new(&[
        "id",
        "subject",
        "kind",
        "kinds",
        "rule",
        "confidence",
        "language",
        "identity",
        "authentication",
        "cluster_id",
        "since",
        "cursor",
        "place",
        "message_id",
    ]);
    let mut without = BTreeSet::new();
    for (review, mail, row) in rows {
        let at = found.get(&mail);
        let cursor = row.as_ref().and_then(|row| row.cursor.as_ref());
        if at.is_none() && cursor.is_none() {
            without.insert(review.review_id.clone());
        }
        let of = |get: &dyn Fn(&MailRow) -> String| row.as_ref().map(get).unwrap_or_default();
        table.row(vec![
            review.review_id,
            review.subject,
            of(&|row| row.kind.as_str().to_owned()),
            of(&|row| kinds_text(&row.kinds)),
            review.reason,
            of(&|row| row.confidence_percent.map(|percent| format!("{percent} %")).unwrap_or_default()),
            of(&|row| row.lang.clone().unwrap_or_default()),
            of(&|row| row.identity.clone()),
            of(&|row| row.authentication.clone()),
            review.cluster_id.map(|id| id.to_string()).unwrap_or_default(),
            review.queued_at.to_string(),
            cursor.map(cursor_text).unwrap_or_default(),
            at.map(|at| at.place.clone()).unwrap_or_default(),
            at.map(|at| at.message_id.clone()).unwrap_or_default(),
        ]);
    }
    if !without.is_empty() {
        talk.warn("queue.gone", &format!("{} of these mails lie in no mailbox any more", without.len()));
    }
    table.print(format)?;
    Ok(session.exit)
}

/// Mailbox, folder and numbers, as a mail program finds them.
pub(crate) fn cursor_text(at: &MailCursor) -> String {
    format!("{}/{};UIDVALIDITY={};UID={}", at.mailbox, at.folder, at.uid_validity, at.uid)
}
