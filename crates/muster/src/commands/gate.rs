//! `muster gate`: the sensitive-field gate as a window for scripts; no store needed.

use std::io::{BufRead, BufReader, Read};

use muster_gate::sensitive::{CheckInput, Screen, rules};

use crate::cli::GateVerb;
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::talk::{print, print_line};

/// Runs the verb.
///
/// # Errors
///
/// An input error; a line that cannot be read is answered as such and ends the command with 1.
pub(crate) fn gate(verb: GateVerb) -> Result<Exit, CommandError> {
    match verb {
        GateVerb::Check { file } => {
            let input: Box<dyn Read> = match file.filter(|path| path.as_os_str() != "-") {
                Some(path) => Box::new(
                    std::fs::File::open(&path)
                        .map_err(|error| CommandError::io(format!("failed to read `{}`: {error}", path.display())))?,
                ),
                None => Box::new(std::io::stdin()),
            };
            check(BufReader::new(input))
        }
        GateVerb::Explain { rule } => explain(rule.as_deref()),
    }
}

fn check(mut input: impl BufRead) -> Result<Exit, CommandError> {
    let screen = Screen::new();
    let mut exit = Exit::Done;
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        number += 1;
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|error| CommandError::io(format!("failed to read line {number}: {error}")))?;
        if read == 0 {
            return Ok(exit);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<CheckInput>(&line) {
            Ok(input) => {
                let verdict = serde_json::to_string(&screen.check(&input))
                    .map_err(|error| CommandError::integrity(error.to_string()))?;
                print_line(&verdict)?;
            }
            Err(error) => {
                exit = Exit::PersonNeeded;
                // The parser's own words may repeat a value; the place is enough.
                let answer = serde_json::json!({ "line": number, "error": "line.json", "column": error.column() });
                print_line(&answer.to_string())?;
            }
        }
    }
}

fn explain(rule: Option<&str>) -> Result<Exit, CommandError> {
    let mut found = false;
    for info in rules().iter().filter(|info| rule.is_none_or(|id| id.eq_ignore_ascii_case(&info.id))) {
        found = true;
        let mut text = format!("{} {} ({})\n  {}\n", info.id, info.category.as_str(), info.law, info.summary);
        for example in &info.catches {
            text.push_str(&format!("  caught: {example}\n"));
        }
        for example in &info.passes {
            text.push_str(&format!("  passes: {example}\n"));
        }
        print(&text)?;
    }
    if !found {
        return Err(CommandError::usage(format!("failed to find rule `{}`", rule.unwrap_or_default())));
    }
    Ok(Exit::Done)
}
