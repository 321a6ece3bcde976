//! Reads plain text as a document. A first line that looks like a title becomes the title.

use crate::document::{heading::first_line_title, model::Document};

/// Reads plain text as a document.
pub(super) fn read(id: &str, text: String) -> Document {
    let mut document = Document::new(id, text);
    document.title = first_line_title(&document.text).map(str::to_owned);
    if document.title.is_some() {
        document.inferred.push("title".to_owned());
        document.origins.insert("title".to_owned(), "first line".to_owned());
    }
    document
}
