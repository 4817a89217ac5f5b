//! Why a source cannot be read, said so that whoever reads it knows what to do next.
//!
//! Invariant: no message holds a secret or a byte of a mail.

use std::io;
use std::path::PathBuf;

/// Why a file or folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action} `{}`", .path.display())]
pub struct ReadError {
    /// What was attempted.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

/// Why a source cannot be read (to its end). Nothing was changed in it, whatever happened.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file or folder.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The server cannot be reached, is silent, or broke the connection again and again: it is safe to try again.
    #[error("failed to {action} at mail server `{server}`: {detail}")]
    Unreachable {
        /// Host and port.
        server: String,
        /// What was attempted, with the folder.
        action: String,
        /// What happened.
        detail: String,
    },
    /// The server refuses us: log-in, folder, certificate. The same will happen again until somebody changes something.
    #[error("mail server `{server}` refuses to {action}: {detail}")]
    Refused {
        /// Host and port.
        server: String,
        /// What was attempted, with the folder.
        action: String,
        /// What it said.
        detail: String,
    },
    /// A secret would cross the network unprotected.
    #[error("the password for mail server `{server}` would be sent without TLS")]
    Unprotected {
        /// Host and port.
        server: String,
    },
    /// The server's answers are no IMAP, or larger than any honest one.
    #[error("mail server `{server}` does not speak IMAP as we know it: failed to {action}: {detail}")]
    Garbled {
        /// Host and port.
        server: String,
        /// What was attempted, with the folder.
        action: String,
        /// What is wrong.
        detail: &'static str,
    },
}

impl SourceError {
    /// Returns whether the configuration, not the moment, is at fault: trying again will not help.
    pub const fn is_configuration(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::Unprotected { .. } => true,
            Self::Read(_) | Self::Unreachable { .. } | Self::Garbled { .. } => false,
        }
    }
}
