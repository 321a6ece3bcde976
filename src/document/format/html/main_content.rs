//! Main content extraction: finds the elements of a page that contain the press release, and
//! excludes boilerplate.
//!
//! Elements whose markup declares their purpose (`main`, `nav`, a class `breadcrumb`) decide first.
//! On a page without `main`, the text density decides: the content is the smallest element that
//! contains most of the running text.

use std::{iter, mem};

use super::{
    boilerplate::{
        is_boilerplate, is_boilerplate_by_role, is_hidden, is_never_text, is_site_header,
    },
    tree::{NodeId, Tree, TreeStep, is_inline},
};
use crate::script::is_basic_ideograph;

/// Minimum weight of a text that counts as running text: 1 per letter, [`HAN_WEIGHT`] per Han
/// character. A text with a third of its weight or more in links never counts as running text.
const MIN_PROSE_WEIGHT: u32 = 60;
/// Weight of a Han character, which carries as much information as several letters.
const HAN_WEIGHT: u32 = 3;
/// Minimum share of the page's running text in the content element, in percent.
const MIN_CONTENT_PERCENT: u32 = 75;
/// Maximum share of the page's running text in an element that is boilerplate by its class, in
/// percent. An element with more text is not boilerplate.
const MAX_BOILERPLATE_PERCENT: u32 = 25;
/// Minimum share of the page's running text in a `main` element that is accepted as the content, in
/// percent.
const MIN_MAIN_PERCENT: u32 = 20;
/// Minimum number of links of a menu: an element without running text whose text is mostly links.
const MIN_MENU_LINKS: u32 = 3;
/// Maximum number of levels from the densest element, which contains most of the running text, up
/// to the ancestor that becomes the content.
const MAX_WIDENING_LEVELS: usize = 3;

/// Main content of a page: a root element and its descendants, without the excluded elements.
#[derive(Debug)]
pub(super) struct MainContent {
    root: NodeId,
    /// Whether each node is excluded, indexed by the node.
    excluded: Vec<bool>,
}

/// Weights of the text in an element and all its descendants.
#[derive(Debug, Clone, Copy, Default)]
struct TextWeight {
    /// Weight of all characters.
    text: u32,
    /// Weight of the characters in links.
    linked: u32,
    /// Weight of the characters in running text.
    prose: u32,
    /// Number of links.
    links: u32,
}

impl MainContent {
    /// Finds the main content of a page.
    pub(super) fn find(tree: &Tree) -> Self {
        let mut content = Self::whole_tree(tree);
        let weights = content.weights(tree);
        content.exclude_boilerplate(tree, &weights);
        let weights = content.weights(tree);
        if let Some(root) = content.declared_root(tree, &weights) {
            content.root = root;
        } else {
            content.root = content.densest_root(tree, &weights);
            content.exclude_menus(tree, &weights);
        }
        content
    }

    /// Returns the content of a whole page, or of a fragment such as the body of a feed entry.
    /// Excludes only elements that are hidden or never contain text.
    pub(super) fn whole_tree(tree: &Tree) -> Self {
        let mut content = Self { root: Tree::ROOT, excluded: vec![false; tree.len()] };
        for id in content.elements(tree, Tree::ROOT) {
            if is_never_text(tree.name(id)) || is_hidden(tree, id) {
                content.exclude(id);
            }
        }
        content
    }

    /// Returns whether the element is not excluded. Ignores whether one of its ancestors is
    /// excluded.
    pub(super) fn contains(&self, id: NodeId) -> bool {
        !self.excluded.get(id.index()).copied().unwrap_or(false)
    }

    /// Excludes an element and its descendants.
    pub(super) fn exclude(&mut self, id: NodeId) {
        if let Some(excluded) = self.excluded.get_mut(id.index()) {
            *excluded = true;
        }
    }

    /// Iterates over the nodes of the content in document order.
    pub(super) fn walk<'a>(&'a self, tree: &'a Tree) -> impl Iterator<Item = TreeStep> + 'a {
        self.walk_from(tree, self.root)
    }

    fn walk_from<'a>(&'a self, tree: &'a Tree, top: NodeId) -> impl Iterator<Item = TreeStep> + 'a {
        let is_content = |step: &TreeStep| match step {
            TreeStep::Enter(id) | TreeStep::Leave(id) => self.contains(*id),
        };
        tree.walk(top, |id| self.contains(id)).filter(is_content)
    }

    fn elements(&self, tree: &Tree, top: NodeId) -> Vec<NodeId> {
        let entered_elements = self.walk_from(tree, top).filter_map(|step| match step {
            TreeStep::Enter(id) if !tree.name(id).is_empty() => Some(id),
            _ => None,
        });
        entered_elements.collect()
    }

    /// Excludes boilerplate, which is recognized by the names, roles and classes of elements.
    ///
    /// An element with more than [`MAX_BOILERPLATE_PERCENT`] of the running text is excluded only
    /// under two conditions: it is outside of the `main` element of the page, and its own name or
    /// role is that of boilerplate.
    fn exclude_boilerplate(&mut self, tree: &Tree, weights: &[TextWeight]) {
        let total_prose = weight_of(weights, Tree::ROOT).prose;
        let elements = self.elements(tree, Tree::ROOT);
        let main_elements = elements
            .iter()
            .copied()
            .filter(|&id| has_name_or_role(tree, id, "main") && weight_of(weights, id).text > 0);
        let main_and_ancestors: Vec<NodeId> = main_elements
            .flat_map(|id| iter::successors(Some(id), |&id| tree.parent(id)))
            .collect();
        for id in elements {
            let is_small =
                weight_of(weights, id).prose * 100 <= total_prose * MAX_BOILERPLATE_PERCENT;
            let is_beside_main = !main_and_ancestors.is_empty() && is_boilerplate_by_role(tree, id);
            if (is_small || is_beside_main)
                && !main_and_ancestors.contains(&id)
                && (is_boilerplate(tree, id) || is_site_header(tree, id))
            {
                self.exclude(id);
            }
        }
    }

    /// Returns the `article` or `main` element that the page declares as its content. `None` if no
    /// such element contains enough text.
    fn declared_root(&self, tree: &Tree, weights: &[TextWeight]) -> Option<NodeId> {
        let elements = self.elements(tree, Tree::ROOT);
        let elements_with_name_or_role = |name: &'static str| {
            elements.iter().copied().filter(move |&id| has_name_or_role(tree, id, name))
        };
        let contains_percent = |id: NodeId, outer_element: NodeId, percent: u32| {
            let (inner, outer) = (weight_of(weights, id), weight_of(weights, outer_element));
            let (inner_weight, outer_weight) = if outer.prose == 0 {
                (inner.text, outer.text)
            } else {
                (inner.prose, outer.prose)
            };
            inner.text > 0 && inner_weight * 100 >= outer_weight * percent
        };
        let main_element =
            elements_with_name_or_role("main").max_by_key(|&id| weight_of(weights, id).text);
        let main_element =
            main_element.filter(|&id| contains_percent(id, Tree::ROOT, MIN_MAIN_PERCENT));
        let outer_element = main_element.unwrap_or(Tree::ROOT);
        let article = elements_with_name_or_role("article")
            .find(|&id| contains_percent(id, outer_element, MIN_CONTENT_PERCENT));
        article.or(main_element)
    }

    /// Returns the smallest element that contains most of the running text. If further running text
    /// or a heading is beside this element, returns an ancestor that contains both.
    fn densest_root(&self, tree: &Tree, weights: &[TextWeight]) -> NodeId {
        let total_prose = weight_of(weights, Tree::ROOT).prose;
        let is_dense = |id: NodeId| {
            total_prose > 0
                && self.contains(id)
                && is_container(tree, id)
                && weight_of(weights, id).prose * 100 >= total_prose * MIN_CONTENT_PERCENT
        };
        let mut ancestor_path = vec![Tree::ROOT];
        let mut root = Tree::ROOT;
        while let Some(child) = tree.children(root).find(|&id| is_dense(id)) {
            root = child;
            ancestor_path.push(root);
        }
        self.widened_root(tree, weights, &ancestor_path)
    }

    /// Returns the last element of `path`, or one of its ancestors that also contains adjacent
    /// running text or an adjacent heading. `path` leads from the root of the page to the element
    /// that contains most of the running text. Stops at a table cell, because the adjacent cells
    /// are other columns of the page.
    fn widened_root(&self, tree: &Tree, weights: &[TextWeight], path: &[NodeId]) -> NodeId {
        let mut root = path.last().copied().unwrap_or(Tree::ROOT);
        for pair in path.windows(2).rev().take(MAX_WIDENING_LEVELS) {
            let &[parent, child] = pair else { break };
            if matches!(tree.name(child), "td" | "tr" | "tbody" | "table" | "body" | "html") {
                break;
            }
            let is_adjacent_text = |id: NodeId| {
                let has_text = weight_of(weights, id).prose >= MIN_PROSE_WEIGHT
                    || matches!(tree.name(id), "h1" | "h2" | "h3");
                id != child && self.contains(id) && has_text
            };
            if tree.children(parent).any(is_adjacent_text) {
                root = parent;
            }
        }
        root
    }

    /// Excludes menus: elements whose text is mostly links.
    fn exclude_menus(&mut self, tree: &Tree, weights: &[TextWeight]) {
        for id in self.elements(tree, self.root) {
            let TextWeight { text, linked, prose, links } = weight_of(weights, id);
            let is_menu = linked * 10 >= text * 6 && prose == 0 && links >= MIN_MENU_LINKS;
            if is_menu && id != self.root && !is_inline(tree.name(id)) {
                self.exclude(id);
            }
        }
    }

    /// Returns the text weights of all nodes, indexed by the node.
    fn weights(&self, tree: &Tree) -> Vec<TextWeight> {
        let mut weights = vec![TextWeight::default(); tree.len()];
        // Weight of the text since the last start or end of a block element.
        let mut weight_since_boundary = TextWeight::default();
        let mut open_links = 0_u32;
        for step in self.walk_from(tree, Tree::ROOT) {
            let (TreeStep::Enter(id) | TreeStep::Leave(id)) = step;
            if let (Some(text), TreeStep::Enter(_)) = (tree.text(id), step) {
                let weight = text.chars().map(char_weight).sum::<u32>();
                weight_since_boundary.text += weight;
                weight_since_boundary.linked += if open_links > 0 { weight } else { 0 };
                continue;
            }
            if tree.name(id) == "a" {
                match step {
                    TreeStep::Enter(_) => {
                        (open_links, weight_since_boundary.links) =
                            (open_links + 1, weight_since_boundary.links + 1);
                    }
                    TreeStep::Leave(_) => open_links = open_links.saturating_sub(1),
                }
            }
            if !is_inline(tree.name(id)) {
                // The text since the last boundary belongs to the element that ends here, or to the
                // parent of the element that begins here.
                let owner_element = match step {
                    TreeStep::Enter(_) => tree.parent(id).unwrap_or(Tree::ROOT),
                    TreeStep::Leave(_) => id,
                };
                let is_prose = weight_since_boundary.text >= MIN_PROSE_WEIGHT
                    && weight_since_boundary.linked * 3 < weight_since_boundary.text;
                weight_since_boundary.prose = if is_prose { weight_since_boundary.text } else { 0 };
                add_weight(&mut weights, owner_element, mem::take(&mut weight_since_boundary));
            }
            if let (TreeStep::Leave(_), Some(parent)) = (step, tree.parent(id)) {
                let weight = weight_of(&weights, id);
                add_weight(&mut weights, parent, weight);
            }
        }
        weights
    }
}

/// Returns whether the name or the role of an element is `name`.
fn has_name_or_role(tree: &Tree, id: NodeId, name: &str) -> bool {
    tree.name(id) == name || tree.attribute(id, "role") == Some(name)
}

/// Returns whether an element is a block element that contains other block elements. Only such an
/// element can be the content of a page: a paragraph cannot.
fn is_container(tree: &Tree, id: NodeId) -> bool {
    !is_inline(tree.name(id))
        && tree.children(id).any(|child| tree.text(child).is_none() && !is_inline(tree.name(child)))
}

fn weight_of(weights: &[TextWeight], id: NodeId) -> TextWeight {
    weights.get(id.index()).copied().unwrap_or_default()
}

fn add_weight(weights: &mut [TextWeight], id: NodeId, added: TextWeight) {
    if let Some(weight) = weights.get_mut(id.index()) {
        weight.text += added.text;
        weight.linked += added.linked;
        weight.prose += added.prose;
        weight.links += added.links;
    }
}

fn char_weight(c: char) -> u32 {
    if is_basic_ideograph(c) { HAN_WEIGHT } else { u32::from(!c.is_whitespace()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    const PROSE_TEXT: &str = "The ministry has announced new rules for the port, which begin to \
                              apply in the spring of next year, it said.";

    fn content_text(markup: &str) -> String {
        let tree = parse::parse(markup).unwrap();
        let content = MainContent::find(&tree);
        let texts = content.walk(&tree).filter_map(|step| match step {
            TreeStep::Enter(id) => tree.text(id),
            TreeStep::Leave(_) => None,
        });
        texts.flat_map(|text| text.split_whitespace().chain([" "])).collect::<String>()
    }

    #[test]
    fn content_is_found_without_boilerplate() {
        let prose = PROSE_TEXT.replace(' ', "");
        let menu = "<ul><li><a>Home page</a><li><a>All the news</a><li><a>About us</a></ul>";
        for markup in [
            // Elements with a declared purpose.
            format!(
                "<nav>{PROSE_TEXT}</nav><main><p>{PROSE_TEXT}</main><footer>{PROSE_TEXT}</footer>"
            ),
            format!("<div class=site-cookieNotice>Accept?</div><p>{PROSE_TEXT}"),
            format!("<p style='display: none'>Hidden</p><p>{PROSE_TEXT}<p hidden>More"),
            format!("<header><p>Our office</header><article><p>{PROSE_TEXT}</article>"),
            format!("<main><h1></h1>{PROSE_TEXT}<div id=share-page>Share</div></main>"),
            format!("<header role=banner>{PROSE_TEXT}</header><main>{prose}</main>"),
            // A page inside a form, and a page made of tables.
            format!("<form><div>{menu}</div><div><p>{PROSE_TEXT}</p></div></form>"),
            format!(
                "<table><tr><td>{menu}<td><p>{PROSE_TEXT}</table><table><tr><td>Page 1</table>"
            ),
        ] {
            assert_eq!(content_text(&markup).trim(), prose, "{markup}");
        }
    }

    #[test]
    fn text_beside_the_densest_element_is_content() {
        let markup = format!(
            "<div id=page><div><h1>Title</h1><div>{}</div><div class=notes><p>{PROSE_TEXT}</div></div></div>",
            format!("<p>{PROSE_TEXT}</p>").repeat(9),
        );
        assert_eq!(content_text(&markup).matches("ministry").count(), 10);
        assert!(content_text(&markup).starts_with("Title"));
    }

    #[test]
    fn a_list_of_links_is_content_in_a_main_element() {
        let markup = "<nav>Menu</nav><main><ul><li><a>Form A</a><li><a>Form B</a><li><a>Form C</a></ul></main>";
        assert_eq!(content_text(markup).trim(), "FormA FormB FormC");
    }
}
