//! The order of names that do not tell it: `Meyer Anna` is Anna Meyer where the data know Meyers and Annas.
//!
//! How often a word is a given and how often a family name in the rows at hand decides, not a list of names; what nothing
//! tells stays as it was read.
//!
//! Invariant: the result depends on how often each name is there, not on the order of rows; a name that tells its order
//! is never changed.

use rayon::prelude::*;

use super::{NameWords, WORDS_MAX};
use crate::intern::Texts;

/// How much likelier another order must be, as a natural logarithm: about seven times.
const MARGIN: f32 = 2.0;
/// A single letter is hardly a family name.
const INITIAL: f32 = 4.0;

/// Puts names that do not tell their order into the one that the other names make likely. `of_row` names each row's.
pub(super) fn orient(names: &mut [NameWords], words: &Texts, of_row: &[u32]) {
    let mut rows = vec![0_u32; names.len()];
    for &name in of_row {
        rows[name as usize] += 1;
    }
    // How often each word is a given name, and a family name.
    let mut uses = vec![[0_u32; 2]; words.len()];
    for (name, &count) in names.iter().zip(&rows) {
        for (numbers, role) in [(&name.given, 0), (&name.family, 1)] {
            for &word in numbers.iter().filter(|&&word| word != 0) {
                uses[word as usize][role] += count;
            }
        }
    }
    let leaning = |word: u32| {
        if words.get(word).chars().nth(1).is_none() {
            return INITIAL;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of words; a logarithm needs no more")]
        let [given, family] = uses[word as usize].map(|count| count as f32 + 0.5);
        (given / family).ln()
    };
    names.par_iter_mut().filter(|name| !name.is_certain).for_each(|name| turn(name, &leaning));
}

/// Takes the first words for the family name where that is much likelier; `leaning` says how much likelier a word is a
/// given name than a family name.
fn turn(name: &mut NameWords, leaning: &impl Fn(u32) -> f32) {
    let words: Vec<u32> = name.given.into_iter().chain(name.family).filter(|&word| word != 0).collect();
    if name.given[0] == 0 || name.family[0] == 0 {
        return;
    }
    let leanings: Vec<f32> = words.iter().map(|&word| leaning(word)).collect();
    let given_count = name.given.iter().filter(|&&word| word != 0).count();
    let total: f32 = leanings.iter().sum();
    // A word adds its leaning as a given name and takes it away as a family name.
    let first = |count: usize| leanings.iter().take(count).sum::<f32>();
    let now = 2.0_f32.mul_add(first(given_count), -total);
    let fits = |&count: &usize| count <= WORDS_MAX && words.len() - count <= WORDS_MAX;
    let best = (1..words.len())
        .filter(fits)
        .map(|count| (2.0_f32.mul_add(-first(count), total), count))
        .fold((now + MARGIN, 0), |best, other| if other.0 > best.0 { other } else { best });
    if best.1 > 0 {
        let (family, given) = words.split_at(best.1);
        (name.family, name.given) = (filled(family), filled(given));
    }
}

fn filled(words: &[u32]) -> [u32; WORDS_MAX] {
    let mut all = [0; WORDS_MAX];
    for (slot, &word) in all.iter_mut().zip(words) {
        *slot = word;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as `given / family`, after those that rows with them make likely.
    fn oriented(names: &[(&[&str], &[&str], bool)]) -> Vec<String> {
        let mut words = Texts::new();
        let mut number = |texts: &[&str]| filled(&texts.iter().map(|text| words.intern(text)).collect::<Vec<_>>());
        let mut made: Vec<NameWords> = names
            .iter()
            .map(|&(given, family, is_certain)| NameWords {
                given: number(given),
                family: number(family),
                is_certain,
                ..NameWords::default()
            })
            .collect();
        let count = u32::try_from(made.len()).expect("a few names");
        let of_row: Vec<u32> = (0..count).chain([0, 0, 0, 0, 0]).collect();
        orient(&mut made, &words, &of_row);
        let text = |numbers: &[u32]| {
            let words: Vec<&str> = numbers.iter().filter(|&&word| word != 0).map(|&word| words.get(word)).collect();
            words.join(" ")
        };
        made.iter().map(|name| format!("{} / {}", text(&name.given), text(&name.family))).collect()
    }

    #[test]
    fn a_name_is_turned_where_the_data_know_its_words() {
        let made = oriented(&[
            (&["anna"], &["meyer"], true),
            (&["meyer"], &["anna"], false),
            (&["meyer", "anna"], &["l"], false),
        ]);
        assert_eq!(made, ["anna / meyer", "anna / meyer", "anna l / meyer"]);
    }

    #[test]
    fn a_name_that_tells_its_order_or_is_unknown_stays() {
        let made = oriented(&[
            (&["anna"], &["meyer"], true),
            (&["meyer"], &["anna"], true),
            (&["thomas"], &["bernard"], false),
        ]);
        assert_eq!(made, ["anna / meyer", "meyer / anna", "thomas / bernard"]);
    }
}
