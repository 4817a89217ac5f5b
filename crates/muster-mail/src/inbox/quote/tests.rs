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
