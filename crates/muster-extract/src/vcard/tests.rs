//! Cards as address books write them, and what none of them may lose.

use super::*;

fn read(source: &str) -> Vec<Draft> {
    read_cards(None, source, None).unwrap().drafts
}

fn texts(draft: &Draft, field: Field) -> Vec<&str> {
    draft.all(field).collect()
}

#[test]
fn three_versions_of_one_card_say_the_same() {
    let two = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;Anna;;Dr.\r\n\
        FN;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:Dr. Anna M=\r\n=FCller\r\nORG:Muster AG;Einkauf\r\nTITLE:Buyer\r\n\
        TEL;WORK;VOICE:+49 30 23125120\r\nTEL;WORK;FAX:+49 30 23125121\r\nEMAIL;PREF;INTERNET:anna@muster.example\r\nEND:VCARD\r\n";
    let three = "BEGIN:VCARD\nVERSION:3.0\nN:Müller;Anna;;Dr.;\nFN:Dr. Anna Mül\n ler\nORG:Muster AG;Einkauf\nTITLE:Buyer\n\
        item1.TEL;TYPE=work,voice:+49 30 23125120\nitem2.TEL:+49 30 23125121\nitem2.X-ABLabel:_$!<WorkFAX>!$_\nEMAIL;TYPE=INTERNET:anna@muster.example\nEND:VCARD\n";
    let four = "BEGIN:VCARD\nVERSION:4.0\nN:Müller;Anna;;Dr.;\nFN:Dr. Anna Müller\nORG:Muster AG;Einkauf\nTITLE:Buyer\n\
        TEL;VALUE=uri;TYPE=\"voice,work\":tel:+49-30-23125120\nTEL;VALUE=uri;TYPE=fax:tel:+49-30-23125121\nEMAIL:mailto:anna@muster.example\nEND:VCARD";
    for source in [two, three, four] {
        let cards = read(source);
        let [card] = cards.as_slice() else { panic!("{} cards in {source}", cards.len()) };
        assert_eq!(card.kind, EntityKind::Person);
        for (field, value) in [
            (Field::Name, "Anna Müller"),
            (Field::GivenName, "Anna"),
            (Field::FamilyName, "Müller"),
            (Field::Degree, "Dr."),
            (Field::Company, "Muster AG"),
            (Field::JobTitle, "Buyer"),
            (Field::Phones, "+493023125120"),
            (Field::Faxes, "+493023125121"),
            (Field::Emails, "anna@muster.example"),
        ] {
            assert_eq!(texts(card, field), [value], "{field:?} of {source}");
        }
    }
}

#[test]
fn every_value_stands_where_its_span_says() {
    let source =
        "BEGIN:VCARD\nFN:Anna\n  Muster\nTITLE:Head of Sales\\, Export\nEMAIL:anna@muster.example\nEND:VCARD\n";
    let cards = read(source);
    let card = cards.first().unwrap();
    for (field, raw) in [
        (Field::Name, "Anna\n  Muster"),
        (Field::JobTitle, "Head of Sales\\, Export"),
        (Field::Emails, "anna@muster.example"),
    ] {
        let [start, end] = card.evidence(field).unwrap().span.unwrap().map(|at| usize::try_from(at).unwrap());
        assert_eq!(source.get(start..end), Some(raw), "{field:?}");
    }
    assert_eq!(texts(card, Field::JobTitle), ["Head of Sales, Export"]);
}

#[test]
fn a_card_of_a_firm_is_a_firm() {
    for source in [
        "BEGIN:VCARD\nFN:Muster GmbH\nORG:Muster GmbH\nURL:https://www.muster.example/\nEND:VCARD",
        "BEGIN:VCARD\nKIND:org\nFN:Muster GmbH\nURL:https://www.muster.example/\nEND:VCARD",
        "BEGIN:VCARD\nN:;;;;\nORG:Muster GmbH;\nX-ABShowAs:COMPANY\nURL:https\\://www.muster.example/\nEND:VCARD",
    ] {
        let cards = read(source);
        let card = cards.first().unwrap();
        assert_eq!((card.kind, card.first(Field::Name)), (EntityKind::Company, Some("Muster GmbH")), "{source}");
        assert_eq!(card.first(Field::Domain), Some("muster.example"), "{source}");
        assert_eq!(card.first(Field::LegalForm), Some("GmbH"), "{source}");
    }
}

#[test]
fn private_properties_leave_only_their_names() {
    let read = read_cards(
        Some("text/vcard"),
        "BEGIN:VCARD\nFN:Anna Muster\nBDAY:19700101\nGENDER:F\nRELATED;TYPE=spouse:Bernd\nEND:VCARD",
        None,
    )
    .unwrap();
    assert_eq!(read.labels.iter().map(String::as_str).collect::<Vec<_>>(), ["bday", "gender", "related"]);
    let shown = format!("{:?}", read.drafts);
    assert!(!shown.contains("1970") && !shown.contains("Bernd"), "{shown}");
}

#[test]
fn an_address_at_work_goes_before_one_at_home_and_gives_numbers_their_country() {
    let cards = read(
        "BEGIN:VCARD\nFN:Anna Muster\nADR;TYPE=home:;;Waldweg 3;Ort;;1;D\nADR;TYPE=work:;;Ring 1\\, Haus 2;Wien;;1010;Österreich\nTEL:01 5131200\nEND:VCARD",
    );
    let card = cards.first().unwrap();
    assert_eq!(card.first(Field::Street), Some("Ring 1, Haus 2"));
    assert_eq!(card.first(Field::Country), Some("AT"));
    assert_eq!(card.first(Field::Phones), Some("+4315131200"));
}

#[test]
fn a_number_of_no_known_country_stays_as_it_was_written() {
    let cards = read("BEGIN:VCARD\nFN:Anna Muster\nTEL:555 555 1111\nTEL:12\nTEL:ask me\nEND:VCARD");
    assert_eq!(texts(cards.first().unwrap(), Field::Phones), ["555 555 1111"]);
}

#[test]
fn a_jcard_says_the_same_as_a_vcard() {
    let source = r#"["vcard",[["version",{},"text","4.0"],["fn",{},"text","Anna Muster"],["n",{},"text",["Muster","Anna","","",""]],
        ["org",{},"text",["Muster AG","Einkauf"]],["tel",{"type":["work","voice"]},"uri","tel:+49-30-23125120"],["email",{},"text","anna@muster.example"],
        ["bday",{},"date","1970-01-01"]]]"#;
    let cards = read_cards(Some("application/vcard+json"), source, None).unwrap();
    let card = cards.drafts.first().unwrap();
    assert_eq!(card.first(Field::Company), Some("Muster AG"));
    assert_eq!(card.first(Field::FamilyName), Some("Muster"));
    assert_eq!(card.first(Field::Phones), Some("+493023125120"));
    let [start, end] = card.evidence(Field::Emails).unwrap().span.unwrap().map(|at| usize::try_from(at).unwrap());
    assert_eq!(source.get(start..end), Some("anna@muster.example"));
    assert!(cards.labels.contains("bday"));
}

#[test]
fn broken_files_lose_lines_and_never_cards() {
    let cards = read(
        "BEGIN:VCARD\nno colon\n;x:y\nFN:Anna Muster\nAGENT:\nBEGIN:VCARD\nFN:Bernd Beispiel\nEND:VCARD\nEMAIL:broken@\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:Carla Fink\nTEL:+49 30 231",
    );
    let names: Vec<_> = cards.iter().filter_map(|card| card.first(Field::Name)).collect();
    assert_eq!(names, ["Anna Muster", "Bernd Beispiel", "Carla Fink"]);
    assert!(read_cards(None, "<html>", None).is_none());
    assert!(read_cards(None, "", None).is_none());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_and_every_span_lies_in_it(
        source in "BEGIN:VCARD\n((FN|N|ORG|TEL|EMAIL|ADR|URL)(;TYPE=|;|\\.|;ENCODING=QUOTED-PRINTABLE)?:?[a-zäß;,:=\\\\\" \t\n@.0-9+E-]{0,30}\n){0,12}"
    ) {
        for draft in read(&source) {
            for field in Field::ALL {
                if let Some([start, end]) = draft.evidence(*field).and_then(|seen| seen.span) {
                    let (start, end) = (usize::try_from(start).unwrap(), usize::try_from(end).unwrap());
                    proptest::prop_assert!(source.get(start..end).is_some(), "{start}..{end}");
                }
            }
        }
    }
}
