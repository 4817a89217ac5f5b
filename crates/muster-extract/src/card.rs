//! People on cards: whether a candidate is a person, and what the part of the page around the name says of them.
//!
//! Evidence is weighed: a mailbox that fits the name, a title, a number, a word of people on the element or heading
//! above. A name alone in a product list has none of it. Weights are small integers, and the threshold is one constant,
//! so that every acceptance can be explained.
//!
//! Invariant: a candidate is taken only where it, or one in a place of the same make, has proof of being a person.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use muster_model::{EntityKind, Field, Method};
use regex::Regex;

use crate::candidate::{Announced, Candidate, find_candidates};
use crate::company_name::{find_company, is_organization};
use crate::draft::{Draft, Place};
use crate::lines::Line;
use crate::scope::scope_of;
use crate::title::{TitleStrength, title_range, title_strength};
use crate::view::{Claims, View, mail_fits};
use crate::words::{announces_people, announces_role};
use crate::zones::heading_rank;

/// The weight from which a candidate is a person.
const WEIGHT_MIN: i32 = 4;

/// The weight from which one of several names in a line is a person, where names alone in a line of that make are.
const JOINT_WEIGHT_MIN: i32 = 2;

/// Lines behind a name in which its title is looked for.
const TITLE_LINES_MAX: usize = 4;

/// Items of a list of bare names, at least.
const LIST_NAMES_MIN: usize = 3;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    line: usize,
    range: Range<usize>,
}

/// What speaks for a candidate, and what was read around it.
#[derive(Debug, Default)]
struct Reading {
    weight: i32,
    proof: bool,
    title: Option<Part>,
    company: Option<Part>,
    mails: Vec<usize>,
    calls: Vec<usize>,
}

/// People found on cards.
#[derive(Debug, Default)]
pub(crate) struct CardFinds {
    /// The people.
    pub(crate) people: Vec<Draft>,
    /// Short labels inside cards that no field takes, such as `Konfession`.
    pub(crate) labels: Vec<String>,
}

/// Reads the people of a page that no table row and no structured data stands for.
pub(crate) fn read_cards(view: &View<'_, '_>, read: &[Range<usize>], claims: &mut Claims) -> CardFinds {
    let mut candidates = find_candidates(view, read);
    // What is no person may have cut a card in two; so the scopes are drawn anew without it, once.
    for _ in 0..2 {
        let mut accepted = accept(&candidates, &read_all(view, &candidates)).into_iter();
        candidates.retain(|_| accepted.next().unwrap_or(false));
    }
    let mut finds = CardFinds::default();
    let readings = read_all(view, &candidates);
    let accepted = accept(&candidates, &readings);
    for (at, reading) in readings.into_iter().enumerate().filter(|(at, _)| accepted.get(*at) == Some(&true)) {
        let Some(candidate) = candidates.get(at) else { continue };
        let scope = scope_of(view, &candidates, at);
        finds.people.push(draft_of(view, candidate, &scope, &reading, claims));
        labels_in(view, &scope, &candidate.name.name, &mut finds.labels);
    }
    finds
}

fn read_all(view: &View<'_, '_>, candidates: &[Candidate]) -> Vec<Reading> {
    (0..candidates.len()).map(|at| weigh(view, candidates, at)).collect()
}

/// Decides which candidates are people: those with weight and proof, and those with weight that stand in a place of the
/// same make as a person.
fn accept(candidates: &[Candidate], readings: &[Reading]) -> Vec<bool> {
    let heavy = |reading: &Reading| reading.weight >= WEIGHT_MIN;
    let proven: BTreeSet<&str> = candidates
        .iter()
        .zip(readings)
        .filter(|(_, reading)| heavy(reading) && reading.proof)
        .map(|(candidate, _)| candidate.shape.as_str())
        .collect();
    let is_person = |(candidate, reading): (&Candidate, &Reading)| {
        let alike = proven.contains(candidate.shape.as_str());
        // Names that share a line share one card, and each has less of it.
        let enough = heavy(reading) || (candidate.joint && reading.weight >= JOINT_WEIGHT_MIN);
        enough && (reading.proof || alike)
    };
    candidates.iter().zip(readings).map(is_person).collect()
}

fn weigh(view: &View<'_, '_>, candidates: &[Candidate], at: usize) -> Reading {
    let mut reading = Reading::default();
    let Some(candidate) = candidates.get(at) else { return reading };
    let scope = scope_of(view, candidates, at);
    contacts(view, candidate, &scope, &mut reading);
    let strength = title(view, candidate, &scope, &mut reading);
    reading.company = company(view, candidate, &scope, &reading);
    let has_no_calls = reading.calls.is_empty();
    let mut add = |weight: i32, proof: bool, holds: bool| {
        if holds {
            reading.weight += weight;
            reading.proof |= proof;
        }
    };
    add(2, true, strength == Some(TitleStrength::Known));
    add(1, false, matches!(strength, Some(TitleStrength::Plausible | TitleStrength::Field)));
    add(2, true, candidate.name.framed);
    add(4, true, candidate.announced != Announced::No);
    add(4, true, view.addressed.contains(&candidate.line));
    add(0, true, !has_no_calls && strength.is_some());
    add(1, false, candidate.prominent);
    add(1, false, view.people_page);
    add(-1, false, candidate.name.reversed);
    add(2, true, is_marked(view, candidate, &scope));
    add(2, true, view.atoms.profiles.iter().any(|profile| scope.contains(&profile.node)));
    let heading = view.heading_above(candidate.line);
    add(1, false, heading.is_some_and(|line| announces_people(&line.text)));
    add(1, false, candidates.iter().filter(|other| other.shape == candidate.shape).count() > 1);
    let listed = in_list_of_names(view, candidates, candidate);
    add(3, true, listed && (view.people_page || heading.is_some_and(|line| announces_people(&line.text))));
    reading
}

/// Mailboxes and numbers of the scope; those that fit the name before the others.
fn contacts(view: &View<'_, '_>, candidate: &Candidate, scope: &Range<usize>, reading: &mut Reading) {
    let mails = view.personal_mails(scope);
    let mail_at = |at: &usize| view.atoms.mails.get(*at);
    let fitting: Vec<usize> = mails
        .iter()
        .copied()
        .filter(|at| mail_at(at).is_some_and(|mail| mail_fits(&mail.address, &candidate.name.name)))
        .collect();
    if fitting.is_empty() {
        // A mailbox that also stands outside the card is the page's, not the person's.
        let only_here = |at: &usize| {
            mail_at(at).is_some_and(|mail| {
                !view.atoms.mails.iter().any(|other| other.address == mail.address && !scope.contains(&other.node))
            })
        };
        reading.mails = mails.into_iter().filter(only_here).take(1).collect();
        if let Some(address) = reading.mails.first().and_then(mail_at).map(|mail| &mail.address) {
            // The same mailbox may stand in the card as link and as text.
            let address = address.clone();
            reading.mails = view
                .personal_mails(scope)
                .into_iter()
                .filter(|at| mail_at(at).is_some_and(|mail| mail.address == address))
                .collect();
            reading.weight += 2;
            reading.proof = true;
        }
    } else {
        reading.mails = fitting;
        reading.weight += 4;
        reading.proof = true;
    }
    reading.calls = view.personal_calls(scope);
    if !reading.calls.is_empty() {
        reading.weight += 1;
    }
}

/// Finds the title: beside the name, on an element that says so, in the lines below, in the line above.
fn title(
    view: &View<'_, '_>,
    candidate: &Candidate,
    scope: &Range<usize>,
    reading: &mut Reading,
) -> Option<TitleStrength> {
    let text_of = |part: &Part| view.lines.get(part.line).map_or("", |line| line.part(&part.range));
    let mut best: Option<(TitleStrength, Part)> = None;
    let mut offer = |part: Part, strength: TitleStrength| {
        if best.as_ref().is_none_or(|(known, _)| strength > *known) {
            best = Some((strength, part));
        }
    };
    if let Some(range) = &candidate.title {
        let text = view.lines.get(candidate.line).map_or("", |line| line.text.as_str());
        let range = without_company(text, range, view.guests);
        let part = Part { line: candidate.line, range };
        if let Some(strength) = title_strength(text_of(&part)) {
            offer(part, strength);
        }
    }
    let lines = view.lines_in(scope);
    let below = (candidate.line + 1..lines.end).filter(|&at| !is_contact_line(view, at));
    for (distance, at) in below.take(TITLE_LINES_MAX).enumerate() {
        let Some(line) = view.lines.get(at) else { break };
        let role_class = has_hint(view, line, role_hint());
        let Some((part, strength)) = title_in(view, at, role_class) else { continue };
        let strength = if role_class { TitleStrength::Known } else { strength };
        // Without a word of a role only the line right below the name may be a title, and no heading or link.
        let stands_in = |tags: &[&str]| {
            std::iter::once(line.element)
                .chain(view.doc.ancestors(line.element).take_while(|&node| node >= line.outer))
                .any(|node| tags.contains(&view.doc.tag(node)))
        };
        let (heads, leads) = (stands_in(&["h1", "h2", "h3", "h4", "h5", "h6"]), stands_in(&["a"]));
        // A linked heading is a talk or an article.
        if heads && leads {
            continue;
        }
        let linked = heads || leads;
        if strength == TitleStrength::Known
            || (distance == 0 && !linked)
            || (strength == TitleStrength::Field && distance < 2 && !linked)
        {
            offer(part, strength);
        }
    }
    if best.as_ref().is_none_or(|(strength, _)| *strength < TitleStrength::Known)
        && let Some(above) =
            candidate.line.checked_sub(1).filter(|above| lines.contains(above) && !is_contact_line(view, *above))
        && let Some((part, strength)) = title_in(view, above, false)
    {
        // A department above a name is a title where nothing below is and it heads no section.
        let heads = view.lines.get(above).and_then(|line| heading_rank(view.doc, line)).is_some_and(|rank| rank <= 6);
        if strength == TitleStrength::Known || (strength == TitleStrength::Field && best.is_none() && !heads) {
            best = Some((strength, part));
        }
    }
    let (strength, part) = best?;
    reading.title = Some(part);
    Some(strength)
}

/// The title that a line holds, without the employer behind it.
fn title_in(view: &View<'_, '_>, at: usize, marked: bool) -> Option<(Part, TitleStrength)> {
    let line = view.lines.get(at)?;
    let range = without_company(&line.text, &title_range(&line.text, 0..line.text.len()), false);
    let text = line.part(&range);
    if !marked && (has_hint(view, line, company_hint()) || is_organization(text) || text.is_empty()) {
        return None;
    }
    title_strength(text).map(|strength| (Part { line: at, range }, strength))
}

/// A title without the employer behind it; `open` also takes one that nothing but its place tells.
fn without_company(text: &str, range: &Range<usize>, open: bool) -> Range<usize> {
    let Some(company) = trailing_company(text, range, open) else { return range.clone() };
    let head = text.get(range.start..company.start).unwrap_or_default();
    let head = head.trim_end_matches([' ', ',', '|', '·', '-', '–', '@', '(']);
    let head = [" at", " bei", " bei der", " chez", " of", " von", " presso", " en", " w"]
        .iter()
        .find_map(|word| head.strip_suffix(word))
        .unwrap_or(head);
    range.start..range.start + head.trim_end_matches([' ', ',']).len()
}

/// An employer at the end of a title line: `Studio Director, Slieve Ban Limited`, `Buyer at Muster GmbH`.
fn trailing_company(text: &str, range: &Range<usize>, open: bool) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let company = find_company(part).filter(|company| company.range.end == part.len());
    if let Some(company) = company {
        return (company.range.start > 0).then(|| range.start + company.range.start..range.end);
    }
    let cut = part.rfind([',', '|', '·'])?;
    let tail = part.get(cut + 1..)?;
    let start = range.start + cut + 1 + (tail.len() - tail.trim_start().len());
    // Speakers are listed as name, title, firm: behind a title what is none is the firm.
    let by_place = open
        && title_strength(part.get(..cut)?.trim_start_matches([' ', ',', '|', '·', '–', '-']))
            == Some(TitleStrength::Known)
        && title_strength(tail.trim()) == Some(TitleStrength::Plausible);
    (is_organization(tail.trim()) || by_place).then_some(start..range.end)
}

/// Finds the employer that a card states: on an element that says so, by its legal form, or by a word of organisations.
fn company(view: &View<'_, '_>, candidate: &Candidate, scope: &Range<usize>, reading: &Reading) -> Option<Part> {
    let lines = view.lines_in(scope);
    for at in (candidate.line..lines.end).take(TITLE_LINES_MAX + 3) {
        let line = view.lines.get(at)?;
        if line.text.chars().count() > 160 || is_contact_line(view, at) {
            continue;
        }
        if at == candidate.line {
            let range = candidate.name.rest..line.text.len();
            if let Some(range) =
                trailing_company(&line.text, &range, view.guests).filter(|found| found.start >= candidate.name.rest)
            {
                return Some(Part { line: at, range });
            }
            continue;
        }
        if has_hint(view, line, company_hint()) && line.text.chars().count() <= 100 {
            return Some(Part { line: at, range: 0..line.text.len() });
        }
        let is_title = reading.title.as_ref().is_some_and(|title| title.line == at);
        let whole = 0..line.text.len();
        if let Some(range) = trailing_company(&line.text, &whole, false) {
            return Some(Part { line: at, range });
        }
        if !is_title && is_organization(&line.text) && heading_rank(view.doc, line).is_none_or(|rank| rank > 6) {
            let range = find_company(&line.text).map_or(whole, |company| company.range);
            return Some(Part { line: at, range });
        }
    }
    None
}

fn is_contact_line(view: &View<'_, '_>, at: usize) -> bool {
    let in_line = |line: Option<usize>| line == Some(at);
    let text = view.lines.get(at).map_or("", |line| line.text.as_str());
    let holds_contact = view.atoms.mails.iter().any(|mail| in_line(mail.line))
        || view.atoms.calls.iter().any(|call| in_line(call.line));
    // A title may stand before the number: `Head of Sales | Tel. 030 1`.
    holds_contact && title_range(text, 0..text.len()).is_empty()
}

fn role_hint() -> &'static Regex {
    static HINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:roles?|job-?title|jobtitle|position|funktion|function|poste|cargo|ruolo|functie|titel|fonction|designation|occupation|beruf)(?:$|[\s_-])").expect("the pattern is valid")
    });
    &HINT
}

fn company_hint() -> &'static Regex {
    static HINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:org|organi[sz]ation|company|firma|unternehmen|employer|affiliation|institution|entreprise|societe|empresa|azienda)(?:$|[\s_-])").expect("the pattern is valid")
    });
    &HINT
}

fn person_hint() -> &'static Regex {
    static HINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|[\s_-])(?:persons?|people|members?|staff|team|speakers?|employees?|mitarbeiter\w*|ansprechpartner\w*|kontaktperson\w*|vorstand|board|profile|membre|equipe|équipe|personne|contributor|maintainers?|author|contact-?(?:name|card|person)|c-contact|referent\w*|leader(?:ship)?|colleagues?|person[ae]|equipo|miembro|portrait|medewerkers?|osoba|zespol|organiser|organizer)(?:$|[\s_-])",
        )
        .expect("the pattern is valid")
    });
    &HINT
}

/// Whether the class or id of an element that holds nothing but the line fits a pattern.
fn has_hint(view: &View<'_, '_>, line: &Line, hint: &Regex) -> bool {
    let mut nodes = vec![line.element];
    nodes.extend(view.doc.ancestors(line.element).take_while(|&node| node >= line.outer));
    nodes.into_iter().any(|node| hints(view, node, hint))
}

fn hints(view: &View<'_, '_>, node: usize, hint: &Regex) -> bool {
    ["class", "id", "itemprop"]
        .iter()
        .filter_map(|name| view.doc.attr(node, name))
        .any(|value| hint.is_match(&value.to_lowercase().replace("__", "-")))
}

/// Whether the card, or what it stands in, is marked as one of people.
fn is_marked(view: &View<'_, '_>, candidate: &Candidate, scope: &Range<usize>) -> bool {
    let Some(line) = view.lines.get(candidate.line) else { return false };
    let mut nodes = std::iter::once(line.element).chain(view.doc.ancestors(line.element));
    let inside = nodes.by_ref().take_while(|&node| node >= scope.start).any(|node| hints(view, node, person_hint()));
    inside
        || view
            .doc
            .ancestors(scope.start)
            .take(3)
            .any(|node| !matches!(view.doc.tag(node), "body" | "html" | "main") && hints(view, node, person_hint()))
}

/// Whether a name stands in a list of nothing but names.
fn in_list_of_names(view: &View<'_, '_>, candidates: &[Candidate], candidate: &Candidate) -> bool {
    let Some(line) = view.lines.get(candidate.line) else { return false };
    let list = std::iter::once(line.outer)
        .chain(view.doc.ancestors(line.outer))
        .take(4)
        .find(|&node| matches!(view.doc.tag(node), "ul" | "ol" | "tbody" | "table"));
    let Some(list) =
        list.or_else(|| (line.block != line.outer || view.doc.tag(line.block) == "p").then_some(line.block))
    else {
        return false;
    };
    let range = list..view.doc.end(list);
    let lines = view.lines_in(&range);
    let names = candidates.iter().filter(|other| lines.contains(&other.line)).count();
    names >= LIST_NAMES_MIN && names * 10 >= lines.len() * 8
}

fn draft_of(
    view: &View<'_, '_>,
    candidate: &Candidate,
    scope: &Range<usize>,
    reading: &Reading,
    claims: &mut Claims,
) -> Draft {
    let method = method_of(view, candidate, scope);
    let mut draft = Draft::new(EntityKind::Person, scope.start);
    let Some(line) = view.lines.get(candidate.line) else { return draft };
    draft.put_name(&Place::line(view.doc, line), &candidate.name, method);
    let mut put = |field: Field, part: &Part| {
        if let Some(line) = view.lines.get(part.line) {
            let place = Place::line(view.doc, line);
            draft.put(field, place.part(&part.range), method, place.seen(&part.range));
        }
    };
    if let Some(part) = &reading.title {
        put(Field::JobTitle, part);
    } else if let Some(heading) = view.heading_above(candidate.line).filter(|heading| is_group_title(&heading.text)) {
        let range = heading_words(&heading.text);
        let place = Place::line(view.doc, heading);
        draft.put(Field::JobTitle, place.part(&range), method, place.seen(&range));
        draft.group_title = true;
    }
    if let Some(part) = &reading.company
        && let Some(line) = view.lines.get(part.line)
    {
        let place = Place::line(view.doc, line);
        draft.put(Field::Company, place.part(&part.range), method, place.seen(&part.range));
    }
    view.give_mails(&mut draft, &reading.mails, method, claims);
    view.give_calls(&mut draft, &reading.calls, method, claims);
    view.give_profiles(&mut draft, scope, method);
    draft
}

/// The words of a heading without the sign that links to it.
fn heading_words(text: &str) -> Range<usize> {
    0..text.trim_end_matches(['¶', '#', ':', ' ', '§']).len()
}

/// Whether a heading over people is short enough to be what each of them is.
fn is_group_title(text: &str) -> bool {
    let words = crate::words::folded_words(text);
    let speaks = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "our" | "unser" | "unsere" | "notre" | "nos" | "thanks" | "thank" | "meet" | "the" | "der" | "die"
        )
    });
    words.len() <= 5 && !speaks && announces_role(text)
}

fn method_of(view: &View<'_, '_>, candidate: &Candidate, scope: &Range<usize>) -> Method {
    let Some(line) = view.lines.get(candidate.line) else { return Method::Card };
    let row =
        std::iter::once(line.outer).chain(view.doc.ancestors(line.element)).find(|&node| view.doc.tag(node) == "tr");
    if row.is_some_and(|row| {
        row <= scope.start
            && view.doc.children(row).filter(|&cell| matches!(view.doc.tag(cell), "td" | "th")).count() > 1
    }) {
        return Method::Table;
    }
    let single = view.lines_in(scope).len() <= 1 && line.text.split_whitespace().count() > 8;
    if single { Method::Prose } else { Method::Card }
}

/// Collects short labels inside a card, such as `Konfession:`; a label is one or two words and no name.
fn labels_in(view: &View<'_, '_>, scope: &Range<usize>, name: &str, labels: &mut Vec<String>) {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[.;]\s+)(\p{Lu}[\p{Ll}-]{2,25}(?: \p{L}[\p{Ll}-]{1,20})?)\s*:\s")
            .expect("the pattern is valid")
    });
    for line in view.lines.get(view.lines_in(scope)).unwrap_or_default() {
        if heading_rank(view.doc, line).is_some_and(|rank| rank <= 6) {
            continue;
        }
        for label in LABEL.captures_iter(&line.text).filter_map(|captures| captures.get(1)) {
            let of_name = label.as_str().split(' ').any(|word| name.contains(word));
            if !of_name && crate::person_name::parse_name(label.as_str(), 0).is_none() {
                labels.push(label.as_str().to_owned());
            }
        }
    }
}
