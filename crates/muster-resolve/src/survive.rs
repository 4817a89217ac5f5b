//! Survivorship: which of a cluster's values make its MASTER record, and where each came from.
//!
//! Values are grouped by their folded form and the group that most mentions say survives, in a spelling that was
//! published. An address, and a job with its employer, are taken from mentions that agree about them, so that no
//! street of one city stands beside the postal code of another. What may be kept at all is the gate's.
//!
//! Invariant: every value stands in a member of its cluster, and neither the order of members nor of mentions matters.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use muster_model::{
    ClusterId, EmailAddress, EntityKind, Field, Lineage, Master, MasterRecord, MasterValue, Mention, MentionId,
    MentionRecord, Method, SurvivorshipRule, Timestamp, profile_url_key,
};
use rayon::prelude::*;

use crate::read::{self, code, core_of, plain_words};
use crate::resolve::Cluster;

/// A member of a cluster, opened.
#[derive(Clone, Copy)]
struct Member<'a> {
    id: &'a MentionId,
    seen_at: Timestamp,
    record: &'a MentionRecord,
}

/// Derives the MASTER records of clusters, with lineage for every value.
///
/// A person's record names the company it works for where exactly one company cluster has the employer's domain or
/// name. A cluster of which no mention is there gives no record.
pub fn survive(clusters: &[(ClusterId, Cluster)], mentions: &[Mention]) -> Vec<Master> {
    let mut by_id: HashMap<&MentionId, &Mention> = HashMap::new();
    for mention in mentions {
        let kept = by_id.entry(mention.mention_id()).or_insert(mention);
        if (mention.seen_at(), mention.source()) < (kept.seen_at(), kept.source()) {
            *kept = mention;
        }
    }
    let index = CompanyIndex::new(clusters, &by_id);
    clusters
        .par_iter()
        .filter_map(|(id, cluster)| {
            let members = open(cluster, &by_id);
            let obtained_at = members.iter().map(|member| member.seen_at).min()?;
            let values = values_of(&members);
            let company_id = match cluster.kind {
                EntityKind::Person => index.find(&values),
                EntityKind::Company => None,
            };
            let members = members.iter().map(|member| member.id.clone()).collect();
            let kind = cluster.kind;
            Some(Master::new(MasterRecord { cluster_id: id.clone(), kind, company_id, obtained_at, members, values }))
        })
        .collect()
}

/// The members of a cluster that are there, by id.
#[expect(clippy::disallowed_methods, reason = "survivorship writes the values that MASTER records hold")]
fn open<'a>(cluster: &'a Cluster, by_id: &HashMap<&MentionId, &'a Mention>) -> Vec<Member<'a>> {
    let ids: BTreeSet<&MentionId> = cluster.members.iter().collect();
    let found = ids.into_iter().filter_map(|id| by_id.get(id));
    found.map(|m| Member { id: m.mention_id(), seen_at: m.seen_at(), record: m.record().expose() }).collect()
}

fn values_of(members: &[Member<'_>]) -> Vec<MasterValue> {
    // One mention agrees with itself.
    let frames = (members.len() > 1).then(|| Frames::new(members));
    let mut values = Vec::new();
    for &field in Field::ALL {
        if field.is_list() {
            values.extend(union(members, field));
        } else {
            let inside = frames.as_ref().map(|frames| frames.members(members, field));
            values.extend(single(inside.as_deref().unwrap_or(members), field));
        }
    }
    values
}

/// The form by which two spellings of a value are one.
fn group_key(field: Field, value: &str, kind: EntityKind) -> String {
    let key = match field {
        Field::Name if kind == EntityKind::Company => core_of(value),
        Field::Name => read::name_key(value),
        Field::Company => core_of(value),
        Field::Emails => EmailAddress::parse(value).map_or_else(|_| String::new(), |email| email.as_str().to_owned()),
        Field::Phones | Field::Faxes => read::phone_key(value),
        Field::ProfileUrls => profile_url_key(value).unwrap_or_default(),
        Field::CompanyDomain | Field::Domain => muster_model::registered_host(value).unwrap_or_default(),
        Field::Postcode | Field::Country | Field::RegisterNumber | Field::VatId => code(value),
        Field::Street => read::street(value),
        Field::GivenName | Field::FamilyName | Field::City | Field::RegisterCourt => plain_words(value),
        Field::JobTitle | Field::Degree | Field::LegalForm => {
            value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
        }
    };
    if key.is_empty() { value.trim().to_lowercase() } else { key }
}

/// What the cluster says of one value in its spellings.
#[derive(Default)]
struct Group<'a> {
    /// Each spelling with the members that have it, in the order of their ids.
    spellings: BTreeMap<&'a str, Vec<Member<'a>>>,
}

impl<'a> Group<'a> {
    fn members(&self) -> impl Iterator<Item = &Member<'a>> {
        self.spellings.values().flatten()
    }

    fn votes(&self) -> usize {
        self.members().map(|member| member.id).collect::<BTreeSet<_>>().len()
    }

    fn latest(&self) -> Option<Timestamp> {
        self.members().map(|member| member.seen_at).max()
    }

    fn longest(&self) -> usize {
        self.spellings.keys().map(|spelling| spelling.chars().count()).max().unwrap_or_default()
    }

    /// The published spelling that stands for the group: the one most members have, then the last seen, then the
    /// longest; one in reading order before `Family, Given`.
    fn spelling(&self) -> Option<&'a str> {
        self.spellings
            .iter()
            .max_by_key(|(spelling, members)| {
                let latest = members.iter().map(|member| member.seen_at).max();
                let reading_order = !spelling.contains(',');
                (reading_order, members.len(), latest, spelling.chars().count(), std::cmp::Reverse(**spelling))
            })
            .map(|(spelling, _)| *spelling)
    }

    fn value(&self, field: Field, rule: SurvivorshipRule) -> Option<MasterValue> {
        Some(MasterValue { field, value: self.spelling()?.to_owned(), rule, lineage: lineage(field, &self.spellings) })
    }
}

fn groups<'a>(members: &[Member<'a>], field: Field) -> BTreeMap<String, Group<'a>> {
    let mut groups: BTreeMap<String, Group<'a>> = BTreeMap::new();
    for member in members {
        let mut seen = HashSet::new();
        for value in member.record.get(field).iter().filter(|value| !value.trim().is_empty()) {
            if seen.insert(value.as_str()) {
                let group = groups.entry(group_key(field, value, member.record.kind)).or_default();
                group.spellings.entry(value).or_default().push(*member);
            }
        }
    }
    groups
}

/// Everything that the members say of a list, first seen first.
fn union(members: &[Member<'_>], field: Field) -> Vec<MasterValue> {
    let values = groups(members, field);
    let mut values: Vec<MasterValue> =
        values.values().filter_map(|group| group.value(field, SurvivorshipRule::Union)).collect();
    values.sort_by(|a, b| {
        let first = |value: &MasterValue| value.lineage.first().map(|lineage| lineage.seen_at);
        (first(a), &a.value).cmp(&(first(b), &b.value))
    });
    values
}

/// The one value that survives of a field.
fn single(members: &[Member<'_>], field: Field) -> Option<MasterValue> {
    let (group, rule) = winner(members, field)?;
    group.value(field, rule)
}

fn winner<'a>(members: &[Member<'a>], field: Field) -> Option<(Group<'a>, SurvivorshipRule)> {
    let mut groups = groups(members, field);
    if groups.len() <= 1 {
        return Some((groups.pop_first()?.1, SurvivorshipRule::Agreed));
    }
    let mut votes: BTreeMap<String, usize> = groups.iter().map(|(key, group)| (key.clone(), group.votes())).collect();
    if matches!(field, Field::Degree | Field::Name) {
        yield_to_fuller(field, &mut groups, &mut votes);
    }
    if groups.len() == 1 {
        return Some((groups.pop_first()?.1, SurvivorshipRule::MostComplete));
    }
    let rank = |key: &String, group: &Group<'a>| (votes.get(key).copied(), group.latest(), group.longest());
    let best = groups.iter().max_by_key(|(key, group)| (rank(key, group), std::cmp::Reverse(*key)))?.0.clone();
    let group = groups.remove(&best)?;
    let (most, latest, _) = rank(&best, &group);
    let rivals: Vec<_> = groups.iter().map(|(key, group)| rank(key, group)).filter(|rival| rival.0 == most).collect();
    let rule = if rivals.is_empty() {
        SurvivorshipRule::MostMentions
    } else if rivals.iter().all(|rival| rival.1 < latest) {
        SurvivorshipRule::MostRecent
    } else {
        SurvivorshipRule::MostComplete
    };
    Some((group, rule))
}

/// Lets a shorter form (`A. Müller`, `Dr.`) speak for the one fuller form that holds it (`Anna Müller`, `Prof. Dr.`).
fn yield_to_fuller(field: Field, groups: &mut BTreeMap<String, Group<'_>>, votes: &mut BTreeMap<String, usize>) {
    let keys: Vec<String> = groups.keys().cloned().collect();
    for short in &keys {
        let fuller: Vec<&String> =
            keys.iter().filter(|long| *long != short && is_short_of(field, short, long)).collect();
        // Where the fuller forms contradict one another, the short one speaks for none of them.
        let Some(&best) = fuller.iter().max_by_key(|key| (key.chars().count(), std::cmp::Reverse(**key))) else {
            continue;
        };
        if fuller.iter().all(|&other| other == best || is_short_of(field, other, best)) {
            groups.remove(short);
            let moved = votes.remove(short).unwrap_or_default();
            *votes.entry(best.clone()).or_default() += moved;
        }
    }
}

fn is_short_of(field: Field, short: &str, long: &str) -> bool {
    if field == Field::Degree {
        let words = |text: &str| -> BTreeSet<String> {
            text.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        return words(short).is_subset(&words(long)) && short != long;
    }
    let (Some((given_short, family_short)), Some((given_long, family_long))) =
        (short.split_once('|'), long.split_once('|'))
    else {
        return false;
    };
    let short_names: Vec<&str> = given_short.split(' ').filter(|name| !name.is_empty()).collect();
    let mut long_names = given_long.split(' ').filter(|name| !name.is_empty());
    family_short == family_long
        && given_short.chars().count() < given_long.chars().count()
        && short_names
            .iter()
            .all(|name| long_names.any(|full| full == *name || (name.chars().count() == 1 && full.starts_with(name))))
}

/// Which members speak about fields that must fit one another; a value that only others have is left out.
struct Frames {
    /// Members that give the surviving name, or none.
    given_name: HashSet<MentionId>,
    /// The same, short forms of the name included.
    family_name: HashSet<MentionId>,
    /// Members whose address is the surviving one, or that give none.
    address: HashSet<MentionId>,
    /// Members whose employer is the surviving one, or that give none.
    employer: HashSet<MentionId>,
}

impl Frames {
    fn new(members: &[Member<'_>]) -> Self {
        Self {
            given_name: agreeing(members, Field::Name, |_, _| false),
            family_name: agreeing(members, Field::Name, |key, best| is_short_of(Field::Name, key, best)),
            address: address_frame(members),
            employer: employer_frame(members),
        }
    }

    fn members<'a>(&self, members: &[Member<'a>], field: Field) -> Vec<Member<'a>> {
        let frame = match field {
            Field::GivenName => &self.given_name,
            Field::FamilyName => &self.family_name,
            Field::Street | Field::City | Field::Country => &self.address,
            Field::CompanyDomain | Field::JobTitle => &self.employer,
            Field::Name
            | Field::Degree
            | Field::Company
            | Field::Emails
            | Field::Phones
            | Field::Faxes
            | Field::Postcode
            | Field::ProfileUrls
            | Field::LegalForm
            | Field::Domain
            | Field::RegisterCourt
            | Field::RegisterNumber
            | Field::VatId => return members.to_vec(),
        };
        members.iter().filter(|member| frame.contains(member.id)).copied().collect()
    }
}

fn address_frame(members: &[Member<'_>]) -> HashSet<MentionId> {
    if members.iter().all(|member| member.record.postcode.is_none()) {
        return agreeing(members, Field::City, |_, _| false);
    }
    let inside = agreeing(members, Field::Postcode, |_, _| false);
    let (coded, bare): (Vec<Member<'_>>, Vec<Member<'_>>) =
        members.iter().filter(|member| inside.contains(member.id)).partition(|member| member.record.postcode.is_some());
    // Who gives no postal code speaks only where its city is the one that goes with the surviving code.
    let cities: HashSet<String> = groups(&coded, Field::City).into_keys().collect();
    let fits = |member: &&Member<'_>| match member.record.city.as_deref() {
        Some(city) => cities.is_empty() || cities.contains(&group_key(Field::City, city, member.record.kind)),
        None => member.record.street.is_none(),
    };
    coded.iter().chain(bare.iter().filter(fits)).map(|member| member.id.clone()).collect()
}

fn employer_frame(members: &[Member<'_>]) -> HashSet<MentionId> {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
    let mut inside = agreeing(members, Field::Company, |key, best| begins(key, best) || begins(best, key));
    let domain = |member: &Member<'_>| member.record.company_domain.as_deref().and_then(read::domain);
    let domains: HashSet<String> =
        members.iter().filter(|member| inside.contains(member.id)).filter_map(domain).collect();
    let same_domain = members.iter().filter(|member| domain(member).is_some_and(|domain| domains.contains(&domain)));
    inside.extend(same_domain.map(|member| member.id.clone()));
    inside
}

/// The members that say the surviving value of a field, one that fits it, or nothing.
fn agreeing(members: &[Member<'_>], field: Field, fits: impl Fn(&str, &str) -> bool) -> HashSet<MentionId> {
    let best = winner(members, field)
        .and_then(|(group, _)| Some(group_key(field, group.spelling()?, group.members().next()?.record.kind)));
    let agrees = |member: &&Member<'_>| {
        let Some(best) = &best else { return true };
        member.record.get(field).first().is_none_or(|value| {
            let key = group_key(field, value, member.record.kind);
            key == *best || fits(&key, best)
        })
    };
    members.iter().filter(agrees).map(|member| member.id.clone()).collect()
}

/// Every place that says a value, oldest first.
fn lineage(field: Field, spellings: &BTreeMap<&str, Vec<Member<'_>>>) -> Vec<Lineage> {
    let mut places = Vec::new();
    for (spelling, members) in spellings {
        for member in members {
            let record = member.record;
            let place = |method, quote: Option<&String>, span| Lineage {
                mention_id: member.id.clone(),
                source: record.source.clone().unwrap_or_else(|| muster_model::SourceName::new("")),
                source_url: record.source_url.clone(),
                seen_at: member.seen_at,
                method,
                quote: quote.cloned(),
                span,
                public: record.public.unwrap_or(false),
            };
            let key = group_key(field, spelling, record.kind);
            let mut said = record
                .values
                .iter()
                .filter(|evidence| evidence.field == field && group_key(field, &evidence.value, record.kind) == key)
                .map(|evidence| place(evidence.method, evidence.quote.as_ref(), evidence.span))
                .peekable();
            if said.peek().is_none() {
                places.push(place(Method::Jsonl, None, None));
            }
            places.extend(said);
        }
    }
    places.sort_by(|a, b| (a.seen_at, a).cmp(&(b.seen_at, b)));
    places.dedup();
    places
}

/// Which company cluster has a domain or a name; none where several have.
struct CompanyIndex {
    by_domain: BTreeMap<String, Option<ClusterId>>,
    by_name: BTreeMap<String, Option<ClusterId>>,
}

impl CompanyIndex {
    fn new(clusters: &[(ClusterId, Cluster)], by_id: &HashMap<&MentionId, &Mention>) -> Self {
        let mut index = Self { by_domain: BTreeMap::new(), by_name: BTreeMap::new() };
        for (id, cluster) in clusters.iter().filter(|(_, cluster)| cluster.kind == EntityKind::Company) {
            for member in open(cluster, by_id) {
                for domain in read::company_domains(member.record) {
                    claim(&mut index.by_domain, domain, id);
                }
                if let Some(name) = member.record.name.as_deref().map(dense_core).filter(|name| !name.is_empty()) {
                    claim(&mut index.by_name, name, id);
                }
            }
        }
        index
    }

    /// The company of a person: by the employer's domain, by its name, by the domain of a mailbox.
    fn find(&self, values: &[MasterValue]) -> Option<ClusterId> {
        let first = |field| values.iter().find(move |value| value.field == field).map(|value| value.value.as_str());
        let by_domain = |domain: String| self.by_domain.get(&domain).cloned().flatten();
        let named = first(Field::CompanyDomain)
            .and_then(read::domain)
            .and_then(by_domain)
            .or_else(|| self.by_name.get(&dense_core(first(Field::Company)?)).cloned().flatten());
        if named.is_some() || first(Field::Company).is_some() {
            return named.or_else(|| self.by_mailbox(values));
        }
        self.by_mailbox(values)
    }

    fn by_mailbox(&self, values: &[MasterValue]) -> Option<ClusterId> {
        let emails = values.iter().filter(|value| value.field == Field::Emails);
        let domains =
            emails.filter_map(|value| EmailAddress::parse(&value.value).ok()).filter_map(|e| read::domain(e.domain()));
        let found: BTreeSet<ClusterId> =
            domains.filter_map(|domain| self.by_domain.get(&domain).cloned().flatten()).collect();
        if found.len() == 1 { found.into_iter().next() } else { None }
    }
}

fn dense_core(name: &str) -> String {
    core_of(name).replace(' ', "")
}

fn claim(index: &mut BTreeMap<String, Option<ClusterId>>, key: String, id: &ClusterId) {
    let slot = index.entry(key).or_insert_with(|| Some(id.clone()));
    if slot.as_ref() != Some(id) {
        *slot = None;
    }
}

#[cfg(test)]
mod tests;
