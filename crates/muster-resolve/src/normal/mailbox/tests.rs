//! Tests of mailboxes.

use super::*;
use proptest::prelude::*;

fn mailbox(local: &str) -> Mailbox {
    parse(&format!("{local}@firma.example")).unwrap()
}

#[test]
fn an_address_is_taken_apart() {
    let found = parse("Anna.Mueller2+news@Mail.Firma.Example").unwrap();
    assert_eq!(found.local, "anna.mueller2");
    assert_eq!(found.plain_local, "annamueller");
    assert_eq!(found.number, Some(2));
    assert_eq!(found.domain, "mail.firma.example");
    assert_eq!(found.registrable, "firma.example");
    for (domain, expect) in
        [("mail.firma.co.uk", "firma.co.uk"), ("firma.co.uk", "firma.co.uk"), ("firma.test", "firma.test")]
    {
        assert_eq!(registrable(domain), expect, "{domain}");
    }
    assert!(!found.is_role && !found.is_free_mail);
    assert_eq!(parse("mailto:anna@firma.example?subject=x"), parse("Anna <anna@firma.example>"));
    assert_eq!(parse("anna@bücher.example").unwrap().domain, "xn--bcher-kva.example");
    assert_eq!(parse("12345@firma.example").unwrap().plain_local, "12345");
}

#[test]
fn what_is_no_address_is_none() {
    for text in [
        "",
        "anna",
        "@firma.example",
        "anna@",
        "anna@localhost",
        "anna@127.0.0.1",
        "a b@firma.example",
        "a..b@firma.example",
        ".a@firma.example",
        "anna@-firma.example",
        "anna@firma..example",
        "anna@firma.e",
        "\"a b\"@firma.example",
        "anna@firma.example\r\nBcc: x@y.example",
        "anna@@firma.example",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
    assert_eq!(parse(&format!("{}@firma.example", "a".repeat(65))), None);
}

#[test]
fn mailboxes_of_functions_are_told_from_those_of_people() {
    for local in [
        "info",
        "sales",
        "kontakt",
        "presse",
        "hello",
        "office",
        "datenschutz",
        "contact",
        "ventas",
        "acquisti",
        "biuro",
        "verkoop",
        "comercial",
        "no-reply",
        "customer.service",
        "kunden-service",
        "buero",
        "info.berlin",
        "sales-de",
        "info2",
        "de.sales",
        "obchod",
        "satis",
        "kundservice",
        "secretariat",
        "rechnungen",
        "jobs",
        "privacy",
        "toimisto",
    ] {
        assert!(mailbox(local).is_role, "{local}");
    }
    for local in ["anna.mueller", "amueller", "a.post", "ina.fox", "mail4anna", "peter", "infantino", "max.buro"] {
        assert!(!mailbox(local).is_role, "{local}");
    }
}

#[test]
fn mail_services_are_no_employers() {
    for domain in [
        "gmail.com",
        "googlemail.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "yahoo.co.uk",
        "outlook.com",
        "orange.fr",
        "wp.pl",
        "gmail.example",
    ] {
        assert!(parse(&format!("anna@{domain}")).unwrap().is_free_mail, "{domain}");
    }
    for domain in ["firma.example", "orange-bau.example", "web.example", "nordwind.de", "sky.example"] {
        assert!(!parse(&format!("anna@{domain}")).unwrap().is_free_mail, "{domain}");
    }
}

proptest! {
    #[test]
    fn ascii_addresses_are_read_as_the_model_reads_them(
        text in "[a-zA-Z.+_ \"-]{0,8}@?[a-zA-Z0-9.-]{0,12}(\\.(example|test|x|12))?\\.?",
    ) {
        let model = EmailAddress::parse(&text).ok();
        let own = parse(&text);
        prop_assert_eq!(own.is_some(), model.is_some(), "{}", text);
        if let (Some(own), Some(model)) = (own, model) {
            prop_assert_eq!(own.domain.as_str(), model.domain());
        }
    }

    #[test]
    fn a_mailbox_of_a_mailbox_is_itself(local in "[a-zäöü]{1,6}[._-]?[a-z]{1,6}[0-9]{0,3}(\\+[a-z]{1,3})?") {
        let once = mailbox(&local);
        let again = parse(&format!("{}@{}", once.local, once.domain));
        prop_assert_eq!(again, Some(once));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,40}") {
        if let Some(found) = parse(&format!("{}@firma.example", text.replace('@', ""))) {
            prop_assert!(!found.local.is_empty() && found.domain.ends_with(&found.registrable));
        }
    }
}
