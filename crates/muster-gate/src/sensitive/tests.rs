//! The rules against their own examples, and against a corpus written apart from them.

use proptest::prelude::*;

use super::*;

/// Takes the braces out of an example; returns the text and the spans that they marked.
fn marked(example: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), 0);
    for c in example.chars() {
        match c {
            '{' => open = text.len(),
            '}' => spans.push(open..text.len()),
            c => text.push(c),
        }
    }
    (text, spans)
}

fn letters_outside(text: &str, spans: &[std::ops::Range<usize>]) -> String {
    let outside = |at: &usize| !spans.iter().any(|span| span.contains(at));
    text.char_indices().filter(|(at, c)| outside(at) && c.is_alphanumeric()).map(|(_, c)| c).collect()
}

fn scopes_of(rule: &RuleInfo) -> Vec<Scope> {
    let scopes = book().rules.iter().find(|known| known.info.id == rule.id).map(|known| known.on.clone());
    match scopes.unwrap_or_default().as_slice() {
        scopes if scopes.contains(&Scope::Text) => vec![Scope::Text],
        scopes => scopes.to_vec(),
    }
}

fn read(rule: &RuleInfo, text: &str) -> Vec<Finding> {
    let country = (rule.category == Category::ProfAssociation).then_some("AU");
    let own = Own::default();
    scan(book(), text, Reading { scopes: &scopes_of(rule), lang: None, country, own: &own })
}

#[test]
fn every_rule_catches_and_passes_its_own_examples() {
    let screen = Screen::new();
    let mut faults = Vec::new();
    for rule in rules() {
        if rule.decision == Decision::RejectField {
            for label in rule.catches.iter().map(|example| &example.text) {
                let country = Some("AU");
                if screen.label_in(label, country).map(|finding| finding.category) != Some(rule.category) {
                    faults.push(format!("{}: label `{label}` is not caught", rule.id));
                }
            }
            let labels = rule.passes.iter().map(|example| &example.text);
            faults.extend(labels.filter(|label| screen.label(label).is_some()).cloned());
            continue;
        }
        for example in rule.catches.iter().map(|example| &example.text) {
            let (text, spans) = marked(example);
            let findings = read(rule, &text);
            let found: Vec<_> = findings.iter().map(|finding| finding.span.clone()).collect();
            if !findings.iter().any(|finding| finding.category == rule.category && finding.decision == rule.decision) {
                faults.push(format!("{}: not caught: {example} {findings:?}", rule.id));
            } else if letters_outside(&text, &found) != letters_outside(&text, &spans) {
                faults.push(format!(
                    "{}: cut otherwise: {example}: keeps `{}`",
                    rule.id,
                    letters_outside(&text, &found)
                ));
            }
        }
        for text in rule.passes.iter().map(|example| &example.text) {
            if let Some(finding) = read(rule, text).first() {
                let part = text.get(finding.span.clone()).unwrap_or_default();
                faults.push(format!("{}: must pass: {text}: {} `{part}`", rule.id, finding.rule));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// A case of the corpus: what is read, what must be decided, and the text with `{` `}` around what may be cut and
/// `[` `]` around what must be; without marks only the decision counts.
#[derive(serde::Deserialize)]
struct Case {
    id: String,
    #[serde(rename = "as")]
    read_as: String,
    decision: String,
    category: Option<String>,
    #[serde(rename = "case")]
    marked: String,
}

const CORPORA: &[(&str, &str)] = &[
    ("en", include_str!("cases/en.jsonl")),
    ("de", include_str!("cases/de.jsonl")),
    ("fr", include_str!("cases/fr.jsonl")),
    ("es", include_str!("cases/es.jsonl")),
    ("it", include_str!("cases/it.jsonl")),
    ("nl", include_str!("cases/nl.jsonl")),
    ("pl", include_str!("cases/pl.jsonl")),
];

/// What may go wrong at most, as last accepted, with the language said and without.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Accepted {
    leaks: usize,
    reviews_passed: usize,
    over_blocks: usize,
    over_cuts: usize,
}

const fn accepted(over_blocks: usize, over_cuts: usize) -> Accepted {
    Accepted { leaks: 0, reviews_passed: 0, over_blocks, over_cuts }
}

/// Where no language is said, Dutch `mr.`, a law degree, is cut like the English salutation.
const ACCEPTED: [(&str, Accepted, Accepted); 7] = [
    ("en", accepted(0, 0), accepted(0, 0)),
    ("de", accepted(0, 0), accepted(0, 0)),
    ("fr", accepted(0, 0), accepted(0, 0)),
    ("es", accepted(0, 0), accepted(0, 0)),
    ("it", accepted(0, 0), accepted(0, 0)),
    ("nl", accepted(0, 0), accepted(2, 0)),
    ("pl", accepted(0, 1), accepted(0, 1)),
];

/// The text of a case, what may be cut of it, and what must be.
fn parts(case: &str) -> (String, Vec<std::ops::Range<usize>>, Vec<std::ops::Range<usize>>) {
    let (mut text, mut may, mut must, mut open) = (String::new(), Vec::new(), Vec::new(), (0, 0));
    for c in case.chars() {
        match c {
            '{' => open.0 = text.len(),
            '}' => may.push(open.0..text.len()),
            '[' => open.1 = text.len(),
            ']' => must.push(open.1..text.len()),
            c => text.push(c),
        }
    }
    (text, may, must)
}

/// The gravest decision about a case, with all findings and their categories.
fn decide(screen: &Screen, case: &Case, text: &str, lang: Option<&str>) -> (Decision, Vec<Finding>) {
    let findings = match case.read_as.as_str() {
        "text" => screen.text(text, lang),
        "label" => screen.label(text).into_iter().collect(),
        field => match screen.field(EntityKind::Person, Field::parse(field).unwrap(), text, lang) {
            FieldVerdict::Pass => Vec::new(),
            FieldVerdict::Cut { findings, .. } => findings,
            FieldVerdict::Reject { finding } | FieldVerdict::Review { finding } => vec![finding],
        },
    };
    (findings.iter().map(|finding| finding.decision).max().unwrap_or(Decision::Pass), findings)
}

#[derive(Default, Debug)]
struct Score {
    rejects: usize,
    leaks: Vec<String>,
    grave_leaks: Vec<String>,
    reviews: usize,
    reviews_passed: Vec<String>,
    passes: usize,
    over_blocks: Vec<String>,
    over_cuts: Vec<String>,
    categories_missed: Vec<String>,
}

fn score(lang: &str, corpus: &str, hint: bool) -> Score {
    let screen = Screen::new();
    let mut score = Score::default();
    for line in corpus.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let (text, may, must) = parts(&case.marked);
        let (decision, findings) = decide(&screen, &case, &text, hint.then_some(lang));
        let found: Vec<_> = findings.iter().map(|finding| finding.span.clone()).collect();
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        let note = format!("{} {} {} {rules:?}", case.id, case.read_as, case.marked);
        let wanted = case.category.as_deref();
        if wanted.is_some()
            && decision != Decision::Pass
            && !findings.iter().any(|f| Some(f.category.as_str()) == wanted)
        {
            score.categories_missed.push(note.clone());
        }
        match Decision::parse(&case.decision).unwrap() {
            Decision::Pass => {
                score.passes += 1;
                if decision != Decision::Pass {
                    score.over_blocks.push(note);
                }
            }
            Decision::Review => {
                score.reviews += 1;
                if decision == Decision::Pass {
                    score.reviews_passed.push(note);
                }
            }
            Decision::RejectField => {
                score.rejects += 1;
                if decision == Decision::Pass {
                    score.leak(note, wanted);
                }
            }
            Decision::RejectTextSpan => {
                score.rejects += 1;
                // A reviewed value is not kept at all, a rejected one neither.
                let gone = decision == Decision::Review || decision == Decision::RejectField;
                let left: usize = must
                    .iter()
                    .map(|span| {
                        let inner: Vec<_> = found
                            .iter()
                            .map(|f| f.start.saturating_sub(span.start)..f.end.saturating_sub(span.start))
                            .collect();
                        letters_outside(text.get(span.clone()).unwrap(), &inner).len()
                    })
                    .sum();
                if decision == Decision::Pass || (left > 0 && !gone) {
                    score.leak(note, wanted);
                } else if (gone && case.read_as == "text")
                    || (!may.is_empty()
                        && letters_outside(&text, &[found, may.clone()].concat()) != letters_outside(&text, &may))
                {
                    score.over_cuts.push(note);
                }
            }
        }
    }
    score
}

impl Score {
    fn leak(&mut self, note: String, category: Option<&str>) {
        if matches!(category, Some("religion" | "gender" | "age")) {
            self.grave_leaks.push(note.clone());
        }
        self.leaks.push(note);
    }

    fn show(&self, lang: &str) {
        let rate = |part: usize, whole: usize| 100 * part / whole.max(1);
        println!(
            "{lang}: leak {}/{} ({} %), review passed {}/{}, over-block {}/{} ({} %), over-cut {}, other category {}",
            self.leaks.len(),
            self.rejects,
            rate(self.leaks.len(), self.rejects),
            self.reviews_passed.len(),
            self.reviews,
            self.over_blocks.len(),
            self.passes,
            rate(self.over_blocks.len(), self.passes),
            self.over_cuts.len(),
            self.categories_missed.len(),
        );
        let lists = [
            ("leak", &self.leaks),
            ("review passed", &self.reviews_passed),
            ("over-block", &self.over_blocks),
            ("over-cut", &self.over_cuts),
            ("other category", &self.categories_missed),
        ];
        for (name, notes) in lists {
            for note in notes {
                println!("   {name}: {note}");
            }
        }
    }
}

#[test]
fn the_corpora_are_decided_as_last_accepted() {
    for ((lang, corpus), (accepted_lang, said, unsaid)) in CORPORA.iter().zip(&ACCEPTED) {
        assert_eq!(lang, accepted_lang);
        for (hint, accepted) in [(true, said), (false, unsaid)] {
            let score = score(lang, corpus, hint);
            score.show(lang);
            let traps = score.passes * 100 / (score.passes + score.rejects + score.reviews);
            assert!(traps >= 49, "traps are too few in `{lang}`: {traps} %");
            assert!(score.grave_leaks.is_empty(), "{lang}: {:?}", score.grave_leaks);
            let found = Accepted {
                leaks: score.leaks.len(),
                reviews_passed: score.reviews_passed.len(),
                over_blocks: score.over_blocks.len(),
                over_cuts: score.over_cuts.len(),
            };
            assert!(&found == accepted, "{lang}, language said: {hint}: {found:?}, last accepted {accepted:?}");
        }
    }
}

/// What a hostile or careless text is made of.
fn noise() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Frau ".to_owned()),
        Just("geb. ".to_owned()),
        Just("&shy;".to_owned()),
        Just("&#".to_owned()),
        Just("<b>".to_owned()),
        Just("devout ".to_owned()),
        Just("Catholic".to_owned()),
        Just("(47)".to_owned()),
        Just("Religion: ".to_owned()),
        Just("12.03.1971".to_owned()),
        Just("member of the ".to_owned()),
        Just("SPD".to_owned()),
        Just("🏳️‍🌈".to_owned()),
        Just("ü\u{308}".to_owned()),
        Just("\n".to_owned()),
        Just("s-p-d ".to_owned()),
        Just("ﬁ".to_owned()),
        "\\PC{0,6}",
        "[a-zäß.,:;()/ -]{0,12}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn spans_lie_in_order_on_character_borders(text in noise()) {
        let mut end = 0;
        for finding in Screen::new().text(&text, None) {
            prop_assert!(finding.span.start >= end && finding.span.start < finding.span.end);
            prop_assert!(text.get(finding.span.clone()).is_some());
            end = finding.span.end;
        }
    }

    #[test]
    fn redacting_twice_changes_nothing(text in noise()) {
        let screen = Screen::new();
        let (rest, findings) = screen.redact(&text, None);
        prop_assert_eq!(screen.redact(&rest, None), (rest.clone(), Vec::new()));
        prop_assert_eq!(remove(&text, &findings).0, rest);
    }

    #[test]
    fn no_value_or_label_breaks_the_gate(text in noise()) {
        let screen = Screen::new();
        let _label = screen.label(&text);
        for &field in Field::ALL {
            if let FieldVerdict::Cut { rest, .. } = screen.field(EntityKind::Person, field, &text, None) {
                prop_assert!(rest.chars().any(char::is_alphanumeric));
            }
        }
    }
}

fn verdict_of(json: &str) -> serde_json::Value {
    let input: CheckInput = serde_json::from_str(json).unwrap();
    serde_json::to_value(Screen::new().check(&input)).unwrap()
}

#[test]
fn sf_3_a_sensitive_label_is_rejected_whatever_the_value() {
    let verdict = verdict_of(
        r#"{"id":7,"lang":"de","input":{"Vorname":"Anna","Konfession":"keine Angabe","Geburtsdatum":null,"Schuhgröße":"38"}}"#,
    );
    assert_eq!(verdict["decision"], "reject-field");
    assert_eq!(verdict["id"], 7);
    assert_eq!(verdict["fields_dropped"], serde_json::json!(["Geburtsdatum", "Konfession"]));
    assert_eq!(verdict["not_in_schema"], serde_json::json!(["Schuhgröße"]));
    assert_eq!(verdict["redacted"], serde_json::json!([]));
    assert!(!verdict.to_string().contains("keine Angabe"));
}

#[test]
fn sf_10_labels_of_vcard_and_schema_org_are_known() {
    let verdict = verdict_of(
        r#"{"id":"a","input":{"BDAY":"19710312","GENDER":"F","RELATED;TYPE=spouse":"x","birthDate":"1971","nationality":"x",
        "honorificPrefix":"Mr","FN":"Anna Muster","worksFor":{"name":"Muster AG"},"address":{"addressLocality":"Bonn"}}}"#,
    );
    assert_eq!(verdict["fields_dropped"].as_array().unwrap().len(), 6, "{verdict}");
    assert_eq!(verdict["not_in_schema"], serde_json::json!([]), "{verdict}");
}

#[test]
fn sf_2_no_rejected_value_is_repeated() {
    let verdict = verdict_of(
        r#"{"id":1,"input":{"name":"Frau Erna Xanthippe","job_title":"Buyer, devout Zoroastrian","notes":"Zoroastrian by faith"}}"#,
    );
    let text = verdict.to_string();
    assert!(!text.contains("Zoroastrian") && !text.contains("Erna"), "{text}");
    assert_eq!(verdict["fields_dropped"], serde_json::json!(["notes"]));
}

#[test]
fn redacted_places_are_code_points_of_the_text() {
    let verdict = verdict_of(r#"{"id":1,"text":"Für 🙂 Anna Müller, 47, Köln"}"#);
    assert_eq!(verdict["redacted"], serde_json::json!([[19, 21]]));
    assert_eq!(verdict["findings"][0]["category"], "age");
    assert_eq!(verdict["findings"][0]["field"], serde_json::Value::Null);
}

#[test]
fn what_is_reviewed_outweighs_what_is_cut() {
    let verdict = verdict_of(r#"{"id":1,"text":"Frau Anna Muster, Parteivorsitzende, 47 Jahre alt"}"#);
    assert_eq!((&verdict["decision"], &verdict["category"]), (&"review".into(), &"politics".into()));
    assert_eq!(verdict["redacted"].as_array().unwrap().len(), 2);
}

#[test]
fn professional_bodies_count_in_australia_only() {
    for (country, decision) in [("AU", "reject-text-span"), ("DE", "pass")] {
        let json = format!(r#"{{"id":1,"country":"{country}","text":"Fellow of Engineers Australia, Sydney"}}"#);
        assert_eq!(verdict_of(&json)["decision"], decision);
    }
}

#[test]
fn companies_and_addresses_pass() {
    let screen = Screen::new();
    let pass = |kind, field, value| screen.field(kind, field, value, Some("de")) == FieldVerdict::Pass;
    assert!(pass(EntityKind::Company, Field::Name, "Evangelische Kirchengemeinde Musterdorf"));
    assert!(pass(EntityKind::Person, Field::Street, "Kirchstraße 12"));
    assert!(pass(EntityKind::Person, Field::City, "Christianstadt"));
    assert!(!pass(EntityKind::Person, Field::Company, "Evangelische Kirchengemeinde Musterdorf"));
}

#[test]
fn sf_20_a_cut_keeps_the_rest_of_a_value() {
    let screen = Screen::new();
    for (field, value, wanted) in [
        (Field::Name, "Frau Anna Schmidt", "Anna Schmidt"),
        (Field::Name, "Imogen Castellane (she/her)", "Imogen Castellane"),
        (Field::Name, "Herr Prof. Dr. Karl Muster", "Prof. Dr. Karl Muster"),
        (Field::JobTitle, "Partner, Rural Valuation (aged sixty-one)", "Partner, Rural Valuation"),
        (Field::JobTitle, "Leiter Einkauf, verheiratet, zwei Kinder", "Leiter Einkauf"),
    ] {
        match screen.field(EntityKind::Person, field, value, None) {
            FieldVerdict::Cut { rest, .. } => assert_eq!(rest, wanted),
            other @ (FieldVerdict::Pass | FieldVerdict::Reject { .. } | FieldVerdict::Review { .. }) => {
                panic!("{value}: {other:?}")
            }
        }
    }
}

#[test]
fn sf_21_own_terms_only_make_the_gate_stricter() {
    let own = OwnTerms { terms: vec![(Category::Belief, "Freitagskreis".into())], cuts_symbols: true };
    let (plain, strict) = (Screen::new(), Screen::new().with_own(&own));
    let text = "Anna Muster, Freitagskreis, Katholikin";
    let categories = |screen: &Screen| screen.text(text, Some("de")).iter().map(|f| f.category).collect::<Vec<_>>();
    assert_eq!(categories(&plain), [Category::Religion]);
    assert_eq!(categories(&strict), [Category::Belief, Category::Religion]);
    assert_eq!(strict.label("Rolle im Freitagskreis").map(|finding| finding.rule), Some("own.term"));
    assert_eq!(plain.label("Rolle im Freitagskreis"), None);
    for label in ["Konfession", "Geburtsdatum"] {
        assert!(strict.label(label).is_some());
    }
}

#[test]
fn sf_19_a_symbol_in_a_name_is_reviewed_or_cut_by_policy() {
    let cutting = Screen::new().with_own(&OwnTerms { cuts_symbols: true, ..OwnTerms::default() });
    let verdict = |screen: &Screen| screen.field(EntityKind::Person, Field::Name, "Anna Muster ✝", Some("de"));
    assert!(matches!(verdict(&Screen::new()), FieldVerdict::Review { .. }));
    assert!(matches!(verdict(&cutting), FieldVerdict::Cut { rest, .. } if rest == "Anna Muster"));
}
