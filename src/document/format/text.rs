//! Reads plain text as a document. A first line that looks like a title becomes the title.

use std::borrow::Cow;

use super::front_matter;

use crate::document::{
    heading::title_in_first_lines, model::Document, stray_markup::remove_html_tags,
};

/// Reads plain text as a document. Front matter becomes metadata. HTML tags and other markup are removed.
pub(super) fn read(id: &str, mut text: String) -> Document {
    let mut document = Document::new(id, String::new());
    let front_matter = front_matter::split_front_matter(&text);
    let body_start = text.len() - front_matter.body.len();
    front_matter::fill_metadata(&mut document, front_matter);
    text.drain(..body_start);
    document.text = match remove_html_tags(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(cleaned_text) => cleaned_text,
    };
    if document.title.is_some() {
        return document;
    }
    document.title = title_in_first_lines(&document.text);
    if document.title.is_some() {
        document.inferred.push("title".to_owned());
        document.origins.insert("title".to_owned(), "first line".to_owned());
    }
    document
}
