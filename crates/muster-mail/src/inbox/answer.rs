//! What an answer below a quoted line says: "yes, that one" below a right is a request for it, "not needed" is none.
//!
//! Only what a short answer cannot say by itself is added here; the sender's words alone are read by [`super::intent`].
//!
//! # Law
//!
//! GDPR 12(2), rule RT-1: a right may be used in any form, also by pointing at the line of the notice that offers it.
//!
//! Invariant: one quoted paragraph that names exactly one right; a list of rights that somebody agrees to asks for none.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use muster_model::MailKind;
use regex::Regex;

use super::intent::{Evidence, Intents};
use super::phrases::fold;
use super::quote::Words;

/// Words of an answer that are looked at; who writes more says what they want.
const ANSWER_WORDS_MAX: usize = 14;

/// Confidence of a request that an answer points at.
const SURE: f64 = 0.85;

/// Evidence below this gives way where the answer declines what the quoted line offers.
const SURE_DECLINED: f64 = 0.8;

fn words(alternatives: &[&str]) -> Regex {
    Regex::new(&format!(r"\b(?:{})\b", alternatives.join("|"))).expect("constant patterns compile: a test runs them")
}

/// Rights, as notices name them.
static RIGHTS: LazyLock<[(MailKind, Regex); 5]> = LazyLock::new(|| {
    [
        (
            MailKind::Objection,
            words(&[
                r"object|objection|widersprechen|widerspruch\w*|widerrufen|vous opposer|dopposition|opposition|oponerse|oposicion|opporsi|opposizione|bezwaar|sprzeciw\w*|withdraw\w*|retirer votre consentement|retirar su consentimiento|revocare|intrekken|wycofa\w*",
            ]),
        ),
        (
            MailKind::Erasure,
            words(&[
                r"eras\w*|delet\w*|loesch\w*|leffacement|effac\w*|supprim\w*|supprimions|suprim\w*|supresion|borr\w*|elimin\w*|cancell\w*|verwijder\w*|wissen|wissing|usun\w*|skasow\w*",
            ]),
        ),
        (
            MailKind::Access,
            words(&[
                r"access|copy|auskunft|kopie|dacces|acces|copie|acceso|copia|accesso|inzage|dostep\w*|what we hold|was wir gespeichert",
            ]),
        ),
        (
            MailKind::Portability,
            words(&[r"portab\w*|machine readable|uebertragb\w*|maschinenlesbar\w*|overdra\w*|przenos\w*|przenies\w*"]),
        ),
        (
            MailKind::Restriction,
            words(&[
                r"restrict\w*|einschraenk\w*|limitation|limitacion|limitazione|limitar|limitare|beperk\w*|ogranicz\w*",
            ]),
        ),
    ]
});

/// Somebody takes what is offered.
static AGREES: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"^(yes|yep|yeah|please do|do so|do it|do that|go ahead)|this one|that one|(id|i would) like (that|this)|i (want|choose|take|pick|use) (that|this)|i hereby do( so)?|i do so|hereby done|exactly (this|that)|that is what i (want|am doing)|i am doing so",
        r"^(ja|jawohl|hiermit|gerne?)|(das|dies|dieses|den|die) (haette|moechte|will|wuensche|nehme|verlange|tue|mache) ich|genau (das|dies)|bitte (so )?machen|darum bitte ich|mache ich hiermit|davon mache ich|will ich|tue ich( hiermit)?",
        r"^(oui|volontiers|faites|allez y)|cest (ce que je|cela que je|celui la|exactement)|je (le|la) (fais|prends|veux|demande|souhaite)|par la presente|celui la|celle la|(ca|cela) je (veux|prends)|jen fais usage",
        r"^(si|adelante|este|esto)|eso (es lo que )?(quiero|pido|solicito)|lo (hago|solicito|pido|quiero)|por la presente|este mismo|eso mismo|hago uso",
        r"^(si|ecco|procedete|volentieri|questo)|lo (faccio|voglio|chiedo|richiedo)|con la presente|e (proprio )?quello che (voglio|faccio|chiedo)|mi avvalgo|fatelo",
        r"^(ja|bij dezen?|graag|hierbij|deze)|dat (wil|doe|neem|verzoek) ik|doe (dat|maar)|precies (dit|dat)|daar maak ik gebruik",
        r"^(tak|chetnie|niniejszym|poprosze)|no to (wnosze|prosze|poprosze|chce)|wnosze|tego (chce|zadam)|to (wybieram|poprosze|chce)|wlasnie (to|tego)|korzystam|(czynie|robie) to",
    ])
});

/// Somebody does not, or not now.
static DECLINES: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"^no|not|dont|no need|no thanks|for now|later|^nein|nicht|kein\w*|noch|vorerst|spaeter|im moment|^non|pas|inutile|plus tard|pour linstant|no (hace|es|lo|me)|de momento|mas adelante|todavia|gracias pero|non|per ora|dopo|^nee|niet|geen|voorlopig|later|^nie|nie (trzeba|teraz|potrzeb\w*|korzystam)|na razie|pozniej|jeszcze",
    ])
});

/// Somebody needs nothing of what is offered, or nothing yet.
static NEEDS_NOTHING: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"no need|not (necessary|needed|now)|no thanks|nicht (noetig|notwendig|erforderlich)|nein danke|brauche ich nicht|pas (besoin|necessaire)|non merci|inutile|no hace falta|no es necesario|no gracias|non (serve|occorre|e necessario)|no grazie|niet nodig|nee (dank|bedankt)|nie (trzeba|ma potrzeby|potrzebuje)|nie dziekuje",
        r"for (now|the moment)|not yet|(ill|let me) think|vorerst|noch nicht|denke ich noch|pour linstant|pas encore|(por|de) momento|todavia no|aun no|per ora|per il momento|non ancora|voorlopig|nog niet|na razie|jeszcze nie",
    ])
});

/// Adds what the answers of a mail ask for, and takes out what they decline.
pub(super) fn weigh(words: &Words, intents: &mut Intents) {
    let mut kinds = BTreeMap::new();
    for answer in &words.answers {
        let Some(kind) = right_named(&fold(&answer.to)) else { continue };
        let said = answer.own.split("\n\n").next().unwrap_or_default();
        let folded = fold(said);
        if folded.split(' ').count() > ANSWER_WORDS_MAX || said.contains('?') {
            continue;
        }
        // "No to ..." is how a Polish "well, then ..." begins.
        let declines = DECLINES.is_match(folded.strip_prefix("no to ").unwrap_or(&folded));
        if NEEDS_NOTHING.is_match(&folded) {
            intents.kinds.retain(|_, evidence| evidence.sure >= SURE_DECLINED);
        } else if !declines && AGREES.is_match(&folded) {
            kinds.insert(kind, Evidence { place: "answer".to_owned(), sure: SURE });
        }
    }
    if !kinds.is_empty() {
        intents.add(Intents { kinds, ..Intents::default() });
    }
}

/// The one right that a quoted paragraph names.
fn right_named(folded: &str) -> Option<MailKind> {
    let mut named = RIGHTS.iter().filter(|(_, words)| words.is_match(folded)).map(|(kind, _)| *kind);
    let Some(first) = named.next() else {
        // "Reply with the one word stop": our notice ends its offer to object so.
        return folded.split(' ').any(|word| word == "stop").then_some(MailKind::OptOut);
    };
    named.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::super::quote::own_words;
    use super::*;

    fn asked(to: &str, own: &str) -> Vec<MailKind> {
        let mut intents = Intents::default();
        weigh(&own_words(&format!("> {to}\n{own}\n\nAda\n")), &mut intents);
        intents.kinds.into_keys().collect()
    }

    #[test]
    fn a_yes_below_a_right_asks_for_it() {
        let cases = [
            ("You may ask us to erase your data.", "Yes, do that please.", MailKind::Erasure),
            ("Sie können jederzeit widersprechen.", "Hiermit.", MailKind::Objection),
            ("Vous pouvez demander une copie de vos données.", "Oui, je la veux.", MailKind::Access),
            ("Puede pedir que borremos sus datos.", "Eso quiero.", MailKind::Erasure),
            ("Diritto alla portabilità dei dati.", "Ecco, questo.", MailKind::Portability),
            ("U kunt bezwaar maken.", "Bij dezen.", MailKind::Objection),
            ("Reply with the one word \"stop\".", "Yes, please do.", MailKind::OptOut),
            ("Mogą Państwo wnieść sprzeciw.", "no to wnoszę", MailKind::Objection),
        ];
        for (to, own, kind) in cases {
            assert_eq!(asked(to, own), [kind], "{to} {own}");
        }
    }

    #[test]
    fn what_is_declined_noted_or_asked_about_is_no_request() {
        for own in
            ["Not now.", "Fine, noted.", "Ok", "Yes, but what happens then?", "No need, thanks.", "Later perhaps, yes."]
        {
            assert_eq!(asked("You may ask us to erase your data.", own), [], "{own}");
        }
        assert_eq!(asked("You have rights of access, erasure and restriction.", "Yes."), []);
        assert_eq!(asked("Name: Ada Example", "Yes."), []);
    }
}
