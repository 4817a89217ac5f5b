//! Answers that a machine wrote: out-of-office notes, ticket receipts, read receipts, challenges, calendar answers.
//!
//! What a person wrote in between is read elsewhere; here is only whether a machine speaks, and how sure that is.
//!
//! Invariant: they change nothing about a person; at most a human looks at one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::parse::Mail;
use super::phrases::{Phrases, fold};
use super::quote::Words;
use super::reply::has_reply_prefix;

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
    /// How sure it is that no person wrote this, if nothing is asked for.
    pub(crate) confidence: f64,
    /// Its text without what such notes say in passing of lists and old addresses.
    pub(crate) rest: String,
}

impl Machine {
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

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(&[("auto", include_str!("phrases/auto.txt"))]));

/// Longest text that is looked at; a note says so at its beginning.
const TEXT_BYTES_MAX: usize = 3_000;

/// Sentences of a text that are looked at.
const SENTENCES_MAX: usize = 40;

/// Looks for the signs of a machine's answer.
///
/// # Law
///
/// RFC 3834, 5: `Auto-Submitted` other than `no` is a machine's; RFC 8098 for receipts. Rules RT-1 and RE-2.
pub(crate) fn look(mail: &Mail, words: &Words) -> Option<Machine> {
    let text = if words.own.trim().is_empty() { mail.text.as_str() } else { words.own.as_str() };
    let sentences = sentences(text);
    let heard = Heard::of(mail, &sentences);
    let is_note = is_about_its_sender(mail, &sentences);
    let (sign, family, confidence) = sign_of(mail, words, &heard, is_note)?;
    let is_stale = heard.is_stale(family, mail);
    let is_footer = |it: &&Sentence| {
        let sections = sections_of(&it.folded);
        let has = |section: &str| sections.contains(&section);
        let of_old_address = is_stale && has("footer stale") && !speaks_of_self(&it.folded);
        has("footer") || of_old_address || (is_stale && is_note && has("footer person"))
    };
    let rest: Vec<&str> = sentences.iter().filter(|it| !is_footer(it)).map(|it| it.raw.as_str()).collect();
    Some(Machine {
        sign,
        family,
        is_stale,
        subject_says_so: heard.subject_speaks(),
        confidence,
        rest: rest.join("\n\n"),
    })
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
    if (heard.left || heard.gone_for_good) && (is_note || !quotes) {
        return Some((Sign::Body, Family::Away, if is_note { 0.92 } else { 0.8 }));
    }
    has_machine_path(mail).then_some((Sign::Path, Family::Generated, 0.8))
}

/// Whether a note is about the person whose mailbox it comes from: "Kim Adler has left" from `kim.adler@`. A colleague
/// who tells the same signs with another name.
fn is_about_its_sender(mail: &Mail, sentences: &[Sentence]) -> bool {
    const NAME_CHARS_MIN: usize = 3;
    let local = mail.from_text.split('@').next().unwrap_or_default().to_lowercase();
    let names: Vec<String> =
        local.split(|c: char| !c.is_alphabetic()).filter(|name| name.len() >= NAME_CHARS_MIN).map(fold).collect();
    let tells = |it: &&Sentence| {
        let sections = sections_of(&it.folded);
        sections.contains(&"left") || sections.contains(&"gone")
    };
    sentences.iter().filter(tells).any(|it| it.folded.split(' ').any(|word| names.iter().any(|name| name == word)))
}

fn speaks_of_self(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "my", "me", "mein", "meine", "meinen", "mich", "mon", "ma", "mes", "mi", "mis", "mio", "mia", "miei", "mijn",
        "moj", "moja", "moje", "moich",
    ];
    folded.split(' ').any(|word| WORDS.contains(&word))
}

/// Returns whether the words say that somebody left or that a mailbox is closed.
pub(crate) fn says_stale(own_words: &str) -> bool {
    let mut heard = Heard::default();
    for sentence in sentences(own_words) {
        heard.note_stale(&sections_of(&sentence.folded));
    }
    heard.left || heard.gone_for_good
}

/// Returns whether a subject is what a mail program puts above our `List-Unsubscribe` mail, in any language.
pub(crate) fn is_unsubscribe_subject(subject: &str) -> bool {
    has_section(&fold(subject), "unsubscribe")
}

/// Returns whether a text says no more than that: nothing, the word again, or that a mail program wrote it.
pub(crate) fn is_unsubscribe_text(text: &str) -> bool {
    let says_so = |it: &Sentence| has_section(&it.folded, "unsubscribe") || has_section(&it.folded, "unsubscribe text");
    sentences(text).iter().all(says_so)
}

/// Returns whether the words give another address to use.
pub(crate) fn gives_new_address(own_words: &str) -> bool {
    own_words.contains('@') && sentences(own_words).iter().any(|it| has_section(&it.folded, "instead"))
}

fn has_section(folded: &str, section: &str) -> bool {
    sections_of(folded).contains(&section)
}

fn sections_of(folded: &str) -> Vec<&'static str> {
    PHRASES.hits(folded).iter().map(|hit| hit.section).collect()
}

/// What the phrases found in a subject and a text.
#[derive(Default)]
struct Heard {
    subject: Option<Family>,
    /// Whether nobody would type such a subject.
    subject_is_sure: bool,
    /// Whether the subject is that of a reply.
    subject_is_reply: bool,
    /// Sentences of each family.
    counts: BTreeMap<Family, usize>,
    /// Whether it thanks for the message, as tickets and people do.
    thanks: bool,
    left: bool,
    instead: bool,
    gone: bool,
    gone_for_good: bool,
}

impl Heard {
    fn of(mail: &Mail, sentences: &[Sentence]) -> Self {
        let mut heard = Self::default();
        heard.read_subject(mail.subject.trim());
        for sentence in sentences {
            heard.read_sentence(&sentence.folded);
        }
        heard
    }

    fn read_subject(&mut self, subject: &str) {
        self.subject_is_reply = has_reply_prefix(subject);
        let without_ticket = subject.trim_start_matches(|c: char| c == '[' || c == '*' || c.is_whitespace());
        let head = fold(without_ticket.split_once(':').map_or(without_ticket, |(head, _)| head));
        let has_colon = without_ticket.contains(':');
        let prefix = PHRASES.hits(&head).iter().find_map(|hit| match hit.section {
            "prefix away" => Some(Family::Away),
            // One word such as "Read" needs its colon.
            "prefix receipt" if has_colon => Some(Family::Receipt),
            "prefix calendar" if has_colon => Some(Family::Calendar),
            "prefix recall" if has_colon => Some(Family::Recall),
            _ => None,
        });
        let hits = PHRASES.hits(&fold(subject));
        let anywhere = hits.iter().find_map(|hit| match hit.section {
            "subject away" => Some(Family::Away),
            "subject ticket" => Some(Family::Ticket),
            "subject challenge" => Some(Family::Challenge),
            _ => None,
        });
        self.subject = prefix.or(anywhere);
        self.subject_is_sure = prefix.is_some();
        self.note_stale(&hits.iter().map(|hit| hit.section).collect::<Vec<_>>());
    }

    /// Whether the subject is a machine's own. That of a reply to a machine is somebody's.
    fn subject_speaks(&self) -> bool {
        self.subject.is_some() && !self.subject_is_reply
    }

    fn read_sentence(&mut self, sentence: &str) {
        let sections = sections_of(sentence);
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
        self.thanks |= sections.contains(&"body thanks");
        self.note_stale(&sections);
    }

    fn note_stale(&mut self, sections: &[&str]) {
        let has = |section: &str| sections.contains(&section);
        self.left |= has("left") && !has("not left");
        self.instead |= has("instead");
        self.gone |= has("gone");
        self.gone_for_good |= has("gone") && has("for good");
    }

    fn count(&self, family: Family) -> usize {
        self.counts.get(&family).copied().unwrap_or_default()
    }

    /// The family that the text shows, and how many of its sentences do.
    fn told(&self) -> Option<(Family, usize)> {
        // What filters and receipts say is said by people too, once.
        let weak = |family: Family| matches!(family, Family::Challenge) && self.count(family) < 2;
        let told: usize = self.counts.iter().filter(|(family, _)| !weak(**family)).map(|(_, count)| count).sum();
        let all = told + usize::from(self.thanks);
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

    fn is_stale(&self, family: Family, mail: &Mail) -> bool {
        // "Not monitored" is said of every mailbox that only sends, and of everybody's during a holiday.
        let gone = self.gone_for_good || (self.gone && self.count(Family::Away) == 0 && !takes_no_answer(mail));
        match family {
            Family::Away | Family::Generated => self.left || self.instead || gone,
            Family::Ticket => self.left || self.gone_for_good,
            Family::Receipt | Family::Challenge | Family::Calendar | Family::Recall => false,
        }
    }
}

/// One sentence, as it stands and folded.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    raw: String,
    folded: String,
}

/// Splits a text into sentences. A line that ends within a sentence goes on in the next one.
fn sentences(text: &str) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = Vec::new();
    let mut sentence = String::new();
    let mut before = ' ';
    let mut chars = text.chars().take(TEXT_BYTES_MAX).peekable();
    let mut end = |sentence: &mut String| {
        let raw = std::mem::take(sentence);
        let folded = fold(&raw);
        if !folded.is_empty() && out.len() < SENTENCES_MAX {
            out.push(Sentence { raw, folded });
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

/// Header fields that vacation programs and mail systems set on answers of their own.
const MARKS: &[&str] = &[
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-auto-response",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-autogenerated",
    "x-auto-generated",
    "x-amazon-auto-reply",
    "x-vacation",
    "x-fc-machinegenerated",
    "x-oof",
    "x-autorespond-loop",
];

/// Returns what a header says that only machines set; [`Family::Generated`] where it does not say which.
fn header_family(mail: &Mail) -> Option<Family> {
    let is_receipt = mail.report_type.as_deref() == Some("disposition-notification")
        || mail.part("message/disposition-notification").is_some();
    if is_receipt {
        return Some(Family::Receipt);
    }
    if is_calendar_reply(mail) {
        return Some(Family::Calendar);
    }
    has_machine_header(mail).then_some(Family::Generated)
}

/// An answer to an invitation (RFC 5546, 3.2.3), which calendar programs write.
fn is_calendar_reply(mail: &Mail) -> bool {
    mail.part("text/calendar").is_some_and(|part| {
        part.text.lines().take(30).any(|line| {
            let line = line.trim().to_ascii_uppercase();
            line == "METHOD:REPLY" || line == "METHOD:COUNTER"
        })
    })
}

fn has_machine_header(mail: &Mail) -> bool {
    let auto_submitted = mail.headers("auto-submitted").any(|value| {
        let first = value.trim().split([';', ' ', '(']).next().unwrap_or_default();
        !first.is_empty() && !first.eq_ignore_ascii_case("no")
    });
    let marked = MARKS.iter().filter_map(|name| mail.header(name)).any(|value| {
        let value = value.trim();
        !["no", "false", "0", "none"].iter().any(|no| value.eq_ignore_ascii_case(no))
    });
    let precedence = ["precedence", "x-precedence"].iter().filter_map(|name| mail.header(name)).any(|value| {
        ["auto_reply", "auto-reply", "autoreply"].iter().any(|auto| value.trim().eq_ignore_ascii_case(auto))
    });
    // qmail's autoresponders, Exchange's rules agent, Open-Xchange and webmailers name themselves in these fields.
    let named = [
        ("delivered-to", "autoresponder"),
        ("x-ms-exchange-generated-message-source", "mailbox rules agent"),
        ("x-post-messageclass", "autoresponder"),
        ("x-mailer", "vacation"),
        ("x-mailer", "autorespon"),
        ("x-mailer", "auto reply"),
        ("user-agent", "vacation"),
        ("x-ms-exchange-messageclass", "ooftemplate"),
    ]
    .iter()
    .any(|(name, word)| mail.headers(name).any(|value| value.to_ascii_lowercase().contains(word)));
    auto_submitted || marked || precedence || named
}

/// Whether nobody is meant to answer the mail: its return path is empty, or its sender takes no answers.
fn has_machine_path(mail: &Mail) -> bool {
    mail.header("return-path").is_some_and(|path| path.trim() == "<>") || takes_no_answer(mail)
}

fn takes_no_answer(mail: &Mail) -> bool {
    const NAMES: &[&str] = &[
        "noreply",
        "donotreply",
        "nepasrepondre",
        "noresponder",
        "nonrispondere",
        "nichtantworten",
        "keineantwort",
        "nietbeantwoorden",
        "nieodpowiadaj",
        "autoresponder",
        "autoreply",
        "mailerdaemon",
    ];
    let local = mail.from_text.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    NAMES.iter().any(|name| plain.starts_with(name))
}

/// Whether a mail went to many: a newsletter or a list, and no answer to us.
///
/// A group address of our own puts `List-Id` on every mail that it passes on; so `List-Unsubscribe` is asked for, and
/// that it is not a list at our own domain.
pub(crate) fn is_bulk(mail: &Mail) -> bool {
    let Some(unsubscribe) = mail.header("list-unsubscribe") else { return false };
    let is_answer = mail.header("in-reply-to").is_some() || has_reply_prefix(mail.subject.trim());
    let list = mail.header("list-id").unwrap_or_default();
    let at_ours = ["to", "delivered-to", "x-original-to"].iter().flat_map(|name| mail.headers(name)).any(|to| {
        let domain = to.rsplit('@').next().unwrap_or_default().trim_matches(['<', '>', ' ']);
        !domain.is_empty() && (list.contains(domain) || unsubscribe.contains(domain))
    });
    !is_answer && !at_ours
}

#[cfg(test)]
mod tests;
