//! Which domain a row without one means, and which rows name a domain that is not their company's any more.
//!
//! A company is known by its domain; two of three rows name it. The others are attributed: by the name and how often each
//! domain's company is called so, the place, the legal form, and whether the person is known there. What stays without a
//! domain is a company by name and place.
//!
//! Invariant: a row is judged by counts over all rows that name a domain; no order matters, ties go by values' hashes.

use rayon::prelude::*;

use super::counts::{Counts, Of};
use super::{Firm, hash_of};
use crate::intern::{Texts, mix};
use crate::read;

/// A tie to more domains than this, a person's name mostly, says nothing.
const TIE_DOMAINS_MAX: usize = 4;
/// As many domains are looked at for one name.
const NAME_DOMAINS_MAX: usize = 24;
/// A name that a domain's company has in less than one of so many rows is none of its main names.
const MAIN_SHARE: u32 = 8;
/// As many main names of a domain are looked at.
const MAIN_NAMES_MAX: usize = 5;
/// A name that has nothing to do with a domain's others is at home there from one row in so many on.
const STRANGER_SHARE: u32 = 30;
/// How often a person who is listed again is listed at the same company.
const TIE_TRUST: f64 = 0.5;
/// The least share of all that fits which the best domain must have.
const SHARE_MIN: f64 = 0.4;

/// General words and geography beside a name, as one number.
const fn beside(firm: &Firm) -> u64 {
    mix(firm.generic as u64, firm.geography as u64)
}

/// What ties a row to others of the same person.
pub(super) type Ties = [u64; 3];

/// A name at a domain, and how many rows say so.
#[derive(Debug, Clone, Copy)]
struct Named {
    of: u64,
    core: u32,
    domain: u32,
    count: u32,
}

/// Sorted by what they are of, the most frequent first.
fn counted(mut pairs: Vec<(u64, u32, u32)>, texts: &Texts) -> Vec<Named> {
    pairs.par_sort_unstable();
    let mut named: Vec<Named> = pairs
        .chunk_by(|left, right| left == right)
        .map(|same| Named {
            of: same[0].0,
            core: same[0].1,
            domain: same[0].2,
            count: u32::try_from(same.len()).unwrap_or(u32::MAX),
        })
        .collect();
    named.par_sort_by_cached_key(|each| {
        (each.of, u32::MAX - each.count, hash_of(texts, each.core), hash_of(texts, each.domain))
    });
    named
}

fn of(named: &[Named], value: u64) -> &[Named] {
    let start = named.partition_point(|each| each.of < value);
    let rest = named.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|each| each.of == value)).unwrap_or_default()
}

/// The rows to be attributed: the company that each names, and its ties.
pub(super) struct Homes<'a> {
    texts: &'a Texts,
    firms: &'a [Firm],
    of_row: &'a [u32],
    ties: &'a [Ties],
    /// A way to name it, by core.
    way: Vec<u32>,
    /// Names by domain.
    by_domain: Vec<Named>,
    /// Domains by core, by word (of main names) and by tie.
    by_core: Vec<Named>,
    by_word: Vec<Named>,
    by_tie: Vec<Named>,
    counts: Counts,
    /// By way, the domains it may mean.
    fits: Vec<Vec<(u64, u32, f64)>>,
}

impl<'a> Homes<'a> {
    pub(super) fn new(texts: &'a Texts, firms: &'a [Firm], of_row: &'a [u32], ties: &'a [Ties]) -> Self {
        let mut way = vec![0; texts.len()];
        for (place, firm) in (1..).zip(firms) {
            let known: &mut u32 = &mut way[firm.core as usize];
            let rank = |place: u32| {
                firms
                    .get(place as usize - 1)
                    .map(|firm| (hash_of(texts, firm.acronym), hash_of(texts, firm.first_word)))
            };
            if *known == 0 || rank(place) > rank(*known) {
                *known = place;
            }
        }
        let mut homes = Self {
            texts,
            firms,
            of_row,
            ties,
            way,
            by_domain: Vec::new(),
            by_core: Vec::new(),
            by_word: Vec::new(),
            by_tie: Vec::new(),
            counts: Counts::default(),
            fits: Vec::new(),
        };
        let with = |firm: &Firm| firm.domain != 0 && firm.core != 0;
        homes.by_domain = counted(homes.people(with, |firm| firm.domain), texts);
        homes.by_core = counted(homes.people(|firm| firm.core != 0, |firm| firm.core), texts);
        homes
    }

    fn rows(&self) -> impl Iterator<Item = (usize, &'a Firm)> + '_ {
        self.of_row
            .iter()
            .enumerate()
            .filter_map(|(row, &way)| Some((row, &self.firms[(way as usize).checked_sub(1)?])))
    }

    /// Names and domains as distinct people have them: one who is listed often counts once.
    fn people(&self, with: impl Fn(&Firm) -> bool, of: impl Fn(&Firm) -> u32) -> Vec<(u64, u32, u32)> {
        let who = |row: usize| if self.ties[row][0] == 0 { mix(1, row as u64) } else { self.ties[row][0] };
        let mut named: Vec<(u64, u32, u32, u64)> = self
            .rows()
            .filter(|(_, firm)| with(firm))
            .map(|(row, firm)| (of(firm).into(), firm.core, firm.domain, who(row)))
            .collect();
        named.par_sort_unstable();
        named.dedup();
        named.into_iter().map(|(of, core, domain, _)| (of, core, domain)).collect()
    }

    fn way(&self, core: u32) -> Option<&'a Firm> {
        self.firms.get((self.way[core as usize] as usize).checked_sub(1)?)
    }

    /// The main names of a domain.
    fn mains(&self, domain: u32) -> &[Named] {
        let named = of(&self.by_domain, u64::from(domain));
        let most = named.first().map_or(0, |name| name.count);
        let main = named.iter().take_while(|name| name.count * MAIN_SHARE >= most).count();
        named.get(..main.min(MAIN_NAMES_MAX)).unwrap_or_default()
    }

    /// Whether a name is one of a company's other names, said otherwise.
    fn is_related(&self, firm: &Firm, domain: u32) -> bool {
        let label = self.texts.get(domain).split('.').next().unwrap_or_default();
        let word = self.texts.get(firm.first_word);
        let labelled = word.chars().count() >= 4 && !read::is_common_word(word) && label.contains(word);
        labelled
            || self
                .mains(domain)
                .iter()
                .filter(|name| name.core != firm.core)
                .filter_map(|name| self.way(name.core))
                .any(|main| self.is_same_name(firm, main))
    }

    fn is_same_name(&self, firm: &Firm, main: &Firm) -> bool {
        let is = |left: u32, right: u32| left != 0 && left == right;
        let word = |firm: &Firm| self.texts.get(firm.first_word);
        is(firm.core, main.core)
            || is(firm.first_word, main.first_word) && !read::is_common_word(word(firm))
            || firm.is_acronym && is(firm.core, main.acronym)
            || main.is_acronym && is(main.core, firm.acronym)
            || is(firm.other, main.core)
            || is(main.other, firm.core)
            || read::is_one_slip(self.texts.get(firm.core), self.texts.get(main.core))
            || word(firm).len() > 4 && word(main).len() > 4 && read::is_one_slip(word(firm), word(main))
    }

    /// Finds the ways to name a company whose domain is another's: a colleague who left has the mailbox still.
    pub(super) fn strangers(&self) -> Vec<bool> {
        let stranger = |firm: &Firm| {
            if firm.domain == 0 || firm.core == 0 {
                return false;
            }
            let named = of(&self.by_domain, u64::from(firm.domain));
            let count = named.iter().find(|name| name.core == firm.core).map_or(0, |name| name.count);
            let all: u32 = named.iter().map(|name| name.count).sum();
            let elsewhere: u32 =
                of(&self.by_core, u64::from(firm.core)).iter().map(|name| name.count).sum::<u32>() - count;
            let most = named.first().map_or(0, |name| name.count);
            count * STRANGER_SHARE <= all.max(most * 2) && elsewhere > count && !self.is_related(firm, firm.domain)
                || count == 1 && most >= 3 && elsewhere >= 3 && !self.is_related(firm, firm.domain)
        };
        self.firms.par_iter().map(stranger).collect()
    }

    /// Counts what stands at each domain, once strangers are out.
    pub(super) fn count(&mut self) {
        let mut counts = Counts::new(self.texts.len());
        let mut rows = vec![0_u32; self.firms.len()];
        let mut ties = Vec::new();
        for (row, firm) in self.rows() {
            rows[self.of_row[row] as usize - 1] += 1;
            for &tie in self.ties[row].iter().filter(|&&tie| tie != 0) {
                counts.add(Of::Tie, firm.domain, tie, 1);
                if firm.domain != 0 {
                    ties.push((tie, 0, firm.domain));
                }
            }
        }
        for (firm, &times) in self.firms.iter().zip(&rows) {
            let mut add = |of, value| counts.add(of, firm.domain, value, times);
            add(Of::Rows, 1);
            add(Of::Core, firm.core.into());
            add(Of::Full, if firm.core == 0 { 0 } else { mix(firm.core.into(), beside(firm)) });
            add(Of::Form, firm.form.into());
            add(Of::City, firm.city.into());
            add(Of::Country, firm.country.into());
        }
        let mut words = Vec::new();
        for names in self.by_domain.chunk_by(|left, right| left.domain == right.domain) {
            for main in self.mains(names[0].domain).iter().filter_map(|name| self.way(name.core)) {
                words.extend(
                    [main.first_word, main.acronym]
                        .iter()
                        .filter(|&&word| word != 0)
                        .map(|&word| (u64::from(word), 0, names[0].domain)),
                );
            }
        }
        self.counts = counts;
        self.by_word = counted(words, self.texts);
        self.by_tie = counted(ties, self.texts);
        self.fits = (0..self.firms.len()).into_par_iter().map(|way| self.fits_of(&self.firms[way])).collect();
    }

    fn at(&self, of: Of, domain: u32, value: u64) -> f64 {
        self.counts.at(of, domain, value)
    }

    /// How well a way to name a company without a domain fits one, but for people.
    fn chance(&self, firm: &Firm, domain: u32) -> f64 {
        let counts = &self.counts;
        let mut chance = counts.all(Of::Rows, domain);
        if firm.core != 0 {
            let same = self.at(Of::Core, domain, firm.core.into());
            let related = if same > 0.0 {
                0.0
            } else if self.is_related(firm, domain) {
                0.03
            } else {
                0.0002
            };
            chance *= (same + related) / (counts.all(Of::Core, domain) + 1.0);
            let full = self.at(Of::Full, domain, mix(firm.core.into(), beside(firm)));
            let usual = if firm.generic == 0 && firm.geography == 0 { 0.5 } else { 0.05 };
            chance *= (full + usual) / (same + 1.0) / usual;
        }
        chance *= counts.fit(Of::Form, domain, firm.form.into(), 0.8);
        chance *= counts.fit(Of::City, domain, firm.city.into(), 0.9);
        chance * counts.fit(Of::Country, domain, firm.country.into(), 0.9)
    }

    /// The domains that a way without one may mean by its name, by the domains' hashes, and how well each fits.
    fn fits_of(&self, firm: &Firm) -> Vec<(u64, u32, f64)> {
        if firm.domain != 0 || firm.core == 0 {
            return Vec::new();
        }
        let named = of(&self.by_core, firm.core.into());
        let named = named.iter().filter(|each| each.domain != 0).take(NAME_DOMAINS_MAX);
        let words =
            [firm.first_word, if firm.is_acronym { firm.core } else { 0 }].into_iter().filter(|&word| word != 0);
        let words = words.flat_map(|word| of(&self.by_word, word.into()).iter().take(NAME_DOMAINS_MAX));
        let mut domains: Vec<(u64, u32)> =
            named.chain(words).map(|each| (hash_of(self.texts, each.domain), each.domain)).collect();
        // By hash: sums must not depend on the order in which domains were numbered.
        domains.sort_unstable();
        domains.dedup();
        domains.into_iter().map(|(hash, domain)| (hash, domain, self.chance(firm, domain))).collect()
    }

    /// The domain of the company that a row without one means, 0 where none is likely.
    pub(super) fn of_row(&self, row: usize) -> u32 {
        let Some(way) = (self.of_row[row] as usize).checked_sub(1) else { return 0 };
        let firm = &self.firms[way];
        let ties: Vec<u64> = self.ties[row].iter().copied().filter(|&tie| tie != 0).collect();
        let mut fits = self.fits[way].clone();
        let tied = ties.iter().map(|&tie| of(&self.by_tie, tie)).filter(|tied| tied.len() <= TIE_DOMAINS_MAX).flatten();
        for domain in tied.map(|each| each.domain) {
            if fits.iter().all(|fit| fit.1 != domain) {
                fits.push((hash_of(self.texts, domain), domain, self.chance(firm, domain)));
            }
        }
        fits.sort_unstable_by_key(|fit| (fit.0, fit.1));
        let (mut best, mut all, mut by_name, mut count) = ((0.0, 0), 0.0, 0.0, 0);
        for (_, domain, fit) in fits {
            let people = ties.iter().map(|&tie| self.counts.tie(domain, tie, TIE_TRUST, 0.0));
            let chance = fit * people.fold(1.0 - TIE_TRUST, f64::max);
            best = if chance > best.0 { (chance, domain) } else { best };
            all += chance;
            let same = self.at(Of::Core, domain, firm.core.into());
            by_name += same;
            count += u32::from(same > 0.0);
        }
        let unknown = if firm.core == 0 { 1.0 } else { by_name.mul_add(if count > 1 { 0.25 } else { 0.1 }, 0.2) };
        let unknown = unknown * (1.0 - TIE_TRUST) * 2.0;
        if best.0 > 0.0 && all > unknown && best.0 >= SHARE_MIN * (all + unknown) { best.1 } else { 0 }
    }
}
