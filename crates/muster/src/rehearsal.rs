//! A rehearsal: the flow on a virtual clock, over sites served on loopback and replies written to the notices sent.
//!
//! Everything between is the real thing: HTTP, the store, the gates, the mails. Nothing here knows the fixtures.

pub(crate) mod page;
pub(crate) mod respondent;
pub(crate) mod site_server;
