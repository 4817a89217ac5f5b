//! `muster probe`: small windows on pure parts, for scripts and tests.

use std::io::BufRead;

use muster_crawl::{normalize_url, robots_allowed};
use muster_extract::find_phones;

use crate::cli::ProbeVerb;
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::talk::print_line;

/// Runs the verb.
///
/// # Errors
///
/// An input error.
pub(crate) fn probe(verb: ProbeVerb) -> Result<Exit, CommandError> {
    match verb {
        ProbeVerb::Robots { file, user_agent, url } => {
            let allowed = robots_allowed(&read_file(&file)?, &user_agent, &url);
            print_line(if allowed { "allowed" } else { "disallowed" })?;
            Ok(if allowed { Exit::Done } else { Exit::PersonNeeded })
        }
        ProbeVerb::Phone => {
            let mut exit = Exit::Done;
            for line in std::io::stdin().lock().split(b'\n') {
                let line = line.map_err(|error| CommandError::io(format!("failed to read standard input: {error}")))?;
                let line = String::from_utf8_lossy(&line);
                let Some((region, text)) = line.trim_end_matches('\r').split_once('\t') else {
                    exit = Exit::PersonNeeded;
                    print_line("")?;
                    continue;
                };
                let region = region.trim();
                let found = find_phones(text, (!region.is_empty()).then_some(region));
                let numbers: Vec<String> = found.into_iter().map(|(number, _)| number).collect();
                print_line(&numbers.join(","))?;
            }
            Ok(exit)
        }
        ProbeVerb::Url { base, url } => {
            let normal = normalize_url(&base, &url);
            print_line(normal.as_deref().unwrap_or_default())?;
            Ok(if normal.is_some() { Exit::Done } else { Exit::PersonNeeded })
        }
    }
}
