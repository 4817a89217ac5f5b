//! The part of a page that speaks of one person: the card around a name, or the lines from it to the next.
//!
//! A card is the highest element that holds one name and no other. Where names and what is said of them follow each
//! other without an element of their own, the part goes from a name to the next.
//!
//! Invariant: the scopes of two candidates do not overlap.

use std::ops::Range;

use crate::candidate::{Announced, Candidate};
use crate::view::View;
use crate::zones::heading_rank;

/// Most lines of a card around the only name of a page.
const LONE_CARD_LINES_MAX: usize = 40;

/// Most lines of a card among others.
const CARD_LINES_MAX: usize = 60;

/// Most lines that follow a name without an element around them.
const FOLLOWING_LINES_MAX: usize = 12;

/// Returns the range of nodes that speaks of a candidate.
pub(crate) fn scope_of(view: &View<'_, '_>, candidates: &[Candidate], at: usize) -> Range<usize> {
    let Some(candidate) = candidates.get(at) else { return 0..0 };
    let Some(line) = view.lines.get(candidate.line) else { return 0..0 };
    let shares_line = |other: Option<&Candidate>| other.is_some_and(|other| other.line == candidate.line);
    let before = at.checked_sub(1).and_then(|at| candidates.get(at));
    if shares_line(before) || shares_line(candidates.get(at + 1)) {
        return line.first..line.last + 1;
    }
    let line_of = |other: Option<&Candidate>| other.and_then(|other| view.lines.get(other.line));
    let before = line_of(before).map(|line| line.first);
    let (after, after_element) = (
        line_of(candidates.get(at + 1)).map(|line| line.first),
        line_of(candidates.get(at + 1)).map(|line| line.outer),
    );
    // An element around the next name begins before its text: a link around it is the next person's.
    let next_name = after_element.filter(|&element| element > line.last).or(after);
    if candidate.announced == Announced::ByDuty {
        return line.first..following_end(view, candidate.line, next_name, view.doc.end(line.block)).max(line.last + 1);
    }
    let alone = |node: usize| {
        before.is_none_or(|before| before < node) && after.is_none_or(|after| after >= view.doc.end(node))
    };
    let mut card = line.outer;
    if !alone(card) {
        // Lines of one block, set apart by line breaks only.
        return line.first..following_end(view, candidate.line, next_name, view.doc.end(line.block)).max(line.last + 1);
    }
    for ancestor in view.doc.ancestors(line.outer) {
        if !alone(ancestor) || matches!(view.doc.tag(ancestor), "body" | "html" | "main") {
            break;
        }
        let range = ancestor..view.doc.end(ancestor);
        let lines = view.lines_in(&range).len();
        let lone = before.is_none() && after.is_none();
        if lines > if lone { LONE_CARD_LINES_MAX } else { CARD_LINES_MAX }
            || (lone && is_complete(view, card) && lines > view.lines_in(&(card..view.doc.end(card))).len() + 6)
        {
            break;
        }
        card = ancestor;
    }
    let range = card..view.doc.end(card);
    if view.lines_in(&range).len() > 1 {
        return range;
    }
    // Nothing but the name: what is said of it follows in the same container.
    let container = view.doc.parent(card);
    let end = following_end(view, candidate.line, next_name, view.doc.end(container));
    range.start..end.max(range.end)
}

/// Whether an element already holds a mailbox or number of a person.
fn is_complete(view: &View<'_, '_>, card: usize) -> bool {
    let range = card..view.doc.end(card);
    !view.personal_mails(&range).is_empty()
        || (!view.personal_calls(&range).is_empty() && view.lines_in(&range).len() >= 3)
}

/// The node where the lines that follow a name end: at the next name, a heading, a rule, or the limit.
fn following_end(view: &View<'_, '_>, line: usize, next_name: Option<usize>, container_end: usize) -> usize {
    let limit = next_name.unwrap_or(container_end).min(container_end);
    let own_rank = view.lines.get(line).and_then(|line| heading_rank(view.doc, line)).unwrap_or(9);
    let mut end = view.lines.get(line).map_or(0, |line| line.last + 1);
    for follower in view.lines.iter().skip(line + 1).take(FOLLOWING_LINES_MAX) {
        let heading = heading_rank(view.doc, follower)
            .is_some_and(|rank| rank <= own_rank.min(6) && !follower.text.ends_with(':'));
        if follower.first >= limit || heading {
            break;
        }
        end = follower.last + 1;
    }
    // A link without text, such as an icon, may follow the last line.
    let next_line =
        view.lines.get(view.lines.partition_point(|line| line.first < end)).map_or(limit, |line| line.first);
    next_line.min(limit).max(end)
}
