//! Plain text → a document: its first line is the title where it has the shape of one.

use crate::document::Document;

/// A longer first line is a paragraph.
const TITLE_CHARS: usize = 200;

pub(in crate::document) fn read(id: &str, text: String) -> Document {
    let mut document = Document::new(id, text);
    document.title = title(&document.text).map(str::to_owned);
    if document.title.is_some() {
        document.inferred.push("title".to_owned());
        document.origins.insert("title".to_owned(), "first line".to_owned());
    }
    document
}

/// The first line that holds anything, if it is short and ends no sentence.
pub(in crate::document) fn title(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let short = line.chars().count() <= TITLE_CHARS;
    let open = !line.ends_with(['.', '!', '?', '。', '！', '？', '；', ';', '，', ',']);
    (short && open).then(|| line.trim_start_matches(['#', ' ']))
}
