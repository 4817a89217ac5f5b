//! The values of one row on their way into a mention: normal forms, the parts of the name, the evidence of each.
//!
//! Nothing is refused here: what cannot be read, or what an entity of that kind does not have, is left out and told.
//!
//! Invariant: no value is in the mention without evidence.

use std::collections::BTreeMap;

use muster_model::{EmailAddress, EntityKind, Evidence, Field, MentionRecord, Method};

use super::name_cell::{NameCell, read_name};
use super::row::{LeftOut, RawValue};
use super::value::{ValueFault, clean, normalize};
use crate::words::is_function_mailbox;

/// Longest quote of a cell, in characters.
const QUOTE_CHARS_MAX: usize = 200;

/// Fields that only a company has.
const COMPANY_ONLY: &[Field] =
    &[Field::LegalForm, Field::Domain, Field::RegisterCourt, Field::RegisterNumber, Field::VatId];

/// Fields that only a person has.
const PERSON_ONLY: &[Field] = &[Field::GivenName, Field::FamilyName, Field::Degree, Field::JobTitle];

/// One value on its way into a mention.
#[derive(Debug)]
struct Piece {
    field: Field,
    value: String,
    /// The text of the cell it was read from, uncut.
    raw: String,
    span: Option<[u64; 2]>,
}

/// Several cells read as one text.
struct Joined {
    text: String,
    span: Option<[u64; 2]>,
}

/// What a row has given so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pieces: Vec<Piece>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Joins the cells of a single-valued field; the span covers them all where their columns are neighbours.
fn join<'c>(cells: impl Iterator<Item = &'c RawValue<'c>>) -> Option<Joined> {
    let cells: Vec<&RawValue<'_>> = cells.collect();
    let (first, last) = (cells.first()?, cells.last()?);
    let mut texts: Vec<String> = Vec::new();
    for text in cells.iter().map(|cell| clean(&cell.text)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let neighbours = cells.is_sorted_by(|one, two| one.column + 1 == two.column);
    let span = match (neighbours, first.span, last.span) {
        (true, Some([start, _]), Some([_, end])) => Some([start, end]),
        _ => None,
    };
    Some(Joined { text: texts.join(" "), span })
}

impl Draft {
    /// Reads the cells of a row, sorted by field; `region` is the country of phone numbers in a row that names none.
    pub(super) fn read_values(
        &mut self,
        cells: &BTreeMap<Field, Vec<RawValue<'_>>>,
        kind: Option<EntityKind>,
        region: Option<&str>,
    ) {
        let country = cells.get(&Field::Country).and_then(|cells| cells.first());
        let country = country.and_then(|cell| normalize(Field::Country, &cell.text, None).values.into_iter().next());
        let region = country.as_ref().map(|(_, code)| code.as_str()).or(region);
        for (&field, cells) in cells {
            if kind != Some(EntityKind::Company) && is_name_part(field) {
                continue;
            }
            if field.is_list() {
                for cell in cells {
                    self.take(field, &cell.text, cell.span, region);
                }
            } else if let Some(joined) = join(cells.iter()) {
                self.take(field, &joined.text, joined.span, region);
            }
        }
        if kind != Some(EntityKind::Company) {
            self.read_name_cells(cells);
        }
    }

    fn take(&mut self, field: Field, text: &str, span: Option<[u64; 2]>, region: Option<&str>) {
        let normal = normalize(field, text, region);
        for (of, value) in normal.values {
            self.add(of, value, text, span);
        }
        self.left_out.extend(normal.faults.into_iter().map(|fault| LeftOut { fault, field }));
    }

    fn add(&mut self, field: Field, value: String, raw: &str, span: Option<[u64; 2]>) {
        if !value.is_empty() && !self.pieces.iter().any(|piece| piece.field == field && piece.value == value) {
            self.pieces.push(Piece { field, value, raw: raw.trim().to_owned(), span });
        }
    }

    /// Reads name, given name, family name and degree together: each may hold a part of another.
    fn read_name_cells(&mut self, cells: &BTreeMap<Field, Vec<RawValue<'_>>>) {
        let joined = |field: Field| cells.get(&field).and_then(|cells| join(cells.iter()));
        let mut degrees: Vec<(String, String, Option<[u64; 2]>)> = Vec::new();
        let mut read = |draft: &mut Self, field: Field| {
            let cell = joined(field)?;
            let name = draft.read_name_cell(field, &cell.text)?;
            if let Some(degree) = &name.degree {
                degrees.push((degree.clone(), cell.text.clone(), cell.span));
            }
            Some((name, cell))
        };
        let whole = read(self, Field::Name);
        let given = read(self, Field::GivenName);
        let family = read(self, Field::FamilyName);
        for (field, part) in [(Field::GivenName, &given), (Field::FamilyName, &family)] {
            if let Some((name, cell)) = part {
                self.add(field, name.name.clone(), &cell.text, cell.span);
            }
        }
        if let Some((name, cell)) = &whole {
            self.add(Field::Name, name.name.clone(), &cell.text, cell.span);
            if let (Some((first, last)), None, None) = (&name.parts, &given, &family) {
                self.add(Field::GivenName, first.clone(), &cell.text, cell.span);
                self.add(Field::FamilyName, last.clone(), &cell.text, cell.span);
            }
        } else {
            let parts = [&given, &family].into_iter().flatten().map(|(name, _)| name.name.as_str());
            let composed = parts.collect::<Vec<_>>().join(" ");
            let both = [Field::GivenName, Field::FamilyName].iter().filter_map(|field| cells.get(field)).flatten();
            let mut both: Vec<&RawValue<'_>> = both.collect();
            let quote = both.iter().map(|cell| clean(&cell.text)).collect::<Vec<_>>().join(" ");
            both.sort_by_key(|cell| cell.column);
            let span = join(both.into_iter()).and_then(|joined| joined.span);
            self.add(Field::Name, composed, &quote, span);
        }
        self.add_degree(joined(Field::Degree), degrees);
    }

    /// Returns nothing where the text holds no name at all.
    fn read_name_cell(&mut self, field: Field, text: &str) -> Option<NameCell> {
        let normal = normalize(field, text, None);
        self.left_out.extend(normal.faults.iter().map(|&fault| LeftOut { fault, field }));
        let (_, text) = normal.values.into_iter().next()?;
        let name = read_name(&text);
        if name.name.contains(char::is_alphabetic) && !name.name.contains('@') {
            return Some(name);
        }
        self.left_out.push(LeftOut { fault: ValueFault::Name, field });
        None
    }

    /// A degree of a column of its own stands beside those in front of the name, each once.
    fn add_degree(&mut self, column: Option<Joined>, found: Vec<(String, String, Option<[u64; 2]>)>) {
        let mut degrees = found;
        if let Some(cell) = column {
            let held = |degree: &str| cell.text.to_lowercase().contains(&degree.to_lowercase());
            degrees.retain(|(degree, _, _)| !held(degree));
            let normal = normalize(Field::Degree, &cell.text, None);
            self.left_out.extend(normal.faults.into_iter().map(|fault| LeftOut { fault, field: Field::Degree }));
            let own = normal.values.into_iter().map(|(_, value)| (value, cell.text.clone(), cell.span));
            degrees.splice(0..0, own);
        }
        let mut values: Vec<String> = Vec::new();
        for (degree, _, _) in &degrees {
            if !values.contains(degree) {
                values.push(degree.clone());
            }
        }
        if let Some((_, raw, span)) = degrees.first() {
            self.add(Field::Degree, values.join(" "), raw, *span);
        }
    }

    fn has(&self, field: Field) -> bool {
        self.pieces.iter().any(|piece| piece.field == field)
    }

    /// A row with a person's name or mailbox is about a person, one with only a firm about the firm.
    pub(super) fn shown_kind(&self) -> Option<EntityKind> {
        let mut mailboxes = self.pieces.iter().filter(|piece| piece.field == Field::Emails);
        if self.has(Field::Name) || mailboxes.any(|piece| !is_role_mailbox(&piece.value)) {
            Some(EntityKind::Person)
        } else if self.has(Field::Company) {
            Some(EntityKind::Company)
        } else {
            None
        }
    }

    /// Moves and leaves out what an entity of that kind does not have.
    pub(super) fn fit_to(&mut self, kind: EntityKind) {
        let moves: &[(Field, Field)] = match kind {
            EntityKind::Person => &[(Field::Domain, Field::CompanyDomain)],
            EntityKind::Company => &[(Field::Company, Field::Name), (Field::CompanyDomain, Field::Domain)],
        };
        for &(from, to) in moves {
            let taken = self.has(to);
            for piece in self.pieces.iter_mut().filter(|piece| piece.field == from && !taken) {
                piece.field = to;
            }
        }
        let foreign = |field: Field| match kind {
            EntityKind::Person => COMPANY_ONLY.contains(&field),
            EntityKind::Company => {
                PERSON_ONLY.contains(&field) || matches!(field, Field::Company | Field::CompanyDomain)
            }
        };
        let mut left_out = Vec::new();
        self.pieces.retain(|piece| {
            // A person's mailbox in a firm's record would escape every wall that protects people.
            let personal =
                kind == EntityKind::Company && piece.field == Field::Emails && !is_role_mailbox(&piece.value);
            let fault = if personal { ValueFault::PersonalEmail } else { ValueFault::Kind };
            let drop = personal || foreign(piece.field);
            if drop {
                left_out.push(LeftOut { fault, field: piece.field });
            }
            !drop
        });
        self.left_out.append(&mut left_out);
    }

    /// Makes the record; evidence that the file gives for a value stands in the place of our own, which is made where
    /// there is a `method`.
    pub(super) fn record(&mut self, kind: EntityKind, given: Vec<Evidence>, method: Option<Method>) -> MentionRecord {
        let mut record = MentionRecord::new(kind);
        for &field in Field::ALL {
            let values = self.pieces.iter().filter(|piece| piece.field == field).map(|piece| piece.value.clone());
            record.set(field, values.collect());
        }
        let mut backed = vec![false; self.pieces.len()];
        for mut evidence in given {
            let stated = clean(&evidence.value);
            let fits = |piece: &Piece| {
                piece.field == evidence.field
                    && (clean(&piece.raw) == stated
                        || piece.value == stated
                        || normalize(piece.field, &stated, None).values.iter().any(|(_, value)| *value == piece.value))
            };
            let Some(at) = self.pieces.iter().position(fits) else {
                self.left_out.push(LeftOut { fault: ValueFault::Evidence, field: evidence.field });
                continue;
            };
            if let (Some(piece), Some(flag)) = (self.pieces.get(at), backed.get_mut(at)) {
                evidence.value.clone_from(&piece.value);
                *flag = true;
            }
            evidence.quote = evidence.quote.as_deref().and_then(quote_of);
            record.values.push(evidence);
        }
        let unbacked = self.pieces.iter().zip(&backed).filter(|&(_, &backed)| !backed);
        for (piece, method) in unbacked.filter_map(|(piece, _)| Some((piece, method?))) {
            record.values.push(Evidence {
                field: piece.field,
                value: piece.value.clone(),
                method,
                quote: quote_of(&piece.raw),
                span: piece.span,
                form: None,
            });
        }
        record.values.sort_by_key(|evidence| Field::ALL.iter().position(|&field| field == evidence.field));
        record
    }
}

const fn is_name_part(field: Field) -> bool {
    matches!(field, Field::Name | Field::GivenName | Field::FamilyName | Field::Degree)
}

fn is_role_mailbox(address: &str) -> bool {
    EmailAddress::parse(address).is_ok_and(|address| address.is_role() || is_function_mailbox(address.local_part()))
}

fn quote_of(text: &str) -> Option<String> {
    let quote: String = text.trim().chars().take(QUOTE_CHARS_MAX).collect();
    (!quote.is_empty()).then_some(quote)
}
