//! Units compared, of which groups are found.
//!
//! Invariant: comparing is symmetric and depends on the two units and on counts over all.

use super::compare;
use super::units::{Unit, UnitName};
use super::{Firms, hash_of};
use crate::block::Keys;
use crate::intern::Texts;
use crate::levels::{CompanyComparison as Of, CompanyNameLevel, CompanyPeopleLevel, DomainLevel, RegisterLevel};
use crate::pattern::{Entities, Pattern};
use crate::read;
use crate::weigh::{Weights, narrow};

/// How many different names one group gives its companies; names beyond say that a word is no brand.
const BRAND_NAMES: f64 = 6.0;
/// How many units a population counts for at least.
const UNITS_MIN: f64 = 1_000.0;
/// How many companies are named after a person, against how many people have the name: surnames are companies' names far
/// oftener than one company is.
const SURNAME_SHARE: f64 = 3.0;
/// How many of the companies that have certain initials are called by them.
const ACRONYM_SHARE: f64 = 0.3;
/// The share of companies that are called by the same two letters by chance: one in twelve by two letters, of which the
/// frequent hundred pairs are most.
const TWO_LETTERS: f64 = 6e-5;
/// The share of companies' names that begin with a certain word of trade or place.
const COMMON_WORD: f64 = 0.01;
/// Several people in common are at least one in so many of the smaller unit's.
const PEOPLE_SHARE: usize = 8;
/// A name is among a unit's main ones from this share, one in so many, on.
const MAIN_SHARE: u32 = 5;

/// Units, of which groups are found, with what words say.
#[derive(Debug)]
pub(crate) struct Brands<'a> {
    firms: &'a Firms,
    /// Bits by which the frequency of a word changes the weight of a name in common.
    word: Vec<f32>,
    exact_u: f32,
    contains_u: f32,
}

impl<'a> Brands<'a> {
    pub(crate) fn new(firms: &'a Firms, weights: &Weights) -> Self {
        let u = |level: CompanyNameLevel| narrow(weights.chances[Of::Name as usize][level as usize - 1].u.log2());
        Self {
            firms,
            word: shares(firms),
            exact_u: u(CompanyNameLevel::Exact),
            contains_u: u(CompanyNameLevel::Contains),
        }
    }

    fn share(&self, word: u32) -> f32 {
        self.word.get(word as usize).copied().unwrap_or(0.0)
    }

    /// How rare a name is: as its rarest word, and a little more for each other.
    fn name_share(&self, name: &UnitName) -> f32 {
        let shares = name.words.iter().filter(|&&word| word != 0).map(|&word| self.share(word));
        let (least, sum) = shares.fold((0.0_f32, 0.0), |(least, sum), share| (least.min(share), sum + share));
        0.3_f32.mul_add(sum - least, least)
    }

    /// The best agreement of two units' names, with the share that the name in common has.
    fn names(&self, a: &Unit, b: &Unit) -> (CompanyNameLevel, f32) {
        if a.names.is_empty() || b.names.is_empty() {
            return (CompanyNameLevel::Missing, 0.0);
        }
        let main = |unit: &Unit, name: &UnitName| name.count * MAIN_SHARE >= unit.names[0].count;
        let mut best = (CompanyNameLevel::Different, f32::NEG_INFINITY, 0.0);
        for x in &a.names {
            for y in &b.names {
                let level = self.level(
                    x,
                    y,
                    main(a, x) && main(b, y),
                    a.domain == 0 || b.domain == 0,
                    compare::is_rare(self.firms, x, y),
                );
                let share = self.in_common(level, x, y);
                let bits = rank(level) - share;
                if bits > best.1 {
                    best = (level, bits, share);
                }
            }
        }
        (best.0, best.2)
    }

    fn in_common(&self, level: CompanyNameLevel, x: &UnitName, y: &UnitName) -> f32 {
        match level {
            CompanyNameLevel::Exact | CompanyNameLevel::AlsoNamed => self.name_share(x).max(self.name_share(y)),
            CompanyNameLevel::Contains | CompanyNameLevel::SharedBrand => self.share(x.brand),
            CompanyNameLevel::Acronym => self.share(if x.is_acronym { x.core } else { y.core }),
            CompanyNameLevel::Missing
            | CompanyNameLevel::OtherGeography
            | CompanyNameLevel::OtherGeneric
            | CompanyNameLevel::Close
            | CompanyNameLevel::SharedWord
            | CompanyNameLevel::Different => 0.0,
        }
    }

    fn level(&self, x: &UnitName, y: &UnitName, is_main: bool, may_slip: bool, is_rare: bool) -> CompanyNameLevel {
        let texts = &self.firms.texts;
        let exact = if is_main { CompanyNameLevel::Exact } else { CompanyNameLevel::AlsoNamed };
        let is = |left: u32, right: u32| left != 0 && left == right;
        if x.core == y.core || is(x.other, y.core) || is(y.other, x.core) {
            exact
        } else if is_main && (x.is_acronym && is(x.core, y.acronym) || y.is_acronym && is(y.core, x.acronym)) {
            CompanyNameLevel::Acronym
        } else if is(x.brand, y.brand) {
            if x.core == x.brand || y.core == y.brand {
                CompanyNameLevel::Contains
            } else {
                CompanyNameLevel::SharedBrand
            }
        } else if is_main && may_slip && read::is_one_slip(texts.get(x.core), texts.get(y.core)) {
            CompanyNameLevel::Close
        } else if is_main && is_rare {
            CompanyNameLevel::SharedWord
        } else {
            CompanyNameLevel::Different
        }
    }
}

/// How levels rank before frequency, in bits.
fn rank(level: CompanyNameLevel) -> f32 {
    match level {
        CompanyNameLevel::Exact => 2.0,
        CompanyNameLevel::AlsoNamed => 1.5,
        CompanyNameLevel::Contains => 1.0,
        CompanyNameLevel::SharedBrand => 0.0,
        CompanyNameLevel::Acronym => -1.0,
        CompanyNameLevel::Close => 10.0,
        CompanyNameLevel::SharedWord => 9.0,
        CompanyNameLevel::OtherGeography | CompanyNameLevel::OtherGeneric => 8.0,
        CompanyNameLevel::Missing | CompanyNameLevel::Different => -100.0,
    }
}

/// The binary logarithm of the share of groups that have each word in their names by chance.
fn shares(firms: &Firms) -> Vec<f32> {
    let units = f64::from(u32::try_from(firms.units.len()).unwrap_or(u32::MAX)) + UNITS_MIN;
    let short = |name: &UnitName| if name.is_acronym { name.core } else { name.acronym };
    let shorts = firms
        .units
        .iter()
        .zip(0_u64..)
        .flat_map(|(unit, number)| unit.names.iter().map(move |name| (short(name), number)));
    let mut abbreviated = crate::person::sharers(shorts);
    abbreviated.resize(firms.word_names.len(), 0);
    let share = |(word, &count): (u32, &u32)| {
        let surname =
            f64::from(firms.surnames.get(word as usize).copied().unwrap_or(0)) / f64::from(firms.surname_count.max(1));
        let beyond = (f64::from(count) - BRAND_NAMES).max(0.5) / units;
        let common = if read::is_common_word(firms.text(word)) { COMMON_WORD } else { 0.0 };
        let acronym = (f64::from(abbreviated[word as usize]) - BRAND_NAMES).max(0.0) / units;
        let letters = if firms.text(word).len() < 3 { TWO_LETTERS } else { 0.0 };
        narrow((beyond + surname * SURNAME_SHARE + common + ACRONYM_SHARE * acronym + letters).log2())
    };
    (0..).zip(&firms.word_names).map(share).collect()
}

impl Entities for Brands<'_> {
    fn count(&self) -> u32 {
        u32::try_from(self.firms.units.len()).expect("fewer than 2^32 rows")
    }

    fn keys(&self, row: u32, keys: &mut Keys) {
        let unit = &self.firms.units[row as usize];
        let of = |id: u32| u64::from(id);
        keys.add(0, &[of(unit.domain)]);
        keys.add(0, &[of(unit.mail_domain)]);
        keys.add(2, &[of(unit.label)]);
        keys.add(3, &[of(unit.label)]);
        for name in &unit.names {
            keys.add(1, &[of(name.core)]);
            keys.add(1, &[of(name.other)]);
            keys.add(2, &[of(name.core)]);
            keys.add(3, &[of(if name.is_acronym { name.core } else { name.acronym })]);
            keys.add(4, &[of(name.words[0]), of(unit.city)]);
            keys.add(8, &[of(name.brand)]);
        }
        for &entry in &unit.registers {
            keys.add(5, &[of(entry)]);
        }
        keys.add(6, &[of(unit.phone)]);
        keys.add(7, &[of(unit.mailbox)]);
        for &name in &self.firms.people[row as usize] {
            keys.add(9, &[name]);
        }
    }

    fn compare(&self, left: u32, right: u32) -> Pattern {
        let (a, b) = (&self.firms.units[left as usize], &self.firms.units[right as usize]);
        let people = in_common(&self.firms.people[left as usize], &self.firms.people[right as usize]);
        Pattern::default()
            .with(Of::Name as usize, self.names(a, b).0 as u8)
            .with(Of::Domain as usize, domain(a, b) as u8)
            .with(Of::Register as usize, register(a, b) as u8)
            .with(Of::Phone as usize, compare::phones((a.phone, a.exchange), (b.phone, b.exchange)) as u8)
            .with(Of::Email as usize, compare::email(a.mailbox, b.mailbox) as u8)
            .with(
                Of::Place as usize,
                compare::place([a.country, a.postcode, a.city], [b.country, b.postcode, b.city]) as u8,
            )
            .with(Of::People as usize, people as u8)
    }

    fn adjust(&self, pattern: Pattern, left: u32, right: u32, add: &mut impl FnMut(usize, f32)) {
        let level = pattern.level(Of::Name as usize);
        let (a, b) = (&self.firms.units[left as usize], &self.firms.units[right as usize]);
        let is = |one: CompanyNameLevel| level == one as usize;
        if is(CompanyNameLevel::Exact) || is(CompanyNameLevel::AlsoNamed) {
            add(Of::Name as usize, (self.exact_u - self.names(a, b).1).clamp(-14.0, 5.0));
        } else if is(CompanyNameLevel::Acronym) {
            add(Of::Name as usize, (self.exact_u - self.names(a, b).1).clamp(-14.0, 1.0));
        } else if is(CompanyNameLevel::Contains) || is(CompanyNameLevel::SharedBrand) {
            add(Of::Name as usize, (self.contains_u - self.names(a, b).1).clamp(-14.0, 5.0));
        }
    }

    fn is_conflict(&self, _: Pattern) -> bool {
        false
    }

    fn context(&self, _: u32, _: u32) -> usize {
        0
    }
}

/// How many people two units have in common: several are so only if they are not few of all.
fn in_common(a: &[u64], b: &[u64]) -> CompanyPeopleLevel {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        common += usize::from(a[i] == b[j]);
        (i, j) = (i + usize::from(a[i] <= b[j]), j + usize::from(b[j] <= a[i]));
    }
    match common {
        0 => CompanyPeopleLevel::Missing,
        2.. if common * PEOPLE_SHARE >= a.len().min(b.len()) => CompanyPeopleLevel::Several,
        _ => CompanyPeopleLevel::One,
    }
}

fn domain(a: &Unit, b: &Unit) -> DomainLevel {
    let of = |unit: &Unit| compare::Web { domain: unit.domain, mail_domain: unit.mail_domain, label: unit.label };
    let fits = |with: &Unit, named: &Unit| {
        let is = |text: u32| text != 0 && with.label == text;
        with.domain != 0 && named.names.iter().any(|name| is(name.core) || is(name.acronym))
    };
    compare::web(of(a), of(b), || fits(a, b) || fits(b, a))
}

fn register(a: &Unit, b: &Unit) -> RegisterLevel {
    if a.registers.iter().any(|entry| b.registers.contains(entry)) {
        RegisterLevel::Same
    } else {
        RegisterLevel::Missing
    }
}

/// The place of a unit in the order of units.
pub(super) fn order(texts: &Texts, unit: &Unit) -> impl Ord + use<> {
    let name = unit.names.first().map_or((0, 0), |name| (hash_of(texts, name.words[0]), hash_of(texts, name.core)));
    (name, hash_of(texts, unit.domain), hash_of(texts, unit.country), hash_of(texts, unit.city))
}
