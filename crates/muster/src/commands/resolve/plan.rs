//! Which columns of a file go where: the plan by which its rows are read.
//!
//! `--map` comes first. Then columns are known by their names: of several for one field the surest is taken, but mailboxes,
//! phones and profiles take all of theirs, and a street is put together from its parts.
//!
//! Invariant: a column is read for one thing only, and a column that `--map` names is there.

use std::collections::BTreeMap;

use muster_model::EntityKind;
use muster_resolve::{Attribute, AttributeKind, Row};

use super::field::{Mapped, Slot, Target, nearest, recognized};
use super::row::RowBuffer;
use crate::command_error::CommandError;

/// A plain attribute and its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlannedAttribute {
    name: String,
    kind: Option<AttributeKind>,
    columns: Vec<usize>,
}

/// Where the values of a row come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    slots: BTreeMap<Slot, Vec<usize>>,
    /// Columns whose names alone said what they are for, with how sure that was.
    guessed: BTreeMap<Slot, usize>,
    attributes: Vec<PlannedAttribute>,
    mapped: Vec<Mapped>,
    /// Columns that are looked at already.
    seen_count: usize,
    has_map: bool,
}

impl Plan {
    /// Makes the plan of a file whose columns may still come, as those of JSON lines do.
    pub(crate) fn new(mapped: Vec<Mapped>) -> Self {
        Self { has_map: !mapped.is_empty(), mapped, ..Self::default() }
    }

    /// Takes up the columns that came since the last call.
    ///
    /// Behind the head of a file, `is_open` is false: a new column may be a field, but no new attribute.
    pub(crate) fn take_up(&mut self, names: &[String], is_open: bool) {
        for (column, name) in names.iter().enumerate().skip(self.seen_count) {
            let exact = self.mapped.iter().position(|each| each.column == *name);
            let mapped = exact.or_else(|| self.mapped.iter().position(|each| is_alike(&each.column, name)));
            match mapped.and_then(|at| self.mapped.get(at)).map(|each| each.target.clone()) {
                Some(Target::Slot(slot)) => {
                    if self.guessed.remove(&slot).is_some() {
                        self.slots.remove(&slot);
                    }
                    self.slots.entry(slot).or_default().push(column);
                }
                Some(Target::Attribute { name, kind }) => self.add_attribute(name, kind, column, is_open),
                Some(Target::Ignored) => {}
                None => self.guess(name, column, is_open),
            }
        }
        self.seen_count = names.len();
    }

    fn guess(&mut self, name: &str, column: usize, is_open: bool) {
        match recognized(name) {
            (Target::Slot(slot), rank) => {
                let is_mapped = self.slots.contains_key(&slot) && !self.guessed.contains_key(&slot);
                let will_be = self.mapped.iter().any(|each| each.target == Target::Slot(slot));
                if is_mapped || will_be {
                    return;
                }
                let known = self.guessed.get(&slot).copied();
                let columns = self.slots.entry(slot).or_default();
                match known {
                    Some(_) if slot.is_list() || is_part_of_street(slot, name) => columns.push(column),
                    Some(known) if known <= rank => return,
                    Some(_) | None => *columns = vec![column],
                }
                self.guessed.insert(slot, known.map_or(rank, |known| known.min(rank)));
            }
            (Target::Attribute { name, kind }, _) => self.add_attribute(name, kind, column, is_open),
            (Target::Ignored, _) => {}
        }
    }

    fn add_attribute(&mut self, name: String, kind: Option<AttributeKind>, column: usize, is_open: bool) {
        match self.attributes.iter_mut().find(|each| each.name == name) {
            Some(known) => known.columns.push(column),
            None if is_open => self.attributes.push(PlannedAttribute { name, kind, columns: vec![column] }),
            None => {}
        }
    }

    /// Returns what `--map` names and no column has, each with the column that was likely meant.
    pub(crate) fn missing<'n>(&self, names: &'n [String]) -> Vec<(String, Option<&'n str>)> {
        let is_there = |wanted: &str| names.iter().any(|name| is_alike(wanted, name));
        let absent = self.mapped.iter().filter(|each| !is_there(&each.column));
        absent.map(|each| (each.column.clone(), nearest(&each.column, names))).collect()
    }

    /// Checks that something tells who a row is about.
    ///
    /// # Errors
    ///
    /// A usage error that lists the columns.
    pub(crate) fn check(&self, shown: &str, names: &[String]) -> Result<(), CommandError> {
        let tells = self.slots.keys().any(|slot| slot.tells_who());
        if tells || (self.has_map && !self.attributes.is_empty()) {
            return one_column(&self.slots, Slot::MentionId, names);
        }
        let listed = if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) };
        Err(CommandError::usage(format!(
            "failed to read `{shown}`: no column is known to name a person or a company; its columns are {listed}"
        ))
        .hint("say what they are with --map, such as `--map Kunde=company,Mail=email`"))
    }

    /// Returns the attributes, the kinds of those that `--map` left open told from the first rows.
    pub(crate) fn attributes(&mut self, head: &[RowBuffer]) -> Vec<Attribute> {
        let made = |planned: &mut PlannedAttribute| {
            let values = head.iter().flat_map(|row| planned.columns.iter().map(|&column| row.cell(column).trim()));
            let kind = *planned.kind.get_or_insert_with(|| Attribute::guess(&planned.name, values).kind);
            Attribute { name: planned.name.clone(), kind }
        };
        self.attributes.iter_mut().map(made).collect()
    }

    /// Returns the names that `--map` coined for attributes.
    pub(crate) fn coined(&self) -> Vec<&str> {
        let name = |each: &Mapped| match &each.target {
            Target::Attribute { name, .. } if each.is_coined => self.attributes.iter().find(|it| it.name == *name),
            Target::Attribute { .. } | Target::Slot(_) | Target::Ignored => None,
        };
        self.mapped.iter().filter_map(name).map(|it| it.name.as_str()).collect()
    }

    /// Whether the file has a column of ids.
    pub(crate) fn has_ids(&self) -> bool {
        self.slots.contains_key(&Slot::MentionId)
    }

    /// Returns the name of the column of ids, where only its name said so.
    pub(crate) fn guessed_ids<'n>(&self, names: &'n [String]) -> Option<&'n str> {
        let column = self.slots.get(&Slot::MentionId).and_then(|columns| columns.first())?;
        let name = names.get(*column)?;
        (self.guessed.get(&Slot::MentionId).is_some_and(|&rank| rank > 0)).then_some(name.as_str())
    }

    /// Returns how many columns are read.
    pub(crate) fn column_count(&self) -> usize {
        let attributes = self.attributes.iter().map(|each| each.columns.len());
        self.slots.values().map(Vec::len).chain(attributes).sum()
    }

    /// Returns the kind that a row says it is of; none where it does not say.
    pub(crate) fn said_kind(&self, row: &RowBuffer) -> Option<EntityKind> {
        let said = self.columns(Slot::Kind).first().map_or("", |&column| row.cell(column).trim());
        [EntityKind::Person, EntityKind::Company].into_iter().find(|kind| said.eq_ignore_ascii_case(kind.as_str()))
    }

    /// Returns the id that a row gives.
    pub(crate) fn id<'r>(&self, row: &'r RowBuffer) -> &'r str {
        self.columns(Slot::MentionId).first().map_or("", |&column| row.cell(column))
    }

    /// Whether rows that do not say their kind are about companies: the file has no column about a person.
    pub(crate) fn is_of_companies(&self) -> bool {
        let person = [Slot::FullName, Slot::GivenName, Slot::FamilyName, Slot::JobTitle];
        !person.iter().any(|slot| self.slots.contains_key(slot)) && self.attributes.is_empty()
    }

    fn columns(&self, slot: Slot) -> &[usize] {
        self.slots.get(&slot).map_or(&[], Vec::as_slice)
    }

    /// Reads a row; `joined` keeps texts that are put together from several columns.
    ///
    /// The id is the caller's to set, and the instant comes back as its text.
    pub(crate) fn with_row<T>(
        &self,
        buffer: &RowBuffer,
        kind: EntityKind,
        joined: &mut Joined,
        take: impl FnOnce(&Row<'_>, &str) -> T,
    ) -> T {
        joined.fill(self, buffer);
        let single = |slot: Slot| joined.text(&self.slots, slot, buffer);
        let list = |slot: Slot| -> Vec<&str> {
            self.columns(slot).iter().flat_map(|&column| values(slot, buffer.cell(column))).collect()
        };
        let (emails, phones, profile_urls) = (list(Slot::Emails), list(Slot::Phones), list(Slot::ProfileUrls));
        let attributes: Vec<&str> = (0..self.attributes.len()).map(|at| joined.attribute(self, at, buffer)).collect();
        let (name, full_name) = (single(Slot::Name), single(Slot::FullName));
        let (person_name, company_name) = match kind {
            EntityKind::Person => (if full_name.is_empty() { name } else { full_name }, ""),
            EntityKind::Company => (full_name, name),
        };
        let company = single(Slot::Company);
        let row = Row {
            full_name: person_name,
            given_name: single(Slot::GivenName),
            family_name: single(Slot::FamilyName),
            job_title: single(Slot::JobTitle),
            company: if company.is_empty() { company_name } else { company },
            company_domain: single(Slot::CompanyDomain),
            legal_form: single(Slot::LegalForm),
            register_court: single(Slot::RegisterCourt),
            register_number: single(Slot::RegisterNumber),
            vat_id: single(Slot::VatId),
            street: single(Slot::Street),
            city: single(Slot::City),
            postcode: single(Slot::Postcode),
            country: single(Slot::Country),
            source_url: single(Slot::SourceUrl),
            page_hash: single(Slot::PageHash),
            emails: &emails,
            phones: &phones,
            profile_urls: &profile_urls,
            attributes: &attributes,
            ..Row::new(kind)
        };
        take(&row, single(Slot::SeenAt))
    }
}

/// Texts of one row that are put together from several columns.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    slots: Vec<(Slot, String)>,
    attributes: Vec<String>,
}

impl Joined {
    fn fill(&mut self, plan: &Plan, row: &RowBuffer) {
        self.slots.clear();
        for (&slot, columns) in plan.slots.iter().filter(|(slot, columns)| columns.len() > 1 && !slot.is_list()) {
            self.slots.push((slot, join(columns, row)));
        }
        self.attributes.clear();
        for attribute in &plan.attributes {
            let is_joined = attribute.columns.len() > 1;
            self.attributes.push(if is_joined { join(&attribute.columns, row) } else { String::new() });
        }
    }

    fn text<'a>(&'a self, slots: &BTreeMap<Slot, Vec<usize>>, slot: Slot, row: &'a RowBuffer) -> &'a str {
        match slots.get(&slot).map_or(&[][..], Vec::as_slice) {
            [] => "",
            [column] => row.cell(*column).trim(),
            [..] => self.slots.iter().find(|(each, _)| *each == slot).map_or("", |(_, text)| text.as_str()),
        }
    }

    fn attribute<'a>(&'a self, plan: &Plan, at: usize, row: &'a RowBuffer) -> &'a str {
        match plan.attributes.get(at).map_or(&[][..], |it| it.columns.as_slice()) {
            [column] => row.cell(*column).trim(),
            [..] => self.attributes.get(at).map_or("", String::as_str),
        }
    }
}

fn join(columns: &[usize], row: &RowBuffer) -> String {
    let parts = columns.iter().map(|&column| row.cell(column).trim()).filter(|text| !text.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// The values of a cell that may hold several, as mentions' JSON, spreadsheets and our own exports write them.
fn values(slot: Slot, cell: &str) -> impl Iterator<Item = &str> {
    // A phone number may hold spaces, a slash, a comma before its extension; the address of a page all but spaces.
    let borders: &[char] = if slot == Slot::Phones {
        &[';', '|', '\n']
    } else if slot == Slot::ProfileUrls {
        &[';', '|', '\n', ' ', '\t']
    } else {
        &[';', ',', '|', '\n', ' ', '\t']
    };
    cell.split(borders).map(str::trim).filter(|value| !value.is_empty())
}

fn is_alike(wanted: &str, name: &str) -> bool {
    wanted == name || wanted.to_lowercase() == name.to_lowercase()
}

/// Whether a column is the number or the name of the street, which stand in two columns of some files.
fn is_part_of_street(slot: Slot, name: &str) -> bool {
    slot == Slot::Street && matches!(name.to_lowercase().as_str(), "street_number" | "address_1" | "street")
}

fn one_column(slots: &BTreeMap<Slot, Vec<usize>>, slot: Slot, names: &[String]) -> Result<(), CommandError> {
    match slots.get(&slot).map_or(&[][..], Vec::as_slice) {
        [] | [_] => Ok(()),
        columns => {
            let named: Vec<&str> = columns.iter().filter_map(|&column| names.get(column)).map(String::as_str).collect();
            let named = named.join("`, `");
            Err(CommandError::usage(format!(
                "failed to read `--map`: `{}` is given to several columns: `{named}`",
                slot.as_str()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::read_mapped;
    use super::*;

    fn names(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    fn plan(columns: &str, map: &[&str]) -> Plan {
        let mut plan = Plan::new(map.iter().map(|entry| read_mapped(entry).unwrap()).collect());
        plan.take_up(&names(columns), true);
        plan
    }

    fn buffer(cells: &str) -> RowBuffer {
        let mut row = RowBuffer::default();
        row.start(2);
        cells.split(',').for_each(|cell| row.push(cell));
        row
    }

    /// The row as text: names, company, street and city, lists, attributes.
    fn shown(plan: &Plan, cells: &str, kind: EntityKind) -> String {
        plan.with_row(&buffer(cells), kind, &mut Joined::default(), |row, seen_at| {
            let lists = [row.emails, row.phones, row.profile_urls, row.attributes].map(|list| list.join("+"));
            let texts = [row.full_name, row.given_name, row.family_name, row.company, row.street, row.city, seen_at];
            format!("{} / {}", texts.join("|"), lists.join("|"))
        })
    }

    #[test]
    fn contact_columns_are_known_by_name_in_any_order_and_language() {
        let plan = plan("Nachname,E-Mail,mention_id,Vorname,Firma,seen_at,email_2", &[]);
        assert_eq!(plan.id(&buffer("x,y,id7")), "id7");
        let text =
            shown(&plan, "Müller,a@b.example,1,Anna,Nordwind,2024-01-02,c@d.example;e@f.example", EntityKind::Person);
        assert_eq!(text, "|Anna|Müller|Nordwind|||2024-01-02 / a@b.example+c@d.example+e@f.example|||");
    }

    #[test]
    fn a_person_file_of_elsewhere_needs_no_map() {
        let columns = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id";
        let mut plan = plan(columns, &[]);
        let text = shown(&plan, "r1,anna,berg,12,long street,villa,ourtown,2000,nsw,19500102,123", EntityKind::Person);
        assert_eq!(text, "|anna|berg||12 long street|ourtown| / |||villa+nsw+19500102+123");
        let kinds: Vec<AttributeKind> = plan.attributes(&[]).iter().map(|it| it.kind).collect();
        let text = AttributeKind::Text;
        assert_eq!(kinds, [text, text, AttributeKind::Date, AttributeKind::Code]);
        assert!(plan.has_ids() && plan.check("f", &names(columns)).is_ok());
        assert_eq!(plan.guessed_ids(&names(columns)), Some("rec_id"));
    }

    #[test]
    fn the_map_outranks_names_and_joins_its_columns() {
        let plan = plan("name,Extra,company,id,nr", &["Extra=company", "id=ignore", "name=street", "NR=street"]);
        assert_eq!(shown(&plan, "Hill,Firm,Other,7,12", EntityKind::Person), "|||Firm|Hill 12|| / |||");
        assert!(!plan.has_ids());
    }

    #[test]
    fn of_two_names_for_one_field_the_surer_is_taken() {
        let taken = |columns: &str| shown(&plan(columns, &[]), "one,two", EntityKind::Person);
        assert_eq!(taken("surname,family_name"), "||two|||| / |||");
        assert_eq!(taken("family_name,surname"), "||one|||| / |||");
        assert_eq!(plan("id,mention_id", &[]).id(&buffer("one,two")), "two");
    }

    #[test]
    fn a_name_is_of_whatever_the_row_is_about() {
        let plan = plan("kind,name,domain", &[]);
        assert_eq!(shown(&plan, "company,Nordwind,n.example", EntityKind::Company), "|||Nordwind||| / |||");
        assert_eq!(shown(&plan, "person,Anna Berg,", EntityKind::Person), "Anna Berg|||||| / |||");
        assert_eq!(plan.said_kind(&buffer("Company")), Some(EntityKind::Company));
        assert_eq!(plan.said_kind(&buffer("")), None);
        assert!(plan.is_of_companies());
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let columns = names("kunde,mail");
        let mapped = plan("kunde,mail", &["kundee=company", "zzz=email"]);
        assert_eq!(mapped.missing(&columns), [("kundee".to_owned(), Some("kunde")), ("zzz".to_owned(), None)]);
        let error = plan("a,b", &[]).check("f.csv", &names("a,b")).unwrap_err();
        assert!(error.message.contains("`a`, `b`"), "{error}");
        assert!(plan("a,b", &["a=hue"]).check("f.csv", &names("a,b")).is_ok());
        let twice = plan("a,b,name", &["a=mention_id", "b=mention_id"]);
        assert!(twice.check("f", &names("a,b,name")).unwrap_err().message.contains("`a`, `b`"));
    }

    #[test]
    fn columns_may_come_later_but_attributes_only_in_the_head() {
        let mut plan = plan("name", &["x=hue"]);
        plan.take_up(&names("name,email,x,state"), false);
        assert_eq!(shown(&plan, "Anna,a@b.example,blue,nsw", EntityKind::Person), "Anna|||||| / a@b.example|||");
    }
}
