//! The entry: one page in, its mentions, links and problems out.
//!
//! It orders the steps and knows no rule of its own but what a page says about itself: its language, its links, and
//! whether it is reserved against collecting.
//!
//! Invariant: a reserved page gives neither mentions nor links.

use std::collections::{BTreeMap, BTreeSet};

use muster_model::{MentionRecord, Method, Page, Problem, SecretKey, SourceName};
use url::Url;

use crate::address::find_addresses;
use crate::assemble::{attribute, complete_owner, drop_shared_profiles, has_guests, merge_people, stated_companies};
use crate::atoms::collect;
use crate::card::read_cards;
use crate::decode::decode;
use crate::dom::{Doc, parse};
use crate::draft::Draft;
use crate::imprint::{directors, is_legal_page, register_facts};
use crate::lines::lay_out;
use crate::organization::{page_region, put_address, site_company};
use crate::schema::read_schema;
use crate::table::{read_tables, unknown_terms};
use crate::view::{Claims, View, is_people_page};
use crate::zones::Zones;
use crate::{hcard, jsonld, microdata, vcard};

/// Most links that are taken from one page.
const LINKS_MAX: usize = 5_000;

/// Most mentions of one page.
const MENTIONS_MAX: usize = 5_000;

/// Most labels of one page.
const LABELS_MAX: usize = 200;

/// What was found on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extraction {
    /// People and companies, in the order of the page.
    pub mentions: Vec<MentionRecord>,
    /// What was wrong with the page.
    pub problems: Vec<Problem>,
    /// Absolute addresses the page links to, in order, each once.
    pub links: Vec<String>,
    /// Whether the page asks not to be collected (`noindex`, `noai`, a reservation of text and data mining).
    pub reserved: bool,
    /// Names of properties, table columns and terms that no field takes; never their values.
    pub other_labels: Vec<String>,
    /// Language of the page, ISO 639-1.
    pub lang: Option<String>,
}

/// What extraction needs beside the page.
#[derive(Debug, Clone, Copy)]
pub struct ExtractContext<'a> {
    /// The installation's secret, for the ids of mentions.
    pub key: &'a SecretKey,
    /// The source that the page came through.
    pub source: Option<&'a SourceName>,
    /// Whether anybody can read the page without an account.
    pub public: bool,
}

/// Reads a page.
///
/// It cannot fail: what is wrong with the page is a problem in the answer, and what a limit cuts off is counted.
pub fn extract_page(page: &Page, context: &ExtractContext<'_>) -> Extraction {
    let mut extraction = Extraction { reserved: page.reserved, ..Extraction::default() };
    let content_type = page.content_type.as_deref();
    if !is_markup(content_type) && !vcard::is_card_type(content_type) {
        extraction.problems.push(Problem::new("content-type.unsupported", "the page is no HTML and was not read"));
        return extraction;
    }
    let decoded = decode(page);
    extraction.problems = decoded.problems;
    if let Some(mut cards) = vcard::read_cards(content_type, &decoded.text, region_of_host(&page.url).as_deref()) {
        if !extraction.reserved {
            drop_shared_profiles(&mut cards.drafts);
            extraction.other_labels = cards.labels.into_iter().take(LABELS_MAX).collect();
            extraction.mentions = finish(cards.drafts, page, context, None);
        }
        return extraction;
    }
    let tree = parse(&decoded.text);
    if tree.cut {
        extraction
            .problems
            .push(Problem::new("page.too-deep", "the page is nested or built beyond the limits; its end was not read"));
    }
    let doc = Doc::new(&decoded.text, &tree);
    extraction.lang = language(&doc);
    let robots = Robots::read(&doc);
    extraction.reserved |= robots.reserved;
    if extraction.reserved {
        return extraction;
    }
    if !robots.no_follow {
        extraction.links = links(&doc, &page.url);
    }
    let mut labels = BTreeSet::new();
    let drafts = read_people_and_companies(&doc, page, &mut extraction.problems, &mut labels);
    extraction.other_labels = labels.into_iter().take(LABELS_MAX).collect();
    extraction.mentions = finish(drafts, page, context, extraction.lang.as_deref());
    extraction
}

/// Runs the rules over a page that may be collected.
fn read_people_and_companies(
    doc: &Doc<'_>,
    page: &Page,
    problems: &mut Vec<Problem>,
    labels: &mut BTreeSet<String>,
) -> Vec<Draft> {
    let lines = lay_out(doc);
    let zones = Zones::find(doc, &lines);
    let addresses = find_addresses(&lines);
    let region = page_region(doc, &lines, &addresses, &page.url);
    let atoms = collect(doc, &lines, region.as_deref());
    let host = muster_model::registered_host(&page.url);
    let legal_page = is_legal_page(doc, &lines, &page.url);
    let people_page = is_people_page(doc, &lines, &page.url);
    let addressed: Vec<usize> = addresses
        .iter()
        .filter(|_| legal_page)
        .filter_map(|address| address.before.as_ref())
        .map(|segment| segment.line)
        .collect();
    let view = View {
        doc,
        lines: &lines,
        zones: &zones,
        atoms: &atoms,
        host: host.as_deref(),
        people_page,
        legal_page,
        guests: has_guests(doc, &lines, &page.url),
        addressed: &addressed,
    };

    let mut items = jsonld::read_blocks(doc, problems);
    items.extend(microdata::read_items(doc));
    items.extend(hcard::read_cards(doc, base_url(doc, &page.url).as_ref()));
    let structured = read_schema(doc, &items, region.as_deref());
    let mut claims = Claims::default();
    for person in &structured.people {
        view.claim_values(person, &mut claims);
    }
    let mut owner = site_company(doc, &lines, &zones, &structured, &addresses, host.as_deref(), legal_page);
    let method = if legal_page { Method::Imprint } else { Method::Prose };
    put_address(doc, &lines, &zones, &addresses, &mut owner, method);
    register_facts(doc, &lines, &zones, &mut owner);

    let tables = read_tables(&view, &mut claims);
    let cards = read_cards(&view, &tables.rows, &mut claims);
    let mut people = structured.people;
    people.extend(tables.people);
    people.extend(cards.people);
    people.extend(directors(doc, &lines, &zones, legal_page));
    labels.extend(structured.labels);
    labels.extend(tables.labels);
    labels.extend(cards.labels);
    unknown_terms(&view, labels);

    let mut people = merge_people(people);
    drop_shared_profiles(&mut people);
    attribute(&view, &mut people, &owner);
    let owner = complete_owner(&view, owner, &people, &claims, legal_page);
    people.extend(stated_companies(structured.companies, owner.as_ref()));
    people.extend(owner);
    people.sort_by_key(|draft| draft.at);
    people
}

/// Makes the records: lineage, language, and the id.
fn finish(drafts: Vec<Draft>, page: &Page, context: &ExtractContext<'_>, lang: Option<&str>) -> Vec<MentionRecord> {
    let mut ordinals: BTreeMap<String, u32> = BTreeMap::new();
    let mut mentions = Vec::new();
    for draft in drafts.into_iter().take(MENTIONS_MAX) {
        let mut mention = draft.into_record();
        mention.source = context.source.cloned();
        mention.source_url = Some(page.url.clone());
        mention.seen_at = Some(page.fetched_at);
        mention.page_hash = Some(page.page_hash.clone());
        mention.lang = lang.map(str::to_owned);
        mention.public = Some(context.public);
        // Two mentions of the same content on one page are told apart by their order.
        mention.assign_id(context.key, 0);
        let ordinal = ordinals.entry(mention.mention_id.as_str().to_owned()).or_default();
        if *ordinal > 0 {
            mention.assign_id(context.key, *ordinal);
        }
        *ordinal += 1;
        mentions.push(mention);
    }
    mentions
}

/// The country in the last label of a page's host, as in `firma.at`.
fn region_of_host(page_url: &str) -> Option<String> {
    let url = Url::parse(page_url).ok()?;
    let label = url.host_str()?.rsplit('.').next()?.to_ascii_uppercase();
    let code = if label == "UK" { "GB".to_owned() } else { label };
    (code.len() == 2).then_some(code)
}

fn is_markup(content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return true };
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty() || essence.contains("html") || essence == "text/plain"
}

/// What the page's `<meta>` elements ask of robots.
struct Robots {
    reserved: bool,
    no_follow: bool,
}

impl Robots {
    fn read(doc: &Doc<'_>) -> Self {
        let mut robots = Self { reserved: false, no_follow: false };
        for meta in doc.elements("meta") {
            let name = doc.attr(meta, "name").or_else(|| doc.attr(meta, "property")).unwrap_or_default();
            let content = doc.attr(meta, "content").unwrap_or_default().to_ascii_lowercase();
            match name.trim().to_ascii_lowercase().as_str() {
                "robots" | "muster" => {
                    for word in content.split([',', ' ', ';']).map(str::trim) {
                        robots.reserved |= matches!(word, "noindex" | "none" | "noai" | "noarchive-ai" | "notrain");
                        robots.no_follow |= matches!(word, "nofollow" | "none");
                    }
                }
                "tdm-reservation" => robots.reserved |= content.trim() == "1" || content.trim() == "true",
                _ => {}
            }
        }
        robots
    }
}

fn language(doc: &Doc<'_>) -> Option<String> {
    let html = doc.elements("html").next();
    let lang = html.and_then(|html| doc.attr(html, "lang").or_else(|| doc.attr(html, "xml:lang")));
    let meta = || {
        doc.elements("meta")
            .find(|&meta| {
                doc.attr(meta, "http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-language"))
            })
            .and_then(|meta| doc.attr(meta, "content"))
    };
    let primary = lang.or_else(meta)?.split(['-', '_', ',']).next()?.trim().to_ascii_lowercase();
    (primary.len() == 2 && primary.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(primary)
}

/// The address that relative addresses of a page are meant from.
fn base_url(doc: &Doc<'_>, page_url: &str) -> Option<Url> {
    let page_url = Url::parse(page_url).ok()?;
    let base = doc.elements("base").find_map(|base| doc.attr(base, "href"));
    Some(base.and_then(|href| page_url.join(href.trim()).ok()).unwrap_or(page_url))
}

fn links(doc: &Doc<'_>, page_url: &str) -> Vec<String> {
    let Some(base) = base_url(doc, page_url) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut links = Vec::new();
    for index in 0..doc.len() {
        if !matches!(doc.tag(index), "a" | "area") {
            continue;
        }
        let no_follow = doc
            .attr(index, "rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("nofollow")));
        let Some(href) = doc.attr(index, "href").filter(|_| !no_follow) else { continue };
        let Ok(mut url) = base.join(href.trim()) else { continue };
        url.set_fragment(None);
        if matches!(url.scheme(), "http" | "https") && links.len() < LINKS_MAX && seen.insert(url.to_string()) {
            links.push(url.to_string());
        }
    }
    links
}
