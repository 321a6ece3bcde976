//! Finds the title of a page, without the site name, and the block with the title.
//!
//! A site name is cut off after an ambiguous separator only if the page confirms that it is the
//! site name.

use super::{metadata, tree::Tree};
use crate::{
    document::{
        blocks::BlockBuilder,
        model::{BlockKind, Document},
    },
    span::Span,
};

/// Number of blocks at the beginning of the text in which the title is searched.
const MAX_TITLE_BLOCKS: usize = 20;
/// Minimum length, in characters, of a title without its site name. If less would remain, the site
/// name is kept.
const MIN_TITLE_CHARS: usize = 4;
/// Separators that occur only between a title and a site name.
const SURE_SEPARATORS: [&str; 4] = [" | ", "_", " :: ", " » "];
/// Separators that may also occur inside a title.
const SEPARATORS: [&str; 4] = [" - ", " – ", " — ", "-"];

/// Returns the title of the page and its origin. The sources, in order of precedence: `table_title`
/// (from a table of metadata labels), meta tags and JSON-LD, the first `h1`, the `title` element,
/// the first lower heading.
pub(super) fn find_title(
    tree: &Tree,
    blocks: &BlockBuilder,
    table_title: Option<&str>,
) -> Option<(String, String)> {
    let headings = headings(tree, blocks);
    let title_element =
        tree.elements_named(Tree::ROOT, &["title"]).next().map(|id| tree.full_text(id));
    let first_heading = |level: u8| {
        let mut of_level =
            blocks.blocks.iter().filter(|block| block.kind == BlockKind::Heading(level));
        of_level.next().map(|block| one_line(block.span.of(&blocks.text)))
    };
    let site = metadata::meta_value(tree, "og:site_name")
        .or_else(|| metadata::meta_value(tree, "sitename"));
    let clean = |title: &str| without_site(&one_line(title), &headings, site.as_deref(), tree);
    let is_confirmed = |title: &&str| {
        title_element.iter().chain(&headings).any(|other| is_part(title, other))
            || !title.is_ascii()
    };
    if let Some(title) = table_title.filter(is_confirmed) {
        return Some((title.to_owned(), "table".to_owned()));
    }
    if let Some((title, origin)) = metadata::stated_titles(tree).into_iter().next() {
        return Some((clean(&title), origin));
    }
    if let Some(heading) = first_heading(1) {
        return Some((heading, "heading".to_owned()));
    }
    if let Some(title) = title_element.as_deref().filter(|title| !title.is_empty()) {
        return Some((clean(title), "title".to_owned()));
    }
    let heading = (2..=4).find_map(first_heading)?;
    Some((heading, "heading".to_owned()))
}

/// Returns the site name: from a meta tag, or from the end of the `title` element if the name also
/// occurs in the boilerplate.
pub(super) fn site_name(tree: &Tree) -> Option<String> {
    let stated = metadata::meta_value(tree, "og:site_name").filter(|name| !name.is_empty());
    stated.or_else(|| {
        let title = tree.elements_named(Tree::ROOT, &["title"]).next()?;
        let title = tree.full_text(title);
        let (_, site) = title.rsplit_once(" | ")?;
        let site = site.trim();
        (!site.is_empty() && occurs_in_boilerplate(tree, site)).then(|| site.to_owned())
    })
}

/// Joins the blocks at the beginning whose texts together equal the title into one title block.
pub(super) fn set_title_block(document: &mut Document) {
    let Document { title: Some(title), text, blocks, .. } = document else { return };
    let comparable_title = comparable(title);
    if comparable_title.is_empty() {
        return;
    }
    let spans: Vec<Span> = blocks.iter().take(MAX_TITLE_BLOCKS).map(|block| block.span).collect();
    let ends_title = |first: usize| {
        let mut joined = String::new();
        let last = (first..spans.len()).find(|&index| {
            joined.push_str(&comparable(spans.get(index).map_or("", |span| span.of(text))));
            !comparable_title.starts_with(&joined) || joined == comparable_title
        })?;
        (joined == comparable_title).then_some((first, last))
    };
    let Some((first, last)) = (0..spans.len()).find_map(ends_title) else { return };
    let end = spans.get(last).map_or(0, |span| span.end);
    if let Some(block) = blocks.get_mut(first) {
        (block.kind, block.span.end) = (BlockKind::Title, end);
    }
    blocks.drain(first + 1..=last);
}

/// Returns the headings of the content, and all `h1` headings of the page.
fn headings(tree: &Tree, blocks: &BlockBuilder) -> Vec<String> {
    let content = blocks.blocks.iter().filter(|block| block.kind != BlockKind::Paragraph);
    let content = content.map(|block| one_line(block.span.of(&blocks.text)));
    let first_level = tree.elements_named(Tree::ROOT, &["h1"]).map(|id| tree.full_text(id));
    content
        .chain(first_level)
        .filter(|heading| heading.chars().count() >= MIN_TITLE_CHARS)
        .collect()
}

/// Returns a title without the site name at its end.
fn without_site(title: &str, headings: &[String], site: Option<&str>, tree: &Tree) -> String {
    let is_long = |part: &str| part.chars().count() >= MIN_TITLE_CHARS;
    if let Some(heading) = headings.iter().find(|heading| is_part(heading, title)) {
        return heading.clone();
    }
    for separator in SURE_SEPARATORS {
        if let Some((start, _)) = title.split_once(separator)
            && is_long(start)
        {
            return start.trim().to_owned();
        }
    }
    for separator in SEPARATORS {
        let Some((start, end)) = title.rsplit_once(separator) else { continue };
        // Only a name that also occurs elsewhere on the page is a site name.
        let is_site = site.is_some_and(|site| comparable(site) == comparable(end))
            || is_long(end) && occurs_in_boilerplate(tree, end.trim());
        if is_site && is_long(start) {
            return start.trim().to_owned();
        }
    }
    title.to_owned()
}

/// Returns whether a name occurs in a header, a footer, a link or an image text of the page.
fn occurs_in_boilerplate(tree: &Tree, name: &str) -> bool {
    let mut elements = tree.elements_named(Tree::ROOT, &["img", "a", "header", "footer"]);
    elements.any(|id| match tree.name(id) {
        "img" => tree.attribute(id, "alt").is_some_and(|text| text.contains(name)),
        "a" => tree.attribute(id, "title") == Some(name) || tree.full_text(id) == name,
        _ => tree.full_text(id).contains(name),
    })
}

/// Returns whether `part` equals `text`, or is its beginning or end up to a separator.
fn is_part(part: &str, text: &str) -> bool {
    let comparable_part = comparable(part);
    if comparable_part == comparable(text) {
        return !comparable_part.is_empty();
    }
    if part.chars().count() < MIN_TITLE_CHARS {
        return false;
    }
    let Some(rest) = text.strip_prefix(part).or_else(|| text.strip_suffix(part)) else {
        return false;
    };
    let rest = rest.trim();
    SURE_SEPARATORS
        .iter()
        .chain(&SEPARATORS)
        .map(|separator| separator.trim())
        .any(|separator| rest.starts_with(separator) || rest.ends_with(separator))
}

/// Returns a text with each run of white space replaced by one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the letters and digits of a text in lower case, to compare differently written forms of
/// a title.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
