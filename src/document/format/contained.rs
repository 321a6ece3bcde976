//! Contents of a file that holds other files, such as a mail with attachments.

use crate::{document::model::Document, error::Result};

/// A document or a file that a reader found in a file.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "archive", feature = "mail")),
    expect(dead_code, reason = "only archives and mails hold files")
)]
/// A document or a file that a reader found inside of a file.
pub(in crate::document) enum Contained {
    /// A document that the reader has read.
    Document(Box<Result<Document>>),
    /// A file of any format.
    File {
        /// Path of the file below the id of the file that holds it.
        path: String,
        /// Content of the file, or the reason why it cannot be unpacked.
        content: Result<Vec<u8>, String>,
    },
}

/// Iterator over the contents of a file.
pub(in crate::document) type Contents<'a> = Box<dyn Iterator<Item = Contained> + 'a>;

/// Function that reads the contents of a file from its id and its bytes.
pub(in crate::document) type ReadContents = for<'a> fn(&str, &'a [u8]) -> Contents<'a>;
