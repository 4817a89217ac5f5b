//! `muster deadline`: the legal calendar alone, for a file of cases or for one; no store needed.
//!
//! What is due when is `muster-gate`'s; here text becomes cases, and dates become text.
//!
//! Invariant: nothing is printed unless every row can be read; a fault names file, line and field, never the value.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use muster_gate::{Deadline, DueRule, DutyCase, DutyEvent, Pause, Place, deadline as ask, zone_of_jurisdiction};

use crate::cli::{DeadlineArgs, DeadlineCase};
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::table::Table;
use crate::talk::Talk;

const ID: &str = "id";
const OBTAINED_AT: &str = "obtained_at";
const OTHER_MENTIONS: &str = "other_mentions";
const JURISDICTION: &str = "jurisdiction";
const TZ: &str = "tz";
const EVENT: &str = "event";
const EVENT_AT: &str = "event_at";
const PAUSE_FROM: &str = "pause_from";
const PAUSE_TO: &str = "pause_to";

/// The columns, and whether a file must have them.
const COLUMNS: [(&str, bool); 9] = [
    (ID, true),
    (OBTAINED_AT, true),
    (OTHER_MENTIONS, false),
    (JURISDICTION, true),
    (TZ, false),
    (EVENT, true),
    (EVENT_AT, false),
    (PAUSE_FROM, false),
    (PAUSE_TO, false),
];

/// Most faults that are said one by one; a file of another kind would say the same a million times.
const FAULTS_MAX: usize = 100;

/// What tells two instants of one cell apart.
const SEPARATOR: char = ';';

/// Runs the verb.
///
/// # Errors
///
/// A usage error where a row cannot be read, after all faults were said; an input or output error.
pub(crate) fn deadline(args: &DeadlineArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let mut zones = Zones::default();
    let mut table = Table::new(&["id", "due_at", "rule", "why"]);
    match &args.csv {
        Some(path) => answer_file(path, &mut zones, &mut table, talk)?,
        None => table.row(answer_flags(&args.case, &mut zones)?),
    }
    table.print(args.format)?;
    Ok(Exit::Done)
}

/// A cell that cannot be read: its column, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    field: &'static str,
    reason: String,
}

impl Fault {
    fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }
}

fn answer_flags(case: &DeadlineCase, zones: &mut Zones) -> Result<Vec<String>, CommandError> {
    let separator = SEPARATOR.to_string();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let cells = [
        (ID, case.id.clone().unwrap_or_else(|| "case".to_owned())),
        (OBTAINED_AT, text(&case.obtained_at)),
        (OTHER_MENTIONS, case.other_mention.join(&separator)),
        (JURISDICTION, text(&case.jurisdiction)),
        (TZ, text(&case.tz)),
        (EVENT, text(&case.event)),
        (EVENT_AT, text(&case.event_at)),
        (PAUSE_FROM, case.pause_from.join(&separator)),
        (PAUSE_TO, case.pause_to.join(&separator)),
    ];
    let row = Row(cells.iter().map(|(name, value)| (*name, value.as_str())).collect());
    row.answer(zones).map_err(|faults| {
        let said: Vec<String> = faults.iter().map(|fault| format!("{}: {}", flag(fault.field), fault.reason)).collect();
        CommandError::usage(format!("failed to read the case: {}", said.join("; ")))
    })
}

/// The flag that a column is called by.
fn flag(field: &str) -> String {
    let singular = field.strip_suffix("mentions").map_or(field.to_owned(), |start| format!("{start}mention"));
    format!("--{}", singular.replace('_', "-"))
}

fn answer_file(path: &Path, zones: &mut Zones, table: &mut Table, talk: &Talk) -> Result<(), CommandError> {
    let (shown, bytes) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let failed = |error| CommandError::io(format!("failed to read standard input: {error}"));
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
        ("standard input".to_owned(), bytes)
    } else {
        (path.display().to_string(), read_file(path)?)
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let unreadable = |why: &str| CommandError::usage(format!("failed to read `{shown}`: {why}"));
    let header = reader.byte_headers().map_err(|error| unreadable(&error.to_string()))?;
    let columns = read_header(header).map_err(|faults| unreadable(&format!("line 1: {}", faults.join("; "))))?;
    let mut faults = 0_usize;
    let mut rows = 0_usize;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error.to_string()))? {
        rows += 1;
        match read_record(&record, &columns).and_then(|row| row.answer(zones)) {
            // Once a row is bad, the good ones are read for their faults alone.
            Ok(answer) if faults == 0 => table.row(answer),
            Ok(_) => {}
            Err(found) => {
                let line = record.position().map_or(0, csv::Position::line);
                for fault in found {
                    faults += 1;
                    if faults <= FAULTS_MAX {
                        talk.warn("deadline.row", &format!("{shown}:{line}: {}: {}", fault.field, fault.reason));
                    }
                }
            }
        }
    }
    if faults > 0 {
        return Err(unreadable(&format!("{faults} faults in {rows} rows; nothing was answered")));
    }
    Ok(())
}

/// Returns the name of each column; every name that is unknown, missing or there twice is a fault.
fn read_header(header: &csv::ByteRecord) -> Result<Vec<&'static str>, Vec<String>> {
    let mut columns = Vec::new();
    let mut faults = Vec::new();
    for cell in header {
        let name = String::from_utf8_lossy(cell).trim().to_ascii_lowercase();
        match COLUMNS.iter().find(|(known, _)| *known == name) {
            Some((known, _)) if columns.contains(known) => faults.push(format!("column `{known}` is there twice")),
            Some((known, _)) => columns.push(*known),
            None => faults.push(format!("unknown column `{name}`")),
        }
    }
    for (name, _) in COLUMNS.iter().filter(|(name, needed)| *needed && !columns.contains(name)) {
        faults.push(format!("column `{name}` is missing"));
    }
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

fn read_record<'a>(record: &'a csv::ByteRecord, columns: &[&'static str]) -> Result<Row<'a>, Vec<Fault>> {
    if record.len() != columns.len() {
        let reason = format!("the row has {} cells, the header {}", record.len(), columns.len());
        return Err(vec![Fault::new(columns.get(record.len()).unwrap_or(&ID), reason)]);
    }
    let mut cells = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, cell) in columns.iter().zip(record) {
        match std::str::from_utf8(cell) {
            Ok(text) => {
                cells.insert(*name, text.trim());
            }
            Err(_) => faults.push(Fault::new(name, "not UTF-8")),
        }
    }
    if faults.is_empty() { Ok(Row(cells)) } else { Err(faults) }
}

/// One case as it was written, by column.
struct Row<'a>(BTreeMap<&'static str, &'a str>);

impl Row<'_> {
    fn cell(&self, name: &str) -> &str {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Returns id, due date, rule and reason.
    fn answer(&self, zones: &mut Zones) -> Result<Vec<String>, Vec<Fault>> {
        let (case, zone) = self.case(zones)?;
        let (due_at, rule, why) = match ask(&case) {
            Ok(Deadline::Due(due)) => (shown(due.due_at, zone), due.rule, due.why),
            Ok(Deadline::None { why }) => (DueRule::None.as_str().to_owned(), DueRule::None, why),
            Err(error) => return Err(vec![Fault::new(OBTAINED_AT, error.to_string())]),
        };
        Ok(vec![self.cell(ID).to_owned(), due_at, rule.as_str().to_owned(), why])
    }

    /// Reads the case; all faults at once.
    fn case(&self, zones: &mut Zones) -> Result<(DutyCase, TimeZone), Vec<Fault>> {
        let mut faults = Vec::new();
        if self.cell(ID).is_empty() {
            faults.push(Fault::new(ID, "is empty"));
        }
        let region = self.cell(JURISDICTION).to_ascii_uppercase();
        if !is_code(&region) {
            faults.push(Fault::new(JURISDICTION, "not a code of ISO 3166, such as DE or DE-BE"));
        }
        let (zone_name, zone) = match zones.find(self.cell(TZ), &region) {
            Ok(found) => found,
            Err(fault) => {
                faults.push(fault);
                // Only to find the other faults of the row: it is not answered.
                (String::new(), TimeZone::UTC)
            }
        };
        let mut keep = |read: Result<Vec<Timestamp>, Fault>| {
            read.unwrap_or_else(|fault| {
                faults.push(fault);
                Vec::new()
            })
        };
        let obtained_at = keep(self.instants(OBTAINED_AT, &zone).and_then(|found| one_of(found, OBTAINED_AT)));
        let other_mentions = keep(self.instants(OTHER_MENTIONS, &zone));
        let event_at = keep(self.instants(EVENT_AT, &zone).and_then(|found| at_most_one_of(found, EVENT_AT)));
        let from = keep(self.instants(PAUSE_FROM, &zone));
        let to = keep(self.instants(PAUSE_TO, &zone));
        if faults.is_empty() {
            let event = self.event(event_at.first().copied()).map_err(|fault| vec![fault])?;
            let pauses = pauses(&from, &to).map_err(|fault| vec![fault])?;
            let place = Place { zone: zone_name, region };
            // `one_of` saw to it that there is one.
            if let Some(&obtained_at) = obtained_at.first() {
                return Ok((DutyCase { obtained_at, other_mentions, place, event, pauses }, zone));
            }
        } else if let Err(fault) = self.event(Some(Timestamp::UNIX_EPOCH)) {
            faults.push(fault);
        }
        Err(faults)
    }

    fn event(&self, at: Option<Timestamp>) -> Result<DutyEvent, Fault> {
        let needed = |what: &str| at.ok_or_else(|| Fault::new(EVENT_AT, format!("is empty: {what}")));
        match self.cell(EVENT) {
            "obtain" => Ok(DutyEvent::Obtained),
            "first_contact" => needed("when the first communication was").map(DutyEvent::Contacted),
            "disclosure" => needed("when the first disclosure was").map(DutyEvent::Disclosed),
            "dsr" => Ok(DutyEvent::Requested(at)),
            "dsr_extended" => needed("when the person was told of the extension").map(DutyEvent::RequestExtended),
            _ => Err(Fault::new(EVENT, "none of obtain, first_contact, disclosure, dsr, dsr_extended")),
        }
    }

    fn instants(&self, field: &'static str, zone: &TimeZone) -> Result<Vec<Timestamp>, Fault> {
        let texts = self.cell(field).split(SEPARATOR).map(str::trim).filter(|text| !text.is_empty());
        texts.map(|text| instant(text, zone).map_err(|reason| Fault::new(field, reason))).collect()
    }
}

/// The zones that were asked for; looking one up takes longer than a row.
#[derive(Default)]
struct Zones(BTreeMap<String, TimeZone>);

impl Zones {
    /// Finds the zone of a row: the one it names, else the only one that its jurisdiction has.
    fn find(&mut self, name: &str, region: &str) -> Result<(String, TimeZone), Fault> {
        let name = if name.is_empty() {
            zone_of_jurisdiction(region)
                .ok_or_else(|| Fault::new(TZ, "is empty, and the jurisdiction names no one zone"))?
        } else {
            name
        };
        if let Some(zone) = self.0.get(name) {
            return Ok((name.to_owned(), zone.clone()));
        }
        let known = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown());
        let zone = known.ok_or_else(|| Fault::new(TZ, "not a zone of the IANA database, such as Europe/Berlin"))?;
        self.0.insert(name.to_owned(), zone.clone());
        Ok((name.to_owned(), zone))
    }
}

/// Whether a text is nothing, or looks like a code of ISO 3166-1 or 3166-2.
fn is_code(text: &str) -> bool {
    let (country, part) = text.split_once('-').unwrap_or((text, "X"));
    let letters = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    text.is_empty() || letters && (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reads an instant with an offset, or a date or local time, which the row's clock places.
fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    const FORM: &str = "not an instant such as 2025-03-18T09:00:00Z";
    let Some(time) = text.get(10..) else { return Err(FORM.to_owned()) };
    if time.contains(['Z', 'z', '+', '-', '\u{2212}', '[']) {
        return text.parse().map_err(|_| FORM.to_owned());
    }
    let local: DateTime = text.parse().map_err(|_| FORM.to_owned())?;
    let placed = zone.to_ambiguous_timestamp(local);
    // A time that the clock shows twice is the earlier one; one that it leaves out never was.
    let at = placed.compatible().map_err(|_| FORM.to_owned())?;
    let is_shown = time.is_empty() || at.to_zoned_datetime(zone.clone()).datetime() == local;
    if is_shown { Ok(at) } else { Err("a local time that the clock of the zone leaves out".to_owned()) }
}

fn one_of(found: Vec<Timestamp>, field: &'static str) -> Result<Vec<Timestamp>, Fault> {
    if found.is_empty() { Err(Fault::new(field, "is empty")) } else { at_most_one_of(found, field) }
}

fn at_most_one_of(found: Vec<Timestamp>, field: &'static str) -> Result<Vec<Timestamp>, Fault> {
    if found.len() > 1 { Err(Fault::new(field, "holds several instants")) } else { Ok(found) }
}

fn pauses(from: &[Timestamp], to: &[Timestamp]) -> Result<Vec<Pause>, Fault> {
    if from.len() > to.len() {
        return Err(Fault::new(PAUSE_TO, "a pause has no end"));
    }
    if from.len() < to.len() {
        return Err(Fault::new(PAUSE_FROM, "a pause has no beginning"));
    }
    let pauses: Vec<Pause> = from.iter().zip(to).map(|(&from, &to)| Pause { from, to }).collect();
    match pauses.iter().find(|pause| pause.to < pause.from) {
        Some(_) => Err(Fault::new(PAUSE_TO, "a pause ends before it begins")),
        None => Ok(pauses),
    }
}

/// Writes an instant to the second with the offset that the zone has then.
fn shown(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, zone: &str) -> Result<String, String> {
        instant(text, &TimeZone::get(zone).unwrap()).map(|at| at.to_string())
    }

    #[test]
    fn an_instant_has_an_offset_or_is_read_on_the_clock_of_the_row() {
        let berlin = |text: &str| read(text, "Europe/Berlin");
        for (text, expect) in [
            ("2025-03-18T09:00:00Z", "2025-03-18T09:00:00Z"),
            ("2025-03-18T09:00:00.250+01:00", "2025-03-18T08:00:00.25Z"),
            ("2025-03-18t09:00:00z", "2025-03-18T09:00:00Z"),
            ("2025-03-18", "2025-03-17T23:00:00Z"),
            ("2025-03-18T09:00", "2025-03-18T08:00:00Z"),
            ("2025-03-18 09:00:00", "2025-03-18T08:00:00Z"),
            // Shown twice: the first time.
            ("2025-10-26T02:30:00", "2025-10-26T00:30:00Z"),
        ] {
            assert_eq!(berlin(text).as_deref(), Ok(expect), "{text}");
        }
        for text in [
            "",
            "2025",
            "18.03.2025",
            "2025-02-30",
            "2025-02-30T09:00:00Z",
            "2025-02-29T09:00:00Z",
            "2025-13-01",
            "2025-03-18T25:00:00Z",
            "2025-03-18T09:00:00+99:00",
            "2025-03-18T09:00:00-",
            "2025-03-18Z",
            // The clock leaves it out.
            "2025-03-30T02:30:00",
        ] {
            assert!(berlin(text).is_err(), "{text}");
        }
        // A day whose midnight the clock leaves out still begins.
        assert_eq!(read("2018-11-04", "America/Sao_Paulo").as_deref(), Ok("2018-11-04T03:00:00Z"));
    }

    #[test]
    fn a_jurisdiction_looks_like_iso_3166() {
        for code in ["", "DE", "DE-BE", "AT-9", "FR-6AE"] {
            assert!(is_code(code), "{code}");
        }
        for code in ["D", "DEU", "DE-", "DE-ABCD", "Germany", "DE_BE", "D1", "-BE"] {
            assert!(!is_code(code), "{code}");
        }
    }

    #[test]
    fn a_fault_of_one_case_names_its_flag() {
        assert_eq!(flag(OTHER_MENTIONS), "--other-mention");
        assert_eq!(flag(PAUSE_FROM), "--pause-from");
        assert_eq!(flag(TZ), "--tz");
    }
}
