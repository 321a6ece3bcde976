//! Joins the lines of the paragraphs of a hard-wrapped text.

use super::lines;
use crate::{
    document::{Block, Document},
    script::is_wide,
    span::Span,
};

/// Joins the lines of each paragraph if the text of `document` is hard-wrapped, and sets the blocks of the new text.
/// Otherwise changes nothing.
///
/// One space replaces a line break and the white space beside it. Nothing replaces it between two wide characters, such
/// as Han characters, and after a hyphen or a dash that directly follows a word. So sentences, names and figures that
/// continue on the next line are read as a whole. Takes linear time.
pub(crate) fn join_wrapped_lines(document: &mut Document) {
    // The offsets of pages and places would change with the text. Readers that set them join lines themselves.
    if !(document.blocks.is_empty() && document.pages.is_empty() && document.places.is_empty()) {
        return;
    }
    let blocks = lines::blocks(&document.text, document.title.as_deref());
    let is_wrapped = |block: &Block| block.span.of(&document.text).contains('\n');
    if !blocks.iter().any(is_wrapped) {
        return;
    }
    let mut joined = String::with_capacity(document.text.len());
    let mut previous_end = 0;
    let mut joined_blocks = Vec::with_capacity(blocks.len());
    for block in blocks {
        joined.push_str(document.text.get(previous_end..block.span.start).unwrap_or_default());
        previous_end = block.span.end;
        let start = joined.len();
        for line in block.span.of(&document.text).lines() {
            push_line(&mut joined, start, line.trim());
        }
        joined_blocks.push(Block { span: Span::new(start, joined.len()), ..block });
    }
    joined.push_str(document.text.get(previous_end..).unwrap_or_default());
    document.text = joined;
    document.blocks = joined_blocks;
}

/// Adds the next line of the paragraph that begins at byte offset `start` of `joined`.
fn push_line(joined: &mut String, start: usize, line: &str) {
    let previous = joined.get(start..).unwrap_or_default();
    if !previous.is_empty() && !line.is_empty() && !joins_without_space(previous, line) {
        joined.push(' ');
    }
    joined.push_str(line);
}

/// Returns whether no space belongs between a line and the next line.
fn joins_without_space(previous: &str, next: &str) -> bool {
    let mut chars_before = previous.chars().rev();
    let (Some(last), Some(first)) = (chars_before.next(), next.chars().next()) else { return true };
    let mut follows_word = || chars_before.next().is_some_and(char::is_alphanumeric);
    is_wide(last) && is_wide(first)
        || matches!(last, '-' | '–' | '—') && first.is_alphanumeric() && follows_word()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockKind;

    fn joined(text: &str) -> Document {
        let mut document = Document::new("a", text);
        join_wrapped_lines(&mut document);
        document
    }

    #[test]
    fn lines_of_wrapped_paragraphs_are_joined() {
        for (text, expected) in [
            (
                "The rate increased by 13 per cent,\nfrom 168,000 tonnes in 2019 to the\n189,000 tonnes of a year-\nlong count.\n\nNext one.\n",
                "The rate increased by 13 per cent, from 168,000 tonnes in 2019 to the 189,000 tonnes of a year-long count.\n\nNext one.\n",
            ),
            (
                "　　港务局今日宣布，第三座轮渡码头正式启用，高峰时段\n的航班数量增加一倍，首周免收船票，市民可以凭证件登\n船，码头设有候船厅和停车场，并与两条公交线路相接。\n　　东航道的疏浚工程将于五月开始。\n",
                "　　港务局今日宣布，第三座轮渡码头正式启用，高峰时段的航班数量增加一倍，首周免收船票，市民可以凭证件登船，码头设有候船厅和停车场，并与两条公交线路相接。\n　　东航道的疏浚工程将于五月开始。\n",
            ),
            ("One sentence.\nAnother one.\nA third.\n", "One sentence.\nAnother one.\nA third.\n"),
            ("", ""),
        ] {
            assert_eq!(joined(text).text, expected, "{text}");
        }
    }

    #[test]
    fn blocks_of_joined_lines_are_spans_of_the_new_text() {
        let document = joined(
            "# Ferry berths\nThe harbour office opened a ferry\nberth at the quay on Wednesday,\ndoubling the number of crossings at\nrush hour, it said.\n\nThe end.\n",
        );
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let paragraph = "The harbour office opened a ferry berth at the quay on Wednesday, doubling the number of crossings at rush hour, it said.";
        assert_eq!(
            blocks,
            [
                (BlockKind::Heading(1), "Ferry berths"),
                (BlockKind::Paragraph, paragraph),
                (BlockKind::Paragraph, "The end."),
            ]
        );
    }
}
