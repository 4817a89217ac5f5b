//! The mails that arrive: labelled ones of `fixtures/mail`, each for a person of its own.

use std::collections::{BTreeMap, BTreeSet};

use muster_mail::{InboxHints, classify};
use serde_json::Value;

use crate::harness::checkout;
use crate::harness::mail_servers::ACCOUNT;

/// How many mails of each sort are sent, where there are so many.
const WRITTEN: usize = 60;
const BOUNCES: usize = 66;
const COMPLAINTS: usize = 10;
const AUTO_REPLIES: usize = 40;

/// What a mail leads to, as its label says.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) kind: String,
    kinds: BTreeSet<String>,
    needs_review: bool,
    is_delayed: bool,
    /// Whether the mail says whom it is about.
    pub(super) is_known: bool,
}

impl Expected {
    /// A report about a notice, by its kind.
    pub(super) fn bounce(kind: &str) -> Self {
        let kinds = [kind.to_owned()].into();
        Self { kind: kind.to_owned(), kinds, needs_review: false, is_delayed: false, is_known: true }
    }

    /// How the person stands on the list: `suppressed` everywhere, for the `phone` only, or not at all.
    pub(super) fn silenced(&self) -> Option<&'static str> {
        let is = |kind: &str| self.kinds.contains(kind);
        if ["opt-out", "objection", "erasure", "complaint"].into_iter().any(is) {
            return Some("suppressed");
        }
        is("do-not-call").then_some("phone")
    }

    /// The cases that are opened, and whether each waits for somebody.
    pub(super) fn cases(&self) -> BTreeMap<&str, bool> {
        let discloses = self.kinds.contains("access") || self.kinds.contains("portability");
        let case = |kind: &'_ str| match kind {
            "opt-out" | "do-not-call" | "objection" | "complaint" => Some(false),
            "erasure" => Some(discloses),
            "access" | "rectification" | "restriction" | "portability" | "data-complaint" => Some(true),
            _ => None,
        };
        let named = |kind: &'static str| kind;
        let mut cases = BTreeMap::new();
        for kind in &self.kinds {
            if let Some(open) = case(kind) {
                // A provider's report is the person's objection.
                let name = if kind == "complaint" { named("objection") } else { kind.as_str() };
                cases.insert(name, open);
            }
        }
        cases
    }

    /// Whether somebody has to look.
    pub(super) fn is_queued(&self) -> bool {
        let came_back = matches!(self.kind.as_str(), "bounce-transient" | "bounce-policy") && !self.is_delayed;
        self.needs_review || self.kind == "other" || came_back
    }
}

/// A labelled mail.
pub(super) struct Letter {
    raw: Vec<u8>,
    token: Option<String>,
    recipient: Option<String>,
    pub(super) language: String,
    pub(super) expected: Expected,
}

/// A mail as it is handed to the server.
pub(super) struct Posted {
    pub(super) mail_from: String,
    pub(super) rcpt_to: String,
    pub(super) raw: Vec<u8>,
}

impl Letter {
    /// Reads a label; `None` where it does not say enough, or where the classifier is known to err: what it gets wrong is
    /// counted elsewhere, here is asked what follows from what it gets right.
    fn of(raw: Vec<u8>, label: &Value) -> Option<Self> {
        let text = |name: &str| label[name].as_str().map(str::to_owned);
        let kind = text("kind")?;
        let listed = label["kinds"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        let kinds: BTreeSet<String> = listed.chain([kind.clone()]).collect();
        let needs_review = label["needs_review"].as_bool().unwrap_or(false);
        let verdict = classify(&raw, &InboxHints::default());
        let found: BTreeSet<String> =
            verdict.kinds.iter().chain([&verdict.kind]).map(|kind| kind.as_str().to_owned()).collect();
        let (token, recipient) = (text("token"), text("recipient"));
        let found_token = verdict.token.as_ref().map(|token| token.as_str().to_owned());
        let found_recipient = verdict.recipient.as_ref().map(|address| address.as_str().to_owned());
        let is_right = (verdict.kind.as_str(), verdict.needs_review) == (kind.as_str(), needs_review)
            && found == kinds
            && found_token == token
            && (token.is_some() || found_recipient == recipient);
        // Whoever writes without a token from an address of their own is found by nothing that could be put in place.
        let is_known = token.is_some() || recipient.is_some();
        let is_no = kinds.iter().any(|kind| !matches!(kind.as_str(), "other" | "auto-reply"));
        let expected = Expected { kind, kinds, needs_review, is_delayed: verdict.rule.ends_with(".delayed"), is_known };
        let language = text("language").unwrap_or_default();
        (is_right && (is_known || !is_no)).then_some(Self { raw, token, recipient, language, expected })
    }

    /// Puts a person's token and address in place of those in the mail.
    pub(super) fn for_person(&self, token: &str, email: &str) -> Posted {
        let mut raw = self.raw.clone();
        if let Some(old) = &self.token {
            raw = replaced(&raw, old, token);
            let text = String::from_utf8_lossy(&raw).into_owned();
            let ours = ACCOUNT.split_once('@').unwrap().1;
            // The labelled mails are addressed to several controllers.
            let at = format!("{token}@");
            let behind = text.split(&at).skip(1);
            let domain = |rest: &str| -> String {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect()
            };
            // A line of quoted-printable may end in the middle of one; half a domain is none.
            let domains = behind.map(domain).filter(|domain| domain.ends_with(".example"));
            for domain in domains.collect::<BTreeSet<_>>() {
                raw = replaced(&raw, &format!("@{domain}"), &format!("@{ours}"));
            }
        }
        if let Some(old) = &self.recipient {
            raw = replaced(&raw, old, email);
        }
        let head = String::from_utf8_lossy(&raw).into_owned();
        let header =
            |name: &str| head.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix(name));
        let return_path = header("Return-Path:").map(|value| value.trim().trim_matches(['<', '>']).to_owned());
        // A report and a machine's note have no return path, a person's mail has.
        let usual = if sort_of(&self.expected.kind) == "written" { email } else { "" };
        let plain = return_path.filter(|path| path.is_ascii() && !path.contains(' '));
        let mail_from = plain.unwrap_or_else(|| usual.to_owned());
        let rcpt_to = self.token.as_ref().map_or(ACCOUNT.to_owned(), |_| ACCOUNT.replace('@', &format!("+{token}@")));
        Posted { mail_from, rcpt_to, raw }
    }
}

/// Replaces an ASCII word in bytes of any charset, in whatever case it is written.
fn replaced(raw: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.get(..old.len()).is_some_and(|head| head.eq_ignore_ascii_case(old.as_bytes())) {
            text.extend_from_slice(new.as_bytes());
            at += old.len();
        } else {
            text.push(rest[0]);
            at += 1;
        }
    }
    text
}

/// A mail and its label.
type Labelled = (Vec<u8>, Value);

/// Labelled mails of one language.
type ByKind = BTreeMap<String, Vec<Labelled>>;

/// All labelled mails of the project, by file.
fn labelled() -> Vec<Labelled> {
    let folder = checkout().join("fixtures/mail");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => {
                let label = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                found.push((std::fs::read(path.with_extension("eml")).unwrap(), label));
            }
            Some("jsonl") => {
                for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim().is_empty()) {
                    let case: Value = serde_json::from_str(line).unwrap();
                    // Bytes that are not UTF-8 cannot be a string of JSON; there are enough others.
                    let Some(raw) = case["raw"].as_str() else { continue };
                    found.push((raw.as_bytes().to_vec(), case["expected"].clone()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Takes one from each group in turn, until all are taken.
fn in_turn<T>(groups: impl IntoIterator<Item = Vec<T>>) -> Vec<T> {
    let mut taken = Vec::new();
    let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
    loop {
        let round: Vec<T> = groups.iter_mut().filter_map(Iterator::next).collect();
        if round.is_empty() {
            return taken;
        }
        taken.extend(round);
    }
}

/// The mixture: replies in all languages and of all kinds in turn, reports, complaints, machines' notes.
pub(super) fn letters() -> Vec<Letter> {
    let mut sorts: BTreeMap<&str, BTreeMap<String, ByKind>> = BTreeMap::new();
    for (raw, label) in labelled() {
        let text = |name: &str| label[name].as_str().unwrap_or_default().to_owned();
        let (kind, language) = (text("kind"), text("language"));
        sorts
            .entry(sort_of(&kind))
            .or_default()
            .entry(language)
            .or_default()
            .entry(kind)
            .or_default()
            .push((raw, label));
    }
    let bounds = [("written", WRITTEN), ("bounce", BOUNCES), ("complaint", COMPLAINTS), ("auto-reply", AUTO_REPLIES)];
    let mixed = bounds.into_iter().flat_map(|(sort, count)| {
        let languages = sorts.remove(sort).unwrap_or_default().into_values();
        let all = in_turn(languages.map(|kinds| in_turn(kinds.into_values())));
        all.into_iter().filter_map(|(raw, label)| Letter::of(raw, &label)).take(count)
    });
    mixed.collect()
}

/// Which sort a kind is of, for the mixture.
fn sort_of(kind: &str) -> &'static str {
    match kind {
        "bounce-permanent" | "bounce-transient" | "bounce-policy" => "bounce",
        "complaint" => "complaint",
        "auto-reply" => "auto-reply",
        _ => "written",
    }
}
