//! Finds the text of a page that shows no text without its scripts: the text of the article in JSON-LD, the text for
//! browsers without scripts, and prefilled text fields.

use super::{json_ld::json_ld_articles, read_fragment, read_text_or_html, tree::Tree};
use crate::document::{blocks::BlockBuilder, model::BlockKind};

/// Returns the blocks of the first of three sources that has text: the articles in JSON-LD, the `noscript` elements,
/// the text fields. Returns no blocks if no source has text.
pub(super) fn blocks_of_hidden_sources(tree: &Tree) -> BlockBuilder {
    let sources = [json_ld_article_blocks, noscript_blocks, text_field_blocks];
    let mut texts = sources.iter().map(|source| source(tree));
    texts.find(|blocks| !blocks.blocks.is_empty()).unwrap_or_default()
}

/// Returns the texts of the articles in JSON-LD.
fn json_ld_article_blocks(tree: &Tree) -> BlockBuilder {
    let mut blocks = BlockBuilder::default();
    for article in json_ld_articles(tree) {
        let body =
            article.get("articleBody").and_then(serde_json::Value::as_str).unwrap_or_default();
        // A text that exceeds the limits of the parser is dropped.
        drop(read_text_or_html(body, &mut blocks));
    }
    blocks
}

/// Returns the texts of the `noscript` elements of the page. The parser keeps the markup in such an element as text.
fn noscript_blocks(tree: &Tree) -> BlockBuilder {
    let mut blocks = BlockBuilder::default();
    for element in tree.elements_named(Tree::ROOT, &["noscript"]) {
        let markup: String = tree.children(element).filter_map(|child| tree.text(child)).collect();
        if let Ok(fragment) = read_fragment(&markup) {
            blocks.append(&fragment);
        }
    }
    blocks
}

/// Returns the prefilled texts of text fields.
fn text_field_blocks(tree: &Tree) -> BlockBuilder {
    let mut blocks = BlockBuilder::default();
    for element in tree.elements_named(Tree::ROOT, &["textarea"]) {
        let text: String = tree.children(element).filter_map(|child| tree.text(child)).collect();
        for paragraph in text.split("\n\n") {
            blocks.push(paragraph.trim());
            blocks.finish_block(BlockKind::Paragraph);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    #[test]
    fn text_of_pages_that_need_scripts_is_found() {
        for (page, expected) in [
            (
                r#"<script type="application/ld+json">{"headline": "H", "articleBody": "One.\n\nTwo."}</script>"#,
                "One.|Two.",
            ),
            ("<noscript><p>Without <b>scripts</b></p></noscript>", "Without scripts"),
            ("<textarea>First.\n\nSecond.</textarea>", "First.|Second."),
            ("<p>Shown</p>", ""),
        ] {
            let blocks = blocks_of_hidden_sources(&parse::parse(page).unwrap());
            let texts: Vec<&str> =
                blocks.blocks.iter().map(|block| block.span.of(&blocks.text)).collect();
            assert_eq!(texts.join("|"), expected, "{page}");
        }
    }
}
