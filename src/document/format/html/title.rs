//! Finds the title of a page, without the site name, and the block that contains the title.
//!
//! The text after an ambiguous separator, such as a hyphen, is removed from the title only if the
//! page confirms that this text is the site name.

use super::{metadata, tree::Tree};
use crate::{
    document::{
        blocks::BlockBuilder,
        is_organization_name,
        metadata::letterhead,
        model::{BlockKind, Document},
    },
    span::Span,
};

/// Number of blocks at the beginning of a page that are searched for the title.
const MAX_TITLE_SEARCH_BLOCKS: usize = 20;
/// Minimum length, in characters, of a title without the site name. If the title would become
/// shorter, it keeps the site name.
const MIN_TITLE_CHARS: usize = 4;
/// Separators that occur only between a title and a site name.
const UNAMBIGUOUS_SEPARATORS: [&str; 4] = [" | ", "_", " :: ", " » "];
/// Separators that may also occur inside a title.
const AMBIGUOUS_SEPARATORS: [&str; 4] = [" - ", " – ", " — ", "-"];

/// Endings of the Chinese name of a website, such as 港務局全球資訊網.
const SITE_NAME_ENDINGS: [&str; 8] = [
    "全球資訊網",
    "全球资讯网",
    "門戶網站",
    "门户网站",
    "官方網站",
    "官方网站",
    "入口網",
    "政府网",
];

/// Returns the title of the page and its origin. The sources, in order of precedence: `table_title`
/// (from a table of metadata labels), meta tags and JSON-LD, the first heading of level 1, the
/// `title` element, the first heading of level 2 (or else of level 3 or 4).
pub(super) fn title_and_origin(
    tree: &Tree,
    blocks: &BlockBuilder,
    table_title: Option<&str>,
) -> Option<(String, String)> {
    let headings = collect_headings(tree, blocks);
    let title_element_text =
        tree.elements_named(Tree::ROOT, &["title"]).next().map(|id| tree.full_text(id));
    let first_heading = |level: u8| {
        let level_headings =
            blocks.blocks.iter().filter(|block| block.kind == BlockKind::Heading(level));
        let mut texts =
            level_headings.map(|block| collapse_white_space(block.span.of(&blocks.text)));
        texts.find(|text| !is_above_title(text))
    };
    let site_name = metadata::meta_tag_value(tree, "og:site_name")
        .or_else(|| metadata::meta_tag_value(tree, "sitename"));
    let remove_own_site_name = |title: &str| {
        remove_site_name(&collapse_white_space(title), &headings, site_name.as_deref(), tree)
    };
    let is_confirmed = |title: &&str| {
        title_element_text.iter().chain(&headings).any(|other| is_title_part(title, other))
            || !title.is_ascii()
    };
    if let Some(title) = table_title.filter(is_confirmed) {
        return Some((title.to_owned(), "table".to_owned()));
    }
    let mut stated_titles = metadata::stated_titles_and_origins(tree).into_iter();
    if let Some((title, origin)) = stated_titles.find(|(title, _)| !is_above_title(title)) {
        return Some((remove_own_site_name(&title), origin));
    }
    let title_element_text = title_element_text.as_deref().filter(|title| !title.is_empty());
    let heading = first_heading(1).map(|heading| {
        heading_in_title_element(tree, blocks, &heading, title_element_text).unwrap_or(heading)
    });
    if let Some(heading) = heading {
        return Some((heading, "heading".to_owned()));
    }
    let title = title_element_text.map(remove_own_site_name);
    if let Some(title) = title.as_ref().filter(|title| !is_above_title(title)) {
        return Some((title.clone(), "title".to_owned()));
    }
    let heading = (2..=4).find_map(first_heading).map(|heading| (heading, "heading".to_owned()));
    heading.or_else(|| title.map(|title| (title, "title".to_owned())))
}

/// Returns the heading of level 1 with which the `title` element begins. `None` if `first_heading`, the first heading of
/// level 1, is also in the `title` element, or if the heading is the name of the site. A heading above the title of the
/// page may belong to an advertisement.
fn heading_in_title_element(
    tree: &Tree,
    blocks: &BlockBuilder,
    first_heading: &str,
    title_element_text: Option<&str>,
) -> Option<String> {
    let title_element_text = collapse_white_space(title_element_text?);
    let comparable_title = normalize_for_comparison(&title_element_text);
    if comparable_title.contains(&normalize_for_comparison(first_heading)) {
        return None;
    }
    let headings = blocks.blocks.iter().filter(|block| block.kind == BlockKind::Heading(1));
    let mut headings = headings.map(|block| collapse_white_space(block.span.of(&blocks.text)));
    headings.find(|heading| {
        title_element_text.starts_with(heading.as_str())
            && is_title_part(heading, &title_element_text)
            && !is_above_title(heading)
            && !occurs_in_boilerplate(tree, heading)
    })
}

/// Returns whether a text belongs above the title: the name of a document type, such as `Press release`, a letterhead,
/// or the Chinese name of a website. `News` does not count, because it may be the title of a page.
fn is_above_title(text: &str) -> bool {
    let is_document_type = letterhead::is_document_type(text) && !text.eq_ignore_ascii_case("news");
    let is_site_name =
        !text.contains([' ', '-', '_']) && SITE_NAME_ENDINGS.iter().any(|end| text.ends_with(end));
    is_document_type || is_site_name || letterhead::is_letterhead(text)
}

/// Returns the site name from a meta tag. If no meta tag states the name, returns the end of the
/// `title` element, provided that the same text occurs in the boilerplate.
pub(super) fn site_name(tree: &Tree) -> Option<String> {
    let stated_name =
        metadata::meta_tag_value(tree, "og:site_name").filter(|name| !name.is_empty());
    stated_name.or_else(|| {
        let title = tree.elements_named(Tree::ROOT, &["title"]).next()?;
        let title = tree.full_text(title);
        let (_, title_end) = title.rsplit_once(" | ")?;
        let title_end = title_end.trim();
        (!title_end.is_empty() && occurs_in_boilerplate(tree, title_end))
            .then(|| title_end.to_owned())
    })
}

/// Joins consecutive blocks at the beginning of the document into one title block, if their texts
/// together equal the title.
pub(super) fn join_blocks_of_title(document: &mut Document) {
    let Document { title: Some(title), text, blocks, .. } = document else { return };
    let comparable_title = normalize_for_comparison(title);
    if comparable_title.is_empty() {
        return;
    }
    let block_spans: Vec<Span> =
        blocks.iter().take(MAX_TITLE_SEARCH_BLOCKS).map(|block| block.span).collect();
    let find_title_range = |first: usize| {
        let mut joined_text = String::new();
        let last_index = (first..block_spans.len()).find(|&index| {
            joined_text.push_str(&normalize_for_comparison(
                block_spans.get(index).map_or("", |span| span.of(text)),
            ));
            !comparable_title.starts_with(&joined_text) || joined_text == comparable_title
        })?;
        (joined_text == comparable_title).then_some((first, last_index))
    };
    let Some((first, last)) = (0..block_spans.len()).find_map(find_title_range) else { return };
    let title_end = block_spans.get(last).map_or(0, |span| span.end);
    if let Some(block) = blocks.get_mut(first) {
        (block.kind, block.span.end) = (BlockKind::Title, title_end);
    }
    blocks.drain(first + 1..=last);
}

/// Returns the headings of the content, and all `h1` headings of the page.
fn collect_headings(tree: &Tree, blocks: &BlockBuilder) -> Vec<String> {
    let content_headings = blocks.blocks.iter().filter(|block| block.kind != BlockKind::Paragraph);
    let content_headings =
        content_headings.map(|block| collapse_white_space(block.span.of(&blocks.text)));
    let h1_headings = tree.elements_named(Tree::ROOT, &["h1"]).map(|id| tree.full_text(id));
    content_headings
        .chain(h1_headings)
        .filter(|heading| heading.chars().count() >= MIN_TITLE_CHARS)
        .collect()
}

/// Returns a title without the site name at its end. `site` is the site name that a meta tag states.
fn remove_site_name(title: &str, headings: &[String], site: Option<&str>, tree: &Tree) -> String {
    let is_long_enough = |part: &str| part.chars().count() >= MIN_TITLE_CHARS;
    if let Some(heading) = headings.iter().find(|heading| is_title_part(heading, title)) {
        return heading.clone();
    }
    for separator in UNAMBIGUOUS_SEPARATORS {
        if let Some((title_start, _)) = title.split_once(separator)
            && is_long_enough(title_start)
        {
            return title_start.trim().to_owned();
        }
    }
    for separator in AMBIGUOUS_SEPARATORS {
        let Some((title_start, title_end)) = title.rsplit_once(separator) else { continue };
        // The end of the title counts as the site name only if it equals `site` or occurs in the
        // boilerplate.
        let is_site_name = site.is_some_and(|site| {
            normalize_for_comparison(site) == normalize_for_comparison(title_end)
        }) || is_long_enough(title_end)
            && occurs_in_boilerplate(tree, title_end.trim());
        if is_site_name && is_long_enough(title_start) {
            return title_start.trim().to_owned();
        }
    }
    title_after_organization(title).unwrap_or(title).to_owned()
}

/// Returns the title after the name of an organization and a hyphen, if the title has enough words for a headline:
/// `Board Opens Third Berth` in `Harbour Board - Board Opens Third Berth`.
fn title_after_organization(title: &str) -> Option<&str> {
    const MIN_HEADLINE_WORDS: usize = 4;
    let (name, headline) = title.split_once(" - ")?;
    let is_headline =
        headline.split_whitespace().count() >= MIN_HEADLINE_WORDS && !headline.contains(" - ");
    (is_headline && is_organization_name(name)).then_some(headline)
}

/// Returns whether a name occurs in a header, in a footer, as the text or title of a link, or in the alternative text
/// of an image.
fn occurs_in_boilerplate(tree: &Tree, name: &str) -> bool {
    let mut elements = tree.elements_named(Tree::ROOT, &["img", "a", "header", "footer"]);
    elements.any(|id| match tree.name(id) {
        "img" => tree.attribute(id, "alt").is_some_and(|text| text.contains(name)),
        "a" => tree.attribute(id, "title") == Some(name) || tree.full_text(id) == name,
        _ => tree.full_text(id).contains(name),
    })
}

/// Returns whether `part` is the whole of `text`, or its beginning or end next to a separator.
fn is_title_part(part: &str, text: &str) -> bool {
    let comparable_part = normalize_for_comparison(part);
    if comparable_part == normalize_for_comparison(text) {
        return !comparable_part.is_empty();
    }
    if part.chars().count() < MIN_TITLE_CHARS {
        return false;
    }
    let Some(remainder) = text.strip_prefix(part).or_else(|| text.strip_suffix(part)) else {
        return false;
    };
    let remainder = remainder.trim();
    UNAMBIGUOUS_SEPARATORS
        .iter()
        .chain(&AMBIGUOUS_SEPARATORS)
        .map(|separator| separator.trim())
        .any(|separator| remainder.starts_with(separator) || remainder.ends_with(separator))
}

/// Returns a text with each run of white space replaced by one space.
fn collapse_white_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the letters and digits of a text in lower case, to compare differently written forms of
/// a title.
fn normalize_for_comparison(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    #[test]
    fn kind_of_document_is_no_title() {
        for (page, expected) in [
            ("<h1>PRESS RELEASE</h1><h2>Ports Grow</h2>", "Ports Grow"),
            ("<title>Ports Grow</title><h1>For Immediate Release</h1>", "Ports Grow"),
            ("<h1>某市人民政府文件</h1><h1>关于港口的通知</h1>", "关于港口的通知"),
            (
                "<title>Press Release:Harbour Information Bureau</title><h2>Ports Grow</h2>",
                "Ports Grow",
            ),
            ("<title>Press Releases</title><h3>Ports Grow</h3>", "Ports Grow"),
            ("<title>港務局全球資訊網</title><h2>港口成長</h2>", "港口成長"),
            (
                "<title>Harbour Board - The Board Opens a Third Berth</title>",
                "The Board Opens a Third Berth",
            ),
            ("<title>Harbour Board - Our Members</title>", "Harbour Board - Our Members"),
            ("<title>Press release</title><p>Text", "Press release"),
            ("<h1>News</h1><h2>Ports Grow</h2>", "News"),
            (
                "<title>Ports Grow Fast | Daily</title><h1>Letters are free.</h1><h1>Ports Grow Fast</h1>",
                "Ports Grow Fast",
            ),
            ("<title>Ports: Growth</title><h1>Growth</h1><h1>Ports</h1>", "Growth"),
            (
                "<title>Office of Ports - News</title><h1>Ports Grow</h1><p><a href=/>Office of Ports</a><h1>Office of Ports</h1>",
                "Ports Grow",
            ),
        ] {
            let page = format!("{page}<p>The port opened on Monday, and ships came.</p>");
            let document = read(Format::Html, "page", page.as_bytes()).unwrap();
            assert_eq!(document.title.as_deref(), Some(expected), "{page}");
        }
    }
}
