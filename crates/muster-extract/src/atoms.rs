//! The mailboxes, phone numbers and profiles of a page, each once for every place it stands in.
//!
//! Whose they are is not asked here; only what is said right beside them: that a number is a fax, or the switchboard.
//!
//! Invariant: atoms are in document order, and a link and its own text give one atom.

use std::ops::Range;
use std::sync::LazyLock;

use muster_model::{EmailAddress, Method, name_variants};
use regex::Regex;
use url::Url;

use crate::dom::Doc;
use crate::draft::{Place, Seen};
use crate::hidden_mail::{decode_cloudflare, decode_rot13, decode_typo3, find_mails};
use crate::lines::Line;
use crate::phone::{find_labelled, find_phones, parse_phone};

/// Most atoms of one kind on a page; a page of more is a directory dump or a trap.
const ATOMS_MAX: usize = 5_000;

/// Bytes of lines with digits that are searched for phone numbers on one page.
const PHONE_TEXT_BYTES_MAX: usize = 128 * 1024;

/// Hosts of public professional profiles, by the name before the top-level domain.
const PROFILE_HOSTS: &[&str] =
    &["linkedin", "xing", "github", "gitlab", "orcid", "researchgate", "twitter", "mastodon", "bsky", "viadeo"];

/// A mailbox in one place.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// The node it stands in.
    pub(crate) node: usize,
    /// The line it stands in.
    pub(crate) line: Option<usize>,
    /// The address.
    pub(crate) address: EmailAddress,
    /// Whether it is the target of a link.
    pub(crate) method: Option<Method>,
    /// How it was hidden.
    pub(crate) form: Option<&'static str>,
    /// Where it was seen.
    pub(crate) seen: Seen,
}

/// A phone or fax number in one place.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The node it stands in.
    pub(crate) node: usize,
    /// The line it stands in.
    pub(crate) line: Option<usize>,
    /// The number, E.164.
    pub(crate) number: String,
    /// Whether it is a fax.
    pub(crate) fax: bool,
    /// Whether the words beside it say that it is everybody's: switchboard, general enquiries.
    pub(crate) general: bool,
    /// Whether it is the target of a link.
    pub(crate) method: Option<Method>,
    /// Where it was seen.
    pub(crate) seen: Seen,
}

/// A profile link.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    /// The link.
    pub(crate) node: usize,
    /// The address.
    pub(crate) url: String,
    /// Where it was seen.
    pub(crate) seen: Seen,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Atoms {
    /// Mailboxes.
    pub(crate) mails: Vec<Mail>,
    /// Numbers.
    pub(crate) calls: Vec<Call>,
    /// Profiles.
    pub(crate) profiles: Vec<Profile>,
}

/// Returns the line that a node belongs to.
pub(crate) fn line_of(lines: &[Line], node: usize) -> Option<usize> {
    let at = lines.partition_point(|line| line.first <= node).checked_sub(1)?;
    lines.get(at).filter(|line| line.last >= node).map(|_| at)
}

/// Collects the atoms of a page; `region` is the country of national numbers.
pub(crate) fn collect(doc: &Doc<'_>, lines: &[Line], region: Option<&str>) -> Atoms {
    let mut atoms = Atoms::default();
    let mut link_texts: Vec<Range<usize>> = Vec::new();
    for index in 0..doc.len() {
        if doc.element(index).is_none() {
            continue;
        }
        let before = atoms.mails.len() + atoms.calls.len();
        from_element(doc, lines, index, region, &mut atoms);
        if atoms.mails.len() + atoms.calls.len() > before {
            link_texts.push(index..doc.end(index));
        }
    }
    let mut phone_budget = PHONE_TEXT_BYTES_MAX;
    for at in 0..lines.len() {
        from_line(doc, lines, at, region, &link_texts, &mut phone_budget, &mut atoms);
    }
    atoms.mails.sort_by_key(|mail| mail.node);
    atoms.calls.sort_by_key(|call| call.node);
    mark_general(lines, &mut atoms);
    atoms
}

fn from_element(doc: &Doc<'_>, lines: &[Line], index: usize, region: Option<&str>, atoms: &mut Atoms) {
    let first_text = (index..doc.end(index)).find(|&node| doc.text(node).is_some_and(|text| !text.trim().is_empty()));
    let line = first_text.and_then(|node| line_of(lines, node));
    if let Some((address, seen, form)) = hidden_in_attributes(doc, index) {
        if atoms.mails.len() < ATOMS_MAX {
            atoms.mails.push(Mail { node: index, line, address, method: None, form: Some(form), seen });
        }
        return;
    }
    let Some(href) = doc.attr(index, "href").filter(|_| matches!(doc.tag(index), "a" | "area" | "link")) else {
        return;
    };
    let Some((scheme, _)) = href.split_once(':') else { return };
    match scheme.trim().to_ascii_lowercase().as_str() {
        "mailto" => mailto(doc, index, line, atoms),
        "tel" | "callto" | "fax" => {
            let Some(target) = link_target(doc, index) else { return };
            let number = target.text.replace("%20", " ").replace("%2B", "+");
            let number = number.split([';', '?']).next().unwrap_or_default().trim_start_matches('/');
            // Where the link is broken, or leads elsewhere than its text says, the text is what people read.
            let Some(number) = parse_phone(number, region) else { return };
            let shown = line.and_then(|at| lines.get(at)).map(|line| line_part(doc, line, index)).unwrap_or_default();
            if find_phones(&shown, region).first().is_some_and(|(other, _)| *other != number) {
                return;
            }
            if atoms.calls.len() < ATOMS_MAX {
                let fax = scheme.eq_ignore_ascii_case("fax")
                    || is_fax_at(lines, line, first_text.and_then(|node| offset_in_line(doc, lines, line, node)));
                let seen = target.seen;
                atoms.calls.push(Call {
                    node: index,
                    line,
                    number,
                    fax,
                    general: false,
                    method: Some(Method::Mailto),
                    seen,
                });
            }
        }
        "http" | "https" => {
            if let Some(url) = profile_url(href) {
                let seen = Place::attr(doc, index, "href").map_or_else(Seen::nowhere, |place| place.trimmed().1);
                if atoms.profiles.len() < ATOMS_MAX {
                    atoms.profiles.push(Profile { node: index, url, seen });
                }
            }
        }
        _ => {}
    }
}

/// The part of a line that an element holds.
fn line_part(doc: &Doc<'_>, line: &Line, index: usize) -> String {
    let inside = line
        .text
        .char_indices()
        .filter(|(at, _)| line.node_at(*at).is_some_and(|node| (index..doc.end(index)).contains(&node)));
    inside.map(|(_, c)| c).collect()
}

struct Target {
    text: String,
    seen: Seen,
}

/// The part of a `href` behind its scheme.
fn link_target(doc: &Doc<'_>, index: usize) -> Option<Target> {
    let place = Place::attr(doc, index, "href")?;
    let start = place.text.find(':')? + 1;
    let end = place.text.find('?').unwrap_or(place.text.len()).max(start);
    let range = crate::draft::trim_range(place.text, start..end);
    Some(Target { text: place.part(&range).to_owned(), seen: place.seen(&range) })
}

fn mailto(doc: &Doc<'_>, index: usize, line: Option<usize>, atoms: &mut Atoms) {
    let Some(place) = Place::attr(doc, index, "href") else { return };
    let Some(colon) = place.text.find(':') else { return };
    let end = place.text.find('?').unwrap_or(place.text.len());
    let mut at = colon + 1;
    let list = place.text.get(at..end).unwrap_or_default();
    for part in list.split([',', ';']) {
        let range = crate::draft::trim_range(place.text, at..at + part.len());
        at += part.len() + 1;
        let decoded = percent_decode(place.part(&range));
        let hidden = find_mails(&decoded).into_iter().next();
        let Some(found) = hidden.filter(|_| atoms.mails.len() < ATOMS_MAX) else { continue };
        let seen = place.seen(&range);
        let form = found.form.or_else(|| entity_form(doc, &seen));
        atoms.mails.push(Mail { node: index, line, address: found.address, method: Some(Method::Mailto), form, seen });
    }
}

/// An address that was written in character references to hide it.
fn entity_form(doc: &Doc<'_>, seen: &Seen) -> Option<&'static str> {
    let [start, end] = seen.span?;
    let raw = doc.source.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
    (raw.contains("&#") || raw.contains("&commat;") || raw.contains("&period;")).then_some("entities")
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match hex {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Addresses hidden in attributes: Cloudflare, TYPO3, ROT13.
fn hidden_in_attributes(doc: &Doc<'_>, index: usize) -> Option<(EmailAddress, Seen, &'static str)> {
    static TYPO3: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"linkTo_UnCryptMailto\(\s*%?2?7?'?([^')]+?)(?:%27)?'?[,)]").expect("the pattern is valid")
    });
    let attr = |name: &'static str, decode: fn(&str) -> Option<EmailAddress>, form: &'static str| {
        let place = Place::attr(doc, index, name)?;
        let address = decode(place.text.trim())?;
        Some((address, place.trimmed().1, form))
    };
    let typo3_script = || {
        let place = Place::attr(doc, index, "href")?;
        let found = TYPO3.captures(place.text)?.get(1)?;
        let address = decode_typo3(&percent_decode(found.as_str()))?;
        Some((address, place.seen(&found.range()), "typo3"))
    };
    let cloudflare_link = || {
        let place = Place::attr(doc, index, "href")?;
        let at = place.text.find("/cdn-cgi/l/email-protection#")? + "/cdn-cgi/l/email-protection#".len();
        let range = at..place.text.len();
        Some((decode_cloudflare(place.part(&range))?, place.seen(&range), "cloudflare"))
    };
    let rot13_link = || {
        let place = Place::attr(doc, index, "href").filter(|place| place.text.starts_with("znvygb:"))?;
        Some((decode_rot13(place.text)?, place.trimmed().1, "rot13"))
    };
    attr("data-cfemail", decode_cloudflare, "cloudflare")
        .or_else(|| attr("data-mailto-token", decode_typo3, "typo3"))
        .or_else(|| attr("data-enc-email", decode_rot13, "rot13"))
        .or_else(|| attr("data-rot13", decode_rot13, "rot13"))
        .or_else(typo3_script)
        .or_else(cloudflare_link)
        .or_else(rot13_link)
}

/// Letters of a part of a name that an address may hold by chance.
const NAME_LETTERS_MIN: usize = 3;

/// Returns whether an address that a card gives as its person's may be that person's alone: a whole host, or a page whose
/// address holds a part of the name.
///
/// Suppression and matching know a profile by host and path (`profile_url_key`; a whole host is no key), so a place on a
/// page (`#anna`), a page with a query and a page that a firm shares are nobody's: they would make one person of many.
pub(crate) fn is_own_address(url: &str, name: &str) -> bool {
    let Ok(url) = Url::parse(url.trim()) else { return false };
    let is_whole_host = url.path().trim_matches('/').is_empty();
    let is_page = matches!(url.scheme(), "http" | "https") && url.fragment().is_none() && url.query().is_none();
    let address: String = format!("{}{}", url.host_str().unwrap_or_default(), url.path())
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    // The forms of a name have one letter for an umlaut, however it is spelled.
    let address = address.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let forms = name_variants(name).full;
    let mut parts = forms.iter().flat_map(|form| form.split(' ')).filter(|part| part.len() >= NAME_LETTERS_MIN);
    is_page && (is_whole_host || parts.any(|part| address.contains(part)))
}

/// Returns the address of a public professional profile of one person, if a link is one.
pub(crate) fn profile_url(href: &str) -> Option<String> {
    let url = Url::parse(href.trim()).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    let known = host == "x.com"
        || host == "www.x.com"
        || host.split('.').rev().skip(1).any(|label| PROFILE_HOSTS.contains(&label));
    let segments: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let first = segments.first()?.to_ascii_lowercase();
    let other = [
        "company",
        "share",
        "sharearticle",
        "intent",
        "home",
        "companies",
        "groups",
        "school",
        "hashtag",
        "search",
        "login",
        "features",
        "about",
        "pages",
        "sharer",
    ];
    // Code hosts: one part of a path is a person or firm, two are a project.
    let project = host.contains("git") && segments.len() > 1;
    (known && !project && !other.contains(&first.as_str()) && url.query().is_none_or(|query| !query.contains("url=")))
        .then(|| url.to_string())
}

fn from_line(
    doc: &Doc<'_>,
    lines: &[Line],
    at: usize,
    region: Option<&str>,
    links: &[Range<usize>],
    phone_budget: &mut usize,
    atoms: &mut Atoms,
) {
    let Some(line) = lines.get(at) else { return };
    let in_link = |range: &Range<usize>| {
        line.node_at(range.start).is_some_and(|node| links.iter().any(|link| link.contains(&node)))
    };
    let mut taken: Vec<Range<usize>> = Vec::new();
    for found in find_mails(&line.text) {
        taken.push(found.range.clone());
        let Some(node) =
            line.node_at(found.range.start).filter(|_| !in_link(&found.range) && atoms.mails.len() < ATOMS_MAX)
        else {
            continue;
        };
        let seen = Seen::new(line.part(&found.range), line.span(doc, &found.range));
        let form = found.form.or_else(|| entity_form(doc, &seen));
        atoms.mails.push(Mail { node, line: Some(at), address: found.address, method: None, form, seen });
    }
    for (number, range) in numbers(lines, at, region, phone_budget) {
        let overlaps = taken.iter().any(|other| other.start < range.end && range.start < other.end);
        let Some(node) =
            line.node_at(range.start).filter(|_| !overlaps && !in_link(&range) && atoms.calls.len() < ATOMS_MAX)
        else {
            continue;
        };
        let fax = is_fax_at(lines, Some(at), Some(range.start));
        let seen = Seen::new(line.part(&range), line.span(doc, &range));
        atoms.calls.push(Call { node, line: Some(at), number, fax, general: false, method: None, seen });
    }
}

fn label_pattern() -> &'static Regex {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)(?:^|[^\p{L}])(?:tele(?:fon|phone|foon|fono)|téléphone|teléfono|telefono|tél|tel|phone|ph|fon|mobil(?:e|telefon|nummer)?|móvil|cellulare|handy|cell|fax|telefax|télécopie|durchwahl|dw|direct(?: line)?|standard|hotline|call(?: us)?|rufnummer|t|m|f|p)\s*(?:\(\w+\)\s*)?(?:nr\.?|no\.?|number)?\s*[.:]*\s*(?:\(?\+|\(?0|\d)",
        )
        .expect("the pattern is valid")
    });
    &LABEL
}

/// The numbers of a line: those that are numbers by themselves, and those that a label announces.
fn numbers(lines: &[Line], at: usize, region: Option<&str>, budget: &mut usize) -> Vec<(String, Range<usize>)> {
    let Some(line) = lines.get(at) else { return Vec::new() };
    if line.text.bytes().filter(u8::is_ascii_digit).count() < 6 {
        return Vec::new();
    }
    if is_register_line(&line.text) || *budget < line.text.len() {
        return Vec::new();
    }
    *budget -= line.text.len();
    let mut found = find_phones(&line.text, region);
    let own_line_label =
        at.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|before| is_phone_label(&before.text));
    let labels = label_pattern().find_iter(&line.text).map(|label| label.end() - 1);
    for start in labels.chain(own_line_label.then_some(0)) {
        let start = line
            .text
            .get(..start)
            .map_or(start, |head| head.len() - head.chars().rev().take_while(|&c| matches!(c, '+' | '(')).count());
        let rest = line.text.get(start..).unwrap_or_default();
        let Some((number, range)) = find_labelled(rest, region).into_iter().next() else { continue };
        let range = start + range.start..start + range.end;
        if !found.iter().any(|(_, other)| other.start < range.end && range.start < other.end) {
            found.push((number, range));
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// A line whose digits are those of a register, a bank or a date.
fn is_register_line(text: &str) -> bool {
    static REGISTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:iban|bic|hr[ab]|siret|siren|rcs|ust-?id|uid|vat|tva|steuernummer|registernummer|firmenbuch\w*|kvk|company (?:no|number|registration)|isbn|issn|sku|art\.?-?nr|bestell-?nr|regon|nip|krs|cif|nif|p\.?\s?iva)\b").expect("the pattern is valid")
    });
    REGISTER.is_match(text) && !label_pattern().is_match(text)
}

fn is_phone_label(text: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:tele(?:fon|phone|foon|fono)|téléphone|teléfono|tél|tel|phone|mobil(?:e|telefon)?|móvil|cellulare|handy|fax|telefax|télécopie|fon|durchwahl|direct(?: line)?)(?:nummer| number)?\W*$").expect("the pattern is valid")
    });
    text.len() < 40 && LABEL.is_match(text)
}

/// Whether the words before a number, or the short line above it, say that it is a fax.
fn is_fax_at(lines: &[Line], line: Option<usize>, offset: Option<usize>) -> bool {
    static FAX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:(?:tele)?fax(?:nummer)?|télécopie(?:ur)?|(?:^|[^\p{L}])f)\s*(?:nr\.?|no\.?)?\s*[.:]*\s*(?:\(\w+\))?\s*[(+]*$").expect("the pattern is valid")
    });
    let Some(at) = line else { return false };
    let before = lines.get(at).and_then(|line| line.text.get(..offset.unwrap_or(0))).unwrap_or_default();
    if before.trim().is_empty() {
        let above = at.checked_sub(1).and_then(|above| lines.get(above)).map_or("", |line| line.text.as_str());
        return above.len() < 30 && is_phone_label(above) && above.to_ascii_lowercase().contains("fax");
    }
    FAX.is_match(before)
}

fn offset_in_line(doc: &Doc<'_>, lines: &[Line], line: Option<usize>, node: usize) -> Option<usize> {
    let line = lines.get(line?)?;
    let text = doc.text(node)?;
    let word = text.split_whitespace().next()?;
    line.offset_of(node).or_else(|| line.text.find(word))
}

/// Marks numbers that the words on their line give to everybody: `Zentrale`, `General enquiries`, a role mailbox.
fn mark_general(lines: &[Line], atoms: &mut Atoms) {
    static GENERAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:zentrale|general|reception|switchboard|head office|allgemein\w*|standard|accueil|centralino|centralita|hauptsitz|empfang|main (?:line|office|number)|notdienst|hotline)\b").expect("the pattern is valid")
    });
    let role_lines: Vec<usize> =
        atoms.mails.iter().filter(|mail| mail.address.is_role()).filter_map(|mail| mail.line).collect();
    for call in &mut atoms.calls {
        let Some(line) = call.line else { continue };
        let says_so = lines.get(line).is_some_and(|line| GENERAL.is_match(&line.text));
        call.general = says_so || role_lines.contains(&line);
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;
    use crate::dom::parse;
    use crate::lines::lay_out;

    fn with_atoms(html: &str, look: impl FnOnce(&Atoms)) {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        let lines = lay_out(&doc);
        let atoms = collect(&doc, &lines, Some("DE"));
        for seen in atoms.mails.iter().map(|mail| &mail.seen).chain(atoms.calls.iter().map(|call| &call.seen)) {
            let [start, end] = seen.span.unwrap();
            let raw = &html[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
            assert!(raw.contains("&#") || raw == seen.quote.as_deref().unwrap(), "{raw}");
        }
        look(&atoms);
    }

    #[test]
    fn a_link_and_its_text_are_one_atom() {
        with_atoms(
            "<p>Mail <a href='mailto:Anna@firma.example?subject=x'>Anna@firma.example</a>, Tel. <a href='tel:+49-30-23125-120'>030 23125-120</a></p>",
            |atoms| {
                assert_eq!(atoms.mails.len(), 1);
                assert_eq!(atoms.mails[0].address.as_str(), "anna@firma.example");
                assert_eq!(atoms.mails[0].method, Some(Method::Mailto));
                assert_eq!(atoms.calls.len(), 1);
                assert_eq!(atoms.calls[0].number, "+493023125120");
            },
        );
    }

    #[test]
    fn fax_and_switchboard_are_told_by_their_words() {
        with_atoms(
            "<p>Telefon: 030 23125-0<br>Telefax: 030 23125-199</p><dl><dt>Fax</dt><dd>030 23125-198</dd></dl><p>Zentrale 030 23125-100</p>",
            |atoms| {
                let faxes: Vec<bool> = atoms.calls.iter().map(|call| call.fax).collect();
                assert_eq!(faxes, [false, true, true, false]);
                assert!(atoms.calls[3].general && !atoms.calls[0].general);
            },
        );
    }

    #[test]
    fn hidden_addresses_keep_their_form() {
        let html = "<a href='&#109;ailto:&#97;@b.example'>x</a> <span data-cfemail='1b7c7a69697e6f6f35766e77737477777a757f5b7d7e75767a696873357e637a766b777e'>[email]</span> <p>c [at] d.example</p>";
        with_atoms(html, |atoms| {
            let forms: Vec<Option<&str>> = atoms.mails.iter().map(|mail| mail.form).collect();
            assert_eq!(forms, [Some("entities"), Some("cloudflare"), Some("at-words")]);
        });
    }

    #[test]
    fn register_numbers_and_dates_are_no_phones() {
        with_atoms(
            "<p>HRB 999731<p>USt-IdNr.: DE 999 997 314<p>14.03.1971<p>IBAN DE02 1203 0000 0000 2020 51<p>SIREN : 120 001 011",
            |atoms| {
                assert!(atoms.calls.is_empty(), "{:?}", atoms.calls);
            },
        );
    }

    #[test]
    fn a_page_is_somebodys_own_where_its_address_holds_their_name() {
        let is_own = |url: &str| is_own_address(url, "Anna Müller-Muster");
        for own in [
            "https://anna-muster.example/",
            "https://firma.example",
            "https://firma.example/team/anna-m",
            "https://firma.example/~MUELLER/",
            "https://muster.example/cv.html",
        ] {
            assert!(is_own(own), "{own}");
        }
        for shared in [
            "https://firma.example/team.html#anna",
            "https://firma.example/person?id=anna",
            "https://firma.example/kontakt/",
            "https://firma.example/wir.html",
            "mailto:anna@firma.example",
            "/anna",
        ] {
            assert!(!is_own(shared), "{shared}");
        }
    }

    #[test]
    fn profiles_are_people_not_projects() {
        assert!(profile_url("https://www.linkedin.example/in/anna-muster").is_some());
        assert!(profile_url("https://github.example/anna-muster").is_some());
        assert_eq!(profile_url("https://github.example/anna-muster/project"), None);
        assert_eq!(profile_url("https://www.linkedin.example/company/firma"), None);
        assert_eq!(profile_url("https://firma.example/team"), None);
    }
}
