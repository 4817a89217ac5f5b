//! The closed lists of what a mention may hold: kinds of entity, fields, methods of extraction.
//!
//! Invariant: [`Field`] is the allow-list of rule SF-1 (data minimisation, GDPR 5(1)(c)); there is no field for
//! anything that the law protects.

use serde::{Deserialize, Serialize};

/// What a mention or a MASTER record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A natural person in a business role.
    Person,
    /// A company, authority, association or other organisation.
    Company,
}

impl EntityKind {
    /// Returns the name used in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
        }
    }
}

macro_rules! closed_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every member, in the order in which JSON and tables show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the name used in JSON and configuration.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Finds the member of that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

closed_names! {
    /// A field of a mention and of a MASTER record; the names are those of the mention's JSON.
    Field {
        /// Full name, without salutation and degree; a company's name.
        Name = "name",
        /// Given name or names.
        GivenName = "given_name",
        /// Family name with its particles.
        FamilyName = "family_name",
        /// Academic degree.
        Degree = "degree",
        /// Job title, role or responsibility.
        JobTitle = "job_title",
        /// Name of the employer.
        Company = "company",
        /// Web domain of the employer.
        CompanyDomain = "company_domain",
        /// Business e-mail addresses.
        Emails = "emails",
        /// Business phone numbers, E.164.
        Phones = "phones",
        /// Fax numbers, E.164.
        Faxes = "faxes",
        /// Street and house number of the work address.
        Street = "street",
        /// City of the work address.
        City = "city",
        /// Postal code of the work address.
        Postcode = "postcode",
        /// Country of the work address, ISO 3166-1 alpha-2.
        Country = "country",
        /// Public professional profiles.
        ProfileUrls = "profile_urls",
        /// Legal form of a company.
        LegalForm = "legal_form",
        /// Web domain of a company.
        Domain = "domain",
        /// Court that keeps the company's register.
        RegisterCourt = "register_court",
        /// Number in that register.
        RegisterNumber = "register_number",
        /// VAT identification number of a company.
        VatId = "vat_id",
    }
}

closed_names! {
    /// How a value was found.
    Method {
        /// A JSON-LD block.
        JsonLd = "json-ld",
        /// `itemprop` attributes.
        Microdata = "microdata",
        /// `RDFa` attributes.
        Rdfa = "rdfa",
        /// An h-card or hCard.
        HCard = "h-card",
        /// A vCard file.
        VCard = "vcard",
        /// A legal page (Impressum, mentions légales).
        Imprint = "imprint",
        /// A repeated card.
        Card = "card",
        /// A table row.
        Table = "table",
        /// Running text.
        Prose = "prose",
        /// A `mailto:` or `tel:` link.
        Mailto = "mailto",
        /// A mail signature.
        Signature = "signature",
        /// A PDF file.
        Pdf = "pdf",
        /// A DOCX file.
        Docx = "docx",
        /// A mail file.
        Eml = "eml",
        /// A column of a CSV file.
        Csv = "csv",
        /// A member of a JSON line.
        Jsonl = "jsonl",
        /// Entered by a person.
        Manual = "manual",
    }
}

impl Field {
    /// Whether a mention holds a list of them.
    pub const fn is_list(self) -> bool {
        match self {
            Self::Emails | Self::Phones | Self::Faxes | Self::ProfileUrls => true,
            Self::Name
            | Self::GivenName
            | Self::FamilyName
            | Self::Degree
            | Self::JobTitle
            | Self::Company
            | Self::CompanyDomain
            | Self::Street
            | Self::City
            | Self::Postcode
            | Self::Country
            | Self::LegalForm
            | Self::Domain
            | Self::RegisterCourt
            | Self::RegisterNumber
            | Self::VatId => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for &field in Field::ALL {
            assert_eq!(Field::parse(field.as_str()), Some(field));
        }
        for &method in Method::ALL {
            assert_eq!(Method::parse(method.as_str()), Some(method));
        }
        assert_eq!(Field::parse("religion"), None);
    }
}
