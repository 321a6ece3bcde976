//! Reads the footnotes and endnotes of a Word file.

use std::collections::BTreeMap;

use super::{
    body::{BodyReader, Notes, note_key},
    numbering::Numbering,
    styles::ParagraphStyles,
};
use crate::document::format::xml::{XmlEvent, for_each_event};

/// Reads the notes in the XML of `footnotes.xml` or `endnotes.xml`.
pub(super) fn read_notes(xml: &[u8], styles: &ParagraphStyles) -> Result<Notes, String> {
    let mut notes = Notes::new();
    let mut open_note: Option<(String, BodyReader<'_>)> = None;
    for_each_event(xml, |event| match (&event, &mut open_note) {
        (XmlEvent::Open(kind @ ("footnote" | "endnote"), attributes), None) => {
            let key = note_key(kind, &attributes.get("id").unwrap_or_default());
            open_note = Some((
                key,
                BodyReader::new(styles, Numbering::default(), Notes::new(), BTreeMap::new()),
            ));
        }
        (XmlEvent::Close("footnote" | "endnote"), Some(_)) => {
            if let Some((key, body)) = open_note.take() {
                notes.insert(key, body.into_paragraph_texts());
            }
        }
        (_, Some((_, body))) => body.handle_event(event),
        (_, None) => {}
    })?;
    Ok(notes)
}
