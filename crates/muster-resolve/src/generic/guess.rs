//! What kind of values a column holds, where nobody says.
//!
//! Invariant: the guess depends on the set of values looked at.

use super::date;
use crate::table::{Attribute, AttributeKind};

/// From this share of the values on a column is of a kind.
const SHARE: f64 = 0.8;
/// Dates are told by nearly all values, because numbers of eight digits look like some.
const DATE_SHARE: f64 = 0.9;
/// Longest code on average, in characters.
const CODE_LENGTH_MAX: f64 = 16.0;

impl Attribute {
    /// Guesses how a column is compared from values of it; empty ones say nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use muster_resolve::{Attribute, AttributeKind};
    /// let born = Attribute::guess("born", ["1956-04-09", "", "1970-12-31"]);
    /// assert_eq!(born.kind, AttributeKind::Date);
    /// ```
    pub fn guess<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let filled: Vec<&str> = values.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect();
        let real = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let share = |test: &dyn Fn(&str) -> bool| {
            real(filled.iter().filter(|value| test(value)).count()) / real(filled.len().max(1))
        };
        let is_date =
            |value: &str| value.len() >= 6 && date::parse(value, false).is_some_and(date::Date::is_possible_either_way);
        let is_number = |value: &str| value.replace(',', ".").parse::<f64>().is_ok();
        let has_digit = |value: &str| value.bytes().any(|byte| byte.is_ascii_digit());
        let length = filled.iter().map(|value| real(value.chars().count())).sum::<f64>() / real(filled.len().max(1));
        let words =
            filled.iter().map(|value| real(value.split_whitespace().count())).sum::<f64>() / real(filled.len().max(1));
        let first_length = filled.first().map_or(0, |value| value.len());
        let is_fixed = first_length >= 4 && share(&|value: &str| value.len() == first_length) >= SHARE;
        let kind = if share(&is_date) >= DATE_SHARE {
            AttributeKind::Date
        } else if share(&is_number) >= DATE_SHARE && !is_fixed {
            AttributeKind::Number
        } else if share(&has_digit) >= SHARE && words < 2.5 && length <= CODE_LENGTH_MAX {
            AttributeKind::Code
        } else {
            AttributeKind::Text
        };
        Self { name: name.to_owned(), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_values() {
        for (values, kind) in [
            (["19560409", "19081128", "1993x"], AttributeKind::Code),
            (["19560409", "19081128", "19931101"], AttributeKind::Date),
            (["1/2/1970", "", "31.12.1990"], AttributeKind::Date),
            (["4314184", "1804974", "7541911"], AttributeKind::Code),
            (["7", "177", "54"], AttributeKind::Number),
            (["la26 7ll", "ki7 4eq", "st28 6ed"], AttributeKind::Code),
            (["7 wallaby place", "12 crisp circuit", "2 long street east"], AttributeKind::Text),
            (["male", "female", ""], AttributeKind::Text),
            (["", "", ""], AttributeKind::Text),
        ] {
            assert_eq!(Attribute::guess("x", values).kind, kind, "{values:?}");
        }
    }
}
