//! Mentions of people in the form in which they are compared: one record of numbers for each, side by side in memory.
//!
//! Each distinct value is read once; what many rows share (a switchboard, a namesake's mailbox, the size of an employer)
//! is counted over all rows before any pair is compared.
//!
//! Invariant: records stand in an order of names, so that candidates are neighbors; the order depends on values and
//! mention ids only. Nothing about a person is concluded from a name.

mod counts;
mod names;
mod reader;

use std::collections::BTreeMap;

use muster_model::EntityKind;
use rayon::prelude::*;

use crate::firm::Employers;
use crate::intern::{Numbers, Texts, hash_text, mix};
use crate::normal::title::Title;
use crate::read;
use crate::table::Table;
pub(crate) use counts::{Counts, sharers};
pub(crate) use names::Names;
use reader::{Reader, read_all};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// One mention of a person. Numbers are of interned values, 0 where the mention has none.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; a record is one line of numbers")]
pub(crate) struct Person {
    /// Its row in the table.
    pub(crate) row: u32,
    /// The family name in one word, and its parts where it has several.
    pub(crate) family: u32,
    pub(crate) parts: [u32; 2],
    /// A former family name.
    pub(crate) former: u32,
    /// The first given name, the second, and both where the mention has them in one word.
    pub(crate) given: u32,
    pub(crate) second: u32,
    pub(crate) given_joined: u32,
    /// Whether the mention itself says which name is which.
    pub(crate) is_certain: bool,
    /// Whether the mailbox is made of the name.
    pub(crate) is_mail_of_name: bool,
    /// Whether the mailbox is at a mail service, which says nothing about an employer.
    pub(crate) is_free_mail: bool,
    /// Whether several people of the employer have this initial and family name.
    pub(crate) is_initial_shared: bool,
    /// How many others at the employer are known to have this name.
    pub(crate) namesakes: u8,
    /// How many share the phone, 255 for 255 and more.
    pub(crate) phone_sharers: u8,
    /// The personal mailbox, its local part without separators and number, the number behind it, its domain.
    pub(crate) mailbox: u32,
    pub(crate) local: u32,
    pub(crate) mail_number: u32,
    pub(crate) mail_domain: u32,
    /// A function's mailbox, or one that several people use.
    pub(crate) role_mailbox: u32,
    /// The employer as a legal entity and as a group.
    pub(crate) entity: u32,
    pub(crate) group: u32,
    pub(crate) phone: u32,
    pub(crate) exchange: u32,
    pub(crate) profile: u32,
    pub(crate) profile_host: u32,
    pub(crate) title: u32,
    pub(crate) street: u32,
    pub(crate) postcode: u32,
    pub(crate) city: u32,
    pub(crate) country: u32,
    /// The page it stands on, and when it was read, in days.
    pub(crate) page: u32,
    pub(crate) day: i32,
    /// The pair of given and family name.
    pub(crate) full: u32,
    /// Where further mailboxes, phones and profiles stand, counted from 1.
    pub(crate) more: u32,
}

/// Values behind the first of a mention that has several.
#[derive(Debug, Clone, Default)]
pub(crate) struct More {
    /// Personal mailboxes with their domains.
    pub(crate) mailboxes: Vec<(u32, u32)>,
    pub(crate) phones: Vec<u32>,
    /// Profiles with their hosts.
    pub(crate) profiles: Vec<(u32, u32)>,
}

/// Rows of short forms that are kept of a name: nearly all stand in fewer.
const ROWS_MAX: usize = 16;

/// What is known of a word of a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Word {
    /// How it sounds, as a hash.
    pub(crate) sound: u64,
    /// A hash of the word itself.
    pub(crate) hash: u64,
    /// Its first letter.
    pub(crate) initial: char,
    /// Whether it is one letter.
    pub(crate) is_initial: bool,
    /// Full names it may stand for, as hashes; itself first where it is one.
    pub(crate) full_names: [u64; 2],
    /// The rows of short forms it stands in, ascending, counted from 1.
    pub(crate) rows: [u16; ROWS_MAX],
}

/// All mentions of people.
#[derive(Debug, Clone, Default)]
pub(crate) struct People {
    pub(crate) persons: Vec<Person>,
    pub(crate) more: Vec<More>,
    /// The words of names by number; 0 is none.
    pub(crate) words: Words,
    /// The job titles by number; 0 is none.
    pub(crate) titles: Vec<Title>,
    pub(crate) counts: Counts,
}

/// Words of names.
#[derive(Clone, Default)]
pub(crate) struct Words {
    pub(crate) texts: Option<Texts>,
    pub(crate) facts: Vec<Word>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("count", &self.facts.len()).finish_non_exhaustive()
    }
}

impl People {
    /// Reads the mentions of people.
    pub(crate) fn new(table: &Table, by_id: &[u32], names: Names, employers: &Employers, services: &[String]) -> Self {
        let rows: Vec<u32> =
            by_id.iter().copied().filter(|&row| table.kind(row as usize) == EntityKind::Person).collect();
        let Names { of_row, distinct, words } = names;
        let (mut reader, titles) = Reader::new(table, services, words);
        let mut more = Vec::new();
        let mut persons: Vec<Person> = Vec::with_capacity(rows.len());
        for &row in &rows {
            let name = &distinct[of_row[row as usize] as usize];
            persons.push(reader.person(row, name, employers, &mut more));
        }
        let listed = reader.listed_phones();
        drop((distinct, of_row));
        let words = Words::new(reader.into_words());
        let mut people = Self { persons, more, words, titles, counts: Counts::default() };
        people.order();
        people.number_full_names();
        people.demote_shared_mailboxes();
        people.count();
        people.mark_switchboards(&listed);
        people
    }

    /// Returns the mentions by group, those of groups of one left out.
    pub(crate) fn groups(&self) -> Vec<Vec<u32>> {
        let mut of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (place, person) in (0..).zip(&self.persons) {
            if person.group != 0 {
                of.entry(person.group).or_default().push(place);
            }
        }
        of.into_values().filter(|group| group.len() > 1).collect()
    }

    /// Puts the mentions in an order in which similar ones are neighbors; of equal ones the smaller id comes first.
    fn order(&mut self) {
        let word = |id: u32| self.words.facts[id as usize];
        let key = |person: &Person| {
            let family = word(person.family);
            (
                family.sound,
                word(person.given).full_names[0],
                family.hash,
                word(person.given).hash,
                person.group,
                person.entity,
            )
        };
        let mut order: Vec<(_, u32)> = self.persons.iter().map(key).zip(0..).collect();
        order.par_sort_unstable();
        self.persons = order.iter().map(|&(_, place)| self.persons[place as usize]).collect();
    }

    fn number_full_names(&mut self) {
        let mut numbers = Numbers::new();
        numbers.intern((0, 0));
        for person in &mut self.persons {
            person.full =
                if person.given == 0 || person.family == 0 { 0 } else { numbers.intern((person.given, person.family)) };
        }
    }

    /// A mailbox that people of three names use is a function's, whatever it is called.
    fn demote_shared_mailboxes(&mut self) {
        let facts = &self.words.facts;
        let name = |person: &Person| {
            let family = facts[person.family as usize].sound;
            mix(family, u64::from(u32::from(facts[person.given as usize].initial)))
        };
        let shared = |count: u32| count >= 3;
        let sharers = sharers(self.persons.iter().filter(|p| p.family != 0).map(|p| (p.mailbox, name(p))));
        for person in &mut self.persons {
            if person.mailbox != 0 && shared(sharers.get(person.mailbox as usize).copied().unwrap_or(0)) {
                person.role_mailbox = person.mailbox;
                (person.mailbox, person.local, person.mail_number) = (0, 0, 0);
            }
        }
    }
}

impl Word {
    /// Whether both stand in one row of short forms.
    pub(crate) fn is_form_of(&self, other: &Self) -> bool {
        self.rows.iter().any(|&row| row != 0 && other.rows.contains(&row))
    }

    /// Whether it is a known given name.
    pub(crate) fn is_known(&self) -> bool {
        self.rows[0] != 0
    }
}

impl Words {
    fn new(texts: Texts) -> Self {
        let facts = read_all(&texts, |word| {
            let (mut full_names, mut rows) = ([0; 2], [0; ROWS_MAX]);
            for (slot, name) in full_names.iter_mut().zip(read::full_names(word)) {
                *slot = name;
            }
            for (slot, row) in rows.iter_mut().zip(read::given_rows(word)) {
                *slot = row;
            }
            Word {
                sound: if word.is_empty() { 0 } else { hash_text(&read::sound(word)) },
                hash: if word.is_empty() { 0 } else { hash_text(word) },
                initial: word.chars().next().unwrap_or_default(),
                is_initial: word.chars().count() == 1,
                full_names,
                rows,
            }
        });
        Self { texts: Some(texts), facts }
    }

    /// Returns a word by its number.
    pub(crate) fn get(&self, word: u32) -> &str {
        self.texts.as_ref().map_or("", |texts| texts.get(word))
    }
}

impl People {
    /// Counts the family names of some mentions, by sound.
    pub(crate) fn family_count(&self, members: &[u32]) -> usize {
        let sound = |&place: &u32| self.words.facts[self.persons[place as usize].family as usize].sound;
        let mut sounds: Vec<u64> = members.iter().map(sound).filter(|&sound| sound != 0).collect();
        sounds.sort_unstable();
        sounds.dedup();
        sounds.len()
    }
}
