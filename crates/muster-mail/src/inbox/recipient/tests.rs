//! The notified person is found behind assistants, private accounts and quotes.

use super::super::{InboxHints, classify};

#[track_caller]
fn check(from: &str, body: &str, expect: &str) {
    let raw = format!(
        "From: {from}\nTo: privacy@hafen.example\nSubject: Re: data\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    );
    let got = classify(raw.as_bytes(), &InboxHints::default());
    assert_eq!(got.recipient.as_ref().map(muster_model::EmailAddress::as_str), Some(expect), "{body}");
}

#[test]
fn the_quoted_header_says_whom_the_notice_went_to() {
    for (from, sent, to) in [
        ("From", "Sent", "To"),
        ("Von", "Gesendet", "An"),
        ("De", "Envoyé", "À"),
        ("De", "Enviado", "Para"),
        ("Da", "Inviato", "A"),
        ("Van", "Verzonden", "Aan"),
        ("Od", "Wysłano", "Do"),
    ] {
        let block = format!(
            "Stop.\n\n-----Original Message-----\n{from}: Hafen <privacy@hafen.example>\n{sent}: Monday, 9 March 2026 8:00\n{to}: Kim <kim@werft.example>\nSubject: data\n\nx"
        );
        check("a.office@werft.example", &block, "kim@werft.example");
    }
}

#[test]
fn the_innermost_header_that_names_us_wins() {
    let body = "Please remove her.\n\n-----Original Message-----\nFrom: Kim <kim@werft.example>\nSent: Monday, 9 March 2026 8:00\n\
        To: Office <pat@werft.example>\nSubject: Fwd\n\nFrom: Hafen <privacy@hafen.example>\nSent: Monday, 9 March 2026 8:00\n\
        To: kim@werft.example\nSubject: data\n\nx";
    check("pat@werft.example", body, "kim@werft.example");
}

#[test]
fn the_address_that_the_notice_states_is_known_by_its_label() {
    for label in [
        "Work e-mail",
        "Geschäftliche E-Mail",
        "E-mail professionnel",
        "Correo electrónico profesional",
        "E-mail professionale",
        "Zakelijk e-mailadres",
        "Służbowy adres e-mail",
    ] {
        check("kim@privat.example", &format!("Stop\n\n> - {label}: kim@werft.example\n> x"), "kim@werft.example");
    }
}

#[test]
fn an_address_in_the_own_words_counts_where_a_request_is_about_it() {
    check("pat@werft.example", "Please remove kim@werft.example from your list.", "kim@werft.example");
    check("kim@privat.example", "You wrote to my work address kim@werft.example. Stop that.", "kim@werft.example");
    check("pat@werft.example", "Bitte die Adresse kim@werft.example löschen.", "kim@werft.example");
    check("kim@werft.example", "Please use my new address kim.new@werft.example.", "kim@werft.example");
    check("kim@werft.example", "Remove me and reply to kim@privat.example.", "kim@werft.example");
    check("kim@werft.example", "Remove me, privacy@hafen.example!", "kim@werft.example");
}

#[test]
fn a_role_mailbox_or_a_writer_without_token_goes_to_a_person() {
    let raw =
        b"From: pat@werft.example\nTo: privacy@hafen.example\n\nPlease remove kim@werft.example from your list.\n";
    let got = classify(raw, &InboxHints::default());
    assert!(got.needs_review && got.suppress.email, "{}", got.rule);
}

#[test]
fn a_wish_for_a_whole_firm_or_with_a_new_address_goes_to_a_person() {
    use super::{names_a_domain, names_another};
    assert!(names_a_domain("Bitte alle Adressen mit @werft.example streichen"));
    assert!(names_a_domain("toutes les adresses en @werft.example"));
    assert!(!names_a_domain("Bitte kim@werft.example streichen"));
    let kim = muster_model::EmailAddress::parse("kim@werft.example").ok();
    assert!(names_another("Write to kim@privat.example from now on", &[&kim, &None]));
    assert!(!names_another("I am kim@werft.example", &[&kim, &None]));
}
