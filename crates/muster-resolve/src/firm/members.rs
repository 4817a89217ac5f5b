//! Ways to name companies of groups that are known, of which legal entities are found.
//!
//! Invariant: companies of two groups are never one.

use super::{Firms, compare, seats};
use crate::block::Keys;
use crate::levels::{CompanyComparison as Of, RegisterLevel};
use crate::pattern::{Entities, Pattern};

/// The prior of a pair of ways within a group, in bits: about half of them are of one legal entity, less those of small
/// companies of large groups.
pub(crate) const MEMBERS_PRIOR: f64 = -0.5;

/// The companies of groups that are known, of which legal entities are found.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    firms: &'a Firms,
    /// The group of each record.
    groups: &'a [u32],
}

impl<'a> Members<'a> {
    pub(crate) const fn new(firms: &'a Firms, groups: &'a [u32]) -> Self {
        Self { firms, groups }
    }
}

impl Entities for Members<'_> {
    fn count(&self) -> u32 {
        u32::try_from(self.firms.firms.len()).expect("fewer than 2^32 rows")
    }

    fn keys(&self, row: u32, keys: &mut Keys) {
        let firm = &self.firms.firms[row as usize];
        if seats::is_vague(firm) {
            return;
        }
        let group = u64::from(self.groups[row as usize]) + 1;
        let of = |id: u32| u64::from(id);
        keys.add(10, &[group]);
        keys.add(11, &[group, of(firm.country)]);
        keys.add(12, &[group, of(firm.core)]);
        keys.add(13, &[group, of(firm.city)]);
        keys.add(14, &[group, of(firm.domain)]);
        keys.add(5, &[group, of(firm.register)]);
        keys.add(5, &[group, of(firm.vat)]);
    }

    fn compare(&self, left: u32, right: u32) -> Pattern {
        if self.groups[left as usize] != self.groups[right as usize] {
            return Pattern::default().with(Of::Register as usize, RegisterLevel::Different as u8);
        }
        let (a, b) = (&self.firms.firms[left as usize], &self.firms.firms[right as usize]);
        Pattern::default()
            .with(Of::Name as usize, compare::name(self.firms, a, b) as u8)
            .with(Of::LegalForm as usize, compare::form(a, b) as u8)
            .with(Of::Domain as usize, compare::domain(a, b) as u8)
            .with(Of::Register as usize, compare::register(a, b) as u8)
            .with(Of::Phone as usize, compare::phone(a, b) as u8)
            .with(Of::Email as usize, compare::email(a.mailbox, b.mailbox) as u8)
            .with(
                Of::Place as usize,
                compare::place([a.country, a.postcode, a.city], [b.country, b.postcode, b.city]) as u8,
            )
    }

    fn adjust(&self, _: Pattern, _: u32, _: u32, _: &mut impl FnMut(usize, f32)) {}

    fn is_conflict(&self, pattern: Pattern) -> bool {
        pattern.is(Of::Register as usize, RegisterLevel::Different as u8)
    }

    fn context(&self, left: u32, right: u32) -> usize {
        usize::from(self.groups[left as usize] == self.groups[right as usize])
    }
}
