//! Parts of a page that do not speak of its own people: menus, forms, testimonials, the web agency, the host, alumni.
//!
//! Invariant: a zone is a range of nodes; a node is in a zone or not, whatever the rule that asks.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::dom::Doc;
use crate::lines::Line;
use crate::words::announces_former;

/// The ranges of nodes that rules about people step over.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    /// Menus and forms: names in them are no statement.
    menus: Vec<Range<usize>>,
    /// Other firms: agency, host, customers, authorities.
    foreign: Vec<Range<usize>>,
    /// People who have left.
    former: Vec<Range<usize>>,
}

impl Zones {
    /// Finds the zones of a page.
    pub(crate) fn find(doc: &Doc<'_>, lines: &[Line]) -> Self {
        let mut zones = Self::default();
        for index in 0..doc.len() {
            if doc.element(index).is_none() {
                continue;
            }
            let range = index..doc.end(index);
            if is_menu(doc, index) {
                zones.menus.push(range);
            } else if is_testimonial(doc, index) {
                zones.foreign.push(range);
            }
        }
        for (at, line) in lines.iter().enumerate() {
            if is_foreign_sentence(&line.text) {
                zones.foreign.push(line.first..line.last + 1);
            } else if let Some(rank) = heading_rank(doc, line) {
                let former = announces_former(&line.text);
                if former || is_foreign_heading(&line.text) {
                    let end = zone_end(doc, lines, at, rank);
                    let list = if former { &mut zones.former } else { &mut zones.foreign };
                    list.push(line.first..end);
                }
            }
        }
        for list in [&mut zones.menus, &mut zones.foreign, &mut zones.former] {
            *list = merged(std::mem::take(list));
        }
        zones
    }

    /// Whether a node lies in a menu or form.
    pub(crate) fn in_menu(&self, node: usize) -> bool {
        contains(&self.menus, node)
    }

    /// Whether a node speaks of another firm.
    pub(crate) fn in_foreign(&self, node: usize) -> bool {
        contains(&self.foreign, node)
    }

    /// Whether no rule about the page's own people may read a node.
    pub(crate) fn closed(&self, node: usize) -> bool {
        self.in_menu(node) || self.in_foreign(node) || contains(&self.former, node)
    }
}

/// Sorts ranges and joins those that overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn contains(sorted: &[Range<usize>], node: usize) -> bool {
    let at = sorted.partition_point(|range| range.start <= node);
    at.checked_sub(1).and_then(|at| sorted.get(at)).is_some_and(|range| node < range.end)
}

fn class_words(doc: &Doc<'_>, index: usize) -> String {
    let class = doc.attr(index, "class").unwrap_or_default();
    let id = doc.attr(index, "id").unwrap_or_default();
    format!("{class} {id}").to_ascii_lowercase()
}

fn is_menu(doc: &Doc<'_>, index: usize) -> bool {
    static MENU: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:breadcrumbs?|cookie[\w-]*|navbar[\w-]*|nav-menu|main-?nav\w*|menu|submenu|pagination|skip-?links?|lang-?switch\w*)\b").expect("the pattern is valid")
    });
    let role = doc.attr(index, "role").unwrap_or_default();
    if matches!(doc.tag(index), "nav" | "select" | "option" | "menu")
        || matches!(role, "navigation" | "menu" | "menubar" | "search")
    {
        return true;
    }
    if doc.tag(index) == "form" {
        // Old server pages wrap everything in one form; a form to fill in is short and has fields.
        let inside = index..doc.end(index);
        let fields = inside.clone().filter(|&node| matches!(doc.tag(node), "input" | "textarea" | "select")).count();
        return fields > 0 && inside.len() < doc.len() / 2;
    }
    matches!(doc.tag(index), "ul" | "ol" | "div" | "section")
        && MENU.is_match(&class_words(doc, index))
        && doc.end(index) - index < doc.len() / 2
}

fn is_testimonial(doc: &Doc<'_>, index: usize) -> bool {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:testimonials?|kundenstimmen?|kundenmeinung\w*|customer-?(?:quote|stor)\w*|reviews?|rezension\w*|bewertung\w*|temoignages?|comments?|commentlist|recensioni|opinie|customer-voices?|quotes?-slider)(?:$|[\s_-])")
            .expect("the pattern is valid")
    });
    if doc.tag(index) == "blockquote" {
        // Old pages indent whole columns with `<blockquote>`; a quotation is short.
        return doc.end(index) - index < 40
            && !(index..doc.end(index)).any(|node| matches!(doc.tag(node), "table" | "h1" | "h2" | "h3"));
    }
    matches!(doc.tag(index), "div" | "section" | "article" | "aside" | "ul" | "ol" | "li" | "figure")
        && QUOTED.is_match(&class_words(doc, index))
        && doc.end(index) - index < doc.len() * 2 / 3
}

/// The rank of a line that stands as a heading over what follows: 1 to 6 for `h1` to `h6`, 7 for a term, 8 for a bold
/// line or a short line with a colon.
pub(crate) fn heading_rank(doc: &Doc<'_>, line: &Line) -> Option<u32> {
    let mut rank = None;
    for element in std::iter::once(line.element).chain(doc.ancestors(line.element).take(4)) {
        let found = match doc.tag(element) {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            "h4" => Some(4),
            "h5" => Some(5),
            "h6" => Some(6),
            "dt" | "summary" | "legend" | "caption" => Some(7),
            "strong" | "b" | "th" => Some(8),
            _ => None,
        };
        rank = rank.or(found);
        if element == line.outer {
            break;
        }
    }
    let short = line.text.chars().count() <= 60;
    rank.filter(|_| short).or_else(|| (line.text.ends_with(':') && short).then_some(8))
}

/// The node where what a heading announces ends: at the next heading of its rank or above.
pub(crate) fn zone_end(doc: &Doc<'_>, lines: &[Line], at: usize, rank: u32) -> usize {
    let next = lines.iter().skip(at + 1).find(|line| {
        heading_rank(doc, line).is_some_and(|other| other <= rank)
            || doc.ancestors(line.element).any(|node| doc.tag(node) == "footer")
    });
    let by_heading = next.map_or(doc.len(), |line| line.first);
    // A term or a bold line speaks for its own section only.
    let section = lines.get(at).map_or(doc.len(), |line| {
        doc.ancestors(line.outer)
            .find(|&node| {
                matches!(doc.tag(node), "section" | "article" | "aside" | "main" | "body" | "footer" | "dl" | "table")
            })
            .map_or(doc.len(), |node| doc.end(node))
    });
    by_heading.min(section)
}

fn is_foreign_heading(text: &str) -> bool {
    static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:host(?:ing|er)|hébergeur|hébergement|webhosting|provider|web-?design|umsetzung|realisierung|réalisation|konzept(?:ion)?|gestaltung|programmierung|design (?:and|&|und) (?:development|entwicklung|programmierung|realisation)|(?:web)?site by|website-erstellung|crédits?|bildnachweise?|bildrechte|fotos|fotografie|photo credits|picture credits|testimonials?|kundenstimmen|referenzen|kundenmeinungen|das sagen|what (?:our )?(?:clients|customers|people) say|témoignages?|aufsichtsbehörde|datenschutzbehörde|supervisory authority|streitschlichtung|streitbeilegung|verbraucherstreitbeilegung|zuständige kammer|conception|développement|hosting provider|alojamiento|hosting del sito|realizzazione|realización|diseño web|our (?:clients|customers|sponsors)|unsere kunden|sponsor(?:s|en)|berufshaftpflicht\w*|haftpflichtversicherung|versicherer)\b",
        )
        .expect("the pattern is valid")
    });
    text.split_whitespace().count() <= 8 && FOREIGN.is_match(text)
}

fn is_foreign_sentence(text: &str) -> bool {
    static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:est hébergé|hébergé (?:par|chez)|hosted (?:by|on|at)|(?:web)?site (?:by|design(?:ed)? by)|web-?design(?:ed)?(?: by|\s*:)|design(?:ed)? by|built by|powered by|umgesetzt (?:von|durch)|realisiert (?:von|durch)|gestaltung\s*:|umsetzung\s*:|realisierung\s*:|réalisé par|réalisation\s*:|conception\s*:|hébergeur\s*:|hébergement\s*:|gehostet|gemaakt door|realizzato da|realizado por|fotos?\s*:|photos?\s*:|bildnachweis|quelle\s*:)",
        )
        .expect("the pattern is valid")
    });
    FOREIGN.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::parse;
    use crate::lines::lay_out;

    #[track_caller]
    fn check(html: &str, word: &str, closed: bool) {
        let tree = parse(html);
        let doc = Doc::new(html, &tree);
        let lines = lay_out(&doc);
        let zones = Zones::find(&doc, &lines);
        let line = lines.iter().find(|line| line.text.contains(word)).unwrap();
        assert_eq!(zones.closed(line.first), closed, "{word} in {html}");
    }

    #[test]
    fn the_host_and_the_agency_are_other_firms() {
        let html = "<main><h2>Hébergeur</h2><p>Nuage</p><h2>Contact</h2><p>Nous</p></main>";
        check(html, "Nuage", true);
        check(html, "Nous", false);
        check("<p>Website by Pixel Person</p><p>x</p>", "Pixel", true);
        check("<dl><dt>Webdesign</dt><dd>Pixel</dd><dt>Sitz</dt><dd>Wien</dd></dl>", "Pixel", true);
        check("<dl><dt>Webdesign</dt><dd>Pixel</dd><dt>Sitz</dt><dd>Wien</dd></dl>", "Wien", false);
    }

    #[test]
    fn menus_quotations_and_alumni_are_stepped_over() {
        check("<nav><a>Anna Muster</a></nav><p>x</p>", "Anna", true);
        check("<div class='testimonial-card'><p>Anna Muster</p></div><p>x</p><p>y</p><p>z</p>", "Anna", true);
        check("<p>Emeritus:</p><ul><li>Anna Muster</li></ul>", "Anna", true);
        check("<blockquote><table><tr><td>Anna Muster</td></tr></table></blockquote>", "Anna", false);
    }
}
