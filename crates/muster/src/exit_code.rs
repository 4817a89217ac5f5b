//! The exit codes, which scripts rely on (`docs/exit-codes.md`).

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done; expected rejections and withheld rows included.
    Done,
    /// Done as far as it may be; a person is needed.
    PersonNeeded,
    /// Usage or configuration error; nothing was done.
    Usage,
    /// Locked, or input or output failed; safe to run again.
    InputOutput,
    /// A legal deadline is missed or about to be.
    Deadline,
    /// Integrity is broken, or a bug.
    Integrity,
}

impl Exit {
    /// Returns the number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::PersonNeeded => 1,
            Self::Usage => 2,
            Self::InputOutput => 3,
            Self::Deadline => 4,
            Self::Integrity => 5,
        }
    }

    /// Returns the graver of two ends of one command: a missed deadline outweighs a queue.
    #[must_use]
    pub(crate) fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
