//! Text that annotations show on a page: the values of form fields, and notes that are written on the page.

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::{layers::Layers, page_box::PageBox, page_state::TextRun};
use crate::script::is_wide;

/// Maximum number of annotations of a page that are read.
const MAX_PAGE_ANNOTATIONS: usize = 5_000;
/// Maximum length of the text of an annotation, in bytes.
const MAX_ANNOTATION_TEXT_BYTES: usize = 64 << 10;
/// Maximum nesting depth of form fields.
const MAX_FORM_FIELD_DEPTH: usize = 16;
/// Bits of the flags of an annotation that hide it: invisible, hidden, not viewed.
const HIDDEN_ANNOTATION_FLAGS: i64 = 1 | 1 << 1 | 1 << 5;
/// Bit of the flags of a form field that holds a password.
const PASSWORD_FIELD_FLAG: i64 = 1 << 13;
/// Letter size, in points, of an annotation that does not state its letter size.
const DEFAULT_LETTER_SIZE: f32 = 10.0;

/// Text that an annotation shows, and its rectangle on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AnnotationText {
    text: String,
    rectangle: PageBox,
    /// Letter size in points.
    letter_size: f32,
}

/// Returns whether annotations with this subtype may show text. The PDF parser drops all others.
pub(super) fn may_show_text(subtype: &[u8]) -> bool {
    matches!(subtype, b"Widget" | b"FreeText")
}

/// Returns the texts that the annotations of a page show, in the order of the file.
pub(super) fn read_annotations(
    pdf: &Document,
    page: ObjectId,
    layers: &Layers,
) -> Vec<AnnotationText> {
    let annotations = pdf.get_dictionary(page).and_then(|page| page.get_deref(b"Annots", pdf));
    let Ok(annotations) = annotations.and_then(Object::as_array) else { return Vec::new() };
    let dictionaries = annotations
        .iter()
        .take(MAX_PAGE_ANNOTATIONS)
        .filter_map(|annotation| pdf.dereference(annotation).ok()?.1.as_dict().ok());
    dictionaries.filter_map(|annotation| read_annotation(pdf, annotation, layers)).collect()
}

fn read_annotation(
    pdf: &Document,
    annotation: &Dictionary,
    layers: &Layers,
) -> Option<AnnotationText> {
    let flags = annotation.get_deref(b"F", pdf).and_then(Object::as_i64).unwrap_or_default();
    let is_hidden = flags & HIDDEN_ANNOTATION_FLAGS != 0
        || annotation.get(b"OC").is_ok_and(|layer| layers.hides(pdf, layer));
    if is_hidden {
        return None;
    }
    let text = match annotation.get_deref(b"Subtype", pdf).and_then(Object::as_name).ok()? {
        b"Widget" => text_field_value(pdf, annotation)?,
        b"FreeText" => decode_text_string(annotation.get_deref(b"Contents", pdf).ok()?).ok()?,
        _ => return None,
    };
    if text.len() > MAX_ANNOTATION_TEXT_BYTES || !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    let place = PageBox::from_array(pdf, annotation.get_deref(b"Rect", pdf).ok()?)?;
    Some(AnnotationText { text, rectangle: place, letter_size: letter_size(pdf, annotation) })
}

/// Returns the value of a form field in which people write or choose a text. `None` for other fields, such as check
/// boxes and passwords.
fn text_field_value(pdf: &Document, widget: &Dictionary) -> Option<String> {
    let kind = form_field_entry(pdf, widget, b"FT")?.as_name().ok()?;
    let flags = form_field_entry(pdf, widget, b"Ff")
        .and_then(|flags| flags.as_i64().ok())
        .unwrap_or_default();
    if !matches!(kind, b"Tx" | b"Ch") || (kind == b"Tx" && flags & PASSWORD_FIELD_FLAG != 0) {
        return None;
    }
    match form_field_entry(pdf, widget, b"V")? {
        Object::Array(choices) => {
            let choices = choices
                .iter()
                .filter_map(|choice| decode_text_string(pdf.dereference(choice).ok()?.1).ok());
            Some(choices.collect::<Vec<_>>().join("\n"))
        }
        value => decode_text_string(value).ok(),
    }
}

/// Returns the value of a key of a form field. The field may inherit the value from a field that contains it.
fn form_field_entry<'a>(
    pdf: &'a Document,
    field: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Object> {
    let mut field = field;
    for _ in 0..MAX_FORM_FIELD_DEPTH {
        if let Ok(value) = field.get_deref(key, pdf) {
            return Some(value);
        }
        field = field.get_deref(b"Parent", pdf).ok()?.as_dict().ok()?;
    }
    None
}

/// Returns the letter size that an annotation states in its default appearance: 11 in `0 g /Helv 11 Tf`.
fn letter_size(pdf: &Document, annotation: &Dictionary) -> f32 {
    let appearance = form_field_entry(pdf, annotation, b"DA").and_then(|text| text.as_str().ok());
    let appearance = String::from_utf8_lossy(appearance.unwrap_or_default()).into_owned();
    let before_operator = appearance.split("Tf").next().unwrap_or_default();
    let size = before_operator.split_whitespace().next_back().and_then(|size| size.parse().ok());
    size.filter(|size: &f32| size.is_finite() && *size > 0.0).unwrap_or(DEFAULT_LETTER_SIZE)
}

/// Inserts the texts of annotations into the text runs of a page, each after the run to its left, or else after the
/// nearest run above it.
pub(super) fn insert_annotations(runs: &mut Vec<TextRun>, annotations: &[AnnotationText]) {
    for annotation in annotations {
        let lines: Vec<&str> =
            annotation.text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).collect();
        for (index, line) in lines.iter().enumerate() {
            let run = annotation.text_run_of_line(line, index, lines.len());
            let position = insertion_index(runs, &run);
            runs.insert(position, run);
        }
    }
}

/// Returns the index in `runs` at which `run`, the run of an annotation, is inserted.
fn insertion_index(runs: &[TextRun], run: &TextRun) -> usize {
    let is_left = |other: &TextRun| {
        (other.baseline - run.baseline).abs() < run.size * 0.7 && other.start < run.start
    };
    if let Some(index) = runs.iter().rposition(is_left) {
        return index + 1;
    }
    let bases_above =
        runs.iter().map(|other| other.baseline).filter(|baseline| *baseline > run.baseline);
    let Some(nearest_baseline) = bases_above.min_by(f32::total_cmp) else { return 0 };
    let is_nearest = |other: &TextRun| (other.baseline - nearest_baseline).abs() < run.size * 0.3;
    runs.iter().rposition(is_nearest).map_or(runs.len(), |index| index + 1)
}

impl AnnotationText {
    /// Returns the text run of the line `line`, which has the index `index` among the `line_count` lines of the
    /// annotation.
    fn text_run_of_line(&self, line: &str, index: usize, line_count: usize) -> TextRun {
        let PageBox { left, bottom, right, top } = self.rectangle;
        let ems: f32 = line.chars().map(|c| if is_wide(c) { 1.0 } else { 0.5 }).sum();
        let baseline = if line_count == 1 {
            (bottom + top - self.letter_size * 0.7) / 2.0
        } else {
            top - self.letter_size * 1.2 * (index as f32 + 0.8)
        };
        TextRun {
            text: line.to_owned(),
            start: left,
            end: (left + ems * self.letter_size).min(right),
            baseline,
            size: self.letter_size,
            is_bold: false,
            // No marked-content sequence has this number, so the text joins the label before it only across a small
            // gap.
            sequence_number: usize::MAX,
            quarter_turns: Some(0),
        }
    }
}
