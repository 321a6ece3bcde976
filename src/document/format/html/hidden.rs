//! Finds the elements that a page hides from its readers.
//!
//! A page may hide its content until a script runs: the body of an article until its style is loaded, an answer until
//! the reader opens it. Such an element is content, although the saved markup hides it.

use std::collections::HashSet;

use super::{
    boilerplate::{ancestors, has_boilerplate_role},
    name_words::{certainly_names_boilerplate, has_boilerplate_word, names_banner},
    text_weight::TextWeights,
    tree::{NodeId, Tree},
};

/// Minimum percentage of the running text of a page in an invisible element that a script makes visible.
const MIN_INVISIBLE_TEXT_PERCENT: u32 = 50;
/// Number of digits of an offset in pixels that moves an element out of the screen: `left: -9999px`.
const MIN_OFF_SCREEN_DIGITS: usize = 4;

/// Way in which a page hides an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hiding {
    /// The element takes no space: `hidden`, `display: none`.
    NotDisplayed,
    /// The element is transparent: `visibility: hidden`.
    Invisible,
    /// Only screen readers present the element: a class such as `sr-only`, or a place outside of the screen.
    ForScreenReaders,
}

/// Elements that a button or a tab of the page shows and hides.
#[derive(Debug)]
pub(super) struct ControlledElements {
    /// Ids of the elements, as the attribute `aria-controls` of the buttons names them.
    ids: HashSet<String>,
}

impl ControlledElements {
    /// Finds the elements that the buttons and tabs of a page control.
    pub(super) fn find(tree: &Tree) -> Self {
        let controls = tree.elements_named(Tree::ROOT, &["button", "a", "div", "li", "span"]);
        let controls = controls.filter(|&id| {
            tree.attribute(id, "aria-expanded").is_some()
                || tree.attribute(id, "role") == Some("tab")
        });
        let ids = controls.filter_map(|id| tree.attribute(id, "aria-controls"));
        Self { ids: ids.flat_map(str::split_whitespace).map(str::to_owned).collect() }
    }
}

/// Returns whether the page hides an element from its readers. Returns `false` for an element with the content of the
/// page that a script or a button shows. `weights` are those of the page with its hidden elements.
pub(super) fn is_hidden(
    tree: &Tree,
    id: NodeId,
    weights: &TextWeights,
    controlled_elements: &ControlledElements,
) -> bool {
    let Some(hiding) = hiding_of(tree, id) else { return false };
    let weight = weights.weight_of(id);
    let page_weight = weights.weight_of(Tree::ROOT);
    let min_percent = match hiding {
        Hiding::NotDisplayed => 100,
        Hiding::Invisible => MIN_INVISIBLE_TEXT_PERCENT,
        Hiding::ForScreenReaders => return true,
    };
    let (own_text, page_text) = if page_weight.prose_weight == 0 {
        (weight.total_weight, page_weight.total_weight)
    } else {
        (weight.prose_weight, page_weight.prose_weight)
    };
    let is_whole_text = own_text * 100 >= page_text * min_percent
        && weight.total_weight * 2 > page_weight.total_weight;
    let is_controlled =
        || tree.attribute(id, "id").is_some_and(|name| controlled_elements.ids.contains(name));
    let is_shown = (is_whole_text || weight.has_text_outside_links() && is_controlled())
        && !is_in_boilerplate(tree, id);
    !is_shown
}

/// Returns how a page hides an element by an attribute, its style or a class. `None` if it does not hide the element.
fn hiding_of(tree: &Tree, id: NodeId) -> Option<Hiding> {
    const CLASSES_FOR_SCREEN_READERS: [&str; 5] =
        ["visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "usa-sr-only"];
    const HIDDEN_CLASSES: [&str; 2] = ["element-invisible", "element-hidden"];
    let mut classes = tree.attribute(id, "class").unwrap_or_default().split_whitespace();
    let style = tree.attribute(id, "style").unwrap_or_default();
    let style: String =
        style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    // A browser shows `hidden=until-found` as soon as a reader looks for the text.
    let is_hidden = |value: &str| !value.eq_ignore_ascii_case("until-found");
    if classes
        .any(|class| CLASSES_FOR_SCREEN_READERS.contains(&class) || HIDDEN_CLASSES.contains(&class))
        || is_outside_of_screen(&style)
    {
        Some(Hiding::ForScreenReaders)
    } else if style.contains("display:none") || tree.attribute(id, "hidden").is_some_and(is_hidden)
    {
        Some(Hiding::NotDisplayed)
    } else if style.contains("visibility:hidden") {
        Some(Hiding::Invisible)
    } else {
        None
    }
}

/// Returns whether a style, in lower case and without white space, moves an element out of the screen or clips it to
/// nothing.
fn is_outside_of_screen(style: &str) -> bool {
    let is_far_left = ["left:-", "text-indent:-"].iter().any(|property| {
        style.split_once(property).is_some_and(|(_, offset)| {
            offset.bytes().take_while(u8::is_ascii_digit).count() >= MIN_OFF_SCREEN_DIGITS
        })
    });
    let is_clipped = style.split_once("clip:rect(").is_some_and(|(_, edges)| {
        let edges = edges.split(')').next().unwrap_or_default();
        edges.split(',').all(|edge| matches!(edge, "0" | "0px" | "1px" | "auto"))
            && edges.contains(',')
    });
    is_far_left || is_clipped && style.contains("position:absolute")
}

/// Returns whether an element is a part of a banner, of a dialog or of other boilerplate, by its names and roles or by
/// those of the elements around it.
fn is_in_boilerplate(tree: &Tree, id: NodeId) -> bool {
    let has_name = |id: NodeId, is_match: fn(&str) -> bool| {
        let names = ["class", "id"].map(|key| tree.attribute(id, key).unwrap_or_default());
        names.iter().flat_map(|names| names.split_whitespace()).any(is_match)
    };
    has_name(id, has_boilerplate_word)
        || std::iter::once(id).chain(ancestors(tree, id)).any(|id| {
            has_boilerplate_role(tree, id)
                || tree.attribute(id, "aria-modal").is_some()
                || !matches!(tree.name(id), "html" | "body" | "main" | "article")
                    && has_name(id, names_boilerplate_or_banner)
        })
}

/// Returns whether a class or an id denotes boilerplate for certain, or a banner.
fn names_boilerplate_or_banner(name: &str) -> bool {
    has_boilerplate_word(name) && certainly_names_boilerplate(name) || names_banner(name)
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    const PROSE: &str = "<p>The harbour office will open the northern quay to all barges on Monday, and the fee \
                         stays the same until March.</p>";

    fn text_of_page(page: &str) -> String {
        read(Format::Html, "page", page.as_bytes()).unwrap().text
    }

    #[test]
    fn content_that_a_script_shows_is_kept() {
        let accordion = |attributes: &str| {
            format!(
                "<button aria-expanded=false aria-controls=a1>Who pays?</button>\
                 <div id=a1 {attributes}><p>Owners of barges pay the toll.</div>{PROSE}"
            )
        };
        for (page, kept) in [
            (
                format!("<h1>Quay</h1><div style='visibility: hidden; opacity: 0;'>{PROSE}</div>"),
                "northern quay",
            ),
            (format!("<body style='visibility:hidden'><h1>Quay</h1>{PROSE}"), "northern quay"),
            (format!("<h1>Quay</h1><p>By Tom<div hidden>{PROSE}</div>"), "northern quay"),
            (format!("<h1>Quay</h1><div style='DISPLAY:none'>{PROSE}</div>"), "northern quay"),
            (accordion("hidden"), "Owners of barges"),
            (accordion("style='display:none'"), "Owners of barges"),
        ] {
            let text = text_of_page(&page);
            assert!(text.contains(kept), "{page}: {text}");
        }
    }

    #[test]
    fn other_hidden_text_is_left_out() {
        for page in [
            format!("<div hidden><p>Ghost words on a harbour.</div>{PROSE}"),
            format!("<div style='visibility:hidden'><p>Ghost words on a harbour.</div>{PROSE}"),
            format!("<p>Seen<span style='DISPLAY: none !important'>Ghost</span> text.{PROSE}"),
            format!(
                "<p>Seen<span style='position:absolute; left:-9999px'>Ghost</span> text.{PROSE}"
            ),
            format!(
                "<p>Seen<span style='position:absolute;clip:rect(0px, 0px, 0px, 0px)'>Ghost</span>.{PROSE}"
            ),
            format!("<p>Notice<div class=cookie-modal style='display:none'>{PROSE}<p>Ghost</div>"),
            format!("<p>Notice<div role=dialog hidden>{PROSE}<p>Ghost</div>"),
            format!(
                "<section class=usa-banner><button aria-expanded=false aria-controls=gov>How you know</button>\
                 <div id=gov hidden><p>Ghost sites end in a certain way.</div></section>{PROSE}"
            ),
            format!(
                "<button aria-expanded=false aria-controls=m>Menu</button><ul id=m hidden><li><a href=a>Ghost</a></ul>{PROSE}"
            ),
        ] {
            let text = text_of_page(&page);
            assert!(!text.contains("Ghost"), "{page}: {text}");
        }
    }
}
