//! Reading folders of an IMAP account (RFC 9051, RFC 3501) without leaving a trace in them.
//!
//! `EXAMINE` opens a folder read-only, `BODY.PEEK[]` sets no flag. A lost connection is made anew, after a wait that
//! doubles, and reading goes on behind the last mail that was dealt with. Our own client and not `async-imap`:
//! `docs/decisions/0014-own-imap-reader.md` says why.
//!
//! Invariant: mails are handed out by ascending UID, so that a cursor never stands behind a mail that was not handed
//! out; a mail that the server says is there and does not give is handed out as unreadable.

mod connect;
mod response;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{
    Counted, Fetched, ImapAccount, ImapCursor, ImapCursors, MAIL_BYTES_MAX, MailPlace, SourceError, Unreadable,
};
use connect::connect;
use response::{Item, Reply, folder_name, items};
use wire::{Fault, Wire};

/// Mails of one `FETCH`, and their bytes: few enough that little is fetched twice after a lost connection.
const BATCH_COUNT_MAX: usize = 100;
const BATCH_BYTES_MAX: u64 = 8 << 20;

/// Sizes from which only the beginning of a mail is asked for. Below [`MAIL_BYTES_MAX`], because some servers estimate.
const PARTIAL_FROM_BYTES: u64 = 16 << 20;

/// What one command may bring at most, beside the mails it asks for: folders of some million mails.
const LIST_BYTES_MAX: u64 = 512 << 20;

/// Mails of a folder that are listed in one reading; the next reading goes on behind them.
const LIST_COUNT_MAX: usize = 4_000_000;

/// How far the reading of a folder has come.
struct Progress<'a> {
    folder: &'a str,
    cursor: Option<ImapCursor>,
    /// Attempts in a row that brought no mail.
    failures: u32,
    /// The mail at which the connection was lost last, and how often in a row.
    breaks: Option<(u32, u32)>,
}

impl Progress<'_> {
    /// How often in a row the connection was lost at this mail.
    fn breaks_at(&self, uid: u32) -> u32 {
        self.breaks.filter(|(at, _)| *at == uid).map_or(0, |(_, count)| count)
    }
}

/// Reads all folders of an account behind their cursors.
pub(super) fn read(
    account: &ImapAccount,
    cursors: &ImapCursors,
    counted: &mut Counted<'_, '_>,
) -> Result<ControlFlow<()>, SourceError> {
    let mut wire = None;
    for folder in &account.folders {
        let mut progress = Progress { folder, cursor: cursors.get(folder).copied(), failures: 0, breaks: None };
        let flow = loop {
            match read_folder(account, &mut wire, &mut progress, counted) {
                Ok(flow) => break flow,
                Err(Fault::Lost(detail)) => {
                    wire = None;
                    progress.failures += 1;
                    if progress.failures >= account.attempts_max {
                        let action = format!("read folder `{folder}`");
                        return Err(SourceError::Unreachable { server: account.server(), action, detail });
                    }
                    counted.summary.reconnect_count += 1;
                    std::thread::sleep(account.retry_wait.saturating_mul(1 << (progress.failures - 1).min(6)));
                }
                Err(fault) => return Err(error_of(fault, account, folder)),
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    if let Some(mut wire) = wire {
        wire.log_out();
    }
    Ok(ControlFlow::Continue(()))
}

fn error_of(fault: Fault, account: &ImapAccount, folder: &str) -> SourceError {
    let server = account.server();
    match fault {
        Fault::Lost(detail) => SourceError::Unreachable { server, action: format!("read folder `{folder}`"), detail },
        Fault::Garbled(detail) => SourceError::Garbled { server, action: format!("read folder `{folder}`"), detail },
        Fault::Refused { action, detail } => SourceError::Refused { server, action, detail },
        Fault::Unprotected => SourceError::Unprotected { server },
        Fault::Roots(error) => SourceError::Read(error),
    }
}

/// Reads a folder from its cursor to its end, over one connection.
fn read_folder(
    account: &ImapAccount,
    wire: &mut Option<Wire>,
    progress: &mut Progress<'_>,
    counted: &mut Counted<'_, '_>,
) -> Result<ControlFlow<()>, Fault> {
    let wire = match wire {
        Some(wire) => wire,
        None => wire.insert(connect(account)?),
    };
    let opened = examine(wire, progress.folder)?;
    if progress.cursor.is_some_and(|cursor| Some(cursor.uid_validity) != opened.uid_validity) {
        progress.cursor = None;
        counted.summary.renumbered.push(progress.folder.to_owned());
    }
    if opened.exists == 0 {
        return Ok(ControlFlow::Continue(()));
    }
    // A folder without a numbering of its own (RFC 9051, 6.3.2) is read from the start each time.
    let uid_validity = opened.uid_validity.unwrap_or(0);
    let listed = list(wire, progress.cursor.map_or(0, |cursor| cursor.uid))?;
    for batch in batches(&listed, progress.breaks.map(|(uid, _)| uid)) {
        let outcome = fetch_batch(wire, &batch, progress, account.attempts_max)?;
        let flow = hand_out(uid_validity, outcome, progress, counted);
        if flow.is_break() {
            wire.log_out();
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// What became of a mail that was listed.
enum Outcome {
    Text(Vec<u8>),
    Refused(&'static str),
    Vanished,
}

fn hand_out(
    uid_validity: u32,
    outcomes: BTreeMap<u32, Outcome>,
    progress: &mut Progress<'_>,
    counted: &mut Counted<'_, '_>,
) -> ControlFlow<()> {
    for (uid, outcome) in outcomes {
        let cursor = ImapCursor { uid_validity, uid };
        let place = MailPlace::Imap { folder: progress.folder.to_owned(), cursor };
        let flow = match outcome {
            Outcome::Text(raw) => counted.give(Ok(Fetched { place, raw })),
            Outcome::Refused(why) => counted.give(Err(Unreadable { place, why: why.to_owned() })),
            Outcome::Vanished => {
                counted.summary.vanished_count += 1;
                ControlFlow::Continue(())
            }
        };
        progress.cursor = Some(cursor);
        progress.failures = 0;
        if flow.is_break() {
            return flow;
        }
    }
    ControlFlow::Continue(())
}

/// Fetches a batch. A mail at which the connection breaks again and again (a server may die of one that is damaged)
/// is not asked for any more: whoever looks into it is better served than if all others waited behind it.
fn fetch_batch(
    wire: &mut Wire,
    batch: &[(u32, u64)],
    progress: &mut Progress<'_>,
    attempts_max: u32,
) -> Result<BTreeMap<u32, Outcome>, Fault> {
    let Some(&(first, _)) = batch.first() else { return Ok(BTreeMap::new()) };
    if batch.len() == 1 && progress.breaks_at(first) + 1 >= attempts_max.max(2) {
        return Ok([(first, Outcome::Refused("the connection breaks whenever it is asked for"))].into());
    }
    let fetched = fetch(wire, batch).and_then(|bodies| look_into_missing(wire, batch, bodies));
    if let Err(Fault::Lost(_)) = &fetched {
        progress.breaks = Some((first, progress.breaks_at(first) + 1));
    }
    fetched
}

/// What `EXAMINE` said of a folder.
#[derive(Default)]
struct Opened {
    exists: u32,
    uid_validity: Option<u32>,
}

fn examine(wire: &mut Wire, folder: &str) -> Result<Opened, Fault> {
    let action = || format!("open folder `{folder}`");
    let Some(name) = folder_name(folder) else {
        return Err(Fault::Refused { action: action(), detail: "no folder can have this name".to_owned() });
    };
    let mut opened = Opened::default();
    let reply = wire.command(&format!("EXAMINE {name}"), 0, &mut |response| {
        opened.exists = response.exists().unwrap_or(opened.exists);
        opened.uid_validity = response.code_number("UIDVALIDITY").or(opened.uid_validity);
        Ok(())
    })?;
    if let Reply::Ok = reply { Ok(opened) } else { Err(reply.into_fault(action())) }
}

/// UIDs and sizes of the mails behind a UID, in order.
fn list(wire: &mut Wire, behind: u32) -> Result<Vec<(u32, u64)>, Fault> {
    let Some(first) = behind.checked_add(1) else { return Ok(Vec::new()) };
    let mut listed = BTreeMap::new();
    let reply = wire.command(&format!("UID FETCH {first}:* (UID RFC822.SIZE)"), LIST_BYTES_MAX, &mut |response| {
        // `N:*` names the last mail also where it lies before N (RFC 9051, 6.4.9).
        if let Some(Item { uid: Some(uid), size, .. }) = items(response)
            && uid > behind
            && listed.len() < LIST_COUNT_MAX
        {
            listed.insert(uid, size.unwrap_or(u64::MAX));
        }
        Ok(())
    })?;
    match reply {
        // Some mails were deleted meanwhile (RFC 2180, 4.1.3): those that are left were listed.
        Reply::No { .. } if !listed.is_empty() => {}
        Reply::Ok => {}
        Reply::No { .. } | Reply::Bad { .. } => return Err(reply.into_fault("list the mails of a folder".to_owned())),
    }
    Ok(listed.into_iter().collect())
}

/// Splits a list so that each part is fetched by one command; a mail of which only the beginning is asked for stands
/// alone, and so does the one at which the connection was lost.
fn batches(listed: &[(u32, u64)], alone: Option<u32>) -> Vec<Vec<(u32, u64)>> {
    let mut batches: Vec<Vec<(u32, u64)>> = Vec::new();
    let mut bytes = 0;
    for &(uid, size) in listed {
        let fits = |batch: &Vec<(u32, u64)>| {
            let is_alone = alone.is_some_and(|alone| batch.first().is_some_and(|(first, _)| *first == alone));
            !is_alone && batch.len() < BATCH_COUNT_MAX && size.saturating_add(bytes) <= BATCH_BYTES_MAX
        };
        if let Some(batch) = batches.last_mut().filter(|batch| fits(batch)) {
            batch.push((uid, size));
            bytes += size;
        } else {
            batches.push(vec![(uid, size)]);
            bytes = size;
        }
    }
    batches
}

/// Fetches what the server gives of a batch.
fn fetch(wire: &mut Wire, batch: &[(u32, u64)]) -> Result<BTreeMap<u32, Outcome>, Fault> {
    let is_partial = batch.iter().any(|(_, size)| *size >= PARTIAL_FROM_BYTES);
    let part = if is_partial { format!("<0.{MAIL_BYTES_MAX}>") } else { String::new() };
    let wanted: BTreeSet<u32> = batch.iter().map(|(uid, _)| *uid).collect();
    let mut bodies = BTreeMap::new();
    let command = format!("UID FETCH {} (UID BODY.PEEK[]{part})", uid_set(&wanted));
    let bytes_max = 2 * (BATCH_BYTES_MAX + wire::LITERAL_BYTES_MAX as u64);
    let reply = wire.command(&command, bytes_max, &mut |response| {
        if let Some(Item { uid: Some(uid), body: Some(mut body), .. }) = items(response)
            && wanted.contains(&uid)
        {
            body.truncate(MAIL_BYTES_MAX);
            bodies.insert(uid, Outcome::Text(body));
        }
        Ok(())
    })?;
    match reply {
        Reply::Ok => Ok(bodies),
        // What it does not give is looked into mail by mail.
        Reply::No { .. } if !reply.is_passing() => Ok(bodies),
        Reply::No { .. } | Reply::Bad { .. } => Err(reply.into_fault("fetch mails".to_owned())),
    }
}

/// Looks into what a batch did not bring: was it deleted meanwhile, or is it there and cannot be had?
fn look_into_missing(
    wire: &mut Wire,
    batch: &[(u32, u64)],
    mut outcomes: BTreeMap<u32, Outcome>,
) -> Result<BTreeMap<u32, Outcome>, Fault> {
    let absent: BTreeSet<u32> = batch.iter().map(|(uid, _)| *uid).filter(|uid| !outcomes.contains_key(uid)).collect();
    if absent.is_empty() {
        return Ok(outcomes);
    }
    // Only now may the server tell what was deleted (RFC 9051, 7.5.1).
    wire.command("NOOP", 0, &mut |_| Ok(()))?;
    let mut present = BTreeSet::new();
    wire.command(&format!("UID FETCH {} (UID)", uid_set(&absent)), 0, &mut |response| {
        present.extend(items(response).and_then(|item| item.uid).filter(|uid| absent.contains(uid)));
        Ok(())
    })?;
    for uid in absent {
        let again = if present.contains(&uid) {
            let mut again = fetch(wire, &[(uid, PARTIAL_FROM_BYTES)])?;
            again.remove(&uid).unwrap_or(Outcome::Refused("the server lists it and does not give its text"))
        } else {
            Outcome::Vanished
        };
        outcomes.insert(uid, again);
    }
    Ok(outcomes)
}

/// Writes UIDs as a set, runs as ranges.
fn uid_set(uids: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(uid) => *last = uid,
            Some(_) | None => ranges.push((uid, uid)),
        }
    }
    let shown = |(first, last): (u32, u32)| if first == last { first.to_string() } else { format!("{first}:{last}") };
    ranges.into_iter().map(shown).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
