//! Why a file is not imported at all: it, or what the pipeline says about it, has to be mended first.
//!
//! A row that cannot be read is no error: it is a [`super::RejectedLine`].
//!
//! Invariant: an error names columns, encodings and lines, never a value.

use std::fmt;

use muster_model::Field;

/// Why a file is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportError {
    /// The file holds nothing.
    Empty,
    /// The file is no text, or the named encoding is none.
    Encoding {
        /// What is wrong with it.
        reason: String,
    },
    /// The delimiter cannot separate columns: it has to be one ASCII character that no cell begins with.
    Delimiter,
    /// The first row cannot be read as names of columns.
    NoHeader {
        /// The line it starts on, from 1.
        line: u64,
    },
    /// Two columns have the same name.
    DuplicateColumns {
        /// The names.
        columns: Vec<String>,
    },
    /// Two columns mean the same single field, and the pipeline does not say which one counts.
    ConflictingColumns {
        /// The field.
        field: String,
        /// The columns that mean it.
        columns: Vec<String>,
    },
    /// Columns that are neither mapped to a field nor ignored by name.
    UnmappedColumns {
        /// Each column with the field it most likely means.
        columns: Vec<(String, Option<Field>)>,
    },
    /// Columns that the pipeline maps and the file does not have.
    MissingColumns {
        /// The names.
        columns: Vec<String>,
    },
    /// Two rows of a file of mentions have the same `mention_id`.
    DuplicateMention {
        /// The line of the second row, from 1.
        line: u64,
        /// The line of the first row.
        first_line: u64,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::Encoding { reason } => f.write_str(reason),
            Self::Delimiter => {
                f.write_str("the delimiter has to be one ASCII character, neither letter, digit nor quote")
            }
            Self::NoHeader { line } => write!(f, "line {line} holds no names of columns"),
            Self::DuplicateColumns { columns } => write!(f, "two columns are called {}", quoted(columns)),
            Self::ConflictingColumns { field, columns } => {
                write!(f, "columns {} all mean `{field}`; map or ignore them by name", quoted(columns))
            }
            Self::UnmappedColumns { columns } => {
                let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
                write!(f, "columns {} are neither mapped nor ignored", quoted(&names))?;
                let suggested: Vec<String> = columns
                    .iter()
                    .filter_map(|(name, field)| field.map(|field| format!("`{name}` = `{}`", field.as_str())))
                    .collect();
                if suggested.is_empty() { Ok(()) } else { write!(f, "; likely {}", suggested.join(", ")) }
            }
            Self::MissingColumns { columns } => {
                write!(f, "columns {} are mapped and the file does not have them", quoted(columns))
            }
            Self::DuplicateMention { line, first_line } => {
                write!(f, "line {line} has the `mention_id` of line {first_line}")
            }
        }
    }
}

impl std::error::Error for ImportError {}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_all_columns_and_what_they_likely_mean() {
        let columns = vec![("Vorname".to_owned(), Some(Field::GivenName)), ("Anrede".to_owned(), None)];
        let shown = ImportError::UnmappedColumns { columns }.to_string();
        assert_eq!(
            shown,
            "columns `Vorname`, `Anrede` are neither mapped nor ignored; likely `Vorname` = `given_name`"
        );
        let shown = ImportError::MissingColumns { columns: vec!["E-Mail".to_owned()] }.to_string();
        assert_eq!(shown, "columns `E-Mail` are mapped and the file does not have them");
    }
}
