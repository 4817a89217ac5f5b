//! Weighs mentions of people: which keys bring pairs together, and what the frequency of values adds to their levels.
//!
//! What a level weighs is the model's. Evidence that says one thing twice counts once: where a mailbox is shared, the
//! names in it weigh nothing; where the employer is, its place and switchboard have levels of their own.
//!
//! Invariant: comparing is symmetric and reads nothing but the two records and the tables of words.

mod compare;

use crate::block::Keys;
use crate::levels::{
    Context, EmailLevel, EmployerLevel, FamilyLevel, GivenLevel, NamesakeLevel, PageLevel, PersonComparison as Of,
    ProfileLevel, TitleLevel,
};
use crate::pattern::{Entities, Pattern};
use crate::person::{More, People, Person, Word};
use crate::weigh::{Weights, narrow};

/// The rules by which people are blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Email,
    FamilySoundInitialEmployer,
    FamilyEmployer,
    GivenEmployer,
    FullName,
    FamilyInitialCity,
    Phone,
    Profile,
    FamilyInitialTitle,
    FullNameCity,
    FullNameTitle,
}

/// Names of the rules, in the order of their enum.
pub(crate) const RULES: &[&str] = &[
    "email",
    "family_name_sound+initial+employer",
    "family_name+employer",
    "given_name+employer",
    "full_name",
    "family_name+initial+city",
    "phone",
    "profile",
    "family_name+initial+job_title",
    "full_name+city",
    "full_name+job_title",
];

/// A name that people at more employers than this have is looked for with a city and a job title as well: its own key
/// brings neighbors only.
const COMMON_NAME: u32 = 12;

/// People with the weights of their values' frequency.
#[derive(Debug)]
pub(crate) struct WeighedPeople<'a> {
    pub(crate) people: &'a People,
    /// What the frequency of a value adds to an exact level, in bits, by the value's number.
    family: Vec<f32>,
    given: Vec<f32>,
    /// The same for a given and a family name together, at one employer and at two.
    full: [Vec<f32>; 2],
    /// The same for words of family names, where two names share one.
    part: Vec<f32>,
    entity: Vec<f32>,
    group: Vec<f32>,
    title: Vec<f32>,
    /// What the levels of family and given name weigh without frequency.
    weight: [[f32; 9]; 2],
    /// How many people work at a legal entity and at a group.
    headcount: [Vec<f32>; 2],
    /// Namesakes, and others with the family name, that a person has at an employer.
    namesake_rate: f32,
    kin_rate: f32,
    /// What a name in common says less, outside one employer, because the data are a small part of the world.
    outside: f32,
}

/// How many people beside those of the data may bear a name where data are few: of a file of a few rows nobody knows
/// whether it is all of a company's people or a handful of a country's.
const OUTSIDE_PEOPLE: f64 = 200_000.0;

/// The mentions at which the world outside counts for half as much.
const OUTSIDE_MENTIONS: f64 = 500.0;

/// The people among whom a document's prior looks for one.
const INSIDE_PEOPLE: f64 = 2_000.0;

/// Returns by how many bits a name says less in data of `count` mentions: 6 for a few, 0.01 for a hundred thousand.
fn outside_bits(count: u32) -> f32 {
    let count = f64::from(count);
    let outside = OUTSIDE_PEOPLE * OUTSIDE_MENTIONS / (OUTSIDE_MENTIONS + count);
    narrow((outside / (INSIDE_PEOPLE + count)).ln_1p() / std::f64::consts::LN_2)
}

/// Others with the family name at the employer, seen or not, where a mention has no given name.
const KIN_UNNAMED: f32 = 1.0;

/// How many people the share of a level's own u counts for beside those of the data.
const PSEUDO_PEOPLE: f64 = 500.0;

fn frequency_bits(u: f64, counts: &[u32], people: u32, most: f64) -> Vec<f32> {
    let people = f64::from(people);
    let bits = |&count: &u32| {
        let share = (f64::from(count) + PSEUDO_PEOPLE * u) / (people + PSEUDO_PEOPLE);
        narrow((u / share).log2().clamp(-most, most))
    };
    counts.iter().map(bits).collect()
}

impl<'a> WeighedPeople<'a> {
    /// Takes frequencies into account relative to the u of the exact levels.
    pub(crate) fn new(people: &'a People, weights: &Weights) -> Self {
        let u = |comparison: Of, level: u8| weights.chances[comparison as usize][usize::from(level) - 1].u;
        let counts = &people.counts;
        let family_u = u(Of::Family, FamilyLevel::Exact as u8);
        let given_u = u(Of::Given, GivenLevel::Exact as u8);
        let family = frequency_bits(family_u, &counts.family, counts.people, 8.0);
        let given = frequency_bits(given_u, &counts.given, counts.people, 8.0);
        let employer_u = u(Of::Employer, EmployerLevel::Same as u8);
        let group_u = u(Of::Employer, EmployerLevel::SameGroup as u8);
        let total = f64::from(counts.people) + PSEUDO_PEOPLE;
        // That two people have one whole name is likelier than the names' own shares say: names go together. Of the
        // employers at which the name is found, the pair's own say nothing of others.
        let full = |own: f64| {
            let bits = move |&count: &u32| {
                let share = (f64::from(count) - own).max(0.0) / total;
                narrow((family_u * given_u / share.max(1e-12)).log2())
            };
            counts.full.iter().map(bits).collect()
        };
        Self {
            people,
            full: [full(1.0), full(2.0)],
            part: frequency_bits(u(Of::Family, FamilyLevel::Part as u8), &counts.part, counts.people, 6.0),
            kin_rate: narrow(counts.kin_rate),
            outside: outside_bits(people.len()),
            weight: [Of::Family, Of::Given]
                .map(|names| std::array::from_fn(|level| weights.level(names as usize, level))),
            headcount: [&counts.entity, &counts.group]
                .map(|counts| counts.iter().map(|&count| narrow(f64::from(count))).collect()),
            namesake_rate: narrow(counts.namesake_rate),
            family,
            given,
            entity: frequency_bits(employer_u, &counts.entity, counts.people, 12.0),
            group: frequency_bits(group_u, &counts.group, counts.people, 12.0),
            title: frequency_bits(u(Of::Title, TitleLevel::Same as u8), &counts.title, counts.people, 4.0),
        }
    }
}

impl WeighedPeople<'_> {
    /// Returns what the frequency of the names changes: of the family name and of the given name.
    fn name_bits(&self, pattern: Pattern, a: &Person, b: &Person) -> [f32; 2] {
        let family_exact = pattern.is(Of::Family as usize, FamilyLevel::Exact as u8);
        let given_exact = pattern.is(Of::Given as usize, GivenLevel::Exact as u8);
        let email = pattern.level(Of::Email as usize);
        let same_box = email == EmailLevel::SameMailbox as usize || email == EmailLevel::Alias as usize;
        if same_box && a.is_mail_of_name && b.is_mail_of_name {
            // The mailbox is made of the name: agreeing on both says one thing.
            let weigh = |is_exact: bool, weight: f32| if is_exact { -weight.max(0.0) } else { 0.0 };
            return [
                weigh(family_exact, self.weight[0][FamilyLevel::Exact as usize]),
                weigh(given_exact, self.weight[1][GivenLevel::Exact as usize]),
            ];
        }
        // Whether it is the one bearer in a wider world.
        let outside = if a.group != 0 && a.group == b.group { 0.0 } else { self.outside };
        let family = match pattern.level(Of::Family as usize) {
            _ if family_exact => at(&self.family, a.family).min(at(&self.family, b.family)) - outside,
            level if level == FamilyLevel::Part as usize => self.part_bits(a, b),
            _ => 0.0,
        };
        let given = if given_exact { at(&self.given, a.given).min(at(&self.given, b.given)) } else { 0.0 };
        if family_exact && given_exact && a.full == b.full && a.full != 0 {
            let together = at(&self.full[usize::from(a.group != b.group)], a.full).min(family + outside + given);
            return [together - given - outside, given];
        }
        [family, given]
    }

    /// Returns what the frequency of the word that two family names share changes.
    fn part_bits(&self, a: &Person, b: &Person) -> f32 {
        let words = |person: &Person| [person.parts[0], person.parts[1], person.family, person.former];
        let theirs = words(b);
        let shared = words(a).into_iter().filter(|&word| word != 0 && theirs.contains(&word));
        shared.map(|word| at(&self.part, word)).reduce(f32::min).unwrap_or(0.0)
    }
}

/// Returns by how much less names that weigh `names` say where `headcount` people work of whom `others` have the name:
/// that a colleague has it is at least as likely as one of these is met.
fn less_bits(names: f32, headcount: f32, others: f32) -> f32 {
    let most = (headcount.max(1.0) / others).log2();
    // Two sources of chance agreement: 1 / (1 / 2^names + 1 / 2^most).
    let less = names - most;
    if less < -10.0 { 0.0 } else { -(1.0 + less.exp2()).log2() }
}

fn at(bits: &[f32], value: u32) -> f32 {
    bits.get(value as usize).copied().unwrap_or(0.0)
}

impl Entities for WeighedPeople<'_> {
    fn count(&self) -> u32 {
        self.people.len()
    }

    fn keys(&self, row: u32, keys: &mut Keys) {
        self.people.keys(row, keys);
    }

    fn compare(&self, left: u32, right: u32) -> Pattern {
        self.people.compare(left, right)
    }

    fn adjust(&self, pattern: Pattern, left: u32, right: u32, add: &mut impl FnMut(usize, f32)) {
        let (a, b) = (&self.people.persons[left as usize], &self.people.persons[right as usize]);
        let is_same_employer = pattern.is(Of::Employer as usize, EmployerLevel::Same as u8);
        let is_same_group = pattern.is(Of::Employer as usize, EmployerLevel::SameGroup as u8);
        let [family, given] = self.name_bits(pattern, a, b);
        if family != 0.0 {
            add(Of::Family as usize, family);
        }
        if given != 0.0 {
            add(Of::Given as usize, given);
        }
        let family_weight = self.weight[0][pattern.level(Of::Family as usize)] + family;
        let is_shared_box = pattern.is(Of::Email as usize, EmailLevel::SameMailboxOtherName as u8);
        if is_shared_box && pattern.is(Of::Given as usize, GivenLevel::Different as u8) && family_weight > 0.0 {
            // A mailbox of two given names is a family's or an office's: the family name says no more than it does.
            add(Of::Family as usize, -family_weight);
        }
        let given_weight = self.weight[1][pattern.level(Of::Given as usize)] + given;
        if pattern.level(Of::Family as usize) == 0 && given_weight > 0.0 {
            // A given name alone names nobody.
            add(Of::Given as usize, -given_weight);
        }
        if pattern.level(Of::Namesakes as usize) != 0 {
            let headcount =
                if is_same_employer { at(&self.headcount[0], a.entity) } else { at(&self.headcount[1], a.group) };
            let names = self.weight[0][pattern.level(Of::Family as usize)] + family;
            let is_kin = pattern.is(Of::Namesakes as usize, NamesakeLevel::Kin as u8);
            let bits = if is_kin {
                // A mention without given name may be anybody's who has the family name.
                let others =
                    if pattern.level(Of::Given as usize) == 0 { self.kin_rate.max(KIN_UNNAMED) } else { self.kin_rate };
                less_bits(names, headcount, others)
            } else {
                let names = names + self.weight[1][pattern.level(Of::Given as usize)] + given;
                let is_shared = pattern.is(Of::Given as usize, GivenLevel::InitialAmbiguous as u8);
                let others = a.namesakes.max(b.namesakes).max(u8::from(is_shared));
                less_bits(names, headcount, f32::from(others) + self.namesake_rate)
            };
            add(Of::Namesakes as usize, bits);
        }
        if is_same_employer {
            add(Of::Employer as usize, at(&self.entity, a.entity));
        } else if is_same_group {
            add(Of::Employer as usize, at(&self.group, a.group));
        }
        if pattern.is(Of::Title as usize, TitleLevel::Same as u8) {
            add(Of::Title as usize, at(&self.title, a.title));
        }
    }

    fn is_conflict(&self, pattern: Pattern) -> bool {
        pattern.is(Of::Email as usize, EmailLevel::OtherMailbox as u8)
            || pattern.is(Of::Profile as usize, ProfileLevel::OtherOnSameHost as u8)
            || pattern.is(Of::Page as usize, PageLevel::OtherContent as u8)
    }

    fn context(&self, left: u32, right: u32) -> usize {
        let (a, b) = (&self.people.persons[left as usize], &self.people.persons[right as usize]);
        (if a.group != 0 && a.group == b.group { Context::Colleagues } else { Context::Others }) as usize
    }
}

impl People {
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.persons.len()).expect("fewer than 2^32 rows")
    }

    fn word(&self, word: u32) -> &Word {
        &self.words.facts[word as usize]
    }

    fn more(&self, person: &Person) -> Option<&More> {
        self.more.get((person.more as usize).checked_sub(1)?)
    }

    fn keys(&self, row: u32, keys: &mut Keys) {
        let person = &self.persons[row as usize];
        let more = self.more(person);
        let (family, given) = (self.word(person.family), self.word(person.given));
        let initial = u64::from(u32::from(given.initial));
        let group = u64::from(person.group);
        keys.add(Rule::Email as u8, &[u64::from(person.mailbox)]);
        keys.add(Rule::Phone as u8, &[u64::from(person.phone) * u64::from(person.phone_sharers <= 12)]);
        keys.add(Rule::Profile as u8, &[u64::from(person.profile)]);
        if let Some(more) = more {
            for &(mailbox, _) in &more.mailboxes {
                keys.add(Rule::Email as u8, &[u64::from(mailbox)]);
            }
            for &phone in &more.phones {
                keys.add(Rule::Phone as u8, &[u64::from(phone)]);
            }
            for &(profile, _) in &more.profiles {
                keys.add(Rule::Profile as u8, &[u64::from(profile)]);
            }
        }
        keys.add(Rule::FamilySoundInitialEmployer as u8, &[family.sound, initial, group]);
        keys.add(Rule::FamilyEmployer as u8, &[family.hash, group]);
        keys.add(Rule::FamilyInitialCity as u8, &[family.sound, initial, u64::from(person.city)]);
        if !person.is_certain && !given.is_initial {
            keys.add(Rule::FamilyEmployer as u8, &[given.hash, group]);
        }
        for part in person.parts {
            keys.add(Rule::FamilyEmployer as u8, &[self.word(part).hash, group]);
        }
        keys.add(Rule::FamilyInitialTitle as u8, &[family.hash, initial, u64::from(person.title)]);
        if !given.is_initial {
            for head in given.full_names {
                keys.add(Rule::GivenEmployer as u8, &[head, group]);
            }
            self.full_name_keys(person, keys);
        }
    }

    /// In either order, for sources that say the family name first.
    fn full_name_keys(&self, person: &Person, keys: &mut Keys) {
        let (family, given) = (self.word(person.family), self.word(person.given));
        let is_common = self.counts.full.get(person.full as usize).is_some_and(|&count| count > COMMON_NAME);
        let mut add = |head: u64, family: u64| {
            let (one, two) = (head.min(family), head.max(family));
            keys.add(Rule::FullName as u8, &[one, two]);
            if is_common {
                keys.add(Rule::FullNameCity as u8, &[one, two, u64::from(person.city)]);
                keys.add(Rule::FullNameTitle as u8, &[one, two, u64::from(person.title)]);
            }
        };
        for head in given.full_names {
            add(head, family.hash);
            for part in person.parts {
                add(head, self.word(part).hash);
            }
        }
        if !person.is_certain {
            for head in family.full_names {
                add(head, given.hash);
            }
        }
    }
}

#[cfg(test)]
mod tests;
