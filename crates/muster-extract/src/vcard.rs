//! vCard 2.1, 3.0, 4.0 and jCard: address books and the cards that people offer for download.
//!
//! A card says who somebody is, so its name needs no other evidence; a card of a firm gives a firm. What a card says
//! beside that (birthday, spouse, note) is told by the name of its property only.
//!
//! Invariant: every value has the bytes that it was read from; no card fails another.

mod json;
mod syntax;

use std::collections::BTreeSet;

use muster_model::{EmailAddress, EntityKind, Field, Method};

use crate::address::country_of;
use crate::atoms::{is_own_address, profile_url};
use crate::company_name::find_company;
use crate::draft::{Draft, Place, Seen, trim_range};
use crate::person_name::behind_salutation;
use crate::phone::phone_or_text;
use crate::schema::structured_name;
use syntax::{Card, Mapped, Property};

/// Longest text of a field, in characters.
const VALUE_CHARS_MAX: usize = 160;

/// Properties that a field takes, or that only serve the file.
const KNOWN: &[&str] = &[
    "ADR",
    "EMAIL",
    "FN",
    "KIND",
    "LABEL",
    "N",
    "ORG",
    "PRODID",
    "REV",
    "ROLE",
    "SOURCE",
    "TEL",
    "TITLE",
    "UID",
    "URL",
    "VERSION",
    "X-ABADR",
    "X-ABLABEL",
    "X-ABSHOWAS",
    "X-SOCIALPROFILE",
    "CLASS",
    "MAILER",
    "TZ",
    "PROFILE",
    "NAME",
];

/// What cards say.
#[derive(Debug, Default)]
pub(crate) struct ReadCards {
    /// People and companies in the order of the file.
    pub(crate) drafts: Vec<Draft>,
    /// Names of properties that no field takes.
    pub(crate) labels: BTreeSet<String>,
}

fn essence(content_type: Option<&str>) -> String {
    content_type.and_then(|it| it.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether a content type is that of a file of cards: text (RFC 6350, 10.1 and its forerunners) or JSON (RFC 7095).
pub(crate) fn is_card_type(content_type: Option<&str>) -> bool {
    ["text/vcard", "text/x-vcard", "text/directory", "application/vcard", "application/vcard+json"]
        .contains(&essence(content_type).as_str())
}

/// Reads a file of cards, `None` where it is none; `region` is the country of a number without a country code.
///
/// Servers send cards under many types: what tells is how the file begins.
pub(crate) fn read_cards(content_type: Option<&str>, source: &str, region: Option<&str>) -> Option<ReadCards> {
    let start = source.trim_start_matches('\u{feff}').trim_start();
    let is_card = start.get(..11).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCARD"));
    let is_json = start.starts_with(['[', '{']);
    let typed = is_card_type(content_type);
    if is_json && (typed || start.chars().filter(|c| !c.is_whitespace()).take(9).eq(r#"["vcard","#.chars())) {
        return Some(collect(&json::read(source), region));
    }
    (typed || is_card).then(|| collect(&syntax::read(source), region))
}

fn collect(cards: &[Card], region: Option<&str>) -> ReadCards {
    let mut read = ReadCards::default();
    for card in cards {
        let reader = Reader { card, region };
        read.drafts.extend(reader.draft());
        let unknown = card.properties.iter().map(|property| property.name.as_str());
        read.labels.extend(unknown.filter(|name| !KNOWN.contains(name)).map(str::to_ascii_lowercase));
    }
    read
}

struct Reader<'c> {
    card: &'c Card,
    region: Option<&'c str>,
}

fn place(value: &Mapped) -> Place<'_> {
    Place::new(&value.text, |range| Some(value.span(range)))
}

fn is_short(value: &Mapped) -> bool {
    !value.text.is_empty() && value.text.chars().count() <= VALUE_CHARS_MAX
}

fn put(draft: &mut Draft, field: Field, value: &Mapped) {
    if is_short(value) {
        let (text, seen) = place(value).trimmed();
        draft.put(field, text, Method::VCard, seen);
    }
}

fn put_name(shown: Option<&Mapped>, parts: Option<&[Mapped; 5]>, draft: &mut Draft) -> Option<()> {
    if let Some(shown) = shown {
        let place = place(shown);
        if let Some(name) = structured_name(&shown.text) {
            draft.put_name(&place, &name, Method::VCard);
        } else {
            let range = trim_range(&shown.text, behind_salutation(&shown.text)..shown.text.len());
            draft.put(Field::Name, place.part(&range), Method::VCard, place.seen(&range));
        }
    }
    if let Some([family, given, more, prefix, suffix]) = parts {
        if shown.is_none() {
            let words: Vec<&str> =
                [given, more, family].iter().map(|part| part.text.as_str()).filter(|text| !text.is_empty()).collect();
            let whole = words.join(" ");
            let ends = [given, more, family].map(|part| part.span(&(0..part.text.len())));
            let known = ends.iter().filter(|[start, end]| start < end);
            let span = known.copied().reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
            draft.put(Field::Name, &whole, Method::VCard, Seen::new(&whole, span));
        }
        for (field, part) in [(Field::GivenName, given), (Field::FamilyName, family)] {
            if !part.text.is_empty() {
                draft.drop_field(field);
                put(draft, field, part);
            }
        }
        for part in [prefix, suffix] {
            if !draft.has(Field::Degree) && crate::schema::is_academic(&part.text) {
                put(draft, Field::Degree, part);
            }
        }
    }
    draft.has(Field::Name).then_some(())
}

impl Reader<'_> {
    fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Property> {
        self.card.properties.iter().filter(move |property| property.name == name)
    }

    /// The first value of a property that says something.
    fn first(&self, name: &str) -> Option<Mapped> {
        self.all(name).map(|property| property.value.plain()).find(|value| !value.text.is_empty())
    }

    fn draft(&self) -> Option<Draft> {
        let kind = self.first("KIND").map(|kind| kind.text.to_ascii_lowercase()).unwrap_or_default();
        if matches!(kind.as_str(), "location" | "application" | "device") {
            return None;
        }
        let org = self.org();
        let shown = self.first("FN").filter(|name| is_short(name) && !name.text.contains('@'));
        let parts = self.name_parts();
        let named_as_firm = match (&shown, &org) {
            (Some(name), Some(org)) => name.text.eq_ignore_ascii_case(&org.text),
            (None, Some(_)) => parts.is_none(),
            (_, None) => false,
        };
        let as_firm = self.first("X-ABSHOWAS").is_some_and(|shown| shown.text.eq_ignore_ascii_case("company"));
        let is_company = named_as_firm || as_firm || matches!(kind.as_str(), "org" | "group");
        let mut draft = if is_company {
            let mut draft = Draft::new(EntityKind::Company, self.card.at);
            let name = org.clone().filter(|_| as_firm).or(shown).or(org)?;
            put(&mut draft, Field::Name, &name);
            if let Some(company) = find_company(&name.text) {
                let place = place(&name);
                draft.put(Field::LegalForm, place.part(&company.form), Method::VCard, place.seen(&company.form));
            }
            draft
        } else {
            let mut draft = Draft::new(EntityKind::Person, self.card.at);
            put_name(shown.as_ref(), parts.as_ref(), &mut draft)?;
            if let Some(org) = &org {
                put(&mut draft, Field::Company, org);
            }
            if let Some(title) = self.first("TITLE").or_else(|| self.first("ROLE")) {
                put(&mut draft, Field::JobTitle, &title);
            }
            draft
        };
        self.put_address(&mut draft);
        self.put_contacts(&mut draft);
        Some(draft)
    }

    fn org(&self) -> Option<Mapped> {
        self.all("ORG").next().and_then(|org| org.value.split(';').first().map(Mapped::plain)).filter(is_short)
    }

    /// Whether the label of a number's group says fax, as address books of Apple write it.
    fn is_labelled_fax(&self, property: &Property) -> bool {
        let in_group = |label: &&Property| label.group.is_some() && label.group == property.group;
        self.all("X-ABLABEL").filter(in_group).any(|label| label.value.text.to_ascii_lowercase().contains("fax"))
    }

    /// Family name, given name and further ones, prefixes, suffixes (RFC 6350, 6.2.2); nothing where all are empty.
    fn name_parts(&self) -> Option<[Mapped; 5]> {
        let property = self.all("N").next()?;
        let mut parts = property.value.split(';').into_iter().map(|part| part.plain());
        let parts: [Mapped; 5] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        parts.iter().take(2).any(|part| !part.text.is_empty()).then_some(parts)
    }

    /// Street, city, postal code, country (RFC 6350, 6.3.1); a work address goes before a home address.
    fn put_address(&self, draft: &mut Draft) {
        let is_home = |property: &&Property| property.types.iter().any(|kind| kind == "home");
        let mut addresses: Vec<&Property> = self.all("ADR").collect();
        addresses.sort_by_key(is_home);
        let Some(address) = addresses.first() else { return };
        let parts: Vec<Mapped> = address.value.split(';').iter().map(Mapped::plain).collect();
        for (at, field) in [(2, Field::Street), (3, Field::City), (5, Field::Postcode)] {
            if let Some(part) = parts.get(at) {
                put(draft, field, part);
            }
        }
        if let Some(country) = parts.get(6).filter(|part| is_short(part))
            && let Some(code) = country_of(&country.text)
        {
            draft.put(Field::Country, code, Method::VCard, place(country).trimmed().1);
        }
    }

    fn put_contacts(&self, draft: &mut Draft) {
        for property in self.all("EMAIL") {
            let value = property.value.plain();
            let start =
                if value.text.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("mailto:")) { 7 } else { 0 };
            let range = trim_range(&value.text, start..value.text.len());
            let place = place(&value);
            if let Ok(address) = EmailAddress::parse(place.part(&range)) {
                draft.put(Field::Emails, address.as_str(), Method::VCard, place.seen(&range));
            }
        }
        let region = draft.first(Field::Country).or(self.region).map(str::to_owned);
        for property in self.all("TEL") {
            let value = property.value.plain();
            let end = value.text.trim_end_matches([';', ',', ' ']).len();
            let start = if value.text.starts_with("tel:") { 4 } else { 0 };
            let range = trim_range(&value.text, start..end.max(start));
            let place = place(&value);
            let is_fax = property.types.iter().any(|kind| kind == "fax") || self.is_labelled_fax(property);
            let field = if is_fax { Field::Faxes } else { Field::Phones };
            if let Some(number) = phone_or_text(place.part(&range), region.as_deref()) {
                draft.put(field, &number, Method::VCard, place.seen(&range));
            }
        }
        let name = draft.first(Field::Name).unwrap_or_default().to_owned();
        for property in self.all("URL").chain(self.all("X-SOCIALPROFILE")) {
            let value = property.value.plain();
            if draft.kind == EntityKind::Person {
                if is_own_address(&value.text, &name) || profile_url(&value.text).is_some() {
                    put(draft, Field::ProfileUrls, &value);
                }
            } else if let Some(host) = muster_model::registered_host(&value.text) {
                draft.put(Field::Domain, &host, Method::VCard, place(&value).trimmed().1);
            }
        }
    }
}

#[cfg(test)]
mod tests;
