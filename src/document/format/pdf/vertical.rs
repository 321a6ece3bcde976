//! Rotates pages in vertical writing, so that their columns of characters become lines.

use super::page_state::TextRun;
use crate::script::is_spaceless;

/// Range of the distance between the baselines of two characters in a column, as multiples of the letter size.
const CHARACTER_DISTANCE_RANGE: std::ops::Range<f32> = 0.6..1.7;
/// Height of the upper end of a character above its baseline, as a multiple of the letter size.
const CHARACTER_ASCENT_RATIO: f32 = 0.88;
/// A page is rotated only if its vertical columns have at least this number of characters.
const MIN_COLUMN_CHARS: usize = 12;

/// Rotates the runs of a page by a quarter turn if most of its characters are in vertical columns. Each column becomes
/// a line that runs from left to right, and the columns from right to left become lines from top to bottom.
pub(super) fn rotate_vertical_columns(runs: &mut [TextRun]) {
    let char_count: usize = runs.iter().map(|run| run.text.trim().chars().count()).sum();
    let column_char_count = runs
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if is_character_directly_below(a, b)))
        .count();
    if column_char_count < MIN_COLUMN_CHARS || column_char_count * 2 <= char_count {
        return;
    }
    for run in runs {
        let centre = f32::midpoint(run.start, run.end);
        run.start = -(run.baseline + run.size * CHARACTER_ASCENT_RATIO);
        run.end = run.start + run.size;
        run.baseline = centre;
    }
}

/// Returns whether the run `next` is a single character directly below the character of `run`.
fn is_character_directly_below(run: &TextRun, next: &TextRun) -> bool {
    let is_character = |run: &TextRun| {
        let mut characters = run.text.trim().chars();
        characters.next().is_some_and(is_spaceless) && characters.next().is_none()
    };
    let distance = (run.baseline - next.baseline) / run.size.max(1.0);
    let shift = ((run.start + run.end) - (next.start + next.end)).abs() / 2.0;
    is_character(run)
        && is_character(next)
        && CHARACTER_DISTANCE_RANGE.contains(&distance)
        && shift < run.size * 0.3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn character(text: char, start: f32, baseline: f32) -> TextRun {
        TextRun {
            text: text.to_string(),
            start,
            end: start + 10.0,
            baseline,
            size: 10.0,
            is_bold: false,
            sequence_number: 0,
            quarter_turns: Some(0),
        }
    }

    #[test]
    fn columns_become_lines_from_top_to_bottom() {
        let column = |text: &str, start: f32| -> Vec<TextRun> {
            let places = (0_u8..).map(|index| 700.0 - f32::from(index) * 10.0);
            text.chars()
                .zip(places)
                .map(|(text, baseline)| character(text, start, baseline))
                .collect()
        };
        let mut runs =
            [column("东湾区港务局今日", 500.0), column("宣布码头正式启用", 480.0)].concat();
        rotate_vertical_columns(&mut runs);
        assert_eq!((runs[0].baseline, runs[8].baseline), (505.0, 485.0));
        assert!(runs[1].start - runs[0].end < 0.1 && (runs[0].start - runs[8].start).abs() < 0.1);
        // A table with a narrow column of characters beside text.
        let mut runs = column("东湾区港务局今日", 500.0);
        runs.push(TextRun {
            text: "港务局今日宣布码头启用".to_owned(),
            ..character('x', 0.0, 600.0)
        });
        let unrotated = runs.clone();
        rotate_vertical_columns(&mut runs);
        assert_eq!(runs, unrotated);
    }
}
