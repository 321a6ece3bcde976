//! Paragraphs by their letters → title, headings and text.

use super::paragraph::Paragraph;
use crate::document::BlockKind;

/// A heading is at least so much larger than the text.
const LARGER: f32 = 1.12;
/// Headings have so many levels at most.
const LEVELS: usize = 6;

/// What each paragraph is, by size first and bold letters then, where text is of this `size`.
pub(super) fn kinds(paragraphs: &[Paragraph], size: f32) -> Vec<BlockKind> {
    let larger = |paragraph: &Paragraph| {
        let first = paragraph.lines.first()?;
        (first.size >= size * LARGER && paragraph.heads()).then(|| rank(first.size))
    };
    let mut sizes: Vec<i64> = paragraphs.iter().filter_map(larger).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let bold_level = sizes.len().min(LEVELS - 1) + 1;
    let bold: Vec<bool> = paragraphs.iter().map(|p| p.is_bold() && p.heads()).collect();
    let chars = |chosen: bool| -> usize {
        let of = paragraphs.iter().zip(&bold).filter(|(_, bold)| !chosen || **bold);
        of.map(|(paragraph, _)| paragraph.chars()).sum()
    };
    // Where much of the text is bold it tells nothing.
    let telling = chars(true) * 4 < chars(false);
    let mut kinds: Vec<BlockKind> = paragraphs
        .iter()
        .enumerate()
        .map(|(index, paragraph)| {
            let by_size = larger(paragraph)
                .and_then(|size| sizes.iter().position(|of| *of == size))
                .map(|level| level.min(LEVELS - 1) + 1);
            let followed = bold.get(index + 1) == Some(&false);
            let by_bold = telling && bold.get(index) == Some(&true) && followed;
            let level = by_size.or(by_bold.then_some(bold_level));
            level.map_or(BlockKind::Paragraph, |level| BlockKind::Heading(level as u8))
        })
        .collect();
    if let Some(kind) =
        title(paragraphs, &kinds, sizes.len()).and_then(|title| kinds.get_mut(title))
    {
        *kind = BlockKind::Title;
    }
    kinds
}

/// Which paragraph is the title: the largest heading of the first page, or where none is larger
/// than the text the first line that may be one. What only says what kind of document this is does
/// not count.
fn title(paragraphs: &[Paragraph], kinds: &[BlockKind], larger: usize) -> Option<usize> {
    let first_page = paragraphs.iter().take_while(|paragraph| paragraph.page() == 0);
    let named = |(place, paragraph): (usize, &Paragraph)| (!paragraph.is_genre()).then_some(place);
    let places: Vec<usize> = first_page.enumerate().filter_map(named).collect();
    let by_size = (1..=larger as u8).find_map(|level| {
        let is = |place: &&usize| kinds.get(**place) == Some(&BlockKind::Heading(level));
        places.iter().find(is).copied()
    });
    by_size.or_else(|| {
        let first = places.first().copied()?;
        paragraphs.get(first)?.heads().then_some(first)
    })
}

fn rank(size: f32) -> i64 {
    (size * 2.0).round() as i64
}
