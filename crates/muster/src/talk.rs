//! What the program says: data on stdout, talk and progress on stderr.
//!
//! On a terminal, progress is a bar and talk is sentences; otherwise each event is one JSON line, which a log
//! collector can read.
//!
//! Invariant: talk carries ids, counts and codes, never a personal value.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::command_error::CommandError;
use crate::exit_code::Exit;

/// Where talk goes.
#[derive(Debug)]
pub(crate) struct Talk {
    terminal: bool,
    quiet: bool,
    bar: Option<ProgressBar>,
    noted: Cell<Exit>,
}

impl Talk {
    /// Opens the talk on stderr; `quiet` leaves only errors.
    pub(crate) fn new(quiet: bool) -> Self {
        Self { terminal: std::io::stderr().is_terminal(), quiet, bar: None, noted: Cell::new(Exit::Done) }
    }

    /// Notes what the command must end with at least, even where it fails later on.
    pub(crate) fn note(&self, exit: Exit) {
        self.noted.set(self.noted.get().worse(exit));
    }

    /// Returns what was noted.
    pub(crate) const fn noted(&self) -> Exit {
        self.noted.get()
    }

    /// Says that something happened, with its counts.
    pub(crate) fn event(&self, name: &str, sentence: &str, counts: &BTreeMap<String, u64>) {
        if self.quiet {
            return;
        }
        if self.terminal {
            let shown: Vec<String> = counts.iter().map(|(key, count)| format!("{key} {count}")).collect();
            let tail = if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(", ")) };
            self.line(&format!("{sentence}{tail}"));
        } else {
            self.line(&json!({ "event": name, "text": sentence, "counts": counts }).to_string());
        }
    }

    /// Says what came out at the end, with its counts: aligned for a person, one line for a collector.
    pub(crate) fn summary(&self, name: &str, sentence: &str, counts: &BTreeMap<String, u64>) {
        if !self.terminal || self.quiet {
            return self.event(name, sentence, counts);
        }
        let width = counts.keys().map(String::len).max().unwrap_or_default();
        let lines: Vec<String> = counts.iter().map(|(key, count)| format!("  {key:<width$}  {count}")).collect();
        self.line(&format!("{sentence}\n{}", lines.join("\n")));
    }

    /// Says one sentence.
    pub(crate) fn say(&self, name: &str, sentence: &str) {
        self.event(name, sentence, &BTreeMap::new());
    }

    /// Says what a person has to know even where talk is quiet.
    pub(crate) fn warn(&self, name: &str, sentence: &str) {
        if self.terminal {
            self.line(&format!("warning: {sentence}"));
        } else {
            self.line(&json!({ "event": name, "level": "warning", "text": sentence }).to_string());
        }
    }

    /// Says why the command failed.
    pub(crate) fn error(&self, error: &CommandError) {
        if self.terminal {
            self.line(&format!("error: {}", error.message));
            for hint in &error.hints {
                self.line(&format!("hint: {hint}"));
            }
        } else {
            let hints: Value = error.hints.clone().into();
            let exit = error.exit.code();
            self.line(
                &json!({ "event": "error", "level": "error", "text": error.message, "hints": hints, "exit": exit })
                    .to_string(),
            );
        }
    }

    /// Starts a bar for work whose size may not be known; off a terminal nothing is shown.
    pub(crate) fn start_bar(&mut self, what: &str) {
        if self.terminal && !self.quiet {
            let style = ProgressStyle::with_template("{spinner} {msg} {pos} done, {elapsed}").ok();
            let bar = ProgressBar::new_spinner().with_message(what.to_owned());
            self.bar = Some(match style {
                Some(style) => bar.with_style(style),
                None => bar,
            });
        }
    }

    /// Moves the bar on by one.
    pub(crate) fn tick(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// Takes the bar away.
    pub(crate) fn end_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        let write = || {
            let mut stderr = std::io::stderr().lock();
            // Nobody can be told where stderr is closed.
            drop(writeln!(stderr, "{text}"));
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// Says where the program broke; what it held there stays unsaid.
pub(crate) fn say_panic(place: Option<&std::panic::Location<'_>>) {
    let place = place.map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    let line = json!({ "event": "bug", "level": "error", "at": place, "exit": Exit::Integrity.code() });
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// Writes data to stdout.
///
/// # Errors
///
/// An output error, but for a reader that went away (`| head`), which is no fault.
pub(crate) fn print(text: &str) -> Result<(), CommandError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CommandError::io(format!("failed to write to stdout: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes one line of data to stdout.
///
/// # Errors
///
/// As [`print()`].
pub(crate) fn print_line(text: &str) -> Result<(), CommandError> {
    print(&format!("{text}\n"))
}
