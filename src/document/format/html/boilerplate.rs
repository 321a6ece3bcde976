//! An element → whether its name, its role, its class or its style say that it is no text of the page.

use super::tree::{Id, Tree};

pub(super) fn is_never_text(name: &str) -> bool {
    const NEVER: [&str; 27] = [
        "head", "script", "style", "noscript", "template", "svg", "math", "canvas", "iframe",
        "frame", "frameset", "object", "embed", "applet", "audio", "video", "map", "input",
        "button", "select", "textarea", "datalist", "dialog", "nav", "menu", "footer", "noframes",
    ];
    NEVER.contains(&name)
}

pub(super) fn is_hidden(tree: &Tree, id: Id) -> bool {
    const CLASSES: [&str; 7] = [
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
        || classes.split_whitespace().any(|class| CLASSES.contains(&class))
}

/// Whether an element says that it is not the text of its page.
pub(super) fn is_furniture(tree: &Tree, id: Id) -> bool {
    if matches!(tree.name(id), "html" | "body" | "main" | "article") {
        return false;
    }
    let called = ["class", "id"].iter().filter_map(|key| tree.attribute(id, key));
    matches!(tree.name(id), "aside" | "form")
        || tree.attribute(id, "aria-hidden") == Some("true")
        || has_role(tree, id)
        || called.flat_map(words).any(|word| is_furniture_word(&word))
}

/// Whether an element says by its own name or role, not only by a class, that it is furniture.
pub(super) fn says_so(tree: &Tree, id: Id) -> bool {
    matches!(tree.name(id), "header" | "aside") || has_role(tree, id)
}

fn has_role(tree: &Tree, id: Id) -> bool {
    const ROLES: [&str; 12] = [
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
    tree.attribute(id, "role").is_some_and(|role| ROLES.contains(&role))
}

/// The words in a class or an id: `usa-navBar_2` has usa, nav, bar and 2.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words
}

fn is_furniture_word(word: &str) -> bool {
    const WORDS: [&str; 42] = [
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
    const STARTS: [&str; 6] = ["breadcrumb", "cookie", "footer", "share", "sidebar", "social"];
    WORDS.contains(&word) || STARTS.iter().any(|start| word.starts_with(start)) || word == "sharing"
}

/// A header that stands around no title of an article.
pub(super) fn is_site_header(tree: &Tree, id: Id) -> bool {
    let inside = std::iter::successors(tree.parent(id), |&id| tree.parent(id));
    tree.name(id) == "header"
        && inside.map(|id| tree.name(id)).all(|name| !matches!(name, "main" | "article"))
        && tree.named(id, &["h1"]).next().is_none()
}
