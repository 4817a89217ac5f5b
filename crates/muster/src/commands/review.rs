//! `muster review`: the queue of doubtful things, decisions in and out as files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use muster_gate::{Reason, person_keys, suppression_entry};
use muster_model::{
    ClusterId, ErasureReason, KeyedHash, LedgerEvent, Mention, MentionId, SuppressionKey, SuppressionReason,
};
use muster_store::ReviewRow;

use super::Call;
use super::inbox::{cursor_text, find_mails};
use crate::cli::ReviewVerb;
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::{Counts, sweep};
use crate::table::Table;
use crate::talk::Talk;

/// One decision of a file, with its line.
struct Decision {
    line: u64,
    id: String,
    word: String,
}

/// Runs the verb.
///
/// # Errors
///
/// A usage error where a decision cannot be read or does not fit; nothing is done then.
pub(crate) fn review(verb: ReviewVerb, call: &Call, talk: &Talk) -> Result<Exit, CommandError> {
    match verb {
        ReviewVerb::List { format } => {
            let session = call.reading()?;
            let mails = mail_places(&session)?;
            let mut table = Table::new(&["id", "subject", "reason", "cluster_id", "locator", "since", "decisions"]);
            for (mention, held) in session.store.held()? {
                table.row(vec![
                    mention.mention_id().to_string(),
                    "mention".into(),
                    held.reason,
                    String::new(),
                    String::new(),
                    held.since.to_string(),
                    "keep|drop".into(),
                ]);
            }
            for row in session.store.reviews()?.into_iter().filter(|row| row.decided.is_none()) {
                let words = words_for(&row.subject).join("|");
                table.row(vec![
                    row.review_id,
                    row.subject,
                    row.reason,
                    row.cluster_id.map(|id| id.to_string()).unwrap_or_default(),
                    row.mail.and_then(|mail| mails.get(&mail).cloned()).or(row.locator).unwrap_or_default(),
                    row.queued_at.to_string(),
                    words,
                ]);
            }
            table.print(format)?;
            Ok(session.exit)
        }
        ReviewVerb::Decide { file } => decide(&mut call.writing(talk)?, &file, talk),
    }
}

/// Where the mails that wait lie, by their keyed hash: the queue itself keeps no file name. No server is asked.
fn mail_places(session: &Session) -> Result<BTreeMap<KeyedHash, String>, CommandError> {
    let mut wanted = BTreeMap::new();
    for mail in session.store.reviews()?.into_iter().filter(|row| row.decided.is_none()).filter_map(|row| row.mail) {
        wanted.insert(mail, session.store.mail(&mail)?.and_then(|row| row.cursor));
    }
    let mut places: BTreeMap<KeyedHash, String> =
        find_mails(session, &wanted, false)?.into_iter().map(|(mail, found)| (mail, found.place)).collect();
    for (mail, cursor) in wanted {
        if let Some(cursor) = cursor {
            places.entry(mail).or_insert_with(|| cursor_text(&cursor));
        }
    }
    Ok(places)
}

const fn words_for(subject: &str) -> &'static [&'static str] {
    match subject.as_bytes() {
        b"mention" => &["keep", "drop"],
        b"namesake" => &["namesake", "same"],
        b"notice" => &["sent", "not-sent"],
        b"accuracy" => &["left", "stays"],
        _ => &["done"],
    }
}

/// Reads the decisions and checks them all before any is carried out.
fn decide(session: &mut Session, file: &Path, talk: &Talk) -> Result<Exit, CommandError> {
    let shown = file.display().to_string();
    let decisions = read_decisions(file)?;
    let open: Vec<ReviewRow> = session.store.reviews()?.into_iter().filter(|row| row.decided.is_none()).collect();
    let held: Vec<MentionId> =
        session.store.held()?.into_iter().map(|(mention, _)| mention.mention_id().clone()).collect();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for each in &decisions {
        if !seen.insert(each.id.as_str()) {
            faults.push(format!("{shown}:{}: `id`: `{}` is decided twice", each.line, each.id));
        }
        let subject = match open.iter().find(|row| row.review_id == each.id) {
            Some(row) => row.subject.as_str(),
            None if held.iter().any(|id| id.as_str() == each.id) => "mention",
            None => {
                faults.push(format!("{shown}:{}: `id`: `{}` waits for nobody", each.line, each.id));
                continue;
            }
        };
        if !words_for(subject).contains(&each.word.as_str()) {
            let words = words_for(subject).join(", ");
            faults.push(format!("{shown}:{}: `decision`: `{}` is not one of {words}", each.line, each.word));
        }
    }
    if !faults.is_empty() {
        return Err(CommandError::usage(format!("failed to take decisions:\n  {}", faults.join("\n  "))));
    }
    let mut counts = Counts::default();
    for each in &decisions {
        match open.iter().find(|row| row.review_id == each.id) {
            Some(row) => decide_review(session, row, &each.word, &mut counts)?,
            None => decide_held(session, &MentionId::new(each.id.clone()), &each.word, &mut counts)?,
        }
    }
    talk.event("review.decided", "Took decisions", &counts.0);
    Ok(session.exit)
}

fn read_decisions(file: &Path) -> Result<Vec<Decision>, CommandError> {
    let shown = file.display().to_string();
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
            .map_err(|error| CommandError::io(format!("failed to read standard input: {error}")))?;
        bytes
    } else {
        read_file(file)?
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let headers =
        reader.headers().map_err(|error| CommandError::usage(format!("failed to read `{shown}`: {error}")))?.clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
        found.ok_or_else(|| CommandError::usage(format!("failed to read `{shown}`: line 1 has no column `{name}`")))
    };
    let (id, word) = (column("id")?, column("decision")?);
    let mut decisions = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| CommandError::usage(format!("failed to read `{shown}`: {error}")))?;
        let cell = |index: usize| record.get(index).unwrap_or_default().to_owned();
        decisions.push(Decision {
            line: record.position().map_or(0, csv::Position::line),
            id: cell(id),
            word: cell(word),
        });
    }
    Ok(decisions)
}

fn decide_review(session: &mut Session, row: &ReviewRow, word: &str, counts: &mut Counts) -> Result<(), CommandError> {
    let mut events = Vec::new();
    match (word, &row.token, &row.cluster_id) {
        ("sent", Some(token), _) => events.push(LedgerEvent::NoticeSent { token: token.clone() }),
        ("not-sent", Some(token), _) => {
            // What lies in the outbox under this token came back; the next try must not take it for sent.
            if let Some(mut outbox) = sweep::open_outbox(session)? {
                outbox.retract(token).map_err(|error| CommandError::io(error.to_string()))?;
            }
            events.push(LedgerEvent::NoticeFailed { token: token.clone(), permanent: false, status_code: None });
        }
        ("namesake", _, Some(cluster)) => events.extend(confirmed(session, cluster)?),
        ("same", _, Some(cluster)) => {
            let mentions = mentions_of(session, cluster)?;
            events.extend(mentions.iter().filter_map(|mention| listed(session, mention)));
        }
        _ => {}
    }
    events.push(LedgerEvent::ReviewDecided { review_id: row.review_id.clone(), decision: word.to_owned() });
    session.store.commit(events)?;
    counts.add(word, 1);
    if let ("left", Some(cluster)) = (word, &row.cluster_id) {
        // What is known about that employment is wrong; who they are elsewhere is another record (RE-2).
        let mentions = mentions_of(session, cluster)?.iter().map(|mention| mention.mention_id().clone()).collect();
        sweep::erase(session, vec![(cluster.clone(), mentions)], ErasureReason::LeftEmployer, counts)?;
    }
    // Whoever is on the list by this decision goes now.
    let people = sweep::suppressed_people(session)?;
    sweep::erase(session, people, ErasureReason::Suppressed, counts)
}

/// Notes that whoever has the mailboxes of these mentions is a namesake, for every entry that their name meets.
fn confirmed(session: &Session, cluster: &ClusterId) -> Result<Vec<LedgerEvent>, CommandError> {
    let list = session.store.suppression_list()?;
    let mentions = mentions_of(session, cluster)?;
    let events: Vec<LedgerEvent> = mentions.iter().flat_map(|mention| confirmation(&list, mention, session)).collect();
    if events.is_empty() {
        let why = format!("failed to take `namesake` for `{cluster}`: no personal mailbox tells them apart");
        return Err(
            CommandError::usage(why).hint("decide `same`, or bring in a mention with the namesake's mailbox first")
        );
    }
    Ok(events)
}

fn mentions_of(session: &Session, cluster: &ClusterId) -> Result<Vec<Mention>, CommandError> {
    let assigned = session.store.assignments()?;
    let mentions = session.store.mentions()?;
    Ok(mentions.into_iter().filter(|mention| assigned.get(mention.mention_id()) == Some(cluster)).collect())
}

/// Puts everything that a mention says about a person on the list.
fn listed(session: &Session, mention: &Mention) -> Option<LedgerEvent> {
    let keys = person_keys(mention, &session.key);
    let none = BTreeSet::<SuppressionKey>::new();
    let entry = suppression_entry(&keys, &none, &none, SuppressionReason::Objection, session.now)?;
    Some(LedgerEvent::SuppressionAdded { entry })
}

fn confirmation(list: &muster_gate::SuppressionList, mention: &Mention, session: &Session) -> Vec<LedgerEvent> {
    let keys = person_keys(mention, &session.key);
    let mailboxes: Vec<_> = keys.mailboxes.iter().copied().collect();
    if mailboxes.is_empty() {
        return Vec::new();
    }
    let entries = list.matching_entries(&keys);
    entries.into_iter().map(|entry_id| LedgerEvent::NamesakeConfirmed { entry_id, keys: mailboxes.clone() }).collect()
}

fn decide_held(session: &mut Session, id: &MentionId, word: &str, counts: &mut Counts) -> Result<(), CommandError> {
    counts.add(word, 1);
    if word == "drop" {
        let held = session.store.held()?.into_iter().find(|(mention, _)| mention.mention_id() == id);
        let doubt =
            |reason: &str| [Reason::Namesake, Reason::NameInitialOnly].iter().any(|known| known.code() == reason);
        // Dropped because they are who said no: then every key they came with counts from now on.
        let entry = held.filter(|(_, info)| doubt(&info.reason)).and_then(|(mention, _)| listed(session, &mention));
        let mut events = vec![LedgerEvent::HoldDecided { mention_id: id.clone(), keep: false }];
        events.extend(entry);
        session.store.commit(events)?;
        let people = vec![(ClusterId::new(id.as_str()), vec![id.clone()])];
        return sweep::erase(session, people, ErasureReason::HoldEnded, counts);
    }
    let list = session.store.suppression_list()?;
    let held = session.store.held()?;
    let mut events: Vec<LedgerEvent> = held
        .iter()
        .filter(|(mention, _)| mention.mention_id() == id)
        .flat_map(|(mention, _)| confirmation(&list, mention, session))
        .collect();
    events.push(LedgerEvent::HoldDecided { mention_id: id.clone(), keep: true });
    session.store.commit(events)?;
    Ok(())
}
