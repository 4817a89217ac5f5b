//! What a short answer below a quoted line says: "yes, that one" below a right asks for it, "not needed" asks for nothing.
//!
//! Only what an answer cannot say by itself is read here; what says something is read like any other words.
//!
//! # Law
//!
//! GDPR 12(2), rule RT-1: a right may be used in any form, also by pointing at the line of the notice that offers it.
//!
//! Invariant: where the quoted line is about more than one thing, nothing is read into the answer.

use std::sync::LazyLock;

use muster_model::MailKind;

use super::clause::clauses;
use super::learned::{KINDS, MODEL};
use super::{Evidence, Intents};
use crate::inbox::phrases::{Phrases, fold};
use crate::inbox::quote::Answer;

static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("answer", include_str!("../phrases/answer.txt"))]));

/// Confidence in an answer.
const SURE: f64 = 0.85;

/// Evidence below this gives way where an answer needs nothing of what the quoted line offers.
const SURE_DECLINED: f64 = 0.8;

/// Score from which words below a field of the data say that it is wrong.
const SCORE_WRONG: f32 = -0.4;

/// Most words of an answer that is looked at; who writes more says what they want.
const WORDS_MAX: usize = 25;

/// Most words of an answer that takes what is offered in words that leave more room than a yes.
const AGREEING_WORDS_MAX: usize = 14;

/// Adds what the answers of a mail ask for, and takes out what they decline.
///
/// "Yes, this one please" means the line above it, whatever it sounds like: it counts instead of what the model alone
/// read into the words.
pub(crate) fn weigh(answers: &[Answer], intents: &mut Intents) {
    let is_silent = intents.named_kinds().next().is_none();
    let mut told = Intents::default();
    for answer in answers {
        let short = Short::of(answer);
        if short.needs_nothing() {
            intents.kinds.retain(|_, evidence| evidence.sure >= SURE_DECLINED);
            continue;
        }
        let pointed = short.taken();
        let Some(kind) = pointed.or_else(|| kind_of(answer).filter(|_| is_silent)) else { continue };
        // What was asked in the quoted line is not before us, and words below a field may mean something else.
        told.review |= pointed.is_none();
        told.kinds.entry(kind).or_insert_with(|| Evidence { place: "answer".to_owned(), sure: SURE });
        told.phone |= kind == MailKind::DoNotCall;
    }
    if told.kinds.is_empty() {
        return;
    }
    if is_silent {
        *intents = told;
    } else {
        intents.add(told);
    }
}

/// The first paragraph of an answer, and what it stands below.
struct Short<'a> {
    quoted: &'a str,
    said: &'a str,
    folded: String,
}

impl<'a> Short<'a> {
    fn of(answer: &'a Answer) -> Self {
        let said = answer.own.split("\n\n").next().unwrap_or_default();
        Self { quoted: &answer.to, said, folded: fold(said) }
    }

    fn is_short(&self) -> bool {
        self.folded.split(' ').count() <= AGREEING_WORDS_MAX && !self.said.contains('?')
    }

    fn says(&self, section: &str) -> bool {
        PHRASES.hits(&self.folded).iter().any(|hit| hit.section == section)
    }

    fn needs_nothing(&self) -> bool {
        self.is_short() && self.says("needs nothing") && about_line(self.quoted).is_some()
    }

    /// The right that the answer takes.
    fn taken(&self) -> Option<MailKind> {
        // "No to ..." is how a Polish "well, then ..." begins.
        let meant = self.folded.strip_prefix("no to ").unwrap_or(&self.folded);
        let declines = PHRASES.hits(meant).iter().any(|hit| hit.section == "decline");
        (self.is_short() && self.says("agree") && !declines).then(|| about_line(self.quoted)).flatten()
    }
}

/// The one right that a quoted line is about, if it asks nothing of its reader.
fn about_line(quoted: &str) -> Option<MailKind> {
    let folded = fold(quoted);
    let hits = PHRASES.hits(&folded);
    let asks_leave = hits.iter().any(|hit| hit.section == "may we");
    about(hits.iter().map(|hit| hit.section)).filter(|_| !asks_leave)
}

fn kind_of(answer: &Answer) -> Option<MailKind> {
    let own = clauses(&answer.own);
    let first = own.first()?;
    if answer.own.split_whitespace().count() > WORDS_MAX || first.is_question {
        return None;
    }
    let says = |section: &str| PHRASES.hits(&first.words).iter().any(|hit| hit.section == section);
    let quoted = fold(&answer.to);
    let (yes, no) = (says("yes"), says("no"));
    if yes || no {
        let hits = PHRASES.hits(&quoted);
        let asks_leave = hits.iter().any(|hit| hit.section == "may we");
        // "May we write to you?" "No." and "Shall we delete it?" "Yes."
        let about = about(hits.iter().map(|hit| hit.section));
        return match (about, asks_leave) {
            (Some(kind @ (MailKind::OptOut | MailKind::DoNotCall)), true) => no.then_some(kind),
            (None, true) => no.then_some(MailKind::Objection),
            (Some(kind), _) => yes.then_some(kind),
            (None, false) => None,
        };
    }
    let field = field_name(&answer.to)?;
    let words = format!("{} {}", fold(field), fold(&answer.own));
    let opinion = MODEL.opinion(&words, false, &[]);
    let wrong = opinion.of_kind(MailKind::Rectification);
    (wrong > SCORE_WRONG && wrong >= opinion.best()).then_some(MailKind::Rectification)
}

/// The one right that a quoted line is about.
fn about<'a>(mut sections: impl Iterator<Item = &'a str> + Clone) -> Option<MailKind> {
    let named = |kind: MailKind| {
        sections.clone().any(|section| section.strip_prefix("about ").is_some_and(|about| about == kind.as_str()))
    };
    let kinds: Vec<MailKind> = KINDS.into_iter().filter(|kind| named(*kind)).collect();
    let is_weak = |kind: &MailKind| *kind == MailKind::OptOut;
    let strong: Vec<MailKind> = kinds.iter().copied().filter(|kind| !is_weak(kind)).collect();
    sections.next()?;
    match (strong.as_slice(), kinds.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

/// `Phone` of a quoted `- Phone: 030 23125 000`.
fn field_name(quoted: &str) -> Option<&str> {
    let line = quoted.lines().last()?.trim().trim_start_matches(['-', '*', '•', ' ']);
    let (name, value) = line.split_once(':')?;
    (name.split_whitespace().count() <= 4 && !value.trim().is_empty() && value.len() < 120).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::quote::own_words;

    fn read(to: &str, own: &str) -> Vec<MailKind> {
        let answer = Answer { to: to.to_owned(), own: own.to_owned() };
        let mut intents = Intents::default();
        weigh(&[answer], &mut intents);
        intents.kinds.into_keys().collect()
    }

    #[test]
    fn a_yes_below_a_right_asks_for_it() {
        assert_eq!(read("You have the right to erasure (Art. 17).", "Yes, please."), [MailKind::Erasure]);
        assert_eq!(
            read("- Recht auf Löschung: Sie können verlangen, dass wir Ihre Daten löschen.", "Ja, das hätte ich gern."),
            [MailKind::Erasure]
        );
        assert_eq!(read("Shall we delete your data?", "Yes"), [MailKind::Erasure]);
        assert_eq!(read("Vous pouvez vous opposer à tout moment.", "Oui, volontiers"), [MailKind::Objection]);
    }

    #[test]
    fn a_no_below_a_request_for_leave_refuses_it() {
        assert_eq!(read("May we call you next week?", "No."), [MailKind::DoNotCall]);
        assert_eq!(read("Dürfen wir Ihnen schreiben?", "Nein, danke"), [MailKind::OptOut]);
        assert!(read("May we call you next week?", "Yes").is_empty());
        assert!(read("Shall we delete your data?", "No").is_empty());
    }

    #[test]
    fn nothing_is_read_into_an_answer_to_many_things() {
        let rights = "You have the right of access, to rectification, to erasure and to object.";
        assert!(read(rights, "Yes").is_empty());
        assert!(read("We met at the fair.", "Yes").is_empty());
    }

    fn asked(to: &str, own: &str) -> Vec<MailKind> {
        let mut intents = Intents::default();
        weigh(&own_words(&format!("> {to}\n{own}\n\nAda\n")).answers, &mut intents);
        intents.kinds.into_keys().collect()
    }

    #[test]
    fn pointing_at_a_right_asks_for_it() {
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
