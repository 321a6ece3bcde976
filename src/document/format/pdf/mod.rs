//! Reads a PDF as a document. Paragraphs are joined across lines and pages, letter sizes determine
//! headings, and running heads and page numbers are removed.
//!
//! `content.rs` reads the text runs of a page, and `lines.rs` joins text runs into lines.
//! `running_heads.rs` removes running heads, `layout.rs` joins lines into paragraphs, `headings.rs`
//! classifies the paragraphs, and `blocks.rs` converts paragraphs to blocks. `scans.rs` recognizes the text of pages
//! without text layer. `attachments.rs` finds the files that are attached to a PDF. Open this file first, then
//! `blocks.rs`. Operator and key names are those of ISO 32000 (PDF).

mod annotations;
mod attachments;
mod blocks;
mod cid;
mod cmap;
mod columns;
mod content;
mod damage;
mod dehyphenation;
mod ending;
mod font;
mod headings;
mod layers;
mod layout;
mod letter_spacing;
mod line;
mod lines;
mod load;
mod matrix;
mod object;
mod page_box;
mod page_number;
mod page_state;
mod paragraph;
mod rotated;
mod rows;
mod running_heads;
mod scans;
mod standard_fonts;
#[cfg(test)]
mod tests;
mod vertical;

use std::{
    collections::BTreeMap,
    iter, mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

use lopdf::{Dictionary, Object, decode_text_string};

#[cfg(feature = "ofd")]
pub(super) use self::page_state::TextRun;
use self::{
    content::{GlyphAndImageCounts, PageReader},
    ending::TrimmedFile,
    lines::Page,
    scans::{RecognizedScans, Scan},
};
use super::contained::{ContainedItem, Contents};
#[cfg(feature = "ofd")]
use crate::document::left_out::LeftOutReason;
use crate::document::{
    blocks::BlockBuilder,
    limits::ReadLimits,
    model::{Document, unreadable},
    recognition::{PageRecognitionResult, RESOLUTION, Recognition},
};

/// Maximum number of pages of a file.
const MAX_PAGES: usize = 20_000;

/// Reason why the document of a scan cannot be read.
pub(crate) const SCAN_REASON: &str =
    "has no text layer: it is a scan, or pictures of text; recognize the text first (OCR)";
/// Reason why a document whose fonts state no characters cannot be read.
pub(crate) const UNKNOWN_GLYPHS_REASON: &str =
    "does not state which characters its glyphs represent: recognize the text first (OCR)";
/// Reason why the document of a scan cannot be read although its pages were recognized.
const NO_RECOGNIZED_TEXT_REASON: &str = "is a scan in which no text can be recognized";

/// Minimum number of glyphs with unknown characters in a file that is reported.
const MIN_REPORTED_UNKNOWN_GLYPHS: usize = 8;
/// A file is reported if at least one in this number of its glyphs has an unknown character.
const MAX_GLYPHS_PER_UNKNOWN_GLYPH: usize = 500;

/// Reads a PDF file: first its document, then the files that are attached to it. Recognizes the text of pages without
/// text layer if `recognition` is given.
pub(super) fn read(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
    recognition: Option<Recognition<'_>>,
) -> Contents<'static> {
    // A damaged file may cause a panic in the PDF parser.
    let (document, attachments) =
        catch_unwind(AssertUnwindSafe(|| read_without_panic_guard(id, bytes, limits, recognition)))
            .unwrap_or_else(|_| (Err("is damaged: the PDF parser failed".to_owned()), Vec::new()));
    let document = document.map_err(|reason| unreadable(id, reason));
    Box::new(iter::once(ContainedItem::Document(Box::new(document))).chain(attachments))
}

/// Returns the document of a PDF, or the reason why it cannot be read, and the attached files. A damaged file may cause
/// a panic, which the caller catches.
fn read_without_panic_guard(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
    recognition: Option<Recognition<'_>>,
) -> (Result<Document, String>, Vec<ContainedItem>) {
    let file = TrimmedFile::new(bytes);
    match load::load(&file.bytes) {
        Ok(pdf) => (
            read_document(id, &pdf, &file, recognition),
            attachments::read_attachments(&pdf, limits),
        ),
        Err(reason) => (Err(reason), Vec::new()),
    }
}

fn read_document(
    id: &str,
    pdf: &lopdf::Document,
    file: &TrimmedFile<'_>,
    recognition: Option<Recognition<'_>>,
) -> Result<Document, String> {
    let page_ids: Vec<_> = pdf.page_iter().take(MAX_PAGES + 1).collect();
    match page_ids.len() {
        0 => return Err("is damaged or cut off: it has no pages".to_owned()),
        count if count > MAX_PAGES => return Err(format!("has more than {MAX_PAGES} pages")),
        count => check_reconstructed_file_is_complete(pdf, count, file.has_end_marker)?,
    }
    let mut reader = PageReader::new(pdf);
    let (mut pages, mut scans) = (Vec::with_capacity(page_ids.len()), Vec::new());
    for (index, page_id) in page_ids.iter().enumerate() {
        let counts_before = reader.counts;
        let text =
            reader.read(*page_id).map_err(|reason| format!("page {}: {reason}", index + 1))?;
        let longer_side = scans::longer_side(&text);
        let page = lines::page_lines(index, text);
        scans.extend(Scan::detect(&page, index, reader.counts.without(counts_before), longer_side));
        pages.push(page);
    }
    let recognized = match recognition {
        Some(recognition) => {
            scans::recognize_scans(recognition, id, &file.bytes, &scans, &mut pages)?
        }
        None => RecognizedScans::default(),
    };
    let glyphs = reader.counts.without(recognized.replaced_glyphs);
    check_has_text(&pages, glyphs, &recognized)?;
    let (blocks, page_starts) = blocks_without_running_heads(pages);
    let mut properties = read_properties(pdf);
    let mut document = blocks.into_document(id, properties.remove("title"));
    document.metadata.append(&mut properties);
    document.pages = page_starts;
    document.recognized_pages = recognized.pages;
    document.unread.extend(report_of_unknown_glyphs(glyphs));
    document.unread.extend(recognized.failures);
    mark_title_as_inferred(&mut document);
    Ok(document)
}

/// Marks the title as inferred. A file of fixed layout does not state which text is its title, so a title that the
/// layout determines counts as inferred.
fn mark_title_as_inferred(document: &mut Document) {
    if document.title.is_some() && !document.inferred.iter().any(|field| field == "title") {
        document.inferred.push("title".to_owned());
    }
}

/// Returns an error with the reason if a file has no readable text. `glyphs` counts the glyphs and pictures on all
/// pages without those that recognized text replaces.
fn check_has_text(
    pages: &[Page],
    glyphs: GlyphAndImageCounts,
    recognized: &RecognizedScans,
) -> Result<(), String> {
    let has_text = |page: &Page| !page.lines.is_empty() || !page.rotated_lines.is_empty();
    if !pages.iter().any(has_text) {
        return Err(match recognized.failures.first() {
            Some(failure) => failure.clone(),
            None if recognized.was_recognition_attempted => NO_RECOGNIZED_TEXT_REASON.to_owned(),
            None if glyphs.image_count > 0 => SCAN_REASON.to_owned(),
            None => "shows no text: it is blank, drawn, or damaged".to_owned(),
        });
    }
    if glyphs.are_mostly_unknown() {
        return Err(UNKNOWN_GLYPHS_REASON.to_owned());
    }
    Ok(())
}

/// Returns the document of pictures of text: one page for each result. `None` if no text was recognized.
///
/// # Errors
///
/// The reason, if no page could be recognized.
pub(super) fn document_of_recognized_pictures(
    id: &str,
    results: Vec<PageRecognitionResult>,
) -> Result<Option<Document>, String> {
    let (mut pages, mut failures) = (Vec::with_capacity(results.len()), Vec::new());
    for (index, result) in results.into_iter().enumerate() {
        pages.push(match result {
            Ok(page) => scans::page_of_recognized_lines(index, page, RESOLUTION),
            Err(reason) => {
                failures.push(format!("page {}: {reason}", index + 1));
                Page::default()
            }
        });
    }
    if pages.iter().all(|page| page.lines.is_empty()) {
        return failures.into_iter().next().map_or(Ok(None), Err);
    }
    let page_count = pages.len();
    let (blocks, page_starts) = blocks_without_running_heads(pages);
    let mut document = blocks.into_document(id, None);
    document.pages = page_starts;
    document.recognized_pages = (0..page_count).collect();
    document.unread = failures;
    mark_title_as_inferred(&mut document);
    Ok(Some(document))
}

/// Returns the blocks of the text runs of all pages, and the text offset at which each page begins. Serves formats of
/// fixed layout other than PDF. Each item of `pages` is the shown runs and the hidden runs of a page.
#[cfg(feature = "ofd")]
pub(super) fn lay_out_pages(
    pages: impl Iterator<Item = (Vec<TextRun>, Vec<TextRun>)>,
) -> (BlockBuilder, Vec<usize>) {
    let pages = pages.enumerate().map(|(index, (runs, hidden_runs))| {
        let hidden_runs = hidden_runs.into_iter().map(|run| (LeftOutReason::Hidden, run));
        let text = content::PageText { runs, left_out: hidden_runs.collect(), visible_box: None };
        lines::page_lines(index, text)
    });
    blocks_without_running_heads(pages.collect())
}

/// Returns the blocks of all pages without running heads, and the text offset at which each page begins.
fn blocks_without_running_heads(mut pages: Vec<Page>) -> (BlockBuilder, Vec<usize>) {
    let rotated_lines =
        pages.iter_mut().map(|page| mem::take(&mut page.rotated_lines)).collect::<Vec<_>>();
    let (mut pages, mut left_out) = running_heads::remove_running_heads(pages);
    rotated::add_rotated_lines(&mut pages, rotated_lines, &mut left_out);
    let (mut blocks, page_starts) = blocks::build_blocks(pages);
    blocks.left_out = left_out;
    (blocks, page_starts)
}

/// Returns the report that the characters of some glyphs are unknown, so that their text is missing. `None` if only a
/// few glyphs are unknown, such as the bullets of lists.
fn report_of_unknown_glyphs(glyphs: GlyphAndImageCounts) -> Option<String> {
    let GlyphAndImageCounts { glyph_count: count, unknown_glyph_count: unknown_count, .. } = glyphs;
    let is_worth_report = unknown_count >= MIN_REPORTED_UNKNOWN_GLYPHS
        && unknown_count * MAX_GLYPHS_PER_UNKNOWN_GLYPH >= count;
    is_worth_report.then(|| {
        format!("fonts do not state which characters {unknown_count} of {count} glyphs represent")
    })
}

/// Returns an error if a reconstructed file lacks its end marker or pages that its page tree counts. Needed because the
/// parser reconstructs a file without a cross-reference table, even if the file was cut off.
fn check_reconstructed_file_is_complete(
    pdf: &lopdf::Document,
    page_count: usize,
    has_end_marker: bool,
) -> Result<(), String> {
    if pdf.xref_recovery.is_some() && !has_end_marker {
        return Err("is damaged or cut off: its end is missing".to_owned());
    }
    let page_tree = pdf.catalog().and_then(|catalog| catalog.get_deref(b"Pages", pdf));
    let stated_count = page_tree
        .and_then(Object::as_dict)
        .and_then(|page_tree| page_tree.get_deref(b"Count", pdf));
    match stated_count.and_then(Object::as_i64).map(usize::try_from) {
        Ok(Ok(stated_count)) if page_count < stated_count && pdf.xref_recovery.is_some() => {
            Err(format!(
                "is damaged or cut off: only {page_count} of its {stated_count} pages can be read"
            ))
        }
        _ => Ok(()),
    }
}

/// Entries of the information dictionary that become metadata, each with its metadata key.
const METADATA_ENTRIES_OF_INFO: [(&[u8], &str); 6] = [
    (b"Title", "title"),
    (b"Author", "creator"),
    (b"Subject", "subject"),
    (b"Keywords", "keywords"),
    (b"CreationDate", "created"),
    (b"ModDate", "modified"),
];

/// Returns the properties of the file from its information dictionary.
fn read_properties(pdf: &lopdf::Document) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    let info_dictionary = pdf.trailer.get_deref(b"Info", pdf).and_then(Object::as_dict);
    let Ok(info_dictionary) = info_dictionary else { return properties };
    for (key, name) in METADATA_ENTRIES_OF_INFO {
        if let Some(value) = info_entry_text(pdf, info_dictionary, key) {
            properties.insert(name.to_owned(), value);
        }
    }
    properties
}

fn info_entry_text(pdf: &lopdf::Document, info: &Dictionary, key: &[u8]) -> Option<String> {
    let text = decode_text_string(info.get_deref(key, pdf).ok()?).ok()?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    (!text.is_empty()).then(|| iso_date(text).unwrap_or_else(|| text.to_owned()))
}

/// Converts a PDF date to ISO 8601 without its time zone: `D:20251217083000+08'00'` becomes `2025-12-17T08:30:00`.
fn iso_date(text: &str) -> Option<String> {
    let digits = text.strip_prefix("D:")?.get(..14)?;
    let digits_between = |start: usize, end: usize| {
        digits.get(start..end).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Some(format!(
        "{}-{}-{}T{}:{}:{}",
        digits_between(0, 4)?,
        digits_between(4, 6)?,
        digits_between(6, 8)?,
        digits_between(8, 10)?,
        digits_between(10, 12)?,
        digits_between(12, 14)?
    ))
}
