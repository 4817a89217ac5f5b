//! The columns that name companies, read once for each distinct value, and the way in which a row names a company.
//!
//! Whose domain a domain is, and which company a row without one means, is `homes`'.
//!
//! Invariant: what is read of a row depends on that row and on counts over all rows, never on their order.

use muster_model::EntityKind;
use rayon::prelude::*;

use super::Firm;
use crate::intern::{Numbers, Texts, hash_text};
use crate::read;
use crate::table::{Column, ListColumn, Table};

/// A host that names more companies than this is a directory or a newspaper.
const HOST_FIRMS_MAX: u32 = 3;
/// A domain that companies of this many names have mailboxes in, none of them mostly, is a mail service's.
const SERVICE_NAMES_MIN: usize = 6;
/// The share, in percent, of the rows of a domain that one name has where the domain is a company's.
const OWNER_PERCENT_MIN: usize = 34;

/// The distinct values of the columns that name companies, read.
pub(super) struct Columns {
    pub(super) names: Vec<read::ReadFirm>,
    pub(super) domains: Vec<u32>,
    pub(super) cities: Vec<u32>,
    pub(super) postcodes: Vec<u32>,
    pub(super) countries: Vec<u32>,
    pub(super) vats: Vec<u32>,
    /// Function mailboxes, and domains that are no mail service's.
    pub(super) mails: Vec<(u32, u32)>,
    pub(super) source_hosts: Vec<u32>,
    pub(super) profile_hosts: Vec<u32>,
    /// Hashes of profiles and of personal mailboxes at mail services, 0 where a text is none.
    pub(super) profiles: Vec<u64>,
    pub(super) free_mails: Vec<u64>,
}

pub(super) fn read_all<T: Send>(texts: &Texts, read: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let count = u32::try_from(texts.len()).expect("fewer than 2^32 texts");
    (0..count).into_par_iter().map(|id| read(texts.get(id))).collect()
}

impl Columns {
    pub(super) fn new(table: &Table, texts: &mut Texts) -> Self {
        let mut column = |column: &Texts, read: fn(&str) -> String| -> Vec<u32> {
            read_all(column, read).iter().map(|text| texts.intern(text)).collect()
        };
        let domain: fn(&str) -> String = |text| read::domain(text).unwrap_or_default();
        let (domains, cities) =
            (column(table.texts(Column::Domain), domain), column(table.texts(Column::City), read::city));
        let postcodes = column(table.texts(Column::Postcode), read::postcode);
        let countries = column(table.texts(Column::Country), read::country);
        let vats = column(table.texts(Column::VatId), read::code);
        let source_hosts = column(table.texts(Column::SourceUrl), domain);
        let profile_hosts = column(table.list_texts(ListColumn::Profiles), domain);
        let mail = |text: &str| {
            let mail = read::mailbox(text)?;
            let free = if mail.is_free && !mail.is_role { hash_text(&mail.address) } else { 0 };
            let role = if mail.is_role { mail.address } else { String::new() };
            Some((role, if mail.is_free { String::new() } else { mail.domain }, free))
        };
        let mails = read_all(table.list_texts(ListColumn::Emails), mail);
        let free_mails = mails.iter().map(|mail| mail.as_ref().map_or(0, |mail| mail.2)).collect();
        let mails = mails
            .into_iter()
            .map(|mail| mail.map_or((0, 0), |(role, domain, _)| (texts.intern(&role), texts.intern(&domain))));
        let mails = mails.collect();
        Self {
            names: read_all(table.texts(Column::Company), read::firm),
            profiles: read_all(table.list_texts(ListColumn::Profiles), |url| {
                read::profile(url).map_or(0, |(key, _)| hash_text(&key))
            }),
            free_mails,
            domains,
            cities,
            postcodes,
            countries,
            vats,
            mails,
            source_hosts,
            profile_hosts,
        }
    }

    /// Finds the domains that are mail services', portals' or the like: many companies use them and none mostly.
    pub(super) fn find_services(&mut self, table: &Table, texts: &Texts) -> Vec<bool> {
        let mut named: Vec<(u32, u64)> = Vec::new();
        for row in 0..table.len() {
            let name = &self.names[table.value(Column::Company, row) as usize];
            let Some(first) = name.core.first() else { continue };
            let stated = self.domains[table.value(Column::Domain, row) as usize];
            let mails = table.list(ListColumn::Emails, row).map(|mail| self.mails[mail as usize].1);
            named.extend(
                Some(stated)
                    .into_iter()
                    .chain(mails)
                    .filter(|&domain| domain != 0)
                    .map(|domain| (domain, hash_text(first))),
            );
        }
        named.par_sort_unstable();
        let mut is_service = vec![false; texts.len()];
        for rows in named.chunk_by(|left, right| left.0 == right.0) {
            let names = rows.chunk_by(|left, right| left.1 == right.1).map(<[_]>::len);
            let (count, most) = names.fold((0, 0), |(count, most), rows| (count + 1, most.max(rows)));
            is_service[rows[0].0 as usize] = count >= SERVICE_NAMES_MIN && most * 100 < rows.len() * OWNER_PERCENT_MIN;
        }
        for domain in &mut self.domains {
            *domain = if is_service[*domain as usize] { 0 } else { *domain };
        }
        for (_, domain) in &mut self.mails {
            *domain = if is_service[*domain as usize] { 0 } else { *domain };
        }
        is_service
    }

    /// Marks the hosts of pages that are a company's own: domains that few companies name.
    pub(super) fn own_hosts(&self, table: &Table, count: usize) -> Vec<bool> {
        let mut known = vec![false; count];
        let mut named = Vec::new();
        for row in 0..table.len() {
            let domain = self.domain(table, row);
            known[domain as usize] = domain != 0;
            let name = table.value(Column::Company, row);
            let core = hash_text(&self.names[name as usize].core.concat());
            let hosts = [self.source_hosts[table.value(Column::SourceUrl, row) as usize]];
            let profiles = table.list(ListColumn::Profiles, row).map(|id| self.profile_hosts[id as usize]);
            if name != 0 || domain != 0 {
                let firm = if domain == 0 { core } else { u64::from(domain) };
                named.extend(
                    hosts
                        .into_iter()
                        .chain(profiles)
                        .filter(|&host| host != 0 && host != domain)
                        .map(|host| (host, firm)),
                );
            }
        }
        let firms = crate::person::sharers(named.into_iter());
        known
            .iter()
            .enumerate()
            .map(|(host, &known)| known && firms.get(host).copied().unwrap_or(0) <= HOST_FIRMS_MAX)
            .collect()
    }

    /// The domain that a row states, or its mailbox's.
    pub(super) fn domain(&self, table: &Table, row: usize) -> u32 {
        let stated = self.domains[table.value(Column::Domain, row) as usize];
        if stated != 0 { stated } else { self.mail_domain(table, row) }
    }

    pub(super) fn mail_domain(&self, table: &Table, row: usize) -> u32 {
        table
            .list(ListColumn::Emails, row)
            .map(|mail| self.mails[mail as usize].1)
            .find(|&domain| domain != 0)
            .unwrap_or(0)
    }

    /// The country that most rows state with a city, by the city's number.
    pub(super) fn country_of_city(&self, table: &Table) -> Vec<u32> {
        let mut pairs: Vec<(u32, u32)> = (0..table.len())
            .map(|row| {
                (
                    self.cities[table.value(Column::City, row) as usize],
                    self.countries[table.value(Column::Country, row) as usize],
                )
            })
            .filter(|&(city, country)| city != 0 && country != 0)
            .collect();
        pairs.par_sort_unstable();
        let mut best = vec![(0, 0); pairs.last().map_or(0, |&(city, _)| city as usize + 1)];
        for same in pairs.chunk_by(|left, right| left == right) {
            let (city, country) = same[0];
            best[city as usize] = best[city as usize].max((same.len(), country));
        }
        best.into_iter().map(|(_, country)| country).collect()
    }
}

impl Columns {
    /// The ways in which rows name companies or at least places, and the way of each row, counted from 1.
    pub(super) fn ways(
        &self,
        table: &Table,
        by_id: &[u32],
        texts: &mut Texts,
        own: &dyn Fn(u32) -> bool,
    ) -> (Vec<Firm>, Vec<u32>) {
        let own_hosts = self.own_hosts(table, texts.len());
        let country_of_city = self.country_of_city(table);
        let mut keys = Numbers::new();
        let mut of_row = vec![0; table.len()];
        let mut described: Vec<Option<Firm>> = vec![None; self.names.len()];
        for &row in by_id {
            let place = row as usize;
            let name = table.value(Column::Company, place) as usize;
            let named = *described[name].get_or_insert_with(|| describe(&self.names[name], texts));
            let mut firm = self.firm(table, place, named, texts);
            if firm.domain == 0 {
                let profiles = table.list(ListColumn::Profiles, place).map(|id| self.profile_hosts[id as usize]);
                let hosts =
                    Some(self.source_hosts[table.value(Column::SourceUrl, place) as usize]).into_iter().chain(profiles);
                firm.domain = hosts.filter(|&host| host != 0).find(|&host| own_hosts[host as usize]).unwrap_or(0);
            }
            if firm.country == 0 {
                firm.country = country_of_city.get(firm.city as usize).copied().unwrap_or(0);
            }
            firm.own = if own(row) { row + 1 } else { 0 };
            of_row[place] = keys.intern(firm) + 1;
        }
        (keys.into_keys(), of_row)
    }

    /// What ties a row to others of the same person: the name, a profile, a mailbox at a mail service.
    pub(super) fn ties(&self, table: &Table, row: usize, person: u64) -> [u64; 3] {
        let profile =
            table.list(ListColumn::Profiles, row).map(|id| self.profiles[id as usize]).find(|&hash| hash != 0);
        let mail = table.list(ListColumn::Emails, row).map(|id| self.free_mails[id as usize]).find(|&hash| hash != 0);
        [person, profile.unwrap_or(0), mail.unwrap_or(0)]
    }

    /// The way in which a row names a company.
    pub(super) fn firm(&self, table: &Table, row: usize, named: Firm, texts: &mut Texts) -> Firm {
        let value = |column| table.value(column, row) as usize;
        let stated = self.domains[value(Column::Domain)];
        let mail = self.mail_domain(table, row);
        let mut firm = Firm {
            domain: if stated == 0 { mail } else { stated },
            mail_domain: if stated == 0 || stated == mail { 0 } else { mail },
            city: self.cities[value(Column::City)],
            postcode: self.postcodes[value(Column::Postcode)],
            country: self.countries[value(Column::Country)],
            vat: self.vats[value(Column::VatId)],
            ..named
        };
        let form = read::form(table.text(Column::LegalForm, row));
        if !form.is_empty() {
            firm.form = texts.intern(&form);
        }
        if table.kind(row) == EntityKind::Company {
            firm.mailbox = table
                .list(ListColumn::Emails, row)
                .map(|mail| self.mails[mail as usize].0)
                .find(|&role| role != 0)
                .unwrap_or(0);
            let phone = table.list(ListColumn::Phones, row).next();
            if let Some((number, exchange)) =
                phone.and_then(|phone| read::phone(table.list_texts(ListColumn::Phones).get(phone), ""))
            {
                (firm.phone, firm.exchange) = (texts.intern(&number), texts.intern(&exchange));
            }
            let number = table.text(Column::RegisterNumber, row);
            if !number.is_empty() {
                let court = read::city(table.text(Column::RegisterCourt, row));
                firm.register = texts.intern(&format!("{court} {}", read::code(number)));
            }
        }
        firm
    }
}

/// What a name says of a company.
pub(super) fn describe(name: &read::ReadFirm, texts: &mut Texts) -> Firm {
    let mut words = [0; 3];
    for (slot, word) in words.iter_mut().zip(&name.core) {
        *slot = texts.intern(word);
    }
    Firm {
        core: texts.intern(&name.core.concat()),
        generic: texts.intern(&name.generic),
        other: texts.intern(&name.other),
        first_word: words[0],
        words,
        acronym: if name.acronym.chars().count() > 1 { texts.intern(&name.acronym) } else { 0 },
        is_acronym: name.is_acronym,
        form: texts.intern(&name.form),
        form_country: texts.intern(&name.form_country),
        geography: texts.intern(&name.geography),
        ..Firm::default()
    }
}
