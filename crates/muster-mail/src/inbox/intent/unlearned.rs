//! Sentences that nothing was learned from, in five languages, read whole: `unlearned/<language>.txt`.
//!
//! A line is `kind[,kind]|sentence`, or `other|sentence` where nothing is asked: a negation, a reservation, plain talk.
//!
//! Invariant: tests only; half of the sentences ask for nothing.

use super::read;

const FILES: [(&str, &str); 5] = [
    ("es", include_str!("unlearned/es.txt")),
    ("fr", include_str!("unlearned/fr.txt")),
    ("it", include_str!("unlearned/it.txt")),
    ("nl", include_str!("unlearned/nl.txt")),
    ("pl", include_str!("unlearned/pl.txt")),
];

/// The labels and the sentence of each line.
fn sentences(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'))
}

#[test]
fn wordings_of_five_languages_are_read_for_what_they_ask() {
    let (mut all, mut wrong) = (0, Vec::new());
    for (language, text) in FILES {
        assert!(sentences(text).count() >= 70, "{language} has too few sentences");
        for (wanted, sentence) in sentences(text) {
            let kinds = read(sentence).kinds;
            let names: Vec<&str> = kinds.keys().map(|kind| kind.as_str()).collect();
            let found = if names.is_empty() { "other".to_owned() } else { names.join(",") };
            all += 1;
            if found != wanted {
                // What is wrong has to be in doubt: a person sees it.
                assert!(kinds.values().all(|evidence| evidence.sure < 0.9), "{found} is sure: {sentence}");
                wrong.push(format!("{language}: wanted {wanted}, found {found}: {sentence}"));
            }
        }
    }
    assert!(wrong.len() * 100 <= all * 3, "{} of {all} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn calls_and_mails_are_stopped_together_where_both_are_named() {
    for text in [
        "Ne m'écrivez plus et ne m'appelez plus.",
        "Ni par mail ni par téléphone, merci.",
        "No me llamen ni me escriban más.",
        "Né mail né telefonate, grazie.",
        "Mail mij niet meer en bel mij niet meer.",
        "Nie piszcie i nie dzwońcie do mnie.",
    ] {
        let found = read(text);
        assert!(found.phone, "{text}");
        assert!(found.kinds.keys().any(|kind| kind.as_str() == "opt-out"), "{text}: {:?}", found.kinds);
    }
}

#[test]
fn calls_alone_are_stopped_where_mail_is_welcome() {
    for text in [
        "N'appelez plus, un mail me convient.",
        "No me llamen, por correo sin problema.",
        "Non telefonate, scrivete pure.",
        "Bel niet, mailen mag.",
        "Proszę nie dzwonić, tylko mailowo.",
    ] {
        let kinds: Vec<String> = read(text).kinds.into_keys().map(|kind| kind.as_str().to_owned()).collect();
        assert_eq!(kinds, ["do-not-call"], "{text}");
    }
}
