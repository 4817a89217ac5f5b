//! A small respondent for rehearsals: it answers notices that were really sent.
//!
//! It writes what a mail program, a mail server or a feedback loop would write, so that the way back can be tried
//! without other people: replies with proper thread headers, delivery reports (RFC 3464), feedback reports
//! (RFC 5965), out-of-office notes.
//!
//! Invariant: the same notice, reply and instant give the same bytes; nothing is sent from here.

use mail_parser::MessageParser;
use muster_model::{EmailAddress, MailKind, Timestamp};

use crate::wire::{Wire, quoted_printable};

/// What to answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// A bounce kind makes a delivery report, `Complaint` a feedback report, `AutoReply` a machine's note; every
    /// other kind a person's mail.
    pub kind: MailKind,
    /// Who answers; for a bounce, whose server.
    pub from: EmailAddress,
    /// The subject; without one that of the notice behind `Re:` or `AW:`.
    pub subject: Option<String>,
    /// The text; `{quote}` in it becomes the quoted notice.
    pub body: String,
    /// Status code of a delivery report; without one `5.1.1`, `4.2.2` or `5.7.1` as the kind asks.
    pub status: Option<String>,
    /// The server's words in a delivery report.
    pub diagnostic: Option<String>,
    /// Language of the mail program, ISO 639-1.
    pub lang: String,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("kind", &self.kind).field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// Returns whom a message is addressed to, by its `To` header.
pub fn addressee(raw: &[u8]) -> Option<EmailAddress> {
    let message = MessageParser::default().parse_headers(raw)?;
    let address = message.to()?.first()?.address()?;
    EmailAddress::parse(address).ok()
}

/// What a reply takes from the notice.
struct Notice {
    message_id: String,
    reply_to: String,
    to: String,
    subject: String,
    from: String,
    text: String,
    head: String,
}

impl Notice {
    fn read(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw).replace("\r\n", "\n");
        let head = text.split("\n\n").next().unwrap_or_default().to_owned();
        let message = MessageParser::default().parse(raw).unwrap_or_default();
        let first = |address: Option<&mail_parser::Address<'_>>| {
            address.and_then(|list| list.first()).and_then(|it| it.address()).unwrap_or_default().to_owned()
        };
        let has_headers = !message.parts.is_empty();
        let of =
            |get: &dyn Fn(&mail_parser::Message<'_>) -> String| if has_headers { get(&message) } else { String::new() };
        let from = of(&|m| first(m.from()));
        let reply_to = of(&|m| first(m.reply_to()));
        Self {
            message_id: of(&|m| m.message_id().unwrap_or_default().to_owned()),
            reply_to: if reply_to.is_empty() { from.clone() } else { reply_to },
            to: of(&|m| first(m.to())),
            subject: of(&|m| m.subject().unwrap_or_default().to_owned()),
            text: of(&|m| m.body_text(0).unwrap_or_default().replace("\r\n", "\n")),
            from,
            head,
        }
    }

    /// A word of its own for boundaries and ids of the answer.
    fn mark(&self) -> String {
        self.message_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
    }
}

/// Writes the answer to a notice.
pub fn reply_to(notice_raw: &[u8], reply: &Reply, now: Timestamp) -> Vec<u8> {
    let notice = Notice::read(notice_raw);
    match reply.kind {
        MailKind::BouncePermanent | MailKind::BounceTransient | MailKind::BouncePolicy => bounce(&notice, reply, now),
        MailKind::Complaint => complaint(&notice, reply, now),
        MailKind::AutoReply
        | MailKind::OptOut
        | MailKind::DoNotCall
        | MailKind::Objection
        | MailKind::Erasure
        | MailKind::Access
        | MailKind::Rectification
        | MailKind::Restriction
        | MailKind::Portability
        | MailKind::DataComplaint
        | MailKind::Other => written(&notice, reply, now),
    }
}

fn written(notice: &Notice, reply: &Reply, now: Timestamp) -> Vec<u8> {
    let is_auto = reply.kind == MailKind::AutoReply;
    let prefix = match (is_auto, reply.lang.as_str()) {
        (true, "de") => "Automatische Antwort",
        (true, _) => "Automatic reply",
        (false, "de") => "AW",
        (false, _) => "Re",
    };
    let subject = reply.subject.clone().unwrap_or_else(|| format!("{prefix}: {}", notice.subject));
    let mut wire = Wire::default();
    wire.raw_header("Return-Path", &format!("<{}>", if is_auto { "" } else { reply.from.as_str() }));
    wire.raw_header("Delivered-To", &notice.reply_to);
    wire.mailbox_header("From", "", reply.from.as_str());
    wire.mailbox_header("To", "", &notice.reply_to);
    wire.text_header("Subject", &subject);
    wire.date_header(now);
    wire.raw_header("Message-ID", &format!("<reply.{}@{}>", notice.mark(), reply.from.domain()));
    wire.raw_header("In-Reply-To", &format!("<{}>", notice.message_id));
    wire.raw_header("References", &format!("<{}>", notice.message_id));
    if is_auto {
        wire.raw_header("Auto-Submitted", "auto-replied");
    }
    wire.finish_text(&reply.body.replace("{quote}", &quote(notice, reply, now)))
}

/// The notice as a mail program quotes it.
fn quote(notice: &Notice, reply: &Reply, now: Timestamp) -> String {
    let date = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%d.%m.%Y %H:%M").to_string();
    let intro = match reply.lang.as_str() {
        "de" => format!("Am {date} schrieb {}:", notice.from),
        _ => format!("On {date}, {} wrote:", notice.from),
    };
    let lines = notice.text.trim_end().lines().map(|line| format!("> {line}"));
    std::iter::once(intro).chain(lines).collect::<Vec<_>>().join("\n")
}

fn bounce(notice: &Notice, reply: &Reply, now: Timestamp) -> Vec<u8> {
    let (default_status, default_words) = match reply.kind {
        MailKind::BounceTransient => ("4.2.2", "452 4.2.2 Mailbox full"),
        MailKind::BouncePolicy => ("5.7.1", "550 5.7.1 Message rejected due to local policy"),
        MailKind::BouncePermanent
        | MailKind::Complaint
        | MailKind::AutoReply
        | MailKind::OptOut
        | MailKind::DoNotCall
        | MailKind::Objection
        | MailKind::Erasure
        | MailKind::Access
        | MailKind::Rectification
        | MailKind::Restriction
        | MailKind::Portability
        | MailKind::DataComplaint
        | MailKind::Other => ("5.1.1", "550 5.1.1 User unknown"),
    };
    let status = reply.status.as_deref().unwrap_or(default_status);
    let action = if status.starts_with('4') { "delayed" } else { "failed" };
    let diagnostic = reply.diagnostic.as_deref().unwrap_or(default_words);
    let boundary = format!("report.{}", notice.mark());
    let domain = reply.from.domain();
    let mut wire = Wire::default();
    report_head(&mut wire, notice, now, &boundary, "delivery-status");
    wire.mailbox_header("From", "Mail Delivery System", &format!("MAILER-DAEMON@{domain}"));
    wire.text_header("Subject", "Undelivered Mail Returned to Sender");
    wire.raw_header("Message-ID", &format!("<dsn.{}@{domain}>", notice.mark()));
    wire.raw_header("Auto-Submitted", "auto-replied");
    text_part(
        &mut wire,
        &boundary,
        if reply.body.is_empty() { "Your message could not be delivered." } else { &reply.body },
    );
    wire.line(&format!("--{boundary}"));
    wire.line("Content-Type: message/delivery-status");
    wire.line("");
    wire.raw_header("Reporting-MTA", &format!("dns; mx.{domain}"));
    wire.line("");
    wire.raw_header("Final-Recipient", &format!("rfc822; {}", notice.to));
    wire.raw_header("Action", action);
    wire.raw_header("Status", status);
    wire.raw_header("Diagnostic-Code", &format!("smtp; {diagnostic}"));
    wire.line("");
    returned_headers(&mut wire, notice, &boundary);
    wire.finish()
}

fn complaint(notice: &Notice, reply: &Reply, now: Timestamp) -> Vec<u8> {
    let boundary = format!("report.{}", notice.mark());
    let domain = reply.from.domain();
    let mut wire = Wire::default();
    report_head(&mut wire, notice, now, &boundary, "feedback-report");
    wire.mailbox_header("From", "Feedback loop", &format!("feedback@{domain}"));
    wire.text_header("Subject", &notice.subject);
    wire.raw_header("Message-ID", &format!("<arf.{}@{domain}>", notice.mark()));
    text_part(&mut wire, &boundary, "This is an email abuse report for a message that a user marked as spam.");
    wire.line(&format!("--{boundary}"));
    wire.line("Content-Type: message/feedback-report");
    wire.line("");
    wire.raw_header("Feedback-Type", "abuse");
    wire.raw_header("User-Agent", "Feedback/1.0");
    wire.raw_header("Version", "1");
    wire.raw_header("Original-Rcpt-To", &notice.to);
    wire.line("");
    returned_headers(&mut wire, notice, &boundary);
    wire.finish()
}

fn report_head(wire: &mut Wire, notice: &Notice, now: Timestamp, boundary: &str, report_type: &str) {
    wire.raw_header("Return-Path", "<>");
    wire.raw_header("Delivered-To", &notice.reply_to);
    wire.mailbox_header("To", "", &notice.reply_to);
    wire.date_header(now);
    wire.line("MIME-Version: 1.0");
    wire.raw_header("Content-Type", &format!("multipart/report; report-type={report_type}; boundary=\"{boundary}\""));
}

fn text_part(wire: &mut Wire, boundary: &str, text: &str) {
    wire.line("");
    wire.line(&format!("--{boundary}"));
    wire.line("Content-Type: text/plain; charset=utf-8");
    wire.line("Content-Transfer-Encoding: quoted-printable");
    wire.line("");
    wire.line(&quoted_printable(text));
}

fn returned_headers(wire: &mut Wire, notice: &Notice, boundary: &str) {
    wire.line(&format!("--{boundary}"));
    wire.line("Content-Type: text/rfc822-headers");
    wire.line("");
    for line in notice.head.lines() {
        wire.line(line);
    }
    wire.line("");
    wire.line(&format!("--{boundary}--"));
}

#[cfg(test)]
mod tests;
