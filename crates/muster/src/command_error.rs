//! The one error of the binary: what failed, what to do about it, and the exit code it ends with.

use std::fmt;

use crate::exit_code::Exit;

/// A failed command.
#[derive(Debug)]
pub(crate) struct CommandError {
    /// The exit code's kind.
    pub(crate) exit: Exit,
    /// What failed: a lower-case clause.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hints: Vec<String>,
}

impl CommandError {
    /// A usage or configuration error: nothing was done.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hints: Vec::new() }
    }

    /// An input or output failure: safe to run again.
    pub(crate) fn io(message: impl Into<String>) -> Self {
        Self { exit: Exit::InputOutput, message: message.into(), hints: Vec::new() }
    }

    /// Something is there that must not be, or the program is at fault.
    pub(crate) fn integrity(message: impl Into<String>) -> Self {
        Self { exit: Exit::Integrity, message: message.into(), hints: Vec::new() }
    }

    /// Returns the error with a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Reads a file whole.
///
/// # Errors
///
/// An input error that names the file.
pub(crate) fn read_file(path: &std::path::Path) -> Result<Vec<u8>, CommandError> {
    std::fs::read(path).map_err(|error| CommandError::io(format!("failed to read `{}`: {error}", path.display())))
}
