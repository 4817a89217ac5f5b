//! muster: business contacts brought together into one MASTER that may lawfully be used.
//!
//! The binary is glue: arguments, configuration, clock, environment, the order of the stages, output. Rules live in
//! the other crates.

mod cli;
mod clock;
mod command_error;
mod commands;
mod config;
mod env;
mod exit_code;
mod rehearsal;
mod session;
mod show;
mod stages;
mod table;
mod talk;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit_code::Exit;
use crate::talk::Talk;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let usage = error.use_stderr();
            // Help goes to stdout, faults to stderr; nobody can be told where those are closed.
            drop(error.print());
            return if usage { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    // The default hook prints the panic's message, which may hold a value; the place is enough to find the bug.
    std::panic::set_hook(Box::new(|info| talk::say_panic(info.location())));
    let mut talk = Talk::new(cli.global.quiet);
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| commands::run(cli, &mut talk))) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(error)) => {
            talk.error(&error);
            error.exit.worse(talk.noted()).into()
        }
        // A bug; the hook said where, and what was acknowledged is safe.
        Err(_) => Exit::Integrity.into(),
    }
}
