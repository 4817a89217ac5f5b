//! What a pipeline file says of notices: purposes, automated decisions, own templates, letters, the page for one click.
//!
//! Invariant: a sentence or template that a notice would lack is a fault here, not when somebody is to be told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use muster_gate::NoticePurpose;
use muster_mail::{Templates, Window};

use super::Letters;
use super::section::Section;

/// Reads the purposes, each with a sentence in every language of the policy (14(1)(c), 12(1)).
pub(super) fn read_purposes(top: &Section<'_>, languages: &[String]) -> Vec<NoticePurpose> {
    let mut purposes = Vec::new();
    for section in top.sections("purpose") {
        let sentence = section.text_map("sentence");
        for lang in languages.iter().filter(|lang| !sentence.contains_key(*lang)) {
            section.fault("sentence", format!("has no sentence for the language `{lang}` of the policy"));
        }
        purposes.push(NoticePurpose { id: section.need("id"), sentence });
        section.finish();
    }
    if purposes.is_empty() {
        top.fault("purpose", "at least one [[purpose]] is needed (GDPR 14(1)(c))");
    }
    purposes
}

/// Reads what is said of automated decisions with legal or similar effect (14(2)(g)); there are none without the section.
pub(super) fn read_automated(top: &Section<'_>, languages: &[String]) -> Option<BTreeMap<String, String>> {
    let section = top.section("automated_decisions")?;
    let explained = section.text_map("explanation");
    for lang in languages.iter().filter(|lang| !explained.contains_key(*lang)) {
        section.fault("explanation", format!("has no sentence for the language `{lang}` of the policy"));
    }
    section.finish();
    Some(explained)
}

/// Reads the folder of notice templates that stand in the place of the shipped ones: `de.txt.j2` and so on. Each fault
/// names the template, the line and the variable.
pub(super) fn read_templates(section: &Section<'_>, root: &Path) -> Templates {
    let Some(folder) = section.text("templates").map(|folder| root.join(folder)) else { return Templates::shipped() };
    let mut texts = BTreeMap::new();
    match std::fs::read_dir(&folder) {
        Ok(entries) => {
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            for path in paths {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let Some(lang) = name.strip_suffix(".txt.j2") else { continue };
                let fault = |detail: &str| section.fault("templates", format!("`{}`: {detail}", path.display()));
                let known = Templates::shipped().languages().iter().any(|known| known == lang);
                match std::fs::read_to_string(&path) {
                    Ok(_) if !known => fault("there are no rules to check a notice in this language"),
                    Ok(text) => match Templates::with_overrides(&BTreeMap::from([(lang.to_owned(), text.clone())])) {
                        Ok(_) => drop(texts.insert(lang.to_owned(), text)),
                        Err(error) => fault(&error.to_string()),
                    },
                    Err(error) => fault(&error.to_string()),
                }
            }
        }
        Err(error) => section.fault("templates", format!("`{}`: {error}", folder.display())),
    }
    Templates::with_overrides(&texts).unwrap_or_else(|_| Templates::shipped())
}

/// Reads how letters on paper go out; there are none without the section.
pub(super) fn read_letters(top: &Section<'_>, root: &Path) -> Option<Letters> {
    let section = top.section("letters")?;
    let letters = Letters {
        enabled: section.flag("enabled", false),
        path: root.join(section.need("path")),
        window: section.choice("window", Some(Window::Left), &["left", "right"], Window::parse).unwrap_or(Window::Left),
        sender_line: section.text("sender_line"),
        per_day_max: usize::try_from(section.number("letters_per_day", 1_000, 1..=10_000_000)).unwrap_or(1),
    };
    section.finish();
    Some(letters)
}

/// Reads the purpose that an export serves; without one it serves every purpose of the pipeline (14(4)).
pub(super) fn read_export_purposes(section: &Section<'_>, purposes: &[NoticePurpose]) -> Vec<String> {
    let Some(id) = section.text("purpose") else {
        return purposes.iter().map(|purpose| purpose.id.clone()).collect();
    };
    if !purposes.iter().any(|purpose| purpose.id == id) {
        let known: Vec<&str> = purposes.iter().map(|purpose| purpose.id.as_str()).collect();
        section.fault("purpose", format!("`{id}` is the id of no [[purpose]]; there are {}", known.join(", ")));
    }
    vec![id]
}

/// What a page for an opt-out by one click has to be.
pub(super) const ONE_CLICK: &str =
    "an https address with `{token}` in it, such as `https://firma.example/opt-out/{token}`";

/// Reads such an address; what could end its header is refused.
pub(super) fn one_click(text: &str) -> Option<String> {
    let plain = text.starts_with("https://") && !text.contains(|c: char| c.is_whitespace() || "<>\",".contains(c));
    (plain && text.matches("{token}").count() == 1 && text.is_ascii()).then(|| text.to_owned())
}
