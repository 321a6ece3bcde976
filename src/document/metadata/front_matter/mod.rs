//! Front matter: blocks at the beginning and the end of a text that contain metadata of the document.
//!
//! [`separate`] removes the front matter from the text: letterhead, metadata labels, document number,
//! citation of the document, credit. Its values go to the metadata of the document and to the rules that
//! infer the issuer. Open `lines.rs` for the syntax of single lines.

mod lines;

use std::ops::RangeInclusive;

use super::{
    document_number,
    fields::{Label, MetadataField, field_of_label, folded},
};
use crate::document::{
    blocks::BlockBuilder,
    metadata::date::Date,
    model::{Block, BlockKind, Document},
};

/// Origin of fields that are filled from metadata labels in the text.
pub(super) const LABEL_ORIGIN: &str = "text";

/// Number of blocks at each end of the text in which front matter is searched.
const EDGE_BLOCKS: usize = 10;
/// Maximum number of lines of a letterhead.
const MAX_LETTERHEAD_LINES: usize = 8;
/// Maximum length of a line of a letterhead, in characters.
const MAX_LETTERHEAD_CHARS: usize = 120;
/// Number of blocks after the title that are searched for the document number.
const MAX_BLOCKS_TO_DOCUMENT_NUMBER: usize = 2;
/// Maximum length, in characters, of a status line (such as `Reviewed`) under a citation.
const MAX_STATUS_CHARS: usize = 30;
/// Minimum length, in bytes, of a file name at the end of a URL that identifies the document.
const MIN_FILE_NAME_BYTES: usize = 8;
/// Characters that end a paragraph of running text. Metadata labels and letterheads do not end with any of
/// them.
const PARAGRAPH_ENDS: [char; 5] = ['.', '。', '！', '？', '；'];
/// Characters that end a sentence. Lines of a citation do not end with any of them.
const FULL_STOPS: [char; 4] = ['.', '。', '！', '？'];

/// Front matter from which the issuer is inferred and fields are filled.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// Lines above the title. Empty if there are too many lines or one is too long.
    pub(super) letterhead: Vec<String>,
    /// Metadata labels with their values: one list for each line or group of lines.
    pub(super) labels: Vec<Vec<Label>>,
}

/// Removes the front matter from the text and the blocks of a document, and returns the front matter.
pub(super) fn separate(document: &mut Document) -> FrontMatter {
    move_credit(document);
    let mut front_matter = FrontMatter::default();
    let mut removed = vec![false; document.blocks.len()];
    let title = document.blocks.iter().position(|block| block.kind == BlockKind::Title);
    let first_tail_label = first_tail_label(document);
    separate_lines(document, first_tail_label, &mut front_matter, &mut removed);
    front_matter.labels.extend(tail_labels(document, first_tail_label));
    removed.iter_mut().skip(first_tail_label).for_each(|removed| *removed = true);
    if let Some(title) = title {
        if let Some(lines) = letterhead(document, title) {
            document.metadata.insert("above the title".to_owned(), lines.join(" · "));
            front_matter.letterhead = lines;
            removed.iter_mut().take(title).for_each(|removed| *removed = true);
        }
        if let Some(removed) = number_block(document, title).and_then(|at| removed.get_mut(at)) {
            *removed = true;
        }
        if let Some((blocks, citation)) = citation(document, title) {
            removed.get_mut(blocks).into_iter().flatten().for_each(|removed| *removed = true);
            document.metadata.insert("citation".to_owned(), citation);
        }
    }
    remove_blocks(document, &removed);
    front_matter
}

/// Moves a credit in the last line of the text to the metadata.
fn move_credit(document: &mut Document) {
    let text = document.text.trim_end();
    let start = text.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or_default().trim();
    let is_own_block = document.blocks.last().is_none_or(|block| block.span.start >= start);
    let Some(credit) = lines::credit(line).filter(|_| start > 0 && is_own_block) else { return };
    document.metadata.insert("credit".to_owned(), credit.to_owned());
    document.text.truncate(start);
    document.blocks.retain(|block| block.span.end <= start);
    document.pages.iter_mut().for_each(|page| *page = (*page).min(start));
}

/// Collects metadata labels and the last-modified date from the blocks at both ends of the text, and flags
/// these blocks in `removed`. Labels before `first_tail_label` are removed only if they are among the
/// first blocks.
fn separate_lines(
    document: &mut Document,
    first_tail_label: usize,
    front_matter: &mut FrontMatter,
    removed: &mut [bool],
) {
    let count = document.blocks.len();
    for (index, (block, is_removed)) in document.blocks.iter().zip(removed).enumerate() {
        let is_edge = index < EDGE_BLOCKS || index + EDGE_BLOCKS >= count;
        if !is_edge || block.kind != BlockKind::Paragraph {
            continue;
        }
        let line = block.span.of(&document.text);
        if let Some(date) = lines::day_of_change(line) {
            document.metadata.insert("updated".to_owned(), date.to_string());
            *is_removed = true;
        } else if let Some(labels) = lines::labels(line).filter(|_| index < first_tail_label) {
            *is_removed = index < EDGE_BLOCKS;
            front_matter.labels.push(labels);
        }
    }
}

/// Returns the lines above the title, such as the name of the office and the kind of the document. `None`
/// if there are too many lines or one is too long.
fn letterhead(document: &Document, title: usize) -> Option<Vec<String>> {
    let lines: Vec<&str> = document
        .blocks
        .iter()
        .take(title)
        .map(|block| block.span.of(&document.text).trim())
        .collect();
    let is_short = |line: &&str| {
        line.chars().count() <= MAX_LETTERHEAD_CHARS && !line.ends_with(PARAGRAPH_ENDS)
    };
    let is_letterhead =
        (1..=MAX_LETTERHEAD_LINES).contains(&lines.len()) && lines.iter().all(is_short);
    is_letterhead.then(|| lines.into_iter().map(str::to_owned).collect())
}

/// Returns the index of the block under the title that consists of the document number. `None` if there is
/// none.
fn number_block(document: &Document, title: usize) -> Option<usize> {
    document.number.as_ref()?;
    (title + 1..=title + MAX_BLOCKS_TO_DOCUMENT_NUMBER).find(|&at| {
        let line = paragraph(document, at).unwrap_or_default();
        document_number::from_line(line) == document.number
    })
}

/// Returns the range of blocks under the title that contain a citation of the document, and the citation.
/// A citation contains a URL, and the title or the file name of the document. The range includes short
/// lines below the citation, such as `Reviewed`.
fn citation(document: &Document, title: usize) -> Option<(RangeInclusive<usize>, String)> {
    let with_address = (title + 1..=title + EDGE_BLOCKS)
        .find(|&at| paragraph(document, at).is_some_and(|line| line.contains("://")))?;
    let address = paragraph(document, with_address)?;
    let before = Some(with_address - 1)
        .filter(|before| *before > title)
        .and_then(|before| paragraph(document, before))
        .filter(|line| !line.ends_with(FULL_STOPS));
    let citation = [before.unwrap_or_default(), address].concat();
    let title_text = folded(document.title.as_deref().unwrap_or_default());
    let cites_title = !title_text.is_empty() && folded(&citation).contains(&title_text);
    if !cites_title && !ends_with_file_name(address, &document.id) {
        return None;
    }
    let is_status = |&below: &usize| {
        paragraph(document, below).is_some_and(|line| {
            line.chars().count() <= MAX_STATUS_CHARS
                && (!line.ends_with(FULL_STOPS) || !line.contains(' '))
        })
    };
    let first = if before.is_some() { with_address - 1 } else { with_address };
    let last = (with_address + 1..document.blocks.len()).take_while(is_status).last();
    Some((first..=last.unwrap_or(with_address), citation))
}

/// Returns whether the file name in a document id ends with the last path component of `address`.
fn ends_with_file_name(address: &str, id: &str) -> bool {
    let address: String = address.split_whitespace().collect();
    let last_part = address.rsplit('/').next().unwrap_or_default();
    let last_part = last_part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let file_name = id.rsplit('/').next().unwrap_or_default();
    last_part.len() >= MIN_FILE_NAME_BYTES && file_name.ends_with(last_part)
}

/// Returns the text of a block. `None` if the block is not a paragraph.
fn paragraph(document: &Document, at: usize) -> Option<&str> {
    let block = document.blocks.get(at)?;
    (block.kind == BlockKind::Paragraph).then(|| block.span.of(&document.text))
}

/// Returns the index of the first block of the metadata labels at the end of a document (document number,
/// contact …). Returns the number of blocks if the document does not end with labels.
fn first_tail_label(document: &Document) -> usize {
    let count = document.blocks.len();
    let is_short = |block: &&Block| {
        let line = block.span.of(&document.text);
        block.kind == BlockKind::Paragraph
            && line.chars().count() <= lines::MAX_LINE_CHARS
            && !line.ends_with(PARAGRAPH_ENDS)
    };
    let short = document.blocks.iter().rev().take(EDGE_BLOCKS).take_while(is_short).count();
    let labels = || {
        let last_blocks = document.blocks.iter().enumerate().skip(count - short);
        last_blocks.filter_map(|(at, block)| {
            Some((at, lines::split_label(block.span.of(&document.text))?))
        })
    };
    let is_front_matter = labels().any(|(_, (label, value))| match field_of_label(label) {
        Some((MetadataField::Number, _)) => true,
        Some((MetadataField::Date, _)) => value.parse::<Date>().is_ok(),
        _ => false,
    });
    if !is_front_matter {
        return count;
    }
    labels().map(|(at, _)| at).next().unwrap_or(count)
}

/// Returns the metadata labels in the blocks from `first` on. Blocks without a label continue the value of
/// the label before them. `None` if no block has a label.
fn tail_labels(document: &Document, first: usize) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> = Vec::new();
    for block in document.blocks.iter().skip(first) {
        let line = block.span.of(&document.text);
        if let Some((label, value)) = lines::split_label(line) {
            labels.push((label.to_owned(), value.to_owned()));
        } else if let Some((_, value)) = labels.last_mut() {
            value.extend(["; ", line]);
        }
    }
    (!labels.is_empty()).then_some(labels)
}

/// Removes the flagged blocks from the text and adjusts the offsets of pages. Removes nothing if all
/// blocks are flagged.
fn remove_blocks(document: &mut Document, removed: &[bool]) {
    if !removed.contains(&true) || !removed.contains(&false) {
        return;
    }
    let mut rest = BlockBuilder::default();
    let mut pages = document.pages.iter().copied().peekable();
    let mut page_starts = Vec::new();
    for (block, _) in document.blocks.iter().zip(removed).filter(|(_, removed)| !**removed) {
        let start = rest.text.len();
        while let Some(page) = pages.next_if(|page| *page < block.span.end) {
            page_starts.push(start + page.saturating_sub(block.span.start));
        }
        rest.push(block.span.of(&document.text));
        rest.close(block.kind);
    }
    page_starts.extend(pages.map(|_| rest.text.len()));
    (document.text, document.blocks, document.pages) = (rest.text, rest.blocks, page_starts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read};

    fn blocks_of(page: &str) -> (Vec<String>, Document) {
        let document = read(Format::Html, "page", page.as_bytes()).unwrap();
        let blocks = document.blocks.iter().map(|block| block.span.of(&document.text).to_owned());
        (blocks.collect(), document)
    }

    #[test]
    fn front_matter_becomes_metadata() {
        /// Content of a page, expected blocks, and expected metadata.
        type Case<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);
        let cases: [Case<'_>; 5] = [
            (
                "<h1>通知标题</h1><p>发布时间：2024-01-11 10:00　来源：新华社</p><p>正文：见下。</p>",
                &["通知标题", "正文：见下。"],
                &[("发布时间", "2024-01-11 10:00"), ("来源", "新华社")],
            ),
            (
                "<h1>Title</h1><p>Text.<p>Last Updated: May 23, 2022",
                &["Title", "Text."],
                &[("updated", "2022-05-23")],
            ),
            (
                "<p>Office of Ports<p>Notice<h1>New Rules</h1><p>Text.",
                &["New Rules", "Text."],
                &[("above the title", "Office of Ports · Notice")],
            ),
            (
                "<h1>New Rules</h1><p>Text.<p>Topic: Ports<p>Rail<p>Release Number: 15-680",
                &["New Rules", "Text."],
                &[("Topic", "Ports; Rail"), ("Release Number", "15-680")],
            ),
            (
                "<h1>New Rules</h1><h4>Li Wei</h4><p>Cite as: Li Wei<p>New rules. http://a.example/1.\
                 <p>Reviewed<h2>Abstract</h2><p>Rules are new.",
                &["New Rules", "Li Wei", "Abstract", "Rules are new."],
                &[("citation", "Cite as: Li WeiNew rules. http://a.example/1.")],
            ),
        ];
        for (page, blocks, metadata) in cases {
            let (actual, document) = blocks_of(page);
            assert_eq!(actual, blocks, "{page}");
            for (key, value) in metadata {
                assert_eq!(document.metadata.get(*key).map(String::as_str), Some(*value), "{page}");
            }
        }
    }

    #[test]
    fn label_tables_become_metadata_in_any_format() {
        let text = "# 关于港口的通知\n\n| 发文机关 | 某市政府 |\n|---|---|\n| 成文日期： | 2018年11月6日 |\n\n正文。\n";
        let document = read(Format::Markdown, "page", text.as_bytes()).unwrap();
        assert_eq!(document.issuer.as_deref(), Some("某市政府"));
        assert_eq!(document.date, "2018-11-06".parse().ok());
        assert_eq!(document.text, "关于港口的通知\n\n正文。\n\n");
    }

    #[test]
    fn credit_at_the_end_becomes_metadata() {
        for (format, text) in [
            (Format::Text, "Ports\n\nPorts grow.\n(Source: Xinhua)\n"),
            (Format::Html, "<h1>Ports</h1><p>Ports grow.<p>（来源：新华网）"),
        ] {
            let document = read(format, "page", text.as_bytes()).unwrap();
            assert_eq!(document.text.trim(), "Ports\n\nPorts grow.");
            assert!(document.metadata.contains_key("credit"));
        }
    }

    #[test]
    fn letterhead_names_the_issuer_and_line_under_the_title_the_number() {
        let (blocks, document) = blocks_of(
            "<p>国务院办公厅<p>2018年1月2日<h1>关于港口的通知</h1><p>国办发[2018]7号<p>各市：<p>正文。",
        );
        assert_eq!(blocks, ["关于港口的通知", "各市：", "正文。"]);
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        assert_eq!(document.number.as_deref(), Some("国办发〔2018〕7号"));
        assert_eq!(document.date, "2018-01-02".parse().ok());
    }

    #[test]
    fn text_of_labels_alone_keeps_them() {
        assert_eq!(blocks_of("<p>发布时间：").0, ["发布时间："]);
        assert_eq!(blocks_of("<p>发布时间：2024-01-11").0, ["发布时间：2024-01-11"]);
    }

    #[test]
    fn pages_move_with_their_first_block() {
        let mut document = Document::new("a", "Above\n\nTitle\n\nOne page,\nanother.\n\n");
        let block = |line: &str, kind| {
            let start = document.text.find(line).unwrap();
            Block { span: crate::span::Span::new(start, start + line.len()), kind }
        };
        document.blocks = vec![
            block("Above", BlockKind::Paragraph),
            block("Title", BlockKind::Title),
            block("One page,\nanother.", BlockKind::Paragraph),
        ];
        document.pages = vec![0, 24];
        separate(&mut document);
        assert_eq!(document.text, "Title\n\nOne page,\nanother.\n\n");
        assert_eq!(document.pages, [0, 17]);
    }
}
