//! Extraction over the fixture sites, scored against what stands beside them.
//!
//! A person counts as found where name, title and mailboxes are right on the page that is named for it. Pages that
//! `robots.txt` keeps from a crawler, or that only a `nofollow` link leads to, are not read, because nobody would have
//! fetched them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use muster_extract::{ExtractContext, Extraction, extract_page};
use muster_model::{EntityKind, MentionRecord, Page, SecretKey, Timestamp, company_core};
use serde_json::Value;

fn sites() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sites")
}

fn read(url: &str, body: Vec<u8>) -> Extraction {
    let key = SecretKey::storeless();
    let page = Page::new(url, Timestamp::UNIX_EPOCH, None, body);
    extract_page(&page, &ExtractContext { key: &key, source: None, public: true })
}

fn html_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a fixture folder is readable")
        .map(|entry| entry.expect("a fixture entry is readable").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            html_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "html" || end == "htm") {
            found.push(path);
        }
    }
}

fn url_of(root: &Path, host: &str, file: &Path) -> String {
    let path = file
        .strip_prefix(root)
        .expect("a fixture lies under its site")
        .to_str()
        .expect("a fixture name is UTF-8")
        .to_owned();
    let path = path.strip_suffix("index.html").unwrap_or(&path);
    format!("http://{host}/{path}")
}

/// The paths that `robots.txt` disallows for everybody and no longer rule allows.
fn is_disallowed(robots: &str, url: &str, host: &str) -> bool {
    let path = url.trim_start_matches(&format!("http://{host}"));
    let mut longest = (0, true);
    let mut for_all = false;
    for line in robots.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "user-agent" => for_all = value == "*",
            "allow" | "disallow"
                if for_all
                    && !value.is_empty()
                    && path.starts_with(value.trim_end_matches('*'))
                    && value.len() >= longest.0 =>
            {
                longest = (value.len(), name == "allow");
            }
            _ => {}
        }
    }
    !longest.1
}

struct Site {
    host: String,
    expected: Value,
    pages: BTreeMap<String, Extraction>,
}

fn load() -> Vec<Site> {
    let root = sites();
    let mut sites = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir(&root)
        .expect("the fixture folder is readable")
        .map(|entry| entry.expect("a fixture entry is readable").path())
        .collect();
    files.sort();
    for file in files {
        let name =
            file.file_name().and_then(std::ffi::OsStr::to_str).expect("a fixture has a name in UTF-8").to_owned();
        let Some(host) = name.strip_suffix(".expected.json") else { continue };
        let expected: Value = serde_json::from_str(&fs::read_to_string(&file).expect("an expectation is readable"))
            .expect("an expectation is JSON");
        let folder = root.join(host);
        let robots = fs::read_to_string(folder.join("robots.txt")).unwrap_or_default();
        let never: Vec<&str> = texts(&expected["never_fetched"]);
        let mut htmls = Vec::new();
        html_files(&folder, &mut htmls);
        let pages = htmls
            .iter()
            .map(|path| (url_of(&folder, host, path), path))
            .filter(|(url, _)| !is_disallowed(&robots, url, host) && !never.contains(&url.as_str()))
            .map(|(url, path)| (url.clone(), read(&url, fs::read(path).expect("a fixture page is readable"))))
            .collect();
        sites.push(Site { host: host.to_owned(), expected, pages });
    }
    assert!(!sites.is_empty(), "no fixture sites under {}", root.display());
    sites
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// Whether a title is the expected one; what the gate will cut in brackets or behind a comma may still follow.
fn title_is(found: Option<&str>, expected: Option<&str>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            found == expected
                || found.strip_prefix(expected).is_some_and(|rest| rest.starts_with(" (") || rest.starts_with(", geb"))
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn faults_of(person: &Value, mention: &MentionRecord) -> Vec<String> {
    let mut faults = Vec::new();
    let mut differ = |what: &str, found: String, expected: String| {
        if found != expected {
            faults.push(format!("{what}: found {found}, expected {expected}"));
        }
    };
    if !title_is(mention.job_title.as_deref(), person["job_title"].as_str()) {
        differ("title", format!("{:?}", mention.job_title), format!("{:?}", person["job_title"].as_str()));
    }
    for (what, found) in [("emails", &mention.emails), ("phones", &mention.phones)] {
        let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
        let mut expected = texts(&person[what]);
        found.sort_unstable();
        expected.sort_unstable();
        differ(what, format!("{found:?}"), format!("{expected:?}"));
    }
    differ(
        "degree",
        mention.degree.clone().unwrap_or_default(),
        person["degree"].as_str().unwrap_or_default().to_owned(),
    );
    let company = mention.company.as_deref().map(company_core).unwrap_or_default();
    differ("company", company, person["company"].as_str().map(company_core).unwrap_or_default());
    for part in ["given_name", "family_name"] {
        if let Some(expected) = person[part].as_str() {
            let found = if part == "given_name" { &mention.given_name } else { &mention.family_name };
            differ(part, found.clone().unwrap_or_default(), expected.to_owned());
        }
    }
    faults
}

fn people(extraction: &Extraction) -> impl Iterator<Item = &MentionRecord> {
    extraction.mentions.iter().filter(|mention| mention.kind == EntityKind::Person)
}

#[derive(Default)]
struct Score {
    expected: usize,
    found: usize,
    right: usize,
    mentions: usize,
    foreign: Vec<String>,
    faults: Vec<String>,
}

fn score(site: &Site) -> Score {
    let mut score = Score::default();
    let expected = site.expected["people"].as_array().cloned().unwrap_or_default();
    for person in &expected {
        score.expected += 1;
        let name = person["name"].as_str().expect("an expected person has a name");
        let page = site.pages.get(person["page"].as_str().expect("an expected person has a page"));
        let mails = texts(&person["emails"]);
        let named: Vec<&MentionRecord> =
            page.into_iter().flat_map(people).filter(|mention| mention.name.as_deref() == Some(name)).collect();
        let best = named
            .iter()
            .find(|mention| mention.emails.iter().any(|mail| mails.contains(&mail.as_str())))
            .or_else(|| named.first());
        let Some(mention) = best else {
            score.faults.push(format!("{}: {name} not found", site.host));
            continue;
        };
        score.found += 1;
        let faults = faults_of(person, mention);
        let right = title_is(mention.job_title.as_deref(), person["job_title"].as_str()) && mention.emails == mails;
        score.right += usize::from(right);
        score.faults.extend(faults.into_iter().map(|fault| format!("{}: {name}: {fault}", site.host)));
    }
    for (url, extraction) in &site.pages {
        for mention in people(extraction) {
            score.mentions += 1;
            let name = mention.name.as_deref().unwrap_or_default();
            if !expected.iter().any(|person| person["name"].as_str() == Some(name)) {
                score.foreign.push(format!("{url}: {name}"));
            }
        }
    }
    score
}

#[test]
fn people_are_found_with_title_and_mailbox_and_nobody_else_is() {
    let (mut expected, mut right, mut mentions, mut foreign) = (0, 0, 0, 0);
    let mut report = String::new();
    for site in load() {
        let score = score(&site);
        report += &format!(
            "{:40} expected {:2} found {:2} right {:2} mentions {:2} foreign {}\n",
            site.host,
            score.expected,
            score.found,
            score.right,
            score.mentions,
            score.foreign.len()
        );
        for line in score.faults.iter().chain(&score.foreign) {
            report += &format!("    {line}\n");
        }
        expected += score.expected;
        right += score.right;
        mentions += score.mentions;
        foreign += score.foreign.len();
    }
    println!("{report}people: {right} of {expected} right, {foreign} foreign of {mentions} mentions");
    assert!(right * 100 >= expected * 97, "recall fell: {right} of {expected}\n{report}");
    assert_eq!(foreign, 0, "somebody was credited wrongly\n{report}");
}

#[test]
fn companies_are_found_with_their_facts_over_the_pages_of_a_site() {
    let mut report = String::new();
    let (mut facts, mut right) = (0, 0);
    for site in load() {
        for company in site.expected["companies"].as_array().cloned().unwrap_or_default() {
            let mentions: Vec<&MentionRecord> = site
                .pages
                .values()
                .flat_map(|page| &page.mentions)
                .filter(|mention| mention.kind == EntityKind::Company)
                .collect();
            let mut check = |what: &str, expected: &str, found: &dyn Fn(&MentionRecord) -> Vec<String>| {
                facts += 1;
                if mentions.iter().any(|mention| found(mention).iter().any(|value| value == expected)) {
                    right += 1;
                } else {
                    let all: Vec<String> = mentions.iter().flat_map(|mention| found(mention)).collect();
                    report += &format!("    {}: {what}: expected {expected}, found {all:?}\n", site.host);
                }
            };
            let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
            for mail in texts(&company["emails"]) {
                check("emails", mail, &|mention| mention.emails.clone());
            }
            for phone in texts(&company["phones"]) {
                check("phones", phone, &|mention| mention.phones.clone());
            }
            for fax in texts(&company["faxes"]) {
                check("faxes", fax, &|mention| mention.faxes.clone());
            }
            for field in [
                "name",
                "legal_form",
                "domain",
                "street",
                "postcode",
                "city",
                "country",
                "register_court",
                "register_number",
                "vat_id",
            ] {
                let Some(expected) = company[field].as_str() else { continue };
                check(field, expected, &|mention| {
                    one(match field {
                        "name" => &mention.name,
                        "legal_form" => &mention.legal_form,
                        "domain" => &mention.domain,
                        "street" => &mention.street,
                        "postcode" => &mention.postcode,
                        "city" => &mention.city,
                        "country" => &mention.country,
                        "register_court" => &mention.register_court,
                        "register_number" => &mention.register_number,
                        _ => &mention.vat_id,
                    })
                });
            }
        }
    }
    println!("{report}companies: {right} of {facts} facts");
    assert!(right * 100 >= facts * 97, "{right} of {facts}\n{report}");
}

#[test]
fn nothing_that_must_never_be_kept_is_a_value_but_in_titles_the_gate_will_cut() {
    for site in load() {
        let never = texts(&site.expected["never"]);
        for (url, extraction) in &site.pages {
            for mention in &extraction.mentions {
                for evidence in mention.values.iter().filter(|evidence| evidence.field != muster_model::Field::JobTitle)
                {
                    for word in &never {
                        let quoted = evidence.quote.as_deref().is_some_and(|quote| quote.contains(word));
                        assert!(
                            !evidence.value.contains(word) && !quoted,
                            "{url}: {word} in {}",
                            evidence.field.as_str()
                        );
                    }
                }
            }
        }
    }
}

fn plain(html: &str) -> String {
    let text = scraper::Html::parse_fragment(html).root_element().text().collect::<String>();
    text.split_whitespace().collect::<String>().replace(['\u{ad}', '\u{200b}'], "")
}

#[test]
fn every_span_of_every_page_holds_its_quote() {
    let mut checked = BTreeMap::<&str, usize>::new();
    for site in load() {
        for (url, extraction) in &site.pages {
            let path = url.trim_start_matches("http://");
            let file = sites().join(if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() });
            let bytes = fs::read(file).unwrap();
            let source = match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => encoding_rs::WINDOWS_1252.decode(error.as_bytes()).0.into_owned(),
            };
            for evidence in extraction.mentions.iter().flat_map(|mention| &mention.values) {
                let (Some(quote), Some([start, end])) = (&evidence.quote, evidence.span) else { continue };
                let raw = source
                    .get(usize::try_from(start).unwrap()..usize::try_from(end).unwrap())
                    .unwrap_or_else(|| panic!("{url}: a span cuts a character"));
                let wanted: String = quote.split_whitespace().collect();
                let unescaped: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_default();
                let found = plain(raw).starts_with(&wanted)
                    || unescaped.split_whitespace().collect::<String>() == wanted
                    || raw.contains(quote.as_str());
                assert!(found, "{url}: {} reads {raw:?}, quoted {quote:?}", evidence.field.as_str());
                *checked.entry(evidence.method.as_str()).or_default() += 1;
            }
        }
    }
    for method in ["json-ld", "microdata", "h-card", "imprint", "card", "table", "prose", "mailto"] {
        assert!(checked.get(method).copied().unwrap_or_default() > 0, "no span of {method} was checked: {checked:?}");
    }
}

#[test]
fn reserved_pages_give_neither_mentions_nor_links() {
    let mut reserved = 0;
    for site in load() {
        for extraction in site.pages.values().filter(|extraction| extraction.reserved) {
            reserved += 1;
            assert!(extraction.mentions.is_empty() && extraction.links.is_empty(), "{}", site.host);
        }
    }
    assert!(reserved > 0, "no fixture page is reserved");
}
