//! The project's own rules, as far as no lint can hold them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::checkout;

/// Which crate may depend on which, as `ARCHITECTURE.md` says; `muster-resolve` takes `muster-demo` for its benchmark only.
const EDGES: &[(&str, &[&str])] = &[
    ("muster-model", &[]),
    ("muster-crawl", &["muster-model"]),
    ("muster-extract", &["muster-model"]),
    ("muster-resolve", &["muster-model", "muster-demo"]),
    ("muster-gate", &["muster-model"]),
    ("muster-store", &["muster-model", "muster-gate"]),
    ("muster-mail", &["muster-model", "muster-gate"]),
    ("muster-demo", &[]),
    (
        "muster",
        &[
            "muster-model",
            "muster-crawl",
            "muster-extract",
            "muster-resolve",
            "muster-gate",
            "muster-store",
            "muster-mail",
            "muster-demo",
        ],
    ),
];

/// Longest file, in lines.
const LINES_MAX: usize = 800;

fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["crates", "tests", "fixtures", "pipelines", "policy", "docs"] {
        walk(&checkout().join(folder), endings, &mut found);
    }
    found.sort();
    found
}

fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, endings, found);
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
}

/// The platform that this was built for: packages of others need not be there.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host()])
        .current_dir(checkout())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        if !members.contains(package["id"].as_str().unwrap()) {
            continue;
        }
        let own =
            package["dependencies"].as_array().unwrap().iter().filter_map(|dependency| dependency["name"].as_str());
        let own = own.filter(|name| name.starts_with("muster")).map(str::to_owned).collect();
        edges.insert(package["name"].as_str().unwrap().to_owned(), own);
    }
    let allowed: BTreeMap<String, BTreeSet<String>> =
        EDGES.iter().map(|(name, on)| ((*name).to_owned(), on.iter().map(|on| (*on).to_owned()).collect())).collect();
    assert_eq!(edges, allowed);
}

#[test]
fn every_dependency_has_a_licence_of_the_list() {
    let allowed = std::fs::read_to_string(checkout().join("deny.toml")).unwrap();
    let allowed: BTreeSet<&str> = allowed.split('"').skip(1).step_by(2).collect();
    let mut unknown = Vec::new();
    for package in metadata()["packages"].as_array().unwrap() {
        let expression = package["license"].as_str().unwrap_or("none");
        // `A OR B` needs one of them, `A AND B` all; `/` is the old way to write OR.
        let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
        let fits = |term: &str| allowed.contains(term.trim());
        let good = plain.split(" AND ").all(|all| all.split(" OR ").any(fits))
            || plain.split(" OR ").any(|any| any.split(" AND ").all(fits));
        if !good {
            unknown.push(format!("{}: {expression}", package["name"]));
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn every_source_file_says_what_it_is_and_stays_short() {
    let mut faults = Vec::new();
    for path in files(&[".rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let proof = path.to_string_lossy().contains("tests/proofs/");
        if !text.starts_with("//!") && !proof {
            faults.push(format!("{}: does not open with `//!`", path.display()));
        }
        if text.lines().count() > LINES_MAX {
            faults.push(format!("{}: {} lines", path.display(), text.lines().count()));
        }
        for mark in ["// TO\u{44}O", "// FIX\u{4d}E", "unimplemented\u{21}(", "#[ign\u{6f}re]"] {
            if text.contains(mark) {
                faults.push(format!("{}: `{mark}`", path.display()));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn only_the_store_knows_the_database() {
    for path in files(&[".rs"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = path.to_string_lossy().into_owned();
        let inside = shown.contains("muster-store/src/index") || shown.contains("muster-store/src/frontier");
        assert!(inside || !text.contains("sl\u{65}d::"), "{shown} names sled");
    }
}

/// Endings that no fixture, test or example may use for a mailbox: somebody could own it.
const REAL_ENDINGS: &[&str] =
    &[".com", ".de", ".fr", ".org", ".net", ".io", ".co.uk", ".nl", ".it", ".es", ".pl", ".eu", ".at", ".ch"];

#[test]
fn mail_addresses_are_on_reserved_domains_only() {
    let mut faults = Vec::new();
    for path in files(&[".rs", ".html", ".htm", ".csv", ".jsonl", ".json", ".toml", ".eml", ".md", ".txt", ".j2"]) {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for (at, _) in text.match_indices('@') {
            let domain: String = text
                .get(at + 1..)
                .unwrap()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c))
                .collect();
            let domain = domain.trim_end_matches(['.', '-']).to_lowercase();
            let before = text.get(..at).unwrap().chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
            if before && REAL_ENDINGS.iter().any(|ending| domain.ends_with(ending)) {
                faults.push(format!("{}: an address at `{domain}`", path.display()));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_list_of_gate_reasons_is_as_the_code_says() {
    let mut text = String::from(
        "# Gate reasons\n\nWhy a gate holds or denies something. Made from `muster_gate::Reason`; `tests/tidy.rs` writes it anew when it \
         differs.\n\n| code | law | sentence |\n|---|---|---|\n",
    );
    for reason in muster_gate::Reason::ALL {
        text.push_str(&format!("| `{}` | {} | {} |\n", reason.code(), reason.article(), reason.sentence()));
    }
    text.push_str(
        "\n## Rules of the sensitive gate\n\nMade from `crates/muster-gate/src/sensitive/lexicon`. `muster gate explain RULE` shows \
         what a rule catches and what passes, in every language.\n\n| rule | category | decision | law | sentence |\n|---|---|---|---|---|\n",
    );
    for rule in muster_gate::sensitive::rules() {
        let (category, decision) = (rule.category.as_str(), rule.decision.as_str());
        text.push_str(&format!("| `{}` | {category} | {decision} | {} | {} |\n", rule.id, rule.law, rule.summary));
    }
    let path = checkout().join("docs/gates.md");
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    if written != text {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(written, text, "docs/gates.md was written anew: look at it and commit it");
}

/// The rules of the law as the project reads it: gates, sensitive filter, legal calendar, notice.
const RULES: &[(&str, &[u32])] = &[
    ("g", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("sf", &[1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]),
    ("dl", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("nt", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
];

#[test]
fn every_rule_of_the_law_has_a_test_named_for_it() {
    let code: String = files(&[".rs"]).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let missing = |(section, numbers): &(&str, &[u32])| {
        let named = |number: &&u32| code.contains(&format!("fn {section}_{number}_"));
        numbers.iter().filter(|number| !named(number)).map(|number| format!("{section}_{number}")).collect::<Vec<_>>()
    };
    assert_eq!(RULES.iter().flat_map(missing).collect::<Vec<String>>(), Vec::<String>::new());
}
