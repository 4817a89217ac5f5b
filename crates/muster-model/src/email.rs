//! An e-mail address that has been parsed, in the form in which two spellings of it compare equal.
//!
//! It covers the addresses that businesses use: a dot-atom local part (RFC 5322, 3.2.3) and a domain name. Quoted
//! local parts and address literals are refused. Whether a mailbox exists is not asked here.
//!
//! Invariant: the text is lower case, its domain is in ASCII (IDNA), and it holds exactly one `@`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an e-mail address; it never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailError {
    /// There is not exactly one `@` with something on both sides.
    Shape,
    /// The local part is too long or holds a character that none may hold.
    LocalPart,
    /// The domain is no domain name with at least two labels.
    Domain,
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "an e-mail address needs one `@` between a mailbox and a domain",
            Self::LocalPart => "the part before the `@` holds a character that a mailbox name cannot hold",
            Self::Domain => "the part behind the `@` is no domain name",
        })
    }
}

impl std::error::Error for EmailError {}

/// Longest local part, in octets (RFC 5321, 4.5.3.1.1).
const LOCAL_PART_BYTES_MAX: usize = 64;

/// Names of mailboxes that belong to a company rather than to a person (RFC 2142 and common practice).
const ROLE_NAMES: &[&str] = &[
    "abuse",
    "accounting",
    "accueil",
    "admin",
    "administration",
    "anfrage",
    "anfragen",
    "apply",
    "apps",
    "bestellung",
    "bewerbung",
    "billing",
    "bonjour",
    "booking",
    "bookings",
    "buchhaltung",
    "buero",
    "büro",
    "career",
    "careers",
    "client",
    "commercial",
    "comptabilite",
    "conference",
    "contact",
    "contacto",
    "contactus",
    "datenschutz",
    "datenschutzbeauftragter",
    "direction",
    "dispo",
    "dpo",
    "dsgvo",
    "einkauf",
    "empfang",
    "enquiries",
    "enquiry",
    "events",
    "export",
    "feedback",
    "finance",
    "gdpr",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hola",
    "hostmaster",
    "hr",
    "impressum",
    "info",
    "information",
    "infos",
    "inquiries",
    "jobs",
    "kanzlei",
    "karriere",
    "kontakt",
    "kundendienst",
    "kundenservice",
    "legal",
    "mail",
    "mailbox",
    "marketing",
    "media",
    "medien",
    "moin",
    "news",
    "newsletter",
    "no-reply",
    "noreply",
    "office",
    "order",
    "orders",
    "partner",
    "partners",
    "personal",
    "post",
    "postmaster",
    "praxis",
    "press",
    "presse",
    "privacy",
    "purchasing",
    "reception",
    "recrutement",
    "rechnung",
    "recht",
    "recruiting",
    "redaktion",
    "rezeption",
    "sales",
    "secretariat",
    "security",
    "sekretariat",
    "service",
    "shop",
    "speakers",
    "support",
    "team",
    "tech",
    "technik",
    "termin",
    "verkauf",
    "vertrieb",
    "verwaltung",
    "webmaster",
    "welcome",
    "werkstatt",
    "zentrale",
];

/// A parsed e-mail address in normal form.
///
/// # Examples
///
/// ```
/// use muster_model::EmailAddress;
/// let address = EmailAddress::parse(" Anna.Beispiel@Bücher.example ")?;
/// assert_eq!(address.as_str(), "anna.beispiel@xn--bcher-kva.example");
/// # Ok::<(), muster_model::EmailError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address and brings it into normal form: trimmed, case folded, domain in ASCII by IDNA (UTS 46).
    ///
    /// # Errors
    ///
    /// [`EmailError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(EmailError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(EmailError::Shape);
        }
        let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        if local.len() > LOCAL_PART_BYTES_MAX || dots || !local.chars().all(allowed) {
            return Err(EmailError::LocalPart);
        }
        let domain = idna::domain_to_ascii_strict(domain.trim_end_matches('.')).map_err(|_| EmailError::Domain)?;
        let last_label = domain.rsplit('.').next().unwrap_or_default();
        if !domain.contains('.') || last_label.len() < 2 || last_label.bytes().all(|b| b.is_ascii_digit()) {
            return Err(EmailError::Domain);
        }
        Ok(Self(format!("{}@{domain}", local.to_lowercase())))
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// Returns the domain, in ASCII.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Returns whether the mailbox is one of a function, such as `info@`, and so the company's rather than a person's.
    pub fn is_role(&self) -> bool {
        let head = self.local_part().split(['.', '-', '_', '+']).next().unwrap_or_default();
        ROLE_NAMES.contains(&self.local_part()) || ROLE_NAMES.contains(&head)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_compare_equal() {
        let address = EmailAddress::parse("Info@Firma.Example.").unwrap();
        assert_eq!(address, EmailAddress::parse("info@firma.example").unwrap());
        assert!(address.is_role());
        assert!(!EmailAddress::parse("ina.fox@firma.example").unwrap().is_role());
    }

    #[test]
    fn what_is_no_address_is_refused_by_part() {
        assert_eq!(EmailAddress::parse("anna"), Err(EmailError::Shape));
        assert_eq!(EmailAddress::parse("@firma.example"), Err(EmailError::Shape));
        assert_eq!(EmailAddress::parse("a b@firma.example"), Err(EmailError::LocalPart));
        assert_eq!(EmailAddress::parse("a..b@firma.example"), Err(EmailError::LocalPart));
        assert_eq!(EmailAddress::parse("anna@localhost"), Err(EmailError::Domain));
        assert_eq!(EmailAddress::parse("anna@127.0.0.1"), Err(EmailError::Domain));
    }
}
