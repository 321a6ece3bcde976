//! The elements and texts of a page, as a tree in one vector: walked without recursion, so that no
//! depth of nesting can overflow a stack, neither in use nor when it is dropped.

use html5ever::{Attribute, QualName, tendril::StrTendril};

/// The place of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u32);

/// A page.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    parent: Option<Id>,
    previous: Option<Id>,
    next: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    /// The root, comments, and what else has no text.
    Other,
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
    Text(StrTendril),
}

/// A step of a walk over a part of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Enter(Id),
    Leave(Id),
}

impl Tree {
    pub(super) const ROOT: Id = Id(0);

    pub(super) fn new() -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.add(Data::Other);
        tree
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node that stands nowhere yet.
    pub(super) fn add(&mut self, data: Data) -> Id {
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let (parent, previous, next, first, last) = (None, None, None, None, None);
        self.nodes.push(Node { parent, previous, next, first, last, data });
        id
    }

    /// The local name of an element, in lower case; empty for what is none.
    pub(super) fn name(&self, id: Id) -> &str {
        self.element_name(id).map_or("", |name| &name.local)
    }

    pub(super) fn element_name(&self, id: Id) -> Option<&QualName> {
        match &self.node(id)?.data {
            Data::Element { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The value of an attribute of an element.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let attribute = self.attributes(id).iter().find(|a| &*a.name.local == name);
        attribute.map(|attribute| &*attribute.value)
    }

    fn attributes(&self, id: Id) -> &[Attribute] {
        match self.node(id).map(|node| &node.data) {
            Some(Data::Element { attributes, .. }) => attributes,
            _ => &[],
        }
    }

    /// The text of a text node.
    pub(super) fn text(&self, id: Id) -> Option<&str> {
        match &self.node(id)?.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.node(id)?.parent
    }

    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let first = self.node(id).and_then(|node| node.first);
        std::iter::successors(first, |&child| self.node(child)?.next)
    }

    /// Enters and leaves every node from `top` on, in the order of the document. Where `enters` says
    /// no, what is inside is passed over.
    pub(super) fn walk(
        &self,
        top: Id,
        mut enters: impl FnMut(Id) -> bool,
    ) -> impl Iterator<Item = Step> {
        let mut step = None;
        std::iter::from_fn(move || {
            let next = match step {
                None => Step::Enter(top),
                Some(Step::Enter(id)) => match self.node(id)?.first {
                    Some(first) if enters(id) => Step::Enter(first),
                    _ => Step::Leave(id),
                },
                Some(Step::Leave(id)) if id == top => return None,
                Some(Step::Leave(id)) => match self.node(id)?.next {
                    Some(next) => Step::Enter(next),
                    None => Step::Leave(self.node(id)?.parent?),
                },
            };
            step = Some(next);
            step
        })
    }

    /// The elements from `top` on that have one of these names, in order.
    pub(super) fn named(&self, top: Id, names: &[&str]) -> impl Iterator<Item = Id> {
        self.walk(top, |_| true).filter_map(move |step| match step {
            Step::Enter(id) if names.contains(&self.name(id)) => Some(id),
            _ => None,
        })
    }

    /// All text from `top` on, its white space collapsed.
    pub(super) fn all_text(&self, top: Id) -> String {
        let mut text = String::new();
        for step in self.walk(top, |id| !matches!(self.name(id), "script" | "style")) {
            let Step::Enter(id) = step else { continue };
            match self.text(id) {
                Some(part) => text.push_str(part),
                None if !is_inline(self.name(id)) => text.push(' '),
                None => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.node(parent).and_then(|node| node.last);
        self.set(child, |node| (node.parent, node.previous) = (Some(parent), last));
        match last {
            Some(last) => self.set(last, |node| node.next = Some(child)),
            None => self.set(parent, |node| node.first = Some(child)),
        }
        self.set(parent, |node| node.last = Some(child));
    }

    pub(super) fn append_text(&mut self, parent: Id, text: StrTendril) {
        let last = self.node(parent).and_then(|node| node.last);
        if let Some(text) = self.joined(last, text) {
            let text = self.add(Data::Text(text));
            self.append(parent, text);
        }
    }

    pub(super) fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Some((parent, previous)) = self.node(sibling).map(|node| (node.parent, node.previous))
        else {
            return;
        };
        self.set(child, |node| {
            (node.parent, node.previous, node.next) = (parent, previous, Some(sibling));
        });
        self.set(sibling, |node| node.previous = Some(child));
        match (previous, parent) {
            (Some(previous), _) => self.set(previous, |node| node.next = Some(child)),
            (None, Some(parent)) => self.set(parent, |node| node.first = Some(child)),
            (None, None) => {}
        }
    }

    pub(super) fn insert_text_before(&mut self, sibling: Id, text: StrTendril) {
        let previous = self.node(sibling).and_then(|node| node.previous);
        if let Some(text) = self.joined(previous, text) {
            let text = self.add(Data::Text(text));
            self.insert_before(sibling, text);
        }
    }

    pub(super) fn detach(&mut self, id: Id) {
        let Some(Node { parent, previous, next, .. }) = self.node(id) else { return };
        let (parent, previous, next) = (*parent, *previous, *next);
        match (previous, parent) {
            (Some(previous), _) => self.set(previous, |node| node.next = next),
            (None, Some(parent)) => self.set(parent, |node| node.first = next),
            (None, None) => {}
        }
        match (next, parent) {
            (Some(next), _) => self.set(next, |node| node.previous = previous),
            (None, Some(parent)) => self.set(parent, |node| node.last = previous),
            (None, None) => {}
        }
        self.set(id, |node| (node.parent, node.previous, node.next) = (None, None, None));
    }

    /// Gives an element those of `given` that it has not.
    pub(super) fn add_attributes(&mut self, id: Id, given: Vec<Attribute>) {
        self.set(id, |node| {
            if let Data::Element { attributes, .. } = &mut node.data {
                for attribute in given {
                    if attributes.iter().all(|known| known.name != attribute.name) {
                        attributes.push(attribute);
                    }
                }
            }
        });
    }

    /// Puts `text` at the end of `before` where that is a text; else gives it back.
    fn joined(&mut self, before: Option<Id>, text: StrTendril) -> Option<StrTendril> {
        let node = self.nodes.get_mut(before.map_or(usize::MAX, |id| id.0 as usize));
        if let Some(Node { data: Data::Text(known), .. }) = node {
            known.push_tendril(&text);
            return None;
        }
        Some(text)
    }

    fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn set(&mut self, id: Id, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            change(node);
        }
    }
}

impl Id {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether an element runs on in the line that it stands in.
pub(super) fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 43] = [
        "", "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rp", "rt",
        "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr", "picture", "source", "st1:date",
    ];
    INLINE.contains(&name) || name.contains(':')
}
