//! Normal forms that matching and suppression must agree on: folded names, company cores, hosts, profile addresses.
//!
//! `resolve` compares by them and `gate` makes suppression keys of them, so they stand below both. A change here
//! changes suppression keys: it needs a new [`NORMALIZER_VERSION`] and a step that makes keys anew.
//!
//! Invariant: every function is idempotent and infers nothing (no gender, no origin).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The version of these normal forms, stored with every suppression entry.
pub const NORMALIZER_VERSION: u32 = 1;

/// Academic degrees and salutations that stand before or behind a name; compared after folding, without dots.
const NAME_FRAME: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "professorin",
    "dipl",
    "ing",
    "dipling",
    "mag",
    "magister",
    "med",
    "phil",
    "jur",
    "rer",
    "nat",
    "oec",
    "pol",
    "hc",
    "habil",
    "phd",
    "msc",
    "bsc",
    "mba",
    "ma",
    "llm",
    "ba",
    "univ",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sig",
    "dhr",
    "mevr",
    "pan",
    "pani",
];

/// Particles that belong to a family name.
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "zu", "zur", "vom", "di", "da", "del", "della", "du", "des", "la", "le", "ten",
    "ter", "af", "av", "al", "el", "bin", "ben", "dos", "das", "do",
];

/// Legal forms that are split off a company's name; longest first within a family.
const LEGAL_FORMS: &[&str] = &[
    "gmbh & co kgaa",
    "gmbh & co kg",
    "gmbh & co ohg",
    "ag & co kg",
    "ug haftungsbeschrankt & co kg",
    "ug haftungsbeschrankt",
    "gemeinnutzige gmbh",
    "gemeinnuetzige gmbh",
    "ggmbh",
    "gmbh",
    "mbh",
    "kgaa",
    "kg",
    "ohg",
    "gbr",
    "ug",
    "ag",
    "eg",
    "ev",
    "e v",
    "e k",
    "ek",
    "e u",
    "eu",
    "partg mbb",
    "partgmbb",
    "partg",
    "se",
    "ltd",
    "limited",
    "llp",
    "llc",
    "plc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "sarl",
    "sàrl",
    "sas",
    "sasu",
    "sa",
    "eurl",
    "sci",
    "snc",
    "srl",
    "spa",
    "s p a",
    "s r l",
    "bv",
    "b v",
    "nv",
    "n v",
    "sl",
    "s l",
    "sp z o o",
    "spolka z o o",
    "oy",
    "ab",
    "as",
    "aps",
    "oü",
    "kft",
    "sro",
    "s r o",
    "pty ltd",
    "pty",
];

fn fold_char(c: char, out: &mut String) {
    match c {
        'ß' | 'ẞ' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
        'þ' | 'Þ' => out.push_str("th"),
        'ı' => out.push('i'),
        _ => out.extend(c.to_lowercase()),
    }
}

/// Folds a text: NFKC, no marks, lower case, every run of what is neither letter nor digit one space.
fn fold_text(text: &str, keep: char) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().collect::<String>().nfd().filter(|&c| !is_combining_mark(c)) {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\'' | '’' | '`' | '´' => {}
            c if c.is_alphanumeric() || c == keep => fold_char(c, &mut folded),
            _ => folded.push(' '),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Folds a person's name for comparing: lower case, no marks, no degree, no salutation, given name first.
///
/// `Müller, Dr. Anna-Maria` and `Anna Maria Müller` give the same text. German transliteration is left to
/// [`name_variants`], because `ue` in `Manuel` is no umlaut.
///
/// # Examples
///
/// ```
/// assert_eq!(muster_model::fold_name("Müller, Dr. Anna-Maria"), "anna maria muller");
/// ```
pub fn fold_name(name: &str) -> String {
    let folded = match name.split_once(',') {
        Some((family, given)) if !is_frame_only(given) && !is_frame_only(family) => {
            format!("{} {}", fold_text(given, ' '), fold_text(family, ' '))
        }
        _ => fold_text(name, ' '),
    };
    let words: Vec<&str> = folded.split(' ').collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| !NAME_FRAME.contains(word)).collect();
    if kept.is_empty() { folded } else { kept.join(" ") }
}

fn is_frame_only(part: &str) -> bool {
    fold_text(part, ' ').split(' ').all(|word| word.is_empty() || NAME_FRAME.contains(&word))
}

/// The forms under which one name may come back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameVariants {
    /// Forms that carry a whole given name and the family name.
    pub full: Vec<String>,
    /// Forms with only an initial for the given name; several people may share one.
    pub initial: Vec<String>,
}

/// Returns the forms under which a name may come back: whole, first given name only, with `ü` as `u` and as `ue`,
/// and with an initial.
pub fn name_variants(name: &str) -> NameVariants {
    let mut full = Vec::new();
    let mut initial = Vec::new();
    for spelling in [name.to_owned(), transliterate_german(name)] {
        let folded = fold_name(&spelling).replace("ae", "a").replace("oe", "o").replace("ue", "u");
        let words: Vec<&str> = folded.split(' ').collect();
        let (Some(first), Some(family)) = (words.first(), family_part(&words)) else { continue };
        if words.len() < 2 {
            continue;
        }
        if first.chars().count() > 1 {
            let mut given_then_family: Vec<String> = vec![words.join(" "), format!("{first} {family}")];
            let mut sorted = words.clone();
            sorted.sort_unstable();
            given_then_family.push(format!("={}", sorted.join(" ")));
            full.append(&mut given_then_family);
        }
        initial.push(format!("{} {family}", first.chars().take(1).collect::<String>()));
    }
    for forms in [&mut full, &mut initial] {
        forms.sort();
        forms.dedup();
    }
    NameVariants { full, initial }
}

/// Writes umlauts out as German does without them.
fn transliterate_german(text: &str) -> String {
    text.nfc()
        .map(|c| match c {
            'ä' => "ae".to_owned(),
            'ö' => "oe".to_owned(),
            'ü' => "ue".to_owned(),
            'Ä' => "Ae".to_owned(),
            'Ö' => "Oe".to_owned(),
            'Ü' => "Ue".to_owned(),
            _ => c.to_string(),
        })
        .collect()
}

/// The family name: the last word with the particles before it.
fn family_part(words: &[&str]) -> Option<String> {
    let last = words.len().checked_sub(1)?;
    let mut start = last;
    while start > 1 && words.get(start - 1).is_some_and(|word| PARTICLES.contains(word)) {
        start -= 1;
    }
    words.get(start..).map(|family| family.join(" "))
}

/// Returns a company's name without its legal form, folded; never empty for a name that has a letter.
///
/// # Examples
///
/// ```
/// assert_eq!(muster_model::company_core("Müller & Söhne GmbH & Co. KG"), "muller & sohne");
/// assert_eq!(muster_model::company_core("AG"), "ag");
/// ```
pub fn company_core(name: &str) -> String {
    let folded = fold_text(&name.replace('.', "").replace('+', " & "), '&');
    let folded = folded.replace(" u ", " & ").replace(" und ", " & ").replace(" and ", " & ").replace(" et ", " & ");
    let mut core = folded.as_str();
    loop {
        let stripped =
            LEGAL_FORMS.iter().find_map(|form| core.strip_suffix(form).and_then(|rest| rest.strip_suffix(' ')));
        match stripped.map(|rest| rest.trim_end_matches([' ', '&'])) {
            Some(rest) if !rest.is_empty() => core = rest,
            _ => break,
        }
    }
    core.trim_matches([' ', '&']).to_owned()
}

/// Returns the host that an organisation's domain is compared by: lower case, ASCII, without `www.`.
pub fn registered_host(domain_or_url: &str) -> Option<String> {
    let text = domain_or_url.trim();
    let host = match url::Url::parse(text) {
        Ok(url) if url.has_host() => url.host_str().map(str::to_owned)?,
        _ => text.split(['/', '?', '#', ':']).next().unwrap_or_default().to_owned(),
    };
    let host = idna::domain_to_ascii(host.trim_end_matches('.')).ok()?;
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.starts_with('.')).then(|| host.to_owned())
}

/// Returns the canonical form of a profile address: host without `www.` and country prefix, path without trailing
/// slash, no query, no fragment, lower case.
pub fn profile_url_key(url: &str) -> Option<String> {
    let text = url.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let parsed = url::Url::parse(&with_scheme).ok()?;
    let mut host = registered_host(parsed.host_str()?)?;
    if let Some((country, rest)) = host.split_once('.')
        && country.len() == 2
        && rest.contains('.')
    {
        host = rest.to_owned();
    }
    let path = parsed.path().trim_end_matches('/').to_lowercase();
    (!path.is_empty()).then(|| format!("{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_one_form() {
        for spelling in
            ["Anna Müller", "MÜLLER, Anna", "Dr. Anna Müller", "Prof. Dr. med. Anna Mu\u{308}ller", "Frau Anna Müller"]
        {
            assert_eq!(fold_name(spelling), "anna muller", "{spelling}");
        }
        assert_eq!(fold_name("Anna Müller, MBA"), "anna muller");
        assert_eq!(fold_name("Sean O’Brien"), "sean obrien");
        assert_eq!(fold_name("Dr"), "dr");
    }

    #[test]
    fn a_name_meets_its_own_variants() {
        let has = |one: &str, two: &str| {
            let (a, b) = (name_variants(one), name_variants(two));
            a.full.iter().any(|form| b.full.contains(form))
        };
        assert!(has("Jürgen Müller", "Juergen Mueller"));
        assert!(has("Jürgen Müller", "Jurgen Muller"));
        assert!(has("Anna Maria Schmidt", "Anna Schmidt"));
        assert!(has("Anna Schmidt", "Schmidt Anna"));
        assert!(has("Dr. Karl von der Heide", "von der Heide, Karl"));
        assert!(!has("Anna Schmidt", "Andreas Schmidt"));
        assert_eq!(name_variants("A. Schmidt").full, Vec::<String>::new());
        assert_eq!(name_variants("A. Schmidt").initial, name_variants("Anna Schmidt").initial);
    }

    #[test]
    fn legal_forms_are_split_off_but_nothing_is_emptied() {
        for (name, core) in [
            ("Nordwind Logistik GmbH", "nordwind logistik"),
            ("Becker + Sohn KG", "becker & sohn"),
            ("Becker und Sohn", "becker & sohn"),
            ("Blue Heron Ltd.", "blue heron"),
            ("Lumière S.A.R.L.", "lumiere"),
            ("Coop", "coop"),
            ("SE", "se"),
        ] {
            assert_eq!(company_core(name), core, "{name}");
            assert_eq!(company_core(core), core, "idempotent: {name}");
        }
    }

    #[test]
    fn hosts_and_profiles_have_one_form() {
        assert_eq!(registered_host("https://www.Firma.example/team").as_deref(), Some("firma.example"));
        assert_eq!(registered_host("firma.example").as_deref(), Some("firma.example"));
        assert_eq!(registered_host("localhost"), None);
        let key = profile_url_key("https://de.linkedin.example/in/Anna-Example/?trk=x");
        assert_eq!(key, profile_url_key("linkedin.example/in/anna-example"));
        assert_eq!(profile_url_key("https://firma.example/"), None);
    }
}
