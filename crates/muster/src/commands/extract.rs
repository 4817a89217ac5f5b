//! `muster extract`: pages to mentions as JSON lines; no store, no gate, nothing written.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_extract::{ExtractContext, extract_page};
use muster_model::{Page, SecretKey};

use crate::cli::ExtractArgs;
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::talk::{Talk, print_line};

/// Largest page that is read: the crawler's own bound.
const PAGE_BYTES_MAX: u64 = 64 << 20;

/// Runs the verb.
///
/// # Errors
///
/// An input error that names the file.
pub(crate) fn extract(args: &ExtractArgs, now: Timestamp, talk: &Talk) -> Result<Exit, CommandError> {
    let key = SecretKey::storeless();
    let context = ExtractContext { key: &key, source: None, public: true };
    let mut problems = BTreeMap::new();
    let mut print_page = |body: Vec<u8>| -> Result<(), CommandError> {
        let page = Page::new(args.url.clone(), now, args.content_type.clone(), body);
        let extraction = extract_page(&page, &context);
        for problem in extraction.problems {
            *problems.entry(problem.kind).or_insert(0_u64) += 1;
        }
        for record in extraction.mentions {
            print_line(&serde_json::to_string(&record).map_err(|error| CommandError::integrity(error.to_string()))?)?;
        }
        Ok(())
    };
    if args.files.is_empty() {
        let mut body = Vec::new();
        let read = std::io::stdin().lock().take(PAGE_BYTES_MAX).read_to_end(&mut body);
        read.map_err(|error| CommandError::io(format!("failed to read standard input: {error}")))?;
        print_page(body)?;
    }
    for file in args.files.iter().map(|path| pages_below(path)).collect::<Result<Vec<_>, _>>()?.concat() {
        print_page(read_file(&file)?)?;
    }
    if !problems.is_empty() {
        talk.event("extract.problems", "Found problems in the pages", &problems);
    }
    Ok(Exit::Done)
}

/// A file itself, or the HTML files and cards of a folder and those below it, in order.
fn pages_below(path: &Path) -> Result<Vec<PathBuf>, CommandError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failed =
        |error: std::io::Error| CommandError::io(format!("failed to read folder `{}`: {error}", path.display()));
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    entries.sort();
    let mut pages = Vec::new();
    for entry in entries {
        let is_page = entry
            .extension()
            .is_some_and(|ext| ["html", "htm", "xhtml", "vcf"].iter().any(|known| ext.eq_ignore_ascii_case(known)));
        if entry.is_dir() {
            pages.extend(pages_below(&entry)?);
        } else if is_page {
            pages.push(entry);
        }
    }
    Ok(pages)
}
