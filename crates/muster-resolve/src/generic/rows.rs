//! The rows of a foreign file, ready to be compared: names in words, each other column in numbered values.
//!
//! Places are rows in an order that puts similar ones together: by name, by values, at last by mention id. A value is
//! read once, however many rows have it.
//!
//! Invariant: places depend on what rows say and on their ids, not on the order in which they came.

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::columns::{self, Source};
use super::name::{Name, Words};
use super::spec::Kind;
use super::value::Value;
use crate::cluster::Constraints;
use crate::decided::Decided;
use crate::pattern::Pattern;
use crate::table::{Column, Table};

/// One comparison.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// The column's name.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The place among the fields, for a comparison that is none of names.
    pub(super) field: Option<usize>,
}

/// A column that is none of names.
pub(super) struct Field {
    pub(super) kind: Kind,
    /// By number; 0 is the absent value.
    pub(super) values: Vec<Value>,
}

/// Rows by place.
pub(crate) struct Rows {
    pub(crate) comparisons: Vec<Comparison>,
    /// The table's row of each place.
    pub(crate) row_of: Vec<u32>,
    pub(super) words: Words,
    /// Empty where no column holds names.
    pub(super) names: Vec<Name>,
    pub(super) fields: Vec<Field>,
    /// The numbers of the values, one place after the other.
    pub(super) values: Vec<u32>,
}

impl Rows {
    /// Reads a table.
    pub(crate) fn new(table: &Table, by_id: &[u32]) -> Self {
        let choice = columns::choose(table, by_id);
        let fields: Vec<(Field, Vec<u32>)> =
            choice.fields.par_iter().map(|(_, source, kind)| field(table, by_id, *source, *kind)).collect();
        let mut words = Words::new();
        let texts = |row: u32| {
            [Column::FullName, Column::GivenName, Column::FamilyName].map(|column| table.text(column, row as usize))
        };
        let names: Vec<Name> = if choice.has_names {
            by_id.iter().map(|&row| texts(row)).map(|[full, given, family]| words.read(full, given, family)).collect()
        } else {
            Vec::new()
        };
        let hash = |at: usize| fields.iter().map(move |(field, values)| field.values[values[at] as usize].hash);
        let mut order: Vec<usize> = (0..by_id.len()).collect();
        order.par_sort_by(|&left, &right| {
            let name = |at: usize| names.get(at).map(|name| (words.text(name.family), words.text(name.given)));
            name(left).cmp(&name(right)).then_with(|| hash(left).cmp(hash(right))).then(left.cmp(&right))
        });
        let mut comparisons = Vec::new();
        if choice.has_names {
            for (name, kind) in
                [("given_name", Kind::Given), ("family_name", Kind::Family), ("further_names", Kind::Further)]
            {
                comparisons.push(Comparison { name: name.to_owned(), kind, field: None });
            }
        }
        for (at, (name, _, kind)) in choice.fields.iter().enumerate() {
            comparisons.push(Comparison { name: name.clone(), kind: *kind, field: Some(at) });
        }
        Self {
            comparisons,
            row_of: order.iter().map(|&at| by_id[at]).collect(),
            names: if names.is_empty() { names } else { order.iter().map(|&at| names[at]).collect() },
            values: order.iter().flat_map(|&at| fields.iter().map(move |(_, values)| values[at])).collect(),
            words,
            fields: fields.into_iter().map(|(field, _)| field).collect(),
        }
    }

    /// Returns how many there are.
    /// Returns the place of each of `count` rows.
    pub(crate) fn places(&self, count: usize) -> Vec<u32> {
        let mut places = vec![0; count];
        for (place, &row) in (0..).zip(&self.row_of) {
            places[row as usize] = place;
        }
        places
    }

    /// Returns what stewards decided, by place.
    pub(crate) fn constraints(&self, table: &Table, decided: &Decided<'_>) -> Constraints {
        let places = self.places(table.len());
        decided.constraints(places.len(), |row| Some(places[row as usize]))
    }

    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.row_of.len()).expect("fewer than 2^32 rows")
    }

    /// Returns a place's values by field.
    pub(super) fn of(&self, place: u32) -> &[u32] {
        let start = place as usize * self.fields.len();
        &self.values[start..start + self.fields.len()]
    }

    /// Returns a place's name.
    pub(super) fn name(&self, place: u32) -> Option<&Name> {
        self.names.get(place as usize)
    }

    /// Compares two places; symmetric.
    pub(super) fn compare(&self, left: u32, right: u32) -> Pattern {
        let mut pattern = Pattern::default();
        let mut first = 0;
        if let (Some(a), Some(b)) = (self.name(left), self.name(right)) {
            pattern = pattern
                .with(0, self.words.given(a, b))
                .with(1, self.words.family(a, b))
                .with(2, self.words.further(a, b));
            first = 3;
        }
        let values = self.of(left).iter().zip(self.of(right)).zip(&self.fields).enumerate();
        for (at, ((&a, &b), field)) in values.filter(|(_, ((a, b), _))| **a != 0 && **b != 0) {
            let value = &field.values[a as usize];
            let level =
                if a == b { value.own_level(field.kind) } else { value.level(&field.values[b as usize], field.kind) };
            pattern = pattern.with(first + at, level);
        }
        pattern
    }
}

/// Reads one column; returns it and its values in the order of the ids.
fn field(table: &Table, by_id: &[u32], source: Source, kind: Kind) -> (Field, Vec<u32>) {
    let texts = source.texts(table);
    let is_month_first =
        kind == Kind::Date && super::date::is_month_first((1..texts.len()).map(|number| source.text(table, number)));
    let mut values = vec![Value::default()];
    let mut numbers: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
    let mut of_text = vec![u32::MAX; texts.len()];
    let mut rows = Vec::with_capacity(by_id.len());
    for &row in by_id {
        let text = source.value(table, row as usize);
        if of_text[text as usize] == u32::MAX {
            let value = Value::new(source.text(table, text as usize), kind, is_month_first);
            of_text[text as usize] = if value.text.is_empty() {
                0
            } else {
                *numbers.entry(value.hash).or_insert_with(|| {
                    values.push(value);
                    u32::try_from(values.len() - 1).expect("fewer than 2^32 values")
                })
            };
        }
        rows.push(of_text[text as usize]);
    }
    (Field { kind, values }, rows)
}
