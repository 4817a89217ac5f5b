//! What the tests of this crate share: a store in a folder of its own, invented people, and proofs from the gate.
//!
//! Invariant: proofs come from the gate itself; there is no other way to one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use muster_gate::sensitive::Screen;
use muster_gate::{
    Assessment, Cleared, Intake, IntakeContext, Merge, NoticeWay, Outcome, Policy, Reason, RecipientTerms, Release,
    ReleaseContext, ReleasedRow, SourceKind, SourceTerms, SuppressionList, Taken, TransferMechanism, admit,
    clear_merge, clear_quarantine, clear_release,
};
use muster_model::{
    Assignment, ClusterId, EntityKind, Evidence, Field, LedgerEvent, Lineage, Master, MasterRecord, MasterValue,
    Mention, MentionId, MentionRecord, Method, SecretKey, SourceName, SurvivorshipRule, Timestamp,
};
use tempfile::TempDir;

use crate::{Admitted, Store, StorePaths};

/// A folder with the places of a store.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) paths: StorePaths,
    pub(crate) key: SecretKey,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let paths = StorePaths { root: dir.path().join("store"), checkpoint: dir.path().join("checkpoint.json") };
        Self { dir, paths, key: SecretKey::from_bytes([7; 32]) }
    }

    pub(crate) fn open(&self, hour: i64) -> Store {
        Store::create_or_open(&self.paths, &self.key, at(hour)).unwrap()
    }

    pub(crate) fn ledger_file(&self) -> PathBuf {
        self.paths.ledger().join("00000001.jsonl")
    }

    pub(crate) fn ledger_text(&self) -> String {
        fs::read_to_string(self.ledger_file()).unwrap()
    }

    /// Commits `count` small events, one commit each.
    pub(crate) fn with_steps(&self, count: u64) {
        let mut store = self.open(1);
        for number in 0..count {
            store.commit(vec![step(number)]).unwrap();
        }
    }
}

pub(crate) fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + hour * 3_600).unwrap()
}

pub(crate) fn step(number: u64) -> LedgerEvent {
    LedgerEvent::StepCompleted { pipeline: "demo".into(), step: format!("day-{number}") }
}

pub(crate) fn record(number: usize) -> MentionRecord {
    let mut record = MentionRecord::new(EntityKind::Person);
    let name = format!("Testa Muster{number}");
    let mail = format!("testa.muster{number}@firma.example");
    record.name = Some(name.clone());
    record.company = Some("Firma GmbH".into());
    record.emails = vec![mail.clone()];
    record.phones = vec!["+493012345678".into()];
    record.source = Some(SourceName::new("web"));
    record.source_url = Some(format!("https://firma.example/team/{number}"));
    record.seen_at = Some(at(0));
    record.lang = Some("de".into());
    record.public = Some(true);
    record.values = vec![Evidence {
        field: Field::Emails,
        value: mail.clone(),
        method: Method::Mailto,
        quote: Some(mail),
        span: Some([10, 40]),
        form: None,
    }];
    record.assign_id(&SecretKey::from_bytes([7; 32]), 0);
    record
}

pub(crate) fn id(number: usize) -> MentionId {
    record(number).mention_id
}

fn assessment() -> Assessment {
    Assessment {
        id: "lia-1".into(),
        source_kinds: vec![SourceKind::Web],
        countries: Vec::new(),
        approved_on: date(2020, 1, 1),
        expires_on: date(2099, 1, 1),
        interest: BTreeMap::new(),
    }
}

pub(crate) fn terms() -> Admitted {
    Admitted { source: SourceName::new("web"), assessment_id: "lia-1".into(), policy_hash: "0123456789abcdef".into() }
}

/// Asks the intake gate under terms that allow everything that the law does.
fn at_intake<T>(ask: impl FnOnce(&IntakeContext<'_>) -> T) -> T {
    let (screen, suppression, key) = (Screen::new(), SuppressionList::default(), SecretKey::from_bytes([7; 32]));
    let source = SourceTerms {
        name: SourceName::new("web"),
        kind: SourceKind::Web,
        basis: Some("6(1)(f)".into()),
        assessment_id: Some("lia-1".into()),
        public: true,
    };
    let assessments = [assessment()];
    ask(&IntakeContext {
        screen: &screen,
        source: &source,
        assessments: &assessments,
        suppression: &suppression,
        key: &key,
        now: at(0),
    })
}

/// Mentions of these numbers that the intake gate cleared.
pub(crate) fn cleared(numbers: impl IntoIterator<Item = usize>) -> Vec<Cleared<Mention, Intake>> {
    at_intake(|context| {
        let ask = |number| match admit(Mention::new(record(number)).unwrap(), context).outcome {
            Outcome::Pass(mention) => mention,
            Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => {
                panic!("the gate refused mention {number}: {reasons:?}")
            }
        };
        numbers.into_iter().map(ask).collect()
    })
}

/// A mention that the intake gate cleared for quarantine.
pub(crate) fn quarantined(number: usize) -> Cleared<Mention, Intake> {
    let mention = Mention::new(record(number)).unwrap();
    at_intake(|context| clear_quarantine(mention, &[Reason::Namesake], context)).unwrap()
}

/// Keeps the mentions of these numbers.
pub(crate) fn keep(store: &mut Store, numbers: impl IntoIterator<Item = usize>) -> crate::KeepReport {
    store.keep(cleared(numbers), &terms(), None).unwrap()
}

pub(crate) fn cluster(number: usize) -> ClusterId {
    ClusterId::new(format!("p-{number}"))
}

/// Assigns each mention to the cluster of its number.
pub(crate) fn assign(store: &mut Store, numbers: impl IntoIterator<Item = usize>) {
    let each = |number| Assignment { mention_id: id(number), cluster_id: cluster(number) };
    store.commit(vec![LedgerEvent::MentionsAssigned { assignments: numbers.into_iter().map(each).collect() }]).unwrap();
}

/// The MASTER record of one mention.
pub(crate) fn master(number: usize) -> Master {
    let record = record(number);
    let line = Lineage {
        mention_id: record.mention_id.clone(),
        source: SourceName::new("web"),
        source_url: record.source_url.clone(),
        seen_at: at(0),
        method: Method::Mailto,
        quote: None,
        span: None,
        public: true,
    };
    let value = |field: Field| MasterValue {
        field,
        value: record.get(field)[0].clone(),
        rule: SurvivorshipRule::Agreed,
        lineage: vec![line.clone()],
    };
    Master::new(MasterRecord {
        cluster_id: cluster(number),
        kind: EntityKind::Person,
        company_id: None,
        obtained_at: at(0),
        members: vec![record.mention_id.clone()],
        values: vec![value(Field::Name), value(Field::Emails), value(Field::Phones)],
    })
}

pub(crate) fn cleared_master(number: usize) -> Cleared<Master, Merge> {
    match clear_merge(master(number), &SuppressionList::default(), &SecretKey::from_bytes([7; 32])) {
        Outcome::Pass(master) => master,
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => panic!("the gate refused record {number}: {reasons:?}"),
    }
}

fn policy() -> Policy {
    Policy {
        policy_hash: "0123456789abcdef".into(),
        retention_months: 12,
        zone: "Europe/Berlin".into(),
        holiday_region: "DE-BE".into(),
        languages: vec!["de".into()],
        wait_days: 14,
        delivered_after_hours: 72,
        paper_delivered_after_hours: 168,
        target_days: 10,
        alarm_days: 20,
        hard_stop_days: 25,
        hold_days: 14,
    }
}

/// A row that the release gate cleared, of a person who was told long enough ago.
pub(crate) fn cleared_row(number: usize, fields: &[Field]) -> Cleared<ReleasedRow, Release> {
    cleared_row_of(&master(number), fields)
}

pub(crate) fn cleared_row_of(master: &Master, fields: &[Field]) -> Cleared<ReleasedRow, Release> {
    let recipient = RecipientTerms {
        name: "CRM".into(),
        country: "DE".into(),
        mechanism: TransferMechanism::None,
        assessment_id: Some("lia-1".into()),
        fields: fields.to_vec(),
    };
    let told_at = master.members().iter().map(|id| (id.clone(), Taken { at: at(0), way: NoticeWay::Mail })).collect();
    let context = ReleaseContext {
        policy: &policy(),
        assessments: &[assessment()],
        recipient: &recipient,
        suppression: &SuppressionList::default(),
        key: &SecretKey::from_bytes([7; 32]),
        told_at: &told_at,
        purposes: &[],
        purposes_told: &BTreeMap::new(),
        bounced: false,
        on_hold: false,
        restricted: false,
        now: at(24 * 60),
    };
    match clear_release(master, &context) {
        Outcome::Pass(row) => row,
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => panic!("the gate refused a row: {reasons:?}"),
    }
}

/// Every file below a folder.
pub(crate) fn files_below(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.insert(path);
        }
    }
    found
}
