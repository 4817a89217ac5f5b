//! Whose page it is: the organisation's name, address and country.
//!
//! Names compete by where they stand: structured data, the legal page, the footer, the copyright line, the title. A
//! directory that lists many firms names none of them as its owner.
//!
//! Invariant: what is chosen stands on the page; nothing is made up from the host.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use muster_model::{EntityKind, Field, Method, company_core};
use regex::Regex;

use crate::address::{Address, Segment, country_of};
use crate::company_name::{find_companies, find_company};
use crate::dom::Doc;
use crate::draft::{Draft, Place, Seen};
use crate::lines::Line;
use crate::schema::Structured;
use crate::words::folded_words;
use crate::zones::Zones;

/// The least weight by which a name counts as the owner's.
const WEIGHT_MIN: i32 = 60;

/// The country that national phone numbers of a page belong to.
pub(crate) fn page_region(doc: &Doc<'_>, lines: &[Line], addresses: &[Address], page_url: &str) -> Option<String> {
    static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""addressCountry"\s*:\s*"([^"]{2,30})"|addressCountry["'][^>]{0,80}content=["']([^"']{2,30})"#)
            .expect("the pattern is valid")
    });
    static VAT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:(DE)\s?\d{3}\s?\d{3}\s?\d{3}|(AT)U\d{8}|(CH)E-\d{3}\.\d{3}\.\d{3})\b")
            .expect("the pattern is valid")
    });
    let stated = addresses.iter().find_map(|address| address.country.as_ref().map(|(code, _)| (*code).to_owned()));
    let in_markup = || {
        let captures = MARKUP.captures(doc.source)?;
        let word = captures.get(1).or_else(|| captures.get(2))?;
        country_of(word.as_str()).map(str::to_owned)
    };
    let by_vat = || {
        let captures = VAT.captures(doc.source)?;
        captures.iter().skip(1).flatten().next().map(|code| code.as_str().to_owned())
    };
    let lang = doc.elements("html").next().and_then(|html| doc.attr(html, "lang")).unwrap_or_default();
    let by_locale = || {
        let region = lang.split(['-', '_']).nth(1)?.to_ascii_uppercase();
        (region.len() == 2).then_some(region)
    };
    stated
        .or_else(in_markup)
        .or_else(by_locale)
        .or_else(by_vat)
        .or_else(|| by_host(page_url))
        .or_else(|| by_calling_code(doc))
        .or_else(|| by_language(lang))
        .or_else(|| by_street(lines, addresses))
}

fn by_host(page_url: &str) -> Option<String> {
    let host = url::Url::parse(page_url).ok()?.host_str()?.to_owned();
    let label = host.rsplit('.').next()?;
    let code = match label {
        "uk" => "GB",
        "de" | "at" | "ch" | "li" | "fr" | "be" | "nl" | "lu" | "ie" | "us" | "ca" | "es" | "pt" | "it" | "pl"
        | "cz" | "sk" | "hu" | "si" | "hr" | "ro" | "bg" | "gr" | "se" | "no" | "dk" | "fi" | "ee" | "lv" | "lt"
        | "au" | "nz" | "in" | "jp" | "sg" => label,
        _ => return None,
    };
    Some(code.to_ascii_uppercase())
}

/// The country of the international numbers on the page.
fn by_calling_code(doc: &Doc<'_>) -> Option<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"tel:\s*(?:\+|00)(49|43|41|44|33|39|34|31|32|48|353|352|45|46|47|358|351|420|1)")
            .expect("the pattern is valid")
    });
    let code = CODE.captures(doc.source)?.get(1)?.as_str().to_owned();
    let known = [
        ("49", "DE"),
        ("43", "AT"),
        ("41", "CH"),
        ("44", "GB"),
        ("33", "FR"),
        ("39", "IT"),
        ("34", "ES"),
        ("31", "NL"),
        ("32", "BE"),
        ("48", "PL"),
        ("353", "IE"),
        ("352", "LU"),
        ("45", "DK"),
        ("46", "SE"),
        ("47", "NO"),
        ("358", "FI"),
        ("351", "PT"),
        ("420", "CZ"),
        ("1", "US"),
    ];
    known.into_iter().find(|(known, _)| *known == code).map(|(_, region)| region.to_owned())
}

fn by_language(lang: &str) -> Option<String> {
    let known = [
        ("de", "DE"),
        ("fr", "FR"),
        ("it", "IT"),
        ("es", "ES"),
        ("nl", "NL"),
        ("pl", "PL"),
        ("sv", "SE"),
        ("da", "DK"),
        ("fi", "FI"),
        ("pt", "PT"),
        ("cs", "CZ"),
    ];
    let primary = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    known.into_iter().find(|(known, _)| *known == primary).map(|(_, region)| region.to_owned())
}

/// The country whose way of writing streets an address without a country follows.
fn by_street(lines: &[Line], addresses: &[Address]) -> Option<String> {
    static GERMAN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:stra(?:ß|ss)e|str\.|allee|platz|weg|ufer|damm|gasse)\s*\d").expect("the pattern is valid")
    });
    static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\d.*\b(?:rue|avenue|boulevard|quai|place|allée)\b").expect("the pattern is valid")
    });
    addresses.iter().find_map(|address| {
        let street = address.street.iter().filter_map(|segment| text_of(lines, segment)).collect::<Vec<_>>().join(" ");
        let five_digits = text_of(lines, &address.postcode)?.len() == 5;
        let country = if GERMAN.is_match(&street) {
            "DE"
        } else if FRENCH.is_match(&street) {
            "FR"
        } else {
            return None;
        };
        five_digits.then(|| country.to_owned())
    })
}

struct Candidate {
    weight: i32,
    draft: Draft,
}

/// Finds the owner of a page: name and legal form, with where they stand.
pub(crate) fn site_company(
    doc: &Doc<'_>,
    lines: &[Line],
    zones: &Zones,
    structured: &Structured,
    addresses: &[Address],
    host: Option<&str>,
    legal_page: bool,
) -> Draft {
    let mut best = Candidate { weight: WEIGHT_MIN - 1, draft: Draft::new(EntityKind::Company, 0) };
    let mut offer = |candidate: Candidate| {
        if candidate.weight > best.weight {
            best = candidate;
        }
    };
    for company in &structured.companies {
        let own = company.host.as_deref().is_none_or(|url| host.is_none_or(|host| same_site(url, host)));
        let form = if company.draft.has(Field::LegalForm) { 10 } else { 0 };
        let name = company.draft.first(Field::Name).unwrap_or_default();
        // An employer named beside a person may be another firm's; its address or mailbox is not stated there.
        let described = company.draft.has(Field::Street)
            || company.draft.has(Field::Phones)
            || company.draft.has(Field::Emails)
            || company.host.is_some();
        if own && (described || host_affinity(name, host) > 0) {
            offer(Candidate { weight: 100 + form + host_affinity(name, host), draft: company.draft.clone() });
        }
    }
    names_in_lines(doc, lines, zones, addresses, host, legal_page).into_iter().for_each(&mut offer);
    names_in_head(doc, host).into_iter().for_each(&mut offer);
    best.draft
}

/// Returns whether two hosts are one site's: equal, or one below the other.
pub(crate) fn same_site(one: &str, other: &str) -> bool {
    let below =
        |inner: &str, outer: &str| inner.strip_suffix(outer).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    below(one, other) || below(other, one)
}

/// Weighs whether a name and a host share a word.
fn host_affinity(name: &str, host: Option<&str>) -> i32 {
    let host: String = host
        .unwrap_or_default()
        .rsplit_once('.')
        .map_or("", |(head, _)| head)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let core = company_core(name);
    let words: Vec<String> = folded_words(&core).into_iter().filter(|word| word.len() >= 3).collect();
    let shared = words
        .iter()
        .filter(|word| {
            host.contains(&**word) || host.contains(&word.replace('a', "ae").replace('o', "oe").replace('u', "ue"))
        })
        .count();
    let initials: String = folded_words(&core).iter().filter_map(|word| word.chars().next()).collect();
    if shared > 0 && !host.is_empty() {
        return 25;
    }
    if initials.len() >= 3 && host.contains(&initials) { 15 } else { 0 }
}

fn company_draft(
    doc: &Doc<'_>,
    line: &Line,
    range: &Range<usize>,
    form: Option<&Range<usize>>,
    method: Method,
) -> Draft {
    let mut draft = Draft::new(EntityKind::Company, line.first);
    let place = Place::line(doc, line);
    draft.put(Field::Name, place.part(range), method, place.seen(range));
    if let Some(form) = form {
        draft.put(Field::LegalForm, place.part(form), method, place.seen(form));
    }
    draft
}

fn names_in_lines(
    doc: &Doc<'_>,
    lines: &[Line],
    zones: &Zones,
    addresses: &[Address],
    host: Option<&str>,
    legal_page: bool,
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut count: BTreeMap<String, i32> = BTreeMap::new();
    let method = if legal_page { Method::Imprint } else { Method::Prose };
    for (at, line) in lines.iter().enumerate() {
        if zones.in_foreign(line.first) || line.text.len() > 600 {
            continue;
        }
        for company in find_companies(&line.text) {
            let name = line.part(&company.range);
            *count.entry(company_core(name)).or_default() += 1;
            let tags = || std::iter::once(line.element).chain(doc.ancestors(line.element));
            let footer = tags().any(|node| {
                let class = format!(
                    "{} {}",
                    doc.attr(node, "class").unwrap_or_default(),
                    doc.attr(node, "id").unwrap_or_default()
                )
                .to_ascii_lowercase();
                matches!(doc.tag(node), "footer" | "address")
                    || class.contains("footer")
                    || class.contains("imprint")
                    || class.contains("copyright")
            });
            let copyright = line.text.contains('©') || line.text.to_ascii_lowercase().contains("copyright");
            let addressed = addresses.iter().any(|address| is_before(address, at, &company.range));
            let mut weight = 40 + host_affinity(name, host);
            weight += if footer { 30 } else { 0 } + if copyright { 25 } else { 0 } + if addressed { 30 } else { 0 };
            weight += if legal_page && candidates.is_empty() { 25 } else { 0 };
            candidates.push(Candidate {
                weight,
                draft: company_draft(doc, line, &company.range, Some(&company.form), method),
            });
        }
    }
    for candidate in &mut candidates {
        let core = candidate.draft.first(Field::Name).map(company_core).unwrap_or_default();
        candidate.weight += (count.get(&core).copied().unwrap_or_default() - 1).min(3) * 5;
    }
    candidates
}

/// Whether an address follows a company's name: in the same line or the next.
fn is_before(address: &Address, line: usize, range: &Range<usize>) -> bool {
    let start = address.street.first().unwrap_or(&address.postcode);
    (start.line == line && start.range.start >= range.end) || (start.line > line && start.line - line <= 2)
}

fn names_in_head(doc: &Doc<'_>, host: Option<&str>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for meta in doc.elements("meta") {
        let name = doc.attr(meta, "property").or_else(|| doc.attr(meta, "name")).unwrap_or_default();
        if !matches!(name, "og:site_name" | "application-name" | "copyright") {
            continue;
        }
        let Some(place) = Place::attr(doc, meta, "content") else { continue };
        let found = find_company(place.text);
        let (text, seen) = place.trimmed();
        if text.is_empty() || text.chars().count() > 80 || text.contains('.') && found.is_none() {
            continue;
        }
        let mut draft = Draft::new(EntityKind::Company, meta);
        if let Some(company) = &found {
            draft.put(Field::Name, place.part(&company.range), Method::Prose, place.seen(&company.range));
            draft.put(Field::LegalForm, place.part(&company.form), Method::Prose, place.seen(&company.form));
        } else {
            draft.put(Field::Name, text, Method::Prose, seen);
        }
        candidates
            .push(Candidate { weight: 60 + host_affinity(text, host) + if found.is_some() { 25 } else { 0 }, draft });
    }
    if let Some(title) = doc.elements("title").next() {
        candidates.extend(names_in_title(doc, title + 1, host));
    }
    candidates
}

/// The parts of a title between bars and dashes: one of them is often the firm.
fn names_in_title(doc: &Doc<'_>, node: usize, host: Option<&str>) -> Vec<Candidate> {
    static CUT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\s+[|–—·•:»-]\s+|:\s+|\s*\|\s*").expect("the pattern is valid"));
    let Some(text) = doc.text(node) else { return Vec::new() };
    let seen = |range: &Range<usize>| {
        let span = doc.text_span(node, range).map(|span| [span.start as u64, span.end as u64]);
        Seen::new(text.get(range.clone()).unwrap_or_default(), span)
    };
    let mut candidates = Vec::new();
    let mut start = 0;
    for (cut_start, cut_end) in
        CUT.find_iter(text).map(|cut| (cut.start(), cut.end())).chain([(text.len(), text.len())])
    {
        let range = crate::draft::trim_range(text, start..cut_start.max(start));
        start = cut_end;
        let part = text.get(range.clone()).unwrap_or_default();
        let found = find_company(part);
        let affinity = host_affinity(part, host);
        let plain = part.chars().count() <= 60 && part.split_whitespace().count() <= 6 && !part.is_empty();
        if found.is_none() && (affinity < 25 || !plain) {
            continue;
        }
        let name = found
            .as_ref()
            .map_or(range.clone(), |company| range.start + company.range.start..range.start + company.range.end);
        let mut draft = Draft::new(EntityKind::Company, node);
        draft.put(Field::Name, text.get(name.clone()).unwrap_or_default(), Method::Prose, seen(&name));
        if let Some(company) = &found {
            let form = range.start + company.form.start..range.start + company.form.end;
            draft.put(Field::LegalForm, text.get(form.clone()).unwrap_or_default(), Method::Prose, seen(&form));
        }
        candidates.push(Candidate { weight: if found.is_some() { 65 } else { 35 } + affinity, draft });
    }
    candidates
}

/// Adds the owner's address: the one that follows its name, else the first on the page.
pub(crate) fn put_address(
    doc: &Doc<'_>,
    lines: &[Line],
    zones: &Zones,
    addresses: &[Address],
    company: &mut Draft,
    method: Method,
) {
    if company.has(Field::Street) || company.has(Field::Postcode) {
        return;
    }
    let core = company.first(Field::Name).map(company_core).unwrap_or_default();
    let own: Vec<&Address> = addresses
        .iter()
        .filter(|address| lines.get(address.city.line).is_some_and(|line| !zones.in_foreign(line.first)))
        .collect();
    let named = own.iter().find(|address| {
        address
            .before
            .as_ref()
            .and_then(|segment| text_of(lines, segment))
            .is_some_and(|text| !core.is_empty() && company_core(text).contains(&core))
    });
    let Some(address) = named.or_else(|| own.first()) else { return };
    let seen = |segment: &Segment| {
        let line = lines.get(segment.line)?;
        Some(Seen::new(line.part(&segment.range), line.span(doc, &segment.range)))
    };
    if let (Some(first), Some(last)) = (address.street.first(), address.street.last()) {
        let street = if first.line == last.line {
            text_of(lines, &Segment { line: first.line, range: first.range.start..last.range.end })
                .unwrap_or_default()
                .to_owned()
        } else {
            address.street.iter().filter_map(|segment| text_of(lines, segment)).collect::<Vec<_>>().join(", ")
        };
        let whole = Segment {
            line: first.line,
            range: first.range.start..if first.line == last.line { last.range.end } else { first.range.end },
        };
        let mut place = seen(&whole).unwrap_or_else(Seen::nowhere);
        if first.line != last.line {
            let end = seen(last).and_then(|seen| seen.span);
            place = Seen::new(&street, place.span.zip(end).map(|(start, end)| [start[0], end[1]]));
        }
        company.put(Field::Street, &street, method, place);
    }
    for (field, segment) in [(Field::Postcode, &address.postcode), (Field::City, &address.city)] {
        company.put(
            field,
            text_of(lines, segment).unwrap_or_default(),
            method,
            seen(segment).unwrap_or_else(Seen::nowhere),
        );
    }
    if let Some((code, segment)) = &address.country {
        company.put(Field::Country, code, method, seen(segment).unwrap_or_else(Seen::nowhere));
    }
}

fn text_of<'l>(lines: &'l [Line], segment: &Segment) -> Option<&'l str> {
    lines.get(segment.line).map(|line| line.part(&segment.range))
}
