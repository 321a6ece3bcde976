//! Finds the text of a page that shows none without a script: the text of the article in JSON-LD, the text for browsers
//! without scripts, and prefilled text fields.

use super::{metadata, read_fragment, read_text_or_html, tree::Tree};
use crate::document::{blocks::BlockBuilder, model::BlockKind};

/// Returns the blocks of the first source that has text. Returns no blocks if none has.
pub(super) fn hidden_text(tree: &Tree) -> BlockBuilder {
    let sources = [article_body, text_without_scripts, text_fields];
    let mut texts = sources.iter().map(|source| source(tree));
    texts.find(|blocks| !blocks.blocks.is_empty()).unwrap_or_default()
}

/// Returns the texts of the articles in JSON-LD.
fn article_body(tree: &Tree) -> BlockBuilder {
    let mut blocks = BlockBuilder::default();
    for article in metadata::json_ld_articles(tree) {
        let body =
            article.get("articleBody").and_then(serde_json::Value::as_str).unwrap_or_default();
        // A text that exceeds the limits of the parser is dropped.
        drop(read_text_or_html(body, &mut blocks));
    }
    blocks
}

/// Returns the text of the `noscript` elements of the body. The parser keeps their markup as text.
fn text_without_scripts(tree: &Tree) -> BlockBuilder {
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
fn text_fields(tree: &Tree) -> BlockBuilder {
    let mut blocks = BlockBuilder::default();
    for element in tree.elements_named(Tree::ROOT, &["textarea"]) {
        let text: String = tree.children(element).filter_map(|child| tree.text(child)).collect();
        for paragraph in text.split("\n\n") {
            blocks.push(paragraph.trim());
            blocks.close(BlockKind::Paragraph);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    #[test]
    fn text_behind_scripts_is_found() {
        for (page, expected) in [
            (
                r#"<script type="application/ld+json">{"headline": "H", "articleBody": "One.\n\nTwo."}</script>"#,
                "One.|Two.",
            ),
            ("<noscript><p>Without <b>scripts</b></p></noscript>", "Without scripts"),
            ("<textarea>First.\n\nSecond.</textarea>", "First.|Second."),
            ("<p>Shown</p>", ""),
        ] {
            let blocks = hidden_text(&parse::parse(page).unwrap());
            let texts: Vec<&str> =
                blocks.blocks.iter().map(|block| block.span.of(&blocks.text)).collect();
            assert_eq!(texts.join("|"), expected, "{page}");
        }
    }
}
