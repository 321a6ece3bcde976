//! Plain text → a document: its first line is the title where it has the shape of one.

use crate::document::{Document, heading};

pub(in crate::document) fn read(id: &str, text: String) -> Document {
    let mut document = Document::new(id, text);
    document.title = heading::title_line(&document.text).map(str::to_owned);
    if document.title.is_some() {
        document.inferred.push("title".to_owned());
        document.origins.insert("title".to_owned(), "first line".to_owned());
    }
    document
}
