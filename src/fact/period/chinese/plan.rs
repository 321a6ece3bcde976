//! Reads five-year plans in Chinese: 十四五, 第十四个五年规划.

use crate::fact::{
    folded_text::FoldedText,
    period::{
        interval::Interval,
        period_match::PeriodMatch,
        reader::{PeriodReader, TimeNumber},
    },
};

/// Reads a short name of a plan: 十四五, 八五计划.
pub(super) fn plan_by_short_name(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let number = reader
        .read_numerals()
        .filter(|_| !source.text_after(start).starts_with(|c: char| c.is_ascii_digit()))?;
    let text = source.text_between(start, reader.offset);
    let plan_number = match (number.length, text.strip_suffix('五')) {
        (2 | 3, Some(rest)) => {
            let mut inner = PeriodReader::new(source, start);
            let parsed = if rest == "十" {
                TimeNumber { value: 10, length: 1 }
            } else {
                read_exact_numerals(&mut inner, rest)?
            };
            parsed.value
        }
        _ => return None,
    };
    let _ = reader.read_any_of(&["”", "\"", "」", "’"]);
    let is_named = reader.read_any_of(&[
        "规划", "计划", "时期", "期间", "以来", "末", "中期", "期", "和", "及", "、", "的", "发展",
        "开局", "收官",
    ]);
    let quoted = source.char_before(start).is_some_and(|c| matches!(c, '“' | '"' | '「' | '‘'));
    let is_long = number.length == 3 && text.starts_with('十');
    if !(quoted || is_long || is_named.is_some_and(|index| index < 6))
        || plan_number == 0
        || plan_number > 20
    {
        return None;
    }
    let mut end = PeriodReader::new(source, start + text.len());
    let _ = end.read_any_of(&["”", "\"", "」", "’"]);
    let _ = end.read_any_of(&["规划时期", "规划期间", "计划时期", "计划期间", "时期", "期间"]);
    Some(PeriodMatch::fixed(start, end.offset, Interval::five_year_plan(plan_number)))
}

/// Reads numerals that are exactly `text`.
fn read_exact_numerals(reader: &mut PeriodReader<'_>, text: &str) -> Option<TimeNumber> {
    let value = match text {
        "一" => 1,
        "二" => 2,
        "三" => 3,
        "四" => 4,
        "五" => 5,
        "六" => 6,
        "七" => 7,
        "八" => 8,
        "九" => 9,
        "十" => 10,
        _ => 10 + read_exact_numerals(reader, text.strip_prefix('十')?)?.value,
    };
    reader.offset += text.len();
    Some(TimeNumber { value, length: 1 })
}

/// Reads a full name of a plan: 第十四个五年规划.
pub(super) fn plan_by_full_name(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    reader.read_text("第")?;
    let number = reader.read_chinese_number()?;
    reader.read_text("个五年")?;
    reader.read_any_of(&["规划", "计划"])?;
    let _ = reader.read_any_of(&["时期", "期间"]);
    Some(PeriodMatch::fixed(start, reader.offset, Interval::five_year_plan(number.value)))
}
