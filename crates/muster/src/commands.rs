//! The verbs, each a function from arguments to an exit.

mod case;
mod deadline;
mod demo;
mod doctor;
mod explain;
mod extract;
mod gate;
mod inbox;
mod init;
mod master;
mod notice;
mod notice_check;
mod probe;
mod resolve;
mod review;
mod run;
mod store;
mod suppress;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cli::{Cli, Verb};
use crate::clock;
use crate::command_error::CommandError;
use crate::config::Config;
use crate::exit_code::Exit;
use crate::session::{Session, find_pipeline, read_pipeline};
use crate::talk::Talk;

/// The instant and the pipeline that a command was given.
#[derive(Debug)]
pub(crate) struct Call {
    /// The instant.
    pub(crate) now: Timestamp,
    pipeline: Option<PathBuf>,
}

impl Call {
    /// Finds the pipeline file: the verb's own argument, else `--pipeline`, else the default.
    fn path(&self, file: Option<&Path>) -> Result<PathBuf, CommandError> {
        find_pipeline(file.or(self.pipeline.as_deref()))
    }

    /// Reads the pipeline.
    fn config(&self, file: Option<&Path>) -> Result<Config, CommandError> {
        read_pipeline(&self.path(file)?)
    }

    /// Opens the pipeline for work that may change something.
    fn writing(&self, talk: &Talk) -> Result<Session, CommandError> {
        Session::open(self.config(None)?, self.now, talk)
    }

    /// Opens the pipeline to look at it.
    fn reading(&self) -> Result<Session, CommandError> {
        Session::open_to_read(self.config(None)?, self.now)
    }
}

/// Runs one command.
///
/// # Errors
///
/// Why it could not do its part.
pub(crate) fn run(cli: Cli, talk: &mut Talk) -> Result<Exit, CommandError> {
    let call = Call { now: clock::instant(cli.global.now.as_deref())?, pipeline: cli.global.pipeline };
    match cli.verb {
        Verb::Init(args) => init::init(&args, talk),
        Verb::Check(args) => run::check(&call.path(args.file.as_deref())?, talk),
        Verb::Run(args) => run::run(call.config(args.file.as_deref())?, &args, call.now, talk),
        Verb::Crawl(args) => run::crawl(&mut call.writing(talk)?, &args, talk),
        Verb::Import(args) => run::import(&mut call.writing(talk)?, &args, talk),
        Verb::Extract(args) => extract::extract(&args, call.now, talk),
        Verb::Gate(verb) => gate::gate(verb),
        Verb::Resolve(args) => resolve::resolve(&args, talk),
        Verb::Explain(args) if args.input.is_some() => explain::explain_file(&args, talk),
        Verb::Explain(args) => explain::explain(&call.reading()?, &args),
        Verb::Master(verb) => master::master(verb, &call, talk),
        Verb::Review(verb) => review::review(verb, &call, talk),
        Verb::Notice(verb) => notice::notice(verb, &call, talk),
        Verb::Deadline(args) => deadline::deadline(&args, talk),
        Verb::Inbox(verb) => inbox::inbox(verb, &call, talk),
        Verb::Case(verb) => case::case(verb, &call, talk),
        Verb::Suppress(verb) => suppress::suppress(verb, &call, talk),
        Verb::Export(args) => run::export(&mut call.writing(talk)?, &args, talk),
        Verb::Store(verb) => store::store(&call.config(None)?, &verb, talk),
        Verb::Audit(verb) => store::audit(&call.config(None)?, &verb, talk),
        Verb::Doctor(args) => doctor::doctor(&call, &args, talk),
        Verb::Demo(verb) => demo::demo(&verb, talk),
        Verb::Probe(verb) => probe::probe(verb),
    }
}
