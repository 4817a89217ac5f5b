//! Mentions in the form in which they are compared: spelled names, parsed mailboxes, employer tokens, digits.
//!
//! What two crates must agree on (folding, legal forms, hosts) is the model crate's; here is what only matching
//! needs. Nothing is inferred about a person beyond what the mention says.
//!
//! Invariant: the result depends on the one mention alone, and no type here prints its values.

use crate::name::{Name, name_of};
use muster_model::{EmailAddress, Mention, MentionRecord, company_core, fold_name, profile_url_key, registered_host};

/// Longest list of mailboxes, phones or profiles that is looked at, against a page that was read as one mention.
const VALUES_MAX: usize = 16;

/// Mail services whose domain says nothing about an employer.
const MAIL_SERVICES: &[&str] = &[
    "gmail",
    "googlemail",
    "yahoo",
    "hotmail",
    "outlook",
    "live",
    "msn",
    "aol",
    "icloud",
    "me",
    "mac",
    "gmx",
    "web",
    "t-online",
    "freenet",
    "arcor",
    "posteo",
    "mailbox",
    "proton",
    "protonmail",
    "orange",
    "wanadoo",
    "free",
    "laposte",
    "sfr",
    "libero",
    "virgilio",
    "tiscali",
    "wp",
    "onet",
    "interia",
    "o2",
    "seznam",
    "yandex",
    "mail",
    "rediffmail",
    "bluewin",
    "aon",
    "chello",
    "telenet",
    "ziggo",
    "kpnmail",
    "btinternet",
    "sky",
    "comcast",
    "verizon",
    "qq",
    "163",
];

/// Platforms whose domain stands in many companies' mentions without being theirs.
const PLATFORMS: &[&str] = &[
    "facebook",
    "linkedin",
    "xing",
    "instagram",
    "twitter",
    "x",
    "youtube",
    "tiktok",
    "github",
    "google",
    "wordpress",
    "wixsite",
    "jimdo",
    "jimdofree",
    "blogspot",
    "medium",
    "linktr",
    "eventbrite",
    "crunchbase",
    "bing",
];

/// Second-level labels under which countries register names.
const SECOND_LEVELS: &[&str] = &["co", "com", "org", "net", "ac", "gov", "edu", "or", "gv", "ne", "go", "gob", "in"];

/// A personal mailbox.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mailbox {
    /// The address, without a tag.
    pub(crate) address: String,
    /// The local part's letters and digits, spelled.
    pub(crate) local: String,
    /// The registrable domain.
    pub(crate) domain: String,
    /// Whether the domain is a company's rather than a mail service's.
    pub(crate) is_company: bool,
}

/// A profile on a platform.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Profile {
    pub(crate) key: String,
    pub(crate) host: String,
}

/// A work address or seat.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) street: Option<String>,
    pub(crate) postcode: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) country: Option<String>,
}

/// The page a mention stands on.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PageRef {
    pub(crate) url: String,
    pub(crate) hash: Option<String>,
    pub(crate) second: i64,
}

/// A mention of a person, for comparing.
#[derive(Clone, Default)]
pub(crate) struct Person {
    pub(crate) name: Name,
    pub(crate) mailboxes: Vec<Mailbox>,
    pub(crate) role_mailboxes: Vec<String>,
    pub(crate) company_core: Option<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) phones: Vec<String>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) title: Option<String>,
    pub(crate) place: Place,
    pub(crate) page: Option<PageRef>,
}

/// A mention of a company, for comparing.
#[derive(Clone, Default)]
pub(crate) struct Company {
    pub(crate) core: String,
    pub(crate) legal_form: Option<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) register: Option<String>,
    pub(crate) vat: Option<String>,
    pub(crate) phones: Vec<String>,
    pub(crate) mailboxes: Vec<String>,
    pub(crate) place: Place,
}

/// Writes a folded word so that transliterations meet: `Müller`, `Mueller` and `Muller` are one.
pub(crate) fn spell(word: &str) -> String {
    let folded = fold_name(&format!("zz {word}"));
    let folded = folded.strip_prefix("zz").unwrap_or(&folded).trim();
    folded.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")
}

/// Returns a mention of a person in the form that is compared.
#[expect(clippy::disallowed_methods, reason = "normalizing is one of the doors of DESIGN section 8")]
pub(crate) fn person(mention: &Mention) -> Person {
    let record = mention.record().expose();
    let mut person = Person {
        name: name_of(record),
        company_core: record.company.as_deref().map(core_of).filter(|core| !core.is_empty()),
        phones: sorted(record.phones.iter().filter_map(|phone| digits(phone))),
        profiles: sorted(record.profile_urls.iter().filter_map(|url| profile(url))),
        title: record.job_title.as_deref().map(title_words).filter(|title| !title.is_empty()),
        place: place_of(record),
        // A file is no page: it may well list one person twice.
        page: record.source_url.as_ref().filter(|url| !url.is_empty() && !url.starts_with("file:")).map(|url| {
            PageRef { url: url.clone(), hash: record.page_hash.clone(), second: mention.seen_at().as_second() }
        }),
        ..Person::default()
    };
    let mut domains: Vec<String> = record.company_domain.as_deref().and_then(company_domain).into_iter().collect();
    let mut roles = Vec::new();
    let mut mailboxes = Vec::new();
    for address in record.emails.iter().filter_map(|text| EmailAddress::parse(text).ok()) {
        let mailbox = mailbox(&address);
        if mailbox.is_company {
            domains.push(mailbox.domain.clone());
        }
        if address.is_role() {
            roles.push(mailbox.address);
        } else {
            mailboxes.push(mailbox);
        }
    }
    person.domains = sorted(domains);
    person.role_mailboxes = sorted(roles);
    person.mailboxes = sorted(mailboxes);
    person
}

/// Returns a mention of a company in the form that is compared.
#[expect(clippy::disallowed_methods, reason = "normalizing is one of the doors of DESIGN section 8")]
pub(crate) fn company(mention: &Mention) -> Company {
    let record = mention.record().expose();
    let mailboxes: Vec<EmailAddress> = record.emails.iter().filter_map(|text| EmailAddress::parse(text).ok()).collect();
    Company {
        core: record.name.as_deref().map(core_of).unwrap_or_default(),
        legal_form: legal_form(record),
        domains: company_domains(record),
        register: record
            .register_number
            .as_deref()
            .map(code)
            .filter(|code| !code.is_empty())
            .map(|number| format!("{} {number}", record.register_court.as_deref().map(court).unwrap_or_default())),
        vat: record.vat_id.as_deref().map(code).filter(|code| !code.is_empty()),
        phones: sorted(record.phones.iter().filter_map(|phone| digits(phone))),
        mailboxes: sorted(mailboxes.iter().map(|address| mailbox(address).address)),
        place: place_of(record),
    }
}

/// Returns the registrable domains that a company's mention names.
pub(crate) fn company_domains(record: &MentionRecord) -> Vec<String> {
    let own = record.domain.as_deref().or(record.company_domain.as_deref()).and_then(company_domain);
    match own {
        Some(domain) => vec![domain],
        None => sorted(
            record
                .emails
                .iter()
                .filter_map(|text| EmailAddress::parse(text).ok())
                .map(|address| mailbox(&address))
                .filter(|mailbox| mailbox.is_company)
                .map(|mailbox| mailbox.domain),
        ),
    }
}

/// Returns a company's name without legal form, spelled; the words stay apart.
pub(crate) fn core_of(name: &str) -> String {
    company_core(&long_forms(name))
        .split(' ')
        .filter(|word| *word != "&")
        .map(spell_plain)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Like [`spell`] for a word that is folded already and may be a degree's abbreviation.
fn spell_plain(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// Writes the long form of a legal form as its abbreviation.
fn long_forms(name: &str) -> String {
    const LONG: &[(&str, &str)] = &[
        ("gesellschaft mit beschränkter haftung", "GmbH"),
        ("gesellschaft m.b.h.", "GmbH"),
        ("ges.m.b.h.", "GmbH"),
        ("ges. m. b. h.", "GmbH"),
        ("aktiengesellschaft", "AG"),
        ("kommanditgesellschaft", "KG"),
        ("eingetragener verein", "eV"),
        ("eingetragene genossenschaft", "eG"),
        ("private limited", "Ltd"),
        ("pvt. ltd.", "Ltd"),
        ("pvt ltd", "Ltd"),
        ("société anonyme", "SA"),
    ];
    let lower = name.to_lowercase();
    let Some((long, short)) = LONG.iter().find(|(long, _)| lower.contains(long)) else {
        return name.to_owned();
    };
    lower.replace(long, short)
}

/// The legal form of a company: what the mention says, or what its name ends with, words sorted.
fn legal_form(record: &MentionRecord) -> Option<String> {
    let words = |text: &str| -> Vec<String> {
        let dense = long_forms(text).replace('.', "").to_lowercase();
        dense.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && *w != "co").map(str::to_owned).collect()
    };
    let found = match record.legal_form.as_deref() {
        Some(form) if !form.trim().is_empty() => words(form),
        _ => {
            let name = record.name.as_deref()?;
            let kept = core_of(name).split(' ').count();
            let all = words(name);
            all.into_iter().filter(|word| word != "und" && word != "and").skip(kept).collect()
        }
    };
    let mut found: Vec<String> =
        found.iter().map(|word| if word == "limited" { "ltd" } else { word }.to_owned()).collect();
    found.sort();
    found.dedup();
    (!found.is_empty()).then(|| found.join(" "))
}

/// Returns the registrable part of a domain that can be a company's, not a platform's or a mail service's.
pub(crate) fn company_domain(text: &str) -> Option<String> {
    let domain = registrable(&registered_host(text)?);
    (!is_foreign(&domain)).then_some(domain)
}

fn is_foreign(domain: &str) -> bool {
    let label = domain_label(domain);
    MAIL_SERVICES.contains(&label) || PLATFORMS.contains(&label)
}

/// The name that was registered, without what stands before it.
fn registrable(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').collect();
    let count = labels.len();
    let second_level = count >= 3
        && labels.last().is_some_and(|top| top.len() == 2)
        && labels.get(count - 2).is_some_and(|label| SECOND_LEVELS.contains(label));
    labels.get(count.saturating_sub(if second_level { 3 } else { 2 })..).unwrap_or_default().join(".")
}

/// The label that names a registrable domain's owner.
pub(crate) fn domain_label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

fn mailbox(address: &EmailAddress) -> Mailbox {
    let untagged = address.local_part().split('+').next().filter(|part| !part.is_empty());
    let untagged = untagged.unwrap_or(address.local_part());
    let domain = registrable(address.domain());
    Mailbox {
        address: format!("{untagged}@{}", address.domain()),
        local: spell_plain(&untagged.chars().filter(|c| c.is_alphanumeric()).collect::<String>()),
        is_company: !is_foreign(&domain),
        domain,
    }
}

fn profile(url: &str) -> Option<Profile> {
    let key = profile_url_key(url)?;
    let host = registrable(key.split('/').next()?);
    Some(Profile { key, host })
}

fn sorted<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort();
    values.dedup();
    values.truncate(VALUES_MAX);
    values
}

/// A phone number's digits, with a plus where it is international; none for what is too short to be one.
pub(crate) fn digits(phone: &str) -> Option<String> {
    let plus = phone.trim_start().starts_with('+');
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 5).then(|| if plus { format!("+{digits}") } else { digits })
}

/// Letters and digits in upper case, for numbers that are codes.
pub(crate) fn code(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The town of a register court, without the word for court.
fn court(text: &str) -> String {
    let words = spell(text);
    words.rsplit(' ').next().unwrap_or_default().to_owned()
}

/// A text's words, folded, for comparing titles and places.
pub(crate) fn plain_words(text: &str) -> String {
    spell(&text.replace(',', " "))
}

fn title_words(text: &str) -> String {
    let words = plain_words(text);
    let kept: Vec<&str> = words
        .split(' ')
        .filter(|word| !["m", "w", "d", "f", "h", "the", "of", "for", "fur", "und", "and", "&"].contains(word))
        .collect();
    kept.join(" ")
}

fn place_of(record: &MentionRecord) -> Place {
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    Place {
        street: filled(record.street.as_deref().map(street_words)),
        postcode: filled(record.postcode.as_deref().map(code)),
        city: filled(record.city.as_deref().map(plain_words)),
        country: filled(record.country.as_deref().map(code)),
    }
}

/// A street in one spelling: `Haupt-Str. 5` and `Hauptstraße 5` are one.
pub(crate) fn street_words(text: &str) -> String {
    let dense: String = plain_words(text).split(' ').collect();
    dense.replace("strasse", "str").replace("street", "str")
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_model::EntityKind;

    #[test]
    fn company_names_lose_their_legal_form_in_any_spelling() {
        for name in [
            "Nordwind Logistik GmbH",
            "Nordwind Logistik Gesellschaft mit beschränkter Haftung",
            "NORDWIND LOGISTIK Ges.m.b.H.",
            "Nordwind-Logistik GmbH & Co. KG",
        ] {
            assert_eq!(core_of(name), "nordwind logistik", "{name}");
        }
        assert_eq!(core_of("Müller & Söhne KG"), core_of("Mueller und Soehne"));
    }

    #[test]
    fn a_legal_form_is_read_off_the_name() {
        let form = |name: &str| {
            let mut record = MentionRecord::new(EntityKind::Company);
            record.name = Some(name.into());
            legal_form(&record)
        };
        assert_eq!(form("Nordwind GmbH & Co. KG").as_deref(), Some("gmbh kg"));
        assert_eq!(form("Nordwind Limited"), form("Nordwind Ltd."));
        assert_eq!(form("Müller & Söhne GmbH").as_deref(), Some("gmbh"));
        assert_eq!(form("Nordwind"), None);
    }

    #[test]
    fn domains_are_cut_to_what_was_registered() {
        assert_eq!(company_domain("https://www.team.firma.example/x").as_deref(), Some("firma.example"));
        assert_eq!(registrable("shop.firma.co.uk"), "firma.co.uk");
        assert_eq!(company_domain("localhost"), None);
    }

    #[test]
    fn spellings_of_one_street_meet() {
        assert_eq!(street_words("Haupt-Str. 5"), street_words("Hauptstraße 5"));
    }
}
