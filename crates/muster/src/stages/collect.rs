//! Collect: crawl the web sources, import the file sources, and put every mention through the intake gate.
//!
//! Mentions are gathered in memory and written in batches; a page counts as done only when its mentions are kept, so
//! a kill costs a few pages to be fetched again and nothing else.
//!
//! Invariant: nothing that the intake gate has not passed or held is written.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use muster_crawl::{CrawlReport, Event, Frontier, FrontierError, HandlerError, PageLinks, PageMemory, crawl};
use muster_extract::{ExtractContext, ImportContext, TableFormat, extract_page, import_table};
use muster_gate::sensitive::Screen;
use muster_gate::{
    Assessment, Cleared, Intake, IntakeContext, Outcome, Reason, SourceKind, SourceTerms, SuppressionList, admit,
    clear_quarantine,
};
use muster_model::{LedgerEvent, Mention, MentionRecord, Page, Problem, RejectionCount, SecretKey, Timestamp};
use muster_store::export::file_sha256;
use muster_store::{Admitted, PageMemoryRow, Store, StoreFrontier};

use super::Counts;
use crate::command_error::{CommandError, read_file};
use crate::config::{Config, SourceConfig};
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::Talk;

/// Mentions in one batch, and so in one segment.
const BATCH_MENTIONS_MAX: usize = 1_000;

/// Problems of a crawl that are said one by one.
const PROBLEMS_SAID_MAX: usize = 20;

/// Pages in one batch: what a kill may cost to be fetched again.
const BATCH_PAGES_MAX: usize = 50;

/// Which sources a collection is about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// Only the source of this name.
    pub(crate) name: Option<&'a str>,
    /// Only sources of this kind.
    pub(crate) kind: Option<SourceKind>,
}

/// Collects from every source that is wanted.
///
/// # Errors
///
/// A store, network or file error; what was kept until then stays kept.
pub(crate) fn collect(session: &mut Session, wanted: Wanted<'_>, talk: &mut Talk) -> Result<Counts, CommandError> {
    let mut total = Counts::default();
    for index in 0..session.config.sources.len() {
        let Some(SourceConfig { terms, .. }) = session.config.sources.get(index) else { continue };
        let other = wanted.name.is_some_and(|name| name != terms.name.as_str());
        if other || wanted.kind.is_some_and(|kind| kind != terms.kind) {
            continue;
        }
        let (name, kind) = (terms.name.clone(), terms.kind);
        let counts = match kind {
            SourceKind::Web => crawl_source(session, index, talk)?,
            SourceKind::File | SourceKind::Manual => import_files(session, index, talk)?,
        };
        talk.event("collected", &format!("Collected from `{name}`"), &counts.0);
        total.add_all(counts);
    }
    Ok(total)
}

/// What the intake gate decides with, for one source.
struct Intaker<'a> {
    screen: &'a Screen,
    terms: &'a SourceTerms,
    assessments: &'a [Assessment],
    suppression: SuppressionList,
    key: &'a SecretKey,
    policy_hash: &'a str,
    now: Timestamp,
}

/// A batch on its way into the store.
#[derive(Default)]
struct Batch {
    kept: Vec<Cleared<Mention, Intake>>,
    held: BTreeMap<Reason, Vec<Cleared<Mention, Intake>>>,
    rejected: BTreeMap<(String, String), u64>,
    pages: Vec<(String, Option<PageMemory>)>,
}

impl Batch {
    fn len(&self) -> usize {
        self.kept.len() + self.held.values().map(Vec::len).sum::<usize>()
    }

    fn reject(&mut self, count: RejectionCount) {
        *self.rejected.entry((count.code, count.field_class)).or_default() += count.count;
    }
}

/// The store's side of a running collection.
struct Collector<'a> {
    store: &'a mut Store,
    intaker: Intaker<'a>,
    frontier: StoreFrontier,
    batch: Batch,
    counts: Counts,
    stamp: String,
}

impl Collector<'_> {
    /// Puts one mention through the intake gate; counts add up to `mentions`.
    fn take(&mut self, record: MentionRecord) {
        self.counts.add("mentions", 1);
        let Ok(mention) = Mention::new(record) else { return self.counts.add("rejected", 1) };
        let context = IntakeContext {
            screen: self.intaker.screen,
            source: self.intaker.terms,
            assessments: self.intaker.assessments,
            suppression: &self.intaker.suppression,
            key: self.intaker.key,
            now: self.intaker.now,
        };
        let admission = admit(mention, &context);
        if !admission.rejected.is_empty() {
            self.counts.add("values_rejected", admission.rejected.len());
        }
        admission.rejected.into_iter().for_each(|count| self.batch.reject(count));
        match admission.outcome {
            Outcome::Pass(cleared) => self.batch.kept.push(cleared),
            Outcome::Hold(mention, reasons) => {
                let reason = reasons.first().copied().unwrap_or(Reason::SensitiveReview);
                match clear_quarantine(mention, &reasons, &context) {
                    Some(cleared) => self.batch.held.entry(reason).or_default().push(cleared),
                    None => self.counts.add("rejected", 1),
                }
            }
            Outcome::Deny(reasons) => self.deny(&reasons),
        }
    }

    fn deny(&mut self, reasons: &[Reason]) {
        let suppressed = reasons.iter().any(|reason| reason.code().starts_with("suppressed."));
        self.counts.add(if suppressed { "suppressed" } else { "rejected" }, 1);
        if !suppressed {
            for reason in reasons {
                self.batch.reject(RejectionCount {
                    code: reason.code().into(),
                    field_class: "record".into(),
                    count: 1,
                });
            }
        }
    }

    /// Refuses labels that name something protected; their values were never read.
    fn take_labels(&mut self, labels: &[String]) {
        for label in labels {
            if let Some(finding) = self.intaker.screen.label(label) {
                self.counts.add("sensitive_labels", 1);
                let code = finding.category.as_str().to_owned();
                self.batch.reject(RejectionCount { code, field_class: "label".into(), count: 1 });
            }
        }
    }

    /// Returns what is known from the last visit, if the same policy and program made it.
    fn remembered(&self, url: &str) -> Result<Option<PageMemory>, muster_store::Error> {
        let row = self.frontier.memory(url)?;
        Ok(row.and_then(|row| {
            let page_hash = row.page_hash.strip_suffix(&self.stamp)?.to_owned();
            Some(PageMemory { etag: row.etag, last_modified: row.last_modified, page_hash, links: row.links })
        }))
    }

    fn row_of(&self, memory: PageMemory) -> PageMemoryRow {
        PageMemoryRow {
            etag: memory.etag,
            last_modified: memory.last_modified,
            page_hash: format!("{}{}", memory.page_hash, self.stamp),
            links: memory.links,
        }
    }

    /// Writes the batch, then marks its pages done.
    fn flush(&mut self) -> Result<(), muster_store::Error> {
        let batch = std::mem::take(&mut self.batch);
        let terms = Admitted {
            source: self.intaker.terms.name.clone(),
            assessment_id: self.intaker.terms.assessment_id.clone().unwrap_or_default(),
            policy_hash: self.intaker.policy_hash.to_owned(),
        };
        if !batch.rejected.is_empty() {
            let counts = batch.rejected.into_iter().map(|((code, field_class), count)| RejectionCount {
                code,
                field_class,
                count,
            });
            let policy_hash = terms.policy_hash.clone();
            self.store.commit(vec![LedgerEvent::ValuesRejected {
                source: terms.source.clone(),
                policy_hash,
                counts: counts.collect(),
            }])?;
        }
        let report = self.store.keep(batch.kept, &terms, None)?;
        self.counts.add("kept", report.kept);
        self.counts.add("known", report.already_held);
        if report.erased_before > 0 {
            self.counts.add("erased_before", report.erased_before);
        }
        for (reason, mentions) in batch.held {
            let report = self.store.keep(mentions, &terms, Some(reason))?;
            self.counts.add("held", report.kept);
            self.counts.add("known", report.already_held);
            if report.erased_before > 0 {
                self.counts.add("erased_before", report.erased_before);
            }
        }
        for (url, memory) in batch.pages {
            let row = memory.map(|memory| self.row_of(memory));
            self.frontier.done(&url, row)?;
        }
        Ok(())
    }
}

/// The crawl's view of the frontier: a page that was handled but not yet kept is not pending, and not yet done.
struct FrontierView<'a, 'b>(&'a Mutex<Collector<'b>>);

impl FrontierView<'_, '_> {
    fn with<T>(
        &self,
        act: impl FnOnce(&mut Collector<'_>) -> Result<T, muster_store::Error>,
    ) -> Result<T, FrontierError> {
        let mut collector = self.0.lock().map_err(|_| "the collector panicked")?;
        act(&mut collector).map_err(Into::into)
    }
}

impl Frontier for FrontierView<'_, '_> {
    fn push(&mut self, url: &str, depth: u32) -> Result<bool, FrontierError> {
        self.with(|collector| collector.frontier.push(url, depth))
    }

    fn pending(&mut self, limit: usize) -> Result<Vec<(String, u32)>, FrontierError> {
        self.with(|collector| {
            let waiting = collector.batch.pages.len();
            let mut pending = collector.frontier.pending(limit + waiting)?;
            pending.retain(|(url, _)| !collector.batch.pages.iter().any(|(done, _)| done == url));
            pending.truncate(limit);
            Ok(pending)
        })
    }

    fn memory(&mut self, url: &str) -> Result<Option<PageMemory>, FrontierError> {
        self.with(|collector| collector.remembered(url))
    }

    fn done(&mut self, url: &str, memory: Option<PageMemory>) -> Result<(), FrontierError> {
        self.with(|collector| {
            collector.batch.pages.push((url.to_owned(), memory));
            if collector.batch.pages.len() >= BATCH_PAGES_MAX || collector.batch.len() >= BATCH_MENTIONS_MAX {
                collector.flush()?;
            }
            Ok(())
        })
    }
}

/// What decides beside the page itself: where it changed, a page is read again although its bytes did not.
fn stamp(config: &Config) -> String {
    format!(" {} {}", config.policy.policy_hash, env!("CARGO_PKG_VERSION"))
}

fn collector<'a>(
    store: &'a mut Store,
    source: &'a SourceConfig,
    config: &'a Config,
    (screen, key, now): (&'a Screen, &'a SecretKey, Timestamp),
) -> Result<Collector<'a>, CommandError> {
    let suppression = store.suppression_list()?;
    let frontier = store.frontier(&source.terms.name)?;
    let intaker = Intaker {
        screen,
        terms: &source.terms,
        assessments: &config.assessments,
        suppression,
        key,
        policy_hash: &config.policy.policy_hash,
        now,
    };
    Ok(Collector { store, intaker, frontier, batch: Batch::default(), counts: Counts::default(), stamp: stamp(config) })
}

fn crawl_source(session: &mut Session, index: usize, talk: &mut Talk) -> Result<Counts, CommandError> {
    let Session { config, store, screen, key, now, exit, .. } = session;
    let Some(source) = config.sources.get(index) else { return Ok(Counts::default()) };
    let mut collector = collector(store, source, config, (screen, key, *now))?;
    collector.frontier.begin_crawl()?;
    let list = collector.intaker.suppression.clone();
    let shared = Mutex::new(collector);
    talk.start_bar(source.terms.name.as_str());
    let report = crawl(
        &config.crawl,
        &source.urls,
        *now,
        &mut FrontierView(&shared),
        &|url| !list.suppresses_profile(key, url),
        &mut |page| handle_page(&shared, &page, key, source),
        &mut |_event: &Event<'_>| talk.tick(),
    );
    talk.end_bar();
    let mut collector = shared.into_inner().map_err(|_| CommandError::integrity("the collector panicked"))?;
    collector.flush()?;
    let name = &source.terms.name;
    let report = report.map_err(|error| CommandError::io(format!("failed to crawl `{name}`: {error}")))?;
    collector.frontier.finish_crawl()?;
    for (name, count) in &report.counts {
        collector.counts.add(&format!("pages_{}", name.replace('.', "_")), *count);
    }
    collector.counts.add("problems", report.problems.len());
    *exit = exit.worse(say_problems(&report, talk));
    Ok(collector.counts)
}

/// Names what could not be fetched, hosts only; a source of which nothing could be had is a failure.
fn say_problems(report: &CrawlReport, talk: &Talk) -> Exit {
    for problem in report.problems.iter().take(PROBLEMS_SAID_MAX) {
        let host = problem.place.origin.as_deref().unwrap_or_default();
        talk.warn("crawl.problem", &format!("{host}: {} ({})", problem.detail, problem.kind));
    }
    let count = |name: &str| report.counts.get(name).copied().unwrap_or_default();
    let seed = |problem: &Problem| problem.kind.starts_with("seed.") || problem.kind.starts_with("robots.");
    if count("fetched") + count("not_modified") == 0 && !report.problems.is_empty() {
        Exit::InputOutput
    } else if report.problems.iter().any(seed) {
        Exit::PersonNeeded
    } else {
        Exit::Done
    }
}

fn handle_page(
    shared: &Mutex<Collector<'_>>,
    page: &Page,
    key: &SecretKey,
    source: &SourceConfig,
) -> Result<PageLinks, HandlerError> {
    let context = ExtractContext { key, source: Some(&source.terms.name), public: source.terms.public };
    let extraction = extract_page(page, &context);
    let mut collector = shared.lock().map_err(|_| "the collector panicked")?;
    collector.take_labels(&extraction.other_labels);
    collector.counts.add("problems", extraction.problems.len());
    if extraction.reserved {
        collector.counts.add("pages_reserved", 1);
    }
    extraction.mentions.into_iter().for_each(|record| collector.take(record));
    Ok(PageLinks { links: extraction.links })
}

fn import_files(session: &mut Session, index: usize, talk: &Talk) -> Result<Counts, CommandError> {
    let files = session.config.sources.get(index).map(|source| source.files.clone()).unwrap_or_default();
    let mut total = Counts::default();
    for file in files {
        let counts = import_file(session, index, &file, talk)?;
        total.add_all(counts);
    }
    Ok(total)
}

/// Imports one file into a source; a file whose bytes were imported before is left alone.
///
/// # Errors
///
/// A usage error where a column is neither mapped nor ignored, with all of them; a store or file error.
pub(crate) fn import_file(
    session: &mut Session,
    index: usize,
    file: &Path,
    talk: &Talk,
) -> Result<Counts, CommandError> {
    let bytes = read_file(file)?;
    let shown = file.display().to_string();
    let name = file.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
    let format = TableFormat::of_file_name(&name).ok_or_else(|| {
        CommandError::usage(format!("failed to import `{shown}`: neither .csv, .tsv, .jsonl nor .ndjson"))
    })?;
    let Session { config, store, screen, key, now, .. } = &mut *session;
    let Some(source) = config.sources.get(index) else { return Ok(Counts::default()) };
    let page_hash = file_sha256(&bytes);
    let mut collector = collector(store, source, config, (screen, key, *now))?;
    if collector.remembered(&shown)?.is_some_and(|memory| memory.page_hash == page_hash) {
        collector.counts.add("files_unchanged", 1);
        return Ok(collector.counts);
    }
    let context =
        ImportContext { key, source: &source.terms.name, file_name: &name, public: source.terms.public, seen_at: *now };
    let imported = import_table(&bytes, format, &source.table, &context)
        .map_err(|error| CommandError::usage(format!("failed to import `{shown}`: {error}")))?;
    collector.counts.add("lines", imported.line_count);
    collector.counts.add("lines_unreadable", imported.rejected.len());
    collector.counts.add("problems", imported.problems.len());
    collector.take_labels(&imported.ignored_columns);
    for record in imported.mentions {
        collector.take(record);
        if collector.batch.len() >= BATCH_MENTIONS_MAX {
            collector.flush()?;
        }
    }
    let memory = PageMemory { etag: None, last_modified: None, page_hash, links: Vec::new() };
    collector.batch.pages.push((shown, Some(memory)));
    let rejects = reject_lines(&imported.rejected, &imported.problems);
    collector.flush()?;
    let counts = collector.counts;
    if !rejects.is_empty() {
        write_rejects(session, &name, &rejects, talk)?;
    }
    if counts.get("lines_unreadable") > 0 {
        session.note(Exit::PersonNeeded);
    }
    Ok(counts)
}

/// A reject file holds line, byte, reason, column count and field, never what stood there.
fn reject_lines(rejected: &[muster_extract::RejectedLine], problems: &[Problem]) -> Vec<String> {
    let lines = rejected.iter().map(|line| {
        let field = line.field.as_deref().unwrap_or("");
        format!("{},{},{},{},{field}", line.line, line.byte, line.reason, line.columns)
    });
    let values = problems.iter().map(|problem| {
        let place = &problem.place;
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        format!(
            "{},{},{},,{}",
            number(place.line),
            number(place.byte),
            problem.kind,
            place.field.as_deref().unwrap_or("")
        )
    });
    lines.chain(values).collect()
}

fn write_rejects(session: &Session, name: &str, lines: &[String], talk: &Talk) -> Result<(), CommandError> {
    let folder = session.config.store.root.with_extension("rejects");
    let path = folder.join(format!("{name}.rejects.csv"));
    let text = format!("line,byte,reason,columns,field\n{}\n", lines.join("\n"));
    std::fs::create_dir_all(&folder)
        .map_err(|error| CommandError::io(format!("failed to make `{}`: {error}", folder.display())))?;
    muster_store::export::write_file(&path, text.as_bytes())?;
    talk.warn(
        "import.rejects",
        &format!("{} lines or values of `{name}` could not be read: see `{}`", lines.len(), path.display()),
    );
    Ok(())
}
