//! What comparing a pair found, in one number: the level of every comparison.
//!
//! Invariant: level 0 is "a side lacks the value" and weighs nothing; levels count from 1 in the order of the model
//! document.

/// The most comparisons of one kind of entity.
pub(crate) const COMPARISONS_MAX: usize = 16;

/// The most levels of one comparison, the missing one included.
pub(crate) const LEVELS_MAX: usize = 16;

/// The levels of a pair, four bits for each comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Pattern(u64);

impl Pattern {
    /// Returns the pattern with a comparison set to a level, which was missing before.
    #[must_use]
    pub(crate) const fn with(self, comparison: usize, level: u8) -> Self {
        Self(self.0 | (level as u64) << (4 * comparison))
    }

    /// Returns the level of a comparison, 0 where a side lacks the value.
    pub(crate) const fn level(self, comparison: usize) -> usize {
        (self.0 >> (4 * comparison) & 0xf) as usize
    }

    /// Returns whether the pair is on that level.
    pub(crate) const fn is(self, comparison: usize, level: u8) -> bool {
        self.level(comparison) == level as usize
    }
}

/// Entities of one kind, ready to be blocked and compared; rows are places in an order in which similar ones are
/// neighbors.
pub(crate) trait Entities: Sync {
    /// Returns how many there are.
    fn count(&self) -> u32;

    /// Adds the blocking keys of a row.
    fn keys(&self, row: u32, keys: &mut crate::block::Keys);

    /// Compares two rows; symmetric.
    fn compare(&self, left: u32, right: u32) -> Pattern;

    /// Says by how much the values' frequency changes the weight of a level, in bits.
    fn adjust(&self, pattern: Pattern, left: u32, right: u32, add: &mut impl FnMut(usize, f32));

    /// Returns whether the pattern says that these are two.
    fn is_conflict(&self, pattern: Pattern) -> bool;

    /// Returns the condition that a pair meets, by which levels that hold under one only are told from the others.
    fn context(&self, left: u32, right: u32) -> usize;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_kept_apart() {
        let pattern = Pattern::default().with(0, 3).with(15, 15).with(7, 1);
        assert_eq!([0, 1, 7, 15].map(|comparison| pattern.level(comparison)), [3, 0, 1, 15]);
        assert!(pattern.is(7, 1) && !pattern.is(7, 2));
    }
}
