//! Plain text → a document. The first line is the title if it has the shape of one.

use crate::{document::Document, script::SENTENCE_ENDS};

/// Length of the longest title, in characters.
const MAX_TITLE_CHARS: usize = 200;

/// Reads a document of plain text.
pub(super) fn read(id: &str, text: String) -> Document {
    let mut document = Document::new(id, text);
    document.title = first_line_title(&document.text).map(str::to_owned);
    if document.title.is_some() {
        document.inferred.push("title".to_owned());
        document.origins.insert("title".to_owned(), "first line".to_owned());
    }
    document
}

/// Returns the first line with visible text if it is short and does not end a sentence, without the
/// `#` of a heading.
pub(in crate::document) fn first_line_title(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let is_short = line.chars().count() <= MAX_TITLE_CHARS;
    let ends = line.ends_with(SENTENCE_ENDS) || line.ends_with([',', '，']);
    (is_short && !ends).then(|| line.trim_start_matches(['#', ' ']))
}
