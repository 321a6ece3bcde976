//! Splits a text without markup into blocks, by its lines.
//!
//! If the text is hard-wrapped, the lines of a paragraph are joined. Otherwise each line is a block.

use unicode_width::UnicodeWidthStr;

use super::listing;
use crate::{
    document::{Block, BlockKind, heading},
    span::Span,
};

/// Maximum width of the lines of a hard-wrapped text, in columns of a terminal.
const MAX_WRAP_COLUMNS: usize = 100;
/// Minimum share of lines, in two conditions for a hard-wrapped text. At least this share of the continued lines (lines
/// before a line that is not blank) must be wide: at least 0.7 times as wide as the widest continued line or
/// [`MAX_WRAP_COLUMNS`], whichever is smaller. At least this share of the wide lines must not end a sentence.
const MIN_WRAPPED_SHARE: f64 = 0.5;
/// Minimum number of continued lines of a hard-wrapped text. A line is continued if the next line is not
/// blank.
const MIN_CONTINUED_LINES: usize = 3;

/// Returns the blocks of `text`, in order. The first block is the title if its text equals `title`.
pub(super) fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let lines = lines(text);
    let is_wrapped = is_hard_wrapped(text, &lines);
    let mut block_spans: Vec<Span> = Vec::new();
    let mut previous_line: Option<Span> = None;
    for line in &lines {
        if let Some(line) = *line {
            let continues_block = is_wrapped
                && previous_line.is_some_and(|previous| continues_paragraph(text, previous, line));
            match block_spans.last_mut() {
                Some(paragraph) if continues_block => paragraph.end = line.end,
                _ => block_spans.push(line),
            }
        }
        previous_line = *line;
    }
    let blocks = block_spans.iter().enumerate().map(|(index, span)| {
        let is_title = index == 0 && title == Some(heading::split_heading_marks(span.of(text)).1);
        if is_title {
            Block { span: *span, kind: BlockKind::Title }
        } else {
            heading_or_paragraph(text, *span)
        }
    });
    let mut blocks: Vec<Block> = blocks.collect();
    listing::demote_list_lines(text, &mut blocks);
    blocks
}

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

/// Returns whether the text is hard-wrapped. In a hard-wrapped text, at least half of the continued lines (lines before
/// a line that is not blank) are nearly as wide as the widest of them, and at least half of these wide lines do not end
/// a sentence. A text with fewer than [`MIN_CONTINUED_LINES`] continued lines, or with a line wider than 2 ×
/// [`MAX_WRAP_COLUMNS`], is not hard-wrapped.
fn is_hard_wrapped(text: &str, lines: &[Option<Span>]) -> bool {
    if lines.iter().flatten().any(|line| width_in_columns(line.of(text)) > 2 * MAX_WRAP_COLUMNS) {
        return false;
    }
    let continued_lines: Vec<(&str, usize)> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [Some(line), Some(_)] => Some((line.of(text), width_in_columns(line.of(text)))),
            _ => None,
        })
        .collect();
    if continued_lines.len() < MIN_CONTINUED_LINES {
        return false;
    }
    let widest_columns = continued_lines.iter().map(|(_, width)| *width).max().unwrap_or(0);
    let max_columns = widest_columns.min(MAX_WRAP_COLUMNS);
    let (mut wide_lines, mut unfinished_lines) = (0, 0);
    for (line, _) in continued_lines.iter().filter(|(_, width)| width * 10 >= max_columns * 7) {
        wide_lines += 1;
        unfinished_lines += u32::from(!heading::ends_sentence(line));
    }
    f64::from(wide_lines) >= MIN_WRAPPED_SHARE * continued_lines.len() as f64
        && f64::from(unfinished_lines) >= MIN_WRAPPED_SHARE * f64::from(wide_lines)
}

/// Returns the width of a line, in columns of a terminal.
fn width_in_columns(line: &str) -> usize {
    // Most lines are ASCII, and counting their bytes is much faster.
    if line.is_ascii() { line.len() } else { line.width() }
}

/// Returns whether `line` continues the paragraph of the line `previous`, in a hard-wrapped text.
fn continues_paragraph(text: &str, previous: Span, line: Span) -> bool {
    let (previous, line) = (previous.of(text), line.of(text));
    let is_numbered_heading =
        |line: &str| heading::begins_with_heading_number(line) && heading::level(line).is_some();
    let begins_block =
        line.starts_with('#') || heading::is_list_item(line) || is_numbered_heading(line);
    let previous_is_heading = previous.starts_with('#') || is_numbered_heading(previous);
    // A short line that ends a sentence also ends the paragraph.
    let ends_paragraph = width_in_columns(previous) * 10 < MAX_WRAP_COLUMNS * 6
        && heading::ends_with_punctuation(previous);
    !(begins_block || previous_is_heading || ends_paragraph)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let cases: [(&str, &[&str]); 7] = [
            ("Title\nOne sentence.\nAnother one.\n", &["T Title", "One sentence.", "Another one."]),
            (
                "The quick brown fox jumps over the\nlazy dog and then goes home to the\nplace where it lives in peace and\nsleeps.\n\nNew one.\n",
                &[
                    "The quick brown fox jumps over the\nlazy dog and then goes home to the\nplace where it lives in peace and\nsleeps.",
                    "New one.",
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
