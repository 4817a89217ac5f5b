//! h-card (microformats2) and the classic hCard to items, with the properties of schema.org.
//!
//! Nested cards are items of their own: an `h-card` inside `p-org` is the employer. Implied names are read where no name
//! is given.
//!
//! Invariant: a class of a nested card is never read as the outer card's.

use muster_model::Method;

use crate::dom::Doc;
use crate::item::{Item, PropertyText, Value};

/// Most cards of a page.
const CARDS_MAX: usize = 5_000;

/// Class of microformats2, class of hCard, property of schema.org.
const PROPERTIES: &[(&str, &str, &str)] = &[
    ("p-name", "fn", "name"),
    ("p-given-name", "given-name", "givenName"),
    ("p-family-name", "family-name", "familyName"),
    ("p-honorific-prefix", "honorific-prefix", "honorificPrefix"),
    ("p-honorific-suffix", "honorific-suffix", "honorificSuffix"),
    ("p-job-title", "title", "jobTitle"),
    ("p-role", "role", "jobTitle"),
    ("p-org", "org", "worksFor"),
    ("u-email", "email", "email"),
    ("p-tel", "tel", "telephone"),
    ("u-tel", "tel", "telephone"),
    ("p-street-address", "street-address", "streetAddress"),
    ("p-locality", "locality", "addressLocality"),
    ("p-postal-code", "postal-code", "postalCode"),
    ("p-country-name", "country-name", "addressCountry"),
    ("u-url", "url", "url"),
];

/// Reads the cards of a page.
pub(crate) fn read_cards(doc: &Doc<'_>) -> Vec<Item> {
    let roots: Vec<usize> = (0..doc.len()).filter(|&index| root_kind(doc, index).is_some()).take(CARDS_MAX).collect();
    roots.iter().map(|&root| card(doc, root)).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Generation {
    Two,
    One,
}

fn has_class(doc: &Doc<'_>, index: usize, class: &str) -> bool {
    doc.attr(index, "class").is_some_and(|classes| classes.split_ascii_whitespace().any(|known| known == class))
}

fn root_kind(doc: &Doc<'_>, index: usize) -> Option<Generation> {
    if has_class(doc, index, "h-card") {
        return Some(Generation::Two);
    }
    has_class(doc, index, "vcard").then_some(Generation::One)
}

fn card(doc: &Doc<'_>, root: usize) -> Item {
    let generation = root_kind(doc, root).unwrap_or(Generation::One);
    let mut properties: Vec<(String, Value)> = Vec::new();
    let mut unknown: Vec<String> = Vec::new();
    let end = doc.end(root);
    let mut index = root + 1;
    while index < end {
        let nested = root_kind(doc, index).is_some();
        for class in doc.attr(index, "class").unwrap_or_default().split_ascii_whitespace() {
            match property_of(class, generation) {
                Some("worksFor") if nested => {
                    let employer = PropertyText::of_element(doc, index);
                    properties.extend(employer.map(|text| ("worksFor".to_owned(), Value::Text(text))));
                }
                Some(name) if !nested => {
                    properties.extend(property_text(doc, index, name).map(|text| (name.to_owned(), Value::Text(text))));
                }
                Some(_) => {}
                None => unknown.extend(unknown_property(class, generation)),
            }
        }
        index = if nested { doc.end(index) } else { index + 1 };
    }
    if generation == Generation::Two && !properties.iter().any(|(name, _)| name == "name" || name == "givenName") {
        // The implied name: the whole text of a card that has no properties of its own.
        let implied = PropertyText::of_element(doc, root).filter(|_| properties.is_empty());
        properties.extend(implied.map(|text| ("name".to_owned(), Value::Text(text))));
    }
    // Only the name of such a property is told, never what it says.
    properties
        .extend(unknown.into_iter().map(|name| (name, Value::Text(PropertyText::from_range("", String::new(), 0..0)))));
    // A card inside `p-org` is the employer's.
    let as_employer = has_class(doc, root, "p-org") || has_class(doc, root, "org");
    let is_company = as_employer || is_company(&properties);
    let types = vec![(if is_company { "Organization" } else { "Person" }).to_owned()];
    Item { types, id: None, properties, at: root, method: Method::HCard }
}

/// A card is a company's where its name is its organisation's (hCard 1.0, 3.2).
fn is_company(properties: &[(String, Value)]) -> bool {
    let text = |name: &str| properties.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.text());
    match (text("name"), text("worksFor")) {
        (Some(name), Some(organization)) => name.text == organization.text,
        (None, Some(_)) => true,
        (Some(_) | None, None) => false,
    }
}

fn property_of(class: &str, generation: Generation) -> Option<&'static str> {
    let found = PROPERTIES.iter().find(|(two, one, _)| match generation {
        Generation::Two => {
            *two == class
                || (class.len() > 2 && class.get(2..) == two.get(2..) && matches!(class.get(..2), Some("p-" | "u-")))
        }
        Generation::One => *one == class,
    });
    found.map(|(_, _, name)| *name)
}

/// The name of a property that no field takes, as a label: `bday`, `gender-identity`.
fn unknown_property(class: &str, generation: Generation) -> Option<String> {
    let name = match generation {
        Generation::Two => {
            class.strip_prefix("p-").or_else(|| class.strip_prefix("dt-")).or_else(|| class.strip_prefix("u-"))?
        }
        Generation::One => ["bday", "note", "nickname", "category", "sort-string", "uid", "geo", "photo", "logo"]
            .into_iter()
            .find(|known| *known == class)?,
    };
    let plain = !name.is_empty() && name.len() < 40 && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    (plain && !matches!(name, "adr" | "n")).then(|| name.to_owned())
}

fn property_text(doc: &Doc<'_>, index: usize, name: &str) -> Option<PropertyText> {
    let by_attribute = match doc.tag(index) {
        "a" | "area" | "link" if matches!(name, "email" | "url") => Some("href"),
        "a" if name == "telephone" && doc.attr(index, "href").is_some_and(|href| href.starts_with("tel:")) => {
            Some("href")
        }
        "abbr" | "acronym" => Some("title"),
        "data" | "input" => Some("value"),
        "img" | "area" => Some("alt"),
        _ => None,
    };
    by_attribute
        .filter(|attribute| doc.attr(index, attribute).is_some())
        .and_then(|attribute| PropertyText::of_attribute(doc, index, attribute))
        .or_else(|| value_part(doc, index))
        .or_else(|| PropertyText::of_element(doc, index))
}

/// The part of a property that the class `value` marks, as in `Tel <span class="value">…`.
fn value_part(doc: &Doc<'_>, index: usize) -> Option<PropertyText> {
    let part = (index + 1..doc.end(index)).find(|&inner| has_class(doc, inner, "value"))?;
    PropertyText::of_element(doc, part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::parse;

    fn cards(html: &str) -> Vec<Item> {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        read_cards(&doc)
    }

    #[test]
    fn both_generations_are_read() {
        for html in [
            "<p class=h-card><a class='p-name u-url' href='/x'>Anna Muster</a> <i class=p-job-title>Buyer</i> <a class=u-email href='mailto:a@b.example'>m</a></p>",
            "<p class=vcard><b class=fn>Anna Muster</b> <i class=title>Buyer</i> <a class=email href='mailto:a@b.example'>m</a></p>",
        ] {
            let cards = cards(html);
            assert_eq!(cards[0].types, ["Person"]);
            for (name, value) in [("name", "Anna Muster"), ("jobTitle", "Buyer"), ("email", "mailto:a@b.example")] {
                assert_eq!(cards[0].text(name).unwrap().text, value, "{name}");
            }
        }
    }

    #[test]
    fn a_card_whose_name_is_its_organisation_is_a_company() {
        let cards = cards("<p class=vcard><b class='fn org'>Muster AG</b></p><p class=h-card>Anna Muster</p>");
        assert_eq!(cards[0].types, ["Organization"]);
        assert_eq!(cards[1].text("name").unwrap().text, "Anna Muster");
    }

    #[test]
    fn a_nested_card_is_the_employer_and_keeps_its_own() {
        let cards = cards(
            "<div class=h-card><b class=p-name>Anna Muster</b><a class='p-org h-card' href='/'>Muster AG</a><i class=dt-bday>x</i></div>",
        );
        assert_eq!(cards[0].text("worksFor").unwrap().text, "Muster AG");
        assert!(cards[0].values("bday").next().is_some());
        assert_eq!(cards.len(), 2);
        assert_eq!(cards[1].types, ["Organization"]);
    }
}
