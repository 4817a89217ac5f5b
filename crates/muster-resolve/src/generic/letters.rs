//! Which letters a text has, in one word: what rules out that two texts are alike before their letters are compared.
//!
//! Invariant: `may_be_*` never says no where the texts are that near.

/// Common first letters that Jaro-Winkler rewards at most, and by what.
const PREFIX_MAX: f64 = 4.0;
const PREFIX_BONUS: f64 = 0.1;
/// How many times a letter is counted.
const TIMES: u32 = 2;

/// The letters of a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letters {
    /// A bit for the first and the second time that a letter occurs; letters share bits by their last five.
    bits: u64,
    /// How many more there are.
    more: u32,
    count: u32,
}

impl Letters {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let mut found = Self::default();
        for letter in text.chars() {
            let place = u32::from(letter) % 32 * TIMES;
            let free = (0..TIMES).map(|time| 1 << (place + time)).find(|bit| found.bits & bit == 0);
            found.bits |= free.unwrap_or(0);
            found.more += u32::from(free.is_none());
            found.count += 1;
        }
        found
    }

    /// Returns whether so many inserted, lost, changed or swapped letters may lie between two texts.
    pub(super) const fn may_be_within(&self, other: &Self, slips: u32) -> bool {
        (self.bits & !other.bits).count_ones() <= slips + other.more
            && (other.bits & !self.bits).count_ones() <= slips + self.more
    }

    /// Returns whether the Jaro-Winkler similarity may reach a bound.
    pub(super) fn may_be_similar(&self, other: &Self, bound: f64) -> bool {
        let common = (self.bits & other.bits).count_ones() + self.more.min(other.more) + self.more.abs_diff(other.more);
        let (left, right) = (f64::from(self.count.max(1)), f64::from(other.count.max(1)));
        let common = f64::from(common).min(left).min(right);
        let jaro = (common / left + common / right + 1.0) / 3.0;
        self.count + other.count == 0 || jaro + PREFIX_MAX * PREFIX_BONUS * (1.0 - jaro) >= bound
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_near_is_ruled_out(left in "[a-f0-3 ]{0,12}", right in "[a-f0-3 ]{0,12}") {
            let (a, b) = (Letters::of(&left), Letters::of(&right));
            let similarity = strsim::jaro_winkler(&left, &right);
            prop_assert!(a.may_be_similar(&b, similarity - 1e-9));
            let distance = u32::try_from(strsim::osa_distance(&left, &right)).unwrap();
            prop_assert!(a.may_be_within(&b, distance));
        }
    }

    #[test]
    fn what_shares_few_letters_is_ruled_out() {
        let (a, b) = (Letters::of("wallaby place"), Letters::of("crisp circuit"));
        assert!(!a.may_be_similar(&b, 0.88) && !a.may_be_within(&b, 2));
    }
}
