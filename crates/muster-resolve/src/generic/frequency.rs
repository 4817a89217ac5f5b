//! How much more or less a value says than its level does on average, because few or many entities have it.
//!
//! A value counts the entities that have it, not their mentions: of a rare name that one person's ten mentions have,
//! only one person is known to have it. Left out is the entity that has it most, because two mentions of that one
//! would be a match; what then remains for a value of one entity is estimated from how many values two entities share
//! (Good and Turing).
//!
//! Invariant: sums run in the order of places.

use super::rows::Rows;
use super::spec::Kind;
use crate::pattern::Pattern;
use crate::weigh::narrow;

/// What a frequency changes at most, in bits.
const BITS_MAX: f64 = 10.0;

/// Bits by comparison and by the number of the value or word.
pub(super) struct Frequencies {
    exact: Vec<Vec<f32>>,
    /// For words that stand at different places of two names.
    anywhere: Vec<f32>,
}

impl Frequencies {
    /// Counts values among the clusters, every place in one.
    pub(super) fn new(rows: &Rows, clusters: Option<&[Vec<u32>]>) -> Self {
        let alone: Vec<Vec<u32>>;
        let clusters = if let Some(clusters) = clusters {
            clusters
        } else {
            alone = (0..rows.len()).map(|place| vec![place]).collect();
            &alone
        };
        let word_count = rows.words.facts.len();
        let exact = rows
            .comparisons
            .iter()
            .map(|comparison| match (comparison.kind, comparison.field) {
                (Kind::Given, _) => bits(clusters, word_count, &|place, add| add(rows.names[place as usize].given)),
                (Kind::Family, _) => bits(clusters, word_count, &|place, add| add(rows.names[place as usize].family)),
                (_, None) => bits(clusters, word_count, &|place, add| {
                    rows.names[place as usize].further().iter().for_each(|&word| add(word));
                }),
                (_, Some(field)) => {
                    bits(clusters, rows.fields[field].values.len(), &|place, add| add(rows.of(place)[field]))
                }
            })
            .collect();
        let anywhere = if rows.names.is_empty() {
            Vec::new()
        } else {
            bits(clusters, word_count, &|place, add| {
                let name = &rows.names[place as usize];
                [name.given, name.family].iter().chain(name.further()).for_each(|&word| add(word));
            })
        };
        Self { exact, anywhere }
    }

    /// Adds what the frequency of the values of two places changes.
    pub(super) fn adjust(
        &self,
        rows: &Rows,
        pattern: Pattern,
        left: u32,
        right: u32,
        add: &mut impl FnMut(usize, f32),
    ) {
        let mut first = 0;
        if let (Some(a), Some(b)) = (rows.name(left), rows.name(right)) {
            first = 3;
            if pattern.is(0, 1) {
                add(0, self.exact[0][a.given as usize]);
            } else if pattern.is(0, 5) {
                let word = if b.family == a.given || b.further.contains(&a.given) { a.given } else { b.given };
                add(0, self.anywhere[word as usize]);
            }
            if pattern.is(1, 1) {
                add(1, self.exact[1][a.family as usize]);
            } else if pattern.is(1, 4) {
                let word = if b.given == a.family || b.further.contains(&a.family) { a.family } else { b.family };
                add(1, self.anywhere[word as usize]);
            }
            if pattern.is(2, 1) || pattern.is(2, 2) {
                let shared = a.further().iter().filter(|word| b.further().contains(word));
                let most = shared.map(|&word| self.exact[2][word as usize]).fold(f32::NEG_INFINITY, f32::max);
                add(2, most);
            }
        }
        for (at, (&a, &b)) in rows.of(left).iter().zip(rows.of(right)).enumerate() {
            if a == b && a != 0 {
                add(first + at, self.exact[first + at][a as usize]);
            }
        }
    }
}

/// Hands the values of a place to a function.
type ValuesOf<'a> = dyn Fn(u32, &mut dyn FnMut(u32)) + 'a;

/// Counts entities by value, each by the share of its mentions that have the value, and returns the bits.
fn bits(clusters: &[Vec<u32>], value_count: usize, values: &ValuesOf<'_>) -> Vec<f32> {
    let mut sums = vec![0.0_f64; value_count];
    let mut most = vec![0.0_f64; value_count];
    let mut here: Vec<u32> = Vec::new();
    let mut entities = 0.0;
    for cluster in clusters {
        here.clear();
        let mut filled = 0_u32;
        for &place in cluster {
            let before = here.len();
            values(place, &mut |value| {
                if value != 0 {
                    here.push(value);
                }
            });
            filled += u32::from(here.len() > before);
        }
        if filled == 0 {
            continue;
        }
        entities += 1.0;
        here.sort_unstable();
        for same in here.chunk_by(|left, right| left == right) {
            let share = f64::from(u32::try_from(same.len()).unwrap_or(u32::MAX)) / f64::from(filled);
            let value = same[0] as usize;
            sums[value] += share;
            most[value] = most[value].max(share);
        }
    }
    // How many values one entity, and how many two have.
    let seen = |entities: f64| sums.iter().filter(|&&sum| sum > entities - 0.5 && sum <= entities + 0.5).count();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let unseen = (2.0 * (count(seen(2.0)) + 0.5) / (count(seen(1.0)) + 1.0)).clamp(1e-3, 1.0);
    let share = |value: usize| (sums[value] - most[value] + unseen) / entities;
    let total: f64 = sums.iter().sum();
    let mean: f64 = (1..value_count).map(|value| sums[value] / total * share(value)).sum();
    (0..value_count)
        .map(
            |value| {
                if sums[value] > 0.0 { narrow((mean / share(value)).log2().clamp(-BITS_MAX, BITS_MAX)) } else { 0.0 }
            },
        )
        .collect()
}
