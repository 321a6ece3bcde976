//! Reads the headers and footers of a Word file. The header of the first page is the letterhead of a letter: it often
//! states the number of the letter and the office that sends it. All other headers and footers repeat on each page.

use std::collections::BTreeMap;

use super::{
    body::{BodyReader, Notes},
    numbering::Numbering,
    parts::Relationship,
    styles::ParagraphStyles,
};
use crate::{
    document::{
        format::{archive::Package, xml::for_each_event},
        left_out::{LeftOut, LeftOutReason},
        model::{Block, BlockKind, Document},
    },
    span::Span,
};

/// Words that occur beside a page number.
const PAGE_NUMBER_WORDS: [&str; 6] = ["page", "of", "第", "页", "頁", "共"];
/// Number of blocks at the beginning of a document that are compared with the lines of the header of its first page.
const BLOCKS_COMPARED_WITH_HEADER: usize = 8;

/// Adds the header of the first page, whose relationship has the id `first_page_header_id`, to the beginning of the
/// document. Lists the texts of the other headers and of the footers as left out.
pub(super) fn add_first_header_and_leave_out_others(
    document: &mut Document,
    package: &mut Package<'_>,
    relationships: &BTreeMap<String, Relationship>,
    first_page_header_id: Option<&str>,
    styles: &ParagraphStyles,
) {
    let mut header_lines = Vec::new();
    for (id, Relationship { kind, path }) in relationships {
        if !matches!(kind.as_str(), "header" | "footer") {
            continue;
        }
        let Ok(Some(xml)) = package.member_in_any_case(path) else { continue };
        let mut body = BodyReader::new(styles, Numbering::default(), Notes::new(), BTreeMap::new());
        if let Err(reason) = for_each_event(&xml, |event| body.handle_event(event)) {
            document.unread.push(format!("the part {path} {reason}"));
        }
        let lines = body.into_paragraph_texts();
        if Some(id.as_str()) == first_page_header_id {
            header_lines = lines;
        } else {
            let left_out =
                lines.iter().filter_map(|line| LeftOut::new(line, LeftOutReason::RunningHead));
            document.left_out.extend(left_out);
        }
    }
    let (page_numbers, header_lines): (Vec<String>, Vec<String>) =
        header_lines.into_iter().partition(|line| is_page_number(line));
    let page_numbers =
        page_numbers.iter().filter_map(|line| LeftOut::new(line, LeftOutReason::PageNumber));
    document.left_out.extend(page_numbers);
    prepend_missing_lines(document, &header_lines);
}

/// Adds lines as paragraphs at the beginning of a document. Skips each line that equals one of the first blocks of the
/// document.
fn prepend_missing_lines(document: &mut Document, lines: &[String]) {
    let first_blocks = document.blocks.iter().take(BLOCKS_COMPARED_WITH_HEADER);
    let first_texts: Vec<String> =
        first_blocks.map(|block| block.span.of(&document.text).to_lowercase()).collect();
    let mut text = String::new();
    let mut blocks = Vec::new();
    for line in lines {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !line.chars().any(char::is_alphanumeric) || first_texts.contains(&line.to_lowercase()) {
            continue;
        }
        let span = Span::new(text.len(), text.len() + line.len());
        blocks.push(Block { span, kind: BlockKind::Paragraph });
        text.push_str(&line);
        text.push_str("\n\n");
    }
    let shifted_blocks = document
        .blocks
        .iter()
        .map(|block| Block { span: block.span.shifted(text.len()), kind: block.kind });
    blocks.extend(shifted_blocks);
    document.blocks = blocks;
    document.text.insert_str(0, &text);
}

/// Returns whether a line is only the number of a page: `Page 2 of 5`, `- 2 -`, `第 2 页`.
fn is_page_number(line: &str) -> bool {
    let mut rest = line.to_lowercase();
    for word in PAGE_NUMBER_WORDS {
        rest = rest.replace(word, " ");
    }
    rest.chars().any(|c| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
        && rest.chars().filter(char::is_ascii_digit).count() <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_recognized() {
        for (line, expected) in [
            ("Page 2 of 5", true),
            ("- 2 -", true),
            ("第 2 页 共 5 页", true),
            ("2025-12-17", false),
            ("No. 5", false),
            ("—", false),
        ] {
            assert_eq!(is_page_number(line), expected, "{line}");
        }
    }
}
