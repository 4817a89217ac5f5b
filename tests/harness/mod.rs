//! A project in a temporary folder, and the binary run in it.

pub(crate) mod imap_probe;
pub(crate) mod mail_servers;
pub(crate) mod tcp_proxy;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a command printed and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Fails the test unless the command ended with this code.
    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// A project.
pub(crate) struct Project {
    pub(crate) folder: TempDir,
}

/// A key that every test project shares, so that ids can be compared between them.
pub(crate) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

impl Project {
    /// A copy of the demo: its pipeline, with the fixtures of the checkout.
    pub(crate) fn demo() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        let root = checkout();
        std::fs::create_dir_all(project.path("pipelines")).unwrap();
        std::fs::copy(root.join("pipelines/demo.toml"), project.path("pipelines/demo.toml")).unwrap();
        for name in ["fixtures", "policy"] {
            std::os::unix::fs::symlink(root.join(name), project.path(name)).unwrap();
        }
        project.write("state/demo/muster.key", KEY);
        project
    }

    /// What `muster init` makes.
    pub(crate) fn init() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        project.run(&["init", "."]).ended_with(0);
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&std::fs::read(self.path(name)).unwrap()).into_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a piece of a file that must be there.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, &text.replace(from, to));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.current_dir(self.folder.path()).args(args).env_remove("MUSTER_PIPELINE").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs the demo, which must succeed.
    #[track_caller]
    pub(crate) fn run_demo(&self) -> Ran {
        self.run(&["run", "pipelines/demo.toml"]).ended_with(0)
    }

    /// The MASTER, as a user sees it: every record with lineage.
    #[track_caller]
    pub(crate) fn master(&self) -> BTreeMap<String, serde_json::Value> {
        let list = self.run(&["master", "list", "--format", "json"]).ended_with(0);
        let list: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
        let ids = list["rows"].as_array().unwrap().iter().map(|row| row["cluster_id"].as_str().unwrap().to_owned());
        ids.map(|id| {
            let shown = self.run(&["master", "show", &id, "--format", "json"]).ended_with(0);
            (id, serde_json::from_str(&shown.stdout).unwrap())
        })
        .collect()
    }

    /// The id of the one person of that name.
    #[track_caller]
    pub(crate) fn person(&self, name: &str) -> String {
        let list = self.run(&["master", "list", "--entity", "person", "--format", "json"]).ended_with(0);
        let list: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
        let found: Vec<&serde_json::Value> =
            list["rows"].as_array().unwrap().iter().filter(|row| row["name"] == name).collect();
        assert_eq!(found.len(), 1, "people named `{name}`");
        found[0]["cluster_id"].as_str().unwrap().to_owned()
    }

    /// Every file below a folder with its bytes, by relative path.
    pub(crate) fn files(&self, below: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.path(below), &self.path(below), &mut found);
        found
    }

    /// The tokens of the notices in the outbox, one per file.
    pub(crate) fn notices(&self) -> Vec<String> {
        let mut names: Vec<String> = ["new", "cur"]
            .iter()
            .filter_map(|folder| std::fs::read_dir(self.path("state/demo/outbox").join(folder)).ok())
            .flat_map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect();
        names.sort();
        names
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
        }
    }
}

/// The folder of the checkout.
pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
