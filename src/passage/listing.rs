//! Recognizes lines of plain text that look like headings but belong to a list, such as a list of names, a schedule or
//! an address.

use crate::{
    document::{Block, BlockKind, heading},
    span::Span,
};

/// Minimum number of adjacent lines, without blank lines between them, that count as a list if each of them looks like
/// a heading.
const MIN_LIST_LINES: usize = 3;
/// Maximum number of digits of a year or of another number that may end a heading.
const MAX_HEADING_NUMBER_DIGITS: usize = 4;

/// Turns headings without a Markdown mark or a heading number into paragraphs if they are lines of a list, if they end
/// like an item ([`ends_like_item`]), or if the next line continues their sentence.
pub(super) fn turn_list_headings_into_paragraphs(text: &str, blocks: &mut [Block]) {
    let is_candidate: Vec<bool> =
        blocks.iter().map(|block| is_unmarked_heading(text, *block)).collect();
    let adjoins_next: Vec<bool> = blocks
        .windows(2)
        .map(|pair| matches!(pair, [block, next] if are_adjacent_blocks(text, block.span, next.span)))
        .chain([false])
        .collect();
    let mut run_start = 0;
    for index in 0..blocks.len() {
        let at = |flags: &[bool], index: usize| flags.get(index).copied().unwrap_or(false);
        let continues_run =
            index > run_start && at(&is_candidate, index - 1) && at(&adjoins_next, index - 1);
        if !continues_run {
            run_start = index;
        }
        if !at(&is_candidate, index) {
            continue;
        }
        let next_line = blocks.get(index + 1).filter(|_| at(&adjoins_next, index));
        let is_continued = next_line
            .is_some_and(|next| next.span.of(text).starts_with(|c: char| c.is_lowercase()));
        let line = blocks.get(index).map_or("", |block| block.span.of(text));
        let is_item = is_continued || ends_like_item(line);
        let is_list = index + 1 - run_start >= MIN_LIST_LINES;
        let demoted_blocks = match (is_list, is_item) {
            (true, _) => run_start..=index,
            (false, true) => index..=index,
            (false, false) => continue,
        };
        for block in blocks.get_mut(demoted_blocks).into_iter().flatten() {
            block.kind = BlockKind::Paragraph;
        }
    }
}

/// Returns whether a block is a heading without a Markdown mark and without a heading number, so that only its form,
/// such as capitalized words, makes it a heading.
fn is_unmarked_heading(text: &str, block: Block) -> bool {
    let is_marked =
        text.get(..block.span.start).unwrap_or_default().trim_end_matches(' ').ends_with('#');
    matches!(block.kind, BlockKind::Heading(_))
        && !is_marked
        && !heading::begins_with_heading_number(block.span.of(text))
}

/// Returns whether no blank line separates two blocks.
fn are_adjacent_blocks(text: &str, block: Span, next: Span) -> bool {
    let gap = text.get(block.end..next.start).unwrap_or_default();
    gap.matches('\n').count() <= 1
}

/// Returns whether a line ends like an item of a list: with a sum of money, a time, a telephone number, an e-mail
/// address or a URL. A year or another short number may end a heading.
fn ends_like_item(line: &str) -> bool {
    let mut last_words = line.split_whitespace().rev();
    let last_word = last_words.next().unwrap_or_default();
    let word_before = last_words.next().unwrap_or_default();
    let is_address =
        last_word.contains('@') || last_word.contains("://") || last_word.starts_with("www.");
    let is_time_of_day = ["am", "pm", "a.m", "p.m", "a.m.", "p.m."]
        .iter()
        .any(|half| last_word.to_lowercase().ends_with(half))
        && (last_word.as_bytes().first().is_some_and(u8::is_ascii_digit) || is_number(word_before));
    is_address
        || is_time_of_day
        || is_amount_or_long_number(last_word)
        || (is_number(last_word) && is_number(word_before))
}

/// Returns whether a word is a sum of money, a time or a long number. Returns `false` for a year, for a range of years
/// such as `2024-25`, and for a number of at most [`MAX_HEADING_NUMBER_DIGITS`] digits.
fn is_amount_or_long_number(word: &str) -> bool {
    let word = word.trim_matches(['(', ')']);
    let digit_count = word.chars().filter(char::is_ascii_digit).count();
    let is_sum = word.starts_with(['£', '$', '€', '¥']);
    let has_letters = word.chars().any(char::is_alphabetic);
    let is_year_span = word.get(..4).is_some_and(is_number)
        && word.get(4..).is_some_and(|rest| rest.starts_with(['-', '–', '—', '/']));
    digit_count > 0
        && !is_year_span
        && (is_sum
            || (!has_letters
                && (digit_count > MAX_HEADING_NUMBER_DIGITS || word.contains([':', ',']))))
}

/// Returns whether a word consists of digits.
fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_items_are_not_headings() {
        for (line, expected) in [
            ("Harbour Trust £20,000", true),
            ("Harbour Trust 20,000", true),
            ("Open Monday 9:30", true),
            ("Open Monday 9 am", true),
            ("Open Monday 9.30pm", true),
            ("Telephone 555 0171", true),
            ("Press Office press@harbour.example", true),
            ("Annual Report 2025", false),
            ("Budget 2024-25", false),
            ("Part 3", false),
            ("Guidance on COVID-19", false),
            ("Report of the Harbour Team", false),
        ] {
            assert_eq!(ends_like_item(line), expected, "{line}");
        }
    }

    #[test]
    fn adjacent_lines_are_a_list_and_single_lines_are_headings() {
        for (text, heading_count) in [
            ("Harbour Trust\nRiver Fund\nCanal Society\nThe grants were paid.\n", 0),
            ("Harbour Trust\n\nRiver Fund\n\nCanal Society\n\nThe grants were paid.\n", 3),
            ("Harbour Trust\nThe grants were paid.\nRiver Fund\nMore was paid.\n", 2),
            ("# Harbour\n# River\n# Canal\nThe grants were paid.\n", 3),
            ("Minister Opens Harbour\nand visits the town.\n", 0),
        ] {
            let blocks = super::super::lines::blocks(text, None);
            let headings =
                blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_))).count();
            assert_eq!(headings, heading_count, "{text}");
        }
    }
}
