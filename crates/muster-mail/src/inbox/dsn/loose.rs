//! Delivery reports that follow no standard: what is known of them is who sends them, their subject, how they begin,
//! and that a server's reply stands in them.
//!
//! Invariant: one sign alone makes no report; a mail that a person wrote about a bounce is none, and asks for what it
//! asks for.

use std::sync::LazyLock;

use muster_model::EmailAddress;
use regex::Regex;

use super::{Report, is_final, of_fields, people, read_standard};
use crate::inbox::bounce::{BounceClass, BounceKind, class_of, enhanced_code, kind_of, names_reason, reply_code};
use crate::inbox::intent;
use crate::inbox::parse::Mail;
use crate::inbox::phrases::{Phrases, fold};

/// The phrases of reports.
static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("report", include_str!("../phrases/report.txt"))]));

/// Lines that open the copy of the returned mail.
static COPY: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(&[("copy", include_str!("../phrases/copy.txt"))]));

/// Words that announce the reply of a server.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i)said:|reason *:|grund *:|diagnos|error was|error *:|fehler *:|because:|response was|raison *:|motiv[oe] *:|motif *:|reden *:|replied:|returned")
        .expect("constant pattern")
});

/// Lines of a report that are read: what servers say about a failure is shorter.
const LINES_MAX: usize = 150;

/// Bytes of a report that are read.
const BYTES_MAX: usize = 12 << 10;

/// Lines in which a report says what it is.
const OPENING_LINES: usize = 40;

/// Lines that belong to the reply of a server: they are wrapped.
const REPLY_LINES: usize = 5;

fn says(section: &str, folded: &str) -> bool {
    PHRASES.hits(folded).iter().any(|hit| hit.section == section)
}

/// A report's own text, and the copy of the returned mail below it.
struct Told {
    own: String,
    copy: String,
}

fn told(mail: &Mail) -> Told {
    let mut lines = mail.text.lines();
    let mut own = String::new();
    let mut copy = String::new();
    for (index, line) in lines.by_ref().enumerate().take(LINES_MAX) {
        if own.len() > BYTES_MAX {
            break;
        }
        if index > 0 && opens_copy(line) {
            break;
        }
        own.push_str(line.get(..2_000).unwrap_or(line));
        own.push('\n');
    }
    for line in lines.take(LINES_MAX) {
        copy.push_str(line.trim_start_matches(['>', ' ']));
        copy.push('\n');
    }
    Told { own, copy }
}

/// Whether the copy of the returned mail begins at a line.
fn opens_copy(line: &str) -> bool {
    if line.len() > 120 || line.is_empty() {
        return false;
    }
    !COPY.hits(&fold(line)).is_empty()
}

/// The lines in which a server gives its reason; the whole text where none looks like a reply.
pub(super) fn reason_of(mail: &Mail) -> String {
    let told = without_labels(&told(mail).own);
    let reply = reply_lines(&told);
    if reply.is_empty() { told } else { reply }
}

/// A report's text without what it quotes of our mail: its subject may speak of anything.
fn without_labels(text: &str) -> String {
    const LABELS: &[&str] = &[
        "subject:",
        "betreff:",
        "objet :",
        "objet:",
        "asunto:",
        "oggetto:",
        "onderwerp:",
        "temat:",
        "sent:",
        "from:",
        "to:",
    ];
    let is_label = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '*', '-', '>', '|']);
        LABELS.iter().any(|label| line.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)))
    };
    text.lines().filter(|line| line.len() > 300 || !is_label(line)).collect::<Vec<_>>().join("\n")
}

fn reply_lines(text: &str) -> String {
    let mut out = String::new();
    let mut left = 0;
    for line in text.lines() {
        if reply_code(line).is_some() || enhanced_code(line).is_some() || ANNOUNCED.is_match(line) {
            left = REPLY_LINES;
        } else if line.trim().is_empty() {
            left = left.min(1);
        }
        if left > 0 {
            out.push_str(line);
            out.push('\n');
            left -= 1;
        }
    }
    out
}

/// What speaks for a report, outside its text.
#[expect(clippy::struct_excessive_bools, reason = "five signs, each there or not")]
struct Signs {
    /// Its address or its form is one that only servers have.
    is_server: bool,
    /// A server sends it, or something that calls itself by such a name.
    is_daemon: bool,
    /// It has no return path, or a header says that a machine sent it.
    is_automatic: bool,
    /// Its subject says so.
    by_subject: bool,
    /// It comes from a mailing list or is a newsletter.
    is_bulk: bool,
}

fn signs_of(mail: &Mail) -> Signs {
    let from = mail.header("from").unwrap_or_default();
    let local = mail.from_text.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let servers =
        ["mailer-daemon", "mailerdaemon", "mail-daemon", "mdaemon", "postmaster", "maildaemon", "mailsupport"];
    // A sender without an address is a server that keeps to RFC 5321, 4.5.5, in the header, too.
    let named = servers.iter().any(|name| local.starts_with(name)) || from.trim_end().ends_with("<>");
    let is_report = mail.report_type.as_deref() == Some("delivery-status");
    let empty_path = mail.header("return-path").is_some_and(|path| matches!(path.trim(), "<>" | ""));
    let automatic = mail.header("auto-submitted").is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"))
        || mail.header("x-autogenerated").is_some();
    let list = ["list-unsubscribe", "list-id", "list-post"].iter().any(|name| mail.header(name).is_some());
    Signs {
        is_server: named || is_report,
        is_daemon: named || is_report || says("sender", &fold(from)),
        is_automatic: empty_path || automatic,
        by_subject: says("subject", &fold(&mail.subject)),
        is_bulk: list && !named && !is_report,
    }
}

/// Reads a bounce that follows no standard.
///
/// Two signs are needed of sender, subject, and text; the text must be a server's unless both others say so.
pub(crate) fn read_loose(mail: &Mail) -> Option<Report> {
    let signs = signs_of(mail);
    let failed = people::failed_recipient(mail);
    if failed.is_none() && (signs.is_bulk || !(signs.is_daemon || signs.by_subject || signs.is_automatic)) {
        return None;
    }
    let told = told(mail);
    let reason = without_labels(&told.own);
    let opening = fold(&reason.lines().take(OPENING_LINES).collect::<Vec<_>>().join("\n"));
    let by_text = says("opening", &opening);
    let reply = reply_lines(&reason);
    let has_code = reply_code(&reply).is_some() || enhanced_code(&reply).is_some();
    let person = people::named(mail, &told.own, &told.copy);
    let is_bounce = failed.is_some()
        || (signs.is_daemon && signs.by_subject)
        || (signs.is_daemon && by_text && (has_code || person.is_some()))
        || (signs.is_daemon && has_code && names_reason(&reply))
        || (signs.is_daemon && person.is_some() && names_reason(&reason) && (signs.is_server || !asks(&told.own)))
        || (signs.is_automatic && signs.by_subject && (by_text || has_code))
        || (signs.is_automatic && by_text && has_code)
        || (signs.by_subject && by_text && person.is_some() && !asks(&told.own));
    if !is_bounce || is_success(mail, &opening) {
        return None;
    }
    if told.own.to_ascii_lowercase().contains("final-recipient:")
        && let Some(report) = of_fields(mail, &told.own)
    {
        return Some(report);
    }
    if reply.is_empty()
        && let Some(report) = nested(mail)
    {
        return Some(report);
    }
    Some(report_on(mail, &reason, &reply, &opening, failed.or(person)))
}

/// The report that a gateway has put into one of its own.
fn nested(mail: &Mail) -> Option<Report> {
    let inner = mail.parts.iter().find(|part| part.mime == "message/rfc822")?;
    if !inner.text.contains("delivery-status") {
        return None;
    }
    read_standard(&Mail::parse(inner.text.as_bytes())?)
}

/// Whether the writer asks for something in known words, as no server does. What only the model saw does not count: it
/// learned from what people write.
fn asks(text: &str) -> bool {
    intent::read(text).kinds.values().any(|evidence| evidence.place != "said")
}

/// A report that the mail arrived.
fn is_success(mail: &Mail, opening: &str) -> bool {
    let subject = fold(&mail.subject);
    ["successful", "delivered", "relayed", "read", "success"].iter().any(|word| subject.split(' ').next() == Some(word))
        && !says("opening", opening)
}

fn report_on(mail: &Mail, text: &str, reply: &str, opening: &str, named: Option<EmailAddress>) -> Report {
    let delayed = (says("delayed", opening) || says("delayed", &fold(&mail.subject))) && !says("failed", opening);
    let status_code = enhanced_code(reply).or_else(|| enhanced_code(text)).filter(|code| !code.starts_with('2'));
    let status = status_code.as_deref();
    let mut class = class_of(status, if reply.is_empty() { text } else { reply });
    if class == BounceClass::Unknown && !reply.is_empty() {
        class = class_of(status, text);
    }
    if class == BounceClass::Unknown {
        class = class_of(status, &mail.subject);
    }
    if delayed && class == BounceClass::Unknown {
        class = BounceClass::Expired;
    }
    let kind = if delayed { BounceKind::Transient } else { kind_of(class, is_final(status, reply)) };
    let rule = if delayed { "bounce.delayed" } else { "bounce.text" };
    let confidence = match (class, has_code_of(class, status)) {
        (BounceClass::Unknown, _) => 0.7,
        (_, true) => 0.95,
        (_, false) => 0.9,
    };
    let recipient = people::returned_recipient(mail).or(named);
    Report { kind: kind.mail_kind(), class: Some(class), status_code, recipient, confidence, rule }
}

/// Whether the code alone says the same.
fn has_code_of(class: BounceClass, status: Option<&str>) -> bool {
    status.is_some_and(|status| class_of(Some(status), "") == class)
}

/// Whether a mail is a provider's note that somebody marked our mail as spam, in no standard form.
pub(crate) fn is_feedback(mail: &Mail) -> bool {
    if !mail.parts.iter().any(|part| part.mime == "message/rfc822" || part.mime == "text/rfc822-headers") {
        return false;
    }
    let local = mail.from_text.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let desks = ["staff", "fbl", "feedback", "scomp", "abuse", "complaint", "spam", "noreply", "no-reply", "arf"];
    let by_desk = desks.iter().any(|desk| local.starts_with(desk)) || mail.from_text.contains("spamcop");
    let told = || says("feedback", &fold(mail.text.get(..2_000).unwrap_or(&mail.text)));
    by_desk && (says("feedback", &fold(&mail.subject)) || told())
}
