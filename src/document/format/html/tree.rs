//! The elements and texts of an HTML page, as a tree stored in one vector.
//!
//! Neither walking nor dropping the tree recurses, so deep nesting cannot overflow the stack.

use html5ever::{Attribute, QualName, tendril::StrTendril};

use crate::document::format::raised_text::{MAX_FOOTNOTE_MARK_CHARS, RaisedText, superscript};

/// Index of a node in a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(u32);

/// Tree of the nodes of a page.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// Node of a tree, with links to adjacent nodes.
#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    previous_sibling: Option<NodeId>,
    next_sibling: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    content: NodeContent,
}

/// Content of a node.
#[derive(Debug)]
pub(super) enum NodeContent {
    /// The root, a comment, or another node that contains no text itself.
    Other,
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
    Text(StrTendril),
}

/// Step of a depth-first walk over a tree, with the node that the walk enters or leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TreeStep {
    Enter(NodeId),
    Leave(NodeId),
}

impl Tree {
    pub(super) const ROOT: NodeId = NodeId(0);

    pub(super) fn new() -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.add_node(NodeContent::Other);
        tree
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node without a parent.
    pub(super) fn add_node(&mut self, content: NodeContent) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node {
            parent: None,
            previous_sibling: None,
            next_sibling: None,
            first_child: None,
            last_child: None,
            content,
        });
        id
    }

    /// Returns the local name of an element, in lower case. Empty for other nodes.
    pub(super) fn name(&self, id: NodeId) -> &str {
        self.element_name(id).map_or("", |name| &name.local)
    }

    pub(super) fn element_name(&self, id: NodeId) -> Option<&QualName> {
        match &self.node(id)?.content {
            NodeContent::Element { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Returns the value of an attribute of an element. `None` if the element has no such
    /// attribute.
    pub(super) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        let attribute = self.attributes(id).iter().find(|a| &*a.name.local == name);
        attribute.map(|attribute| &*attribute.value)
    }

    fn attributes(&self, id: NodeId) -> &[Attribute] {
        match self.node(id).map(|node| &node.content) {
            Some(NodeContent::Element { attributes, .. }) => attributes,
            _ => &[],
        }
    }

    /// Returns the text of a text node. `None` for other nodes.
    pub(super) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id)?.content {
            NodeContent::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.parent
    }

    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let first_child = self.node(id).and_then(|node| node.first_child);
        std::iter::successors(first_child, |&child| self.node(child)?.next_sibling)
    }

    /// Iterates over `top` and its descendants in document order: enters each node, visits its descendants, and leaves
    /// the node. Skips the descendants of a node for which `enters` returns false.
    pub(super) fn walk(
        &self,
        top: NodeId,
        mut enters: impl FnMut(NodeId) -> bool,
    ) -> impl Iterator<Item = TreeStep> {
        let mut step = None;
        std::iter::from_fn(move || {
            let next_step = match step {
                None => TreeStep::Enter(top),
                Some(TreeStep::Enter(id)) => match self.node(id)?.first_child {
                    Some(first) if enters(id) => TreeStep::Enter(first),
                    _ => TreeStep::Leave(id),
                },
                Some(TreeStep::Leave(id)) if id == top => return None,
                Some(TreeStep::Leave(id)) => match self.node(id)?.next_sibling {
                    Some(next) => TreeStep::Enter(next),
                    None => TreeStep::Leave(self.node(id)?.parent?),
                },
            };
            step = Some(next_step);
            step
        })
    }

    /// Iterates, in document order, over the elements with one of the given names among `top` and
    /// its descendants.
    pub(super) fn elements_named(
        &self,
        top: NodeId,
        names: &[&str],
    ) -> impl Iterator<Item = NodeId> {
        self.walk(top, |_| true).filter_map(move |step| match step {
            TreeStep::Enter(id) if names.contains(&self.name(id)) => Some(id),
            _ => None,
        })
    }

    /// Returns what the text of the superscript element `raised` (`sup`) means, such as an exponent or a footnote mark.
    /// `before` is the text directly before the element.
    pub(super) fn raised_text(&self, raised: NodeId, before: &str) -> RaisedText {
        let mut text = String::new();
        for step in self.walk(raised, |_| true) {
            if let TreeStep::Enter(id) = step {
                // The first characters decide, so that long nested elements are not copied.
                text.extend(
                    self.text(id).unwrap_or_default().chars().take(MAX_FOOTNOTE_MARK_CHARS + 1),
                );
            }
            if text.chars().nth(MAX_FOOTNOTE_MARK_CHARS).is_some() {
                return RaisedText::Plain;
            }
        }
        let next = self.node(raised).and_then(|node| node.next_sibling);
        let is_numerator =
            next.and_then(|next| self.text(next)).is_some_and(|next| next.starts_with(['/', '⁄']));
        if is_numerator { RaisedText::Plain } else { RaisedText::classify(before, &text) }
    }

    /// Returns the first character of the text of `top`. `None` if `top` has no text.
    pub(super) fn first_char(&self, top: NodeId) -> Option<char> {
        self.walk(top, |_| true).find_map(|step| match step {
            TreeStep::Enter(id) => self.text(id)?.chars().next(),
            TreeStep::Leave(_) => None,
        })
    }

    /// Returns the text of `top` and its descendants, with each run of white space replaced by one
    /// space.
    pub(super) fn full_text(&self, top: NodeId) -> String {
        let mut text = String::new();
        let mut raised = RaisedText::Plain;
        for step in self.walk(top, |id| !matches!(self.name(id), "script" | "style")) {
            let id = match step {
                TreeStep::Enter(id) => id,
                TreeStep::Leave(id) => {
                    if self.name(id) == "sup" {
                        raised = RaisedText::Plain;
                    }
                    continue;
                }
            };
            match self.text(id) {
                Some(_) if raised == RaisedText::NoteMark => {}
                Some(part) if raised == RaisedText::Exponent => {
                    text.extend(part.chars().map(superscript));
                }
                Some(part) => text.push_str(part),
                None if self.name(id) == "sup" => raised = self.raised_text(id, &text),
                None if !is_inline(self.name(id)) => text.push(' '),
                None => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Makes `child` the last child of `parent`.
    pub(super) fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last_child = self.node(parent).and_then(|node| node.last_child);
        self.update_node(child, |node| {
            (node.parent, node.previous_sibling) = (Some(parent), last_child);
        });
        match last_child {
            Some(last_child) => {
                self.update_node(last_child, |node| node.next_sibling = Some(child));
            }
            None => self.update_node(parent, |node| node.first_child = Some(child)),
        }
        self.update_node(parent, |node| node.last_child = Some(child));
    }

    /// Adds a text as the last child of `parent`. Joins it to the last child if that is a text node.
    pub(super) fn append_text(&mut self, parent: NodeId, text: StrTendril) {
        let last_child = self.node(parent).and_then(|node| node.last_child);
        if let Some(unmerged_text) = self.append_to_text_node(last_child, text) {
            let text_node = self.add_node(NodeContent::Text(unmerged_text));
            self.append(parent, text_node);
        }
    }

    /// Makes `child` the sibling directly before `sibling`.
    pub(super) fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        self.detach(child);
        let Some((parent, previous)) =
            self.node(sibling).map(|node| (node.parent, node.previous_sibling))
        else {
            return;
        };
        self.update_node(child, |node| {
            (node.parent, node.previous_sibling, node.next_sibling) =
                (parent, previous, Some(sibling));
        });
        self.update_node(sibling, |node| node.previous_sibling = Some(child));
        match (previous, parent) {
            (Some(previous), _) => {
                self.update_node(previous, |node| node.next_sibling = Some(child));
            }
            (None, Some(parent)) => self.update_node(parent, |node| node.first_child = Some(child)),
            (None, None) => {}
        }
    }

    /// Adds a text directly before `sibling`. Joins it to the previous sibling if that is a text node.
    pub(super) fn insert_text_before(&mut self, sibling: NodeId, text: StrTendril) {
        let previous_sibling = self.node(sibling).and_then(|node| node.previous_sibling);
        if let Some(unmerged_text) = self.append_to_text_node(previous_sibling, text) {
            let text_node = self.add_node(NodeContent::Text(unmerged_text));
            self.insert_before(sibling, text_node);
        }
    }

    /// Removes a node from its parent. The node keeps its children.
    pub(super) fn detach(&mut self, id: NodeId) {
        let Some(node) = self.node(id) else { return };
        let (parent, previous, next) = (node.parent, node.previous_sibling, node.next_sibling);
        match (previous, parent) {
            (Some(previous), _) => self.update_node(previous, |node| node.next_sibling = next),
            (None, Some(parent)) => self.update_node(parent, |node| node.first_child = next),
            (None, None) => {}
        }
        match (next, parent) {
            (Some(next), _) => self.update_node(next, |node| node.previous_sibling = previous),
            (None, Some(parent)) => self.update_node(parent, |node| node.last_child = previous),
            (None, None) => {}
        }
        self.update_node(id, |node| {
            (node.parent, node.previous_sibling, node.next_sibling) = (None, None, None);
        });
    }

    /// Adds each attribute in `added` whose name the element does not have yet.
    pub(super) fn add_missing_attributes(&mut self, id: NodeId, added: Vec<Attribute>) {
        self.update_node(id, |node| {
            if let NodeContent::Element { attributes, .. } = &mut node.content {
                for attribute in added {
                    if attributes.iter().all(|own| own.name != attribute.name) {
                        attributes.push(attribute);
                    }
                }
            }
        });
    }

    /// Appends `text` to the text node `before`. Returns `text` if `before` is not a text node.
    fn append_to_text_node(
        &mut self,
        before: Option<NodeId>,
        text: StrTendril,
    ) -> Option<StrTendril> {
        let node = self.nodes.get_mut(before.map_or(usize::MAX, |id| id.0 as usize));
        if let Some(Node { content: NodeContent::Text(own_text), .. }) = node {
            own_text.push_tendril(&text);
            return None;
        }
        Some(text)
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn update_node(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            change(node);
        }
    }
}

impl NodeId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Returns whether elements with this name are inline, which means that they do not begin a new line. The empty name
/// stands for a text node, which is inline.
pub(super) fn is_inline(name: &str) -> bool {
    const INLINE_ELEMENTS: [&str; 43] = [
        "", "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rp", "rt",
        "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr", "picture", "source", "st1:date",
    ];
    INLINE_ELEMENTS.contains(&name) || name.contains(':') || is_formula_element(name)
}

/// Returns whether elements with this name are part of a formula (`MathML`).
fn is_formula_element(name: &str) -> bool {
    const FORMULA_ELEMENTS: [&str; 27] = [
        "math",
        "maction",
        "menclose",
        "merror",
        "mfenced",
        "mfrac",
        "mi",
        "mmultiscripts",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mprescripts",
        "mroot",
        "mrow",
        "ms",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtext",
        "munder",
        "munderover",
        "semantics",
    ];
    FORMULA_ELEMENTS.contains(&name)
}
