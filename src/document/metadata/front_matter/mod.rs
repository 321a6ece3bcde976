//! Front matter: blocks at the beginning and the end of a text that contain metadata of the document.
//!
//! [`separate_front_matter`] removes the front matter from the text: letterhead, metadata labels, document number,
//! citation of the document, and credit such as `(Source: Xinhua)`. The removed values go to the metadata of the
//! document and to the rules that infer the issuer. Open `lines.rs` for the syntax of single lines.

mod citation;
mod lines;
mod own_date;
#[cfg(test)]
mod tests;

use self::{
    citation::{find_citation, paragraph_text},
    lines::EDGE_BLOCK_COUNT,
    own_date::{DATE_LINE_KEY, find_date_line, move_date_line_to_metadata},
};
use super::{
    date_rules::{MAX_EVENT_LABEL_DISTANCE, is_event_label},
    document_number,
    fields::{LabelledValue, MetadataField, field_of_label, is_subject_label, normalized_label},
    organization,
};
use crate::{
    document::{
        blocks::BlockBuilder,
        left_out::{LeftOut, LeftOutReason},
        metadata::{
            date::Date,
            date_line::{DateLabel, DateLine},
        },
        model::{Block, BlockKind, Document},
    },
    span::Span,
};

/// Origin of fields that are filled from metadata labels in the text.
pub(super) const LABEL_ORIGIN: &str = "text";

/// Maximum number of lines of a letterhead.
const MAX_LETTERHEAD_LINES: usize = 8;
/// Maximum length of a line of a letterhead, in characters.
const MAX_LETTERHEAD_CHARS: usize = 120;
/// Number of blocks directly after the title in which the document number is searched for.
const MAX_NUMBER_SEARCH_BLOCKS: usize = 2;
/// Characters that end a paragraph of running text. Metadata labels and letterheads do not end with any of
/// them.
const PARAGRAPH_END_CHARACTERS: [char; 5] = ['.', '。', '！', '？', '；'];

/// Front matter that was removed from a text. The issuer and other fields are inferred from it.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// Lines above the title. Empty if the document has no letterhead.
    pub(super) letterhead: Vec<String>,
    /// Metadata labels with their values. Each inner vector holds the labels of one line, or all labels at the end of
    /// the text.
    pub(super) labels: Vec<Vec<LabelledValue>>,
}

/// Returns the labels and values of a line that says when a page was published: `发布时间：2024-01-11 10:00　来源：某社`,
/// `2024-01-11 来源：某社`, `Published: 11 January 2024`. `None` for any other line. A line `日期：…` alone may show the
/// current day.
pub(in crate::document) fn labels_of_published_line(line: &str) -> Option<Vec<LabelledValue>> {
    if let Some(DateLine { date, label: DateLabel::Published }) = DateLine::parse(line) {
        return Some(vec![("published".to_owned(), date.to_string())]);
    }
    let labels = lines::labels(line).filter(|labels| labels.len() > 1)?;
    let states_date = labels.iter().any(|(label, value)| {
        field_of_label(label).is_some_and(|(field, _)| field == MetadataField::Date)
            && value.parse::<Date>().is_ok()
    });
    states_date.then_some(labels)
}

/// Removes the front matter from the text and the blocks of a document, and returns the front matter.
pub(super) fn separate_front_matter(document: &mut Document) -> FrontMatter {
    move_credit_to_metadata(document);
    let mut front_matter = FrontMatter::default();
    let mut removal_flags = vec![false; document.blocks.len()];
    let title_index = document.blocks.iter().position(|block| block.kind == BlockKind::Title);
    let end_labels_start = index_of_first_label_at_end(document);
    if document.blocks.is_empty() {
        move_date_line_to_metadata(document);
        front_matter.labels.extend(issuer_labels_of_text(document));
    }
    collect_label_lines(document, end_labels_start, &mut front_matter, &mut removal_flags);
    let first_blocks = document.blocks.iter().enumerate().take(EDGE_BLOCK_COUNT);
    let lines = first_blocks.filter(|(_, block)| block.kind != BlockKind::Title);
    let lines = lines.map(|(index, block)| (index, block.span.of(&document.text)));
    if let Some((index, line)) = find_date_line(document.date, lines)
        && let Some(is_removed) = removal_flags.get_mut(index)
        && !*is_removed
    {
        *is_removed = true;
        let line = line.to_owned();
        document.metadata.insert(DATE_LINE_KEY.to_owned(), line);
    }
    front_matter.labels.extend(labels_at_end(document, end_labels_start));
    flag_blocks_of_labels_at_end(document, end_labels_start, &mut removal_flags);
    if let Some(title_index) = title_index {
        if let Some(lines) = letterhead(document, title_index) {
            document.metadata.insert("above the title".to_owned(), lines.join(" · "));
            for (line, is_removed) in lines.iter().zip(removal_flags.iter_mut()) {
                *is_removed |= !lines::is_text_above_title(line);
            }
            front_matter.letterhead = lines;
        }
        if let Some(is_removed) = index_of_number_block(document, title_index)
            .and_then(|index| removal_flags.get_mut(index))
        {
            *is_removed = true;
        }
        if let Some((blocks, citation)) = find_citation(document, title_index) {
            let lines = blocks.clone().filter_map(|index| paragraph_text(document, index));
            let status: Vec<&str> = lines.filter(|line| !citation.contains(line)).collect();
            if !status.is_empty() {
                let status = status.join(" · ");
                document.metadata.insert("below the citation".to_owned(), status);
            }
            removal_flags
                .get_mut(blocks)
                .into_iter()
                .flatten()
                .for_each(|is_removed| *is_removed = true);
            document.metadata.insert("citation".to_owned(), citation);
        }
    }
    remove_blocks(document, &removal_flags);
    front_matter
}

/// Moves a credit in the last line of the text to the metadata.
fn move_credit_to_metadata(document: &mut Document) {
    let text = document.text.trim_end();
    let line_start = text.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..).unwrap_or_default().trim();
    let is_own_block = document.blocks.last().is_none_or(|block| block.span.start >= line_start);
    let Some(credit) = lines::credit(line).filter(|_| line_start > 0 && is_own_block) else {
        return;
    };
    document.left_out.extend(LeftOut::new(credit, LeftOutReason::Metadata));
    document.metadata.insert("credit".to_owned(), credit.to_owned());
    document.text.truncate(line_start);
    document.blocks.retain(|block| block.span.end <= line_start);
    let places = document.places.iter_mut().map(|place| &mut place.offset);
    document.pages.iter_mut().chain(places).for_each(|start| *start = (*start).min(line_start));
}

/// Collects metadata from the first and the last [`EDGE_BLOCK_COUNT`] blocks. A last-modified date goes to the metadata
/// of the document, and metadata labels go to `front_matter`. Sets the flag in `removal_flags` of each block that is to
/// be removed: of a block with a last-modified date, and of a block with labels among the first [`EDGE_BLOCK_COUNT`]
/// blocks. Ignores the labels from the block `end_labels_start` on, which [`labels_at_end`] reads.
fn collect_label_lines(
    document: &mut Document,
    end_labels_start: usize,
    front_matter: &mut FrontMatter,
    removal_flags: &mut [bool],
) {
    let block_count = document.blocks.len();
    for (index, (block, is_removed)) in document.blocks.iter().zip(removal_flags).enumerate() {
        let is_edge = index < EDGE_BLOCK_COUNT || index + EDGE_BLOCK_COUNT >= block_count;
        if !is_edge || block.kind != BlockKind::Paragraph {
            continue;
        }
        let line = block.span.of(&document.text);
        if let Some(date) = lines::last_modified_date(line) {
            document.metadata.insert("updated".to_owned(), date.to_string());
            *is_removed = true;
        } else if let Some(labels) = lines::labels(line)
            && index < end_labels_start
            && labels_describe_document(document, index, &labels)
        {
            *is_removed = index < EDGE_BLOCK_COUNT
                && !has_subject_label(&labels)
                && !state_only_meeting_time(&labels);
            front_matter.labels.push(labels);
        }
    }
}

/// Returns the labels of the issuer in the first lines of a text without blocks, unless a label near them describes an
/// event. The lines stay in the text.
fn issuer_labels_of_text(document: &Document) -> Vec<Vec<LabelledValue>> {
    let lines: Vec<&str> =
        document.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lines = lines.get(..EDGE_BLOCK_COUNT).unwrap_or(&lines);
    if lines.iter().any(|line| is_event_label(line)) {
        return Vec::new();
    }
    let names_issuer = |labels: &Vec<LabelledValue>| {
        labels.iter().any(|(label, value)| {
            field_of_label(label).is_some_and(|(field, _)| field == MetadataField::Issuer)
                && organization::is_organization_name(value)
        })
    };
    lines.iter().filter_map(|line| lines::labels(line)).filter(names_issuer).collect()
}

/// Returns whether the labels in the block with the index `index` describe the document. `Date:` or `From:` near a
/// label of an event, such as `Venue:`, describes the event. `From:` describes the document only if an organization
/// follows.
fn labels_describe_document(document: &Document, index: usize, labels: &[LabelledValue]) -> bool {
    let has_label = |name: &str| labels.iter().any(|(label, _)| normalized_label(label) == name);
    let first = index.saturating_sub(MAX_EVENT_LABEL_DISTANCE);
    let near_blocks = document.blocks.iter().enumerate().skip(first);
    let mut near_blocks = near_blocks.take(2 * MAX_EVENT_LABEL_DISTANCE + 1);
    let is_event = (has_label("date") || has_label("日期") || has_label("from"))
        && near_blocks
            .any(|(other, block)| other != index && is_event_label(block.span.of(&document.text)));
    let is_sender = || labels.iter().all(|(_, value)| organization::is_organization_name(value));
    !is_event && (!has_label("from") || is_sender())
}

/// Returns the lines above the title, such as the name of the office and the kind of the document. `None` if there is
/// no such line or there are too many, or if a line is too long or ends like a paragraph.
fn letterhead(document: &Document, title_index: usize) -> Option<Vec<String>> {
    let lines: Vec<&str> = document
        .blocks
        .iter()
        .take(title_index)
        .map(|block| block.span.of(&document.text).trim())
        .collect();
    let is_short = |line: &&str| {
        line.chars().count() <= MAX_LETTERHEAD_CHARS && !line.ends_with(PARAGRAPH_END_CHARACTERS)
    };
    let is_letterhead =
        (1..=MAX_LETTERHEAD_LINES).contains(&lines.len()) && lines.iter().all(is_short);
    is_letterhead.then(|| lines.into_iter().map(str::to_owned).collect())
}

/// Returns the index of the block under the title that consists of the document number. `None` if none of the first
/// [`MAX_NUMBER_SEARCH_BLOCKS`] blocks under the title does.
fn index_of_number_block(document: &Document, title_index: usize) -> Option<usize> {
    document.number.as_ref()?;
    (title_index + 1..=title_index + MAX_NUMBER_SEARCH_BLOCKS).find(|&index| {
        let line = paragraph_text(document, index).unwrap_or_default();
        document_number::from_line(line) == document.number
    })
}

/// Returns the index of the block in which the metadata labels at the end of a document begin (document number, contact
/// …). If the document does not end with labels, returns the number of blocks.
fn index_of_first_label_at_end(document: &Document) -> usize {
    let block_count = document.blocks.len();
    let is_short = |block: &&Block| {
        let line = block.span.of(&document.text);
        block.kind == BlockKind::Paragraph
            && line.chars().count() <= lines::MAX_LABEL_LINE_CHARS
            && !line.ends_with(PARAGRAPH_END_CHARACTERS)
    };
    let short_block_count =
        document.blocks.iter().rev().take(EDGE_BLOCK_COUNT).take_while(is_short).count();
    let labels = || {
        let last_blocks = document.blocks.iter().enumerate().skip(block_count - short_block_count);
        last_blocks.filter_map(|(at, block)| {
            Some((at, lines::split_label_and_value(block.span.of(&document.text))?))
        })
    };
    let has_number_or_date = labels().any(|(_, (label, value))| match field_of_label(label) {
        Some((MetadataField::Number, _)) => true,
        Some((MetadataField::Date, _)) => value.parse::<Date>().is_ok(),
        _ => false,
    });
    let last_blocks = document.blocks.iter().skip(block_count - short_block_count);
    let describes_event =
        last_blocks.map(|block| block.span.of(&document.text)).any(is_event_label);
    if !has_number_or_date || describes_event {
        return block_count;
    }
    labels().map(|(at, _)| at).next().unwrap_or(block_count)
}

/// Returns the metadata labels in the block with the index `first` and in all later blocks. A block without a label
/// continues the value of the preceding label. `None` if no block has a label.
fn labels_at_end(document: &Document, first: usize) -> Option<Vec<LabelledValue>> {
    let mut labels: Vec<LabelledValue> = Vec::new();
    for block in document.blocks.iter().skip(first) {
        let line = block.span.of(&document.text);
        if let Some((label, value)) = lines::split_label_and_value(line) {
            labels.push((label.to_owned(), value.to_owned()));
        } else if let Some((_, value)) = labels.last_mut() {
            value.extend(["; ", line]);
        }
    }
    (!labels.is_empty()).then_some(labels)
}

/// Sets the flags in `removal_flags` of the blocks with the labels at the end of the text. `first` is the index of the
/// first of these blocks. Does not set the flag of a block with subjects (keywords).
fn flag_blocks_of_labels_at_end(document: &Document, first: usize, removal_flags: &mut [bool]) {
    let mut is_subject = false;
    for (block, is_removed) in document.blocks.iter().zip(removal_flags).skip(first) {
        // A block without a label continues the value of the preceding label.
        if let Some((label, _)) = lines::split_label_and_value(block.span.of(&document.text)) {
            is_subject = is_subject_label(label);
        }
        *is_removed = !is_subject;
    }
}

fn has_subject_label(labels: &[LabelledValue]) -> bool {
    labels.iter().any(|(label, _)| is_subject_label(label))
}

/// Returns whether the labels of a line say only when a meeting began: `時間：101年3月15日上午9時`.
fn state_only_meeting_time(labels: &[LabelledValue]) -> bool {
    let [(label, value)] = labels else { return false };
    matches!(normalized_label(label).as_str(), "时间" | "時間" | "日期")
        && lines::states_hour_in_words(value)
}

/// Removes each block whose flag in `removal_flags` is set from the text, and adjusts the offsets of pages and places.
/// Removes nothing if all flags are set.
fn remove_blocks(document: &mut Document, removal_flags: &[bool]) {
    if !removal_flags.contains(&true) || !removal_flags.contains(&false) {
        return;
    }
    let removed_blocks =
        document.blocks.iter().zip(removal_flags).filter(|(_, is_removed)| **is_removed);
    let left_out = removed_blocks.filter_map(|(block, _)| {
        LeftOut::new(block.span.of(&document.text), LeftOutReason::Metadata)
    });
    document.left_out.extend(left_out.collect::<Vec<_>>());
    let mut remaining_blocks = BlockBuilder::default();
    // Span of each remaining block before the removal, and its start after the removal.
    let mut moved_spans: Vec<(Span, usize)> = Vec::new();
    for (block, _) in
        document.blocks.iter().zip(removal_flags).filter(|(_, is_removed)| !**is_removed)
    {
        moved_spans.push((block.span, remaining_blocks.text.len()));
        remaining_blocks.push(block.span.of(&document.text));
        remaining_blocks.finish_block(block.kind);
    }
    let places = document.places.iter_mut().map(|place| &mut place.offset);
    for offset in document.pages.iter_mut().chain(places) {
        let index = moved_spans.partition_point(|(span, _)| span.end <= *offset);
        *offset = moved_spans.get(index).map_or(remaining_blocks.text.len(), |(span, start)| {
            start + offset.saturating_sub(span.start)
        });
    }
    (document.text, document.blocks) = (remaining_blocks.text, remaining_blocks.blocks);
}
