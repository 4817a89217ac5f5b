//! `muster suppress`: the list, entered by hand and proven against any file.

use std::collections::BTreeSet;
use std::path::Path;

use muster_extract::{TableFormat, parse_phone, read_mentions};
use muster_gate::{SuppressionHit, person_keys};
use muster_model::{
    ClusterId, EmailAddress, EntityKind, ErasureReason, Field, LedgerEvent, MentionRecord, SuppressionEntry,
    SuppressionReason, registered_host,
};

use super::Call;
use crate::cli::{CaseName, SuppressVerb, Who};
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::session::Session;
use crate::stages::suppress::{KeyBook, ends_processing};
use crate::stages::{Counts, sweep};
use crate::table::Table;
use crate::talk::{Talk, print_line};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where nobody is named or an address cannot be read; a store or file error.
pub(crate) fn suppress(verb: SuppressVerb, call: &Call, talk: &Talk) -> Result<Exit, CommandError> {
    match verb {
        SuppressVerb::Add { reason, who } => {
            let mut session = call.writing(talk)?;
            let reason = reason_of(reason)?;
            let people = add(&mut session, &who, reason, Vec::new(), talk)?;
            print_line(&format!("{}\t{people} people on record", reason.as_str()))?;
            Ok(session.exit)
        }
        SuppressVerb::List { format } => {
            let session = call.reading()?;
            let mut table = Table::new(&["entry_id", "reason", "scope", "added_at", "keys"]);
            for entry in session.store.suppression_list()?.entries() {
                table.row(vec![
                    entry.entry_id.clone(),
                    entry.reason.as_str().to_owned(),
                    if ends_processing(entry) { "global".into() } else { "phone".into() },
                    entry.added_at.to_string(),
                    entry.keys.len().to_string(),
                ]);
            }
            table.print(format)?;
            Ok(session.exit)
        }
        SuppressVerb::Prove { file } => prove(&call.reading()?, &file),
    }
}

/// Returns the reason that a request by that name gives.
///
/// # Errors
///
/// A usage error for requests that suppress nobody.
pub(crate) fn reason_of(name: CaseName) -> Result<SuppressionReason, CommandError> {
    match name {
        CaseName::OptOut => Ok(SuppressionReason::OptOut),
        CaseName::DoNotCall => Ok(SuppressionReason::DoNotCall),
        CaseName::Objection => Ok(SuppressionReason::Objection),
        CaseName::Erasure => Ok(SuppressionReason::Erasure),
        CaseName::DataComplaint => Ok(SuppressionReason::Complaint),
        CaseName::Access
        | CaseName::Rectification
        | CaseName::Restriction
        | CaseName::Portability
        | CaseName::Other => Err(CommandError::usage("failed to suppress: this request puts nobody on the list")
            .hint("open it with `muster case open`")),
    }
}

/// Reads what a person gave about themselves by phone or letter.
///
/// # Errors
///
/// A usage error where something cannot be read, or nothing identifies anybody.
pub(crate) fn record_of(who: &Who) -> Result<MentionRecord, CommandError> {
    let mut record = MentionRecord::new(EntityKind::Person);
    let mut emails = Vec::new();
    for text in &who.email {
        let address = EmailAddress::parse(text)
            .map_err(|error| CommandError::usage(format!("failed to read `--email`: {error}")))?;
        emails.push(address.as_str().to_owned());
    }
    let mut phones = Vec::new();
    for text in &who.phone {
        let number = parse_phone(text, None).ok_or_else(|| {
            CommandError::usage("failed to read `--phone`: not a number with its country code")
                .hint("such as +493023125101")
        })?;
        phones.push(number);
    }
    record.set(Field::Emails, emails);
    record.set(Field::Phones, phones);
    record.set(Field::ProfileUrls, who.profile.clone());
    record.name.clone_from(&who.name);
    match who.company.as_deref() {
        Some(domain) if registered_host(domain).is_some() && !domain.contains(' ') => {
            record.company_domain = Some(domain.to_owned());
        }
        Some(name) => record.company = Some(name.to_owned()),
        None => {}
    }
    let named = record.name.is_some() && who.company.is_some();
    if record.emails.is_empty()
        && record.phones.is_empty()
        && record.profile_urls.is_empty()
        && !named
        && who.person.is_none()
    {
        return Err(CommandError::usage("failed to tell who is meant: nothing identifies a person")
            .hint("give --person, --email, --phone, --profile, or --name with --company"));
    }
    Ok(record)
}

/// Puts a person on the list and erases what is held about them; returns how many people on record were meant.
///
/// # Errors
///
/// A usage error where nobody is identified; a store error.
pub(crate) fn add(
    session: &mut Session,
    who: &Who,
    reason: SuppressionReason,
    mut events: Vec<LedgerEvent>,
    talk: &Talk,
) -> Result<usize, CommandError> {
    let record = record_of(who)?;
    let book = KeyBook::read(session)?;
    let people = people_meant(session, who, &record, &book)?;
    let mut entries: Vec<SuppressionEntry> = people.iter().filter_map(|id| book.entry(id, reason, session)).collect();
    // What the person gave counts as well, on record or not.
    entries.extend(book.manual_entry(&person_keys(&record, &session.key), &people, reason, session));
    let global = entries.iter().any(ends_processing);
    events.extend(entries.into_iter().map(|entry| LedgerEvent::SuppressionAdded { entry }));
    session.store.commit(events)?;
    if global {
        let mut counts = Counts::default();
        let found = sweep::suppressed_people(session)?;
        sweep::erase(session, found, ErasureReason::Suppressed, &mut counts)?;
        talk.event("suppressed", "Suppressed and erased", &counts.0);
    }
    Ok(people.len())
}

/// The people on record whom an entry by hand means: by mailbox, number or profile; where only a name and an employer
/// were given, the one person of that name. Of several nobody is chosen: all of them are held until somebody decides.
pub(crate) fn people_meant(
    session: &Session,
    who: &Who,
    record: &MentionRecord,
    book: &KeyBook,
) -> Result<Vec<ClusterId>, CommandError> {
    let mut people = BTreeSet::new();
    if let Some(id) = &who.person {
        people.insert(session.master(id)?.cluster_id().clone());
    }
    let keys = person_keys(record, &session.key);
    people.extend(book.with_keys(&keys.direct));
    if people.is_empty() && keys.direct.is_empty() {
        let named = book.with_name(&keys);
        if named.len() == 1 {
            people.extend(named);
        }
    }
    Ok(people.into_iter().collect())
}

/// Names the rows of a file that belong to somebody on the list: line and entry, never what stands there.
fn prove(session: &Session, file: &Path) -> Result<Exit, CommandError> {
    let shown = file.display().to_string();
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        return Err(CommandError::usage(format!("failed to read `{shown}`: `prove` reads CSV and JSON lines"))
            .hint("export the same rows as csv or jsonl"));
    }
    let format = TableFormat::of_file_name(&shown).unwrap_or(TableFormat::Csv);
    let read = read_mentions(&read_file(file)?, format, &std::collections::BTreeMap::new())
        .map_err(|error| CommandError::usage(format!("failed to read `{shown}`: {error}")))?;
    let list = session.store.suppression_list()?;
    let mut exit = Exit::Done;
    for (record, line) in read.records.iter().zip(&read.lines) {
        let verdict = match list.check(&person_keys(record, &session.key)) {
            SuppressionHit::Suppressed(reason) => Some(("suppressed", reason.code())),
            SuppressionHit::Doubtful(reason) => Some(("doubtful", reason.code())),
            SuppressionHit::PhoneOnly if !record.phones.is_empty() => Some(("phone", "do-not-call")),
            SuppressionHit::PhoneOnly | SuppressionHit::Clear => None,
        };
        if let Some((what, code)) = verdict {
            exit = Exit::PersonNeeded;
            print_line(&format!("{shown}:{line}\t{what}\t{code}"))?;
        }
    }
    for line in &read.rejected {
        exit = Exit::PersonNeeded;
        print_line(&format!("{shown}:{}\tunreadable\t{}", line.line, line.reason))?;
    }
    Ok(exit)
}
