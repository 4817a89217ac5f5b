//! The items of a notice: what GDPR 14 demands (A01 to A22) and how it has to be said (B01 to B09).
//!
//! One table for the templates, the linter and the docs. It holds no words of a notice and reads none.
//!
//! Invariant: which items a notice needs follows from its facts alone.

use std::collections::BTreeSet;

use crate::NoticeFacts;
use crate::policy::EEA;

macro_rules! items {
    ($($name:ident, $code:literal, $legal_ref:literal, $applies:literal, $sentence:literal;)*) => {
        /// One item of a notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Item {
            $(#[doc = $sentence] $name,)*
        }

        impl Item {
            /// Every item, in the order of its code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the stable code, such as `A11`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns the provision that demands it.
            pub const fn legal_ref(self) -> &'static str {
                match self { $(Self::$name => $legal_ref,)* }
            }

            /// Returns when a notice needs it, as a clause.
            pub const fn applies_when(self) -> &'static str {
                match self { $(Self::$name => $applies,)* }
            }

            /// Returns what it demands, as one sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// Finds the item of that code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    };
}

items! {
    ControllerName, "A01", "GDPR 14(1)(a)", "always",
        "The controller is named by its full legal name with its legal form.";
    ControllerContact, "A02", "GDPR 14(1)(a)", "always",
        "The controller's postal address and a monitored mailbox are given.";
    Representative, "A03", "GDPR 14(1)(a), 27", "the controller is established outside the EEA",
        "The representative is named with a contact.";
    DataProtectionOfficer, "A04", "GDPR 14(1)(b), 37", "a data protection officer is appointed",
        "The contact of the data protection officer is given.";
    Purposes, "A05", "GDPR 14(1)(c)", "always",
        "Each purpose is stated in its own concrete sentence.";
    LegalBasis, "A06", "GDPR 14(1)(c), 6(1)", "always",
        "The legal basis is stated with its article.";
    Categories, "A07", "GDPR 14(1)(d)", "always",
        "The categories of data held are named, those and no others.";
    Recipients, "A08", "GDPR 14(1)(e)", "always",
        "The recipients are named.";
    ThirdCountries, "A09", "GDPR 14(1)(f), 44-45", "data are stored or go outside the EEA",
        "Each third country is named, with whether there is an adequacy decision.";
    Safeguards, "A10", "GDPR 14(1)(f), 46", "a transfer rests on no adequacy decision",
        "The safeguard of the transfer is named, with how to get a copy of it.";
    StoragePeriod, "A11", "GDPR 14(2)(a)", "always",
        "The storage period is stated in time, from when it counts.";
    LegitimateInterest, "A12", "GDPR 14(2)(b)", "the basis is 6(1)(f)",
        "The legitimate interest is stated in its own words.";
    Access, "A13", "GDPR 14(2)(c), 15", "always",
        "The right of access is stated.";
    Rectification, "A14", "GDPR 14(2)(c), 16", "always",
        "The right to rectification is stated.";
    Erasure, "A15", "GDPR 14(2)(c), 17", "always",
        "The right to erasure is stated.";
    Restriction, "A16", "GDPR 14(2)(c), 18", "always",
        "The right to restriction of processing is stated.";
    Objection, "A17", "GDPR 14(2)(c), 21", "always",
        "The right to object is stated.";
    Portability, "A18", "GDPR 14(2)(c), 20", "always",
        "The right to data portability is stated, where it applies.";
    WithdrawConsent, "A19", "GDPR 14(2)(d), 7(3)", "the basis is 6(1)(a)",
        "The right to withdraw consent is stated where consent is the basis, and nowhere else.";
    Complaint, "A20", "GDPR 14(2)(e), 77", "always",
        "The right to complain is stated, and the supervisory authority is named.";
    Sources, "A21", "GDPR 14(2)(f)", "always",
        "Each source is named with its date and whether anybody can read it.";
    AutomatedDecisions, "A22", "GDPR 14(2)(g), 22", "decisions with legal or similar effect are automated",
        "Automated decisions are stated with their logic and consequences.";
    OneLanguage, "B01", "GDPR 12(1)", "always",
        "The whole notice is in the language of the person's country.";
    MarketingObjection, "B02", "GDPR 21(2)-(4)", "always",
        "The objection to direct marketing stands early, in a block of its own.";
    EasyRights, "B03", "GDPR 12(2), 12(3), 12(5)", "always",
        "The rights are used by a reply, free of charge, and answered within a month.";
    ValuesHeld, "B04", "GDPR 14(1)(d); own promise", "always",
        "The values held are shown one by one, and nobody else's.";
    Reference, "B05", "GDPR 5(2), 14(3)", "always",
        "The date on which the data were obtained and a reference are given.";
    NoAdvertising, "B06", "GDPR 12(1); ePrivacy 13", "always",
        "Nothing is advertised and nobody is tracked.";
    NothingUnfilled, "B07", "GDPR 5(1)(d)", "always",
        "No placeholder, empty value or garbled text is left.";
    NothingSensitive, "B08", "GDPR 9", "always",
        "No sensitive datum stands in the notice, the salutation included.";
    NoTricks, "B09", "GDPR 5(1)(a), 4(11)", "the basis is 6(1)(f) or there are recipients",
        "Silence is not called consent, and recipients are not denied.";
}

impl Item {
    /// Returns whether a notice with these facts needs the item.
    ///
    /// # Law
    ///
    /// GDPR 14(1), 14(2), 12(1), 21(4); rule NT-1. A doubt makes an item needed: a controller or recipient whose country
    /// is not known to be in the EEA is outside it, and a transfer outside without a mechanism needs its safeguard
    /// named, which blocks the notice. Every purpose of this program serves or may serve direct marketing, so the
    /// objection to it is always needed.
    pub fn is_required(self, facts: &NoticeFacts) -> bool {
        let controller = &facts.controller;
        let controller_outside = is_outside_eea(&controller.country);
        let mut outside = facts.recipients.iter().filter(|recipient| is_outside_eea(&recipient.country));
        match self {
            Self::Representative => controller_outside || controller.representative.is_some(),
            Self::DataProtectionOfficer => controller.dpo.is_some(),
            Self::ThirdCountries => controller_outside || outside.next().is_some(),
            Self::Safeguards => outside.any(|recipient| recipient.mechanism != "adequacy"),
            Self::LegitimateInterest => facts.basis == "6(1)(f)",
            Self::WithdrawConsent => facts.basis == "6(1)(a)",
            Self::AutomatedDecisions => facts.automated_decisions,
            Self::NoTricks => facts.basis == "6(1)(f)" || !facts.recipients.is_empty(),
            Self::ControllerName
            | Self::ControllerContact
            | Self::Purposes
            | Self::LegalBasis
            | Self::Categories
            | Self::Recipients
            | Self::StoragePeriod
            | Self::Access
            | Self::Rectification
            | Self::Erasure
            | Self::Restriction
            | Self::Objection
            | Self::Portability
            | Self::Complaint
            | Self::Sources
            | Self::OneLanguage
            | Self::MarketingObjection
            | Self::EasyRights
            | Self::ValuesHeld
            | Self::Reference
            | Self::NoAdvertising
            | Self::NothingUnfilled
            | Self::NothingSensitive => true,
        }
    }
}

/// Returns the items that a notice with these facts needs, sorted by their code.
///
/// # Law
///
/// GDPR 14(1), 14(2); rule NT-1: the set follows from basis, transfers, officer, representative and automated decisions.
///
/// # Examples
///
/// ```
/// use muster_gate::{Item, NoticeFacts, required_items};
/// fn needs_an_officer(facts: &NoticeFacts) -> bool {
///     required_items(facts).contains(&Item::DataProtectionOfficer)
/// }
/// ```
pub fn required_items(facts: &NoticeFacts) -> BTreeSet<Item> {
    Item::ALL.iter().copied().filter(|item| item.is_required(facts)).collect()
}

/// Returns whether a country is outside the European Economic Area; what is no code of a member is outside.
pub fn is_outside_eea(country: &str) -> bool {
    !EEA.contains(&country.trim().to_ascii_uppercase().as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Controller, DataProtectionOfficer, RecipientLine, Representative as Agent};

    fn facts() -> NoticeFacts {
        NoticeFacts {
            controller: Controller {
                legal_name: "Adressbuch Nord GmbH".into(),
                address: "Hafenweg 1, 10115 Berlin".into(),
                email: "privacy@adressbuch.example".into(),
                country: "DE".into(),
                privacy_url: None,
                dpo: None,
                representative: None,
                authorities: BTreeMap::new(),
            },
            purposes: Vec::new(),
            basis: "6(1)(f)".into(),
            interest: BTreeMap::new(),
            recipients: Vec::new(),
            retention_months: 24,
            automated_decisions: false,
            automated_explained: BTreeMap::new(),
            lang: "de".into(),
            country: None,
            reference: "r".into(),
            reply_to: "privacy+r@adressbuch.example".into(),
            obtained_on: "2026-03-02".into(),
            values: Vec::new(),
        }
    }

    /// Returns the codes that a change of the plain facts adds and takes away.
    fn changed(change: impl Fn(&mut NoticeFacts)) -> (Vec<&'static str>, Vec<&'static str>) {
        let (before, mut after) = (facts(), facts());
        change(&mut after);
        let (before, after) = (required_items(&before), required_items(&after));
        let codes = |items: Vec<&Item>| items.into_iter().map(|item| item.code()).collect();
        (codes(after.difference(&before).collect()), codes(before.difference(&after).collect()))
    }

    #[test]
    fn every_item_has_a_code_of_its_own_in_order_and_is_found_by_it() {
        let codes: Vec<&str> = Item::ALL.iter().map(|item| item.code()).collect();
        let expect = (1..=22).map(|n| format!("A{n:02}")).chain((1..=9).map(|n| format!("B{n:02}")));
        assert_eq!(codes, expect.collect::<Vec<_>>());
        for &item in Item::ALL {
            assert_eq!(Item::parse(item.code()), Some(item));
            assert!(item.sentence().ends_with('.') && item.legal_ref().contains(|c: char| c.is_ascii_digit()));
            assert!(!item.applies_when().is_empty());
        }
        assert_eq!(Item::parse("A23"), None);
    }

    #[test]
    fn nt_1_plain_facts_need_everything_but_what_is_conditional() {
        let required = required_items(&facts());
        let missing: Vec<&str> =
            Item::ALL.iter().filter(|item| !required.contains(item)).map(|item| item.code()).collect();
        assert_eq!(missing, ["A03", "A04", "A09", "A10", "A19", "A22"]);
    }

    #[test]
    fn nt_1_each_fact_brings_its_own_items() {
        let recipient = |country: &str, mechanism: &str| RecipientLine {
            name: "Abnehmer AG".into(),
            country: country.into(),
            mechanism: mechanism.into(),
        };
        let with = |country: &'static str, mechanism: &'static str| {
            changed(|facts| facts.recipients.push(recipient(country, mechanism))).0
        };
        assert_eq!(with("AT", "none"), Vec::<&str>::new());
        assert_eq!(with("no", "none"), Vec::<&str>::new(), "Norway is in the EEA");
        assert_eq!(with("CH", "adequacy"), ["A09"]);
        assert_eq!(with("US", "scc"), ["A09", "A10"]);
        assert_eq!(with("IN", "bcr"), ["A09", "A10"]);
        assert_eq!(with("IN", "none"), ["A09", "A10"], "a transfer on nothing needs what it lacks");
        assert_eq!(with("somewhere", "scc"), ["A09", "A10"], "what is no code is outside");
        let officer = DataProtectionOfficer { name: None, email: "dpo@adressbuch.example".into() };
        assert_eq!(changed(|facts| facts.controller.dpo = Some(officer.clone())).0, ["A04"]);
        assert_eq!(changed(|facts| facts.controller.country = "GB".into()).0, ["A03", "A09"]);
        let agent = Agent { name: "Vertretung West BV".into(), contact: "rep@west.example".into() };
        assert_eq!(changed(|facts| facts.controller.representative = Some(agent.clone())).0, ["A03"]);
        assert_eq!(changed(|facts| facts.automated_decisions = true).0, ["A22"]);
    }

    #[test]
    fn nt_1_the_basis_decides_between_interest_and_withdrawal() {
        let (more, less) = changed(|facts| facts.basis = "6(1)(a)".into());
        assert_eq!((more, less), (vec!["A19"], vec!["A12", "B09"]));
    }
}
