//! Handing a letter over, once.
//!
//! Three transports for mail: a Maildir, a folder of `.eml` files, an SMTP submission server; for letters on paper, a
//! folder for the printing office. Whether somebody may be written
//! to is not asked here, but for one last look at the suppression list right before the bytes leave.
//!
//! Invariant: nothing but the answer to its own mail leaves for an address that is suppressed at that instant; a folder holds at most one file of a
//! token; a letter of which nobody knows whether it arrived is said to be in doubt, never sent and never failed.

mod folder;
mod paper;
mod smtp;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use muster_gate::SuppressionList;
use muster_model::{Guarded, NoticeToken, SecretKey};

use crate::ack::Acknowledgement;
use crate::notice::Letter;
use folder::Folder;
pub use paper::{LetterFolder, PaperDelivery};
use smtp::SmtpMailer;

/// How the connection to an SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: for a server on the same machine.
    None,
    /// Upgraded by `STARTTLS`, or not used.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

/// A submission server.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// Host name, which its certificate has to name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: SmtpTls,
    /// User name, if it wants one.
    pub user: Option<String>,
    /// Password.
    pub password: Option<Guarded<String>>,
    /// Longest wait for a connection, a write or a reply.
    pub timeout: Duration,
}

/// Where letters go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// A Maildir; its folders are made where they are missing.
    Maildir {
        /// The folder that holds `tmp`, `new` and `cur`.
        path: PathBuf,
    },
    /// A folder that gets one `TOKEN.eml` for each letter.
    EmlFolder {
        /// The folder.
        path: PathBuf,
    },
    /// An SMTP submission server.
    Smtp(SmtpConfig),
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The transport took it.
    Sent,
    /// The folder held it already; nothing was written.
    AlreadySent,
    /// It surely did not go out.
    Failed {
        /// Whether the address itself is the reason, for good. Refusals for content, reputation or rate are not.
        permanent: bool,
        /// Enhanced status code (RFC 3463), where the server gave one.
        status_code: Option<String>,
    },
    /// The connection broke after the text had begun to leave and before the server's answer.
    InDoubt,
}

/// Why sending could not go on; the letter in hand has not left.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address was put on the suppression list after the letter was made.
    #[error("the address of notice `{token}` is suppressed")]
    Suppressed {
        /// Token of the letter.
        token: NoticeToken,
    },
    /// The server cannot be reached or broke the connection before the text began to leave.
    #[error("failed to reach mail server `{server}`: {detail}")]
    Unreachable {
        /// Host and port.
        server: String,
        /// What happened.
        detail: String,
    },
    /// The server refuses us, not the letter: log-in, sender, TLS.
    #[error("mail server `{server}` refuses to take mail from us: {detail}")]
    Rejected {
        /// Host and port.
        server: String,
        /// What it said.
        detail: String,
    },
    /// A password would cross the network unprotected.
    #[error("the password for mail server `{server}` would be sent without TLS")]
    Unprotected {
        /// Host and port.
        server: String,
    },
    /// A folder cannot be read or written.
    #[error("failed to {action} `{}`", .path.display())]
    Folder {
        /// What was attempted.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The token cannot be a file name.
    #[error("the token of a notice has to be letters and digits")]
    Token,
}

impl Transport {
    /// Opens the transport: makes the folders, or connects and logs in.
    ///
    /// # Errors
    ///
    /// [`SendError`], so that a run can stop before it states an intent.
    pub fn open(&self) -> Result<Mailer, SendError> {
        let kind = match self {
            Self::Maildir { path } => Kind::Folder(Folder::maildir(path)?),
            Self::EmlFolder { path } => Kind::Folder(Folder::eml(path)?),
            Self::Smtp(config) => Kind::Smtp(Box::new(SmtpMailer::open(config.clone())?)),
        };
        Ok(Mailer { kind })
    }
}

enum Kind {
    Folder(Folder),
    Smtp(Box<SmtpMailer>),
}

/// An open transport.
pub struct Mailer {
    kind: Kind,
}

impl Mailer {
    /// Returns whether the letter of a token has been handed over; `None` for SMTP, where nobody can tell.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where the folder cannot be read.
    pub fn already_sent(&mut self, token: &NoticeToken) -> Result<Option<bool>, SendError> {
        match &self.kind {
            Kind::Folder(folder) => folder.holds(token).map(Some),
            Kind::Smtp(_) => Ok(None),
        }
    }

    /// Hands a letter over.
    ///
    /// # Law
    ///
    /// GDPR 21(3): the list is asked once more here, after the contact wall, because an objection may have come in
    /// between; it wins.
    ///
    /// # Errors
    ///
    /// [`SendError`]: the letter has not left.
    pub fn send(&mut self, letter: &Letter, list: &SuppressionList, key: &SecretKey) -> Result<Delivery, SendError> {
        if list.suppresses_address(key, letter.rcpt_to()) {
            return Err(SendError::Suppressed { token: letter.token().clone() });
        }
        match &mut self.kind {
            Kind::Folder(folder) => folder.deliver(letter),
            Kind::Smtp(smtp) => smtp.deliver(letter),
        }
    }

    /// Hands an acknowledgement over, with the null return path.
    ///
    /// # Law
    ///
    /// GDPR 12(3): who says no hears that it was done, so the suppression list, which they are on by then, does not stop
    /// the answer to their own mail. RFC 3834, 3.3: nothing comes back from it to a machine.
    ///
    /// # Errors
    ///
    /// [`SendError`]: it has not left.
    pub fn acknowledge(&mut self, ack: &Acknowledgement) -> Result<Delivery, SendError> {
        match &mut self.kind {
            Kind::Folder(folder) => folder.deliver_message(ack.token(), ack.message()),
            Kind::Smtp(smtp) => smtp.deliver_message(None, ack.rcpt_to(), ack.message()),
        }
    }

    /// Deletes every letter of a trial from the folder: no ledger names them, and they hold people.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where a file cannot be deleted.
    pub fn retract_trials(&mut self) -> Result<(), SendError> {
        match &mut self.kind {
            Kind::Folder(folder) => folder.retract_trials(),
            Kind::Smtp(_) => Ok(()),
        }
    }

    /// Deletes the letter of a token from the folder: an erasure reaches the outbox. Returns whether there was one;
    /// what an SMTP server took cannot be taken back.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where the file cannot be deleted.
    pub fn retract(&mut self, token: &NoticeToken) -> Result<bool, SendError> {
        match &mut self.kind {
            Kind::Folder(folder) => folder.retract(token),
            Kind::Smtp(_) => Ok(false),
        }
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.kind {
            Kind::Folder(_) => "folder",
            Kind::Smtp(_) => "smtp",
        };
        f.debug_tuple("Mailer").field(&name).finish()
    }
}

#[cfg(test)]
mod tests;
