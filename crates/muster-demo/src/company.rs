//! Company groups and their legal entities: names, domains, places.
//!
//! Names are not unique on purpose: unrelated firms share them. Domains are, because a domain has one owner.
//! Invariant: an entity belongs to one group, and its number is above that of every entity of an earlier group.

use std::collections::HashSet;

use crate::contact;
use crate::country::Country;
use crate::rates::Rates;
use crate::rng::{Rng, mix, modulo};
use crate::spelling::slug;

const INDUSTRIES: &str = include_str!("../data/industries.txt");

/// Parts of coined brands.
const HEADS: &[&str] = &[
    "Nord", "Vel", "Al", "Quan", "Syn", "Pro", "Inno", "Tec", "Omni", "Astra", "Lum", "Ver", "Cor", "Max", "Alt", "Hy",
    "Eco", "Nov", "Del", "Sol", "Ter", "Aqua", "Bio", "Cy", "Dura", "En", "Flex", "Gen", "Hel", "Iso", "Kin", "Lin",
    "Mon", "Neo", "Opti", "Poly", "Ray", "Sil", "Tri", "Uni", "Vita", "West", "Xen", "Zen", "Ost", "Süd", "Berg",
    "See", "Bright", "Clear", "Stone", "River", "Falk", "Kron", "Adler", "Mar", "Cal", "Bor", "Fen", "Gal",
];
const MIDDLES: &[&str] = &["a", "i", "o", "ta", "ri", "no", "li", "me", "va", "du", "se", "ko", "be", "ga", "ro"];
const TAILS: &[&str] = &[
    "wind", "tara", "ventis", "tis", "dyn", "via", "nex", "logic", "plan", "on", "ora", "ium", "era", "tech", "form",
    "data", "scale", "tron", "mark", "land", "brück", "berg", "net", "pharm", "steel", "path", "works", "line", "gate",
    "point", "bridge", "field", "com", "lux", "mera", "nova", "rix", "san", "thos", "vex", "zon", "quist", "dor",
    "fort", "len", "mont", "par", "sys", "vance", "well",
];

/// A group: the firms under one roof; most have one.
#[derive(Debug)]
pub(crate) struct Group {
    /// What everybody calls it.
    pub(crate) brand: String,
    pub(crate) first_entity: usize,
    pub(crate) entity_count: usize,
}

/// A legal entity.
#[derive(Debug)]
pub(crate) struct Entity {
    pub(crate) group: usize,
    pub(crate) country: usize,
    /// Its short name.
    pub(crate) brand: String,
    /// Its name without the legal form.
    pub(crate) name: String,
    pub(crate) form: &'static str,
    /// Initials, where it has ones that are used; else empty.
    pub(crate) abbreviation: String,
    /// What it was called before; else empty.
    pub(crate) former_name: String,
    /// Day of the new name, and of the move of the seat; 0 if there was none.
    pub(crate) renamed: u16,
    pub(crate) moved: u16,
    pub(crate) domain: String,
    /// The family that it is named after; else empty.
    pub(crate) family: String,
    /// The mailbox pattern; ä as ae in mailboxes.
    pub(crate) pattern: usize,
    pub(crate) german: bool,
    pub(crate) known: usize,
    pub(crate) seed: u64,
}

/// One place of an entity.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) seed: u64,
    pub(crate) city: usize,
    pub(crate) street: String,
    pub(crate) postcode: String,
}

/// What goes into making companies.
pub(crate) struct Plan<'a> {
    pub(crate) seed: u64,
    pub(crate) rates: &'a Rates,
    pub(crate) countries: &'a [Country],
    pub(crate) last_day: usize,
}

/// The parts of a name before the legal form and the country.
#[derive(Clone)]
struct Parts {
    brand: String,
    trade: Option<usize>,
    family: String,
    coined: bool,
}

/// Makes groups until their people are `people` or more.
pub(crate) fn make(plan: &Plan<'_>, people: usize) -> (Vec<Group>, Vec<Entity>) {
    let (mut groups, mut entities): (Vec<Group>, Vec<Entity>) = (Vec::new(), Vec::new());
    let mut domains = HashSet::new();
    let weights: Vec<f64> = plan.countries.iter().map(|country| country.weight).collect();
    let mut made: Vec<(Parts, usize)> = Vec::new();
    let mut known = 0;
    while known < people {
        let mut rng = Rng::of(plan.seed, 31, groups.len() as u64);
        let mut country = rng.weighted(&weights);
        let parts = if !made.is_empty() && rng.chance(plan.rates.homonym_companies) {
            let (other, at) = rng.pick(&made).clone();
            if rng.chance(0.7) {
                country = at;
            }
            Parts { trade: if rng.chance(0.5) { other.trade } else { trade(&mut rng) }, ..other }
        } else {
            parts(&plan.countries[country], &mut rng)
        };
        let size = known_people(people, &mut rng);
        known += size;
        made.push((parts.clone(), country));
        let maker = GroupMaker { plan, parts, country, size, group: groups.len(), weights: &weights };
        let first_entity = entities.len();
        maker.entities(&mut rng, &mut domains, &mut entities);
        let entity_count = entities.len() - first_entity;
        groups.push(Group { brand: maker.parts.brand, first_entity, entity_count });
    }
    (groups, entities)
}

/// How many people of a group are known to the sources: a few of a small firm's, a small share of a large one's.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "below 50,000"
)]
fn known_people(people: usize, rng: &mut Rng) -> usize {
    let headcount = (3.0 * (1.0 - rng.unit()).powf(-1.0 / 0.95)).min(50_000.0);
    let share = 1.6 * headcount.powf(0.72) * (0.4 + 1.2 * rng.unit());
    // A small world has no room for a giant.
    (share / 2.0).min(people as f64 / 30.0).max(1.0) as usize
}

fn trade(rng: &mut Rng) -> Option<usize> {
    rng.chance(0.72).then(|| rng.below(INDUSTRIES.lines().count()))
}

fn trade_word(trade: usize, language: usize) -> &'static str {
    let line = INDUSTRIES.lines().nth(trade).unwrap_or_default();
    line.split('|').nth(language).unwrap_or_default()
}

fn coined(rng: &mut Rng) -> String {
    let middle = if rng.chance(0.55) { *rng.pick(MIDDLES) } else { "" };
    format!("{}{middle}{}", rng.pick(HEADS), rng.pick(TAILS))
}

fn parts(country: &Country, rng: &mut Rng) -> Parts {
    let no_family = String::new();
    match rng.weighted(&[0.36, 0.34, 0.18, 0.12]) {
        0 => {
            let family = country.family(rng);
            let brand = match (rng.below(9), country.language) {
                (0, 1) => format!("{family} & Söhne"),
                (1, 1) => format!("Gebr. {family}"),
                (2, 1) => format!("{family} & Partner"),
                (0, 2) => format!("{family} Frères"),
                (1, 2) => format!("{family} & Fils"),
                (0, 3) => format!("Hermanos {family}"),
                (0, 4) => format!("Fratelli {family}"),
                (0, 5) => format!("Gebroeders {family}"),
                (0, 0) => format!("{family} & Sons"),
                (1 | 2, 0) => format!("{family} {}", country.family(rng)),
                (3, _) => format!("{family} & {}", country.family(rng)),
                _ => family.clone(),
            };
            Parts { brand, trade: trade(rng), family, coined: false }
        }
        1 => Parts { brand: coined(rng), trade: trade(rng), family: no_family, coined: true },
        2 => {
            let city = rng.pick(&country.cities).name;
            let word = trade_word(rng.below(INDUSTRIES.lines().count()), country.language);
            let other = trade_word(rng.below(INDUSTRIES.lines().count()), country.language);
            let brand = match rng.below(4) {
                0 => format!("{word} {city}"),
                1 => format!("{city} {word} {other}"),
                2 => format!(
                    "{} {word} {other}",
                    ["General", "Allgemeine", "Générale de", "General de", "Generale", "Algemene", "Polskie"]
                        [country.language]
                ),
                _ => format!("{} {word} Group", rng.pick(&["Global", "United", "Central", "Euro", "First", "Inter"])),
            };
            Parts { brand, trade: None, family: no_family, coined: false }
        }
        _ => {
            let letters = b"ABCDEFGHIKLMNOPRSTUVWZ";
            let count = rng.between(2, 4).max(rng.between(2, 3));
            let brand: String = (0..count).map(|_| char::from(*rng.pick(letters))).collect();
            Parts { brand, trade: trade(rng).or(Some(1)), family: no_family, coined: true }
        }
    }
}

fn initials(name: &str) -> String {
    let words = name.split([' ', '-']).filter(|word| word.chars().next().is_some_and(char::is_uppercase));
    let letters: String = words.filter_map(|word| word.chars().next()).collect();
    if (3..=4).contains(&letters.chars().count()) { letters } else { String::new() }
}

/// Makes the entities of one group.
struct GroupMaker<'a> {
    plan: &'a Plan<'a>,
    parts: Parts,
    country: usize,
    size: usize,
    group: usize,
    weights: &'a [f64],
}

impl GroupMaker<'_> {
    fn entities(&self, rng: &mut Rng, domains: &mut HashSet<String>, out: &mut Vec<Entity>) {
        let count = self.count(rng);
        let mut left = self.size;
        let mut roof: Option<String> = None;
        let shared = rng.chance(0.62);
        for at in 0..count {
            let known = if at + 1 == count { left } else { (left / 2).max(1).min(left) };
            if known == 0 {
                break;
            }
            left -= known;
            let entity = self.entity(at, known, shared, roof.as_deref(), rng, domains);
            if roof.is_none() {
                roof = Some(entity.domain.clone());
            }
            out.push(entity);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "some dozens"
    )]
    fn count(&self, rng: &mut Rng) -> usize {
        let usual = match self.size {
            0..=3 => usize::from(rng.chance(0.04)),
            4..=12 => usize::from(rng.chance(0.22)),
            13..=50 => rng.below(4),
            51..=200 => rng.between(1, 9),
            _ => rng.between(6, 24),
        };
        1 + (usual as f64 * self.plan.rates.entities).round() as usize
    }

    fn entity(
        &self,
        at: usize,
        known: usize,
        shared: bool,
        roof: Option<&str>,
        rng: &mut Rng,
        domains: &mut HashSet<String>,
    ) -> Entity {
        let abroad = at > 0 && rng.chance(0.62);
        let at_country = if abroad { rng.weighted(self.weights) } else { self.country };
        let country = &self.plan.countries[at_country];
        // A bought firm keeps its name; the others are called after the group.
        let bought = at > 0 && rng.chance(0.16);
        let own = if bought { parts(country, rng) } else { self.parts.clone() };
        let trade = if at > 0 && !abroad && !bought { trade(rng) } else { own.trade };
        let mut name = own.brand.clone();
        if let Some(trade) = trade {
            let language = if abroad || rng.chance(0.12) { 0 } else { country.language };
            name = format!("{name} {}", trade_word(trade, language));
        }
        if at > 0 && !bought {
            name = self.subsidiary(&name, &own.brand, country, abroad, rng);
        }
        let domain = match roof {
            Some(roof) if shared && !bought => roof.to_owned(),
            Some(_) | None => domain(&own, &name, country, abroad, rng, domains),
        };
        let abbreviation = initials(&name);
        let day = |rng: &mut Rng, p| {
            u16::try_from(if rng.chance(p) { rng.between(300, self.plan.last_day - 300) } else { 0 })
        };
        let renamed = day(rng, self.plan.rates.company_renamed).unwrap_or(0);
        let moved = day(rng, self.plan.rates.company_moved).unwrap_or(0);
        Entity {
            group: self.group,
            country: at_country,
            brand: own.brand.clone(),
            form: rng.pick::<&'static str>(&country.forms),
            abbreviation,
            former_name: if renamed > 0 { parts(country, rng).brand } else { String::new() },
            renamed,
            moved,
            domain,
            family: if bought || at == 0 { own.family } else { String::new() },
            pattern: contact::pattern(known, rng),
            german: country.german() && rng.chance(0.93),
            known,
            name,
            seed: rng.next(),
        }
    }

    /// The name of an entity below the first one.
    fn subsidiary(&self, name: &str, brand: &str, country: &Country, abroad: bool, rng: &mut Rng) -> String {
        if abroad {
            let place = country.names[rng.below(3)];
            return match rng.below(5) {
                0 => format!("{brand} {place}"),
                1 if self.parts.trade.is_some() => name.to_owned(),
                2 => format!("{name} ({place})"),
                _ => format!("{name} {place}"),
            };
        }
        match rng.below(8) {
            0 => format!("{brand} Holding"),
            1 => format!("{brand} Services"),
            2 => format!("{brand} {}", rng.pick(&country.cities).name),
            3 => format!("{brand} {}", ["Immobilien", "Digital", "Verwaltungs", "International"][rng.below(4)]),
            4 => format!("{name} {}", rng.pick(&["Süd", "Nord", "West", "International", "II"])),
            _ => name.to_owned(),
        }
    }
}

/// A domain nobody else has: after the brand, the name, the initials, or unlike all of them.
fn domain(
    own: &Parts,
    name: &str,
    country: &Country,
    abroad: bool,
    rng: &mut Rng,
    taken: &mut HashSet<String>,
) -> String {
    let german = country.german();
    let brand = slug(&own.brand, german, if rng.chance(0.4) { "-" } else { "" });
    let whole = slug(name, german, "-");
    let short = slug(&initials(name), german, "");
    let mut label = match rng.below(20) {
        0..=8 if own.coined || rng.chance(0.4) => brand,
        9..=11 => format!("{brand}-{}", country.code),
        12 | 13 if !short.is_empty() => short,
        14 | 15 => slug(&coined(rng), german, ""),
        _ => whole.clone(),
    };
    if abroad && rng.chance(0.4) {
        label = format!("{label}-{}", country.code);
    }
    let ending = *rng.pick(&["example", "example", "example", "test"]);
    let mut domain = format!("{label}.{ending}");
    let mut tries = 0;
    while taken.contains(&domain) {
        tries += 1;
        domain = match tries {
            1 => format!("{whole}.{ending}"),
            2 => format!("{label}-{}.{ending}", slug(rng.pick(&country.cities).name, german, "")),
            _ => format!("{label}{}.{ending}", rng.below(100 * tries)),
        };
    }
    taken.insert(domain.clone());
    domain
}

impl Entity {
    /// How many places the entity has.
    pub(crate) fn sites(&self) -> usize {
        1 + match self.known {
            0..=9 => 0,
            10..=40 => modulo(self.seed, 3),
            41..=200 => modulo(self.seed, 5),
            _ => 2 + modulo(self.seed, 6),
        }
    }

    /// One of its places on a day; the first is the seat and may have moved.
    pub(crate) fn site(&self, at: usize, day: usize, country: &Country) -> Site {
        let before = at == 0 && self.moved > 0 && day < usize::from(self.moved);
        let mut rng = Rng::of(self.seed, 32, at as u64);
        let city = square(country.cities.len(), &mut rng);
        if before {
            rng = Rng::of(self.seed, 33, 0);
        }
        let number = 1 + rng.exponential(35.0);
        let name = rng.pick(&country.streets);
        let street = match country.code {
            "gb" | "ie" | "us" | "in" => format!("{number} {name}"),
            "fr" => format!("{number}, {name}"),
            "es" | "it" | "pt" => format!("{name}, {number}"),
            _ => format!("{name} {number}"),
        };
        let mut postcode = country.cities[city].postcode.to_owned();
        for c in country.postcode.chars() {
            postcode.push(match c {
                '#' => char::from(b'0' + u8::try_from(rng.below(10)).unwrap_or(0)),
                '@' => char::from(*rng.pick(b"ABDEFGHJLNPQRSTUWXYZ")),
                other => other,
            });
        }
        Site { seed: mix(self.seed ^ at as u64), city, street, postcode }
    }

    /// What it is called on a day.
    pub(crate) fn name_on(&self, day: usize) -> &str {
        if self.renamed > 0 && day < usize::from(self.renamed) { &self.former_name } else { &self.name }
    }
}

/// A place in a list whose first items are more frequent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small lists")]
fn square(count: usize, rng: &mut Rng) -> usize {
    (rng.unit().powf(1.7) * count as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country;

    fn world(rates: &Rates) -> (Vec<Group>, Vec<Entity>) {
        let countries = country::all();
        make(&Plan { seed: 3, rates, countries: &countries, last_day: 2500 }, 8_000)
    }

    #[test]
    fn most_groups_are_small_and_have_one_entity() {
        let (groups, entities) = world(&Rates::default());
        let single = groups.iter().filter(|group| group.entity_count == 1).count();
        assert!(single * 10 > groups.len() * 7, "{single} of {}", groups.len());
        assert!(entities.len() > groups.len() && entities.iter().all(|entity| entity.known > 0));
        for (at, group) in groups.iter().enumerate() {
            let own = &entities[group.first_entity..group.first_entity + group.entity_count];
            assert!(own.iter().all(|entity| entity.group == at));
        }
    }

    #[test]
    fn unrelated_groups_share_names_but_never_domains() {
        let (groups, entities) = world(&Rates { homonym_companies: 0.2, ..Rates::default() });
        let brands: HashSet<&String> = groups.iter().map(|group| &group.brand).collect();
        assert!(brands.len() * 10 < groups.len() * 9);
        let mut owners = std::collections::BTreeMap::new();
        for entity in &entities {
            assert_eq!(*owners.entry(&entity.domain).or_insert(entity.group), entity.group, "{}", entity.domain);
            assert!([".example", ".test"].iter().any(|ending| entity.domain.ends_with(ending)));
        }
    }
}
