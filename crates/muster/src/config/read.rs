//! From what is written to what is meant: the pipeline file and the files it names, with every fault at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use muster_crawl::CrawlConfig;
use muster_extract::{ColumnUse, TableSpec};
use muster_gate::sensitive::OwnTerms;
use muster_gate::{
    Assessment, Controller, DataProtectionOfficer, NoticePurpose, Policy, RecipientTerms, Representative, SourceKind,
    SourceTerms, TransferMechanism,
};
use muster_mail::Templates;
use muster_model::{EmailAddress, ExportMode, Field, SourceName};
use muster_store::StorePaths;
use muster_store::export::ExportFormat;
use toml_edit::{Document, Table};

use super::gate::read_gate;
use super::mail::read_mail;
use super::notice::{read_automated, read_export_purposes, read_letters, read_purposes};
use super::section::{Fault, Faults, Section};
use super::{Config, ExportConfig, Rehearsal, SourceConfig, Stage, Step};
use crate::clock::parse_instant;
use crate::command_error::{CommandError, read_file};

/// The version of the pipeline file's form.
const CONFIG_VERSION: i64 = 1;

/// Why a pipeline file gives no configuration.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The file cannot be read at all.
    Unreadable(CommandError),
    /// It can, and these are its faults.
    Faulty(Vec<Fault>),
}

impl From<ReadError> for CommandError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Unreadable(error) => error,
            ReadError::Faulty(faults) => {
                let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
                let noun = if faults.len() == 1 { "fault" } else { "faults" };
                Self::usage(format!("failed to read the pipeline: {} {noun}{}", faults.len(), lines.concat()))
            }
        }
    }
}

/// Returns the folder that the paths of a pipeline file start from: the one that holds `pipelines/`, or the file's.
pub(crate) fn project_root(pipeline: &Path) -> PathBuf {
    let folder = pipeline.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.file_name().is_some_and(|name| name == "pipelines") {
        return folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    }
    // `cd pipelines && muster run demo.toml` means the same project.
    match folder.canonicalize() {
        Ok(full) if full.file_name().is_some_and(|name| name == "pipelines") => folder.join(".."),
        Ok(_) | Err(_) => folder.to_owned(),
    }
}

/// Reads a pipeline file.
///
/// # Errors
///
/// [`ReadError`] with all faults of the file and of the assessment files it names.
pub(crate) fn read(path: &Path, secrets: &dyn Fn(&str) -> Option<String>) -> Result<Config, ReadError> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        ReadError::Unreadable(CommandError::usage(format!("failed to read pipeline `{shown}`: {error}")))
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|&&b| b == b'\n').count() + 1;
        faulty(&shown, line, "the file is not UTF-8")
    })?;
    let document = Document::parse(text.as_str()).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        faulty(&shown, line, error.message())
    })?;
    let faults = Faults::new(&shown, &text);
    let mut more = Vec::new();
    let config = read_config(&Section::new(document.as_table(), "", 0, &faults), path, &text, secrets, &mut more);
    let top = Section::new(document.as_table(), "", 0, &faults);
    mark_top(&top);
    top.finish();
    let mut list = faults.into_list();
    list.append(&mut more);
    if list.is_empty() { Ok(config) } else { Err(ReadError::Faulty(list)) }
}

fn faulty(file: &str, line: usize, message: &str) -> ReadError {
    let message = message.lines().collect::<Vec<_>>().join("; ");
    ReadError::Faulty(vec![Fault { file: file.to_owned(), line, key: "syntax".into(), message }])
}

/// Names the keys of the top level, so that any other is unknown.
fn mark_top(top: &Section<'_>) {
    for key in ["version", "name"] {
        top.known(key);
    }
    for key in ["store", "controller", "purpose", "automated_decisions", "policy", "crawl", "source"] {
        top.known(key);
    }
    for key in ["mail", "letters", "export", "rehearsal", "step", "gate"] {
        top.known(key);
    }
}

fn read_config(
    top: &Section<'_>,
    path: &Path,
    text: &str,
    secrets: &dyn Fn(&str) -> Option<String>,
    more: &mut Vec<Fault>,
) -> Config {
    let empty = Table::new();
    let root = project_root(path);
    if top.number("version", 0, i64::MIN..=i64::MAX) != CONFIG_VERSION {
        top.fault("version", format!("must be {CONFIG_VERSION}"));
    }
    let name = top.parsed("name", "a name of letters, digits and `-`", is_name).unwrap_or_default();
    let (store, key_file) = read_store(top.need_section("store", &empty), &root);
    let controller = read_controller(top.need_section("controller", &empty), &empty);
    let (mut policy, assessments) = read_policy(top.need_section("policy", &empty), &root, text, more);
    if policy.languages.is_empty() {
        policy.languages.push("en".into());
    }
    let own_terms = top.section("gate").map_or_else(OwnTerms::default, |section| {
        let own = read_gate(&section);
        section.finish();
        own
    });
    let purposes = read_purposes(top, &policy.languages);
    let automated_explained = read_automated(top, &policy.languages);
    let crawl =
        top.section("crawl").map_or_else(CrawlConfig::default, |section| read_crawl(section, &controller.email));
    let sources = read_sources(top, &root, &assessments);
    let (mail_out, mail_in) = read_mail(top.need_section("mail", &empty), &root, &empty, secrets);
    let letters = read_letters(top, &root);
    let exports = read_exports(top, &root, &assessments, &purposes);
    let rehearsal = read_rehearsal(top, &root);
    Config {
        name,
        store,
        key_file,
        controller,
        purposes,
        automated_explained,
        policy,
        own_terms,
        assessments,
        crawl,
        sources,
        mail_out,
        letters,
        mail_in,
        exports,
        rehearsal,
    }
}

fn is_name(text: &str) -> Option<String> {
    let good = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (good && !text.is_empty()).then(|| text.to_owned())
}

fn read_store(section: Section<'_>, root: &Path) -> (StorePaths, PathBuf) {
    let store = root.join(section.need("path"));
    let key_file = root.join(section.need("key_file"));
    let checkpoint = root.join(section.need("checkpoint"));
    for (key, path) in [("key_file", &key_file), ("checkpoint", &checkpoint)] {
        if path.starts_with(&store) {
            section.fault(key, "lies inside the store; it must lie outside, or who changes the store changes it too");
        }
    }
    section.finish();
    (StorePaths { root: store, checkpoint }, key_file)
}

fn country(text: &str) -> Option<String> {
    (text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase())).then(|| text.to_owned())
}

pub(super) fn address(text: &str) -> Option<EmailAddress> {
    EmailAddress::parse(text).ok()
}

const COUNTRY: &str = "a country code of two capitals (ISO 3166-1), such as `DE`";

fn read_controller(section: Section<'_>, empty: &Table) -> Controller {
    let email = section.need("email");
    if !email.is_empty() && address(&email).is_none() {
        section.fault("email", "is no e-mail address");
    }
    let dpo = section.section("dpo").map(|dpo| {
        let found = DataProtectionOfficer { name: dpo.text("name"), email: dpo.need("email") };
        dpo.finish();
        found
    });
    let representative = section.section("representative").map(|part| {
        let found = Representative { name: part.need("name"), contact: part.need("contact") };
        part.finish();
        found
    });
    let authorities = section.text_map("authorities");
    if !authorities.contains_key("*") {
        section.fault("authorities", "needs an entry `\"*\"`: the authority named to everybody else (GDPR 14(2)(e))");
    }
    let _ = empty;
    let controller = Controller {
        legal_name: section.need("legal_name"),
        address: section.need("address"),
        email,
        country: section.parsed("country", COUNTRY, country).unwrap_or_default(),
        privacy_url: section.text("privacy_url"),
        dpo,
        representative,
        authorities,
    };
    section.finish();
    controller
}

fn days(section: &Section<'_>, key: &'static str, default: i64, max: i64) -> i32 {
    i32::try_from(section.number(key, default, 0..=max)).unwrap_or(i32::MAX)
}

fn read_policy(section: Section<'_>, root: &Path, text: &str, more: &mut Vec<Fault>) -> (Policy, Vec<Assessment>) {
    let mut hashed = vec![policy_lines(text)];
    let mut assessments = Vec::new();
    let languages = section.texts("languages");
    let files = section.texts("assessments");
    if files.is_empty() {
        section.fault("assessments", "names no assessment file; without one nothing may be kept (GDPR 6(1)(f))");
    }
    for file in files {
        match read_assessment(&root.join(&file), &languages) {
            Ok((assessment, source, mut faults)) => {
                // An assessment with a fault is still the one that sources and exports name.
                more.append(&mut faults);
                hashed.push(source);
                assessments.push(assessment);
            }
            Err(mut faults) => more.append(&mut faults),
        }
    }
    let zone = section.parsed("zone", "an IANA time zone, such as `Europe/Berlin`", |text| {
        jiff::tz::TimeZone::get(text).ok().map(|_| text.to_owned())
    });
    let shipped = Templates::shipped();
    let shipped = shipped.languages();
    for lang in languages.iter().filter(|lang| !shipped.contains(lang)) {
        section.fault("languages", format!("no notice template for `{lang}`; there are {}", shipped.join(", ")));
    }
    if languages.is_empty() {
        section.fault("languages", "names no language for notices (GDPR 12(1))");
    }
    let policy = Policy {
        policy_hash: short_hash(&hashed.concat()),
        retention_months: days(&section, "retention_months", 24, 36),
        zone: zone.unwrap_or_else(|| "UTC".into()),
        holiday_region: section.need("holiday_region"),
        languages,
        wait_days: days(&section, "wait_days", 14, 365),
        delivered_after_hours: days(&section, "delivered_after_hours", 72, 24 * 14),
        paper_delivered_after_hours: days(&section, "paper_delivered_after_hours", 168, 24 * 21),
        target_days: days(&section, "target_days", 7, 28),
        alarm_days: days(&section, "alarm_days", 14, 28),
        hard_stop_days: days(&section, "hard_stop_days", 21, 28),
        hold_days: days(&section, "hold_days", 14, 28),
    };
    section.finish();
    (policy, assessments)
}

/// The policy's hash covers what decides: the whole pipeline file, since sources and exports are part of it.
fn policy_lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

fn short_hash(text: &str) -> String {
    muster_model::Page::new("", jiff::Timestamp::UNIX_EPOCH, None, text.as_bytes().to_vec())
        .page_hash
        .chars()
        .take(16)
        .collect()
}

/// Reads an assessment; its interest has to be there in every language of the policy (GDPR 14(2)(b), 12(1)).
fn read_assessment(path: &Path, languages: &[String]) -> Result<(Assessment, String, Vec<Fault>), Vec<Fault>> {
    let shown = path.display().to_string();
    let one = |line, message: String| vec![Fault { file: shown.clone(), line, key: "assessment".into(), message }];
    let text = std::fs::read_to_string(path).map_err(|error| one(1, format!("cannot be read: {error}")))?;
    let document = Document::parse(text.as_str()).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        one(text.get(..at).map_or(1, |before| before.matches('\n').count() + 1), error.message().replace('\n', "; "))
    })?;
    let faults = Faults::new(&shown, &text);
    let section = Section::new(document.as_table(), "", 0, &faults);
    let day = |text: &str| text.parse::<Date>().ok();
    let approved_on = section.parsed("approved_on", "a day, such as `2026-01-15`", day);
    let expires_on = section.parsed("expires_on", "a day, such as `2027-01-15`", day);
    for (key, found) in [("approved_on", approved_on), ("expires_on", expires_on)] {
        if found.is_none() && section.text(key).is_none() {
            section.fault(key, "is missing");
        }
    }
    let mut source_kinds = Vec::new();
    for name in section.texts("source_kinds") {
        match SourceKind::parse(&name) {
            Some(kind) => source_kinds.push(kind),
            None => section.fault("source_kinds", format!("`{name}` is not one of web, file, manual")),
        }
    }
    let assessment = Assessment {
        id: section.need("id"),
        source_kinds,
        countries: section.texts("countries"),
        approved_on: approved_on.unwrap_or(Date::MAX),
        expires_on: expires_on.unwrap_or(Date::MIN),
        interest: section.text_map("interest"),
    };
    for lang in languages.iter().filter(|lang| !assessment.interest.contains_key(*lang)) {
        section.fault("interest", format!("has no sentence for the language `{lang}` of the policy"));
    }
    for key in ["title", "necessity", "balancing", "safeguards", "approved_by"] {
        section.known(key);
    }
    section.finish();
    Ok((assessment, text, faults.into_list()))
}

fn read_crawl(section: Section<'_>, contact: &str) -> CrawlConfig {
    let default = CrawlConfig::default();
    let mut overrides = Vec::new();
    for (host, address) in section.text_map("hosts") {
        match address.parse() {
            Ok(address) => overrides.push((host, address)),
            Err(_) => {
                section.fault("hosts", format!("`{host}` must be an address with a port, such as `127.0.0.1:8080`"));
            }
        }
    }
    let token = section.text("product_token").unwrap_or(default.product_token);
    let size = |key, now: usize, max| {
        usize::try_from(section.number(key, i64::try_from(now).unwrap_or(max), 1..=max)).unwrap_or(now)
    };
    let config = CrawlConfig {
        user_agent: section
            .text("user_agent")
            .unwrap_or_else(|| format!("{token}/{} (+mailto:{contact})", env!("CARGO_PKG_VERSION"))),
        delay_ms_min: u64::try_from(section.number("delay_ms", 1_000, 0..=600_000)).unwrap_or(1_000),
        pages_per_host_max: u32::try_from(size("pages_per_host", 200, 1_000_000)).unwrap_or(200),
        depth_max: u32::try_from(size("depth", 4, 100)).unwrap_or(4),
        body_bytes_max: size("body_bytes", default.body_bytes_max, 256 << 20),
        timeout_ms: u64::try_from(section.number("timeout_ms", 20_000, 10..=600_000)).unwrap_or(20_000),
        redirects_max: u32::try_from(size("redirects", 5, 20)).unwrap_or(5),
        hosts_parallel_max: size("hosts_parallel", default.hosts_parallel_max, 1_000),
        host_overrides: overrides,
        allow_private: section.flag("allow_private", false),
        product_token: token,
    };
    section.finish();
    config
}

/// Reads the basis and assessment of a source, and faults what the gate would refuse anyway.
fn read_basis(section: &Section<'_>, kind: SourceKind, assessments: &[Assessment]) -> (Option<String>, Option<String>) {
    let basis = section.choice("basis", None, &["6(1)(f)", "6(1)(a)"], |text| {
        matches!(text, "6(1)(f)" | "6(1)(a)").then(|| text.to_owned())
    });
    let id = section.text("assessment");
    if basis.as_deref() == Some("6(1)(f)") {
        match assessments.iter().find(|assessment| Some(&assessment.id) == id.as_ref()) {
            None => section.fault("assessment", "names no assessment of the policy, which the basis 6(1)(f) needs"),
            Some(found) if !found.source_kinds.contains(&kind) => {
                section.fault("assessment", format!("`{}` does not cover sources of kind {}", found.id, kind.as_str()));
            }
            Some(_) => {}
        }
    }
    (basis, id)
}

fn read_sources(top: &Section<'_>, root: &Path, assessments: &[Assessment]) -> Vec<SourceConfig> {
    let mut sources: Vec<SourceConfig> = Vec::new();
    for section in top.sections("source") {
        let name = section.parsed("name", "a name of letters, digits and `-`", is_name).unwrap_or_default();
        if name.is_empty() {
            section.need("name");
        }
        if sources.iter().any(|other| other.terms.name.as_str() == name) {
            section.fault("name", format!("`{name}` is the name of another source"));
        }
        let kind = section.choice("kind", None, &["web", "file"], SourceKind::parse).unwrap_or(SourceKind::Web);
        let (basis, assessment_id) = read_basis(&section, kind, assessments);
        let urls = section.texts("urls");
        for url in urls.iter().filter(|url| muster_crawl::normalize_url(url, "").is_none()) {
            section.fault("urls", format!("`{url}` is no http or https address"));
        }
        let files: Vec<PathBuf> = section.texts("files").iter().map(|file| root.join(file)).collect();
        match kind {
            SourceKind::Web if urls.is_empty() => section.fault("urls", "names no address to start from"),
            SourceKind::Web if !files.is_empty() => section.fault("files", "belongs to sources of kind `file`"),
            SourceKind::File if !urls.is_empty() => section.fault("urls", "belongs to sources of kind `web`"),
            SourceKind::Web | SourceKind::File | SourceKind::Manual => {}
        }
        section.need("owner");
        section.choice("schedule", Some(()), &["manual", "hourly", "daily", "weekly", "monthly"], |text| {
            matches!(text, "manual" | "hourly" | "daily" | "weekly" | "monthly").then_some(())
        });
        let public = section.flag("public", kind == SourceKind::Web);
        let terms = SourceTerms { name: SourceName::new(name), kind, basis, assessment_id, public };
        let table = read_table(&section);
        sources.push(SourceConfig { terms, urls, files, table });
        section.finish();
    }
    sources
}

fn read_table(section: &Section<'_>) -> TableSpec {
    let mut columns = BTreeMap::new();
    for (column, field) in section.text_map("columns") {
        match Field::parse(&field) {
            Some(field) => drop(columns.insert(column, ColumnUse::Field(field))),
            None => section.fault("columns", format!("`{column}` is mapped to `{field}`, which is no field")),
        }
    }
    for column in section.texts("ignore") {
        if columns.insert(column.clone(), ColumnUse::Ignored).is_some() {
            section.fault("ignore", format!("`{column}` is mapped and ignored"));
        }
    }
    TableSpec {
        columns,
        encoding: section.text("encoding"),
        delimiter: section.parsed("delimiter", "one character", |text| {
            text.chars().next().filter(|_| text.chars().count() == 1).and_then(|c| u8::try_from(c).ok())
        }),
        region: section.parsed("region", COUNTRY, country),
        lang: section.text("lang"),
    }
}

fn read_exports(
    top: &Section<'_>,
    root: &Path,
    assessments: &[Assessment],
    purposes: &[NoticePurpose],
) -> Vec<ExportConfig> {
    let mut exports = Vec::new();
    for section in top.sections("export") {
        let assessment_id = section.text("assessment");
        if !assessments.iter().any(|assessment| Some(&assessment.id) == assessment_id.as_ref()) {
            section.fault("assessment", "names no assessment of the policy");
        }
        let mut fields = Vec::new();
        for name in section.texts("fields") {
            match Field::parse(&name) {
                Some(field) => fields.push(field),
                None => section.fault("fields", format!("`{name}` is no field")),
            }
        }
        if fields.is_empty() {
            section.fault("fields", "names no field; a recipient gets what is named and nothing else");
        }
        let country = section.parsed("country", COUNTRY, country).unwrap_or_default();
        if country.is_empty() {
            section.need("country");
        }
        let mechanism =
            section.choice("mechanism", None, &["none", "adequacy", "scc", "bcr"], TransferMechanism::parse);
        let terms = RecipientTerms {
            name: section.need("recipient"),
            country,
            mechanism: mechanism.unwrap_or(TransferMechanism::None),
            assessment_id,
            fields,
        };
        let name = section.parsed("name", "a name of letters, digits and `-`", is_name).unwrap_or_default();
        if name.is_empty() || exports.iter().any(|other: &ExportConfig| other.name == name) {
            section.fault("name", "is missing or the name of another export");
        }
        exports.push(ExportConfig {
            name,
            terms,
            purposes: read_export_purposes(&section, purposes),
            format: section
                .choice("format", None, &["csv", "jsonl", "parquet"], ExportFormat::parse)
                .unwrap_or(ExportFormat::Csv),
            mode: section
                .choice("mode", Some(ExportMode::Full), &["full", "delta"], export_mode)
                .unwrap_or(ExportMode::Full),
            path: root.join(section.need("path")),
        });
        section.finish();
    }
    exports
}

fn export_mode(text: &str) -> Option<ExportMode> {
    match text {
        "full" => Some(ExportMode::Full),
        "delta" => Some(ExportMode::Delta),
        _ => None,
    }
}

fn read_rehearsal(top: &Section<'_>, root: &Path) -> Option<Rehearsal> {
    let section = top.section("rehearsal");
    let steps = read_steps(top, section.is_some());
    let section = section?;
    let rehearsal = Rehearsal {
        sites: section.texts("sites").iter().map(|folder| root.join(folder)).collect(),
        answers: section.text("answers").map(|file| root.join(file)),
        steps,
    };
    for folder in rehearsal.sites.iter().filter(|folder| !folder.is_dir()) {
        section.fault("sites", format!("`{}` is no folder", folder.display()));
    }
    section.finish();
    Some(rehearsal)
}

fn read_steps(top: &Section<'_>, rehearsed: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for section in top.sections("step") {
        if !rehearsed {
            section.fault("at", "steps on a virtual clock need a [rehearsal] section");
        }
        let at = section.parsed("at", "an instant, such as `2026-03-02T09:00:00Z`", parse_instant);
        let mut stages = Vec::new();
        for name in section.texts("stages") {
            match Stage::parse(&name) {
                Some(stage) => stages.push(stage),
                None => section.fault(
                    "stages",
                    format!("`{name}` is not one of collect, resolve, notice, respond, inbox, export"),
                ),
            }
        }
        let step = Step { name: section.need("name"), at: at.unwrap_or(jiff::Timestamp::MIN), stages };
        if steps.last().is_some_and(|last| last.at >= step.at) {
            section.fault("at", "must be later than the step before");
        }
        steps.push(step);
        section.finish();
    }
    steps
}

/// Reads a file that a command names, as UTF-8.
///
/// # Errors
///
/// An input error that names the file, and the line where it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, CommandError> {
    String::from_utf8(read_file(path)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1;
        CommandError::usage(format!("failed to read `{}`: line {line} is not UTF-8", path.display()))
    })
}
