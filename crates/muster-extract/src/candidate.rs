//! Lines of a page that begin with what looks like a person's name.
//!
//! Which of them are people is decided later, by what stands around them. Here only what cannot be one is taken out:
//! lines in menus, in sections about others, in rows of headings most of which are no names.
//!
//! Invariant: candidates are in the order of the page, and no two overlap.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::draft::trim_range;
use crate::imprint::is_director_label;
use crate::lines::Line;
use crate::person_name::{PersonName, behind_brackets, parse_name};
use crate::title::{is_known, leading_title, title_range, title_strength};
use crate::view::View;
use crate::zones::heading_rank;

/// Longest line that is searched for a name, in bytes.
const LINE_BYTES_MAX: usize = 400;

/// Most candidates of a page.
const CANDIDATES_MAX: usize = 3_000;

/// How a label announces a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announced {
    /// No label does.
    No,
    /// One such as `Ansprechpartner:`.
    AsContact,
    /// One of a legal page, such as `Vertreten durch:`, which speaks of its own paragraph only.
    ByDuty,
}

/// A line that begins with a name.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The line.
    pub(crate) line: usize,
    /// The name in it.
    pub(crate) name: PersonName,
    /// A title in the same line, before or behind the name.
    pub(crate) title: Option<Range<usize>>,
    /// Which label, in the line or above it, says that a person follows.
    pub(crate) announced: Announced,
    /// Whether it shares its line with other names.
    pub(crate) joint: bool,
    /// Whether it stands as a heading, term or in bold.
    pub(crate) prominent: bool,
    /// The shape of its place: tags and classes.
    pub(crate) shape: String,
}

/// Finds the candidates of a page, outside ranges that were already read.
pub(crate) fn find_candidates(view: &View<'_, '_>, read: &[Range<usize>]) -> Vec<Candidate> {
    let shapes: Vec<String> = (0..view.lines.len()).map(|line| shape_of(view, line)).collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    for (at, line) in view.lines.iter().enumerate() {
        let read_before = read.iter().any(|range| range.contains(&line.first));
        if line.text.len() > LINE_BYTES_MAX
            || read_before
            || view.zones.closed(line.first)
            || candidates.len() >= CANDIDATES_MAX
        {
            continue;
        }
        candidates.extend(names_of_line(view, at, shapes.get(at).map_or("", String::as_str)));
    }
    prune_headings(view, &shapes, &mut candidates);
    prune_second_lines(view, &mut candidates);
    candidates
}

/// Tags and classes around a line, by which lines of one make are recognized.
fn shape_of(view: &View<'_, '_>, at: usize) -> String {
    let Some(line) = view.lines.get(at) else { return String::new() };
    let first_in_block =
        at.checked_sub(1).and_then(|before| view.lines.get(before)).is_none_or(|before| before.block != line.block);
    let mut shape = if first_in_block { "1".to_owned() } else { "0".to_owned() };
    for node in std::iter::once(line.element).chain(view.doc.ancestors(line.element)).take(4) {
        shape.push('<');
        shape.push_str(view.doc.tag(node));
        // Counters in classes (`col-1`, `post-31`) would tell equal places apart.
        let class = view.doc.attr(node, "class").unwrap_or_default();
        shape.extend(class.chars().filter(|c| !c.is_ascii_digit()));
    }
    shape
}

fn label_prefix(text: &str) -> Option<(Range<usize>, bool)> {
    static PERSON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\W*((?:ihr(?:e|en)? )?(?:ansprechpartner(?:in|innen)?|kontaktperson|contact person|contact|kontakt|your contact|press contact|pressekontakt|media contact|name|autor(?:in)?|author|referent(?:in)?|speaker|contact presse|persona de contacto|persona di contatto|contactpersoon|osoba kontaktowa|interlocuteur|interlocutrice|vos? contacts?)(?: (?:für|for|pour) [^:]{0,40})?)\s*(?::|\z)\s*",
        )
        .expect("the pattern is valid")
    });
    let found = PERSON.captures(text)?;
    let whole = found.get(0)?;
    Some((whole.range(), whole.end() < text.len()))
}

fn names_of_line(view: &View<'_, '_>, at: usize, shape: &str) -> Vec<Candidate> {
    let Some(line) = view.lines.get(at) else { return Vec::new() };
    let text = line.text.as_str();
    let above = at.checked_sub(1).and_then(|above| view.lines.get(above)).map_or("", |line| line.text.as_str());
    let mut announced = if view.legal_page && above.len() < 100 && is_director_label(above) {
        Announced::ByDuty
    } else if above.len() < 60 && label_prefix(above).is_some_and(|(_, more)| !more) {
        Announced::AsContact
    } else {
        Announced::No
    };
    let (mut from, mut title) = (0, None);
    let mut name = parse_name(text, 0);
    if name.is_none() {
        // `<h4>Anna Muster <small>Buyer</small></h4>`: the name is what the first element holds.
        let inner = line.first_break().and_then(|end| Some((end, parse_name(text.get(..end)?, 0)?)));
        if let Some((end, inner)) =
            inner.filter(|(end, inner)| text.get(inner.rest..*end).is_some_and(|rest| rest.trim().is_empty()))
        {
            let behind = title_range(text, end..text.len());
            title = title_strength(line.part(&behind)).map(|_| behind);
            let prominent = heading_rank(view.doc, line).is_some();
            return vec![Candidate {
                line: at,
                name: inner,
                title,
                announced,
                joint: false,
                prominent,
                shape: shape.to_owned(),
            }];
        }

        if let Some((label, true)) = label_prefix(text) {
            from = label.end;
            announced = Announced::AsContact;
        } else if let Some(colon) =
            text.find(": ").filter(|&colon| colon < 50 && is_known(text.get(..colon).unwrap_or_default()))
        {
            from = colon + 2;
            title = Some(title_range(text, 0..colon));
        } else if let Some(end) = leading_title(text).filter(|_| text.split_whitespace().count() <= 8) {
            from = end;
            title = Some(title_range(text, 0..end));
        }
        name = (from > 0).then(|| parse_name(text, from)).flatten();
    }
    let Some(name) = name else { return Vec::new() };
    if from == 0 && is_director_label(text) {
        return Vec::new();
    }
    let prominent = heading_rank(view.doc, line).is_some();
    let make = |name: PersonName, title: Option<Range<usize>>| Candidate {
        line: at,
        name,
        title,
        announced,
        joint: false,
        prominent,
        shape: shape.to_owned(),
    };
    let behind = behind_brackets(text, name.rest);
    if let Some((others, shared)) = more_names(text, behind) {
        return std::iter::once(name)
            .chain(others)
            .map(|name| Candidate { joint: true, ..make(name, shared.clone()) })
            .collect();
    }
    if !may_follow(text.get(behind..).unwrap_or_default()) {
        return Vec::new();
    }
    let own = title.or_else(|| title_behind(text, behind));
    vec![make(name, own)]
}

/// What may stand behind a name that begins a card or an entry; a sentence may not.
fn may_follow(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty()
        || rest.starts_with([',', '–', '—', '-', '|', '(', ':', '/', '·', '•', ';', '[', '<'])
        || rest.starts_with('¶')
}

/// `Anna Muster und Bernd Beispiel, Buyers`, or three and more names between commas: the other names and the title of all.
fn more_names(text: &str, behind: usize) -> Option<(Vec<PersonName>, Option<Range<usize>>)> {
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:\s*[,;/]\s*(?:(?:und|and|et|y|e|en|i|&)\s+)?|\s+(?:und|and|et|y|e|en|i|&|\+)\s+)")
            .expect("the pattern is valid")
    });
    let mut names = Vec::new();
    let mut at = behind;
    let mut joined_by_word = false;
    while let Some(joint) = text.get(at..).and_then(|rest| JOINT.find(rest)) {
        let Some(name) = parse_name(text, at + joint.end()) else { break };
        joined_by_word |= joint.as_str().contains(|c: char| c.is_alphabetic() || matches!(c, '&' | '+'));
        at = behind_brackets(text, name.rest);
        names.push(name);
    }
    let rest = text.get(at..)?;
    // Two names with a comma between them may be a person and a firm.
    if names.is_empty() || (names.len() == 1 && !joined_by_word) || !may_follow(rest) {
        return None;
    }
    let title = title_behind(text, at);
    (title.is_some() || rest.trim().is_empty()).then_some((names, title))
}

/// A title behind a name in its own line: `Anna Muster, Head of Sales` or `Anna Muster – Buyer`.
fn title_behind(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let body = rest.trim_start().strip_prefix([',', '–', '—', '-', '|', ':', '/', '·', '•'])?;
    let range = title_range(text, text.len() - body.len()..text.len());
    let range = trim_range(text, range);
    let is_name = parse_name(text, range.start).is_some_and(|name| name.rest >= range.end);
    title_strength(text.get(range.clone())?).filter(|_| !is_name).map(|_| range)
}

/// Takes out headings of a make most of which are no names: talk titles, product names.
fn prune_headings(view: &View<'_, '_>, shapes: &[String], candidates: &mut Vec<Candidate>) {
    let mut total: BTreeMap<&str, usize> = BTreeMap::new();
    for shape in shapes {
        *total.entry(shape.as_str()).or_default() += 1;
    }
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for candidate in candidates.iter() {
        *named.entry(candidate.shape.clone()).or_default() += 1;
    }
    candidates.retain(|candidate| {
        let all = total.get(candidate.shape.as_str()).copied().unwrap_or(1);
        let names = named.get(&candidate.shape).copied().unwrap_or(1);
        let heading =
            view.lines.get(candidate.line).and_then(|line| heading_rank(view.doc, line)).is_some_and(|rank| rank <= 6);
        !(heading && all >= 4 && names * 2 < all)
    });
}

/// Takes out a line that looks like a name only because it follows one: a firm or a department under the name.
fn prune_second_lines(view: &View<'_, '_>, candidates: &mut Vec<Candidate>) {
    let keep: Vec<bool> =
        candidates
            .iter()
            .enumerate()
            .map(|(at, candidate)| {
                if at.checked_sub(1).and_then(|before| candidates.get(before)).is_some_and(|before| {
                    before.line + 1 == candidate.line && !before_is_equal(view, before, candidate)
                }) {
                    return candidate.name.framed || candidate.announced != Announced::No || candidate.prominent;
                }
                true
            })
            .collect();
    let mut flags = keep.into_iter();
    candidates.retain(|_| flags.next().unwrap_or(true));
}

/// Whether two lines in a row are of one make, as in a list of names; of a block with line breaks, whether nothing but
/// names stands in it.
fn before_is_equal(view: &View<'_, '_>, before: &Candidate, candidate: &Candidate) -> bool {
    let (Some(one), Some(other)) = (view.lines.get(before.line), view.lines.get(candidate.line)) else { return false };
    if one.block != other.block {
        return before.shape == candidate.shape;
    }
    let siblings = view.lines.iter().filter(|line| line.block == one.block);
    let nameless = |line: &Line| parse_name(&line.text, 0).is_none();
    !siblings.into_iter().any(nameless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atoms::Atoms;
    use crate::dom::{Doc, parse};
    use crate::lines::lay_out;
    use crate::zones::Zones;

    #[track_caller]
    fn check(html: &str, expect: &[(&str, Option<&str>)]) {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        let lines = lay_out(&doc);
        let zones = Zones::find(&doc, &lines);
        let atoms = Atoms::default();
        let view = View {
            doc: &doc,
            lines: &lines,
            zones: &zones,
            atoms: &atoms,
            host: None,
            people_page: true,
            legal_page: false,
            guests: false,
            addressed: &[],
        };
        let candidates = find_candidates(&view, &[]);
        let found: Vec<(&str, Option<&str>)> = candidates
            .iter()
            .map(|candidate| {
                (candidate.name.name.as_str(), candidate.title.as_ref().map(|range| lines[candidate.line].part(range)))
            })
            .collect();
        assert_eq!(found, expect, "{html}");
    }

    #[test]
    fn a_name_may_carry_its_title() {
        check("<p>Anna Muster, Head of Sales</p>", &[("Anna Muster", Some("Head of Sales"))]);
        check(
            "<p>Anna Muster – Buyer</p><p>Projektleiter Bernd Muster</p>",
            &[("Anna Muster", Some("Buyer")), ("Bernd Muster", Some("Projektleiter"))],
        );
        check("<p>Pressesprecherin: Anna Muster</p>", &[("Anna Muster", Some("Pressesprecherin"))]);
        check(
            "<p>Anna Muster et Bernd Muster, chargés de mission à la direction.</p>",
            &[
                ("Anna Muster", Some("chargés de mission à la direction")),
                ("Bernd Muster", Some("chargés de mission à la direction")),
            ],
        );
    }

    #[test]
    fn several_names_may_share_a_line() {
        check(
            "<h4>Anna Muster, Bernd Beispiel, Carla Fink</h4>",
            &[("Anna Muster", None), ("Bernd Beispiel", None), ("Carla Fink", None)],
        );
        check("<h4>Anna Muster, Blaue Welle</h4>", &[("Anna Muster", None)]);
    }

    #[test]
    fn sentences_menus_and_second_lines_are_no_candidates() {
        check("<p>Anna Muster leitet den Vertrieb.</p>", &[]);
        check("<nav><a>Anna Muster</a></nav>", &[]);
        check("<p>Anna Muster<br>Blaue Welle<br>Tel. 1</p>", &[("Anna Muster", None)]);
        check("<ul><li>Anna Muster<li>Bernd Beispiel</ul>", &[("Anna Muster", None), ("Bernd Beispiel", None)]);
    }
}
