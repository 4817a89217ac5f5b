//! What a person asks for, read from their own words, clause by clause.
//!
//! Two readers look at each clause: the phrase files, which know wordings and what denies them, and a model learned
//! from labelled sentences. Where both see the same request it is sure; where one does, it is marked for a person.
//!
//! # Law
//!
//! GDPR 15-18, 20, 21; rules RT-1 to RT-3. A negation, a reservation or a mere question is no request. Doubt about an
//! objection acts for the person and tells a human; doubt about anything else goes to a human.
//!
//! Invariant: pure; the words are in the phrase files and the labelled sentences, here is how they are weighed.

mod answer;
pub(super) mod clause;
pub(super) mod learned;
pub(super) mod linear;
mod meaning;
#[cfg(test)]
pub(super) mod said;
mod spelling;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use muster_model::MailKind;

pub(crate) use self::answer::weigh as weigh_answers;
use self::clause::{Clause, clauses};
use self::learned::{KINDS, MODEL, Model, Opinion};
use self::spelling::Spelling;
use super::language::language_of;
use super::phrases::{Hit, Phrases, spelled};

/// The phrase files, by language.
const FILES: [(&str, &str); 7] = [
    ("de", include_str!("phrases/de.txt")),
    ("en", include_str!("phrases/en.txt")),
    ("es", include_str!("phrases/es.txt")),
    ("fr", include_str!("phrases/fr.txt")),
    ("it", include_str!("phrases/it.txt")),
    ("nl", include_str!("phrases/nl.txt")),
    ("pl", include_str!("phrases/pl.txt")),
];

static PHRASES: LazyLock<Vec<(&str, Phrases)>> =
    LazyLock::new(|| FILES.map(|(language, text)| (language, Phrases::compile(&[(language, text)]))).into());

static MENDED: LazyLock<Spelling> = LazyLock::new(|| {
    let words = |text: &'static str| text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let phrases: HashSet<&str> = FILES.iter().flat_map(|(_, text)| words(text)).collect();
    let right = FILES.iter().flat_map(|(_, text)| spelled(text));
    Spelling::new(right, Box::new(move |word| phrases.contains(word) || MODEL.knows(word)))
});

/// What shows a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    /// File and line of the phrase, or `said` where only the model saw it.
    pub(crate) place: String,
    /// How sure it is, 0 to 1.
    pub(crate) sure: f64,
}

/// The place of evidence that only the model saw.
pub(crate) const SAID: &str = "said";

/// What the words ask for.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own about a text")]
pub(crate) struct Intents {
    /// Every right asked for.
    pub(crate) kinds: BTreeMap<MailKind, Evidence>,
    /// Whether telephone calls were named.
    pub(crate) phone: bool,
    /// Whether a human has to look: somebody else is named, a lawyer, an authority, or the readers differ.
    pub(crate) review: bool,
    /// Whether a request was named only to be denied, reserved or asked about.
    pub(crate) voided: bool,
    /// Whether some clause is near a request without being one.
    pub(crate) near: bool,
}

impl Intents {
    /// Returns the kind to act on first.
    ///
    /// An objection comes first because it takes effect at once; access comes before an erasure, since afterwards
    /// there would be nothing to show (rule RT-5).
    pub(crate) fn first(&self) -> Option<MailKind> {
        let has = |kind: &MailKind| self.kinds.contains_key(kind);
        if has(&MailKind::Access) && has(&MailKind::Erasure) && !has(&MailKind::Objection) {
            return Some(MailKind::Access);
        }
        ORDER.iter().find(|kind| has(kind)).copied()
    }

    /// Returns the kinds of which a phrase is the sign.
    pub(crate) fn named_kinds(&self) -> impl Iterator<Item = MailKind> {
        self.kinds.iter().filter(|(_, evidence)| evidence.place != SAID).map(|(kind, _)| *kind)
    }

    /// Adds what another text of the same mail asks for.
    pub(crate) fn add(&mut self, other: Self) {
        for (kind, evidence) in other.kinds {
            self.note(kind, &evidence.place, evidence.sure);
        }
        self.phone |= other.phone;
        self.review |= other.review;
        self.near |= other.near;
    }

    /// Whether no "no" is sure.
    fn is_doubtful(&self) -> bool {
        self.kinds.iter().all(|(kind, evidence)| !is_no(*kind) || evidence.sure < SURE_BOTH)
    }

    fn note(&mut self, kind: MailKind, place: &str, sure: f64) {
        let evidence = self.kinds.entry(kind).or_insert_with(|| Evidence { place: place.to_owned(), sure });
        if sure > evidence.sure {
            *evidence = Evidence { place: place.to_owned(), sure };
        }
    }
}

/// What is acted on before what.
const ORDER: &[MailKind] = &[
    MailKind::Objection,
    MailKind::Erasure,
    MailKind::OptOut,
    MailKind::DoNotCall,
    MailKind::DataComplaint,
    MailKind::Access,
    MailKind::Restriction,
    MailKind::Rectification,
    MailKind::Portability,
];

/// Confidence where both readers see a request.
const SURE_BOTH: f64 = 0.95;
/// Confidence where only the model sees a request, and sees it clearly.
const SURE_CLEAR: f64 = 0.88;
/// Confidence where a phrase is found and the model has no opinion.
const SURE_PHRASE: f64 = 0.85;
/// Confidence where only the model sees a request.
const SURE_MODEL: f64 = 0.7;
/// Confidence where only the model sees a request, and not clearly.
const SURE_FAINT: f64 = 0.65;
/// Confidence where a phrase is found and the model says that nothing is asked.
const SURE_AGAINST: f64 = 0.6;
/// Confidence where only the whole text sounds like a request.
const SURE_WHOLE: f64 = 0.55;

/// Score from which the model agrees with a phrase.
const SCORE_AGREES: f32 = 0.0;
/// Score below which the model is against it, if it also reads nothing else in the clause.
const SCORE_AGAINST: f32 = -0.6;
/// Score from which the model alone shows a request clearly.
const SCORE_CLEAR: f32 = 0.6;
/// Score from which the model alone shows a likely request.
const SCORE_LIKELY: f32 = 0.3;
/// Score from which the model alone shows a request beside a known wording.
const SCORE_BESIDE: f32 = 0.9;
/// How far behind the likeliest kind another may be to be read too.
const LEAD_MAX: f32 = 0.4;
/// Score from which the model alone shows a request.
const SCORE_ALONE: f32 = 0.06;
/// The same for a right whose answer discloses or changes data.
const SCORE_ALONE_DATA: f32 = 0.15;
/// The same in a clause whose words deny something.
const SCORE_ALONE_VOID: f32 = 1.2;
/// Score from which a whole text shows a request of which no clause is sure.
const SCORE_WHOLE: f32 = -0.22;
/// Score from which a clause is near a request.
const SCORE_NEAR: f32 = -0.5;
/// Score from which somebody else is named.
const SCORE_REVIEW: f32 = 0.6;

/// Most words of a text that is looked at as a whole; a longer one says many things.
const WHOLE_WORDS_MAX: usize = 80;

/// Reads the requests in a text.
pub(crate) fn read(own_words: &str) -> Intents {
    read_with(&MODEL, own_words)
}

fn read_with(model: &Model, own_words: &str) -> Intents {
    let language = language_of(own_words);
    let clauses = clauses(own_words);
    let looks = clauses.iter().map(|clause| Look::at(model, clause, language));
    let looks: Vec<Look<'_>> = looks.filter(|look| !look.has("footer")).collect();
    let mut intents = Intents::default();
    for look in &looks {
        look.weigh(&mut intents);
    }
    let takes_back = looks.iter().any(|look| look.has("void mail"));
    if takes_back && intents.is_doubtful() {
        intents.kinds.retain(|kind, _| !is_no(*kind));
        intents.phone = false;
        intents.voided = true;
    }
    if intents.kinds.is_empty() && !intents.voided && !takes_back {
        weigh_whole(model, &looks, &mut intents);
    }
    // "No calls, mail is fine" is no word against mail, whatever it sounds like.
    if looks.iter().any(|look| look.has("mail-ok")) && intents.kinds.contains_key(&MailKind::DoNotCall) {
        intents.kinds.remove(&MailKind::OptOut);
    }
    intents.review |= intents.kinds.values().any(|evidence| evidence.sure < SURE_MODEL);
    intents
}

/// Weighs a short text as a whole: what is asked may stand in two sentences, neither of which says it.
fn weigh_whole(model: &Model, looks: &[Look<'_>], intents: &mut Intents) {
    let words = looks.iter().map(|look| look.words.as_ref()).collect::<Vec<&str>>().join(" ");
    if words.is_empty() || words.split(' ').count() > WHOLE_WORDS_MAX || looks.iter().any(|look| look.void_all) {
        return;
    }
    let hits: Vec<Hit<'_>> = looks.iter().flat_map(|look| look.hits.iter().cloned()).collect();
    let whole = model.opinion(&words, looks.iter().all(|look| look.is_question), &hits);
    let opinions = || looks.iter().filter(|look| !look.is_question).map(|look| &look.opinion).chain(Some(&whole));
    let score = |kind: MailKind| opinions().map(|opinion| opinion.of_kind(kind)).fold(f32::MIN, f32::max);
    let best = KINDS.into_iter().max_by(|a, b| score(*a).total_cmp(&score(*b)));
    let is_void = |kind: MailKind| looks.iter().any(|look| look.has(&format!("void {}", kind.as_str())));
    let is_likely = |kind: &MailKind| score(*kind) > SCORE_WHOLE && score(*kind) > whole.other && !is_void(*kind);
    let Some(kind) = best.filter(is_likely) else { return };
    intents.review = true;
    intents.phone |= kind == MailKind::DoNotCall;
    intents.note(kind, SAID, SURE_WHOLE);
}

/// The phrases found in a clause: those of the text's language and English; of others where these find nothing.
fn hits<'a>(words: &str, language: Option<&str>) -> (Vec<Hit<'a>>, bool) {
    let is_near = |code: &str| language.is_none_or(|language| language == code) || code == "en";
    let of = |near: bool| -> Vec<Hit<'a>> {
        PHRASES.iter().filter(|(code, _)| is_near(code) == near).flat_map(|(_, phrases)| phrases.hits(words)).collect()
    };
    let found = of(true);
    if !found.is_empty() || language.is_none() {
        return (found, false);
    }
    (of(false), true)
}

/// Whether somebody is told to leave the person alone.
const fn is_no(kind: MailKind) -> bool {
    matches!(kind, MailKind::OptOut | MailKind::DoNotCall | MailKind::Objection | MailKind::Erasure)
}

/// What both readers see in a clause.
struct Look<'a> {
    words: Cow<'a, str>,
    is_question: bool,
    hits: Vec<Hit<'a>>,
    /// Whether the phrases are of a language that the text is not written in.
    is_foreign: bool,
    opinion: Opinion,
    void_all: bool,
}

impl<'a> Look<'a> {
    fn at(model: &Model, clause: &'a Clause, language: Option<&str>) -> Self {
        let words = MENDED.mended(&clause.words).map_or(Cow::Borrowed(clause.words.as_str()), Cow::Owned);
        let (hits, is_foreign) = hits(&words, language);
        let opinion = model.opinion(&words, clause.is_question, if is_foreign { &[] } else { &hits });
        let mut look = Self { words, is_question: clause.is_question, hits, is_foreign, opinion, void_all: false };
        look.void_all = look.has("void *") && !look.has("unvoid");
        look
    }

    fn has(&self, section: &str) -> bool {
        self.hits.iter().any(|hit| hit.section == section)
    }

    fn weigh(&self, intents: &mut Intents) {
        let for_self = self.has("opt-out") || self.has("opt-out bare");
        intents.review |= self.has("review") || self.opinion.review > SCORE_REVIEW;
        for kind in KINDS {
            let hit = self.hits.iter().find(|hit| kind_of_section(hit.section) == Some(kind));
            intents.near |= self.opinion.of_kind(kind) > SCORE_NEAR || hit.is_some();
            let Some(sure) = self.sure_of(kind, hit.is_some(), &mut intents.voided) else { continue };
            // A no to every channel is one wish, not two; the calls are named beside it.
            let of_all = kind == MailKind::DoNotCall && self.has("all-channels");
            if of_all || self.is_only_about_calls(kind) {
                continue;
            }
            intents.review |= self.has("how");
            // "Remove NAME from your list" comes from somebody else.
            intents.review |= hit.is_some_and(|hit| hit.section == "opt-out other") && !for_self;
            intents.phone |= kind == MailKind::DoNotCall || self.has("all-channels");
            intents.note(kind, hit.map_or(SAID, |hit| hit.place), sure);
        }
    }

    /// Whether some phrase of the text's language asks for something.
    fn names_a_wish(&self) -> bool {
        !self.is_foreign && self.hits.iter().any(|hit| kind_of_section(hit.section).is_some())
    }

    /// "I forbid calls to my number" forbids nothing else.
    fn is_only_about_calls(&self, kind: MailKind) -> bool {
        let calls = self.opinion.of_kind(MailKind::DoNotCall);
        matches!(kind, MailKind::OptOut | MailKind::Objection)
            && !self.has("all-channels")
            && (self.has("do-not-call") || calls > SCORE_ALONE)
            && self.opinion.of_kind(kind) < calls
    }

    /// How sure it is that a kind is asked for, if it is.
    fn sure_of(&self, kind: MailKind, is_hit: bool, voided: &mut bool) -> Option<f64> {
        let polite = self.has("polite") || self.has("how") || self.has("unvoid");
        // "Neither calls nor mails" stops both, whatever else in it speaks of calls only.
        let of_all = kind == MailKind::OptOut && self.has("all-channels");
        let void = self.void_all || (!of_all && self.has(&format!("void {}", kind.as_str())));
        // A question is no request, unless it is a polite one; to ask what is held is always a request.
        let asks = self.is_question && !polite && kind != MailKind::Access && kind != MailKind::DataComplaint;
        let score = self.opinion.of_kind(kind);
        if void || asks {
            // One right voided by another (`void erasure`) leaves no doubt behind.
            *voided |= is_hit && (self.void_all || asks);
            return (score > SCORE_ALONE_VOID).then_some(SURE_AGAINST);
        }
        if is_hit && !self.is_foreign {
            return Some(if score > SCORE_AGREES {
                SURE_BOTH
            } else if !self.has("unvoid") && score < SCORE_AGAINST && self.opinion.best() < SCORE_AGREES {
                SURE_AGAINST
            } else {
                SURE_PHRASE
            });
        }
        // What discloses or changes data, and what stands beside a known wording, needs a clearer sign.
        let least = if self.names_a_wish() {
            SCORE_BESIDE
        } else if is_no(kind) {
            SCORE_ALONE
        } else {
            SCORE_ALONE_DATA
        };
        let is_alone = score > least && score > self.opinion.best() - LEAD_MAX;
        is_alone.then_some(if score > SCORE_CLEAR {
            SURE_CLEAR
        } else if score > SCORE_LIKELY {
            SURE_MODEL
        } else {
            SURE_FAINT
        })
    }
}

fn kind_of_section(section: &str) -> Option<MailKind> {
    match section {
        "opt-out" | "opt-out bare" | "opt-out other" | "all-channels" => Some(MailKind::OptOut),
        "do-not-call" => Some(MailKind::DoNotCall),
        "objection" => Some(MailKind::Objection),
        "erasure" => Some(MailKind::Erasure),
        "access" => Some(MailKind::Access),
        "rectification" => Some(MailKind::Rectification),
        "restriction" => Some(MailKind::Restriction),
        "portability" => Some(MailKind::Portability),
        "data-complaint" => Some(MailKind::DataComplaint),
        _ => None,
    }
}

#[cfg(test)]
#[path = "intent_tests.rs"]
mod tests;

#[cfg(test)]
mod unlearned;
