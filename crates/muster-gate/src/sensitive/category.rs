//! The vocabulary of the sensitive gate: protected categories, decisions, findings.
//!
//! Invariant: a finding names category, rule and place, never the value.

use std::ops::Range;

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// A protected category (COMPLIANCE section 3).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category {
            $($(#[$doc])* $name,)+
        }

        impl Category {
            /// Every category, in the order of the compliance page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the key of the category.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Finds the category of that key.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

categories! {
    /// Faith, denomination, membership (GDPR 9).
    Religion = "religion";
    /// Philosophical belief (GDPR 9).
    Belief = "belief";
    /// Opinion, party, donation (GDPR 9).
    Politics = "politics";
    /// Membership of a trade union, union office (GDPR 9).
    Union = "union";
    /// Condition, disability, pregnancy, sick or parental leave (GDPR 9, 4(15)).
    Health = "health";
    /// DNA and what it tells (GDPR 9, 4(13)).
    Genetic = "genetic";
    /// Templates and voiceprints (GDPR 9, 4(14)).
    Biometric = "biometric";
    /// Race, origin; by own rule nationality, birthplace, native language (GDPR 9).
    Ethnicity = "ethnicity";
    /// Sex life and orientation; a spouse where it reveals it (GDPR 9).
    Orientation = "orientation";
    /// Sex, gender, pronouns, gendered honorifics (own promise).
    Gender = "gender";
    /// Birth date or year, age, birthday (own promise).
    Age = "age";
    /// Marital state, children, birth name (minimisation).
    Family = "family";
    /// Convictions and offences, clean certificates too (GDPR 10).
    Criminal = "criminal";
    /// Personal tax, identity, social and passport numbers (GDPR 87).
    GovernmentId = "government_id";
    /// Membership of professional bodies, for people in Australia (AU Privacy Act, 6(1)).
    ProfAssociation = "prof_association";
}

/// What is to be done; in order of gravity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Nothing.
    Pass,
    /// Cut the span, keep the rest.
    RejectTextSpan,
    /// Drop label and value.
    RejectField,
    /// A person decides.
    Review,
}

impl Decision {
    /// Returns the name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::RejectTextSpan => "reject-text-span",
            Self::RejectField => "reject-field",
            Self::Review => "review",
        }
    }

    /// Finds the decision of that name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "pass" => Some(Self::Pass),
            "reject-text-span" => Some(Self::RejectTextSpan),
            "reject-field" => Some(Self::RejectField),
            "review" => Some(Self::Review),
            _ => None,
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is to be done.
    pub decision: Decision,
    /// Which category.
    pub category: Category,
    /// Which rule found it.
    pub rule: &'static str,
    /// Byte span in the text that was screened; empty for a label.
    pub span: Range<usize>,
}

/// What the screen says about one field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldVerdict {
    /// Keep it as it is.
    Pass,
    /// Keep what is left after the cuts.
    Cut {
        /// The value without what was cut.
        rest: String,
        /// What was cut.
        findings: Vec<Finding>,
    },
    /// Drop the value.
    Reject {
        /// Why.
        finding: Finding,
    },
    /// Keep the record in quarantine without this value.
    Review {
        /// Why.
        finding: Finding,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_review_is_the_gravest() {
        for &category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(category));
        }
        for decision in [Decision::Pass, Decision::RejectTextSpan, Decision::RejectField, Decision::Review] {
            assert_eq!(Decision::parse(decision.as_str()), Some(decision));
            assert!(decision <= Decision::Review);
        }
    }
}
