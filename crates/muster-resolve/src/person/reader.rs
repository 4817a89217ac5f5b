//! Makes the records of mentions: every distinct value is read once and numbered, rows get the numbers.
//!
//! Names come read already, see `names`. Invariant: no number of one column is compared with that of another.

use muster_model::EntityKind;
use rayon::prelude::*;

use super::names::NameWords;
use super::{DAY, More, Person};
use crate::firm::Employers;
use crate::intern::Texts;
use crate::normal::title::Title;
use crate::read;
use crate::table::{Column, ListColumn, NEVER, Table};

/// A distinct mailbox, read.
#[derive(Default, Clone)]
struct MailFacts {
    address: u32,
    local: u32,
    number: u32,
    domain: u32,
    is_role: bool,
    is_free: bool,
    words: Vec<String>,
    local_text: String,
}

/// The numbers of distinct values, in one place for all columns that share them.
pub(super) struct Reader<'a> {
    table: &'a Table,
    words: Texts,
    mails: Vec<Option<MailFacts>>,
    phones: Vec<(u32, u32)>,
    profiles: Vec<(u32, u32)>,
    cities: Vec<u32>,
    postcodes: Vec<u32>,
    countries: Vec<u32>,
    streets: Vec<u32>,
    titles: Vec<u32>,
}

/// Reads every distinct text of a column and numbers the results.
pub(super) fn read_all<T: Send>(texts: &Texts, read: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let count = u32::try_from(texts.len()).expect("fewer than 2^32 texts");
    (0..count).into_par_iter().map(|id| read(texts.get(id))).collect()
}

fn number_all(read: Vec<String>) -> Vec<u32> {
    let mut numbers = Texts::new();
    read.into_iter().map(|text| numbers.intern(&text)).collect()
}

impl<'a> Reader<'a> {
    /// Reads every distinct value; `services` are mail services beside the known ones, sorted, and `words` those of names.
    pub(super) fn new(table: &'a Table, services: &[String], words: Texts) -> (Self, Vec<Title>) {
        let column = |column, read: fn(&str) -> String| number_all(read_all(table.texts(column), read));
        let mut addresses = Texts::new();
        let mut locals = Texts::new();
        let mut domains = Texts::new();
        let mails = read_all(table.list_texts(ListColumn::Emails), read::mailbox)
            .into_iter()
            .map(|mail| {
                mail.map(|mail| MailFacts {
                    address: addresses.intern(&mail.address),
                    local: locals.intern(&mail.local),
                    number: mail.number,
                    domain: domains.intern(&mail.domain),
                    is_role: mail.is_role,
                    is_free: mail.is_free || services.binary_search(&mail.domain).is_ok(),
                    words: mail.words,
                    local_text: mail.local,
                })
            })
            .collect();
        let two = |read: Vec<Option<(String, String)>>| {
            let (mut first, mut second) = (Texts::new(), Texts::new());
            let number = |pair: Option<(String, String)>| {
                pair.map_or((0, 0), |(one, two)| (first.intern(&one), second.intern(&two)))
            };
            read.into_iter().map(number).collect::<Vec<_>>()
        };
        let (titles, facts) = Self::titles(table);
        let reader = Self {
            table,
            words,
            mails,
            phones: two(read_all(table.list_texts(ListColumn::Phones), |text| read::phone(text, ""))),
            profiles: two(read_all(table.list_texts(ListColumn::Profiles), read::profile)),
            cities: column(Column::City, read::city),
            postcodes: column(Column::Postcode, read::postcode),
            countries: column(Column::Country, read::country),
            streets: column(Column::Street, read::street),
            titles,
        };
        (reader, facts)
    }

    fn titles(table: &Table) -> (Vec<u32>, Vec<Title>) {
        let mut titles = vec![Title::default()];
        let mut numbers = Texts::new();
        let mut number = |title: Title| {
            let id = numbers.intern(&title.words.join(" "));
            if id as usize == titles.len() {
                titles.push(title);
            }
            id
        };
        let of = read_all(table.texts(Column::JobTitle), read::title).into_iter().map(&mut number).collect();
        (of, titles)
    }
}

impl Reader<'_> {
    /// Returns the words of names, those of mailboxes included.
    pub(super) fn into_words(self) -> Texts {
        self.words
    }

    /// Returns the numbers that companies list as theirs, sorted.
    pub(super) fn listed_phones(&self) -> Vec<u32> {
        let companies = (0..self.table.len()).filter(|&row| self.table.kind(row) == EntityKind::Company);
        let phones = companies.flat_map(|row| self.table.list(ListColumn::Phones, row));
        let mut listed: Vec<u32> =
            phones.map(|phone| self.phones[phone as usize].0).filter(|&number| number != 0).collect();
        listed.sort_unstable();
        listed.dedup();
        listed
    }

    /// Makes the record of a row; `more` takes what has no room in it.
    pub(super) fn person(&mut self, row: u32, name: &NameWords, employers: &Employers, more: &mut Vec<More>) -> Person {
        let table = self.table;
        let place = row as usize;
        let value = |column| table.value(column, place) as usize;
        let employer = employers.of_row(row);
        let seen = table.seen_at(place);
        let mut person = Person {
            row,
            family: name.family_joined,
            parts: name.parts(),
            former: name.former,
            given: name.given[0],
            second: name.given[1],
            given_joined: name.given_joined,
            is_certain: name.is_certain,
            entity: employer.entity,
            group: employer.group,
            title: self.titles[value(Column::JobTitle)],
            street: self.streets[value(Column::Street)],
            postcode: self.postcodes[value(Column::Postcode)],
            city: self.cities[value(Column::City)],
            country: self.countries[value(Column::Country)],
            page: table.value(Column::SourceUrl, place),
            day: if seen == NEVER { i32::MIN } else { i32::try_from(seen.div_euclid(DAY)).unwrap_or(i32::MAX) },
            ..Person::default()
        };
        if table.text(Column::SourceUrl, place).starts_with("file:") {
            person.page = 0;
        }
        let mut others = More::default();
        self.mailboxes(&mut person, &mut others);
        for phone in table.list(ListColumn::Phones, place) {
            let (number, exchange) = self.phones[phone as usize];
            if person.phone == 0 {
                (person.phone, person.exchange) = (number, exchange);
            } else if number != 0 {
                others.phones.push(number);
            }
        }
        for profile in table.list(ListColumn::Profiles, place) {
            let (key, host) = self.profiles[profile as usize];
            if person.profile == 0 {
                (person.profile, person.profile_host) = (key, host);
            } else if key != 0 {
                others.profiles.push((key, host));
            }
        }
        if !(others.mailboxes.is_empty() && others.phones.is_empty() && others.profiles.is_empty()) {
            more.push(others);
            person.more = u32::try_from(more.len()).expect("fewer than 2^32 rows");
        }
        person
    }

    fn mailboxes(&mut self, person: &mut Person, others: &mut More) {
        let Self { table, mails, words, .. } = self;
        for id in table.list(ListColumn::Emails, person.row as usize) {
            let Some(mail) = &mails[id as usize] else { continue };
            if mail.is_role {
                if person.role_mailbox == 0 {
                    person.role_mailbox = mail.address;
                }
            } else if person.mailbox == 0 {
                person.mailbox = mail.address;
                (person.local, person.mail_number, person.mail_domain) = (mail.local, mail.number, mail.domain);
                person.is_free_mail = mail.is_free;
                person.is_mail_of_name = is_mail_of(words, person, &mail.local_text);
                complete_name(words, person, &mail.words);
            } else {
                others.mailboxes.push((mail.address, mail.domain));
            }
        }
    }
}

fn is_mail_of(words: &Texts, person: &Person, local: &str) -> bool {
    [person.given, person.family, person.parts[0], person.parts[1]]
        .into_iter()
        .map(|word| words.get(word))
        .any(|part| part.chars().count() >= 3 && local.contains(part))
}

/// Takes from a mailbox like `anna.muller` what the name leaves open: the given name behind an initial, or the whole
/// name where the mention has none.
fn complete_name(texts: &mut Texts, person: &mut Person, words: &[String]) {
    let [first, last] = words else { return };
    let is_initial = |texts: &Texts, word: u32| texts.get(word).chars().count() == 1;
    if last.chars().count() < 2 {
        return;
    }
    let last_id = texts.find(last).unwrap_or(0);
    if person.family == 0 && person.given == 0 {
        person.family = texts.intern(last);
        person.given = texts.intern(first);
        person.given_joined = person.given;
        person.is_mail_of_name = true;
    } else if person.family != 0 && last_id == person.family && first.chars().count() > 1 {
        let fits = person.given == 0 || (is_initial(texts, person.given) && first.starts_with(texts.get(person.given)));
        if fits {
            person.given = texts.intern(first);
            person.given_joined = person.given;
        }
    }
}
