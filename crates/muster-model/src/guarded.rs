//! A value that does not print itself.
//!
//! It is no encryption and no access control between processes: it makes a leak into a log, an error or a snapshot
//! something that somebody has to write on purpose.
//!
//! Invariant: neither `Debug` nor `Display` shows the value, and there is no `Serialize`.

use std::fmt;

/// A personal value behind one door.
///
/// `Debug` and `Display` print the type's name only. Whoever needs the value calls [`Guarded::expose`], which the
/// workspace's lints forbid outside the places that `ARCHITECTURE.md` lists.
///
/// # Examples
///
/// ```
/// use muster_model::Guarded;
/// let name = Guarded::new(String::from("Ada Example"));
/// assert_eq!(format!("{name:?}"), "Guarded(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Guarded<T>(T);

impl<T> Guarded<T> {
    /// Closes the door behind a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value itself: the one door, opened by `#[expect(clippy::disallowed_methods, reason = "...")]`.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Takes the value out for good; the same door as [`Guarded::expose`].
    pub fn expose_owned(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Guarded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guarded(..)")
    }
}

impl<T> fmt::Display for Guarded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(guarded)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_the_value() {
        let guarded = Guarded::new("anna@firma.example");
        assert!(!format!("{guarded:?} {guarded}").contains("anna"));
    }
}
