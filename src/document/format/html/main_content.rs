//! [`Tree`] → which part of it is the release, and which parts are page furniture: menus, banners, share
//! buttons, footers.
//!
//! Elements that say what they are decide first (`main`, `nav`, a class `breadcrumb`); where a page has
//! no `main`, the running text does: the smallest element that holds most of it is the content.

use super::{
    boilerplate::{is_furniture, is_hidden, is_never_text, is_site_header, says_so},
    tree::{Id, Step, Tree, is_inline},
};

/// A run of text of this weight, not mostly links, is running text.
const PROSE: u32 = 60;
/// A Chinese character says as much as several letters.
const HAN_WEIGHT: u32 = 3;
/// The share of all running text that the content has to hold, in per cent.
const CONTENT_SHARE: u32 = 75;
/// What is called furniture by its class but holds more than this share is none.
const FURNITURE_SHARE: u32 = 25;
/// A main element with less than this share of the running text is not where the text is.
const MAIN_SHARE: u32 = 20;
/// So many links and hardly anything else: a menu.
const MENU_LINKS: u32 = 3;

/// What of a page is read.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) root: Id,
    left_out: Vec<bool>,
}

/// The weights of an element and all inside it.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    text: u32,
    linked: u32,
    prose: u32,
    links: u32,
}

impl Content {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut content = Self { root: Tree::ROOT, left_out: vec![false; tree.len()] };
        content.leave_out_named(tree);
        let weights = content.weights(tree);
        content.leave_out_furniture(tree, &weights);
        let weights = content.weights(tree);
        if let Some(root) = content.main(tree, &weights) {
            content.root = root;
        } else {
            content.root = content.densest(tree, &weights);
            content.leave_out_menus(tree, &weights);
        }
        content
    }

    /// All of a part of a page, such as the body of a feed's entry: nothing but what is never read
    /// is left out.
    pub(super) fn whole(tree: &Tree) -> Self {
        let mut content = Self { root: Tree::ROOT, left_out: vec![false; tree.len()] };
        content.leave_out_named(tree);
        content
    }

    pub(super) fn has(&self, id: Id) -> bool {
        !self.left_out.get(id.index()).copied().unwrap_or(false)
    }

    pub(super) fn leave_out(&mut self, id: Id) {
        if let Some(out) = self.left_out.get_mut(id.index()) {
            *out = true;
        }
    }

    /// The steps over what is read.
    pub(super) fn walk<'a>(&'a self, tree: &'a Tree) -> impl Iterator<Item = Step> + 'a {
        self.walk_from(tree, self.root)
    }

    fn walk_from<'a>(&'a self, tree: &'a Tree, top: Id) -> impl Iterator<Item = Step> + 'a {
        let skips = |step: &Step| match step {
            Step::Enter(id) | Step::Leave(id) => self.has(*id),
        };
        tree.walk(top, |id| self.has(id)).filter(skips)
    }

    fn elements(&self, tree: &Tree, top: Id) -> Vec<Id> {
        let entered = self.walk_from(tree, top).filter_map(|step| match step {
            Step::Enter(id) if !tree.name(id).is_empty() => Some(id),
            _ => None,
        });
        entered.collect()
    }

    /// Leaves out what is never text of the page, whatever it holds.
    fn leave_out_named(&mut self, tree: &Tree) {
        for id in self.elements(tree, Tree::ROOT) {
            if is_never_text(tree.name(id)) || is_hidden(tree, id) {
                self.leave_out(id);
            }
        }
    }

    /// Leaves out furniture by its names; what holds much of the running text is none, unless the page
    /// says elsewhere what its content is.
    fn leave_out_furniture(&mut self, tree: &Tree, weights: &[Weight]) {
        let all = weight(weights, Tree::ROOT).prose;
        let elements = self.elements(tree, Tree::ROOT);
        let main = elements
            .iter()
            .copied()
            .filter(|&id| is_called(tree, id, "main") && weight(weights, id).text > 0);
        let around: Vec<Id> =
            main.flat_map(|id| std::iter::successors(Some(id), |&id| tree.parent(id))).collect();
        for id in elements {
            let small = weight(weights, id).prose * 100 <= all * FURNITURE_SHARE;
            let elsewhere = !around.is_empty() && says_so(tree, id);
            if (small || elsewhere)
                && !around.contains(&id)
                && (is_furniture(tree, id) || is_site_header(tree, id))
            {
                self.leave_out(id);
            }
        }
    }

    /// The element that a page calls its content.
    fn main(&self, tree: &Tree, weights: &[Weight]) -> Option<Id> {
        let elements = self.elements(tree, Tree::ROOT);
        let called = |name: &str| {
            let found = elements
                .iter()
                .copied()
                .filter(|&id| tree.name(id) == name || tree.attribute(id, "role") == Some(name));
            found.collect::<Vec<_>>()
        };
        let holds = |id: Id, around: Id, share: u32| {
            let (inner, outer) = (weight(weights, id), weight(weights, around));
            inner.text > 0
                && if outer.prose == 0 {
                    inner.text * 100 >= outer.text * share
                } else {
                    inner.prose * 100 >= outer.prose * share
                }
        };
        let main = called("main").into_iter().max_by_key(|&id| weight(weights, id).text);
        let main = main.filter(|&id| holds(id, Tree::ROOT, MAIN_SHARE));
        let around = main.unwrap_or(Tree::ROOT);
        let article = called("article").into_iter().find(|&id| holds(id, around, CONTENT_SHARE));
        article.or(main)
    }

    /// The smallest element that holds most of the running text.
    fn densest(&self, tree: &Tree, weights: &[Weight]) -> Id {
        let all = weight(weights, Tree::ROOT).prose;
        let mut path = vec![Tree::ROOT];
        let mut root = Tree::ROOT;
        while let Some(child) = tree.children(root).filter(|&id| self.has(id)).find(|&id| {
            all > 0
                && is_container(tree, id)
                && weight(weights, id).prose * 100 >= all * CONTENT_SHARE
        }) {
            root = child;
            path.push(root);
        }
        self.widened(tree, weights, &path)
    }

    /// A part of a column that is text beside the densest element belongs to it. Cells of a table are
    /// columns.
    fn widened(&self, tree: &Tree, weights: &[Weight], path: &[Id]) -> Id {
        let mut root = path.last().copied().unwrap_or(Tree::ROOT);
        for pair in path.windows(2).rev().take(3) {
            let &[parent, child] = pair else { break };
            if matches!(tree.name(child), "td" | "tr" | "tbody" | "table" | "body" | "html") {
                break;
            }
            let beside = |id: &Id| *id != child && self.has(*id);
            let text = |id: Id| {
                let found = weight(weights, id);
                found.prose >= PROSE || matches!(tree.name(id), "h1" | "h2" | "h3")
            };
            if tree.children(parent).filter(beside).any(text) {
                root = parent;
            }
        }
        root
    }

    fn leave_out_menus(&mut self, tree: &Tree, weights: &[Weight]) {
        for id in self.elements(tree, self.root) {
            let Weight { text, linked, prose, links } = weight(weights, id);
            let dense = linked * 10 >= text * 6 && prose == 0 && links >= MENU_LINKS;
            if dense && id != self.root && !is_inline(tree.name(id)) {
                self.leave_out(id);
            }
        }
    }

    /// The weights of all elements, by the index of their nodes.
    fn weights(&self, tree: &Tree) -> Vec<Weight> {
        let mut weights = vec![Weight::default(); tree.len()];
        let mut run = Weight::default();
        let mut links = 0_u32;
        for step in self.walk_from(tree, Tree::ROOT) {
            let (Step::Enter(id) | Step::Leave(id)) = step;
            if let (Some(text), Step::Enter(_)) = (tree.text(id), step) {
                let weight = text.chars().map(char_weight).sum::<u32>();
                run.text += weight;
                run.linked += if links > 0 { weight } else { 0 };
                continue;
            }
            if tree.name(id) == "a" {
                match step {
                    Step::Enter(_) => (links, run.links) = (links + 1, run.links + 1),
                    Step::Leave(_) => links = links.saturating_sub(1),
                }
            }
            if !is_inline(tree.name(id)) {
                // What has run so far belongs to the element that is left, or around the one entered.
                let owner = match step {
                    Step::Enter(_) => tree.parent(id).unwrap_or(Tree::ROOT),
                    Step::Leave(_) => id,
                };
                run.prose =
                    if run.text >= PROSE && run.linked * 3 < run.text { run.text } else { 0 };
                add(&mut weights, owner, std::mem::take(&mut run));
            }
            if let (Step::Leave(_), Some(parent)) = (step, tree.parent(id)) {
                let found = weight(&weights, id);
                add(&mut weights, parent, found);
            }
        }
        weights
    }
}

fn is_called(tree: &Tree, id: Id, name: &str) -> bool {
    tree.name(id) == name || tree.attribute(id, "role") == Some(name)
}

/// Whether an element holds blocks: what is inside a paragraph is never the content of a page.
fn is_container(tree: &Tree, id: Id) -> bool {
    !is_inline(tree.name(id))
        && tree.children(id).any(|child| tree.text(child).is_none() && !is_inline(tree.name(child)))
}

fn weight(weights: &[Weight], id: Id) -> Weight {
    weights.get(id.index()).copied().unwrap_or_default()
}

fn add(weights: &mut [Weight], id: Id, more: Weight) {
    if let Some(weight) = weights.get_mut(id.index()) {
        weight.text += more.text;
        weight.linked += more.linked;
        weight.prose += more.prose;
        weight.links += more.links;
    }
}

fn char_weight(c: char) -> u32 {
    match c {
        '\u{3400}'..='\u{9FFF}' => HAN_WEIGHT,
        c if c.is_whitespace() => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    const PROSE_TEXT: &str = "The ministry has announced new rules for the port, which begin to \
                              apply in the spring of next year, it said.";

    fn read(markup: &str) -> String {
        let tree = parse::tree(markup).unwrap();
        let content = Content::of(&tree);
        let texts = content.walk(&tree).filter_map(|step| match step {
            Step::Enter(id) => tree.text(id),
            Step::Leave(_) => None,
        });
        texts.flat_map(|text| text.split_whitespace().chain([" "])).collect::<String>()
    }

    #[test]
    fn content_of_pages() {
        let prose = PROSE_TEXT.replace(' ', "");
        let menu = "<ul><li><a>Home page</a><li><a>All the news</a><li><a>About us</a></ul>";
        for markup in [
            // Elements that say what they are.
            format!(
                "<nav>{PROSE_TEXT}</nav><main><p>{PROSE_TEXT}</main><footer>{PROSE_TEXT}</footer>"
            ),
            format!("<div class=site-cookieNotice>Accept?</div><p>{PROSE_TEXT}"),
            format!("<p style='display: none'>Hidden</p><p>{PROSE_TEXT}<p hidden>More"),
            format!("<header><p>Our office</header><article><p>{PROSE_TEXT}</article>"),
            format!("<main><h1></h1>{PROSE_TEXT}<div id=share-page>Share</div></main>"),
            format!("<header role=banner>{PROSE_TEXT}</header><main>{prose}</main>"),
            // A page in a form, a page in tables.
            format!("<form><div>{menu}</div><div><p>{PROSE_TEXT}</p></div></form>"),
            format!(
                "<table><tr><td>{menu}<td><p>{PROSE_TEXT}</table><table><tr><td>Page 1</table>"
            ),
        ] {
            assert_eq!(read(&markup).trim(), prose, "{markup}");
        }
    }

    #[test]
    fn text_beside_text_is_kept() {
        let markup = format!(
            "<div id=page><div><h1>Title</h1><div>{}</div><div class=notes><p>{PROSE_TEXT}</div></div></div>",
            format!("<p>{PROSE_TEXT}</p>").repeat(9),
        );
        assert_eq!(read(&markup).matches("ministry").count(), 10);
        assert!(read(&markup).starts_with("Title"));
    }

    #[test]
    fn a_list_of_links_is_content_where_the_page_says_so() {
        let markup = "<nav>Menu</nav><main><ul><li><a>Form A</a><li><a>Form B</a><li><a>Form C</a></ul></main>";
        assert_eq!(read(markup).trim(), "FormA FormB FormC");
    }
}
