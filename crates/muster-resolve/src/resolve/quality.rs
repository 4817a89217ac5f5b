//! Precision and recall on generated mentions whose truth is known.
//!
//! The bounds are low on purpose: they catch a change that breaks matching, they do not rate it.

use std::collections::HashMap;

use super::*;
use crate::testing::{Draft, company, mentions, person};

/// A small linear congruential generator: the same mentions on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.below(from.len() as u64);
        from[usize::try_from(index).expect("a small index")]
    }

    fn word(&mut self, syllables: u64) -> String {
        const SYLLABLES: &[&str] = &[
            "ka", "ber", "lin", "mo", "ste", "ris", "wal", "dor", "fen", "gra", "hol", "jen", "kru", "lau", "mei",
            "nor", "ost", "pet", "rot", "schu", "tan", "ulm", "vog", "zim",
        ];
        (0..syllables).map(|_| self.pick(SYLLABLES)).collect()
    }
}

const GIVEN: &[&str] = &[
    "Anna",
    "Jan",
    "Eva",
    "Thomas",
    "Michael",
    "Andreas",
    "Peter",
    "Stefan",
    "Claudia",
    "Sabine",
    "Robert",
    "Hans",
    "Julia",
    "Katharina",
    "Markus",
    "Ursula",
    "Petra",
    "Wolfgang",
    "Frank",
    "Daniel",
    "Sophie",
    "Lukas",
    "Felix",
    "Paul",
];
const TITLES: &[&str] =
    &["Einkauf", "Vertriebsleitung", "Head of Sales", "Buchhaltung", "IT-Leitung", "Projektleitung"];

/// Mentions of the people of one company, each with the number of the person.
fn company_of(dice: &mut Dice, number: u64, out: &mut Vec<(Draft, String)>) {
    let core = format!("{} {}", dice.word(3), dice.pick(&["Logistik", "Technik", "Holzbau", "Energie"]));
    let domain = format!("{}-{number}.example", core.to_lowercase().replace(' ', "-"));
    let mut add = |draft: Draft, truth: String| {
        let mut draft = draft;
        draft.0.mention_id = MentionId::new(format!("{:06}", (out.len() * 7_919) % 999_983));
        out.push((draft, truth));
    };
    add(company("", &format!("{core} GmbH")).domain(&domain), format!("c{number}"));
    add(company("", &core), format!("c{number}"));
    let families: Vec<String> = (0..4).map(|_| dice.word(2)).collect();
    for member in 0..4 + dice.below(12) {
        // Few family names in a company, so that namesakes happen.
        let (given, family) = (dice.pick(GIVEN), families[usize::try_from(dice.below(4)).expect("below 4")].clone());
        let mail = format!("{}.{family}{member}@{domain}", given.to_lowercase());
        let title = dice.pick(TITLES);
        for _ in 0..=dice.below(4) {
            let name = match dice.below(6) {
                0 => format!("{family}, {given}"),
                1 => format!("Dr. {given} {family}"),
                _ => format!("{given} {family}"),
            };
            let mut draft = person("", &name).at(if dice.often(50) { &core } else { &domain });
            if dice.often(80) {
                draft = draft.mail(&mail);
            }
            if dice.often(50) {
                draft = draft.title(title);
            }
            if dice.often(30) {
                draft = draft.phone(&format!("+4930{number:05}0"));
            }
            add(draft, format!("p{number}-{member}"));
        }
    }
}

#[test]
fn generated_people_and_companies_are_found_and_kept_apart() {
    let mut dice = Dice(7);
    let mut made = Vec::new();
    for number in 0..120 {
        company_of(&mut dice, number, &mut made);
    }
    let truth: HashMap<&str, &str> =
        made.iter().map(|(draft, truth)| (draft.0.mention_id.as_str(), truth.as_str())).collect();
    let drafts: Vec<Draft> = made.iter().map(|(draft, _)| draft.clone()).collect();
    let resolution = resolve(&mentions(&drafts), &[], &Model::shipped());
    let pairs = |count: u64| count * count.saturating_sub(1) / 2;
    let (mut right, mut said, mut sizes) = (0, 0, HashMap::<&str, u64>::new());
    for cluster in &resolution.clusters {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for member in &cluster.members {
            *counts.entry(truth[member.as_str()]).or_default() += 1;
            *sizes.entry(truth[member.as_str()]).or_default() += 1;
        }
        said += pairs(cluster.members.len() as u64);
        right += counts.values().map(|&count| pairs(count)).sum::<u64>();
    }
    let all: u64 = sizes.values().map(|&count| pairs(count)).sum();
    assert!(drafts.len() > 2_500, "{}", drafts.len());
    assert!(right * 100 >= said * 95, "precision: {right} of {said}");
    assert!(right * 100 >= all * 85, "recall: {right} of {all}");
}
