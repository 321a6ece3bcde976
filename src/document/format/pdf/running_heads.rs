//! Removes running heads, running feet and page numbers from the lines of all pages.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;

/// Number of lines at the top of a page, and also at its bottom, that are checked for running heads
/// and feet.
const EDGE_LINES: usize = 3;
/// Step in which the heights of lines are counted, in points. Lines whose heights differ by at most
/// one step count as lines at the same height.
const HEIGHT_STEP: f32 = 8.0;

/// Pattern of a line: its text with numbers replaced ([`text_pattern`]), and its height in steps of
/// [`HEIGHT_STEP`].
type LinePattern = (String, i64);

/// Removes page numbers and running heads from the top and the bottom of each page. A running head
/// is a line that recurs at the same height on many pages.
pub(super) fn remove_running_heads(pages: Vec<Vec<Line>>) -> Vec<Vec<Line>> {
    // Number of pages that have the line pattern among the lines at the top or the bottom.
    let mut page_counts: BTreeMap<LinePattern, usize> = BTreeMap::new();
    for page in &pages {
        let edge_patterns: BTreeSet<_> = edge_indexes(page)
            .into_iter()
            .filter_map(|index| page.get(index))
            .map(line_pattern)
            .collect();
        for pattern in edge_patterns {
            *page_counts.entry(pattern).or_default() += 1;
        }
    }
    let page_count = pages.len();
    let remove_from_page = |(page_index, page): (usize, Vec<Line>)| {
        let edge_line_indexes = edge_indexes(&page);
        let is_removed = |index: usize, line: &Line| {
            edge_line_indexes.contains(&index)
                && (is_page_number(&line.text, page_index, page_count)
                    || is_repeated(&page_counts, line, page_count))
        };
        let numbered_lines = page.into_iter().enumerate();
        numbered_lines
            .filter(|(index, line)| !is_removed(*index, line))
            .map(|(_, line)| line)
            .collect()
    };
    pages.into_iter().enumerate().map(remove_from_page).collect()
}

fn line_pattern(line: &Line) -> LinePattern {
    (text_pattern(&line.text), (line.base / HEIGHT_STEP).round() as i64)
}

/// Returns the indexes of the [`EDGE_LINES`] lines nearest to the top of a page, and of as many
/// lines nearest to its bottom.
fn edge_indexes(page: &[Line]) -> Vec<usize> {
    let mut indexes_by_height: Vec<usize> = (0..page.len()).collect();
    let base_line_height = |index: &usize| page.get(*index).map_or(0.0, |line| line.base);
    indexes_by_height.sort_by(|a, b| base_line_height(b).total_cmp(&base_line_height(a)));
    let bottom_start = indexes_by_height
        .len()
        .saturating_sub(EDGE_LINES)
        .max(EDGE_LINES.min(indexes_by_height.len()));
    indexes_by_height
        .iter()
        .take(EDGE_LINES)
        .chain(indexes_by_height.get(bottom_start..).into_iter().flatten())
        .copied()
        .collect()
}

/// Returns a text in lower case, without white space, and with `#` in place of each number.
fn text_pattern(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            c if c.is_ascii_digit() && pattern.ends_with('#') => {}
            c if c.is_ascii_digit() => pattern.push('#'),
            c => pattern.extend(c.to_lowercase()),
        }
    }
    pattern
}

/// Returns whether a line recurs at its height on at least two pages, and on at least a third of
/// all pages. A third suffices because left and right pages may have different running heads.
fn is_repeated(counts: &BTreeMap<LinePattern, usize>, line: &Line, page_count: usize) -> bool {
    let (text, height) = line_pattern(line);
    let repeat_count: usize =
        (height - 1..=height + 1).filter_map(|height| counts.get(&(text.clone(), height))).sum();
    repeat_count >= 2 && repeat_count * 3 >= page_count
}

/// Words that occur beside a page number.
const PAGE_WORDS: [&str; 6] = ["page", "of", "第", "页", "頁", "共"];

/// Returns whether a line is only a page number, such as `3`, `Page 3 of 5`, `- 3 -` or `第3页`.
fn is_page_number(text: &str, page_index: usize, page_count: usize) -> bool {
    const ROMAN_NUMERALS: [&str; 10] =
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    let mut text_without_page_words = text.to_lowercase();
    for word in PAGE_WORDS {
        text_without_page_words = text_without_page_words.replace(word, " ");
    }
    let has_page_word = text_without_page_words.trim().len() < text.trim().len();
    let is_separator = |c: char| c.is_whitespace() || "-–—/|.,·•[]()（）".contains(c);
    let numbers: Vec<&str> =
        text_without_page_words.split(is_separator).filter(|part| !part.is_empty()).collect();
    let parse_number = |text: &str| text.parse::<usize>().ok();
    match numbers[..] {
        [number] => match parse_number(number) {
            // A number alone, without a word such as `page`, counts as a page number only if it is
            // close to the number of the page.
            Some(number) => has_page_word || number.abs_diff(page_index + 1) <= 1,
            None => ROMAN_NUMERALS.contains(&number),
        },
        [number, last] => {
            parse_number(number).zip(parse_number(last)).is_some_and(|(number, last)| {
                let is_near_this_page =
                    last.abs_diff(page_count) <= 2 && number.abs_diff(page_index + 1) <= 2;
                number <= last && (has_page_word || is_near_this_page)
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, text: &str, base: f32) -> Line {
        Line { page, text: text.into(), start: 0.0, end: 100.0, base, size: 10.0, is_bold: false }
    }

    #[test]
    fn repeated_lines_are_removed() {
        let pages = (0..4).map(|page| {
            let mut lines = vec![
                line(page, "Annual Report 2025", 800.0),
                line(page, &format!("Heading {}", ["A", "B", "C", "D"][page]), 780.0),
            ];
            lines.extend(
                (0_u8..6).map(|n| line(page, "the same line", 700.0 - f32::from(n) * 20.0)),
            );
            lines.push(line(
                page,
                &format!("end of page {}", ["one", "two", "three", "four"][page]),
                60.0,
            ));
            lines.push(line(page, &format!("Page {} of 4", page + 1), 30.0));
            lines
        });
        let pages = remove_running_heads(pages.collect());
        let texts: Vec<&str> = pages[1].iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts.first(), Some(&"Heading B"));
        assert_eq!(texts.last(), Some(&"end of page two"));
        assert!(texts.len() >= 6);
    }

    #[test]
    fn page_numbers_are_recognized() {
        for (text, expected) in [
            ("3", true),
            ("- 3 -", true),
            ("Page 3 of 5", true),
            ("第 3 页 共 5 页", true),
            ("3/5", true),
            ("iii", true),
            ("2025", false),
            ("Page", false),
            ("3 cars", false),
            ("1,000", false),
        ] {
            assert_eq!(is_page_number(text, 2, 5), expected, "{text}");
        }
    }
}
