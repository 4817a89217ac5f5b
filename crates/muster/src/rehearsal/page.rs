//! What a rehearsal prints at its end: counts per stage, three records with lineage, one notice, who was withheld
//! and why, who opted out and is gone.

use std::collections::BTreeMap;

use muster_gate::Reason;
use muster_model::{ClusterId, EntityKind, Field, Master};

use crate::command_error::CommandError;
use crate::config::Step;
use crate::session::Session;
use crate::show;
use crate::stages::Counts;
use crate::stages::export::ExportOutcome;
use crate::stages::notice::letter_for;

/// Records that are shown with their lineage.
const RECORDS_SHOWN: usize = 3;

/// One stage's line.
#[derive(Debug)]
pub(crate) struct StageLine {
    name: String,
    counts: Counts,
    withheld: Vec<(ClusterId, Vec<Reason>)>,
    file: Option<String>,
}

impl StageLine {
    /// Makes the line of a stage.
    pub(crate) fn new(name: &str, counts: Counts) -> Self {
        Self { name: name.to_owned(), counts, withheld: Vec::new(), file: None }
    }

    /// Makes the line of an export.
    pub(crate) fn of_export(outcome: ExportOutcome) -> Self {
        let file = outcome.file.map(|path| path.display().to_string());
        Self { name: "export".into(), counts: outcome.counts, withheld: outcome.withheld, file }
    }
}

/// What happened in all steps.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<(Step, Vec<StageLine>)>,
}

impl Report {
    /// Adds a step.
    pub(crate) fn add(&mut self, step: &Step, lines: Vec<StageLine>) {
        self.steps.push((step.clone(), lines));
    }

    /// Renders the page.
    ///
    /// # Errors
    ///
    /// A store error.
    pub(crate) fn render(&self, session: &Session, changed: bool) -> Result<String, CommandError> {
        let masters = session.store.masters()?;
        let mut text = heading(&format!("muster rehearsal `{}`", session.config.name));
        for (step, lines) in &self.steps {
            text.push_str(&format!("\n{}  {}\n", step.name, step.at));
            for line in lines {
                text.push_str(&stage_line(line));
            }
        }
        if !changed {
            text.push_str("\nNothing changed: every step is over, and everything is as the last run left it.\n");
        }
        text.push_str(&records(&masters));
        text.push_str(&german_notice(session, &masters));
        text.push_str(&self.withheld(&masters));
        text.push_str(&gone(session)?);
        Ok(text)
    }

    /// Who was withheld at the last export, by reason.
    fn withheld(&self, masters: &[Master]) -> String {
        let mut text = heading("Withheld from the exports, and why");
        let mut by_reason: BTreeMap<Reason, Vec<String>> = BTreeMap::new();
        let last = self.steps.iter().rev().flat_map(|(_, lines)| lines).filter(|line| line.name == "export");
        for (id, reasons) in last.flat_map(|line| &line.withheld) {
            let name =
                masters.iter().find(|master| master.cluster_id() == id).map(|master| show::first(master, Field::Name));
            if let Some(reason) = reasons.first() {
                by_reason.entry(*reason).or_default().push(name.unwrap_or_else(|| id.to_string()));
            }
        }
        for (reason, mut names) in by_reason {
            names.sort();
            names.dedup();
            text.push_str(&format!(
                "{:<22} {} ({})\n    {}\n",
                reason.code(),
                reason.sentence(),
                reason.article(),
                names.join(", ")
            ));
        }
        text
    }
}

fn heading(title: &str) -> String {
    format!("\n{title}\n{}\n", "=".repeat(title.chars().count()))
}

fn stage_line(line: &StageLine) -> String {
    let counts: Vec<String> = line.counts.0.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let file = line.file.as_ref().map(|file| format!(" -> {file}")).unwrap_or_default();
    let shown = if counts.is_empty() { "nothing new".to_owned() } else { counts.join(", ") };
    format!("  {:<9}{shown}{file}\n", line.name)
}

/// The records with the most sources: there the merging shows.
fn records(masters: &[Master]) -> String {
    let mut people: Vec<&Master> = masters.iter().filter(|master| master.kind() == EntityKind::Person).collect();
    people.sort_by(|a, b| b.members().len().cmp(&a.members().len()).then_with(|| a.cluster_id().cmp(b.cluster_id())));
    let mut text = heading("MASTER records with their lineage");
    for master in people.into_iter().take(RECORDS_SHOWN) {
        text.push_str(&show::text(master));
        text.push('\n');
    }
    text
}

/// The notice of the first person who is told in German.
fn german_notice(session: &Session, masters: &[Master]) -> String {
    let people = masters.iter().filter(|master| master.kind() == EntityKind::Person);
    let letter = people.filter_map(|master| letter_for(session, master).ok()).find(|letter| letter.lang() == "de");
    match letter {
        Some(letter) => format!("{}{}\n", heading("One person's notice, in German"), letter.shown()),
        None => String::new(),
    }
}

/// Who is on the list, and that nothing of them is left.
fn gone(session: &Session) -> Result<String, CommandError> {
    let mut text = heading("Opted out and gone");
    let list = session.store.suppression_list()?;
    for entry in list.entries() {
        let scope = if crate::stages::suppress::ends_processing(entry) {
            "erased; recognized by"
        } else {
            "kept, never called; recognized by"
        };
        text.push_str(&format!(
            "{}  {} since {}: {scope} {} keyed hashes\n",
            entry.entry_id,
            entry.reason,
            entry.added_at,
            entry.keys.len()
        ));
    }
    let open = session.store.reviews()?.into_iter().filter(|review| review.decided.is_none()).count();
    text.push_str(&format!("\n{open} things wait for a person: `muster review list`\n"));
    Ok(text)
}
