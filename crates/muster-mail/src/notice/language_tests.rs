//! The notices in all seven languages, under every set of facts: each fact is there, in the language, and nothing of
//! another language or another set.

use muster_gate::sensitive::Screen;
use muster_gate::{
    Cleared, Contact, DataProtectionOfficer, Item, NoticeFacts, NoticeOrder, NoticeWay, Representative, field_label,
    lint_notice, mechanism_label, required_items,
};

use super::letter::tests::{LANGUAGES, TOKEN, automated_explained, base_facts, order_with, sender, transfer};
use super::{ComposeError, Templates, compose, render_text};

/// One set of facts: the transfer, and which of officer, controller far away, automated decisions, consent are there.
#[derive(Debug, Clone, Copy)]
struct Case {
    mechanism: Option<(&'static str, &'static str)>,
    parts: [bool; 4],
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for mechanism in [None, Some(("CH", "adequacy")), Some(("US", "scc")), Some(("IN", "bcr"))] {
            for bits in 0..16_u32 {
                cases.push(Self { mechanism, parts: [0, 1, 2, 3].map(|at| bits >> at & 1 == 1) });
            }
        }
        cases
    }

    fn officer(self) -> bool {
        self.parts[0]
    }

    fn far_away(self) -> bool {
        self.parts[1]
    }

    fn automated(self) -> bool {
        self.parts[2]
    }

    fn consent(self) -> bool {
        self.parts[3]
    }

    fn facts(self) -> NoticeFacts {
        let mut facts = base_facts();
        if let Some((country, mechanism)) = self.mechanism {
            facts.recipients.push(transfer("Far Cranes Ltd", country, mechanism));
        }
        facts.controller.dpo =
            self.officer().then(|| DataProtectionOfficer { name: None, email: "dpo@hafenregister.example".into() });
        if self.far_away() {
            facts.controller.country = "GB".into();
            facts.controller.address = "Harbour Road 4, Leith EH6 6AA".into();
            facts.controller.representative =
                Some(Representative { name: "Vertretung West BV".into(), contact: "rep@west.example".into() });
        }
        if self.automated() {
            facts.automated_decisions = true;
            facts.automated_explained = automated_explained();
        }
        if self.consent() {
            facts.basis = "6(1)(a)".into();
            facts.interest.clear();
        }
        facts
    }
}

fn order(lang: &str, case: Case) -> Cleared<NoticeOrder, Contact> {
    order_with("kim.beispiel@werft.example", lang, TOKEN, &case.facts())
}

/// The same by mail and, for somebody without a mailbox of their own, on paper.
fn both_ways(lang: &str, case: Case) -> [Cleared<NoticeOrder, Contact>; 2] {
    [order(lang, case), order_with("info@werft.example", lang, TOKEN, &case.facts())]
}

/// What a notice in a language calls things: greeting, heading of the objection, its one word, period, date, and the
/// words of officer, representative and withdrawal.
struct Words {
    greeting: &'static str,
    objection: &'static str,
    stop: &'static str,
    period: &'static str,
    date: &'static str,
    officer: &'static str,
    representative: &'static str,
    withdraw: &'static str,
    /// United Kingdom, Switzerland, United States, India.
    countries: [&'static str; 4],
}

const WORDS: [(&str, Words); 7] = [
    (
        "en",
        Words {
            greeting: "Hello,",
            objection: "YOUR RIGHT TO OBJECT TO DIRECT MARKETING",
            stop: "\"stop\"",
            period: "for 24 months",
            date: "2 March 2026",
            officer: "Data protection officer",
            representative: "Our representative",
            withdraw: "withdraw your consent",
            countries: ["United Kingdom", "Switzerland", "United States", "India"],
        },
    ),
    (
        "de",
        Words {
            greeting: "Guten Tag,",
            objection: "WIDERSPRUCH GEGEN DIREKTWERBUNG",
            stop: "„Stopp“",
            period: "24 Monate lang",
            date: "2. März 2026",
            officer: "Datenschutzbeauftragte",
            representative: "Unser Vertreter",
            withdraw: "Einwilligung jederzeit widerrufen",
            countries: ["Vereinigtes Königreich", "Schweiz", "Vereinigte Staaten", "Indien"],
        },
    ),
    (
        "fr",
        Words {
            greeting: "Bonjour,",
            objection: "VOTRE DROIT DE VOUS OPPOSER À LA PROSPECTION",
            stop: "« stop »",
            period: "pendant 24 mois",
            date: "2 mars 2026",
            officer: "Délégué à la protection des données",
            representative: "Notre représentant",
            withdraw: "retirer votre consentement",
            countries: ["Royaume-Uni", "Suisse", "États-Unis", "Inde"],
        },
    ),
    (
        "es",
        Words {
            greeting: "Buenos días:",
            objection: "SU DERECHO A OPONERSE AL MARKETING DIRECTO",
            stop: "«stop»",
            period: "durante 24 meses",
            date: "2 de marzo de 2026",
            officer: "Delegado de protección de datos",
            representative: "Nuestro representante",
            withdraw: "retirar su consentimiento",
            countries: ["Reino Unido", "Suiza", "Estados Unidos", "India"],
        },
    ),
    (
        "it",
        Words {
            greeting: "Buongiorno,",
            objection: "IL SUO DIRITTO DI OPPORSI AL MARKETING DIRETTO",
            stop: "«stop»",
            period: "per 24 mesi",
            date: "2 marzo 2026",
            officer: "Responsabile della protezione dei dati",
            representative: "Il nostro rappresentante",
            withdraw: "revocare il Suo consenso",
            countries: ["Regno Unito", "Svizzera", "Stati Uniti", "India"],
        },
    ),
    (
        "nl",
        Words {
            greeting: "Goedendag,",
            objection: "UW RECHT VAN BEZWAAR TEGEN DIRECT MARKETING",
            stop: "\"stop\"",
            period: "24 maanden",
            date: "2 maart 2026",
            officer: "Functionaris voor gegevensbescherming",
            representative: "Onze vertegenwoordiger",
            withdraw: "toestemming op elk moment intrekken",
            countries: ["Verenigd Koninkrijk", "Zwitserland", "Verenigde Staten", "India"],
        },
    ),
    (
        "pl",
        Words {
            greeting: "Dzień dobry,",
            objection: "SPRZECIW WOBEC MARKETINGU BEZPOŚREDNIEGO",
            stop: "„stop”",
            period: "przez 24 miesiące",
            date: "2 marca 2026 r.",
            officer: "Inspektor ochrony danych",
            representative: "Nasz przedstawiciel",
            withdraw: "wycofać zgodę",
            countries: ["Wielka Brytania", "Szwajcaria", "Stany Zjednoczone", "Indie"],
        },
    ),
];

fn words(lang: &str) -> &'static Words {
    &WORDS.iter().find(|(known, _)| *known == lang).unwrap().1
}

#[test]
fn nt_1_every_notice_in_every_language_passes_the_linter() {
    let (templates, screen) = (Templates::shipped(), Screen::new());
    let mut failed = Vec::new();
    for (lang, _) in LANGUAGES {
        for case in Case::all() {
            for order in both_ways(lang, case) {
                let way = order.get().address.way();
                match compose(order, &templates, &sender(), &screen) {
                    Ok(letter) => assert_eq!(letter.lang(), lang),
                    Err(ComposeError::Blocked { defects }) => failed.push((lang, way, case, defects)),
                    Err(error) => panic!("{lang}, {case:?}: {error}"),
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} are blocked: {failed:#?}", failed.len());
}

#[test]
fn nt_1_every_fact_is_stated_in_the_language_and_no_other() {
    let templates = Templates::shipped();
    for (lang, _) in LANGUAGES {
        let words = words(lang);
        for (case, order) in Case::all().into_iter().flat_map(|case| both_ways(lang, case).map(|order| (case, order))) {
            let facts = &order.get().facts;
            let (subject, text) = render_text(facts, order.get().address.way(), &templates).unwrap();
            let says = |part: &str| assert!(text.contains(part), "{lang}, {case:?}: no `{part}` in\n{text}");
            let lacks = |part: &str| assert!(!text.contains(part), "{lang}, {case:?}: `{part}` in\n{text}");
            assert!(subject.contains("Hafenregister Nord GmbH"), "{subject}");
            assert!(text.starts_with(words.greeting), "{text}");
            let of_all = [&facts.controller.legal_name, &facts.controller.address, &facts.controller.email];
            of_all.into_iter().chain([&facts.reference, &facts.reply_to]).for_each(|part| says(part));
            [words.objection, words.stop, words.period, words.date, "Kranbau Ost AG"].into_iter().for_each(says);
            says(facts.authority().unwrap());
            says(facts.purposes.first().and_then(|purpose| purpose.sentence.get(lang)).unwrap());
            facts.values.iter().for_each(|value| {
                says(&value.value);
                says(field_label(value.field, lang));
            });
            ["https://www.werft.example/team", "https://messe.example/speakers/", "teilnehmer.csv#12"]
                .into_iter()
                .for_each(says);
            let either = |there: bool, part: &str| if there { says(part) } else { lacks(part) };
            either(case.officer(), words.officer);
            either(case.officer(), "dpo@hafenregister.example");
            either(case.far_away(), words.representative);
            either(case.far_away(), "rep@west.example");
            either(case.far_away(), words.countries[0]);
            either(case.consent(), words.withdraw);
            either(case.automated(), facts.automated_explained.get(lang).map_or("score", String::as_str));
            for (mechanism, country) in [("adequacy", 1), ("scc", 2), ("bcr", 3)] {
                let used = case.mechanism.is_some_and(|(_, known)| known == mechanism);
                either(used, words.countries[country]);
                if mechanism != "adequacy" {
                    either(used, mechanism_label(mechanism, lang));
                }
            }
        }
    }
}

#[test]
fn nt_4_the_message_itself_says_it_all_beside_a_page() {
    let templates = Templates::shipped();
    for (lang, _) in LANGUAGES {
        let mut base = Case { mechanism: None, parts: [false; 4] }.facts();
        base.controller.privacy_url = Some("https://hafenregister.example/privacy".into());
        let order = order_with("kim.beispiel@werft.example", lang, TOKEN, &base);
        let (_, text) = render_text(&order.get().facts, order.get().address.way(), &templates).unwrap();
        let facts = &order.get().facts;
        let purpose = facts.purposes.first().and_then(|purpose| purpose.sentence.get(lang)).unwrap();
        let source = "https://www.werft.example/team";
        let parts = [facts.controller.legal_name.as_str(), purpose, source, words(lang).objection, words(lang).stop];
        for part in parts.into_iter().chain(["https://hafenregister.example/privacy"]) {
            assert!(text.contains(part), "{lang}: no `{part}`");
        }
    }
}

#[test]
fn nt_1_the_required_set_follows_from_the_facts() {
    for case in Case::all() {
        let order = order("de", case);
        let required = required_items(&order.get().facts);
        let has = |item| required.contains(&item);
        assert_eq!(has(Item::DataProtectionOfficer), case.officer(), "{case:?}");
        assert_eq!(has(Item::Representative), case.far_away(), "{case:?}");
        assert_eq!(has(Item::AutomatedDecisions), case.automated(), "{case:?}");
        assert_eq!(
            (has(Item::WithdrawConsent), has(Item::LegitimateInterest)),
            (case.consent(), !case.consent()),
            "{case:?}"
        );
        assert_eq!(has(Item::ThirdCountries), case.far_away() || case.mechanism.is_some(), "{case:?}");
        assert_eq!(has(Item::Safeguards), case.mechanism.is_some_and(|(_, it)| it != "adequacy"), "{case:?}");
    }
}

#[test]
fn b_07_and_b_08_nothing_is_unfilled_and_no_salutation_tells_a_gender() {
    let templates = Templates::shipped();
    let gendered = [
        " Mr ",
        " Mrs ",
        " Ms ",
        "Herr ",
        "Frau ",
        "Sehr geehrte",
        "Monsieur",
        "Madame",
        "Cher ",
        "Chère",
        "Señor",
        "Señora",
        "Estimado",
        "Estimada",
        "Signor",
        "Gentile",
        "Egregio",
        "Geachte heer",
        "mevrouw",
        "Szanown",
        " Pan ",
        " Pani ",
        "Pana ",
    ];
    for (lang, _) in LANGUAGES {
        for (case, order) in Case::all().into_iter().flat_map(|case| both_ways(lang, case).map(|order| (case, order))) {
            let (_, text) = render_text(&order.get().facts, order.get().address.way(), &templates).unwrap();
            for mark in
                ["{{", "}}", "{%", "None", "none", "null", "undefined", "()", " ,", ", \n", "..", "  \n", "\n\n\n"]
            {
                assert!(!text.contains(mark), "{lang}, {case:?}: `{mark}` in\n{text}");
            }
            assert!(text.lines().all(|line| !line.ends_with(' ')), "{lang}: {text}");
            for word in gendered {
                assert!(!text.contains(word), "{lang}: `{word}`");
            }
        }
    }
}

#[test]
fn nt_3_the_objection_stands_alone_and_in_the_first_third() {
    let templates = Templates::shipped();
    for (lang, _) in LANGUAGES {
        for (case, order) in Case::all().into_iter().flat_map(|case| both_ways(lang, case).map(|order| (case, order))) {
            let (_, text) = render_text(&order.get().facts, order.get().address.way(), &templates).unwrap();
            let heading = words(lang).objection;
            let at = text.find(heading).unwrap();
            assert!(at * 3 < text.len(), "{lang}, {case:?}: at {at} of {}", text.len());
            let block = text.split("\n\n").find(|block| block.starts_with(heading)).unwrap();
            assert!(block.contains(words(lang).stop) && block.lines().count() == 2, "{block}");
        }
    }
}

#[test]
fn one_sentence_of_another_language_is_a_defect_in_each() {
    let (templates, screen) = (Templates::shipped(), Screen::new());
    let case = Case { mechanism: None, parts: [true, false, false, false] };
    let bodies: Vec<(&str, NoticeFacts, String)> = LANGUAGES
        .iter()
        .map(|&(lang, _)| {
            let facts = order(lang, case).get().facts.clone();
            let (_, text) = render_text(&facts, NoticeWay::Mail, &templates).unwrap();
            (lang, facts, text)
        })
        .collect();
    for (lang, facts, text) in &bodies {
        for (other, _, foreign) in bodies.iter().filter(|(other, ..)| other != lang) {
            let sentence = foreign.split("\n\n").nth(1).unwrap();
            let mixed = text.replacen("\n\n", &format!("\n\n{sentence}\n\n"), 1);
            let found = lint_notice(&mixed, facts, &screen);
            assert!(found.iter().any(|defect| defect.item == "B01"), "{other} in {lang}: {found:?}");
        }
    }
}
