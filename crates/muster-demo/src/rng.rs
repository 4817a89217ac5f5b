//! Chance: a small generator of pseudo-random numbers that gives the same numbers on every machine and in every version.
//!
//! Own code and not a crate, because the bytes of a generated file must not change with a dependency. Not for secrets.
//! Invariant: equal seeds give equal numbers; `Rng::of` makes independent streams, so any part can be drawn without the others.

/// A stream of pseudo-random numbers (xoshiro256++ by Blackman and Vigna, public domain).
#[derive(Debug, Clone)]
pub(crate) struct Rng([u64; 4]);

/// Mixes a number so that neighbors become unlike each other (the finalizer of splitmix64; one-to-one).
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number below `n` that belongs to a value.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below n")]
pub(crate) fn modulo(value: u64, n: usize) -> usize {
    (mix(value) % n as u64) as usize
}

impl Rng {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let a = mix(seed);
        let b = mix(a);
        let c = mix(b);
        Self([a, b, c, mix(c)])
    }

    /// The stream of one thing: `what` names the kind of thing, `index` which of them.
    pub(crate) fn of(seed: u64, what: u64, index: u64) -> Self {
        Self::new(mix(seed ^ mix(what)) ^ mix(index))
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of probability `p` happens.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A number below `n`, which is not 0.
    #[expect(clippy::cast_possible_truncation, reason = "the product shifted right is below n")]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// One of the items, which are not none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The place of one weight, drawn in proportion to the weights.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len() - 1
    }

    /// A number from an exponential distribution of this mean, rounded down.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and not negative")]
    pub(crate) fn exponential(&mut self, mean: f64) -> usize {
        (-(1.0 - self.unit()).ln() * mean) as usize
    }
}

/// A law of Zipf over ranks: the first is frequent, the tail long.
#[derive(Debug)]
pub(crate) struct Zipf(Vec<f64>);

impl Zipf {
    /// Ranks 0 to below `n` with weights `(rank + shift)^-exponent`.
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    pub(crate) fn new(n: usize, shift: f64, exponent: f64) -> Self {
        let mut sum = 0.0;
        let sums = (0..n).map(|rank| {
            sum += (rank as f64 + shift).powf(-exponent);
            sum
        });
        Self(sums.collect())
    }

    /// A rank.
    pub(crate) fn draw(&self, rng: &mut Rng) -> usize {
        let at = rng.unit() * self.0.last().copied().unwrap_or(0.0);
        self.0.partition_point(|sum| *sum <= at).min(self.0.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_numbers_and_other_streams_others() {
        let draw = |mut rng: Rng| (0..4).map(|_| rng.next()).collect::<Vec<_>>();
        assert_eq!(draw(Rng::of(1, 2, 3)), draw(Rng::of(1, 2, 3)));
        assert_ne!(draw(Rng::of(1, 2, 3)), draw(Rng::of(1, 3, 2)));
    }

    #[test]
    fn the_first_rank_of_a_zipf_law_is_the_most_frequent() {
        let (law, mut rng) = (Zipf::new(50, 1.0, 1.0), Rng::new(5));
        let mut counts = [0_u32; 50];
        for _ in 0..20_000 {
            counts[law.draw(&mut rng)] += 1;
        }
        assert!(counts[0] > counts[4] && counts[4] > counts[40] && counts[49] > 0, "{counts:?}");
    }
}
