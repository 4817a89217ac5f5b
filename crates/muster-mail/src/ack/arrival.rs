//! When a mail arrived.
//!
//! Invariant: what our own server wrote on top counts before what the sender says.

use mail_parser::MessageParser;
use muster_model::Timestamp;

/// Returns when a mail arrived, by its topmost `Received` header, else by its `Date`; `None` where neither can be read.
///
/// # Law
///
/// GDPR 12(3), rule DL-7: the clock of a request starts when it arrives in our mailbox, not when it is read.
pub fn arrived_at(raw: &[u8]) -> Option<Timestamp> {
    let message = MessageParser::default().parse_headers(raw).filter(|it| !it.parts.is_empty())?;
    let received = message.received_all().next().and_then(mail_parser::Received::date);
    let date = received.or_else(|| message.date().copied()).filter(mail_parser::DateTime::is_valid)?;
    Timestamp::from_second(date.to_timestamp()).ok()
}
