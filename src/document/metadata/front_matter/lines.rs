//! Parses lines that contain metadata: `Label: value`, a credit such as `(Source: Xinhua)`, and a last-modified date.

use std::ops::RangeInclusive;

use crate::document::metadata::{
    date::Date,
    fields::{Label, field_of_label},
};

/// Maximum length of a line with metadata labels, in characters.
pub(super) const MAX_LINE_CHARS: usize = 120;
/// Maximum length of a label before a colon, in characters.
const MAX_LABEL_CHARS: usize = 24;
/// Minimum and maximum length, in characters, of each label in a Chinese line with several labels.
const CHINESE_LABEL_CHARS: RangeInclusive<usize> = 2..=6;
/// Maximum length of a credit in brackets, in characters.
const MAX_CREDIT_CHARS: usize = 30;
/// Maximum length of a line with a last-modified date, in characters.
const MAX_LAST_MODIFIED_CHARS: usize = 60;
const BRACKETS: [char; 4] = ['(', ')', '（', '）'];

/// Splits a line of the form `Label: value` or `标签：值` into label and value. `None` if the label is too
/// long or the value is blank.
pub(super) fn split_label(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(": ").or_else(|| line.split_once('：'))?;
    let is_label =
        !label.is_empty() && label.chars().count() <= MAX_LABEL_CHARS && !label.contains("://");
    (is_label && !value.trim().is_empty()).then(|| (label, value.trim()))
}

/// Returns the credit of a line such as （来源：新华网） or `(Source: Xinhua)`, without the brackets. `None`
/// for any other line.
pub(super) fn credit(line: &str) -> Option<&str> {
    const CREDIT_LABELS: [&str; 7] =
        ["source", "来源", "來源", "责任编辑", "責任編輯", "编辑", "編輯"];
    let is_bracketed = line.starts_with(['(', '（']) && line.ends_with([')', '）']);
    let credit = line.trim_matches(BRACKETS);
    let label = credit.split([':', '：']).next().unwrap_or_default().trim().to_lowercase();
    let is_credit = is_bracketed
        && line.chars().count() <= MAX_CREDIT_CHARS
        && CREDIT_LABELS.contains(&label.as_str());
    is_credit.then_some(credit)
}

/// Returns the last-modified date of a line such as `Last updated: May 23, 2022`. `None` for any other
/// line.
pub(super) fn last_modified_date(line: &str) -> Option<Date> {
    const LAST_MODIFIED_PHRASES: [&str; 10] = [
        "updated",
        "last updated",
        "page last updated",
        "this page was last updated on",
        "last modified",
        "last reviewed",
        "page last reviewed",
        "this page last reviewed",
        "最后更新",
        "更新",
    ];
    if line.chars().count() > MAX_LAST_MODIFIED_CHARS {
        return None;
    }
    let line = line.to_lowercase();
    let is_separator =
        |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '日' | '期' | '时' | '间');
    LAST_MODIFIED_PHRASES
        .iter()
        .find_map(|phrase| line.strip_prefix(phrase)?.trim_start_matches(is_separator).parse().ok())
}

/// Returns the labels and values of a line that consists of metadata labels with values. `None` for any other line, and
/// for a line in which no label names a metadata field.
pub(super) fn labels(line: &str) -> Option<Vec<Label>> {
    if line.chars().count() > MAX_LINE_CHARS || line.ends_with(['.', '。']) {
        return None;
    }
    if let Some(labels) = labels_of_table_row(line) {
        return Some(labels);
    }
    if let Some((label, value)) = line.split_once(": ")
        && field_of_label(label).is_some()
    {
        return Some(vec![(label.to_owned(), value.to_owned())]);
    }
    labels_of_chinese_line(line)
}

/// Returns the labels and values of a table row in which labels and values alternate:
/// `发文机关 | 国务院 | 成文日期 | 2018年11月6日`.
fn labels_of_table_row(line: &str) -> Option<Vec<Label>> {
    let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
    let labels = || cells.iter().step_by(2);
    let values = cells.iter().skip(1).step_by(2);
    let is_label_row = cells.len() > 1
        && cells.len().is_multiple_of(2)
        && labels().all(|label| field_of_label(label).is_some());
    is_label_row.then(|| {
        labels().zip(values).map(|(label, value)| ((*label).into(), (*value).into())).collect()
    })
}

/// Returns the labels and values of a line in Chinese: `发布时间：2024-01-11 10:00　来源：新华社`.
fn labels_of_chinese_line(line: &str) -> Option<Vec<Label>> {
    let mut labels: Vec<Label> = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '【' | '】'))
    {
        if let Some((label, value)) = word.split_once('：')
            && CHINESE_LABEL_CHARS.contains(&label.chars().count())
        {
            labels.push((label.to_owned(), value.to_owned()));
        } else {
            let (_, value) = labels.last_mut()?;
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(word);
        }
    }
    labels.iter().any(|(label, _)| field_of_label(label).is_some()).then_some(labels)
}
