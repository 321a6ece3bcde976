//! Reads files of Office 97 to 2003 and of WPS Office: Word (.doc, .wps), Excel (.xls, .et), PowerPoint (.ppt, .dps),
//! and mails of Outlook (.msg).
//!
//! Such a file is an OLE container with streams. `word.rs` reads Word documents, `workbook.rs` workbooks,
//! `presentation/` presentations, `message.rs` mails, and `properties.rs` title and author. Names of structures are
//! from MS-DOC, MS-XLS, MS-PPT and MS-OLEPS.

mod bytes;
mod character_properties;
mod message;
mod paragraph_properties;
mod presentation;
mod properties;
mod property_pages;
mod records;
mod strings;
#[cfg(test)]
mod tests;
mod text_boxes;
mod word;
mod workbook;

use std::io::{Cursor, Read};

use cfb::CompoundFile;

pub(super) use self::{
    message::read as read_mail, presentation::read as read_presentation, word::read as read_word,
    workbook::read as read_workbook,
};

/// An open OLE container.
struct OleContainer<'a> {
    /// Parsed container, which is a file system of streams and folders.
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Size of the file, which no stream can exceed.
    max_bytes: u64,
}

impl<'a> OleContainer<'a> {
    /// Opens a container. `program` is the name of the program that writes such files.
    fn open(bytes: &'a [u8], program: &str) -> Result<Self, String> {
        let file = CompoundFile::open(Cursor::new(bytes))
            .map_err(|error| format!("is no file of {program}, damaged or cut off: {error}"))?;
        if file.exists("EncryptedPackage") {
            return Err("is protected by a password: save it without one".to_owned());
        }
        Ok(Self { file, max_bytes: bytes.len() as u64 })
    }

    /// Returns the content of a stream. `None` if the container has no such stream.
    fn stream(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        if !self.file.is_stream(name) {
            return Ok(None);
        }
        let mut content = Vec::new();
        let stream = self.file.open_stream(name).map_err(|error| format!("{name}: {error}"))?;
        let read = stream.take(self.max_bytes).read_to_end(&mut content);
        read.map_err(|error| format!("the stream {name} is damaged or cut off: {error}"))?;
        Ok(Some(content))
    }
}
