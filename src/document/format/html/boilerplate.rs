//! Detects boilerplate by the name, role, class, id or style of an element.
//!
//! A class or an id is weak evidence: Markdown converters make ids from headings, and authors name sections after their
//! topic (`survey-results`). Therefore a class or an id counts only for elements without own text
//! ([`EvidenceAgainstBoilerplate`]).

use std::iter;

use super::{
    name_words::{certainly_names_boilerplate, has_boilerplate_word},
    tree::{NodeId, Tree},
};
use crate::document::left_out::LeftOutReason;

/// Evidence in the text of an element against the assumption that the element is boilerplate.
#[derive(Debug, Clone, Copy)]
pub(super) struct EvidenceAgainstBoilerplate {
    /// Whether most of the text of the element is outside of links, and the element has a long text or a sentence.
    pub(super) has_text_outside_links: bool,
    /// Whether most of the text of the element is in links, or the element has no text.
    pub(super) is_mostly_links: bool,
}

/// Returns whether elements with this name, such as `script`, contain no text that belongs to the
/// page content.
pub(super) fn is_element_without_content(name: &str) -> bool {
    const ELEMENTS_WITHOUT_TEXT: [&str; 26] = [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "annotation",
        "annotation-xml",
        "canvas",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "audio",
        "video",
        "map",
        "input",
        "select",
        "textarea",
        "datalist",
        "dialog",
        "nav",
        "menu",
        "noframes",
    ];
    ELEMENTS_WITHOUT_TEXT.contains(&name)
}

/// Returns whether a browser shows the text of elements with this name although the text is not content of the page.
pub(super) fn is_visible_boilerplate_element(name: &str) -> bool {
    matches!(name, "nav" | "menu" | "dialog" | "button")
}

/// Returns whether the element is a template that a browser shows as a part of the page (declarative shadow DOM).
pub(super) fn is_shown_template(tree: &Tree, id: NodeId) -> bool {
    tree.name(id) == "template" && tree.attribute(id, "shadowrootmode").is_some()
}

/// Returns whether the element is a control of the page: a button outside of a heading. A button in a heading opens the
/// section below, and contains the text of the heading.
pub(super) fn is_page_control_button(tree: &Tree, id: NodeId) -> bool {
    tree.name(id) == "button" && !ancestors(tree, id).any(|id| is_heading(tree.name(id)))
}

/// Returns why an element is boilerplate (menu, banner, share button, footer …). `None` if the element is content.
pub(super) fn boilerplate_reason(
    tree: &Tree,
    id: NodeId,
    evidence: EvidenceAgainstBoilerplate,
) -> Option<LeftOutReason> {
    let name = tree.name(id);
    if matches!(name, "html" | "body" | "main" | "article") {
        return None;
    }
    if has_boilerplate_role(tree, id) || tree.attribute(id, "aria-hidden") == Some("true") {
        return Some(LeftOutReason::Element);
    }
    let is_in_article = ancestors(tree, id)
        .any(|id| matches!(tree.name(id), "main" | "article" | "blockquote" | "figure"));
    let is_element = match name {
        // Inside of an article, such an element may hold a key figure or the source of a quotation.
        "aside" | "footer" => !is_in_article || evidence.is_mostly_links,
        "form" => true,
        "header" => is_site_header(tree, id),
        _ => false,
    };
    if is_element {
        return Some(LeftOutReason::Element);
    }
    let names = ["class", "id"].map(|key| tree.attribute(id, key).unwrap_or_default());
    let mut boilerplate_names = names
        .iter()
        .flat_map(|names| names.split_whitespace())
        .filter(|name| has_boilerplate_word(name));
    let is_named = !is_heading(name)
        && boilerplate_names.any(|name| {
            !evidence.has_text_outside_links
                || (!is_in_article && certainly_names_boilerplate(name))
        });
    is_named.then_some(LeftOutReason::ClassName)
}

/// Returns whether an element is boilerplate by its name or role alone.
pub(super) fn is_boilerplate_by_name_or_role(tree: &Tree, id: NodeId) -> bool {
    matches!(tree.name(id), "header" | "aside" | "footer") || has_boilerplate_role(tree, id)
}

/// Returns whether an element has the role of boilerplate, such as `navigation` or `dialog`.
pub(super) fn has_boilerplate_role(tree: &Tree, id: NodeId) -> bool {
    const BOILERPLATE_ROLES: [&str; 12] = [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "complementary",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "tablist",
        "toolbar",
        "status",
    ];
    tree.attribute(id, "role").is_some_and(|role| BOILERPLATE_ROLES.contains(&role))
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Iterates over the ancestors of an element, from its parent to the root.
pub(super) fn ancestors(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> {
    iter::successors(tree.parent(id), |&id| tree.parent(id))
}

/// Returns whether an element is the header of the site: a `header` element that contains no `h1` and is outside of
/// `main` and `article` elements.
fn is_site_header(tree: &Tree, id: NodeId) -> bool {
    ancestors(tree, id).all(|id| !matches!(tree.name(id), "main" | "article"))
        && tree.elements_named(id, &["h1"]).next().is_none()
}
