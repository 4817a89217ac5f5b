//! `muster notice check FILE`: the linter as a window for scripts, on any rendered notice; no store needed.
//!
//! It knows nothing of the law; it reads texts and facts and prints what the linter finds.
//!
//! Invariant: nothing of a notice's text is printed, and one bad line does not silence the others.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use muster_gate::sensitive::Screen;
use muster_gate::{LINT_LANGUAGES, NoticeContext, can_lint, lint_text};
use serde_json::{Value, json};

use crate::cli::{Format, NoticeCheckArgs};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::table::Table;
use crate::talk::{Talk, print_line};

/// Longest notice or line that is read; a notice of a thousand pages is none.
const BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Checks a file of text or JSON lines.
///
/// # Errors
///
/// A usage error for an unknown language or unreadable facts; an input error.
pub(crate) fn check(args: &NoticeCheckArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let path = args.file.as_deref().filter(|path| path.as_os_str() != "-");
    if let Some(lang) = args.lang.as_deref().filter(|lang| !can_lint(lang)) {
        return Err(unknown_language(lang));
    }
    let context = args.context.as_deref().map(read_context).transpose()?;
    let input: Box<dyn Read> = match path {
        Some(path) => Box::new(
            std::fs::File::open(path)
                .map_err(|error| CommandError::io(format!("failed to read `{}`: {error}", path.display())))?,
        ),
        None => Box::new(std::io::stdin()),
    };
    let name = path.map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
    let by_ending = path.and_then(Path::extension).is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"));
    if by_ending || args.format == Some(Format::Jsonl) {
        let defaults = Defaults { lang: args.lang.as_deref(), context: context.as_ref(), name: &name };
        return check_lines(BufReader::new(input), &defaults, talk);
    }
    let lang = args.lang.as_deref().ok_or_else(|| {
        CommandError::usage("failed to check a notice: `--lang` is missing")
            .hint("the language that the notice has to be in, such as `--lang de`")
    })?;
    let mut bytes = Vec::new();
    input
        .take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| CommandError::io(format!("failed to read `{name}`: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > BYTES_MAX) {
        return Err(CommandError::usage(format!("failed to check `{name}`: it has more than {BYTES_MAX} bytes")));
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut table = Table::new(&["item", "detail"]);
    let defects = lint_text(&text, lang, &context.unwrap_or_default(), &Screen::new());
    let exit = if defects.is_empty() { Exit::Done } else { Exit::PersonNeeded };
    for defect in defects {
        table.row(vec![defect.item.to_owned(), defect.detail]);
    }
    table.print(args.format.unwrap_or(Format::Table))?;
    Ok(exit)
}

fn unknown_language(lang: &str) -> CommandError {
    CommandError::usage(format!("failed to check a notice: unknown language `{lang}`"))
        .hint(format!("known are {}", LINT_LANGUAGES.join(", ")))
}

fn read_context(path: &Path) -> Result<NoticeContext, CommandError> {
    let name = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| CommandError::usage(format!("failed to read `{name}`: {error}")))?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        CommandError::usage(format!("failed to read `{name}`: line {}: it is not JSON", error.line()))
    })?;
    NoticeContext::read(&value).map_err(|fault| CommandError::usage(format!("failed to read `{name}`: {fault}")))
}

/// What counts where a line does not say it.
struct Defaults<'a> {
    lang: Option<&'a str>,
    context: Option<&'a NoticeContext>,
    name: &'a str,
}

fn check_lines(mut input: impl BufRead, defaults: &Defaults<'_>, talk: &Talk) -> Result<Exit, CommandError> {
    let screen = Screen::new();
    let mut exit = Exit::Done;
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        number += 1;
        let read =
            input.by_ref().take(BYTES_MAX).read_until(b'\n', &mut line).map_err(|error| {
                CommandError::io(format!("failed to read `{}`, line {number}: {error}", defaults.name))
            })?;
        if read == 0 {
            return Ok(exit);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match answer(&line, defaults, &screen) {
            Ok((answer, defects)) => {
                exit = if defects { exit.worse(Exit::PersonNeeded) } else { exit };
                print_line(&answer)?;
            }
            Err(fault) => {
                exit = exit.worse(Exit::PersonNeeded);
                talk.warn("line.unreadable", &format!("`{}`, line {number}: {fault}", defaults.name));
            }
        }
    }
}

/// Answers one line; the second part is whether the notice has a defect.
fn answer(line: &[u8], defaults: &Defaults<'_>, screen: &Screen) -> Result<(String, bool), String> {
    // The parser's own words may repeat a value; the place is enough.
    let input: Value =
        serde_json::from_slice(line).map_err(|error| format!("column {}: it is not JSON", error.column()))?;
    let object = input.as_object().ok_or("it is not an object")?;
    let text = object.get("text").and_then(Value::as_str).ok_or("`text` has to be a text")?;
    let lang = match object.get("target_lang").filter(|lang| !lang.is_null()) {
        Some(lang) => lang.as_str().ok_or("`target_lang` has to be a text")?,
        None => defaults.lang.ok_or("`target_lang` is missing")?,
    };
    if !can_lint(lang) {
        return Err("`target_lang` is no language that notices can be checked in".to_owned());
    }
    let own = object.get("context").filter(|context| !context.is_null()).map(NoticeContext::read).transpose()?;
    let context = own.as_ref().or(defaults.context).cloned().unwrap_or_default();
    let mut items: Vec<&str> = lint_text(text, lang, &context, screen).into_iter().map(|defect| defect.item).collect();
    items.dedup();
    let id = object.get("id").cloned().unwrap_or(Value::Null);
    let defects = !items.is_empty();
    Ok((format!("{{\"id\":{id},\"defects\":{}}}", json!(items)), defects))
}
