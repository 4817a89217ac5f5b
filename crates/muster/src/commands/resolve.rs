//! `muster resolve`: match the rows of any file; no store needed.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use muster_extract::{TableFormat, read_mentions};
use muster_model::{EntityKind, Field, Mention, MentionId, MentionRecord, SourceName};
use muster_resolve::{Model, resolve};

use crate::cli::{Entity, ResolveArgs};
use crate::command_error::{CommandError, read_file};
use crate::exit_code::Exit;
use crate::talk::{Talk, print};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the file or `--map` cannot be read; an input or output error.
pub(crate) fn resolve_file(args: &ResolveArgs, now: Timestamp, talk: &Talk) -> Result<Exit, CommandError> {
    let shown = args.input.display().to_string();
    let format = TableFormat::of_file_name(&shown).ok_or_else(|| {
        CommandError::usage(format!("failed to read `{shown}`: neither .csv, .tsv, .jsonl nor .ndjson"))
    })?;
    let read = read_mentions(&read_file(&args.input)?, format, &read_map(&args.map)?)
        .map_err(|error| CommandError::usage(format!("failed to read `{shown}`: {error}")))?;
    for line in &read.rejected {
        talk.warn("resolve.line", &format!("{shown}:{}: {}", line.line, line.reason));
    }
    let ids: Vec<MentionId> = read.records.iter().map(|record| record.mention_id.clone()).collect();
    let kind = match args.entity {
        Entity::Person => EntityKind::Person,
        Entity::Company => EntityKind::Company,
    };
    let mentions: Vec<Mention> = read.records.into_iter().filter_map(|record| mention_of(record, kind, now)).collect();
    let mut model = Model::shipped();
    if let Some(bits) = args.threshold {
        model = model.with_threshold(bits);
    }
    let resolution = resolve(&mentions, &[], &model);
    let mut cluster_of = BTreeMap::new();
    for cluster in &resolution.clusters {
        if let Some(first) = cluster.members.first() {
            cluster_of.extend(cluster.members.iter().map(|member| (member.clone(), first.clone())));
        }
    }
    // A row whose mention nothing could be made of is alone.
    let rows =
        ids.iter().map(|id| [id.as_str(), cluster_of.get(id).unwrap_or(id).as_str()].map(str::to_owned).to_vec());
    write_csv(&args.output, &["mention_id", "cluster_id"], rows)?;
    if let Some(path) = &args.pairs {
        let rows = resolution.pairs.iter().map(|pair| {
            vec![pair.left.to_string(), pair.right.to_string(), format!("{:.4}", pair.weight), pair.linked.to_string()]
        });
        write_csv(path, &["left", "right", "weight", "linked"], rows)?;
    }
    talk.say("resolved", &format!("Resolved {} rows into {} clusters", ids.len(), cluster_count(&cluster_of, &ids)));
    let alarmed = !resolution.report.alarms.is_empty() || !read.rejected.is_empty();
    for alarm in &resolution.report.alarms {
        talk.warn("resolve.alarm", &format!("Over-merge alarm: {alarm}"));
    }
    Ok(if alarmed { Exit::PersonNeeded } else { Exit::Done })
}

fn cluster_count(cluster_of: &BTreeMap<MentionId, MentionId>, ids: &[MentionId]) -> usize {
    ids.iter().map(|id| cluster_of.get(id).unwrap_or(id)).collect::<std::collections::BTreeSet<_>>().len()
}

fn read_map(pairs: &[String]) -> Result<BTreeMap<String, Field>, CommandError> {
    let mut map = BTreeMap::new();
    for pair in pairs {
        let fault = |why: &str| CommandError::usage(format!("failed to read `--map {pair}`: {why}"));
        let (column, field) = pair.split_once('=').ok_or_else(|| fault("write it as COLUMN=FIELD"))?;
        let field = Field::parse(field).ok_or_else(|| fault("no such field"))?;
        map.insert(column.to_owned(), field);
    }
    Ok(map)
}

/// Makes a mention of a row that need not say where and when it came from.
fn mention_of(mut record: MentionRecord, kind: EntityKind, now: Timestamp) -> Option<Mention> {
    record.kind = kind;
    if kind == EntityKind::Company {
        record.name = record.company.take().or(record.name);
        record.domain = record.company_domain.take().or(record.domain);
    }
    record.source.get_or_insert_with(|| SourceName::new("file"));
    record.seen_at.get_or_insert(now);
    Mention::new(record).ok()
}

fn write_csv(path: &Path, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), CommandError> {
    let failed =
        |error: &dyn std::fmt::Display| CommandError::io(format!("failed to write `{}`: {error}", path.display()));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(|error| failed(&error))?;
    for row in rows {
        writer.write_record(&row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    if path.as_os_str() == "-" {
        return print(&String::from_utf8_lossy(&bytes));
    }
    muster_store::export::write_file(path, &bytes).map_err(Into::into)
}
