//! On which level two ways to name a company, or two units, are.
//!
//! Invariant: levels are symmetric.

use super::units::UnitName;
use super::{Firm, Firms};
use crate::levels::{
    CompanyEmailLevel, CompanyNameLevel, CompanyPhoneLevel, CompanyPlaceLevel, DomainLevel, LegalFormLevel,
    RegisterLevel,
};
use crate::read;

/// A word in the names of more units than this is not rare.
const RARE_NAMES_MAX: u32 = 8;

/// Whether two names share a word that few have.
pub(super) fn is_rare(firms: &Firms, x: &UnitName, y: &UnitName) -> bool {
    let rare =
        |word: u32| word != 0 && firms.word_names.get(word as usize).is_some_and(|&count| count <= RARE_NAMES_MAX);
    x.words.iter().any(|&word| rare(word) && y.words.contains(&word) && !read::is_common_word(firms.text(word)))
}

/// Names of companies of one group.
pub(super) fn name(firms: &Firms, a: &Firm, b: &Firm) -> CompanyNameLevel {
    if a.core == 0 || b.core == 0 {
        return CompanyNameLevel::Missing;
    }
    let is = |left: u32, right: u32| left != 0 && left == right;
    if a.core == b.core {
        return if a.generic != b.generic {
            CompanyNameLevel::OtherGeneric
        } else if a.geography == b.geography {
            CompanyNameLevel::Exact
        } else if a.geography == 0 || b.geography == 0 {
            CompanyNameLevel::AlsoNamed
        } else {
            CompanyNameLevel::OtherGeography
        };
    }
    if is(a.other, b.core) || is(b.other, a.core) || is(a.other, b.other) {
        return CompanyNameLevel::Exact;
    }
    if a.is_acronym && is(a.core, b.acronym) || b.is_acronym && is(b.core, a.acronym) {
        return CompanyNameLevel::Acronym;
    }
    let is_bare = |firm: &Firm| firm.core == firm.first_word && firm.generic == 0 && firm.geography == 0;
    if is(a.first_word, b.first_word) {
        let (x, y) = (firms.text(a.core), firms.text(b.core));
        return if is_bare(a) || is_bare(b) {
            CompanyNameLevel::Contains
        } else if x.starts_with(y) || y.starts_with(x) {
            CompanyNameLevel::SharedWord
        } else if read::is_one_slip(x, y) {
            CompanyNameLevel::Close
        } else {
            CompanyNameLevel::SharedBrand
        };
    }
    if read::is_one_slip(firms.text(a.core), firms.text(b.core)) {
        CompanyNameLevel::Close
    } else {
        CompanyNameLevel::Different
    }
}

/// Where a company is on the web, as numbers, 0 for none: its site's domain, its mail's, the label before the suffix.
#[derive(Clone, Copy)]
pub(super) struct Web {
    pub(super) domain: u32,
    pub(super) mail_domain: u32,
    pub(super) label: u32,
}

/// Compares two places on the web; `fits` is asked where one is not known.
pub(super) fn web(a: Web, b: Web, fits: impl FnOnce() -> bool) -> DomainLevel {
    if a.domain != 0 && b.domain != 0 {
        let other =
            |x: Web, y: Web| x.mail_domain != 0 && (x.mail_domain == y.domain || x.mail_domain == y.mail_domain);
        return if a.domain == b.domain || other(a, b) || other(b, a) {
            DomainLevel::Same
        } else if a.label == b.label {
            DomainLevel::SameLabel
        } else {
            DomainLevel::Different
        };
    }
    if fits() { DomainLevel::FitsName } else { DomainLevel::Missing }
}

pub(super) fn domain(a: &Firm, b: &Firm) -> DomainLevel {
    let of = |firm: &Firm| Web { domain: firm.domain, mail_domain: firm.mail_domain, label: firm.label };
    let fits = |with: &Firm, named: &Firm| {
        let is = |text: u32| text != 0 && with.label == text;
        with.domain != 0 && (is(named.core) || is(named.acronym))
    };
    web(of(a), of(b), || fits(a, b) || fits(b, a))
}

/// Mailboxes as numbers, 0 for none; another mailbox says nothing, as a company has many.
pub(super) fn email(a: u32, b: u32) -> CompanyEmailLevel {
    if a != 0 && a == b { CompanyEmailLevel::Same } else { CompanyEmailLevel::Missing }
}

pub(super) fn form(a: &Firm, b: &Firm) -> LegalFormLevel {
    match (a.form, b.form) {
        (0, 0) => LegalFormLevel::Missing,
        (0, _) | (_, 0) => LegalFormLevel::OneSided,
        (x, y) if x == y => LegalFormLevel::Same,
        _ if a.form_country != b.form_country && a.form_country != 0 && b.form_country != 0 => {
            LegalFormLevel::OtherCountry
        }
        _ => LegalFormLevel::Different,
    }
}

pub(super) fn register(a: &Firm, b: &Firm) -> RegisterLevel {
    let both = |x: u32, y: u32| (x != 0 && y != 0).then_some(x == y);
    match (both(a.register, b.register), both(a.vat, b.vat)) {
        (Some(true), _) | (_, Some(true)) => RegisterLevel::Same,
        (Some(false), _) | (_, Some(false)) => RegisterLevel::Different,
        (None, None) => RegisterLevel::Missing,
    }
}

pub(super) fn phone(a: &Firm, b: &Firm) -> CompanyPhoneLevel {
    phones((a.phone, a.exchange), (b.phone, b.exchange))
}

/// Compares two numbers with their exchanges, 0 for none.
pub(super) fn phones(a: (u32, u32), b: (u32, u32)) -> CompanyPhoneLevel {
    if a.0 == 0 || b.0 == 0 {
        CompanyPhoneLevel::Missing
    } else if a.0 == b.0 {
        CompanyPhoneLevel::Same
    } else if a.1 == b.1 {
        CompanyPhoneLevel::SameExchange
    } else {
        CompanyPhoneLevel::Different
    }
}

/// Places as country, postal code and city.
pub(super) fn place(a: [u32; 3], b: [u32; 3]) -> CompanyPlaceLevel {
    let both = |at: usize| (a[at] != 0 && b[at] != 0).then_some(a[at] == b[at]);
    if both(0) == Some(false) {
        return CompanyPlaceLevel::OtherCountry;
    }
    match (both(1), both(2)) {
        (Some(true), _) => CompanyPlaceLevel::SamePostcode,
        (_, Some(true)) => CompanyPlaceLevel::SameCity,
        (_, Some(false)) | (Some(false), None) => CompanyPlaceLevel::Different,
        (None, None) => CompanyPlaceLevel::Missing,
    }
}
