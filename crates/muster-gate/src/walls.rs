//! The four walls, tested side by side: each alone with the other three switched off, over a small universe of people,
//! and for every reason that any of them gives.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{
    EmailAddress, EntityKind, Field, KeyedHash, Master, Mention, MentionId, MentionRecord, NoticeToken, SecretKey,
    SuppressionEntry, SuppressionKey, SuppressionReason, Timestamp,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::sensitive::Screen;
use crate::testing::{assessment, at, key, master, mention, person, policy, recipient, source};
use crate::{
    Assessment, ContactContext, IntakeContext, NoticeAddress, NoticeFacts, NoticeWay, Outcome, Policy, Purpose, Reason,
    RecipientTerms, ReleaseContext, ReleasedRow, SourceKind, SourceTerms, SuppressionHit, SuppressionList, Taken,
    TransferMechanism, admit, clear_contact, clear_merge, clear_quarantine, clear_release, manual_entry, person_keys,
    suppression_entry,
};

/// A list for each wall.
#[derive(Default, Clone)]
struct Lists {
    intake: SuppressionList,
    merge: SuppressionList,
    contact: SuppressionList,
    release: SuppressionList,
}

/// What a wall said, from the most permissive to the least.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Pass,
    Hold(Vec<Reason>),
    Deny(Vec<Reason>),
}

impl Said {
    fn rank(&self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Hold(_) => 1,
            Self::Deny(_) => 2,
        }
    }
}

fn said<T, P: Purpose>(outcome: &Outcome<T, P>) -> Said {
    match outcome {
        Outcome::Pass(_) => Said::Pass,
        Outcome::Hold(_, reasons) => Said::Hold(reasons.clone()),
        Outcome::Deny(reasons) => Said::Deny(reasons.clone()),
    }
}

fn list(entries: Vec<SuppressionEntry>) -> SuppressionList {
    SuppressionList::new(entries, 1)
}

fn opted_out(record: &MentionRecord) -> SuppressionList {
    list(vec![manual_entry(record, &key(), SuppressionReason::Objection, at("2026-04-01T00:00:00Z")).unwrap()])
}

/// The instants and terms that all four walls pass with.
#[expect(clippy::struct_excessive_bools, reason = "they are the switches of the contexts under test")]
struct World {
    policy: Policy,
    assessments: Vec<Assessment>,
    source: SourceTerms,
    recipient: RecipientTerms,
    screen: Screen,
    told_at: BTreeMap<MentionId, Taken>,
    purposes: Vec<String>,
    purposes_told: BTreeMap<String, Taken>,
    employer: Option<Master>,
    letters: bool,
    told: BTreeSet<MentionId>,
    dead: BTreeSet<KeyedHash>,
    in_doubt: bool,
    bounced: bool,
    on_hold: bool,
    restricted: bool,
    now: Timestamp,
}

impl World {
    /// Everybody was told on 3 March; it is 1 May.
    fn of(mentions: &[Mention]) -> Self {
        let sent = Taken { at: at("2026-03-03T10:00:00Z"), way: NoticeWay::Mail };
        Self {
            policy: policy(),
            assessments: vec![assessment()],
            source: source(),
            recipient: recipient(),
            screen: Screen::new(),
            told_at: mentions.iter().map(|mention| (mention.mention_id().clone(), sent)).collect(),
            purposes: Vec::new(),
            purposes_told: BTreeMap::new(),
            employer: None,
            letters: false,
            told: BTreeSet::new(),
            dead: BTreeSet::new(),
            in_doubt: false,
            bounced: false,
            on_hold: false,
            restricted: false,
            now: at("2026-05-01T00:00:00Z"),
        }
    }

    fn intake(&self, record: MentionRecord, list: &SuppressionList) -> Said {
        let secret = key();
        said(&admit(mention(record), &self.intake_context(list, &secret)).outcome)
    }

    fn intake_context<'a>(&'a self, suppression: &'a SuppressionList, key: &'a SecretKey) -> IntakeContext<'a> {
        IntakeContext {
            screen: &self.screen,
            source: &self.source,
            assessments: &self.assessments,
            suppression,
            key,
            now: self.now,
        }
    }

    fn contact(&self, master: Master, list: &SuppressionList) -> Outcome<crate::NoticeOrder, crate::Contact> {
        let context = ContactContext {
            suppression: list,
            key: &key(),
            told: &self.told,
            purposes_told: &self.purposes_told.keys().cloned().collect(),
            in_doubt: self.in_doubt,
            dead_addresses: &self.dead,
            letters: self.letters,
            employer: self.employer.as_ref(),
            page_lang: None,
            policy: &self.policy,
        };
        clear_contact(master, &context, Some(self.now), |_| NoticeToken::new("t"), &bare_facts())
    }

    fn release(&self, master: &Master, list: &SuppressionList) -> Outcome<ReleasedRow, crate::Release> {
        let context = ReleaseContext {
            policy: &self.policy,
            assessments: &self.assessments,
            recipient: &self.recipient,
            suppression: list,
            key: &key(),
            told_at: &self.told_at,
            purposes: &self.purposes,
            purposes_told: &self.purposes_told,
            bounced: self.bounced,
            on_hold: self.on_hold,
            restricted: self.restricted,
            now: self.now,
        };
        clear_release(master, &context)
    }
}

/// What is the same in every notice.
fn bare_facts() -> NoticeFacts {
    NoticeFacts {
        controller: crate::Controller {
            legal_name: "Adressbuch Nord GmbH".into(),
            address: String::new(),
            email: "privacy@adressbuch.example".into(),
            country: "DE".into(),
            privacy_url: None,
            dpo: None,
            representative: None,
            authorities: BTreeMap::new(),
        },
        purposes: Vec::new(),
        basis: "6(1)(f)".into(),
        interest: BTreeMap::new(),
        recipients: Vec::new(),
        retention_months: 24,
        automated_decisions: false,
        automated_explained: BTreeMap::new(),
        lang: "de".into(),
        country: None,
        reference: String::new(),
        reply_to: String::new(),
        obtained_on: "2026-03-02".into(),
        values: Vec::new(),
    }
}

fn anna() -> MentionRecord {
    person("Anna Schmidt", "anna.schmidt@firma.example", "Firma GmbH")
}

/// Runs one person through all four walls.
fn four_walls(record: &MentionRecord, lists: &Lists) -> [Said; 4] {
    let mentions = [mention(record.clone())];
    let world = World::of(&mentions);
    let whole = master(&mentions);
    [
        world.intake(record.clone(), &lists.intake),
        said(&clear_merge(whole.clone(), &lists.merge, &key())),
        said(&world.contact(whole.clone(), &lists.contact)),
        said(&world.release(&whole, &lists.release)),
    ]
}

#[test]
fn art21_3_each_wall_alone_stops_a_suppressed_person() {
    let stopped = Said::Deny(vec![Reason::SuppressedObjection]);
    let none = [Said::Pass, Said::Pass, Said::Pass, Said::Pass];
    assert_eq!(four_walls(&anna(), &Lists::default()), none);
    let list = opted_out(&anna());
    let alone = [
        Lists { intake: list.clone(), ..Lists::default() },
        Lists { merge: list.clone(), ..Lists::default() },
        Lists { contact: list.clone(), ..Lists::default() },
        Lists { release: list, ..Lists::default() },
    ];
    for (wall, lists) in alone.iter().enumerate() {
        let mut expect = none.clone();
        *expect.get_mut(wall).unwrap() = stopped.clone();
        assert_eq!(four_walls(&anna(), lists), expect);
    }
}

#[test]
fn art21_3_an_alias_or_another_spelling_does_not_come_back() {
    let list = opted_out(&anna());
    let everywhere = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list };
    for (name, email, company) in [
        ("Anna Schmidt", "a.schmidt@firma.example", "Firma GmbH"),
        ("Anna Schmidt", "anna@privat.example", "Firma"),
        ("SCHMIDT, Dr. Anna", "", "Firma GmbH"),
        ("Schmidt Anna", "as@firma.example", ""),
        ("Anna Maria Schmidt", "am@firma.example", ""),
        ("Somebody Else", "anna.schmidt@firma.example", "Andere AG"),
        ("Somebody Else", "Anna.Schmidt+crm@Firma.Example", "Andere AG"),
        ("", "anna.schmidt+x@firma.example", ""),
    ] {
        for said in four_walls(&person(name, email, company), &everywhere) {
            assert_eq!(said, Said::Deny(vec![Reason::SuppressedObjection]), "{name} {email} {company}");
        }
    }
    for (name, email, company) in [
        ("Anna Schmidt", "anna.schmidt@andere.example", "Andere AG"),
        ("Andreas Schmidt", "andreas.schmidt@firma.example", "Firma GmbH"),
        ("Bea Berg", "bea.berg@firma.example", "Firma GmbH"),
    ] {
        for said in four_walls(&person(name, email, company), &everywhere) {
            assert_eq!(said, Said::Pass, "{name} {email} {company}");
        }
    }
}

#[test]
fn a_merge_ties_an_alias_to_the_person_and_is_stopped() {
    // Neither mention alone is recognized at intake by the key that the other one carries.
    let mut listed = person("", "anna.privat@post.example", "");
    listed.phones = vec!["+4915112345678".into()];
    let list = opted_out(&listed);
    let alias = person("Anna Schmidt", "as@firma.example", "Firma GmbH");
    let mut with_phone = alias.clone();
    with_phone.emails.clear();
    with_phone.phones = vec!["+49 (0)151 1234 5678".into()];
    assert_eq!(World::of(&[]).intake(alias.clone(), &list), Said::Pass);
    let merged = master(&[mention(alias), mention(with_phone)]);
    assert_eq!(said(&clear_merge(merged, &list, &key())), Said::Deny(vec![Reason::SuppressedObjection]));
}

#[test]
fn a_namesake_is_held_and_not_silenced() {
    let namesake = person("Anna Schmidt", "anna.schmidt2@firma.example", "Firma GmbH");
    let own = person_keys(&anna(), &key());
    let others = person_keys(&namesake, &key()).mailboxes;
    let now = at("2026-04-01T00:00:00Z");
    let entry = suppression_entry(&own, &BTreeSet::new(), &others, SuppressionReason::OptOut, now).unwrap();
    let mut confirmed = entry.clone();
    confirmed.confirmed_keys = others.iter().copied().collect();
    let list = list(vec![entry]);
    let lists = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list };
    let [intake, merge, contact, release] = four_walls(&namesake, &lists);
    assert_eq!((intake, merge), (Said::Hold(vec![Reason::Namesake]), Said::Hold(vec![Reason::Namesake])));
    assert_eq!(contact, Said::Deny(vec![Reason::Namesake, Reason::OnHold]));
    assert_eq!(release, Said::Deny(vec![Reason::Namesake, Reason::OnHold]));
    assert_eq!(four_walls(&anna(), &lists).map(|said| said.rank()), [2; 4]);
    // A steward has looked: it is another person. The one who objected stays out.
    let list = SuppressionList::new(vec![confirmed], 2);
    let lists = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list };
    assert_eq!(four_walls(&namesake, &lists).map(|said| said.rank()), [0; 4]);
    assert_eq!(four_walls(&anna(), &lists).map(|said| said.rank()), [2; 4]);
}

#[test]
fn a_mere_initial_is_doubtful_on_either_side() {
    let initial = person("A. Schmidt", "", "Firma GmbH");
    let full = person("Anna Schmidt", "", "Firma GmbH");
    let check = |listed: &MentionRecord, seen: &MentionRecord| opted_out(listed).check(&person_keys(seen, &key()));
    assert_eq!(check(&full, &initial), SuppressionHit::Doubtful(Reason::NameInitialOnly));
    assert_eq!(check(&initial, &full), SuppressionHit::Doubtful(Reason::NameInitialOnly));
    assert_eq!(check(&initial, &initial), SuppressionHit::Doubtful(Reason::NameInitialOnly));
    assert_eq!(check(&full, &person("Andreas Schmidt", "", "Firma GmbH")), SuppressionHit::Clear);
    assert_eq!(check(&full, &person("A. Schmidt", "", "Andere AG")), SuppressionHit::Clear);
}

#[test]
fn a_shared_switchboard_does_not_silence_colleagues() {
    let with_phone = |name: &str, email: &str, phone: &str| {
        let mut record = person(name, email, "Firma GmbH");
        record.phones = vec![phone.into()];
        record
    };
    let anna = with_phone("Anna Schmidt", "anna.schmidt@firma.example", "+493012340");
    let bea = with_phone("Bea Berg", "bea.berg@firma.example", "+493012340");
    let (keys_of_anna, keys_of_bea) = (person_keys(&anna, &key()), person_keys(&bea, &key()));
    let shared: BTreeSet<SuppressionKey> = keys_of_bea.direct.clone();
    let now = at("2026-04-01T00:00:00Z");
    let entry = suppression_entry(&keys_of_anna, &shared, &BTreeSet::new(), SuppressionReason::OptOut, now).unwrap();
    let list = list(vec![entry]);
    assert_eq!(list.check(&keys_of_bea), SuppressionHit::Clear);
    assert_eq!(list.check(&keys_of_anna), SuppressionHit::Suppressed(Reason::SuppressedOptOut));
}

#[test]
fn do_not_call_takes_the_numbers_out_of_a_release_and_nothing_else() {
    let mut record = anna();
    record.phones = vec!["+493012345".into()];
    let entry = manual_entry(&record, &key(), SuppressionReason::DoNotCall, at("2026-04-01T00:00:00Z")).unwrap();
    let list = list(vec![entry]);
    let lists = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list.clone() };
    assert_eq!(four_walls(&record, &lists).map(|said| said.rank()), [0; 4]);
    let mentions = [mention(record)];
    let world = World::of(&mentions);
    let Outcome::Pass(row) = world.release(&master(&mentions), &list) else { panic!("withheld") };
    let field = |field: Field| row.get().fields.iter().find(|(at, _)| *at == field).unwrap().1.clone();
    assert_eq!(field(Field::Phones), Vec::<String>::new());
    assert_eq!(field(Field::Emails), ["anna.schmidt@firma.example"]);
}

#[test]
fn a_notice_goes_to_no_dead_suppressed_or_shared_mailbox() {
    let mut record = anna();
    record.emails =
        ["info@firma.example", "dead@firma.example", "anna.schmidt@firma.example"].map(String::from).to_vec();
    let mentions = [mention(record)];
    let mut world = World::of(&mentions);
    world.dead.insert(crate::address_hash(&key(), &EmailAddress::parse("dead@firma.example").unwrap()));
    let order = world.contact(master(&mentions), &SuppressionList::default());
    let Outcome::Pass(order) = order else { panic!("no order") };
    assert_eq!(order.get().address, mailbox("anna.schmidt@firma.example"));
}

fn mailbox(address: &str) -> NoticeAddress {
    NoticeAddress::Mailbox(EmailAddress::parse(address).unwrap())
}

/// Anna with a street, and her employer's record.
fn anna_with_a_street() -> MentionRecord {
    let mut record = anna();
    record.street = Some("Werkstraße 1".into());
    record.postcode = Some("10115".into());
    record.city = Some("Berlin".into());
    record
}

#[test]
fn nt_6_the_next_way_is_the_next_mailbox_then_a_letter_then_none() {
    let mut record = anna_with_a_street();
    record.emails = ["anna.schmidt@firma.example", "anna@neu.example"].map(String::from).to_vec();
    let mentions = [mention(record)];
    let mut world = World::of(&mentions);
    world.letters = true;
    let next = |world: &World| match world.contact(master(&mentions), &SuppressionList::default()) {
        Outcome::Pass(order) => Ok(order.into_inner().address),
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => Err(reasons),
    };
    let mut ways = Vec::new();
    while let Ok(address) = next(&world) {
        world.dead.insert(address.hash(&key()));
        ways.push(address);
    }
    assert_eq!(ways.get(..2).unwrap(), [mailbox("anna.schmidt@firma.example"), mailbox("anna@neu.example")]);
    let [_, _, NoticeAddress::Postal(address)] = ways.as_slice() else { panic!("{ways:?}") };
    assert_eq!(address.lines(), ["Anna Schmidt", "Firma GmbH", "Werkstraße 1", "10115 Berlin"]);
    assert_eq!(next(&world).unwrap_err(), [Reason::NoAddress]);
    // Without letters the mailboxes are all there is.
    world.dead.clear();
    world.letters = false;
    for address in ways.iter().take(2) {
        world.dead.insert(address.hash(&key()));
    }
    assert_eq!(next(&world).unwrap_err(), [Reason::NoAddress]);
}

#[test]
fn su_3_a_suppressed_person_gets_no_letter_either() {
    let mut record = anna_with_a_street();
    record.emails.clear();
    let mut world = World::of(&[]);
    world.letters = true;
    let whole = || master(&[mention(record.clone())]);
    assert_eq!(said(&world.contact(whole(), &SuppressionList::default())), Said::Pass);
    assert_eq!(said(&world.contact(whole(), &opted_out(&record))), Said::Deny(vec![Reason::SuppressedObjection]));
}

#[test]
fn art14_4_a_new_purpose_is_told_and_stands_before_it_is_served() {
    let mentions = [mention(anna())];
    let taken = |text: &str| Taken { at: at(text), way: NoticeWay::Mail };
    let release = |purposes: &[&str], told: &[(&str, &str)], now: &str| {
        let mut world = World::of(&mentions);
        world.purposes = purposes.iter().map(|id| (*id).to_owned()).collect();
        world.purposes_told = told.iter().map(|(id, at)| ((*id).to_owned(), taken(at))).collect();
        world.now = at(now);
        said(&world.release(&master(&mentions), &SuppressionList::default()))
    };
    let first = ("directory", "2026-03-03T10:00:00Z");
    let withheld = Said::Deny(vec![Reason::PurposeNotTold]);
    assert_eq!(release(&["directory"], &[first], "2026-05-01T00:00:00Z"), Said::Pass);
    assert_eq!(release(&["events"], &[first], "2026-05-01T00:00:00Z"), withheld);
    assert_eq!(release(&["directory", "events"], &[first], "2026-05-01T00:00:00Z"), withheld);
    let both = [first, ("events", "2026-05-01T10:00:00Z")];
    assert_eq!(release(&["events"], &both, "2026-05-18T09:59:59Z"), withheld, "72 hours and 14 days");
    assert_eq!(release(&["events"], &both, "2026-05-18T10:00:00Z"), Said::Pass);
    assert_eq!(release(&["directory"], &both, "2026-05-02T00:00:00Z"), Said::Pass, "the old one is served meanwhile");
}

#[test]
fn art14_4_whoever_was_told_under_fewer_purposes_is_told_again() {
    let purpose = |id: &str| crate::NoticePurpose { id: id.into(), sentence: BTreeMap::new() };
    let both = [purpose("events"), purpose("directory"), purpose("events")];
    let told = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
    assert_eq!(crate::untold_purposes(&both, &told(&["directory"])), ["events"]);
    assert_eq!(crate::untold_purposes(&both, &told(&["directory", "events", "gone"])), Vec::<String>::new());
}

#[test]
fn dl_2_a_new_source_of_a_known_value_and_a_new_category_are_told() {
    let first = mention(anna());
    let told = BTreeSet::from([first.mention_id().clone()]);
    let untold = |url: &str, change: &dyn Fn(&mut MentionRecord)| {
        let mut record = anna();
        record.source_url = Some(url.to_owned());
        change(&mut record);
        let second = mention(record);
        let untold = crate::untold_mentions(&master(&[first.clone(), second.clone()]), &told);
        (untold == [second.mention_id().clone()], untold.len())
    };
    assert_eq!(untold("https://messe.example/speakers", &|_| {}), (true, 1), "another site says the same");
    assert_eq!(untold("https://firma.example/imprint", &|_| {}), (false, 0), "another page of the same site");
    let category = |record: &mut MentionRecord| record.phones = vec!["+493012345".into()];
    assert_eq!(untold("https://firma.example/imprint", &category), (true, 1), "a field that was not held before");
    let other_file = |record: &mut MentionRecord| record.source = Some(muster_model::SourceName::new("list"));
    assert_eq!(untold("https://firma.example/team", &other_file), (true, 1), "another source of the pipeline");
}

#[test]
fn nt_6_a_letter_waits_for_its_own_time_before_a_release() {
    let mentions = [mention(anna())];
    let release = |now: &str| {
        let mut world = World::of(&mentions);
        for taken in world.told_at.values_mut() {
            taken.way = NoticeWay::Paper;
        }
        world.now = at(now);
        said(&world.release(&master(&mentions), &SuppressionList::default()))
    };
    assert_eq!(release("2026-03-10T09:59:59Z"), Said::Deny(vec![Reason::NoticeNotDelivered]));
    assert_eq!(release("2026-03-10T10:00:00Z"), Said::Deny(vec![Reason::WaitingTime]));
    assert_eq!(release("2026-03-24T10:00:00Z"), Said::Pass);
}

#[test]
fn art14_3_c_a_value_that_nobody_was_told_of_is_withheld() {
    let told = mention(anna());
    let mut later = person("Anna Schmidt", "anna@neu.example", "Firma GmbH");
    later.source_url = Some("https://andere.example/".into());
    let untold = mention(later);
    let world = World::of(std::slice::from_ref(&told));
    let whole = master(&[told.clone(), untold]);
    let Outcome::Pass(row) = world.release(&whole, &SuppressionList::default()) else { panic!("withheld") };
    let emails = &row.get().fields.iter().find(|(field, _)| *field == Field::Emails).unwrap().1;
    assert_eq!(emails, &["anna.schmidt@firma.example"]);
    // And the wall that sends notices sees that there is something to tell.
    let mut world = World::of(&[]);
    world.told = BTreeSet::from([told.mention_id().clone()]);
    assert_eq!(said(&world.contact(whole, &SuppressionList::default())), Said::Pass);
    assert_eq!(
        said(&world.contact(master(&[told]), &SuppressionList::default())),
        Said::Deny(vec![Reason::AlreadyTold])
    );
}

#[test]
fn g6_a_release_waits_for_delivery_and_then_for_the_waiting_time() {
    let mentions = [mention(anna())];
    let whole = master(&mentions);
    let release = |now: &str| {
        let mut world = World::of(&mentions);
        world.now = at(now);
        said(&world.release(&whole, &SuppressionList::default()))
    };
    assert_eq!(release("2026-03-06T09:59:59Z"), Said::Deny(vec![Reason::NoticeNotDelivered]));
    assert_eq!(release("2026-03-06T10:00:00Z"), Said::Deny(vec![Reason::WaitingTime]));
    assert_eq!(release("2026-03-20T09:59:59Z"), Said::Deny(vec![Reason::WaitingTime]));
    assert_eq!(release("2026-03-20T10:00:00Z"), Said::Pass);
}

#[test]
fn re_1_retention_runs_from_the_first_instant_and_ends_the_release() {
    let mut old = anna();
    old.seen_at = Some(at("2024-05-01T10:00:00Z"));
    old.source_url = Some("https://alt.example/".into());
    let mentions = [mention(anna()), mention(old)];
    let whole = master(&mentions);
    let release = |now: &str| {
        let mut world = World::of(&mentions);
        world.now = at(now);
        said(&world.release(&whole, &SuppressionList::default()))
    };
    assert_eq!(release("2026-05-01T09:59:59Z"), Said::Pass);
    assert_eq!(release("2026-05-01T10:00:00Z"), Said::Deny(vec![Reason::RetentionEnded]));
}

#[test]
fn ac_1_an_expired_or_foreign_assessment_closes_intake_and_release() {
    let mentions = [mention(anna())];
    let whole = master(&mentions);
    let both = |change: &dyn Fn(&mut World)| {
        let mut world = World::of(&mentions);
        change(&mut world);
        (world.intake(anna(), &SuppressionList::default()), said(&world.release(&whole, &SuppressionList::default())))
    };
    let deny = |reason: Reason| Said::Deny(vec![reason]);
    let expired = deny(Reason::AssessmentExpired);
    let last_day = |world: &mut World| world.now = at("2026-12-31T23:59:59Z");
    assert_eq!(both(&last_day), (Said::Pass, Said::Pass));
    assert_eq!(both(&|world| world.now = at("2027-01-01T00:00:00Z")), (expired.clone(), expired.clone()));
    assert_eq!(both(&|world| world.assessments.clear()), {
        (deny(Reason::AssessmentMissing), deny(Reason::AssessmentMissing))
    });
    let only = |country: &'static str| {
        move |world: &mut World| world.assessments.first_mut().unwrap().countries = vec![country.into()]
    };
    // Whoever's country is not known counts as being in the EEA.
    assert_eq!(both(&only("FR")), (Said::Pass, Said::Pass));
    assert_eq!(both(&only("US")), (deny(Reason::AssessmentScope), deny(Reason::AssessmentScope)));
    let mut in_austria = anna();
    in_austria.country = Some("AT".into());
    let mut world = World::of(&[]);
    only("FR")(&mut world);
    assert_eq!(world.intake(in_austria, &SuppressionList::default()), deny(Reason::AssessmentScope));
}

#[test]
fn ac_6_a_third_country_without_a_mechanism_gets_nothing() {
    let mentions = [mention(anna())];
    let release = |country: &str, mechanism: TransferMechanism| {
        let mut world = World::of(&mentions);
        (world.recipient.country, world.recipient.mechanism) = (country.into(), mechanism);
        said(&world.release(&master(&mentions), &SuppressionList::default()))
    };
    assert_eq!(release("US", TransferMechanism::None), Said::Deny(vec![Reason::RecipientCountry]));
    assert_eq!(release("", TransferMechanism::None), Said::Deny(vec![Reason::RecipientCountry]));
    for mechanism in [TransferMechanism::Adequacy, TransferMechanism::Scc, TransferMechanism::Bcr] {
        assert_eq!(release("US", mechanism), Said::Pass);
    }
}

#[test]
fn quarantine_takes_only_what_the_gate_would_not_deny() {
    let (secret, none, suppressed) = (key(), SuppressionList::default(), opted_out(&anna()));
    let world = World::of(&[]);
    let clear = |list: &SuppressionList, reasons: &[Reason]| {
        clear_quarantine(mention(anna()), reasons, &world.intake_context(list, &secret)).is_some()
    };
    assert!(clear(&none, &[Reason::Namesake]));
    assert!(!clear(&none, &[]));
    assert!(!clear(&suppressed, &[Reason::Namesake]));
}

#[expect(clippy::too_many_lines, reason = "a case for each reason")]
#[test]
fn every_reason_is_given_by_some_wall() {
    let mut seen: BTreeSet<Reason> = BTreeSet::new();
    let mut note = |said: Said| match said {
        Said::Pass => {}
        Said::Hold(reasons) | Said::Deny(reasons) => seen.extend(reasons),
    };
    let none = SuppressionList::default();
    let world = |change: &dyn Fn(&mut World)| {
        let mut world = World::of(&[mention(anna())]);
        change(&mut world);
        world
    };
    let whole = || master(&[mention(anna())]);
    let plain = world(&|_| {});
    let changed = |change: &dyn Fn(&mut MentionRecord)| {
        let mut record = anna();
        change(&mut record);
        record
    };
    note(plain.intake(changed(&|it| it.source_url = None), &none));
    note(plain.intake(changed(&|it| it.public = Some(false)), &none));
    note(plain.intake(changed(&|it| (it.name, it.emails) = (None, Vec::new())), &none));
    note(plain.intake(person("", "", "").clone(), &none));
    let mut only_faith = person("", "", "");
    only_faith.job_title = Some("römisch-katholisch".into());
    note(plain.intake(only_faith, &none));
    note(plain.intake(changed(&|it| it.job_title = Some("CDU-Abgeordneter".into())), &none));
    note(world(&|it| it.source.basis = None).intake(anna(), &none));
    note(world(&|it| it.source.assessment_id = None).intake(anna(), &none));
    note(world(&|it| it.now = at("2025-12-31T00:00:00Z")).intake(anna(), &none));
    note(world(&|it| it.source.kind = SourceKind::File).intake(anna(), &none));
    for reason in [
        SuppressionReason::OptOut,
        SuppressionReason::Objection,
        SuppressionReason::Erasure,
        SuppressionReason::Complaint,
        SuppressionReason::Import,
    ] {
        let entry = manual_entry(&anna(), &key(), reason, at("2026-04-01T00:00:00Z")).unwrap();
        note(said(&clear_merge(whole(), &list(vec![entry]), &key())));
    }
    let own = person_keys(&anna(), &key());
    let namesake = person("Anna Schmidt", "anna2@firma.example", "");
    let others = person_keys(&namesake, &key()).mailboxes;
    let entry = suppression_entry(&own, &BTreeSet::new(), &others, SuppressionReason::OptOut, plain.now).unwrap();
    note(plain.intake(namesake, &list(vec![entry])));
    note(plain.intake(person("A. Schmidt", "", "Firma GmbH"), &opted_out(&person("Anna Schmidt", "", "Firma GmbH"))));
    let told = |it: &mut World| it.told = BTreeSet::from([mention(anna()).mention_id().clone()]);
    note(said(&world(&told).contact(whole(), &none)));
    let french = master(&[mention(changed(&|it| it.country = Some("FR".into())))]);
    note(said(&plain.contact(french, &none)));
    note(said(&world(&|it| it.in_doubt = true).contact(whole(), &none)));
    note(said(&plain.contact(master(&[mention(person("Anna Schmidt", "info@firma.example", ""))]), &none)));
    let mut company = MentionRecord { kind: EntityKind::Company, ..anna() };
    company.emails = vec!["info@firma.example".into()];
    note(said(&plain.contact(master(&[mention(company)]), &none)));
    let changes: [&dyn Fn(&mut World); 10] = [
        &|it| it.purposes = vec!["new".into()],
        &|it| it.told_at.clear(),
        &|it| it.now = at("2026-03-04T00:00:00Z"),
        &|it| it.now = at("2026-03-10T00:00:00Z"),
        &|it| it.bounced = true,
        &|it| it.on_hold = true,
        &|it| it.restricted = true,
        &|it| it.now = at("2029-01-01T00:00:00Z"),
        &|it| it.recipient.country = "US".into(),
        &|it| it.recipient.fields = vec![Field::Degree],
    ];
    for change in changes {
        note(said(&world(change).release(&whole(), &none)));
    }
    let missing: Vec<&str> = Reason::ALL.iter().filter(|reason| !seen.contains(reason)).map(|it| it.code()).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// A small universe, in which people share names, mailboxes, numbers and employers often.
fn anybody() -> impl Strategy<Value = MentionRecord> {
    let names =
        prop::sample::select(vec!["", "Anna Schmidt", "A. Schmidt", "Andreas Schmidt", "Schmidt, Anna", "Bea Berg"]);
    let mailboxes = prop::sample::select(vec![
        "",
        "anna@firma.example",
        "a.s@firma.example",
        "info@firma.example",
        "bea@b.example",
    ]);
    let employers = prop::sample::select(vec!["", "Firma GmbH", "Andere AG"]);
    let phones = prop::sample::select(vec!["", "+493012340", "+49301234567"]);
    let profiles = prop::sample::select(vec!["", "https://netz.example/in/anna", "https://netz.example/in/bea"]);
    (names, mailboxes, employers, phones, profiles).prop_map(|(name, email, employer, phone, profile)| {
        let mut record = person(name, email, employer);
        record.phones = if phone.is_empty() { Vec::new() } else { vec![phone.to_owned()] };
        record.profile_urls = if profile.is_empty() { Vec::new() } else { vec![profile.to_owned()] };
        record
    })
}

fn any_entry() -> impl Strategy<Value = Option<SuppressionEntry>> {
    let reasons = prop::sample::select(vec![
        SuppressionReason::OptOut,
        SuppressionReason::Objection,
        SuppressionReason::Erasure,
        SuppressionReason::Complaint,
        SuppressionReason::DoNotCall,
        SuppressionReason::Import,
    ]);
    (anybody(), prop::option::of(anybody()), prop::option::of(anybody()), any::<bool>(), reasons).prop_map(
        |(record, sharer, namesake, confirmed, reason)| {
            let keys_of = |record: Option<MentionRecord>| record.map(|it| person_keys(&it, &key())).unwrap_or_default();
            let (shared, namesakes) = (keys_of(sharer).direct, keys_of(namesake).mailboxes);
            let own = person_keys(&record, &key());
            let mut entry = suppression_entry(&own, &shared, &namesakes, reason, at("2026-04-01T00:00:00Z"))?;
            if confirmed {
                entry.confirmed_keys.clone_from(&entry.namesake_keys);
            }
            Some(entry)
        },
    )
}

/// The values that a release would disclose.
fn disclosed(record: &MentionRecord, list: &SuppressionList) -> BTreeSet<String> {
    let mentions = [mention(record.clone())];
    match World::of(&mentions).release(&master(&mentions), list) {
        Outcome::Pass(row) => row.get().fields.iter().flat_map(|(_, values)| values.clone()).collect(),
        Outcome::Hold(..) | Outcome::Deny(_) => BTreeSet::new(),
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, rng_seed: RngSeed::Fixed(20_260_302), failure_persistence: None, ..Config::default() })]

    #[test]
    fn adding_a_suppression_never_makes_any_verdict_more_permissive(
        record in anybody(),
        entries in prop::collection::vec(any_entry(), 0..4),
        added in any_entry(),
    ) {
        let before = list(entries.iter().flatten().cloned().collect());
        let after = list(entries.into_iter().chain([added]).flatten().collect());
        let on_all = |list: &SuppressionList| {
            let lists = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list.clone() };
            four_walls(&record, &lists).map(|said| said.rank())
        };
        for (was, is) in on_all(&before).into_iter().zip(on_all(&after)) {
            prop_assert!(is >= was, "{was} became {is}");
        }
        prop_assert!(disclosed(&record, &after).is_subset(&disclosed(&record, &before)));
    }

    #[test]
    fn whoever_is_put_on_the_list_by_hand_is_stopped_at_every_wall_or_held(record in anybody()) {
        let entry = manual_entry(&record, &key(), SuppressionReason::Objection, at("2026-04-01T00:00:00Z"));
        if let Some(entry) = entry {
            let list = list(vec![entry]);
            let lists = Lists { intake: list.clone(), merge: list.clone(), contact: list.clone(), release: list };
            prop_assert!(four_walls(&record, &lists).iter().all(|said| said.rank() > 0));
        }
    }
}

mod rules;
