//! Tests of reading requests: what is one, what is none.

use super::*;

#[track_caller]
fn check(text: &str, kinds: &[MailKind]) {
    let found: Vec<MailKind> = read(text).kinds.into_keys().collect();
    assert_eq!(found, kinds, "{text}");
}

#[test]
fn plain_opt_outs_are_read_in_both_languages() {
    for text in [
        "STOP",
        "Stop.",
        "Stopp!",
        "unsubscribe",
        "Please remove me.",
        "Remove me from your mailing list please",
        "please delete me from your list",
        "Kindly take me off this list.",
        "Abmelden",
        "Bitte abmelden!",
        "Bitte nehmen Sie mich aus dem Verteiler.",
        "Bitte keine weiteren E-Mails",
        "Keine weiteren Mails bitte.",
        "Please do not contact me again.",
        "I don't want to receive any more emails from you.",
        "no more mails please",
        "Bitte löschen Sie mich aus Ihrem Verteiler.",
        "Ich möchte keine Werbung mehr erhalten.",
        "Bitte schreiben Sie mir nicht mehr.",
        "Kein Interesse.",
        "Please stop emailing me",
        "opt me out",
        "Streichen Sie mich bitte von Ihrer Liste",
        "Lassen Sie mich in Ruhe!",
        "How do I unsubscribe?",
        "Könnten Sie mich bitte aus dem Verteiler nehmen?",
        "Can you please remove me from the list?",
        "Nimm mich aus dem Newsletter",
        "Mich bitte austragen",
        "I wish to be removed from your database list",
        "Not interested, please take me off.",
        "Bitte kontaktieren Sie mich nicht mehr.",
    ] {
        check(text, &[MailKind::OptOut]);
    }
}

#[test]
fn calls_are_told_from_mails() {
    for text in [
        "Do not call me.",
        "Please don't call",
        "Rufen Sie mich nicht an.",
        "Bitte rufen Sie mich nicht mehr an!",
        "Keine Anrufe bitte.",
        "Stop calling me",
        "No phone calls please.",
        "Remove my phone number",
        "Bitte löschen Sie meine Telefonnummer.",
        "I do not want any calls",
        "Keine Werbeanrufe mehr",
    ] {
        check(text, &[MailKind::DoNotCall]);
    }
    let both = read("Do not call or email me again.");
    assert!(both.kinds.contains_key(&MailKind::OptOut) && both.phone);
}

#[test]
fn rights_are_named() {
    check("I hereby object to the processing of my data.", &[MailKind::Objection]);
    check("Ich widerspreche der Verarbeitung meiner Daten zu Werbezwecken.", &[MailKind::Objection]);
    check("Hiermit widerrufe ich meine Einwilligung.", &[MailKind::Objection]);
    check("I withdraw my consent.", &[MailKind::Objection]);
    check("Please delete all my data.", &[MailKind::Erasure]);
    check("Delete my data", &[MailKind::Erasure]);
    check("Löschen Sie meine Daten!", &[MailKind::Erasure]);
    check("Bitte löschen Sie alle über mich gespeicherten Daten.", &[MailKind::Erasure]);
    check("What data do you hold about me?", &[MailKind::Access]);
    check("Woher haben Sie meine Daten?", &[MailKind::Access]);
    check("My job title is wrong.", &[MailKind::Rectification]);
    check("Bitte berichtigen Sie meine Funktion.", &[MailKind::Rectification]);
    check("Please restrict the processing of my data.", &[MailKind::Restriction]);
}

#[test]
fn negations_reservations_and_questions_are_no_requests() {
    for text in [
        "Please do not remove me from your list.",
        "Bitte löschen Sie mich nicht!",
        "Bitte nicht löschen.",
        "I have no objection.",
        "Ich habe keine Einwände.",
        "We reserve the right to object and to demand erasure.",
        "Ich behalte mir vor, der Verarbeitung zu widersprechen.",
        "Was bedeutet Widerspruch?",
        "What happens if I unsubscribe?",
        "I do not want to be removed from the list.",
        "Ich widerspreche nicht.",
        "If I want to unsubscribe later, I will write.",
        "Bitte nicht abmelden.",
        "Nichts dagegen.",
    ] {
        let found = read(text);
        assert!(found.kinds.is_empty(), "{text}: {:?}", found.kinds);
    }
}

#[test]
fn other_talk_is_no_request() {
    for text in [
        "Thanks for letting me know.",
        "Danke für die Information.",
        "Please send me your price list.",
        "Who are you?",
        "Please call me tomorrow.",
        "Rufen Sie mich morgen an.",
        "Bitte senden Sie mir Ihr Angebot.",
        "At the end of your mail there is a typo.",
        "We met at the fair last year.",
        "Das passt so.",
        "Feel free to contact me.",
        "I stopped by your office, please mail me the keys.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn the_first_to_act_on_follows_the_rules() {
    assert_eq!(read("Send me a copy of my data, then delete all my data.").first(), Some(MailKind::Access));
    assert_eq!(read("Take me off your list. Delete my data.").first(), Some(MailKind::Erasure));
    assert_eq!(read("I object. Delete my data.").first(), Some(MailKind::Objection));
}

#[test]
fn a_denied_request_beside_a_real_one_does_not_hide_it() {
    let found = read("Please do not delete my data but take me off the mailing list.");
    assert_eq!(found.first(), Some(MailKind::OptOut));
    assert!(found.voided);
}

#[test]
fn fresh_wordings_are_read_too() {
    let wanted =
        |text: &str, kind: MailKind| (!read(text).kinds.contains_key(&kind)).then(|| format!("{kind:?}: {text}"));
    let missed: Vec<String> = [
        ("Get me off this list, will you.", MailKind::OptOut),
        ("I'd like to be taken off your mailing list.", MailKind::OptOut),
        ("We would prefer not to be contacted in future.", MailKind::OptOut),
        ("Could you stop contacting our staff please", MailKind::OptOut),
        ("No further communication please.", MailKind::OptOut),
        ("Please cancel my subscription.", MailKind::OptOut),
        ("Leave us alone", MailKind::OptOut),
        ("I no longer wish to hear from you", MailKind::OptOut),
        ("please don't email me again", MailKind::OptOut),
        ("This is spam, stop it!", MailKind::OptOut),
        ("Take my name off the list at once.", MailKind::OptOut),
        ("Ich wünsche keine weiteren Nachrichten.", MailKind::OptOut),
        ("Nehmt mich da bitte raus.", MailKind::OptOut),
        ("Bitte senden Sie mir keine Werbung mehr zu.", MailKind::OptOut),
        ("Ich bitte darum, mich aus der Liste zu entfernen.", MailKind::OptOut),
        ("Verschonen Sie mich mit Ihren Mails.", MailKind::OptOut),
        ("Ich möchte nicht mehr angeschrieben werden.", MailKind::OptOut),
        ("Bitte sehen Sie von weiteren Zusendungen ab.", MailKind::OptOut),
        ("Tragen Sie mich bitte aus.", MailKind::OptOut),
        ("Unterlassen Sie künftig jegliche Kontaktaufnahme.", MailKind::OptOut),
        ("Bin nicht interessiert, danke.", MailKind::OptOut),
        ("Wie melde ich mich ab?", MailKind::OptOut),
        ("Ich will das nicht. Bitte löscht mich aus eurer Liste!", MailKind::OptOut),
        ("Kindly refrain from calling our reception.", MailKind::DoNotCall),
        ("Please do not phone me under any circumstances.", MailKind::DoNotCall),
        ("Ich möchte nicht angerufen werden.", MailKind::DoNotCall),
        ("Von Anrufen bitte ich abzusehen.", MailKind::DoNotCall),
        ("Bitte nicht anrufen.", MailKind::DoNotCall),
        ("Ich lege hiermit Widerspruch ein.", MailKind::Objection),
        ("Der Nutzung meiner Daten für Werbung widerspreche ich.", MailKind::Objection),
        ("Ich bin mit der Speicherung nicht einverstanden.", MailKind::Objection),
        ("I do not consent to the use of my data.", MailKind::Objection),
        ("You may not use my data for marketing.", MailKind::Objection),
        ("I am exercising my right to object.", MailKind::Objection),
        ("I want my data deleted.", MailKind::Erasure),
        ("Please erase everything you have on me.", MailKind::Erasure),
        ("Kindly remove all my personal information from your systems.", MailKind::Erasure),
        ("I request the deletion of my personal data.", MailKind::Erasure),
        ("Ich fordere Sie auf, meine Daten zu löschen.", MailKind::Erasure),
        ("Ich bitte um Löschung.", MailKind::Erasure),
        ("Bitte alle Daten zu meiner Person löschen.", MailKind::Erasure),
        ("Löscht meinen Eintrag!", MailKind::Erasure),
        ("Welche Daten haben Sie über mich?", MailKind::Access),
        ("Please tell me what information you have about me.", MailKind::Access),
    ]
    .into_iter()
    .filter_map(|(text, kind)| wanted(text, kind))
    .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn fresh_talk_is_no_request() {
    let invented: Vec<String> = [
        "I object to nothing here, all fine.",
        "Please correct nothing, it is right. Thank you for asking.",
        "Could you tell me more about your service?",
        "Wer sind Sie und was machen Sie?",
        "Bitte rufen Sie mich zurück.",
        "Unser Einkauf meldet sich bei Ihnen.",
        "Please contact my assistant for an appointment.",
        "Bitte nehmen Sie mich in Ihren Verteiler auf.",
        "Please add me to your list.",
        "Ich habe Ihre Mail nicht gelöscht, keine Sorge.",
        "I did not ask you to delete anything.",
        "Stop by at our stand in hall 4.",
        "We do not sell our data.",
        "Nicht löschen bitte, ich brauche den Eintrag noch.",
    ]
    .into_iter()
    .filter_map(|text| {
        let kinds: Vec<MailKind> = read(text).kinds.into_keys().collect();
        (!kinds.is_empty()).then(|| format!("{kinds:?}: {text}"))
    })
    .collect();
    assert!(invented.is_empty(), "{}", invented.join("\n"));
}
