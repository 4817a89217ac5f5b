//! What survives, why, and with which lineage.

use muster_model::{Evidence, LinkDecision};
use proptest::prelude::*;

use super::*;
use crate::testing::{Draft, company, mentions, person};
use crate::{Model, resolve};

fn one(drafts: &[Draft]) -> MasterRecord {
    let members = drafts.iter().map(|draft| draft.0.mention_id.clone()).collect();
    let cluster = Cluster { kind: drafts[0].0.kind, members };
    let masters = survive(&[(ClusterId::new("x-1"), cluster)], &mentions(drafts));
    record(&masters[0])
}

#[expect(clippy::disallowed_methods, reason = "the test looks at what survived")]
fn record(master: &Master) -> MasterRecord {
    master.record().expose().clone()
}

#[track_caller]
fn check(drafts: &[Draft], field: Field, value: &str, rule: SurvivorshipRule) {
    let record = one(drafts);
    let found: Vec<(&str, SurvivorshipRule)> = record.get(field).map(|v| (v.value.as_str(), v.rule)).collect();
    assert_eq!(found, [(value, rule)]);
}

#[test]
fn spellings_agree_and_a_published_one_stands() {
    let drafts = [person("1", "Müller, Anna"), person("2", "Anna Mueller"), person("3", "Anna Müller").seen(5)];
    check(&drafts, Field::Name, "Anna Müller", SurvivorshipRule::Agreed);
    assert_eq!(one(&drafts).first(Field::Name), Some("Anna Müller"));
    let record = one(&drafts);
    assert_eq!(record.values[0].lineage.len(), 3);
}

#[test]
fn the_majority_then_the_latest_then_the_longest_survives() {
    let title = |id: &str, title: &str, second| person(id, "Anna Müller").title(title).seen(second);
    check(
        &[title("1", "Buyer", 0), title("2", "buyer", 0), title("3", "CEO", 9)],
        Field::JobTitle,
        "Buyer",
        SurvivorshipRule::MostMentions,
    );
    check(&[title("1", "Buyer", 0), title("2", "CEO", 9)], Field::JobTitle, "CEO", SurvivorshipRule::MostRecent);
    check(
        &[title("1", "Head Buyer", 0), title("2", "CEO", 0)],
        Field::JobTitle,
        "Head Buyer",
        SurvivorshipRule::MostComplete,
    );
}

#[test]
fn a_short_form_yields_to_the_full_one() {
    let drafts = [person("1", "A. Müller"), person("2", "A. Müller"), person("3", "Anna Müller")];
    check(&drafts, Field::Name, "Anna Müller", SurvivorshipRule::MostComplete);
    let mut drafts = drafts;
    drafts[0].0.degree = Some("Dr.".into());
    drafts[1].0.degree = Some("Dr.".into());
    drafts[2].0.degree = Some("Prof. Dr.".into());
    check(&drafts, Field::Degree, "Prof. Dr.", SurvivorshipRule::MostComplete);
}

#[test]
fn lists_are_unions_by_normal_form() {
    let drafts = [
        person("1", "Anna Müller").mail("Anna@Firma.example").phone("+49 30 123456").seen(2),
        person("2", "Anna Müller").mail("anna@firma.example").mail("am@other.example").phone("+4930123456").seen(1),
    ];
    let record = one(&drafts);
    let emails: Vec<&str> = record.get(Field::Emails).map(|value| value.value.as_str()).collect();
    assert_eq!(emails, ["Anna@Firma.example", "am@other.example"]);
    let joint = record.get(Field::Emails).next().unwrap();
    assert_eq!(joint.lineage.iter().map(|l| l.mention_id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    assert_eq!(record.get(Field::Phones).count(), 1);
    assert_eq!(record.obtained_at.as_second(), 1);
    assert!(record.values.iter().filter(|v| v.field.is_list()).all(|v| v.rule == SurvivorshipRule::Union));
}

#[test]
fn lineage_carries_quote_and_span_or_says_it_came_from_a_line() {
    let mut draft = person("1", "Anna Müller").page("http://firma.example/team").title("Buyer");
    draft.0.values.push(Evidence {
        field: Field::Name,
        value: "Anna Müller".into(),
        method: Method::Card,
        quote: Some("Anna Müller, Buyer".into()),
        span: Some([10, 29]),
        form: None,
    });
    let record = one(&[draft]);
    let name = &record.get(Field::Name).next().unwrap().lineage[0];
    assert_eq!(
        (name.method, name.quote.as_deref(), name.span),
        (Method::Card, Some("Anna Müller, Buyer"), Some([10, 29]))
    );
    assert_eq!(name.source_url.as_deref(), Some("http://firma.example/team"));
    assert!(name.public);
    let title = &record.get(Field::JobTitle).next().unwrap().lineage[0];
    assert_eq!((title.method, title.quote.as_deref()), (Method::Jsonl, None));
}

#[test]
fn an_address_is_never_mixed_from_two_places() {
    let drafts = [
        person("1", "Anna Müller").place("", "10115", "Berlin"),
        person("2", "Anna Müller").place("", "10115", "Berlin"),
        person("3", "Anna Müller").place("Ring 7", "80331", "München"),
        person("4", "Anna Müller").place("Kai 3", "", "Hamburg"),
    ];
    let record = one(&drafts);
    assert_eq!(record.first(Field::City), Some("Berlin"));
    assert_eq!(record.first(Field::Street), None);
    let mut drafts = drafts;
    drafts[3] = person("4", "Anna Müller").place("Hauptstr. 1", "", "Berlin");
    assert_eq!(one(&drafts).first(Field::Street), Some("Hauptstr. 1"));
}

#[test]
fn a_title_goes_with_its_employer() {
    let drafts = [
        person("1", "Anna Müller").at("Zumtal AG").title("Buyer").seen(0),
        person("2", "Anna Müller").at("Nordwind GmbH").seen(9),
    ];
    let record = one(&drafts);
    assert_eq!(record.first(Field::Company), Some("Nordwind GmbH"));
    assert_eq!(record.first(Field::JobTitle), None);
    let near = [person("1", "Anna Müller").at("Nordwind Logistik GmbH").title("Buyer"), drafts[1].clone()];
    assert_eq!(one(&near).first(Field::JobTitle), Some("Buyer"));
}

#[test]
fn names_come_from_one_name() {
    let named = |id: &str, name: &str, family: &str, second| {
        let mut draft = person(id, name).seen(second);
        draft.0.family_name = Some(family.to_owned());
        draft
    };
    let record = one(&[named("1", "Anna Müller", "Müller", 0), named("2", "Anna Weber", "Weber", 9)]);
    assert_eq!((record.first(Field::Name), record.first(Field::FamilyName)), (Some("Anna Weber"), Some("Weber")));
}

#[test]
fn people_know_their_company_where_one_has_the_domain_or_name() {
    let all = mentions(&[
        company("c1", "Nordwind Logistik GmbH").domain("nwl.example"),
        company("c2", "Zumtal AG"),
        company("c3", "Zumtal GmbH"),
        person("1", "Anna Müller").at("Nordwind Logistik"),
        person("2", "Jan Weber").mail("jan@nwl.example"),
        person("3", "Eva Brandt").at("Zumtal"),
        person("4", "Ida Brandt").at("Nobody Ltd"),
    ]);
    let clusters: Vec<(ClusterId, Cluster)> = all
        .iter()
        .map(|mention| {
            let cluster = Cluster { kind: mention.kind(), members: vec![mention.mention_id().clone()] };
            (ClusterId::new(format!("x-{}", mention.mention_id())), cluster)
        })
        .collect();
    let masters = survive(&clusters, &all);
    let company_of = |id: &str| {
        let found = masters.iter().map(record).find(|record| record.cluster_id.as_str() == id).unwrap();
        found.company_id.map(|id| id.as_str().to_owned())
    };
    assert_eq!(company_of("x-1").as_deref(), Some("x-c1"));
    assert_eq!(company_of("x-2").as_deref(), Some("x-c1"));
    assert_eq!(company_of("x-3"), None, "two companies have the name");
    assert_eq!(company_of("x-4"), None);
    assert_eq!(company_of("x-c1"), None);
}

#[test]
fn erased_mentions_leave_the_record_and_an_empty_cluster_none() {
    let members = vec![MentionId::new("1"), MentionId::new("erased")];
    let cluster = Cluster { kind: EntityKind::Person, members };
    let gone = Cluster { kind: EntityKind::Person, members: vec![MentionId::new("erased")] };
    let clusters = [(ClusterId::new("p-1"), cluster), (ClusterId::new("p-2"), gone)];
    let masters = survive(&clusters, &mentions(&[person("1", "Anna Müller")]));
    assert_eq!(masters.len(), 1);
    assert_eq!(masters[0].members().len(), 1);
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let text = |values: &'static [&'static str]| prop::sample::select(values.to_vec());
    (
        text(&["Anna Müller", "Müller, Anna", "A. Müller", "Anna Mueller", "Anna Weber", ""]),
        text(&["", "Dr.", "Prof. Dr."]),
        text(&["", "Buyer", "buyer", "CEO"]),
        text(&["", "Nordwind GmbH", "Nordwind", "Zumtal AG"]),
        text(&["", "anna@firma.example", "Anna@Firma.example", "am@other.example", "no address"]),
        text(&["", "10115", "80331"]),
        text(&["", "Berlin", "München"]),
        0_i64..3,
    )
        .prop_map(|(name, degree, title, firm, mail, postcode, city, second)| {
            let mut draft = person("", name).place("", postcode, city).seen(second);
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (draft.0.degree, draft.0.job_title, draft.0.company) = (text(degree), text(title), text(firm));
            draft.0.emails = text(mail).into_iter().collect();
            draft
        })
}

proptest! {
    #[test]
    fn order_is_ignored_and_every_value_is_in_a_member(
        drafts in prop::collection::vec(any_draft(), 1..8),
        turn in 0_usize..8,
    ) {
        let mut drafts = drafts;
        for (number, draft) in drafts.iter_mut().enumerate() {
            draft.0.mention_id = MentionId::new(number.to_string());
        }
        let expected = one(&drafts);
        let mut turned = drafts.clone();
        turned.rotate_left(turn % drafts.len());
        prop_assert_eq!(&expected, &one(&turned));
        for value in &expected.values {
            prop_assert!(drafts.iter().any(|draft| draft.0.get(value.field).contains(&value.value)));
            prop_assert!(!value.lineage.is_empty());
            prop_assert!(value.lineage.is_sorted_by_key(|lineage| lineage.seen_at));
            for lineage in &value.lineage {
                prop_assert!(expected.members.contains(&lineage.mention_id));
            }
        }
        prop_assert!(expected.values.is_sorted_by_key(|value| value.field));
    }
}

#[test]
fn the_whole_way_gives_the_same_bytes_twice() {
    let all = mentions(&[
        person("1", "Anna Müller").at("Nordwind GmbH").mail("anna@nordwind.example"),
        person("2", "Mueller, Anna").at("Nordwind"),
        company("3", "Nordwind GmbH").domain("nordwind.example"),
    ]);
    let run = |mentions: &[Mention], decisions: &[LinkDecision]| {
        let clusters = resolve(mentions, decisions, &Model::shipped()).clusters;
        let key = muster_model::SecretKey::storeless();
        let assigned = crate::assign_ids(clusters, mentions, &BTreeMap::new(), &key);
        survive(&assigned.clusters, mentions)
            .iter()
            .map(|m| serde_json::to_string(&record(m)).unwrap())
            .collect::<Vec<_>>()
    };
    let reversed: Vec<Mention> = all.iter().rev().cloned().collect();
    assert_eq!(run(&all, &[]), run(&reversed, &[]));
    assert_eq!(run(&all, &[]).len(), 2);
}
