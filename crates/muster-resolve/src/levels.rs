//! The comparisons and their levels, by name: the vocabulary that code, model document and explanation share.
//!
//! What a level weighs stands in the model document; when a pair is on it is decided in `people` and `firms`. A pair of
//! which one side lacks the value is on no level and weighs nothing.
//!
//! Invariant: names are stable and never hold a value; levels count from 1 in this order.

/// Under which condition a level can be met, so that its u is the share among the pairs that meet the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// Always.
    Any = 0,
    /// Where the two have one employer.
    Colleagues = 1,
    /// Where they have not, or it is not known.
    Others = 2,
    /// Where they have one employer and one name, or stand on one page: never among random pairs and hard to learn, so
    /// both probabilities stand in the document.
    Namesakes = 3,
}

/// One level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelSpec {
    pub(crate) name: &'static str,
    pub(crate) context: Context,
}

/// A comparison's name and its levels, in the order of their enum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComparisonSpec {
    pub(crate) name: &'static str,
    pub(crate) levels: &'static [LevelSpec],
}

macro_rules! comparisons {
    (
        $(#[$all_doc:meta])* $all:ident, $(#[$index_doc:meta])* $index:ident;
        $($(#[$doc:meta])* $variant:ident, $name:ident = $text:literal {
            $($(#[$level_doc:meta])* $level:ident = $level_text:literal $context:ident,)+
        })+
    ) => {
        $(#[$index_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $index { $($(#[$doc])* $variant,)+ }

        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum $name {
            /// A side lacks the value.
            Missing,
            $($(#[$level_doc])* $level,)+
        })+

        $(#[$all_doc])*
        pub(crate) const $all: &[ComparisonSpec] = &[
            $(ComparisonSpec {
                name: $text,
                levels: &[$(LevelSpec { name: $level_text, context: Context::$context },)+],
            },)+
        ];
    };
}

comparisons! {
    /// How two mentions of people are compared.
    PERSON,
    /// The comparisons of people.
    PersonComparison;
    /// Family names.
    Family, FamilyLevel = "family_name" {
        /// One name, however it is spelled or ordered.
        Exact = "exact" Any,
        /// Double names that share a part, or a former name.
        Part = "shares_a_part" Any,
        /// A spelling variant or a slip.
        Close = "close" Any,
        /// One is the initial of the other.
        Initial = "initial" Any,
        /// Nothing in common.
        Different = "different" Any,
    }
    /// Given names.
    Given, GivenLevel = "given_name" {
        /// The first given name is the same.
        Exact = "exact" Any,
        /// A short form or a spelling variant.
        Variant = "variant" Any,
        /// One is only the initial of the other.
        Initial = "initial" Any,
        /// So is it, but several people of that company share it.
        InitialAmbiguous = "initial_of_several" Any,
        /// One is a further given name of the other.
        Further = "further_name" Any,
        /// Nearly the same letters.
        Close = "close" Any,
        /// The first is the same, the second another.
        SecondDiffers = "second_name_differs" Namesakes,
        /// Nothing in common.
        Different = "different" Any,
    }
    /// Mailboxes.
    Email, EmailLevel = "email" {
        /// A personal mailbox in common.
        SameMailbox = "same_mailbox" Any,
        /// So is one, but the names say that two people use it.
        SameMailboxOtherName = "same_mailbox_other_name" Any,
        /// Mailboxes that differ in dots or a tag only.
        Alias = "alias" Any,
        /// The same local part, not made from the name, in different domains.
        SameLocalPart = "same_local_part" Any,
        /// A function's mailbox in common.
        SameRole = "same_role_mailbox" Any,
        /// Personal mailboxes in different domains.
        OtherDomain = "other_domain" Others,
        /// Two personal mailboxes in one company's domain that are made of one name in two ways.
        OtherForm = "other_form_same_domain" Namesakes,
        /// Two personal mailboxes in one company's domain.
        OtherMailbox = "other_mailbox_same_domain" Colleagues,
    }
    /// Employers.
    Employer, EmployerLevel = "employer" {
        /// One company.
        Same = "same" Any,
        /// Companies of one group.
        SameGroup = "same_group" Any,
        /// Different companies, seen within a year.
        Different = "different" Any,
        /// Different companies, seen more than a year apart.
        DifferentLater = "different_years_apart" Any,
    }
    /// Phone numbers.
    Phone, PhoneLevel = "phone" {
        /// A number that nobody else at the employer has.
        SameDirect = "same_direct" Colleagues,
        /// A number that a few have.
        SameShared = "same_shared_by_few" Colleagues,
        /// A switchboard.
        SameSwitchboard = "same_switchboard" Colleagues,
        /// Another extension of one exchange.
        SameExchange = "same_exchange" Colleagues,
        /// Different numbers.
        Different = "different" Colleagues,
        /// A number in common, though the employer is another or unknown, that hardly anybody has.
        SameElsewhere = "same_other_employer" Others,
        /// A number in common that several have.
        SharedElsewhere = "shared_other_employer" Others,
        /// Different numbers.
        DifferentElsewhere = "different_other_employer" Others,
    }
    /// Profile addresses.
    Profile, ProfileLevel = "profile" {
        /// One profile.
        Same = "same" Any,
        /// Two profiles on one platform.
        OtherOnSameHost = "other_on_same_host" Any,
    }
    /// Job titles.
    Title, TitleLevel = "job_title" {
        /// The same words.
        Same = "same" Any,
        /// The same said otherwise: another language, an abbreviation.
        Translation = "translation" Any,
        /// One department.
        SameDepartment = "same_department" Any,
        /// Words in common.
        Related = "related" Any,
        /// Other words.
        Different = "different" Any,
    }
    /// Work addresses.
    Place, PlaceLevel = "place" {
        /// One site of the employer.
        SameSite = "same_site" Colleagues,
        /// Two sites of the employer.
        OtherSite = "other_site" Colleagues,
        /// One street or postal code.
        SamePostcode = "same_postcode" Others,
        /// One city.
        SameCity = "same_city" Others,
        /// Different cities.
        Different = "different" Others,
        /// Different countries.
        OtherCountry = "other_country" Others,
    }
    /// Whether the employer is known to have several people of that name.
    Namesakes, NamesakeLevel = "namesakes" {
        /// None is known.
        None = "none_known" Namesakes,
        /// Different mailboxes or profiles of that name are known there.
        Several = "several_known" Namesakes,
        /// The family name only: colleagues may be kin.
        Kin = "same_family_name_only" Namesakes,
    }
    /// The pages the mentions stand on.
    Page, PageLevel = "page" {
        /// One page says different things: it lists two people.
        OtherContent = "same_page_other_content" Namesakes,
    }
}

comparisons! {
    /// How two mentions of companies are compared, for the legal entity and for the group alike.
    COMPANY,
    /// The comparisons of companies.
    CompanyComparison;
    /// Names without the legal form.
    Name, CompanyNameLevel = "company_name" {
        /// One name; of units, one of the main names of both.
        Exact = "exact" Any,
        /// One name, one side of which has a word of place; of units, a name that one of them rarely has.
        AlsoNamed = "also_named" Any,
        /// One name but for words of place.
        OtherGeography = "other_geography" Any,
        /// One name but for general words (`Holding`, `Services`).
        OtherGeneric = "other_general_words" Any,
        /// The initials of the other.
        Acronym = "acronym" Any,
        /// One is the first word of the other, and that word says which company it is.
        Contains = "contains" Any,
        /// The same first word before others, one side never being called by it alone.
        SharedBrand = "shared_first_word" Any,
        /// Nearly the same letters.
        Close = "close" Any,
        /// A rare word in common.
        SharedWord = "shared_rare_word" Any,
        /// Nothing in common.
        Different = "different" Any,
    }
    /// Legal forms.
    LegalForm, LegalFormLevel = "legal_form" {
        /// One form.
        Same = "same" Any,
        /// Only one side states a form.
        OneSided = "one_side_only" Any,
        /// Different forms.
        Different = "different" Any,
        /// Different forms, of different countries.
        OtherCountry = "other_country" Any,
    }
    /// Web domains.
    Domain, DomainLevel = "domain" {
        /// One domain.
        Same = "same" Any,
        /// One name under different endings.
        SameLabel = "same_label" Any,
        /// The domain of the one holds the name of the other.
        FitsName = "fits_the_other_name" Any,
        /// Different domains.
        Different = "different" Any,
    }
    /// Register entries and VAT numbers.
    Register, RegisterLevel = "register" {
        /// One entry.
        Same = "same" Any,
        /// Different entries.
        Different = "different" Any,
    }
    /// Phone numbers.
    Phone, CompanyPhoneLevel = "phone" {
        /// A number in common.
        Same = "same" Any,
        /// Numbers of one exchange.
        SameExchange = "same_exchange" Any,
        /// Different numbers.
        Different = "different" Any,
    }
    /// Mailboxes.
    Email, CompanyEmailLevel = "email" {
        /// One mailbox.
        Same = "same" Any,
    }
    /// Seats.
    Place, CompanyPlaceLevel = "place" {
        /// One street or postal code.
        SamePostcode = "same_postcode" Any,
        /// One city.
        SameCity = "same_city" Any,
        /// Different cities of one country.
        Different = "different" Any,
        /// Different countries.
        OtherCountry = "other_country" Any,
    }
    /// People who are named at both.
    People, CompanyPeopleLevel = "people" {
        /// Two or more.
        Several = "several_in_common" Any,
        /// One.
        One = "one_in_common" Any,
    }
}
