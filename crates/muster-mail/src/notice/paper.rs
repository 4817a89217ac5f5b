//! The letter on paper: a rendered, checked notice as pages for an envelope with a window.
//!
//! How the pages look is `print`'s, where they lie is `send`'s.
//!
//! Invariant: as for mail, there is no [`PaperLetter`] with a defect, and none for somebody whom the contact wall did not
//! clear.

use std::fmt;

use jiff::civil::Date;
use muster_gate::{
    NoticeFacts, PostalAddress, Residence, SuppressionHit, SuppressionList, notice_language, person_keys,
};
use muster_model::{Master, NoticeToken, SecretKey};

use super::country::{country_name, with_country};
use super::letter::{ComposeError, Rendered};
use super::view::one_line;
use super::words::{date_text, reference_text};
use crate::print::{Sheet, Window, print};

/// How letters on paper are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperStyle {
    /// Where the envelope has its window.
    pub window: Window,
    /// The sender on the line above the address; none for the controller's name and address.
    pub sender_line: Option<String>,
    /// The day that the letter states.
    pub date: Date,
}

/// A notice on paper: one person, one text, one PDF.
///
/// Only [`compose`](super::compose) makes one. It is not `Clone` and prints nothing of the person.
pub struct PaperLetter {
    token: NoticeToken,
    rendered: Rendered,
    lines: Vec<String>,
    country: String,
    date: Date,
    pdf: Vec<u8>,
    page_count: usize,
    master: Master,
}

impl PaperLetter {
    /// Sets a checked text on paper.
    pub(super) fn set(
        token: NoticeToken,
        address: &PostalAddress,
        master: Master,
        facts: &NoticeFacts,
        rendered: Rendered,
        style: &PaperStyle,
    ) -> Result<Self, ComposeError> {
        let controller = &facts.controller;
        let own = with_country(&controller.address, &controller.country, &facts.lang);
        let own = || one_line(&format!("{}, {own}", controller.legal_name));
        let sender = style.sender_line.clone().unwrap_or_else(own);
        let mut lines = address.lines().to_vec();
        lines.extend(country_line(address.country(), &controller.country));
        let aside = [date_text(style.date, &facts.lang), reference_text(&facts.lang), token.as_str().to_owned()];
        let printed = print(&Sheet {
            sender: &sender,
            address: &lines,
            aside: &aside,
            subject_line: &rendered.subject_line,
            text: &rendered.text,
            lang: &facts.lang,
            window: style.window,
        })?;
        let (pdf, page_count) = (printed.pdf, printed.page_count);
        let country = address.country().to_owned();
        Ok(Self { token, rendered, lines, country, date: style.date, pdf, page_count, master })
    }

    /// Returns the token of the notice.
    pub const fn token(&self) -> &NoticeToken {
        &self.token
    }

    /// Returns what was rendered.
    pub(super) const fn rendered(&self) -> &Rendered {
        &self.rendered
    }

    /// Returns the language, ISO 639-1.
    pub fn lang(&self) -> &str {
        &self.rendered.lang
    }

    /// Returns the pages.
    pub fn pdf(&self) -> &[u8] {
        &self.pdf
    }

    /// Returns how many pages there are.
    pub const fn page_count(&self) -> usize {
        self.page_count
    }

    /// Returns the lines of the address as they stand in the window.
    pub fn address_lines(&self) -> &[String] {
        &self.lines
    }

    /// Returns the country that it goes to, ISO 3166-1.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// Returns the day that it states.
    pub const fn date(&self) -> Date {
        self.date
    }

    /// Returns whether the list names its person, or may name them.
    pub(crate) fn is_suppressed(&self, list: &SuppressionList, key: &SecretKey) -> bool {
        match list.check(&person_keys(&self.master, key)) {
            SuppressionHit::Suppressed(_) | SuppressionHit::Doubtful(_) => true,
            SuppressionHit::Clear | SuppressionHit::PhoneOnly => false,
        }
    }

    /// Returns the letter as a person reads it: address, subject line, text.
    pub fn shown(&self) -> String {
        shown_on_paper(&self.lines, &self.rendered.subject_line, &self.rendered.text)
    }
}

impl fmt::Debug for PaperLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaperLetter").field("token", &self.token).finish_non_exhaustive()
    }
}

/// A letter on paper as plain text.
pub(crate) fn shown_on_paper(lines: &[String], subject_line: &str, text: &str) -> String {
    format!("To: {}\nSubject: {subject_line}\n\n{text}", lines.join("\n    "))
}

/// The line with the country, where the letter goes abroad: in capitals, in a language of the country that it is posted
/// in, else in English, as the Universal Postal Union asks.
fn country_line(to: &str, from: &str) -> Option<String> {
    if to.eq_ignore_ascii_case(from.trim()) {
        return None;
    }
    let known = ["en", "de", "fr", "es", "it", "nl", "pl"].map(str::to_owned);
    let residence = Residence { country: Some(from), ..Residence::default() };
    let lang = notice_language(&residence, &known).unwrap_or_else(|_| "en".to_owned());
    Some(country_name(to, &lang).to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_is_named_abroad_only_and_in_a_language_of_the_sender() {
        assert_eq!(country_line("DE", "DE"), None);
        assert_eq!(country_line("AT", "DE").as_deref(), Some("ÖSTERREICH"));
        assert_eq!(country_line("DE", "FR").as_deref(), Some("ALLEMAGNE"));
        assert_eq!(country_line("DE", "SE").as_deref(), Some("GERMANY"));
    }
}
