//! Learns the weights of a [`Linear`] from labelled samples, and writes them: for the tests that ship them.
//!
//! Steps are no longer than needed (passive-aggressive, Crammer et al. 2006); the weights are the mean over all steps, in a
//! fixed order.
//!
//! Invariant: the same samples give the same bytes; additions and multiplications only.

use super::{Linear, length, starts};

/// Longest step towards a label, and away from one: labels are rare.
const STEP_TO: f32 = 1.0;
const STEP_FROM: f32 = 0.4;

/// Largest stored weight, in steps.
const STORED_MAX: f32 = 32_767.0;

/// A labelled set of features.
pub(in crate::inbox) struct Sample<const N: usize> {
    /// Hashed features, sorted, each once.
    pub(in crate::inbox) features: Vec<u32>,
    /// Which labels it has.
    pub(in crate::inbox) marks: [bool; N],
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
        Self::stored(&features, &weights)
    }

    /// Rounds weights to the steps that they are stored in, of a size of its own for each label.
    fn stored(features: &[u32], weights: &[[f32; N]]) -> Self {
        let mut scales = [f32::MIN_POSITIVE; N];
        for row in weights {
            scales.iter_mut().zip(row).for_each(|(scale, weight)| *scale = scale.max(weight.abs()));
        }
        let scales = scales.map(|largest| largest / STORED_MAX);
        let mut stored = vec![[0_i16; N]; weights.len()];
        for (stored, row) in stored.iter_mut().zip(weights) {
            for ((stored, weight), scale) in stored.iter_mut().zip(row).zip(scales) {
                #[expect(clippy::cast_possible_truncation, reason = "no weight is larger than the largest")]
                let steps = (weight / scale).round() as i16;
                *stored = steps;
            }
        }
        Self { starts: starts(features), features: features.to_vec(), weights: stored, scales }
    }

    /// Writes the weights as [`Linear::from_bytes`] reads them.
    pub(in crate::inbox) fn to_bytes(&self) -> Vec<u8> {
        let count = u32::try_from(self.features.len()).expect("there are fewer features than four bytes count");
        let mut bytes: Vec<u8> = self.scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
        bytes.extend(count.to_le_bytes());
        bytes.extend(self.features.iter().flat_map(|feature| feature.to_le_bytes()));
        bytes.extend(self.weights.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
        bytes
    }
}

/// Holds shipped weights against those that the samples teach; with `MUSTER_ACCEPT=1` ships these.
pub(in crate::inbox) fn check_shipped<const N: usize>(model: &Linear<N>, shipped: &[u8], file: &str) {
    let made = model.to_bytes();
    assert!(Linear::<N>::from_bytes(&made).is_some_and(|read| read.to_bytes() == made), "what is written is read");
    if std::env::var_os("MUSTER_ACCEPT").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inbox").join(file);
        std::fs::write(path, made).expect("the checkout can be written");
        return;
    }
    let told = "the sentences or phrases have changed: MUSTER_ACCEPT=1 cargo test -p muster-mail --lib shipped_weights";
    assert!(made == shipped, "{file}: {told}");
}

/// How much of the way was gone before a step.
#[expect(clippy::cast_precision_loss, reason = "a share of a way needs no more digits than an `f32` has")]
fn share(done: usize, steps: usize) -> f32 {
    done as f32 / steps.max(1) as f32
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

#[cfg(test)]
mod tests {
    use super::super::features;
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
}
