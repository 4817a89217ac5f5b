//! `muster demo`: invented data with the truth about them.

use muster_demo::{Options, PROFILES, Rates, generate};

use super::resolve::output::Output;
use crate::cli::{DemoVerb, GenerateArgs};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::talk::{Talk, print};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the profile or a rate is unknown; an output error.
pub(crate) fn demo(verb: &DemoVerb, talk: &Talk) -> Result<Exit, CommandError> {
    match verb {
        DemoVerb::Generate(args) => generate_files(args, talk),
    }
}

fn generate_files(args: &GenerateArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let rates = read_rates(args)?;
    let mut mentions = Output::create(&args.output.join("mentions.csv"))?;
    let mut truth = Output::create(&args.output.join("truth.csv"))?;
    let options = Options { mentions: args.mentions, seed: args.seed, rates };
    let failed =
        |error: std::io::Error| CommandError::io(format!("failed to write to `{}`: {error}", args.output.display()));
    let summary = generate(&options, &mut mentions, &mut truth).map_err(failed)?;
    mentions.finish()?;
    truth.finish()?;
    print(&summary.lines().iter().map(|line| format!("{line}\n")).collect::<String>())?;
    talk.say("demo.generated", &format!("Generated {} mentions", args.mentions));
    Ok(Exit::Done)
}

fn read_rates(args: &GenerateArgs) -> Result<Rates, CommandError> {
    let mut rates = Rates::profile(&args.profile).map_err(|error| {
        CommandError::usage(format!("failed to read `--profile {}`: {error}", args.profile))
            .hint(format!("profiles: {}", PROFILES.join(", ")))
    })?;
    for entry in &args.set {
        let fault = |why: String| CommandError::usage(format!("failed to read `--set {entry}`: {why}"));
        let (name, value) = entry.split_once('=').ok_or_else(|| fault("write it as RATE=VALUE".into()))?;
        let value = value.trim().parse().map_err(|_| fault(format!("`{value}` is no number")))?;
        rates.set(name.trim(), value).map_err(|error| fault(error.to_string()))?;
    }
    Ok(rates)
}
