//! Whom a reply is about: the notified person, also where somebody else writes for them.
//!
//! Invariant: only what a mail states; who that is in the store is asked elsewhere.

use muster_model::EmailAddress;

use super::dsn;
use super::parse::Mail;
use super::quote::Words;

/// Returns the notified person of a reply: whom the quoted notice went to, or who writes.
pub(super) fn notified(mail: &Mail, words: &Words) -> Option<EmailAddress> {
    quoted_recipient(&words.rest, mail.from.as_ref()).or_else(|| mail.from.clone())
}

/// Finds whom a quoted notice was sent to: the `To:` of its quoted header, or the mailbox that it states.
fn quoted_recipient(quoted: &str, from: Option<&EmailAddress>) -> Option<EmailAddress> {
    const TO: &[&str] = &["to", "an", "à", "para", "a", "aan", "do"];
    const STATED: &[&str] = &["work e-mail", "geschäftliche e-mail"];
    let is_role = |address: &EmailAddress| address.is_role();
    let mut stated = Vec::new();
    for line in quoted.lines().take(2_000) {
        let line = line.trim_start_matches(['>', ' ', '|', '*', '-', '\t']);
        let Some((label, value)) = line.split_once(':') else { continue };
        let label = label.trim_matches(['*', ' ']).to_lowercase();
        if TO.contains(&label.as_str())
            && let Some(address) = dsn::address_in(value).filter(|address| !is_role(address))
        {
            return Some(address);
        }
        if STATED.contains(&label.as_str()) {
            stated.extend(dsn::address_in(value));
        }
    }
    if from.is_some_and(|from| stated.contains(from)) || stated.len() != 1 {
        return None;
    }
    stated.pop()
}
