//! Normal forms: what a name, a company, a mailbox, a phone number, a place or a profile address says.
//!
//! Each file reads one kind of value. How two of them compare to a level is `people`'s and `firms`'.
//!
//! Invariant: normalizing what is normal changes nothing.

pub(crate) mod company;
pub(crate) mod country;
pub(crate) mod letters;
mod lookup;
pub(crate) mod mailbox;
pub(crate) mod name;
pub(crate) mod nickname;
pub(crate) mod phone;
pub(crate) mod place;
mod plain;
pub(crate) mod profile;
pub(crate) mod title;

/// Returns the words of a text as those of companies' names are written: lower case, no marks, a space between them.
pub(crate) fn company_words(text: &str) -> String {
    plain::words(text)
}
