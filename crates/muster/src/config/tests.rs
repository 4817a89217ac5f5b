//! What the pipeline reader makes of files, good and bad.

use super::read::{ReadError, read};

fn shipped() -> String {
    include_str!("../commands/init/main.toml").to_owned()
}

/// Reads a pipeline text beside the shipped assessment; returns the faults as text.
fn faults_of(text: &str) -> Vec<String> {
    faults_beside(text, &[])
}

/// The same with more files beside it, or others in the place of the shipped ones.
fn faults_beside(text: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("pipelines/main.toml", text);
    write("policy/lia-directory.toml", include_str!("../commands/init/lia-directory.toml"));
    for (name, text) in files {
        write(name, text);
    }
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
fn an_imap_mailbox_has_its_secret_outside_the_file() {
    let imap = |more: &str| {
        let keys = format!("kind = \"imap\"\nhost = \"imap.firma.example\"\nuser = \"privacy\"\n{more}");
        shipped().replacen("kind = \"maildir\"\npath = \"state/inbox\"", &keys, 1)
    };
    let faults = |more: &str| faults_beside(&imap(more), &[("imap.password", "a word\n"), ("empty", "\n")]);
    for good in [
        "password_file = \"imap.password\"",
        "password = \"${KNOWN}\"\ntls = \"starttls\"\nfolders = [\"INBOX\", \"Archiv\"]",
        "access_token = \"${KNOWN}\"\nport = 1993\nacknowledge = true\nauthserv_id = \"mx.firma.example\"",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
    for (bad, why) in [
        ("", "give one of `password`"),
        ("password = \"${KNOWN}\"\npassword_file = \"imap.password\"", "give one of"),
        ("password = \"a word\"", "is a secret"),
        ("password = \"${UNKNOWN}\"", "`UNKNOWN` is not set"),
        ("password_file = \"nowhere\"", "failed to read password file"),
        ("password_file = \"empty\"", "it is empty"),
        ("password_file = \"imap.password\"\ntls = \"maybe\"", "`maybe` is not one of"),
        ("password_file = \"imap.password\"\npath = \"state/inbox\"", "unknown key"),
        ("password_file = \"imap.password\"\n[[mail.in]]\nname = \"privacy\"\npath = \"x\"", "another mailbox"),
    ] {
        let faults = faults(bad);
        assert!(faults.len() == 1 && faults[0].contains(why), "{bad}: {faults:?}");
        assert!(!faults[0].contains("a word"), "{faults:?}");
    }
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

/// The shipped pipeline or assessment without one line.
fn without_line(text: &str, start: &str) -> String {
    text.lines().filter(|line| !line.starts_with(start)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_purpose_or_interest_that_lacks_a_language_is_a_fault_of_its_file_and_key() {
    let faults = faults_of(&without_line(&shipped(), "pl = \"Prowadzimy"));
    let line = shipped().lines().position(|line| line == "[purpose.sentence]").unwrap() + 1;
    assert_eq!(faults.len(), 1, "{faults:?}");
    let [place, rest] =
        [format!("main.toml:{line}:"), "`purpose[1].sentence`: has no sentence for the language `pl`".into()];
    assert!(faults[0].contains(&place) && faults[0].contains(&rest), "{faults:?}");

    let assessment = include_str!("../commands/init/lia-directory.toml");
    let line = assessment.lines().position(|line| line == "[interest]").unwrap() + 1;
    let short = without_line(assessment, "it = ");
    let faults = faults_beside(&shipped(), &[("policy/lia-directory.toml", &short)]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    let [place, rest] =
        [format!("lia-directory.toml:{line}:"), "`interest`: has no sentence for the language `it`".into()];
    assert!(faults[0].contains(&place) && faults[0].contains(&rest), "{faults:?}");
    let empty = assessment.replace("it = \"tenere", "it = \"\" # ");
    let faults = faults_beside(&shipped(), &[("policy/lia-directory.toml", &empty)]);
    assert!(faults.iter().any(|fault| fault.contains("`it` is empty")), "{faults:?}");
    let fewer = shipped().replace(", \"it\", \"nl\", \"pl\"]", ", \"nl\", \"pl\"]");
    assert_eq!(faults_beside(&fewer, &[("policy/lia-directory.toml", &short)]), Vec::<String>::new());
}

#[test]
fn a_language_without_a_template_is_a_fault() {
    let faults = faults_of(&shipped().replace("languages = [\"de\",", "languages = [\"sv\", \"de\","));
    assert!(faults.iter().any(|fault| fault.contains("no notice template for `sv`")), "{faults:?}");
}

#[test]
fn automated_decisions_are_explained_in_every_language_or_it_is_a_fault() {
    let text = format!("{}\n[automated_decisions.explanation]\nde = \"Logik und Folgen.\"\n", shipped());
    let faults = faults_of(&text);
    assert_eq!(faults.len(), 6, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.contains("`automated_decisions.explanation`")), "{faults:?}");
}

#[test]
fn every_fault_of_own_templates_is_named_with_file_line_and_variable() {
    let text = shipped().replace("enabled = false", "enabled = false\ntemplates = \"policy/templates\"");
    let faults = faults_beside(
        &text,
        &[
            ("policy/templates/de.txt.j2", "Subject: x\n\nGuten Tag,\n{{ controller.legal_nmae }}\n"),
            ("policy/templates/fr.txt.j2", "Subject: x\n{% for v in values %}\n{{ v.valeur }}\n{% endfor %}\n"),
            ("policy/templates/sv.txt.j2", "Subject: x\n\nHej,\n"),
            ("policy/templates/en.txt.j2", "Subject: x\n\nHello,\n{{ reference }}\n"),
        ],
    );
    let says = |parts: [&str; 3]| faults.iter().any(|fault| parts.iter().all(|part| fault.contains(part)));
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(says(["de.txt.j2", "line 4", "`controller.legal_nmae`"]), "{faults:?}");
    assert!(says(["fr.txt.j2", "line 3", "`v.valeur`"]), "{faults:?}");
    assert!(says(["sv.txt.j2", "no rules", "language"]), "{faults:?}");
}

#[test]
fn one_click_needs_an_https_page_with_the_token() {
    let with = |page: &str| {
        let key = format!("enabled = false\nhtml = true\nunsubscribe_url = \"{page}\"");
        faults_of(&shipped().replace("enabled = false", &key))
    };
    assert_eq!(with("https://firma.example/opt-out/{token}"), Vec::<String>::new());
    for page in ["http://firma.example/{token}", "https://firma.example/", "https://firma.example/{token}>, <x"] {
        let faults = with(page);
        assert!(faults.len() == 1 && faults[0].contains("unsubscribe_url"), "{page}: {faults:?}");
    }
}
