//! The rows to resolve, in columns: each distinct value stored once, each row a line of numbers.
//!
//! Reading files is the binary's; what a value means is `people`'s and `firms`'.
//!
//! Invariant: a mention id stands in one row only.

use std::fmt;

use muster_model::{EntityKind, Mention};
use rayon::prelude::*;

use crate::intern::{Queue, Texts};

/// The most rows of one table.
const ROWS_MAX: usize = u32::MAX as usize - 1;

/// Longest list of mailboxes, phones or profiles of one row that is looked at, against a page that was read as one
/// mention.
const VALUES_MAX: usize = 16;

/// One row as a source gives it; an empty text is an absent value.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each member is the field of the same name, documented on `Field`")]
pub struct Row<'a> {
    pub mention_id: &'a str,
    /// What the row is about. A company's name and domain stand in `company` and `company_domain`.
    pub kind: EntityKind,
    pub full_name: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub job_title: &'a str,
    pub company: &'a str,
    pub company_domain: &'a str,
    pub legal_form: &'a str,
    pub register_court: &'a str,
    pub register_number: &'a str,
    pub vat_id: &'a str,
    pub street: &'a str,
    pub city: &'a str,
    pub postcode: &'a str,
    pub country: &'a str,
    pub source_url: &'a str,
    pub page_hash: &'a str,
    pub emails: &'a [&'a str],
    pub phones: &'a [&'a str],
    pub profile_urls: &'a [&'a str],
    /// Seconds since 1970-01-01 UTC, where known.
    pub seen_at: Option<i64>,
    /// Values of the plain attributes that the table was made with, in their order; empty texts where absent.
    pub attributes: &'a [&'a str],
}

impl Row<'_> {
    /// A row of which only the kind is known.
    pub const fn new(kind: EntityKind) -> Self {
        Self {
            mention_id: "",
            kind,
            full_name: "",
            given_name: "",
            family_name: "",
            job_title: "",
            company: "",
            company_domain: "",
            legal_form: "",
            register_court: "",
            register_number: "",
            vat_id: "",
            street: "",
            city: "",
            postcode: "",
            country: "",
            source_url: "",
            page_hash: "",
            emails: &[],
            phones: &[],
            profile_urls: &[],
            seen_at: None,
            attributes: &[],
        }
    }
}

/// How the values of a plain attribute are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// As text: equal, nearly equal, different.
    Text,
    /// As a date in any usual writing: equal, one part or a swap away, same year, different.
    Date,
    /// As a number: equal, near, different.
    Number,
    /// As a code: equal, one slip, different.
    Code,
}

/// A column that is no contact field: a date, a birthplace, a customer number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, as explanations show it.
    pub name: String,
    /// How its values are compared.
    pub kind: AttributeKind,
}

/// Why a row is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushError {
    /// The row has no mention id.
    NoId,
    /// Another row has the same id: `first` is its place, from 0.
    DuplicateId {
        /// The place of the row that came first.
        first: usize,
    },
    /// The table holds as many rows as it can.
    TooMany,
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId => write!(f, "mention_id: is empty"),
            Self::DuplicateId { first } => write!(f, "mention_id: is that of row {} too", first + 1),
            Self::TooMany => write!(f, "more than {ROWS_MAX} rows"),
        }
    }
}

impl std::error::Error for PushError {}

macro_rules! columns {
    ($($(#[$doc:meta])* $column:ident = $member:ident,)+) => {
        /// A column of single values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Column { $($(#[$doc])* $column,)+ }

        const COLUMNS: usize = [$(Column::$column,)+].len();

        fn values<'a>(row: &Row<'a>) -> [&'a str; COLUMNS] {
            [$(row.$member,)+]
        }
    };
}

columns! {
    /// The whole name of a person.
    FullName = full_name,
    /// Given names.
    GivenName = given_name,
    /// Family name.
    FamilyName = family_name,
    /// Job title.
    JobTitle = job_title,
    /// The employer's, or the company's own, name.
    Company = company,
    /// Its web domain.
    Domain = company_domain,
    /// Its legal form.
    LegalForm = legal_form,
    /// The court of its register.
    RegisterCourt = register_court,
    /// Its number there.
    RegisterNumber = register_number,
    /// Its VAT identification number.
    VatId = vat_id,
    /// Street and house.
    Street = street,
    /// City.
    City = city,
    /// Postal code.
    Postcode = postcode,
    /// Country.
    Country = country,
    /// The page or file the row comes from.
    SourceUrl = source_url,
    /// The hash of that page.
    PageHash = page_hash,
}

/// A column of which a row may hold several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListColumn {
    /// Mailboxes.
    Emails,
    /// Phone numbers.
    Phones,
    /// Profile addresses.
    Profiles,
}

/// As many texts of a column are interned together.
const QUEUE_TEXTS: usize = 4_096;

/// Values by number.
#[derive(Clone)]
struct Values {
    texts: Texts,
    rows: Vec<u32>,
    queue: Queue,
}

/// Lists of values by number; nearly every list has one value or none.
#[derive(Clone)]
struct Lists {
    texts: Texts,
    first: Vec<u32>,
    /// Further values as row and value, by row.
    more: Vec<(u32, u32)>,
    queue: Queue,
}

/// Rows in columns.
#[derive(Clone)]
pub struct Table {
    ids: Texts,
    kinds: Vec<EntityKind>,
    seen_at: Vec<i64>,
    singles: Vec<Values>,
    lists: Vec<Lists>,
    attributes: Vec<Attribute>,
    attribute_values: Vec<Values>,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("rows", &self.len()).finish_non_exhaustive()
    }
}

/// Where no instant is known.
pub(crate) const NEVER: i64 = i64::MIN;

/// Takes rows one by one.
#[derive(Debug)]
pub struct TableBuilder {
    table: Table,
}

impl TableBuilder {
    /// Starts a table whose rows have these plain attributes.
    pub fn new(attributes: Vec<Attribute>) -> Self {
        let values = || Values { texts: Texts::new(), rows: Vec::new(), queue: Queue::default() };
        let lists = || Lists { texts: Texts::new(), first: Vec::new(), more: Vec::new(), queue: Queue::default() };
        let table = Table {
            ids: Texts::new(),
            kinds: Vec::new(),
            seen_at: Vec::new(),
            singles: (0..COLUMNS).map(|_| values()).collect(),
            lists: (0..3).map(|_| lists()).collect(),
            attribute_values: attributes.iter().map(|_| values()).collect(),
            attributes,
        };
        Self { table }
    }

    /// Takes a row.
    ///
    /// # Errors
    ///
    /// [`PushError`]; the row is not in the table then.
    pub fn push(&mut self, row: &Row<'_>) -> Result<(), PushError> {
        let table = &mut self.table;
        let place = table.kinds.len();
        if row.mention_id.is_empty() {
            return Err(PushError::NoId);
        }
        if place >= ROWS_MAX {
            return Err(PushError::TooMany);
        }
        let id = table.ids.intern(row.mention_id) as usize;
        if id <= place {
            return Err(PushError::DuplicateId { first: id - 1 });
        }
        table.kinds.push(row.kind);
        table.seen_at.push(row.seen_at.unwrap_or(NEVER));
        for (column, text) in table.singles.iter_mut().zip(values(row)) {
            column.push(text.trim());
        }
        for (list, texts) in table.lists.iter_mut().zip([row.emails, row.phones, row.profile_urls]) {
            list.push(place, texts);
        }
        for (index, column) in table.attribute_values.iter_mut().enumerate() {
            column.push(row.attributes.get(index).map_or("", |text| text.trim()));
        }
        Ok(())
    }

    /// Returns the table.
    pub fn finish(mut self) -> Table {
        let table = &mut self.table;
        table.ids.freeze();
        table.singles.par_iter_mut().chain(&mut table.attribute_values).for_each(|column| {
            column.flush();
            column.texts.freeze();
        });
        table.lists.par_iter_mut().for_each(|column| {
            column.flush();
            column.texts.freeze();
        });
        self.table
    }
}

impl Values {
    fn push(&mut self, text: &str) {
        self.queue.push(text);
        if self.queue.len() >= QUEUE_TEXTS {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let rows = &mut self.rows;
        self.texts.intern_all(&mut self.queue, |id| rows.push(id));
    }
}

impl Lists {
    fn push(&mut self, place: usize, texts: &[&str]) {
        let mut filled = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).take(VALUES_MAX);
        self.queue.push(filled.next().unwrap_or_default());
        for text in filled {
            let place = u32::try_from(place).expect("fewer than 2^32 rows");
            let id = self.texts.intern(text);
            self.more.push((place, id));
        }
        if self.queue.len() >= QUEUE_TEXTS {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let first = &mut self.first;
        self.texts.intern_all(&mut self.queue, |id| first.push(id));
    }
}

impl Table {
    /// Makes a table of mentions; of two with one id the first counts.
    #[expect(clippy::disallowed_methods, reason = "normalizing is one of the doors of DESIGN section 8")]
    pub(crate) fn of_mentions(mentions: &[&Mention]) -> Self {
        let mut builder = TableBuilder::new(Vec::new());
        for mention in mentions {
            let record = mention.record().expose();
            let text = |value: &'_ Option<String>| -> String { value.clone().unwrap_or_default() };
            let is_company = mention.kind() == EntityKind::Company;
            let company = if is_company { text(&record.name) } else { text(&record.company) };
            let domain = if is_company {
                record.domain.as_ref().or(record.company_domain.as_ref())
            } else {
                record.company_domain.as_ref()
            };
            let list = |values: &'_ [String]| -> Vec<String> {
                let mut values = values.to_vec();
                values.sort();
                values.dedup();
                values
            };
            let (emails, phones, profiles) = (list(&record.emails), list(&record.phones), list(&record.profile_urls));
            let texts = [&emails, &phones, &profiles].map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
            let of = |value: &'_ Option<String>| value.as_deref().unwrap_or_default().to_owned();
            let singles = [&record.name, &record.given_name, &record.family_name, &record.job_title].map(of);
            let [name, given, family, title] = singles.each_ref().map(String::as_str);
            let row = Row {
                mention_id: mention.mention_id().as_str(),
                full_name: if is_company { "" } else { name },
                given_name: given,
                family_name: family,
                job_title: title,
                company: &company,
                company_domain: domain.map_or("", String::as_str),
                legal_form: record.legal_form.as_deref().unwrap_or_default(),
                register_court: record.register_court.as_deref().unwrap_or_default(),
                register_number: record.register_number.as_deref().unwrap_or_default(),
                vat_id: record.vat_id.as_deref().unwrap_or_default(),
                street: record.street.as_deref().unwrap_or_default(),
                city: record.city.as_deref().unwrap_or_default(),
                postcode: record.postcode.as_deref().unwrap_or_default(),
                country: record.country.as_deref().unwrap_or_default(),
                source_url: record.source_url.as_deref().unwrap_or_default(),
                page_hash: record.page_hash.as_deref().unwrap_or_default(),
                emails: &texts[0],
                phones: &texts[1],
                profile_urls: &texts[2],
                seen_at: Some(mention.seen_at().as_second()),
                ..Row::new(mention.kind())
            };
            builder.push(&row).ok();
        }
        builder.finish()
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Returns the mention id of a row, by its place from 0.
    ///
    /// # Panics
    ///
    /// Where the table has no such row.
    pub fn mention_id(&self, row: usize) -> &str {
        self.ids.get(u32::try_from(row + 1).expect("fewer than 2^32 rows"))
    }

    /// Returns what a row is about.
    pub fn kind(&self, row: usize) -> EntityKind {
        self.kinds[row]
    }

    /// Returns the plain attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Returns the rows' places by their mention ids.
    pub(crate) fn by_id(&self) -> Vec<u32> {
        let rows = 0..u32::try_from(self.len()).expect("fewer than 2^32 rows");
        let mut keyed: Vec<(u128, u32)> = rows.map(|row| (head(self.mention_id(row as usize)), row)).collect();
        // Most ids differ in their first sixteen bytes, so that few texts are read.
        keyed.par_sort_unstable_by(|a, b| {
            let texts = || self.mention_id(a.1 as usize).cmp(self.mention_id(b.1 as usize));
            a.0.cmp(&b.0).then_with(texts)
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// Returns when a row was seen, [`NEVER`] where that is not known.
    pub(crate) fn seen_at(&self, row: usize) -> i64 {
        self.seen_at[row]
    }

    /// Returns the number of a row's value in a column; 0 where it is absent.
    pub(crate) fn value(&self, column: Column, row: usize) -> u32 {
        self.singles[column as usize].rows[row]
    }

    /// Returns the texts of a column.
    pub(crate) fn texts(&self, column: Column) -> &Texts {
        &self.singles[column as usize].texts
    }

    /// Returns a row's text in a column.
    pub(crate) fn text(&self, column: Column, row: usize) -> &str {
        self.texts(column).get(self.value(column, row))
    }

    /// Returns the numbers of a row's values in a list column.
    pub(crate) fn list(&self, column: ListColumn, row: usize) -> impl Iterator<Item = u32> + '_ {
        let list = &self.lists[column as usize];
        let place = u32::try_from(row).expect("fewer than 2^32 rows");
        let from = list.more.partition_point(|&(each, _)| each < place);
        let more = list.more[from..].iter().take_while(move |&&(each, _)| each == place).map(|&(_, value)| value);
        Some(list.first[row]).into_iter().filter(|&value| value != 0).chain(more)
    }

    /// Returns the texts of a list column.
    pub(crate) fn list_texts(&self, column: ListColumn) -> &Texts {
        &self.lists[column as usize].texts
    }

    /// Returns the number of a row's value of a plain attribute; 0 where it is absent.
    pub(crate) fn attribute_value(&self, attribute: usize, row: usize) -> u32 {
        self.attribute_values[attribute].rows[row]
    }

    /// Returns the texts of a plain attribute.
    pub(crate) fn attribute_texts(&self, attribute: usize) -> &Texts {
        &self.attribute_values[attribute].texts
    }
}

/// The first sixteen bytes of a text as a number that is in the order of texts.
fn head(text: &str) -> u128 {
    let mut bytes = [0; 16];
    let length = text.len().min(16);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_an_id_is_taken_once() {
        let mut builder = TableBuilder::new(vec![Attribute { name: "born".into(), kind: AttributeKind::Date }]);
        let row = Row {
            mention_id: "b",
            full_name: " Anna Example ",
            emails: &["", "a@firma.example", "b@firma.example"],
            attributes: &["x"],
            ..Row::new(EntityKind::Person)
        };
        assert_eq!(builder.push(&row), Ok(()));
        assert_eq!(builder.push(&row), Err(PushError::DuplicateId { first: 0 }));
        assert_eq!(builder.push(&Row { mention_id: "", ..row }), Err(PushError::NoId));
        assert_eq!(builder.push(&Row { mention_id: "a", emails: &[], attributes: &[], ..row }), Ok(()));
        let table = builder.finish();
        assert_eq!((table.len(), table.by_id()), (2, vec![1, 0]));
        assert_eq!(table.text(Column::FullName, 0), "Anna Example");
        assert_eq!(table.value(Column::FullName, 0), table.value(Column::FullName, 1));
        let mails = table.list_texts(ListColumn::Emails);
        let all: Vec<&str> = table.list(ListColumn::Emails, 0).map(|id| mails.get(id)).collect();
        assert_eq!(all, ["a@firma.example", "b@firma.example"]);
        assert_eq!(table.list(ListColumn::Emails, 1).count(), 0);
        assert_eq!(table.attribute_texts(0).get(table.attribute_value(0, 0)), "x");
        assert_eq!(table.attribute_value(0, 1), 0);
    }
}
