//! The suppression list: keys of a person, entries, and the question whether somebody is on it.
//!
//! Keys are keyed hashes of normalized values (SU-1, SU-2), so the list survives an erasure without holding the
//! person. What identifies several people at once (a switchboard, `info@`, a shared profile page) makes no key:
//! otherwise one person's "no" would silence their colleagues.
//!
//! Invariant: adding an entry never makes any answer more permissive.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{
    EmailAddress, EntityKind, Field, KeyLabel, KeyedHash, Master, MasterRecord, Mention, MentionRecord,
    NORMALIZER_VERSION, Position, SecretKey, SuppressionEntry, SuppressionKey, SuppressionKeyKind, SuppressionReason,
    SuppressionScope, Timestamp, company_core, name_variants, profile_url_key, registered_host,
};

use crate::Reason;

/// The keys by which one person can be recognized.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonKeys {
    /// E-mails, phones and profiles.
    pub direct: BTreeSet<SuppressionKey>,
    /// Name with a whole given name, and employer.
    pub name_full: BTreeSet<SuppressionKey>,
    /// Initial and family name, and employer: several people may share one.
    pub name_initial: BTreeSet<SuppressionKey>,
    /// The same, for the case that nothing but the initial is known of the one who is on the list.
    pub name_alone: BTreeSet<SuppressionKey>,
    /// Those of `direct` that are personal mailboxes.
    pub mailboxes: BTreeSet<SuppressionKey>,
}

impl PersonKeys {
    /// Adds the keys of another record of the same person.
    pub fn extend(&mut self, other: Self) {
        self.direct.extend(other.direct);
        self.name_full.extend(other.name_full);
        self.name_initial.extend(other.name_initial);
        self.name_alone.extend(other.name_alone);
        self.mailboxes.extend(other.mailboxes);
    }

    /// Adds the key of one e-mail address.
    pub fn add_email(&mut self, key: &SecretKey, address: &EmailAddress) {
        let made = email_key(key, address);
        if !address.is_role() {
            self.mailboxes.insert(made);
        }
        self.direct.insert(made);
    }
}

fn hashed(key: &SecretKey, kind: SuppressionKeyKind, text: &str) -> SuppressionKey {
    let label: &[u8] = match kind {
        SuppressionKeyKind::Email => b"email",
        SuppressionKeyKind::Phone => b"phone",
        SuppressionKeyKind::Profile => b"profile",
        SuppressionKeyKind::NameEmployer => b"name-employer",
    };
    SuppressionKey { kind, hash: key.hash(KeyLabel::Suppression, &[label, text.as_bytes()]) }
}

fn email_key(key: &SecretKey, address: &EmailAddress) -> SuppressionKey {
    // A sub-address (`anna+muster@`) reaches the same person: the tag does not count.
    let local = address.local_part();
    let base = local.split_once('+').map_or(local, |(base, _)| if base.is_empty() { local } else { base });
    hashed(key, SuppressionKeyKind::Email, &format!("{base}@{}", address.domain()))
}

/// A phone number for hashing: its digits, an international prefix `00` as `+`.
fn phone_key(key: &SecretKey, phone: &str) -> Option<SuppressionKey> {
    // `+49 (0)30 ...` is how many write a number: that zero is not dialled from abroad.
    let digits: String = phone.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("00").unwrap_or(&digits);
    (national.len() >= 6).then(|| hashed(key, SuppressionKeyKind::Phone, national))
}

/// The values that keys are made from, of a mention or of a MASTER record.
struct Values<'a> {
    names: Vec<String>,
    employers: BTreeSet<String>,
    emails: Vec<&'a str>,
    phones: Vec<&'a str>,
    profiles: Vec<&'a str>,
}

/// Hosts that give mailboxes to anybody: they employ nobody whose mailbox they hold, so that a name at one of them
/// recognizes no one.
const FREE_MAIL_HOSTS: &[&str] = &[
    "aol.com",
    "arcor.de",
    "bluewin.ch",
    "email.de",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "interia.pl",
    "laposte.net",
    "libero.it",
    "live.com",
    "live.de",
    "mac.com",
    "mail.com",
    "mail.de",
    "mailbox.org",
    "me.com",
    "msn.com",
    "o2.pl",
    "onet.pl",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "sfr.fr",
    "t-online.de",
    "tutanota.com",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "ymail.com",
    "ziggo.nl",
];

fn employers_of<'a>(
    emails: impl Iterator<Item = &'a str>,
    domains: impl Iterator<Item = &'a str>,
    companies: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mail_hosts = emails.filter_map(|mail| EmailAddress::parse(mail).ok()).map(|mail| mail.domain().to_owned());
    let mail_hosts = mail_hosts.filter(|host| !FREE_MAIL_HOSTS.contains(&host.as_str()));
    let hosts = mail_hosts.chain(domains.filter_map(registered_host));
    let cores = companies.map(|name| format!("name:{}", company_core(name))).filter(|core| core.len() > 5);
    hosts.chain(cores).collect()
}

fn keys_from(key: &SecretKey, values: &Values<'_>) -> PersonKeys {
    let mut keys = PersonKeys::default();
    for address in values.emails.iter().filter_map(|text| EmailAddress::parse(text).ok()) {
        keys.add_email(key, &address);
    }
    keys.direct.extend(values.phones.iter().filter_map(|phone| phone_key(key, phone)));
    let profiles = values.profiles.iter().filter_map(|url| profile_url_key(url));
    keys.direct.extend(profiles.map(|url| hashed(key, SuppressionKeyKind::Profile, &url)));
    for name in &values.names {
        let variants = name_variants(name);
        for employer in &values.employers {
            let make = |form: &String| hashed(key, SuppressionKeyKind::NameEmployer, &format!("{form}|{employer}"));
            keys.name_full.extend(variants.full.iter().map(make));
            keys.name_initial.extend(variants.initial.iter().map(make));
            let alone = variants.initial.iter().map(|form| format!("{form}|alone"));
            keys.name_alone.extend(alone.map(|form| make(&form)));
        }
    }
    keys
}

fn whole_names<'a>(
    name: impl Iterator<Item = &'a str>,
    given: Option<&'a str>,
    family: Option<&'a str>,
) -> Vec<String> {
    let mut names: Vec<String> = name.map(str::to_owned).collect();
    if let (Some(given), Some(family)) = (given, family) {
        names.push(format!("{given} {family}"));
    }
    names
}

/// Something that personal keys can be made from.
pub trait Recognizable {
    /// Returns the keys of the person that this is about; none for a company.
    fn keys(&self, key: &SecretKey) -> PersonKeys;
}

impl Recognizable for MentionRecord {
    fn keys(&self, key: &SecretKey) -> PersonKeys {
        if self.kind == EntityKind::Company {
            return PersonKeys::default();
        }
        let texts = |field: Field| self.get(field).iter().map(String::as_str);
        let names = whole_names(texts(Field::Name), self.given_name.as_deref(), self.family_name.as_deref());
        let employers = employers_of(texts(Field::Emails), texts(Field::CompanyDomain), texts(Field::Company));
        keys_from(
            key,
            &Values {
                names,
                employers,
                emails: texts(Field::Emails).collect(),
                phones: texts(Field::Phones).chain(texts(Field::Faxes)).collect(),
                profiles: texts(Field::ProfileUrls).collect(),
            },
        )
    }
}

impl Recognizable for MasterRecord {
    fn keys(&self, key: &SecretKey) -> PersonKeys {
        if self.kind == EntityKind::Company {
            return PersonKeys::default();
        }
        let texts = |field: Field| self.get(field).map(|value| value.value.as_str());
        let names = whole_names(texts(Field::Name), self.first(Field::GivenName), self.first(Field::FamilyName));
        let employers = employers_of(texts(Field::Emails), texts(Field::CompanyDomain), texts(Field::Company));
        keys_from(
            key,
            &Values {
                names,
                employers,
                emails: texts(Field::Emails).collect(),
                phones: texts(Field::Phones).chain(texts(Field::Faxes)).collect(),
                profiles: texts(Field::ProfileUrls).collect(),
            },
        )
    }
}

impl Recognizable for Mention {
    fn keys(&self, key: &SecretKey) -> PersonKeys {
        #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
        self.record().expose().keys(key)
    }
}

impl Recognizable for Master {
    fn keys(&self, key: &SecretKey) -> PersonKeys {
        #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
        self.record().expose().keys(key)
    }
}

/// Returns the mailboxes, numbers and profiles of a company's record: whoever has one of them is not recognized by it.
pub fn company_keys(master: &Master, key: &SecretKey) -> BTreeSet<SuppressionKey> {
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let record = master.record().expose();
    let texts = |field: Field| record.get(field).map(|value| value.value.as_str()).collect();
    let values = Values {
        names: Vec::new(),
        employers: BTreeSet::new(),
        emails: texts(Field::Emails),
        phones: record.get(Field::Phones).chain(record.get(Field::Faxes)).map(|value| value.value.as_str()).collect(),
        profiles: texts(Field::ProfileUrls),
    };
    keys_from(key, &values).direct
}

/// Returns the keys of the person that a mention or MASTER record is about.
pub fn person_keys(record: &impl Recognizable, key: &SecretKey) -> PersonKeys {
    record.keys(key)
}

/// Makes the entry for a person whose record is held.
///
/// `shared` are the direct keys that other records hold too; numbers, profiles and role mailboxes among them identify
/// nobody and are left out. `namesakes` are
/// the personal mailboxes of other people of that name at that employer.
///
/// # Law
///
/// GDPR 21(2), 21(3), 17(3): an objection is kept as the least that enforces it.
pub fn suppression_entry(
    keys: &PersonKeys,
    shared: &BTreeSet<SuppressionKey>,
    namesakes: &BTreeSet<SuppressionKey>,
    reason: SuppressionReason,
    now: Timestamp,
) -> Option<SuppressionEntry> {
    // A personal mailbox always counts, even where another record holds it too: whoever writes from it said no.
    let own = keys.direct.iter().filter(|key| !shared.contains(key) || keys.mailboxes.contains(key)).copied();
    let mut keys_kept: Vec<SuppressionKey> = own.chain(keys.name_full.iter().copied()).collect();
    if reason.scope() == SuppressionScope::Global {
        keys_kept.extend(keys.name_initial.iter().copied());
        if keys.name_full.is_empty() {
            keys_kept.extend(keys.name_alone.iter().copied());
        }
    }
    let keys = keys_kept;
    let entry_id = keys.iter().find(|key| key.kind == SuppressionKeyKind::Email).or(keys.first())?.hash.to_base32(16);
    let namesake_keys = namesakes.iter().copied().filter(|key| !keys.contains(key)).collect();
    Some(SuppressionEntry {
        entry_id: format!("s-{entry_id}"),
        reason,
        scope: reason.scope(),
        added_at: now,
        normalizer_version: NORMALIZER_VERSION,
        keys,
        namesake_keys,
        confirmed_keys: Vec::new(),
    })
}

/// Makes an entry from what a person gave by phone or letter: every key counts, nothing is left out as shared.
pub fn manual_entry(
    record: &MentionRecord,
    key: &SecretKey,
    reason: SuppressionReason,
    now: Timestamp,
) -> Option<SuppressionEntry> {
    suppression_entry(&person_keys(record, key), &BTreeSet::new(), &BTreeSet::new(), reason, now)
}

/// What the list says about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuppressionHit {
    /// Not on the list.
    Clear,
    /// Not to be called; everything else is allowed.
    PhoneOnly,
    /// May be a namesake of somebody on the list: a person decides.
    Doubtful(Reason),
    /// On the list.
    Suppressed(Reason),
}

/// The list as it stood at one position of the ledger.
#[derive(Debug, Clone, Default)]
pub struct SuppressionList {
    entries: Vec<SuppressionEntry>,
    by_key: BTreeMap<SuppressionKey, Vec<usize>>,
    position: Position,
}

impl SuppressionList {
    /// Builds the list from the entries that stand at `position`.
    pub fn new(entries: Vec<SuppressionEntry>, position: Position) -> Self {
        let mut by_key: BTreeMap<SuppressionKey, Vec<usize>> = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for key in &entry.keys {
                by_key.entry(*key).or_default().push(index);
            }
        }
        Self { entries, by_key, position }
    }

    /// Returns the position of the ledger that the list was read at.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Returns the entries.
    pub fn entries(&self) -> &[SuppressionEntry] {
        &self.entries
    }

    fn hits<'a>(&'a self, keys: &'a BTreeSet<SuppressionKey>) -> impl Iterator<Item = &'a SuppressionEntry> {
        keys.iter().filter_map(|key| self.by_key.get(key)).flatten().filter_map(|&index| self.entries.get(index))
    }

    /// Returns what the list says about a person.
    ///
    /// # Law
    ///
    /// GDPR 21(3): the data shall no longer be processed. A hit by mailbox, phone or profile suppresses; a hit by
    /// name and employer suppresses too, unless the record carries a personal mailbox that was on record beside
    /// the suppressed person's: then it is held, because silencing a namesake would be wrong as well (5(1)(d)).
    pub fn check(&self, keys: &PersonKeys) -> SuppressionHit {
        let global = |entry: &&SuppressionEntry| entry.scope == SuppressionScope::Global;
        if let Some(entry) = self.hits(&keys.direct).find(global) {
            return SuppressionHit::Suppressed(reason_of(entry.reason));
        }
        let mut doubt = None;
        let confirmed = |entry: &&SuppressionEntry| entry.confirmed_keys.iter().any(|key| keys.mailboxes.contains(key));
        for entry in self.hits(&keys.name_full).filter(global).filter(|entry| !confirmed(entry)) {
            if entry.namesake_keys.iter().any(|key| keys.mailboxes.contains(key)) {
                doubt = Some(Reason::Namesake);
            } else {
                return SuppressionHit::Suppressed(reason_of(entry.reason));
            }
        }
        let initial = || self.hits(&keys.name_initial).any(|entry| global(&entry) && !confirmed(&entry));
        // Somebody suppressed under a mere initial may be anybody of that initial.
        let alone = || self.hits(&keys.name_alone).any(|entry| global(&entry) && !confirmed(&entry));
        if doubt.is_none() && (keys.name_full.is_empty() && initial() || alone()) {
            doubt = Some(Reason::NameInitialOnly);
        }
        if let Some(reason) = doubt {
            return SuppressionHit::Doubtful(reason);
        }
        let phone = |entry: &SuppressionEntry| entry.scope == SuppressionScope::Phone;
        if self.hits(&keys.direct).any(phone) || self.hits(&keys.name_full).any(phone) {
            return SuppressionHit::PhoneOnly;
        }
        SuppressionHit::Clear
    }

    /// Returns the ids of the global entries that a person's name and employer match, for a steward to decide about.
    pub fn matching_entries(&self, keys: &PersonKeys) -> Vec<String> {
        let initials = self.hits(&keys.name_initial).chain(self.hits(&keys.name_alone));
        let names = self.hits(&keys.name_full).chain(initials);
        let ids: BTreeSet<String> =
            names.filter(|entry| entry.scope == SuppressionScope::Global).map(|entry| entry.entry_id.clone()).collect();
        ids.into_iter().collect()
    }

    /// Returns whether an address is on the list for everything, as the last look before a mail leaves.
    pub fn suppresses_address(&self, key: &SecretKey, address: &EmailAddress) -> bool {
        let keys = BTreeSet::from([email_key(key, address)]);
        self.hits(&keys).any(|entry| entry.scope == SuppressionScope::Global)
    }

    /// Returns whether a profile address belongs to somebody on the list; such a page is not fetched.
    pub fn suppresses_profile(&self, key: &SecretKey, url: &str) -> bool {
        let Some(canonical) = profile_url_key(url) else { return false };
        let keys = BTreeSet::from([hashed(key, SuppressionKeyKind::Profile, &canonical)]);
        self.hits(&keys).any(|entry| entry.scope == SuppressionScope::Global)
    }
}

/// Returns the keyed hash of an address as suppression, notices and bounces share it.
pub fn address_hash(key: &SecretKey, address: &EmailAddress) -> KeyedHash {
    email_key(key, address).hash
}

const fn reason_of(reason: SuppressionReason) -> Reason {
    match reason {
        SuppressionReason::OptOut | SuppressionReason::DoNotCall => Reason::SuppressedOptOut,
        SuppressionReason::Objection => Reason::SuppressedObjection,
        SuppressionReason::Erasure => Reason::SuppressedErasure,
        SuppressionReason::Complaint => Reason::SuppressedComplaint,
        SuppressionReason::Import => Reason::SuppressedImport,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, key, person};

    #[test]
    fn su_2_spellings_of_one_mailbox_number_or_profile_make_one_key() {
        let key = key();
        let mailbox = |text: &str| email_key(&key, &EmailAddress::parse(text).unwrap());
        assert_eq!(mailbox("Anna+list@Firma.Example"), mailbox("anna@firma.example"));
        assert_ne!(mailbox("+anna@firma.example"), mailbox("anna@firma.example"));
        let number = |text: &str| phone_key(&key, text);
        assert_eq!(number("+49 (0)30 1234-567"), number("0049 30 1234567"));
        assert_eq!(number("+49301234567"), number("+49 30 1234567"));
        assert_eq!(number("12345"), None);
    }

    #[test]
    fn a_free_mailbox_makes_no_employer() {
        for host in FREE_MAIL_HOSTS {
            let listed = person("Anna Schmidt", &format!("anna@{host}"), "");
            let namesake = person("Anna Schmidt", &format!("anna.schmidt@{host}"), "");
            let entry = manual_entry(&listed, &key(), SuppressionReason::OptOut, at("2026-04-01T00:00:00Z")).unwrap();
            let list = SuppressionList::new(vec![entry], 1);
            assert_eq!(list.check(&person_keys(&namesake, &key())), SuppressionHit::Clear, "{host}");
            assert_eq!(list.check(&person_keys(&listed, &key())), SuppressionHit::Suppressed(Reason::SuppressedOptOut));
        }
    }

    #[test]
    fn su_1_an_entry_holds_hashes_only_and_differs_by_key() {
        let record = person("Anna Schmidt", "anna.schmidt@firma.example", "Firma GmbH");
        let now = at("2026-04-01T00:00:00Z");
        let entry = manual_entry(&record, &key(), SuppressionReason::Erasure, now).unwrap();
        let json = serde_json::to_string(&entry).unwrap().to_lowercase();
        for word in ["anna", "schmidt", "firma"] {
            assert!(!json.contains(word), "{word}");
        }
        let other = manual_entry(&record, &SecretKey::from_bytes([6; 32]), SuppressionReason::Erasure, now).unwrap();
        assert!(entry.keys.iter().all(|key| !other.keys.contains(key)));
    }

    #[test]
    fn a_company_and_a_nameless_record_have_no_entry() {
        let company = MentionRecord { kind: EntityKind::Company, ..person("Firma GmbH", "info@firma.example", "") };
        let nobody = person("", "", "Firma GmbH");
        for record in [company, nobody] {
            assert_eq!(manual_entry(&record, &key(), SuppressionReason::OptOut, at("2026-04-01T00:00:00Z")), None);
        }
    }

    #[test]
    fn the_last_looks_know_mailboxes_and_profiles() {
        let mut record = person("Anna Schmidt", "anna.schmidt@firma.example", "Firma GmbH");
        record.profile_urls = vec!["https://www.netz.example/in/Anna-S/".into()];
        let entry = |reason| manual_entry(&record, &key(), reason, at("2026-04-01T00:00:00Z")).unwrap();
        let global = SuppressionList::new(vec![entry(SuppressionReason::OptOut)], 7);
        let phone = SuppressionList::new(vec![entry(SuppressionReason::DoNotCall)], 8);
        let address = EmailAddress::parse("anna.schmidt+x@firma.example").unwrap();
        assert!(global.suppresses_address(&key(), &address) && !phone.suppresses_address(&key(), &address));
        assert!(global.suppresses_profile(&key(), "netz.example/in/anna-s?trk=1"));
        assert!(!phone.suppresses_profile(&key(), "netz.example/in/anna-s"));
        assert!(!global.suppresses_profile(&key(), "https://netz.example/"));
        assert_eq!((global.position(), global.entries().len()), (7, 1));
        let keys = person_keys(&record, &key());
        assert_eq!(global.matching_entries(&keys).len(), 1);
        assert!(phone.matching_entries(&keys).is_empty());
    }
}
