//! One table of a TOML file, read key by key, with every fault noted by line.
//!
//! A reader that stops at the first fault makes people fix a file one error at a time; this one goes on with a
//! default and remembers. Which keys are meant is known from which were asked for: the rest are faults.
//!
//! Invariant: whoever asked for a value that is missing or wrong finds a fault in [`Faults`].

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, TableLike, Value};

/// One fault of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// The file.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The key with its path, such as `mail.out.port`.
    pub(crate) key: String,
    /// What is wrong.
    pub(crate) message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: `{}`: {}", self.file, self.line, self.key, self.message)
    }
}

/// The faults of one file, collected while it is read.
#[derive(Debug)]
pub(crate) struct Faults {
    file: String,
    line_starts: Vec<usize>,
    list: RefCell<Vec<Fault>>,
}

impl Faults {
    /// Starts a list for a file with its text.
    pub(crate) fn new(file: impl Into<String>, text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file: file.into(), line_starts: starts, list: RefCell::new(Vec::new()) }
    }

    /// Notes a fault at a byte of the text.
    pub(crate) fn add(&self, byte: usize, key: &str, message: impl Into<String>) {
        let line = self.line_starts.partition_point(|&start| start <= byte).max(1);
        let fault = Fault { file: self.file.clone(), line, key: key.to_owned(), message: message.into() };
        self.list.borrow_mut().push(fault);
    }

    /// Returns the faults in order of place.
    pub(crate) fn into_list(self) -> Vec<Fault> {
        let mut list = self.list.into_inner();
        list.sort();
        list.dedup();
        list
    }
}

/// A table being read.
pub(crate) struct Section<'a> {
    table: &'a dyn TableLike,
    path: String,
    start: usize,
    used: RefCell<BTreeSet<&'static str>>,
    faults: &'a Faults,
}

impl<'a> Section<'a> {
    /// Starts reading a table that begins at a byte of the file.
    pub(crate) fn new(table: &'a dyn TableLike, path: impl Into<String>, start: usize, faults: &'a Faults) -> Self {
        Self { table, path: path.into(), start, used: RefCell::new(BTreeSet::new()), faults }
    }

    /// Says that a key is meant although its value is not read here.
    pub(crate) fn known(&self, key: &'static str) {
        self.used.borrow_mut().insert(key);
    }

    fn full_key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn place(&self, key: &str) -> usize {
        let item_at = |item: &Item| item.span().map(|span| span.start);
        let key_at = |at: &toml_edit::Key| at.span().map(|span| span.start);
        self.table.get_key_value(key).and_then(|(at, item)| key_at(at).or_else(|| item_at(item))).unwrap_or(self.start)
    }

    /// Notes a fault about a key of this table.
    pub(crate) fn fault(&self, key: &str, message: impl Into<String>) {
        self.faults.add(self.place(key), &self.full_key(key), message);
    }

    fn item(&self, key: &'static str) -> Option<&'a Item> {
        self.used.borrow_mut().insert(key);
        self.table.get(key).filter(|item| !item.is_none())
    }

    /// Returns whether a key is there, whatever it holds.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.item(key).is_some()
    }

    fn value(&self, key: &'static str) -> Option<&'a Value> {
        let item = self.item(key)?;
        let value = item.as_value();
        if value.is_none() {
            self.fault(key, "is a table, but a value is expected");
        }
        value
    }

    /// Reads a text, if it is there. A `${NAME}` is a fault: only secrets may name the environment.
    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        let text = self.any_text(key)?;
        if text.contains("${") {
            self.fault(key, "names the environment, which only secrets may");
        }
        Some(text)
    }

    fn any_text(&self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        let Some(text) = value.as_str() else {
            self.fault(key, "must be a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.fault(key, "is empty");
            return None;
        }
        Some(text.to_owned())
    }

    /// Reads a text that must be there.
    pub(crate) fn need(&self, key: &'static str) -> String {
        if self.item(key).is_none() {
            self.fault(key, "is missing");
        }
        self.text(key).unwrap_or_default()
    }

    /// Reads a secret: `${NAME}` from the environment. A secret in the file itself is a fault.
    pub(crate) fn secret(&self, key: &'static str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let text = self.any_text(key)?;
        let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
            self.fault(key, "is a secret: write `${NAME}` and set the variable, so that it stays out of the file");
            return None;
        };
        let value = lookup(name);
        if value.is_none() {
            self.fault(key, format!("the environment variable `{name}` is not set"));
        }
        value
    }

    /// Reads a whole number within bounds, or takes the default.
    pub(crate) fn number(&self, key: &'static str, default: i64, bounds: std::ops::RangeInclusive<i64>) -> i64 {
        let Some(value) = self.value(key) else { return default };
        match value.as_integer() {
            Some(number) if bounds.contains(&number) => number,
            Some(_) => {
                self.fault(key, format!("must lie between {} and {}", bounds.start(), bounds.end()));
                default
            }
            None => {
                self.fault(key, "must be a whole number");
                default
            }
        }
    }

    /// Reads `true` or `false`, or takes the default.
    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.value(key) else { return default };
        value.as_bool().unwrap_or_else(|| {
            self.fault(key, "must be `true` or `false`");
            default
        })
    }

    /// Reads a list of texts; absent is empty.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.as_array() else {
            self.fault(key, "must be a list of texts, such as [\"a\", \"b\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for each in array {
            match each.as_str() {
                Some(text) if !text.contains("${") => texts.push(text.to_owned()),
                Some(_) => self.fault(key, "names the environment, which only secrets may"),
                None => self.fault(key, "must hold texts only"),
            }
        }
        texts
    }

    /// Reads one of the named choices.
    pub(crate) fn choice<T>(
        &self,
        key: &'static str,
        default: Option<T>,
        names: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if self.item(key).is_none() {
            if default.is_none() {
                self.fault(key, format!("is missing; it is one of {}", names.join(", ")));
            }
            return default;
        }
        let text = self.text(key)?;
        let found = parse(&text);
        if found.is_none() {
            self.fault(key, format!("`{text}` is not one of {}", names.join(", ")));
        }
        found
    }

    /// Reads something that a text must parse to; the fault names what was expected.
    pub(crate) fn parsed<T>(&self, key: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(key)?;
        let found = parse(&text);
        if found.is_none() {
            self.fault(key, format!("`{text}` is not {what}"));
        }
        found
    }

    /// Reads a table of texts, such as sentences by language.
    pub(crate) fn text_map(&self, key: &'static str) -> BTreeMap<String, String> {
        let Some(item) = self.item(key) else { return BTreeMap::new() };
        let Some(table) = item.as_table_like() else {
            self.fault(key, "must be a table of texts");
            return BTreeMap::new();
        };
        let mut map = BTreeMap::new();
        for (name, item) in table.iter() {
            match item.as_str() {
                Some(text) if text.trim().is_empty() => self.fault(key, format!("`{name}` is empty")),
                Some(text) => drop(map.insert(name.to_owned(), text.to_owned())),
                None => self.fault(key, format!("`{name}` must be a text")),
            }
        }
        map
    }

    /// Opens a table below this one.
    pub(crate) fn section(&self, key: &'static str) -> Option<Self> {
        let item = self.item(key)?;
        let Some(table) = item.as_table_like() else {
            self.fault(key, "must be a table");
            return None;
        };
        Some(Section::new(table, self.full_key(key), self.place(key), self.faults))
    }

    /// Opens a table that must be there; where it is missing, an empty one stands in and every needed key is a fault.
    pub(crate) fn need_section(&self, key: &'static str, empty: &'a toml_edit::Table) -> Self {
        self.section(key).unwrap_or_else(|| {
            if self.item(key).is_none() {
                self.fault(key, "this section is missing");
            }
            Section::new(empty, self.full_key(key), self.place(key), self.faults)
        })
    }

    /// Opens each table of an array of tables.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Self> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let Some(array) = item.as_array_of_tables() else {
            self.fault(key, format!("must be written as [[{}]]", self.full_key(key)));
            return Vec::new();
        };
        let open = |(index, table): (usize, &'a toml_edit::Table)| {
            let start = table.span().map_or(self.start, |span| span.start);
            Section::new(table, format!("{}[{}]", self.full_key(key), index + 1), start, self.faults)
        };
        array.iter().enumerate().map(open).collect()
    }

    /// Notes every key that nobody asked for, with the nearest name that would have been known.
    pub(crate) fn finish(self) {
        let used = self.used.borrow();
        for (key, _) in self.table.iter() {
            if used.contains(key) {
                continue;
            }
            let near = used.iter().map(|known| (strsim::jaro_winkler(key, known), *known));
            let near = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = near.map_or(String::new(), |(_, known)| format!("; did you mean `{known}`?"));
            self.fault(key, format!("unknown key{hint}"));
        }
    }
}
