//! The small respondent of a rehearsal: it answers the notices that were really sent, as a file of answers says.
//!
//! Invariant: no notice in the outbox, no answer.

use std::path::Path;

use muster_mail::respond::{Reply, addressee, reply_to};
use muster_mail::{Transport, read_mailbox};
use muster_model::{EmailAddress, MailKind};
use toml_edit::Document;

use crate::command_error::CommandError;
use crate::config::MailIn;
use crate::config::read::read_text;
use crate::config::section::{Faults, Section};
use crate::session::Session;
use crate::stages::Counts;
use crate::talk::Talk;

/// Writes the answers into the pipeline's first mailbox; an answer that lies there already is left alone.
///
/// # Errors
///
/// A usage error with all faults of the file of answers; a file error.
pub(crate) fn respond(session: &Session, talk: &Talk) -> Result<Counts, CommandError> {
    let mut counts = Counts::default();
    let Some(file) = session.config.rehearsal.as_ref().and_then(|rehearsal| rehearsal.answers.clone()) else {
        return Ok(counts);
    };
    let inbox = session.config.mail_in.first().and_then(MailIn::path);
    let (outbox, inbox) = match (&session.config.mail_out.transport, inbox) {
        (Transport::Maildir { path } | Transport::EmlFolder { path }, Some(inbox)) => (path.clone(), inbox.to_owned()),
        (Transport::Maildir { .. } | Transport::EmlFolder { .. } | Transport::Smtp(_), _) => {
            return Err(CommandError::usage(
                "failed to answer notices: a rehearsal needs an outbox on disk and a [[mail.in]] on disk",
            ));
        }
    };
    let replies = read_replies(&file)?;
    make_maildir(&inbox).map_err(|error| CommandError::io(format!("failed to make `{}`: {error}", inbox.display())))?;
    let failed = |error: &dyn std::fmt::Display| CommandError::io(format!("failed to answer notices: {error}"));
    let mut sent = Vec::new();
    if outbox.exists() {
        for mail in read_mailbox(&outbox).map_err(|error| failed(&error))? {
            let raw = mail.read().map_err(|error| failed(&error))?;
            if let Some(to) = addressee(&raw) {
                sent.push((to, raw));
            }
        }
    }
    for (index, (to, reply)) in replies.iter().enumerate() {
        let Some((_, notice)) = sent.iter().find(|(address, _)| address == to) else {
            counts.add("no_notice", 1);
            continue;
        };
        let message = reply_to(notice, reply, session.now);
        let written =
            write_once(&inbox, &format!("answer-{:03}", index + 1), &message).map_err(|error| failed(&error))?;
        counts.add(if written { "answered" } else { "answered_before" }, 1);
    }
    talk.event("responded", "Answered the notices really sent", &counts.0);
    Ok(counts)
}

fn make_maildir(maildir: &Path) -> std::io::Result<()> {
    ["tmp", "new", "cur"].iter().try_for_each(|folder| std::fs::create_dir_all(maildir.join(folder)))
}

/// Delivers into a Maildir the way a mail server does: `tmp/`, then `new/`.
fn write_once(maildir: &Path, name: &str, message: &[u8]) -> std::io::Result<bool> {
    let target = maildir.join("new").join(name);
    if target.exists() {
        return Ok(false);
    }
    let temporary = maildir.join("tmp").join(name);
    std::fs::write(&temporary, message)?;
    std::fs::rename(&temporary, &target)?;
    Ok(true)
}

/// What an answer may be.
const KINDS: &[&str] =
    &["opt-out", "do-not-call", "auto-reply", "question", "bounce-permanent", "bounce-transient", "complaint"];

fn kind(text: &str) -> Option<MailKind> {
    match text {
        "opt-out" => Some(MailKind::OptOut),
        "do-not-call" => Some(MailKind::DoNotCall),
        "auto-reply" => Some(MailKind::AutoReply),
        "question" => Some(MailKind::Other),
        "bounce-permanent" => Some(MailKind::BouncePermanent),
        "bounce-transient" => Some(MailKind::BounceTransient),
        "complaint" => Some(MailKind::Complaint),
        _ => None,
    }
}

fn read_replies(file: &Path) -> Result<Vec<(EmailAddress, Reply)>, CommandError> {
    let text = read_text(file)?;
    let shown = file.display().to_string();
    let document = Document::parse(text.as_str())
        .map_err(|error| CommandError::usage(format!("failed to read `{shown}`: {}", error.message())))?;
    let faults = Faults::new(&shown, &text);
    let top = Section::new(document.as_table(), "", 0, &faults);
    let mut replies = Vec::new();
    for section in top.sections("reply") {
        let to = section.parsed("to", "an e-mail address", |text| EmailAddress::parse(text).ok());
        let from = section.parsed("from", "an e-mail address", |text| EmailAddress::parse(text).ok());
        let kind = section.choice("kind", None, KINDS, kind);
        let (subject, body) = (section.text("subject"), section.text("body").unwrap_or_default());
        let (status, diagnostic) = (section.text("status"), section.text("diagnostic"));
        let lang = section.text("lang").unwrap_or_else(|| "en".into());
        if let (Some(kind), Some(to)) = (kind, to) {
            let from = from.unwrap_or_else(|| to.clone());
            replies.push((to, Reply { kind, from, subject, body, status, diagnostic, lang }));
        }
        section.finish();
    }
    top.finish();
    let list = faults.into_list();
    if list.is_empty() {
        return Ok(replies);
    }
    let lines: Vec<String> = list.iter().map(|fault| format!("\n  {fault}")).collect();
    Err(CommandError::usage(format!("failed to read the answers: {} faults{}", list.len(), lines.concat())))
}
