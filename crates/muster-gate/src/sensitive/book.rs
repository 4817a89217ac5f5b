//! The rules as they are written in the data files, compiled once.
//!
//! Invariant: what is compiled is what the data files say; a fault in them is found by the tests, since they are part
//! of the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use toml_edit::{Document, Item, Table};

use super::builtin::{Builtin, SymbolId};
use super::category::{Category, Decision};
use super::label::Labels;
use super::lexicon::Lexicon;
use super::normal::fold_word;
use super::pattern::{Derived, Edges, Names, Pattern};

/// The rules, languages apart.
const RULES: &str = include_str!("lexicon/rules.toml");

/// What belongs to no language.
const SHARED: &str = include_str!("lexicon/shared.toml");

/// The languages by their code; another one is another file here.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("lexicon/en.toml")),
    ("de", include_str!("lexicon/de.toml")),
    ("fr", include_str!("lexicon/fr.toml")),
    ("es", include_str!("lexicon/es.toml")),
    ("it", include_str!("lexicon/it.toml")),
    ("nl", include_str!("lexicon/nl.toml")),
    ("pl", include_str!("lexicon/pl.toml")),
];

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
    pub catches: Vec<Example>,
    /// Examples that pass every rule.
    pub passes: Vec<Example>,
}

/// An example of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its language; empty for what belongs to none.
    pub lang: String,
    /// What is said.
    pub text: String,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Text,
    Name,
    Suffix,
    Degree,
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
    /// Written `@!nl`: the text is not known to be in it.
    Unless(String),
}

impl Limit {
    /// Whether the pattern counts in a text of that language about somebody in that country; where the language is not
    /// known, the country stands for the language of the same code.
    pub(super) fn allows(&self, lang: Option<&str>, country: Option<&str>) -> bool {
        let is = |wanted: &str, lang: &str| lang.get(..2).is_some_and(|lang| lang.eq_ignore_ascii_case(wanted));
        match self {
            Self::None => true,
            Self::KnownOrOpen(wanted) => lang.is_none_or(|lang| is(wanted, lang)),
            Self::Known(wanted) => lang.is_some_and(|lang| is(wanted, lang)),
            Self::Unless(other) => !lang.or(country).is_some_and(|known| is(other, known)),
        }
    }
}

/// All rules and words.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) lexicon: Lexicon,
    pub(super) derived: Derived,
    pub(super) labels: Labels,
    pub(super) rules: Vec<Rule>,
    /// By symbol: the patterns, as rule and index in it, that no text without one of their triggers holds.
    by_trigger: Vec<Vec<(usize, usize)>>,
    /// Words that say since when something holds.
    pub(super) since: BTreeSet<String>,
    /// The names of months, in every language.
    pub(super) months: Vec<SymbolId>,
    /// Academic degrees and titles.
    pub(super) academic: Vec<SymbolId>,
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
        Self::compile(&parse(RULES)?, &files()?)
    }

    fn compile(rules: &Table, files: &[LanguageFile]) -> Result<Self, String> {
        let mut words = Words::read(files)?;
        let mut compiled = Vec::new();
        for (id, item) in rules {
            compiled.push(rule(id, item, files, &mut words)?);
        }
        let Words { lexicon, derived, .. } = words;
        let mut by_trigger = vec![Vec::new(); lexicon.symbol_count()];
        for (rule_index, rule) in compiled.iter().enumerate() {
            for (index, written) in rule.patterns.iter().enumerate() {
                for symbol in written.pattern.triggers() {
                    by_trigger
                        .get_mut(usize::from(*symbol))
                        .ok_or("a symbol is out of range")?
                        .push((rule_index, index));
                }
            }
        }
        let labels = Labels::load(files, &lexicon);
        let mut infos: Vec<RuleInfo> = compiled.iter().map(|rule| rule.info.clone()).collect();
        infos.extend(labels.infos());
        let since = files.iter().flat_map(|file| list(file.table.get("since"))).map(fold_word).collect();
        let (months, academic) = (lexicon.every("<month>"), lexicon.every("<academic>"));
        Ok(Self { lexicon, derived, labels, rules: compiled, by_trigger, since, months, academic, infos })
    }

    /// Returns the patterns that a text with these symbols may match, in the order of the rules.
    pub(super) fn triggered(&self, symbols: impl Iterator<Item = SymbolId>) -> impl Iterator<Item = (&Rule, &Written)> {
        let mut seen = vec![false; self.by_trigger.len()];
        let mut found = Vec::new();
        for symbol in symbols {
            if let Some(seen) = seen.get_mut(usize::from(symbol)).filter(|seen| !**seen) {
                *seen = true;
                found.extend(self.by_trigger.get(usize::from(symbol)).into_iter().flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|(rule, index)| {
            let rule = self.rules.get(rule)?;
            Some((rule, rule.patterns.get(index)?))
        })
    }
}

/// One data file.
#[derive(Debug)]
pub(super) struct LanguageFile {
    /// Its language; empty for what belongs to none.
    pub(super) lang: &'static str,
    pub(super) table: Table,
}

impl LanguageFile {
    /// The full name of a class of this language.
    fn key(&self, class: &str) -> String {
        key(self.lang, class)
    }
}

fn key(lang: &str, class: &str) -> String {
    if lang.is_empty() { format!("<{class}>") } else { format!("{lang}:<{class}>") }
}

fn files() -> Result<Vec<LanguageFile>, String> {
    let read = |lang, text| match parse(text) {
        Ok(table) => Ok(LanguageFile { lang, table }),
        Err(why) => Err(format!("`{lang}`: {why}")),
    };
    std::iter::once(&("", SHARED)).chain(LANGUAGES).map(|(lang, text)| read(*lang, text)).collect()
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

/// How common a class is whose words stand in nearly every text.
const COMMON_WEIGHT: u32 = 1_000;

/// Words, and the classes that are made of them.
#[derive(Debug, Default)]
struct Words {
    lexicon: Lexicon,
    derived: Derived,
    /// The symbols of the classes whose words stand in nearly every text.
    common: BTreeSet<SymbolId>,
    /// The symbols of all classes.
    classes: BTreeSet<SymbolId>,
    /// The language whose patterns are read.
    lang: &'static str,
}

impl Words {
    fn read(files: &[LanguageFile]) -> Result<Self, String> {
        let mut words = Self { lexicon: Lexicon::new(), ..Self::default() };
        for file in files {
            words.lexicon.add_abbreviations(list(file.table.get("abbreviations")));
            words.lexicon.add_elisions(list(file.table.get("elisions")));
        }
        words.add_classes(files)?;
        let common: BTreeSet<&str> = files.iter().flat_map(|file| list(file.table.get("common"))).collect();
        words.common = common.iter().flat_map(|class| words.lexicon.every(&format!("<{class}>"))).collect();
        let templates: Vec<(&str, &Item)> = files.iter().flat_map(|file| section(&file.table, "derived")).collect();
        for file in files.iter().filter(|file| !file.lang.is_empty()) {
            words.lang = file.lang;
            for (name, item) in &templates {
                let find = item.as_str().ok_or_else(|| format!("`{name}` is no pattern"))?;
                let pattern = Pattern::parse(find, &mut words).map_err(|why| format!("`{}`: {why}", file.lang))?;
                let symbol = words.lexicon.class(&file.key(name));
                words.derived.insert(symbol, pattern);
            }
        }
        Ok(words)
    }

    /// Fills the classes: each has the words of its language, those of the classes it names, and the shared ones.
    fn add_classes(&mut self, files: &[LanguageFile]) -> Result<(), String> {
        let mut own: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for file in files {
            for (name, item) in section(&file.table, "classes") {
                own.entry(file.key(name)).or_default().extend(list(Some(item)));
            }
        }
        for (name, members) in &own {
            let symbol = self.lexicon.class(name);
            self.classes.insert(symbol);
            let (lang, class) = name.split_once(':').unwrap_or(("", name));
            let mut open: Vec<String> =
                members.iter().filter(|word| word.contains('<')).map(|w| inner(&own, lang, w)).collect();
            if !lang.is_empty() && own.contains_key(class) {
                open.push(class.to_owned());
            }
            let mut done = BTreeSet::from([name.clone()]);
            while let Some(inner_name) = open.pop() {
                let more = own.get(&inner_name).ok_or_else(|| format!("unknown class `{inner_name}` in `{name}`"))?;
                if done.insert(inner_name.clone()) {
                    let lang = inner_name.split_once(':').map_or("", |(lang, _)| lang);
                    open.extend(more.iter().filter(|word| word.contains('<')).map(|word| inner(&own, lang, word)));
                }
            }
            for word in done.iter().filter_map(|name| own.get(name)).flatten().filter(|word| !word.contains('<')) {
                self.lexicon.add(symbol, word);
            }
        }
        Ok(())
    }
}

/// The full name of a class that another one names: `<en:role>`, or `<role>` of its own language or of none.
fn inner(own: &BTreeMap<String, Vec<&str>>, lang: &str, word: &str) -> String {
    let name = word.trim_matches(['<', '>']);
    match name.split_once(':') {
        Some((lang, class)) => key(lang, class),
        None if own.contains_key(&key(lang, name)) => key(lang, name),
        None => key("", name),
    }
}

impl Names for Words {
    fn symbol(&mut self, name: &str) -> Result<SymbolId, String> {
        let Some(class) = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) else {
            return Ok(self.lexicon.intern(name));
        };
        let own = self.lexicon.find(&key(self.lang, class));
        own.or_else(|| self.lexicon.find(name)).ok_or_else(|| format!("unknown class `{name}`"))
    }

    fn weight(&self, symbol: SymbolId) -> u32 {
        if let Some((builtin, _)) = Builtin::ALL.iter().find(|(builtin, _)| builtin.id() == symbol) {
            builtin.weight()
        } else if self.common.contains(&symbol) {
            COMMON_WEIGHT
        } else if self.classes.contains(&symbol) {
            20
        } else {
            // A word in a pattern: the shorter, the more common.
            match self.lexicon.name(symbol).map_or(0, str::len) {
                0..=3 => 300,
                4..=5 => 30,
                _ => 10,
            }
        }
    }

    fn derived(&self) -> &Derived {
        &self.derived
    }

    fn edges(&self) -> Edges {
        let find = |class| self.lexicon.find(&key(self.lang, class));
        Edges { stop: find("stop"), person: find("person"), others: find("others") }
    }
}

fn rule(id: &str, item: &Item, files: &[LanguageFile], words: &mut Words) -> Result<Rule, String> {
    let text = |key: &str| item.get(key).and_then(Item::as_str).map(str::to_owned);
    let need = |key: &str| text(key).ok_or_else(|| format!("rule `{id}` has no `{key}`"));
    let mut on = Vec::new();
    for scope in strings(item.get("on")) {
        on.push(match scope.as_str() {
            "text" => Scope::Text,
            "name" => Scope::Name,
            "suffix" => Scope::Suffix,
            "degree" => Scope::Degree,
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
    for (file, said) in files.iter().filter_map(|file| Some((file, file.table.get(id)?))) {
        words.lang = file.lang;
        for find in strings(said.get("find")) {
            let why = |why| format!("`{}`: rule `{id}`: `{find}`: {why}", file.lang);
            patterns.push(written(&find, words).map_err(why)?);
        }
        let examples =
            |key| strings(said.get(key)).into_iter().map(|text| Example { lang: file.lang.to_owned(), text });
        info.catches.extend(examples("catches"));
        info.passes.extend(examples("passes"));
    }
    Ok(Rule { info, on, country: text("country"), patterns })
}

fn written(find: &str, words: &mut Words) -> Result<Written, String> {
    let (limit, find) = match find.split_once(' ').filter(|(head, _)| head.starts_with('@')) {
        Some((limit, rest)) => (limit, rest),
        None => ("", find),
    };
    let lang = match limit.split_at_checked(2) {
        Some(("@@", lang)) => Limit::Known(lang.to_owned()),
        Some(("@!", lang)) => Limit::Unless(lang.to_owned()),
        _ => limit.strip_prefix('@').map_or(Limit::None, |lang| Limit::KnownOrOpen(lang.to_owned())),
    };
    Ok(Written { pattern: Pattern::parse(find, words)?, lang })
}

/// The words of a section of every file, by key.
pub(super) fn merged(files: &[LanguageFile], key: &str) -> BTreeMap<String, Vec<Example>> {
    let mut merged: BTreeMap<String, Vec<Example>> = BTreeMap::new();
    for file in files {
        for (name, item) in section(&file.table, key) {
            let words = list(Some(item)).map(|word| Example { lang: file.lang.to_owned(), text: word.to_owned() });
            merged.entry(name.to_owned()).or_default().extend(words);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_files_hold_no_fault() {
        let (rules, files) = (parse(RULES).unwrap(), files().unwrap());
        let mut words = Words::read(&files).unwrap();
        let mut faults = Vec::new();
        for file in &files {
            words.lang = file.lang;
            let members = section(&file.table, "classes").flat_map(|(_, item)| list(Some(item)));
            let short = |word: &&str| word.contains('*') && word.trim_matches('*').chars().count() < 3;
            faults.extend(members.filter(short).map(|word| format!("{}: the stem `{word}` is too short", file.lang)));
            for (id, said) in file.table.iter().filter(|(_, item)| item.is_table()) {
                let known = ["classes", "fields", "labels", "label_topics", "derived"].contains(&id);
                if !known && !rules.contains_key(id) {
                    faults.push(format!("{}: no rule `{id}`", file.lang));
                }
                for find in strings(said.get("find")) {
                    if let Err(why) = written(&find, &mut words) {
                        faults.push(format!("{}: {id}: {why} in {find}", file.lang));
                    }
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
