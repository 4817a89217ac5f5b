//! What follows from one mail: suppressions, cases, bounce states, a question to a person.
//!
//! Planning writes nothing, so that a dry run shows the same as a read does.
//!
//! Invariant: whoever says no is in the plan before anybody asks who it was (GDPR 21(3)); a machine's answer is in it
//! only as a question to a person.

use std::collections::BTreeSet;

use muster_gate::{NoticeWay, address_hash, manual_entry};
use muster_mail::MailVerdict;
use muster_model::{
    CaseId, CaseKind, ClusterId, EmailAddress, EntityKind, Field, KeyLabel, KeyedHash, LedgerEvent, MailCursor,
    MailKind, MentionRecord, NORMALIZER_VERSION, NoticeToken, SuppressionEntry, SuppressionKey, SuppressionKeyKind,
    SuppressionReason, Timestamp,
};
use muster_store::NoticeRow;

use super::person::People;
use crate::command_error::CommandError;
use crate::session::Session;
use crate::stages::people::way_of;

/// One mail with what is known about it.
pub(super) struct Incoming {
    /// Its keyed hash.
    pub(super) mail: KeyedHash,
    /// What it is.
    pub(super) verdict: MailVerdict,
    /// The notice that it answers, where there was one of that token.
    pub(super) notice: Option<NoticeRow>,
    /// Whom it is about.
    pub(super) person: Option<ClusterId>,
    /// When it arrived.
    pub(super) arrived_at: Timestamp,
    /// Where it lies, for a mail that came by IMAP.
    pub(super) cursor: Option<MailCursor>,
}

/// What became of a mail; every mail counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Something was done, and nobody has to look.
    Acted,
    /// A person has to look, whatever else was done.
    Queued,
    /// Nothing follows from it.
    Ignored,
}

impl Outcome {
    /// Returns the name used in counts and tables.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Acted => "acted",
            Self::Queued => "queued",
            Self::Ignored => "ignored",
        }
    }
}

/// What follows from a mail.
pub(super) struct Plan {
    /// The events, the mail's own among them.
    pub(super) events: Vec<LedgerEvent>,
    /// What was done, in words of a list, for a dry run.
    pub(super) steps: Vec<String>,
    /// The cases that it opened.
    pub(super) cases: Vec<CaseId>,
    /// When the answer is due, where a case stays open.
    pub(super) due_at: Option<Timestamp>,
    /// What becomes of the mail.
    pub(super) outcome: Outcome,
}

/// What a kind of mail leads to.
enum Effect {
    /// The person goes on the list, and the case is answered by it.
    Suppress(SuppressionReason, CaseKind),
    /// A case is opened for a person to answer.
    Open(CaseKind),
    /// The notice did not arrive and never will: the address is dead.
    Bounced,
    /// The notice did not arrive this time, for a reason that is not the person's (NT-6).
    CameBack,
    /// Nothing changes by itself.
    Nothing,
}

const fn effect_of(kind: MailKind) -> Effect {
    match kind {
        MailKind::OptOut => Effect::Suppress(SuppressionReason::OptOut, CaseKind::OptOut),
        MailKind::DoNotCall => Effect::Suppress(SuppressionReason::DoNotCall, CaseKind::DoNotCall),
        MailKind::Objection => Effect::Suppress(SuppressionReason::Objection, CaseKind::Objection),
        MailKind::Erasure => Effect::Suppress(SuppressionReason::Erasure, CaseKind::Erasure),
        MailKind::Complaint => Effect::Suppress(SuppressionReason::Complaint, CaseKind::Objection),
        MailKind::Access => Effect::Open(CaseKind::Access),
        MailKind::Rectification => Effect::Open(CaseKind::Rectification),
        MailKind::Restriction => Effect::Open(CaseKind::Restriction),
        MailKind::Portability => Effect::Open(CaseKind::Portability),
        MailKind::DataComplaint => Effect::Open(CaseKind::DataComplaint),
        MailKind::BouncePermanent => Effect::Bounced,
        MailKind::BounceTransient | MailKind::BouncePolicy => Effect::CameBack,
        MailKind::AutoReply | MailKind::Other => Effect::Nothing,
    }
}

/// Returns everything that a mail is or asks for, each once.
pub(super) fn kinds_of(verdict: &MailVerdict) -> Vec<MailKind> {
    let mut kinds = vec![verdict.kind];
    for kind in &verdict.kinds {
        if !kinds.contains(kind) {
            kinds.push(*kind);
        }
    }
    kinds
}

/// Plans what follows from a mail.
///
/// # Errors
///
/// A store error, and a usage error where the policy's zone is unknown.
pub(super) fn plan(session: &Session, mail: &Incoming, people: &People) -> Result<Plan, CommandError> {
    let kinds = kinds_of(&mail.verdict);
    let mut draft = Draft::new(session, mail, people)?;
    let mut suppressions: Vec<(SuppressionReason, CaseKind)> = kinds.iter().filter_map(|kind| no_of(*kind)).collect();
    if let Some(unnamed) = unnamed_no(&mail.verdict, &suppressions) {
        suppressions.push(unnamed);
        draft.question = Some("mail");
    }
    if !suppressions.is_empty() {
        draft.object(&suppressions, kinds.iter().any(|kind| discloses(*kind)));
    }
    for kind in kinds {
        match effect_of(kind) {
            Effect::Suppress(..) | Effect::Nothing => {}
            Effect::Open(case) => draft.open(case),
            Effect::Bounced => draft.bounced(true),
            // A delay is no bounce: the mail may still arrive.
            Effect::CameBack if mail.verdict.rule.ends_with(".delayed") => {}
            Effect::CameBack => draft.bounced(false),
        }
    }
    Ok(draft.finish())
}

fn no_of(kind: MailKind) -> Option<(SuppressionReason, CaseKind)> {
    match effect_of(kind) {
        Effect::Suppress(reason, case) => Some((reason, case)),
        Effect::Open(_) | Effect::Bounced | Effect::CameBack | Effect::Nothing => None,
    }
}

/// A no to a channel that none of the kinds stands for: doubt acts for the person at once, and tells a human (RT-2).
fn unnamed_no(verdict: &MailVerdict, named: &[(SuppressionReason, CaseKind)]) -> Option<(SuppressionReason, CaseKind)> {
    let is_global = named.iter().any(|(reason, _)| *reason != SuppressionReason::DoNotCall);
    if is_machine(verdict.kind) {
        return None;
    }
    if verdict.suppress.email && !is_global {
        return Some((SuppressionReason::OptOut, CaseKind::OptOut));
    }
    let calls = verdict.suppress.phone && named.is_empty();
    calls.then_some((SuppressionReason::DoNotCall, CaseKind::DoNotCall))
}

/// Whether a machine wrote it, whose words ask for nothing.
const fn is_machine(kind: MailKind) -> bool {
    matches!(kind, MailKind::AutoReply | MailKind::BouncePermanent | MailKind::BounceTransient | MailKind::BouncePolicy)
}

/// Whether the person gets data by it, which an erasure has to wait for (RT-5).
const fn discloses(kind: MailKind) -> bool {
    matches!(kind, MailKind::Access | MailKind::Portability)
}

/// A plan in the making.
struct Draft<'a> {
    session: &'a Session,
    mail: &'a Incoming,
    people: &'a People,
    due_at: Timestamp,
    /// What a person has to decide, where they have to: the subject of the question.
    question: Option<&'static str>,
    is_open: bool,
    plan: Plan,
}

impl<'a> Draft<'a> {
    fn new(session: &'a Session, mail: &'a Incoming, people: &'a People) -> Result<Self, CommandError> {
        let due_at = people.due(session, mail.person.as_ref(), mail.arrived_at)?;
        let doubtful = mail.verdict.needs_review || mail.verdict.kind == MailKind::Other;
        // A note that says that somebody left is about the record, not about a wish (RE-2).
        let stale =
            mail.verdict.kind == MailKind::AutoReply && mail.verdict.rule.split('.').any(|part| part == "stale");
        let question = doubtful.then_some(if stale && mail.person.is_some() { "accuracy" } else { "mail" });
        let plan =
            Plan { events: Vec::new(), steps: Vec::new(), cases: Vec::new(), due_at: None, outcome: Outcome::Ignored };
        Ok(Self { session, mail, people, due_at, question, is_open: false, plan })
    }

    fn note(&mut self, step: impl Into<String>, event: LedgerEvent) {
        self.plan.steps.push(step.into());
        self.plan.events.push(event);
    }

    /// Opens a case that a person answers; whose it is has to be found out where that is not known.
    fn open(&mut self, kind: CaseKind) {
        self.case(kind);
        self.is_open = true;
        if self.mail.person.is_none() {
            self.question = Some("mail");
        }
    }

    fn case(&mut self, kind: CaseKind) -> CaseId {
        let hash = self.mail.mail.to_hex();
        let hash = self.session.key.hash(KeyLabel::Case, &[hash.as_bytes(), kind.as_str().as_bytes()]);
        let case_id = CaseId::new(format!("case-{}", hash.to_base32(12)));
        let opened = LedgerEvent::CaseOpened {
            case_id: case_id.clone(),
            kind,
            channel: "mail".into(),
            cluster_id: self.mail.person.clone(),
            received_at: self.mail.arrived_at,
            due_at: self.due_at,
        };
        self.note(format!("case:{}", kind.as_str()), opened);
        self.plan.cases.push(case_id.clone());
        case_id
    }

    /// Acts for a person who says no: at once, and before anybody asks who it was.
    ///
    /// # Law
    ///
    /// GDPR 21(3), 12(6): an objection to direct marketing needs no proof of identity beyond a matching address. Where
    /// there is nothing to recognize the person by, the case stays open and somebody has to look. An erasure behind a
    /// request for the data stays open until those are answered (rule RT-5).
    fn object(&mut self, all: &[(SuppressionReason, CaseKind)], answer_first: bool) {
        // One mail puts its sender on the list once, for its gravest reason: what is global outweighs the telephone.
        let gravest = all.iter().find(|(reason, _)| *reason != SuppressionReason::DoNotCall).or(all.first());
        let entry = gravest.and_then(|(reason, _)| self.entry(*reason));
        let listed = entry.is_some();
        let mut kinds: Vec<CaseKind> = all.iter().map(|(_, kind)| *kind).collect();
        kinds.sort();
        kinds.dedup();
        for kind in kinds {
            let case_id = self.case(kind);
            if !listed || (answer_first && kind == CaseKind::Erasure) {
                self.is_open = true;
            } else {
                self.plan.events.push(LedgerEvent::CaseClosed { case_id, outcome: "suppressed".into() });
            }
        }
        match entry {
            Some(entry) => {
                self.note(format!("suppress:{}", entry.reason.as_str()), LedgerEvent::SuppressionAdded { entry });
            }
            None => self.question = Some("mail"),
        }
    }

    /// The entry with everything that the person can be recognized by; none where there is nothing.
    fn entry(&self, reason: SuppressionReason) -> Option<SuppressionEntry> {
        let Self { session, mail, people, .. } = self;
        // The address that the notice went to always counts, on record or not.
        let mailed = mail.notice.as_ref().filter(|row| way_of(row) == NoticeWay::Mail);
        let rcpt = mailed.map(|row| SuppressionKey { kind: SuppressionKeyKind::Email, hash: row.rcpt });
        let on_record = mail.person.as_ref().and_then(|person| people.book.entry(person, reason, session));
        let stranger = || {
            let record = self.stranger().filter(|_| rcpt.is_none())?;
            manual_entry(&record, &session.key, reason, session.now)
        };
        let entry = on_record.or_else(stranger);
        let mut keys: BTreeSet<SuppressionKey> = entry.iter().flat_map(|entry| entry.keys.iter().copied()).collect();
        keys.extend(rcpt);
        if keys.is_empty() {
            return None;
        }
        let keys = keys.into_iter().collect();
        Some(match entry {
            Some(entry) => SuppressionEntry { keys, ..entry },
            None => SuppressionEntry {
                entry_id: format!("s-{}", mail.mail.to_base32(16)),
                reason,
                scope: reason.scope(),
                added_at: session.now,
                normalizer_version: NORMALIZER_VERSION,
                keys,
                namesake_keys: Vec::new(),
                confirmed_keys: Vec::new(),
            },
        })
    }

    /// Whoever objects and is not on record is put on the list by the address of whom the mail concerns. Who wrote it
    /// counts only where it concerns nobody else: an assistant or a lawyer has not asked for themselves.
    fn stranger(&self) -> Option<MentionRecord> {
        let verdict = &self.mail.verdict;
        let controller = EmailAddress::parse(&self.session.config.controller.email).ok();
        let own = |address: &EmailAddress| controller.as_ref().is_some_and(|ours| ours.domain() == address.domain());
        // A feedback report is written by a mail provider: only whom it is about is meant.
        let writer = verdict.from.as_ref().filter(|_| verdict.kind != MailKind::Complaint);
        let address = verdict.recipient.as_ref().or(writer).filter(|address| !own(address))?;
        let mut record = MentionRecord::new(EntityKind::Person);
        record.set(Field::Emails, vec![address.as_str().to_owned()]);
        (!record.emails.is_empty()).then_some(record)
    }

    /// A notice that came back for good tells nobody; what follows from that the sweep decides. One that came back for
    /// reputation, content or time leaves the person as they are, and somebody decides about the notice.
    ///
    /// A report that does not repeat our token still names the address: every notice to it came back.
    fn bounced(&mut self, permanent: bool) {
        let verdict = &self.mail.verdict;
        let address = verdict.recipient.as_ref().map(|address| address_hash(&self.session.key, address));
        let tokens: Vec<NoticeToken> = if verdict.token.is_some() {
            self.mail.notice.iter().map(|row| row.token.clone()).collect()
        } else {
            address.map(|address| self.people.notices_to(&address).to_vec()).unwrap_or_default()
        };
        for token in tokens {
            let bounced = LedgerEvent::NoticeBounced { token, permanent, status_code: verdict.status_code.clone() };
            self.note(if permanent { "bounced" } else { "came-back" }, bounced);
        }
        if !permanent && self.mail.notice.is_some() {
            self.question = Some("notice");
        }
    }

    fn finish(mut self) -> Plan {
        if let Some(subject) = self.question {
            let review = LedgerEvent::ReviewQueued {
                review_id: format!("mail-{}", self.mail.mail.to_base32(16)),
                subject: subject.into(),
                reason: self.mail.verdict.rule.clone(),
                cluster_id: self.mail.person.clone(),
                mention_id: None,
                token: self.mail.notice.as_ref().map(|row| row.token.clone()),
                mail: Some(self.mail.mail),
                // A file name may hold a name: the queue finds the mail by its hash.
                locator: None,
            };
            self.note(format!("review:{subject}"), review);
        }
        self.plan.outcome = match (self.question, self.plan.events.is_empty()) {
            (Some(_), _) => Outcome::Queued,
            (None, false) => Outcome::Acted,
            (None, true) => Outcome::Ignored,
        };
        self.plan.due_at = self.is_open.then_some(self.due_at);
        let read = read_event(self.session, self.mail, self.question.is_some());
        self.plan.events.push(read);
        self.plan
    }
}

/// The mail's own event: what it was and where, without a word of it.
fn read_event(session: &Session, mail: &Incoming, needs_review: bool) -> LedgerEvent {
    let verdict = &mail.verdict;
    let kinds = kinds_of(verdict);
    let id = verdict.message_id.as_ref();
    LedgerEvent::MailRead {
        mail: mail.mail,
        kind: verdict.kind,
        token: mail.notice.as_ref().map(|row| row.token.clone()),
        needs_review,
        kinds: if kinds.len() > 1 { kinds } else { Vec::new() },
        rule: verdict.rule.clone(),
        confidence_percent: Some(percent(verdict.confidence)),
        lang: verdict.language.clone(),
        identity: identity_text(verdict),
        authentication: verdict.authentication.as_str().to_owned(),
        message_id: id.map(|id| message_id_hash(session, id)),
        cursor: mail.cursor.clone(),
    }
}

fn percent(share: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 before")]
    let percent = (share.clamp(0.0, 1.0) * 100.0) as u8;
    percent
}

fn identity_text(verdict: &MailVerdict) -> String {
    let score = percent(verdict.identity.score);
    verdict.identity.by.map(|way| format!("{} {score}", way.as_str())).unwrap_or_default()
}

/// Returns the keyed hash of a `Message-ID`.
fn message_id_hash(session: &Session, id: &str) -> KeyedHash {
    session.key.hash(KeyLabel::Mail, &[b"message-id", id.as_bytes()])
}
