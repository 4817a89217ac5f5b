//! Tests of taking a mail's text apart, client by client.

use super::*;

#[track_caller]
fn check(text: &str, own: &str) {
    assert_eq!(own_words(text).own, own, "{text}");
}

#[test]
fn quotes_of_every_client_are_cut() {
    for quote in [
        "On Mon, 2 Mar 2026 at 10:00, Firma GmbH <privacy@firma.example> wrote:\n\n> object to marketing\n> delete",
        "On Mon, 2 Mar 2026 at 10:00, A Firm With A Long Name Ltd\n<privacy+abcdefgh234567ab@firma.example> wrote:\n> object",
        "Am 02.03.2026 um 10:00 schrieb Firma GmbH:\n> löschen",
        "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Firma GmbH <\nprivacy@firma.example>:\n\n> Widerspruch",
        "Firma GmbH <privacy@firma.example> schrieb am Mo., 2. März 2026, 10:00:\n\nWiderspruch gegen Direktwerbung",
        "-----Original Message-----\nFrom: Firma\nSent: Monday\nobject to marketing",
        "________________________________\nVon: Firma GmbH <privacy@firma.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: anna@kunde.example\nBetreff: Ihre Daten\n\nlöschen",
        "*Von:* Firma <privacy@firma.example>\n*Gesendet:* Montag\n*An:* Anna\n\nlöschen",
        "-------- Ursprüngliche Nachricht --------\nlöschen",
        "> löschen\n> widersprechen",
        "---------- Forwarded message ---------\nFrom: x\nDate: y\nobject",
    ] {
        check(&format!("Please stop.\n\n{quote}\n"), "Please stop.");
    }
}

#[test]
fn an_answer_below_or_between_quotes_is_kept() {
    check(
        "On 2 Mar 2026, Firma wrote:\n> hold your data\n\nDelete it.\n> more\nThanks a lot for that.",
        "Delete it.\nThanks a lot for that.",
    );
}

#[test]
fn signatures_and_legal_footers_are_cut_but_a_postscript_is_not() {
    check("Stop.\n\n-- \nAda Example\nunsubscribe here", "Stop.");
    check("Bitte löschen.\n\nMit freundlichen Grüßen\nAda Example\nEinkauf", "Bitte löschen.");
    check(
        "Hello.\n\nKind regards,\nAda\n\nMusterstr. 1\n+49 30 23125 000\n\nPS: Please remove me from your list.",
        "Hello.\n\nPS: Please remove me from your list.",
    );
    check("Hello.\n\nIf you are not the intended recipient, please delete this e-mail and all data.", "Hello.");
    check("Danke\n\nBitte nehmen Sie mich aus dem Verteiler.", "Danke\n\nBitte nehmen Sie mich aus dem Verteiler.");
    check("No more mails please\n\nSent from my phone", "No more mails please");
}

#[test]
fn our_own_words_never_count_as_theirs() {
    check(
        "Hm.\nYou can object to the use of your data for direct marketing at any time and without giving reasons.",
        "Hm.",
    );
}

#[test]
fn an_answer_is_kept_with_the_quoted_paragraph_above_it() {
    let words = own_words(
        "Firma wrote on 02.03.2026 10:00:\n> We hold your data.\n>\n> Do you want us to\n> delete it?\n\nYes.\n\n> May we call you?\nNo.\nNever.\n",
    );
    let answers: Vec<(&str, &str)> = words.answers.iter().map(|it| (it.to.as_str(), it.own.as_str())).collect();
    assert_eq!(answers, [("Do you want us to delete it?", "Yes."), ("May we call you?", "No.\nNever.")]);
    assert_eq!(own_words("Stop.\n> old").answers, []);
}

#[test]
fn a_sentence_that_tells_of_a_mail_opens_no_quote() {
    for text in [
        "On 3 March 2026 you wrote to me. My answer to what you wrote:\n\ndelete it all",
        "Am 3. März 2026 schrieben Sie mir Folgendes:\n\nIch widerspreche.",
        "Please delete me, as a colleague of mine <bo@werft.example> wrote on 03.03.2026:\nno more mail",
        "From: now on\nno more mail",
        "An: alle\nBitte keine Mails mehr.",
        "To whom it may concern:\nplease stop",
    ] {
        check(text, text);
    }
}

#[test]
fn an_attribution_glued_to_the_words_is_split_off() {
    check("Please stop. On Tue, 3 Mar 2026 at 10:12, Firma <a@firma.example> wrote:\n> object", "Please stop.");
    check("Bitte löschen. Am 03.03.2026 um 10:12 schrieb Firma <a@firma.example>:\n\nWiderspruch", "Bitte löschen.");
}

#[test]
fn words_that_ask_are_not_thrown_away_as_formula_or_signature() {
    check("Danke, bitte löschen", "Danke, bitte löschen");
    check("-- \nAda Example\nplease unsubscribe me", "please unsubscribe me");
    check("Hallo,\n\nDanke\nBitte löschen Sie meine Daten.", "Hallo,\n\nBitte löschen Sie meine Daten.");
    check(
        "Dear all,\n\nwe shall meet you at the Amtsgericht. Delete my data.",
        "Dear all,\n\nwe shall meet you at the Amtsgericht. Delete my data.",
    );
    check(
        "Sent from your list although I unsubscribed. Remove me.",
        "Sent from your list although I unsubscribed. Remove me.",
    );
}

#[test]
fn our_wording_within_a_line_is_taken_out_of_it() {
    check(
        "Stop. You can object to the use of your data for direct marketing at any time and without giving reasons.",
        "Stop.",
    );
}

#[test]
fn mails_of_every_client_keep_the_words_of_their_sender_alone() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail/shapes-clients.jsonl");
    let file = std::fs::read_to_string(path).unwrap();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in file.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let raw = case["raw"].as_str().map_or_else(
            || data_encoding::BASE64.decode(case["raw_base64"].as_str().unwrap().as_bytes()).unwrap(),
            |raw| raw.as_bytes().to_vec(),
        );
        let words = words_of(&Mail::parse(&raw).unwrap());
        let want = case["expected"]["text"].as_str().unwrap();
        if flat(&words.own) != flat(want) {
            wrong.push(format!("{}: {:?} instead of {want:?}", case["id"], words.own));
        }
        for (at, answer) in case["expected"]["answers"].as_array().into_iter().flatten().enumerate() {
            let got = words.answers.get(at).map(|it| (it.to.clone(), it.own.clone())).unwrap_or_default();
            let member = |name: &str| answer[name].as_str().unwrap().to_owned();
            if got != (member("to"), member("own")) {
                wrong.push(format!("{}: {got:?} instead of {answer}", case["id"]));
            }
        }
        count += 1;
    }
    assert!(count >= 150, "only {count} mails");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The characters of a text without space, in order.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    letters.sort_unstable();
    letters
}

proptest::proptest! {
    #[test]
    fn every_letter_ends_up_in_exactly_one_half(
        text in "(Please stop\\.|> old|>> older|-- |--|On 3 Mar 2026, X <a@x\\.test> wrote:|Am 03\\.03\\.2026 um 10:12 schrieb X:|From: a|To: b|Subject: c|Sent: d|-----Original Message-----|Kind regards|Ada|Tel\\. \\+49 30 123456|This e-mail is confidential and intended solely for you|\\[EXTERNAL\\] mail|You can object to the use of your data for direct marketing at any time|-----BEGIN PGP MESSAGE-----|\\| x|PS: no|löschen| |\n|\n\n){0,40}"
    ) {
        let words = own_words(&text);
        proptest::prop_assert_eq!(letters(&format!("{}{}", words.own, words.rest)), letters(&text));
    }

    #[test]
    fn any_text_is_taken_apart(text in "\\PC{0,400}", lines in proptest::collection::vec("[ -~äöüßéł>|]{0,80}", 0..30)) {
        let words = own_words(&format!("{text}\n{}", lines.join("\n")));
        proptest::prop_assert!(words.own.len() <= text.len() + lines.iter().map(|line| line.len() + 1).sum::<usize>() + 1);
    }
}

#[test]
fn a_french_request_is_no_farewell() {
    for request in ["Veuillez me retirer de la liste", "Je vous prie de ne plus m'écrire"] {
        check(&format!("Bonjour,\n\n{request}\n\nSalutations distinguées,\nZoé"), &format!("Bonjour,\n\n{request}"));
    }
    check("Stop.\n\nVeuillez agréer, Madame, l'expression de mes salutations.\nZoé", "Stop.");
}
