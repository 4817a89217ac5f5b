//! Where mails come from: files, folders, mbox, standard input, IMAP; all of them read and none of them touched.
//!
//! [`read_source`] hands out one mail at a time, and goes on only when the caller has dealt with it: what the caller has
//! made sure of is never lost by a crash. Nothing is moved, no flag is set. What has been read is told by [`mail_key`],
//! a keyed hash of the content, so that a mail is still known when a mail reader renamed its file or a server
//! numbered its mailbox anew; of an IMAP mailbox an [`ImapCursor`] saves fetching what was dealt with.
//!
//! It does not say what a mail means, and it does not remember anything itself.
//!
//! Invariant: read-only. A mail that cannot be read is handed out as [`Unreadable`], never left out in silence.

mod folder;
mod imap;
mod mbox;
mod source_error;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster_model::{Guarded, KeyLabel, KeyedHash, SecretKey};

pub use folder::{MailFile, read_mailbox};
pub use source_error::{ReadError, SourceError};

use super::parse::MAIL_BYTES_MAX;

/// A place that mails are read from.
#[derive(Debug, Clone)]
pub enum MailSource {
    /// A Maildir, an mbox, a folder of `.eml` and `.mbox` files, or a file with one mail: told apart by what lies there.
    Path(PathBuf),
    /// Standard input: one mail, as an MTA's pipe gives it, or an mbox.
    StandardInput,
    /// Folders of an account on an IMAP server.
    Imap(Box<ImapAccount>),
}

/// How the connection to an IMAP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImapTls {
    /// TLS from the first byte (RFC 8314), port 993 by custom.
    Implicit,
    /// Upgraded by `STARTTLS` (RFC 9051, 6.2.1) before anything else is said, port 143 by custom; never left out.
    StartTls,
    /// Not at all: to a loopback address only, unless [`ImapAccount::is_unprotected_allowed`].
    None,
}

/// What proves who we are.
#[derive(Debug, Clone)]
pub enum ImapSecret {
    /// A password: `AUTHENTICATE PLAIN` (RFC 4616) where the server offers it, else `LOGIN`.
    Password(Guarded<String>),
    /// An OAuth 2 access token: `AUTHENTICATE XOAUTH2`, which the large providers want.
    AccessToken(Guarded<String>),
}

/// An account on an IMAP server, and what is read of it.
#[derive(Debug, Clone)]
pub struct ImapAccount {
    /// Host name, which the server's certificate has to name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: ImapTls,
    /// Whether the secret may cross a network without TLS; somebody has to have said so.
    pub is_unprotected_allowed: bool,
    /// User name.
    pub user: String,
    /// Password or token.
    pub secret: ImapSecret,
    /// Folders that are read, in this order; names as people read them.
    pub folders: Vec<String>,
    /// PEM file with the certificates that are trusted instead of the machine's.
    pub ca_file: Option<PathBuf>,
    /// Longest wait for a connection, and for the server to begin an answer. What it then sends may take longer, but not
    /// for ever: a server that only drips is given up.
    pub timeout: Duration,
    /// Wait before the second attempt after a lost connection; it doubles with each that brings nothing.
    pub retry_wait: Duration,
    /// Attempts in a row that bring no mail, after which reading ends with an error.
    pub attempts_max: u32,
}

impl ImapAccount {
    /// Returns an account with what most want: TLS on port 993, the inbox, half a minute's patience.
    pub fn new(host: impl Into<String>, user: impl Into<String>, secret: ImapSecret) -> Self {
        Self {
            host: host.into(),
            port: 993,
            tls: ImapTls::Implicit,
            is_unprotected_allowed: false,
            user: user.into(),
            secret,
            folders: vec!["INBOX".to_owned()],
            ca_file: None,
            timeout: Duration::from_secs(30),
            retry_wait: Duration::from_secs(1),
            attempts_max: 4,
        }
    }

    /// Returns host and port, as messages name the server.
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// How far a folder has been dealt with (RFC 9051, 2.3.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImapCursor {
    /// Of which numbering the UID is; another one means that UIDs were given anew, and reading starts over.
    pub uid_validity: u32,
    /// The last mail that was dealt with.
    pub uid: u32,
}

/// Cursors by folder.
pub type ImapCursors = BTreeMap<String, ImapCursor>;

/// Where a mail lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailPlace {
    /// A file that holds one mail.
    File {
        /// The name that stays when a mail reader adds flags.
        name: String,
        /// Where the file lies now.
        path: PathBuf,
    },
    /// Inside an mbox.
    Mbox {
        /// The mbox.
        path: PathBuf,
        /// Offset of the mail's `From ` line, in bytes.
        offset: u64,
    },
    /// On standard input.
    StandardInput {
        /// Offset of the mail's first byte.
        offset: u64,
    },
    /// In a folder of an IMAP account.
    Imap {
        /// The folder, as configured.
        folder: String,
        /// What to keep as the folder's cursor once the mail is dealt with.
        cursor: ImapCursor,
    },
}

impl MailPlace {
    /// Returns folder and cursor of a mail that came by IMAP.
    pub fn cursor(&self) -> Option<(&str, ImapCursor)> {
        match self {
            Self::Imap { folder, cursor } => Some((folder, *cursor)),
            Self::File { .. } | Self::Mbox { .. } | Self::StandardInput { .. } => None,
        }
    }
}

/// As a person can find it again: a path, `PATH:OFFSET`, or what an IMAP URL says (RFC 5092).
impl fmt::Display for MailPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Mbox { path, offset } => write!(f, "{}:{offset}", path.display()),
            Self::StandardInput { offset } => write!(f, "-:{offset}"),
            Self::Imap { folder, cursor } => {
                write!(f, "{folder};UIDVALIDITY={};UID={}", cursor.uid_validity, cursor.uid)
            }
        }
    }
}

/// One mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it lies.
    pub place: MailPlace,
    /// Its bytes; of one that is longer than 25 MiB, the beginning.
    pub raw: Vec<u8>,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched").field("place", &self.place).field("byte_count", &self.raw.len()).finish()
    }
}

/// A mail that is there and cannot be read: a person has to look, because it may be an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it lies.
    pub place: MailPlace,
    /// Why not: what the operating system or the server said.
    pub why: String,
}

/// What takes the mails: it deals with each for good before it returns, or breaks off.
pub type Handler<'a> = dyn FnMut(Result<Fetched, Unreadable>) -> ControlFlow<()> + 'a;

/// What a reading came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadSummary {
    /// Mails handed out, unreadable ones included.
    pub mail_count: usize,
    /// Mails that were handed out as unreadable.
    pub unreadable_count: usize,
    /// Mails that somebody deleted or moved away while we read.
    pub vanished_count: usize,
    /// Lost connections that were made anew.
    pub reconnect_count: usize,
    /// Folders whose numbering had changed, so that they were read from the start.
    pub renumbered: Vec<String>,
    /// Whether the handler broke off.
    pub is_stopped: bool,
}

/// Reads a source: hands every mail behind the cursors to the handler, one at a time and in order.
///
/// Cursors matter for IMAP only. Mails that were handed out before may come again (files always do, a folder whose
/// numbering changed too): the caller tells them by [`mail_key`].
///
/// # Errors
///
/// [`SourceError`]; what was handed out until then has been dealt with, and nothing was changed in the mailbox.
pub fn read_source(
    source: &MailSource,
    cursors: &ImapCursors,
    handle: &mut Handler<'_>,
) -> Result<ReadSummary, SourceError> {
    let mut summary = ReadSummary::default();
    let mut counted = Counted { summary: &mut summary, handle };
    let flow = match source {
        MailSource::Path(path) => folder::read_path(path, &mut counted)?,
        MailSource::StandardInput => {
            let path = Path::new("-");
            let failed = |source| ReadError { action: "read standard input", path: path.to_owned(), source };
            stream(io::stdin().lock(), &mut counted).map_err(failed)?
        }
        MailSource::Imap(account) => imap::read(account, cursors, &mut counted)?,
    };
    summary.is_stopped = flow.is_break();
    Ok(summary)
}

/// Reads a stream that holds one mail or an mbox, as standard input does.
///
/// # Errors
///
/// What the stream says.
pub fn read_stream(reader: impl BufRead, handle: &mut Handler<'_>) -> io::Result<ReadSummary> {
    let mut summary = ReadSummary::default();
    let flow = stream(reader, &mut Counted { summary: &mut summary, handle })?;
    summary.is_stopped = flow.is_break();
    Ok(summary)
}

fn stream(reader: impl BufRead, counted: &mut Counted<'_, '_>) -> io::Result<ControlFlow<()>> {
    let mut mails = mbox::Mails::new(reader);
    while let Some(mail) = mails.next_mail()? {
        let place = MailPlace::StandardInput { offset: mail.offset };
        if counted.give(Ok(Fetched { place, raw: mail.raw })).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The handler with the count of what it got.
struct Counted<'a, 'h> {
    summary: &'a mut ReadSummary,
    handle: &'a mut Handler<'h>,
}

impl Counted<'_, '_> {
    fn give(&mut self, mail: Result<Fetched, Unreadable>) -> ControlFlow<()> {
        self.summary.mail_count += 1;
        self.summary.unreadable_count += usize::from(mail.is_err());
        (self.handle)(mail)
    }
}

/// Returns the key by which a mail counts as read: a keyed hash of the mailbox's name and the mail's content.
pub fn mail_key(key: &SecretKey, mailbox_name: &str, raw: &[u8]) -> KeyedHash {
    key.hash(KeyLabel::Mail, &[mailbox_name.as_bytes(), raw])
}

#[cfg(test)]
mod tests;
