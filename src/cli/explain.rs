//! The option `--explain` of `gz-search index`, which lists the texts of a file that would be indexed and the texts
//! that would be left out, without indexing the file.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use super::{
    config::UpdatePlan,
    output::{pluralize, print, print_status},
};
#[cfg(feature = "pdf")]
use crate::document::recognition::{OpenError, Recognition, RecognitionObserver, Recognizer};
use crate::{
    document::{Document, Format, LeftOut, ReadLimits, ReadSettings, read_documents},
    error::{Error, Result},
    hints::with_file_failure_hint,
    passage::passages,
    render::visible_text,
};

/// Maximum length of a text in the list, in characters.
const MAX_PRINTED_TEXT_CHARS: usize = 160;

/// Lists each heading and paragraph of the documents in a file, and each text that is left out, with the reason.
/// Returns exit code 1 if a document cannot be read.
pub(super) fn run(path: &Path, plan: &UpdatePlan, as_json: bool) -> Result<u8> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let Some(format) = Format::detect(path, &bytes) else {
        return Err(Error::invalid(
            "explain",
            format!("{} is in no format that is read", path.display()),
        ));
    };
    let id = path.file_name().unwrap_or_default().to_string_lossy();
    let settings = ReadSettings::new(&plan.options.mapping, ReadLimits::default());
    #[cfg(feature = "pdf")]
    let recognizer = open_recognizer(plan)?;
    #[cfg(feature = "pdf")]
    let settings = ReadSettings {
        recognition: recognizer
            .as_ref()
            .map(|recognizer| Recognition { recognizer, observer: &SilentObserver }),
        ..settings
    };
    let mut skipped_counts = BTreeMap::new();
    let mut has_failed = false;
    for document in read_documents(format, &id, &bytes, settings, &mut skipped_counts) {
        match document {
            Ok(mut document) => {
                plan.options.overrides.apply(&mut document);
                print(&if as_json { to_json(&document) } else { to_text(&document, format) })?;
            }
            Err(error) => {
                has_failed = true;
                print_status(&with_file_failure_hint(&error.to_string()));
            }
        }
    }
    for (kind, count) in skipped_counts {
        print_status(&format!("{} of kind {kind} not read", pluralize(count, "file")));
    }
    Ok(u8::from(has_failed))
}

/// Opens the text recognizer for scans if the plan requires text recognition. The recognizer does not store recognized
/// pages, because nothing is indexed.
#[cfg(feature = "pdf")]
fn open_recognizer(plan: &UpdatePlan) -> Result<Option<Recognizer>> {
    let Some(ocr) = &plan.options.ocr else { return Ok(None) };
    Recognizer::open(ocr, None).map(Some).map_err(|error| match error {
        OpenError::Invalid(error) => error,
        OpenError::Unusable(reason) => {
            Error::invalid("ocr", with_file_failure_hint(&format!("text recognition {reason}")))
        }
    })
}

/// Observer that ignores the progress of text recognition and never stops it.
#[cfg(feature = "pdf")]
struct SilentObserver;

#[cfg(feature = "pdf")]
impl RecognitionObserver for SilentObserver {
    fn begins_page(&self, _: &str, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        false
    }
}

/// A heading or paragraph of a document.
struct IndexedBlock {
    is_heading: bool,
    text: String,
}

/// Returns the headings and paragraphs of a document, in order.
fn indexed_blocks(document: &Document) -> Vec<IndexedBlock> {
    let mut blocks = Vec::new();
    for passage in passages(document) {
        let headings = passage.headings_directly_above.into_iter();
        blocks.extend(headings.map(|text| IndexedBlock { is_heading: true, text }));
        let text = passage.span.of(&document.text).to_owned();
        blocks.push(IndexedBlock { is_heading: false, text });
    }
    blocks
}

fn to_text(document: &Document, format: Format) -> String {
    let mut text = format!("{} ({})\n", visible_text(&document.id), format.name());
    let mut line = |label: &str, content: &str| {
        // Writing to a string cannot fail.
        _ = writeln!(text, "  {label:<11}{}", shortened_line(content));
    };
    let indexed_blocks = indexed_blocks(document);
    for block in &indexed_blocks {
        line(if block.is_heading { "heading" } else { "paragraph" }, &block.text);
    }
    for LeftOut { text, reason, .. } in &document.left_out {
        line("left out", &format!("[{}] {text}", reason.describe()));
    }
    for part in &document.unread {
        line("not read", part);
    }
    let count_chars = |texts: &mut dyn Iterator<Item = &str>| -> usize {
        texts.map(|text| text.chars().count()).sum()
    };
    let kept_chars = count_chars(&mut indexed_blocks.iter().map(|block| block.text.as_str()));
    let lost_chars =
        count_chars(&mut document.left_out.iter().map(|left_out| left_out.text.as_str()));
    let percent = lost_chars * 100 / (kept_chars + lost_chars).max(1);
    _ = writeln!(
        text,
        "  {} kept ({kept_chars} characters), {} left out ({lost_chars} characters, {percent} %)",
        pluralize(indexed_blocks.len() as u64, "block"),
        pluralize(document.left_out.len() as u64, "text"),
    );
    text
}

/// Returns the first [`MAX_PRINTED_TEXT_CHARS`] characters of a text, on one line.
fn shortened_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line: String = text.chars().take(MAX_PRINTED_TEXT_CHARS).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    visible_text(&line)
}

fn to_json(document: &Document) -> String {
    let kept: Vec<_> = indexed_blocks(document)
        .into_iter()
        .map(|IndexedBlock { is_heading, text }| {
            serde_json::json!({"kind": if is_heading { "heading" } else { "paragraph" }, "text": text})
        })
        .collect();
    let left_out: Vec<_> = document
        .left_out
        .iter()
        .map(|LeftOut { text, reason, .. }| {
            serde_json::json!({"reason": reason.describe(), "guess": reason.is_guess(), "text": text})
        })
        .collect();
    let object = serde_json::json!({
        "document": document.id,
        "kept": kept,
        "left_out": left_out,
        "not_read": document.unread,
    });
    format!("{object}\n")
}
