//! Templates of notices: the shipped ones and those that a pipeline puts in their place.
//!
//! A template is a minijinja text whose first line is `Subject: ...`. It is checked when it is loaded, not when the
//! first person is to be told: a name that does not exist is an error with file and line.
//!
//! Invariant: rendering is strict; a name that is not there fails, it never renders as nothing.

use std::collections::BTreeMap;
use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use muster_gate::{NoticeFacts, NoticeWay};

use super::SHIPPED;
use super::sample::sample_facts;
use super::view::{MEMBERS, NAMES, View};

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It does not parse, or fails while rendering.
    #[error("template `{name}`, line {line}: {detail}")]
    Broken {
        /// File name of the template.
        name: String,
        /// Line, from 1.
        line: usize,
        /// What the template engine says.
        detail: String,
    },
    /// It uses a name that no notice has.
    #[error("template `{name}`, line {line}: unknown variable `{variable}`")]
    UnknownVariable {
        /// File name of the template.
        name: String,
        /// Line, from 1.
        line: usize,
        /// The name.
        variable: String,
    },
    /// Its first line is not `Subject: ...`, or nothing follows.
    #[error("template `{name}`, line 1: the first line has to be `Subject: ...`, followed by the text")]
    NoSubject {
        /// File name of the template.
        name: String,
    },
    /// There is no template for the language.
    #[error("there is no notice template for the language `{lang}`")]
    NoLanguage {
        /// ISO 639-1.
        lang: String,
    },
    /// The pipeline gives no such fact in the notice's language.
    #[error("the notice has no {fact} in the language `{lang}`")]
    MissingFact {
        /// Which fact.
        fact: String,
        /// ISO 639-1.
        lang: String,
    },
}

/// Compiled notice templates by language.
pub struct Templates {
    environment: Environment<'static>,
    languages: Vec<String>,
}

impl Templates {
    /// Returns the templates that come with the program, in seven languages.
    ///
    /// # Panics
    ///
    /// Never: a test loads them.
    pub fn shipped() -> Self {
        Self::with_overrides(&BTreeMap::new()).expect("the shipped templates are checked by a test")
    }

    /// Returns the shipped templates with `overrides` (text by language) in their place or beside them.
    ///
    /// # Errors
    ///
    /// The first fault of a template: [`TemplateError`] names the file (`LANG.txt.j2`) and the line.
    ///
    /// # Panics
    ///
    /// Never: the syntax that is set is the engine's own.
    pub fn with_overrides(overrides: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let mut texts: BTreeMap<&str, &str> = SHIPPED.iter().copied().collect();
        texts.extend(overrides.iter().map(|(lang, text)| (lang.as_str(), text.as_str())));
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.expect("the delimiters are the default ones"));
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        for (lang, text) in &texts {
            let name = file_name(lang);
            environment.add_template_owned(name.clone(), (*text).to_owned()).map_err(|error| broken(&name, &error))?;
            check_names(&environment, &name, text)?;
            if overrides.contains_key(*lang) {
                try_out(&environment, &name, lang, text)?;
            }
        }
        Ok(Self { environment, languages: texts.keys().map(|&lang| lang.to_owned()).collect() })
    }

    /// Returns the languages that there is a template for, sorted.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Renders subject line and text of a notice.
    pub(crate) fn render(&self, facts: &NoticeFacts, way: NoticeWay) -> Result<(String, String), TemplateError> {
        if !self.languages.contains(&facts.lang) {
            return Err(TemplateError::NoLanguage { lang: facts.lang.clone() });
        }
        let name = file_name(&facts.lang);
        let view = View::of(facts, way)?;
        let template = self.environment.get_template(&name).map_err(|error| broken(&name, &error))?;
        let whole = template.render(Serde(&view)).map_err(|error| broken(&name, &error))?;
        subject_and_text(&whole).ok_or(TemplateError::NoSubject { name })
    }
}

/// Splits what was rendered into the subject line and the text; a name that ends in a stop ends its sentence too.
pub(crate) fn subject_and_text(whole: &str) -> Option<(String, String)> {
    let (first, rest) = whole.split_once('\n')?;
    let subject = first.strip_prefix("Subject:").map(str::trim)?;
    let text = rest.trim_start_matches(['\r', '\n']).trim_end();
    if subject.is_empty() || text.is_empty() {
        return None;
    }
    let one_stop = |line: &str| {
        let line = line.trim_end();
        let doubled = line.ends_with("..") && !line.ends_with("...");
        line.strip_suffix('.').filter(|_| doubled).unwrap_or(line).to_owned()
    };
    let lines: Vec<String> = text.lines().map(one_stop).collect();
    Some((subject.to_owned(), format!("{}\n", lines.join("\n"))))
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").field("languages", &self.languages).finish_non_exhaustive()
    }
}

fn file_name(lang: &str) -> String {
    format!("{lang}.txt.j2")
}

fn broken(name: &str, error: &minijinja::Error) -> TemplateError {
    let detail =
        error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    TemplateError::Broken { name: name.to_owned(), line: error.line().unwrap_or(1), detail }
}

/// Finds names that no notice has, in branches too that a trial rendering would not take.
fn check_names(environment: &Environment<'_>, name: &str, text: &str) -> Result<(), TemplateError> {
    let template = environment.get_template(name).map_err(|error| broken(name, &error))?;
    let mut unknown: Vec<String> = template.undeclared_variables(true).into_iter().collect();
    unknown.retain(|variable| !is_known(variable));
    let line_of = |variable: &str| {
        let at = text.lines().position(|line| line.contains('{') && line.contains(variable));
        at.map_or(1, |index| index + 1)
    };
    unknown.sort_by_key(|variable| (line_of(variable), variable.clone()));
    if let Some(variable) = unknown.into_iter().next() {
        return Err(TemplateError::UnknownVariable { name: name.to_owned(), line: line_of(&variable), variable });
    }
    if !text.starts_with("Subject:") {
        return Err(TemplateError::NoSubject { name: name.to_owned() });
    }
    Ok(())
}

/// Renders a template with invented facts, in every branch that they can take: a member of an item that does not exist
/// shows only then.
fn try_out(environment: &Environment<'_>, name: &str, lang: &str, text: &str) -> Result<(), TemplateError> {
    let template = environment.get_template(name).map_err(|error| broken(name, &error))?;
    let ways = [NoticeWay::Mail, NoticeWay::Paper];
    for (facts, way) in sample_facts(lang).into_iter().flat_map(|facts| ways.map(|way| (facts.clone(), way))) {
        let view = View::of(&facts, way)?;
        let whole = template.render(Serde(&view)).map_err(|error| undefined(name, text, &error))?;
        if subject_and_text(&whole).is_none() {
            return Err(TemplateError::NoSubject { name: name.to_owned() });
        }
    }
    Ok(())
}

/// Names the member that a line asks for and no item has; where the line does not tell, what the engine says.
fn undefined(name: &str, text: &str, error: &minijinja::Error) -> TemplateError {
    let line = error.line().unwrap_or(1);
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let words = shown.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let asked: Vec<(&str, &str)> = words
        .filter_map(|word| Some((word, word.rsplit_once('.')?.1)))
        .filter(|(word, _)| !NAMES.contains(word))
        .collect();
    let unknown = asked.iter().find(|(_, member)| !MEMBERS.contains(member)).or(asked.first());
    match unknown.filter(|_| error.kind() == ErrorKind::UndefinedError) {
        Some((word, _)) => TemplateError::UnknownVariable { name: name.to_owned(), line, variable: (*word).to_owned() },
        None => broken(name, error),
    }
}

fn is_known(variable: &str) -> bool {
    // `range`, `dict` and the like are the engine's own functions.
    NAMES.contains(&variable) || ["range", "dict", "namespace", "debug"].contains(&variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overriding(lang: &str, text: &str) -> Result<Templates, TemplateError> {
        Templates::with_overrides(&BTreeMap::from([(lang.to_owned(), text.to_owned())]))
    }

    #[test]
    fn the_shipped_templates_load() {
        assert_eq!(Templates::shipped().languages(), ["de", "en", "es", "fr", "it", "nl", "pl"]);
        let as_own = SHIPPED.iter().map(|(lang, text)| ((*lang).to_owned(), (*text).to_owned())).collect();
        assert!(Templates::with_overrides(&as_own).is_ok(), "tried out with every sample");
    }

    #[test]
    fn an_unknown_variable_is_named_with_file_and_line_even_in_a_branch_not_taken() {
        let text = "Subject: x\n\nHello\n{% if automated_decisions %}\n{{ controller.legal_nmae }}\n{% endif %}\n";
        assert_eq!(
            overriding("en", text).unwrap_err().to_string(),
            "template `en.txt.j2`, line 5: unknown variable `controller.legal_nmae`"
        );
        let text = "Subject: x\n\n{{ purpsoes }}\n";
        assert_eq!(
            overriding("fr", text).unwrap_err().to_string(),
            "template `fr.txt.j2`, line 3: unknown variable `purpsoes`"
        );
    }

    #[test]
    fn an_unknown_member_of_an_item_is_named_when_the_template_is_loaded() {
        let text = "Subject: x\n\n{% for item in values %}\n{{ item.label }} {{ item.lable }}\n{% endfor %}\n";
        assert_eq!(
            overriding("en", text).unwrap_err().to_string(),
            "template `en.txt.j2`, line 4: unknown variable `item.lable`"
        );
        let text = "Subject: x\n\nHi\n{% for t in transfers %}{% if t.mechanism == \"bcr\" %}\n{{ t.place }}\n{% endif %}{% endfor %}\n";
        assert_eq!(
            overriding("pl", text).unwrap_err().to_string(),
            "template `pl.txt.j2`, line 5: unknown variable `t.place`"
        );
    }

    #[test]
    fn a_name_that_ends_in_a_stop_ends_its_sentence() {
        let (subject, text) = subject_and_text("Subject: x\n\nWe are Acme Inc..\nWait...\n").unwrap();
        assert_eq!((subject.as_str(), text.as_str()), ("x", "We are Acme Inc.\nWait...\n"));
    }

    #[test]
    fn a_syntax_error_has_its_line() {
        let error = overriding("en", "Subject: x\n\n{% if basis %}\n").unwrap_err();
        assert!(matches!(&error, TemplateError::Broken { name, line: 3 | 4, .. } if name == "en.txt.j2"), "{error}");
    }

    #[test]
    fn a_template_without_subject_is_refused() {
        assert_eq!(overriding("en", "Hello\n").unwrap_err(), TemplateError::NoSubject { name: "en.txt.j2".to_owned() });
    }
}
