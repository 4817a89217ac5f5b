//! The notice of GDPR Art. 14: from facts to a text, from a text to a message.
//!
//! Which facts a notice must state and whether a text states them is `gate`'s; here are the words and the message.
//!
//! Invariant: a [`Letter`] exists only for an order that the contact wall cleared and for a text without a defect.

mod country;
mod html;
mod letter;
mod paper;
mod sample;
mod template;
mod view;
mod words;

#[cfg(test)]
mod language_tests;

#[cfg(test)]
pub(crate) use letter::tests::{letter_for_tests, paper_for_tests};
pub use letter::{ComposeError, Composed, Letter, Sender, compose, render_html, render_text};
pub use paper::{PaperLetter, PaperStyle};
pub(crate) use template::subject_and_text;
pub use template::{TemplateError, Templates};
pub(crate) use words::date_text;

/// The shipped templates, whose words never count as a sender's own.
pub(crate) const SHIPPED: &[(&str, &str)] = &[
    ("de", include_str!("notice/templates/de.txt.j2")),
    ("en", include_str!("notice/templates/en.txt.j2")),
    ("es", include_str!("notice/templates/es.txt.j2")),
    ("fr", include_str!("notice/templates/fr.txt.j2")),
    ("it", include_str!("notice/templates/it.txt.j2")),
    ("nl", include_str!("notice/templates/nl.txt.j2")),
    ("pl", include_str!("notice/templates/pl.txt.j2")),
];
