//! Demo data: contact mentions of invented people at invented companies, with the truth about who is who.
//!
//! A world of company groups, legal entities and people is drawn from a seed; sources with habits of their own then mention the people,
//! with the faults of real data. It knows nothing of how mentions are resolved, and depends on no other crate of the project.
//! Invariant: equal options give equal bytes, on every machine; no mailbox, domain or page is anybody's.

mod company;
mod contact;
mod country;
mod generate;
mod mention;
mod name;
mod people;
mod rates;
mod rng;
mod source;
mod spelling;
mod title;

pub use generate::{MENTIONS_HEADER, Options, Summary, TRUTH_HEADER, generate};
pub use rates::{PROFILES, Rates, UnknownName};
