//! Splits a text without markup into blocks, by its lines.
//!
//! If the text is hard-wrapped, the lines of a paragraph are joined. Otherwise each line is a block.

use unicode_width::UnicodeWidthStr;

use super::listing;
use crate::{
    document::{Block, BlockKind, heading},
    script::is_wide,
    span::Span,
};

/// Maximum width of the lines of a hard-wrapped text, in columns of a terminal.
const MAX_WRAP_COLUMNS: usize = 100;
/// Minimum value of two shares in a hard-wrapped text: the share of wide lines among the continued lines, and the share
/// of lines that do not end a sentence among the wide lines. [`wrap_columns`] defines continued and wide lines.
const MIN_WRAPPED_SHARE: f64 = 0.5;
/// Minimum number of continued lines of a hard-wrapped text. A line is continued if the next line is not
/// blank.
const MIN_CONTINUED_LINES: usize = 3;

/// Returns the blocks of `text`, in order. The first block below the letterhead is the title if its text equals
/// `title`.
pub(super) fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let lines = lines(text);
    let wrap_columns = wrap_columns(text, &lines);
    let marks_paragraphs = indents_mark_paragraphs(text, &lines);
    let mut block_spans: Vec<Span> = Vec::new();
    let mut previous_line: Option<Span> = None;
    for line in &lines {
        if let Some(line) = *line {
            let begins_paragraph = marks_paragraphs && is_indented(text, line);
            let continues_block = !begins_paragraph
                && wrap_columns.zip(previous_line).is_some_and(|(wrap_columns, previous)| {
                    continues_paragraph(text, previous, line, wrap_columns)
                });
            match block_spans.last_mut() {
                Some(paragraph) if continues_block => paragraph.end = line.end,
                _ => block_spans.push(line),
            }
        }
        previous_line = *line;
    }
    let first_lines = block_spans.iter().map(|span| span.of(text));
    let title_index = title.and_then(|_| heading::lines_above_title(first_lines));
    let blocks = block_spans.iter().enumerate().map(|(index, span)| {
        let is_title = Some(index) == title_index
            && title == Some(heading::split_heading_marks(span.of(text)).1);
        if is_title {
            Block { span: *span, kind: BlockKind::Title }
        } else {
            heading_or_paragraph(text, *span)
        }
    });
    let mut blocks: Vec<Block> = blocks.collect();
    listing::turn_list_headings_into_paragraphs(text, &mut blocks);
    blocks
}

/// Returns the block of the line at `span`: a heading if the line looks like one, and a paragraph otherwise.
fn heading_or_paragraph(text: &str, span: Span) -> Block {
    let line = span.of(text);
    if let (Some(level), unmarked) = heading::split_heading_marks(line)
        && !unmarked.is_empty()
    {
        let span = Span::new(span.end - unmarked.len(), span.end);
        return Block { span, kind: BlockKind::Heading(level) };
    }
    Block { span, kind: heading::level(line).map_or(BlockKind::Paragraph, BlockKind::Heading) }
}

/// Returns the lines of `text` without surrounding white space. `None` for each blank line.
fn lines(text: &str) -> Vec<Option<Span>> {
    let mut line_start = 0;
    let trim_line = |line: &str| {
        let span = Span::new(line_start, line_start + line.len()).trimmed(text);
        line_start += line.len();
        (!span.is_empty()).then_some(span)
    };
    text.split_inclusive('\n').map(trim_line).collect()
}

/// Returns the width at which the text is hard-wrapped, in columns. `None` if the text is not hard-wrapped.
///
/// A line is continued if the next line is not blank. A continued line is wide if it has at least 0.7 times the width
/// of the widest continued line; if the widest line exceeds [`MAX_WRAP_COLUMNS`], 0.7 times [`MAX_WRAP_COLUMNS`]
/// suffices. In a hard-wrapped text, at least half of the continued lines are wide, and at least half of the wide lines
/// do not end a sentence. A text with fewer than [`MIN_CONTINUED_LINES`] continued lines, or with a line wider than 2 ×
/// [`MAX_WRAP_COLUMNS`], is not hard-wrapped.
fn wrap_columns(text: &str, lines: &[Option<Span>]) -> Option<usize> {
    if lines.iter().flatten().any(|line| width_in_columns(line.of(text)) > 2 * MAX_WRAP_COLUMNS) {
        return None;
    }
    let continued_lines: Vec<(&str, usize)> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [Some(line), Some(_)] => Some((line.of(text), width_in_columns(line.of(text)))),
            _ => None,
        })
        .collect();
    if continued_lines.len() < MIN_CONTINUED_LINES {
        return None;
    }
    let widest_columns = continued_lines.iter().map(|(_, width)| *width).max().unwrap_or(0);
    let max_columns = widest_columns.min(MAX_WRAP_COLUMNS);
    let (mut wide_line_count, mut unfinished_line_count) = (0, 0);
    for (line, _) in continued_lines.iter().filter(|(_, width)| width * 10 >= max_columns * 7) {
        wide_line_count += 1;
        unfinished_line_count += u32::from(!heading::ends_sentence(line));
    }
    let is_wrapped = f64::from(wide_line_count) >= MIN_WRAPPED_SHARE * continued_lines.len() as f64
        && f64::from(unfinished_line_count) >= MIN_WRAPPED_SHARE * f64::from(wide_line_count);
    // A few lines, such as those with a URL, may be wider than the others.
    let mut widths: Vec<usize> = continued_lines.iter().map(|(_, width)| *width).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 9 / 10).copied().filter(|_| is_wrapped)
}

/// Returns whether an indent of two ideographic spaces marks the first line of a paragraph: some lines are indented,
/// but at most 60 % of the lines that are not blank.
fn indents_mark_paragraphs(text: &str, lines: &[Option<Span>]) -> bool {
    let indented_count = lines.iter().flatten().filter(|line| is_indented(text, **line)).count();
    indented_count > 0 && indented_count * 5 <= lines.iter().flatten().count() * 3
}

/// Returns whether two ideographic spaces stand before a line.
fn is_indented(text: &str, line: Span) -> bool {
    text.get(..line.start).is_some_and(|before| before.ends_with("\u{3000}\u{3000}"))
}

/// Returns the width of a line, in columns of a terminal.
fn width_in_columns(line: &str) -> usize {
    // Most lines are ASCII, and counting their bytes is much faster.
    if line.is_ascii() { line.len() } else { line.width() }
}

/// Returns whether `line` continues the paragraph of the line `previous`, in a text that is hard-wrapped at
/// `wrap_columns`.
fn continues_paragraph(text: &str, previous: Span, line: Span, wrap_columns: usize) -> bool {
    let (previous, line) = (previous.of(text), line.of(text));
    let is_numbered_heading =
        |line: &str| heading::begins_with_heading_number(line) && heading::level(line).is_some();
    let previous_is_heading = previous.starts_with('#') || is_numbered_heading(previous);
    // A short line with punctuation at its end ends the paragraph. A line is short if it is much narrower than the text
    // is wide, and if the next word would fit on it.
    let width = width_in_columns(previous);
    let next_word = line.split_whitespace().next().unwrap_or_default();
    let next_width = match next_word.chars().next() {
        Some(first_char) if is_wide(first_char) => 2,
        _ => 1 + width_in_columns(next_word),
    };
    let is_next_word_too_wide = width + next_width > wrap_columns;
    let max_short_columns =
        wrap_columns * if heading::ends_sentence(previous) { 8 } else { 6 } / 10;
    let ends_paragraph = width < max_short_columns
        && !is_next_word_too_wide
        && heading::ends_with_punctuation(previous);
    // A dash that did not fit on an unfinished line is punctuation of the sentence, and no bullet.
    let is_dash_in_sentence = line.starts_with(['-', '–', '—'])
        && is_next_word_too_wide
        && !heading::ends_with_punctuation(previous);
    let begins_block = line.starts_with('#')
        || heading::is_list_item(line) && !is_dash_in_sentence
        || is_numbered_heading(line);
    !(begins_block || previous_is_heading || ends_paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the blocks of a text, each with `T` (title), the level of the heading or nothing (paragraph) before its
    /// text.
    fn blocks_as_text(text: &str) -> Vec<String> {
        let prefix = |block: &Block| match block.kind {
            BlockKind::Title => "T ".to_owned(),
            BlockKind::Heading(level) => format!("{level} "),
            BlockKind::Paragraph => String::new(),
        };
        let blocks = blocks(text, Some("Title"));
        blocks.iter().map(|block| format!("{}{}", prefix(block), block.span.of(text))).collect()
    }

    #[test]
    fn texts_are_split_into_blocks() {
        let cases: [(&str, &[&str]); 11] = [
            (
                "The harbour office opened a ferry\nberth at the quay on Wednesday,\ndoubling the number of crossings at\nrush hour, it said.\nA new paragraph begins with a line\nof its own.\n",
                &[
                    "The harbour office opened a ferry\nberth at the quay on Wednesday,\ndoubling the number of crossings at\nrush hour, it said.",
                    "A new paragraph begins with a line\nof its own.",
                ],
            ),
            (
                "　　港务局今日宣布，第三座轮渡码头正式启用，高峰时段\n的航班数量增加一倍，首周免收船票，市民可以凭证件登\n船，码头设有候船厅和停车场，并与两条公交线路相接。\n　　东航道的疏浚工程将于五月开始，大型船舶须从北闸进\n港，船长应当提前报告。\n",
                &[
                    "港务局今日宣布，第三座轮渡码头正式启用，高峰时段\n的航班数量增加一倍，首周免收船票，市民可以凭证件登\n船，码头设有候船厅和停车场，并与两条公交线路相接。",
                    "东航道的疏浚工程将于五月开始，大型船舶须从北闸进\n港，船长应当提前报告。",
                ],
            ),
            ("Title\nOne sentence.\nAnother one.\n", &["T Title", "One sentence.", "Another one."]),
            (
                "The quick brown fox jumps over the\nlazy dog and then goes home to the\nplace where it lives in peace and\nsleeps.\n\nNew one.\n",
                &[
                    "The quick brown fox jumps over the\nlazy dog and then goes home to the\nplace where it lives in peace and\nsleeps.",
                    "New one.",
                ],
            ),
            (
                "The port handled so many containers\n— nearly twice as many as in the\nyear before — and the office said\nin 2021. The quay is full and has\n2022. It opens in May after a long\nwait.\n",
                &[
                    "The port handled so many containers\n— nearly twice as many as in the\nyear before — and the office said\nin 2021. The quay is full and has\n2022. It opens in May after a long\nwait.",
                ],
            ),
            (
                "The office lists the new berths at\nthe northern quay of the port for\nthe ferries and the cargo ships of\nthe city:\n- a berth for ferries,\n- a berth for cargo ships.\n",
                &[
                    "The office lists the new berths at\nthe northern quay of the port for\nthe ferries and the cargo ships of\nthe city:",
                    "- a berth for ferries,",
                    "- a berth for cargo ships.",
                ],
            ),
            (
                "# Part One\ntext here.\n## Sub\nmore text.",
                &["1 Part One", "text here.", "2 Sub", "more text."],
            ),
            (
                "一、总体要求\n坚持稳中求进。\n（一）主要目标\n增长百分之五。",
                &["2 一、总体要求", "坚持稳中求进。", "3 （一）主要目标", "增长百分之五。"],
            ),
            (
                "广州市今年前三季度外贸进出口总值同比增长百分之五，规模创历史同期新高。\n全市新增高新技术企业一千二百家，累计超过一万三千家，总数位居全国前列。\n市商务局将继续支持企业开拓国际市场、扩大出口，办好各类重点展会和活动。\n下一步将加快建设国际消费中心城市。\n",
                &[
                    "广州市今年前三季度外贸进出口总值同比增长百分之五，规模创历史同期新高。",
                    "全市新增高新技术企业一千二百家，累计超过一万三千家，总数位居全国前列。",
                    "市商务局将继续支持企业开拓国际市场、扩大出口，办好各类重点展会和活动。",
                    "下一步将加快建设国际消费中心城市。",
                ],
            ),
            (
                "第 4 條 國策顧問委員會除總統交議者外，對於建國有關事項，得隨時向總統提供\n意見。國策顧問委員會於必要時，得請有關機關提供參考資料或於會議時派員列\n席，並得指定一人為主任委員，由主任委員召集之，均為會議時之主席與代表。\n前項人員得由總統府人員兼充之。\n",
                &[
                    "第 4 條 國策顧問委員會除總統交議者外，對於建國有關事項，得隨時向總統提供\n意見。國策顧問委員會於必要時，得請有關機關提供參考資料或於會議時派員列\n席，並得指定一人為主任委員，由主任委員召集之，均為會議時之主席與代表。\n前項人員得由總統府人員兼充之。",
                ],
            ),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(blocks_as_text(text), expected, "{text}");
        }
    }
}
