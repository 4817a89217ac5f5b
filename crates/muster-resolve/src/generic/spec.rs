//! The comparisons of plain columns: what kinds there are, their levels by name, and how likely a level is before
//! anything is learnt.
//!
//! When a pair is on a level is decided in `value` and `name`; m and u of the data are learnt in `fit`.
//!
//! Invariant: level 0 is "a side lacks the value"; levels count from 1 in the order of these lists.

use crate::table::AttributeKind;

/// How the values of one comparison are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// First given names.
    Given,
    /// Family names.
    Family,
    /// The other words of a name.
    Further,
    /// Text.
    Text,
    /// Dates.
    Date,
    /// Numbers.
    Number,
    /// Codes.
    Code,
}

/// A level's name and the m that learning starts from: what is usual in files of people.
pub(crate) type LevelStart = (&'static str, f64);

/// Levels of given names.
pub(super) const GIVEN: &[LevelStart] = &[
    ("exact", 0.70),
    ("variant", 0.07),
    ("initial", 0.05),
    ("close", 0.06),
    ("elsewhere_in_the_name", 0.04),
    ("different", 0.08),
];
/// Levels of family names.
pub(super) const FAMILY: &[LevelStart] =
    &[("exact", 0.75), ("close", 0.09), ("same_sound", 0.04), ("elsewhere_in_the_name", 0.05), ("different", 0.07)];
/// Levels of the other words of a name.
pub(super) const FURTHER: &[LevelStart] =
    &[("all_of_the_shorter", 0.60), ("some", 0.10), ("initial", 0.10), ("close", 0.05), ("different", 0.15)];
/// Levels of text.
pub(super) const TEXT: &[LevelStart] =
    &[("exact", 0.75), ("slip", 0.07), ("similar", 0.05), ("shares_a_word", 0.04), ("different", 0.09)];
/// Levels of dates.
pub(super) const DATE: &[LevelStart] = &[
    ("exact", 0.70),
    ("same_year_only_known", 0.03),
    ("one_slip", 0.09),
    ("same_year_one_without_day", 0.03),
    ("same_year_and_month", 0.02),
    ("same_year", 0.03),
    ("same_day_of_another_year", 0.02),
    ("next_year", 0.03),
    ("different", 0.05),
];
/// Levels of numbers.
pub(super) const NUMBER: &[LevelStart] = &[("equal", 0.80), ("one_slip", 0.07), ("near", 0.03), ("different", 0.10)];
/// Levels of codes.
pub(super) const CODE: &[LevelStart] =
    &[("exact", 0.75), ("one_slip", 0.09), ("two_slips", 0.02), ("same_start", 0.05), ("different", 0.09)];

impl Kind {
    /// Returns the levels.
    pub(crate) const fn levels(self) -> &'static [LevelStart] {
        match self {
            Self::Given => GIVEN,
            Self::Family => FAMILY,
            Self::Further => FURTHER,
            Self::Text => TEXT,
            Self::Date => DATE,
            Self::Number => NUMBER,
            Self::Code => CODE,
        }
    }
}

impl From<AttributeKind> for Kind {
    fn from(kind: AttributeKind) -> Self {
        match kind {
            AttributeKind::Text => Self::Text,
            AttributeKind::Date => Self::Date,
            AttributeKind::Number => Self::Number,
            AttributeKind::Code => Self::Code,
        }
    }
}
