//! The flow on real pages that nobody here wrote, where they lie beside the checkout; elsewhere the test says so.

use std::path::{Path, PathBuf};

use crate::harness::{Project, checkout};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "html") {
            found.push(path);
        }
    }
}

#[test]
fn the_flow_runs_on_real_pages_without_an_error() {
    let folder = checkout().join("../shared/real-pages");
    if !folder.is_dir() {
        println!("skipped: there are no real pages beside this checkout");
        return;
    }
    let mut found = Vec::new();
    pages(&folder, &mut found);
    assert!(found.len() > 10, "{} pages", found.len());
    let urls: Vec<String> = found
        .iter()
        .map(|path| {
            format!(
                "\"http://{}\"",
                path.strip_prefix(&folder).unwrap().display().to_string().replace("/index.html", "/")
            )
        })
        .collect();
    let project = Project::demo();
    let text = project.read("pipelines/demo.toml");
    let (start, end) = (text.find("urls = [").unwrap(), text.find("\n[[source]]\nname = \"contacts\"").unwrap());
    let text = format!("{}urls = [{}]\n{}", text.get(..start).unwrap(), urls.join(", "), text.get(end..).unwrap());
    let sites = format!("sites = [\"{}\"]", folder.canonicalize().unwrap().display());
    project.write(
        "pipelines/demo.toml",
        &text.replace("sites = [\"fixtures/sites\"]", &sites).replace("pages_per_host = 60", "pages_per_host = 4"),
    );
    let ran = project.run_demo();
    assert!(!ran.stderr.contains("\"event\":\"error\""), "{}", ran.stderr);
    let list = project.run(&["master", "list", "--entity", "person"]).ended_with(0).stdout;
    println!("{list}");
    assert!(list.lines().count() > 60, "{} people", list.lines().count());
    project.run(&["audit", "verify"]).ended_with(0);
}
