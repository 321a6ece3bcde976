//! Parses lines that contain metadata: `Label: value`, a credit such as `(Source: Xinhua)`, and a last-modified date.

use std::{borrow::Cow, ops::RangeInclusive, sync::LazyLock};

use regex::Regex;

use crate::{
    document::metadata::{
        date::Date,
        date_line::{DateLabel, DateLine},
        fields::{LabelledValue, field_of_label},
        organization,
    },
    script::is_basic_ideograph,
};

/// Number of blocks at the beginning of the text, and also at its end, that are searched for front matter.
pub(super) const EDGE_BLOCK_COUNT: usize = 10;
/// Maximum length of a line with metadata labels, in characters.
pub(super) const MAX_LABEL_LINE_CHARS: usize = 120;
/// Maximum length of a label before a colon, in characters.
const MAX_LABEL_CHARS: usize = 24;
/// Range of the length, in characters, of each label in a Chinese line with several labels.
const CHINESE_LABEL_CHAR_RANGE: RangeInclusive<usize> = 2..=6;
/// Maximum length of a credit in brackets, in characters.
const MAX_CREDIT_CHARS: usize = 30;
/// Maximum length of a line with a last-modified date, in characters.
const MAX_LAST_MODIFIED_CHARS: usize = 60;
/// Characters between a value and the next label of a Chinese line.
const VALUE_SEPARATORS: [char; 8] = ['|', '｜', '【', '】', '[', ']', '［', '］'];
/// Labels that are also the ends of longer labels.
const ENDS_OF_LONGER_LABELS: [&str; 3] = ["日期", "时间", "時間"];
/// Labels that give a time without saying of what.
const TIME_LABELS: [&str; 2] = ["时间", "時間"];
/// Labels of the origin, the readers and the letters of a web page. The time beside such a label is that of the page,
/// not that of an event.
const PAGE_LABELS: [&str; 22] = [
    "来源",
    "來源",
    "作者",
    "编辑",
    "編輯",
    "责任编辑",
    "責任編輯",
    "点击",
    "點擊",
    "点击数",
    "点击量",
    "点击率",
    "浏览",
    "瀏覽",
    "浏览次数",
    "瀏覽次數",
    "浏览量",
    "阅读",
    "閱讀",
    "阅读次数",
    "字号",
    "字体",
];
/// Label that a date without a label gets at the beginning of a Chinese line.
const DATE_LABEL: &str = "日期";
/// Label that an organization without a label gets after a date at the beginning of a Chinese line.
const SOURCE_LABEL: &str = "来源";
/// Chinese labels that are recognized even if they directly follow the value of another label.
const LABELS_RECOGNIZED_AFTER_VALUES: [&str; 28] = [
    "发布时间",
    "發布時間",
    "发布日期",
    "發布日期",
    "成文日期",
    "更新时间",
    "更新時間",
    "日期",
    "时间",
    "時間",
    "来源",
    "來源",
    "作者",
    "责任编辑",
    "責任編輯",
    "编辑",
    "編輯",
    "字号",
    "字號",
    "字体",
    "字體",
    "浏览次数",
    "瀏覽次數",
    "浏览量",
    "点击数",
    "阅读",
    "发文机关",
    "发布机构",
];
/// Pattern of a time of day: `3.30 pm`, `14:05`, 上午10时.
static TIME_OF_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?i)\b[0-9]{1,2}(?:[:.][0-5][0-9])? ?[ap]\.? ?m\b|\b[0-2]?[0-9][:：][0-5][0-9]\b|[上下]午 ?[0-9]";
    Regex::new(pattern).ok()
});
/// Pattern of a time of day in words, not with a colon: `3 pm`, 上午10时, 9時. The time of a publication is written with a
/// colon.
static HOUR_IN_WORDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[0-9] ?[ap]\.?m\b|[上下中]午|[0-9] ?[时時点點]").ok());
/// Brackets around a credit.
const BRACKETS: [char; 4] = ['(', ')', '（', '）'];

/// Splits a line of the form `Label: value` or `标签：值` into label and value. `None` if the label is too
/// long or the value is blank.
pub(super) fn split_label_and_value(line: &str) -> Option<(&str, &str)> {
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

/// Returns whether a line above the title belongs to the text, and not to the front matter: it is an embargo, or says
/// when something happens.
pub(super) fn is_text_above_title(line: &str) -> bool {
    line.to_lowercase().contains("embargo") || states_time_of_day(line)
}

/// Returns whether a line says when something happens: it names a time of day. Returns `false` for a line with the time
/// of publication, which begins with a date.
fn states_time_of_day(line: &str) -> bool {
    let is_match = TIME_OF_DAY.as_ref().is_some_and(|pattern| pattern.is_match(line));
    is_match && DateLine::parse(line).is_none() && labels_of_chinese_line(line).is_none()
}

/// Returns whether a line states a time of day in words, such as 上午9時.
pub(super) fn states_hour_in_words(line: &str) -> bool {
    HOUR_IN_WORDS.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Returns the labels and values of a line that consists of metadata labels with values. `None` for any other line, and
/// for a line in which no label names a metadata field.
pub(super) fn labels(line: &str) -> Option<Vec<LabelledValue>> {
    if line.chars().count() > MAX_LABEL_LINE_CHARS || line.ends_with(['.', '。']) {
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
fn labels_of_table_row(line: &str) -> Option<Vec<LabelledValue>> {
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

/// Returns the labels and values of a line in Chinese: `发布时间：2024-01-11 10:00　来源：新华社`. A date before the first
/// label gets the label 日期, and the organization after such a date the label 来源. So does a date with the label 时间
/// beside a label of the web page.
fn labels_of_chinese_line(line: &str) -> Option<Vec<LabelledValue>> {
    let line = &*with_colons_after_bracketed_labels(line);
    let mut labels: Vec<LabelledValue> = Vec::new();
    let mut value_start = 0;
    let label_and_colon_offsets = label_and_colon_offsets(line);
    for &(label_start, colon) in &label_and_colon_offsets {
        let value = line.get(value_start..label_start)?;
        set_value_of_last_label(&mut labels, value)?;
        labels.push((line.get(label_start..colon)?.to_owned(), String::new()));
        value_start = colon + line.get(colon..)?.chars().next()?.len_utf8();
    }
    set_value_of_last_label(&mut labels, line.get(value_start..)?)?;
    let is_only_date = label_and_colon_offsets.is_empty() && labels.len() == 1;
    if labels.iter().any(|(label, _)| PAGE_LABELS.contains(&label.as_str())) {
        let time_of_page = labels.iter_mut().find(|(label, value)| {
            TIME_LABELS.contains(&label.as_str()) && DateLine::parse(value).is_some()
        });
        if let Some((label, _)) = time_of_page {
            DATE_LABEL.clone_into(label);
        }
    }
    let names_field = labels.iter().any(|(label, _)| field_of_label(label).is_some());
    (names_field && !is_only_date).then_some(labels)
}

/// Returns a line whose labels stand in brackets, `【发布时间】2024-01-11 【点击数】23`, with a colon after each label. Returns
/// other lines unchanged.
fn with_colons_after_bracketed_labels(line: &str) -> Cow<'_, str> {
    let first_label = line.strip_prefix('【').and_then(|line| line.split_once('】'));
    let is_labelled = first_label.is_some_and(|(label, value)| {
        field_of_label(label).is_some() && !value.trim_start().starts_with([':', '：'])
    });
    if is_labelled {
        Cow::Owned(line.replace('【', " ").replace('】', "：").trim_start().to_owned())
    } else {
        Cow::Borrowed(line)
    }
}

/// Sets the value of the last label. If there is no label yet, accepts only a blank value, a date, or a date and an
/// organization; the date gets the label [`DATE_LABEL`], and the organization [`SOURCE_LABEL`]. Returns `None` for any
/// other value.
fn set_value_of_last_label(labels: &mut Vec<LabelledValue>, value: &str) -> Option<()> {
    let value = value.trim_matches(|c: char| c.is_whitespace() || VALUE_SEPARATORS.contains(&c));
    if let Some((_, last_value)) = labels.last_mut() {
        value.clone_into(last_value);
        return Some(());
    }
    if value.is_empty() {
        return Some(());
    }
    let date_line = |text: &str| DateLine::parse(text).filter(|line| line.label == DateLabel::None);
    if date_line(value).is_some() {
        labels.push((DATE_LABEL.to_owned(), value.to_owned()));
        return Some(());
    }
    let (date, name) = value.rsplit_once(char::is_whitespace)?;
    if !organization::is_organization_name(name) || date_line(date).is_none() {
        return None;
    }
    labels.push((DATE_LABEL.to_owned(), date.trim().to_owned()));
    labels.push((SOURCE_LABEL.to_owned(), name.to_owned()));
    Some(())
}

/// Returns the byte offsets at which the labels of a Chinese line begin, each with the offset of the colon after the
/// label. A label begins after white space or a bracket, or is one of [`LABELS_RECOGNIZED_AFTER_VALUES`].
fn label_and_colon_offsets(line: &str) -> Vec<(usize, usize)> {
    let colons = line.char_indices().filter(|(_, c)| matches!(c, ':' | '：'));
    let positions = colons.filter_map(|(colon, _)| {
        let before = line.get(..colon)?;
        let is_boundary = |c: char| c.is_whitespace() || VALUE_SEPARATORS.contains(&c);
        let start = before.rfind(is_boundary).map_or(0, |boundary| {
            boundary
                + before
                    .get(boundary..)
                    .and_then(|end| end.chars().next())
                    .map_or(1, char::len_utf8)
        });
        let label = before.get(start..)?;
        let is_label = CHINESE_LABEL_CHAR_RANGE.contains(&label.chars().count())
            && label.chars().all(is_basic_ideograph);
        let known_label =
            LABELS_RECOGNIZED_AFTER_VALUES.iter().find(|label| before.ends_with(**label));
        // 日期 is also the end of longer labels, such as 公布日期.
        let is_longer_label = is_label
            && (field_of_label(label).is_some()
                || known_label.is_some_and(|known| ENDS_OF_LONGER_LABELS.contains(known)));
        match known_label.filter(|_| !is_longer_label) {
            Some(label) => Some((colon - label.len(), colon)),
            None => is_label.then_some((start, colon)),
        }
    });
    positions.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_lines_with_labels_are_parsed() {
        for (line, expected) in [
            ("发布时间：2024-01-11 10:00　来源：新华社", "发布时间=2024-01-11 10:00;来源=新华社"),
            (
                "发布时间:2024-01-11 10:00 来源:某市港口局 浏览次数:12",
                "发布时间=2024-01-11 10:00;来源=某市港口局;浏览次数=12",
            ),
            (
                "发布时间:2024-01-11来源:某市港口局字号:[大 中 小]",
                "发布时间=2024-01-11;来源=某市港口局;字号=大 中 小",
            ),
            ("[2024-01-11] 来源：某市港口局", "日期=2024-01-11;来源=某市港口局"),
            (
                "2024-01-11 10:30 来源：某市港口局 【字体：大 中 小】",
                "日期=2024-01-11 10:30;来源=某市港口局;字体=大 中 小",
            ),
            ("2024年1月11日 10:30  某市港口局", "日期=2024年1月11日 10:30;来源=某市港口局"),
            ("【发布时间】2024/01/11 【点击数】23", "发布时间=2024/01/11;点击数=23"),
            ("【发布时间】：2024/01/11 来源：新华社", "none"),
            ("【通知】2024/01/11 【点击数】23", "none"),
            (
                "时间:2024-01-11 09:12 作者:张三 编辑:李四 点击:12",
                "日期=2024-01-11 09:12;作者=张三;编辑=李四;点击=12",
            ),
            ("添加时间：2024年1月11日 浏览：1024次", "添加时间=2024年1月11日;浏览=1024次"),
            (
                "施行日期：2024-03-01　公布日期：2024-01-11",
                "施行日期=2024-03-01;公布日期=2024-01-11",
            ),
            ("时间：2024年1月11日 地点：码头", "none"),
            ("2024-01-11", "none"),
            ("1 May 2026", "none"),
            ("会议时间：上午10:30", "none"),
            ("下列事项：一是港口", "none"),
            ("2024年1月11日 某市发布办法", "none"),
            ("现将通知发布时间：2024-01-11", "none"),
        ] {
            let labels = labels_of_chinese_line(line).map(|labels| {
                let pairs: Vec<_> =
                    labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
                pairs.join(";")
            });
            assert_eq!(labels.as_deref().unwrap_or("none"), expected, "{line}");
        }
    }
}
