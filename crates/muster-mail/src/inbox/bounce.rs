//! Why a mail was not delivered: class and kind, from a status code and the server's words.
//!
//! # Law
//!
//! RFC 3463 (status codes) and rule NT-6: only a permanent failure of the address makes a notice undelivered. A
//! refusal for content, reputation or rate is never the person's fault; a full mailbox may be emptied.
//!
//! Invariant: pure, total; the words decide where the code says little.

use std::sync::LazyLock;

use muster_model::MailKind;
use regex::Regex;

use super::phrases::{Phrases, fold};

mod codes;

pub(crate) use codes::{enhanced_code, reply_code};

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// Why a server did not deliver.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum BounceClass {
            $($(#[$doc])* $variant,)+
        }

        impl BounceClass {
            /// Returns the name used in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

classes! {
    /// No such mailbox.
    UserUnknown = "user-unknown",
    /// No such domain.
    HostUnknown = "host-unknown",
    /// The mailbox moved.
    Moved = "moved",
    /// The mailbox is switched off.
    Inactive = "inactive",
    /// The mailbox is full.
    MailboxFull = "mailbox-full",
    /// Tried for too long.
    Expired = "expired",
    /// Something is wrong at the server.
    System = "system",
    /// Something is wrong on the way.
    Network = "network",
    /// Refused until the next try.
    Greylist = "greylist",
    /// Too much at once.
    Rate = "rate",
    /// Too large.
    Size = "size",
    /// Something in the text or its form.
    Content = "content",
    /// Taken for spam.
    Spam = "spam",
    /// The sender's address or network is on a list.
    Blocked = "blocked",
    /// The sender was not authenticated.
    Auth = "auth",
    /// Another rule of the receiver.
    Policy = "policy",
    /// Not told.
    Unknown = "unknown",
}

/// What a bounce means for the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BounceKind {
    /// The address takes no mail, for good.
    Permanent,
    /// It may work later.
    Transient,
    /// Refused for reasons that lie with the mail or its sender.
    Policy,
}

impl BounceKind {
    /// Returns the kind of mail.
    pub(crate) const fn mail_kind(self) -> MailKind {
        match self {
            Self::Permanent => MailKind::BouncePermanent,
            Self::Transient => MailKind::BounceTransient,
            Self::Policy => MailKind::BouncePolicy,
        }
    }
}

/// The phrases of servers.
static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("bounce", include_str!("phrases/bounce.txt"))]));

/// Names that are no words of a reason: addresses, and hosts that are named with their number or as who said it.
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[a-z0-9_.+=/-]+@[a-z0-9._-]+|(?:\bhost )?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?(?: ?\[[0-9a-f.:]+\]| ?\([0-9][0-9.]*\)| said\b)|\bat host [a-z0-9._-]+|\bprogram at [a-z0-9._-]+",
    )
    .expect("constant pattern")
});

/// Longest text that is read for a reason, in bytes; what servers say is a few lines.
const REASON_BYTES_MAX: usize = 8 << 10;

/// Reads the reply of a server in a conversation of our own.
pub(crate) fn bounce_of_reply(code: u16, text: &str) -> (BounceKind, BounceClass) {
    let status = enhanced_code(text).unwrap_or_else(|| format!("{}.0.0", code / 100));
    let class = class_of(Some(&status), text);
    (kind_of(class, status.starts_with('5') && code >= 500), class)
}

/// What words say about the class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Told {
    /// They name the reason.
    strong: Option<BounceClass>,
    /// Every reason that they name.
    all: Vec<BounceClass>,
    /// They hint at one.
    weak: Option<BounceClass>,
}

/// Decides the class from a status code and the server's words.
///
/// Words that name a reason come first: servers give 5.7.1 or 5.1.1 for nearly everything. Then the code, then words
/// that only hint.
pub(crate) fn class_of(status: Option<&str>, text: &str) -> BounceClass {
    let by_status = status.map_or(BounceClass::Unknown, codes::class_of_status);
    let folded = folded_reason(text);
    let told = told_by(&folded);
    if status.is_some_and(|status| status.ends_with("5.4.1")) && folded.contains("rejected access denied") {
        // Exchange Online refuses unknown mailboxes of a domain with these words (directory-based edge blocking).
        return BounceClass::UserUnknown;
    }
    match told.strong {
        Some(told) if is_about_address(told) && is_telling(status) && is_about_sender(by_status) => by_status,
        // A server that repeats itself gives several reasons; the code says which one counts.
        Some(first) if is_about_address(by_status) && !is_about_sender(first) && told.all.contains(&by_status) => {
            by_status
        }
        Some(told) => told,
        None if by_status != BounceClass::Unknown => soften(by_status, told.weak, status),
        None => told.weak.unwrap_or_else(|| codes::last_resort(status, reply_code(text))),
    }
}

/// A deferral for reasons of policy whose words only say "later" is a greylist.
fn soften(by_status: BounceClass, weak: Option<BounceClass>, status: Option<&str>) -> BounceClass {
    let deferred = by_status == BounceClass::Policy && status.is_some_and(|status| status.starts_with('4'));
    match weak {
        Some(later @ (BounceClass::Greylist | BounceClass::System)) if deferred => later,
        _ => by_status,
    }
}

/// Whether a code is none of those that servers give with any words at all.
fn is_telling(status: Option<&str>) -> bool {
    let detail = status.and_then(|status| status.split_once('.')).map_or("", |(_, detail)| detail);
    !["7.0", "7.1"].contains(&detail)
}

const fn is_about_address(class: BounceClass) -> bool {
    matches!(class, BounceClass::UserUnknown | BounceClass::HostUnknown | BounceClass::Inactive | BounceClass::Moved)
}

/// Reasons that lie with the sender or the mail.
const fn is_about_sender(class: BounceClass) -> bool {
    matches!(
        class,
        BounceClass::Auth
            | BounceClass::Blocked
            | BounceClass::Rate
            | BounceClass::Size
            | BounceClass::Spam
            | BounceClass::Content
            | BounceClass::Policy
    )
}

/// Returns what a class means, given whether the server refused for good.
pub(crate) const fn kind_of(class: BounceClass, is_final: bool) -> BounceKind {
    match class {
        BounceClass::UserUnknown
        | BounceClass::HostUnknown
        | BounceClass::Moved
        | BounceClass::Inactive
        | BounceClass::Unknown => {
            if is_final {
                BounceKind::Permanent
            } else {
                BounceKind::Transient
            }
        }
        BounceClass::MailboxFull
        | BounceClass::Expired
        | BounceClass::System
        | BounceClass::Network
        | BounceClass::Greylist => BounceKind::Transient,
        BounceClass::Rate
        | BounceClass::Size
        | BounceClass::Content
        | BounceClass::Spam
        | BounceClass::Blocked
        | BounceClass::Auth
        | BounceClass::Policy => BounceKind::Policy,
    }
}

/// The words of a reason, without the names of people and hosts.
fn folded_reason(text: &str) -> String {
    let end = (0..=REASON_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let text = end.and_then(|end| text.get(..end)).unwrap_or_default();
    // IronPort puts these words before every refusal.
    fold(&NAMES.replace_all(text, " ")).replace("unknown address error", "")
}

fn told_by(folded: &str) -> Told {
    let hits = PHRASES.hits(folded);
    let all: Vec<BounceClass> = hits.iter().filter_map(|hit| BounceClass::parse(hit.section)).collect();
    Told {
        strong: all.first().copied(),
        all,
        weak: hits.iter().find_map(|hit| hit.section.strip_prefix("weak ").and_then(BounceClass::parse)),
    }
}

/// Returns whether the words alone name a reason.
pub(crate) fn names_reason(text: &str) -> bool {
    told_by(&folded_reason(text)).strong.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: u16, text: &str, kind: BounceKind, class: BounceClass) {
        assert_eq!(bounce_of_reply(code, text), (kind, class), "{code} {text}");
    }

    #[test]
    fn replies_of_servers_are_told_apart() {
        use BounceKind::{Permanent, Policy, Transient};
        check(550, "5.1.1 <a@x.test>: Recipient address rejected: User unknown", Permanent, BounceClass::UserUnknown);
        check(550, "No such user here", Permanent, BounceClass::UserUnknown);
        check(550, "5.7.1 Recipient address rejected: user not found", Permanent, BounceClass::UserUnknown);
        check(550, "5.4.1 Recipient address rejected: Access denied", Permanent, BounceClass::UserUnknown);
        check(
            554,
            "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            Policy,
            BounceClass::Blocked,
        );
        check(
            550,
            "5.7.26 Unauthenticated email from firma.example is not accepted due to DMARC policy",
            Policy,
            BounceClass::Auth,
        );
        check(552, "5.2.2 Mailbox full", Transient, BounceClass::MailboxFull);
        check(450, "4.2.0 Greylisted, try again in 300 seconds", Transient, BounceClass::Greylist);
        check(552, "5.3.4 Message size exceeds fixed limit", Policy, BounceClass::Size);
        check(550, "5.2.1 The email account that you tried to reach is disabled", Permanent, BounceClass::Inactive);
        check(550, "5.1.2 Host unknown", Permanent, BounceClass::HostUnknown);
        check(421, "4.7.0 Too many messages, slow down", Policy, BounceClass::Rate);
        check(451, "4.3.0 Temporary lookup failure", Transient, BounceClass::System);
        check(550, "no", Permanent, BounceClass::Unknown);
        check(550, "5.7.1 Recipient address rejected: Access denied", Policy, BounceClass::Policy);
        check(550, "5.1.0 Unknown address error 554-'blocked, see dnsbl'", Policy, BounceClass::Blocked);
        check(451, "4.7.1 Please try again later", Transient, BounceClass::Greylist);
        check(550, "5.4.6 Too many hops", Transient, BounceClass::Network);
        check(556, "5.1.10 Domain does not accept mail (nullMX)", Permanent, BounceClass::HostUnknown);
        check(550, "5.2.0 Casella piena", Transient, BounceClass::MailboxFull);
        check(550, "5.1.1 Utilisateur inconnu", Permanent, BounceClass::UserUnknown);
        check(550, "5.1.1 User unknown, mail loop detected", Permanent, BounceClass::UserUnknown);
        check(550, "5.7.26 no such user may send for this domain", Policy, BounceClass::Auth);
    }

    #[test]
    fn codes_are_found_and_addresses_of_hosts_are_not_codes() {
        assert_eq!(enhanced_code("550-5.1.1 gone").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced_code("host 4.5.6.7 said: 550 no"), None);
        assert_eq!(enhanced_code("status 5.7.1. Sorry").as_deref(), Some("5.7.1"));
        assert_eq!(reply_code("said: 550 no such user"), Some(550));
        assert_eq!(reply_code("550 5.1.1 x"), Some(550));
        assert_eq!(reply_code("port 5500"), None);
        assert_eq!(reply_code("we have 550 members"), None);
        assert_eq!(reply_code("the room 450 is free"), None);
        assert_eq!(enhanced_code("Exim 4.96.1 said 550 5.0.0 and 5.1.1").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced_code("build v5.1.1"), None);
    }
}
