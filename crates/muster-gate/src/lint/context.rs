//! What is known about a notice that is to be checked: as much as the caller can say.
//!
//! Invariant: an absent fact is absent, never a default; what cannot be read is a fault and not absent.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::citation;
use super::countries::code_of;

/// The facts about a notice, each of them optional.
///
/// # Law
///
/// GDPR 14(1), 14(2): which items a notice needs follows from these facts. A fact that is not known is not held
/// against a notice: its item is looked for only where it is always due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeContext {
    /// The letter of the basis in article 6(1), `a` to `f`.
    pub basis: Option<char>,
    /// What the data are for, in any language.
    pub purpose: Option<String>,
    /// Whether a data protection officer is appointed.
    pub dpo_appointed: Option<bool>,
    /// Whether a representative under article 27 is needed.
    pub representative_needed: Option<bool>,
    /// Whether decisions with legal or similar effect are automated.
    pub adm: Option<bool>,
    /// Countries outside the European Economic Area that data go to, by code or name.
    pub transfer: Option<Vec<String>>,
    /// The controller's legal name.
    pub controller: Option<String>,
}

impl NoticeContext {
    /// Reads the facts of a JSON object; members that it does not know are ignored, `null` is absent.
    ///
    /// # Errors
    ///
    /// The member that has no readable value, with what it should be.
    ///
    /// # Examples
    ///
    /// ```
    /// use muster_gate::NoticeContext;
    /// let context = NoticeContext::read(&serde_json::json!({ "basis": "6(1)(f)", "adm": false }));
    /// assert_eq!(context.map(|context| context.basis), Ok(Some('f')));
    /// assert!(NoticeContext::read(&serde_json::json!({ "adm": "perhaps" })).is_err());
    /// ```
    pub fn read(value: &Value) -> Result<Self, String> {
        let empty = Map::new();
        let object = match value {
            Value::Object(object) => object,
            Value::Null => &empty,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                return Err("`context` has to be an object".to_owned());
            }
        };
        let member = |key: &str| object.get(key).filter(|value| !value.is_null());
        let flag = |key: &str| {
            let read =
                |value: &Value| value.as_bool().ok_or_else(|| format!("`context.{key}` has to be true or false"));
            member(key).map(read).transpose()
        };
        Ok(Self {
            basis: member("basis").map(basis).transpose()?,
            purpose: member("purpose").map(|value| texts("purpose", value).map(|all| all.join("; "))).transpose()?,
            dpo_appointed: flag("dpo_appointed")?,
            representative_needed: flag("representative_needed")?,
            adm: flag("adm")?,
            transfer: member("transfer").map(|value| texts("transfer", value)).transpose()?,
            controller: member("controller")
                .map(|value| texts("controller", value).map(|all| all.into_iter().next()))
                .transpose()?
                .flatten(),
        })
    }

    /// Returns the countries that the data go to, by code where it is known.
    pub(super) fn countries(&self) -> BTreeMap<String, Option<&'static str>> {
        let all = self.transfer.iter().flatten();
        all.map(|name| (name.clone(), code_of(name))).filter(|(name, _)| !name.trim().is_empty()).collect()
    }
}

fn basis(value: &Value) -> Result<char, String> {
    let fault = || "`context.basis` has to be a letter of article 6(1), such as `6(1)(f)`".to_owned();
    let text = value.as_str().ok_or_else(fault)?.trim().to_lowercase();
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter @ 'a'..='f'), None) => Ok(letter),
        _ => citation::letters(&super::fold::fold(&format!("art. {text}")))
            .into_iter()
            .chain(citation::letters(&super::fold::fold(&text)))
            .next()
            .ok_or_else(fault),
    }
}

/// A text, a list of texts, or objects with a name.
fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let fault = || format!("`context.{key}` has to be a text or a list of texts");
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(list) => {
            let all: Result<Vec<Vec<String>>, String> = list.iter().map(|value| texts(key, value)).collect();
            Ok(all?.concat())
        }
        Value::Object(object) => {
            let named = ["country", "name", "legal_name"].iter().find_map(|name| object.get(*name)?.as_str());
            named.map(|text| vec![text.to_owned()]).ok_or_else(fault)
        }
        Value::Bool(false) => Ok(Vec::new()),
        Value::Null | Value::Bool(true) | Value::Number(_) => Err(fault()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_basis_is_read_as_it_is_commonly_written() {
        for text in ["6(1)(f)", "f", "Art. 6(1)(f) GDPR", "6.1.f", "Art. 6 Abs. 1 lit. f DSGVO", "art. 6 ust. 1 lit. f"]
        {
            assert_eq!(NoticeContext::read(&json!({ "basis": text })).unwrap().basis, Some('f'), "{text}");
        }
        assert!(NoticeContext::read(&json!({ "basis": "the law" })).is_err());
        assert!(NoticeContext::read(&json!({ "basis": 6 })).is_err());
    }

    #[test]
    fn unknown_members_are_ignored_and_null_is_absent() {
        let context =
            NoticeContext::read(&json!({ "basis": null, "colour": 1, "transfer": ["US", { "country": "IN" }] }));
        let context = context.unwrap();
        assert_eq!((context.basis, context.adm), (None, None));
        assert_eq!(context.transfer, Some(vec!["US".to_owned(), "IN".to_owned()]));
        assert_eq!(NoticeContext::read(&Value::Null), Ok(NoticeContext::default()));
        assert!(NoticeContext::read(&json!([])).is_err());
    }
}
