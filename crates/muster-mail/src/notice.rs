//! The notice of GDPR Art. 14: from facts to a text, from a text to a message.
//!
//! Which facts a notice must state and whether a text states them is `gate`'s; here are the words and the message.
//!
//! Invariant: a [`Letter`] exists only for an order that the contact wall cleared and for a text without a defect.

mod country;
mod letter;
mod template;
mod view;

#[cfg(test)]
pub(crate) use letter::tests::letter_for_tests;
pub use letter::{ComposeError, Letter, Sender, compose, render_text};
pub use template::{TemplateError, Templates};

/// The shipped templates, whose words never count as a sender's own.
pub(crate) const SHIPPED: &[(&str, &str)] =
    &[("de", include_str!("notice/templates/de.txt.j2")), ("en", include_str!("notice/templates/en.txt.j2"))];
