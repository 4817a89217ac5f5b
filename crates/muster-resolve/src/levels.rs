//! The comparisons and their levels, by name: the vocabulary that code, model document and explanation share.
//!
//! What a level weighs stands in the model document; when a pair is on it is decided in `compare`. A pair of which
//! one side lacks the value is on no level and weighs nothing.
//!
//! Invariant: names are stable and never hold a value.

/// A comparison's name and the names of its levels, in the order of their enum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComparisonSpec {
    pub(crate) name: &'static str,
    pub(crate) levels: &'static [&'static str],
}

macro_rules! comparisons {
    (
        $(#[$all_doc:meta])* $all:ident;
        $($(#[$doc:meta])* $name:ident = $text:literal {
            $($(#[$level_doc:meta])* $level:ident = $level_text:literal,)+
        })+
    ) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$level_doc])* $level,)+ })+

        $(#[$all_doc])*
        pub(crate) const $all: &[ComparisonSpec] = &[
            $(ComparisonSpec { name: $text, levels: &[$($level_text,)+] },)+
        ];
    };
}

comparisons! {
    /// How two mentions of people are compared.
    PERSON;
    /// Family names.
    FamilyLevel = "family_name" {
        /// One name, however it is spelled or ordered.
        Exact = "exact",
        /// Double names that share a part.
        Part = "shares_a_part",
        /// A spelling variant or a slip.
        Close = "close",
        /// Nothing in common.
        Different = "different",
    }
    /// Given names.
    GivenLevel = "given_name" {
        /// The first given name is the same.
        Exact = "exact",
        /// A short form or a spelling variant.
        Variant = "variant",
        /// One is only the initial of the other.
        Initial = "initial",
        /// So is it, but several people of that company share it.
        InitialAmbiguous = "initial_of_several",
        /// One is a further given name of the other.
        Middle = "further_name",
        /// Nearly the same letters.
        Close = "close",
        /// The first is the same, the second another.
        SecondDiffers = "second_name_differs",
        /// Nothing in common.
        Different = "different",
    }
    /// Mailboxes.
    EmailLevel = "email" {
        /// A personal mailbox in common.
        SameMailbox = "same_mailbox",
        /// So is one, but the given names say that two people use it.
        SameMailboxOtherName = "same_mailbox_other_given_name",
        /// Mailboxes that differ in dots or a tag only.
        Alias = "alias",
        /// The same local part, not made from the name, in different domains.
        SameLocalPart = "same_local_part",
        /// A function's mailbox in common.
        SameRole = "same_role_mailbox",
        /// Personal mailboxes in different domains.
        OtherDomain = "other_domain",
        /// Two personal mailboxes in one company's domain.
        OtherMailbox = "other_mailbox_same_domain",
    }
    /// Employers.
    EmployerLevel = "employer" {
        /// One company, by domain or by name.
        Same = "same",
        /// Names that resemble or contain one another.
        Similar = "similar",
        /// Different companies.
        Different = "different",
    }
    /// Phone numbers.
    PhoneLevel = "phone" {
        /// A number that nobody else has.
        SameDirect = "same_direct",
        /// A number that two people have.
        SameShared = "same_shared_by_few",
        /// A switchboard.
        SameSwitchboard = "same_switchboard",
        /// Different numbers.
        Different = "different",
    }
    /// Profile addresses.
    ProfileLevel = "profile" {
        /// One profile.
        Same = "same",
        /// Two profiles on one platform.
        OtherOnSameHost = "other_on_same_host",
    }
    /// Job titles.
    TitleLevel = "job_title" {
        /// The same words.
        Same = "same",
        /// Words in common.
        Similar = "similar",
        /// Other words.
        Different = "different",
    }
    /// Work addresses.
    PlaceLevel = "place" {
        /// One street and house.
        SameAddress = "same_address",
        /// One postal code.
        SamePostcode = "same_postcode",
        /// One city.
        SameCity = "same_city",
        /// Different cities.
        Different = "different",
        /// Different countries.
        OtherCountry = "other_country",
    }
    /// The pages the mentions stand on.
    PageLevel = "page" {
        /// One page says different things: it lists two people.
        OtherContent = "same_page_other_content",
    }
}

comparisons! {
    /// How two mentions of companies are compared.
    COMPANY;
    /// Names without the legal form.
    CompanyNameLevel = "company_name" {
        /// One distinctive name.
        ExactLong = "exact_distinctive",
        /// One short name, which several companies may have.
        ExactShort = "exact_short",
        /// One name holds the other.
        Contains = "contains",
        /// Nearly the same letters.
        Close = "close",
        /// Nothing in common.
        Different = "different",
    }
    /// Legal forms.
    LegalFormLevel = "legal_form" {
        /// One form.
        Same = "same",
        /// One form is part of the other.
        Part = "part",
        /// Different forms.
        Different = "different",
    }
    /// Web domains.
    DomainLevel = "domain" {
        /// One domain.
        Same = "same",
        /// Different domains.
        Different = "different",
    }
    /// Entries in the commercial register.
    RegisterLevel = "register_number" {
        /// One entry.
        Same = "same",
        /// Different entries.
        Different = "different",
    }
    /// VAT identification numbers.
    VatLevel = "vat_id" {
        /// One number.
        Same = "same",
        /// Different numbers.
        Different = "different",
    }
    /// Phone numbers.
    CompanyPhoneLevel = "phone" {
        /// A number that only this name uses.
        Same = "same",
        /// A number that several names use.
        SameShared = "same_shared",
        /// Different numbers.
        Different = "different",
    }
    /// Mailboxes.
    CompanyEmailLevel = "email" {
        /// One mailbox.
        Same = "same",
    }
    /// Seats.
    CompanyPlaceLevel = "place" {
        /// One street and house.
        SameAddress = "same_address",
        /// One postal code.
        SamePostcode = "same_postcode",
        /// One city.
        SameCity = "same_city",
        /// Different cities.
        Different = "different",
        /// Different countries.
        OtherCountry = "other_country",
    }
}
