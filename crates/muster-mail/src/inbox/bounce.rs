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
pub(crate) static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::compile(&[("bounce", include_str!("phrases/bounce.txt"))]));

static ENHANCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.(?:\D|$)|$)").expect("constant pattern")
});

static REPLY_CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\d.])([45][0-5]\d)(?:[ -][^\d]|[ -][245]\.\d|$)").expect("constant pattern"));

/// Finds an enhanced status code (RFC 3463) in a text; no part of an IP address.
pub(crate) fn enhanced_code(text: &str) -> Option<String> {
    ENHANCED.captures(text)?.get(1).map(|code| code.as_str().to_owned())
}

/// Finds an SMTP reply code in a text.
pub(crate) fn reply_code(text: &str) -> Option<u16> {
    REPLY_CODE.captures(text)?.get(1)?.as_str().parse().ok()
}

/// Reads the reply of a server in a conversation of our own.
pub(crate) fn bounce_of_reply(code: u16, text: &str) -> (BounceKind, BounceClass) {
    let status = enhanced_code(text).unwrap_or_else(|| format!("{}.0.0", code / 100));
    let class = class_of(Some(&status), text);
    (kind_of(class, status.starts_with('5')), class)
}

/// Decides the class from a status code and the server's words.
pub(crate) fn class_of(status: Option<&str>, text: &str) -> BounceClass {
    let by_status = status.map_or(BounceClass::Unknown, class_of_status);
    let by_text = class_of_text(text);
    match by_text {
        // These say that the refusal is about us, whatever code goes with it.
        Some(told @ (BounceClass::Spam | BounceClass::Blocked | BounceClass::Auth | BounceClass::Greylist)) => told,
        Some(told) if is_vague(status, by_status) => told,
        Some(_) | None => by_status,
    }
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

/// Returns the first class whose phrases the text holds, in the order of the file.
pub(crate) fn class_of_text(text: &str) -> Option<BounceClass> {
    let folded = fold(text);
    PHRASES.hits(&folded).iter().find_map(|hit| BounceClass::parse(hit.section))
}

/// Returns whether servers use the code for nearly everything.
fn is_vague(status: Option<&str>, class: BounceClass) -> bool {
    let Some((_, detail)) = status.and_then(|status| status.split_once('.')) else { return true };
    class == BounceClass::Unknown
        || ["0.0", "1.0", "2.0", "3.0", "4.0", "4.1", "4.4", "5.0", "5.1", "5.2", "5.4", "6.0", "7.0", "7.1", "7.129"]
            .contains(&detail)
}

fn class_of_status(status: &str) -> BounceClass {
    let mut parts = status.splitn(3, '.').skip(1).map(|part| part.parse::<u16>().unwrap_or_default());
    let (subject, detail) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match (subject, detail) {
        (1, 1 | 3 | 4 | 10) => BounceClass::UserUnknown,
        (1, 2) | (4, 4 | 310) => BounceClass::HostUnknown,
        (1, 6) => BounceClass::Moved,
        (2, 1) => BounceClass::Inactive,
        (2, 2) => BounceClass::MailboxFull,
        (2, 3) | (3, 4) => BounceClass::Size,
        (3 | 5, _) | (4, 3 | 5 | 6 | 14) => BounceClass::System,
        (4, 7 | 316) => BounceClass::Expired,
        (4, 1 | 2 | 300..=399) => BounceClass::Network,
        (6, _) => BounceClass::Content,
        (7, 8 | 9 | 20..=27 | 515 | 509) => BounceClass::Auth,
        (7, 606..=649 | 511) => BounceClass::Blocked,
        (1, 7 | 8) | (7, _) => BounceClass::Policy,
        _ => BounceClass::Unknown,
    }
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
    }

    #[test]
    fn codes_are_found_and_addresses_of_hosts_are_not_codes() {
        assert_eq!(enhanced_code("550-5.1.1 gone").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced_code("host 4.5.6.7 said: 550 no"), None);
        assert_eq!(enhanced_code("status 5.7.1. Sorry").as_deref(), Some("5.7.1"));
        assert_eq!(reply_code("said: 550 no such user"), Some(550));
        assert_eq!(reply_code("550 5.1.1 x"), Some(550));
        assert_eq!(reply_code("port 5500"), None);
    }
}
