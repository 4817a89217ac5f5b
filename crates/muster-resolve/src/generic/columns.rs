//! Which columns of a table are compared, and as what.
//!
//! A column that says nothing (empty, or one value) is left out, and so is one whose words all stand in other columns
//! of the same row: it would count their evidence twice.
//!
//! Invariant: the choice depends on the rows as a set.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::spec::Kind;
use crate::intern::{Texts, hash_text};
use crate::normal::letters;
use crate::pattern::COMPARISONS_MAX;
use crate::table::{Attribute, Column, Table};

/// How many rows are looked at.
const ROWS_READ: usize = 20_000;
/// From this share of filled rows on whose words stand elsewhere a column is made of others.
const DERIVED_SHARE: f64 = 0.95;
/// Comparisons that names take.
const NAME_COMPARISONS: usize = 3;

/// Where a column's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// In a column of contacts.
    Column(Column),
    /// In a plain attribute.
    Attribute(usize),
}

impl Source {
    pub(super) fn value(self, table: &Table, row: usize) -> u32 {
        match self {
            Self::Column(column) => table.value(column, row),
            Self::Attribute(index) => table.attribute_value(index, row),
        }
    }

    pub(super) fn texts(self, table: &Table) -> &Texts {
        match self {
            Self::Column(column) => table.texts(column),
            Self::Attribute(index) => table.attribute_texts(index),
        }
    }

    pub(super) fn text(self, table: &Table, number: usize) -> &str {
        self.texts(table).get(u32::try_from(number).expect("fewer than 2^32 texts"))
    }
}

/// What is compared.
pub(super) struct Choice {
    pub(super) has_names: bool,
    pub(super) fields: Vec<(String, Source, Kind)>,
}

/// Contact columns that are compared as plain ones.
const PLAIN: [(&str, Column, Kind); 6] = [
    ("street", Column::Street, Kind::Text),
    ("city", Column::City, Kind::Text),
    ("postcode", Column::Postcode, Kind::Code),
    ("country", Column::Country, Kind::Text),
    ("job_title", Column::JobTitle, Kind::Text),
    ("company_name", Column::Company, Kind::Text),
];
const NAMES: [Column; 3] = [Column::FullName, Column::GivenName, Column::FamilyName];

/// Chooses the columns.
pub(super) fn choose(table: &Table, by_id: &[u32]) -> Choice {
    let attributes = table.attributes().iter().enumerate();
    let plain = PLAIN.iter().map(|&(name, column, kind)| (name.to_owned(), Source::Column(column), kind));
    let all = plain
        .chain(attributes.map(|(at, Attribute { name, kind })| (name.clone(), Source::Attribute(at), (*kind).into())));
    // The empty text is one, so a column that tells anything apart has three.
    let told: Vec<(String, Source, Kind)> = all.filter(|(_, source, _)| source.texts(table).len() > 2).collect();
    let has_names = NAMES.iter().any(|&column| table.texts(column).len() > 1);
    let step = by_id.len().div_ceil(ROWS_READ).max(1);
    let rows: Vec<usize> = by_id.iter().step_by(step).map(|&row| row as usize).collect();
    let mut kept: Vec<Source> = told.iter().map(|&(_, source, _)| source).collect();
    // The widest first, so that of a whole address and its parts the parts stay.
    let mut widest = kept.clone();
    widest.sort_by_cached_key(|&source| std::cmp::Reverse(word_count(table, &rows, source)));
    for source in widest {
        if is_derived(table, &rows, source, &kept) {
            kept.retain(|&each| each != source);
        }
    }
    let most = COMPARISONS_MAX - if has_names { NAME_COMPARISONS } else { 0 };
    let fields = told.into_iter().filter(|(_, source, _)| kept.contains(source)).take(most).collect();
    Choice { has_names, fields }
}

/// Returns how many words a column has.
fn word_count(table: &Table, rows: &[usize], source: Source) -> usize {
    let words = |&row: &usize| source.text(table, source.value(table, row) as usize).split_whitespace().count();
    rows.iter().map(words).sum()
}

/// Returns whether nearly all that a column says stands in names or in other kept columns.
fn is_derived(table: &Table, rows: &[usize], source: Source, kept: &[Source]) -> bool {
    let (mut filled, mut found) = (0_u32, 0_u32);
    let mut others: HashSet<u64, FxBuildHasher> = HashSet::default();
    let mut folded = String::new();
    for &row in rows {
        let text = source.text(table, source.value(table, row) as usize);
        if text.is_empty() {
            continue;
        }
        others.clear();
        let mut add = |text: &str| {
            folded.clear();
            letters::fold(text, &mut folded);
            others.extend(folded.split(' ').map(hash_text));
        };
        for column in NAMES {
            add(table.text(column, row));
        }
        for &other in kept.iter().filter(|&&other| other != source) {
            add(other.text(table, other.value(table, row) as usize));
        }
        folded.clear();
        letters::fold(text, &mut folded);
        filled += 1;
        found += u32::from(folded.split(' ').all(|word| others.contains(&hash_text(word))));
    }
    filled > 0 && f64::from(found) >= DERIVED_SHARE * f64::from(filled)
}
