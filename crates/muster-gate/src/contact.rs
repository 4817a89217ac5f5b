//! The contact wall: who gets a notice now, at which address.
//!
//! Invariant: nobody suppressed, in doubt or already told of all that is held gets one.

use std::collections::BTreeSet;

use muster_model::{
    EmailAddress, EntityKind, Field, KeyedHash, Master, MasterRecord, MentionId, NoticeToken, SecretKey, Timestamp,
};

use crate::suppression::{SuppressionHit, SuppressionList, address_hash, person_keys};
use crate::{Cleared, Contact, NoticeFacts, Outcome, Policy, Reason};

/// What the contact wall decides with.
#[derive(Debug, Clone, Copy)]
pub struct ContactContext<'a> {
    /// The suppression list.
    pub suppression: &'a SuppressionList,
    /// The installation's secret.
    pub key: &'a SecretKey,
    /// Mentions of this person that a notice has gone out for.
    pub told: &'a BTreeSet<MentionId>,
    /// Whether a notice to this person is in doubt.
    pub in_doubt: bool,
    /// Addresses that bounced for good, as keyed hashes.
    pub dead_addresses: &'a BTreeSet<KeyedHash>,
    /// The record of the person's employer, whose country counts where the person's own is not known.
    pub employer: Option<&'a Master>,
    /// The policy: its languages and its zone.
    pub policy: &'a Policy,
}

/// A notice to be written and sent: to whom, about what.
#[derive(Debug)]
pub struct NoticeOrder {
    /// Its token.
    pub token: NoticeToken,
    /// Where it goes.
    pub rcpt_to: EmailAddress,
    /// The person's record.
    pub master: Master,
    /// What it must state.
    pub facts: NoticeFacts,
    /// When it is due.
    pub due_at: Timestamp,
}

/// Returns the mentions that a notice still has to tell about: those that say a value which no told mention says.
pub fn untold_mentions(master: &Master, told: &BTreeSet<MentionId>) -> Vec<MentionId> {
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = master.record().expose();
    let mut untold = BTreeSet::new();
    for value in &record.values {
        if !value.lineage.iter().any(|line| told.contains(&line.mention_id)) {
            untold.extend(value.lineage.iter().map(|line| line.mention_id.clone()));
        }
    }
    if told.iter().all(|id| master.members().binary_search(id).is_err()) {
        untold.extend(master.members().iter().cloned());
    }
    untold.into_iter().collect()
}

/// Languages of notices by country (NT-2); where a country has several, all of them, the commonest first.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("AT", &["de"]),
    ("AU", &["en"]),
    ("BE", &["nl", "fr", "de"]),
    ("CA", &["en", "fr"]),
    ("CH", &["de", "fr", "it"]),
    ("DE", &["de"]),
    ("ES", &["es"]),
    ("FR", &["fr"]),
    ("GB", &["en"]),
    ("IE", &["en"]),
    ("IT", &["it"]),
    ("LI", &["de"]),
    ("LU", &["fr", "de"]),
    ("MT", &["en"]),
    ("NL", &["nl"]),
    ("NZ", &["en"]),
    ("PL", &["pl"]),
    ("US", &["en"]),
];

/// Returns the language that a person of a country is told in; none where the policy has no language of theirs.
///
/// # Law
///
/// GDPR 12(1), WP260 par. 13: intelligible to the person. English is enough only where it is official. Where the
/// country is not known, the language of the page speaks for the person, else the policy's first.
pub fn notice_language(country: Option<&str>, page_lang: Option<&str>, policy: &Policy) -> Option<String> {
    let offered = |lang: &&str| policy.languages.iter().any(|known| known == lang);
    match country {
        Some(code) => {
            let spoken = LANGUAGES.iter().find(|(known, _)| *known == code).map(|(_, languages)| *languages)?;
            let own = spoken.iter().copied().find(|lang| Some(*lang) == page_lang && offered(lang));
            own.or_else(|| spoken.iter().copied().find(offered)).map(str::to_owned)
        }
        None => page_lang.filter(offered).or(policy.languages.first().map(String::as_str)).map(str::to_owned),
    }
}

/// Country codes by international dialling prefix, for people whose address is not known (SC-3).
const DIALLING: &[(&str, &str)] = &[
    ("+353", "IE"),
    ("+352", "LU"),
    ("+423", "LI"),
    ("+356", "MT"),
    ("+31", "NL"),
    ("+32", "BE"),
    ("+33", "FR"),
    ("+34", "ES"),
    ("+39", "IT"),
    ("+41", "CH"),
    ("+43", "AT"),
    ("+44", "GB"),
    ("+48", "PL"),
    ("+49", "DE"),
    ("+61", "AU"),
    ("+64", "NZ"),
];

/// Returns the country whose law and language count for a person, by the strongest evidence there is (SC-3).
fn country_of(record: &MasterRecord, employer: Option<&Master>) -> Option<String> {
    if let Some(country) = record.first(Field::Country) {
        return Some(country.to_owned());
    }
    let dialled = record.get(Field::Phones).find_map(|phone| {
        DIALLING.iter().find(|(prefix, _)| phone.value.starts_with(prefix)).map(|(_, country)| *country)
    });
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let seat = || employer.and_then(|master| master.record().expose().first(Field::Country));
    dialled.or_else(seat).map(str::to_owned)
}

/// Decides whether and where a person is told, and makes the order for it.
///
/// `base` holds the facts that are the same for everybody; the person's own are filled in here. `token_for` names the
/// notice once its address is chosen: another address is another notice.
///
/// # Law
///
/// GDPR 14(1)-(3). A suppressed person gets no more mail (21(3)); a notice in doubt is a person's decision, since a
/// second one would be one too many and none would break 14.
pub fn clear_contact(
    master: Master,
    context: &ContactContext<'_>,
    due_at: Timestamp,
    token_for: impl FnOnce(&EmailAddress) -> NoticeToken,
    base: &NoticeFacts,
) -> Outcome<NoticeOrder, Contact> {
    if master.kind() == EntityKind::Company {
        return Outcome::Deny(vec![Reason::NotAPerson]);
    }
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = master.record().expose();
    match context.suppression.check(&person_keys(record, context.key)) {
        SuppressionHit::Suppressed(reason) => return Outcome::Deny(vec![reason]),
        SuppressionHit::Doubtful(reason) => return Outcome::Deny(vec![reason, Reason::OnHold]),
        SuppressionHit::Clear | SuppressionHit::PhoneOnly => {}
    }
    if context.in_doubt {
        return Outcome::Deny(vec![Reason::NoticeInDoubt]);
    }
    if untold_mentions(&master, context.told).is_empty() {
        return Outcome::Deny(vec![Reason::AlreadyTold]);
    }
    let rcpt_to = record
        .get(Field::Emails)
        .filter_map(|value| EmailAddress::parse(&value.value).ok())
        .filter(|address| !address.is_role())
        .filter(|address| !context.dead_addresses.contains(&address_hash(context.key, address)))
        .find(|address| !context.suppression.suppresses_address(context.key, address));
    let Some(rcpt_to) = rcpt_to else { return Outcome::Deny(vec![Reason::NoAddress]) };
    let token = token_for(&rcpt_to);
    let country = country_of(record, context.employer);
    let Some(lang) = notice_language(country.as_deref(), None, context.policy) else {
        return Outcome::Deny(vec![Reason::NoLanguage]);
    };
    let Ok(obtained) = master.obtained_at().in_tz(&context.policy.zone) else {
        return Outcome::Deny(vec![Reason::LineageMissing]);
    };
    let domain = base.controller.email.split_once('@').map_or("", |(_, domain)| domain);
    let facts = NoticeFacts {
        lang,
        country,
        reference: token.as_str().to_owned(),
        reply_to: format!("privacy+{token}@{domain}"),
        obtained_on: obtained.date().to_string(),
        values: record.values.clone(),
        ..base.clone()
    };
    Outcome::Pass(Cleared::new(NoticeOrder { token, rcpt_to, master, facts, due_at }))
}
