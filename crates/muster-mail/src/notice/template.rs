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
use minijinja::{Environment, UndefinedBehavior};
use muster_gate::NoticeFacts;

use super::SHIPPED;
use super::view::{NAMES, View};

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
    /// Returns the templates that come with the program: German and English.
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
        }
        Ok(Self { environment, languages: texts.keys().map(|&lang| lang.to_owned()).collect() })
    }

    /// Returns the languages that there is a template for, sorted.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Renders subject line and text of a notice.
    pub(crate) fn render(&self, facts: &NoticeFacts) -> Result<(String, String), TemplateError> {
        if !self.languages.contains(&facts.lang) {
            return Err(TemplateError::NoLanguage { lang: facts.lang.clone() });
        }
        let name = file_name(&facts.lang);
        let view = View::of(facts)?;
        let template = self.environment.get_template(&name).map_err(|error| broken(&name, &error))?;
        let whole = template.render(Serde(&view)).map_err(|error| broken(&name, &error))?;
        let (first, rest) = whole.split_once('\n').unwrap_or((whole.as_str(), ""));
        let subject = first.strip_prefix("Subject:").map(str::trim).unwrap_or_default();
        let text = rest.trim_start_matches(['\r', '\n']).trim_end();
        if subject.is_empty() || text.is_empty() {
            return Err(TemplateError::NoSubject { name });
        }
        Ok((subject.to_owned(), format!("{text}\n")))
    }
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
        assert_eq!(Templates::shipped().languages(), ["de", "en"]);
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
    fn a_syntax_error_has_its_line() {
        let error = overriding("en", "Subject: x\n\n{% if basis %}\n").unwrap_err();
        assert!(matches!(&error, TemplateError::Broken { name, line: 3 | 4, .. } if name == "en.txt.j2"), "{error}");
    }

    #[test]
    fn a_template_without_subject_is_refused() {
        assert_eq!(overriding("en", "Hello\n").unwrap_err(), TemplateError::NoSubject { name: "en.txt.j2".to_owned() });
    }
}
