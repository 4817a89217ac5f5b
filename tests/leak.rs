//! Promise 1: the sensitive values planted in the fixtures are nowhere in what a run writes or says.

use muster_model::SecretKey;
use muster_store::{Store, StorePaths};

use crate::harness::{Project, checkout};

fn planted() -> Vec<String> {
    let text = std::fs::read_to_string(checkout().join("fixtures/sensitive.txt")).unwrap();
    text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

fn cp1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn no_planted_value_is_in_any_file_or_word_of_a_run() {
    let project = Project::demo();
    let ran = project.run_demo();
    let planted = planted();
    assert!(planted.len() > 50, "{} values are planted", planted.len());
    let mut places = project.files("state");
    places.insert("stdout".into(), ran.stdout.into_bytes());
    places.insert("stderr".into(), ran.stderr.into_bytes());
    places.insert("mentions, decoded".into(), decoded_mentions(&project));
    for (place, bytes) in &places {
        // What the respondent writes is the world's, not ours.
        if place.starts_with("demo/inbox") {
            continue;
        }
        for value in &planted {
            let found = contains(bytes, value.as_bytes()) || contains(bytes, &cp1252(value));
            assert!(!found, "`{value}` is in {}", place.display());
        }
    }
}

/// Parquet is compressed, so a search of its bytes proves nothing: read every row that is held, quotes included.
fn decoded_mentions(project: &Project) -> Vec<u8> {
    let paths =
        StorePaths { root: project.path("state/demo/store"), checkpoint: project.path("state/demo/checkpoint.json") };
    let key = SecretKey::parse(&project.read("state/demo/muster.key")).unwrap();
    let store = Store::open_read(&paths, &key).unwrap();
    let held = store.held().unwrap().into_iter().map(|(mention, _)| mention);
    let mentions: Vec<_> = store.mentions().unwrap().into_iter().chain(held).collect();
    assert!(mentions.len() > 80, "{} mentions are held", mentions.len());
    #[expect(clippy::disallowed_methods, reason = "the test looks for what must not be there")]
    let rows = mentions.iter().map(|mention| serde_json::to_vec(mention.record().expose()).unwrap());
    rows.flatten().collect()
}

#[test]
fn a_reject_file_says_where_and_why_and_nothing_else() {
    let project = Project::demo();
    project.edit("pipelines/demo.toml", "fixtures/imports/directory.csv", "fixtures/imports/contacts.csv");
    let ran = project.run(&[
        "import",
        "fixtures/imports/contacts.csv",
        "--source",
        "contacts",
        "--now",
        "2026-11-02T08:00:00Z",
    ]);
    let ran = ran.ended_with(1);
    let rejects = project.read("state/demo/store.rejects/contacts.csv.rejects.csv");
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "line,byte,reason,columns,field");
    assert!(lines[1].starts_with("7,") && lines[2].starts_with("10,"), "{rejects}");
    for name in ["Kurzrock", "Überlang", "Thorwald"] {
        assert!(!rejects.contains(name) && !ran.stderr.contains(name), "`{name}` was repeated");
    }
}

#[test]
fn g_1_robots_noindex_and_reserved_people_are_nowhere() {
    let project = Project::demo();
    project.run_demo();
    let expected = std::fs::read_to_string(checkout().join("fixtures/sites/tarnwerk.example.expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    let never: Vec<&str> = expected["never"].as_array().unwrap().iter().filter_map(|value| value.as_str()).collect();
    assert!(never.len() > 5);
    let held = String::from_utf8_lossy(&decoded_mentions(&project)).into_owned();
    for name in never {
        assert!(!held.contains(name), "`{name}` is held");
    }
    assert!(!held.contains("kartenverlag-mohn.example"), "a reserved site was taken");
}
