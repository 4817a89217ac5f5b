//! What the events of notices mean for the rows, and what the end of a mention means for notices.
//!
//! Invariant: a notice that has gone out, whose address is dead, or of which neither is known, is never taken for one
//! that is still to go out.

use muster_model::{LedgerEntry, LedgerEvent, MentionId, NoticeToken};

use super::overlay::Overlay;
use crate::Error;
use crate::index::{Tree, last_part, prefix_of};
use crate::rows::{NoticeRow, NoticeState};

/// Whether the same token may be intended once more from this state.
const fn may_be_intended(state: &NoticeState) -> bool {
    match state {
        NoticeState::Intended | NoticeState::Failed { permanent: false } => true,
        NoticeState::Sent { .. }
        | NoticeState::InDoubt
        | NoticeState::Failed { permanent: true }
        | NoticeState::Bounced { .. } => false,
    }
}

pub(super) fn notice_intended(entry: &LedgerEntry, rows: &mut Overlay<'_>) -> Result<(), Error> {
    let LedgerEvent::NoticeIntended {
        token,
        cluster_id,
        mentions,
        purposes,
        rcpt,
        domain,
        channel,
        lang,
        due_at,
        text_sha256,
        policy_hash,
    } = &entry.event
    else {
        return Ok(());
    };
    if let Some(before) = rows.get::<NoticeRow>(Tree::Notices, &[token.as_str()])? {
        if !may_be_intended(&before.state) {
            return Ok(());
        }
        for mention in &before.mentions {
            rows.delete(Tree::NoticeMentions, &[mention.as_str(), token.as_str()]);
        }
    }
    for mention in mentions {
        rows.put(Tree::NoticeMentions, &[mention.as_str(), token.as_str()], &())?;
    }
    let row = NoticeRow {
        token: token.clone(),
        cluster_id: cluster_id.clone(),
        mentions: mentions.clone(),
        purposes: purposes.clone(),
        rcpt: *rcpt,
        domain: *domain,
        channel: channel.clone(),
        lang: lang.clone(),
        due_at: *due_at,
        text_sha256: text_sha256.clone(),
        policy_hash: policy_hash.clone(),
        intended_at: entry.at,
        sent_at: None,
        state: NoticeState::Intended,
    };
    rows.put(Tree::Notices, &[token.as_str()], &row)
}

pub(super) fn notice_changed(
    token: &NoticeToken,
    rows: &mut Overlay<'_>,
    change: impl FnOnce(&mut NoticeRow),
) -> Result<(), Error> {
    let Some(mut row) = rows.get::<NoticeRow>(Tree::Notices, &[token.as_str()])? else { return Ok(()) };
    change(&mut row);
    rows.put(Tree::Notices, &[token.as_str()], &row)
}

/// Takes a mention that is gone out of the notices that told about it; the notices stay, with address and state.
///
/// The same mention, kept again, has been told nothing.
pub(super) fn mention_removed(mention: &str, rows: &mut Overlay<'_>) -> Result<(), Error> {
    for key in rows.keys(Tree::NoticeMentions, &prefix_of(&[mention]))? {
        let token = NoticeToken::new(last_part(&key));
        rows.delete_key(Tree::NoticeMentions, key);
        notice_changed(&token, rows, |row| row.mentions.retain(|id: &MentionId| id.as_str() != mention))?;
    }
    Ok(())
}
