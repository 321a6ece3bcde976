//! Recognizes the text of pages without text layer, and converts recognized text to lines.

use super::{
    content::{GlyphAndImageCounts, PageText},
    line::Line,
    lines::Page,
};
use crate::document::{
    left_out::{LeftOut, LeftOutReason},
    recognition::{PageJob, Recognition, RecognizedLine, RecognizedPage, ScanFileKind},
};

/// Minimum number of letters and digits of a text layer. A page with a picture and fewer letters and digits is a scan,
/// whose text layer holds at most a page number.
const MIN_TEXT_LAYER_LETTERS: usize = 10;
/// Minimum confidence, in percent, of a line that is part of the text.
const MIN_LINE_CONFIDENCE_PERCENT: u32 = 40;
/// Font size as a multiple of the height of a recognized line, from the top of its capitals to the bottom of its
/// descenders.
const FONT_SIZE_PER_LINE_HEIGHT: f32 = 1.08;
/// Limit of the ratio between the height of a line and the height of most lines. Below this limit, the line has the
/// font size of most lines. The height of a line depends on its letters: `sea` is lower than `Day`.
const SAME_FONT_SIZE_HEIGHT_RATIO: f32 = 1.3;
/// Number of points in an inch.
const POINTS_PER_INCH: f32 = 72.0;

/// Page whose text must be recognized.
pub(super) struct Scan {
    job: PageJob,
    /// Numbers of glyphs and pictures in the text layer, which the recognized text replaces.
    glyphs: GlyphAndImageCounts,
}

/// Outcome of the recognition of the scans in a file.
#[derive(Default)]
pub(super) struct RecognizedScans {
    /// Indexes of the pages whose text was recognized.
    pub(super) pages: Vec<usize>,
    /// Whether the file has scans, and their recognition was attempted.
    pub(super) was_recognition_attempted: bool,
    /// Numbers of glyphs and pictures in the text layers that recognized text replaced.
    pub(super) replaced_glyphs: GlyphAndImageCounts,
    /// Pages that could not be recognized, each with the reason.
    pub(super) failures: Vec<String>,
}

impl Scan {
    /// Returns a scan if `page` shows a picture and has almost no text layer, or if the characters of most of its
    /// glyphs are unknown. `None` for any other page. `glyphs` counts the glyphs and pictures of the page, `index` is
    /// the index of the page, and `longer_side` is the length of its longer side in points.
    pub(super) fn detect(
        page: &Page,
        index: usize,
        glyphs: GlyphAndImageCounts,
        longer_side: Option<f32>,
    ) -> Option<Self> {
        let is_picture = glyphs.image_count > 0 && letter_count(page) < MIN_TEXT_LAYER_LETTERS;
        (is_picture || glyphs.are_mostly_unknown())
            .then(|| Self { job: PageJob::for_pdf_page(index, longer_side), glyphs })
    }
}

/// Returns the length of the longer side of a page, in points; `None` if the file does not state it.
pub(super) fn longer_side(text: &PageText) -> Option<f32> {
    let visible = text.visible_box?;
    Some((visible.right - visible.left).max(visible.top - visible.bottom))
}

fn letter_count(page: &Page) -> usize {
    let lines = page.lines.iter().chain(&page.rotated_lines);
    lines.flat_map(|line| line.text.chars()).filter(|c| c.is_alphanumeric()).count()
}

/// Recognizes the scans of the file `id`, and puts their text in place of the text layer.
///
/// # Errors
///
/// The reason, if the recognition stops before its end.
pub(super) fn recognize_scans(
    recognition: Recognition<'_>,
    id: &str,
    bytes: &[u8],
    scans: &[Scan],
    pages: &mut [Page],
) -> Result<RecognizedScans, String> {
    let mut outcome = RecognizedScans::default();
    if scans.is_empty() {
        return Ok(outcome);
    }
    outcome.was_recognition_attempted = true;
    let jobs: Vec<PageJob> = scans.iter().map(|scan| scan.job).collect();
    let results = recognition.recognize(id, bytes, ScanFileKind::Pdf, &jobs)?;
    for (scan, result) in scans.iter().zip(results) {
        let PageJob { index, resolution } = scan.job;
        let recognized_page = match result {
            Ok(recognized_page) => page_of_recognized_lines(index, recognized_page, resolution),
            Err(reason) => {
                outcome.failures.push(format!("page {}: {reason}", index + 1));
                continue;
            }
        };
        let Some(page) = pages.get_mut(index) else { continue };
        // A photograph on a page with a short title yields less text than the text layer.
        if letter_count(&recognized_page) > letter_count(page) || scan.glyphs.are_mostly_unknown() {
            *page = recognized_page;
            outcome.pages.push(index);
            outcome.replaced_glyphs = outcome.replaced_glyphs.plus(scan.glyphs);
        }
    }
    Ok(outcome)
}

/// Converts a recognized page to lines. Leaves out lines that are uncertain. `resolution` is the resolution of the
/// recognized picture, in dots per inch.
pub(super) fn page_of_recognized_lines(
    page: usize,
    recognized: RecognizedPage,
    resolution: u32,
) -> Page {
    let points_per_dot = POINTS_PER_INCH / resolution.max(1) as f32;
    let page_height = recognized.height;
    let is_certain = |line: &RecognizedLine| line.confidence >= MIN_LINE_CONFIDENCE_PERCENT;
    let (certain_lines, uncertain_lines): (Vec<_>, Vec<_>) =
        recognized.lines.into_iter().partition(is_certain);
    let height_of_most_lines = height_of_most_lines(&certain_lines);
    let to_line = |line: RecognizedLine| Line {
        page,
        start: line.left as f32 * points_per_dot,
        end: line.right as f32 * points_per_dot,
        baseline: page_height.saturating_sub(line.bottom) as f32 * points_per_dot,
        size: snapped_height(line.height(), height_of_most_lines)
            * FONT_SIZE_PER_LINE_HEIGHT
            * points_per_dot,
        is_bold: false,
        text: line.text,
    };
    let left_out = uncertain_lines.iter();
    let left_out =
        left_out.filter_map(|line| LeftOut::new(&line.text, LeftOutReason::UncertainRecognition));
    Page {
        left_out: left_out.collect(),
        lines: certain_lines.into_iter().map(to_line).collect(),
        rotated_lines: Vec::new(),
        vertical_range: Some((0.0, page_height as f32 * points_per_dot)),
    }
}

/// Returns the height of most lines: the median of the line heights, weighted by the lengths of the lines.
fn height_of_most_lines(lines: &[RecognizedLine]) -> f32 {
    let mut heights: Vec<(u32, usize)> =
        lines.iter().map(|line| (line.height(), line.text.len())).collect();
    heights.sort_unstable();
    let half = heights.iter().map(|(_, length)| length).sum::<usize>() / 2;
    let mut length_before = 0;
    let main = heights.iter().find(|(_, length)| {
        length_before += length;
        length_before > half
    });
    main.map_or(0.0, |(height, _)| *height as f32)
}

/// Returns `height_of_most_lines` if `height` differs from it by less than [`SAME_FONT_SIZE_HEIGHT_RATIO`], otherwise
/// `height`.
fn snapped_height(height: u32, height_of_most_lines: f32) -> f32 {
    let height = height as f32;
    let ratio = height.max(height_of_most_lines) / height.min(height_of_most_lines).max(1.0);
    if ratio < SAME_FONT_SIZE_HEIGHT_RATIO { height_of_most_lines } else { height }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, height: u32, confidence: u32) -> RecognizedLine {
        let text = text.to_owned();
        RecognizedLine { text, left: 300, right: 900, top: 600, bottom: 600 + height, confidence }
    }

    #[test]
    fn lines_of_similar_height_have_the_same_size() {
        let lines = vec![
            line("A LARGE HEADING", 80, 95),
            line("The day began with exports of a port.", 43, 95),
            line("on our sea", 34, 95),
            line("~ |; -", 40, 20),
        ];
        let page = page_of_recognized_lines(2, RecognizedPage { height: 3300, lines }, 300);
        let sizes: Vec<f32> = page.lines.iter().map(|line| line.size).collect();
        assert!(sizes[0] > sizes[1] * 1.5 && (sizes[1] - sizes[2]).abs() < 0.01, "{sizes:?}");
        assert!((page.lines[0].start - 72.0).abs() < 0.01 && page.lines[0].page == 2);
        assert!(page.lines.len() == 3 && page.left_out.is_empty());
        assert_eq!(page.vertical_range, Some((0.0, 792.0)));
    }

    #[test]
    fn uncertain_lines_are_named_as_left_out() {
        let page = RecognizedPage { height: 100, lines: vec![line("Wqx zzv", 40, 20)] };
        let left_out = page_of_recognized_lines(0, page, 300).left_out;
        assert_eq!(left_out[0].text, "Wqx zzv");
        assert_eq!(left_out[0].reason, LeftOutReason::UncertainRecognition);
    }
}
