//! `muster gate`: the sensitive-field gate as a window for scripts; no store needed.

use std::io::{BufRead, BufReader, Read};

use muster_gate::sensitive::{CheckInput, Screen, rules};
use rayon::prelude::*;

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
            check(BufReader::with_capacity(BUFFER_BYTES, input))
        }
        GateVerb::Explain { rule } => explain(rule.as_deref()),
    }
}

/// Lines that are answered together, on all cores: what was read at once, so that nobody waits for a full batch.
const BUFFER_BYTES: usize = 1 << 20;

fn check(mut input: BufReader<Box<dyn Read>>) -> Result<Exit, CommandError> {
    let screen = Screen::new();
    let mut exit = Exit::Done;
    let mut number = 0_u64;
    loop {
        let lines = read_lines(&mut input, &mut number)?;
        if lines.is_empty() {
            return Ok(exit);
        }
        let answers: Vec<Result<(String, bool), CommandError>> =
            lines.par_iter().map(|(number, line)| answer(&screen, *number, line)).collect();
        for answered in answers {
            let (text, readable) = answered?;
            print_line(&text)?;
            if !readable {
                exit = Exit::PersonNeeded;
            }
        }
    }
}

/// Reads the next lines with their numbers; empty ones are left out.
fn read_lines(input: &mut BufReader<Box<dyn Read>>, number: &mut u64) -> Result<Vec<(u64, Vec<u8>)>, CommandError> {
    let mut lines = Vec::new();
    while lines.is_empty() || !input.buffer().is_empty() {
        let mut line = Vec::new();
        *number += 1;
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|error| CommandError::io(format!("failed to read line {number}: {error}")))?;
        if read == 0 {
            break;
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            lines.push((*number, line));
        }
    }
    Ok(lines)
}

/// Answers one line, and says whether it could be read.
fn answer(screen: &Screen, number: u64, line: &[u8]) -> Result<(String, bool), CommandError> {
    match serde_json::from_slice::<CheckInput>(line) {
        Ok(input) => {
            let verdict = serde_json::to_string(&screen.check(&input));
            verdict.map(|text| (text, true)).map_err(|error| CommandError::integrity(error.to_string()))
        }
        Err(error) => {
            // The parser's own words may repeat a value; the place is enough.
            let answer = serde_json::json!({ "line": number, "error": "line.json", "column": error.column() });
            Ok((answer.to_string(), false))
        }
    }
}

fn explain(rule: Option<&str>) -> Result<Exit, CommandError> {
    let mut found = false;
    for info in rules().iter().filter(|info| rule.is_none_or(|id| id.eq_ignore_ascii_case(&info.id))) {
        found = true;
        let mut text = format!("{} {} ({})\n  {}\n", info.id, info.category.as_str(), info.law, info.summary);
        for (kind, examples) in [("caught", &info.catches), ("passes", &info.passes)] {
            for example in examples {
                let lang = if example.lang.is_empty() { "--" } else { &example.lang };
                text.push_str(&format!("  {kind} {lang}: {}\n", example.text));
            }
        }
        print(&text)?;
    }
    if !found {
        return Err(CommandError::usage(format!("failed to find rule `{}`", rule.unwrap_or_default())));
    }
    Ok(Exit::Done)
}
