//! Items of structured data to drafts of people and companies.
//!
//! People are taken where the page presents them as such: at the top, as staff or founders of an organisation, as
//! speakers. A spouse, a child, a reviewer is nobody's business contact and is not followed.
//!
//! Invariant: of a property without a field only the name leaves this module.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{EmailAddress, EntityKind, Field, Method};

use crate::address::country_of;
use crate::atoms::{is_own_address, profile_url};
use crate::company_name::find_company;
use crate::dom::Doc;
use crate::draft::{Draft, Seen};
use crate::item::{Item, PropertyText, Value};
use crate::person_name::{PersonName, behind_brackets, behind_salutation, parse_name};
use crate::phone::{parse_phone, phone_or_text};
use crate::words::{fold, has_organization_word, is_no_name};

/// Deepest chain of items that is followed.
const DEPTH_MAX: usize = 24;

/// Most items that are looked at; references may form a net.
const VISITS_MAX: usize = 20_000;

/// Longest text of a field, in characters.
const VALUE_CHARS_MAX: usize = 160;

/// Properties that lead away from the people of the page.
const NOT_FOLLOWED: &[&str] = &[
    "review",
    "reviews",
    "aggregateRating",
    "comment",
    "spouse",
    "children",
    "parent",
    "parents",
    "sibling",
    "siblings",
    "knows",
    "relatedTo",
    "follows",
    "colleague",
    "colleagues",
    "alumni",
    "alumniOf",
    "sponsor",
    "funder",
    "customer",
    "brand",
    "memberOf",
    "nationality",
    "birthPlace",
    "offers",
    "breadcrumb",
    "subOrganization",
    "parentOrganization",
    "manufacturer",
    "itemReviewed",
    "seller",
    "provider",
    "creditedTo",
    "interactionStatistic",
    "potentialAction",
];

/// Properties of an organisation that name its people.
const STAFF: &[&str] = &["employee", "employees", "founder", "founders", "member", "members", "ceo", "owner", "owns"];

/// Properties of a person that a field takes, or that only serve the page.
const PERSON_PROPERTIES: &[&str] = &[
    "name",
    "givenName",
    "familyName",
    "additionalName",
    "honorificPrefix",
    "honorificSuffix",
    "jobTitle",
    "worksFor",
    "affiliation",
    "email",
    "telephone",
    "faxNumber",
    "address",
    "streetAddress",
    "addressLocality",
    "postalCode",
    "addressCountry",
    "url",
    "sameAs",
    "hasOccupation",
    "contactPoint",
    "mainEntityOfPage",
    "employee",
    "role",
    "roleName",
];

/// Properties of an organisation that a field takes, or that only serve the page.
const COMPANY_PROPERTIES: &[&str] = &[
    "name",
    "legalName",
    "email",
    "telephone",
    "faxNumber",
    "address",
    "streetAddress",
    "addressLocality",
    "postalCode",
    "addressCountry",
    "url",
    "sameAs",
    "contactPoint",
    "contactPoints",
    "vatID",
    "employee",
    "employees",
    "founder",
    "founders",
    "member",
    "members",
    "owner",
    "worksFor",
    "mainEntityOfPage",
];

/// A company that structured data describes.
#[derive(Debug, Clone)]
pub(crate) struct StructuredCompany {
    /// What is said of it.
    pub(crate) draft: Draft,
    /// The host of its address, where one is given.
    pub(crate) host: Option<String>,
}

/// What structured data says.
#[derive(Debug, Default)]
pub(crate) struct Structured {
    /// People.
    pub(crate) people: Vec<Draft>,
    /// Companies.
    pub(crate) companies: Vec<StructuredCompany>,
    /// Names of properties that no field takes.
    pub(crate) labels: BTreeSet<String>,
}

/// Reads items.
pub(crate) fn read_schema(doc: &Doc<'_>, items: &[Item], region: Option<&str>) -> Structured {
    let mut index = BTreeMap::new();
    for item in items {
        index_ids(item, &mut index, 0);
    }
    let mut reader = Reader { doc, region, index, visits: 0, found: Structured::default() };
    for item in items {
        reader.visit(item, None, 0);
    }
    reader.found
}

fn index_ids<'i>(item: &'i Item, index: &mut BTreeMap<&'i str, &'i Item>, depth: usize) {
    if depth > DEPTH_MAX {
        return;
    }
    if let Some(id) = item.id.as_deref().filter(|_| !item.properties.is_empty()) {
        index.entry(id).or_insert(item);
    }
    for (_, value) in &item.properties {
        if let Value::Item(inner) = value {
            index_ids(inner, index, depth + 1);
        }
    }
}

struct Reader<'d, 'a> {
    doc: &'d Doc<'a>,
    region: Option<&'d str>,
    index: BTreeMap<&'d str, &'d Item>,
    visits: usize,
    found: Structured,
}

/// Returns whether one of the types is an organisation's.
fn is_organization(item: &Item) -> bool {
    item.types.iter().any(|name| {
        let ending = [
            "Organization",
            "Business",
            "Store",
            "Service",
            "Agency",
            "Shop",
            "Restaurant",
            "Office",
            "Dealer",
            "Association",
            "Company",
            "Clinic",
            "Hospital",
            "Contractor",
            "Agent",
            "Party",
            "Club",
            "Group",
            "Team",
            "Center",
            "School",
            "University",
        ];
        ending.iter().any(|end| name.ends_with(end))
            || matches!(
                name.as_str(),
                "Corporation"
                    | "NGO"
                    | "Airline"
                    | "Consortium"
                    | "Attorney"
                    | "Notary"
                    | "Dentist"
                    | "Physician"
                    | "Plumber"
                    | "Electrician"
                    | "HousePainter"
                    | "Hotel"
                    | "Bakery"
                    | "Brewery"
                    | "Library"
                    | "Museum"
                    | "BankOrCreditUnion"
                    | "Pharmacy"
                    | "Locksmith"
                    | "Motel"
                    | "Winery"
                    | "Optician"
            )
    })
}

impl<'d> Reader<'d, '_> {
    fn resolve(&self, item: &'d Item) -> &'d Item {
        let known = item.id.as_deref().filter(|_| item.properties.is_empty()).and_then(|id| self.index.get(id));
        known.copied().unwrap_or(item)
    }

    fn visit(&mut self, item: &'d Item, employer: Option<&Draft>, depth: usize) {
        self.visits += 1;
        if depth > DEPTH_MAX || self.visits > VISITS_MAX {
            return;
        }
        let item = self.resolve(item);
        if item.is(&["Person"]) {
            self.person(item, employer);
        } else if is_organization(item) {
            self.organization(item, depth);
        } else if !item
            .types
            .iter()
            .any(|name| name.ends_with("Review") || name.ends_with("Rating") || name == "Comment" || name == "Product")
        {
            self.follow(item, depth);
        }
    }

    fn follow(&mut self, item: &'d Item, depth: usize) {
        for (name, value) in &item.properties {
            let Value::Item(inner) = value else { continue };
            let inner = self.resolve(inner);
            let written = matches!(name.as_str(), "author" | "editor" | "contributor" | "creator");
            // Whoever wrote something is a contact only where the page says more than the name.
            let bare = written
                && !["email", "jobTitle", "worksFor", "telephone"]
                    .iter()
                    .any(|name| inner.values(name).next().is_some());
            if !NOT_FOLLOWED.contains(&name.as_str()) && !bare {
                self.visit(inner, None, depth + 1);
            }
        }
    }

    fn organization(&mut self, item: &'d Item, depth: usize) {
        let mut draft = Draft::new(EntityKind::Company, item.at);
        let name = item.text("legalName").or_else(|| item.text("name"));
        if let Some(name) = name.filter(|name| is_short(&name.text)) {
            let (text, seen) = name.trimmed(self.doc);
            draft.put(Field::Name, &text, item.method, seen);
            if let Some(company) = find_company(&name.text) {
                let place = name.place(self.doc);
                draft.put(Field::LegalForm, place.part(&company.form), item.method, place.seen(&company.form));
            }
        }
        self.contacts(item, &mut draft);
        for point in item.values("contactPoint").chain(item.values("contactPoints")) {
            if let Value::Item(point) = point {
                self.contacts(self.resolve(point), &mut draft);
            }
        }
        if let Some(vat) = item.text("vatID") {
            let (text, seen) = vat.trimmed(self.doc);
            draft.put(Field::VatId, &text.replace(' ', ""), item.method, seen);
        }
        self.note_labels(item, COMPANY_PROPERTIES);
        for (name, value) in &item.properties {
            let Value::Item(inner) = value else { continue };
            if STAFF.contains(&name.as_str()) {
                self.staff(inner, &draft, name, depth);
            }
        }
        if draft.has(Field::Name) {
            let host = item.text("url").and_then(|url| muster_model::registered_host(&url.text));
            self.found.companies.push(StructuredCompany { draft, host });
        }
    }

    /// Reads a member of staff, directly or through a role.
    fn staff(&mut self, item: &'d Item, employer: &Draft, property: &str, depth: usize) {
        let item = self.resolve(item);
        if item.types.iter().any(|name| name.ends_with("Role")) {
            for value in item.values(property) {
                if let Value::Item(inner) = value {
                    let before = self.found.people.len();
                    self.staff_member(inner, employer, depth + 1);
                    self.role_name(item, before);
                }
            }
        } else {
            self.staff_member(item, employer, depth + 1);
        }
    }

    fn staff_member(&mut self, item: &'d Item, employer: &Draft, depth: usize) {
        let item = self.resolve(item);
        if item.types.is_empty() {
            // `"employee": {"name": …}` says by its place what it is.
            self.person(item, Some(employer));
        } else {
            self.visit(item, Some(employer), depth);
        }
    }

    fn role_name(&mut self, role: &Item, from: usize) {
        let Some(title) =
            role.text("roleName").or_else(|| role.text("namedPosition")).filter(|title| is_short(&title.text))
        else {
            return;
        };
        let (text, seen) = title.trimmed(self.doc);
        if let Some(person) = self.found.people.get_mut(from).filter(|person| !person.has(Field::JobTitle)) {
            person.put(Field::JobTitle, &text, role.method, seen);
        }
    }

    fn person(&mut self, item: &'d Item, employer: Option<&Draft>) {
        self.note_labels(item, PERSON_PROPERTIES);
        let mut draft = Draft::new(EntityKind::Person, item.at);
        if !self.person_name(item, &mut draft) {
            return;
        }
        self.contacts(item, &mut draft);
        let occupation = item.values("hasOccupation").find_map(Value::text);
        if let Some(title) = item.text("jobTitle").or(occupation).filter(|title| is_short(&title.text)) {
            let (text, seen) = title.trimmed(self.doc);
            draft.put(Field::JobTitle, &text, item.method, seen);
        }
        self.employer(item, employer, &mut draft);
        let name = draft.first(Field::Name).unwrap_or_default().to_owned();
        for url in item.values("sameAs").chain(item.values("url")).filter_map(Value::text) {
            let of_card = item.method == Method::HCard && is_own_address(&url.text, &name);
            if of_card || profile_url(&url.text).is_some() {
                let (text, seen) = url.trimmed(self.doc);
                draft.put(Field::ProfileUrls, &text, item.method, seen);
            }
        }
        self.found.people.push(draft);
    }

    fn person_name(&self, item: &Item, draft: &mut Draft) -> bool {
        let (given, family) = (item.text("givenName"), item.text("familyName"));
        if let Some(text) = item.text("name") {
            let place = text.place(self.doc);
            if let Some(name) = structured_name(&text.text) {
                draft.put_name(&place, &name, item.method);
            } else if item.method == Method::HCard && is_card_name(&text.text) {
                let (value, seen) = place.trimmed();
                draft.put(Field::Name, value, item.method, seen);
            } else {
                return false;
            }
        } else if let (Some(given), Some(family)) = (given, family) {
            let (given_text, given_seen) = given.trimmed(self.doc);
            let (family_text, family_seen) = family.trimmed(self.doc);
            let whole = format!("{given_text} {family_text}");
            if structured_name(&whole).is_none() {
                return false;
            }
            let span = given_seen.span.zip(family_seen.span).map(|(a, b)| [a[0].min(b[0]), a[1].max(b[1])]);
            draft.put(Field::Name, &whole, item.method, Seen::new(&whole, span));
        } else {
            return false;
        }
        for (field, text) in [(Field::GivenName, given), (Field::FamilyName, family)] {
            if let Some(text) = text {
                let (value, seen) = text.trimmed(self.doc);
                draft.drop_field(field);
                draft.put(field, &value, item.method, seen);
            }
        }
        for text in [item.text("honorificPrefix"), item.text("honorificSuffix")].into_iter().flatten() {
            self.degree(item, text, draft);
        }
        true
    }

    /// Keeps an academic degree; a salutation is not kept.
    fn degree(&self, item: &Item, text: &PropertyText, draft: &mut Draft) {
        if !draft.has(Field::Degree) && is_academic(&text.text) {
            let (value, seen) = text.trimmed(self.doc);
            draft.put(Field::Degree, &value, item.method, seen);
        }
    }

    fn employer(&self, item: &'d Item, employer: Option<&Draft>, draft: &mut Draft) {
        let stated =
            item.values("worksFor").chain(item.values("affiliation")).find_map(|value| Some((value, value.text()?)));
        if let Some((value, name)) = stated.filter(|(_, name)| is_short(&name.text)) {
            let (text, seen) = name.trimmed(self.doc);
            draft.put(Field::Company, &text, item.method, seen);
            let url = match value {
                Value::Item(firm) => self.resolve(firm).text("url"),
                Value::Text(_) => None,
            };
            if let Some((url, host)) = url.and_then(|url| Some((url, muster_model::registered_host(&url.text)?))) {
                draft.put(Field::CompanyDomain, &host, item.method, url.trimmed(self.doc).1);
            }
        } else if let Some(Value::Item(firm)) = item.values("worksFor").next() {
            // A reference: `"worksFor": {"@id": "#org"}`.
            if let Some(name) = self.resolve(firm).text("name").or_else(|| self.resolve(firm).text("legalName")) {
                let (text, seen) = name.trimmed(self.doc);
                draft.put(Field::Company, &text, item.method, seen);
            }
        } else if let Some(employer) = employer {
            draft.copy(employer, Field::Name, Field::Company);
        }
    }

    /// Reads mailboxes, numbers and address of an item into a draft.
    fn contacts(&self, item: &'d Item, draft: &mut Draft) {
        for text in item.values("email").filter_map(Value::text) {
            let place = text.place(self.doc);
            let start = place.text.to_ascii_lowercase().find("mailto:").map_or(0, |at| at + 7);
            let end = place.text.find('?').unwrap_or(place.text.len()).max(start);
            let range = crate::draft::trim_range(place.text, start..end);
            if let Ok(address) = EmailAddress::parse(place.part(&range)) {
                draft.put(Field::Emails, address.as_str(), item.method, place.seen(&range));
            }
        }
        for (property, field) in [("telephone", Field::Phones), ("faxNumber", Field::Faxes)] {
            for text in item.values(property).filter_map(Value::text) {
                let place = text.place(self.doc);
                let start = place.text.find("tel:").map_or(0, |at| at + 4);
                let range = crate::draft::trim_range(place.text, start..place.text.len());
                let read = if item.method == Method::HCard { phone_or_text } else { parse_phone };
                if let Some(number) = read(place.part(&range), self.region) {
                    draft.put(field, &number, item.method, place.seen(&range));
                }
            }
        }
        self.address(item, draft);
        for value in item.values("address") {
            if let Value::Item(address) = value {
                self.address(self.resolve(address), draft);
            }
        }
    }

    fn address(&self, item: &Item, draft: &mut Draft) {
        for (property, field) in [
            ("streetAddress", Field::Street),
            ("addressLocality", Field::City),
            ("postalCode", Field::Postcode),
            ("addressCountry", Field::Country),
        ] {
            let Some(text) = item.text(property).filter(|text| is_short(&text.text) && !draft.has(field)) else {
                continue;
            };
            let (value, seen) = text.trimmed(self.doc);
            if field == Field::Country {
                if let Some(code) = country_of(&value) {
                    draft.put(field, code, item.method, seen);
                }
            } else {
                draft.put(field, &value, item.method, seen);
            }
        }
    }

    fn note_labels(&mut self, item: &Item, known: &[&str]) {
        let unknown = item.properties.iter().map(|(name, _)| name).filter(|name| !known.contains(&name.as_str()));
        self.found.labels.extend(unknown.filter(|name| name.len() <= 60 && !name.contains('@')).cloned());
    }
}

/// Returns whether a prefix or suffix of a name is an academic degree.
pub(crate) fn is_academic(text: &str) -> bool {
    let before = format!("{} Anna Muster", text.trim());
    let behind = format!("Anna Muster, {}", text.trim());
    let with_degree =
        |text: &String| parse_name(text, 0).is_some_and(|name| name.name == "Anna Muster" && !name.degrees.is_empty());
    with_degree(&before) || with_degree(&behind)
}

/// Longest name that a card gives without the shape of a person's name.
const CARD_NAME_CHARS_MAX: usize = 40;

/// Returns whether what a card calls its name may be one: `Tantek` may, the account `admin` and a sentence may not.
fn is_card_name(text: &str) -> bool {
    let text = text.trim();
    let starts = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    starts
        && text.chars().count() <= CARD_NAME_CHARS_MAX
        && text.split_whitespace().count() <= 4
        && !text.contains(['@', ':', '!', '?'])
        && !is_no_name(&fold(text))
}

fn is_short(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= VALUE_CHARS_MAX
}

/// Reads the name of somebody that structured data calls a person; the vocabulary is evidence enough, so the word lists
/// do not speak here.
pub(crate) fn structured_name(text: &str) -> Option<PersonName> {
    if let Some(name) = parse_name(text, 0) {
        let rest = text.get(behind_brackets(text, name.rest)..).unwrap_or_default();
        if rest.trim_matches([' ', ',', '.']).is_empty() {
            return Some(name);
        }
    }
    let range = crate::draft::trim_range(text, behind_salutation(text)..text.len());
    let plain = text.get(range.clone())?;
    let words: Vec<&str> = plain.split(' ').collect();
    let spelled = plain.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | ','));
    if !spelled
        || !(2..=6).contains(&words.len())
        || find_company(plain).is_some()
        || has_organization_word(plain)
        || plain.len() > 80
    {
        return None;
    }
    let last = words.last()?;
    let family = range.end - last.len()..range.end;
    Some(PersonName {
        name: plain.to_owned(),
        given: Some(range.start..range.end - last.len() - 1),
        family: Some(family),
        rest: range.end,
        range,
        degrees: Vec::new(),
        framed: false,
        reversed: false,
    })
}
