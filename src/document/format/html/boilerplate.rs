//! Boilerplate detection by the name, role, class, id or style of an element.

use std::iter;

use super::tree::{NodeId, Tree};

/// Returns whether elements with this name, such as `script`, contain no text that belongs to the
/// page content.
pub(super) fn is_never_text(name: &str) -> bool {
    const ELEMENTS_WITHOUT_TEXT: [&str; 27] = [
        "head", "script", "style", "noscript", "template", "svg", "math", "canvas", "iframe",
        "frame", "frameset", "object", "embed", "applet", "audio", "video", "map", "input",
        "button", "select", "textarea", "datalist", "dialog", "nav", "menu", "footer", "noframes",
    ];
    ELEMENTS_WITHOUT_TEXT.contains(&name)
}

/// Returns whether an element is hidden by an attribute, its style, or a class for screen readers.
pub(super) fn is_hidden(tree: &Tree, id: NodeId) -> bool {
    const HIDDEN_CLASSES: [&str; 7] = [
        "element-invisible",
        "element-hidden",
        "visually-hidden",
        "visuallyhidden",
        "sr-only",
        "screen-reader-text",
        "usa-sr-only",
    ];
    let classes = tree.attribute(id, "class").unwrap_or_default();
    let style = tree.attribute(id, "style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    tree.attribute(id, "hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || classes.split_whitespace().any(|class| HIDDEN_CLASSES.contains(&class))
}

/// Returns whether an element is boilerplate (menu, banner, share button, footer …) by its name,
/// role, class or id.
pub(super) fn is_boilerplate(tree: &Tree, id: NodeId) -> bool {
    if matches!(tree.name(id), "html" | "body" | "main" | "article") {
        return false;
    }
    let classes_and_id = ["class", "id"].iter().filter_map(|key| tree.attribute(id, key));
    matches!(tree.name(id), "aside" | "form")
        || tree.attribute(id, "aria-hidden") == Some("true")
        || has_boilerplate_role(tree, id)
        || classes_and_id.flat_map(split_words).any(|word| is_boilerplate_word(&word))
}

/// Returns whether an element is boilerplate by its name or role alone.
pub(super) fn is_boilerplate_by_role(tree: &Tree, id: NodeId) -> bool {
    matches!(tree.name(id), "header" | "aside") || has_boilerplate_role(tree, id)
}

fn has_boilerplate_role(tree: &Tree, id: NodeId) -> bool {
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

/// Splits a class or an id into lower-case words: `usa-navBar_2` becomes usa, nav, bar and 2.
fn split_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_after_lowercase = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && is_after_lowercase) {
            words.push(String::new());
        }
        is_after_lowercase = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words
}

fn is_boilerplate_word(word: &str) -> bool {
    const BOILERPLATE_WORDS: [&str; 42] = [
        "ad",
        "addthis",
        "ads",
        "advert",
        "backtotop",
        "bdsharebuttonbox",
        "captcha",
        "comment",
        "comments",
        "copyright",
        "crumb",
        "crumbs",
        "daohang",
        "disqus",
        "ewm",
        "feedback",
        "fenxiang",
        "follow",
        "login",
        "masthead",
        "menu",
        "menus",
        "modal",
        "nav",
        "navbar",
        "navi",
        "navigation",
        "newsletter",
        "pager",
        "pagination",
        "popup",
        "prev",
        "qr",
        "qrcode",
        "related",
        "search",
        "skip",
        "skipnav",
        "subscribe",
        "survey",
        "toolbar",
        "totop",
    ];
    const BOILERPLATE_PREFIXES: [&str; 6] =
        ["breadcrumb", "cookie", "footer", "share", "sidebar", "social"];
    BOILERPLATE_WORDS.contains(&word)
        || BOILERPLATE_PREFIXES.iter().any(|prefix| word.starts_with(prefix))
        || word == "sharing"
}

/// Returns whether an element is the header of the site: a `header` element that contains no `h1`
/// and is outside of `main` and `article` elements.
pub(super) fn is_site_header(tree: &Tree, id: NodeId) -> bool {
    let mut ancestors = iter::successors(tree.parent(id), |&id| tree.parent(id));
    tree.name(id) == "header"
        && ancestors.all(|id| !matches!(tree.name(id), "main" | "article"))
        && tree.elements_named(id, &["h1"]).next().is_none()
}
