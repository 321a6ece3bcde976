//! Reads a picture of text (PNG, JPEG, TIFF) as a document, if text recognition is requested.

use std::iter;

use super::{
    contained::{ContainedItem, Contents},
    pdf,
};
use crate::document::{
    limits::ReadLimits,
    model::unreadable,
    recognition::{PageJob, RESOLUTION, Recognition, ScanFileKind},
};

/// First bytes of each picture format that is read.
const PICTURE_SIGNATURES: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF", b"II*\0", b"MM\0*"];
/// Maximum number of pages of a TIFF file.
const MAX_PAGES: usize = 1_000;
/// Size of an entry in the directory of a TIFF file, in bytes.
const TIFF_ENTRY_BYTES: usize = 12;

/// Reads the text of a picture. A picture without text, such as a photograph, holds no document.
pub(super) fn read(
    id: &str,
    bytes: &[u8],
    _: ReadLimits,
    recognition: Option<Recognition<'_>>,
) -> Contents<'static> {
    let document = match recognition {
        None => Err("is a picture, whose text is not recognized".to_owned()),
        Some(_) if tiff_page_count(bytes).is_some_and(|count| count > MAX_PAGES) => {
            Err(format!("has more than {MAX_PAGES} pages"))
        }
        Some(_) if !PICTURE_SIGNATURES.iter().any(|signature| bytes.starts_with(signature)) => {
            Err("is no picture in PNG, JPEG or TIFF".to_owned())
        }
        Some(recognition) => {
            let page_count = tiff_page_count(bytes).unwrap_or(1);
            let jobs: Vec<PageJob> =
                (0..page_count).map(|index| PageJob { index, resolution: RESOLUTION }).collect();
            recognition
                .recognize(id, bytes, ScanFileKind::Picture, &jobs)
                .and_then(|pages| pdf::document_of_recognized_pictures(id, pages))
        }
    };
    let item = match document {
        Ok(None) => ContainedItem::PictureWithoutText,
        Ok(Some(document)) => ContainedItem::Document(Box::new(Ok(document))),
        Err(reason) => ContainedItem::Document(Box::new(Err(unreadable(id, reason)))),
    };
    Box::new(iter::once(item))
}

/// Returns the number of pages of a TIFF file; `None` for a damaged file or a file in another format. The directories
/// of the pages are a linked list. Stops counting above [`MAX_PAGES`].
fn tiff_page_count(bytes: &[u8]) -> Option<usize> {
    let is_little_endian = match bytes.first_chunk()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number_at = |offset: usize, size: usize| -> Option<usize> {
        let bytes = bytes.get(offset..offset.checked_add(size)?)?.iter();
        let add = |number: usize, byte: &u8| number << 8 | usize::from(*byte);
        Some(if is_little_endian { bytes.rev().fold(0, add) } else { bytes.fold(0, add) })
    };
    let (mut directory, mut page_count) = (number_at(4, 4)?, 0);
    while directory != 0 && page_count <= MAX_PAGES {
        let entry_count = number_at(directory, 2)?;
        page_count += 1;
        directory = number_at(directory + 2 + entry_count * TIFF_ENTRY_BYTES, 4).unwrap_or(0);
    }
    (page_count > 0).then_some(page_count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_tiff_file_are_counted() {
        // Two directories without entries: at 8 and at 14.
        let little = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\0\0\0\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\0\0\0\0\x0e\0\0\0\0\0\0";
        // The only directory refers to itself.
        let endless = b"II*\0\x08\0\0\0\0\0\x08\0\0\0";
        assert_eq!(tiff_page_count(little), Some(2));
        assert_eq!(tiff_page_count(big), Some(2));
        assert_eq!(tiff_page_count(endless), Some(MAX_PAGES + 1));
        assert_eq!(tiff_page_count(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(tiff_page_count(b"II*\0\xFF\xFF\xFF\xFF"), None);
    }
}
