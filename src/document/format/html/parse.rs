//! Parses HTML into a [`Tree`] by the parsing algorithm of browsers, within limits that ordinary pages do not reach.
//!
//! The algorithm searches all open elements at many tags, and copies unclosed formatting elements into each new
//! paragraph. To bound this work, tags beyond the limits are dropped before parsing. The text between the dropped tags
//! remains.

use std::{
    borrow::Cow,
    cell::{Cell, Ref, RefCell},
};

use html5ever::{
    Attribute, LocalName, QualName,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink},
};

use super::tree::{NodeContent, NodeId, Tree};

/// Maximum nesting depth of elements, as in browsers.
const MAX_ELEMENT_DEPTH: u32 = 512;
/// Maximum nesting depth of formatting elements. The limit is low because every later paragraph repeats all unclosed
/// formatting elements.
const MAX_FORMATTING_ELEMENT_DEPTH: u32 = 128;
/// Maximum number of nodes. All further tags are dropped.
const MAX_NODES: usize = 500_000;
/// Namespace of the root element of an XHTML page, in lower case.
const XHTML_NAMESPACE: &str = "http://www.w3.org/1999/xhtml";
/// Number of characters at the beginning of a page in which its root element is searched for.
const MAX_ROOT_TAG_SEARCH_CHARS: usize = 2_000;
/// Maximum number of attributes of a tag. The parser compares each attribute with all previous
/// attributes of the tag.
const MAX_ATTRIBUTES: usize = 1_000;

/// Rules by which markup is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkupRules {
    /// The rules of HTML: the slash in `<div/>` has no meaning, and all that follows is inside of the element.
    Html,
    /// The rules of XHTML for empty elements and character data: `<div/>` is an empty element, and
    /// `<![CDATA[text]]>` is text.
    Xhtml,
}

impl MarkupRules {
    /// Returns the rules for a page. A page is XHTML if it begins with an XML declaration, or if its root element is in
    /// the namespace of XHTML.
    pub(super) fn of_page(markup: &str) -> Self {
        let markup = markup.trim_start();
        let root_tag = || {
            let beginning: String = markup.chars().take(MAX_ROOT_TAG_SEARCH_CHARS).collect();
            let beginning = beginning.to_ascii_lowercase();
            let (_, root_tag) = beginning.split_once("<html")?;
            root_tag.split_once('>').map(|(attributes, _)| attributes.to_owned())
        };
        let is_xhtml = markup.starts_with("<?xml")
            || root_tag().is_some_and(|root_tag| root_tag.contains(XHTML_NAMESPACE));
        if is_xhtml { Self::Xhtml } else { Self::Html }
    }
}

/// Parses a page or a fragment of HTML.
///
/// # Errors
///
/// Returns the reason if a tag has too many attributes.
pub(super) fn parse(markup: &str) -> Result<Tree, String> {
    parse_by_rules(markup, MarkupRules::of_page(markup))
}

/// Parses a page or a fragment of HTML or XHTML.
///
/// # Errors
///
/// Returns the reason if a tag has too many attributes.
pub(super) fn parse_by_rules(markup: &str, rules: MarkupRules) -> Result<Tree, String> {
    if has_tag_with_too_many_attributes(markup) {
        return Err(format!("has a tag with more than {MAX_ATTRIBUTES} attributes"));
    }
    let sink = TreeWithDepths {
        tree: RefCell::new(Tree::new()),
        depths: RefCell::default(),
        current_depth: Cell::new(0),
    };
    let builder_options = TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() };
    let limited_builder = LimitedTokenSink {
        inner: TreeBuilder::new(sink, builder_options),
        open_dropped_tags: RefCell::default(),
        rules,
    };
    let tokenizer = Tokenizer::new(limited_builder, TokenizerOpts::default());
    let input_queue = BufferQueue::default();
    // The parser gets the page in pieces, because a text node grows without a copy only up to the
    // size of one buffer.
    for piece in split_into_pieces(markup) {
        input_queue.push_back(StrTendril::from_slice(piece));
        // The parser returns early at the end of each script. Scripts are not run here, so parsing
        // continues at once.
        while !input_queue.is_empty() {
            drop(tokenizer.feed(&input_queue));
        }
    }
    tokenizer.end();
    Ok(tokenizer.sink.inner.sink.tree.into_inner())
}

/// Splits a text into pieces of about 1 MiB.
fn split_into_pieces(mut text: &str) -> impl Iterator<Item = &str> {
    const PIECE_BYTES: usize = 1 << 20;
    std::iter::from_fn(move || {
        let mut piece_end = text.len().min(PIECE_BYTES);
        while !text.is_char_boundary(piece_end) {
            piece_end += 1;
        }
        let (piece, remaining_text) = text.split_at_checked(piece_end)?;
        text = remaining_text;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Returns whether a tag has more than twice [`MAX_ATTRIBUTES`] attributes. The count is an estimate, so a lower
/// threshold could reject valid tags.
fn has_tag_with_too_many_attributes(markup: &str) -> bool {
    let mut attribute_count = 0;
    let mut open_quote = None;
    let mut is_in_tag = false;
    let mut previous_byte = 0;
    for byte in markup.bytes() {
        match (is_in_tag, open_quote) {
            (false, _) => {
                is_in_tag = previous_byte == b'<' && byte.is_ascii_alphabetic();
                attribute_count = 0;
            }
            (true, Some(open)) => {
                if byte == open {
                    (open_quote, attribute_count) = (None, attribute_count + 1);
                }
            }
            (true, None) => match byte {
                b'>' => is_in_tag = false,
                b'"' | b'\'' if previous_byte == b'=' => open_quote = Some(byte),
                b'/' => attribute_count += 1,
                byte if byte.is_ascii_whitespace() && !previous_byte.is_ascii_whitespace() => {
                    attribute_count += 1;
                }
                _ => {}
            },
        }
        if attribute_count > 2 * MAX_ATTRIBUTES {
            return true;
        }
        previous_byte = byte;
    }
    false
}

fn is_formatting_element(name: &str) -> bool {
    const FORMATTING_ELEMENTS: [&str; 14] = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    FORMATTING_ELEMENTS.contains(&name)
}

/// Token sink that passes all tokens to the tree builder, except for tags beyond the limits.
struct LimitedTokenSink {
    inner: TreeBuilder<NodeId, TreeWithDepths>,
    /// Names of the start tags that were dropped and whose end tags have not been read yet.
    open_dropped_tags: RefCell<Vec<LocalName>>,
    rules: MarkupRules,
}

impl LimitedTokenSink {
    /// Returns whether a tag is that of an empty element of XHTML which HTML would leave open, such as `<div/>`.
    fn is_empty_xhtml_element(&self, tag: &Tag) -> bool {
        self.rules == MarkupRules::Xhtml
            && tag.self_closing
            && tag.kind == TagKind::StartTag
            && !is_element_closed_by_slash(&tag.name)
            && !self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// Passes an empty element of XHTML to the tree builder, as a start tag and an end tag.
    fn process_empty_element(&self, start_tag: &Tag, line: u64) {
        let start_tag = Tag { self_closing: false, ..start_tag.clone() };
        let end_tag = Tag { kind: TagKind::EndTag, attrs: Vec::new(), ..start_tag.clone() };
        // The tree builder asks for a change of the tokenizer only for the content of the element, which is empty.
        for tag in [start_tag, end_tag] {
            drop(self.inner.process_token(Token::TagToken(tag), line));
        }
    }
}

/// Returns whether HTML itself closes an element with this name at the slash of `<br/>`, or has no end tag for it.
fn is_element_closed_by_slash(name: &str) -> bool {
    const ELEMENTS_CLOSED_BY_SLASH: [&str; 17] = [
        "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
        "math", "meta", "source", "svg", "track", "wbr",
    ];
    ELEMENTS_CLOSED_BY_SLASH.contains(&name)
}

impl TokenSink for LimitedTokenSink {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if let Token::TagToken(tag) = &token {
            let sink = &self.inner.sink;
            if sink.tree.borrow().len() >= MAX_NODES {
                return TokenSinkResult::Continue;
            }
            let max_depth = if is_formatting_element(&tag.name) {
                MAX_FORMATTING_ELEMENT_DEPTH
            } else {
                MAX_ELEMENT_DEPTH
            };
            let mut dropped_tags = self.open_dropped_tags.borrow_mut();
            match tag.kind {
                // Void elements do not nest.
                TagKind::StartTag if matches!(&*tag.name, "br" | "img" | "hr") => {}
                TagKind::StartTag if sink.current_depth.get() >= max_depth => {
                    dropped_tags.push(tag.name.clone());
                    return TokenSinkResult::Continue;
                }
                TagKind::EndTag if dropped_tags.last() == Some(&tag.name) => {
                    dropped_tags.pop();
                    return TokenSinkResult::Continue;
                }
                _ => {}
            }
            if self.is_empty_xhtml_element(tag) {
                self.process_empty_element(tag, line);
                return TokenSinkResult::Continue;
            }
        }
        self.inner.process_token(token, line)
    }

    fn end(&self) {
        self.inner.end();
    }

    /// Returns whether `<![CDATA[text]]>` is text: in XHTML, and in embedded XML such as SVG.
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.rules == MarkupRules::Xhtml
            || self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Tree under construction, with the depth of its nodes.
struct TreeWithDepths {
    tree: RefCell<Tree>,
    /// Number of ancestors of each node, by the index of the node.
    depths: RefCell<Vec<u32>>,
    /// Depth of the current node of the parser.
    current_depth: Cell<u32>,
}

impl TreeWithDepths {
    fn depth_of(&self, id: NodeId) -> u32 {
        self.depths.borrow().get(id.index()).copied().unwrap_or(0)
    }

    /// Records the depth of `child` after it was added to `parent`.
    fn set_depth(&self, parent: Option<NodeId>, child: NodeId) {
        let depth = parent.map_or(0, |parent| self.depth_of(parent)) + 1;
        let mut depths = self.depths.borrow_mut();
        if depths.len() <= child.index() {
            depths.resize(child.index() + 1, 0);
        }
        if let Some(child_depth) = depths.get_mut(child.index()) {
            *child_depth = depth;
        }
        self.current_depth.set(depth);
    }
}

impl TreeSink for TreeWithDepths {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        Tree::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| {
            tree.element_name(*target).unwrap_or(&NAME_OF_NON_ELEMENT)
        })
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> NodeId {
        self.tree.borrow_mut().add_node(NodeContent::Element { name, attributes })
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.tree.borrow_mut().add_node(NodeContent::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.tree.borrow_mut().add_node(NodeContent::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.tree.borrow_mut().append(*parent, child);
                self.set_depth(Some(*parent), child);
            }
            NodeOrText::AppendText(text) => self.tree.borrow_mut().append_text(*parent, text),
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = self.tree.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &NodeId) {
        self.current_depth.set(self.depth_of(*node).saturating_sub(1));
    }

    /// Returns the template itself. The content of templates is never read.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, a: &NodeId, b: &NodeId) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.tree.borrow_mut().insert_before(*sibling, child);
                let parent = self.tree.borrow().parent(*sibling);
                self.set_depth(parent, child);
            }
            NodeOrText::AppendText(text) => {
                self.tree.borrow_mut().insert_text_before(*sibling, text);
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.tree.borrow_mut().add_missing_attributes(*target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children: Vec<NodeId> = self.tree.borrow().children(*node).collect();
        for child in children {
            self.tree.borrow_mut().append(*new_parent, child);
        }
    }
}

/// Empty name for a node that is not an element. The parser requests only the names of elements.
static NAME_OF_NON_ELEMENT: std::sync::LazyLock<QualName> =
    std::sync::LazyLock::new(|| QualName::new(None, html5ever::ns!(), LocalName::from("")));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::tree::TreeStep;

    fn tree_text(markup: &str) -> String {
        let tree = parse(markup).unwrap();
        let steps = tree.walk(Tree::ROOT, |_| true);
        steps
            .filter_map(|step| match step {
                TreeStep::Enter(id) => Some(match tree.text(id) {
                    Some(text) => text.to_owned(),
                    None => format!("<{}>", tree.name(id)),
                }),
                TreeStep::Leave(_) => None,
            })
            .collect()
    }

    #[test]
    fn markup_becomes_a_tree() {
        for (markup, expected) in [
            ("<p>a<p>b", "<><html><head><body><p>a<p>b"),
            // Text directly inside a table, outside of its cells, is moved before the table.
            ("<table>a<tr><td>b", "<><html><head><body>a<table><tbody><tr><td>b"),
            ("<b>x<p>y</b>z", "<><html><head><body><b>x<p><b>yz"),
            ("&copy;&#20013;&#150;", "<><html><head><body>©中–"),
        ] {
            assert_eq!(tree_text(markup), expected, "{markup}");
        }
    }

    #[test]
    fn empty_elements_of_xhtml_contain_nothing() {
        const XHTML: &str = "<html xmlns='http://www.w3.org/1999/xhtml'>";
        for (markup, expected) in [
            ("<title/><p>a", "<title><p>a"),
            ("<script src='x'/><p>a", "<script><p>a"),
            ("<style/><p>a", "<style><p>a"),
            ("<p><textarea/></p>a", "<p><textarea>a"),
            ("<iframe/><p>a", "<iframe><p>a"),
            ("<noscript/><p>a", "<noscript><p>a"),
            ("<div hidden=''/><p>a", "<div><p>a"),
            ("<p>a<b/>b<br/>c<sup/></p>d", "<p>a<b>b<br>c<sup>d"),
            ("<p><select/><video/><object/>a", "<p><select><video><object>a"),
            ("<svg><path/><g>a</g></svg>b", "<svg><path><g>ab"),
            ("<p><![CDATA[a < b]]></p>", "<p>a < b"),
        ] {
            for page in [format!("{XHTML}{markup}"), format!("<?xml version='1.0'?>{markup}")] {
                let text = tree_text(&page).replace("<html>", "").replace("<head>", "");
                let text = text.replace("<body>", "").replacen("<>", "", 2);
                assert_eq!(text, expected, "{page}");
            }
        }
        assert_eq!(tree_text("<p>a<b/>b"), "<><html><head><body><p>a<b>b");
        let html = parse("<div hidden/><p>a").unwrap();
        let paragraph = html.elements_named(Tree::ROOT, &["p"]).next().unwrap();
        assert_eq!(html.name(html.parent(paragraph).unwrap()), "div");
    }

    #[test]
    fn extreme_pages_neither_overflow_the_stack_nor_take_long() {
        let tag_count = 100_000;
        let formatting_tags: Vec<_> = (0..tag_count).map(|n| format!("<b id={n}>")).collect();
        let reopened_paragraphs: Vec<_> =
            (0..20_000).map(|n| format!("<p><b id={n}>text</p>")).collect();
        for markup in [
            format!("{}text{}", "<div>".repeat(tag_count), "</div>".repeat(tag_count)),
            format!("{}text", "<table><tr><td>".repeat(tag_count)),
            format!("{}text", "<p><a><b><font>".repeat(tag_count)),
            formatting_tags.concat() + "text",
            reopened_paragraphs.concat(),
            "<".repeat(tag_count) + " text",
            "<!--".repeat(tag_count) + "--> text",
        ] {
            let tree = parse(&markup).unwrap();
            assert!(tree.full_text(Tree::ROOT).contains("text"), "{:?}", markup.get(..20));
        }
        assert!(parse(&format!("<div {}>", "a ".repeat(tag_count))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_markup_has_a_tree(markup in r#"(<(/?(p|b|a|i|table|tr|td|svg|select|option|template|frameset|div|h1|li)|!--|\?)( [a-z]="x")?/?>|[a-z<>&;\n\t]|\PC){0,60}"#) {
            drop(parse(&markup));
        }
    }
}
