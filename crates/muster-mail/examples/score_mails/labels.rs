//! Labelled mails and how a verdict is held against a label: for the program that scores sets, and for the test that
//! guards the sets of the project.

use serde_json::Value;

/// What a verdict got wrong that must not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Critical {
    /// A no that nothing would follow from.
    Ignored,
    /// Somebody who did not ask is put on the list.
    Silenced,
    /// A right that nobody used.
    Invented,
    /// A bounce that is none, or one that is for good and is not.
    Bounced,
}

/// Returns a text member, empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn sorted(value: &Value) -> Vec<String> {
    let mut items: Vec<String> = value.as_array().into_iter().flatten().map(ToString::to_string).collect();
    items.sort();
    items
}

/// Returns whether a member of the verdict is as labelled, or another value that is accepted.
pub(crate) fn is_right(name: &str, want: &Value, got: &Value, accept: &Value) -> bool {
    let same = |want: &Value| match want.as_object() {
        _ if name == "kinds" => sorted(want) == sorted(got),
        // A label states what its author is sure of, also inside of an object.
        Some(members) => members.iter().all(|(name, want)| got.get(name) == Some(want)),
        None => want == got,
    };
    same(want) || accept.get(name).and_then(Value::as_array).is_some_and(|others| others.iter().any(same))
}

fn channel(verdict: &Value, name: &str) -> Option<bool> {
    verdict.get("suppress")?.get(name)?.as_bool()
}

/// Returns what is critically wrong with a verdict, if anything is.
pub(crate) fn critical(want: &Value, got: &Value, accept: &Value) -> Option<Critical> {
    const RIGHTS: [&str; 7] =
        ["objection", "erasure", "access", "rectification", "restriction", "portability", "data-complaint"];
    let (want_kind, kind) = (text(want, "kind"), text(got, "kind"));
    let kind_is_right = is_right("kind", &want["kind"], &got["kind"], accept);
    let suppress_is_right = is_right("suppress", &want["suppress"], &got["suppress"], accept);
    for name in ["email", "phone"] {
        match (channel(want, name), channel(got, name)) {
            (Some(true), Some(false)) if !suppress_is_right => return Some(Critical::Ignored),
            (Some(false), Some(true)) if !suppress_is_right => return Some(Critical::Silenced),
            _ => {}
        }
    }
    if kind == "bounce-permanent" && !want_kind.is_empty() && !kind_is_right {
        return Some(Critical::Bounced);
    }
    let asked = sorted(&want["kinds"]);
    let also = sorted(accept.get("kind").unwrap_or(&Value::Null));
    let invented = sorted(&got["kinds"]).into_iter().any(|kind| {
        RIGHTS.iter().any(|right| kind == format!("\"{right}\"")) && !asked.contains(&kind) && !also.contains(&kind)
    });
    let names_rights = !asked.is_empty();
    (invented && names_rights && !kind_is_right).then_some(Critical::Invented)
}

/// The bytes of a labelled mail.
pub(crate) fn bytes_of(mail: &Value) -> Vec<u8> {
    match mail.get("raw_base64").and_then(Value::as_str) {
        Some(text) => data_encoding::BASE64.decode(text.as_bytes()).expect("`raw_base64` is base64"),
        None => text(mail, "raw").as_bytes().to_vec(),
    }
}
