//! Contents of a file that holds other files, such as a mail with attachments.

#[cfg(any(feature = "mail", feature = "office97", feature = "pdf"))]
use std::collections::BTreeSet;

use crate::{
    document::{limits::ReadLimits, model::Document},
    error::Result,
};

/// One item that a file contains: a document, or a file of its own.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "archive", feature = "mail", feature = "pdf")),
    expect(dead_code, reason = "only archives, mails and PDF files hold files")
)]
pub(in crate::document) enum ContainedItem {
    /// A document, already read, or the reason why it cannot be read.
    Document(Box<Result<Document>>),
    /// A file of any format.
    File {
        /// Path of the file, relative to the id of the file that contains it.
        path: String,
        /// Content of the file, or the reason why it cannot be unpacked.
        content: Result<Vec<u8>, String>,
    },
    /// A picture in which no text was recognized.
    #[cfg(feature = "pdf")]
    PictureWithoutText,
    /// A file of any format that a web server sent.
    #[cfg_attr(
        not(feature = "archive"),
        expect(dead_code, reason = "only web archives hold these")
    )]
    WebFile {
        /// Number of the file in the web archive, from 1.
        number: usize,
        /// File name, from which the format is detected.
        name: String,
        origin: WebOrigin,
        /// Content of the file, or the reason why it cannot be unpacked.
        content: Result<Vec<u8>, String>,
    },
}

/// URL of a file on the web, and the time when the file was saved.
#[derive(Debug, Clone)]
pub(in crate::document) struct WebOrigin {
    /// Address (URL) of the file.
    pub(in crate::document) address: String,
    /// Time when the file was saved, as the web archive states it: `2025-12-17T08:30:00Z`. Empty if it is unknown.
    pub(in crate::document) saved_at: String,
}

/// Iterator over the contents of a file.
pub(in crate::document) type Contents<'a> = Box<dyn Iterator<Item = ContainedItem> + 'a>;

/// Function that reads the contents of a file from its id, its bytes and the size limits.
pub(in crate::document) type ReadContentsFn =
    for<'a> fn(&str, &'a [u8], ReadLimits) -> Contents<'a>;

/// Returns the name of an attached file without folders. Puts a number before a name that is already in `names`, and
/// adds the result to `names`.
#[cfg(any(feature = "mail", feature = "office97", feature = "pdf"))]
pub(super) fn unique_file_name(names: &mut BTreeSet<String>, name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let numbered_names = (2..).map(|number| format!("{number}-{name}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered_names);
    candidates.find(|candidate| names.insert(candidate.clone())).unwrap_or_default()
}
