//! Who wrote a mail, and whether a machine may answer them.
//!
//! Invariant: what a machine, a list, a mail server or we ourselves sent has no [`Origin`], so two machines never talk
//! to each other (RFC 3834, 2).

use std::fmt;

use mail_parser::{Message, MessageParser, MimeHeaders};
use muster_model::EmailAddress;

/// Longest `Message-ID` that is repeated.
const MESSAGE_ID_BYTES_MAX: usize = 250;

/// Why a mail gets no automatic answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// A machine wrote it.
    Machine,
    /// It came by a list or in bulk.
    List,
    /// It is a report, or its return path is the null one.
    Report,
    /// A role that no person reads wrote it, such as `mailer-daemon` or `no-reply`.
    Role,
    /// It comes from our own domain.
    Ours,
    /// Nobody is named as its writer, or several are.
    NoWriter,
    /// It was marked as spam on its way.
    Spam,
}

impl NoAnswer {
    /// Returns the name used in counts and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::List => "list",
            Self::Report => "report",
            Self::Role => "role",
            Self::Ours => "ours",
            Self::NoWriter => "no-writer",
            Self::Spam => "spam",
        }
    }
}

/// The writer of a mail who may be answered, and the mail's id for the thread.
pub struct Origin {
    writer: EmailAddress,
    message_id: Option<String>,
}

impl Origin {
    /// Reads the origin of a mail; `our_domain` is the domain of our own mailboxes.
    ///
    /// # Law
    ///
    /// RFC 3834, 2: no answer to what has `Auto-Submitted` other than `no`, to a null return path, to lists and bulk mail,
    /// to addresses of mail systems. The answer goes to `From`, never to `Reply-To`: whoever forges that header must not
    /// make us write to others.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`] says why there is none.
    pub fn of(raw: &[u8], our_domain: &str) -> Result<Self, NoAnswer> {
        let message =
            MessageParser::default().parse_headers(raw).filter(|it| !it.parts.is_empty()).ok_or(NoAnswer::NoWriter)?;
        if is_report(&message) {
            return Err(NoAnswer::Report);
        }
        if is_machine(&message) {
            return Err(NoAnswer::Machine);
        }
        if is_list(&message) {
            return Err(NoAnswer::List);
        }
        if values(&message, "X-Spam-Flag").any(|value| value == "yes") {
            return Err(NoAnswer::Spam);
        }
        let writer = writer_of(&message).ok_or(NoAnswer::NoWriter)?;
        if is_role(&writer) {
            return Err(NoAnswer::Role);
        }
        let domain = writer.domain();
        let below = domain.strip_suffix(our_domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if below && !our_domain.is_empty() {
            return Err(NoAnswer::Ours);
        }
        let plain = |id: &&str| id.len() <= MESSAGE_ID_BYTES_MAX && id.bytes().all(|b| b.is_ascii_graphic());
        let message_id = message.message_id().filter(plain).map(|id| id.replace(['<', '>'], ""));
        Ok(Self { writer, message_id })
    }

    /// Returns who wrote the mail.
    pub const fn writer(&self) -> &EmailAddress {
        &self.writer
    }

    /// Returns the mail's `Message-ID` without angle brackets, where it can be repeated.
    pub fn message_id(&self) -> Option<&str> {
        self.message_id.as_deref()
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").finish_non_exhaustive()
    }
}

/// Returns every value of a header, unfolded ends trimmed, in lower case: what only one of them says counts.
fn values<'a>(message: &'a Message<'_>, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let named = message.headers_raw().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim().to_ascii_lowercase())
}

fn has(message: &Message<'_>, name: &str) -> bool {
    values(message, name).next().is_some()
}

fn is_report(message: &Message<'_>) -> bool {
    let reports = message.content_type().is_some_and(|it| {
        let subtype = it.subtype().unwrap_or_default().to_ascii_lowercase();
        (it.ctype().eq_ignore_ascii_case("multipart") && subtype == "report")
            || (it.ctype().eq_ignore_ascii_case("message") && subtype.ends_with("-notification"))
    });
    let null_path = values(message, "Return-Path").any(|path| path.replace(char::is_whitespace, "") == "<>");
    reports || null_path || has(message, "X-Failed-Recipients")
}

fn is_machine(message: &Message<'_>) -> bool {
    let submitted = values(message, "Auto-Submitted").any(|value| value.split([';', ' ']).next() != Some("no"));
    let marks = [
        "X-Autoreply",
        "X-Autorespond",
        "X-Auto-Reply",
        "X-AutoReply-From",
        "X-Mail-Autoreply",
        "X-Loop",
        "X-Autogenerated",
    ];
    // A mail that asks for no automatic answer gets none, also from a person.
    let asks_for_none = values(message, "X-Auto-Response-Suppress")
        .any(|value| value.split(',').map(str::trim).any(|word| ["all", "autoreply"].contains(&word)));
    submitted || asks_for_none || marks.into_iter().any(|name| has(message, name))
}

fn is_list(message: &Message<'_>) -> bool {
    let bulk =
        values(message, "Precedence").any(|value| ["bulk", "list", "junk", "auto_reply"].contains(&value.as_str()));
    // RFC 2369 and 2919: List-Id, List-Post, List-Unsubscribe and their like.
    let listed = message.headers_raw().any(|(name, _)| name.to_ascii_lowercase().starts_with("list-"));
    bulk || listed || has(message, "Mailing-List")
}

fn writer_of(message: &Message<'_>) -> Option<EmailAddress> {
    let from = message.from()?;
    let mut all = from.iter().filter_map(|one| one.address());
    let only = all.next()?;
    if all.next().is_some() {
        return None;
    }
    EmailAddress::parse(only).ok()
}

/// Whether nobody reads what is sent there.
fn is_role(writer: &EmailAddress) -> bool {
    let local = writer.as_str().split('@').next().unwrap_or_default().to_ascii_lowercase();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let names = [
        "mailerdaemon",
        "postmaster",
        "noreply",
        "donotreply",
        "nereply",
        "noresponse",
        "nobody",
        "daemon",
        "root",
        "listserv",
        "majordomo",
        "mailman",
        "bounce",
        "bounces",
        "autoreply",
        "autoresponder",
        "systemmailer",
        "wwwdata",
        "uucp",
        "mdaemon",
        "antispam",
        "challenge",
        "notification",
        "notifications",
    ];
    let list = local.starts_with("owner-")
        || ["-owner", "-request", "-bounces", "-relay"].iter().any(|end| local.ends_with(end));
    let tagged = ["bounce+", "bounces+", "noreply+", "no-reply+", "prvs=", "srs0=", "srs1="]
        .iter()
        .any(|start| local.starts_with(start));
    list || tagged || names.contains(&plain.as_str())
}
