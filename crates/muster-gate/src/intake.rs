//! The intake wall: what may be written at all.
//!
//! It runs in memory, before the first write. In order: lineage, lawful basis, visibility, the sensitive gate on
//! every value and quote, suppression.
//!
//! Invariant: what comes out as `Pass` or `Hold` holds no value that the sensitive gate rejected, and a suppressed
//! person's mention comes out as neither.

use jiff::tz::TimeZone;
use muster_model::{EntityKind, Evidence, Field, Mention, MentionRecord, RejectionCount, SecretKey, Timestamp};

use crate::sensitive::{FieldVerdict, Screen};
use crate::suppression::{SuppressionHit, SuppressionList, person_keys};
use crate::{Assessment, Cleared, Intake, Outcome, Reason, SourceTerms};

/// What the intake wall decides with.
#[derive(Debug, Clone, Copy)]
pub struct IntakeContext<'a> {
    /// The compiled sensitive gate.
    pub screen: &'a Screen,
    /// The terms of the source that the mention came through.
    pub source: &'a SourceTerms,
    /// All assessments of the policy.
    pub assessments: &'a [Assessment],
    /// The suppression list.
    pub suppression: &'a SuppressionList,
    /// The installation's secret, for suppression keys.
    pub key: &'a SecretKey,
    /// The instant of the decision.
    pub now: Timestamp,
}

/// What the intake wall answers for one mention.
#[derive(Debug)]
pub struct Admission {
    /// Whether it may be kept.
    pub outcome: Outcome<Mention, Intake>,
    /// What was refused of it: category and class of field, never the value.
    pub rejected: Vec<RejectionCount>,
}

/// Decides whether a mention may be kept, and takes out of it what may not.
///
/// # Law
///
/// GDPR 9 and 5(1)(c): protected and unneeded data are refused before the first write. 6(1): without a valid basis
/// nothing is kept. 21(3): a suppressed person's data are not taken in again.
pub fn admit(mention: Mention, context: &IntakeContext<'_>) -> Admission {
    let source = mention.source().clone();
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = mention.into_record().expose_owned();
    let mut reasons = basis_reasons(&record, context);
    if record.source_url.is_none() {
        reasons.push(Reason::LineageMissing);
    }
    if context.source.public && record.public == Some(false) {
        reasons.push(Reason::NotPublic);
    }
    let mut keys = person_keys(&record, context.key);
    let (record, rejected, review) = screened(record, context.screen);
    // What the sensitive gate cut may have been what tells the person, or what hid them.
    keys.extend(person_keys(&record, context.key));
    let held = context.suppression.check(&keys);
    let deny = |reasons: Vec<Reason>, rejected| Admission { outcome: Outcome::Deny(reasons), rejected };
    if let SuppressionHit::Suppressed(reason) = held {
        return deny(vec![reason], rejected);
    }
    if record.is_empty() || (record.kind == EntityKind::Person && record.name.is_none() && record.emails.is_empty()) {
        reasons.push(match (review, rejected.is_empty()) {
            (true, _) => Reason::SensitiveReview,
            (false, false) => Reason::SensitiveRecord,
            (false, true) => Reason::NothingToKeep,
        });
    }
    if !reasons.is_empty() {
        return deny(reasons, rejected);
    }
    debug_assert!(record.source.as_ref() == Some(&source), "BUG: screening changed the source");
    let Ok(mention) = Mention::new(record) else { return deny(vec![Reason::LineageMissing], rejected) };
    let mut hold = Vec::new();
    if let SuppressionHit::Doubtful(reason) = held {
        hold.push(reason);
    }
    if review {
        hold.push(Reason::SensitiveReview);
    }
    let outcome = if hold.is_empty() { Outcome::Pass(Cleared::new(mention)) } else { Outcome::Hold(mention, hold) };
    Admission { outcome, rejected }
}

/// Clears a held mention for keeping in quarantine: it is stored, but no reader but the steward's sees it.
///
/// The gate looks at the mention once more, so that nothing is kept that did not come through it: held or passed is
/// cleared, denied is not.
pub fn clear_quarantine(
    mention: Mention,
    reasons: &[Reason],
    context: &IntakeContext<'_>,
) -> Option<Cleared<Mention, Intake>> {
    match admit(mention, context).outcome {
        Outcome::Pass(cleared) => (!reasons.is_empty()).then_some(cleared),
        Outcome::Hold(mention, _) => (!reasons.is_empty()).then(|| Cleared::new(mention)),
        Outcome::Deny(_) => None,
    }
}

fn basis_reasons(record: &MentionRecord, context: &IntakeContext<'_>) -> Vec<Reason> {
    let on = context.now.to_zoned_datetime(TimeZone::UTC).date();
    let is_person = match record.kind {
        EntityKind::Person => true,
        EntityKind::Company => false,
    };
    match context.source.basis.as_deref() {
        Some("6(1)(a)") => Vec::new(),
        Some("6(1)(f)") => {
            let id = context.source.assessment_id.as_deref();
            match context.assessments.iter().find(|assessment| Some(assessment.id.as_str()) == id) {
                None => vec![Reason::AssessmentMissing],
                Some(it) if on >= it.expires_on || on < it.approved_on => vec![Reason::AssessmentExpired],
                Some(it) if !it.source_kinds.contains(&context.source.kind) => vec![Reason::AssessmentScope],
                Some(it) if is_person && !it.covers_country(record.country.as_deref()) => vec![Reason::AssessmentScope],
                Some(_) => Vec::new(),
            }
        }
        Some(_) | None => vec![Reason::BasisMissing],
    }
}

/// Runs the sensitive gate over every field and quote; returns the rest, what was refused, and whether a person has
/// to look.
fn screened(mut record: MentionRecord, screen: &Screen) -> (MentionRecord, Vec<RejectionCount>, bool) {
    let mut rejected = Vec::new();
    let mut review = false;
    let lang = record.lang.clone();
    for &field in Field::ALL {
        let mut kept = Vec::new();
        let values = record.get(field).to_vec();
        for value in &values {
            match screen.field(record.kind, field, value, lang.as_deref()) {
                FieldVerdict::Pass => kept.push(value.clone()),
                FieldVerdict::Cut { rest, findings } => {
                    rejected.extend(findings.iter().map(|finding| refused(finding.category, field.as_str())));
                    if !rest.trim().is_empty() {
                        replace_evidence(&mut record.values, field, value, &rest);
                        kept.push(rest);
                    }
                }
                FieldVerdict::Reject { finding } => rejected.push(refused(finding.category, field.as_str())),
                FieldVerdict::Review { .. } => review = true,
            }
        }
        if kept != values {
            record.values.retain(|evidence| evidence.field != field || kept.contains(&evidence.value));
            record.set(field, kept);
        }
    }
    // Evidence may say a value that stands in no field; the gate has not seen that one yet.
    let stray = |evidence: &Evidence| !record.get(evidence.field).contains(&evidence.value);
    let verdict = |evidence: &Evidence| screen.field(record.kind, evidence.field, &evidence.value, lang.as_deref());
    let clean = |evidence: &&Evidence| !stray(evidence) || verdict(evidence) == FieldVerdict::Pass;
    record.values = record.values.iter().filter(clean).cloned().collect();
    for evidence in &mut record.values {
        let sensitive = evidence.quote.as_ref().map(|quote| screen.text(quote, lang.as_deref()));
        if let Some(findings) = sensitive.filter(|findings| !findings.is_empty()) {
            rejected.extend(findings.iter().map(|finding| refused(finding.category, "quote")));
            evidence.quote = None;
        }
    }
    rejected.sort();
    (record, rejected, review)
}

fn replace_evidence(values: &mut [Evidence], field: Field, old: &str, new: &str) {
    for evidence in values.iter_mut().filter(|evidence| evidence.field == field && evidence.value == old) {
        new.clone_into(&mut evidence.value);
        // The quote holds what was cut; the span still says where to look.
        evidence.quote = None;
    }
}

fn refused(category: crate::sensitive::Category, field_class: &str) -> RejectionCount {
    RejectionCount { code: category.as_str().to_owned(), field_class: field_class.to_owned(), count: 1 }
}
