//! Invented mentions with truth, to choose the method and its bounds by, and to see that they still are the best.
//!
//! Weights are sums of evidence as in the real model, so that pairs which share a mention are as dependent as they are
//! there: missing fields make bridges, homonyms share an employer, mailboxes contradict one another.
//!
//! Invariant: the same seed makes the same world.

use std::collections::{BTreeMap, HashMap};

use super::{Bounds, Clustering, Constraints, Edge, Score, cluster};

/// A pair is told of as an edge from this weight on, as the lead's listing does.
const LISTED_MIN: f32 = -5.0;
/// So many neighbors of a block are compared.
const BLOCK_REACH: usize = 60;

/// Numbers that look drawn by lot (xorshift64*).
pub(super) struct Lot(u64);

impl Lot {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn share(&mut self) -> f64 {
        self.next() as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// Small numbers often, large ones seldom.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "bounded")]
    fn skewed(&mut self, end: usize) -> u32 {
        ((end as f64).powf(self.share()) - 1.0) as u32
    }
}

/// How hard a world is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) person_count: usize,
    pub(super) mailbox_share: f64,
    pub(super) phone_share: f64,
    pub(super) initial_share: f64,
    pub(super) noise: f64,
    pub(super) homonym_share: f64,
    pub(super) company_size: usize,
    pub(super) family_count: usize,
}

impl Setting {
    pub(super) const fn plain(seed: u64) -> Self {
        Self {
            seed,
            person_count: 6_000,
            mailbox_share: 0.45,
            phone_share: 0.2,
            initial_share: 0.2,
            noise: 0.05,
            homonym_share: 0.08,
            company_size: 25,
            family_count: 4_000,
        }
    }
}

/// One mention; 0 is a missing value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    family: u32,
    is_family_odd: bool,
    given: u32,
    is_initial: bool,
    company: u32,
    mailbox: u32,
    phone: u32,
    city: u32,
    title: u32,
}

/// Mentions and whose they are.
pub(super) struct World {
    pub(super) seen: Vec<Seen>,
    pub(super) truth: Vec<u32>,
    families: HashMap<u32, u32>,
    givens: HashMap<u32, u32>,
    companies: HashMap<u32, u32>,
    prior: f32,
}

impl World {
    pub(super) fn new(setting: Setting) -> Self {
        let mut lot = Lot::new(setting.seed);
        let company_count = (setting.person_count / setting.company_size).max(3);
        let mut people: Vec<Seen> = Vec::new();
        for person in 0..setting.person_count {
            let number = u32::try_from(person + 1).unwrap();
            let mut one = Seen {
                family: 1 + lot.skewed(setting.family_count),
                given: 1 + lot.skewed(400),
                company: 1 + lot.skewed(company_count),
                mailbox: number,
                phone: number * 2,
                city: 0,
                title: 1 + lot.skewed(40),
                ..Seen::default()
            };
            if person > 0 && lot.chance(setting.homonym_share) {
                let twin = people[lot.below(person)];
                (one.family, one.given, one.company) = (twin.family, twin.given, twin.company);
            }
            one.city = one.company % 50 + 1;
            people.push(one);
        }
        let mut world = Self {
            seen: Vec::new(),
            truth: Vec::new(),
            families: HashMap::new(),
            givens: HashMap::new(),
            companies: HashMap::new(),
            prior: 0.0,
        };
        for (person, one) in people.iter().enumerate() {
            for _ in 0..=lot.skewed(14) {
                let seen = observe(one, setting, company_count, &mut lot);
                world.seen.push(seen);
                world.truth.push(u32::try_from(person).unwrap());
                *world.families.entry(seen.family).or_default() += 1;
                *world.givens.entry(seen.given).or_default() += 1;
                *world.companies.entry(seen.company).or_default() += 1;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "few mentions")]
        let count = world.seen.len() as f32;
        world.prior = (3.0 / count).log2();
        world
    }

    /// What a pair weighs: prior and evidence, with values weighed by their frequency.
    pub(super) fn score(&self, left: u32, right: u32) -> Score {
        let (a, b) = (&self.seen[left as usize], &self.seen[right as usize]);
        #[expect(clippy::cast_precision_loss, reason = "few mentions")]
        let rare = |counts: &HashMap<u32, u32>, value: u32, least: f32, most: f32| {
            (self.seen.len() as f32 / counts[&value] as f32).log2().clamp(least, most)
        };
        let mut weight = self.prior;
        weight += match (a.family == b.family, a.is_family_odd || b.is_family_odd) {
            (true, false) => rare(&self.families, a.family, 4.0, 12.0),
            (true, true) => 4.0,
            (false, _) => -7.0,
        };
        weight += match (a.given == b.given, a.is_initial || b.is_initial) {
            (true, false) => rare(&self.givens, a.given, 2.5, 8.0),
            (true, true) => 2.0,
            (false, true) => {
                if a.given % 12 == b.given % 12 {
                    2.0
                } else {
                    -6.0
                }
            }
            (false, false) => -7.0,
        };
        let both = |a: u32, b: u32| (a > 0 && b > 0).then_some(a == b);
        weight += match both(a.company, b.company) {
            Some(true) => rare(&self.companies, a.company, 1.5, 9.0),
            Some(false) => -3.5,
            None => 0.0,
        };
        let says_two = both(a.mailbox, b.mailbox) == Some(false) && both(a.company, b.company) != Some(false);
        weight += match both(a.mailbox, b.mailbox) {
            Some(true) => 9.0,
            Some(false) => {
                if says_two {
                    -8.0
                } else {
                    -1.0
                }
            }
            None => 0.0,
        };
        weight += match both(a.phone, b.phone) {
            Some(true) => {
                if a.phone % 2 == 1 {
                    1.0
                } else {
                    8.0
                }
            }
            Some(false) => -1.5,
            None => 0.0,
        };
        weight += both(a.city, b.city).map_or(0.0, |same| if same { 1.0 } else { -1.5 });
        weight += both(a.title, b.title).map_or(0.0, |same| if same { 2.5 } else { -1.0 });
        Score { weight, is_conflict: says_two && weight < 3.0 }
    }

    /// The pairs that blocking brings together.
    pub(super) fn edges(&self) -> Vec<Edge> {
        let mut blocks: BTreeMap<(u8, u32, u32), Vec<u32>> = BTreeMap::new();
        for (place, seen) in (0_u32..).zip(&self.seen) {
            for key in
                [(0, seen.family, seen.company), (1, seen.family, seen.given), (2, seen.mailbox, 0), (3, seen.phone, 0)]
            {
                if key.1 > 0 {
                    blocks.entry(key).or_default().push(place);
                }
            }
        }
        let mut edges = BTreeMap::new();
        for places in blocks.values() {
            for (at, &left) in places.iter().enumerate() {
                for &right in places[at + 1..].iter().take(BLOCK_REACH) {
                    edges.entry((left, right)).or_insert_with(|| self.score(left, right));
                }
            }
        }
        let weight = |score: &Score| if score.is_conflict { f32::NEG_INFINITY } else { score.weight };
        let kept = edges.into_iter().filter(|(_, score)| score.is_conflict || score.weight >= LISTED_MIN);
        kept.map(|((left, right), score)| Edge { left, right, weight: weight(&score) }).collect()
    }

    pub(super) fn cluster(&self, bounds: Bounds) -> Clustering {
        let score = |a: u32, b: u32| self.score(a, b);
        cluster(self.seen.len(), self.edges(), &Constraints::default(), bounds, &score)
    }
}

/// One person seen once: with gaps and slips.
fn observe(person: &Seen, setting: Setting, company_count: usize, lot: &mut Lot) -> Seen {
    let mut seen = *person;
    if lot.chance(setting.noise) {
        seen.is_family_odd = true;
    }
    seen.is_initial = lot.chance(setting.initial_share);
    if lot.chance(setting.noise) {
        seen.company = if lot.chance(0.5) { 0 } else { 1 + lot.skewed(company_count) };
    }
    seen.mailbox = if lot.chance(setting.mailbox_share) { person.mailbox } else { 0 };
    if seen.mailbox > 0 && lot.chance(setting.noise / 2.0) {
        seen.mailbox = 1_000_000 + person.mailbox;
    }
    seen.phone = match (lot.chance(setting.phone_share), lot.chance(0.4)) {
        (true, true) => person.phone,
        (true, false) => person.company * 2 + 1_000_001,
        (false, _) => 0,
    };
    seen.city = if lot.chance(0.5) { person.city } else { 0 };
    seen.title = if lot.chance(0.6) { person.title } else { 0 };
    if seen.title > 0 && lot.chance(0.25) {
        seen.title = 1 + lot.skewed(40);
    }
    seen
}

/// Pairwise and B-cubed quality.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quality {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
    pub(super) cubed: f64,
}

#[expect(clippy::cast_precision_loss, reason = "few mentions")]
pub(super) fn quality(found: &[u32], truth: &[u32]) -> Quality {
    let count = |of: &mut dyn Iterator<Item = (u32, u32)>| {
        let mut sizes: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        of.for_each(|key| *sizes.entry(key).or_default() += 1);
        sizes
    };
    let pairs = |sizes: &BTreeMap<(u32, u32), u64>| sizes.values().map(|n| n * (n - 1) / 2).sum::<u64>() as f64;
    let both = count(&mut found.iter().copied().zip(truth.iter().copied()));
    let of_found = count(&mut found.iter().map(|&one| (one, 0)));
    let of_truth = count(&mut truth.iter().map(|&one| (one, 0)));
    let f1 = |p: f64, r: f64| 2.0 * p * r / (p + r);
    let (precision, recall) = (pairs(&both) / pairs(&of_found).max(1.0), pairs(&both) / pairs(&of_truth).max(1.0));
    let cubed = |sizes: &BTreeMap<(u32, u32), u64>, by_found: bool| {
        let one =
            |(&(f, t), &n): (&(u32, u32), &u64)| (n * n) as f64 / sizes[&(if by_found { f } else { t }, 0)] as f64;
        both.iter().map(one).sum::<f64>() / found.len() as f64
    };
    Quality { precision, recall, f1: f1(precision, recall), cubed: f1(cubed(&of_found, true), cubed(&of_truth, false)) }
}

/// The clusters that following every link makes.
pub(super) fn connected(count: usize, edges: &[Edge], link_weight: f32) -> Vec<u32> {
    let mut forest = super::components::Forest::new(count);
    for edge in edges.iter().filter(|edge| edge.weight >= link_weight) {
        let (left, right) = (forest.root(edge.left), forest.root(edge.right));
        if left != right {
            forest.join(left, right);
        }
    }
    (0_u32..).take(count).map(|place| forest.root(place)).collect()
}

#[test]
fn clusters_are_better_than_what_every_link_makes() {
    let crowded = |seed| Setting { person_count: 2_000, company_size: 400, family_count: 300, ..Setting::plain(seed) };
    for seed in [1, 2] {
        let world = World::new(crowded(seed));
        let bounds = Bounds::new(-2.0, -4.0, -50.0);
        let ours = quality(&world.cluster(bounds).cluster_of, &world.truth);
        let linked = quality(&connected(world.seen.len(), &world.edges(), bounds.link_weight), &world.truth);
        assert!(ours.precision > linked.precision + 0.1, "{seed}: {ours:?} against {linked:?}");
        let average = Bounds { best_share: 0.0, size_bonus: 0.0, ..bounds };
        let average = quality(&world.cluster(average).cluster_of, &world.truth);
        assert!(ours.f1 > average.f1 && ours.cubed > average.cubed, "{seed}: {ours:?} against {average:?}");
        assert!(ours.f1 > linked.f1 + 0.05 && ours.cubed > linked.cubed, "{seed}: {ours:?} against {linked:?}");
        assert!(ours.recall > average.recall, "{seed}: {ours:?} against {average:?}");
    }
}
