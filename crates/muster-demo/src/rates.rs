//! The rates of a world: how often each habit, event and fault occurs; and the named mixes of them.
//!
//! Invariant: every rate can be set by its name, so any mix can be imitated.

/// A rate's name that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName(pub String);

impl std::fmt::Display for UnknownName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "there is no `{}`", self.0)
    }
}

impl std::error::Error for UnknownName {}

macro_rules! rates {
    ($($(#[doc = $doc:literal])+ $name:ident = $value:literal;)+) => {
        /// How often things happen: shares from 0 to 1, or factors on a source's own habit (1 leaves it).
        ///
        /// The default is the profile `standard`. The numbers are this project's guesses at contact data as they are
        /// bought and collected; the mixed result was held against what a common matcher reaches on such data.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Rates { $($(#[doc = $doc])+ pub $name: f64,)+ }

        impl Default for Rates {
            fn default() -> Self { Self { $($name: $value,)+ } }
        }

        impl Rates {
            /// The name and the value of each rate, in the order of the documentation.
            pub fn list(&self) -> Vec<(&'static str, f64)> {
                vec![$((stringify!($name), self.$name),)+]
            }

            /// Sets the rate of this name.
            ///
            /// # Errors
            /// No rate has this name.
            pub fn set(&mut self, name: &str, value: f64) -> Result<(), UnknownName> {
                match name {
                    $(stringify!($name) => self.$name = value,)+
                    other => return Err(UnknownName(other.to_owned())),
                }
                Ok(())
            }
        }
    };
}

rates! {
    /// Factor on the number of mentions of a person (1 gives about 3.1 on average).
    mentions_per_person = 1.0;
    /// Factor on the share of rows with an e-mail address.
    email = 1.0;
    /// Share of rows with e-mail whose address is a private one at a free mail service.
    freemail = 0.025;
    /// Factor on the share of rows with the company's mailbox (`info@`) instead of the person's.
    role_mailbox = 1.0;
    /// Factor on the share of rows with a phone number of any kind.
    phone = 1.0;
    /// Share of the office numbers that are the switchboard's.
    switchboard = 0.16;
    /// Factor on the share of rows with a profile address.
    profile_url = 1.0;
    /// Factor on the share of rows with a job title.
    job_title = 1.0;
    /// Factor on the share of rows with a place.
    place = 1.0;
    /// Factor on the share of rows with a company's web domain.
    domain = 1.0;
    /// Factor on the share of company names with the legal form, as registered.
    full_legal = 1.0;
    /// Share of company names written as an abbreviation, where the company has one.
    abbreviation = 0.06;
    /// Share of rows whose name has a slip of the keyboard or of character recognition.
    name_typo = 0.015;
    /// Share of rows whose company has one.
    company_typo = 0.02;
    /// Share of rows whose e-mail address or phone number has one.
    contact_typo = 0.008;
    /// Share of rows with first and last name in each other's column.
    swapped_columns = 0.008;
    /// Factor on the share of rows in capitals.
    upper_case = 1.0;
    /// Factor on the share of rows without diacritics.
    ascii_only = 1.0;
    /// Factor on the share of rows with a nickname.
    nickname = 1.0;
    /// Factor on the share of rows with the first name as an initial.
    initial = 1.0;
    /// Share of people who changed the employer within the window of time.
    job_change = 0.07;
    /// Share of women, and a tenth of it of men, whose family name changed within the window.
    name_change = 0.035;
    /// Share of people whose rows often carry the mailbox of a colleague.
    shared_mailbox = 0.010;
    /// Share of people who share the direct phone number of a colleague.
    shared_phone = 0.02;
    /// Share of people who are named like a colleague in the group, above chance.
    namesakes = 0.006;
    /// Share of people who have the family name and the initial of a colleague (family, or chance).
    kin = 0.006;
    /// Factor on the number of legal entities of a group.
    entities = 1.0;
    /// Share of companies that are called like another one that they have nothing to do with.
    homonym_companies = 0.03;
    /// Share of companies that changed their name within the window.
    company_renamed = 0.025;
    /// Share of companies that moved within the window.
    company_moved = 0.08;
    /// Share of rows that are exact copies of another row.
    duplicates = 0.015;
    /// Share of rows that have no name, only a mailbox, a phone number or a profile.
    no_name = 0.008;
    /// Share of rows that lost their company name.
    no_company = 0.02;
    /// Share of vendor rows with a company that the person never worked for.
    wrong_company = 0.012;
    /// Share of rows that still show the former employer after a change.
    stale = 0.08;
    /// Share of the filled fields that were lost on the way, besides the names.
    lost_field = 0.03;
    /// Factor on the weight of bought lists among the sources.
    vendor = 1.0;
}

/// Named mixes of rates.
pub const PROFILES: &[&str] = &["clean", "standard", "dirty", "vendor", "namesakes", "groups"];

impl Rates {
    /// The rates of a profile by its name, which is one of `PROFILES`.
    ///
    /// # Errors
    /// No profile has this name.
    pub fn profile(name: &str) -> Result<Self, UnknownName> {
        let standard = Self::default();
        Ok(match name {
            "standard" => standard,
            "clean" => standard.scaled(0.3, 1.2),
            "dirty" => {
                Self { upper_case: 1.6, ascii_only: 1.5, nickname: 1.5, initial: 1.5, ..standard.scaled(2.2, 0.85) }
            }
            "vendor" => Self { vendor: 4.0, email: 0.45, upper_case: 1.5, ascii_only: 1.5, ..standard },
            "namesakes" => Self { namesakes: 0.06, kin: 0.04, email: 0.9, ..standard },
            "groups" => Self { entities: 3.0, homonym_companies: 0.05, company_renamed: 0.05, ..standard },
            other => return Err(UnknownName(other.to_owned())),
        })
    }

    /// Faults times `faults`, filled fields times `fields`.
    fn scaled(self, faults: f64, fields: f64) -> Self {
        Self {
            email: self.email * fields,
            phone: self.phone * fields,
            profile_url: self.profile_url * fields,
            name_typo: self.name_typo * faults,
            company_typo: self.company_typo * faults,
            contact_typo: self.contact_typo * faults,
            swapped_columns: self.swapped_columns * faults,
            shared_mailbox: self.shared_mailbox * faults,
            shared_phone: self.shared_phone * faults,
            duplicates: self.duplicates * faults,
            no_name: self.no_name * faults,
            no_company: self.no_company * faults,
            wrong_company: self.wrong_company * faults,
            stale: self.stale * faults,
            lost_field: self.lost_field * faults,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_there_and_every_rate_can_be_set_by_name() {
        for name in PROFILES {
            let mut rates = Rates::profile(name).unwrap();
            for (rate, _) in rates.list() {
                rates.set(rate, 0.25).unwrap();
            }
            assert!(rates.list().iter().all(|(_, value)| (*value - 0.25).abs() < f64::EPSILON));
        }
        assert_eq!(Rates::profile("other"), Err(UnknownName("other".to_owned())));
        assert!(Rates::default().set("other", 1.0).is_err());
    }
}
