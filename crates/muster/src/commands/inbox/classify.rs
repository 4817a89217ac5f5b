//! `muster inbox classify`: what each mail of files, folders, standard input or an IMAP account is; no store needed.
//!
//! Mails are read one after the other and judged in parallel, a bounded number of bytes at a time; the lines come out in
//! the order in which the mails came in.
//!
//! Invariant: every mail is answered by a line; nothing is written anywhere but to stdout and stderr.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use muster_mail::{
    Fetched, ImapAccount, ImapCursors, InboxHints, MailPlace, MailSource, MailVerdict, Unreadable, classify,
    read_source,
};
use muster_model::{EmailAddress, MailKind};
use rayon::prelude::*;

use super::kinds_text;
use crate::cli::{ClassifyArgs, Format};
use crate::command_error::CommandError;
use crate::config::mail::{imap_tls, secret_of};
use crate::exit_code::Exit;
use crate::stages::inbox::source_failed;
use crate::table::Table;
use crate::talk::{Talk, print};

/// Bytes of mails that are held at once; one more mail may come on top.
const BATCH_BYTES: usize = 16 << 20;

/// Mails that are held at once.
const BATCH_MAILS: usize = 1_024;

/// Longest wait for an IMAP server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Prints one verdict per mail; a mail that cannot be read as one is answered as `other`.
///
/// # Errors
///
/// A source that cannot be read at all, and an output error.
pub(super) fn classify_all(args: &ClassifyArgs, talk: &mut Talk) -> Result<Exit, CommandError> {
    let mut sources: Vec<(String, MailSource)> = args
        .files
        .iter()
        .map(|path| {
            let stdin = path.as_os_str() == "-";
            let source = if stdin { MailSource::StandardInput } else { MailSource::Path(path.clone()) };
            (path.display().to_string(), source)
        })
        .collect();
    if let Some(host) = &args.imap {
        sources.push((host.clone(), MailSource::Imap(Box::new(account_of(host, args)?))));
    }
    let mut printer = Printer::new(args);
    talk.start_bar("classify");
    for (name, source) in &sources {
        let is_folder = matches!(source, MailSource::Path(path) if path.is_dir());
        let mut failed = None;
        let done = read_source(source, &ImapCursors::new(), &mut |mail| {
            talk.tick();
            match printer.take(mail, is_folder) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        // What was read before the source broke is answered first.
        printer.flush()?;
        if let Some(error) = failed {
            return Err(error);
        }
        done.map_err(|error| source_failed(name, source, &error))?;
    }
    talk.end_bar();
    printer.finish(talk)
}

fn account_of(host: &str, args: &ClassifyArgs) -> Result<ImapAccount, CommandError> {
    let (user, file) = (args.user.clone().unwrap_or_default(), args.password_file.as_deref());
    let secret = secret_of(file.unwrap_or(Path::new("")))?;
    let (name, port) = match host.rsplit_once(':').map(|(name, port)| (name, port.parse::<u16>())) {
        Some((name, Ok(port))) => (name, Some(port)),
        Some((_, Err(_))) => {
            return Err(CommandError::usage(format!("failed to read `--imap {host}`: the port is no number")));
        }
        None => (host, None),
    };
    let mut account = ImapAccount::new(name, user, secret);
    account.tls = imap_tls(&args.tls).ok_or_else(|| {
        CommandError::usage(format!("failed to read `--tls {}`: it is implicit, starttls or none", args.tls))
    })?;
    account.port = port.unwrap_or(if args.tls == "implicit" { 993 } else { 143 });
    account.ca_file.clone_from(&args.ca_file);
    account.timeout = TIMEOUT;
    if !args.folder.is_empty() {
        account.folders.clone_from(&args.folder);
    }
    Ok(account)
}

/// A mail that waits to be judged.
enum Waiting {
    Mail(String, Vec<u8>),
    Unreadable(String),
}

/// What is known of all mails at the end.
#[derive(Default)]
struct Sums {
    kinds: BTreeMap<MailKind, u64>,
    mails: u64,
    objections: u64,
    need_person: u64,
    unreadable: u64,
}

/// Judges and prints.
struct Printer {
    hints: InboxHints,
    format: Format,
    waiting: Vec<Waiting>,
    bytes: usize,
    sums: Sums,
    table: Table,
}

impl Printer {
    fn new(args: &ClassifyArgs) -> Self {
        let columns = &["file", "kind", "kinds", "recipient", "token", "language", "confidence", "review", "rule"];
        Self {
            hints: InboxHints { our_domain: args.domain.clone(), authserv_id: args.authserv_id.clone() },
            format: args.format,
            waiting: Vec::new(),
            bytes: 0,
            sums: Sums::default(),
            table: Table::new(columns),
        }
    }

    fn take(&mut self, mail: Result<Fetched, Unreadable>, in_folder: bool) -> Result<(), CommandError> {
        let waiting = match mail {
            Ok(mail) => {
                self.bytes += mail.raw.len();
                Waiting::Mail(name_of(&mail.place, in_folder), mail.raw)
            }
            Err(mail) => Waiting::Unreadable(name_of(&mail.place, in_folder)),
        };
        self.waiting.push(waiting);
        if self.bytes >= BATCH_BYTES || self.waiting.len() >= BATCH_MAILS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), CommandError> {
        self.bytes = 0;
        let hints = &self.hints;
        let judged: Vec<(String, MailVerdict, bool)> = std::mem::take(&mut self.waiting)
            .into_par_iter()
            .map(|waiting| match waiting {
                Waiting::Mail(name, raw) => (name, classify(&raw, hints), true),
                // Nothing in, nothing known: it is answered as what cannot be read.
                Waiting::Unreadable(name) => (name, classify(&[], hints), false),
            })
            .collect();
        let mut lines = String::new();
        for (name, verdict, is_read) in &judged {
            self.sums.add(verdict, *is_read);
            if self.format == Format::Jsonl {
                lines.push_str(&verdict.to_json(name));
                lines.push('\n');
            } else {
                self.table.row(row_of(name, verdict));
            }
        }
        print(&lines)
    }

    /// Prints what is left, and says on stderr what was found.
    fn finish(self, talk: &Talk) -> Result<Exit, CommandError> {
        if self.format != Format::Jsonl {
            self.table.print(self.format)?;
        }
        let Sums { kinds, mails, objections, need_person, unreadable } = self.sums;
        let mut counts: BTreeMap<String, u64> =
            kinds.into_iter().map(|(kind, count)| (kind.as_str().to_owned(), count)).collect();
        let objecting = format!("{mails} mails: {objections} say no, {need_person} need a person");
        counts.extend([
            ("mails".to_owned(), mails),
            ("objections".to_owned(), objections),
            ("need_person".to_owned(), need_person),
        ]);
        talk.summary("inbox.classified", &objecting, &counts);
        if unreadable > 0 {
            talk.warn("inbox.unreadable", &format!("{unreadable} mails are there and cannot be read"));
            return Ok(Exit::InputOutput);
        }
        Ok(Exit::Done)
    }
}

impl Sums {
    fn add(&mut self, verdict: &MailVerdict, is_read: bool) {
        self.mails += 1;
        *self.kinds.entry(verdict.kind).or_default() += 1;
        let no = [MailKind::OptOut, MailKind::Objection, MailKind::Erasure, MailKind::DoNotCall, MailKind::Complaint];
        self.objections += u64::from(verdict.kinds.iter().any(|kind| no.contains(kind)));
        self.need_person += u64::from(verdict.needs_review);
        self.unreadable += u64::from(!is_read);
    }
}

/// The name by which a line says which mail it is about: of a file that was named, its path; in a folder, its name.
fn name_of(place: &MailPlace, in_folder: bool) -> String {
    match place {
        MailPlace::File { name, .. } if in_folder => name.clone(),
        MailPlace::StandardInput { offset: 0 } => "-".to_owned(),
        MailPlace::File { .. } | MailPlace::Mbox { .. } | MailPlace::StandardInput { .. } | MailPlace::Imap { .. } => {
            place.to_string()
        }
    }
}

fn row_of(name: &str, verdict: &MailVerdict) -> Vec<String> {
    vec![
        name.to_owned(),
        verdict.kind.as_str().to_owned(),
        kinds_text(&verdict.kinds),
        verdict.recipient.as_ref().map(EmailAddress::as_str).unwrap_or_default().to_owned(),
        verdict.token.as_ref().map(ToString::to_string).unwrap_or_default(),
        verdict.language.clone().unwrap_or_default(),
        format!("{:.2}", verdict.confidence),
        if verdict.needs_review { "yes".to_owned() } else { String::new() },
        verdict.rule.clone(),
    ]
}
