//! What came in by mail, how far each mailbox was read, and what was answered.
//!
//! Invariant: a cursor only moves on inside one numbering of its folder.

use muster_model::{AckOutcome, LedgerEntry, LedgerEvent, MailCursor, NoticeToken};

use super::overlay::Overlay;
use crate::Error;
use crate::index::Tree;
use crate::rows::{AckRow, AckState, MailRow};

/// A mail was read and dealt with.
pub(super) fn mail_read(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::MailRead {
        mail,
        kind,
        token,
        needs_review,
        kinds,
        rule,
        confidence_percent,
        lang,
        identity,
        authentication,
        message_id,
        cursor,
    } = &entry.event
    else {
        return Ok(());
    };
    let row = MailRow {
        mail: *mail,
        kind: *kind,
        token: token.clone(),
        needs_review: *needs_review,
        kinds: if kinds.is_empty() { vec![*kind] } else { kinds.clone() },
        rule: rule.clone(),
        confidence_percent: *confidence_percent,
        lang: lang.clone(),
        identity: identity.clone(),
        authentication: authentication.clone(),
        message_id: *message_id,
        cursor: cursor.clone(),
        read_at: entry.at,
    };
    rows.put(Tree::Mails, &[&mail.to_hex()], &row)?;
    cursor.as_ref().map_or(Ok(()), |cursor| moved_on(cursor, rows))
}

/// A folder was dealt with up to a mail.
pub(super) fn moved_on(cursor: &MailCursor, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let parts = [cursor.mailbox.as_str(), cursor.folder.as_str()];
    let before: Option<MailCursor> = rows.get(Tree::Cursors, &parts)?;
    let is_behind = |before: &MailCursor| before.uid_validity == cursor.uid_validity && before.uid >= cursor.uid;
    if before.as_ref().is_some_and(is_behind) {
        return Ok(());
    }
    rows.put(Tree::Cursors, &parts, cursor)
}

/// An acknowledgement is owed, about to leave, or has come to an end.
pub(super) fn acknowledgement(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    if let LedgerEvent::AcknowledgementIntended { token, channel, .. } = &entry.event {
        return ack_changed(entry, token, rows, |row| {
            row.channel = Some(channel.clone());
            row.state = AckState::Intended;
        });
    }
    if let LedgerEvent::AcknowledgementEnded { token, outcome, .. } = &entry.event {
        return ack_changed(entry, token, rows, |row| row.state = ack_state(*outcome));
    }
    ack_owed(entry, rows)
}

fn ack_owed(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::AcknowledgementOwed {
        token,
        mail,
        rcpt,
        kinds,
        doubt,
        lang,
        received_at,
        due_at,
        reference,
        notice,
    } = &entry.event
    else {
        return Ok(());
    };
    let row = AckRow {
        token: token.clone(),
        mail: *mail,
        rcpt: *rcpt,
        kinds: kinds.clone(),
        doubt: *doubt,
        lang: lang.clone(),
        received_at: *received_at,
        due_at: *due_at,
        reference: reference.clone(),
        notice: notice.clone(),
        channel: None,
        owed_at: entry.at,
        changed_at: entry.at,
        state: AckState::Owed,
    };
    rows.put(Tree::Acknowledgements, &[token.as_str()], &row)
}

/// Returns where an attempt leaves an acknowledgement.
const fn ack_state(outcome: AckOutcome) -> AckState {
    match outcome {
        AckOutcome::Sent => AckState::Sent,
        AckOutcome::InDoubt => AckState::InDoubt,
        AckOutcome::NotSent => AckState::Owed,
        AckOutcome::Refused | AckOutcome::Dropped => AckState::Ended,
    }
}

fn ack_changed(
    entry: &LedgerEntry,
    token: &NoticeToken,
    rows: &mut Overlay<'_>,
    change: impl FnOnce(&mut AckRow),
) -> Result<(), Error> {
    let Some(mut row) = rows.get::<AckRow>(Tree::Acknowledgements, &[token.as_str()])? else { return Ok(()) };
    row.changed_at = entry.at;
    change(&mut row);
    rows.put(Tree::Acknowledgements, &[token.as_str()], &row)
}
