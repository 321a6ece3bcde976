//! Text without markup → blocks: the document itself decides whether a line is a paragraph or a part
//! of one.

use unicode_width::UnicodeWidthStr;

use crate::{
    document::{Block, BlockKind, heading},
    span::Span,
};

/// Lines wrapped by hand or by a program are at most so wide, in columns.
const MAX_WRAP_COLUMNS: usize = 100;
/// What share is most: of the lines that another follows directly to be near the widest, and of these to
/// end no sentence, in a text that is called wrapped.
const WRAPPED_SHARE: f64 = 0.5;

/// The blocks of `text`; the first one is the title where it reads like `title`.
pub(super) fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let lines = lines(text);
    let wrapped = is_wrapped(text, &lines);
    let mut spans: Vec<Span> = Vec::new();
    let mut before: Option<Span> = None;
    for line in &lines {
        let Some(line) = *line else {
            before = None;
            continue;
        };
        let goes_on = wrapped && before.is_some_and(|before| continues(text, before, line));
        match spans.last_mut() {
            Some(last) if goes_on => last.end = line.end,
            _ => spans.push(line),
        }
        before = Some(line);
    }
    let kinds = spans.iter().enumerate().map(|(index, span)| {
        let first_title = index == 0
            && title.is_some_and(|title| heading::split_heading_marks(span.of(text)).1 == title);
        kind(text, *span, first_title)
    });
    kinds.collect()
}

fn kind(text: &str, span: Span, is_title: bool) -> Block {
    let slice = span.of(text);
    if is_title {
        return Block { span, kind: BlockKind::Title };
    }
    match heading::split_heading_marks(slice) {
        (Some(level), inner) if !inner.is_empty() => {
            let start = span.end - inner.len();
            Block { span: Span::new(start, span.end), kind: BlockKind::Heading(level) }
        }
        _ => Block {
            span,
            kind: heading::level(slice).map_or(BlockKind::Paragraph, BlockKind::Heading),
        },
    }
}

/// The lines of `text` without the space around them; none for a blank one.
fn lines(text: &str) -> Vec<Option<Span>> {
    let mut start = 0;
    let line = |line: &str| {
        let span = Span::new(start, start + line.len()).trimmed(text);
        start += line.len();
        (!span.is_empty()).then_some(span)
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Whether the lines were broken to a width: none is far wider than a page, most of those that another
/// line follows directly come close to the widest, and most of these break off inside a sentence.
fn is_wrapped(text: &str, lines: &[Option<Span>]) -> bool {
    let followed = lines.windows(2).filter_map(|pair| match pair {
        [Some(line), Some(_)] => Some(line.of(text)),
        _ => None,
    });
    if lines.iter().flatten().any(|line| columns(line.of(text)) > 2 * MAX_WRAP_COLUMNS) {
        return false;
    }
    let followed: Vec<(&str, usize)> = followed.map(|line| (line, columns(line))).collect();
    let widest = followed.iter().map(|(_, width)| *width).max().unwrap_or(0);
    if followed.len() < 3 {
        return false;
    }
    let limit = widest.min(MAX_WRAP_COLUMNS);
    let near = followed.iter().filter(|(_, width)| width * 10 >= limit * 7);
    let (mut wide, mut broken_off) = (0, 0);
    for (line, _) in near {
        wide += 1;
        broken_off += u32::from(!heading::ends_sentence(line));
    }
    f64::from(wide) >= WRAPPED_SHARE * followed.len() as f64
        && f64::from(broken_off) >= WRAPPED_SHARE * f64::from(wide)
}

/// How wide a line is on a screen.
fn columns(line: &str) -> usize {
    // Most lines of most texts, and far faster.
    if line.is_ascii() { line.len() } else { line.width() }
}

/// Whether `line` goes on with what `before` began.
fn continues(text: &str, before: Span, line: Span) -> bool {
    let (above, below) = (before.of(text), line.of(text));
    let marked = |line: &str| line.starts_with('#') || heading::is_list_item(line);
    let own = marked(below)
        || above.starts_with('#')
        || heading::level(below).is_some_and(|_| heading::is_numbered(below));
    // A short line that ends a sentence ends its paragraph as well.
    let ended = heading::ends_with_punctuation(above) && columns(above) * 10 < MAX_WRAP_COLUMNS * 6;
    !(own || ended || heading::is_numbered(above) && heading::level(above).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let mark = |block: &Block| match block.kind {
            BlockKind::Title => "T ".to_owned(),
            BlockKind::Heading(level) => format!("{level} "),
            BlockKind::Paragraph => String::new(),
        };
        let blocks = blocks(text, Some("Title"));
        blocks.iter().map(|block| format!("{}{}", mark(block), block.span.of(text))).collect()
    }

    #[test]
    fn blocks_of_texts() {
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
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
