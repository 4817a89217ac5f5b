//! What each column of a file is for: a field, something about the mention itself, or nothing.
//!
//! The pipeline's mapping comes first, by the exact name and then without regard to case and surrounding spaces; then the
//! names of the mention's JSON and the usual contact columns. Nothing else is imported.
//!
//! Invariant: in an import no column is passed over in silence: it is mapped, ignored by name, or an error.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{EntityKind, Field};

use super::error::ImportError;
use super::label::suggested_field;
use super::{ColumnUse, TableSpec};

/// What a column says about the mention rather than about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meta {
    MentionId,
    Kind,
    SourceUrl,
    SeenAt,
    PageHash,
    Lang,
    Public,
}

impl Meta {
    /// The member of the mention's JSON of that name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "mention_id" => Self::MentionId,
            "kind" => Self::Kind,
            "source_url" => Self::SourceUrl,
            "seen_at" => Self::SeenAt,
            "page_hash" => Self::PageHash,
            "lang" => Self::Lang,
            "public" => Self::Public,
            _ => return None,
        })
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::MentionId => "mention_id",
            Self::Kind => "kind",
            Self::SourceUrl => "source_url",
            Self::SeenAt => "seen_at",
            Self::PageHash => "page_hash",
            Self::Lang => "lang",
            Self::Public => "public",
        }
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Field(Field),
    Meta(Meta),
    Ignored,
}

/// How strict a header is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// An import: every column has to be accounted for.
    Import,
    /// Foreign files of mentions: columns are guessed by their names, unknown ones passed over.
    Lenient,
}

/// The usual contact columns whose names are not those of the mention's JSON.
fn contact_column(name: &str) -> Option<Field> {
    Some(match name {
        "full_name" => Field::Name,
        "first_name" => Field::GivenName,
        "last_name" => Field::FamilyName,
        "company_name" => Field::Company,
        "email" => Field::Emails,
        "phone" => Field::Phones,
        "profile_url" => Field::ProfileUrls,
        _ => return None,
    })
}

fn standard(name: &str) -> Option<Target> {
    let field = Field::parse(name).or_else(|| contact_column(name)).map(Target::Field);
    field.or_else(|| Meta::parse(name).map(Target::Meta))
}

fn caseless(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The pipeline's mapping, ready to be asked by name.
#[derive(Debug)]
pub(super) struct Mapping<'s> {
    exact: &'s BTreeMap<String, ColumnUse>,
    caseless: BTreeMap<String, (&'s str, ColumnUse)>,
}

impl<'s> Mapping<'s> {
    pub(super) fn new(spec: &'s TableSpec) -> Self {
        let caseless = spec.columns.iter().map(|(name, &of)| (caseless(name), (name.as_str(), of))).collect();
        Self { exact: &spec.columns, caseless }
    }

    /// Returns what the pipeline says about a column, and the name it says it by.
    pub(super) fn of(&self, name: &str) -> Option<(&'s str, ColumnUse)> {
        let exact = self.exact.get_key_value(name).map(|(name, &of)| (name.as_str(), of));
        exact.or_else(|| self.caseless.get(&caseless(name)).copied())
    }
}

/// The columns of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The names, `#3` for a third column without one; nameless columns at the end are left out.
    pub(super) names: Vec<String>,
    /// What each is for.
    pub(super) targets: Vec<Target>,
    /// How many nameless columns follow; their cells have to be empty.
    pub(super) spare: usize,
}

impl Header {
    /// Decides what each column is for.
    pub(super) fn new(cells: &[String], spec: &TableSpec, strictness: Strictness) -> Result<Self, ImportError> {
        let named = cells.len() - cells.iter().rev().take_while(|cell| cell.is_empty()).count();
        let name = |(at, cell): (usize, &String)| if cell.is_empty() { format!("#{}", at + 1) } else { cell.clone() };
        let names: Vec<String> = cells.iter().take(named).enumerate().map(name).collect();
        let mut header = Self { targets: vec![Target::Ignored; names.len()], names, spare: cells.len() - named };
        if strictness == Strictness::Import {
            header.refuse_duplicates()?;
        }
        let mapping = Mapping::new(spec);
        let (mut unmapped, mut used, mut by_name) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for (at, name) in header.names.iter().enumerate() {
            let target = match mapping.of(name) {
                Some((key, of)) => {
                    used.insert(key);
                    by_name.insert(at);
                    Some(Target::from(of))
                }
                None => standard(name).or_else(|| standard(&caseless(name))),
            };
            match (target, header.targets.get_mut(at)) {
                (Some(target), Some(slot)) => *slot = target,
                (Some(_) | None, _) => unmapped.push(at),
            }
        }
        match strictness {
            Strictness::Lenient => header.guess(&unmapped),
            Strictness::Import => header.refuse_unmapped(&unmapped)?,
        }
        Self::refuse_missing(spec, &used)?;
        header.settle_conflicts(&by_name, strictness)?;
        Ok(header)
    }

    fn refuse_duplicates(&self) -> Result<(), ImportError> {
        let mut seen = BTreeSet::new();
        let columns: BTreeSet<String> =
            self.names.iter().filter(|name| !seen.insert(caseless(name))).cloned().collect();
        if columns.is_empty() {
            return Ok(());
        }
        Err(ImportError::DuplicateColumns { columns: columns.into_iter().collect() })
    }

    fn refuse_unmapped(&self, unmapped: &[usize]) -> Result<(), ImportError> {
        let columns = unmapped.iter().filter_map(|&at| self.names.get(at));
        let columns: Vec<(String, Option<Field>)> = columns.map(|name| (name.clone(), suggested_field(name))).collect();
        if columns.is_empty() { Ok(()) } else { Err(ImportError::UnmappedColumns { columns }) }
    }

    /// A column that is ignored by name may be absent: one pipeline reads many files.
    fn refuse_missing(spec: &TableSpec, used: &BTreeSet<&str>) -> Result<(), ImportError> {
        let mapped = spec.columns.iter().filter(|&(_, &of)| of != ColumnUse::Ignored).map(|(name, _)| name);
        let columns: Vec<String> = mapped.filter(|name| !used.contains(name.as_str())).cloned().collect();
        if columns.is_empty() { Ok(()) } else { Err(ImportError::MissingColumns { columns }) }
    }

    /// Takes what a column's name most likely means, unless another column already gives that field.
    fn guess(&mut self, unmapped: &[usize]) {
        let mut taken: BTreeSet<Target> = self.targets.iter().copied().collect();
        for &at in unmapped {
            let Some(field) = self.names.get(at).and_then(|name| suggested_field(name)) else { continue };
            let target = Target::Field(field);
            if (field.is_list() || taken.insert(target))
                && let Some(slot) = self.targets.get_mut(at)
            {
                *slot = target;
            }
        }
    }

    /// Several columns for one single field are joined where the pipeline maps each by name.
    fn settle_conflicts(&mut self, by_name: &BTreeSet<usize>, strictness: Strictness) -> Result<(), ImportError> {
        let mut columns_of: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        for (at, &target) in self.targets.iter().enumerate() {
            let single = match target {
                Target::Field(field) => !field.is_list(),
                Target::Meta(_) => true,
                Target::Ignored => false,
            };
            if single {
                columns_of.entry(target).or_default().push(at);
            }
        }
        for (target, columns) in columns_of {
            if columns.len() < 2 || columns.iter().all(|at| by_name.contains(at)) {
                continue;
            }
            if strictness == Strictness::Lenient {
                for &at in columns.iter().skip(1) {
                    if let Some(slot) = self.targets.get_mut(at) {
                        *slot = Target::Ignored;
                    }
                }
                continue;
            }
            let columns = columns.iter().filter_map(|&at| self.names.get(at)).cloned().collect();
            return Err(ImportError::ConflictingColumns { field: target.as_str().to_owned(), columns });
        }
        Ok(())
    }

    /// The names of the columns that are ignored.
    pub(super) fn ignored(&self) -> Vec<String> {
        let pairs = self.names.iter().zip(&self.targets);
        pairs.filter(|&(_, &target)| target == Target::Ignored).map(|(name, _)| name.clone()).collect()
    }
}

impl Header {
    /// Returns what a file is about that has columns only a company has, and none that only a person has.
    pub(super) fn kind(&self) -> Option<EntityKind> {
        let has = |fields: &[Field]| fields.iter().any(|&field| self.targets.contains(&Target::Field(field)));
        let company =
            has(&[Field::LegalForm, Field::Domain, Field::RegisterCourt, Field::RegisterNumber, Field::VatId]);
        let person = has(&[Field::GivenName, Field::FamilyName, Field::Degree, Field::JobTitle, Field::Company]);
        (company && !person).then_some(EntityKind::Company)
    }
}

impl Target {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Field(field) => field.as_str(),
            Self::Meta(meta) => meta.as_str(),
            Self::Ignored => "",
        }
    }
}

impl From<ColumnUse> for Target {
    fn from(of: ColumnUse) -> Self {
        match of {
            ColumnUse::Field(field) => Self::Field(field),
            ColumnUse::Ignored => Self::Ignored,
        }
    }
}

/// Returns how many of the names are known, which tells the right delimiter from a wrong one.
pub(super) fn known_names(cells: &[String], spec: &TableSpec) -> usize {
    let mapping = Mapping::new(spec);
    let known = |name: &String| {
        mapping.of(name).is_some() || standard(&caseless(name)).is_some() || suggested_field(name).is_some()
    };
    cells.iter().filter(|name| known(name)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str], columns: &[(&str, ColumnUse)], strictness: Strictness) -> Result<Header, ImportError> {
        let cells: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let columns = columns.iter().map(|&(name, of)| (name.to_owned(), of)).collect();
        Header::new(&cells, &TableSpec { columns, ..TableSpec::default() }, strictness)
    }

    #[test]
    fn names_are_found_exactly_then_without_case_then_among_the_usual_ones() {
        let columns = [("Firma", ColumnUse::Field(Field::Company)), ("ANREDE", ColumnUse::Ignored)];
        let found =
            header(&["firma", "Anrede", "Full_Name", "emails", "seen_at"], &columns, Strictness::Import).unwrap();
        let wanted = [
            Target::Field(Field::Company),
            Target::Ignored,
            Target::Field(Field::Name),
            Target::Field(Field::Emails),
            Target::Meta(Meta::SeenAt),
        ];
        assert_eq!(found.targets, wanted);
        assert_eq!(found.ignored(), ["Anrede"]);
    }

    #[test]
    fn what_the_pipeline_says_outranks_the_usual_meaning() {
        let found = header(&["name", "email"], &[("name", ColumnUse::Ignored)], Strictness::Import).unwrap();
        assert_eq!(found.targets, [Target::Ignored, Target::Field(Field::Emails)]);
    }

    #[test]
    fn faults_of_the_header_name_every_column_at_once() {
        let unmapped = header(&["Vorname", "email", "Anrede", "", "x"], &[], Strictness::Import).unwrap_err();
        let columns = vec![
            ("Vorname".to_owned(), Some(Field::GivenName)),
            ("Anrede".to_owned(), None),
            ("#4".to_owned(), None),
            ("x".to_owned(), None),
        ];
        assert_eq!(unmapped, ImportError::UnmappedColumns { columns });
        let twice = header(&["email", "b", "Email", "b"], &[], Strictness::Import).unwrap_err();
        assert_eq!(twice, ImportError::DuplicateColumns { columns: vec!["Email".to_owned(), "b".to_owned()] });
        let mapped =
            [("A", ColumnUse::Field(Field::City)), ("B", ColumnUse::Field(Field::Street)), ("C", ColumnUse::Ignored)];
        let missing = header(&["email"], &mapped, Strictness::Import).unwrap_err();
        assert_eq!(missing, ImportError::MissingColumns { columns: vec!["A".to_owned(), "B".to_owned()] });
        let conflict = header(&["name", "full_name"], &[], Strictness::Import).unwrap_err();
        let columns = vec!["name".to_owned(), "full_name".to_owned()];
        assert_eq!(conflict, ImportError::ConflictingColumns { field: "name".to_owned(), columns });
    }

    #[test]
    fn nameless_columns_at_the_end_are_spare() {
        let found = header(&["email", "", ""], &[], Strictness::Import).unwrap();
        assert_eq!((found.names.len(), found.spare), (1, 2));
    }

    #[test]
    fn a_lenient_reading_guesses_and_passes_over_the_rest() {
        let found = header(&["Nachname", "E-Mail", "full_name", "name", "xyz"], &[], Strictness::Lenient).unwrap();
        let wanted = [
            Target::Field(Field::FamilyName),
            Target::Field(Field::Emails),
            Target::Field(Field::Name),
            Target::Ignored,
            Target::Ignored,
        ];
        assert_eq!(found.targets, wanted);
    }
}
