//! `muster inbox`: read the pipeline's mailboxes, or classify mail files without a store.

use std::path::PathBuf;

use muster_mail::{InboxHints, classify, read_mailbox};

use super::Call;
use crate::cli::InboxVerb;
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::stages::inbox::read_all;
use crate::talk::{Talk, print_line};

/// Largest mail read from standard input.
const MAIL_BYTES_MAX: u64 = 64 << 20;

/// Runs the verb.
///
/// # Errors
///
/// A store or mailbox error.
pub(crate) fn inbox(verb: InboxVerb, call: &Call, talk: &mut Talk) -> Result<Exit, CommandError> {
    match verb {
        InboxVerb::Read => {
            let mut session = call.writing(talk)?;
            read_all(&mut session, talk)?;
            Ok(session.exit)
        }
        InboxVerb::Classify { files } => classify_files(&files),
    }
}

/// Prints one verdict per mail; a mail that cannot be read as one is answered as `other`.
fn classify_files(files: &[PathBuf]) -> Result<Exit, CommandError> {
    for path in files {
        if path.as_os_str() == "-" {
            let mut raw = Vec::new();
            let mut input = std::io::Read::take(std::io::stdin().lock(), MAIL_BYTES_MAX);
            std::io::Read::read_to_end(&mut input, &mut raw)
                .map_err(|error| CommandError::io(format!("failed to read standard input: {error}")))?;
            print_line(&classify(&raw, &InboxHints::default()).to_json("-"))?;
            continue;
        }
        let mails = read_mailbox(path)
            .map_err(|error| CommandError::io(format!("failed to read `{}`: {error}", path.display())))?;
        for mail in mails {
            let shown = if path.is_dir() { mail.name().to_owned() } else { path.display().to_string() };
            let raw = mail.read().map_err(|error| CommandError::io(format!("failed to read `{shown}`: {error}")))?;
            print_line(&classify(&raw, &InboxHints::default()).to_json(&shown))?;
        }
    }
    Ok(Exit::Done)
}
