//! A page's tree, laid out flat in document order, each node with its place in the source.
//!
//! `html5ever` builds the tree as browsers do; a wrapper around scraper's sink notes from which piece of the source
//! each tag and text came. The flat form makes every walk a loop: a page of 100,000 nested tags needs no stack.
//!
//! Invariant: a node's descendants are exactly the nodes between it and its `end`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};

use crate::scan::{PieceKind, Scan};
use crate::source_map::{align, attribute_value};

/// Deepest nesting that is read. The tree builder looks through all open elements at each tag, so depth times length
/// bounds its time; no page made for people is nearly as deep.
const DEPTH_MAX: u32 = 512;

/// Most nodes of one page.
const NODES_MAX: usize = 300_000;

/// Where a stretch of a text node's text came from.
#[derive(Debug, Clone)]
struct TextPiece {
    /// First byte in the node's text.
    at: usize,
    /// The piece of the source.
    from: Range<usize>,
}

/// What the sink notes while the tree grows.
#[derive(Default)]
struct Notes {
    texts: HashMap<NodeId, Vec<TextPiece>>,
    tags: HashMap<NodeId, Range<usize>>,
    depths: HashMap<NodeId, u32>,
}

struct PositionSink {
    inner: HtmlTreeSink,
    notes: RefCell<Notes>,
    /// The piece that is being fed.
    current: Cell<(usize, usize)>,
    /// The last piece of text; a text that is flushed late, while a tag is fed, belongs to it.
    last_text: Cell<(usize, usize)>,
    too_deep: Cell<bool>,
    node_count: Cell<usize>,
}

impl PositionSink {
    fn note_tag(&self, id: NodeId) {
        let (start, end) = self.current.get();
        self.node_count.set(self.node_count.get() + 1);
        self.notes.borrow_mut().tags.insert(id, start..end);
    }

    fn note_depth(&self, parent: NodeId, child: &NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(child) = child {
            let mut notes = self.notes.borrow_mut();
            let depth = notes.depths.get(&parent).copied().unwrap_or_default() + 1;
            notes.depths.insert(*child, depth);
            if depth > DEPTH_MAX {
                self.too_deep.set(true);
            }
        }
    }

    fn note_text(&self, id: Option<NodeId>, length: usize) {
        let Some(id) = id else { return };
        let tree = &self.inner.0.borrow().tree;
        let Some(text) = tree.get(id).and_then(|node| node.value().as_text()) else { return };
        let at = text.text.len().saturating_sub(length);
        let (start, end) = self.last_text.get();
        self.node_count.set(self.node_count.get() + 1);
        let mut notes = self.notes.borrow_mut();
        let pieces = notes.texts.entry(id).or_default();
        if pieces.last().is_none_or(|piece| piece.from != (start..end)) {
            pieces.push(TextPiece { at, from: start..end });
        }
    }
}

fn text_length(child: &NodeOrText<NodeId>) -> Option<usize> {
    match child {
        NodeOrText::AppendText(text) => Some(text.len()),
        NodeOrText::AppendNode(_) => None,
    }
}

impl TreeSink for PositionSink {
    type Output = (Html, Notes);
    type Handle = NodeId;
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn finish(self) -> Self::Output {
        (self.inner.finish(), self.notes.into_inner())
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.inner.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let id = self.inner.create_element(name, attrs, flags);
        self.note_tag(id);
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.node_count.set(self.node_count.get() + 1);
        self.inner.create_comment(text)
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.note_depth(*parent, &child);
        let length = text_length(&child);
        self.inner.append(parent, child);
        if let Some(length) = length {
            let id = self.inner.0.borrow().tree.get(*parent).and_then(|node| node.last_child()).map(|node| node.id());
            self.note_text(id, length);
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.inner.0.borrow().tree.get(*sibling).and_then(|node| node.parent()).map(|node| node.id());
        if let Some(parent) = parent {
            self.note_depth(parent, &child);
        }
        let length = text_length(&child);
        self.inner.append_before_sibling(sibling, child);
        if let Some(length) = length {
            let tree = self.inner.0.borrow();
            let id = tree.tree.get(*sibling).and_then(|node| node.prev_sibling()).map(|node| node.id());
            drop(tree);
            self.note_text(id, length);
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.inner.0.borrow().tree.get(*element).is_some_and(|node| node.parent().is_some());
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }
}

/// A parsed page that owns its tree.
pub(crate) struct Tree {
    html: Html,
    notes: Notes,
    /// Whether the page was too deep or too long to be read to its end.
    pub(crate) cut: bool,
}

/// Builds the tree of a page, as far as the limits allow.
pub(crate) fn parse(source: &str) -> Tree {
    let sink = PositionSink {
        inner: HtmlTreeSink::new(Html::new_document()),
        notes: RefCell::default(),
        current: Cell::default(),
        last_text: Cell::default(),
        too_deep: Cell::new(false),
        node_count: Cell::new(0),
    };
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    let mut parser = parse_document(sink, options);
    let whole = StrTendril::from_slice(source);
    let mut cut = false;
    for (kind, range) in Scan::new(source) {
        let sink = &parser.tokenizer.sink.sink;
        if sink.too_deep.get() || sink.node_count.get() > NODES_MAX {
            cut = true;
            break;
        }
        sink.current.set((range.start, range.end));
        if kind == PieceKind::Text {
            sink.last_text.set((range.start, range.end));
        }
        let length = u32::try_from(range.len()).expect("a page is shorter than PAGE_BYTES_MAX");
        let start = u32::try_from(range.start).expect("a page is shorter than PAGE_BYTES_MAX");
        parser.process(whole.subtendril(start, length));
    }
    let (html, notes) = parser.finish();
    Tree { html, notes, cut }
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind<'a> {
    /// An element.
    Element(&'a Element),
    /// A text.
    Text(&'a str),
}

#[derive(Debug)]
struct DocNode<'a> {
    id: NodeId,
    parent: usize,
    end: usize,
    kind: Kind<'a>,
}

/// A page's nodes in document order.
pub(crate) struct Doc<'a> {
    /// The decoded source.
    pub(crate) source: &'a str,
    notes: &'a Notes,
    nodes: Vec<DocNode<'a>>,
}

impl<'a> Doc<'a> {
    /// Lays the tree out; comments and the contents of `<template>` are left out.
    pub(crate) fn new(source: &'a str, tree: &'a Tree) -> Self {
        let mut nodes: Vec<DocNode<'a>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut fragments = 0_u32;
        for edge in tree.html.tree.root().traverse() {
            let (node, opens) = match edge {
                Edge::Open(node) => (node, true),
                Edge::Close(node) => (node, false),
            };
            let kind = match node.value() {
                Node::Fragment => {
                    fragments = if opens { fragments + 1 } else { fragments - 1 };
                    continue;
                }
                Node::Element(element) => Kind::Element(element),
                Node::Text(text) => Kind::Text(text),
                Node::Document | Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => continue,
            };
            if fragments > 0 {
                continue;
            }
            if opens {
                let index = nodes.len();
                nodes.push(DocNode {
                    id: node.id(),
                    parent: open.last().copied().unwrap_or(index),
                    end: index + 1,
                    kind,
                });
                open.push(index);
            } else if let Some(index) = open.pop() {
                let end = nodes.len();
                if let Some(node) = nodes.get_mut(index) {
                    node.end = end;
                }
            }
        }
        Self { source, notes: &tree.notes, nodes }
    }

    /// Returns how many nodes there are.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the element at an index.
    pub(crate) fn element(&self, index: usize) -> Option<&'a Element> {
        match self.nodes.get(index)?.kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }

    /// Returns the text at an index.
    pub(crate) fn text(&self, index: usize) -> Option<&'a str> {
        match self.nodes.get(index)?.kind {
            Kind::Text(text) => Some(text),
            Kind::Element(_) => None,
        }
    }

    /// Returns the tag name of an element, nothing for a text.
    pub(crate) fn tag(&self, index: usize) -> &'a str {
        self.element(index).map_or("", Element::name)
    }

    /// Returns the value of an attribute.
    pub(crate) fn attr(&self, index: usize, name: &str) -> Option<&'a str> {
        self.element(index)?.attr(name)
    }

    /// Returns the index behind the last descendant.
    pub(crate) fn end(&self, index: usize) -> usize {
        self.nodes.get(index).map_or(self.nodes.len(), |node| node.end)
    }

    /// Returns the parent; the root is its own.
    pub(crate) fn parent(&self, index: usize) -> usize {
        self.nodes.get(index).map_or(0, |node| node.parent)
    }

    /// Returns the ancestors, nearest first.
    pub(crate) fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = index;
        std::iter::from_fn(move || {
            let parent = self.parent(at);
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }

    /// Returns the children in order.
    pub(crate) fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.end(index);
        let mut at = index + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = at;
                at = self.end(child);
                child
            })
        })
    }

    /// Returns the indices of the elements of one tag, in order.
    pub(crate) fn elements<'s>(&'s self, tag: &'s str) -> impl Iterator<Item = usize> + 's {
        (0..self.len()).filter(move |&index| self.tag(index) == tag)
    }

    /// Returns where a part of a text node stands in the source.
    pub(crate) fn text_span(&self, index: usize, part: &Range<usize>) -> Option<Range<usize>> {
        let node = self.nodes.get(index)?;
        let text = self.text(index)?;
        let pieces = self.notes.texts.get(&node.id)?;
        let found = pieces.iter().rposition(|piece| piece.at <= part.start)?;
        let piece = pieces.get(found)?;
        let piece_end = pieces.get(found + 1).map_or(text.len(), |next| next.at);
        let raw = self.source.get(piece.from.clone())?;
        let decoded = text.get(piece.at..piece_end)?;
        let wanted = part.start - piece.at..part.end.min(piece_end) - piece.at;
        let range = align(raw, decoded, &wanted)?;
        Some(piece.from.start + range.start..piece.from.start + range.end)
    }

    /// Returns where a part of an attribute's value stands in the source.
    pub(crate) fn attr_span(&self, index: usize, name: &str, part: &Range<usize>) -> Option<Range<usize>> {
        let node = self.nodes.get(index)?;
        let value = self.attr(index, name)?;
        let tag = self.notes.tags.get(&node.id)?;
        let raw_tag = self.source.get(tag.clone())?;
        let raw = attribute_value(raw_tag, name)?;
        let range = align(raw_tag.get(raw.clone())?, value, part)?;
        let start = tag.start + raw.start;
        Some(start + range.start..start + range.end)
    }

    /// Returns where the raw text of an element such as `<script>` stands in the source.
    pub(crate) fn raw_text_span(&self, index: usize) -> Option<Range<usize>> {
        let child = index + 1;
        self.text(child)?;
        let pieces = self.notes.texts.get(&self.nodes.get(child)?.id)?;
        Some(pieces.first()?.from.start..pieces.last()?.from.end)
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    fn with_doc(source: &str, look: impl FnOnce(&Doc<'_>)) {
        let tree = parse(source);
        look(&Doc::new(source, &tree));
    }

    #[test]
    fn every_text_knows_its_place_even_where_the_markup_is_broken() {
        let source = "<table>lost<tr><td>a &amp; b</table><p>one<b>two<p>three &uuml;</b> x&gt<hr>y";
        with_doc(source, |doc| {
            let mut seen = 0;
            for index in 0..doc.len() {
                let Some(text) = doc.text(index) else { continue };
                let start = text.len() - text.trim_start().len();
                let span = doc.text_span(index, &(start..text.trim_end().len())).unwrap();
                let raw = doc.source[span].replace("&amp;", "&").replace("&uuml;", "ü").replace("&gt", ">");
                assert_eq!(raw, text.trim());
                seen += 1;
            }
            assert_eq!(seen, 7);
        });
    }

    #[test]
    fn attributes_know_their_place() {
        let source = "<p><a class=x href=\"&#109;ailto:a@b.example\">z</a>";
        with_doc(source, |doc| {
            let link = doc.elements("a").next().unwrap();
            let span = doc.attr_span(link, "href", &(7..18)).unwrap();
            assert_eq!(&source[span], "a@b.example");
            assert_eq!(doc.attr(link, "href"), Some("mailto:a@b.example"));
        });
    }

    #[test]
    fn a_page_of_nested_tags_is_cut_and_does_not_take_the_stack() {
        let tree = parse(&"<div>".repeat(100_000));
        assert!(tree.cut);
        let source = "<table><tr><td>".repeat(2_000);
        let tree = parse(&source);
        assert!(tree.cut);
        assert!(Doc::new(&source, &tree).len() < 2_000);
    }

    #[test]
    fn the_contents_of_a_template_are_no_part_of_the_page() {
        with_doc("<template><p>never</p></template><p>always", |doc| {
            let texts: Vec<&str> = (0..doc.len()).filter_map(|index| doc.text(index)).collect();
            assert_eq!(texts, ["always"]);
        });
    }
}
