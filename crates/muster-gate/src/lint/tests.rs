//! Whole notices in two wordings and two languages pass; each single fault is found and nothing else with it.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{Field, Lineage, MasterValue, MentionId, Method, SourceName, SurvivorshipRule};

use super::*;
use crate::testing::at;
use crate::{Controller, DataProtectionOfficer, NoticePurpose, RecipientLine, Representative, field_label};

fn both(en: &str, de: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("en".to_owned(), en.to_owned()), ("de".to_owned(), de.to_owned())])
}

fn value(field: Field, value: &str, url: &str, public: bool) -> MasterValue {
    let line = Lineage {
        mention_id: MentionId::new("m-1"),
        source: SourceName::new("partner-list"),
        source_url: Some(url.to_owned()),
        seen_at: at("2026-03-02T09:00:00Z"),
        method: Method::Card,
        quote: None,
        span: None,
        public,
    };
    MasterValue { field, value: value.to_owned(), rule: SurvivorshipRule::Agreed, lineage: vec![line] }
}

fn facts(lang: &str) -> NoticeFacts {
    let recipient = |name: &str, country: &str, mechanism: &str| RecipientLine {
        name: name.to_owned(),
        country: country.to_owned(),
        mechanism: mechanism.to_owned(),
    };
    NoticeFacts {
        controller: Controller {
            legal_name: "Adressbuch Nord GmbH".into(),
            address: "Hafenweg 1, 10115 Berlin, Deutschland".into(),
            email: "privacy@adressbuch.example".into(),
            country: "DE".into(),
            privacy_url: Some("https://adressbuch.example/datenschutz".into()),
            dpo: Some(DataProtectionOfficer { name: None, email: "dpo@adressbuch.example".into() }),
            representative: None,
            authorities: BTreeMap::from([("*".to_owned(), "Berliner Datenschutzaufsicht, Am Platz 2, Berlin".into())]),
        },
        purposes: vec![NoticePurpose {
            id: "directory".into(),
            sentence: both(
                "We keep a directory of business contacts and license it to companies for their own sales.",
                "Wir führen ein Verzeichnis von Geschäftskontakten und lizenzieren es an Unternehmen für deren Vertrieb.",
            ),
        }],
        basis: "6(1)(f)".into(),
        interest: both(
            "To make it possible for companies to find the right contact at another company.",
            "Unternehmen sollen bei anderen Unternehmen die richtige Ansprechperson finden können.",
        ),
        recipients: vec![recipient("Abnehmer AG", "AT", "none"), recipient("Buyer Inc", "US", "scc")],
        retention_months: 24,
        automated_decisions: false,
        automated_explained: BTreeMap::new(),
        lang: lang.into(),
        country: Some("DE".into()),
        reference: "abcdefghijklmnopqrstuvwxyz".into(),
        reply_to: "privacy+abcdefghijklmnopqrstuvwxyz@adressbuch.example".into(),
        obtained_on: "2026-03-02".into(),
        values: vec![
            value(Field::Name, "Anna Beispiel", "https://www.firma.example/team", true),
            value(Field::JobTitle, "Head of Access and Discount Programmes", "https://www.firma.example/team", true),
            value(Field::Emails, "anna.beispiel@firma.example", "partners.csv#12", false),
            value(Field::City, "Ulm", "https://www.firma.example/team", true),
        ],
    }
}

/// The values with their sources, one line each.
fn held(facts: &NoticeFacts, source: [&str; 4]) -> String {
    let [word, on, public, hidden] = source;
    let line = |value: &MasterValue| {
        let label = field_label(value.field, &facts.lang);
        let mut text = format!("- {label}: {}\n", value.value);
        for line in &value.lineage {
            let place = line.source_url.as_deref().unwrap_or("partner-list");
            let flag = if line.public { public } else { hidden };
            text.push_str("    ");
            text.push_str(&[word, ": ", place, ", ", on, " 2026-03-02, ", flag, "\n"].concat());
        }
        text
    };
    facts.values.iter().map(line).collect()
}

fn english(facts: &NoticeFacts) -> String {
    let values = held(facts, ["Source", "read on", "publicly accessible", "not publicly accessible"]);
    format!(
        "Hello,

we hold business contact data about you that we did not receive from you. This message tells you which data we \
hold, where they come from, what we use them for and which rights you have.

WHO IS RESPONSIBLE
The data controller is Adressbuch Nord GmbH.
Address: Hafenweg 1, 10115 Berlin, Deutschland
E-mail: privacy@adressbuch.example
Data protection officer: dpo@adressbuch.example
Full privacy information: https://adressbuch.example/datenschutz

OBJECTION TO DIRECT MARKETING
You can object to the use of your data for direct marketing at any time and without giving reasons. Reply to this
message with the one word \"stop\": that is enough, and it is free of charge.

WHAT WE HOLD ABOUT YOU
We hold the following data about you, each with its source:
{values}
WHAT WE USE THE DATA FOR
- We keep a directory of business contacts and license it to companies for their own sales.
The legal basis is Article 6(1)(f) GDPR. This is the legitimate interest that we pursue: To make it possible for
companies to find the right contact at another company.

WHO RECEIVES THE DATA
We pass the data to these recipients:
- Abnehmer AG, Austria (AT)
- Buyer Inc, United States (US)
Buyer Inc is in United States (US), outside the European Economic Area. There is no adequacy decision for this
transfer; it rests on standard contractual clauses. You can get a copy of them by replying to this message.

HOW LONG WE KEEP THE DATA
We keep the data for 24 months, counted from the day on which they were first collected. After that they are deleted.

YOUR RIGHTS
You have the right of access to your data, the right to rectification, the right to erasure, the right to restriction
of processing and, where it applies, the right to data portability. You also have the right to object to the
processing on grounds that relate to your particular situation.
To use any of these rights, reply to this message. This is free of charge, and we answer within one month.
You can complain to a supervisory authority. The one for you is: Berliner Datenschutzaufsicht, Am Platz 2, Berlin.
We make no automated decisions about you that have legal or similar effect.

Reference: abcdefghijklmnopqrstuvwxyz
Collected on: 2026-03-02
"
    )
}

fn german(facts: &NoticeFacts) -> String {
    let values = held(facts, ["Quelle", "gelesen am", "öffentlich zugänglich", "nicht öffentlich zugänglich"]);
    format!(
        "Guten Tag,

die Adressbuch Nord GmbH hat Ihre geschäftlichen Kontaktdaten gespeichert. Sie stammen nicht von Ihnen selbst, deshalb
informieren wir Sie nach Art. 14 DSGVO.

Verantwortlich
Adressbuch Nord GmbH
Hafenweg 1
10115 Berlin
Deutschland
privacy@adressbuch.example
Datenschutzbeauftragte Person: dpo@adressbuch.example

Diese Daten liegen uns vor:
{values}
Wofür
Wir führen ein Verzeichnis von Geschäftskontakten und lizenzieren es an Unternehmen für deren Vertrieb.
Rechtsgrundlage: Art. 6 Abs. 1 lit. f DSGVO, unser berechtigtes Interesse. Unternehmen sollen bei anderen Unternehmen
die richtige Ansprechperson finden können.

Empfänger: Abnehmer AG in Österreich und Buyer Inc in den Vereinigten Staaten (US). Für die Vereinigten Staaten liegt
kein Angemessenheitsbeschluss vor, die Übermittlung beruht auf Standardvertragsklauseln. Auf Anfrage unter
privacy@adressbuch.example senden wir Ihnen eine Kopie.

Wir löschen die Daten zwei Jahre nach der ersten Erhebung, also nach 24 Monaten.

-----------------------------------------------------------------
Gegen die Nutzung Ihrer Daten zur Direktwerbung können Sie jederzeit und ohne Begründung Widerspruch einlegen. Es
genügt, wenn Sie auf diese Nachricht mit einem Wort antworten: Stopp.
-----------------------------------------------------------------

Ihre Rechte

- Auskunft (Art. 15 DSGVO)
- Berichtigung (Art. 16 DSGVO)
- Löschung (Art. 17 DSGVO)
- Einschränkung der Verarbeitung (Art. 18 DSGVO)
- Datenübertragbarkeit (Art. 20 DSGVO), soweit sie anwendbar ist
- Widerspruch aus Gründen, die sich aus Ihrer besonderen Situation ergeben (Art. 21 DSGVO)

Antworten Sie einfach auf diese Nachricht. Das kostet Sie nichts, und wir antworten binnen eines Monats. Sie können sich
bei der Berliner Datenschutzaufsicht, Am Platz 2, Berlin, beschweren.

Referenz abcdefghijklmnopqrstuvwxyz, erhoben am 2. März 2026
"
    )
}

fn items(text: &str, facts: &NoticeFacts) -> Vec<&'static str> {
    let found = lint_notice(text, facts, &Screen::new());
    found.iter().map(|defect| defect.item).collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn nt_1_whole_notices_have_no_defect() {
    let (en, de) = (facts("en"), facts("de"));
    assert_eq!(lint_notice(&english(&en), &en, &Screen::new()), []);
    assert_eq!(lint_notice(&german(&de), &de, &Screen::new()), []);
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
#[test]
fn nt_1_each_fault_in_an_english_notice_is_found_and_nothing_else() {
    let facts = facts("en");
    let whole = english(&facts);
    for (item, old, new) in [
        ("A01", "Adressbuch Nord GmbH", "Adressbuch"),
        ("A02", "Hafenweg 1, 10115 Berlin, Deutschland", "Berlin"),
        ("A02", "E-mail: privacy@adressbuch.example\n", ""),
        ("A03", "Full privacy information", "Our representative under Article 27: Rep. Full privacy information"),
        ("A04", "Data protection officer: dpo@adressbuch.example\n", ""),
        ("A05", "We keep a directory of business contacts and license it", "We keep contacts and license them"),
        ("A05", "WHO RECEIVES THE DATA", "We may use your data for other things.\n\nWHO RECEIVES THE DATA"),
        ("A06", "Article 6(1)(f) GDPR", "our interest"),
        ("A06", "Article 6(1)(f) GDPR.", "Article 6(1)(f) GDPR and Article 6(1)(a) GDPR."),
        ("A07", "- City: Ulm", "- Ulm"),
        ("A07", "- City: Ulm", "- City: Ulm\n- Postal code: unknown"),
        ("A08", "- Abnehmer AG, Austria (AT)\n", "- partners\n"),
        ("A09", "There is no adequacy decision for this\ntransfer; it rests", "The transfer rests"),
        ("A10", "standard contractual clauses", "suitable safeguards"),
        ("A10", "You can get a copy of them by replying to this message.", ""),
        ("A11", "for 24 months, counted from the day on which they were first collected", "for some time"),
        ("A11", "24 months", "36 months"),
        ("A11", "After that they are deleted.", "We keep some of it as long as it is necessary."),
        ("A11", "After that they are deleted.", "The period starts again with every update."),
        ("A12", "To make it possible for\ncompanies to find the right contact at another company.", "Sales."),
        ("A13", "the right of access to your data, ", ""),
        ("A14", "the right to rectification, ", ""),
        ("A15", "the right to erasure, ", ""),
        ("A16", "the right to restriction\nof processing and", ""),
        ("A17", "object", "say no"),
        ("A18", ", the right to data portability", ""),
        ("A19", "YOUR RIGHTS\n", "YOUR RIGHTS\nYou can withdraw your consent at any time.\n"),
        ("A20", "You can complain to a supervisory authority. The one for you is", "The authority is"),
        ("A20", "Berliner Datenschutzaufsicht, Am Platz 2, Berlin", "the one of your country"),
        ("A21", "https://www.firma.example/team", "a website"),
        ("A21", "not publicly accessible", "from a partner"),
        ("A22", "We make no automated decisions about you", "We make automated decisions about you"),
        (
            "B01",
            "After that they are deleted.",
            "Danach werden sie gelöscht, und wir haben sie nicht mehr, auch nicht in Kopien.",
        ),
        (
            "B01",
            "After that they are deleted.",
            "Ensuite nous les supprimons et vous ne recevez plus de messages de notre part dans ces cas.",
        ),
        (
            "B02",
            "OBJECTION TO DIRECT MARKETING\nYou can object to the use of your data for direct marketing",
            "You can object to the use of your data",
        ),
        (
            "B02",
            "You can object to the use of your data for direct marketing at any time and without giving reasons. ",
            "",
        ),
        ("B03", "free of charge", "easy"),
        ("B03", "within one month", "soon"),
        ("B03", "YOUR RIGHTS\n", "YOUR RIGHTS\nSend a copy of your identity card first.\n"),
        ("B04", "- Full name: Anna Beispiel", "- Full name: Anna"),
        ("B04", "- Full name: Anna Beispiel", "- Full name: Anna Beispiel, bea@firma.example"),
        ("B05", "Collected on: 2026-03-02", "Collected on: 2026-03-03"),
        ("B05", "Reference: abcdefghijklmnopqrstuvwxyz", "Reference:"),
        ("B06", "WHO RECEIVES", "Get 20% off our new directory today!\n\nWHO RECEIVES"),
        ("B06", "WHO RECEIVES", "See https://shop.adressbuch.example/order for more.\n\nWHO RECEIVES"),
        ("B06", "WHO RECEIVES", "<img src=\"https://adressbuch.example/privacy.gif\">\n\nWHO RECEIVES"),
        ("B07", "Hello,", "Hello {{ name }},"),
        ("B07", "Hello,", "Hello [NAME],"),
        ("B07", "Hello,", "Hello ${person.name},"),
        ("B07", "Hello,", "Hello None,"),
        ("B07", "WHO RECEIVES", "TODO check this\n\nWHO RECEIVES"),
        ("B07", "Collected on: 2026-03-02", "Collected on: 2026-03-02\nPhone: null"),
        ("B07", "- Buyer Inc, United States (US)\n", "- Buyer Inc, United States (US)\n- \n"),
        ("B07", "we hold business", "we hold â€œbusinessâ€\u{9d}"),
        ("B08", "Hello,", "Dear Mrs Beispiel,"),
        ("B09", "YOUR RIGHTS\n", "YOUR RIGHTS\nIf you do not answer, you agree to this.\n"),
        ("B09", "We pass the data to these recipients:", "We never share your data. Recipients:"),
    ] {
        assert_broken(&whole, &facts, item, old, new);
    }
}

fn assert_broken(whole: &str, facts: &NoticeFacts, expect: &str, old: &str, new: &str) {
    let broken = whole.replace(old, new);
    assert_ne!(broken, whole, "nothing was changed for {expect}: {old}");
    let expect: Vec<&str> = expect.split(' ').collect();
    assert_eq!(items(&broken, facts), expect, "`{old}` -> `{new}`: {:?}", lint_notice(&broken, facts, &Screen::new()));
}

#[test]
fn nt_1_each_fault_in_a_german_notice_is_found_and_nothing_else() {
    let facts = facts("de");
    let whole = german(&facts);
    for (item, old, new) in [
        ("A01", "Adressbuch Nord GmbH", "Adressbuch Nord"),
        ("A02", "Hafenweg 1\n", ""),
        ("A04", "Datenschutzbeauftragte Person: dpo@adressbuch.example\n", ""),
        ("A05", "Wir führen ein Verzeichnis", "Wir führen eine Liste"),
        ("A05", "\nEmpfänger:", "\nWir nutzen die Daten auch für sonstige Zwecke.\n\nEmpfänger:"),
        ("A06", "Art. 6 Abs. 1 lit. f DSGVO", "das Gesetz"),
        ("A06", "lit. f DSGVO", "lit. f und Art. 6 Abs. 1 lit. a DSGVO"),
        ("A07", "- Funktion:", "-"),
        ("A08", "Abnehmer AG in Österreich", "ein Partner in Österreich"),
        ("A09", "(US)", ""),
        ("A09", "kein Angemessenheitsbeschluss vor, die Übermittlung", "nichts vor, die Übermittlung"),
        ("A10", "Standardvertragsklauseln", "Garantien"),
        ("A10", "eine Kopie", "etwas"),
        ("A11", "zwei Jahre nach der ersten Erhebung, also nach 24 Monaten", "später"),
        (
            "A11",
            "nach 24 Monaten",
            "nach 24 Monaten, sobald sie nicht mehr erforderlich sind. Manches speichern wir, solange es erforderlich ist",
        ),
        ("A11", "also nach 24 Monaten", "die Frist beginnt neu mit jeder Aktualisierung, also nach 24 Monaten"),
        ("A12", "Unternehmen sollen bei anderen Unternehmen\ndie richtige Ansprechperson finden können.", ""),
        ("A13", "- Auskunft (Art. 15 DSGVO)\n", ""),
        ("A14", "- Berichtigung (Art. 16 DSGVO)\n", ""),
        ("A15", "- Löschung (Art. 17 DSGVO)\n", ""),
        ("A16", "- Einschränkung der Verarbeitung (Art. 18 DSGVO)\n", ""),
        ("A18", "- Datenübertragbarkeit (Art. 20 DSGVO), soweit sie anwendbar ist\n", ""),
        ("A19", "Antworten Sie einfach", "Sie können Ihre Einwilligung widerrufen. Antworten Sie einfach"),
        ("A20", ", beschweren.", ", melden."),
        ("A21", "https://www.firma.example/team", "Webseite"),
        ("A21", "partners.csv#12", "Liste"),
        ("A22", "Antworten Sie einfach", "Wir treffen automatisierte Entscheidungen. Antworten Sie einfach"),
        ("B01", "Antworten Sie einfach", "You have the right to complain to us at any time. Antworten Sie einfach"),
        ("B02", "zur Direktwerbung ", ""),
        ("B02", "Stopp.\n---", "Stopp. Außerdem haben Sie ein Recht auf Auskunft.\n---"),
        ("B02", "-----------------------------------------------------------------\n", ""),
        ("B03", "Das kostet Sie nichts, und wir", "Wir"),
        ("B03", "binnen eines Monats", "bald"),
        ("B03", "Antworten Sie einfach", "Bitte senden Sie eine Kopie Ihres Personalausweises. Antworten Sie einfach"),
        ("B04", "anna.beispiel@firma.example", "anna@firma.example"),
        ("B05", "2. März 2026", "3. März 2026"),
        ("B06", "\nEmpfänger:", "\nJetzt bestellen und 10 % Rabatt sichern!\n\nEmpfänger:"),
        ("B07", "Guten Tag,", "Guten Tag None,"),
        ("B07", "Guten Tag,", "Guten Tag %(name)s,"),
        ("B07", "- Ort: Ulm", "- Ort: Ulm\n- Funktion:"),
        ("B08", "Guten Tag,", "Sehr geehrte Frau Beispiel,"),
        ("B09", "Antworten Sie einfach", "Wenn wir nichts hören, gilt das als Einwilligung. Antworten Sie einfach"),
        ("B09", "Antworten Sie einfach", "Wir geben Ihre Daten nicht weiter. Antworten Sie einfach"),
    ] {
        assert_broken(&whole, &facts, item, old, new);
    }
}

#[test]
fn facts_decide_which_items_a_notice_needs() {
    let whole = english(&facts("en"));
    let check = |change: &dyn Fn(&mut NoticeFacts)| {
        let mut facts = facts("en");
        change(&mut facts);
        items(&whole, &facts)
    };
    assert_eq!(check(&|facts| facts.basis = "6(1)(a)".into()), ["A06", "A19"]);
    assert_eq!(check(&|facts| facts.basis = "6(1)(b)".into()), ["A06"]);
    assert_eq!(check(&|facts| facts.automated_decisions = true), ["A22"]);
    assert_eq!(check(&|facts| facts.retention_months = 12), ["A11"]);
    assert_eq!(check(&|facts| facts.controller.dpo = None), ["A04", "B04"]);
    assert_eq!(check(&|facts| facts.controller.country = "GB".into()), ["A03", "A09"]);
    let represented = |facts: &mut NoticeFacts| {
        let contact = "rep@vertretung.example".to_owned();
        facts.controller.representative = Some(Representative { name: "Vertretung SARL".into(), contact });
    };
    assert_eq!(check(&represented), ["A03"]);
    assert_eq!(check(&|facts| facts.purposes.clear()), ["A05"]);
    assert_eq!(check(&|facts| facts.interest.clear()), ["A12"]);
    assert_eq!(check(&|facts| facts.recipients.clear()), ["A08"]);
    let moved = |country: &'static str, mechanism: &'static str| {
        move |facts: &mut NoticeFacts| {
            let recipient = facts.recipients.first_mut().unwrap();
            (recipient.country, recipient.mechanism) = (country.into(), mechanism.into());
        }
    };
    assert_eq!(check(&moved("BR", "bcr")), ["A09", "A10"]);
    assert_eq!(check(&moved("US", "none")), ["A10"]);
    assert_eq!(check(&moved("US", "adequacy")), Vec::<&str>::new());
    assert_eq!(check(&|facts| facts.controller.authorities.clear()), ["A20"]);
    assert_eq!(check(&|facts| facts.values.first_mut().unwrap().lineage.clear()), ["A21"]);
    assert_eq!(
        check(&|facts| facts.values.push(value(Field::Phones, "+49301234567", "a.csv", true))),
        ["A07", "A21", "B04"]
    );
    assert_eq!(check(&|facts| facts.lang = "xx".into()), ["B01"]);
    assert_eq!(check(&|facts| facts.reference = "other".into()), ["B05"]);
}

#[test]
fn a_source_has_to_be_dated_and_its_visibility_told() {
    let mut facts = facts("en");
    let later = |facts: &mut NoticeFacts, seen_at: &str| {
        let lines = facts.values.iter_mut().flat_map(|value| &mut value.lineage);
        lines.for_each(|line| line.seen_at = at(seen_at));
    };
    let whole = english(&facts);
    later(&mut facts, "2026-04-05T09:00:00Z");
    assert_eq!(items(&whole, &facts), ["A21"]);
    assert_eq!(items(&whole.replace("read on 2026-03-02", "read on 5 April 2026"), &facts), Vec::<&str>::new());
    facts = self::facts("en");
    facts.values.iter_mut().flat_map(|value| &mut value.lineage).for_each(|line| line.public = false);
    assert_eq!(items(&whole, &facts), ["A21"]);
}

#[test]
fn words_in_the_persons_values_are_not_words_of_the_notice() {
    let mut facts = facts("en");
    facts.values = vec![
        value(Field::Name, "Dee Null", "https://shop.firma.example/team?utm_source=x", true),
        value(Field::JobTitle, "Data Protection Officer and EU Representative, Automated Decisions", "a.csv", false),
        value(Field::Company, "None", "a.csv", false),
        value(Field::City, "Buy Now", "a.csv", false),
        value(Field::Street, "Die Straße zu den Häusern der Stadt und auf dem Berg 3", "a.csv", false),
    ];
    facts.controller.dpo = None;
    let text = english(&facts).replace("Data protection officer: dpo@adressbuch.example\n", "");
    assert_eq!(lint_notice(&text, &facts, &Screen::new()), []);
}

#[test]
fn a_defect_never_repeats_a_value_of_the_person() {
    let facts = facts("de");
    for text in ["", "Guten Tag", &english(&facts).replace("Beispiel", "X").replace("Ulm", "Y").replace("firma", "z")] {
        for defect in lint_notice(text, &facts, &Screen::new()) {
            for value in &facts.values {
                assert!(!defect.detail.contains(&value.value), "{defect:?}");
            }
            assert!(!defect.detail.contains("firma.example"), "{defect:?}");
        }
    }
}

#[test]
fn an_empty_notice_lacks_every_item_that_the_facts_call_for() {
    let found = items("", &facts("en"));
    for item in [
        "A01", "A02", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14", "A15", "A16", "A17",
        "A18", "A20", "A21", "B02", "B03", "B04", "B05",
    ] {
        assert!(found.contains(&item), "{item} is not in {found:?}");
    }
}

#[test]
fn sentences_that_only_sound_like_a_fault_are_none() {
    let facts = facts("en");
    let whole = english(&facts);
    for sentence in [
        "Your silence does not mean that you agree.",
        "We do not share your data with anybody before you have had two weeks to object.",
        "We never share your data with other recipients.",
        "We do not share special categories of personal data, because we hold none.",
        "You do not need to send a copy of your passport.",
        "We will not ask you to log in to a website.",
        "We have not appointed an agent.",
        "We do not use your data for any other purposes than these.",
    ] {
        let text = whole.replace("YOUR RIGHTS\n", &format!("YOUR RIGHTS\n{sentence}\n"));
        assert_eq!(lint_notice(&text, &facts, &Screen::new()), [], "{sentence}");
    }
    let facts = self::facts("de");
    let whole = german(&facts);
    for sentence in [
        "Wenn Sie nicht antworten, bedeutet das nicht, dass Sie zustimmen.",
        "Wir geben Ihre Daten nicht weiter, bevor zwei Wochen vergangen sind.",
        "Andere Daten als diese haben wir nicht, und an andere Empfänger geben wir sie nicht weiter.",
        "Einen Ausweis brauchen Sie nicht vorzulegen, eine Ausweiskopie verlangen wir nicht.",
    ] {
        let text = whole.replace("Antworten Sie einfach", &format!("{sentence} Antworten Sie einfach"));
        assert_eq!(lint_notice(&text, &facts, &Screen::new()), [], "{sentence}");
    }
}
