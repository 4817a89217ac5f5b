//! What a gate answers: passed with a proof, held for a person, or denied, each with its reasons.
//!
//! Invariant: every reason has a stable code, an article and one sentence; `docs/gates.md` is made from this list.

use crate::{Cleared, Purpose};

/// What a gate says about one value for one purpose.
#[derive(Debug)]
pub enum Outcome<T, P: Purpose> {
    /// It may be done; here is the proof.
    Pass(Cleared<T, P>),
    /// A person has to decide first.
    Hold(T, Vec<Reason>),
    /// It may not be done.
    Deny(Vec<Reason>),
}

macro_rules! reasons {
    ($($variant:ident, $code:literal, $article:literal, $sentence:literal;)+) => {
        /// Why a gate held or denied something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = $sentence] $variant,)+
        }

        impl Reason {
            /// Every reason, in the order of the flow.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the stable code, such as `suppressed.objection`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns the article or rule that it follows.
            pub const fn article(self) -> &'static str {
                match self { $(Self::$variant => $article,)+ }
            }

            /// Returns one sentence for a reader.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }

            /// Finds the reason of that code.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

reasons! {
    LineageMissing, "lineage.missing", "GDPR 14(2)(f), 15(1)(g)", "A value does not say where and when it was obtained.";
    BasisMissing, "basis.missing", "GDPR 6(1)", "The source has no lawful basis.";
    AssessmentMissing, "assessment.missing", "GDPR 6(1)(f)", "No legitimate-interest assessment covers this source.";
    AssessmentExpired, "assessment.expired", "GDPR 5(2), 6(1)(f)", "The legitimate-interest assessment has expired.";
    AssessmentScope, "assessment.scope", "GDPR 6(1)(f)", "The assessment does not cover this kind of source or this country.";
    NotPublic, "visibility.not_public", "GDPR 5(1)(a), 6(1)(f)", "The source is declared public, but this value was not publicly readable.";
    SensitiveRecord, "sensitive.record", "GDPR 9, 5(1)(c)", "Nothing but protected values would be left of the record.";
    SensitiveReview, "sensitive.review", "GDPR 9", "A value may reveal something protected; a person has to look.";
    NothingToKeep, "schema.empty", "GDPR 5(1)(c)", "No field of the allow-list is left.";
    SuppressedOptOut, "suppressed.opt_out", "GDPR 21(2)", "The person opted out.";
    SuppressedObjection, "suppressed.objection", "GDPR 21", "The person objected.";
    SuppressedErasure, "suppressed.erasure", "GDPR 17", "The person asked for erasure.";
    SuppressedComplaint, "suppressed.complaint", "GDPR 21(2), 77", "The person complained.";
    SuppressedImport, "suppressed.import", "GDPR 21", "The person stands on a list that was taken over.";
    Namesake, "suppressed.namesake", "GDPR 21, 5(1)(d)", "Name and employer match a suppressed person, but another mailbox of that name was on record.";
    NameInitialOnly, "suppressed.initial", "GDPR 21, 5(1)(d)", "An initial and the family name at this employer match a suppressed person.";
    OnHold, "review.open", "GDPR 5(1)(d)", "A person has not decided about this record yet.";
    AlreadyTold, "notice.already_told", "GDPR 14(5)(a)", "The person has been told what is held.";
    NoticeInDoubt, "notice.in_doubt", "GDPR 14(3)", "Whether the notice went out is not known; a person has to look.";
    NoAddress, "notice.no_address", "GDPR 14", "No working mailbox is known, and no letter can be sent.";
    NoLanguage, "notice.no_language", "GDPR 12(1)", "There is no notice template in a language of the person's country.";
    NotAPerson, "notice.not_a_person", "GDPR 4(1)", "Only people are told.";
    NoticeNotSent, "notice.not_sent", "GDPR 14(3)(c)", "The notice has not gone out.";
    NoticeNotDelivered, "notice.not_delivered", "GDPR 14(3)(c)", "The notice has not stood its time without coming back.";
    NoticeBounced, "notice.bounced", "GDPR 14", "The notice came back.";
    PurposeNotTold, "notice.purpose", "GDPR 14(4)", "The person has not been told of the purpose of this release, or that notice has not stood its time.";
    WaitingTime, "notice.waiting_time", "GDPR 21(2), 21(4)", "The waiting time between notice and first release is not over.";
    RetentionEnded, "retention.ended", "GDPR 5(1)(e)", "The retention period has ended.";
    RecipientCountry, "transfer.no_mechanism", "GDPR 44-46", "The recipient's country has no adequacy decision and no safeguard is named.";
    RecipientFields, "recipient.no_field", "GDPR 5(1)(c)", "Nothing that the recipient may receive has been told to the person.";
    Restricted, "restricted", "GDPR 18", "The person asked for restriction.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_round_trip() {
        for &reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.code()), Some(reason));
            assert!(reason.sentence().ends_with('.') && !reason.article().is_empty());
        }
    }
}
