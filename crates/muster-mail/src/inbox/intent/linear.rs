//! A small linear classifier over the words of a clause.
//!
//! It knows neither languages nor rights: a sample is a set of hashed features. The weights are learned from labelled
//! sentences by a test (`train`) and shipped as bytes, so that no program has to learn before it reads its first mail.
//!
//! Invariant: the same bytes and features give the same scores; additions and multiplications only.

#[cfg(test)]
pub(in crate::inbox) mod train;

use super::meaning::each_meaning;

/// A trained classifier of `N` labels.
pub(in crate::inbox) struct Linear<const N: usize> {
    /// Known features, sorted; the place of one is the row of its weights.
    features: Vec<u32>,
    /// Where the features with the same first bits begin: one look instead of a search through all.
    starts: Vec<u32>,
    /// Weights, in steps of their label's `scales`.
    weights: Vec<[i16; N]>,
    scales: [f32; N],
}

impl<const N: usize> Linear<N> {
    /// Reads weights as `train` wrote them: the scale of each label, the number of features, the features, a row of
    /// weights for each; numbers of four bytes, weights of two, little end first.
    ///
    /// Returns `None` where the bytes are anything else.
    pub(in crate::inbox) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scales, rest) = bytes.split_at_checked(N * 4)?;
        let (scales, _) = scales.as_chunks::<4>();
        let mut scales = scales.iter().map(|bytes| f32::from_le_bytes(*bytes));
        let scales = [(); N].map(|()| scales.next().unwrap_or_default());
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (features, rows) = rest.split_at_checked(count.checked_mul(4)?)?;
        let (features, _) = features.as_chunks::<4>();
        let features: Vec<u32> = features.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        let (numbers, rest) = rows.as_chunks::<2>();
        let (rows, over) = numbers.as_chunks::<N>();
        let weights: Vec<[i16; N]> = rows.iter().map(|row| row.map(i16::from_le_bytes)).collect();
        let fits = weights.len() == count && over.is_empty() && rest.is_empty() && features.is_sorted();
        fits.then(|| Self { starts: starts(&features), features, weights, scales })
    }

    /// Returns whether a folded word stands in the sentences that were learned.
    pub(in crate::inbox) fn knows(&self, word: &str) -> bool {
        self.row(hash(b'w', word, "")).is_some()
    }

    fn row(&self, feature: u32) -> Option<&[i16; N]> {
        let bucket = (feature >> BUCKET_SHIFT) as usize;
        let from = *self.starts.get(bucket)? as usize;
        let to = *self.starts.get(bucket + 1)? as usize;
        let within = self.features.get(from..to)?.iter().position(|known| *known == feature)?;
        self.weights.get(from + within)
    }

    /// Scores features: above zero where a label is likely, around one where it was learned.
    pub(in crate::inbox) fn score(&self, features: &[u32]) -> [f32; N] {
        let mut sums = [0_i32; N];
        for row in features.iter().filter_map(|feature| self.row(*feature)) {
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += i32::from(*weight));
        }
        let length = length(features.len());
        let mut scores = self.scales;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a sum of some hundred steps needs no more digits than an `f32` has"
        )]
        scores.iter_mut().zip(sums).for_each(|(score, sum)| *score *= sum as f32 / length);
        scores
    }
}

/// Bits of a feature below those that name its bucket.
const BUCKET_SHIFT: u32 = 16;

/// Where each bucket of sorted features begins, and where the last one ends.
fn starts(features: &[u32]) -> Vec<u32> {
    let count = |bucket: u32| features.partition_point(|feature| feature >> BUCKET_SHIFT < bucket);
    (0..=1_u32 << (u32::BITS - BUCKET_SHIFT)).map(|bucket| u32::try_from(count(bucket)).unwrap_or(u32::MAX)).collect()
}

/// The square root of a count, which is correctly rounded everywhere.
fn length(count: usize) -> f32 {
    f32::from(u16::try_from(count.max(1)).unwrap_or(u16::MAX)).sqrt()
}

/// Words that turn the sense of what follows, in the languages that are read.
const NEGATIONS: &[&str] = &[
    "not",
    "dont",
    "doesnt",
    "didnt",
    "wont",
    "cannot",
    "cant",
    "never",
    "no",
    "nothing",
    "none",
    "without",
    "nor",
    "neither",
    "nicht",
    "nichts",
    "nie",
    "niemals",
    "kein",
    "keine",
    "keinen",
    "keinerlei",
    "ohne",
    "weder",
    "ne",
    "pas",
    "jamais",
    "rien",
    "aucun",
    "aucune",
    "sans",
    "plus",
    "nunca",
    "jamas",
    "nada",
    "ningun",
    "ninguna",
    "sin",
    "tampoco",
    "non",
    "mai",
    "niente",
    "nessun",
    "nessuna",
    "senza",
    "niet",
    "niets",
    "geen",
    "nooit",
    "zonder",
    "noch",
    "nigdy",
    "nic",
    "zaden",
    "zadnych",
    "bez",
];

/// How many words a mark weighs.
const MARK_WEIGHT: u8 = 6;

/// Words that a negation reaches.
const REACH: u8 = 4;

/// The features of a folded clause: words, stems, pairs, letters in fours, meanings and how they follow each other, what
/// stands behind a negation, and marks that others set on it.
pub(in crate::inbox) fn features<'a>(
    clause: &str,
    is_question: bool,
    marks: impl Iterator<Item = &'a str>,
) -> Vec<u32> {
    let mut rows = Vec::with_capacity(clause.len() * 3);
    let mut before = "^";
    let mut negated = 0_u8;
    let mut trail = Trail::default();
    for word in clause.split(' ').filter(|word| !word.is_empty()) {
        let word = if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() > 2 { "000" } else { word };
        rows.push(hash(b'w', word, ""));
        rows.push(hash(b's', stem(word, 5), ""));
        rows.push(hash(b'b', stem(before, 5), stem(word, 5)));
        if negated > 0 {
            rows.push(hash(b'n', stem(word, 5), ""));
        }
        if is_question {
            rows.push(hash(b'q', stem(word, 5), ""));
        }
        letters_in_fours(word, &mut rows);
        trail.step(word, negated > 0, is_question, &mut rows);
        negated = if NEGATIONS.contains(&word) { REACH } else { negated.saturating_sub(1) };
        before = word;
    }
    rows.push(hash(b'b', stem(before, 5), "$"));
    rows.push(hash(b'q', if is_question { "?" } else { "." }, ""));
    // A mark weighs more than a word.
    for mark in marks {
        rows.extend((b'0'..b'0' + MARK_WEIGHT).map(|copy| hash(copy, mark, "")));
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The meanings that came before a word, nearest first.
#[derive(Default)]
struct Trail {
    before: [Vec<u8>; 3],
}

impl Trail {
    fn step(&mut self, word: &str, is_negated: bool, is_question: bool, rows: &mut Vec<u32>) {
        let mut now = Vec::new();
        each_meaning(word, |class| now.push(class));
        if now.is_empty() {
            return;
        }
        for &class in &now {
            rows.extend([hash_bytes([class].into_iter(), b'1'), hash_bytes([class].into_iter(), b'2')]);
            if is_negated {
                rows.push(hash_bytes([class].into_iter(), b'N'));
            }
            if is_question {
                rows.push(hash_bytes([class].into_iter(), b'Q'));
            }
            for &earlier in self.before.iter().flatten() {
                rows.push(hash_bytes([earlier, class].into_iter(), b'c'));
            }
            for &earlier in self.before.first().into_iter().flatten() {
                rows.push(hash_bytes([earlier, class].into_iter(), b'd'));
            }
        }
        let [first, second, _] = std::mem::take(&mut self.before);
        self.before = [now, first, second];
    }
}

fn stem(word: &str, letters: usize) -> &str {
    word.get(..letters).unwrap_or(word)
}

/// Pushes each run of four bytes of ` word `.
fn letters_in_fours(word: &str, rows: &mut Vec<u32>) {
    let bytes = word.as_bytes();
    let at = |index: usize| if index == 0 { b' ' } else { bytes.get(index - 1).copied().unwrap_or(b' ') };
    for start in 0..(bytes.len() + 2).saturating_sub(3) {
        rows.push(hash_bytes((start..start + 4).map(at), b'g'));
    }
}

fn hash(kind: u8, first: &str, second: &str) -> u32 {
    hash_bytes(first.bytes().chain(std::iter::once(b' ')).chain(second.bytes()), kind)
}

/// FNV-1a: short, and the same on every machine.
fn hash_bytes(bytes: impl Iterator<Item = u8>, kind: u8) -> u32 {
    std::iter::once(kind)
        .chain(bytes)
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_taken_in_fours_with_the_ends_of_the_word() {
        let mut rows = Vec::new();
        letters_in_fours("stop", &mut rows);
        assert_eq!(rows.len(), 3);
        letters_in_fours("", &mut rows);
        assert_eq!(rows.len(), 3);
    }
}
