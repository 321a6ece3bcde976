//! Markup → [`Tree`], by the parser of a browser, under limits that no page made by people meets.
//!
//! The parser looks through all open elements at many tags, and copies open formatting into each new
//! paragraph: tags beyond the limits are dropped before they reach it, their text stays.

use std::{
    borrow::Cow,
    cell::{Cell, Ref, RefCell},
};

use html5ever::{
    Attribute, LocalName, QualName,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink},
};

use super::tree::{Data, Id, Tree};

/// Browsers stop at the same depth.
const MAX_DEPTH: u32 = 512;
/// What is left open here is opened again in every paragraph that follows.
const MAX_FORMATTING_DEPTH: u32 = 128;
/// Beyond, all tags are dropped.
const MAX_NODES: usize = 500_000;
/// The parser compares each attribute of a tag with all before it.
const MAX_ATTRIBUTES: usize = 1_000;

/// The tree of a page or a part of one, or why it is not read.
pub(super) fn tree(markup: &str) -> Result<Tree, String> {
    if has_monstrous_tag(markup) {
        return Err(format!("has a tag with more than {MAX_ATTRIBUTES} attributes"));
    }
    let building = Building {
        tree: RefCell::new(Tree::new()),
        depths: RefCell::default(),
        depth: Cell::new(0),
    };
    let options = TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() };
    let bounded =
        Bounded { inner: TreeBuilder::new(building, options), dropped: RefCell::default() };
    let tokenizer = Tokenizer::new(bounded, TokenizerOpts::default());
    let queue = BufferQueue::default();
    // Text grows in place only below the limit of one buffer: a page comes in pieces.
    for piece in pieces(markup) {
        queue.push_back(StrTendril::from_slice(piece));
        // A script ends a call before all is read: nothing runs here, so go on.
        while !queue.is_empty() {
            drop(tokenizer.feed(&queue));
        }
    }
    tokenizer.end();
    Ok(tokenizer.sink.inner.sink.tree.into_inner())
}

fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    const PIECE: usize = 1 << 20;
    std::iter::from_fn(move || {
        let mut end = text.len().min(PIECE);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let (piece, rest) = text.split_at_checked(end)?;
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

fn has_monstrous_tag(markup: &str) -> bool {
    let mut attributes = 0;
    let mut quote = None;
    let mut inside = false;
    let mut before = 0;
    for byte in markup.bytes() {
        match (inside, quote) {
            (false, _) => {
                inside = before == b'<' && byte.is_ascii_alphabetic();
                attributes = 0;
            }
            (true, Some(open)) => {
                if byte == open {
                    (quote, attributes) = (None, attributes + 1);
                }
            }
            (true, None) => match byte {
                b'>' => inside = false,
                b'"' | b'\'' if before == b'=' => quote = Some(byte),
                b'/' => attributes += 1,
                byte if byte.is_ascii_whitespace() && !before.is_ascii_whitespace() => {
                    attributes += 1;
                }
                _ => {}
            },
        }
        if attributes > 2 * MAX_ATTRIBUTES {
            return true;
        }
        before = byte;
    }
    false
}

fn is_formatting(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    NAMES.contains(&name)
}

/// Hands tokens on to the builder of the tree, but for tags beyond the limits.
struct Bounded {
    inner: TreeBuilder<Id, Building>,
    /// The tags that were dropped and are open still.
    dropped: RefCell<Vec<LocalName>>,
}

impl TokenSink for Bounded {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if let Token::TagToken(tag) = &token {
            let building = &self.inner.sink;
            if building.tree.borrow().len() >= MAX_NODES {
                return TokenSinkResult::Continue;
            }
            let limit = if is_formatting(&tag.name) { MAX_FORMATTING_DEPTH } else { MAX_DEPTH };
            let mut dropped = self.dropped.borrow_mut();
            match tag.kind {
                // Nothing stands inside these: they make nothing deeper.
                TagKind::StartTag if matches!(&*tag.name, "br" | "img" | "hr") => {}
                TagKind::StartTag if building.depth.get() >= limit => {
                    dropped.push(tag.name.clone());
                    return TokenSinkResult::Continue;
                }
                TagKind::EndTag if dropped.last() == Some(&tag.name) => {
                    dropped.pop();
                    return TokenSinkResult::Continue;
                }
                _ => {}
            }
        }
        self.inner.process_token(token, line)
    }

    fn end(&self) {
        self.inner.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree while it is built.
struct Building {
    tree: RefCell<Tree>,
    /// How many elements are around each node, by its index.
    depths: RefCell<Vec<u32>>,
    /// How deep the parser is.
    depth: Cell<u32>,
}

impl Building {
    fn depth_of(&self, id: Id) -> u32 {
        self.depths.borrow().get(id.index()).copied().unwrap_or(0)
    }

    fn placed(&self, parent: Option<Id>, child: Id) {
        let depth = parent.map_or(0, |parent| self.depth_of(parent)) + 1;
        let mut depths = self.depths.borrow_mut();
        if depths.len() <= child.index() {
            depths.resize(child.index() + 1, 0);
        }
        if let Some(known) = depths.get_mut(child.index()) {
            *known = depth;
        }
        self.depth.set(depth);
    }
}

impl TreeSink for Building {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        Tree::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| tree.element_name(*target).unwrap_or(&NO_NAME))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        self.tree.borrow_mut().add(Data::Element { name, attributes })
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.tree.borrow_mut().add(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.tree.borrow_mut().add(Data::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.tree.borrow_mut().append(*parent, child);
                self.placed(Some(*parent), child);
            }
            NodeOrText::AppendText(text) => self.tree.borrow_mut().append_text(*parent, text),
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.tree.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Id) {
        self.depth.set(self.depth_of(*node).saturating_sub(1));
    }

    /// What a template holds is left out anyway: it may stand in the template itself.
    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, a: &Id, b: &Id) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.tree.borrow_mut().insert_before(*sibling, child);
                let parent = self.tree.borrow().parent(*sibling);
                self.placed(parent, child);
            }
            NodeOrText::AppendText(text) => {
                self.tree.borrow_mut().insert_text_before(*sibling, text);
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        self.tree.borrow_mut().add_attributes(*target, attributes);
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let children: Vec<Id> = self.tree.borrow().children(*node).collect();
        for child in children {
            self.tree.borrow_mut().append(*new_parent, child);
        }
    }
}

/// The name of what is no element; the parser never asks for it.
static NO_NAME: std::sync::LazyLock<QualName> =
    std::sync::LazyLock::new(|| QualName::new(None, html5ever::ns!(), LocalName::from("")));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::tree::Step;

    fn shown(markup: &str) -> String {
        let tree = tree(markup).unwrap();
        let steps = tree.walk(Tree::ROOT, |_| true);
        steps
            .filter_map(|step| match step {
                Step::Enter(id) => Some(match tree.text(id) {
                    Some(text) => text.to_owned(),
                    None => format!("<{}>", tree.name(id)),
                }),
                Step::Leave(_) => None,
            })
            .collect()
    }

    #[test]
    fn trees_of_markup() {
        for (markup, expected) in [
            ("<p>a<p>b", "<><html><head><body><p>a<p>b"),
            // Text inside a table but in no cell stands before it.
            ("<table>a<tr><td>b", "<><html><head><body>a<table><tbody><tr><td>b"),
            ("<b>x<p>y</b>z", "<><html><head><body><b>x<p><b>yz"),
            ("&copy;&#20013;&#150;", "<><html><head><body>©中–"),
        ] {
            assert_eq!(shown(markup), expected, "{markup}");
        }
    }

    #[test]
    fn no_page_overflows_the_stack_or_takes_long() {
        let many = 100_000;
        let formatted: Vec<_> = (0..many).map(|n| format!("<b id={n}>")).collect();
        let reopened: Vec<_> = (0..20_000).map(|n| format!("<p><b id={n}>text</p>")).collect();
        for markup in [
            format!("{}text{}", "<div>".repeat(many), "</div>".repeat(many)),
            format!("{}text", "<table><tr><td>".repeat(many)),
            format!("{}text", "<p><a><b><font>".repeat(many)),
            formatted.concat() + "text",
            reopened.concat(),
            "<".repeat(many) + " text",
            "<!--".repeat(many) + "--> text",
        ] {
            let tree = tree(&markup).unwrap();
            assert!(tree.all_text(Tree::ROOT).contains("text"), "{:?}", markup.get(..20));
        }
        assert!(tree(&format!("<div {}>", "a ".repeat(many))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_markup_has_a_tree(markup in r#"(<(/?(p|b|a|i|table|tr|td|svg|select|option|template|frameset|div|h1|li)|!--|\?)( [a-z]="x")?/?>|[a-z<>&;\n\t]|\PC){0,60}"#) {
            drop(tree(&markup));
        }
    }
}
