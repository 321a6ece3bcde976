//! Reads the text of a presentation of PowerPoint 97: slide by slide, with the notes of the speaker.
//!
//! The stream consists of nested records. The text of titles and lists stands in the outline of the document, to which
//! the shapes of a slide refer, or in the shapes themselves. Hidden slides are left out.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{
    OleContainer,
    bytes::{slice_at, u16_at, u32_at, usize_at, utf16_text, western_text},
    properties,
};
use crate::document::{
    blocks::BlockBuilder,
    left_out::LeftOutReason,
    limits::ReadLimits,
    model::{BlockKind, Document},
    place::{Place, PlaceStart},
};

/// Type of the record of the document (`RT_Document`).
const DOCUMENT_RECORD: u16 = 0x03E8;
/// Type of the record of a slide (`RT_Slide`).
const SLIDE_RECORD: u16 = 0x03EE;
/// Type of the record of a page of notes (`RT_Notes`).
const NOTES_RECORD: u16 = 0x03F0;
/// Type of the record of an entry in a list of slides or of notes (`RT_SlidePersistAtom`).
const SLIDE_ENTRY_RECORD: u16 = 0x03F3;
/// Type of the record that names the slide of a page of notes (`RT_NotesAtom`).
const NOTES_ATOM_RECORD: u16 = 0x03F1;
/// Type of the record with the show settings of a slide (`RT_SlideShowSlideInfoAtom`).
const SHOW_SETTINGS_RECORD: u16 = 0x03F9;
/// Type of the record of a shape that refers to a text of the outline (`RT_OutlineTextRefAtom`).
const OUTLINE_REFERENCE_RECORD: u16 = 0x0F9E;
/// Type of the record before a text, with the type of the text (`RT_TextHeaderAtom`).
const TEXT_HEADER_RECORD: u16 = 0x0F9F;
/// Type of the record of a text in UTF-16 (`RT_TextCharsAtom`).
const UTF16_TEXT_RECORD: u16 = 0x0FA0;
/// Type of the record of a text with one byte a character (`RT_TextBytesAtom`).
const WESTERN_TEXT_RECORD: u16 = 0x0FA8;
/// Type of the record of a list of slides or of notes (`RT_SlideListWithText`).
const SLIDE_LIST_RECORD: u16 = 0x0FF0;
/// Type of the record of an edit (`RT_UserEditAtom`).
const EDIT_RECORD: u16 = 0x0FF5;
/// Type of the record with the offsets of persistent objects (`RT_PersistDirectoryAtom`).
const PERSIST_DIRECTORY_RECORD: u16 = 0x1772;
/// Version in the header of a record that contains records.
const CONTAINER_RECORD_VERSION: u16 = 0xF;
/// Length of the header of a record, in bytes.
const RECORD_HEADER_BYTES: usize = 8;
/// Instance number (`recInstance`) of the record with the list of slides.
const SLIDE_LIST_INSTANCE: u16 = 0;
/// Instance number (`recInstance`) of the record with the list of notes.
const NOTES_LIST_INSTANCE: u16 = 2;
/// Text types in a text header (`RT_TextHeaderAtom`) that denote a title.
const TITLE_TEXT_TYPES: [u32; 2] = [0, 6];
/// Text type in a text header (`RT_TextHeaderAtom`) that denotes notes.
const NOTES_TEXT_TYPE: u32 = 2;
/// Bit of the show settings that hides a slide.
const HIDDEN_SLIDE_FLAG: u16 = 1 << 2;
/// Offset of the bits in the record of the show settings, in bytes.
const SHOW_SETTINGS_FLAGS_OFFSET: usize = 10;
/// Number in the stream `Current User` of an encrypted file.
const ENCRYPTED_FILE_TOKEN: u32 = 0xF3D1_C4DF;
/// Maximum number of edits that are read.
const MAX_SAVED_EDITS: usize = 10_000;
/// Maximum number of slides, and of pages of notes, that are read.
const MAX_SLIDES: usize = 20_000;

/// Reads the document of a presentation.
pub(in crate::document::format) fn read(
    id: &str,
    bytes: &[u8],
    _: ReadLimits,
) -> Result<Document, String> {
    let mut container = OleContainer::open(bytes, "PowerPoint")?;
    let stream = container
        .stream("PowerPoint Document")?
        .ok_or("holds no presentation of PowerPoint 97 or newer: save it as .pptx")?;
    let current_user = container.stream("Current User")?.unwrap_or_default();
    if u32_at(&current_user, 12) == Some(ENCRYPTED_FILE_TOKEN) {
        return Err("is protected by a password: save it without one".to_owned());
    }
    let presentation = Presentation::open(&stream, &current_user)
        .ok_or("is damaged: the offsets of its slides cannot be read")?;
    let (blocks, places) = presentation.read_slides();
    let mut title = None;
    let mut metadata = Vec::new();
    for (key, value) in properties::read(&mut container) {
        if key == "title" { title = Some(value) } else { metadata.push((key, value)) }
    }
    let mut document = blocks.into_document(id, title);
    document.places = places;
    document.metadata.extend(metadata);
    Ok(document)
}

/// A record of the stream.
#[derive(Debug, Clone, Copy)]
struct Record<'a> {
    /// Type of the record, such as [`SLIDE_RECORD`].
    kind: u16,
    /// Number in the header (`recInstance`) that distinguishes records of one type.
    instance: u16,
    /// Content of the record: data, or nested records.
    content: &'a [u8],
}

/// Iterates over the records in `bytes`, also over nested records, in the order of the stream. Ends at a record that is
/// cut off.
fn records_at_all_levels(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let (record, is_container) = record_at(bytes, offset)?;
        // The records inside a container follow its header.
        offset += RECORD_HEADER_BYTES + if is_container { 0 } else { record.content.len() };
        Some(record)
    })
}

/// Returns the record at `offset`, and whether it contains records. If a record that contains records is cut off, its
/// content ends with `bytes`. `None` if any other record is cut off.
fn record_at(bytes: &[u8], offset: usize) -> Option<(Record<'_>, bool)> {
    let version_and_instance = u16_at(bytes, offset)?;
    let kind = u16_at(bytes, offset.checked_add(2)?)?;
    let length = usize_at(bytes, offset.checked_add(4)?)?;
    let content_start = offset.checked_add(RECORD_HEADER_BYTES)?;
    let is_container = version_and_instance & 0xF == CONTAINER_RECORD_VERSION;
    let content = match slice_at(bytes, content_start, length) {
        Some(content) => content,
        None if is_container => bytes.get(content_start..)?,
        None => return None,
    };
    Some((Record { kind, instance: version_and_instance >> 4, content }, is_container))
}

/// Entry of a slide in the list of slides of the document, or of a page of notes in the list of notes.
#[derive(Debug, Default)]
struct SlideEntry {
    /// Number of the persistent object with the records of the slide or of the notes.
    persist_id: u32,
    /// Number by which a page of notes refers to its slide.
    slide_id: u32,
    /// Texts of the outline of the slide, each with its type.
    outline: Vec<(u32, String)>,
}

/// Presentation with the lists of its slides and of their notes.
#[derive(Debug)]
struct Presentation<'a> {
    stream: &'a [u8],
    /// Offset in the stream of each persistent object, by its number.
    object_offsets: BTreeMap<u32, usize>,
    /// Entries of the slides, in order.
    slides: Vec<SlideEntry>,
    /// Entries of the pages of notes.
    notes: Vec<SlideEntry>,
}

impl<'a> Presentation<'a> {
    /// Finds the slides of a presentation. `None` if the file is damaged.
    fn open(stream: &'a [u8], current_user: &[u8]) -> Option<Self> {
        let (object_offsets, document_id) =
            read_object_offsets(stream, usize_at(current_user, 16)?)?;
        let (document, _) = record_at(stream, *object_offsets.get(&document_id)?)?;
        if document.kind != DOCUMENT_RECORD {
            return None;
        }
        let mut presentation =
            Self { stream, object_offsets, slides: Vec::new(), notes: Vec::new() };
        let mut list_instance = None;
        for record in records_at_all_levels(document.content) {
            if record.kind == SLIDE_LIST_RECORD {
                list_instance = Some(record.instance);
            }
            let entries = match list_instance {
                Some(SLIDE_LIST_INSTANCE) => &mut presentation.slides,
                Some(NOTES_LIST_INSTANCE) => &mut presentation.notes,
                _ => continue,
            };
            add_slide_entry_or_text(entries, record);
        }
        Some(presentation)
    }

    /// Returns the text of all slides with their notes, and the offset at which each slide begins.
    fn read_slides(&self) -> (BlockBuilder, Vec<PlaceStart>) {
        let (mut blocks, mut places) = (BlockBuilder::default(), Vec::new());
        let notes = self.notes_by_slide();
        for (entry, number) in self.slides.iter().zip(1..) {
            places.push(PlaceStart { offset: blocks.text.len(), place: Place::Slide(number) });
            let slide = self.records_of_object(entry.persist_id, SLIDE_RECORD);
            let is_hidden = records_at_all_levels(slide).any(|record| {
                record.kind == SHOW_SETTINGS_RECORD
                    && u16_at(record.content, SHOW_SETTINGS_FLAGS_OFFSET)
                        .is_some_and(|flags| flags & HIDDEN_SLIDE_FLAG != 0)
            });
            let notes = notes.get(&entry.slide_id).copied().unwrap_or_default();
            let texts =
                slide_texts(slide, &entry.outline).into_iter().chain(texts_of_notes_page(notes));
            for (kind, text) in texts {
                if is_hidden {
                    blocks.push(&text);
                    blocks.leave_out_current(LeftOutReason::Hidden);
                } else {
                    blocks.add_block(kind, &text);
                }
            }
        }
        (blocks, places)
    }

    /// Returns the records of each page of notes, by the number of its slide.
    fn notes_by_slide(&self) -> BTreeMap<u32, &'a [u8]> {
        let pages =
            self.notes.iter().map(|entry| self.records_of_object(entry.persist_id, NOTES_RECORD));
        let numbered_pages = pages.filter_map(|page| {
            let atom =
                records_at_all_levels(page).find(|record| record.kind == NOTES_ATOM_RECORD)?;
            Some((u32_at(atom.content, 0)?, page))
        });
        numbered_pages.collect()
    }

    /// Returns the records in a persistent object of the given type. Returns no records if there is no such object.
    fn records_of_object(&self, persist_id: u32, kind: u16) -> &'a [u8] {
        let offset = self.object_offsets.get(&persist_id);
        let record = offset.and_then(|offset| record_at(self.stream, *offset));
        record.filter(|(record, _)| record.kind == kind).map_or(&[], |(record, _)| record.content)
    }
}

/// Returns the offsets of the persistent objects in the stream, by their numbers, and the number of the document.
/// `edit_offset` is the offset of the last edit. An edit lists the objects that it changed, and has the offset of the
/// edit before it.
fn read_object_offsets(stream: &[u8], edit_offset: usize) -> Option<(BTreeMap<u32, usize>, u32)> {
    let (mut object_offsets, mut document_id) = (BTreeMap::new(), None);
    let mut edit_offset = edit_offset;
    for _ in 0..MAX_SAVED_EDITS {
        let (edit, _) =
            record_at(stream, edit_offset).filter(|(edit, _)| edit.kind == EDIT_RECORD)?;
        document_id = document_id.or_else(|| u32_at(edit.content, 16));
        let (directory, _) = record_at(stream, usize_at(edit.content, 12)?)?;
        if directory.kind == PERSIST_DIRECTORY_RECORD {
            add_object_offsets(&mut object_offsets, directory.content);
        }
        edit_offset = usize_at(edit.content, 8)?;
        if edit_offset == 0 {
            break;
        }
    }
    Some((object_offsets, document_id?))
}

/// Adds the offsets of the objects in a directory. Does not replace an offset, because the offsets of later edits are
/// added first.
fn add_object_offsets(object_offsets: &mut BTreeMap<u32, usize>, directory: &[u8]) {
    let mut offset = 0;
    // Each run of objects has the number of the first object in 20 bits, and the number of objects in 12 bits.
    while let Some(head) = u32_at(directory, offset) {
        let (first_id, count) = (head & 0xF_FFFF, head >> 20);
        for index in 0..count {
            offset += 4;
            let Some(object_offset) = usize_at(directory, offset) else { return };
            object_offsets.entry(first_id + index).or_insert(object_offset);
        }
        offset += 4;
    }
}

/// Adds a record of the list of slides: an entry of a slide, or a text of the last entry.
fn add_slide_entry_or_text(entries: &mut Vec<SlideEntry>, record: Record<'_>) {
    if record.kind == SLIDE_ENTRY_RECORD && entries.len() < MAX_SLIDES {
        entries.push(SlideEntry {
            persist_id: u32_at(record.content, 0).unwrap_or_default(),
            slide_id: u32_at(record.content, 12).unwrap_or_default(),
            outline: Vec::new(),
        });
        return;
    }
    let Some(entry) = entries.last_mut() else { return };
    match record.kind {
        TEXT_HEADER_RECORD => {
            entry.outline.push((u32_at(record.content, 0).unwrap_or_default(), String::new()));
        }
        UTF16_TEXT_RECORD | WESTERN_TEXT_RECORD => {
            if let Some((_, text)) = entry.outline.last_mut() {
                *text = record_text(record);
            }
        }
        _ => {}
    }
}

/// Returns the text of a record in UTF-16 or in one byte a character.
fn record_text(record: Record<'_>) -> String {
    match record.kind {
        UTF16_TEXT_RECORD => utf16_text(record.content),
        _ => western_text(record.content),
    }
}

/// Returns the texts of a slide in the order of its shapes. Texts of the outline to which no shape refers are first.
fn slide_texts(slide: &[u8], outline: &[(u32, String)]) -> Vec<(BlockKind, String)> {
    let (mut texts, mut unused) = (Vec::new(), vec![true; outline.len()]);
    let mut text_type = 0;
    for record in records_at_all_levels(slide) {
        match record.kind {
            OUTLINE_REFERENCE_RECORD => {
                let index = usize_at(record.content, 0).unwrap_or(usize::MAX);
                let is_unused = unused.get_mut(index).is_some_and(std::mem::take);
                if let Some((kind, text)) = outline.get(index).filter(|_| is_unused) {
                    add_paragraphs_of_text(&mut texts, *kind, text);
                }
            }
            TEXT_HEADER_RECORD => text_type = u32_at(record.content, 0).unwrap_or_default(),
            UTF16_TEXT_RECORD | WESTERN_TEXT_RECORD => {
                add_paragraphs_of_text(&mut texts, text_type, &record_text(record));
            }
            _ => {}
        }
    }
    let mut all_texts = Vec::new();
    for ((kind, text), _) in outline.iter().zip(unused).filter(|(_, is_unused)| *is_unused) {
        add_paragraphs_of_text(&mut all_texts, *kind, text);
    }
    all_texts.append(&mut texts);
    all_texts
}

/// Returns the notes on a page of notes, without the texts of the slide that the page shows.
fn texts_of_notes_page(page: &[u8]) -> Vec<(BlockKind, String)> {
    let (mut texts, mut text_type) = (Vec::new(), 0);
    for record in records_at_all_levels(page) {
        match record.kind {
            TEXT_HEADER_RECORD => text_type = u32_at(record.content, 0).unwrap_or_default(),
            UTF16_TEXT_RECORD | WESTERN_TEXT_RECORD if text_type == NOTES_TEXT_TYPE => {
                add_paragraphs_of_text(&mut texts, text_type, &record_text(record));
            }
            _ => {}
        }
    }
    texts
}

/// Adds the paragraphs of a text. A title is one heading.
fn add_paragraphs_of_text(texts: &mut Vec<(BlockKind, String)>, text_type: u32, text: &str) {
    // A vertical tab is a line break inside a paragraph.
    let text = text.replace('\u{B}', "\n");
    if TITLE_TEXT_TYPES.contains(&text_type) {
        let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
        texts.push((BlockKind::Heading(1), title));
    } else {
        let paragraphs = text.split('\r').filter(|paragraph| !paragraph.trim().is_empty());
        texts.extend(paragraphs.map(|paragraph| (BlockKind::Paragraph, paragraph.to_owned())));
    }
}
