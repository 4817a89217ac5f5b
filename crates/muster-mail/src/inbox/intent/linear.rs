//! A small linear classifier over the words of a clause, trained at first use from labelled sentences.
//!
//! It knows neither languages nor rights: a sample is a set of hashed features with marks, one for each label. It is
//! trained by steps no longer than needed (passive-aggressive), averaged over all steps, in a fixed order.
//!
//! Invariant: the same samples give the same weights; additions and multiplications only.

use super::meaning::each_meaning;

/// Longest step towards a label, and away from one: labels are rare.
const STEP_TO: f32 = 1.0;
const STEP_FROM: f32 = 0.4;

/// A labelled set of features.
pub(in crate::inbox) struct Sample<const N: usize> {
    /// Hashed features, sorted, each once.
    pub(in crate::inbox) features: Vec<u32>,
    /// Which labels it has.
    pub(in crate::inbox) marks: [bool; N],
}

/// A trained classifier of `N` labels.
pub(in crate::inbox) struct Linear<const N: usize> {
    /// Known features, sorted; the place of one is the row of its weights.
    features: Vec<u32>,
    /// Where the features with the same first bits begin: one look instead of a search through all.
    starts: Vec<u32>,
    weights: Vec<[f32; N]>,
}

impl<const N: usize> Linear<N> {
    /// Learns from samples, in so many rounds over them.
    pub(in crate::inbox) fn train(mut samples: Vec<Sample<N>>, rounds: u8) -> Self {
        let mut features: Vec<u32> = samples.iter().flat_map(|sample| &sample.features).copied().collect();
        features.sort_unstable();
        features.dedup();
        for sample in &mut samples {
            for feature in &mut sample.features {
                let row = features.binary_search(feature).unwrap_or_default();
                *feature = u32::try_from(row).unwrap_or_default();
            }
        }
        let mut weights = vec![[0.0_f32; N]; features.len()];
        // The mean of the weights over all steps: what each change is too much, by how late it came.
        let mut late = weights.clone();
        let count = samples.len();
        let steps = count * usize::from(rounds);
        // A stride that shares no factor with the count visits each sample once; near the golden section it is in no
        // step with how the samples lie, by language and kind, so that no kind has the last word.
        let stride =
            (count * 1_000 / 1_618..=count).find(|&stride| stride > 0 && is_coprime(stride, count)).unwrap_or(1);
        let mut at = 0;
        for done in 0..steps {
            at = (at + stride) % count;
            if let Some(sample) = samples.get(at) {
                step(&mut weights, &mut late, share(done, steps), sample);
            }
        }
        for (row, late) in weights.iter_mut().zip(&late) {
            row.iter_mut().zip(late).for_each(|(weight, late)| *weight -= late);
        }
        Self { starts: starts(&features), features, weights }
    }

    fn row(&self, feature: u32) -> Option<&[f32; N]> {
        let bucket = (feature >> BUCKET_SHIFT) as usize;
        let from = *self.starts.get(bucket)? as usize;
        let to = *self.starts.get(bucket + 1)? as usize;
        let within = self.features.get(from..to)?.iter().position(|known| *known == feature)?;
        self.weights.get(from + within)
    }

    /// Scores features: above zero where a label is likely, around one where it was learned.
    pub(in crate::inbox) fn score(&self, features: &[u32]) -> [f32; N] {
        let scale = 1.0 / length(features.len());
        let mut scores = [0.0; N];
        for row in features.iter().filter_map(|feature| self.row(*feature)) {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * scale);
        }
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

/// How much of the way was gone before a step.
#[expect(clippy::cast_precision_loss, reason = "a share of a way needs no more digits than an `f32` has")]
fn share(done: usize, steps: usize) -> f32 {
    done as f32 / steps.max(1) as f32
}

/// The square root of a count, which is correctly rounded everywhere.
fn length(count: usize) -> f32 {
    f32::from(u16::try_from(count.max(1)).unwrap_or(u16::MAX)).sqrt()
}

fn is_coprime(mut a: usize, mut b: usize) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// Moves the weights so that a sample gets its labels, no further than needed.
fn step<const N: usize>(weights: &mut [[f32; N]], late: &mut [[f32; N]], share: f32, sample: &Sample<N>) {
    let scale = 1.0 / length(sample.features.len());
    let mut scores = [0.0; N];
    for row in sample.features.iter().filter_map(|&row| weights.get(row as usize)) {
        scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * scale);
    }
    let mut steps = [0.0_f32; N];
    for ((step, score), mark) in steps.iter_mut().zip(scores).zip(sample.marks) {
        *step = if mark { (1.0 - score).clamp(0.0, STEP_TO) } else { -(1.0 + score).clamp(0.0, STEP_FROM) } * scale;
    }
    for &row in &sample.features {
        if let (Some(row), Some(late)) = (weights.get_mut(row as usize), late.get_mut(row as usize)) {
            row.iter_mut().zip(steps).for_each(|(weight, step)| *weight += step);
            late.iter_mut().zip(steps).for_each(|(late, step)| *late += step * share);
        }
    }
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
    fn labels_are_learned_and_the_same_samples_give_the_same_scores() {
        let sample =
            |text: &str, mark: bool| Sample { features: features(text, false, std::iter::empty()), marks: [mark] };
        let samples = || {
            vec![
                sample("take me off the list", true),
                sample("please remove me from the list", true),
                sample("do not remove me from the list", false),
                sample("thanks for the list", false),
                sample("we meet on monday", false),
            ]
        };
        let (first, second) = (Linear::train(samples(), 8), Linear::train(samples(), 8));
        let score = |model: &Linear<1>, text: &str| model.score(&features(text, false, std::iter::empty()))[0];
        assert!(score(&first, "remove me please") > 0.0);
        assert!(score(&first, "never remove me") < score(&first, "remove me"));
        assert!(score(&first, "see you on monday") < 0.0);
        assert_eq!(score(&first, "remove me").to_bits(), score(&second, "remove me").to_bits());
    }

    #[test]
    fn letters_are_taken_in_fours_with_the_ends_of_the_word() {
        let mut rows = Vec::new();
        letters_in_fours("stop", &mut rows);
        assert_eq!(rows.len(), 3);
        letters_in_fours("", &mut rows);
        assert_eq!(rows.len(), 3);
    }
}
