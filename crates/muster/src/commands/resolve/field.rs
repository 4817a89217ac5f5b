//! What a column may be for: a field of contacts, a plain attribute, or nothing; by its name and by `--map`.
//!
//! Invariant: a name in `--map` that is nearly that of a field is an error, never silently an attribute.

use muster_model::Field;
use muster_resolve::AttributeKind;

use crate::command_error::CommandError;

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    MentionId,
    Kind,
    SeenAt,
    /// The name of whatever the row is about.
    Name,
    FullName,
    GivenName,
    FamilyName,
    JobTitle,
    Company,
    CompanyDomain,
    LegalForm,
    RegisterCourt,
    RegisterNumber,
    VatId,
    Street,
    City,
    Postcode,
    Country,
    SourceUrl,
    PageHash,
    Emails,
    Phones,
    ProfileUrls,
}

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A field.
    Slot(Slot),
    /// A plain attribute; its kind is told from the values where it is absent.
    Attribute { name: String, kind: Option<AttributeKind> },
    /// Nothing.
    Ignored,
}

/// Names of columns by field, the surest first; case, spaces and underscores do not count.
const SLOTS: &[(Slot, &[&str])] = &[
    (Slot::MentionId, &["mention_id", "unique_id", "rec_id", "record_id", "row_id", "uid", "id"]),
    (Slot::Kind, &["kind"]),
    (Slot::SeenAt, &["seen_at"]),
    (Slot::Name, &["name"]),
    (Slot::FullName, &["full_name", "contact_name", "person_name", "first_and_surname"]),
    (Slot::GivenName, &["given_name", "first_name", "forename", "given_names", "first_names"]),
    (Slot::FamilyName, &["family_name", "last_name", "surname"]),
    (Slot::JobTitle, &["job_title", "title", "position"]),
    (Slot::Company, &["company", "company_name", "employer", "organization", "organisation"]),
    (Slot::CompanyDomain, &["company_domain", "domain", "website"]),
    (Slot::LegalForm, &["legal_form"]),
    (Slot::RegisterCourt, &["register_court"]),
    (Slot::RegisterNumber, &["register_number", "registration_number"]),
    (Slot::VatId, &["vat_id", "vat_number"]),
    (Slot::Street, &["street", "street_number", "address_1", "street_address", "address"]),
    (Slot::City, &["city", "suburb", "town"]),
    (Slot::Postcode, &["postcode", "postal_code", "zip", "zip_code", "postcode_fake"]),
    (Slot::Country, &["country", "country_code"]),
    (Slot::SourceUrl, &["source_url"]),
    (Slot::PageHash, &["page_hash"]),
    (Slot::Emails, &["emails", "email", "email_address", "mail"]),
    (Slot::Phones, &["phones", "phone", "phone_number", "telephone", "mobile"]),
    (Slot::ProfileUrls, &["profile_urls", "profile_url", "linkedin_url"]),
];

/// Columns of person files that are no contact fields but tell people apart; they are plain attributes.
const ATTRIBUTES: &[(&str, AttributeKind)] = &[
    ("date_of_birth", AttributeKind::Date),
    ("birth_date", AttributeKind::Date),
    ("dob", AttributeKind::Date),
    ("birth_place", AttributeKind::Text),
    ("place_of_birth", AttributeKind::Text),
    ("soc_sec_id", AttributeKind::Code),
    ("ssn", AttributeKind::Code),
    ("middle_name", AttributeKind::Text),
    ("occupation", AttributeKind::Text),
    ("address_2", AttributeKind::Text),
    ("state", AttributeKind::Text),
    ("county", AttributeKind::Text),
    ("region", AttributeKind::Text),
];

/// Members of a mention's JSON that say nothing about who it is.
const PASSED_OVER: &[&str] = &["degree", "faxes", "source", "lang", "public", "values"];

/// Words of `--map` for a plain attribute of a kind.
const KINDS: &[(&str, Option<AttributeKind>)] = &[
    ("attribute", None),
    ("text", Some(AttributeKind::Text)),
    ("date", Some(AttributeKind::Date)),
    ("number", Some(AttributeKind::Number)),
    ("code", Some(AttributeKind::Code)),
];

/// The words of `--map` for a column that is not to be read.
const IGNORE: &[&str] = &["ignore", "-"];

impl Slot {
    /// Returns the name that messages use.
    pub(crate) fn as_str(self) -> &'static str {
        SLOTS.iter().find(|(slot, _)| *slot == self).and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    /// Whether a row may hold several values of it, each from a column of its own.
    pub(crate) const fn is_list(self) -> bool {
        matches!(self, Self::Emails | Self::Phones | Self::ProfileUrls)
    }

    /// Whether it says who a person or company is.
    pub(crate) const fn tells_who(self) -> bool {
        match self {
            Self::Name
            | Self::FullName
            | Self::GivenName
            | Self::FamilyName
            | Self::Company
            | Self::CompanyDomain
            | Self::Emails
            | Self::Phones
            | Self::ProfileUrls
            | Self::RegisterNumber
            | Self::VatId => true,
            Self::MentionId
            | Self::Kind
            | Self::SeenAt
            | Self::JobTitle
            | Self::LegalForm
            | Self::RegisterCourt
            | Self::Street
            | Self::City
            | Self::Postcode
            | Self::Country
            | Self::SourceUrl
            | Self::PageHash => false,
        }
    }

    const fn of_field(field: Field) -> Option<Self> {
        Some(match field {
            Field::Name => Self::FullName,
            Field::GivenName => Self::GivenName,
            Field::FamilyName => Self::FamilyName,
            Field::JobTitle => Self::JobTitle,
            Field::Company => Self::Company,
            Field::CompanyDomain | Field::Domain => Self::CompanyDomain,
            Field::Emails => Self::Emails,
            Field::Phones => Self::Phones,
            Field::Street => Self::Street,
            Field::City => Self::City,
            Field::Postcode => Self::Postcode,
            Field::Country => Self::Country,
            Field::ProfileUrls => Self::ProfileUrls,
            Field::LegalForm => Self::LegalForm,
            Field::RegisterCourt => Self::RegisterCourt,
            Field::RegisterNumber => Self::RegisterNumber,
            Field::VatId => Self::VatId,
            Field::Degree | Field::Faxes => return None,
        })
    }
}

/// A name without case, spaces, hyphens and underscores.
fn key(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_whitespace() && !"_-.".contains(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Finds the field of that name, and how sure the name is: 0 for the field's own.
fn slot(name: &str) -> Option<(Slot, usize)> {
    let wanted = key(name);
    SLOTS.iter().find_map(|(slot, names)| Some((*slot, names.iter().position(|each| key(each) == wanted)?)))
}

fn known_attribute(name: &str) -> Option<Target> {
    let wanted = key(name);
    let found = ATTRIBUTES.iter().find(|(each, _)| key(each) == wanted);
    found.map(|&(each, kind)| Target::Attribute { name: each.to_owned(), kind: Some(kind) })
}

/// Rank of a name that is only guessed.
const GUESSED: usize = 100;

/// Tells what a column is for by its name alone, and how sure that is: 0 is the surest.
pub(crate) fn recognized(name: &str) -> (Target, usize) {
    if let Some((slot, rank)) = slot(name) {
        return (Target::Slot(slot), rank);
    }
    if let Some(attribute) = known_attribute(name) {
        return (attribute, 0);
    }
    if PASSED_OVER.contains(&name) {
        return (Target::Ignored, 0);
    }
    let guessed = muster_extract::suggested_field(name).and_then(Slot::of_field);
    (guessed.map_or(Target::Ignored, Target::Slot), GUESSED)
}

/// One entry of `--map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mapped {
    /// The column's name.
    pub(crate) column: String,
    /// What it is for.
    pub(crate) target: Target,
    /// Whether the word was none that is known, so that it was taken for the name of an attribute.
    pub(crate) is_coined: bool,
}

/// Reads one `COL=FIELD`.
///
/// # Errors
///
/// A usage error that says what may stand there.
pub(crate) fn read_mapped(entry: &str) -> Result<Mapped, CommandError> {
    let fault = |why: String| CommandError::usage(format!("failed to read `--map {entry}`: {why}"));
    let (column, field) = entry.rsplit_once('=').ok_or_else(|| fault("write it as COLUMN=FIELD".into()))?;
    let (column, field) = (column.trim().to_owned(), field.trim());
    if column.is_empty() || field.is_empty() {
        return Err(fault("write it as COLUMN=FIELD".into()));
    }
    let mapped = |target| Mapped { column: column.clone(), target, is_coined: false };
    let kind = |word: &str| KINDS.iter().find(|(name, _)| *name == word).map(|&(_, kind)| kind);
    if let Some((word, name)) = field.split_once(':') {
        let kind = kind(word).ok_or_else(|| fault(format!("`{word}` is none of {}", kind_names())))?;
        if name.is_empty() {
            return Err(fault(format!("write the attribute's name behind `{word}:`")));
        }
        return Ok(mapped(Target::Attribute { name: name.to_owned(), kind }));
    }
    if IGNORE.contains(&field) {
        return Ok(mapped(Target::Ignored));
    }
    if let Some(kind) = kind(field) {
        return Ok(mapped(Target::Attribute { name: column.clone(), kind }));
    }
    if let Some((slot, _)) = slot(field) {
        return Ok(mapped(Target::Slot(slot)));
    }
    if let Some(attribute) = known_attribute(field) {
        return Ok(mapped(attribute));
    }
    let is_identifier = field.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-');
    if !is_identifier {
        return Err(fault("no such field".into()).hint(field_names()));
    }
    if let Some(near) = near(field) {
        return Err(fault("no such field".into()).hint(format!(
            "did you mean `{near}`? For a plain attribute of that name write `{column}=attribute:{field}`"
        )));
    }
    Ok(Mapped { is_coined: true, ..mapped(Target::Attribute { name: field.to_owned(), kind: None }) })
}

fn kind_names() -> String {
    KINDS.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn field_names() -> String {
    let slots: Vec<&str> = SLOTS.iter().filter_map(|(_, names)| names.first().copied()).collect();
    format!("fields: {}; or {} for a plain attribute; or `ignore`", slots.join(", "), kind_names())
}

/// The field's name that one slip, or two in a longer word, make of this.
fn near(name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    let slips_max = match wanted.chars().count() {
        0..=3 => return None,
        4..=5 => 1,
        _ => 2,
    };
    let names = SLOTS.iter().flat_map(|(_, names)| names.iter().copied()).filter(|each| each.len() > 3);
    let slips = names.map(|each| (strsim::osa_distance(&wanted, each), each));
    slips.filter(|(slips, _)| *slips <= slips_max).min_by_key(|(slips, _)| *slips).map(|(_, each)| each)
}

/// The column that was likely meant by a name that none has.
pub(crate) fn nearest<'n>(wanted: &str, names: &'n [String]) -> Option<&'n str> {
    let wanted = wanted.to_lowercase();
    let slips = names.iter().map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name.as_str()));
    slips.filter(|(slips, _)| *slips <= 2).min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(entry: &str) -> Target {
        read_mapped(entry).unwrap().target
    }

    fn attribute(name: &str, kind: Option<AttributeKind>) -> Target {
        Target::Attribute { name: name.into(), kind }
    }

    #[test]
    fn fields_are_known_by_several_names() {
        for (name, slot) in [
            ("family_name", Slot::FamilyName),
            ("last_name", Slot::FamilyName),
            ("Surname", Slot::FamilyName),
            ("First Name", Slot::GivenName),
            ("forename", Slot::GivenName),
            ("ZIP", Slot::Postcode),
            ("emails", Slot::Emails),
            ("mention_id", Slot::MentionId),
            ("companyname", Slot::Company),
        ] {
            assert_eq!(target(&format!("x={name}")), Target::Slot(slot), "{name}");
            assert_eq!(recognized(name).0, Target::Slot(slot), "{name}");
        }
        assert_eq!(target("a=b=email"), Target::Slot(Slot::Emails));
        assert_eq!(target("a=ignore"), Target::Ignored);
    }

    #[test]
    fn attributes_are_named_after_their_column_or_by_a_word_of_their_own() {
        assert_eq!(target("born=date"), attribute("born", Some(AttributeKind::Date)));
        assert_eq!(target("born=date:birthday"), attribute("birthday", Some(AttributeKind::Date)));
        assert_eq!(target("x=attribute"), attribute("x", None));
        assert_eq!(target("x=code:customer"), attribute("customer", Some(AttributeKind::Code)));
        assert_eq!(target("b=dob"), attribute("dob", Some(AttributeKind::Date)));
        let coined = read_mapped("x=hair_cut").unwrap();
        assert_eq!((coined.target, coined.is_coined), (attribute("hair_cut", None), true));
        assert!(!read_mapped("x=state").unwrap().is_coined);
    }

    #[test]
    fn a_slip_in_a_fields_name_is_refused_with_what_was_meant() {
        for (word, meant) in
            [("fist_name", "first_name"), ("titel", "title"), ("surnam", "surname"), ("e_mail_adress", "email_address")]
        {
            let error = read_mapped(&format!("x={word}")).unwrap_err();
            assert!(error.hints[0].contains(&format!("did you mean `{meant}`")), "{word}");
        }
        for entry in ["x", "=name", "x=", "x=a b", "x=colour:y", "x=date:"] {
            assert!(read_mapped(entry).is_err(), "{entry}");
        }
        assert_eq!(target("x=attribute:fist_name"), attribute("fist_name", None));
    }

    #[test]
    fn every_name_means_one_thing() {
        let mut names: Vec<String> = SLOTS.iter().flat_map(|(_, names)| names.iter().map(|name| key(name))).collect();
        names.extend(ATTRIBUTES.iter().map(|(name, _)| key(name)));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        for &(slot, names) in SLOTS {
            assert_eq!(slot.as_str(), names[0]);
        }
    }
}
