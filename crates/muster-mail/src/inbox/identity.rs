//! Who a mail is about, by which way that is known, and how sure.
//!
//! Whether an address or a token is on record is asked where the store is; here counts what the mail itself shows.
//!
//! Invariant: a score is for a person to read and for thresholds; no objection waits for it.

use muster_model::EmailAddress;
use serde::Serialize;

use super::authentication::Authentication;

/// The way by which the notified person is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The tag of our reply address, or the reference of the notice.
    Token,
    /// Our Message-ID, in the headers of an answer or in what it forwards.
    Thread,
    /// The return path of our notice.
    Verp,
    /// The notice that is quoted, forwarded or attached says whom it went to.
    Original,
    /// The words name the address.
    Named,
    /// Nothing but the address of whoever wrote.
    Address,
}

impl Way {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Thread => "thread",
            Self::Verp => "verp",
            Self::Original => "original",
            Self::Named => "named",
            Self::Address => "address",
        }
    }
}

/// Who a mail is about, as far as it shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Identity {
    /// The best way; `None` where a mail shows nobody.
    pub by: Option<Way>,
    /// How sure that is, 0 to 1.
    pub score: f64,
}

/// What a score is made of.
pub(super) struct Signs<'a> {
    pub(super) token: Option<Way>,
    pub(super) recipient: Option<(&'a EmailAddress, Way)>,
    pub(super) from: Option<&'a EmailAddress>,
    pub(super) authentication: Authentication,
}

impl Identity {
    /// Nobody is shown.
    pub(super) const NOBODY: Self = Self { by: None, score: 0.0 };

    /// Weighs the signs.
    ///
    /// A token was sent to one mailbox only, so whoever has it can read that mailbox or was handed the notice. An
    /// address alone is whatever its writer typed; a checked one is worth more, a failed check less.
    pub(super) fn of(signs: &Signs<'_>) -> Self {
        let Some(by) = signs.token.or(signs.recipient.map(|(_, way)| way)) else { return Self::NOBODY };
        let writes_himself = signs.recipient.is_some_and(|(address, _)| Some(address) == signs.from);
        let base = match by {
            Way::Token | Way::Thread if writes_himself => 0.99,
            Way::Token | Way::Thread | Way::Verp => 0.9,
            Way::Original => 0.7,
            Way::Address => 0.6,
            Way::Named => 0.4,
        };
        let score: f64 = match signs.authentication {
            Authentication::Pass if writes_himself && by == Way::Address => 0.85,
            Authentication::Fail if signs.token.is_some() => base - 0.2,
            Authentication::Fail => base / 2.0,
            Authentication::Pass | Authentication::None | Authentication::Unknown => base,
        };
        Self { by: Some(by), score: (score * 100.0).round() / 100.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_more_than_an_address_and_a_failed_check_less() {
        let kim = EmailAddress::parse("kim@werft.example").unwrap();
        let other = EmailAddress::parse("kim@privat.example").unwrap();
        let score = |token, way, from, authentication| {
            Identity::of(&Signs { token, recipient: Some((&kim, way)), from: Some(from), authentication }).score
        };
        let plain = Authentication::Unknown;
        let token = score(Some(Way::Token), Way::Address, &kim, plain);
        let handed_on = score(Some(Way::Token), Way::Original, &other, plain);
        let checked = score(None, Way::Address, &kim, Authentication::Pass);
        let address = score(None, Way::Address, &kim, plain);
        let forged = score(None, Way::Address, &kim, Authentication::Fail);
        assert!(token > handed_on && handed_on > checked && checked > address && address > forged);
        let nobody = Signs { token: None, recipient: None, from: None, authentication: plain };
        assert_eq!(Identity::of(&nobody), Identity::NOBODY);
    }
}
