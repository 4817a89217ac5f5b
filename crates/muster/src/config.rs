//! The pipeline file: as it is meant, after [`read`](mod@read) has checked what is written.
//!
//! Invariant: every value here has been checked; a fault anywhere means that there is no `Config` at all.

mod gate;
pub(crate) mod mail;
mod notice;
pub(crate) mod read;
pub(crate) mod section;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_crawl::CrawlConfig;
use muster_gate::sensitive::OwnTerms;
use muster_gate::{Assessment, Controller, NoticePurpose, Policy, RecipientTerms, SourceTerms};
use muster_mail::{MailSource, Templates, Transport, Window};
use muster_model::{EmailAddress, ExportMode, Field};
use muster_store::StorePaths;
use muster_store::export::ExportFormat;

/// A pipeline.
#[derive(Debug)]
pub(crate) struct Config {
    /// The pipeline's name.
    pub(crate) name: String,
    /// Where the store lies.
    pub(crate) store: StorePaths,
    /// The key file, outside the store.
    pub(crate) key_file: PathBuf,
    /// Who is responsible.
    pub(crate) controller: Controller,
    /// What for.
    pub(crate) purposes: Vec<NoticePurpose>,
    /// What is said of automated decisions, by language, where there are any.
    pub(crate) automated_explained: Option<BTreeMap<String, String>>,
    /// Periods and places.
    pub(crate) policy: Policy,
    /// What the controller adds to the rules of the sensitive gate.
    pub(crate) own_terms: OwnTerms,
    /// The assessments that the policy names.
    pub(crate) assessments: Vec<Assessment>,
    /// How pages are fetched.
    pub(crate) crawl: CrawlConfig,
    /// Where mentions come from.
    pub(crate) sources: Vec<SourceConfig>,
    /// How notices go out.
    pub(crate) mail_out: MailOut,
    /// How letters on paper go out.
    pub(crate) letters: Option<Letters>,
    /// Where replies come in.
    pub(crate) mail_in: Vec<MailIn>,
    /// Who receives.
    pub(crate) exports: Vec<ExportConfig>,
    /// Steps on a virtual clock, and what a rehearsal serves and answers.
    pub(crate) rehearsal: Option<Rehearsal>,
}

/// One source.
#[derive(Debug)]
pub(crate) struct SourceConfig {
    /// Its terms, as the gate sees them.
    pub(crate) terms: SourceTerms,
    /// Addresses that a crawl starts from.
    pub(crate) urls: Vec<String>,
    /// Files that are imported.
    pub(crate) files: Vec<PathBuf>,
    /// How the columns of a table are used.
    pub(crate) table: muster_extract::TableSpec,
}

/// How notices go out.
#[derive(Debug)]
pub(crate) struct MailOut {
    /// Whether anything is sent at all; off after `muster init`.
    pub(crate) enabled: bool,
    /// By which way.
    pub(crate) transport: Transport,
    /// The words of the notices.
    pub(crate) templates: Templates,
    /// Whether a notice is sent as HTML beside its text.
    pub(crate) html: bool,
    /// The controller's page for an opt-out by one click, with `{token}` in it.
    pub(crate) unsubscribe_url: Option<String>,
    /// Takes every mail instead of the people, for a trial.
    pub(crate) test_recipient: Option<EmailAddress>,
    /// Most notices by mail on one day.
    pub(crate) notices_per_day_max: usize,
    /// Most notices to one mail domain on one day.
    pub(crate) notices_per_domain_per_day_max: usize,
    /// Days in which one address is told only once that a request of one kind arrived.
    pub(crate) acknowledge_again_days: i32,
}

/// How letters on paper go out: as files for a printing office.
#[derive(Debug)]
pub(crate) struct Letters {
    /// Whether there are any.
    pub(crate) enabled: bool,
    /// The folder of PDFs and their table.
    pub(crate) path: PathBuf,
    /// Where the envelope has its window.
    pub(crate) window: Window,
    /// The sender above the address, where it is not the controller.
    pub(crate) sender_line: Option<String>,
    /// Most letters on one day.
    pub(crate) per_day_max: usize,
}

/// A mailbox that replies come into.
#[derive(Debug)]
pub(crate) struct MailIn {
    /// Its name, part of the cursor and of what tells a mail that was read.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) source: MailSource,
    /// The name with which the server that receives for it signs what it says of senders (RFC 8601).
    pub(crate) authserv_id: Option<String>,
    /// Whether whoever asks for something there is told that it arrived and what was done; only where mail goes out.
    pub(crate) acknowledge: bool,
}

impl MailIn {
    /// Returns the path, where the mailbox lies in files.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            MailSource::Path(path) => Some(path),
            MailSource::StandardInput | MailSource::Imap(_) => None,
        }
    }
}

/// One export.
#[derive(Debug)]
pub(crate) struct ExportConfig {
    /// Its name.
    pub(crate) name: String,
    /// The recipient's terms.
    pub(crate) terms: RecipientTerms,
    /// The purposes that it serves, by id.
    pub(crate) purposes: Vec<String>,
    /// The file format.
    pub(crate) format: ExportFormat,
    /// Everything, or what changed.
    pub(crate) mode: ExportMode,
    /// The folder that files are written to.
    pub(crate) path: PathBuf,
}

impl Config {
    /// Returns how letters on paper go out, where they do.
    pub(crate) fn letters_out(&self) -> Option<&Letters> {
        self.letters.as_ref().filter(|letters| letters.enabled)
    }
}

impl ExportConfig {
    /// Returns the fields that the recipient may receive.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.terms.fields
    }
}

/// A run on a virtual clock over served files.
#[derive(Debug)]
pub(crate) struct Rehearsal {
    /// Folders with one folder per host, served over HTTP on loopback.
    pub(crate) sites: Vec<PathBuf>,
    /// Where the served hosts answer, once the server runs.
    pub(crate) answers: Option<PathBuf>,
    /// The steps, in order of time.
    pub(crate) steps: Vec<Step>,
}

/// One step of a rehearsal.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Its name.
    pub(crate) name: String,
    /// When it happens.
    pub(crate) at: Timestamp,
    /// What happens.
    pub(crate) stages: Vec<Stage>,
}

/// A stage of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Crawl and import.
    Collect,
    /// Match, merge, derive the MASTER.
    Resolve,
    /// Tell people.
    Notice,
    /// The rehearsal's respondent answers the notices really sent.
    Respond,
    /// Read the mailboxes.
    Inbox,
    /// Release to recipients.
    Export,
}

impl Stage {
    /// All stages of a run, in order; answers are written by people, except in a rehearsal.
    pub(crate) const RUN: [Self; 5] = [Self::Collect, Self::Resolve, Self::Inbox, Self::Notice, Self::Export];

    fn parse(text: &str) -> Option<Self> {
        match text {
            "collect" => Some(Self::Collect),
            "resolve" => Some(Self::Resolve),
            "notice" => Some(Self::Notice),
            "respond" => Some(Self::Respond),
            "inbox" => Some(Self::Inbox),
            "export" => Some(Self::Export),
            _ => None,
        }
    }
}

/// Hosts and the addresses that answer for them.
pub(crate) type HostOverrides = Vec<(String, SocketAddr)>;
