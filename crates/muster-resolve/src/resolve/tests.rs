//! What is linked and what is not, and the properties of a resolution.

use muster_model::LinkKind::{CannotLink, MustLink};
use proptest::prelude::*;

use std::collections::BTreeSet;

use super::*;
use crate::testing::{Draft, check, company, decide, mentions, person, shape};

const FIRM: &str = "Nordwind Logistik GmbH";

#[test]
fn spellings_of_one_name_at_one_employer_are_one_person() {
    for (left, right) in [
        ("Anna Müller", "Anna Mueller"),
        ("Dr. Anna Müller", "Anna Müller"),
        ("Anna Müller", "Müller, Anna"),
        ("Anna Müller", "MÜLLER Anna"),
        ("Anna Müller", "Müller Anna"),
        ("Anna Müller", "A. Müller"),
        ("Anna Maria Müller", "Anna Müller"),
        ("Robert Example", "Bob Example"),
        ("Hans Example", "Johannes Example"),
        ("Stephan Example", "Stefan Example"),
        ("Anna Müller-Schmidt", "Anna Müller"),
        ("Jan van der Example", "Jan Example"),
        ("Karl-Heinz Example", "Karlheinz Example"),
        ("Łukasz Przykład", "Lukasz Przyklad"),
        ("Søren Ågård", "Soeren Aagaard"),
        ("José García López", "José García"),
    ] {
        let resolved = resolve(
            &mentions(&[person("1", left).at(FIRM), person("2", right).at("Nordwind Logistik")]),
            &[],
            &Model::shipped(),
        );
        assert_eq!(shape(&resolved), ["1 2"], "{left} and {right}");
    }
}

#[test]
fn different_people_of_one_employer_stay_apart() {
    for (left, right) in [
        ("Anna Müller", "Andrea Müller"),
        ("Anna Müller", "Anna Schmidt"),
        ("Christian Example", "Christina Example"),
        ("Jean-Pierre Example", "Jean-Paul Example"),
        ("Müller", "Anna Müller"),
        ("Anna", "Anna Müller"),
        ("B. Müller", "Anna Müller"),
    ] {
        let resolved =
            resolve(&mentions(&[person("1", left).at(FIRM), person("2", right).at(FIRM)]), &[], &Model::shipped());
        assert_eq!(shape(&resolved), ["1", "2"], "{left} and {right}");
    }
}

#[test]
fn one_name_at_two_employers_is_not_enough() {
    check(&[person("1", "Anna Müller").at(FIRM), person("2", "Anna Müller").at("Zumtal Holzbau AG")], &[], &["1", "2"]);
    check(&[person("1", "Anna Müller"), person("2", "Anna Müller")], &[], &["1", "2"]);
    check(
        &[
            person("1", "Wilhelmine Hrdlicka").at(FIRM).title("Einkauf"),
            person("2", "Wilhelmine Hrdlicka").at("Zumtal Holzbau AG").title("Einkauf"),
        ],
        &[],
        &["1", "2"],
    );
}

#[test]
fn a_mailbox_a_profile_or_a_direct_phone_ties_a_name_across_employers() {
    let one = || person("1", "Anna Müller").at(FIRM);
    let two = || person("2", "Anna Müller").at("Zumtal Holzbau AG");
    check(&[one().mail("anna.mueller@gmx.test"), two().mail("Anna.Mueller@GMX.test")], &[], &["1 2"]);
    let profile = "https://de.profiles.example/in/anna-mueller-7/";
    check(&[one().profile(profile), two().profile("profiles.example/in/Anna-Mueller-7?x=1")], &[], &["1 2"]);
    check(&[one().phone("+49 30 123456-77"), two().phone("+493012345677")], &[], &["1 2"]);
}

#[test]
fn one_person_on_three_sites_is_one() {
    check(
        &[
            person("1", "Dr. Anna Müller").at(FIRM).mail("anna.mueller@nordwind.example").title("Leiterin Einkauf"),
            person("2", "Anna Mueller").at("Nordwind Logistik").title("Head of Purchasing"),
            person("3", "Müller, Anna").mail("anna.mueller@nordwind.example"),
            person("4", "Anna Müller").domain("nordwind.example").phone("+493012345677"),
        ],
        &[],
        &["1 2 3 4"],
    );
}

#[test]
fn namesakes_at_one_employer_stay_apart_even_with_a_bridge() {
    let team = [
        person("1", "Anna Müller").at(FIRM).mail("anna.mueller@nordwind.example"),
        person("2", "Anna Müller").at(FIRM).mail("anna.mueller2@nordwind.example"),
        person("3", "Anna Müller").at(FIRM).title("Einkauf"),
    ];
    let resolved = resolve(&mentions(&team), &[], &Model::shipped());
    // Who of the two the third is, nothing says: a notice to neither is better than one to the wrong person.
    assert_eq!(shape(&resolved), ["1", "2", "3"]);
    let mut bridged = team.to_vec();
    bridged[1] = bridged[1].clone().title("Einkauf");
    check(&bridged, &[], &["1", "2 3"]);
}

#[test]
fn two_people_on_one_page_are_two() {
    let one = person("1", "Anna Müller").at(FIRM).page("http://nordwind.example/team");
    let two = person("2", "Anna Müller").at(FIRM).page("http://nordwind.example/team");
    check(&[one.clone().title("Einkauf"), two.clone().title("Geschäftsführung")], &[], &["1", "2"]);
    check(&[one.clone().title("Einkauf"), two.clone()], &[], &["1 2"]);
    let mail = "anna.mueller@nordwind.example";
    let twice = [one.clone().mail(mail).title("Einkauf"), two.clone().mail(mail).phone("+493012345677")];
    check(&twice, &[], &["1 2"]);
    let later = two.title("Geschäftsführung").seen(90 * 86_400);
    check(&[one.title("Einkauf"), later], &[], &["1 2"]);
}

#[test]
fn a_role_mailbox_or_a_switchboard_never_makes_two_people_one() {
    let at = |id, name| person(id, name).at(FIRM).mail("info@nordwind.example").phone("+4930123450");
    check(&[at("1", "Anna Müller"), at("2", "Jan Weber"), at("3", "Eva Brandt")], &[], &["1", "2", "3"]);
    let shared = |id, name| person(id, name).mail("lager.nord@nordwind.example").phone("+4930123450");
    check(&[shared("1", "Anna Müller"), shared("2", "Jan Weber"), shared("3", "Eva Brandt")], &[], &["1", "2", "3"]);
    check(&[shared("1", "Anna Müller"), shared("2", "Jan Weber")], &[], &["1", "2"]);
    let couple = |id, name| person(id, name).at("Müller Holzbau").mail("mueller@holzbau.example").phone("+4930123450");
    check(&[couple("1", "Anna Müller"), couple("2", "Hans Müller")], &[], &["1", "2"]);
}

#[test]
fn a_company_that_lists_the_number_makes_it_a_switchboard() {
    let people = [
        person("1", "Anna Müller").at(FIRM).mail("a.mueller@nordwind.example").phone("+4930123450"),
        person("2", "Anna Müller").at(FIRM).mail("anna.m@nordwind.example").phone("+4930123450"),
        company("c", FIRM).phone("+4930123450").domain("nordwind.example"),
    ];
    check(&people, &[], &["c", "1", "2"]);
}

#[test]
fn an_initial_that_several_colleagues_share_is_nobody() {
    check(
        &[
            person("1", "Anna Müller").at(FIRM),
            person("2", "Andreas Müller").at(FIRM),
            person("3", "A. Müller").at(FIRM),
        ],
        &[],
        &["1", "2", "3"],
    );
}

#[test]
fn a_new_surname_is_bridged_by_the_mailbox() {
    let mail = "anna.m@nordwind.example";
    check(&[person("1", "Anna Müller").mail(mail), person("2", "Anna Weber").mail(mail)], &[], &["1 2"]);
}

#[test]
fn company_mentions_tie_name_and_domain_for_people() {
    let people = [
        company("c1", FIRM).domain("nwl.example"),
        company("c2", "Nordwind Logistik").domain("www.nwl.example"),
        person("1", "Anna Müller").at("Nordwind Logistik"),
        person("2", "Anna Müller").mail("anna.mueller@nwl.example"),
    ];
    check(&people, &[], &["c1 c2", "1 2"]);
}

#[test]
fn companies_are_one_across_legal_form_spellings_and_two_across_entities() {
    for (left, right) in [
        (FIRM, "Nordwind Logistik"),
        (FIRM, "NORDWIND LOGISTIK Ges.m.b.H."),
        ("Müller & Söhne KG", "Mueller und Soehne KG"),
        ("Blue Heron Ltd.", "Blue Heron Limited"),
    ] {
        check(&[company("1", left), company("2", right)], &[], &["1 2"]);
    }
    check(&[company("1", "Nordwind Logistik GmbH"), company("2", "Nordwind Logistik AG")], &[], &["1", "2"]);
    check(
        &[
            company("1", "Müller GmbH").place("Hauptstr. 1", "10115", "Berlin").domain("mueller-bau.example"),
            company("2", "Müller GmbH").place("Ring 7", "80331", "München").domain("mueller-druck.example"),
        ],
        &[],
        &["1", "2"],
    );
    let mut numbered = [company("1", FIRM), company("2", FIRM)];
    numbered[0].0.vat_id = Some("DE 999 000 001".into());
    numbered[1].0.vat_id = Some("DE999000002".into());
    check(&numbered, &[], &["1", "2"]);
    numbered[1].0.vat_id = Some("DE999000001".into());
    numbered[1].0.name = Some("Nordwind".into());
    check(&numbered, &[], &["1 2"]);
    check(
        &[company("1", "Nordwind").domain("nordwind.example"), company("2", FIRM).domain("nordwind.example")],
        &[],
        &["1 2"],
    );
}

#[test]
fn companies_with_nothing_in_common_but_a_platform_stay_apart() {
    let one = company("1", "Nordwind Logistik").domain("https://www.facebook.example/nordwind");
    let two = company("2", "Zumtal Holzbau").domain("facebook.example");
    check(&[one, two], &[], &["1", "2"]);
}

#[test]
fn decisions_outrank_the_model_and_a_no_carries_through() {
    let drafts = [
        person("1", "Anna Müller").at(FIRM),
        person("2", "Anna Müller").at(FIRM),
        person("3", "Eva Brandt").at("Zumtal Holzbau AG"),
    ];
    check(&drafts, &[], &["1 2", "3"]);
    check(&drafts, &[decide("2", "1", CannotLink)], &["1", "2", "3"]);
    check(&drafts, &[decide("1", "3", MustLink)], &["1 2 3"]);
    check(&drafts, &[decide("1", "3", MustLink), decide("3", "2", CannotLink)], &["1 3", "2"]);
    check(&drafts, &[decide("1", "erased", MustLink), decide("erased", "2", CannotLink)], &["1", "2", "3"]);
    check(&drafts, &[decide("1", "2", CannotLink), decide("1", "2", MustLink)], &["1 2", "3"]);
    let contradiction = [decide("1", "2", CannotLink), decide("1", "3", MustLink), decide("2", "3", MustLink)];
    let resolved = resolve(&mentions(&drafts), &contradiction, &Model::shipped());
    assert_eq!((resolved.report.contradiction_count, shape(&resolved)[0].as_str()), (1, "1 3"));
}

#[test]
fn a_person_and_a_company_are_never_one() {
    check(&[person("1", FIRM), company("2", FIRM)], &[decide("1", "2", MustLink)], &["2", "1"]);
}

#[test]
fn empty_and_bare_mentions_are_clusters_of_one() {
    check(&[], &[], &[]);
    check(&[person("1", ""), person("2", ""), company("3", ""), company("4", "")], &[], &["3", "4", "1", "2"]);
}

#[test]
fn ten_thousand_identical_names_are_bounded_and_reported() {
    let drafts: Vec<Draft> = (0..10_000).map(|n| person(&format!("{n:05}"), "Anna Müller")).collect();
    let resolved = resolve(&mentions(&drafts), &[], &Model::shipped());
    assert_eq!(resolved.clusters.len(), 10_000);
    assert!(resolved.report.candidate_pair_count < 10_000 * 50);
    let hot = &resolved.report.hot_keys;
    assert!(hot.iter().any(|key| key.rule == "full_name" && key.mention_count == 10_000), "{hot:?}");
}

#[test]
fn a_cluster_beyond_bounds_raises_an_alarm_by_id() {
    let drafts: Vec<Draft> = (0..210)
        .map(|n| person(&format!("{n:03}"), "Anna Müller").at(FIRM).mail("anna.mueller@nordwind.example"))
        .collect();
    let resolved = resolve(&mentions(&drafts), &[], &Model::shipped());
    assert_eq!(resolved.report.alarms, ["cluster.size:000"]);
    let text = serde_json::to_string(&resolved.report).unwrap();
    assert!(!text.to_lowercase().contains("anna"));
}

#[test]
fn a_second_mention_with_one_id_is_left_out_and_counted() {
    let drafts = [person("1", "Anna Müller").seen(9), person("1", "Jan Weber").seen(5)];
    let resolved = resolve(&mentions(&drafts), &[], &Model::shipped());
    assert_eq!((resolved.clusters.len(), resolved.report.duplicate_id_count), (1, 1));
}

/// A mention drawn from few values, so that many of them meet.
fn any_draft() -> impl Strategy<Value = Draft> {
    let names = prop::sample::select(vec![
        "Anna Müller",
        "Mueller, Anna",
        "A. Müller",
        "Anna Weber",
        "Andreas Müller",
        "Bob Brandt",
        "Robert Brandt",
        "",
    ]);
    let firms = prop::sample::select(vec!["", "Nordwind Logistik GmbH", "Nordwind Logistik", "Zumtal AG"]);
    let mails = prop::sample::select(vec![
        "",
        "",
        "anna.mueller@nordwind.example",
        "a.mueller@nordwind.example",
        "info@nordwind.example",
        "bob@zumtal.example",
    ]);
    let phones = prop::sample::select(vec!["", "", "+493012345677", "+4930123450"]);
    let pages = prop::sample::select(vec!["", "http://nordwind.example/team"]);
    (names, firms, mails, phones, pages, any::<bool>(), 0_i64..5).prop_map(
        |(name, firm, mail, phone, page, is_company, second)| {
            let mut draft = if is_company { company("", firm) } else { person("", name).at(firm) };
            draft.0.emails = [mail].iter().filter(|mail| !mail.is_empty()).map(|&mail| mail.to_owned()).collect();
            draft.0.phones = [phone].iter().filter(|phone| !phone.is_empty()).map(|&phone| phone.to_owned()).collect();
            draft.page(page).seen(second * 86_400)
        },
    )
}

fn any_drafts() -> impl Strategy<Value = Vec<Draft>> {
    prop::collection::vec(any_draft(), 0..24).prop_map(|mut drafts| {
        for (number, draft) in drafts.iter_mut().enumerate() {
            draft.0.mention_id = MentionId::new(format!("{number:02}"));
        }
        drafts
    })
}

fn any_decisions() -> impl Strategy<Value = Vec<LinkDecision>> {
    let pair = (0_u8..24, 0_u8..24, any::<bool>());
    prop::collection::vec(pair, 0..6).prop_map(|pairs| {
        let mut decided = BTreeSet::new();
        let fresh = pairs
            .into_iter()
            .filter(|&(left, right, _)| left != right && decided.insert((left.min(right), left.max(right))));
        let kind = |must| if must { MustLink } else { CannotLink };
        fresh.map(|(left, right, must)| decide(&format!("{left:02}"), &format!("{right:02}"), kind(must))).collect()
    })
}

fn in_pool(threads: usize, mentions: &[Mention], decisions: &[LinkDecision]) -> Resolution {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
    pool.install(|| resolve(mentions, decisions, &Model::shipped()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_threads_change_anything(
        drafts in any_drafts(),
        decisions in any_decisions(),
        seed in any::<u64>(),
    ) {
        let ordered = mentions(&drafts);
        let mut shuffled: Vec<(u64, Mention)> = ordered
            .iter()
            .enumerate()
            .map(|(n, mention)| ((n as u64 + 1).wrapping_mul(seed | 1).rotate_left(23), mention.clone()))
            .collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Mention> = shuffled.into_iter().map(|(_, mention)| mention).collect();
        let reversed: Vec<LinkDecision> = decisions.iter().rev().cloned().collect();
        let expected = in_pool(1, &ordered, &decisions);
        prop_assert_eq!(&expected, &in_pool(4, &ordered, &decisions));
        prop_assert_eq!(&expected, &in_pool(4, &shuffled, &reversed));
    }

    #[test]
    fn clusters_are_a_partition_by_kind(drafts in any_drafts(), decisions in any_decisions()) {
        let resolved = resolve(&mentions(&drafts), &decisions, &Model::shipped());
        let mut members: Vec<&str> =
            resolved.clusters.iter().flat_map(|cluster| &cluster.members).map(MentionId::as_str).collect();
        members.sort_unstable();
        let ids: Vec<String> = (0..drafts.len()).map(|number| format!("{number:02}")).collect();
        prop_assert_eq!(members, ids);
        for cluster in &resolved.clusters {
            for member in &cluster.members {
                let number: usize = member.as_str().parse().unwrap();
                prop_assert_eq!(drafts[number].0.kind, cluster.kind);
            }
        }
    }

    #[test]
    fn a_no_is_absolute(drafts in any_drafts(), decisions in any_decisions()) {
        let resolved = resolve(&mentions(&drafts), &decisions, &Model::shipped());
        for decision in decisions.iter().filter(|decision| decision.kind == CannotLink) {
            for cluster in &resolved.clusters {
                prop_assert!(!(cluster.members.contains(&decision.left) && cluster.members.contains(&decision.right)));
            }
        }
    }
}
