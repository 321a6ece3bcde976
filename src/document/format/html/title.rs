//! The title of a page, without the name of its site, and where it stands in the text.
//!
//! What a page calls its title is believed as far as its headings agree: a name of a site is only cut
//! off where something else shows that it is one.

use super::{metadata, tree::Tree};
use crate::{
    document::{BlockKind, Document, blocks::BlockBuilder},
    span::Span,
};

/// The title stands among so many first blocks.
const HEAD_BLOCKS: usize = 20;
/// A shorter part of a title is not what is left of it.
const MIN_CHARS: usize = 4;
/// Between a title and the name of a site, and nowhere inside a title.
const SURE_SEPARATORS: [&str; 4] = [" | ", "_", " :: ", " » "];
const SEPARATORS: [&str; 4] = [" - ", " – ", " — ", "-"];

/// The title of the page and what says so. `labelled` is what a table about the document says.
pub(super) fn title(
    tree: &Tree,
    blocks: &BlockBuilder,
    labelled: Option<&str>,
) -> Option<(String, String)> {
    let headings = headings(tree, blocks);
    let named = tree.named(Tree::ROOT, &["title"]).next().map(|id| tree.all_text(id));
    let first = |level: u8| {
        let heads = blocks.blocks.iter().filter(|block| block.kind == BlockKind::Heading(level));
        heads.map(|block| block.span.of(&blocks.text)).next().map(joined)
    };
    let site = metadata::meta(tree, "og:site_name").or_else(|| metadata::meta(tree, "sitename"));
    let clean = |title: &str| without_site(&joined(title), &headings, site.as_deref(), tree);
    let agreed = |title: &&str| {
        named.iter().chain(&headings).any(|known| is_part(title, known)) || !title.is_ascii()
    };
    labelled
        .filter(agreed)
        .map(|title| (title.to_owned(), "table".to_owned()))
        .or_else(|| {
            let (title, origin) = metadata::titles(tree).into_iter().next()?;
            Some((clean(&title), origin))
        })
        .or_else(|| Some((first(1)?, "heading".to_owned())))
        .or_else(|| {
            let title = named.as_deref().filter(|title| !title.is_empty())?;
            Some((clean(title), "title".to_owned()))
        })
        .or_else(|| Some(((2..=4).find_map(first)?, "heading".to_owned())))
}

/// The name of the site, as a meta tag says it or as it stands after the title of the page.
pub(super) fn site(tree: &Tree) -> Option<String> {
    metadata::meta(tree, "og:site_name").filter(|name| !name.is_empty()).or_else(|| {
        let named = tree.named(Tree::ROOT, &["title"]).next().map(|id| tree.all_text(id))?;
        let (_, site) = named.rsplit_once(" | ")?;
        let site = site.trim().to_owned();
        (!site.is_empty() && stands_in_furniture(tree, &site)).then_some(site)
    })
}

/// Marks the blocks that say the title as the title.
pub(super) fn place(document: &mut Document) {
    let Document { title: Some(title), text, blocks, .. } = document else { return };
    let wanted = letters(title);
    let spans: Vec<Span> = blocks.iter().take(HEAD_BLOCKS).map(|block| block.span).collect();
    let Some((first, last)) = (0..spans.len()).find_map(|first| {
        let mut said = String::new();
        let last = (first..spans.len()).find(|&at| {
            said.push_str(&letters(spans.get(at).map_or("", |span| span.of(text))));
            !wanted.starts_with(&said) || said == wanted
        })?;
        (said == wanted && !wanted.is_empty()).then_some((first, last))
    }) else {
        return;
    };
    let end = spans.get(last).map_or(0, |span| span.end);
    if let Some(block) = blocks.get_mut(first) {
        (block.kind, block.span.end) = (BlockKind::Title, end);
    }
    blocks.drain(first + 1..=last);
}

/// The headings of the content, and all of the first level, wherever they stand.
fn headings(tree: &Tree, blocks: &BlockBuilder) -> Vec<String> {
    let read = blocks.blocks.iter().filter(|block| block.kind != BlockKind::Paragraph);
    let read = read.map(|block| joined(block.span.of(&blocks.text)));
    let all = tree.named(Tree::ROOT, &["h1"]).map(|id| tree.all_text(id));
    read.chain(all).filter(|heading| heading.chars().count() >= MIN_CHARS).collect()
}

fn without_site(title: &str, headings: &[String], site: Option<&str>, tree: &Tree) -> String {
    if let Some(heading) = headings.iter().find(|heading| is_part(heading, title)) {
        return heading.clone();
    }
    for separator in SURE_SEPARATORS {
        if let Some((start, _)) = title.split_once(separator)
            && start.chars().count() >= MIN_CHARS
        {
            return start.trim().to_owned();
        }
    }
    for separator in SEPARATORS {
        let Some((start, end)) = title.rsplit_once(separator) else { continue };
        // A name of a site stands elsewhere on the page too.
        let known = site.is_some_and(|site| letters(site) == letters(end))
            || end.chars().count() >= MIN_CHARS && stands_in_furniture(tree, end.trim());
        if known && start.chars().count() >= MIN_CHARS {
            return start.trim().to_owned();
        }
    }
    title.to_owned()
}

/// Whether a name is written in a header, a footer or a picture of the page.
fn stands_in_furniture(tree: &Tree, name: &str) -> bool {
    let named = tree.named(Tree::ROOT, &["img", "a", "header", "footer"]);
    named.into_iter().any(|id| match tree.name(id) {
        "img" => tree.attribute(id, "alt").is_some_and(|text| text.contains(name)),
        "a" => tree.attribute(id, "title") == Some(name) || tree.all_text(id) == name,
        _ => tree.all_text(id).contains(name),
    })
}

/// Whether `part` is the whole of `text`, or its beginning or end at a separator.
fn is_part(part: &str, text: &str) -> bool {
    let (short, long) = (letters(part), letters(text));
    let rest = if short == long {
        return !short.is_empty();
    } else if part.chars().count() >= MIN_CHARS {
        text.strip_prefix(part).or_else(|| text.strip_suffix(part))
    } else {
        None
    };
    let separators = || SURE_SEPARATORS.iter().chain(&SEPARATORS).map(|sign| sign.trim());
    rest.is_some_and(|rest| {
        separators().any(|sign| rest.trim().starts_with(sign) || rest.trim().ends_with(sign))
    })
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What two writings of one title share.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
