//! What the pipeline reader makes of files, good and bad.

use super::read::{ReadError, read};

fn shipped() -> String {
    include_str!("../commands/init/main.toml").to_owned()
}

/// Reads a pipeline text beside the shipped assessment; returns the faults as text.
fn faults_of(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("pipelines/main.toml", text);
    write("policy/lia-directory.toml", include_str!("../commands/init/lia-directory.toml"));
    let secrets = |name: &str| (name == "KNOWN").then(|| "secret".to_owned());
    match read(&folder.path().join("pipelines/main.toml"), &secrets) {
        Ok(_) => Vec::new(),
        Err(ReadError::Unreadable(error)) => vec![error.to_string()],
        Err(ReadError::Faulty(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_pipeline_is_sound() {
    assert_eq!(faults_of(&shipped()), Vec::<String>::new());
}

#[test]
fn unknown_keys_are_faults_in_every_section_with_line_and_suggestion() {
    for (known, unknown) in [
        ("name = \"main\"", "nmae = 1"),
        ("wait_days = 14", "wait_day = 14"),
        ("owner = \"data-ops\"", "owners = \"x\""),
    ] {
        let text = shipped().replacen(known, &format!("{known}\n{unknown}"), 1);
        let line = text.lines().position(|line| line.starts_with(unknown)).unwrap() + 1;
        let faults = faults_of(&text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains(&format!("main.toml:{line}:")) && faults[0].contains("did you mean"), "{faults:?}");
    }
}

#[test]
fn faults_of_the_files_it_names_are_reported_with_their_own_name() {
    let faults = faults_of(&shipped().replace("policy/lia-directory.toml", "policy/none.toml"));
    assert!(faults.iter().any(|fault| fault.contains("none.toml:1")), "{faults:?}");
}

#[test]
fn a_syntax_error_names_its_line() {
    let faults = faults_of("version = 1\nname = \n");
    assert!(faults.len() == 1 && faults[0].contains(":2:"), "{faults:?}");
}

#[test]
fn a_key_or_checkpoint_inside_the_store_is_refused() {
    let faults = faults_of(&shipped().replace("\"muster.key\"", "\"state/store/muster.key\""));
    assert!(faults.len() == 1 && faults[0].contains("must lie outside"), "{faults:?}");
}

#[test]
fn secrets_come_from_the_environment_only() {
    let smtp = |password: &str| {
        shipped()
            .replace(
                "transport = \"eml\"",
                &format!("transport = \"smtp\"\nhost = \"localhost\"\npassword = \"{password}\"\n#"),
            )
            .replace("path = \"state/outbox\"", "#")
    };
    assert_eq!(faults_of(&smtp("${KNOWN}")), Vec::<String>::new());
    assert!(faults_of(&smtp("${UNKNOWN}"))[0].contains("`UNKNOWN` is not set"));
    assert!(faults_of(&smtp("plain"))[0].contains("is a secret"));
}

#[test]
fn a_basis_without_its_assessment_is_refused() {
    let faults = faults_of(&shipped().replacen("assessment = \"LIA-2026-01\"", "assessment = \"LIA-0\"", 1));
    assert!(faults.len() == 1 && faults[0].contains("names no assessment"), "{faults:?}");
}

#[test]
fn steps_must_go_forward_and_need_a_rehearsal() {
    let step = |name: &str, at: &str| format!("\n[[step]]\nname = \"{name}\"\nat = \"{at}\"\nstages = [\"collect\"]\n");
    let two = format!("{}{}", step("a", "2026-03-02T09:00:00Z"), step("b", "2026-03-01T09:00:00Z"));
    let faults = faults_of(&format!("{}{two}", shipped()));
    assert_eq!(faults.len(), 3, "{faults:?}");
}
