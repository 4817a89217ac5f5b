//! The release wall: what may be disclosed to one recipient now.
//!
//! It is asked at the moment of disclosure, with the suppression list as it stands then (G7).
//!
//! Invariant: a value that the person has not been told of is never in a released row.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::tz::TimeZone;
use muster_model::{ClusterId, EntityKind, Field, Master, MentionId, SecretKey, Timestamp};

use crate::suppression::{SuppressionHit, SuppressionList, person_keys};
use crate::{Assessment, Cleared, Outcome, Policy, Reason, RecipientTerms, Release, Taken, TransferMechanism};

/// What the release wall decides with, for one person and one recipient.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseContext<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// All assessments of the policy.
    pub assessments: &'a [Assessment],
    /// The recipient's terms.
    pub recipient: &'a RecipientTerms,
    /// The suppression list.
    pub suppression: &'a SuppressionList,
    /// The installation's secret.
    pub key: &'a SecretKey,
    /// When and how a notice went out about each mention; absent for mentions not told of or whose notice bounced.
    pub told_at: &'a BTreeMap<MentionId, Taken>,
    /// The purposes that the recipient gets the data for, by id.
    pub purposes: &'a [String],
    /// When and how a notice went out about each purpose; absent for those not told of or whose notice bounced.
    pub purposes_told: &'a BTreeMap<String, Taken>,
    /// Whether the last notice bounced for good.
    pub bounced: bool,
    /// Whether a review, a doubtful notice or an undecided objection is open for the person.
    pub on_hold: bool,
    /// Whether the person asked for restriction.
    pub restricted: bool,
    /// The instant of the disclosure.
    pub now: Timestamp,
}

/// One person as a recipient gets it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReleasedRow {
    /// The stable id.
    pub cluster_id: ClusterId,
    /// The fields of the recipient's terms, in their order; several values of a field in lineage order.
    pub fields: Vec<(Field, Vec<String>)>,
}

impl std::fmt::Debug for ReleasedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ReleasedRow").field(&self.cluster_id).finish()
    }
}

/// Decides what of a person a recipient may get now.
///
/// # Law
///
/// GDPR 14(3)(c): told before the first disclosure; 14(4): told of the purpose before it is served; 21(2), 21(3), 18, 5(1)(e), 6(1), 44-46.
pub fn clear_release(master: &Master, context: &ReleaseContext<'_>) -> Outcome<ReleasedRow, Release> {
    let mut reasons = Vec::new();
    if master.kind() == EntityKind::Company {
        return Outcome::Deny(vec![Reason::NotAPerson]);
    }
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = master.record().expose();
    let hit = context.suppression.check(&person_keys(record, context.key));
    match &hit {
        SuppressionHit::Suppressed(reason) => reasons.push(*reason),
        SuppressionHit::Doubtful(reason) => reasons.extend([*reason, Reason::OnHold]),
        SuppressionHit::Clear | SuppressionHit::PhoneOnly => {}
    }
    if context.restricted {
        reasons.push(Reason::Restricted);
    }
    if context.on_hold {
        reasons.push(Reason::OnHold);
    }
    reasons.extend(recipient_reasons(record.first(Field::Country), context));
    reasons.extend(retention_reason(master.obtained_at(), context));
    let stood = stood_mentions(context);
    reasons.extend(notice_reason(master, &stood, context).or_else(|| purpose_reason(context)));
    if !reasons.is_empty() {
        reasons.sort();
        reasons.dedup();
        return Outcome::Deny(reasons);
    }
    let no_calls = matches!(hit, SuppressionHit::PhoneOnly);
    let mut fields = Vec::new();
    for &field in &context.recipient.fields {
        let told =
            |value: &&muster_model::MasterValue| value.lineage.iter().any(|line| stood.contains(&line.mention_id));
        let silent = no_calls && (field == Field::Phones || field == Field::Faxes);
        let values: Vec<String> =
            if silent { Vec::new() } else { record.get(field).filter(told).map(|v| v.value.clone()).collect() };
        fields.push((field, values));
    }
    if fields.iter().all(|(_, values)| values.is_empty()) {
        return Outcome::Deny(vec![Reason::RecipientFields]);
    }
    Outcome::Pass(Cleared::new(ReleasedRow { cluster_id: master.cluster_id().clone(), fields }))
}

/// The mentions whose notice has stood for delivery and waiting time.
fn stood_mentions(context: &ReleaseContext<'_>) -> BTreeSet<MentionId> {
    context.told_at.iter().filter(|(_, taken)| has_stood(**taken, context)).map(|(id, _)| id.clone()).collect()
}

fn has_stood(taken: Taken, context: &ReleaseContext<'_>) -> bool {
    release_from(taken, context.policy).is_some_and(|from| from <= context.now)
}

/// Returns the first instant at which a notice allows a release: delivered, then the waiting time.
pub fn release_from(taken: Taken, policy: &Policy) -> Option<Timestamp> {
    let wait_hours = i64::from(policy.wait_days) * 24;
    taken.delivered_at(policy).checked_add(Span::new().try_hours(wait_hours).ok()?).ok()
}

/// A purpose that the person does not know of yet, or has not known of for long enough.
fn purpose_reason(context: &ReleaseContext<'_>) -> Option<Reason> {
    let stood = |id: &String| context.purposes_told.get(id).is_some_and(|taken| has_stood(*taken, context));
    (!context.purposes.iter().all(stood)).then_some(Reason::PurposeNotTold)
}

fn notice_reason(master: &Master, stood: &BTreeSet<MentionId>, context: &ReleaseContext<'_>) -> Option<Reason> {
    if context.bounced {
        return Some(Reason::NoticeBounced);
    }
    let told = master.members().iter().filter_map(|id| context.told_at.get(id));
    let delivered = told.map(|taken| taken.delivered_at(context.policy)).min();
    if master.members().iter().any(|id| stood.contains(id)) {
        return None;
    }
    match delivered {
        None => Some(Reason::NoticeNotSent),
        Some(at) if at <= context.now => Some(Reason::WaitingTime),
        Some(_) => Some(Reason::NoticeNotDelivered),
    }
}

fn retention_reason(obtained_at: Timestamp, context: &ReleaseContext<'_>) -> Option<Reason> {
    let ended = retention_ends(obtained_at, context.policy).is_none_or(|end| end <= context.now);
    ended.then_some(Reason::RetentionEnded)
}

/// Returns when the retention period ends: months after the first datum, never restarted (RE-1).
pub fn retention_ends(obtained_at: Timestamp, policy: &Policy) -> Option<Timestamp> {
    let zone = TimeZone::get(&policy.zone).ok()?;
    let months = Span::new().try_months(policy.retention_months).ok()?;
    let end = obtained_at.to_zoned_datetime(zone).checked_add(months).ok()?;
    Some(end.timestamp())
}

fn recipient_reasons(country: Option<&str>, context: &ReleaseContext<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let inside = crate::policy::EEA.contains(&context.recipient.country.as_str());
    if !inside && context.recipient.mechanism == TransferMechanism::None {
        reasons.push(Reason::RecipientCountry);
    }
    let on = context.now.to_zoned_datetime(TimeZone::UTC).date();
    let id = context.recipient.assessment_id.as_deref();
    match context.assessments.iter().find(|assessment| Some(assessment.id.as_str()) == id) {
        None => reasons.push(Reason::AssessmentMissing),
        Some(it) if on >= it.expires_on || on < it.approved_on => reasons.push(Reason::AssessmentExpired),
        Some(it) if !it.covers_country(country) => reasons.push(Reason::AssessmentScope),
        Some(_) => {}
    }
    reasons
}
