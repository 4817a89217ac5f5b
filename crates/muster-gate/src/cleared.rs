//! The proof that a gate said yes.
//!
//! The four purposes are types, so a value that was cleared for keeping cannot be sent or exported by mistake: the
//! other crates name the purpose that they ask for in their signatures.
//!
//! Invariant: only this crate makes a [`Cleared`]; it cannot be cloned, serialized or built from outside.

use std::fmt;
use std::marker::PhantomData;

mod sealed {
    pub trait Sealed {}
}

/// What a value was cleared for. Sealed: there are these four and no other.
pub trait Purpose: sealed::Sealed {
    /// The purpose's name in ledger and reports.
    const NAME: &'static str;
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Purpose for $name {
                const NAME: &'static str = $text;
            }
        )+
    };
}

purposes! {
    /// To be written into the store.
    Intake = "intake";
    /// To become part of the MASTER.
    Merge = "merge";
    /// To be told about in a notice.
    Contact = "contact";
    /// To be disclosed to a recipient.
    Release = "release";
}

/// A value that the gate cleared for one purpose.
///
/// There is no public constructor, no `Clone` and no `Serialize`: it is used where it was obtained. Keeping it for
/// later would mean acting on a verdict that may have changed.
pub struct Cleared<T, P: Purpose> {
    value: T,
    purpose: PhantomData<P>,
}

impl<T, P: Purpose> Cleared<T, P> {
    pub(crate) const fn new(value: T) -> Self {
        Self { value, purpose: PhantomData }
    }

    /// Returns the value.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Takes the value out, which ends the proof.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T, P: Purpose> fmt::Debug for Cleared<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cleared<{}>(..)", P::NAME)
    }
}
