//! Recognizes the words of boilerplate in the classes and ids of HTML elements.

/// Returns whether a class or an id contains a word that denotes boilerplate.
pub(super) fn has_boilerplate_word(name: &str) -> bool {
    split_name_into_words(name).iter().any(|word| is_boilerplate_word(word))
}

/// Returns whether a class or an id denotes boilerplate for certain: it contains a word that names no topic, such as
/// `breadcrumb`, or it consists of words for boilerplate and for the layout of pages, such as `related-links`. A class
/// or an id with another word, such as `related-measures`, may name a topic.
pub(super) fn certainly_names_boilerplate(name: &str) -> bool {
    let words = split_name_into_words(name);
    words.iter().any(|word| is_page_part_word(word))
        || words.iter().all(|word| is_boilerplate_word(word) || is_layout_word(word))
}

/// Returns whether a class or an id contains the word `banner`.
pub(super) fn names_banner(name: &str) -> bool {
    split_name_into_words(name).iter().any(|word| word == "banner")
}

/// Splits a class or an id into lower-case words: `usa-navBar_2` becomes usa, nav, bar and 2.
fn split_name_into_words(name: &str) -> Vec<String> {
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
    words.retain(|word| !word.is_empty());
    words
}

fn is_boilerplate_word(word: &str) -> bool {
    const BOILERPLATE_WORDS: [&str; 46] = [
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
        "relatedposts",
        "sharedaddy",
        "search",
        "sharing",
        "skip",
        "skipnav",
        "subscribe",
        "survey",
        "yarpp",
        "toolbar",
        "totop",
    ];
    const BOILERPLATE_PREFIXES: [&str; 6] =
        ["breadcrumb", "cookie", "footer", "share", "sidebar", "social"];
    BOILERPLATE_WORDS.contains(&word)
        // A prefix must not match a different word, as `share` would match `shareholder`.
        || BOILERPLATE_PREFIXES.iter().any(|prefix| {
            word.strip_prefix(prefix).is_some_and(|suffix| suffix.is_empty() || is_layout_suffix(suffix))
        })
}

/// Returns whether a word denotes a section of a page, such as its footer, and is hardly ever the topic of a text.
fn is_page_part_word(word: &str) -> bool {
    const PAGE_PART_PREFIXES: [&str; 4] = ["breadcrumb", "cookie", "footer", "sidebar"];
    matches!(
        word,
        "nav" | "navbar" | "pagination" | "toolbar" | "skipnav" | "disqus" | "addthis" | "daohang"
    ) || (is_boilerplate_word(word)
        && PAGE_PART_PREFIXES.iter().any(|prefix| word.starts_with(prefix)))
}

/// Returns whether the letters after a boilerplate prefix denote the layout of pages, as in `sharebar` or
/// `breadcrumbs`.
fn is_layout_suffix(suffix: &str) -> bool {
    suffix == "s" || suffix == "d" || is_layout_word(suffix)
}

fn is_layout_word(word: &str) -> bool {
    const LAYOUT_WORDS: [&str; 62] = [
        "area",
        "banner",
        "bar",
        "block",
        "body",
        "bottom",
        "box",
        "btn",
        "button",
        "buttons",
        "col",
        "column",
        "component",
        "container",
        "content",
        "div",
        "external",
        "first",
        "fixed",
        "form",
        "global",
        "grid",
        "group",
        "head",
        "header",
        "icon",
        "icons",
        "inner",
        "item",
        "items",
        "js",
        "last",
        "left",
        "links",
        "link",
        "list",
        "main",
        "media",
        "message",
        "module",
        "notice",
        "outer",
        "page",
        "pages",
        "panel",
        "region",
        "right",
        "row",
        "section",
        "site",
        "sticky",
        "text",
        "title",
        "to",
        "toggle",
        "top",
        "view",
        "widget",
        "wrap",
        "wrapper",
        "us",
        "up",
    ];
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    word.len() <= 1 || LAYOUT_WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_topics_are_distinguished_from_names_of_boilerplate() {
        for (name, has_word, is_certain_expected) in [
            ("nav", true, true),
            ("site-cookieNotice", true, true),
            ("socialShareBar2", true, true),
            ("breadcrumbs", true, true),
            ("sharebox", true, true),
            ("related-measures", true, false),
            ("survey-results", true, false),
            ("shareholder-rights", false, false),
            ("social-security", true, false),
            ("socialist", false, false),
            ("cookiesheet", false, false),
            ("gov-cookie-consent", true, true),
            ("content", false, true),
        ] {
            assert_eq!(
                (has_boilerplate_word(name), certainly_names_boilerplate(name)),
                (has_word, is_certain_expected),
                "{name}"
            );
        }
    }
}
