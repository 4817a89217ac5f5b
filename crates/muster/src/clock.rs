//! The one place that reads the wall clock.
//!
//! Invariant: a command takes its instant here once, or from `--now`; every rule gets it as an argument.

use jiff::Timestamp;

use crate::command_error::CommandError;

/// Returns the instant that a command works at: `--now`, or the clock, in whole seconds.
///
/// # Errors
///
/// A usage error where `--now` is no instant with a zone.
pub(crate) fn instant(now: Option<&str>) -> Result<Timestamp, CommandError> {
    let Some(text) = now else {
        #[expect(clippy::disallowed_methods, reason = "the door to the wall clock")]
        let now = Timestamp::now();
        return Ok(Timestamp::from_second(now.as_second()).unwrap_or(now));
    };
    parse_instant(text).ok_or_else(|| {
        CommandError::usage(format!("failed to read `--now {text}`: not an instant"))
            .hint("write it with its offset, such as `2026-03-02T09:00:00Z`")
    })
}

/// Reads an instant with an offset or zone.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let zoned = || text.parse::<jiff::ZonedDateTime>().ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>().ok().or_else(zoned)
}
