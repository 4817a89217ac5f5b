//! Dates in any usual writing, and how two of them differ.
//!
//! A date that is impossible (month 13) is kept as it is written: it is a slip of a real one. Which of day and month
//! comes first in `3/4/1970` is decided for the whole column.
//!
//! Invariant: reading depends on the text and the order of the column alone.

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Date {
    /// The year.
    pub(super) year: u16,
    /// The month, 0 where it is not told.
    pub(super) month: u8,
    /// The day of the month, 0 where it is not told.
    pub(super) day: u8,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Years that a date of a person's file may be of.
const YEARS: std::ops::RangeInclusive<u16> = 1000..=2199;

/// Returns the date that a text says; `is_month_first` is of the column.
pub(crate) fn parse(text: &str, is_month_first: bool) -> Option<Date> {
    let text = text.split(['T', ' ']).next().filter(|first| first.len() >= 8).unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let packed = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u16>().ok());
        let (year, month, day) = (packed(0, 4)?, packed(4, 6)?, packed(6, 8)?);
        return date(year, month, day);
    }
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<u16>().ok();
    let month = |part: &str| {
        let name = part.to_lowercase();
        let known = MONTHS.iter().position(|month| name.starts_with(month));
        known.and_then(|at| u16::try_from(at + 1).ok()).or_else(|| number(part))
    };
    match parts.as_slice() {
        [year] if year.len() == 4 => date(number(year)?, 0, 0),
        [year, second] if year.len() == 4 => date(number(year)?, month(second)?, 0),
        [year, second, third] if year.len() == 4 => date(number(year)?, month(second)?, number(third)?),
        [first, second, year] => {
            let year = match (year.len(), number(year)?) {
                (4, year) => year,
                // Two digits stand for a year of the last hundred up to 2029.
                (2, year) => year + if year < 30 { 2000 } else { 1900 },
                _ => return None,
            };
            if number(first).is_none() || (is_month_first && number(second).is_some()) {
                date(year, month(first)?, number(second)?)
            } else {
                date(year, month(second)?, number(first)?)
            }
        }
        _ => None,
    }
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let part = |value: u16| u8::try_from(value).ok().filter(|&value| value < 100);
    Some(Date { year, month: part(month)?, day: part(day)? }).filter(|date| YEARS.contains(&date.year))
}

/// Returns whether a column's dates put the month before the day: so many second parts are above 12, and more than of
/// the first.
pub(crate) fn is_month_first<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let (mut first, mut second) = (0_u64, 0_u64);
    for text in texts {
        let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u16>().ok());
        if let (Some(one), Some(two)) = (parts.next(), parts.next()) {
            first += u64::from((13..32).contains(&one));
            second += u64::from((13..32).contains(&two));
        }
    }
    second > first
}

impl Date {
    /// Returns whether all parts are possible, whichever of day and month comes first.
    pub(crate) const fn is_possible_either_way(self) -> bool {
        self.month <= 31 && self.day <= 31
    }

    /// Returns whether it may well stand for the year alone: no day is told, or it is the first of January.
    pub(super) const fn is_year_only(self) -> bool {
        self.month <= 1 && self.day <= 1
    }

    /// Returns the digits of year, month and day.
    fn digits(self) -> [u8; 8] {
        let packed = u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day);
        std::array::from_fn(|at| {
            (packed / 10_u32.pow(7 - u32::try_from(at).expect("below eight")) % 10).to_le_bytes()[0]
        })
    }

    /// Returns the level of two dates, by the list `spec::DATE`.
    pub(super) fn level(self, other: Self) -> u8 {
        let year_only = (self.is_year_only(), other.is_year_only());
        if self == other {
            return if year_only.0 { 2 } else { 1 };
        }
        if self.year == other.year {
            return match year_only {
                (true, true) => 2,
                (true, false) | (false, true) => 4,
                (false, false) if self.is_one_slip(other) => 3,
                (false, false) => {
                    if self.month == other.month {
                        5
                    } else {
                        6
                    }
                }
            };
        }
        let one_known = !year_only.0 && !year_only.1;
        if one_known && self.is_one_slip(other) {
            return 3;
        }
        if one_known && (self.month, self.day) == (other.month, other.day) {
            return 7;
        }
        if self.year.abs_diff(other.year) == 1 { 8 } else { 9 }
    }

    /// Returns whether one digit is another, two neighbors are swapped, or day and month are.
    fn is_one_slip(self, other: Self) -> bool {
        if self.year == other.year && self.month == other.day && self.day == other.month {
            return true;
        }
        let (left, right) = (self.digits(), other.digits());
        let mut apart = (0..8).filter(|&at| left[at] != right[at]);
        match (apart.next(), apart.next(), apart.next()) {
            (Some(_), None, _) => true,
            (Some(one), Some(two), None) => two == one + 1 && left[one] == right[two] && left[two] == right[one],
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_day_are_one_date() {
        let day = Some(Date { year: 1956, month: 4, day: 9 });
        for text in [
            "19560409",
            "1956-04-09",
            "1956-04-09T00:00:00Z",
            "9.4.1956",
            "09/04/1956",
            "9 Apr 1956",
            "April 9, 1956",
            "9/4/56",
        ] {
            assert_eq!(parse(text, false), day, "{text}");
        }
        assert_eq!(parse("04/09/1956", true), day);
        assert_eq!(parse("1956", false), Some(Date { year: 1956, month: 0, day: 0 }));
        assert_eq!([parse("unknown", false), parse("12", false), parse("9999999999", false)], [None; 3]);
        assert!(is_month_first(["04/19/1956", "03/02/1970"].into_iter()));
        assert!(!is_month_first(["19/04/1956", "1970-12-31"].into_iter()));
    }

    #[test]
    fn levels_are_symmetric_and_ordered_by_what_they_say() {
        let level = |left: &str, right: &str| {
            let (left, right) = (parse(left, false).unwrap(), parse(right, false).unwrap());
            assert_eq!(left.level(right), right.level(left));
            left.level(right)
        };
        assert_eq!(level("1956-04-09", "1956-04-09"), 1);
        assert_eq!(level("1956-01-01", "1956"), 2);
        assert_eq!(level("1956-04-09", "1956-09-04"), 3);
        assert_eq!(level("1956-04-09", "1965-04-09"), 3);
        assert_eq!(level("1956-04-09", "1956-01-01"), 4);
        assert_eq!(level("1956-04-09", "1956-04-27"), 5);
        assert_eq!(level("1956-04-09", "1956-07-12"), 6);
        assert_eq!(level("1956-04-09", "1978-04-09"), 7);
        assert_eq!(level("1956-04-09", "1957-07-12"), 8);
        assert_eq!(level("1956-04-09", "1978-07-12"), 9);
    }
}
