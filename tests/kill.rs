//! Promise 6: SIGKILL at any instant loses nothing acknowledged and sends nobody two notices.
//!
//! The real binary is killed at seeded instants spread over a whole run, then run to its end; the outcome must be
//! that of a run that nobody disturbed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::Project;

/// Where the MASTER snapshot lies; it is named by its content.
const MASTER: &str = "state/demo/store/master";

/// Kills in all, and how many a project suffers before it may end.
const KILLS: usize = 50;
const KILLS_PER_PROJECT: usize = 5;

/// A small generator (splitmix64), so that the instants can be had again from the seed that is printed.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    }
}

/// What else a run comes to: the suppression list, cases and queue, and every exported file but the manifests, which
/// name the ledger's position.
fn outcome(project: &Project) -> (Vec<String>, BTreeMap<PathBuf, Vec<u8>>) {
    let lists = [["suppress", "list"], ["case", "list"], ["review", "list"]];
    let at = "2026-11-22T09:00:00Z";
    let said = lists
        .iter()
        .map(|[verb, list]| project.run(&[verb, list, "--format", "csv", "--now", at]).ended_with(0).stdout);
    // The locator of a mail is its place in this project's own folder.
    let said = said.map(|text| text.replace(&project.folder.path().display().to_string(), "")).collect();
    let mut exports = project.files("state/demo/exports");
    exports.retain(|path, _| !path.to_string_lossy().ends_with(".manifest.json"));
    (said, exports)
}

fn kill_after(project: &Project, delay: Duration) -> bool {
    let mut child =
        project.command(&["run", "pipelines/demo.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    let ended = child.try_wait().unwrap().is_some();
    // SIGKILL: no handler, no flush, no goodbye.
    child.kill().unwrap();
    child.wait().unwrap();
    !ended
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a kill at an instant needs the length of a run")]
fn killed_at_fifty_instants_the_outcome_is_that_of_an_undisturbed_run() {
    let undisturbed = Project::demo();
    let start = Instant::now();
    undisturbed.run_demo();
    let length = u64::try_from(start.elapsed().as_micros()).unwrap();
    let (master, notices, outcome) = (undisturbed.files(MASTER), undisturbed.notices(), outcome(&undisturbed));
    assert!(notices.len() > 30, "{} notices", notices.len());
    let seed = 20_261_102;
    println!("seed {seed}, a run takes {length} microseconds");
    let mut seeded = Seeded(seed);
    let mut inside = 0;
    for round in 0..KILLS / KILLS_PER_PROJECT {
        let project = Project::demo();
        let mut left = length;
        for _ in 0..KILLS_PER_PROJECT {
            let hit = kill_after(&project, Duration::from_micros(seeded.next(left)));
            inside += usize::from(hit);
            // A project that has been through most of a run has little left to do: aim earlier.
            left -= left / if hit { 8 } else { 3 };
        }
        project.run_demo();
        project.run(&["audit", "verify"]).ended_with(0);
        assert_eq!(project.notices(), notices, "round {round}: each person has exactly one notice");
        assert_eq!(project.files(MASTER), master, "round {round}: the same MASTER, byte for byte");
        assert_eq!(self::outcome(&project), outcome, "round {round}: the same list, cases, queue and exports");
    }
    println!("{inside} of {KILLS} kills fell inside a run");
    assert!(inside >= KILLS / 4, "only {inside} kills fell inside a run");
}
