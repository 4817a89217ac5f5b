//! What a pipeline file says of mail: how it goes out, and which mailboxes replies come into.
//!
//! Invariant: no secret stands in the file; it comes from the environment or from a file of its own.

use std::path::Path;
use std::time::Duration;

use muster_mail::{ImapAccount, ImapSecret, ImapTls, MailSource, SmtpConfig, SmtpTls, Transport};
use muster_model::Guarded;
use toml_edit::Table;

use super::notice::{ONE_CLICK, one_click, read_templates};
use super::read::address;
use super::section::Section;
use super::{MailIn, MailOut};
use crate::command_error::CommandError;

/// Reads the section `mail`.
pub(super) fn read_mail(
    section: Section<'_>,
    root: &Path,
    empty: &Table,
    secrets: &dyn Fn(&str) -> Option<String>,
) -> (MailOut, Vec<MailIn>) {
    let out = read_mail_out(section.need_section("out", empty), root, secrets);
    let mut boxes: Vec<MailIn> = Vec::new();
    for part in section.sections("in") {
        let mailbox = read_mail_in(&part, root, secrets);
        if boxes.iter().any(|other| other.name == mailbox.name) {
            part.fault("name", format!("`{}` is the name of another mailbox", mailbox.name));
        }
        boxes.push(mailbox);
        part.finish();
    }
    section.finish();
    (out, boxes)
}

fn read_mail_in(part: &Section<'_>, root: &Path, secrets: &dyn Fn(&str) -> Option<String>) -> MailIn {
    let name = part.need("name");
    // A Maildir, a folder of mails and an mbox are told apart by what lies there; the name is for the reader.
    let kinds = ["maildir", "eml", "mbox", "imap"];
    let kind = part.choice("kind", Some("maildir"), &kinds, |text| kinds.into_iter().find(|kind| *kind == text));
    let source = if kind == Some("imap") {
        MailSource::Imap(Box::new(read_imap(part, root, secrets)))
    } else {
        MailSource::Path(root.join(part.need("path")))
    };
    MailIn { name, source, authserv_id: part.text("authserv_id"), acknowledge: part.flag("acknowledge", false) }
}

fn read_imap(part: &Section<'_>, root: &Path, secrets: &dyn Fn(&str) -> Option<String>) -> ImapAccount {
    let tls = part.choice("tls", Some(ImapTls::Implicit), &["implicit", "starttls", "none"], imap_tls);
    let tls = tls.unwrap_or(ImapTls::Implicit);
    let password = part.secret("password", secrets).map(|text| ImapSecret::Password(Guarded::new(text)));
    let token = part.secret("access_token", secrets).map(|text| ImapSecret::AccessToken(Guarded::new(text)));
    let from_file = part.text("password_file").and_then(|file| match secret_of(&root.join(file)) {
        Ok(secret) => Some(secret),
        Err(error) => {
            part.fault("password_file", error.message);
            None
        }
    });
    let given = [part.has("password"), part.has("password_file"), part.has("access_token")];
    if given.into_iter().filter(|given| *given).count() != 1 {
        part.fault("password", "give one of `password`, `password_file` and `access_token`");
    }
    let secret = password.or(from_file).or(token).unwrap_or(ImapSecret::Password(Guarded::new(String::new())));
    let mut account = ImapAccount::new(part.need("host"), part.need("user"), secret);
    let usual = if tls == ImapTls::Implicit { 993 } else { 143 };
    account.port = u16::try_from(part.number("port", usual, 1..=65_535)).unwrap_or(account.port);
    account.tls = tls;
    account.is_unprotected_allowed = part.flag("allow_unprotected", false);
    account.ca_file = part.text("ca_file").map(|file| root.join(file));
    let timeout = u64::try_from(part.number("timeout_ms", 30_000, 10..=600_000)).unwrap_or(30_000);
    account.timeout = Duration::from_millis(timeout);
    let folders = part.texts("folders");
    if !folders.is_empty() {
        account.folders = folders;
    }
    account
}

/// Reads `implicit`, `starttls` or `none`.
pub(crate) fn imap_tls(text: &str) -> Option<ImapTls> {
    match text {
        "implicit" => Some(ImapTls::Implicit),
        "starttls" => Some(ImapTls::StartTls),
        "none" => Some(ImapTls::None),
        _ => None,
    }
}

/// Reads a password from a file of its own; the end of its line is not part of it.
///
/// # Errors
///
/// A usage error that names the file, never what it holds.
pub(crate) fn secret_of(path: &Path) -> Result<ImapSecret, CommandError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| CommandError::usage(format!("failed to read password file `{shown}`: {error}")))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(CommandError::usage(format!("failed to read password file `{shown}`: it is empty")));
    }
    Ok(ImapSecret::Password(Guarded::new(text.to_owned())))
}

fn read_mail_out(section: Section<'_>, root: &Path, secrets: &dyn Fn(&str) -> Option<String>) -> MailOut {
    let kind = section.choice("transport", None, &["maildir", "eml", "smtp"], |text| {
        matches!(text, "maildir" | "eml" | "smtp").then(|| text.to_owned())
    });
    let transport = match kind.as_deref() {
        Some("smtp") => Transport::Smtp(SmtpConfig {
            host: section.need("host"),
            port: u16::try_from(section.number("port", 587, 1..=65_535)).unwrap_or(587),
            tls: section
                .choice("tls", Some(SmtpTls::StartTls), &["none", "starttls", "implicit"], tls)
                .unwrap_or(SmtpTls::StartTls),
            user: section.text("user"),
            password: section.secret("password", secrets).map(Guarded::new),
            timeout: Duration::from_millis(
                u64::try_from(section.number("timeout_ms", 30_000, 10..=600_000)).unwrap_or(30_000),
            ),
        }),
        Some("eml") => Transport::EmlFolder { path: root.join(section.need("path")) },
        Some(_) | None => Transport::Maildir { path: root.join(section.need("path")) },
    };
    let templates = read_templates(&section, root);
    let count = |key, default| usize::try_from(section.number(key, default, 1..=10_000_000)).unwrap_or(1);
    let out = MailOut {
        enabled: section.flag("enabled", false),
        transport,
        templates,
        html: section.flag("html", false),
        unsubscribe_url: section.parsed("unsubscribe_url", ONE_CLICK, one_click),
        test_recipient: section.parsed("test_recipient", "an e-mail address", address),
        notices_per_day_max: count("notices_per_day", 10_000),
        notices_per_domain_per_day_max: count("notices_per_domain_per_day", 200),
        acknowledge_again_days: i32::try_from(section.number("acknowledge_again_days", 30, 1..=365)).unwrap_or(30),
    };
    section.finish();
    out
}

fn tls(text: &str) -> Option<SmtpTls> {
    match text {
        "none" => Some(SmtpTls::None),
        "starttls" => Some(SmtpTls::StartTls),
        "implicit" => Some(SmtpTls::Implicit),
        _ => None,
    }
}
