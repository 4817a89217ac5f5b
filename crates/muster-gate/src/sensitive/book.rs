//! The rules as they are written in the data files, compiled once.
//!
//! Invariant: what is compiled is what the data files say; a fault in them is found by the tests, since they are part
//! of the binary.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml_edit::{Document, Item, Table};

use super::builtin::SymbolId;
use super::category::{Category, Decision};
use super::label::Labels;
use super::lexicon::{Lexicon, Symbols};
use super::pattern::Pattern;
use super::token::Tokens;

/// The rules, languages apart.
const RULES: &str = include_str!("lexicon/rules.toml");

/// What belongs to no language.
const SHARED: &str = include_str!("lexicon/shared.toml");

/// The languages; another one is another file here.
const LANGUAGES: &[&str] = &[include_str!("lexicon/en.toml"), include_str!("lexicon/de.toml")];

/// What a rule says, for a reader: `muster gate explain` and `docs/gates.md` are made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its stable id.
    pub id: String,
    /// The category it protects.
    pub category: Category,
    /// What it decides.
    pub decision: Decision,
    /// The law and the rules of COMPLIANCE that it follows.
    pub law: String,
    /// One sentence.
    pub summary: String,
    /// Examples that it catches; braces mark what is cut or doubted.
    pub catches: Vec<String>,
    /// Examples that pass every rule.
    pub passes: Vec<String>,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Text,
    Name,
    Suffix,
    Title,
    Company,
}

/// A compiled rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) info: RuleInfo,
    pub(super) on: Vec<Scope>,
    pub(super) country: Option<String>,
    pub(super) patterns: Vec<Written>,
}

/// A pattern and the language that it is limited to.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) pattern: Pattern,
    pub(super) lang: Limit,
}

/// To which language a pattern is limited.
#[derive(Debug)]
pub(super) enum Limit {
    /// To none.
    None,
    /// Written `@de`: the text is in it, or its language is not known.
    KnownOrOpen(String),
    /// Written `@@de`: the text is known to be in it.
    Known(String),
}

impl Limit {
    /// Whether the pattern counts in a text of that language.
    pub(super) fn allows(&self, lang: Option<&str>) -> bool {
        let is = |wanted: &str, lang: &str| lang.get(..2).is_some_and(|lang| lang.eq_ignore_ascii_case(wanted));
        match self {
            Self::None => true,
            Self::KnownOrOpen(wanted) => lang.is_none_or(|lang| is(wanted, lang)),
            Self::Known(wanted) => lang.is_some_and(|lang| is(wanted, lang)),
        }
    }
}

/// All rules and words.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) lexicon: Lexicon,
    derived: Vec<Derived>,
    pub(super) labels: Labels,
    pub(super) rules: Vec<Rule>,
    /// By symbol: the patterns that may begin with it.
    pub(super) by_first: Vec<Vec<(usize, usize)>>,
    infos: Vec<RuleInfo>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| Book::load().expect("the data files are part of the binary and tested"));

/// Returns the compiled rules.
pub(super) fn book() -> &'static Book {
    &BOOK
}

/// Returns every rule with its law and examples, by id; the rules for labels come last.
pub fn rules() -> &'static [RuleInfo] {
    &book().infos
}

impl Book {
    fn load() -> Result<Self, String> {
        let rules = parse(RULES)?;
        let shared = parse(SHARED)?;
        let mut files = vec![shared];
        for language in LANGUAGES {
            files.push(parse(language)?);
        }
        let mut lexicon = Lexicon::new();
        for file in &files {
            lexicon.add_abbreviations(list(file.get("abbreviations")));
        }
        add_classes(&mut lexicon, &files)?;
        let derived = derived(&mut lexicon, &files)?;
        let mut compiled = Vec::new();
        for (id, item) in &rules {
            compiled.push(rule(id, item, &files, &mut lexicon)?);
        }
        let symbols = usize::from(lexicon.class("<end of symbols>"));
        let mut by_first = vec![Vec::new(); symbols];
        for (rule_index, rule) in compiled.iter().enumerate() {
            for (index, written) in rule.patterns.iter().enumerate() {
                for symbol in written.pattern.first() {
                    by_first.get_mut(usize::from(symbol)).ok_or("a symbol is out of range")?.push((rule_index, index));
                }
            }
        }
        let labels = Labels::load(&files, &lexicon);
        let mut infos: Vec<RuleInfo> = compiled.iter().map(|rule| rule.info.clone()).collect();
        infos.extend(labels.infos());
        Ok(Self { lexicon, derived, labels, rules: compiled, by_first, infos })
    }

    /// Finds what each token of a text stands for.
    pub(super) fn symbols<'a>(&self, tokens: &'a Tokens) -> Symbols<'a> {
        let mut symbols = self.lexicon.symbols(tokens);
        for Derived { symbol, first, pattern } in &self.derived {
            for at in 0..tokens.list.len() {
                if symbols.at(at).iter().any(|(found, _)| first.contains(found))
                    && let Some(found) = pattern.run(&symbols, at)
                {
                    symbols.derive(at, *symbol, found.to - found.from);
                }
            }
        }
        symbols
    }

    /// Returns the patterns that may begin with a symbol.
    pub(super) fn starting_with(&self, symbol: SymbolId) -> impl Iterator<Item = (&Rule, usize, &Written)> {
        let entries = self.by_first.get(usize::from(symbol)).map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter_map(|&(rule_index, index)| {
            let rule = self.rules.get(rule_index)?;
            Some((rule, rule_index, rule.patterns.get(index)?))
        })
    }
}

fn parse(text: &'static str) -> Result<Table, String> {
    Document::parse(text).map(|document| document.as_table().clone()).map_err(|error| error.to_string())
}

/// The comma-separated words of a text, or the strings of an array.
pub(super) fn list(item: Option<&Item>) -> impl Iterator<Item = &str> {
    let text = item.and_then(Item::as_str).unwrap_or_default();
    text.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// The tables under a key, as name and comma-separated words.
pub(super) fn section<'a>(file: &'a Table, key: &str) -> impl Iterator<Item = (&'a str, &'a Item)> {
    file.get(key).and_then(Item::as_table).into_iter().flat_map(Table::iter)
}

fn strings(item: Option<&Item>) -> Vec<String> {
    let array = item.and_then(Item::as_array);
    array.into_iter().flat_map(|array| array.iter()).filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn add_classes(lexicon: &mut Lexicon, files: &[Table]) -> Result<(), String> {
    let mut includes = Vec::new();
    for file in files {
        for (name, item) in section(file, "classes") {
            let symbol = lexicon.class(&format!("<{name}>"));
            for word in list(Some(item)) {
                if word.starts_with('<') {
                    includes.push((symbol, word));
                } else {
                    lexicon.add(symbol, word);
                }
            }
        }
    }
    for (outer, inner) in includes {
        let inner = lexicon.find(inner).ok_or_else(|| format!("unknown class `{inner}`"))?;
        lexicon.include(outer, inner);
    }
    Ok(())
}

fn rule(id: &str, item: &Item, files: &[Table], lexicon: &mut Lexicon) -> Result<Rule, String> {
    let text = |key: &str| item.get(key).and_then(Item::as_str).map(str::to_owned);
    let need = |key: &str| text(key).ok_or_else(|| format!("rule `{id}` has no `{key}`"));
    let mut on = Vec::new();
    for scope in strings(item.get("on")) {
        on.push(match scope.as_str() {
            "text" => Scope::Text,
            "name" => Scope::Name,
            "suffix" => Scope::Suffix,
            "title" => Scope::Title,
            "company" => Scope::Company,
            other => return Err(format!("rule `{id}`: unknown scope `{other}`")),
        });
    }
    let mut info = RuleInfo {
        id: id.to_owned(),
        category: Category::parse(&need("category")?).ok_or_else(|| format!("rule `{id}`: unknown category"))?,
        decision: Decision::parse(&need("decision")?).ok_or_else(|| format!("rule `{id}`: unknown decision"))?,
        law: need("law")?,
        summary: need("summary")?,
        catches: Vec::new(),
        passes: Vec::new(),
    };
    let mut patterns = Vec::new();
    for said in files.iter().filter_map(|file| file.get(id)) {
        for find in strings(said.get("find")) {
            patterns.push(written(&find, lexicon).map_err(|why| format!("rule `{id}`: `{find}`: {why}"))?);
        }
        info.catches.extend(strings(said.get("catches")));
        info.passes.extend(strings(said.get("passes")));
    }
    Ok(Rule { info, on, country: text("country"), patterns })
}

/// A class that is found by a pattern, such as somebody who is something.
#[derive(Debug)]
struct Derived {
    symbol: SymbolId,
    /// What the pattern may begin with.
    first: Vec<SymbolId>,
    pattern: Pattern,
}

fn derived(lexicon: &mut Lexicon, files: &[Table]) -> Result<Vec<Derived>, String> {
    let mut derived = Vec::new();
    for (name, item) in files.iter().flat_map(|file| section(file, "derived")) {
        let find = item.as_str().ok_or_else(|| format!("`{name}` is no pattern"))?;
        let pattern = Pattern::parse(find, &mut |name| lexicon.intern(name))?;
        let symbol = lexicon.class(&format!("<{name}>"));
        derived.push(Derived { symbol, first: pattern.first(), pattern });
    }
    Ok(derived)
}

fn written(find: &str, lexicon: &mut Lexicon) -> Result<Written, String> {
    let (limit, find) = match find.split_once(' ').filter(|(head, _)| head.starts_with('@')) {
        Some((limit, rest)) => (limit, rest),
        None => ("", find),
    };
    let lang = match (limit.strip_prefix("@@"), limit.strip_prefix('@')) {
        (Some(lang), _) => Limit::Known(lang.to_owned()),
        (None, Some(lang)) => Limit::KnownOrOpen(lang.to_owned()),
        (None, None) => Limit::None,
    };
    Ok(Written { pattern: Pattern::parse(find, &mut |name| lexicon.intern(name))?, lang })
}

/// The words of a section of every file, by key.
pub(super) fn merged(files: &[Table], key: &str) -> BTreeMap<String, Vec<String>> {
    let mut merged: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        for (name, item) in section(file, key) {
            merged.entry(name.to_owned()).or_default().extend(list(Some(item)).map(str::to_owned));
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_files_hold_no_fault() {
        let rules = parse(RULES).unwrap();
        let files: Vec<Table> = std::iter::once(&SHARED).chain(LANGUAGES).map(|text| parse(text).unwrap()).collect();
        let mut lexicon = Lexicon::new();
        for file in &files {
            lexicon.add_abbreviations(list(file.get("abbreviations")));
        }
        add_classes(&mut lexicon, &files).unwrap();
        derived(&mut lexicon, &files).unwrap();
        let mut faults = Vec::new();
        for (id, _) in &rules {
            for said in files.iter().filter_map(|file| file.get(id)) {
                for find in strings(said.get("find")) {
                    if let Err(why) = written(&find, &mut lexicon) {
                        faults.push(format!("{id}: {why} in {find}"));
                    }
                }
            }
        }
        for file in &files {
            for (key, item) in file {
                let known = ["classes", "fields", "labels", "label_topics", "derived"].contains(&key)
                    || rules.contains_key(key);
                if item.is_table() && !known {
                    faults.push(format!("no rule `{key}`"));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn every_rule_has_law_summary_and_examples() {
        for rule in rules() {
            assert!(!rule.law.is_empty() && rule.summary.ends_with('.'), "{}", rule.id);
            assert!(!rule.catches.is_empty() && !rule.passes.is_empty(), "{} has no examples", rule.id);
        }
    }
}
