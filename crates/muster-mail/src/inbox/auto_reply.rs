//! Answers that a machine wrote: out-of-office notes, ticket receipts, read receipts, challenges, calendar answers.
//!
//! What a person wrote in between is read elsewhere; here is only whether a machine speaks, and how sure that is.
//!
//! Invariant: they change nothing about a person; at most a human looks at one.

mod header;
mod heard;

use super::parse::Mail;
use super::phrases::fold;
use super::quote::Words;
pub(crate) use header::is_bulk;
use header::{has_machine_path, header_family};
use heard::{Heard, Mark, Sentence, sentences};
pub(crate) use heard::{is_unsubscribe_subject, is_unsubscribe_text};

/// What kind of sign showed the machine, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// A header that only machines set.
    Header,
    /// The subject.
    Subject,
    /// The text.
    Body,
    /// An empty return path or a mailbox that takes no answer: a machine sends, but a person may have written.
    Path,
}

/// What a machine answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    /// Out of office, closed, moved, left.
    Away,
    /// A help desk has received something.
    Ticket,
    /// A message was displayed, or deleted unread (RFC 8098).
    Receipt,
    /// A filter wants to know whether a human writes.
    Challenge,
    /// An invitation was accepted or declined.
    Calendar,
    /// Somebody takes a message back.
    Recall,
    /// Some other text of a machine.
    Generated,
}

impl Family {
    const fn rule(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Ticket => "ticket",
            Self::Receipt => "receipt",
            Self::Challenge => "challenge",
            Self::Calendar => "calendar",
            Self::Recall => "recall",
            Self::Generated => "generated",
        }
    }
}

/// A machine's answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Machine {
    pub(crate) sign: Sign,
    pub(crate) family: Family,
    /// Whether its text says that the record is out of date: somebody left, a mailbox is closed, another address holds.
    pub(crate) is_stale: bool,
    /// Whether the subject shows it too.
    pub(crate) subject_says_so: bool,
    /// Whether its text, footers aside, speaks of data, lists or objecting.
    pub(crate) is_on_topic: bool,
    /// How sure it is that no person wrote this, if nothing is asked for.
    pub(crate) confidence: f64,
    /// Its text without what such notes say in passing of lists and old addresses.
    pub(crate) rest: String,
    /// What of it is not a machine's.
    pub(crate) own: String,
}

impl Machine {
    /// Returns whether a system speaks, by its own header or subject: nobody's wish is between its lines.
    pub(crate) fn speaks_for_a_firm(&self) -> bool {
        let is_system = match self.family {
            Family::Ticket | Family::Receipt | Family::Challenge | Family::Calendar | Family::Recall => true,
            Family::Away | Family::Generated => false,
        };
        is_system && matches!(self.sign, Sign::Header | Sign::Subject)
    }

    /// Returns the rule that a verdict shows.
    pub(crate) fn rule(&self) -> String {
        let sign = match self.sign {
            Sign::Header => "header",
            Sign::Subject => "subject",
            Sign::Body => "text",
            Sign::Path => "path",
        };
        let left = if self.is_stale { ".stale" } else { "" };
        format!("auto-reply.{sign}.{}{left}", self.family.rule())
    }
}

/// A mail's text read for what machines say.
pub(crate) struct Reading {
    sentences: Vec<Sentence>,
    heard: Heard,
}

impl Reading {
    /// Reads the sender's own words, or the whole text where a mail quotes nothing and all of it was taken for a
    /// signature.
    pub(crate) fn of(mail: &Mail, words: &Words) -> Self {
        let is_cut = words.own.trim().is_empty() && !quotes_original(words);
        let sentences = sentences(if is_cut { &mail.text } else { &words.own });
        let heard = Heard::of(mail, &sentences);
        Self { sentences, heard }
    }

    /// Looks for the signs of a machine's answer.
    ///
    /// # Law
    ///
    /// RFC 3834, 5: `Auto-Submitted` other than `no` is a machine's; RFC 8098 for receipts. Rules RT-1 and RE-2.
    pub(crate) fn machine(&self, mail: &Mail, words: &Words) -> Option<Machine> {
        let is_note = is_about_its_sender(mail, &self.sentences);
        let (sign, family, confidence) = sign_of(mail, words, &self.heard, is_note)?;
        let is_stale = self.heard.is_stale(family, mail);
        let is_footer = |it: &&Sentence| {
            let of_old_address = is_stale && it.is_in("footer stale") && !speaks_of_self(&it.folded);
            // What a filter says of spam is no wish.
            let of_filter = family == Family::Challenge && it.is_in("body challenge");
            it.is_in("footer") || of_filter || of_old_address || (is_stale && is_note && it.is_in("footer person"))
        };
        let rest: Vec<&Sentence> = self.sentences.iter().filter(|it| !is_footer(it)).collect();
        Some(Machine {
            sign,
            family,
            is_stale,
            subject_says_so: self.heard.subject_speaks(),
            // A filter speaks of spam because that is what it is for.
            is_on_topic: family != Family::Challenge && rest.iter().any(|it| it.is_in("topic")),
            confidence,
            rest: joined(rest.iter().copied()),
            own: joined(rest.iter().copied().filter(|it| !it.is_of_machine())),
        })
    }

    /// Returns whether the words say that somebody left, that a mailbox is closed, or that another address holds.
    pub(crate) fn tells_of_change(&self) -> bool {
        let names_address = self.sentences.iter().any(|it| it.raw.contains('@'));
        let told = |mark| self.heard.has(mark);
        told(Mark::Left) || told(Mark::GoneForGood) || (told(Mark::Instead) && names_address)
    }
}

fn joined<'a>(sentences: impl Iterator<Item = &'a Sentence>) -> String {
    sentences.map(|it| it.raw.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// Finds the surest sign, and how sure it is.
fn sign_of(mail: &Mail, words: &Words, heard: &Heard, is_note: bool) -> Option<(Sign, Family, f64)> {
    let told = heard.told();
    if let Some(family) = header_family(mail) {
        let plain = family == Family::Generated;
        let family = if plain { heard.subject.or(told.map(|it| it.0)).unwrap_or(family) } else { family };
        return Some((Sign::Header, family, 0.98));
    }
    if let Some(family) = heard.subject.filter(|_| heard.subject_speaks()) {
        if heard.subject_is_sure {
            return Some((Sign::Subject, family, 0.97));
        }
        if told.is_some() {
            return Some((Sign::Subject, family, 0.95));
        }
    }
    let quotes = quotes_original(words);
    if let Some((family, count)) = told.filter(|(_, count)| *count > 1 || !quotes) {
        let confidence = match family {
            Family::Away | Family::Receipt => 0.92,
            Family::Ticket | Family::Challenge | Family::Calendar | Family::Recall | Family::Generated => 0.85,
        };
        let confidence = if quotes {
            0.8
        } else if count > 1 {
            0.93
        } else {
            confidence
        };
        return Some((Sign::Body, family, confidence));
    }
    if (heard.has(Mark::Left) || heard.has(Mark::GoneForGood)) && (is_note || !quotes) {
        return Some((Sign::Body, Family::Away, if is_note { 0.92 } else { 0.8 }));
    }
    if let Some(family) = heard.hinted().filter(|_| !quotes) {
        return Some((Sign::Body, family, 0.8));
    }
    has_machine_path(mail).then_some((Sign::Path, Family::Generated, 0.8))
}

/// Whether a note is about the person whose mailbox it comes from: "Kim Adler has left" from `kim.adler@`. A colleague
/// who tells the same signs with another name.
fn is_about_its_sender(mail: &Mail, sentences: &[Sentence]) -> bool {
    const NAME_CHARS_MIN: usize = 3;
    let mut telling = sentences.iter().filter(|it| it.is_in("left") || it.is_in("gone")).peekable();
    if telling.peek().is_none() {
        return false;
    }
    let local = mail.from_text.split('@').next().unwrap_or_default().to_lowercase();
    let names: Vec<String> =
        local.split(|c: char| !c.is_alphabetic()).filter(|name| name.len() >= NAME_CHARS_MIN).map(fold).collect();
    telling.any(|it| it.folded.split(' ').any(|word| names.iter().any(|name| name == word)))
}

fn speaks_of_self(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "my", "me", "mein", "meine", "meinen", "mich", "mon", "ma", "mes", "mi", "mis", "mio", "mia", "miei", "mijn",
        "moj", "moja", "moje", "moich",
    ];
    folded.split(' ').any(|word| WORDS.contains(&word))
}

/// Whether the mail repeats the one that it answers; people do, machines seldom.
fn quotes_original(words: &Words) -> bool {
    words.rest.lines().take(QUOTE_LINES_MAX).any(|line| {
        let line = line.trim();
        let has_letters = || line.chars().any(char::is_alphabetic);
        let is_rule = line.starts_with("--") && line.ends_with("--") && has_letters();
        // An attribution, or the header of what is quoted, has an address.
        let has_address = line.contains('@') && line.contains(':');
        line.starts_with('>') || is_rule || has_address && (line.ends_with(':') || is_header_line(line))
    })
}

/// Lines of the part that is not the writer's own which are looked at for a quote.
const QUOTE_LINES_MAX: usize = 200;

fn is_header_line(line: &str) -> bool {
    const LABELS: &[&str] = &["from", "von", "de", "da", "van", "od", "to", "an", "a", "para", "aan", "do"];
    line.split_once(':').is_some_and(|(label, _)| LABELS.contains(&fold(label).as_str()))
}

#[cfg(test)]
mod tests;
