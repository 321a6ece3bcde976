//! Classifies paragraphs as title, headings or text by the size and weight of their letters.

use super::paragraph::Paragraph;
use crate::document::model::BlockKind;

/// Minimum letter size of a heading that is recognized by its large letters, as a multiple of the
/// letter size of the text.
const MIN_HEADING_SIZE_RATIO: f32 = 1.12;
/// Maximum number of heading levels.
const MAX_HEADING_LEVELS: usize = 6;
/// Bold paragraphs count as headings only if fewer than one in this number of characters is in a bold paragraph.
const MIN_CHARS_PER_BOLD_CHAR: usize = 4;

/// Returns the kind of each paragraph. Large letters take precedence over bold letters. `text_size`
/// is the letter size of most of the text.
pub(super) fn kinds_of_paragraphs(paragraphs: &[Paragraph], text_size: f32) -> Vec<BlockKind> {
    let heading_size = |paragraph: &Paragraph| {
        let size = paragraph.lines.first()?.size;
        let is_larger = size >= text_size * MIN_HEADING_SIZE_RATIO;
        (is_larger && paragraph.is_heading_like()).then(|| rounded_half_points(size))
    };
    let mut heading_sizes: Vec<i64> = paragraphs.iter().filter_map(heading_size).collect();
    heading_sizes.sort_unstable_by(|a, b| b.cmp(a));
    heading_sizes.dedup();
    let bold_level = heading_sizes.len().min(MAX_HEADING_LEVELS - 1) + 1;
    let is_bold: Vec<bool> =
        paragraphs.iter().map(|p| p.is_bold() && p.is_heading_like()).collect();
    let total_chars: usize = paragraphs.iter().map(Paragraph::char_count).sum();
    let bold_paragraphs = paragraphs.iter().zip(&is_bold).filter(|(_, is_bold)| **is_bold);
    let bold_chars: usize = bold_paragraphs.map(|(paragraph, _)| paragraph.char_count()).sum();
    let is_bold_rare = bold_chars * MIN_CHARS_PER_BOLD_CHAR < total_chars;
    let mut kinds: Vec<BlockKind> = paragraphs
        .iter()
        .enumerate()
        .map(|(index, paragraph)| {
            let level_by_size = heading_size(paragraph)
                .and_then(|size| heading_sizes.iter().position(|other| *other == size))
                .map(|rank| rank.min(MAX_HEADING_LEVELS - 1) + 1);
            let is_bold_heading = is_bold_rare
                && is_bold.get(index) == Some(&true)
                && is_bold.get(index + 1) == Some(&false);
            let level = level_by_size.or(is_bold_heading.then_some(bold_level));
            level.map_or(BlockKind::Paragraph, |level| BlockKind::Heading(level as u8))
        })
        .collect();
    if let Some(kind) =
        title_index(paragraphs, &kinds, heading_sizes.len()).and_then(|index| kinds.get_mut(index))
    {
        *kind = BlockKind::Title;
    }
    kinds
}

/// Returns the index of the title paragraph: the largest heading on the first page. If this page has no heading in
/// large letters, its first paragraph is the title, provided that the paragraph can be a heading. The name of a
/// document type, such as `Press release`, and a letterhead are never the title. `heading_size_count` is the number of
/// different letter sizes of headings.
fn title_index(
    paragraphs: &[Paragraph],
    kinds: &[BlockKind],
    heading_size_count: usize,
) -> Option<usize> {
    let title_candidates: Vec<usize> = paragraphs
        .iter()
        .enumerate()
        .take_while(|(_, paragraph)| paragraph.page() == 0)
        .filter(|(_, paragraph)| !paragraph.is_above_title())
        .map(|(index, _)| index)
        .collect();
    let largest_heading = (1..=heading_size_count as u8).find_map(|level| {
        let is_of_level = |index: &usize| kinds.get(*index) == Some(&BlockKind::Heading(level));
        title_candidates.iter().copied().find(is_of_level)
    });
    largest_heading.or_else(|| {
        let first_candidate = title_candidates.first().copied()?;
        paragraphs.get(first_candidate)?.is_heading_like().then_some(first_candidate)
    })
}

/// Returns a letter size in half points, rounded so that nearly equal sizes are equal.
fn rounded_half_points(size: f32) -> i64 {
    (size * 2.0).round() as i64
}
