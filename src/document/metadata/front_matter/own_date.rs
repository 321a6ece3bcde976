//! Finds the line that consists of the date of a document.

use super::lines::{EDGE_BLOCK_COUNT, states_hour_in_words};
use crate::document::{
    left_out::{LeftOut, LeftOutReason},
    metadata::{
        date::Date,
        date_line::{DateLabel, DateLine},
    },
    model::Document,
};

/// Metadata key of the line that consists of the date of the document.
pub(super) const DATE_LINE_KEY: &str = "date line";

/// Finds the line that consists of the date of a document. `date` is the date of the document, and `lines` are its
/// first lines, each with its position. `None` if the date lines state different days, because they then belong to a
/// list. Also `None` if the line says when a meeting began: `時間：101年3月15日上午9時`.
pub(super) fn find_date_line<'a>(
    date: Option<Date>,
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Option<(usize, &'a str)> {
    let date_lines = lines.filter_map(|(index, line)| Some((index, line, DateLine::parse(line)?)));
    let mut date_lines = date_lines.filter(|(.., date_line)| date_line.can_be_publication_day());
    let (index, line, first) = date_lines.next()?;
    if first.label == DateLabel::Date && states_hour_in_words(line) {
        return None;
    }
    (Some(first.date) == date && date_lines.all(|(.., other)| other.date == first.date))
        .then_some((index, line))
}

/// Moves the line that consists of the date of the document from the text to the metadata, if the document has no
/// blocks.
pub(super) fn move_date_line_to_metadata(document: &mut Document) {
    let title = document.title.as_deref();
    let lines = document.text.split_inclusive('\n').scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some((start, line.trim()))
    });
    let lines = lines.filter(|(_, line)| !line.is_empty() && Some(*line) != title);
    let Some((start, line)) = find_date_line(document.date, lines.take(EDGE_BLOCK_COUNT)) else {
        return;
    };
    let line = line.to_owned();
    let end = document.text.get(start..).and_then(|rest| rest.find('\n'));
    let end = end.map_or(document.text.len(), |newline| start + newline + 1);
    let is_whole_text = document.text.len() - (end - start) == 0
        || document.text.get(end..).is_some_and(|after| after.trim().is_empty());
    if !is_whole_text {
        document.text.replace_range(start..end, "");
        document.left_out.extend(LeftOut::new(&line, LeftOutReason::Metadata));
        document.metadata.insert(DATE_LINE_KEY.to_owned(), line);
    }
}
