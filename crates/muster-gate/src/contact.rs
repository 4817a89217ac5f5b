//! The contact wall: who gets a notice now, at which address.
//!
//! Invariant: nobody suppressed, in doubt or already told of all that is held gets one.

use std::collections::BTreeSet;

use muster_model::{
    EmailAddress, EntityKind, Field, KeyedHash, Lineage, Master, MasterRecord, MentionId, NoticeToken, SecretKey,
    Timestamp,
};

use crate::suppression::{SuppressionHit, SuppressionList, address_hash, person_keys};
use crate::{Cleared, Contact, NoticeFacts, NoticePurpose, NoticeWay, Outcome, Policy, PostalAddress, Reason};
use crate::{Residence, notice_language};

/// What the contact wall decides with.
#[derive(Debug, Clone, Copy)]
pub struct ContactContext<'a> {
    /// The suppression list.
    pub suppression: &'a SuppressionList,
    /// The installation's secret.
    pub key: &'a SecretKey,
    /// Mentions of this person that a notice has gone out for.
    pub told: &'a BTreeSet<MentionId>,
    /// Purposes, by id, that a notice has gone out for.
    pub purposes_told: &'a BTreeSet<String>,
    /// Whether a notice to this person is in doubt.
    pub in_doubt: bool,
    /// Mailboxes and postal addresses that a notice came back from for good, as keyed hashes.
    pub dead_addresses: &'a BTreeSet<KeyedHash>,
    /// Whether letters on paper are sent.
    pub letters: bool,
    /// The record of the person's employer, whose country counts where the person's own is not known.
    pub employer: Option<&'a Master>,
    /// Language of the pages that speak of the person, which decides where two are official.
    pub page_lang: Option<&'a str>,
    /// The policy: its languages and its zone.
    pub policy: &'a Policy,
}

/// Where a notice goes, which says by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeAddress {
    /// A mailbox.
    Mailbox(EmailAddress),
    /// A letter box.
    Postal(PostalAddress),
}

impl NoticeAddress {
    /// Returns by which way a notice to it goes.
    pub const fn way(&self) -> NoticeWay {
        match self {
            Self::Mailbox(_) => NoticeWay::Mail,
            Self::Postal(_) => NoticeWay::Paper,
        }
    }

    /// Returns its keyed hash, by which the ledger names it.
    pub fn hash(&self, key: &SecretKey) -> KeyedHash {
        match self {
            Self::Mailbox(address) => address_hash(key, address),
            Self::Postal(address) => address.hash(key),
        }
    }

    /// Returns the domain of a mailbox; a letter box has none.
    pub fn domain(&self) -> &str {
        match self {
            Self::Mailbox(address) => address.domain(),
            Self::Postal(_) => "",
        }
    }
}

/// A notice to be written and sent: to whom, about what.
#[derive(Debug)]
pub struct NoticeOrder {
    /// Its token.
    pub token: NoticeToken,
    /// Where it goes.
    pub address: NoticeAddress,
    /// The person's record.
    pub master: Master,
    /// What it must state.
    pub facts: NoticeFacts,
    /// When it is due, where the law sets a date.
    pub due_at: Option<Timestamp>,
}

/// Returns the mentions that a notice still has to tell about: those that say a value which no told mention says, and
/// those from a source that the person has not been told of.
///
/// A source is one source of the pipeline and one host in it: a further page of a site that was named is nothing new.
///
/// # Law
///
/// GDPR 14(1)(d), 14(2)(f), rule DL-2: categories and sources that come later are told within a month of them.
pub fn untold_mentions(master: &Master, told: &BTreeSet<MentionId>) -> Vec<MentionId> {
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = master.record().expose();
    let mut untold = BTreeSet::new();
    let lines = || record.values.iter().flat_map(|value| &value.lineage);
    let known: BTreeSet<Origin<'_>> = lines().filter(|line| told.contains(&line.mention_id)).map(origin).collect();
    let unknown = lines().filter(|line| !told.contains(&line.mention_id) && !known.contains(&origin(line)));
    untold.extend(unknown.map(|line| line.mention_id.clone()));
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

/// A source as a person can tell it from others: its name in the pipeline, and the host where it is a site.
type Origin<'a> = (&'a str, Option<&'a str>);

fn origin(line: &Lineage) -> Origin<'_> {
    let host = line.source_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
    let host = host.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    (line.source.as_str(), host.map(|host| host.strip_prefix("www.").unwrap_or(host)))
}

/// Returns the purposes that a person has not been told of.
///
/// # Law
///
/// GDPR 14(4): before data are used for another purpose, the person is told of it. Purposes are told apart by their id
/// in the pipeline: what means something else gets another id.
pub fn untold_purposes(purposes: &[NoticePurpose], told: &BTreeSet<String>) -> Vec<String> {
    let untold: BTreeSet<&String> =
        purposes.iter().map(|purpose| &purpose.id).filter(|id| !told.contains(*id)).collect();
    untold.into_iter().cloned().collect()
}

/// Country codes by international dialling prefix, for people whose address is not known (SC-3).
const DIALLING: &[(&str, &str)] = &[
    ("+351", "PT"),
    ("+352", "LU"),
    ("+353", "IE"),
    ("+354", "IS"),
    ("+356", "MT"),
    ("+357", "CY"),
    ("+358", "FI"),
    ("+359", "BG"),
    ("+370", "LT"),
    ("+371", "LV"),
    ("+372", "EE"),
    ("+377", "MC"),
    ("+378", "SM"),
    ("+380", "UA"),
    ("+381", "RS"),
    ("+385", "HR"),
    ("+386", "SI"),
    ("+420", "CZ"),
    ("+421", "SK"),
    ("+423", "LI"),
    ("+852", "HK"),
    ("+971", "AE"),
    ("+972", "IL"),
    ("+27", "ZA"),
    ("+30", "GR"),
    ("+31", "NL"),
    ("+32", "BE"),
    ("+33", "FR"),
    ("+34", "ES"),
    ("+36", "HU"),
    ("+39", "IT"),
    ("+40", "RO"),
    ("+41", "CH"),
    ("+43", "AT"),
    ("+44", "GB"),
    ("+45", "DK"),
    ("+46", "SE"),
    ("+47", "NO"),
    ("+48", "PL"),
    ("+49", "DE"),
    ("+52", "MX"),
    ("+54", "AR"),
    ("+55", "BR"),
    ("+56", "CL"),
    ("+57", "CO"),
    ("+61", "AU"),
    ("+64", "NZ"),
    ("+65", "SG"),
    ("+81", "JP"),
    ("+82", "KR"),
    ("+86", "CN"),
    ("+90", "TR"),
    ("+91", "IN"),
];

/// Where a person works, by the strongest evidence there is (SC-3).
struct Place {
    country: Option<String>,
    postcode: Option<String>,
}

impl Place {
    fn of(record: &MasterRecord, employer: Option<&Master>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
        let seat = employer.map(|master| master.record().expose());
        let of_seat = |field| seat.and_then(|record| record.first(field)).map(str::to_owned);
        let own = record.first(Field::Country).map(str::to_owned);
        let country = own.clone().or_else(|| dialled(record)).or_else(|| of_seat(Field::Country));
        // Another country's postal code would tell a wrong region.
        let at_seat = country.is_some() && country == of_seat(Field::Country);
        let postcode = record.first(Field::Postcode).map(str::to_owned);
        let postcode = postcode.or_else(|| of_seat(Field::Postcode).filter(|_| at_seat));
        Self { country, postcode }
    }

    fn residence<'a>(&'a self, page_lang: Option<&'a str>) -> Residence<'a> {
        Residence { country: self.country.as_deref(), region: None, postcode: self.postcode.as_deref(), page_lang }
    }
}

/// Returns the country that a person works in, ISO 3166-1, by the strongest evidence there is.
///
/// # Law
///
/// Rule SC-3: stated work address, then phone country code, then the employer's seat.
pub fn residence_country(master: &Master, employer: Option<&Master>) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    Place::of(master.record().expose(), employer).country
}

/// Returns the country that the first telling number of a record is in.
fn dialled(record: &MasterRecord) -> Option<String> {
    record.get(Field::Phones).find_map(|phone| {
        DIALLING.iter().find(|(prefix, _)| phone.value.starts_with(prefix)).map(|(_, country)| (*country).to_owned())
    })
}

/// The next way to a person: the first mailbox that is nobody else's and not dead, else a letter box.
fn address_of(
    record: &MasterRecord,
    context: &ContactContext<'_>,
    place: &Place,
    base: &NoticeFacts,
) -> Option<NoticeAddress> {
    let mailbox = record
        .get(Field::Emails)
        .filter_map(|value| EmailAddress::parse(&value.value).ok())
        .filter(|address| !address.is_role())
        .filter(|address| !context.dead_addresses.contains(&address_hash(context.key, address)))
        .find(|address| !context.suppression.suppresses_address(context.key, address));
    let letter_box = || {
        #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
        let seat = context.employer.map(|master| master.record().expose());
        let country = place.country.as_deref().unwrap_or(&base.controller.country);
        let address = PostalAddress::of(record, seat, country)?;
        (!context.dead_addresses.contains(&address.hash(context.key))).then_some(NoticeAddress::Postal(address))
    };
    mailbox.map(NoticeAddress::Mailbox).or_else(|| if context.letters { letter_box() } else { None })
}

/// Decides whether and where a person is told, and makes the order for it.
///
/// `base` holds the facts that are the same for everybody; the person's own are filled in here. `token_for` names the
/// notice once its address is chosen: another address is another notice.
///
/// # Law
///
/// GDPR 14(1)-(4). Mail first, then a letter (rule NT-6). A suppressed person gets no more mail (21(3)); a notice in doubt is a person's decision, since a
/// second one would be one too many and none would break 14.
pub fn clear_contact(
    master: Master,
    context: &ContactContext<'_>,
    due_at: Option<Timestamp>,
    token_for: impl FnOnce(&NoticeAddress) -> NoticeToken,
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
    let purposes = untold_purposes(&base.purposes, context.purposes_told);
    if untold_mentions(&master, context.told).is_empty() && purposes.is_empty() {
        return Outcome::Deny(vec![Reason::AlreadyTold]);
    }
    let place = Place::of(record, context.employer);
    let Some(address) = address_of(record, context, &place, base) else {
        return Outcome::Deny(vec![Reason::NoAddress]);
    };
    let token = token_for(&address);
    let lang = match notice_language(&place.residence(context.page_lang), &context.policy.languages) {
        Ok(lang) => lang,
        Err(reason) => return Outcome::Deny(vec![reason]),
    };
    let Ok(obtained) = master.obtained_at().in_tz(&context.policy.zone) else {
        return Outcome::Deny(vec![Reason::LineageMissing]);
    };
    let domain = base.controller.email.split_once('@').map_or("", |(_, domain)| domain);
    let facts = NoticeFacts {
        lang,
        country: place.country,
        reference: token.as_str().to_owned(),
        reply_to: format!("privacy+{token}@{domain}"),
        obtained_on: obtained.date().to_string(),
        values: record.values.clone(),
        ..base.clone()
    };
    Outcome::Pass(Cleared::new(NoticeOrder { token, address, master, facts, due_at }))
}
