//! Tables whose header row names the columns: one person a row.
//!
//! Tables that only lay the page out have no such row; what they hold is read as cards.
//!
//! Invariant: a row is read by the columns of its own table only, nested tables aside.

use std::collections::BTreeSet;
use std::ops::Range;

use muster_model::{EntityKind, Field, Method};

use crate::company_name::find_company;
use crate::draft::{Draft, Place};
use crate::lines::Line;
use crate::person_name::{behind_brackets, parse_name};
use crate::title::{title_range, title_strength};
use crate::view::{Claims, View};
use crate::words::folded_words;

/// Most rows of one table.
const ROWS_MAX: usize = 5_000;

/// Rows in which the header is looked for.
const HEADER_ROWS_MAX: usize = 3;

/// Longest label, in characters.
const LABEL_CHARS_MAX: usize = 40;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    GivenName,
    FamilyName,
    Title,
    Department,
    Phone,
    Fax,
    Email,
    Company,
}

/// People found in tables.
#[derive(Debug, Default)]
pub(crate) struct TableFinds {
    /// One draft a row.
    pub(crate) people: Vec<Draft>,
    /// The rows that were read.
    pub(crate) rows: Vec<Range<usize>>,
    /// Headers of columns that no field takes.
    pub(crate) labels: BTreeSet<String>,
}

/// Words of a header that tell its column, folded; the first list that holds a word counts.
const HEADER_WORDS: &[(Column, &str)] = &[
    (Column::Fax, "fax telefax telecopie"),
    (Column::Email, "mail email emails courriel correo"),
    (
        Column::Phone,
        "telefon tel phone telephone telefono telefoon durchwahl mobile mobil handy movil cellulare rufnummer fon numer",
    ),
    (
        Column::Company,
        "unternehmen firma company organisation organization entreprise societe empresa azienda bedrijf employer \
         affiliation institution arbeitgeber firmenname mitgliedsunternehmen",
    ),
    (Column::GivenName, "vorname forename prenom first given"),
    (Column::FamilyName, "nachname familienname surname apellido apellidos cognome achternaam nazwisko last"),
    (
        Column::Title,
        "funktion position aufgabe rolle role title titel fonction poste cargo puesto ruolo functie stanowisko zustandig \
         zustandigkeit aufgabengebiet responsibility responsibilities job beruf tatigkeit function",
    ),
    (Column::Department, "abteilung bereich department service departamento reparto afdeling dzial ressort team"),
    (
        Column::Name,
        "name names ansprechpartner ansprechpartnerin kontakt kontaktperson person mitarbeiter mitarbeiterin nom nombre \
         nome naam imie contact employee speaker referent referentin staff member mitglied responsable referente who",
    ),
];

/// Most words of a header that names a column.
const HEADER_WORDS_MAX: usize = 5;

fn column_of(header: &str) -> Option<Column> {
    let words = folded_words(header);
    if words.is_empty() || words.len() > HEADER_WORDS_MAX {
        return None;
    }
    let has = |list: &str| words.iter().any(|word| list.split_whitespace().any(|known| known == word));
    // `Vor- und Nachname`, `Nom et prénom`: both in one column.
    let both =
        (has("vor vorname") && has("nachname")) || (has("nom") && has("prenom")) || (has("imie") && has("nazwisko"));
    if both {
        return Some(Column::Name);
    }
    HEADER_WORDS.iter().find(|(_, list)| has(list)).map(|(column, _)| *column)
}

/// Reads all tables of a page.
pub(crate) fn read_tables(view: &View<'_, '_>, claims: &mut Claims) -> TableFinds {
    let mut finds = TableFinds::default();
    for table in view.doc.elements("table") {
        if view.zones.in_foreign(table) {
            continue;
        }
        let rows = rows_of(view, table);
        let Some((header, columns)) =
            rows.iter().take(HEADER_ROWS_MAX).enumerate().find_map(|(at, row)| Some((at, header_columns(view, row)?)))
        else {
            continue;
        };
        if let Some(row) = rows.get(header) {
            note_labels(view, row, &mut finds.labels);
        }
        for row in rows.iter().skip(header + 1) {
            if let Some(draft) = read_row(view, row, &columns, claims) {
                finds.people.push(draft);
                finds.rows.push(row.nodes.clone());
            }
        }
    }
    finds
}

/// Collects the terms of definition lists that no field takes, such as `Konfession`.
///
/// Only a list that has a term we know is one of labels; elsewhere a term may be somebody's name.
pub(crate) fn unknown_terms(view: &View<'_, '_>, labels: &mut BTreeSet<String>) {
    for list in view.doc.elements("dl") {
        let terms: Vec<&str> = view
            .doc
            .children(list)
            .filter(|&child| view.doc.tag(child) == "dt")
            .filter_map(|term| view.lines.get(view.lines_in(&(term..view.doc.end(term))).start))
            .map(|line| line.text.trim_end_matches([':', ' ']))
            .collect();
        let names = terms.iter().any(|term| parse_name(term, 0).is_some());
        if names || !terms.iter().any(|term| column_of(term).is_some()) {
            continue;
        }
        let unknown =
            terms.into_iter().filter(|term| column_of(term).is_none() && term.chars().count() <= LABEL_CHARS_MAX);
        labels.extend(unknown.map(str::to_owned));
    }
}

struct Row {
    nodes: Range<usize>,
    cells: Vec<usize>,
}

/// The rows of a table that are its own, not a nested table's.
fn rows_of(view: &View<'_, '_>, table: usize) -> Vec<Row> {
    let doc = view.doc;
    let mut rows = Vec::new();
    let mut index = table + 1;
    while index < doc.end(table) && rows.len() < ROWS_MAX {
        match doc.tag(index) {
            "table" => index = doc.end(index),
            "tr" => {
                let cells = doc.children(index).filter(|&cell| matches!(doc.tag(cell), "td" | "th")).collect();
                rows.push(Row { nodes: index..doc.end(index), cells });
                index = doc.end(index);
            }
            _ => index += 1,
        }
    }
    rows
}

/// The columns a row names, if it is a header: a name, and one more thing one says about people.
fn header_columns(view: &View<'_, '_>, row: &Row) -> Option<Vec<Option<Column>>> {
    let mut columns = Vec::new();
    for &cell in &row.cells {
        let lines = view.lines_in(&(cell..view.doc.end(cell)));
        let text: Vec<&str> = view.lines.get(lines)?.iter().map(|line| line.text.as_str()).collect();
        let text = text.join(" ");
        let label = text.chars().count() <= LABEL_CHARS_MAX
            && !text.bytes().any(|byte| byte.is_ascii_digit())
            && !text.contains('@');
        if !label {
            return None;
        }
        let span =
            view.doc.attr(cell, "colspan").and_then(|span| span.trim().parse::<usize>().ok()).unwrap_or(1).clamp(1, 20);
        columns.extend(std::iter::repeat_n(column_of(&text), span));
    }
    let has = |wanted: Column| columns.contains(&Some(wanted));
    let named = has(Column::Name) || (has(Column::GivenName) && has(Column::FamilyName));
    let more = has(Column::Title)
        || has(Column::Phone)
        || has(Column::Email)
        || has(Column::Department)
        || has(Column::Company);
    (named && more && columns.len() >= 2).then_some(columns)
}

fn note_labels(view: &View<'_, '_>, row: &Row, labels: &mut BTreeSet<String>) {
    for &cell in &row.cells {
        for line in view.lines.get(view.lines_in(&(cell..view.doc.end(cell)))).unwrap_or_default() {
            if column_of(&line.text).is_none() && line.text.chars().count() <= LABEL_CHARS_MAX {
                labels.insert(line.text.clone());
            }
        }
    }
}

fn read_row(view: &View<'_, '_>, row: &Row, columns: &[Option<Column>], claims: &mut Claims) -> Option<Draft> {
    let cell_lines = |wanted: Column| -> &[Line] {
        let cell = columns.iter().zip(&row.cells).find(|(column, _)| **column == Some(wanted)).map(|(_, cell)| *cell);
        cell.and_then(|cell| view.lines.get(view.lines_in(&(cell..view.doc.end(cell))))).unwrap_or_default()
    };
    let mut draft = Draft::new(EntityKind::Person, row.nodes.start);
    let title_below = put_row_name(view, &mut draft, &cell_lines)?;
    let titles = [cell_lines(Column::Title), cell_lines(Column::Department), title_below];
    for lines in titles {
        let Some(line) = lines.first().filter(|_| !draft.has(Field::JobTitle)) else { continue };
        let range = title_range(&line.text, 0..line.text.len());
        if title_strength(line.part(&range)).is_some() {
            let place = Place::line(view.doc, line);
            draft.put(Field::JobTitle, place.part(&range), Method::Table, place.seen(&range));
        }
    }
    if let Some(line) = cell_lines(Column::Company).first() {
        let place = Place::line(view.doc, line);
        let range = find_company(&line.text).map_or(0..line.text.len(), |company| company.range);
        draft.put(Field::Company, place.part(&range), Method::Table, place.seen(&range));
        put_company_link(view, line, &mut draft);
    }
    let mails = view.personal_mails(&row.nodes);
    view.give_mails(&mut draft, &mails, Method::Table, claims);
    let calls: Vec<usize> = view.personal_calls(&row.nodes);
    give_calls(view, &mut draft, &calls, columns, row, claims);
    view.give_profiles(&mut draft, &row.nodes, Method::Table);
    Some(draft)
}

/// Puts the name of a row; returns the lines below it in its cell.
fn put_row_name<'l>(
    view: &View<'_, '_>,
    draft: &mut Draft,
    cell_lines: &dyn Fn(Column) -> &'l [Line],
) -> Option<&'l [Line]> {
    let lines = cell_lines(Column::Name);
    if let Some(line) = lines.first() {
        let name = parse_name(&line.text, 0)?;
        let rest = line.text.get(behind_brackets(&line.text, name.rest)..).unwrap_or_default();
        if !rest.trim().is_empty() && !rest.trim_start().starts_with([',', '-', '–', '(', '/', '|', ';', ':']) {
            return None;
        }
        draft.put_name(&Place::line(view.doc, line), &name, Method::Table);
        return Some(lines.get(1..).unwrap_or_default());
    }
    let (given, family) = (cell_lines(Column::GivenName).first()?, cell_lines(Column::FamilyName).first()?);
    let whole = format!("{} {}", given.text, family.text);
    let name = parse_name(&whole, 0).filter(|name| name.rest == whole.len())?;
    let span = given.span(view.doc, &(0..given.text.len())).zip(family.span(view.doc, &(0..family.text.len())));
    let span = span.map(|(one, other)| [one[0].min(other[0]), one[1].max(other[1])]);
    draft.put_name(&Place::new(&whole, move |_| span), &name, Method::Table);
    Some(&[])
}

/// The link on a company's cell leads to its host.
fn put_company_link(view: &View<'_, '_>, line: &Line, draft: &mut Draft) {
    let link = std::iter::once(line.element)
        .chain(view.doc.ancestors(line.element).take(2))
        .chain(line.first.checked_sub(1))
        .find(|&node| view.doc.tag(node) == "a");
    let Some(link) = link else { return };
    let Some(place) = Place::attr(view.doc, link, "href") else { return };
    let host = muster_model::registered_host(place.text).filter(|_| place.text.contains("://"));
    if let Some(host) = host {
        draft.put(Field::CompanyDomain, &host, Method::Table, place.trimmed().1);
    }
}

/// Numbers of the fax column are faxes, whatever stands beside them.
fn give_calls(
    view: &View<'_, '_>,
    draft: &mut Draft,
    calls: &[usize],
    columns: &[Option<Column>],
    row: &Row,
    claims: &mut Claims,
) {
    let fax_cells: Vec<Range<usize>> = columns
        .iter()
        .zip(&row.cells)
        .filter(|(column, _)| **column == Some(Column::Fax))
        .map(|(_, &cell)| cell..view.doc.end(cell))
        .collect();
    let (faxes, phones): (Vec<usize>, Vec<usize>) = calls.iter().partition(|&&at| {
        view.atoms.calls.get(at).is_some_and(|call| fax_cells.iter().any(|cell| cell.contains(&call.node)))
    });
    for at in faxes {
        if let Some(call) = view.atoms.calls.get(at) {
            draft.put(Field::Faxes, &call.number, Method::Table, call.seen.clone());
            claims.claim_call(at);
        }
    }
    view.give_calls(draft, &phones, Method::Table, claims);
}
