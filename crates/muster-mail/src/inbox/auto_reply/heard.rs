//! What the phrases of machines are found in: a subject and the sentences of a text.
//!
//! Invariant: bounded; each sentence is read once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Family;
use super::header::takes_no_answer;
use crate::inbox::parse::Mail;
use crate::inbox::phrases::{Phrases, fold};
use crate::inbox::reply::has_reply_prefix;

static TEXTS: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(&[("auto", include_str!("../phrases/auto.txt"))]));

static SUBJECTS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("auto-subject", include_str!("../phrases/auto_subject.txt"))]));

/// Longest text that is looked at; a note says so at its beginning.
const TEXT_CHARS_MAX: usize = 3_000;

/// Sentences of a text that are looked at.
const SENTENCES_MAX: usize = 40;

/// Returns whether a subject is what a mail program puts above our `List-Unsubscribe` mail, in any language.
pub(crate) fn is_unsubscribe_subject(subject: &str) -> bool {
    sections_of(&SUBJECTS, &fold(subject)).contains(&"unsubscribe")
}

/// Returns whether a text says no more than that: nothing, the word again, or that a mail program wrote it.
pub(crate) fn is_unsubscribe_text(text: &str) -> bool {
    sentences(text).iter().all(|it| it.is_in("unsubscribe text") || is_unsubscribe_subject(&it.folded))
}

fn sections_of(phrases: &'static Phrases, folded: &str) -> Vec<&'static str> {
    phrases.hits(folded).iter().map(|hit| hit.section).collect()
}

/// What a text says beside what makes it a machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// It thanks for the message, as tickets and people do.
    Thanks,
    /// Somebody left.
    Left,
    /// Another address holds.
    Instead,
    /// A mailbox is not read.
    Gone,
    /// A mailbox will not be read any more.
    GoneForGood,
    /// It asks something, or tells what was: people do.
    AsksOrTells,
}

/// What the phrases found in a subject and a text.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) subject: Option<Family>,
    /// Whether nobody would type such a subject.
    pub(super) subject_is_sure: bool,
    /// Whether the subject is that of a reply.
    subject_is_reply: bool,
    /// Sentences of each family.
    counts: BTreeMap<Family, usize>,
    marks: BTreeSet<Mark>,
    /// The different cues of an absence.
    cues: BTreeSet<&'static str>,
}

impl Heard {
    pub(super) fn of(mail: &Mail, sentences: &[Sentence]) -> Self {
        let mut heard = Self::default();
        heard.read_subject(mail.subject.trim());
        for sentence in sentences {
            heard.read_sentence(sentence);
        }
        heard
    }

    fn read_subject(&mut self, subject: &str) {
        self.subject_is_reply = has_reply_prefix(subject);
        let without_ticket = subject.trim_start_matches(|c: char| c == '[' || c == '*' || c.is_whitespace());
        let head = fold(without_ticket.split_once(':').map_or(without_ticket, |(head, _)| head));
        let has_colon = without_ticket.contains(':');
        let prefix = sections_of(&SUBJECTS, &head).into_iter().find_map(|section| match section {
            "prefix away" => Some(Family::Away),
            // One word such as "Read" needs its colon.
            "prefix receipt" if has_colon => Some(Family::Receipt),
            "prefix calendar" if has_colon => Some(Family::Calendar),
            "prefix recall" if has_colon => Some(Family::Recall),
            _ => None,
        });
        let whole = fold(subject);
        let anywhere = sections_of(&SUBJECTS, &whole).into_iter().find_map(|section| match section {
            "subject away" => Some(Family::Away),
            "subject ticket" => Some(Family::Ticket),
            "subject challenge" => Some(Family::Challenge),
            _ => None,
        });
        self.subject = prefix.or(anywhere);
        self.subject_is_sure = prefix.is_some();
        self.note_stale(&sections_of(&TEXTS, &whole));
    }

    /// Whether the subject is a machine's own. That of a reply to a machine is somebody's.
    pub(super) fn subject_speaks(&self) -> bool {
        self.subject.is_some() && !self.subject_is_reply
    }

    fn read_sentence(&mut self, sentence: &Sentence) {
        let sections = &sentence.sections;
        for (section, family) in [
            ("body away", Family::Away),
            ("body ticket", Family::Ticket),
            ("body receipt", Family::Receipt),
            ("body challenge", Family::Challenge),
            ("body calendar", Family::Calendar),
            ("body recall", Family::Recall),
            ("body machine", Family::Generated),
        ] {
            let count = sections.iter().filter(|it| **it == section).count();
            // A challenge often says all it has to say in one sentence.
            let count = if family == Family::Challenge { count } else { count.min(1) };
            if count > 0 {
                *self.counts.entry(family).or_default() += count;
            }
        }
        if sections.contains(&"not ticket") {
            self.counts.remove(&Family::Ticket);
        }
        self.mark(Mark::Thanks, sections.contains(&"body thanks"));
        self.mark(Mark::AsksOrTells, sentence.raw.ends_with('?') || sections.contains(&"cue past"));
        self.cues.extend(sections.iter().filter(|section| section.starts_with("cue ")));
        self.note_stale(sections);
    }

    fn note_stale(&mut self, sections: &[&str]) {
        let has = |section: &str| sections.contains(&section);
        self.mark(Mark::Left, has("left") && !has("not left"));
        self.mark(Mark::Instead, has("instead"));
        self.mark(Mark::Gone, has("gone"));
        self.mark(Mark::GoneForGood, has("gone") && has("for good"));
    }

    fn mark(&mut self, mark: Mark, is_set: bool) {
        if is_set {
            self.marks.insert(mark);
        }
    }

    /// Whether something was said.
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    fn count(&self, family: Family) -> usize {
        self.counts.get(&family).copied().unwrap_or_default()
    }

    /// The family that the text shows, and how many of its sentences do.
    pub(super) fn told(&self) -> Option<(Family, usize)> {
        // What filters and receipts say is said by people too, once.
        let weak = |family: Family| matches!(family, Family::Challenge) && self.count(family) < 2;
        let told: usize = self.counts.iter().filter(|(family, _)| !weak(**family)).map(|(_, count)| count).sum();
        let all = told + usize::from(self.has(Mark::Thanks));
        let order = [
            Family::Receipt,
            Family::Recall,
            Family::Calendar,
            Family::Challenge,
            Family::Away,
            Family::Ticket,
            Family::Generated,
        ];
        let found = order.into_iter().filter(|family| self.count(*family) > 0 && !weak(*family));
        // The first of those that are told most often.
        found.rev().max_by_key(|family| self.count(*family)).map(|family| (family, all))
    }

    /// The family that single words hint at: two different cues, in a text that neither asks nor tells what was.
    pub(super) fn hinted(&self) -> Option<Family> {
        let cue = |cue: &str| self.cues.contains(cue);
        if self.has(Mark::AsksOrTells) {
            return None;
        }
        let away = ["cue reason", "cue return", "cue later", "cue unavailable", "cue span", "cue instead"];
        let why = cue("cue reason") || cue("cue unavailable") || cue("cue return") && cue("cue later");
        if why && away.iter().filter(|name| cue(name)).count() >= 2 {
            return Some(Family::Away);
        }
        (cue("cue got") && cue("cue soon")).then_some(Family::Ticket)
    }

    pub(super) fn is_stale(&self, family: Family, mail: &Mail) -> bool {
        // "Not monitored" is said of every mailbox that only sends, and of everybody's during a holiday.
        let unread = self.has(Mark::Gone) && self.count(Family::Away) == 0 && !takes_no_answer(mail);
        let (left, gone) = (self.has(Mark::Left), self.has(Mark::GoneForGood));
        match family {
            Family::Away | Family::Generated => left || gone || unread || self.has(Mark::Instead),
            Family::Ticket => left || gone,
            Family::Receipt | Family::Challenge | Family::Calendar | Family::Recall => false,
        }
    }
}

/// One sentence, as it stands and folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) raw: String,
    pub(super) folded: String,
    /// The sections of the phrase file that it hits.
    sections: Vec<&'static str>,
}

impl Sentence {
    /// Whether a section of the phrase file is hit.
    pub(super) fn is_in(&self, section: &str) -> bool {
        self.sections.contains(&section)
    }

    /// Whether it says what machines say.
    pub(super) fn is_of_machine(&self) -> bool {
        // What people say as well: when, how soon, thanks.
        const ANYBODYS: &[&str] = &[
            "topic",
            "not left",
            "not ticket",
            "for good",
            "body thanks",
            "cue span",
            "cue soon",
            "cue past",
            "cue got",
        ];
        self.sections.iter().any(|section| !ANYBODYS.contains(section))
    }
}

/// Splits a text into sentences. A line that ends within a sentence goes on in the next one.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = Vec::new();
    let mut sentence = String::new();
    let mut before = ' ';
    let mut chars = text.chars().take(TEXT_CHARS_MAX).peekable();
    let mut end = |sentence: &mut String| {
        let raw = std::mem::take(sentence);
        let folded = fold(&raw);
        if !folded.is_empty() && out.len() < SENTENCES_MAX {
            let sections = sections_of(&TEXTS, &folded);
            out.push(Sentence { raw, folded, sections });
        }
    };
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or('\n');
        match c {
            '!' | '?' | ';' => {
                sentence.push(c);
                end(&mut sentence);
            }
            // "vom 3. bis 7. August" goes on behind its dots.
            '.' if next.is_whitespace() && !before.is_ascii_digit() => end(&mut sentence),
            '\n' if next == '\n' || before == ',' && sentence.len() < 40 => end(&mut sentence),
            c if c.is_whitespace() => sentence.push(' '),
            c => sentence.push(c),
        }
        if c != '\r' && c != ' ' {
            before = c;
        }
    }
    end(&mut sentence);
    out
}
