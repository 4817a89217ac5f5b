//! h-card (microformats2) and the classic hCard to items, with the properties of schema.org.
//!
//! The parsing rules are those of microformats2: nested cards are items of their own, values come from the attributes
//! that the rules name, a name and an address are implied where none is given, addresses are made absolute. A card inside
//! `p-org` is the employer.
//!
//! Invariant: a class of a nested card is never read as the outer card's.

use std::ops::Range;

use muster_model::Method;
use url::Url;

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

/// Roots whose properties are their own; an address inside a card is the card's.
const OTHER_ROOTS: &[&str] = &[
    "h-entry",
    "h-event",
    "h-feed",
    "h-item",
    "h-listing",
    "h-product",
    "h-recipe",
    "h-resume",
    "h-review",
    "h-review-aggregate",
    "h-cite",
];

/// Reads the cards of a page; relative addresses are resolved against `base`.
pub(crate) fn read_cards(doc: &Doc<'_>, base: Option<&Url>) -> Vec<Item> {
    let roots: Vec<usize> = (0..doc.len()).filter(|&index| root_kind(doc, index).is_some()).take(CARDS_MAX).collect();
    roots.iter().map(|&root| Reader { doc, base, root }.card()).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Generation {
    Two,
    One,
}

fn classes<'d>(doc: &'d Doc<'_>, index: usize) -> impl Iterator<Item = &'d str> {
    doc.attr(index, "class").unwrap_or_default().split_ascii_whitespace()
}

fn has_class(doc: &Doc<'_>, index: usize, class: &str) -> bool {
    classes(doc, index).any(|known| known == class)
}

fn root_kind(doc: &Doc<'_>, index: usize) -> Option<Generation> {
    if has_class(doc, index, "h-card") {
        return Some(Generation::Two);
    }
    has_class(doc, index, "vcard").then_some(Generation::One)
}

/// Whether an element is a root of its own, of whatever kind.
fn is_root(doc: &Doc<'_>, index: usize) -> bool {
    root_kind(doc, index).is_some() || classes(doc, index).any(|class| OTHER_ROOTS.contains(&class))
}

/// Properties of a card, and the names of those that no field takes.
#[derive(Default)]
struct Found {
    properties: Vec<(String, Value)>,
    unknown: Vec<String>,
    /// Whether something else than an address (`u-`) was stated.
    states_text: bool,
    states_address: bool,
    nests: bool,
}

struct Reader<'d, 'a> {
    doc: &'d Doc<'a>,
    base: Option<&'d Url>,
    root: usize,
}

impl Reader<'_, '_> {
    fn card(&self) -> Item {
        let (doc, root) = (self.doc, self.root);
        let generation = root_kind(doc, root).unwrap_or(Generation::One);
        let mut found = Found::default();
        self.collect(root + 1..doc.end(root), generation, &mut found);
        for included in self.included() {
            self.collect(included..doc.end(included), generation, &mut found);
        }
        if generation == Generation::Two {
            self.imply(&mut found);
        }
        let Found { mut properties, unknown, .. } = found;
        // Only the name of such a property is told, never what it says.
        let told = |name: String| (name, Value::Text(PropertyText::from_range("", String::new(), 0..0)));
        properties.extend(unknown.into_iter().map(told));
        // A card inside `p-org` is the employer's.
        let as_employer = has_class(doc, root, "p-org") || has_class(doc, root, "org");
        let is_company = as_employer || has_class(doc, root, "h-org") || is_company(&properties);
        let types = vec![(if is_company { "Organization" } else { "Person" }).to_owned()];
        Item { types, id: None, properties, at: root, method: Method::HCard }
    }

    /// What a card takes from elsewhere: the header cells of its table cell, and `<a class=include href=#id>` (the
    /// include pattern of classic microformats).
    fn included(&self) -> Vec<usize> {
        let doc = self.doc;
        let headers = doc.attr(self.root, "headers").unwrap_or_default().split_ascii_whitespace().map(str::to_owned);
        let links = (self.root..doc.end(self.root)).filter(|&index| has_class(doc, index, "include"));
        let targets = links.filter_map(|index| doc.attr(index, "href").or_else(|| doc.attr(index, "data")));
        let ids: Vec<String> =
            headers.chain(targets.filter_map(|target| target.strip_prefix('#').map(str::to_owned))).collect();
        let outside = |index: &usize| {
            !(self.root..doc.end(self.root)).contains(index) && doc.end(*index) <= self.root
                || *index >= doc.end(self.root)
        };
        ids.iter()
            .take(8)
            .filter_map(|id| (0..doc.len()).find(|&index| doc.attr(index, "id") == Some(id)))
            .filter(outside)
            .collect()
    }

    fn collect(&self, range: Range<usize>, generation: Generation, found: &mut Found) {
        let doc = self.doc;
        let mut index = range.start;
        while index < range.end {
            // A template is no content of its page.
            if doc.tag(index) == "template" {
                index = doc.end(index);
                continue;
            }
            let nested = is_root(doc, index);
            found.nests |= nested;
            for class in classes(doc, index) {
                match property_of(class, generation) {
                    Some("worksFor") if nested => {
                        let employer = Reader { doc, base: self.base, root: index }.card();
                        let name = employer.text("name").cloned().or_else(|| PropertyText::of_element(doc, index));
                        found.properties.extend(name.map(|text| ("worksFor".to_owned(), Value::Text(text))));
                    }
                    Some(name) if !nested => {
                        let value = self.value(index, name).map(|text| (name.to_owned(), Value::Text(text)));
                        found.properties.extend(value);
                    }
                    Some(_) => {}
                    None => found.unknown.extend(unknown_property(class, generation)),
                }
                found.states_text |= class.starts_with("p-") || class.starts_with("e-");
                found.states_address |= class.starts_with("u-");
            }
            index = if nested { doc.end(index) } else { index + 1 };
        }
    }

    /// The implied name and address (microformats2 parsing, "parsing for implied properties").
    fn imply(&self, found: &mut Found) {
        let has = |name: &str| found.properties.iter().any(|(known, _)| known == name);
        let (named, addressed) = (has("name"), has("url"));
        if !named && !found.states_text && !found.nests {
            let name = self.implied_from(&[("img", "alt"), ("area", "alt"), ("abbr", "title")]);
            let name = name.or_else(|| PropertyText::of_element(self.doc, self.root));
            found.properties.extend(name.map(|text| ("name".to_owned(), Value::Text(text))));
        }
        if !addressed && !found.states_address && !found.nests {
            let sources = [("a", "href"), ("area", "href")];
            let at = self.candidates().find(|&at| sources.iter().any(|(tag, name)| self.has(at, tag, name)));
            let url = at.and_then(|at| self.absolute(at, "href"));
            found.properties.extend(url.map(|text| ("url".to_owned(), Value::Text(text))));
        }
    }

    fn has(&self, index: usize, tag: &str, attribute: &str) -> bool {
        self.doc.tag(index) == tag && self.doc.attr(index, attribute).is_some()
    }

    /// The root, its only child, and the only child of that: where an implied value may stand.
    fn candidates(&self) -> impl Iterator<Item = usize> {
        let only = |index: usize| {
            let mut elements = self.doc.children(index).filter(|&child| self.doc.element(child).is_some());
            let first = elements.next().filter(|&first| !is_root(self.doc, first));
            first.filter(|_| elements.next().is_none())
        };
        let of_kind = |index: usize| {
            let mut links = self.doc.children(index).filter(|&child| self.doc.tag(child) == "a");
            let first = links.next().filter(|&first| !is_root(self.doc, first));
            first.filter(|_| links.next().is_none())
        };
        let child = only(self.root);
        let grandchild = child.and_then(|child| only(child).or_else(|| of_kind(child)));
        [Some(self.root), child.or_else(|| of_kind(self.root)), grandchild].into_iter().flatten()
    }

    fn implied_from(&self, sources: &[(&str, &'static str)]) -> Option<PropertyText> {
        self.candidates().find_map(|at| {
            let (_, attribute) = sources.iter().find(|(tag, name)| self.has(at, tag, name))?;
            PropertyText::of_attribute(self.doc, at, attribute)
        })
    }

    /// An attribute's value as an absolute address.
    fn absolute(&self, index: usize, attribute: &'static str) -> Option<PropertyText> {
        let raw = self.doc.attr(index, attribute)?;
        if Url::parse(raw.trim()).is_ok() {
            return PropertyText::of_attribute(self.doc, index, attribute);
        }
        let url = self.base?.join(raw.trim()).ok()?;
        Some(PropertyText::resolved(url.to_string(), index, attribute))
    }

    fn value(&self, index: usize, name: &str) -> Option<PropertyText> {
        let doc = self.doc;
        let tag = doc.tag(index);
        if matches!(name, "email" | "url") && matches!(tag, "a" | "area" | "link") && doc.attr(index, "href").is_some()
        {
            return self.absolute(index, "href");
        }
        let attribute = match tag {
            "a" if name == "telephone" && doc.attr(index, "href").is_some_and(|href| href.starts_with("tel:")) => {
                Some("href")
            }
            "abbr" | "acronym" => Some("title"),
            "data" | "input" => Some("value"),
            "img" | "area" => Some("alt"),
            _ => None,
        };
        self.value_parts(index)
            .or_else(|| PropertyText::of_attribute(doc, index, attribute?))
            .or_else(|| PropertyText::of_element(doc, index))
    }

    /// The parts of a property that the class `value` marks, one behind the other (the value-class pattern).
    fn value_parts(&self, index: usize) -> Option<PropertyText> {
        let doc = self.doc;
        let marked = |inner: &usize| has_class(doc, *inner, "value") || has_class(doc, *inner, "value-title");
        let mut parts = Vec::new();
        for inner in (index + 1..doc.end(index)).filter(marked) {
            let attribute = match doc.tag(inner) {
                _ if has_class(doc, inner, "value-title") => Some("title"),
                "abbr" => Some("title"),
                "img" | "area" => Some("alt"),
                "data" => Some("value"),
                _ => None,
            };
            let of_attribute = attribute.and_then(|name| PropertyText::of_attribute(doc, inner, name));
            parts.extend(of_attribute.or_else(|| PropertyText::of_element(doc, inner)));
        }
        if parts.len() < 2 {
            return parts.pop();
        }
        let spans = || parts.iter().filter_map(|part| part.trimmed(doc).1.span);
        let start = spans().map(|[start, _]| start).min()?;
        let end = spans().map(|[_, end]| end).max()?;
        let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        let text: String = parts.iter().map(|part| part.text.trim()).collect();
        Some(PropertyText::from_range(doc.source, text, range))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::parse;

    fn cards(html: &str) -> Vec<Item> {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        read_cards(&doc, Url::parse("http://firma.example/team/").ok().as_ref())
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
    fn a_name_and_an_address_are_implied_and_addresses_are_absolute() {
        for html in [
            "<a class=h-card href=anna>Anna Muster</a>",
            "<span class=h-card><a href=anna><img alt='Anna Muster' src=a.png></a></span>",
            "<div class=h-card><b class=p-name>Anna Muster</b> <a class=u-url href=anna>more</a></div>",
            "<div class=vcard><b class=fn>Anna Muster</b> <a class=url href=anna>more</a></div>",
        ] {
            let cards = cards(html);
            assert_eq!(cards[0].text("name").unwrap().text, "Anna Muster", "{html}");
            assert_eq!(cards[0].text("url").unwrap().text, "http://firma.example/team/anna", "{html}");
        }
    }

    #[test]
    fn marked_parts_of_a_value_are_joined_and_templates_are_no_content() {
        let cards = cards(
            "<p class=h-card><b class=p-name>Anna Muster</b><template class=p-name>No Body</template>\
             <i class=p-tel>Tel <span class=value>+49 30</span> or so <span class=value>231</span></i></p>",
        );
        assert_eq!(cards[0].text("telephone").unwrap().text, "+49 30231");
        assert_eq!(cards[0].values("name").count(), 1);
    }

    #[test]
    fn a_card_takes_what_it_includes() {
        for html in [
            "<table><tr><th id=firm><b class=org>Muster AG</b></th></tr><tr><td class=vcard headers=firm><b class=fn>Anna Muster</b></td></tr></table>",
            "<p class=vcard><b class=fn>Anna Muster</b><a class=include href='#firm'></a></p><p id=firm><b class=org>Muster AG</b></p>",
        ] {
            assert_eq!(cards(html)[0].text("worksFor").unwrap().text, "Muster AG", "{html}");
        }
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
