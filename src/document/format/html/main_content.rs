//! Finds the elements of a page that contain the press release, and excludes boilerplate.
//!
//! Elements whose markup declares their purpose (`main`, `nav`, a class `breadcrumb`) take precedence. On a page
//! without `main`, the text density determines the content: the content is the smallest element that contains most of
//! the running text.

use std::{iter, mem};

use super::{
    boilerplate::{
        EvidenceAgainstBoilerplate, boilerplate_reason, is_boilerplate_by_name_or_role,
        is_element_without_content, is_page_control_button, is_shown_template,
        is_visible_boilerplate_element,
    },
    hidden::{ControlledElements, is_hidden},
    link_lists,
    note_reference::is_note_reference,
    text_weight::{MIN_PROSE_WEIGHT, TextWeights},
    tree::{NodeId, Tree, TreeStep, is_inline},
};
use crate::document::left_out::{LeftOut, LeftOutReason};

/// Minimum percentage of the running text of a page that its content element must contain.
const MIN_CONTENT_ELEMENT_TEXT_PERCENT: u32 = 75;
/// Maximum percentage of the running text of a page that an element may contain to be boilerplate by its class. An
/// element with more text is not boilerplate.
const MAX_BOILERPLATE_TEXT_PERCENT: u32 = 25;
/// Minimum percentage of the running text of a page that a `main` element must contain to be the content.
const MIN_MAIN_ELEMENT_TEXT_PERCENT: u32 = 20;
/// Maximum number of levels by which the content element may be above the smallest element with most of the running
/// text.
const MAX_LEVELS_ABOVE_DENSEST_ELEMENT: usize = 3;

/// Main content of a page: a root element and its descendants, without the excluded elements.
#[derive(Debug)]
pub(super) struct MainContent {
    root: NodeId,
    /// Reason why each node is excluded, indexed by the node. `None` if the node is not excluded.
    exclusion_reasons: Vec<Option<LeftOutReason>>,
}

impl MainContent {
    /// Finds the main content of a page.
    pub(super) fn find(tree: &Tree) -> Self {
        let mut content = Self::of_whole_page(tree);
        let weights = TextWeights::measure(tree, content.walk_content_below(tree, Tree::ROOT));
        content.exclude_boilerplate(tree, &weights);
        let weights = TextWeights::measure(tree, content.walk_content_below(tree, Tree::ROOT));
        if let Some(root) = content.declared_content_element(tree, &weights) {
            content.root = root;
        } else {
            content.root = content.densest_content_element(tree, &weights);
            content.exclude_menus(tree, &weights);
        }
        content
    }

    /// Returns the content of a whole page, or of a fragment such as the body of a feed entry.
    /// Excludes only elements that are hidden or never contain text.
    pub(super) fn of_whole_page(tree: &Tree) -> Self {
        // Text that is mostly struck out has an element without an end tag, which strikes out all that follows.
        let excludes_struck_text = !is_mostly_struck_out(tree);
        let mut content = Self { root: Tree::ROOT, exclusion_reasons: vec![None; tree.len()] };
        for id in content.elements(tree, Tree::ROOT) {
            if matches!(tree.name(id), "rt" | "rtc" | "rp") {
                // Pronunciation that is printed above the characters would split the words.
                content.exclude(id, LeftOutReason::Pronunciation);
                continue;
            }
            if is_note_reference(tree, id) {
                content.exclude(id, LeftOutReason::NoteMark);
                continue;
            }
            if excludes_struck_text && strikes_out(tree.name(id)) {
                content.exclude(id, LeftOutReason::Deleted);
                continue;
            }
            if is_shown_template(tree, id) {
                continue;
            }
            if is_visible_boilerplate_element(tree.name(id))
                && (is_element_without_content(tree.name(id)) || is_page_control_button(tree, id))
            {
                content.exclude(id, LeftOutReason::Element);
            } else if is_element_without_content(tree.name(id)) {
                content.exclude(id, LeftOutReason::Hidden);
            }
        }
        content.exclude_hidden(tree);
        content
    }

    /// Excludes the elements that the page hides from its readers.
    fn exclude_hidden(&mut self, tree: &Tree) {
        let weights = TextWeights::measure(tree, self.walk_content_below(tree, Tree::ROOT));
        let controlled_elements = ControlledElements::find(tree);
        for id in self.elements(tree, Tree::ROOT) {
            if !is_shown_template(tree, id) && is_hidden(tree, id, &weights, &controlled_elements) {
                self.exclude(id, LeftOutReason::Hidden);
            }
        }
    }

    /// Returns whether the element itself is part of the content. Ignores whether one of its ancestors is excluded.
    pub(super) fn contains(&self, id: NodeId) -> bool {
        self.exclusion_reason(id).is_none()
    }

    /// Returns the reason why the element itself is excluded. `None` if it is not excluded.
    fn exclusion_reason(&self, id: NodeId) -> Option<LeftOutReason> {
        self.exclusion_reasons.get(id.index()).copied().flatten()
    }

    /// Excludes an element and its descendants.
    pub(super) fn exclude(&mut self, id: NodeId, reason: LeftOutReason) {
        if let Some(excluded) = self.exclusion_reasons.get_mut(id.index()) {
            *excluded = Some(reason);
        }
    }

    /// Returns the visible text of the page that is not content, with one item for each excluded element and for each
    /// block beside the content.
    pub(super) fn left_out(&self, tree: &Tree) -> Vec<LeftOut> {
        let mut left_out = Vec::new();
        let mut is_inside_root = false;
        let mut text_beside_root = String::new();
        for step in tree.walk(Tree::ROOT, |id| self.contains(id)) {
            let (TreeStep::Enter(id) | TreeStep::Leave(id)) = step;
            let is_enter = matches!(step, TreeStep::Enter(_));
            if id == self.root {
                is_inside_root = is_enter;
            }
            if !is_inline(tree.name(id)) {
                let text = mem::take(&mut text_beside_root);
                left_out.extend(LeftOut::new(&text, LeftOutReason::BesideContent));
            }
            let name = tree.name(id);
            match (self.exclusion_reason(id), tree.text(id)) {
                (Some(reason), _)
                    if is_enter
                        && (!is_element_without_content(name)
                            || is_visible_boilerplate_element(name)) =>
                {
                    left_out.extend(LeftOut::new(&tree.full_text(id), reason));
                }
                (None, Some(text)) if is_enter && !is_inside_root => {
                    text_beside_root.push_str(text);
                }
                _ => {}
            }
        }
        left_out
    }

    /// Iterates over the nodes of the content in document order.
    pub(super) fn walk<'a>(&'a self, tree: &'a Tree) -> impl Iterator<Item = TreeStep> + 'a {
        self.walk_content_below(tree, self.root)
    }

    /// Iterates over the nodes of the content below `top` in document order.
    pub(super) fn walk_content_below<'a>(
        &'a self,
        tree: &'a Tree,
        top: NodeId,
    ) -> impl Iterator<Item = TreeStep> + 'a {
        let is_content = |step: &TreeStep| match step {
            TreeStep::Enter(id) | TreeStep::Leave(id) => self.contains(*id),
        };
        tree.walk(top, |id| self.contains(id)).filter(is_content)
    }

    /// Returns the elements of the content below `top`, in document order.
    fn elements(&self, tree: &Tree, top: NodeId) -> Vec<NodeId> {
        let entered_elements = self.walk_content_below(tree, top).filter_map(|step| match step {
            TreeStep::Enter(id) if !tree.name(id).is_empty() => Some(id),
            _ => None,
        });
        entered_elements.collect()
    }

    /// Excludes boilerplate, which is recognized by the names, roles and classes of elements. Keeps each `main` element
    /// and the elements around it.
    ///
    /// An element with more than [`MAX_BOILERPLATE_TEXT_PERCENT`] of the running text is excluded only under two
    /// conditions: the page has a `main` element, and the large element has a name or a role of boilerplate, such as
    /// `nav`.
    fn exclude_boilerplate(&mut self, tree: &Tree, weights: &TextWeights) {
        let total_prose = weights.weight_of(Tree::ROOT).prose_weight;
        let elements = self.elements(tree, Tree::ROOT);
        let main_elements = elements.iter().copied().filter(|&id| {
            has_name_or_role(tree, id, "main") && weights.weight_of(id).total_weight > 0
        });
        let main_and_ancestors: Vec<NodeId> = main_elements
            .flat_map(|id| iter::successors(Some(id), |&id| tree.parent(id)))
            .collect();
        for id in elements {
            let is_small = weights.weight_of(id).prose_weight * 100
                <= total_prose * MAX_BOILERPLATE_TEXT_PERCENT;
            let is_declared_boilerplate =
                !main_and_ancestors.is_empty() && is_boilerplate_by_name_or_role(tree, id);
            let weight = weights.weight_of(id);
            let evidence = EvidenceAgainstBoilerplate {
                has_text_outside_links: weight.has_text_outside_links(),
                is_mostly_links: weight.is_mostly_links(),
            };
            if (is_small || is_declared_boilerplate)
                && !main_and_ancestors.contains(&id)
                && let Some(reason) = boilerplate_reason(tree, id, evidence)
            {
                self.exclude(id, reason);
            }
        }
    }

    /// Returns the `article` or `main` element that the page declares as its content. `None` if no
    /// such element contains enough text.
    fn declared_content_element(&self, tree: &Tree, weights: &TextWeights) -> Option<NodeId> {
        let elements = self.elements(tree, Tree::ROOT);
        let elements_with_name_or_role = |name: &'static str| {
            elements.iter().copied().filter(move |&id| has_name_or_role(tree, id, name))
        };
        let contains_percent = |id: NodeId, outer_element: NodeId, percent: u32| {
            let (inner, outer) = (weights.weight_of(id), weights.weight_of(outer_element));
            let (inner_weight, outer_weight) = if outer.prose_weight == 0 {
                (inner.total_weight, outer.total_weight)
            } else {
                (inner.prose_weight, outer.prose_weight)
            };
            inner.total_weight > 0 && inner_weight * 100 >= outer_weight * percent
        };
        let main_element =
            elements_with_name_or_role("main").max_by_key(|&id| weights.weight_of(id).total_weight);
        let main_element = main_element
            .filter(|&id| contains_percent(id, Tree::ROOT, MIN_MAIN_ELEMENT_TEXT_PERCENT));
        let outer_element = main_element.unwrap_or(Tree::ROOT);
        let article = elements_with_name_or_role("article")
            .find(|&id| contains_percent(id, outer_element, MIN_CONTENT_ELEMENT_TEXT_PERCENT));
        article.or(main_element)
    }

    /// Returns the smallest element that contains most of the running text. If further running text or a heading is
    /// beside this element, returns an ancestor that contains both.
    fn densest_content_element(&self, tree: &Tree, weights: &TextWeights) -> NodeId {
        let total_prose = weights.weight_of(Tree::ROOT).prose_weight;
        let is_dense = |id: NodeId| {
            total_prose > 0
                && self.contains(id)
                && contains_block_elements(tree, id)
                && weights.weight_of(id).prose_weight * 100
                    >= total_prose * MIN_CONTENT_ELEMENT_TEXT_PERCENT
        };
        let mut ancestor_path = vec![Tree::ROOT];
        let mut root = Tree::ROOT;
        while let Some(child) = tree.children(root).find(|&id| is_dense(id)) {
            root = child;
            ancestor_path.push(root);
        }
        self.widened_content_element(tree, weights, &ancestor_path)
    }

    /// Returns the last element of `path`, or one of its ancestors that also contains adjacent running text or an
    /// adjacent heading. `path` leads from the root of the page to the element that contains most of the running text.
    /// Stops at a table cell, because the adjacent cells are other columns of the page.
    fn widened_content_element(
        &self,
        tree: &Tree,
        weights: &TextWeights,
        path: &[NodeId],
    ) -> NodeId {
        let mut root = path.last().copied().unwrap_or(Tree::ROOT);
        for pair in path.windows(2).rev().take(MAX_LEVELS_ABOVE_DENSEST_ELEMENT) {
            let &[parent, child] = pair else { break };
            if matches!(tree.name(child), "td" | "tr" | "tbody" | "table" | "body" | "html") {
                break;
            }
            let is_adjacent_text = |id: NodeId| {
                let has_text = weights.weight_of(id).prose_weight >= MIN_PROSE_WEIGHT
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
    fn exclude_menus(&mut self, tree: &Tree, weights: &TextWeights) {
        let elements = self.elements(tree, self.root);
        for id in link_lists::find_menus(tree, &elements, weights) {
            if id != self.root {
                self.exclude(id, LeftOutReason::Links);
            }
        }
    }
}

/// Returns whether the name or the role of an element is `name`.
fn has_name_or_role(tree: &Tree, id: NodeId, name: &str) -> bool {
    tree.name(id) == name || tree.attribute(id, "role") == Some(name)
}

/// Returns whether an element is a block element that contains other block elements. Only such an
/// element can be the content of a page: a paragraph cannot.
fn contains_block_elements(tree: &Tree, id: NodeId) -> bool {
    !is_inline(tree.name(id))
        && tree.children(id).any(|child| tree.text(child).is_none() && !is_inline(tree.name(child)))
}

/// Returns whether an element with this name strikes out its text.
fn strikes_out(name: &str) -> bool {
    matches!(name, "del" | "s" | "strike")
}

/// Returns whether more than half of the text of a page is struck out.
fn is_mostly_struck_out(tree: &Tree) -> bool {
    let (mut struck_bytes, mut all_bytes, mut open_count) = (0, 0, 0_usize);
    for step in tree.walk(Tree::ROOT, |id| !is_element_without_content(tree.name(id))) {
        match step {
            TreeStep::Enter(id) => {
                let bytes = tree.text(id).map_or(0, |text| text.trim().len());
                all_bytes += bytes;
                struck_bytes += if open_count > 0 { bytes } else { 0 };
                open_count += usize::from(strikes_out(tree.name(id)));
            }
            TreeStep::Leave(id) => open_count -= usize::from(strikes_out(tree.name(id))),
        }
    }
    struck_bytes > all_bytes / 2
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
            format!("<p>{PROSE_TEXT}<del>Hidden</del> <s>Old</s></p>"),
            format!("<p hidden=until-found>{PROSE_TEXT}</p>"),
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
    fn a_struck_out_element_without_end_tag_excludes_no_text() {
        let markup = format!("<p>Fee: <s>100 euros<p>{PROSE_TEXT}");
        assert!(content_text(&markup).contains("100euros"));
        assert!(content_text(&markup).contains("ministry"));
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
    fn names_of_topics_do_not_exclude_text() {
        let text_of_topics = "<h2 id=social-security>Pensions</h2><h2 id=copyright>Charts</h2>\
            <section id=survey-results><h2>Answers</h2><p>Of 412 captains, 388 welcomed it.</p></section>\
            <div class=related-measures><p>Dredging of the channel begins in May.</p></div>\
            <aside><p>412 captains</p></aside><h2><button>Who may apply</button></h2>\
            <blockquote>Yes.<footer>Li Wei, Director</footer></blockquote>";
        let boilerplate = "<div class=related-links><a>One</a> <a>Two</a></div><aside><a>More</a></aside>\
            <button>Print</button><div id=share>Share this page</div><p class=copyright>All rights reserved";
        let markup = format!("<article><p>{PROSE_TEXT}{text_of_topics}{boilerplate}</article>");
        assert_eq!(
            content_text(&markup).replace(&PROSE_TEXT.replace(' ', ""), "").trim(),
            "Pensions Charts Answers Of412captains,388welcomedit. DredgingofthechannelbeginsinMay. 412captains \
             Whomayapply Yes. LiWei,Director"
        );
        // The same names outside of an article.
        let markup = format!(
            "<p>{PROSE_TEXT}<div class=cookie-consent>We use cookies to improve this site. </div>\
             <div class=comments><p>I do not agree with this new rule.</div>\
             <div class=survey-results><p>Of 412 captains, 388 welcomed it.</div>"
        );
        assert_eq!(
            content_text(&markup).replace(&PROSE_TEXT.replace(' ', ""), "").trim(),
            "Of412captains,388welcomedit."
        );
    }

    #[test]
    fn lists_of_links_in_the_text_are_content() {
        let links = |targets: [&str; 3]| {
            targets.map(|target| format!("<li><a href='{target}'>Link</a>")).concat()
        };
        let (pages, files) = (links(["/1", "/2", "/3"]), links(["1.docx", "/2.PDF?x=1", "/3"]));
        for (markup, link_count) in [
            (format!("<p>{PROSE_TEXT}<ul>{pages}</ul>"), 0),
            (format!("<ul>{pages}</ul><p>{PROSE_TEXT}"), 0),
            (format!("<p>{PROSE_TEXT}<ul>{files}</ul>"), 3),
            (format!("<p>{PROSE_TEXT}<div><ul>{files}</ul></div>"), 3),
            (format!("<p>{PROSE_TEXT}<p>The measures are:</p><ul>{pages}</ul>"), 3),
            (format!("<p>{PROSE_TEXT}<div><ul>{pages}</ul></div><p>{PROSE_TEXT}"), 3),
        ] {
            let markup = format!("<div id=text>{markup}</div>");
            assert_eq!(content_text(&markup).matches("Link").count(), link_count, "{markup}");
        }
    }

    #[test]
    fn excluded_text_is_listed_with_its_reason() {
        let tree = parse::parse(&format!(
            "<nav>Home</nav><script>x</script><div id=share>Share</div><div id=a><p>{PROSE_TEXT}\
             <p>{PROSE_TEXT}</div><p hidden>More<ul><li><a>One</a><li><a>Two</a><li><a>Three</a></ul>"
        ));
        let tree = tree.unwrap();
        let left_out = MainContent::find(&tree).left_out(&tree);
        let listed: Vec<_> =
            left_out.iter().map(|left_out| (left_out.text.as_str(), left_out.reason)).collect();
        assert_eq!(
            listed,
            [
                ("Home", LeftOutReason::Element),
                ("Share", LeftOutReason::ClassName),
                ("More", LeftOutReason::Hidden),
                ("One", LeftOutReason::BesideContent),
                ("Two", LeftOutReason::BesideContent),
                ("Three", LeftOutReason::BesideContent),
            ]
        );
    }

    #[test]
    fn a_list_of_links_is_content_in_a_main_element() {
        let markup = "<nav>Menu</nav><main><ul><li><a>Form A</a><li><a>Form B</a><li><a>Form C</a></ul></main>";
        assert_eq!(content_text(markup).trim(), "FormA FormB FormC");
    }
}
